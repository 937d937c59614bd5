"""Charted: atlases as text, for those that are shipped.

Rules
-----
* One table of the names of all moves, and a line for each atlas: so many worlds were seen, and for every pair on which
  stage it is reached and by which moves of the table.
* What is read is what was written; whether it is what the engine does is for a test to say, and for whoever walks it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tutor.explore.atlas import Atlas, Pair, Searched, Way
from tutor.tcp.states import State, parse

CHARTED = ("rfc9293", "linux-6.18")
"""The profiles whose atlases are shipped."""

Key = tuple[str, str]
"""(profile, variant; "" is TCP)."""


def dumps(atlases: Mapping[Key, Atlas]) -> str:
    """The text of some atlases."""
    names = {move: None for atlas in atlases.values() for way in atlas.ways.values() for move in way.moves}
    numbers = {move: number for number, move in enumerate(names)}
    lines = []
    for (profile, variant), atlas in atlases.items():
        ways = {
            f"{a}/{b}": [atlas.ways[a, b].stage, *(numbers[move] for move in atlas.ways[a, b].moves)]
            for a in State
            for b in State
            if (a, b) in atlas.ways
        }
        row = {"profile": profile, "variant": variant, "searched": atlas.searched, "ways": ways}
        lines.append(json.dumps(row, separators=(",", ":")))
    moves = ",\n".join(json.dumps(move) for move in names)
    return f'{{"moves": [\n{moves}\n],\n"atlases": [\n' + ",\n".join(lines) + "\n]}\n"


def loads(text: str) -> dict[Key, Atlas]:
    """The atlases of a text that ``dumps`` has made."""
    table = json.loads(text)
    moves = table["moves"]
    return {(row["profile"], row["variant"]): _atlas(row, moves) for row in table["atlases"]}


def _atlas(row: Mapping[str, Any], moves: list[str]) -> Atlas:
    ways = {
        _pair(name): Way(stage, tuple(moves[number] for number in numbers))
        for name, (stage, *numbers) in row["ways"].items()
    }
    searched = tuple(Searched(worlds, made, depth, bool(done)) for worlds, made, depth, done in row["searched"])
    return Atlas(ways, searched)


def _pair(name: str) -> Pair:
    a, b = name.split("/")
    return parse(a), parse(b)
