"""What the panel of parameters shows, as values: groups, rows with a cell a host, and what is told of the row in hand.

Rules
-----
* One row a parameter, one cell a host or direction. The rows that are used most come first, in a group of their own.
* The search looks at names, titles in both languages, meanings and sources; what is found is shown whatever is open.
* Only the row in hand is explained: meaning, source, other kernels, consequence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tutor.joining import chained, listed
from tutor.teach.consequences import consequence
from tutor.teach.parameter import Control, Parameter, trimmed
from tutor.teach.parameter_names import GROUPS, OFTEN
from tutor.teach.parameters import options_set, parameters
from tutor.teach.session import Session
from tutor.ui import found_rows, saying
from tutor.ui.fuzzy import initials
from tutor.view.theme import HOST_ROLES, host_letter
from tutor.words import LANGUAGES, Words

MOST_FOUND = 40
"""So many rows a search shows at most."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of a parameter at one host. ``text``: what the hand is about to set, else the value."""

    id: str
    badge: str
    role: str
    name: str
    """For a screen reader: the parameter and whose it is."""
    control: Control
    text: str
    value: str
    default: str
    is_locked: bool

    @property
    def is_changed(self) -> bool:
        """Has it another value than by default?"""
        return self.value != self.default

    @property
    def is_weighed(self) -> bool:
        """Does the hand hold another value than the one it has?"""
        return self.text != self.value


