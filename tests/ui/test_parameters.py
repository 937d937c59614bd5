"""The panel of parameters: found, weighed, set, locked, taken back, by hand and by keys; silent while a bet is open."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.ui.stage import HANDSHAKE, lesson, press, session
from tests.world.stage import scene
from tutor.tcp.variant import VARIANTS
from tutor.teach import intents
from tutor.teach.parameter_names import GROUPS
from tutor.teach.parameters import parameters
from tutor.teach.session import start
from tutor.ui.conductor import Conductor
from tutor.ui.parameter_rows import Head, Row, Sheet, sheet
from tutor.ui.parameters import Parameters, RowView
from tutor.words import Words
from tutor.world.time import MS

EN, ZH = Words("en"), Words("zh")
OFTEN = frozenset({"often"})


def panel_of(conductor: Conductor) -> Parameters:
    """The panel, on screen."""
    conductor.window.show_panel("parameters")
    QApplication.processEvents()
    panel = conductor.window.strip.panels["parameters"]
    assert isinstance(panel, Parameters)
    return panel


def lab(show, width: int = 1920, height: int = 1080, **changes: object) -> Conductor:
    """A window on lesson 01, at its end, its bets out of the way."""
    return show(session(HANDSHAKE, is_exploring=True, playhead=150 * MS, **changes), width, height)


def editor(panel: Parameters, row: str, cell: int = 0) -> QWidget:
    """The editor of a cell of a row on screen."""
    view = panel.views[row]
    assert isinstance(view, RowView)
    return view.cells[cell].editor


def found(needle: str, words: Words = EN) -> list[str]:
    """The keys that a search finds."""
    shown = sheet(session(HANDSHAKE, is_exploring=True), words, needle, OFTEN)
    return [line.id.partition("/")[2] for line in shown.lines]


# --- what is shown ---


@pytest.mark.sampled(5)
@pytest.mark.parametrize("group", ["often", "link", "closing", "queues"])
def test_what_belongs_together_stands_in_columns(show, group: str) -> None:
    """However long a title is: the first cells of all rows begin at one place, and those of the second host."""
    conductor = lab(show)
    panel = panel_of(conductor)
    panel.opened = frozenset({group})
    panel.stale.emit()
    for _ in range(6):
        QApplication.processEvents()
    views = [view for name, view in panel.views.items() if isinstance(view, RowView) and name.startswith(f"{group}/")]
    shown = [[cell for cell in view.cells if cell.isVisible()] for view in views]
    assert len(views) > 4
    assert len({cells[0].x() for cells in shown if cells}) == 1
    assert len({cells[1].x() for cells in shown if len(cells) == 2}) == 1
    values = {
        cell.shown.x() for cells in shown for cell in cells[:1] if cell.badge.isVisible() and cell.shown.isVisible()
    }
    assert len(values) <= 1


def test_an_option_that_a_connection_sets_counts_as_changed_where_somebody_asked_for_it() -> None:
    """The client's program names its MSS before it has a peer; ACKs have waited and a port is shared without a word."""
    text = """
        host client 10.0.0.1 linux-6.18
          setsockopt TCP_MAXSEG 1000
          connect server:80
          write 100
        host server 10.0.0.2 linux-6.18
          listen 80
          accept
          read
        link client server delay=50ms
        until 2s
    """
    begun = start(replace(lesson(HANDSHAKE), beats=()), scene(dedent(text)))

    def changed(at: int) -> set[str]:
        shown = sheet(replace(begun, playhead=at), EN, "", frozenset())
        return {key for line in shown.lines if isinstance(line, Head) for key in line.changed}

    assert "TCP_MAXSEG" in changed(1_000 * MS)
    assert not {"SO_REUSEADDR", "TCP_QUICKACK"} & changed(1_000 * MS)
    begun = start(
        replace(lesson(HANDSHAKE), beats=()), scene(dedent(text.replace("TCP_MAXSEG 1000", "SO_REUSEADDR 1")))
    )
    assert "SO_REUSEADDR" in changed(1_000 * MS)
    assert "TCP_MAXSEG" not in changed(1_000 * MS)


