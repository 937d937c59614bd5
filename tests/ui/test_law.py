"""The law of the open bet, for the whole window: whatever anybody can perceive is the same whatever comes next.

Two runs are equal up to the bet and part after it. Every panel of the strip is looked at, under every way of
looking, with everything picked that can be picked: pictures, rows, tooltips, names, descriptions, and the pixels.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QListWidget, QVBoxLayout

from tests.sampling import few, some
from tests.ui.stage import CLOSE, HANDSHAKE, ids, lesson, session, solve
from tests.ui.witness import different, seen, told
from tutor.teach import betting, intents
from tutor.teach.session import Session, start
from tutor.teach.sight import COVERAGES, FIGURES
from tutor.teach.stage import scenario_of
from tutor.ui import conductor as conducting, panels, pictures
from tutor.ui.canvas import Canvas
from tutor.ui.conductor import Conductor
from tutor.ui.notice import Notice
from tutor.ui.palette import answers, entries
from tutor.ui.panel import Panel
from tutor.ui.panels import PANELS
from tutor.ui.style import Style
from tutor.view.beside import compare_ladders, first_difference
from tutor.view.ladder import ladder
from tutor.view.marks import Line, Text
from tutor.view.theme import Look
from tutor.world.acts import parse_act
from tutor.world.tempo import Tempo

BET_AT = 300_000
"""When the lesson of the four segments asks for its first bet (microseconds)."""

FUTURES: dict[str, tuple[tuple[int, str], ...]] = {
    "as written": (),
    "slow and aborted": ((320_000, "set link.delay 400ms"), (500_000, "server abort")),
    "cut at once": ((BET_AT + 1, "cut link"),),
    "more is written": ((BET_AT + 1, "server write 9000"), (700_000, "crash client")),
}
"""Runs that are equal up to the bet."""


@pytest.fixture
def pair(show) -> tuple[Conductor, Conductor]:
    """Two windows at the open bet, on futures that differ most."""
    return _at_bet(show, "as written"), _at_bet(show, "slow and aborted")


def _at_bet(show, future: str, size: tuple[int, int] = (1920, 1080)) -> Conductor:
    conductor: Conductor = show(session(CLOSE, acts=FUTURES[future]), *size)
    conductor.send(intents.End())
    conductor.window.setFocus()
    assert conductor.session.horizon == BET_AT
    return conductor


def _told_apart(one: Conductor, other: Conductor, *, has_pixels: bool = True) -> list[str]:
    """By what anybody could tell the two windows apart."""
    return different(seen(one, has_pixels=has_pixels), seen(other, has_pixels=has_pixels))


@pytest.mark.sampled(15)
@pytest.mark.parametrize("panel", some([row.id for row in PANELS], 3))
def test_no_panel_knows_what_comes_after_the_bet(show, panel: str) -> None:
    """At the start, on the way and at the bet itself; the panel as it opens."""
    assert _tells(show, panel, "slow and aborted", (1920, 1080)) == []


@pytest.mark.parametrize("panel", few([row.id for row in PANELS], 3))
@pytest.mark.parametrize("future", [name for name in FUTURES if name != "as written"])
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)], ids=["pockets", "drawer"])
def test_no_panel_knows_any_future(show, panel: str, future: str, size: tuple[int, int]) -> None:
    """The same against every future, in both layouts of the strip."""
    assert _tells(show, panel, future, size) == []


def _tells(show, panel: str, future: str, size: tuple[int, int]) -> list[str]:
    """What the panel tells of this future, and at what time: at the start, on the way and at the bet itself."""
    found = []
    one, other = _at_bet(show, "as written", size), _at_bet(show, future, size)
    for time in (0, 150_000, BET_AT):
        for conductor in (one, other):
            conductor.send(intents.Seek(time))
            conductor.window.command(f"panel-{panel}")
            conductor.window.setFocus()
        found += [f"at {time}: {each}" for each in _told_apart(one, other, has_pixels=time == BET_AT)]
    return found


@pytest.mark.ci
def test_no_way_of_looking_shows_what_comes(pair) -> None:
    """Every choice of what to see: figures, overlays, coverage, the ladder across, a filter."""
    for name, values in (
        ("figure", FIGURES), ("has_transients", (True, False)), ("has_paths", (True, False)),
        ("coverage", COVERAGES), ("is_across", (True, False)), ("filter", ("tcp.flags.fin==1", "len>0", "")),
    ):  # fmt: skip
        for value in values:
            for conductor in pair:
                conductor.send(intents.See(name, value))
            assert _told_apart(*pair) == [], f"{name}={value!r} tells what comes"


@pytest.mark.ci
def test_nothing_that_can_be_picked_tells_what_comes(pair) -> None:
    """Each mark of each picture on screen is clicked and hovered: details, tooltips and highlights stay silent."""
    window = pair[0].window
    marks = sorted(ids(window.diagram.canvas) | ids(window.timeline.canvas) | {"flight:99", "flight:12", "flight:7"})
    assert any(mark.startswith("flight:") for mark in marks)
    for mark in marks:
        if mark.startswith(("fold:", "branch:")):
            continue
        for conductor in pair:
            conductor.send(intents.Select(mark))
            conductor._set_hover(mark)
        assert _told_apart(*pair, has_pixels=False) == [], f"picking {mark} tells what comes"


@pytest.mark.ci
def test_the_palette_offers_the_same(pair) -> None:
    """What can be asked for, and what is found by a few letters, does not depend on the future."""
    mine, theirs = (entries(conductor) for conductor in pair)
    assert [(e.text, e.key, e.names) for e in mine] == [(e.text, e.key, e.names) for e in theirs]
    assert [e.text for e in answers(mine, "se")] == [e.text for e in answers(theirs, "se")]


@pytest.mark.ci
def test_what_is_spoken_is_the_same(show, monkeypatch: pytest.MonkeyPatch) -> None:
    """Step by step to the bet and against it, a screen reader says the same sentences."""
    said: list[str] = []

    class Reader:
        @staticmethod
        def isActive() -> bool:  # noqa: N802  Qt's own name
            return True

        @staticmethod
        def updateAccessibility(event: object) -> None:  # noqa: N802
            if isinstance(event, QAccessibleAnnouncementEvent):
                said.append(event.message())

    monkeypatch.setattr(conducting, "QAccessible", Reader)
    told = []
    for acts in FUTURES.values():
        said.clear()
        conductor = show(session(CLOSE, acts=acts))
        for _ in range(40):
            conductor.send(intents.StepForward())
        assert conductor.session.playhead == BET_AT
        told.append(list(said))
    assert len(told[0]) > 3
    assert all(each == told[0] for each in told)
    assert QAccessible is not Reader


# --- nothing counts down ---

NEXT_TO_BET = (0, 61_237, 131_771, 223_459, BET_AT)
"""Odd moments: what is left of a timer then is a number that nothing else has."""


def _countdowns(conductor: Conductor) -> list[str]:
    """Whatever on the window says when a timer of a host, or a program's next line, is due, or how long that is."""
    now, texts = conductor.session, list(told(seen(conductor, has_pixels=False)))
    due = {at for host in now.world.hosts for socket in host.all_sockets() for _, at in socket.tcb.deadlines()}
    due |= {when for when, *_ in now.world.agenda}
    hidden = {said for at in due if at > BET_AT for span in (at, at - now.playhead) for said in _ways_to_say(span)}
    return [f"{where}: {text}" for where, text in texts if not hidden.isdisjoint(re.findall(DECIMAL, text))]


