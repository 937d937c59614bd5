"""GIFT: what Moodle reads is what was asked, whatever characters are in it."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from tests.cli import gift_reader
from tests.cli.gift_reader import Question
from tutor.cli import main
from tutor.teach import gift
from tutor.teach.generated import Posed
from tutor.teach.paper import paper
from tutor.teach.reading import load_lesson


def plain(text: str) -> str:
    """HTML as its reader sees it, in one line."""
    text = re.sub(r"</?(?:code|b|i)>", "", text)
    return " ".join(html.unescape(re.sub(r"<[^<>]+>", " ", text)).split())


def shown(text: str) -> str:
    """Markdown as its reader sees it, in one line."""
    return " ".join(text.replace("`", "").split())


def both(count: int, seed: int, lang: str) -> list[tuple[Posed, Question]]:
    """Each question beside what an independent reader finds in the file."""
    made = paper(None, count, seed)
    _, found = gift_reader.read(gift.document(made, "Quiz", lang, lambda _: "a = {b} ~ #1\n  c: <d> & \\e"))
    assert len(found) == len(made)
    return list(zip(made, found, strict=True))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_independent_reader_finds_the_same(lang: str) -> None:
    """Text, answers, right ones and every feedback, of every kind."""
    for made, found in both(42, 11, lang):
        assert shown(made.ask.prompt[lang]) in plain(found.text)
        assert "a = {b} ~ #1 c: <d> & \\e" in plain(found.text), "the ladder with every mark that GIFT has"
        labels = [" ".join(shown(made.label(i, lang)).split()) for i in range(len(made.ask.options))]
        if made.kind == "order":
            assert [plain(each.text) for each in found.choices] == [labels[i] for i in made.right]
            assert [each.mate for each in found.choices] == [str(n) for n in range(1, len(labels) + 1)]
            continue
        assert [plain(each.text) for each in found.choices] == labels
        assert [each.share > 0 for each in found.choices] == [i in made.right for i in range(len(labels))]
        reasons = [shown(o.feedback[lang]) if o.feedback is not None else "" for o in made.ask.options]
        assert [plain(each.feedback) for each in found.choices] == reasons


def test_the_shares_of_many_right_answers_make_a_whole() -> None:
    """And one wrong one takes all away."""
    for made, found in both(30, 5, "en"):
        if made.kind == "many":
            assert sum(each.share for each in found.choices if each.share > 0) == pytest.approx(100, abs=0.001)
            assert {each.share for each in found.choices if each.share < 0} == {-100.0}
        elif made.kind != "order":
            assert [each.share for each in found.choices if each.share] == [100.0]


def test_an_order_tells_all_its_reasons_at_the_end() -> None:
    """Matching has no feedback for an answer."""
    for made, found in both(21, 9, "en"):
        if made.kind == "order":
            for option in made.ask.options:
                assert option.feedback is not None
                assert shown(option.feedback.en) in plain(found.general)


@pytest.mark.parametrize("text", ["a=b", "{x}", "50% ~ 60%", "1:2", "#", "C:\\n", "two\nlines", "->"])
def test_every_mark_survives(text: str) -> None:
    """What is escaped is read back as it was."""
    source = f"::q::[html]{gift.escaped(text)}{{\n={gift.escaped('yes')}#{gift.escaped(text)}\n~no\n}}"
    _, (found,) = gift_reader.read(source)
    assert found.text == text
    assert found.choices[0].feedback == text


def test_the_file_is_written_in_the_language_and_names_its_category(tmp_path: Path) -> None:
    """The command writes what the reader reads, with the ladder in it."""
    path = tmp_path / "quiz.gift"
    assert (
        main(
            [
                "quiz",
                "--lesson",
                "13",
                "--n",
                "9",
                "--seed",
                "3",
                "--export",
                "gift",
                "--out",
                str(path),
                "--lang",
                "zh",
            ]
        )
        == 0
    )
    category, found = gift_reader.read(path.read_text(encoding="utf-8"))
    assert "四次挥手" in category or "测验 3" in category
    assert len(found) == 9
    assert any("SYN-SENT" in each.text and "<pre>" in each.text for each in found)
    assert all(re.search("[\u4e00-\u9fff]", each.text) for each in found)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_where_an_author_says_play_it_the_line_that_plays_it_stands_behind(lang: str) -> None:
    """In a course nothing plays by itself: every answer that has a run of its own names it; so does JSON."""
    made = paper(load_lesson("34-tw-reuse-recycle"), 6, 4)
    _, found = gift_reader.read(gift.document(made, "Quiz", lang, lambda _: ""))
    played = 0
    for question, read in zip(made, found, strict=True):
        rows = gift.as_json(question, lang)["options"]
        for option, choice, row in zip(question.ask.options, read.choices, rows, strict=True):
            line = row.get("play", "")
            assert (option.plays is None) or line.startswith("tcp-tutor play 34-tw-reuse-recycle --why ")
            assert plain(choice.feedback).endswith(line)
            played += bool(option.plays)
    assert played > 6
