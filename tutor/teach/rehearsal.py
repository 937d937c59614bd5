"""Rehearsal: how long each stop took, how far ahead or behind one is, and where the time runs out.

Rules
-----
* No clock in here: the seconds that have gone by since the beginning come in as arguments, and the date as a text.
* A stop that is visited twice has taken both times. Going back is part of the pace.
* A part has overrun when it took more than it was given by a tenth and by ``SLACK``: nobody speaks to the second.

Theory
------
What is recorded is a list of visits, (stop, entered at). Everything else follows from it: what each stop has taken,
which item overran, when the end would come if the rest took what it is given, or what it took in the last rehearsal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tutor.joining import aside, named, sentence, sentences
from tutor.teach.lecture import Lecture
from tutor.teach.show import Stop
from tutor.words import Words, mark

SLACK = 15.0
"""Seconds that nobody calls late."""

TENTH = 0.1


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop (its place among all) and the second of the lecture at which it was come to."""

    stop: int
    at: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One rehearsal of a lecture. ``date``: when it began, as a text (ISO 8601); ``ended``: None while it lasts."""

    lecture: str
    date: str
    visits: tuple[Visit, ...] = ()
    ended: float | None = None


def begin(lecture_id: str, date: str) -> Rehearsal:
    """A rehearsal in which nothing has been shown yet."""
    return Rehearsal(lecture_id, date)


def visited(rehearsal: Rehearsal, stop: int, elapsed: float) -> Rehearsal:
    """The clicker came to ``stop``, ``elapsed`` seconds after the beginning. A clock that goes back is not believed."""
    last = rehearsal.visits[-1] if rehearsal.visits else None
    if last is not None and last.stop == stop:
        return rehearsal
    at = max(elapsed, last.at if last is not None else 0.0)
    return replace(rehearsal, visits=(*rehearsal.visits, Visit(stop, at)))


def of_spent(lecture_id: str, date: str, spent: Sequence[float]) -> Rehearsal:
    """A rehearsal in which each stop took so many seconds in all; a stop of 0 seconds was not shown."""
    told, at = begin(lecture_id, date), 0.0
    for stop, seconds in enumerate(spent):
        if seconds > 0:
            told, at = visited(told, stop, at), at + seconds
    return finished(told, at)


def finished(rehearsal: Rehearsal, elapsed: float) -> Rehearsal:
    """The lecture has been left."""
    last = rehearsal.visits[-1].at if rehearsal.visits else 0.0
    return replace(rehearsal, ended=max(elapsed, last))


# --- the pace ---


def pace(stops: Sequence[Stop], elapsed: float, at: int) -> float:
    """Seconds ahead (above 0) or behind (below 0) of one who is at stop ``at``, ``elapsed`` seconds from the beginning.

    0 for as long as the stop is given: nobody is late in the middle of a sentence.
    """
    start = sum(stop.seconds for stop in stops[:at])
    end = start + stops[at].seconds if at < len(stops) else start
    return start - elapsed if elapsed < start else min(0.0, end - elapsed)


def due(stops: Sequence[Stop]) -> float:
    """Seconds that all stops are given."""
    return sum(stop.seconds for stop in stops)


def end_at(
    stops: Sequence[Stop], elapsed: float, at: int, here: float = 0.0, taken: Mapping[int, float] | None = None
) -> float:
    """The second at which the lecture would end if the rest of it took what it is given.

    ``here``: seconds spent at stop ``at`` so far. ``taken``: stop -> seconds in an earlier rehearsal, which
    is believed instead.
    """
    given = [(taken or {}).get(place, stop.seconds) for place, stop in enumerate(stops)]
    left = max(0.0, given[at] - here) if at < len(given) else 0.0
    return elapsed + left + sum(given[at + 1 :])


# --- what it took ---


def seconds_of(rehearsal: Rehearsal, elapsed: float | None = None) -> dict[int, float]:
    """Stop -> seconds spent there; the last one until ``elapsed``, or until the end."""
    until = rehearsal.ended if rehearsal.ended is not None else elapsed
    found: dict[int, float] = {}
    for place, visit in enumerate(rehearsal.visits):
        is_last = place + 1 == len(rehearsal.visits)
        left = (until if until is not None else visit.at) if is_last else rehearsal.visits[place + 1].at
        found[visit.stop] = found.get(visit.stop, 0.0) + max(0.0, left - visit.at)
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """An item of the lecture as it was rehearsed: seconds given, seconds taken, and whether it was shown at all."""

    item: int
    given: float
    taken: float
    is_shown: bool

    @property
    def over(self) -> float:
        """Seconds by which it overran; 0 for one that did not."""
        over = self.taken - self.given
        return over if over > max(SLACK, self.given * TENTH) else 0.0


def parts(stops: Sequence[Stop], rehearsal: Rehearsal, elapsed: float | None = None) -> tuple[Part, ...]:
    """Every item in order."""
    taken = seconds_of(rehearsal, elapsed)
    return tuple(
        Part(
            item,
            sum(stop.seconds for stop in stops if stop.item == item),
            sum(taken.get(place, 0.0) for place, stop in enumerate(stops) if stop.item == item),
            any(place in taken for place, stop in enumerate(stops) if stop.item == item),
        )
        for item in sorted({stop.item for stop in stops})
    )


# --- in words ---

OVERRAN = mark("{title}: {taken} instead of {given}, {over} too long")
LATE_END = mark("At this pace the end comes after {end}, {over} late.")
IN_TIME = mark("At this pace the end comes after {end}, in time.")


def warning(
    lecture: Lecture,
    stops: Sequence[Stop],
    rehearsal: Rehearsal,
    elapsed: float,
    at: int,
    words: Words,
    before: Mapping[int, float] | None = None,
) -> str:
    """One line for the console while time runs out: which part overran most, and when the end would come; "" if none.

    ``at``: the stop that is shown. ``before``: stop -> seconds that it took in an earlier rehearsal (``end_at``).
    """
    here = seconds_of(rehearsal, elapsed).get(at, 0.0)
    end = end_at(stops, elapsed, at, here, before)
    late = end - lecture.minutes * 60
    if late <= SLACK:
        return ""
    said = words.t(LATE_END, end=clock(end), over=clock(late))
    worst = max(parts(stops, rehearsal, elapsed), key=lambda part: part.over, default=None)
    if worst is None or not worst.over:
        return said
    return sentences((_overran(lecture, worst, words), said), words)


def report(lecture: Lecture, stops: Sequence[Stop], rehearsal: Rehearsal, words: Words) -> tuple[str, ...]:
    """Lines for whoever has rehearsed: each part with what it was given and took, then what is to be done about it."""
    found = parts(stops, rehearsal)
    lines = [_line(lecture, part, words) for part in found]
    shown = [part for part in found if part.is_shown]
    total, given = sum(part.taken for part in shown), sum(part.given for part in shown)
    lines.append(
        named(words.t("together"), words.t("{taken} of {given}", taken=clock(total), given=clock(given)), words)
    )
    skipped = [part for part in found if not part.is_shown]
    if skipped:
        count = len(skipped)
        lines.append(words.n("{count} part was not shown.", "{count} parts were not shown.", count))
    late = total + sum(part.given for part in skipped) - lecture.minutes * 60
    end = clock(total + sum(part.given for part in skipped))
    lines.append(words.t(LATE_END, end=end, over=clock(late)) if late > SLACK else words.t(IN_TIME, end=end))
    over = sorted((part for part in found if part.over), key=lambda part: -part.over)
    lines += [sentence(_overran(lecture, part, words), words) for part in over]
    return tuple(lines)


def _line(lecture: Lecture, part: Part, words: Words) -> str:
    title = lecture.items[part.item].title[words.lang]
    if not part.is_shown:
        return named(title, words.t("not shown"), words)
    taken = aside(clock(part.taken), words.t("given: {given}", given=clock(part.given)), words)
    return named(title, taken, words)


def _overran(lecture: Lecture, part: Part, words: Words) -> str:
    title = lecture.items[part.item].title[words.lang]
    return words.t(OVERRAN, title=title, taken=clock(part.taken), given=clock(part.given), over=clock(part.over))


def clock(seconds: float) -> str:
    """``7:05``, ``1:02:00``: minutes and seconds as a clock shows them, the same in every language."""
    whole = round(abs(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    sign = "−" if seconds < 0 and whole else ""
    return f"{sign}{hours}:{minutes:02d}:{rest:02d}" if hours else f"{sign}{minutes}:{rest:02d}"
