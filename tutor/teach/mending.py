"""Mending a run: one parameter or one line of a program is changed so that what is wanted happens.

Rules
-----
* What is offered as an option is done in a run of its own, and it is looked whether the wanted event happens.
* What is changed by hand is tried where the options are, and where the hand did it: what would have been right, had it
  not come too late for this run, is right.
* By hand counts one change of a parameter or of a program's line, or a deed of a kind that the question itself offers.
* A mend that stops the patient is none: whoever crashes the host that troubles, or takes its call out of its program,
  has changed what is done, not how. So each host still opens, reads and writes as much as after the right answer.
"""

from __future__ import annotations

from collections import Counter

from tutor.tcp.states import State
from tutor.teach.byroad import leaves_at
from tutor.teach.doing import parse_doing
from tutor.teach.facts import Scene
from tutor.teach.lesson import Ask
from tutor.world.acts import parse_act
from tutor.world.query import find, parse_cue
from tutor.world.records import Called, CallReturned, StateChanged
from tutor.world.timeline import Branch, Timeline
from tutor.world.trace import Trace

CHANGES = frozenset({"set", "setsockopt", "fcntl", "program"})
"""Acts that change a parameter or a line of a program."""

_OPENS = (State.SYN_SENT, State.ESTABLISHED)
_MOVES = ("read", "write")


def is_mended(ask: Ask, scene: Scene, act: str) -> bool:
    """Does the event that is wanted happen, and the one that is not wanted not, once ``act`` is done?"""
    after, trace = _after(ask, scene, act)
    return holds(ask, trace, after)


def holds(ask: Ask, trace: Trace, after_index: int) -> bool:
    """Does the run do, after a step, what ``ask`` wants of it?"""
    has_happened = not ask.cue or find(trace, parse_cue(ask.cue), after_index=after_index) is not None
    is_spared = not ask.never or find(trace, parse_cue(ask.never), after_index=after_index) is None
    return has_happened and is_spared


def is_change(ask: Ask, act: str) -> bool:
    """Is this the sort of thing that may be done by hand?"""
    offered = {parse_doing(option.value).act.name for option in ask.options}
    return parse_act(act).name in CHANGES | offered


def mends(ask: Ask, scene: Scene, right: int, act: str, done: tuple[int, Trace]) -> bool:
    """Does ``act`` mend it? ``right``: an option that does; ``done``: the step after which a hand did it, its run."""
    _, good = _after(ask, scene, ask.options[right].value)
    return any(
        holds(ask, trace, after) and not _service(good) - _service(trace)
        for after, trace in (done, _after(ask, scene, act))
    )


def _after(ask: Ask, scene: Scene, act: str) -> tuple[int, Trace]:
    """The step after which ``act`` is done, and the run with it."""
    left = leaves_at(scene.lesson, ask.at, scene.trace, scene.moments, scene.moment)
    timeline = Timeline((Branch(0, None, 0, 0, (), scene.trace),))
    timeline = parse_doing(act).done(timeline, 0, left)
    return left.index, timeline.branch(timeline.current).trace


def _service(trace: Trace) -> Counter[tuple[str, str]]:
    """What each host got done: connections called and opened, octets read and written."""
    done: Counter[tuple[str, str]] = Counter()
    for _, record in trace.records():
        match record:
            case StateChanged(host=host, target=state) if state in _OPENS:
                done[host, state.value] += 1
            case Called(host=host, call=call, result=int(octets)) if call in _MOVES and octets > 0:
                done[host, call] += octets
            case CallReturned(host=host, call=call, result=int(octets)) if call in _MOVES and octets > 0:
                done[host, call] += octets
    return done
