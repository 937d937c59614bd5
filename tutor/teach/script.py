"""The script's words: beats, checks, bets and questions, what is to be touched, the runs that answers play.

Rules
-----
* Spelling only: whether a cue fires and an answer is right is ``check.py``'s.
* What cannot be read is mended or left out, so that the rest can still be held against the run.
"""

from __future__ import annotations

from dataclasses import replace

from tutor.explore.properties import PROPERTIES
from tutor.profiles import profile_names
from tutor.tcp.variant import VARIANTS
from tutor.teach import facts, quiz
from tutor.teach.claims import claims
from tutor.teach.errors import Problems, nearest, shortened
from tutor.teach.expected import Expected
from tutor.teach.lesson import (
    BEFORE,
    IN_THERE,
    NOT,
    PROVEN,
    START,
    THERE,
    Ask,
    Beat,
    Check,
    Lesson,
    Mark,
    Option,
    Play,
    Refuted,
    Touch,
    Wire,
)
from tutor.teach.right_there import HERE_AND_THERE
from tutor.teach.spelling import BAD, Part, TreePath, allowed_by

OWN_TEXT = ("first", "order", "fix", "choice", "many", "explain")
"""Kinds whose values nobody can read: each option needs a text."""

SAID_OF_ALL = ("many",)
"""Kinds in which right options, too, need feedback: they may be missed."""


