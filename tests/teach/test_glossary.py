"""The glossary: terms in both languages, and where they stand in what a lesson says."""

from __future__ import annotations

import re

import pytest

from tutor.teach.glossary import CONCEPTS, concept_name, heading, page, spots, terms
from tutor.teach.reading import lesson_ids, load_lesson
from tutor.teach.sentences import typed_numbers
from tutor.words import Words


def found(text: str, lang: str) -> list[tuple[str, str]]:
    """(words, term) of every spot."""
    return [(text[spot.start : spot.end], spot.term) for spot in spots(text, lang)]


def test_a_term_is_linked_where_it_stands_first() -> None:
    """Once, whatever its spelling; capitals are no words."""
    text = "A new Segment: its sequence number, then more segments. The MSS is no mss."
    assert found(text, "en") == [("Segment", "segment"), ("sequence number", "sequence-number"), ("MSS", "mss")]


def test_a_part_of_a_word_is_no_term() -> None:
    """Reports have no ports, and a re-reset is none."""
    assert found("He reports a support-ports.", "en") == []


def test_chinese_has_no_ends_of_words() -> None:
    """Terms stand among other signs; the longer one is meant."""
    text = "服务器的全连接队列满了，报文段的确认号是下一个序号。"
    assert found(text, "zh") == [
        ("全连接队列", "accept-queue"), ("报文段", "segment"), ("确认号", "ack"), ("序号", "sequence-number"),
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_two_terms_are_called_the_same(lang: str) -> None:
    """And what a term means states no number that the engine knows."""
    spellings = [each.casefold() for term in terms().values() for each in term.spellings(lang)]
    assert len(set(spellings)) == len(spellings)
    for term in terms().values():
        assert list(typed_numbers(term.text(lang))) == [], term.id
        assert f"### {heading(term.id, lang)}\n" in page(lang)


def test_the_other_language_stands_beside_it() -> None:
    """Whoever reads an English RFC and a Chinese book finds both."""
    assert heading("accept-queue", "en") == "accept queue (全连接队列)"
    assert heading("accept-queue", "zh") == "全连接队列（accept queue）"
    assert heading("mss", "zh") == "MSS"


@pytest.mark.ci
def test_whatever_a_lesson_teaches_has_a_name_in_chinese() -> None:
    """But for what a kernel or the RFC prints; and no name is kept that nothing teaches."""
    en, zh = Words("en"), Words("zh")
    taught = {concept for lesson_id in lesson_ids() for concept in load_lesson(lesson_id).concepts}
    same = {concept for concept in taught if concept_name(concept, zh) == concept_name(concept, en)}
    assert {concept for concept in same if re.fullmatch(r"[a-z][a-z -]+", concept)} <= {"backlog", "somaxconn"}
    assert set(CONCEPTS) <= taught
