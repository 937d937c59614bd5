"""The command that plays what is on screen: ``tcp-tutor play LESSON …`` with every switch that the run needs.

Rules
-----
* Nothing is left to chance: times are whole microseconds, acts stand in the order in which they were done.
* A run on which a hand has done something is told bare: what the lesson itself did stands among the acts.
* What the file or lesson says by itself is not said again.

Theory
------
A branch is the lineage of its forks. Each fork was made at a time, after a step of the line before it; that step is
named only where it is not the last one of its instant.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from itertools import pairwise

from tutor.world.scenario import Scenario
from tutor.world.timeline import Timeline

PROGRAM = ("tcp-tutor", "play")


def command_line(name: str, base: Scenario, scenario: Scenario, timeline: Timeline, branch: int, road: int) -> str:
    """The line, quoted for a shell.

    ``name`` is the lesson's id or the file's path, ``base`` what that name stands for by itself, ``scenario`` and
    ``timeline`` the run on screen; ``road`` is the branch that the name leads to by itself, -1 where that is not known.
    """
    words = [*PROGRAM, name, *_switches(base, scenario)]
    if branch != road:
        words += _hands(timeline, branch)
    return shlex.join(words)


def _switches(base: Scenario, scenario: Scenario) -> Iterator[str]:
    """Where the run starts from otherwise than its name says."""
    for was, host in zip(base.hosts, scenario.hosts, strict=True):
        if host.profile.name != was.profile.name:
            yield from ("--profile", f"{host.name}={host.profile.name}")
    for at, act in scenario.acts_at[len(base.acts_at) :]:
        yield from ("--act", f"{at}us {act}")
    if scenario.seed != base.seed:
        yield from ("--seed", str(scenario.seed))
    if scenario.until != base.until:
        yield from ("--until", f"{scenario.until}us")


def _hands(timeline: Timeline, branch: int) -> Iterator[str]:
    """Every act that leads from the first branch to this one."""
    lineage = [timeline.branch(each) for each in reversed(timeline.lineage(branch))]
    if len(timeline.branches) > 1:
        yield "--bare"
    for parent, made in pairwise(lineage):
        for place, act in enumerate(made.acts):
            trace, step = (parent.trace, made.index) if place == 0 else (made.trace, made.index + place)
            is_last = place == 0 and trace.index_at(made.at) == step
            moment = f"{made.at}us" if is_last else f"{made.at}us@{step}"
            yield from ("--hand", f"{moment} {act}")
