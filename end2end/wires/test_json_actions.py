"""JSON actions on the root path, by Python's `websockets`."""

import json
import uuid

import pytest

from support.fits import ABSENT, GENERATED, TIME, fits, number
from support.json_actions import JsonActions
from support.native import Native
from support.sockets import Refused

MESSAGE = {"id": number, "seq": number, "user": str, "text": str, "timestamp": TIME, "room": str, "action": ABSENT}
"""A message in a list: the fields of `message` without `action`."""

A_PAGE = 50
MOST = 200
LONGEST = 4_000


@pytest.fixture
def ivan(server, here):
    return here(JsonActions(server, wish="ivan"))


@pytest.fixture
def anna(server, here):
    return here(JsonActions(server, wish="anna"))


def test_guest_without_a_name_gets_a_generated_one(server, room, here):
    guest = here(JsonActions(server))
    joined = guest.join(room)
    assert fits(joined["user"], GENERATED)
    assert joined == {**joined, "users": [guest.name], "history": []}


def test_requested_name_is_numbered_if_in_use(server, room, here):
    first, second, third = (here(JsonActions(server, wish="vera")) for _ in range(3))
    first.join(room)
    second.join(room)
    third.join(room)
    assert [first.name, second.name, third.name] == ["vera", "vera2", "vera3"]
    assert sorted(third.users(room)) == ["vera", "vera2", "vera3"]


def test_name_is_free_after_its_user_has_left(server, room, here):
    gone = JsonActions(server, wish="oleg")
    gone.join(room)
    watcher = here(JsonActions(server))
    watcher.join(room)
    gone.close()
    watcher.expect_departure(room, "oleg")
    again = here(JsonActions(server, wish="oleg"))
    again.join(room)
    assert again.name == "oleg"


def test_name_is_requested_once_and_equal_in_all_rooms(ivan, room):
    ivan.join(room)
    ivan.do("join", room=f"{room}-b", user="peter")
    assert ivan.expect({"action": "joined", "room": f"{room}-b"})["user"] == "ivan"


def test_join_is_announced_to_others_only(ivan, anna, room):
    ivan.join(room)
    joined = anna.join(room)
    assert sorted(joined["users"]) == sorted([ivan.name, anna.name])
    ivan.expect_arrival(room, anna.name)
    ivan.post(room, "Hi")
    anna.expect_nothing({"action": "user_joined"}, until={"action": "message"})
    assert not ivan.heard({"action": "user_joined", "user": ivan.name})


def test_message_reaches_all_members_and_client_id_only_the_sender(ivan, anna, room):
    ivan.join(room)
    anna.join(room)
    name = str(uuid.uuid4())
    ivan.do("message", room=room, text="Hi", client_id=name)
    own = ivan.expect_message(room, ivan.name, "Hi")
    theirs = anna.expect_message(room, ivan.name, "Hi")
    assert own["client_id"] == name
    assert "client_id" not in theirs
    assert {key: own[key] for key in theirs} == theirs
    assert set(theirs) >= {"action", "room", "id", "seq", "user", "text", "timestamp"}


def test_resending_a_client_id_posts_once(ivan, anna, room):
    ivan.join(room)
    anna.join(room)
    name = str(uuid.uuid4())
    ivan.do("message", room=room, text="once", client_id=name)
    first = ivan.expect_message(room, ivan.name, "once")
    ivan.do("message", room=room, text="once", client_id=name)
    ivan.do("message", room=room, text="another", client_id=name)
    ivan.expect_error("client_id_taken", "client_id")
    ivan.post(room, "the end")
    anna.expect_message(room, ivan.name, "once")
    anna.expect_nothing({"action": "message", "text": "once"}, until={"action": "message", "text": "the end"})
    assert {frame["id"] for frame in ivan.heard({"action": "message", "text": "once"})} == {first["id"]}


def test_messages_arrive_in_order_with_rising_positions(ivan, anna, room):
    ivan.join(room)
    anna.join(room)
    ivan.expect_arrival(room, anna.name)
    for number_ in range(10):
        (ivan if number_ % 2 else anna).do("message", room=room, text=f"message {number_}")
    heard = [[who.expect({"action": "message"}) for _ in range(10)] for who in (ivan, anna)]
    for frame in heard[0] + heard[1]:
        frame.pop("client_id", None)
    assert heard[0] == heard[1]
    for field in ("id", "seq"):
        assert [frame[field] for frame in heard[0]] == sorted({frame[field] for frame in heard[0]})


def test_text_is_unchanged_in_all_scripts(ivan, room):
    ivan.join(room)
    for text in ('two\nlines\tand "quotes" \\', "Привет, мир", "日本語 🙂 👩‍👩‍👧", "<script>alert(1)</script>", "a :: b"):
        ivan.post(room, text)


