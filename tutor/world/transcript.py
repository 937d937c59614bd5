"""Transcript: a run as text that reads like packetdrill, and a scenario as text from which it is run again.

Rules
-----
* A story is a file: comments that tell it, the scenario, a line ``---``, and what happens. Running the scenario
  and printing it gives the same file, character for character.
* Calls, states, segments, losses, expiries, queues, troubles and hands' acts are told. Reasons, and timers that
  start and stop, are not: they follow from the rest.
* Numbers are relative. A connection other than the first one of the story is named at the end of its lines.

A scenario::

    host client 10.0.0.1 rfc9293 isn=1000 port=40000 tcp_syn_retries=2
      connect server:80
      when connected write 100
    host server 10.0.0.2 linux-6.18
      listen 80 backlog=5
    link client server delay=50ms client.loss=0.01
    seed 7
    until 10s
    at 0 drop client:SYN
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tutor.tcp.profile import Profile
from tutor.tcp.segment import Segment, flags_text
from tutor.tcp.values import replace
from tutor.tcp.variant import variant_named
from tutor.world.acts import LineError, nearest_of, parse_act
from tutor.world.program import Program, parse_line
from tutor.world.records import (
    Acted,
    Arrived,
    Called,
    CallReturned,
    Counted,
    Flight,
    FlightChanged,
    IcmpArrived,
    Lost,
    QueueChanged,
    Sent,
    StateChanged,
    TimerFired,
    Vanished,
)
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.time import clock_text, format_duration, parse_duration, parse_seconds
from tutor.world.trace import Trace

RULE = "---"
"""Between the scenario of a story and what happens in it."""


@dataclass(frozen=True, slots=True)
class Story:
    """A story as it stands in a file: what tells it, the scenario, and the transcript it expects."""

    comments: tuple[str, ...]
    scenario: Scenario
    transcript: str

    def retold(self, trace: Trace) -> str:
        """The text of the file as ``trace`` would have it."""
        return "\n".join((*self.comments, *scenario_lines(self.scenario), RULE, transcript(trace)))


def parse_story(text: str, profiles: Mapping[str, Profile]) -> Story:
    """The story in ``text``. Raises ``LineError`` (the column in its line; ``line`` says which)."""
    head, _, told = text.partition(f"\n{RULE}\n")
    lines = head.splitlines()
    comments = tuple(line for line in lines if line.startswith("#"))
    return Story(comments, parse_scenario(head, profiles), told)


# --- a scenario as text ---


def scenario_lines(scenario: Scenario) -> Iterator[str]:
    """The lines of a scenario, as ``parse_scenario`` reads them."""
    for host in scenario.hosts:
        words = [f"host {host.name} {host.address} {host.profile.name}"]
        words += [f"isn={host.isn}"] if host.isn is not None else []
        words += [f"port={host.port}"] if host.port is not None else []
        yield " ".join((*words, *(f"{name}={value}" for name, value in host.sysctls)))
        for number, program in enumerate(host.programs):
            if number:
                yield "  and"
            yield from (f"  {line}" for line in program.lines)
    for link in scenario.links:
        name = [] if link.name == "link" else [f"name={link.name}"]
        yield " ".join(("link", link.a, link.b, *name, *(f"{key}={value}" for key, value in link.parameters)))
    if scenario.variant:
        yield f"variant {scenario.variant}"
    yield f"seed {scenario.seed}"
    yield f"until {format_duration(scenario.until).replace(' ', '')}"
    for at, act in scenario.acts_at:
        yield f"at {format_duration(at).replace(' ', '')} {act}"


def parse_scenario(text: str, profiles: Mapping[str, Profile]) -> Scenario:
    """The scenario that ``text`` describes; lines that begin with # are left out. Raises ``LineError``."""
    scenario = Scenario((), (), profiles=profiles)
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                scenario = _with_line(scenario, line, profiles)
            except ValueError as error:
                fault = error if isinstance(error, LineError) else LineError(line, 1, line.strip(), (str(error),))
                fault.add_note(f"in line {number}")
                raise fault from None
    return scenario


_KEYWORDS = ("host", "link", "seed", "until", "variant", "at")


def _with_line(scenario: Scenario, line: str, profiles: Mapping[str, Profile]) -> Scenario:
    """``scenario`` with what one line adds."""
    if line.startswith(" "):
        return _with_program_line(scenario, line.strip())
    keyword, _, rest = line.partition(" ")
    match keyword:
        case "host":
            return replace(scenario, hosts=(*scenario.hosts, _host(line, rest.split(), profiles)))
        case "link":
            return replace(scenario, links=(*scenario.links, _link(rest.split())))
        case "variant":
            variant_named(rest)
            return replace(scenario, variant=rest)
        case "seed":
            return replace(scenario, seed=int(rest))
        case "until":
            return replace(scenario, until=parse_duration(rest))
        case "at":
            when, _, act = rest.partition(" ")
            return scenario.with_acts((parse_seconds(when), parse_act(act, offset=len(line) - len(act))))
        case _:
            raise LineError(line, 1, keyword, _KEYWORDS, nearest_of(keyword, _KEYWORDS))


def _with_program_line(scenario: Scenario, line: str) -> Scenario:
    if not scenario.hosts:
        raise LineError(line, 1, line, ("a host before its program",))
    *others, host = scenario.hosts
    programs = host.programs or (Program(),)
    if line == "and":
        programs = (*programs, Program())
    else:
        programs = (*programs[:-1], Program((*programs[-1].lines, parse_line(line))))
    return replace(scenario, hosts=(*others, replace(host, programs=programs)))


