"""The landing page, as a browser without JavaScript uses it: `GET /` and `POST /join_chat`."""

import requests

SECONDS = 10


class Browser:
    """An HTTP client that keeps cookies and follows no redirect."""

    def __init__(self, server):
        self._server = server
        self._session = requests.Session()
        self._session.trust_env = False

    def get(self, path, **options):
        return self._session.get(self._server.url + path, timeout=SECONDS, allow_redirects=False, **options)

    def post(self, path, form, **options):
        return self._session.post(
            self._server.url + path, data=form, timeout=SECONDS, allow_redirects=False, **options
        )

    def enters(self, username, room):
        """Signs in as a guest and returns the target of the redirect."""
        answer = self.post("/join_chat", {"username": username, "room_id": room})
        assert answer.status_code == 303, f"{answer.status_code}: {answer.text[:500]}"
        return answer.headers["Location"]

    @property
    def cookie(self):
        """The headers that a browser sends when it opens a socket."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._session.cookies)
