"""Facts of the run that words may quote and bets may measure: ``{link.delay}``, ``{client.rto}``, ``{since.syn}``.

Rules
-----
* A fact is read from the run at the moment of the beat, on the branch the learner is on. No fact is stored.
* ``TABLES`` is the one list of names; the linter's "allowed" and the documentation of the format come from it.
* A span of time is a whole number of microseconds until it is printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from tutor.tcp.profile import Profile
from tutor.tcp.tcb import Tcb
from tutor.teach import asking_facts, sentences
from tutor.teach.errors import nearest
from tutor.teach.lesson import Lesson
from tutor.world.host import Host
from tutor.world.query import Moment
from tutor.world.records import StateChanged
from tutor.world.ss import received_and_unread, written_and_unacknowledged
from tutor.world.stock import what_ifs
from tutor.world.time import format_duration, parse_duration
from tutor.world.trace import Trace
from tutor.world.world import World

Value = int | str
"""A fact: microseconds where the table says "span", else a number or a word."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a sentence is said: a beat's moment on one branch, and the moments of the beats before it."""

    lesson: Lesson
    trace: Trace
    moment: Moment
    moments: tuple[Moment | None, ...]

    @property
    def world(self) -> World:
        """The world right after the event that the beat hangs on."""
        return self.trace.upto(self.moment.index)[-1].world

    @property
    def at(self) -> int:
        """The time of the moment, in microseconds."""
        return self.moment.at


class UnknownFact(ValueError):
    """No fact has this name. ``allowed`` lists what there is; ``nearest`` may be what was meant."""

    def __init__(self, found: str, allowed: Sequence[str]) -> None:
        self.found, self.allowed, self.nearest = found, tuple(allowed), nearest(found, allowed)
        super().__init__(f"{found!r} is not a fact of the run; allowed: {', '.join(allowed)}")


class NoSuchThing(ValueError):
    """The fact exists, but not at this moment: there is no connection, or the other beat has not happened."""


# --- the tables of names ---

NANOSECONDS = 1_000_000_000
"""Of a second."""

PROFILE_SPANS: dict[str, Callable[[Profile], int]] = {
    "initial_rto": lambda profile: profile.initial_rto_us,
    "rto_min": lambda profile: profile.rto_min_us,
    "time_wait": lambda profile: profile.time_wait_us,
    "msl": lambda profile: profile.msl_us,
    "delayed_ack": lambda profile: profile.delayed_ack_us,
}
"""``{client.time_wait}``: spans that the rules of a host fix."""

PROFILE_NUMBERS: dict[str, Callable[[Profile], int]] = {
    "ports": lambda profile: profile.last_port - profile.first_port + 1,
    "isn_rate": lambda profile: NANOSECONDS // profile.isn_tick_ns,
}
"""``{client.ports}``: numbers that they fix: ports to choose from, steps of the initial numbers' clock in a second."""

TCB_FACTS: dict[str, Callable[[Tcb], int]] = {
    "snd_una": lambda tcb: tcb.snd.una,
    "snd_nxt": lambda tcb: tcb.snd.nxt,
    "snd_wnd": lambda tcb: tcb.snd.wnd,
    "rcv_nxt": lambda tcb: tcb.rcv.nxt,
    "rcv_wnd": lambda tcb: tcb.rcv.wnd,
    "mss": lambda tcb: tcb.agreed.mss,
    "recv_q": received_and_unread,
    "send_q": written_and_unacknowledged,
    "cwnd": lambda tcb: tcb.cc.window,
    "ssthresh": lambda tcb: tcb.cc.threshold,
}
"""``{client.snd_nxt}``: numbers of the host's connection, as they stand in its control block; the queues as in ss.

The congestion window and its threshold count segments or octets, as the profile does (``congestion_unit``)."""

MEASURED: dict[str, Callable[[Tcb], int | None]] = {
    "rto": lambda tcb: tcb.rtx.rto,
    "srtt": lambda tcb: tcb.rtx.srtt,
    "rttvar": lambda tcb: tcb.rtx.rttvar if tcb.rtx.srtt is not None else None,
}
"""``{client.srtt}``: spans that the host's connection keeps of its round trips (RFC 6298); None before the first."""

HOST_FACTS = (
    "address", "port", "profile", "state", "isn", *MEASURED, *PROFILE_SPANS, *PROFILE_NUMBERS, *TCB_FACTS
)  # fmt: skip
LINK_SPANS = ("delay", "rtt")
SPANS = frozenset({"time", "since", *MEASURED, *PROFILE_SPANS, *LINK_SPANS})
"""Names whose values are microseconds."""


SHORT_LIST = (
    "time",
    *(f"link.{name}" for name in LINK_SPANS),
    *(f"HOST.{name}" for name in HOST_FACTS),
    "since.BEAT",
    *asking_facts.FORMS,
)
"""The names in general, as an error message lists them."""


def names_of(hosts: Iterable[str], beats: Iterable[str]) -> tuple[str, ...]:
    """Every name that words may use in a lesson with these hosts and beats."""
    of_hosts = tuple(f"{host}.{name}" for host in hosts for name in HOST_FACTS)
    return ("time", *(f"link.{name}" for name in LINK_SPANS), *of_hosts, *(f"since.{beat}" for beat in beats))


def is_known(name: str, hosts: Collection[str], beats: Iterable[str]) -> bool:
    """May words of a lesson with these hosts and beats use ``name``?"""
    return name in names_of(hosts, beats) or (asking_facts.is_one(name) and asking_facts.is_spelt(name, hosts))


def names(lesson: Lesson) -> tuple[str, ...]:
    """Every name that words of this lesson may use."""
    return names_of((host.name for host in lesson.hosts), (beat.id for beat in lesson.beats))


