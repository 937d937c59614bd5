"""``tcp-tutor profiles [--diff A B]``: every number and rule of the profiles side by side, each with its source.

Rules
-----
* Every field says in a sentence what it means, in which unit or words, and which sysctl sets it.
* Profiles that agree on value, status and source share a line; a value that nobody looked up says ``unknown``.
* Sources are citations and stay as they are in every language.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import Field
from typing import Any

from tutor.commands.console import Console
from tutor.commands.faults import DONE, BadUsage
from tutor.commands.switches import profile_called
from tutor.profiles import profile_names
from tutor.tcp.profile import RULES, SECTIONS, STATUSES, UNITS, Profile
from tutor.view.cells import pad, width, wrap
from tutor.words import Words
from tutor.world.sysctls import SYSCTLS
from tutor.world.time import format_duration

MARGIN = "    "

NARROW = 32
"""Columns below which a source stands under its value, not beside it."""


def run(options: argparse.Namespace, console: Console) -> int:
    """Print the profiles, or where two of them differ."""
    words = console.words
    if options.diff and options.names:
        raise BadUsage(words.t("--diff names its profiles itself; leave out {names}", names=" ".join(options.names)))
    names = tuple(dict.fromkeys(options.diff or options.names or profile_names()))
    profiles = [profile_called(name, words) for name in names]
    for profile in profiles:
        _introduce(profile, console)
    shown, section = 0, ""
    for rule in RULES:
        section = SECTIONS.get(rule.name, section)
        if options.diff and len({getattr(profile, rule.name) for profile in profiles}) == 1:
            continue
        shown += 1
        if section:
            console.say(f"\n=== {words.t(section)} ===")
            section = ""
        console.say()
        for line in (*_meaning(rule, console), *_side_by_side(profiles, rule.name, console)):
            console.say(line)
    console.say()
    if options.diff:
        console.say(words.n("{count} difference", "{count} differences", shown))
    return DONE


def _introduce(profile: Profile, console: Console) -> None:
    """Name, title, what it holds for, and how well it is known."""
    words = console.words
    console.say(f"{profile.name}: {profile.title}")
    holds_for = words.t("holds for: {versions}", versions=words.t(profile.holds_for))
    known = [source.status for source in profile.sources.values()]
    counted = ", ".join(f"{known.count(status)} {words.t(status)}" for status in STATUSES if status in known)
    for text in (holds_for, counted):
        for line in wrap(text, console.columns - len(MARGIN)):
            console.say(MARGIN + line)


def _meaning(rule: Field[Any], console: Console) -> Iterator[str]:
    """What a field means, in which unit or words, and the sysctl that sets it."""
    words = console.words
    allowed = rule.metadata.get("allowed")
    kind = ", ".join(allowed) if allowed else words.t(UNITS[rule.metadata["unit"]])
    setting = next((name for name, row in SYSCTLS.items() if row.field == rule.name), "")
    text = f"{rule.name}: {words.t(rule.metadata['doc'])} [{'; '.join(filter(None, (kind, setting)))}]"
    first, *more = wrap(text, console.columns - len(MARGIN))
    yield first
    yield from (MARGIN + line for line in more)


def _side_by_side(profiles: list[Profile], field: str, console: Console) -> Iterator[str]:
    """One line a different answer: who, value, status, source (wrapped under itself, or below where it is narrow)."""
    words = console.words
    answers: dict[tuple[str, str, str], list[str]] = {}
    for profile in profiles:
        source = profile.source(field)
        answers.setdefault((shown(profile, field, words), source.status, source.text), []).append(profile.name)
    names = {answer: " ".join(who) for answer, who in answers.items()}
    first, second = max(map(width, names.values())), max(width(value) for value, _, _ in answers)
    third = max(width(words.t(status)) for _, status, _ in answers)
    room = console.columns - (first + second + third + 8)
    longest = max(width(word) for _, _, text in answers for word in text.split())
    for (value, status, text), who in names.items():
        head = f"  {pad(who, first)}  {pad(value, second)}  {pad(words.t(status), third)}  "
        if room >= max(NARROW, longest):
            line, *more = wrap(text, room)
            yield head + line
            yield from (" " * width(head) + line for line in more)
        else:
            yield head.rstrip()
            yield from (2 * MARGIN + line for line in wrap(text, console.columns - 2 * len(MARGIN)))


def shown(profile: Profile, field: str, words: Words) -> str:
    """A value as people write it: spans with their unit, yes and no in words."""
    value = getattr(profile, field)
    if isinstance(value, bool):
        return words.t("yes") if value else words.t("no")
    if field.endswith("_us"):
        return format_duration(value)
    return str(value)
