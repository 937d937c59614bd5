"""Concerns: which timers can run in a state, and which fields of a profile decide what a state or an edge does.

Rules
-----
* Ids only. What a field means, its value and its source stand in the profile; here is only where it matters.
* A timer is listed in a state if any run can have it running there; a test holds that no run has another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.tcp.states import State
from tutor.tcp.transitions import Edge

_DATA = (
    "retransmission", "loss-probe", "reordering", "persist", "delayed-ack", "sack-compression", "keepalive", "user",
)  # fmt: skip

TIMERS_IN: Mapping[State, tuple[str, ...]] = {
    State.CLOSED: (),
    State.LISTEN: (),
    State.SYN_SENT: ("retransmission", "user"),
    State.SYN_RECEIVED: ("retransmission", "keepalive", "user"),
    State.ESTABLISHED: _DATA,
    State.FIN_WAIT_1: _DATA,
    State.FIN_WAIT_2: ("delayed-ack", "sack-compression", "keepalive", "user", "fin-wait-2"),
    State.CLOSE_WAIT: _DATA,
    State.CLOSING: _DATA,
    State.LAST_ACK: _DATA,
    State.TIME_WAIT: ("time-wait",),
}
"""The timers that can run in each state."""

_REPEAT = ("rto_min_us", "rto_max_us", "data_retries", "data_give_up_us")
_SYN = ("initial_rto_us", "syn_retries", "syn_linear_timeouts", "syn_give_up_us")

TIMER_FIELDS: Mapping[str, tuple[str, ...]] = {
    "retransmission": _REPEAT,
    "loss-probe": ("early_retrans",),
    "reordering": ("recovery_mode",),
    "persist": ("rto_max_us", "persist_probe_octets"),
    "delayed-ack": ("delayed_ack_us",),
    "sack-compression": ("gather_us", "gathered_acks"),
    "keepalive": ("keepalive_idle_us", "keepalive_interval_us", "keepalive_probes"),
    "user": ("user_timeout_us",),
    "fin-wait-2": ("fin_wait_2_us", "fin_wait_2_half_rtos"),
    "time-wait": ("time_wait_us",),
}
"""What sets how long each timer runs, and how often."""

TIMER_FIELDS_IN: Mapping[tuple[State, str], tuple[str, ...]] = {
    (State.SYN_SENT, "retransmission"): _SYN,
    (State.SYN_RECEIVED, "retransmission"): ("initial_rto_us", "synack_retries", "request_rto_max_us"),
}
"""The same where a state has numbers of its own."""

_CLOSING = ("orphan_retries", "unsent_ack", "old_ack_in_closing")

STATE_FIELDS: Mapping[State, tuple[str, ...]] = {
    State.CLOSED: ("port_choice", "tw_reuse", "isn_tick_ns"),
    State.LISTEN: (
        "listen_may_turn_active", "syn_fin_to_listener", "syn_text", "syncookies", "max_syn_backlog",
        "abort_on_overflow", "request_pruning",
    ),
    State.SYN_SENT: (
        *_SYN, "bad_ack_repeats_syn_us", "connect_checks_echo", "refused_in_syn_sent", "soft_icmp_aborts_connect",
    ),
    State.SYN_RECEIVED: (
        "synack_retries", "repeated_syn", "crossed_syn_ack", "new_syn_resets", "request_checks_echo", "rst_to_request",
        "refused_in_syn_received", "icmp_ends_request",
    ),
    State.ESTABLISHED: (
        "hard_icmp_aborts", "loss_recovery", "congestion_control", "delayed_ack_us", "keepalive_death_resets",
        "missing_timestamp", "rst_at_fin_or_sack",
    ),
    State.FIN_WAIT_1: ("shut_reader_resets", "half_duplex_close", *_CLOSING),
    State.FIN_WAIT_2: ("fin_wait_2_us", "fin_wait_2_half_rtos", "small_entries", "shut_reader_resets"),
    State.CLOSE_WAIT: ("reset_breaks_pipe", "readable_when_over"),
    State.CLOSING: _CLOSING,
    State.LAST_ACK: _CLOSING,
    State.TIME_WAIT: (
        "time_wait_us", "msl_us", "small_entries", "rst_kills_time_wait", "reopen_offset", "tw_reuse",
        "tw_gives_way_to_bound",
    ),
}  # fmt: skip
"""The fields that decide what happens in each state."""

_BY_CLAUSE: Mapping[str, tuple[str, ...]] = {
    "listen-syn": ("syn_fin_to_listener", "syn_text", "request_pruning", "max_syn_backlog"),
    "open-listen": ("listen_may_turn_active",),
    "send-listen": ("listen_may_turn_active",),
    "syn-cookie": ("syncookies",),
    "syn-sent-syn": ("connect_checks_echo", "crossed_options"),
    "syn-sent-rst": ("refused_in_syn_sent",),
    "ack-syn-received": ("request_checks_echo", "crossed_syn_ack", "client_defers_us"),
    "rst-syn-received": ("rst_to_request", "refused_in_syn_received"),
    "syn-syn-received": ("repeated_syn", "new_syn_resets"),
    "rst-established": ("reset_must_be_exact", "rst_at_fin_or_sack", "reset_breaks_pipe", "readable_when_over"),
    "rst-closing": ("reset_must_be_exact", "rst_at_fin_or_sack", "rst_kills_time_wait"),
    "syn-rfc-793": ("syn_is_challenged",),
    "abort-synchronised": ("abort_carries_ack", "abort_enters_time_wait"),
    "abort-note-3": ("abort_enters_time_wait",),
    "half-duplex-close": ("half_duplex_close", "shut_reader_resets"),
    "user-timeout": (
        "user_timeout_us", "data_retries", "data_give_up_us", "syn_retries", "syn_give_up_us", "synack_retries",
        "orphan_retries", "keepalive_probes", "patience", "timeout_tells_soft_error",
    ),
    "icmp-hard": ("hard_icmp_aborts", "icmp_ends_request"),
    "icmp-soft-connect": ("soft_icmp_aborts_connect",),
    "fin-fin-wait-1": ("small_entries",),
    "fin-fin-wait-2": ("small_entries",),
    "ack-fin-wait-1": ("fin_wait_2_us", "fin_wait_2_half_rtos", "small_entries"),
    "ack-closing": ("small_entries",),
    "orphan-timeout": ("fin_wait_2_us", "fin_wait_2_half_rtos", "small_entries"),
    "time-wait-timeout": ("time_wait_us", "msl_us"),
    "fin-time-wait": ("time_wait_us",),
    "reopen-time-wait": ("reopen_offset", "tw_reuse"),
}  # fmt: skip


def edge_fields(edge: Edge) -> tuple[str, ...]:
    """The fields of a profile that decide when and how an edge is crossed; those of a give-up by its state."""
    fields = _BY_CLAUSE.get(edge.clause, ())
    if edge.clause != "user-timeout":
        return fields
    match edge.source:
        case State.SYN_SENT:
            return tuple(name for name in fields if name.startswith(("syn_", "patience", "timeout")))
        case State.SYN_RECEIVED:
            return tuple(name for name in fields if name.startswith(("synack", "timeout")))
        case _:
            return tuple(name for name in fields if not name.startswith("syn"))


_TABLES: tuple[Mapping[Any, tuple[str, ...]], ...] = (TIMER_FIELDS, TIMER_FIELDS_IN, STATE_FIELDS, _BY_CLAUSE)

ALL_FIELDS = frozenset(name for table in _TABLES for row in table.values() for name in row)
"""Every field that is named here."""
