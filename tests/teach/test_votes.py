"""Votes of a room: counted, taken again, kept, exported, and gone for the next class."""

from __future__ import annotations

import csv
import errno
import io
import os
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tutor.teach.votes import (
    COLUMNS,
    MOST,
    Votes,
    again,
    as_csv,
    counted,
    letter,
    most_chosen_wrong,
    raised,
    wiped,
)
from tutor.teach.votes_file import VotesFile
from tutor.words import Words

ASKED = Votes("01-three-way-handshake/syn", "2026-11-22T09:15:00+01:00", ("SYN", "ACK", "RST"), (1,), "What comes?")


def test_hands_are_counted_and_a_second_vote_leaves_the_first_alone() -> None:
    """12 for A, 3 for B; they talk; then 2 for A and 13 for B."""
    first = counted(counted(ASKED, 0, 12), 1, 3)
    assert first.rounds == ((12, 3, 0),)
    second = counted(raised(raised(again(first), 0), 0), 1, 13)
    assert second.rounds == ((12, 3, 0), (2, 13, 0))
    assert again(second) is second, "there is no third round"
    assert again(ASKED) is ASKED, "nobody can change a mind that was not asked"


def test_a_count_is_never_negative_nor_endless_nor_of_an_option_that_is_not_there() -> None:
    """One minus too many is nothing; a typing error is cut; a key too far means nothing."""
    assert raised(ASKED, 0, -1).counts == (0, 0, 0)
    assert counted(ASKED, 2, 10**9).counts == (0, 0, MOST)
    assert counted(ASKED, 7, 1) is ASKED
    assert raised(ASKED, -1) is ASKED


def test_wiping_empties_the_round_and_then_takes_it_back() -> None:
    """A miscount is begun anew; a second vote that nobody wanted goes away."""
    second = counted(again(counted(ASKED, 0, 5)), 1, 4)
    emptied = wiped(second)
    assert emptied.rounds == ((5, 0, 0), (0, 0, 0))
    assert wiped(emptied).rounds == ((5, 0, 0),)
    assert wiped(wiped(emptied)).is_empty


def test_the_most_chosen_wrong_option_is_that_of_the_last_vote() -> None:
    """What the room believed before it talked is not refuted; of equals the first; where all are right, none."""
    first = counted(counted(ASKED, 0, 9), 2, 4)
    assert most_chosen_wrong(first) == 0
    second = counted(counted(again(first), 2, 5), 1, 8)
    assert most_chosen_wrong(second) == 2
    assert most_chosen_wrong(again(first)) == 0, "an empty second vote says nothing"
    assert most_chosen_wrong(counted(counted(ASKED, 0, 2), 2, 2)) == 0
    assert most_chosen_wrong(counted(ASKED, 1, 20)) is None
    assert most_chosen_wrong(ASKED) is None


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-3, 40)), max_size=30))
def test_whatever_is_pressed_the_votes_stay_votes(pressed: list[tuple[int, int]]) -> None:
    """Counts stay between 0 and the most, one for every option, and no round is lost."""
    votes = ASKED
    for option, by in pressed:
        votes = raised(votes, option, by) if by != 40 else again(votes)
    assert all(0 <= count <= MOST for counts in votes.rounds for count in counts)
    assert {len(counts) for counts in votes.rounds} == {3}


def test_votes_that_cannot_be_are_refused() -> None:
    """A count for an option that is not there, three rounds, a right answer nobody offers: our mistake, said."""
    with pytest.raises(ValueError, match="a count for every option"):
        Votes("l/b", "", ("a", "b"), rounds=((1, 2, 3),))
    with pytest.raises(ValueError, match="rounds at most"):
        Votes("l/b", "", ("a",), rounds=((1,), (1,), (1,)))
    with pytest.raises(ValueError, match="a count is 0 to"):
        Votes("l/b", "", ("a",), rounds=((-1,),))
    with pytest.raises(ValueError, match="one of those on offer"):
        Votes("l/b", "", ("a",), (3,))


def test_options_have_letters_and_then_numbers() -> None:
    """Nobody offers more than ten; if somebody does, nothing breaks."""
    assert [letter(option) for option in (0, 5, 9, 10)] == ["A", "F", "J", "11"]


