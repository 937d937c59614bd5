"""The room's measures: asked for in a dialog, kept in the settings, and what follows from them said at once.

Rules
-----
* Two empty fields mean that nobody has told the room: then nothing is scaled.
* What makes no sense is said in the dialog, which stays open and keeps what is in the fields.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from tutor.joining import followed
from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.settings import Settings
from tutor.ui.style import Style, sheet
from tutor.view.hall import FARTHEST, NARROWEST, NEAREST, WIDEST, Hall, sizes, too_far
from tutor.words import mark

ROW, SCREEN = "room-back-row", "room-screen"
"""Names of the two settings; metres."""

FIELDS: dict[str, tuple[str, float, float]] = {
    ROW: (mark("Distance to the back row (m)"), NEAREST, FARTHEST),
    SCREEN: (mark("Width of the picture on the screen (m)"), NARROWEST, WIDEST),
}
"""Setting -> its label, its least and its greatest value."""


class NoMeasureError(ValueError):
    """What was typed is no measure. ``name`` of the setting, ``found`` the text."""

    def __init__(self, name: str, found: str) -> None:
        self.name, self.found = name, found
        super().__init__(f"{name}: {found!r}")


def hall_of(settings: Settings) -> Hall | None:
    """The room that was told; None if nobody has."""
    row, screen = (settings.number(name, least, most) for name, (_, least, most) in FIELDS.items())
    return Hall(row, screen) if row is not None and screen is not None else None


def keep_hall(settings: Settings, hall: Hall | None) -> None:
    """Remember the room, or forget it (None)."""
    settings.keep(ROW, None if hall is None else hall.back_row)
    settings.keep(SCREEN, None if hall is None else hall.screen)


def read(row: str, screen: str) -> Hall | None:
    """The room that two fields tell; None if both are empty. Raises ``NoMeasureError``."""
    if not row.strip() and not screen.strip():
        return None
    return Hall(_metres(ROW, row), _metres(SCREEN, screen))


def _metres(name: str, text: str) -> float:
    _, least, most = FIELDS[name]
    number = text.strip().removesuffix("m").removesuffix("米").strip().replace(",", ".")
    try:
        metres = float(number)
    except ValueError:
        raise NoMeasureError(name, text) from None
    if not least <= metres <= most:
        raise NoMeasureError(name, text)
    return metres


def consequence(hall: Hall | None, style: Style) -> str:
    """What a room asks for, in words."""
    t = style.words.t
    if hall is None:
        return t("Nobody has told the room: no label is smaller than 1/50 of the height.")
    asked = sizes(hall)
    said = t(
        "Text of 1/{share} of the height or more, lines {width} px wider at 1080 px.",
        share=f"{1 / asked.text:.0f}", width=f"{asked.extra_width(1080):.1f}",
    )  # fmt: skip
    return followed((said, too_far(asked, style.words)), style.words)


class RoomDialog(QDialog):
    """Asks for the room's measures. ``then`` is called with what was told, once it is kept."""

    def __init__(
        self, style: Style, settings: Settings, parent: QWidget, then: Callable[[Hall | None], None] | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.style_now, self._settings, self._then = style, settings, then
        t = style.words.t
        self.setWindowTitle(t("The room"))
        self.setStyleSheet(sheet(style))
        hall = hall_of(settings)
        values = {ROW: hall and hall.back_row, SCREEN: hall and hall.screen}
        rows = QFormLayout()
        self.fields = {name: self._field(rows, name, values[name]) for name in FIELDS}
        self.said = QLabel()
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.said.setFont(style.font(15))
        self.said.setMinimumWidth(min(style.px(480), round(parent.width() * 0.8)))
        self.said.setMinimumHeight(3 * style.text_px(15) * 4 // 3)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.yes, self.no = Button("primary"), Button()
        self.yes.restyle(style, t("Keep it"))
        self.no.restyle(style, t("Leave it as it is"))
        self.yes.clicked.connect(self.take)
        self.no.clicked.connect(self.reject)
        self._lay(rows)
        self._tell()
        self.fields[ROW].setFocus()

    def _field(self, rows: QFormLayout, name: str, value: float | None) -> QLineEdit:
        style, label = self.style_now, self.style_now.words.t(FIELDS[name][0])
        field = QLineEdit("" if value is None else f"{value:g}")
        field.setFont(style.mono(15))
        field.setMinimumHeight(34)
        field.setMaxLength(12)
        field.setAccessibleName(label)
        said = QLabel(label)
        said.setFont(style.font(15, 600))
        said.setBuddy(field)
        rows.addRow(said, field)
        field.textChanged.connect(self._tell)
        field.returnPressed.connect(self.take)
        return field

    def _lay(self, rows: QFormLayout) -> None:
        style, column, foot = self.style_now, QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(*(min(style.px(18), 18),) * 4)
        column.setSpacing(style.px(12))
        column.addLayout(rows)
        column.addWidget(self.said, 1)
        foot.addStretch(1)
        foot.addWidget(self.no)
        foot.addWidget(self.yes)
        column.addLayout(foot)

    def _hall(self) -> Hall | None:
        return read(self.fields[ROW].text(), self.fields[SCREEN].text())

    def _tell(self, *_: object) -> None:
        """What follows from the fields; while one is being typed, nothing is held against it."""
        try:
            said = consequence(self._hall(), self.style_now)
        except NoMeasureError:
            said = ""
        self.said.setText(said)
        set_ink(self.said, self.style_now, "ink2")

    def take(self) -> None:
        """Keep the measures and close; or say what is wrong."""
        style = self.style_now
        try:
            hall = self._hall()
        except NoMeasureError as fault:
            label, least, most = FIELDS[fault.name]
            found = style.words.t(
                "{label}: found “{found}”; allowed: {least} to {most}.",
                label=style.words.t(label),
                found=fault.found,
                least=f"{least:g}",
                most=f"{most:g}",
            )
            self.said.setText(found)
            set_ink(self.said, style, "ink")
            self.fields[fault.name].setFocus()
            return
        keep_hall(self._settings, hall)
        self.accept()
        if self._then is not None:
            self._then(hall)
