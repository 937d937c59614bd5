"""What is asked of all lessons together, and of each that stands on the shelf."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.lessons.conftest import Spoil
from tutor.teach.claims import VERDICTS, claims, once_true, uncovered
from tutor.teach.lesson import Lesson, Play, Refuted, Text
from tutor.teach.reading import load_lesson
from tutor.teach.road import Road, lay_road
from tutor.teach.sentences import reading_time
from tutor.teach.shelf import in_order, inspect
from tutor.teach.stage import scenario_of

EVERY = Path(__file__).parents[1] / "teach" / "data" / "every_kind.yaml"


@pytest.fixture(scope="module")
def whole() -> tuple[Lesson, Road]:
    """A lesson with everything but the numbers."""
    lesson = load_lesson(EVERY)
    return lesson, lay_road(lesson, scenario_of(lesson))


def said(*roads: tuple[Lesson, Road]) -> list[str]:
    """The complaints, without their places."""
    return [
        f"{error.where}: {error.what}" + (f" ({error.found})" if error.found else "") for error in inspect(roads).errors
    ]


def test_so_many_of_each(whole: tuple[Lesson, Road]) -> None:
    """What is missing is counted; a wrong answer without a run is named, of a bet or of a question."""
    complaints = said(whole)
    assert "checks: too few checks: 2, and at least 3 are needed" in complaints
    assert not any(complaint.startswith(("beats:", "bets:", "touches:", "refutes:")) for complaint in complaints)
    played = [complaint for complaint in complaints if "plays the run" in complaint]
    why = "a wrong answer plays the run that shows why (plays)"
    assert played == [
        f"bet › options: {why} (set client.tcp_fin_timeout 5)",
        f"question › options: {why} (c)",
        f"bet › options: {why} (CLOSED)",
    ]


def test_nobody_reads_for_a_minute(whole: tuple[Lesson, Road]) -> None:
    """180 words, or 300 Chinese characters, are a minute."""
    lesson, road = whole
    assert reading_time("one two three") == pytest.approx(1)
    assert reading_time("三次握手。") == pytest.approx(4 / 5)
    long = replace(lesson.beats[0], words=Text("word " * 200, (("zh", "短。"),)))
    slow = replace(lesson, beats=(long, *lesson.beats[1:]), languages=("en", "zh"))
    assert [each for each in said((slow, road)) if "seconds to read" in each] == [
        "beats › begin: it takes 68 seconds to read (en); tell less, or in two steps"
    ]


def test_a_translation_is_not_english(whole: tuple[Lesson, Road]) -> None:
    """An answer whose Chinese text has been left as it was, or a sentence of it; names, code and segments may stay."""
    lesson, road = whole
    beat = next(each for each in lesson.beats if each.ask is not None and each.ask.options[0].text is not None)
    assert beat.ask is not None

    def answering(chinese: str) -> list[str]:
        assert beat.ask is not None
        option = replace(beat.ask.options[0], text=Text("The server sends it once more.", (("zh", chinese),)))
        changed = replace(beat, ask=replace(beat.ask, options=(option, *beat.ask.options[1:])))
        beats = tuple(changed if each is beat else each for each in lesson.beats)
        return [each for each in said((replace(lesson, beats=beats), road)) if "English" in each]

    what = "words: a sentence of the translation is English (zh) (The server sends it once more)"
    assert answering("The server sends it once more.") == [what]
    assert answering("对。The server sends it once more.") == [what]
    assert answering("服务器把它再发一次。") == []


def test_large_numbers_are_left_to_the_run(whole: tuple[Lesson, Road]) -> None:
    """Whatever tells of a run is looked at, in every language; what is asked and what people claim may have them."""
    lesson, road = whole
    words = Text("It has 28,232 ports, sixty-one used.", (("zh", "有 28,232 个端口。"),))
    asks = replace(lesson.checks[0], ask=replace(lesson.checks[0].ask, prompt=Text("Of sixty?")), words=words)
    complaints = said((replace(lesson, checks=(asks,)), road))
    bare, large = "words: a number that the run could fill in is typed into", "words: a large number is typed into"
    assert [each for each in complaints if each.startswith((bare, large))] == [
        f"{large} the words (en) (sixty-one)",
        f"{bare} the words (en) (28,232)",
        f"{bare} the words (zh) (28,232)",
    ]


def test_a_first_beat_that_asks_is_there_when_the_lesson_begins(whole: tuple[Lesson, Road]) -> None:
    """Nothing stops before it: whoever plays would be past the question."""
    lesson, _ = whole
    late = next(beat for beat in lesson.beats if beat.ask is not None and beat.cue not in ("start", "client sends SYN"))
    begins = replace(lesson, beats=(late, *(beat for beat in lesson.beats if beat is not late)))
    complaints = said((begins, lay_road(begins, scenario_of(begins))))
    assert any("what it asks would be passed by" in each for each in complaints)


def test_no_two_lessons_are_alike(whole: tuple[Lesson, Road]) -> None:
    """The same run under another name, and the same words to another answer."""
    lesson, road = whole
    twin = replace(lesson, id="twin")
    complaints = said((lesson, road), (twin, road))
    assert "hosts: another lesson has the same run (every-kind)" in complaints
    assert any(complaint.startswith("feedback: the same is said to another answer") for complaint in complaints)


def test_every_question_names_what_it_asks_about(whole: tuple[Lesson, Road]) -> None:
    """A shipped lesson's, of beats and of checks, each at its place; whose answers would else count for the first."""
    lesson, road = whole
    what = "it names no concept that it asks about (concepts)"
    asked = [f"beats › {beat.id}" for beat in lesson.beats if beat.ask] + [
        f"checks › {each.id}" for each in lesson.checks
    ]
    assert [each for each in said(whole) if what in each] == [f"{place} › concepts: {what}" for place in asked]
    marks = {error.line for error in inspect([whole]).errors if error.what == what}
    assert len(marks) == len(asked) and 1 not in marks, "each is shown where it stands"
    check = lesson.checks[0]
    named = replace(
        lesson, checks=(replace(check, ask=replace(check.ask, concepts=lesson.concepts)), *lesson.checks[1:])
    )
    assert f"checks › {check.id} › concepts: {what}" not in said((named, road))


