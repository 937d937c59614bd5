"""``tcp-tutor search --atlas``: which states both ends can be in together, and how many moves lead there at least."""

from __future__ import annotations

import json

from tutor.commands.console import Console
from tutor.explore.atlas import Progress, make_atlas
from tutor.tcp.profile import Profile
from tutor.tcp.states import State
from tutor.tcp.variant import Variant
from tutor.words import Words

ORDER = tuple(State)
"""The states as RFC 9293 lists them; rows are the client's, columns the server's."""


def run(profile: Profile, variant: Variant, console: Console, progress: Progress, *, as_json: bool) -> None:
    """Print the atlas as a table, or as one JSON object."""
    atlas = make_atlas(profile, variant, progress)
    if as_json:
        pairs = [
            {"client": str(a), "server": str(b), "moves": list(way.moves), "stage": way.stage}
            for (a, b), way in sorted(atlas.ways.items())
        ]
        searched = [each._asdict() for each in atlas.searched]
        told = {"v": 1, "profile": profile.name, "variant": variant.id, "pairs": pairs, "searched": searched}
        console.say(json.dumps(told, ensure_ascii=False))
        return
    words = console.words
    console.say(_heading(profile, variant, words))
    column = max(len(state) for state in ORDER)
    console.say()
    console.say(" " * column + "".join(f"{_short(state):>5}" for state in ORDER))
    for a in ORDER:
        cells = (str(len(atlas.ways[a, b].moves)) if (a, b) in atlas.ways else "·" for b in ORDER)
        console.say(f"{a:<{column}}" + "".join(f"{cell:>5}" for cell in cells))
    console.say()
    count, most = len(atlas.ways), len(ORDER) ** 2
    console.say(words.t("{count} of {all} pairs can be, within the bound", count=count, all=most))
    worlds = f"{atlas.worlds:,}"
    if atlas.depth is None:
        console.say(words.t("The whole bound was searched: {worlds} worlds.", worlds=worlds))
    else:
        console.say(
            words.t(
                "{worlds} worlds were searched: every run of {depth} moves. The bound has more.",
                worlds=worlds, depth=atlas.depth,
            )
        )  # fmt: skip


def _heading(profile: Profile, variant: Variant, words: Words) -> str:
    name = words.t(variant.title) if variant.id else "TCP"
    return words.t(
        "{name}, {profile}: moves to a pair of states, the client's (rows) and the server's (columns)",
        name=name, profile=profile.title,
    )  # fmt: skip


def _short(state: State) -> str:
    """``FW-1`` for FIN-WAIT-1: initials, and what a number says."""
    if state is State.CLOSING:
        return "CLG"
    first, *rest = state.split("-")
    return first[:3] if not rest else first[0] + "".join(part[0] for part in rest)
