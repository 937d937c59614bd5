"""No screen has a flaw that is not known: words cut off, labels on labels, letters too small.

``tests/ui/flaws.toml`` lists what is left: the screen, the kind, where, and why it stays. A line of it that is no
longer found must go.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QWidget

from tests.sampling import few
from tests.ui import pseudo
from tests.ui.flaws import Flaw, flaws_of, on_screen, picture_flaws
from tests.ui.scenes import SCENES
from tests.ui.screens import CARDS, SCREENS, Screen, close
from tutor.ui.panels import PANELS
from tutor.view.marks import Box, Group, Ink, Layer, Mark, Picture, Rect, Text

KNOWN = tomllib.loads((Path(__file__).parent / "flaws.toml").read_text(encoding="utf-8")).get("flaw", [])

PARTS = 12
"""Into so many tests all screens are cut, so that none of them lasts long."""


def _found(screen: Screen) -> list[Flaw]:
    conductor = screen.show()
    found = [flaw for each in on_screen(screen.front(conductor)) for flaw in flaws_of(each)]
    close(conductor)
    return found


def _is(known: dict[str, str], screen: Screen, flaw: Flaw) -> bool:
    return (
        fnmatchcase(screen.name, known["screen"])
        and fnmatchcase(flaw.kind, known["kind"])
        and fnmatchcase(flaw.where, known["where"].replace("[", "[[]"))
    )


def _unknown(screen: Screen, found: list[Flaw]) -> list[str]:
    return [f"{screen.name}: {flaw}" for flaw in found if not any(_is(known, screen, flaw) for known in KNOWN)]


@pytest.mark.sampled(25)
@pytest.mark.parametrize("screen", SCREENS[::20], ids=lambda screen: screen.name)
def test_a_screen_has_no_flaw(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every twentieth of all screens."""
    pseudo.speak(monkeypatch)
    assert not _unknown(screen, _found(screen))


@pytest.mark.parametrize("part", few(range(PARTS), 4))
def test_no_screen_has_a_flaw(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All screens, a part at a time."""
    pseudo.speak(monkeypatch)
    unknown = [line for screen in SCREENS[part::PARTS] for line in _unknown(screen, _found(screen))]
    assert not unknown, "\n".join(unknown)


@pytest.mark.ci
def test_a_flaw_that_is_listed_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of what is left holds nothing that was mended."""
    pseudo.speak(monkeypatch)
    mended = [known for known in KNOWN if not any(_is(known, *each) for each in _where(known))]
    assert mended == []


def _where(known: dict[str, str]) -> Iterator[tuple[Screen, Flaw]]:
    for screen in SCREENS:
        if fnmatchcase(screen.name, known["screen"]):
            yield from ((screen, flaw) for flaw in _found(screen))


def test_every_known_flaw_says_why_it_stays() -> None:
    """A reason is a sentence."""
    for known in KNOWN:
        assert set(known) == {"screen", "kind", "where", "reason"}
        assert len(known["reason"].split()) > 4, known


# --- the sheet is whole ---

STATES = {"empty", "loading", "busy", "trouble", "longest"}


def test_every_card_is_seen_in_every_state_and_under_every_kind_of_look() -> None:
    """Three sizes and a tiny one, light and dark, high contrast, projectors, both languages, longer words, 200 %."""
    scenes = {scene.name for scene in SCENES}
    for card, states in CARDS.items():
        assert set(states.values()) <= scenes, card
        assert STATES - set(states) <= {"loading", "trouble"}, card
        looks = [screen.look for screen in SCREENS if screen.scene.name in states.values()]
        assert {(look.width, look.height) for look in looks} >= {(1280, 720), (1920, 1080), (3840, 2160)}, card
        kinds = {look.theme.partition("-")[0] if "room" not in look.theme else "room" for look in looks}
        assert kinds == {"light", "dark", "contrast", "room"}, card
        assert {look.lang for look in looks} == {"en", "zh", pseudo.CODE}, card
        assert max(look.text for look in looks) == 2.0, card
    assert len({screen.name for screen in SCREENS}) == len(SCREENS) >= 24
    assert {row.id for row in PANELS} == {card.removeprefix("panel-") for card in CARDS if card.startswith("panel-")}


# --- the finder finds ---


def _picture(*marks: Mark) -> Picture:
    return Picture(200, 100, (Layer("moving", 0, marks),))


def _kinds(*marks: Mark) -> list[str]:
    return [flaw.kind for flaw in picture_flaws(_picture(*marks))]


def test_the_finder_finds_flaws_of_a_picture() -> None:
    """Text on text, text over the edge or a clip, text half under a shape, small text; and not what is well."""
    one = Text(20, 50, "ESTABLISHED", Ink("ink"), 16)
    assert _kinds(one) == []
    assert _kinds(one, Text(60, 54, "FIN", Ink("ink"), 16)) == ["overlap"]
    assert _kinds(one, Text(20, 70, "FIN", Ink("ink"), 16)) == []
    assert _kinds(Text(150, 50, "ESTABLISHED", Ink("ink"), 16)) == ["cut"]
    assert _kinds(Group((one,), clip=Box(0, 0, 60, 100))) == ["cut"]
    assert _kinds(Text(20, 50, "ACK", Ink("ink"), 11)) == ["small"]
    assert _kinds(one, Rect(60, 30, 100, 40, fill=Ink("surface"))) == ["covered"]
    assert _kinds(one, Rect(0, 0, 200, 100, fill=Ink("surface"))) == []
    assert _kinds(Rect(60, 30, 100, 40, fill=Ink("surface")), one) == []


def test_the_finder_finds_flaws_of_widgets(qtbot) -> None:
    """A label that is too narrow, a button on a button, a child out of its parent, letters under 12 px."""
    room = QWidget()
    qtbot.addWidget(room)
    room.resize(300, 200)
    good = QLabel("well", room)
    good.setGeometry(10, 10, 80, 24)
    room.show()
    assert flaws_of(room) == []
    narrow = QLabel("words that do not fit", room)
    narrow.setGeometry(10, 40, 40, 24)
    one, other = QPushButton("1", room), QPushButton("2", room)
    one.setGeometry(10, 80, 90, 40)
    other.setGeometry(60, 100, 90, 40)
    outer = QLabel("out", room)
    outer.setGeometry(280, 150, 60, 24)
    small = QLabel("small", room)
    font = small.font()
    font.setPixelSize(9)
    small.setFont(font)
    small.setGeometry(10, 150, 80, 24)
    for each in (narrow, one, other, outer, small):
        each.show()
    assert sorted(flaw.kind for flaw in flaws_of(room)) == ["cut", "outside", "overlap", "small"]


def test_the_finder_finds_what_nobody_can_scroll_to(qtbot) -> None:
    """Contents that are wider than their scroll area are cut where it scrolls up and down only."""
    area = QScrollArea()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    inner = QLabel("well")
    area.setWidget(inner)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.resize(200, 100)
    area.show()
    assert flaws_of(area) == []
    inner.setMinimumWidth(300)
    QApplication.processEvents()
    assert [flaw.kind for flaw in flaws_of(area)] == ["cut"]
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    QApplication.processEvents()
    assert flaws_of(area) == []
