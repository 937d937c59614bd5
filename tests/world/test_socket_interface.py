"""The socket interface as programs meet it: descriptors, calls that do not wait, options, poll, and their errors."""

from __future__ import annotations

import pytest

from tests.world.stage import scene
from tutor.world.acts import ActError, parse_act
from tutor.world.beginning import begin
from tutor.world.records import Called, CallReturned
from tutor.world.time import MS
from tutor.world.world import act, next_at, step

TWO_HOSTS = """
    host a 10.0.0.1 linux-6.18 isn=1000
    host b 10.0.0.2 linux-6.18 isn=5000
    link a b delay=50ms
    until 10min
"""


class Talk:
    """Two hosts and whoever types calls there; answers come as results or errnos, ``...`` for a call that waits."""

    def __init__(self) -> None:
        self.world = begin(scene(TWO_HOSTS))
        self.late: list[tuple[int, str, int | str | None]] = []

    def does(self, text: str, at: int = 0) -> int | str | None:
        """The answer of a call made at ``at`` milliseconds (or now, if that is later)."""
        self.until(at)
        done = act(self.world, parse_act(text), at=max(at * MS, self.world.now))
        self._note(done.records)
        self.world = done.world
        called = [record for record in done.records if isinstance(record, Called)][-1]
        return "..." if called.completed_at is None else called.error or called.result

    def hand(self, text: str) -> None:
        """A hand's act, which answers nothing."""
        self.world = act(self.world, parse_act(text), at=self.world.now).world

    def until(self, at: int) -> None:
        """Let everything happen that is due by ``at`` milliseconds."""
        while (following := next_at(self.world)) is not None and following <= at * MS:
            done = step(self.world)
            if done is None:
                return
            self._note(done.records)
            self.world = done.world

    def _note(self, records: tuple[object, ...]) -> None:
        for record in records:
            if isinstance(record, CallReturned):
                self.late.append((record.at // MS, record.call, record.error or record.result))


@pytest.fixture
def talk() -> Talk:
    """Two hosts that have not met."""
    return Talk()


def connected(talk: Talk) -> Talk:
    """a:fd 3 and b:fd 4 (accepted from b:fd 3) talk from 0.15 s on."""
    for text in ("b socket", "b bind 80 fd=3", "b listen backlog=5 fd=3", "a socket", "a connect b:80 fd=3"):
        talk.does(text)
    talk.does("b accept fd=3", 150)
    return talk


def test_socket_bind_listen_accept_by_descriptor(talk: Talk) -> None:
    """Each step is a call of its own, and the lowest free descriptor is taken."""
    assert [talk.does(text) for text in ("b socket", "b bind 80 fd=3", "b listen fd=3", "a socket")] == [3, 0, 0, 3]
    assert talk.does("a connect b:80 fd=3") == "..."
    assert talk.does("b accept fd=3", 200) == 4
    assert talk.does("b close fd=4") == 0
    assert talk.does("b socket") == 4
    assert talk.late == [(100, "connect", 0)]


def test_a_socket_is_bound_once(talk: Talk) -> None:
    """A second bind is EINVAL; a port that a listener has is EADDRINUSE; a closed socket gives its port back."""
    for text in ("b socket", "b bind 80 fd=3", "b listen fd=3", "b socket"):
        talk.does(text)
    assert talk.does("b bind 80 fd=4") == "EADDRINUSE"
    assert [talk.does("b bind 81 fd=4"), talk.does("b bind 82 fd=4")] == [0, "EINVAL"]
    assert [talk.does("b setsockopt SO_REUSEADDR 0 fd=4"), talk.does("b socket")] == [0, 5]
    assert talk.does("b bind 81 fd=5") == "EADDRINUSE"
    assert [talk.does("b close fd=4"), talk.does("b bind 81 fd=5")] == [0, 0]


def test_a_connection_leaves_from_the_port_it_was_bound_to(talk: Talk) -> None:
    """bind() before connect() chooses the port; port 0 leaves the choice to the host."""
    talk.does("b listen 80")
    for text in ("a socket", "a bind 5555 fd=3", "a connect b:80 fd=3", "a socket", "a bind 0 fd=4"):
        talk.does(text)
    talk.until(150)
    local = talk.world.host("a").by_descriptor(3)
    assert local is not None
    assert local.tcb.local.port == 5555
    other = talk.world.host("a").by_descriptor(4)
    assert other is not None
    assert other.tcb.local.port == talk.world.host("a").profile.first_port + 1, (
        "bind() leaves the even ones to connect()"
    )


def test_a_connect_that_does_not_wait(talk: Talk) -> None:
    """EINPROGRESS, EALREADY while it lasts, then 0 once, then EISCONN; no error is pending."""
    talk.does("b listen 80")
    talk.does("a socket nonblock=yes")
    assert [talk.does("a connect b:80 fd=3", at) for at in (0, 50)] == ["EINPROGRESS", "EALREADY"]
    assert talk.does("a poll OUT timeout=1s fd=3") == "..."
    assert [talk.does("a connect b:80 fd=3", at) for at in (200, 210)] == [0, "EISCONN"]
    assert talk.does("a getsockopt SO_ERROR fd=3") == 0
    assert talk.late == [(100, "poll", "OUT")]


def test_a_refusal_is_told_once(talk: Talk) -> None:
    """SO_ERROR tells ECONNREFUSED and forgets it; the socket may call again."""
    talk.does("a socket nonblock=yes")
    talk.does("a connect b:80 fd=3")
    assert talk.does("a poll IN,OUT fd=3", 200) == "IN,OUT,ERR,HUP"
    assert [talk.does("a getsockopt SO_ERROR fd=3") for _ in range(2)] == ["ECONNREFUSED", 0]
    assert talk.does("a connect b:80 fd=3") == "ECONNABORTED"
    assert talk.does("a connect b:80 fd=3") == "EINPROGRESS"


def test_calls_that_do_not_wait_answer_eagain(talk: Talk) -> None:
    """O_NONBLOCK for every call, or MSG_DONTWAIT for one."""
    connected(talk)
    assert talk.does("b read wait=no fd=4") == "EAGAIN"
    assert [talk.does("b fcntl O_NONBLOCK fd=4"), talk.does("b read fd=4")] == [0, "EAGAIN"]
    assert [talk.does("b fcntl O_NONBLOCK fd=3"), talk.does("b accept fd=3")] == [0, "EAGAIN"]
    assert [talk.does("b fcntl 0 fd=4"), talk.does("b read fd=4")] == [0, "..."]


def test_a_send_that_does_not_wait_takes_what_there_is_room_for(talk: Talk) -> None:
    """The rest is the program's business: a short count, then EAGAIN."""
    connected(talk)
    talk.does("a setsockopt SO_SNDBUF 5000 fd=3")
    first = talk.does("a write 1000000 wait=no fd=3")
    assert isinstance(first, int)
    assert 0 < first < 1000000
    assert talk.does("a write 1 wait=no fd=3") == "EAGAIN"


def test_waiting_ends_when_its_time_is_over(talk: Talk) -> None:
    """SO_RCVTIMEO ends a read, the timeout a poll, and neither twice."""
    connected(talk)
    talk.does("b setsockopt SO_RCVTIMEO 300000 fd=4")
    assert [talk.does("b read fd=4", 200), talk.does("b poll IN timeout=100ms fd=4")] == ["...", "..."]
    talk.until(900)
    assert talk.late[1:] == [(300, "poll", ""), (500, "read", "EAGAIN")]


def test_reading_to_the_end(talk: Talk) -> None:
    """Text is peeked at, read, and then 0 for ever; poll tells that the peer has closed."""
    connected(talk)
    talk.does("a write 100 fd=3")
    talk.does("a shutdown write fd=3")
    assert talk.does("b ioctl SIOCINQ fd=4", 300) == 100
    assert [talk.does("b read peek=yes fd=4"), talk.does("b read 60 fd=4"), talk.does("b read fd=4")] == [100, 60, 40]
    assert [talk.does("b read fd=4"), talk.does("b read fd=4")] == [0, 0]
    assert talk.does("b poll IN,OUT,RDHUP fd=4") == "IN,OUT,RDHUP"


def test_shutdown_and_its_errors(talk: Talk) -> None:
    """ENOTCONN before and after a connection, 0 a second time, and a listener that stops listening."""
    assert [talk.does("a socket"), talk.does("a shutdown write fd=3"), talk.does("a close fd=3")] == [3, "ENOTCONN", 0]
    connected(talk)
    assert [talk.does("a shutdown write fd=3") for _ in range(2)] == [0, 0]
    assert talk.does("a write 1 fd=3") == "EPIPE"
    assert [talk.does("b shutdown write fd=3"), talk.does("b accept wait=no fd=3")] == [0, "EAGAIN"]
    assert [talk.does("b shutdown read fd=3"), talk.does("b accept wait=no fd=3")] == [0, "EINVAL"]


def test_octets_that_wait(talk: Talk) -> None:
    """SIOCOUTQ counts what is not acknowledged."""
    connected(talk)
    talk.does("a write 100 fd=3", 200)
    assert talk.does("a ioctl SIOCOUTQ fd=3") == 100
    assert talk.does("a ioctl SIOCOUTQ fd=3", 400) == 0
    assert talk.does("b ioctl SIOCINQ fd=3") == "EINVAL"


def test_options_are_read_back_as_they_are_counted(talk: Talk) -> None:
    """Linux tells twice the buffer that was set, and whether ACKs are quick; the rest is told as it was given."""
    talk.does("a socket")
    for name, value, told in (
        ("SO_RCVBUF", 20000, 40000), ("TCP_NODELAY", 1, 1), ("TCP_USER_TIMEOUT", 3000, 3000), ("IP_TOS", 4, 4),
        ("TCP_MAXSEG", 1100, 1100), ("SO_LINGER", 5, 5), ("TCP_KEEPIDLE", 7, 7), ("SO_REUSEADDR", 1, 1),
        ("TCP_QUICKACK", 5, 1), ("TCP_QUICKACK", 0, 0),
    ):  # fmt: skip
        talk.does(f"a setsockopt {name} {value} fd=3")
        assert (name, talk.does(f"a getsockopt {name} fd=3")) == (name, told)
    assert talk.does("a getsockopt TCP_KEEPINTVL fd=3") == 75
    assert talk.does("a getsockopt SO_ACCEPTCONN fd=3") == 0


def test_tcp_info_tells_the_state_by_its_number(talk: Talk) -> None:
    """ESTABLISHED is 1, CLOSE-WAIT 8; the segments in flight are counted."""
    connected(talk)
    talk.does("a write 3000 fd=3", 200)
    info = dict(word.split("=") for word in str(talk.does("a getsockopt TCP_INFO fd=3")).split())
    assert (info["tcpi_state"], info["tcpi_unacked"], info["tcpi_snd_cwnd"]) == ("1", "3", "10")
    talk.does("a shutdown write fd=3")
    told = str(talk.does("b getsockopt TCP_INFO fd=4", 400))
    assert told.startswith("tcpi_state=8 ")


def test_disconnecting_makes_a_socket_as_new(talk: Talk) -> None:
    """connect() with AF_UNSPEC aborts, and the same descriptor may call again."""
    connected(talk)
    assert talk.does("a disconnect fd=3", 200) == 0
    assert talk.does("a connect b:80 fd=3") == "..."
    talk.until(400)
    assert talk.late[-1] == (300, "connect", 0)


def test_a_descriptor_that_is_not_open(talk: Talk) -> None:
    """EBADF, whatever is asked of it."""
    for text in ("read", "write 1", "bind 80", "listen 80", "connect b:80", "poll IN", "fcntl 0", "disconnect"):
        assert (text, talk.does(f"a {text} fd=9")) == (text, "EBADF")
    for text in ("getsockopt SO_ERROR", "setsockopt TCP_NODELAY 1", "ioctl SIOCINQ"):
        assert (text, talk.does(f"a {text} fd=9")) == (text, "EBADF")


@pytest.mark.parametrize("text", ["a poll NOTHING", "a fcntl O_ASYNC", "a ioctl FIONBIO", "a getsockopt SO_NONSENSE"])
def test_what_no_kernel_knows_is_an_error_of_the_line(text: str) -> None:
    """A word that is no event, no request, no option is told with what is allowed."""
    with pytest.raises(ActError) as told:
        parse_act(text)
    assert told.value.allowed
