"""What ``tcp-tutor search`` was asked: switches as what is searched, and clear words for what is asked wrongly.

Rules
-----
* A known exception has a budget of its own: nothing can be given besides it.
* Nothing is taken that no search would come to an end with.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tutor.commands.faults import BadUsage
from tutor.commands.parser import did_you_mean
from tutor.commands.switches import profile_called
from tutor.commands.writing import cannot_write, refuse_existing
from tutor.explore.exceptions import EXCEPTIONS, Known, rules_of
from tutor.explore.parts import Budget, Play
from tutor.explore.past import FORGOTTEN, OPEN, WRAPPED
from tutor.explore.properties import PROPERTIES
from tutor.explore.verdict import PROPERTIES as BITS
from tutor.tcp.profile import Profile
from tutor.tcp.transitions import RFC
from tutor.tcp.variant import TCP, VARIANTS, Variant
from tutor.words import Words
from tutor.world.sysctls import with_setting

MOST = 9
"""The largest number that a budget may have: beyond it no search comes to an end."""

LEAST = {"calls": 1}
"""Switch -> the smallest number that it may have, where that is not 0: who never calls shows nothing."""

BUDGETS = {
    "held": "held", "lose": "losses", "duplicate": "duplicates", "coincidence": "coincidences",
    "crash": "interferences", "calls": "connects", "writes": "writes",
}  # fmt: skip
"""Switch -> field of the budget, in the order of its fields."""

ACK_RULES = {
    "793": (("old_ack_check", "no"), ("old_ack_in_closing", "take")),
    "5961": (("old_ack_check", "yes"), ("old_ack_of_sent", "no"), ("old_ack_in_closing", "take")),
}
"""``--ack-rule`` -> fields of the profile: any old ACK is a duplicate; or one below the largest window is refused."""

BEGINNINGS = (FORGOTTEN, OPEN)
"""From where a search begins unless somebody says otherwise."""

DEFAULTS = {
    "held": 1, "lose": 1, "duplicate": 0, "coincidence": 0, "crash": 0, "calls": 1, "writes": 1, "give_up": 0,
    "wrap": False, "overdue": False, "orphan": False, "ack_rule": None, "rfc1337": False, "begin": None,
}  # fmt: skip
"""Switch -> what it is unless somebody says otherwise."""


WORKS_WITH = {
    "list": ("json",),
    "atlas": ("profile", "variant", "json"),
    "pair": ("profile", "variant", "json", "out", "force"),
}
"""What is asked instead of a search -> the switches that mean something with it."""


def refuse_what_is_not_looked_at(options: argparse.Namespace, words: Words) -> None:
    """A list, the atlas or a pair, with a switch that says nothing of it. Raises ``BadUsage``."""
    every = ("list", "atlas", "pair", "property", "variant", "profile", "exception", "out", "force", "json", *DEFAULTS)
    given = [each for each in every if getattr(options, each) not in (None, False)]
    for instead, known in WORKS_WITH.items():
        if instead not in given:
            continue
        if wrong := [_switch(each) for each in given if each != instead and each not in known]:
            told = words.t("{name} and {other} exclude each other", name=_switch(instead), other=", ".join(wrong))
            raise BadUsage(told)
        return


def refuse_unwritable(path: str, words: Words, *, is_forced: bool) -> None:
    """Nobody shall wait for a search whose run cannot be kept. Raises ``BadFile``, ``BadUsage``."""
    if not path:
        raise BadUsage(words.t("{names} is missing", names="--out FILE"))
    target = Path(path)
    refuse_existing(target, words, is_forced=is_forced)
    was_there = target.exists()
    try:
        target.open("ab").close()
    except OSError as fault:
        raise cannot_write(target, fault, words) from None
    if not was_there:
        target.unlink()


def _switch(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def asked(options: argparse.Namespace, words: Words) -> tuple[str, Play, tuple[str, ...]]:
    """(the property, what is searched for it, the beginnings from which)."""
    if options.exception:
        prop, known, play = _exception(options, words)
        return prop, play, (known.beginning,)
    if not options.property:
        raise BadUsage(words.t("{names} is missing", names="--property"))
    variant = variant_of(options.variant or "", words)
    profile = _ruled(profile_of(options.profile, words), variant, options, words)
    prop = _one_of(options.property, PROPERTIES, words)
    retries = _number(options, "give_up", words)
    budget, is_overdue = _budget_of(options, words), bool(options.overdue)
    play = Play(profile, variant, budget, watched=BITS[prop], retries=retries, is_overdue=is_overdue)
    return prop, play, _beginnings(options, words)


def _beginnings(options: argparse.Namespace, words: Words) -> tuple[str, ...]:
    if options.wrap and options.begin:
        raise BadUsage(words.t("{name} and {other} exclude each other", name="--wrap", other="--begin"))
    if options.begin:
        return (_one_of(options.begin, BEGINNINGS, words),)
    return (WRAPPED,) if options.wrap else BEGINNINGS


def _ruled(profile: Profile, variant: Variant, options: argparse.Namespace, words: Words) -> Profile:
    """``profile`` with the rules that were asked for by name."""
    if options.ack_rule:
        rules = ACK_RULES[_one_of(options.ack_rule, ACK_RULES, words)]
        if {field for field, _ in variant.rules} & {field for field, _ in rules}:
            told = words.t("{name} has an ACK rule of its own: --ack-rule cannot be given with it", name=variant.id)
            raise BadUsage(told)
        for field, value in rules:
            profile = with_setting(profile, f"profile.{field}", value)
    return with_setting(profile, "profile.rst_kills_time_wait", "no") if options.rfc1337 else profile


def _exception(options: argparse.Namespace, words: Words) -> tuple[str, Known, Play]:
    """What is searched to find a known exception anew: its budget is its own."""
    if options.variant:
        raise BadUsage(words.t("--exception is about TCP itself: --variant cannot be given with it"))
    given = [each for each in DEFAULTS if getattr(options, each) not in (None, False)]
    if given:
        names = ", ".join(map(_switch, given))
        raise BadUsage(words.t("{names} cannot be given with --exception: it has a budget of its own", names=names))
    all_known = {each.id: each for each in EXCEPTIONS}
    known = all_known[_one_of(options.exception, all_known, words)]
    prop = _one_of(options.property or sorted(known.properties)[0], known.properties, words)
    rules = "linux-6.18" if options.profile is None and "rfc9293" not in known.rule_sets else options.profile
    profile = profile_of(rules, words)
    if rules_of(profile.rule_set) not in known.rule_sets:
        told = words.t("{name} is no exception under {profile}", name=known.id, profile=profile.name)
        raise BadUsage(told)
    return prop, known, known.play(profile, BITS[prop])


def profile_of(name: str | None, words: Words) -> Profile:
    """The rules of that name; RFC 9293's unless one is given."""
    return profile_called(name or RFC, words)


def variant_of(name: str, words: Words) -> Variant:
    """The protocol of that name; TCP unless one is given."""
    return VARIANTS[_one_of(name, VARIANTS, words)] if name not in ("", "none") else TCP


def _one_of(name: str, allowed: Iterable[str], words: Words) -> str:
    if name not in allowed:
        raise BadUsage(words.t("unknown: {value}", value=name) + did_you_mean(name, allowed, words))
    return name


def _budget_of(options: argparse.Namespace, words: Words) -> Budget:
    given: dict[str, Any] = {field: _number(options, switch, words) for switch, field in BUDGETS.items()}
    return Budget(**given, orphans=bool(options.orphan))


def _number(options: argparse.Namespace, switch: str, words: Words) -> int:
    given = getattr(options, switch)
    text, least = str(DEFAULTS[switch] if given is None else given), LEAST.get(switch, 0)
    if not text.isdecimal() or not least <= int(text) <= MOST:
        raise BadUsage(
            words.t(
                "{name} is {found}; allowed: {allowed}",
                name=_switch(switch),
                found=text,
                allowed=f"{least}…{MOST}",
            )
        )
    return int(text)
