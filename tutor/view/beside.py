"""Two futures side by side: two ladders of one scale, the first difference framed in both and said in one sentence.

Rules
-----
* The left ladder is the branch on screen and answers to clicks; the right one is only looked at.
* One tempo and one page for both: what happens at the same moment lies at the same height.
* The first difference is the first record that is not equal; hands' acts themselves do not count. Where that is inside
  a host, the first one that can be told in words stands for it: a state, a segment, a call, a timer. With a ``horizon``
  a difference behind it is not known yet, and neither ladder goes beyond it. The right one has a horizon of its own,
  ``known``: a bet that is open there, and it stops at that.
"""

from __future__ import annotations

from functools import lru_cache

from tutor.joining import aside, chained, followed, named
from tutor.tcp.states import State
from tutor.view.announce import announce, in_sentence
from tutor.view.branches import own_tempo
from tutor.view.ladder import ladder
from tutor.view.lifelines import screen_state
from tutor.view.marks import Group, Ink, Layer, Line, Mark, Picture, Rect, Text, moved
from tutor.view.metrics import shortened
from tutor.view.page import Page, lay_out
from tutor.view.story import story
from tutor.view.theme import Look
from tutor.words import Words
from tutor.world.records import Arrived, Because, Called, CallReturned, Lost, Record, Sent, StateChanged
from tutor.world.tempo import Tempo
from tutor.world.time import format_duration
from tutor.world.timeline import TOLD, Difference, compare
from tutor.world.trace import Trace

NEXT_OTHER = "Ctrl+Shift+↓"
"""The key that compares with yet another future, as it is shown."""

HEAD, TEXT, GAP = 62.0, 15.0, 18.0
"""Px over the ladders for the sentence and the two names, px of their text, px between the ladders."""


def compare_ladders(
    here: Trace,
    there: Trace,
    time: int,
    size: tuple[float, float],
    look: Look,
    *,
    horizon: int | None = None,
    known: int | None = None,
    unfolded: frozenset[str] = frozenset(),
    names: tuple[str, str] = ("", ""),
    idle: tuple[str, ...] = (),
    has_more: bool = False,
) -> Picture:
    """Both ladders at ``time`` (microseconds). ``names``: what the two futures are called."""
    width, height = size
    head = HEAD * look.text_scale
    half = ((width - GAP) / 2, height - head)
    tempo, end = tempo_beside(here, there, time, horizon=horizon, known=known, unfolded=unfolded)
    found = first_difference(here, there, known)
    marks: list[Mark] = []
    titles: tuple[tuple[str, str], ...] = ()
    for place, trace in enumerate((here, there)):
        left = place * (half[0] + GAP)
        limit = (horizon, known)[place]
        now = time if place == 0 or known is None else min(time, known)
        over = end if limit is None else max(limit, now)
        part = ladder(trace, now, half, look, tempo=tempo, horizon=limit, until=end)
        inner = tuple(moved(mark, left, head, is_mute=place == 1) for layer in part.layers for mark in layer.marks)
        told = story(trace)
        page = lay_out(half, look, tempo.until(over), now, over, is_scripted=told.is_scripted, hosts=len(told.hosts))
        if found is not None:
            marks += [
                moved(mark, left, head) for mark in _frame(trace, page, (found.a, found.b)[place], found, _names(part))
            ]
        marks.append(Group(inner))
        titles = titles or part.titles
        marks += _name(names[place], left, half[0], head, look, is_here=place == 0)
    marks.append(Line(half[0] + GAP / 2, head * 0.55, half[0] + GAP / 2, height, Ink("border"), 1))
    said = difference_sentence(found, look, is_hidden=known is not None, idle=idle, has_more=has_more)
    text = TEXT * look.text_scale
    marks.append(Text(10, text * 1.35, shortened(said, width - 20, "ui", text, 600), Ink("ink"), text, 600))
    return Picture(width, height, (Layer("moving", None, tuple(marks)),), (*titles, ("difference", said)))


def tempo_beside(
    here: Trace,
    there: Trace,
    time: int,
    *,
    horizon: int | None = None,
    known: int | None = None,
    unfolded: frozenset[str] = frozenset(),
) -> tuple[Tempo, int]:
    """The one tempo of two futures that stand side by side, and where it ends."""
    until = max(known, 1) if known is not None else there.end
    end = max(horizon, time) if horizon is not None else max(here.end, until)
    return _tempo(here, there, max(end, 1), until, unfolded), end


@lru_cache(maxsize=8)
def _tempo(here: Trace, there: Trace, end: int, until: int, unfolded: frozenset[str]) -> Tempo:
    """``until``: how far the right one may be known."""
    return Tempo.across((own_tempo(here, end, unfolded), own_tempo(there, min(end, until), unfolded)), end)


def first_difference(here: Trace, there: Trace, horizon: int | None = None) -> Difference | None:
    """The first record in which the two differ, as far as it may be known; None if there is none.

    Where a segment fares otherwise, the two records tell of that segment. A record behind the horizon is None.
    """
    for found in _differences(here, there):
        if horizon is None:
            return found
        a, b = (record if record is not None and record.at <= horizon else None for record in (found.a, found.b))
        if a is not None or b is not None:
            return Difference(found.index, a, b)
    return None


@lru_cache(maxsize=32)
def _differences(here: Trace, there: Trace) -> tuple[Difference, ...]:
    """The first difference; before it, where that one has no words, the first that has some."""
    found = compare(here, there)
    if found is None:
        return ()
    has_words = all(record is None or isinstance(record, TOLD) for record in (found.a, found.b))
    told = None if has_words else compare(here, there, is_told=True)
    return tuple(_of_one_segment(here, there, each) for each in (told, found) if each is not None)


