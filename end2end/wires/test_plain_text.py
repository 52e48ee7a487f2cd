"""Plain text on `/chat/{room}`, by Python's `websocket-client`."""

import json
import re

import pytest

from support.fits import GENERATED, fits
from support.json_actions import JsonActions
from support.native import Native
from support.plain_text import PlainText
from support.sockets import Refused


def test_connecting_joins_and_greets(server, room, here):
    ivan = here(PlainText(server, room))
    assert fits(ivan.name, GENERATED)
    ivan.post(room, "Hi")
    # No history and no notice about the own join: exactly two frames.
    assert len(ivan.heard(str)) == 2


def test_message_reaches_all_members_and_the_sender(server, room, here):
    ivan, anna = here(PlainText(server, room)), here(PlainText(server, room))
    ivan.next(f"system :: {anna.name} joined")
    ivan.send_text("Hi")
    ivan.next(f"{ivan.name} :: Hi")
    anna.next(f"{ivan.name} :: Hi")


def test_frame_with_line_breaks_is_one_message(server, room, here):
    ivan, anna = here(PlainText(server, room)), here(PlainText(server, room))
    ivan.expect_arrival(room, anna.name)
    for text in ("two\nlines", '{"action":"message"}', "Привет 🙂", "system :: ivan left", "я" * 4000):
        ivan.send_text(text)
        anna.next(f"{ivan.name} :: {text}")


@pytest.mark.parametrize("how", ["close", "vanish"])
def test_leave_is_announced_once(server, room, here, how):
    ivan, anna = here(PlainText(server, room)), PlainText(server, room)
    ivan.next(f"system :: {anna.name} joined")
    getattr(anna, how)()
    ivan.next(f"system :: {anna.name} left")
    ivan.send_text("alone")
    ivan.next(f"{ivan.name} :: alone")


def test_history_is_sent_on_request(server, room, here):
    ivan = here(PlainText(server, room))
    for text in ("one", "two", "three"):
        ivan.post(room, text)
    late = here(PlainText(server, room, "?history=2"))
    late.next(f"{ivan.name} :: two")
    late.next(f"{ivan.name} :: three")
    ivan.post(room, "four")
    late.next(f"{ivan.name} :: four")
    none = here(PlainText(server, room))
    none.post(room, "five")
    assert not none.heard(f"{ivan.name} :: three")


@pytest.mark.parametrize("query", ["?history=many", "?history=-1"])
def test_invalid_history_parameter_is_refused(server, room, query):
    with pytest.raises(Refused) as refused:
        PlainText(server, room, query)
    assert refused.value.status == 400
    assert "history" in refused.value.body


def test_edits_and_deletions_are_sent(server, room, here):
    author = here(Native(server))
    author.join(room)
    ivan = here(PlainText(server, room))
    id = author.post(room, "Hi")
    ivan.next(f"{author.name} :: Hi")
    author.edit(room, id, "Hi there")
    ivan.next(f"{author.name} :: Hi there (edited)")
    author.delete(room, id)
    ivan.next(f"system :: a message by {author.name} was deleted")


@pytest.mark.parametrize(
    ("text", "about"), [("", "text"), (" \n", "text"), ("x" * 4001, "4000"), ("a\x00b", "control")], ids=repr
)
def test_invalid_text_is_refused_and_keeps_the_connection(server, room, here, text, about):
    ivan = here(PlainText(server, room))
    ivan.send_text(text)
    ivan.next(re.compile(rf"system :: error: .*{about}.*"))
    ivan.send_text("still here")
    ivan.next(f"{ivan.name} :: still here")


def test_frame_over_64_kib_closes_the_connection(server, room, here):
    ivan, peer = here(PlainText(server, room)), PlainText(server, room)
    ivan.next(f"system :: {peer.name} joined")
    peer.send_text("x" * (64 * 1024 + 1))
    assert peer.expect_end() == 1009
    ivan.next(f"system :: {peer.name} left")


def test_binary_frame_is_refused(server, room, here):
    ivan = here(PlainText(server, room))
    ivan.send_bytes(b"x")
    ivan.expect_error()
    ivan.send_text("still here")
    ivan.next(f"{ivan.name} :: still here")


@pytest.mark.parametrize("name", ["two words", "r" * 65, "комната", "a.b", "..", "%00", "a%2fb"])
def test_invalid_room_name_is_refused_before_the_upgrade(server, name):
    with pytest.raises(Refused) as refused:
        PlainText(server, name)
    assert refused.value.status == 400
    error = json.loads(refused.value.body)
    assert fits(error, dict) and "room" in json.dumps(error)


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_other_origin_is_refused(server, room, origin):
    with pytest.raises(Refused) as refused:
        PlainText(server, room, origin=origin)
    assert refused.value.status == 403


def test_two_connections_of_one_user_count_once(server, room, here):
    from support.form import Browser

    browser = Browser(server)
    browser.enters(f"twice-{room}", room)
    watcher = here(JsonActions(server))
    watcher.join(room)
    one, two = (PlainText(server, room, headers={"Cookie": browser.cookie}) for _ in range(2))
    assert one.name == two.name == f"twice-{room}"
    one.send_text("from one")
    two.expect_message(room, one.name, "from one")
    one.close()
    two.send_text("from two")
    watcher.expect_message(room, two.name, "from two")
    assert len(watcher.heard({"action": "user_joined"})) == 1
    assert not watcher.heard({"action": "user_left"})
    two.close()
    # A user with an identity goes offline after five seconds, so that a reload is no absence.
    watcher.expect_departure(room, one.name, within=8)
    assert len(watcher.heard({"action": "user_left"})) == 1
