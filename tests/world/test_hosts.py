"""Hosts: sockets of three kinds, queues, ports, descriptors, limits, counters."""

from __future__ import annotations

import pytest

from tests.world.stage import CALL_AND_CLOSE, all_of, path, run, sent
from tutor.tcp.states import State
from tutor.world.host import CONNECTION, LISTENER, REQUEST, Host
from tutor.world.records import Because, Called, CallReturned, QueueChanged, StateChanged, Vanished
from tutor.world.time import MS, SECOND
from tutor.world.trace import Trace

NAME = "client:40000>server:80"


def kinds(host: Host) -> list[tuple[str, str, str]]:
    """(name, kind, state) of every socket in order of creation."""
    return [(socket.id, socket.kind, socket.state.value) for socket in host.all_sockets()]


def answers(trace: Trace, host: str, call: str) -> list[int | str | None]:
    """What this call answers, each time, in the order of the answers."""
    found: list[int | str | None] = []
    for _, record in trace.records():
        is_answer = isinstance(record, CallReturned) or (isinstance(record, Called) and record.completed_at is not None)
        if is_answer and (record.host, record.call) == (host, call):
            found.append(record.error or record.result)
    return found


def test_listener_request_entry_and_connection_are_three_things() -> None:
    """The listener stays in LISTEN; its child is a request entry first, then a connection."""
    trace = run(CALL_AND_CLOSE)
    assert kinds(trace.world_at(0).host("server")) == [("server:80", LISTENER, "LISTEN")]
    assert kinds(trace.world_at(60 * MS).host("server"))[1:] == [(NAME, REQUEST, "SYN-RECEIVED")]
    assert kinds(trace.world_at(160 * MS).host("server"))[1:] == [(NAME, CONNECTION, "ESTABLISHED")]
    listener = [record for record in all_of(trace, StateChanged, "server") if record.connection == "server:80"]
    assert [record.target for record in listener] == [State.LISTEN]


def test_a_childs_first_record_starts_from_listen() -> None:
    """The path of the child is the path of RFC 9293's figure."""
    assert path(run(CALL_AND_CLOSE), "server") == [
        "LISTEN",
        "SYN-RECEIVED",
        "ESTABLISHED",
        "CLOSE-WAIT",
        "LAST-ACK",
        "CLOSED",
    ]


def test_both_hosts_call_a_connection_by_the_same_name() -> None:
    """The direction of its first SYN; a later connection on the same ports is another one."""
    trace = run(CALL_AND_CLOSE)
    world = trace.world_at(200 * MS)
    assert [world.host(host).connection(NAME) is not None for host in ("client", "server")] == [True, True]


def test_the_queues_are_told_when_they_change() -> None:
    """One request entry; one finished connection; accepted."""
    trace = run(CALL_AND_CLOSE)
    told = [(record.syn_queue, record.accept_queue) for record in all_of(trace, QueueChanged)]
    assert told == [(1, 0), (0, 1), (0, 0)]


MANY = """
    host client 10.0.0.1 rfc9293
{callers}
    host server 10.0.0.2 rfc9293 {settings}
      listen 80 backlog={backlog}
    link client server delay=50ms
    until 500ms
"""


def callers(count: int, spread_us: int = 0) -> str:
    """``count`` programs that connect, one after the other."""
    return "\n      and\n".join(f"      after {number * spread_us}us connect server:80" for number in range(count))


@pytest.mark.parametrize(("backlog", "somaxconn", "places"), [(0, 4096, 1), (1, 4096, 2), (5, 4096, 6), (100, 3, 4)])
def test_the_accept_queue_holds_the_smaller_of_backlog_and_somaxconn_and_one_more(
    backlog: int, somaxconn: int, places: int
) -> None:
    """Ten calls, one a handshake apart; the calls that find no place are dropped as SYNs."""
    scene = MANY.format(callers=callers(10, 160_000), settings=f"somaxconn={somaxconn}", backlog=backlog)
    trace = run(scene.replace("500ms", "5s"))
    server = trace.world_at(2 * SECOND).host("server")
    listener = server.connection("server:80")
    assert listener is not None
    assert len(listener.accept_queue) == places
    assert server.counter("TcpExtListenOverflows") >= 10 - places


def test_the_syn_queue_holds_as_many_and_drops_the_rest() -> None:
    """Ten SYNs at once for listen(3): four request entries, six dropped."""
    trace = run(MANY.format(callers=callers(10), settings="", backlog=3))
    server = trace.world_at(60 * MS).host("server")
    assert server.connection("server:80").syn_queue == 4  # type: ignore[union-attr]
    assert server.counter("TcpExtTCPReqQFullDrop") == server.counter("TcpExtListenDrops") == 6


