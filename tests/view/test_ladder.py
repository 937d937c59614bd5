"""The ladder: what can be read on it, at any moment of any run."""

from __future__ import annotations

import math
import re
from itertools import combinations

import pytest

from tests.view.scenes import BUSY, CALL_AND_CLOSE, SIMULTANEOUS, look, marks_of, tempo, texts, trace
from tutor.view import chips, crowd
from tutor.view.crowd import choose
from tutor.view.ladder import ladder
from tutor.view.lens import Lens
from tutor.view.marks import Box, Ellipse, Group, Line, Picture, Polyline, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.page import lay_out
from tutor.view.story import story
from tutor.world.index import index_of
from tutor.world.trace import Trace

LARGE, SMALL = (590.0, 760.0), (430.0, 560.0)


def seen(run: Trace, time: int, size: tuple[float, float] = LARGE, **how: object) -> Picture:
    """The ladder of a run at a moment."""
    return ladder(run, time, size, look(**how), tempo=tempo(run))  # type: ignore[arg-type]


def boxes(picture: Picture) -> list[Box]:
    """The chips: filled, with a border and round corners."""
    chips = [mark for mark in marks_of(picture, "flight:") if isinstance(mark, Rect) and mark.radius == 7]
    return [Box(chip.x, chip.y, chip.x + chip.w, chip.y + chip.h) for chip in chips]


@pytest.mark.parametrize("size", [LARGE, SMALL, (560.0, 400.0)])
def test_how_much_was_skipped_is_never_cut(size: tuple[float, float]) -> None:
    """At forty moments, a fold at the edge among them: its words are whole on the page, or not there."""
    run = trace(CALL_AND_CLOSE)
    pace, told = tempo(run), 0
    for part in range(40):
        picture = seen(run, pace.to_time(pace.length * part / 39), size)
        (clip,) = (mark.clip for layer in picture.layers for mark in layer.marks if isinstance(mark, Group))
        assert clip is not None
        for mark in picture.marks():
            if isinstance(mark, Text) and mark.id.startswith("fold:"):
                told += 1
                assert clip.top <= mark.y - mark.size * 0.75 and mark.y + mark.size * 0.25 <= clip.bottom, part
    assert told > 10


@pytest.mark.sampled(6)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", [LARGE, SMALL])
@pytest.mark.parametrize("text", [CALL_AND_CLOSE, SIMULTANEOUS, BUSY], ids=["call", "simultaneous", "busy"])
@pytest.mark.parametrize("scale", [1.0, 1.15, 1.6])
def test_chips_never_touch(text: str, lang: str, size: tuple[float, float], scale: float) -> None:
    """At thirty moments of a quiet, a symmetrical and a very busy run, in both languages."""
    run = trace(text)
    pace = tempo(run)
    for part in range(30):
        picture = seen(run, pace.to_time(pace.length * part / 29), size, lang=lang, scale=scale)
        for one, other in combinations(boxes(picture), 2):
            assert not one.touches(other, chips.GAP - 0.1), f"{one} and {other} at {part}/29 of the run"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_quiet_run_has_a_chip_for_every_segment_on_the_page(lang: str) -> None:
    """Nothing is left out where there is room, and every chip stays near its segment."""
    run = trace()
    picture = seen(run, 60_000, lang=lang)
    lines = {mark.id for mark in marks_of(picture, "flight:") if not isinstance(mark, Rect | Text)}
    chips = {mark.id for mark in marks_of(picture, "flight:") if isinstance(mark, Rect)}
    assert chips == lines


def test_no_chip_lies_on_a_lifeline() -> None:
    """Chips stay between the lifelines, so that a state can always be seen."""
    for size in (LARGE, SMALL):
        picture = seen(trace(), 60_000, size)
        bars = [mark for mark in marks_of(picture, "state:") if isinstance(mark, Rect)]
        left, right = min(bar.x + bar.w for bar in bars), max(bar.x for bar in bars)
        for box in boxes(picture):
            assert left <= box.left, f"{box} covers the first lifeline at {size}"
            assert box.right <= right, f"{box} covers the second lifeline at {size}"