def test_what_is_used_most_comes_first_and_every_group_can_be_opened() -> None:
    """Delay, loss, initial RTO, SYN retries, TIME-WAIT, MSS; then all groups, none of them empty."""
    now = session(HANDSHAKE, is_exploring=True)
    first = sheet(now, EN, "", OFTEN)
    rows = [line for line in first.lines if isinstance(line, Row)]
    assert [row.title for row in rows] == [
        "Delay each way (a round trip: twice)", "Loss", "Initial RTO", "SYN: times sent again",
        "TIME-WAIT: length (2 MSL)", "MSS that is offered",
    ]  # fmt: skip
    assert [[cell.badge for cell in row.cells] for row in rows[:3]] == [[""], ["A→B", "B→A"], ["A", "B"]]
    everything = sheet(now, EN, "", frozenset(GROUPS))
    heads = [line for line in everything.lines if isinstance(line, Head)]
    assert {head.id for head in heads} == set(GROUPS)
    assert all(head.is_open and head.count for head in heads)
    cells = {cell.id for line in everything.lines if isinstance(line, Row) for cell in line.cells}
    assert cells == {each.id for each in parameters(now) if each.control.kind != "none"}


def test_each_way_of_each_link_says_from_whom_to_whom() -> None:
    """Three hosts in a row: A to B on the first cable, C to B on the second."""
    text = """
        host one 10.0.0.1 linux-6.18
        host two 10.0.0.2 linux-6.18
        host three 10.0.0.3 linux-6.18
        link one two
        link two three name=second
        until 1s
    """
    empty = replace(lesson(HANDSHAKE), beats=())
    three = start(empty, scene(text))
    rows = {line.id: line for line in sheet(three, EN, "", frozenset({"link"})).lines if isinstance(line, Row)}
    assert [cell.badge for cell in rows["link/link.loss>"].cells] == ["A→B", "B→A"]
    assert [cell.badge for cell in rows["link/second.loss>"].cells] == ["B→C", "C→B"]


@pytest.mark.parametrize(
    ("needle", "key"),
    [
        ("syn_retries", "tcp_syn_retries"),
        ("net.ipv4.tcp_fin_timeout", "tcp_fin_timeout"),
        ("RFC 5961", "reset_must_be_exact"),
        ("TCP_TIMEWAIT_LEN", "time_wait_us"),
        ("半连接", "tcp_max_syn_backlog"),
        ("ckkd", "tcp_window_scaling"),
        ("保活 探测", "tcp_keepalive_probes"),
        ("nf_conntrack", "net.netfilter.nf_conntrack_*"),
        ("delayed ack", "delayed_ack_us"),
        ("nodelay", "TCP_NODELAY"),
    ],
)
def test_a_search_finds_names_meanings_and_sources_in_either_language(needle: str, key: str) -> None:
    """Whatever the window's language, and whatever group is open."""
    assert key in found(needle)
    assert key in found(needle, ZH)


def test_the_list_is_there_when_the_window_opens(show) -> None:
    """Not only after the first event: rows are laid out and the row in hand is in sight at once."""
    conductor = show(session(HANDSHAKE, is_exploring=True, weighed=("client.mss", "")), 1920, 1080)
    panel = panel_of(conductor)
    held = panel.views["often/mss"]
    top, bar, room = held.geometry().top(), panel.scroll.verticalScrollBar().value(), panel.scroll.viewport().height()
    assert held.isVisible()
    assert bar <= top < bar + room


@pytest.mark.ci
def test_a_search_that_finds_nothing_says_so_and_one_that_finds_much_says_more(show) -> None:
    """No empty list without a word."""
    panel = panel_of(lab(show))
    panel.search.setText("no such thing")
    assert panel.empty.text() == "No parameter is called so, or means that."
    panel.search.setText("tcp")
    assert "more" in panel.empty.text()
    panel.search.setText("syn_retries")
    assert not panel.empty.isVisible()


