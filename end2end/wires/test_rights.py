"""Access rights: each operation by each kind of user, on REST and each wire, against the table below."""

import pytest

from support.native import Native
from support.people import account, guest, is_removed, signs_out
from support.rights import FormVerbs, JsonVerbs, NativeVerbs, PlainVerbs, RestVerbs, SocketIoVerbs, TypedVerbs
from support.sockets import Refused

TABLE = """
verb     | author | member    | former member | stranger   | signed out | removed
join     | ok     | ok        | ok            | ok         | 401        | 401
leave    | ok     | ok        | ok            | ok         | 401        | 401
post     | ok     | ok        | not_joined    | not_joined | 401        | 401
edit     | ok     | not_yours | not_joined    | not_joined | 401        | 401
delete   | ok     | not_yours | not_joined    | not_joined | 401        | 401
react    | ok     | ok        | not_joined    | not_joined | 401        | 401
read     | ok     | ok        | not_joined    | not_joined | 401        | 401
type     | ok     | ok        | not_joined    | not_joined | 401        | 401
history  | ok     | ok        | not_joined    | not_joined | 401        | 401
list     | ok     | ok        | not_joined    | not_joined | 401        | 401
describe | ok     | ok        | not_joined    | not_joined | 401        | 401
read_messages | ok | ok       | ok            | ok         | 401        | 401
read_message  | ok | ok       | ok            | ok         | 401        | 401
read_members  | ok | ok       | ok            | ok         | 401        | 401
"""
"""Guests and accounts have equal rights; only accounts can be deleted. The message is the author's own, else the founder's."""

WIRES = [RestVerbs, NativeVerbs, JsonVerbs, SocketIoVerbs, TypedVerbs, PlainVerbs, FormVerbs]
"""An operation that a wire does not support is not a method of its class, and has no cell."""

KINDS = [
    (kind, sort)
    for kind in ("author", "member", "former member", "stranger", "signed out", "removed")
    for sort in (guest, account)
    if (kind, sort) != ("removed", guest)
]


def cells():
    """Returns the table as `(verb, kind, outcome)`."""
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
    return [(row[0], kind, outcome) for row in rows for kind, outcome in zip(head[1:], row[1:])]


class Case:
    """Checks one cell with a room, a message and a user of that kind."""

    def __init__(self, server, founder, wire, person, kind, room):
        self.chat = founder.join(room)["room"]["id"]
        self.message = founder.post(room, "said by the founder")
        if kind in ("author", "former member"):
            # Joins by the native wire, so that only the operation is tested and not the join.
            before = Native(server, token=person.token)
            before.join(room)
            if kind == "author":
                self.message = before.post(room, "said by themselves")
            else:
                before.leave(room)
            before.close()
        self.on_wire = wire(server, room, self.chat, person.token)
        if kind in ("author", "member"):
            assert self.on_wire.join(self.message) == "ok"

    def outcome(self, verb):
        return getattr(self.on_wire, verb)(self.message)


@pytest.mark.parametrize(("kind", "sort"), KINDS, ids=lambda value: value if isinstance(value, str) else value.__name__)
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.wire)
def test_access_table(server, here, wire, kind, sort):
    wrong = []
    founder = here(Native(server))
    person = sort(server, "ivan")
    {"signed out": signs_out, "removed": is_removed}.get(kind, lambda *_: None)(server, person)
    for verb, who, wanted in cells():
        if who != kind or not hasattr(wire, verb):
            continue
        if wire in (PlainVerbs, FormVerbs) and kind in ("former member", "stranger") and verb != "join":
            continue  # They are in the room as soon as they are connected: see the test below.
        try:
            case = Case(server, founder, wire, person, kind, f"room-{verb}")
            found = case.outcome(verb)
            case.on_wire.close()
        except Refused as refused:
            found = str(refused.status)
        if found != wanted:
            wrong.append(f"{verb} by a {kind} on {wire.wire}: {wanted} is due, {found} came")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("wire", [PlainVerbs, FormVerbs], ids=lambda wire: wire.wire)
def test_posting_is_refused_after_leaving_on_another_connection(server, wire, room):
    person = guest(server, "ivan")
    elsewhere = Native(server, token=person.token)
    elsewhere.join(room)
    on_wire = wire(server, room, None, person.token)
    on_wire.join(None)
    assert on_wire.post(None) == "ok"
    elsewhere.leave(room)
    assert on_wire.post(None) in ("not_joined", "refused")
    elsewhere.close()
    on_wire.close()
