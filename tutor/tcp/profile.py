"""Profile: every number and every rule on which the RFC and a kernel may differ.

Rules
-----
* The protocol contains no number of its own: it reads a field here, at the one place where the check stands.
* There is no ``if linux`` anywhere. A difference is a field with a name.
* Every field of every profile has a ``Source``: where the value comes from and how sure we are of it.
* Spans are in microseconds and end in ``_us``; sizes are in octets.

The values themselves are data (``assets/profiles/*.toml``), read outside this package and passed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from tutor.tcp.values import replace
from tutor.tcp.variant import TCP, Variant

STATUSES = ("documented", "measured", "read in source", "our choice", "unknown")
"""How we know a value."""


class Source(NamedTuple):
    """Where a value comes from (a section, a recorded trace) and one of ``STATUSES``."""

    text: str
    status: str


def _rule(doc: str, *allowed: str) -> str:
    """A field that names a rule: its documentation and the words it may hold."""
    return field(metadata={"doc": doc, "allowed": allowed})  # type: ignore[no-any-return]


def _span(doc: str) -> int:
    return field(metadata={"doc": doc, "unit": "us"})  # type: ignore[no-any-return]


def _count(doc: str) -> int:
    return field(metadata={"doc": doc, "unit": "count"})  # type: ignore[no-any-return]


def _octets(doc: str) -> int:
    return field(metadata={"doc": doc, "unit": "octets"})  # type: ignore[no-any-return]


def _ports(doc: str) -> str:
    return field(metadata={"doc": doc, "unit": "ports"})  # type: ignore[no-any-return]


def _flag(doc: str) -> bool:
    return field(metadata={"doc": doc, "unit": "yes/no"})  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile:
    """The rules of one TCP. Compared by identity: changing a setting makes another profile."""

    name: str
    title: str
    rule_set: str
    holds_for: str
    """The versions these values were checked against, in words."""
    sources: Mapping[str, Source] = field(repr=False)
    version: str = ""
    """The Linux version, as ``6.18.44``; "" for what is no Linux."""
    variant: Variant = TCP
    """What it departs in from TCP (``with_variant``)."""
    displaced: tuple[tuple[str, Any], ...] = ()
    """Its values of the fields that the variant has set."""

    # --- opening ---
    listen_may_turn_active: bool = _flag("OPEN (active) or SEND on a LISTEN sends a SYN")
    syn_fin_to_listener: str = _rule("a SYN,FIN that reaches a listener", "accept", "drop")
    syn_text: str = _rule("text on a SYN", "queue", "ignore")
    repeated_syn: str = _rule(
        "the answer to a SYN seen before, in SYN-RECEIVED; it starts the timer anew, or leaves it",
        "ack",
        "syn-ack",
        "syn-ack-untimed",
    )
    client_defers_us: int = _span("the third ACK of a caller with TCP_DEFER_ACCEPT waits this long for text to ride on")
    crossed_syn_ack: str = _rule("figure 7's SYN,ACK in SYN-RECEIVED", "accept", "accept-and-ack", "challenge")
    new_syn_resets: bool = _flag("a new SYN in the window of SYN-RECEIVED draws a RST besides")
    bad_ack_repeats_syn_us: int = _span(
        "an unacceptable ACK in SYN-SENT has the SYN sent again after this; 0 = does not"
    )
    connect_checks_echo: bool = _flag("a SYN,ACK must echo the time of a SYN of ours, else it draws a RST")
    request_checks_echo: bool = _flag(
        "what a request entry takes must echo the time of a SYN,ACK of ours, else it is answered and dropped"
    )
    crossed_options: str = _rule("options of the SYN,ACK of a crossed open", "agreed", "own")
    refused_in_syn_sent: str = _rule("what SYN-SENT tells its user on RST", "reset", "refused")
    refused_in_syn_received: str = _rule("what an active SYN-RECEIVED tells its user on RST", "refused", "reset")

    # --- closing ---
    abort_enters_time_wait: bool = _flag("an ABORT leaves the aborting side in TIME-WAIT (figure 5, note 3)")
    rst_kills_time_wait: bool = _flag("an exact RST ends TIME-WAIT")
    fin_wait_2_us: int = _span("how long an orphan stays in FIN-WAIT-2; 0 with no least time in RTOs = for ever")
    fin_wait_2_half_rtos: int = _count("an orphan stays in FIN-WAIT-2 for at least so many halves of its RTO; 0 = none")
    small_entries: bool = _flag("TIME-WAIT, and an orphan's FIN-WAIT-2, are small entries with rules of their own")
    orphan_retries: int = _count("R2 of an orphan as so many doublings (tcp_orphan_retries); 0 = eight")
    half_duplex_close: bool = _flag("close() with text unread, or text that comes after it, aborts the connection")
    shut_reader_resets: bool = _flag("text for a reading half that is shut aborts the connection once our FIN is sent")
    reset_breaks_pipe: bool = _flag("a RST that meets CLOSE-WAIT is told as EPIPE, not as ECONNRESET")
    readable_when_over: bool = _flag(
        "what came before the end can be read after it: text, then the FIN, then the error"
    )
    reopen_offset: int = _count("ISS of a connection reopened from TIME-WAIT: old SND.NXT plus this; 0 = a fresh ISS")
    abort_carries_ack: bool = _flag("the RST of an ABORT carries an ACK")

    # --- acceptability ---
    segment_without_ack: str = _rule(
        "a segment with neither ACK nor RST nor SYN is dropped: in its turn, the fifth, or before all else",
        "drop-fifth", "drop-first",
    )  # fmt: skip
    reset_must_be_exact: bool = _flag("RFC 5961 section 3: a RST must be exact; else any in the window resets")
    syn_is_challenged: bool = _flag("RFC 5961 section 4: a SYN draws a challenge ACK; else one in the window resets")
    rst_at_fin_or_sack: bool = _flag(
        "a RST at the peer's FIN, or at the right edge of the highest SACK block, is exact too"
    )
    touching_counts: bool = _flag(
        "a segment that ends where the last ACK pointed, or a bare one at the right edge, counts"
    )
    rst_to_request: str = _rule("a RST that ends a passive SYN-RECEIVED", "exact", "in-window")
    old_ack_check: bool = _flag("RFC 5961 section 5: an ACK older than the largest window is discarded")
    old_ack_of_sent: bool = _flag(
        "and so is an ACK of octets that never were: older than all that has been acknowledged"
    )
    unsent_ack: str = _rule(
        "an ACK of what was never sent: in every state, only while closing, or never answered",
        "answer", "answer-in-closing", "ignore",
    )  # fmt: skip
    old_ack_in_closing: str = _rule("an ACK below SND.UNA in states other than ESTABLISHED", "take", "challenge")
    invalid_ack_interval_us: int = _span("at most one challenge ACK in this span; 0 = no limit")
    challenge_ack_limit: int = _count("challenge ACKs that a host sends in a second; 2147483647 = no limit")
    hard_icmp_aborts: bool = _flag("a hard ICMP error aborts a connection that is past SYN-SENT")
    soft_icmp_aborts_connect: bool = _flag("a soft ICMP error aborts a connection in SYN-SENT")
    icmp_ends_request: str = _rule("ICMP errors that end a request entry without a word", "none", "soft", "any")
    icmp_reverts_backoff: bool = _flag(
        "net or host unreachable about a repeated segment takes back one doubling of the RTO (RFC 6069)"
    )
    missing_timestamp: str = _rule("a segment without the timestamp that was agreed on", "drop", "accept")

    # --- retransmission ---
    initial_rto_us: int = _span("RTO before any round trip was measured")
    rto_min_us: int = _span("lower bound: of the RTO, or of its variance term")
    rto_min_applies_to: str = _rule("what the lower bound bounds", "rto", "variance")
    rto_max_us: int = _span("upper bound of the RTO")
    request_rto_max_us: int = _span("upper bound of the wait of a request entry; 0 = that of the RTO")
    rto_granularity_us: int = _span("clock granularity G of RFC 6298")
    rto_after_syn_timeout_us: int = _span("RTO of the first text after a SYN had to be repeated")
    syn_retries: int = _count("times a SYN is repeated before giving up; 0 = bounded by time alone")
    syn_linear_timeouts: int = _count("SYN timeouts that do not double the RTO")
    syn_give_up_us: int = _span("R2 for a SYN; 0 = bounded by the count alone")
    synack_retries: int = _count("times a SYN,ACK is repeated before giving up; 0 = bounded by time alone")
    data_give_up_us: int = _span("R2 for text and FIN: give up this long after the first sending")
    data_retries: int = _count(
        "R2 as the time of so many doublings from RTO_MIN (tcp_retries2), where patience is at expiries"
    )
    user_timeout_us: int = _span("USER TIMEOUT: no progress for so long ends the connection; 0 = off")
    patience: str = _rule(
        "R2 and USER TIMEOUT strike at their moment, or when another timer expires after it", "on-time", "at-expiries"
    )
    shut_over_flight: str = _rule("text in flight when the peer shuts its window", "probed", "retransmitted")
    answers_delay_probes: bool = _flag("an answer to a window probe starts the wait for the next one anew")
    timeout_tells_soft_error: bool = _flag("a connection given up tells its user the last soft ICMP error, if any")

    # --- congestion control ---
    congestion_control: str = _rule("what sizes the congestion window", "off", "reno", "cubic")
    congestion_unit: str = _rule("what the congestion window counts", "octets", "segments")
    initial_window_segments: int = _count("segments of the initial window; 0 = the steps of RFC 5681 section 3.1")
    handshake_losses_forgiven: int = _count("timeouts in the handshake that leave the initial window whole")
    slow_start_after_idle: bool = _flag("a congestion window that was not used for an RTO is worth less")
    idle_restart: str = _rule("how an idle window shrinks", "at-once", "halves")
    tick_us: int = _span("one tick of the kernel's clock (1/HZ): CUBIC and idleness are counted in ticks")
    min_burst_segments: int = _count("segments that leave in one burst even on a slow path; 0 = no bursts")
    burst_octets: int = _octets("the largest burst that is handed down as one")
    burst_pushes: bool = _flag("the last segment of a burst carries PSH, whatever was written")
    burst_rtt_log: int = _count(
        "a burst's extra allowance halves for every 2^this microseconds of round trip; 0 = none"
    )
    pacing_slow_start_percent: int = _count("pacing rate in slow start, percent of window / round trip")
    pacing_avoidance_percent: int = _count("pacing rate in congestion avoidance, percent of window / round trip")

    burst_window_divisor: int = _count("a burst waits for the next ACK below this part of the window; 0 = never")

    # --- loss recovery ---
    loss_recovery: str = _rule("how losses are found and repaired", "off", "newreno", "sack-rack")
    loss_evidence: str = _rule(
        "with SACK, what tells that a segment is lost: RACK, or what was SACKed beyond it", "time", "distance"
    )
    reordering: int = _count("segments by which one may be overtaken before it counts as lost (DupThresh)")
    max_reordering: int = _count("what DupThresh may grow to where segments arrive out of order")
    early_retrans: int = _count("tcp_early_retrans: 3 or 4 probe for the end of a flight (RFC 8985 section 7)")
    recovery_mode: int = _count(
        "tcp_recovery: 1 finds losses by time, 2 keeps the reordering window, 4 waits it out always"
    )
    frto: int = _count("tcp_frto: a timeout is doubted until an ACK shows whether it was spurious (RFC 5682); 0 = not")
    repacks_repetitions: bool = _flag("a short segment that goes again takes up what follows it")

    # --- explicit congestion notification (RFC 3168) ---
    ecn: str = _rule(
        "explicit congestion notification: never, asked for, or granted when asked for", "off", "on", "asked"
    )
    ecn_fallback: bool = _flag("a SYN that is repeated no longer asks for explicit congestion notification")

    # --- what is worth a segment ---
    nagle: str = _rule("what an unfinished segment waits for: the ACK of", "any", "small")
    silly_window: str = _rule("a window too small for the segment that waits", "half-window", "whole-segment")
    repeated_window: str = _rule(
        "the window of a segment with the same numbers as the last one is taken if it is",
        "any",
        "larger-or-zero",
        "larger",
    )
    half_window_segments: bool = _flag("no segment is longer than half of the largest window the peer offered")
    notsent_lowat: int = _octets("no new buffer is begun while so much waits to be sent (TCP_NOTSENT_LOWAT)")
    push_marks: str = _rule("where PSH stands", "each-send", "buffer-end")
    fills_buffers: bool = _flag("a buffer that waits is filled up from the next one, as far as both leave as one")

    # --- time ---
    msl_us: int = _span("maximum segment lifetime")
    time_wait_us: int = _span("length of TIME-WAIT")
    delayed_ack_us: int = _span("longest delay of an ACK")
    quick_acks: int = _count("ACKs of a fresh connection that are not delayed")
    ack_delay: str = _rule(
        "how long an ACK may wait for text: always the same, or by the peer's rhythm", "fixed", "adaptive"
    )
    gathered_acks: int = _count(
        "segments out of order that one ACK may stand for (tcp_comp_sack_nr); 0 = each is acknowledged at once"
    )
    gather_us: int = _span("how long such an ACK waits at most (tcp_comp_sack_delay_ns)")
    gather_slack_us: int = _span("how much later its timer may run out (tcp_comp_sack_slack_ns)")
    gather_keeps_blocks: bool = _flag("such an ACK leaves before a third block would push back what it has to tell")
    timer_lateness: str = _rule(
        "timers fire exactly; or so, but R2 is judged as if they were late; or when a kernel's wheel comes round",
        "none", "judged", "wheel",
    )  # fmt: skip
    keepalive_idle_us: int = _span("silence before the first keep-alive probe")
    keepalive_interval_us: int = _span("silence between keep-alive probes")
    keepalive_probes: int = _count("unanswered probes that end the connection")
    keepalive_timer: str = _rule(
        "what is heard of the peer starts keep-alive's timer anew, or is noted and looked at when it expires",
        "restarts", "keeps-time",
    )  # fmt: skip
    keepalive_death_resets: bool = _flag("a connection that keep-alive gives up sends a RST")
    persist_probe_octets: int = _octets("new text in a zero-window probe")

    # --- sizes and options ---
    mss: int = _octets("MSS offered: MTU minus the fixed IP and TCP headers")
    default_mss: int = _octets("MSS assumed when the peer names none")
    min_send_mss: int = _octets("a smaller MSS of the peer counts as this one")
    receive_buffer: int = _octets("room for text received and not read")
    window_percent: int = _count("percent of a receive buffer's memory (tcp_rmem) that is window")
    send_buffer: int = _octets("room for text written and not acknowledged")
    buffer_in_segments: bool = _flag("the receive buffer is rounded up to whole segments when the peer names its MSS")
    buffer_counting: int = _count("SO_RCVBUF and SO_SNDBUF are told this many times larger than they were set")
    window_growth: str = _rule(
        "what opens the window: a free buffer alone, or well filled segments", "buffer", "segments"
    )
    beyond_window: str = _rule(
        "text that reaches beyond the window is cut, taken whole, or taken whole if nothing is unread",
        "cut", "take", "take-if-empty",
    )  # fmt: skip
    fin_at_shut_window: bool = _flag("a FIN without text is taken though the window is shut")
    window_in_segments: bool = _flag("the first window is a whole number of segments")
    first_window_segments: int = _count("segments of the first window at most; 0 = as many as the buffer holds")
    option_layout: str = _rule(
        "options in a header: by kind, END after them; or in pairs, NOP before them", "by-kind", "paired"
    )
    window_scaling: bool = _flag("offer and accept the window scale option (RFC 7323)")
    window_scale: int = _count("shift count offered")
    timestamps: bool = _flag("offer and accept timestamps (RFC 7323)")
    sack: bool = _flag("offer and accept SACK-permitted (RFC 2018)")
    dsack: bool = _flag("tell what arrived twice (D-SACK, RFC 2883)")

    # --- the host around the connections ---
    somaxconn: int = _count("upper bound of a listener's backlog")
    max_syn_backlog: int = _count("request entries a host keeps")
    abort_on_overflow: bool = _flag("a full accept queue answers the third ACK with a RST")
    accept_queue_extra: int = _count("finished connections a queue takes beyond its backlog")
    syn_queue_rule: str = _rule(
        "how many request entries a listener keeps", "backlog-and-one", "backlog", "power-of-two"
    )
    accept_full_young: int = _count("young request entries from which on a full accept queue drops a SYN")
    request_pruning: bool = _flag("old request entries get fewer tries when more than half of the SYN queue is used")
    syncookies: int = _count("SYN cookies: 0 never, 1 when the SYN queue is full, 2 always")
    first_port: int = _count("first port chosen for a connect()")
    last_port: int = _count("last port chosen for a connect()")
    reserved_ports: str = _ports("ports that are never chosen by the host (ip_local_reserved_ports)")
    port_choice: str = _rule("in which order connect() tries ports", "sequential", "parity")
    max_tw_buckets: int = _count("TIME-WAIT entries a host keeps")
    tw_reuse: int = _count("connect() may choose a port in TIME-WAIT: 0 never, 1 always, 2 on loopback addresses")
    tw_reuse_delay_us: int = _span("how long a TIME-WAIT must have lasted before its port is chosen again")
    tw_gives_way_to_bound: bool = _flag("connect() from a bound port takes over a TIME-WAIT with timestamps")
    tw_recycle: bool = _flag("TIME-WAIT lasts 3.5 RTO, and a host's older timestamps are refused (removed in 4.12)")
    timestamp_offset: str = _rule("what a host adds to its timestamps", "none", "host", "address pair")
    max_orphans: int = _count("connections without a program that a host keeps; more are reset")
    isn_tick_ns: int = _count("one step of the clock of initial sequence numbers, in nanoseconds")
    isn_offset: str = _rule(
        "what is added to the clock of initial sequence numbers: one number of the host, or a hash of the four-tuple",
        "host",
        "four-tuple",
    )

    def source(self, name: str) -> Source:
        """Where the value of the field ``name`` comes from."""
        return self.sources[name]


def with_variant(profile: Profile, variant: Variant) -> Profile:
    """``profile`` as ``variant`` breaks it; what an earlier variant set is as it was before."""
    if variant is profile.variant:
        return profile
    real = replace(profile, variant=TCP, displaced=(), **dict(profile.displaced))
    changes: dict[str, Any] = dict(variant.rules)
    if variant.time_wait_percent != 100:
        changes["time_wait_us"] = real.time_wait_us * variant.time_wait_percent // 100
    displaced = tuple((name, getattr(real, name)) for name in changes)
    return replace(real, variant=variant, displaced=displaced, **changes)


RULES = tuple(f for f in fields(Profile) if f.metadata)
"""The fields that carry a rule or a number, in order."""

UNITS: dict[str, str] = {
    "us": "a span of time",
    "count": "a number",
    "octets": "octets",
    "ports": "a list of ports",
    "yes/no": "yes or no",
}
"""The unit of a field -> how it is told to people; a field without a unit holds one of some words."""

SECTIONS: dict[str, str] = {
    "listen_may_turn_active": "opening",
    "abort_enters_time_wait": "closing",
    "reset_must_be_exact": "acceptability",
    "initial_rto_us": "retransmission",
    "congestion_control": "congestion control",
    "loss_recovery": "loss recovery",
    "ecn": "explicit congestion notification (RFC 3168)",
    "nagle": "what is worth a segment",
    "msl_us": "time",
    "mss": "sizes and options",
    "somaxconn": "the host around the connections",
}
"""The first field of each section -> its title."""
