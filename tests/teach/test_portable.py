"""Progress as a file to carry: it comes back as it was, and what is broken changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tutor.teach.answered import PLACES, Answered, Crossed, Record, Solved, Walked, moment
from tutor.teach.portable import FORMAT, SENTENCES, VERSION, Unreadable, dumps, loads
from tutor.teach.progress import Progress
from tutor.words import LANGUAGES, Words

NOON, LATER = "2026-01-01T12:00:00+00:00", "2026-01-02T12:00:00+00:00"
FIRST, SECOND = "2026-01-01T12:00:00.000+00:00", "2026-01-01T12:00:01.500+00:00"
AT = datetime(2026, 1, 3, tzinfo=UTC)
FULL = Record(
    (Crossed("syn-sent/rcv-rst", "rfc9293", NOON, LATER, 3),),
    (Solved("p", 3, 2, NOON, LATER, 4), Solved("q", 0, None, NOON, NOON, 1)),
    (Walked("01", 3, 6, NOON, LATER), Walked("13", 6, 6, NOON, LATER, LATER)),
    (
        Answered(
            "a", "01/x", "01", "choice", "“é” 握手", is_right=True, at=FIRST, seed=-5, concepts=("SYN",), place="exam"
        ),
        Answered("b", "made:time/rto", "", "time", "1 s", is_right=False, at=SECOND, seed=7, place="drill"),
    ),
)


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    """Through a file and into a database, value by value; taken in again, nothing is different."""
    name, back = loads(dumps(FULL, "李雷", AT).encode())
    assert (name, back) == ("李雷", FULL)
    progress = Progress(tmp_path / "learner.sqlite3")
    for _ in range(3):
        assert progress.merge(back)
        assert progress.record() == FULL
    assert dumps(progress.record(), "李雷", AT) == dumps(FULL, "李雷", AT)
    progress.close()


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
ANSWERS = st.builds(
    Answered, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, st.booleans(),
    st.integers(0, 2**32).map(lambda seconds: moment(datetime.fromtimestamp(seconds, UTC))),
    st.integers(-(2**63) + 1, 2**63 - 1), st.lists(TEXTS, max_size=3).map(tuple), st.sampled_from(PLACES),
)  # fmt: skip


@pytest.mark.ci
@given(st.lists(ANSWERS, max_size=8, unique_by=lambda answer: answer.id))
def test_any_answers_come_back(answers: list[Answered]) -> None:
    """Whatever letters, numbers and moments are in them."""
    record = Record(answers=tuple(sorted(answers, key=lambda answer: answer.at)))
    assert loads(dumps(record, "", AT).encode())[1] == record


def changed(change: Callable[[dict], object]) -> bytes:
    """The full file with something in it changed."""
    told = json.loads(dumps(FULL, "Anna", AT))
    change(told)
    return json.dumps(told).encode()


BROKEN: dict[str, tuple[bytes, str, str]] = {
    "cut": (dumps(FULL, "", AT).encode()[:300], "json", "line"),
    "empty": (b"", "json", "line 1"),
    "bytes": (b"\xff\xfe\x00", "text", "UTF-8"),
    "deep": (b"[" * 100_000, "json", "line 1"),
    "a number of 5,000 digits": (
        b'{"format": "tcp-tutor progress", "version": ' + b"9" * 5000 + b"}",
        "json",
        "line 1",
    ),
    "list": (b"[]", "foreign", FORMAT),
    "foreign": (b'{"format": "something else", "version": 1}', "foreign", FORMAT),
    "newer": (changed(lambda told: told.update(version=VERSION + 1)), "newer", str(VERSION + 1)),
    "no version": (changed(lambda told: told.pop("version")), "kind", "version"),
    "true version": (changed(lambda told: told.update(version=True)), "kind", "version"),
    "no answers": (changed(lambda told: told.pop("answers")), "missing", "answers"),
    "answers no list": (changed(lambda told: told.update(answers={})), "kind", "answers must be a list, not {}"),
    "answer no object": (changed(lambda told: told.update(answers=[7])), "kind", "answers[0] must be an object, not 7"),
    "no id": (changed(lambda told: told["answers"][1].pop("id")), "missing", "answers[1].id"),
    "empty id": (changed(lambda told: told["answers"][1].update(id="")), "value", "answers[1].id"),
    "right as a number": (changed(lambda told: told["answers"][0].update(is_right=1)), "kind", "true or false"),
    "no moment": (changed(lambda told: told["answers"][0].update(at="yesterday")), "kind", "answers[0].at"),
    "the end of time": (
        changed(lambda told: told["answers"][0].update(at="9999-12-31T23:59:59+00:00")),
        "kind",
        "answers[0].at",
    ),
    "no zone": (changed(lambda told: told["answers"][0].update(at="2026-01-01T12:00:00")), "kind", "answers[0].at"),
    "a place we have not": (changed(lambda told: told["answers"][0].update(place="moon")), "value", "moon"),
    "a concept that is no text": (changed(lambda told: told["answers"][0].update(concepts=[3])), "kind", "concepts[0]"),
    "half a letter": (changed(lambda told: told["answers"][0].update(given="\ud800")), "value", "given"),
    "a seed too large": (changed(lambda told: told["answers"][0].update(seed=2**70)), "value", "seed"),
    "never crossed": (changed(lambda told: told["edges"][0].update(times=0)), "value", "edges[0].times"),
    "beyond the end": (changed(lambda told: told["lessons"][0].update(furthest=7)), "value", "lessons[0].furthest"),
    "better than par": (changed(lambda told: told["puzzles"][0].update(par=9)), "value", "puzzles[0].par"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_taken_in_is_told_and_changes_nothing(name: str, tmp_path: Path) -> None:
    """Each with a sentence that says where and what, in every language; the learner's progress stands."""
    raw, why, said = BROKEN[name]
    progress = Progress(tmp_path / "learner.sqlite3")
    progress.merge(FULL)
    with pytest.raises(Unreadable) as caught:
        loads(raw)
    assert caught.value.why == why
    assert said in caught.value.sentence(Words("en"))
    for lang in LANGUAGES:
        assert "{" not in caught.value.sentence(Words(lang)).replace("{}", "")
    assert progress.record() == FULL
    progress.close()


def test_every_sentence_is_said_by_some_broken_file() -> None:
    """But one: nobody writes sixty megabytes here."""
    assert {why for _, why, _ in BROKEN.values()} == set(SENTENCES) - {"large"}


def test_a_file_that_is_too_large_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is one number."""
    monkeypatch.setattr("tutor.teach.portable.MOST_BYTES", 100)
    with pytest.raises(Unreadable) as caught:
        loads(dumps(FULL, "", AT).encode())
    assert caught.value.why == "large"


def test_what_a_file_says_besides_is_no_fault() -> None:
    """Another program may have its own remarks, and a mark at the beginning."""
    raw = b"\xef\xbb\xbf" + changed(lambda told: told["answers"][0].update(remark="hm"))
    assert loads(raw)[1] == FULL
