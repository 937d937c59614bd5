"""The shelf: what all lessons together must be, and what each must have to stand on it.

Rules
-----
* Every lesson has beats, bets, something to touch, checks, and something it refutes, in the numbers below. Every wrong
  answer of a bet, or of a question that has answers, plays a run that shows why it is wrong.
* The words state no number that the run could fill in (``bare_numbers``), nor spell a large one out.
* A translation is one: no sentence of it has been left in English.
* Nobody reads for more than a minute before something happens.
* No two lessons share a run or what is said to an answer.
* Prerequisites form an order. Every bet and question names what it asks about, and that was taught in the lesson itself
  or before it: else its answers would count for the lesson's first concept.
* Every edge of the table is crossed in some lesson, and every claim people read is answered (``claims``).
* Every right answer to a question about ideas is bound to what ``holds`` if it is right, and only then: in the run, or
  in the one that it plays. Of a question with many answers the wrong ones are bound, too: each stands for itself.

These are rules for the shipped shelf. A lesson of one's own only needs to be true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tutor.tcp.transitions import TRANSITIONS
from tutor.teach import quiz
from tutor.teach.bare_numbers import bare_numbers
from tutor.teach.byroad import byroad
from tutor.teach.claims import Claim, uncovered
from tutor.teach.errors import LessonError, Problems, shortened
from tutor.teach.facts import NoSuchThing, Scene
from tutor.teach.lesson import PROVEN, Ask, Lesson, Mark, Play, Text
from tutor.teach.road import Road
from tutor.teach.sentences import large_numbers, reading_time, untranslated
from tutor.teach.visiting import run_of
from tutor.words import Words
from tutor.world.query import Moment
from tutor.world.records import StateChanged
from tutor.world.trace import Trace

BEATS, BETS, TOUCHES, CHECKS, REFUTED = 6, 2, 1, 3, 1
"""A lesson has at least so many."""

RECKONED = frozenset({"43-paws › plenty"})
"""Questions answered by arithmetic on what their words state: no run that one can play sends four gigabytes."""

SETTLED = frozenset({
    ("03-header", "fifteen"), ("03-header", "twelve"), ("03-header", "twenty"), ("32-time-wait-pile-up", "sixty"),
    ("35-sysctl-desk", "fifteen"), ("38-linux-is-different", "eleven"), ("39-all-transitions", "eleven"),
    ("03-header", "十五"), ("03-header", "十二"), ("03-header", "二十"), ("32-time-wait-pile-up", "六十"),
    ("35-sysctl-desk", "十五"), ("38-linux-is-different", "十一"), ("39-all-transitions", "十一"),
})  # fmt: skip
"""Large numbers that no run can change: rows and octets of a header, states of the diagram, lines of a note, a sum."""

LATE = frozenset({"43-paws"})
"""Lessons whose first beat may ask later: what this one does there must not be done before its other runs leave it."""

LONGEST_READING = 60.0
"""Seconds that a beat may take to read."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is wrong with lessons that are shipped together, and what they do not teach."""

    errors: tuple[LessonError, ...]
    uncrossed: tuple[str, ...]
    unanswered: tuple[Claim, ...]
    unproven: tuple[str, ...]
    """Answers that are right, or wrong, by their author's word alone: nothing in a run is named that bears it out."""


def inspect(
    roads: Sequence[tuple[Lesson, Road]], lang: str = "en", *, lessons: Sequence[Lesson] = (), is_all: bool = True
) -> Shelf:
    """What the house asks of each of these lessons, and what can only be said of several together.

    ``lessons``: those that there are besides, so that prerequisites lead somewhere. ``is_all``: these are the whole
    shelf, so that what none of them crosses or answers is lacking.
    """
    problems = Problems(Words(lang))
    editor = _Editor(problems)
    for lesson, road in roads:
        editor.counts(lesson)
        editor.named(lesson)
        editor.beginning(lesson, road)
        editor.reading(lesson)
        editor.numbers(lesson)
        editor.translated(lesson)
    mine = [lesson for lesson, _ in roads]
    editor.unlike(mine)
    editor.order(mine, {lesson.id: lesson for lesson in (*lessons, *mine)})
    unproven = tuple(name for lesson in mine for name in _unproven(lesson))
    uncrossed, unanswered = (_uncrossed(roads), uncovered(mine)) if is_all else ((), ())
    return Shelf(problems.errors, uncrossed, unanswered, unproven)


