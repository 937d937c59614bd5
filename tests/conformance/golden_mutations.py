"""Mutations of a recording: one thing that the kernel did is told otherwise, and the judge must fail there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

ORDER = ("SYN", "FIN", "RST", "PSH", "ACK", "URG", "ECE", "CWR")
Json = dict[str, Any]
LISTS = ("calls", "peer_script", "kernel_segments", "states")


class Mutation(NamedTuple):
    """A changed recording: what was changed in which entry, the fields that may be named, and from where to where."""

    what: str
    place: str
    tell: Callable[[], str]
    fields: tuple[str, ...]
    first: float
    last: float

    @property
    def text(self) -> str:
        """The changed recording, written when it is wanted: of fifty thousand changes few are."""
        return self.tell()


def mutations(trace: Json) -> Iterator[Mutation]:
    """Every single change of what the kernel did. An inexact recording demands too little of each entry: none."""
    if not trace["compare"]["exact"]:
        return
    text = json.dumps(trace)
    for i in range(len(trace["kernel_segments"])):
        yield from _segments(text, trace, i)
    for i in range(len(trace["states"])):
        yield from _states(text, trace, i)
    for i in range(len(trace["calls"])):
        yield from _calls(text, trace, i)


def _changed(text: str, kind: str, i: int, change: Callable[[Json], None]) -> Callable[[], str]:
    def tell() -> str:
        trace = json.loads(text)
        change(trace[kind][i])
        return json.dumps(trace)

    return tell


def _set(key: str, value: object) -> Callable[[Json], None]:
    def change(entry: Json) -> None:
        entry[key] = value

    return change


def _option(key: str, value: object) -> Callable[[Json], None]:
    def change(entry: Json) -> None:
        entry["opts"][key] = value
        if value is None:
            del entry["opts"][key]

    return change


def beyond(t: float) -> float:
    """A time that no lateness explains: no timer that ends at ``t`` is longer than ``t``."""
    return round(t * 1.2 + 0.1, 3)


# --- segments ---


def _segments(text: str, trace: Json, i: int) -> Iterator[Mutation]:
    segment = trace["kernel_segments"][i]
    n = segment["n"]
    for what, field, change in _of_segment(segment, trace):
        yield Mutation(what, f"segment {n}", _changed(text, "kernel_segments", i, change), (field,), n, n)
    yield from _removed(text, trace, i)
    yield from _added(text, trace, i)


def _of_segment(segment: Json, trace: Json) -> Iterator[tuple[str, str, Callable[[Json], None]]]:
    flags = segment["flags"].split(",")
    for changed in ("PSH", "FIN", "RST", "ACK"):
        other = [flag for flag in ORDER if (flag in flags) is (flag != changed)]
        if other:
            yield f"flag {changed}", "flags", _set("flags", ",".join(other))
    yield "seq", "seq", _set("seq", segment["seq"] + 7)
    if segment["ack"] is not None:
        yield "ack", "ack", _set("ack", segment["ack"] + 7)
    yield "len", "len", _set("len", segment["len"] + 1)
    if trace["compare"]["win"]:
        yield "win", "win", _set("win", segment["win"] ^ 1)
    yield from _of_options(segment, trace)
    yield "late", "t", _set("t", beyond(segment["t"]))
    if segment["t"] > 0.2:
        yield "early", "t", _set("t", round(segment["t"] * 0.5, 3))


def _of_options(segment: Json, trace: Json) -> Iterator[tuple[str, str, Callable[[Json], None]]]:
    options = segment["opts"]
    if "mss" in options:
        yield "option", "mss", _option("mss", options["mss"] - 4)
    if "ws" in options:
        yield "option", "ws", _option("ws", options["ws"] ^ 1)
    if "ts" in options:
        yield "option", "ts", _option("ts", None)
        if trace["env"]["peer"] and options["ts"][1]:
            yield "option", "TSecr", _option("ts", [options["ts"][0], options["ts"][1] + 1])
    if "sack" in options:
        yield "option", "sack", _option("sack", [[left, right + 1] for left, right in options["sack"]])
    if "sackOK" not in options:
        yield "option", "sackOK", _option("sackOK", value=True)


def _next(trace: Json, i: int) -> float:
    """The n of the next segment of the same stream, or of anything after it."""
    keys = ("host",) if trace["compare"]["order"] == "host" else ("host", "sport", "dport")
    stream = [trace["kernel_segments"][i][key] for key in keys]
    later = (each["n"] for each in trace["kernel_segments"][i + 1 :] if [each[key] for key in keys] == stream)
    return next(later, float("inf"))


def _removed(text: str, trace: Json, i: int) -> Iterator[Mutation]:
    n = trace["kernel_segments"][i]["n"]
    echoed = {each.get("opts", {}).get("ts_echo_of") for each in trace["peer_script"]}
    echoed |= {each["segment"] for each in trace["peer_script"] if each["do"] == "icmp"}
    if n in echoed:
        return

    def tell() -> str:
        changed = json.loads(text)
        del changed["kernel_segments"][i]
        return json.dumps(changed)

    yield Mutation("removed", f"segment {n}", tell, (), n - 1, _next(trace, i))


def _added(text: str, trace: Json, i: int) -> Iterator[Mutation]:
    n = trace["kernel_segments"][i]["n"] * 2
    yield Mutation("added", f"segment {n + 1}", partial(_doubled, text, i), (), n, _next(trace, i) * 2)


def _doubled(text: str, i: int) -> str:
    """All numbers doubled, to make room for the segment that comes twice."""
    changed = json.loads(text)
    for kind in LISTS:
        for each in changed[kind]:
            for key in ("n", "n_done", "segment"):
                if each.get(key) is not None:
                    each[key] *= 2
            if each.get("opts", {}).get("ts_echo_of"):
                each["opts"]["ts_echo_of"] *= 2
    again = json.loads(json.dumps(changed["kernel_segments"][i]))
    again["n"] += 1
    again.pop("isn_new", None)
    changed["kernel_segments"].insert(i + 1, again)
    return json.dumps(changed)


# --- states and calls ---


def _states(text: str, trace: Json, i: int) -> Iterator[Mutation]:
    sample = trace["states"][i]
    n, kind = sample["n"], "states"
    other = "CLOSING" if sample["state"] != "CLOSING" else "LAST-ACK"
    yield Mutation("state", f"state {n}", _changed(text, kind, i, _set("state", other)), ("state",), n, n)
    late = _changed(text, kind, i, _set("t", beyond(sample["t"])))
    yield Mutation("late", f"state {n}", late, ("t",), n, n)
    if "expires_in" in sample:
        longer = _set("expires_in", sample["expires_in"] + 1)
        yield Mutation("expires_in", f"state {n}", _changed(text, kind, i, longer), ("expires_in",), n, n)


def _calls(text: str, trace: Json, i: int) -> Iterator[Mutation]:
    call = trace["calls"][i]
    n, done, kind = call["n"], call["n_done"], "calls"
    if done is None:
        return
    if call["call"] not in ("accept", "socket") and call["error"] is None:
        result = call["result"] + 1 if isinstance(call["result"], int) else 1
        yield Mutation("result", f"call {n}", _changed(text, kind, i, _set("result", result)), ("result",), done, done)
    error = "EINVAL" if call["error"] != "EINVAL" else "EPIPE"
    yield Mutation("error", f"call {n}", _changed(text, kind, i, _set("error", error)), ("error",), done, done)
    late = _changed(text, kind, i, _set("t_done", beyond(call["t_done"])))
    yield Mutation("late", f"call {n}", late, ("t",), done, done)
