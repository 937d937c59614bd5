"""What all answers on offer are: as high as their words need at their width, and pressed by Enter as well."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from tutor.ui.button import HeedsEnter
from tutor.ui.style import Style


class AnswerButton(HeedsEnter, QAbstractButton):
    """One answer that can be pressed. ``heightForWidth`` and what it looks like are said by what derives from it.

    ``narrowest``: px that it needs at least.
    """

    narrowest = 80

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        width = max(self.width(), self.narrowest + 40)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.narrowest, 34)
