"""Generated questions: of a kind and a seed, of one of its stories or edges, or of any run at any moment.

Rules
-----
* ``pose("time", 7)`` is the same question everywhere. ``pose("time@syn-lost", 8)`` asks with other numbers about the
  same story, ``pose("next-state@listen/rcv-syn", 8)`` about the same edge: a card is asked again in that way.
* A generator's name is a kind, and behind ``@`` a story, an edge, or a lesson's id.
* Not every run has something to ask at every step. Dice are thrown, from the same seed, until a question stands.

Theory
------
A story is drawn and computed, a step of it picked, and a kind's ``draft`` asked whether that step can be asked about.
The draft knows the answer from the run and invents the wrong ones from common errors. ``proving`` judges it all anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from random import Random

from tutor.tcp.states import State
from tutor.tcp.transitions import EDGES, rule_set
from tutor.tcp.values import replace
from tutor.teach import (
    generate_choice,
    generate_many,
    generate_order,
    generate_segment,
    generate_state,
    generate_table,
    generate_time,
)
from tutor.teach.answered import MADE
from tutor.teach.generate_events import Look, at_moment, connections, look, steps_of
from tutor.teach.generate_runs import BY_NAME, PROFILES, STORIES, Stage, drawn, of_edge, stories_of
from tutor.teach.generated import ABOUT_TABLE, ANYTHING, KINDS, Draft, Posed, paragraphs, posed, said
from tutor.words import mark
from tutor.world.world import Step

THROWS = 60
"""So often another run, or another step of it, is tried before a generator is given up."""

TRIES = 12
"""How many steps of one run are tried."""

Maker = Callable[[Stage, tuple[Step, ...], int, Random], Draft | None]


class NothingToAsk(ValueError):
    """The generator found no question: there is no such story, or nothing of the kind happens in it."""


def _dice(seed: str) -> Random:
    """Dice that fall alike on every machine."""
    return Random(seed)  # noqa: S311  nothing is kept secret with them


# --- of a kind and a seed ---


def pose(generator: str, seed: int) -> Posed:
    """The question that this generator makes of this seed. Raises ``NothingToAsk`` for a generator that makes none."""
    kind, _, about = generator.partition("@")
    if kind not in KINDS:
        raise NothingToAsk(f"{kind!r} is no kind of question; allowed: {', '.join(KINDS)}")
    for throw in range(THROWS):
        dice = _dice(f"{generator}|{seed}|{throw}")
        stage = _stage(kind, about, dice)
        if stage is None:
            continue
        draft = _draft(kind, stage, dice)
        if draft is not None:
            return _finished(draft, stage, dice, generator, seed)
    raise NothingToAsk(f"nothing to ask of the kind {generator!r}")


def again(question: Posed, seed: int) -> Posed:
    """The same question with other numbers: of the same edge or story, and of the same kind."""
    return of_card(question.card, seed)


def of_card(card: str, seed: int) -> Posed:
    """The question that a card of a generated question comes back with. Raises ``NothingToAsk`` for any other card."""
    kind, _, subject = card.removeprefix(MADE).partition("/")
    try:
        return pose(f"{kind}@{subject}", seed)
    except NothingToAsk:
        return pose(kind, seed)


@cache
def generators_of(lesson: str) -> tuple[str, ...]:
    """What can be asked about a lesson (by its id), as names of generators; all kinds where no story belongs to it."""
    stories = stories_of(lesson)
    found = tuple(f"{kind}@{story}" for story in stories for kind in KINDS if _suits(kind, story))
    return found or KINDS


def _suits(kind: str, story: str) -> bool:
    """Is there anything of this kind to ask about this story?"""
    try:
        pose(f"{kind}@{story}", 0)
    except NothingToAsk:
        return False
    return True


def _stage(kind: str, about: str, dice: Random) -> Stage | None:
    """The run to ask about: the story or the edge that is named, one of the lesson's, or any."""
    about = "" if about == ANYTHING else about
    if about in EDGES:
        those = sorted(EDGES[about].rule_sets & set(PROFILES)) or sorted(EDGES[about].rule_sets)
        return of_edge(about, dice.choice(those), dice)
    if about and about not in BY_NAME and not stories_of(about):
        raise NothingToAsk(f"{about!r} is no story, no edge and no lesson")
    if not about and kind in ("choice", "many", "next-state") and dice.random() < 0.4:
        rules = dice.choice(PROFILES)
        return of_edge(dice.choice(rule_set(rules)).id, rules, dice)
    names = (about,) if about in BY_NAME else stories_of(about) if about else tuple(story.name for story in STORIES)
    return drawn(BY_NAME[dice.choice(names)], dice)


