"""What each field of a segment means there, who reads it, and what the reader compares it with.

Rules
-----
* One paragraph for the meaning in *this* segment, one for the reader: which check of which standard, which variable.
* ``known`` are the reader's variables at the playhead, counted as the ladder counts.
* Sentences are ours; sections are those of RFC 9293 unless another document is named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tutor.joining import Speech, named, sentences
from tutor.tcp import seq
from tutor.tcp.segment import FLAG_NAMES
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb
from tutor.view.fields import Octets, Specimen
from tutor.view.standing import host_name


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one field. ``known``: (variable, value) of the receiver, "" for a value it does not have yet."""

    meaning: str
    reader: str
    known: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    """One segment and the language it is told in."""

    of: Specimen
    found: Octets
    words: Speech

    @property
    def sender(self) -> str:
        return self._name(self.of.flight.sender)

    @property
    def receiver(self) -> str:
        return self._name(self.of.flight.receiver)

    def _name(self, host: str) -> str:
        """A host inside a sentence: as the lesson writes it in English, translated elsewhere."""
        name = host_name(host, self.words)
        return host if name.lower() == host else name


def told(field: str, of: Specimen, found: Octets, words: Speech) -> Told:
    """Meaning and reader of the field with this id."""
    said = _told(field, _Case(of, found, words))
    return Told(said.meaning[:1].upper() + said.meaning[1:], said.reader, said.known)


def _told(field: str, case: _Case) -> Told:
    name, _, number = field.partition("-")
    if name == "sack" and number.isdigit():
        return _sack_block(case, int(number) - 1)
    if name == "pad":
        return _padding(case)
    if name == "flag":
        return _flag(case, number)
    return _FIELDS[field](case)


def variables(tcb: Tcb | None) -> dict[str, str]:
    """The receiver's variables by their RFC names, relative to its initial numbers; empty before there is a record."""
    if tcb is None or tcb.state in (State.CLOSED, State.LISTEN):
        return {}
    snd, rcv, agreed = tcb.snd, tcb.rcv, tcb.agreed
    found = {
        "SND.UNA": str(seq.distance(snd.iss, snd.una)),
        "SND.NXT": str(seq.distance(snd.iss, snd.nxt)),
        "SND.WND": str(snd.wnd),
    }
    if tcb.state is not State.SYN_SENT:
        found |= {"RCV.NXT": str(seq.distance(rcv.irs, rcv.nxt)), "RCV.WND": str(rcv.wnd)}
        found["MSS"] = str(agreed.mss)
        found["Snd.Wind.Shift"] = str(agreed.snd_scale)
        if agreed.timestamps:
            found["TS.Recent"] = str(agreed.ts_recent)
    return found


def _known(case: _Case, *names: str) -> tuple[tuple[str, str], ...]:
    values = variables(case.of.receiver)
    return tuple((name, values[name]) for name in names if name in values)


# --- ports and numbers ---


def _source_port(case: _Case) -> Told:
    t = case.words.t
    return Told(
        t("The port at {host} from which this was sent.", host=case.sender),
        t("The receiver looks for the record with these two addresses and two ports; without one it answers with "
          "RST (3.10.7.1)."),
    )  # fmt: skip


def _destination_port(case: _Case) -> Told:
    t = case.words.t
    return Told(
        t("The port at {host} to which this goes.", host=case.receiver),
        t("The receiver looks for a connection with it, and if there is none for a listener (3.10.7.2)."),
    )


def _sequence(case: _Case) -> Told:
    t, segment = case.words.t, case.of.flight.segment
    if segment.syn:
        meaning = t("The initial sequence number of {host}: it counts from here. The SYN itself takes up this number.",
                    host=case.sender)  # fmt: skip
    elif segment.length:
        meaning = t("The number of the first octet of text in this segment.")
    elif segment.fin:
        meaning = t("The number that the FIN takes up.")
    else:
        meaning = t("The number of the next octet that {host} will send; this segment takes up none.", host=case.sender)
    state = case.of.receiver.state if case.of.receiver is not None else State.LISTEN
    if segment.syn and state in (State.LISTEN, State.SYN_SENT, State.CLOSED):
        reader = t("The receiver keeps it as IRS and expects the number after it: RCV.NXT (3.10.7.2, 3.10.7.3).")
    else:
        reader = t("The receiver asks first whether it lies in the window, from RCV.NXT to RCV.NXT + RCV.WND "
                   "(3.10.7.4, first). Text that begins at RCV.NXT is in order (seventh).")  # fmt: skip
    return Told(meaning, reader, _known(case, "RCV.NXT", "RCV.WND"))


