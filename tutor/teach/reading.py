"""Files -> Lesson: ``load_lesson``, and the steps that ``check`` shares with it.

Rules
-----
* A lesson is a folder with ``lesson.yaml`` and ``<lang>.yaml`` beside it, or one file. Nothing outside that folder is
  read, whatever a file says and wherever a link in it leads.
* Reading never runs anything. Faults of form and of vocabulary are found here; faults of truth by ``check.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tutor import resources
from tutor.teach import facts, overlay, sentences, vocabulary, yamlio
from tutor.teach.errors import Problems, nearest
from tutor.teach.lesson import Ask, Beat, Lesson, LessonHost, Mark, Option, Text, Wire
from tutor.teach.schema import AskModel, BeatModel, LessonModel, NetworkModel, OverlayModel
from tutor.teach.shape import Shaped, shape
from tutor.words import LANGUAGES, Words

LESSON_FILE = "lesson.yaml"
GENERATED = frozenset({"found", "recipe"})
"""Concepts of lessons that the program has written of one run: the numbers in their words are that run's own."""

OTHER_LANGUAGES = tuple(lang for lang in LANGUAGES if lang != "en")


def lesson_ids() -> tuple[str, ...]:
    """The shipped lessons in the order of their numbers."""
    return tuple(sorted(path.parent.name for path in resources.lessons_dir().glob(f"*/{LESSON_FILE}")))


def laboratory_ids() -> tuple[str, ...]:
    """The shipped runs to try anything on, in order; they are no lessons, and are found by the same commands."""
    return tuple(sorted(path.parent.name for path in laboratories_dir().glob(f"*/{LESSON_FILE}")))


def laboratories_dir() -> Path:
    """The folder of the laboratories."""
    return resources.assets_dir() / "laboratory"


def find_lesson(name: str | Path) -> Path:
    """The file of a lesson or laboratory given by id, folder or file.

    Raises ``FileNotFoundError`` with what there is.
    """
    path = Path(name)
    for candidate in (path, path / LESSON_FILE):
        if candidate.is_file():
            return candidate
    if str(name) in laboratory_ids():
        return laboratories_dir() / name / LESSON_FILE
    ids = lesson_ids()
    matching = [lesson_id for lesson_id in ids if lesson_id == str(name) or lesson_id.split("-", 1)[0] == str(name)]
    if len(matching) == 1:
        return resources.lessons_dir() / matching[0] / LESSON_FILE
    raise FileNotFoundError(f"no lesson {str(name)!r}; there are: {', '.join(ids)}")


def load_lesson(name: str | Path, lang: str = "en") -> Lesson:
    """The lesson given by id or path, in all its languages.

    Raises ``LessonErrors`` with every fault of form and vocabulary, said in ``lang``;
    ``FileNotFoundError`` if there is no such lesson.
    """
    problems = Problems(Words(lang))
    reading = read_lesson(find_lesson(name), problems)
    problems.raise_if_any()
    assert reading.lesson is not None, "a lesson without faults has been built"
    return reading.lesson


@dataclass(frozen=True, slots=True)
class Reading:
    """A lesson as far as it could be read. ``can_run``: nothing that the run stands on is in doubt."""

    lesson: Lesson | None
    shaped: Shaped[LessonModel] | None
    can_run: bool


def read_lesson(path: Path, problems: Problems) -> Reading:
    """Read a lesson file and the overlays beside it, noting every fault of form and vocabulary."""
    sources = _sources(path, problems)
    if path.name not in sources:
        return Reading(None, None, can_run=False)
    return read_sources(sources, path, problems)


def _sources(path: Path, problems: Problems) -> dict[str, bytes]:
    """Name -> bytes of the lesson and its overlays, none from outside the lesson's folder."""
    folder = path.parent.resolve()
    names = [path.name]
    if path.name == LESSON_FILE:
        names += [f"{lang}.yaml" for lang in OTHER_LANGUAGES if (path.parent / f"{lang}.yaml").is_file()]
    sources: dict[str, bytes] = {}
    for name in names:
        place = path.parent / name
        if place.resolve().parent != folder:
            what = problems.words.t("this file is a link that leads out of the lesson's folder")
            problems.add(Mark(str(place), 1, 1), "", what)
            continue
        with place.open("rb") as file:
            sources[name] = file.read(yamlio.MAX_BYTES + 1)
    return sources


