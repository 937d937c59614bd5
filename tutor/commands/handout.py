"""``tcp-tutor handout``: a lesson or a lecture on paper: every beat with its picture and words, the questions, the key.

Rules
-----
* The runs of all its lessons, and the saved ones, are attached to the PDF, in the order of the lecture: dropped on the
  window it plays the first, and offers the others.
* A saved run that is no longer what was saved is printed as it is computed now, and that is said.
* A file that is there is not written over unless ``--force`` says so, and never halfway.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.commands.console import Console
from tutor.commands.ending import unbroken
from tutor.commands.faults import DONE, BadFile, BadUsage
from tutor.commands.lectures import find_lecture_or_lesson
from tutor.commands.loading import Loaded, load, save
from tutor.commands.render import insist_on_libraries
from tutor.commands.switches import no_switches
from tutor.commands.writing import cannot_write, refuse_existing
from tutor.exchange import embedded, runfile
from tutor.joining import listed
from tutor.teach.handout import leaves, queries
from tutor.teach.lecture import Lecture
from tutor.teach.lesson import Lesson
from tutor.words import Words


def run(options: argparse.Namespace, console: Console) -> int:
    """Write the handout."""
    words, out = console.words, Path(options.out)
    if out.suffix.lower() != ".pdf":
        raise BadUsage(
            words.t("--out: found {value}; the name must end in {forms}", value=repr(options.out), forms=".pdf")
        )
    if options.key and not options.questions:
        raise BadUsage(words.t("--key goes with --questions: the key is to the questions"))
    insist_on_libraries(words)
    refuse_existing(out, words, is_forced=options.force)
    lecture = find_lecture_or_lesson(options.lecture, words)
    with unbroken():
        from tutor.ui import handout

    opened = _Opened(console)
    made = handout.Handout(
        title=lecture.title[words.lang],
        under=_under(lecture, words),
        beats=() if options.no_beats else leaves(lecture, words.lang, lambda path: opened.run(path).trace),
        queries=queries(lecture, words.lang) if options.questions else (),
        has_key=options.key,
        runs=_runs(lecture, opened),
    )
    if options.questions and not made.queries:
        console.warn(words.t("There is nothing here that could be asked on paper."))
    try:
        with unbroken():
            handout.write(out, made, words, options.theme)
    except OSError as fault:
        raise cannot_write(out, fault, words) from None
    console.warn(words.t("saved to {path}", path=out))
    return DONE


class _Opened:
    """The saved runs, each read once; what a person must know of one is said once."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._runs: dict[str, Loaded] = {}

    def run(self, path: str) -> Loaded:
        """The run of a file, or of a lesson. Raises ``BadFile``."""
        if path not in self._runs:
            self._runs[path] = load(path, no_switches(), self.console.words)
            for warning in self._runs[path].warnings:
                self.console.warn(f"{Path(path).name}: {warning}")
        return self._runs[path]


def _under(lecture: Lecture, words: Words) -> str:
    """Below the title: the goal of a lesson, or what a lecture is made of."""
    if not lecture.path and len(lecture.lessons) == 1:
        return lecture.lessons[0].goal[words.lang]
    titles = listed([lesson.title[words.lang] for lesson in _shown(lecture)], words)
    return words.t("From the lessons: {titles}", titles=titles)


def _shown(lecture: Lecture) -> list[Lesson]:
    """The lessons of its items in their order; those that only a key leads to are not on paper."""
    return [lecture.lesson(name) for name in dict.fromkeys(item.lesson for item in lecture.items if item.lesson)]


def _runs(lecture: Lecture, opened: _Opened) -> dict[str, str]:
    """Name -> saved run to attach: of every lesson, and every saved run that is shown, in the order of the lecture."""
    found: dict[str, str] = {}
    for item in lecture.items:
        name, path = (Path(item.run).stem, lecture.run_path(item.run)) if item.run else (item.lesson, "")
        if not name or name in found:
            continue
        try:
            loaded = opened.run(path or lecture.lesson(name).path)
        except BadFile:  # a lesson that only exists in memory has nothing to be played from
            continue
        found[name] = runfile.dumps(save(loaded))
    return dict(zip(embedded.attached_names([*found]), found.values(), strict=True))
