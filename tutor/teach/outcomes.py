"""Outcomes of opening, repeating and closing: what one value does in a situation, told from the run.

Rules
-----
* Each teller plays one situation with the value in it and says when what happened, with the run's own times.
* A situation that does not come to its end within its time is told to go on, never guessed.
"""

from __future__ import annotations

from tutor.tcp.profile import Profile
from tutor.tcp.segment import ACK, FIN, RST, SYN, Segment
from tutor.tcp.states import State
from tutor.teach.situations import (
    CALLER,
    LISTENER,
    LONG,
    Case,
    Consequence,
    changed,
    final,
    play,
    records,
    returned,
    sent,
    span,
    times,
    told,
)
from tutor.words import mark
from tutor.world.records import Arrived, CallReturned, Sent, StateChanged
from tutor.world.time import MINUTE, MS, SECOND
from tutor.world.trace import Trace

_S = State


def _is_syn(segment: Segment) -> bool:
    return bool(segment.flags & SYN)


def _has_text(segment: Segment) -> bool:
    return segment.length > 0


def _first(case: Case, program: str) -> str:
    """A program that sets the option first, if an option is tried."""
    return "; ".join(filter(None, (case.option, program)))


# --- opening ---


def silent_peer(case: Case) -> Consequence:
    """A call that nobody answers: every SYN, and what connect() says in the end."""
    trace = play(case, _first(case, "connect listener:80"), "", link=(("caller.loss", "1"),))
    syns = times(sent(trace, CALLER, _is_syn))
    end = returned(trace, CALLER, "connect")
    if end is None:
        return told(
            mark("A call that nobody answers: SYN at {times}, and no end within {span}."), times=syns, span=span(LONG)
        )
    return told(
        mark("A call that nobody answers: SYN at {times}; {error} at {end}."),
        times=syns, error=end.error or "", end=times([end.at]),
    )  # fmt: skip


def no_third_ack(case: Case) -> Consequence:
    """A SYN whose caller says nothing more: every SYN,ACK, and when the half-open connection is forgotten."""
    acts = "0 set caller.scripted yes", "0.1 inject caller>listener SYN seq=@1000"
    trace = play(case, "", _first(case, "listen 80; accept"), *acts)
    answers = sent(trace, LISTENER, lambda segment: bool(segment.flags & SYN))
    if not answers:
        return told(mark("A caller that says nothing after its SYN: no SYN,ACK is sent at all."))
    said = times(answers, answers[0])
    gone = changed(trace, LISTENER, _S.CLOSED, _S.SYN_RECEIVED)
    if gone is None:
        alone = mark("A caller that says nothing after its SYN: SYN,ACK at {times}; nothing more happens.")
        return told(alone, times=said)
    return told(
        mark("A caller that says nothing after its SYN: SYN,ACK at {times}; forgotten at {end}."),
        times=said, end=times([gone], answers[0]),
    )  # fmt: skip


def handshake(case: Case) -> Consequence:
    """When both ends are ESTABLISHED."""
    trace = play(case, "connect listener:80", until=5 * MINUTE)
    here, there = (changed(trace, host, _S.ESTABLISHED) for host in (CALLER, LISTENER))
    if here is None or there is None:
        return told(mark("A call: the connection is not open within {span}."), span=span(5 * MINUTE))
    return told(
        mark("A call: the caller is ESTABLISHED after {here}, the listener after {there}."),
        here=span(here), there=span(there),
    )  # fmt: skip


def deferred_accept(case: Case) -> Consequence:
    """TCP_DEFER_ACCEPT: when accept() returns for a caller that says nothing."""
    trace = play(case, "connect listener:80", _first(case, "listen 80; accept"), until=10 * MINUTE)
    accepted = returned(trace, LISTENER, "accept")
    if accepted is None:
        return told(mark("A caller that opens and says nothing: accept() does not return."))
    return told(mark("A caller that opens and says nothing: accept() returns after {span}."), span=span(accepted.at))


