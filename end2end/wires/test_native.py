"""The native wire, used by another program."""

import pytest

from support.fits import GENERATED, TIME, fits, number
from support.form import Browser
from support.native import Native
from support.sockets import JsonWebsockets, Refused


def test_two_users_exchange_messages(server, room, here):
    ivan, anna = here(Native(server)), here(Native(server))
    assert fits(ivan.name, GENERATED)
    ivan.join(room)
    anna.join(room)
    ivan.expect_arrival(room, anna.name)
    id = anna.post(room, "Hi")
    assert ivan.expect_message(room, anna.name, "Hi")["event"]["what"]["posted"]["id"] == id
    anna.edit(room, id, "Hi there")
    ivan.expect_edit(room, anna.name, id, "Hi there")
    anna.delete(room, id)
    ivan.expect_deletion(room, anna.name, id)
    anna.leave(room)
    ivan.expect_departure(room, anna.name)


def test_name_of_the_landing_form_is_used_on_the_socket(server, room, here):
    browser = Browser(server)
    browser.enters("Ivan of the form", room)
    ivan = here(Native(server, cookie=browser.cookie))
    assert ivan.name == "Ivan of the form"
    id = ivan.post(room, "Hi") if fits(ivan.join(room)["room"]["id"], number) else None
    page = ivan.gets("history", room=room)
    assert fits(page["events"][-1], {"posted": {"id": id, "text": "Hi", "at": TIME}})


def test_other_origin_is_refused(server):
    for origin in ("https://evil.example", f"http://{server.host}.evil", "null"):
        with pytest.raises(Refused) as refused:
            JsonWebsockets(server.socket("/api/v1/socket"), origin=origin)
        assert refused.value.status == 403
