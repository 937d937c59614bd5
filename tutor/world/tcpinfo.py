"""What ``getsockopt(TCP_INFO)`` answers about a connection, under the names of ``struct tcp_info``.

Rules
-----
* Every number is read from the control block; nothing is kept for it. A field that no part of the block answers is
  absent, and whoever asks for it is told so.
* Times are in the kernel's units: microseconds, but ``tcpi_last_...`` in milliseconds.

Source: Linux ``net/ipv4/tcp.c`` (``tcp_get_info``), ``include/net/tcp_states.h``, ``include/uapi/linux/tcp.h``.
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.tcp.info import SenderInfo, sender_info
from tutor.tcp.profile import Profile
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb

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
    "TCPI_OPT_TIMESTAMPS": 1, "TCPI_OPT_SACK": 2, "TCPI_OPT_WSCALE": 4, "TCPI_OPT_ECN": 8,
}  # fmt: skip
"""Names that go with the numbers."""


def _options(tcb: Tcb) -> int:
    agreed = tcb.agreed
    return agreed.timestamps + 2 * agreed.sack + 4 * agreed.window_scaling + 8 * agreed.ecn


OWN: dict[str, Callable[[Tcb], int]] = {
    "state": lambda tcb: STATES[tcb.state],
    "retransmits": lambda tcb: tcb.rtx.count,
    "probes": lambda tcb: tcb.probes,
    "backoff": lambda tcb: tcb.rtx.count,
    "options": _options,
    "snd_wscale": lambda tcb: tcb.agreed.snd_scale,
    "rcv_wscale": lambda tcb: tcb.agreed.rcv_scale,
    "bytes_received": lambda tcb: tcb.inc.delivered + tcb.inc.unread,
    "snd_wnd": lambda tcb: tcb.snd.wnd,
    "rcv_wnd": lambda tcb: tcb.rcv.wnd,
}
"""Field without ``tcpi_`` -> how it is read from a block; the sender's fields come from ``tcp.info``."""


def tcp_info(tcb: Tcb, profile: Profile, name: str, now: int) -> int | None:
    """The number behind a field or constant at ``now`` (microseconds); None if there is none here."""
    if name in CONSTANTS:
        return CONSTANTS[name]
    field = name.removeprefix("tcpi_")
    if field == name:
        return None
    if field in OWN:
        return OWN[field](tcb)
    if field in SenderInfo._fields:
        return int(getattr(sender_info(tcb, profile, now), field))
    return None
