"""A program that is changed while it runs: what is done stays done, what comes is another."""

from __future__ import annotations

import pytest

from tests.world.stage import CALL_AND_CLOSE, all_of, path, run, scene
from tutor.world.acts import ActError, parse_act
from tutor.world.beginning import begin
from tutor.world.records import Acted, Called
from tutor.world.time import MS
from tutor.world.trace import Trace
from tutor.world.world import act


def calls(trace: Trace, host: str = "client") -> list[tuple[int, str]]:
    """(ms, call) of what ``host`` calls, in order."""
    made = all_of(trace, Called, host)
    return [(record.at // MS, " ".join((record.call, *map(str, record.args)))) for record in made]


def lines(trace: Trace, host: str = "client") -> list[str]:
    """The program of ``host`` at the end."""
    return [str(line) for line in trace.steps[-1].world.host(host).programs[0].program.lines]


def test_close_becomes_shutdown() -> None:
    """The line keeps its appointment at 1.1 s: only its act is another."""
    trace = run(CALL_AND_CLOSE, "at 500ms program client 3 replace after 1s shutdown write")
    assert calls(trace)[-1] == (1100, "shutdown write")
    assert path(trace, "client")[-1] == "CLOSED"
    assert lines(trace)[2] == "after 1s shutdown write"


def test_a_line_is_forgotten() -> None:
    """Nobody closes: the connection stays."""
    trace = run(CALL_AND_CLOSE, "at 500ms program client 3 forget")
    assert [call for _, call in calls(trace)] == ["connect server:80", "write 100"]
    assert path(trace, "client")[-1] == "ESTABLISHED"


def test_so_linger_is_put_before_close() -> None:
    """And the close is a reset."""
    trace = run(CALL_AND_CLOSE, "at 20ms program client 3 insert setsockopt SO_LINGER 0")
    assert calls(trace)[2:] == [(100, "setsockopt SO_LINGER 0"), (1100, "close")]
    assert path(trace, "client")[-2:] == ["ESTABLISHED", "CLOSED"]


def test_a_line_put_before_the_one_it_is_at_runs_now() -> None:
    """The line behind it begins to wait when it is done: 500 ms and a second more."""
    trace = run(CALL_AND_CLOSE, "at 500ms program client 3 insert setsockopt SO_LINGER 0")
    assert calls(trace)[2:] == [(500, "setsockopt SO_LINGER 0"), (1500, "close")]


def test_a_line_behind_the_last_one_runs_when_the_program_was_over() -> None:
    """The client has written and is done; now it closes after all."""
    short = CALL_AND_CLOSE.replace("      after 1s close\n", "")
    trace = run(short, "at 500ms program client 3 insert close")
    assert calls(trace)[-1] == (500, "close")


def test_a_line_that_has_run_stays_done() -> None:
    """A write of 100 that has happened is not taken back, and the program does not lose its place."""
    for edit in ("replace write 5", "forget", "insert write 7"):
        trace = run(CALL_AND_CLOSE, f"at 500ms program client 2 {edit}")
        assert [call for _, call in calls(trace)] == ["connect server:80", "write 100", "close"], edit


def test_a_program_that_waits_in_a_call_goes_on_behind_it() -> None:
    """The client is in connect(): a line before it comes too late, one behind it runs next."""
    late = run(CALL_AND_CLOSE, "at 20ms program client 1 insert setsockopt SO_LINGER 0")
    assert [call for _, call in calls(late)] == ["connect server:80", "write 100", "close"]
    swapped = run(CALL_AND_CLOSE, "at 20ms program client 2 replace write 7")
    assert [call for _, call in calls(swapped)] == ["connect server:80", "write 7", "close"]


def test_a_waiting_line_is_freed_from_what_it_waited_for() -> None:
    """The server waits for the peer's FIN; told to close now, it does, and the old wait does not wake it twice."""
    trace = run(CALL_AND_CLOSE, "at 500ms program server 4 replace close")
    assert calls(trace, "server")[-1] == (500, "close")
    assert [call for _, call in calls(trace, "server")].count("close") == 1


def test_repeat_goes_on_meaning_the_same_line() -> None:
    """A line put before line 2 moves the target of ``repeat 3`` and leaves that of ``repeat 2``."""
    for target, after in ((3, 4), (2, 2), (1, 1)):
        loop = CALL_AND_CLOSE.replace("      after 1s close\n", f"      after 1s write 1\n      repeat {target}\n")
        trace = run(loop + "\n    until 3s", "at 20ms program client 2 insert write 2")
        assert lines(trace)[-1] == f"repeat {after}"
    loop = CALL_AND_CLOSE.replace("      after 1s close\n", "      after 1s write 1\n      repeat 3\n")
    assert lines(run(loop + "\n    until 3s", "at 20ms program client 2 forget"))[-1] == "repeat 2"


def test_a_machine_that_is_down_keeps_the_edit_for_its_next_start() -> None:
    """Nothing runs on it; rebooted with its programs it runs the new text."""
    trace = run(
        CALL_AND_CLOSE, "at 500ms crash client", "at 600ms program client 2 replace write 3",
        "at 2s reboot client programs=yes",
    )  # fmt: skip
    assert "write 3" in [call for _, call in calls(trace)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("program moon 1 forget", "there is no host 'moon'"),
        ("program client/2 1 forget", "this host has no such program"),
        ("program client 4 forget", "the program has no line 4"),
        ("program client 5 insert close", "the program has no line 5"),
    ],
)
def test_what_cannot_be_edited_is_refused(line: str, why: str) -> None:
    """With the line's number, and the program as it was."""
    before = begin(scene(CALL_AND_CLOSE))
    done = act(before, parse_act(line))
    assert [record.refused for record in done.records if isinstance(record, Acted)] == [why]
    assert done.world.host("client").programs == before.host("client").programs


def test_a_call_that_has_not_returned_is_not_forgotten() -> None:
    """The program stands in it."""
    trace = run(CALL_AND_CLOSE, "at 20ms program client 1 forget")
    assert "line 1 is a call that has not returned" in all_of(trace, Acted)[0].refused


@pytest.mark.parametrize(
    ("line", "column", "found"),
    [
        ("program client 3 replace clsoe", 26, "clsoe"),
        ("program client 3 replace when moon close", 31, "moon"),
        ("program client x forget", 16, "x"),
        ("program client 3 remove", 18, "remove"),
        ("program client 3 forget it", 25, "it"),
        ("program client 3 insert", 24, "the end of the line"),
        ("program client 3 insert program client 1 forget", 25, "program"),
        ("program client 3 insert client close", 25, "client"),
    ],
)
def test_an_edit_that_cannot_be_read_says_where(line: str, column: int, found: str) -> None:
    """The column counts in the whole line."""
    with pytest.raises(ActError) as fault:
        parse_act(line)
    assert (fault.value.column, fault.value.found) == (column, found)
