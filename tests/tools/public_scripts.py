"""Judges a folder of other people's scripts, and holds the result against what is committed.

python tests/tools/public_scripts.py            # judge; exit 1 if a tier passes fewer than left.toml says
python tests/tools/public_scripts.py --write    # bring both lists up to date: causes stay, what passes now is dropped

The folder is the one that TUTOR_PACKETDRILL names, else ../shared/conformance/packetdrill/public beside the project.
Its manifest says in which form each script is asked, to which tier it belongs, and what the real kernel did with it:
what a Linux 6.18 passes in that form must pass here (left.toml), what it fails was written for another system and is
asked in full under the RFC's profile (disagreements.toml).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tutor.commands.scripts import beside
from tutor.exchange.packetdrill.judge import PASS, Manner, Verdict, judge, read_manifest
from tutor.profiles import load_profile

ROOT = Path(__file__).resolve().parents[2]
LISTS = ROOT / "tests" / "conformance"
BESIDE = ROOT.parent / "shared" / "conformance" / "packetdrill" / "public"
VARIABLE = "TUTOR_PACKETDRILL"

Entries = Mapping[str, Mapping[str, str]]
"""Script that does not pass -> its verdict in a word, and why."""


class Committed(NamedTuple):
    """A list that is committed: left.toml has how many pass as well."""

    entries: Entries
    passes: Mapping[str, int]
    """Tier -> scripts that pass."""


class Judged(NamedTuple):
    """One script of the folder."""

    name: str
    tier: str
    verdict: Verdict


def folder() -> Path | None:
    """The folder of scripts; None if there is none beside the project. One that is named must be there."""
    named = os.environ.get(VARIABLE)
    if named and not Path(named, "manifest.csv").is_file():
        raise SystemExit(f"{VARIABLE} names {named}, where there is no manifest.csv")
    found = Path(named) if named else BESIDE
    return found if (found / "manifest.csv").is_file() else None


def absent() -> str:
    """The sentence for a machine without such a folder."""
    return f"there is no folder of packetdrill scripts: {BESIDE} does not exist and {VARIABLE} names none"


def rows(home: Path) -> dict[str, Manner]:
    """Every script of the folder as its manifest has it."""
    return read_manifest((home / "manifest.csv").read_text(encoding="utf-8"))


def judged(home: Path) -> Iterator[Judged]:
    """The verdict on each script that Linux passes, in the form in which it does."""
    profile = load_profile("linux-6.18")
    for name, manner in sorted(rows(home).items()):
        if manner.row["kernel_6_18"].startswith("pass"):
            yield Judged(name, manner.row["tier"], judge(_text(home, name), profile, manner, partial(beside, home)))


def judged_in_full(home: Path) -> Iterator[Judged]:
    """The verdict of the RFC's profile on each script of another system that Linux fails, asked in full."""
    profile = load_profile("rfc9293")
    for name, manner in sorted(rows(home).items()):
        if manner.row["kernel_6_18"] == "fail":
            verdict = judge(_text(home, name), profile, Manner(row=manner.row), partial(beside, home))
            yield Judged(name, manner.row["tier"], verdict)


def _text(home: Path, name: str) -> str:
    return (home / name).read_text(encoding="utf-8", errors="replace")


def committed(path: Path) -> Committed:
    """What is committed in a list."""
    text = tomllib.loads(path.read_text(encoding="utf-8"))
    return Committed(text.get("left", text), text.get("passes", {}))


def passing(found: list[Judged]) -> dict[str, int]:
    """Tier -> scripts that pass."""
    counts = Counter(each.tier for each in found if each.verdict.kind == PASS)
    return {tier: counts[tier] for tier in sorted({each.tier for each in found})}


def entries(found: list[Judged], before: Entries, *needed: str) -> dict[str, dict[str, str]]:
    """An entry for each script that does not pass; what is said of it already stays."""
    return {
        each.name: {"verdict": each.verdict.kind} | {key: before.get(each.name, {}).get(key, "") for key in needed}
        for each in found
        if each.verdict.kind != PASS
    }


def lines_of(told: Entries) -> list[str]:
    """Entries as TOML, a line each."""
    return [
        f'"{name}" = {{ ' + ", ".join(f"{key} = {_quoted(text)}" for key, text in entry.items()) + " }"
        for name, entry in told.items()
    ]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def head_of(path: Path) -> str:
    """The comment at the top of a list."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.startswith("#"))


def write_left(found: list[Judged], path: Path) -> list[str]:
    """Bring left.toml up to date; the scripts that have no cause yet."""
    before = committed(path)
    told = entries(found, before.entries, "cause")
    counts = [f"{tier} = {count}" for tier, count in passing(found).items()]
    text = [head_of(path), "", "[passes]", *counts, "", "[left]", *lines_of(told)]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return [name for name, entry in told.items() if not entry["cause"]]


def write_disagreements(found: list[Judged], path: Path) -> list[str]:
    """Bring disagreements.toml up to date; the scripts that have no reason yet."""
    told = entries(found, committed(path).entries, "decides", "reason")
    path.write_text("\n".join([head_of(path), "", *lines_of(told)]) + "\n", encoding="utf-8")
    return [name for name, entry in told.items() if not entry["reason"]]


def table(found: list[Judged], before: Committed) -> str:
    """How many of each tier pass, of how many, and what is committed."""
    all_of, passes = Counter(each.tier for each in found), passing(found)
    told = [
        f"tier {tier}: {count} of {all_of[tier]} pass (committed: {before.passes.get(tier, 0)})"
        for tier, count in passes.items()
    ]
    return "\n".join([*told, f"{sum(passes.values())} of {len(found)} pass"])


def fewer(found: list[Judged], before: Committed) -> list[str]:
    """The tiers of which fewer pass than is committed."""
    passes = passing(found)
    return [
        f"tier {tier}: {passes.get(tier, 0)} pass, {count} are committed"
        for tier, count in before.passes.items()
        if passes.get(tier, 0) < count
    ]


def run(home: Path, lists: Path, *, is_written: bool) -> int:
    """Judge ``home`` and hold it against the lists; 1 if a tier passes fewer."""
    found, before = list(judged(home)), committed(lists / "left.toml")
    print(table(found, before))
    lost = fewer(found, before)
    for line in lost:
        print(f"FEWER THAN COMMITTED: {line}")
    if is_written and not lost:
        lacking = write_left(found, lists / "left.toml")
        lacking += write_disagreements(list(judged_in_full(home)), lists / "disagreements.toml")
        print("\n".join(f"needs its cause: {name}" for name in lacking) or "every entry has its cause")
    return 1 if lost else 0


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="bring the lists up to date")
    options = parser.parse_args()
    home = folder()
    if home is None:
        print(f"\n{'!' * 100}\n!! NOTHING WAS JUDGED: {absent()}\n{'!' * 100}")
        return 0
    print(f"scripts in {home}")
    return run(home, LISTS, is_written=options.write)


if __name__ == "__main__":
    sys.exit(main())
