"""YAML 1.2 with line and column, from people we do not know; and back again with their comments kept.

Rules
-----
* Reading builds nothing but dicts, lists, strings, numbers, booleans and None. No tag is obeyed.
* YAML 1.2: ``no`` and ``22:22`` are strings; only ``true`` and ``false`` are booleans.
* Two equal keys in one mapping are a fault, never a silent "the last one wins".
* Size, depth, number of parts and of aliases are bounded *before* anything is built, and what an alias would
  unfold to counts as if it had been written out.

Theory: the parser's events (``_events``) become a tree of ``Node``, each with its place. The tree yields the plain
data for validation, and the place of any path through it for error messages. Writing goes through ruamel's round trip.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml as libyaml
from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tutor.teach.errors import Problems, shortened
from tutor.teach.lesson import Mark
from tutor.words import mark

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16
MAX_EVENTS = 20_000
MAX_ALIASES = 50

SAVE_AS = mark("Save it as UTF-8 from a text editor.")
FORM = mark(
    'YAML or JSON is wanted: KEY: VALUE in each line, what belongs to a key indented, "- " before each of a list.'
)
BEGINS = mark('It has to begin with "format: 1", then "id: NAME" of a lesson or "lecture: NAME" of a lecture.')
"""What to do with a file that cannot be read at all."""

ALIAS = (events.AliasEvent, libyaml.AliasEvent)
DOCUMENT = (events.DocumentStartEvent, libyaml.DocumentStartEvent)
SCALAR = (events.ScalarEvent, libyaml.ScalarEvent)
SEQUENCE = (events.SequenceStartEvent, libyaml.SequenceStartEvent)
SEQUENCE_END = (events.SequenceEndEvent, libyaml.SequenceEndEvent)
MAPPING = (events.MappingStartEvent, libyaml.MappingStartEvent)
MAPPING_END = (events.MappingEndEvent, libyaml.MappingEndEvent)

Data = dict[str, Any] | list[Any] | str | int | float | bool | None


@dataclass(slots=True)
class Node:
    """One part of a file. ``value`` is a scalar, a list of Nodes, or a dict of key -> (place of the key, Node)."""

    mark: Mark
    value: Any
    size: int = 1
    block_indent: int | None = None
    """How far a literal block's lines are indented."""
    text_column: int | None = None
    """Where the text itself begins, if it stands on one line letter by letter."""

    def data(self) -> Data:
        """The plain value."""
        if isinstance(self.value, dict):
            return {key: node.data() for key, (_, node) in self.value.items()}
        if isinstance(self.value, list):
            return [node.data() for node in self.value]
        return self.value  # type: ignore[no-any-return]

    def child(self, step: str | int) -> Node | None:
        """The part under a key or index, if there is one."""
        if isinstance(self.value, dict) and step in self.value:
            return self.value[step][1]  # type: ignore[no-any-return]
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]  # type: ignore[no-any-return]
        return None

    def key_mark(self, key: str) -> Mark:
        """Where the key itself stands; the mapping's own place if there is no such key."""
        if isinstance(self.value, dict) and key in self.value:
            return self.value[key][0]  # type: ignore[no-any-return]
        return self.mark

    def at(self, path: Sequence[str | int]) -> Node:
        """The deepest part along ``path`` that exists; steps that do not exist are passed over."""
        node = self
        for step in path:
            node = node.child(step) or node
        return node

    def mark_in(self, offset: int) -> Mark:
        """The place of character ``offset`` of a text: exact in a literal block and on one line."""
        before = str(self.value)[:offset]
        if self.block_indent is not None:
            line = before.count("\n")
            return Mark(self.mark.file, self.mark.line + 1 + line, self.block_indent + offset - before.rfind("\n"))
        if self.text_column is not None:
            return Mark(self.mark.file, self.mark.line, self.text_column + offset)
        return self.mark


class _Fatal(Exception):
    """Reading cannot go on; the fault is noted already."""


