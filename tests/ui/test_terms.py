"""One word for one thing: what a label says, its explanation says; a timer has one name, and so have bytes."""

from __future__ import annotations

import pytest

from tutor.explore.exceptions import EXCEPTIONS
from tutor.explore.onward import way_on
from tutor.resources import assets_dir, lessons_dir
from tutor.teach.found import MOVES, deed_told
from tutor.teach.limits import limits, to_hold
from tutor.teach.network_words import SPENT
from tutor.teach.puzzles import PUZZLES
from tutor.ui.network_choice import MEANT
from tutor.words import Words

EN, ZH = Words("en"), Words("zh")

OTHERWISE = {"定时器": "计时器"}
"""What is not said in Chinese -> what is said instead, everywhere."""

CHINESE = (
    *lessons_dir().glob("*/zh.yaml"), *assets_dir().glob("lectures/*/zh.yaml"), *assets_dir().glob("help/*.zh.md"),
    *assets_dir().glob("*.toml"), assets_dir() / "i18n/zh_CN/LC_MESSAGES/tutor.po",
)  # fmt: skip


@pytest.mark.parametrize(("other", "word"), OTHERWISE.items())
def test_a_thing_has_one_name_in_chinese(other: str, word: str) -> None:
    """In the catalogue, the lessons, the lectures, the glossary and the manual."""
    texts = {path: path.read_text(encoding="utf-8") for path in CHINESE}
    assert sum(word in text for text in texts.values()) > 30
    assert [f"{path}: {text.count(other)}" for path, text in texts.items() if other in text] == []


@pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])
def test_another_puzzle_explains_its_fields_by_their_names(words: Words) -> None:
    """The field was called one thing, and what it means another."""
    named = dict(SPENT)
    for field, meant in MEANT.items():
        explained = words.t(meant).partition("：" if words is ZH else ":")[0].lower()
        assert explained in words.t(named[field]), field


def test_the_network_moves_bytes() -> None:
    """Its goals and its legend say bytes; so do its moves, its proof and its exceptions."""
    broken, whole = (
        next(each for each in PUZZLES if each.id.startswith(name)) for name in ("two-way-syn-data", "tcp/own")
    )
    moves = [deed_told(deed, EN) for deed in way_on(broken.play).deeds]
    assert any("bytes" in move for move in moves)
    told = limits(whole.play, EN)
    texts = [*moves, *told.excluded, *told.in_every_run, *to_hold(whole.play, EN), *MOVES.values()]
    texts += [*(why for why, _ in told.constant), *(text for known in EXCEPTIONS for text in known.excluded_by)]
    assert not [text for text in texts if "octet" in text.lower()]
