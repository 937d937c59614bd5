"""Runs to ask about: small stories whose numbers are drawn. Each is a real run of the engine.

Rules
-----
* A story fixes who calls what, in which order, and what the network does. Everything else is drawn from the dice:
  both first numbers, ports, the delay of the link, octets, how long programs wait, whose rules hold.
* What the learner must know to predict is said in words (``setting``): the rules, the delay, both programs and what
  the network will do. Nothing else decides what follows.
* The recipes of the search are stories, too, one for each edge of each rule set: with fresh ports, numbers and delay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from tutor.explore.recipes import Recipe
from tutor.profiles import load_profile
from tutor.teach import there
from tutor.teach.generated import paragraphs, said
from tutor.teach.lesson import Text
from tutor.teach.setting import setting
from tutor.words import mark
from tutor.world.acts import Act, parse_act
from tutor.world.program import Program, parse_program
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.time import HOUR, MS, format_duration
from tutor.world.trace import Trace

MAX_STEPS = 400
"""No generated run goes further."""

UNTIL = 24 * HOUR

PROFILES = ("linux-6.18", "linux-6.18", "linux-6.18", "rfc9293", "rfc9293", "linux-4.19")
"""Whose rules are drawn, the more often named the more often."""

PORTS = (22, 25, 80, 110, 143, 443, 5432, 6379, 8080)


@dataclass(frozen=True, slots=True)
class Stage:
    """A run to ask about: where it comes from, how it is told, and what it is about.

    Questions are about steps from ``first`` on. ``edge`` and ``host``: what a recipe is for.
    """

    trace: Trace
    setting: Text
    scenario: Scenario | None = None
    concept: str = ""
    first: int = 0
    edge: str = ""
    host: str = ""
    subject: str = ""
    """The story or edge it was drawn for."""


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of run. Lines are parted by ``;``, words in angle brackets drawn. ``lessons``: whose matter it is."""

    name: str
    concept: str
    client: str
    server: str
    acts: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()


OPENING, NUMBERS, CLOSING, LOSS, WAITING, RESET, QUEUES, TABLE = (
    mark("opening"), mark("sequence numbers"), mark("closing"), mark("retransmission"), mark("TIME-WAIT"),
    mark("reset"), mark("queues"), mark("the map of states"),
)  # fmt: skip
"""What questions are about, as a score lists it."""

LISTENS = "listen <port>; accept"
READS = "when received <n> read"

