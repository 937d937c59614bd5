"""What the lesson card shows besides words: what is asked, what is to be done, where one is, what was understood.

Rules
-----
* Values in, values out; no Qt. Nothing here looks past ``session.horizon``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tutor.joining import sentence
from tutor.teach import card as cards
from tutor.teach.card import AskView, TouchView
from tutor.teach.doing import parse_doing
from tutor.teach.going import can_visit
from tutor.teach.lesson import START
from tutor.teach.session import BeatMark, Session
from tutor.teach.visiting import CHECK, CLOSING, READ, Aside, home_of
from tutor.ui.rows import AskRow, Banner, Choice, RailStep, TouchRow
from tutor.view.byhand import capitalised, deed
from tutor.view.phrases import spaced
from tutor.words import Words, mark

HOW: dict[str, str] = {
    "many": mark("Several may be right."),
    "order": mark("Pick them in order, first to last."),
    "fix": mark("Choose one; or do it yourself (**P** parameters, **A** program), then check."),
    "attack": mark("You own the wire. Break it there."),
}
"""Kind -> how one answers it, where it is not by picking one."""

TYPED = mark("Type it: 3s, 200ms, 2min.")
TELL = mark("Explain it as you would to somebody who asks. Write, or say it aloud.")
TICK = mark("Tick what you have said.")


def ask_row(asked: AskView, words: Words, *, is_by_hand: bool = False) -> AskRow:
    """The bet or question on the card: open, or graded. ``is_by_hand``: it was mended by hand."""
    prompt = asked.prompt
    labels, is_table = [option.label for option in asked.options], asked.kind == "table"
    labels = tabled(labels) if is_table else labels
    said = (
        words.t("**Your bet:** {prompt}", prompt=prompt)
        if asked.is_bet
        else words.t("**Question:** {prompt}", prompt=prompt)
    )
    glyph = {"": "", "right": "✓ ", "wrong": "✗ "}[asked.verdict]
    glyph = "" if asked.kind == "explain" else glyph
    return AskRow(
        prompt=said,
        choices=tuple(
            Choice(label, option.mark, option.place, option.can_play, is_table and label.startswith(FIELDS[0]))
            for option, label in zip(asked.options, labels, strict=True)
        ),
        is_open=asked.is_open,
        feedback=glyph + asked.feedback if asked.feedback else "",
        verdict="right" if asked.kind == "explain" and asked.verdict else asked.verdict,
        how=_how(asked, words),
        can_check=asked.is_open and (can_check(asked) or is_by_hand),
        is_checked=asked.kind != "attack" and not asked.seconds,
        typed=asked.typed if asked.is_open else None,
        seconds=asked.seconds,
        why=asked.plays,
    )


FIELDS = ("State", "Recv-Q", "Send-Q", "Local", "Peer")
"""What a narrow table is headed by; ``ss`` writes more, and wider."""


def tabled(printed: Sequence[str]) -> list[str]:
    """What ``ss`` printed, in columns as narrow as can be; all as it is where a line has other fields.

    A peer that is the same in every line of every table tells none from another: that column is left out.
    """
    tables = [[tuple(line.split()) for line in each.split("\n")[1:]] for each in printed if each.startswith(FIELDS[0])]
    if not tables or any(len(row) != len(FIELDS) for rows in tables for row in rows):
        return list(printed)
    peers = {row[-1] for rows in tables for row in rows}
    shown = len(FIELDS) - (len(peers) == 1)
    widths = [max(len(row[place]) for rows in tables for row in (FIELDS, *rows)) for place in range(shown)]

    def written(rows: Iterable[tuple[str, ...]]) -> str:
        return "\n".join(" ".join(map(str.ljust, row[:shown], widths)).rstrip() for row in (FIELDS, *rows))

    left = iter(tables)
    return [written(next(left)) if each.startswith(FIELDS[0]) else each for each in printed]


def _how(asked: AskView, words: Words) -> str:
    if asked.is_open:
        return words.t(how(asked)) if how(asked) else ""
    return words.t("You wrote: {answer}", answer=asked.typed) if asked.typed else ""


def how(asked: AskView) -> str:
    """How this is answered, as a message; "": by picking one."""
    if asked.kind == "explain":
        return TELL if asked.seconds else TICK
    if asked.typed is not None:
        return TYPED
    return HOW.get(asked.kind, "")


def can_check(asked: AskView) -> bool:
    """Is there something that can be graded?"""
    if asked.kind == "explain":
        return not asked.seconds
    if asked.typed is not None:
        return bool(asked.typed.strip())
    ticked = [option.mark == "ticked" for option in asked.options]
    return all(ticked) if asked.kind == "order" else any(ticked)


def is_by_hand(session: Session) -> bool:
    """Has one thing been done by hand that could mend what is asked about?"""
    away = session.off_road
    return session.ask is not None and session.ask.kind == "fix" and away is not None and len(away.acts) == 1


# --- what is to be done ---


def touch_row(touch: TouchView, words: Words) -> TouchRow:
    """The task, and what can be pressed at its stage."""
    task = words.t("**Your turn:** {task}", task=touch.said)
    show = words.t("Show me")
    match touch.stage:
        case cards.TODO:
            return TouchRow(task, show=show)
        case cards.ELSEWHERE:
            said = words.t("What you did has not led there, as far as one can see here.")
            return TouchRow(f"{task}\n\n{said}", show=show)
        case cards.MADE:
            made = words.t("**Done.** Now lay both futures side by side.")
            return TouchRow(made, is_done=True, compare=words.t("Compare both futures"))
        case _:
            return TouchRow(words.t("**Side by side:** {said}", said=touch.said), is_done=True)


# --- beside the lesson ---


def visit_banner(session: Session, words: Words) -> Banner | None:
    """What was done to get the run beside the lesson; None in the lesson itself, and at its end.

    A check that says what there is to know before it is asked says it alone: what was done is told with the answer.
    """
    aside = session.aside
    if aside is None or aside.kind == CLOSING:
        return None
    if aside.kind == CHECK and session.is_asking and aside.home.lesson.checks[aside.place].words is not None:
        return None
    plays = aside.plays
    done = [sentence(capitalised(deed(parse_doing(act).act, words)), words) for act in plays.acts]
    since = words.t("From the start:") if plays.at == START else words.t("As in the lesson, and then:")
    if not done:
        lines: tuple[str, ...] = (words.t("The lesson's own run."),)
    elif len(done) == 1:
        lines = (spaced(f"{since} {done[0]}", words),)
    else:
        lines = (since, "\n".join(f"- {each}" for each in done))
    return Banner(words.t("A run beside the lesson"), lines, can_explore=False, has_ways=False)


# --- where one is ---


def rail(session: Session, words: Words) -> tuple[RailStep, ...]:
    """Every step, what one may have read, and the checks, as far as each is done."""
    home, aside = home_of(session), session.aside
    lang, can_go = session.lang, can_visit(session)
    beats = [_beat_step(home, each, lang, words, is_here=aside is None) for each in home.beats]
    reads = [
        RailStep(READ, i, _here(aside, READ, i) or ("done" if i in home.was_read else "ahead"),
                 words.t("You may have read: {said}", said=_short(each.says[lang])), can_go)
        for i, each in enumerate(home.lesson.refutes)
    ]  # fmt: skip
    checks = [
        RailStep(CHECK, i, _here(aside, CHECK, i) or answer_status(home, each.id),
                 words.t("Check {place}", place=i + 1), can_go)
        for i, each in enumerate(home.lesson.checks)
    ]  # fmt: skip
    return (*beats, *reads, *checks)


def _beat_step(home: Session, beat: BeatMark, lang: str, words: Words, *, is_here: bool) -> RailStep:
    said = words.t("Step {place}: {title}", place=beat.index + 1, title=_short(lesson_title(home, beat.index, lang)))
    status = _beat_status(home, beat.index, beat.status, is_here=is_here)
    return RailStep("beat", beat.index, status, said, beat.at is not None)


def lesson_title(home: Session, index: int, lang: str) -> str:
    """The title of a step; while it has not come, only its number is known."""
    mark_ = home.beats[index]
    is_known = mark_.at is not None and mark_.status in ("done", "current")
    said = home.lesson.beats[index].title[lang] if is_known else ""
    return "" if "{" in said else said


def _short(text: str) -> str:
    plain = text.replace("**", "").replace("`", "").replace("\n", " ").strip()
    return plain if len(plain) <= 80 else plain[:79] + "…"


def _here(aside: Aside | None, kind: str, index: int) -> str:
    return "current" if aside is not None and (aside.kind, aside.place) == (kind, index) else ""


def _beat_status(home: Session, index: int, status: str, *, is_here: bool) -> str:
    if status == "current" and not is_here:
        return "done"
    beat = home.lesson.beats[index]
    if status == "done" and beat.ask is not None and answer_status(home, beat.id) == "wrong":
        return "wrong"
    return status


def answer_status(home: Session, name: str) -> str:
    """How a beat or check was answered at first: ``done``, ``wrong``, or ``ahead``: not yet."""
    first = next((answer for answer in home.answers if answer.beat == name), None)
    if first is None:
        return "ahead"
    asks = {each.id: each.ask for each in (*home.lesson.beats, *home.lesson.checks)}
    ask = asks.get(name)
    is_told = ask is not None and ask.kind == "explain"
    return "done" if first.is_right or is_told else "wrong"


# --- looking back ---


def closing(session: Session, words: Words) -> tuple[str, str]:
    """What was understood: a title, and words."""
    home = home_of(session)
    lesson, lang = home.lesson, session.lang
    asked = [(beat.id, _short(beat.title[lang])) for beat in lesson.beats if beat.ask is not None]
    checks = [(check.id, words.t("Check {place}", place=i + 1)) for i, check in enumerate(lesson.checks)]
    said = [lesson.goal[lang]]
    for message, these in ((FIRST_TRY, asked), (CHECKED, checks)):
        if these:
            right = sum(answer_status(home, name) == "done" for name, _ in these)
            said.append(words.t(message, right=right, total=len(these)))
    again = [title for name, title in (*asked, *checks) if answer_status(home, name) == "wrong" and "{" not in title]
    if again:
        said.append(words.t("Worth another look:"))
        said.append("\n".join(f"- {title}" for title in again))
    return words.t("What you have seen"), "\n\n".join(filter(None, said))


FIRST_TRY = mark("Bets and questions right at the first try: **{right} of {total}**.")
CHECKED = mark("Checks: **{right} of {total}**.")


def contents(steps: Sequence[RailStep], words: Words) -> tuple[tuple[str, bool], ...]:
    """The list of all steps: (text, whether one can go there)."""
    said = {"done": words.t("done"), "wrong": words.t("wrong at first"), "current": words.t("here")}
    glyphs = {"done": "✓", "wrong": "✗", "current": "▸"}
    return tuple((f"{glyphs.get(step.status, '·')}  {_told(step, said)}", step.can_go) for step in steps)


def _told(step: RailStep, said: dict[str, str]) -> str:
    title = step.title.rstrip(":： ")
    return f"{title}  ({said[step.status]})" if step.status in said else title