# --- giving up ---


def dead_peer(case: Case) -> Consequence | None:
    """Text for a peer that is gone: every sending, and the end."""
    trace = play(case, _first(case, "connect listener:80; at 1s write 100; read"), "listen 80; accept", "0.5 cut link")
    return _until_given_up(
        trace, CALLER, sent(trace, CALLER, _has_text, SECOND),
        mark("Text for a peer that is gone: sent at {times}; {error} at {end}."),
        mark("Text for a peer that is gone: sent at {times}, and no end within {span}."),
    )  # fmt: skip


def _until_given_up(trace: Trace, host: str, sendings: list[int], ends: str, goes_on: str) -> Consequence | None:
    """The times of a row of sendings, counted from the first, and the error that ended it."""
    if not sendings:
        return None
    said, since = times(sendings, sendings[0]), sendings[0]
    gone = changed(trace, host, _S.CLOSED)
    if gone is None:
        return told(goes_on, times=said, span=span(LONG))
    end = next((each for each in records(trace, CallReturned, host) if each.error), None)
    return told(ends, times=said, error=(end.error or "") if end else "", end=times([gone], since))


def keepalive(case: Case) -> Consequence | None:
    """A silent connection whose peer is gone: every probe, and the end."""
    lines = (
        "connect listener:80",
        "" if "KEEPALIVE" in case.option else "setsockopt SO_KEEPALIVE 1",
        case.option,
        "read",
    )
    trace = play(case, "; ".join(filter(None, lines)), "listen 80; accept", "0.5 cut link", until=4 * LONG)
    since = changed(trace, CALLER, _S.ESTABLISHED) or 0
    probes = [each.at for each in records(trace, Sent, CALLER) if each.flight.purpose == "keepalive"]
    gone = changed(trace, CALLER, _S.CLOSED)
    end = returned(trace, CALLER, "read")
    if not probes and gone is not None and end is not None:
        return told(
            mark("A silent connection whose peer is gone: no probe is sent; {error} at {end}."),
            error=end.error or "", end=times([gone], since),
        )  # fmt: skip
    if not probes:
        return told(mark("A silent connection whose peer is gone: no probe within {span}."), span=span(4 * LONG))
    if gone is None or end is None:
        unnoticed = mark("A silent connection whose peer is gone: probes at {times}; it is not noticed.")
        return told(unnoticed, times=times(probes, since))
    return told(
        mark("A silent connection whose peer is gone: probes at {times}; {error} at {end}."),
        times=times(probes, since), error=end.error or "", end=times([gone], since),
    )  # fmt: skip


def persist(case: Case) -> Consequence | None:
    """A window that stays shut: when it is probed."""
    listener = "setsockopt SO_RCVBUF 4096; listen 80; accept"
    trace = play(case, _first(case, "connect listener:80; write 6000"), listener, until=MINUTE)
    probes = [each for each in records(trace, Sent, CALLER) if each.flight.purpose == "probe"]
    if not probes:
        return None
    sent_at, octets = [each.at for each in probes], probes[0].flight.segment.length
    probed = mark("A window that stays shut: probed at {times}, and so on. Octets in a probe: {octets}.")
    return told(probed, times=times(sent_at, sent_at[0]), octets=octets)


# --- closing ---


def orphan_waits(case: Case) -> Consequence:
    """close() on one side only: how long FIN-WAIT-2 lasts."""
    trace = play(case, f"connect listener:80; {_first(case, 'close')}", "listen 80; accept")
    since = changed(trace, CALLER, _S.FIN_WAIT_2)
    gone = changed(trace, CALLER, _S.CLOSED, _S.FIN_WAIT_2)
    if since is None:
        return told(mark("close(), and the peer never closes: FIN-WAIT-2 is not entered."))
    if gone is None:
        return told(mark("close(), and the peer never closes: FIN-WAIT-2 for ever."))
    if sent(trace, CALLER, lambda segment: bool(segment.flags & RST)):
        return told(mark("close(), and the peer never closes: a RST as soon as the FIN is acknowledged."))
    return told(mark("close(), and the peer never closes: FIN-WAIT-2 ends after {span}."), span=span(gone - since))


