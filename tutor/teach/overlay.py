"""Translations: one file a language beside the lesson, sentence by sentence.

Rules
-----
* A translation is kept under the beat's id and the option's value, so moving things about loses nothing.
* It carries a hash of the English sentence it was made from. ``check`` then tells *stale* (English has changed
  since) from *missing* (never translated) and *unknown* (translates nothing), each by name.
* It has the placeholders of that sentence, all and no others, in any order.
* Spacing and line breaks do not count: re-wrapping a paragraph makes nothing stale.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from tutor.teach.errors import Problems, nearest
from tutor.teach.lesson import Mark
from tutor.teach.schema import (
    AskedModel,
    AskOverlay,
    BeatModel,
    CheckModel,
    LessonModel,
    Model,
    OptionModel,
    OverlayModel,
    Translated,
)
from tutor.teach.sentences import holes
from tutor.teach.shape import Shaped
from tutor.teach.yamlio import Node
from tutor.words import Words

NAMED = ("beats", "checks", "items", "situations")
"""Parts whose items have ids, and not places."""

Key = tuple[str, ...]
"""The name of one sentence: ``("beats", "first-syn", "bet", "options", "ESTABLISHED", "feedback")``."""


def fingerprint(sentence: str) -> str:
    """Eight hex digits that change when the sentence does, but not when it is wrapped differently."""
    text = " ".join(unicodedata.normalize("NFC", sentence).split())
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


# --- the sentences of a lesson ---


def sentences(model: LessonModel) -> dict[Key, str]:
    """Every English sentence that a translation must give, by its name, in the order of the file."""
    return dict(_sentences(model))


def _sentences(model: LessonModel) -> Iterator[tuple[Key, str]]:
    yield ("title",), model.title
    yield ("goal",), model.goal
    for index, sentence in enumerate(model.out_of_scope):
        yield ("out_of_scope", str(index)), sentence
    for index, refuted in enumerate(model.refutes):
        yield ("refutes", str(index), "says"), refuted.says
        yield ("refutes", str(index), "truth"), refuted.truth
    for beat in model.beats:
        yield ("beats", beat.id, "title"), beat.title
        yield ("beats", beat.id, "words"), beat.words
        yield from _asked("beats", beat)
        if beat.touch is not None:
            yield ("beats", beat.id, "touch", "task"), beat.touch.task
            yield ("beats", beat.id, "touch", "compared"), beat.touch.compared
    for check in model.checks:
        if check.words is not None:
            yield ("checks", check.id, "words"), check.words
        yield from _asked("checks", check)


def _asked(part: str, of: BeatModel | CheckModel) -> Iterator[tuple[Key, str]]:
    for name in ("bet", "question"):
        ask: AskedModel | None = getattr(of, name)
        if ask is None:
            continue
        at = (part, of.id, name)
        yield (*at, "prompt"), ask.prompt
        options: list[OptionModel] = getattr(ask, "options", [])
        for option in options:
            for said in ("text", "feedback"):
                sentence = getattr(option, said)
                if sentence is not None:
                    yield (*at, "options", option.value, said), sentence


# --- the sentences of a translation ---


def translations(model: OverlayModel) -> dict[Key, Translated]:
    """Every translated sentence by its name."""
    return dict(_translations(model))


def _translations(model: OverlayModel) -> Iterator[tuple[Key, Translated]]:
    yield from _given((), model, ("title", "goal"))
    for index, translated in enumerate(model.out_of_scope):
        yield ("out_of_scope", str(index)), translated
    for index, refuted in enumerate(model.refutes):
        yield from _given(("refutes", str(index)), refuted, ("says", "truth"))
    for part, overlays in (("beats", model.beats), ("checks", model.checks)):
        for of, overlay in overlays.items():
            at = (part, of)
            yield from _given(at, overlay, ("title", "words"))
            if overlay.touch is not None:
                yield from _given((*at, "touch"), overlay.touch, ("task", "compared"))
            for name in ("bet", "question"):
                ask: AskOverlay | None = getattr(overlay, name)
                if ask is not None:
                    yield from _given((*at, name), ask, ("prompt",))
                    for value, option in ask.options.items():
                        yield from _given((*at, name, "options", value), option, ("text", "feedback"))


def _given(at: Key, of: Model, names: tuple[str, ...]) -> Iterator[tuple[Key, Translated]]:
    for name in names:
        found: Translated | None = getattr(of, name)
        if found is not None:
            yield (*at, name), found


# --- holding one against the other ---


def part(node: Node, key: Key) -> Node:
    """The part of the overlay's file that holds ``key``, or the nearest part above it."""
    return node.at([int(step) if step.isdigit() and key[0] not in NAMED else step for step in key])


