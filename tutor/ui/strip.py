"""The strip under the stage: two pockets of panels side by side, or one drawer where there is little room.

Rules
-----
* A panel is made when it is first shown, and asked for rows only while it is on screen.
* In the drawer all panels stand in one row of tabs; with two pockets each panel has its own side.
* What was open is remembered by the names of the panels.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QTabBar, QWidget

from tutor.teach.session import Session
from tutor.ui.button import Button
from tutor.ui.card import Card
from tutor.ui.panel import Panel, PicturePanel
from tutor.ui.panels import BY_ID, LEFT, PANELS, RIGHT, PanelRow
from tutor.ui.style import Style
from tutor.view.theme import Look


class Pocket(Card):
    """A card with tabs; ``chosen`` names the panel whose tab was pressed."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self.ids: tuple[str, ...] = ()
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.tabs.setObjectName("strip-tabs")
        self.tabs.currentChanged.connect(self._choose)
        self.close_button = Button("plain", "close")
        self.close_button.clicked.connect(self.closed)
        self.stack = QStackedWidget()
        self.head.hide()
        self.top.insertWidget(0, self.tabs, 1)
        self.top.addWidget(self.close_button)
        self.body.addWidget(self.stack, 1)

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self.body.setContentsMargins(style.px(10), style.px(4), style.px(10), style.px(8))
        self.body.setSpacing(style.px(4))
        self.tabs.setFont(style.font(14, 600))
        self.tabs.setAccessibleName(style.words.t("Panels"))
        self.close_button.restyle(style, name=style.words.t("Close the panels"))
        for place, name in enumerate(self.ids):
            self.tabs.setTabText(place, style.words.t(BY_ID[name].text))

    def take(self, rows: tuple[PanelRow, ...]) -> None:
        """Have tabs for these panels."""
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        self.ids = tuple(row.id for row in rows)
        for row in rows:
            place = self.tabs.addTab(self.style_now.words.t(row.text))
            self.tabs.setTabToolTip(place, f"{row.key}" if row.key else "")
        self.tabs.blockSignals(False)

    def show_panel(self, name: str, panel: Panel) -> None:
        """Show this panel, its tab chosen."""
        self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex(self.ids.index(name))
        self.tabs.blockSignals(False)
        if self.stack.indexOf(panel) < 0:
            self.stack.addWidget(panel)
        self.stack.setCurrentWidget(panel)

    @property
    def front(self) -> str:
        """The panel whose tab is chosen."""
        return self.ids[self.tabs.currentIndex()]

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self.ids):
            self.chosen.emit(self.ids[place])


class Strip(QWidget):
    """All panels. Says what one wants, ``stale`` when one must be asked anew, ``chosen`` after a tab was pressed."""

    wanted = Signal(object)
    commanded = Signal(str)
    clicked = Signal(str)
    hovered = Signal(str)
    menu_wanted = Signal(str, QPoint)
    stale = Signal()
    closed = Signal()
    chosen = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.style_now = style
        self.panels: dict[str, Panel] = {}
        self.open_ids: dict[str, str] = {}
        self.is_drawer: bool | None = None
        self.left, self.right = Pocket(style), Pocket(style)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(10)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.splitter)
        for pocket in (self.left, self.right):
            self.splitter.addWidget(pocket)
            pocket.chosen.connect(self.open)
            pocket.chosen.connect(lambda _name: self.chosen.emit())
            pocket.closed.connect(self.closed)
        self.setMinimumHeight(120)

    def lay_out(self, *, is_drawer: bool) -> None:
        """Two pockets, or one drawer with all panels."""
        if is_drawer == self.is_drawer:
            return
        self.is_drawer = is_drawer
        if is_drawer:
            self.left.take(PANELS)
        else:
            self.left.take(tuple(row for row in PANELS if row.pocket == LEFT))
            self.right.take(tuple(row for row in PANELS if row.pocket == RIGHT))
        self.right.setVisible(not is_drawer and bool(self.right.ids))
        self.left.setVisible(bool(self.left.ids))
        self.left.close_button.setVisible(is_drawer or not self.right.ids)
        for pocket, side in ((self.left, LEFT), (self.right, RIGHT)):
            if pocket.ids and (pocket is self.left or not is_drawer):
                wish = self.open_ids.get(side, "")
                self._show(pocket, wish if wish in pocket.ids else pocket.ids[0])
        self.stale.emit()

    def open(self, name: str) -> None:
        """Show a panel; in the drawer instead of the one that is there."""
        if self.is_drawer is None:
            return
        pocket = self.left if name in self.left.ids else self.right
        self.open_ids[BY_ID[name].pocket] = name
        self._show(pocket, name)
        self.stale.emit()

    def shown(self) -> tuple[Panel, ...]:
        """The panels on screen."""
        pockets = (self.left,) if self.is_drawer else (self.left, self.right)
        found = (pocket.stack.currentWidget() for pocket in pockets if pocket.ids)
        return tuple(panel for panel in found if isinstance(panel, Panel)) if self.isVisible() else ()

    def is_shown(self, name: str) -> bool:
        """Is this panel on screen?"""
        return self.panels.get(name) in self.shown() if name in self.panels else False

    def refresh(self, place: int, session: Session, look: Look) -> None:
        """Ask the panel in the pocket at ``place`` for what it shows, if it is on screen."""
        for panel in self.shown()[place : place + 1]:
            panel.refresh(session, look)

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        self.style_now = style
        for part in (self.left, self.right, *self.panels.values()):
            part.restyle(style)
        for name in self.panels:
            self._name(name)

    def _name(self, name: str) -> None:
        """Say what a panel is, and its picture, to those who do not see the tab."""
        panel, said = self.panels[name], self.style_now.words.t(BY_ID[name].text)
        panel.setAccessibleName(said)
        if isinstance(panel, PicturePanel):
            panel.canvas.setAccessibleName(said)

    def _show(self, pocket: Pocket, name: str) -> None:
        pocket.show_panel(name, self._panel(name))

    def _panel(self, name: str) -> Panel:
        if name not in self.panels:
            panel = BY_ID[name].make(self.style_now)
            panel.setProperty("section", BY_ID[name].text)
            panel.restyle(self.style_now)
            panel.wanted.connect(self.wanted)
            panel.commanded.connect(self.commanded)
            panel.stale.connect(self.stale)
            if isinstance(panel, PicturePanel):
                panel.clicked.connect(self.clicked)
                panel.hovered.connect(self.hovered)
                panel.menu_wanted.connect(self.menu_wanted)
            self.panels[name] = panel
            self._name(name)
        return self.panels[name]
