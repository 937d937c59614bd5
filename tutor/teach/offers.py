"""What a hand may do with the thing it points at: the entries of a context menu, as values.

Rules
-----
* An offer is an intent, or a command of the registry by its id (which has the key and the words), perhaps with what
  it is about. Nothing here has looked beyond the playhead.
* What cannot be done is offered where it may be possible soon; the world then says why not. What makes no sense at
  all (to restart a machine that runs) is not offered.
* An empty offer parts two groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.teach import aiming, intents
from tutor.teach.session import Session
from tutor.words import mark
from tutor.world.acts import ON_SEGMENTS
from tutor.world.host import Host
from tutor.world.program import Line


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry: ``text`` with ``values``, or the words of ``command``. ``about`` is what the command starts with."""

    text: str = ""
    values: tuple[tuple[str, str], ...] = ()
    intent: intents.Intent | None = None
    command: str = ""
    about: str = ""


PARTING = Offer()

ARMING = {
    "drop": mark("Drop the next segment of {host}"),
    "delay": mark("Delay the next segment of {host}"),
    "duplicate": mark("Duplicate the next segment of {host}"),
    "corrupt": mark("Corrupt the next segment of {host}"),
    "swap": mark("Let the next two segments of {host} change places"),
}

CRASH, RESTART = mark("Crash {host}"), mark("Restart {host} with its programs")
CUT, MEND = mark("Cut the cable"), mark("Mend the cable")
CUT_THIS, MEND_THIS = mark("Cut the cable {link}"), mark("Mend the cable {link}")
"""Where there are several cables, each has its name."""
CALL, FORGE = mark("A call on {host}…"), mark("A forged segment from {host}…")
CALL_NOW = mark("{host} calls {call}")
SWITCH, COMPARE, DELETE = mark("Show this future"), mark("Compare with the one on screen"), mark("Delete this future")
INSTEAD, BEFORE, FORGET = mark("Another line instead…"), mark("A line before it…"), mark("Forget this line")
BECOMES, LINGER = mark("{line} instead"), mark("{line} before it")
LINGER_LINE = "setsockopt SO_LINGER 0"

CALLS_ON_A_STATE = ("close", "shutdown write", "abort", "write 100", "read")
"""The calls that a state offers by themselves."""


def offers(session: Session, name: str) -> tuple[Offer, ...]:
    """The entries for the mark ``name``; for ``""`` what can be done with the run as a whole."""
    kind, _, rest = name.partition(":")
    match kind:
        case "flight":
            return (*(Offer(command=deed) for deed in ON_SEGMENTS), PARTING, *_run(session))
        case "host":
            return tuple(_host(session, rest))
        case "state":
            return tuple(_state(session, rest.split(":")))
        case "branch":
            return tuple(_branch(session, int(rest)))
        case "line":
            return tuple(_line(session, *rest.rsplit(":", 2)))
        case _:
            return tuple(_run(session))


def _run(session: Session) -> Iterator[Offer]:
    """What can be done with the run, at the playhead."""
    links = session.world.links
    cut, mend = (CUT, MEND) if len(links) == 1 else (CUT_THIS, MEND_THIS)
    for link in links:
        values = (("link", link.name),) if len(links) > 1 else ()
        yield Offer(mend if link.is_cut else cut, values, _now(session, f"link {link.name}"))
    for host in session.world.hosts:
        yield _power(host)
    yield PARTING
    for command in ("call", "forge", "do", "disarm") if session.world.rules else ("call", "forge", "do"):
        yield Offer(command=command)
    yield PARTING
    for command in ("undo", "redo", "compare"):
        yield Offer(command=command)


def _now(session: Session, what: str) -> intents.ActNow:
    """Cut or mend, crash or restart: what is not so now."""
    kind, _, name = what.partition(" ")
    if kind == "link":
        is_cut = any(link.is_cut for link in session.world.links if link.name == name)
        return intents.ActNow(f"{'mend' if is_cut else 'cut'} {name}")
    is_up = session.world.host(name).is_up
    return intents.ActNow(f"crash {name}" if is_up else f"reboot {name} programs=yes")


