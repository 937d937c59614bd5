"""Appendix B of RFC 9293: each requirement with the story that shows it, or the reason why there is nothing to show."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.tools.requirements_page import PAGES, page, sections, story

ROWS: list[dict[str, Any]] = [row for section in sections() for row in section["rows"]]

NUMBERS = {"MUST": 69, "SHLD": 31, "MAY": 18, "REC": 1}
"""Prefix -> the last number of appendix B."""

LEVELS = {"MUST": {"MUST", "MUST NOT"}, "SHLD": {"SHOULD", "SHOULD NOT"}, "MAY": {"MAY"}, "REC": {"SHOULD"}}


def test_no_number_of_the_appendix_is_left_out() -> None:
    """MUST-1 to MUST-69, SHLD-1 to SHLD-31, MAY-1 to MAY-18, REC-1; some stand for two or three rows."""
    expected = {f"{prefix}-{number}" for prefix, last in NUMBERS.items() for number in range(1, last + 1)}
    assert {row["id"] for row in ROWS} == expected
    several = {name: count for name, count in Counter(row["id"] for row in ROWS).items() if count > 1}
    assert several == {"SHLD-5": 2, "MUST-15": 2, "MUST-20": 2, "MUST-46": 2, "MUST-56": 3, "MUST-57": 2}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_requirement_has_a_story_or_a_reason_in_both_languages(row: dict[str, Any]) -> None:
    """A story that was renamed or deleted is missed here."""
    assert row["level"] in LEVELS[row["id"].partition("-")[0]]
    assert row["en"]
    assert row["zh"]
    assert ("shown" in row) != ("absent" in row), "either it is shown, or it says why not"
    if "shown" in row:
        assert story(row["shown"])
    else:
        assert row["absent"]["en"]
        assert row["absent"]["zh"]


def test_most_of_what_is_asked_can_be_seen() -> None:
    """Reasons are for what a world of hosts and links does not have."""
    shown = sum("shown" in row for row in ROWS)
    assert shown >= 90, f"only {shown} of {len(ROWS)} requirements have a story"


@pytest.mark.parametrize("lang", sorted(PAGES))
def test_the_help_page_is_the_table(lang: str) -> None:
    """``python tests/tools/requirements_page.py`` writes it."""
    assert PAGES[lang].read_text(encoding="utf-8") == page(lang)


def test_a_story_that_does_not_exist_is_not_believed() -> None:
    """The table cannot point at nothing."""
    with pytest.raises(LookupError):
        story("tcp/test_sending.py::test_nothing_of_the_kind")