STORIES: tuple[Story, ...] = (
    Story("handshake", OPENING, "connect server:<port>", LISTENS, (), ("00", "01", "02", "09")),
    Story(
        "request", NUMBERS, "connect server:<port>; write <n>; when received <m> read",
        f"{LISTENS}; {READS}; write <m>", (), ("02", "03", "41"),
    ),
    Story(
        "greeting", NUMBERS, "connect server:<port>; when received <m> read; write <n>",
        f"{LISTENS}; write <m>; {READS}", (), ("02", "41"),
    ),
    Story(
        "one-after-another", NUMBERS,
        "connect server:<port>; write <n>; after <short> write <m>; after <short> write <k>; after <pause> close",
        f"{LISTENS}; read; read; read; when peer-closed close", (), ("02", "41", "27"),
    ),
    Story(
        "client-closes", CLOSING, "connect server:<port>; write <n>; after <pause> close",
        f"{LISTENS}; {READS}; when peer-closed after <pause> close", (), ("13", "14", "19"),
    ),
    Story(
        "server-closes", CLOSING, "connect server:<port>; when peer-closed after <pause> close",
        f"{LISTENS}; after <pause> close", (), ("13", "32"),
    ),
    Story(
        "three-segments", CLOSING, "connect server:<port>; after <pause> close",
        f"{LISTENS}; when peer-closed close", (), ("14",),
    ),
    Story(
        "half-close", CLOSING, "connect server:<port>; after <pause> shutdown write; when received <m> read; "
        "when peer-closed close", f"{LISTENS}; when peer-closed after <pause> write <m>; after <pause> close", (),
        ("15", "13"),
    ),
    Story(
        "both-close", CLOSING, "connect server:<port>; at <later> close", f"{LISTENS}; at <later> close", (),
        ("18", "13"),
    ),
    Story(
        "both-open", OPENING, "connect server:<port> from <cport>", "connect client:<cport> from <port>", (), ("10",),
    ),
    Story("refused", RESET, "connect server:<port>", "", (), ("07", "22")),
    Story("silence", LOSS, "connect server:<port>", "listen <port>; accept", ("cut link",), ("04", "07", "27")),
    Story("syn-lost", LOSS, "connect server:<port>", LISTENS, ("drop client:SYN",), ("04", "27")),
    Story(
        "two-syns-lost", LOSS, "connect server:<port>", LISTENS, ("drop client:SYN", "drop client:SYN:2"),
        ("04", "27"),
    ),
    Story("synack-lost", LOSS, "connect server:<port>", LISTENS, ("drop server:SYN,ACK",), ("05", "27")),
    Story("ack-lost", LOSS, "connect server:<port>", LISTENS, ("drop client:ACK",), ("06", "27")),
    Story(
        "ack-lost-data", LOSS, "connect server:<port>; after <pause> write <n>", f"{LISTENS}; {READS}",
        ("drop client:ACK",), ("06",),
    ),
    Story(
        "data-lost", LOSS, "connect server:<port>; after <pause> write <n>", f"{LISTENS}; {READS}",
        ("drop client:data",), ("27", "30"),
    ),
    Story(
        "first-of-three-lost", LOSS, "connect server:<port>; after <pause> write <many>",
        f"{LISTENS}; when received <many> read", ("drop client:data",), ("27", "30"),
    ),
    Story(
        "fin-lost", LOSS, "connect server:<port>; after <pause> close",
        f"{LISTENS}; when peer-closed after <pause> close", ("drop client:FIN,ACK",), ("13", "27"),
    ),
    Story(
        "last-ack-lost", WAITING, "connect server:<port>; after <pause> close",
        f"{LISTENS}; when peer-closed after <pause> close", ("drop client:ACK:2",), ("19", "20"),
    ),
    Story(
        "abort", RESET, "connect server:<port>; write <n>; after <pause> abort", f"{LISTENS}; {READS}; read", (),
        ("22",),
    ),
    Story(
        "closed-unread", RESET, "connect server:<port>; write <n>; after <pause> read",
        f"{LISTENS}; after <pause> close", (), ("22", "15"),
    ),
    Story(
        "unread", QUEUES, "connect server:<port>; write <n>; after <pause> write <m>", f"{LISTENS}; after 30s read", (),
        ("29", "36"),
    ),
    Story(
        "not-accepted", QUEUES, "connect server:<port>; write <n>", "listen <port> backlog=<backlog>; after 20s accept",
        (), ("23", "36"),
    ),
    Story(
        "never-closed", QUEUES, "connect server:<port>; write <n>; after <pause> close", f"{LISTENS}; {READS}", (),
        ("16", "17", "36"),
    ),
)  # fmt: skip

BY_NAME = {story.name: story for story in STORIES}


def stories_of(lesson: str) -> tuple[str, ...]:
    """The stories that a lesson (by its id) has taught how to predict."""
    return tuple(story.name for story in STORIES if lesson[:2] in story.lessons)


# --- drawing ---


def drawn(story: Story, dice: Random) -> Stage:
    """The story with numbers from the dice, not computed yet."""
    words = _freedoms(dice)

    def fill(text: str) -> str:
        return re.sub(r"<(\w+)>", lambda hole: words[hole[1]], text)

    profile = load_profile(dice.choice(PROFILES))
    client, server = _program(fill(story.client)), _program(fill(story.server))
    hosts = (
        HostSpec(
            "client", "10.0.0.1", profile, programs=(client,), isn=_first_number(dice), port=int(words["cport"])
        ),
        HostSpec(
            "server", "10.0.0.2", profile, programs=(server,) if server.lines else (), isn=_first_number(dice)
        ),
    )  # fmt: skip
    link = LinkSpec("client", "server", parameters=(("delay", words["delay"]),))
    acts = tuple((0, parse_act(act)) for act in story.acts)
    scenario = Scenario(hosts, (link,), seed=dice.randrange(1, 10_000), acts_at=acts, until=UNTIL)
    programs = ((host.name, program) for host in hosts for program in host.programs)
    setting = told(profile.title, words["delay"], programs, story.acts)
    return Stage(run_of(scenario), setting, scenario, story.concept, subject=story.name)


def _freedoms(dice: Random) -> dict[str, str]:
    delay = dice.choice((dice.randrange(5, 50), dice.randrange(50, 150)))
    return {
        "port": str(dice.choice(PORTS)),
        "cport": str(dice.randrange(32768, 61000)),
        "delay": f"{delay}ms",
        "n": str(dice.randrange(20, 1400)),
        "m": str(dice.randrange(20, 1400)),
        "k": str(dice.randrange(20, 1400)),
        "short": f"{delay // 3 + 1}ms",
        "many": str(dice.randrange(3000, 4300)),
        "pause": f"{2 * delay + dice.randrange(7, 300)}ms",
        "later": f"{4 * delay + dice.randrange(300, 900)}ms",
        "backlog": str(dice.randrange(1, 9)),
    }


