"""All five legacy wires and the native one in one room: each change on one reaches all that support it."""

import pytest

from support.json_actions import JsonActions
from support.native import Native
from support.people import guest
from support.plain_text import PlainText
from support.socket_io import NodeSocketIo, PythonSocketIo
from support.typed_events import TypedEvents
from support.web_form import WebForm

ROOM = "general"


class Crowd:
    """One user on each wire with each client library, all in one room."""

    def __init__(self, server, here):
        self.native = here(Native(server, token=guest(server, "native").token))
        self.chat = self.native.join(ROOM)["room"]["id"]
        typed = guest(server, "typed")
        self.typed = here(TypedEvents(server, typed.token))
        self.typed.name = typed.name
        self.typed.join(self.chat)
        self.json = here(JsonActions(server, wish="json"))
        self.json.join(ROOM)
        self.plain = here(PlainText(server, ROOM))
        self.form = here(WebForm(server, ROOM, "u1", "form"))
        # The web form has no greeting; the notice to others shows that it has joined.
        self.json.expect_arrival(ROOM, "form")
        self.python = here(PythonSocketIo(server, "websocket", wish="python"))
        self.python.join(ROOM)
        self.polling = here(PythonSocketIo(server, "polling", wish="polling"))
        self.polling.join(ROOM)
        self.node = here(NodeSocketIo(server, "websocket", wish="node"))
        self.node.join(ROOM)

    @property
    def everybody(self):
        return [self.native, self.typed, self.json, self.plain, self.form, self.python, self.polling, self.node]

    def room_for(self, who):
        """The typed events wire identifies a room by its id."""
        return self.chat if who is self.typed else ROOM

    def who_hear(self, what):
        return [who for who in self.everybody if what in who.hears]


@pytest.fixture
def crowd(server, here):
    return Crowd(server, here)


def test_messages_reach_all_wires_in_one_order(crowd):
    texts = []
    for speaker in crowd.everybody:
        text = f"Привет from {speaker.wire}"
        texts.append((speaker.name, text))
        speaker.post(crowd.room_for(speaker), text)
        for listener in crowd.everybody:
            if listener is not speaker:
                listener.expect_message(crowd.room_for(listener), speaker.name, text)
    page = crowd.native.gets("history", room=ROOM)["events"]
    said = [(event["posted"]["author"]["name"], event["posted"]["text"]) for event in page if "posted" in event]
    assert said == texts


def test_edits_and_deletions_reach_wires_that_support_them(crowd):
    id = crowd.native.post(ROOM, "Hi")
    for listener in crowd.everybody:
        listener.expect_message(crowd.room_for(listener), "native", "Hi")
    crowd.native.edit(ROOM, id, "Hi there")
    for listener in crowd.who_hear("edit"):
        listener.expect_edit(crowd.room_for(listener), "native", id, "Hi there")
    crowd.native.delete(ROOM, id)
    for listener in crowd.who_hear("deletion"):
        listener.expect_deletion(crowd.room_for(listener), "native", id)
    # Wires that do not support it receive nothing.
    crowd.native.post(ROOM, "the end")
    for listener in crowd.everybody:
        listener.expect_message(crowd.room_for(listener), "native", "the end")
    for listener in (crowd.form, crowd.python, crowd.polling, crowd.node):
        assert "Hi there" not in str(listener.heard(lambda frame: True))


def test_typing_reaches_wires_that_support_it(crowd):
    crowd.json.do("typing", room=ROOM)
    crowd.native.expect_typing(ROOM, "json")
    crowd.typed.expect({"type": "typing", "chat_id": crowd.chat, "is_typing": True})
    crowd.typed.do("typing", chat_id=crowd.chat, is_typing=True)
    crowd.native.expect_typing(ROOM, "typed")
    crowd.json.expect_typing(ROOM, "typed")
    crowd.native.ask("type", room=ROOM, on=True)
    crowd.json.expect_typing(ROOM, "native")
    crowd.typed.expect_typing(crowd.chat, crowd.native.id)


def test_joins_and_leaves_reach_all_wires(server, crowd):
    newcomer = JsonActions(server, wish="newcomer")
    newcomer.join(ROOM)
    for listener in crowd.who_hear("arrival"):
        if listener is not crowd.typed:
            listener.expect_arrival(ROOM, "newcomer")
    newcomer.close()
    for listener in crowd.who_hear("departure"):
        listener.expect_departure(ROOM, "newcomer")


def test_all_users_are_in_all_user_lists(crowd):
    names = sorted(who.name for who in crowd.everybody)
    assert sorted(crowd.json.users(ROOM)) == names
    for client in (crowd.python, crowd.polling, crowd.node):
        assert sorted(user["username"] for user in client.users(ROOM) if user["online"]) == names
    assert sorted(user["username"] for user in crowd.typed.join(crowd.chat)["users"]) == names
    people = crowd.native.join(ROOM)["people"]
    assert sorted(person["user"]["name"] for person in people if person["presence"] == "online") == names


def test_leaving_on_each_wire_is_announced_once(crowd):
    watcher = crowd.json
    for who in (crowd.plain, crowd.form, crowd.python, crowd.polling, crowd.node):
        who.close()
        watcher.expect_departure(ROOM, who.name)
        assert len(watcher.heard({"action": "user_left", "user": who.name})) == 1


def test_messages_survive_a_restart(server, here):
    crowd = Crowd(server, lambda somebody: somebody)
    crowd.json.post(ROOM, "before")
    for who in crowd.everybody:
        if who is not crowd.json:
            who.expect_message(crowd.room_for(who), "json", "before")
    server.kill()
    for who in crowd.everybody:
        who.expect_end()
    server.start()
    again = Crowd(server, here)
    late = here(JsonActions(server))
    assert [message["text"] for message in late.join(ROOM)["history"]] == ["before"]
    # Anonymous users cannot reconnect, so after a crash they are not members.
    assert sorted(late.users(ROOM)) == sorted([late.name, *(who.name for who in again.everybody)])
