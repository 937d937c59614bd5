"""Pictures of the tree of futures, and of two of them side by side."""

from __future__ import annotations

import pytest

from tests.world.stage import CALL_AND_CLOSE, scene, timeline
from tutor.tcp.values import replace
from tutor.view.beside import compare_ladders, difference_sentence, first_difference, parts_at
from tutor.view.branches import Tree, branches
from tutor.view.marks import Ellipse, Group, Line, Path, Polyline, Rect, Text, hits, moved
from tutor.view.metrics import text_width
from tutor.view.theme import Look
from tutor.words import Words
from tutor.world.acts import parse_act
from tutor.world.records import Arrived, Lost
from tutor.world.tempo import Tempo
from tutor.world.time import MS, SECOND
from tutor.world.timeline import Timeline
from tutor.world.trace import Trace

LOOK = Look(words=Words("en"))
SIZE = (700.0, 240.0)


@pytest.fixture(scope="module")
def line() -> Timeline:
    """The road, the SYN dropped on it, a close after that, and the cable cut on the road."""
    made = timeline(CALL_AND_CLOSE)
    made = made.fork(0, 10 * MS, parse_act("drop #1"))
    made = made.fork(1, 2 * SECOND, parse_act("client abort"), parse_act("cut link"))
    return made.fork(0, 500 * MS, parse_act("cut link"))


def tree(line: Timeline, here: int = 2, beside: int | None = None) -> Tree:
    """All rows, one of them on screen."""
    return Tree(line, line.in_order(), 0, here, beside)


# --- the tree ---


def test_every_branch_has_a_row_that_says_what_made_it(line: Timeline) -> None:
    """A parent before its children, the acts of one fork together, each with an id to click."""
    picture = branches(tree(line), SECOND, SIZE, LOOK)
    texts = [mark.text for mark in picture.marks() if isinstance(mark, Text)]
    assert texts == ["The lesson's road", "SYN dropped", "Client calls abort(); Cable cut", "Cable cut"]
    assert {mark.id for mark in picture.marks() if mark.id} == {f"branch:{each}" for each in range(4)}
    assert picture.title("branch:2") == "Client calls abort(); Cable cut, at 2 s (on screen)"
    assert picture.title("branch:3") == "Cable cut, at 500 ms"


def test_a_branch_begins_where_it_left(line: Timeline) -> None:
    """Further right the later it left, on its parent's row, and never left of the labels."""
    picture = branches(tree(line), 0, SIZE, LOOK)
    dots = {mark.cx: mark.cy for mark in picture.marks() if isinstance(mark, Ellipse) and mark.rx == 3.4}
    xs = sorted(dots)
    assert len(xs) == 3
    assert dots[xs[0]] == dots[xs[1]], "10 ms and 500 ms on the road"
    assert dots[xs[2]] > dots[xs[0]], "2 s on the branch"


@pytest.mark.parametrize("scale", [0.8, 1.0, 2.0])
def test_no_label_reaches_its_strokes(line: Timeline, scale: float) -> None:
    """Long acts are shortened; no text under 12 px at normal size; all lies within the picture."""
    look = Look(words=Words("en"), text_scale=scale)
    long = line.fork(0, 700 * MS, parse_act("inject client>server SYN,ACK seq=4294967295 ack=1 win=65535 mss=1460"))
    picture = branches(tree(long), 0, (420.0, 100.0), look)
    strokes = min(min(mark.x1, mark.x2) for mark in picture.marks() if isinstance(mark, Line))
    for mark in picture.marks():
        if isinstance(mark, Text):
            assert mark.x + text_width(mark.text, "ui", mark.size, mark.weight) <= strokes
            assert mark.size >= 12 * min(scale, 1)
    assert picture.height >= 5 * 30 * scale


def test_the_horizon_ends_every_row(line: Timeline) -> None:
    """Two trees whose futures differ only behind the horizon are one picture."""
    other = timeline(CALL_AND_CLOSE).fork(0, 10 * MS, parse_act("drop #1"))
    later = other.fork(1, 20 * SECOND, parse_act("crash server"))
    rows = (0, 1)
    first = branches(Tree(other, rows, 0, 1), 300 * MS, SIZE, LOOK, horizon=400 * MS)
    second = branches(Tree(later, rows, 0, 1), 300 * MS, SIZE, LOOK, horizon=400 * MS)
    assert first == second


