"""The scenes of the window: every card empty, at work, in trouble, full, and with its longest words.

Rules
-----
* A scene is what has happened, whatever it is looked at with (``screens.py`` has the looks). Scenes are few and told
  once.
* A scene leads there as a person would: by commands, clicks and intents.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from textwrap import dedent

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from tests.ui.pseudo import CODE
from tests.ui.stage import CLOSE, HANDSHAKE, answered, lesson, session, solve
from tests.view.scenes import BUSY
from tests.world.stage import scene as scenario
from tutor.tcp.states import parse
from tutor.tcp.transitions import EDGES
from tutor.teach import atlas, intents, network
from tutor.teach.lesson import Text
from tutor.teach.session import Session, start
from tutor.ui.conductor import Conductor
from tutor.ui.editor import Editor
from tutor.ui.first import Frame
from tutor.ui.learning_desk import LearningDesk
from tutor.ui.learning_rows import PLACES
from tutor.ui.panels import PANELS
from tutor.ui.plotting import Plots
from tutor.words import LANGUAGES

QUIET = """
    host client 10.0.0.1 rfc9293
    host server 10.0.0.2 rfc9293
    link client server delay=50ms
    until 1s
"""
"""Two hosts that never speak."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What has happened: the session that it starts from, and the way on."""

    name: str
    opened: Callable[[], Session]
    lead: Callable[[Conductor], None] = lambda _conductor: None
    front: Callable[[Conductor], QWidget] = lambda conductor: conductor.window
    """The window that is looked at."""
    patch: Callable[[pytest.MonkeyPatch], None] = lambda _patch: None
    """What is broken, or held up, on purpose."""


def settle() -> None:
    """Let layouts inside layouts inside scroll areas come to rest."""
    for _ in range(6):
        QApplication.processEvents()


# --- ways to what is seen ---


@cache
def run_of(name: str, text: str) -> Session:
    """A run without a lesson, as a file of it would open."""
    empty = replace(lesson(HANDSHAKE), id=name, title=Text(name), goal=Text(""), beats=())
    return start(empty, scenario(dedent(text)))


Step = intents.Intent | str | Callable[[Conductor], None]


def _at(*steps: Step) -> Callable[[Conductor], None]:
    def lead(conductor: Conductor) -> None:
        for step in steps:
            if isinstance(step, str):
                conductor.window.command(step)
            elif callable(step):
                step(conductor)
            else:
                conductor.send(step)
            settle()

    return lead


def _solved(*steps: Step) -> Callable[[Conductor], None]:
    def lead(conductor: Conductor) -> None:
        _at(*steps)(answered(conductor))

    return lead


def _wrong(conductor: Conductor) -> None:
    """Answer the first bet with what is not right."""
    from tutor.teach import betting, quiz

    conductor.send(intents.End())
    now = conductor.session
    assert now.ask is not None
    scene = betting.scene(now, now.beat)
    assert scene is not None
    right = quiz.answer(now.ask, scene).right
    conductor.send(intents.Choose(next(n for n in range(len(now.ask.options)) if n not in right)))
    conductor.send(intents.CheckBet())
    conductor.window.lesson.reveal()


def _right(conductor: Conductor) -> None:
    conductor.send(intents.End())
    solve(conductor)


def _bad_file(conductor: Conductor) -> None:
    """Open a file with a fault in it."""
    path = Path(mkdtemp()) / "a-rather-longer-name-of-a-script-that-somebody-wrote-on-a-rainy-day.pkt"
    path.write_text("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ... = 0\n", encoding="utf-8")
    conductor.open_file(str(path))


def _fault(conductor: Conductor) -> None:
    """The dialog of a fault of ours."""
    from tutor.ui.app import FaultDialog

    report = "Traceback (most recent call last):\n" + '  File "window.py", line 1, in paint\n' * 30
    path = "/home/somebody/.local/state/tcp-tutor/fault-20261121-134500.txt"
    FaultDialog(conductor.style, "ZeroDivisionError: division by zero", path, report, conductor.window).open()


