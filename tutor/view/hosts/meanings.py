"""Meanings: one sentence about each variable, timer and counter that a panel shows, and where it comes from.

Rules
-----
* A name is as the standard or the kernel writes it; the sentence is ours.
* A name without a sentence is shown all the same. A test counts those that lack one.
"""

from __future__ import annotations

from tutor.words import mark

RFC = "RFC 9293 3.3.1"

VARIABLES: dict[str, tuple[str, str]] = {
    "SND.UNA": (mark("the oldest number that was sent and is not acknowledged"), RFC),
    "SND.NXT": (mark("the next number that will be sent"), RFC),
    "SND.WND": (mark("how many octets the peer takes, counted from SND.UNA"), RFC),
    "SND.WL1": (mark("the sequence number of the segment that brought this window"), RFC),
    "SND.WL2": (mark("the acknowledgment number of the segment that brought this window"), RFC),
    "SND.UP": (mark("the number after the last urgent octet sent"), RFC),
    "ISS": (mark("the initial number of our direction, which the SYN took"), RFC),
    "MAX.SND.WND": (mark("the largest window that the peer has ever offered"), "RFC 5961 5.2"),
    "RCV.NXT": (mark("the next number expected: what our ACKs say"), RFC),
    "RCV.WND": (mark("how many octets we take, counted from RCV.NXT"), RFC),
    "RCV.UP": (mark("the number after the last urgent octet received"), RFC),
    "IRS": (mark("the initial number of the peer's direction"), RFC),
    "Last.ACK.sent": (mark("the acknowledgment number of our last segment"), "RFC 7323 4.3"),
    "SACK": (mark("blocks that arrived ahead of a hole, the newest first"), "RFC 2018 4"),
    "State": (mark("where this end is in the state diagram"), "RFC 9293 3.3.2"),
    "Descriptor": (mark("the number by which the program knows this socket"), ""),
    "cwnd": (mark("how much may be in flight for the network's sake"), "RFC 5681 2"),
    "ssthresh": (mark("below it cwnd grows fast, above it carefully"), "RFC 5681 3.1"),
    "FlightSize": (mark("octets sent and not acknowledged yet"), "RFC 5681 2"),
    "Phase": (mark("what the repair of losses is at: open, disorder, cwr, recovery or loss"), "Linux tcp_ca_state"),
    "DupAcks": (mark("segments that duplicate ACKs say have arrived"), "RFC 5681 2"),
    "Control": (mark("the algorithm that moves cwnd"), "Linux tcp_congestion_control"),
    "SRTT": (mark("the smoothed round-trip time"), "RFC 6298 2"),
    "RTTVAR": (mark("how much the round-trip time varies"), "RFC 6298 2"),
    "RTO": (mark("how long to wait for an ACK before sending again"), "RFC 6298 2"),
    "min RTT": (mark("the shortest round trip seen"), "Linux tcpi_min_rtt"),
    "Retries": (mark("retransmissions or probes in a row without any progress"), "Linux icsk_retransmits"),
    "SMSS": (mark("the most text that one of our segments carries"), "RFC 9293 3.7.1"),
    "Snd.Wind.Shift": (mark("by how many bits the windows that we receive are shifted"), "RFC 7323 2"),
    "Rcv.Wind.Shift": (mark("by how many bits the windows that we send are shifted"), "RFC 7323 2"),
    "TS.Recent": (mark("the peer's timestamp that our segments echo"), "RFC 7323 4.3"),
    "SACK-permitted": (mark("both SYNs have allowed selective acknowledgments"), "RFC 2018 2"),
    "ECN": (mark("both SYNs have agreed to heed marks of congestion"), "RFC 3168 6.1.1"),
}
"""Variable -> (what it is, as half a sentence; where it is defined)."""

TIMERS: dict[str, tuple[str, str]] = {
    "retransmission": (mark("the oldest segment not acknowledged goes again, and the RTO doubles"), "RFC 6298 5.4-5.5"),
    "loss-probe": (
        mark("the last segment goes again, to learn whether the end was lost"),
        "RFC 8985 7.3",
    ),
    "reordering": (mark("what was only late until now counts as lost and goes again"), "RFC 8985 6.3"),
    "persist": (mark("a probe asks whether the shut window has opened"), "RFC 9293 3.8.6.1"),
    "delayed-ack": (mark("the ACK that waited for text to ride on goes alone"), "RFC 9293 3.8.6.3"),
    "sack-compression": (mark("one ACK tells of all that came out of order since"), "Linux tcp_comp_sack_delay_ns"),
    "keepalive": (mark("a probe asks whether the silent peer still lives"), "RFC 9293 3.8.4"),
    "user": (mark("the user's patience is over: the connection is aborted"), "RFC 9293 3.9.1.1"),
    "fin-wait-2": (
        mark("the peer's FIN did not come: the connection without a program is forgotten"),
        "Linux tcp_fin_timeout",
    ),
    "time-wait": (mark("nothing of this connection can be on its way any more: the entry is deleted"), "RFC 9293 3.6"),
}
"""Timer -> (the rule of what happens when it runs out; where it stands)."""
