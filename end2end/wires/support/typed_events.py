"""The wire of typed events with accounts: `ws://HOST/ws?token=JWT`."""

from .fits import TIME, number
from .sockets import JsonWebsockets


class TypedEvents(JsonWebsockets):
    """A client that refers to rooms and users by id."""

    wire = "typed events"
    hears = {"message", "edit", "deletion", "arrival", "typing"}

    def __init__(self, server, token, **options):
        super().__init__(server.socket(f"/ws?token={token}"), **options)
        self.id = self.next({"type": "connected", "user_id": number, "timestamp": TIME})["user_id"]

    def do(self, type, **fields):
        self.send(type=type, **fields)

    def join(self, chat):
        self.do("join_chat", chat_id=chat)
        return self.expect({"type": "joined_chat", "chat_id": chat, "users": list, "timestamp": TIME})

    def post(self, chat, text, **more):
        self.do("send_message", chat_id=chat, content=text, **more)
        return self.expect(self.message(chat, None, text, sender_id=self.id))["message"]["id"]

    @staticmethod
    def message(chat, who, text, sender_id=number):
        return {
            "type": "new_message",
            "chat_id": chat,
            "timestamp": TIME,
            "message": {
                "id": number,
                "content": text,
                "sender_id": sender_id,
                "sender_name": who or str,
                "created_at": TIME,
                "message_type": "text",
            },
        }

    def expect_message(self, chat, who, text):
        return self.expect(self.message(chat, who, text))

    def expect_edit(self, chat, who, id, text):
        return self.expect(
            {"type": "message_updated", "chat_id": chat, "message_id": id, "content": text, "timestamp": TIME}
        )

    def expect_deletion(self, chat, who, id):
        return self.expect({"type": "message_deleted", "chat_id": chat, "message_id": id, "timestamp": TIME})

    def expect_typing(self, chat, user_id, on=True, within=5.0):
        return self.expect(
            {"type": "typing", "chat_id": chat, "user_id": user_id, "is_typing": on, "timestamp": TIME}, within
        )

    def expect_status(self, user_id, status):
        return self.expect({"type": "user_status", "user_id": user_id, "status": status, "timestamp": TIME})

    def expect_error(self, code, field=None):
        wanted = {
            "type": "error",
            "code": code,
            "message": lambda text: isinstance(text, str) and text,
            "timestamp": TIME,
        }
        return self.expect({**wanted, "field": field} if field else wanted)

    def pong(self):
        """Sends a ping and waits for the pong, which arrives after all earlier frames."""
        self.do("ping")
        return self.expect({"type": "pong", "timestamp": TIME})
