"""The ladder: time runs down, each host is a lifeline, each segment a rung with its true slope.

Rules
-----
* What has happened is in the hosts' colours, what will happen is pale, an old future that a touch replaced is a ghost.
* With a ``horizon`` nothing after it shows: no segment, state, timer, silence, tick, nor the length of the page.
* A frame costs what is on the page. A run is a ``Trace``, or an ``Index`` of segments that were recorded.
* Where time runs right (``lens.is_across``) the same marks with the same ids lie the other way; see ``across``.
"""

from __future__ import annotations

from tutor.joining import aside
from tutor.view import across
from tutor.view.bands import bands, number_marks, numbers
from tutor.view.chips import chips, chips_marks, title_of
from tutor.view.crowd import choose
from tutor.view.fan import fanned
from tutor.view.filtering import passing
from tutor.view.heads import NEXT_CONNECTION, header, room_for_which, which_words
from tutor.view.lens import PLAIN, Lens
from tutor.view.lifelines import hidden, lifelines, names, silence
from tutor.view.linking import NOTHING, linked
from tutor.view.margin import cursor, cursor_line, folds, ticks, timers
from tutor.view.marks import Box, Group, Layer, Mark, Picture, Rect
from tutor.view.page import Page, lay_across, lay_out
from tutor.view.perches import crosses
from tutor.view.rungs import Rung, dots, strokes, visible
from tutor.view.scene import Scene
from tutor.view.story import Story, story
from tutor.view.theme import Look
from tutor.world.index import Index
from tutor.world.tempo import Tempo
from tutor.world.trace import Trace

Size = tuple[float, float]


def ladder(
    run: Trace | Index,
    time: int,
    size: Size,
    look: Look,
    *,
    tempo: Tempo,
    horizon: int | None = None,
    ghost: Trace | None = None,
    since: int = 0,
    known: int | None = None,
    lens: Lens = PLAIN,
    until: int = 0,
) -> Picture:
    """The ladder at ``time`` (microseconds). ``ghost``: the future that was replaced at ``since``; nothing of it is
    shown after ``known``, if that is given.

    ``until``: the page goes on to there, even if the run is over earlier.
    """
    told = story(run)
    end = max(told.end, until) if horizon is None else max(horizon, time)
    tempo = tempo if horizon is None else tempo.until(end)
    page = _page(told, size, look, tempo, time, end, lens)
    nominal = None if horizon is None or isinstance(run, Index) else _nominal(run, time)
    through = None if lens.filter is None else passing(lens.filter, told.index, horizon)[0]
    chosen = choose(told, page, horizon, nominal=nominal, passing=through)
    rungs = visible(told, page, time, horizon, places=chosen.places, nominal=nominal, lens=lens)
    lit = NOTHING if isinstance(run, Index) else linked(run, look.selection, end, now=time, focus=lens.focus)
    ghosts = [] if ghost is None else _ghosts(story(ghost), page, known, since, rungs)
    rungs = fanned(rungs, page)
    scene = Scene(told, page, time, horizon, look, lens, rungs, ghosts, chosen.bands, lit)
    marks = across.draw(scene) if lens.is_across else _draw(scene)
    titles = tuple((rung.id, _title(told, rung, look)) for rung in rungs)
    titles += tuple(
        (rung.id, look.words.t("In the future you left: {what}", what=_title(told, rung, look))) for rung in ghosts
    )
    if lens.tells_which:
        titles = ((NEXT_CONNECTION, aside(which_words(lens, look), lens.focus, look.words)), *titles)
    return Picture(*size, (Layer("moving", None, marks),), titles)


