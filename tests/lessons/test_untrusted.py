"""Lessons come from people we do not know: none reads another file, builds an object or runs for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.teach.check import check_lesson
from tutor.teach.errors import LessonErrors
from tutor.teach.reading import load_lesson
from tutor.teach.stage import LONGEST, end_of

from .conftest import SOUND, Spoil


def folder(place: Path, overlay: str = "") -> Path:
    """A lesson's folder with the sound lesson in it; the lesson's file."""
    place.mkdir(parents=True)
    (place / "lesson.yaml").write_text(SOUND, encoding="utf-8")
    if overlay:
        (place / "zh.yaml").write_text(overlay, encoding="utf-8")
    return place / "lesson.yaml"


@pytest.mark.parametrize("link", ["zh.yaml", "lesson.yaml"])
def test_a_link_that_leads_out_of_the_folder_is_not_followed(link: str, tmp_path: Path) -> None:
    """A lesson may not have the reader open somebody else's file by pointing at it."""
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: hunter2\n", encoding="utf-8")
    lesson = folder(tmp_path / "small")
    (lesson.parent / link).unlink(missing_ok=True)
    (lesson.parent / link).symlink_to(secret)
    with pytest.raises(LessonErrors) as refusal:
        load_lesson(lesson)
    assert "leads out of the lesson's folder" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_a_file_beside_the_lesson_is_read_only_if_it_is_a_language_of_ours(tmp_path: Path) -> None:
    """Whatever else lies in the folder is not even opened."""
    lesson = folder(tmp_path / "small")
    (lesson.parent / "fr.yaml").write_bytes(b"\xff\xfe rubble")
    assert load_lesson(lesson).languages == ("en",)


@pytest.mark.parametrize("value", ["../../etc/passwd", "/etc/passwd", "!include secret.yaml"])
def test_no_value_is_a_path(value: str, spoil: Spoil) -> None:
    """A name that looks like a path is a bad name, nothing more."""
    said = spoil(("id: small", f"id: {value}"))
    assert said
    assert not any("hunter2" in line or "root:" in line for line in said)


def test_a_template_is_not_evaluated(spoil: Spoil) -> None:
    """A placeholder is looked up in a list of names; it is no expression."""
    said = spoil(("{time}", "{client.__class__.__mro__}"))
    assert said == ["39:18 beats › open › words: no such placeholder (client.__class__.__mro__)"]


def test_a_lesson_cannot_keep_the_computer_busy_for_ever(tmp_path: Path) -> None:
    """Whatever ``until`` says, a simulated day is the end."""
    path = tmp_path / "long.yaml"
    path.write_text(SOUND.replace("link:\n", "until: 99999 h\nlink:\n"), encoding="utf-8")
    assert end_of(load_lesson(path)) == LONGEST


def test_a_large_file_is_refused_before_it_is_read_whole(tmp_path: Path) -> None:
    """The limit holds for the bytes on disk."""
    path = tmp_path / "large.yaml"
    path.write_bytes(b"# " + b"x" * 50_000_000)
    assert [error.what for error in check_lesson(path)] == ["the file is too large"]


def test_a_list_of_hosts_beats_and_options_has_an_end(spoil: Spoil) -> None:
    """Ten thousand beats are a fault of shape; none of them is run."""
    beats = "".join(f"  - {{id: b{n}, cue: start, title: t, words: w}}\n" for n in range(101))
    assert spoil(("  - id: open", beats + "  - id: open")) == ["22:3 beats: too long; at most 100 (103)"]
