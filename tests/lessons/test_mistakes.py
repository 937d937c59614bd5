"""The author's error page: ten different mistakes, ten errors, in one run, in either language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.teach.check import check_lesson
from tutor.teach.errors import LessonErrors
from tutor.teach.reading import load_lesson
from tutor.words import Words

HERE = Path(__file__).parent
TEN = HERE / "data" / "ten_mistakes.yaml"


def said(path: Path, lang: str) -> str:
    """What the linter prints about a file, with the file's name alone."""
    errors = check_lesson(path, lang)
    return "\n".join(error.text(Words(lang)) for error in errors).replace(f"{path.parent}/", "") + "\n"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_ten_mistakes_give_ten_errors(lang: str) -> None:
    """Each with line and column, what was found, what is allowed and what was meant; none of them twice."""
    expected = (HERE / "golden" / f"ten_mistakes.{lang}.txt").read_text(encoding="utf-8")
    assert said(TEN, lang) == expected


def test_the_same_ten_places_in_either_language() -> None:
    """The language changes the words and nothing else."""
    english, chinese = check_lesson(TEN, "en"), check_lesson(TEN, "zh")
    assert len(english) == 10
    places = [(error.line, error.column, error.found) for error in english]
    assert [(error.line, error.column, error.found) for error in chinese] == places
    assert all(a.what != b.what for a, b in zip(english, chinese, strict=True))


def test_loading_tells_what_can_be_told_without_running() -> None:
    """A lesson is loaded or refused whole; the two mistakes that only a run shows are left to the linter."""
    with pytest.raises(LessonErrors) as refusal:
        load_lesson(TEN)
    assert len(refusal.value.errors) == 8
    assert "ten_mistakes.yaml:5:1: unknown key" in str(refusal.value)


def test_a_lesson_that_does_not_exist_says_which_do() -> None:
    """Not a fault of a lesson: there is none."""
    with pytest.raises(FileNotFoundError, match="01-three-way-handshake, .*13-four-way-close"):
        load_lesson("99-nothing")


if __name__ == "__main__":  # after a sentence was reworded: PYTHONPATH=. python tests/lessons/test_mistakes.py
    for each in ("en", "zh"):
        (HERE / "golden" / f"ten_mistakes.{each}.txt").write_text(said(TEN, each), encoding="utf-8")
