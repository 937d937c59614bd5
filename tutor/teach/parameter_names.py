"""How parameters are called and where they stand: a group, a title in words, and how far a slider goes.

Rules
-----
* A title is a few words; what a value means exactly is the sentence of its field (``tcp.profile``).
* A slider's range is for the hand only: what a parameter *may* be is said by its bounds, which the world knows.
* Every setting of ``world.sysctls``, every parameter of a link, every socket option and every number of a profile has a
  row here; a test counts them.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.words import mark

GROUPS: dict[str, str] = {
    "often": mark("often used"),
    "link": mark("the link"),
    "protocol": mark("the protocol itself"),
    "handshake": mark("opening a connection"),
    "retransmission": mark("sending again and giving up"),
    "closing": mark("closing and TIME-WAIT"),
    "keepalive": mark("keep-alive"),
    "queues": mark("queues of a listener"),
    "windows": mark("windows, buffers, options"),
    "congestion": mark("congestion and loss"),
    "acks": mark("acknowledgements"),
    "options": mark("socket options"),
    "program": mark("programs"),
    "host": mark("the host"),
    "rules": mark("rules of this TCP"),
    "elsewhere": mark("not simulated"),
}
"""Id -> title, in the order in which they are shown."""


class Name(NamedTuple):
    """``group`` (of ``GROUPS``), ``title`` (English), where a slider begins and ends, and a span's ``unit``."""

    group: str
    title: str
    low: float = 0
    high: float = 0
    unit: str = ""


OFTEN = ("link.delay", "link.loss>", "initial_rto_us", "tcp_syn_retries", "time_wait_us", "mss")
"""Keys of the rows that come first: those that every course on TCP turns."""

