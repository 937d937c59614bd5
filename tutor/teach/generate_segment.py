"""Questions about the next segment: flags, seq, ack and len, by what one event makes a host send.

The errors::

    the last octet       an ACK is thought to name the last number received, not the next one expected
    a free FIN or SYN    the control bit is thought to use up no number
    counted twice        the octets received are added once more
    counted in segments  numbers are thought to count segments, not octets
    the other's numbers  seq and ack are taken from the wrong direction
    an ACK costs         a segment without text, SYN or FIN is thought to use up a number
    the wrong flags      SYN or FIN sent again without need, ACK forgotten, a reset
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.tcp.segment import ACK, FIN, PSH, RST, SYN, flags_text
from tutor.teach.expected import describe
from tutor.teach.generate_events import Look, carries, event, when
from tutor.teach.generated import Answer, Draft, said
from tutor.teach.lesson import Text
from tutor.words import mark
from tutor.world.records import Arrived, Flight, Sent


@dataclass(frozen=True, slots=True)
class Form:
    """A segment as an answer: flags without PSH, numbers counted from the first ones; ``ack`` None without an ACK."""

    flags: int
    seq: int
    ack: int | None
    length: int

    def __str__(self) -> str:
        words = [flags_text(self.flags), f"seq={self.seq}"]
        words += [f"ack={self.ack}"] if self.ack is not None else []
        return " ".join([*words, *([f"len={self.length}"] if self.length else [])])


def form(flight: Flight) -> Form:
    """A flight as an answer."""
    segment = flight.segment
    return Form(segment.flags & ~PSH, flight.rel_seq, flight.rel_ack if segment.has_ack else None, segment.length)


def draft(look: Look) -> Draft | None:
    """The question what a host sends at the step; None where it is not one event that makes it send one segment."""
    sent = look.here(Sent)
    if len(sent) != 1 or sent[0].flight.is_forged or not look.step.world.variant.is_tcp:
        return None
    flight, host = sent[0].flight, sent[0].host
    what = event(look.step, host)
    if what is None or any(isinstance(r, Sent) and r.host == host for r in look.between()):
        return None
    wrong = tuple(_wrong(look, flight))
    if len(wrong) < 2:
        return None
    why = mark("Yes. At {at} the {host} sends {segment}.")
    right = Answer(describe(flight), said(why, at=when(look.at), host=host, segment=describe(flight)), look.at)
    return Draft(
        kind="next-segment",
        family="segment",
        asks=f"next-segment {host}",
        connection=flight.connection,
        prompt=said(
            mark("Next, at the {host}: {event}. Which segment does it send? (Numbers count from each side's first.)"),
            host=host,
            event=what,
        ),
        index=look.index,
        right=(right,),
        wrong=wrong,
        host=host,
    )


def _wrong(look: Look, flight: Flight) -> Iterator[Answer]:
    """Wrong segments, the likeliest error first; each once, and none with a negative number."""
    right = form(flight)
    taken = {right}
    for made, why in (*_numbers(look, flight, right), *_flags(look, flight, right), *_last_resort(look, flight, right)):
        if made not in taken and made.seq >= 0 and (made.ack is None or made.ack >= 0):
            taken.add(made)
            yield Answer(str(made), why, look.at)


Found = tuple[Form, Text]


def _heard(look: Look, host: str) -> Flight | None:
    """The segment that reaches the host at the step, or the last one that did before."""
    arrived = [r for r in (*look.before(Arrived, host), *look.here(Arrived, host)) if r.accepted]
    return arrived[-1].flight if arrived else None


def _numbers(look: Look, flight: Flight, right: Form) -> Iterator[Found]:
    heard = _heard(look, flight.sender)
    if right.ack is not None and heard is not None and right.ack > 0:
        yield from _acks(right, right.ack, heard)
    own = [r.flight for r in look.before(Sent, flight.sender) if r.flight.connection == flight.connection]
    free = next((each for each in reversed(own) if carries(each) and each.rel_seq < right.seq), None)
    if free is not None:
        why = mark("Its {bit} of {at} used up a number: {number}. So it goes on at {seq}, not at {wrong}.")
        yield (
            Form(right.flags, right.seq - 1, right.ack, right.length),
            said(
                why, bit=carries(free), at=when(free.sent_at), number=free.rel_seq, seq=right.seq, wrong=right.seq - 1
            ),
        )
    texts = sum(1 for each in own if each.segment.length and not each.retransmission)
    if texts and right.seq > texts + 1:
        why = mark("Numbers count octets, not segments: all that it has sent so far has brought it to {seq}.")
        yield Form(right.flags, texts + 1, right.ack, right.length), said(why, seq=right.seq)
    if right.ack is not None and right.ack != right.seq:
        why = mark("These are the numbers of the other direction. The {host} itself stands at {seq} and expects {ack}.")
        swapped = Form(right.flags, right.ack, right.seq, right.length)
        yield swapped, said(why, host=flight.sender, seq=right.seq, ack=right.ack)
    pure = next((each for each in reversed(own) if not each.segment.seq_length and each.rel_seq == right.seq), None)
    if pure is not None:
        why = mark("Its ACK of {at} used up no number: only octets, SYN and FIN do. So {seq} is still the next.")
        yield Form(right.flags, right.seq + 1, right.ack, right.length), said(why, at=when(pure.sent_at), seq=right.seq)


def _acks(right: Form, ack: int, heard: Flight) -> Iterator[Found]:
    def with_ack(number: int) -> Form:
        return Form(right.flags, right.seq, number, right.length)

    bit, length = carries(heard), heard.segment.length
    end = heard.rel_seq + heard.segment.seq_length
    if bit and end == ack:
        why = mark("The {bit} that came uses up number {number}. It is acknowledged like an octet, by {ack}.")
        yield with_ack(ack - 1), said(why, bit=bit, number=ack - 1, ack=ack)
    else:
        why = mark(
            "An ACK names the next number expected, not the last one received: that was {number}, so {ack} is next."
        )
        yield with_ack(ack - 1), said(why, number=ack - 1, ack=ack)
    if length and end == ack:
        why = mark("That counts the {length} octets twice: they began at {seq}, so {ack} is what comes next.")
        yield with_ack(ack + length), said(why, length=length, seq=heard.rel_seq, ack=ack)
        why = mark("That is where the segment that came began. Its {length} octets have arrived, so {ack} is next.")
        yield with_ack(heard.rel_seq), said(why, length=length, ack=ack)
    elif heard.rel_seq > ack:
        why = mark("An ACK has no hole: number {ack} is still missing, though {seq} and what follows has come.")
        yield with_ack(end), said(why, ack=ack, seq=heard.rel_seq)


def _flags(look: Look, flight: Flight, right: Form) -> Iterator[Found]:
    host, flags = flight.sender, flight.segment.flags & ~PSH
    sender = {"host": host, "segment": str(right)}
    if flags & FIN:
        why = mark(
            "A FIN carries an ACK as well, like every segment of an open connection. The {host} sends {segment}."
        )
        yield Form(FIN, right.seq, None, right.length), said(why, **sender)
        why = mark("The {host} has no more to send and says so: the FIN cannot be left out. It sends {segment}.")
        yield Form(ACK, right.seq, right.ack, right.length), said(why, **sender)
    if flags == SYN | ACK:
        why = mark("The answer acknowledges the SYN that came and brings the {host}'s own SYN, both in one: {segment}.")
        yield Form(ACK, right.seq, right.ack, 0), said(why, **sender)
        yield Form(SYN, right.seq, None, 0), said(why, **sender)
    if flags == ACK:
        again = next((r for r in look.before(Sent, host) if r.flight.segment.flags & SYN), None)
        if again is not None and not right.length and right.seq == 1 and _has_been_heard(look, host):
            why = mark("Its SYN of {at} has done its work and need not go again. The {host} sends {segment}.")
            yield Form(SYN | ACK, 0, right.ack, 0), said(why, at=when(again.at), **sender)
        why = mark("A FIN is sent when the program closes, and not before. The {host} only acknowledges: {segment}.")
        if not right.length and not any(r.flight.segment.flags & FIN for r in look.before(Sent, host)):
            yield Form(FIN | ACK, right.seq, right.ack, 0), said(why, **sender)
    if flags == SYN:
        why = mark("There is nothing to acknowledge yet: nothing has reached the {host}. It sends {segment}.")
        if _heard(look, host) is None:
            yield Form(SYN | ACK, right.seq, 0, 0), said(why, **sender)
            yield Form(ACK, right.seq, 0, 0), said(why, **sender)
        why = mark("What asks to open is a SYN with the first number, {seq}: the {host} sends {segment}.")
        yield Form(SYN, right.seq + 1, None, 0), said(why, seq=right.seq, **sender)
    if flags & RST:
        why = mark("There is no connection that this could belong to, or none that shall go on: it is reset. {segment}")
        yield Form(FIN | ACK, right.seq, right.ack or 0, 0), said(why, segment=str(right))
        yield Form(ACK, right.seq, right.ack or 0, 0), said(why, segment=str(right))


def _has_been_heard(look: Look, host: str) -> bool:
    """Has the SYN of ``host`` been acknowledged by what has come to it?"""
    arrived = [r.flight for r in (*look.before(Arrived, host), *look.here(Arrived, host)) if r.accepted]
    return any((flight.rel_ack or 0) > 0 for flight in arrived)


def _last_resort(look: Look, flight: Flight, right: Form) -> Iterator[Found]:
    if not right.flags & RST:
        why = mark("Nothing is wrong here that a reset would answer. At {at} the {host} sends {segment}.")
        yield Form(RST, right.seq, None, 0), said(why, at=when(look.at), host=flight.sender, segment=str(right))
    elif right.ack is None:
        why = mark(
            "This RST carries no ACK: its number comes from the segment that "
            "it answers, or is the next of its sender. {segment}"
        )
        yield Form(RST | ACK, right.seq, 0, 0), said(why, segment=str(right))
    else:
        why = mark("The segment that came had no ACK to take a number from, so this RST acknowledges it: {segment}")
        yield Form(RST, right.ack, None, 0), said(why, segment=str(right))