def _menu_of_lessons(conductor: Conductor) -> None:
    conductor.open_lessons()


def _menu_of_segment(conductor: Conductor) -> None:
    answered(conductor).send(intents.Seek(20_000))
    canvas = conductor.window.timeline.canvas
    conductor.open_menu("flight:1", canvas.mapToGlobal(canvas.rect().center()))


def _first_frame(conductor: Conductor) -> None:
    """What is there before anything of ours is loaded."""
    looks = conductor.session
    lang = looks.lang if looks.lang in LANGUAGES and looks.lang != CODE else "en"
    conductor.first = Frame(looks.theme, lang, conductor.window.size())
    conductor.first.show()


def _editor(conductor: Conductor) -> Editor:
    return next(each for each in conductor.beside if isinstance(each, Editor))


def _checked(editor: Editor) -> None:
    """The linter has spoken of what stands there now."""
    for _ in range(1000):
        if editor.heard == editor.check.newest:
            return
        QTest.qWait(10)


def _written(text: str | None = None, path: Path | None = None) -> Callable[[Conductor], None]:
    """Open the editor on the lesson, and write ``text`` instead."""

    def lead(conductor: Conductor) -> None:
        conductor.send(intents.LookUp())
        conductor.window.command("edit-lesson")
        editor = _editor(conductor)
        editor.show_saved()
        if text is not None:
            editor.show_text(dedent(text), path)
        _checked(editor)

    return lead


def _checking(conductor: Conductor) -> None:
    """The linter has been asked and has not spoken yet."""
    _written()(conductor)
    editor = _editor(conductor)
    editor.check.stop()
    editor.check.begun.emit()


def _leaving(conductor: Conductor) -> None:
    """The editor is closed with changes in it: it asks."""
    _written()(conductor)
    editor = _editor(conductor)
    editor.code.insertPlainText("# changed\n")
    editor.check.stop()
    editor.close()


