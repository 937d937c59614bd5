"""From the shaped files to a Lesson: every sentence with its translations, every value with its place.

Rules
-----
* Words with typed numbers or unknown placeholders are faults of form, found here at their own line and column.
* Nothing here knows what a cue, an act or a state means: that is ``vocabulary.py``'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tutor.teach import emphasis, facts, overlay, placing, sentences, yamlio
from tutor.teach.errors import Problems, nearest
from tutor.teach.lesson import Ask, Beat, Check, Lesson, LessonHost, Mark, Option, Play, Refuted, Text, Touch, Wire
from tutor.teach.schema import (
    AskedModel,
    BeatModel,
    CheckModel,
    LessonModel,
    NetworkModel,
    OptionModel,
    OrderBet,
    OverlayModel,
    PlayModel,
    RefutedModel,
    TouchModel,
)
from tutor.teach.shape import Shaped

GENERATED = frozenset({"found", "recipe"})
"""Concepts of lessons that the program has written of one run: the numbers in their words are that run's own."""

TreePath = tuple[str | int, ...]
"""Where something stands in the file's tree."""


def built(
    source: Shaped[LessonModel],
    overlays: Mapping[str, Shaped[OverlayModel]],
    path: Path,
    texts: Mapping[str, str],
    problems: Problems,
) -> Lesson:
    """The lesson of a shaped file (``path``) with its translations; ``texts``: the files' own text, by name."""
    assert source.model is not None, "only a shaped lesson can be built"
    _inspect_translations(overlays, source.model, problems)
    return _Builder(source, overlays, path, texts, problems).lesson()


# --- sentences ---


def _inspect(node: yamlio.Node, where: str, model: LessonModel, problems: Problems) -> None:
    """Complain about typed numbers and unknown placeholders of one sentence, at their own line and column."""
    if not isinstance(node.value, str):
        return
    typed = () if GENERATED.intersection(model.concepts) else sentences.typed_numbers(node.value)
    for offset, found in typed:
        what = problems.words.t("a number with a unit is typed into the words")
        hint = problems.words.t("Use a placeholder that the run fills in, such as {example}.", example="{link.delay}")
        problems.add(node.mark_in(offset), where, what, found=found, hint=hint)
    beats = [beat.id for beat in model.beats]
    known = facts.names_of(model.hosts, beats)
    for offset, name in sentences.holes(node.value):
        if not facts.is_known(name, model.hosts, beats):
            what = problems.words.t("no such placeholder")
            allowed = facts.SHORT_LIST
            problems.add(node.mark_in(offset), where, what, found=name, allowed=allowed, nearest=nearest(name, known))
    emphasis.inspect(node, where, problems)


def _inspect_translations(overlays: Mapping[str, Shaped[OverlayModel]], model: LessonModel, problems: Problems) -> None:
    for shaped in overlays.values():
        if shaped.model is not None and shaped.node is not None:
            for key in overlay.translations(shaped.model):
                _inspect(overlay.part(shaped.node, (*key, "text")), " › ".join(key), model, problems)


# --- building ---


