"""Tokens on every wire: a valid one authenticates, an invalid one is refused before the upgrade and never treated as missing."""

import json
import time

import pytest

from support.fits import GENERATED, TIME, fits, number
from support.form import Browser
from support.json_actions import JsonActions
from support.native import Native
from support.people import claims, forge, guest
from support.plain_text import PlainText
from support.rest import Rest
from support.sockets import JsonWebsockets, Refused, Websockets
from support.typed_events import TypedEvents
from support.web_form import WebForm

KEY = "a key that is known to this test, and long enough"
SIGNED_OUT_SECONDS = 1.0

PATHS = {
    "native": "/api/v1/socket",
    "JSON actions": "/",
    "plain text": "/chat/general",
    "web form": "/ws/chat/general/u1",
    "typed events": "/ws",
}


@pytest.fixture
def server(servers):
    """The program with a key that is known to the test."""
    return servers(HUBBUB_SECRET_KEY=KEY)


def make(server, how):
    """Creates a token that must be refused."""
    real = guest(server, "ivan").token
    said = claims(real)
    if how == "ended":
        Rest(server, real).gets("POST", "/auth/revoke")
    return {
        "expired": lambda: forge({**said, "exp": int(time.time()) - 5}, KEY),
        "without an end": lambda: forge({name: value for name, value in said.items() if name != "exp"}, KEY),
        "alg none": lambda: forge(said, KEY, "none"),
        "alg None": lambda: forge(said, KEY, "None"),
        "another algorithm": lambda: forge(said, KEY, "HS512"),
        "another key": lambda: forge(said, f"{KEY}?"),
        "an empty key": lambda: forge(said, ""),
        "of somebody else's session": lambda: forge({**said, "sub": "999999"}, KEY),
        "of no session": lambda: forge({**said, "sid": 999_999}, KEY),
        "not signed": lambda: real.rsplit(".", 1)[0] + ".",
        "changed": lambda: ".".join([real.split(".")[0], forge({**said, "sub": "1"}, "x").split(".")[1], real.split(".")[2]]),
        "ended": lambda: real,
        "empty": lambda: "",
        "no token": lambda: "hello",
        "huge": lambda: "x" * 10_000,
    }[how]()


BAD = [
    "expired",
    "without an end",
    "alg none",
    "alg None",
    "another algorithm",
    "another key",
    "an empty key",
    "of somebody else's session",
    "of no session",
    "not signed",
    "changed",
    "ended",
    "empty",
    "no token",
    "huge",
]


@pytest.mark.parametrize("wire", PATHS)
def test_invalid_token_is_refused_before_the_upgrade(server, wire):
    for how in BAD:
        token = make(server, how)
        for attempt in (
            lambda: Websockets(f"{server.socket(PATHS[wire])}?token={token}"),
            lambda: Websockets(server.socket(PATHS[wire]), headers={"Authorization": f"Bearer {token}"}),
        ):
            with pytest.raises(Refused) as refused:
                attempt()
            assert refused.value.status == 401, (wire, how, refused.value)


@pytest.mark.parametrize("how", BAD)
def test_invalid_token_is_refused_by_rest(server, how):
    answer = Rest(server, make(server, how) or " ").ask("POST", "/auth/revoke")
    assert answer.status_code == 401, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert fits(answer.json(), {"code": str, "status": 401, "title": str, "detail": str})


def test_guest_token_has_an_expiry(server):
    answer = Rest(server).gets("POST", "/auth/token", {"username": "ivan"})
    assert fits(answer, {"token": str, "user": {"id": number, "name": "ivan"}, "expires_at": TIME})
    said = claims(answer["token"])
    assert fits(said, {"sub": str(answer["user"]["id"]), "sid": number, "iat": number, "exp": number})
    assert said["exp"] > time.time() + 60
    assert fits(guest(server).name, GENERATED)


