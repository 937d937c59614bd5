"""Ports: binding, choosing, running out, and a TIME-WAIT that gives way or does not."""

from __future__ import annotations

import pytest

from tests.world.stage import all_of, run, scene
from tests.world.test_socket_interface import Talk
from tutor.tcp.states import State
from tutor.world.portlist import reserved_ports
from tutor.world.records import Because, Called, CallReturned, Sent, Vanished
from tutor.world.trace import Trace

CALLER = """
    host client 10.0.0.1 linux-6.18 {settings}
      {first}
      close
      and
      after {after} {again}
    host server 10.0.0.2 linux-6.18 {server}
      listen 80
      accept
      when peer-closed close
      and
      after 1s listen 81
    link client server delay=10ms
    until 5s
"""


def called_again(
    settings: str = "", first: str = "connect server:80", again: str = "connect server:80", after: str = "500ms",
    server: str = "",
) -> Trace:  # fmt: skip
    """A client that closes first calls the same server once more."""
    return run(CALLER.format(settings=settings, first=first, again=again, after=after, server=server))


def second_answer(trace: Trace) -> str | int | None:
    """What the second connect() answers."""
    answers = [
        record.error or record.result
        for _, record in trace.records()
        if isinstance(record, Called | CallReturned) and record.host == "client" and record.call == "connect"
        if isinstance(record, CallReturned) or record.completed_at is not None
    ]
    return answers[1]


ONE_PORT = "ip_local_port_range=40000-40000"


@pytest.mark.parametrize(
    ("settings", "after", "answer"),
    [
        (ONE_PORT, "500ms", "EADDRNOTAVAIL"),
        (f"{ONE_PORT} tcp_tw_reuse=0", "2s", "EADDRNOTAVAIL"),
        (f"{ONE_PORT} tcp_tw_reuse=2", "2s", "EADDRNOTAVAIL"),
        (f"{ONE_PORT} tcp_tw_reuse=1", "500ms", "EADDRNOTAVAIL"),
        (f"{ONE_PORT} tcp_tw_reuse=1", "1200ms", 0),
        (f"{ONE_PORT} tcp_tw_reuse=1 tcp_tw_reuse_delay=300", "500ms", 0),
        (f"{ONE_PORT} tcp_tw_reuse=1 tcp_timestamps=0", "2s", "EADDRNOTAVAIL"),
    ],
)
def test_tcp_tw_reuse_lets_connect_choose_a_port_in_time_wait(settings: str, after: str, answer: str | int) -> None:
    """With timestamps, after the delay, and 2 means loopback only."""
    assert second_answer(called_again(settings, after=after)) == answer


def test_a_bound_port_takes_over_without_the_setting() -> None:
    """tcp_tw_reuse is not asked when the program binds the port itself; timestamps are."""
    from_40000 = "connect server:80 from 40000"
    assert second_answer(called_again("tcp_tw_reuse=0", from_40000, from_40000, "100ms")) == 0
    without = called_again("tcp_tw_reuse=0 tcp_timestamps=0", from_40000, from_40000, "100ms")
    assert second_answer(without) == "EADDRNOTAVAIL"


def test_a_port_that_was_bound_is_never_chosen() -> None:
    """Not even with tcp_tw_reuse=1 after the delay."""
    trace = called_again(f"{ONE_PORT} tcp_tw_reuse=1", "connect server:80 from 40000", after="2s")
    assert second_answer(trace) == "EADDRNOTAVAIL"


def test_the_new_connection_goes_on_above_the_old_numbers() -> None:
    """ISS = old SND.NXT + 65537; the SYN echoes the old timestamp and offers whole segments with room for it."""
    trace = called_again(f"{ONE_PORT} tcp_tw_reuse=1", after="1200ms")
    syns = [record.flight.segment for record in all_of(trace, Sent, "client") if record.flight.segment.syn]
    assert (syns[1].seq - syns[0].seq) % 2**32 == 2 + 65537
    assert syns[1].options.timestamp is not None and syns[1].options.timestamp[1] == 30
    assert (syns[0].window, syns[1].window) == (64240, 65160)
    (gone,) = all_of(trace, Vanished, "client")
    assert gone.state is State.TIME_WAIT
    assert any(record.reason.id == "time-wait-gives-way" for record in all_of(trace, Because, "client"))
    assert trace.world_at(5_000_000).host("client").counter("TcpExtTWRecycled") == 1
    assert trace.world_at(5_000_000).host("client").time_waits == 0


def test_another_destination_needs_no_other_port() -> None:
    """The 4-tuple is what must be unique."""
    assert second_answer(called_again(ONE_PORT, again="connect server:81", after="1100ms")) == 0


# --- the range ---


