"""Filtering: a display filter in Wireshark's manner, read into a test over the index of segments.

Rules
-----
* ``tcp.flags.syn == 1 and not (host == server or len > 0)``: fields, comparisons, ``and or not``, brackets. ``&&``,
  ``||`` and ``!`` mean the same. A field alone asks whether it is set.
* One tree, evaluated by the same code on one row's numbers or on whole columns (numpy).
* What is wrong is a ``FilterError``: where, what was found, what is allowed, and what is nearest to it.
* How a segment ends cannot be asked before it has ended: until the horizon it counts as delivered.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple

from tutor.joining import Speech, followed, listed
from tutor.tcp.segment import FLAG_NAMES
from tutor.view.crowd import Passing, ways
from tutor.words import mark
from tutor.world.index import NO_ACK, Column, Index, Row, as_array, within
from tutor.world.records import FATES

Value = Any
"""A number, or a numpy array of numbers: what a field has in one row, or in all."""

GONE = tuple(FATES.index(fate) for fate in ("lost", "dropped", "cut"))
CORRUPTED, DUPLICATED, DELIVERED = (FATES.index(fate) for fate in ("corrupted", "duplicated", "delivered"))


class FilterError(Exception):
    """The text is no filter. ``column`` counts from 1; ``what`` names the fault, in English with placeholders."""

    def __init__(self, what: str, column: int, found: str, allowed: Sequence[str] = (), nearest: str = "") -> None:
        super().__init__(what)
        self.what, self.column, self.found = what, column, found
        self.allowed, self.nearest = tuple(allowed), nearest

    def __str__(self) -> str:
        return self.said(_PLAIN)

    def said(self, words: Speech) -> str:
        """The fault in one or two sentences of the reader's language."""
        said = words.t(self.what, column=self.column, found=self.found)
        if self.nearest:
            return followed((said, words.t("Did you mean {nearest}?", nearest=self.nearest)), words)
        allowed = words.t("Allowed: {allowed}", allowed=listed(self.allowed, words)) if self.allowed else ""
        return followed((said, allowed), words)


class _Plain:
    def t(self, text: str, **values: object) -> str:
        return text.format(**values) if values else text


_PLAIN = _Plain()


# --- fields ---


class Field(NamedTuple):
    """``read`` gets the columns (or one row's numbers) by name; several values mean: any of them. ``kind``: int, time,
    host or conn."""

    kind: str
    read: Callable[[Mapping[str, Value]], tuple[Value, ...]]


def _column(name: str) -> Field:
    return Field("int", lambda row: (row[name],))


def _flag(bit: int) -> Field:
    return Field("int", lambda row: ((row["flags"] & bit) > 0,))


def _fate(*fates: int) -> Field:
    def read(row: Mapping[str, Value]) -> tuple[Value, ...]:
        found = row["fate"] == fates[0]
        for fate in fates[1:]:
            found = found | (row["fate"] == fate)
        return (found,)

    return Field("int", read)


def _both(kind: str, *names: str) -> Field:
    return Field(kind, lambda row: tuple(row[name] for name in names))


FIELDS: dict[str, Field] = {
    "tcp.seq": _column("seq"),
    "tcp.ack": _column("ack"),
    "tcp.len": _column("length"),
    "len": _column("length"),
    "tcp.window_size": _column("window"),
    "tcp.flags": _column("flags"),
    **{f"tcp.flags.{name.lower()}": _flag(bit) for name, bit in FLAG_NAMES},
    "tcp.port": _both("int", "sport", "dport"),
    "tcp.srcport": _column("sport"),
    "tcp.dstport": _column("dport"),
    "host": _both("host", "sender"),
    "ip.src": _both("host", "sender"),
    "ip.dst": _both("host", "receiver"),
    "ip.addr": _both("host", "sender", "receiver"),
    "conn": _both("conn", "connection"),
    "tcp.stream": _column("connection"),
    "lost": _fate(*GONE),
    "corrupted": _fate(CORRUPTED),
    "duplicated": _fate(DUPLICATED),
    "forged": Field("int", lambda row: ((row["traits"] & 2) > 0,)),
    "retransmission": _column("retransmission"),
    "frame.time": Field("time", lambda row: (row["sent_at"],)),
    "frame.number": _column("number"),
}
"""By name. ``host`` is the sender, by name or address; ``frame.time`` counts seconds from the start of the run."""

ALIASES = {
    "tcp.flags.reset": "tcp.flags.rst", "tcp.flags.push": "tcp.flags.psh", "tcp.window": "tcp.window_size",
    "win": "tcp.window_size", "seq": "tcp.seq", "ack": "tcp.ack", "port": "tcp.port", "src": "ip.src", "dst": "ip.dst",
    "tcp.analysis.retransmission": "retransmission", "frame.time_relative": "frame.time", "time": "frame.time",
    "tcp.flags.ecn": "tcp.flags.ece",
}  # fmt: skip
"""Other names of the same."""

