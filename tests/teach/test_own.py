"""Lessons of one's own: packed, handed on, taken in; and zips from people we do not know."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.teach.errors import LessonErrors
from tutor.teach.own import MOST_FILES, OwnLessonError, Shelf, packed, unpacked
from tutor.teach.reading import load_lesson
from tutor.teach.yamlio import MAX_BYTES
from tutor.words import Words

EVERY = Path(__file__).parent / "data" / "every_kind.yaml"
WORDS = Words("en")
Zip = Callable[..., Path]


@pytest.fixture
def zipped(tmp_path: Path) -> Zip:
    """Writes a zip file of name -> bytes."""

    def make(**files: bytes) -> Path:
        path = tmp_path / "some.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, raw in files.items():
                archive.writestr(name, raw)
        return path

    return make


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A folder that is not there yet."""
    return Shelf(tmp_path / "somewhere" / "lessons")


def test_a_lesson_is_packed_and_taken_in_again(tmp_path: Path, shelf: Shelf) -> None:
    """Translations come along; the same lesson gives the same bytes; the folder is made."""
    lesson = load_lesson("13")
    one, two = packed(lesson, tmp_path / "one.zip"), packed(lesson, tmp_path / "two.zip")
    assert one.read_bytes() == two.read_bytes()
    assert sorted(unpacked(one)) == ["lesson.yaml", "zh.yaml"]
    own = packed(load_lesson(EVERY), tmp_path / "own.zip")
    path = shelf.take(own, WORDS)
    assert path == shelf.path("every-kind")
    assert load_lesson(path).title.en == "Every kind"


def test_nothing_is_overwritten_unasked(tmp_path: Path, shelf: Shelf) -> None:
    """What was there stays; asked to, it is replaced; and it can be taken away."""
    own = packed(load_lesson(EVERY), tmp_path / "own.zip")
    path = shelf.take(own, WORDS)
    path.write_text(path.read_text(encoding="utf-8").replace("Every kind", "My kind"), encoding="utf-8")
    with pytest.raises(OwnLessonError, match="You have a lesson every-kind already"):
        shelf.take(own, WORDS)
    assert load_lesson(path).title.en == "My kind"
    shelf.take(own, WORDS, replaces=True)
    assert load_lesson(path).title.en == "Every kind"
    assert [each.name for each in shelf.folder.iterdir()] == ["every-kind"], "nothing is left beside it"
    shelf.forget("every-kind")
    assert not path.exists()


def test_a_lesson_with_a_mistake_is_not_taken_in(zipped: Zip, shelf: Shelf) -> None:
    """The linter's own sentences, and nothing is in the folder afterwards."""
    wrong = EVERY.read_bytes().replace(b"answer: link.delay", b"answer: link.rtt")
    with pytest.raises(LessonErrors, match="the engine computes another answer"):
        shelf.take(zipped(**{"every-kind/lesson.yaml": wrong}), WORDS)
    assert list(shelf.folder.iterdir()) == []


def test_a_shipped_lessons_name_is_taken(zipped: Zip, shelf: Shelf) -> None:
    """A lesson from outside never stands in the place of one of ours."""
    ours = EVERY.read_bytes().replace(b"id: every-kind", b"id: 01-three-way-handshake")
    with pytest.raises(OwnLessonError, match="came with the program"):
        shelf.take(zipped(**{"lesson.yaml": ours}), WORDS)


@pytest.mark.parametrize("evil", ["../../evil/lesson.yaml", "/tmp/evil/lesson.yaml", "a/../../lesson.yaml"])
def test_no_name_in_a_zip_leads_anywhere(zipped: Zip, shelf: Shelf, tmp_path: Path, evil: str) -> None:
    """The folder's name comes from the lesson's id; where the zip wants to put it is not asked."""
    assert shelf.take(zipped(**{evil: EVERY.read_bytes()}), WORDS) == shelf.path("every-kind")
    files = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert files == [Path("some.zip"), Path("somewhere/lessons/every-kind/lesson.yaml")]


def test_a_name_with_backslashes_is_no_lesson(zipped: Zip) -> None:
    """It is one long name; nobody takes it apart."""
    with pytest.raises(OwnLessonError, match=r"There is no lesson\.yaml"):
        unpacked(zipped(**{"C:\\evil\\lesson.yaml": EVERY.read_bytes()}))


def test_an_id_is_a_plain_word(zipped: Zip, shelf: Shelf) -> None:
    """Else it could lead out of the folder."""
    evil = EVERY.read_bytes().replace(b"id: every-kind", b'id: "../evil"')
    with pytest.raises(LessonErrors, match="spelling is not allowed"):
        shelf.take(zipped(**{"lesson.yaml": evil}), WORDS)


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"readme.txt": b"hello"}, "no-lesson"),
        ({"a/lesson.yaml": b"", "b/lesson.yaml": b""}, "two-lessons"),
        ({"lesson.yaml": b" " * (MAX_BYTES + 1)}, "too-large"),
        ({f"{number}.txt": b"" for number in range(MOST_FILES + 1)}, "too-many"),
    ],
)
def test_what_is_no_lesson_is_said(zipped: Zip, files: dict[str, bytes], fault: str) -> None:
    """Each with a sentence of its own, in both languages."""
    with pytest.raises(OwnLessonError) as caught:
        unpacked(zipped(**files))
    assert caught.value.id == fault
    assert caught.value.text(Words("zh")) != caught.value.text(WORDS)


def test_a_bomb_does_not_go_off(tmp_path: Path) -> None:
    """An entry that lies about its size is read no further than a lesson may be long."""
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lesson.yaml", b"\0" * (64 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(OwnLessonError, match="too large"):
        unpacked(path)


def test_damaged_and_missing_files(tmp_path: Path, zipped: Zip) -> None:
    """Half a zip, no zip, no file."""
    whole = zipped(**{"lesson.yaml": EVERY.read_bytes()}).read_bytes()
    for raw in (whole[: len(whole) // 2], b"", b"PK\x03\x04 but no more", whole.replace(b"PK\x05\x06", b"PK\x05\x07")):
        path = tmp_path / "broken.zip"
        path.write_bytes(raw)
        with pytest.raises(OwnLessonError) as caught:
            unpacked(path)
        assert caught.value.id == "no-zip"
    with pytest.raises(OwnLessonError, match="cannot be read"):
        unpacked(tmp_path / "none.zip")


def test_every_damaged_byte_is_an_answer_or_a_refusal(tmp_path: Path, zipped: Zip) -> None:
    """Whatever byte is wrong, there is no traceback."""
    whole = bytearray(zipped(**{"lesson.yaml": EVERY.read_bytes()}).read_bytes())
    path = tmp_path / "damaged.zip"
    for place in range(0, len(whole), 7):
        path.write_bytes(bytes(whole[:place]) + bytes([whole[place] ^ 0xFF]) + bytes(whole[place + 1 :]))
        try:
            found = unpacked(path)
        except OwnLessonError:
            continue
        assert all(isinstance(raw, bytes) for raw in found.values())


def test_a_locked_zip_is_refused(tmp_path: Path, zipped: Zip) -> None:
    """A password cannot be asked for; the flag alone is enough to say no."""
    raw = bytearray(zipped(**{"lesson.yaml": b"x"}).read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        start = archive.start_dir
    raw[6] |= 1
    raw[start + 8] |= 1
    path = tmp_path / "locked.zip"
    path.write_bytes(bytes(raw))
    with pytest.raises(OwnLessonError, match="password"):
        unpacked(path)
