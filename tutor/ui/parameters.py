"""The panel of parameters: everything that can be set, searchable, with what each value would do.

Rules
-----
* Groups are shut until they are opened; a search looks into all of them. Rows are made when they are shown.
* The row in hand is explained below itself. What it says of a value is computed before the value is set.
* "From the start" makes the whole run anew; else a value counts from the playhead on.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from tutor.joining import listed
from tutor.teach import intents
from tutor.teach.session import Session
from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.panel import Panel
from tutor.ui.parameter_cells import CellView, quiet
from tutor.ui.parameter_rows import Head, Row, Sheet, sheet
from tutor.ui.style import Style, wear
from tutor.ui.tick import Tick
from tutor.view.theme import Look
from tutor.words import Words

BESIDE, ABREAST = 900, 620
"""From these widths on (px at 1x) name and values stand beside the title; or the values do, and the name below it."""

NAMED = 3
"""So many changed parameters are named on the head of their group."""
QWIDGETSIZE_MAX = (1 << 24) - 1
"""What Qt takes for no bound."""
TITLE_SHARE = 0.22
"""Of a row's width, what is kept for its title, and for its name where that stands beside."""

_NOTE_INKS = {
    "consequence": "ink",
    "pending": "accent",
    "locked": "ink",
    "meaning": "ink2",
    "source": "ink2",
    "kernels": "ink2",
}


