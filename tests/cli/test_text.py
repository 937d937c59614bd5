"""The text ladder: what stands on it, how wide it is, and what a plain, narrow or Chinese terminal gets."""

from __future__ import annotations

import io
import re

import pytest

from tests.cli.stories import text
from tutor.cli import main
from tutor.commands.console import Console
from tutor.view.cells import width
from tutor.words import Words

LESSON = "01-three-way-handshake"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def test_both_state_columns_and_every_segment_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    """Left the client, right the server, between them flags and relative numbers, in order of time."""
    out = text(capsys, LESSON)
    for states in (("SYN-SENT", "ESTABLISHED"), ("LISTEN", "SYN-RECEIVED", "ESTABLISHED")):
        places = [out.index(state) for state in states]
        assert places == sorted(places)
    segments = ["SYN seq=0", "SYN,ACK seq=0 ack=1", "ACK seq=1 ack=1"]
    assert [out.index(segment) for segment in segments] == sorted(out.index(segment) for segment in segments)
    states_left = [line for line in out.splitlines() if re.search(r"SYN-SENT +│", line)]
    states_right = [line for line in out.splitlines() if re.search(r"│ SYN-RECEIVED", line)]
    assert states_left
    assert states_right


def test_a_loss_an_expiring_timer_and_a_silence_are_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    """A cross with words, the timer by name, and the true length of the silence that was folded."""
    out = text(capsys, LESSON, "--drop", "client:SYN")
    assert "✕ dropped" in out
    assert "[retransmission timer expires]" in out
    assert re.search(r"⋯ \d+\.\d{3} s ⋯", out)
    assert "SYN seq=0 (retransmission 1)" in out


def test_a_segment_lost_on_its_way_dies_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """It left like any other; the cross stands on a line of its own, at the time of the cut."""
    lines = text(capsys, LESSON, "--act", "0.01 cut link", "--until", "0.5").splitlines()
    left = next(i for i, line in enumerate(lines) if "SYN seq=0" in line)
    died = next(i for i, line in enumerate(lines) if "the cable is cut" in line and "✕" in line)
    assert left < died
    assert "✕" not in lines[left]


def test_what_nobody_takes_and_what_a_crash_forgets(capsys: pytest.CaptureFixture[str]) -> None:
    """A machine that is down lets every segment fall; its connections are gone without a transition."""
    out = text(capsys, "13-four-way-close", "--act", "0.16 crash server", "--until", "3")
    assert "* crash server" in out
    assert re.search(r"│ -$", out, re.MULTILINE)
    assert re.search(r"nobody takes it ╰──✕│", out)


def test_a_report_of_the_network_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """ICMP stands at the host that receives it, and what it does to the call beside it."""
    out = text(capsys, LESSON, "--act", "0.02 icmp client hard")
    assert "[ICMP: cannot be reached]" in out
    assert "connect(server:80) = " in out


@pytest.mark.sampled(6)
@pytest.mark.parametrize("columns", [30, 50, 63, 64, 72, 80, 100, 120, 200])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_line_is_wider_than_the_terminal(
    columns: int, lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chinese characters count double; below 64 columns the ladder becomes a list that tells the same."""
    monkeypatch.setenv("COLUMNS", str(columns))
    out = text(capsys, "13-four-way-close", "--narrate", "--drop", "client:SYN", "--lang", lang)
    ladder = out.split("\n", 2)[2]
    assert [line for line in ladder.splitlines() if width(line) > columns] == []
    assert "SYN-RECEIVED" in ladder


def test_the_lifelines_stand_straight_in_chinese_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Every lifeline is in one column, counted in cells."""
    out = text(capsys, LESSON, "--drop", "client:SYN", "--lang", "zh")
    columns = set()
    for line in out.splitlines():
        first = next((i for i, char in enumerate(line) if char in "│├┊"), None)
        if first is not None:
            columns.add(width(line[:first]))
    assert len(columns) == 1


def test_narration_adds_the_lessons_words_and_the_reasons_with_their_clauses(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The plain ladder has neither; with --narrate both stand at the step they speak of."""
    told, bare = text(capsys, LESSON, "--narrate"), text(capsys, LESSON)
    assert "RFC 9293 section 3.10" in told
    assert "RFC 9293 section" not in bare
    assert "a SYN asks the listener to open a connection" in " ".join(told.replace("│", " ").split())
    assert "Bet: " in told
    chinese = text(capsys, LESSON, "--narrate", "--lang", "zh")
    assert "RFC 9293 第 3.10" in chinese
    assert "预测：" in chinese


def test_plain_characters_only(capsys: pytest.CaptureFixture[str]) -> None:
    """--ascii: every byte is below 128, and the ladder still has its shape."""
    out = text(capsys, LESSON, "--ascii", "--narrate", "--drop", "client:SYN")
    assert out.isascii()
    assert "|-- SYN seq=0" in out
    assert "X dropped" in out


class Screen(io.StringIO):
    """A terminal of the given encoding."""

    def __init__(self, encoding: str = "utf-8", *, is_terminal: bool = True) -> None:
        super().__init__()
        self._encoding, self._is_terminal = encoding, is_terminal

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """What it can show."""
        return self._encoding

    def isatty(self) -> bool:
        """Does a person look at it?"""
        return self._is_terminal


@pytest.mark.parametrize(
    ("environment", "is_terminal", "has_colour"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "xterm"}, False, False),
    ],
)
def test_colour_is_for_terminals_and_never_against_no_color(
    environment: dict[str, str], is_terminal: bool, has_colour: bool
) -> None:
    """https://no-color.org: set and not empty means no colour; a pipe never gets escape sequences."""
    console = Console(Words(), environment, out=Screen(is_terminal=is_terminal))
    assert console.has_colour is has_colour


def test_colour_changes_no_character(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its escape sequences a coloured ladder is the plain one."""
    monkeypatch.setenv("COLUMNS", "100")
    coloured, plain = Screen(), Screen(is_terminal=False)
    for screen in (coloured, plain):
        monkeypatch.setattr("sys.stdout", screen)
        assert main(["play", LESSON]) == 0
    assert "\x1b[" in coloured.getvalue()
    assert "\x1b[" not in plain.getvalue()
    assert ESCAPE.sub("", coloured.getvalue()) == plain.getvalue()


def test_a_terminal_that_cannot_show_boxes_gets_plain_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """An old console on code page 1252 has no box-drawing characters."""
    screen = Screen("cp1252")
    monkeypatch.setattr("sys.stdout", screen)
    assert main(["play", LESSON]) == 0
    assert "│" not in screen.getvalue()
    assert "|-- SYN seq=0" in ESCAPE.sub("", screen.getvalue())


@pytest.mark.parametrize(("columns", "expected"), [("70", 70), ("", 100), ("wide", 100), ("0", 100)])
def test_a_pipe_is_a_hundred_columns_wide_unless_columns_says_otherwise(columns: str, expected: int) -> None:
    """So that a file looks the same whatever terminal it was made in."""
    assert Console(Words(), {"COLUMNS": columns}, out=Screen(is_terminal=False)).columns == expected
