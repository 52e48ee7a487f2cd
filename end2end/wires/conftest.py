"""The stage of every story: the program, a room, and people who leave at the end."""

import pytest

from support.server import Server


@pytest.fixture
def servers():
    """Programs with settings of the story's own: `servers(HUBBUB_GUESTS="off")`."""
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
    """The program with its usual settings and no past: names and rooms are free."""
    return servers()


@pytest.fixture
def room():
    return "general"


@pytest.fixture
def here(servers):
    """Lets somebody in and takes them out when the story is over: `ivan = here(JsonActions(server))`."""
    people = []

    def let_in(somebody):
        people.append(somebody)
        return somebody

    yield let_in
    for somebody in reversed(people):
        somebody.close()
