"""The stage on which a found path is played: two hosts and a link, with what the search holds constant as settings.

Rules
-----
* What is held constant is a setting of the hosts, as a lesson has them; nobody does anything for it.
* Who listens does so from the start, and again after it has crashed.
"""

from __future__ import annotations

from tutor.explore.ends import ADDRESSES, PORTS, A, B
from tutor.explore.held import changed, giving_up, settings
from tutor.explore.normal import number
from tutor.explore.parts import Play
from tutor.world.program import Program, parse_program
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.time import HOUR, MS

HOSTS = ("client", "server")
SLOT = 10 * MS
"""From one move to the next, and the delay of the link (microseconds)."""

SLOWER = "1.1s"
"""The RTO of a side whose timer shall strike second where both were set at the same moment of the search."""


def stage_of(play: Play, slow: int | None = None) -> Scenario:
    """The hosts and the link of ``play``, before anything is done. ``slow``: the side whose timers strike second."""
    hosts = tuple(
        HostSpec(
            name, ADDRESSES[side].ip, play.profile, _settings(play, side, slow), _program(play, side), number(side, 0)
        )
        for side, name in zip((A, B), HOSTS, strict=True)
    )
    link = LinkSpec(*HOSTS, parameters=(("delay", f"{SLOT // MS}ms"),))
    return Scenario(hosts, (link,), until=24 * HOUR, variant=play.variant.id)


def _program(play: Play, side: int) -> tuple[Program, ...]:
    """Who listens does so from the start."""
    return (parse_program((f"listen {PORTS[side]}",)),) if play.listeners[side] else ()


def _settings(play: Play, side: int, slow: int | None) -> tuple[tuple[str, str], ...]:
    """What the rules of a side say otherwise than those of its profile's name, as settings of a host."""
    told = dict(changed(play.profile)) | dict(settings(play.profile))
    for rule, value in giving_up(play.retries).items():
        told[f"profile.{rule}"] = f"{value}us" if rule.endswith("_us") and value else str(value)
    if side == slow:
        for rule in ("initial_rto_us", "rto_min_us", "rto_max_us", "request_rto_max_us"):
            told[f"profile.{rule}"] = SLOWER
    return tuple(told.items())
