"""Plots as a Picture: the same lines as the window's, inside their frame, ending where the run may be known."""

from __future__ import annotations

import pytest

from tests.view.scenes import BUSY, look, tempo, texts, trace
from tutor.view.marks import Ellipse, Group, Line, Picture, Polyline, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.plotpicture import Shown, plots_picture
from tutor.view.plots import FLIGHT, KINDS, SEQUENCE, TIMER, WINDOW, connection_at, plot
from tutor.view.samples import samples
from tutor.view.timeaxis import TimeAxis

END = 900_000


def pictured(*kinds: str, now: int = 400_000, size: tuple[float, float] = (1280, 720), scale: float = 1.0) -> Picture:
    """These plots of the busy run."""
    run = trace(BUSY)
    connection = connection_at(samples(run), now, END)
    shown = [Shown(plot(run, kind, connection, END), TimeAxis(END, tempo(run).until(END))) for kind in kinds]
    return plots_picture(shown, now, size, look(scale=scale))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_within_the_picture(kind: str) -> None:
    """No word and no stroke lies outside, in small and in large."""
    for size, scale in (((640, 480), 1.0), ((1920, 1080), 2.0)):
        picture = pictured(kind, size=size, scale=scale)
        for mark in picture.marks():
            if isinstance(mark, Text):
                wide = text_width(mark.text, mark.font, mark.size, mark.weight)
                left = mark.x - {"start": 0, "middle": wide / 2, "end": wide}[mark.anchor]
                assert left >= -0.5 and left + wide <= size[0] + 0.5, mark
                assert 0 < mark.y <= size[1], mark
            if isinstance(mark, Polyline):
                assert all(-1 <= x <= size[0] + 1 for x, _ in mark.points), mark
        clips = [mark.clip for mark in picture.layers[0].marks if isinstance(mark, Group)]
        assert all(clip and clip.top >= 0 and clip.bottom <= size[1] for clip in clips), "an edge may rise above it"


def test_repetitions_and_losses_have_a_glyph() -> None:
    """An R over a bar, a cross where a segment died."""
    picture = pictured(SEQUENCE)
    assert texts(picture).count("R") > 1, "the legend has one of its own"
    reds = [mark for mark in picture.marks() if isinstance(mark, Line) and mark.stroke.role == "err"]
    assert reds


def test_two_stand_side_by_side_where_there_is_room() -> None:
    """Else one below the other; both have their titles."""
    wide, tall = pictured(WINDOW, TIMER), pictured(WINDOW, TIMER, size=(600, 900))
    heads = [[m for m in p.marks() if isinstance(m, Text) and m.weight == 700 and m.size == 15] for p in (wide, tall)]
    titles = [[each for each in found if "(" in each.text] for found in heads]
    assert [len(found) for found in titles] == [2, 2]
    assert titles[0][0].y == titles[0][1].y
    assert titles[1][0].x == titles[1][1].x


def test_only_the_moment_moves() -> None:
    """The curves are a static layer with one key; the cursor and the values are not in it."""
    first, later = pictured(FLIGHT), pictured(FLIGHT, now=600_000)
    assert first.layers[0].key == later.layers[0].key
    assert first.layers[0].marks == later.layers[0].marks
    assert first.layers[1] != later.layers[1]
    veils = [mark for mark in later.layers[1].marks if isinstance(mark, Rect) and mark.fill and mark.fill.alpha < 1]
    assert len(veils) == 1


def test_a_long_run_keeps_its_peaks() -> None:
    """However dense: the highest point of the curve is drawn, with no more points than pixels allow."""
    curve = [mark for mark in pictured(FLIGHT, size=(320, 300)).marks() if isinstance(mark, Polyline) and not mark.fill]
    assert curve and all(len(each.points) <= 8 * 320 for each in curve)


def test_what_cannot_be_plotted_says_why() -> None:
    """Before there is a connection."""
    run = trace(BUSY)
    empty = plots_picture([Shown(plot(run, WINDOW, "", 1), TimeAxis(1, None))], 0, (640, 400), look())
    assert "There is no connection yet." in texts(empty)
    assert not [mark for mark in empty.marks() if isinstance(mark, Ellipse | Group)]
