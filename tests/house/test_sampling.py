"""Cases that are sampled: who waits for which of them."""

from __future__ import annotations

import pytest

from tests.sampling import share_out


class Case:
    """As much of a collected test as sharing out asks for."""

    def __init__(self, nodeid: str, *marks: pytest.Mark) -> None:
        self.nodeid, self.marks = nodeid, list(marks)

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        """As pytest says it."""
        return next((mark for mark in self.marks if mark.name == name), None)

    def add_marker(self, mark: pytest.MarkDecorator) -> None:
        """As pytest takes it."""
        self.marks.append(mark.mark)

    @property
    def waits(self) -> str:
        """Who runs it."""
        return next((mark.name for mark in self.marks if mark.name in ("ci", "long")), "default")


def shared(count: int, *marks: pytest.MarkDecorator, test: str = "test_it") -> list[Case]:
    """So many cases of a test with these marks, shared out."""
    cases = [Case(f"{test}[{place}]", *(mark.mark for mark in marks)) for place in range(count)]
    share_out(cases)
    return cases


def test_of_a_sampled_test_each_waits_for_its_share() -> None:
    """A developer for every fourth case, the longer run for one in five of the others, and all of them are there."""
    waits = [case.waits for case in shared(12, pytest.mark.sampled(4))]
    assert waits == [
        "default",
        "ci",
        "long",
        "long",
        "default",
        "long",
        "long",
        "ci",
        "default",
        "long",
        "long",
        "long",
    ]


def test_the_longer_run_can_take_all_the_others() -> None:
    """So many of the others as the mark says."""
    waits = [case.waits for case in shared(5, pytest.mark.sampled(3, longer=1))]
    assert waits == ["default", "ci", "ci", "default", "ci"]


def test_what_is_not_sampled_or_marked_by_itself_stays_as_it_is() -> None:
    """Each test counts its own cases."""
    assert [case.waits for case in shared(3)] == ["default"] * 3
    assert [case.waits for case in shared(3, pytest.mark.sampled(2), pytest.mark.long)] == ["long"] * 3
    both = [Case(f"{test}[0]", pytest.mark.sampled(2).mark) for test in ("test_one", "test_other")]
    share_out(both)
    assert [case.waits for case in both] == ["default", "default"]
