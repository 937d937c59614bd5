"""What was open when the window closed is there when it opens again; broken files cost nothing but the memory."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ui.stage import CLOSE, answered, session
from tutor.teach import intents
from tutor.teach.session import Session, update
from tutor.ui import leaving
from tutor.ui.library import Library
from tutor.words import Words

EN = Words("en")


def _busy() -> Session:
    """A session in the middle of something: a lost FIN, a bet answered, another speed, time running to the right."""
    now = session(CLOSE)
    for intent in (
        intents.NextBeat(), intents.NextBeat(), intents.SetSpeed(0.25), intents.See("is_across", value=True),
        intents.See("filter", "tcp.flags.fin==1"), intents.Choose(1), intents.CheckBet(),
        intents.ActNow("drop server:any"),
    ):  # fmt: skip
        now = update(now, intent)
    return now


def test_one_comes_back_to_where_one_left(tmp_path: Path) -> None:
    """The same run on the same branch, at the same moment, with the same bets answered and the same sight."""
    before = _busy()
    assert leaving.leave(before, tmp_path)
    after = leaving.come_back(tmp_path, Library(), EN)
    assert after is not None
    assert (after.branch, after.road, len(after.timeline.branches)) == (
        before.branch, before.road, len(before.timeline.branches),
    )  # fmt: skip
    assert (after.playhead, after.beat, after.speed) == (before.playhead, before.beat, before.speed)
    assert after.answers == before.answers
    assert after.sight == before.sight
    assert after.horizon == before.horizon


def test_nothing_left_is_nothing_to_come_back_to(tmp_path: Path) -> None:
    """The first start finds no files and makes none."""
    assert leaving.come_back(tmp_path, Library(), EN) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [leaving.RUN, leaving.PLACE])
@pytest.mark.parametrize("content", ["", "{", "[]", '{"playhead": "now"}', "\x00\x01"])
def test_a_broken_file_is_set_aside(tmp_path: Path, name: str, content: str) -> None:
    """The window opens as if nothing had been left, and what was in the file is still there."""
    leaving.leave(_busy(), tmp_path)
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert leaving.come_back(tmp_path, Library(), EN) is None
    assert (tmp_path / (name + leaving.BROKEN)).read_text(encoding="utf-8") == content
    assert leaving.come_back(tmp_path, Library(), EN) is None


@pytest.mark.parametrize("change", [{"speed": 3}, {"beat": 99}, {"answers": [{"beat": "x"}]}, {"sight": {}}])
def test_a_place_that_cannot_be_is_set_aside(tmp_path: Path, change: dict) -> None:
    """Well-formed nonsense is nonsense too."""
    leaving.leave(_busy(), tmp_path)
    place = tmp_path / leaving.PLACE
    place.write_text(json.dumps({**json.loads(place.read_text(encoding="utf-8")), **change}), encoding="utf-8")
    assert leaving.come_back(tmp_path, Library(), EN) is None


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    """The window closes all the same."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert not leaving.leave(_busy(), tmp_path / "file" / "below")


def test_a_window_that_closes_leaves_its_session(show, tmp_path: Path) -> None:
    """Closing keeps the run; the next window starts on it."""
    conductor = answered(show(session(CLOSE)))
    conductor.folder = tmp_path
    conductor.send(intents.End())
    conductor.window.close()
    back = leaving.come_back(tmp_path, Library(), EN)
    assert back is not None
    assert back.playhead == conductor.session.playhead == back.end
