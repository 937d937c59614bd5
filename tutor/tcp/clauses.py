"""Clauses: which sentence of which standard a decision rests on, and how we read it.

Rules
-----
* A clause is named by an id; the reading is one sentence of ours, never the standard's own words.
* Where the standard contradicts itself, is silent or cannot be meant literally, a ``Note`` says what we do.

The texts here are message ids: translations live in the catalogues.
"""

from __future__ import annotations

from typing import NamedTuple

RFC = "RFC 9293"


class Clause(NamedTuple):
    """Document, section, and our one-sentence reading."""

    document: str
    section: str
    reading: str

    def __str__(self) -> str:
        return f"{self.document} section {self.section}"


CLAUSES: dict[str, Clause] = {
    # --- calls ---
    "open-closed": Clause(RFC, "3.10.1", "OPEN creates a control block; an active one sends a SYN."),
    "open-listen": Clause(RFC, "3.10.1", "An active OPEN turns a listening connection into a caller."),
    "send-listen": Clause(RFC, "3.10.2", "SEND on a listening connection with a known peer sends a SYN."),
    "send": Clause(RFC, "3.10.2", "What is written is cut into segments and sent; after the close nothing is taken."),
    "receive": Clause(
        RFC, "3.10.3", "RECEIVE hands over what has arrived in order, and after the FIN reports the end."
    ),
    "close-listen": Clause(RFC, "3.10.4", "CLOSE while listening deletes the control block."),
    "close-syn-sent": Clause(RFC, "3.10.4", "CLOSE before any answer deletes the control block."),
    "close-syn-received": Clause(RFC, "3.10.4", "CLOSE before the handshake ends sends a FIN once nothing is queued."),
    "close-established": Clause(RFC, "3.10.4", "CLOSE sends a FIN after all that was written before."),
    "close-close-wait": Clause(RFC, "3.10.4", "CLOSE after the peer's FIN sends ours and waits for its ACK."),
    "abort-listen": Clause(RFC, "3.10.5", "ABORT while listening deletes the control block."),
    "abort-syn-sent": Clause(RFC, "3.10.5", "ABORT before any answer deletes the control block without a RST."),
    "abort-synchronised": Clause(
        RFC, "3.10.5", "ABORT sends a RST, flushes every queue and deletes the control block."
    ),
    "abort-closing": Clause(RFC, "3.10.5", "ABORT after both FINs only deletes the control block."),
    "abort-note-3": Clause(RFC, "3.3.2, note 3", "Whoever sends the RST of an ABORT waits in TIME-WAIT."),
    "half-duplex-close": Clause(RFC, "3.6.1", "Text that nobody will read is answered with a RST, to show the loss."),
    # --- what a protocol that was broken on purpose offends against ---
    "against-handshake": Clause(
        RFC, "3.4.1", "A SYN may be old, so its sender is asked to confirm the number of the answer; here nobody asks."
    ),
    "against-three": Clause(
        RFC, "3.4.1", "ACK and SYN of the answer can share a segment, hence three; here each has its own."
    ),
    "against-ack-check": Clause(
        RFC, "3.10.7.4, fifth", "An ACK counts only if it acknowledges what was sent; here that is not asked."
    ),
    "against-fresh-numbers": Clause(
        RFC, "3.4.1", "A connection begins with a number that no old segment has; here it is always the same."
    ),
    "against-time-wait": Clause(
        RFC, "3.10.7.4, eighth", "Who closed first waits two segment lifetimes, to answer a FIN that comes again."
    ),
    "against-repetition": Clause(RFC, "3.8.1", "What is not acknowledged is sent again, a FIN too; here it is not."),
    "against-close": Clause(RFC, "3.6", "Each side closes for itself, when it has no more to send; here one for both."),
    "against-answer": Clause(
        RFC, "3.10.7.1", "Without a connection everything but a RST is answered with a RST; here with nothing."
    ),
    # --- CLOSED, LISTEN, SYN-SENT ---
    "arrives-closed": Clause(RFC, "3.10.7.1", "Without a connection everything but a RST is answered with a RST."),
    "listen-rst": Clause(RFC, "3.10.7.2", "A listener ignores a RST: it has sent nothing that could be reset."),
    "listen-ack": Clause(RFC, "3.10.7.2", "A listener answers any ACK with a RST: it has sent nothing to acknowledge."),
    "listen-syn": Clause(RFC, "3.10.7.2", "A SYN to a listener is answered with SYN,ACK; its text waits."),
    "syn-cookie": Clause(
        "RFC 4987", "3.6", "A listener may put what it must remember of a SYN into the number of its answer."
    ),
    "defer-accept": Clause("Linux tcp(7)", "TCP_DEFER_ACCEPT", "A connection is accepted once it has brought text."),
    "listen-other": Clause(RFC, "3.10.7.2", "A listener drops what carries neither SYN nor ACK."),
    "syn-sent-ack": Clause(RFC, "3.10.7.3", "While a SYN waits for its answer, an ACK of anything else draws a RST."),
    "syn-sent-rst": Clause(RFC, "3.10.7.3", "A RST refuses the connection only if it acknowledges our SYN."),
    "syn-sent-syn": Clause(
        RFC, "3.10.7.3", "A SYN with the ACK of ours opens the connection; without, two SYNs have crossed."
    ),
    "syn-sent-other": Clause(RFC, "3.10.7.3", "While a SYN waits for its answer, only SYN and RST mean anything."),
    # --- the eight checks ---
    "sequence": Clause(
        RFC, "3.10.7.4, first", "A segment outside the window is dropped, and answered unless it is a RST."
    ),
    "syn-syn-received": Clause(RFC, "3.10.7.4, fourth", "A new SYN in a passive SYN-RECEIVED returns it to LISTEN."),
    "syn-repeated": Clause(RFC, "3.10.7.4, first", "The SYN that was already answered is answered again."),
    "crossed-syn-ack": Clause(RFC, "3.5, figure 7", "When two SYNs cross, each SYN,ACK acknowledges and opens."),
    "rst-syn-received": Clause(
        RFC, "3.10.7.4, second", "A RST returns a passive SYN-RECEIVED to LISTEN and refuses an active one."
    ),
    "rst-established": Clause(RFC, "3.10.7.4, second", "A RST with exactly the next number resets the connection."),
    "rst-closing": Clause(
        RFC, "3.10.7.4, second", "A RST with exactly the next number deletes a connection that both have closed."
    ),
    "rst-not-exact": Clause("RFC 5961", "3.2", "A RST elsewhere in the window is answered with a challenge ACK."),
    "syn-rfc-793": Clause("RFC 793", "3.9, fourth", "A SYN in the window is an error: reset the connection."),
    "syn-in-connection": Clause("RFC 5961", "4.2", "A SYN inside a connection is answered with a challenge ACK."),
    "challenge-limit": Clause("RFC 5961", "7", "Answers to invalid segments are limited in number."),
    "ack-missing": Clause(RFC, "3.10.7.4, fifth", "A segment without ACK is dropped."),
    "ack-syn-received": Clause(
        RFC, "3.10.7.4, fifth", "The ACK of our SYN opens the connection; any other draws a RST."
    ),
    "ack-range": Clause(RFC, "3.10.7.4, fifth", "An ACK of what was never sent is answered with an ACK and dropped."),
    "ack-too-old": Clause(
        "RFC 5961", "5.2", "An ACK older than the largest window is answered and dropped with its text."
    ),
    "ack-window": Clause(RFC, "3.10.7.4, fifth", "The newest segment sets the send window."),
    "ack-fin-wait-1": Clause(RFC, "3.10.7.4, fifth", "The ACK of our FIN leads from FIN-WAIT-1 to FIN-WAIT-2."),
    "ack-closing": Clause(RFC, "3.10.7.4, fifth", "The ACK of our FIN leads from CLOSING to TIME-WAIT."),
    "ack-last-ack": Clause(RFC, "3.10.7.4, fifth", "The ACK of our FIN ends a connection in LAST-ACK."),
    "ack-time-wait": Clause(RFC, "3.10.7.4, fifth", "Only the peer's repeated FIN matters in TIME-WAIT."),
    "text": Clause(
        RFC, "3.10.7.4, seventh", "Text in the window is kept: in order at once, early text until the gap is filled."
    ),
    "d-sack": Clause("RFC 2883", "4", "The first block of an ACK tells what arrived twice."),
    "text-ignored": Clause(RFC, "3.10.7.4, seventh", "Text after the peer's FIN is ignored."),
    "fin-established": Clause(
        RFC, "3.10.7.4, eighth", "The peer's FIN leads from ESTABLISHED to CLOSE-WAIT and is acknowledged."
    ),
    "fin-fin-wait-1": Clause(
        RFC,
        "3.10.7.4, eighth",
        "The peer's FIN leads from FIN-WAIT-1 to TIME-WAIT if ours is acknowledged, else to CLOSING.",
    ),
    "fin-fin-wait-2": Clause(RFC, "3.10.7.4, eighth", "The peer's FIN leads from FIN-WAIT-2 to TIME-WAIT."),
    "fin-time-wait": Clause(
        RFC, "3.10.7.4, eighth", "The peer's FIN again is acknowledged again, and 2 MSL starts anew."
    ),
    "reopen-time-wait": Clause(
        RFC, "3.6.1", "A SYN that is surely newer may open the connection again from TIME-WAIT."
    ),
    "paws": Clause("RFC 7323", "5.3", "A segment with an older timestamp is an old duplicate: answered and dropped."),
    "timestamps-agreed": Clause("RFC 7323", "3.2", "Once agreed on, timestamps are on every segment but a RST."),
    "time-wait-assassination": Clause(
        "RFC 1337", "3", "Ignoring RSTs in TIME-WAIT keeps old duplicates from ending it."
    ),
    # --- timers ---
    "retransmission": Clause(RFC, "3.10.8", "When the retransmission timer expires the oldest segment is sent again."),
    "rto": Clause("RFC 6298", "2", "The timeout is the smoothed round trip plus four times its variation."),
    "karn": Clause("RFC 6298", "3", "A segment sent twice is not measured: nobody knows which copy was acknowledged."),
    "give-up": Clause(RFC, "3.8.3", "After R2 the connection is closed."),
    "user-timeout": Clause(RFC, "3.10.8", "When nothing moves for the user timeout the connection is aborted."),
    "linger2": Clause("tcp(7)", "TCP_LINGER2", "A negative time ends FIN-WAIT-2 of an orphan at once."),
    "orphan-timeout": Clause("tcp(7)", "tcp_fin_timeout", "An orphan waits in FIN-WAIT-2 only so long."),
    "time-wait-timeout": Clause(RFC, "3.10.8", "After 2 MSL the control block is deleted."),
    "keepalive": Clause(RFC, "3.8.4", "A silent peer may be probed; only unanswered probes end the connection."),
    "zero-window-probe": Clause(RFC, "3.8.6.1", "A shut window is probed, for as long as the peer answers."),
    "silly-window": Clause(RFC, "3.8.6.2.1", "A sender waits until a segment is worth its header."),
    "window-update": Clause(RFC, "3.8.6.2.2", "A receiver speaks of a larger window only when it is much larger."),
    "delayed-ack": Clause(RFC, "3.8.6.3", "An ACK may wait, but not half a second, nor for a third full segment."),
    "gathered-acks": Clause("RFC 5681", "4.2", "Text out of order is acknowledged at once; Linux gathers after three."),
    "nagle": Clause(RFC, "3.7.4", "A small segment waits while another is unacknowledged."),
    "congestion-window": Clause("RFC 5681", "3.1", "The network, too, bounds what may be in flight."),
    "idle-restart": Clause("RFC 5681", "4.1", "A congestion window that was not used for a timeout begins anew."),
    "ecn-echo": Clause("RFC 3168", "6.1.3", "A mark of the network is echoed until the sender has answered it."),
    "ecn-cut": Clause("RFC 3168", "6.1.2", "An echoed mark counts as a loss, once in a window of data."),
    "slow-start-ends": Clause("RFC 9406", "4", "A growing round trip ends slow start before a loss does."),
    # --- loss ---
    "tlp": Clause("RFC 8985", "7", "After two round trips of silence the end of a flight is probed."),
    "tlp-loss": Clause("RFC 8985", "7.4", "A loss that only the probe repaired counts as any other."),
    "rack": Clause("RFC 8985", "6", "What was sent long enough before something that arrived is lost."),
    "rack-window": Clause("RFC 8985", "6.2", "Where the order changes, a segment may be late without being lost."),
    "fast-retransmit": Clause("RFC 5681", "3.2", "The third duplicate ACK repeats the oldest segment."),
    "partial-ack": Clause("RFC 6582", "3.2", "A partial ACK names the next hole."),
    "recovery-ends": Clause("RFC 6582", "3.2", "Recovery lasts until all that was in flight is acknowledged."),
    "prr": Clause("RFC 6937", "3", "In recovery as much is sent as arrives, in proportion to the threshold."),
    "slow-start-again": Clause("RFC 5681", "3.1", "After a timeout the window grows from one segment."),
    "d-sack-sender": Clause("RFC 2883", "5", "A sender learns which of its repetitions were needless."),
    "undo-d-sack": Clause("RFC 3708", "2", "If all repetitions arrived twice, nothing had been lost."),
    "undo-eifel": Clause("RFC 4015", "3.2", "A reduction without a loss is taken back."),
    "f-rto": Clause("RFC 5682", "3.1", "An ACK of what was sent once proves a timeout spurious."),
    "reneging": Clause("RFC 2018", "8", "A receiver may discard what it has told to hold."),
    # --- ICMP ---
    "icmp-hard": Clause(RFC, "3.9.2.2", "A hard error ends the connection."),
    "icmp-soft": Clause(RFC, "3.9.2.2", "A soft error is told to the user and ends nothing."),
    "icmp-soft-connect": Clause(
        "Linux", "tcp_v4_err", "A soft error ends a connection attempt; RFC 9293 section 3.9.2.2 forbids it (MUST-56)."
    ),
    "icmp-hard-survived": Clause(
        "Linux", "tcp_v4_err", "A hard error is only noted; by RFC 9293 section 3.9.2.2 it should end the connection."
    ),
    "icmp-no-route": Clause("RFC 6069", "3", "No route for a repeated segment: one doubling of the RTO is taken back."),
    "path-mtu": Clause(RFC, "3.7.2", "Segments shrink to what the path carries."),
}  # fmt: skip
"""Every clause that a reason or an edge names."""

