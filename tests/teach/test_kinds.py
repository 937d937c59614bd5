"""Every kind of bet and question, answered rightly and wrongly; the runs beside the lesson; what the linter refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.teach.conftest import do
from tutor.explore.parts import Budget
from tutor.teach import betting, card, network, quiz
from tutor.teach.check import check_lesson
from tutor.teach.intents import (
    BackToLesson,
    CheckBet,
    Choose,
    Drop,
    GoExploring,
    NextBeat,
    See,
    Seek,
    ShowWhy,
    Solved,
    TakeCheck,
    Write,
)
from tutor.teach.judge import is_move
from tutor.teach.puzzles import Puzzle
from tutor.teach.quiz import Given
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start
from tutor.teach.stage import scenario_of
from tutor.words import Words
from tutor.world.records import Sent

LESSON = Path(__file__).parent / "data" / "every_kind.yaml"


@pytest.fixture(scope="module")
def opened() -> Session:
    """The lesson, at its beginning."""
    lesson = load_lesson(LESSON)
    return start(lesson, scenario_of(lesson))


def right(session: Session) -> Given:
    """What somebody gives who is right."""
    scene = betting.scene(session, session.beat)
    assert session.ask is not None
    assert scene is not None
    return quiz.right_given(session.ask, quiz.answer(session.ask, scene))


def at(session: Session, beat: str) -> Session:
    """The session at a beat, everything before it answered rightly."""
    while session.lesson.beats[session.beat].id != beat or not session.is_asking:
        if session.is_held:
            session = betting.hand_in(session, right(session))
        session = do(session, NextBeat())
    return session


def test_the_lesson_is_sound() -> None:
    """Every claim in it is the engine's."""
    assert check_lesson(LESSON) == ()


def places(session: Session) -> dict[str, int]:
    """Where each answer of what is asked stands, by its value."""
    return {option.value: place for place, option in enumerate(session.ask.options)}


def test_an_order_is_built_one_by_one(opened: Session) -> None:
    """Half an order is no answer; the first that is out of place is what is spoken of; taking back is picking again."""
    begin = at(opened, "begin")
    shown = [option.text.en for option in begin.ask.options]
    assert shown != ["The SYN arrives.", "The client is open.", "The server is open."], "it is not shown solved"
    order = {text: index for index, text in enumerate(shown)}
    first, second, third = (order[text] for text in ("The SYN arrives.", "The client is open.", "The server is open."))
    half = do(begin, Choose(first), Choose(third))
    assert do(half, CheckBet()).notice.id == "order-all"
    assert do(half, Choose(third)).given.picks == (first,)
    wrong = do(half, Choose(second), CheckBet())
    assert not wrong.verdict.is_right
    assert card.card(wrong).ask.feedback == "The client is open first."
    assert do(begin, Choose(first), Choose(second), Choose(third), CheckBet()).verdict.is_right


@pytest.mark.parametrize(
    ("text", "is_right", "said"),
    [
        ("50ms", True, "Yes, one way."),
        ("0.053 s", True, "Yes, one way."),
        ("100ms", False, "Nothing has to come back."),
        ("95 ms", False, "Nothing has to come back."),
    ],
)
def test_a_time_is_typed(opened: Session, text: str, *, is_right: bool, said: str) -> None:
    """Within the tolerance it is right; beyond it the nearest common error answers."""
    session = do(at(opened, "typed"), Write(text), CheckBet())
    assert session.verdict.is_right is is_right
    assert card.card(session).ask.feedback == said


def test_what_is_no_time_is_refused(opened: Session) -> None:
    """It is not graded as wrong."""
    session = do(at(opened, "typed"), Write("soon"), CheckBet())
    assert session.verdict is None
    assert session.notice.id == "not-a-time"


def test_a_table_is_what_ss_prints(opened: Session) -> None:
    """The right one is of the run's future, the other of another run; both are printed by the engine."""
    session = at(opened, "tables")
    tables = [option.label for option in card.card(session).ask.options]
    (good,), (bad,) = (
        [i for i, shown in enumerate(tables) if ("CLOSE-WAIT" in shown) is is_so] for is_so in (True, False)
    )
    assert do(session, Choose(good), CheckBet()).verdict.is_right
    assert not do(session, Choose(bad), CheckBet()).verdict.is_right


def test_what_mends_it_is_tried(opened: Session) -> None:
    """Each option is done in a run of its own."""
    session = at(opened, "mend")
    good, bad = (places(session)[value] for value in ("program client 3 replace abort", "set client.tcp_fin_timeout 5"))
    assert do(session, Choose(good), CheckBet()).verdict.is_right
    wrong = do(session, Choose(bad), CheckBet())
    assert not wrong.verdict.is_right
    assert wrong.verdict.right == (good,)


def test_all_that_are_right_are_wanted(opened: Session) -> None:
    """One too few is wrong, and so is one too many."""
    session = at(opened, "ideas")
    first, second, third = (places(session)[value] for value in "abc")
    assert do(session, Choose(second), Choose(first), CheckBet()).verdict.is_right
    few, more = do(session, Choose(first), CheckBet()), do(session, *(Choose(i) for i in range(3)), CheckBet())
    assert not few.verdict.is_right
    marks = [option.mark for option in card.card(few).ask.options]
    assert [marks[place] for place in (first, second, third)] == ["right", "missed", ""]
    assert not more.verdict.is_right


def test_an_attack_is_carried_out_elsewhere(opened: Session) -> None:
    """Nothing can be handed in here; what the network's page says counts."""
    session = at(opened, "attack")
    assert do(session, CheckBet()).notice.id == "attack-first"
    assert do(session, Solved("oldB loseA")).verdict.is_right