def test_the_order_of_teaching(whole: tuple[Lesson, Road]) -> None:
    """No circle, nothing unknown, nothing asked before it is taught; numbers decide where nothing else does."""
    lesson, road = whole
    first = replace(lesson, id="a-first", prerequisites=("b-second",))
    second = replace(lesson, id="b-second", prerequisites=("a-first", "nowhere"))
    complaints = said((first, road), (second, road))
    assert any("lead in a circle" in complaint for complaint in complaints)
    assert "prerequisites: there is no such lesson (nowhere)" in complaints
    ask = replace(lesson.checks[0].ask, concepts=("never taught",))
    asks = replace(lesson, checks=(replace(lesson.checks[0], ask=ask),))
    assert "concepts: this is asked about before it is taught (never taught)" in said((asks, road))
    late = replace(lesson, id="02-late", prerequisites=("41-early",))
    early, one = replace(lesson, id="41-early"), replace(lesson, id="01-one")
    assert [each.id for each in in_order((late, one, early))] == ["01-one", "41-early", "02-late"]


def test_what_no_lesson_teaches_is_listed(whole: tuple[Lesson, Road]) -> None:
    """Edges that no run crosses, and claims that nobody answers."""
    found = inspect([whole])
    assert "established/close" not in found.uncrossed
    assert "listen/abort" in found.uncrossed
    assert len(found.unanswered) == len(claims())
    lesson, _ = whole
    answers = replace(lesson, refutes=(Refuted(Text("?"), Text("!"), ("b10",)),))
    assert "b10" not in [claim.id for claim in uncovered([answers])]