def test_history_is_sent_on_join_oldest_first(server, ivan, room, here):
    ivan.join(room)
    texts = [f"message {number_}" for number_ in range(A_PAGE + 5)]
    for text in texts:
        ivan.do("message", room=room, text=text)
    ivan.expect_message(room, ivan.name, texts[-1])

    for wanted, texts_told in ((None, texts[-A_PAGE:]), (3, texts[-3:]), (0, []), (MOST, texts)):
        joined = here(JsonActions(server)).join(room, **({} if wanted is None else {"history": wanted}))
        assert [message["text"] for message in joined["history"]] == texts_told, wanted
        assert all(fits(message, {**MESSAGE, "room": room, "user": ivan.name}) for message in joined["history"])


def test_history_is_read_by_pages(ivan, room):
    ivan.join(room)
    for number_ in range(7):
        ivan.do("message", room=room, text=f"message {number_}")
    last = ivan.expect_message(room, ivan.name, "message 6")

    def page(**fields):
        ivan.do("history", room=room, **fields)
        return ivan.expect({"action": "history", "room": room, "messages": list})["messages"]

    newest = page(limit=3)
    assert [message["text"] for message in newest] == ["message 4", "message 5", "message 6"]
    assert newest[-1]["id"] == last["id"]
    assert all(fits(message, MESSAGE) for message in newest)
    older = page(before=newest[0]["id"], limit=3)
    assert [message["text"] for message in older] == ["message 1", "message 2", "message 3"]
    assert [message["text"] for message in page(before=older[0]["id"])] == ["message 0"]
    assert len(page()) == 7


def test_leave_is_answered_and_announced(ivan, anna, room):
    ivan.join(room)
    anna.join(room)
    anna.leave(room)
    ivan.expect_departure(room, anna.name)
    ivan.post(room, "gone?")
    anna.do("message", room=room, text="I am not in it")
    anna.expect_nothing({"action": "message"}, until={"action": "error", "code": "not_joined", "field": "room"})
    assert ivan.users(room) == [ivan.name]


def test_joins_and_leaves_are_idempotent(ivan, anna, room):
    ivan.join(room)
    anna.join(room)
    anna.join(room)
    assert sorted(anna.users(room)) == sorted([ivan.name, anna.name])
    anna.leave(f"{room}-never")
    anna.post(room, "still here")
    ivan.expect_arrival(room, anna.name)
    ivan.expect_nothing(
        lambda frame: frame["action"] in ("user_joined", "user_left"),
        until={"action": "message", "text": "still here"},
    )
    anna.leave(room)
    anna.leave(room)
    ivan.expect_departure(room, anna.name)
    ivan.post(room, "the end")
    assert len(ivan.heard({"action": "user_left"})) == 1


@pytest.mark.parametrize("how", ["close", "vanish"])
def test_closing_without_leaving_is_announced_once(server, ivan, room, how):
    ivan.join(room)
    gone = JsonActions(server, wish="boris")
    gone.join(room)
    ivan.expect_arrival(room, "boris")
    getattr(gone, how)()
    ivan.expect_departure(room, "boris")
    assert ivan.users(room) == [ivan.name]
    ivan.post(room, "the end")
    assert len(ivan.heard({"action": "user_left"})) == 1


def test_typing_is_sent_to_others(ivan, anna, room):
    ivan.join(room)
    anna.join(room)
    anna.do("typing", room=room)
    ivan.expect_typing(room, anna.name)
    anna.post(room, "that is it")
    assert not anna.heard({"action": "typing"})


def test_users_lists_present_users(ivan, anna, room):
    ivan.join(room)
    assert ivan.users(room) == [ivan.name]
    anna.join(room)
    assert sorted(ivan.users(room)) == sorted([ivan.name, anna.name])
    assert sorted(anna.users(room)) == sorted([ivan.name, anna.name])


def test_edits_and_deletions_are_sent_and_in_the_history(server, ivan, room, here):
    author = here(Native(server))
    author.join(room)
    ivan.join(room)
    id, other = author.post(room, "Hi"), author.post(room, "taken back")
    sent = ivan.expect_message(room, author.name, "Hi")
    author.edit(room, id, "Hi there")
    edited = ivan.expect_edit(room, author.name, id, "Hi there")
    assert edited["timestamp"] == sent["timestamp"]
    author.delete(room, other)
    ivan.expect_deletion(room, author.name, other)
    history = JsonActions.join(here(JsonActions(server)), room)["history"]
    assert "Hi there" in [message["text"] for message in history]
    assert "taken back" not in json.dumps(history)


def test_frames_name_their_room(ivan, anna, room):
    one, two = room, f"{room}-b"
    ivan.join(one)
    ivan.join(two)
    anna.join(two)
    anna.post(two, "in two")
    ivan.expect_message(two, anna.name, "in two")
    ivan.post(one, "in one")
    anna.post(two, "the end")
    assert not anna.heard({"room": one})