def chosen(settings: str, calls: int, profile: str = "linux-6.18") -> list[int]:
    """The ports from which ``calls`` connections to one place leave."""
    callers = "\n      and\n".join(["      connect server:80"] * calls)
    trace = run(f"""
    host client 10.0.0.1 {profile} {settings}
{callers}
    host server 10.0.0.2 linux-6.18
      listen 80
    link client server delay=10ms
    until 100ms
    """)
    flights = [record.flight for record in all_of(trace, Sent, "client") if record.flight.segment.syn]
    return list(dict.fromkeys(flight.source.port for flight in flights))


def test_connect_takes_every_second_port_first() -> None:
    """Those of the parity of the range's low end; the others are left to bind() as long as possible."""
    assert chosen("ip_local_port_range=40000-40003", 5) == [40000, 40002, 40001, 40003]
    assert chosen("ip_local_port_range=40001-40004", 5) == [40001, 40003, 40002, 40004]


def test_an_odd_range_loses_its_last_port() -> None:
    """Three ports serve two connections."""
    assert chosen("ip_local_port_range=40000-40002", 3) == [40000, 40001]
    assert chosen("ip_local_port_range=40000-40000", 2) == [40000]


def test_reserved_ports_are_left_out() -> None:
    """ip_local_reserved_ports keeps them for whoever binds them."""
    settings = "ip_local_port_range=40000-40003 ip_local_reserved_ports=40001-40002,7"
    assert chosen(settings, 4) == [40000, 40003]
    with pytest.raises(ValueError, match="65535"):
        reserved_ports("70000")


def test_an_rfc_host_counts_up() -> None:
    """The standard leaves the choice open; the next port is the easiest to follow."""
    assert chosen("ip_local_port_range=50000-50002", 4, "rfc9293") == [50000, 50001, 50002]


# --- bind ---


@pytest.fixture
def talk() -> Talk:
    """Two hosts that have not met."""
    return Talk()


@pytest.mark.parametrize(
    ("old", "new", "answer"), [(0, 0, "EADDRINUSE"), (1, 0, "EADDRINUSE"), (0, 1, "EADDRINUSE"), (1, 1, 0)]
)
def test_both_sockets_need_so_reuseaddr(talk: Talk, old: int, new: int, answer: str | int) -> None:
    """The old one's option counts as much as the new one's."""
    for fd, value in ((3, old), (4, new)):
        talk.does("a socket")
        talk.does(f"a setsockopt SO_REUSEADDR {value} fd={fd}")
    assert talk.does("a bind 5555 fd=3") == 0
    assert talk.does("a bind 5555 fd=4") == answer


def test_a_port_with_a_listener_is_not_bound_again(talk: Talk) -> None:
    """SO_REUSEADDR never lets two listen; and of two that are bound only one may listen."""
    for fd in (3, 4, 5):
        talk.does("a socket")
        talk.does(f"a setsockopt SO_REUSEADDR 1 fd={fd}")
    assert talk.does("a bind 5555 fd=3") == 0
    assert talk.does("a bind 5555 fd=4") == 0
    assert talk.does("a listen fd=3") == 0
    assert talk.does("a bind 5555 fd=5") == "EADDRINUSE"
    assert talk.does("a listen fd=4") == "EADDRINUSE"
    assert talk.does("a close fd=3") == 0
    assert talk.does("a listen fd=4") == 0


def test_a_port_that_connect_chose_cannot_be_bound_by_another(talk: Talk) -> None:
    """Its socket had no SO_REUSEADDR."""
    talk.does("b listen 80")
    talk.does("a socket")
    talk.does("a connect b:80 fd=3")
    talk.until(300)
    port = next(socket.tcb.local.port for socket in talk.world.host("a").all_sockets())
    talk.does("a socket")
    talk.does("a setsockopt SO_REUSEADDR 1 fd=4")
    assert talk.does(f"a bind {port} fd=4") == "EADDRINUSE"


def test_bind_to_port_0_leaves_the_first_parity_to_connect(talk: Talk) -> None:
    """32769, 32771... and EADDRINUSE when all are taken."""
    talk.hand("set a.ip_local_port_range 40000-40003")
    for fd, answer in ((3, 0), (4, 0), (5, 0), (6, 0), (7, "EADDRINUSE")):
        talk.does("a socket")
        assert talk.does(f"a bind 0 fd={fd}") == answer
    ports = [socket.tcb.local.port for socket in talk.world.host("a").all_sockets()]
    assert ports == [40001, 40003, 40000, 40002, 0]


# --- too many of them ---


