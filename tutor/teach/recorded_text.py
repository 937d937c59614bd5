"""The text of a recorded lesson: a Scenario and its beats as YAML that a person would have written.

Rules
-----
* Everything that the run stands on is written down, rules and seed included: it never depends on another lesson.
* A scalar is quoted where YAML would read it as anything but that text.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tutor.teach import sentences, yamlio
from tutor.teach.schema import LinkModel
from tutor.teach.session import Session
from tutor.teach.stage import AT_REST, LONGEST
from tutor.world.scenario import HostSpec, Scenario
from tutor.world.time import format_duration, parse_duration

WIDTH = 108
"""Words are wrapped at so many columns."""

_PLAIN = re.compile(r"[A-Za-z0-9][\w .,()/>|+=-]*(?::[\w=][\w .,()/>|+=-]*)*")
_LINK_KEYS = frozenset(LinkModel.model_fields)
MOST_SLUG = 48


@dataclass(frozen=True, slots=True)
class Told:
    """One beat: its cue, its words, the states it asserts, and what it does ("" for nothing)."""

    cue: str
    title: str
    words: str
    states: tuple[tuple[str, str], ...]
    act: str = ""


def lesson_text(session: Session, beats: tuple[Told, ...], until: int | None = None) -> str:
    """The lesson; it ends at ``until`` (microseconds), or where the run itself ends."""
    lesson, scenario = session.lesson, session.scenario
    title = _safe(lesson.title.en)
    lines = [
        "# Recorded from a run. Say in each beat what there is to see; then the linter and the preview are yours.",
        "format: 1",
        f"id: {_slug(f'recorded {lesson.id}')}",
        f"title: {scalar(f'Recorded: {title}')}",
        f"goal: {scalar(f'See again what was done by hand in: {title}')}",
        "concepts: [recorded run]",
        f"seed: {scenario.seed}",
        *([f"variant: {scenario.variant}"] if scenario.variant else []),
        "",
        "hosts:",
    ]
    for host in scenario.hosts:
        lines += _host(host)
    link, more = _link(scenario)
    if link:
        lines += ["", "link:", *(f"  {name}: {scalar(value)}" for name, value in link.items())]
    lines += ["", f"until: {_until(scenario, until)}", "", "beats:"]
    used: set[str] = set()
    for told in (*_settings(more), *beats):
        lines += _beat(told, used)
    return "\n".join(lines).rstrip("\n") + "\n"


def scalar(text: str) -> str:
    """``text`` as it must stand in the file to be read as that text."""
    is_plain = _PLAIN.fullmatch(text) and text == text.strip() and yamlio.resolve(text) == text
    return text if is_plain else json.dumps(text, ensure_ascii=False)


# --- what the run stands on ---


def _host(host: HostSpec) -> Iterator[str]:
    yield f"  {host.name}:"
    yield f"    address: {scalar(host.address)}"
    if host.port is not None:
        yield f"    port: {host.port}"
    if host.isn is not None:
        yield f"    isn: {host.isn}"
    yield f"    profile: {scalar(host.profile.name)}"
    if host.sysctls:
        yield "    sysctls:"
        yield from (f"      {scalar(name)}: {scalar(value)}" for name, value in dict(host.sysctls).items())
    if host.programs:
        yield "    program:"
        yield from (f"      - {scalar(str(line))}" for line in host.programs[0].lines)


def _link(scenario: Scenario) -> tuple[dict[str, str], list[str]]:
    """What ``link`` can say of all cables, and acts for the rest."""
    first = scenario.links[0].parameters if scenario.links else ()
    common = {name: value for name, value in first if name in _LINK_KEYS}
    items = common.items()
    acts = [
        f"set {link.name}.{name} {value}"
        for link in scenario.links
        for name, value in link.parameters
        if (name, value) not in items
    ]
    return common, acts


def _settings(acts: Iterable[str]) -> Iterator[Told]:
    for act in acts:
        yield Told("start", f"Set {act.split()[1]}", "So the cable is in this run.", (), act)


def _until(scenario: Scenario, until: int | None) -> str:
    end = scenario.until if until is None else until
    if end >= LONGEST:
        return AT_REST
    text = format_duration(end).replace(" ", "")
    return text if end and parse_duration(text) == end else f"{end}us"


# --- beats ---


def _beat(told: Told, used: set[str]) -> Iterator[str]:
    yield f"  - id: {_unique(_slug(told.title), used)}"
    yield f"    cue: {scalar(told.cue)}"
    if told.act:
        yield "    pause: true"
    yield f"    title: {scalar(_safe(told.title))}"
    yield "    words: |"
    for paragraph in _safe(told.words).split("\n"):
        yield from (f"      {line}" for line in textwrap.wrap(paragraph, WIDTH))
    if told.act:
        yield f"    act: {scalar(told.act)}"
    if told.states:
        yield "    states: {" + ", ".join(f"{host}: {state}" for host, state in told.states) + "}"
    yield ""


def _safe(text: str) -> str:
    """``text`` without what words of a lesson may not have: placeholders of its own, and typed numbers with a unit."""
    text = text.replace("{", "(").replace("}", ")")
    for at, found in reversed(list(sentences.typed_numbers(text))):
        text = text[:at] + "some " + found.lstrip("0123456789., \u00a0-") + text[at + len(found) :]
    return text


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:MOST_SLUG].strip("-") or "recorded"


def _unique(slug: str, used: set[str]) -> str:
    name, count = slug, 1
    while name in used:
        count += 1
        name = f"{slug}-{count}"
    used.add(name)
    return name
