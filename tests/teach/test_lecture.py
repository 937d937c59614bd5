"""A lecture as a file: what it becomes, what the clicker walks through, and what its author is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.teach.errors import LessonErrors
from tutor.teach.lecture_check import check_lecture
from tutor.teach.lecture_reading import load_lecture, looks_like_lecture
from tutor.teach.reading import load_lesson
from tutor.teach.show import lecture_of, stops
from tutor.words import Words

PLAIN = """\
format: 1
lecture: first-hour
title: The first hour
minutes: 10
items:
  - id: hello
    title: Good morning
    minutes: 1
    notes: Say who you are.
  - id: shake
    lesson: 01-three-way-handshake
    beats: [two-records, first-segment, second-segment]
    asks: [first-segment]
    minutes: 7
    notes: "It counts from {client.isn}."
    at: {first-segment: Point at the SYN.}
    asking: {first-segment: Most say ESTABLISHED.}
  - id: check
    lesson: 01-three-way-handshake
    question: one-slow-way
    minutes: 2
situations:
  - {key: 1, lesson: 01-three-way-handshake, beat: the-answer, title: The answer}
"""


def _written(folder: Path, text: str) -> Path:
    path = folder / "lecture.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(LessonErrors) as caught:
        load_lecture(_written(folder, text))
    return [
        f"{error.line}:{error.column} {error.what} [{error.found}] {error.nearest}" for error in caught.value.errors
    ]


def test_a_lecture_is_walked_through_beat_by_beat(tmp_path: Path) -> None:
    """A beat that is asked about is two stops; notes are those of the beat, of its question, or of the item."""
    lecture = load_lecture(_written(tmp_path, PLAIN))
    walked = [(stop.kind, stop.beat, stop.ask, stop.notes.en) for stop in stops(lecture)]
    assert walked == [
        ("note", "", "", "Say who you are."),
        ("beat", "two-records", "", "It counts from {client.isn}."),
        ("beat", "first-segment", "", "Point at the SYN."),
        ("question", "first-segment", "first-segment", "Most say ESTABLISHED."),
        ("beat", "second-segment", "", "It counts from {client.isn}."),
        ("question", "", "one-slow-way", ""),
    ]
    assert lecture.items[1].title == load_lesson("01").title
    assert lecture.situation(1) is lecture.situations[0]
    assert lecture.situation(2) is None


def test_the_minutes_of_an_item_are_shared_out_among_its_stops(tmp_path: Path) -> None:
    """They add up, and a question takes longer than to look at a beat."""
    found = stops(load_lecture(_written(tmp_path, PLAIN)))
    assert sum(stop.seconds for stop in found) == pytest.approx(600)
    assert sum(stop.seconds for stop in found if stop.item == 1) == pytest.approx(420)
    asked = next(stop for stop in found if stop.kind == "question")
    assert asked.seconds > max(stop.seconds for stop in found if stop.kind == "beat")


def test_one_lesson_is_a_lecture_too() -> None:
    """All its beats, each question after its beat, then its checks."""
    lesson = load_lesson("01")
    found = stops(lecture_of(lesson))
    assert [stop.beat for stop in found if stop.kind == "beat"] == [beat.id for beat in lesson.beats]
    asking = [beat.id for beat in lesson.beats if beat.ask] + [check.id for check in lesson.checks]
    assert [stop.ask for stop in found if stop.kind == "question"] == asking


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("beat: the-answer", "beat: the-answr", "23:52 the lesson has no such beat [the-answr] the-answer"),
        ("one-slow-way", "one-slow", "20:15 the lesson asks nothing under this name [one-slow] one-slow-way"),
        ("minutes: 7", "minutes: seven", '14:14 a number is needed here ["seven"] '),
        ("minutes: 7", "minutes: 0", "14:14 too small; at least 0.5 [0] "),
        ("notes: Say", "note: Say", "9:5 unknown key [note] notes"),
        ("first-segment: Point", "x: Point", "16:10 this item shows no such beat, or does not ask there [x] "),
        ("{client.isn}", "50 ms", "15:28 a number with a unit is typed into the words [50 ms] "),
        ("{client.isn}", "{isn}", "15:28 no such placeholder [isn] "),
        (
            "asks: [first-segment]",
            "asks: [y]",
            "13:12 none of the beats shown here is called so and asks something [y] ",
        ),
        (
            "lesson: 01-three-way",
            "lesson: 01-tree-way",
            "11:13 there is no such lesson [01-tree-way-handshake] 01-three-way-handshake",
        ),
        (
            "lesson: 01-three-way-handshake\n    question",
            "lesson: '01'\n    question",
            "19:13 a lesson is named by its whole id, and this one's is another [01] 01-three-way-handshake",
        ),
        ("id: check", "id: shake", "18:9 another one has it already [shake] "),
        ("    question: one-slow-way", "    run: gone.tcprun", "19:5 this key does not go with run [lesson] "),
    ],
)
def test_what_is_not_there_is_told_where_it_stands(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    """Line, column, what was found, and what was perhaps meant."""
    assert right in PLAIN
    assert said in _faults(tmp_path, PLAIN.replace(right, wrong))


def test_a_run_lies_beside_the_lecture(tmp_path: Path) -> None:
    """A path that leads elsewhere is refused, whatever is there."""
    away = PLAIN.replace(
        "    lesson: 01-three-way-handshake\n    question: one-slow-way", "    title: Own\n    run: ../x"
    )
    assert "20:10 a run lies beside the lecture: the name of a file, and no path [../x] " in _faults(tmp_path, away)
    missing = away.replace("../x", "x.tcprun")
    assert "20:10 there is no such file beside the lecture [x.tcprun] " in _faults(tmp_path, missing)


def test_one_entry_has_one_name(tmp_path: Path) -> None:
    """A situation is counted from 1 in every message of it; a lesson that nobody named is not missed."""
    text = PLAIN.replace("{key: 1, lesson: 01-three-way-handshake, beat: the-answer,", "{key: 11, run: x.tcprun,")
    with pytest.raises(LessonErrors) as caught:
        load_lecture(_written(tmp_path, text))
    assert {error.where for error in caught.value.errors} == {"situations › 1 › key", "situations › 1 › run"}
    assert _faults(tmp_path, PLAIN[: PLAIN.index("  - {key")] + "  - 5\n") == [
        "23:5 a mapping of keys to values is needed here [5] "
    ]


def test_a_lesson_at_fault_is_told_from_one_that_is_not_there(tmp_path: Path) -> None:
    """What there is, or the command that names its faults."""
    own = tmp_path / "mine" / "lesson.yaml"
    own.parent.mkdir()
    own.write_text("format: 1\nid: mine\n", encoding="utf-8")
    text = PLAIN.replace("lesson: 01-three-way-handshake, beat: the-answer", "lesson: mine")
    with pytest.raises(LessonErrors) as caught:
        load_lecture(_written(tmp_path, text))
    (told,) = [error for error in caught.value.errors if error.file == str(tmp_path / "lecture.yaml")]
    assert told.what == "this lesson is at fault itself"
    assert f"tcp-tutor check {own}" in told.hint
    with pytest.raises(LessonErrors) as caught:
        load_lecture(_written(tmp_path, text.replace("lesson: mine", "lesson: 99-none")))
    (told,) = caught.value.errors
    assert told.what == "there is no such lesson"
    assert "01-three-way-handshake" in told.allowed


def test_a_lesson_beside_the_lecture_goes_before_all_others(tmp_path: Path) -> None:
    """A lecture brings its own lessons along in its folder; one at fault is told in its own file."""
    own = tmp_path / "01-three-way-handshake" / "lesson.yaml"
    own.parent.mkdir()
    text = load_lesson("01").source.replace("title: A connection is two records", "title: Mine", 1)
    own.write_text(text, encoding="utf-8")
    walked = stops(load_lecture(_written(tmp_path, PLAIN)))
    assert walked[1].title.en == "Mine"
    own.write_text(text.replace("title: Mine", "titel: Mine"), encoding="utf-8")
    with pytest.raises(LessonErrors) as caught:
        load_lecture(tmp_path)
    assert any(error.file == str(own) and error.found == "titel" for error in caught.value.errors)


def test_nothing_is_read_from_outside_the_folder(tmp_path: Path) -> None:
    """A translation or a run that is a link to somewhere else is refused."""
    away = tmp_path / "away"
    away.mkdir()
    (away / "zh.yaml").write_text("secret: 1", encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    (home / "zh.yaml").symlink_to(away / "zh.yaml")
    assert any("leads out of the lecture's folder" in said for said in _faults(home, PLAIN))
    (home / "zh.yaml").unlink()
    (home / "x.tcprun").symlink_to(away / "zh.yaml")
    linked = PLAIN.replace(
        "    lesson: 01-three-way-handshake\n    question: one-slow-way", "    title: Own\n    run: x.tcprun"
    )
    assert any("a run lies beside the lecture" in said for said in _faults(home, linked))


def test_a_translation_that_lags_behind_is_told(tmp_path: Path) -> None:
    """Stale and missing by name; what is translated is read."""
    overlay = 'format: 1\nlecture: first-hour\ntitle: {of: "00000000", text: 第一个小时}\n'
    (tmp_path / "zh.yaml").write_text(overlay, encoding="utf-8")
    found = _faults(tmp_path, PLAIN)
    assert any("stale translation (zh)" in each for each in found)
    assert sum("missing translation (zh)" in each for each in found) == 6


def test_a_lecture_is_told_from_a_lesson() -> None:
    """By its keys, even while it is being written."""
    assert looks_like_lecture(PLAIN)
    assert looks_like_lecture("items:\n")
    assert not looks_like_lecture(load_lesson("01").source)


# --- what the linter finds by running it ---


def _checked(folder: Path, text: str) -> list[str]:
    errors = check_lecture(_written(folder, text))
    return [f"{error.line}:{error.column} {error.what} [{error.found}] {error.allowed}" for error in errors]


def test_a_sound_lecture_is_left_alone(tmp_path: Path) -> None:
    """The plain one is, but for a number that no host has yet at its first beat."""
    said = _checked(tmp_path, PLAIN)
    assert said == ["15:12 this placeholder has no value at this moment of the run [client.isn] "]
    assert _checked(tmp_path, PLAIN.replace("{client.isn}", "{link.delay}")) == []


def test_minutes_that_do_not_add_up_or_do_not_suffice_are_told(tmp_path: Path) -> None:
    """Two minutes are too few for three beats and a vote; and then the sum is wrong as well."""
    said = _checked(tmp_path, PLAIN.replace("minutes: 7", "minutes: 2").replace("{client.isn}", "it"))
    assert said[0] == "4:10 the minutes of the items make another sum [10] 5"
    assert check_lecture(tmp_path / "lecture.yaml")[0].hint == "Write 5 here, or give the items 5 minutes more in all."
    assert said[1].startswith("14:14 playing, reading and answering this takes longer: 2:")


@pytest.mark.parametrize(
    ("whole", "hint"),
    [
        ("9", "Write 10 here, or give the items 1 minutes less in all."),
        ("10.5", "Write 10 here, or give the items 0.5 minutes more in all."),
    ],
)
def test_even_a_small_difference_is_told(tmp_path: Path, whole: str, hint: str) -> None:
    """Nothing is rounded away: half a minute in ten is a mistake in the plan, and it is said what would be right."""
    text = PLAIN.replace("minutes: 10", f"minutes: {whole}").replace("{client.isn}", "it")
    (error,) = check_lecture(_written(tmp_path, text))
    assert (error.line, error.found, error.allowed, error.hint) == (4, whole, "10", hint)


def test_two_keys_to_one_place_are_told(tmp_path: Path) -> None:
    """One of them was meant to lead elsewhere."""
    again = PLAIN + "  - {key: 4, lesson: 01-three-way-handshake, beat: the-answer, title: Again}\n"
    assert "24:5 Alt+1 leads to the same place [] " in _checked(tmp_path, again)


def test_a_key_that_is_none_leads_nowhere(tmp_path: Path) -> None:
    """Of the keys 12, 1, 1 and 3 one is too large and one is taken: nobody is told of Alt+0, and free digits are."""
    line = "  - {{key: {}, lesson: 01-three-way-handshake, beat: the-answer, title: It}}\n"
    other = "  - {key: 3, lesson: 01-three-way-handshake, beat: two-records, title: It}\n"
    text = PLAIN[: PLAIN.index("  - {key")] + "".join(map(line.format, (12, 1, 1))) + other
    errors = [error for error in check_lecture(_written(tmp_path, text)) if error.where.startswith("situations")]
    assert [(error.where, error.what, error.allowed, error.hint) for error in errors] == [
        ("situations › 1 › key", "too large; at most 9", "", ""),
        (
            "situations › 3 › key",
            "another one has it already",
            "0, 2, 4, 5, 6, 7, 8, 9",
            "Give it a digit that no other one has.",
        ),
    ]


@pytest.mark.parametrize("name", ["../away/x.tcprun", "linked.tcprun", ".."])
def test_no_run_outside_the_folder_is_opened(tmp_path: Path, name: str) -> None:
    """Neither by a path nor by a link; in an item or on a key: who opens saved runs is never asked for it."""
    away, home = tmp_path / "away", tmp_path / "home"
    opened: list[Path] = []
    for folder in (away, home):
        folder.mkdir()
    (away / "x.tcprun").write_text("secret: 1", encoding="utf-8")
    (home / "linked.tcprun").symlink_to(away / "x.tcprun")

    def replayed(path: Path, words: Words) -> tuple[str, ...]:
        opened.append(path)
        return ("it is a secret",)

    text = PLAIN.replace("lesson: 01-three-way-handshake\n    question: one-slow-way", f"title: Own\n    run: {name}")
    text += f"  - {{key: 4, run: {name}, title: Own}}\n"
    said = [error.what for error in check_lecture(_written(home, text), "en", replayed)]
    assert said.count("a run lies beside the lecture: the name of a file, and no path") == 2
    assert not opened


def test_stars_that_would_be_seen_are_told(tmp_path: Path) -> None:
    """In the lecture's own notes, and in the translation beside it."""
    assert "9:18 stars in a wrong place: they will be seen, or emphasise other words [Good. **Say who] " in _faults(
        tmp_path, PLAIN.replace("notes: Say who", "notes: Good. **Say who")
    )
    overlay = 'format: 1\nlecture: first-hour\nitems:\n  hello:\n    notes: {of: "00000000", text: "**说：**你是谁"}\n'
    (tmp_path / "zh.yaml").write_text(overlay, encoding="utf-8")
    assert any(each.startswith("5:40 stars in a wrong place") for each in _faults(tmp_path, PLAIN))