DECIMAL = r"\d+\.\d+(?= ?m?s)"


def _ways_to_say(micros: int) -> set[str]:
    """A span or moment in milliseconds and seconds, with 2 or 3 digits after the point; none unless it is odd."""
    if micros % 10_000 == 0:
        return set()
    return {f"{micros / unit:.{digits}f}" for unit in (1_000, 1_000_000) for digits in (2, 3)}


@pytest.mark.sampled(10)
@pytest.mark.parametrize("panel", some([row.id for row in PANELS], 3))
def test_no_clock_counts_down_to_what_a_bet_hides(show, panel: str) -> None:
    """The card, the ladder both ways, and every panel; with what they say of a mark that is clicked."""
    conductor = _at_bet(show, "as written")
    for is_across in (False, True):
        conductor.send(intents.See("is_across", is_across))
        for time in NEXT_TO_BET:
            conductor.send(intents.Seek(time))
            conductor.window.command(f"panel-{panel}")
            assert _countdowns(conductor) == [], f"the panel {panel} at {time}"
    marks = {mark for canvas in conductor.window.findChildren(Canvas) for mark in ids(canvas)}
    for mark in sorted(mark for mark in marks if mark.startswith(("timer:", "conn:", "line:"))):
        conductor.send(intents.Select(mark))
        assert _countdowns(conductor) == [], f"the panel {panel} with {mark} picked"


def test_without_a_bet_clocks_count_down(show) -> None:
    """Else there would be none to be silenced."""
    road = session(CLOSE)
    conductor = show(start(replace(road.lesson, beats=()), road.scenario), 1920, 1080)
    conductor.window.command("panel-hosts")
    conductor.send(intents.Seek(223_459))
    places = {line.partition(":")[0] for line in _countdowns(conductor)}
    assert any("Lesson" in place for place in places)
    assert any("Ends" in place for place in places)


# --- the test can fail ---


@pytest.mark.ci
def test_without_a_bet_the_runs_look_different(show) -> None:
    """Else the two runs would be one, and the law empty."""
    pair = []
    for future in ("as written", "slow and aborted"):
        road = session(CLOSE, acts=FUTURES[future])
        pair.append(show(start(replace(road.lesson, beats=()), road.scenario), 1920, 1080))
        pair[-1].send(intents.Seek(BET_AT))
        assert pair[-1].session.horizon is None
    found = different(*(seen(conductor, has_pixels=False) for conductor in pair))
    assert any(".picture" in line for line in found)