SETTINGS: dict[str, Name] = {
    "tcp_syn_retries": Name("handshake", mark("SYN: times sent again"), 1, 8),
    "tcp_syn_linear_timeouts": Name("handshake", mark("SYN: timeouts that do not double"), 0, 8),
    "tcp_synack_retries": Name("handshake", mark("SYN,ACK: times sent again"), 0, 8),
    "ip_local_port_range": Name("handshake", mark("ports for callers")),
    "ip_local_reserved_ports": Name("handshake", mark("ports kept from callers")),
    "tcp_syncookies": Name("queues", mark("SYN cookies")),
    "tcp_max_syn_backlog": Name("queues", mark("half-open connections of a host"), 1, 256),
    "somaxconn": Name("queues", mark("upper bound of every backlog"), 0, 64),
    "tcp_abort_on_overflow": Name("queues", mark("full accept queue: reset the caller")),
    "tcp_max_tw_buckets": Name("closing", mark("TIME-WAIT entries of a host"), 0, 32),
    "tcp_tw_reuse": Name("closing", mark("call again from a port in TIME-WAIT")),
    "tcp_tw_reuse_delay": Name("closing", mark("how old such a TIME-WAIT must be"), 1, 5000),
    "tcp_tw_recycle": Name("closing", mark("short TIME-WAIT by timestamps (removed)")),
    "tcp_max_orphans": Name("closing", mark("orphans of a host"), 0, 32),
    "tcp_rfc1337": Name("closing", mark("TIME-WAIT: ignore RST")),
    "tcp_orphan_retries": Name("closing", mark("orphan: times sent again"), 0, 10),
    "tcp_fin_timeout": Name("closing", mark("orphan in FIN-WAIT-2: time"), 1, 120),
    "tcp_keepalive_time": Name("keepalive", mark("silence before the first probe"), 1, 7200),
    "tcp_keepalive_intvl": Name("keepalive", mark("silence between probes"), 1, 120),
    "tcp_keepalive_probes": Name("keepalive", mark("probes without an answer"), 0, 12),
    "tcp_invalid_ratelimit": Name("acks", mark("least time between answers to bad segments"), 0, 2000),
    "tcp_challenge_ack_limit": Name("acks", mark("challenge ACKs of a host in a second"), 0, 100),
    "tcp_window_scaling": Name("windows", mark("window scaling")),
    "tcp_timestamps": Name("windows", mark("timestamps")),
    "tcp_sack": Name("windows", mark("selective acknowledgements")),
    "tcp_dsack": Name("acks", mark("tell what came twice (D-SACK)")),
    "tcp_comp_sack_nr": Name("acks", mark("segments out of order for one ACK"), 0, 100),
    "tcp_comp_sack_delay_ns": Name("acks", mark("how long such an ACK waits"), 0, 10_000_000),
    "tcp_comp_sack_slack_ns": Name("acks", mark("how much later its timer may fire"), 0, 1_000_000),
    "tcp_reordering": Name("congestion", mark("by how much a segment may be overtaken"), 1, 20),
    "tcp_max_reordering": Name("congestion", mark("the same at most"), 1, 300),
    "tcp_early_retrans": Name("congestion", mark("tail loss probes")),
    "tcp_recovery": Name("congestion", mark("losses found by time (RACK)")),
    "tcp_frto": Name("congestion", mark("doubting timeouts (F-RTO)")),
    "tcp_retrans_collapse": Name("retransmission", mark("small segments go again as one")),
    "tcp_min_snd_mss": Name("windows", mark("least MSS of a peer that is believed"), 48, 1460),
    "tcp_rto_min_us": Name("retransmission", mark("least RTO"), 1000, 1_000_000),
    "tcp_rto_max_ms": Name("retransmission", mark("largest RTO"), 1000, 120_000),
    "tcp_retries2": Name("retransmission", mark("text: doublings before giving up"), 0, 15),
    "tcp_congestion_control": Name("congestion", mark("congestion control")),
    "tcp_slow_start_after_idle": Name("congestion", mark("slow start after a silence")),
    "tcp_pacing_ss_ratio": Name("congestion", mark("pacing in slow start, percent"), 100, 400),
    "tcp_pacing_ca_ratio": Name("congestion", mark("pacing in congestion avoidance, percent"), 100, 400),
    "tcp_min_tso_segs": Name("congestion", mark("least segments of a burst"), 1, 16),
    "tcp_tso_win_divisor": Name("congestion", mark("part of the window that may wait for a burst"), 0, 10),
    "tcp_tso_rtt_log": Name("congestion", mark("bursts on short paths"), 0, 20),
    "tcp_notsent_lowat": Name("windows", mark("text that may wait unsent"), 0, 1_000_000),
    "tcp_ecn": Name("congestion", mark("explicit congestion notification")),
    "tcp_ecn_fallback": Name("congestion", mark("without ECN when a SYN is repeated")),
    "tcp_rmem": Name("windows", mark("receive buffer: least, usual, largest")),
    "tcp_wmem": Name("windows", mark("send buffer: least, usual, largest")),
}
"""Last part of a setting's Linux name -> how it is called."""