def _draw(scene: Scene) -> tuple[Mark, ...]:
    """From the ground up, time running down."""
    told, page, time, look, rungs = scene.told, scene.page, scene.time, scene.look, scene.rungs
    silent = list(folds(page, look))  # their bands, and on each a narrow ground for its length in words
    marks: list[Mark] = [*strokes(scene.ghosts, look), *silent, *ticks(page, time)]
    marks += bands(scene.bands, page, time)
    marks += lifelines(told, page, time, scene.lens, scene.lit)
    if scene.horizon is None and not len(told.index):
        marks += silence(page, look)
    if scene.horizon is not None:
        marks += hidden(page, len(told.hosts), look, scene.lens.rest)
    marks += strokes(rungs, look, scene.lit.flights)
    counted = numbers(scene.bands, page, look)
    said = list(names(told, page, time, scene.lens))
    lengths = [box for box in _boxes_of(silent) if box.right - box.left < page.width / 2]
    taken = [number.box for number in counted] + _pills(said) + lengths
    labels = chips([*rungs, *scene.ghosts], page, look, taken)
    kept = [*(chip.box for chip in labels), *lengths, *crosses(rungs)]
    marks += timers(told, page, time, scene.horizon, look, kept, scene.lens)
    marks += cursor_line(page, time)
    marks += said
    marks += dots(rungs, look.emphasis)
    for number in counted:
        marks += number_marks(number, page)
    marks += chips_marks(labels, page, look)
    clipped = Group(tuple(marks), Box(0, page.top - 14, page.width, page.height))
    return (clipped, *cursor(page, time), *header(told, page, look, scene.lens))


def _pills(said: list[Mark]) -> list[Box]:
    """Where the names of the states that hosts are in stand: chips keep clear of them."""
    return _boxes_of(said)


def _boxes_of(marks: list[Mark]) -> list[Box]:
    return [Box(mark.x, mark.y, mark.x + mark.w, mark.y + mark.h) for mark in marks if isinstance(mark, Rect)]


def time_at(run: Trace | Index, time: int, size: Size, look: Look, y: float, tempo: Tempo, lens: Lens = PLAIN) -> int:
    """The moment (microseconds) under a click at height ``y``; where time runs right, at ``x = y``."""
    told = story(run)
    return _page(told, size, look, tempo, time, told.end, lens).time(y)


def turned(
    run: Trace | Index, time: int, size: Size, look: Look, *, tempo: Tempo, lens: Lens = PLAIN, pages: int = 1
) -> int:
    """The moment ``pages`` pages after ``time``, before the start or after the end as well; a little of each stays."""
    told = story(run)
    page = _page(told, size, look, tempo, time, told.end, lens)
    return page.time(page.y(time) + STAYS * pages * page.length)


STAYS = 0.85
"""By so much of its length a page is turned."""


def _page(told: Story, size: Size, look: Look, tempo: Tempo, time: int, end: int, lens: Lens) -> Page:
    count = len(told.hosts)
    if lens.is_across:
        return lay_across(size, look, tempo, time, end, hosts=count)
    over = room_for_which(look) if lens.tells_which else 0.0
    return lay_out(size, look, tempo, time, end, is_scripted=told.is_scripted, hosts=count, over=over)


def _ghosts(old: Story, page: Page, known: int | None, since: int, rungs: list[Rung]) -> list[Rung]:
    """What would have been sent after ``since`` and is not, or not so, now; nothing of it after ``known``.

    Of what leaves at that very moment nothing is to be seen yet.
    """
    alive = {_fingerprint(rung) for rung in rungs}
    chosen = choose(old, page, known, since=max(0, since - 5_000_000))
    end = page.end if known is None else min(page.end, known)
    ghosts = [rung for rung in visible(old, page, end, known, places=chosen.places) if rung.row.sent_at < end]
    return [rung._replace(phase="ghost") for rung in ghosts if _fingerprint(rung) not in alive]


def _fingerprint(rung: Rung) -> tuple[object, ...]:
    row = rung.row
    return row.sender, row.seq, row.ack, row.sent_at, rung.x2, rung.y2


def _nominal(trace: Trace, time: int) -> int:
    """How long a segment is usually under way, as far as anyone can know at ``time`` (microseconds)."""
    links = trace.world_at(time).links
    return max(1, max((link.way(link.a).delay for link in links), default=1))


def _title(told: Story, rung: Rung, look: Look) -> str:
    return title_of(rung, f"{told.hosts[rung.row.sender]} → {told.hosts[rung.row.receiver]}", look)