class Leaky(Panel):
    """A panel that breaks the law: it names the last moment of the run, in a tooltip only."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.list = QListWidget()
        QVBoxLayout(self).addWidget(self.list)

    def rows(self, session: Session, look: Look) -> str:
        """What nobody may know."""
        return str(session.trace.end)

    def show_rows(self, rows: str) -> None:
        """One row, and the secret behind it."""
        self.list.clear()
        self.list.addItem("an innocent row")
        self.list.item(0).setToolTip(rows)


def test_a_panel_that_tells_is_caught(show, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tooltip of one item of a list is enough; at this size two panels are open, and both tell."""
    first = PANELS[0].id
    monkeypatch.setattr(panels.PanelRow, "make", lambda _row, style: Leaky(style))
    pair = _at_bet(show, "as written"), _at_bet(show, "slow and aborted")
    for conductor in pair:
        conductor.window.command(f"panel-{first}")
    found = different(*(seen(conductor, has_pixels=False) for conductor in pair))
    assert found
    assert all(line.partition(":")[0].endswith("tooltip") for line in found)


# --- other futures ---


@pytest.fixture
def dropped(show) -> Conductor:
    """The second bet is open on the road; the SYN is lost on a branch, where the same bet comes a second later."""
    conductor: Conductor = show(session(HANDSHAKE), 1920, 1080)
    conductor.send(intents.End())
    solve(conductor)
    for intent in (intents.End(), intents.Home(), intents.Drop(1), intents.End()):
        conductor.send(intent)
    return conductor


def test_a_future_that_was_left_keeps_the_secret_of_its_own_bet(dropped: Conductor) -> None:
    """Ghost, comparison, tree and first difference are told to end where the road's open bet stands."""
    now = dropped.session
    known = betting.horizon_on(now, now.road)
    assert known is not None
    assert now.horizon is not None
    assert known < now.horizon, "the loss has put the bet off"
    assert any(step.at > known for step in now.timeline.branch(now.road).trace.steps), "the road has a secret to keep"
    assert pictures.ghost_of(now)[2] == known
    assert pictures.tree_of(now).known[now.road] == known
    dropped.send(intents.See("beside", now.road))
    said = [mark.text for mark in dropped.window.timeline.canvas.picture.marks() if isinstance(mark, Text)]
    assert "ESTABLISHED" not in said
    assert "PSH+ACK" not in said


def test_an_answer_lifts_the_veil_only_where_it_was_given(dropped: Conductor) -> None:
    """Answered on the branch, the bet of the road is still open: the road stays hidden."""
    was = betting.known_until(dropped.session, dropped.session.road)
    solve(dropped)
    assert betting.known_until(dropped.session, dropped.session.road) == was
    assert dropped.session.horizon != was


@pytest.mark.parametrize("future", [name for name in FUTURES if name != "as written"])
def test_whatever_a_future_hides_the_pictures_beside_it_are_the_same(future: str) -> None:
    """A branch is drawn with either of two others that part after their bet: no picture knows which it was."""
    here = session(CLOSE, acts=((0, "drop client:SYN"),)).trace
    look, size = Look(), (900, 600)
    drawn = []
    for there in (session(CLOSE, acts=FUTURES[name]).trace for name in ("as written", future)):
        tempo = Tempo.of(here, here.end)
        ghost = ladder(here, 200_000, size, look, tempo=tempo, ghost=there, since=0, known=BET_AT)
        pair = compare_ladders(here, there, 200_000, size, look, known=BET_AT)
        drawn.append((ghost, pair, first_difference(here, there, BET_AT)))
    assert drawn[0] == drawn[1]
    assert any(mark.dash == (1.5, 2.5) for mark in drawn[0][0].marks() if isinstance(mark, Line)), "a ghost is drawn"


@pytest.mark.sampled(20)
@pytest.mark.parametrize(
    "act", ["drop #8", "delay #8 500ms", "duplicate #8", "corrupt #8", "swap #8", "cut link", "crash client"]
)
def test_a_hand_on_a_segment_does_not_learn_its_fate(show, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One run loses the FIN that is on its way, the other delivers it: to touch it tells nothing of that."""
    monkeypatch.setattr(Notice, "STAYS_FOR", 3_600_000)  # on a busy machine the first window's would be gone
    acts = [(BET_AT - 10_000, parse_act("set link.client.loss 0.5"))]
    scenario = scenario_of(lesson(CLOSE), acts=acts)
    pair, fates = [], set()
    for seed in (1, 2):
        conductor: Conductor = show(start(lesson(CLOSE), replace(scenario, seed=seed)), 1920, 1080)
        conductor.send(intents.End())
        assert conductor.session.horizon == BET_AT
        fates |= {flight.fate for flight in conductor.session.world.flights if flight.id == 8}
        conductor.send(intents.ActNow(act))
        pair.append(conductor)
    assert fates == {"lost", "delivered"}
    assert pair[0].session.notice == pair[1].session.notice
    assert _told_apart(*pair) == []
