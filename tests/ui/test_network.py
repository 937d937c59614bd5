"""Be the network, in the window: somebody who never read an RFC wins with nothing but the hint button."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionButton

from tests.teach.test_network import LESSON
from tests.ui.stage import place_of, press, session
from tutor.explore.parts import Budget
from tutor.explore.past import OPEN
from tutor.teach import intents, network
from tutor.teach.puzzles import PUZZLES, Puzzle
from tutor.ui.conductor import Conductor
from tutor.ui.events import event_rows
from tutor.ui.network_choice import PuzzleDialog
from tutor.ui.network_desk import NetworkDesk
from tutor.ui.network_rows import network_rows, news, who_is_who
from tutor.ui.style import Style
from tutor.words import LANGUAGES, Words

EN = Words("en")
Show = Callable[..., Conductor]


def desk_of(conductor: Conductor) -> NetworkDesk:
    """The desk of the page that is open."""
    return next(desk for desk in conductor.findChildren(NetworkDesk) if desk.page is conductor.window.page)


@pytest.fixture
def desk(show: Show, qtbot: object) -> NetworkDesk:
    """The page, opened with its key, once par is known."""
    conductor = show(session("lab-1-life"))
    press(conductor, "Shift+N")
    opened = desk_of(conductor)
    settle(opened)
    return opened


def settle(desk: NetworkDesk) -> None:
    """Wait for the search that is under way."""
    for _ in range(2000):
        QTest.qWait(5)
        if desk.search.asked is None:
            break
    QApplication.processEvents()


def click(button) -> None:
    """Press what a person sees, with the mouse."""
    assert button.isVisible() and button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.ci
def test_hints_alone_win_against_the_two_way_handshake_and_the_run_is_on_the_stage(desk: NetworkDesk) -> None:
    """The whole walk: par is told, three hints are a move, the ghost is there, the run plays like any other."""
    page, conductor = desk.page, desk.conductor
    assert page.side.said["par"].text() == "Possible in 2 moves."
    for heading in ("Hint", "Tell me more", "Show me") * 2:
        assert page.side.hint_button.text().startswith(heading)
        click(page.side.hint_button)
        settle(desk)
    assert "no shorter way" in page.side.said["verdict"].text() and "ghost" in page.side.said["meaning"].text()
    assert not page.side.hint_button.isEnabled() and not page.side.buttons
    assert "done at par" in page.puzzles.item(0).text()
    click(page.side.run)
    QApplication.processEvents()
    assert conductor.window.page is None and conductor.session.scenario.variant == "two-way"
    assert_nobody_did_it_by_hand(conductor)
    last = conductor.session.trace.steps[-1].world
    states = {socket.state.name for host in last.hosts for socket in host.all_sockets()}
    assert "ESTABLISHED" in states, "the server still believes in it"
    press(conductor, "Right")
    assert conductor.session.playhead > 0


def assert_nobody_did_it_by_hand(conductor: Conductor) -> None:
    """Of the earlier connection it is said that it is; the moves are told plainly; each card says which move it is."""
    lines, heads, acts = [], [], len(conductor.session.scenario.acts_at)
    while conductor.session.playhead < conductor.session.end:
        lines.append(conductor.window.why.row.sentence)
        press(conductor, "Right")
    lines.append(conductor.window.why.row.sentence)
    assert any(line.startswith("Earlier connection: the client calls connect()") for line in lines)
    assert any("SYN+ACK of the server is lost" in line for line in lines) and acts
    assert not any("by hand" in line.casefold() for line in (*lines, *map(str, event_rows(conductor.session, EN))))
    conductor.send(intents.Home())
    for _ in range(4):
        heads.append(conductor.window.lesson.head.text())
        conductor.send(intents.NextBeat())
    assert [head.upper() for head in heads] == [
        f"FOUND BY THE SEARCH: {part}" for part in ("2 MOVES FOLLOW", "MOVE 1 OF 2", "MOVE 2 OF 2", "WHAT COMES OF IT")
    ]
    conductor.send(intents.Home())


def test_cards_and_buttons_make_the_same_moves_by_hand(desk: NetworkDesk) -> None:
    """An old SYN is clicked and delivered, the answer is clicked and lost; Ctrl+Z takes one back."""
    page = desk.page
    QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=place_of(page.canvas, "old:0"))
    assert page.side.buttons[0][0].text().startswith("Deliver it now")
    click(page.side.buttons[0][0])
    QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=place_of(page.canvas, "now:0"))
    lose = next(button for button, deed in page.side.buttons if deed.kind == "lose")
    click(lose)
    assert desk.game.is_won and page.table.moves.accessibleDescription().count("\n") == 1
    press(desk.conductor, "Ctrl+Z")
    assert not desk.game.is_won and len(desk.game.deeds) == 1
    press(desk.conductor, "Ctrl+Shift+Z")
    assert desk.game.is_won


@pytest.mark.ci
def test_the_button_that_a_hint_speaks_of_goes_back_as_far_as_it_says(desk: NetworkDesk) -> None:
    """The client calls where an old SYN would do: a hint, and its button says how far to go back, and does it."""
    page = desk.page
    click(next(button for button, deed in page.side.buttons if deed.kind == "connect"))
    button = page.side.hint_button
    assert button.property("kind") == ""
    click(button)
    settle(desk)
    assert page.side.hint.text().endswith("Press “Take back a move”.") and page.side.advised is None
    assert button.text().startswith("Take back a move") and button.property("kind") == "primary"
    click(button)
    assert not desk.game.deeds and button.property("kind") == "" and not page.side.hint.text()


def test_the_page_has_the_keys_while_it_is_open_and_gives_them_back(desk: NetworkDesk) -> None:
    """Space plays nothing behind it; Shift+H is a hint here, Esc closes, and then Space plays again."""
    conductor = desk.conductor
    press(conductor, "Space")
    assert not conductor.session.is_playing
    press(conductor, "Shift+H")
    assert desk.game.hint == 1
    press(conductor, "T", "Ctrl+L")
    assert desk.page.head.text() == "做一回网络" and desk.page.style_now.theme.is_dark
    press(conductor, "Esc")
    assert conductor.window.page is None
    press(conductor, "Space")
    assert conductor.session.is_playing


def test_tab_stays_on_the_page_and_reaches_every_button(desk: NetworkDesk) -> None:
    """Round and round, and never to what lies behind."""
    page, seen = desk.page, set()
    page.canvas.setFocus()
    for _ in range(30):
        QTest.keyClick(desk.conductor.window.focusWidget(), Qt.Key.Key_Tab)
        here = desk.conductor.window.focusWidget()
        assert page.isAncestorOf(here)
        seen.add(here)
    wanted = {
        page.canvas,
        page.puzzles,
        page.side.hint_button,
        page.close_button,
        *(button for button, _ in page.side.buttons),
    }
    assert wanted <= seen


def test_a_search_is_called_off_when_another_puzzle_is_taken_up(desk: NetworkDesk) -> None:
    """The long one for TCP is given up at once; what it would have said is not heard."""
    desk.send(network.Pick(next(puzzle for puzzle in PUZZLES if not puzzle.variant and puzzle.breaks == "own-bytes")))
    assert "looking" in desk.page.side.said["par"].text()
    desk.send(network.Pick(PUZZLES[2]))
    settle(desk)
    assert desk.page.side.said["par"].text() == "Possible in 1 move."


def test_the_keyboard_alone_wins_and_the_table_says_where_one_is(desk: NetworkDesk) -> None:
    """Down chooses a card, Enter delivers it; of what a hint speaks Enter does that. What is chosen is spoken."""
    page = desk.page
    QTest.keyClick(page.canvas, Qt.Key.Key_Return)
    assert not desk.game.deeds, "nothing is chosen"
    QTest.keyClick(page.canvas, Qt.Key.Key_Down)
    said = page.canvas.accessibleDescription()
    assert said.startswith("SYN of the client") and "Deliver it now" in said and "LISTEN" in said
    QTest.keyClick(page.canvas, Qt.Key.Key_Return)
    assert [deed.kind for deed in desk.game.deeds] == ["old"]
    desk.send(network.Hint())
    settle(desk)
    desk.send(network.Hint())
    assert page.side.advised is not None and "Enter" in page.side.advised.text()
    QTest.keyClick(page.canvas, Qt.Key.Key_Return)
    assert desk.game.is_won and [deed.kind for deed in desk.game.deeds] == ["old", "lose"]


@pytest.mark.ci
def test_what_comes_to_be_so_is_said_aloud_once(desk: NetworkDesk) -> None:
    """Par, the hint with its reason, the verdict; not the counter of a search, and nothing twice."""
    words, game = Words("en"), desk.game
    before = network_rows(network.begin(), {}, words, searched=100)
    now = network_rows(game, {}, words)
    assert news(None, before) == "" and news(before, now) == "Possible in 2 moves." and news(now, now) == ""
    hinted = network_rows(network.update(game, network.Hint()), {}, words)
    assert "cannot tell them apart" in news(now, hinted) and "Possible" not in news(now, hinted)
    for _ in range(6):
        desk.send(network.Hint())
        settle(desk)
    won = network_rows(desk.game, {}, words)
    assert news(hinted, won).startswith("Broken, in 2 moves.") and not won.par and not won.goal


def test_with_large_text_the_move_that_a_hint_says_is_in_sight(desk: NetworkDesk) -> None:
    """At 200 % in a small window the advised button and the hinted card are scrolled to; no button is cut."""
    page, conductor = desk.page, desk.conductor
    conductor.window.resize(1280, 720)
    conductor.send(intents.SetTextScale(2.0))
    for _ in range(2):
        desk.send(network.Hint())
        settle(desk)
    QTest.qWait(20)
    assert page.side.advised is not None
    assert page.side.advised.visibleRegion().boundingRect().height() == page.side.advised.height()
    assert page.other.width() >= page.other.minimumSizeHint().width()


@pytest.mark.ci
def test_a_band_and_the_title_name_what_is_not_tcp(desk: NetworkDesk) -> None:
    """Nobody takes a broken protocol for TCP; on TCP itself there is no band, and the stage gets its title back."""
    page, window = desk.page, desk.conductor.window
    assert page.banner.isVisible() and page.banner.text().startswith("NOT TCP — two-way handshake")
    assert "NOT TCP (two-way handshake)" in window.windowTitle()
    window.resize(1280, 720)
    for scale in (2.0, 1.0):
        desk.conductor.send(intents.SetTextScale(scale))
        QApplication.processEvents()
    assert page.banner.height() < 1.8 * page.banner.fontMetrics().lineSpacing()
    desk.send(network.Pick(PUZZLES[1]))
    assert not page.banner.isVisible() and "NOT TCP" not in window.windowTitle()
    press(desk.conductor, "Esc")
    assert "a whole life" in window.windowTitle()


def test_the_list_stays_where_it_was_scrolled_to(desk: NetworkDesk) -> None:
    """A search that tells how far it has come does not throw it back; rows are changed in place."""
    page = desk.page
    desk.conductor.window.resize(1000, 640)
    QApplication.processEvents()
    bar, item = page.puzzles.verticalScrollBar(), page.puzzles.item(3)
    bar.setValue(bar.maximum())
    assert bar.value()
    for worlds in (100, 200):
        desk._count(worlds)
    desk.send(network.Hint())
    assert bar.value() == bar.maximum() and page.puzzles.item(3) is item


def test_a_search_that_tells_how_far_it_is_takes_no_button_from_under_the_focus(desk: NetworkDesk) -> None:
    """Whoever has tabbed to a move keeps it while the search counts."""
    button = desk.page.side.buttons[0][0]
    button.setFocus()
    for worlds in (100, 200):
        desk._count(worlds)
    assert desk.page.side.buttons[0][0] is button and button.hasFocus()


def test_two_puzzles_of_one_name_say_how_they_differ(desk: NetworkDesk) -> None:
    """The same protocol and promise with another budget: both lines name rules and budget, and nothing else does."""
    from dataclasses import replace

    from tutor.explore.parts import Budget

    desk.send(network.Pick(replace(PUZZLES[0], budget=Budget(held=1))))
    texts = [desk.page.puzzles.item(place).text() for place in range(desk.page.puzzles.count())]
    assert len(set(texts)) == len(texts)
    assert [place for place, text in enumerate(texts) if "≤" in text] == [0, 1]


def test_a_lesson_leads_to_its_puzzle(show: Show) -> None:
    """A beat that offers one has a button on the card, and the page opens on that puzzle."""
    conductor = show(session())
    assert conductor.window.lesson.network.isHidden()
    assert not conductor.open_text(LESSON, Path("lesson.yaml"))
    QApplication.processEvents()
    click(conductor.window.lesson.network)
    opened = desk_of(conductor)
    assert (opened.game.puzzle.variant, opened.game.puzzle.profile) == ("two-way", "linux-6.18")
    settle(opened)
    assert opened.page.side.said["par"].text() == "Possible in 2 moves."
    assert opened.page.side.said["who"].isHidden(), "they are called client and server in the lesson as well"


def test_a_lesson_that_names_its_hosts_otherwise_says_who_is_who(show: Show) -> None:
    """Phone and pizzeria in the lesson, client and server on the page: one line, and only for the lesson's puzzle."""
    conductor = show(session())
    text = LESSON.replace("client: {", "phone: {").replace("server: {", "shop: {program: [listen 80], ")
    assert not conductor.open_text(text, Path("lesson.yaml"))
    QApplication.processEvents()
    click(conductor.window.lesson.network)
    opened = desk_of(conductor)
    who = opened.page.side.said["who"]
    assert who.text() == "Client: phone. Server: shop." and who.isVisible()
    assert who_is_who(conductor.session.lesson, Words("zh")) == "客户端：phone。服务器：shop。"
    opened.send(network.Pick(PUZZLES[2]))
    assert who.isHidden()


