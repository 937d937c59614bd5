"""packetdrill scripts as files: the settings that lie beside them, and a script as a run that can be played.

Rules
-----
* A script is played as a lesson without a word: two hosts, a link without delay, and the script's acts at their times.
  So it can be saved, shown, forked and drawn like any other run.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tutor.commands.faults import BadFile
from tutor.exchange.packetdrill.playing import rehearse
from tutor.exchange.packetdrill.reading import ScriptError
from tutor.exchange.packetdrill.sockets import NotModelled
from tutor.exchange.packetdrill.stage import ADDRESSES, HOST, LINK, PEER, TooLong
from tutor.tcp.profile import Profile
from tutor.teach.sentences import typed_numbers
from tutor.words import Words
from tutor.world.acts import Act
from tutor.world.sysctls import SCRIPTED

SUFFIX = ".pkt"
HOSTS = (HOST, PEER)
LONGEST_ID = 64
MOST_WORDS = 1500
"""Characters of a script's opening comment that are shown."""
_LEGAL = re.compile(r"copyright|SPDX|licen[cs]e", re.IGNORECASE)
_MARKS = re.compile(r"([\\`*_<>#\[\]])")
_UNIT = re.compile(r"^([\d.,]*\d|[A-Za-z]+|[一二两三四五六七八九十百千万]+)[ \u00a0-]?")
_NO_HOLES = str.maketrans("{}", "()")


def beside(home: Path, file: str) -> str | None:
    """The text of a file that lies with the scripts: in their folder, or in one above it."""
    for folder in (home, *home.resolve().parents[:4]):
        path = folder / file
        if path.is_file():
            return path.read_text(encoding="utf-8-sig", errors="replace")
    return None


class AsLesson(NamedTuple):
    """The source of a lesson on the stage of a script, the script's acts at their times, and what must be said."""

    source: str
    acts: tuple[tuple[int, Act], ...]
    warnings: tuple[str, ...]


def as_lesson(path: Path, text: str, profile: Profile, words: Words) -> AsLesson:
    """A script as a lesson without a word of its own. Raises ``BadFile``."""
    try:
        played = rehearse(text, profile, partial(beside, path.parent))
    except ScriptError as fault:
        where = f"{path}:{fault.line}:{fault.column}: "
        raise BadFile(
            where + words.t("found {found}; allowed: {values}", found=fault.found, values=fault.allowed)
        ) from None
    except (NotModelled, TooLong) as fault:
        raise BadFile(words.t("{path}: this cannot be played: {why}", path=path, why=fault)) from None
    words_of_author = _opening(text) or [path.name]
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower())[:LONGEST_ID].strip("-") or "script"
    lines = [
        "format: 1", f"id: {name}", f"title: {_quoted(path.stem)}", f"goal: {_quoted(path.name)}",
        "concepts: [packetdrill]", "prerequisites: []", "out_of_scope: []", "refutes: []", "seed: 1",
        "hosts:",
        f"  {HOST}:", f"    address: {ADDRESSES[HOST]}", *_settings(played.settings),
        f"  {PEER}:", f"    address: {ADDRESSES[PEER]}", *_settings(((SCRIPTED, "yes"),)),
        "link:", *(f"  {parameter}: {_quoted(value)}" for parameter, value in LINK),
        f"until: {played.until // 1000}ms",
        "beats:", "  - id: begin", "    cue: start",
        f"    title: {_quoted(path.stem)}", "    words: |", *(f"      {line}" for line in words_of_author),
    ]  # fmt: skip
    names = ", ".join(played.left_out)
    warnings = (words.t("settings of another system are left out: {names}", names=names),) if names else ()
    return AsLesson("\n".join((*lines, "")), played.acts, warnings)


def _opening(text: str) -> list[str]:
    """The first comment of a script, as lines of Markdown; who owns it, and what they allow, is left out.

    Its numbers are its own: a thin space keeps "1 sec" from being taken for a number that a lesson's author typed.
    """
    begins = re.match(r"(?:\s*//[^\n]*(?:\n|$)|\s*/\*.*?\*/|\s+)*", text, re.DOTALL)
    blocks = re.split(r"\n[ \t]*\n", begins[0] if begins is not None else "")
    said = next((block for block in blocks if block.strip() and not _LEGAL.search(block)), "")
    bare = [re.sub(r"^\s*(//+|/\*|\*/?)|\*/\s*$", "", line).strip() for line in said.splitlines()]
    shown = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in "\n".join(bare))
    marked = _MARKS.sub(r"\\\1", shown.translate(_NO_HOLES)).strip()[:MOST_WORDS]
    for at, number in reversed(list(typed_numbers(marked))):
        marked = marked[:at] + _UNIT.sub("\\1\u202f", number) + marked[at + len(number) :]
    return marked.splitlines()


def _settings(settings: tuple[tuple[str, str], ...]) -> list[str]:
    """The lines of a host's settings; the last of two values of one name counts."""
    lines = [f"      {name}: {_quoted(value)}" for name, value in dict(settings).items()]
    return ["    sysctls:", *lines] if lines else []


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
