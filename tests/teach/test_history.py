"""Stories of undo: everything goes back step by step, but nothing that was learned, and no branch is lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tutor.teach.history_words import redo_text, said, undo_text
from tutor.teach.intents import (
    ActNow,
    Arrange,
    BackToLesson,
    Corrupt,
    Delay,
    DeleteBranch,
    Drop,
    Duplicate,
    EditProgram,
    End,
    Faster,
    GoExploring,
    Home,
    Intent,
    NextBranch,
    OpenLesson,
    Pause,
    Play,
    PreviousBranch,
    Redo,
    See,
    Seek,
    SetLanguage,
    SetMotion,
    SetParameter,
    SetSpeed,
    SetTextScale,
    SetTheme,
    StepBack,
    StepForward,
    Swap,
    SwitchBranch,
    TakeMeThere,
    Tick,
    ToggleFold,
    Undo,
    WhatIf,
)  # fmt: skip
from tutor.teach.session import Session
from tutor.teach.sight import NAMES
from tutor.teach.stage import scenario_of
from tutor.words import Words
from tutor.world.time import MS

from .conftest import CLOSE, at_ms, do
from .test_branches import free


def test_undo_goes_back_step_by_step(handshake: Session) -> None:
    """Deeds, moves in time and looks, one after the other, as they were done."""
    start = free(handshake)
    session = do(start, Drop(1), GoExploring(), Seek(5 * MS), SetTheme("dark"), BackToLesson(), Seek(80 * MS))
    seek = do(session, Undo())
    assert (seek.branch, at_ms(seek), seek.theme) == (seek.road, at_ms(start), "dark")
    back = do(seek, Undo())
    assert (back.branch, back.is_exploring, at_ms(back), back.theme) == (1, True, 5, "dark")
    theme = do(back, Undo())
    assert (theme.branch, theme.theme, at_ms(theme)) == (1, "light", 5)
    moved = do(theme, Undo())
    assert (moved.branch, moved.is_exploring, at_ms(moved)) == (1, True, 20)
    exploring = do(moved, Undo())
    assert (exploring.branch, exploring.is_exploring) == (1, False)
    dropped = do(exploring, Undo())
    assert (dropped.branch, dropped.playhead, len(dropped.timeline.branches)) == (start.road, start.playhead, 2)


def test_steps_of_one_sort_in_a_row_are_one(handshake: Session) -> None:
    """Dragging along the scrubber, stepping, typing and playing: one undo each."""
    start = replace(free(handshake), undo=())
    moves: list[tuple[Intent, ...]] = [
        tuple(Seek(at * MS) for at in (5, 6, 7, 30)),
        (Home(), Play(), *(Tick(20_000) for _ in range(4)), Pause()),
        (StepForward(), StepForward(), StepBack(), StepForward()),
        tuple(See("filter", "tcp.flags.syn==1"[:length]) for length in range(1, 17)),
        (SetTextScale(1.1), SetTextScale(1.2)),
        (Faster(), Faster()),
    ]
    before, depth = start, len(start.undo)
    for row in moves:
        after = do(before, *row)
        depth += 2 if Home() in row else 1
        assert len(after.undo) == depth, row
        last = do(before, Home()) if Home() in row else before
        undone = do(after, Undo())
        assert _told(undone) == _told(last), row
        assert _told(do(undone, Redo())) == _told(after), row
        before = after


def _told(session: Session) -> tuple[object, ...]:
    names = ("playhead", "beat", "is_playing", "speed", "theme", "text_scale", "sight", "branch", "panels")
    return tuple(getattr(session, name) for name in names)


@pytest.mark.parametrize(
    "look",
    [
        SetTheme("dark"), SetLanguage("zh"), SetMotion("reduced"), SetTextScale(1.5), SetSpeed(2.0),
        See("figure", "linux"), See("has_transients", value=True), See("has_paths", value=True), See("coverage", "run"),
        ToggleFold("fold:1"), See("is_across", value=True), See("filter", "len>0"), Arrange("open", "shut"),
    ],
)  # fmt: skip
def test_every_look_is_undone_and_done_again(handshake: Session, look: Intent) -> None:
    """The previous state of the application, not only of the run; the same look twice is one step."""
    names = ("lang", "theme", "motion", "text_scale", "speed", "unfolded", "sight", "panels")
    before = replace(free(handshake), panels="open")
    after = do(before, look)
    undone = do(after, Undo())
    assert [getattr(undone, name) for name in names] == [getattr(before, name) for name in names]
    redone = do(undone, Redo())
    assert [getattr(redone, name) for name in names] == [getattr(after, name) for name in names]
    if not isinstance(look, ToggleFold):
        assert len(do(after, look).undo) == len(after.undo), "what changes nothing is no step"


def test_what_was_learned_is_never_undone(handshake: Session) -> None:
    """Answers, edges that were crossed, and branches: undo goes to the start, and they are all there."""
    session = do(free(handshake), Drop(1), End())
    assert session.answers
    start = session
    while start.undo:
        start = do(start, Undo())
    assert at_ms(start) == 0
    assert (start.answers, start.crossed, start.ever) == (session.answers, session.crossed, session.ever)
    assert start.timeline is session.timeline


def test_the_comparison_and_its_jump_are_one_step(handshake: Session) -> None:
    """Asked to compare, the window goes to where the two futures part: one undo leaves both."""
    before = do(free(handshake), Drop(1))
    compared = do(before, See("beside", 0), Seek(5 * MS))
    assert _told(do(compared, Undo())) == _told(before)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_undo_says_what_it_will_take_back(handshake: Session, lang: str) -> None:
    """In words, for every kind of step there is."""
    words = Words(lang)
    session = do(free(handshake), Drop(1))
    assert undo_text(session, words, "Undo") == {"en": "Undo: drop the segment", "zh": "撤销：丢弃该报文段"}[lang]
    undone = do(session, Undo())
    assert redo_text(undone, words, "Redo") == {"en": "Redo: drop the segment", "zh": "重做：丢弃该报文段"}[lang]
    assert undo_text(replace(session, undo=()), words, "Undo") == words.t("Undo")
    intents = [
        ActNow("cut link"), ActNow("crash server"), ActNow("drop client:any"), ActNow("swap #3"),
        ActNow("client close"), ActNow("inject client>server RST seq=1"), ActNow("set link.delay 20ms"),
        SetParameter("client/tcp_syn_retries", "2"), WhatIf("client/x", "2"), EditProgram("client", 0, 1, "forget"),
        OpenLesson(CLOSE, scenario_of(CLOSE)), TakeMeThere(None), BackToLesson(), GoExploring(), SwitchBranch(0),
        NextBranch(), PreviousBranch(), DeleteBranch(1), Delay(1), Duplicate(1), Corrupt(1), Swap(1), Seek(3), Play(),
        *(See(name, value=True) for name in NAMES),
    ]  # fmt: skip
    texts = [said(intent, words) for intent in intents]
    assert all(texts)
    if lang == "zh":
        assert not [text for text in texts if not re.search("[\u4e00-\u9fff]", text)]