@pytest.mark.ci
def test_the_states_that_are_shown_are_explained_and_no_others(desk: NetworkDesk) -> None:
    """Whatever state a host is in, the key below the table says what it means; it does so first, to be in sight."""
    page, seen = desk.page, set()
    desk.send(network.Pick(Puzzle("no-fin-retransmission", "no-ghost", Budget(losses=1))))
    settle(desk)
    while True:
        shown = [sign.text() for sign, meaning in page.table.reading.states if not sign.isHidden() and meaning.text()]
        assert shown == list(dict.fromkeys(end.state for end in page.shown.wire.ends))
        seen |= set(shown)
        if desk.game.is_won:
            break
        for _ in range(3):
            desk.send(network.Hint())
    assert {"SYN-SENT", "SYN-RCVD", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "LAST-ACK", "TIME-WAIT"} <= seen


@pytest.mark.ci
def test_a_proof_is_kept_only_when_somebody_has_tried_or_asked(desk: NetworkDesk) -> None:
    """The row of an impossible puzzle is clicked, and nothing is earned; the button shows the proof, and it is."""
    page, place = desk.page, next(place for place, puzzle in enumerate(PUZZLES) if puzzle.variant == "two-way-rfc5961")
    desk.send(network.Pick(PUZZLES[place]))
    settle(desk)
    assert page.side.said["par"].text() == "Impossible within this bound, from this beginning."
    assert "proof seen" not in page.puzzles.item(place).text() and page.side.said["proof"].isHidden()
    assert page.side.hint_button.text().startswith("Show me the proof")
    click(page.side.hint_button)
    QTest.qWait(20)
    assert "proof seen" in page.puzzles.item(place).text() and page.side.said["proof"].isVisible()
    assert not page.side.hint_button.isEnabled()
    assert "Now the other beginnings and orders are searched" in page.side.said["proof"].text()


