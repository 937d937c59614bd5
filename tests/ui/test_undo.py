"""Ctrl+Z in the window: it takes back whatever was done last, looks and panels too, and says what that is."""

from __future__ import annotations

import pytest

from tests.ui.stage import CLOSE, HANDSHAKE, answered, press, session
from tutor.teach import intents
from tutor.ui.commands import BY_ID, text_of
from tutor.ui.palette import entries


@pytest.mark.sampled(6)
@pytest.mark.parametrize("key", ["T", "Ctrl+L", "Ctrl++", "O", "Shift+V", "Shift+A", "Shift+P", "Shift+C", "]"])
def test_a_look_is_taken_back(show, key: str) -> None:
    """One key forth, one Ctrl+Z back, and Ctrl+Shift+Z forth again."""
    conductor = show(session(HANDSHAKE))

    def look() -> tuple[object, ...]:
        now = conductor.session
        return now.theme, now.lang, now.text_scale, now.sight, now.speed, conductor.style.theme, conductor.style.lang

    before = look()
    press(conductor, key)
    after = look()
    assert after != before
    press(conductor, "Ctrl+Z")
    assert look() == before
    press(conductor, "Ctrl+Shift+Z")
    assert look() == after


@pytest.mark.sampled(3)
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)], ids=["pockets", "drawer"])
def test_panels_are_taken_back(show, size: tuple[int, int]) -> None:
    """Opened, changed, and closed: undo arranges them as they were, and a window that is only resized is no step."""
    conductor = show(session(HANDSHAKE), *size)
    conductor.window.show_strip(is_open=True)
    press(conductor, "T")
    depth = len(conductor.session.undo)
    seen = [conductor.arrangement.read()]
    for name in ("panel-header", "panel-plots", "strip", "lesson-card"):
        conductor.window.command(name)
        seen.append(conductor.arrangement.read())
    assert len(set(seen)) >= 4
    assert len(conductor.session.undo) == depth + 1, "panels in a row are one step"
    press(conductor, "Ctrl+Z")
    assert conductor.arrangement.read() == seen[0]
    press(conductor, "Ctrl+Shift+Z")
    assert conductor.arrangement.read() == seen[-1]
    depth = len(conductor.session.undo)
    conductor.window.resize(1000, 700)
    conductor.window.resize(*size)
    assert len(conductor.session.undo) == depth


def test_time_and_filter_are_taken_back(show) -> None:
    """A drag along the scrubber, then a filter typed letter by letter: two steps."""
    conductor = answered(show(session(CLOSE)))
    conductor.send(intents.Home())
    depth = len(conductor.session.undo)
    for x in range(10, 300, 10):
        conductor._scrub(float(x), 0.0)
    for typed in ("l", "le", "len", "len>0"):
        conductor.send(intents.See("filter", typed))
    assert len(conductor.session.undo) == depth + 2
    assert conductor.session.playhead > 0
    press(conductor, "Ctrl+Z")
    assert conductor.session.sight.filter == ""
    assert conductor.window.filter.line.text() == ""
    assert conductor.session.playhead > 0
    press(conductor, "Ctrl+Z")
    assert conductor.session.playhead == 0


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_menus_say_what_will_be_taken_back(show, lang: str) -> None:
    """In the menu, the context menu and the palette, where "undo" finds it all the same."""
    conductor = show(session(HANDSHAKE, lang=lang))
    words = conductor.words
    assert text_of(BY_ID["undo"], conductor.session, words) == words.t("Undo")
    press(conductor, "T")
    wish = words.t("Undo: {what}", what=words.t("the colours"))
    assert text_of(BY_ID["undo"], conductor.session, words) == wish
    found = [entry for entry in entries(conductor) if entry.text == wish]
    assert len(found) == 1
    assert "Undo" in found[0].names
    menu = conductor.open_menu("", conductor.window.rect().center())
    assert any(action.text().startswith(wish) for action in menu.actions())
    menu.close()


@pytest.mark.ci
def test_what_undo_says_tells_nothing_of_the_future(show) -> None:
    """Two runs that part after the bet: the same deeds before it are said in the same words."""
    said = []
    for acts in ((), ((320_000, "set link.delay 400ms"), (500_000, "server abort"))):
        conductor = show(session(CLOSE, acts=acts))
        conductor.send(intents.End())
        for intent in (
            intents.Seek(100_000), intents.Play(), intents.Tick(30_000), intents.Pause(), intents.StepForward(),
            intents.See("filter", "len>0"), intents.End(), intents.ActNow("drop client:any"),
        ):  # fmt: skip
            conductor.send(intent)
            said.append([text_of(BY_ID[name], conductor.session, conductor.words) for name in ("undo", "redo")])
        while conductor.session.undo:
            conductor.send(intents.Undo())
            assert conductor.session.playhead <= conductor.session.visible_end
            said.append([text_of(BY_ID[name], conductor.session, conductor.words) for name in ("undo", "redo")])
    half = len(said) // 2
    assert said[:half] == said[half:]
