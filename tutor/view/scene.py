"""Scene: all that one frame of a ladder draws, whichever way time runs."""

from __future__ import annotations

from typing import NamedTuple

from tutor.view.crowd import Band
from tutor.view.lens import Lens
from tutor.view.linking import Linked
from tutor.view.page import Page
from tutor.view.rungs import Rung
from tutor.view.story import Story
from tutor.view.theme import Look


class Scene(NamedTuple):
    """A page of a story at a moment: rungs, the old future's, bands for what is too many, and what is lit."""

    told: Story
    page: Page
    time: int
    horizon: int | None
    look: Look
    lens: Lens
    rungs: list[Rung]
    ghosts: list[Rung]
    bands: list[Band]
    lit: Linked
