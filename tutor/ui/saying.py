"""A Session as rows: what the cards say, in the reader's language. Values in, values out; no Qt.

Rules
-----
* Nothing here looks past ``session.horizon``: counts and ends are those of what may be shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.joining import Speech, chained, followed, listed, named, sentence
from tutor.tcp.variant import Variant
from tutor.teach import there
from tutor.teach.card import STOP, Card, card
from tutor.teach.going import is_there_more, leads_on
from tutor.teach.lesson import Lesson
from tutor.teach.session import OffRoad, Session
from tutor.teach.visiting import CHECK, CLOSING, READ, WHY
from tutor.ui import card_rows, found_rows
from tutor.ui.rows import (
    Banner,
    HostColumn,
    LessonCardRows,
    LessonEntry,
    TransportRows,
    Variables,
)
from tutor.view.announce import announce, in_sentence, last_reason
from tutor.view.byhand import capitalised, deed
from tutor.view.phrases import spaced
from tutor.view.standing import host_name
from tutor.view.theme import HOST_ROLES, host_letter
from tutor.words import Words, mark
from tutor.world.records import Lost
from tutor.world.stock import what_ifs
from tutor.world.time import format_duration

SCRIPT = "packetdrill"
"""The concept of a lesson that was made from a script."""

LAB = "laboratory"
"""The concept of a run to try things on."""

LEFT = mark("NOT TCP on the left — {title}: {departs}.")
RIGHT = mark("NOT TCP on the right — {title}: {departs}.")

FREE = mark(
    "Nothing is asked here.\n\n**Space** plays, **→** and **←** step. Click a segment, and **D** loses it. **P** opens "
    "the parameters, **J** calls any function on any socket. **?** lists all keys."
)
"""What the lesson card says of a run that nobody has written anything about."""


def host_columns(session: Session, words: Speech) -> tuple[HostColumn, ...]:
    """Letter, role and name of every host."""
    return tuple(
        HostColumn(host_letter(place), HOST_ROLES[place % len(HOST_ROLES)], host_name(host.name, words))
        for place, host in enumerate(session.world.hosts)
    )


def is_lesson(session: Session) -> bool:
    """Is something taught here, so that there is a road to be on? A laboratory has runs only."""
    return bool(session.lesson.beats) and LAB not in session.lesson.concepts


# --- the lesson card ---


PARTS = {
    WHY: mark("Beside the lesson · What that answer would mean"),
    READ: mark("You may have read · {place} of {total}"),
    CHECK: mark("Check · {place} of {total}"),
    CLOSING: mark("Looking back"),
    STOP: mark("Bet mode"),
}
"""Kind of a visit -> what stands over its card."""


def lesson_rows(session: Session, words: Words, variables: Variables, next_lesson: str = "") -> LessonCardRows:
    """Everything on the lesson card. ``next_lesson``: the title of the one that follows; "": there is none."""
    said = card(session)
    if said is None:
        lesson, lang = session.lesson, session.lang
        said = Card(0, 0, lesson.title[lang], lesson.goal[lang] or words.t(FREE), None)
    head = words.t("Lesson · Step {place} of {total}", place=said.place, total=said.total)
    if said.part:
        head = words.t(PARTS[said.part], place=said.place, total=said.total)
    elif SCRIPT in session.lesson.concepts:
        head = words.t("Script")
    elif found_rows.is_found(session):
        head = found_rows.head(session, words)
    elif there.CONCEPT in session.lesson.concepts:
        head = words.t("The way there")
    elif said.total == 1 and LAB in session.lesson.concepts:
        head = words.t("Laboratory")
    title, told = said.title, said.words
    if said.part == CLOSING:
        title, told = card_rows.closing(session, words)
    elif "\n" in title:
        title = words.t("Another table")
    steps = card_rows.rail(session, words) if is_lesson(session) else ()
    by_hand = card_rows.is_by_hand(session)
    return LessonCardRows(
        head=head if said.total or said.part else words.t("A run without a lesson"),
        done=said.place,
        total=said.total,
        title=title,
        words=told,
        ask=card_rows.ask_row(said.ask, words, is_by_hand=by_hand) if said.ask is not None else None,
        banner=banner(session, words) or card_rows.visit_banner(session, words),
        variables=variables,
        foot=because(session, words),
        can_go_on=can_go_on(session) and not ends_here(session),
        has_network=has_network(session),
        touch=card_rows.touch_row(said.touch, words) if said.touch is not None else None,
        back=words.t("Back to the lesson") if session.aside is not None and session.branch == session.road else "",
        rail=steps if len(steps) > 1 else (),
        next_lesson=words.t("Next lesson: {title}", title=next_lesson) if next_lesson and said.part == CLOSING else "",
    )


def can_go_on(session: Session) -> bool:
    """Is the run waiting for the learner to say "go on", with nothing asked?"""
    is_more = session.playhead < session.end or any(session.moments[session.beat + 1 :])
    is_more = is_more or (session.branch == session.road and is_there_more(session))
    return not session.is_playing and not session.is_held and is_more


def ends_here(session: Session) -> bool:
    """Is the way on from beside the lesson the way back, which stands on the card already?"""
    kind = session.aside.kind if session.aside is not None else ""
    return kind == CLOSING or (kind == WHY and leads_on(session))


def has_network(session: Session) -> bool:
    """Does this step offer to be the network, or ask for it?"""
    beat = session.current
    is_asked = session.is_asking and session.ask is not None and session.ask.wire is not None
    return is_asked or (beat is not None and beat.wire is not None)


def banner(session: Session, words: Words) -> Banner | None:
    """What the learner's own act changed; None on the lesson's road."""
    away = session.off_road
    if away is None:
        return None
    done = chained((deed(act, words, session.trace) for act in away.acts), words)
    lines = [sentence(capitalised(done), words), _change(away, words), other_rules(session, words)]
    if away.lost:
        lines.append(
            words.n(
                "{count} step of the lesson cannot happen here.",
                "{count} steps of the lesson cannot happen here.",
                len(away.lost),
            )
        )
    told = tuple(line for line in lines if line)
    if not is_lesson(session):
        can_explore = session.horizon is not None and not away.is_exploring
        return Banner(words.t("Another future"), told, can_explore, back=words.t("Back to the first run"))
    title = words.t("Exploring on your own") if away.is_exploring else words.t("Off the lesson's road")
    return Banner(title, told, can_explore=not away.is_exploring)


def not_tcp_here(session: Session, words: Words) -> str:
    """That the hosts speak no TCP at the playhead, and what they do instead; "" for TCP."""
    variant = session.world.variant
    if variant.is_tcp:
        return ""
    return words.t("NOT TCP — {title}: {departs}.", title=words.t(variant.title), departs=words.t(variant.departs))


def not_tcp_shown(session: Session, words: Words) -> str:
    """The same of all that is on screen: where two futures stand side by side, of which of them it is true."""
    if session.beside is None:
        return not_tcp_here(session, words)
    other = session.timeline.branch(session.beside).trace
    left, right = session.world.variant, other.world_at(min(session.playhead, other.end)).variant
    if left is right:
        return not_tcp_here(session, words)
    sides = [(side, variant) for side, variant in ((LEFT, left), (RIGHT, right)) if not variant.is_tcp]
    told = (words.t(side, title=words.t(each.title), departs=words.t(each.departs)) for side, each in sides)
    return followed(told, words)


def not_tcp_brief(session: Session, words: Words) -> str:
    """The same in a few words; "" for TCP."""
    variant = session.world.variant
    return "" if variant.is_tcp else words.t("NOT TCP — {title}", title=words.t(variant.title))


def window_title(session: Session, words: Words) -> str:
    """What the window's frame says: the lesson, and before it which protocol it is, where it is not TCP."""
    return titled(session.lesson.title[session.lang], session.world.variant, words)