def out_of_order(lesson: Lesson, lessons: Mapping[str, Lesson], lang: str = "en") -> tuple[LessonError, ...]:
    """What is wrong with the prerequisites of a lesson of one's own, among ``lessons`` (by id, itself with them)."""
    problems = Problems(Words(lang))
    _Editor(problems).follow(lesson, lessons)
    return problems.errors


def _unproven(lesson: Lesson) -> Iterator[str]:
    asked = [(each.id, each.ask) for each in lesson.beats if each.ask is not None]
    asked += [(each.id, each.ask) for each in lesson.checks]
    for name, ask in asked:
        place, right = f"{lesson.id} › {name}", quiz.declared(ask)
        if ask.kind in PROVEN and place not in RECKONED:
            each_by_itself = ask.kind == "many"
            bound = (option for index, option in enumerate(ask.options) if each_by_itself or index in right)
            yield from (f"{place} › {option.value}" for option in bound if not option.holds)


class _Editor:
    """Holds lessons against the house's rules."""

    def __init__(self, problems: Problems) -> None:
        self.problems, self.words = problems, problems.words

    def complain(self, lesson: Lesson, where: str, what: str, found: str = "", mark: Mark | None = None) -> None:
        """One fault, at its place or at the head of the file."""
        self.problems.add(mark or Mark(lesson.path, 1, 1), where, what, found=found)

    # --- one lesson ---

    def counts(self, lesson: Lesson) -> None:
        """So many of each, and a run for every wrong answer."""
        asks = [beat.ask for beat in lesson.beats if beat.ask is not None]
        bets = [ask for ask in asks if ask.is_bet]
        counted = {
            "beats": (len(lesson.beats), BEATS),
            "bets": (len(bets), BETS),
            "touches": (sum(beat.touch is not None for beat in lesson.beats), TOUCHES),
            "checks": (len(lesson.checks), CHECKS),
            "refutes": (len(lesson.refutes), REFUTED),
        }
        for name, (count, least) in counted.items():
            if count < least:
                what = self.words.t("too few {name}: {count}, and at least {least} are needed", name=name, count=count,
                                    least=least)  # fmt: skip
                self.complain(lesson, name, what)
        for ask in asks_of(lesson):
            if ask.is_bet or ask.kind in PROVEN:
                self.played(lesson, ask)

    def played(self, lesson: Lesson, ask: Ask) -> None:
        """Every wrong answer is shown by a run."""
        right = quiz.declared(ask)
        for index, option in enumerate(ask.options):
            if index not in right and option.plays is None:
                what = self.words.t("a wrong answer plays the run that shows why (plays)")
                self.complain(
                    lesson, "bet › options" if ask.is_bet else "question › options", what, option.value, option.mark
                )

    def named(self, lesson: Lesson) -> None:
        """Every bet and question says which concepts its answers count for."""
        for place, ask in _placed(lesson):
            if not ask.concepts:
                what = self.words.t("it names no concept that it asks about (concepts)")
                self.complain(lesson, f"{place} › concepts", what, mark=ask.mark)

    def beginning(self, lesson: Lesson, road: Road) -> None:
        """Nothing stops before the first beat: if it asks, it is there when the lesson begins."""
        first, moment = lesson.beats[0], road.moments[0]
        if first.ask is not None and moment is not None and moment.at > 0 and lesson.id not in LATE:
            what = self.words.t("the lesson begins before its first beat, so what it asks would be passed by")
            self.complain(lesson, f"beats › {first.id}", what, first.cue, first.cue_mark)

    def numbers(self, lesson: Lesson) -> None:
        """Numbers that the run could fill in, and large ones in words in what is said of it, in every language."""
        for bare in bare_numbers(lesson):
            what = self.words.t("a number that the run could fill in is typed into the words ({lang})", lang=bare.lang)
            self.complain(lesson, "words", what, bare.found, bare.mark)
        for text in said_of_runs(lesson):
            for lang in text.languages:
                for _, found in large_numbers(text[lang]):
                    if (lesson.id, found.lower()) not in SETTLED:
                        what = self.words.t("a large number is typed into the words ({lang})", lang=lang)
                        self.complain(lesson, "words", what, found, text.mark)

    def translated(self, lesson: Lesson) -> None:
        """No sentence of the Chinese text is English."""
        names = {host.name for host in lesson.hosts}
        for text in all_said(lesson):
            places = dict(zip((lang for lang, _ in text.others), text.marks, strict=False))
            for left in untranslated(text["zh"], names) if "zh" in text.languages else ():
                what = self.words.t("a sentence of the translation is English ({lang})", lang="zh")
                self.complain(lesson, "words", what, shortened(left.found), places.get("zh", text.mark))

    def reading(self, lesson: Lesson) -> None:
        """A minute is the most, in every language."""
        for beat in lesson.beats:
            texts: list[Text] = [beat.title, beat.words, *([beat.ask.prompt] if beat.ask is not None else [])]
            for lang in lesson.languages:
                seconds = sum(reading_time(text[lang]) for text in texts)
                if seconds > LONGEST_READING:
                    what = self.words.t("it takes {seconds} seconds to read ({lang}); tell less, or in two steps",
                                        seconds=round(seconds), lang=lang)  # fmt: skip
                    self.complain(lesson, f"beats › {beat.id}", what, mark=beat.mark)

    # --- several ---

    def unlike(self, lessons: Iterable[Lesson]) -> None:
        """No two have the same run or the same feedback."""
        runs: dict[object, str] = {}
        said: dict[str, str] = {}
        for lesson in lessons:
            acts = tuple(beat.act for beat in lesson.beats if beat.act)
            run = (lesson.hosts, lesson.link, lesson.variant, lesson.profile, acts)
            if run in runs:
                self.complain(lesson, "hosts", self.words.t("another lesson has the same run"), runs[run])
            runs.setdefault(run, lesson.id)
            for ask in asks_of(lesson):
                for option in ask.options:
                    if option.feedback is None:
                        continue
                    if option.feedback.en in said:
                        what = self.words.t("the same is said to another answer")
                        self.complain(lesson, "feedback", what, said[option.feedback.en], option.feedback.mark)
                    said.setdefault(option.feedback.en, f"{lesson.id}: {option.value}")

    def follow(self, lesson: Lesson, lessons: Mapping[str, Lesson]) -> None:
        """Prerequisites are lessons, and lead in no circle."""
        for name in lesson.prerequisites:
            if name not in lessons:
                self.complain(lesson, "prerequisites", self.words.t("there is no such lesson"), name)
        if lesson.id in _before(lesson, lessons):
            self.complain(lesson, "prerequisites", self.words.t("these lead in a circle, back to this lesson"))

    def order(self, mine: Iterable[Lesson], lessons: Mapping[str, Lesson]) -> None:
        """Prerequisites are lessons, lead in no circle, and teach what is asked about."""
        for lesson in mine:
            self.follow(lesson, lessons)
            before = _before(lesson, lessons)
            taught = {concept for name in (lesson.id, *before) for concept in lessons[name].concepts}
            for ask in asks_of(lesson):
                for concept in ask.concepts:
                    if concept not in taught:
                        what = self.words.t("this is asked about before it is taught")
                        self.complain(lesson, "concepts", what, concept, ask.mark)


