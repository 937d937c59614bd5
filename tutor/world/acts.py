"""Acts: one vocabulary for programs, lessons, hands, command-line switches and recorded runs.

Rules
-----
* An act is a name, arguments and options, and has one line of text. ``parse_act(str(act)) == act``.
* Calls name the host whose program makes them (``client connect server:80``); in a program the host is left out.
  ``fd=3`` or ``on=CONNECTION`` says on which socket; else it is the one opened last.
* ``listen`` without a port takes the one that was bound. ``wait=no`` (MSG_DONTWAIT) answers EAGAIN where the call
  would block, as every call does on a socket with O_NONBLOCK.
* Acts on the network name links, hosts, or segments (``targets``). ``disarm`` takes an armed act back.
* ``program`` edits what a host's program has still to do: line N becomes another line, is forgotten, or gets a line
  before it. ``HOST/2`` is the second program of a host. It stands in no program itself.
* A line that cannot be read is an ``ActError`` with the column, what was found, what is allowed and the nearest
  match. A line that can be read is never an error: what cannot be *done* is refused in the run.

The lines::

    HOST connect HOST:PORT [from PORT] [isn=N] [data=OCTETS]
    HOST listen [PORT] [backlog=N] [reuse=no]
    HOST socket [nonblock=yes]                      HOST bind PORT [addr=ADDRESS]
    HOST accept [nonblock=yes] [wait=no]            HOST disconnect
    HOST write OCTETS [urgent=yes] [to=HOST:PORT] [push=no] [more=yes] [eor=yes] [wait=no]
    HOST read [OCTETS] [peek=yes] [wait=no]         HOST shutdown write|read|both
    HOST close | abort | status | exit              HOST poll EVENTS [timeout=SPAN]
    HOST setsockopt NAME VALUE                      HOST getsockopt NAME
    HOST fcntl O_NONBLOCK|0                         HOST ioctl SIOCINQ|SIOCOUTQ|SIOCOUTQNSD
    set HOST.SETTING VALUE                          set LINK.[HOST.]PARAMETER VALUE
    what-if HOST.FIELD VALUE                        (a constant of its kernel: no stock kernel any more)
    drop TARGET      corrupt TARGET                 delay TARGET SPAN      duplicate TARGET [SPAN]
    swap TARGET                                     disarm DEED TARGET
    program HOST[/N] LINE replace TEXT              program HOST[/N] LINE insert TEXT
    program HOST[/N] LINE forget
    cut LINK         mend LINK                      crash HOST             reboot HOST [programs=yes]
    inject HOST>HOST FLAGS [seq=N] [ack=N] [win=N] [len=N] [sport=N] [dport=N] [...]
    icmp HOST hard|soft|too-big [code=N] [mtu=N] [seq=@N] [on=CONNECTION]
    profile HOST NAME                               variant NAME|none (from now on all hosts speak it)
    wait SPAN
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

from tutor.tcp.segment import flags_text, parse_flags
from tutor.tcp.variant import VARIANTS
from tutor.world.lines import ActError, LineError, likest, nearest_of, read_waits
from tutor.world.sockopts import SOCKET_OPTIONS, find_option, option_value, readable_option
from tutor.world.targets import ANYBODY, parse_target
from tutor.world.time import format_duration, parse_seconds
from tutor.world.unreachable import MEANINGS

__all__ = (
    "CALLS", "EDITS", "EVENTS", "HANDS", "ON_SEGMENTS", "Act", "ActError", "LineError", "nearest_of", "parse_act",
    "parse_own_act",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """One deed. ``host`` makes the call ("" for acts on the network, and in programs)."""

    name: str
    args: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    host: str = ""

    def option(self, name: str, default: str = "") -> str:
        """The value of an option, or ``default``."""
        return dict(self.options).get(name, default)

    def by(self, host: str) -> Act:
        """The same call, made by ``host``."""
        return Act(self.name, self.args, self.options, host)

    def __str__(self) -> str:
        words = [self.host] if self.host else []
        words += [self.name, *self.args]
        words += [f"from {value}" if name == "from" else f"{name}={value}" for name, value in self.options]
        return " ".join(words)


# --- what an argument may be: each reader gives the canonical word or raises ValueError with what is allowed ---


def _whole(low: int, high: int) -> Callable[[str], str]:
    def read(word: str) -> str:
        if not re.fullmatch(r"\d+", word) or not low <= int(word) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return str(int(word))

    return read


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(word: str) -> str:
        if word not in allowed:
            raise ValueError("|".join(allowed))
        return word

    return read


def _name(word: str) -> str:
    if not re.fullmatch(r"[^\s:=#>.,]+", word):
        raise ValueError("a name")
    return word


def _endpoint(word: str) -> str:
    host, _, port = word.rpartition(":")
    return f"{_name(host)}:{_port(port)}" if host else _refuse("HOST:PORT, as server:80")


def _refuse(allowed: str) -> str:
    raise ValueError(allowed)


def _path(word: str) -> str:
    source, _, target = word.partition(">")
    return f"{_name(source)}>{_name(target)}" if target else _refuse("HOST>HOST, as client>server")


def _span(word: str) -> str:
    return format_duration(parse_seconds(word)).replace(" ", "")


def _target(word: str) -> str:
    return str(parse_target(word))


def _flags(word: str) -> str:
    return flags_text(parse_flags(word))


def _blocks(word: str) -> str:
    if not re.fullmatch(r"@?\d+-@?\d+(,@?\d+-@?\d+){0,3}", word):
        raise ValueError("SACK blocks, as 1001-2001,3001-4001")
    return word


def _number(word: str) -> str:
    if not re.fullmatch(r"@\d+|[+-]?\d+", word):
        raise ValueError("a number counted from the initial one, or @ and the number itself")
    return word if word.startswith("@") else str(int(word))


def _setting(word: str) -> str:
    if not re.fullmatch(r"[^\s.]+(\.[^\s.]+)+", word):
        raise ValueError("HOST.SETTING or LINK.PARAMETER, as client.tcp_syn_retries or link.delay")
    return word


def _word(word: str) -> str:
    return word


def _program(word: str) -> str:
    host, slash, number = word.partition("/")
    if slash and (not number.isdecimal() or int(number) < 1):
        raise ValueError("HOST or HOST/NUMBER, as client/2")
    return _name(host) + (f"/{int(number)}" if slash and int(number) > 1 else "")


EVENTS = ("IN", "PRI", "OUT", "RDHUP", "ERR", "HUP")
"""What ``poll`` may wait for, in the order in which it is told (without ``POLL``)."""


def _events(word: str) -> str:
    wanted = {each.upper().removeprefix("POLL") for each in word.split(",")}
    if not wanted <= set(EVENTS):
        raise ValueError("one or more of " + ",".join(EVENTS))
    return ",".join(each for each in EVENTS if each in wanted)


_port = _whole(1, 65535)
_octets = _whole(1, 1 << 40)
_yes_no = _one_of("yes", "no")
_ONE = _whole(0, 1 << 40)

Reader = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Form:
    """What may follow a name: readers of the arguments, how many must be there, and the options."""

    usage: str
    args: tuple[Reader, ...] = ()
    needed: int = 0
    options: tuple[tuple[str, Reader], ...] = ()


_SOCKET: tuple[tuple[str, Reader], ...] = (("fd", _whole(0, 1 << 20)), ("on", _word))
_WRITE: tuple[tuple[str, Reader], ...] = (
    ("urgent", _yes_no), ("push", _yes_no), ("more", _yes_no), ("eor", _yes_no), ("wait", _yes_no), ("to", _endpoint),
)  # fmt: skip

CALLS: dict[str, _Form] = {
    "socket": _Form("socket", (), 0, (("nonblock", _yes_no),)),
    "bind": _Form("bind PORT", (_whole(0, 65535),), 1, (("addr", _word), *_SOCKET)),
    "disconnect": _Form("disconnect", (), 0, _SOCKET),
    "connect": _Form(
        "connect HOST:PORT",
        (_endpoint,),
        1,
        (("from", _port), ("isn", _whole(0, (1 << 32) - 1)), ("data", _octets), *_SOCKET),
    ),
    "listen": _Form("listen [PORT]", (_port,), 0, (("backlog", _whole(0, 1 << 20)), ("reuse", _yes_no), *_SOCKET)),
    "accept": _Form("accept", (), 0, (("nonblock", _yes_no), ("wait", _yes_no), *_SOCKET)),
    "write": _Form("write OCTETS", (_octets,), 1, (*_WRITE, *_SOCKET)),
    "read": _Form("read [OCTETS]", (_octets,), 0, (("peek", _yes_no), ("wait", _yes_no), *_SOCKET)),
    "close": _Form("close", (), 0, _SOCKET),
    "shutdown": _Form("shutdown write|read|both", (_one_of("write", "read", "both"),), 1, _SOCKET),
    "abort": _Form("abort", (), 0, _SOCKET),
    "status": _Form("status", (), 0, _SOCKET),
    "setsockopt": _Form("setsockopt NAME VALUE", (find_option, _word), 2, _SOCKET),
    "getsockopt": _Form("getsockopt NAME", (readable_option,), 1, _SOCKET),
    "fcntl": _Form("fcntl O_NONBLOCK|0", (_one_of("O_NONBLOCK", "0"),), 1, _SOCKET),
    "ioctl": _Form("ioctl SIOCINQ|SIOCOUTQ|SIOCOUTQNSD", (_one_of("SIOCINQ", "SIOCOUTQ", "SIOCOUTQNSD"),), 1, _SOCKET),
    "poll": _Form("poll EVENTS", (_events,), 1, (("timeout", _span), *_SOCKET)),
    "exit": _Form("exit"),
}
"""What a program may call."""

_SEGMENT_OPTIONS: tuple[tuple[str, Reader], ...] = (
    ("seq", _number), ("ack", _number), ("win", _whole(0, 65535)), ("len", _whole(0, 65535)),
    ("sport", _port), ("dport", _port), ("urg", _whole(0, 65535)), ("mss", _whole(1, 65535)),
    ("ws", _whole(0, 14)), ("sack", _yes_no),
    ("tsval", _whole(0, (1 << 32) - 1)), ("tsecr", _whole(0, (1 << 32) - 1)), ("blocks", _blocks),
    ("mark", _whole(0, 3)),
)  # fmt: skip

ON_SEGMENTS = ("drop", "delay", "duplicate", "corrupt", "swap")
"""What a hand may do to a segment, on its way or before it exists."""

EDITS = ("replace", "insert", "forget")
"""What ``program`` may do to a line."""

HANDS: dict[str, _Form] = {
    "set": _Form("set NAME VALUE", (_setting, _word), 2),
    "what-if": _Form("what-if HOST.FIELD VALUE", (_setting, _word), 2),
    "drop": _Form("drop TARGET", (_target,), 1),
    "delay": _Form("delay TARGET SPAN", (_target, _span), 2),
    "duplicate": _Form("duplicate TARGET [SPAN]", (_target, _span), 1),
    "corrupt": _Form("corrupt TARGET", (_target,), 1),
    "swap": _Form("swap TARGET", (_target,), 1),
    "disarm": _Form("disarm DEED TARGET", (_one_of(*ON_SEGMENTS), _target), 2),
    "cut": _Form("cut LINK", (_name,), 1),
    "mend": _Form("mend LINK", (_name,), 1),
    "crash": _Form("crash HOST", (_name,), 1),
    "reboot": _Form("reboot HOST", (_name,), 1, (("programs", _yes_no),)),
    "inject": _Form("inject HOST>HOST FLAGS", (_path, _flags), 2, _SEGMENT_OPTIONS),
    "icmp": _Form(
        "icmp HOST hard|soft|too-big",
        (_name, _one_of("hard", "soft", "too-big")),
        2,
        (("code", _one_of(*map(str, MEANINGS))), ("mtu", _ONE), ("seq", _number), ("on", _word)),
    ),
    "profile": _Form("profile HOST NAME", (_name, _word), 2),
    "variant": _Form("variant NAME|none", (_one_of("none", *VARIANTS),), 1),
    "program": _Form("program HOST LINE replace|insert|forget", (_program, _whole(1, 1 << 20), _one_of(*EDITS)), 3),
    "wait": _Form("wait SPAN", (_span,), 1),
}
"""What a hand may do to hosts, links and segments."""

_UNIT = re.compile(r"us|µs|ms|s|sec|min|h")


# --- reading a line ---


def _words(text: str, offset: int) -> list[tuple[int, str]]:
    """(column, word), a number and its unit taken together."""
    found: list[tuple[int, str]] = []
    for match in re.finditer(r"\S+", text):
        previous = found[-1][1] if found else ""
        if _UNIT.fullmatch(match[0]) and re.fullmatch(r"\d+(\.\d+)?", previous):
            found[-1] = (found[-1][0], previous + match[0])
        else:
            found.append((match.start() + 1 + offset, match[0]))
    return found


@lru_cache(maxsize=4096)
def _parse(text: str, offset: int) -> Act:
    words = _words(text, offset)
    if not words:
        raise ActError(text, 1 + offset, "", ("an act",))
    column, first = words[0]
    if first == "program":
        return _edit(text, words[1:], offset)
    if first in HANDS:
        return _read(text, first, HANDS[first], words[1:], "")
    if first in CALLS:
        return _read(text, first, CALLS[first], words[1:], "")
    if len(words) > 1 and words[1][1] in CALLS:
        return _read(text, words[1][1], CALLS[words[1][1]], words[2:], first)
    nearest, likeness = likest(first, (*HANDS, *CALLS))
    if len(words) > 1:
        call, call_likeness = likest(words[1][1], CALLS)
        if call is not None and call_likeness > likeness:
            raise ActError(text, words[1][0], words[1][1], CALLS, call)
    raise ActError(text, column, first, (*HANDS, *CALLS, "HOST and a call"), nearest)


def _read(text: str, name: str, form: _Form, words: list[tuple[int, str]], host: str) -> Act:
    """The act ``name`` from the words after its name."""
    args: list[str] = []
    options: dict[str, str] = {}
    readers = dict(form.options)
    waiting = list(words)
    while waiting:
        column, word = waiting.pop(0)
        key, equals, value = word.partition("=")
        if word == "from" and "from" in readers and waiting:
            column, value = waiting.pop(0)
            options["from"] = _apply(text, column, value, readers["from"])
        elif equals and key in readers:
            options[key] = _apply(text, column + len(key) + 1, value, readers[key])
        elif len(args) < len(form.args) and not (equals and name != "inject" and "=" in word and readers):
            args.append(_apply(text, column, word, form.args[len(args)]))
        else:
            allowed = [f"{option}=" for option in readers] or ["the end of the line"]
            raise ActError(text, column, word, allowed, nearest_of(key, readers))
    if len(args) < form.needed:
        raise ActError(text, len(text) + 1, "the end of the line", (form.usage,))
    if name == "setsockopt":
        _check_option(text, words, args)
    return Act(name, tuple(args), tuple(sorted(options.items())), host)


def _edit(text: str, words: list[tuple[int, str]], offset: int) -> Act:
    """``program``: what follows ``replace`` or ``insert`` is a line of a program, whole."""
    act = _read(text, "program", HANDS["program"], words[:3], "")
    if act.args[2] == "forget":
        if len(words) > 3:
            raise ActError(text, words[3][0], words[3][1], ("the end of the line",))
        return act
    if len(words) == 3:
        raise ActError(text, len(text) + 1, "the end of the line", ("a line of a program",))
    waits, start = read_waits(text, words[3][0] - 1 - offset)
    own = parse_own_act(text[start:].strip(), start + offset, text)
    return Act("program", (*act.args, " ".join(filter(None, (str(waits), str(own))))))


def parse_own_act(text: str, offset: int, line: str) -> Act:
    """The act of a program's line: without a host, or ``repeat`` or ``never``. ``offset``: where it begins in ``line``.

    Raises ``ActError``.
    """
    if text == "repeat" or re.fullmatch(r"repeat \d+", text):
        return Act("repeat", tuple(text.split()[1:]))
    if text == "never":
        return Act("repeat", ("0",))
    act = parse_act(text, offset=offset)
    allowed = (*CALLS, *(name for name in HANDS if name != "program"), "repeat")
    if act.name == "program":
        raise ActError(line, offset + 1, act.name, allowed)
    if act.host:
        raise ActError(line, offset + 1, act.host, allowed, nearest_of(act.host, CALLS))
    return act


def _apply(text: str, column: int, word: str, reader: Reader) -> str:
    """``word`` in its canonical form."""
    try:
        return reader(word)
    except ValueError as error:
        allowed = str(error).partition("allowed: ")[2] or str(error)
        nearest = nearest_of(word.upper(), SOCKET_OPTIONS) if reader is find_option else None
        raise ActError(text, column, word, (allowed.partition("; did you mean")[0],), nearest) from None


def _check_option(text: str, words: list[tuple[int, str]], args: list[str]) -> None:
    try:
        option_value(args[0], args[1])
    except ValueError:
        raise ActError(text, words[1][0], args[1], (SOCKET_OPTIONS[args[0]].unit,)) from None


def parse_act(text: str, hosts: Collection[str] | None = None, *, offset: int = 0) -> Act:
    """The act that ``text`` describes. Raises ``ActError``.

    With ``hosts`` the names of hosts are checked as well. ``offset`` is added to columns, for a line inside a line.
    """
    act = _parse(text, offset)
    if hosts is not None:
        for word in _host_names(act):
            if word not in hosts:
                column = text.find(word) + 1 + offset
                raise ActError(text, column, word, tuple(hosts), nearest_of(word, hosts))
    return act


def _host_names(act: Act) -> list[str]:
    """Every word of ``act`` that must be a host's name."""
    names = [act.host] if act.host else []
    if act.name in ("crash", "reboot", "icmp", "profile"):
        names.append(act.args[0])
    elif act.name == "what-if":
        names.append(act.args[0].partition(".")[0])
    elif act.name == "connect":
        names.append(act.args[0].rpartition(":")[0])
    elif act.name == "inject":
        names += act.args[0].split(">")
    elif act.name == "program":
        names.append(act.args[0].partition("/")[0])
    elif act.name in ON_SEGMENTS or act.name == "disarm":
        names += [act.args[-1 if act.name == "disarm" else 0].partition(":")[0]]
    return [name for name in names if name != ANYBODY and not name.startswith("#")]
