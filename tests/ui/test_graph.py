"""The state diagram by hand: click, read, be taken there; variants, overlays and coverage; and what is remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.stage import CLOSE, HANDSHAKE, answered, ids, place_of, press, session
from tutor.tcp.concerns import ALL_FIELDS, TIMERS_IN
from tutor.tcp.profile import RULES
from tutor.tcp.states import State
from tutor.tcp.transitions import drawn_in
from tutor.teach import intents, there
from tutor.teach.progress import Progress
from tutor.teach.progress_file import FILE
from tutor.ui.details_rows import details
from tutor.ui.keeper import Keeper
from tutor.view.geometry import design
from tutor.view.refused import refusals
from tutor.words import Words


def test_a_click_on_a_state_explains_it_and_leads_there(show) -> None:
    """What it means, its clause, its timers, what Linux does otherwise; then one button, and one is there."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    canvas = conductor.window.diagram.canvas
    at = place_of(canvas, "state:TIME-WAIT")
    canvas.clicked.emit(canvas.picture.at(at.x(), at.y()))
    shown = conductor.window.timeline.details
    said = shown.accessibleDescription()
    assert "3.3.2" in said and "TIME-WAIT timer" in said and "time_wait_us" in said
    assert "in RFC 9293" in said, "what Linux does otherwise"
    before = conductor.session.lesson
    shown.there.click()
    assert conductor.session.lesson is not before
    assert State.TIME_WAIT in {s.state for host in conductor.session.world.hosts for s in host.all_sockets()}
    press(conductor, "Ctrl+Z")
    assert conductor.session.lesson is before


def test_a_click_on_an_edge_leads_to_the_moment_before_it(show) -> None:
    """By key as well; one step further and the edge is crossed."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.click("edge:finwait1_closing")
    assert "3.10.7.4" in conductor.window.timeline.details.accessibleDescription()
    press(conductor, "Ctrl+G")
    press(conductor, "Right")
    assert State.CLOSING in {s.state for host in conductor.session.world.hosts for s in host.all_sockets()}


def test_without_a_choice_one_is_told_what_to_choose(show) -> None:
    """Nothing is selected: a sentence, and everything stays."""
    conductor = answered(show(session(), 1920, 1080))
    before = conductor.session.lesson
    press(conductor, "Ctrl+G")
    assert conductor.session.lesson is before and conductor.window.notice.text()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_state_and_drawn_edge_has_something_to_say(lang: str) -> None:
    """Each has its rule and, if it exists under these rules, a way there; an edge that does not exist has none."""
    base = session(CLOSE, lang=lang)
    words, exists = Words(lang), drawn_in((base.scenario.hosts[0].profile.rule_set,))
    for mark in [f"state:{state}" for state in State]:
        rows = details(_chosen(base, mark), words)
        assert rows is not None and rows.there and len(rows.lines) >= 4, mark
    for edge in design()["edges"] + design()["transient_edges"]:
        rows = details(_chosen(base, f"edge:{edge['id']}"), words)
        assert rows is not None and rows.lines, edge["id"]
        assert bool(rows.there) == (edge["id"] in exists), edge["id"]


def _chosen(base, mark: str):
    from tutor.teach.session import update

    return update(base, intents.Select(mark))


def test_fields_and_timers_that_are_spoken_of_exist() -> None:
    """A field that no profile has would never be compared."""
    assert {rule.name for rule in RULES} >= ALL_FIELDS
    assert set(TIMERS_IN) == set(State)


def test_no_run_has_a_timer_in_a_state_that_is_said_to_have_none() -> None:
    """In every recipe of Linux and of the RFC: what runs in a state is listed there."""
    for name in ("linux-6.18", "rfc9293"):
        scenario = session(CLOSE).scenario
        for drawn in sorted(drawn_in((name,))):
            visit = there.visit(f"edge:{drawn}", scenario, name)
            assert visit is not None
            for step in visit.road.trace.steps:
                for host in step.world.hosts:
                    for socket in host.all_sockets():
                        running = {timer for timer, _ in socket.tcb.timers.running()}
                        assert running <= set(TIMERS_IN[socket.state]), (drawn, socket.state, running)


def test_variants_and_overlays_are_one_key_away(show) -> None:
    """Linux's figure, transient edges, typical paths: each on and off again."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    canvas = conductor.window.diagram.canvas
    plain = ids(canvas)
    press(conductor, "Shift+A")
    assert "edge:established_abort" in ids(canvas)
    press(conductor, "Shift+A")
    assert ids(canvas) == plain
    press(conductor, "Shift+V")
    assert "edge:listen_synsent" not in ids(canvas)
    press(conductor, "Shift+V")
    press(conductor, "Shift+P")
    assert "legend:paths" in ids(canvas)


