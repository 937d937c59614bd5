"""From roles to Qt: palette and style sheet of a theme, and the sizes of a layout.

Rules
-----
* Colours come from ``view.theme`` only. Sizes are written for a window of 1920 px and pass through ``Style.px``.
* The style sheet sets colours, borders and paddings, never a font: see ``fonts.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QWidget

from tutor.joining import Speech
from tutor.ui import fonts
from tutor.view.theme import PlainEnglish, Theme, theme

NARROW_SCALE = 0.84
"""Below 1600 px of width everything is this much smaller."""

LEAST_TEXT = 12
"""No text on screen is smaller (px)."""


@dataclass(frozen=True, slots=True)
class Style:
    """What every widget needs to know about looks: theme, language, size. ``scale`` includes ``text_scale``."""

    theme_name: str = "light"
    lang: str = "en"
    scale: float = 1.0
    words: Speech = field(default_factory=PlainEnglish, compare=False)
    text_scale: float = 1.0

    @property
    def theme(self) -> Theme:
        """The theme that ``theme_name`` names."""
        return theme(self.theme_name)

    @property
    def is_chinese(self) -> bool:
        """Chinese has no capitals and no spaced letters."""
        return self.lang.startswith("zh")

    def colour(self, role: str) -> QColor:
        """The colour of a role in this theme."""
        return QColor(self.theme.colour(role))

    def px(self, size: float) -> int:
        """A length of the 1920-px layout, in this one."""
        return round(size * self.scale)

    @property
    def line(self) -> int:
        """The width of a border (px): it grows with the window, not with the text."""
        return max(1, round(self.scale / self.text_scale))

    def text_px(self, size: float) -> int:
        """A text size of the 1920-px layout, never below ``LEAST_TEXT``."""
        return max(LEAST_TEXT, round(size * self.scale))

    def font(self, size: float, weight: int = 400) -> QFont:
        """The font of words at ``size`` px of the 1920-px layout."""
        return fonts.ui(self.text_px(size), weight)

    def mono(self, size: float, weight: int = 400) -> QFont:
        """The font of numbers and code."""
        return fonts.mono(self.text_px(size), weight)

    def head_font(self) -> QFont:
        """The font of a section head: spaced in English."""
        return fonts.spaced(self.text_px(15), 700, 0.0 if self.is_chinese else 0.4)

    def head(self, text: str) -> str:
        """A section head as it is written: capitals in English."""
        return text if self.is_chinese else text.upper()


def palette(of: Theme) -> QPalette:
    """The palette of Fusion in this theme, so that dialogs and menus belong to the rest."""
    made = QPalette()
    roles = QPalette.ColorRole
    for role, name in (
        (roles.Window, "bg"), (roles.WindowText, "ink"), (roles.Base, "surface"), (roles.AlternateBase, "surface2"),
        (roles.Text, "ink"), (roles.Button, "surface2"), (roles.ButtonText, "ink"), (roles.BrightText, "err"),
        (roles.Highlight, "accent"), (roles.HighlightedText, "on"), (roles.ToolTipBase, "surface"),
        (roles.ToolTipText, "ink"), (roles.PlaceholderText, "ink3"), (roles.Link, "accent"),
        (roles.LinkVisited, "accent"), (roles.Light, "surface"), (roles.Midlight, "surface2"), (roles.Mid, "border"),
        (roles.Dark, "nodeb"), (roles.Shadow, "border"), (roles.Accent, "accent"),
    ):  # fmt: skip
        made.setColor(role, QColor(of.colour(name)))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(of.colour("ink3")))
    return made


_SHEET = """
#root, #root QSplitter, #root QStackedWidget { background: %(bg)s; }
#card QStackedWidget { background: transparent; }
#card, #overlay { background: %(surface)s; border: %(line)dpx solid %(border)s; border-radius: %(r12)dpx; }
QToolTip { background: %(surface)s; color: %(ink)s; border: %(line)dpx solid %(border)s; padding: 5px; }
QMenu { background: %(surface)s; color: %(ink)s; border: %(line)dpx solid %(border)s; padding: 5px; }
QMenu::item { padding: 7px 22px 7px 22px; border: %(line)dpx solid transparent; border-radius: 6px; }
QMenu::item:selected { background: %(accent_tint)s; color: %(ink)s; border-color: %(accent)s; }
QMenu::item:disabled { color: %(ink3)s; }
QMenu::separator { height: 1px; background: %(border)s; margin: 5px 8px; }

