"""Counters of a host under the names that Linux gives them (``nstat -az``, ``/proc/net/snmp``, ``/proc/net/netstat``).

Rules
-----
* ``Tcp...`` are those of RFC 4022, ``TcpExt...`` Linux's own.
* ``TcpOutSegs`` leaves out what only repeats, as RFC 4022 wants; a request entry's SYN,ACK counts each time
  (``__tcp_transmit_skb``, ``tcp_make_synack``).
* A counter in ``TROUBLE`` is recorded when it moves: it tells of something that a reader should see.
"""

from __future__ import annotations

from functools import cache

from tutor.tcp.deviations import DEVIATIONS
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb
from tutor.tcp.transitions import Edge
from tutor.world.time import SECOND

TROUBLE = frozenset(
    {
        "TcpAttemptFails",
        "TcpEstabResets",
        "TcpInCsumErrors",
        "TcpExtListenOverflows",
        "TcpExtListenDrops",
        "TcpExtTCPReqQFullDrop",
        "TcpExtTCPReqQFullDoCookies",
        "TcpExtSyncookiesFailed",
        "TcpExtTCPTimeWaitOverflow",
        "TcpExtTCPAbortOnTimeout",
        "TcpExtTCPAbortOnMemory",
        "TcpExtPAWSPassive",
        "TcpExtTCPAbortOnClose",
        "TcpExtTCPAbortOnData",
        "TcpExtTCPChallengeACK",
        "TcpExtEmbryonicRsts",
    }
)
"""Counters whose moves are records."""

PURPOSES = {
    "challenge": "TcpExtTCPChallengeACK",
    "keepalive": "TcpExtTCPKeepAlive",
    "probe": "TcpExtTCPWinProbe",
}
"""Purpose of a segment -> the counter that counts it."""

REASONS: dict[str, tuple[str, ...]] = {
    "echo-of-no-syn-ack": ("TcpExtTSEcrRejected",),
    "unread-text": ("TcpExtTCPAbortOnClose",),
    "ack-put-off": ("TcpExtTCPDeferAcceptDrop",),
    "syn-in-connection": ("TcpInErrs", "TcpExtTCPSYNChallenge"),
    "arrived-early": ("TcpExtTCPOFOQueue",),
    "arrived-twice": ("TcpExtTCPDSACKOldSent",),
    "arrived-twice-early": ("TcpExtTCPDSACKOfoSent",),
    "told-twice": ("TcpExtTCPDSACKRecv",),
    "told-twice-early": ("TcpExtTCPDSACKOfoRecv",),
    "loss-probe": ("TcpExtTCPLossProbes",),
    "loss-probe-new": ("TcpExtTCPLossProbes",),
    "loss-probe-repaired": ("TcpExtTCPLossProbeRecovery",),
    "recovery-begins": ("TcpExtTCPSackRecovery",),
    "recovery-begins-without-sack": ("TcpExtTCPRenoRecovery",),
    "repeated-in-recovery": ("TcpExtTCPFastRetrans",),
    "repeated-after-timeout": ("TcpExtTCPSlowStartRetrans",),
    "repetition-lost": ("TcpExtTCPLostRetransmit",),
    "reordering-seen": ("TcpExtTCPSACKReorder",),
    "reordering-by-timestamp": ("TcpExtTCPTSReorder",),
    "reordering-without-sack": ("TcpExtTCPRenoReorder",),
    "undone-by-d-sack": ("TcpExtTCPDSACKUndo",),
    "undone-recovery": ("TcpExtTCPFullUndo",),
    "undone-in-part": ("TcpExtTCPPartialUndo",),
    "undone-timeout": ("TcpExtTCPLossUndo",),
    "timeout-was-spurious": ("TcpExtTCPSpuriousRTOs",),
    "peer-reneges": ("TcpExtTCPSACKReneging",),
}
"""Reason of the protocol -> the counters that count it."""

EXPIRIES = {"retransmission": "TcpExtTCPTimeouts", "delayed-ack": "TcpExtDelayedACKs"}
"""Timer -> the counter of its expiries."""

_S = State
_OPENING = frozenset({_S.SYN_SENT, _S.SYN_RECEIVED})
_OPEN = frozenset({_S.ESTABLISHED, _S.CLOSE_WAIT})


