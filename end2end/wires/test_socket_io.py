"""Socket.IO, by `python-socketio` and npm's `socket.io-client`, each over websocket and polling."""

import uuid

import pytest
import requests
import socketio

from support.fits import ABSENT, GENERATED, TIME, fits, number
from support.json_actions import JsonActions
from support.socket_io import NodeSocketIo, PythonSocketIo

CLIENTS = [(PythonSocketIo, "websocket"), (PythonSocketIo, "polling"), (NodeSocketIo, "websocket"), (NodeSocketIo, "polling")]
NAMES = ["python over websocket", "python over polling", "node over websocket", "node over polling"]
MESSAGE = {"id": number, "room": str, "username": str, "text": str, "timestamp": TIME}


@pytest.fixture(params=CLIENTS, ids=NAMES)
def connect(request, server, here):
    """Connects another client of this kind."""
    client, transport = request.param
    return lambda **options: here(client(server, transport=transport, **options))


@pytest.fixture
def anna(server, here):
    return here(PythonSocketIo(server, wish="anna"))


def test_connecting_returns_the_user_name(connect):
    guest = connect()
    assert fits(guest.name, GENERATED)
    assert guest.sid
    assert guest.transport in guest.wire


def test_join_post_and_leave(connect, room, anna):
    ivan = connect(wish="ivan")
    joined = ivan.join(room)
    assert fits(joined, {"room": room, "username": "ivan", "users": [{"username": "ivan", "online": True}], "history": []})

    assert sorted(user["username"] for user in anna.join(room)["users"]) == ["anna", "ivan"]
    ivan.expect_arrival(room, "anna")

    name = str(uuid.uuid4())
    ivan.emit("send_message", {"room": room, "text": "Hi\nПривет 🙂", "client_id": name})
    sent = ivan.expect_event("message_sent", room=room, id=number, timestamp=TIME, client_id=name)
    for who in (ivan, anna):
        message = who.expect_message(room, "ivan", "Hi\nПривет 🙂")
        assert (message["id"], message["timestamp"]) == (sent["id"], sent["timestamp"])

    anna.post(room, "Hello")
    ivan.expect_message(room, "anna", "Hello")

    everybody = [{"username": "anna", "online": True}, {"username": "ivan", "online": True}]
    assert fits(sorted(ivan.users(room), key=lambda user: user["username"]), everybody)

    anna.leave(room)
    ivan.expect_departure(room, "anna")
    ivan.post(room, "alone")
    assert not anna.heard({"event": "new_message", "data": {"text": "alone"}})
    assert not ivan.heard({"event": "user_joined_room", "data": {"username": "ivan"}})
    assert not anna.heard({"event": "user_left_room"})


def test_answer_precedes_its_event(connect, room):
    ivan = connect()
    ivan.join(room)
    ivan.emit("send_message", {"room": room, "text": "Hi"})
    ivan.next({"event": "message_sent", "data": {"client_id": ABSENT}})
    ivan.next({"event": "new_message", "data": {"text": "Hi"}})


def test_acknowledgement_has_the_answer(connect, room):
    ivan = connect()
    joined = ivan.call("join_room", {"room": room, "username": "ivan"})
    assert fits(joined, {"room": room, "username": "ivan", "users": [{"username": "ivan", "online": True}], "history": []})
    sent = ivan.call("send_message", {"room": room, "text": "Hi"})
    assert fits(sent, {"room": room, "id": number, "timestamp": TIME})
    users = ivan.call("get_room_users", {"room": room})
    assert fits(users, {"room": room, "users": [{"username": "ivan", "online": True}]})
    assert fits(ivan.call("leave_room", {"room": room}), {"room": room})
    error = ivan.call("send_message", {"room": room, "text": "Hi"})
    assert fits(error, {"code": "not_joined", "message": str, "field": "room"})


def test_answer_events_are_sent_with_acknowledgements_too(connect, room):
    ivan = connect()
    ivan.call("join_room", {"room": room})
    ivan.call("send_message", {"room": room, "text": "Hi"})
    ivan.expect_event("new_message", text="Hi")


def test_history_is_sent_on_join_oldest_first(connect, anna, room):
    anna.join(room)
    for number_ in range(55):
        anna.post(room, f"message {number_}")
    history = connect().join(room)["history"]
    assert [message["text"] for message in history] == [f"message {number_}" for number_ in range(5, 55)]
    assert all(fits(message, {**MESSAGE, "username": "anna"}) for message in history)


