"""Time travel: seek, step, fork, compare; worlds as values; memory and cost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sampling import some
from tests.world.stage import CALL_AND_CLOSE, run, scene, timeline
from tutor.world.acts import parse_act
from tutor.world.beginning import begin
from tutor.world.digest import canonical, digest
from tutor.world.records import Arrived, Began, Lost, Sent, StateChanged
from tutor.world.time import MINUTE, MS, SECOND
from tutor.world.timeline import Timeline, compare
from tutor.world.trace import Trace
from tutor.world.world import World, act, step

LOSSY = CALL_AND_CLOSE.replace("delay=50ms", "delay=20ms loss=0.1 duplication=0.1").replace("write 100", "write 90000")


# --- worlds are values ---


def test_stepping_leaves_the_world_before_as_it_was() -> None:
    """Stepping back is looking at an older value."""
    worlds, fingerprints = [begin(scene(CALL_AND_CLOSE))], []
    while (following := step(worlds[-1])) is not None:
        fingerprints.append(digest(worlds[-1]))
        worlds.append(following.world)
    assert [digest(world) for world in worlds[:-1]] == fingerprints
    assert len(set(fingerprints)) == len(fingerprints)


def test_a_world_is_hashable_and_equal_to_itself_computed_again() -> None:
    """So that a search can keep a set of worlds."""
    first, second = (Trace.of(scene(LOSSY)).world_at(MINUTE) for _ in range(2))
    assert first is not second
    assert first == second
    assert hash(first) == hash(second)
    assert len({first, second, begin(scene(LOSSY))}) == 2


def test_a_world_at_rest_stays_at_rest() -> None:
    """Nothing is due any more: step answers None."""
    trace = run(CALL_AND_CLOSE)
    assert step(trace.world_at(trace.end)) is None


# --- seeking ---


def test_the_world_at_a_time_is_the_one_after_the_last_step_by_then() -> None:
    """Before, at and after a step."""
    trace = run(CALL_AND_CLOSE)
    assert trace.index_at(49 * MS) + 1 == trace.index_at(50 * MS) == trace.index_at(51 * MS)
    assert trace.world_at(49 * MS).now == 0
    assert trace.world_at(50 * MS).now == 50 * MS


def test_instants_are_where_something_happens() -> None:
    """Forward and back, from anywhere; time 0 counts, and after the end there is nothing."""
    trace = run(CALL_AND_CLOSE)
    assert trace.next_instant(0) == 50 * MS
    assert trace.next_instant(75 * MS) == 100 * MS
    assert trace.previous_instant(75 * MS) == 50 * MS
    assert trace.previous_instant(50 * MS) == 0
    assert trace.previous_instant(0) is None
    assert trace.next_instant(trace.end) is None


def test_a_trace_is_computed_no_further_than_somebody_has_looked() -> None:
    """A fork is drawn before its end is known."""
    trace = run(LOSSY)
    trace.world_at(100 * MS)
    seen = len(trace.computed)
    assert trace.computed[-1].at <= 100 * MS
    assert len(trace.steps) > seen


def test_a_run_ends_at_its_bound() -> None:
    """``until``: the TIME-WAIT of four minutes lies beyond one minute."""
    trace = run(CALL_AND_CLOSE.replace("until 10min", "until 1min"))
    assert trace.end < MINUTE
    assert trace.world_at(MINUTE).host("client").time_waits == 1


def test_a_wild_run_is_cut_short() -> None:
    """A lesson from a stranger cannot fill the memory."""
    trace = Trace(begin(scene(LOSSY)), MINUTE, limit=30)
    assert len(trace.steps) == 30
    assert trace.is_cut_short


def test_a_trace_short_of_memory_computes_worlds_again_and_gets_the_same_ones() -> None:
    """Eight worlds kept instead of all: every world still has the same fingerprint, forwards and backwards."""
    text = LOSSY + "\n    at 70ms duplicate client:any\n    at 1s set link.delay 30ms"
    full = Trace.of(scene(text))
    thin = Trace(begin(scene(text)), full.until, kept=8)
    assert len(thin.steps) == len(full.steps) > 100
    assert sum(each.has_world for each in thin.steps) <= 2 * 8
    wanted = [digest(each.world) for each in full.steps]
    assert [digest(each.world) for each in thin.steps] == wanted
    assert [digest(thin.steps[index].world) for index in reversed(range(len(wanted)))] == wanted[::-1]


def test_a_thin_trace_remembers_what_hands_did() -> None:
    """The act of a fork is done again when worlds after it are computed again."""
    thin = Trace(begin(scene(LOSSY)), 10 * MINUTE, kept=8)
    forked = thin.fork(thin.index_at(50 * MS), 55 * MS, parse_act("drop client:any"))
    full = Trace.of(scene(LOSSY))
    plain = full.fork(full.index_at(50 * MS), 55 * MS, parse_act("drop client:any"))
    assert [digest(each.world) for each in forked.steps] == [digest(each.world) for each in plain.steps]


# --- forks ---


def test_a_fork_shares_its_past_and_keeps_the_old_future() -> None:
    """The same objects up to the fork; the first branch does not change."""
    line = timeline(CALL_AND_CLOSE)
    old = line.branch(0).trace
    before = [record for _, record in old.records()]
    line = line.fork(0, 60 * MS, parse_act("drop server:SYN,ACK:1"))
    new = line.branch(line.current)
    shared = new.index + 1
    assert all(mine is theirs for mine, theirs in zip(old.steps[:shared], new.trace.steps[:shared], strict=True))
    assert [record for _, record in old.records()] == before
    assert (new.parent, new.at, str(new.acts[0])) == (0, 60 * MS, "drop server:SYN,ACK")


def test_a_timeline_is_a_value() -> None:
    """Forking gives another one; the first has still one branch."""
    line = timeline(CALL_AND_CLOSE)
    other = line.fork(0, SECOND, parse_act("cut link"))
    assert (len(line.branches), len(other.branches)) == (1, 2)
    assert (other.has(1), other.has(2), line.has(1)) == (True, False, False)
    assert other.on(0).current == 0


def test_a_fork_acts_after_all_that_happens_at_its_instant_or_right_after_a_step() -> None:
    """At time 0 the SYN has left; right after step 0 it has not."""
    line = timeline(CALL_AND_CLOSE)
    late = line.fork(0, 0, parse_act("drop client:SYN"))
    early = line.fork(0, 0, parse_act("drop client:SYN"), index=0)
    first = [next(r for _, r in each.branch(1).trace.records() if isinstance(r, Sent)) for each in (late, early)]
    assert [record.flight.fate for record in first] == ["delivered", "dropped"]


def test_a_fork_of_a_fork_remembers_both_acts() -> None:
    """Three branches, the last with the acts of two."""
    line = timeline(CALL_AND_CLOSE).fork(0, 60 * MS, parse_act("crash server"))
    line = line.fork(1, 2 * SECOND, parse_act("reboot server"))
    assert [branch.parent for branch in line.branches] == [None, 0, 1]
    assert line.branch(2).trace.world_at(3 * SECOND).host("server").is_up
    assert not line.branch(1).trace.world_at(3 * SECOND).host("server").is_up


# --- compare ---


def test_the_first_difference_is_found() -> None:
    """The SYN is dropped in flight: here it dies at 25 ms, there it arrives at 50 ms."""
    line = timeline(CALL_AND_CLOSE).fork(0, 10 * MS, parse_act("drop #1"))
    found = compare(line.branch(0).trace, line.branch(1).trace)
    assert found is not None
    assert isinstance(found.a, Arrived)
    assert isinstance(found.b, Lost)
    assert (found.a.at, found.b.at) == (50 * MS, 25 * MS)


def test_an_act_without_consequences_makes_no_difference() -> None:
    """A rule that never matches: the two futures are the same."""
    line = timeline(CALL_AND_CLOSE).fork(0, SECOND, parse_act("drop client:SYN"))
    assert compare(line.branch(0).trace, line.branch(1).trace) is None


def test_a_future_that_ends_earlier_differs_where_it_ends() -> None:
    """The server crashes after the close: its last states never come."""
    line = timeline(CALL_AND_CLOSE).fork(0, 1_720 * MS, parse_act("crash server"))
    found = compare(line.branch(0).trace, line.branch(1).trace)
    assert found is not None
    assert found.a != found.b


# --- fingerprints ---

PROGRAM = """
from tests.world.stage import CALL_AND_CLOSE, scene
from tutor.world.digest import digest
from tutor.world.trace import Trace
trace = Trace.of(scene(CALL_AND_CLOSE.replace("delay=50ms", "delay=20ms loss=0.1")))
print(digest(trace.world_at(trace.end)), len(trace.steps), [type(r).__name__ for _, r in trace.records()])
"""


def test_a_fingerprint_does_not_depend_on_the_hash_seed() -> None:
    """Two processes with different PYTHONHASHSEEDs: same run, same fingerprint."""
    root = Path(__file__).resolve().parents[2]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True, text=True, check=True, cwd=root,
        ).stdout
        for seed in ("1", "2", "77")
    }  # fmt: skip
    assert len(outputs) == 1


def test_a_fingerprint_tells_worlds_apart() -> None:
    """Another seed, another number, another setting: another text."""
    plain = begin(scene(CALL_AND_CLOSE))
    others = [
        begin(scene(CALL_AND_CLOSE.replace("isn=1000", "isn=1001"))),
        begin(scene(CALL_AND_CLOSE + "\n    seed 9")),
        act(plain, parse_act("set link.delay 51ms")).world,
        act(plain, parse_act("set client.tcp_syn_retries 3")).world,
    ]
    assert len({digest(world) for world in (plain, *others)}) == 5


def test_the_canonical_text_is_what_the_documentation_says() -> None:
    """Numbers, text in quotes, tuples in brackets, records with their fields, maps sorted by key."""
    assert canonical((1, "a", None, True)) == '[1,"a",None,True]'
    world = begin(scene(CALL_AND_CLOSE))
    assert canonical(world).startswith("World(now=0,index=0,seed=1,")
    assert canonical(world.addresses) == '{"10.0.0.1":"client","10.0.0.2":"server"}'


# --- cost ---


def _calls_per_step(world: World) -> float:
    """Python calls that a step makes, over the whole run: a cost that does not depend on the machine."""
    count = steps = 0

    def watch(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(watch)
    try:
        while (following := step(world)) is not None:
            world, steps = following.world, steps + 1
    finally:
        sys.setprofile(None)
    return count / steps


@pytest.mark.parametrize("profile", some(["linux-6.18", "rfc9293"], 2))
@pytest.mark.ci
def test_a_step_costs_the_same_with_three_hundred_connections_as_with_three(profile: str) -> None:
    """Nothing is searched for: a hundred times the connections, and hardly more calls a step (the agenda's log)."""
    costs = []
    for count in (3, 300):
        callers = "\n  and\n".join("  connect server:80\n  write 100\n  when acked close" for _ in range(count))
        serving = "\n".join(("  and", "  accept", "  when peer-closed close") * count)
        text = (
            f"host client 10.0.0.1 {profile}\n{callers}\n"
            f"host server 10.0.0.2 {profile}\n  listen 80 backlog=1000\n{serving}\nlink client server delay=50ms"
        )
        costs.append(_calls_per_step(begin(scene(text))))
    assert costs[1] < 1.25 * costs[0], f"{costs[0]:.0f} calls a step with 3 connections, {costs[1]:.0f} with 300"


def test_the_start_is_a_step_of_its_own() -> None:
    """Index 0, before anything has happened."""
    first = run(CALL_AND_CLOSE).steps[0]
    assert (first.index, first.at, first.cause, first.records) == (0, 0, Began(), ())


def test_a_timeline_begins_with_the_scenario_left_alone() -> None:
    """One branch, nobody's child."""
    line = Timeline.of(scene(CALL_AND_CLOSE))
    assert (line.current, line.branch(0).parent, line.branch(0).acts) == (0, None, ())
    assert any(isinstance(record, StateChanged) for _, record in line.branch(0).trace.records())
