"""What may come next in a line that is being typed: an act, word by word, from the vocabulary and the world.

Rules
-----
* The words come from ``acts``: names of calls and hands, their options. What they are about comes from the world at
  the playhead: hosts, links, sockets, segments in the air, what is armed, lines of programs.
* A word that is complete is not offered again. A line that the vocabulary does not know has no completion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tutor.tcp.variant import VARIANTS
from tutor.world.acts import CALLS, EDITS, EVENTS, HANDS, ON_SEGMENTS
from tutor.world.link import PARAMETERS
from tutor.world.sockopts import SOCKET_OPTIONS
from tutor.world.world import World

MOST = 60
"""So many words are offered at most."""

FLAGS = ("SYN", "SYN,ACK", "ACK", "PSH,ACK", "FIN,ACK", "RST", "RST,ACK")
PATTERNS = ("any", "data", "SYN", "SYN,ACK", "ACK", "FIN,ACK", "RST")
SPANS = ("10ms", "100ms", "1s", "10s")


def completions(text: str, world: World) -> tuple[str, ...]:
    """Whole lines that ``text`` may become by its next word, the word that is being typed completed."""
    words = text.split()
    typed = "" if not text or text[-1].isspace() else words.pop()
    stem = " ".join(words)
    found = [word for word in dict.fromkeys(_next(words, world)) if word.startswith(typed) and word != typed]
    return tuple(f"{stem} {word}".strip() for word in found[:MOST])


def usage(text: str) -> str:
    """How the act that is being typed is written, with its options; "" before its name is known."""
    words = text.split()
    for word in words[:2]:
        form = CALLS.get(word) or HANDS.get(word)
        if form is not None:
            return " ".join((form.usage, *(f"[{name}=]" for name, _ in form.options)))
    return ""


def _next(words: list[str], world: World) -> Iterator[str]:
    if not words:
        yield from (*world.host_names, *HANDS)
    elif words[0] in HANDS:
        yield from _HANDS.get(words[0], _nothing)(words[1:], world)
        yield from _options(words, HANDS[words[0]].options)
    elif words[0] in world.table:
        if len(words) == 1:
            yield from CALLS
        elif words[1] in CALLS:
            yield from _call(words[1], words[2:], words[0], world)
            yield from _options(words, CALLS[words[1]].options)


def _options(words: list[str], options: tuple[tuple[str, Callable[[str], str]], ...]) -> Iterator[str]:
    given = {word.partition("=")[0] for word in words}
    yield from (f"{name}=" for name, _ in options if name not in given and name not in ("on", "from"))


def _call(call: str, args: list[str], host: str, world: World) -> Iterator[str]:
    if not args:
        yield from _FIRST.get(call, ())
        if call == "connect":
            yield from (f"{each.name}:{port}" for each in world.hosts for port in sorted(each.listeners))
    if any(name == "on" for name, _ in CALLS[call].options) and not any(word.startswith("on=") for word in args):
        yield from (f"on={socket.id}" for socket in world.host(host).all_sockets())


_FIRST: dict[str, tuple[str, ...]] = {
    "shutdown": ("write", "read", "both"),
    "setsockopt": tuple(sorted(SOCKET_OPTIONS)),
    "getsockopt": tuple(sorted(SOCKET_OPTIONS)),
    "fcntl": ("O_NONBLOCK", "0"),
    "ioctl": ("SIOCINQ", "SIOCOUTQ", "SIOCOUTQNSD"),
    "poll": EVENTS,
    "write": ("100", "1460", "10000"),
    "listen": ("80",),
    "bind": ("80",),
}
"""The first argument of a call."""


def _nothing(_args: list[str], _world: World) -> Iterator[str]:
    yield from ()


def _targets(args: list[str], world: World) -> Iterator[str]:
    if not args:
        yield from (f"#{flight.id}" for flight in world.flights)
        yield from (f"{host}:{pattern}" for host in ("*", *world.host_names) for pattern in PATTERNS)


def _targets_and_span(args: list[str], world: World) -> Iterator[str]:
    yield from SPANS if len(args) == 1 else _targets(args, world)


def _links(args: list[str], world: World) -> Iterator[str]:
    yield from () if args else world.link_names


def _hosts(args: list[str], world: World) -> Iterator[str]:
    yield from () if args else world.host_names


def _inject(args: list[str], world: World) -> Iterator[str]:
    if not args:
        yield from (f"{a}>{b}" for a in world.host_names for b in world.host_names if a != b)
    elif len(args) == 1:
        yield from FLAGS


def _icmp(args: list[str], world: World) -> Iterator[str]:
    yield from (world.host_names, ("hard", "soft", "too-big"))[len(args)] if len(args) < 2 else ()


def _disarm(args: list[str], world: World) -> Iterator[str]:
    if not args:
        yield from dict.fromkeys(rule.name for rule in world.rules) or ON_SEGMENTS
    elif len(args) == 1:
        yield from (str(rule.target) for rule in world.rules if rule.name == args[0])


def _variant(args: list[str], _world: World) -> Iterator[str]:
    yield from () if args else ("none", *VARIANTS)


def _profile(args: list[str], world: World) -> Iterator[str]:
    yield from (world.host_names, sorted(world.profiles))[len(args)] if len(args) < 2 else ()


def _program(args: list[str], world: World) -> Iterator[str]:
    if not args:
        for host in world.hosts:
            yield from (host.name if number == 0 else f"{host.name}/{number + 1}" for number in sorted(host.programs))
        return
    name, _, number = args[0].partition("/")
    running = world.table[name].programs.get(int(number or 1) - 1) if name in world.table else None
    lines = running.program.lines if running is not None else ()
    if len(args) == 1:
        yield from (str(place) for place in range(1, len(lines) + 1))
    elif len(args) == 2:
        yield from EDITS
    elif args[2] == "replace" and len(args) == 3 and args[1].isdecimal() and 1 <= int(args[1]) <= len(lines):
        yield str(lines[int(args[1]) - 1])
    elif args[2] != "forget" and len(args) == 3:
        yield from (*CALLS, "when", "after")


def _set(args: list[str], world: World) -> Iterator[str]:
    if not args:
        yield from (f"{link}.{name}" for link in world.link_names for name in PARAMETERS)
        yield from (f"{host}." for host in world.host_names)


_HANDS: dict[str, Callable[[list[str], World], Iterator[str]]] = {
    "drop": _targets,
    "corrupt": _targets,
    "swap": _targets,
    "delay": _targets_and_span,
    "duplicate": _targets_and_span,
    "disarm": _disarm,
    "cut": _links,
    "mend": _links,
    "crash": _hosts,
    "reboot": _hosts,
    "inject": _inject,
    "icmp": _icmp,
    "profile": _profile,
    "variant": _variant,
    "program": _program,
    "set": _set,
    "wait": lambda args, _world: iter(() if args else SPANS),
}
"""What follows the name of a hand's act."""
