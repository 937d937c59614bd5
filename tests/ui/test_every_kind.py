"""Every kind of bet and question on the card: by keys alone and with the mouse, and the ways beside the lesson."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.ui.flaws import flaws_of
from tests.ui.stage import place_of, press
from tutor.teach import betting, intents, quiz
from tutor.teach.quiz import Given
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start
from tutor.teach.stage import scenario_of
from tutor.teach.visiting import home_of
from tutor.ui.conductor import Conductor

LESSON = Path(__file__).parents[1] / "teach" / "data" / "every_kind.yaml"


def begun(**changes: object) -> Session:
    """The lesson with every kind, at its beginning."""
    lesson = load_lesson(LESSON)
    return replace(start(lesson, scenario_of(lesson)), **changes)  # type: ignore[arg-type]


def settle() -> None:
    """Let layouts come to rest."""
    for _ in range(8):
        QApplication.processEvents()


def right(session: Session) -> Given:
    """What somebody gives who is right."""
    scene = betting.scene(session, session.beat)
    assert session.ask is not None
    assert scene is not None
    return quiz.right_given(session.ask, quiz.answer(session.ask, scene))


def hand_in(conductor: Conductor, given: Given | None = None) -> None:
    """Answer what is asked, by keys alone."""
    session = conductor.session
    assert session.ask is not None
    given = given or right(session)
    if session.ask.kind == "attack":
        conductor.send(intents.Solved(given.text))
        return
    if session.ask.kind == "explain":
        press(conductor, "Return", "Ctrl+Return")
    if session.ask.is_typed:
        first, rest = given.text[0], given.text[1:]
        press(conductor, first)
        QTest.keyClicks(QApplication.focusWidget(), rest)
    press(conductor, *(str(pick + 1) for pick in given.picks), "Return")


def to(conductor: Conductor, name: str) -> None:
    """Go on by keys until this beat or check asks."""
    for _ in range(60):
        session = conductor.session
        if session.is_asking and session.current.id == name:
            return
        if session.is_asking:
            hand_in(conductor)
        else:
            conductor.pause()
            press(conductor, "PgDown")
            conductor.pause()
    raise AssertionError(f"{name} never asks")


def test_the_whole_lesson_by_keys_alone(show) -> None:
    """Every kind answered rightly, what one may have read, the checks, the look back, and home again."""
    conductor = show(begun())
    seen = []
    for name in ("begin", "typed", "tables", "mend", "ideas", "attack", "lost", "why"):
        to(conductor, name)
        hand_in(conductor)
        seen.append(conductor.session.verdict.is_right)
    assert all(seen)
    press(conductor, "PgDown")
    card = conductor.window.lesson
    assert conductor.session.aside.kind == "closing"
    assert "6 of 6" in card.words.plain()
    assert "2 of 2" in card.words.plain()
    assert {step.status for step in card.rail.steps} == {"done"}
    press(conductor, "Backspace")
    assert conductor.session.aside is None


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", ["begin", "typed", "tables", "mend", "ideas", "lost", "why"])
def test_every_kind_answered_wrongly_is_told_so(show, name: str) -> None:
    """What was given is marked, something is said to it, and one can go on."""
    conductor = show(begun())
    to(conductor, name)
    good = right(conductor.session)
    wrong = {
        "begin": Given(tuple(reversed(good.picks))), "typed": Given(text="100ms"), "ideas": Given(good.picks[:1]),
        "why": Given((0,)),
    }.get(name, Given((1 - good.picks[0],) if good.picks else ()))  # fmt: skip
    hand_in(conductor, wrong)
    card = conductor.window.lesson
    settle()
    assert not conductor.session.verdict.is_right
    assert card.ask.feedback.isVisible()
    assert card.ask.said.plain()
    marks = {row.choice.mark for row in card.ask.choices.rows if row.isVisible()}
    assert marks & {"wrong", "missed", "right"}


def test_a_time_is_typed_into_its_field(show, qtbot) -> None:
    """The first digit opens the field, letters go into it and are no commands; Enter checks."""
    conductor = show(begun())
    to(conductor, "typed")
    field = conductor.window.lesson.ask.field
    assert not conductor.window.lesson.ask.check.isEnabled()
    press(conductor, "5")
    assert field.hasFocus()
    qtbot.keyClicks(field, "0ms")
    assert conductor.session.given.text == "50ms"
    press(conductor, "Return")
    assert conductor.session.verdict.is_right
    assert not field.isVisible()
    assert conductor.window.lesson.ask.how.plain() == "You wrote: 50ms"


def test_why_a_wrong_answer_is_wrong_is_played_and_left(show) -> None:
    """Z begins another run that plays; what was done is told; Backspace leads back; undo does not lose the answer."""
    conductor = show(begun())
    to(conductor, "typed")
    hand_in(conductor, Given(text="100ms"))
    before = conductor.session
    card = conductor.window.lesson
    assert card.ask.why.isVisible()
    place = next(i for i, option in enumerate(before.ask.options) if option.plays is not None)
    assert [play.isVisible() for play in card.ask.choices.plays[:2]] == [place == 0, place == 1]
    press(conductor, "Z")
    assert conductor.session.aside.kind == "why"
    assert conductor.session.is_playing
    assert "delayed by 50ms" in card.banner.words.plain()
    assert card.back.isVisible()
    press(conductor, "Backspace")
    assert (conductor.session.playhead, conductor.session.answers) == (before.playhead, before.answers)
    card.ask.choices.plays[place].click()
    assert conductor.session.aside.place == place
    press(conductor, "Ctrl+Z")
    assert home_of(conductor.session).answers == before.answers


def test_with_less_motion_a_visit_stands_where_there_is_something_to_see(show) -> None:
    """Nothing plays by itself."""
    conductor = show(begun(motion="reduced"))
    to(conductor, "typed")
    hand_in(conductor, Given(text="100ms"))
    press(conductor, "Z")
    assert not conductor.session.is_playing
    assert conductor.session.playhead == conductor.session.moments[0].at


@pytest.mark.ci
def test_a_state_of_the_diagram_is_an_answer(show, qtbot) -> None:
    """A click ticks it; a state that is not offered is said to be none."""
    conductor = show(begun())
    to(conductor, "lost")
    canvas = conductor.window.diagram.canvas
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place_of(canvas, "state:LISTEN"))
    assert conductor.session.given.picks == ()
    assert "LISTEN" in conductor.window.notice.text()
    conductor.click("state:ESTABLISHED")
    assert conductor.session.given.picks == (0,)


@pytest.mark.ci
def test_the_end_of_the_clock_takes_nothing_away(show, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is up: it is said, the words are there, the points can be ticked."""
    conductor = show(begun())
    to(conductor, "why")
    box = conductor.window.lesson.ask.explain
    press(conductor, "Return")
    assert box.is_running
    box.sheet.setPlainText("Because of old segments.")
    monkeypatch.setattr(type(box), "left", lambda _box: 0)
    box._look()
    assert conductor.session.given.is_told
    assert conductor.session.given.text == "Because of old segments."
    assert conductor.window.notice.text() == "Time is up. Tick what you have said."
    assert conductor.window.lesson.ask.choices.rows[0].isVisible()


