"""Whatever is pressed, clicked, dragged, dropped or switched, in whatever order: nothing breaks and nothing is lost.

20,000 actions with ``-m long``, a fifth of them in ``.ci/run``, a fiftieth always. A failing test prints the list of
actions that led there; ``tests.ui.monkey`` plays it again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.monkey import Lost, Monkey, actions, files_in
from tests.ui.stage import CLOSE, HANDSHAKE, session
from tutor.ui.conductor import Conductor

COUNT = 20_000
A_SEED = 500
"""Actions of one seed: so long is one sitting."""


def _sit(show, folder: Path, seed: int, count: int) -> Conductor:
    conductor: Conductor = show(session(CLOSE if seed % 2 else HANDSHAKE))
    Monkey(conductor, files_in(folder)).play(actions(seed, count))
    return conductor


@pytest.mark.sampled(2)
@pytest.mark.parametrize("seed", [1, 2])
def test_four_hundred_actions_leave_the_window_whole(show, tmp_path: Path, seed: int) -> None:
    """Two sittings of two hundred."""
    _sit(show, tmp_path, seed, COUNT // 50 // 2)


@pytest.mark.ci
@pytest.mark.parametrize("seed", range(10, 10 + COUNT // 5 // A_SEED))
def test_four_thousand_actions_leave_the_window_whole(show, tmp_path: Path, seed: int) -> None:
    """Eight sittings of five hundred."""
    _sit(show, tmp_path, seed, A_SEED)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 100 + COUNT // A_SEED))
def test_twenty_thousand_actions_leave_the_window_whole(show, tmp_path: Path, seed: int) -> None:
    """Forty sittings of five hundred."""
    _sit(show, tmp_path, seed, A_SEED)


def test_the_same_seed_presses_the_same() -> None:
    """Else no failure could be looked at twice."""
    assert actions(7, 300) == actions(7, 300) != actions(8, 300)
    assert len({action[0] for action in actions(7, 300)}) > 12


def test_a_fault_is_caught_and_can_be_played_again(show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slot that raises ends the sitting with the list of what was done."""
    conductor = show(session(HANDSHAKE))
    monkeypatch.setattr(type(conductor), "open_lesson", lambda *_: 1 // 0)
    with pytest.raises(Lost, match=r"ZeroDivisionError[\s\S]*replay = \[\s+\('tick', 16000\)"):
        Monkey(conductor, files_in(tmp_path)).play([("tick", 16_000), ("lesson", CLOSE)])


def test_a_branch_that_is_lost_is_noticed(show, tmp_path: Path) -> None:
    """A way of undoing that forgot the future it undid would end the sitting."""
    conductor = show(session(HANDSHAKE))
    monkey = Monkey(conductor, files_in(tmp_path))
    monkey.play([("tick", 16_000)])
    whole = conductor.session
    conductor.window.command("step-forward")
    conductor.window.command("drop")
    assert len(conductor.session.timeline.branches) > len(whole.timeline.branches)
    monkey.play([("tick", 16_000)])
    conductor.session = whole
    with pytest.raises(Lost, match="branches"):
        monkey.play([("tick", 16_000)])
