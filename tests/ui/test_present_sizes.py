"""Presenting: how large type is on the room's window. A larger room gets larger type, never smaller, on any window."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from tests.ui.flaws import flaws_of
from tests.ui.halls import LAPTOP, PROJECTOR, arrive, display, presented, press
from tests.ui.stage import CLOSE, HANDSHAKE, session
from tutor.teach import show_deeds
from tutor.teach.lecture_reading import load_lecture
from tutor.ui.measures import keep_hall
from tutor.ui.present.painting import NO_TIMES, SHORT, edges_now, size_warning
from tutor.ui.present.rows import briefer
from tutor.ui.present.show import Show
from tutor.ui.why import WhyRow
from tutor.view.hall import Hall, too_small
from tutor.view.marks import Line, Text
from tutor.view.metrics import text_width

WIDE, SMALL, OLD = (1920, 1080), (1280, 720), (1024, 768)
ROOMS = (None, Hall(12, 3), Hall(20, 3))
STAGE = 0.8
"""The least share of the height that the pictures' cards have."""


def told(made: Show, room: Hall | None) -> None:
    """Tell how large the room is."""
    keep_hall(made.conductor.settings, room)
    made.restyle_audience()
    QApplication.processEvents()


def names(made: Show) -> float:
    """The least size of a state's name on the diagram, as a share of the window's height."""
    marks = made.audience.diagram.canvas.picture.marks()
    return (
        min(mark.size for mark in marks if isinstance(mark, Text) and mark.id.startswith("state:"))
        / made.audience.height()
    )


def timeline(made: Show) -> float:
    """The least size on the timeline, likewise."""
    marks = made.audience.ladder.canvas.picture.marks()
    return min(mark.size for mark in marks if isinstance(mark, Text)) / made.audience.height()


@pytest.mark.parametrize(
    "size", [SMALL, pytest.param(WIDE, marks=pytest.mark.ci), pytest.param(OLD, marks=pytest.mark.ci)]
)
def test_a_larger_room_never_gets_smaller_type(show, size: tuple[int, int]) -> None:
    """No room, 12 m before 3 m, 20 m before 3 m: names and timeline grow or stay, and the pictures keep their place."""
    made, _ = presented(show(session(CLOSE)), None, LAPTOP, display("projector", 1280, 0, *size))
    for key, measures in (("1", (names, timeline)), ("2", (names,)), ("3", (timeline,))):
        press(made.audience, key)
        seen = []
        for room in ROOMS:
            told(made, room)
            seen.append([measure(made) for measure in measures])
            assert made.audience.diagram.height() >= STAGE * size[1] or key == "3"
            assert all(share >= 0.02 * (1 - 1e-6) for share in seen[-1])
        for before, after in pairwise(seen):
            assert all(late >= early * (1 - 1e-6) for early, late in zip(before, after, strict=True)), (key, seen)
        assert seen[-1][0] > seen[0][0] * 1.15 or (key == "1" and size == OLD), (key, seen)
    made.end()


@pytest.mark.ci
@pytest.mark.parametrize("size", [WIDE, SMALL, OLD])
def test_a_diagram_alone_uses_the_width(show, size: tuple[int, int]) -> None:
    """Its names are larger than beside the timeline, and the sides of the window are not empty."""
    made, _ = presented(show(session(CLOSE)), None, LAPTOP, display("projector", 1280, 0, *size))
    beside = names(made)
    press(made.audience, "2")
    QApplication.processEvents()
    assert names(made) > beside * 1.15
    xs = [mark.x for mark in made.audience.diagram.canvas.picture.marks() if isinstance(mark, Text)]
    assert min(xs) < 0.15 * size[0]
    assert max(xs) > 0.75 * size[0]
    made.end()


@pytest.mark.ci
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", [WIDE, SMALL, OLD])
def test_the_last_row_reads_every_label(show, size: tuple[int, int], lang: str) -> None:
    """A fiftieth of the height at least, whatever happens and wherever nothing does; the same of every other text."""
    made, _ = presented(show(session(CLOSE, lang=lang)), None, LAPTOP, display("projector", 1280, 0, *size))
    for _ in range(7):
        press(made.audience, "PgDown")
        while made.player.is_moving:
            made.player.tick(150_000)
            for canvas in made.audience.canvases.values():
                assert too_small(canvas.picture, size[1]) == ()
        assert "1/50" not in size_warning(made)
    texts = (made.audience.caption.said, made.audience.diagram.head, made.audience.ladder.head)
    assert all(label.font().pixelSize() >= size[1] / 50 for label in texts)
    press(made.audience, "Ctrl+-", "Ctrl+-")
    assert "1/50" in size_warning(made)
    made.end()


