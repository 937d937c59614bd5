"""``tcp-tutor conform``: other people's tests, and traces recorded from a kernel, against the simulated host.

Rules
-----
* One line a file: its verdict and, if it failed, the first difference with both sides.
  With ``--json`` an object a line.
* ``--rows`` chooses scripts by a column of the manifest, ``--table`` counts verdicts by one, and ``--reasons`` prints
  beside each disagreement what a committed list says of it.
* The last line is ``N passed, N failed, N unsupported``; the exit code is 0 only if none failed.
* Verdicts are for other programs as well as for people: they are the same words in every language.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tutor.commands.console import Console
from tutor.commands.faults import DONE, FILE_AT_FAULT, BadFile, BadUsage
from tutor.commands.scripts import beside
from tutor.commands.switches import profile_called
from tutor.commands.verdicts import Reason, Table, read_reasons
from tutor.exchange.golden import judge as recording
from tutor.exchange.packetdrill.judge import FAIL, PASS, UNSUPPORTED, Manner, Verdict, judge, read_manifest
from tutor.tcp.profile import Profile


def run(options: argparse.Namespace, console: Console) -> int:
    """Judge every file; print verdicts and the sum."""
    profile = profile_called(options.profile, console.words)
    counts = dict.fromkeys((PASS, FAIL, UNSUPPORTED), 0)
    chosen = _chosen(options, console)
    tables = [Table(column) for column in chosen.tables]
    for name, verdict in _recordings(options, profile, console) if options.golden else chosen.judged(profile):
        counts[verdict.kind] += 1
        for table in tables:
            table.count(chosen.row(name), verdict.kind)
        _say_verdict(name, verdict, chosen, console, is_json=options.json)
    for table in tables:
        console.say(table.as_json() if options.json else table.text(console.words))
    _say_sum(counts, console, is_json=options.json)
    return FILE_AT_FAULT if counts[FAIL] else DONE


def _say_verdict(
    name: str, verdict: Verdict | recording.Verdict, chosen: Chosen, console: Console, *, is_json: bool
) -> None:
    """One line, or an object; beside a disagreement what the list of reasons says of it."""
    reasons = chosen.reasons.get(name, ()) if verdict.kind != PASS else ()
    if is_json:
        why = [{"decides": each.decides, "reason": each.text} for each in reasons]
        told = {"file": name, **verdict.as_json()} | ({"reasons": why} if why else {})
        console.say(json.dumps(told, ensure_ascii=False))
        return
    console.say(f"{name}: {verdict}")
    for reason in reasons:
        console.say(f"    {reason}")


def _say_sum(counts: dict[str, int], console: Console, *, is_json: bool) -> None:
    passed, failed, unsupported = counts[PASS], counts[FAIL], counts[UNSUPPORTED]
    if is_json:
        console.say(json.dumps({"passed": passed, "failed": failed, "unsupported": unsupported}))
        return
    console.say(f"{passed} passed, {failed} failed, {unsupported} unsupported")


Judged = Iterator[tuple[str, "Verdict | recording.Verdict"]]
"""File -> verdict."""


def _recordings(options: argparse.Namespace, profile: Profile, console: Console) -> Judged:
    """Traces of a kernel (``--golden``)."""
    for path in _paths(options.paths, "*.json", console):
        if path.stat().st_size > recording.LARGEST:
            yield path.as_posix(), recording.Verdict(FAIL, str(recording.too_large(path.stat().st_size)))
        else:
            yield path.as_posix(), recording.judge(_read(path, console), profile)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The scripts to judge, and what a manifest and a list of reasons say of them."""

    options: argparse.Namespace
    console: Console
    manners: Mapping[str, Manner]
    home: Path | None
    """The folder that the names of the manifest count from."""
    reasons: Mapping[str, tuple[Reason, ...]]

    @property
    def tables(self) -> list[str]:
        """Columns by which verdicts are counted."""
        return list(self.options.table)

    def row(self, name: str) -> Mapping[str, str]:
        """What the manifest says of a script."""
        return self.manners[name].row if name in self.manners else {}

    def judged(self, profile: Profile) -> Judged:
        """packetdrill scripts, in order."""
        wanted, is_any = [_condition(text) for text in self.options.rows], False
        for path in _paths(self.options.paths, "*.pkt", self.console):
            name = _name(path, self.home)
            if all(self.row(name).get(column) in values for column, values in wanted):
                is_any = True
                yield (
                    name,
                    judge(
                        _read(path, self.console),
                        profile,
                        self._manner(name),
                        partial(beside, self.home or path.parent),
                    ),
                )
        if wanted and not is_any:
            raise BadFile(self.console.words.t("no script here has {rows}", rows=" ".join(self.options.rows)))

    def _manner(self, name: str) -> Manner:
        """As the manifest says, unless the command line says in which form."""
        manner = self.manners.get(name, Manner())
        if self.options.as_is:
            return Manner(row=manner.row)
        if self.options.neutral:
            return replace(manner, is_neutral=True)
        return manner


def _condition(text: str) -> tuple[str, frozenset[str]]:
    """``COLUMN=VALUE,VALUE``."""
    column, _, values = text.partition("=")
    return column, frozenset(values.split(","))


def _chosen(options: argparse.Namespace, console: Console) -> Chosen:
    """What the manifest and the reasons say. Raises ``BadUsage`` for a column that is not there."""
    t = console.words.t
    manners, home = _manifest(options, console)
    columns = list(next(iter(manners.values())).row) if manners else []
    if (options.rows or options.table) and not options.manifest:
        raise BadUsage(t("--rows and --table choose columns of a manifest: --manifest FILE"))
    for column in [*(_condition(text)[0] for text in options.rows), *options.table]:
        if column not in columns:
            raise BadUsage(
                t("the manifest has no column {name}; it has: {allowed}", name=column, allowed=", ".join(columns))
            )
    return Chosen(options, console, manners, home, _reasons(options, console))


def _reasons(options: argparse.Namespace, console: Console) -> Mapping[str, tuple[Reason, ...]]:
    """Script -> what the list says of it (``--reasons``)."""
    if not options.reasons:
        return {}
    path = Path(options.reasons)
    try:
        return read_reasons(_read(path, console))
    except ValueError as error:
        raise BadFile(f"{path}: {error}") from None


def _manifest(options: argparse.Namespace, console: Console) -> tuple[dict[str, Manner], Path | None]:
    if not options.manifest:
        return {}, None
    path = Path(options.manifest)
    try:
        return read_manifest(_read(path, console)), path.parent
    except ValueError as error:
        raise BadFile(f"{path}: {error}") from None


def _name(path: Path, home: Path | None) -> str:
    """The file as the manifest names it."""
    if home is not None and path.resolve().is_relative_to(home.resolve()):
        return path.resolve().relative_to(home.resolve()).as_posix()
    return path.as_posix()


def _paths(names: list[str], pattern: str, console: Console) -> Iterator[Path]:
    for name in names:
        path = Path(name)
        if path.is_dir():
            found = sorted(path.rglob(pattern))
            if not found:
                raise BadFile(console.words.t("{path}: no {pattern} in this folder", path=path, pattern=pattern))
            yield from found
        elif path.is_file():
            yield path
        else:
            raise BadFile(console.words.t("{path}: there is no such file", path=path))


def _read(path: Path, console: Console) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as fault:
        raise BadFile(console.words.t("{path} cannot be read: {why}", path=path, why=fault)) from None
