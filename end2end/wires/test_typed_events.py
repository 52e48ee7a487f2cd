"""Typed events on `/ws`, by Python's `websockets`, with a token."""

import json
import time
import uuid

import pytest

from support.fits import ABSENT, TIME, fits, number
from support.people import guest
from support.rest import Rest
from support.sockets import JsonWebsockets, Refused
from support.typed_events import TypedEvents

TYPING_ENDS = 3.0
GRACE = 5.0
JOINED = object()
"""Placeholder for the chat that the sender has joined."""


@pytest.fixture
def chat(server, room):
    """Returns the id of a room."""
    return Rest(server, guest(server, "founder").token).join(room)["id"]


@pytest.fixture
def ivan(server, here):
    return here(TypedEvents(server, guest(server, "ivan").token))


@pytest.fixture
def anna(server, here):
    return here(TypedEvents(server, guest(server, "anna").token))


def test_greeting_and_ping(server, here):
    person = guest(server, "ivan")
    ivan = here(TypedEvents(server, person.token))
    assert ivan.id == person.id
    ivan.do("ping")
    ivan.next({"type": "pong", "timestamp": TIME})


def test_join_lists_present_users(ivan, anna, chat):
    ivan.join(chat)
    users = anna.join(chat)["users"]
    assert all(fits(user, {"user_id": number, "username": str, "status": str}) for user in users)
    assert {"user_id": ivan.id, "username": "ivan", "status": "online"} in [
        {key: user[key] for key in ("user_id", "username", "status")} for user in users
    ]


def test_message_reaches_all_and_client_id_only_the_sender(ivan, anna, chat):
    ivan.join(chat)
    anna.join(chat)
    name = str(uuid.uuid4())
    ivan.do("send_message", chat_id=chat, content="Hi\nПривет 🙂", client_id=name)
    own = ivan.expect(TypedEvents.message(chat, "ivan", "Hi\nПривет 🙂", ivan.id))
    theirs = anna.expect(TypedEvents.message(chat, "ivan", "Hi\nПривет 🙂", ivan.id))
    assert own["message"]["id"] == theirs["message"]["id"]
    assert name not in json.dumps(theirs)


def test_resending_a_client_id_posts_once(ivan, anna, chat):
    ivan.join(chat)
    anna.join(chat)
    name = str(uuid.uuid4())
    for _ in range(2):
        ivan.do("send_message", chat_id=chat, content="once", client_id=name)
    ivan.post(chat, "the end")
    anna.expect_message(chat, "ivan", "the end")
    assert len(anna.heard({"type": "new_message", "message": {"content": "once"}})) == 1


def test_rest_posts_edits_and_deletions_arrive_at_once(server, ivan, anna, chat):
    ivan.join(chat)
    rest = Rest(server, guest(server, "robot").token)
    rest.join("general")
    id = rest.post(chat, "Hi")["id"]
    assert ivan.expect_message(chat, "robot", "Hi")["message"]["id"] == id
    rest.edit(id, "Hi there")
    ivan.expect_edit(chat, "robot", id, "Hi there")
    rest.delete(id)
    ivan.expect_deletion(chat, "robot", id)


def test_typing_starts_and_stops(ivan, anna, chat):
    ivan.join(chat)
    anna.join(chat)
    anna.do("typing", chat_id=chat, is_typing=True)
    ivan.expect_typing(chat, anna.id)
    anna.do("typing", chat_id=chat, is_typing=False)
    ivan.expect_typing(chat, anna.id, on=False, within=2.0)
    anna.pong()
    assert not anna.heard({"type": "typing"})


def test_typing_ends_after_three_seconds(ivan, anna, chat):
    ivan.join(chat)
    anna.join(chat)
    anna.do("typing", chat_id=chat, is_typing=True)
    ivan.expect_typing(chat, anna.id)
    began = time.monotonic()
    ivan.expect_typing(chat, anna.id, on=False)
    assert TYPING_ENDS - 0.5 < time.monotonic() - began < TYPING_ENDS + 1


