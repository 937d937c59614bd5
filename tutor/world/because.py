"""Reasons that the host gives, beside those of the protocol: queues, limits, checksums.

Rules
-----
* As in ``tcp.reasons``: an id has one sentence and one clause; words are made by whoever shows them.
* The clauses here are about what the RFC leaves to the host; most follow Linux.
"""

from __future__ import annotations

from tutor.tcp.clauses import Clause
from tutor.tcp.reasons import ReasonText

HOST_REASONS: dict[str, ReasonText] = {
    "checksum-wrong": ReasonText("the checksum does not fit: the segment is thrown away", "host-checksum"),
    "host-is-down": ReasonText("the machine is down: nobody hears the segment", "host-down"),
    "accept-queue-full-syn": ReasonText("the accept queue is full: the SYN is dropped", "host-accept-queue"),
    "accept-queue-full-ack": ReasonText(
        "the accept queue is full: the last ACK of the handshake is ignored", "host-accept-queue"
    ),
    "accept-queue-full-rst": ReasonText("the accept queue is full: the connection is reset", "host-abort-on-overflow"),
    "syn-queue-full": ReasonText("the SYN queue is full: the SYN is dropped", "host-syn-queue"),
    "timestamp-of-host-too-old": ReasonText(
        "a newer timestamp came from this address before: the SYN is taken for an old duplicate", "host-tw-recycle"
    ),
    "syn-reserve-kept": ReasonText(
        "without cookies the last quarter of the SYN backlog is kept free: the SYN is dropped", "host-syn-reserve"
    ),
    "possible-syn-flood": ReasonText("possible SYN flooding: the SYN queue of this listener is full", "host-syn-queue"),
    "cookie-wanted": ReasonText("the SYN queue is full: the SYN is answered with a cookie", "host-cookies"),
    "cookies-always": ReasonText("every SYN is answered with a cookie here", "host-cookies"),
    "no-cookie-here": ReasonText(
        "this protocol departs from TCP in its answer to a SYN: an entry is kept, and no cookie stands in for it",
        "host-cookies",
    ),
    "cookie-forged": ReasonText("the ACK brings no cookie of ours, or an old one", "host-cookies"),
    "accept-queue-full-cookie": ReasonText(
        "the cookie is good but the accept queue is full: the ACK is dropped", "host-accept-queue"
    ),
    "challenged-too-often": ReasonText(
        "this host has sent {limit} challenge ACKs in this second: no more", "host-challenges"
    ),
    "pruned-under-load": ReasonText(
        "the SYN queue is crowded: an old entry gets {tries} tries instead of {usual}", "host-pruning"
    ),
    "listener-gone": ReasonText(
        "its listener is closed: the request entry is forgotten without a word", "host-listener-gone"
    ),
    "request-unreachable": ReasonText(
        "its peer cannot be reached: the request entry is forgotten without a word", "host-request-unreachable"
    ),
    "never-accepted": ReasonText(
        "no program will ever accept what waits in its queue: it is reset", "host-listener-gone"
    ),
    "time-wait-gives-way": ReasonText(
        "timestamps tell old segments from new ones: a new connection takes over this name", "host-tw-reuse"
    ),
    "no-port-left": ReasonText(
        "no port is left to call from: each has a connection to that address, or its TIME-WAIT", "host-ports"
    ),
    "port-taken": ReasonText(
        "from this port there is a connection to that address already, or its TIME-WAIT", "host-ports"
    ),
    "too-many-orphans": ReasonText(
        "more connections without a program than the host keeps: this one is reset", "host-max-orphans"
    ),
    "time-wait-table-full": ReasonText("the TIME-WAIT table is full: this entry ends at once", "host-tw-buckets"),
    "crashed": ReasonText("the machine has crashed: it has forgotten everything", "host-down"),
}  # fmt: skip
"""Every reason that a host gives."""

REFUSALS: dict[str, str] = {
    "no-host": "there is no host {name!r}",
    "no-owner": "there is no host and no link {name!r}",
    "no-link": "there is no link {name!r}; allowed: {allowed}",
    "no-profile": "no profile {name!r}; allowed: {allowed}",
    "no-connection-there": "there is no such connection",
    "link-elsewhere": "{link} does not reach {name!r}",
    "no-parameter": "a link has no {name!r}; allowed: {allowed}",
    "cut-already": "the link is cut already",
    "whole-already": "the link is whole already",
    "down-already": "the machine is down already",
    "not-on-its-way": "this segment is not on its way",
    "nothing-behind-it": "no other segment of this sender is on its way behind this one",
    "nothing-armed": "nothing like this is armed",
    "no-such-program": "this host has no such program",
    "no-such-line": "the program has no line {line}",
    "line-is-blocked": "line {line} is a call that has not returned: it cannot be forgotten now",
    "cannot-be-set": "{why}",
}
"""Why a hand's act could not be done: message ids with placeholders."""

HOST_CLAUSES: dict[str, Clause] = {
    "host-checksum": Clause(
        "RFC 9293", "3.1", "A segment whose checksum does not fit is discarded."
    ),
    "host-down": Clause(
        "RFC 9293", "3.5.1", "A host that crashes forgets its connections; the other end does not know."
    ),
    "host-accept-queue": Clause(
        "Linux ip-sysctl", "somaxconn", "An accept queue holds the smaller of backlog and somaxconn, and one more."
    ),
    "host-abort-on-overflow": Clause(
        "Linux ip-sysctl", "tcp_abort_on_overflow", "If set, a full accept queue resets instead of waiting."
    ),
    "host-syn-queue": Clause(
        "Linux ip-sysctl", "tcp_max_syn_backlog", "A listener remembers a limited number of unfinished handshakes."
    ),
    "host-syn-reserve": Clause(
        "Linux", "tcp_conn_request", "Without cookies a quarter of tcp_max_syn_backlog is kept for known callers."
    ),
    "host-cookies": Clause(
        "Linux ip-sysctl", "tcp_syncookies", "0: never; 1: when the SYN queue of a listener is full; 2: always."
    ),
    "host-challenges": Clause(
        "Linux", "tcp_challenge_ack_limit", "A host sends so many challenge ACKs a second at most."
    ),
    "host-pruning": Clause(
        "Linux", "reqsk_timer_handler", "With more than half of the SYN queue in use, old entries get fewer tries."
    ),
    "host-request-unreachable": Clause(
        "Linux", "tcp_req_err", "An ICMP error that says so deletes a request entry; no RST is sent."
    ),
    "host-listener-gone": Clause(
        "Linux",
        "inet_csk_listen_stop",
        "A listener that closes resets what nobody accepted and forgets what is unfinished."
    ),
    "host-tw-reuse": Clause(
        "RFC 6191", "2", "With timestamps a connection in TIME-WAIT may make room for a new one of the same name."
    ),
    "host-ports": Clause(
        "Linux ip-sysctl", "ip_local_port_range", "The ports that connect() may choose from."
    ),
    "host-tw-recycle": Clause(
        "Linux ip-sysctl", "tcp_tw_recycle", "Until 4.11: one remembered timestamp for each address, whoever uses it."
    ),
    "host-max-orphans": Clause(
        "Linux ip-sysctl", "tcp_max_orphans", "A host keeps a limited number of connections that no program holds."
    ),
    "host-tw-buckets": Clause(
        "Linux ip-sysctl", "tcp_max_tw_buckets", "A host keeps a limited number of TIME-WAIT entries."
    ),
}  # fmt: skip
"""Every clause that a host's reason names."""
