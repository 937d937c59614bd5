"""Facts that words ask for with words: ``{count of client sends SYN}``, ``{server.sysctl.tcp_synack_retries}``.

Rules
-----
* Nothing after the scene's moment is looked at: what a sentence quotes has happened.
* A cue is spelt as everywhere (``world.query``); a setting and a counter by its Linux name.

The forms::

    count of CUE                how often it has happened
    time of CUE                 when it happened first, counted from the start of the run
    span CUE to CUE             from the first time of one to the next time of the other
    HOST.sysctl.NAME            a setting, as the host has it then
    HOST.counter.NAME           a counter of nstat
    HOST.in.STATE               how many of its connections are in a state
    HOST.queue.syn|accept|backlog    the queues of its first listener
    HOST.error                  the error of its last call that failed
"""

from __future__ import annotations

import re
from collections.abc import Collection

from tutor.tcp import states
from tutor.world.counting import COUNTERS
from tutor.world.host import LISTENER, Host
from tutor.world.query import Cue, CueError, fires, parse_cue
from tutor.world.records import Called, CallReturned
from tutor.world.sysctls import SettingError, find_setting, get_setting
from tutor.world.trace import Trace

FORMS = (
    "count of CUE", "time of CUE", "span CUE to CUE", "HOST.sysctl.NAME", "HOST.counter.NAME", "HOST.in.STATE",
    "HOST.queue.syn", "HOST.queue.accept", "HOST.queue.backlog", "HOST.error",
)  # fmt: skip
"""The forms, as an error message lists them."""

QUEUES = ("syn", "accept", "backlog")

_CUES = re.compile(r"(count|time) of (.+)|(span) (.+?) to (.+)")
_OF_HOST = re.compile(r"(\w+)\.(sysctl|counter|in|queue)\.(.+)|(\w+)\.(error)")


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
        return all(_is_cue(text, hosts) for text in (cues[2], cues[4], cues[5]) if text is not None)
    found = _OF_HOST.fullmatch(name)
    if found is None:
        return False
    host, form, what = found[1] or found[4], found[2] or found[5], found[3]
    return host in hosts and _is_known(form, what)


def _is_cue(text: str, hosts: Collection[str]) -> bool:
    try:
        cue = parse_cue(text, hosts)
    except CueError:
        return False
    return cue.verb not in ("start", "end")


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
        case _:
            return _error(trace, host.name, index)


def _times(trace: Trace, cue: Cue, index: int) -> list[int]:
    """When the cue has fired (microseconds). A number at its end is left out: it counts itself."""
    return [step.at for step in trace.upto(index) for record in step.records if fires(cue, record)]


def _first(trace: Trace, cue: Cue, index: int, after: int) -> int:
    times = _times(trace, cue, index)
    if cue.nth is not None:
        times = times[cue.nth - 1 : cue.nth]
    found = next((at for at in times if at >= after), None)
    if found is None:
        raise NotYet(str(cue))
    return found


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