class _Builder:
    """Puts the values of a Lesson together from the shaped files."""

    def __init__(
        self,
        source: Shaped[LessonModel],
        overlays: Mapping[str, Shaped[OverlayModel]],
        path: Path,
        texts: Mapping[str, str],
        problems: Problems,
    ) -> None:
        assert source.model is not None, "only a shaped lesson can be built"
        assert source.node is not None, "a shaped lesson comes from a tree"
        self.model, self.node, self.path, self.texts, self.problems = source.model, source.node, path, texts, problems
        self.overlays = {
            lang: (overlay.translations(shaped.model), shaped.node)
            for lang, shaped in overlays.items()
            if shaped.model is not None and shaped.node is not None
        }

    def mark(self, *path: str | int) -> Mark:
        return self.node.at(path).mark

    def text(self, sentence: str, key: overlay.Key, *path: str | int) -> Text:
        node = self.node.at(path)
        _inspect(node, " › ".join(key), self.model, self.problems)
        given = {
            lang: (said[key], overlay.place(tree, key)) for lang, (said, tree) in self.overlays.items() if key in said
        }
        return Text(
            en=sentences.unwrapped(sentence.strip()),
            others=tuple((lang, sentences.unwrapped(said.text.strip())) for lang, (said, _) in given.items()),
            mark=node.mark,
            marks=tuple(mark for _, mark in given.values()),
        )

    def lesson(self) -> Lesson:
        model = self.model
        return Lesson(
            id=model.id,
            title=self.text(model.title, ("title",), "title"),
            goal=self.text(model.goal, ("goal",), "goal"),
            concepts=tuple(model.concepts),
            prerequisites=tuple(model.prerequisites),
            out_of_scope=self.listed("out_of_scope"),
            refutes=tuple(self.refuted(index, each) for index, each in enumerate(model.refutes)),
            seed=model.seed,
            profile=model.profile,
            hosts=tuple(
                LessonHost(
                    name=name,
                    address=host.address,
                    port=host.port,
                    isn=host.isn,
                    profile=host.profile,
                    sysctls=tuple((key, _plain(value)) for key, value in host.sysctls.items()),
                    program=tuple(host.program),
                )
                for name, host in model.hosts.items()
            ),
            link=tuple((key, _plain(value)) for key, value in model.link if value is not None),
            until=model.until,
            beats=tuple(self.beat(index, beat) for index, beat in enumerate(model.beats)),
            languages=("en", *self.overlays),
            path=str(self.path),
            source=self.texts[self.path.name],
            overlays=tuple(
                (name.removesuffix(".yaml"), text) for name, text in self.texts.items() if name != self.path.name
            ),
            variant=model.variant,
            profiles=tuple(model.profiles),
            checks=tuple(filter(None, (self.check(index, each) for index, each in enumerate(model.checks)))),
        )

    def listed(self, name: str) -> tuple[Text, ...]:
        items: list[str] = getattr(self.model, name)
        return tuple(self.text(item, (name, str(index)), name, index) for index, item in enumerate(items))

    # --- beats, checks, what is refuted ---

    def beat(self, index: int, beat: BeatModel) -> Beat:
        at: TreePath = ("beats", index)
        key = ("beats", beat.id)
        return Beat(
            id=beat.id,
            cue=beat.cue,
            title=self.text(beat.title, (*key, "title"), *at, "title"),
            words=self.text(beat.words, (*key, "words"), *at, "words"),
            act=beat.act or "",
            states=tuple(beat.states.items()),
            is_pause=beat.pause,
            ask=self.asked(beat, key, at),
            touch=self.touch(beat.touch, (*key, "touch"), (*at, "touch")) if beat.touch is not None else None,
            wire=_wire(beat.network) if beat.network is not None else None,
            mark=self.mark(*at),
            cue_mark=self.mark(*at, "cue"),
            act_mark=self.mark(*at, "act"),
        )

    def check(self, index: int, check: CheckModel) -> Check | None:
        at: TreePath = ("checks", index)
        key = ("checks", check.id)
        ask = self.asked(check, key, at)
        if ask is None:
            what = self.problems.words.t("a check asks something: it has a bet or a question")
            self.problems.add(self.mark(*at), " › ".join(key), what)
            return None
        return Check(
            id=check.id,
            at=check.at,
            acts=tuple(check.acts),
            cue=check.cue,
            words=self.text(check.words, (*key, "words"), *at, "words") if check.words is not None else None,
            ask=ask,
            mark=self.mark(*at),
            cue_mark=self.mark(*at, "cue"),
        )

    def refuted(self, index: int, refuted: RefutedModel) -> Refuted:
        at: TreePath = ("refutes", index)
        says, truth = (
            self.text(sentence, ("refutes", str(index), name), *at, name)
            for name, sentence in (("says", refuted.says), ("truth", refuted.truth))
        )
        plays = self.play(refuted.plays, (*at, "plays"))
        return Refuted(says, truth, tuple(refuted.claims), plays, self.mark(*at))

    def play(self, play: PlayModel | None, at: TreePath) -> Play | None:
        if play is None:
            return None
        states = tuple(play.states.items())
        marks = self.mark(*at), self.mark(*at, "watch")
        return Play(play.at, tuple(play.acts), play.watch, play.never or "", states, *marks)

    def touch(self, touch: TouchModel, key: overlay.Key, at: TreePath) -> Touch:
        task, compared = (
            self.text(sentence, (*key, name), *at, name)
            for name, sentence in (("task", touch.task), ("compared", touch.compared))
        )
        marks = self.mark(*at), self.mark(*at, "wants")
        return Touch(task, Play(touch.at, tuple(touch.solution), touch.wants, "", (), *marks), compared)

    # --- bets and questions ---

    def asked(self, of: BeatModel | CheckModel, key: overlay.Key, at: TreePath) -> Ask | None:
        """The bet or question of a beat or check; both at once are ``vocabulary``'s to complain about."""
        for name in ("bet", "question"):
            ask: AskedModel | None = getattr(of, name)
            if ask is not None:
                return self.ask(ask, (*key, name), (*at, name))
        return None

    def ask(self, ask: AskedModel, key: overlay.Key, at: TreePath) -> Ask:
        options: list[OptionModel] = getattr(ask, "options", [])
        network: NetworkModel | None = getattr(ask, "network", None)
        kind = getattr(ask, "asks", "")
        shown = tuple(self.option(option, key, (*at, "options", place)) for place, option in enumerate(options))
        return Ask(
            kind=kind,
            prompt=self.text(ask.prompt, (*key, "prompt"), *at, "prompt"),
            options=placing.in_lesson(kind, shown, f"{self.model.id}/{key[1]}"),
            answers=_answers(ask),
            host=getattr(ask, "host", ""),
            cue=getattr(ask, "when", getattr(ask, "wants", "")) or "",
            is_typed=getattr(ask, "typed", False),
            tolerance=getattr(ask, "tolerance", 0),
            at=getattr(ask, "at", ""),
            never=getattr(ask, "never", "") or "",
            wire=_wire(network) if network is not None else None,
            solution=tuple(getattr(ask, "solution", ())),
            seconds=getattr(ask, "seconds", 0),
            concepts=tuple(ask.concepts),
            mark=self.mark(*at),
            answer_mark=self.mark(*at, "answers" if hasattr(ask, "answers") else "answer"),
        )

    def option(self, option: OptionModel, key: overlay.Key, at: TreePath) -> Option:
        text, feedback = (
            self.text(sentence, (*key, "options", option.value, part), *at, part)
            if (sentence := getattr(option, part)) is not None
            else None
            for part in ("text", "feedback")
        )
        plays = self.play(option.plays, (*at, "plays"))
        return Option(option.value, text, feedback, plays, option.holds or "", self.mark(*at, "value"))


def _answers(ask: AskedModel) -> tuple[str, ...]:
    """The values that are declared right. The options of an order stand in it."""
    if isinstance(ask, OrderBet):
        return tuple(option.value for option in ask.options)
    one: str | None = getattr(ask, "answer", None)
    many: list[str] = getattr(ask, "answers", [])
    return (one,) if one is not None else tuple(many)


def _wire(model: NetworkModel) -> Wire:
    budget = (model.held, model.lose, model.duplicate, model.coincidence, model.crash)
    return Wire(model.variant, model.property, budget, model.profile, model.begins, model.moves)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)
