"""The small widgets by themselves: each shows the rows it is given and emits what a person wants."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QTextCursor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tutor.ui.button import Button
from tutor.ui.canvas import Canvas
from tutor.ui.card_parts import AskBox, BannerBox
from tutor.ui.choices import Choices
from tutor.ui.prose import Prose
from tutor.ui.rows import AskRow, Banner, Choice, HostColumn, Variables
from tutor.ui.style import LEAST_TEXT, Style, palette, sheet
from tutor.ui.variables import VariablesTable
from tutor.view.marks import Ink, Layer, Picture, Rect
from tutor.view.theme import themes

STYLE = Style()


def _shown(qtbot: QtBot, widget: QWidget, width: int = 300, height: int = 400) -> QWidget:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    return widget


# --- words ---


def test_prose_keeps_emphasis_in_true_weights(qtbot: QtBot) -> None:
    """Bold words are set on the font's own axis, never smeared."""
    prose = Prose(STYLE)
    _shown(qtbot, prose)
    prose.say("A **bold** word and `code`.")
    assert prose.plain() == "A bold word and code."
    cursor = QTextCursor(prose._document)
    cursor.setPosition(4)
    font = cursor.charFormat().font()
    assert font.variableAxisValue(QFont.Tag("wght")) == 700
    assert font.weight() == QFont.Weight.Normal


def test_prose_loads_nothing_and_takes_no_html(qtbot: QtBot) -> None:
    """A lesson is untrusted: a picture, a tag or a link in its words stays words."""
    prose = Prose(STYLE)
    _shown(qtbot, prose)
    prose.say("![x](file:///etc/passwd) <b>not bold</b> [a link](https://example.org)")
    prose.grab()
    assert "not bold" in prose.plain()
    assert "root:" not in prose.plain()
    assert prose._document.loadResource(2, "file:///etc/passwd") is None


def test_prose_is_as_high_as_its_words_need(qtbot: QtBot) -> None:
    """Narrower means higher; nothing is cut."""
    prose = Prose(STYLE)
    prose.say("Some words that need more than one line when there is little room for them. " * 3)
    assert prose.heightForWidth(200) > prose.heightForWidth(400) > prose.heightForWidth(1200)


def test_no_text_is_smaller_than_twelve_pixels() -> None:
    """However small the window: below 12 px nobody reads."""
    for scale in (0.5, 0.84, 1.0, 2.0):
        assert Style(scale=scale).font(13).pixelSize() >= LEAST_TEXT


# --- choices ---


def test_a_choice_is_ticked_with_a_click(qtbot: QtBot) -> None:
    """Clicking the second answer says: the second, counted from 0."""
    choices = Choices(STYLE)
    choices.show_choices(STYLE, (Choice("FIN-WAIT-2"), Choice("CLOSING")), is_open=True)
    _shown(qtbot, choices)
    with qtbot.waitSignal(choices.chosen) as heard:
        qtbot.mouseClick(choices.rows[1], Qt.MouseButton.LeftButton)
    assert heard.args == [1]


def test_graded_choices_are_shut(qtbot: QtBot) -> None:
    """After grading a click changes nothing, and screen readers hear which answer was wrong."""
    choices = Choices(STYLE)
    choices.show_choices(STYLE, (Choice("CLOSING", "wrong"), Choice("FIN-WAIT-2", "right")), is_open=False)
    _shown(qtbot, choices)
    heard: list[int] = []
    choices.chosen.connect(heard.append)
    qtbot.mouseClick(choices.rows[0], Qt.MouseButton.LeftButton)
    assert heard == []
    assert choices.rows[0].accessibleDescription() == "wrong"


def test_fewer_answers_leave_no_empty_row(qtbot: QtBot) -> None:
    """Rows are reused; those not needed are hidden."""
    choices = Choices(STYLE)
    choices.show_choices(STYLE, (Choice("a"), Choice("b"), Choice("c")), is_open=True)
    _shown(qtbot, choices)
    choices.show_choices(STYLE, (Choice("a"),), is_open=True)
    assert [row.isVisible() for row in choices.rows] == [True, False, False]


def test_a_long_answer_wraps(qtbot: QtBot) -> None:
    """An answer longer than the row takes a second line instead of being cut."""
    choices = Choices(STYLE)
    choices.show_choices(STYLE, (Choice("short"), Choice("a long answer " * 8)), is_open=True)
    short, long = choices.rows
    assert long.heightForWidth(250) > short.heightForWidth(250)


