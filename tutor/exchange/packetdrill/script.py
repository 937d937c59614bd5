"""A packetdrill script as values.

Rules
-----
* Nothing is interpreted here: numbers are as written, constants are names, ``...`` is ``Elided``.
* Times are microseconds. Every item knows its line and column, for whoever has to speak of it.
* ``str()`` of a script is a script again that says the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# --- times ---

ABSOLUTE, RELATIVE, ANY = "absolute", "relative", "any"


@dataclass(frozen=True, slots=True)
class When:
    """When an item happens, in microseconds: since the start (absolute) or since the item before (relative).

    ``until``: the end of a range ``A~B``. ``returns``: when a call that blocks comes back (``A...B``), counted from the
    same moment as ``at``.
    """

    kind: str
    at: int = 0
    until: int | None = None
    returns: int | None = None

    def __str__(self) -> str:
        if self.kind == ANY:
            return "*"
        sign = "+" if self.kind == RELATIVE else ""
        text = sign + seconds(self.at)
        if self.until is not None:
            text += f"~{sign}{seconds(self.until)}"
        if self.returns is not None:
            text += f"...{seconds(self.returns)}"
        return text


def seconds(micros: int) -> str:
    """``1500000`` -> ``1.5``."""
    whole, part = divmod(micros, 1_000_000)
    return f"{whole}.{part:06d}".rstrip("0").rstrip(".")


# --- values of calls ---


@dataclass(frozen=True, slots=True)
class Elided:
    """``...``: whatever is usual."""

    def __str__(self) -> str:
        return "..."


@dataclass(frozen=True, slots=True)
class Name:
    """A constant by its name: ``SO_REUSEADDR``."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Text:
    """Characters in quotes, escapes as written; ``more``: ``"GET"...`` begins so and goes on."""

    text: str
    more: bool = False

    def __str__(self) -> str:
        return f'"{self.text}"' + ("..." if self.more else "")


@dataclass(frozen=True, slots=True)
class Flags:
    """``A|B``: constants or numbers joined."""

    parts: tuple[Value, ...]

    def __str__(self) -> str:
        return "|".join(map(str, self.parts))


@dataclass(frozen=True, slots=True)
class Listing:
    """``[a, b]``: what is passed by address."""

    items: tuple[Value, ...]

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.items))}]"


@dataclass(frozen=True, slots=True)
class Record:
    """``{onoff=1, linger=0}``: a structure by its fields; a field without a name has the name ""."""

    fields: tuple[tuple[str, Value], ...]
    maker: str = ""
    """The function that makes the value, as in ``htons(8080)``; "" for a structure in braces."""
    sizes: tuple[tuple[str, str], ...] = ()
    """What some fields have in brackets: ``msg_iov(2)=[...]``."""

    def __str__(self) -> str:
        sizes = dict(self.sizes)
        names = ((f"{name}({sizes[name]})" if name in sizes else name, value) for name, value in self.fields)
        inside = ", ".join(f"{name}={value}" if name else str(value) for name, value in names)
        return f"{self.maker}({inside})" if self.maker else f"{{{inside}}}"

    def get(self, name: str) -> Value | None:
        """The value of a field, or None."""
        return dict(self.fields).get(name)


Value = int | Elided | Name | Text | Flags | Listing | Record
"""An argument or a result of a call."""


# --- events ---


@dataclass(frozen=True, slots=True)
class Call:
    """A call and what it must answer: ``result`` and, for a failure, ``error`` (an errno name). None: not looked at."""

    name: str
    args: tuple[Value, ...]
    result: Value | None = None
    error: str = ""

    def __str__(self) -> str:
        text = f"{self.name}({', '.join(map(str, self.args))})"
        if self.result is not None:
            text += f" = {self.result}"
        return f"{text} {self.error}".rstrip()


@dataclass(frozen=True, slots=True)
class Option:
    """One TCP option: ``mss``, ``wscale``, ``sackOK``, ``TS`` (value, echo), ``sack`` (pairs), ``nop``, ``eol``..."""

    kind: str
    numbers: tuple[int, ...] = ()
    text: str = ""
    """How it was written, where we do not know it."""

    def __str__(self) -> str:
        match self.kind:
            case "TS":
                return f"TS val {self.numbers[0]} ecr {self.numbers[1]}"
            case "sack":
                pairs = zip(self.numbers[::2], self.numbers[1::2], strict=True)
                return "sack " + " ".join(f"{left}:{right}" for left, right in pairs)
            case "mss" | "wscale":
                return f"{self.kind} {self.numbers[0]}"
            case _:
                return self.text or self.kind


