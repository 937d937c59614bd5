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

from tutor.commands.faults import BadFile
from tutor.exchange.packetdrill.playing import rehearse
from tutor.exchange.packetdrill.reading import ScriptError
from tutor.exchange.packetdrill.sockets import NotModelled
from tutor.exchange.packetdrill.stage import ADDRESSES, HOST, LINK, PEER, TooLong
from tutor.tcp.profile import Profile
from tutor.words import Words
from tutor.world.acts import Act
from tutor.world.sysctls import SCRIPTED

SUFFIX = ".pkt"
HOSTS = (HOST, PEER)


def beside(home: Path, file: str) -> str | None:
    """The text of a file that lies with the scripts: in their folder, or in one above it."""
    for folder in (home, *home.resolve().parents[:4]):
        path = folder / file
        if path.is_file():
            return path.read_text(encoding="utf-8", errors="replace")
    return None


def as_lesson(path: Path, text: str, profile: Profile, words: Words) -> tuple[str, tuple[tuple[int, Act], ...]]:
    """(the source of a lesson on the stage of this script, its acts at their times). Raises ``BadFile``."""
    try:
        played = rehearse(text, profile, partial(beside, path.parent))
    except ScriptError as fault:
        where = f"{path}:{fault.line}:{fault.column}: "
        raise BadFile(
            where + words.t("found {found}; allowed: {values}", found=fault.found, values=fault.allowed)
        ) from None
    except (NotModelled, TooLong) as fault:
        raise BadFile(words.t("{path}: this cannot be played: {why}", path=path, why=fault)) from None
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "script"
    lines = [
        "format: 1", f"id: {name}", f"title: {_quoted(path.stem)}", f"goal: {_quoted(path.name)}",
        "concepts: [packetdrill]", "prerequisites: []", "out_of_scope: []", "refutes: []", "seed: 1",
        "hosts:",
        f"  {HOST}:", f"    address: {ADDRESSES[HOST]}", *_settings(played.settings),
        f"  {PEER}:", f"    address: {ADDRESSES[PEER]}", *_settings(((SCRIPTED, "yes"),)),
        "link:", *(f"  {parameter}: {_quoted(value)}" for parameter, value in LINK),
        f"until: {played.until // 1000}ms",
        "beats:", "  - id: begin", "    cue: start",
        f"    title: {_quoted(path.stem)}", f"    words: {_quoted(path.name)}",
    ]  # fmt: skip
    return "\n".join((*lines, "")), played.acts


def _settings(settings: tuple[tuple[str, str], ...]) -> list[str]:
    """The lines of a host's settings; the last of two values of one name counts."""
    lines = [f"      {name}: {_quoted(value)}" for name, value in dict(settings).items()]
    return ["    sysctls:", *lines] if lines else []


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
