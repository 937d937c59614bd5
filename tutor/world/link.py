"""Link: a cable between two hosts, and what it does to what is sent over it.

Rules
-----
* Each direction is a ``Way`` of its own: parameters, when the sender's end is free again, whether it is cut.
* The fate of a packet is decided once, when it is sent, by dice keyed by the packet (``chance``).
* A segment waits until those before it have left (bandwidth), then takes ``delay`` and up to ``jitter`` more.
  Jitter keeps the order; ``reordering`` is the chance that one packet is held back and overtaken.
* What is lost dies half way. What is corrupted arrives and is rejected by its checksum.
* With ``nat=ADDRESS`` a box at the first host's end rewrites addresses (``nat``).
* A segment larger than the MTU is lost; with ``icmp`` the sender is told, as a router in the middle would.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.tcp.segment import Segment
from tutor.tcp.values import replace
from tutor.world.chance import Key, draw
from tutor.world.time import MS, SECOND, format_duration, parse_duration

HEADERS = 40
"""Octets of an IPv4 and a TCP header without options."""


def size(segment: Segment) -> int:
    """Octets of the whole packet."""
    return HEADERS + segment.options.size + segment.length


@dataclass(frozen=True, slots=True)
class Way:
    """One direction of a link. Spans in microseconds, ``bandwidth`` in bits a second (0: no limit), chances 0 to 1."""

    delay: int = 50 * MS
    bandwidth: int = 0
    mtu: int = 1500
    jitter: int = 0
    loss: float = 0.0
    duplication: float = 0.0
    reordering: float = 0.0
    corruption: float = 0.0
    icmp: bool = True
    """Is the sender told when a segment is too large?"""
    is_cut: bool = False
    free_at: int = 0
    """When the last bit handed in so far has left."""
    latest: int = 0
    """When the last packet that keeps the order arrives."""


OF_THE_CABLE = ("nat", "nat-established", "nat-transitory")
"""Parameters that have no direction."""

PARAMETERS = (
    "delay", "bandwidth", "mtu", "jitter", "loss", "duplication", "reordering", "corruption", "icmp", *OF_THE_CABLE,
)  # fmt: skip
"""What ``set LINK.PARAMETER`` may set."""

_CHANCES = ("loss", "duplication", "reordering", "corruption")
_RATES = {"bit": 1, "kbit": 1_000, "mbit": 1_000_000, "gbit": 1_000_000_000}


def read_parameter(name: str, text: str) -> int | float | bool | str:
    """The value that ``text`` gives the parameter ``name``: ``50ms``, ``10mbit``, ``1500``, ``1%``, ``0.01``, ``yes``.

    ``nat`` is an address or ``no`` ("").

    Raises ``ValueError`` with what is allowed.
    """
    word = text.strip().lower()
    if name in ("delay", "jitter", "nat-established", "nat-transitory"):
        return parse_duration(word)
    if name == "nat":
        return _public_address(word)
    if name in _CHANCES:
        return _chance(name, word)
    if name == "bandwidth":
        return _bandwidth(word)
    if name == "icmp":
        if word not in ("yes", "no", "1", "0"):
            raise ValueError(f"icmp is {text!r}; allowed: yes or no")
        return word in ("yes", "1")
    if name != "mtu":
        raise ValueError(f"a link has no {name!r}; allowed: {', '.join(PARAMETERS)}")
    if not word.isdigit() or not 68 <= int(word) <= 65535:
        raise ValueError(f"mtu is {text!r}; allowed: 68 to 65535 octets")
    return int(word)


def _public_address(word: str) -> str:
    if word == "no":
        return ""
    parts = word.split(".")
    if len(parts) != 4 or not all(part.isdigit() and int(part) < 256 for part in parts):
        raise ValueError(f"nat is {word!r}; allowed: no, or the address that the hosts behind it share, as 203.0.113.1")
    return word


def _chance(name: str, word: str) -> float:
    try:
        value = float(word.removesuffix("%")) / (100 if word.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is {word!r}; allowed: a chance from 0 to 1, or in percent, as 1%")
    return value


def _bandwidth(word: str) -> int:
    if word in ("0", "unlimited"):
        return 0
    for unit in sorted(_RATES, key=len, reverse=True):
        number = word.removesuffix("/s").removesuffix(unit).strip()
        if word.removesuffix("/s").endswith(unit) and number.replace(".", "", 1).isdigit() and float(number) > 0:
            return round(float(number) * _RATES[unit])
    raise ValueError(f"bandwidth is {word!r}; allowed: a rate as 10mbit, 64kbit, or unlimited")


def parameter_text(name: str, value: float | bool | str) -> str:
    """A parameter's value as ``read_parameter`` takes it."""
    if name == "nat":
        return str(value) or "no"
    if name in ("delay", "jitter", "nat-established", "nat-transitory"):
        return format_duration(int(value)).replace(" ", "")
    if name == "bandwidth":
        return f"{value}bit" if value else "unlimited"
    if name == "icmp":
        return "yes" if value else "no"
    return str(value)


