"""Keeps the catalogues: collects every sentence said to a person, updates the .po files, compiles the .mo files.

Run it after sentences have changed, translate what it lists, run it again::

    python tests/tools/messages.py            # update and compile; lists what lacks a translation
    python tests/tools/messages.py --check    # change nothing; exit 1 if anything is missing or stale

Rules
-----
* A sentence is the literal first argument of ``.t(…)`` or ``t(…)``, the first two of ``.n(…)``, or that of ``mark(…)``,
  anywhere in ``tutor/``; or it stands in one of ``TABLES``. Nothing else is collected, nothing is guessed.
* A sentence that is gone leaves the catalogue. A sentence that has changed is a new sentence: nothing is "fuzzy".
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tutor import profiles, words  # noqa: E402  the checkout is put on the path first
from tutor.exchange import embedded, runfile  # noqa: E402
from tutor.explore import bound, cells, contradiction, exceptions, held, properties  # noqa: E402
from tutor.tcp import clauses, profile, reasons, states, variant  # noqa: E402
from tutor.view import theme  # noqa: E402
from tutor.world import because, unmodelled  # noqa: E402

LOCALES = words.CATALOGUES

FIXED_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""Catalogues carry no clock: the same sentences give the same file."""


class Message(NamedTuple):
    """A sentence, its plural if it counts something, and where it is said."""

    id: str
    plural: str | None
    where: str


# --- collecting ---


def collect() -> list[Message]:
    """Every sentence of the program, in order of file and line, the tables last; each once."""
    found: dict[str, Message] = {}
    for message in (*_from_code(), *_from_tables()):
        if message.id:
            found.setdefault(message.id, message)
    return list(found.values())


def _from_code() -> Iterator[Message]:
    for path in sorted((ROOT / "tutor").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
            yield from _from_call(call, path.relative_to(ROOT).as_posix())


def _from_call(call: ast.Call, where: str) -> Iterator[Message]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    is_method = isinstance(call.func, ast.Attribute)
    literals = list(_literals(call.args))
    if name == "n" and is_method and len(literals) >= 2:
        yield Message(literals[0], literals[1], where)
    elif name in ("t", "mark"):
        yield from (Message(literal, None, where) for literal in literals[:1])


def _literals(arguments: list[ast.expr]) -> Iterator[str]:
    """The leading arguments that are literal sentences."""
    for argument in arguments:
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            return
        yield argument.value


def _from_the_search() -> Iterator[Message]:
    """What is held constant, known exceptions, and what is excluded."""
    yield from (Message(why, None, "tutor/explore/held.py") for why, _ in held.reasons())
    yield Message(cells.KEPT_SAID, None, "tutor/explore/cells.py")
    yield from (Message(known.title, None, "tutor/explore/exceptions.py") for known in exceptions.EXCEPTIONS)
    yield from (Message(known.clause, None, "tutor/explore/exceptions.py") for known in exceptions.EXCEPTIONS)
    yield from (Message(sentence, None, "tutor/explore/exceptions.py") for _, sentence in exceptions.EXCLUSIONS)
    yield from (
        Message(sentence, None, "tutor/explore/bound.py")
        for sentence in (*bound.SENTENCES, *bound.ORDERS_TOLD.values())
    )
    yield from (Message(each, None, "tutor/explore/contradiction.py") for each in contradiction.SENTENCES)


def _from_what_is_not_tcp() -> Iterator[Message]:
    for edge in variant.ROWS.values():
        yield from (Message(text, None, "tutor/tcp/transitions.py") for text in (edge.cause, edge.action))
    for each in variant.VARIANTS.values():
        answers = [answer.told for answer in each.unanswered]
        yield from (Message(text, None, "tutor/tcp/variant.py") for text in (each.title, each.departs, *answers))
    for one in properties.PROPERTIES.values():
        texts = (one.title, one.always, one.sometimes)
        yield from (Message(text, None, "tutor/explore/properties.py") for text in texts)


def _from_tables() -> Iterator[Message]:
    yield from _from_what_is_not_tcp()
    yield from _from_the_search()
    for text in reasons.REASONS.values():
        yield Message(text.sentence, None, "tutor/tcp/reasons.py")
    for clause in clauses.CLAUSES.values():
        yield Message(clause.reading, None, "tutor/tcp/clauses.py")
    for text in because.HOST_REASONS.values():
        yield Message(text.sentence, None, "tutor/world/because.py")
    for refusal in because.REFUSALS.values():
        yield Message(refusal, None, "tutor/world/because.py")
    for clause in because.HOST_CLAUSES.values():
        yield Message(clause.reading, None, "tutor/world/because.py")
    for problem in runfile.PROBLEMS.values():
        yield Message(problem, None, "tutor/exchange/runfile.py")
    for problem in embedded.PROBLEMS.values():
        yield Message(problem, None, "tutor/exchange/embedded.py")
    for note in clauses.NOTES.values():
        yield Message(note, None, "tutor/tcp/clauses.py")
    yield from _from_settings()
    for state in states.State:
        yield Message(state.meaning, None, "tutor/tcp/states.py")
    for table in (words.TIMERS.values(), words.FATES.values(), words.ICMP.values(), words.PARTS):
        yield from (Message(text, None, "tutor/words.py") for text in table)
    yield from (Message(text, None, "assets/diagram.json") for text in _diagram_labels())
    yield from (Message(each.title, None, "assets/tokens.json") for each in theme.themes().values())
    yield from (Message(each.title, None, "assets/paper.json") for each in theme.papers().values())


def _from_settings() -> Iterator[Message]:
    """How the profiles are divided, what fields and profiles mean, and why some settings are not simulated."""
    docs = (rule.metadata["doc"] for rule in profile.RULES)
    for text in (*profile.SECTIONS.values(), *profile.STATUSES, *profile.UNITS.values(), *docs):
        yield Message(text, None, "tutor/tcp/profile.py")
    for name in profiles.profile_names():
        yield Message(profiles.load_profile(name).holds_for, None, f"assets/profiles/{name}.toml")
    fixed = (row.why for row in unmodelled.FIXED.values())
    for why in (*unmodelled.OUTSIDE.values(), *unmodelled.ABSENT.values(), *fixed):
        yield Message(why, None, "tutor/world/unmodelled.py")


def _diagram_labels() -> Iterator[str]:
    path = ROOT / "assets" / "diagram.json"
    if path.exists():
        yield from _strings(json.loads(path.read_text(encoding="utf-8")), DIAGRAM_KEYS)


DIAGRAM_KEYS = frozenset({"event", "action", "label", "title"})
"""The keys of the diagram's geometry that hold sentences."""


def _strings(value: object, keys: frozenset[str]) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in keys and isinstance(inner, str):
                yield inner
            else:
                yield from _strings(inner, keys)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, keys)


