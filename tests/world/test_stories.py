"""Stories: each file in ``tests/stories`` is a scenario and what happens; the replay must print the same file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world.stage import PROFILES
from tutor.world.trace import Trace
from tutor.world.transcript import parse_story

STORIES = sorted((Path(__file__).resolve().parent.parent / "stories").glob("*.txt"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_is_told_again_word_for_word(path: Path) -> None:
    """Read the file: it says what should happen. This test says that it does."""
    text = path.read_text(encoding="utf-8")
    story = parse_story(text, PROFILES)
    assert story.retold(Trace.of(story.scenario)) == text


def test_a_story_begins_with_what_it_tells() -> None:
    """A story without a sentence for its reader is a log file."""
    mute = [path.name for path in STORIES if not path.read_text(encoding="utf-8").startswith("# ")]
    assert mute == [], f"these stories tell nobody what they are about: {mute}"
