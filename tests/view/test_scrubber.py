"""The scrubber: the whole run on one line."""

from __future__ import annotations

import pytest

from tests.view.scenes import BUSY, CALL_AND_CLOSE, look, marks_of, tempo, trace
from tutor.view.marks import Ellipse, Line, Picture, Polyline
from tutor.view.scrubber import scrubber, time_at
from tutor.world.trace import Trace

SIZE = (900.0, 60.0)


def seen(run: Trace, time: int, **more: object) -> Picture:
    """The scrubber of a run at a moment."""
    return scrubber(run, time, SIZE, look(), tempo=tempo(run), **more)  # type: ignore[arg-type]


def knob(picture: Picture) -> float:
    """Where the knob is."""
    return next(mark.cx for mark in marks_of(picture, "knob") if isinstance(mark, Ellipse))


def test_a_click_on_the_knob_stays_where_it_is() -> None:
    """Where a moment is drawn is where a click finds it: at any moment, with and without a bet."""
    run = trace()
    for time in (0, 60_000, 430_000, 1_230_000, run.end):
        assert time_at(knob(seen(run, time)), SIZE[0], tempo(run)) == pytest.approx(time, abs=run.end / 1e5)
        pace = tempo(run, time)
        held = scrubber(run, time, SIZE, look(), tempo=pace, horizon=time)
        assert time_at(knob(held), SIZE[0], pace, time) == pytest.approx(time, abs=2)


def test_the_first_hosts_ticks_are_above_and_the_seconds_below() -> None:
    """Above, below and colour say the same."""
    run = trace()
    ticks = [mark for mark in seen(run, 0).marks() if isinstance(mark, Line) and mark.x1 == mark.x2]
    assert {mark.stroke.role for mark in ticks if mark.y1 < SIZE[1] / 2} == {"a"}
    assert {mark.stroke.role for mark in ticks if mark.y1 > SIZE[1] / 2} == {"b"}


def test_a_loss_is_a_cross() -> None:
    """On the side of the host whose segment it was."""
    run = trace(CALL_AND_CLOSE, (0, "drop client:SYN"))
    cross = [mark for mark in seen(run, 0).marks() if isinstance(mark, Line) and mark.stroke.role == "err"]
    assert len(cross) == 2
    assert all(mark.y1 < SIZE[1] / 2 for mark in cross)


def test_beats_are_diamonds_that_can_be_hit() -> None:
    """Each where its cue fired; one that lies after the horizon is not there."""
    run = trace()
    beats = ((0, "done"), (60_000, "current"), (1_230_000, "ahead"))
    found = [mark for mark in marks_of(seen(run, 60_000, beats=beats), "beat:") if isinstance(mark, Polyline)]
    assert [mark.id for mark in found] == ["beat:0", "beat:60000", "beat:1230000"]
    held = scrubber(run, 60_000, SIZE, look(), tempo=tempo(run, 60_000), horizon=60_000, beats=beats)
    assert "beat:1230000" not in {mark.id for mark in held.marks()}


def test_a_crowd_of_ticks_reaches_to_the_end() -> None:
    """Ticks that would merge are left out, but everywhere alike: the last is near the last sending."""
    run = trace(BUSY)
    ticks = [mark.x1 for mark in seen(run, 0).marks() if isinstance(mark, Line) and mark.x1 == mark.x2]
    last = max(record.at for _, record in run.records() if type(record).__name__ == "Sent")
    assert max(ticks) == pytest.approx(knob(seen(run, last)), abs=3)


def test_the_ground_is_painted_once_for_all_moments() -> None:
    """Only knob and played part move: the static layer's key is the same."""
    run = trace()
    assert seen(run, 0).layers[0].key == seen(run, 700_000).layers[0].key