def _host(line: str, words: list[str], profiles: Mapping[str, Profile]) -> HostSpec:
    if len(words) < 3:
        raise LineError(line, len(line) + 1, "the end of the line", ("host NAME ADDRESS PROFILE",))
    name, address, profile, *options = words
    if profile not in profiles:
        raise LineError(line, line.index(profile) + 1, profile, sorted(profiles), nearest_of(profile, profiles))
    settings = _pairs(options)
    known = {key: value for key, value in settings if key in ("isn", "port")}
    return HostSpec(
        name,
        address,
        profiles[profile],
        sysctls=tuple((key, value) for key, value in settings if key not in ("isn", "port")),
        isn=int(known["isn"]) if "isn" in known else None,
        port=int(known["port"]) if "port" in known else None,
    )


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    """``name=value`` words as pairs."""
    return [(name, value) for name, _, value in (word.partition("=") for word in words)]


def _link(words: list[str]) -> LinkSpec:
    a, b, *options = words
    parameters = _pairs(options)
    name = dict(parameters).get("name", "link")
    return LinkSpec(a, b, name, tuple((key, value) for key, value in parameters if key != "name"))


# --- a run as text ---


def transcript(trace: Trace) -> str:
    """What happens in a run, one line each, to its end."""
    first = ""
    width = max(len(name) for name in trace.computed[0].world.host_names)
    lines: list[str] = []
    for _, record in trace.records():
        told = _TELLERS.get(type(record))
        if told is None:
            continue
        connection = getattr(record, "connection", "")
        if not first and ">" in connection:
            first = connection
        suffix = f"  ({connection})" if ">" in connection and connection != first else ""
        lines.append(f"{clock_text(record.at)} {record.host or '-':<{width}} {told(record)}{suffix}".rstrip())
    return "\n".join((*lines, ""))


def segment_text(flight: Flight) -> str:
    """``SYN,ACK 0:1(0) ack 1 win 65535 <mss 1460>``: relative numbers, first:next(text)."""
    segment = flight.segment
    words = [flags_text(segment.flags), f"{flight.rel_seq}:{flight.rel_seq + segment.seq_length}({segment.length})"]
    if flight.rel_ack is not None:
        words.append(f"ack {flight.rel_ack}")
    words.append(f"win {segment.window}")
    if options := _options_text(segment):
        words.append(f"<{options}>")
    return " ".join(words)


def _options_text(segment: Segment) -> str:
    options = segment.options
    words = [f"mss {options.mss}"] if options.mss is not None else []
    words += [f"wscale {options.window_scale}"] if options.window_scale is not None else []
    words += ["sackOK"] if options.sack_permitted else []
    words += [f"ts {options.timestamp[0]} {options.timestamp[1]}"] if options.timestamp is not None else []
    return ",".join(words)


def _answer(result: int | str | None, error: str | None) -> str:
    return f"-1 {error}" if error is not None else str(result)


def _call(call: str, args: tuple[str | int, ...]) -> str:
    return " ".join((call, *map(str, args)))


def _called(record: Called) -> str:
    answer = _answer(record.result, record.error) if record.completed_at is not None else "..."
    return f"{_call(record.call, record.args)} = {answer}"


def _returned(record: CallReturned) -> str:
    return f"... {_call(record.call, record.args)} = {_answer(record.result, record.error)}"


def _state(record: StateChanged) -> str:
    where = "  (listener)" if ">" not in record.connection else ""
    return f"{record.source.value} -> {record.target.value}{where}"


def _sent(record: Sent) -> str:
    flight = record.flight
    again = f"  again {flight.retransmission}" if flight.retransmission else ""
    fate = "" if flight.fate == "delivered" else f"  {flight.fate}"
    return f"> {segment_text(flight)}{again}{fate}" + ("  forged" if flight.is_forged else "")


def _arrived(record: Arrived) -> str:
    copy = f"  copy {record.copy + 1}" if record.copy else ""
    return f"< {segment_text(record.flight)}{copy}" + ("" if record.accepted else "  refused")


def _changed(record: FlightChanged) -> str:
    flight = record.flight
    copies = ", ".join(map(clock_text, flight.copies)) or "never"
    return f"~ {flags_text(flight.segment.flags)} {flight.fate}, arrives {copies}"


def _acted(record: Acted) -> str:
    return f"! {record.text}" + (f"  refused: {record.refused}" if record.refused else "")


_TELLERS: dict[type, Callable[[Any], str]] = {
    Called: _called,
    CallReturned: _returned,
    StateChanged: _state,
    Vanished: lambda record: f"{record.state.value} vanishes",
    Sent: _sent,
    Arrived: _arrived,
    Lost: lambda record: f"x {segment_text(record.flight)}  {record.fate}",
    FlightChanged: _changed,
    IcmpArrived: lambda record: f"ICMP {record.kind}" + (f" mtu {record.mtu}" if record.mtu is not None else ""),
    TimerFired: lambda record: f"{record.timer} timer expires",
    QueueChanged: lambda record: f"SYN queue {record.syn_queue}, accept queue {record.accept_queue}",
    Counted: lambda record: f"{record.counter} +{record.by}",
    Acted: _acted,
}  # fmt: skip
"""How each kind of record is told."""