@pytest.mark.ci
@pytest.mark.parametrize("size", [WIDE, SMALL, OLD])
@pytest.mark.parametrize("room", ROOMS)
def test_no_text_is_cut_by_the_edge_of_its_picture(show, size: tuple[int, int], room: Hall | None) -> None:
    """The names of states beside a narrow timeline, and those of hosts above it."""
    made, _ = presented(show(session(CLOSE)), None, LAPTOP, display("projector", 1280, 0, *size))
    told(made, room)
    for at in range(0, len(made.here.stops), 3):
        made.send(show_deeds.GoTo(at))
        QApplication.processEvents()
        for canvas in made.audience.canvases.values():
            for mark in canvas.picture.marks():
                if isinstance(mark, Text):
                    wide = text_width(mark.text, mark.font, mark.size, mark.weight)
                    left = mark.x - {"start": 0.0, "middle": wide / 2, "end": wide}[mark.anchor]
                    assert left >= 0, (at, mark.text)
                    assert left + wide <= canvas.width(), (at, mark.text)
    made.end()


@pytest.mark.ci
def test_a_window_without_room_for_times_is_told_of(show) -> None:
    """On 4:3 there is none beside the timeline, and the console says what to do; alone it has them."""
    made, desk = presented(show(session(CLOSE)), None, LAPTOP, display("projector", 1280, 0, *OLD))
    QApplication.processEvents()
    assert made.console.warning.text() == NO_TIMES
    press(made.audience, "3")
    QApplication.processEvents()
    assert not made.console.warning.text()
    press(made.audience, "1")
    desk.plug(LAPTOP, display("projector", 1280, 0, *WIDE))
    QApplication.processEvents()
    assert not made.console.warning.text()
    made.end()


@pytest.mark.ci
def test_a_large_room_is_told_of_all_it_lacks_and_of_no_key_that_votes(show) -> None:
    """12 m before a screen of 3 m, on 16:9: too small and without times, both; at a question 3 is a vote."""
    made, _ = presented(show(session(CLOSE)), None, LAPTOP, display("projector", 1280, 0, *WIDE))
    told(made, Hall(12, 3))
    made.take_room()
    assert "back row" in made.console.warning.text()
    assert "times beside" in made.console.warning.text()
    assert "(3)" in made.console.warning.text()
    question = next(place for place, stop in enumerate(made.here.stops) if stop.kind == "question" and stop.beat)
    made.send(show_deeds.GoTo(question))
    for shows_board in (True, False):
        QApplication.processEvents()
        assert "(3)" not in size_warning(made)
        assert made.console.warning.text() == size_warning(made)
        assert ("times beside" in size_warning(made)) is not shows_board
        press(made.console, "H")
    made.send(show_deeds.Reveal())
    made.player.jump(made.player.target or made.player.session)
    assert "(3)" in size_warning(made)
    made.end()


@pytest.mark.ci
def test_why_an_answer_is_wrong_is_read_whole_in_a_large_room(show) -> None:
    """On an old projector, 20 m before 3 m, in Chinese: smaller, not "too early" alone; else the lecturer is told."""
    made, _ = presented(show(session(HANDSHAKE, lang="zh")), None, LAPTOP, display("projector", 1280, 0, *OLD))
    told(made, Hall(20, 3))
    plain = made.audience.caption
    sentence = WhyRow("A：太早了。服务器分不清这是新的请求，还是在网络里迷路很久的旧请求，它必须先问一问。" * 2)
    plain.show_row(sentence)
    assert plain.said.text() != sentence.sentence
    assert not plain.is_short, "what has just happened may be told briefly"
    made.send(show_deeds.GoTo(next(at for at, stop in enumerate(made.here.stops) if stop.kind == "question")))
    wrong = next(place for place, plays in enumerate(made.here.plays) if plays and place not in made.asking.poll.right)
    press(made.console, str(wrong + 1), "PgDown")
    arrive(made)
    press(made.console, "PgDown")
    arrive(made)
    assert made.here.why == wrong
    assert plain.said.text() == plain.row.sentence
    plain.show_row(sentence, is_whole=True)
    assert plain.said.text() == sentence.sentence
    assert plain.said.font().pixelSize() >= OLD[1] / 50
    assert made.words.t(SHORT) != size_warning(made)
    plain.show_row(WhyRow(sentence.sentence * 3), is_whole=True)
    assert made.words.t(SHORT) == size_warning(made)
    made.end()


LONG = pytest.mark.long
SHORTER, LONGER = "birth-and-death-45", "birth-and-death-90"


