"""Spelling: what is said about a word of a lesson that nobody knows, at its line and column.

Rules
-----
* The complaint comes from the package that owns the word (``world.acts``, ``world.query``…). Here it is put at its
  place and told in the author's language, and the word mended by the nearest one there is.
"""

from __future__ import annotations

from tutor.refusals import allowed_words
from tutor.tcp import states
from tutor.teach.doing import parse_doing
from tutor.teach.errors import Problems, nearest
from tutor.teach.lesson import Lesson, Mark
from tutor.teach.schema import LessonModel
from tutor.teach.shape import Shaped
from tutor.words import Words
from tutor.world.acts import ActError, LineError
from tutor.world.query import CueError, parse_cue

TreePath = tuple[str | int, ...]
"""Where something stands in the file's tree."""

BAD = "?"
"""A name that means nothing."""


def allowed_by(error: ValueError, words: Words) -> str:
    """What is allowed, from a complaint that reads ``… allowed: …``."""
    return ", ".join(allowed_words([str(error).partition("llowed: ")[2].rstrip(".")], words))


class Part:
    """The lesson, the tree it was read from, and where to complain."""

    def __init__(self, lesson: Lesson, shaped: Shaped[LessonModel], problems: Problems) -> None:
        assert shaped.node is not None, "a lesson comes from a tree"
        self.lesson, self.shaped, self.node, self.problems = lesson, shaped, shaped.node, problems
        self.words = problems.words
        self.host_names = tuple(host.name for host in lesson.hosts)

    def mark(self, *path: str | int) -> Mark:
        """Where a part of the lesson stands."""
        return self.node.at(path).mark

    def bad_line(self, error: LineError, mark: Mark, where: str, what: str) -> str:
        """Complain about a line of the one-line vocabulary; the line as it was perhaps meant, or ""."""
        place = Mark(mark.file, mark.line, mark.column + self.inset(mark) + error.column - 1)
        self.problems.add(
            place,
            where,
            what,
            found=error.found,
            allowed=allowed_words(error.allowed, self.words),
            nearest=error.nearest or "",
        )
        if not error.nearest:
            return ""
        start = error.column - 1
        return error.text[:start] + error.nearest + error.text[start + len(error.found) :]

    def inset(self, mark: Mark) -> int:
        """One more column where the text begins with a quotation mark."""
        line = self.source_line(mark)
        return 1 if line[mark.column - 1 : mark.column] in ("'", '"') else 0

    def source_line(self, mark: Mark) -> str:
        """The line of the file at ``mark``; "" outside of it."""
        lines = self.lesson.source.splitlines()
        return lines[mark.line - 1] if 0 < mark.line <= len(lines) else ""

    def known(self, path: TreePath, where: str, text: str | None, names: tuple[str | None, ...]) -> str | None:
        """``text`` if it is one of ``names``; else the nearest of them, or ``BAD``."""
        if text in names:
            return text
        allowed = [name for name in names if name]
        meant = nearest(text or "", allowed)
        what = self.words.t("nothing is called so")
        self.problems.add(self.mark(*path), where, what, found=text or "", allowed=allowed, nearest=meant)
        return meant or BAD

    # --- lines ---

    def cue(self, text: str, mark: Mark, where: str) -> str:
        """The cue, mended if need be; "" if nobody knows what is meant."""
        try:
            parse_cue(text, self.host_names)
        except CueError as error:
            mended = self.bad_line(error, mark, where, self.words.t("this is not an event of a run"))
            try:
                parse_cue(mended, self.host_names)
            except CueError:
                return ""
            return mended
        return text

    def doing(self, text: str, mark: Mark, where: str) -> str:
        """What a beat does, mended if need be; "" if nobody knows what is meant."""
        try:
            parse_doing(text, self.host_names)
        except ActError as error:
            mended = self.bad_line(error, mark, where, self.words.t("this is not an act"))
            try:
                parse_doing(mended, self.host_names)
            except ActError:
                return ""
            return mended
        return text

    def doings(self, lines: tuple[str, ...], where: str, path: TreePath) -> tuple[str, ...]:
        """Several acts, one after the other; those that nobody knows are left out."""
        said = (self.doing(line, self.mark(*path, place), f"{where} › {place + 1}") for place, line in enumerate(lines))
        return tuple(filter(None, said))

    def states(self, states_: tuple[tuple[str, str], ...], where: str, path: TreePath) -> tuple[tuple[str, str], ...]:
        """The asserted states in the RFC's spelling, without those that name no host or no state."""
        found: list[tuple[str, str]] = []
        for host, state in states_:
            before = len(self.problems)
            self.host_name(host, self.node.at(path).key_mark(host), where)
            self.state(state, self.mark(*path, host), f"{where} › {host}")
            if len(self.problems) == before:
                found.append((host, states.parse(state).value))
        return tuple(found)

    def host_name(self, name: str, mark: Mark, where: str) -> None:
        """Complain unless there is such a host."""
        if name not in self.host_names:
            what, meant = self.words.t("there is no such host"), nearest(name, self.host_names)
            self.problems.add(mark, where, what, found=name, allowed=self.host_names, nearest=meant)

    def state(self, value: str, mark: Mark, where: str) -> None:
        """Complain unless ``value`` is a state."""
        try:
            states.parse(value)
        except ValueError:
            what, known = self.words.t("this is not a state"), list(states.State)
            self.problems.add(mark, where, what, found=value, allowed=known, nearest=nearest(value, known))
