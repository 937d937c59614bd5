"""A port that the program named stays its own as long as the descriptor; a chosen one goes with the connection."""

from __future__ import annotations

import pytest

from tests.world.test_socket_interface import Talk, connected
from tutor.world.host import Socket


@pytest.fixture
def talk() -> Talk:
    """Two hosts that have not met; nobody listens on either."""
    return Talk()


def held(talk: Talk, host: str, fd: int) -> Socket:
    """The socket behind a descriptor."""
    found = talk.world.host(host).by_descriptor(fd)
    assert found is not None
    return found


def test_a_named_port_survives_every_refusal(talk: Talk) -> None:
    """Each of four calls that are refused leaves from the port that bind() named."""
    for text in ("a socket", "a bind 5555 fd=3"):
        talk.does(text)
    for attempt in range(4):
        assert talk.does("a connect b:80 fd=3", 200 * attempt) == "..."
        assert held(talk, "a", 3).tcb.local.port == 5555
        talk.until(200 * attempt + 150)
        assert talk.late[-1][2] == "ECONNREFUSED"


def test_a_named_port_survives_every_disconnect_and_may_be_listened_on(talk: Talk) -> None:
    """connect() with AF_UNSPEC frees the 4-tuple, not the port; listen() afterwards uses it."""
    for text in ("a socket", "a bind 5555 fd=3", "a fcntl O_NONBLOCK fd=3"):
        talk.does(text)
    for _ in range(3):
        assert talk.does("a connect b:80 fd=3") == "EINPROGRESS"
        assert held(talk, "a", 3).tcb.local.port == 5555
        assert talk.does("a disconnect fd=3") == 0
    assert talk.does("a listen fd=3") == 0
    assert held(talk, "a", 3).id == "a:5555"


def test_a_chosen_port_goes_with_the_connection(talk: Talk) -> None:
    """Neither connect() nor bind() to port 0 names a port: the next call gets another one."""
    for text in ("a socket", "a bind 0 fd=3", "a connect b:80 fd=3"):
        talk.does(text)
    first = held(talk, "a", 3).tcb.local.port
    talk.until(150)
    talk.does("a connect b:80 fd=3", 200)
    assert held(talk, "a", 3).tcb.local.port != first
    assert talk.world.host("a").ports.get(first) is None


def test_nobody_else_gets_a_named_port_before_its_descriptor_is_closed(talk: Talk) -> None:
    """The connection was reset long ago; the port is still in use, until close()."""
    connected(talk)
    talk.does("a socket", 200)
    assert [talk.does("a bind 5555 fd=4"), talk.does("a connect b:80 fd=4")] == [0, "..."]
    talk.does("b accept fd=3", 400)
    talk.does("b abort fd=5")
    talk.until(600)
    assert [talk.does("a socket"), talk.does("a bind 5555 fd=5")] == [5, "EADDRINUSE"]
    assert [talk.does("a close fd=4"), talk.does("a bind 5555 fd=5")] == [0, 0]
    assert [talk.does("a close fd=5"), talk.world.host("a").ports.get(5555)] == [0, None]


def test_a_time_wait_and_the_descriptor_both_hold_the_port(talk: Talk) -> None:
    """When TIME-WAIT is over the program still has the port; after close() nobody has."""
    connected(talk)
    talk.does("a socket", 200)
    assert [talk.does("a bind 5555 fd=4"), talk.does("a connect b:80 fd=4")] == [0, "..."]
    talk.does("b accept fd=3", 400)
    talk.does("a shutdown write fd=4")
    talk.does("b close fd=5", 600)
    talk.until(100_000)
    assert [talk.does("a socket"), talk.does("a bind 5555 fd=5")] == [5, "EADDRINUSE"]
    talk.does("a close fd=4")
    assert talk.world.host("a").ports.get(5555) is None


def test_a_listener_that_was_shut_down_listens_again(talk: Talk) -> None:
    """shutdown() for reading ends the listening; port and options stay, a caller gets through after listen()."""
    for text in ("b socket", "b setsockopt SO_REUSEADDR 1 fd=3", "b setsockopt TCP_KEEPIDLE 7 fd=3", "b bind 80 fd=3"):
        talk.does(text)
    assert [talk.does("b listen fd=3"), talk.does("b shutdown read fd=3")] == [0, 0]
    assert talk.does("b accept fd=3") == "EINVAL"
    assert [talk.does("b getsockopt TCP_KEEPIDLE fd=3"), talk.does("b getsockopt SO_REUSEADDR fd=3")] == [7, 1]
    assert [talk.does("a socket"), talk.does("a connect b:80 fd=3")] == [3, "..."]
    talk.until(150)
    assert talk.late == [(100, "connect", "ECONNREFUSED")]
    assert [talk.does("b listen backlog=2 fd=3"), talk.does("a connect b:80 fd=3")] == [0, "..."]
    talk.until(400)
    assert talk.late[1:] == [(200, "connect", 0)]


def test_a_listener_without_a_named_port_listens_again_elsewhere(talk: Talk) -> None:
    """listen() without bind() gets a port of the host's choice, and another one each time."""
    assert [talk.does("b socket"), talk.does("b listen fd=3")] == [3, 0]
    first = held(talk, "b", 3).tcb.local.port
    assert first >= talk.world.host("b").profile.first_port
    assert [talk.does("b shutdown read fd=3"), talk.world.host("b").ports.get(first)] == [0, None]
    assert talk.does("b listen fd=3") == 0
    assert held(talk, "b", 3).tcb.local.port