# --- as a table ---


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_table_has_a_line_for_every_option_of_every_vote(lang: str) -> None:
    """Date, question, letter, count, of how many, and which was right; an empty round is left out."""
    votes = counted(again(counted(counted(ASKED, 0, 12), 1, 3)), 1, 14)
    rows = list(csv.reader(io.StringIO(as_csv([votes, again(counted(ASKED, 2, 1))], Words(lang)))))
    assert [len(row) for row in rows] == [len(COLUMNS)] * 10
    assert rows[1] == [
        "2026-11-22T09:15:00+01:00", "01-three-way-handshake", "syn", "choice", "What comes?", "1", "A", "SYN", "12",
        "15", "0",
    ]  # fmt: skip
    assert rows[5][5:] == ["2", "B", "ACK", "14", "14", "1"]
    assert [row[5] for row in rows[7:]] == ["1", "1", "1"]


def test_no_option_becomes_a_formula() -> None:
    """A lesson is somebody's text, and a spreadsheet would run what begins with "="."""
    votes = counted(Votes("l/b", "", ('=HYPERLINK("x")', "-1", "1,\n2"), prompt="@x"), 0, 1)
    rows = list(csv.reader(io.StringIO(as_csv([votes], Words()))))
    assert [row[7] for row in rows[1:]] == ['\'=HYPERLINK("x")', "'-1", "1,\n2"]
    assert rows[1][4] == "'@x"


# --- the file ---


@pytest.fixture
def file(tmp_path: Path) -> VotesFile:
    """A file of votes that is not there yet, in a folder that is not there either."""
    return VotesFile(tmp_path / "data" / "votes.jsonl")


def test_of_one_question_the_last_count_is_kept(file: VotesFile) -> None:
    """Every press is a line; read again there is one set of votes, in both rounds."""
    assert file.of_class() == ()
    votes = ASKED
    for option in (0, 1, 1):
        votes = raised(votes, option)
        file.keep(votes)
    final = raised(again(votes), 1)
    file.keep(final)
    file.keep(ASKED.__class__("01-three-way-handshake/ack", ASKED.at, ("é", "图"), (0,), rounds=((1, 0),)))
    kept = VotesFile(file.path).of_class()
    assert kept[0] == final
    assert kept[1].options == ("é", "图")


def test_the_next_class_begins_with_nothing_and_the_last_one_is_not_lost(file: VotesFile) -> None:
    """One command; twice is once. The table of all classes still has every vote with its date."""
    file.keep(raised(ASKED, 0))
    file.clean("2026-11-22T10:00:00+01:00")
    file.clean("2026-11-22T10:00:01+01:00")
    assert file.of_class() == ()
    other = raised(Votes(ASKED.question, "2026-11-23T09:15:00+01:00", ASKED.options), 1)
    file.keep(other)
    assert file.of_class() == (other,)
    assert file.all() == (raised(ASKED, 0), other)
    assert file.path.read_bytes().count(b'"clean"') == 1


def test_a_line_torn_by_a_power_failure_costs_itself_alone(file: VotesFile) -> None:
    """Whatever was cut off at the end, all lines before it are read, and the next count stands on a line of its own."""
    file.keep(raised(ASKED, 0))
    whole = file.path.read_bytes()
    later = raised(ASKED, 2)
    for cut in range(1, len(whole)):
        file.path.write_bytes(whole + whole[:cut])
        assert file.of_class() == (raised(ASKED, 0),)
    file.keep(later)
    assert file.of_class() == (later,)


@pytest.mark.parametrize(
    "line",
    [b"", b"null", b"[1]", b"\xff\xfe", b"{}", b'{"votes": 3}', b'{"votes": {"question": "x"}}',
     b'{"votes": {"question": "x", "at": "", "options": ["a"], "rounds": [[1, 2]]}}',
     b'{"votes": {"question": "x", "at": "", "options": ["a"], "rounds": [["many"]]}}', b"[" * 100_000],
)  # fmt: skip
def test_a_line_that_makes_no_sense_is_left_out_and_left_there(file: VotesFile, line: bytes) -> None:
    """Somebody edited the file, or a newer program wrote it: the rest counts."""
    file.keep(raised(ASKED, 0))
    file.path.write_bytes(line + b"\n" + file.path.read_bytes())
    file.keep(raised(ASKED, 1))
    assert file.of_class() == (raised(ASKED, 1),)
    assert file.path.read_bytes().startswith(line)


def test_a_full_disk_is_said_and_leaves_what_was_there(file: VotesFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system says that there is no room left; the file is as it was, byte for byte."""
    file.keep(raised(ASKED, 0))
    before = file.path.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        file.keep(raised(ASKED, 1))
    assert file.path.read_bytes() == before