@pytest.mark.ci
def test_something_is_done_by_hand_shown_and_compared(show) -> None:
    """Show me does it; C lays both futures side by side, and the card says what that shows."""
    conductor = show(begun())
    to(conductor, "attack")
    hand_in(conductor)
    card = conductor.window.lesson
    assert "Your turn" in card.touch.words.plain()
    card.touch.show_it.click()
    assert card.touch.compare.isVisible()
    card.touch.compare.click()
    assert "It was sent 2 times." in card.touch.words.plain()


def test_the_rail_leads_beside_the_lesson_once_every_bet_is_answered(show, qtbot) -> None:
    """Before that a click opens the list, in which what comes later cannot be chosen."""
    conductor = show(begun())
    rail = conductor.window.lesson.rail
    last = len(rail.steps) - 1
    spot = QPoint(round(rail.place_of(last).center().x()), rail.height() // 2)
    qtbot.mouseClick(rail, Qt.MouseButton.LeftButton, pos=spot)
    (menu,) = (each for each in conductor.window.findChildren(QMenu) if each.isVisible())
    assert [action.isEnabled() for action in menu.actions() if action.text()][-3:] == [False] * 3
    menu.close()
    assert conductor.session.aside is None
    to(conductor, "attack")
    hand_in(conductor)
    settle()
    qtbot.mouseClick(rail, Qt.MouseButton.LeftButton, pos=spot)
    assert (conductor.session.aside.kind, conductor.session.aside.place) == ("check", 1)


@pytest.mark.sampled(15)
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)], ids=["small", "large"])
@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("zh", "dark")])
def test_no_card_has_a_flaw(show, size: tuple[int, int], lang: str, theme: str) -> None:
    """Every kind open and answered: nothing on the card is cut, covered or too small."""
    conductor = show(begun(lang=lang, theme=theme), *size)
    found = []
    for name in ("begin", "typed", "tables", "mend", "ideas", "attack", "lost", "why"):
        to(conductor, name)
        settle()
        found += [f"{name}: {flaw}" for flaw in flaws_of(conductor.window.lesson)]
        hand_in(conductor)
        settle()
        found += [f"{name} answered: {flaw}" for flaw in flaws_of(conductor.window.lesson)]
    assert not found
