"""What lights up in one view when something is selected in another."""

from __future__ import annotations

from tests.view.scenes import CALL_AND_CLOSE, look, tempo, texts, trace
from tutor.tcp.segment import ACK, FIN, SYN
from tutor.view.hosts.changing import changed_by
from tutor.view.hosts.moment import moment_of
from tutor.view.hosts.variables import variables_picture
from tutor.view.ladder import ladder
from tutor.view.linking import NOTHING, linked, whole_state
from tutor.view.marks import Line, Picture, Rect
from tutor.world.index import Row, index_of
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
    assert linked(run, f"flight:{number(run, SYN)}").edges == {"closed_synsent", "listen_synrcvd"}
    assert linked(run, f"flight:{number(run, SYN | ACK)}").edges == {"synsent_estab"}
    assert linked(run, f"flight:{10**9}").edges == set()


def test_an_edge_knows_the_segments_that_made_it() -> None:
    """By arriving; or, where a call did it, what was sent with it."""
    run = trace()
    assert linked(run, "edge:synsent_estab").flights == {number(run, SYN | ACK)}
    assert linked(run, "edge:estab_finwait1").flights == {number(run, FIN | ACK)}
    assert linked(run, "edge:no_such_edge") == NOTHING


def test_nothing_behind_the_horizon_lights_up() -> None:
    """Before the SYN arrives it has caused what connect() did, and no more."""
    run = trace()
    assert linked(run, f"flight:{number(run, SYN)}", until=49_999).edges == {"closed_synsent"}
    assert linked(run, "edge:synsent_estab", until=99_999) == NOTHING
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


# --- variables ---


def picked(run: Trace, time: int, selection: str, focus: str = "") -> set[str]:
    """What the panel of variables picks out, as ``B RCV.NXT``."""
    moment = moment_of(run, time, focus)
    return {f"{'AB'[place]} {name}" for place, name in changed_by(moment, selection)}


def test_a_segment_picks_out_what_it_changed_at_both_ends() -> None:
    """The first data move SND.NXT where they leave, and RCV.NXT where they arrive, not before."""
    run = trace()
    data = next(row.number for row in rows(run) if row.length)
    arrives = run.flight(data).arrives_at
    assert arrives is not None
    after, before = picked(run, arrives, f"flight:{data}"), picked(run, arrives - 1, f"flight:{data}")
    assert {"A SND.NXT", "A FlightSize", "B RCV.NXT"} <= after
    assert "B RCV.NXT" not in before
    assert "A SND.NXT" in before
    assert picked(run, 0, f"flight:{data}") == set()


def test_an_edge_picks_out_what_its_segment_changed() -> None:
    """The SYN,ACK makes the client ESTABLISHED, and acknowledges the SYN."""
    run = trace()
    assert {"A State", "A SND.UNA", "A RCV.NXT"} <= picked(run, 120_000, "edge:synsent_estab")
    assert picked(run, 0, "edge:synsent_estab") == set()


def test_a_variable_lights_up_the_segment_that_changed_it_last() -> None:
    """The client's SND.UNA: at first the SYN,ACK; later the ACK of the data. What never changed: none."""
    run = trace()
    syn_ack, data = number(run, SYN | ACK), next(row for row in rows(run) if row.length)
    assert linked(run, "var:ISS", run.end, now=49_999).flights == {number(run, SYN)}
    assert linked(run, "var:SRTT", run.end, now=100_000).flights == {syn_ack}
    assert linked(run, "var:SRTT", run.end, now=100_000).edges == {"synsent_estab"}
    answer = next(row for row in rows(run) if row.sent_at > data.sent_at and row.sender == 1)
    later = run.flight(answer.number).arrives_at
    assert linked(run, "var:SND.UNA", run.end, now=later).flights == {answer.number}
    assert linked(run, "var:SND.UP", run.end, now=run.end) == NOTHING
    assert linked(run, "var:RCV.NXT", run.end, now=49_999) == NOTHING


def test_what_is_picked_out_is_told_in_words_too() -> None:
    """Not by colour alone: the line above names it, and so does each row."""
    run = trace()
    moment = moment_of(run, 100_000)
    picture = variables_picture(moment, (1240, 190), look(selection=f"flight:{number(run, SYN | ACK)}"))
    assert any(text.startswith("What is selected has changed: A ") for text in texts(picture))
    assert picture.title("var:RCV.NXT").endswith("What is selected has changed it.")
    assert not picture.title("var:SND.UP")


def rows(run: Trace) -> list[Row]:
    """Every segment of the run."""
    index = index_of(run)
    return [index.row(place) for place in range(len(index))]