QPushButton { background: %(surface2)s; color: %(ink)s; border: %(line)dpx solid %(border)s; border-radius: %(r8)dpx;
              padding: %(p6)dpx %(p12)dpx; }
QPushButton:hover { background: %(accent_tint)s; border-color: %(accent)s; }
QPushButton:checked { background: %(accent_tint)s; border: %(line2)dpx solid %(accent)s; padding: %(q6)dpx %(q12)dpx; }
QPushButton:pressed { background: %(border)s; }
QPushButton:focus { border: %(line2)dpx solid %(accent)s; padding: %(q6)dpx %(q12)dpx; }
QPushButton:disabled { color: %(ink3)s; background: transparent; border-style: %(off)s; }
QPushButton[kind="primary"] { background: %(accent)s; color: %(on)s;
              border-color: %(accent)s; }
QPushButton[kind="primary"]:focus { border: %(line2)dpx solid %(ink)s; }
QPushButton[kind="primary"]:disabled { background: %(surface2)s;
              color: %(ink3)s; border-color: %(border)s; }
QPushButton[kind="plain"] { background: transparent; border-color: transparent;
              color: %(ink2)s; padding: %(p6)dpx %(p8)dpx; }
QPushButton[kind="plain"]:hover { color: %(ink)s;
              background: %(accent_tint)s; }
QPushButton[kind="plain"]:focus { border: %(line2)dpx solid %(accent)s;
              padding: %(q6)dpx %(q8)dpx; }
QPushButton[kind="disc"] { background: %(accent)s; border: %(line3)dpx solid %(surface)s;
              border-radius: %(disc)dpx; padding: 0; }
QPushButton[kind="disc"]:hover { border: %(line3)dpx solid %(accent_tint)s; }
QPushButton[kind="disc"]:focus { border: %(line3)dpx solid %(accent_tint)s; }
QPushButton[kind="icon"] { padding: 0; }
QPushButton[kind="icon"]:focus { padding: 0; }
QPushButton::menu-indicator { image: none; width: 0; }

QProgressBar { background: %(grid)s; border: none; border-radius: 3px; }
QProgressBar::chunk { background: %(ok)s; border-radius: 3px; }
QScrollArea { border: none; background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: %(nodeb)s; border-radius: 3px; min-height: 30px; margin: 0 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: %(nodeb)s; border-radius: 3px; min-width: 30px; margin: 2px 0; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: %(ink2)s; padding: 8px 18px; border: %(line)dpx solid transparent;
              border-radius: 8px; margin-right: 6px; }
QTabBar::tab:selected { background: %(surface)s; color: %(ink)s; border-color: %(border)s; }
QTabBar::tab:focus { border: %(line2)dpx solid %(accent)s; }
#strip-tabs::tab { padding: %(p4)dpx %(p12)dpx; }
#strip-tabs::tab:selected { background: %(surface2)s; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { background: %(surface)s; color: %(ink)s;
              border: %(line)dpx solid %(nodeb)s; border-radius: 6px; padding: 4px 8px;
              selection-background-color: %(accent)s; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus { border: %(line2)dpx solid %(accent)s;
              padding: 3px 7px; }
#number::up-button, #number::down-button { width: 0; border: none; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus { border: none; padding: 0; background: transparent; }
QSlider { min-height: 24px; }
QSlider::groove:horizontal { height: 4px; background: %(grid)s; border-radius: 2px; }
QSlider::sub-page:horizontal { height: 4px; background: %(accent)s; border-radius: 2px; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -6px 0; border-radius: 8px;
              background: %(surface)s; border: 2px solid %(accent)s; }
