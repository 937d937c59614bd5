"""What audience and console say, as values: caption, beats, notes, pace. Values in, values out; no Qt.

Rules
-----
* The caption is the sentence that each step announces (``why``); where nothing has happened yet, the stop's title.
* While an answer is hidden the room reads the question, and the console alone the answer.
* A placeholder of a lecturer's notes is filled from the run as the lesson's own words are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.joining import named
from tutor.teach import betting, facts, quiz
from tutor.teach.card import card
from tutor.teach.lecture import Lecture, asked
from tutor.teach.lesson import Text
from tutor.teach.presenting import Presenting, lead, planned
from tutor.teach.session import Session
from tutor.teach.show import Stop
from tutor.teach.votes import letter
from tutor.teach.walking import place_of
from tutor.ui.saying import not_tcp_brief
from tutor.ui.why import WhyRow, why_row
from tutor.words import Words

KINDS = {"question": "?  ", "note": "✎  ", "run": "▶  "}
"""What stands before the title of a stop that is no beat."""
SOURCE = re.compile(r"\s*[(（][^()（）]*RFC[^()（）]*[)）]")
"""Where something is written in a standard, as a sentence tells it in brackets."""
ENDS = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
ON_TIME = 20.0
"""Seconds ahead or behind that nobody speaks of."""


@dataclass(frozen=True, slots=True)
class StopRow:
    """One row of the list of stops: its title, ``kind``, and whether it is ``done``, ``current`` or ``ahead``."""

    title: str
    kind: str
    status: str
    heads: str = ""
    """The title of the part of the lecture that begins here; ""."""


@dataclass(frozen=True, slots=True)
class ConsoleRows:
    """Everything the console says but the clock."""

    title: str
    words: str
    notes: str
    following: str
    following_words: str
    """The next stop (Markdown): its title, and what it says or asks."""
    answer: str
    """The hidden answer of the question on screen (Markdown); "" where nothing is asked."""
    is_revealed: bool
    stops: tuple[StopRow, ...]
    warning: str = ""
    notice: str = ""
    """What is said to the lecturer and is no trouble; ""."""
    not_tcp: str = ""
    """Which protocol the run on screen speaks instead of TCP; ""."""


@dataclass(frozen=True, slots=True)
class ClockRows:
    """``elapsed`` and ``left`` as clocks, ``pace`` a sentence; ``is_late``: it warns."""

    elapsed: str
    left: str
    pace: str
    is_late: bool


def caption(session: Session, here: Presenting, words: Words, *, has_board: bool = False) -> WhyRow:
    """The one sentence under the pictures. ``has_board``: the question stands on the pictures already."""
    if here.why is not None:
        told = card(session)
        words_of_it = told.words.replace("**", "").replace("`", "") if told is not None else ""
        return WhyRow(named(letter(here.why), words_of_it, words))
    if here.is_asking and not has_board and session.ask is not None and session.is_asking:
        return WhyRow(_filled(session, session.ask.prompt, words))
    if here.situation is None and here.stop.kind == "note":
        return WhyRow(said(here.stop.title, words))
    row = why_row(session, words)
    return row if row.sentence else WhyRow(_title(session, here, words))


def briefer(sentence: str) -> tuple[str, ...]:
    """A caption ever more briefly: whole, without where it is written in a standard, without its last sentences."""
    bare = SOURCE.sub("", sentence)
    parts = [part for part in ENDS.split(bare) if part]
    joint = "" if "。" in bare else " "
    fewer = [joint.join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
    return tuple(dict.fromkeys((sentence, bare, *fewer)))


def said(text: Text, words: Words) -> str:
    """A text in the reader's language."""
    return text[words.lang]


def _filled(session: Session, text: Text, words: Words) -> str:
    scene = betting.scene(session, session.beat)
    told = said(text, words)
    return facts.fill(told, scene) if scene is not None else facts.without_run(told)


def _title(session: Session, here: Presenting, words: Words) -> str:
    title = session.current.title if session.current is not None else session.lesson.title
    return _filled(session, title if title.en else here.stop.title, words)


