"""Lens: what of a run is looked at. The connection in focus, a filter, and which way time runs.

Rules
-----
* Nothing vanishes under a lens: what is not looked at keeps its place and is drawn thin.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.view.filtering import Filter
from tutor.view.story import Story
from tutor.words import mark
from tutor.world.index import Row


@dataclass(frozen=True, slots=True)
class Lens:
    """``focus``: the name of a connection, "" the newest; ``filter``: None lets everything through.

    ``place`` of ``count``: which connection of the run that is, in the order in which they began, as far as is known;
    ``key``: what leads to the next one. ``rest``: a sentence for what nobody may see yet.
    """

    focus: str = ""
    filter: Filter | None = None
    is_across: bool = False
    place: int = 0
    count: int = 0
    key: str = ""
    rest: str = mark("The rest shows after your answer.")

    def tone(self, told: Story, row: Row, horizon: int | None = None) -> str:
        """How a segment is drawn: "" in full, "pale" of another connection, "faint" not let through."""
        if self.filter is not None and not self.filter.passes(told.index, row, horizon):
            return "faint"
        connection = told.index.connections[row.connection]
        return "" if told.is_in_focus(connection, row.sent_at, self.focus) else "pale"

    @property
    def tells_which(self) -> bool:
        """Are there several connections, so that it must be said which one is looked at?"""
        return self.count > 1


PLAIN = Lens()
