"""Taking pictures along, zooming into them, and the manual: what is copied or printed tells no more than the window."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QWheelEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from tests.ui.stage import CLOSE, answered, place_of, press, session
from tutor import resources
from tutor.teach import intents
from tutor.ui import about, manual, taking
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


def _wheel(canvas, where: QPoint, notches: int) -> None:
    point = QPointF(where)
    event = QWheelEvent(
        point, canvas.mapToGlobal(point), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, IS_INVERTED,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


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