def test_message_ends_typing(ivan, anna, chat):
    ivan.join(chat)
    anna.join(chat)
    anna.do("typing", chat_id=chat, is_typing=True)
    ivan.expect_typing(chat, anna.id)
    anna.post(chat, "that was it")
    ivan.expect_typing(chat, anna.id, on=False, within=2.0)


def test_status_is_sent_and_offline_means_invisible(ivan, anna, chat):
    ivan.join(chat)
    anna.join(chat)
    for status in ("away", "busy", "online"):
        anna.do("status", status=status)
        ivan.expect_status(anna.id, status)
    anna.do("status", status="offline")
    ivan.expect(
        lambda frame: fits(frame, {"type": "user_offline", "user_id": anna.id, "timestamp": TIME})
        or fits(frame, {"type": "user_status", "user_id": anna.id, "status": "offline", "timestamp": TIME})
    )
    # Invisible but connected.
    anna.post(chat, "Boo")
    ivan.expect_message(chat, "anna", "Boo")


def test_connecting_user_is_online(ivan, anna, chat):
    ivan.join(chat)
    anna.join(chat)
    ivan.expect_status(anna.id, "online")


def test_user_is_offline_five_seconds_after_the_last_connection(server, ivan, chat):
    ivan.join(chat)
    person = guest(server, "boris")
    one, two = TypedEvents(server, person.token), TypedEvents(server, person.token)
    one.join(chat)
    two.join(chat)
    ivan.expect_status(person.id, "online")
    one.close()
    two.post(chat, "still here")
    ivan.expect_message(chat, "boris", "still here")
    two.close()
    began = time.monotonic()
    ivan.expect({"type": "user_offline", "user_id": person.id, "timestamp": TIME}, within=GRACE + 3)
    assert time.monotonic() - began > GRACE - 1
    assert len(ivan.heard({"type": "user_offline"})) == 1


def test_reload_is_no_absence(server, ivan, chat):
    ivan.join(chat)
    person = guest(server, "boris")
    before = TypedEvents(server, person.token)
    before.join(chat)
    ivan.expect_status(person.id, "online")
    before.close()
    after = TypedEvents(server, person.token)
    after.join(chat)
    # A user who disconnects after the reload goes offline first, so nothing about the reload can follow.
    marker = guest(server, "marker")
    other = TypedEvents(server, marker.token)
    other.join(chat)
    other.close()
    ivan.expect_nothing(
        {"type": "user_offline", "user_id": person.id},
        until={"type": "user_offline", "user_id": marker.id},
        within=GRACE + 3,
    )
    after.close()


def test_read_positions_are_sent(ivan, anna, chat):
    ivan.join(chat)
    anna.join(chat)
    first, last = ivan.post(chat, "one"), ivan.post(chat, "two")
    anna.expect_message(chat, "ivan", "two")
    anna.do("read_messages", chat_id=chat, message_id=first)
    read = {"type": "messages_read", "chat_id": chat, "user_id": anna.id, "timestamp": TIME}
    ivan.expect({**read, "message_id": first})
    anna.do("read_messages", chat_id=chat)
    ivan.expect({**read, "message_id": last})


def test_leaving_ends_delivery(ivan, anna, chat):
    ivan.join(chat)
    anna.join(chat)
    anna.do("leave_chat", chat_id=chat)
    anna.do("send_message", chat_id=chat, content="not in it")
    anna.expect_error("not_joined", "chat_id")
    ivan.post(chat, "alone")
    anna.pong()
    assert not anna.heard({"type": "new_message"})


def test_joins_and_leaves_are_idempotent(ivan, anna, chat):
    ivan.join(chat)
    anna.do("leave_chat", chat_id=chat)
    anna.join(chat)
    anna.join(chat)
    anna.post(chat, "here")
    ivan.expect_message(chat, "anna", "here")
    assert len(ivan.heard({"type": "user_status", "user_id": anna.id})) <= 1


