"""Short films to make in tests."""

from __future__ import annotations

from dataclasses import replace

from tests.ui.stage import CLOSE, session
from tutor.ui.film import Cut

SIZE = (160, 90)


def cut(name: str = CLOSE, **changes: object) -> Cut:
    """A short film of a lesson nobody asks anything in."""
    made = replace(session(name), is_exploring=True)
    first = Cut(made, "ladder", 0, 100_000, SIZE, fps=5)
    return replace(first, **changes)  # type: ignore[arg-type]
