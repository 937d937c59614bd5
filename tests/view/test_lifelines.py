"""Lifelines: every state is named where there is room, in the order in which it came."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.view.scenes import CALL_AND_CLOSE, look, tempo, trace
from tutor.tcp.states import State
from tutor.view.ladder import ladder
from tutor.view.lens import Lens
from tutor.view.lifelines import pieces, screen_state
from tutor.view.marks import Picture, Rect, Text
from tutor.view.page import lay_out
from tutor.view.story import story
from tutor.world.trace import Trace

SIZES = ((567.0, 601.0), (567.0, 330.0), (400.0, 240.0))
"""The card of a large window, with details under it, and of a small one with its drawer open."""

NAMES = {screen_state(state) for state in State}


def seen(run: Trace, time: int, size: tuple[float, float], lens: Lens | None = None) -> Picture:
    """The ladder of a run at a moment."""
    return ladder(run, time, size, look(), tempo=tempo(run), lens=lens or Lens())


def named(picture: Picture, *, is_first: bool) -> list[str]:
    """The names beside the first or the last lifeline, from top to bottom."""
    bars = sorted(m.x for m in picture.marks() if isinstance(m, Rect) and m.id.startswith("state:"))
    middle = (bars[0] + bars[-1]) / 2
    found = [m for m in picture.marks() if isinstance(m, Text) and m.text in NAMES and (m.x < middle) == is_first]
    return [mark.text for mark in sorted(found, key=lambda mark: mark.y)]


@pytest.mark.parametrize("size", SIZES[:1])
def test_the_state_that_ends_now_keeps_its_name(size: tuple[float, float]) -> None:
    """At the end of all waiting: TIME-WAIT is named beside its long bar, and only CLOSED is a pill."""
    run = trace()
    picture = seen(run, run.end, size)
    assert named(picture, is_first=True)[-2:] == ["TIME-WAIT", "CLOSED"]


@pytest.mark.parametrize("is_across", [False, True], ids=["down", "across"])
def test_a_host_is_in_one_state_at_a_time(is_across: bool) -> None:
    """At every change of state, one filled pill a host."""
    run = trace()
    told = story(run)
    for time in sorted({cut.at for host in (0, 1) for cut in told.cuts(host, "")}):
        picture = seen(run, time, (1100.0, 601.0), Lens(is_across=is_across))
        pills = [m for m in picture.marks() if isinstance(m, Text) and m.text in NAMES and m.ink.role == "on"]
        assert len(pills) <= 2, f"{[pill.text for pill in pills]} at {time}"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut"])
def test_the_states_stand_in_their_order(size: tuple[float, float], cut: bool) -> None:
    """Wherever the page is, a later state is never named above an earlier one, and no name touches another."""
    run = trace(CALL_AND_CLOSE, *(((120_000, "cut link"),) if cut else ()))
    pace, told = tempo(run), story(run)
    for part in range(40):
        time = pace.to_time(pace.length * part / 39)
        picture = seen(run, time, size)
        page = lay_out(size, look(), pace, time, run.end)
        for host in (0, 1):
            order = [screen_state(p.state) for p in pieces(told, page, host, Lens()) if p.state is not None]
            words = named(picture, is_first=host == 0)
            places = iter(order)
            assert all(word in places for word in words), f"{words} of {order} at {time}"
        for first in (True, False):
            texts = [m for m in picture.marks() if isinstance(m, Text) and m.text in NAMES]
            side = sorted(m.y for m in texts if (m.x < page.left) == first)
            assert all(b - a >= page.text for a, b in pairwise(side))
