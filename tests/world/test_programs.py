"""Programs: acts with conditions, one after the other."""

from __future__ import annotations

import pytest

from tests.world.stage import all_of, run
from tutor.world.acts import ActError
from tutor.world.program import parse_line, parse_program
from tutor.world.records import Called, CallReturned
from tutor.world.trace import Trace

TWO = """
    host client 10.0.0.1 rfc9293
      {client}
    host server 10.0.0.2 rfc9293
      {server}
    link client server delay=50ms
    until 1min
"""


def play(client: str, server: str) -> Trace:
    """Both programs, a line each per ``;``."""
    return run(TWO.format(client=client.replace("; ", "\n      "), server=server.replace("; ", "\n      ")))


def calls(trace: Trace, host: str) -> list[tuple[int, str, int | str | None]]:
    """(ms, call, answer) of what ``host`` calls; ... for a call that blocks."""
    return [
        (record.at // 1000, record.call, (record.error or record.result) if record.completed_at is not None else "...")
        for record in all_of(trace, Called, host)
        if isinstance(record, Called)
    ]


def returns(trace: Trace, host: str) -> list[tuple[int, str, int | str | None]]:
    """(ms, call, answer) of the calls that had blocked."""
    return [
        (record.at // 1000, record.call, record.error or record.result)
        for record in all_of(trace, CallReturned, host)
        if isinstance(record, CallReturned)
    ]


@pytest.mark.parametrize(
    "line",
    [
        "connect server:80",
        "after 3s accept",
        "after 1min10s write 300",
        "when peer-closed close",
        "when received 100 after 500ms write 10",
        "at 2s exit",
        "when never close",
        "repeat 2",
    ],
)
def test_a_line_is_written_as_it_is_read(line: str) -> None:
    """Lessons and saved runs carry programs as text."""
    assert str(parse_line(line)) == line


@pytest.mark.parametrize(
    ("line", "column", "nearest"),
    [
        ("when peer-close close", 6, "peer-closed"),
        ("after soon close", 7, None),
        ("when received close", 14, None),
        ("when connected clos", 16, "close"),
    ],
)
def test_a_mistake_in_a_line_is_pointed_at(line: str, column: int, nearest: str | None) -> None:
    """The column counts in the whole line, not in the act alone."""
    with pytest.raises(ActError) as caught:
        parse_line(line)
    assert (caught.value.column, caught.value.nearest) == (column, nearest)


def test_comments_and_empty_lines_are_left_out() -> None:
    """A program may explain itself."""
    assert len(parse_program("listen 80  # the usual port\n\n# nothing here\naccept").lines) == 2


def test_connect_returns_when_the_handshake_is_over_for_the_caller() -> None:
    """After one round trip of 100 ms; accept() returns 50 ms later, when the last ACK is there."""
    trace = play("connect server:80", "listen 80; accept")
    assert returns(trace, "client") == [(100, "connect", 0)]
    assert returns(trace, "server") == [(150, "accept", 4)]


@pytest.mark.parametrize(("profile", "error"), [("linux-6.18", "ECONNREFUSED"), ("rfc9293", "ECONNRESET")])
def test_connect_to_a_closed_port_is_refused_and_ends_the_program(profile: str, error: str) -> None:
    """RST,ACK after one round trip, and nothing is written. The RFC calls it "connection reset", Linux "refused"."""
    trace = run(TWO.replace("rfc9293", profile).format(client="connect server:80\n      write 10", server="listen 81"))
    assert returns(trace, "client") == [(100, "connect", error)]
    assert [call for _, call, _ in calls(trace, "client")] == ["connect"]


def test_a_connect_that_does_not_block_does_not_end_the_program() -> None:
    """EINPROGRESS is no failure: the line after it is done, and the handshake goes on meanwhile."""
    trace = play("socket nonblock=yes; connect server:80; when connected write 5", "listen 80; accept")
    assert [answer for _, _, answer in calls(trace, "client")] == [3, "EINPROGRESS", 5]


def test_read_waits_for_data_and_then_for_the_end() -> None:
    """Ten octets after 150 ms; after the peer's FIN the answer is 0, end of file."""
    trace = play("connect server:80; write 10; after 1s close", "listen 80; accept; read; read")
    assert returns(trace, "server") == [(150, "accept", 4), (1150, "read", 0)]
    assert calls(trace, "server")[2] == (150, "read", 10)


def test_a_write_that_finds_no_room_waits_until_all_of_it_is_taken() -> None:
    """A buffer of 1,000 octets takes 5,000 in five goes, one a round trip; the call returns with the whole number."""
    client = "setsockopt SO_SNDBUF 1000; connect server:80; write 5000"
    trace = play(client, "listen 80; accept; read; repeat 3")
    assert calls(trace, "client")[-1][1:] == ("write", "...")
    assert returns(trace, "client")[-1][1:] == ("write", 5000)


def test_conditions_hold_a_line_until_they_are_true() -> None:
    """The server answers when 2,000 octets are there, and closes half a second after the client has."""
    client = "connect server:80; write 2000; when received 100 close"
    trace = play(client, "listen 80; accept; when received 2000 write 100; when peer-closed after 0.5s close")
    write, close = calls(trace, "server")[-2:]
    assert write[1:] == ("write", 100)
    peer_closed = next(at for at, call, _ in calls(trace, "client") if call == "close") + 50
    assert close == (peer_closed + 500, "close", 0)


def test_acked_waits_for_the_peer() -> None:
    """A close that first makes sure that everything has arrived."""
    trace = play("connect server:80; write 10; when acked close", "listen 80; accept; read")
    assert calls(trace, "client")[-1][:2] == (400, "close"), "100 + 50 + 200 (the delayed ACK) + 50"


def test_a_second_program_of_a_host_takes_the_connection_that_comes() -> None:
    """It waits without a socket of its own."""
    trace = run(
        TWO.format(client="connect server:80", server="listen 80\n      accept\n      and\n      when accepted write 7")
    )
    assert (150, "write", 7) in calls(trace, "server")


def test_never_is_never() -> None:
    """The program that forgets to close: the server stays in CLOSE-WAIT."""
    trace = play("connect server:80; close", "listen 80; accept; when never close")
    assert [socket.state.value for socket in trace.world_at(trace.end).host("server").all_sockets()] == [
        "LISTEN",
        "CLOSE-WAIT",
    ]


def test_a_loop_that_runs_wild_is_ended() -> None:
    """A program that repeats without time passing would stop the world; after a hundred rounds it is stopped."""
    trace = play("status; repeat", "listen 80")
    assert len(calls(trace, "client")) == 101
    assert trace.end == 0


def test_a_server_that_accepts_in_a_loop_serves_one_after_the_other() -> None:
    """``repeat 2``: back to accept()."""
    server = "listen 80; accept; write 5; close; repeat 2"
    trace = play("connect server:80; when peer-closed close; connect server:80; when peer-closed close", server)
    assert [answer for _, call, answer in calls(trace, "server") if call == "write"] == [5, 5]


def test_two_reads_that_wait_on_one_connection_each_get_their_share() -> None:
    """A hundred octets arrive: the first read takes ten, the second the rest, and each returns once."""
    trace = play("connect server:80; after 1s write 100", "listen 80; accept; read 10; and; when accepted read")
    assert [answer for _, call, answer in returns(trace, "server") if call == "read"] == [10, 90]


@pytest.mark.parametrize(("rule", "returned_at"), [("", 1200), ("\n    at 1s cut link", 3100)])
def test_a_lingering_close_waits_for_the_ack_of_the_fin_but_not_for_ever(rule: str, returned_at: int) -> None:
    """SO_LINGER of 2 s: back after a round trip; with the cable cut, after 2 s, and the orphan goes on without it."""
    text = TWO.format(
        client="connect server:80\n      setsockopt SO_LINGER 2\n      after 1s close", server="listen 80\n      accept"
    )
    trace = run(text + rule)
    assert returns(trace, "client")[-1] == (returned_at, "close", 0)