def test_only_the_row_in_hand_is_explained() -> None:
    """Consequence, meaning with bounds, default with source, other kernels."""
    now = session(HANDSHAKE, is_exploring=True, weighed=("client.tcp_syn_retries", "2"))
    rows = {line.id: line for line in sheet(now, EN, "", OFTEN).lines if isinstance(line, Row)}
    held = rows["often/tcp_syn_retries"]
    assert [note.kind for note in held.notes] == ["consequence", "pending", "meaning", "source", "kernels"]
    assert held.notes[0].text.endswith("SYN at 0, 1, 2, 3, 4, 5 s; ETIMEDOUT at 7 s.")
    assert held.notes[2].text.endswith("1 to 127")
    assert "golden:syn_exhausted_default · measured" in held.notes[3].text
    assert "linux-2.6 5" in held.notes[4].text
    assert [row.id for row in rows.values() if row.notes] == [held.id]
    assert [cell.text for cell in held.cells] == ["2", "6"]


# --- setting ---


def test_a_slider_tells_what_it_would_do_and_sets_when_it_is_let_go(show) -> None:
    """While it moves nothing forks; then one future is there, and undo takes it back."""
    conductor = lab(show)
    panel = panel_of(conductor)
    before = conductor.session
    number = editor(panel, "often/tcp_syn_retries")
    number.slider.setSliderDown(True)
    number.slider.setValue(2)
    assert conductor.session.weighed == ("client.tcp_syn_retries", "3")
    assert conductor.session.timeline is before.timeline
    said = panel.views["often/tcp_syn_retries"].notes[0].text()
    assert "ETIMEDOUT" in said
    number.slider.setSliderDown(False)
    assert conductor.session.world.host("client").profile.syn_retries == 3
    assert number.spin.value() == 3
    conductor.send(intents.Undo())
    assert conductor.session.world.host("client").profile.syn_retries == 6
    assert number.spin.value() == 6


def test_a_typed_number_is_set_with_enter_and_left_with_escape(show) -> None:
    """By the keyboard alone."""
    conductor = lab(show)
    panel = panel_of(conductor)
    spin = editor(panel, "often/link.delay").spin
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, "80")
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert conductor.session.weighed == ("link.delay", "81ms")
    QTest.keyClick(spin, Qt.Key.Key_Escape)
    assert spin.value() == 50
    spin.selectAll()
    QTest.keyClicks(spin, "80")
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert conductor.session.world.links[0].forward.delay == 80 * MS
    assert panel.views["often/link.delay"].cells[0].reset.isVisible()
    panel.views["often/link.delay"].cells[0].reset.click()
    assert conductor.session.world.links[0].forward.delay == 50 * MS


def test_from_the_start_computes_the_whole_run_with_it(show) -> None:
    """The handshake of lesson 01 takes four times as long; the old run stays."""
    conductor = lab(show)
    panel = panel_of(conductor)
    was = conductor.session.branch
    panel.from_start.setChecked(True)
    panel.want("link.delay", "200ms", is_what_if=False)
    assert conductor.session.trace.end == 600 * MS
    assert conductor.session.timeline.has(was)


@pytest.mark.ci
def test_a_lock_opens_with_what_if_and_the_window_says_so(show) -> None:
    """The editor comes, the value is set, the panel and the card warn; the way back takes the warning away."""
    conductor = lab(show)
    panel = panel_of(conductor)
    view = panel.views["often/time_wait_us"].cells[0]
    assert view.editor is None
    view.unlock.click()
    assert view.editor is not None
    view.editor.spin.setValue(5)
    view.editor.spin.done.emit()
    assert conductor.session.world.host("client").profile.time_wait_us == 5_000_000
    assert panel.warning.text() == "⚠ Client runs no stock kernel: what if time_wait_us"
    banner = conductor.window.lesson.rows.banner
    assert banner is not None
    assert "Client runs no stock kernel: what if time_wait_us" in banner.lines
    view.reset.click()
    assert not panel.warning.isVisible()