CONSTANTS: dict[str, Name] = {
    "client_defers_us": Name("handshake", mark("third ACK with TCP_DEFER_ACCEPT: waits"), 0, 1000, "ms"),
    "bad_ack_repeats_syn_us": Name("handshake", mark("SYN again after an unacceptable ACK"), 0, 1000, "ms"),
    "reopen_offset": Name("closing", mark("first number of a reopened connection: distance"), 0, 131_072),
    "fin_wait_2_half_rtos": Name("closing", mark("FIN-WAIT-2 without a program: least halves of an RTO"), 0, 20),
    "initial_rto_us": Name("retransmission", mark("initial RTO"), 0.1, 6, "s"),
    "request_rto_max_us": Name("retransmission", mark("largest RTO of a SYN,ACK"), 0, 240, "s"),
    "rto_granularity_us": Name("retransmission", mark("granularity of the clock"), 1, 500, "ms"),
    "rto_after_syn_timeout_us": Name("retransmission", mark("RTO after a SYN was repeated"), 0.2, 6, "s"),
    "syn_give_up_us": Name("handshake", mark("SYN: time before giving up"), 0, 300, "s"),
    "data_give_up_us": Name("retransmission", mark("text: time before giving up"), 0, 300, "s"),
    "user_timeout_us": Name("retransmission", mark("user timeout"), 0, 600, "s"),
    "initial_window_segments": Name("congestion", mark("initial window, in segments"), 0, 32),
    "handshake_losses_forgiven": Name("congestion", mark("lost SYNs that leave the initial window whole"), 0, 10),
    "tick_us": Name("host", mark("tick of the kernel's clock (1/HZ)"), 1, 20, "ms"),
    "burst_octets": Name("congestion", mark("largest burst"), 1460, 131_072),
    "msl_us": Name("closing", mark("MSL, maximum segment lifetime"), 1, 240, "s"),
    "time_wait_us": Name("closing", mark("TIME-WAIT: length (2 MSL)"), 1, 240, "s"),
    "delayed_ack_us": Name("acks", mark("delayed ACK: longest delay"), 0, 500, "ms"),
    "quick_acks": Name("acks", mark("first ACKs that are not delayed"), 0, 32),
    "persist_probe_octets": Name("retransmission", mark("new text in a zero-window probe"), 0, 10),
    "mss": Name("windows", mark("MSS that is offered"), 88, 9000),
    "default_mss": Name("windows", mark("MSS when the peer names none"), 88, 1460),
    "window_percent": Name("windows", mark("part of a buffer that is window, percent"), 10, 100),
    "buffer_counting": Name("windows", mark("SO_RCVBUF is told so many times larger"), 1, 4),
    "first_window_segments": Name("windows", mark("first window at most, in segments"), 0, 64),
    "accept_queue_extra": Name("queues", mark("places beyond the backlog"), 0, 4),
    "accept_full_young": Name("queues", mark("young requests at which a full queue drops SYN"), 0, 10),
    "isn_tick_ns": Name("handshake", mark("clock of initial sequence numbers: a step"), 64, 10_000),
}
"""Field of a profile that holds a number and that no setting reaches -> how it is called."""

LINK: dict[str, Name] = {
    "delay": Name("link", mark("delay each way (a round trip: twice)"), 0, 500, "ms"),
    "loss": Name("link", mark("loss"), 0, 50),
    "bandwidth": Name("link", mark("bandwidth")),
    "mtu": Name("link", mark("MTU, the largest packet"), 576, 9000),
    "jitter": Name("link", mark("jitter: delay that varies"), 0, 500, "ms"),
    "duplication": Name("link", mark("duplication"), 0, 50),
    "reordering": Name("link", mark("reordering"), 0, 50),
    "corruption": Name("link", mark("corruption"), 0, 50),
    "icmp": Name("link", mark("tell who sent too large a packet (ICMP)")),
    "nat": Name("link", mark("NAT box: its public address")),
    "nat-established": Name("link", mark("NAT box: forgets a silent connection after"), 1, 7200, "s"),
    "nat-transitory": Name("link", mark("NAT box: the same while opening or closing"), 1, 600, "s"),
}
"""Parameter of a link -> how it is called."""