def test_what_is_impossible_from_here_is_searched_from_elsewhere(desk: NetworkDesk) -> None:
    """Who has seen the proof is told, when that has been searched as well, from where it can be done; and once."""
    puzzle = Puzzle("no-fin-retransmission", "orderly-close", Budget(losses=1))
    desk.send(network.Pick(puzzle))
    settle(desk)
    click(desk.page.side.hint_button)
    settle(desk)
    assert "in 11 moves. Begin there: “Another puzzle”." in desk.page.side.said["proof"].text()
    desk.send(network.Pick(PUZZLES[0]))
    desk.send(network.Pick(puzzle))
    assert desk.search.asked is None and desk.game.elsewhere is not None, "nobody waits for it twice"


def test_who_leaves_the_page_comes_back_to_where_the_game_was(desk: NetworkDesk) -> None:
    """Moves, and what was taken back, are there again; a puzzle that is won is shown as it was left."""
    conductor = desk.conductor
    desk.send(network.Pick(PUZZLES[3]))
    settle(desk)
    for _ in range(2):
        desk.send(network.Do(desk.game.here.deeds[0]))
    desk.send(network.Undo())
    was = desk.game
    press(conductor, "Escape")
    assert conductor.window.page is None
    press(conductor, "Shift+N")
    again = desk_of(conductor)
    assert again is not desk and again.game == was and again.page.side.redo.isEnabled()