def _choose(editor, value: str) -> None:
    """As if it were picked from the open list."""
    editor.box.activated.emit(editor.box.findData(value))


@pytest.mark.ci
def test_switches_choices_and_texts_set_too(show) -> None:
    """tcp_sack off, reno for cubic, another range of ports; what is wrong is said with what is allowed."""
    conductor = lab(show)
    panel = panel_of(conductor)
    panel.opened = frozenset({"windows", "congestion", "handshake"})
    panel.stale.emit()
    editor(panel, "windows/tcp_sack").box.click()
    _choose(editor(panel, "congestion/tcp_congestion_control", 1), "reno")
    line = editor(panel, "handshake/ip_local_port_range").line
    line.setText("5000 5001")
    line.returnPressed.emit()
    world = conductor.session.world
    assert not world.host("client").profile.sack
    assert world.host("server").profile.congestion_control == "reno"
    assert world.host("client").profile.last_port == 5001
    line.setText("many")
    line.returnPressed.emit()
    assert "allowed: two ports" in conductor.window.notice.text()


def test_a_profile_is_chosen_in_the_window(show) -> None:
    """Linux 2.6 for the client: the whole run anew."""
    conductor = lab(show)
    panel = panel_of(conductor)
    panel.opened = frozenset({"host"})
    panel.stale.emit()
    _choose(editor(panel, "host/profile"), "linux-2.6")
    assert conductor.session.world.host("client").profile.name == "linux-2.6"
    assert conductor.session.trace.steps[1].world.host("client").profile.name == "linux-2.6"


@pytest.mark.sampled(10)
@pytest.mark.parametrize("typed", ["two-way", "two-way handshake", "not tcp", "broken", "两次握手", "no-time-wait"])
def test_a_broken_protocol_is_found_by_its_name(show, typed: str) -> None:
    """Nobody needs to know that it is called a variant here."""
    panel = panel_of(lab(show))
    panel.search.setText(typed)
    QApplication.processEvents()
    assert editor(panel, "/variant") is not None


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("lang", "broken"), [("en", "Two-way handshake"), ("zh", "两次握手")])
def test_protocols_are_chosen_by_title_and_explained_once(show, lang: str, broken: str) -> None:
    """The list speaks the language; once one is chosen the band above the stage tells what it does, nobody else."""
    conductor = show(session("lab-1-life", lang=lang), 1280, 720)
    panel = panel_of(conductor)
    panel.search.setText("variant")
    QApplication.processEvents()
    box = editor(panel, "/variant").box
    assert (box.itemText(0), box.itemText(1)) == ("TCP", broken)
    assert not any(box.itemText(place) == box.itemData(place) for place in range(box.count()))
    _choose(editor(panel, "/variant"), "two-way-rfc793")
    QApplication.processEvents()
    assert conductor.session.world.variant.id == "two-way-rfc793"
    departs = conductor.words.t(VARIANTS["two-way-rfc793"].departs)
    said = [label.text() for label in conductor.window.findChildren(QLabel) if label.isVisible()]
    assert sum(departs in text for text in said) == 1
    assert not any("two-way-rfc793" in text for text in said)


