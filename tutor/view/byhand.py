"""By hand: an act as a sentence, for everybody who has not learnt the one-line form.

Rules
-----
* One act, one half sentence without a capital and a stop: "the SYN of the client is dropped", "the cable is cut".
* ``is_brief`` makes a name of it, for a row of a list: "SYN dropped".
* A segment that is named by its number is named as the run knows it; one that has not been sent, by what it will be.
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.tcp.segment import flags_text
from tutor.view.phrases import spaced, subject
from tutor.words import Words, mark
from tutor.world.acts import Act, ActError, parse_act
from tutor.world.desk import Rule
from tutor.world.targets import ANYBODY, Target, parse_target
from tutor.world.trace import Trace

TOUCHED = {
    "drop": mark("{segment} is dropped"),
    "delay": mark("{segment} is delayed by {span}"),
    "duplicate": mark("{segment} is duplicated"),
    "corrupt": mark("{segment} is corrupted"),
    "swap": mark("{segment} is overtaken by the next one"),
}
BRIEF = {
    "drop": mark("{segment} dropped"),
    "delay": mark("{segment} delayed by {span}"),
    "duplicate": mark("{segment} duplicated"),
    "corrupt": mark("{segment} corrupted"),
    "swap": mark("{segment} swapped with the next"),
}
"""What becomes of a segment."""

ARMED = {
    "drop": mark("Armed: {which} is dropped"),
    "delay": mark("Armed: {which} is delayed"),
    "duplicate": mark("Armed: {which} is duplicated"),
    "corrupt": mark("Armed: {which} is corrupted"),
    "swap": mark("Armed: {which} is overtaken"),
}
"""What will become of one."""

OF_LINKS = {
    "delay": mark("delay"),
    "loss": mark("loss"),
    "bandwidth": mark("bandwidth"),
    "mtu": mark("MTU"),
    "jitter": mark("jitter"),
    "duplication": mark("duplication"),
    "reordering": mark("reordering"),
    "corruption": mark("corruption"),
}
"""Parameter of a link -> how it is called in a sentence."""

LINK = "link"
"""How a run's only link is called."""


def deed(act: Act | str, words: Words, trace: Trace | None = None, *, is_brief: bool = False) -> str:
    """What a hand did, in words; a line that cannot be read stays as it is."""
    if isinstance(act, str):
        try:
            act = parse_act(act)
        except ActError:
            return str(act)
    if act.host:
        return spaced(words.t("{host} calls {call}", host=_host(act.host, words, is_brief), call=_call(act)), words)
    make = _DEEDS.get(act.name)
    if act.name in TOUCHED:
        said = _touch(act, words, trace, is_brief=is_brief)
    else:
        said = make(act, words, is_brief) if make is not None else str(act)
    return spaced(said, words)


def _host(name: str, words: Words, is_brief: bool) -> str:
    said = subject(name, words)
    return said.removeprefix("the ") if is_brief and words.lang == "en" else said


def _call(act: Act) -> str:
    return f"{act.name}({', '.join(act.args)})"


def capitalised(text: str) -> str:
    """A sentence with a capital at its beginning; a name of the system is written as the system does, and a host's
    at the beginning of a Chinese sentence as the host is called."""
    if (
        any("\u4e00" <= letter <= "\u9fff" for letter in text)
        or "_" in text.partition(" ")[0]
        or "()" in text.partition(" ")[0]
    ):
        return text
    return text[:1].upper() + text[1:]


# --- segments ---


def _touch(act: Act, words: Words, trace: Trace | None, *, is_brief: bool) -> str:
    what = segment(parse_target(act.args[0]), words, trace, is_brief=is_brief)
    span = act.args[1] if len(act.args) > 1 else ""
    return words.t((BRIEF if is_brief else TOUCHED)[act.name], segment=what, span=span)


def segment(target: Target, words: Words, trace: Trace | None = None, *, is_brief: bool = False, left: int = 0) -> str:
    """The segment that an act means. ``left``: how many more of its kind must be seen; 0: as many as the act says."""
    if target.flight is not None:
        flight = trace.flight(target.flight) if trace is not None else None
        if flight is None:
            return words.t("segment number {number}", number=target.flight)
        name = words.flags(flight.segment.flags)
        name = words.t("repeated {segment}", segment=name) if flight.retransmission else name
        if is_brief:
            return name
        return words.t("the {segment} of {host}", segment=name, host=subject(flight.sender, words))
    nth = left or target.nth
    kind = words.t("segment") if target.pattern.flags is None else flags_text(target.pattern.flags, "+")
    if target.pattern.kind == "data":
        kind = words.t("segment with data")
    if is_brief:
        said = words.t("next {segment}", segment=kind)
    elif target.host == ANYBODY:
        said = words.t("the next {segment}", segment=kind)
    else:
        said = words.t("the next {segment} of {host}", segment=kind, host=subject(target.host, words))
    return words.t("{segment}, number {nth} from now,", segment=said, nth=nth) if nth > 1 else said


