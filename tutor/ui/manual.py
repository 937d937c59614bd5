"""The manual (F1): pages of Markdown out of assets/help, and one page made of the engine's own clauses.

Rules
-----
* Nothing is loaded from anywhere but ``assets/help``: a link leads to another page, or nowhere.
* F1 opens the page of the place where the focus or the pointer is: each region names its page in the property
  ``topic``.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QCursor, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QListWidget, QTextBrowser, QVBoxLayout, QWidget

from tutor import resources
from tutor.tcp.clauses import CLAUSES
from tutor.ui.button import Button
from tutor.ui.style import Style, sheet
from tutor.words import Words, mark

TOPICS: dict[str, str] = {
    "start": mark("First steps"),
    "diagram": mark("The state diagram"),
    "ladder": mark("The segment timeline"),
    "hand": mark("Your hand on the run"),
    "panels": mark("The panels"),
    "writing": mark("Writing a lesson"),
    "truth": mark("Where the truth comes from"),
    "clauses": mark("The clauses"),
    "rfc9293": mark("The requirements of RFC 9293"),
}
"""Page -> its title, in the order of the list."""

CLAUSE_PAGE = "clauses"
LINK = "topic"


def page(topic: str, words: Words) -> str:
    """The Markdown of a page in the words' language."""
    if topic == CLAUSE_PAGE:
        return clauses_page(words)
    suffix = "" if words.lang == "en" else f".{words.lang}"
    return resources.asset_text(f"help/{topic}{suffix}.md")


def clauses_page(words: Words) -> str:
    """Every clause that a reason rests on: document, section, and our one sentence about it."""
    by_document: dict[str, list[str]] = {}
    for clause_id, clause in CLAUSES.items():
        line = f"* **{words.section(clause_id)}** · {words.reading(clause_id)}"
        by_document.setdefault(clause.document, []).append(line)
    said = words.t("Each decision of the engine rests on one of these. The sentence is our reading of it.")
    parts = [f"# {words.t('The clauses')}", said]
    for document, lines in by_document.items():
        parts += [f"## {document}", "\n".join(dict.fromkeys(lines))]
    return "\n\n".join(parts)


def topic_at(window: QWidget) -> str:
    """The page of the place where the focus is, else the pointer; the first page where neither has one."""
    for place in (QApplication.focusWidget(), QApplication.widgetAt(QCursor.pos())):
        widget = place
        while widget is not None and widget is not window:
            if widget.property(LINK) in TOPICS:
                return str(widget.property(LINK))
            widget = widget.parentWidget()
    return next(iter(TOPICS))


class Pages(QTextBrowser):
    """Shows pages; loads nothing."""

    def loadResource(self, _kind, _url):
        return None


def _give_room(document: QTextDocument, below: int) -> None:
    """Lines and paragraphs stand apart as in the lesson card; ``below``: px under a paragraph."""
    block = document.begin()
    while block.isValid():
        shape = QTextBlockFormat()
        shape.setLineHeight(125, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        shape.setBottomMargin(below)
        if block.blockFormat().headingLevel() > 1:
            shape.setTopMargin(below)
        QTextCursor(block).mergeBlockFormat(shape)
        block = block.next()


class Manual(QDialog):
    """A window beside the main one: the list of pages, and the page."""

    def __init__(self, style: Style, words: Words, parent: QWidget) -> None:
        super().__init__(parent)
        self._words, self._style = words, style
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(words.t("Manual"))
        self.setStyleSheet(sheet(style))
        self.topics = QListWidget()
        self.topics.setFont(style.font(15))
        self.topics.setAccessibleName(words.t("Pages"))
        self.topics.addItems([words.t(title) for title in TOPICS.values()])
        self.topics.setMaximumWidth(style.px(270))
        self.pages = Pages()
        self.pages.setOpenLinks(False)
        self.pages.setFont(style.font(16))
        self.pages.document().setDocumentMargin(style.px(16))
        self.pages.anchorClicked.connect(self._follow)
        self.topics.currentRowChanged.connect(lambda row: self._show(tuple(TOPICS)[row]))
        close = Button("primary")
        close.restyle(style, words.t("Close"), key=words.t("Esc"))
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(self.topics)
        row.addWidget(self.pages, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.addLayout(row, 1)
        column.addLayout(foot)
        room = parent.size()
        self.resize(min(style.px(1100), room.width() - 40), min(style.px(760), room.height() - 40))

    def turn_to(self, topic: str) -> None:
        """Show a page."""
        self.topics.setCurrentRow(tuple(TOPICS).index(topic))

    def _show(self, topic: str) -> None:
        self.pages.setMarkdown(page(topic, self._words))
        _give_room(self.pages.document(), self._style.px(10))
        self.pages.setAccessibleName(self._words.t(TOPICS[topic]))
        self.pages.verticalScrollBar().setValue(0)

    def _follow(self, url: QUrl) -> None:
        if url.scheme() == LINK and url.path() in TOPICS:
            self.turn_to(url.path())
