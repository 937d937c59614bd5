"""The roll: where each host stands, one sentence each; the state diagram for ears and keyboards.

Rules
-----
* A sentence says the state, since when, and where one can go from there; while a bet is open the ways are left out.
* What the picture shows as a number (other connections) or a hollow token (a listener) is said as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.joining import Speech, listed
from tutor.tcp.profile import Profile
from tutor.tcp.states import State
from tutor.tcp.variant import rows
from tutor.view.geometry import design
from tutor.view.nodes import screen_name
from tutor.view.standing import Standing, standings
from tutor.view.theme import host_letter
from tutor.world.time import format_duration
from tutor.world.trace import Trace


@dataclass(frozen=True, slots=True)
class Standings:
    """One line of the list: ``mark`` is what it selects in the diagram (``state:…``, ``conn:…``)."""

    mark: str
    text: str


def roll(
    trace: Trace, time: int, words: Speech, *, horizon: int | None = None, focus: str = ""
) -> tuple[Standings, ...]:
    """Every host at ``time`` (microseconds), in their order, and its other connections."""
    lines: list[Standings] = []
    profiles = {host.name: host.profile for host in trace.world_at(time).hosts}
    for place, host in enumerate(standings(trace, time, horizon, focus)):
        if host.state is None:
            continue
        letter = host_letter(place)
        said = _stands(letter, host, words)
        ways = _ways(host.state, profiles[host.host], words) if horizon is None else ""
        if ways:
            said = words.t("{stands}; can go to {ways}", stands=said, ways=ways)
        lines.append(Standings(f"state:{host.state}", said))
        if host.listens:
            text = words.t("{letter}: a listener stays in LISTEN", letter=letter)
            lines.append(Standings(f"state:{State.LISTEN}", text))
        for others in host.others:
            text = words.t(
                "{letter}: {count} more in {state}", letter=letter, count=others.count, state=screen_name(others.state)
            )
            lines.append(Standings(f"conn:{others.connection}", text))
    return tuple(lines)


def _stands(letter: str, host: Standing, words: Speech) -> str:
    assert host.state is not None, "a host that a script speaks for stands nowhere"
    state = screen_name(host.state)
    if host.last is None:
        return words.t("{letter}: {state}", letter=letter, state=state)
    since = format_duration(host.moved_at)
    return words.t("{letter}: {state}, since {since}", letter=letter, state=state, since=since)


def _ways(state: State, profile: Profile, words: Speech) -> str:
    """Where the figure lets one go from here, and on what; not what this run will do."""
    drawn = {edge["id"] for edge in design()["edges"]} | {row.drawn_as for row in profile.variant.instead.values()}
    edges = [edge for edge in rows(profile.variant, profile.rule_set) if edge.source is state]
    ways = [
        words.t("{state} on {event}", state=screen_name(edge.target), event=words.t(edge.cause))
        for edge in edges
        if edge.drawn_as in drawn
    ]
    return listed(dict.fromkeys(ways), words)
