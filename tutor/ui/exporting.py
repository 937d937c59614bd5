"""Export: what to take along, in which form, how large. Stills are written at once, films beside the window.

Rules
-----
* It offers only what can be: a form that cannot show what is chosen is not in the list.
* The moment is that of the window when the file is written; what an open bet hides is hidden there too.
* A film tells how far it is, and can be called off; the window goes on meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from tutor.commands.faults import BadUsage, Fault
from tutor.commands.render import moment_of, number_of, size_of
from tutor.exchange import embedded, runfile
from tutor.exchange.whole import write_whole
from tutor.teach.session import Session
from tutor.ui import opening, render, stills
from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.film_work import FilmWork
from tutor.ui.forms import ChoiceBox
from tutor.ui.style import Style, sheet
from tutor.ui.tick import Tick
from tutor.view.theme import papers, themes
from tutor.words import mark

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

WHAT: dict[str, str] = {
    "diagram": mark("State diagram"),
    "ladder": mark("Segment timeline"),
    "header": mark("Header of the segment"),
    "plots": mark("Plots"),
    "compare": mark("Two futures side by side"),
    "window": mark("The whole window"),
}
STILLS: dict[str, str] = {
    ".svg": mark("SVG picture"),
    ".pdf": mark("PDF page"),
    ".png": mark("PNG picture"),
    ".tex": mark("TikZ for LaTeX"),
    ".mmd": mark("Mermaid for documents"),
    ".txt": mark("plain text"),
}
FILMS: dict[str, str] = {
    ".mp4": mark("MP4 film"),
    ".gif": mark("GIF film"),
    ".webp": mark("WebP film"),
    ".apng": mark("APNG film"),
}
LETTERED = (".svg", ".pdf", ".tex")
"""Forms in which letters can be text or outlines."""
SIZES = ("1920x1080", "1280x720", "3840x2160", "960x540")


class ExportDialog(QDialog):
    """The fields, what is wrong with them, how far a film is."""

    def __init__(self, conductor: Conductor) -> None:
        super().__init__(conductor.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.conductor, self.style_now = conductor, conductor.style
        self.work: FilmWork | None = None
        self._build(conductor.style)
        self._fill()
        self.what.currentIndexChanged.connect(self._offer)
        self.form.currentIndexChanged.connect(self._fit)
        self.ask.clicked.connect(self._ask_where)
        self.stop.clicked.connect(self.reject)
        conductor.window.closing.connect(self._leave)
        self._offer()

    # --- building ---

    def _build(self, style: Style) -> None:
        t = style.words.t
        self.setWindowTitle(t("Export"))
        self.setStyleSheet(sheet(style))
        self.rows = QFormLayout()
        self.rows.setSpacing(style.px(10))
        self.what, self.form, self.theme = (ChoiceBox(style) for _ in range(3))
        self.pixels = ChoiceBox(style)
        self.pixels.setEditable(True)
        self.start, self.end, self.speed, self.fps = (QLineEdit() for _ in range(4))
        self.outlines, self.captions = Tick(style), Tick(style)
        span = QWidget()
        pair = QHBoxLayout(span)
        pair.setContentsMargins(0, 0, 0, 0)
        to = QLabel("–")
        for part in (self.start, to, self.end):
            pair.addWidget(part)
        self.span = span
        for label, part in (
            (t("What"), self.what), (t("Form"), self.form), (t("Size"), self.pixels), (t("Colours"), self.theme),
            ("", self.outlines), (t("From – to (s)"), self.span), (t("Speed"), self.speed),
            (t("Frames a second"), self.fps), ("", self.captions),
        ):  # fmt: skip
            self._row(label, part)
        self.outlines.restyle(style, t("Letters as outlines"))
        self.captions.restyle(style, t("With captions"))
        self.error, self.told, self.bar = QLabel(), QLabel(), QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(style.px(8))
        self.ask, self.stop = Button("primary"), Button()
        self._lay_out(style)

    def _row(self, label: str, part: QWidget) -> None:
        style = self.style_now
        part.setFont(style.font(15))
        part.setMinimumHeight(style.px(34))
        head = QLabel(label)
        head.setFont(style.font(15, 600))
        set_ink(head, style, "ink")
        self.rows.addRow(head, part)
        part.setAccessibleName(label)
        for field in part.findChildren(QLineEdit):
            field.setFont(style.font(15))
            if part is self.span:
                field.setMinimumHeight(style.px(34))
            else:
                field.setTextMargins(0, 0, 0, 0)

    def _lay_out(self, style: Style) -> None:
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(*(style.px(18),) * 4)
        column.setSpacing(style.px(12))
        column.addLayout(self.rows)
        for label in (self.error, self.told):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setFont(style.font(15))
            label.setMinimumWidth(style.px(420))
            set_ink(label, style, "ink")
            column.addWidget(label)
            label.hide()
        column.addWidget(self.bar)
        self.bar.hide()
        foot.addStretch(1)
        foot.addWidget(self.stop)
        foot.addWidget(self.ask)
        column.addLayout(foot)
        self.ask.setDefault(True)

    def _fill(self) -> None:
        t, session = self.style_now.words.t, self.conductor.session
        alone = stills.is_alone(session)
        for what, text in WHAT.items():
            if what != "compare" or not alone:
                self.what.addItem(t(text), what)
        self.what.setCurrentIndex(1)
        self.pixels.addItems(list(SIZES))
        self.theme.addItem(t("As on the screen"), session.theme)
        for each in (*papers().values(), *themes().values()):
            self.theme.addItem(t(each.title), each.name)
        self.start.setText("0")
        self.end.setText(_seconds(session.visible_end))
        self.speed.setText("1")

    # --- what can be chosen ---

    def _offer(self) -> None:
        """The forms in which what is chosen can be had."""
        t, what, was = self.style_now.words.t, self.what.currentData(), self.form.currentData()
        forms = {form: text for form, text in STILLS.items() if what in stills.FORMS[form]} | FILMS
        self.form.blockSignals(True)
        self.form.clear()
        for form, text in forms.items():
            self.form.addItem(f"{t(text)} ({form})", form)
        self.form.setCurrentIndex(max(0, self.form.findData(was)))
        self.form.blockSignals(False)
        self._fit()

    def _fit(self) -> None:
        """Only the fields that this form knows."""
        form = self.form.currentData()
        is_film, is_text = form in FILMS, form in {".mmd", ".txt"}
        shown: dict[QWidget, bool] = {
            self.pixels: not is_text, self.theme: not is_text, self.outlines: form in LETTERED, self.span: is_film,
            self.speed: is_film, self.fps: is_film, self.captions: is_film,
        }  # fmt: skip
        for part, is_shown in shown.items():
            self.rows.setRowVisible(part, is_shown)
        self.fps.setText("20" if form == ".gif" else "30")
        t = self.style_now.words.t
        self.ask.restyle(self.style_now, t("Save as…"))
        self.stop.restyle(self.style_now, t("Cancel") if self.work is not None else t("Close"))
        self.adjustSize()

    # --- writing ---

    def _ask_where(self) -> None:
        t, form = self.style_now.words.t, self.form.currentData()
        dialog = QFileDialog(self, t("Export"), opening.FileDialog.folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(form.removeprefix("."))
        dialog.setNameFilters([f"{self.form.currentText()} (*{form})"])
        dialog.selectFile(f"{self.conductor.session.lesson.id}-{self.what.currentData()}{form}")
        dialog.fileSelected.connect(self.take)
        dialog.open()

    def take(self, path: str) -> None:
        """Write to this path."""
        out = Path(path)
        self.error.hide()
        opening.FileDialog.folder = str(out.parent)
        try:
            if self.form.currentData() in FILMS:
                self._film(out)
            else:
                self._write(out)
        except Fault as fault:
            self._complain(str(fault))
        except OSError as fault:
            t = self.style_now.words.t
            self._complain(t("{path} cannot be written: {why}", path=out, why=fault))

    def _complain(self, said: str) -> None:
        self.error.setText(said)
        self.error.show()
        self.adjustSize()

    def _session(self) -> Session:
        return replace(self.conductor.session, theme=self.theme.currentData())

    def _write(self, out: Path) -> None:
        size = size_of(self.pixels.currentText(), self.style_now.words)
        run = _run_of(self.conductor.session) if out.suffix.lower() in embedded.SUFFIXES else ""
        what, outlines = self.what.currentData(), self.outlines.isChecked() and out.suffix.lower() in LETTERED
        data = render.data_of(
            self._session(), self.form.currentData(), what=what, size=size, outlines=outlines, run=run
        )
        write_whole(out, data)
        self._tell_saved(out)
        self.accept()

    def _tell_saved(self, out: Path) -> None:
        self.conductor.window.notice.say(self.style_now.words.t("saved to {path}", path=out))

    def _film(self, out: Path) -> None:
        session, words = self.conductor.session, self.style_now.words
        start, end = (moment_of(field.text(), words.t("From – to (s)"), words) for field in (self.start, self.end))
        size_of(self.pixels.currentText(), words)
        number_of(words.t("Speed"), self.speed.text(), (0.05, 100.0), words)
        number_of(
            words.t("Frames a second"), self.fps.text(), (1, 50 if self.form.currentData() == ".gif" else 60), words
        )
        assert start is not None and end is not None, "texts are moments or faults"
        end = min(end, session.visible_end)
        if end <= start:
            raise BadUsage(words.t("There is nothing to film yet: an open question hides what comes. Answer it first."))
        switches = [
            "--what", self.what.currentData(), "--span", _seconds(start), _seconds(end),
            "--size", self.pixels.currentText(), "--theme", self.theme.currentData(), "--speed", self.speed.text(),
            "--fps", self.fps.text(), "--scale", f"{session.text_scale:g}", "--lang", session.lang,
            *(["--captions"] if self.captions.isChecked() else []),
        ]  # fmt: skip
        self.work = FilmWork(_run_of(session), out, switches, self)
        self.work.told.connect(self._progress)
        self.work.ended.connect(self._come)
        self._lock(is_locked=True)
        self.work.begin()

    def _lock(self, *, is_locked: bool) -> None:
        for row in range(self.rows.rowCount()):
            self.rows.itemAt(row, QFormLayout.ItemRole.FieldRole).widget().setEnabled(not is_locked)
        self.ask.setEnabled(not is_locked)
        self.bar.setRange(0, 0)
        self.bar.setVisible(is_locked)
        self.told.setVisible(is_locked)
        t = self.style_now.words.t
        self.told.setText(t("The film is being made…") if is_locked else "")
        self.stop.restyle(self.style_now, t("Cancel") if is_locked else t("Close"))
        self.adjustSize()

    def _progress(self, done: int, total: int, line: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.told.setText(line)

    def _come(self, trouble: str) -> None:
        work, self.work = self.work, None
        self._lock(is_locked=False)
        if work is None or work.is_off:
            return
        if trouble:
            self._complain(trouble)
            return
        self._tell_saved(work.out)
        self.accept()

    # --- leaving ---

    def reject(self) -> None:
        """Esc and "Cancel" call off a film; without one they close."""
        if self.work is not None:
            self.work.call_off()
            return
        super().reject()

    def closeEvent(self, event) -> None:
        self._leave()
        super().closeEvent(event)

    def _leave(self) -> None:
        if self.work is not None:
            self.work.leave()


def _seconds(micros: int) -> str:
    return f"{micros / 1e6:.6f}".rstrip("0").rstrip(".")


def _run_of(session: Session) -> str:
    """The session's run, with its futures, as the text of a saved run."""
    from tutor.commands.loading import save_run

    saved = save_run(
        session.lesson, session.scenario, session.timeline, session.branch, home=session.road, without=session.gone
    )
    return runfile.dumps(saved)


def export(conductor: Conductor) -> None:
    """Ask what to take along."""
    conductor.pause()
    ExportDialog(conductor).show()
