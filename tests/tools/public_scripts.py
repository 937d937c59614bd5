"""Judges a folder of other people's scripts, and holds the result against what is committed.

python tests/tools/public_scripts.py            # judge; exit 1 if a tier passes fewer than left.toml says,
                                                # or if a list is not the truth (both ways)
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
from tutor.commands.verdicts import Reason, read_reasons
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
    """What is committed in left.toml."""
    text = tomllib.loads(path.read_text(encoding="utf-8"))
    return Committed(text["left"], text["passes"])


def disagreements(path: Path) -> dict[str, tuple[Reason, ...]]:
    """What is committed in disagreements.toml, script by script."""
    return read_reasons(path.read_text(encoding="utf-8"), is_complete=False)


def passing(found: list[Judged]) -> dict[str, int]:
    """Tier -> scripts that pass."""
    counts = Counter(each.tier for each in found if each.verdict.kind == PASS)
    return {tier: counts[tier] for tier in sorted({each.tier for each in found})}


def kinds(found: list[Judged]) -> dict[str, str]:
    """Script that does not pass -> its verdict in a word."""
    return {each.name: each.verdict.kind for each in found if each.verdict.kind != PASS}


def astray(found: list[Judged], listed: Mapping[str, str]) -> list[str]:
    """Where a list (script -> verdict) is not the truth: what it has not, what it has and passes, another verdict."""
    told, judged_here = kinds(found), {each.name for each in found}
    return [
        f"{name}: {told.get(name, PASS if name in judged_here else 'not in the folder')}, "
        f"listed as {listed.get(name, PASS)}"
        for name in sorted({*told, *listed})
        if told.get(name) != listed.get(name)
    ]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def head_of(path: Path) -> str:
    """The comment at the top of a list."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.startswith("#"))


def write_left(found: list[Judged], path: Path) -> list[str]:
    """Bring left.toml up to date: causes stay, what passes is dropped. Returns the scripts that have no cause yet."""
    before = committed(path).entries
    causes = {name: before.get(name, {}).get("cause", "") for name in kinds(found)}
    lines = [
        f'"{name}" = {{ verdict = "{kind}", cause = {_quoted(causes[name])} }}' for name, kind in kinds(found).items()
    ]
    counts = [f"{tier} = {count}" for tier, count in passing(found).items()]
    text = [head_of(path), "", "[passes]", *counts, "", "[left]", *lines]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return [name for name, cause in causes.items() if not cause]


def write_disagreements(found: list[Judged], path: Path) -> list[str]:
    """Bring disagreements.toml up to date in the same way: each reason once, with the scripts under it."""
    before = disagreements(path)
    groups: dict[Reason, list[str]] = {reason: [] for reasons in before.values() for reason in reasons}
    for name, kind in kinds(found).items():
        for old in before.get(name, (Reason(kind, "", ""),)):
            groups.setdefault(old._replace(verdict=kind), []).append(name)
    lines = [head_of(path)]
    for reason, names in groups.items():
        if names:
            lines += ["", "[[reason]]", f'decides = "{reason.decides}"', f"text = {_quoted(reason.text)}"]
            lines += [f'verdict = "{reason.verdict}"', "scripts = [", *(f'    "{name}",' for name in names), "]"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [name for reason, names in groups.items() for name in names if not reason.text]


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
    """Judge ``home`` and hold it against the lists; 1 if a tier passes fewer, or a list is not the truth."""
    left, other = lists / "left.toml", lists / "disagreements.toml"
    found, in_full = list(judged(home)), list(judged_in_full(home))
    print(table(found, committed(left)))
    print(f"of another system, under the RFC: {Counter(each.verdict.kind for each in in_full)[PASS]} of {len(in_full)}")
    faults = [f"FEWER THAN COMMITTED: {line}" for line in fewer(found, committed(left))]
    if is_written and not faults:
        lacking = write_left(found, left) + write_disagreements(in_full, other)
        print("\n".join(f"needs its cause: {name}" for name in lacking) or "every entry has its cause")
    listed = {name: entry["verdict"] for name, entry in committed(left).entries.items()}
    faults += [f"left.toml: {line}" for line in astray(found, listed)]
    listed = {name: reasons[0].verdict for name, reasons in disagreements(other).items()}
    faults += [f"disagreements.toml: {line}" for line in astray(in_full, listed)]
    print("\n".join(faults) or "both lists are the truth")
    return 1 if faults else 0


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