JOINED = object()
"""Placeholder for a room that the sender has joined."""


@pytest.mark.parametrize(
    ("frame", "code", "field"),
    [
        ("hello", "not_understood", None),
        ("[1,2]", "not_understood", None),
        ("null", "not_understood", None),
        ('{"action":', "not_understood", None),
        ("[" * 10_000, "not_understood", None),
        ("{}", "missing", "action"),
        ({"action": 7}, "invalid", "action"),
        ({"action": "dance"}, "unknown_command", "action"),
        ({"action": "join"}, "missing", "room"),
        ({"action": "join", "room": 7}, "invalid", "room"),
        ({"action": "join", "room": None}, None, "room"),
        ({"action": "join", "room": ""}, None, "room"),
        ({"action": "join", "room": "two words"}, "invalid", "room"),
        ({"action": "join", "room": "r" * 65}, "too_long", "room"),
        ({"action": "join", "room": "комната"}, "invalid", "room"),
        ({"action": "join", "room": "r", "user": 7}, "invalid", "user"),
        ({"action": "join", "room": "r", "user": ""}, None, "user"),
        ({"action": "join", "room": "r", "user": "n" * 33}, "too_long", "user"),
        ({"action": "join", "room": "r", "user": "system"}, "invalid", "user"),
        ({"action": "join", "room": "r", "user": "a :: b"}, "invalid", "user"),
        ({"action": "join", "room": "r", "user": "a\nb"}, "invalid", "user"),
        ({"action": "join", "room": "r", "history": "many"}, "invalid", "history"),
        ({"action": "join", "room": "r", "history": -1}, "invalid", "history"),
        ({"action": "join", "room": "r", "history": 1.5}, "invalid", "history"),
        ({"action": "leave"}, "missing", "room"),
        ({"action": "message", "text": "Hi"}, "missing", "room"),
        ({"action": "message", "room": JOINED}, "missing", "text"),
        ({"action": "message", "room": JOINED, "text": ["Hi"]}, "invalid", "text"),
        ({"action": "message", "room": JOINED, "text": ""}, "empty", "text"),
        ({"action": "message", "room": JOINED, "text": " \n "}, "empty", "text"),
        ({"action": "message", "room": JOINED, "text": "x" * (LONGEST + 1)}, "too_long", "text"),
        ({"action": "message", "room": JOINED, "text": "a\x00b"}, "invalid", "text"),
        ({"action": "message", "room": JOINED, "text": "Hi", "client_id": "7"}, "invalid", "client_id"),
        ({"action": "message", "room": "nowhere", "text": "Hi"}, "not_joined", "room"),
        ({"action": "history", "room": "nowhere"}, "not_joined", "room"),
        ({"action": "history", "room": JOINED, "before": "x"}, "invalid", "before"),
        ({"action": "history", "room": JOINED, "limit": "x"}, "invalid", "limit"),
        ({"action": "typing", "room": "nowhere"}, "not_joined", "room"),
        ({"action": "typing"}, "missing", "room"),
        ({"action": "users", "room": "nowhere"}, "not_joined", "room"),
        ({"action": "users"}, "missing", "room"),
    ],
    ids=lambda value: None if value is None else str(value)[:60],
)
def test_bad_input_is_refused_and_keeps_the_connection(ivan, room, frame, code, field):
    ivan.join(room)
    if isinstance(frame, dict):
        frame = json.dumps({key: room if value is JOINED else value for key, value in frame.items()})
    ivan.send_text(frame)
    ivan.expect_error(code or str, field)
    ivan.post(room, "still here")


def test_text_limit(ivan, room):
    ivan.join(room)
    ivan.post(room, "я" * LONGEST)
    ivan.do("message", room=room, text="я" * (LONGEST + 1))
    assert str(LONGEST) in ivan.expect_error("too_long", "text")["message"]


def test_frame_longer_than_any_file_closes_the_connection(server, ivan, room):
    ivan.join(room)
    peer = JsonActions(server)
    peer.join(room)
    ivan.expect_arrival(room, peer.name)
    peer.send_text("x" * 1_500_000)
    assert peer.expect_end() == 1009
    ivan.expect_departure(room, peer.name)


def test_binary_frame_is_refused(ivan, room):
    ivan.join(room)
    ivan.send_bytes(b"\x00\x01")
    ivan.expect_error("not_understood")
    ivan.post(room, "still here")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://{host}.evil", "http://evil-{host}"])
def test_other_origin_is_refused(server, origin):
    with pytest.raises(Refused) as refused:
        JsonActions(server, origin=origin.format(host=server.host))
    assert refused.value.status == 403


def test_same_origin_is_accepted(server, room, here):
    here(JsonActions(server, origin=server.url)).join(room)


def test_address_without_upgrade_is_the_landing_page(server):
    import requests

    assert requests.get(server.url, timeout=5).headers["Content-Type"].startswith("text/html")