@cache
def of_edge(edge: Edge, *, is_request: bool = False, is_orphan: bool = False) -> tuple[str, ...]:
    """The counters that crossing ``edge`` moves; a request entry moves others than a connection.

    An orphan's FIN-WAIT-2 that runs out is no failure, and neither is a request entry nobody came back for.
    """
    found: list[str] = []
    is_over = edge.target in (_S.CLOSED, _S.LISTEN)
    name = edge.id.partition("/")[2]
    if edge.target is _S.SYN_SENT is not edge.source:
        found.append("TcpActiveOpens")
    if edge.source in _OPENING and is_over and (not is_request or name in _REFUSALS):
        found.append("TcpAttemptFails")
    if edge.source in _OPEN and edge.target is _S.CLOSED and edge.id not in DEVIATIONS:
        found.append("TcpEstabResets")
    if edge.source is _S.SYN_RECEIVED and name in _REFUSALS:
        found.append("TcpExtEmbryonicRsts")
    is_quiet_end = edge.source is _S.TIME_WAIT or is_request or (edge.source is _S.FIN_WAIT_2 and is_orphan)
    if name == "timeout" and not is_quiet_end:
        found.append("TcpExtTCPAbortOnTimeout")
    if name == "rcv-text-orphan" and edge.source is _S.FIN_WAIT_1:
        found.append("TcpExtTCPAbortOnData")
    return tuple(found)


_REFUSALS = frozenset({"rcv-rst-passive", "rcv-syn-passive"})
"""What ends a request entry from outside."""


_COUNTED_OPEN = frozenset({_S.ESTABLISHED, _S.CLOSE_WAIT})


def newly_open(edge: Edge) -> int:
    """What an edge adds to ``TcpCurrEstab``, the connections in ESTABLISHED or CLOSE-WAIT (``tcp_set_state``)."""
    return (edge.target in _COUNTED_OPEN) - (edge.source in _COUNTED_OPEN)


def newly_delivered(before: Tcb, after: Tcb) -> int:
    """Segments that an ACK has shown to have arrived, a caller's SYN among them (``tcp_newly_delivered``)."""
    own_answer = not before.cc.delivered and not after.is_active
    return max(0, after.cc.delivered - before.cc.delivered - own_answer)


def of_reason(reason: str, before: str, state: State) -> tuple[str, ...]:
    """The counters that a reason of the protocol moves in ``state``; ``before`` is the reason given just before it."""
    if reason == "echo-of-nothing":
        return ("TcpExtPAWSActive",)
    if reason == "timestamp-too-old":
        return ("TcpExtPAWSTimewait" if state is _S.TIME_WAIT else "TcpExtPAWSEstab",)
    if reason == "answered-too-recently":
        return (_SKIPPED.get(state) or _SKIPPED_AFTER.get(before, "TcpExtTCPACKSkippedChallenge"),)
    return REASONS.get(reason, ())


_SKIPPED = {_S.SYN_RECEIVED: "TcpExtTCPACKSkippedSynRecv", _S.TIME_WAIT: "TcpExtTCPACKSkippedTimeWait"}
_SKIPPED_AFTER = {"timestamp-too-old": "TcpExtTCPACKSkippedPAWS", "outside-window": "TcpExtTCPACKSkippedSeq"}

KILLED_SPAN_US = 4 * SECOND
"""An entry in TIME-WAIT, or in an orphan's FIN-WAIT-2, that is made for no longer counts as killed
(``inet_twsk_hashdance_schedule``)."""


def of_entry(span: int) -> str:
    """The counter of a new small entry that will stay for ``span`` microseconds."""
    return "TcpExtTWKilled" if span <= KILLED_SPAN_US else "TcpExtTW"


