"""Translations of a lecture: each sentence under its item's id, stamped as those of lessons are (``overlay``)."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.teach import overlay
from tutor.teach.errors import Problems
from tutor.teach.lecture_schema import LectureModel, LectureOverlay
from tutor.teach.overlay import Key
from tutor.teach.schema import Translated
from tutor.teach.shape import Shaped


def sentences(model: LectureModel) -> dict[Key, str]:
    """Every English sentence that a translation must give, by its name, in the order of the file."""
    return dict(_sentences(model))


def _sentences(model: LectureModel) -> Iterator[tuple[Key, str]]:
    yield ("title",), model.title
    for item in model.items:
        at = ("items", item.id)
        if item.title is not None:
            yield (*at, "title"), item.title
        if item.notes is not None:
            yield (*at, "notes"), item.notes
        for part, notes in (("at", item.at), ("asking", item.asking)):
            for beat, said in notes.items():
                yield (*at, part, beat), said
    for situation in model.situations:
        yield ("situations", str(situation.key)), situation.title


def translations(model: LectureOverlay) -> dict[Key, Translated]:
    """Every translated sentence by its name."""
    return dict(_translations(model))


def _translations(model: LectureOverlay) -> Iterator[tuple[Key, Translated]]:
    if model.title is not None:
        yield ("title",), model.title
    for name, item in model.items.items():
        at = ("items", name)
        for part, said in (("title", item.title), ("notes", item.notes)):
            if said is not None:
                yield (*at, part), said
        for part, notes in (("at", item.at), ("asking", item.asking)):
            for beat, each in notes.items():
                yield (*at, part, beat), each
    for key, title in model.situations.items():
        yield ("situations", key), title


def compare(source: Shaped[LectureModel], translated: Shaped[LectureOverlay], lang: str, problems: Problems) -> None:
    """Report every missing, stale and unknown sentence of a translation by name."""
    if source.model is None or translated.model is None or translated.node is None:
        return
    if translated.model.lecture != source.model.lecture and not source.touches("lecture"):
        mark = translated.node.at(["lecture"]).mark
        what = problems.words.t("this translates another lecture")
        problems.add(mark, "lecture", what, found=translated.model.lecture, allowed=source.model.lecture)
    doubtful = {("items", item.id) for place, item in enumerate(source.model.items) if source.touches("items", place)}
    overlay.compare_sentences(
        sentences(source.model), translations(translated.model), translated.node, lang, problems, doubtful
    )
