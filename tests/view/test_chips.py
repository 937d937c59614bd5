"""Chips: what is odd gets room first, and nobody takes a chip for another segment's."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.view.scenes import BUSY, CALL_AND_CLOSE, look, marks_of, tempo, texts, trace
from tutor.view.chips import chips
from tutor.view.fan import fanned
from tutor.view.filtering import parse_filter
from tutor.view.ladder import ladder
from tutor.view.lens import Lens
from tutor.view.marks import Box, Ellipse, Line, Picture, Rect
from tutor.view.page import Page, lay_out
from tutor.view.perches import height_at
from tutor.view.rungs import Rung, visible
from tutor.view.story import story
from tutor.words import FATES
from tutor.world.trace import Trace

CARD, LOW = (567.0, 601.0), (400.0, 420.0)
"""The ladder's card in windows of 1920x1080 and 1280x720."""

BULK = """
    host client 10.0.0.1 linux-6.18 isn=1000
      connect server:80
      write 150000
    host server 10.0.0.2 linux-6.18 isn=5000
      listen 80
      accept
      read
    link client server delay=20ms bandwidth=20Mbit
    until 2min
"""
"""A long stream: ten and more segments leave together."""

TOUCHED = ((0, "duplicate client:PSH,ACK"), (0, "corrupt server:ACK"))


def laid(run: Trace, time: int, size: tuple[float, float], **how: object) -> tuple[Page, list[Rung]]:
    """The page and the rungs of a run at a moment."""
    page = lay_out(size, look(**how), tempo(run), time, run.end)  # type: ignore[arg-type]
    told = story(run)
    places = told.index.span(page.first, page.last)
    return page, fanned(visible(told, page, time, None, places=places), page)


def seen(run: Trace, time: int, size: tuple[float, float] = CARD, lens: Lens | None = None, **how: object) -> Picture:
    """The ladder of a run at a moment."""
    return ladder(run, time, size, look(**how), tempo=tempo(run), lens=lens or Lens())  # type: ignore[arg-type]


def test_what_was_doubled_and_what_was_spoilt_say_so() -> None:
    """In the card of a usual window, where the rest has no room for all of its numbers."""
    said = texts(seen(trace(CALL_AND_CLOSE, *TOUCHED), 210_000))
    assert "DUPLICATE" in said
    assert "CORRUPTED" in said


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_where_a_word_has_no_room_a_sign_stands_for_it(lang: str) -> None:
    """In the card of a small window: each odd segment says that it is odd, and its title says how."""
    picture = seen(trace(CALL_AND_CLOSE, *TOUCHED), 210_000, (436.0, 400.0), lang=lang)
    t, said, titles = look(lang=lang).words.t, texts(picture), dict(picture.titles)
    for word, sign, told in ((t("DUPLICATE"), "×2", "delivered twice"), (t("CORRUPTED"), "≠", FATES["corrupted"])):
        assert word in said or sign in said
        assert any(t(told) in title for title in titles.values())


@pytest.mark.parametrize("is_across", [False, True], ids=["down", "across"])
def test_lines_that_lie_on_one_another_are_drawn_apart(is_across: bool) -> None:
    """The ACK of the handshake and the data leave together: two lines, two dots on their way."""
    run = trace()
    together = [row.number for row in (story(run).index.row(place) for place in range(4)) if row.sent_at == 100_000]
    assert len(together) == 2
    for time in (130_000, 160_000):
        picture = seen(run, time, (900.0, 601.0), Lens(is_across=is_across))
        lines = [next(m for m in marks_of(picture, f"flight:{n}") if isinstance(m, Line)) for n in together]
        one, other = ((line.x1, line.y1) for line in lines)
        assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) >= 5
        if time == 130_000:
            dots = [m for m in marks_of(picture, "flight:") if isinstance(m, Ellipse) and m.rx > 7]
            assert len({(dot.cx, dot.cy) for dot in dots}) == 2


def test_of_a_long_stream_the_lines_can_be_counted() -> None:
    """No polygon: no two lines of a burst begin nearer than they are thick."""
    run = trace(BULK)
    _, rungs = laid(run, 90_000, CARD)
    burst = [rung for rung in rungs if rung.row.sender == 0 and rung.of > 6 and rung.phase == "past"]
    assert len(burst) >= 9
    picture = seen(run, 90_000)
    widths = {m.width for r in burst for m in marks_of(picture, f"flight:{r.row.number}") if isinstance(m, Line)}
    for one, other in combinations(burst, 2):
        if one.of == other.of:
            assert abs(one.y1 - other.y1) > max(widths - {1.8}, default=0)


