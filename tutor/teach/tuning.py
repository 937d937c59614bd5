"""The learner's hand on a parameter: an act at the playhead, or a run that is computed with it from the start.

Rules
-----
* A parameter is set by an act, as in a script: so it forks, is saved, and stands in a command line.
* ``from_start`` forks at time 0, after what was set there already, and does again what the learner had done later on.
* Setting the same parameter twice at the same moment makes two futures beside each other, not one behind the other.
* What cannot be is refused in words, with the bounds. A constant is not set: ``WhatIf`` is asked for, which says that
  there is no such kernel.
* Another profile is another kernel from the start: no machine changes its kernel while it runs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.teach import intents, moving, redoing, touching
from tutor.teach.notices import Notice
from tutor.teach.parameter_parts import text_for_field
from tutor.teach.parameters import Parameter, find
from tutor.teach.program_parts import program_act
from tutor.teach.road import find_moments
from tutor.world.acts import Act, ActError, parse_act
from tutor.world.records import HandActs
from tutor.world.timeline import Branch
from tutor.world.trace import Trace

if TYPE_CHECKING:
    from tutor.teach.session import Session


def update(session: Session, intent: intents.Intent) -> Session | None:
    """The session after a parameter was set or weighed; None for any other intent."""
    match intent:
        case intents.SetParameter(id=id, value=value, from_start=from_start):
            return _set(session, id, value, from_start=from_start, is_what_if=False)
        case intents.WhatIf(id=id, value=value, from_start=from_start):
            return _set(session, id, value, from_start=from_start, is_what_if=True)
        case intents.Weigh(id=id, value=value):
            return replace(session, weighed=(id, value)) if session.weighed != (id, value) else session
        case _:
            return None


def _set(session: Session, id: str, value: str, *, from_start: bool, is_what_if: bool) -> Session:  # noqa: A002
    parameter = find(session, id)
    notice = (
        Notice("no-parameter", values=(("name", id),))
        if parameter is None
        else refusal(parameter, value, is_what_if=is_what_if)
    )
    if notice is not None or parameter is None:
        return replace(session, notice=notice)
    try:
        act = parse_act(_act_of(session, parameter, value, from_start=from_start))
    except ActError as error:
        return replace(session, notice=Notice("cannot-act", error))
    except ValueError as error:
        return replace(session, notice=Notice("cannot-act", str(error)))
    if from_start or parameter.kind == "profile":
        after = computed_anew(session, act)
    elif parameter.value == value:
        return session
    else:
        after = touching.act_at(_before_same(session, act), act, session.playhead)
    if after.branch == session.branch:
        return replace(session, notice=after.notice)
    return replace(after, weighed=(id, ""))


def _act_of(session: Session, parameter: Parameter, value: str, *, from_start: bool) -> str:
    """The act that sets it; for a number of a program it depends on what the program has done."""
    if parameter.kind != "program":
        return act_text(parameter, value)
    number = parameter.control.number(value)
    value = parameter.control.text(number) if number is not None else value
    return program_act(session.world.host(parameter.owner), parameter, value, is_ahead=from_start)


# --- what may be set, and by which act ---


def refusal(parameter: Parameter, value: str, *, is_what_if: bool = False) -> Notice | None:
    """Why ``parameter`` cannot get the value ``value``; None if it can, as far as the catalogue knows."""
    control, name = parameter.control, ("name", parameter.key)
    if parameter.is_locked and not is_what_if:
        return Notice("locked", values=(name,))
    if parameter.kind == "option" and control.kind == "none":
        return Notice("no-socket", values=(name,))
    if control.kind == "none":
        return Notice("not-simulated", values=(name, ("why", parameter.why)))
    found = ("found", value)
    if control.kind in ("choice", "yes/no") and value not in control.choices:
        return Notice("not-a-choice", values=(name, found, ("choices", ", ".join(control.choices))))
    return _number_refused(parameter, value) if control.kind == "number" else None


def _number_refused(parameter: Parameter, value: str) -> Notice | None:
    control, name, found = parameter.control, ("name", parameter.key), ("found", value)
    number = control.number(value)
    if number is None:
        return Notice("not-a-number", values=(name, found))
    if control.is_whole and number != int(number):
        return Notice("not-whole", values=(name, found))
    least, most = control.least or 0, control.most
    if most is not None and not least <= number <= most:
        bounds = ("least", control.text(least)), ("most", control.text(most))
        return Notice("out-of-bounds", values=(name, found, *bounds))
    return Notice("too-small", values=(name, found, ("least", control.text(least)))) if number < least else None


def word_of(value: str) -> str:
    """A value as the one word that an act takes: three numbers joined by lines, an empty list as a comma."""
    return "-".join(value.replace(",", ", ").split()).replace(",-", ",") or ","


def act_text(parameter: Parameter, value: str) -> str:
    """The act that gives ``parameter`` the value ``value``, in one line."""
    owner, word = parameter.owner, word_of(value)
    match parameter.kind:
        case "profile":
            return f"profile {owner} {word}"
        case "variant":
            return f"variant {word}"
        case "option":
            _, fd, name = parameter.id.rsplit(".", 2)
            return f"{owner} setsockopt {name} {word} fd={fd.removeprefix('fd')}"
        case "setting" | "constant" if parameter.is_locked:
            return f"what-if {owner}.{parameter.field} {text_for_field(parameter, word)}"
        case _:
            return f"set {parameter.id} {word}"


# --- from the start ---


def computed_anew(session: Session, act: Act) -> Session:
    """The run in which ``act`` was done at time 0, before anything else; what was done later is done again."""
    index, lead = _place(session.trace, act), _lead(session.trace)
    redone = [node for node in _path(session, index, act) if not _is_of_the_lesson(session, node)]
    after = touching.act_at(_on_stem(session, index), act, 0, index)
    if after.notice is not None:
        return after
    if session.branch != session.road:
        after = replace(after, bookmark=session.bookmark)
    lost: list[str] = []
    for node in redone:
        for deed in node.acts:
            is_at_start = node.at == 0 and node.index < lead
            again = redoing.redo(after, session, node, deed, _place(after.trace, deed) if is_at_start else None)
            after = again or after
            lost += [str(deed)] if again is None else []
    has_segments = any(redoing.flight_of(deed) is not None for node in redone for deed in node.acts)
    after = moving.seek(after, session.playhead)
    return replace(after, notice=_told(after, lost, has_segments=has_segments) or after.notice)


def _told(after: Session, lost: list[str], *, has_segments: bool) -> Notice | None:
    """What became of the learner's deeds; while a bet hides the rest, not whether a segment will be sent."""
    if after.horizon is not None:
        return Notice("done-where-sent") if has_segments else None
    return Notice("not-done-again", values=(("acts", "; ".join(lost)),)) if lost else None