@dataclass(slots=True)
class _Reader:
    """Builds Nodes from parser events. ``size`` of a Node is what it unfolds to."""

    file: str
    lines: Sequence[str]
    problems: Problems
    anchors: dict[str, Node] = field(default_factory=dict)
    events: int = 0
    aliases: int = 0

    def mark(self, event: Any) -> Mark:
        return Mark(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def fatal(self, mark: Mark, what: str, **more: str) -> type[_Fatal]:
        self.problems.add(mark, "", what, **more)
        return _Fatal

    def read(self, stream: Any) -> Node | None:
        """The one document of ``stream``; None if it is empty."""
        root: Node | None = None
        for event in stream:
            if isinstance(event, DOCUMENT):
                if root is not None:
                    raise self.fatal(
                        self.mark(event),
                        self.problems.words.t("a lesson is one YAML document, and here a second one begins"),
                    )
            elif isinstance(event, SCALAR + SEQUENCE + MAPPING + ALIAS):
                root = self.node(event, stream, 1)
        return root

    def count(self, event: Any, depth: int) -> None:
        self.events += 1
        if self.events > MAX_EVENTS:
            raise self.fatal(self.mark(event), self.problems.words.t("too many parts"), allowed=str(MAX_EVENTS))
        if depth > MAX_DEPTH:
            raise self.fatal(self.mark(event), self.problems.words.t("nested too deeply"), allowed=str(MAX_DEPTH))

    def node(self, event: Any, stream: Any, depth: int) -> Node:
        self.count(event, depth)
        if isinstance(event, ALIAS):
            return self.alias(event)
        mark = self.mark(event)
        if event.tag is not None and not (isinstance(event, SCALAR) and event.tag == "!"):
            what = self.problems.words.t("tags are not used in lessons")
            self.problems.add(mark, "", what, found=str(event.tag))
        if isinstance(event, SCALAR):
            node = self.scalar(event, mark)
        elif isinstance(event, SEQUENCE):
            node = self.sequence(mark, stream, depth)
        else:
            node = self.mapping(mark, stream, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def alias(self, event: Any) -> Node:
        self.aliases += 1
        node = self.anchors.get(event.anchor)
        if node is None:
            raise self.fatal(
                self.mark(event), self.problems.words.t("this alias names nothing"), found=f"*{event.anchor}"
            )
        if self.aliases > MAX_ALIASES:
            raise self.fatal(self.mark(event), self.problems.words.t("too many aliases"), allowed=str(MAX_ALIASES))
        return node

    def grown(self, node: Node) -> Node:
        """``node``, if it does not unfold to more than a lesson may be."""
        if node.size > MAX_EVENTS:
            what = self.problems.words.t("aliases unfold to too many parts")
            raise self.fatal(node.mark, what, found=str(node.size), allowed=str(MAX_EVENTS))
        return node

    def scalar(self, event: Any, mark: Mark) -> Node:
        if event.style in ("|", ">"):
            return Node(mark, event.value, block_indent=self.indent(mark) if event.style == "|" else None)
        quotes = 1 if event.style else 0
        is_plain = event.end_mark.index - event.start_mark.index == len(event.value) + 2 * quotes
        column = mark.column + quotes if is_plain and event.end_mark.line == event.start_mark.line else None
        return Node(mark, resolve(event.value) if event.implicit[0] else event.value, text_column=column)

    def indent(self, mark: Mark) -> int:
        """How far the lines of the literal block that begins at ``mark`` are indented."""
        for line in self.lines[mark.line :]:
            if line.strip():
                return len(line) - len(line.lstrip(" "))
        return 0

    def sequence(self, mark: Mark, stream: Any, depth: int) -> Node:
        parts: list[Node] = []
        node = Node(mark, parts)
        for event in stream:
            if isinstance(event, SEQUENCE_END):
                break
            parts.append(self.node(event, stream, depth + 1))
            node.size += parts[-1].size
        return self.grown(node)

    def mapping(self, mark: Mark, stream: Any, depth: int) -> Node:
        parts: dict[str, tuple[Mark, Node]] = {}
        node = Node(mark, parts)
        for event in stream:
            if isinstance(event, MAPPING_END):
                break
            key_mark = self.mark(event)
            key = self.node(event, stream, depth + 1)
            value = self.node(next(stream), stream, depth + 1)
            node.size += key.size + value.size
            name = event.value if isinstance(event, SCALAR) else None
            if name is None:
                self.problems.add(
                    key_mark, "", self.problems.words.t("a key must be a word"), found=shortened(str(key.data()))
                )
            elif name in parts:
                first = parts[name][0]
                hint = self.problems.words.t("The first one stands in line {line}.", line=first.line)
                self.problems.add(key_mark, "", self.problems.words.t("the same key twice"), found=name, hint=hint)
            else:
                parts[name] = (key_mark, value)
        return self.grown(node)


_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def resolve(text: str) -> Data:
    """What a plain scalar means: YAML 1.2.2 section 10.3.2, the core schema (without .inf and .nan)."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text[0] in "tT"
    if len(text) > 40:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text) or _HEX.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text


def read(raw: bytes, file: str, problems: Problems) -> Node | None:
    """The tree of a file's bytes. None, with the fault noted in ``problems``, where there is none to read."""
    top = Mark(file, 1, 1)
    if len(raw) > MAX_BYTES:
        problems.add(top, "", problems.words.t("the file is too large"), found=str(len(raw)), allowed=str(MAX_BYTES))
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        problems.add(
            Mark(file, line, column), "", problems.words.t("this is not UTF-8 text"), hint=problems.words.t(SAVE_AS)
        )
        return None
    reader = _Reader(file, text.splitlines(), problems)
    try:
        root = reader.read(_events(text))
    except _Fatal:
        return None
    except (YAMLError, ValueError) as error:
        problems.add(
            _place(error, file),
            "",
            problems.words.t("this is not YAML"),
            found=_reason(error),
            hint=problems.words.t(FORM),
        )
        return None
    if root is None:
        problems.add(top, "", problems.words.t("the file is empty"), hint=problems.words.t(BEGINS))
    return root


_DISPUTED = re.compile(
    r"""^%|[\t\x85\u2028\u2029\ufeff]     # directives, tabs, and what ends a line
    |(?:^|[\s\[{,])!                    # tags
    |(?:^|[\s\[{,])[&*][\w-]*[^\w\s&*-]  # anchors and aliases that are no plain words
    |["']:\S|[|>]\S*\#                 # a quoted key with its value close by; a comment close by a block""",
    re.MULTILINE | re.VERBOSE,
)
"""Where YAML 1.1 and 1.2 may read the same characters in two ways."""


def _events(text: str) -> Iterator[Any]:
    """The parser's events.

    libyaml's where it can be had: it reads a lesson twenty times as fast. What plain scalars *mean* differs between its
    YAML 1.1 and 1.2, and that is decided here (``resolve``). What it does not accept, ruamel judges, in its words.
    """
    fast = getattr(libyaml, "CLoader", None)
    if fast is not None and not _DISPUTED.search(text):
        try:
            return iter(tuple(islice(libyaml.parse(text, Loader=fast), 2 * MAX_EVENTS + 8)))
        except (libyaml.YAMLError, ValueError):
            pass
    return iter(YAML(typ="safe", pure=True).parse(text))


def _place(error: Exception, file: str) -> Mark:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return Mark(file, mark.line + 1, mark.column + 1) if mark is not None else Mark(file, 1, 1)


def _reason(error: Exception) -> str:
    if isinstance(error, MarkedYAMLError):
        return shortened(" ".join(str(part) for part in (error.context, error.problem) if part), 100)
    return shortened(str(error), 100)


# --- back to text, comments kept ---


def rewrite(text: str, changes: Mapping[tuple[str | int, ...], Data]) -> str:
    """``text`` with the value at each path replaced; comments, order and layout of the rest stay."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.allow_duplicate_keys = False
    document = yaml.load(text)
    for path, value in changes.items():
        parent = document
        for step in path[:-1]:
            parent = parent[step]
        parent[path[-1]] = value
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()
