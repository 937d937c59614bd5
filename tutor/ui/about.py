"""About: what this is, which version, and whose work it stands on, with their licences."""

from __future__ import annotations

from importlib import metadata

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tutor import doctor
from tutor.ui.button import Button
from tutor.ui.prose import Prose
from tutor.ui.style import Style, sheet
from tutor.words import Words
from tutor.world import ENGINE_VERSION

PARTS: tuple[tuple[str, str, str], ...] = (
    ("PySide6-Essentials", "Qt for Python", "LGPL-3.0"),
    ("pyqtgraph", "pyqtgraph", "MIT"),
    ("networkx", "networkx", "BSD-3-Clause"),
    ("numpy", "numpy", "BSD-3-Clause"),
    ("ruamel.yaml", "ruamel.yaml", "MIT"),
    ("PyYAML", "PyYAML", "MIT"),
    ("pydantic", "pydantic", "MIT"),
    ("platformdirs", "platformdirs", "MIT"),
    ("rpds-py", "rpds-py", "MIT"),
    ("fsrs", "FSRS", "MIT"),
    ("Pillow", "Pillow", "MIT-CMU"),
    ("pypdf", "pypdf", "BSD-3-Clause"),
    ("fontpkg-inter", "Inter", "OFL-1.1"),
    ("fontpkg-jetbrains-mono", "JetBrains Mono", "OFL-1.1"),
    ("manimgx-fonts-cjk", "Noto Sans CJK SC", "OFL-1.1"),
)
"""(package, what it is called, licence). Held against the packages' own words by a test."""


def version_of(package: str) -> str:
    """The installed version, or a dash."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "–"


def text(words: Words) -> str:
    """The page as Markdown, in the words' language."""
    lines = [f"* **{name}** {version_of(package)} · {licence}" for package, name, licence in PARTS]
    lines.insert(0, f"* **Qt** {qVersion()} · LGPL-3.0")
    return "\n\n".join(
        (
            f"**TCP Tutor** {version_of(doctor.APP)} · MIT",
            words.t(
                "How a TCP connection lives and dies, computed by a real engine (version {version}).",
                version=ENGINE_VERSION,
            ),
            words.t("It stands on the work of others:"),
            "\n".join(lines),
            words.t("Qt is used as a shared library under the LGPL; you may replace it by your own build."),
            words.t("This program never uses the network."),
        )
    )


class About(QDialog):
    """Shows the page; the text can be copied for a report."""

    def __init__(self, style: Style, words: Words, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(words.t("About TCP Tutor"))
        self.setStyleSheet(sheet(style))
        said = Prose(style, 16)
        said.say(text(words))
        scroll = QScrollArea()
        scroll.setWidget(said)
        scroll.setWidgetResizable(True)
        for part in (said, scroll.viewport()):
            part.setAutoFillBackground(False)
            part.setObjectName("about")
        copy, close = Button(), Button("primary")
        copy.restyle(style, words.t("Copy"))
        copy.clicked.connect(lambda: QApplication.clipboard().setText(said.plain()))
        close.restyle(style, words.t("Close"), key=words.t("Esc"))
        close.clicked.connect(self.accept)
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(*(style.px(18),) * 4)
        column.addWidget(scroll, 1)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)
        room = parent.size()
        self.resize(min(style.px(620), room.width() - 40), min(style.px(680), room.height() - 40))
