"""Outcomes of queues, options and flow: how many get in, what a SYN offers, how a transfer goes.

Rules
-----
* As ``outcomes``: each teller plays one situation and says what its records say.
"""

from __future__ import annotations

from tutor.tcp.segment import RST, SYN
from tutor.tcp.states import State
from tutor.teach.situations import (
    CALLER,
    LISTENER,
    Case,
    Consequence,
    final,
    play,
    records,
    returned,
    sent,
    span,
    told,
)
from tutor.words import mark
from tutor.world.portlist import reserved_ports
from tutor.world.records import Arrived, Called, CallReturned, Lost, Sent
from tutor.world.time import MINUTE, MS, SECOND
from tutor.world.trace import Trace

_S = State

# --- queues ---

MOST_CALLERS = 12
FLOOD = 24


def many_callers(case: Case) -> Consequence:
    """More callers at once than the backlog holds, and nobody accepts."""
    backlog = round(case.number) if case.key == "backlog" else 4096
    callers = min(min(round(case.number), backlog) + 4, MOST_CALLERS)
    return _callers(case, MANY_CALLERS, ("connect listener:80",) * callers, backlog)


def late_overflow(case: Case) -> Consequence:
    """Callers who find the accept queue full only when their handshake is over."""
    return _callers(case, LATE_CALLERS, tuple(f"at {start}ms connect listener:80" for start in LATE), 2)


LATE = (0, 20, 40, 110, 130)
"""When the callers call, in ms: the last two when the queue is not full yet, but will be when their third ACK comes."""


def _callers(case: Case, sentence: str, programs: tuple[str, ...], backlog: int) -> Consequence:
    trace = play(case, programs, f"listen 80 backlog={backlog}", until=900 * MS)
    listener = final(trace, LISTENER).sockets[f"{LISTENER}:80"]
    opened = sum(each.error is None for each in records(trace, CallReturned, CALLER))
    resets = sent(trace, LISTENER, lambda segment: bool(segment.flags & RST))
    count = len(programs)
    return told(sentence, callers=count, queued=len(listener.accept_queue), opened=opened, reset=len(resets))


MANY_CALLERS = mark(
    "{callers} callers at once, and nobody accepts: in the accept queue {queued}, "
    "connected as they believe {opened}, reset {reset}."
)
LATE_CALLERS = mark(
    "{callers} callers, the last two while the queue is filling, and nobody accepts: in the accept queue {queued}, "
    "connected as they believe {opened}, reset {reset}."
)


def flood(case: Case) -> Consequence:
    """SYNs from callers that say nothing more: who finds room, who gets a cookie, who is dropped."""
    forged = tuple(
        f"0.{place + 10} inject caller>listener SYN seq=@{place + 1} sport={30000 + place}" for place in range(FLOOD)
    )
    trace = play(case, "", "listen 80 backlog=16", "0 set caller.scripted yes", *forged, until=900 * MS)
    host = final(trace, LISTENER)
    cookies = host.counter("TcpExtSyncookiesSent")
    entries = host.sockets[f"{LISTENER}:80"].syn_queue
    return told(THE_FLOOD, count=FLOOD, entries=entries, cookies=cookies, dropped=FLOOD - entries - cookies)


THE_FLOOD = mark(
    "{count} SYNs and nothing more, on a backlog of 16: "
    "with a place in the queue {entries}, with a cookie {cookies}, without an answer {dropped}."
)


def descriptors(case: Case) -> Consequence | None:
    """Sockets opened one after the other until there is no descriptor left."""
    wanted = round(case.number)
    if wanted > 40:
        return None
    trace = play(case, "; ".join(["socket"] * (wanted + 1)), "", f"0 set caller.nofile {wanted}", until=SECOND)
    opened = sum(each.error is None for each in records(trace, Called, CALLER))
    error = next((each.error for each in records(trace, Called, CALLER) if each.error), None)
    if error is None:
        return None
    return told(mark("A program opens sockets: {error} after {opened}."), opened=opened, error=error)


def ports(case: Case) -> Consequence:
    """From which ports calls are made."""
    trace = play(case, ("connect listener:80",) * 4, until=SECOND)
    chosen = [each.flight.source.port for each in records(trace, Sent, CALLER) if each.flight.segment.flags == SYN]
    free = set(range(case.profile.first_port, case.profile.last_port + 1)) - reserved_ports(case.profile.reserved_ports)
    return told(
        mark("Ports to call from: {count}. The first calls come from {ports}."),
        count=len(free), ports=", ".join(map(str, chosen)) or "–",
    )  # fmt: skip


# --- what a SYN offers ---