def orphan_repeats(case: Case) -> Consequence | None:
    """close() when the peer is gone: every FIN, and when the orphan is given up."""
    trace = play(case, "connect listener:80; at 1s close", "listen 80; accept", "0.5 cut link")
    fins = sent(trace, CALLER, lambda segment: bool(segment.flags & FIN))
    gone = changed(trace, CALLER, _S.CLOSED)
    if not fins:
        return None
    if gone is None:
        return told(mark("close() when the peer is gone: FIN at {times}, and so on."), times=times(fins, fins[0]))
    return told(
        mark("close() when the peer is gone: FIN at {times}; given up at {end}."),
        times=times(fins, fins[0]), end=times([gone], fins[0]),
    )  # fmt: skip


_CLOSES = "listen 80; accept; when peer-closed close"


def time_wait(case: Case) -> Consequence:
    """How long the side that closes first keeps the connection's name."""
    trace = play(case, "connect listener:80; close", _CLOSES)
    since, gone = changed(trace, CALLER, _S.TIME_WAIT), changed(trace, CALLER, _S.CLOSED, _S.TIME_WAIT)
    if since is None:
        return told(mark("Who closes first does not enter TIME-WAIT."))
    if gone is None:
        return told(mark("Who closes first stays in TIME-WAIT for ever."))
    return told(mark("Who closes first stays in TIME-WAIT for {span}."), span=span(gone - since))


def time_wait_and_rst(case: Case) -> Consequence:
    """A RST that is exact, one second into TIME-WAIT (RFC 1337)."""
    trace = play(case, "connect listener:80; close", _CLOSES, "2 inject listener>caller RST seq=2")
    since, gone = changed(trace, CALLER, _S.TIME_WAIT), changed(trace, CALLER, _S.CLOSED, _S.TIME_WAIT)
    if since is None or gone is None:
        return told(mark("Who closes first stays in TIME-WAIT for ever."))
    if gone < 3 * SECOND:
        return told(mark("A RST that is exact ends TIME-WAIT at once, after {span}."), span=span(gone - since))
    return told(mark("A RST is ignored: TIME-WAIT lasts its {span}."), span=span(gone - since))


def only_port(case: Case) -> Consequence:
    """A call when the only port is in TIME-WAIT: from when on it is let through."""
    first = "0 set caller.ip_local_port_range 40000-40000", "0.01 caller connect listener:80", "0.2 caller close"
    listener = "listen 80; accept; when peer-closed close; repeat 2"
    since = changed(play(case, "", listener, *first, until=SECOND), CALLER, _S.TIME_WAIT)
    if since is None:
        return told(mark("Who closes first does not enter TIME-WAIT."))
    for spent, wait in _moments(case.profile):
        call = f"{(since + wait) / SECOND:.6f} caller connect listener:80"
        trace = play(case, "", listener, *first, call, until=since + wait + SECOND)
        if len([each for each in records(trace, StateChanged, CALLER) if each.target is _S.SYN_SENT]) > 1:
            return told(AGAIN, span=span(spent)) if spent else told(AT_ONCE)
    return told(mark("A second call from the only port, which is in TIME-WAIT: EADDRNOTAVAIL every time."))


def _moments(profile: Profile) -> list[tuple[int, int]]:
    """When the only port may become free: (span of TIME-WAIT that is over, when to try), in microseconds."""
    return [(spent, spent + MS) for spent in sorted({0, profile.tw_reuse_delay_us, profile.time_wait_us})]


AGAIN = mark("Calls from the only port, which is in TIME-WAIT: EADDRNOTAVAIL at first, let through after {span}.")
AT_ONCE = mark("A call from the only port, which is in TIME-WAIT: let through at once.")


