"""Settings that exist on real hosts and that this one does not simulate: each with the sentence that says why.

Rules
-----
* A setting outside TCP is explained, never accepted: connection tracking, limits of files, queues of devices.
* So is a setting of TCP that no value can honour, because its mechanism is not modelled.
* A setting of TCP whose mechanism is not here is accepted at the values under which a real host behaves as ours does,
  and refused at any other, with the reason. Nothing is silently ignored.
* A setting that a version does not have yet, or no longer has, is refused on a host of that version.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

_DEVICE = "how a device is served; a segment that arrives here is handled at once"
_PACKETS = "how packets lie in memory, which has no end here"
_ROUTING = "routing: every host here is one link away, and routes remember nothing"

OUTSIDE: dict[str, str] = {
    "net.netfilter.nf_conntrack_*": "a firewall's table of connections, not TCP: it drops what it has no room for",
    "net.nf_conntrack_max": "a firewall's table of connections, not TCP: it drops what it has no room for",
    "net.ipv4.netfilter.ip_conntrack_*": "a firewall's table of connections in old kernels, not TCP",
    "fs.nr_open": "how many descriptors a process may ask for; set nofile, the number it has",
    "fs.file-max": "how many files the whole machine may have open; set nofile, the number a process has",
    "fs.*": "a limit of files, not of TCP",
    "net.core.netdev_max_backlog": "how many packets wait between a device and TCP; nothing waits there here",
    "net.core.default_qdisc": "the queue between TCP and the device; here a link has its own delay and nothing else",
    "net.core.netdev_rss_key": _DEVICE,
    "net.core.netdev_*": _DEVICE,
    "net.core.busy_*": _DEVICE,
    "net.core.dev_weight*": _DEVICE,
    "net.core.flow_limit_*": _DEVICE,
    "net.core.gro_normal_batch": _DEVICE,
    "net.core.rps_*": _DEVICE,
    "net.core.max_skb_frags": _PACKETS,
    "net.core.skb_defer_max": _PACKETS,
    "net.core.high_order_alloc_disable": _PACKETS,
    "net.core.mem_pcpu_rsv": _PACKETS,
    "net.core.optmem_max": _PACKETS,
    "net.core.rmem_default": "the receive buffer of sockets that are not TCP's; set tcp_rmem",
    "net.core.wmem_default": "the send buffer of sockets that are not TCP's; set tcp_wmem",
    "net.core.bpf_*": "programs that filter packets, not TCP",
    "net.core.xfrm_*": "IPsec, below TCP",
    "net.core.message_*": "how often the kernel may write into its log",
    "net.core.warnings": "how often the kernel may write into its log",
    "net.core.tstamp_allow_data": "when packets were sent, as programs see it; the timestamps of TCP are its own",
    "net.core.devconf_inherit_init_net": "what a new network namespace begins with, not TCP",
    "net.core.fb_tunnels_only_for_init_net": "tunnels, below TCP",
    "net.ipv4.tcp_mem": "memory of the machine, which has no end here",
    "net.ipv4.tcp_available_ulp": "protocols between a program and TCP, as TLS",
    "net.ipv4.udp_*": "UDP, not TCP",
    "net.ipv4.icmp_*": "ICMP: here errors are sent by hand (icmp HOST hard|soft|too-big)",
    "net.ipv4.igmp_*": "multicast, not TCP",
    "net.ipv4.ping_group_range": "who may send echo requests, not TCP",
    "net.ipv4.route.*": _ROUTING,
    "net.ipv4.fib_*": _ROUTING,
    "net.ipv4.nexthop_compat_mode": _ROUTING,
    "net.ipv4.inet_peer_*": _ROUTING,
    "net.ipv4.conf.*": "the interfaces' own settings, below TCP",
    "net.ipv4.neigh.*": "address resolution, below TCP",
    "net.ipv4.ipfrag_*": "fragments of IP: segments here are never fragmented",
    "net.ipv4.ip_default_ttl": "how many routers a packet may pass; here there are none",
    "net.ipv4.ip_dynaddr": "addresses that change, as on a line that is dialled; hosts here keep theirs",
    "net.ipv4.ip_forward*": "forwarding: hosts here forward nothing; a box with nat=yes does",
    "net.ipv4.ip_unprivileged_port_start": "a right of users; every program here may use every port",
    "net.ipv4.cipso_*": "labels of secrecy on packets, below TCP",
    "net.ipv4.fwmark_reflect": "marks on packets, below TCP",
    "net.ipv4.raw_*": "raw sockets, not TCP",
    "net.ipv4.xfrm4_*": "IPsec, below TCP",
    "net.ipv6.*": "IPv6: hosts here speak IPv4",
    "net.mptcp.*": "Multipath TCP, another protocol on top",
    "net.unix.*": "local sockets, not TCP",
    "vm.*": "memory of the machine, which has no end here",
    "kernel.*": "the kernel at large, not TCP",
    "net.inet.*": "a setting of FreeBSD; these hosts are profiles of Linux or of the RFC",
    "kern.ipc.*": "a setting of FreeBSD; these hosts are profiles of Linux or of the RFC",
}
"""Pattern of names -> what it is about. The first that fits is told."""


_OLD = "a setting of old kernels whose mechanism is not modelled"

ABSENT: dict[str, str] = {
    "net.ipv4.tcp_available_congestion_control": "a list to be read, not set: cubic and reno are here",
    "net.ipv4.tcp_min_rtt_wlen": "the least round trip is remembered for ever; a kernel forgets it in time",
    "net.ipv4.tcp_abc": _OLD,
    "net.ipv4.tcp_frto_response": _OLD,
    "net.ipv4.tcp_max_ssthresh": _OLD,
    "net.ipv4.tcp_thin_dupack": _OLD,
    "net.ipv4.tcp_dma_copybreak": _OLD,
    "net.ipv4.tcp_cookie_size": _OLD,
}
"""Settings of TCP that no value can honour here -> why: their mechanism is not modelled."""


class Fixed(NamedTuple):
    """The ``values`` under which a real host behaves as this one does (none: any), and why."""

    values: tuple[str, ...]
    why: str


_NO_PROBING = Fixed((), "path MTU probing is off")
_NO_QUEUE = Fixed((), "there is no queue below TCP here: whatever TCP sends is on the link at once")
_NO_FAST_OPEN = Fixed((), "no SYN here carries a Fast Open option, and one that arrives is ignored")
_NO_METRICS = Fixed((), "routes here remember nothing of earlier connections")
_NO_PLB = Fixed(("0",), "load balancing by flow label is not modelled")
_NO_ACCURATE_ECN = Fixed((), "accurate ECN is not modelled, only the ECN of RFC 3168")

FIXED: dict[str, Fixed] = {
    "net.ipv4.tcp_retries1": Fixed((), "at R1 a kernel doubts its route, and here there is only one"),
    "net.ipv4.tcp_autocorking": _NO_QUEUE,
    "net.ipv4.tcp_limit_output_bytes": _NO_QUEUE,
    "net.ipv4.tcp_backlog_ack_defer": Fixed((), "a segment that arrives is handled at once: there is no backlog"),
    "net.ipv4.tcp_low_latency": Fixed((), "it has had no effect since 4.14"),
    "net.ipv4.tcp_early_demux": Fixed((), "it changes the speed of a lookup, not its answer"),
    "net.ipv4.tcp_ehash_entries": Fixed((), "it changes the speed of a lookup, not its answer"),
    "net.ipv4.tcp_child_ehash_entries": Fixed((), "it changes the speed of a lookup, not its answer"),
    "net.ipv4.tcp_fack": Fixed((), "it has had no effect since 4.15"),
    "net.ipv4.tcp_fastopen": _NO_FAST_OPEN,
    "net.ipv4.tcp_fastopen_key": _NO_FAST_OPEN,
    "net.ipv4.tcp_fastopen_blackhole_timeout_sec": _NO_FAST_OPEN,
    "net.ipv4.tcp_fwmark_accept": Fixed(("0",), "packets here carry no marks"),
    "net.ipv4.tcp_l3mdev_accept": Fixed(("0",), "there are no virtual routing domains here"),
    "net.ipv4.tcp_migrate_req": Fixed(("0",), "request entries do not move between listeners"),
    "net.ipv4.tcp_mtu_probing": Fixed(("0",), "path MTU probing is not modelled"),
    "net.ipv4.tcp_base_mss": _NO_PROBING,
    "net.ipv4.tcp_mtu_probe_floor": _NO_PROBING,
    "net.ipv4.tcp_probe_interval": _NO_PROBING,
    "net.ipv4.tcp_probe_threshold": _NO_PROBING,
    "net.ipv4.tcp_no_metrics_save": _NO_METRICS,
    "net.ipv4.tcp_no_ssthresh_metrics_save": _NO_METRICS,
    "net.ipv4.tcp_plb_enabled": _NO_PLB,
    "net.ipv4.tcp_plb_cong_thresh": Fixed((), "load balancing by flow label is off"),
    "net.ipv4.tcp_plb_idle_rehash_rounds": Fixed((), "load balancing by flow label is off"),
    "net.ipv4.tcp_plb_rehash_rounds": Fixed((), "load balancing by flow label is off"),
    "net.ipv4.tcp_plb_suspend_rto_sec": Fixed((), "load balancing by flow label is off"),
    "net.ipv4.tcp_adv_win_scale": Fixed(("1",), "which part of a receive buffer is window is fixed (window_percent)"),
    "net.ipv4.tcp_allowed_congestion_control": Fixed((), "every program may choose any congestion control there is"),
    "net.ipv4.tcp_app_win": Fixed(("31",), "no part of a window is kept back for the program"),
    "net.ipv4.tcp_moderate_rcvbuf": Fixed(("0",), "a receive buffer keeps its size"),
    "net.ipv4.tcp_pingpong_thresh": Fixed(("1",), "one answer makes a conversation, in which ACKs wait for text"),
    "net.ipv4.tcp_reflect_tos": Fixed(("0",), "packets here carry no class of service"),
    "net.ipv4.ip_autobind_reuse": Fixed(("0",), "a port that bind() chooses is free of any connection"),
    "net.ipv4.ip_early_demux": Fixed((), "it changes the speed of a lookup, not its answer"),
    "net.ipv4.ip_no_pmtu_disc": Fixed(("0",), "a segment too large for a link is dropped, and its sender told"),
    "net.ipv4.ip_nonlocal_bind": Fixed(("0",), "bind() takes the addresses of its own host only"),
    "net.core.rmem_max": Fixed(("2147483647",), "SO_RCVBUF is not bounded"),
    "net.core.wmem_max": Fixed(("2147483647",), "SO_SNDBUF is not bounded"),
    "net.core.txrehash": Fixed((), "there is one path between two hosts"),
    "net.ipv4.tcp_ecn_option": _NO_ACCURATE_ECN,
    "net.ipv4.tcp_ecn_option_beacon": _NO_ACCURATE_ECN,
    "net.ipv4.tcp_shrink_window": Fixed(("0",), "a window that was offered is never taken back"),
    "net.ipv4.tcp_stdurg": Fixed(("0",), "the urgent pointer is read as RFC 9293 does"),
    "net.ipv4.tcp_thin_linear_timeouts": Fixed(("0",), "thin streams are not treated specially"),
    "net.ipv4.tcp_workaround_signed_windows": Fixed(("0",), "no peer is taken to misread large windows"),
}
"""Full name -> where the simulation stands on it."""

SINCE: dict[str, str] = {
    "net.ipv4.tcp_syn_linear_timeouts": "6.5",
    "net.ipv4.tcp_rto_min_us": "6.11",
    "net.ipv4.tcp_rto_max_ms": "6.15",
    "net.ipv4.tcp_tw_reuse_delay": "6.14",
    "net.ipv4.tcp_pingpong_thresh": "6.7",
    "net.ipv4.tcp_comp_sack_delay_ns": "4.18",
    "net.ipv4.tcp_comp_sack_nr": "4.18",
    "net.ipv4.tcp_comp_sack_slack_ns": "5.8",
    "net.ipv4.tcp_recovery": "4.4",
    "net.ipv4.tcp_early_retrans": "3.5",
    "net.ipv4.tcp_challenge_ack_limit": "3.6",
    "net.ipv4.tcp_invalid_ratelimit": "4.0",
    "net.ipv4.tcp_max_reordering": "3.18",
    "net.ipv4.tcp_notsent_lowat": "3.12",
    "net.ipv4.tcp_ecn_fallback": "4.1",
    "net.ipv4.tcp_min_tso_segs": "3.12",
    "net.ipv4.tcp_tso_rtt_log": "5.18",
}
"""Settings younger than the oldest profile -> the version that brought them (kernel's ip-sysctl documentation)."""

UNTIL: dict[str, str] = {"net.ipv4.tcp_tw_recycle": "4.12"}
"""Settings that are gone -> the version that took them away."""


def explanation(name: str) -> str | None:
    """Why no value can be set: what a setting outside TCP is about, or what is not modelled; None if nobody knows it.

    By its full name or its last part.
    """
    return next((why for pattern, why in (ABSENT | OUTSIDE).items() if _fits(name, pattern)), None)


def explained() -> dict[str, str]:
    """Every pattern of names that cannot be set here -> what it is about."""
    return ABSENT | OUTSIDE


def explained_names() -> tuple[str, ...]:
    """The names that ``explanation`` knows, without those that stand for many."""
    return (*(name for name in (ABSENT | OUTSIDE) if "*" not in name), *_EXAMPLES)


_EXAMPLES = ("net.netfilter.nf_conntrack_tcp_timeout_established",)
"""Names that people look for among those that stand for many."""


def _fits(name: str, pattern: str) -> bool:
    last = pattern.rpartition(".")[2]
    return fnmatchcase(name, pattern) or (last != "*" and "." not in name and fnmatchcase(name, last))


def why_not_here(name: str, version: str) -> str | None:
    """Why a host of this Linux ``version`` ("" for none) does not have the setting ``name``; None if it has."""
    if not version:
        return None
    born, gone = SINCE.get(name), UNTIL.get(name)
    if born is not None and version_number(version) < version_number(born):
        return f"it came with Linux {born}, and this host is Linux {version}"
    if gone is not None and version_number(version) >= version_number(gone):
        return f"it is gone since Linux {gone}, and this host is Linux {version}"
    return None


def version_number(version: str) -> tuple[int, ...]:
    """``2.6.32`` -> (2, 6, 32)."""
    return tuple(int(part) for part in version.split("."))
