"""Stamps a translation: writes beside each sentence the hash of the English one that it now translates.

Run it after translating, never instead of translating: a stamp says "I have read the new English sentence"::

    python tests/tools/stamp_overlay.py lessons/01-three-way-handshake/zh.yaml               # what is stale, by name
    python tests/tools/stamp_overlay.py lessons/01-three-way-handshake/zh.yaml --all         # stamp every sentence
    python tests/tools/stamp_overlay.py lessons/01-three-way-handshake/zh.yaml "beats › two-records › words"

Comments and layout of the file stay.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tutor.teach import overlay, yamlio  # noqa: E402  the checkout is put on the path first
from tutor.teach.errors import Problems  # noqa: E402
from tutor.teach.schema import LessonModel, OverlayModel  # noqa: E402
from tutor.teach.shape import shape  # noqa: E402
from tutor.words import Words  # noqa: E402


def stamp(lesson_text: str, overlay_text: str, names: set[str] | None) -> tuple[str, list[str]]:
    """(the overlay stamped, the names of its stale sentences). ``names`` None: every sentence is stamped."""
    problems = Problems(Words("en"))
    source_node = yamlio.read(lesson_text.encode(), "lesson.yaml", problems)
    overlay_node = yamlio.read(overlay_text.encode(), "overlay", problems)
    problems.raise_if_any()
    assert source_node is not None, "a file without faults has a tree"
    assert overlay_node is not None, "a file without faults has a tree"
    source = shape(source_node, LessonModel, problems).model
    translated = shape(overlay_node, OverlayModel, problems).model
    problems.raise_if_any()
    assert source is not None, "a tree without faults has a model"
    assert translated is not None, "a tree without faults has a model"
    sentences, given = overlay.sentences(source), overlay.translations(translated)
    fresh = {key: overlay.fingerprint(sentences[key]) for key in given if key in sentences}
    stale = [" › ".join(key) for key, value in fresh.items() if given[key].of != value]
    changes = {
        (*(int(step) if step.isdigit() and key[0] != "beats" else step for step in key), "of"): value
        for key, value in fresh.items()
        if given[key].of != value and (names is None or " › ".join(key) in names)
    }
    return (yamlio.rewrite(overlay_text, changes) if changes else overlay_text), stale


def main(arguments: list[str]) -> int:
    """Exit code 0 if nothing is stale any more."""
    path, wanted = Path(arguments[0]), set(arguments[1:])
    names = None if "--all" in wanted else wanted
    lesson = (path.parent / "lesson.yaml").read_text(encoding="utf-8")
    text, stale = stamp(lesson, path.read_text(encoding="utf-8"), names)
    path.write_text(text, encoding="utf-8")
    left = [name for name in stale if names is not None and name not in names]
    print("\n".join(left))
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
