"""Time is whole microseconds; chance is keyed by what it is thrown for."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, strategies as st

from tutor.world.chance import draw, number
from tutor.world.time import (
    HOUR,
    MINUTE,
    MS,
    SECOND,
    clock_text,
    format_duration,
    parse_duration,
    parse_said,
    parse_seconds,
)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("50ms", 50 * MS),
        ("1s", SECOND),
        ("0.5 s", SECOND // 2),
        ("2 min", 2 * MINUTE),
        ("1 min 30 s", 90 * SECOND),
        ("2h", 2 * HOUR),
        ("7us", 7),
        ("0", 0),
    ],
)
def test_people_write_spans_of_time_in_many_ways(text: str, span: int) -> None:
    """All of them mean a whole number of microseconds."""
    assert parse_duration(text) == span


@pytest.mark.parametrize("text", ["", "5", "five s", "1 sek", "-1s", "1s later"])
def test_what_is_no_span_says_what_would_be(text: str) -> None:
    """A bare number is refused: of what?"""
    with pytest.raises(ValueError, match="allowed: a number with a unit"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("60 秒", MINUTE), ("６０秒。", MINUTE), ("1 分钟", MINUTE), ("1分30秒", 90 * SECOND), ("250毫秒", 250 * MS),
        ("2 个小时", 2 * HOUR), ("40 微秒", 40), ("60 seconds", MINUTE), ("1 Minute", MINUTE), ("1.5 min", 90 * SECOND),
        ("1 minute and 30 seconds", 90 * SECOND), ("3 hrs.", 3 * HOUR), ("20 msec", 20 * MS), ("60s", MINUTE),
        ("1min", MINUTE), ("1h", HOUR), ("0", 0),
    ],
)  # fmt: skip
def test_whoever_answers_may_spell_a_unit_out(text: str, span: int) -> None:
    """As people write it in either language; the forms of a lesson's file go on being read."""
    assert parse_said(text) == span


@pytest.mark.parametrize(
    "text", ["60", "1 mile", "5 minus", "1 s秒", "60 second 分", "1 minute 30", "秒", "", "1 分钟多"]
)
def test_what_is_no_unit_is_not_guessed(text: str) -> None:
    """Half a word, two units, none."""
    with pytest.raises(ValueError, match="allowed"):
        parse_said(text)


def test_on_the_command_line_a_bare_number_means_seconds() -> None:
    """``--delay client:SYN:1:0.5``."""
    assert parse_seconds("0.5") == SECOND // 2
    assert parse_seconds("20ms") == 20 * MS


@given(st.integers(0, 10**13))
def test_a_span_survives_being_written_down(span: int) -> None:
    """Formatting loses nothing, not even a microsecond in a month."""
    assert parse_duration(format_duration(span)) == span


def test_the_clock_of_a_transcript_counts_seconds() -> None:
    """Six decimals: every microsecond has its own text."""
    assert clock_text(1_050_007) == "1.050007"


def test_a_draw_is_the_hash_of_its_seed_purpose_and_key() -> None:
    """So that it can be computed again in any language: BLAKE2b of the parts, joined by the unit separator."""
    text = "7\x1floss\x1fclient:1>server:2\x1fclient\x1f0"
    bits = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
    key = ("client:1>server:2", "client", 0)
    assert draw(7, "loss", key) == (bits >> 11) / 2**53
    assert number(7, "loss", key) == bits >> 32


def test_dice_are_fair_enough_for_a_lesson() -> None:
    """Of 10,000 packets a loss of 10 % takes a thousand, give or take four standard deviations (120)."""
    losses = sum(draw(1, "loss", ("c", "client", seq)) < 0.1 for seq in range(10_000))
    assert 880 < losses < 1120


def test_one_throw_says_nothing_about_another() -> None:
    """Loss and jitter of the same packet have dice of their own."""
    key = ("c", "client", 1)
    assert len({draw(1, what, key) for what in ("loss", "jitter", "duplication", "corruption")}) == 4
