"""Cues: moments of a run, found by what happens there."""

from __future__ import annotations

import pytest

from tests.world.stage import CALL_AND_CLOSE, run
from tutor.world.query import CueError, find, parse_cue
from tutor.world.time import MS

HOSTS = ("client", "server")


@pytest.mark.parametrize(
    ("cue", "at"),
    [
        ("start", 0),
        ("client sends SYN", 0),
        ("server receives SYN", 50),
        ("server sends SYN,ACK", 50),
        ("client enters ESTABLISHED", 100),
        ("client connect returns", 100),
        ("server enters ESTABLISHED", 150),
        ("server accepts", 150),
        ("client sends data", 100),
        ("server reads", 150),
        ("server timer delayed-ack", 350),
        ("client calls close", 1100),
        ("client sends FIN", 1100),
        ("client leaves ESTABLISHED", 1100),
        ("server sends any 3", 1150),
        ("client enters TIME-WAIT", 1700),
        ("server enters CLOSED", 1750),
        ("client timer time-wait", 241700),
        ("end", 241700),
    ],
)
def test_an_event_is_found_by_its_name(cue: str, at: int) -> None:
    """The run of a call and a close, 50 ms one way."""
    moment = find(run(CALL_AND_CLOSE), parse_cue(cue, HOSTS))
    assert moment is not None
    assert moment.at == at * MS


def test_a_number_counts_over_the_whole_run() -> None:
    """The second SYN is the repetition."""
    trace = run(CALL_AND_CLOSE, "at 0 drop client:SYN")
    moment = find(trace, parse_cue("client sends SYN 2"))
    assert moment is not None
    assert moment.at == 1000 * MS
    assert find(trace, parse_cue("client sends SYN 3")) is None


def test_losses_are_events_too() -> None:
    """Of a host, or of anybody's segment."""
    trace = run(CALL_AND_CLOSE, "at 0 drop client:SYN")
    for cue in ("client loses SYN", "SYN is lost"):
        assert find(trace, parse_cue(cue)).at == 25 * MS  # type: ignore[union-attr]


def test_crashes_are_events_too() -> None:
    """And reboots."""
    trace = run(CALL_AND_CLOSE, "at 1s crash server", "at 2s reboot server")
    assert [find(trace, parse_cue(cue)).at for cue in ("server crashes", "server reboots")] == [  # type: ignore[union-attr]
        1000 * MS,
        2000 * MS,
    ]


def test_what_a_host_will_not_do_is_an_event_too() -> None:
    """A setting that it does not have; what it takes is none."""
    trace = run(CALL_AND_CLOSE, "at 1s set server.tcp_syn_retries 3", "at 2s set server.tcp_no_such 0")
    moment = find(trace, parse_cue("server refuses"))
    assert moment is not None
    assert moment.at == 2000 * MS
    assert find(trace, parse_cue("server refuses 2")) is None
    assert find(trace, parse_cue("client refuses")) is None


def test_a_search_goes_on_from_a_step_and_stops_at_a_time() -> None:
    """After the first FIN that the client sends there is none of its; the server's comes at 1.65 s."""
    trace = run(CALL_AND_CLOSE)
    first = find(trace, parse_cue("client sends FIN"))
    assert first is not None
    assert find(trace, parse_cue("client sends FIN"), after_index=first.index) is None
    assert find(trace, parse_cue("client sends FIN"), after_index=first.index - 1) == first
    assert find(trace, parse_cue("server sends FIN"), until=1600 * MS) is None


def test_a_search_computes_no_further_than_it_must() -> None:
    """Looking for the SYN does not compute the four minutes after it."""
    trace = run(CALL_AND_CLOSE)
    find(trace, parse_cue("server receives SYN"))
    assert trace.computed[-1].at <= 100 * MS


@pytest.mark.parametrize("cue", ["client enters syn_rcvd", "client enters FINWAIT-1", "client enters TIME WAIT"])
def test_states_may_be_written_as_people_write_them(cue: str) -> None:
    """One spelling inside: that of the RFC's prose."""
    if cue.endswith("TIME WAIT"):
        with pytest.raises(CueError):
            parse_cue(cue)
    else:
        assert str(parse_cue(cue)) in ("client enters SYN-RECEIVED", "client enters FIN-WAIT-1")


@pytest.mark.parametrize(
    ("cue", "column", "found", "nearest"),
    [
        ("clent sends SYN", 1, "clent", "client"),
        ("client send SYN", 8, "send", "sends"),
        ("client enters ESTABLISHD", 15, "ESTABLISHD", "ESTABLISHED"),
        ("client timer retransmision", 14, "retransmision", "retransmission"),
        ("client calls clos", 14, "clos", "close"),
        ("client sends SIN", 14, "SIN", "SYN"),
        ("client sends", 13, "the end of the line", None),
        ("strat", 1, "strat", "start"),
        ("", 1, "", None),
    ],
)
def test_a_mistake_is_pointed_at(cue: str, column: int, found: str, nearest: str | None) -> None:
    """Column, what stands there, and what was probably meant."""
    with pytest.raises(CueError) as caught:
        parse_cue(cue, HOSTS)
    assert (caught.value.column, caught.value.found, caught.value.nearest) == (column, found, nearest)
