"""``tcp-tutor votes``: what rooms have voted; as a table, and clean for the next class.

Rules
-----
* Without a switch the votes of the class that is on are printed, question by question.
* ``--csv`` writes beside its place and puts it there whole; over a file that is there only with ``--force``.
* Nothing is thrown away by ``--clean``: what was voted stays in the table of all classes.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from tutor import doctor
from tutor.commands.console import Console
from tutor.commands.faults import DONE, BadFile, BadUsage
from tutor.commands.writing import refuse_existing
from tutor.teach.votes import Votes, letter
from tutor.teach.votes_file import FILE, VotesFile, write_csv
from tutor.view.cells import wrap

BAR = 30
"""Columns of the longest bar."""


def run(options: argparse.Namespace, console: Console) -> int:
    """Print the votes, write them, or begin the next class."""
    file, words = VotesFile(doctor.data_dir() / FILE), console.words
    if options.all and options.clean:
        raise BadUsage(words.t("{name} and {other} exclude each other", name="--all", other="--clean"))
    try:
        found = file.all() if options.all else file.of_class()
    except OSError as fault:
        raise BadFile(words.t("{name} cannot be read: {why}", name=file.path, why=fault)) from None
    if options.csv:
        refuse_existing(Path(options.csv), words, is_forced=options.force)
        _write(Path(options.csv), found, console)
    if options.clean:
        _clean(file, found, console)
    if not options.csv and not options.clean:
        _print(found, console)
    return DONE


def _write(path: Path, found: tuple[Votes, ...], console: Console) -> None:
    """The table, as spreadsheets read it: UTF-8 that says so."""
    words = console.words
    try:
        write_csv(path, found, words)
    except OSError as fault:
        raise BadFile(words.t("{path} cannot be written: {why}", path=path, why=fault)) from None
    console.say(words.t("written: {path}", path=path))


def _clean(file: VotesFile, found: tuple[Votes, ...], console: Console) -> None:
    words = console.words
    try:
        file.clean(datetime.now().astimezone().isoformat(timespec="seconds"))
    except OSError as fault:
        raise BadFile(words.t("{path} cannot be written: {why}", path=file.path, why=fault)) from None
    if found:
        console.say(words.n("Clean for the next class: the votes on {count} question are put away.",
                            "Clean for the next class: the votes on {count} questions are put away.",
                            len(found)))  # fmt: skip
        console.say(words.t("They stay in {path}: tcp-tutor votes --all --csv FILE", path=file.path))
    else:
        console.say(words.t("Clean already: nobody has voted in this class."))


def _print(found: tuple[Votes, ...], console: Console) -> None:
    words = console.words
    if not found:
        console.say(words.t("Nobody has voted in this class."))
        return
    for place, votes in enumerate(found):
        if place:
            console.say()
        console.say(f"{votes.at[:16].replace('T', ' ')}  {votes.question}")
        for line in wrap(votes.prompt, max(30, console.columns - 2)):
            console.say(f"  {line}")
        for number, counts in enumerate(votes.rounds):
            if any(counts):
                _round(votes, number, console)


def _round(votes: Votes, number: int, console: Console) -> None:
    words, counts = console.words, votes.rounds[number]
    name = words.t("first vote") if number == 0 else words.t("after discussion")
    console.say("  " + words.t("{name}: {value}", name=name, value=sum(counts)))
    for option, count in enumerate(counts):
        bar = "#" * round(BAR * count / max(counts))
        is_right = " " + words.t("right") if option in votes.right else ""
        text = votes.options[option].split("\n")[-1]
        console.say(f"    {letter(option)} {count:4d} {bar:{BAR}} {text}{is_right}")
