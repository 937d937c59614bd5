"""Shell lines, recognised and never executed: what they would do to the host under test, as values.

Rules
-----
* A line is cut into commands at newlines, ``;`` and ``&&``. Each becomes a value; what nobody knows is ``Unknown``.
* ``common/defaults.sh`` and its like stand for a list of plain settings that lies beside the scripts as data
  (``defaults.settings``: ``sysctl NAME = VALUE``, ``qdisc``, ``ethtool``, ``flush``, comments).
* ``$((32*1024*1024))`` is arithmetic on whole numbers, nothing more.
"""

from __future__ import annotations

import ast
import operator
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetSysctl:
    """``sysctl -q NAME=VALUE``."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Defaults:
    """The settings of a helper script by its name (``defaults``)."""

    name: str


@dataclass(frozen=True, slots=True)
class StateGrep:
    """``sockstat ... | grep -c STATE | grep N``: that many connections in this state."""

    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Harmless:
    """A command without an effect on a simulated host: flushing caches, offloads, restoring settings at the end."""

    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A command whose effect is not known here."""

    text: str


Setting = SetSysctl | Defaults | StateGrep | Harmless | Unknown

_HARMLESS = (
    "ip tcp_metrics",
    "ip route flush",
    "ethtool",
    "sleep 0",
    "true",
    "/tmp/sysctl_restore",  # noqa: S108  recognised in a script, never opened
    "tcpdrop -s TIME_WAIT",
    "echo 3 > /sys/module/tcp_cubic/parameters/hystart_detect",
)
_SOCKSTAT = re.compile(r"sockstat.*\b([A-Z_0-9]{4,12})\b.*?grep\s+(?:-q\s+|-c\s+)?[\"']?(\d+)[\"']?\s*$")
_SUM = re.compile(r"\$\(\(([\d\s*+\-/%<>()]{1,60})\)\)")
_REDIRECTED = re.compile(r"\s*(?:\d?>\s*/dev/null|&>\s*/dev/null|\d>&\d|\|\|\s*(?:true|:))\s*$")

LONGEST = 500
"""Characters of one command that is looked at; a longer one is nobody's setting."""


def recognise(text: str) -> Iterator[Setting]:
    """What each command of a shell line would do."""
    for line in re.split(r"\n|;|&&", text.replace("\\\n", " ")):
        if len(line) > LONGEST:
            yield Unknown(f"{line[:60]}...")
            continue
        command = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if command:
            yield from _command(_plain(command))


def _plain(command: str) -> str:
    """The command without ``2>/dev/null`` and ``|| true``, which change nothing of what it does."""
    while (tail := _REDIRECTED.search(command)) is not None:
        command = command[: tail.start()]
    return command


def _command(command: str) -> Iterator[Setting]:
    if re.match(r"(?:/sbin/)?sysctl\b", command):
        yield from _sysctl(command)
        return
    script = re.match(r"(?:\S*/)?(\w+)\.sh\b", command)
    if script is not None and "restore" not in script[1]:
        yield Defaults(script[1])
    elif re.match(r"(?:\S*/)?set_sysctls\.py\b", command):
        yield from (_path_setting(word) for word in _words(command))
    elif re.match(r"echo\s+.*>\s*/proc/sys/", command):
        value, _, path = command[4:].partition(">")
        yield SetSysctl(path.strip().removeprefix("/proc/sys/").replace("/", "."), value.strip().strip("\"'"))
    elif (grep := _SOCKSTAT.match(command)) is not None:
        yield StateGrep(grep[1], int(grep[2]))
    elif command.startswith(_HARMLESS) or re.match(r"tc qdisc \w+ dev \w+ root p?fifo$", command):
        yield Harmless(command)
    else:
        yield Unknown(command)


def _sysctl(command: str) -> Iterator[Setting]:
    found = False
    for word in _words(_SUM.sub(_worked_out, command)):
        name, equals, value = word.partition("=")
        if equals and re.fullmatch(r"[\w./]+", name):
            found = True
            yield SetSysctl(name.replace("/", "."), value)
    if not found:
        yield Unknown(command)


def _words(command: str) -> list[str]:
    """The words after the first, without their quotes; none if the quotes do not match."""
    try:
        return shlex.split(command)[1:]
    except ValueError:
        return []


def _worked_out(found: re.Match[str]) -> str:
    """``$((...))``: whole numbers added, taken away, multiplied and divided; left as it is if it is none of these."""
    try:
        return str(_whole(ast.parse(found[1].strip(), mode="eval").body))
    except (SyntaxError, ValueError, ZeroDivisionError):
        return found[0]


_WHOLE: dict[type, Callable[[int, int], int]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.floordiv,
    ast.Mod: operator.mod, ast.LShift: lambda left, right: left << min(right, 64), ast.RShift: operator.rshift,
}  # fmt: skip


def _whole(node: ast.expr) -> int:
    match node:
        case ast.Constant(value=int() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_whole(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _WHOLE:
            return _WHOLE[type(op)](_whole(left), _whole(right))
    raise ValueError(ast.unparse(node))


def _path_setting(word: str) -> Setting:
    path, equals, value = word.partition("=")
    if not equals:
        return Unknown(word)
    return SetSysctl(path.removeprefix("/proc/sys/").replace("/", "."), value)


def read_settings(text: str) -> tuple[Setting, ...]:
    """A list of plain settings (``defaults.settings``): one a line, comments after ``#``."""
    found: list[Setting] = []
    for line in text.splitlines():
        words = line.split("#", 1)[0].split(None, 1)
        if not words:
            continue
        if words[0] == "sysctl" and len(words) > 1 and "=" in words[1]:
            name, _, value = words[1].partition("=")
            found.append(SetSysctl(name.strip(), value.strip()))
        elif words[0] in ("flush", "qdisc", "ethtool"):
            found.append(Harmless(line.strip()))
        else:
            found.append(Unknown(line.strip()))
    return tuple(found)