def test_what_the_answers_of_a_check_play_is_crossed_too(whole: tuple[Lesson, Road]) -> None:
    """A check's answers leave the check's own run, and what they cross is taught."""
    lesson, road = whole
    check = lesson.checks[0]
    plays = Play("start", ("after 1ms server abort on=server:80",), "server leaves LISTEN")
    first, *others = check.ask.options
    asks = replace(check.ask, options=(replace(first, plays=plays), *others))
    assert "listen/abort" in inspect([whole]).uncrossed
    assert "listen/abort" not in inspect([(replace(lesson, checks=(replace(check, ask=asks),)), road)]).uncrossed


def test_every_claim_is_whole() -> None:
    """In both languages, with a verdict; what was true once says until when."""
    for name, claim in claims().items():
        assert claim.verdict in VERDICTS, name
        assert claim.says["zh"] != claim.says["en"], name
        assert claim.until or claim.verdict != "outdated", name
    assert once_true(Refuted(Text("?"), Text("!"), ("a12", "b10"))) == "Linux 6.5"


def test_an_unknown_claim_is_a_mistake(spoil: Spoil) -> None:
    """With the nearest that there is."""
    refuted = "refutes:\n  - {says: It is so., truth: It is not., claims: [b100]}\n"
    assert spoil(("hosts:\n", refuted + "hosts:\n")) == ["7:51 refutes › 1 › claims: nothing is called so (b100)"]


def test_other_rules_are_held_against_it_as_well(spoil: Spoil) -> None:
    """A lesson that says it holds for an older kernel is run under its rules, too."""
    hold = ("      asks: next-state\n      host: server\n", "      asks: time\n      when: client sends SYN 2\n")
    lossy = ("  delay: 50ms\n", "  delay: 50ms\n  loss: 100%\n")
    bet = (
        ("answer: SYN-RECEIVED", "answer: 1s"), ("value: SYN-RECEIVED", "value: 1s"), ("value: ESTABLISHED", "value: 2s"),
        ("cue: client enters ESTABLISHED", "cue: client sends SYN 3"),
    )  # fmt: skip
    assert spoil(hold, lossy, *bet) == []
    old = spoil(hold, lossy, *bet, ("link:\n", "profiles: [linux-2.6]\nlink:\n"))
    assert [each.partition(": ")[2] for each in old] == ["the engine computes another answer: 3 s (1s)"]


def test_an_answer_to_a_question_of_ideas_is_borne_out(whole: tuple[Lesson, Road]) -> None:
    """By what holds, in the run or in one that it plays; a run alone, or an author's word, says nothing of the answer.

    Of many answers the wrong ones, too, are shown to be wrong; of a choice the right one.
    """
    lesson, road = whole
    assert inspect([whole]).unproven == ()
    place, beat = next((place, each) for place, each in enumerate(lesson.beats) if each.ask and each.ask.kind == "many")
    assert beat.ask is not None

    def unproven(kind: str, *bare: int) -> tuple[str, ...]:
        assert beat.ask is not None
        options = (replace(o, holds="", plays=None) if i in bare else o for i, o in enumerate(beat.ask.options))
        ask = replace(beat.ask, kind=kind, options=tuple(options))
        beats = (*lesson.beats[:place], replace(beat, ask=ask), *lesson.beats[place + 1 :])
        return inspect([(replace(lesson, beats=beats), road)]).unproven

    values = [option.value for option in beat.ask.options]
    every = tuple(range(len(values)))
    wrong = next(index for index in every if values[index] not in beat.ask.answers)
    assert unproven("many", *every) == tuple(f"every-kind › {beat.id} › {value}" for value in values)
    assert unproven("many", wrong) == (f"every-kind › {beat.id} › {values[wrong]}",)
    assert unproven("choice", wrong) == ()
