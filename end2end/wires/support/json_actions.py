"""The wire of JSON actions: `ws://HOST/`."""

from .fits import TIME, number
from .sockets import JsonWebsockets


class JsonActions(JsonWebsockets):
    wire = "JSON actions"
    hears = {"message", "edit", "deletion", "arrival", "departure", "typing"}

    def __init__(self, server, wish=None, token=None, **options):
        super().__init__(server.socket(f"/?token={token}" if token else "/"), **options)
        self.wish = wish
        self.name = None

    def do(self, action, **fields):
        self.send(action=action, **fields)

    def join(self, room, **more):
        """Joins a room and stores the assigned name."""
        wish = {"user": self.wish} if self.wish and self.name is None else {}
        self.do("join", room=room, **wish, **more)
        joined = self.expect({"action": "joined", "room": room, "user": str, "users": list, "history": list})
        self.name = joined["user"]
        return joined

    def leave(self, room):
        self.do("leave", room=room)
        return self.expect({"action": "left", "room": room})

    def post(self, room, text, **more):
        """Posts, waits for the message as a member, and returns its id."""
        self.do("message", room=room, text=text, **more)
        return self.expect_message(room, self.name, text)["id"]

    def expect_message(self, room, who, text):
        return self.expect(
            {
                "action": "message",
                "room": room,
                "id": number,
                "seq": number,
                "user": who,
                "text": text,
                "timestamp": TIME,
            }
        )

    def expect_edit(self, room, who, id, text):
        return self.expect(
            {
                "action": "edited",
                "room": room,
                "id": id,
                "seq": number,
                "user": who,
                "text": text,
                "timestamp": TIME,
                "edited_at": TIME,
            }
        )

    def expect_deletion(self, room, who, id):
        return self.expect({"action": "deleted", "room": room, "id": id})

    def expect_arrival(self, room, who):
        return self.expect({"action": "user_joined", "room": room, "user": who})

    def expect_departure(self, room, who, within=5.0):
        return self.expect({"action": "user_left", "room": room, "user": who}, within)

    def expect_typing(self, room, who):
        return self.expect({"action": "typing", "room": room, "user": who})

    def expect_error(self, code, field=None):
        """The error of this wire: a code for programs, a sentence for people, and the invalid field."""
        wanted = {"action": "error", "code": code, "message": lambda text: isinstance(text, str) and text}
        return self.expect({**wanted, "field": field} if field else wanted)

    def users(self, room):
        self.do("users", room=room)
        return self.expect({"action": "users", "room": room, "users": list})["users"]
