"""Taking pictures along, zooming into them, and the manual: what is copied or printed tells no more than the window."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QFont, QTextCursor, QWheelEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.ui.stage import CLOSE, answered, place_of, press, session
from tutor import resources
from tutor.teach import intents
from tutor.ui import about, manual, taking
from tutor.ui.panels import BY_ID, PANELS
from tutor.words import Words

EN = Words("en")
IS_INVERTED = False


# --- copying and printing ---


def test_the_timeline_is_copied_as_text(show) -> None:
    """Ctrl+C gives the whole run in characters, as ``play`` prints it."""
    conductor = answered(show(session(CLOSE)))
    press(conductor, "Ctrl+C")
    text = QApplication.clipboard().text()
    assert "SYN" in text
    assert "TIME-WAIT" in text


def test_a_copy_tells_no_more_than_an_open_bet_allows(show) -> None:
    """Before the first bet is answered nothing behind it is in the text."""
    conductor = show(session(CLOSE))
    conductor.send(intents.End())
    text = taking.ladder_text(conductor.session, EN)
    assert "SYN" in text
    assert "TIME-WAIT" not in text


def test_the_picture_is_copied_in_full_size(show) -> None:
    """Both pictures side by side, 1920 by 1080, in the theme of the window."""
    conductor = answered(show(session(theme="dark")))
    press(conductor, "Ctrl+Shift+C")
    image = QApplication.clipboard().image()
    assert (image.width(), image.height()) == (1920, 1080)
    assert image.pixelColor(3, 3).lightness() < 80


def test_a_page_is_printed(show, tmp_path: Path) -> None:
    """A PDF printer gets one page with both pictures, in ink on white."""
    conductor = answered(show(session(CLOSE)))
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "page.pdf"))
    taking.paint_page(printer, taking.both(conductor.session, conductor.words))
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "page.pdf").stat().st_size > 5000


# --- zoom ---


def _wheel(canvas, where: QPoint, notches: float, key=Qt.KeyboardModifier.ControlModifier) -> bool:
    """Turn it; was it taken?"""
    point = QPointF(where)
    event = QWheelEvent(
        point, canvas.mapToGlobal(point), QPoint(), QPoint(0, round(120 * notches)), Qt.MouseButton.NoButton,
        key, Qt.ScrollPhase.NoScrollPhase, IS_INVERTED,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


def test_the_wheel_zooms_about_the_pointer(show) -> None:
    """What lies under the pointer stays under it, and can still be clicked; fit brings all back."""
    conductor = show(session(CLOSE))
    canvas = conductor.window.diagram.canvas
    where = place_of(canvas, "state:LISTEN")
    _wheel(canvas, where, 4)
    assert canvas.zoom > 1.5
    assert canvas.id_at(QPointF(where)) == "state:LISTEN"
    press(conductor, "0")
    assert canvas.zoom == 1.0
    assert canvas.origin == QPointF(0, 0)


def test_a_picture_cannot_be_lost(show) -> None:
    """However far it is moved or shrunk, it covers its card."""
    conductor = show(session())
    canvas = conductor.window.diagram.canvas
    _wheel(canvas, QPoint(0, 0), 30)
    _wheel(canvas, QPoint(canvas.width(), canvas.height()), -3)
    assert canvas.origin.x() <= 0
    assert canvas.origin.x() + canvas.width() * canvas.zoom >= canvas.width() - 1
    _wheel(canvas, QPoint(5, 5), -60)
    assert canvas.zoom == 1.0


# --- the wheel reads a run ---

ALONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def test_the_wheel_goes_through_a_run(show) -> None:
    """Towards the hand: the next event, as a key does; as many as it was turned by. A touchpad's crumbs add up."""
    conductor = answered(show(session(CLOSE), 1280, 720))
    canvas, middle = conductor.window.timeline.canvas, QPoint(100, 100)
    seen = [conductor.session.playhead]
    for _ in range(4):
        press(conductor, "Right")
        seen.append(conductor.session.playhead)
    press(conductor, "Home")
    _wheel(canvas, middle, -1, ALONE)
    assert conductor.session.playhead == seen[1]
    _wheel(canvas, middle, -3, ALONE)
    assert conductor.session.playhead == seen[4]
    _wheel(canvas, middle, 2, ALONE)
    assert conductor.session.playhead == seen[2]
    for _ in range(4):
        _wheel(canvas, middle, -0.25, ALONE)
    assert conductor.session.playhead == seen[3]


def test_shift_and_the_wheel_turn_pages(show) -> None:
    """Forward as long as there is a next page, and back to the start; never behind an open bet."""
    conductor = answered(show(session(CLOSE), 1280, 720))
    canvas, places = conductor.window.timeline.canvas, [0]
    while conductor.session.playhead < conductor.session.end:
        _wheel(canvas, QPoint(100, 100), -1, SHIFT)
        assert conductor.session.playhead > places[-1]
        places.append(conductor.session.playhead)
    assert 2 < len(places) < len(conductor.session.trace.steps) / 2
    for _ in places:
        _wheel(canvas, QPoint(100, 100), 1, SHIFT)
    assert conductor.session.playhead == 0
    waiting = show(session(CLOSE), 1280, 720)
    _wheel(waiting.window.timeline.canvas, QPoint(100, 100), -9, SHIFT)
    assert waiting.session.playhead == waiting.session.horizon


