"""The operations of the chat on each wire. The result is `ok` or the code of the refusal, so that wires can be compared."""

import re
import uuid

from socketio.exceptions import ConnectionError

from .fits import fits
from .json_actions import JsonActions
from .native import Native
from .plain_text import PlainText
from .rest import Rest
from .socket_io import PythonSocketIo
from .sockets import Refused
from .typed_events import TypedEvents
from .web_form import WebForm

OK = "ok"


class RestVerbs:
    wire = "REST"

    def __init__(self, server, room, chat, token):
        self._rest, self._room = Rest(server, token), f"/rooms/{chat}"

    def _asks(self, method, path, body=None):
        answer = self._rest.ask(method, path, body)
        if answer.ok:
            return OK
        return "401" if answer.status_code == 401 else answer.json()["code"]

    def join(self, id):
        return self._asks("PUT", f"{self._room}/members/me")

    def leave(self, id):
        return self._asks("DELETE", f"{self._room}/members/me")

    def post(self, id):
        return self._asks("POST", f"{self._room}/messages", {"text": "posted"})

    def edit(self, id):
        return self._asks("PATCH", f"/messages/{id}", {"text": "edited"})

    def delete(self, id):
        return self._asks("DELETE", f"/messages/{id}")

    def react(self, id):
        return self._asks("PUT", f"/messages/{id}/reactions/👍")

    def read(self, id):
        return self._asks("PUT", f"{self._room}/read", {"seq": 1})

    def read_messages(self, id):
        return self._asks("GET", f"{self._room}/messages")

    def read_message(self, id):
        return self._asks("GET", f"/messages/{id}")

    def read_members(self, id):
        return self._asks("GET", f"{self._room}/members")

    def describe(self, id):
        return self._asks("PATCH", self._room, {"topic": "a topic"})

    def close(self):
        pass


class NativeVerbs:
    wire = "native"

    def __init__(self, server, room, chat, token):
        self._client, self._room = Native(server, token=token), room
        self.close = self._client.close

    def _asks(self, command, **fields):
        answer = self._client.ask(command, room=self._room, **fields)
        return answer["refusal"]["refusal"]["code"] if "refusal" in answer else OK

    def join(self, id):
        return self._asks("join")

    def leave(self, id):
        return self._asks("leave")

    def post(self, id):
        return self._asks("post", client_id=str(uuid.uuid4()), text="posted")

    def edit(self, id):
        return self._asks("edit", message_id=id, text="edited")

    def delete(self, id):
        return self._asks("delete", message_id=id)

    def react(self, id):
        return self._asks("react", message_id=id, emoji="👍", on=True)

    def read(self, id):
        return self._asks("read", seq=1)

    def type(self, id):
        return self._asks("type", on=True)

    def history(self, id):
        return self._asks("history")

    def describe(self, id):
        return self._asks("describe", topic="a topic")


class JsonVerbs:
    wire = "JSON actions"

    def __init__(self, server, room, chat, token):
        self._client, self._room = JsonActions(server, token=token), room
        self.close = self._client.close

    def _does(self, action, answer, **fields):
        self._client.do(action, room=self._room, **fields)
        answers = lambda frame: frame["action"] == "error" or fits(frame, {"action": answer, "room": self._room})
        frame = self._client.expect(answers)
        return frame["code"] if frame["action"] == "error" else OK

    def join(self, id):
        return self._does("join", "joined")

    def leave(self, id):
        return self._does("leave", "left")

    def post(self, id):
        return self._does("message", "message", text="posted")

    def type(self, id):
        # Typing has no answer, so the next request shows whether an error came first.
        self._client.do("typing", room=self._room)
        self._client.do("dance")
        code = self._client.expect({"action": "error"})["code"]
        return OK if code == "unknown_command" else code

    def history(self, id):
        return self._does("history", "history")

    def list(self, id):
        return self._does("users", "users")


class SocketIoVerbs:
    wire = "Socket.IO"

    def __init__(self, server, room, chat, token):
        try:
            self._client = PythonSocketIo(server, auth={"token": token})
        except ConnectionError as error:
            # A token in `auth` is sent after the upgrade, so a refusal arrives on the namespace and not as a status.
            raise Refused(401, str(error)) from None
        self._room = room
        self.close = self._client.close

    def _calls(self, event, **fields):
        answer = self._client.call(event, {"room": self._room, **fields})
        return answer.get("code", OK)

    def join(self, id):
        return self._calls("join_room")

    def leave(self, id):
        return self._calls("leave_room")

    def post(self, id):
        return self._calls("send_message", text="posted")

    def list(self, id):
        return self._calls("get_room_users")


class TypedVerbs:
    wire = "typed events"

    def __init__(self, server, room, chat, token):
        self._client, self._chat = TypedEvents(server, token), chat
        self.close = self._client.close

    def _does(self, type, **fields):
        # A pong arrives after all earlier answers: if no error came before it, the request was accepted.
        self._client.do(type, chat_id=self._chat, **fields)
        self._client.do("ping")
        frame = self._client.expect(lambda frame: frame["type"] in ("error", "pong"))
        if frame["type"] == "pong":
            return OK
        self._client.expect({"type": "pong"})
        return frame["code"]

    def join(self, id):
        return self._does("join_chat")

    def leave(self, id):
        return self._does("leave_chat")

    def post(self, id):
        return self._does("send_message", content="posted")

    def type(self, id):
        return self._does("typing", is_typing=True)

    def read(self, id):
        return self._does("read_messages")


class PlainVerbs:
    """Connecting joins the room, so a client that was removed from the room has no further operations."""

    wire = "plain text"

    def __init__(self, server, room, chat, token):
        self._connect = lambda query="": PlainText(server, room, f"?token={token}{query}")
        self._client = None

    def join(self, id):
        self._client = self._connect()
        return OK

    def post(self, id):
        if not self._client:
            self.join(id)
        self._client.send_text("posted")
        answer = self._client.expect(re.compile(rf"{re.escape(self._client.name)} :: posted|system :: error: .*"))
        return "refused" if answer.startswith("system") else OK

    def history(self, id):
        again = self._connect("&history=1")
        again.expect(re.compile(r".* :: .*"))
        again.close()
        return OK

    def close(self):
        if self._client:
            self._client.close()


class FormVerbs:
    """As on the plain text wire."""

    wire = "web form"

    def __init__(self, server, room, chat, token):
        self._connect = lambda: WebForm(server, room, "u1", token=token)
        self._client = None

    def join(self, id):
        self._client = self._connect()
        return OK

    def post(self, id):
        if not self._client:
            self.join(id)
        self._client.send_text("posted")
        answer = self._client.expect(lambda frame: "error" in frame or frame.get("text") == "posted")
        return answer["error"]["code"] if "error" in answer else OK

    def close(self):
        if self._client:
            self._client.close()