def test_a_burst_says_how_many_and_from_where_to_where() -> None:
    """Ten alike have one chip with their number and their octets; nobody with octets is a bare ACK."""
    run = trace(BULK)
    page, rungs = laid(run, 62_000, CARD)
    many = [chip for chip in chips(rungs, page, look()) if "×" in chip.flags and chip.rung.host == 0]
    assert any("seq=" in chip.numbers and "…" in chip.numbers for chip in many)


def _own(rung: Rung, box: Box) -> bool:
    """Does the rung's line pass through the box?"""
    return any(
        box.contains(rung.x1 + (rung.x2 - rung.x1) * part / 200, rung.y1 + (rung.y2 - rung.y1) * part / 200)
        for part in range(201)
    )


@pytest.mark.parametrize("text", [CALL_AND_CLOSE, BUSY, BULK], ids=["call", "busy", "bulk"])
@pytest.mark.parametrize("size", [CARD, LOW], ids=["1080p", "720p"])
def test_a_chip_is_tied_to_its_own_line(text: str, size: tuple[float, float]) -> None:
    """It lies across its line, or a thread leads there; where another of the same direction runs as near, a pin lies
    on its own and not under another chip."""
    run = trace(text, *(TOUCHED if text == CALL_AND_CLOSE else ()))
    pace = tempo(run)
    for part in range(20):
        page, rungs = laid(run, pace.to_time(pace.length * part / 19), size)
        placed = chips(rungs, page, look())
        for chip in placed:
            if chip.pin is None:
                assert _own(chip.rung, chip.box.grown(1)), f"{chip.flags} {chip.numbers} floats at {part}/19"
                if "×" not in chip.flags and not chip.rung.phase.startswith("future"):
                    mates = [r for r in rungs if r.host == chip.rung.host and r.of > 1 and r.row is not chip.rung.row]
                    assert not any(_own(mate, chip.box.grown(-6)) for mate in mates if chip.rung.of > 1)
                continue
            x, y = chip.pin
            rung = chip.rung
            assert abs(height_at(rung, x) - y) < 3 or abs(x - rung.x1) < 3
            over = [other for other in placed if other is not chip and other.box.grown(-1).contains(x, y)]
            assert not over, f"{over} over the pin of {chip} at {part}/19"


@pytest.mark.parametrize("size", [CARD, LOW], ids=["1080p", "720p"])
@pytest.mark.parametrize("is_across", [False, True], ids=["down", "across"])
def test_what_is_selected_is_marked_and_has_its_chip(size: tuple[float, float], is_across: bool) -> None:
    """Just left, on its way, arrived, or not let through by the filter: a glow and a chip with a violet border."""
    run = trace()
    for number in (1, 2, 3, 4, 5):
        row = next(row for row in map(story(run).index.row, range(8)) if row.number == number)
        for time in (row.sent_at, row.sent_at + 20_000, row.sent_at + 60_000):
            for wanted in (None, parse_filter("tcp.flags.rst==1")):
                lens = Lens(filter=wanted, is_across=is_across)
                picture = seen(run, time, size, lens, selection=f"flight:{number}")
                chip = [m for m in marks_of(picture, f"flight:{number}") if isinstance(m, Rect) and m.radius == 7]
                assert chip, f"{number} at {time} has no chip"
                assert chip[0].stroke is not None
                assert chip[0].stroke.role == "accent"
                assert any(
                    (isinstance(m, Line) and m.stroke.role == "accent" and m.width == 12)
                    or (isinstance(m, Ellipse) and m.fill is not None and m.fill.role == "accent")
                    for m in picture.marks()
                )


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", [CARD, LOW], ids=["1080p", "720p"])
def test_a_repeated_and_lost_segment_stays_between_the_lifelines(size: tuple[float, float], lang: str) -> None:
    """A retransmission on a cable that is cut says as much as fits, and drops words before it touches a lifeline."""
    run = trace(CALL_AND_CLOSE, (120_000, "cut link"))
    pace = tempo(run)
    for part in range(12):
        page, rungs = laid(run, pace.to_time(pace.length * part / 11), size, lang=lang)
        for chip in chips(rungs, page, look(lang=lang)):
            if chip.tags or chip.numbers:
                assert chip.box.left >= page.left + 5
                assert chip.box.right <= page.right - 5
