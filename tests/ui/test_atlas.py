"""The atlas in the window: one walks over the map, and what one chooses is a run on the stage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.stage import CLOSE, HANDSHAKE, answered, place_of, press, session
from tutor.explore.charted import CHARTED
from tutor.tcp.states import State
from tutor.tcp.variant import VARIANTS
from tutor.teach import atlas, intents
from tutor.ui.atlas_desk import AtlasDesk, here_of
from tutor.ui.atlas_rows import mark_of
from tutor.ui.conductor import Conductor
from tutor.ui.network_desk import NetworkDesk
from tutor.view.marks import Rect, Text

Show = Callable[..., Conductor]
S = State


def desk_of(conductor: Conductor) -> AtlasDesk:
    """The desk of the page that is open."""
    return next(desk for desk in conductor.findChildren(AtlasDesk) if desk.page is conductor.window.page)


@pytest.fixture
def desk(show: Show) -> AtlasDesk:
    """The page, opened with its key over a handshake that is half done, with nothing to bet on any more."""
    conductor = answered(show(session(HANDSHAKE)))
    conductor.send(intents.Seek(20_000))
    press(conductor, "Shift+G")
    return desk_of(conductor)


def keys(desk: AtlasDesk, *names: Qt.Key) -> None:
    """Press keys on the map."""
    for name in names:
        QTest.keyClick(desk.page.canvas, name)


def test_it_begins_where_the_run_on_the_stage_is(desk: AtlasDesk) -> None:
    """The run's protocol and rules, the cell of the playhead, and the words for it."""
    assert (desk.reading.profile, desk.reading.variant) == ("linux-6.18", "")
    assert desk.here == desk.reading.chosen == (S.SYN_SENT, S.LISTEN)
    assert desk.page.side.head.text() == "SYN-SENT – LISTEN"
    assert desk.page.said["verdict"].text() == "1 move leads there"
    assert "now at SYN-SENT – LISTEN" in desk.page.said["now"].text()
    assert desk.page.summary.text() == "98 of 121 pairs can be."
    last_resort = "with old segments and copies only where nothing else does"
    for told in (desk.page.rule.text(), desk.page.summary.toolTip()):
        assert last_resort in told, "also where the rule has no room"


def test_it_opens_in_the_row_of_a_state_that_is_selected_in_the_figure(show: Show) -> None:
    """What can be opposite to CLOSE-WAIT? The cell of the run is marked all the same."""
    conductor = show(session(HANDSHAKE))
    conductor.send(intents.Seek(20_000))
    conductor.send(intents.Select("state:CLOSE-WAIT"))
    press(conductor, "Shift+G")
    desk = desk_of(conductor)
    assert desk.reading.chosen == (S.CLOSE_WAIT, S.LISTEN)
    assert desk.here == (S.SYN_SENT, S.LISTEN)


def test_it_says_where_the_run_is_at_the_playhead_and_nothing_of_what_comes(show: Show) -> None:
    """While a bet is open the run's end is ESTABLISHED on both sides; the map says what is, not what will be."""
    conductor = show(session(CLOSE))
    conductor.send(intents.End())
    assert conductor.session.horizon is not None
    assert here_of(conductor.session) == atlas.here(
        conductor.session.trace.world_at(conductor.session.playhead), "client:40000>server:80"
    )
    conductor.send(intents.Home())
    assert here_of(conductor.session) in ((S.CLOSED, S.LISTEN), (S.SYN_SENT, S.LISTEN), (S.CLOSED, S.CLOSED))


def test_while_a_bet_is_open_the_map_is_there_but_no_way_beyond_the_playhead(show: Show) -> None:
    """The FIN reaches the server: which state comes next? The atlas does not tell before the learner has."""
    conductor = show(session(CLOSE))
    conductor.send(intents.End())
    assert conductor.session.is_asking
    press(conductor, "Shift+G")
    desk = desk_of(conductor)
    page, here = desk.page, desk.here
    assert here == desk.reading.chosen == (S.FIN_WAIT_1, S.ESTABLISHED)
    assert page.said["moves"].text() and page.play.isVisible()
    for pair in ((S.FIN_WAIT_1, S.CLOSE_WAIT), (S.FIN_WAIT_2, S.CLOSE_WAIT), (S.TIME_WAIT, S.LAST_ACK)):
        desk.send(atlas.Choose(pair))
        assert not page.said["moves"].text() and page.play.isHidden() and page.stand.isHidden()
        assert "bet is still open" in page.said["why"].text()
        keys(desk, Qt.Key.Key_Return)
        press(conductor, "Ctrl+G")
        assert conductor.window.page is page
    desk.send(atlas.Choose((S.ESTABLISHED, S.CLOSE_WAIT)))
    assert "Held constant" in page.said["why"].text(), "that it cannot be is no way"


