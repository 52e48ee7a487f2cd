"""A client of the REST API under `/api/v1`."""

import requests

SECONDS = 10


class Rest:
    """Sends requests with a token. `asks` returns refusals; `gets` fails on them."""

    def __init__(self, server, token=None):
        self._root = f"{server.url}/api/v1"
        self._session = requests.Session()
        self._session.trust_env = False
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method, path, body=None, **options):
        return self._session.request(method, self._root + path, json=body, timeout=SECONDS, **options)

    def gets(self, method, path, body=None, **options):
        answer = self.ask(method, path, body, **options)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def join(self, room):
        """Creates a room if it does not exist, joins it, and returns it."""
        return self.gets("POST", "/rooms", {"name": room})

    def post(self, chat, text, **more):
        return self.gets("POST", f"/rooms/{chat}/messages", {"text": text, **more})

    def edit(self, id, text):
        return self.gets("PATCH", f"/messages/{id}", {"text": text})

    def delete(self, id):
        return self.gets("DELETE", f"/messages/{id}")
