"""``tcp-tutor conform``: other people's tests, and traces recorded from a kernel, against the simulated host.

Rules
-----
* One line a file: its verdict and, if it failed, the first difference with both sides.
  With ``--json`` an object a line.
* The last line is ``N passed, N failed, N unsupported``; the exit code is 0 only if none failed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tutor.commands.console import Console
from tutor.commands.faults import DONE, FILE_AT_FAULT, BadFile
from tutor.commands.scripts import beside
from tutor.commands.switches import profile_called
from tutor.exchange.golden import judge as recording
from tutor.exchange.packetdrill.judge import FAIL, PASS, UNSUPPORTED, Manner, Verdict, judge, read_manifest
from tutor.tcp.profile import Profile


def run(options: argparse.Namespace, console: Console) -> int:
    """Judge every file; print verdicts and the sum."""
    profile = profile_called(options.profile, console.words)
    counts = dict.fromkeys((PASS, FAIL, UNSUPPORTED), 0)
    judged = _recordings if options.golden else _scripts
    for name, verdict in judged(options, profile, console):
        counts[verdict.kind] += 1
        told = json.dumps({"file": name, **verdict.as_json()}, ensure_ascii=False) if options.json else None
        console.say(told or f"{name}: {verdict}")
    _say_sum(counts, console, is_json=options.json)
    return FILE_AT_FAULT if counts[FAIL] else DONE


def _say_sum(counts: dict[str, int], console: Console, *, is_json: bool) -> None:
    passed, failed, unsupported = counts[PASS], counts[FAIL], counts[UNSUPPORTED]
    if is_json:
        console.say(json.dumps({"passed": passed, "failed": failed, "unsupported": unsupported}))
        return
    told = console.words.t(
        "{passed} passed, {failed} failed, {unsupported} unsupported",
        passed=passed, failed=failed, unsupported=unsupported,
    )  # fmt: skip
    console.say(told)


Judged = Iterator[tuple[str, "Verdict | recording.Verdict"]]
"""File -> verdict."""


def _recordings(options: argparse.Namespace, profile: Profile, console: Console) -> Judged:
    """Traces of a kernel (``--golden``)."""
    for path in _paths(options.paths, "*.json", console):
        if path.stat().st_size > recording.LARGEST:
            yield path.as_posix(), recording.Verdict(FAIL, str(recording.too_large(path.stat().st_size)))
        else:
            yield path.as_posix(), recording.judge(_read(path, console), profile)


def _scripts(options: argparse.Namespace, profile: Profile, console: Console) -> Judged:
    """packetdrill scripts."""
    manners, home = _manifest(options, console)
    for path in _paths(options.paths, "*.pkt", console):
        name = _name(path, home)
        manner = manners.get(name, Manner())
        if options.neutral:
            manner = Manner(is_neutral=True, tolerance=manner.tolerance, prelude=manner.prelude, row=manner.row)
        yield name, judge(_read(path, console), profile, manner, partial(beside, home or path.parent))


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
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as fault:
        raise BadFile(console.words.t("{path} cannot be read: {why}", path=path, why=fault.strerror or fault)) from None