def test_two_connections_of_one_user_receive_the_same(server, chat, here):
    person = guest(server, "ivan")
    one, two = (here(TypedEvents(server, person.token)) for _ in range(2))
    one.join(chat)
    assert [user["user_id"] for user in two.join(chat)["users"]].count(person.id) == 1
    one.post(chat, "from one")
    two.expect(TypedEvents.message(chat, "ivan", "from one", person.id))


@pytest.mark.parametrize(
    ("frame", "code", "field"),
    [
        ("hello", "not_understood", None),
        ("[1]", "not_understood", None),
        ("{}", "missing", "type"),
        ({"type": 7}, "invalid", "type"),
        ({"type": "dance"}, "unknown_command", "type"),
        ({"type": "join_chat"}, "missing", "chat_id"),
        ({"type": "join_chat", "chat_id": "general"}, "invalid", "chat_id"),
        ({"type": "join_chat", "chat_id": 1.5}, "invalid", "chat_id"),
        ({"type": "join_chat", "chat_id": -1}, None, "chat_id"),
        ({"type": "join_chat", "chat_id": 999_999}, "not_found", "chat_id"),
        ({"type": "join_chat", "chat_id": 2**63 - 1}, "not_found", "chat_id"),
        ({"type": "join_chat", "chat_id": 2**64}, "invalid", "chat_id"),
        ({"type": "leave_chat"}, "missing", "chat_id"),
        ({"type": "typing", "chat_id": JOINED}, "missing", "is_typing"),
        ({"type": "typing", "chat_id": JOINED, "is_typing": "yes"}, "invalid", "is_typing"),
        ({"type": "typing", "chat_id": 999_999, "is_typing": True}, None, "chat_id"),
        ({"type": "status"}, "missing", "status"),
        ({"type": "status", "status": "asleep"}, "invalid", "status"),
        ({"type": "read_messages"}, "missing", "chat_id"),
        ({"type": "read_messages", "chat_id": JOINED, "message_id": "x"}, "invalid", "message_id"),
        ({"type": "read_messages", "chat_id": JOINED, "message_id": 999_999}, None, "message_id"),
        ({"type": "send_message", "chat_id": JOINED}, "missing", "content"),
        ({"type": "send_message", "chat_id": JOINED, "content": 7}, "invalid", "content"),
        ({"type": "send_message", "chat_id": JOINED, "content": " "}, "empty", "content"),
        ({"type": "send_message", "chat_id": JOINED, "content": "x" * 4001}, "too_long", "content"),
        ({"type": "send_message", "chat_id": JOINED, "content": "Hi", "client_id": "7"}, "invalid", "client_id"),
        ({"type": "send_message", "content": "Hi"}, "missing", "chat_id"),
    ],
    ids=lambda value: None if value is None else str(value)[:60],
)
def test_bad_input_is_refused_and_keeps_the_connection(ivan, chat, frame, code, field):
    ivan.join(chat)
    if isinstance(frame, dict):
        frame = json.dumps({key: chat if value is JOINED else value for key, value in frame.items()})
    ivan.send_text(frame)
    ivan.expect_error(code or str, field)
    ivan.pong()


def test_frame_over_64_kib_closes_the_connection(ivan, chat):
    ivan.join(chat)
    ivan.send_text("x" * (64 * 1024 + 1))
    assert ivan.expect_end() == 1009


def test_binary_frame_is_refused(ivan):
    ivan.send_bytes(b"x")
    ivan.expect_error("not_understood")
    ivan.pong()


def test_token_is_required(server):
    with pytest.raises(Refused) as refused:
        JsonWebsockets(server.socket("/ws"))
    assert refused.value.status == 401


def test_other_origin_is_refused_even_with_a_token(server):
    with pytest.raises(Refused) as refused:
        TypedEvents(server, guest(server, "ivan").token, origin="https://evil.example")
    assert refused.value.status == 403
