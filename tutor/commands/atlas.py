"""``tcp-tutor search --atlas``: which states both ends can be in together, and how many moves lead there at least.

With ``--pair`` one of them, as a run.
"""

from __future__ import annotations

import json
from pathlib import Path

from tutor.commands.console import Console
from tutor.commands.faults import BadUsage
from tutor.commands.loading import save_run
from tutor.commands.search_told import JUDGEMENTS
from tutor.commands.writing import write_text
from tutor.exchange import runfile
from tutor.exchange.runfile import SavedRun
from tutor.explore.atlas import Atlas, Pair, Progress, make_atlas, pair_of, walk
from tutor.tcp.profile import Profile
from tutor.tcp.states import State, parse
from tutor.tcp.variant import Variant
from tutor.teach.atlas import BEGINNINGS, BOUND, NEVER, heading, run_of, shipped, why_not
from tutor.teach.found import moves_told
from tutor.view.cells import pad, width, wrap
from tutor.words import Words, mark
from tutor.world.timeline import Timeline

OTHERS = mark(
    "The other {count} are contradictions: one end would know what the other has not done. So they are in a run of any"
    " length in which no number coincides with that of an old segment, no SYN cookie opens a connection and nobody"
    " forges a segment."
)

UNLESS = (
    "a number coincides with that of an old segment", "a SYN cookie opens a connection", "somebody forges a segment",
)  # fmt: skip
"""What brings a run even to a pair that is a contradiction; for a program."""

FEWEST = mark(
    "The number is of the fewest moves; old segments and copies are used only where nothing else leads there."
)

NO_RUN = mark("There is no run to write: {path} is not written.")


def no_run(path: str | None) -> str | None:
    """For a program: why there is no run in ``path``; None if none was wanted."""
    return Words("en").t(NO_RUN, path=path) if path else None


ORDER = tuple(State)
"""The states as RFC 9293 lists them; rows are the client's, columns the server's."""


def run(profile: Profile, variant: Variant, console: Console, progress: Progress, *, as_json: bool) -> None:
    """Print the atlas as a table, or as one JSON object."""
    atlas = shipped().get((profile.name, variant.id)) or make_atlas(profile, variant, progress)
    if as_json:
        pairs = [
            {"client": str(a), "server": str(b), "moves": list(way.moves), "stage": way.stage}
            for (a, b), way in sorted(atlas.ways.items())
        ]
        searched = [each._asdict() for each in atlas.searched]
        english = Words("en")
        never = [
            {"client": str(a), "server": str(b), "why": why}
            for a in ORDER
            for b in ORDER
            if (why := why_not(variant.id, (a, b), english))
        ]
        told = {
            "v": 1, "profile": profile.name, "variant": variant.id, "pairs": pairs, "searched": searched,
            "bound": BOUND, "never": never, "unless": UNLESS if never else (),
        }  # fmt: skip
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
    if atlas.depth is None:
        console.say(words.t("The whole bound was searched: {worlds} worlds.", worlds=f"{atlas.worlds:,}"))
    else:
        console.say(_searched_so_far(atlas, words))
    _wrapped(words.t(FEWEST), console)
    _wrapped(words.t("Bound: {budget}.", budget=words.t(BOUND)), console)
    if not variant.id and atlas.depth is None:
        _wrapped(words.t(OTHERS, count=most - count), console)


def _searched_so_far(atlas: Atlas, words: Words) -> str:
    """How far a search has come that was called off."""
    return words.t(
        "{worlds} worlds were searched: every run of {depth} moves. The bound has more.",
        worlds=f"{atlas.worlds:,}", depth=atlas.depth,
    )  # fmt: skip


# --- one pair ---


def run_pair(
    profile: Profile, variant: Variant, wish: str, path: str, console: Console, progress: Progress, *, as_json: bool
) -> None:
    """Print the shortest run to a pair of states, and write it to ``path`` if there is one."""
    words = console.words
    pair = _pair_called(wish, words)
    found = shipped().get((profile.name, variant.id)) or make_atlas(profile, variant, progress)
    way = found.ways.get(pair)
    answer = walk(profile, way, variant) if way is not None else None
    if answer is not None and path:
        lesson, scenario, _ = run_of(answer, variant.id, pair)
        write_run(path, save_run(lesson, scenario, Timeline.of(scenario), 0), words)
    if as_json:
        moves = list(moves_told(answer, Words("en"))) if answer is not None else None
        never = why_not(variant.id, pair, Words("en"))
        told = {
            "v": 1, "profile": profile.name, "variant": variant.id, "client": str(pair[0]), "server": str(pair[1]),
            "moves": moves, "worlds": found.worlds, "is_complete": found.depth is None,
            "is_cancelled": found.depth is not None, "depth": found.depth,
            "searched": [each._asdict() for each in found.searched],
            "run": path if path and answer is not None else None,
            "no_run": no_run(path if answer is None else ""),
            "bound": BOUND, "never": never or None, "unless": UNLESS if never else (),
        }  # fmt: skip
        console.say(json.dumps(told, ensure_ascii=False))
        return
    console.say(heading(variant.id, pair, words))
    if answer is None or way is None:
        _say_why_not(variant, pair, found, console)
        if path:
            _wrapped(words.t(NO_RUN, path=path), console)
        return
    console.say(words.t(BEGINNINGS[way.stage]))
    if found.depth is not None:
        _wrapped(words.t("It was called off: there may be a shorter run."), console)
    after = [pair_of(answer.model, world) for world in answer.worlds[1:]]
    told_moves = list(moves_told(answer, words))
    column = max(map(width, told_moves), default=0)
    for place, (line, (a, b)) in enumerate(zip(told_moves, after, strict=True), 1):
        console.say(f"{place:>3}. {pad(line, column)}  {a} – {b}")
    if path:
        console.say(words.t("The run is in {path}", path=path))


def _say_why_not(variant: Variant, pair: Pair, found: Atlas, console: Console) -> None:
    """That a pair cannot be, or was not found: a contradiction, the whole bound, or a search that was called off."""
    words, worlds = console.words, f"{found.worlds:,}"
    searched = mark("The search has been through {worlds} worlds: in none of them are both ends there together.")
    if why := why_not(variant.id, pair, words):
        _wrapped(words.t(NEVER, why=why), console)
        _wrapped(words.t(searched, worlds=worlds), console)
    elif found.depth is not None:
        _wrapped(words.t(JUDGEMENTS["unfinished"]), console)
        _wrapped(_searched_so_far(found, words), console)
    else:
        within = mark("Not within this bound: in none of {worlds} worlds are both ends there together.")
        _wrapped(words.t(within, worlds=worlds), console)
    _wrapped(words.t("Bound: {budget}.", budget=words.t(BOUND)), console)


def _wrapped(text: str, console: Console) -> None:
    for line in wrap(text, console.columns):
        console.say(line)


def _pair_called(wish: str, words: Words) -> Pair:
    """``SYN-SENT/LISTEN`` as a pair. Raises ``BadUsage``."""
    try:
        a, b = (parse(name) for name in wish.split("/"))
    except ValueError:
        allowed = f"CLIENT/SERVER: {', '.join(ORDER)}"
        told = words.t("{name} is {found}; allowed: {allowed}", name="--pair", found=wish, allowed=allowed)
        raise BadUsage(told) from None
    return a, b


def write_run(path: str, saved: SavedRun, words: Words) -> None:
    """Write a run. Raises ``BadFile``."""
    write_text(Path(path), runfile.dumps(saved), words)


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
