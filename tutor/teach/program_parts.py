"""The numbers in a host's programs: a listener's backlog, the pause before a call, the octets of a write.

Rules
-----
* A number is set by editing its line, and counts when the program comes there: from the start, or from now on.
* A line that listens and is done is another matter: the call is made again on its socket, as ``listen(2)`` allows.
* What a line had at the beginning is the default, as long as it still makes the same call.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from tutor.tcp.values import replace
from tutor.teach.parameter import Control, Parameter, trimmed
from tutor.teach.parameter_names import PROGRAM
from tutor.world.acts import CALLS, Act
from tutor.world.host import Host, Running, Socket
from tutor.world.opening import DEFAULT_BACKLOG
from tutor.world.program import Line, Program, parse_line
from tutor.world.time import SECOND, parse_duration

_WITH_OCTETS = ("write", "read")


def of_programs(host: Host, began: tuple[Program, ...]) -> Iterator[Parameter]:
    """The numbers in every line of a host's programs; ``began``: the programs it began with."""
    for number in range(len(host.programs)):
        running = host.programs[number]
        first = began[number].lines if number < len(began) else ()
        for place, line in enumerate(running.program.lines):
            if line.act.name not in CALLS:
                continue
            was = first[place] if place < len(first) and first[place].act.name == line.act.name else line
            for what in PROGRAM:
                value, default = _value(line, what), _value(was, what)
                if what == "backlog" and value and place < running.line:
                    value = _backlog(host, line) or value
                if value:
                    yield _parameter(host.name, (number, place, what), line, (value, default or value))


@lru_cache(maxsize=512)
def _parameter(host: str, where: tuple[int, int, str], line: Line, values: tuple[str, str]) -> Parameter:
    number, place, what = where
    called = PROGRAM[what]
    at = f"{number + 1}:{place + 1}"
    control = Control("number", called.unit, called.unit, 0 if what != "octets" else 1, None, called.low, called.high)
    return Parameter(
        id=f"{host}.program.{number}.{place}.{what}",
        key=f"{host} {at} {what}",
        owner=host,
        name=f"{at} {line}",
        kind="program",
        group="program",
        title=called.title,
        control=control,
        value=values[0],
        default=values[1],
        field=what,
        call=f"{line.act.name}()",
    )


def _value(line: Line, what: str) -> str:
    """The number of a line as its control shows it; "" where it has none."""
    match what:
        case "backlog":
            return line.act.option("backlog", str(DEFAULT_BACKLOG)) if line.act.name == "listen" else ""
        case "after":
            return f"{trimmed(line.after / SECOND)}s" if line.at is None else ""
        case "at":
            return f"{trimmed(line.at / SECOND)}s" if line.at is not None else ""
        case _:
            return line.act.args[0] if line.act.name in _WITH_OCTETS and line.act.args else ""


def _listener(host: Host, line: Line) -> Socket | None:
    """The listener that a line has made, as long as a program holds it."""
    name = host.listeners.get(int(line.act.args[0])) if line.act.args else None
    socket = host.sockets.get(name) if name is not None else None
    return socket if socket is not None and socket.fd is not None else None


def _backlog(host: Host, line: Line) -> str:
    """The backlog of the listener that a line has made; "" if there is none any more."""
    socket = _listener(host, line)
    return str(socket.backlog) if socket is not None else ""


def program_act(host: Host, parameter: Parameter, value: str, *, is_ahead: bool = False) -> str:
    """The act that sets a number of a program: an edit of its line, or ``listen`` again on a listener that is there.

    ``is_ahead``: nothing of the program is done yet where the act will be.
    """
    _, _, number, place, what = parameter.id.rsplit(".", 4)
    running = host.programs[int(number)]
    line = _with_value(running.program.lines[int(place)], what, value)
    again = _listening(host, running, int(place), line) if what == "backlog" and not is_ahead else ""
    which = f"/{int(number) + 1}" if int(number) else ""
    return again or f"program {host.name}{which} {int(place) + 1} replace {line}"


def _listening(host: Host, running: Running, place: int, line: Line) -> str:
    """``listen`` once more on the socket of a line that has been done; "" while it is still to be done."""
    socket = _listener(host, line) if place < running.line else None
    if socket is None:
        return ""
    return f"{host.name} listen {line.act.args[0]} backlog={line.act.option('backlog')} fd={socket.fd}"


def _with_value(line: Line, what: str, value: str) -> Line:
    match what:
        case "backlog":
            options = tuple(pair for pair in line.act.options if pair[0] != "backlog")
            act = Act(line.act.name, line.act.args, tuple(sorted((*options, ("backlog", value)))))
            return parse_line(str(replace(line, act=act)))
        case "after":
            return replace(line, after=parse_duration(value))
        case "at":
            return replace(line, at=parse_duration(value))
        case _:
            return replace(line, act=Act(line.act.name, (value, *line.act.args[1:]), line.act.options))