OPTIONS: dict[str, Name] = {
    "TCP_NODELAY": Name("options", mark("send small segments at once")),
    "TCP_CORK": Name("options", mark("send full segments only")),
    "TCP_CONGESTION": Name("options", mark("congestion control")),
    "TCP_NOTSENT_LOWAT": Name("options", mark("text that may wait unsent"), 0, 1_000_000),
    "TCP_MAXSEG": Name("options", mark("largest segment"), 88, 9000),
    "TCP_QUICKACK": Name("options", mark("acknowledge at once")),
    "TCP_KEEPIDLE": Name("options", mark("keep-alive: silence before the first probe"), 1, 7200),
    "TCP_KEEPINTVL": Name("options", mark("keep-alive: silence between probes"), 1, 120),
    "TCP_KEEPCNT": Name("options", mark("keep-alive: probes without an answer"), 1, 12),
    "TCP_USER_TIMEOUT": Name("options", mark("user timeout"), 0, 60_000),
    "TCP_RTO_MAX_MS": Name("options", mark("largest RTO"), 1000, 120_000),
    "TCP_SYNCNT": Name("options", mark("SYN: times sent again"), 1, 8),
    "TCP_LINGER2": Name("options", mark("orphan in FIN-WAIT-2: time"), -1, 120),
    "TCP_DEFER_ACCEPT": Name("options", mark("accept only once there is text"), 0, 60),
    "SO_KEEPALIVE": Name("options", mark("keep-alive")),
    "SO_RCVBUF": Name("options", mark("receive buffer"), 1024, 1_000_000),
    "SO_SNDBUF": Name("options", mark("send buffer"), 1024, 1_000_000),
    "SO_LINGER": Name("options", mark("close() waits, or resets with 0"), 0, 60),
    "SO_REUSEADDR": Name("options", mark("listen though old connections use the port")),
    "SO_RCVTIMEO": Name("options", mark("read gives up after"), 0, 10_000_000),
    "SO_SNDTIMEO": Name("options", mark("write gives up after"), 0, 10_000_000),
    "IP_TOS": Name("options", mark("type of service"), 0, 255),
    "SO_PRIORITY": Name("options", mark("priority of packets"), 0, 7),
    "SO_MARK": Name("options", mark("mark of packets"), 0, 100),
    "IP_TTL": Name("options", mark("hops that a packet may take"), 1, 255),
    "IP_MTU_DISCOVER": Name("options", mark("path MTU discovery"), 0, 3),
    "IP_RECVERR": Name("options", mark("queue of ICMP errors")),
    "SO_RCVLOWAT": Name("options", mark("read waits for so much"), 1, 65_536),
    "SO_REUSEPORT": Name("options", mark("several listeners on one port")),
    "SO_OOBINLINE": Name("options", mark("urgent text among the rest")),
    "SO_BINDTODEVICE": Name("options", mark("bind to a device")),
    "SO_MAX_PACING_RATE": Name("options", mark("pacing at most"), 0, 1_000_000_000),
    "TCP_WINDOW_CLAMP": Name("options", mark("window at most"), 0, 1_000_000),
    "TCP_FASTOPEN": Name("options", mark("Fast Open: requests that may wait"), 0, 100),
    "TCP_FASTOPEN_CONNECT": Name("options", mark("Fast Open: text on the SYN")),
    "TCP_THIN_LINEAR_TIMEOUTS": Name("options", mark("thin stream: RTO that does not double")),
    "TCP_REPAIR": Name("options", mark("repair mode")),
    "TCP_TX_DELAY": Name("options", mark("delay of what is sent"), 0, 1_000_000),
    "TCP_INQ": Name("options", mark("tell how much is unread")),
}
"""Socket option -> how it is called."""

HOST: dict[str, Name] = {
    "profile": Name("host", mark("whose TCP this is")),
    "variant": Name("protocol", mark("TCP, or a protocol broken on purpose")),
    "nofile": Name("host", mark("descriptors of a process"), 4, 1024),
    "scripted": Name("host", mark("no kernel answers: only what is injected")),
}
"""What belongs to the machine -> how it is called."""

PROGRAM: dict[str, Name] = {
    "backlog": Name("program", mark("backlog of {call}"), 0, 16),
    "after": Name("program", mark("pause before {call}"), 0, 60, "s"),
    "at": Name("program", mark("time of {call}"), 0, 60, "s"),
    "octets": Name("program", mark("octets of {call}"), 1, 100_000),
}
"""What a number in a line of a program is -> how it is called, ``call`` being the line's."""