class Script(Part):
    """Beats: cues, acts, bets, sentences."""

    def settled(self) -> Lesson:
        """The lesson with what could be mended mended."""
        lesson = self.lesson
        beats = tuple(self.beat(index, beat) for index, beat in enumerate(lesson.beats))
        checks = tuple(self.check(index, check) for index, check in enumerate(lesson.checks))
        refutes = tuple(self.refuted(index, each) for index, each in enumerate(lesson.refutes))
        self.ids()
        return replace(lesson, beats=beats, checks=tuple(filter(None, checks)), refutes=refutes)

    def ids(self) -> None:
        """No two beats or checks may share an id."""
        seen: set[str] = set()
        places = [("beats", index, beat.id) for index, beat in enumerate(self.lesson.beats)]
        places += [("checks", index, check.id) for index, check in enumerate(self.lesson.checks)]
        for part, index, name in places:
            if name in seen:
                what = self.words.t("another beat or check has this id")
                self.problems.add(self.mark(part, index, "id"), f"{part} › {name}", what, found=name)
            seen.add(name)

    def beat(self, index: int, beat: Beat) -> Beat:
        """A beat, mended."""
        where = f"beats › {beat.id}"
        at: TreePath = ("beats", index)
        cue = self.cue(beat.cue, beat.cue_mark, f"{where} › cue")
        if not cue:
            self.shaped.given_up.append((*at, "cue"))
        return replace(
            beat,
            cue=cue or "start",
            act=self.doing(beat.act, beat.act_mark, f"{where} › act") if beat.act else "",
            states=self.states(beat.states, f"{where} › states", (*at, "states")),
            ask=self.asked(beat.ask, where, at) if beat.ask is not None else None,
            touch=self.touch(beat.touch, where, (*at, "touch")) if beat.touch is not None else None,
            wire=self.wire(beat.wire, where, (*at, "network")) if beat.wire is not None else None,
        )

    def check(self, index: int, check: Check) -> Check | None:
        """A check, mended; None if it cannot be asked."""
        where = f"checks › {check.id}"
        at: TreePath = ("checks", index)
        leaves = self.place(check.at, (*at, "at"), where)
        acts = self.doings(check.acts, f"{where} › acts", (*at, "acts"))
        cue = self.cue(check.cue, check.cue_mark, f"{where} › cue")
        ask = self.asked(check.ask, where, at)
        if leaves == BAD or not cue or ask is None or len(acts) < len(check.acts):
            self.shaped.given_up.append(at)
            return None
        return replace(check, at=leaves, acts=acts, cue=cue, ask=ask)

    def refuted(self, index: int, refuted: Refuted) -> Refuted:
        """What is refuted, its run mended."""
        where = f"refutes › {index + 1}"
        for place, name in enumerate(refuted.claims):
            self.known(("refutes", index, "claims", place), f"{where} › claims", name, tuple(claims()))
        plays = self.plays(refuted.plays, where, ("refutes", index, "plays"))
        return replace(refuted, plays=plays)

    # --- what there is to see and to do ---

    def place(self, name: str, path: TreePath, where: str) -> str:
        """A beat's id, ``start`` or "", mended if need be; else ``BAD``."""
        names = ("", START, *(beat.id for beat in self.lesson.beats))
        return self.known(path, f"{where} › at", name, names) or ""

    def plays(self, play: Play | None, where: str, at: TreePath) -> Play | None:
        """Another run, mended; None if it cannot be played."""
        return self.run(play, f"{where} › plays", at, ("acts", "watch")) if play is not None else None

    def run(self, play: Play, where: str, at: TreePath, keys: tuple[str, str]) -> Play | None:
        """As ``plays``; ``keys`` name its acts and its cue."""
        leaves = self.place(play.at, (*at, "at"), where)
        acts = self.doings(play.acts, f"{where} › {keys[0]}", (*at, keys[0]))
        watch = self.cue(play.watch, play.watch_mark, f"{where} › {keys[1]}")
        never = self.cue(play.never, self.mark(*at, "never"), f"{where} › never") if play.never else ""
        stand = self.states(play.states, f"{where} › states", (*at, "states"))
        if leaves == BAD or not watch or len(acts) < len(play.acts):
            self.shaped.given_up.append(at)
            return None
        return replace(play, at=leaves, acts=acts, watch=watch, never=never, states=stand)

    def touch(self, touch: Touch, where: str, at: TreePath) -> Touch | None:
        """Something to do, mended; None if nobody can do it."""
        solved = self.run(touch.solved, f"{where} › touch", at, ("solution", "wants"))
        return replace(touch, solved=solved) if solved is not None else None

    def wire(self, wire: Wire, where: str, at: TreePath) -> Wire | None:
        """The puzzle, with names that are known, or mended; None if nobody knows what is meant."""
        found = {
            name: self.known((*at, name), f"{where} › network › {name}", text, names)
            for name, text, names in (
                ("variant", wire.variant, ("", "none", *VARIANTS)),
                ("property", wire.breaks, tuple(PROPERTIES)),
                ("profile", wire.profile, (None, *profile_names())),
            )
        }
        if BAD in found.values():
            return None
        variant = "" if found["variant"] == "none" else str(found["variant"])
        return replace(wire, variant=variant, breaks=str(found["property"]), profile=found["profile"])

    # --- bets and questions ---

    def asked(self, ask: Ask, where: str, at: TreePath) -> Ask | None:
        """A bet or question, mended; None if it cannot be held against the run."""
        of = self.node.at(at)
        if of.child("bet") is not None and of.child("question") is not None:
            what = self.words.t("a beat has a bet or a question, not both")
            self.problems.add(self.mark(*at, "question"), where, what)
        name = "bet" if ask.is_bet else "question"
        found = self.ask(ask, f"{where} › {name}", (*at, name))
        if found is None:
            self.shaped.given_up.append((*at, name))
        return found

    def ask(self, ask: Ask, where: str, at: TreePath) -> Ask | None:
        """``ask``, or None if it cannot be held against the run."""
        before = len(self.problems)
        if ask.host:
            self.host_name(ask.host, self.mark(*at, "host"), f"{where} › host")
        cue, never = (
            self.cue(text, self.mark(*at, name), f"{where} › {name}") if text else ""
            for name, text in (("wants" if ask.kind == "fix" else "when", ask.cue), ("never", ask.never))
        )
        leaves = self.place(ask.at, (*at, "at"), where)
        wire = self.wire(ask.wire, where, (*at, "network")) if ask.wire is not None else None
        for option in ask.options:
            self.value(ask, option.value, option.mark, f"{where} › options › {shortened(option.value, 30)}")
        is_known = self.answer(ask, where)
        self.feedback(ask, where)
        if ask.kind == "fix" and not (ask.cue or ask.never):
            what = self.words.t("nothing is to be mended: say what must happen (wants) or must not (never)")
            self.problems.add(ask.mark, where, what)
        is_whole = len(self.problems) == before
        options = tuple(self.option(option, ask, where, (*at, "options", i)) for i, option in enumerate(ask.options))
        ask = replace(ask, cue=cue, never=never, at=leaves, wire=wire, options=options)
        if is_whole:
            return ask
        is_sound = is_known and (cue or not self.asks_when(ask)) and leaves != BAD and (wire or ask.kind != "attack")
        return ask if is_sound and self.can_be_held(ask) else None

    def option(self, option: Option, ask: Ask, where: str, at: TreePath) -> Option:
        """An option, its run mended. A table is nothing without the run that it is of."""
        place = f"{where} › options › {shortened(option.value, 30)}"
        plays = self.plays(option.plays, place, (*at, "plays"))
        if ask.kind == "table" and option.plays is None and option.value not in ask.answers:
            what = self.words.t("another table is of another run: say which (plays)")
            self.problems.add(option.mark, place, what)
        return replace(option, plays=plays, holds=self.holds(option, ask, place, (*at, "holds")))

    def holds(self, option: Option, ask: Ask, where: str, at: TreePath) -> str:
        """What makes an answer to a question right, mended; "" for nothing."""
        if not option.holds or ask.kind == "table":
            return option.holds
        if ask.kind in HERE_AND_THERE and option.holds == IN_THERE and option.plays is not None:
            return option.holds
        if ask.kind not in PROVEN:
            what = self.words.t("the engine finds this answer by itself; allowed: there, with a run that it plays")
            self.problems.add(self.mark(*at), f"{where} › holds", what, found=option.holds)
            return ""
        if option.holds.startswith(THERE) and option.plays is None:
            what = self.words.t("this answer plays no run in which it could hold (plays)")
            self.problems.add(self.mark(*at), f"{where} › holds", what, found=option.holds)
            return ""
        claim = option.holds.removeprefix(THERE).removeprefix(NOT)
        mended = [self.cue(cue, self.mark(*at), f"{where} › holds") for cue in claim.split(BEFORE, 1)]
        return option.holds.removesuffix(claim) + BEFORE.join(mended) if all(mended) else ""

    @staticmethod
    def asks_when(ask: Ask) -> bool:
        """Does this kind need an event?"""
        return ask.kind in ("state", "time", "table")

    def can_be_held(self, ask: Ask) -> bool:
        """Can the engine still be asked, whatever else is wrong with it?"""
        return (not ask.host or ask.host in self.host_names) and all(self.reads(ask, o.value) for o in ask.options)

    def reads(self, ask: Ask, value: str) -> bool:
        """Can ``value`` be an answer of this kind?"""
        silent = Problems(self.words)
        Script(self.lesson, self.shaped, silent).value(ask, value, ask.mark, "")
        return len(silent) == 0

    def value(self, ask: Ask, value: str, mark: Mark, where: str) -> None:
        """Complain unless ``value`` can be an answer of this kind."""
        match ask.kind:
            case "next-state" | "state":
                self.state(value, mark, where)
            case "next-segment":
                self.segment(value, mark, where)
            case "time":
                self.measure(value, mark, where)
            case "first" | "order":
                self.cue(value, mark, where)
            case "fix":
                self.doing(value, mark, where)

    def segment(self, value: str, mark: Mark, where: str) -> None:
        """Complain unless ``value`` is a segment."""
        try:
            Expected.parse(value)
        except ValueError as error:
            what = self.words.t("this is not a segment")
            self.problems.add(mark, where, what, found=value, allowed=allowed_by(error, self.words))

    def measure(self, value: str, mark: Mark, where: str) -> None:
        """Complain unless ``value`` stands for a span of time."""
        what = self.words.t("this is not a span of time")
        try:
            facts.check_measure(value, self.lesson)
        except facts.UnknownFact as error:
            meant = error.nearest
            self.problems.add(mark, where, what, found=error.found, allowed=error.allowed, nearest=meant)
        except ValueError as error:
            self.problems.add(mark, where, what, found=value, allowed=allowed_by(error, self.words))

    def answer(self, ask: Ask, where: str) -> bool:
        """The declared answers must be options, and each option must be there once."""
        written = sorted(ask.options, key=lambda option: option.mark)
        values = [quiz.canonical(ask, option.value) for option in written]
        for place, option in enumerate(written):
            if values[place] in values[:place]:
                self.problems.add(
                    option.mark, f"{where} › options", self.words.t("the same option twice"), found=option.value
                )
        shown, is_known = [option.value for option in ask.options], True
        for answer in ask.answers:
            if quiz.canonical(ask, answer) not in values:
                what = self.words.t("the answer is not one of the options")
                self.problems.add(
                    ask.answer_mark, f"{where} › answer", what,
                    found=answer, allowed=shown, nearest=nearest(answer, shown),
                )  # fmt: skip
                is_known = False
        return is_known and len(set(values)) == len(values)

    def feedback(self, ask: Ask, where: str) -> None:
        """Every wrong option says why it is wrong; what is not readable by itself has a text."""
        right = quiz.declared(ask)
        for index, option in enumerate(ask.options):
            place = f"{where} › options › {shortened(option.value, 30)}"
            needs = index not in right or ask.kind in SAID_OF_ALL
            if ask.kind == "order":
                needs = option.value != ask.answers[0]
            elif ask.kind == "explain":
                needs = False
            if option.feedback is None and needs:
                what = self.words.t("a wrong answer needs feedback: say why it is wrong")
                self.problems.add(option.mark, place, what)
            if option.text is None and ask.kind in OWN_TEXT:
                self.problems.add(option.mark, place, self.words.t("this option needs a text to be shown"))
