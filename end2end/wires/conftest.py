"""Fixtures: the program, a room, and clients that are closed at the end."""

import pytest

from support.server import Server


@pytest.fixture
def servers():
    """Starts programs with other settings: `servers(HUBBUB_GUESTS="off")`."""
    started = []

    def start(*flags, **settings):
        started.append(Server(flags, **settings))
        return started[-1]

    yield start
    try:
        for server in started:
            server.kill()
            assert "panicked" not in server.said, server.said
    finally:
        for server in started:
            server.remove()


@pytest.fixture
def server(servers):
    """The program with default settings and an empty database."""
    return servers()


@pytest.fixture
def room():
    return "general"


@pytest.fixture
def here(servers):
    """Closes a client at the end of the test: `ivan = here(JsonActions(server))`."""
    people = []

    def let_in(somebody):
        people.append(somebody)
        return somebody

    yield let_in
    for somebody in reversed(people):
        somebody.close()
