"""Judges a folder of other people's scripts, and holds the result against what is committed.

python tests/tools/public_scripts.py            # judge; exit 1 if a tier passes fewer than left.toml says
python tests/tools/public_scripts.py --write    # bring left.toml up to date: causes stay, what passes now is dropped

The folder is the one that TUTOR_PACKETDRILL names, else ../shared/conformance/packetdrill/public beside the project.
Its manifest says in which form each script is asked, to which tier it belongs, and what the real kernel did with it:
those are judged that a Linux 6.18 passes in that form.
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
from tutor.exchange.packetdrill.judge import PASS, UNSUPPORTED, Manner, Verdict, judge, read_manifest
from tutor.profiles import load_profile

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "tests" / "conformance" / "left.toml"
BESIDE = ROOT.parent / "shared" / "conformance" / "packetdrill" / "public"
VARIABLE = "TUTOR_PACKETDRILL"

HEAD = """\
# Scripts of other people that Linux 6.18 passes, as the public folder's manifest says, and that this engine does not yet.
# `python tests/tools/public_scripts.py --write` keeps the list: it drops what passes and asks for causes that lack.
# `[passes]` is how many scripts of each tier pass; the longer checks fail when it is fewer.
"""


class Left(NamedTuple):
    """A script that does not pass: its verdict in a word, and why."""

    verdict: str
    cause: str


class Committed(NamedTuple):
    """What left.toml holds."""

    passes: Mapping[str, int]
    """Tier -> scripts that pass."""
    left: Mapping[str, Left]


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
    """The verdict on each script that Linux passes."""
    profile = load_profile("linux-6.18")
    for name, manner in sorted(rows(home).items()):
        if manner.row["kernel_6_18"].startswith("pass"):
            text = (home / name).read_text(encoding="utf-8", errors="replace")
            yield Judged(name, manner.row["tier"], judge(text, profile, manner, partial(beside, home)))


def committed(path: Path = LIST) -> Committed:
    """What is committed."""
    text = tomllib.loads(path.read_text(encoding="utf-8"))
    return Committed(text["passes"], {name: Left(**entry) for name, entry in text["left"].items()})


def in_a_word(verdict: Verdict) -> str:
    """The verdict without its numbers, which change with every mend."""
    return f"unsupported: {verdict.what}" if verdict.kind == UNSUPPORTED else f"{verdict.kind} at line {verdict.line}"


def written(found: list[Judged], before: Committed) -> str:
    """left.toml for what was found, with the causes that are known."""
    passes = Counter(each.tier for each in found if each.verdict.kind == PASS)
    lines = [HEAD, "[passes]", *(f"{tier} = {passes[tier]}" for tier in sorted({each.tier for each in found}))]
    lines += ["", "[left]"]
    for each in found:
        if each.verdict.kind != PASS:
            cause = before.left[each.name].cause if each.name in before.left else ""
            entry = f"verdict = {json.dumps(in_a_word(each.verdict))}, cause = {json.dumps(cause, ensure_ascii=False)}"
            lines.append(f'"{each.name}" = {{ {entry} }}')
    return "\n".join(lines) + "\n"


def table(found: list[Judged], before: Committed) -> str:
    """How many of each tier pass, of how many, and what is committed."""
    all_of = Counter(each.tier for each in found)
    passes = Counter(each.tier for each in found if each.verdict.kind == PASS)
    told = [f"tier {tier}: {passes[tier]} of {all_of[tier]} pass" for tier in sorted(all_of)]
    told = [f"{line} (committed: {before.passes.get(line[5], 0)})" for line in told]
    return "\n".join([*told, f"{sum(passes.values())} of {len(found)} pass"])


def fewer(found: list[Judged], before: Committed) -> list[str]:
    """The tiers of which fewer pass than is committed."""
    passes = Counter(each.tier for each in found if each.verdict.kind == PASS)
    return [
        f"tier {tier}: {passes[tier]} pass, {count} are committed"
        for tier, count in before.passes.items()
        if passes[tier] < count
    ]


def run(home: Path, path: Path, *, is_written: bool) -> int:
    """Judge ``home`` and hold it against ``path``; 1 if a tier passes fewer."""
    found, before = list(judged(home)), committed(path)
    print(table(found, before))
    lost = fewer(found, before)
    for line in lost:
        print(f"FEWER THAN COMMITTED: {line}")
    if is_written and not lost:
        path.write_text(written(found, before), encoding="utf-8")
        lacking = [name for name, entry in committed(path).left.items() if not entry.cause]
        print(*(f"needs a cause: {name}" for name in lacking), sep="\n")
    return 1 if lost else 0


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="bring left.toml up to date")
    options = parser.parse_args()
    home = folder()
    if home is None:
        print(f"\n{'!' * 100}\n!! NOTHING WAS JUDGED: {absent()}\n{'!' * 100}")
        return 0
    print(f"scripts in {home}")
    return run(home, LIST, is_written=options.write)


if __name__ == "__main__":
    sys.exit(main())
