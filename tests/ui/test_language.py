"""Two languages and none between: nothing on any screen is untranslated, and a switch leaves nothing behind.

What was never translated is found in a made-up language (``pseudo.py``) in which every sentence that went through the
catalogue is accented: a word that still reads as plain English did not.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QSplitter

from tests.sampling import few, some
from tests.ui import pseudo
from tests.ui.flaws import on_screen
from tests.ui.scenes import SCENES, Scene, settle
from tests.ui.screens import Look, Screen, close
from tests.ui.stage import CLOSE, answered, session
from tests.ui.witness import different, seen, told, walk, words_of
from tutor.teach import intents
from tutor.ui.conductor import Conductor
from tutor.ui.panels import PANELS

OURS = frozenset({"client", "server", "Client", "Server", "link"})
"""Names of hosts and of the cable, where they stand as names: in acts and in recordings."""


def texts_of(conductor: Conductor) -> list[tuple[str, str]]:
    """Every text on screen, in menus and dialogs too."""
    found = list(told(seen(conductor, has_pixels=False)))
    for popup in on_screen(conductor.window)[1:]:
        for path, widget in walk(popup):
            found += told({f"{path}.{what}": value for what, value in words_of(widget)})
        found.append(("dialog title", popup.windowTitle()))
    return found


PANES = [scene for scene in SCENES if scene.name in {f"panel-{row.id}" for row in PANELS}]


@pytest.mark.sampled(25)
@pytest.mark.parametrize("scene", [*SCENES[:20:4], *PANES], ids=lambda scene: scene.name)
def test_nothing_on_screen_is_left_untranslated(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels, pictures, tooltips, names for screen readers, rows of lists, menus, dialogs, the window's title."""
    texts = _said_on(scene, monkeypatch)
    assert _spoken(texts) > 20
    assert _left_over(texts) == []


PAGES = ("manual", "about")
"""Scenes that show a file of ours, which is translated as a whole, or names of products and their licences."""


@pytest.mark.parametrize(
    "scene", few((scene for scene in SCENES if scene.name not in PAGES), 3), ids=lambda scene: scene.name
)
def test_nothing_on_any_screen_is_left_untranslated(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same on every screen; a third of them in the longer run."""
    texts = _said_on(scene, monkeypatch)
    assert _spoken(texts) > 20
    assert _left_over(texts) == []


def _said_on(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every text on a screen in the made-up language that is ours to translate, and where it is."""
    pseudo.speak(monkeypatch)
    conductor = Screen(scene, Look(1920, 1080, lang=pseudo.CODE)).show()
    texts = texts_of(conductor)
    close(conductor)
    if scene.name == "fault":  # what Python says of a fault of ours is for us, in Python's words
        texts = [(where, text) for where, text in texts if "QPlainTextEdit" not in where and "Error" not in text]
    return texts


def _spoken(texts: list[tuple[str, str]]) -> int:
    """How many of the texts are in the made-up language."""
    return sum("«" in text for _, text in texts)


def _left_over(texts: list[tuple[str, str]]) -> list[str]:
    """Where there is English still, and which words of it."""
    return sorted(
        {f"{where}: {text!r} has {words}" for where, text in texts if (words := pseudo.left_over(text, KNOWN))}
    )


KNOWN = pseudo.NAMES | OURS


def test_the_finder_of_english_finds_it() -> None:
    """A sentence in English is found; states, settings, calls, numbers and the made-up language are not."""
    assert pseudo.left_over("The run stops here") == ["The", "run", "stops", "here"]
    for text in ("FIN-WAIT-1", "net.ipv4.tcp_syn_retries = 6", "SND.UNA", "close()", "0.300 s", "`drop #1`"):
        assert pseudo.left_over(text) == []
    assert pseudo.left_over(pseudo.pseudo("The run stops here: a bet is open. `drop`")) == []


# --- live ---


def _tour(conductor: Conductor, after: tuple[intents.Intent, ...]) -> None:
    """Show every panel once, then one segment; at the end ``after``."""
    answered(conductor)
    conductor.send(intents.Seek(475_000))
    for row in PANELS:
        conductor.window.command(f"panel-{row.id}")
        settle()
    conductor.send(intents.Select("flight:2"))
    for intent in after:
        conductor.send(intent)
        settle()
    conductor.window.setFocus()
    settle()


def _leftovers(one: Conductor, other: Conductor) -> list[str]:
    """In what two windows differ once they have come to rest; where words are scrolled to is no leftover."""
    for conductor in (one, other):
        conductor.window.lesson.scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        conductor.window.why.restyle(conductor.style)  # it keeps the height of its longest sentence so far
        for splitter in conductor.window.strip.findChildren(QSplitter):  # pockets stay as wide as they were
            splitter.setSizes([900] * splitter.count())
    found: list[str] = []
    for _ in range(20):  # tokens come to rest, the card brings into sight what it wants to
        for area in (*one.window.findChildren(QAbstractScrollArea), *other.window.findChildren(QAbstractScrollArea)):
            area.verticalScrollBar().setValue(0)
        found = different(*(seen(conductor, has_pixels=False) for conductor in (one, other)))
        if not found:
            break
        QTest.qWait(300)
    return found


@pytest.mark.parametrize(("began", "ends"), [("en", "zh"), ("zh", "en")])
@pytest.mark.parametrize("size", [pytest.param((1920, 1080), marks=pytest.mark.ci), (1280, 720)])
@pytest.mark.ci
def test_a_switch_of_language_leaves_nothing_behind(show, began: str, ends: str, size: tuple[int, int]) -> None:
    """After the switch the window says, in every picture and name, what the one says that began in that language."""
    switched, fresh = show(session(CLOSE, lang=began), *size), show(session(CLOSE, lang=ends), *size)
    _tour(switched, (intents.SetLanguage(ends),))
    _tour(fresh, ())
    found = _leftovers(switched, fresh)
    assert not found, "\n".join(found)


@pytest.mark.ci
@pytest.mark.parametrize("panel", some([row.id for row in PANELS], 3))
def test_a_panel_changes_its_language_while_it_is_shown(show, panel: str) -> None:
    """Each panel once in English, then in Chinese: as if it had never been English."""
    switched, fresh = show(session(CLOSE, lang="en"), 1920, 1080), show(session(CLOSE, lang="zh"), 1920, 1080)
    for conductor in (switched, fresh):
        answered(conductor)
        conductor.send(intents.Seek(475_000))
        conductor.window.command(f"panel-{panel}")
    switched.send(intents.SetLanguage("zh"))
    for conductor in (switched, fresh):
        conductor.window.setFocus()
        settle()
    found = _leftovers(switched, fresh)
    assert not found, "\n".join(found)
