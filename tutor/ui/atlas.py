"""The page of the atlas: the map of pairs of states, and beside it what is known of the pair that is chosen.

Rules
-----
* It shows rows and says what was wanted. What it covers goes on existing behind it.
* Arrows walk over the map, Enter plays the run to the pair, Ctrl+G stands where it has come there. A click chooses, a
  second one on the same cell plays.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from tutor.explore.charted import CHARTED
from tutor.profiles import load_profile
from tutor.teach import atlas
from tutor.ui.atlas_rows import AtlasPageRows, pair_at, protocols, spoken
from tutor.ui.button import Button
from tutor.ui.canvas import Canvas
from tutor.ui.card import Card, set_ink
from tutor.ui.forms import ChoiceBox
from tutor.ui.page import Page, scrolling
from tutor.ui.style import Style
from tutor.ui.window import Window
from tutor.view.atlas import parted
from tutor.view.marks import Rect
from tutor.view.theme import Look
from tutor.words import Words, mark

RULE = mark(
    "Each cell is a pair: where the client is, where the server is. The number is how many moves lead there, with old"
    " segments and copies only where nothing else does."
)

SIDE, SHARE = 400, 0.31
"""Px of the 1920-px layout that the right side takes, and of the window's width at most so much."""

RULE_ROOM = 280
"""With less room than this (px at text scale 1) the rule is said by the tooltip of the summary alone."""

CRAMPED = 480
"""In a window lower than this (px at text scale 1) what is said twice is said once."""

WALKS = {
    Qt.Key.Key_Up: atlas.Walk(down=-1), Qt.Key.Key_Down: atlas.Walk(down=1),
    Qt.Key.Key_Left: atlas.Walk(right=-1), Qt.Key.Key_Right: atlas.Walk(right=1),
    Qt.Key.Key_Home: atlas.Walk(right=-len(atlas.ORDER)), Qt.Key.Key_End: atlas.Walk(right=len(atlas.ORDER)),
    Qt.Key.Key_PageUp: atlas.Walk(down=-len(atlas.ORDER)), Qt.Key.Key_PageDown: atlas.Walk(down=len(atlas.ORDER)),
}  # fmt: skip
"""Key -> where it leads on the map."""