def test_a_lost_segment_ends_on_its_way_with_a_cross_and_a_word() -> None:
    """Red is never alone: the ✕ and the tag say it without colour."""
    run = trace(CALL_AND_CLOSE, (0, "drop client:SYN"))
    picture = seen(run, 40_000)
    strokes = [mark for mark in marks_of(picture, "flight:1") if isinstance(mark, Line)]
    assert [mark.cap for mark in strokes].count("round") == 2
    assert {mark.stroke.role for mark in strokes} == {"err"}
    assert "DROPPED" in texts(picture)


def test_a_segment_sent_again_says_the_how_manieth() -> None:
    """The first repetition is #1, and the host's colour stays."""
    run = trace(CALL_AND_CLOSE, (0, "drop client:SYN"))
    picture = seen(run, 1_060_000)
    assert "RETRANSMIT #1" in texts(picture)
    assert "重传 #1" in texts(seen(run, 1_060_000, lang="zh"))


def test_a_segment_in_flight_is_where_it_is() -> None:
    """Half of its delay has passed: the dot is half way between the lifelines, on the cursor's line."""
    picture = seen(trace(), 25_000)
    dot = next(mark for mark in marks_of(picture, "flight:1") if isinstance(mark, Ellipse))
    cursor = next(mark for mark in marks_of(picture, "cursor") if isinstance(mark, Line))
    bars = [mark for mark in marks_of(picture, "state:") if isinstance(mark, Rect)]
    left, right = min(bar.x + bar.w for bar in bars), max(bar.x for bar in bars)
    assert dot.cx == pytest.approx((left + right) / 2, abs=1)
    assert dot.cy == cursor.y1


def test_the_dot_lies_on_the_cursor_and_the_names_too() -> None:
    """What moves and what is now are never struck through."""
    marks = list(seen(trace(), 120_000).marks())
    line = next(place for place, mark in enumerate(marks) if isinstance(mark, Line) and mark.id == "cursor")
    for place, mark in enumerate(marks):
        if isinstance(mark, Ellipse) or (isinstance(mark, Text) and mark.text in ("SYN-RCVD", "ESTABLISHED")):
            assert place > line


def test_a_silence_says_how_long_it_truly_was() -> None:
    """Four minutes in thirty pixels, with their length written on them, and an id that a click unfolds."""
    run = trace()
    picture = seen(run, run.end)
    assert any("239.9" in text or "240.0" in text for text in texts(picture))
    assert {mark.id for mark in marks_of(picture, "fold:")} <= {fold.id for fold in tempo(run).folds}


def test_the_whole_gutter_can_be_read() -> None:
    """No tick leaves the card, and none stands under the cursor's own time."""
    run = trace()
    for time in (0, 60_000, 430_000, 1_230_000, run.end):
        for size in (LARGE, SMALL):
            picture = seen(run, time, size)
            cursor = next(mark for mark in marks_of(picture, "cursor") if isinstance(mark, Rect))
            for mark in picture.marks():
                if isinstance(mark, Text) and mark.anchor == "end" and mark.ink.role == "ink3" and not mark.id:
                    assert mark.x - text_width(mark.text, mark.font, mark.size, mark.weight) >= 0, mark.text
                    if mark.x < cursor.w:
                        assert not cursor.y < mark.y - 5 < cursor.y + cursor.h, f"{mark.text} at {time}"