@pytest.mark.ci
def test_the_panel_is_reached_and_used_by_keys_alone(show) -> None:
    """P opens it; Tab leads from the search into the rows; Enter on a head opens a group."""
    conductor = lab(show, 1280, 720)
    assert not conductor.window.strip.isVisible()
    press(conductor, "P")
    QApplication.processEvents()
    panel = conductor.window.strip.panels["parameters"]
    assert conductor.window.strip.is_shown("parameters")
    panel.search.setFocus()
    reached: list[QWidget] = []
    for _ in range(14):
        QTest.keyClick(conductor.window.focusWidget(), Qt.Key.Key_Tab)
        reached.append(conductor.window.focusWidget())
    assert panel.views["often"] in reached
    assert editor(panel, "often/link.delay").slider in reached
    assert editor(panel, "often/link.delay").spin in reached
    assert panel.views["often/initial_rto_us"].cells[0].unlock in reached
    spin = editor(panel, "often/link.delay").spin
    QApplication.sendEvent(spin, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert conductor.session.weighed == ("link.delay", "")
    assert panel.views["often/link.delay"].row.notes
    head = panel.views["closing"]
    head.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(head, Qt.Key.Key_Return)
    assert "closing/tcp_fin_timeout" in panel.views


def test_a_wheel_over_a_value_does_not_turn_it(show) -> None:
    """It scrolls the list instead, unless the focus is there."""
    conductor = lab(show)
    spin = editor(panel_of(conductor), "often/link.delay").spin
    here, turned = QPointF(5, 5), QPoint(0, 120)
    turn = QWheelEvent(
        here, here, QPoint(0, 0), turned, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, *(False,),
    )  # fmt: skip
    QApplication.sendEvent(spin, turn)
    assert spin.value() == 50


# --- the law ---


def test_two_runs_that_differ_later_show_the_same_while_a_bet_is_open() -> None:
    """Every group open, a row in hand: nothing of the future is in it, not even a consequence."""
    here = session(HANDSHAKE, weighed=("client.tcp_syn_retries", "2"))
    other = session(HANDSHAKE, acts=((120 * MS, "set client.tcp_syn_retries 3"),), weighed=here.weighed)
    assert here.horizon is not None
    everything = frozenset(GROUPS)
    shown = sheet(here, EN, "", everything)
    assert shown == sheet(other, EN, "", everything)
    notes = [line.notes for line in shown.lines if isinstance(line, Row) and line.notes]
    assert [note.text for note in notes[0] if note.kind == "consequence"] == [
        "What this would do is told after the bet."
    ]


# --- looks ---


def _too_wide(panel: Parameters) -> list[str]:
    """Rows that do not fit, and labels whose words do not."""
    QApplication.processEvents()
    room = panel.scroll.viewport().width()
    found = [name for name, view in panel.views.items() if view.width() > room]
    labels = (label for label in panel.findChildren(QLabel) if label.isVisible() and not label.wordWrap())
    return found + [label.text() for label in labels if label.sizeHint().width() > label.width() + 1]


@pytest.mark.sampled(25)
@pytest.mark.parametrize(
    ("width", "height", "scale"), [(1920, 1080, 1.0), (1280, 720, 1.0), (1000, 640, 1.0), (1280, 720, 2.0)]
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_rows_fit_into_strip_and_drawer(show, width: int, height: int, scale: float, lang: str) -> None:
    """At every size, language and text scale no row is wider than the panel and no words are cut."""
    conductor = lab(show, width, height, text_scale=scale, lang=lang, weighed=("client.tcp_keepalive_time", "60"))
    panel = panel_of(conductor)
    for group in ("often", "keepalive", "options"):
        panel.opened = frozenset({group})
        panel.stale.emit()
        assert not _too_wide(panel)


def test_a_sheet_in_chinese_has_no_english_sentence_left() -> None:
    """Titles, notes and heads of every group."""
    now = session(HANDSHAKE, is_exploring=True, playhead=150 * MS, weighed=("client.tcp_syn_retries", "2"))
    one, other = (sheet(now, words, "", frozenset(GROUPS)) for words in (EN, ZH))
    assert isinstance(one, Sheet)
    pairs = [(a, b) for a, b in zip(one.lines, other.lines, strict=True) if not a.id.startswith("elsewhere/")]
    same = [a.title for a, b in pairs if a.title == b.title]
    assert same == []
