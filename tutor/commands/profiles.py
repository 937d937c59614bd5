"""``tcp-tutor profiles [--diff A B]``: every number and rule of the profiles side by side, each with its source.

Rules
-----
* Profiles that agree on value, status and source share a line; a value that nobody looked up says ``unknown``.
* Sources are citations and stay as they are in every language.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from tutor.commands.console import Console
from tutor.commands.faults import DONE, BadUsage
from tutor.profiles import ProfileError, load_profile, profile_names
from tutor.tcp.profile import RULES, SECTIONS, STATUSES, Profile
from tutor.view.cells import pad, width, wrap
from tutor.words import Words
from tutor.world.time import format_duration


def run(options: argparse.Namespace, console: Console) -> int:
    """Print the profiles, or where two of them differ."""
    words = console.words
    names = tuple(options.diff or options.names or profile_names())
    profiles = [_load(name) for name in names]
    for profile in profiles:
        _introduce(profile, console)
    shown = 0
    for rule in RULES:
        if rule.name in SECTIONS and not options.diff:
            console.say(f"\n=== {words.t(SECTIONS[rule.name])} ===")
        if options.diff and len({getattr(profile, rule.name) for profile in profiles}) == 1:
            continue
        shown += 1
        console.say(f"\n{rule.name}: {words.t(rule.metadata['doc'])}")
        for line in _side_by_side(profiles, rule.name, console):
            console.say(line)
    console.say()
    if options.diff:
        console.say(words.n("{count} difference", "{count} differences", shown))
    return DONE


def _load(name: str) -> Profile:
    try:
        return load_profile(name)
    except ProfileError as error:
        raise BadUsage(str(error)) from None


def _introduce(profile: Profile, console: Console) -> None:
    """Name, title, what it holds for, and how well it is known."""
    words = console.words
    console.say(f"{profile.name}: {profile.title}")
    for line in wrap(words.t("holds for: {versions}", versions=profile.holds_for), console.columns - 4):
        console.say(f"    {line}")
    known = [source.status for source in profile.sources.values()]
    counted = ", ".join(f"{known.count(status)} {words.t(status)}" for status in STATUSES if status in known)
    console.say(f"    {counted}")


def _side_by_side(profiles: list[Profile], field: str, console: Console) -> Iterator[str]:
    """One line a different answer: who, value, status, source (wrapped under itself)."""
    words = console.words
    answers: dict[tuple[str, str, str], list[str]] = {}
    for profile in profiles:
        source = profile.source(field)
        answers.setdefault((shown(profile, field, words), source.status, source.text), []).append(profile.name)
    names = {answer: " ".join(who) for answer, who in answers.items()}
    first, second = max(map(width, names.values())), max(width(value) for value, _, _ in answers)
    third = max(width(words.t(status)) for _, status, _ in answers)
    for (value, status, text), who in names.items():
        head = f"  {pad(who, first)}  {pad(value, second)}  {pad(words.t(status), third)}  "
        for number, line in enumerate(wrap(text, max(30, console.columns - width(head)))):
            yield (head if number == 0 else " " * width(head)) + line


def shown(profile: Profile, field: str, words: Words) -> str:
    """A value as people write it: spans with their unit, yes and no in words."""
    value = getattr(profile, field)
    if isinstance(value, bool):
        return words.t("yes") if value else words.t("no")
    if field.endswith("_us"):
        return format_duration(value)
    return str(value)
