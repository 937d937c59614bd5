"""Rules of a TCP as sentences for somebody who learns it: what this one does, what the RFC would, and how we know.

Rules
-----
* A number is said with what it measures; a rule that holds or not, as a sentence or its contrary; a rule that has a
  name in the code, by what the name stands for. No name of the code's or of a recording is shown.
"""

from __future__ import annotations

import re

from tutor.commands.profiles import shown
from tutor.joining import listed, named
from tutor.tcp.profile import RULES, Profile, Source
from tutor.view.byhand import capitalised
from tutor.words import Words, mark

DOCS = {rule.name: rule.metadata["doc"] for rule in RULES}
"""Field of a profile -> what it is about (English)."""

UNITS = {rule.name: rule.metadata.get("unit", "") for rule in RULES}
"""Field of a profile -> what its number counts."""

NAMED: dict[tuple[str, str], str] = {
    ("old_ack_of_sent", "True"): mark("an ACK older than all that has been acknowledged is looked at by what was sent"),
    ("syn_fin_to_listener", "accept"): mark("a listener takes a SYN+FIN as it takes a SYN"),
    ("syn_fin_to_listener", "drop"): mark("a listener throws a SYN+FIN away"),
    ("syn_text", "queue"): mark("text on a SYN is kept until the connection is open"),
    ("syn_text", "ignore"): mark("text on a SYN is not taken; it must be sent again"),
    ("repeated_syn", "ack"): mark("a SYN seen before is answered with an ACK"),
    ("repeated_syn", "syn-ack"): mark("a SYN seen before is answered with the SYN+ACK, and the timer starts anew"),
    ("repeated_syn", "syn-ack-untimed"): mark("a SYN seen before is answered with the SYN+ACK; the timer runs on"),
    ("crossed_syn_ack", "accept"): mark("when two SYNs have crossed, the SYN+ACK opens the connection"),
    ("crossed_syn_ack", "accept-and-ack"): mark("when two SYNs have crossed, the SYN+ACK opens it and is acknowledged"),
    ("crossed_syn_ack", "challenge"): mark("when two SYNs have crossed, the SYN+ACK is answered with a challenge ACK"),
    ("crossed_options", "agreed"): mark("when two SYNs cross, the SYN+ACK carries the options that both have offered"),
    ("crossed_options", "own"): mark("when two SYNs cross, the SYN+ACK carries its sender's own options"),
    ("refused_in_syn_sent", "reset"): mark("a RST in SYN-SENT is reported as “connection reset”"),
    ("refused_in_syn_sent", "refused"): mark("a RST in SYN-SENT is reported as “connection refused”"),
    ("refused_in_syn_received", "refused"): mark("a RST in SYN-RCVD is reported to the caller as “connection refused”"),
    ("refused_in_syn_received", "reset"): mark("a RST in SYN-RCVD is reported to the caller as “connection reset”"),
    ("segment_without_ack", "drop-fifth"): mark("a segment without ACK is dropped at the fifth check, in its turn"),
    ("segment_without_ack", "drop-first"): mark("a segment without ACK is dropped before anything else is looked at"),
    ("rst_to_request", "exact"): mark("only a RST with exactly the next number ends a passive SYN-RCVD"),
    ("rst_to_request", "in-window"): mark("a RST anywhere in the window ends a passive SYN-RCVD"),
    ("unsent_ack", "answer"): mark("an ACK of what was never sent is answered, in every state"),
    ("unsent_ack", "answer-in-closing"): mark("an ACK of what was never sent is answered only while closing"),
    ("unsent_ack", "ignore"): mark("an ACK of what was never sent is not answered"),
    ("old_ack_in_closing", "take"): mark("while closing, an old ACK is taken"),
    ("old_ack_in_closing", "challenge"): mark("while closing, an old ACK is answered with a challenge ACK"),
    ("icmp_ends_request", "none"): mark("no ICMP error ends a half-open connection"),
    ("icmp_ends_request", "soft"): mark("an ICMP error of no route ends a half-open connection silently"),
    ("icmp_ends_request", "any"): mark("any ICMP error ends a half-open connection silently"),
    ("missing_timestamp", "drop"): mark("a segment without the timestamp that was agreed on is dropped"),
    ("missing_timestamp", "accept"): mark("a segment without the timestamp that was agreed on is taken"),
    ("rto_min_applies_to", "rto"): mark("the RTO itself is never below its least value"),
    ("rto_min_applies_to", "variance"): mark("the part of the RTO for variation is never below the least value"),
    ("patience", "on-time"): mark("giving up happens exactly when the time is over"),
    ("patience", "at-expiries"): mark("giving up waits for the next timer that expires after its time"),
    ("shut_over_flight", "probed"): mark("text in flight when the peer shuts its window is probed for"),
    ("shut_over_flight", "retransmitted"): mark("text in flight when the peer shuts its window is sent again"),
    ("congestion_control", "off"): mark("no congestion window limits the sender"),
    ("congestion_control", "reno"): mark("Reno sizes the congestion window"),
    ("congestion_control", "cubic"): mark("CUBIC sizes the congestion window"),
    ("congestion_unit", "octets"): mark("the congestion window counts octets"),
    ("congestion_unit", "segments"): mark("the congestion window counts segments"),
    ("idle_restart", "at-once"): mark("after an idle RTO the congestion window starts small again"),
    ("idle_restart", "halves"): mark("the congestion window halves with each idle RTO"),
    ("loss_recovery", "off"): mark("only the timer repairs a loss"),
    ("loss_recovery", "newreno"): mark("three repeated ACKs tell of a loss (NewReno)"),
    ("loss_recovery", "sack-rack"): mark("SACK and the time of sending tell of a loss (RACK-TLP)"),
    ("loss_evidence", "time"): mark("a segment counts as lost when one sent later has arrived for long enough"),
    ("loss_evidence", "distance"): mark("a segment counts as lost when enough has arrived beyond it"),
    ("ecn", "off"): mark("marks of congestion (ECN) are not used"),
    ("ecn", "on"): mark("marks of congestion (ECN) are asked for"),
    ("ecn", "asked"): mark("marks of congestion (ECN) are granted to who asks for them"),
    ("nagle", "any"): mark("a small segment waits until everything sent has been acknowledged"),
    ("nagle", "small"): mark("a small segment waits only for the ACK of another small one"),
    ("silly_window", "half-window"): mark("into a small window one sends when it is half the largest seen"),
    ("silly_window", "whole-segment"): mark("into a small window one sends only a whole segment"),
    ("repeated_window", "any"): mark("a window told again with the same numbers is taken, whatever it is"),
    ("repeated_window", "larger-or-zero"): mark("a window told again with the same numbers is taken if larger or zero"),
    ("repeated_window", "larger"): mark("a window told again with the same numbers is taken only if larger"),
    ("push_marks", "each-send"): mark("PSH stands at the end of each write"),
    ("push_marks", "buffer-end"): mark("PSH stands where the buffer is empty, and at times before"),
    ("ack_delay", "fixed"): mark("an ACK waits for text always equally long"),
    ("ack_delay", "adaptive"): mark("how long an ACK waits for text follows the rhythm of the peer"),
    ("timer_lateness", "none"): mark("timers fire exactly"),
    ("timer_lateness", "judged"): mark("timers fire exactly, but giving up is judged as if they were late"),
    ("timer_lateness", "wheel"): mark("timers fire when the kernel's wheel of timers comes round: somewhat late"),
    ("keepalive_timer", "restarts"): mark("whatever the peer sends starts the keep-alive timer anew"),
    ("keepalive_timer", "keeps-time"): mark("the keep-alive timer looks at its expiry when the peer was heard last"),
    ("window_growth", "buffer"): mark("the window opens as far as the buffer is free"),
    ("window_growth", "segments"): mark("the window opens as well filled segments arrive"),
    ("beyond_window", "cut"): mark("text that reaches beyond the window is cut off there"),
    ("beyond_window", "take"): mark("text that reaches beyond the window is taken whole"),
    ("beyond_window", "take-if-empty"): mark("text that reaches beyond the window is taken whole if nothing is unread"),
    ("option_layout", "by-kind"): mark("options stand in the header in the order of their kinds"),
    ("option_layout", "paired"): mark("options stand in the header in pairs of whole words, filled with NOP"),
    ("syn_queue_rule", "backlog-and-one"): mark("a listener keeps one half-open connection more than its backlog"),
    ("syn_queue_rule", "backlog"): mark("a listener keeps as many half-open connections as its backlog"),
    ("syn_queue_rule", "power-of-two"): mark("a listener keeps half-open connections up to a power of two"),
    ("port_choice", "sequential"): mark("connect() tries one port after the other"),
    ("port_choice", "parity"): mark("connect() tries the even ports first, then the odd ones"),
    ("timestamp_offset", "none"): mark("timestamps begin at the clock of the host"),
    ("timestamp_offset", "host"): mark("a host adds one secret number to all its timestamps"),
    ("timestamp_offset", "address pair"): mark("a host adds a secret number to its timestamps, one for each peer"),
    ("isn_offset", "host"): mark("first numbers are read off one clock, the same for all connections"),
    ("isn_offset", "four-tuple"): mark("to the clock of first numbers a keyed hash of the four-tuple is added"),
}  # fmt: skip
"""(field, the name of the rule) -> what it stands for."""

