"""Everything of a window that anybody can perceive: by eye, by pointer, by screen reader.

Rules
-----
* ``seen`` is a flat table: where -> what. Two windows look, sound and answer alike if their tables are equal.
* Nothing is left out because it seems harmless: names, descriptions, tooltips, hints, rows of lists and their
  tooltips, values of sliders, pictures with all their marks and titles, menus, which commands answer, the window's
  title, and the pixels.
* What a panel or a widget is made of does not matter: a new panel is seen without a line here.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

from tutor.ui.canvas import Canvas
from tutor.ui.conductor import Conductor
from tutor.ui.prose import Prose
from tutor.view.marks import Picture, Text

ROLES = {
    "display": Qt.ItemDataRole.DisplayRole,
    "tooltip": Qt.ItemDataRole.ToolTipRole,
    "name": Qt.ItemDataRole.AccessibleTextRole,
    "description": Qt.ItemDataRole.AccessibleDescriptionRole,
    "status": Qt.ItemDataRole.StatusTipRole,
    "checked": Qt.ItemDataRole.CheckStateRole,
}
"""What an item of a list says of itself."""


def seen(conductor: Conductor, *, has_pixels: bool = True) -> dict[str, object]:
    """Where -> what, for the window as it is now and what has opened over it."""
    for _ in range(6):  # layouts inside layouts inside scroll areas settle in a few rounds
        QApplication.processEvents()
    window = conductor.window
    found: dict[str, object] = {"title": window.windowTitle()}
    for path, widget in walk(window):
        found |= {f"{path}.{what}": value for what, value in words_of(widget) if value not in ("", None)}
    for name, action in window.actions_by_id.items():
        found[f"command {name}"] = (action.isEnabled(), action.text(), action.toolTip())
    if has_pixels:
        image = window.grab().toImage()
        found["pixels"] = bytes(image.constBits())
    return found


def walk(root: QWidget) -> Iterator[tuple[str, QWidget]]:
    """Every visible widget below ``root`` with a path that lasts."""
    stack = [("window", root)]
    while stack:
        path, widget = stack.pop()
        yield path, widget
        count: dict[str, int] = {}
        for child in widget.children():
            if isinstance(child, QWidget) and child.isVisible() and not child.isWindow():
                if child.objectName() in ("qt_scrollarea_hcontainer", "qt_scrollarea_vcontainer"):
                    continue  # scroll bars, which come and go while layouts settle
                kind = type(child).__name__ + (f"#{child.objectName()}" if child.objectName() else "")
                count[kind] = count.get(kind, 0) + 1
                stack.append((f"{path}/{kind}{count[kind]}", child))


def words_of(widget: QWidget) -> Iterator[tuple[str, object]]:
    """What one widget says and shows, by kind."""
    yield "name", "" if isinstance(widget, Prose) else widget.accessibleName()
    yield "description", widget.accessibleDescription()
    yield "tooltip", widget.toolTip()
    yield "help", widget.whatsThis()
    yield "enabled", widget.isEnabled()
    if isinstance(widget, Canvas):
        yield "picture", widget.picture
    elif isinstance(widget, Prose):
        yield "text", widget.markdown
    elif isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        yield "text", widget.text()
        yield "hint", getattr(widget, "placeholderText", str)()
    elif isinstance(widget, QPlainTextEdit | QTextEdit):
        yield "text", widget.toPlainText()
        yield "hint", widget.placeholderText()
    elif isinstance(widget, QGroupBox):
        yield "text", widget.title()
    elif isinstance(widget, QScrollBar):
        return  # where a list is scrolled to says nothing of what is in it
    elif isinstance(widget, QAbstractSlider | QProgressBar):
        yield "value", (widget.minimum(), widget.value(), widget.maximum())
    elif isinstance(widget, QAbstractSpinBox):
        yield "text", widget.text()
    yield from _of_rows(widget)


def _of_rows(widget: QWidget) -> Iterator[tuple[str, object]]:
    """Tabs, entries and items: those that are scrolled away too."""
    if isinstance(widget, QTabBar):
        for place in range(widget.count()):
            yield f"tab{place}", widget.tabText(place)
            yield f"tab{place}.tooltip", widget.tabToolTip(place)
    elif isinstance(widget, QComboBox):
        for place in range(widget.count()):
            yield f"entry{place}", widget.itemText(place)
    elif isinstance(widget, QMenu):
        for place, action in enumerate(widget.actions()):
            yield f"entry{place}", (action.text(), action.isEnabled(), action.isChecked())
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from _of_model(widget.model(), widget.rootIndex(), "row")


def _of_model(model: QAbstractItemModel, parent: QModelIndex, path: str) -> Iterator[tuple[str, object]]:
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)
    if not parent.isValid():
        for place in range(columns):
            head = model.headerData(place, Qt.Orientation.Horizontal)
            yield f"head{place}", head if isinstance(head, str) else None
    for row in range(model.rowCount(parent)):
        for column in range(columns):
            index = model.index(row, column, parent)
            for what, role in ROLES.items():
                value = index.data(role)
                yield f"{path}{row}.{column}.{what}", str(value) if value is not None else None
        if not isinstance(model, QAbstractListModel):
            yield from _of_model(model, model.index(row, 0, parent), f"{path}{row}/")


def told(table: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Every text in such a table, with where it stands."""
    for where, what in table.items():
        if isinstance(what, str):
            yield where, what
        elif isinstance(what, Picture):
            for mark in what.marks():
                if isinstance(mark, Text):
                    yield f"{where} {mark.id}", mark.text
            for mark_id, title in what.titles:
                yield f"{where} title of {mark_id}", title
        elif isinstance(what, tuple):
            yield from ((where, part) for part in what if isinstance(part, str))


def different(one: dict[str, object], other: dict[str, object]) -> list[str]:
    """Where two tables differ, with both texts where they are short."""
    lines = []
    for where in sorted(one.keys() | other.keys()):
        mine, theirs = one.get(where), other.get(where)
        if mine != theirs:
            shown = f": {mine!r} / {theirs!r}" if isinstance(mine or theirs, str) else ""
            lines.append(f"{where}{shown[:300]}")
    return lines
