"""Who somebody is to the server: a guest or an account, by a signed token."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass

from .rest import Rest


@dataclass
class Identity:
    id: int
    name: str
    token: str


def guest(server, name=None):
    """A guest with a session of their own."""
    answer = Rest(server).gets("POST", "/auth/token", {"username": name} if name else {})
    return Identity(answer["user"]["id"], answer["user"]["name"], answer["token"])


def claims(token):
    """What a token says."""
    return json.loads(_decode(token.split(".")[1]))


def forge(claims, key, algorithm="HS256"):
    """A token of one's own making."""
    head = _encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
    signed = f"{head}.{_encode(json.dumps(claims).encode())}"
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}.get(algorithm)
    signature = hmac.new(key.encode(), signed.encode(), digest).digest() if digest else b""
    return f"{signed}.{_encode(signature)}"


def _encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
