"""The landing page: a form without script. `test_web_form.py` tests its socket."""

import re

import pytest

from support.form import Browser


def test_landing_page_is_a_form_without_script(server):
    page = Browser(server).get("/")
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    form = re.search(r'<form[^>]*action="/join_chat"[^>]*>.*?</form>', page.text, re.DOTALL)
    assert form, page.text[:2000]
    assert re.search(r'method="post"', form.group(), re.IGNORECASE)
    for field in ("username", "room_id"):
        assert re.search(rf'<input[^>]*name="{field}"', form.group()), field


def test_landing_form_signs_in_and_redirects_to_the_room(server, room):
    browser = Browser(server)
    answer = browser.post("/join_chat", {"username": "ivan", "room_id": room})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/rooms/{room}"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=" in cookie
    page = browser.get(f"/rooms/{room}")
    assert page.status_code == 200
    assert "ivan" in page.text


@pytest.mark.parametrize(
    ("username", "room_id", "says"),
    [
        ("", "lobby", "name|called"),
        ("n" * 33, "lobby", "32"),
        ("ivan\u202e", "lobby", "invisible|direction"),
        ("system", "lobby", "cannot be used"),
        ("ivan", "", "room"),
        ("ivan", "two words", "letters"),
        ("ivan", "../etc", "letters"),
        ("ivan", "r" * 65, "64"),
    ],
)
def test_invalid_input_returns_the_form_with_the_reason(server, username, room_id, says):
    browser = Browser(server)
    answer = browser.post("/join_chat", {"username": username, "room_id": room_id})
    assert answer.status_code == 422
    alert = re.search(r'role="alert"[^>]*>(.*?)</', answer.text, re.DOTALL)
    assert alert and re.search(says, alert.group(1)), alert
    assert 'action="/join_chat"' in answer.text
    assert not browser.cookie


def test_missing_fields_count_as_empty(server):
    assert Browser(server).post("/join_chat", {"other": "x"}).status_code == 422


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_form_of_another_origin_is_refused(server, room, origin):
    form = {"username": "ivan", "room_id": room}
    assert Browser(server).post("/join_chat", form, headers={"Origin": origin}).status_code == 403
