"""From a lesson to the scenario that its run starts from.

Rules
-----
* Precedence of rules, settings and times: the command line, then the lesson, then the default.
* Each host has a cable to the next one. Where an address is shared (``nat``), the boxes stand between the others and
  the second host: a cable begins at the end that is behind its box.
* Reads profiles from their files: call it before ``update``, not inside. A Session is given the Scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from tutor.profiles import load_profile, profile_names
from tutor.teach.lesson import Lesson
from tutor.world.acts import Act
from tutor.world.program import parse_program
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.time import HOUR, parse_duration

AT_REST = "at rest"
"""``until: at rest``: go on until nothing is due any more."""

LONGEST = 24 * HOUR
"""No lesson runs longer (simulated microseconds), whatever it says."""


def scenario_of(
    lesson: Lesson,
    profile: str | Mapping[str, str] | None = None,
    acts: Iterable[tuple[int, Act]] = (),
    until: int | None = None,
) -> Scenario:
    """The scenario of a lesson that has been read without faults.

    ``profile``: a name for all hosts, or host -> name; ``acts``: (microseconds, act) of switches; ``until`` in
    microseconds. Raises ``ProfileError`` for a profile that does not exist.
    """
    names = lesson.profile_names(profile)
    hosts = tuple(
        HostSpec(
            name=host.name,
            address=host.address,
            profile=load_profile(names[host.name]),
            sysctls=host.sysctls,
            programs=(parse_program(host.program),) if host.program else (),
            isn=host.isn,
            port=host.port,
        )
        for host in lesson.hosts
    )
    is_shared = any(name == "nat" for name, _ in lesson.link)
    links = tuple(
        LinkSpec(*((b.name, a.name) if is_shared and place else (a.name, b.name)), _link_name(place), lesson.link)
        for place, (a, b) in enumerate(pairwise(lesson.hosts))
    )
    return Scenario(
        hosts=hosts,
        links=links,
        seed=lesson.seed,
        acts_at=tuple(acts),
        until=until if until is not None else end_of(lesson),
        profiles={name: load_profile(name) for name in profile_names()},
        variant=lesson.variant,
    )


def _link_name(place: int) -> str:
    return "link" if place == 0 else f"link{place + 1}"


def end_of(lesson: Lesson) -> int:
    """When the lesson's run ends at the latest, in microseconds."""
    return LONGEST if lesson.until == AT_REST else min(parse_duration(lesson.until), LONGEST)
