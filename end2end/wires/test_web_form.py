"""The web form's socket on `/ws/chat/{room_id}/{user_id}`, by Python's `websockets`."""

import pytest

from support.fits import GENERATED, fits
from support.form import Browser
from support.sockets import Refused
from support.web_form import WebForm


def test_message_reaches_all_with_is_self(server, room, here):
    ivan = here(WebForm.settled(server, room, "u1", "ivan"))
    anna = here(WebForm(server, room, "u2", "anna"))
    ivan.next(WebForm.notice("anna joined the chat"))
    ivan.send_text("Hi")
    own, theirs = ivan.next(WebForm.message("ivan", "Hi", True)), anna.next(WebForm.message("ivan", "Hi", False))
    assert {**own, "is_self": False} == theirs
    # Text that looks like JSON is sent as text.
    for text in ('{"text":"x"}', "two\nlines", "Привет 🙂", "я" * 4000):
        anna.send_text(text)
        ivan.next(WebForm.message("anna", text, False))


def test_is_self_is_true_on_all_connections_of_a_user_id(server, room, here):
    one = here(WebForm.settled(server, room, "same", "ivan"))
    watcher = here(WebForm.settled(server, room, "other", "anna"))
    two = here(WebForm.settled(server, room, "same", "ivan"))
    one.send_text("from one window")
    for window, is_self in ((one, True), (two, True), (watcher, False)):
        window.expect(WebForm.message("ivan", "from one window", is_self))
    two.send_text("from the other")
    for window, is_self in ((one, True), (two, True), (watcher, False)):
        window.expect(WebForm.message("ivan", "from the other", is_self))
    assert not watcher.heard({"system": True})


def test_connections_of_one_user_id_are_announced_once(server, room, here):
    watcher = here(WebForm.settled(server, room, "other", "anna"))
    one, two = (WebForm.settled(server, room, "same", "ivan") for _ in range(2))
    watcher.next(WebForm.notice("ivan joined the chat"))
    watcher.next(WebForm.message("ivan", "I am in", False))
    watcher.next(WebForm.message("ivan", "I am in", False))
    one.close()
    two.send_text("still here")
    watcher.next(WebForm.message("ivan", "still here", False))
    two.close()
    watcher.expect(WebForm.notice("ivan left the chat"), within=8)
    assert len(watcher.heard({"system": True})) == 2


def test_names_are_generated_or_numbered(server, room, here):
    guest = here(WebForm(server, room, "u1"))
    guest.post(room, "Hi")
    assert fits(guest.name, GENERATED)
    first, second = (here(WebForm.settled(server, room, f"v{number}", "vera")) for number in (1, 2))
    assert first.name == "vera" and second.name == "vera2"


@pytest.mark.parametrize("how", ["close", "vanish"])
def test_leave_is_announced_once(server, room, here, how):
    ivan, anna = here(WebForm.settled(server, room, "u1", "ivan")), WebForm(server, room, "u2", "anna")
    ivan.next(WebForm.notice("anna joined the chat"))
    getattr(anna, how)()
    ivan.next(WebForm.notice("anna left the chat"))
    ivan.send_text("alone")
    ivan.next(WebForm.message("ivan", "alone", True))


def test_numbered_name_is_announced(server, room, here):
    ivan = here(WebForm.settled(server, room, "u1", "ivan"))
    here(WebForm(server, room, "u2", "ivan"))
    ivan.next(WebForm.notice("ivan2 joined the chat"))


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), (" \n", "empty"), ("x" * 4001, "too_long"), ("a\x00b", "invalid")], ids=repr
)
def test_invalid_text_is_refused_and_keeps_the_connection(server, room, here, text, code):
    ivan = here(WebForm(server, room, "u1", "ivan"))
    ivan.send_text(text)
    ivan.expect_error(code)
    ivan.send_text("still here")
    ivan.next(WebForm.message("ivan", "still here", True))


@pytest.mark.parametrize(
    ("room_id", "user_id", "username"),
    [
        ("two words", "u1", "ivan"),
        ("r" * 65, "u1", "ivan"),
        ("lobby", "two words", "ivan"),
        ("lobby", "u" * 65, "ivan"),
        ("lobby", "u1", "n" * 33),
        ("lobby", "u1", "system"),
        ("lobby", "u1", "a :: b"),
    ],
    ids=lambda value: value[:12],
)
def test_invalid_address_is_refused_before_the_upgrade(server, room_id, user_id, username):
    with pytest.raises(Refused) as refused:
        WebForm(server, room_id, user_id, username)
    assert refused.value.status == 400


def test_longest_room_id_and_user_id_are_accepted(server, here):
    here(WebForm(server, "r" * 64, "-_" * 32, "n" * 32)).post("r" * 64, "Hi")


def test_frame_over_64_kib_closes_the_connection(server, room, here):
    ivan, peer = here(WebForm.settled(server, room, "u1", "ivan")), WebForm.settled(server, room, "u2", "anna")
    peer.send_text("x" * (64 * 1024 + 1))
    assert peer.expect_end() == 1009
    ivan.expect(WebForm.notice("anna left the chat"))


def test_binary_frame_is_refused(server, room, here):
    ivan = here(WebForm(server, room, "u1", "ivan"))
    ivan.send_bytes(b"x")
    ivan.expect_error("not_understood")
    ivan.post(room, "still here")


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_socket_of_another_origin_is_refused(server, room, origin):
    with pytest.raises(Refused) as refused:
        WebForm(server, room, "u1", "ivan", origin=origin)
    assert refused.value.status == 403


def test_name_of_the_form_is_used_on_the_socket(server, room, here):
    browser = Browser(server)
    browser.enters(f"anna-{room}", room)
    anna = here(WebForm(server, room, "u1", headers={"Cookie": browser.cookie}))
    anna.post(room, "Hi")
    assert anna.name == f"anna-{room}"
