"""What is read of a trace for its plots: the same numbers as in every world, however they were come by."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.view.scenes import BUSY, CALL_AND_CLOSE, trace
from tests.world.stage import PROFILES, scene
from tutor.view import samples as reading
from tutor.view.samples import NOTHING, Samples, row_of, samples
from tutor.world.acts import parse_act
from tutor.world.trace import Trace
from tutor.world.transcript import parse_story

STORIES = sorted((Path(__file__).resolve().parent.parent / "stories").glob("*.txt"))


def rows(read: Samples) -> dict[tuple[str, str], list[tuple[int, object]]]:
    """Everything that was read, as plain values."""
    return {key: list(zip(column.times, column.rows, strict=True)) for key, column in read.columns.items()}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_reading_what_was_touched_misses_nothing(path: Path) -> None:
    """Looking at the sockets that a step's records name is as good as looking at all of them."""
    run = Trace.of(parse_story(path.read_text(encoding="utf-8"), PROFILES).scenario)
    read = samples(run)
    for place, step in enumerate(run.steps):
        if place + 1 < len(run.steps) and run.steps[place + 1].at == step.at:
            continue
        for host in step.world.hosts:
            for name, socket in host.sockets.items():
                column = read.column(host.name, name)
                row = column.at(step.at) if column is not None else NOTHING
                assert row == row_of(socket, host), f"{name} of {host.name} after step {place}"


def test_a_connection_that_is_gone_has_no_numbers() -> None:
    """After CLOSED there is a gap, not a zero."""
    run = trace()
    for column in samples(run).columns.values():
        if ">" in column.connection:
            assert column.at(run.end) == NOTHING
            assert column.rows[-2] != NOTHING


def test_before_it_begins_there_is_nothing() -> None:
    """A column says nothing about the time before its first row."""
    column = samples(trace()).column("server", "client:40000>server:80")
    assert column is not None
    assert column.at(column.times[0] - 1) == NOTHING


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_fork_goes_on_from_what_its_parent_has_read(share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read of a fork is what would be read of it from the beginning; but the beginning is not read again."""
    run = trace(BUSY)
    samples(run)
    index = int(len(run.steps) * share)
    other = run.fork(index, run.steps[index].at, parse_act("drop #5"))
    seen: list[int] = []
    note = Samples._note
    monkeypatch.setattr(Samples, "_note", lambda self, step, *rest: (seen.append(step), note(self, step, *rest))[1])
    told = rows(samples(other))
    assert min(seen) > index - 1
    monkeypatch.setattr(reading, "_begun", lambda _trace: Samples())
    reading._READ.pop(other)
    assert rows(samples(other)) == told


def test_a_run_can_be_read_bit_by_bit() -> None:
    """A long run is read in pieces while the window stays awake; the result is the same."""
    run = Trace.of(scene(BUSY))
    while samples(run, 7).read < len(run.steps):
        pass
    assert rows(samples(run)) == rows(samples(trace(BUSY)))


def test_a_run_that_has_let_go_of_its_worlds_is_read_the_same() -> None:
    """A long trace keeps every k-th world only: those between are computed again, each once."""
    thin = Trace(trace(BUSY).steps[0].world, trace(BUSY).until, kept=16)
    thin.extend()
    assert not all(step.has_world for step in thin.steps)
    assert rows(samples(thin)) == rows(samples(trace(BUSY)))


def test_strangers_share_nothing() -> None:
    """Two runs of one scenario are two runs: nothing is taken over."""
    one, two = Trace.of(scene(CALL_AND_CLOSE)), Trace.of(scene(CALL_AND_CLOSE))
    samples(one)
    one.extend()
    two.extend()
    assert samples(one).shared_with(two) <= 1