def many_closed(case: Case) -> Consequence:
    """Four connections closed by the caller at once: how many TIME-WAIT entries are kept."""
    listener = "listen 80" + "; accept" * 4
    trace = play(case, ("connect listener:80; at 1s close",) * 4, listener, until=2 * SECOND)
    host = final(trace, CALLER)
    kept = [each for each in host.all_sockets() if each.tcb.state is not _S.CLOSED]
    reset = {each.connection for each in records(trace, Sent, CALLER) if each.flight.segment.flags & RST}
    return told(MANY_CLOSED, kept=len(kept), orphans=host.orphans, resets=len(reset))


MANY_CLOSED = mark(
    "Four connections closed at the same moment: kept {kept}, of them orphans {orphans}; ended by a RST {resets}."
)


def lingering(case: Case) -> Consequence:
    """close() with text unsent or unacknowledged: what it does and how long it blocks."""
    trace = play(case, f"connect listener:80; write 100; {_first(case, 'close')}", "listen 80; accept")
    resets = sent(trace, CALLER, lambda segment: bool(segment.flags & RST))
    if resets:
        return told(mark("close() resets the connection: RST, no TIME-WAIT."))
    end = returned(trace, CALLER, "close")
    if end is None:
        return told(mark("close() returns at once; FIN follows the text."))
    return told(mark("close() waits {span} until text and FIN are acknowledged."), span=span(end.at - end.called_at))


# --- sending ---


def small_writes(case: Case) -> Consequence | None:
    """Two small writes, one after the other: when the second one leaves."""
    lines = _first(case, "connect listener:80; write 10; write 10")
    trace = play(case, lines, "listen 80; accept; read; read", until=MINUTE)
    leaving = sent(trace, CALLER, _has_text)
    if not leaving:
        return told(mark("Two small writes, one after the other: nothing leaves within {span}."), span=span(MINUTE))
    if len(leaving) < 2:
        return told(mark("Two small writes, one after the other: both leave as one segment."))
    if leaving[1] == leaving[0]:
        return told(mark("Two small writes, one after the other: two segments at once."))
    waits = mark("Two small writes, one after the other: the second waits {span}.")
    return told(waits, span=span(leaving[1] - leaving[0]))


SINGLES = 20


def single_segments(case: Case) -> Consequence | None:
    """Segments one by one, never two together: how long each ACK waits after the oldest that it acknowledges."""
    lines = "; ".join(["connect listener:80"] + [f"at {1000 + 100 * place}ms write 1000" for place in range(SINGLES)])
    trace = play(case, lines, "; ".join(filter(None, ("listen 80; accept", case.option))), until=MINUTE)
    came = [each.at for each in records(trace, Arrived, LISTENER) if each.flight.segment.length]
    waits: list[int] = []
    for ack in sent(trace, LISTENER, lambda segment: segment.flags == ACK, SECOND):
        told_of = [at for at in came if at <= ack]
        waits += [ack - told_of[0]] if told_of else []
        came = came[len(told_of) :]
    late = [wait for wait in waits if wait > MS]
    if not late:
        return told(mark("{count} segments one by one: {acks} ACKs, all at once."), count=SINGLES, acks=len(waits))
    return told(
        mark("{count} segments one by one: {acks} ACKs, {late} of them after up to {span}."),
        count=SINGLES, acks=len(waits), late=len(late), span=span(max(late)),
    )  # fmt: skip


def bad_segments(case: Case) -> Consequence:
    """Five SYNs into an open connection within a second: how many challenge ACKs there are."""
    forged = tuple(f"{1 + place / 5:.1f} inject caller>listener SYN seq=500" for place in range(5))
    trace = play(case, "connect listener:80", "listen 80; accept", *forged, until=3 * SECOND)
    count = len(sent(trace, LISTENER, lambda segment: segment.flags == ACK, SECOND))
    answered = mark("Five SYNs into an open connection within a second, and so many challenge ACKs: {count}.")
    return told(answered, count=count)
