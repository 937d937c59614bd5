"""Socket tables in the format of ``ss``, counters in that of ``nstat``."""

from __future__ import annotations

import pytest

from tests.cli.stories import text
from tests.world.stage import CALL_AND_CLOSE, run
from tutor.cli import main
from tutor.commands.faults import DONE, WRONG_USAGE
from tutor.tcp.states import State
from tutor.world.counting import COUNTERS
from tutor.world.ss import counters, rows, socket_table, span
from tutor.world.time import MS, SECOND


@pytest.mark.parametrize(
    ("micros", "printed"),
    [
        (160 * MS, "160ms"),
        (1_020 * MS, "1.020ms"),
        (2 * SECOND, "2sec"),
        (59_900 * MS, "59sec"),
        (72 * SECOND, "1min12sec"),
        (7_199 * SECOND, "119min"),
        (0, "0"),
    ],
)
def test_spans_are_spelled_as_the_tool_spells_them(micros: int, printed: str) -> None:
    """Each of these was printed by ``ss`` 6.1.0."""
    assert span(micros) == printed


def test_the_columns_stand_where_the_tool_puts_them() -> None:
    """Two lines as the real tool printed them for a listener without a connection."""
    trace = run("""
        host client 10.0.0.1 linux-6.18
        host server 10.0.0.2 linux-6.18
          listen 2024 backlog=128
        link client server delay=1ms
        until 2s
    """)
    assert socket_table(trace.world_at(trace.until).host("server"), SECOND, listening=True) == [
        "State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess",
        "LISTEN 0      128          0.0.0.0:2024      0.0.0.0:*",
    ]


def test_a_connection_is_listed_with_its_timer() -> None:
    """A SYN under way: one number in flight, and the retransmission timer."""
    trace = run(CALL_AND_CLOSE)
    row = rows(trace.world_at(1).host("client"), 1)[0]
    assert (row.state, row.recv_q, row.send_q) == ("SYN-SENT", "0", "1")
    assert row.timer.startswith(" timer:(on,")


def test_time_wait_is_listed_with_the_time_that_is_left() -> None:
    """59 of 60 seconds; no queue, for it is no socket any more."""
    trace = run(CALL_AND_CLOSE.replace("rfc9293", "linux-6.18"))
    waiting = next(
        step
        for step in trace.steps
        if any(socket.state is State.TIME_WAIT for socket in step.world.host("client").all_sockets())
    )
    at = waiting.world.now + SECOND // 2
    row = rows(waiting.world.host("client"), at)[0]
    assert (row.state, row.recv_q, row.send_q, row.timer) == ("TIME-WAIT", "0", "0", " timer:(timewait,59sec,0)")


def test_a_whole_socket_in_fin_wait_2_waits_on_the_keepalive_timer_and_a_small_entry_on_timewait() -> None:
    """tcp_fin_timeout=70: ten seconds as a socket, then ten as a small entry (golden:fin_wait2_orphan_long_timeout)."""
    trace = run("""
        host client 10.0.0.1 linux-6.18 tcp_fin_timeout=70
          connect server:80
          close
        host server 10.0.0.2 linux-6.18
          listen 80
        link client server delay=10ms
        until 30s
    """)
    for second, timer in ((4, "(keepalive,6.040ms,0)"), (14, "(timewait,6.040ms,0)")):
        row = rows(trace.world_at(second * SECOND).host("client"), second * SECOND)[0]
        assert (row.state, row.timer) == ("FIN-WAIT-2", f" timer:{timer}")


def test_counters_come_in_the_order_of_the_tool_and_only_if_they_moved() -> None:
    """A name that is no counter of Linux would be seen at once."""
    trace = run(CALL_AND_CLOSE)
    host = trace.world_at(trace.until).host("client")
    names = [line.split()[0] for line in counters(host)[1:]]
    assert names == sorted(names, key=COUNTERS.index)
    assert "TcpActiveOpens" in names
    assert set(host.counters) <= set(COUNTERS)


def test_play_prints_the_tables_of_every_host(capsys: pytest.CaptureFixture[str]) -> None:
    """``--ss T`` in place of the ladder."""
    out = text(capsys, "13", "--ss", "2")
    assert "client$ ss -tano" in out
    assert "TIME-WAIT" in out
    assert "server$ nstat" in out
    assert main(["play", "13", "--ss", "soon"]) == WRONG_USAGE
    assert "is not a span of time" in capsys.readouterr().err
    assert main(["play", "13", "--ss", "0"]) == DONE