def sources_with(text: str, path: Path, problems: Problems) -> dict[str, bytes]:
    """``text`` as the lesson's file, and the translations beside ``path``, which need not exist."""
    beside = _sources(path, problems) if path.is_file() else {}
    return {
        path.name: text.encode("utf-8", "replace"),
        **{name: raw for name, raw in beside.items() if name != path.name},
    }


def read_sources(sources: Mapping[str, bytes], path: Path, problems: Problems) -> Reading:
    """As ``read_lesson``, from bytes in hand: a saved run brings its lesson along."""
    node = yamlio.read(sources[path.name], str(path), problems)
    if node is None:
        return Reading(None, None, can_run=False)
    source = shape(node, LessonModel, problems)
    overlays: dict[str, Shaped[OverlayModel]] = {}
    for name, raw in sources.items():
        if name != path.name:
            beside = yamlio.read(raw, str(path.parent / name), problems)
            if beside is not None:
                overlays[name.removesuffix(".yaml")] = shape(beside, OverlayModel, problems)
    for lang, translated in overlays.items():
        overlay.compare(source, translated, lang, problems)
    if source.model is None:
        return Reading(None, source, can_run=False)
    _inspect_translations(overlays, source.model, problems)
    texts = {name: raw.decode("utf-8", "replace") for name, raw in sources.items()}
    lesson = _Builder(source, overlays, path, texts, problems).lesson()
    lesson, can_run = vocabulary.settle(lesson, source, problems)
    is_sound = can_run and not any(loc[0] in ("hosts", "link", "until") for loc in source.given_up)
    return Reading(lesson, source, is_sound)


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
    known = facts.names_of(model.hosts, [beat.id for beat in model.beats])
    for offset, name in sentences.holes(node.value):
        if name not in known:
            what = problems.words.t("no such placeholder")
            allowed = facts.SHORT_LIST
            problems.add(node.mark_in(offset), where, what, found=name, allowed=allowed, nearest=nearest(name, known))


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
            refutes=self.listed("refutes"),
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
        )

    def listed(self, name: str) -> tuple[Text, ...]:
        items: list[str] = getattr(self.model, name)
        return tuple(self.text(item, (name, str(index)), name, index) for index, item in enumerate(items))

    def beat(self, index: int, beat: BeatModel) -> Beat:
        at: tuple[str | int, ...] = ("beats", index)
        name = "bet" if beat.bet is not None else "question"
        ask: AskModel | None = beat.bet or beat.question
        return Beat(
            id=beat.id,
            cue=beat.cue,
            title=self.text(beat.title, ("beats", beat.id, "title"), *at, "title"),
            words=self.text(beat.words, ("beats", beat.id, "words"), *at, "words"),
            act=beat.act or "",
            states=tuple(beat.states.items()),
            is_pause=beat.pause,
            ask=self.ask(ask, beat.id, name, (*at, name)) if ask is not None else None,
            wire=_wire(beat.network) if beat.network is not None else None,
            mark=self.mark(*at),
            cue_mark=self.mark(*at, "cue"),
            act_mark=self.mark(*at, "act"),
        )

    def ask(self, ask: AskModel, beat_id: str, name: str, at: tuple[str | int, ...]) -> Ask:
        key = ("beats", beat_id, name)
        options: list[Option] = []
        for index, option in enumerate(ask.options):
            place = (*at, "options", index)
            text, feedback = (
                self.text(sentence, (*key, "options", option.value, part), *place, part)
                if (sentence := getattr(option, part)) is not None
                else None
                for part in ("text", "feedback")
            )
            options.append(Option(option.value, text, feedback, self.mark(*place, "value")))
        return Ask(
            kind=getattr(ask, "asks", "choice"),
            prompt=self.text(ask.prompt, (*key, "prompt"), *at, "prompt"),
            options=tuple(options),
            answer=ask.answer,
            host=getattr(ask, "host", ""),
            cue=getattr(ask, "when", ""),
            mark=self.mark(*at),
            answer_mark=self.mark(*at, "answer"),
        )


def _wire(model: NetworkModel) -> Wire:
    budget = (model.held, model.lose, model.duplicate, model.coincidence, model.crash)
    return Wire(model.variant, model.property, budget, model.profile)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)
