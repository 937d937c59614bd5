"""From what a person named (a lesson, a file, a saved run) to a run that has been computed.

Rules
-----
* A lesson is named by its id, by a beginning of it that is unique, or by a path; a saved run by its path, and so are a
  packetdrill script (``.pkt``) and a picture that has its run in it (``.svg``, ``.pdf``; ``picture_runs``).
* What is wrong with a file is a ``BadFile`` that says where; what is wrong with a switch is a ``BadUsage``.
* A saved run whose replay ends in another fingerprint is shown all the same, with a warning: the engine has changed, or
  somebody has changed the file.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tutor import resources
from tutor.commands import picture_runs, scripts
from tutor.commands.faults import BadFile, BadUsage
from tutor.commands.parser import did_you_mean
from tutor.commands.switches import Switches, read_switches
from tutor.exchange import runfile
from tutor.exchange.runfile import RunFileError, SavedBranch, SavedRun
from tutor.profiles import DEFAULT, load_profile
from tutor.teach.allowed import line_error
from tutor.teach.errors import LessonErrors, Problems
from tutor.teach.lesson import Lesson
from tutor.teach.own import SUFFIX, OwnLessonError, Shelf, unpacked
from tutor.teach.reading import laboratory_ids, lesson_ids, load_lesson, own_ids, read_sources, sources_with
from tutor.teach.refuting import NotShown, shown
from tutor.teach.road import Road, find_moments, lay_rest, lay_road
from tutor.teach.stage import scenario_of
from tutor.words import Words
from tutor.world import ENGINE_VERSION
from tutor.world.acts import ActError, parse_act
from tutor.world.digest import digest
from tutor.world.records import Acted
from tutor.world.scenario import Scenario
from tutor.world.timeline import Timeline
from tutor.world.trace import Trace


@dataclass(frozen=True, slots=True)
class Loaded:
    """A lesson on a run. ``warnings`` are lines for the person.

    ``home``: the branch that is the lesson's own, if what is shown (``road``) is another one.
    """

    lesson: Lesson
    switches: Switches
    scenario: Scenario
    road: Road
    warnings: tuple[str, ...] = ()
    home: int | None = None
    source: str = ""
    """The path of the file, if it is one."""

    @property
    def trace(self) -> Trace:
        """The run itself."""
        return self.road.trace


def load(name: str, options: argparse.Namespace, words: Words) -> Loaded:
    """The run of the lesson or file that ``name`` means, with the switches of the command line."""
    path = Path(name)
    if path.is_file() and path.suffix == SUFFIX:
        path = taken_in(path, words)
        name = str(path)
    picture = picture_runs.split(name)
    if picture is not None:
        text, said = picture_runs.taken_out(*picture, words)
        loaded = _saved(text, name, options, words)
        return replace(loaded, source=str(Path(name).absolute()), warnings=(*said, *loaded.warnings))
    if path.is_file():
        text = _text(path, words)
        is_lesson = not runfile.looks_like_run(text) and path.suffix != scripts.SUFFIX
        if not is_lesson and getattr(options, "why", None) is not None:
            raise BadUsage(words.t("{name} is for {other}", name="--why", other=words.t("a lesson")))
        if runfile.looks_like_run(text):
            return replace(_saved(text, name, options, words), source=str(path.absolute()))
        if path.suffix == scripts.SUFFIX:
            return replace(_script(path, text, options, words), source=str(path.absolute()))
    lesson = find(name, words)
    switches = read_switches(options, [host.name for host in lesson.hosts], words)
    scenario = _scenario(lesson, switches)
    loaded = Loaded(lesson, switches, scenario, _road(lesson, scenario, switches))
    _refuse_failed_switches(loaded, words)
    loaded = _by_hand(loaded, words)
    if getattr(options, "why", None) is not None:
        loaded = _why(loaded, options.why, words)
    return replace(loaded, warnings=_unmet(loaded, words), source=str(path.absolute()) if path.is_file() else "")


def _why(loaded: Loaded, name: str, words: Words) -> Loaded:
    """The run that shows why an answer of the lesson is right or wrong, in place of the lesson's own."""
    try:
        found = shown(loaded.lesson, loaded.road, name)
    except NotShown as fault:
        tail = did_you_mean(fault.found, fault.allowed, words)
        raise BadUsage(words.t("{switch}: unknown: {value}", switch="--why", value=fault.found) + tail) from None
    return replace(loaded, road=found.road(loaded.lesson), home=loaded.road.branch)


def taken_in(path: Path, words: Words) -> Path:
    """Put the lesson of a zip file among the person's own; the one that is there already stays. Raises ``BadFile``."""
    shelf = Shelf(resources.own_lessons_dir())
    try:
        return shelf.take(path, words)
    except OwnLessonError as error:
        if error.id == "is-there" and shelf.has(unpacked(path), str(error.values["id"])):
            return shelf.path(str(error.values["id"]))
        raise BadFile(error.text(words)) from None
    except LessonErrors as errors:
        raise BadFile(str(errors)) from None


