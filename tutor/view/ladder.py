"""The ladder: time runs down, each host is a lifeline, each segment a rung with its true slope.

Rules
-----
* What has happened is in the hosts' colours, what will happen is pale, an old future that a touch replaced is a ghost.
* With a ``horizon`` nothing after it shows: no segment, state, timer, silence, tick, nor the length of the page.
* A frame costs what is on the page.
"""

from __future__ import annotations

from tutor.view.lifelines import header, hidden, lifelines, names
from tutor.view.margin import cursor, cursor_line, folds, ticks, timers
from tutor.view.marks import Box, Group, Layer, Mark, Picture
from tutor.view.page import Page, lay_out
from tutor.view.rungs import Rung, chip_marks, chips, crowd, dots, numbers_of, screen_flags, strokes, visible
from tutor.view.story import Story, story
from tutor.view.theme import Look
from tutor.world.tempo import Tempo
from tutor.world.trace import Trace


def ladder(
    trace: Trace,
    time: int,
    size: tuple[float, float],
    look: Look,
    *,
    tempo: Tempo,
    horizon: int | None = None,
    ghost: Trace | None = None,
    since: int = 0,
) -> Picture:
    """The ladder at ``time`` (microseconds). ``ghost``: the future that was replaced at ``since``."""
    end = trace.end if horizon is None else max(horizon, time)
    tempo = tempo if horizon is None else tempo.until(end)
    page = lay_out(size, look, tempo, time, end, is_scripted=_is_scripted(trace))
    told = story(trace)
    nominal = None if horizon is None else _nominal(trace, time)
    rungs = visible(told, page, time, horizon, nominal=nominal)
    marks: list[Mark] = [*folds(page, look), *ticks(page, time, look)]
    marks += lifelines(told, page, time)
    if horizon is not None:
        marks += hidden(page, len(told.hosts), look)
    if ghost is not None:
        marks += strokes(_ghosts(story(ghost), page, horizon, since, rungs), look)
    marks += strokes(rungs, look)
    labels = chips(rungs, page, look)
    marks += timers(told, page, time, horizon, look, [chip.box for chip in labels])
    marks += cursor_line(page, time)
    marks += names(told, page, time)
    marks += dots(rungs)
    for chip in labels:
        marks += chip_marks(chip, page, look)
    marks += crowd(told, page, look)
    clipped = Group(tuple(marks), Box(0, page.top - 14, page.width, page.height))
    frame = (clipped, *cursor(page, time), *header(trace, page, look))
    titles = tuple((f"flight:{rung.flight.id}", _title(rung, look)) for rung in rungs)
    return Picture(*size, (Layer("moving", None, frame),), titles)


def time_at(trace: Trace, time: int, size: tuple[float, float], look: Look, y: float, tempo: Tempo) -> int:
    """The moment (microseconds) under a click at height ``y``."""
    return lay_out(size, look, tempo, time, trace.end, is_scripted=_is_scripted(trace)).time(y)


def _is_scripted(trace: Trace) -> bool:
    """Does a script speak for the last host?"""
    return trace.steps[0].world.hosts[-1].is_scripted


def _ghosts(old: Story, page: Page, horizon: int | None, since: int, rungs: list[Rung]) -> list[Rung]:
    """What would have been sent after ``since`` and is not, or not so, now."""
    alive = {
        (rung.flight.sender, rung.flight.rel_seq, rung.flight.rel_ack, rung.flight.sent_at, rung.y2) for rung in rungs
    }
    ghosts = visible(old, page, page.end, horizon, since=max(0, since - 5_000_000))
    return [
        rung._replace(phase="ghost")
        for rung in ghosts
        if (rung.flight.sender, rung.flight.rel_seq, rung.flight.rel_ack, rung.flight.sent_at, rung.y2) not in alive
    ]


def _nominal(trace: Trace, time: int) -> int:
    """How long a segment is usually under way, as far as anyone can know at ``time`` (microseconds)."""
    links = trace.world_at(time).links
    return max(1, max((link.way(link.a).delay for link in links), default=1))


def _title(rung: Rung, look: Look) -> str:
    """One segment in words, for tooltips and screen readers."""
    flight = rung.flight
    words = f"{flight.sender} → {flight.receiver}: {screen_flags(flight.segment.flags)} {numbers_of(flight)}"
    return f"{words} ({look.words.t('lost')})" if rung.phase == "lost" else words