def console_rows(
    lecture: Lecture, session: Session, here: Presenting, words: Words, warning: str = "", ahead: Session | None = None
) -> ConsoleRows:
    """What the lecturer sees of the stop on screen and the next one. ``ahead``: the next stop's run, if it is laid."""
    told = card(session)
    stop, after = here.stop, here.following
    title = _filled(session, stop.title, words)
    if here.situation is not None:
        situation = lecture.situation(here.situation)
        title = said(situation.title, words) if situation is not None else title
    return ConsoleRows(
        title=title,
        words=told.words if told is not None and stop.kind != "note" else "",
        notes=_filled(session, stop.notes, words) if stop.notes.en else "",
        following=f"**{KINDS.get(after.kind, '')}{_plain(after.title, words)}**" if after is not None else "",
        following_words=_coming(lecture, ahead or session, after, words) if after is not None else "",
        answer=answer(session, words) if stop.kind == "question" and here.situation is None else "",
        is_revealed=here.at in here.revealed,
        stops=_list(lecture, here, words),
        warning=warning,
        not_tcp=not_tcp_brief(session, words),
    )


def _coming(lecture: Lecture, session: Session, stop: Stop, words: Words) -> str:
    """What the next stop says or asks; its numbers, where ``session`` is its run."""
    if stop.kind not in ("beat", "question"):
        return ""
    try:
        lesson = lecture.lesson(stop.lesson)
    except KeyError:
        return ""
    ask = asked(lesson, stop.ask) if stop.kind == "question" else None
    if ask is not None:
        return _plain(ask.prompt, words)
    text = next((beat.words for beat in lesson.beats if beat.id == stop.beat), None)
    if text is None:
        return ""
    index = place_of(session, stop.beat) if session.lesson is lesson else None
    scene = betting.scene(session, index) if index is not None else None
    return facts.fill(said(text, words), scene) if scene is not None else _plain(text, words)


def _plain(text: Text, words: Words) -> str:
    return facts.without_run(said(text, words))


def _list(lecture: Lecture, here: Presenting, words: Words) -> tuple[StopRow, ...]:
    rows = []
    for place, stop in enumerate(here.stops):
        status = "current" if place == here.at else "done" if place < here.at else "ahead"
        is_first = place == 0 or here.stops[place - 1].item != stop.item
        item = lecture.items[stop.item]
        heads = _plain(item.title, words) if is_first and len(lecture.items) > 1 and item.kind == "lesson" else ""
        rows.append(StopRow(_plain(stop.title, words), stop.kind, status, heads))
    return tuple(rows)


def answer(session: Session, words: Words) -> str:
    """What is right, and why (Markdown), whether the room knows it or not."""
    ask, scene = session.ask, betting.scene(session, session.beat)
    if ask is None or scene is None:
        return ""
    found = quiz.answer(ask, scene)
    lines = [f"**{quiz.label(ask, ask.options[index], scene, words.lang)}**" for index in found.right]
    if not lines:
        lines = [f"**{found.shown}**"] if found.shown else []
    for index in found.right[:1]:
        feedback = ask.options[index].feedback
        if feedback is not None and ask.kind not in quiz.SEVERAL:
            lines.append(facts.fill(feedback[words.lang], scene))
    return "\n\n".join(lines)


# --- the clock ---


def clock_rows(here: Presenting, words: Words) -> ClockRows:
    """Where the time is."""
    whole = planned(here)
    ahead = lead(here)
    minutes = max(1, round(abs(ahead) / 60))
    if here.is_over:
        pace = words.t("The end.")
    elif abs(ahead) < ON_TIME:
        pace = words.t("On time")
    elif ahead > 0:
        pace = words.n("{count} minute ahead", "{count} minutes ahead", minutes)
    else:
        pace = words.n("{count} minute behind", "{count} minutes behind", minutes)
    left = max(0.0, whole - here.elapsed)
    return ClockRows(clock(here.elapsed), clock(left), pace, ahead <= -ON_TIME)


def clock(seconds: float) -> str:
    """``12:34``, or ``1:02:03`` from an hour on."""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
