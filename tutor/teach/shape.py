"""From a YAML tree to a pydantic model of the format, with every fault of shape in the author's words.

Rules
-----
* pydantic finds the faults, all at once; this file says them: where, what was found, what is allowed, what was meant.
* A misspelt key is one mistake, not two (unknown key + missing key).
* After a fault the reading goes on with the nearest thing the author can have meant, so that later checks have
  something to check. What was given up on the way is remembered: nothing is said about it twice.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from tutor.teach.errors import Problems, nearest, shortened
from tutor.teach.schema import KINDS, Fault, Model, validate
from tutor.teach.yamlio import BEGINS, Node
from tutor.words import Words, mark

Loc = tuple[str | int, ...]
M = TypeVar("M", bound=Model)

_ROUNDS = 6
"""A mended part may show faults that the first fault hid; so often is looked again."""


@dataclass(slots=True)
class Shaped(Generic[M]):
    """What became of a document. ``model`` is None if nothing could be saved.

    ``given_up``: paths of parts that were left out or filled in.
    """

    model: M | None
    node: Node | None
    given_up: list[Loc] = field(default_factory=list)

    def touches(self, *path: str | int) -> bool:
        """Was something at or below ``path`` given up?"""
        return any(loc[: len(path)] == path for loc in self.given_up)


def shape(node: Node, model: type[M], problems: Problems) -> Shaped[M]:
    """The model that ``node`` spells, faults noted in ``problems``."""
    data = node.data()
    shaped: Shaped[M] = Shaped(None, node)
    if not isinstance(data, dict):
        _say_not_a_mapping(node, problems)
        return shaped
    said: set[tuple[Loc, str]] = set()
    for _ in range(_ROUNDS):
        shaped.model, found = validate(model, data)
        faults = _merged(found, model)
        for fault in faults:
            if (fault.loc, fault.kind) not in said:
                said.add((fault.loc, fault.kind))
                _say(fault, node, model, problems)
        if not faults or not all(_mend(data, fault, model, shaped) for fault in faults):
            break
    return shaped


def _say_not_a_mapping(node: Node, problems: Problems) -> None:
    what = problems.words.t("the file must be a mapping of keys to values")
    problems.add(node.mark, "", what, found=shortened(str(node.data())), hint=problems.words.t(BEGINS))


# --- the model's own structure ---


def _model_at(model: type[Model], loc: Loc) -> type[Model] | None:
    """The model that describes the mapping at ``loc``."""
    current: Any = model
    for step in loc:
        current = _inside(current, step)
    return _as_model(current)


def _inside(annotation: Any, step: str | int) -> Any:
    model = _as_model(annotation)
    if model is not None:
        info = model.model_fields.get(str(step))
        return info.annotation if info is not None else annotation
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _inside(arguments[0], step)
    if origin is list:
        return arguments[0] if isinstance(step, int) else annotation
    if origin is dict:
        return arguments[1]
    for member in _members(annotation):
        if step in _tags(member):
            return member
    parts = [part for part in _members(annotation) if part is not annotation and part is not type(None)]
    return _inside(parts[0], step) if len(parts) == 1 else annotation


def _members(annotation: Any) -> list[Any]:
    """What a union is made of, unions and annotations inside it opened."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _members(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return [member for argument in arguments for member in _members(argument)]
    return [annotation]


def _tags(member: Any) -> tuple[str, ...]:
    model = _as_model(member)
    if model is None or "asks" not in model.model_fields:
        return ()
    return typing.get_args(model.model_fields["asks"].annotation)


def _as_model(annotation: Any) -> type[Model] | None:
    models = [m for m in _members(annotation) if isinstance(m, type) and issubclass(m, Model)]
    return models[0] if len(models) == 1 else None


# --- saying ---


def _merged(faults: Sequence[Fault], model: type[Model]) -> Sequence[Fault]:
    """The faults without each "missing" that an unknown key close to it explains."""
    explained: set[Loc] = set()
    missing = {fault.loc for fault in faults if fault.kind == "missing"}
    for fault in faults:
        if fault.kind == "extra_forbidden":
            *parent, key = fault.loc
            meant = nearest(str(key), _keys(model, tuple(parent)))
            if (*parent, meant) in missing:
                explained.add((*parent, meant))
    return [fault for fault in faults if not (fault.kind == "missing" and fault.loc in explained)]