def _acknowledgment(case: _Case) -> Told:
    t, segment = case.words.t, case.of.flight.segment
    if not segment.has_ack:
        return Told(
            t("Means nothing here: the flag ACK is not set."), t("Nobody reads it (3.10.7.4, fifth: no ACK, drop).")
        )
    meaning = t("The next number that {host} expects. Everything before it has arrived.", host=case.sender)
    if case.of.receiver is not None and case.of.receiver.state is State.SYN_SENT:
        reader = t("The receiver has only sent its SYN: the number must acknowledge it, between ISS and SND.NXT "
                   "(3.10.7.3, first).")  # fmt: skip
    else:
        reader = t("The receiver compares it with SND.UNA and SND.NXT (3.10.7.4, fifth): above SND.UNA it moves "
                   "SND.UNA, above SND.NXT it acknowledges what was never sent.")  # fmt: skip
    return Told(meaning, reader, _known(case, "SND.UNA", "SND.NXT"))


# --- the fourth word ---


def _offset(case: _Case) -> Told:
    t, header = case.words.t, case.found.header
    return Told(
        t("The header has {words} words of four octets, so the text begins after {octets} octets.",
          words=header // 4, octets=header),
        t("The receiver needs it to find options and text; fewer than five words are no TCP header (3.1)."),
    )  # fmt: skip


def _reserved(case: _Case) -> Told:
    t = case.words.t
    return Told(t("Kept for later use: sent as zero."), t("Nobody reads it (3.1)."))


def _flags(case: _Case) -> Told:
    t, flags = case.words.t, case.of.flight.segment.flags
    names = [name for name, bit in FLAG_NAMES if flags & bit]
    meaning = sentences(
        (named(name, _FLAG_WORDS[name.lower()](case).meaning, case.words) for name in names), case.words
    )
    return Told(
        meaning or t("None is set."),
        t("The receiver asks for them in this order: RST, SYN, ACK, URG, and FIN last (3.10.7.4)."),
    )


def _flag(case: _Case, flag: str) -> Told:
    bit = dict(FLAG_NAMES)[flag.upper()]
    said = _FLAG_WORDS[flag](case)
    if case.of.flight.segment.flags & bit:
        return said
    return Told(case.words.t("Not set. If it were: {meaning}", meaning=said.meaning), said.reader)


def _cwr(case: _Case) -> Told:
    t, segment = case.words.t, case.of.flight.segment
    if segment.syn:
        return Told(t("With ECE on a SYN: {host} asks for ECN.", host=case.sender),
                    t("The receiver decides whether it can do ECN too (RFC 3168 section 6.1.1)."))  # fmt: skip
    return Told(
        t("{host} has reduced its congestion window.", host=case.sender),
        t("The receiver stops setting ECE on its ACKs (RFC 3168 section 6.1.3)."),
    )


def _ece(case: _Case) -> Told:
    t, segment = case.words.t, case.of.flight.segment
    if segment.syn:
        return Told(t("On a SYN: {host} can do ECN.", host=case.sender),
                    t("The receiver decides whether it can do ECN too (RFC 3168 section 6.1.1)."))  # fmt: skip
    return Told(
        t("A packet reached {host} with the mark of a router that is congested.", host=case.sender),
        t("The receiver halves its congestion window, once in a round trip (RFC 3168 section 6.1.2)."),
    )


def _urg(case: _Case) -> Told:
    t = case.words.t
    return Told(t("The urgent pointer means something."), t("The receiver moves RCV.UP forward (3.10.7.4, sixth)."))


def _ack_flag(case: _Case) -> Told:
    t = case.words.t
    return Told(
        t("The acknowledgment number means something. Only the first SYN, and some RSTs, come without it."),
        t("A synchronised receiver drops what comes without it (3.10.7.4, fifth); a listener answers it with RST "
          "(3.10.7.2)."),
    )  # fmt: skip


def _psh(case: _Case) -> Told:
    t = case.words.t
    return Told(
        t("Here ends what the program wrote: the text should not wait for more."),
        t("The receiver hands over what it has (3.10.7.4, seventh); most systems do so with every segment."),
    )


def _rst(case: _Case) -> Told:
    t = case.words.t
    return Told(
        t("The connection is over at once, or there never was one."),
        t("The receiver believes it only with exactly the number RCV.NXT (3.10.7.4, second; RFC 5961 section 3.2); "
          "after its SYN only with an ACK of that SYN (3.10.7.3, second)."),
        _known(case, "RCV.NXT"),
    )  # fmt: skip


def _syn(case: _Case) -> Told:
    t = case.words.t
    return Told(
        t("Synchronise: the sequence number is the first of a new count."),
        t("A listener makes a new record (3.10.7.2, third); after a SYN of its own the receiver opens (3.10.7.3, "
          "fourth); inside a connection it is answered with a challenge ACK (3.10.7.4, fourth; RFC 5961 section 4)."),
    )  # fmt: skip


def _fin(case: _Case) -> Told:
    t = case.words.t
    return Told(
        t("{host} has no more text to send. The FIN takes up one number after it.", host=case.sender),
        t("The receiver reads it last, once all before it has arrived: RCV.NXT moves over it (3.10.7.4, eighth)."),
        _known(case, "RCV.NXT"),
    )


_FLAG_WORDS: dict[str, Callable[[_Case], Told]] = {
    "cwr": _cwr, "ece": _ece, "urg": _urg, "ack": _ack_flag, "psh": _psh, "rst": _rst, "syn": _syn, "fin": _fin,
}  # fmt: skip


def _window(case: _Case) -> Told:
    t, segment, tcb = case.words.t, case.of.flight.segment, case.of.receiver
    synchronised = tcb is not None and tcb.state not in (State.CLOSED, State.LISTEN, State.SYN_SENT)
    shift = tcb.agreed.snd_scale if tcb is not None and synchronised and not segment.syn else 0
    if shift:
        meaning = t("{host} can take {octets} octets from the acknowledgment number on: {window} times 2 to the power "
                    "of {shift}, as agreed.", host=case.sender, octets=segment.window << shift, window=segment.window,
                    shift=shift)  # fmt: skip
    elif segment.syn:
        meaning = t("{host} can take {octets} octets. On a SYN it is never scaled.",
                    host=case.sender, octets=segment.window)  # fmt: skip
    else:
        meaning = t("{host} can take {octets} octets from the acknowledgment number on.",
                    host=case.sender, octets=segment.window)  # fmt: skip
    reader = t("The receiver takes it as SND.WND, unless an older segment brings it: SND.WL1 and SND.WL2 remember "
               "which one set it last (3.10.7.4, fifth).")  # fmt: skip
    return Told(meaning, reader, _known(case, "SND.WND", "Snd.Wind.Shift"))


# --- the fifth word ---


def _checksum(case: _Case) -> Told:
    t, found = case.words.t, case.found
    if found.is_sound:
        meaning = t("Right: computed over the addresses, protocol, length and all {octets} octets it is 0x{value}.",
                    octets=len(found.data), value=f"{found.computed:04x}")  # fmt: skip
    else:
        meaning = t("Wrong: the header says 0x{written}, but for the octets that arrived it must be 0x{computed}. The "
                    "simulation only says that a bit was changed; octet {octet} stands for it.",
                    written=f"{found.written:04x}", computed=f"{found.computed:04x}", octet=found.damaged)  # fmt: skip
    reader = t("The receiver computes it anew before anything else; if it does not fit, the segment is dropped without "
               "a word, and TcpInCsumErrors counts it (3.1, MUST-3).")  # fmt: skip
    return Told(meaning, reader)


def _urgent(case: _Case) -> Told:
    t, flight = case.words.t, case.of.flight
    if not flight.segment.urg:
        return Told(t("Means nothing here: the flag URG is not set."), t("Nobody reads it (3.10.7.4, sixth)."))
    return Told(
        t("Urgent text reaches as far as number {number}.", number=flight.rel_seq + flight.segment.urgent),
        t("The receiver moves RCV.UP there and tells its program (3.10.7.4, sixth)."),
    )


# --- options ---


def _mss(case: _Case) -> Told:
    t = case.words.t
    return Told(
        t("The largest text that {host} wants in one segment, options not counted.", host=case.sender),
        t("The receiver sends no more text in a segment than this, and than the path lets through (3.7.1). Only a SYN "
          "brings it."),
        _known(case, "MSS"),
    )  # fmt: skip


def _scale(case: _Case) -> Told:
    t, shift = case.words.t, case.of.flight.segment.options.window_scale or 0
    return Told(
        t("From now on {host} counts its windows in units of {unit} octets, if both sides send this option.",
          host=case.sender, unit=1 << shift),
        t("The receiver keeps it as Snd.Wind.Shift (RFC 7323 section 2.2). Only a SYN brings it."),
        _known(case, "Snd.Wind.Shift"),
    )  # fmt: skip


def _sack_permitted(case: _Case) -> Told:
    t = case.words.t
    return Told(
        t("{host} understands SACK blocks.", host=case.sender),
        t("The receiver may tell of text that arrived early, if both sides say this (RFC 2018 section 2)."),
    )


def _timestamps(case: _Case) -> Told:
    t = case.words.t
    return Told(
        t("Two clocks in every segment, once both SYNs have brought them."),
        t("The receiver measures round trips and recognises old duplicates by them (RFC 7323 sections 3 to 5)."),
    )


def _tsval(case: _Case) -> Told:
    t = case.words.t
    return Told(
        t("The clock of {host} when it sent this.", host=case.sender),
        t("The receiver compares it with TS.Recent: what is older is an old duplicate (PAWS, RFC 7323 section 5). It "
          "sends the newest one back."),
        _known(case, "TS.Recent"),
    )  # fmt: skip


def _tsecr(case: _Case) -> Told:
    t, segment = case.words.t, case.of.flight.segment
    meaning = t("The clock of {peer} as {host} saw it last, sent back.", peer=case.receiver, host=case.sender)
    if not segment.has_ack:
        meaning = t("Zero: there is nothing to send back yet.")
    return Told(meaning, t("The receiver subtracts it from its clock: that is the round trip (RFC 7323 section 4)."))


def _sack(case: _Case) -> Told:
    t, count = case.words.t, len(case.of.flight.segment.options.sack)
    return Told(
        t("How many stretches of text {host} holds although something before them is missing: {count}.",
          host=case.sender, count=count),
        t("The receiver marks them on its scoreboard and does not send them again (RFC 2018 section 5, RFC 6675)."),
    )  # fmt: skip


def _sack_block(case: _Case, place: int) -> Told:
    t, flight = case.words.t, case.of.flight
    left, right = flight.rel_sack[place]
    if place == 0 and right <= (flight.rel_ack or 0):
        return Told(
            t("Numbers {first} to {last} have arrived twice.", first=left, last=right - 1),
            t("A D-SACK: the receiver learns that it sent again what was not lost (RFC 2883 section 4)."),
            _known(case, "SND.UNA"),
        )
    return Told(
        t("Numbers {first} to {last} are there, but not all that comes before them.", first=left, last=right - 1),
        t("The receiver marks them on its scoreboard and does not send them again (RFC 2018 section 5, RFC 6675)."),
        _known(case, "SND.UNA", "SND.NXT"),
    )


def _padding(case: _Case) -> Told:
    t = case.words.t
    return Told(
        t("Says nothing: it makes the next option, or the text, begin at a good place."), t("It is skipped (3.1).")
    )


def _text(case: _Case) -> Told:
    t, payload = case.words.t, case.of.flight.segment.payload
    assert payload is not None, "a segment with text has a payload"
    return Told(
        t("Octets {first} to {last} of what the program of {host} has written.", first=payload.start,
          last=payload.stop - 1, host=case.sender),
        t("The receiver takes what lies in its window; what begins at RCV.NXT goes to the program at once, the rest "
          "waits until the gap is filled (3.10.7.4, seventh)."),
        _known(case, "RCV.NXT", "RCV.WND"),
    )  # fmt: skip


_FIELDS: dict[str, Callable[[_Case], Told]] = {
    "sport": _source_port, "dport": _destination_port, "seq": _sequence, "ack": _acknowledgment, "offset": _offset,
    "reserved": _reserved, "flags": _flags, "window": _window, "checksum": _checksum,
    "urgent": _urgent, "mss": _mss, "scale": _scale,
    "sack-permitted": _sack_permitted, "timestamps": _timestamps, "tsval": _tsval, "tsecr": _tsecr, "sack": _sack,
    "text": _text,
}  # fmt: skip