def cable(session: Session) -> intents.Intent:
    """Cut the first cable, or mend it."""
    return _now(session, f"link {session.world.links[0].name}")


def power(session: Session, place: int) -> intents.Intent:
    """Crash the host of that place, or start it again with its programs."""
    hosts = session.world.host_names
    return _now(session, f"host {hosts[min(place, len(hosts) - 1)]}")


def _power(host: Host) -> Offer:
    act = f"crash {host.name}" if host.is_up else f"reboot {host.name} programs=yes"
    return Offer(CRASH if host.is_up else RESTART, (("host", host.name),), intents.ActNow(act))


def _host(session: Session, name: str) -> Iterator[Offer]:
    if name not in session.world.table:
        return
    called = (("host", name),)
    yield Offer(CALL, called, command="call", about=name)
    yield Offer(FORGE, called, command="forge", about=name)
    yield _power(session.world.host(name))
    yield PARTING
    for deed, text in ARMING.items():
        yield Offer(text, called, intents.ActNow(aiming.arming(deed, name)))


def _state(session: Session, names: list[str]) -> Iterator[Offer]:
    """A piece of a lifeline (host, state, since) or a node of the diagram (state): calls that matter there."""
    hosts = [host for host in session.world.hosts if names[0] in (host.name, "")] or list(session.world.hosts)
    state = names[1] if len(names) > 1 else names[0]
    for host in hosts:
        for socket in host.all_sockets():
            if str(socket.state) == state:
                for call in CALLS_ON_A_STATE if str(socket.state) != "LISTEN" else ("accept", "close"):
                    said = (("host", host.name), ("call", call))
                    yield Offer(CALL_NOW, said, intents.ActNow(f"{host.name} {call} on={socket.id}"))
                yield PARTING
                break
    for host in hosts:
        yield Offer(CALL, (("host", host.name),), command="call", about=host.name)
        yield _power(host)


def _branch(session: Session, branch: int) -> Iterator[Offer]:
    if branch != session.branch:
        yield Offer(SWITCH, (), intents.SwitchBranch(branch))
        yield Offer(COMPARE, (), intents.See("beside", branch))
        if not session.timeline.descendants(branch) & {session.road, session.branch}:
            yield Offer(DELETE, (), intents.DeleteBranch(branch))
        yield PARTING
    for command in ("next-branch", "previous-branch", "compare", "compare-next"):
        yield Offer(command=command)


def _line(session: Session, host: str, program: str, number: str) -> Iterator[Offer]:
    """A line of a program (both counted from 1): what it is often swapped for, another one, or none."""
    found = session.world.table.get(host)
    running = found.programs.get(int(program) - 1) if found is not None else None
    place = int(number)
    if running is None or not 1 <= place <= len(running.program.lines):
        return
    line = running.program.lines[place - 1]

    def edit(deed: str, text: str = "") -> intents.Intent:
        return intents.EditProgram(host, int(program) - 1, place, deed, text)

    for text in swaps(line):
        yield Offer(BECOMES, (("line", text),), edit("replace", text))
    if line.act.name == "close":
        yield Offer(LINGER, (("line", LINGER_LINE),), edit("insert", LINGER_LINE))
    yield Offer(FORGET, (), edit("forget"))
    yield PARTING
    name = host if program == "1" else f"{host}/{program}"
    yield Offer(INSTEAD, command="do", about=f"program {name} {place} replace {line}")
    yield Offer(BEFORE, command="do", about=f"program {name} {place} insert ")


def swaps(line: Line) -> tuple[str, ...]:
    """What a line that ends a connection is swapped for, waiting for the same."""
    ends = ("close", "shutdown write", "abort")
    said = str(line.act)
    if said not in ends:
        return ()
    return tuple(" ".join(filter(None, (str(line.waits), end))) for end in ends if end != said)