def asks_of(lesson: Lesson) -> Iterator[Ask]:
    """Every bet and question, the checks' too."""
    yield from (ask for _, ask in _placed(lesson))


def _placed(lesson: Lesson) -> Iterator[tuple[str, Ask]]:
    """Every bet and question, each with its place in the lesson's file."""
    yield from ((f"beats › {beat.id}", beat.ask) for beat in lesson.beats if beat.ask is not None)
    yield from ((f"checks › {check.id}", check.ask) for check in lesson.checks)


def all_said(lesson: Lesson) -> Iterator[Text]:
    """Every sentence of a lesson."""
    yield from (lesson.title, lesson.goal, *lesson.out_of_scope)
    yield from (beat.title for beat in lesson.beats)
    yield from (refuted.says for refuted in lesson.refutes)
    yield from said_of_runs(lesson)
    for ask in asks_of(lesson):
        yield ask.prompt
        yield from (option.text for option in ask.options if option.text is not None)


def said_of_runs(lesson: Lesson) -> Iterator[Text]:
    """The sentences that tell what a run does; not what people claim, what is asked, nor the answers on offer."""
    yield from (beat.words for beat in lesson.beats)
    yield from (check.words for check in lesson.checks if check.words is not None)
    yield from (refuted.truth for refuted in lesson.refutes)
    for touch in (beat.touch for beat in lesson.beats if beat.touch is not None):
        yield from (touch.task, touch.compared)
    for ask in asks_of(lesson):
        yield from (option.feedback for option in ask.options if option.feedback is not None)