def test_large_text_in_a_small_window_keeps_the_heads_and_most_of_the_map(show: Show) -> None:
    """At 200 % the rows scroll below the heads, the numbers grow, and the band says in short that this is not TCP."""
    conductor = show(session(HANDSHAKE), 1280, 720)
    conductor.send(intents.SetTextScale(2.0))
    conductor.send(intents.Seek(20_000))
    press(conductor, "Shift+G")
    desk = desk_of(conductor)
    desk.send(atlas.Turn(variant="two-way"))
    desk.send(atlas.Choose((S.TIME_WAIT, S.TIME_WAIT)))
    QApplication.processEvents()
    page = desk.page
    assert page.band.text() == "NOT TCP — two-way handshake"
    assert page.room.verticalScrollBar().value() > 0 and page.columns.isVisible()
    heads = {mark.text for mark in page.columns.picture.marks() if isinstance(mark, Text)}
    assert {"CLOSED", "ESTABLISHED", "TIME-WAIT", "Server"} <= heads
    marks = list(page.canvas.picture.marks())
    cells = {mark.y for mark in marks if isinstance(mark, Rect) and mark.id.startswith("pair:CLOSED/")}
    high = next(mark.h for mark in marks if isinstance(mark, Rect) and mark.id == "pair:CLOSED/CLOSED")
    assert len(cells) == 1 and page.room.height() / high >= 5
    assert max(mark.size for mark in marks if isinstance(mark, Text) and mark.text == "7") >= 20
    assert [mark.text for mark in marks if isinstance(mark, Text)].count("now") == 2, "on its cell and in the legend"


def test_arrows_walk_and_enter_plays_the_run_from_its_start(desk: AtlasDesk) -> None:
    """The run is a lesson of its own; undoing what was done leads back to the one before."""
    conductor, before = desk.conductor, desk.conductor.session.lesson
    keys(desk, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert desk.reading.chosen == (S.SYN_SENT, S.SYN_RECEIVED)
    assert desk.page.said["moves"].text().startswith("1. the client calls")
    keys(desk, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert conductor.window.page is None
    assert conductor.session.lesson.id == "pair-tcp-syn-sent-syn-received"
    assert conductor.session.is_playing
    assert conductor.session.selection == ""
    press(conductor, "Space", "Ctrl+Z", "Ctrl+Z")
    assert conductor.session.lesson is before


def test_ctrl_g_stands_where_the_run_has_come_to_the_pair(desk: AtlasDesk) -> None:
    """Take me there, for a pair."""
    desk.send(atlas.Choose((S.CLOSING, S.CLOSING)))
    press(desk.conductor, "Ctrl+G")
    QApplication.processEvents()
    conductor = desk.conductor
    assert conductor.window.page is None
    assert not conductor.session.is_playing
    assert here_of(conductor.session) == (S.CLOSING, S.CLOSING)


def test_a_click_chooses_and_a_second_one_plays(desk: AtlasDesk) -> None:
    """With the mouse; what cannot be says why, and does not play."""
    page, canvas = desk.page, desk.page.canvas
    impossible = (S.ESTABLISHED, S.CLOSE_WAIT)
    for _ in range(2):
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place_of(canvas, mark_of(impossible)))
    assert desk.conductor.window.page is page
    assert page.said["verdict"].text() == "A contradiction"
    why = page.said["why"].text()
    assert "650,751" in why and "Held constant" in why
    assert "no SYN cookie opens a connection and nobody forges a segment: CLOSE-WAIT" in why
    assert "now at SYN-SENT – LISTEN" in page.said["now"].text()
    assert page.play.isHidden() and page.stand.isHidden()
    keys(desk, Qt.Key.Key_Return)
    assert desk.conductor.window.page is page
    pair = (S.ESTABLISHED, S.ESTABLISHED)
    for _ in range(2):
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place_of(canvas, mark_of(pair)))
    assert desk.conductor.window.page is None
    assert desk.conductor.session.is_playing


