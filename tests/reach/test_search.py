"""The search of two ends and the network between them: exact, shortest, honest about its bound, and it finds bugs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import tutor
from tests.sampling import some
from tutor.explore import ends, held
from tutor.explore.breadth import Statistics
from tutor.explore.brisk import brisk
from tutor.explore.normal import families, number, renumbered
from tutor.explore.parts import Budget, Play, cost
from tutor.explore.past import FORGOTTEN, OPEN
from tutor.explore.replay import replay
from tutor.explore.search import Answer, search, search_from, shortest
from tutor.explore.store import Plain
from tutor.explore.verdict import PROPERTIES
from tutor.profiles import load_profile
from tutor.tcp.states import State
from tutor.tcp.variant import TCP, VARIANTS, variant_named
from tutor.world.trace import Trace

EVERYTHING = sum(PROPERTIES.values())


def play(budget: Budget, prop: str = "", *, variant: str = "", profile: str = "rfc9293") -> Play:
    """What is searched; without a property, all of them."""
    watched = PROPERTIES[prop] if prop else EVERYTHING
    return Play(load_profile(profile), variant_named(variant), budget, watched=watched)


def told(answer: Answer) -> list[str]:
    """The moves of a path in short: kind, side, flags."""
    lines = []
    for move in answer.path:
        value = answer.model.store.value(move.what) if move.kind in ("deliver", "lose", "old", "late") else None
        segment = f" {value.segment}".split(" win")[0] if isinstance(value, ends.Entry) else ""
        lines.append(f"{move.kind} {'AB'[move.side]}{segment}")
    return lines


@pytest.mark.sampled(15, longer=1)
@pytest.mark.parametrize(
    "budget", some([Budget(losses=1), Budget(), Budget(duplicates=1, writes=0), Budget(held=1, writes=0)], 3)
)
@pytest.mark.parametrize("profile", ["rfc9293", "linux-6.18"])
def test_numbered_worlds_are_as_many_as_plain_ones(budget: Budget, profile: str) -> None:
    """Interning is exact: the slow encoding that remembers nothing finds as many worlds, by as many moves."""
    fast, slow = (search(play(budget, profile=profile), store=store) for store in (None, Plain()))
    assert fast.statistics == slow.statistics
    assert fast.statistics.is_complete


@pytest.mark.parametrize("profile", ["rfc9293", "linux-6.18"])
def test_numbered_worlds_of_orphans_are_as_many_as_plain_ones(profile: str) -> None:
    """The same where programs call close(): under one rule set something is found, under the other nothing is."""
    asked = play(Budget(writes=0, orphans=True), profile=profile)
    fast, slow = (search(asked, store=store) for store in (None, Plain()))
    assert fast.statistics == slow.statistics
    assert told(fast) == told(slow) and fast.is_found == (profile == "linux-6.18")


def test_a_search_is_the_same_every_time() -> None:
    """No order depends on chance: the same path, move for move."""
    first, second = (search(play(Budget(1, 1), "no-ghost", variant="two-way")) for _ in range(2))
    assert told(first) == told(second)
    assert first.statistics == second.statistics


def test_two_segments_are_not_enough() -> None:
    """The ghost: an old SYN arrives, and the SYN,ACK that would have been contradicted is lost."""
    answer = search(play(Budget(1, 1), "no-ghost", variant="two-way"))
    assert [line.split()[0] for line in told(answer)] == ["old", "lose"]
    assert "SYN " in told(answer)[0]
    assert "SYN,ACK" in told(answer)[1]


def test_what_was_found_is_a_run_of_the_world() -> None:
    """Played as a scenario, nothing but acts: the server is ESTABLISHED with a client that knows nothing of it."""
    run = replay(search(play(Budget(1, 1), "no-ghost", variant="two-way")))
    trace = Trace.of(run.scenario)
    trace.extend()
    client, server = trace.steps[-1].world.hosts
    assert not [socket for socket in client.all_sockets() if socket.state is not State.CLOSED]
    assert State.ESTABLISHED in {socket.state for socket in server.all_sockets()}


def test_a_refused_call_is_found_on_linux_alone() -> None:
    """An old SYN just below the new one: Linux answers the new one with RST,ACK, and connect() says ECONNREFUSED."""
    budget = Budget(held=1, coincidences=1)
    answer = search(play(budget, "honest-open", profile="linux-6.18"))
    assert [line.split()[0] for line in told(answer)] == ["old", "connect", "deliver", "deliver"]
    trace = Trace.of(replay(answer).scenario)
    trace.extend()
    errors = [record.error for _, record in trace.records() if getattr(record, "call", "") == "connect"]
    assert "ECONNREFUSED" in errors


def test_none_is_said_of_the_whole_bound_only() -> None:
    """A search that is called off says how far it came, and claims nothing."""
    seen: list[int] = []

    def call_off(statistics: Statistics) -> bool:
        seen.append(statistics.worlds)
        return False

    answer = search(play(Budget(1, 1)), call_off)
    assert not answer.is_found
    assert answer.statistics.is_cancelled
    assert not answer.statistics.is_complete
    assert seen


def test_a_search_asks_often_whether_to_go_on() -> None:
    """Where worlds are slow, the next four thousand of them may never come."""
    answer = search(play(Budget(1, 1)), lambda statistics: statistics.worlds < 50)
    assert answer.statistics.is_cancelled
    assert answer.statistics.worlds < 200


@pytest.mark.sampled(8, longer=1)
@pytest.mark.parametrize("variant", some(["", *VARIANTS], 4))
def test_every_search_of_a_variant_ends(variant: str) -> None:
    """Every property from every beginning; what breaks is a run of the World. One move that never ends is a fault."""
    for beginning in (FORGOTTEN, OPEN):
        for prop in PROPERTIES:
            answer = search(play(Budget(), prop, variant=variant)._replace(beginning=beginning))
            assert answer.is_found or answer.statistics.is_complete
            if answer.is_found:
                replay(answer)


def test_without_a_budget_the_real_protocol_breaks_nothing() -> None:
    """Reordering alone is harmless, under either set of rules."""
    for profile in ("rfc9293", "linux-6.18"):
        answer = search(play(Budget(server_closes=True), profile=profile))
        assert not answer.is_found, told(answer)
        assert answer.statistics.is_complete


class Planted(NamedTuple):
    """A wrong line in a copy of the engine, and how it is found."""

    file: str
    right: str
    wrong: str
    breaks: str
    held: int
    moves: tuple[str, ...]


PLANTED = {
    "SYN-RECEIVED opens on any ACK": Planted(
        "checks.py",
        "def _acknowledges_something(turn: Turn, segment: Segment) -> bool:",
        "def _acknowledges_something(turn: Turn, segment: Segment) -> bool:\n    return True\n",
        "agreed-open", 2, ("old", "old"),
    ),
    "SYN-SENT opens on any ACK": Planted(
        "arrivals.py",
        "if seq.before(snd.una, segment.ack) and seq.before_or_at(segment.ack, snd.nxt):",
        "if segment.has_ack:",
        "honest-open", 1, ("connect", "old", "deliver", "deliver"),
    ),
}  # fmt: skip
"""Which rule is broken -> where, and what breaks by it."""


@pytest.mark.ci
@pytest.mark.parametrize("told", PLANTED)
def test_a_planted_bug_is_found_in_a_copy_of_the_engine(told: str, tmp_path: Path) -> None:
    """A copy of the whole package with one wrong line, searched by its own program: every other rule holds."""
    planted = PLANTED[told]
    root = Path(tutor.__file__).parents[1]
    for folder in ("tutor", "assets", "lessons"):
        shutil.copytree(root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    assert not search(play(Budget(planted.held), planted.breaks)).is_found
    file = tmp_path / "tutor" / "tcp" / planted.file
    text = file.read_text(encoding="utf-8")
    assert text.count(planted.right) == 1
    file.write_text(text.replace(planted.right, planted.wrong), encoding="utf-8")
    command = [sys.executable, "-m", "tutor", "search", "--property", planted.breaks]
    command += ["--held", str(planted.held), "--lose", "0"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [*command, "--json"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    found = json.loads(done.stdout)
    assert (found["verdict"], found["exception"], found["length"]) == ("broken", None, len(planted.moves))
    assert tuple(move["kind"] for move in found["moves"]) == planted.moves


@pytest.mark.parametrize(("variant", "rules"), [("no-fin-retransmission", "rfc9293"), ("", "linux-6.18")])
def test_a_way_waits_no_longer_than_it_must(variant: str, rules: str) -> None:
    """Nobody watches two minutes of nothing: no run begins with a wait, and without any of its waits it cannot be."""
    budget = Budget(held=1, losses=1, orphans=not variant)
    answer = search(play(budget, "orderly-close", variant=variant, profile=rules)._replace(beginning=OPEN))
    assert answer.path[0].kind != "tick" and any(move.kind == "tick" for move in answer.path)
    assert brisk(answer.model, answer.path, answer.worlds) == (answer.path, answer.worlds)
    wait, later = next(each for each in answer.model.successors(answer.worlds[0]) if each[0].kind == "tick")
    late = search_from(answer.model, later)
    path, _ = brisk(answer.model, (wait, *late.path), (answer.worlds[0], *late.worlds))
    assert path[0].kind != "tick"
    replay(answer)


def test_a_larger_budget_makes_no_way_longer() -> None:
    """Waiting is cut into more parts while old segments are about; it is not counted, so that nobody wastes one."""
    few, more = (play(Budget(held, 1), "no-ghost", variant="no-fin-retransmission") for held in (0, 1))
    for beginning in (FORGOTTEN, OPEN):
        lengths = [cost(search(each._replace(beginning=beginning)).path) for each in (few, more)]
        assert lengths[0] == lengths[1] > 0


def test_the_shortest_of_all_beginnings_is_told() -> None:
    """From an open connection 6 moves; the first beginning that breaks it would have said 9."""
    plays = [
        play(Budget(), "orderly-close", variant="no-time-wait")._replace(beginning=each) for each in (FORGOTTEN, OPEN)
    ]
    assert [cost(search(each).path) for each in plays] == [9, 6]
    for order in (plays, plays[::-1]):
        best = shortest(order)[-1]
        assert (best.model.play.beginning, cost(best.path)) == (OPEN, 6)
    assert not shortest([play(Budget(), "no-ghost")] * 2)[-1].is_found


def test_names_do_not_matter() -> None:
    """Families of numbers move together, in order; the earlier incarnation's stays where it is."""
    value = (number(1, 0), number(1, 2, 7), number(1, 5), 65535)
    assert families(value) == 0b100101 << 16
    moved = renumbered(value, lambda each: each - (1 << 20) if each > number(1, 1) else each)
    assert moved == (number(1, 0), number(1, 1, 7), number(1, 4), 65535)


def test_what_is_held_constant_is_said_and_can_be_set() -> None:
    """Every constant is a field of the profile; the acts that set it are those that make a difference."""
    reasons = held.reasons()
    assert sum(len(fields) for _, fields in reasons) == len(held.HELD)
    for name in ("rfc9293", "linux-6.18"):
        profile = load_profile(name)
        searched = held.searched(profile, TCP)
        changed = {constant.field for constant in held.constants(profile)}
        kept = [each.field for each in held.HELD if each.field not in changed]
        assert all(getattr(profile, field) == getattr(searched, field) for field in kept)
        assert len(held.settings(profile)) == len(changed)