def test_a_move_of_a_solution_may_name_its_segment() -> None:
    """Several old segments may be delivered to one side: the old data are meant, not the old SYN."""
    game = network.begin(Puzzle("fixed-isn", "own-bytes", Budget(held=1)))
    deeds = game.here.deeds
    assert len([deed for deed in deeds if is_move("oldB", deed)]) > 1
    (found,) = [deed for deed in deeds if is_move("oldB:data", deed)]
    assert found.what.segment.length > 0
    assert not [deed for deed in deeds if is_move("oldB:FIN", deed) or is_move("oldA:data", deed)]
    assert [deed for deed in deeds if is_move("connectA", deed)]
    assert not [deed for deed in deeds if is_move("connectA:SYN", deed)]


def test_an_explanation_is_told_before_its_points_are_seen(opened: Session) -> None:
    """Then it is ticked what was said; what was missed can be played."""
    session = do(do(opened, NextBeat()), TakeCheck(1))
    seen = card.card(session).ask
    assert (seen.options, seen.seconds) == ((), 60)
    assert do(session, Choose(0)).notice.id == "explain-first"
    told = do(session, Write("Because.", is_told=True), Choose(0), CheckBet())
    view = card.card(told).ask
    assert not view.is_open
    assert [option.mark for option in view.options] == ["right", "missed"]
    shown = do(told, ShowWhy(1))
    assert shown.aside.kind == "why"


def test_a_wrong_answer_is_shown_by_a_run_of_its_own(opened: Session) -> None:
    """It is another run, it stops where there is something to see, and going back finds the lesson as it was."""
    wrong = do(at(opened, "typed"), Write("100ms"), CheckBet())
    shown = do(wrong, ShowWhy(card.card(wrong).ask.plays))
    assert shown.aside.kind == "why"
    assert shown.trace is not wrong.trace
    assert shown.moments[0].at == 200_000, "the ACK took as long again as it should"
    assert card.card(shown).words == "Nothing has to come back."
    home = do(shown, BackToLesson())
    assert home.aside is None
    assert (home.playhead, home.branch, home.answers) == (wrong.playhead, wrong.branch, wrong.answers)


def test_what_one_may_have_read_and_then_the_checks(opened: Session) -> None:
    """After the last beat "go on" leads through them and back; the answers of checks count for the lesson."""
    session = opened
    for beat in ("begin", "typed", "tables", "mend", "ideas", "attack"):
        session = at(session, beat)
        session = betting.hand_in(session, right(session))
    read = do(session, NextBeat())
    assert card.card(read).words == "It was sent 2 times, the first two 1 s apart."
    seen = do(read, NextBeat())
    assert seen.playhead == seen.moments[0].at, "first it is looked at"
    check = do(seen, NextBeat())
    assert check.aside.kind == "check"
    assert check.is_held, "its future is hidden"
    assert check.visible_end == check.playhead
    done = do(betting.hand_in(check, right(check)), NextBeat())
    assert done.aside.place == 1
    closing = do(done, NextBeat())
    assert closing.aside.kind == "closing"
    home = do(closing, NextBeat())
    assert home.aside is None
    assert home.was_read == {0}
    assert [answer.beat for answer in home.answers][-1] == "lost"


def test_something_is_to_be_done_and_compared(opened: Session) -> None:
    """Done, seen to happen, laid side by side: then it is told what the comparison shows."""
    session = do(at(opened, "attack"), Solved("oldB loseA"))
    assert card.card(session).touch.stage == card.TODO
    acks = [
        record.flight for _, record in session.trace.records(0)
        if isinstance(record, Sent) and record.host == "client" and not record.flight.segment.seq_length
    ]  # fmt: skip
    touched = do(session, Drop(acks[-1].id), GoExploring(), Seek(session.trace.until))
    assert card.card(touched).touch.stage == card.MADE
    compared = do(touched, See("beside", touched.road))
    assert card.card(compared).touch == card.TouchView(card.COMPARED, "It was sent 2 times.")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("value: link.rtt", "value: link.delay + 4ms", "more than one option is right"),
        ('"delay client:ACK 50ms"', '"delay client:ACK 60ms"', ""),
        ("answer: program client 3 replace abort", "answer: set client.tcp_fin_timeout 5", "engine computes another"),
        ("never: client enters TIME-WAIT", "never: client enters LISTEN", "nothing is broken"),
        ("solution: [oldB, loseA]", "solution: [oldB]", "these moves do not break it"),
        ("solution: [oldB, loseA]", "solution: [loseB]", "this move cannot be made there"),
        ("solution: [oldB, loseA]", "solution: [loseB]", "oldB:SYN, oldA:SYN,ACK, oldB:data"),
        ("solution: [oldB, loseA]", "solution: []", "oldB:SYN loseA:SYN,ACK"),
        ("solution: [oldB, loseA]", "solution: []", "it can be done"),
        ('solution: ["drop client:ACK"]', 'solution: ["drop client:SYN:9"]', "this never happens in the run"),
        ("wants: server sends FIN 2", "wants: server sends FIN", "nothing to compare"),
        ("watch: client sends SYN 2}\nhosts", "watch: client sends SYN 9}\nhosts", "this never happens in the run"),
        ('acts: ["drop server:SYN,ACK"]', "acts: [crash server]", "another answer"),
        ("{value: closing}", "{value: open}", "not one of the options"),
    ],
)  # fmt: skip
def test_the_linter_believes_nothing(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    """One claim changed, and the engine says otherwise."""
    text = LESSON.read_text(encoding="utf-8")
    assert text.count(old) == 1
    spoilt = tmp_path / "spoilt.yaml"
    spoilt.write_text(text.replace(old, new), encoding="utf-8")
    found = [error.text(Words("en")) for error in check_lesson(spoilt)]
    assert any(complaint in what for what in found) if complaint else found == []
