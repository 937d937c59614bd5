"""What has been understood, as rows: lessons by their questions, concepts as bars, the passport of crossed edges."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.joining import chained, listed, named
from tutor.tcp.profile import Profile
from tutor.tcp.transitions import EDGES
from tutor.tcp.variant import ROWS, drawn_in
from tutor.teach import there
from tutor.teach.understood import Asked, ConceptStanding, LessonStanding, times_crossed
from tutor.ui.learning_rows import (
    CONCEPTS,
    PASSPORT,
    PRIMARY,
    UNDERSTOOD,
    Action,
    Desktop,
    LearningRows,
    concept_name,
    lesson_mark,
    soon,
    title_of,
)
from tutor.view.understood import CellRow, ConceptRow, ConceptsRows, LessonRow, LessonsRows
from tutor.words import Words

EDGE = "edge:"


# --- lessons ---


def understood_rows(desk: Desktop, chosen: str) -> LearningRows:
    """Every lesson with what was answered in it, at first and at last."""
    words, t = desk.words, desk.words.t
    rows = desk.standing.lessons
    row = next((each for each in rows if lesson_mark(each) == chosen), rows[0] if rows else None)
    picture = LessonsRows(
        tuple(_lesson(each, row, words) for each in rows),
        (
            ("asked", t("asked in the lesson, never answered")),
            ("check", t("a check after it, never answered")),
            ("better", t("wrong at first, right at last")),
        ),
    )
    asked = [each for row in rows for each in row.asked]
    right = sum(each.last is True for each in asked)
    summary = t("{right} of {all} questions answered rightly at last", right=right, all=len(asked))
    actions: tuple[Action, ...] = ()
    if row is not None:
        actions = (Action("open", t("Open this lesson"), t("Enter"), PRIMARY),)
    if desk.standing.due:
        actions += (Action("review", t("Review: {count} due", count=len(desk.standing.due)), "Shift+R"),)
    title = "" if row is None else f"{row.number}  {title_of(row, words)}"
    lines = () if row is None else _asked_lines(row, desk)
    return LearningRows(
        UNDERSTOOD, t("What has been understood"), summary, picture, title, lines, actions,
        "" if row is None else lesson_mark(row), listed((title, *lines), words), t("Lessons and what was answered"),
    )  # fmt: skip


def _lesson(each: LessonStanding, chosen: LessonStanding | None, words: Words) -> LessonRow:
    cells = tuple(CellRow(asked.is_check, asked.first, asked.last) for asked in each.asked)
    said = named(f"{each.number} {title_of(each, words)}", _counted(each.asked, words), words)
    return LessonRow(
        lesson_mark(each), each.number, title_of(each, words), cells, said, is_done=each.is_done,
        is_chosen=chosen is not None and chosen.id == each.id,
    )  # fmt: skip


def _counted(asked: tuple[Asked, ...], words: Words) -> str:
    """A row of questions in words."""
    first, last = sum(each.first is True for each in asked), sum(each.last is True for each in asked)
    given = sum(each.last is not None for each in asked)
    if not given:
        return words.t("nothing answered yet")
    return words.t(
        "{given} of {all} answered, {first} rightly at first, {last} rightly at last",
        given=given, all=len(asked), first=first, last=last,
    )  # fmt: skip


def _asked_lines(row: LessonStanding, desk: Desktop) -> tuple[str, ...]:
    words, t = desk.words, desk.words.t
    if row.lesson is None:
        return (t("This lesson is still being read."),)
    lines = [_counted(row.asked, words)]
    dues = [each.due for each in row.asked if each.due is not None]
    if dues:
        lines.append(named(t("Next review"), soon(min(dues), desk.now, words), words))
    wrong = {each.card.rpartition("/")[2] for each in row.asked if each.last is False}
    beats = [beat.title[words.lang] for beat in row.lesson.beats if beat.id in wrong]
    numbers = [f"{number}" for number, check in enumerate(row.lesson.checks, 1) if check.id in wrong]
    checks = [t("check {number}", number=number) for number in numbers]
    if wrong:
        lines.append(named(t("Wrong at last"), chained((*beats, *checks), words), words))
    return tuple(lines)


# --- concepts ---


def concepts_rows(desk: Desktop, chosen: str) -> LearningRows:
    """Every concept with its shares, and when it is asked again."""
    words, t = desk.words, desk.words.t
    rows = desk.standing.concepts
    row = next((each for each in rows if _concept_mark(each) == chosen), rows[0] if rows else None)
    picture = ConceptsRows(
        tuple(_concept(each, row, desk) for each in rows),
        (
            ("right", t("answered rightly at last")),
            ("wrong", t("answered wrongly at last")),
            ("open", t("not asked yet")),
        ),
    )
    sure = sum(bool(each.right) and not each.wrong for each in rows)
    met = sum(bool(each.right or each.wrong) for each in rows)
    summary = t("{sure} of {all} concepts without a wrong answer at last, {met} met", sure=sure, all=len(rows), met=met)
    lines = () if row is None else _concept_lines(row, desk)
    lesson = None if row is None else next((each for each in desk.standing.lessons if each.id == row.lesson), None)
    actions = () if lesson is None else (Action("open", t("Open its lesson"), t("Enter"), PRIMARY),)
    if desk.standing.due:
        actions += (Action("review", t("Review: {count} due", count=len(desk.standing.due)), "Shift+R"),)
    title = "" if row is None else concept_name(row.name, words)
    return LearningRows(
        CONCEPTS, t("Concepts"), summary, picture, title, lines, actions, "" if row is None else _concept_mark(row),
        listed((title, *lines), words), t("Concepts"),
    )  # fmt: skip


def _concept_mark(each: ConceptStanding) -> str:
    return f"concept:{each.name}"


def _shares(each: ConceptStanding, words: Words) -> str:
    return words.t(
        "right {right}, wrong {wrong}, not asked yet {open}", right=each.right, wrong=each.wrong, open=each.open
    )


def _concept(each: ConceptStanding, chosen: ConceptStanding | None, desk: Desktop) -> ConceptRow:
    words = desk.words
    when = "" if each.due is None else words.t("review {when}", when=soon(each.due, desk.now, words))
    name = concept_name(each.name, words)
    said = named(name, listed(filter(None, (_shares(each, words), when)), words), words)
    return ConceptRow(
        _concept_mark(each), name, each.right, each.wrong, each.open, when, said,
        is_due=each.due is not None and each.due <= desk.now, is_chosen=chosen is not None and chosen.name == each.name,
    )  # fmt: skip


def _concept_lines(row: ConceptStanding, desk: Desktop) -> tuple[str, ...]:
    words, t = desk.words, desk.words.t
    lines = [_shares(row, words)]
    if row.due is not None:
        lines.append(named(t("Next review"), soon(row.due, desk.now, words), words))
    taught = [
        f"{each.number} {title_of(each, words)}"
        for each in desk.standing.lessons
        if each.lesson is not None and row.name in each.lesson.concepts
    ]
    if taught:
        lines.append(named(t("Taught in"), listed(taught, words), words))
    return tuple(lines)


# --- the passport ---


@dataclass(frozen=True, slots=True)
class PassportRows:
    """The diagram to draw: how often each drawn edge was crossed, and which one is chosen."""

    times: tuple[tuple[str, int], ...]
    selection: str
    profile: str


def passport_rows(desk: Desktop, chosen: str) -> LearningRows:
    """Which edges have ever been crossed, and how to get the others."""
    words, t = desk.words, desk.words.t
    assert desk.profile is not None, "the passport is one of some rules"
    existing = _existing(desk.profile)
    times = drawn_times(desk)
    missing = [edge for edge in existing if not times.get(edge)]
    chosen = chosen or next((f"{EDGE}{edge}" for edge in missing if _way(edge, desk)), "")
    edge = chosen.removeprefix(EDGE)
    crossed = len(existing) - len(missing)
    summary = t("{done} of {all} edges crossed so far", done=crossed, all=len(existing))
    actions = []
    if edge and _way(edge, desk):
        actions.append(Action("there", t("Take me there"), "Ctrl+G", PRIMARY))
    if missing:
        actions.append(Action("missing", t("The next missing one"), t("Enter")))
    title, lines = _edge_lines(edge, times, desk) if edge else (t("Every edge has been crossed."), ())
    picture = PassportRows(tuple(sorted(times.items())), chosen, desk.profile.name)
    return LearningRows(
        PASSPORT, t("Passport"), summary, picture, title, lines, tuple(actions), chosen,
        listed((summary, title), words), t("State diagram"),
    )  # fmt: skip


def _existing(profile: Profile) -> list[str]:
    """Every drawn edge that can be crossed under these rules, in the order of the table."""
    there_are = drawn_in(frozenset({profile.rule_set}), profile.variant)
    ordered = dict.fromkeys(row.drawn_as for row in EDGES.values() if row.drawn_as in there_are)
    return [*ordered, *sorted(there_are - set(ordered))]


def drawn_times(desk: Desktop) -> dict[str, int]:
    """How often each drawn edge was crossed."""
    found: dict[str, int] = {}
    for edge, times in times_crossed(desk.record).items():
        drawn = ROWS[edge].drawn_as if edge in ROWS else edge
        found[drawn] = found.get(drawn, 0) + times
    return found


def next_missing(desk: Desktop, chosen: str) -> str:
    """The mark of the next edge that was never crossed, after the chosen one; "" if none is missing."""
    assert desk.profile is not None, "the passport is one of some rules"
    existing = _existing(desk.profile)
    times = drawn_times(desk)
    after = existing.index(chosen.removeprefix(EDGE)) + 1 if chosen.removeprefix(EDGE) in existing else 0
    missing = [edge for edge in (*existing[after:], *existing[:after]) if not times.get(edge)]
    return f"{EDGE}{missing[0]}" if missing else ""


def _way(edge: str, desk: Desktop) -> bool:
    assert desk.profile is not None, "a way is one under some rules"
    return there.recipe(f"{EDGE}{edge}", desk.profile.rule_set) is not None


def _edge_lines(edge: str, times: dict[str, int], desk: Desktop) -> tuple[str, tuple[str, ...]]:
    from tutor.ui.graph_rows import drawn_rows

    words, t = desk.words, desk.words.t
    assert desk.profile is not None, "an edge exists under some rules"
    rows = drawn_rows(edge, desk.profile)
    if not rows:
        return edge, ()
    title = f"{words.state(rows[0].source)} → {words.state(rows[-1].target)}"
    lines = list(dict.fromkeys(t(row.cause) + (f" → {t(row.action)}" if row.action else "") for row in rows))
    count = times.get(edge, 0)
    if count:
        lines.append(words.n("Crossed {count} time.", "Crossed {count} times.", count))
    else:
        lines.append(t("Never crossed yet."))
    known = there.recipe(f"{EDGE}{edge}", desk.profile.rule_set)
    if known is None:
        lines.append(t("The search knows no short way there under these rules."))
    else:
        lines.append(named(t("The way there"), listed(there.deeds(known), words), words))
    return title, tuple(lines)
