"""Reasons: why the engine did what it did.

Rules
-----
* A decision yields a ``Reason``: an id with arguments, never a sentence. Words are made by whoever shows them.
* Every id has one sentence and one clause in ``REASONS``.
* An argument whose name ends in ``_us`` is a span in microseconds; whoever shows it writes it as people do.
"""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """One "because": an id of ``REASONS`` and the values that its sentence mentions."""

    id: str
    arguments: tuple[tuple[str, int | str], ...] = ()

    def __str__(self) -> str:
        return " ".join((self.id, *(f"{name}={value}" for name, value in self.arguments)))


class ReasonText(NamedTuple):
    """The sentence (a message id with ``{placeholders}``), its clause, and the note it rests on, if any."""

    sentence: str
    clause: str
    note: str | None = None


REASONS: dict[str, ReasonText] = {
    # --- the user ---
    "opened-actively": ReasonText("the program asked for a connection", "open-closed"),
    "opened-passively": ReasonText("the program waits for connections", "open-closed"),
    "send-turns-active": ReasonText("data written on a listening connection makes it call", "send-listen"),
    "listener-stays-passive": ReasonText("a listener cannot call here", "open-listen"),
    "closed-by-user": ReasonText("the program has no more to send", "close-established"),
    "listener-closed": ReasonText("the program waits for connections no longer", "close-listen"),
    "call-given-up": ReasonText("the program gives up a call that nobody has answered", "close-syn-sent"),
    "aborted-by-user": ReasonText("the program threw the connection away", "abort-synchronised", "abort-and-time-wait"),
    "close-waits-for-text": ReasonText("the FIN waits behind data not yet sent", "close-syn-received"),
    "send-after-close": ReasonText("after its own FIN a side sends no more", "send"),
    "end-of-stream": ReasonText("everything the peer wrote has been read", "receive"),
    "unread-text": ReasonText(
        "closing with {octets} octets unread loses them, so the peer is told by a RST", "half-duplex-close"
    ),
    "nobody-reads": ReasonText("data arrived that no program will ever read", "half-duplex-close"),
    # --- what is not TCP ---
    "opened-unproved": ReasonText(
        "not TCP: the SYN alone opens the connection, though nothing proves that its sender is there now",
        "against-handshake",
    ),
    "no-third-segment": ReasonText(
        "not TCP: the SYN+ACK opens the connection, and no third segment is sent to prove it", "against-handshake"
    ),
    "opened-unchecked": ReasonText(
        "not TCP: an ACK opens the connection, whatever number it acknowledges", "against-ack-check"
    ),
    "number-unchecked": ReasonText(
        "not TCP: the number {ack} that it acknowledges was never asked about, but it is taken for the right one",
        "against-ack-check",
    ),
    "answered-apart": ReasonText("not TCP: the ACK and the SYN of the answer are sent apart", "against-three"),
    "half-acknowledged": ReasonText(
        "not TCP: the ACK of our SYN comes alone, and the peer's SYN later", "against-three"
    ),
    "ack-again": ReasonText(
        "not TCP: our SYN was acknowledged before; the peer's SYN is still awaited", "against-three"
    ),
    "other-half": ReasonText(
        "not TCP: our SYN was acknowledged ahead, and now the peer's own SYN is here", "against-three"
    ),
    "number-repeats": ReasonText(
        "not TCP: the connection begins with the same number as every time", "against-fresh-numbers"
    ),
    "left-without-waiting": ReasonText(
        "not TCP: whoever closed first does not wait, so nobody will answer a FIN that comes again", "against-time-wait"
    ),
    "quiet-for-1-msl": ReasonText(
        "not TCP: only one maximum segment lifetime has passed, not two", "against-time-wait"
    ),
    "fin-sent-once": ReasonText("not TCP: the FIN is sent once, and nobody repeats it", "against-repetition"),
    "closed-in-two": ReasonText("not TCP: one FIN from each side, and both forget the connection", "against-close"),
    "stays-mute": ReasonText(
        "not TCP: no connection here knows this segment, and nothing is answered", "against-answer"
    ),
    "ack-not-looked-at": ReasonText(
        "not TCP: the number {ack} that it acknowledges was never sent, but nobody looks at it", "against-ack-check"
    ),
    # --- no connection, or not yet ---
    "no-connection": ReasonText("no connection here knows this segment", "arrives-closed"),
    "rst-to-nobody": ReasonText("a RST is never answered", "arrives-closed"),
    "rst-to-listener": ReasonText("a listener has sent nothing that a RST could mean", "listen-rst"),
    "ack-to-listener": ReasonText("a listener has sent nothing that could be acknowledged", "listen-ack"),
    "neither-syn-nor-ack": ReasonText("a listener waits for a SYN, and this is none", "listen-other"),
    "syn-fin-dropped": ReasonText("a SYN with FIN is nothing a listener takes here", "listen-syn"),
    "syn-asks-to-open": ReasonText("a SYN asks the listener to open a connection", "listen-syn"),
    "syn-text-ignored": ReasonText("data on the SYN is left unacknowledged, to be sent again", "listen-syn"),
    "syn-text-queued": ReasonText("data on the SYN waits until the connection is open", "listen-syn"),
    "cookie-sent": ReasonText(
        "the answer carries a cookie: all that must be remembered is in its number, and nothing is kept", "syn-cookie"
    ),
    "cookie-proves": ReasonText("the ACK brings our cookie back: the caller got our SYN,ACK", "syn-cookie"),
    "ack-put-off": ReasonText("the ACK brings no data: the connection is not accepted yet", "defer-accept"),
    "ack-waits-for-request": ReasonText(
        "the third ACK waits for the request that the program is about to write", "defer-accept"
    ),
    "still-put-off": ReasonText("still no data: the entry goes on waiting in silence", "defer-accept"),
    "ack-not-of-our-syn": ReasonText("ACK {ack} does not acknowledge our SYN", "syn-sent-ack"),
    "syn-again-at-once": ReasonText("the stale answer makes the SYN go again at once", "syn-sent-ack"),
    "echo-of-no-syn-ack": ReasonText("the echo {tsecr} is not the time of any SYN,ACK of ours", "paws"),
    "echo-of-nothing": ReasonText("the echo {tsecr} is not the time of any SYN of ours", "paws"),
    "syn-refused": ReasonText("the RST acknowledges our SYN: the peer refuses", "syn-sent-rst", "rst-in-syn-sent"),
    "rst-without-ack": ReasonText(
        "the RST does not acknowledge our SYN, so anyone could have sent it", "syn-sent-rst", "rst-in-syn-sent"
    ),
    "neither-syn-nor-rst": ReasonText("we wait for a SYN, and this is none", "syn-sent-other"),
    "own-syn-acknowledged": ReasonText(
        "the peer has acknowledged our SYN: both numbers are confirmed", "ack-syn-received", "window-on-open"
    ),
    "syns-cross": ReasonText("the peer's SYN has crossed ours", "syn-sent-syn"),
    "crossed-syn-ack": ReasonText("the crossed SYN,ACK acknowledges our SYN", "crossed-syn-ack", "figure-7"),
    # --- first check ---
    "outside-window": ReasonText("the segment at {seq} lies outside the receive window", "sequence"),
    "window-is-shut": ReasonText("our window is shut: the data is refused, the ACK still counts", "sequence"),
    "rst-outside-window": ReasonText("a RST outside the window is dropped in silence", "sequence"),
    "syn-again": ReasonText("this SYN has been answered before", "syn-repeated"),
    "timestamp-too-old": ReasonText("timestamp {tsval} is older than {recent}: an old duplicate", "paws"),
    "timestamp-missing": ReasonText("the timestamp that both agreed on is missing", "timestamps-agreed"),
    "answered-too-recently": ReasonText(
        "no answer: another invalid segment was answered a moment ago", "challenge-limit"
    ),
    # --- second to fourth ---
    "rst-not-exact": ReasonText("the RST's number {seq} is not the next one expected: prove it", "rst-not-exact"),
    "rst-in-window": ReasonText(
        "the RST's number {seq} is not the next one expected, but lies in the window: here that is enough",
        "rst-not-exact",
    ),
    "reset-by-peer": ReasonText("the RST is believed: the peer has reset the connection", "rst-established"),
    "rst-returns-to-listen": ReasonText(
        "the caller does not want this connection: back to waiting", "rst-syn-received"
    ),
    "rst-refuses": ReasonText("the peer refuses the connection", "rst-syn-received"),
    "rst-in-time-wait-ignored": ReasonText("TIME-WAIT is protected from RSTs here", "time-wait-assassination"),
    "syn-returns-to-listen": ReasonText("another SYN means that the first one is history", "syn-syn-received"),
    "syn-resets": ReasonText("a SYN inside a connection resets it, as RFC 793 had it", "syn-rfc-793"),
    "syn-in-connection": ReasonText("a SYN inside a connection must be old or forged: prove it", "syn-in-connection"),
    # --- fifth ---
    "no-ack-bit": ReasonText("without ACK the segment says nothing", "ack-missing"),
    "ack-of-unsent": ReasonText("ACK {ack} acknowledges something not yet sent", "ack-range"),
    "ack-too-old": ReasonText("ACK {ack} is older than any window we were ever given", "ack-too-old"),
    "ack-in-time-wait": ReasonText("a plain ACK means nothing in TIME-WAIT", "ack-time-wait"),
    "nothing-for-small-entry": ReasonText("neither data nor FIN: nothing that still matters here", "ack-time-wait"),
    "nobody-listens-any-more": ReasonText(
        "the SYN is newer, but nobody listens: the old ACK answers it", "reopen-time-wait"
    ),
    "own-fin-acknowledged": ReasonText("the peer has acknowledged our FIN", "ack-fin-wait-1"),
    "window-closed-by-peer": ReasonText("the peer has no room left", "ack-window"),
    "window-opened-by-peer": ReasonText("the peer has room for {window} octets again", "ack-window"),
    "rtt-measured": ReasonText("the round trip took {rtt_us}, so the timeout is {rto_us}", "rto"),
    "karn-no-measurement": ReasonText("the segment was sent twice, so this round trip is not measured", "karn"),
    # --- seventh and eighth ---
    "arrived-early": ReasonText("the data at {seq} arrived early and is held until the gap is filled", "text"),
    "arrived-twice": ReasonText("the octets from {seq} on had arrived before: the next ACK says so", "d-sack"),
    "arrived-twice-early": ReasonText("the octets from {seq} on are held already: the next ACK says so", "d-sack"),
    "text-after-fin": ReasonText("nothing can follow the peer's FIN", "text-ignored"),
    "peer-has-no-more": ReasonText("the peer has no more to send", "fin-established"),
    "fins-cross": ReasonText("the peer's FIN has crossed ours", "fin-fin-wait-1"),
    "fin-with-ack-of-fin": ReasonText("one segment brings the peer's FIN and the ACK of ours", "fin-fin-wait-1"),
    "fin-again": ReasonText("the peer repeats its FIN: our last ACK was lost", "fin-time-wait", "fin-in-time-wait"),
    "syn-is-newer": ReasonText("this SYN is surely newer than the old connection", "reopen-time-wait"),
    # --- when to send, when to wait ---
    "nagle-waits": ReasonText("a small segment waits for the ACK of the last one", "nagle"),
    "corked": ReasonText("the program holds back what does not fill a segment", "nagle"),
    "congestion-window-full": ReasonText("the congestion window is used up", "congestion-window"),
    "burst-waits": ReasonText("the next ACK is near, and a larger burst can leave then", "congestion-window"),
    "window-after-idle": ReasonText("after a silence the congestion window is {window} again", "idle-restart"),
    "hystart-train": ReasonText(
        "a train of ACKs half a round trip long ends slow start at {window}", "slow-start-ends"
    ),
    "hystart-delay": ReasonText(
        "the round trip has grown by an eighth, which ends slow start at {window}", "slow-start-ends"
    ),
    "congestion-marked": ReasonText("the network has marked this segment: our ACKs say so", "ecn-echo"),
    "echo-answered": ReasonText("the sender has slowed down: our ACKs stop saying so", "ecn-echo"),
    "echo-cuts-window": ReasonText("the network has marked what we sent: down to {threshold}", "ecn-cut"),
    "silly-window": ReasonText("the window has room for too little to be worth a segment", "silly-window"),
    "window-closed": ReasonText("the send window is used up", "zero-window-probe"),
    "window-probe": ReasonText("asking whether the window has opened", "zero-window-probe", "ack-behind-probe"),
    "window-update": ReasonText("reading made enough room to tell the peer", "window-update"),
    "quick-ack": ReasonText("the peer is new or was silent: it shall hear at once", "delayed-ack"),
    "text-read": ReasonText("the program has read what came: its ACK need not wait", "delayed-ack"),
    "ack-delayed": ReasonText("the ACK waits for something to ride on", "delayed-ack"),
    "ack-delay-over": ReasonText("the ACK has waited long enough", "delayed-ack"),
    "ack-gathered": ReasonText(
        "the peer has had its duplicate ACKs: this one may be gathered with the next", "gathered-acks"
    ),
    "gathered-acks-told": ReasonText("one ACK tells what {count} segments brought", "gathered-acks"),
    "every-second-segment": ReasonText("two full segments are acknowledged at once", "delayed-ack"),
    # --- timers ---
    "retransmission-timeout": ReasonText(
        "no ACK came in time: retransmission {count}, next timeout {rto_us}", "retransmission"
    ),
    "gave-up-retransmitting": ReasonText("it was tried for long enough", "give-up"),
    "user-timeout": ReasonText("nothing has moved for as long as the user would wait", "user-timeout"),
    "gave-up": ReasonText("the connection is given up without a word", "give-up"),
    "keepalive-probe": ReasonText("the peer has been silent: probe {count} asks whether it lives", "keepalive"),
    "keepalive-unanswered": ReasonText("no probe was answered: the peer is gone", "keepalive"),
    "no-time-for-fin": ReasonText("the program gave FIN-WAIT-2 no time: the peer is told with a RST", "linger2"),
    "fin-never-came": ReasonText("the peer's FIN did not come in time: the orphan is forgotten", "orphan-timeout"),
    "quiet-for-2-msl": ReasonText("nothing of this connection can be on its way any more", "time-wait-timeout"),
    # --- loss ---
    "loss-probe": ReasonText("the end of the flight may be lost: its last segment goes again to find out", "tlp"),
    "loss-probe-new": ReasonText("the end of the flight may be lost: new data goes to find out", "tlp"),
    "loss-probe-repaired": ReasonText(
        "the probe has repaired a loss that nothing else showed: down to {threshold}", "tlp-loss"
    ),
    "recovery-begins": ReasonText("{lost} segments are found lost: fast recovery", "rack"),
    "recovery-begins-without-sack": ReasonText(
        "three duplicate ACKs: the oldest segment is lost", "fast-retransmit"
    ),
    "partial-ack": ReasonText("only a part is acknowledged: the next hole goes again", "partial-ack"),
    "recovery-ends": ReasonText("all that was in flight has arrived: recovery ends at {window}", "recovery-ends"),
    "repeated-in-recovery": ReasonText("what is lost goes again as the window allows", "prr"),
    "repeated-after-timeout": ReasonText("what is lost goes again as the window grows", "slow-start-again"),
    "repetition-lost": ReasonText("of the repetitions, too, some were lost: {count}", "rack"),
    "reordering-seen": ReasonText("a segment sent once arrived late: this path changes the order", "rack-window"),
    "reordering-by-timestamp": ReasonText(
        "the timestamp shows that a segment was only late: this path changes the order", "rack-window"
    ),
    "reordering-without-sack": ReasonText(
        "more duplicate ACKs than losses explain: this path changes the order", "rack-window"
    ),
    "told-twice": ReasonText("the peer tells that something arrived twice", "d-sack-sender"),
    "told-twice-early": ReasonText("the peer tells that something it holds arrived twice", "d-sack-sender"),
    "undone-by-d-sack": ReasonText("every repetition was needless: the window is what it was", "undo-d-sack"),
    "undone-recovery": ReasonText("nothing was lost after all: the window is what it was", "undo-eifel"),
    "undone-in-part": ReasonText("the hole was filled by the first copy: the window is what it was", "undo-eifel"),
    "undone-timeout": ReasonText("the timeout was needless: the window is what it was", "undo-eifel"),
    "timeout-was-spurious": ReasonText("what was sent once has arrived: the timeout came too early", "f-rto"),
    "peer-reneges": ReasonText("the peer has thrown away what it told to hold: all goes again", "reneging"),
    # --- ICMP ---
    "icmp-hard-error": ReasonText("the network reports that the peer cannot be reached for good", "icmp-hard"),
    "icmp-soft-error": ReasonText("the network reports a trouble that may pass", "icmp-soft"),
    "icmp-soft-ends-connect": ReasonText(
        "the network reports a trouble that may pass, but here it ends a connection attempt", "icmp-soft-connect"
    ),
    "icmp-hard-survived": ReasonText(
        "the network reports that the peer cannot be reached for good, but here that ends no open connection",
        "icmp-hard-survived",
    ),
    "backoff-reverted": ReasonText(
        "a missing route lost the segment, not congestion: the RTO is {rto_us} again", "icmp-no-route"
    ),
    "icmp-not-in-flight": ReasonText("the report does not quote anything in flight", "icmp-soft"),
    "path-is-wide-enough": ReasonText("what we send fits through {mtu} octets already", "path-mtu"),
    "path-is-narrower": ReasonText("the path carries packets of {mtu} octets at most", "path-mtu"),
}  # fmt: skip
"""Every reason the engine gives."""