COUNTERS: tuple[str, ...] = (
    "TcpActiveOpens",
    "TcpPassiveOpens",
    "TcpAttemptFails",
    "TcpEstabResets",
    "TcpCurrEstab",
    "TcpInSegs",
    "TcpOutSegs",
    "TcpRetransSegs",
    "TcpInErrs",
    "TcpOutRsts",
    "TcpInCsumErrors",
    "TcpExtSyncookiesSent",
    "TcpExtSyncookiesRecv",
    "TcpExtSyncookiesFailed",
    "TcpExtEmbryonicRsts",
    "TcpExtOutOfWindowIcmps",
    "TcpExtTW",
    "TcpExtTWRecycled",
    "TcpExtTWKilled",
    "TcpExtPAWSPassive",
    "TcpExtPAWSActive",
    "TcpExtPAWSEstab",
    "TcpExtBeyondWindow",
    "TcpExtTSEcrRejected",
    "TcpExtPAWSOldAck",
    "TcpExtPAWSTimewait",
    "TcpExtDelayedACKs",
    "TcpExtDelayedACKLocked",
    "TcpExtDelayedACKLost",
    "TcpExtListenOverflows",
    "TcpExtListenDrops",
    "TcpExtTCPHPHits",
    "TcpExtTCPRenoRecovery",
    "TcpExtTCPSackRecovery",
    "TcpExtTCPSACKReneging",
    "TcpExtTCPSACKReorder",
    "TcpExtTCPRenoReorder",
    "TcpExtTCPTSReorder",
    "TcpExtTCPFullUndo",
    "TcpExtTCPPartialUndo",
    "TcpExtTCPDSACKUndo",
    "TcpExtTCPLossUndo",
    "TcpExtTCPLostRetransmit",
    "TcpExtTCPRenoFailures",
    "TcpExtTCPSackFailures",
    "TcpExtTCPLossFailures",
    "TcpExtTCPFastRetrans",
    "TcpExtTCPSlowStartRetrans",
    "TcpExtTCPTimeouts",
    "TcpExtTCPLossProbes",
    "TcpExtTCPLossProbeRecovery",
    "TcpExtTCPRenoRecoveryFail",
    "TcpExtTCPSackRecoveryFail",
    "TcpExtTCPDSACKOldSent",
    "TcpExtTCPDSACKOfoSent",
    "TcpExtTCPDSACKRecv",
    "TcpExtTCPDSACKOfoRecv",
    "TcpExtTCPAbortOnData",
    "TcpExtTCPAbortOnClose",
    "TcpExtTCPAbortOnMemory",
    "TcpExtTCPAbortOnTimeout",
    "TcpExtTCPAbortOnLinger",
    "TcpExtTCPAbortFailed",
    "TcpExtTCPSACKDiscard",
    "TcpExtTCPDSACKIgnoredOld",
    "TcpExtTCPDSACKIgnoredNoUndo",
    "TcpExtTCPSpuriousRTOs",
    "TcpExtTCPBacklogDrop",
    "TcpExtTCPMinTTLDrop",
    "TcpExtTCPDeferAcceptDrop",
    "TcpExtTCPTimeWaitOverflow",
    "TcpExtTCPReqQFullDoCookies",
    "TcpExtTCPReqQFullDrop",
    "TcpExtTCPRetransFail",
    "TcpExtTCPOFOQueue",
    "TcpExtTCPOFODrop",
    "TcpExtTCPOFOMerge",
    "TcpExtTCPChallengeACK",
    "TcpExtTCPSYNChallenge",
    "TcpExtTCPFromZeroWindowAdv",
    "TcpExtTCPToZeroWindowAdv",
    "TcpExtTCPWantZeroWindowAdv",
    "TcpExtTCPSynRetrans",
    "TcpExtTCPOrigDataSent",
    "TcpExtTCPHystartTrainDetect",
    "TcpExtTCPHystartTrainCwnd",
    "TcpExtTCPHystartDelayDetect",
    "TcpExtTCPHystartDelayCwnd",
    "TcpExtTCPACKSkippedSynRecv",
    "TcpExtTCPACKSkippedPAWS",
    "TcpExtTCPACKSkippedSeq",
    "TcpExtTCPACKSkippedFinWait2",
    "TcpExtTCPACKSkippedTimeWait",
    "TcpExtTCPACKSkippedChallenge",
    "TcpExtTCPWinProbe",
    "TcpExtTCPKeepAlive",
    "TcpExtTCPDelivered",
    "TcpExtTCPDeliveredCE",
    "TcpExtTCPAckCompressed",
    "TcpExtTCPZeroWindowDrop",
    "TcpExtTCPWqueueTooBig",
    "TcpExtTCPDSACKRecvSegs",
    "TcpExtTCPDSACKIgnoredDubious",
)
"""Every counter that a host may move, in the order in which ``nstat -az`` of Linux 6.18 prints them."""
