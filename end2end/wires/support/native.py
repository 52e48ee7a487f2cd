"""The native wire (docs/protocol.md): `ws://HOST/api/v1/socket`."""

import uuid

from .fits import TIME, number
from .sockets import JsonWebsockets


class Native(JsonWebsockets):
    wire = "native"
    hears = {"message", "edit", "deletion", "arrival", "departure", "typing"}

    def __init__(self, server, token=None, cookie=None, **options):
        headers = {"Cookie": cookie} if cookie else None
        query = f"?token={token}" if token else ""
        super().__init__(server.socket(f"/api/v1/socket{query}"), headers=headers, **options)
        self._asked = 0
        user = self.next({"hello": {"protocol": 1, "user": {"id": number, "name": str}}})["hello"]["user"]
        self.id, self.name = user["id"], user["name"]

    def ask(self, command, **fields):
        """Sends a request and waits for its `reply` or `refusal`."""
        self._asked += 1
        self.send(id=self._asked, do={command: fields})

        def answers(frame):
            return any(frame.get(kind, {}).get("id") == self._asked for kind in ("reply", "refusal"))

        return self.expect(answers)

    def gets(self, command, **fields):
        """Sends a request and returns the reply; a refusal fails the test."""
        answer = self.ask(command, **fields)
        assert "reply" in answer, f"{command} was refused: {answer}"
        return next(iter(answer["reply"]["answer"].values()))

    def join(self, room):
        """Returns the current state of a room: its id and members."""
        return self.gets("join", room=room)

    def leave(self, room):
        return self.gets("leave", room=room)

    def post(self, room, text):
        return self.gets("post", room=room, client_id=str(uuid.uuid4()), text=text)["message_id"]

    def edit(self, room, id, text):
        return self.gets("edit", room=room, message_id=id, text=text)

    def delete(self, room, id):
        return self.gets("delete", room=room, message_id=id)

    def expect_event(self, room, **what):
        return self.expect({"event": {"room": room, "what": what}})

    def expect_message(self, room, who, text):
        return self.expect_event(room, posted={"id": number, "author": {"name": who}, "text": text, "at": TIME})

    def expect_edit(self, room, who, id, text):
        return self.expect_event(room, edited={"message_id": id, "text": text})

    def expect_deletion(self, room, who, id):
        return self.expect_event(room, deleted={"message_id": id})

    def expect_arrival(self, room, who):
        return self.expect_event(room, joined={"user": {"name": who}})

    def expect_departure(self, room, who, within=5.0):
        return self.expect({"event": {"room": room, "what": {"left": {"user": {"name": who}}}}}, within)

    def expect_typing(self, room, who, on=True, within=5.0):
        return self.expect(
            {"signal": {"room": room, "what": {"typing": {"user": {"name": who}, "on": on}}}}, within
        )