def _on_stem(session: Session, index: int) -> Session:
    """The session on the branch to which step ``index`` belongs: what left it later is no part of the new future."""
    stem = session.timeline.branch(session.branch)
    while stem.parent is not None and stem.index >= index:
        stem = session.timeline.branch(stem.parent)
    if stem.id == session.branch:
        return session
    moments = session.laid.get(stem.id) or find_moments(session.lesson, stem.trace)
    return replace(session, branch=stem.id, laid={**session.laid, stem.id: moments})


def _lead(trace: Trace) -> int:
    """How many steps at time 0 are the deeds of hands, before any program has done anything."""
    index = 0
    while (following := trace.step(index + 1)) is not None and following.at == 0:
        if not isinstance(following.cause, HandActs):
            break
        index += 1
    return index


def _place(trace: Trace, act: Act) -> int:
    """The step after which ``act`` is done: behind what hands did at the start, in the place of the same act there."""
    lead = _lead(trace)
    for index in range(lead):
        cause = trace.steps[index + 1].cause
        if isinstance(cause, HandActs) and cause.is_fork and _target(parse_act(cause.act)) == _target(act):
            return index
    return lead


def _target(act: Act) -> tuple[str, ...]:
    """What an act sets, whatever the value."""
    named = act.args[: 2 if act.name == "program" else 0 if act.name == "variant" else 1]
    return (act.host, act.name, *named, act.option("fd"))


def _path(session: Session, index: int, act: Act) -> list[Branch]:
    """The branches that lead to the one on screen and left after step ``index``, but for those that set the same."""
    found: list[Branch] = []
    current: int | None = session.branch
    while current is not None:
        node = session.timeline.branch(current)
        is_same = node.index == index and [_target(each) for each in node.acts] == [_target(act)]
        if node.parent is not None and node.index >= index and not is_same:
            found.insert(0, node)
        current = node.parent
    return found


def _is_of_the_lesson(session: Session, node: Branch) -> bool:
    """Did a beat of the lesson do this, and not the learner? It will be done again where the beat fires."""
    moments = session.laid.get(node.id, session.moments)
    return any(
        beat.act and moment is not None and moment.index == node.index and node.acts == (parse_act(beat.act),)
        for beat, moment in zip(session.lesson.beats, moments, strict=True)
    )


def _before_same(session: Session, act: Act) -> Session:
    """The session on the branch from which the one on screen left by setting the same thing at this very moment."""
    node = session.timeline.branch(session.branch)
    is_same = node.at == session.playhead and [_target(each) for each in node.acts] == [_target(act)]
    if node.parent is None or not is_same or node.parent not in session.laid:
        return session
    return replace(session, branch=node.parent)
