"""The top bar: the menu, the name, the lesson and the menu of lessons, commands, help, language, theme."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.rows import LessonEntry
from tutor.ui.style import Style


class Banner(QLabel):
    """A band as wide as the window that says: this is not TCP. Nobody who looks at the screen can miss it."""

    def __init__(self, parent: QWidget | None = None, *, most_lines: int = 9) -> None:
        """Where the sentence would take more than ``most_lines``, it is said briefly."""
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAutoFillBackground(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setWordWrap(True)
        self._least, self._most_lines = 26, most_lines
        self._warning = self._brief = ""
        self.hide()

    def restyle(self, style: Style) -> None:
        """Ink for ground and ground for ink: no colour of a host, of loss or of a choice."""
        palette = self.palette()
        palette.setColor(self.backgroundRole(), style.colour("ink"))
        palette.setColor(self.foregroundRole(), style.colour("surface"))
        self.setPalette(palette)
        self.setFont(style.font(15, 700))
        self._least = max(26, style.px(30))
        self._fit()

    def say(self, warning: str, brief: str = "") -> None:
        """Show the sentence, or where it is too long for the band the brief one; nothing for TCP."""
        if (warning, brief) == (self._warning, self._brief):
            return
        self._warning, self._brief = warning, brief
        self.setAccessibleName(warning)
        self.setVisible(bool(warning))
        self._fit()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as the whole sentence is in this width, however it came to it: half a warning is none.

        ``heightForWidth`` does not tell: it never is less than the height that a label has been fixed to before.
        """
        margin, width = self._least // 6, max(self.width(), 200)
        said, high = self._warning, self._height_of(self._warning, width - 2 * margin)
        if self._brief and high > self._most_lines * self.fontMetrics().lineSpacing():
            said, high = self._brief, self._height_of(self._brief, width - 2 * margin)
        self.setText(said)
        self.setMargin(margin)
        self.setFixedHeight(max(self._least, high + 2 * margin))

    def _height_of(self, text: str, width: int) -> int:
        room = QRect(0, 0, width, 10_000)
        return self.fontMetrics().boundingRect(room, int(self.alignment()) | Qt.TextFlag.TextWordWrap, text).height()


class TopBar(QWidget):
    """``wanted`` names a command of the registry; ``menu_wanted`` asks for the lessons, ``lesson_wanted`` for one."""

    wanted = Signal(str)
    lesson_wanted = Signal(str)
    file_wanted = Signal(str)
    menu_wanted = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._breadcrumb = ""
        self.name = QLabel("TCP Tutor")
        self.lesson = Button("plain", "lessons")
        self.commands = Button("", "search")
        self.help = Button("")
        self.language = Button("")
        self.theme = Button("icon", "moon")
        self.bar = QWidget()
        self.banner = Banner()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bar)
        column.addWidget(self.banner)
        row = QHBoxLayout(self.bar)
        self.menu = Button("icon", "menu")
        row.addWidget(self.menu)
        row.addWidget(self.name)
        row.addWidget(self.lesson)
        row.addStretch(1)
        for button in (self.commands, self.help, self.language, self.theme):
            row.addWidget(button)
        self.commands.clicked.connect(lambda: self.wanted.emit("palette"))
        self.menu.clicked.connect(lambda: self.wanted.emit("menu"))
        self.help.clicked.connect(lambda: self.wanted.emit("help"))
        self.language.clicked.connect(lambda: self.wanted.emit("language"))
        self.theme.clicked.connect(lambda: self.wanted.emit("theme"))
        self.lesson.clicked.connect(self.menu_wanted)
        self.restyle(style)

    def restyle(self, style: Style) -> None:
        """Take sizes, fonts and words from ``style``."""
        self._style = style
        words = style.words
        is_light = not style.theme.is_dark
        self.bar.setFixedHeight(max(40, style.px(44)))
        self.layout().setSpacing(style.px(4))
        self.bar.layout().setContentsMargins(0, 0, 0, 0)
        self.bar.layout().setSpacing(style.px(10))
        self.banner.restyle(style)
        self.name.setFont(style.font(24, 700))
        set_ink(self.name, style, "ink")
        self.menu.restyle(style, name=words.t("Menu"), key="F10")
        self.commands.restyle(style, words.t("Commands"), hint=words.t("Find a command by its name"), key="Ctrl+K")
        self.help.restyle(style, words.t("Keys"), hint=words.t("All keys"), key="?")
        self.language.restyle(style, "中文" if style.lang == "en" else "English", name=words.t("Language"))
        self.theme.icon_name = "moon" if is_light else "sun"
        self.theme.restyle(style, name=words.t("Dark theme") if is_light else words.t("Light theme"), key="T")
        for button in (self.lesson, self.commands, self.help, self.language):
            button.setFixedHeight(max(34, style.px(40)))
        self._write_lesson()

    def show_protocol(self, warning: str) -> None:
        """Say that this is not TCP, and what it is instead; "" for TCP."""
        self.banner.say(warning)

    def show_lesson(self, breadcrumb: str) -> None:
        """Say which lesson is open."""
        self._breadcrumb = breadcrumb
        self._write_lesson()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._write_lesson()

    def _write_lesson(self) -> None:
        style, full = self._style, self._breadcrumb
        self.lesson.restyle(style, full, name=full, hint=style.words.t("Choose a lesson"))
        self.lesson.setFont(style.font(15))
        others = (self.menu, self.name, self.commands, self.help, self.language, self.theme)
        taken = sum(part.sizeHint().width() for part in others)
        room = self.width() - taken - 7 * style.px(10) - style.px(60)
        metrics = QFontMetrics(self.lesson.font())
        if room > 60 and metrics.horizontalAdvance(full) > room:
            self.lesson.setText(metrics.elidedText(full, Qt.TextElideMode.ElideRight, room))

    def open_lessons(
        self, lessons: tuple[LessonEntry, ...], labs: tuple[LessonEntry, ...], recent: tuple[str, ...] = ()
    ) -> QMenu:
        """Open the menu of lessons; under them the laboratory's runs, and the files that were opened lately."""
        menu = QMenu(self)
        menu.setFont(self._style.font(15))
        start = menu.addAction(self._style.words.t("Start page: lessons, and what to do next"))
        start.triggered.connect(lambda: self.wanted.emit("start"))
        menu.addSeparator()
        numbers = (f"{place}   " for place in range(1, len(lessons) + 1))
        for head, entry in zip((*numbers, *("" for _ in labs)), (*lessons, *labs), strict=True):
            if entry is (labs or (None,))[0]:
                menu.addSeparator()
            action = menu.addAction(f"{head}{entry.title}")
            action.setCheckable(True)
            action.setChecked(entry.is_open)
            action.triggered.connect(lambda _checked=False, lesson=entry.id: self.lesson_wanted.emit(lesson))
        menu.addSeparator()
        others = menu.addAction(self._style.words.t("Open a file…"))
        others.triggered.connect(lambda: self.wanted.emit("open"))
        for path in recent:
            again = menu.addAction(Path(path).name)
            again.setToolTip(path)
            again.triggered.connect(lambda _checked=False, file=path: self.file_wanted.emit(file))
        menu.setToolTipsVisible(True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.lesson.mapToGlobal(self.lesson.rect().bottomLeft()))
        return menu
