"""Phrases: what a host did in one step, as half sentences that ``whyline`` puts together.

Rules
-----
* A phrase begins with its verb: the host is the subject of the whole sentence and is said once.
* In English a segment has an article; other languages leave it out in their translation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.tcp.segment import FIN, RST, SYN, flags_text
from tutor.view.standing import host_name
from tutor.words import Words
from tutor.world.records import Called, CallReturned, Flight, Record, Sent, StateChanged

KNOWN = frozenset({"client", "server", "host", "peer"})
"""Hosts that are named for what they do: they take an article."""

CHALLENGE = "TcpExtTCPChallengeACK"
"""The counter of challenge ACKs."""


def subject(host: str, words: Words) -> str:
    """A host inside a sentence."""
    if host in KNOWN:
        return words.t("the {host}", host=host if words.lang == "en" else host_name(host, words))
    return host


_INNER_SPACE = re.compile(
    r"(?<=[\u2014\u3000-\u9fff\uff00-\uffef]) (?=[\u2014\u3000-\u9fff\uff00-\uffef])"
    r"|(?<=[\u3001\u3002\uff0c\uff1a\uff1b]) "
)
_HAN_TO_LATIN = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9)])(?=[\u4e00-\u9fff])")


def spaced(text: str, words: Words) -> str:
    """A sentence as Chinese is set: a space between Han and Latin letters, none between Han or after a stop."""
    if words.lang == "en":
        return text
    return _HAN_TO_LATIN.sub(" ", _INNER_SPACE.sub("", text.strip()))


def segment(flight: Flight, words: Words) -> str:
    """A segment that leaves: ``a SYN``, ``an ACK``, ``the FIN+ACK again``, ``100 octets``."""
    if _is_text(flight):
        if flight.retransmission:
            return words.n("{count} octet again", "{count} octets again", flight.segment.length)
        return _octets(flight, words)
    name = _name(flight, words)
    return words.t("the {segment} again", segment=name) if flight.retransmission else _with_article(flight, name, words)


def arrived(flight: Flight, words: Words) -> str:
    """A segment that comes: ``a SYN``, ``the repeated FIN+ACK``, ``100 octets``."""
    if _is_text(flight) and not flight.is_forged:
        if flight.retransmission:
            return words.n("the repeated {count} octet", "the repeated {count} octets", flight.segment.length)
        return _octets(flight, words)
    name = _name(flight, words)
    if flight.retransmission:
        return words.t("the repeated {segment}", segment=name)
    return _with_article(flight, name, words)


def _is_text(flight: Flight) -> bool:
    """Text, and nothing that opens, closes or resets?"""
    return flight.segment.length > 0 and not flight.segment.flags & (SYN | FIN | RST)


def _octets(flight: Flight, words: Words) -> str:
    return words.n("{count} octet", "{count} octets", flight.segment.length)


def _name(flight: Flight, words: Words) -> str:
    flags = flags_text(flight.segment.flags, "+") or words.t("segment without flags")
    if not flight.segment.length:
        return flags
    return words.n("{flags} with {count} octet", "{flags} with {count} octets", flight.segment.length, flags=flags)


def _with_article(flight: Flight, name: str, words: Words) -> str:
    if flight.is_forged:
        return words.t("a forged {segment}", segment=name)
    return words.t("an {segment}", segment=name) if name[0] in "AE" else words.t("a {segment}", segment=name)


def segments(sent: Sequence[Sent], words: Words) -> str:
    """Several segments that leave at once."""
    kinds = {(each.flight.segment.flags, each.flight.segment.length, each.flight.retransmission) for each in sent}
    if len(sent) > 1 and len(kinds) == 1 and (flags := sent[0].flight.segment.flags) and kinds == {(flags, 0, 0)}:
        name = flags_text(flags, "+")
        return words.n("{count} {segment}", "{count} {segment}s", len(sent), segment=name)
    if len(sent) > 2:
        return words.n("{count} segment", "{count} segments", len(sent))
    first = segment(sent[0].flight, words)
    if len(sent) == 1:
        return first
    second = segment(sent[1].flight, words)
    if sent[0].flight.retransmission and _is_text(sent[1].flight) and not sent[1].flight.retransmission:
        second = words.n("{count} new octet", "{count} new octets", sent[1].flight.segment.length)
    if first == second:
        return words.t("two segments")
    return words.t("{first} and {second}", first=first, second=second)


def reset_by(sent: Sequence[Sent], words: Words) -> str:
    """How many connections are reset, where it is more than one and nothing else is sent; "" else."""
    names = {each.connection for each in sent if each.flight.segment.flags & RST}
    if len(names) < 2 or len(names) < len(sent):
        return ""
    return words.n("resets {count} connection", "resets {count} connections", len(names))


def states(changes: Sequence[StateChanged], words: Words) -> list[str]:
    """Every state that was entered, in order."""
    return [words.t("enters {state}", state=words.state(change.target)) for change in changes]


def called(record: Called, words: Words) -> str:
    """A call, and how it went."""
    call, result = record.call, record.result
    if record.error:
        return words.t("calls {call}(), which fails with {error}", call=call, error=record.error)
    if call in ("read", "write") and isinstance(result, int):
        if call == "read" and result == 0:
            return words.t("reads the end of the stream")
        if call == "read":
            return words.n("reads {count} octet", "reads {count} octets", result)
        return words.n("writes {count} octet", "writes {count} octets", result)
    if call == "accept" and record.completed_at is not None:
        return words.t("accepts a connection")
    if call == "shutdown" and record.args:
        return words.t("calls {call}({how})", call=call, how=record.args[0])
    return words.t("calls {call}()", call=call)


def sent_whole(record: Called, records: Sequence[Record], words: Words) -> str:
    """What was written leaves at once, in one segment; "" where it is not so."""
    sent = [other.flight for other in records if isinstance(other, Sent) and other.host == record.host]
    if record.call != "write" or len(sent) != 1 or not _is_text(sent[0]) or sent[0].segment.length != record.result:
        return ""
    return words.n("writes and sends {count} octet", "writes and sends {count} octets", sent[0].segment.length)


def returned(record: CallReturned, words: Words) -> str:
    """A call that waited and is over, for the program that made it."""
    if record.error:
        return words.t("gets {error} from {call}()", error=record.error, call=record.call)
    if record.call == "read" and isinstance(record.result, int):
        if record.result == 0:
            return words.t("reads the end of the stream")
        return words.n("reads {count} octet", "reads {count} octets", record.result)
    if record.call == "accept":
        return words.t("accepts a connection")
    return words.t("returns from {call}()", call=record.call)


def reported(records: Sequence[Record], host: str, words: Words) -> list[str]:
    """Errors that end a waiting call in this step."""
    return [
        words.t("reports {error} to {call}()", error=record.error, call=record.call)
        for record in records
        if isinstance(record, CallReturned) and record.host == host and record.error
    ]


def joined(parts: Sequence[str], words: Words) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    first = parts[0]
    for part in parts[1:-1]:
        first = words.t("{first}, {second}", first=first, second=part)
    return words.t("{first} and {last}", first=first, last=parts[-1])
