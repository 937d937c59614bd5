"""What ``getsockopt(TCP_INFO)`` answers about a socket, under the names of ``struct tcp_info``.

Rules
-----
* Every number is read from the control block; nothing is kept for it. A field that no part of the block answers is
  absent, and whoever asks for it is told so.
* Times are in the kernel's units: microseconds, but ``tcpi_last_...`` in milliseconds.
* The program that still holds a connection in TIME-WAIT sees it closed: the kernel keeps the 4-tuple in an entry of
  its own (``tcp_time_wait``), and the socket has let go of it.

Source: Linux ``net/ipv4/tcp.c`` (``tcp_get_info``), ``include/net/tcp_states.h``, ``include/uapi/linux/tcp.h``.
"""

from __future__ import annotations

from tutor.tcp import info, scoreboard
from tutor.tcp.options import TIMESTAMP_OCTETS
from tutor.tcp.profile import Profile
from tutor.tcp.states import State
from tutor.tcp.tcb import PHASES, Tcb
from tutor.world.host import LISTENER, Socket
from tutor.world.time import MS

_S = State
STATES: dict[State, int] = {
    _S.ESTABLISHED: 1, _S.SYN_SENT: 2, _S.SYN_RECEIVED: 3, _S.FIN_WAIT_1: 4, _S.FIN_WAIT_2: 5, _S.TIME_WAIT: 6,
    _S.CLOSED: 7, _S.CLOSE_WAIT: 8, _S.LAST_ACK: 9, _S.LISTEN: 10, _S.CLOSING: 11,
}  # fmt: skip
"""State -> the kernel's number."""

CONSTANTS: dict[str, int] = {
    "TCP_ESTABLISHED": 1, "TCP_SYN_SENT": 2, "TCP_SYN_RECV": 3, "TCP_FIN_WAIT1": 4, "TCP_FIN_WAIT2": 5,
    "TCP_TIME_WAIT": 6, "TCP_CLOSE": 7, "TCP_CLOSE_WAIT": 8, "TCP_LAST_ACK": 9, "TCP_LISTEN": 10, "TCP_CLOSING": 11,
    "TCP_CA_Open": 0, "TCP_CA_Disorder": 1, "TCP_CA_CWR": 2, "TCP_CA_Recovery": 3, "TCP_CA_Loss": 4,
    "TCPI_ESTABLISHED": 1, "TCPI_SYN_SENT": 2, "TCPI_SYN_RECEIVED": 3, "TCPI_FIN_WAIT_1": 4, "TCPI_FIN_WAIT_2": 5,
    "TCPI_TIME_WAIT": 6, "TCPI_CLOSED": 7, "TCPI_CLOSE_WAIT": 8, "TCPI_LAST_ACK": 9, "TCPI_LISTEN": 10,
    "TCPI_CLOSING": 11,
    "TCPI_OPT_TIMESTAMPS": 1, "TCPI_OPT_SACK": 2, "TCPI_OPT_WSCALE": 4, "TCPI_OPT_ECN": 8, "TCPI_OPT_ECN_SEEN": 16,
    "TCP_INFINITE_SSTHRESH": 0x7FFFFFFF,
}  # fmt: skip
"""Names that go with the numbers."""


def tcp_info(socket: Socket, profile: Profile, now: int) -> dict[str, int]:
    """Every field of ``struct tcp_info`` that this socket answers at ``now`` (microseconds)."""
    tcb = socket.tcb
    state = _S.CLOSED if tcb.state is _S.TIME_WAIT else tcb.state
    told = {"tcpi_state": STATES[state]}
    if socket.kind == LISTENER:
        return told | {"tcpi_unacked": len(socket.accept_queue), "tcpi_sacked": socket.backlog}
    sender = info.sender_info(tcb, profile, now)._asdict()
    return (
        told
        | {f"tcpi_{name}": int(value) for name, value in sender.items()}
        | _progress(tcb, profile, now)
        | _losses(tcb, profile)
    )


def _losses(tcb: Tcb, profile: Profile) -> dict[str, int]:
    """The scoreboard, and what is made of it."""
    rec, tally, queue = tcb.rec, scoreboard.counts(tcb), tcb.out.queue
    phase = "cwr" if rec.phase == "open" and tcb.cc.cut_until is not None else rec.phase
    return {
        "tcpi_ca_state": PHASES.index(phase),
        "tcpi_sacked": tally.sacked,
        "tcpi_lost": tally.lost,
        "tcpi_retrans": tally.repeated + (tcb.has_syn_in_flight and queue[0].transmissions > 1),
        "tcpi_reordering": rec.reordering or profile.reordering,
        "tcpi_reord_seen": rec.reorderings,
        "tcpi_total_retrans": rec.repetitions,
        "tcpi_dsack_dups": rec.twice_told,
    }


def _progress(tcb: Tcb, profile: Profile, now: int) -> dict[str, int]:
    """What was agreed on, what has arrived, and what was tried again."""
    queue, rtx, agreed = tcb.out.queue, tcb.rtx, tcb.agreed
    options = CONSTANTS["TCPI_OPT_TIMESTAMPS"] * agreed.timestamps + CONSTANTS["TCPI_OPT_SACK"] * agreed.sack
    options += CONSTANTS["TCPI_OPT_WSCALE"] * agreed.window_scaling + CONSTANTS["TCPI_OPT_ECN"] * agreed.ecn
    return {
        "tcpi_advmss": (tcb.conf.mss or profile.mss) - (TIMESTAMP_OCTETS if agreed.timestamps else 0),
        "tcpi_options": options + CONSTANTS["TCPI_OPT_ECN_SEEN"] * tcb.cc.marks_seen,
        "tcpi_rto": rtx.rto or profile.initial_rto_us,
        "tcpi_retransmits": rtx.count,
        "tcpi_backoff": rtx.count if tcb.timers.persist is not None else rtx.backoff,
        "tcpi_probes": tcb.probes,
        "tcpi_snd_wscale": agreed.snd_scale,
        "tcpi_rcv_wscale": agreed.rcv_scale,
        "tcpi_snd_wnd": tcb.snd.wnd,
        "tcpi_rcv_wnd": tcb.rcv.wnd,
        "tcpi_last_data_recv": max(0, now - tcb.ack.heard_at) // MS,
        "tcpi_last_data_sent": max(0, now - tcb.cc.last_sent_at) // MS,
        "tcpi_rcv_mss": tcb.ack.segment,
        "tcpi_rcv_ssthresh": tcb.room.limit,
        "tcpi_ato": tcb.ack.wait_us,
        "tcpi_bytes_acked": tcb.out.sent - sum(sent.length for sent in queue),
        "tcpi_bytes_received": tcb.inc.delivered + tcb.inc.unread,
    }
