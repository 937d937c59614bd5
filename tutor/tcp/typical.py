"""Typical: the edges that a connection crosses in an ordinary life, end by end.

Rules
-----
* The two lives together are RFC 9293 figures 6 (opening) and 12 (closing): nothing is lost, nobody aborts.
"""

from __future__ import annotations

from tutor.tcp.transitions import (
    CLOSE_WAIT_CLOSE,
    CLOSED_ACTIVE_OPEN,
    CLOSED_PASSIVE_OPEN,
    ESTABLISHED_CLOSE,
    ESTABLISHED_RCV_FIN,
    FIN_WAIT_1_RCV_ACK,
    FIN_WAIT_2_RCV_FIN,
    LAST_ACK_RCV_ACK,
    LISTEN_RCV_SYN,
    SYN_RECEIVED_RCV_ACK,
    SYN_SENT_RCV_SYN_ACK,
    TIME_WAIT_TIMEOUT,
    Edge,
)

TYPICAL_CLIENT: tuple[Edge, ...] = (
    CLOSED_ACTIVE_OPEN, SYN_SENT_RCV_SYN_ACK, ESTABLISHED_CLOSE, FIN_WAIT_1_RCV_ACK, FIN_WAIT_2_RCV_FIN,
    TIME_WAIT_TIMEOUT,
)  # fmt: skip
"""The life of whoever calls and closes first: TCP A of RFC 9293 figures 6 and 12."""

TYPICAL_SERVER: tuple[Edge, ...] = (
    CLOSED_PASSIVE_OPEN, LISTEN_RCV_SYN, SYN_RECEIVED_RCV_ACK, ESTABLISHED_RCV_FIN, CLOSE_WAIT_CLOSE, LAST_ACK_RCV_ACK,
)  # fmt: skip
"""The life of whoever is called and closes last: TCP B of RFC 9293 figures 6 and 12."""