# --- catalogues ---


def po_path(lang: str) -> Path:
    """Where the catalogue of a language stands."""
    return ROOT / "assets" / "i18n" / LOCALES[lang] / "LC_MESSAGES" / "tutor.po"


def load(lang: str) -> Catalog:
    """The catalogue as it stands; an empty one if there is none yet."""
    path = po_path(lang)
    if not path.exists():
        return Catalog(locale=LOCALES[lang])
    with path.open("rb") as file:
        catalogue = read_po(file, locale=LOCALES[lang])
    catalogue.creation_date = catalogue.revision_date = FIXED_DATE
    return catalogue


def merged(lang: str) -> Catalog:
    """A catalogue of exactly today's sentences with the translations that stand."""
    old = load(lang)
    new = Catalog(
        locale=LOCALES[lang],
        project="tcp-tutor",
        version="1",
        fuzzy=False,
        header_comment="# What tcp-tutor says in another language. Kept by tests/tools/messages.py.",
        creation_date=FIXED_DATE,
        revision_date=FIXED_DATE,
        last_translator="the tcp-tutor authors",
        language_team=LOCALES[lang],
    )
    for message in collect():
        known = old.get(message.id)
        said = known.string if known is not None else None
        if message.plural is not None:
            said = said if isinstance(said, tuple) else ("",) * new.num_plurals
        new.add(
            (message.id, message.plural) if message.plural is not None else message.id,
            said if message.plural is not None or isinstance(said, str) else "",
            locations=[(message.where, None)],  # type: ignore[list-item]
        )
    return new


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as text, the same on every machine."""
    file = io.BytesIO()
    write_po(file, catalogue, width=118, sort_by_file=False, include_lineno=False, ignore_obsolete=True)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(VOLATILE)).encode()


VOLATILE = ('"Generated-By:', '"POT-Creation-Date:', '"PO-Revision-Date:')


def mo_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """The sentences that say nothing yet in this language."""
    return [_first(message.id) for message in catalogue if message.id and not all(_said(message.string))]


def misfilled(catalogue: Catalog) -> list[str]:
    """The sentences whose translation names other placeholders than the English one."""
    return [
        _first(message.id)
        for message in catalogue
        if message.id and any(said and _fields(said) != _fields(_last(message.id)) for said in _said(message.string))
    ]


def _first(id: str | tuple[str, ...] | list[str]) -> str:  # noqa: A002  Babel's own name
    return id if isinstance(id, str) else id[0]


def _last(id: str | tuple[str, ...] | list[str]) -> str:  # noqa: A002
    return id if isinstance(id, str) else id[-1]


def _said(said: object) -> tuple[str, ...]:
    return tuple(said) if isinstance(said, tuple | list) else (str(said or ""),)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


# --- the command ---


def update(lang: str) -> int:
    """Write both files of a language; the number of sentences that lack a translation."""
    catalogue = merged(lang)
    path = po_path(lang)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po_bytes(catalogue))
    path.with_suffix(".mo").write_bytes(mo_bytes(load(lang)))
    missing = untranslated(catalogue)
    for sentence in (*missing, *misfilled(catalogue)):
        print(f"{lang}: {sentence}")
    print(f"{lang}: {len(list(catalogue)) - 1} sentences, {len(missing)} without a translation")
    return len(missing)


def faults(lang: str) -> list[str]:
    """What is wrong with the committed files of a language, as lines; empty if they are complete and current."""
    catalogue, path = merged(lang), po_path(lang)
    found = [f"not translated: {sentence!r}" for sentence in untranslated(catalogue)]
    found += [f"other placeholders than in English: {sentence!r}" for sentence in misfilled(catalogue)]
    if {_first(m.id) for m in load(lang)} != {_first(m.id) for m in catalogue}:
        found.append(f"{path.name} is stale: run python tests/tools/messages.py")
    with path.with_suffix(".mo").open("rb") as file:
        if _pairs(read_mo(file)) != _pairs(load(lang)):
            found.append(f"{path.stem}.mo does not agree with {path.name}: run python tests/tools/messages.py")
    return found


def _pairs(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    """Sentence -> translation: what a catalogue says, however its file is laid out; unsaid ones are left out."""
    return {
        _first(message.id): _said(message.string) for message in catalogue if message.id and any(_said(message.string))
    }


def main() -> int:
    """Update (or only check) every language."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything is missing or stale")
    if parser.parse_args().check:
        lines = [f"{lang}: {fault}" for lang in LOCALES for fault in faults(lang)]
        print("\n".join(lines) or "complete and current")
        return bool(lines)
    return bool(sum(update(lang) for lang in LOCALES))


if __name__ == "__main__":
    sys.exit(main())
