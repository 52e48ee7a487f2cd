"""REST together with the wires. The OpenAPI document describes REST completely."""

import uuid

from support.fits import TIME, fits, number
from support.native import Native
from support.people import guest
from support.rest import Rest


def test_rest_changes_reach_sockets_at_once(server, room, here):
    ivan = here(Native(server))
    chat = ivan.join(room)["room"]["id"]
    robot = Rest(server, guest(server, "robot").token)
    assert robot.join(room)["id"] == chat
    ivan.expect_arrival(room, "robot")
    message = robot.post(chat, "Beep")
    assert fits(message, {"id": number, "room_id": chat, "seq": number, "text": "Beep", "at": TIME})
    ivan.expect_message(room, "robot", "Beep")
    robot.edit(message["id"], "Boop")
    ivan.expect_edit(room, "robot", message["id"], "Boop")
    robot.delete(message["id"])
    ivan.expect_deletion(room, "robot", message["id"])
    robot.gets("DELETE", f"/rooms/{chat}/members/me")
    ivan.expect_departure(room, "robot")


def test_resending_a_client_id_posts_once(server, room):
    robot = Rest(server, guest(server, "robot").token)
    chat = robot.join(room)["id"]
    name = str(uuid.uuid4())
    first, second = (robot.ask("POST", f"/rooms/{chat}/messages", {"text": "once", "client_id": name}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert len(robot.gets("GET", f"/rooms/{chat}/messages")["messages"]) == 1


def test_problem_names_the_reason(server, room):
    robot = Rest(server, guest(server, "robot").token)
    chat = robot.join(room)["id"]
    for method, path, body, status, code, field in (
        ("POST", f"/rooms/{chat}/messages", {"text": "x" * 4001}, 422, "too_long", "text"),
        ("POST", f"/rooms/{chat}/messages", {"text": " "}, 422, "empty", "text"),
        ("POST", "/rooms", {"name": "two words"}, 422, "invalid", None),
        ("GET", "/rooms/999999", None, 404, "not_found", None),
        ("PATCH", "/messages/999999", {"text": "Hi"}, 404, "not_found", None),
        ("GET", "/nothing", None, 404, "not_found", None),
    ):
        answer = robot.ask(method, path, body)
        assert answer.status_code == status, (path, answer.text)
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        wanted = {"status": status, "code": code, "title": str, "detail": str, **({"field": field} if field else {})}
        assert fits(answer.json(), wanted), (path, answer.text)


def test_changes_from_another_origin_are_refused(server, room):
    robot = Rest(server, guest(server, "robot").token)
    answer = robot.ask("POST", "/rooms", {"name": room}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_openapi_document_is_served(server):
    document = Rest(server).gets("GET", "/openapi.json")
    assert document["openapi"].startswith("3.1")
    assert any(path.endswith("/rooms/{room_id}/messages") for path in document["paths"])