COMPARE: dict[str, Callable[[Value, Value], Value]] = {
    "==": operator.eq, "!=": operator.ne, "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt,
}  # fmt: skip


# --- the tree ---


class Comparison(NamedTuple):
    """A field compared with a value, which stands at ``column``; ``sign`` "": is it set?"""

    field: str
    sign: str
    value: str
    column: int


class Join(NamedTuple):
    """``and`` or ``or`` of several, ``not`` of one."""

    word: str
    parts: tuple[Node, ...]


Node = Comparison | Join


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that has been read."""

    text: str
    tree: Node

    def check(self, index: Index) -> None:
        """``FilterError`` if it names a host or a connection that the run does not have."""
        _check(self.tree, index)

    def passes(self, index: Index, row: Row, horizon: int | None = None) -> bool:
        """Does it let this segment through?"""
        fate = DELIVERED if horizon is not None and row.ends_at > horizon else FATES.index(row.fate)
        numbers = {**row._asdict(), "fate": fate, "traits": 2 * row.is_forged}
        numbers["ack"] = NO_ACK if row.ack is None else row.ack
        return bool(_evaluate(self.tree, numbers, index))

    def mask(self, index: Index, horizon: int | None = None) -> Any:
        """A numpy array of truths, one a segment."""
        import numpy as np

        columns = {name: as_array(column) for name, column in index.columns.items()}
        if horizon is not None:
            columns["fate"] = np.where(columns["ends_at"] > horizon, DELIVERED, columns["fate"])
        return np.broadcast_to(_evaluate(self.tree, columns, index), len(index))


def _evaluate(node: Node, row: Mapping[str, Value], index: Index) -> Value:
    if isinstance(node, Join):
        found = _evaluate(node.parts[0], row, index)
        if node.word == "not":
            return found ^ True
        for part in node.parts[1:]:
            other = _evaluate(part, row, index)
            found = found & other if node.word == "and" else found | other
        return found
    field = FIELDS[node.field]
    values = field.read(row)
    if not node.sign:
        return values[0] != 0
    wanted = _wanted(node, field.kind, index)
    compare = COMPARE["==" if node.sign == "!=" else node.sign]
    found = _any(compare(value, each) for value in values for each in wanted)
    if node.field == "tcp.ack":
        found = found & (values[0] != NO_ACK)
    return found ^ True if node.sign == "!=" else found


def _any(truths: Any) -> Value:
    found: Value = False
    for truth in truths:
        found = truth | found
    return found


def _wanted(node: Comparison, kind: str, index: Index) -> list[int]:
    """The numbers that a value stands for: places in the tables of names, microseconds, or itself."""
    if kind == "host":
        named = zip(index.hosts, index.addresses, strict=True)
        return [place for place, names in enumerate(named) if node.value in names]
    if kind == "conn":
        if node.value.isdecimal():
            return [int(node.value) - 1]
        return [place for place, name in enumerate(index.connections) if name == node.value]
    return [_microseconds(node.value)] if kind == "time" else [int(node.value, 0)]


def _check(node: Node, index: Index) -> None:
    if isinstance(node, Join):
        for part in node.parts:
            _check(part, index)
        return
    kind = FIELDS[node.field].kind
    if node.sign and kind in ("host", "conn") and not _wanted(node, kind, index):
        names = [*index.hosts, *index.addresses] if kind == "host" else list(index.connections[:6])
        what = mark("Column {column}: the run has no {found}.")
        raise FilterError(what, node.column, node.value, names, _nearest(node.value, names))


def _nearest(found: str, allowed: Sequence[str]) -> str:
    return next(iter(get_close_matches(found, allowed, 1, 0.6)), "")


# --- reading ---


_TOKEN = re.compile(
    r"\s*(?:(?P<sign>==|!=|<=|>=|<|>)|(?P<join>&&|\|\|)|(?P<bang>!)|(?P<bracket>[()])|(?P<word>[A-Za-z_][\w.]*)|(?P<other>\S))"
)
_VALUE = re.compile(r'\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s()&|]+))')
_SECONDS = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(us|ms|s|)")
_WORDS = {"&&": "and", "||": "or", "and": "and", "or": "or", "not": "not", "!": "not"}


def _microseconds(text: str) -> int:
    found = _SECONDS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return round(float(found[1]) * {"us": 1, "ms": 1_000, "s": 1_000_000, "": 1_000_000}[found[2]])


@lru_cache(maxsize=64)
def parse_filter(text: str) -> Filter | None:
    """The filter that a text means; None if it is empty. Raises ``FilterError``."""
    if not text.strip():
        return None
    reader = _Reader(text)
    tree = reader.either()
    if reader.here:
        what = mark("Column {column}: found {found} after a complete test.")
        raise FilterError(what, reader.column, reader.here, ("and", "or"))
    return Filter(text.strip(), tree)


class _Reader:
    """One token ahead, from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.here, self.kind, self.column = "", "", 1
        self.advance()

    def advance(self) -> None:
        """On to the next token; "" at the end."""
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            self.here, self.kind, self.column = "", "", len(self.text.rstrip()) + 1
            return
        self.kind = str(found.lastgroup)
        self.here, self.column, self.at = found[self.kind], found.start(self.kind) + 1, found.end()

    def _is(self, word: str) -> bool:
        return _WORDS.get(self.here.lower()) == word

    def either(self) -> Node:
        """Tests joined by ``or``."""
        return self._joined("or", self.all)

    def all(self) -> Node:
        """Tests joined by ``and``, which binds more tightly."""
        return self._joined("and", self.one)

    def _joined(self, word: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self._is(word):
            self.advance()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Join(word, tuple(parts))

    def one(self) -> Node:
        """A test, a bracket, or ``not`` of one."""
        if self._is("not"):
            self.advance()
            return Join("not", (self.one(),))
        if self.here == "(":
            start = self.column
            self.advance()
            inner = self.either()
            if self.here != ")":
                what = mark("Column {column}: the bracket of column {found} is not closed.")
                raise FilterError(what, self.column, str(start), (")",))
            self.advance()
            return inner
        return self._test()

    def _test(self) -> Comparison:
        if self.kind != "word" or self.here.lower() in _WORDS:
            what = mark("Column {column}: a field is missing.")
            if self.here:
                what = mark("Column {column}: found {found} where a field belongs.")
            raise FilterError(what, self.column, self.here, tuple(FIELDS))
        name = ALIASES.get(self.here.lower(), self.here.lower())
        if name not in FIELDS:
            what = mark("Column {column}: there is no field {found}.")
            raise FilterError(
                what, self.column, self.here, tuple(FIELDS), _nearest(self.here.lower(), [*FIELDS, *ALIASES])
            )
        column = self.column
        self.advance()
        if self.kind != "sign":
            if self.here == "=":
                what = mark("Column {column}: found {found} where a comparison belongs.")
                raise FilterError(what, self.column, "=", tuple(COMPARE), "==")
            return Comparison(name, "", "", column)
        return self._compared(name)

    def _compared(self, name: str) -> Comparison:
        sign, column, kind = self.here, self.column, FIELDS[name].kind
        if kind in ("host", "conn") and sign not in ("==", "!="):
            what = mark("Column {column}: names cannot be compared with {found}.")
            raise FilterError(what, column, sign, ("==", "!="))
        found = _VALUE.match(self.text, self.at)
        if found is None:
            raise FilterError(mark("Column {column}: a value is missing."), len(self.text.rstrip()) + 1, "")
        value, column = found["quoted"] or found["bare"] or "", found.start(str(found.lastgroup)) + 1
        if not _is_value(value, kind):
            what = mark("Column {column}: {found} is not a number.")
            if kind == "time":
                what = mark("Column {column}: {found} is not a time, like 1.5 or 20ms.")
            raise FilterError(what, column, value)
        self.at = found.end()
        self.advance()
        return Comparison(name, sign, value, column)


def _is_value(value: str, kind: str) -> bool:
    try:
        _microseconds(value) if kind == "time" else int(value, 0) if kind == "int" else None
    except ValueError:
        return False
    return True


# --- over a whole run ---


FEW = 2_000
"""Up to so many segments a filter is tried on one after another, without numpy."""


@lru_cache(maxsize=8)
def passing(test: Filter, index: Index, horizon: int | None = None) -> tuple[Passing, int]:
    """What the filter lets through, by direction, and how many they are; of what was sent until the horizon."""
    last = len(index) if horizon is None else index.sent_between(0, horizon + 1).stop
    if len(index) <= FEW:
        rows = ((place, index.row(place, horizon)) for place in range(last))
        found: Column = [place for place, row in rows if test.passes(index, row, horizon)]
        through = set(found)
        by_way: Passing = tuple([place for place in way.places if place in through] for way in ways(index))
        return by_way, len(found)
    import numpy as np

    mask = test.mask(index, horizon)[:last]
    places = (as_array(within(way.places, range(last))).astype("i8") for way in ways(index))
    return tuple(memoryview(each[mask[each]]) for each in places), int(np.count_nonzero(mask))


def shown(test: Filter, index: Index, horizon: int | None = None) -> tuple[int, int]:
    """(how many segments the filter lets through, of how many), of what may be seen."""
    total = len(index) if horizon is None else index.sent_between(0, horizon + 1).stop
    return passing(test, index, horizon)[1], total
