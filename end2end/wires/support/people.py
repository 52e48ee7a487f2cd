"""Identities: guests and accounts, authenticated by a signed token."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass

from .form import Browser
from .rest import Rest


@dataclass
class Identity:
    id: int
    name: str
    token: str


def guest(server, name=None):
    """A guest with a session."""
    answer = Rest(server).gets("POST", "/auth/token", {"username": name} if name else {})
    return Identity(answer["user"]["id"], answer["user"]["name"], answer["token"])


def claims(token):
    """Returns the claims of a token."""
    return json.loads(_decode(token.split(".")[1]))


def forge(claims, key, algorithm="HS256"):
    """Creates a token with any claims and key."""
    head = _encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
    signed = f"{head}.{_encode(json.dumps(claims).encode())}"
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}.get(algorithm)
    signature = hmac.new(key.encode(), signed.encode(), digest).digest() if digest else b""
    return f"{signed}.{_encode(signature)}"


def _encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


PASSWORD = "violets are blue"


def account(server, name):
    """An account that has requested a token."""
    made = Browser(server).post("/register", {"username": name, "password": PASSWORD})
    assert made.status_code == 303, f"{made.status_code}: {made.text[:500]}"
    answer = Rest(server).gets("POST", "/auth/token", {"username": name, "password": PASSWORD})
    return Identity(answer["user"]["id"], answer["user"]["name"], answer["token"])


def signs_out(server, person):
    """Ends the session, which makes the token invalid."""
    Rest(server, person.token).gets("POST", "/auth/revoke")


def is_removed(server, person):
    """Deletes the account."""
    headers = {"Authorization": f"Bearer {person.token}"}
    removed = Browser(server).post("/account/remove", {"password": PASSWORD}, headers=headers)
    assert removed.status_code == 303, f"{removed.status_code}: {removed.text[:500]}"
