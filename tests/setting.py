"""How Chinese is set: finds where pieces were joined with the marks of English."""

from __future__ import annotations

import re

HAN = "[\u4e00-\u9fff]"
_WRONG = re.compile(
    rf"{HAN} ?[,;:!?](?!\d)|[,;:!?] ?{HAN}"  # a half-width mark beside Han
    rf"|{HAN} ?\((?!\))|\([^()\n]*{HAN}|{HAN}\.(?=\s|$)"  # brackets, a full stop
    r"|[，。；：！？（] +(?=\S)|[，。；：！？]{2}"  # room behind a mark that brings its own, two marks for one
    rf"|[{HAN[1:-1]}）] {HAN}"  # a space between words
)
_ALLOWED = re.compile(r"[\w./\u200b-]+:\d+:\d+: ")  # a place in a file


def ill_set(text: str) -> list[str]:
    """The places where Chinese is joined as if it were English, each with what is around it."""
    text = _ALLOWED.sub("", text)
    return [text[max(0, found.start() - 20) : found.end() + 20] for found in _WRONG.finditer(text)]