def is_span(name: str) -> bool:
    """Is the fact of this name a span of time?"""
    first, _, rest = name.partition(".")
    if asking_facts.is_one(name):
        return asking_facts.is_time(name)
    return first in ("time", "since") or rest in SPANS


def check_name(name: str, lesson: Lesson) -> None:
    """Raise ``UnknownFact`` unless words of ``lesson`` may use ``name``."""
    hosts = [host.name for host in lesson.hosts]
    if not is_known(name, hosts, [beat.id for beat in lesson.beats]):
        raise UnknownFact(name, names(lesson))


# --- reading them ---


def fact(name: str, scene: Scene) -> Value:
    """The value of a fact at the scene: microseconds for a span. Raises ``UnknownFact`` or ``NoSuchThing``."""
    check_name(name, scene.lesson)
    owner, _, what = name.partition(".")
    if asking_facts.is_one(name):
        return _asked(name, scene)
    if name == "time":
        return scene.at
    if owner == "since":
        return _since(what, scene)
    if owner == "link":
        return _link(what, scene.world)
    return _host(scene.world.host(owner), what, scene)


def _asked(name: str, scene: Scene) -> Value:
    try:
        return asking_facts.value(name, scene.trace, scene.moment.index)
    except asking_facts.NotYet as error:
        raise NoSuchThing(f"this has not happened: {error}") from None


def _since(beat_id: str, scene: Scene) -> int:
    index = [beat.id for beat in scene.lesson.beats].index(beat_id)
    moment = scene.moments[index]
    if moment is None or moment.at > scene.at:
        raise NoSuchThing(f"the beat {beat_id} has not happened")
    return scene.at - moment.at


def _link(what: str, world: World) -> int:
    delay = world.links[0].forward.delay
    return delay if what == "delay" else 2 * delay


def _host(host: Host, what: str, scene: Scene) -> Value:
    if what == "address":
        return host.address
    if what == "profile":
        is_other = bool(what_ifs(host, scene.world.profiles))
        return f"{host.profile.title} (what if)" if is_other else host.profile.title
    if what in PROFILE_SPANS or what in PROFILE_NUMBERS:
        return (PROFILE_SPANS | PROFILE_NUMBERS)[what](host.profile)
    if what == "state":
        return state_of(host.name, scene)
    tcb = asking_facts.latest(host)
    if tcb is None:
        raise NoSuchThing(f"{host.name} has no connection")
    if what == "port":
        return tcb.local.port
    if what == "isn":
        return tcb.snd.iss
    return _measured(host.name, what, tcb) if what in MEASURED else TCB_FACTS[what](tcb)


def _measured(host: str, what: str, tcb: Tcb) -> int:
    span = MEASURED[what](tcb)
    if span is None:
        raise NoSuchThing(f"{host} has measured no round trip yet")
    return span


def state_of(host: str, scene: Scene) -> str:
    """The state that ``host`` entered last; CLOSED where nothing is left of it, as after a crash."""
    if not scene.world.host(host).sockets:
        return "CLOSED"
    for step in reversed(scene.trace.upto(scene.moment.index)):
        for record in reversed(step.records):
            if isinstance(record, StateChanged) and record.host == host:
                return record.target.value
    return "CLOSED"


# --- sentences and measures ---


def fill(text: str, scene: Scene) -> str:
    """``text`` with its placeholders filled from the run; what does not exist on this branch becomes a dash."""

    def value(hole: re.Match[str]) -> str:
        try:
            return shown(hole[1].strip(), scene)
        except (UnknownFact, NoSuchThing):
            return "–"

    return sentences.PLACEHOLDER.sub(value, text)


def without_run(text: str) -> str:
    """``text`` with a dash for every placeholder: its beat does not happen on this branch."""
    return sentences.PLACEHOLDER.sub("–", text)


def shown(name: str, scene: Scene) -> str:
    """One fact as it is printed."""
    found = fact(name, scene)
    return format_duration(found) if isinstance(found, int) and is_span(name) else str(found)


_PRODUCT = re.compile(r"(?:(\d+)\s*\*\s*)?(.+)")


def measure(expression: str, scene: Scene) -> int:
    """Microseconds that an expression stands for: ``link.delay``, ``2 * link.delay + client.rto``, ``1s``.

    Raises ``UnknownFact`` or ``NoSuchThing`` for its names, ``ValueError`` for a span that cannot be read.
    """
    return sum(factor * _term(term, scene) for factor, term in products(expression))


def products(expression: str) -> list[tuple[int, str]]:
    """(factor, term) of each summand of an expression."""
    found: list[tuple[int, str]] = []
    for part in expression.split("+"):
        match = _PRODUCT.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"{expression!r} is not a span of time")
        found.append((int(match[1] or 1), match[2].strip()))
    return found


def _term(term: str, scene: Scene) -> int:
    if term[:1].isdigit():
        return parse_duration(term)
    value = fact(term, scene)
    if not is_span(term) or not isinstance(value, int):
        raise UnknownFact(term, [name for name in names(scene.lesson) if is_span(name)])
    return value


def check_measure(expression: str, lesson: Lesson) -> None:
    """Raise ``UnknownFact`` or ``ValueError`` unless ``expression`` can stand for a span in this lesson."""
    spans = [name for name in names(lesson) if is_span(name)]
    hosts = [host.name for host in lesson.hosts]
    for _, term in products(expression):
        if term[:1].isdigit():
            parse_duration(term)
        elif term not in spans and not (is_span(term) and is_known(term, hosts, ())):
            raise UnknownFact(term, spans)