@pytest.mark.parametrize(
    ("name", "size", "lang"),
    [
        pytest.param(SHORTER, SMALL, "en", marks=pytest.mark.ci),
        pytest.param(SHORTER, WIDE, "zh", marks=LONG),
        pytest.param(LONGER, WIDE, "en", marks=LONG),
        pytest.param(LONGER, SMALL, "zh", marks=LONG),
    ],
)
def test_every_stop_of_an_example_lecture_can_be_read(show, name: str, size: tuple[int, int], lang: str) -> None:
    """In no room and in a large one: nothing is below a fiftieth, and what happens now has its words."""
    stage = show(session(CLOSE, lang=lang))
    made, _ = presented(stage, load_lecture(name), LAPTOP, display("projector", 1280, 0, *size))
    for at, stop in enumerate(made.here.stops):
        for deed in (show_deeds.GoTo(at), *([show_deeds.Reveal()] if stop.kind == "question" else [])):
            made.send(deed)
            if made.player.target is not None:
                made.player.jump(made.player.target)
            for room in (ROOMS[0], ROOMS[-1]):
                told(made, room)
                for canvas in made.audience.canvases.values():
                    assert too_small(canvas.picture, size[1]) == (), (at, room)
                marks = made.audience.diagram.canvas.picture.marks()
                assert edges_now(made.player.session) <= {mark.id for mark in marks if isinstance(mark, Text)}, (
                    at,
                    room,
                )
    made.end()


def test_a_sentence_is_told_ever_more_briefly() -> None:
    """Without where it is written, then without its last sentences; a dot within a number ends none."""
    whole = "The timer ran out after 1.5 s (RFC 6298 section 5.4). It sends again. It waits longer."
    bare = "The timer ran out after 1.5 s. It sends again. It waits longer."
    assert briefer(whole) == (
        whole,
        bare,
        "The timer ran out after 1.5 s. It sends again.",
        "The timer ran out after 1.5 s.",
    )
    assert briefer("重传计时器超时（RFC 6298 第 5.4 节）。它再发一次。") == (
        "重传计时器超时（RFC 6298 第 5.4 节）。它再发一次。",
        "重传计时器超时。它再发一次。",
        "重传计时器超时。",
    )
    assert briefer("One.") == ("One.",)
    assert briefer("") == ("",)


@pytest.mark.ci
@pytest.mark.parametrize("size", [WIDE, SMALL, OLD])
def test_the_line_of_time_is_whole_and_keeps_off_the_time(show, size: tuple[int, int]) -> None:
    """Ticks and crosses lie within it, and the knob at the run's end does not touch the figures beside it."""
    made, _ = presented(show(session(CLOSE)), None, LAPTOP, display("projector", 1280, 0, *size))
    press(made.console, "End")
    QApplication.processEvents()
    line, picture = made.audience.line, made.audience.line.picture
    assert (picture.width, picture.height) == (line.width(), line.height())
    ticks = [mark for mark in picture.marks() if isinstance(mark, Line)]
    assert ticks
    assert all(min(mark.y1, mark.y2) >= 1 and max(mark.y1, mark.y2) <= line.height() - 1 for mark in ticks)
    knob = next(mark for mark in picture.marks() if mark.id == "knob")
    right = line.mapTo(made.audience, QPointF(knob.cx + knob.rx + 2, 0)).x()
    assert made.audience.time.mapTo(made.audience, QPointF(0, 0)).x() - right >= 0.3 * knob.rx
    made.end()


@pytest.mark.parametrize(
    ("size", "text", "lang"),
    [
        (OLD, 1.0, "en"),
        pytest.param(OLD, 1.0, "zh", marks=pytest.mark.ci),
        pytest.param(SMALL, 1.5, "en", marks=pytest.mark.ci),
        pytest.param(SMALL, 1.5, "zh", marks=pytest.mark.ci),
    ],
)
def test_the_console_counts_votes_within_its_width(show, size: tuple[int, int], text: float, lang: str) -> None:
    """At every question each + is to be seen, whole, and nothing is cut at the right."""
    laptop = display("laptop", 0, 0, *size, is_primary=True)
    stage = show(session(CLOSE, lang=lang, text_scale=text))
    made, _ = presented(stage, load_lecture(SHORTER), laptop, PROJECTOR)
    asked = [at for at, stop in enumerate(made.here.stops) if stop.kind == "question"]
    for at in asked[:2] if (size, lang) == (OLD, "en") else asked:
        made.send(show_deeds.GoTo(at))
        for _ in range(4):  # words that wrap ask for their height one layout after the other
            QApplication.processEvents()
        assert flaws_of(made.console) == [], at
        panel, right = made.asking.panel, made.console.fold.viewport().width()
        shown = [line.more for line in panel.lines if line.more.isVisible()]
        assert len(shown) == len(panel.row.options) > 1
        assert all(more.mapTo(made.console.fold.viewport(), more.rect().topRight()).x() < right for more in shown), at
    made.end()