def test_without_cookies_a_quarter_of_the_syn_backlog_stays_free() -> None:
    """tcp_max_syn_backlog=8: seven entries, as measured (8 - len < 2 drops)."""
    trace = run(MANY.format(callers=callers(10), settings="tcp_max_syn_backlog=8", backlog=100))
    listener = trace.world_at(60 * MS).host("server").connection("server:80")
    assert listener is not None
    assert listener.syn_queue == 7


def test_a_rst_deletes_the_request_entry_and_the_listener_never_left_listen() -> None:
    """ "Returns to LISTEN" means that the entry is gone."""
    trace = run(CALL_AND_CLOSE, "at 60ms inject client>server RST seq=1")
    assert path(trace, "server")[:3] == ["LISTEN", "SYN-RECEIVED", "LISTEN"]
    assert kinds(trace.world_at(115 * MS).host("server")) == [("server:80", LISTENER, "LISTEN")]


# --- ports and descriptors ---


def test_a_port_is_listened_on_once() -> None:
    """EADDRINUSE for the second listener, also after the first connection."""
    trace = run(CALL_AND_CLOSE, "at 1s server listen 80")
    assert answers(trace, "server", "listen") == [0, "EADDRINUSE"]


@pytest.mark.parametrize(("reuse", "answer"), [("yes", 0), ("no", "EADDRINUSE")])
def test_a_restarted_server_finds_its_port_in_use_without_reuseaddr(reuse: str, answer: int | str) -> None:
    """The server closed first: its TIME-WAIT still uses the port. SO_REUSEADDR on both listeners lets it go."""
    scene = f"""
        host client 10.0.0.1 rfc9293
          connect server:80
          when peer-closed close
        host server 10.0.0.2 rfc9293
          listen 80 reuse={reuse}
          accept
          exit
        link client server delay=50ms
        until 10s
        at 5s server listen 80 reuse={reuse}
    """
    trace = run(scene)
    assert trace.world_at(4 * SECOND).host("server").time_waits == 1
    assert answers(trace, "server", "listen") == [0, answer]


def test_a_client_runs_out_of_ports_to_one_destination() -> None:
    """Two ports, and both 4-tuples in TIME-WAIT: EADDRNOTAVAIL for the third call."""
    once = "\n".join("          connect server:80\n          close" for _ in range(3))
    trace = run(f"""
        host client 10.0.0.1 rfc9293 port=50000 ip_local_port_range=50000-50001
{once}
        host server 10.0.0.2 rfc9293
          listen 80
          accept
          when peer-closed close
          repeat 2
        link client server delay=50ms
        until 10s
    """)
    assert answers(trace, "client", "connect") == [0, 0, "EADDRNOTAVAIL"]
    assert trace.world_at(9 * SECOND).host("client").time_waits == 2


def test_descriptors_run_out() -> None:
    """nofile=3: the listener and two connections; the third accept() answers EMFILE."""
    scene = MANY.format(callers=callers(3), settings="nofile=3", backlog=9).replace(
        "backlog=9", "backlog=9\n" + "      accept\n" * 3
    )
    assert answers(run(scene), "server", "accept") == [4, 5, "EMFILE"]


def test_a_descriptor_outlives_its_connection() -> None:
    """After the RST the program still holds the socket: it reads the error once, then end of file, then closes it."""
    trace = run(
        CALL_AND_CLOSE,
        "at 500ms inject server>client RST seq=1",
        "at 600ms client read",
        "at 610ms client read",
        "at 620ms client close",
    )
    assert answers(trace, "client", "read") == ["ECONNRESET", 0]
    assert kinds(trace.world_at(560 * MS).host("client")) == [(NAME, CONNECTION, "CLOSED")]
    assert kinds(trace.world_at(620 * MS).host("client")) == []


# --- orphans, TIME-WAIT, counters ---


def test_close_leaves_an_orphan_until_time_wait() -> None:
    """ "Orphan" is a flag beside the state: nobody holds the descriptor, the connection goes on."""
    trace = run(CALL_AND_CLOSE)
    client = trace.world_at(1_150 * MS).host("client")
    assert (client.orphans, [socket.is_orphan for socket in client.all_sockets()]) == (1, [True])
    assert len(client.descriptors) == 0
    client = trace.world_at(5 * SECOND).host("client")
    assert (client.orphans, client.time_waits) == (0, 1)


def test_a_full_time_wait_table_ends_new_entries_at_once() -> None:
    """tcp_max_tw_buckets=0: the protection is thrown away, and a counter says so."""
    trace = run(CALL_AND_CLOSE.replace("isn=1000", "isn=1000 tcp_max_tw_buckets=0"))
    assert path(trace, "client")[-2:] == ["TIME-WAIT", "CLOSED"]
    client = trace.world_at(2 * SECOND).host("client")
    assert (client.time_waits, client.counter("TcpExtTCPTimeWaitOverflow")) == (0, 1)