def test_a_crowd_becomes_bands_with_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cost of a frame is bounded. Every segment of the page is drawn or counted, the notable ones as such."""
    run, page = trace(BUSY), (590.0, 760.0)
    told = story(run)
    laid = lay_out(page, look(), tempo(run), 100_000, run.end)
    everything = choose(told, laid, None).places
    monkeypatch.setattr(crowd, "MOST", 20)
    chosen = choose(told, laid, None)
    assert len(chosen.places) < len(everything)
    assert sum(band.size for band in chosen.bands) + len(chosen.places) >= len(everything)
    drawn = sum(1 for place in chosen.places if place in {*told.index.special, *told.index.failed})
    notable = sum(1 for place in everything if place in {*told.index.special, *told.index.failed})
    assert drawn + sum(band.hidden for band in chosen.bands) == notable
    picture = seen(run, 100_000)
    for band in chosen.bands:
        assert any(text.startswith(f"{band.size} segments") for text in texts(picture))


def test_the_old_future_stays_as_a_ghost() -> None:
    """After a fork what would have been is pale and dotted, keeps its chips, and is not taken for what is there."""
    run = trace(CALL_AND_CLOSE, (20_000, "drop #1"))
    plain = ladder(run, 60_000, LARGE, look(), tempo=tempo(run))
    haunted = ladder(run, 60_000, LARGE, look(), tempo=tempo(run), ghost=trace(), since=20_000)
    more = [mark for mark in haunted.marks() if mark not in set(plain.marks())]
    assert more
    lines = [mark for mark in more if isinstance(mark, Line)]
    assert {mark.stroke.role for mark in lines} == {"ink3"}
    assert all(mark.id.startswith("ghost:") for mark in lines)
    said = {mark.id for mark in more if isinstance(mark, Text)}
    assert said, "what was left keeps its words"
    assert all(name.startswith("ghost:") for name in said)
    assert {name for name, _ in haunted.titles if name.startswith("ghost:")} >= said


THREE = """
    host client 10.0.0.1 rfc9293 isn=1000
      connect server:80
      write 100
      after 300ms close
    host server 10.0.0.2 rfc9293 isn=5000
      listen 80
      accept
      read
    host other 10.0.0.3 rfc9293 isn=9000
      after 60ms connect server:80
      write 200
    link client server delay=50ms
    link other server name=second delay=30ms
    until 2min