def test_the_wheel_scrolls_a_panel_that_is_longer_than_its_room(show) -> None:
    """And leaves the run where it is."""
    conductor = answered(show(session(CLOSE), 1280, 720))
    conductor.window.show_panel("variables")
    QApplication.processEvents()
    panel = conductor.window.strip.panels["variables"]
    before = conductor.session.playhead
    assert panel.scroll.verticalScrollBar().maximum() > 0
    assert not _wheel(panel.canvas, QPoint(30, 30), -2, ALONE)
    _wheel(panel.scroll.viewport(), QPoint(30, 30), -2, ALONE)  # to which Qt hands on what a person's wheel does
    assert panel.scroll.verticalScrollBar().value() > 0
    assert conductor.session.playhead == before


def test_the_list_of_keys_names_the_wheel(show) -> None:
    """Else nobody would find Shift and Ctrl with it."""
    conductor = show(session(CLOSE), 1280, 720)
    press(conductor, "?")
    shown = [label.text() for label in conductor.window.findChildren(QLabel) if label.isVisible()]
    for text in ("Wheel", "Shift+Wheel", "Ctrl+Wheel"):
        assert text in shown


# --- manual and about ---


@pytest.mark.parametrize("topic", manual.TOPICS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_is_there_and_leads_nowhere_else(topic: str, lang: str) -> None:
    """In both languages; each link is another page."""
    text = manual.page(topic, Words(lang))
    assert text.startswith("# ")
    assert set(re.findall(r"\]\(topic:([\w-]+)\)", text)) <= set(manual.TOPICS)
    assert "http" not in text


def test_no_page_lies_about_unlisted() -> None:
    """What is in the folder of help stands in the list."""
    names = {path.name.split(".")[0] for path in (resources.assets_dir() / "help").glob("*.md")}
    assert names <= set(manual.TOPICS)


def test_f1_opens_the_page_of_the_place(show) -> None:
    """With the focus on the timeline its page comes up; a link leads on to another."""
    conductor = show(session())
    conductor.window.timeline.canvas.setFocus()
    press(conductor, "F1")
    found = conductor.window.findChild(manual.Manual)
    assert found.pages.toMarkdown().startswith("# The segment timeline")
    found.pages.anchorClicked.emit(QUrl("topic:truth"))
    assert "judges" in found.pages.toPlainText()
    found.pages.anchorClicked.emit(QUrl("https://example.org"))
    assert "judges" in found.pages.toPlainText()
    found.close()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)], ids=["pockets", "drawer"])
def test_f1_after_a_panel_was_opened_is_about_that_panel(show, size: tuple[int, int]) -> None:
    """P, H or G leave the focus on the stage: the page of the panels comes up at the panel all the same."""
    conductor = show(session(), *size)
    conductor.window.timeline.canvas.setFocus()
    for key, name in (("P", "parameters"), ("H", "header"), ("G", "plots"), ("B", "branches")):
        press(conductor, key)
        assert manual.place_at(conductor.window) == ("panels", BY_ID[name].text)
    conductor.window.diagram.canvas.setFocus()
    assert manual.place_at(conductor.window) == ("diagram", "")
    conductor.window.show_strip(is_open=True)
    conductor.window.strip.open("events")
    conductor.window.strip.panels["events"].list.setFocus()
    assert manual.place_at(conductor.window) == ("panels", "Events")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_panel_has_its_heading_in_the_manual(show, lang: str) -> None:
    """Named as its tab is; F1 scrolls to it."""
    words = Words(lang)
    heads = re.findall(r"^## (.+)$", manual.page("panels", words), re.MULTILINE)
    assert sorted(heads) == sorted(words.t(row.text) for row in PANELS)
    conductor = show(session(lang=lang), 1280, 720)
    press(conductor, "B", "F1")
    found = conductor.window.findChild(manual.Manual)
    QTest.qWait(20)
    assert found.pages.verticalScrollBar().value() > 0
    found.close()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_are_set_in_our_fonts_with_room_between_paragraphs(show, lang: str) -> None:
    """No weight of Qt's own making, no paragraph that touches the next, and the chosen row inside its frame."""
    conductor = show(session(lang=lang))
    found = manual.Manual(conductor.style, Words(lang), conductor.window)
    found.open()
    for topic in manual.TOPICS:
        found.turn_to(topic)
        block = found.pages.document().begin()
        while block.isValid():
            walk = block.begin()
            while not walk.atEnd():
                font = walk.fragment().charFormat().font()
                assert font.weight() <= 400 or font.weight() == font.variableAxisValue(QFont.Tag("wght"))
                assert font.isVariableAxisSet(QFont.Tag("wght")), block.text()
                walk += 1
            if block.next().isValid() and block.textList() is None and QTextCursor(block).currentTable() is None:
                assert block.blockFormat().bottomMargin() >= 4, block.text()
            block = block.next()
        assert found.pages.document().idealWidth() <= found.pages.viewport().width(), topic
    topics = found.topics
    row = topics.visualItemRect(topics.currentItem())
    assert topics.viewport().rect().contains(row)
    assert topics.viewport().geometry().left() >= 4
    found.close()


def test_every_clause_has_our_sentence_and_its_section() -> None:
    """The page is made of the engine's own table."""
    from tutor.tcp.clauses import CLAUSES

    text = manual.clauses_page(EN)
    assert all(EN.reading(clause) in text for clause in CLAUSES)


def test_about_names_every_package_that_is_installed_with_us() -> None:
    """A new dependency has to be named with its licence."""
    needed = {re.split(r"[<>=;! ]", line)[0] for line in metadata.requires("tcp-tutor") or () if "extra" not in line}
    named = {re.sub(r"[.-]+", "-", package.lower()) for package, _, _ in about.PARTS}
    assert {re.sub(r"[.-]+", "-", package.lower()) for package in needed} == named
    said = about.text(EN)
    assert all(about.version_of(package) in said for package, _, _ in about.PARTS)
    assert "LGPL" in said
    assert "OFL" in said
