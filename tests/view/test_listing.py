"""The list of events: what happened about now, in sentences."""

from __future__ import annotations

from tests.view.scenes import BUSY, CALL_AND_CLOSE, trace
from tutor.view.listing import events_about
from tutor.words import Words


def test_it_ends_with_now_and_goes_on_with_what_is_ahead() -> None:
    """Past rows up to the step of now, then the next ones, marked as such."""
    run = trace()
    here = run.index_at(120_000)
    rows = events_about(run, here, len(run.steps) - 1, Words("en"))
    past, ahead = [row for row in rows if not row.is_ahead], [row for row in rows if row.is_ahead]
    assert [row.step for row in rows] == sorted(row.step for row in rows)
    assert all(row.step <= here for row in past)
    assert all(row.step > here for row in ahead)
    assert past
    assert ahead


def test_nothing_after_the_last_step_that_may_be_known_is_said() -> None:
    """Of two runs that differ afterwards the list is the same."""
    plain, other = trace(), trace(CALL_AND_CLOSE, (120_001, "crash server"))
    here = plain.index_at(120_000)
    assert events_about(plain, here, here, Words("en")) == events_about(other, here, here, Words("en"))


def test_it_is_as_long_as_it_may_be() -> None:
    """Sixty before and twelve after, in the middle of a busy run."""
    run = trace(BUSY)
    rows = events_about(run, 100, len(run.steps) - 1, Words("zh"))
    assert sum(row.is_ahead for row in rows) == 12
    assert sum(not row.is_ahead for row in rows) == 60
    assert rows == events_about(run, 100, len(run.steps) - 1, Words("zh"))
    assert all(not row.text.isascii() for row in rows)