FORGED = "inject server>client FIN,ACK seq=1 ack=1 sport=80 dport=40000"


def test_a_run_that_is_where_tcp_never_comes_says_by_what(show: Show) -> None:
    """A stranger has closed in the server's name: the page does not deny what is on the stage."""
    conductor = answered(show(session(HANDSHAKE, acts=((500_000, FORGED),))))
    conductor.send(intents.Seek(900_000))
    press(conductor, "Shift+G")
    desk = desk_of(conductor)
    assert desk.here == desk.reading.chosen == (S.CLOSE_WAIT, S.ESTABLISHED)
    assert desk.page.said["verdict"].text() == "A contradiction"
    said = desk.page.said["why"]
    told = "The run on the stage is there all the same: at 550 ms a forged segment came to the client."
    assert said.text().startswith(told)
    desk.send(atlas.Choose((S.ESTABLISHED, S.CLOSE_WAIT)))
    assert "all the same" not in said.text()
    desk.send(atlas.Turn(variant="no-time-wait"))
    desk.send(atlas.Choose((S.CLOSE_WAIT, S.ESTABLISHED)))
    assert "follows another protocol" in said.text()


def test_another_protocol_is_compared_with_tcp_and_says_that_it_is_not_tcp(desk: AtlasDesk) -> None:
    """Chosen from the list, as a person does."""
    page = desk.page
    page.protocol.setCurrentIndex(page.protocol.findData("two-way"))
    page.protocol.activated.emit(page.protocol.currentIndex())
    assert page.band.isVisible() and page.band.text().startswith("NOT TCP")
    assert page.summary.text() == "117 of 121 pairs, within this bound. Only here: 19. Only in TCP: 0."
    desk.send(atlas.Choose((S.SYN_SENT, S.ESTABLISHED)))
    assert page.said["verdict"].text() == "2 moves lead there"
    assert page.said["compared"].text() == "TCP comes there in 5 moves."
    desk.send(atlas.Turn(variant=""))
    assert page.band.isHidden()


def test_the_words_follow_the_language_and_the_looks_the_theme(desk: AtlasDesk) -> None:
    """While the page is open."""
    press(desk.conductor, "T", "Ctrl+L")
    assert desk.page.head.text() == "状态对照图"
    assert desk.page.said["verdict"].text() == "1 步到达"
    assert desk.page.style_now.theme.is_dark
    assert desk.page.protocol.count() == len(VARIANTS) + 1
    assert desk.page.rules.count() == len(CHARTED)


def test_one_page_at_a_time_and_esc_leads_back(desk: AtlasDesk) -> None:
    """The network's key opens that page instead; each gives the keys back."""
    conductor = desk.conductor
    press(conductor, "Shift+N")
    assert isinstance(next(d for d in conductor.findChildren(NetworkDesk)), NetworkDesk)
    assert conductor.window.page is not desk.page
    press(conductor, "Shift+G")
    assert desk_of(conductor) is not desk
    press(conductor, "Space")
    assert not conductor.session.is_playing
    press(conductor, "Esc")
    assert conductor.window.page is None
    assert conductor.window.actions_by_id["toggle-play"].isEnabled()


def test_tab_stays_on_the_page_and_reaches_everything_on_it(desk: AtlasDesk) -> None:
    """Round and round, and never to what lies behind."""
    page, seen = desk.page, set()
    page.canvas.setFocus()
    for _ in range(12):
        QTest.keyClick(desk.conductor.window.focusWidget(), Qt.Key.Key_Tab)
        here = desk.conductor.window.focusWidget()
        assert page.isAncestorOf(here)
        seen.add(here)
    assert {page.canvas, page.protocol, page.rules, page.close_button, page.play, page.stand} <= seen
