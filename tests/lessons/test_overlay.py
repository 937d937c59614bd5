"""Translations: complete, fresh, and each fault told by the name of the sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.teach.check import check_lesson
from tutor.teach.overlay import fingerprint
from tutor.teach.reading import load_lesson
from tutor.teach.sentences import holes

from .conftest import SOUND

WHOLE = {
    "title": "A small lesson",
    "goal": "See one segment arrive.",
    "beats › syn › title": "It leaves",
    "beats › syn › words": "It will take {link.delay}.",
    "beats › syn › bet › prompt": "And then?",
    "beats › syn › bet › options › SYN-RECEIVED › feedback": "Yes.",
    "beats › syn › bet › options › ESTABLISHED › feedback": "Too early.",
    "beats › open › title": "It is open",
    "beats › open › words": "After {time}.",
}
"""Every English sentence of the sound lesson by its name."""


def overlay(sentences: dict[str, tuple[str, str]], lesson: str = "small") -> str:
    """A ``zh.yaml`` from name -> (the English sentence it was made from, its translation)."""
    tree: dict[str, object] = {}
    for name, (english, said) in sentences.items():
        *path, last = name.split(" › ")
        place: dict[str, object] = tree
        for step in path:
            inner = place.setdefault(step, {})
            assert isinstance(inner, dict), "names do not overlap"
            place = inner
        place[last] = {"of": fingerprint(english), "text": said}
    return f"format: 1\nlesson: {lesson}\n" + "".join(f"{key}: {as_flow(value)}\n" for key, value in tree.items())


def as_flow(value: object) -> str:
    """A value in YAML's flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {as_flow(inner)}' for key, inner in value.items()) + "}"
    return f'"{value}"'


def lint(place: Path, zh: str, english: str = SOUND) -> list[str]:
    """What the linter says about ``zh.yaml`` beside the sound lesson."""
    (place / "lesson.yaml").write_text(english, encoding="utf-8")
    (place / "zh.yaml").write_text(zh, encoding="utf-8")
    return [f"{Path(e.file).name} {e.where}: {e.what}" for e in check_lesson(place / "lesson.yaml")]


def whole(**changes: tuple[str, str]) -> dict[str, tuple[str, str]]:
    """The complete translation."""
    return {name: (english, said(english)) for name, english in WHOLE.items()} | changes


def said(english: str) -> str:
    """A translation, with the placeholders of its sentence."""
    return " ".join(("译文", *(f"{{{hole.name}}}" for hole in holes(english))))


def test_a_whole_translation_is_sound(tmp_path: Path) -> None:
    """And the lesson speaks it; a sentence without a translation would be English."""
    assert lint(tmp_path, overlay(whole())) == []
    lesson = load_lesson(tmp_path / "lesson.yaml")
    assert lesson.languages == ("en", "zh")
    assert (lesson.title["zh"], lesson.title["en"], lesson.title["fr"]) == (
        "译文",
        "A small lesson",
        "A small lesson",
    )


@pytest.mark.parametrize("name", WHOLE)
def test_each_missing_sentence_is_named(name: str, tmp_path: Path) -> None:
    """Also those of a bet's options."""
    given = whole()
    del given[name]
    assert lint(tmp_path, overlay(given)) == [f"zh.yaml {name}: missing translation (zh)"]


def test_a_sentence_whose_english_has_changed_is_stale(tmp_path: Path) -> None:
    """The translation still reads well, and says something else by now."""
    changed = SOUND.replace("It will take {link.delay}.", "It will take {link.delay} to arrive.")
    said = lint(tmp_path, overlay(whole()), changed)
    assert said == ["zh.yaml beats › syn › words: stale translation (zh): the English sentence has changed since"]


def test_wrapping_a_paragraph_differently_makes_nothing_stale(tmp_path: Path) -> None:
    """Spaces and line breaks are not meaning."""
    wrapped = SOUND.replace("words: It will take {link.delay}.", "words: |\n      It will\n      take {link.delay}.")
    assert lint(tmp_path, overlay(whole()), wrapped) == []


def test_a_translation_of_nothing_is_named(tmp_path: Path) -> None:
    """A beat was renamed: its translations are missing under the new name and hang in the air under the old one."""
    renamed = SOUND.replace("id: open", "id: opened")
    assert lint(tmp_path, overlay(whole()), renamed) == [
        "zh.yaml beats › opened › title: missing translation (zh)",
        "zh.yaml beats › opened › words: missing translation (zh)",
        "zh.yaml beats › open › title: this translates nothing in the file",
        "zh.yaml beats › open › words: this translates nothing in the file",
    ]


def test_a_translation_of_another_lesson_is_told(tmp_path: Path) -> None:
    """The file was copied to the wrong folder."""
    assert lint(tmp_path, overlay(whole(), lesson="other")) == ["zh.yaml lesson: this translates another lesson"]


def test_translated_sentences_obey_the_same_rules(tmp_path: Path) -> None:
    """No typed number, no unknown placeholder; both at their place in the translator's file."""
    said = whole(
        **{"goal": (WHOLE["goal"], "等 60 秒"), "beats › open › words": (WHOLE["beats › open › words"], "{clock}")}
    )
    assert lint(tmp_path, overlay(said)) == [
        "zh.yaml goal: a number with a unit is typed into the words",
        "zh.yaml beats › open › words: the translation has not the placeholders of the English sentence (zh)",
        "zh.yaml beats › open › words: no such placeholder",
    ]


NAME = "beats › syn › words"


@pytest.mark.parametrize(
    ("translated", "differs"),
    [
        ("要 50。", "missing: link.delay"),
        ("要 {link.rtt}。", "missing: link.delay; not in the English sentence: link.rtt"),
        ("要 {link.delay}，也就是 {time}。", "not in the English sentence: time"),
    ],
)
def test_a_translation_quotes_the_same_of_the_run(translated: str, differs: str, tmp_path: Path) -> None:
    """A number typed in the place of a placeholder is noticed at once, and not when the run changes."""
    (tmp_path / "lesson.yaml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "zh.yaml").write_text(overlay(whole(**{NAME: (WHOLE[NAME], translated)})), encoding="utf-8")
    (error,) = check_lesson(tmp_path / "lesson.yaml")
    assert (Path(error.file).name, error.where) == ("zh.yaml", NAME)
    assert error.what == "the translation has not the placeholders of the English sentence (zh)"
    assert (error.found, error.allowed) == (differs, "link.delay")


def test_their_order_is_the_translators_business(tmp_path: Path) -> None:
    """Another language may have to say them the other way round, or one of them twice."""
    english = SOUND.replace("It will take {link.delay}.", "At {time}, in {link.delay}.")
    given = whole(**{NAME: ("At {time}, in {link.delay}.", "过 {link.delay} 和 {link.delay}，在 {time}。")})
    assert lint(tmp_path, overlay(given), english) == []