def titled(what: str, variant: Variant, words: Words) -> str:
    """``what`` as a window's title, under ``variant``."""
    if not variant.is_tcp:
        what = words.t("NOT TCP ({title}): {what}", title=words.t(variant.title), what=what)
    return f"{what} — TCP Tutor"


def other_rules(session: Session, words: Words) -> str:
    """Which hosts depart from a constant of their kernel, or of the RFC, and in what; "" if none does.

    What a search holds constant is left out (``found_rows.constant``).
    """
    said = []
    for host in session.world.hosts:
        kept, changed = found_rows.kept(session, host), what_ifs(host, session.scenario.profiles)
        fields = [field for field in changed if field not in kept]
        if fields:
            what, name, rules = listed(fields, words), in_sentence(host.name, words), host.profile
            said.append(
                words.t("{host} runs no stock kernel: what if {fields}", host=name, fields=what)
                if rules.version
                else words.t(
                    "{host} departs from {profile}: what if {fields}", host=name, profile=rules.title, fields=what
                )
            )
    return spaced(capitalised(chained(said, words)), words)


def _change(away: OffRoad, words: Words) -> str:
    """What has come of it so far, unless the deed has said so."""
    if away.change is None or (isinstance(away.change.here, Lost) and away.change.here.flight.why == "hand"):
        return ""
    at = format_duration(away.change.at)
    here = announce(away.change.here, words) if away.change.here is not None else ""
    if here:
        return words.t("First difference, at {at}: {what}", at=at, what=here)
    on_road = announce(away.change.on_road, words) if away.change.on_road is not None else ""
    return words.t("First difference, at {at}: no longer {what}", at=at, what=on_road) if on_road else ""