QSlider::handle:horizontal:focus { background: %(accent)s; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox QAbstractItemView { background: %(surface)s; color: %(ink)s; selection-background-color: %(accent_tint)s;
    selection-color: %(ink)s; }
QListWidget { background: transparent; color: %(ink)s; border: none; outline: none; }
QListWidget::item { border-radius: 6px; padding: 3px 6px; }
QListWidget::item:selected { background: %(accent_tint)s; color: %(ink)s; border: %(mark)s; }
#rows-list::item { padding: 0; }
#lamps-list::item { padding: 0 6px; }
#what::indicator { width: 13px; height: 13px; border: %(line2)dpx solid %(ink2)s; border-radius: 3px;
              background: %(surface)s; }
#what::indicator:checked { background: %(accent)s; border-color: %(accent)s; }
#topics, #page { background: %(surface)s; color: %(ink)s; border: %(line)dpx solid %(border)s;
              border-radius: %(r8)dpx; }
#topics { padding: %(p6)dpx; }
#topics::item { padding: %(p6)dpx; }
#topics:focus, #page:focus { border: %(line2)dpx solid %(accent)s; border-radius: %(r8)dpx; }
#topics:focus { padding: %(q6)dpx; }
QListWidget:focus { border: %(line2)dpx solid %(accent)s; border-radius: 6px; }
#banner { background: %(accent_tint)s; border: %(line)dpx solid %(accent)s; border-radius: %(r8)dpx; }
#touch { background: %(surface2)s; border: %(line2)dpx dashed %(accent)s; border-radius: %(r8)dpx; }
#feedback[verdict="right"] { background: %(ok_tint)s; border: %(line)dpx solid %(ok)s; border-radius: %(r8)dpx; }
#feedback[verdict="wrong"] { background: %(err_tint)s; border: %(line)dpx solid %(err)s; border-radius: %(r8)dpx; }
#about { background: transparent; }
#details { background: %(surface2)s; border: %(line)dpx solid %(border)s; border-radius: %(r8)dpx; }
#refused { border: %(line)dpx solid %(ink2)s; border-radius: %(r8)dpx; padding: 1px 7px; }
#filter-error { background: %(surface)s; color: %(ink)s; border: %(line2)dpx solid %(err)s;
              border-radius: %(r8)dpx; padding: 7px 10px; }
#notice { background: %(ink)s; color: %(surface)s; border-radius: %(r8)dpx; padding: 8px 14px; }
QMessageBox, QDialog { background: %(surface)s; }
QPlainTextEdit { background: %(surface2)s; color: %(ink)s; border: %(line)dpx solid %(border)s; border-radius: 8px; }
"""


def sheet(style: Style) -> str:
    """The style sheet of the whole window."""
    values: dict[str, object] = dict(style.theme.colours)
    values |= {f"r{n}": style.px(n) for n in (8, 12)}
    values |= {f"p{n}": style.px(n) for n in (4, 6, 8, 12)}
    values |= {f"q{n}": max(0, style.px(n) - style.line) for n in (6, 8, 12)}
    values |= {
        name: width * style.line + round(style.theme.extra_width)
        for name, width in (("line", 1), ("line2", 2), ("line3", 3))
    }
    is_plain = style.theme.is_plain
    values["off"] = "dashed" if is_plain else "solid"
    values["mark"] = f"{values['line']}px solid {style.theme.colour('accent')}" if is_plain else "none"
    values["disc"] = disc_px(style) // 2
    return _SHEET % values


def wear(widget: QWidget, sheet: str) -> None:
    """Give a widget a style sheet, unless it wears it: even the same one polishes all that is in the widget anew."""
    if widget.styleSheet() != sheet:
        widget.setStyleSheet(sheet)


def disc_px(style: Style) -> int:
    """The diameter of the play button: 44 at least wherever a finger may come, and even, to be round."""
    return max(40, 2 * round(style.px(44) / 2))