def test_a_row_may_stand_for_a_branch_that_a_bet_hides(line: Timeline) -> None:
    """A click on it leads to where one is."""
    picture = branches(Tree(line, (0,), 0, 0, shown_as=3), 0, SIZE, LOOK, horizon=100 * MS)
    assert {mark.id for mark in picture.marks() if mark.id} == {"branch:3"}
    assert [mark.text for mark in picture.marks() if isinstance(mark, Text)] == ["The run left alone"]


# --- side by side ---


def test_the_difference_is_told_of_the_same_segment(line: Timeline) -> None:
    """Here the SYN is lost at 25 ms, there it arrives at 50 ms."""
    found = first_difference(line.branch(1).trace, line.branch(0).trace)
    assert found is not None
    assert isinstance(found.a, Lost)
    assert isinstance(found.b, Arrived)
    assert found.a.flight.id == found.b.flight.id == 1
    assert parts_at(found) == 25 * MS
    assert difference_sentence(found, LOOK) == (
        "First difference at 25 ms. Left: SYN of client is dropped. Right: server receives SYN, at 50 ms."
    )


@pytest.mark.parametrize(("variant", "left", "right"), [
    ("two-way", "server enters SYN-RCVD", "server enters ESTABLISHED"),
    ("two-segment-close", "server enters CLOSE-WAIT", "server enters CLOSED"),
    ("four-segment-handshake", "server sends SYN+ACK", "server sends ACK"),
    ("time-wait-1msl", "TIME-WAIT timer expires, at 4 min 1.7 s", "TIME-WAIT timer expires."),
    ("fixed-isn", "the program asked for a connection", "begins with the same number as every time"),
])  # fmt: skip
def test_a_difference_inside_a_host_is_told_by_what_can_be_seen(variant: str, left: str, right: str) -> None:
    """The first record that is another is a reason; a reader is told the state, the segment, the timer that follows.
    Where all that can be seen is alike, the reasons are told."""
    told = scene(CALL_AND_CLOSE)
    found = first_difference(Trace.of(told), Trace.of(replace(told, variant=variant)))
    here, _, there = difference_sentence(found, LOOK).partition("Right: ")
    assert left in here and right in there and "something inside" not in here + there


def test_two_records_of_one_sentence_are_told_apart() -> None:
    """Both answer with SYN+ACK; what is not alike stands behind it."""
    line = timeline(CALL_AND_CLOSE).fork(0, 0, parse_act("profile server linux-6.18"))
    found = first_difference(line.branch(1).trace, line.branch(0).trace)
    assert difference_sentence(found, LOOK).endswith("server sends SYN+ACK (win=65535).")


def test_what_can_be_told_may_lie_behind_the_horizon() -> None:
    """Then something inside is all that may be said: no word of what comes."""
    told = scene(CALL_AND_CLOSE)
    here, there = Trace.of(told), Trace.of(replace(told, variant="time-wait-1msl"))
    found = first_difference(here, there, 2 * SECOND)
    assert found is not None
    assert parts_at(found) < 2 * SECOND
    assert "inside a host" in difference_sentence(found, LOOK, is_hidden=True)


def test_what_will_become_of_a_segment_is_no_difference_when_it_is_sent(line: Timeline) -> None:
    """The client's ACK leaves at 100 ms in both; that it is dropped here is known at 125 ms and not before."""
    armed = line.fork(0, 60 * MS, parse_act("drop client:any"))
    here, there = armed.branch(armed.current).trace, line.branch(0).trace
    assert first_difference(here, there, 124 * MS) is None
    found = first_difference(here, there)
    assert found is not None
    assert isinstance(found.a, Lost)
    assert found.a.at == 125 * MS


def test_what_lies_behind_the_horizon_is_not_told(line: Timeline) -> None:
    """At 10 ms nothing differs yet; at 30 ms the loss is known, the arrival is not."""
    here, there = line.branch(1).trace, line.branch(0).trace
    assert first_difference(here, there, 10 * MS) is None
    found = first_difference(here, there, 30 * MS)
    assert found is not None
    assert found.b is None
    assert difference_sentence(found, LOOK, is_hidden=True).endswith("Right: nothing yet.")
    assert difference_sentence(None, LOOK, is_hidden=True) == "Nothing differs yet."


def test_equal_futures_have_no_difference(line: Timeline) -> None:
    """It says so, and nothing is framed."""
    trace = line.branch(0).trace
    picture = compare_ladders(trace, trace, SECOND, (1200, 600), LOOK, names=("a", "b"))
    assert picture.title("difference") == "Nothing differs."
    assert all(mark.id != "difference" for mark in picture.marks())