@pytest.mark.parametrize("wire", PATHS)
@pytest.mark.parametrize("by", ["query", "header"])
def test_token_authenticates_on_every_wire(server, wire, by, here):
    ivan = guest(server, "ivan")
    watcher = here(Native(server))
    watcher.join("general")
    query, headers = (f"?token={ivan.token}", None) if by == "query" else ("", {"Authorization": f"Bearer {ivan.token}"})
    socket = here(Websockets(server.socket(PATHS[wire]) + query, headers=headers))
    says_hi = {
        "native": [
            {"id": 1, "do": {"join": {"room": "general"}}},
            {"id": 2, "do": {"post": {"room": "general", "client_id": "67e55044-10b1-426f-9247-bb680e5fe0c8", "text": "Hi"}}},
        ],
        "JSON actions": [{"action": "join", "room": "general"}, {"action": "message", "room": "general", "text": "Hi"}],
        "plain text": ["Hi"],
        "web form": ["Hi"],
        "typed events": None,
    }[wire]
    if says_hi is None:
        chat = watcher.join("general")["room"]["id"]
        says_hi = [{"type": "join_chat", "chat_id": chat}, {"type": "send_message", "chat_id": chat, "content": "Hi"}]
    for index, frame in enumerate(says_hi):
        socket.send_text(frame if isinstance(frame, str) else json.dumps(frame))
        if index == 0:
            watcher.expect_arrival("general", "ivan")
    message = watcher.expect_message("general", "ivan", "Hi")
    assert message["event"]["what"]["posted"]["author"]["id"] == ivan.id


@pytest.mark.parametrize("wire", PATHS)
def test_ending_a_session_closes_its_sockets(server, wire):
    ivan = guest(server, "ivan")
    socket = Websockets(f"{server.socket(PATHS[wire])}?token={ivan.token}")
    other = guest(server, "anna")
    bystander = Websockets(f"{server.socket(PATHS[wire])}?token={other.token}")
    Rest(server, ivan.token).gets("POST", "/auth/revoke")
    assert socket.expect_end(SIGNED_OUT_SECONDS) == 4003
    assert bystander.connected
    bystander.close()


def test_cookie_authenticates_on_browser_wires(server, room, here):
    browser = Browser(server)
    browser.enters("ivan", room)
    headers = {"Cookie": browser.cookie}
    ivan = here(JsonActions(server, headers=headers))
    ivan.join(room)
    plain = here(PlainText(server, room, headers=headers))
    form = here(WebForm(server, room, "u1", headers=headers))
    form.post(room, "Hi")
    assert [ivan.name, plain.name, form.name] == ["ivan"] * 3
    assert ivan.users(room) == ["ivan"]


def test_secret_key_is_read_from_the_environment_or_generated(servers):
    given = servers(SECRET_KEY=KEY)
    said = claims(guest(given, "ivan").token)
    Native(given, token=forge(said, KEY)).close()

    kept = servers()
    token = guest(kept, "ivan").token
    kept.stop()
    kept.start()
    ivan = Native(kept, token=token)
    assert ivan.name == "ivan"
    ivan.close()


@pytest.mark.parametrize("wire", PATHS)
def test_anonymous_is_refused_without_guests(servers, wire):
    server = servers(HUBBUB_GUESTS="off")
    with pytest.raises(Refused) as refused:
        Websockets(server.socket(PATHS[wire]))
    assert refused.value.status == 401


def test_no_guest_token_and_landing_form_without_guests(servers):
    server = servers(HUBBUB_GUESTS="off")
    answer = Rest(server).ask("POST", "/auth/token", {"username": "ivan"})
    assert answer.status_code == 401 and answer.json()["code"] == "sign_in_required"
    browser = Browser(server)
    entered = browser.post("/join_chat", {"username": "ivan", "room_id": "general"})
    assert entered.status_code != 303 or not entered.headers["Location"].startswith("/rooms/")
    assert not browser.cookie


def test_typed_events_require_a_token(server):
    browser = Browser(server)
    browser.enters("ivan", "general")
    with pytest.raises(Refused) as refused:
        JsonWebsockets(server.socket("/ws"))
    assert refused.value.status == 401
    assert TypedEvents(server, guest(server).token).connected
