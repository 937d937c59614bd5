"""Text -> Script. A parser of the packetdrill language by recursive descent.

Rules
-----
* A script is options, shell lines, then items: a time and an event. An event may go on over several lines.
* What cannot be read is a ``ScriptError`` with its place. What can be read but is not known (a call, an option of TCP,
  a kind of packet) is kept as it is: whoever runs the script says that it is not supported.

Source: the grammar of google/packetdrill as its scripts and its documentation use it.
"""

from __future__ import annotations

import re
from fractions import Fraction

from tutor.exchange.packetdrill.reading import MOST_ITEMS, Reader, ScriptError, chosen, replaced
from tutor.exchange.packetdrill.script import (
    ABSOLUTE,
    ANY,
    RELATIVE,
    Call,
    Code,
    Content,
    Datagram,
    Event,
    Icmp,
    Item,
    Option,
    Packet,
    Script,
    Segment,
    Shell,
    When,
    Wrapped,
)
from tutor.exchange.packetdrill.values import arguments, value

_SWITCH = re.compile(r"--([A-Za-z_][\w-]{0,63})(?:=((?:\"[^\"\n]*\"|`[^`\n]*`|[^\s\"`])*))?")
_DEFINITION = re.compile(r"([A-Za-z_]\w{0,63})=([^\n]{1,200})")
_TIME = re.compile(r"(\+)?\s*(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})")
_CALL = re.compile(r"([A-Za-z_]\w{0,63})\s*\(")
_ERRNO = re.compile(r"E[A-Z0-9]{2,20}")
_NOTE = re.compile(r"\([^()\n]*\)")
_RANGE = re.compile(r"(\d{1,10}):(\d{1,10})\((\d{1,10})\)")
_ANYWHERE = re.compile(r"\.\.\.\((\d{1,10})\)")
_FLAGS = re.compile(r"([SFRPUEWCAN.]{1,10}[0-7]?|-)(?=\s)")
_WORD = re.compile(r"[A-Za-z_]\w*")
_PORTS = re.compile(r"(\d{1,5})\s*>\s*(\d{1,5})(?=[\s(])")
_OPTION = re.compile(r"[^,>\n]+")
_MARK = re.compile(r"noecn|ect01|ect0|ect1|ce|tos +0x[0-9a-fA-F]{1,2}|ttl +\d{1,3}|flowlabel +0x[0-9a-fA-F]{1,5}")
_HEADER = re.compile(
    r"ipv[46]\b[^\n;>]{1,120}>[^\n;>]{1,60}?[^\s:]:(?=\s)|gre\b[^:\n]{0,200}:(?=\s)|mpls(?:\s*\([^()\n]*\))+\s*:(?=\s)"
)
_SHELL = re.compile(r"`((?:[^`\\]|\\.)*)`", re.S)
_MANGLED = re.compile(r"\{\s*((?:mut|trun|ins)\b[^{}]{0,200}?)\s*\}")
_ICMP, _UDP, _MTU, _ID = (re.compile(rf"{word}(?=[\s(]|\Z)") for word in ("icmp", "udp", "mtu", "id"))
_QUOTED = re.compile(r"(udp|raw)\s*\((\d{1,5})\)")
_EVENTS = "a call, < or > and a packet, `shell`, or %{ code }%"
_MARKS = "marks of the IP header: noecn, ect0, ect1, ect01, ce, tos 0x4, ttl 64, flowlabel 0x1"

U8, U16, U32 = 0xFF, 0xFFFF, 0xFFFFFFFF
"""The largest numbers of the fields of packets."""

MOST_HEADERS = 8
"""Headers around one packet."""


