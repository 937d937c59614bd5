"""The start: the first frame waits for nothing that it does not show, and the real window takes its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.bench.starting import modules_at_first_frame
from tests.tools.first_frame import FILE, pictures
from tests.ui.stage import HANDSHAKE, session
from tutor import doctor
from tutor.languages import LANGUAGES
from tutor.teach.errors import LessonErrors
from tutor.ui import app, first, starting
from tutor.ui.conductor import Conductor
from tutor.ui.settings import Settings
from tutor.view.theme import themes
from tutor.words import Words

MUST_WAIT = (
    "numpy", "networkx", "pyqtgraph", "pydantic", "ruamel", "rpds", "sqlite3",
    "tutor.words", "tutor.tcp", "tutor.world", "tutor.explore", "tutor.exchange", "tutor.teach", "tutor.view",
    "tutor.profiles", "tutor.ui.app", "tutor.ui.conductor", "tutor.ui.window", "tutor.ui.commands",
)  # fmt: skip
"""What must not be loaded before the first frame has been painted."""


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every start is a first one, and leaves nothing behind."""
    for folder in ("data_dir", "state_dir", "config_dir"):
        monkeypatch.setattr(doctor, folder, lambda: tmp_path)
    monkeypatch.setattr(Settings, "of_user", classmethod(lambda cls: cls()))


def test_the_first_frame_waits_for_nothing_it_does_not_need() -> None:
    """The program as a person starts it, in a process of its own: these modules come after the first frame."""
    loaded = modules_at_first_frame()
    early = [name for name in MUST_WAIT if name in loaded or any(each.startswith(f"{name}.") for each in loaded)]
    assert early == []
    ours = {name for name in loaded if name.startswith("tutor")}
    assert len(ours) < 20, f"these of ours are loaded before the first frame: {sorted(ours)}"


def test_the_diagram_of_the_first_frame_is_the_real_one() -> None:
    """If this fails, the diagram has changed: run python tests/tools/first_frame.py."""
    assert json.loads(FILE.read_text(encoding="utf-8")) == pictures()


@pytest.mark.sampled(3)
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (960, 600)])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("theme", themes())
def test_it_is_painted_in_every_language_and_theme(size: tuple[int, int], lang: str, theme: str) -> None:
    """The ground is the theme's, and something is drawn where the diagram belongs."""
    frame = first.Frame(theme, lang, QSize(*size))
    frame.resize(*size)
    image = frame.grab().toImage()
    assert image.pixelColor(2, 2).name().upper() == themes()[theme].colour("bg").upper()
    card = frame._cards()[1].toRect().adjusted(20, 50, -20, -20)
    seen = {image.pixel(x, y) for x in range(card.left(), card.right(), 5) for y in range(card.top(), card.bottom(), 5)}
    assert len(seen) > 6


def test_every_theme_and_language_is_known_to_the_first_frame() -> None:
    """It reads the same files without the modules that read them for the rest."""
    assert first.theme_names() == tuple(themes())
    assert tuple(first.pictures()) == tuple(LANGUAGES)


def test_the_real_window_takes_the_place_of_the_first_frame() -> None:
    """It fills the frame, gives it its title, goes full screen with it and closes with it."""
    frame = first.Frame("light", "en", QSize(1200, 800))
    frame.show()
    conductor = Conductor(session(HANDSHAKE))
    frame.furnish(conductor.window)
    conductor.open()
    QApplication.processEvents()
    window = conductor.window
    assert window.window() is frame
    assert window.size() == frame.size()
    assert frame.windowTitle() == window.windowTitle() != "TCP Tutor"
    window.command("full-screen")
    assert frame.isFullScreen()
    window.command("full-screen")
    assert not frame.isFullScreen()
    closed: list[bool] = []
    window.closing.connect(lambda: closed.append(True))
    frame.close()
    assert closed == [True]
    conductor.pause()
    frame.deleteLater()


@pytest.mark.ci
@pytest.mark.parametrize(("has_toured", "shown"), [(True, "start"), (False, None)])
def test_who_has_nothing_to_go_on_with_begins_on_the_start_page(
    has_toured: bool, shown: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newcomer is shown the tour instead; whoever left something comes back to it (``test_leaving``)."""
    settings = Settings(tmp_path / "window.json")
    settings.keep("has-toured", has_toured)
    monkeypatch.setattr(Settings, "of_user", classmethod(lambda cls: settings))
    made: list[starting.Start] = []
    places: list[str | None] = []
    begin = starting.Start.__init__

    def remember(start: starting.Start, *arguments: object, **named: object) -> None:
        begin(start, *arguments, **named)  # type: ignore[arg-type]
        made.append(start)

    def end_when_whole() -> None:
        if made and made[0].conductor is not None:
            for _ in range(100 if shown else 2):  # the page waits for the learner's file
                QTest.qWait(30)
                page = made[0].conductor.window.page
                if page is not None:
                    break
            places.append(None if page is None else page.shown.place)
            made[0].conductor.pause()
            made[0].frame.close()
            QApplication.exit(0)
        else:
            QTimer.singleShot(10, end_when_whole)

    monkeypatch.setattr(starting.Start, "__init__", remember)
    QTimer.singleShot(0, end_when_whole)
    assert starting.run() == 0
    assert places == [shown]
    made[0].frame.deleteLater()


@pytest.mark.ci
def test_a_start_from_the_first_frame_to_the_end() -> None:
    """The loop runs, everything is loaded into the frame, and closing it ends the program with 0."""
    made: list[starting.Start] = []
    begin = starting.Start.__init__

    def remember(start: starting.Start, *arguments: object, **named: object) -> None:
        begin(start, *arguments, **named)  # type: ignore[arg-type]
        made.append(start)

    def end_when_whole() -> None:
        if made and made[0].conductor is not None:
            made[0].conductor.pause()
            made[0].frame.close()
            QApplication.exit(0)
        else:
            QTimer.singleShot(10, end_when_whole)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(starting.Start, "__init__", remember)
        QTimer.singleShot(0, end_when_whole)
        assert starting.run() == 0
    assert made[0].conductor.window.window() is made[0].frame
    made[0].frame.deleteLater()


@pytest.mark.ci
def test_what_goes_wrong_after_the_first_frame_is_raised_where_it_is_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lesson at fault ends the start with the same exception as if it had been read before."""

    def fail(*_arguments: object, **_named: object) -> None:
        raise LessonErrors([], Words("en"))

    monkeypatch.setattr(app, "furnish", fail)
    with pytest.raises(LessonErrors):
        starting.run()
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, first.Frame):
            widget.close()
            widget.deleteLater()
