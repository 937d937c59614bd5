"""RFC 9293 section 3.4: numbers that run in a circle of 2^32."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tutor.tcp import seq

LAST = 2**32 - 1
NUMBERS = st.integers(0, LAST)
NEAR = st.integers(-(2**31), 2**31 - 1)


@pytest.mark.parametrize(
    ("a", "octets", "expected"), [(0, 1, 1), (LAST, 1, 0), (0, -1, LAST), (LAST, 1461, 1460), (300, 2**32, 300)]
)
def test_walking_over_the_end_comes_back_at_the_beginning(a: int, octets: int, expected: int) -> None:
    """2^32 - 1 is followed by 0."""
    assert seq.add(a, octets) == expected


@pytest.mark.parametrize(
    ("a", "b", "is_before"),
    [
        (100, 101, True),
        (101, 100, False),
        (100, 100, False),
        (LAST, 0, True),
        (0, LAST, False),
        (LAST - 9, 10, True),
        (0, 2**31 - 1, True),
        (0, 2**31 + 1, False),
    ],
)
def test_before_means_less_than_half_a_circle_ahead(a: int, b: int, is_before: bool) -> None:
    """ "Less than" only has a meaning between numbers less than half the space apart."""
    assert seq.before(a, b) is is_before
    assert seq.before_or_at(b, a) is not is_before


@pytest.mark.parametrize(
    ("low", "number", "length", "inside"),
    [
        (100, 100, 1, True),
        (100, 101, 1, False),
        (100, 99, 10, False),
        (LAST - 4, 4, 10, True),
        (LAST - 4, 5, 10, False),
        (100, 100, 0, False),
    ],
)
def test_a_window_may_lie_across_the_end(low: int, number: int, length: int, inside: bool) -> None:
    """``low =< number < low + length`` on the circle; an empty window holds nothing."""
    assert seq.within(low, number, length) is inside


@given(NUMBERS, NEAR)
def test_distance_undoes_add(a: int, octets: int) -> None:
    """Walking n octets takes one n octets away, forwards and backwards."""
    assert seq.distance(a, seq.add(a, octets)) == octets


@given(NUMBERS, NUMBERS)
def test_two_numbers_are_equal_or_one_is_before_the_other(a: int, b: int) -> None:
    """Except when they lie exactly opposite each other, where there is no answer."""
    if (a - b) % 2**32 == 2**31:
        return
    assert [seq.before(a, b), a == b, seq.before(b, a)].count(True) == 1


def test_exactly_opposite_numbers_each_come_before_the_other() -> None:
    """There is no right answer, so the numbers of a connection are kept less than half the space apart."""
    assert seq.before(0, 2**31)
    assert seq.before(2**31, 0)
    assert not seq.before_or_at(0, 2**31)


@given(NUMBERS, st.integers(0, 2**30))
def test_the_later_of_two_is_the_one_ahead(a: int, octets: int) -> None:
    """Whichever way round it is asked."""
    b = seq.add(a, octets)
    assert seq.later(a, b) == b
    assert seq.later(b, a) == b