@pytest.mark.parametrize("height", range(420, 760, 20))
def test_a_frame_goes_through_no_name(line: Timeline, height: int) -> None:
    """However high the picture is, no edge of a frame strikes through the name of a state."""
    picture = compare_ladders(line.branch(1).trace, line.branch(0).trace, 130 * MS, (1200, height), LOOK)
    frames = [mark for mark in picture.marks() if isinstance(mark, Rect) and mark.id == "difference"]
    named = [
        mark for mark in picture.marks() if isinstance(mark, Text) and mark.text in {"SYN-SENT", "LISTEN", "SYN-RCVD"}
    ]
    assert frames and named
    for frame in frames:
        for name in named:
            middle = name.y - name.size * 0.35
            is_beside = (name.x < 600) == (frame.x < 600)
            for edge in (frame.y, frame.y + frame.h):
                assert not is_beside or abs(edge - middle) >= name.size * 0.4, (edge, name)


def test_both_ladders_have_one_scale_and_both_are_framed(line: Timeline) -> None:
    """The playhead lies at one height, the frames too; only the left side answers to a click."""
    picture = compare_ladders(
        line.branch(1).trace, line.branch(0).trace, 30 * MS, (1200, 700), LOOK, names=("here", "there")
    )
    frames = [mark for mark in picture.marks() if isinstance(mark, Rect) and mark.id == "difference"]
    assert len(frames) == 2
    assert frames[0].y == frames[1].y
    assert frames[0].x + frames[0].w < 600 < frames[1].x
    flights = [mark for mark in picture.marks() if mark.id.startswith("flight:")]
    assert flights
    assert all((mark.x if isinstance(mark, Rect) else 0) < 600 for mark in flights)
    cursors = {mark.y1 for mark in picture.marks() if isinstance(mark, Line) and mark.stroke.role == "now"}
    assert len(cursors) == 1


def test_a_comparison_with_a_horizon_shows_nothing_behind_it(line: Timeline) -> None:
    """Two comparisons that differ only later are one picture."""
    late = line.fork(0, 30 * SECOND, parse_act("crash server"))
    here, then = line.branch(1).trace, 20 * MS
    one = compare_ladders(here, line.branch(0).trace, then, (1200, 700), LOOK, horizon=then)
    two = compare_ladders(here, late.branch(late.current).trace, then, (1200, 700), LOOK, horizon=then)
    assert one == two


def test_a_tempo_across_futures_shortens_none_of_them(line: Timeline) -> None:
    """Monotone, and every stretch at least as long as in each; a silence of all stays folded."""
    traces = tuple(branch.trace for branch in line.branches)
    end = max(trace.end for trace in traces)
    both = Tempo.across(tuple(Tempo.of(trace, trace.end) for trace in traces), end)
    assert list(both.walls) == sorted(both.walls)
    for trace in traces:
        alone = Tempo.of(trace, trace.end)
        for start, stop in zip(alone.times, alone.times[1:], strict=False):
            assert both.to_wall(stop) - both.to_wall(start) >= alone.to_wall(stop) - alone.to_wall(start) - 1
    first = Tempo.of(traces[0], traces[0].end)
    assert Tempo.across((first,), traces[0].end) == first


def test_a_mark_moved_is_hit_where_it_went() -> None:
    """Every kind of mark, groups and their clips too; a mute one is not clicked any more."""
    from tutor.view.marks import Box, Ink

    ink = Ink("ink")
    every = [
        Line(0, 0, 10, 0, ink, id="x"),
        Polyline(((0, 0), (10, 0), (10, 10)), ink, id="x"),
        Path((("M", (0, 0)), ("L", (10, 0)), ("Z", ())), ink, id="x"),
        Rect(0, 0, 10, 10, fill=ink, id="x"),
        Ellipse(0, 0, 5, 5, ink, id="x"),
    ]
    for mark in every:
        assert hits(moved(mark, 100, 50), 102, 50)
        assert moved(moved(mark, 100, 50), -100, -50) == mark
        assert moved(mark, 1, 1, is_mute=True).id == ""
    group = moved(Group((Rect(0, 0, 4, 4, id="x"),), Box(0, 0, 9, 9)), 5, 6)
    assert isinstance(group, Group)
    assert group.clip == Box(5, 6, 14, 15)
    text = moved(Text(1, 2, "x", ink), 3, 4)
    assert isinstance(text, Text)
    assert (text.x, text.y) == (4, 6)
