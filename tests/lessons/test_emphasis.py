"""Stars that Markdown leaves standing: found where they would be seen, and nowhere in what is shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor import resources
from tutor.teach.check import check_lesson
from tutor.teach.emphasis import visible_stars


@pytest.mark.parametrize(
    ("text", "offsets"),
    [
        ("**说：**字", [0, 4]),
        ("**说**：字", []),
        ("**说：** 字", []),
        ("**说：**一是**二**：三", [4]),
        ("字**“甲”**字", [1, 6]),
        ("**`close()`**之后", [0, 11]),
        ("**{server.state}**之后", []),
        ("*a **b** c* and ***d***", []),
        ("**never ended", [0]),
        ("2 * MSL, `**`, \\*, and\n* a row\n* another", []),
        ("```\n**\n```", []),
        ("*one\n\nof two paragraphs*", [0, 23]),
    ],
)
def test_what_emphasises_nothing_is_found(text: str, offsets: list[int]) -> None:
    """As CommonMark reads it: no end between a Chinese mark and a letter; code, lists and lone stars are meant."""
    assert [stars.offset for stars in visible_stars(text)] == offsets


def test_a_lesson_with_stars_to_be_seen_is_refused(tmp_path: Path) -> None:
    """The place, the words about it, and what to write in their place; Chinese lines are joined as on screen."""
    shipped = resources.lessons_dir() / "01-three-way-handshake"
    for name in ("lesson.yaml", "zh.yaml"):
        text = (shipped / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text, encoding="utf-8")
    overlay = tmp_path / "zh.yaml"
    lines = overlay.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if line.strip() == "text: |")
    lines[place + 1] = lines[place + 1][: -len(lines[place + 1].lstrip())] + "**注意：**\n" + lines[place + 1]
    overlay.write_text("\n".join(lines), encoding="utf-8")
    (error,) = check_lesson(tmp_path)
    assert error.what == "stars in a wrong place: they will be seen, or emphasise other words"
    assert (error.line, error.file) == (place + 2, str(overlay))
    assert "**说**：字" in error.hint


def test_help_and_messages_show_no_stars() -> None:
    """Every page of help, and every message in both languages."""
    from babel.messages.pofile import read_po

    pages = sorted((resources.assets_dir() / "help").glob("*.md"))
    assert len(pages) > 20
    shown = [(page.name, stars.found) for page in pages for stars in visible_stars(page.read_text(encoding="utf-8"))]
    with (resources.assets_dir() / "i18n/zh_CN/LC_MESSAGES/tutor.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    for message in messages:
        said = [*_forms(message.id), *_forms(message.string)]
        shown += [(text, stars.found) for text in said for stars in visible_stars(text)]
    assert shown == []


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
