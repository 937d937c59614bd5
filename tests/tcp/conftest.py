"""What the tests of the protocol share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.tcp import builders


@pytest.fixture
def edges_crossed() -> Iterator[set[tuple[str, str]]]:
    """The (rule set, edge id) pairs that this test crosses, counted from its start."""
    before = set(builders.CROSSED)
    builders.CROSSED.clear()
    yield builders.CROSSED
    builders.CROSSED.update(before)
