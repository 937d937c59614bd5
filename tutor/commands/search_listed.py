"""``tcp-tutor search --list``: what can be asked, for a person and for a program.

Rules
-----
* Every name that ``search`` takes stands here, with what it means; of a known exception, which clause admits it, what
  has to be excluded, and whether its run can be written.
* A program is told the same words in every language.
"""

from __future__ import annotations

import json
from typing import Any

from tutor.commands.console import Console
from tutor.commands.search_asked import ACK_RULES, BEGINNINGS, BUDGETS, DEFAULTS
from tutor.commands.search_told import wrapped
from tutor.explore.cells import KEPT_SAID, MUTE
from tutor.explore.exceptions import EXCEPTIONS, Known
from tutor.explore.past import WRAPPED
from tutor.explore.properties import PROPERTIES
from tutor.joining import sentences
from tutor.tcp.variant import VARIANTS
from tutor.teach.found import admitted
from tutor.view.cells import pad
from tutor.words import Words, mark

NOT_WRITTEN = mark("It cannot be written by --out: 2^32 bytes cannot be sent for the sake of a run.")

ALSO = {
    "--ack-rule 793": mark("any old ACK counts as a duplicate, as in RFC 793"),
    "--ack-rule 5961": mark("an ACK that is too old is refused, as in RFC 5961"),
    "--rfc1337": mark("no RST ends TIME-WAIT"),
    "--begin forgotten": mark("begin with two hosts that remember nothing"),
    "--begin open": mark("begin in the earlier connection"),
    "--writes 0": mark("nobody writes, but in the earlier connection"),
    "--calls 2": mark("the client may call twice"),
    "--orphan": mark("programs call close() instead of shutdown(write): orphans stay behind"),
}
"""Switch -> what it asks for."""


def list_all(console: Console, *, as_json: bool) -> None:
    """Variants, properties, and the budgets that a search has unless it is told otherwise."""
    if as_json:
        console.say(json.dumps(listed_as_json(), ensure_ascii=False))
        return
    words = console.words
    console.say(words.t("Properties (--property):"))
    for sentence in PROPERTIES.values():
        console.say(f"  {pad(sentence.id, 16)}{sentence.number}  {words.t(sentence.title)}")
        wrapped(words.t(sentence.always), console, " " * 22)
    console.say()
    console.say(words.t("Variants (--variant); none is the protocol itself:"))
    for variant in VARIANTS.values():
        console.say(f"  {pad(variant.id, 26)}{words.t(variant.title)}")
        wrapped(words.t(variant.departs), console, " " * 28)
        if variant.id == MUTE:
            wrapped(words.t(KEPT_SAID), console, " " * 28)
    console.say()
    console.say(words.t("Known exceptions of TCP itself (--exception), each with the clause that admits it:"))
    for known in EXCEPTIONS:
        console.say(f"  {pad(known.id, 26)}{', '.join(sorted(known.properties))}")
        wrapped(_exception(known, words), console, " " * 28)
    console.say()
    console.say(words.t("What else can be asked, of every protocol:"))
    for switch, text in ALSO.items():
        console.say(f"  {pad(switch, 26)}{words.t(text)}")
    console.say()
    console.say(words.t("Budgets unless told otherwise: {budget}", budget=", ".join(_defaults())))


def _exception(known: Known, words: Words) -> str:
    """How it breaks TCP, the clause, what excludes it, and whether there is a run of it."""
    written = words.t(NOT_WRITTEN) if known.beginning == WRAPPED else ""
    return sentences((words.t(known.title), *admitted(known, words), written), words)


def listed_as_json() -> dict[str, Any]:
    """The same for a program."""
    properties = [
        {"id": each.id, "number": each.number, "title": each.title, "always": each.always}
        for each in PROPERTIES.values()
    ]
    variants = [{"id": each.id, "title": each.title, "departs": each.departs} for each in VARIANTS.values()]
    exceptions = [
        {
            "id": each.id, "title": each.title, "properties": sorted(each.properties), "clause": each.clause,
            "rule_sets": sorted(each.rule_sets), "excluded_by": list(each.excluded_by),
            "can_be_written": each.beginning != WRAPPED,
        }
        for each in EXCEPTIONS
    ]  # fmt: skip
    return {
        "v": 1, "properties": properties, "variants": variants, "exceptions": exceptions,
        "ack_rules": list(ACK_RULES), "beginnings": list(BEGINNINGS), "defaults": dict(DEFAULTS),
    }  # fmt: skip


def _defaults() -> list[str]:
    return [f"--{switch} {DEFAULTS[switch]}" for switch in BUDGETS]
