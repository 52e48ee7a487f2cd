"""The entrance, as a browser without JavaScript uses it: `GET /` and `POST /join_chat`."""

import requests

SECONDS = 10


class Browser:
    """Keeps its cookies, follows nothing by itself."""

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
        """Signs in as a guest; where it leads."""
        answer = self.post("/join_chat", {"username": username, "room_id": room})
        assert answer.status_code == 303, f"{answer.status_code}: {answer.text[:500]}"
        return answer.headers["Location"]

    @property
    def cookie(self):
        """What a browser sends along when it opens a socket."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._session.cookies)
