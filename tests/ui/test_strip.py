"""The strip of panels, the palette and the menu: everything that can be asked for is found, and stays within reach."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.ui.stage import CLOSE, HANDSHAKE, answered, press, session
from tutor.teach import intents
from tutor.ui import commands, fuzzy
from tutor.ui.deeds import DEEDS
from tutor.ui.events import ROW
from tutor.ui.forms import Form
from tutor.ui.menu import open_menu
from tutor.ui.palette import Palette, answers, entries
from tutor.ui.panel import Panel
from tutor.ui.panels import PANELS
from tutor.ui.parameter_cells import Editor

# --- panels ---


def test_a_full_window_shows_panels_and_a_narrow_one_has_a_drawer(show) -> None:
    """At 1920 px the strip is open from the start; at 1280 px one key opens it and the same key closes it."""
    wide = show(session(), 1920, 1080).window
    assert wide.strip.isVisible()
    narrow = show(session(), 1280, 720)
    assert not narrow.window.strip.isVisible()
    press(narrow, "E")
    assert narrow.window.strip.is_shown("events")
    press(narrow, "E")
    assert not narrow.window.strip.isVisible()


@pytest.mark.parametrize("size", [(1920, 1080), pytest.param((1280, 720), marks=pytest.mark.ci), (1000, 640)])
@pytest.mark.parametrize("row", PANELS, ids=lambda row: row.id)
@pytest.mark.sampled(20)
def test_every_panel_opens_at_every_size_and_follows_the_playhead(show, row, size: tuple[int, int]) -> None:
    """Each is shown by its command, in both languages, at the start and at the end of a run."""
    conductor = answered(show(session(CLOSE), *size))
    conductor.window.show_panel(row.id)
    for step in (intents.End(), intents.SetLanguage("zh"), intents.SetTheme("dark"), intents.Home()):
        conductor.send(step)
        QApplication.processEvents()
    assert conductor.window.strip.is_shown(row.id)


def test_the_list_of_events_is_about_now_and_leads_back_and_forth(show) -> None:
    """The row of now is the current one; a click on another goes there, before or after."""
    conductor = answered(show(session(), 1920, 1080))
    conductor.window.show_panel("events")
    conductor.send(intents.End())
    panel = conductor.window.strip.panels["events"]
    assert panel.list.currentRow() == panel.list.count() - 1
    conductor.send(intents.StepBack())
    assert panel.list.currentRow() == panel.list.count() - 2
    panel.list.itemClicked.emit(panel.list.item(0))
    assert conductor.session.playhead == 0
    panel.list.itemActivated.emit(panel.list.item(panel.list.count() - 1))
    assert conductor.session.playhead == conductor.session.end


def test_while_a_bet_is_open_no_event_ahead_is_listed(show) -> None:
    """The list ends at the playhead."""
    conductor = show(session(), 1920, 1080)
    conductor.window.show_panel("events")
    conductor.send(intents.End())
    panel = conductor.window.strip.panels["events"]
    assert conductor.session.horizon is not None
    rows = [panel.list.item(place).data(ROW) for place in range(panel.list.count())]
    assert rows
    assert all(row.at <= conductor.session.playhead and not row.is_ahead for row in rows)
    assert rows[panel.list.currentRow()].is_told


def test_the_strip_remembers_whether_it_was_open(show) -> None:
    """Closed by hand it stays closed when the window is resized within its kind."""
    conductor = show(session(), 1920, 1080)
    press(conductor, "I")
    conductor.window.resize(1700, 1000)
    QApplication.processEvents()
    assert not conductor.window.strip.isVisible()


# --- the registry ---


def test_in_each_context_a_key_stands_in_one_row_only() -> None:
    """An ambiguous shortcut would do nothing at all, silently."""
    for context in commands.CONTEXTS:
        rows = [row for row in commands.COMMANDS if row.context == context]
        keys = [key for row in rows for key in row.keys]
        assert len(keys) == len(set(keys)), f"{context}: {sorted(key for key in keys if keys.count(key) > 1)}"


def test_an_open_question_takes_its_keys_first(show) -> None:
    """1 to 9 and Enter answer while something is asked, and belong to nobody else then."""
    asking = commands.active((commands.QUESTION, commands.LABORATORY))
    resting = commands.active((commands.LABORATORY,))
    assert "choose-1" in asking
    assert "choose-1" not in resting
    assert resting <= asking | {row.id for row in commands.COMMANDS if row.keys}
    conductor = show(session())
    assert not conductor.window.actions_by_id["choose-1"].isEnabled()


def test_every_row_is_carried_out_by_somebody() -> None:
    """A row has an intent, or a deed, or the window does it itself: never nothing."""
    windows_own = {
        "network-hint", "help", "lesson-card", "full-screen", "exam-flag", "exam-next", "exam-hand-in",
    }  # fmt: skip
    elsewhere = {row.id for row in commands.COMMANDS if row.context in (commands.PRESENTER, commands.VOTING)}
    orphans = [
        row.id
        for row in commands.COMMANDS
        if row.intent is None and row.id not in DEEDS and row.id not in windows_own | elsewhere
    ]
    assert not orphans
    assert not set(DEEDS) - set(commands.BY_ID)


# --- the palette ---


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("typed", "lang", "finds"),
    [
        ("drop", "en", "drop"),
        ("dsg", "en", "drop"),
        ("丢弃", "zh", "drop"),
        ("ytb", "zh", ""),
        ("theme", "en", "theme"),
    ],
)
def test_the_palette_finds_a_command_in_both_languages(show, typed: str, lang: str, finds: str) -> None:
    """By its words, by letters out of them, by Chinese characters."""
    conductor = show(session(lang=lang))
    press(conductor, "Ctrl+K")
    palette = conductor.window.findChild(Palette)
    QTest.keyClicks(palette.field, typed) if typed.isascii() else palette.field.setText(typed)
    if finds:
        best = palette.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
        assert conductor.words.t(commands.BY_ID[finds].text) in best
    press(conductor, "Esc")
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("variant", "Another protocol"),
        ("two-way", "Another protocol: two-way handshake"),
        ("not tcp", "Another protocol"),
        ("broken", "Another protocol"),
        ("protocol", "Another protocol"),
        ("两次握手", "Another protocol: two-way handshake"),
        ("lamp", "Show the seven properties of a connection"),
        ("search", "Be the network: break a promise"),
        ("why three", "Be the network: break a promise"),
        ("counterexample", "Be the network: break a promise"),
    ],
)
def test_the_palette_finds_what_answers_why_three(show, typed: str, finds: str) -> None:
    """Whoever has the question in mind finds the broken protocols, the page of the network and the properties."""
    found = answers(entries(show(session(HANDSHAKE))), typed)
    assert any(finds in entry.text for entry in found[:5])


@pytest.mark.sampled(2)
@pytest.mark.parametrize("typed", ["ghost", "幽灵"])
def test_the_palette_finds_by_the_promise_that_is_broken(show, typed: str) -> None:
    """A ghost: the variants that leave one, the page where one can be made, the lamp, the lessons that make one."""
    found = [entry.text for entry in answers(entries(show(session(HANDSHAKE))), typed)[:7]]
    for wish in (
        "Another protocol: two-way handshake", "Be the network: break a promise", "Lesson: Why three and not two?",
        "Show the seven properties of a connection",
    ):  # fmt: skip
        assert wish in found
    assert not any("contrast" in text for text in found)


@pytest.mark.ci
def test_the_palette_speaks_another_protocol_from_now_on(show) -> None:
    """What it offers is the act that the parameter has; TCP is the way back."""
    conductor = answered(show(session(HANDSHAKE)))
    for typed, variant in (("two-segment-close", "two-segment-close"), ("protocol: TCP", "")):
        press(conductor, "Ctrl+K")
        palette = conductor.window.findChild(Palette)
        palette.field.setText(typed)
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
        QApplication.processEvents()
        assert conductor.session.world.variant.id == variant


def test_the_palette_says_that_it_found_nothing(show) -> None:
    """No empty white box: a word, and the list again as soon as something answers."""
    conductor = show(session(HANDSHAKE))
    press(conductor, "Ctrl+K")
    palette = conductor.window.findChild(Palette)
    palette.field.setText("qqqzzz")
    assert palette.nothing.isVisible() and palette.nothing.text() == "Nothing found"
    assert not palette.list.isVisible()
    palette.field.setText("drop")
    assert palette.list.isVisible() and not palette.nothing.isVisible()


@pytest.mark.ci
def test_enter_in_the_palette_does_it_and_gives_the_keys_back(show) -> None:
    """After the palette is gone, Space plays again."""
    conductor = answered(show(session(HANDSHAKE)))
    press(conductor, "Ctrl+K")
    palette = conductor.window.findChild(Palette)
    QTest.keyClicks(palette.field, "to the end")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert conductor.session.playhead == conductor.session.end
    QApplication.processEvents()
    press(conductor, "Home")
    assert conductor.session.playhead == 0


def test_pinyin_initials_find_chinese_words() -> None:
    """重传 is read chongchuan: cc finds it; so does zc, since the character has both readings."""
    assert fuzzy.score("cc", "重传计时器") > 0
    assert fuzzy.score("bwd", "报文段") > fuzzy.score("bwd", "计时器") == 0
    assert fuzzy.initials("报文段") == ("bwd",)
    assert fuzzy.initials("abc") == ()


def test_a_better_match_stands_first() -> None:
    """The start of a word beats letters scattered over many."""
    assert fuzzy.score("step", "One step forward") > fuzzy.score("step", "Show the steps' other part") > 0
    assert fuzzy.score("xyz", "One step forward") == 0


# --- the menu ---


def test_the_menu_holds_every_command_of_the_laboratory(show) -> None:
    """Each group is a submenu, each entry names its key."""
    conductor = show(session())
    menu: QMenu = open_menu(conductor)
    texts = [entry.text().split("\t")[0] for part in menu.actions() for entry in part.menu().actions()]
    wanted = [row for row in commands.COMMANDS if row.context == commands.LABORATORY]
    assert set(texts) == {conductor.words.t(row.text) for row in wanted}
    menu.close()


def test_every_kind_of_panel_form_and_editor_fills_in_what_its_base_leaves_open(show) -> None:
    """Classes of Qt have a metaclass of their own, which asks for nothing that is abstract: this test does."""
    conductor = show(session(CLOSE), 1920, 1080)
    for row in PANELS:
        conductor.window.command(f"panel-{row.id}")
    kinds = {Panel, Form, Editor}
    while found := {sub for kind in kinds for sub in kind.__subclasses__()} - kinds:
        kinds |= found
    used = [kind for kind in kinds if not kind.__subclasses__() and kind.__module__.startswith("tutor.")]
    assert len(used) > len(PANELS)
    left = {
        f"{kind.__name__}.{name}" for kind in used for name in dir(kind)
        if getattr(getattr(kind, name, None), "__isabstractmethod__", False)
    }  # fmt: skip
    assert not left