def _script(path: Path, text: str, options: argparse.Namespace, words: Words) -> Loaded:
    """A packetdrill script: its acts are switches of a lesson without a word."""
    switches = read_switches(options, scripts.HOSTS, words)
    name = switches.profiles.get(scripts.HOSTS[0]) or switches.profile or DEFAULT
    made = scripts.as_lesson(path, text, load_profile(name), words)
    lesson = _embedded({"script.yaml": made.source}, str(path), words)
    switches = replace(switches, acts=(*made.acts, *switches.acts))
    scenario = _scenario(lesson, switches)
    loaded = _by_hand(Loaded(lesson, switches, scenario, lay_road(lesson, scenario)), words)
    return replace(loaded, warnings=(*made.warnings, *_unmet(loaded, words)))


def load_text(text: str, path: Path, words: Words) -> Loaded:
    """The run of a lesson as it stands in an editor; ``path`` is where it is, or would be, kept. Raises ``BadFile``."""
    problems = Problems(words)
    try:
        reading = read_sources(sources_with(text, path, problems), path, problems)
    except OSError as fault:
        raise BadFile(words.t("{path} cannot be read: {why}", path=path, why=fault)) from None
    if len(problems) or reading.lesson is None:
        raise BadFile(str(LessonErrors(problems.errors, words)))
    try:
        scenario = scenario_of(reading.lesson)
        road = lay_road(reading.lesson, scenario)
    except ValueError as fault:
        raise BadFile(words.t("the run cannot begin: {reason}", reason=str(fault))) from None
    return Loaded(reading.lesson, Switches(None, {}, (), None), scenario, road)


def find(name: str, words: Words) -> Lesson:
    """The lesson of this id, unique beginning of an id, or path. Raises ``BadFile``."""
    path = Path(name)
    found: str | Path = path
    if not path.exists():
        ids = (*lesson_ids(), *laboratory_ids(), *own_ids())
        matches = [known for known in ids if known == name] or [known for known in ids if known.startswith(name)]
        if len(matches) != 1:
            tail = did_you_mean(name, matches or ids, words)
            raise BadFile(words.t("there is no lesson and no file {name}", name=repr(name)) + tail)
        found = matches[0]
    try:
        return load_lesson(found, words.lang)
    except LessonErrors as fault:
        raise BadFile(str(fault)) from None
    except OSError as fault:
        raise BadFile(words.t("{path} cannot be read: {why}", path=name, why=fault)) from None


def _text(path: Path, words: Words) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(runfile.MAX_CHARACTERS + 1)
    except OSError as fault:
        raise BadFile(words.t("{path} cannot be read: {why}", path=path, why=fault)) from None


def _scenario(lesson: Lesson, switches: Switches) -> Scenario:
    names = {**dict.fromkeys((host.name for host in lesson.hosts), switches.profile), **switches.profiles}
    wanted = {host: name for host, name in names.items() if name}
    scenario = scenario_of(lesson, wanted, switches.acts, switches.until)
    return scenario if switches.seed is None else replace(scenario, seed=switches.seed)


def _road(lesson: Lesson, scenario: Scenario, switches: Switches) -> Road:
    """The run that the lesson's author means; bare: the run in which the lesson does nothing."""
    if not switches.is_bare:
        return lay_road(lesson, scenario)
    road = lay_road(replace(lesson, beats=()), scenario)
    return replace(road, moments=find_moments(lesson, road.trace))


def _by_hand(loaded: Loaded, words: Words) -> Loaded:
    """The run after every ``--hand``; what the lesson does later is done on it, unless it is bare."""
    road = loaded.road
    for at, step, act in loaded.switches.hands:
        if step is not None and road.trace.step(step) is None:
            raise BadUsage(words.t("--hand: the run has no step {step}", step=step))
        timeline = road.timeline.fork(road.branch, at, act, index=step)
        made = timeline.branch(timeline.current)
        done = made.trace.steps[made.index + 1].records
        refused = next((record.why_not for record in done if isinstance(record, Acted)), None)
        if refused is not None:
            why = words.refusal(refused)
            raise BadUsage(words.t("{act}: this cannot be done: {why}", act=str(act), why=why))
        road = Road(timeline, made.id, road.moments)
        if loaded.switches.is_bare:
            road = replace(road, moments=find_moments(loaded.lesson, made.trace))
        else:
            road = lay_rest(loaded.lesson, road, made.index + 1)
    return replace(loaded, road=road)


def _refuse_failed_switches(loaded: Loaded, words: Words) -> None:
    """A switch that the run could not obey from the start is wrong usage."""
    wanted = {str(act) for at, act in loaded.switches.acts if at == 0}
    for step in loaded.trace.steps:
        if step.at > 0:
            return
        for record in step.records:
            if isinstance(record, Acted) and record.why_not is not None and record.text in wanted:
                why = words.refusal(record.why_not)
                raise BadUsage(words.t("{act}: this cannot be done: {why}", act=record.text, why=why))


def _unmet(loaded: Loaded, words: Words) -> tuple[str, ...]:
    """A segment that should have been dropped, delayed or doubled, and was never sent, is worth a line."""
    waiting = loaded.trace.steps[-1].world.rules
    return tuple(words.t("{act}: the run has no such segment", act=f"{rule.name} {rule.target}") for rule in waiting)