HOW = {
    "measured": mark("recorded from the kernel"),
    "read in source": mark("read in its source"),
    "documented": mark("documented"),
    "our choice": mark("our choice"),
    "unknown": mark("not known for sure"),
}
"""How we know a value, for a footnote."""


def apart(field: str, mine: Profile, standard: Profile, words: Words) -> str:
    """What ``mine`` does otherwise than ``standard`` in one rule, in sentences, with its footnote."""
    ours, theirs = rule(field, mine, words), rule(field, standard, words)
    if UNITS[field] and UNITS[field] != "yes/no":
        theirs = _number(field, standard, words)[1]
    elif UNITS[field]:
        said = words.t("{rule}; RFC 9293 has it otherwise", rule=ours)
        return _noted(said, field, mine, words)
    said = words.t("{rule}; in RFC 9293: {other}", rule=ours, other=theirs)
    return _noted(said, field, mine, words)


def _noted(said: str, field: str, mine: Profile, words: Words) -> str:
    return words.t("{sentence}. ({footnote})", sentence=capitalised(said), footnote=footnote(field, mine, words))


def rule(field: str, profile: Profile, words: Words) -> str:
    """What a profile does in one respect: half a sentence."""
    value = getattr(profile, field)
    if (field, str(value)) in NAMED:
        return words.t(NAMED[field, str(value)])
    if UNITS[field] == "yes/no":
        doc = words.t(DOCS[field])
        return doc if value else words.t("it is not so that {rule}", rule=doc)
    what, number = _number(field, profile, words)
    return words.t("{what}: {number}", what=what, number=number)


def _number(field: str, profile: Profile, words: Words) -> tuple[str, str]:
    """What a number measures, and the number; a zero that stands for something is said as that."""
    what, *zero = _ZERO.split(words.t(DOCS[field]), maxsplit=1)
    said = zero[0] if zero and not getattr(profile, field) else shown(profile, field, words)
    return what, said


_ZERO = re.compile(r"[;；] ?0 ?(?:=|表示) ?")
_OURS = re.compile(r"(?:golden|asked)[: ][^;]*")
_PLACES = re.compile(
    r"\b_*(?:(?:tcp|inet|ip|sk|reqsk|secure|calc)_\w+(?:\(\))?|(?:net|kernel|include)/[\w/.]+|TCP_[A-Z_0-9]+)"
)


def footnote(field: str, profile: Profile, words: Words) -> str:
    """Where a value comes from: ``Linux 6.18: tcp_rcv_state_process() · recorded from the kernel``."""
    source: Source = profile.source(field)
    places = list(dict.fromkeys(_PLACES.findall(_OURS.sub("", source.text))))[:2]
    name = words.t(profile.title)
    where = named(name, listed(places, words), words) if places else name
    return f"{where} · {words.t(HOW[source.status])}"
