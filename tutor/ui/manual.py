"""The manual (F1): pages of Markdown out of assets/help, and one page made of the engine's own clauses.

Rules
-----
* Nothing is loaded from anywhere but ``assets/help``: a link leads to another page, or nowhere.
* F1 opens the page of the place: of the panel that was opened last, as long as the focus has not moved since; else
  where the focus or the pointer is. Each region names its page in the property ``topic``, a panel its ``section``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QCursor, QTextOption
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QListWidget, QTextBrowser, QVBoxLayout, QWidget

from tutor import resources
from tutor.tcp.clauses import CLAUSES
from tutor.teach import glossary
from tutor.ui.button import Button
from tutor.ui.dressing import dress
from tutor.ui.panels import BY_ID
from tutor.ui.style import Style, sheet
from tutor.words import Words, mark

if TYPE_CHECKING:
    from tutor.ui.window import Window

TOPICS: dict[str, str] = {
    "start": mark("First steps"),
    "diagram": mark("The state diagram"),
    "ladder": mark("The segment timeline"),
    "hand": mark("Your hand on the run"),
    "panels": mark("The panels"),
    "network": mark("Be the network"),
    "atlas": mark("The atlas"),
    "learning": mark("Learning over weeks"),
    "exam": mark("The exam"),
    "taking": mark("Taking it along"),
    "writing": mark("Writing a lesson"),
    "lecturing": mark("Lecturing"),
    "glossary": mark("The glossary"),
    "truth": mark("Where the truth comes from"),
    "clauses": mark("The clauses"),
    "rfc9293": mark("The requirements of RFC 9293"),
}
"""Page -> its title, in the order of the list."""

TEXT = 16
"""Px of a page's words."""

CLAUSE_PAGE, PANEL_PAGE, GLOSSARY_PAGE = "clauses", "panels", "glossary"
LINK, SECTION = "topic", "section"


def page(topic: str, words: Words) -> str:
    """The Markdown of a page in the words' language; in English where it has not been translated."""
    if topic == CLAUSE_PAGE:
        return clauses_page(words)
    if topic == GLOSSARY_PAGE:
        return f"# {words.t(TOPICS[topic])}\n\n{glossary.page(words.lang)}"
    suffix = "" if words.lang == "en" else f".{words.lang}"
    try:
        return resources.asset_text(f"help/{topic}{suffix}.md")
    except FileNotFoundError:
        return resources.asset_text(f"help/{topic}.md")


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


class Place(NamedTuple):
    """A page, and the heading in it ("": its beginning; an English sentence)."""

    topic: str
    section: str = ""


def place_at(window: Window) -> Place:
    """What a learner who presses F1 wants to read about; the first page where nobody can tell."""
    opened, focus = window.opened_panel, QApplication.focusWidget()
    if opened and window.strip.is_shown(opened) and focus is window.focus_at_opening:
        return Place(PANEL_PAGE, BY_ID[opened].text)
    for place in (focus, QApplication.widgetAt(QCursor.pos())):
        found = _named(place, window)
        if found is not None:
            return found
    return Place(next(iter(TOPICS)))


def _named(widget: QWidget | None, window: QWidget) -> Place | None:
    """The page that a widget, or one around it, names."""
    section = ""
    while widget is not None and widget is not window:
        section = section or str(widget.property(SECTION) or "")
        if widget.property(LINK) in TOPICS:
            return Place(str(widget.property(LINK)), section)
        widget = widget.parentWidget()
    return None


class Pages(QTextBrowser):
    """Shows pages; loads nothing."""

    def loadResource(self, _kind, _url):
        return None


class Manual(QDialog):
    """A window beside the main one: the list of pages, and the page."""

    def __init__(self, style: Style, words: Words, parent: QWidget) -> None:
        super().__init__(parent)
        self._words, self._style = words, style
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(words.t("Manual"))
        self.setStyleSheet(sheet(style))
        self.topics = QListWidget()
        self.topics.setObjectName("topics")
        self.topics.setFont(style.font(15))
        self.topics.setAccessibleName(words.t("Pages"))
        self.topics.addItems([words.t(title) for title in TOPICS.values()])
        self.topics.setFixedWidth(style.px(270))
        self.pages = Pages()
        self.pages.setObjectName("page")
        self.pages.setOpenLinks(False)
        self.pages.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.pages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # everything wraps
        self._sought = 0
        self.pages.setFont(style.font(TEXT))
        self.pages.document().setDocumentMargin(style.px(20))
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
        for part in (row, column):
            part.setSpacing(style.px(12))
        column.setContentsMargins(*(style.px(16),) * 4)
        column.addLayout(row, 1)
        column.addLayout(foot)
        room = parent.size()
        self.resize(min(style.px(1100), room.width() - 40), min(style.px(760), room.height() - 40))

    def turn_to(self, topic: str, section: str = "") -> None:
        """Show a page, from the heading ``section`` on."""
        self.topics.setCurrentRow(tuple(TOPICS).index(topic))
        block = self.pages.document().begin()
        while section and block.isValid():
            if block.blockFormat().headingLevel() and block.text() in (section, self._words.t(section)):
                self._sought = block.blockNumber()
                QTimer.singleShot(0, self._scroll)  # where a heading lies is known when the page is laid out
                return
            block = block.next()

    def _scroll(self) -> None:
        block = self.pages.document().findBlockByNumber(self._sought)
        top = self.pages.document().documentLayout().blockBoundingRect(block).top()
        self.pages.verticalScrollBar().setValue(round(top))

    def _show(self, topic: str) -> None:
        self.pages.setMarkdown(page(topic, self._words))
        dress(self.pages.document(), self._style, TEXT)
        self.pages.setAccessibleName(self._words.t(TOPICS[topic]))
        self.pages.verticalScrollBar().setValue(0)

    def _follow(self, url: QUrl) -> None:
        if url.scheme() == LINK and url.path() in TOPICS:
            self.turn_to(url.path())