def test_no_button_is_narrower_than_a_line_on_it(desk: NetworkDesk) -> None:
    """The moves with a long condition are wrapped for the room between the button's own edges, in each language."""
    desk.send(network.Pick(next(puzzle for puzzle in PUZZLES if puzzle.budget.coincidences and not puzzle.variant)))
    settle(desk)
    desk.send(network.Choose("old:0"))
    for _ in LANGUAGES:
        wrapped = [button for button, _ in desk.page.side.buttons if "\n" in button.text()]
        assert len(wrapped) > 3
        for button in wrapped:
            option = QStyleOptionButton()
            button.initStyleOption(option)
            room = button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button).width()
            assert max(map(button.fontMetrics().horizontalAdvance, button.text().split("\n"))) <= room
        press(desk.conductor, "Ctrl+L")
        QTest.qWait(20)


STRAIGHT_ON = ("deliver", "connect", "write", "close", "expire", "tick")
"""What happens when nobody interferes, by whose turn it is."""


def test_where_nothing_more_can_happen_the_page_says_so() -> None:
    """All was delivered and both have closed: there is nothing to choose, and nobody is told to choose."""
    game = network.begin(Puzzle("no-time-wait", "orderly-close", Budget(losses=1), beginning=OPEN))
    while game.here.deeds:
        usual = (deed for deed in game.here.deeds if deed.kind in STRAIGHT_ON)
        game = network.update(game, network.Do(min(usual, key=lambda deed: STRAIGHT_ON.index(deed.kind))))
    rows = network_rows(game, {}, Words("en"))
    assert not game.is_won and [group.empty for group in rows.groups] == [
        "Nothing more can happen with what is left. Take back a move, or begin again."
    ]


