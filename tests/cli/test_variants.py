"""--variant and --properties: a protocol that is broken on purpose, and what it breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.cli import main


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command prints."""
    assert main(["--lang", "en", *arguments]) == 0
    return capsys.readouterr().out


def test_the_ladder_says_above_that_it_is_not_tcp(capsys: pytest.CaptureFixture[str]) -> None:
    """And that of TCP does not."""
    text = printed(capsys, "play", "01", "--variant", "two-way")
    assert "NOT TCP — two-way handshake" in text
    assert "NOT TCP" not in printed(capsys, "play", "01")


def test_the_properties_stand_below_with_the_step_at_which_they_broke(capsys: pytest.CaptureFixture[str]) -> None:
    """Seven lines; P2 is broken by construction."""
    lines = printed(capsys, "play", "01", "--variant", "two-way", "--properties").splitlines()[-7:]
    assert [line.split()[1] for line in lines] == [f"P{number}" for number in range(1, 8)]
    assert "broken at 50 ms, step 5" in lines[1]
    assert all("broken" not in line for line in lines[2:])
    plain = printed(capsys, "play", "01", "--variant", "two-way", "--properties", "--ascii").splitlines()[-7:]
    assert plain[1].startswith("x P2") and plain[0].startswith("+ P1")


def test_a_wrong_name_is_told_with_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    """And with the one that was meant."""
    assert main(["--lang", "en", "play", "01", "--variant", "tow-way"]) == 2
    assert "did you mean two-way?" in capsys.readouterr().err


def test_a_saved_run_keeps_its_variant(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Played again anywhere it is the same run, and says the same."""
    file = tmp_path / "ghost.tcprun"
    first = printed(capsys, "play", "01", "--variant", "two-way", "--save", str(file))
    assert printed(capsys, "play", str(file)) == first
    lesson = Path("lessons/01-three-way-handshake/lesson.yaml").read_text(encoding="utf-8")
    own = tmp_path / "lesson.yaml"
    own.write_text(lesson.replace("\nhosts:", "\nvariant: no-time-wait\nhosts:", 1), encoding="utf-8")
    again = tmp_path / "again.tcprun"
    first = printed(capsys, "play", str(own), "--save", str(again))
    assert "NOT TCP — no TIME-WAIT" in first
    assert printed(capsys, "play", str(again)) == first