def offer(case: Case) -> Consequence | None:
    """The options and the window of the two SYNs, and the first window after them."""
    caller = "; ".join(filter(None, (case.option, "connect listener:80")))
    trace = play(case, caller, until=SECOND)
    flights = [each.flight for each in records(trace, Sent, CALLER)]
    if not flights:
        return None
    syn = flights[0].segment
    options = syn.options
    words = [f"MSS {options.mss}"] if options.mss else []
    words += ["SACK"] if options.sack_permitted else []
    words += ["TS"] if options.timestamp else []
    words += [f"WS {options.window_scale}"] if options.window_scale is not None else []
    words += ["ECN"] if syn.flags & 0xC0 else []
    return told(mark("Its SYN offers {options}; window {window}."), options=", ".join(words) or "–", window=syn.window)


# --- a transfer ---

OCTETS = 40_000

READS = "listen 80; accept; read; repeat 3"
"""A listener that takes whatever comes."""


def transfer(case: Case) -> Consequence:
    """Forty thousand octets: how many segments, how many of them lost, when all is acknowledged."""
    lines = case.option, f"connect listener:80; write {OCTETS}; when acked status"
    trace = play(case, "; ".join(filter(None, lines)), READS, until=10 * MINUTE)
    segments = [each.flight for each in records(trace, Sent, CALLER) if each.flight.segment.length]
    lost = sum(each.flight.segment.length > 0 for each in records(trace, Lost, CALLER))
    again = sum(each.retransmission > 0 for each in segments)
    failed = returned(trace, CALLER, "connect")
    if not segments and failed is not None:
        return told(UNSENT, error=failed.error or "", span=span(failed.at))
    done = next((each.at for each in records(trace, Called, CALLER) if each.call == "status"), None)
    if done is None:
        return told(UNFINISHED, segments=len(segments), lost=lost, again=again, span=span(trace.end))
    return told(FINISHED, segments=len(segments), lost=lost, again=again, span=span(done))


FINISHED = mark(
    "40,000 octets: {segments} segments, {lost} of them lost, {again} sent again; all acknowledged after {span}."
)
UNSENT = mark("40,000 octets: not one is sent, for the call fails with {error} after {span}.")
UNFINISHED = mark(
    "40,000 octets: {segments} segments, {lost} of them lost, {again} sent again; not finished after {span}."
)


def flights(case: Case) -> Consequence | None:
    """How the window grows: segments in each round trip of a transfer."""
    caller = "; ".join(filter(None, (case.option, "connect listener:80; at 1s write 90000")))
    trace = play(case, caller, READS, until=MINUTE)
    counts: dict[int, int] = {}
    for at in sent(trace, CALLER, lambda segment: segment.length > 0, SECOND):
        counts[(at - SECOND) // (100 * MS)] = counts.get((at - SECOND) // (100 * MS), 0) + 1
    if not counts:
        return None
    rounds = [str(counts.get(place, 0)) for place in range(min(max(counts) + 1, 5))]
    return told(mark("90,000 octets: {rounds} segments in the first round trips."), rounds=", ".join(rounds))


def one_loss(case: Case) -> Consequence | None:
    """The fifth of ten segments is lost: when it goes again, and whether anything else does."""
    said = mark("The fifth of 10 segments is lost: sent again after {span}; segments that go again in all: {count}.")
    return _repair(case, (5,), said)


def tail_loss(case: Case) -> Consequence | None:
    """The last two of ten segments are lost: nothing behind them shows it."""
    said = mark(
        "The last two of 10 segments are lost: sent again after {span}; segments that go again in all: {count}."
    )
    return _repair(case, (9, 10), said)


def _repair(case: Case, lost_ones: tuple[int, ...], sentence: str) -> Consequence | None:
    drops = (f"0 drop caller:data:{nth}" for nth in lost_ones)
    trace = play(case, "connect listener:80; at 1s write 14480", READS, *drops, until=MINUTE)
    segments = [each.flight for each in records(trace, Sent, CALLER) if each.flight.segment.length]
    lost = next((each for each in segments if each.fate == "dropped"), None)
    again = [each for each in segments if each.retransmission]
    if lost is None or not again:
        return None
    return told(sentence, span=span(again[0].sent_at - lost.sent_at), count=len(again))


def after_silence(case: Case) -> Consequence | None:
    """How many segments leave at once after ten silent seconds."""
    trace = play(case, "connect listener:80; at 1s write 60000; at 12s write 60000", READS, until=MINUTE)
    burst = _first_burst(trace, 12 * SECOND)
    return told(mark("Segments that leave at once after ten silent seconds: {count}."), count=burst) if burst else None


def _first_burst(trace: Trace, since: int) -> int:
    return len([at for at in sent(trace, CALLER, lambda segment: segment.length > 0, since) if at < since + 100 * MS])


def out_of_order(case: Case) -> Consequence:
    """A hole with nine segments behind it: how many ACKs tell of them."""
    lines = "connect listener:80; at 1s write 14480"
    trace = play(case, lines, READS, "0 drop caller:data:1", until=1_100 * MS)
    came = len([each for each in records(trace, Arrived, LISTENER) if each.flight.segment.length])
    acks = len(sent(trace, LISTENER, lambda segment: segment.length == 0, SECOND))
    return told(mark("{came} segments arrive behind a hole. ACKs that tell of them: {acks}."), came=came, acks=acks)