def _keys(model: type[Model], loc: Loc) -> tuple[str, ...]:
    found = _model_at(model, loc)
    return tuple(found.model_fields) if found is not None else ()


def path_text(loc: Loc, node: Node) -> str:
    """``beats › first-syn › options › 2`` for a path; a beat by its id, other items counted from 1."""
    steps: list[str] = []
    current: Node | None = node
    for step in loc:
        current = current.child(step) if current is not None else None
        if isinstance(step, int):
            named = current.child("id") if current is not None else None
            steps.append(str(named.value) if named is not None and isinstance(named.value, str) else str(step + 1))
        elif step == "[key]" or (current is None and step in KINDS):
            current = node.at(loc[: loc.index(step)])
        else:
            steps.append(step)
    return " › ".join(steps)


def _say(fault: Fault, node: Node, model: type[Model], problems: Problems) -> None:
    """One fault in the author's words."""
    loc = fault.loc
    here = node.at(loc)
    kind = fault.kind
    found = shortened(_found(fault, problems.words))
    context = fault.context
    where = path_text(loc, node)
    if kind == "extra_forbidden":
        keys = _keys(model, loc[:-1])
        mark = node.at(loc[:-1]).key_mark(str(loc[-1]))
        meant = nearest(str(loc[-1]), keys)
        problems.add(
            mark,
            path_text(loc[:-1], node),
            problems.words.t("unknown key"),
            found=str(loc[-1]),
            allowed=keys,
            nearest=meant,
        )
    elif kind == "missing":
        problems.add(here.mark, path_text(loc[:-1], node), problems.words.t("the key {key} is missing", key=loc[-1]))
    elif kind == "union_tag_not_found":
        tags = context.get("discriminator", "").strip("'")
        problems.add(here.mark, where, problems.words.t("the key {key} is missing", key=tags))
    elif kind in ("literal_error", "union_tag_invalid"):
        named = here.child("asks") if kind == "union_tag_invalid" else here
        allowed = [word.strip(" '") for word in str(context.get("expected") or context["expected_tags"]).split(",")]
        allowed = [word.strip(" '") for part in allowed for word in part.split(" or ")]
        written = str(context.get("tag", found))
        mark = named.mark if named is not None else here.mark
        meant = nearest(written, allowed)
        problems.add(
            mark, where, problems.words.t("this word is not known here"), found=written, allowed=allowed, nearest=meant
        )
    else:
        problems.add(
            here.mark,
            where,
            _sentence(kind, context, problems.words),
            found=found,
            hint=_hint(kind, fault.found, problems.words),
        )


def _found(fault: Fault, words: Words) -> str:
    """What stands there; of a list or a mapping how much it holds, or what it is where something else is wanted."""
    match fault.found:
        case bool() as value:
            return "true" if value else "false"
        case list() | dict() as value if fault.kind in _LIMITS:
            return str(len(value))
        case dict() as value:
            return words.t("a mapping with {keys}", keys=", ".join(map(str, value)) or "{}")
        case list() as value:
            return words.t("a list of {count}", count=len(value))
        case str() as value if fault.kind in ("int_type", "float_type", "bool_type"):
            return f'"{value}"'
        case None:
            return "null"
        case value:
            return str(value)


_LIMITS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("string_too_short", "too_short"), (mark("too short; at least {count}"), "min_length")),
    **dict.fromkeys(("string_too_long", "too_long"), (mark("too long; at most {count}"), "max_length")),
    "greater_than_equal": (mark("too small; at least {count}"), "ge"),
    "less_than_equal": (mark("too large; at most {count}"), "le"),
    "less_than": (mark("too large; it must be less than {count}"), "lt"),
}
"""Kind of fault -> what is said, and where the limit stands."""