def _without_plots(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(sys.modules, "tutor.ui.plotpane", None)


def _plots_on_their_way(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Plots, "load", lambda _panel: None)


def _searched(conductor: Conductor) -> None:
    """A search in the parameters that finds nothing."""
    panel = conductor.window.strip.panels["parameters"]
    panel.search.setText("quantum teleportation")
    QTest.qWait(300)


def _many_futures(conductor: Conductor) -> None:
    """Touches on touches: futures enough to fill their panel."""
    answered(conductor)
    for at in (20_000, 60_000, 110_000):
        for deed in ("drop", "delay", "duplicate"):
            _at(intents.Seek(at), deed)(conductor)


def _beside(conductor: Conductor) -> None:
    _solved(intents.Seek(20_000), "drop", "compare")(conductor)


MISTAKES = """\
    format: 1
    id: a-lesson-with-mistakes
    title: {en: A lesson}
    profile: windows-95
    hosts:
      client: {program: [connect server:80, then fly away]}
    beats:
      - words: {en: "see `FIN-WAIT-7`"}
"""
LONGEST_LINE = "# " + "a line that goes on and on, as somebody's notes do who never breaks one, " * 12 + "\n"
LONGEST_NAME = Path("/home/somebody/lessons/a-rather-longer-name-of-a-lesson-that-somebody-wrote-on-a-rainy-day.yaml")

SEGMENT = (intents.Seek(80_000), intents.Select("flight:2"))


def _page(conductor: Conductor) -> QWidget:
    """What covers the window."""
    assert conductor.window.page is not None
    return conductor.window.page


def _on_network(place: int, *wishes: network.Intent | None, waits: bool = True) -> Callable[[Conductor], None]:
    """Be the network, on the puzzle of this place; of the ``wishes`` None delivers the first old segment."""

    def lead(conductor: Conductor) -> None:
        from tutor.ui.network_desk import toggle

        desk = toggle(conductor, network.PUZZLES[place])
        assert desk is not None
        for wish in (None, *wishes) if waits else ():
            while desk.search.asked is not None:
                QTest.qWait(5)
            old = next((deed for deed in desk.game.here.deeds if deed.kind == "old"), None)
            if wish is not None:
                desk.send(wish)
            elif len(wishes) and wishes[0] is None and old is not None and not desk.game.deeds:
                desk.send(network.Do(old))
        while waits and desk.search.asked is not None:
            QTest.qWait(5)

    return lead


def _on_atlas(variant: str, pair: str) -> Callable[[Conductor], None]:
    """The atlas of a protocol, at a pair."""

    def lead(conductor: Conductor) -> None:
        from tutor.ui.atlas_desk import AtlasDesk

        answered(conductor).command("atlas")
        desk = next(each for each in conductor.findChildren(AtlasDesk) if each.page is conductor.window.page)
        desk.send(atlas.Turn(variant=variant))
        a, b = (parse(name) for name in pair.split("/"))
        desk.send(atlas.Choose((a, b)))

    return lead


def _learning(place: str, *, has_answers: bool = True, many: bool = False) -> Callable[[Conductor], None]:
    """A page of learning, of somebody who has answered much or nothing; ``many``: as many lessons as there will be."""

    def lead(conductor: Conductor) -> None:
        from tutor.teach.answered import Answered, Walked, card_of
        from tutor.teach.reading import lesson_ids
        from tutor.teach.understood import asking

        ids = lesson_ids()
        if many:
            made = {
                f"{n:02}-long": replace(lesson(HANDSHAKE), id=f"{n:02}-long", title=LONGEST_TITLE) for n in range(44)
            }
            ids = (*ids, *made)
            read = conductor.library.lesson
            conductor.library.ids = lambda: ids  # type: ignore[method-assign]
            conductor.library.lesson = lambda name: made.get(name) or read(name)  # type: ignore[method-assign]
        progress = conductor.keeper.progress
        for place_of, name in enumerate(ids[:9] if has_answers else ()):
            each = conductor.library.lesson(name)
            for number, (question, ask, _) in enumerate(asking(each)):
                at = f"2026-01-{place_of + 1:02}T12:{number:02}:00.000+00:00"
                card, is_right = card_of(name, question), (place_of + number) % 3 > 0
                progress.answer(Answered(at, card, name, ask.kind, "x", is_right, at, 1, each.concepts))
            done = at if place_of < 5 else None
            progress.walk(Walked(name, len(each.beats) if done else 2, len(each.beats), at, at, done))
        progress.add([(edge, "linux-6.18") for edge in list(EDGES)[: 30 if has_answers else 0]] * 3, "2026-01-01T00:00")
        conductor.command(place)
        QTest.qWait(20)
        while conductor.findChildren(LearningDesk)[-1]._unread:
            QTest.qWait(5)

    return lead


def _exam(at: str) -> Callable[[Conductor], None]:
    """An exam: before it, its second question, looked over, with nobody to wait for, or its result."""

    def lead(conductor: Conductor) -> None:
        from tutor.teach import exam as exams
        from tutor.ui.exam_begin import Wish
        from tutor.ui.exam_desk import ExamDesk

        conductor.command("exam")
        desk = next(each for each in conductor.findChildren(ExamDesk) if each.page is conductor.window.page)
        while desk._unread:
            QTest.qWait(5)
        if at == "begin":
            return
        if at == "making":
            desk.maker.ask = lambda *_: None  # type: ignore[method-assign]
        desk.prepare(Wish((), 20, 20, 7))
        while desk.exam is None and at != "making":
            QTest.qWait(5)
        while desk.exam is not None and desk.exam.phase == exams.FIRST:
            if desk.exam.place in (2, 5):
                desk.send(exams.Flag())
            for pick in range(desk.exam.place % 3 and len(desk.exam.question.ask.options)):
                desk.send(exams.Pick(pick))
            if at == desk.exam.question.kind:
                return
            desk.send(exams.Next())
        if at in ("result", "asks"):
            desk.act("hand-in")
        if at == "result":
            desk.dialog.take()

    return lead


def _exam_asks(conductor: Conductor) -> QWidget:
    """The question whether to hand in."""
    return next(each for each in conductor.window.findChildren(QDialog) if each.isVisible())


# --- all of them ---

LONGEST_TITLE = Text("Retransmission, and what a timer that backs off has to do with it", (("zh", "重传" * 12),))

SCENES: tuple[Scene, ...] = (
    Scene("first-frame", lambda: session(HANDSHAKE), _first_frame, lambda conductor: conductor.first),
    Scene("start", lambda: session(CLOSE)),
    Scene("bet-open", lambda: session(CLOSE), _at(intents.End())),
    Scene("bet-ticked", lambda: session(CLOSE), _at(intents.End(), intents.Choose(1))),
    Scene("bet-wrong", lambda: session(CLOSE), _wrong),
    Scene("bet-right", lambda: session(CLOSE), _right),
    Scene("middle", lambda: session(CLOSE), _solved(intents.Seek(475_000))),
    Scene("end", lambda: session(CLOSE), _solved(intents.End())),
    Scene("off-the-road", lambda: session(HANDSHAKE), _solved(intents.Seek(20_000), "drop", intents.Seek(1_050_000))),
    Scene("segment", lambda: session(HANDSHAKE), _solved(*SEGMENT)),
    Scene("state", lambda: session(CLOSE), _solved(intents.Seek(475_000), intents.Select("state:FIN-WAIT-2"))),
    Scene("edge", lambda: session(CLOSE), _solved(intents.Seek(475_000), intents.Select("edge:finwait2_timewait"))),
    Scene("every-edge", lambda: session(CLOSE), _solved(intents.Seek(475_000), "transients", "paths")),
    Scene("linux-keeps", lambda: session(CLOSE), _solved(intents.Seek(475_000), "figure", "transients")),
    Scene("coverage", lambda: session(CLOSE), _solved(intents.End(), "coverage")),
    Scene("way-there", lambda: session(CLOSE), _solved(intents.Select("edge:finwait1_closing"), "take-me-there")),
    Scene("keys", lambda: session(HANDSHAKE), _at("help")),
    Scene("empty", lambda: run_of("quiet", QUIET)),
    Scene("busy", lambda: run_of("busy", BUSY), _at(intents.Seek(2_000_000))),
    Scene("busy-end", lambda: run_of("busy", BUSY), _at(intents.End())),
    Scene("bad-file", lambda: session(HANDSHAKE), _bad_file),
    Scene("fault", lambda: session(HANDSHAKE), _fault),
    Scene("lessons", lambda: session(HANDSHAKE), _menu_of_lessons),
    Scene("segment-menu", lambda: session(HANDSHAKE), _menu_of_segment),
    Scene("palette", lambda: session(HANDSHAKE), _at("palette")),
    Scene("menu", lambda: session(HANDSHAKE), _at("menu")),
    Scene("panels", lambda: session(CLOSE), _at(intents.End(), "strip")),
    *(
        scene
        for row in PANELS
        for scene in (
            Scene(f"panel-{row.id}", lambda: session(HANDSHAKE), _solved(*SEGMENT, f"panel-{row.id}")),
            Scene(f"panel-{row.id}-empty", lambda: run_of("quiet", QUIET), _at(f"panel-{row.id}")),
            Scene(f"panel-{row.id}-busy", lambda: run_of("busy", BUSY), _at(intents.End(), f"panel-{row.id}")),
        )
    ),
    Scene("panel-plots-trouble", lambda: session(HANDSHAKE), _solved("panel-plots"), patch=_without_plots),
    Scene("panel-plots-loading", lambda: session(HANDSHAKE), _solved("panel-plots"), patch=_plots_on_their_way),
    Scene("panel-branches-many", lambda: session(HANDSHAKE), _at(_many_futures, "panel-branches")),
    Scene("panel-parameters-none", lambda: session(HANDSHAKE), _solved("panel-parameters", _searched)),
    Scene("laboratory", lambda: session(HANDSHAKE), _at("laboratory")),
    Scene("tour", lambda: session(HANDSHAKE), _at("tour")),
    Scene("across", lambda: session(CLOSE), _solved(intents.Seek(475_000), "across")),
    Scene("across-busy", lambda: run_of("busy", BUSY), _at(intents.Seek(2_000_000), "across")),
    Scene("two-futures", lambda: session(HANDSHAKE), _beside),
    Scene("filter", lambda: session(CLOSE), _solved(intents.End(), intents.See("filter", "tcp.flags.fin == 1"))),
    Scene("filter-wrong", lambda: session(CLOSE), _solved(intents.End(), intents.See("filter", "tcp.flags.fun = 1"))),
    Scene("filter-none", lambda: session(CLOSE), _solved(intents.End(), intents.See("filter", "len > 60000"))),
    Scene("armed", lambda: session(HANDSHAKE), _solved(intents.Home(), "drop")),
    Scene("cable-cut", lambda: session(CLOSE), _solved(intents.Seek(120_000), "cable", intents.End())),
    Scene("call", lambda: session(HANDSHAKE), _solved(*SEGMENT, "call")),
    Scene("forge", lambda: session(HANDSHAKE), _solved(*SEGMENT, "forge")),
    Scene("manual", lambda: session(HANDSHAKE), _at("manual")),
    Scene("about", lambda: session(HANDSHAKE), _at("about")),
    Scene("editor", lambda: session(HANDSHAKE), _written(), _editor),
    Scene("editor-empty", lambda: session(HANDSHAKE), _written(""), _editor),
    Scene("editor-mistakes", lambda: session(HANDSHAKE), _written(MISTAKES), _editor),
    Scene("editor-busy", lambda: session(HANDSHAKE), _checking, _editor),
    Scene("editor-longest", lambda: session(HANDSHAKE), _written(LONGEST_LINE + MISTAKES, LONGEST_NAME), _editor),
    Scene("editor-asks", lambda: session(HANDSHAKE), _leaving, _editor),
    Scene("refused", lambda: session(CLOSE), _at(intents.End(), intents.StepForward())),
    Scene("network", lambda: session(HANDSHAKE), _on_network(0), _page),
    Scene("network-hint", lambda: session(HANDSHAKE), _on_network(8, *[network.Hint()] * 8), _page),
    Scene("network-won", lambda: session(HANDSHAKE), _on_network(10, *[network.Hint()] * 27), _page),
    Scene("network-stuck", lambda: session(HANDSHAKE), _on_network(8, None, network.Hint()), _page),
    Scene("network-proof", lambda: session(HANDSHAKE), _on_network(4), _page),
    Scene("network-searching", lambda: session(HANDSHAKE), _on_network(7, waits=False), _page),
    *(
        Scene(f"exam-{at}", lambda: session(HANDSHAKE), _exam(at), _page)
        for at in ("begin", "making", "table", "order", "many", "look", "result")
    ),
    Scene("exam-asks", lambda: session(HANDSHAKE), _exam("asks"), _exam_asks),
    Scene("atlas", lambda: session(CLOSE), _solved(intents.Seek(475_000), "atlas"), _page),
    Scene("atlas-other", lambda: session(HANDSHAKE), _on_atlas("two-way", "SYN-SENT/ESTABLISHED"), _page),
    Scene("atlas-cannot", lambda: session(HANDSHAKE), _on_atlas("two-segment-close", "TIME-WAIT/LISTEN"), _page),
    Scene("atlas-longest", lambda: session(HANDSHAKE), _on_atlas("two-way", "TIME-WAIT/CLOSE-WAIT"), _page),
    *(Scene(f"learning-{place}", lambda: session(HANDSHAKE), _learning(place), _page) for place in PLACES),
    *(
        Scene(f"learning-{place}-empty", lambda: session(HANDSHAKE), _learning(place, has_answers=False), _page)
        for place in ("start", "passport")
    ),
    *(
        Scene(f"learning-{place}-many", lambda: session(HANDSHAKE), _learning(place, many=True), _page)
        for place in ("start", "understood", "concepts")
    ),
)
"""Every scene by what can be seen in it."""
