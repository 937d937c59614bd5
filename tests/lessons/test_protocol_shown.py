"""Which protocol is on screen: where a lesson stops, it is the one that the card speaks of.

The band that says NOT TCP and the edges of the diagram are those of the world at the playhead, with all that was done
at that instant. So a lesson that changes its protocol does it on the way from one stop to the next.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.lessons.test_shipped import road_of
from tutor.tcp.variant import TCP, Variant, variant_named
from tutor.teach import intents
from tutor.teach.going import leads_on
from tutor.teach.lesson import Beat, Lesson
from tutor.teach.reading import find_lesson, lesson_ids, load_lesson
from tutor.teach.road import Road
from tutor.teach.session import start, update
from tutor.teach.stage import scenario_of
from tutor.teach.touching import act_at
from tutor.teach.visiting import read
from tutor.world.acts import parse_act
from tutor.world.query import Moment, find, parse_cue

lesson_and_road = cache(road_of)


CHANGING = [
    name
    for name in lesson_ids()
    if re.search(r"^    act: .*\bvariant\b", find_lesson(name).read_text(encoding="utf-8"), re.MULTILINE)
]
"""Lessons of which a beat changes the protocol: to read all of them would take seconds."""


def _fired(lesson: Lesson, road: Road) -> list[tuple[Beat, Moment]]:
    return [(beat, moment) for beat, moment in zip(lesson.beats, road.moments, strict=True) if moment is not None]


def _shown(road: Road, moment: Moment) -> Variant:
    """What band and diagram show there."""
    return road.trace.world_at(moment.at).variant


@pytest.mark.parametrize("name", CHANGING)
def test_no_protocol_changes_where_a_lesson_stops(name: str) -> None:
    """A stop shows the protocol under which its event came about; only the beginning has none before it."""
    lesson, road = lesson_and_road(name, None)
    for beat, moment in _fired(lesson, road):
        if beat.is_pause and moment.at > 0:
            assert _shown(road, moment) is road.trace.computed[moment.index].world.variant, beat.id


@pytest.mark.parametrize("name", CHANGING)
def test_a_broken_run_stands_beside_a_puzzle_of_the_same_protocol(name: str) -> None:
    """Where both the run and what one is to break are no TCP, they are broken alike."""
    lesson, road = lesson_and_road(name, None)
    for beat, moment in _fired(lesson, road):
        shown = _shown(road, moment)
        if beat.wire is not None and beat.wire.variant and not shown.is_tcp:
            assert shown is variant_named(beat.wire.variant), beat.id


def test_a_lesson_that_changes_its_protocol_says_which_one_a_check_is_about() -> None:
    """A run that begins with the first rule left out is no ground for a question about TCP itself."""
    unnamed = [name for name in CHANGING if not load_lesson(name).variant]
    assert unnamed == ["40-break-the-protocol"]
    for name in unnamed:
        lesson = load_lesson(name)
        assert [check.id for check in lesson.checks if not any("variant" in act for act in check.acts)] == [], name


def test_the_diver_and_the_ship_stay_without_time_wait_while_one_reads() -> None:
    """*The ship is told reset*: no TIME-WAIT, until the run has gone on to the next call."""
    lesson, road = lesson_and_road("40-break-the-protocol", None)
    moments = {beat.id: moment for beat, moment in _fired(lesson, road)}
    told = find(road.trace, parse_cue("ship getsockopt returns"))
    assert told is not None
    assert _shown(road, moments["told-reset"]) is _shown(road, told) is variant_named("no-time-wait")
    assert _shown(road, moments["numbers"]) is variant_named("fixed-isn")
    assert _shown(road, moments["fin-once"]) is variant_named("no-fin-retransmission")


def test_what_a_hand_does_at_such_a_stop_meets_the_protocol_that_comes() -> None:
    """Lesson 08 lets the learner place an old number where the late RST comes; TCP asks with it, an echo answers."""
    lesson = load_lesson("08-why-three")
    session = start(lesson, scenario_of(lesson))
    late = session.moments[[beat.id for beat in lesson.beats].index("too-late")]
    assert late is not None
    changed = act_at(session, parse_act("set pizzeria.isn 300"), late.at).trace
    asks, reads = (find(changed, parse_cue(cue)) for cue in ("pizzeria enters SYN-RECEIVED", "pizzeria reads 4"))
    assert asks is not None
    assert reads is not None
    assert changed.world_at(late.at).variant is variant_named("two-way-rfc793")
    assert changed.world_at(asks.at).variant is TCP
    assert asks.at < reads.at


@pytest.mark.parametrize("name", CHANGING)
def test_what_refutes_a_sentence_comes_to_rest_where_that_is_seen(name: str) -> None:
    """It played on to the end of the lesson's run, into the protocol of the last part; Space leads on from there."""
    lesson = load_lesson(name)
    session = start(lesson, scenario_of(lesson))
    for place in range(len(lesson.refutes)):
        visit = read(session, place)
        seen = visit.moments[0]
        assert seen is not None
        for _ in range(500):
            visit = update(visit, intents.Tick(1_000_000))
        assert (visit.playhead, visit.is_playing) == (seen.at, False)
        assert leads_on(visit)