def test_coverage_counts_what_was_seen(show) -> None:
    """Nothing at the start but the listener's and the caller's first edges; more after the end; then ever; then off."""
    conductor = show(session(CLOSE), 1920, 1080)
    canvas = conductor.window.diagram.canvas

    def count() -> str:
        return next(mark.text for mark in canvas.picture.marks() if mark.id == "coverage")

    press(conductor, "Shift+C")
    first = count()
    answered(conductor)
    press(conductor, "End")
    assert count() != first and count().endswith(f"of {len(drawn_in(('linux-6.18',)))}")
    press(conductor, "Shift+C")
    press(conductor, "Shift+C")
    assert "coverage" not in ids(canvas)


def test_a_dot_of_another_connection_puts_it_in_focus(show) -> None:
    """A click on the number looks at that connection; a key goes through all of them."""
    acts = ((2_000_000, "client connect server:80 from 40009"),)
    conductor = answered(show(session(HANDSHAKE, acts=acts), 1920, 1080))
    conductor.send(intents.End())
    canvas = conductor.window.diagram.canvas
    dots = sorted(mark for mark in ids(canvas) if mark.startswith("conn:"))
    assert dots
    conductor.click(dots[0])
    assert conductor.session.sight.focus == dots[0].removeprefix("conn:")
    press(conductor, "Shift+F")
    assert conductor.session.sight.focus != dots[0].removeprefix("conn:")


def test_the_list_of_states_says_where_one_can_go(show) -> None:
    """One line a host; Enter explains the state. While a bet is open the ways are left out."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.window.show_panel("states")
    conductor.send(intents.End())
    panel = conductor.window.strip.panels["states"]
    conductor.send(intents.Home())
    lines = [panel.list.item(place).text() for place in range(panel.list.count())]
    assert any("can go to" in line for line in lines), lines
    panel.list.itemActivated.emit(panel.list.item(0))
    assert conductor.session.selection.startswith("state:")


def test_no_way_out_is_named_while_a_bet_is_open(show) -> None:
    """The ways from here would be the answers that are asked for."""
    conductor = show(session(), 1920, 1080)
    assert conductor.session.horizon is not None
    conductor.window.show_panel("states")
    panel = conductor.window.strip.panels["states"]
    assert panel.list.count()
    assert not any("can go to" in panel.list.item(place).text() for place in range(panel.list.count()))


def test_a_click_on_what_was_refused_says_why(show) -> None:
    """The reason of the engine and its clause; when the next thing happens there is nothing to say any more."""
    acts = ((300_000, "inject client>server RST seq=20 sport=40000 dport=80"),)
    conductor = answered(show(session(CLOSE, acts=acts), 1920, 1080))
    for _ in range(200):
        if refusals(conductor.session.trace, conductor.session.playhead):
            break
        press(conductor, "Right")
    conductor.click("refused:server")
    said = conductor.window.timeline.details.accessibleDescription()
    assert "Why" in said and "RFC" in said
    press(conductor, "Home")
    assert not conductor.window.timeline.details.isVisible()


# --- what is remembered ---


def _settled(done: Callable[[], bool]) -> None:
    from PySide6.QtTest import QTest

    for _ in range(200):
        if done():
            return
        QTest.qWait(10)
    raise AssertionError("the thread that writes did not answer")


def test_what_was_crossed_is_there_in_the_next_window(show, tmp_path: Path) -> None:
    """Closed and opened again: ever knows it, this run does not."""
    first = show(session(CLOSE), 1280, 720)
    first.keeper = _keep(first, tmp_path)
    answered(first).send(intents.End())
    crossed = first.session.crossed
    first.window.close()
    assert {edge for edge, _ in Progress(tmp_path / FILE).edges()} == crossed
    second = show(session(HANDSHAKE), 1280, 720)
    second.keeper = _keep(second, tmp_path)
    _settled(lambda: second.session.ever >= crossed)
    assert not second.session.crossed >= crossed
    second.keeper.stop()


def _keep(conductor, folder: Path) -> Keeper:
    """A keeper for a window that has none, wired as the window wires its own."""
    keeper = Keeper(folder / FILE, conductor)
    conductor.memory.take(keeper)
    keeper.start()
    return keeper


def test_the_thread_that_writes_never_touches_the_window(show, tmp_path: Path, monkeypatch) -> None:
    """What the file remembers reaches the session in the window's own thread."""
    import threading

    from tutor.ui import conductor as module

    threads: list[object] = []
    plain = module.update

    def watched(session, intent):
        if isinstance(intent, intents.Remember):
            threads.append(threading.current_thread())
        return plain(session, intent)

    monkeypatch.setattr(module, "update", watched)
    window = show(session(), 1280, 720)
    window.keeper = _keep(window, tmp_path)
    _settled(lambda: bool(threads))
    assert threads == [threading.main_thread()]
    window.keeper.stop()


def test_a_broken_file_is_told_and_the_window_goes_on(show, tmp_path: Path) -> None:
    """A clear sentence with the place where the file was kept; nothing stops."""
    (tmp_path / FILE).write_text("not a database" * 500, encoding="utf-8")
    conductor = show(session(), 1280, 720)
    conductor.keeper = _keep(conductor, tmp_path)
    _settled(lambda: "broken-1" in conductor.window.notice.text())
    assert (tmp_path / "progress.broken-1.sqlite3").exists()
    conductor.keeper.stop()
    QApplication.processEvents()
