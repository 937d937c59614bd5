"""``tcp-tutor quiz``: asks, judges, counts and says goodbye; writes papers for courses and printers."""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path

import pytest

from tests.setting import ill_set
from tutor import doctor
from tutor.cli import main
from tutor.teach.answered import DRILL
from tutor.teach.deck import cards
from tutor.teach.generate import of_card, pose
from tutor.teach.generated import KINDS, Posed
from tutor.teach.given import Unreadable, read_answer
from tutor.teach.learners import Learners
from tutor.teach.paper import paper
from tutor.teach.progress import Progress
from tutor.teach.quiz import Given, typed
from tutor.teach.reading import load_lesson
from tutor.teach.so_far import so_far
from tutor.world.records import Sent


def told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answers: str, *arguments: str) -> str:
    """What ``quiz`` prints to somebody who types these answers."""
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    assert main(["quiz", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def keys(count: int, seed: int, *kinds: str) -> list[str]:
    """The right answers of a paper, as a person would type them."""
    return [" ".join(str(place + 1) for place in each.right) for each in paper(None, count, seed, kinds)]


@pytest.mark.parametrize("unit", ["s", " 秒", " seconds", ""])
def test_a_time_may_be_typed_with_its_unit_in_either_language(unit: str) -> None:
    """The terminal takes a bare number that is no option for seconds; the window, and grading, know the same words."""
    question = paper(None, 1, 8, ("time",))[0]
    assert read_answer(question, f"60.5{unit}") == Given(text="60500000us")
    assert (typed(f"60.5{unit}") == 60_500_000) is bool(unit)


def test_who_knows_everything_has_all_right(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind is asked, each answer is judged, and the score is by subject."""
    out = told(capsys, monkeypatch, "\n".join(keys(7, 3)) + "\n", "--n", "7", "--seed", "3", "--lang", "en")
    assert out.count("Right.") == 7
    assert "7 of 7 right." in out
    assert "tcp-tutor quiz --n 7 --lang en --seed 3" in out


def test_a_wrong_answer_is_explained_and_the_right_one_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The feedback of the option that was chosen, then the right one with its reason."""
    question = paper(None, 1, 8, ("next-state",))[0]
    wrong = next(i for i in range(len(question.ask.options)) if i not in question.right)
    options = ["--n", "1", "--seed", "8", "--kind", "next-state", "--lang", "en"]
    out = " ".join(told(capsys, monkeypatch, f"{wrong + 1}\n", *options).split())
    feedback = question.ask.options[wrong].feedback
    assert feedback is not None
    assert "Not right. " + feedback.en in out
    assert f"Right is: {question.right[0] + 1} At " in out
    assert "Yes." not in out
    assert "0 of 1 right." in out


def test_the_end_of_the_input_is_a_farewell(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was answered is counted; who answered nothing is told so."""
    first = keys(5, 4)[0]
    out = told(capsys, monkeypatch, f"{first}\n", "--n", "5", "--seed", "4", "--lang", "en")
    assert "1 of 1 right." in out
    assert "Nothing was answered." in told(capsys, monkeypatch, "", "--seed", "4", "--lang", "en")
    assert "Nothing was answered." in told(capsys, monkeypatch, "q\n", "--seed", "4", "--lang", "en")


def test_ctrl_c_is_a_farewell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback, and the score so far."""

    class Interrupted(io.StringIO):
        """Somebody answers once and then presses Ctrl+C."""

        answers = iter([keys(5, 4)[0] + "\n"])

        def readline(self, *_: object) -> str:
            try:
                return next(self.answers)
            except StopIteration:
                raise KeyboardInterrupt from None

    monkeypatch.setattr("sys.stdin", Interrupted())
    assert main(["quiz", "--n", "5", "--seed", "4", "--lang", "en"]) == 0
    assert "1 of 1 right." in capsys.readouterr().out


def test_what_cannot_be_read_is_asked_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is guessed, nothing is counted."""
    key = keys(1, 6, "choice")[0]
    typed = f"banana\n9\n\n{key}\n"
    out = told(capsys, monkeypatch, typed, "--n", "1", "--seed", "6", "--kind", "choice", "--lang", "en")
    assert out.count("That cannot be read") == 3
    assert "1 of 1 right." in out


def test_chinese_is_chinese(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """No English sentence in the whole conversation, and its marks are Chinese."""
    out = told(capsys, monkeypatch, "\n".join(keys(7, 3)) + "\n", "--n", "7", "--seed", "3", "--lang", "zh")
    sentences = [
        line for line in out.splitlines() if not re.search(r"[│┊├]|时间 \(s\)|Recv-Q|ESTAB|LISTEN +\d|-WAIT +\d", line)
    ]
    english = [line for line in sentences if re.search(r"\b(the|which|question|right|next)\b", line, re.IGNORECASE)]
    assert english == []
    assert [place for line in sentences for place in ill_set(line) if "--seed" not in line] == []


def test_the_ladder_ends_at_the_moment() -> None:
    """Nothing later is in it, and a segment under way that will be lost looks like any other."""
    for seed in range(40):
        question = pose("next-segment@synack-lost", seed)
        seen = so_far(question.trace, question.index)
        assert seen.end == question.at
        for _, record in seen.records():
            if isinstance(record, Sent) and record.flight.fate != "delivered":
                assert record.flight.dies_at is not None
                assert record.flight.dies_at <= question.at


# --- what may be typed ---


def _question(generator: str, answer: str) -> Posed:
    return next(q for q in (pose(generator, seed) for seed in range(200)) if q.ask.answers == (answer,))


def test_a_state_may_be_typed_as_any_tool_spells_it() -> None:
    """``TCP_FIN_WAIT2``, ``fin-wait-2`` or its number."""
    question = _question("next-state@client-closes", "FIN-WAIT-2")
    for spelling in ("FIN-WAIT-2", "fin-wait-2", "TCP_FIN_WAIT2", "FIN_WAIT_2", str(question.right[0] + 1)):
        assert read_answer(question, spelling) == Given(question.right)


def test_a_segment_may_be_spelled_otherwise() -> None:
    """``S. seq=0 ack=1`` is ``SYN,ACK seq=0 ack=1 len=0``."""
    question = _question("next-segment@handshake", "SYN,ACK seq=0 ack=1")
    for spelling in ("S. seq=0 ack=1", "syn+ack seq=0 ack=1 len=0", "SYN,ACK seq=0 ack=1"):
        assert read_answer(question, spelling) == Given(question.right)


def test_a_time_may_be_typed_with_its_unit() -> None:
    """One on offer is that option; any other is judged as a time."""
    question = pose("time@silence", 1)
    assert read_answer(question, question.label(question.right[0], "en")) == Given(question.right)
    assert read_answer(question, "7.25 h") == Given(text="26100000000us")


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_below_nought_is_no_answer(kind: str) -> None:
    """It is not the number without its stroke: that would be marked wrong, or right, and was not meant."""
    with pytest.raises(Unreadable):
        read_answer(pose(kind, 2), "-1")


def test_an_order_may_be_typed_without_spaces_and_must_be_whole() -> None:
    """``3142`` names four things; two of them, or one twice, name no order."""
    question = pose("order", 2)
    assert read_answer(question, "3142") == read_answer(question, "3, 1, 4, 2") == Given((2, 0, 3, 1))
    assert read_answer(question, "3-1-4-2") == Given((2, 0, 3, 1))
    for text in ("31", "3311", "5123", "first", "-3142"):
        with pytest.raises(Unreadable):
            read_answer(question, text)


# --- papers ---


def test_a_lesson_asks_what_its_author_asks_first() -> None:
    """Then generated questions about its stories; the same seed gives the same paper."""
    lesson = load_lesson("01-three-way-handshake")
    made = paper(lesson, 10, 5)
    assert [question.generator for question in made[:3]] == [
        "01-three-way-handshake/first-segment",
        "01-three-way-handshake/second-segment",
        "01-three-way-handshake/client-is-open",
    ]
    assert len(made) == 10
    assert made == paper(lesson, 10, 5)
    authored = [question for question in made if question.generator.startswith(lesson.id)]
    assert list(made[: len(authored)]) == authored
    assert {question.subject for question in made[len(authored) :]} <= {"handshake"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_of_one_kind_is_of_that_kind(kind: str) -> None:
    """``--kind time`` asks for times alone."""
    assert {question.kind for question in paper(None, 5, 1, (kind,))} == {kind}


def test_json_has_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    """One question a line, with its right answers and every feedback."""
    assert main(["quiz", "--n", "5", "--seed", "2", "--json", "--lang", "en"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 5
    for line in lines:
        assert line["right"]
        assert all(option["feedback"] and option["text"] for option in line["options"])


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--kind", "riddles"], "allowed: choice, many"),
        (["--n", "0"], "a whole number from 1 to 500"),
        (["--n", "many"], "a whole number from 1 to 500"),
        (["--seed", "-1"], "a whole number from 0"),
        (["--key"], "--key is for --export"),
        (["--export", "gift"], "--out is missing"),
        (["--export", "word", "--out", "x"], "allowed: gift, pdf, json"),
    ],
)
def test_wrong_usage_is_told(arguments: list[str], part: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and what is allowed."""
    assert main(["quiz", *arguments, "--lang", "en"]) == 2
    assert part in capsys.readouterr().err


def test_a_lesson_that_does_not_exist_and_a_file_that_cannot_be_written_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, in a sentence."""
    assert main(["quiz", "--lesson", "99", "--lang", "en"]) == 1
    assert "there is no lesson" in capsys.readouterr().err
    for form in ("gift", "pdf", "json"):
        assert (
            main(["quiz", "--n", "1", "--export", form, "--out", str(tmp_path / "no" / "where"), "--lang", "en"]) == 1
        )
        assert "cannot be written" in capsys.readouterr().err


# --- remembered ---


def test_answers_are_remembered_among_those_of_a_learner(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wrong one is a card, which comes back about the same thing with other numbers."""
    ada = Learners(doctor.data_dir()).add("Ada")
    made = paper(None, 2, 12)
    wrong = [str(1 + next(i for i in range(9) if i not in made[0].right)), *keys(2, 12)[1:]]
    wrong[0] = " ".join(str(place + 1) for place in reversed(made[0].right)) if made[0].kind == "order" else wrong[0]
    told(capsys, monkeypatch, "\n".join(wrong) + "\n", "--n", "2", "--seed", "12", "--learner", "ada", "--lang", "en")
    progress = Progress(Learners(doctor.data_dir()).path(ada.id))
    first, second = progress.answers()
    progress.close()
    assert (first.is_right, second.is_right) == (False, True)
    assert (first.place, first.card, first.seed) == (DRILL, made[0].card, made[0].seed)
    (card,) = cards([first])
    back = of_card(card.id, card.seed)
    assert back.kind == made[0].kind
    assert back != made[0]


def test_a_learner_who_is_not_there_is_not_made(capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the keys is told with the names that there are."""
    Learners(doctor.data_dir()).add("Ada")
    assert main(["quiz", "--learner", "Adda", "--lang", "en"]) == 1
    assert "there is no learner 'Adda'; allowed: Ada; did you mean Ada?" in capsys.readouterr().err
    assert [learner.name for learner in Learners(doctor.data_dir()).all()] == ["Ada"]


def test_whoever_typed_another_time_is_not_told_yes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No option is near what was typed: it is not right, and the right one has its reason, once."""
    said = told(capsys, monkeypatch, "59min\n", "--n", "1", "--seed", "7", "--kind", "time")
    assert "Not right." in said
    assert "Yes." not in said
    assert said.count("runs out at") == 1


def test_the_line_that_asks_the_same_again_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lesson, the number, the kinds and the language are in it."""
    first = told(capsys, monkeypatch, "", "--lesson", "13", "--n", "3", "--seed", "7", "--lang", "en")
    line = re.search(r"tcp-tutor quiz (.*)", " ".join(first.split("\n")[1:3]))
    assert line is not None
    again = told(capsys, monkeypatch, "", *shlex.split(line[1].split("  ")[0].strip()))
    assert again == first