@dataclass(frozen=True, slots=True)
class Link:
    """A cable between hosts ``a`` and ``b``; ``forward`` is the way from a to b."""

    name: str
    a: str
    b: str
    forward: Way = Way()
    backward: Way = Way()
    nat: str = ""
    """The public address of the NAT box at the end of ``a``; "" for none."""
    nat_established: int = 5 * 24 * 3600 * SECOND
    """How long the box remembers a silent connection that is open, in microseconds."""
    nat_transitory: int = 120 * SECOND
    """The same while it opens or closes."""

    def way(self, sender: str) -> Way:
        """The direction in which ``sender`` sends."""
        return self.forward if sender == self.a else self.backward

    def with_way(self, sender: str, way: Way) -> Link:
        """The link with another way for ``sender``."""
        return replace(self, forward=way) if sender == self.a else replace(self, backward=way)

    def with_parameter(self, name: str, text: str, sender: str = "") -> Link:
        """The link with a parameter set, for both directions or for one sender only. Raises ``ValueError``."""
        value = read_parameter(name, text)
        if name in OF_THE_CABLE:
            return replace(self, **{name.replace("-", "_"): value})
        link = self
        for host in (sender,) if sender else (self.a, self.b):
            link = link.with_way(host, replace(link.way(host), **{name: value}))
        return link

    @property
    def is_cut(self) -> bool:
        """Is the cable cut?"""
        return self.forward.is_cut or self.backward.is_cut


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one packet: its fate, when its copies arrive, when it dies, and why."""

    fate: str
    copies: tuple[int, ...] = ()
    dies_at: int | None = None
    why: str = ""


DUPLICATE_AFTER = 10 * MS
"""How long after the first copy a second one arrives, unless somebody says otherwise."""


def judge(way: Way, segment: Segment, *, now: int, seed: int, key: Key) -> tuple[Way, Verdict]:
    """The fate of ``segment`` sent at ``now``, and the way after it."""
    octets = size(segment)
    left = max(now, way.free_at) + (octets * 8 * SECOND // way.bandwidth if way.bandwidth else 0)
    arrives = left + way.delay
    half_way = left + way.delay // 2
    if octets > way.mtu:
        return way, Verdict("lost", (), now + way.delay // 2, "mtu")
    if way.is_cut:
        return replace(way, free_at=left), Verdict("cut", (), half_way, "cut")
    if way.jitter:
        arrives += int(draw(seed, "jitter", key) * way.jitter)
    held_back = bool(way.reordering) and draw(seed, "reordering", key) < way.reordering
    if held_back:
        arrives += way.delay // 2 + int(draw(seed, "held-back", key) * (way.delay + MS))
    elif way.jitter:
        arrives = max(arrives, way.latest)
    if left > way.free_at or way.jitter:
        way = replace(way, free_at=left, latest=way.latest if held_back else max(way.latest, arrives))
    return way, _by_chance(way, arrives, half_way, seed, key)


def _by_chance(way: Way, arrives: int, half_way: int, seed: int, key: Key) -> Verdict:
    """Loss first, then corruption, then duplication: each with a die of its own."""
    if way.loss and draw(seed, "loss", key) < way.loss:
        return Verdict("lost", (), half_way, "chance")
    if way.corruption and draw(seed, "corruption", key) < way.corruption:
        return Verdict("corrupted", (arrives,), arrives, "chance")
    if way.duplication and draw(seed, "duplication", key) < way.duplication:
        return Verdict("duplicated", (arrives, arrives + DUPLICATE_AFTER), None, "chance")
    return Verdict("delivered", (arrives,))
