"""Prints every story anew into its file: ``python -m tests.world.retell``. Read the difference before you commit it."""

from __future__ import annotations

from pathlib import Path

from tests.world.stage import PROFILES
from tutor.world.trace import Trace
from tutor.world.transcript import RULE, parse_story

STORIES = Path(__file__).resolve().parent.parent / "stories"


def main() -> None:
    """Replay the scenario of each file and write what happens below it."""
    for path in sorted(STORIES.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        story = parse_story(text if f"\n{RULE}\n" in text else f"{text.rstrip()}\n{RULE}\n", PROFILES)
        path.write_text(story.retold(Trace.of(story.scenario)), encoding="utf-8")


if __name__ == "__main__":
    main()