@dataclass(frozen=True, slots=True)
class Note:
    """One line about the row in hand. ``kind``: consequence, pending, locked, meaning, source or kernels."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter. ``notes`` only where it is in hand; ``why`` where it is not simulated."""

    id: str
    title: str
    name: str
    cells: tuple[Cell, ...]
    why: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """A group of rows: open or shut, with how many there are and the names of those that were changed."""

    id: str
    title: str
    count: int
    changed: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is shown. ``found``: how many rows a search met.

    ``warning``: which host departs from its constants, or ""; ``constant``: of a run that a search has found, that
    it has what the search holds constant, and all of that.
    """

    lines: tuple[Head | Row, ...]
    warning: str = ""
    constant: tuple[str, str] = ("", "")
    found: int | None = None
    more: int = 0


def sheet(session: Session, words: Words, needle: str, opened: frozenset[str]) -> Sheet:
    """The rows of a session: those of the groups that are ``opened``, or those that ``needle`` finds."""
    found = parameters(session)
    known, changed = _rows(found), {each.key for each in found if _was_changed(each, session)}
    letters = {host.name: place for place, host in enumerate(session.world.hosts)}
    show = _Shower(session, words, letters)
    told = saying.other_rules(session, words), found_rows.constant(session, words)
    if needle.strip():
        keys = [key for key, row in known.items() if _is_found(row, needle)]
        keys.sort(key=lambda key: _nearness(known[key][0], needle))
        lines = tuple(show.row(key, known[key]) for key in keys[:MOST_FOUND])
        return Sheet(lines, *told, len(keys), max(0, len(keys) - MOST_FOUND))
    groups = {"often": [key for key in OFTEN if key in known]}
    for key, row in known.items():
        groups.setdefault(row[0].group, []).append(key)
    shown: list[Head | Row] = []
    for group in GROUPS:
        keys = groups.get(group, [])
        if keys:
            is_open = group in opened
            title = words.t(GROUPS[group])
            shown.append(
                Head(group, saying.capitalised(title), len(keys), tuple(key for key in keys if key in changed), is_open)
            )
            shown += [show.row(key, known[key], group) for key in keys] if is_open else []
    return Sheet(tuple(shown), *told)


def _rows(found: tuple[Parameter, ...]) -> dict[str, list[Parameter]]:
    """Key -> the parameters that share it, in the order of the catalogue."""
    rows: dict[str, list[Parameter]] = {}
    for each in found:
        rows.setdefault(each.key, []).append(each)
    return rows


NEGOTIATED = frozenset({"TCP_MAXSEG", "TCP_QUICKACK", "SO_REUSEADDR"})
"""Options that a connection or listen() sets itself: another value than at first is a change where it was asked."""


def _was_changed(parameter: Parameter, session: Session) -> bool:
    """Has somebody given it another value, in the scenario or by hand? What cannot be set was not."""
    if not parameter.is_changed or parameter.group == "elsewhere":
        return False
    return parameter.name not in NEGOTIATED or _was_asked_for(parameter, session)


def _was_asked_for(option: Parameter, session: Session) -> bool:
    """Has a setsockopt() named it, on the socket as it is called now or as it was before it had a peer?"""
    known = options_set(session.trace, session.trace.index_at(session.playhead))
    unnamed = option.id.removesuffix(f".{option.name}").replace(".fd", ":fd")
    return any((option.owner, socket, option.name) in known for socket in (option.call, unnamed))


def _nearness(parameter: Parameter, needle: str) -> tuple[bool, int]:
    """How far down a found row stands: what is simulated first; then by the name, before the title, before the rest."""
    wanted = _plain(needle)
    names = [_plain(text) for text in (parameter.field, parameter.key, parameter.name.rpartition(".")[2])]
    title = _plain(parameter.title)
    if wanted in names or wanted + "us" in names:
        place = 0
    elif any(name.startswith(wanted) for name in names):
        place = 1
    elif title.startswith(wanted):
        place = 2
    elif any(wanted in name for name in names):
        place = 3
    else:
        place = 4 if wanted in title else 5
    return parameter.group == "elsewhere", place


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


def _is_found(row: list[Parameter], needle: str) -> bool:
    """Does every word of ``needle`` stand somewhere in the row?"""
    hay = _hay(row[0])
    return all(word in hay for word in needle.lower().split())


@lru_cache(maxsize=4096)
def _hay(parameter: Parameter) -> str:
    """All that a search looks at, in lower case."""
    texts = [parameter.key, parameter.name, parameter.field, parameter.source.text if parameter.source else ""]
    for lang in LANGUAGES:
        words = Words(lang)
        said = (parameter.title, parameter.doc, parameter.why, GROUPS[parameter.group])
        told = [words.t(text) for text in said if "{" not in text]
        told += [words.t(text) for text in (*parameter.control.titles, *parameter.control.choices)]
        texts += [*told, *(way for text in told[:1] for way in initials(text))]
    return " ".join(texts).lower()


class _Shower:
    """Makes rows of parameters, in one language."""

    def __init__(self, session: Session, words: Words, letters: dict[str, int]) -> None:
        self.session, self.words, self.letters = session, words, letters
        self.explained = False

    def row(self, key: str, row: list[Parameter], group: str = "") -> Row:
        """One row; the row in hand is explained, once."""
        first, words = row[0], self.words
        weighed, text = self.session.weighed
        title = words.t(first.title, call=first.call) if "{" in first.title else words.t(first.title)
        held = next((each for each in row if each.id == weighed), None)
        notes: tuple[Note, ...] = ()
        if held is not None and not self.explained:
            self.explained = True
            notes = self._notes(held, text)
        is_told = first.control.kind == "none"
        return Row(
            id=f"{group}/{key}",
            title=saying.capitalised(title),
            name=first.name if first.kind != "link" else key.removesuffix(">"),
            cells=() if is_told else tuple(self._cell(each, title, text if each is held else "") for each in row),
            why=self._why(first) if is_told else "",
            notes=notes,
        )

    def _why(self, parameter: Parameter) -> str:
        if parameter.kind == "option" and not parameter.why:
            return self.words.t("no socket at this moment")
        return self.words.t(parameter.why)

    def _cell(self, each: Parameter, title: str, weighed: str) -> Cell:
        badge, role = "", ""
        if each.owner in self.letters:
            place = self.letters[each.owner]
            badge, role = host_letter(place), HOST_ROLES[place % len(HOST_ROLES)]
            if each.kind == "link":
                badge = f"{badge}→{host_letter(self.letters[each.call])}"
        name = listed(filter(None, (title, badge)), self.words)
        return Cell(
            each.id, badge, role, name, each.control, weighed or each.value, each.value,
            each.default, each.is_locked,
        )  # fmt: skip

    def _notes(self, each: Parameter, weighed: str) -> tuple[Note, ...]:
        words = self.words
        found = consequence(self.session, each, weighed)
        notes = [Note("consequence", found.text(words))] if found is not None else []
        if weighed and weighed != each.value:
            name = each.field if each.kind == "program" else each.key.removesuffix(">")
            value = _shown(each.control, weighed, words)
            notes.append(
                Note("pending", words.t("Enter sets {name} to {value}; Escape leaves it.", name=name, value=value))
            )
        if each.is_locked:
            why = words.t(each.why, **dict(each.why_values)) if each.why else ""
            locked = words.t("A constant of this TCP. “What if” changes it: there is no such kernel then.")
            notes.append(Note("locked", why or locked))
        meaning = [words.t(each.doc) if each.doc else "", words.t(each.why) if not each.is_locked and each.why else ""]
        bounds = _bounds(each, words)
        said = chained(filter(None, (*meaning, bounds)), words)
        notes += [Note("meaning", saying.capitalised(said))] if said else []
        return (*notes, *self._origins(each))

    def _origins(self, each: Parameter) -> list[Note]:
        words, found = self.words, []
        default = words.t("Default {value}", value=_shown(each.control, each.default, words) or "–")
        if each.source is not None:
            kernel = f"Linux {each.version}" if each.version else "RFC 9293"
            found.append(Note("source", f"{default} · {kernel} · {each.source.text} · {words.t(each.source.status)}"))
        else:
            found.append(Note("source", default))
        if each.others:
            found.append(
                Note("kernels", "   ".join(f"{name} {each.control.shown(value) or '–'}" for name, value in each.others))
            )
        return found


def _shown(control: Control, text: str, words: Words) -> str:
    """A value as people read it: a choice by its title."""
    return words.t(control.title(text)) if control.titles else control.shown(text)


def _bounds(each: Parameter, words: Words) -> str:
    control = each.control
    if control.kind != "number" or control.most is None:
        return ""
    return words.t(
        "{least} to {most}", least=trimmed(control.least or 0), most=control.shown(control.text(control.most))
    )