def parse(text: str, defined: frozenset[str] = frozenset()) -> Script:
    """The script that ``text`` is, with what it says for the names ``defined``. Raises ``ScriptError`` with a place."""
    reader = Reader(chosen(text, defined))
    options, words = _switches(reader)
    if words:
        head, rest = reader.text[: reader.at], reader.text[reader.at :]
        reader = Reader(re.sub(r"[^\n]", " ", head) + replaced(rest, words))
    init: list[Shell] = []
    while reader.text.startswith("`", reader.at):
        init.append(_shell(reader))
    items: list[Item] = []
    while not reader.is_at_end():
        items.append(_item(reader))
        if len(items) > MOST_ITEMS:
            raise reader.wrong(f"at most {MOST_ITEMS} events")
    if not items:
        raise reader.wrong("at least one event")
    return Script(tuple(options), tuple(init), tuple(items))


def _switches(reader: Reader) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The options, and the words that ``--define`` gives a meaning: they are replaced, and then they have served."""
    options: list[tuple[str, str]] = []
    words: dict[str, str] = {}
    at = reader.at
    while (switch := reader.take(_SWITCH)) is not None:
        definition = _DEFINITION.fullmatch(switch[2] or "") if switch[1] == "define" else None
        if switch[1] == "define" and definition is None:
            raise reader.wrong("--define=WORD=VALUE", at)
        if definition is not None:
            words[definition[1]] = definition[2]
        else:
            options.append((switch[1], (switch[2] or "").strip('"')))
        at = reader.at
    return options, words


def _item(reader: Reader) -> Item:
    at = reader.at
    line, column = reader.place()
    when = _when(reader)
    event = _event(reader)
    leaves = isinstance(event, Packet) and not event.is_inbound
    if not leaves and (when.kind == ANY or when.until is not None):
        raise reader.wrong("* and ranges of time only for a packet that leaves (>)", at)
    if when.returns is not None and not isinstance(event, Call):
        raise reader.wrong("... and a time only for a call that returns", at)
    return Item(line, column, when, event)


# --- times ---


def _when(reader: Reader) -> When:
    if reader.takes("*"):
        return When(ANY)
    allowed = "a time: 0.1, +.1, *, 0.1~0.2 or +0...0.3"
    if not _TIME.match(reader.text, reader.at):
        # A packet or call without a time comes right after the one before it.
        if reader.text[reader.at] in "<>`%" or _CALL.match(reader.text, reader.at):
            return When(RELATIVE)
        raise reader.wrong(allowed)
    kind, at = _moment(reader, allowed)
    until = returns = None
    if reader.takes("~"):
        start = reader.at
        other, until = _moment(reader, "the end of the range, as +.2")
        if other != kind:
            raise reader.wrong("a range with + at both ends, or at none", start)
    if reader.takes("..."):
        returns = _moment(reader, "when the call returns, as 0.2")[1]
    if (until is not None and until < at) or (returns is not None and returns < at):
        raise reader.wrong("a range whose end is not before its beginning")
    return When(kind, at, until, returns)


def _moment(reader: Reader, allowed: str) -> tuple[str, int]:
    start = reader.at
    found = reader.take(_TIME)
    if found is None:
        raise reader.wrong(allowed)
    if reader.text[reader.at : reader.at + 1].isdigit():
        raise reader.wrong("at most nine digits before the point of a time, and nine behind it", start)
    return RELATIVE if found[1] else ABSOLUTE, round(Fraction(found[2]) * 1_000_000)


# --- events ---


def _event(reader: Reader) -> Event:
    if reader.is_at_end():
        raise reader.wrong(_EVENTS)
    if reader.text.startswith("`", reader.at):
        return _shell(reader)
    if reader.takes("%{"):
        return Code(reader.until("}%", "code"))
    if reader.takes("<"):
        at = reader.at
        return _arriving(reader, Packet(is_inbound=True, content=_content(reader)), at)
    if reader.takes(">"):
        return Packet(is_inbound=False, content=_content(reader))
    return _call(reader)


def _shell(reader: Reader) -> Shell:
    found = reader.take(_SHELL)
    if found is None:
        reader.at += 1
        raise reader.wrong("a shell line that ends with `")
    return Shell(found[1])


def _call(reader: Reader) -> Call:
    found = reader.take(_CALL)
    if found is None:
        raise reader.wrong(_EVENTS)
    args = arguments(reader)
    reader.need("=", "= and the result")
    result = value(reader)
    errno = reader.take(_ERRNO)
    reader.take(_NOTE)
    return Call(found[1], args, result, errno[0] if errno else "")


# --- packets ---


def _arriving(reader: Reader, packet: Packet, at: int) -> Packet:
    """A packet that arrives must be told exactly: somebody has to make it."""
    segment = packet.content
    if isinstance(segment, Segment) and segment.options is None:
        raise reader.wrong("the options of a packet that arrives, one by one; <...> only for one that leaves", at)
    if isinstance(segment, Segment) and segment.seq is None:
        raise reader.wrong("the numbers of a packet that arrives; ...(0) only for one that leaves", at)
    if not isinstance(segment, Wrapped) and "ect01" in segment.ip:
        raise reader.wrong("ect0 or ect1; ect01 only for a packet that leaves", at)
    return packet


def _content(reader: Reader) -> Content:
    headers = []
    while (header := reader.take(_HEADER)) is not None:
        headers.append(" ".join(header[0][:-1].split()))
        if len(headers) > MOST_HEADERS:
            raise reader.wrong(f"at most {MOST_HEADERS} headers around a packet")
    content = _packet(reader)
    return Wrapped(tuple(headers), content) if headers else content


def _packet(reader: Reader) -> Segment | Icmp | Datagram:
    ip = _ip_marks(reader)
    if reader.take(_ICMP) is not None:
        return _icmp(reader, ip)
    if reader.take(_UDP) is not None:
        ports = _ports(reader)
        reader.need("(", "the length of the datagram, as (1000)")
        length = reader.number("the datagram", U16)
        reader.need(")", ")")
        return Datagram(length, ports, ip)
    ports = _ports(reader)
    flags = reader.take(_FLAGS)
    if flags is None:
        raise reader.wrong("flags (S F R P . U E W), icmp, or udp")
    seq, length = _numbers(reader)
    fields = _fields(reader)
    options = _options(reader)
    mangled = reader.take(_MANGLED)
    return Segment(
        flags[1].strip("-"), seq, length, fields.get("ack"), fields.get("win"), options, fields.get("urg"), ports, ip,
        mangled[1] if mangled else "",
    )  # fmt: skip


def _ports(reader: Reader) -> tuple[int, int] | None:
    """``40000 > 8080``; None where the script names none."""
    at = reader.at
    found = reader.take(_PORTS)
    if found is None:
        return None
    ports = int(found[1]), int(found[2])
    if max(ports) > U16:
        raise reader.wrong(f"ports from 0 to {U16}", at)
    return ports


def _numbers(reader: Reader) -> tuple[int | None, int]:
    """(first number, length) of ``1:1001(1000)``; the number is None for ``...(1000)``."""
    at = reader.at
    anywhere = reader.take(_ANYWHERE)
    span = reader.take(_RANGE) if anywhere is None else None
    if anywhere is None and span is None:
        raise reader.wrong("numbers, as 1:1001(1000)")
    seq, length = (int(span[1]), int(span[3])) if span else (None, int(anywhere[1]) if anywhere else 0)
    if length > U16:
        raise reader.wrong(f"a length from 0 to {U16}", at)
    if seq is not None and span is not None and (seq > U32 or int(span[2]) != (seq + length) % 2**32):
        raise reader.wrong(f"{seq % 2**32}:{(seq + length) % 2**32}({length})", at)
    return seq, length


def _ip_marks(reader: Reader) -> tuple[str, ...]:
    """``[ect0]``, ``(tos 0x4)``, ``[ect0, flowlabel 0x1]``."""
    closing = {"[": "]", "(": ")"}.get(reader.text[reader.at : reader.at + 1])
    if closing is None:
        return ()
    reader.at += 1
    reader.skip()
    marks: list[str] = []
    while not reader.takes(closing):
        if marks:
            reader.need(",", f", or {closing}")
        at = reader.at
        word, *number = reader.need(_MARK, _MARKS).split()
        if word == "ttl" and int(number[0]) > U8:
            raise reader.wrong(f"ttl from 0 to {U8}", at)
        marks.append(" ".join([word, *number]))
    return tuple(marks)


def _fields(reader: Reader) -> dict[str, int]:
    fields: dict[str, int] = {}
    while True:
        for name in ("ack", "win", "urg"):
            if name not in fields and re.compile(rf"{name}\s").match(reader.text, reader.at):
                reader.at += len(name)
                reader.skip()
                fields[name] = reader.number(name, U32 if name == "ack" else U16)
                break
        else:
            return fields


def _options(reader: Reader) -> tuple[Option, ...] | None:
    # "<" may also begin the next packet; an option list has a letter, "." or ">" right after it.
    if not re.compile(r"<\s*(?:\.\.\.|[A-Za-z>])").match(reader.text, reader.at) or _is_packet(reader):
        return ()
    reader.takes("<")
    if reader.takes("..."):
        reader.need(">", ">")
        return None
    options: list[Option] = []
    while not reader.takes(">"):
        if options:
            reader.need(",", ", or >")
        at = reader.at
        options.append(_option(reader, reader.need(_OPTION, "an option").strip(), at))
    return tuple(options)


def _is_packet(reader: Reader) -> bool:
    """Does a packet without a time begin here rather than options?"""
    return re.compile(r"<\s*[SFRPUEWCAN.]{1,10}\s+(?:\d+:|\.\.\.\()").match(reader.text, reader.at) is not None


_LARGEST = {"mss": U16, "wscale": U8, "TS": U32, "sack": U32}
_FORMS = {"mss": "mss 1460", "wscale": "wscale 7", "TS": "TS val 100 ecr 200", "sack": "sack 1001:2001"}
_SPELLINGS = {"ws": "wscale", "ts": "TS", "sackok": "sackOK"}


def _option(reader: Reader, text: str, at: int) -> Option:
    words = text.replace(":", " ").split()
    kind = _SPELLINGS.get(words[0].lower(), words[0])
    numbers = tuple(int(word) for word in words[1:] if re.fullmatch(r"\d{1,10}", word))
    if any(number > _LARGEST.get(kind, number) for number in numbers):
        raise reader.wrong(f"numbers of {kind} from 0 to {_LARGEST[kind]}", at)
    if kind in ("mss", "wscale") and len(numbers) == 1 == len(words) - 1:
        return Option(kind, numbers)
    if kind in ("nop", "eol", "sackOK") and len(words) == 1:
        return Option(kind)
    if kind == "TS" and len(numbers) == 2 and len(words) == 5 and (words[1], words[3]) == ("val", "ecr"):
        return Option(kind, numbers)
    if kind == "sack" and numbers and len(numbers) % 2 == 0 and len(numbers) == len(words) - 1 == 2 * text.count(":"):
        return Option(kind, numbers)
    if kind in _FORMS or kind in ("nop", "eol", "sackOK"):
        raise reader.wrong(_FORMS.get(kind, kind), at)
    return Option(kind, (), " ".join(text.split()))


def _icmp(reader: Reader, ip: tuple[str, ...]) -> Icmp:
    kind = reader.need(_WORD, "the type of the message, as unreachable")
    code, about = "", "tcp"
    mtu = identifier = seq = end = None
    while True:
        if reader.take(_MTU) is not None:
            mtu = reader.number("mtu", U32)
        elif reader.take(_ID) is not None:
            identifier = reader.number("id", U16)
        elif reader.takes("["):
            quoted = reader.take(_QUOTED)
            if quoted is not None:
                about, end = quoted[1], int(quoted[2])
            else:
                seq, length = _numbers(reader)
                end = (seq + length) % 2**32 if seq is not None else None
            reader.need("]", "] after the packet that is quoted")
        elif not code and re.compile(r"[a-z_]\w*(?=[\s\[]|\Z)").match(reader.text, reader.at):
            code = reader.need(_WORD, "the code")
        else:
            return Icmp(kind, code, seq, end, mtu, identifier, about, ip)


__all__ = ["ScriptError", "parse"]
