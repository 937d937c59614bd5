"""Is a variant to be blamed, or is TCP broken by the very same moves?"""

from __future__ import annotations

import pytest

from tests.reach.test_why_three import BROKEN, name_of
from tests.sampling import few
from tutor.explore.alike import breaks_tcp
from tutor.explore.cells import Cell
from tutor.explore.search import search
from tutor.profiles import load_profile

TCP_AS_WELL = {
    # The client crashes with its SYN,ACK read: TCP's ACK is still under way then, and has to arrive first.
    "no-ghost-two-way-U1": ("half-open", 1),
    "no-ghost-no-rst-from-closed-U1": ("half-open", 0),
    "own-bytes-two-way-rfc5961-H2C1": ("server-number-repeats", 0),
}
"""Cell -> the known exception that its moves are for TCP itself, and how many segments more have to arrive."""

OF_VARIANTS = [cell for cell in BROKEN if cell.variant]
BLAMELESS = [cell for cell in OF_VARIANTS if name_of(cell) in TCP_AS_WELL]


@pytest.mark.parametrize(
    "cell", [*BLAMELESS, *few([cell for cell in OF_VARIANTS if cell not in BLAMELESS], 3)], ids=name_of
)
def test_a_variant_is_blamed_only_for_what_tcp_withstands(cell: Cell) -> None:
    """The moves are made once more by TCP's rules, and what it sends besides may arrive."""
    found = breaks_tcp(search(cell.play(load_profile("rfc9293"))), cell.prop)
    told = (found.known.id, found.arrivals) if found is not None else None
    assert told == TCP_AS_WELL.get(name_of(cell))


def test_every_cell_that_is_named_here_exists() -> None:
    """None of them was renamed."""
    assert sorted(map(name_of, BLAMELESS)) == sorted(TCP_AS_WELL)