class RowView(QWidget):
    """One row: title and name, a cell a host, and what is told while it is in hand."""

    def __init__(self, panel: Parameters) -> None:
        super().__init__()
        self.panel = panel
        self.row: Row | None = None
        self.title, self.name, self.why = QLabel(self), QLabel(self), QLabel(self)
        self.cells: list[CellView] = []
        self.notes: list[QLabel] = []
        self.grid = QGridLayout(self)
        self._shape: tuple[object, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def show_row(self, style: Style, row: Row, width: int) -> None:
        """Show this row in a panel of this width."""
        is_held = bool(row.notes)
        if self.row is None or bool(self.row.notes) != is_held or self._shape[-1:] != (style,):
            ground = f"background: {style.theme.colour('surface2')}; border-radius: 6px;"
            wear(self, f"RowView {{ {ground} }}" if is_held else "")
        self.row = row
        self.title.setText(row.title)
        self.name.setText(row.name if row.name != row.title else "")
        self.why.setText(row.why)
        while len(self.cells) < len(row.cells):
            self._add_cell()
        for view, cell in zip(self.cells, row.cells, strict=False):
            view.show_cell(style, cell)
            view.show()
        for view in self.cells[len(row.cells) :]:
            view.hide()
        self._show_notes(style, row)
        mode = "beside" if width >= style.px(BESIDE) else "abreast" if width >= style.px(ABREAST) else "below"
        shape = (mode, len(row.cells), len(row.notes), bool(row.why), width, style)
        if shape != self._shape:
            self._shape = shape
            self._lay_out(style, mode, width)

    def _add_cell(self) -> None:
        view = CellView(self)
        view.weighed.connect(self.panel.weigh)
        view.wanted.connect(lambda name, value, is_locked: self.panel.want(name, value, is_what_if=is_locked))
        self.cells.append(view)

    def _show_notes(self, style: Style, row: Row) -> None:
        while len(self.notes) < len(row.notes):
            label = QLabel(self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.notes.append(label)
        for place, label in enumerate(self.notes):
            label.setVisible(place < len(row.notes))
        for label, note in zip(self.notes, row.notes, strict=False):
            label.setText(f"→ {note.text}" if note.kind == "consequence" else note.text)
            label.setFont(
                style.font(15, 600) if note.kind == "consequence"
                else style.mono(12) if note.kind == "kernels" else style.font(13)
            )  # fmt: skip
            quiet(label, style, _NOTE_INKS[note.kind])

    def _lay_out(self, style: Style, mode: str, width: int) -> None:
        """Put the parts in their places."""
        while self.grid.count():
            self.grid.takeAt(0)
        grid, px = self.grid, style.px
        grid.setContentsMargins(px(8), px(4), px(8), px(4))
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(2))
        self.title.setFont(style.font(14, 600))
        self.title.setWordWrap(True)
        self.name.setFont(style.mono(12))
        quiet(self.name, style)
        quiet(self.why, style)
        self.why.setFont(style.font(13))
        self.why.setVisible(bool(self.row.why))
        self.name.setVisible(bool(self.name.text()))
        columns = max(2, len(self.row.cells))
        first = 2 if mode == "beside" else 1
        for column in range(8):
            grid.setColumnStretch(column, 0)
            grid.setColumnMinimumWidth(column, 0)
        grid.setColumnStretch(0, 1 if mode == "below" else 0)
        share = 0 if mode == "below" else round(width * TITLE_SHARE)
        self.title.setMaximumWidth(share or QWIDGETSIZE_MAX)
        for column in range(first):  # as wide in one row as in the next, whatever stands there
            grid.setColumnMinimumWidth(column, share)
        if mode == "beside":
            grid.addWidget(self.title, 0, 0)
            grid.addWidget(self.name, 0, 1)
        else:
            grid.addWidget(self.title, 0, 0)
            grid.addWidget(self.name, 1, 0)
        if mode == "below":
            self._below(grid)
        else:
            for column in range(columns):
                grid.setColumnStretch(first + column, 1)
            for column, view in enumerate(self.cells[: len(self.row.cells)]):
                span = columns if len(self.row.cells) == 1 else 1
                grid.addWidget(view, 0, first + column, 1 if mode == "beside" else 2, span)
            if self.row.why:
                grid.addWidget(self.why, 0, first, 1 if mode == "beside" else 2, columns)
        for place, label in enumerate(self.notes[: len(self.row.notes)]):
            grid.addWidget(label, 10 + place, 0, 1, first + columns)

    def _below(self, grid: QGridLayout) -> None:
        for place, view in enumerate(self.cells[: len(self.row.cells)]):
            grid.addWidget(view, 2 + place, 0, 1, 3)
        if self.row.why:
            grid.addWidget(self.why, 2, 0, 1, 3)

    def stops(self) -> list[QWidget]:
        """What Tab stops at in this row, left to right."""
        return [stop for view in self.cells[: len(self.row.cells)] for stop in view.stops()]

    def mousePressEvent(self, event) -> None:
        self.take_hand()
        super().mousePressEvent(event)

    def take_hand(self) -> None:
        """This is the row in hand now."""
        if self.row is not None and self.row.cells and not self.row.notes:
            self.panel.weigh(self.row.cells[0].id, "")


class Parameters(Panel):
    """Shows a ``Sheet``; emits what is weighed and what is set."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.opened = frozenset({"often"})
        self.views: dict[str, QWidget] = {}
        self._order: tuple[str, ...] = ()
        self._told: dict[str, tuple[object, ...]] = {}
        self._held = ""
        self._chain: list[QWidget] = []
        self._sheet = self._made = Sheet(())
        self._asked: tuple[object, ...] = ()
        self._places: tuple[object, object] = (None, None)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self.stale.emit())
        self.from_start = Tick(style)
        self.warning, self.constant, self.empty = QLabel(), QLabel(), QLabel()
        self.list = QWidget()
        self.column = QVBoxLayout(self.list)
        self.column.addStretch(1)
        self.scroll = QScrollArea()
        self.scroll.setWidget(self.list)
        self.scroll.setWidgetResizable(True)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.setMinimumHeight(1)  # where there is little room it is the list that gives way, not the search
        for part in (self.list, self.scroll.viewport()):
            part.setAutoFillBackground(False)
        self.scroll.viewport().installEventFilter(self)
        self.top = QHBoxLayout()
        self.top.addWidget(self.search, 1)
        self.top.addWidget(self.from_start)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addLayout(self.top)
        body.addWidget(self.warning)
        body.addWidget(self.constant)
        body.addWidget(self.empty)
        body.addWidget(self.scroll, 1)
        self.body = body

    def take_focus(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # --- looks ---

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        words = style.words
        self.body.setSpacing(style.px(4))
        self.top.setSpacing(style.px(12))
        self.column.setContentsMargins(0, 0, style.px(4), 0)
        self.column.setSpacing(style.px(2))
        self.search.setFont(style.font(14))
        self.search.setPlaceholderText(words.t("Search: name, meaning, sysctl, RFC"))
        self.search.setAccessibleName(words.t("Search the parameters"))
        self.from_start.setFont(style.font(14))
        self.from_start.restyle(style, words.t("from the start"))
        explained = words.t("The whole run is computed with the new value; else it counts from this moment on.")
        self.from_start.setToolTip(explained)
        self.from_start.setAccessibleDescription(explained)
        for label in (self.warning, self.constant, self.empty):
            label.setFont(style.font(14, 400 if label is self.constant else 600))
            label.setWordWrap(True)
            set_ink(label, style, "ink")

    def eventFilter(self, watched, event: QEvent) -> bool:
        if watched is self.scroll.viewport() and event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._resized)
        return super().eventFilter(watched, event)

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._chain = []
        self._rows = None
        self.stale.emit()

    def _resized(self) -> None:
        self._held = ""
        self.show_rows(self._sheet)

    # --- rows ---

    def rows(self, session: Session, look: Look) -> Sheet:
        assert isinstance(look.words, Words), "a window speaks a language"
        needle = self.search.text()
        asked = (look.words.lang, needle, self.opened, session.weighed, session.horizon is None)
        places = (session.world, session.scenario)
        if self._asked != asked or any(a is not b for a, b in zip(self._places, places, strict=True)):
            self._asked, self._places = asked, places
            self._made = sheet(session, look.words, needle, self.opened)
        return self._made

    def show_rows(self, rows: Sheet) -> None:
        self._sheet = rows
        words, style = self.style_now.words, self.style_now
        self.warning.setText(f"⚠ {rows.warning}" if rows.warning else "")
        self.warning.setVisible(bool(rows.warning))
        short, whole = rows.constant
        self.constant.setText(short)
        self.constant.setToolTip(whole)
        self.constant.setAccessibleDescription(whole)
        self.constant.setVisible(bool(short))
        nothing = words.t("No parameter is called so, or means that.") if rows.found == 0 else ""
        more = words.t("{count} more: say more of what you look for.", count=rows.more) if rows.more else ""
        self.empty.setText(nothing or more)
        self.empty.setVisible(bool(nothing or more))
        self.scroll.setVisible(not nothing)
        order = tuple(line.id for line in rows.lines)
        if order != self._order:
            self._arrange(rows, order)
        width = self.scroll.viewport().width()
        for line in rows.lines:
            view = self.views[line.id]
            if self._told.get(line.id) == (line, style, width):
                continue  # most lines stay as they are from event to event
            self._told[line.id] = (line, style, width)
            if isinstance(line, Head):
                self._show_head(view, line)
            else:
                view.show_row(style, line, width)
        self._settle()
        self._order_tabs(rows)
        self._reveal(next((line.id for line in rows.lines if isinstance(line, Row) and line.notes), ""))

    def _settle(self) -> None:
        """Lay the list out now, so that what comes into the hand can be scrolled to and grabbed."""
        for view in self.views.values():
            view.show()
        self.column.activate()
        QApplication.sendEvent(self.scroll, QEvent(QEvent.Type.LayoutRequest))
        self.column.activate()

    def _order_tabs(self, rows: Sheet) -> None:
        """Tab goes from the search through the rows, top to bottom, whenever each widget was made."""
        chain: list[QWidget] = [self.search]
        for line in rows.lines:
            view = self.views[line.id]
            chain += view.stops() if isinstance(view, RowView) else [view]
        if chain != self._chain:
            self._chain = chain
            for first, second in pairwise(chain):
                QWidget.setTabOrder(first, second)

    def _reveal(self, held: str) -> None:
        """Bring the row in hand into sight, when it comes into the hand."""
        if held and held != self._held:
            self._scroll_to(held)
        self._held = held

    def _scroll_to(self, held: str) -> None:
        if held not in self.views:
            return
        row, bar, room = self.views[held].geometry(), self.scroll.verticalScrollBar(), self.scroll.viewport().height()
        if row.top() < bar.value() or row.bottom() > bar.value() + room:
            bar.setValue(max(0, min(row.top(), row.bottom() - room) if row.height() < room else row.top()))

    def _arrange(self, rows: Sheet, order: tuple[str, ...]) -> None:
        """Have a widget for each line, in order; those that are there stay what they are."""
        for gone in set(self.views) - set(order):
            view = self.views.pop(gone)
            self._told.pop(gone, None)
            self.column.removeWidget(view)
            view.hide()
            view.deleteLater()
        for place, line in enumerate(rows.lines):
            if line.id not in self.views:
                self.views[line.id] = self._head(line) if isinstance(line, Head) else RowView(self)
            self.column.insertWidget(place, self.views[line.id])
        self._order = order

    def _head(self, line: Head) -> Button:
        button = Button("plain")
        button.clicked.connect(lambda: self.toggle(line.id))
        return button

    def _show_head(self, button: Button, line: Head) -> None:
        words = self.style_now.words
        sign = "▾" if line.is_open else "▸"
        names = listed([*line.changed[:NAMED], *(["…"] if len(line.changed) > NAMED else [])], words)
        changed = words.t(" · {count} changed: {names}", count=len(line.changed), names=names) if names else ""
        button.restyle(self.style_now, f"{sign} {line.title} · {line.count}{changed}")
        wear(button, "text-align: left;")
        button.setFont(self.style_now.font(14, 700))

    # --- what a person does ---

    def toggle(self, group: str) -> None:
        """Open a group, or shut it."""
        self.opened = self.opened ^ {group}
        self.stale.emit()

    def weigh(self, parameter: str, value: str) -> None:
        """Take a row in hand, and a value for it."""
        self.wanted.emit(intents.Weigh(parameter, value))

    def want(self, parameter: str, value: str, *, is_what_if: bool) -> None:
        """Set a value, now or from the start."""
        kind = intents.WhatIf if is_what_if else intents.SetParameter
        self.wanted.emit(kind(parameter, value, self.from_start.isChecked()))