def test_resending_a_client_id_posts_once(connect, anna, room):
    ivan = connect(wish="ivan")
    ivan.join(room)
    anna.join(room)
    name = str(uuid.uuid4())
    assert ivan.post(room, "once", client_id=name) == ivan.post(room, "once", client_id=name)
    ivan.post(room, "the end")
    anna.expect_message(room, "ivan", "the end")
    assert len(anna.heard({"event": "new_message", "data": {"text": "once"}})) == 1


def test_joins_and_leaves_are_idempotent(connect, anna, room):
    ivan = connect(wish="ivan")
    anna.join(room)
    ivan.join(room)
    ivan.join(room)
    ivan.leave("never-joined")
    ivan.post(room, "still here")
    anna.expect_message(room, "ivan", "still here")
    ivan.leave(room)
    ivan.leave(room)
    anna.expect_departure(room, "ivan")
    anna.post(room, "the end")
    assert len(anna.heard({"event": "user_joined_room"})) == 1
    assert len(anna.heard({"event": "user_left_room"})) == 1


def test_disconnecting_without_leaving_is_announced_once(connect, anna, room):
    anna.join(room)
    ivan = connect(wish="ivan")
    ivan.join(room)
    anna.expect_arrival(room, "ivan")
    ivan.close()
    anna.expect_departure(room, "ivan")
    assert fits(anna.users(room), lambda users: {"username": "ivan", "online": True} not in users)
    assert len(anna.heard({"event": "user_left_room"})) == 1


@pytest.mark.parametrize(
    ("event", "data", "code", "field"),
    [
        ("join_room", {}, "missing", "room"),
        ("join_room", {"room": 7}, "invalid", "room"),
        ("join_room", {"room": "two words"}, "invalid", "room"),
        ("join_room", {"room": "r" * 65}, "too_long", "room"),
        ("join_room", {"room": "r", "username": "n" * 33}, "too_long", "username"),
        ("join_room", {"room": "r", "username": "system"}, "invalid", "username"),
        ("join_room", "general", None, None),
        ("join_room", None, None, None),
        ("leave_room", {}, "missing", "room"),
        ("send_message", {"room": "general"}, "missing", "text"),
        ("send_message", {"text": "Hi"}, "missing", "room"),
        ("send_message", {"room": "general", "text": 7}, "invalid", "text"),
        ("send_message", {"room": "general", "text": " "}, "empty", "text"),
        ("send_message", {"room": "general", "text": "x" * 4001}, "too_long", "text"),
        ("send_message", {"room": "general", "text": "Hi", "client_id": "7"}, "invalid", "client_id"),
        ("send_message", {"room": "nowhere", "text": "Hi"}, "not_joined", "room"),
        ("get_room_users", {"room": "nowhere"}, "not_joined", "room"),
        ("get_room_users", {}, "missing", "room"),
        ("dance", {"room": "general"}, "unknown_command", None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_bad_input_is_refused_and_keeps_the_connection(anna, room, event, data, code, field):
    anna.join(room)
    anna.emit(event, data)
    anna.expect_error(code or str, field)
    anna.post(room, "still here")


def test_requested_names_are_numbered(connect, room):
    first, second = connect(wish="vera"), connect(wish="vera")
    first.join(room)
    second.join(room)
    assert [first.name, second.name] == ["vera", "vera2"]


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_connecting_from_another_origin_is_refused(server, transport):
    with pytest.raises(socketio.exceptions.ConnectionError):
        PythonSocketIo(server, transport=transport, headers={"Origin": "https://evil.example"})
    address = f"{server.url}/socket.io/?EIO=4&transport=polling"
    assert requests.get(address, headers={"Origin": "https://evil.example"}, timeout=5).status_code == 403
    assert requests.get(address, timeout=5).status_code == 200


def test_fast_sender_stays_connected(connect, room):
    ivan = connect(wish="ivan")
    ivan.join(room)
    for number_ in range(1_500):
        ivan.emit("send_message", {"room": room, "text": str(number_)})
    ivan.expect_event("new_message", within=60.0, room=room, text="1499")
    assert not ivan.heard({"event": "disconnect"})


def test_other_engine_io_version_is_refused(server):
    assert requests.get(f"{server.url}/socket.io/?EIO=3&transport=polling", timeout=5).status_code == 400


def test_frame_longer_than_any_file_closes_the_connection(server, anna, room, here):
    ivan = here(JsonActions(server))
    ivan.join(room)
    anna.join(room)
    ivan.expect_arrival(room, "anna")
    anna.emit("send_message", {"room": room, "text": "x" * 1_500_000})
    anna.expect_end()
    ivan.expect_departure(room, "anna")
