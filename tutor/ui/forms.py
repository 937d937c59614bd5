"""Two forms that compose an act: any call on any socket, and a segment that nobody sends.

Rules
-----
* The form shows the act it stands for, as text that could be typed or saved. What comes of it the run shows.
* What cannot be read or done is said in the form, which stays open.
"""

from __future__ import annotations

from abc import abstractmethod
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from tutor.teach import completing, forging, intents
from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.style import Style, sheet
from tutor.words import mark
from tutor.world.acts import CALLS

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

FLAGS = ("RST", "SYN", "SYN,ACK", "ACK", "PSH,ACK", "FIN,ACK", "RST,ACK", "FIN")
"""What is forged most often; any other set can be typed."""


FIELD = QFormLayout.ItemRole.FieldRole


class ChoiceBox(QComboBox):
    """A list to choose from, with an arrow of the window's own."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self.setMinimumHeight(34)
        self.restyle(style)

    def restyle(self, style: Style) -> None:
        """Take the looks of ``style``."""
        self._style = style
        self.setFont(style.font(15))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._style.colour("ink2"), 1.8))
        x, y = self.width() - 16.0, self.height() / 2 - 2
        painter.drawPolyline([QPointF(x - 4, y), QPointF(x, y + 4), QPointF(x + 4, y)])
        painter.end()


class Form(QDialog):
    """Fields, the act that they stand for, what is wrong with it, and a button that does it."""

    title = ""

    def __init__(self, conductor: Conductor) -> None:
        super().__init__(conductor.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.conductor, self.style_now = conductor, conductor.style
        style, words = self.style_now, self.style_now.words
        self.setStyleSheet(sheet(style))
        self.setWindowTitle(words.t(self.title))
        self.rows = QFormLayout()
        self.said, self.error = QLabel(), QLabel()
        for label, font, role in ((self.said, style.mono(15), "ink"), (self.error, style.font(15), "ink")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setFont(font)
            label.setMinimumWidth(style.px(480))
            set_ink(label, style, role)
        self.error.setAccessibleName(words.t("What is wrong"))
        self.do_button, self.close_button = Button("primary"), Button()
        self.do_button.restyle(style, words.t("Do it"))
        self.close_button.restyle(style, words.t("Close"))
        self.do_button.clicked.connect(self.run)
        self.close_button.clicked.connect(self.reject)
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(*(style.px(18),) * 4)
        column.setSpacing(style.px(12))
        column.addLayout(self.rows)
        column.addWidget(self.said)
        column.addWidget(self.error)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.do_button)
        column.addLayout(foot)
        self.error.hide()

    def showEvent(self, event) -> None:
        """The first field has the keyboard; Tab goes down the fields, then to the buttons."""
        super().showEvent(event)
        fields = [item.widget() for row in range(self.rows.rowCount()) if (item := self.rows.itemAt(row, FIELD))]
        chain = [*(field for field in fields if field.focusPolicy()), self.do_button, self.close_button]
        for one, other in pairwise(chain):
            QWidget.setTabOrder(one, other)
        chain[0].setFocus(Qt.FocusReason.TabFocusReason)

    def choice(self, label: str, texts: list[str], *, is_free: bool = False) -> QComboBox:
        """A row with a list to choose from; ``is_free``: or to write into."""
        box = ChoiceBox(self.style_now)
        box.setEditable(is_free)
        box.addItems(texts)
        self.row(label, box)
        box.currentTextChanged.connect(self.changed)
        return box

    def text(self, label: str, value: str = "") -> QLineEdit:
        """A row to write into."""
        field = QLineEdit(value)
        field.setFont(self.style_now.mono(15))
        field.setMinimumHeight(34)
        self.row(label, field)
        field.textChanged.connect(self.changed)
        field.returnPressed.connect(self.run)
        return field

    def row(self, label: str, widget: QWidget) -> None:
        """Put ``widget`` under its label, which names it for screen readers too."""
        said = self.style_now.words.t(label)
        name = QLabel(said)
        name.setFont(self.style_now.font(15, 600))
        name.setBuddy(widget)
        widget.setAccessibleName(said)
        self.rows.addRow(name, widget)

    @abstractmethod
    def act(self) -> str:
        """The act that the fields stand for."""

    def changed(self, *_: object) -> None:
        """Say the act anew."""
        self.said.setText(self.act())
        self.error.hide()

    def run(self) -> None:
        """Do the act and close; or say why not."""
        session = self.conductor.send(intents.ActNow(self.act()))
        if session.notice is None or session.notice.id != "cannot-act":
            self.accept()
            return
        self.conductor.window.notice.say("")
        self.error.setText(session.notice.text(self.style_now.words))
        self.error.show()


class CallForm(Form):
    """Host, socket, call and its arguments."""

    title = mark("Any call on any socket")

    def __init__(self, conductor: Conductor, host: str = "") -> None:
        super().__init__(conductor)
        names = list(conductor.session.world.host_names)
        self.host = self.choice(mark("Host"), names)
        self.socket = self.choice(mark("Socket"), [])
        self.call = self.choice(mark("Call"), list(CALLS))
        self.arguments = self.text(mark("Arguments"))
        self.call.setCurrentText("close")
        self.host.currentTextChanged.connect(self._list_sockets)
        self.host.setCurrentText(host if host in names else names[0])
        self._list_sockets(self.host.currentText())

    def _list_sockets(self, host: str) -> None:
        found = self.conductor.session.world.table.get(host)
        self.socket.clear()
        self.socket.addItem(self.style_now.words.t("the newest"), "")
        for socket in reversed(found.all_sockets() if found is not None else ()):
            self.socket.addItem(f"{socket.id}   {socket.state}", socket.id)
        self.changed()

    def act(self) -> str:
        call = self.call.currentText()
        takes = any(name == "on" for name, _ in CALLS[call].options) if call in CALLS else False
        on = f"on={self.socket.currentData()}" if self.socket.currentData() and takes else ""
        return " ".join(filter(None, (self.host.currentText(), call, self.arguments.text().strip(), on)))

    def changed(self, *_: object) -> None:
        if hasattr(self, "arguments"):
            super().changed()
            self.arguments.setPlaceholderText(completing.usage(f"{self.host.currentText()} {self.call.currentText()}"))


class ForgeForm(Form):
    """Whose name, which flags and numbers, with what the receiver's block makes of them."""

    title = mark("A segment that nobody sent")

    def __init__(self, conductor: Conductor, sender: str = "") -> None:
        super().__init__(conductor)
        self.grounds = forging.grounds(conductor.session, sender)
        self.ground = self.choice(
            mark("Direction"), [f"{g.sender} → {g.receiver}   {g.connection}" for g in self.grounds]
        )
        self.flags = self.choice(mark("Flags"), list(FLAGS), is_free=True)
        self.number = self.choice(mark("Sequence number"), [], is_free=True)
        self.ack = self.choice(mark("Acknowledgment number"), [], is_free=True)
        self.window_size = self.text(mark("Window"), "65535")
        self.octets = self.text(mark("Octets"), "0")
        self.kind = QLabel()
        self.kind.setWordWrap(True)
        self.kind.setFont(self.style_now.font(15))
        set_ink(self.kind, self.style_now, "ink2")
        self.rows.addRow(self.kind)
        self.ground.currentTextChanged.connect(self._suggest)
        self._suggest()

    def _suggest(self, *_: object) -> None:
        ground = self._ground()
        for box, suggestions in ((self.number, ground and ground.seqs), (self.ack, ground and ground.acks)):
            box.clear()
            for each in suggestions or ():
                box.addItem(f"{each.value}   {self.style_now.words.t(each.text)}")
        self.do_button.setEnabled(ground is not None)
        self.changed()

    def _ground(self) -> forging.Ground | None:
        place = self.ground.currentIndex()
        return self.grounds[place] if 0 <= place < len(self.grounds) else None

    def act(self) -> str:
        ground, words = self._ground(), self.style_now.words
        if ground is None:
            return words.t("There is no connection yet. “Do anything” takes: {form}", form="inject HOST>HOST FLAGS")
        return ground.act(*self._values())

    def _values(self) -> tuple[str, str, str, str, str]:
        boxes = [box.currentText().split() for box in (self.flags, self.number, self.ack)]
        flags, number, ack = (words[0] if words else "" for words in boxes)
        return flags, number, ack, self.window_size.text().strip(), self.octets.text().strip()

    def changed(self, *_: object) -> None:
        if not hasattr(self, "kind"):
            return
        super().changed()
        ground = self._ground()
        flags, number, ack, _, octets = self._values()
        said = forging.kind(ground, flags, number, ack, octets, self.style_now.words) if ground is not None else ""
        self.ack.setEnabled(forging.has_ack(flags))
        self.kind.setText(said)
