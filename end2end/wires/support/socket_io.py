"""The wire of Socket.IO: `/socket.io/`, by `python-socketio` and by npm's `socket.io-client`.

A frame is `{"event": name, "data": payload}`.
"""

import asyncio
import itertools
import json
import subprocess
import threading
from pathlib import Path

import socketio

from .fits import TIME, number
from .listener import Listener

SCRIPT = Path(__file__).resolve().parent.parent / "socket_io_client.mjs"
SECONDS = 10
GOODBYE_SECONDS = 1


class SocketIo(Listener):
    """The common part of both clients: the events of the wire."""

    hears = {"message", "arrival", "departure"}

    def __init__(self, wish):
        super().__init__()
        self.wish = wish
        self.name = None
        self.transport = None

    def _greeted(self):
        connected = self.next({"event": "connected", "data": {"sid": str, "username": str}})["data"]
        self.sid, self.name = connected["sid"], connected["username"]

    def expect_event(self, event, within=5.0, **data):
        return self.expect({"event": event, "data": data}, within)["data"]

    def join(self, room):
        self.emit("join_room", {"room": room, **({"username": self.wish} if self.wish else {})})
        joined = self.expect_event("joined_room", room=room, username=str, users=list, history=list)
        self.name = joined["username"]
        return joined

    def leave(self, room):
        self.emit("leave_room", {"room": room})
        return self.expect_event("left_room", room=room)

    def post(self, room, text, **more):
        self.emit("send_message", {"room": room, "text": text, **more})
        return self.expect_event("message_sent", room=room, id=number, timestamp=TIME)["id"]

    def users(self, room):
        self.emit("get_room_users", {"room": room})
        return self.expect_event("room_users", room=room, users=list)["users"]

    def expect_message(self, room, who, text):
        return self.expect_event("new_message", room=room, id=number, username=who, text=text, timestamp=TIME)

    def expect_arrival(self, room, who):
        return self.expect_event("user_joined_room", room=room, username=who)

    def expect_departure(self, room, who, within=5.0):
        return self.expect_event("user_left_room", within, room=room, username=who)

    def expect_error(self, code, field=None):
        data = {"code": code, "message": lambda text: isinstance(text, str) and text}
        return self.expect_event("error", **data, **({"field": field} if field else {}))


class PythonSocketIo(SocketIo):
    """`python-socketio` on asyncio, over one transport."""

    def __init__(self, server, transport="websocket", wish=None, auth=None, headers=None):
        super().__init__(wish)
        self.wire = f"Socket.IO (python-socketio, {transport})"
        _run(self._connect(server.url, transport, auth, headers))
        self.transport = self._client.transport()
        self._greeted()

    async def _connect(self, url, transport, auth, headers):
        # Created on the event loop it uses: before Python 3.10, queues belong to the loop that created them.
        self._client = socketio.AsyncClient(reconnection=False)
        self._client.on("*", self._on_event)
        self._client.on("disconnect", self._on_disconnect)
        try:
            await self._client.connect(
                url, transports=[transport], auth=auth, headers=headers or {}, wait_timeout=SECONDS
            )
        except Exception:
            await self._close_http()
            raise

    def emit(self, event, data):
        _run(self._client.emit(event, data))

    def call(self, event, data):
        """Sends with an acknowledgement callback and returns its arguments."""
        return _run(self._client.call(event, data, timeout=SECONDS))

    def close(self):
        _run(self._disconnect())

    async def _disconnect(self):
        """Disconnects. Aborts the last poll of the library, which may take as long as a ping interval."""
        goodbye = asyncio.ensure_future(self._client.disconnect())
        _, waiting = await asyncio.wait({goodbye}, timeout=GOODBYE_SECONDS)
        await self._close_http()
        if waiting:
            await asyncio.wait(waiting, timeout=GOODBYE_SECONDS)

    async def _close_http(self):
        """Closes the HTTP session, which the library leaves open if it cannot connect or is disconnected."""
        if self._client.eio.http:
            await self._client.eio.http.close()

    async def _on_event(self, event, *data):
        self._hears({"event": event, "data": data[0] if len(data) == 1 else list(data)})

    async def _on_disconnect(self, reason=None):
        self._ends(reason or "disconnected")



class NodeSocketIo(SocketIo):
    """npm's `socket.io-client`, driven by a script: each input line is an event to send, each output line a received event."""

    def __init__(self, server, transport="websocket", wish=None, auth=None, headers=None):
        super().__init__(wish)
        self.wire = f"Socket.IO (socket.io-client, {transport})"
        self._numbers = itertools.count(1)
        options = {"transports": [transport], "reconnection": False, "forceNew": True, "timeout": SECONDS * 1000}
        options.update({"auth": auth} if auth else {}, **({"extraHeaders": headers} if headers else {}))
        self._process = subprocess.Popen(
            ["node", str(SCRIPT), server.url, json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._connects = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._connects.wait(SECONDS) and self.transport, f"{self} did not connect: {self._end}"
        self._greeted()

    def emit(self, event, data):
        self._write({"event": event, "data": data})

    def call(self, event, data):
        number = next(self._numbers)
        self._write({"event": event, "data": data, "ack": number})
        return self.expect({"ack": number})["data"]

    def close(self):
        """Ends the input, after which the script disconnects and exits."""
        self._process.stdin.close()
        try:
            self._process.wait(SECONDS)
        finally:
            self._process.kill()

    def _write(self, line):
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()

    def _listen(self):
        with self._process.stdout as lines:
            for line in lines:
                frame = json.loads(line)
                # Output of the library itself is not a frame.
                if frame.get("event") == "connect":
                    self.transport = frame["data"]
                    self._connects.set()
                elif frame.get("event") in ("connect_error", "disconnect"):
                    self._ends(frame["data"])
                    self._connects.set()
                else:
                    self._hears(frame)
        self._ends("the script has ended")
        self._connects.set()


class _Loop:
    """One event loop in a thread, for all asyncio clients."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def __call__(self, doing):
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(SECONDS * 2)


_run = _Loop()
