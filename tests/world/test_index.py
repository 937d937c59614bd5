"""The index of segments: the same run in columns, and a page's share of it without touching the rest."""

from __future__ import annotations

import pytest

from tests.bench.recorded import cut, recorded
from tests.view.scenes import BUSY, CALL_AND_CLOSE, trace
from tutor.world.fates import Fates
from tutor.world.index import COLUMNS, LARGE, Index, Row, assemble, index_of, within
from tutor.world.records import Flight, Sent
from tutor.world.trace import Trace

RUNS = (
    (CALL_AND_CLOSE,),
    (BUSY,),
    (CALL_AND_CLOSE, (20_000, "drop #1")),
    (CALL_AND_CLOSE, (20_000, "duplicate #1 1s")),
)


def flights(run: Trace) -> list[Flight]:
    """Every segment of a run as it was in the end."""
    fates = Fates(record for _, record in run.records())
    return [fates.of(record.flight) for _, record in run.records() if isinstance(record, Sent)]


@pytest.mark.parametrize("run", RUNS, ids=["call", "busy", "dropped", "duplicated"])
def test_every_segment_of_a_run_has_its_row(run: tuple[str]) -> None:
    """Numbers, ends, fate, copies, SACK: what the flight says, the row says."""
    made = trace(*run)
    index = index_of(made)
    rows = [index.row(place) for place in range(len(index))]
    names = index.hosts
    for row, flight in zip(rows, flights(made), strict=True):
        assert (row.number, row.sent_at, row.flags) == (flight.id, flight.sent_at, flight.segment.flags)
        assert (names[row.sender], names[row.receiver]) == (flight.sender, flight.receiver)
        assert (row.seq, row.ack, row.length) == (flight.rel_seq, flight.rel_ack, flight.segment.length)
        assert (row.copies, row.fate, row.sack) == (flight.copies, flight.fate, flight.rel_sack)
        assert index.connections[row.connection] == flight.connection


def test_a_touched_segment_is_known_as_it_was_until_it_was_touched() -> None:
    """Dropped at 20 ms: before, it was to arrive at 50 ms; it dies half way at 25."""
    made = trace(CALL_AND_CLOSE, (20_000, "drop #1"))
    index = index_of(made)
    assert index.row(0, 19_999).copies == (50_000,)
    assert (index.row(0, 20_000).copies, index.row(0, 20_000).fate) == ((), "dropped")
    assert index.columns["ends_at"][0] == 25_000


@pytest.mark.parametrize("run", RUNS, ids=["call", "busy", "dropped", "duplicated"])
def test_a_span_holds_whatever_is_on_its_way(run: tuple[str]) -> None:
    """At every twentieth of the run: nothing in flight is missing but what is slow."""
    index = index_of(trace(*run))
    rows = [index.row(place) for place in range(len(index))]
    for part in range(20):
        first = index.end * part // 20
        last = first + index.end // 20
        flying = {place for place, row in enumerate(rows) if row.sent_at <= last and row.over_at >= first}
        assert flying <= {*index.span(first, last), *index.slow}


def test_one_late_segment_does_not_make_every_page_long() -> None:
    """It is kept apart: the page of an hour later does not begin where it left."""
    index = index_of(trace(CALL_AND_CLOSE, (0, "delay client:data 100")))
    assert [index.row(place).length for place in index.slow] == [100]
    assert index.over_by[index.slow[0]] < index.row(index.slow[0]).over_at


@pytest.mark.ci
def test_large_and_small_indexes_are_derived_alike() -> None:
    """The columns of a long run are read with numpy, of a short one without: the same comes out."""
    large = recorded(LARGE)
    small = cut(large, LARGE - 1)
    for name in ("over_by", "slow", "special", "failed"):
        short, long = list(getattr(small, name)), list(getattr(large, name))
        assert short == [value for value in long if value < LARGE - 1] if name != "over_by" else short == long[:-1]


def test_a_missing_column_is_refused() -> None:
    """By name."""
    columns = {name: [] for name in COLUMNS if name != "fate"}
    with pytest.raises(ValueError, match="fate"):
        assemble((), (), (), columns)


def test_an_empty_index_is_an_index() -> None:
    """No segments, no end, no span."""
    empty = assemble(("a", "b"), ("1", "2"), (), {name: [] for name in COLUMNS})
    assert (len(empty), empty.end, len(empty.span(0, 10))) == (0, 0, 0)


def test_a_segment_is_found_by_its_number() -> None:
    """And one that is not there is not."""
    index = index_of(trace())
    numbers = index.columns["number"]
    assert [index.place(number) for number in numbers] == list(range(len(index)))
    assert index.place(10**9) is None


def test_places_within_a_span_are_cut_out() -> None:
    """Of rising places."""
    assert within([1, 3, 5, 7], range(3, 7)) == [3, 5]
    assert isinstance(index_of(trace()), Index)
    assert isinstance(index_of(trace()).row(0), Row)