def _before(lesson: Lesson, lessons: Mapping[str, Lesson]) -> set[str]:
    """Every lesson that comes before this one, by its prerequisites and theirs."""
    found: set[str] = set()
    waiting = [name for name in lesson.prerequisites if name in lessons]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [each for each in lessons[name].prerequisites if each in lessons]
    return found


def in_order(lessons: Iterable[Lesson]) -> tuple[Lesson, ...]:
    """The order of teaching: each as early as its number says, but never before what it needs."""
    waiting = {lesson.id: lesson for lesson in sorted(lessons, key=lambda lesson: lesson.id)}
    ordered: list[Lesson] = []
    while waiting:
        done = {lesson.id for lesson in ordered}
        ready = (each for each in waiting.values() if not set(each.prerequisites) & set(waiting) - done)
        following = next(ready, None) or next(iter(waiting.values()))
        ordered.append(waiting.pop(following.id))
    return tuple(ordered)


# --- what is crossed ---


def runs_of(lesson: Lesson) -> Iterator[tuple[str, Play]]:
    """Every run beside the lesson's own: (beat at which it is shown or "", the run). Without the runs of checks."""
    for beat in lesson.beats:
        if beat.ask is not None:
            yield from ((beat.id, option.plays) for option in beat.ask.options if option.plays is not None)
        if beat.touch is not None:
            yield beat.id, beat.touch.solved
    yield from (("", refuted.plays) for refuted in lesson.refutes if refuted.plays is not None)


def _uncrossed(roads: Sequence[tuple[Lesson, Road]]) -> tuple[str, ...]:
    """The edges that no run of these lessons crosses, in the table's order. Short lessons are looked at first: where
    they cross everything, nobody waits for the long ones."""
    left = dict.fromkeys(edge.id for edge in TRANSITIONS)
    for lesson, road in sorted(roads, key=lambda each: len(each[1].trace.steps)):
        for edge in _crossed(lesson, road) if left else ():
            left.pop(edge, None)
    return tuple(left)


def _crossed(lesson: Lesson, road: Road) -> Iterator[str]:
    yield from _edges(road.trace)
    names = [beat.id for beat in lesson.beats]
    last = road.trace.steps[-1]
    end = Scene(lesson, road.trace, Moment(last.index, last.at), road.moments)
    for beat, play in runs_of(lesson):
        moment = road.moments[names.index(beat)] if beat else end.moment
        if moment is not None:
            yield from _crossed_beside(Scene(lesson, road.trace, moment, road.moments), play)
    for check in lesson.checks:
        yield from _crossed_beside(end, run_of(check), check.ask)


def _crossed_beside(scene: Scene, play: Play, ask: Ask | None = None) -> Iterator[str]:
    """What is crossed in a run beside another, and in those that its own question's answers play."""
    try:
        there = byroad(scene, play)
    except NoSuchThing:
        return
    yield from _edges(there.trace)
    asked = there.scene(scene.lesson) if ask is not None else None
    for option in ask.options if ask is not None and asked is not None else ():
        if option.plays is not None and asked is not None:
            yield from _crossed_beside(asked, option.plays)


def _edges(trace: Trace) -> Iterator[str]:
    yield from (record.edge for _, record in trace.records(0) if isinstance(record, StateChanged) and record.edge)
