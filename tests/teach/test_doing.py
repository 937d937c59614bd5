"""What a beat does: at once or after a while, one after the other, on every branch where it lies ahead."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lessons.conftest import SOUND, Spoil, spoil  # noqa: F401  a fixture
from tutor.teach import intents
from tutor.teach.doing import parse_doing
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start, update
from tutor.teach.stage import scenario_of
from tutor.world.acts import ActError
from tutor.world.records import HandActs

OPEN = "    title: It is open\n"
BET = SOUND[SOUND.index("    bet:") : SOUND.index("  - id: open")]
PLAIN = SOUND.replace(BET, "")


def acted(session: Session) -> list[tuple[int, str]]:
    """(when, what) of every hand's act on the branch on screen."""
    return [(step.at, step.cause.act) for step in session.trace.steps if isinstance(step.cause, HandActs)]


def begun(text: str, folder: Path) -> Session:
    """The session of a lesson's text."""
    path = folder / "lesson.yaml"
    path.write_text(text, encoding="utf-8")
    lesson = load_lesson(path)
    return start(lesson, scenario_of(lesson))


def test_an_act_has_a_line_with_or_without_a_wait() -> None:
    """Reading and printing are inverse; a wait of nothing lets the instant pass first."""
    for text in ("drop client:SYN", "after 50ms cut link", "after 0 client write 10", "after 1.5s crash server"):
        assert str(parse_doing(text)) == text
    assert parse_doing("after 1 min 30 s cut link").after == 90_000_000


def test_a_fault_counts_its_column_in_the_whole_line() -> None:
    """So that an editor can jump to the word."""
    with pytest.raises(ActError) as caught:
        parse_doing("after 50ms drpo client:SYN")
    assert (caught.value.column, caught.value.found, caught.value.nearest) == (12, "drpo", "drop")
    with pytest.raises(ActError) as caught:
        parse_doing("after soon cut link")
    assert caught.value.column == 7


def test_an_act_that_waits_is_done_that_much_later(tmp_path: Path) -> None:
    """A quarter of a second after the connection is open the cable is cut."""
    session = begun(PLAIN.replace(OPEN, OPEN + "    act: after 250ms cut link\n"), tmp_path)
    assert acted(session) == [(350_000, "cut link")]


def test_a_learner_who_forks_before_it_meets_it_still(tmp_path: Path) -> None:
    """Its beat has fired, its time has not come: it is done on the learner's branch as well, and only once."""
    session = begun(PLAIN.replace(OPEN, OPEN + "    act: after 250ms cut link\n"), tmp_path)
    opened = session.moments[1]
    assert opened is not None
    forked = update(update(session, intents.Seek(opened.at + 1)), intents.ActNow("wait 1ms"))
    assert acted(forked) == [(opened.at + 1, "wait 1ms"), (350_000, "cut link")]
    later = update(update(forked, intents.GoExploring()), intents.Seek(400_000))
    assert acted(update(later, intents.ActNow("mend link")))[-2:] == [(350_000, "cut link"), (350_000, "mend link")]


def test_two_beats_may_act_on_one_event(tmp_path: Path) -> None:
    """In the order in which they are written."""
    second = "  - id: too\n    cue: client enters ESTABLISHED\n    title: Again\n    words: More.\n    act: wait 2ms\n"
    session = begun(PLAIN.replace(OPEN, OPEN + "    act: wait 1ms\n") + second, tmp_path)
    assert [act for _, act in acted(session)] == ["wait 1ms", "wait 2ms"]


# --- what the linter says ---


def test_a_state_that_the_engine_does_not_have_is_named_with_its_place(spoil: Spoil) -> None:  # noqa: F811
    """Asserted states are held against the run, right after the event of the beat."""
    states = "    states: {client: ESTABLISHED, server: SYN-RCVD}\n"
    assert spoil((OPEN, OPEN + states)) == []
    said = spoil((OPEN, OPEN + states.replace("SYN-RCVD", "ESTABLISHED")))
    what = "beats › open › states › server: the engine has server in SYN-RECEIVED then (ESTABLISHED)"
    assert said == [f"39:43 {what}"]


def test_a_state_or_a_host_that_does_not_exist(spoil: Spoil) -> None:  # noqa: F811
    """Both are faults of vocabulary, with what was perhaps meant."""
    said = spoil((OPEN, OPEN + "    states: {clint: ESTABLISHED, server: OPEN}\n"))
    assert said == [
        "39:14 beats › open › states: there is no such host (clint)",
        "39:42 beats › open › states › server: this is not a state (OPEN)",
    ]


def test_an_act_after_the_end_of_the_run(spoil: Spoil) -> None:  # noqa: F811
    """It would never be done."""
    said = spoil(("link:\n", "until: 1s\nlink:\n"), (OPEN, OPEN + "    act: after 2s cut link\n"))
    assert said == ["40:10 beats › open › act: the run is over before this can be done (after 2s cut link)"]


def test_after_a_crash_a_host_is_in_closed(spoil: Spoil) -> None:  # noqa: F811
    """Nothing is left of its records, whatever state they were in."""
    more = "  - id: gone\n    cue: server crashes\n    title: Gone\n    words: Nothing.\n    states: {server: CLOSED}\n"
    assert (
        spoil(
            (OPEN, OPEN + "    act: crash server\n"),
            ("    words: After {time}.\n", "    words: After {time}.\n" + more),
        )
        == []
    )