def test_any_protocol_and_any_promise_can_be_taken_up(desk: NetworkDesk) -> None:
    """Another puzzle than those of the list: it is searched, stands in the list, and is known when one comes back."""
    page = desk.page
    click(page.other)
    dialog = page.findChild(PuzzleDialog)
    assert dialog.variant.currentData() == "two-way" and dialog.spent["held"].value() == 1
    dialog.variant.setCurrentIndex(dialog.variant.findData("two-way-rfc5961"))
    dialog.breaks.setCurrentIndex(dialog.breaks.findData("fresh-open"))
    dialog.spent["losses"].setValue(0)
    click(dialog.play)
    assert desk.game.puzzle.variant == "two-way-rfc5961" and desk.game.puzzle.budget.losses == 0
    settle(desk)
    assert desk.game.par is not None and page.puzzles.count() == len(PUZZLES) + 1
    still_open = next(puzzle for puzzle in PUZZLES if puzzle.beginning == OPEN)
    desk.send(network.Pick(still_open))
    taken: list[Puzzle] = []
    again = PuzzleDialog(page.style_now, still_open, page)
    again.chosen.connect(taken.append)
    again.play.click()
    assert taken == [still_open], "what is played now is what the dialog begins with, all of it"
    desk.send(network.Pick(PUZZLES[0]))
    assert desk.search.asked is None and page.side.said["par"].text() == "Possible in 2 moves."


