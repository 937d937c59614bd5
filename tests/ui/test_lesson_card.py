"""The lesson card: what is asked, what is said to the answer, and the way on are in sight at every size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.ui.stage import CLOSE, press, session
from tutor.teach import intents
from tutor.teach.card import AskView, OptionView
from tutor.ui.button import Button
from tutor.ui.card_parts import ButtonRow, Shade
from tutor.ui.card_rows import ask_row, tabled
from tutor.ui.conductor import Conductor
from tutor.ui.library import TOUR
from tutor.ui.style import Style
from tutor.words import Words

SIZES = [(1920, 1080), (1440, 900), (1280, 720)]

at_every_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
in_both = pytest.mark.parametrize("lang", ["en", "zh"])


def _settle() -> None:
    for _ in range(8):  # layouts inside layouts inside scroll areas settle in a few rounds
        QApplication.processEvents()


def _is_whole(widget: QWidget) -> bool:
    """Is all of a widget to be seen, with nothing of it scrolled away or cut?"""
    return widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()


def _comes(widget: QWidget) -> bool:
    """Is all of a widget to be seen soon? A verdict waits for the disk, and then for the layout."""
    for _ in range(100):
        QTest.qWait(30)
        _settle()
        if _is_whole(widget):
            return True
    return False


def _on_card(conductor: Conductor, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(conductor.window.lesson, widget.rect().topLeft()), widget.size())


@pytest.mark.sampled(10)
@at_every_size
@in_both
def test_a_bet_its_verdict_and_the_way_on_are_in_sight(show, size: tuple[int, int], lang: str) -> None:
    """The prompt, each answer and Check; then the verdict with what is said to it, and Continue; words stay above."""
    conductor = show(session(CLOSE, lang=lang), *size)
    card = conductor.window.lesson
    for _ in range(3):
        conductor.send(intents.End())
        _settle()
        shown = [row for row in card.ask.choices.rows if row.isVisible()]
        assert len(shown) == len(conductor.session.ask.options)
        assert all(_is_whole(part) for part in (card.ask.prompt, *shown, card.ask.check))
        assert card.scroll.height() >= min(60, card.column.height()), "hardly a word of the step is in sight"
        press(conductor, "1", "Return")
        assert _comes(card.ask.feedback)
        assert _is_whole(card.go_on)
        assert not _on_card(conductor, card.scroll).intersects(_on_card(conductor, card.asks))


@pytest.mark.sampled(8)
@at_every_size
@in_both
def test_after_a_detour_the_question_is_in_sight(show, size: tuple[int, int], lang: str) -> None:
    """D on the SYN, as the tour asks: the banner is there, and so is the question; once answered, the verdict."""
    conductor = show(session(lang=lang), *size)
    conductor.command("tour")
    assert conductor.session.lesson.id == TOUR
    conductor.send(intents.NextBeat())
    press(conductor, "D", "End")
    _settle()
    card = conductor.window.lesson
    assert card.banner.isVisible()
    assert all(_is_whole(part) for part in (card.ask.prompt, *card.ask.choices.rows, card.ask.check))
    assert _is_whole(card.banner.back)
    assert card.banner.height() <= card.height() // 3
    press(conductor, "2", "Return")
    assert _comes(card.ask.feedback)
    assert _is_whole(card.go_on)


@pytest.mark.sampled(6)
@at_every_size
@in_both
def test_in_the_laboratory_the_variables_give_way_to_the_words(show, size: tuple[int, int], lang: str) -> None:
    """They have a panel of their own; the words are read to their end without scrolling."""
    conductor = show(session(lang=lang), *size)
    conductor.command("laboratory")
    press(conductor, "Right", "Right")
    _settle()
    card = conductor.window.lesson
    assert card.scroll.verticalScrollBar().maximum() == 0 or not card.variables.isVisible()
    assert _is_whole(card.words) or not card.variables.isVisible()
    assert size[0] < 1440 or _is_whole(card.words)


def test_where_words_leave_room_the_variables_stand_on_the_card(show) -> None:
    """A short step in a high window shows them, and the rule at the foot."""
    conductor = show(session(CLOSE), 1920, 1300)
    _settle()
    card = conductor.window.lesson
    assert card.variables.isVisible()
    assert all(_is_whole(part) for part in (card.words, card.variables))


def test_a_check_has_no_title_and_no_line_in_its_place(show) -> None:
    """Bold of nothing would be four stars, which Markdown draws as a line across the card."""
    conductor = show(session("01-three-way-handshake"), 1280, 720)
    card = conductor.window.lesson
    assert card.title.isVisible()
    conductor.send(intents.TakeCheck(0))
    _settle()
    assert not card.title.isVisible()
    assert _is_whole(card.words)
    conductor.send(intents.BackToLesson())
    _settle()
    assert card.title.isVisible()


def test_what_was_done_for_a_check_is_told_with_its_answer(show) -> None:
    """Before, its own words say what there is to know: the list above them may give the answer away."""
    conductor = show(session("17-close-wait-leak"), 1280, 720)
    conductor.send(intents.TakeCheck(0))
    _settle()
    card = conductor.window.lesson
    assert not card.banner.isVisible()
    assert _is_whole(card.words)
    press(conductor, "1", "Return")
    _settle()
    assert card.banner.isVisible()
    assert "cut link" in card.banner.words.markdown


def test_a_table_that_is_told_in_words_is_shown_as_words() -> None:
    """What ss printed stands in columns, without its long head; an author's words for a table stay as they are."""
    printed = "State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nLISTEN 0 8 0.0.0.0:80 0.0.0.0:*"
    options = (OptionView(printed), OptionView("LISTEN 2, and ESTAB"))
    asked = AskView("Which?", options, is_bet=True, is_open=True, kind="table")
    shown, told = ask_row(asked, Words("en")).choices
    assert shown.is_table
    assert shown.text.split("\n")[0].split() == ["State", "Recv-Q", "Send-Q", "Local"]
    assert not told.is_table
    assert told.text == "LISTEN 2, and ESTAB"