"""


@pytest.mark.parametrize("is_across", [False, True], ids=["down", "across"])
def test_every_host_has_a_lifeline_and_one_connection_is_in_focus(is_across: bool) -> None:
    """Three hosts, two connections: the one in focus has chips and states, the other is thin and keeps its place."""
    run = trace(THREE)
    first, second = index_of(run).connections[:2]
    ids = []
    for focus in (first, second):
        lens = Lens(focus, is_across=is_across)
        picture = ladder(run, 200_000, (1100.0, 760.0), look(), tempo=tempo(run), lens=lens)
        heads = [mark for mark in marks_of(picture, "host:") if isinstance(mark, Rect)]
        assert [mark.id for mark in heads] == ["host:client", "host:server", "host:other"]
        assert not any(_box(a).touches(_box(b)) for a, b in combinations(heads, 2))
        lines = {mark.id for mark in marks_of(picture, "flight:") if not isinstance(mark, Rect | Text)}
        chipped = {mark.id for mark in marks_of(picture, "flight:") if isinstance(mark, Rect) and mark.radius == 7}
        ids.append((lines, chipped))
    (all_first, in_first), (all_second, in_second) = ids
    assert all_first == all_second
    assert in_first
    assert in_second
    assert not in_first & in_second


def _box(mark: Rect) -> Box:
    return Box(mark.x, mark.y, mark.x + mark.w, mark.y + mark.h)


def test_heads_that_stand_too_close_for_names_have_their_letters() -> None:
    """On a narrow card three names would lie on each other; on a wide one they are read."""
    run = trace(THREE)
    lens = Lens(index_of(run).connections[0])
    for width, names in ((390.0, set()), (1100.0, {"Client", "Server", "other"})):
        picture = ladder(run, 200_000, (width, 560.0), look(), tempo=tempo(run), lens=lens)
        heads = [_box(mark) for mark in marks_of(picture, "host:") if isinstance(mark, Rect)]
        there = [mark for mark in picture.marks() if isinstance(mark, Text) and mark.y < heads[0].bottom]
        said = {mark.text.split()[0] for mark in there}
        assert said & {"Client", "Server", "other"} == names
        assert {"A", "B", "C"} <= said


ODD = ((0, "corrupt client:data"), (0, "duplicate server:SYN,ACK 0.02"), (260_000, "inject client>server RST seq=50"))


@pytest.mark.parametrize("is_across", [False, True], ids=["down", "across"])
def test_what_is_odd_is_told_without_colour_too(is_across: bool) -> None:
    """A jagged end and a cross, a second stroke, a diamond in the open; each with its word."""
    run = trace(CALL_AND_CLOSE, *ODD)
    picture = ladder(run, 330_000, (900.0, 760.0), look(), tempo=tempo(run), lens=Lens(is_across=is_across))
    assert {"CORRUPTED", "DUPLICATE", "FORGED"} <= set(texts(picture))
    shapes = [mark for mark in marks_of(picture, "flight:") if isinstance(mark, Polyline)]
    assert any(len(mark.points) == 7 and mark.stroke and mark.stroke.role == "err" for mark in shapes)
    diamond = next(mark for mark in shapes if len(mark.points) == 4 and mark.fill and mark.fill.role == "surface")
    bars = [mark for mark in marks_of(picture, "state:client") if isinstance(mark, Rect)]
    assert not any(_box(bar).grown(6).contains(*diamond.points[0]) for bar in bars)
    words = {mark.text: mark for mark in picture.marks() if isinstance(mark, Text)}
    assert words["FORGED"].ink.role == "surface"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_times_in_the_gutter_grow_with_the_text(scale: float) -> None:
    """On a screen of twice the size the ticks and the time of now are twice as large, and still lie in the gutter."""
    run = trace()
    big = (600.0 * scale, 560.0 * scale)
    picture = ladder(run, 330_000, big, look(scale=scale), tempo=tempo(run))
    times = [mark for mark in picture.marks() if isinstance(mark, Text) and re.fullmatch(r"\d+\.\d+", mark.text)]
    assert len(times) >= 4
    assert all(mark.size == pytest.approx(14 * scale, rel=0.1) for mark in times)
    page = lay_out(big, look(scale=scale), tempo(run), 330_000, run.end)
    assert all(text_width(mark.text, "ui", mark.size, mark.weight) <= page.gutter for mark in times)


def _lost(picture: Picture) -> list[Line]:
    """The lines of what was lost: each ends in a cross."""
    lines = [mark for mark in marks_of(picture, "flight:") if isinstance(mark, Line)]
    crosses = {((mark.x1 + mark.x2) / 2, (mark.y1 + mark.y2) / 2) for mark in lines if mark.cap == "round"}
    near = [(round(x), round(y)) for x, y in crosses]
    return [mark for mark in lines if mark.cap != "round" and (round(mark.x2), round(mark.y2)) in near]


def _end(line: Line) -> list[tuple[float, float]]:
    """The cross, and two points of the line just before it, as far as the line is so long."""
    long = max(1.0, math.hypot(line.x2 - line.x1, line.y2 - line.y1))
    shares = [way / long for way in (0.0, 14.0, 24.0) if way < long]
    return [(line.x2 + (line.x1 - line.x2) * part, line.y2 + (line.y1 - line.y2) * part) for part in shares]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("size", "scale", "is_across"),
    [
        pytest.param((500.0, 560.0), 1.15, False, id="small"),
        pytest.param((760.0, 860.0), 1.3, False, id="large"),
        pytest.param((760.0, 860.0), 1.8, False, id="room"),
        pytest.param((1100.0, 420.0), 1.0, True, id="across"),
    ],
)
@pytest.mark.parametrize("kind", ["rfc9293", "linux-6.18"])
@pytest.mark.parametrize("acts", [((1_710_000, "drop #9"),), ((1_110_000, "drop #6"), (1_660_000, "drop #8"))])
def test_no_words_lie_on_the_cross_of_a_loss(
    acts: tuple[tuple[int, str], ...], kind: str, size: tuple[float, float], scale: float, is_across: bool
) -> None:
    """Neither a chip nor what a timer says hides where a segment was lost; its own chip alone may lie on its line."""
    run, drawn = trace(CALL_AND_CLOSE.replace("rfc9293", kind), *acts), look(scale=scale, emphasis=1.4)
    pace, told = tempo(run), 0
    for part in range(60):
        time = pace.to_time(pace.length * part / 59)
        picture = ladder(run, time, size, drawn, tempo=pace, lens=Lens(is_across=is_across))
        grounds = [
            (mark.id, _box(mark))
            for mark in picture.marks()
            if isinstance(mark, Rect)
            and mark.radius in (4, 7)
            and mark.fill is not None
            and mark.fill.role == "surface"
        ]
        for line in _lost(picture):
            told += 1
            for spot in _end(line):
                others = [ground for owner, ground in grounds if owner != line.id or spot == _end(line)[0]]
                assert not any(ground.contains(*spot) for ground in others), (part, line.id)
    assert told >= 3