class MapCanvas(Canvas):
    """A canvas over which one walks in two directions."""

    walked = Signal(object)
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in WALKS:
            self.walked.emit(WALKS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class AtlasPage(Page):
    """Covers the window. ``wanted`` carries an intent of ``teach.atlas``, ``commanded`` a command's id."""

    play_wanted = Signal()
    stand_wanted = Signal()
    topic = "atlas"
    own = frozenset({"take-me-there"})

    def __init__(self, style: Style, window: Window) -> None:
        super().__init__(style, window)
        self.shown: AtlasPageRows | None = None
        self.summary, self.band = QLabel(), QLabel()
        self.protocol, self.rules = ChoiceBox(style), ChoiceBox(style)
        self.table, self.side = Card(style), Card(style)
        self.canvas, self.columns = MapCanvas(style), Canvas(style)
        self.columns.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.said = {name: QLabel() for name in ("verdict", "compared", "beginning", "moves", "why", "now")}
        self.play, self.stand = Button("primary"), Button()
        self._build()
        self._wire()

    # --- building ---

    def _build(self) -> None:
        for part in (self.protocol, self.rules, self.close_button):
            self.top.addWidget(part)
        for name in CHARTED:
            self.rules.addItem(load_profile(name).title, name)
        for box in (self.protocol, self.rules):
            box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self.room = scrolling(self.canvas)
        for label in (self.table.head, self.summary, self.band):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.band.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.band.setAutoFillBackground(True)
        self.table.top.addWidget(self.summary, 1)
        self.table.body.addWidget(self.columns)
        self.table.body.addWidget(self.room, 1)
        self.table.body.addWidget(self.band)
        inner = QWidget()
        self.words_layout = QVBoxLayout(inner)
        self.words_layout.setContentsMargins(0, 0, 8, 0)
        for name, label in self.said.items():
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            if name == "moves":
                for button in (self.play, self.stand):
                    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                    self.words_layout.addWidget(button)
            self.words_layout.addWidget(label)
        self.words_layout.addStretch(1)
        self.side.head.setWordWrap(True)
        self.side.body.addWidget(scrolling(inner), 1)
        self.row.addWidget(self.table, 1)
        self.row.addWidget(self.side)
        self.cover()

    def _wire(self) -> None:
        self.protocol.activated.connect(lambda _: self.wanted.emit(atlas.Turn(variant=self.protocol.currentData())))
        self.rules.activated.connect(lambda _: self.wanted.emit(atlas.Turn(profile=self.rules.currentData())))
        self.canvas.clicked.connect(self._click)
        self.canvas.walked.connect(self.wanted)
        self.canvas.entered.connect(self._play)
        self.canvas.resized.connect(self.draw)
        self.play.clicked.connect(self.play_wanted)
        self.stand.clicked.connect(self.stand_wanted)

    def takes(self, name: str) -> bool:
        """Carry out a command that means something here; False: it is the window's."""
        if name == "take-me-there":
            self.stand_wanted.emit()
        elif name == "deselect":
            self.commanded.emit(self.topic)
        return name in ("take-me-there", "deselect")

    def _click(self, mark_id: str) -> None:
        pair = pair_at(mark_id)
        if pair is None or self.shown is None:
            return
        is_chosen = any(cell.is_chosen and cell.id == mark_id for row in self.shown.map.cells for cell in row)
        if is_chosen:
            self._play()
        else:
            self.wanted.emit(atlas.Choose(pair))

    def _play(self) -> None:
        if self.shown is not None and self.shown.can_play:
            self.play_wanted.emit()

    # --- looks ---

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        self.style_now = style
        t = style.words.t
        self.set_gaps(self.words_layout)
        for card in (self.table, self.side):
            card.restyle(style)
        for label, font, role in (
            (self.head, style.font(22, 700), "ink"), (self.rule, style.font(15), "ink2"),
            (self.summary, style.font(15, 600), "ink"), (self.band, style.font(16, 700), "surface"),
        ):  # fmt: skip
            label.setFont(font)
            set_ink(label, style, role)
        palette = self.band.palette()
        palette.setColor(self.band.backgroundRole(), style.colour("ink"))
        self.band.setPalette(palette)
        self.band.setMargin(style.px(6))
        self.head.setText(t("The atlas"))
        self.rule.setText(t(RULE))
        self.summary.setToolTip(t(RULE))
        self.close_button.restyle(style, t("Back to the stage"), key=t("Esc"))
        for box, name in ((self.protocol, t("Protocol")), (self.rules, t("Rules"))):
            box.restyle(style)
            box.setAccessibleName(name)
        self.canvas.restyle(style)
        self.columns.restyle(style)
        self.canvas.setAccessibleName(t("Where both ends can be together"))
        for name, size, weight, role in (
            ("verdict", 17, 700, "ink"), ("compared", 15, 600, "ink"), ("beginning", 14, 400, "ink2"),
            ("moves", 15, 400, "ink"), ("why", 14, 400, "ink"), ("now", 14, 400, "ink2"),
        ):  # fmt: skip
            self.said[name].setFont(style.font(size, weight))
            set_ink(self.said[name], style, role)
        self.play.restyle(style, t("Play this run"), key=t("Enter"))
        self.stand.restyle(style, t("Take me there"), key="Ctrl+G")
        self._name_protocols()
        self.share()

    def _name_protocols(self) -> None:
        """The protocols in the words of now; what was chosen stays."""
        chosen = self.protocol.currentData()
        self.protocol.clear()
        for name, variant in protocols(self.style_now.words):
            self.protocol.addItem(name, variant)
        self.protocol.setCurrentIndex(max(0, self.protocol.findData(chosen)))

    # --- rows ---

    def show_rows(self, rows: AtlasPageRows) -> None:
        """Show a reading."""
        self.shown = rows
        self.protocol.setCurrentIndex(self.protocol.findData(rows.variant))
        self.rules.setCurrentIndex(self.rules.findData(rows.profile))
        self.summary.setText(rows.summary)
        self.band.setVisible(bool(rows.not_tcp))
        self._spare()
        self.side.say(rows.title)
        numbered = "\n".join(f"{place}. {line}" for place, line in enumerate(rows.moves, 1))
        texts = {
            "verdict": rows.verdict, "compared": rows.compared, "beginning": rows.beginning, "moves": numbered,
            "why": "\n\n".join(rows.why), "now": rows.now,
        }  # fmt: skip
        for name, text in texts.items():
            self.said[name].setText(text)
            self.said[name].setVisible(bool(text))
        for button in (self.play, self.stand):
            button.setVisible(rows.can_play)
        self.draw()

    def _spare(self) -> None:
        """Where the text is large for the window, what stands elsewhere too is left out in favour of the map."""
        if self.shown is None:
            return
        is_cramped = self.height() < self.style_now.text_px(CRAMPED)
        self.band.setText(self.shown.not_tcp_brief if is_cramped else self.shown.not_tcp)
        self.band.setToolTip(self.shown.not_tcp)
        self.table.say(self.shown.protocol)
        self.table.head.setVisible(not is_cramped)

    def draw(self) -> None:
        if self.shown is None:
            return
        style, rows = self.style_now, self.shown
        words = style.words if isinstance(style.words, Words) else Words(style.lang)
        look = Look(style.lang, style.theme_name, max(style.scale, style.text_scale), words=words)
        room = float(self.room.viewport().width()), float(self.columns.height() + self.room.height())
        heads, picture = parted(rows.map, room, look)
        self.columns.setFixedHeight(round(heads.height))
        self.columns.show_picture(heads)
        self.canvas.setMinimumHeight(int(picture.height))
        self.canvas.show_picture(picture, spoken(rows, self.style_now.words))
        chosen = next((cell.id for row in rows.map.cells for cell in row if cell.is_chosen), "")
        box = next((each for each in picture.marks() if each.id == chosen and isinstance(each, Rect)), None)
        if box is not None:
            self.room.ensureVisible(round(box.x + box.w / 2), round(box.y + box.h / 2), 0, round(box.h))

    def share(self) -> None:
        """The right side's part of the width; the rule is said where there is room for it."""
        others = (self.head, self.protocol, self.rules, self.close_button)
        taken = sum(each.sizeHint().width() + 2 * self.style_now.px(10) for each in others)
        self.rule.setVisible(self.width() - taken > self.style_now.text_px(RULE_ROOM))
        self.side.setFixedWidth(min(self.style_now.px(SIDE), round(self.width() * SHARE)))
        self._spare()
