r"""A small reader of GIFT, written from Moodle's documentation and from nothing of ours.

What the documentation says: questions are parted by blank lines; ``//`` begins a comment; ``$CATEGORY:`` names a
category; ``::name::`` a question; ``[html]`` the format of its text; answers stand in braces, ``=`` right, ``~`` wrong,
``%n%`` a weight, ``#`` a feedback, ``####`` the general feedback, ``=a -> b`` a pair; ``\`` before ``~ = # { } :`` and
``\n`` for a line break.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

HELD = {"\\\\": "\x01", "\\~": "\x02", "\\=": "\x03", "\\#": "\x04", "\\{": "\x05", "\\}": "\x06", "\\:": "\x07"}
MEANT = {"\x01": "\\", "\x02": "~", "\x03": "=", "\x04": "#", "\x05": "{", "\x06": "}", "\x07": ":"}


@dataclass
class Choice:
    """One answer: its text, its share of the mark in per cent, its feedback; of a pair, its other half."""

    text: str
    share: float
    feedback: str = ""
    mate: str = ""


@dataclass
class Question:
    """One question."""

    name: str
    form: str
    text: str
    choices: list[Choice] = field(default_factory=list)
    general: str = ""


def _hold(text: str) -> str:
    """Escaped characters put aside, so that nothing takes them for marks."""
    return re.sub(r"\\[\\~=#{}:]", lambda hit: HELD[hit[0]], text)


def _meant(text: str) -> str:
    text = text.replace("\\n", "\n")
    return re.sub("[\x01-\x07]", lambda hit: MEANT[hit[0]], text).strip()


def read(source: str) -> tuple[str, list[Question]]:
    """(the category, the questions)."""
    category, questions = "", []
    for block in re.split(r"\n[ \t]*\n", source.strip()):
        lines = [line for line in block.split("\n") if not line.lstrip().startswith("//")]
        text = _hold("\n".join(lines))
        if text.startswith("$CATEGORY:"):
            category = text.partition(":")[2].strip()
        elif text.strip():
            questions.append(_question(text))
    return category, questions


def _question(text: str) -> Question:
    match = re.fullmatch(r"::(.*?)::\s*(?:\[(\w+)\])?(.*?)\{(.*)\}\s*", text, re.DOTALL)
    assert match is not None, f"no question: {text!r}"
    name, form, body, inside = match.groups()
    assert "{" not in body + inside, f"a brace is not escaped: {text!r}"
    assert "}" not in body + inside, f"a brace is not escaped: {text!r}"
    answers, _, general = inside.partition("####")
    found = Question(_meant(name), form or "moodle", _meant(body), general=_meant(general))
    parts = re.split(r"(?=[~=])", answers.strip())
    assert not parts[0].strip(), f"something stands before the first answer: {parts[0]!r}"
    for part in parts[1:]:
        found.choices.append(_choice(part))
    return found


def _choice(part: str) -> Choice:
    sign, rest = part[0], part[1:].strip()
    share = 100.0 if sign == "=" else 0.0
    weight = re.match(r"%(-?\d+(?:\.\d+)?)%", rest)
    if weight is not None:
        share, rest = float(weight[1]), rest[weight.end() :]
    answer, _, feedback = rest.partition("#")
    answer, arrow, mate = answer.partition("->")
    return Choice(_meant(answer), share, _meant(feedback), _meant(mate) if arrow else "")
