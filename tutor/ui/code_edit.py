"""An editor of YAML: line numbers, indentation by Tab and Enter, completion, and faults underlined where they stand.

Rules
-----
* Tab indents, Shift+Tab takes back; Esc and then Tab leaves the editor: nobody is caught in it.
* What can be completed is asked of a function; this widget knows no format.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QSize, QStringListModel, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QCompleter, QPlainTextEdit, QTextEdit, QWidget

from tutor.teach.completion import Completion
from tutor.ui.style import Style
from tutor.ui.yaml_colours import Colours

Asked = Callable[[str, int, int], Completion]
INDENT = "  "


class LineNumbers(QWidget):
    """The margin of a ``CodeEdit``."""

    def __init__(self, edit: CodeEdit) -> None:
        super().__init__(edit)
        self._edit = edit

    def sizeHint(self) -> QSize:
        return QSize(self._edit.margin_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._edit.paint_numbers(self, event)


class CodeEdit(QPlainTextEdit):
    """The text. ``asked`` says what may be typed at (text, line, column)."""

    def __init__(self, style: Style, asked: Asked) -> None:
        super().__init__()
        self._style = style
        self._asked = asked
        self._faults: list[tuple[int, int]] = []
        self._start = 0
        self._leaves = False
        self.numbers = LineNumbers(self)
        self.colours = Colours(self.document(), style)
        self.completer = QCompleter(self)
        self.completer.setModel(QStringListModel(self))
        self.completer.setWidget(self)
        self.completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.activated.connect(self.insert)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.blockCountChanged.connect(lambda _count: self._place_numbers())
        self.updateRequest.connect(self._scroll_numbers)
        self.cursorPositionChanged.connect(self._mark)
        self.restyle(style)

    def text(self) -> str:
        """The text letter by letter: Qt's plain text would turn every no-break space into a space."""
        return self.document().toRawText().replace("\u2029", "\n")

    # --- looks ---

    def restyle(self, style: Style) -> None:
        """Take fonts and colours from ``style``."""
        self._style = style
        self.setFont(style.mono(15))
        self.completer.popup().setFont(style.mono(15))
        self.setAccessibleName(style.words.t("Text of the lesson"))
        self.setAccessibleDescription(
            style.words.t("Tab indents; Escape and then Tab leaves the text. Ctrl+Space completes.")
        )
        self.colours.restyle(style)
        self._place_numbers()
        self._mark()

    def margin_width(self) -> int:
        """How wide the line numbers are, in px."""
        digits = max(3, len(str(self.blockCount())))
        return self._style.px(14) + digits * self.fontMetrics().horizontalAdvance("0")

    def paint_numbers(self, margin: QWidget, event: QPaintEvent) -> None:
        """Draw the numbers of the lines that are seen; lines with a fault have theirs in the colour of faults."""
        painter = QPainter(margin)
        painter.fillRect(event.rect(), self._style.colour("surface"))
        painter.setFont(self.font())
        faulty = {line for line, _ in self._faults}
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            height = self.blockBoundingRect(block).height()
            number = block.blockNumber() + 1
            is_here = number == self.textCursor().blockNumber() + 1
            painter.setPen(self._style.colour("err" if number in faulty else "ink" if is_here else "ink3"))
            box = QRect(0, round(top), margin.width() - self._style.px(6), round(height))
            sign = "✕ " if number in faulty else ""
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{sign}{number}")
            top += height
            block = block.next()
        painter.end()

    def _place_numbers(self) -> None:
        width = self.margin_width() + self.fontMetrics().horizontalAdvance("✕ ")
        self.setViewportMargins(width, 0, 0, 0)
        inside = self.contentsRect()
        self.numbers.setGeometry(QRect(inside.left(), inside.top(), width, inside.height()))

    def _scroll_numbers(self, rect: QRect, by: int) -> None:
        if by:
            self.numbers.scroll(0, by)
        else:
            self.numbers.update(0, rect.y(), self.numbers.width(), rect.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_numbers()

    # --- faults ---

    def show_faults(self, places: list[tuple[int, int]]) -> None:
        """Underline these places, (line, column) from 1."""
        self._faults = places
        self._mark()
        self.numbers.update()

    def _mark(self) -> None:
        """The line of the cursor on a ground of its own, each fault underlined to the end of its word."""
        here = QTextEdit.ExtraSelection()
        here.format.setBackground(self._style.colour("surface"))
        here.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        here.cursor = self.textCursor()
        here.cursor.clearSelection()
        marks = [here]
        for line, column in self._faults:
            mark = QTextEdit.ExtraSelection()
            mark.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            mark.format.setUnderlineColor(QColor(self._style.colour("err")))
            mark.cursor = self._cursor_at(line, column)
            mark.cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            marks.append(mark)
        self.setExtraSelections(marks)
        self.numbers.update()

    def _cursor_at(self, line: int, column: int) -> QTextCursor:
        block = self.document().findBlockByNumber(max(0, min(line, self.blockCount()) - 1))
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + max(0, min(column - 1, block.length() - 1)))
        return cursor

    def go(self, line: int, column: int) -> None:
        """Put the cursor there, in the middle of the view."""
        self.setTextCursor(self._cursor_at(line, column))
        self.centerCursor()
        self.setFocus()

    # --- completion ---

    def offer(self, *, is_wanted: bool = True) -> None:
        """Show what may be typed here; unless ``is_wanted``, only once a letter of it has been typed."""
        cursor = self.textCursor()
        line, column = cursor.blockNumber(), cursor.positionInBlock()
        found = self._asked(self.text(), line, column)
        popup = self.completer.popup()
        if not found.choices or (not is_wanted and found.start >= column):
            popup.hide()
            return
        self._start = found.start
        texts = list(found.choices)
        self.completer.model().setStringList(texts)
        self.completer.setCompletionPrefix("")
        popup.setCurrentIndex(self.completer.completionModel().index(0, 0))
        box = self.cursorRect()
        box.translate(self.viewportMargins().left(), 0)
        room = max(self.fontMetrics().horizontalAdvance(text) for text in texts) + self._style.px(40)
        box.setWidth(min(room, max(120, self.width() - box.left())))
        self.completer.complete(box)

    def insert(self, text: str) -> None:
        """Put a completion in the place of what was typed of it."""
        cursor = self.textCursor()
        cursor.setPosition(cursor.block().position() + self._start, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
        self.setTextCursor(cursor)

    # --- keys ---

    def focusInEvent(self, event) -> None:
        self._leaves = False
        super().focusInEvent(event)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.text().isprintable()
            and event.text()
            and not event.modifiers()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, popup = event.key(), self.completer.popup()
        closing = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab)
        if popup.isVisible() and key in closing:
            event.ignore()
            return
        if key == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.offer()
            return
        if key == Qt.Key.Key_Escape:
            self._leaves = True
            return
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and self._leaves:
            self._leaves = False
            self.setTabChangesFocus(True)
            self.focusNextPrevChild(key == Qt.Key.Key_Tab)
            self.setTabChangesFocus(False)
            return
        self._leaves = False
        if not self._typed(event):
            super().keyPressEvent(event)
        has_typed = event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if has_typed or (popup.isVisible() and key not in (Qt.Key.Key_Shift, Qt.Key.Key_Up, Qt.Key.Key_Down)):
            self.offer(is_wanted=False)

    def _typed(self, event: QKeyEvent) -> bool:
        """The keys that an editor of YAML has a mind of its own about; True if this was one."""
        key, cursor = event.key(), self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        if key == Qt.Key.Key_Tab:
            self._indent(+1) if cursor.hasSelection() else cursor.insertText(INDENT)
        elif key == Qt.Key.Key_Backtab:
            self._indent(-1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            depth = len(before) - len(before.lstrip(" "))
            if before.strip().startswith("- "):
                depth += 2
            opens = before.rstrip().endswith((":", "|", ">", ">-", "|-"))
            cursor.insertText("\n" + " " * (depth + (2 if opens else 0)))
        elif key == Qt.Key.Key_Backspace and before and not before.strip() and not cursor.hasSelection():
            for _ in range(2 - len(before) % 2):
                cursor.deletePreviousChar()
        else:
            return False
        self.setTextCursor(cursor)
        return True

    def _indent(self, by: int) -> None:
        """Every line of the selection two columns in or out."""
        cursor = self.textCursor()
        first = self.document().findBlock(cursor.selectionStart()).blockNumber()
        last = self.document().findBlock(cursor.selectionEnd()).blockNumber()
        cursor.beginEditBlock()
        for number in range(first, last + 1):
            block = self.document().findBlockByNumber(number)
            line = QTextCursor(block)
            if by > 0:
                line.insertText(INDENT)
            else:
                for _ in range(min(2, len(block.text()) - len(block.text().lstrip(" ")))):
                    line.deleteChar()
        cursor.endEditBlock()