def because(session: Session, words: Words) -> str:
    """Why the last thing happened: our sentence, and where it rests."""
    here = session.trace.index_at(session.playhead)
    given = last_reason(session.trace.steps[place].records for place in range(here, -1, -1))
    if given is None:
        return ""
    said = named(in_sentence(given.host, words), words.reason(given.reason), words)
    return f"**{words.reason_clause(given.reason)}** · {said}"


def state_sentences(session: Session, words: Words) -> tuple[str, ...]:
    """Where each host stands, one sentence a host; for screen readers."""
    said = []
    for column, host in zip(host_columns(session, words), session.world.hosts, strict=True):
        states = [words.state(socket.state) for socket in host.all_sockets()]
        who = listed((column.letter, column.name), words)
        said.append(named(who, listed(states, words) or words.t("no connection"), words))
    return tuple(said)


# --- transport and menu ---


def transport_rows(session: Session, words: Words) -> TransportRows:
    """Where the clock stands; the end is the end of what may be shown."""
    here = session.trace.index_at(session.playhead)
    last = session.trace.index_at(session.visible_end)
    return TransportRows(
        is_playing=session.is_playing,
        now=format_clock(session.playhead),
        end=format_clock(session.visible_end),
        speed=session.speed,
        counter=words.t("Event {here} / {last}", here=_numbers(session, here), last=last),
        widest=words.t("Event {here} / {last}", here=f"{last}–{last}", last=last),
    )


def _numbers(session: Session, here: int) -> str:
    """Which events this moment is: ``7``, or ``7-10`` where several things happen at once."""
    steps, first = session.trace.computed, here
    while first > 1 and steps[first - 1].at == steps[here].at:
        first -= 1
    return f"{first}–{here}" if 0 < first < here else f"{here}"


def format_clock(time: int) -> str:
    """Microseconds as the clock shows them, in seconds to the millisecond."""
    return f"{time / 1_000_000:.3f} s"


def lesson_entries(lessons: Sequence[Lesson], open_one: Lesson, lang: str) -> tuple[LessonEntry, ...]:
    """One part of the menu of lessons."""
    return tuple(LessonEntry(lesson.id, lesson.title[lang], lesson.id == open_one.id) for lesson in lessons)


def breadcrumb(ids: Sequence[str], lesson: Lesson, session: Session, words: Words) -> str:
    """Which lesson of how many this is; a lesson from elsewhere is counted among none."""
    title = lesson.title[session.lang]
    if lesson.id not in ids:
        return title
    where = words.t("Lesson {place} of {count}", place=ids.index(lesson.id) + 1, count=len(ids))
    return f"{where}  ›  {title}"