def armed(rules: tuple[Rule, ...], words: Words, trace: Trace | None = None) -> tuple[str, ...]:
    """A sentence for every act that is armed, the newest first."""
    return tuple(_armed(rule, words, trace) for rule in reversed(rules))


def _armed(rule: Rule, words: Words, trace: Trace | None) -> str:
    target = Target(flight=rule.behind) if rule.behind is not None else rule.target
    which = segment(target, words, trace, left=max(rule.target.nth - rule.seen, 1))
    return spaced(words.t(ARMED[rule.name], which=which), words)


# --- everything else ---


def _set(act: Act, words: Words, is_brief: bool) -> str:
    owner, *middle, name = act.args[0].split(".")
    value = act.args[1]
    is_link = (name in OF_LINKS and name != "mtu") or owner == LINK
    name = words.t(OF_LINKS[name]) if is_link and name in OF_LINKS else name
    if is_link:
        who = words.t("the link") if owner == LINK else owner
        if middle:
            who = words.t("{link} from {host}", link=who, host=_host(middle[0], words, is_brief))
    else:
        who = _host(owner, words, is_brief)
    if act.name == "what-if":
        return words.t("what if {name} of {owner} were {value}", name=name, owner=who, value=value)
    if is_brief:
        return words.t("{name} = {value} ({owner})", name=name, value=value, owner=who.removeprefix("the "))
    return words.t("{name} of {owner} is set to {value}", name=name, owner=who, value=value)


def _cable(act: Act, words: Words, is_brief: bool) -> str:
    which = words.t("the cable") if act.args[0] == LINK else words.t("the cable {link}", link=act.args[0])
    if is_brief:
        return words.t("cable cut") if act.name == "cut" else words.t("cable mended")
    return words.t("{cable} is cut", cable=which) if act.name == "cut" else words.t("{cable} is mended", cable=which)


def _power(act: Act, words: Words, is_brief: bool) -> str:
    host = _host(act.args[0], words, is_brief)
    return words.t("{host} crashes", host=host) if act.name == "crash" else words.t("{host} starts again", host=host)


def _inject(act: Act, words: Words, is_brief: bool) -> str:
    source, _, target = act.args[0].partition(">")
    return words.t(
        "a forged {segment} goes from {source} to {target}",
        segment=act.args[1].replace(",", "+"),
        source=_host(source, words, is_brief),
        target=_host(target, words, is_brief),
    )


def _program(act: Act, words: Words, is_brief: bool) -> str:
    host, line, edit, *rest = act.args
    told = {
        "host": _host(host.partition("/")[0], words, is_brief),
        "line": line,
        "code": " ".join(rest).replace("repeat 0", "never"),
    }
    if edit == "forget":
        return words.t("line {line} of the program of {host} is forgotten", **told)
    if edit == "insert":
        return words.t("line {line} of the program of {host} has “{code}” before it", **told)
    return words.t("line {line} of the program of {host} is “{code}” now", **told)


def _told_back(act: Act, words: Words, is_brief: bool) -> str:
    return words.t("taken back: {deed}", deed=deed(Act(*_undone(act)), words, is_brief=is_brief))


def _undone(act: Act) -> tuple[str, tuple[str, ...]]:
    return act.args[0], (act.args[1],)


def _icmp(act: Act, words: Words, is_brief: bool) -> str:
    return words.t("an ICMP report reaches {host}", host=_host(act.args[0], words, is_brief))


def _profile(act: Act, words: Words, is_brief: bool) -> str:
    return words.t("{host} runs {profile}", host=_host(act.args[0], words, is_brief), profile=act.args[1])


def _variant(act: Act, words: Words, _is_brief: bool) -> str:
    if act.args[0] == "none":
        return words.t("everybody speaks TCP as it should be")
    return words.t("everybody speaks a broken TCP: {variant}", variant=words.protocol(act.args[0]))


def _wait(act: Act, words: Words, _is_brief: bool) -> str:
    return words.t("{span} go by", span=act.args[0])


_DEEDS: dict[str, Callable[[Act, Words, bool], str]] = {
    "set": _set, "what-if": _set, "cut": _cable, "mend": _cable, "crash": _power, "reboot": _power,
    "inject": _inject, "program": _program, "disarm": _told_back, "icmp": _icmp, "profile": _profile,
    "variant": _variant, "wait": _wait,
}  # fmt: skip