@pytest.mark.ci
def test_the_cards_are_explained_below_the_table_and_the_newest_move_stays_in_sight(desk: NetworkDesk) -> None:
    """Nobody has to know what x′ or SYN+ACK is; however many moves there are, the last one is seen."""
    page = desk.page
    desk.conductor.window.resize(1280, 720)
    QApplication.processEvents()
    said = {sign.text(): meaning.text() for sign, meaning in page.table.reading.rows}
    assert "earlier connection" in said["x  y"] and said["SYN"].startswith("a call")
    assert page.table.reading.isVisible() and not page.table.moves.isVisible()
    desk.send(network.Pick(next(puzzle for puzzle in PUZZLES if not puzzle.variant)))
    for _ in range(8):
        if not desk.game.by_itself and not desk.game.cards:
            break
        choices = [deed for card in desk.game.cards for deed in desk.game.deeds_on(card) if deed.kind == "deliver"]
        desk.send(network.Do((*choices, *desk.game.by_itself)[0]))
    QTest.qWait(20)
    assert len(desk.game.deeds) == 8
    shown = page.table.moves.visibleRegion().boundingRect()
    assert shown.bottom() >= page.table.moves.height() - 2
    assert page.table.moves_head.text().casefold() == "your moves"


@pytest.mark.sampled(4)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_is_cut_in_half_after_a_win_in_a_small_window(show: Show, lang: str) -> None:
    """At 1280 x 720: the moves and what the cards mean stand there without scrolling; of the list whole rows only."""
    conductor = show(session("lab-1-life", lang=lang), 1280, 720)
    press(conductor, "Shift+N")
    opened = desk_of(conductor)
    settle(opened)
    page = opened.page
    assert list_rows_cut(page.puzzles) == 0
    for _ in range(6):
        press(conductor, "Shift+H")
        settle(opened)
    QTest.qWait(20)
    assert opened.game.is_won and page.table.reading.isVisible()
    assert page.table.told.verticalScrollBar().maximum() == page.side.around.verticalScrollBar().maximum() == 0
    assert list_rows_cut(page.puzzles) == 0


def list_rows_cut(puzzles) -> int:
    """Rows that are begun and not ended: found by what can be clicked just above the lower edge of the view."""
    view = puzzles.viewport().rect()
    last = [puzzles.visualItemRect(puzzles.item(place)) for place in range(puzzles.count())]
    cut = [box for box in last if box.top() < view.bottom() < box.bottom()]
    assert not any(puzzles.indexAt(QPoint(box.center().x(), view.bottom() - 1)).isValid() for box in cut)
    image = puzzles.viewport().grab().toImage()
    ground = image.pixelColor(2, image.height() - 2)
    ratio = image.devicePixelRatio()
    return sum(
        any(
            image.pixelColor(x, y) != ground
            for y in range(round(box.top() * ratio) + 1, image.height())
            for x in range(4, round((box.right() - 4) * ratio), 2)
        )
        for box in cut
    )


@pytest.mark.ci
def test_while_one_plays_no_line_of_the_explanation_is_cut(desk: NetworkDesk) -> None:
    """A move takes room: what does not fit below it begins beyond the edge."""
    page = desk.page
    desk.conductor.window.resize(1280, 720)
    QApplication.processEvents()
    desk.send(network.Pick(next(puzzle for puzzle in PUZZLES if not puzzle.variant)))
    desk.send(network.Do(next(deed for deed in desk.game.by_itself if deed.kind == "connect")))
    QTest.qWait(20)
    table = page.table
    bar, high = table.told.verticalScrollBar(), table.told.viewport().height()
    assert bar.maximum() > 0 and bar.value() == 0
    ends = [
        label.mapTo(page.table.told.viewport(), label.rect().bottomLeft()).y() + 1
        for _, label in page.table.reading.rows
    ]
    assert high in ends, (high, ends)


def test_borders_grow_with_the_window_and_not_with_the_text() -> None:
    """At 3840 px a border of one pixel was hardly seen."""
    assert [Style(scale=scale, text_scale=text).line for scale, text in ((0.84, 1.0), (1.68, 2.0), (2.0, 1.0))] == [
        1, 1, 2,
    ]  # fmt: skip
