"""From the shaped file and its lessons to a Lecture: every sentence with its translations, every name looked up.

Rules
-----
* A lesson, beat, question or run that is not there is a fault at its own line and column, with what there is. The item
  is left out, so that the rest can still be checked.
* A run is the name of a file beside the lecture. Whatever else is named is never opened (``is_beside``).
* A number with a unit that the run computes is not typed into notes of a lesson: a placeholder says it.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.exchange import runfile
from tutor.teach import emphasis, facts, lecture_overlay, overlay, sentences
from tutor.teach.errors import Problems, nearest, shortened
from tutor.teach.lecture import NOTHING, Item, Lecture, Situation, asked, asking_beats
from tutor.teach.lecture_schema import ItemModel, LectureModel, LectureOverlay, SituationModel
from tutor.teach.lesson import Lesson, Mark, Text
from tutor.teach.shape import NAMELESS, Shaped
from tutor.teach.yamlio import Node

TreePath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """Why a lesson cannot be had, what there is in its place, and what to do."""

    what: str
    allowed: tuple[str, ...] = ()
    hint: str = ""


def meant(name: str, allowed: Sequence[str]) -> str:
    """The lesson that a name was perhaps meant to be: the only one that begins so, else the nearest; "" if none is."""
    begun = [each for each in allowed if each.startswith(name)]
    return begun[0] if len(begun) == 1 else nearest(name, allowed)


def is_beside(name: str, folder: Path) -> bool:
    """Is this the name of something that lies, or would lie, in the folder itself, and no link that leads out of it?"""
    if set(name) & set("/\\:\0"):
        return False
    place = folder / name
    return not place.exists() or place.resolve().parent == folder.resolve()


def built(
    source: Shaped[LectureModel],
    overlays: Mapping[str, Shaped[LectureOverlay]],
    path: Path,
    lessons: Mapping[str, Lesson | Lacking],
    problems: Problems,
) -> Lecture:
    """The lecture of a shaped file; ``lessons``: id -> lesson of all that it names, or why there is none."""
    return _Builder(source, overlays, path, lessons, problems).lecture()


class _Builder:
    """Puts the values of a Lecture together, and says what is not there."""

    def __init__(
        self,
        source: Shaped[LectureModel],
        overlays: Mapping[str, Shaped[LectureOverlay]],
        path: Path,
        lessons: Mapping[str, Lesson | Lacking],
        problems: Problems,
    ) -> None:
        assert source.model is not None, "only a shaped lecture can be built"
        assert source.node is not None, "a shaped lecture comes from a tree"
        self.source = source
        self.model, self.node, self.path = source.model, source.node, path
        self.lessons, self.problems, self.words = lessons, problems, problems.words
        self._blamed: set[Path] = set()
        self.overlays = {
            lang: (lecture_overlay.translations(shaped.model), shaped.node)
            for lang, shaped in overlays.items()
            if shaped.model is not None and shaped.node is not None
        }

    def lecture(self) -> Lecture:
        model = self.model
        self.once("items", "id", [item.id for item in model.items])
        keys = [str(each.key) for each in model.situations]
        sound = [key for place, key in enumerate(keys) if not self.source.touches("situations", place, "key")]
        free = tuple(digit for digit in string.digits if digit not in sound)
        self.once("situations", "key", keys, free, self.words.t("Give it a digit that no other one has."))
        items = [self.item(item, ("items", place)) for place, item in enumerate(model.items)]
        situations = [self.situation(each, ("situations", place)) for place, each in enumerate(model.situations)]
        return Lecture(
            id=model.lecture,
            title=self.text(model.title, ("title",), ("title",)),
            minutes=model.minutes,
            items=tuple(filter(None, items)),
            situations=tuple(filter(None, situations)),
            lessons=tuple(lesson for lesson in self.lessons.values() if isinstance(lesson, Lesson)),
            languages=("en", *self.overlays),
            path=str(self.path),
        )

    def mark(self, *at: str | int) -> Mark:
        return self.node.at(at).mark

    def once(self, part: str, key: str, names: list[str], allowed: tuple[str, ...] = (), hint: str = "") -> None:
        """No two items share an id, no two situations a key; what is no id or key at all was told already."""
        seen: set[str] = set()
        for place, name in enumerate(names):
            if self.source.touches(part, place, key):
                continue
            if name in seen:
                what = self.words.t("another one has it already")
                self.problems.add(
                    self.mark(part, place, key),
                    f"{part} › {place + 1} › {key}",
                    what,
                    found=name,
                    allowed=allowed,
                    hint=hint,
                )
            seen.add(name)

    # --- items ---

    def item(self, item: ItemModel, at: TreePath) -> Item | None:
        """One item; None if what it shows is not there."""
        where = f"items › {item.id}"
        before = len(self.problems)
        kind = self.kind(item, where, at)
        lesson = self.lesson(item.lesson, where, at) if item.lesson else None
        beats: tuple[str, ...] = ()
        asks: tuple[str, ...] = ()
        if kind in ("lesson", "question") and lesson is None:
            return None
        if lesson is not None and kind == "lesson":
            beats, asks = self.beats(item, lesson, where, at)
        if lesson is not None and kind == "question":
            self.question(item, lesson, where, at)
        if kind == "run":
            self.run(item.run or "", f"{where} › run", (*at, "run"))
        title = self.text(item.title, (*at, "title"), ("items", item.id, "title")) if item.title else None
        made = Item(
            id=item.id,
            kind=kind,
            title=title or self.untitled(item, lesson, kind, where, at),
            minutes=item.minutes,
            lesson=item.lesson or "",
            beats=beats,
            asks=asks,
            ask=item.question or "",
            run=item.run or "",
            notes=self.notes(item.notes, lesson, (*at, "notes"), ("items", item.id, "notes")),
            beat_notes=self.notes_of(item, "at", item.at, beats, lesson, at),
            ask_notes=self.notes_of(item, "asking", item.asking, asks, lesson, at),
            mark=self.mark(*at),
        )
        is_sound = len(self.problems) == before or kind in ("run", "note") or bool(beats)
        return made if is_sound else None

    def kind(self, item: ItemModel, where: str, at: TreePath) -> str:
        """What sort of item this is. Keys that do not belong to it are faults."""
        kind = "question" if item.question else "run" if item.run else "lesson" if item.lesson else "note"
        allowed = {
            "lesson": ("lesson", "beats", "asks", "at", "asking"),
            "question": ("lesson", "question"),
            "run": ("run",),
            "note": (),
        }[kind]
        for key in ("lesson", "beats", "asks", "question", "run", "at", "asking"):
            node = self.node.at(at)
            if key not in allowed and node.child(key) is not None:
                what = self.words.t("this key does not go with {kind}", kind=kind)
                hint = self.words.t("Make two items of it.")
                self.problems.add(node.key_mark(key), where, what, found=key, hint=hint)
        if kind == "question" and not item.lesson:
            what = self.words.t("the key {key} is missing", key="lesson")
            self.problems.add(self.mark(*at), where, what)
        return kind

    def untitled(self, item: ItemModel, lesson: Lesson | None, kind: str, where: str, at: TreePath) -> Text:
        """The title of an item without one: its lesson's, or its question's."""
        if kind in ("run", "note"):
            what = self.words.t("the key {key} is missing", key="title")
            self.problems.add(self.mark(*at), where, what)
            return NOTHING
        assert lesson is not None, "a lesson that is not there was told"
        ask = asked(lesson, item.question) if item.question else None
        return ask.prompt if ask is not None else lesson.title

    def lesson(self, lesson_id: str, where: str, at: TreePath) -> Lesson | None:
        """The lesson of this id; None, and told, if there is none, or it is at fault itself."""
        found = self.lessons[lesson_id]
        if isinstance(found, Lesson):
            return found
        if lesson_id == NAMELESS:  # it was told that none is named
            return None
        self.problems.add(
            self.mark(*at, "lesson"), f"{where} › lesson", found.what,
            found=lesson_id, allowed=found.allowed, nearest=meant(lesson_id, found.allowed), hint=found.hint,
        )  # fmt: skip
        return None

    def beats(
        self, item: ItemModel, lesson: Lesson, where: str, at: TreePath
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The beats that are shown, and those of them whose question is asked."""
        known = [beat.id for beat in lesson.beats]
        asking = asking_beats(lesson)
        beats = self.listed(item.beats, known, self.words.t("the lesson has no such beat"), where, (*at, "beats"))
        shown = beats or tuple(known)
        if item.asks is None:
            return shown, tuple(beat for beat in shown if beat in asking)
        allowed = [beat for beat in shown if beat in asking]
        what = self.words.t("none of the beats shown here is called so and asks something")
        return shown, self.listed(item.asks, allowed, what, where, (*at, "asks"))

    def listed(self, names: Iterable[str], known: list[str], what: str, where: str, at: TreePath) -> tuple[str, ...]:
        """Those of ``names`` that are known, in the order of the lesson; what is wrong with the others is told."""
        places: list[int] = []
        for place, name in enumerate(names):
            here, there = self.mark(*at, place), f"{where} › {at[-1]}"
            if name not in known:
                self.problems.add(here, there, what, found=name, allowed=known, nearest=nearest(name, known))
            elif places and known.index(name) <= max(places):
                said = self.words.t("beats stand in the order of their lesson, each once")
                self.problems.add(here, there, said, found=name)
            else:
                places.append(known.index(name))
        return tuple(known[place] for place in places)

    def question(self, item: ItemModel, lesson: Lesson, where: str, at: TreePath) -> None:
        """A question must be a check of the lesson, or a beat that asks."""
        name = item.question or ""
        if asked(lesson, name) is None:
            known = [*(check.id for check in lesson.checks), *asking_beats(lesson)]
            what = self.words.t("the lesson asks nothing under this name")
            self.problems.add(
                self.mark(*at, "question"), f"{where} › question", what,
                found=name, allowed=known, nearest=nearest(name, known),
            )  # fmt: skip

    def run(self, name: str, where: str, at: TreePath) -> None:
        """A saved run must lie beside the lecture, and be one."""
        place, folder = self.path.parent / name, self.path.parent
        beside = sorted(path.name for path in folder.glob(f"*{runfile.SUFFIX}")) if folder.is_dir() else []
        if not is_beside(name, folder):
            what = self.words.t("a run lies beside the lecture: the name of a file, and no path")
            self.problems.add(self.mark(*at), where, what, found=name)
            return
        try:
            text = place.read_text(encoding="utf-8", errors="replace") if place.is_file() else None
        except OSError as fault:
            self.problems.add(self.mark(*at), where, self.words.t("{path} cannot be read: {why}", path=name, why=fault))
            return
        if text is None:
            what = self.words.t("there is no such file beside the lecture")
            self.problems.add(self.mark(*at), where, what, found=name, allowed=beside, nearest=nearest(name, beside))
            return
        try:
            runfile.loads(text)
        except runfile.RunFileError as fault:
            if place not in self._blamed:
                what = self.words.t(runfile.PROBLEMS[fault.problem], **fault.values)
                self.problems.add(Mark(str(place), fault.line, fault.column), where, what)
            self._blamed.add(place)

    # --- situations ---

    def situation(self, each: SituationModel, at: TreePath) -> Situation | None:
        """One key; None if what it leads to is not there."""
        where = f"situations › {int(at[-1]) + 1}"
        beat = each.beat or ""
        if (each.lesson is None) == (each.run is None) or (beat and each.run):
            what = self.words.t("a key leads to a beat of a lesson, or to a run: say one of them")
            self.problems.add(self.mark(*at), where, what)
            return None
        if each.run is not None:
            self.run(each.run, f"{where} › run", (*at, "run"))
        elif each.lesson is not None:
            lesson = self.lesson(each.lesson, where, at)
            if lesson is None:
                return None
            known = [one.id for one in lesson.beats]
            beat = beat or known[0]
            if beat not in known:
                what = self.words.t("the lesson has no such beat")
                self.problems.add(
                    self.mark(*at, "beat"), f"{where} › beat", what,
                    found=beat, allowed=known, nearest=nearest(beat, known),
                )  # fmt: skip
                return None
        title = self.text(each.title, (*at, "title"), ("situations", str(each.key)), where=f"{where} › title")
        return Situation(each.key, title, each.lesson or "", beat, each.run or "", self.mark(*at))

    # --- sentences ---

    def notes(self, said: str | None, lesson: Lesson | None, at: TreePath, key: overlay.Key) -> Text:
        return self.text(said, at, key, lesson) if said is not None else NOTHING

    def notes_of(
        self,
        item: ItemModel,
        part: str,
        given: Mapping[str, str],
        known: tuple[str, ...],
        lesson: Lesson | None,
        at: TreePath,
    ) -> tuple[tuple[str, Text], ...]:
        """Notes at beats or at their questions; those of a beat that is not shown are a fault."""
        for name in given:
            if name not in known and lesson is not None and known:
                mark = self.node.at((*at, part)).key_mark(name)
                what = self.words.t("this item shows no such beat, or does not ask there")
                where = f"items › {item.id} › {part}"
                self.problems.add(mark, where, what, found=name, allowed=known, nearest=nearest(name, known))
        return tuple(
            (name, self.text(said, (*at, part, name), ("items", item.id, part, name), lesson))
            for name, said in given.items()
            if name in known
        )

    def text(self, said: str, at: TreePath, key: overlay.Key, lesson: Lesson | None = None, where: str = "") -> Text:
        """A sentence with its translations. Of a ``lesson``'s notes: with no typed numbers or unknown placeholders."""
        node = self.node.at(at)
        given = {lang: (found[key], tree) for lang, (found, tree) in self.overlays.items() if key in found}
        self.inspect(node, where or " › ".join(key), lesson)
        for _, tree in given.values():
            self.inspect(overlay.part(tree, (*key, "text")), " › ".join(key), lesson)
        return Text(
            en=sentences.unwrapped(said.strip()),
            others=tuple((lang, sentences.unwrapped(found.text.strip())) for lang, (found, _) in given.items()),
            mark=node.mark,
            marks=tuple(overlay.place(tree, key) for _, tree in given.values()),
        )

    def inspect(self, node: Node, where: str, lesson: Lesson | None) -> None:
        if not isinstance(node.value, str):
            return
        hosts = [host.name for host in lesson.hosts] if lesson is not None else []
        beats = [beat.id for beat in lesson.beats] if lesson is not None else []
        for offset, found in sentences.typed_numbers(node.value) if lesson is not None else ():
            what = self.words.t("a number with a unit is typed into the words")
            hint = self.words.t("Use a placeholder that the run fills in, such as {example}.", example="{link.delay}")
            self.problems.add(node.mark_in(offset), where, what, found=found, hint=hint)
        for offset, name in sentences.holes(node.value):
            if lesson is None or not facts.is_known(name, hosts, beats):
                allowed = facts.SHORT_LIST if lesson is not None else ()
                what = self.words.t("no such placeholder")
                self.problems.add(node.mark_in(offset), where, what, found=shortened(name), allowed=allowed)
        emphasis.inspect(node, where, self.problems)
