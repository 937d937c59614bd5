"""The tempo: how long a stretch of the run lasts on the wall and on the page."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from tests.view.scenes import BUSY, CALL_AND_CLOSE, SIMULTANEOUS, tempo, trace
from tutor.world.tempo import FLOOR, FOLDED, SILENCE, Tempo

RUNS = (
    (CALL_AND_CLOSE,),
    (SIMULTANEOUS,),
    (BUSY,),
    (CALL_AND_CLOSE, (0, "drop client:SYN")),
    (CALL_AND_CLOSE, (20_000, "drop #1")),
)


@settings(max_examples=60)
@given(st.sampled_from(RUNS), st.lists(st.floats(0, 1), min_size=2, max_size=8), st.booleans())
def test_later_is_later_on_the_wall_too(run: tuple[str], shares: list[float], is_unfolded: bool) -> None:
    """Order is kept in both directions, whether silences are folded or not, and there and back ends where it began."""
    made = trace(*run)
    folded = tempo(made)
    pace = Tempo.of(made, made.end, frozenset(fold.id for fold in folded.folds)) if is_unfolded else folded
    times = sorted(share * made.end for share in shares)
    walls = [pace.to_wall(time) for time in times]
    assert walls == sorted(walls)
    for time, wall in zip(times, walls, strict=True):
        assert pace.to_time(wall) == pytest.approx(time, abs=made.end / 1e6)


def test_a_silence_is_short_and_keeps_its_true_length() -> None:
    """Four minutes of TIME-WAIT take as long as 0.7 s of waiting, and the fold knows how long they were."""
    made = trace()
    pace = tempo(made)
    last_ack_takes = 50_000
    assert pace.folds[-1].length == 240_000_000 - last_ack_takes
    for fold in pace.folds:
        assert fold.length > SILENCE
        assert pace.to_wall(fold.stop) - pace.to_wall(fold.start) == pytest.approx(FOLDED)


def test_an_unfolded_silence_takes_its_true_length_and_moves_nothing_else() -> None:
    """Unfold the first of the silences: everything after it comes that much later."""
    made = trace()
    folded = tempo(made)
    fold = folded.folds[0]
    unfolded = Tempo.of(made, made.end, frozenset({fold.id}))
    assert unfolded.folds == folded.folds
    assert not unfolded.is_folded(fold)
    assert unfolded.to_wall(fold.stop) - unfolded.to_wall(fold.start) == fold.length
    assert unfolded.length - folded.length == pytest.approx(fold.length - FOLDED)


def test_the_eye_can_follow_every_flight() -> None:
    """50 ms are stretched to a quarter of a second; two seconds need no stretching."""
    for run in ((CALL_AND_CLOSE,), (CALL_AND_CLOSE, (0, "set link.delay 1s"))):
        made = trace(*run)
        pace = tempo(made)
        flights = [record.flight for _, record in made.records() if type(record).__name__ == "Sent"]
        for flight in flights:
            assert flight.arrives_at is not None
            assert pace.to_wall(flight.arrives_at) - pace.to_wall(flight.sent_at) >= FLOOR - 1


def test_a_segment_that_a_hand_drops_is_in_nobodys_way() -> None:
    """The wait for the retransmission is a silence, whether the SYN was doomed when it was sent or caught later."""
    doomed, caught = trace(CALL_AND_CLOSE, (0, "drop client:SYN")), trace(CALL_AND_CLOSE, (20_000, "drop #1"))
    assert tempo(caught).folds[0] == tempo(doomed).folds[0]
    assert tempo(caught).folds[0].stop == 1_000_000


def test_a_lost_segment_does_not_hurry_the_others() -> None:
    """It dies half way; the speed of the page is that of segments that arrive."""
    flight = tempo(trace(CALL_AND_CLOSE, (0, "drop client:SYN")))
    assert flight.to_wall(1_050_000) - flight.to_wall(1_000_000) == pytest.approx(FLOOR)


def test_what_is_cut_at_a_moment_says_nothing_of_what_follows() -> None:
    """``until`` keeps what was and ends there."""
    pace = tempo(trace())
    cut = pace.until(120_000)
    assert cut.times[-1] == 120_000
    assert cut.length == pace.to_wall(120_000)
    assert all(a < b for a, b in pairwise(cut.times))
    assert not cut.folds
