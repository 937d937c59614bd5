"""Facts that words ask for with words: ``{count of client sends SYN}``, ``{server.sysctl.tcp_synack_retries}``.

Rules
-----
* Nothing after the scene's moment is looked at: what a sentence quotes has happened.
* A cue is spelt as everywhere (``world.query``); a setting and a counter by its Linux name.

The forms::

    count of CUE                how often it has happened
    time of CUE                 when it happened first, counted from the start of the run
    span CUE to CUE             from the first time of one to the next time of the other
    seq|ack|len of CUE          a number of the segment that is sent, received or lost there, as the ladder shows it
    last|next of CUE            the last number that this segment takes up, and the one after it
    raw of CUE                  its sequence number as the header has it
    HOST.relative.NAME          snd_una, snd_nxt or rcv_nxt of its connection, counted from the initial number
    HOST.sysctl.NAME            a setting, as the host has it then
    HOST.counter.NAME           a counter of nstat
    HOST.in.STATE               how many of its connections are in a state
    HOST.queue.syn|accept|backlog    the queues of its first listener
    HOST.program.N              the last number in line N of its program: what it writes, or which port it names
    HOST.error                  the error of its last call that failed
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from tutor.tcp import seq, states
from tutor.tcp.tcb import Tcb
from tutor.world.counting import COUNTERS
from tutor.world.host import LISTENER, Host
from tutor.world.query import Cue, CueError, fires, parse_cue
from tutor.world.records import Arrived, Called, CallReturned, Flight, Lost, Record, Sent
from tutor.world.sysctls import SettingError, find_setting, get_setting
from tutor.world.trace import Trace

FORMS = (
    "count of CUE", "time of CUE", "span CUE to CUE", "seq of CUE", "ack of CUE", "len of CUE", "last of CUE",
    "next of CUE", "raw of CUE", "HOST.relative.NAME", "HOST.sysctl.NAME", "HOST.counter.NAME", "HOST.in.STATE",
    "HOST.queue.syn", "HOST.queue.accept", "HOST.queue.backlog", "HOST.program.N", "HOST.error",
)  # fmt: skip
"""The forms, as an error message lists them."""

QUEUES = ("syn", "accept", "backlog")


def _acknowledged(flight: Flight) -> int:
    if flight.rel_ack is None:
        raise NotYet("the segment has no ACK")
    return flight.rel_ack


def _first(trace: Trace, cue: Cue, index: int, after: int) -> int:
    times = _times(trace, cue, index)
    if cue.nth is not None:
        times = times[cue.nth - 1 : cue.nth]
    found = next((at for at in times if at >= after), None)
    if found is None:
        raise NotYet(str(cue))
    return found


OF_SEGMENT: dict[str, Callable[[Flight], int]] = {
    "seq": lambda flight: flight.rel_seq,
    "raw": lambda flight: flight.segment.seq,
    "ack": _acknowledged,
    "len": lambda flight: flight.segment.length,
    "last": lambda flight: flight.rel_seq + flight.segment.seq_length - 1,
    "next": lambda flight: flight.rel_seq + flight.segment.seq_length,
}
"""Numbers of one segment."""

SEGMENT_VERBS = ("sends", "receives", "loses", "is lost")
"""What a cue says of which such a number is asked."""

RELATIVE: dict[str, Callable[[Tcb], int]] = {
    "snd_una": lambda tcb: seq.distance(tcb.snd.iss, tcb.snd.una),
    "snd_nxt": lambda tcb: seq.distance(tcb.snd.iss, tcb.snd.nxt),
    "rcv_nxt": lambda tcb: seq.distance(tcb.rcv.irs, tcb.rcv.nxt),
}
"""Numbers of a connection, counted from its initial ones."""

_CUES = re.compile(rf"(count|time|{'|'.join(OF_SEGMENT)}) of (.+)|(span) (.+?) to (.+)")
_OF_HOST = re.compile(r"(\w+)\.(sysctl|counter|in|queue|relative|program)\.(.+)|(\w+)\.(error)")


class NotYet(LookupError):
    """It is well spelt, but there is no such thing at this moment."""


def is_one(name: str) -> bool:
    """Does ``name`` have one of the forms?"""
    return bool(_CUES.fullmatch(name) or _OF_HOST.fullmatch(name))


def is_time(name: str) -> bool:
    """Is its value a span of time (microseconds)?"""
    return name.startswith(("time of ", "span "))


def is_spelt(name: str, hosts: Collection[str]) -> bool:
    """Is everything in it known: host, cue, setting, counter, state?"""
    if cues := _CUES.fullmatch(name):
        wanted = SEGMENT_VERBS if cues[1] in OF_SEGMENT else None
        return all(_is_cue(text, hosts, wanted) for text in (cues[2], cues[4], cues[5]) if text is not None)
    found = _OF_HOST.fullmatch(name)
    if found is None:
        return False
    host, form, what = found[1] or found[4], found[2] or found[5], found[3]
    return host in hosts and _is_known(form, what)


def _is_cue(text: str, hosts: Collection[str], verbs: Collection[str] | None) -> bool:
    try:
        cue = parse_cue(text, hosts)
    except CueError:
        return False
    return cue.verb not in ("start", "end") if verbs is None else cue.verb in verbs


def _is_known(form: str, what: str) -> bool:
    match form:
        case "sysctl":
            try:
                find_setting(what)
            except SettingError:
                return False
            return True
        case "counter":
            return what in COUNTERS
        case "in":
            return _is_state(what)
        case "queue":
            return what in QUEUES
        case "relative":
            return what in RELATIVE
        case "program":
            return what.isdecimal()
        case _:
            return True


def _is_state(word: str) -> bool:
    try:
        states.parse(word)
    except ValueError:
        return False
    return True


def value(name: str, trace: Trace, index: int) -> int | str:
    """The value right after step ``index``. Raises ``NotYet``; the name has one of the forms and is well spelt."""
    cues = _CUES.fullmatch(name)
    if cues is not None:
        if cues[1] == "count":
            return len(_times(trace, parse_cue(cues[2]), index))
        if cues[1] in OF_SEGMENT:
            return OF_SEGMENT[cues[1]](_segment(trace, parse_cue(cues[2]), index))
        first = _first(trace, parse_cue(cues[2] or cues[4]), index, 0)
        return first if cues[1] == "time" else _first(trace, parse_cue(cues[5]), index, first) - first
    found = _OF_HOST.fullmatch(name)
    assert found is not None, f"{name!r} has one of the forms"
    host = trace.upto(index)[-1].world.host(found[1] or found[4])
    match found[2] or found[5]:
        case "sysctl":
            return get_setting(host.profile, find_setting(found[3]))
        case "counter":
            return host.counter(found[3])
        case "in":
            state = states.parse(found[3])
            return sum(each.tcb.state is state for each in host.all_sockets())
        case "queue":
            return _queue(host, found[3])
        case "relative":
            return _relative(host, found[3])
        case "program":
            return _programmed(host, int(found[3]))
        case _:
            return _error(trace, host.name, index)


def _fired(trace: Trace, cue: Cue, index: int) -> Iterator[tuple[int, Record]]:
    """When the cue has fired (microseconds), and by what. A number at its end is left out: it counts itself."""
    return ((step.at, record) for step in trace.upto(index) for record in step.records if fires(cue, record))


def _times(trace: Trace, cue: Cue, index: int) -> list[int]:
    return [at for at, _ in _fired(trace, cue, index)]


def _segment(trace: Trace, cue: Cue, index: int) -> Flight:
    """The segment of which the cue tells: the first one without a number."""
    records = [record for _, record in _fired(trace, cue, index)]
    place = (cue.nth or 1) - 1
    if not 0 <= place < len(records):
        raise NotYet(str(cue))
    record = records[place]
    assert isinstance(record, Sent | Arrived | Lost), "only such cues are well spelt"
    return record.flight


def _programmed(host: Host, number: int) -> int:
    """The last number in a line of the host's program, as it is then: lines count from 1."""
    program = next((host.programs[key].program for key in sorted(host.programs)), None)
    if program is None or not 0 < number <= len(program.lines):
        raise NotYet(f"there is no line {number}")
    found = re.findall(r"\d+", str(program.lines[number - 1].act))
    if not found:
        raise NotYet(f"line {number} has no number")
    return int(found[-1])


def latest(host: Host) -> Tcb | None:
    """The control block of the host's only, or latest, connection."""
    return next((socket.tcb for socket in reversed(host.all_sockets()) if socket.kind != LISTENER), None)


def _relative(host: Host, what: str) -> int:
    tcb = latest(host)
    if tcb is None:
        raise NotYet("there is no connection")
    return RELATIVE[what](tcb)


def _queue(host: Host, what: str) -> int:
    listener = next((socket for socket in host.all_sockets() if socket.kind == LISTENER), None)
    if listener is None:
        raise NotYet("nobody listens")
    if what == "backlog":
        return listener.backlog
    return listener.syn_queue if what == "syn" else len(listener.accept_queue)


def _error(trace: Trace, host: str, index: int) -> str:
    for step in reversed(trace.upto(index)):
        for record in reversed(step.records):
            if isinstance(record, Called | CallReturned) and record.host == host and record.error:
                return record.error
    raise NotYet("no call has failed")
