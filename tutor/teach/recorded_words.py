"""The first words of a recorded lesson: what a hand did, and why a state changed, in English as lessons are written."""

from __future__ import annotations

from tutor.tcp.segment import flags_text
from tutor.tcp.variant import VARIANTS
from tutor.teach.sentences import typed_numbers
from tutor.words import Words
from tutor.world.acts import CALLS, parse_act
from tutor.world.records import Because, Record, StateChanged
from tutor.world.targets import parse_target
from tutor.world.trace import Trace

_SEGMENTS = {
    "drop": ("Drop the {segment}", "By hand: the {segment} of {host} is lost on its way."),
    "corrupt": ("Damage the {segment}", "By hand: a bit of the {segment} of {host} is changed on its way."),
    "delay": ("Delay the {segment}", "By hand: the {segment} of {host} arrives later."),
    "swap": ("Swap the {segment} with the next", "By hand: the {segment} of {host} is overtaken by the next segment."),
    "duplicate": ("Duplicate the {segment}", "By hand: the {segment} of {host} arrives twice."),
}
_OTHERS = {
    "set": ("Set {first}", "By hand: another value for {first}."),
    "what-if": ("What if {first} were another", "By hand: a constant of its rules is changed."),
    "cut": ("Cut the cable", "By hand: the cable is cut. Neither host is told."),
    "mend": ("Mend the cable", "By hand: the cable is whole again."),
    "crash": ("Crash of {first}", "By hand: {first} loses everything it knew, and sends nothing."),
    "reboot": ("Reboot of {first}", "By hand: {first} is back, with empty tables."),
    "inject": ("A forged segment", "By hand: a segment is sent from {first} that no socket has written."),
    "icmp": ("The network reports to {first}", "By hand: an ICMP error reaches {first}."),
    "variant": ("Another protocol: {first}", "By hand: from now on all hosts speak a broken TCP: {first}."),
    "profile": ("Other rules for {first}", "By hand: {first} now follows other rules."),
    "disarm": ("Nothing after all", "By hand: what was to be done to a later segment is taken back."),
    "program": ("Another program for {first}", "By hand: a line of the program of {first} is changed."),
    "wait": ("A pause", "By hand: nothing."),
}


def told_deed(text: str, trace: Trace) -> tuple[str, str]:
    """(title, words) of a hand's act."""
    act = parse_act(text)
    if act.name in CALLS:
        return f"{act.host} calls {act.name}", f"By hand: {act.host} calls {act.name}()."
    if act.name in _SEGMENTS:
        segment, host = _aimed(act.args[0], trace)
        return _filled(_SEGMENTS[act.name], segment=segment, host=host)
    first = act.args[0] if act.args else ""
    if act.name == "variant":
        if first not in VARIANTS:
            return "TCP again", "By hand: from now on all hosts speak TCP as it should be."
        first = VARIANTS[first].title
    return _filled(_OTHERS.get(act.name, (act.name, f"By hand: {act.name}.")), first=first)


def _filled(said: tuple[str, str], **values: str) -> tuple[str, str]:
    title, words = (text.format(**values) for text in said)
    return title, words


def _aimed(target: str, trace: Trace) -> tuple[str, str]:
    """(flags, sender) of the segment that an act names."""
    aimed = parse_target(target)
    if aimed.flight is None:
        return str(aimed.pattern), aimed.host
    flight = trace.flight(aimed.flight)
    if flight is None:
        return "segment", "nobody"
    return flags_text(flight.segment.flags, "+"), flight.sender


def state_words(records: tuple[Record, ...]) -> tuple[str, str]:
    """(title, words) of a step in which states change: who enters which, why, and what that state is."""
    words = Words()
    changed = [record for record in records if isinstance(record, StateChanged)]
    title = ", ".join(f"{record.host} enters {record.target.value}" for record in changed)
    reasons = [words.reason(record.reason) for record in records if isinstance(record, Because)]
    said = [_sentence(reason) for reason in dict.fromkeys(reasons) if not any(typed_numbers(reason))]
    said += [f"{record.target.value}: {record.target.meaning}." for record in changed]
    return title[:1].upper() + title[1:], " ".join(dict.fromkeys(said))


def _sentence(half: str) -> str:
    return half[:1].upper() + half[1:].rstrip(".") + "."