def _of_one_segment(here: Trace, there: Trace, found: Difference) -> Difference:
    a, b = found.a, found.b
    if a is not None and (b is None or a.at <= b.at):
        return Difference(found.index, a, _counterpart(there, found.index, a) or b)
    assert b is not None, "one of the two has gone on"
    return Difference(found.index, _counterpart(here, found.index, b) or a, b)


def _counterpart(trace: Trace, index: int, record: Record) -> Record | None:
    """What becomes of the same segment in the other future."""
    if not isinstance(record, Arrived | Lost):
        return None
    for _, other in trace.records(index):
        if isinstance(other, Arrived | Lost) and other.flight.id == record.flight.id:
            return other
    return None


def parts_at(found: Difference) -> int:
    """When the two part (microseconds)."""
    return min(record.at for record in (found.a, found.b) if record is not None)


def difference_sentence(
    found: Difference | None,
    look: Look,
    *,
    is_hidden: bool = False,
    idle: tuple[str, ...] = (),
    has_more: bool = False,
) -> str:
    """The first difference in words: when, what happens here, what happens there instead.

    Without one: which acts (``idle``) nothing has come of, and where other futures are, if there are (``has_more``).
    """
    t = look.words.t
    if found is None and is_hidden:
        return t("Nothing differs yet.")
    if found is None:
        acts = chained(idle, look.words)
        said = (
            t("Nothing differs: in this run nothing comes of it ({acts}).", acts=acts)
            if acts
            else t("Nothing differs.")
        )
        more = t("Compare with another future: {key}", key=NEXT_OTHER) if has_more else ""
        return followed((said, more), look.words)
    at = parts_at(found)
    here, there = (_said(record, at, look, is_hidden=is_hidden) for record in (found.a, found.b))
    if here == there and found.a is not None and found.b is not None:
        notes = zip(_details(found.a), _details(found.b), strict=False)
        apart = next((pair for pair in notes if pair[0] != pair[1]), None)
        if apart is not None:
            here, there = (aside(here, note, look.words) for note in apart)
    return t(
        "First difference at {time}. Left: {here}. Right: {there}.", time=format_duration(at), here=here, there=there
    )


def _said(record: Record | None, at: int, look: Look, *, is_hidden: bool) -> str:
    """What a record says, with its time if it comes later than the other one."""
    t = look.words.t
    if record is None:
        return t("nothing yet") if is_hidden else t("nothing more")
    text = ""
    if isinstance(look.words, Words):
        text = announce(record, look.words)
        if isinstance(record, Because):
            text = named(in_sentence(record.host, look.words), look.words.reason(record.reason), look.words)
    text = text or t("something inside a host")
    return text if record.at == at else t("{what}, at {time}", what=text, time=format_duration(record.at))


def _details(record: Record) -> tuple[str, ...]:
    """What tells apart two records that one sentence tells: numbers of a segment, as on its chip; what a call gives."""
    if isinstance(record, Sent | Arrived | Lost):
        flight, segment = record.flight, record.flight.segment
        numbers = {"seq": flight.rel_seq, "ack": flight.rel_ack, "len": segment.length, "win": segment.window}
        return (*(f"{name}={number}" for name, number in numbers.items()), f"ISN={segment.seq}" if segment.syn else "")
    if isinstance(record, Called | CallReturned):
        return (record.error or str(record.result), ", ".join(map(str, record.args)))
    return ()


def _names(part: Picture) -> tuple[tuple[float, float], ...]:
    """From where to where (px, downwards) the names of states stand on a ladder."""
    shown = (mark for mark in part.marks() if isinstance(mark, Text) and mark.text in _STATES)
    return tuple((mark.y - mark.size * 1.15, mark.y + mark.size * 0.5) for mark in shown)


_STATES = frozenset(map(screen_state, State))


def _frame(
    trace: Trace, page: Page, record: Record | None, found: Difference, names: tuple[tuple[float, float], ...]
) -> list[Mark]:
    """A frame around the record's segment, or its place on its host's lifeline; where nothing happens, at that time."""
    margin = 16.0
    left, right = page.gutter + 2, page.width - 6  # about the names of the states as well
    top = bottom = page.y(record.at if record is not None else parts_at(found))
    if isinstance(record, Sent | Arrived | Lost):
        top = page.y(record.flight.sent_at)
        over = record.flight.arrives_at if record.flight.arrives_at is not None else record.flight.dies_at
        bottom = page.y(min(max(over or record.at, record.at), page.end))
    elif isinstance(record, StateChanged):
        hosts = [host.name for host in trace.steps[0].world.hosts]
        x = page.x(hosts.index(record.host))
        left, right = x - 24, x + 24
    top, bottom = top - margin, bottom + margin
    for upper, lower in sorted(names, reverse=True):  # no edge goes through a name
        top = upper if upper < top < lower else top
    for upper, lower in sorted(names):
        bottom = lower if upper < bottom < lower else bottom
    top, bottom = max(page.top - 8, top), min(page.height - 2, bottom)
    if bottom - top < 8:
        return []
    return [Rect(left, top, right - left, bottom - top, 8, None, Ink("accent"), 2.4, (3, 2), id="difference")]


def _name(name: str, left: float, width: float, head: float, look: Look, *, is_here: bool) -> list[Mark]:
    """What this future is called, over its ladder."""
    text = 14.0 * look.text_scale
    said = shortened(name, width - 30, "ui", text, 600)
    y = head - text * 0.7
    bar = Rect(left + 10, y - text * 0.85, 4, text * 1.1, 2, Ink("accent") if is_here else None, Ink("accent"), 1.4)
    return [bar, Text(left + 22, y, said, Ink("ink" if is_here else "ink2"), text, 600)]
