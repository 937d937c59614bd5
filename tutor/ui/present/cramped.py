"""What the lecturer is told of sizes on the room's window: of a display that is small or upright, and of small type.

Rules
-----
* Below ``LEAST``, and with both pictures on an upright display, labels can be cut whatever is done: that is said, with
  what helps, before what ``painting`` finds.
* Only the lecturer's window says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.joining import sentences
from tutor.teach.presenting import BOTH
from tutor.ui.present.painting import size_warning
from tutor.words import mark

if TYPE_CHECKING:
    from tutor.ui.present.show import Show

LEAST = (1024, 768)
"""The smallest display (px) on which both pictures show whole; of one of another shape, as many px count."""
SMALL = mark(
    "The room's display is small ({size}): labels may be cut. "
    "Show one picture alone ({diagram} or {timeline}), or set a larger resolution."
)
ALONE = mark("The room's display is small ({size}): labels may be cut. A larger resolution helps.")
UPRIGHT = mark(
    "The room's display stands upright ({size}): beside each other the pictures may be cut, and more so when zoomed. "
    "Show one picture alone ({diagram} or {timeline}), or turn the display."
)


def sizes_told(show: Show) -> str:
    """All that is to be said of sizes now; "" if nothing is."""
    told = (_cramped(show), size_warning(show))
    return sentences([each for each in told if each], show.words)


def _cramped(show: Show) -> str:
    """That the room's display is small, or upright, and what helps; "" where it is large enough."""
    width, height = show.audience.width(), show.audience.height()
    is_small, has_both = width * height < LEAST[0] * LEAST[1], show.audience.layout_now == BOTH
    if not is_small and not (has_both and height > width):
        return ""
    size = f"{width}×{height}"
    if not has_both:
        return show.words.t(ALONE, size=size)
    keys = ("Ctrl+2", "Ctrl+3") if show.asking.takes_digits else ("2", "3")
    return show.words.t(SMALL if is_small else UPRIGHT, size=size, diagram=keys[0], timeline=keys[1])
