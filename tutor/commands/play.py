"""``tcp-tutor play``: a lesson, a lesson file or a saved run, as a text ladder or as JSON lines."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from tutor.commands import lamps
from tutor.commands.console import Console
from tutor.commands.faults import DONE, BadUsage
from tutor.commands.loading import Loaded, load, save
from tutor.commands.narration import afterwards, narration
from tutor.commands.writing import refuse_existing, write_text
from tutor.exchange import runfile
from tutor.exchange.jsonlines import dumps, trace_lines
from tutor.tcp.variant import variant_named
from tutor.view.cells import ansi, plain, wrap
from tutor.view.telling import BOX, Style
from tutor.view.text import text_ladder
from tutor.words import Words
from tutor.world.records import HandActs
from tutor.world.ss import tables
from tutor.world.time import parse_seconds
from tutor.world.trace import Trace

TYPEWRITER = str.maketrans(
    {"—": "-", "–": "-", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "→": "->", "←": "<-", "×": "x", "µ": "u"}
    | {"≤": "<=", "≥": ">=", "·": "*", "\u00a0": " ", "⋯": "..."}
)
"""What plain characters can say of typography."""


def run(options: argparse.Namespace, console: Console) -> int:
    """Print the run; save it if asked to."""
    if options.save:
        refuse_existing(Path(options.save), console.words, is_forced=options.force)
    loaded = load(options.lesson, options, console.words)
    for warning in loaded.warnings:
        console.warn(warning)
    if options.save:
        _write(Path(options.save), loaded, console)
    if options.ss is not None:
        _sockets(options.ss, loaded, console)
    elif options.json:
        for line in (*trace_lines(loaded.trace), *(lamps.lines(loaded.trace) if options.properties else ())):
            console.say(dumps(line))
    else:
        print_ladder(loaded, console, is_ascii=options.ascii, narrate=options.narrate)
        if options.properties:
            lamps.show(loaded.trace, console, TYPEWRITER if options.ascii else {})
    return DONE


def print_ladder(loaded: Loaded, console: Console, *, is_ascii: bool = False, narrate: bool = False) -> None:
    """The text ladder, as wide and as colourful as the console allows."""
    is_ascii = is_ascii or not console.can_print(BOX.life + BOX.turn_in_left + BOX.cross + BOX.dots)
    style = Style(console.columns, ascii=is_ascii, reasons=narrate)
    said = narration(loaded, console.words) if narrate else None
    paint = ansi if console.has_colour else plain
    table = TYPEWRITER if is_ascii else {}
    console.say(f"{loaded.lesson.title[console.words.lang]} — {loaded.lesson.id}".translate(table))
    for warning in not_tcp(loaded.trace, console.words):
        console.say(warning.translate(table))
    console.say()
    for line in text_ladder(loaded.trace, console.words, style, said):
        console.say(paint(line).translate(table))
    for paragraph in afterwards(loaded, console.words) if narrate else ():
        console.say()
        for written in paragraph.split("\n"):
            for part in wrap(written, console.columns):
                console.say(part.translate(table))


def not_tcp(trace: Trace, words: Words) -> Iterator[str]:
    """For every variant that comes up in the run a line that says it is not TCP."""
    later = (step.cause.act.split() for step in trace.steps if isinstance(step.cause, HandActs))
    named = [variant_named(act[1]) for act in later if act[0] == "variant"]
    for variant in dict.fromkeys((trace.computed[0].world.variant, *named)):
        if not variant.is_tcp:
            title, departs = words.t(variant.title), words.t(variant.departs)
            yield words.t("NOT TCP — {title}: {departs}.", title=title, departs=departs)


def _sockets(moment: str, loaded: Loaded, console: Console) -> None:
    """The hosts' tables at a moment, as ``ss`` and ``nstat`` would print them."""
    try:
        at = parse_seconds(moment)
    except ValueError as fault:
        raise BadUsage(f"--ss: {fault}") from None
    world = loaded.trace.world_at(min(at, loaded.trace.until))
    for line in tables(world.hosts, at):
        console.say(line)


def _write(path: Path, loaded: Loaded, console: Console) -> None:
    write_text(path, runfile.dumps(save(loaded)), console.words)
    console.warn(console.words.t("saved to {path}", path=path))