def _finished(draft: Draft, stage: Stage, dice: Random, generator: str, seed: int) -> Posed:
    is_about_table = draft.family in ABOUT_TABLE
    profile = stage.trace.computed[0].world.hosts[0].profile.title
    world = stage.trace.computed[draft.index].world
    if draft.connection and len(connections(world)) > 1:
        named = said(mark("It is about {connection}."), connection=draft.connection)
        draft = replace(draft, prompt=paragraphs([draft.prompt, named]))
    made = posed(
        draft, stage.trace, dice, generator=generator, seed=seed, scenario=stage.scenario,
        setting=said(mark("Rules: {profile}."), profile=profile) if is_about_table else stage.setting,
        subject=stage.subject or (draft.edge if draft.edge in EDGES else ""),
    )  # fmt: skip
    return replace(made, concept=draft.concept or stage.concept or ANY_RUN)


ANY_RUN = mark("this run")
"""What a question is about that was made of a person's own run."""


# --- the kinds ---


def _draft(kind: str, stage: Stage, dice: Random) -> Draft | None:
    """A question of this kind about some step of the run; None if a few tries find none."""
    steps = steps_of(stage)
    if kind == "choice" and stage.edge and dice.random() < 0.7:
        return generate_choice.draft_edge(stage, dice)
    if kind == "many" and stage.edge and dice.random() < 0.7:
        return generate_many.draft_leaves(stage, dice.choice(list(State)), dice)
    targets = _targets(stage, steps)
    dice.shuffle(targets)
    for make in _makers(kind, dice):
        for target in targets[:TRIES]:
            draft = make(stage, steps, target, dice)
            if draft is not None:
                return draft
    return None


def _targets(stage: Stage, steps: Sequence[Step]) -> list[int]:
    """The steps that may be asked about; of a recipe, first of all the one it is for."""
    found = list(range(max(1, stage.first), len(steps)))
    if stage.edge:
        crossing = [i for i in found if any(getattr(r, "edge", "") == stage.edge for r in steps[i].records)]
        return crossing or found
    return found


def _makers(kind: str, dice: Random) -> list[Maker]:
    makers = list(MAKERS[kind])
    dice.shuffle(makers)
    return makers


def _looked(make: Callable[[Look], Draft | None]) -> Maker:
    def maker(stage: Stage, steps: tuple[Step, ...], target: int, _dice: Random) -> Draft | None:
        found = look(stage, steps, target)
        return make(found) if found is not None else None

    return maker


def _timed(make: Callable[[Stage, tuple[Step, ...], int], Draft | None]) -> Maker:
    return lambda stage, steps, target, _dice: make(stage, steps, target)


def _standing(make: Callable[[Look, str, Random], Draft | None]) -> Maker:
    """A question about an instant itself, and about one of the hosts."""

    def maker(stage: Stage, steps: tuple[Step, ...], target: int, dice: Random) -> Draft | None:
        found = at_moment(stage, steps, target)
        hosts = [host.name for host in steps[0].world.hosts]
        return make(found, dice.choice(hosts), dice) if found is not None else None

    return maker


MAKERS: dict[str, tuple[Maker, ...]] = {
    "choice": (
        _looked(generate_choice.draft_other),
        _looked(generate_choice.draft_absolute),
        _looked(generate_choice.draft_result),
    ),
    "many": (
        _standing(generate_many.draft_enters),
        _standing(lambda found, _host, dice: generate_many.draft_numbers(found, dice)),
        _standing(generate_many.draft_acknowledged),
    ),
    "next-state": (_looked(generate_state.draft),),
    "next-segment": (_looked(generate_segment.draft),),
    "time": (
        _timed(generate_time.draft_way), _timed(generate_time.draft_round), _timed(generate_time.draft_timer),
    ),
    "order": (_standing(lambda found, _host, dice: generate_order.draft(found, dice)),),
    "table": (_standing(lambda found, host, _dice: generate_table.draft(found, host)),),
}  # fmt: skip


# --- of any run ---


def questions_at(stage: Stage, target: int, kinds: Sequence[str], seed: int) -> Iterator[Posed]:
    """Questions of these kinds about one step of a run that is somebody's own."""
    steps = steps_of(stage)
    for kind in kinds:
        dice = _dice(f"{kind}|{seed}|{target}")
        for make in _makers(kind, dice):
            draft = make(stage, steps, target, dice) if target < len(steps) else None
            if draft is not None:
                yield _finished(draft, stage, dice, kind, seed)


def pose_of_run(stage: Stage, kind: str, seed: int) -> Posed | None:
    """A question of this kind about what follows in a run from ``stage.first`` on; None if nothing does.

    The nearest things are asked about: with another seed perhaps another one.
    """
    steps = steps_of(stage)
    dice = _dice(f"{kind}|{seed}")
    near = _targets(stage, steps)[: 2 * TRIES]
    dice.shuffle(near)
    for target in near:
        found = next(questions_at(stage, target, (kind,), seed), None)
        if found is not None:
            return found
    return None
