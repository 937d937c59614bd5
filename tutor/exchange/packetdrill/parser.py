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

from tutor.exchange.packetdrill.reading import MOST_ITEMS, Reader, ScriptError, chosen
from tutor.exchange.packetdrill.script import (
    ABSOLUTE,
    ANY,
    RELATIVE,
    Call,
    Code,
    Event,
    Icmp,
    Item,
    Option,
    Packet,
    Script,
    Segment,
    Shell,
    When,
)
from tutor.exchange.packetdrill.values import arguments, value

_SWITCH = re.compile(r"--([A-Za-z_][\w-]{0,63})(?:=(\"[^\"\n]*\"|[^\s]*))?")
_TIME = re.compile(r"(\+)?\s*(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})")
_CALL = re.compile(r"([A-Za-z_]\w{0,63})\s*\(")
_ERRNO = re.compile(r"E[A-Z0-9]{2,20}")
_NOTE = re.compile(r"\([^()\n]*\)")
_RANGE = re.compile(r"(\d{1,10}):(\d{1,10})\((\d{1,10})\)")
_ANYWHERE = re.compile(r"\.\.\.\((\d{1,10})\)")
_FLAGS = re.compile(r"([SFRPUEWCA.]{1,9}|-)(?=\s)")
_NUMBER = re.compile(r"\d{1,10}")
_WORD = re.compile(r"[A-Za-z_]\w*")
_PORTS = re.compile(r"(\d{1,5})\s*>\s*(\d{1,5})(?=\s)")
_OPTION = re.compile(r"[^,>]+")
_EVENTS = "a call, < or > and a packet, `shell`, or %{ code }%"


def parse(text: str, defined: frozenset[str] = frozenset()) -> Script:
    """The script that ``text`` is, with what it says for the names ``defined``. Raises ``ScriptError`` with a place."""
    reader = Reader(chosen(text, defined))
    options: list[tuple[str, str]] = []
    while (switch := reader.take(_SWITCH)) is not None:
        options.append((switch[1], (switch[2] or "").strip('"')))
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


def _item(reader: Reader) -> Item:
    line, column = reader.place()
    when = _when(reader)
    return Item(line, column, when, _event(reader))


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
        until = _moment(reader, "the end of the range, as +.2")[1]
    if reader.takes("..."):
        returns = _moment(reader, "when the call returns, as 0.2")[1]
    if until is not None and until < at:
        raise reader.wrong("a range whose end is not before its beginning")
    return When(kind, at, until, returns)


def _moment(reader: Reader, allowed: str) -> tuple[str, int]:
    found = reader.take(_TIME)
    if found is None:
        raise reader.wrong(allowed)
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
        return Packet(is_inbound=True, content=_content(reader))
    if reader.takes(">"):
        return Packet(is_inbound=False, content=_content(reader))
    return _call(reader)


def _shell(reader: Reader) -> Shell:
    reader.at += 1
    return Shell(reader.until("`", "a shell line"))


def _call(reader: Reader) -> Call:
    found = reader.take(_CALL)
    if found is None:
        raise reader.wrong(_EVENTS)
    args = arguments(reader)
    result, error = None, ""
    if reader.takes("="):
        result = value(reader)
        errno = reader.take(_ERRNO)
        error = errno[0] if errno else ""
        reader.take(_NOTE)
    return Call(found[1], args, result, error)


# --- packets ---


def _content(reader: Reader) -> Segment | Icmp:
    ip = _ip_marks(reader)
    if reader.takes("icmp "):
        return _icmp(reader)
    ports = reader.take(_PORTS)
    flags = reader.take(_FLAGS)
    if flags is None:
        raise reader.wrong("flags (S F R P . U E W), or icmp")
    seq, length = _numbers(reader)
    fields = _fields(reader)
    return Segment(
        flags[1].strip("-"), seq, length, fields.get("ack"), fields.get("win"), _options(reader), fields.get("urg"),
        (int(ports[1]), int(ports[2])) if ports else None, ip,
    )  # fmt: skip


def _numbers(reader: Reader) -> tuple[int | None, int]:
    """(first number, length) of ``1:1001(1000)``; the number is None for ``...(1000)``."""
    anywhere = reader.take(_ANYWHERE)
    if anywhere is not None:
        return None, int(anywhere[1])
    span = reader.take(_RANGE)
    if span is None:
        raise reader.wrong("numbers, as 1:1001(1000)")
    seq, end, length = int(span[1]), int(span[2]), int(span[3])
    if (seq + length) % 2**32 != end % 2**32:
        raise reader.wrong(f"{seq}:{(seq + length) % 2**32}({length})", span.start())
    return seq, length


def _ip_marks(reader: Reader) -> tuple[str, ...]:
    """``[ect0]``, ``[tos 0x4, ttl 64]``, or ``ip tos`` forms of the dialects."""
    if not reader.takes("["):
        return ()
    return tuple(mark.strip() for mark in reader.until("]", "marks of the IP header").split(",") if mark.strip())


def _fields(reader: Reader) -> dict[str, int]:
    fields: dict[str, int] = {}
    while True:
        for name in ("ack", "win", "urg"):
            if name not in fields and re.compile(rf"{name}\s").match(reader.text, reader.at):
                reader.at += len(name)
                reader.skip()
                fields[name] = int(reader.need(_NUMBER, f"the number of {name}"))
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
    return re.compile(r"<\s*[SFRPUEWCA.]{1,9}\s+(?:\d+:|\.\.\.\()").match(reader.text, reader.at) is not None


def _option(reader: Reader, text: str, at: int) -> Option:
    words = text.replace(":", " ").split()
    kind = {"ws": "wscale", "ts": "TS", "sackok": "sackOK"}.get(words[0].lower(), words[0])
    numbers = tuple(int(word) for word in words[1:] if word.isdigit())
    if kind in ("mss", "wscale") and len(numbers) == 1 == len(words) - 1:
        return Option(kind, numbers)
    if kind in ("nop", "eol", "sackOK") and len(words) == 1:
        return Option(kind)
    if kind == "TS" and len(numbers) == 2 and words[1] == "val" and words[3] == "ecr":
        return Option(kind, numbers)
    if kind == "sack" and numbers and len(numbers) % 2 == 0 and len(numbers) == len(words) - 1:
        return Option(kind, numbers)
    if kind in ("mss", "wscale", "TS", "sack"):
        forms = {"mss": "mss 1460", "wscale": "wscale 7", "TS": "TS val 100 ecr 200", "sack": "sack 1001:2001"}
        raise reader.wrong(forms[kind], at)
    return Option(kind, (), text)


def _icmp(reader: Reader) -> Icmp:
    kind = reader.need(_WORD, "the type of the message, as unreachable")
    code = ""
    mtu = seq = end = None
    while True:
        if reader.takes("mtu "):
            mtu = int(reader.need(_NUMBER, "the MTU"))
        elif reader.takes("["):
            inside = reader.until("]", "the segment that is quoted")
            span = _RANGE.search(inside)
            seq, end = (int(span[1]), int(span[2])) if span else (None, None)
        elif not code and re.compile(r"[a-z_]\w*(?=[\s\[])").match(reader.text, reader.at):
            code = reader.need(_WORD, "the code")
        else:
            return Icmp(kind, code, seq, end, mtu)


__all__ = ["ScriptError", "parse"]