NOTES: dict[str, str] = {
    "abort-and-time-wait": "RFC 9293 contradicts itself: section 3.10.5 has ABORT end in CLOSED, note 3 of figure 5 "
    "in TIME-WAIT. We follow 3.10.5, as Linux does.",
    "figure-7": "Read literally, the first check drops the SYN,ACK of figure 7, since its number lies one before the "
    "window. We let it open the connection, as the figure shows.",
    "fin-in-time-wait": "Read literally, the first check drops a repeated FIN in TIME-WAIT before 2 MSL can be "
    "restarted. We recognise it first.",
    "rst-in-syn-sent": "RFC 5961 wants a RST to match RCV.NXT exactly, but in SYN-SENT there is no RCV.NXT yet. The "
    "acknowledgment number is the check there.",
    "ack-behind-probe": "A probe's octet puts SND.NXT beyond the peer's window, where a literal first check drops even "
    "our ACKs, and two probing ends would answer each other for ever (appendix A.2). Such an ACK carries the window's "
    "right edge instead.",
    "window-on-open": "The RFC does not say that SND.WND, SND.WL1 and SND.WL2 are set when SYN-SENT becomes "
    "ESTABLISHED. Without them nothing could be sent, so they are.",
}
"""Where the standard is not enough, what we do."""
