"""From what a person named (a lesson, a file, a saved run) to a run that has been computed.

Rules
-----
* A lesson is named by its id, by a beginning of it that is unique, or by a path; a saved run by its path, and so is a
  packetdrill script (``.pkt``).
* What is wrong with a file is a ``BadFile`` that says where; what is wrong with a switch is a ``BadUsage``.
* A saved run whose replay ends in another fingerprint is shown all the same, with a warning: the engine has changed.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tutor.commands import scripts
from tutor.commands.faults import BadFile, BadUsage
from tutor.commands.parser import did_you_mean
from tutor.commands.switches import Switches, act_error, read_switches
from tutor.exchange import runfile
from tutor.exchange.runfile import RunFileError, SavedBranch, SavedRun
from tutor.profiles import DEFAULT, load_profile
from tutor.teach.errors import LessonErrors, Problems
from tutor.teach.lesson import Lesson
from tutor.teach.reading import lesson_ids, load_lesson, read_sources, sources_with
from tutor.teach.road import Road, find_moments, lay_road
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
    """A lesson on a run. ``warnings`` are lines for the person."""

    lesson: Lesson
    switches: Switches
    scenario: Scenario
    road: Road
    warnings: tuple[str, ...] = ()

    @property
    def trace(self) -> Trace:
        """The run itself."""
        return self.road.trace


def load(name: str, options: argparse.Namespace, words: Words) -> Loaded:
    """The run of the lesson or file that ``name`` means, with the switches of the command line."""
    path = Path(name)
    if path.is_file():
        text = _text(path, words)
        if runfile.looks_like_run(text):
            return _saved(text, name, options, words)
        if path.suffix == scripts.SUFFIX:
            return _script(path, text, options, words)
    lesson = find(name, words)
    switches = read_switches(options, [host.name for host in lesson.hosts], words)
    scenario = _scenario(lesson, switches)
    loaded = Loaded(lesson, switches, scenario, lay_road(lesson, scenario))
    _refuse_failed_switches(loaded, words)
    return replace(loaded, warnings=_unmet(loaded, words))


def _script(path: Path, text: str, options: argparse.Namespace, words: Words) -> Loaded:
    """A packetdrill script: its acts are switches of a lesson without a word."""
    switches = read_switches(options, scripts.HOSTS, words)
    name = switches.profiles.get(scripts.HOSTS[0]) or switches.profile or DEFAULT
    made = scripts.as_lesson(path, text, load_profile(name), words)
    lesson = _embedded({"script.yaml": made.source}, str(path), words)
    switches = replace(switches, acts=(*made.acts, *switches.acts))
    scenario = _scenario(lesson, switches)
    loaded = Loaded(lesson, switches, scenario, lay_road(lesson, scenario))
    return replace(loaded, warnings=(*made.warnings, *_unmet(loaded, words)))


def load_text(text: str, path: Path, words: Words) -> Loaded:
    """The run of a lesson as it stands in an editor; ``path`` is where it is, or would be, kept. Raises ``BadFile``."""
    problems = Problems(words)
    try:
        reading = read_sources(sources_with(text, path, problems), path, problems)
    except OSError as fault:
        raise BadFile(words.t("{path} cannot be read: {why}", path=path, why=fault.strerror or fault)) from None
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
        ids = lesson_ids()
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
        raise BadFile(words.t("{path} cannot be read: {why}", path=name, why=fault.strerror or fault)) from None


def _text(path: Path, words: Words) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(runfile.MAX_CHARACTERS + 1)
    except OSError as fault:
        raise BadFile(words.t("{path} cannot be read: {why}", path=path, why=fault.strerror or fault)) from None


def _scenario(lesson: Lesson, switches: Switches) -> Scenario:
    names = {**dict.fromkeys((host.name for host in lesson.hosts), switches.profile), **switches.profiles}
    wanted = {host: name for host, name in names.items() if name}
    return scenario_of(lesson, wanted, switches.acts, switches.until)


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
    lesson, switches, timeline = loaded.lesson, loaded.switches, loaded.road.timeline
    files = {"lesson.yaml": lesson.source, **{f"{lang}.yaml": text for lang, text in lesson.overlays}}
    branches = tuple(
        SavedBranch(
            branch.parent, branch.index, branch.at, tuple(map(str, branch.acts)), digest(branch.trace.steps[-1].world)
        )
        for branch in timeline.branches
    )
    return SavedRun(
        engine=ENGINE_VERSION,
        files=files,
        profiles={host.name: host.profile.name for host in loaded.scenario.hosts},
        acts=tuple((at, str(act)) for at, act in switches.acts),
        until=loaded.scenario.until,
        seed=loaded.scenario.seed,
        branches=branches,
        branch=loaded.road.branch,
    )


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
        )
        scenario = replace(_scenario(lesson, whole), seed=run.seed)
        road = _replay(lesson, scenario, run)
    except ActError as fault:
        raise BadFile(f"{name}: {fault.text!r}: {act_error(fault, words)}") from None
    except ValueError as fault:
        raise BadFile(f"{name}: {fault}") from None
    is_untouched = not (switches.acts or switches.profile or switches.profiles or switches.until)
    loaded = Loaded(lesson, whole, scenario, road)
    warnings = _compare(road.timeline, run, words) if is_untouched else ()
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
    """What must be said if the replay is not the run that was saved."""
    replayed = [digest(branch.trace.steps[-1].world) for branch in timeline.branches]
    if replayed == [branch.digest for branch in run.branches]:
        return ()
    said = words.t(
        "This run was saved by engine {saved}, and the engine here, {here}, computes another one.",
        saved=run.engine,
        here=ENGINE_VERSION,
    )
    return (said, words.t("What follows is the run as it is computed now."))