LINE = "{state} {recv} 0 192.0.2.17:{port} {peer}"


def test_tables_leave_out_the_peer_that_tells_none_from_another() -> None:
    """The columns of all tables are alike; a peer that is the same everywhere is not written, another one is."""
    head = "State      Recv-Q  Send-Q  Local Address:Port  Peer Address:Port"
    one, two, three = (
        f"{head}\n" + LINE.format(state=state, recv=recv, port=port, peer=peer)
        for state, recv, port, peer in (
            ("ESTAB", 0, 40000, "203.0.113.17:80"),
            ("CLOSE-WAIT", 1, 40002, "203.0.113.17:80"),
            ("ESTAB", 0, 40002, "203.0.113.18:80"),
        )
    )
    assert tabled([one, two, "No socket at all."]) == [
        "State      Recv-Q Send-Q Local\nESTAB      0      0      192.0.2.17:40000",
        "State      Recv-Q Send-Q Local\nCLOSE-WAIT 1      0      192.0.2.17:40002",
        "No socket at all.",
    ]
    assert all("203.0.113" in table for table in tabled([one, three]))
    assert tabled([one, f"{head}\nsomething else"]) == [one, f"{head}\nsomething else"]
    assert tabled(["Only LISTEN is left", "No socket at all."]) == ["Only LISTEN is left", "No socket at all."]


def test_a_button_with_a_long_name_gives_way_and_is_spoken_whole(show) -> None:
    """The way to the next lesson: its title ends in dots where the card is narrow, and is whole where there is room."""
    show(session(CLOSE))
    style = Style()
    long = "Next lesson: Retransmission and RTO: how long is patience?"
    row = ButtonRow(Button("primary"))
    button = row.findChild(Button)
    button.restyle(style, long)
    row.restyle(style)
    row.fit(220)
    assert button.text().startswith("Next lesson") and button.text().endswith("…")
    assert button.sizeHint().width() <= 220 and button.accessibleName() == button.toolTip() == long
    row.fit(1000)
    assert button.text() == long and not button.toolTip()


def test_an_edge_with_more_behind_it_fades(show) -> None:
    """A line that would be cut in two fades into the card; at the end of what there is, nothing fades."""
    conductor = show(session("17-close-wait-leak"), 1280, 720)
    conductor.send(intents.TakeCheck(0))
    press(conductor, "1", "Return")
    _settle()
    fold = conductor.window.lesson.scroll
    top, bottom = fold.findChildren(Shade)
    bar = fold.verticalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(0)
    assert (top.isVisible(), bottom.isVisible()) == (False, True)
    bar.setValue(bar.maximum())
    assert (top.isVisible(), bottom.isVisible()) == (True, False)
    assert bottom.geometry().bottom() <= fold.viewport().geometry().bottom()


def test_what_another_run_does_stands_behind_the_words_for_it(show) -> None:
    """What one may have read comes first; what was done by hand is told before everything else."""
    conductor = show(session("17-close-wait-leak"), 1280, 720)
    card = conductor.window.lesson
    conductor.send(intents.TakeCheck(0))
    press(conductor, "1", "Return")
    _settle()
    assert card.banner.geometry().top() >= card.words.geometry().bottom()
    conductor.send(intents.BackToLesson())
    conductor.send(intents.ActNow("cut link"))
    _settle()
    assert card.banner.geometry().top() < card.title.geometry().top()


def test_the_list_of_steps_leads_nowhere_once_another_lesson_is_open(show) -> None:
    """It still hangs there while a lesson is dropped on the window: its last entry is a step that is not any more."""
    conductor = show(session(CLOSE))
    conductor.window.command("contents")
    menu = next(each for each in conductor.window.findChildren(QMenu) if each.isVisible())
    last = [entry for entry in menu.actions() if not entry.isSeparator()]
    conductor.open_lesson("01-three-way-handshake")
    before = conductor.session
    for entry in last:
        entry.trigger()
    assert conductor.session is before
    menu.close()
