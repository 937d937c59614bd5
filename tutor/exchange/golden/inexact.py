"""Recordings whose course was partly chance: what may still be demanded of a replay.

Rules
-----
* Of each stream: the set of flags, where it ended (seq and length) and what it acknowledged last.
* The octets that programs received, in all; errors of calls; the set of states of each host.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.exchange.golden.comparing import Comparison, Difference, Fields
from tutor.exchange.golden.states import BRIEF


def inexact(comparison: Comparison) -> Iterator[Difference]:
    """Every difference that chance cannot explain."""
    yield from _streams(comparison)
    yield from _calls(comparison)
    yield from _states(comparison)


def _streams(comparison: Comparison) -> Iterator[Difference]:
    recorded: dict[tuple[str, int, int], list[Fields]] = {}
    sent: dict[tuple[str, int, int], list[Fields]] = {}
    last: dict[tuple[str, int, int], int] = {}
    for stream in comparison.streams:
        for segment in (*(segment for segment, _ in stream.pairs), *stream.missing):
            fields = comparison.recorded(segment)
            key = (segment.host, fields["sport"], fields["dport"])
            recorded.setdefault(key, []).append(fields)
            last[key] = segment.n
        for own in (*(own for _, own in stream.pairs), *stream.extra):
            fields = comparison.sent(own)
            sent.setdefault((own.host, fields["sport"], fields["dport"]), []).append(fields)
    for key in dict.fromkeys((*recorded, *sent)):
        expected, actual = _summary(recorded.get(key, [])), _summary(sent.get(key, []))
        wrong = next((name for name in expected if expected[name] != actual[name]), None)
        if wrong is not None:
            yield Difference(last.get(key, 0), f"{key[0]}, {key[1]}>{key[2]}", wrong, expected, actual)


def _summary(stream: list[Fields]) -> Fields:
    if not stream:
        return {"flags": "none", "end": None, "ack": None}
    end = stream[-1]
    flags = " ".join(sorted({fields["flags"] for fields in stream}))
    return {"flags": flags, "end": end["seq"] + end["len"], "ack": end["ack"]}


def _calls(comparison: Comparison) -> Iterator[Difference]:
    trace, answers = comparison.trace, comparison.log.answers
    received = [call for call in trace.calls if call.call == "recv"]
    expected = sum(call.result for call in received if isinstance(call.result, int))
    results = [answers[call.n].result for call in received if call.n in answers]
    actual = sum(result for result in results if isinstance(result, int))
    if expected != actual:
        yield Difference(received[-1].n, "recv() in all", "octets", {"octets": expected}, {"octets": actual})
    for call in trace.calls:
        answer = answers.get(call.n)
        if answer is not None and call.n_done is not None and answer.error != call.error:
            where = f"{call.host}, {call.call}() on {call.fd} (n {call.n})"
            yield Difference(call.n_done, where, "error", {"error": call.error}, {"error": answer.error})


def _states(comparison: Comparison) -> Iterator[Difference]:
    changes = comparison.log.changes
    for host in comparison.trace.hosts:
        expected = {sample.state for sample in comparison.trace.states if sample.host == host}
        seen, lasting = set(), set()
        for i, change in enumerate(changes):
            if change.host == host:
                seen.add(change.state)
                own = (each.at for each in changes[i + 1 :] if (each.host, each.sock) == (host, change.sock))
                if next(own, change.at + BRIEF) - change.at >= BRIEF:
                    lasting.add(change.state)
        if not lasting - {"CLOSED"} <= expected <= seen:
            n = max((sample.n for sample in comparison.trace.states if sample.host == host), default=0)
            shown = ({"states": " ".join(sorted(each))} for each in (expected, seen))
            yield Difference(n, f"{host}, all sockets", "states", *shown)