def test_check_waits_for_a_tick(qtbot: QtBot) -> None:
    """Check is there while the bet is open, and can be pressed once something is ticked."""
    box = AskBox(STYLE)
    _shown(qtbot, box)
    box.restyle(STYLE)
    box.show_ask(AskRow("Where next?", (Choice("a"), Choice("b")), is_open=True))
    assert box.check.isVisible()
    assert not box.check.isEnabled()
    box.show_ask(AskRow("Where next?", (Choice("a", "ticked"), Choice("b")), is_open=True, can_check=True))
    assert box.check.isEnabled()
    box.show_ask(
        AskRow("Where next?", (Choice("a", "right"), Choice("b")), is_open=False, feedback="Yes.", verdict="right")
    )
    assert not box.check.isVisible()
    assert box.feedback.isVisible()


def test_a_detour_offers_two_ways_on(qtbot: QtBot) -> None:
    """Back to the lesson, or go on exploring; while exploring only the way back is left."""
    box = BannerBox(STYLE)
    _shown(qtbot, box)
    box.restyle(STYLE)
    box.show_banner(Banner("Off the road", ("You did: drop #1",), can_explore=True))
    assert box.back.isVisible()
    assert box.explore.isVisible()
    box.show_banner(Banner("Exploring", (), can_explore=False))
    assert not box.explore.isVisible()
    box.show_banner(None)
    assert not box.isVisible()


# --- buttons and keys ---


def test_a_click_does_not_take_the_focus(qtbot: QtBot) -> None:
    """Else the next Space would press the button again instead of playing."""
    button = Button()
    _shown(qtbot, button)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_button_reached_with_tab_answers_space_and_enter(qtbot: QtBot, key: Qt.Key) -> None:
    """Whoever has no mouse presses it like any button."""
    button = Button()
    _shown(qtbot, button)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, key)


# --- the canvas ---


def _two_squares() -> Picture:
    marks = (Rect(10, 10, 40, 40, fill=Ink("a"), id="state:A"), Rect(100, 10, 40, 40, fill=Ink("b"), id="state:B"))
    return Picture(200, 60, (Layer("moving", 0, marks),), titles=(("state:A", "the first"), ("state:B", "the second")))


def test_a_canvas_says_what_was_clicked_and_hovered(qtbot: QtBot) -> None:
    """Ids go out as the picture named them; beside the marks it is the empty id."""
    canvas = Canvas(STYLE)
    canvas.show_picture(_two_squares())
    _shown(qtbot, canvas, 200, 60)
    said: list[str] = []
    canvas.clicked.connect(said.append)
    for place in (QPoint(30, 30), QPoint(120, 30), QPoint(75, 30)):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    assert said == ["state:A", "state:B", ""]


def test_a_canvas_can_be_walked_with_the_keyboard(qtbot: QtBot) -> None:
    """Down goes through everything that has a title, around and around; no mark is for the mouse only."""
    canvas = Canvas(STYLE)
    canvas.show_picture(_two_squares())
    _shown(qtbot, canvas, 200, 60)
    said: list[str] = []
    canvas.clicked.connect(said.append)
    canvas.setFocus()
    for _ in range(3):
        qtbot.keyClick(canvas, Qt.Key.Key_Down)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    assert said == ["state:A", "state:B", "state:A", "state:B"]


# --- colours ---


@pytest.mark.parametrize("name", list(themes()))
def test_the_style_sheet_knows_every_role_it_uses(name: str) -> None:
    """A role that is not in the tokens would be a fault at start: here first."""
    text = sheet(Style(name))
    assert "%(" not in text
    assert palette(themes()[name]).window().color().name().upper() == themes()[name].colour("bg")


def test_variables_are_read_out_by_host(qtbot: QtBot) -> None:
    """A screen reader hears the table as sentences; an empty cell is a dash."""
    table = VariablesTable(STYLE)
    _shown(qtbot, table, 300, 100)
    hosts = (HostColumn("A", "a", "client"), HostColumn("B", "b", "server"))
    table.show_rows(STYLE, Variables(hosts, (("SND.UNA", ("1", "")),)))
    table.grab()
    assert table.accessibleDescription() == "client: SND.UNA 1. server: SND.UNA —."
