"""The plots: two side by side where there is room, else one with tabs.

Rules
-----
* pyqtgraph is loaded when the panel has been painted once, never before: until then the panel says that it loads.
* Where the tabs have no room, the menu of the plot's title offers the same.
* What is plotted is a choice of what to see: it is asked of the session, and comes back from it like the time.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QScrollArea, QTabBar, QVBoxLayout, QWidget

from tutor.teach import intents
from tutor.teach.session import Session
from tutor.ui.card import set_ink
from tutor.ui.panel import Panel
from tutor.ui.plotrows import FIRST_CHOICES, Choice, PlotRow, choices_of, choices_text, plot_rows
from tutor.ui.style import Style
from tutor.view.plots import KINDS, TITLES
from tutor.view.standing import host_name
from tutor.view.theme import Look

BOTH = 820
"""From this width on (px, at normal text size) two plots stand side by side."""
BETWEEN, SCROLLBAR = 18, 14
"""Px between two plots, and what a scroll bar may take of them."""


class Plots(Panel):
    """Shows ``PlotRow``s."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.choices = FIRST_CHOICES
        self.panes: list = []
        self.trouble = ""
        self._look: Look | None = None
        self.message = QLabel()
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.tabs.setObjectName("strip-tabs")
        for _ in KINDS:
            self.tabs.addTab("")
        self.tabs.currentChanged.connect(lambda place: self.choose(0, KINDS[place]))
        self.inside = QWidget()
        within = QVBoxLayout(self.inside)
        within.setContentsMargins(0, 0, 0, 0)
        within.setSpacing(2)
        self.room = QHBoxLayout()
        self.room.setSpacing(BETWEEN)
        within.addWidget(self.tabs)
        within.addLayout(self.room, 1)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setWidget(self.inside)
        for part in (self.scroll.viewport(), self.inside):
            part.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.message, 1)
        column.addWidget(self.scroll, 1)
        self.scroll.hide()

    # --- looks ---

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self.message.setFont(style.font(15))
        set_ink(self.message, style, "ink2")
        self.message.setText(self._message())
        self.tabs.setFont(style.font(14, 600))
        self.tabs.setAccessibleName(style.words.t("What is plotted"))
        for place, kind in enumerate(KINDS):
            self.tabs.setTabText(place, style.words.t(TITLES[kind][0]))
        for pane in self.panes:
            pane.restyle(style)

    def _message(self) -> str:
        t = self.style_now.words.t
        if self.trouble:
            return t("The plots cannot be shown: {trouble}", trouble=self.trouble)
        return t("Loading the plots…")

    # --- loading ---

    def paintEvent(self, event) -> None:
        super().paintEvent(event)
        if not self.panes and not self.trouble:
            QTimer.singleShot(0, self, self.load)

    def load(self) -> None:
        """Have pyqtgraph, and a pane for each choice."""
        if self.panes or self.trouble:
            return
        try:
            from tutor.ui.plotpane import PlotPane

            self.panes = [PlotPane(self.style_now) for _ in self.choices]
        except (ImportError, OSError, RuntimeError) as problem:
            self.trouble = f"{type(problem).__name__}: {problem}"
            self.message.setText(self._message())
            return
        for place, pane in enumerate(self.panes):
            self.room.addWidget(pane, 1)
            pane.restyle(self.style_now)
            pane.wanted.connect(self.wanted)
            pane.menu_wanted.connect(lambda place=place: self.open_menu(place))
            pane.kind_wanted.connect(lambda kind, place=place: self.choose(place, kind))
        self.message.hide()
        self.scroll.show()
        self._share_room()
        self._rows = None
        self.stale.emit()

    # --- rows ---

    @property
    def is_ready(self) -> bool:
        """Do the plots show the whole run, as far as it may be shown, or say why they cannot?"""
        shown = [pane.row for pane in self.panes if pane.isVisibleTo(self)]
        return bool(self.trouble) or all(row is not None and row.share >= 1 for row in shown)

    @property
    def is_wide(self) -> bool:
        """Is there room for two?"""
        return self.width() >= BOTH * max(1.0, self.style_now.scale)

    def rows(self, session: Session, look: Look) -> tuple[PlotRow, ...]:
        if not self.panes:
            return ()
        self._look = look
        self._take(choices_of(session.sight.plots))
        shown = self.choices if self.is_wide else self.choices[:1]
        made = plot_rows(session, shown, look)
        if made[0].share < 1:
            QTimer.singleShot(0, self.stale.emit)
        return made

    def show_rows(self, rows: tuple[PlotRow, ...]) -> None:
        for pane, row in zip(self.panes, rows, strict=False):
            pane.show_row(row)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._share_room()
        self.stale.emit()

    def _share_room(self) -> None:
        fits = self.tabs.sizeHint().width() <= self.width()
        self.tabs.setVisible(not self.is_wide and fits and bool(self.panes))
        self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex(KINDS.index(self.choices[0].kind))
        self.tabs.blockSignals(False)
        number = len(self.panes) if self.is_wide else 1
        width = (self.width() - SCROLLBAR - BETWEEN * (number - 1)) // max(1, number)
        height = self.height() - (self.tabs.sizeHint().height() if self.tabs.isVisibleTo(self) else 0)
        for place, pane in enumerate(self.panes):
            pane.take_room(width, height)
            pane.setVisible(place < number)

    # --- choosing ---

    def choose(self, place: int, kind: str) -> None:
        """Plot something else there. What stands beside it changes places with it."""
        choices, old = list(self.choices), self.choices[place]
        for other, choice in enumerate(choices):
            if other != place and choice.kind == kind:
                choices[other] = replace(choice, kind=old.kind)
        choices[place] = replace(old, kind=kind)
        self.wanted.emit(intents.See("plots", choices_text(choices)))

    def set_choice(self, place: int, choice: Choice) -> None:
        """Plot it otherwise: one side only, to scale."""
        choices = (*self.choices[:place], choice, *self.choices[place + 1 :])
        self.wanted.emit(intents.See("plots", choices_text(choices)))

    def _take(self, choices: tuple[Choice, ...]) -> None:
        """Show these from now on."""
        if choices != self.choices:
            self.choices = choices
            self._share_room()

    def open_menu(self, place: int) -> QMenu:
        """Offer what can be plotted there, whose numbers, and how time is drawn."""
        t, choice = self.style_now.words.t, self.choices[place]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        kinds, sides = QActionGroup(menu), QActionGroup(menu)
        for kind in KINDS:
            self._entry(menu, kinds, t(TITLES[kind][0]), kind == choice.kind).triggered.connect(
                lambda _on=False, kind=kind: self.choose(place, kind)
            )
        menu.addSeparator()
        for side, text in self._sides():
            self._entry(menu, sides, text, side == choice.side).triggered.connect(
                lambda _on=False, side=side: self.set_choice(place, replace(self.choices[place], side=side))
            )
        menu.addSeparator()
        scale = self._entry(menu, None, t("Time to scale"), choice.to_scale)
        scale.triggered.connect(lambda on: self.set_choice(place, replace(self.choices[place], to_scale=on)))
        title = self.panes[place].title
        menu.popup(title.mapToGlobal(QPoint(0, title.height())))
        return menu

    def _sides(self) -> list[tuple[str, str]]:
        words = self.style_now.words
        hosts = self.panes[0].row.plot.hosts if self.panes and self.panes[0].row else ()
        return [
            ("", words.t("All hosts")),
            *((name, words.t("Only {host}", host=host_name(name, words))) for name in hosts),
        ]

    @staticmethod
    def _entry(menu: QMenu, group: QActionGroup | None, text: str, is_on: bool) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(is_on)
        if group is not None:
            group.addAction(action)
        return action
