"""WebSocket clients by the two common Python libraries."""

import json
import threading

import websocket
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from .listener import Listener

OPEN_SECONDS = 10
CLOSE_SECONDS = 0.5
"""Seconds to wait for the server's close frame. Only one test needs to wait for it."""


class Refused(Exception):
    """The server refused the upgrade with an HTTP status and a body."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


class Websockets(Listener):
    """A client by `websockets` with text frames."""

    def __init__(self, url, headers=None, origin=None, subprotocols=None):
        super().__init__()
        try:
            self._socket = connect(
                url,
                additional_headers=headers,
                origin=origin,
                subprotocols=subprotocols,
                open_timeout=OPEN_SECONDS,
                close_timeout=CLOSE_SECONDS,
                proxy=None,
                max_size=None,
            )
        except InvalidStatus as error:
            raise Refused(error.response.status_code, error.response.body.decode()) from None
        self.response = self._socket.response
        threading.Thread(target=self._listen, daemon=True).start()

    def send_text(self, text):
        """Sends a text frame."""
        self._socket.send(text)

    def send_bytes(self, data):
        """Sends a binary frame."""
        self._socket.send(data)

    def close(self):
        """Closes the WebSocket without leaving the room first."""
        self._socket.close()

    def vanish(self):
        """Drops the connection without a close frame."""
        self._socket.socket.shutdown(2)

    def _listen(self):
        try:
            for frame in self._socket:
                self._hears(self.read(frame))
        except ConnectionClosed:
            pass
        finally:
            self._ends(self._socket.close_code)

    @staticmethod
    def read(frame):
        return frame


class JsonWebsockets(Websockets):
    """A client by `websockets` whose frames are JSON objects."""

    def send(self, **fields):
        self.send_text(json.dumps(fields))

    @staticmethod
    def read(frame):
        return json.loads(frame)


class WebsocketClient(Listener):
    """A client by `websocket-client` with text frames."""

    def __init__(self, url, headers=None, origin=None):
        super().__init__()
        try:
            # By default this library sends the server's own Origin.
            self._socket = websocket.create_connection(
                url, timeout=OPEN_SECONDS, header=headers, origin=origin, enable_multithread=True
            )
        except websocket.WebSocketBadStatusException as error:
            raise Refused(error.status_code, (error.resp_body or b"").decode()) from None
        self._socket.settimeout(None)
        threading.Thread(target=self._listen, daemon=True).start()

    def send_text(self, text):
        self._socket.send(text)

    def send_bytes(self, data):
        self._socket.send_binary(data)

    def close(self):
        try:
            self._socket.send_close()
        except (OSError, websocket.WebSocketException):
            pass  # The server was first.
        self.expect_end()

    def vanish(self):
        self._socket.sock.shutdown(2)

    def _listen(self):
        code = None
        try:
            while code is None:
                opcode, data = self._socket.recv_data()
                if opcode == websocket.ABNF.OPCODE_CLOSE:
                    code = int.from_bytes(data[:2], "big") or 1005
                else:
                    self._hears(data.decode())
        except (OSError, websocket.WebSocketException):
            pass
        finally:
            self._socket.shutdown()
            self._ends(code or 1006)