def test_counters_count_what_nstat_counts() -> None:
    """Four segments each way after the SYNs, one active and one passive open, nothing repeated."""
    trace = run(CALL_AND_CLOSE)
    client, server = (trace.world_at(trace.end).host(name) for name in ("client", "server"))
    assert (client.counter("TcpActiveOpens"), server.counter("TcpPassiveOpens")) == (1, 1)
    assert client.counter("TcpOutSegs") == server.counter("TcpInSegs") == len(sent(trace, "client"))
    assert client.counter("TcpRetransSegs") == server.counter("TcpRetransSegs") == 0
    assert client.counter("TcpExtTW") == 1


def test_closing_with_data_unread_resets_and_is_counted() -> None:
    """RFC 2525 section 2.17: the peer must learn that its data were thrown away."""
    trace = run(
        CALL_AND_CLOSE.replace("      read\n      when peer-closed after 0.5s close", "      after 300ms close")
    )
    assert "RST 1:1(0)" in sent(trace, "server")
    assert trace.world_at(trace.end).host("server").counter("TcpExtTCPAbortOnClose") == 1


# --- crash ---


def test_a_crash_takes_everything_without_a_word() -> None:
    """No edge is crossed and nothing is sent; the counters start anew, the initial numbers do not repeat."""
    trace = run(CALL_AND_CLOSE, "at 500ms crash server", "at 600ms reboot server")
    gone = [(record.connection, record.state.value) for record in all_of(trace, Vanished)]
    assert gone == [("server:80", "LISTEN"), (NAME, "ESTABLISHED")]
    server = trace.world_at(700 * MS).host("server")
    assert (server.is_up, server.boots, len(server.sockets), len(server.counters)) == (True, 1, 0, 0)


def test_a_host_that_is_down_hears_nothing() -> None:
    """Segments reach it and are not accepted; a call there answers EHOSTDOWN."""
    trace = run(CALL_AND_CLOSE, "at 500ms crash server", "at 600ms server accept")
    reasons = {record.reason.id for record in all_of(trace, Because, "server")}
    assert "host-is-down" in reasons
    assert answers(trace, "server", "accept") == [4, "EHOSTDOWN"]


def test_programs_start_anew_only_if_asked_to() -> None:
    """A reboot with ``programs=yes`` brings the listener back."""
    for option, listeners in (("", 0), (" programs=yes", 1)):
        trace = run(CALL_AND_CLOSE, "at 500ms crash server", f"at 600ms reboot server{option}")
        assert len(trace.world_at(700 * MS).host("server").listeners) == listeners


# --- initial sequence numbers ---


def test_initial_numbers_come_from_a_clock_and_the_seed() -> None:
    """Other ports, other numbers; the same ports later, a later number: 4 µs a tick (RFC 9293 section 3.4.1)."""

    def isn(scene: str) -> int:
        world = run(scene).world_at(2 * SECOND)
        return next(socket.tcb.snd.iss for socket in world.host("client").all_sockets())

    call = """
        host client 10.0.0.1 rfc9293
          at {at} connect server:80 from {port}
        host server 10.0.0.2 rfc9293
        link client server
    """
    first, second, other = (isn(call.format(at=at, port=port)) for at, port in (("0", 7), ("1s", 7), ("0", 8)))
    assert (second - first) % 2**32 == SECOND // 4
    assert other != first


def test_without_the_key_all_callers_read_the_same_clock() -> None:
    """What RFC 793 asked for: one number for all four-tuples at a time, and whoever sees one knows the others."""

    def isn(at: str, port: int) -> int:
        world = run(f"""
            host client 10.0.0.1 rfc9293 profile.isn_offset=host
              at {at} connect server:80 from {port}
            host server 10.0.0.2 rfc9293
            link client server
        """).world_at(2 * SECOND)
        return next(socket.tcb.snd.iss for socket in world.host("client").all_sockets())

    assert isn("0", 7) == isn("0", 8)
    assert (isn("1s", 8) - isn("0", 7)) % 2**32 == SECOND // 4


def test_a_fixed_initial_number_is_the_first_ones() -> None:
    """Lessons fix numbers so that a reader can add; the next connection starts elsewhere."""
    trace = run(CALL_AND_CLOSE, "at 3s client connect server:80")
    isns = [socket.tcb.snd.iss for socket in trace.world_at(4 * SECOND).host("client").all_sockets()]
    assert isns == [1000, 65000]
