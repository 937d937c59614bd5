"""The run in Mermaid's words, for documents that draw it themselves: ``stateDiagram-v2`` and ``sequenceDiagram``.

Rules
-----
* Nothing after ``until`` is told. A segment on its way has an open arrow; one that has died has a cross, and says how.
* An arrow stands where its segment arrives or dies, so that what comes of it is below it; its label has both times.
* Who is where is told in notes, not by colour. The second host's arrows are dotted, as its lines are dashed elsewhere.
* States have aliases without a hyphen; what people have typed is escaped (``#35;``), so that it cannot break out.

Source: the grammars of Mermaid 10 and 11 (mermaid.js.org, state and sequence diagrams).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tutor.joining import named
from tutor.tcp.states import State
from tutor.tcp.variant import drawn_in
from tutor.view.deviant import plan_of
from tutor.view.standing import host_name, standings
from tutor.view.telling import labels, seconds
from tutor.view.theme import host_letter
from tutor.words import Words
from tutor.world.records import Acted, Arrived, Flight, FlightChanged, Lost, Sent, StateChanged, TimerFired
from tutor.world.trace import Trace

ARROWS = (("->>", "-x", "-)"), ("-->>", "--x", "--)"))
"""By host: of a segment that arrives, dies, is on its way."""

_SPECIAL = {"#": "#35;", ";": "#59;", "<": "#lt;", ">": "#gt;", "\n": " ", "%": "#37;"}


def escaped(text: str) -> str:
    """The text as Mermaid shows it back."""
    return "".join(_SPECIAL.get(letter, letter) for letter in text).strip()


# --- states ---


def state_diagram(
    trace: Trace, time: int, words: Words, *, figure: str = "rfc", horizon: int | None = None, focus: str = ""
) -> str:
    """The state diagram with every host where it is at ``time`` (microseconds)."""
    world = trace.world_at(time)
    rule_sets = frozenset(host.profile.rule_set for host in world.hosts)
    card = plan_of(1200.0, 900.0, figure, world.variant, rule_sets)
    exist = drawn_in(rule_sets, world.variant)
    hosts = standings(trace, time, horizon, focus)
    trail = {edge for host in hosts for edge in host.trail}
    lines = [f"%% {words.t('at {time} s', time=seconds(time))}", "stateDiagram-v2"]
    lines += [f'    state "{state.value}" as {_alias(state)}' for state in State if state in card.nodes]
    for track in card.tracks.values():
        is_here = track.id in trail or (track.id in exist and (track.is_permanent or track.is_deviating))
        if is_here and not track.is_absent and not track.is_gone:
            said = words.t(track.event) + (f" / {words.t(track.action)}" if track.action else "")
            lines.append(f"    {_alias(track.source)} --> {_alias(track.target)} : {_label(said)}")
    at: dict[State, list[str]] = {}
    for place, host in enumerate(hosts):
        if host.state is not None:
            at.setdefault(host.state, []).append(f"{host_letter(place)} {host_name(host.host, words)}")
    for state, names in at.items():
        lines.append(f"    note right of {_alias(state)} : {_label(', '.join(names))}")
        lines.append(f"    class {_alias(state)} here")
    lines.append("    classDef here font-weight:bold,stroke-width:3px")
    return "\n".join(lines) + "\n"


def _alias(state: State) -> str:
    return state.value.replace("-", "_")


def _label(text: str) -> str:
    """A label of the state diagram: a colon would end it in older versions."""
    return escaped(text).replace(":", "#58;")


# --- the timeline ---


class _Told(NamedTuple):
    """One line, when it stands (microseconds), and in which order of equals."""

    at: int
    order: int
    line: str


def sequence_diagram(trace: Trace, until: int, words: Words) -> str:
    """What has happened up to ``until`` (microseconds) as a sequence diagram."""
    hosts = [host.name for host in trace.steps[0].world.hosts]
    ids = {name: host_letter(place) for place, name in enumerate(hosts)}
    lines = ["sequenceDiagram"]
    lines += [f"    participant {ids[name]} as {escaped(host_name(name, words))}" for name in hosts]
    told = sorted(_events(trace, until, ids, words), key=lambda each: (each.at, each.order))
    return "\n".join((*lines, *(f"    {each.line}" for each in told))) + "\n"


def _events(trace: Trace, until: int, ids: dict[str, str], words: Words) -> Iterator[_Told]:
    flights: dict[int, Flight] = {}
    landed: set[int] = set()
    order = 0
    for order, (_, record) in enumerate(trace.records(0, trace.index_at(until) + 1)):
        match record:
            case Sent(flight=flight) | FlightChanged(flight=flight):
                flights[flight.id] = flight
            case Arrived(flight=flight, accepted=is_taken):
                landed.add(flight.id)
                why = "" if is_taken else words.fate("corrupted" if flight.fate == "corrupted" else "refused")
                yield _Told(record.at, order, _arrow(flights.get(flight.id, flight), record.at, ids, words, why))
            case Lost(flight=flight, fate=fate) if flight.id not in landed:
                landed.add(flight.id)
                line = _arrow(flights.get(flight.id, flight), record.at, ids, words, words.fate(fate))
                yield _Told(record.at, order, line)
            case StateChanged(host=host, target=target) if host in ids:
                yield _Told(record.at, order, f"Note over {ids[host]}: {words.state(target)}")
            case TimerFired(host=host, timer=timer) if host in ids:
                said = words.t("[{timer} expires]", timer=words.timer(timer))
                yield _Told(record.at, order, f"Note over {ids[host]}: {escaped(said)}")
            case Acted(text=text) if not record.refused:
                first, last = next(iter(ids.values())), list(ids.values())[-1]
                yield _Told(record.at, order, f"Note over {first},{last}: {escaped(f'{seconds(record.at)} * {text}')}")
    for flight in flights.values():
        if flight.id not in landed:
            yield _Told(until, order + 1, _arrow(flight, None, ids, words, ""))


def _arrow(flight: Flight, over: int | None, ids: dict[str, str], words: Words, why: str) -> str:
    """A segment from host to host; ``over``: when it arrived or died, None while it is on its way."""
    sender, receiver = ids.get(flight.sender, "A"), ids.get(flight.receiver, "B")
    taken, dead, flying = ARROWS[list(ids.values()).index(sender) % 2]
    arrow = flying if over is None else dead if why else taken
    span = f"{seconds(flight.sent_at)} → {'…' if over is None else seconds(over)}"
    said = labels(flight, words)[0] + (f" ✕ {why}" if why else "")
    return f"{sender}{arrow}{receiver}: {escaped(named(span, said, words))}"
