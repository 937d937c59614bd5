"""What lights up in one view when something is selected in another."""

from __future__ import annotations

from tests.view.scenes import CALL_AND_CLOSE, look, tempo, trace
from tutor.tcp.segment import ACK, FIN, SYN
from tutor.view.ladder import ladder
from tutor.view.linking import NOTHING, brought_into, caused_by, causes, linked, whole_state
from tutor.view.marks import Line, Picture, Rect
from tutor.world.index import index_of
from tutor.world.trace import Trace


def number(run: Trace, flags: int, nth: int = 0) -> int:
    """The number of the n-th segment with exactly these flags."""
    index = index_of(run)
    rows = [index.row(place) for place in range(len(index))]
    return [row.number for row in rows if row.flags == flags][nth]


def lit(picture: Picture) -> tuple[int, int]:
    """How many rungs and stretches glow."""
    glowing = [mark for mark in picture.marks() if getattr(mark, "stroke", None) is not None or isinstance(mark, Rect)]
    rungs = sum(1 for mark in glowing if isinstance(mark, Line) and mark.stroke.role == "accent")
    bars = sum(1 for mark in glowing if isinstance(mark, Rect) and mark.fill is not None and mark.fill.role == "accent")
    return rungs, bars


def test_a_segment_knows_the_edges_it_made_somebody_cross() -> None:
    """The SYN opens the server; the SYN,ACK establishes the client; and the SYN is what connect() sent."""
    run = trace()
    assert caused_by(run, number(run, SYN)) == ("closed_synsent", "listen_synrcvd")
    assert caused_by(run, number(run, SYN | ACK)) == ("synsent_estab",)
    assert caused_by(run, 10**9) == ()


def test_an_edge_knows_the_segments_that_made_it() -> None:
    """By arriving; or, where a call did it, what was sent with it."""
    run = trace()
    assert causes(run, "synsent_estab") == (number(run, SYN | ACK),)
    assert causes(run, "estab_finwait1") == (number(run, FIN | ACK),)
    assert causes(run, "no_such_edge") == ()


def test_a_state_knows_what_brought_a_host_into_it() -> None:
    """SYN-RECEIVED by the SYN."""
    run = trace()
    assert brought_into(run, "SYN-RECEIVED") == (number(run, SYN),)


def test_nothing_behind_the_horizon_lights_up() -> None:
    """Before the SYN arrives it has caused what connect() did, and no more."""
    run = trace()
    assert caused_by(run, number(run, SYN), until=49_999) == ("closed_synsent",)
    assert causes(run, "synsent_estab", until=99_999) == ()
    assert linked(run, "state:ESTABLISHED", until=99_999) == NOTHING


def test_the_same_is_said_from_every_side() -> None:
    """Edge, state, stretch of a lifeline and segment name one another."""
    run = trace()
    by_edge = linked(run, "edge:synsent_estab")
    by_stretch = linked(run, "state:client:ESTABLISHED:100000")
    assert by_edge == by_stretch
    assert by_edge.flights == {number(run, SYN | ACK)}
    assert by_edge.stretches == {("client", 100_000)}
    assert linked(run, f"flight:{number(run, SYN | ACK)}") == by_edge
    for nothing in ("", "flight:x", "fold:3", "state:client:ESTABLISHED:7"):
        assert linked(run, nothing) == NOTHING
    assert whole_state("state:client:ESTABLISHED:100000") == "state:ESTABLISHED"
    assert whole_state("edge:synsent_estab") == "edge:synsent_estab"


def test_the_ladder_glows_where_an_edge_was_crossed() -> None:
    """The rung and the stretch, both ways; nothing without a selection, nothing of the future while a bet is open."""
    run, size = trace(), (590.0, 760.0)
    picture = ladder(run, 120_000, size, look(selection="edge:synsent_estab"), tempo=tempo(run))
    assert lit(picture) == (1, 1)
    assert lit(ladder(run, 120_000, size, look(), tempo=tempo(run))) == (0, 0)
    held = ladder(run, 60_000, size, look(selection="edge:synsent_estab"), tempo=tempo(run, 60_000), horizon=60_000)
    assert lit(held) == (0, 0)
    other = trace(CALL_AND_CLOSE, (60_001, "crash server"))
    same = ladder(other, 60_000, size, look(selection="edge:synsent_estab"), tempo=tempo(run, 60_000), horizon=60_000)
    assert held == same
