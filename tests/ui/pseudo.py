"""A language that nobody speaks: English with accents and a third longer, to see what was never translated.

Rules
-----
* Every sentence that goes through ``Words`` or a lesson's ``Text`` comes back between « and », its vowels accented
  and doubled: «Stáátéé díáágráám». What still reads as plain English on screen has not gone through either.
* Placeholders and code in backticks stay, as translators leave them.
* It exists in tests only.
"""

from __future__ import annotations

import re
from gettext import NullTranslations

import pytest

from tutor import words
from tutor.tcp.variant import VARIANTS
from tutor.teach.glossary import Term
from tutor.teach.lesson import Text
from tutor.world.acts import CALLS

CODE = "qps"

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]")
_KEPT = re.compile(r"(\{[^}]*\}|`[^`]*`)")
_ACCENTS = str.maketrans({plain: accented * 2 for plain, accented in zip("aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ", strict=True)})


def pseudo(text: str) -> str:
    """``text`` as this language says it; what only joins pieces is the same in it."""
    if not _WORD.search(_KEPT.sub("", text)):
        return text
    pieces = _KEPT.split(text)
    return "«" + "".join(piece if place % 2 else piece.translate(_ACCENTS) for place, piece in enumerate(pieces)) + "»"


class _Catalogue(NullTranslations):
    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)


def speak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the language known for the rest of the test."""
    catalogue, in_lesson = words._catalogue, Text.__getitem__
    monkeypatch.setitem(words.LANGUAGES, CODE, "«Pseudo»")
    monkeypatch.setattr(words, "_catalogue", lambda lang: _Catalogue() if lang == CODE else catalogue(lang))
    monkeypatch.setattr(
        Text, "__getitem__", lambda text, lang: pseudo(text.en) if lang == CODE else in_lesson(text, lang)
    )
    in_glossary = Term.name
    monkeypatch.setattr(
        Term, "name", lambda term, lang: pseudo(in_glossary(term, "en")) if lang == CODE else in_glossary(term, lang)
    )


# --- what is left in English ---

_VOWEL = re.compile("[aeiouyAEIOUY]")
_CODE = re.compile(
    r"`[^`]*`"  # code in Markdown
    r"|\b[a-z]+ #\d+"  # an act and its segment: drop #1
    r"|\b(?:client|server) [a-z]+\b[\w :]*(?=[,.»]|$)"  # a call as an act: server listen 80
    r"|\bgolden:\w+"  # a recording by its name
    r"|\b[\w.]+ ?[=!<>]=? ?\w+(?: (?:and|or) [\w.]+ ?[=!<>]=? ?\w+)*"  # a filter: len > 0 and host == server
    r"|/[\w./-]+"  # a path
    r"|\b(?:Ctrl|Shift|Alt)\b(?:\+\w+)*"  # a key
    r"|\b[\w.]*[_/.][\w./]*\w"  # tcp_syn_retries, net.ipv4.x, SND.UNA, a/b.txt
    r"|\b[A-Z]+(?:-[A-Z0-9]+)+\b"  # FIN-WAIT-1
    r"|\b[A-Z][A-Z0-9]{1,}(?:s\b)?"  # SYN, RFC, MSS, ESTABLISHED
    r"|\b\d[\w.]*"  # 5ms
    r"|\b[a-z]+\([\w:=, ]*\)"  # close(), connect(server:80)
    r"|\b(?:Tcp|TcpExt|Ip)[A-Z]\w+"  # a counter
    r"|\bss -\w+"  # a command
    rf"|^(?:(?:client|server) )?(?:inject|{'|'.join(sorted(CALLS))})(?:$| \[?\w*[>=:].*$)"  # an act
    r"|\b\w+Error: [^»]*"  # what Python says of a fault
    r"|^quantum teleportation$"  # what a test has typed
    rf"|^(?:variant|none|{'|'.join(VARIANTS)})$"  # a broken protocol by its id, as an act takes it
    r"|(?:^|»: )(?:open|cubic)(?=$|\.)"  # what a kernel's variable is
)

NAMES = frozenset({
    "TCP", "Tutor", "Linux", "English", "seq", "ack", "len", "win", "ms", "us", "min", "cwnd", "ssthresh",
    "FlightSize", "SACK-permitted", "permitted", "val", "ecr",
    "timer", "State", "Recv-Q", "Send-Q", "Local", "Peer", "Address", "Port", "PortProcess",
    "none", "variant", *(word for name in VARIANTS for word in _WORD.findall(name)),
})  # fmt: skip
"""Words that are the same in every language: names, and what is written as a tool prints it."""


def left_over(text: str, names: frozenset[str] = NAMES) -> list[str]:
    """The words of ``text`` that still read as plain English."""
    rest = _CODE.sub(" ", text.replace("\u200b", ""))
    return [word for word in _WORD.findall(rest) if _VOWEL.search(word) and word not in names and len(word) > 2]
