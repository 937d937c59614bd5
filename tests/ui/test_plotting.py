"""The plots on the screen: loaded late, true to the playhead, and reachable with pointer and keys."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.sampling import some
from tests.ui.stage import CLOSE, answered, lesson, session
from tests.view.scenes import BUSY
from tests.world.stage import scene
from tutor.teach import intents
from tutor.teach.session import start
from tutor.ui import curves
from tutor.ui.plotrows import Choice
from tutor.view.plots import FLIGHT, KINDS, QUEUES, SEQUENCE, TIMER, WINDOW
from tutor.view.readings import sentence


def settle() -> None:
    """Let timers of no length fire."""
    for _ in range(6):
        QApplication.processEvents()


def keep_open(conductor) -> None:
    """Larger text makes of the two pockets a drawer, which may be shut: open it."""
    settle()
    if not conductor.window.strip.is_shown("plots"):
        conductor.window.show_panel("plots")
    settle()


def plots(show, *kinds: str, at=None, size: tuple[int, int] = (1920, 1080)):
    """A window with the plots open, and their panel."""
    conductor = show(at or replace(start(replace(lesson(CLOSE), beats=()), scene(BUSY))), *size)
    conductor.window.show_panel("plots")
    settle()
    panel = conductor.window.strip.panels["plots"]
    for place, kind in enumerate(kinds):
        panel.choose(place, kind)
    settle()
    return conductor, panel


def pane_of(panel, place: int = 0):
    """One of the panes, with its row."""
    pane = panel.panes[place]
    assert pane.row is not None
    return pane


def points(pane) -> int:
    """How many points of curves and marks are drawn."""
    return sum(len(item.getData()[0]) for item in pane.drawing._items if hasattr(item, "getData"))


def mouse(pane, kind: QEvent.Type, where: QPointF, *, held: bool = False) -> None:
    """What a pointer does at a point of the plot."""
    port = pane.graph.viewport()
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    buttons = Qt.MouseButton.LeftButton if held else Qt.MouseButton.NoButton
    place = port.mapToGlobal(where)
    QApplication.sendEvent(port, QMouseEvent(kind, where, place, button, buttons, Qt.KeyboardModifier.NoModifier))


def test_until_it_was_painted_the_panel_says_that_it_loads(show) -> None:
    """pyqtgraph comes after the first frame: before that there is a sentence."""
    conductor = show(session(CLOSE), 1920, 1080)
    conductor.window.strip.open("plots")
    panel = conductor.window.strip.panels["plots"]
    assert panel.panes == []
    assert panel.message.text() == "Loading the plots…"
    settle()
    assert len(panel.panes) == 2
    assert not panel.message.isVisible()


def test_a_library_that_is_missing_is_said_and_harms_nothing(show, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyqtgraph everything else goes on."""
    import sys

    monkeypatch.delitem(sys.modules, "tutor.ui.plotpane", raising=False)
    monkeypatch.delitem(sys.modules, "tutor.ui.plotdrawing", raising=False)
    monkeypatch.setitem(sys.modules, "pyqtgraph", None)
    conductor = show(session(CLOSE), 1920, 1080)
    conductor.window.show_panel("plots")
    settle()
    panel = conductor.window.strip.panels["plots"]
    assert panel.message.isVisible()
    assert "pyqtgraph" in panel.message.text()
    conductor.send(intents.SetLanguage("zh"))
    assert panel.message.text().startswith("无法显示曲线图")


@pytest.mark.ci
@pytest.mark.parametrize("kind", KINDS)
def test_every_plot_follows_language_theme_size_and_time(show, kind: str) -> None:
    """Chinese, high contrast, large text, start and end: the pictures and the words go along."""
    conductor, panel = plots(show, kind, WINDOW if kind != WINDOW else TIMER)
    pane = pane_of(panel)
    seen = set()
    for intent in (
        intents.SetLanguage("zh"), intents.SetTheme("contrast-dark"), intents.SetTextScale(2.0), intents.End(),
        intents.Home(), intents.SetTextScale(1.0), intents.SetLanguage("en"),
    ):  # fmt: skip
        conductor.send(intent)
        keep_open(conductor)
        seen.add(pane.graph.accessibleDescription())
        assert pane.row.now == conductor.session.playhead
        assert pane.graph.accessibleDescription() == sentence(pane.row.plot, pane.row.now, pane.row.look)
    assert len(seen) >= 3


def test_the_cursor_stands_at_the_playhead_and_the_veil_over_what_comes(show) -> None:
    """As on the ladder."""
    conductor, panel = plots(show)
    for share in (0.0, 0.3, 1.0):
        conductor.send(intents.Seek(int(conductor.session.end * share)))
        pane = pane_of(panel)
        place = pane.row.axis.place(conductor.session.playhead)
        assert pane.drawing.cursor.value() == pytest.approx(place)
        assert pane.drawing.veil.getRegion() == pytest.approx((place, 1.0))


