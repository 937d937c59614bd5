"""The README tells the truth: its commands exist, its ladder is what is printed, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.stories import text
from tutor.cli import build_parser
from tutor.words import Words

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_two_commands_are_there_word_for_word() -> None:
    """.ci/run takes the second one from here and runs it."""
    venv = "python3 -m venv .venv && .venv/bin/pip install -q -e "
    assert f"    {venv}. && .venv/bin/tcp-tutor\n" in README
    assert f'    {venv}".[dev]" && .venv/bin/python -m pytest -q\n' in README


def test_the_ladder_shown_is_the_ladder_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever types the command sees the same picture."""
    shown = re.search(r"```\n(The three-way handshake.*?)```", README, re.DOTALL)
    assert shown is not None
    assert shown[1].rstrip() == text(capsys, "01-three-way-handshake").rstrip()


WHOLE_LINES = README.replace("\\\n", "")
"""Lines that a backslash continues are one."""


@pytest.mark.parametrize("line", re.findall(r"^    tcp-tutor ([^\s$][^$\n]*)$", WHOLE_LINES, re.MULTILINE))
def test_every_command_shown_is_understood(line: str) -> None:
    """The parser takes it; whether it runs is the other tests' business. One with variables is for a shell to run."""
    arguments = [word.strip("'") for word in re.findall(r"'[^']*'|\S+", line)]
    assert build_parser(Words()).parse(arguments).command == arguments[0]


@pytest.mark.parametrize("path", [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link])
def test_every_link_leads_somewhere(path: str) -> None:
    """Files move; links must follow."""
    assert (ROOT / path).exists()