def test_more_orphans_than_the_host_keeps_are_reset() -> None:
    """tcp_max_orphans: the FIN is out already, the RST follows at once."""
    trace = Trace.of(
        scene("""
    host client 10.0.0.1 linux-6.18
      connect server:80
    host server 10.0.0.2 linux-6.18 tcp_max_orphans=0
      listen 80
      accept
      close
    link client server delay=10ms
    until 1s
    """)
    )
    server = trace.world_at(1_000_000).host("server")
    flags = [str(record.flight.segment).split()[0] for record in all_of(trace, Sent, "server")]
    assert flags[:3] == ["SYN,ACK", "FIN,ACK", "RST,ACK"]
    assert server.counter("TcpExtTCPAbortOnMemory") == 1
    assert server.orphans == 0


def test_an_orphan_in_fin_wait_2_gives_way_to_a_bound_port_only() -> None:
    """It is a small entry like a TIME-WAIT, but tcp_tw_reuse does not hold for it."""
    never_closes = """
    host client 10.0.0.1 linux-6.18 ip_local_port_range=40000-40000 tcp_tw_reuse=1
      connect server:80{first}
      close
      and
      after 2s connect server:80{again}
    host server 10.0.0.2 linux-6.18
      listen 80
    link client server delay=10ms
    until 5s
    """
    assert second_answer(run(never_closes.format(first=" from 40000", again=" from 40000"))) == 0
    assert second_answer(run(never_closes.format(first="", again=""))) == "EADDRNOTAVAIL"


# --- SO_REUSEPORT ---


def made(talk: Talk, fd: int, *, address: int, port: int) -> int:
    """A socket with these options."""
    assert talk.does("a socket") == fd
    talk.does(f"a setsockopt SO_REUSEADDR {address} fd={fd}")
    talk.does(f"a setsockopt SO_REUSEPORT {port} fd={fd}")
    return fd


def test_sockets_with_so_reuseport_share_a_port_and_all_may_listen(talk: Talk) -> None:
    """As asked of the kernel: only those who have set it, before or after somebody listens."""
    for fd, address, port, answer in ((3, 0, 1, 0), (4, 0, 1, 0), (5, 1, 0, "EADDRINUSE"), (6, 0, 0, "EADDRINUSE")):
        made(talk, fd, address=address, port=port)
        assert talk.does(f"a bind 8080 fd={fd}") == answer
    assert [talk.does(f"a listen fd={fd}") for fd in (3, 4)] == [0, 0]
    made(talk, 7, address=0, port=1)
    assert talk.does("a bind 8080 fd=7") == 0


def test_one_option_does_not_stand_in_for_the_other(talk: Talk) -> None:
    """Both are bound by SO_REUSEADDR; once one listens, both would need SO_REUSEPORT."""
    made(talk, 3, address=1, port=0)
    made(talk, 4, address=1, port=1)
    assert [talk.does(f"a bind 9000 fd={fd}") for fd in (3, 4)] == [0, 0]
    assert talk.does("a listen fd=4") == 0
    assert talk.does("a listen fd=3") == "EADDRINUSE"


def test_each_caller_meets_one_of_the_listeners_and_always_the_same(talk: Talk) -> None:
    """And when one closes the other takes all."""
    for fd in (3, 4):
        made(talk, fd, address=0, port=1)
        assert talk.does(f"a bind 8080 fd={fd}") == 0
        assert talk.does(f"a listen fd={fd} backlog=50") == 0
    for number in range(12):
        assert talk.does("b socket") == 3 + number
        talk.does(f"b connect a:8080 fd={3 + number}")
    talk.until(500)
    waiting = [
        len(socket.accept_queue) for socket in talk.world.host("a").all_sockets() if socket.tcb.state is State.LISTEN
    ]
    assert sum(waiting) == 12
    assert all(waiting), "a hash that always says the same would be no sharing"
    assert talk.does("a close fd=3") == 0
    assert talk.does("b socket") == 15
    talk.does("b connect a:8080 fd=15")
    talk.until(1000)
    (left,) = [socket for socket in talk.world.host("a").all_sockets() if socket.tcb.state is State.LISTEN]
    assert len(left.accept_queue) == waiting[1] + 1


def test_bind_to_an_address_that_is_not_ours(talk: Talk) -> None:
    """EADDRNOTAVAIL; 0.0.0.0 is all of ours."""
    talk.does("a socket")
    assert talk.does("a bind 5000 addr=10.0.0.99 fd=3") == "EADDRNOTAVAIL"
    assert talk.does("a bind 5000 addr=0.0.0.0 fd=3") == 0


def test_an_accepted_socket_has_its_listeners_linger(talk: Talk) -> None:
    """SO_LINGER is the listener's, as all its options are."""
    for text in ("a socket", "a setsockopt SO_LINGER 0 fd=3", "a listen 80 fd=3", "b socket", "b connect a:80 fd=3"):
        talk.does(text)
    talk.until(500)
    assert talk.does("a accept fd=3") == 4
    assert talk.does("a getsockopt SO_LINGER fd=4") == 0