@pytest.mark.ci
def test_a_frame_draws_nothing_anew(show) -> None:
    """While the run plays, only cursor, veil and legend change."""
    conductor, panel = plots(show, SEQUENCE, FLIGHT)
    before = list(pane_of(panel).drawing._items)
    for share in range(1, 9):
        conductor.send(intents.Seek(conductor.session.end * share // 10))
    assert pane_of(panel).drawing._items == before


@pytest.mark.ci
def test_while_a_bet_is_open_nothing_behind_it_is_drawn(show) -> None:
    """The axis ends at the bet, and so does every curve."""
    conductor, panel = plots(show, SEQUENCE, TIMER, at=session(CLOSE))
    horizon = conductor.session.horizon
    assert horizon is not None
    for kind in KINDS:
        panel.choose(0, kind)
        settle()
        pane = pane_of(panel)
        assert pane.row.axis.end == pane.row.plot.end == horizon
        assert max(pane.row.plot.changes()) <= horizon
    panel.choose(0, SEQUENCE)
    settle()
    few = points(panel.panes[0])
    answered(conductor)
    settle()
    assert points(panel.panes[0]) > few


def test_a_click_goes_to_its_moment_and_a_drag_follows(show) -> None:
    """Where the pointer is, there the playhead is, to a pixel."""
    conductor, panel = plots(show, WINDOW, TIMER)
    pane = pane_of(panel)
    for share, kind, held in ((0.3, QEvent.Type.MouseButtonPress, True), (0.6, QEvent.Type.MouseMove, True)):
        time = pane.row.axis.time(share)
        mouse(pane, kind, pane.drawing.point_of(time, pane.row.plot.top / 2, pane.row), held=held)
        assert abs(pane.row.axis.place(conductor.session.playhead) - share) < 0.01


def test_a_click_on_a_bar_selects_the_segment(show) -> None:
    """And the ladder, the diagram and the details speak of it."""
    conductor, panel = plots(show, SEQUENCE, TIMER)
    pane = pane_of(panel)
    bar = pane.row.plot.bars[-3]
    where = pane.drawing.point_of(bar.at, (bar.low + bar.high) / 2, pane.row)
    mouse(pane, QEvent.Type.MouseButtonPress, where, held=True)
    assert conductor.session.selection.startswith("flight:")
    chosen = next(each for each in pane.row.plot.bars if f"flight:{each.flight}" == conductor.session.selection)
    assert abs(pane.row.axis.place(chosen.at) - pane.row.axis.place(bar.at)) < 0.02


@pytest.mark.sampled(6)
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
@pytest.mark.parametrize("text", [1.0, 1.6])
def test_lengths_of_silences_lie_above_the_curves_or_not_at_all(show, size: tuple[int, int], text: float) -> None:
    """They end where the highest curve begins, touch one another nowhere, and stay within the plot."""
    from pyqtgraph import TextItem

    busy = replace(start(replace(lesson(CLOSE), beats=()), scene(BUSY)), text_scale=text)
    conductor, panel = plots(show, WINDOW, TIMER, at=busy, size=size)
    keep_open(conductor)
    for pane in (pane for pane in panel.panes if pane.row is not None):
        box = pane.drawing.box.mapRectToScene(pane.drawing.box.rect())
        words = [item for item in pane.drawing._items if isinstance(item, TextItem)]
        places = [item.sceneBoundingRect() for item in words]
        top = pane.drawing.box.mapViewToScene(QPointF(0, pane.row.plot.top)).y()
        assert all(place.bottom() <= top + 1 for place in places)
        assert all(box.left() - 1 <= place.left() and place.right() <= box.right() + 1 for place in places)
        assert not any(one.intersects(other) for one, other in combinations(places, 2))


def test_a_click_on_a_folded_silence_unfolds_it(show) -> None:
    """On the ladder and here: they share the tempo."""
    conductor, panel = plots(show, WINDOW, TIMER)
    pane = pane_of(panel)
    hatch = pane.row.axis.hatches()[0]
    time = pane.row.axis.time((hatch.start + hatch.stop) / 2)
    where = pane.drawing.point_of(time, pane.row.plot.top / 2, pane.row)
    mouse(pane, QEvent.Type.MouseButtonPress, where, held=True)
    assert hatch.id in conductor.session.unfolded
    assert hatch.id not in {each.id for each in pane.row.axis.hatches()}


def test_arrows_walk_along_the_changes_of_the_plot(show) -> None:
    """Right to the next change, left back, down to another plot; elsewhere the arrows mean events."""
    conductor, panel = plots(show, WINDOW, TIMER)
    pane = pane_of(panel)
    pane.graph.setFocus()
    changes = pane.row.plot.changes()
    QTest.keyClick(pane.graph, Qt.Key.Key_Right)
    assert conductor.session.playhead == changes[1]
    QTest.keyClick(pane.graph, Qt.Key.Key_Right)
    QTest.keyClick(pane.graph, Qt.Key.Key_Left)
    assert conductor.session.playhead == changes[1]
    QTest.keyClick(pane.graph, Qt.Key.Key_Down)
    settle()
    assert [choice.kind for choice in panel.choices] == [TIMER, WINDOW]


def test_hovering_shows_the_values_there(show) -> None:
    """A line under the pointer; what it says can be read without it in the legend, at the playhead."""
    _, panel = plots(show, WINDOW, TIMER)
    pane = pane_of(panel)
    mouse(pane, QEvent.Type.MouseMove, pane.drawing.point_of(pane.row.axis.time(0.4), 1, pane.row))
    assert pane.drawing.hover.isVisible()
    QApplication.sendEvent(pane.graph.viewport(), QEvent(QEvent.Type.Leave))
    assert not pane.drawing.hover.isVisible()


def test_the_menu_offers_every_plot_each_side_and_the_scale(show) -> None:
    """Chosen there, shown there."""
    conductor, panel = plots(show, WINDOW, TIMER)
    menu = panel.open_menu(0)
    by_text = {action.text(): action for action in menu.actions() if action.text()}
    assert len(by_text) == len(KINDS) + 3 + 1
    by_text["Queues of the listener"].trigger()
    by_text["Only Server"].trigger()
    by_text["Time to scale"].trigger()
    menu.close()
    settle()
    assert panel.choices[0] == Choice(QUEUES, "server", to_scale=True)
    assert pane_of(panel).drawing.caption == "time (s), to scale"
    assert {line.host for line in pane_of(panel).row.plot.lines} == {1}
    assert conductor.session.playhead == 0


@pytest.mark.ci
@pytest.mark.parametrize("scale", some((2.0, 1.0, 1.5), 3))
def test_the_layout_comes_to_rest_at_every_size(show, scale: float) -> None:
    """Where the legend stands follows from the panel's size alone: no size makes it waver."""
    conductor, panel = plots(show, SEQUENCE, FLIGHT)
    conductor.send(intents.SetTextScale(scale))
    for width, height in ((1920, 1080), (1600, 900), (1280, 720), (960, 600)):
        conductor.window.resize(width, height)
        keep_open(conductor)
        drawn = list(pane_of(panel).drawing._items)
        settle()
        assert pane_of(panel).drawing._items == drawn


@pytest.mark.ci
def test_a_narrow_window_has_one_plot_with_tabs(show) -> None:
    """Where two have no room one plot is shown, and a tab for each if they have room, else its menu."""
    conductor, panel = plots(show, size=(960, 700))
    assert panel.is_wide
    conductor.send(intents.SetTextScale(1.7))
    keep_open(conductor)
    assert not panel.is_wide
    assert not panel.panes[1].isVisible()
    assert not panel.tabs.isVisible()
    panel.tabs.setCurrentIndex(KINDS.index(SEQUENCE))
    settle()
    assert pane_of(panel).row.choice.kind == SEQUENCE
    panel.resize(2 * panel.tabs.sizeHint().width(), panel.height())
    assert panel.is_wide == (not panel.tabs.isVisible())


def test_a_run_without_a_connection_says_so(show) -> None:
    """An empty plot is a sentence, not an empty frame."""
    silent = scene("""
        host client 10.0.0.1 rfc9293
        host server 10.0.0.2 rfc9293
        link client server delay=50ms
        until 1min
    """)
    _, panel = plots(show, at=start(replace(lesson(CLOSE), beats=()), silent))
    assert (
        pane_of(panel).empty.text().startswith("No congestion window yet")
        or "no connection" in pane_of(panel).empty.text()
    )


def test_thinning_keeps_what_can_be_seen() -> None:
    """Of a hundred thousand points those that make the picture: each column's extremes."""
    import numpy as np

    x = np.linspace(0, 1, 100_000)
    y = np.sin(x * 40)
    y[12_345] = 9.0
    few_x, few_y = curves.thinned(x, y, 500)
    assert len(few_x) <= 4 * 502
    assert few_y.max() == 9.0
    assert (few_x[0], few_x[-1]) == (0, 1)
    same_x, _ = curves.thinned(x[:50], y[:50], 500)
    assert len(same_x) == 50
