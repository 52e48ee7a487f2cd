"""The wire of the web form: `ws://HOST/ws/chat/{room_id}/{user_id}?username={name}`."""

from urllib.parse import quote

from .fits import ABSENT, TIME, number
from .sockets import JsonWebsockets


class WebForm(JsonWebsockets):
    """A client in one room: connecting joins it, closing leaves it."""

    wire = "web form"
    hears = {"message", "arrival", "departure"}

    def __init__(self, server, room, user_id, username=None, token=None, **options):
        query = "&".join(
            f"{key}={quote(value)}" for key, value in (("username", username), ("token", token)) if value
        )
        path = f"/ws/chat/{quote(room, safe='')}/{quote(user_id, safe='')}"
        super().__init__(server.socket(f"{path}?{query}" if query else path), **options)
        self.name = username

    @classmethod
    def settled(cls, server, room, *who, **options):
        """Connects and waits until it is in the room. The wire has no greeting, so the client posts and waits for its own message."""
        somebody = cls(server, room, *who, **options)
        somebody.post(room, "I am in")
        return somebody

    def post(self, room, text):
        self.send_text(text)
        message = self.expect(self.message(None, text, is_self=True))
        self.name = message["username"]
        return message["id"]

    @staticmethod
    def message(who, text, is_self):
        return {
            "text": text,
            "is_self": is_self,
            "username": who or str,
            "id": number,
            "timestamp": TIME,
            "system": ABSENT,
        }

    @staticmethod
    def notice(text):
        return {"text": text, "is_self": False, "system": True}

    def expect_message(self, room, who, text):
        return self.expect(self.message(who, text, is_self=who == self.name))

    def expect_arrival(self, room, who):
        return self.expect(self.notice(f"{who} joined the chat"))

    def expect_departure(self, room, who, within=5.0):
        return self.expect(self.notice(f"{who} left the chat"), within)

    def expect_error(self, code):
        return self.expect({"error": {"code": code, "message": lambda text: isinstance(text, str) and text}})
