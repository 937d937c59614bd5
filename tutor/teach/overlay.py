"""Translations: one file a language beside the lesson, sentence by sentence.

Rules
-----
* A translation is kept under the beat's id and the option's value, so moving things about loses nothing.
* It carries a hash of the English sentence it was made from. ``check`` then tells *stale* (English has changed
  since) from *missing* (never translated) and *unknown* (translates nothing), each by name.
* Spacing and line breaks do not count: re-wrapping a paragraph makes nothing stale.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator

from tutor.teach.errors import Problems, nearest
from tutor.teach.lesson import Mark
from tutor.teach.schema import AskModel, AskOverlay, LessonModel, OverlayModel, Translated
from tutor.teach.shape import Shaped
from tutor.teach.yamlio import Node
from tutor.words import Words

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
    for name in ("out_of_scope", "refutes"):
        for index, sentence in enumerate(getattr(model, name)):
            yield (name, str(index)), sentence
    for beat in model.beats:
        yield ("beats", beat.id, "title"), beat.title
        yield ("beats", beat.id, "words"), beat.words
        for name in ("bet", "question"):
            ask: AskModel | None = getattr(beat, name)
            if ask is not None:
                yield from (((("beats", beat.id, name, *key)), sentence) for key, sentence in _ask_sentences(ask))


def _ask_sentences(ask: AskModel) -> Iterator[tuple[Key, str]]:
    yield ("prompt",), ask.prompt
    for option in ask.options:
        for name in ("text", "feedback"):
            sentence = getattr(option, name)
            if sentence is not None:
                yield ("options", option.value, name), sentence


# --- the sentences of a translation ---


def translations(model: OverlayModel) -> dict[Key, Translated]:
    """Every translated sentence by its name."""
    return dict(_translations(model))


def _translations(model: OverlayModel) -> Iterator[tuple[Key, Translated]]:
    for name in ("title", "goal"):
        found: Translated | None = getattr(model, name)
        if found is not None:
            yield (name,), found
    for name in ("out_of_scope", "refutes"):
        for index, translated in enumerate(getattr(model, name)):
            yield (name, str(index)), translated
    for beat_id, beat in model.beats.items():
        for name in ("title", "words"):
            found = getattr(beat, name)
            if found is not None:
                yield ("beats", beat_id, name), found
        for name in ("bet", "question"):
            ask: AskOverlay | None = getattr(beat, name)
            if ask is not None:
                yield from ((("beats", beat_id, name, *key), found) for key, found in _ask_translations(ask))


def _ask_translations(ask: AskOverlay) -> Iterator[tuple[Key, Translated]]:
    if ask.prompt is not None:
        yield ("prompt",), ask.prompt
    for value, option in ask.options.items():
        for name in ("text", "feedback"):
            found: Translated | None = getattr(option, name)
            if found is not None:
                yield ("options", value, name), found


# --- holding one against the other ---


def part(node: Node, key: Key) -> Node:
    """The part of the overlay's file that holds ``key``, or the nearest part above it."""
    return node.at([int(step) if step.isdigit() and key[0] != "beats" else step for step in key])


def place(node: Node, key: Key) -> Mark:
    """Where the sentence ``key`` stands in the overlay's file, or the nearest part above it."""
    return part(node, key).mark


def compare(source: Shaped[LessonModel], overlay: Shaped[OverlayModel], lang: str, problems: Problems) -> None:
    """Report every missing, stale and unknown sentence of a translation by name."""
    if source.model is None or overlay.model is None or overlay.node is None:
        return
    wanted, given = sentences(source.model), translations(overlay.model)
    doubtful = _doubtful_beats(source)
    if overlay.model.lesson != source.model.id and not source.touches("id"):
        mark = overlay.node.at(["lesson"]).mark
        what = problems.words.t("this translates another lesson")
        problems.add(mark, "lesson", what, found=overlay.model.lesson, allowed=source.model.id)
    for key, sentence in wanted.items():
        where, mark = " › ".join(key), place(overlay.node, key)
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
    for key in given:
        if key not in wanted and not (key[0] == "beats" and key[1] in doubtful):
            names = [" › ".join(each) for each in wanted]
            meant = nearest(" › ".join(key), names)
            what = problems.words.t("this translates nothing in the lesson")
            problems.add(place(overlay.node, key), " › ".join(key), what, nearest=meant)


def _new_hash(sentence: str, words: Words) -> str:
    return words.t("The English sentence has the hash {hash}.", hash=fingerprint(sentence))


def _doubtful_beats(source: Shaped[LessonModel]) -> set[str]:
    """Beats of which something was given up: what a translation says of them may well be right."""
    assert source.model is not None
    indexes = {loc[1] for loc in source.given_up if loc[0] == "beats" and len(loc) > 1}
    return {beat.id for index, beat in enumerate(source.model.beats) if index in indexes}
