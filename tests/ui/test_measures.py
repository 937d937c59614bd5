"""The room's measures: typed once, kept, and said in words; nothing that makes no sense is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.stage import session
from tutor.ui.conductor import Conductor
from tutor.ui.measures import ROW, SCREEN, NoMeasureError, RoomDialog, hall_of, keep_hall, read
from tutor.ui.settings import Settings
from tutor.view.hall import Hall

Show = Callable[..., Conductor]


def dialog(conductor: Conductor) -> RoomDialog:
    """The dialog, asked for as a person does."""
    conductor.command("room")
    return next(each for each in conductor.window.findChildren(RoomDialog) if each.isVisible())


def test_the_room_is_told_once_and_kept(show: Show, tmp_path: Path) -> None:
    """12 m and 3 m: what follows stands in the dialog; another start still knows it; emptied, it is forgotten."""
    conductor = show(session())
    conductor.settings = Settings(tmp_path / "window.json")
    asking = dialog(conductor)
    assert "Nobody has told the room" in asking.said.text()
    asking.fields[ROW].setText("12")
    asking.fields[SCREEN].setText("3,0 m")
    assert "1/35" in asking.said.text()
    asking.take()
    assert hall_of(Settings(tmp_path / "window.json")) == Hall(12, 3)
    again = dialog(conductor)
    assert again.fields[ROW].text() == "12"
    again.fields[ROW].clear()
    again.fields[SCREEN].clear()
    again.take()
    assert hall_of(Settings(tmp_path / "window.json")) is None


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("row", "screen", "wrong"),
    [("far", "3", ROW), ("12", "", SCREEN), ("", "3", ROW), ("12", "300", SCREEN), ("-1", "3", ROW), ("nan", "3", ROW),
     ("inf", "3", ROW), ("12", "0.1", SCREEN)],
)  # fmt: skip
def test_what_is_no_measure_is_said_and_not_kept(show: Show, row: str, screen: str, wrong: str) -> None:
    """The dialog stays, names the field, what was found and what is allowed; the field has the keyboard."""
    with pytest.raises(NoMeasureError):
        read(row, screen)
    conductor = show(session(lang="zh"))
    asking = dialog(conductor)
    asking.fields[ROW].setText(row)
    asking.fields[SCREEN].setText(screen)
    asking.take()
    assert asking.isVisible()
    assert "“" in asking.said.text()
    assert {ROW: row, SCREEN: screen}[wrong] in asking.said.text()
    assert hall_of(conductor.settings) is None


def test_a_room_that_is_too_long_is_said_to_be(show: Show) -> None:
    """The dialog promises nothing to rows that cannot read it."""
    asking = dialog(show(session()))
    asking.fields[ROW].setText("40")
    asking.fields[SCREEN].setText("2")
    assert "40 m" in asking.said.text()


def test_settings_that_make_no_sense_are_no_room(tmp_path: Path) -> None:
    """Half of it, a word, a kilometre: as if nobody had told."""
    path = tmp_path / "window.json"
    for text in ('{"room-back-row": 12}', '{"room-back-row": "12", "room-screen": 3}',
                 '{"room-back-row": 1200, "room-screen": 3}'):  # fmt: skip
        path.write_text(text, encoding="utf-8")
        assert hall_of(Settings(path)) is None
    settings = Settings(path)
    keep_hall(settings, Hall(12, 3))
    assert hall_of(settings) == Hall(12, 3)
