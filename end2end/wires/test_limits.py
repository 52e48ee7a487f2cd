"""Rate limits are reported on every wire, and the connection stays open."""

import re

import pytest

from support.fits import number
from support.json_actions import JsonActions
from support.native import Native
from support.people import guest
from support.plain_text import PlainText
from support.rest import Rest
from support.socket_io import PythonSocketIo
from support.typed_events import TypedEvents
from support.web_form import WebForm


@pytest.fixture
def server(servers):
    """A limit of two posts at once, then one a minute."""
    return servers(HUBBUB_LIMIT_POSTING="2/1")


def test_rate_limit_on_the_native_wire(server, room, here):
    ivan = here(Native(server))
    ivan.join(room)
    ivan.post(room, "one")
    ivan.post(room, "two")
    refusal = ivan.ask("post", room=room, client_id="67e55044-10b1-426f-9247-bb680e5fe0c8", text="three")["refusal"]
    assert refusal["refusal"]["code"] == "too_fast"
    assert number(refusal["refusal"]["retry_after_ms"])
    ivan.gets("ping")


def test_rate_limit_on_json_actions(server, room, here):
    ivan = here(JsonActions(server))
    ivan.join(room)
    for text in ("one", "two"):
        ivan.post(room, text)
    ivan.do("message", room=room, text="three")
    ivan.expect_error("too_fast")
    assert ivan.users(room) == [ivan.name]


def test_rate_limit_on_plain_text(server, room, here):
    ivan = here(PlainText(server, room))
    for text in ("one", "two"):
        ivan.post(room, text)
    ivan.send_text("three")
    ivan.next(re.compile(r"system :: error: .+"))
    assert ivan.connected


def test_rate_limit_on_the_web_form(server, room, here):
    ivan = here(WebForm(server, room, "u1", "ivan"))
    for text in ("one", "two"):
        ivan.post(room, text)
    ivan.send_text("three")
    ivan.expect_error("too_fast")
    assert ivan.connected


def test_rate_limit_on_socket_io(server, room, here):
    ivan = here(PythonSocketIo(server))
    ivan.join(room)
    for text in ("one", "two"):
        ivan.post(room, text)
    assert ivan.call("send_message", {"room": room, "text": "three"})["code"] == "too_fast"
    assert len(ivan.users(room)) == 1


def test_rate_limit_on_typed_events(server, room, here):
    person = guest(server, "ivan")
    native = here(Native(server, token=person.token))
    chat = native.join(room)["room"]["id"]
    ivan = here(TypedEvents(server, person.token))
    ivan.join(chat)
    # The limit of a user applies to all wires together.
    native.post(room, "one")
    ivan.post(chat, "two")
    ivan.do("send_message", chat_id=chat, content="three")
    ivan.expect_error("too_fast")
    ivan.pong()


def test_limit_of_new_guests_has_retry_after(servers):
    server = servers("--trusted-proxy", "127.0.0.1", HUBBUB_LIMIT_ENTERING="2/1")
    rest = Rest(server)
    headers = {"X-Forwarded-For": "203.0.113.7"}
    answers = [rest.ask("POST", "/auth/token", {}, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert answers[-1].json()["code"] == "too_fast"
    assert rest.ask("POST", "/auth/token", {}, headers={"X-Forwarded-For": "203.0.113.8"}).status_code == 200
