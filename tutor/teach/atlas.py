"""The atlas as one reads it: a protocol, a pair of states that is chosen, and the shortest run that leads there.

Rules
-----
* ``Reading`` is a value, ``update`` is pure. Nothing is searched here: atlases are shipped (``assets/atlas.json``, made
  by ``tests/tools/atlas.py``), and tests hold that they are what the search finds.
* A way is not believed: it is walked on the engine and played in the World, and a run comes of it like any other.
* Where the hosts of a run are is read from its World at the playhead; what comes later is nobody's business here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache

from tutor import resources
from tutor.explore.atlas import Atlas, Pair, Way, walk
from tutor.explore.charted import CHARTED, Key, loads
from tutor.explore.contradiction import contradiction
from tutor.explore.replay import Run, replay
from tutor.explore.search import Answer
from tutor.joining import named
from tutor.profiles import load_profile
from tutor.tcp.profile import Profile
from tutor.tcp.states import State
from tutor.tcp.variant import variant_named
from tutor.teach.lesson import Lesson
from tutor.teach.retelling import lesson_of
from tutor.teach.road import lay_road
from tutor.teach.there import Visit
from tutor.words import LANGUAGES, Words, mark
from tutor.world.host import LISTENER, Host
from tutor.world.scenario import Scenario
from tutor.world.world import World

ORDER = tuple(State)
"""The states as RFC 9293 lists them: rows are the client's, columns the server's."""

SETTLED = 5
"""Microseconds after its last move a run has come to the pair: programs accept and read first."""

BEGINNINGS = (
    mark("The client calls, the server listens."),
    mark("Both call each other, and nobody listens."),
    mark("The server calls, the client listens."),
    mark("Nobody calls, and both listen."),
    mark("The client calls, the server listens; after an abort or a crash the client may call again."),
    mark("The server calls, the client listens; after an abort or a crash the server may call again."),
    mark("The client calls, and both listen."),
    mark("The server calls, and both listen."),
    mark("Both call each other, and the server listens as well."),
    mark("Both call each other, and the client listens as well."),
    mark("Both call each other, each of them twice, and nobody listens."),
    mark("The client calls, the server listens; segments of an earlier connection are still under way."),
    mark("The server calls, the client listens; segments of an earlier connection are still under way."),
    mark(
        "The client calls, the server listens; after an abort or a crash the client may call again, and a segment is"
        " copied."
    ),
    mark(
        "The server calls, the client listens; after an abort or a crash the server may call again, and a segment is"
        " copied."
    ),
)
"""What is said of each of ``explore.atlas.STAGES``."""

BOUND = mark(
    "one call of each end, one loss and one abort or crash; or two calls of one end and one abort or crash; or, in no"
    " more than 12 moves, two calls of each end, of whom none listens, and one abort or crash; or, where nothing else"
    " leads, in no more than 12 moves one call, two old segments (no FIN, no RST) and one abort or crash; or,"
    " where nothing else leads and the protocol is not TCP, in no more than 17 moves two calls of one end, a copy of a"
    " segment and one abort or crash; nothing written, no number placed, no orphan; who listens does so throughout"
)

NEVER = mark(
    "TCP never comes there, however long a run is, as long as no number coincides with that of an old segment, no SYN"
    " cookie opens a connection and nobody forges a segment: {why}."
)
"""Of a pair that is a contradiction (``explore.contradiction``): the run is TCP's."""

GAINED, LOST = "gained", "lost"
"""Only this protocol comes there; only TCP does."""


@cache
def shipped() -> dict[Key, Atlas]:
    """Every atlas that is shipped, by (profile, variant)."""
    return loads(resources.asset_text("atlas.json"))


def rules_of(profile: Profile) -> str:
    """The shipped rules by which ``profile`` moves between states."""
    rfc, linux = CHARTED
    return linux if profile.rule_set.startswith("linux") else rfc


@dataclass(frozen=True, slots=True)
class Reading:
    """What is looked at: whose atlas (``variant`` "" is TCP), and the pair that is chosen."""

    profile: str = CHARTED[0]
    variant: str = ""
    chosen: Pair = (State.CLOSED, State.LISTEN)

    @property
    def atlas(self) -> Atlas:
        """Its atlas."""
        return shipped()[self.profile, self.variant]

    @property
    def plain(self) -> Atlas:
        """That of TCP under the same rules."""
        return shipped()[self.profile, ""]

    @property
    def way(self) -> Way | None:
        """A shortest way to the pair that is chosen; None: it cannot be, within the bound."""
        return self.atlas.ways.get(self.chosen)

    def change(self, pair: Pair) -> str:
        """``GAINED``, ``LOST``, or "" where TCP says the same of this pair."""
        can, could = pair in self.atlas.ways, pair in self.plain.ways
        return "" if can == could else GAINED if can else LOST


# --- intents ---