def _sentence(kind: str, context: Mapping[str, Any], words: Words) -> str:
    match kind:
        case "string_type":
            return words.t("a text is needed here")
        case "int_type" | "int_from_float":
            return words.t("a whole number is needed here")
        case "float_type":
            return words.t("a number is needed here")
        case "bool_type":
            return words.t("true or false is needed here")
        case "list_type":
            return words.t("a list is needed here")
        case "dict_type" | "model_type" | "model_attributes_type":
            return words.t("a mapping of keys to values is needed here")
        case "string_pattern_mismatch":
            return words.t("this spelling is not allowed; it must match {pattern}", pattern=context["pattern"])
        case _ if kind in _LIMITS:
            sentence, key = _LIMITS[kind]
            return words.t(sentence, count=context[key])
        case _:
            return words.t("this does not have the form it needs ({kind})", kind=kind)


def _hint(kind: str, found: object, words: Words) -> str:
    if kind == "string_type" and isinstance(found, int | float | bool):
        return words.t("Put it between quotes.")
    return ""


# --- mending ---

NAMELESS = "nameless"
"""What stands for a name that was not given."""
_FILLERS: dict[str, Any] = {
    **dict.fromkeys(("title", "goal", "words", "prompt", "text", "feedback"), "-"),
    "concepts": ["-"],
    **dict.fromkeys(("id", "lecture"), NAMELESS),
    "minutes": 1,
    "key": 0,
}
"""What stands for a missing sentence, so that the rest of the lesson can still be checked."""

_BLANKS: dict[str, dict[str, Any]] = {
    "items": {"id": NAMELESS, "title": "-", "minutes": 1},
    "situations": {"key": 0, "lesson": NAMELESS, "title": "-"},
}
"""What stands for a part of a lecture that is no mapping."""


def _mend(data: Any, fault: Fault, model: type[Model], shaped: Shaped[Any]) -> bool:
    """Change ``data`` so that this fault is gone; False if the lesson cannot be read without what is missing."""
    loc = _real(data, fault.loc)
    if not loc:
        return False
    parent, key = _follow(data, loc[:-1]), loc[-1]
    if fault.kind == "extra_forbidden":
        value = parent.pop(key, None)
        meant = nearest(str(key), _keys(model, fault.loc[:-1]))
        if meant and meant not in parent:
            parent[meant] = value
        return True
    if fault.kind == "union_tag_invalid":
        meant = nearest(
            str(fault.context["tag"]), [tag.strip(" '") for tag in fault.context["expected_tags"].split(",")]
        )
        if meant:
            parent[key]["asks"] = meant
            return True
    shaped.given_up.append(loc)
    return _give_up(data, loc)


def _give_up(data: Any, loc: Loc) -> bool:
    """Leave out or fill in the smallest part around ``loc`` that the rest can do without. No list gets shorter."""
    said = loc[-1] in ("prompt", "text", "feedback")
    for name in ("bet", "question"):
        if name in loc and not said:
            _follow(data, loc[: loc.index(name)]).pop(name, None)
            return True
    parent, key = _follow(data, loc[:-1]), loc[-1]
    if loc == ("format",):
        parent[key] = 1
    elif len(loc) == 2 and loc[0] in _BLANKS:
        parent[key] = dict(_BLANKS[str(loc[0])])
    elif loc[0] == "beats" and len(loc) == 2:
        parent[key] = {"id": f"nameless-{key}", "cue": "start", "title": "-", "words": "-"}
    elif loc[0] == "beats" and key in ("id", "cue"):
        parent[key] = f"nameless-{loc[1]}" if key == "id" else "start"
    elif key in _FILLERS:
        parent[key] = _FILLERS[str(key)]
    elif key == "address":
        parent[key] = "192.0.2.1"
    elif isinstance(parent, list) and isinstance(key, int):
        parent[key] = "-"
    elif isinstance(parent, dict) and key in parent and loc not in (("hosts",), ("beats",), ("items",)):
        del parent[key]
    else:
        return False
    return True


def _real(data: Any, loc: Loc) -> Loc:
    """``loc`` without the steps that are pydantic's own (union tags, types, ``[key]``); its last step always stays."""
    path: list[str | int] = []
    current = data
    for place, step in enumerate(loc):
        is_there = (isinstance(current, dict) and step in current) or (
            isinstance(current, list) and isinstance(step, int) and step < len(current)
        )
        if is_there:
            path.append(step)
            current = current[step]
        elif (
            place == len(loc) - 1 and isinstance(current, dict) and step not in ("[key]", "str", "int", "float", "bool")
        ):
            path.append(step)
    return tuple(path)


def _follow(data: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        data = data[step]
    return data