@dataclass(frozen=True, slots=True)
class Segment:
    """A TCP segment as a script writes it. ``options`` None: ``<...>``, any are right."""

    flags: str
    """The letters: S F R P . U E W (and A C N of others), then the digit of accurate ECN; "" if none is set."""
    seq: int | None
    """None: ``...``, wherever the sender begins."""
    length: int
    ack: int | None = None
    window: int | None = None
    options: tuple[Option, ...] | None = ()
    urgent: int | None = None
    ports: tuple[int, int] | None = None
    """(source, destination), where the script names them."""
    ip: tuple[str, ...] = ()
    """Marks of the IP header: ``ect0``, ``ce``, ``tos 0x4``, ``ttl 64``."""
    mangled: str = ""
    """What is to be spoilt in it before it arrives: what stood in braces."""

    def __str__(self) -> str:
        marks = f"[{', '.join(self.ip)}] " if self.ip else ""
        ports = f"{self.ports[0]} > {self.ports[1]} " if self.ports else ""
        numbers = "..." if self.seq is None else f"{self.seq}:{(self.seq + self.length) % 2**32}"
        text = f"{marks}{ports}{self.flags or '-'} {numbers}({self.length})"
        if self.ack is not None:
            text += f" ack {self.ack}"
        if self.window is not None:
            text += f" win {self.window}"
        if self.urgent is not None:
            text += f" urg {self.urgent}"
        if self.options is None:
            text += " <...>"
        elif self.options:
            text += f" <{','.join(map(str, self.options))}>"
        return text + (f" {{{self.mangled}}}" if self.mangled else "")


@dataclass(frozen=True, slots=True)
class Icmp:
    """An ICMP message about a packet that went the other way."""

    type: str
    code: str
    seq: int | None = None
    """First number of the segment that is quoted."""
    end: int | None = None
    mtu: int | None = None
    identifier: int | None = None
    about: str = "tcp"
    """What is quoted: ``tcp``, or ``udp`` and ``raw``, of which only the length (``end``) is told."""
    ip: tuple[str, ...] = ()

    def __str__(self) -> str:
        marks = f"[{', '.join(self.ip)}] " if self.ip else ""
        text = f"{marks}icmp {self.type} {self.code}".rstrip()
        if self.mtu is not None:
            text += f" mtu {self.mtu}"
        if self.identifier is not None:
            text += f" id {self.identifier}"
        if self.about != "tcp":
            text += f" [{self.about} ({self.end})]"
        elif self.seq is not None and self.end is not None:
            text += f" [{self.seq}:{self.end}({(self.end - self.seq) % 2**32})]"
        return text


@dataclass(frozen=True, slots=True)
class Datagram:
    """A UDP packet of so many octets."""

    length: int
    ports: tuple[int, int] | None = None
    ip: tuple[str, ...] = ()

    def __str__(self) -> str:
        marks = f"[{', '.join(self.ip)}] " if self.ip else ""
        ports = f" {self.ports[0]} > {self.ports[1]}" if self.ports else ""
        return f"{marks}udp{ports} ({self.length})"


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A packet inside others; their headers, outermost first, as written: ``gre``, ``ipv4 A > B``, ``mpls (...)``."""

    headers: tuple[str, ...]
    content: Segment | Icmp | Datagram

    def __str__(self) -> str:
        return " ".join([*(f"{header}:" for header in self.headers), str(self.content)])


Content = Segment | Icmp | Datagram | Wrapped


@dataclass(frozen=True, slots=True)
class Packet:
    """``<`` something arrives at the host under test (``is_inbound``), or ``>`` it must send it."""

    is_inbound: bool
    content: Content

    def __str__(self) -> str:
        return f"{'<' if self.is_inbound else '>'} {self.content}"


@dataclass(frozen=True, slots=True)
class Shell:
    """A line for a shell, in backticks: recognised, never executed."""

    text: str

    def __str__(self) -> str:
        return f"`{self.text}`"


@dataclass(frozen=True, slots=True)
class Code:
    """``%{ ... }%``: assertions about ``tcp_info``."""

    text: str

    def __str__(self) -> str:
        return f"%{{{self.text}}}%"


Event = Call | Packet | Shell | Code


@dataclass(frozen=True, slots=True)
class Item:
    """One event with its time and its place in the script (both counted from 1)."""

    line: int
    column: int
    when: When
    event: Event

    def __str__(self) -> str:
        return f"{self.when} {self.event}"


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script: its options (``--mss=1000``), shell lines before everything, and its items in order."""

    options: tuple[tuple[str, str], ...] = ()
    init: tuple[Shell, ...] = ()
    items: tuple[Item, ...] = ()

    def option(self, name: str, default: str = "") -> str:
        """The value of an option, or ``default``."""
        return dict(self.options).get(name, default)

    def lines(self) -> Iterator[str]:
        """The script, a line each."""
        for name, value in self.options:
            yield f"--{name}" + (f'="{value}"' if " " in value else f"={value}" if value else "")
        yield from map(str, self.init)
        yield from map(str, self.items)

    def __str__(self) -> str:
        return "\n".join(self.lines()) + "\n"