# --- saved runs ---


def save(loaded: Loaded) -> SavedRun:
    """The run as a value that can be written to a file."""
    return save_run(loaded.lesson, loaded.scenario, loaded.road.timeline, loaded.road.branch, home=loaded.home)


def save_run(
    lesson: Lesson,
    scenario: Scenario,
    timeline: Timeline,
    branch: int,
    *,
    home: int | None = None,
    without: frozenset[int] = frozenset(),
) -> SavedRun:
    """A run with its futures, except those ``without`` (and all that grew from them), ``branch`` being shown.

    ``home``: the branch that is the lesson's own; the one shown unless given.
    """
    files = {"lesson.yaml": lesson.source, **{f"{lang}.yaml": text for lang, text in lesson.overlays}}
    number = renumbered(timeline, without)
    kept = [timeline.branch(made) for made in number]
    return SavedRun(
        engine=ENGINE_VERSION,
        files=files,
        profiles={host.name: host.profile.name for host in scenario.hosts},
        acts=tuple((at, str(act)) for at, act in scenario.acts_at),
        until=scenario.until,
        seed=scenario.seed,
        branches=tuple(
            SavedBranch(
                number[made.parent] if made.parent is not None else None,
                made.index,
                made.at,
                tuple(map(str, made.acts)),
                digest(made.trace.steps[-1].world),
            )
            for made in kept
        ),
        branch=number[branch],
        road=None if home is None or home == branch else number[home],
    )


def renumbered(timeline: Timeline, without: frozenset[int]) -> dict[int, int]:
    """Branch -> its number in a saved run that leaves some out."""
    kept = (made.id for made in timeline.branches if made.id not in without)
    return {made: place for place, made in enumerate(kept)}


def _saved(text: str, name: str, options: argparse.Namespace, words: Words) -> Loaded:
    try:
        run = runfile.loads(text)
    except RunFileError as fault:
        where = f"{name}:{fault.line}:{fault.column}: "
        raise BadFile(where + words.t(runfile.PROBLEMS[fault.problem], **fault.values)) from None
    lesson = _embedded(run.files, name, words)
    switches = read_switches(options, [host.name for host in lesson.hosts], words)
    try:
        acts = tuple((at, parse_act(act)) for at, act in run.acts)
        whole = Switches(
            None,
            {**run.profiles, **dict.fromkeys(run.profiles if switches.profile else (), switches.profile or "")}
            | dict(switches.profiles),
            (*acts, *switches.acts),
            switches.until if switches.until is not None else run.until,
            switches.hands,
            switches.seed if switches.seed is not None else run.seed,
            switches.is_bare,
        )
        scenario = _scenario(lesson, whole)
        road = _replay(lesson, scenario, replace(run, branches=run.branches[:1]) if switches.is_bare else run)
    except ActError as fault:
        raise BadFile(f"{name}: {fault.text!r}: {line_error(fault, words)}") from None
    except ValueError as fault:
        raise BadFile(f"{name}: {fault}") from None
    loaded = _by_hand(Loaded(lesson, whole, scenario, road, home=None if switches.is_bare else run.road), words)
    warnings = _compare(road.timeline, run, words) if switches.is_empty else ()
    return replace(loaded, warnings=(*warnings, *_unmet(loaded, words)))


def _embedded(files: Mapping[str, str], name: str, words: Words) -> Lesson:
    problems = Problems(words)
    first = next(iter(files))
    reading = read_sources({key: text.encode() for key, text in files.items()}, Path(name) / first, problems)
    if len(problems) or reading.lesson is None:
        raise BadFile(str(LessonErrors(problems.errors, words)))
    return reading.lesson


def _replay(lesson: Lesson, scenario: Scenario, run: SavedRun) -> Road:
    timeline = Timeline.of(scenario)
    for branch in run.branches[1:]:
        assert branch.parent is not None, "only the first branch has no parent; the reader checks it"
        timeline = timeline.fork(branch.parent, branch.at, *map(parse_act, branch.acts), index=branch.index)
    chosen = min(run.branch, len(timeline.branches) - 1)
    return Road(timeline, chosen, find_moments(lesson, timeline.branch(chosen).trace))


def _compare(timeline: Timeline, run: SavedRun, words: Words) -> tuple[str, ...]:
    """What must be said if the replay is not the run that was saved: what is wrong, and on a line below what to do."""
    replayed = [digest(branch.trace.steps[-1].world) for branch in timeline.branches]
    if replayed == [branch.digest for branch in run.branches]:
        return ()
    if run.engine == ENGINE_VERSION:
        said = words.t("This file was changed after it was saved: the run in it does not end as it did then.")
    else:
        said = words.t(
            "This run was saved by engine {saved}, and the engine here, {here}, computes another one.",
            saved=run.engine,
            here=ENGINE_VERSION,
        )
    hint = words.t(
        "What is shown is the run as it is computed now. Play it, and if it is what you want, save it anew "
        "(Ctrl+S, or --save FILE)."
    )
    return (f"{said}\n{hint}",)