def _first_number(dice: Random) -> int:
    return dice.randrange(1_000, 4_000_000_000)


def _program(lines: str) -> Program:
    return parse_program([line.strip() for line in lines.split(";") if line.strip()])


def run_of(scenario: Scenario) -> Trace:
    """The run of a scenario, not computed yet."""
    made = Trace.of(scenario)
    return Trace(made.computed[0].world, scenario.until, limit=MAX_STEPS)


def told(profile: str, delay: str, programs: Iterable[tuple[str, Program]], acts: Sequence[str] = ()) -> Text:
    """What a learner must know of a run: whose rules, the delay one way, the programs, what the network will do."""
    lines = [
        said(
            mark("Rules: {profile}. One way takes {delay}."),
            profile=profile,
            delay=re.sub(r"(?<=\d)(?=[a-z])", " ", delay),
        )
    ]
    for host, program in programs:
        text = "; ".join(map(str, program.lines))
        lines.append(said(mark("The program of the {host}: {program}"), host=host, program=f"`{text}`"))
    if acts:
        lines.append(said(mark("Beforehand: {acts}"), acts=", ".join(f"`{act}`" for act in acts)))
    return paragraphs(lines)


def setting_of(trace: Trace) -> Text:
    """What is known of a run that somebody made, as it began: rules, ways, settings, programs."""
    world = trace.computed[0].world
    return setting(world, world)


# --- recipes ---

_TEN = 10 * MS
"""How far apart the hosts of a recipe are."""


@lru_cache(maxsize=256)
def _shortest(edge: str, rules: str) -> Recipe | None:
    return there.known(edge, rules)


def of_edge(edge: str, rules: str, dice: Random) -> Stage | None:
    """A run that crosses an edge under a rule set, with fresh ports, numbers and delay; None if there is no recipe."""
    found = _shortest(edge, rules)
    if found is None:
        return None
    delay, port, mate = dice.randrange(5, 120), dice.choice(PORTS), dice.randrange(32768, 61000)
    numbers = {"client": _first_number(dice), "server": _first_number(dice)}
    stage = _fresh(found, rules, delay, port, mate, numbers)
    if there.crossing(stage.trace, found) is None:
        stage = _fresh(found, rules, 10, 80, 1000, {"client": 1000, "server": 5000})
    return stage


def _fresh(found: Recipe, rules: str, delay: int, port: int, mate: int, numbers: dict[str, int]) -> Stage:
    profile = load_profile(rules)
    hosts = tuple(
        HostSpec(name, f"10.0.0.{place}", profile, isn=numbers[name]) for place, name in enumerate(numbers, 1)
    )
    link = LinkSpec("client", "server", parameters=(("delay", f"{delay}ms"),))
    acts = tuple((_moved(at, delay), _renumbered(act, port, mate, numbers)) for at, act in found.acts)
    scenario = Scenario(hosts, (link,), acts_at=acts, until=UNTIL)
    lines = [f"{format_duration(at)}: {_plain(act)}" for at, act in acts]
    setting = told(profile.title, f"{delay}ms", (), lines)
    return Stage(run_of(scenario), setting, scenario, TABLE, edge=found.edge, host=found.host, subject=found.edge)


def _plain(act: Act) -> str:
    return " ".join(word for word in str(act).split() if not word.startswith("on="))


def _moved(at: int, delay: int) -> int:
    hops, rest = divmod(at, _TEN)
    return hops * delay * MS + rest


def _renumbered(act: Act, port: int, mate: int, numbers: dict[str, int]) -> Act:
    """The same act with other ports, and with absolute numbers counted from the new first ones."""
    text = re.sub(r"(?<=server:|listen )80\b|(?<=from |port=)80\b", str(port), str(act))
    text = re.sub(r"(?<=client:)1000\b|(?<=from |port=)1000\b|(?<=listen )1000\b", str(mate), text)
    sender = "server" if "server>client" in text else "client"
    first = {"client": 1000, "server": 5000}[sender]
    return parse_act(re.sub(r"@(\d+)", lambda hit: f"@{(int(hit[1]) - first + numbers[sender]) % 2**32}", text))
