r"""GIFT: a paper as Moodle imports it, with a feedback for every answer.

Rules
-----
* One question is ``[html]`` between blank lines and has none inside. What is text is escaped twice: for HTML, then for
  GIFT, where ``~ = # { } :`` and the backslash get a backslash and a line break is ``\n``.
* A choice has one ``=`` and several ``~``. Of many each right answer is worth its share, a wrong one takes all.
* Where a line of the command plays why an answer is right or wrong, it stands behind the feedback.
* An order is a matching question, thing to place; matching has no feedback for an answer, so all of it stands behind
  ``####``, which Moodle shows at the end.

Source: Moodle documentation, "GIFT format"; ``question/format/gift/format.php``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from typing import Any

from tutor.teach.generated import Posed
from tutor.words import Words, mark

Ladder = Callable[[Posed], str]
"""A question -> the run so far, drawn with characters; empty where there is nothing to see."""

_SPECIAL = re.compile(r"([\\~=#{}:])")


def escaped(text: str) -> str:
    """A text in which GIFT finds nothing of its own."""
    return _SPECIAL.sub(r"\\\1", text).replace("\r", "").replace("\n", "\\n")


def document(questions: Sequence[Posed], title: str, lang: str, ladder: Ladder) -> str:
    """The whole file. ``title`` names the category."""
    category = title.replace("/", "//").replace("\n", " ")
    parts = [f"$CATEGORY: {category}"]
    parts += [_question(question, number, lang, ladder) for number, question in enumerate(questions, 1)]
    return "\n\n".join(parts) + "\n"


def _question(question: Posed, number: int, lang: str, ladder: Ladder) -> str:
    body = _paragraphs(question.setting[lang])
    drawn = ladder(question)
    body += f"<pre>{html.escape(drawn, quote=False)}</pre>" if drawn else ""
    body += _paragraphs(question.ask.prompt[lang])
    head = f"// question: {number}  {question.id}\n::{escaped(f'{number:02d} {question.id}')}::[html]{escaped(body)}"
    return f"{head}{{\n{_answers(question, lang)}\n}}"


def _answers(question: Posed, lang: str) -> str:
    options = question.ask.options
    if question.kind == "order":
        lines = [f"={_shown(question, i, lang)} -> {place}" for place, i in enumerate(question.right, 1)]
        reasons = [option.feedback[lang] for i in question.right if (option := options[i]).feedback is not None]
        plays = [f"`{line}`" for line in dict.fromkeys(question.replays) if line]
        return "\n".join([*lines, f"####{escaped(''.join(map(_paragraphs, [*reasons, *plays])))}"])
    lines = []
    for i, option in enumerate(options):
        said = [_inline(option.feedback[lang])] if option.feedback is not None else []
        line = _replay(question, i)
        said += [f"<code>{html.escape(line, quote=False)}</code>"] if line else []
        reason = f"#{escaped('<br>'.join(said))}" if said else ""
        lines.append(f"{_sign(question, i)}{_shown(question, i, lang)}{reason}")
    return "\n".join(lines)


def _replay(question: Posed, option: int) -> str:
    """The line that plays why an answer is right or wrong; "" where there is none."""
    return question.replays[option] if question.replays else ""


def _sign(question: Posed, option: int) -> str:
    is_right = option in question.right
    if question.kind != "many":
        return "=" if is_right else "~"
    return f"~%{_share(len(question.right))}%" if is_right else "~%-100%"


def _share(count: int) -> str:
    """What one of so many right answers is worth, in one of the fractions that Moodle knows."""
    return {1: "100", 2: "50", 3: "33.33333", 4: "25", 5: "20"}[count]


def _shown(question: Posed, option: int, lang: str) -> str:
    return escaped(_inline(question.label(option, lang)))


def _inline(text: str) -> str:
    """Markdown of one paragraph as HTML; a table in a fence keeps its columns."""
    if text.startswith("```"):
        return f"<pre>{html.escape(text.strip('`').strip(chr(10)), quote=False)}</pre>"
    safe = html.escape(text.strip(), quote=False)
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
    safe = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", safe)
    safe = re.sub(r"\*([^*]+)\*", r"<i>\1</i>", safe)
    return re.sub(r"\\([\\`*_\[\]])", r"\1", safe)


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_inline(part)}</p>" for part in re.split(r"\n\s*\n", text) if part.strip())


# --- as JSON ---


def as_json(question: Posed, lang: str) -> dict[str, Any]:
    """A question with its key, for programs. Indexes count from 0, times are seconds."""
    options = [
        {
            "value": option.value,
            "text": question.label(i, lang),
            "right": i in question.right,
            "feedback": option.feedback[lang] if option.feedback is not None else "",
            "seen": question.seen[i] / 1_000_000,
            **({"play": _replay(question, i)} if _replay(question, i) else {}),
        }
        for i, option in enumerate(question.ask.options)
    ]
    return {
        "v": 1, "id": question.id, "kind": question.kind, "concept": question.concept, "card": question.card,
        "edge": question.edge, "at": question.at / 1_000_000, "setting": question.setting[lang],
        "prompt": question.ask.prompt[lang], "options": options, "right": list(question.right),
    }  # fmt: skip


def key_of(question: Posed, words: Words) -> str:
    """The right answer as it is printed in a key: letters; of an order in their order."""
    letters = "".join("ABCDEFGH"[i] for i in question.right)
    return words.t(SEPARATED).join(letters) if question.kind == "many" else " → ".join(letters)


SEPARATED = mark(", ")
"""What stands between the letters of many right answers."""