@dataclass(frozen=True, slots=True)
class Turn:
    """Look at the atlas of another protocol, or under other rules; None: as before."""

    variant: str | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Choose:
    """Choose a pair."""

    pair: Pair


@dataclass(frozen=True, slots=True)
class Walk:
    """Choose the pair so many rows below and columns to the right; at the edge one stays."""

    down: int = 0
    right: int = 0


Intent = Turn | Choose | Walk


def update(reading: Reading, intent: Intent) -> Reading:
    """The reading after an intent. An atlas that is not shipped changes nothing."""
    match intent:
        case Turn(variant, profile):
            turned = replace(
                reading,
                variant=reading.variant if variant is None else variant,
                profile=reading.profile if profile is None else profile,
            )
            return turned if (turned.profile, turned.variant) in shipped() else reading
        case Choose(pair):
            return replace(reading, chosen=pair)
        case Walk(down, right):
            row, column = (ORDER.index(state) for state in reading.chosen)
            last = len(ORDER) - 1
            there = ORDER[max(0, min(last, row + down))], ORDER[max(0, min(last, column + right))]
            return replace(reading, chosen=there)


def why_not(variant: str, pair: Pair, words: Words) -> str:
    """Why TCP never comes to a pair, however long one searches (``NEVER`` says in which runs); "" if that is not known,
    or of another protocol."""
    found = None if variant else contradiction(*pair)
    if found is None:
        return ""
    text, knows, other = found
    return words.t(text, knows=words.state(knows), other=words.state(other))


def begin(profile: Profile, variant: str, here: Pair | None) -> Reading:
    """The atlas of the protocol that a run follows, at the pair where its hosts are."""
    reading = update(Reading(), Turn(variant, rules_of(profile)))
    return reading if here is None else replace(reading, chosen=here)


# --- where a run is ---


def here(world: World, connection: str) -> Pair | None:
    """Where both ends of a connection's ports are ("": the run's two hosts); None if there are not two with a TCP.

    A port can be used again, and by either end: what is asked for is the 4-tuple, in whichever of its lives, and by
    whichever name, an end is.
    """
    name = connection.partition("#")[0]
    ends = [end.rpartition(":") for end in name.split(">")] if name else []
    ports = {host: int(port) for host, _, port in ends if port.isdecimal()}
    hosts = [host for host in world.hosts if host.name in ports]
    hosts = hosts if len(hosts) == 2 else list(world.hosts[:2])
    if len(hosts) != 2 or any(host.is_scripted for host in hosts):
        return None
    a, b = (_state(host, name, ports.get(host.name)) for host in hosts)
    return a, b


def _state(host: Host, name: str, port: int | None) -> State:
    sockets = host.all_sockets()
    names = {name, ">".join(reversed(name.split(">")))} if name else set()
    lives = [each.state for each in sockets if each.id.partition("#")[0] in names]
    alive = [state for state in lives if state is not State.CLOSED]
    listens = [each for each in sockets if each.kind == LISTENER and port in (None, each.tcb.local.port)]
    return alive[-1] if alive else State.LISTEN if listens else State.CLOSED


# --- runs ---


@lru_cache(maxsize=64)
def answer_to(profile: str, variant: str, pair: Pair) -> Answer | None:
    """The way to a pair, walked on the engine; None: there is none."""
    way = shipped()[profile, variant].ways.get(pair)
    return None if way is None else walk(load_profile(profile), way, variant_named(variant))


def visit(profile: str, variant: str, pair: Pair, *, from_start: bool = False) -> Visit | None:
    """The run to a pair, the playhead where it has come there, or at the start; None: there is no way."""
    answer = answer_to(profile, variant, pair)
    if answer is None:
        return None
    lesson, scenario, run = run_of(answer, variant, pair)
    return Visit(lesson, scenario, lay_road(lesson, scenario), 0 if from_start else arrival(run), "")


def run_of(answer: Answer, variant: str, pair: Pair) -> tuple[Lesson, Scenario, Run]:
    """The run of a way to a pair, and the lesson that tells of it."""
    run = replay(answer)
    titles = {lang: heading(variant, pair, Words(lang)) for lang in LANGUAGES}
    name = f"pair-{variant or 'tcp'}-{pair[0]}-{pair[1]}".lower()
    return (*lesson_of(answer, run, name, titles, arrival(run)), run)


def arrival(run: Run) -> int:
    """When the run has come to its pair (microseconds)."""
    return (run.times[-1] if run.times else run.until - 1) + SETTLED


def heading(variant: str, pair: Pair, words: Words) -> str:
    """``Two-way handshake: SYN-SENT – ESTABLISHED``."""
    known = variant_named(variant)
    name = words.t(known.title) if known.id else "TCP"
    return named(f"{name[:1].upper()}{name[1:]}", f"{words.state(pair[0])} – {words.state(pair[1])}", words)
