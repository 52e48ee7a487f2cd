"""The wire of plain text: `ws://HOST/chat/{room}`."""

import re
from urllib.parse import quote

from .fits import GENERATED
from .sockets import WebsocketClient


class PlainText(WebsocketClient):
    """A client in one room: connecting joins it, closing leaves it."""

    wire = "plain text"
    hears = {"message", "edit", "deletion", "arrival", "departure"}

    def __init__(self, server, room, query="", greeted=True, **options):
        super().__init__(server.socket(f"/chat/{quote(room, safe='')}{query}"), **options)
        self.name = None
        if greeted:
            you = self.next(re.compile(rf"system :: you are (.+) in {re.escape(room)}"))
            self.name = re.match(r"system :: you are (.+) in ", you).group(1)

    def post(self, room, text):
        self.send_text(text)
        self.expect_message(room, self.name, text)

    def expect_message(self, room, who, text):
        return self.expect(f"{who} :: {text}")

    def expect_edit(self, room, who, id, text):
        return self.expect(f"{who} :: {text} (edited)")

    def expect_deletion(self, room, who, id):
        return self.expect(f"system :: a message by {who} was deleted")

    def expect_arrival(self, room, who):
        return self.expect(f"system :: {who} joined")

    def expect_departure(self, room, who, within=5.0):
        return self.expect(f"system :: {who} left", within)

    def expect_error(self, about=""):
        """Expects an error, which is a sentence on this wire."""
        return self.expect(re.compile(rf"system :: error: .*{about}.*", re.DOTALL))

    @staticmethod
    def generated(name):
        return GENERATED.fullmatch(name) is not None