def place(node: Node, key: Key) -> Mark:
    """Where the sentence ``key`` stands in the overlay's file, or the nearest part above it."""
    return part(node, key).mark


def compare(source: Shaped[LessonModel], overlay: Shaped[OverlayModel], lang: str, problems: Problems) -> None:
    """Report every missing, stale and unknown sentence of a translation by name."""
    if source.model is None or overlay.model is None or overlay.node is None:
        return
    wanted, given = sentences(source.model), translations(overlay.model)
    doubtful = _doubtful(source)
    if overlay.model.lesson != source.model.id and not source.touches("id"):
        mark = overlay.node.at(["lesson"]).mark
        what = problems.words.t("this translates another lesson")
        problems.add(mark, "lesson", what, found=overlay.model.lesson, allowed=source.model.id)
    compare_sentences(wanted, given, overlay.node, lang, problems, doubtful)


def compare_sentences(
    wanted: Mapping[Key, str],
    given: Mapping[Key, Translated],
    node: Node,
    lang: str,
    problems: Problems,
    doubtful: Collection[Key],
) -> None:
    """Report what is missing, stale or unknown among the sentences ``given`` in ``node`` for those ``wanted``.

    ``doubtful``: beginnings of names of which nothing unknown is reported, as they could not be read.
    """
    for key, sentence in wanted.items():
        where, mark = " › ".join(key), place(node, key)
        if key not in given:
            problems.add(
                mark,
                where,
                problems.words.t("missing translation ({lang})", lang=lang),
                hint=_new_hash(sentence, problems.words),
            )
        elif given[key].of != fingerprint(sentence):
            what = problems.words.t("stale translation ({lang}): the English sentence has changed since", lang=lang)
            problems.add(mark, where, what, found=given[key].of, hint=_new_hash(sentence, problems.words))
        else:
            _compare_holes(sentence, given[key].text, lang, problems, (mark, where))
    for key in given:
        if key not in wanted and key[:2] not in doubtful:
            names = [" › ".join(each) for each in wanted]
            meant = nearest(" › ".join(key), names)
            what = problems.words.t("this translates nothing in the file")
            problems.add(place(node, key), " › ".join(key), what, nearest=meant)


def _compare_holes(sentence: str, said: str, lang: str, problems: Problems, at: tuple[Mark, str]) -> None:
    """Both quote the same of the run, in whatever order: else one of them has a number typed in, or has lost one."""
    mark, where = at
    wanted, given = ({hole.name: "" for hole in holes(text)} for text in (sentence, said))
    missing, extra = ([name for name in one if name not in other] for one, other in ((wanted, given), (given, wanted)))
    if not missing and not extra:
        return
    words, differs = problems.words, []
    if missing:
        differs.append(words.t("missing: {names}", names=", ".join(missing)))
    if extra:
        differs.append(words.t("not in the English sentence: {names}", names=", ".join(extra)))
    what = words.t("the translation has not the placeholders of the English sentence ({lang})", lang=lang)
    problems.add(mark, where, what, found="; ".join(differs), allowed=tuple(wanted))


def _new_hash(sentence: str, words: Words) -> str:
    return words.t("The English sentence has the hash {hash}.", hash=fingerprint(sentence))


def _doubtful(source: Shaped[LessonModel]) -> set[Key]:
    """Beats and checks of which something was given up: what a translation says of them may well be right."""
    assert source.model is not None
    found: set[Key] = set()
    for part, items in (("beats", source.model.beats), ("checks", source.model.checks)):
        indexes = {loc[1] for loc in source.given_up if loc[0] == part and len(loc) > 1}
        found |= {(part, item.id) for index, item in enumerate(items) if index in indexes}  # type: ignore[attr-defined]
    return found
