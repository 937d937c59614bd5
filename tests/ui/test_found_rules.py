"""The rules of a run that a search has found: what it holds constant is nobody's change; what a hand sets is named."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from tests.ui.stage import session
from tutor.explore.held import FIELDS
from tutor.explore.onward import run_of, way_on
from tutor.profiles import load_profile
from tutor.teach import intents
from tutor.teach.puzzles import PUZZLES
from tutor.teach.retelling import lesson_of
from tutor.teach.session import Session, start, update
from tutor.ui import saying
from tutor.ui.parameter_rows import sheet
from tutor.ui.parameters import Parameters
from tutor.words import Words

EN, ZH = Words("en"), Words("zh")
KERNELS = ("kernel", "内核")
BOTH = pytest.mark.parametrize("rules", ["rfc9293", "linux-6.18"])


@cache
def _found(rules: str) -> Session:
    """The ghost behind the two-way handshake, as the page of the network opens it on the stage."""
    puzzle = replace(PUZZLES[0], profile=rules)
    answer, run = run_of(puzzle.play, way_on(puzzle.play).deeds)
    return start(*lesson_of(answer, run, "wire-it", {"en": "A ghost", "zh": "幽灵"}))


@BOTH
def test_nobody_is_blamed_for_what_every_search_holds_constant(rules: str) -> None:
    """Four lines of names of fields met the learner there: it is one short sentence, and the details lie behind it."""
    for words in (EN, ZH):
        told = sheet(_found(rules), words, "", frozenset())
        short, whole = told.constant
        assert told.warning == saying.other_rules(_found(rules), words) == ""
        assert 0 < len(short) < 60
        assert words.t("timers are exact") in whole
        assert not any(field in short + whole for field in FIELDS if "_" in field)
        assert not any(kernel in short + whole for kernel in KERNELS)


@BOTH
def test_what_a_hand_sets_in_such_a_run_is_named_and_nothing_else(rules: str) -> None:
    """Also where the search had held that constant; and set back, it is not spoken of any more."""
    now = _found(rules)
    title = load_profile(rules).title
    says = "Client runs no stock kernel" if "linux" in rules else f"Client departs from {title}"
    for field, value, back in (("time_wait_us", "1s", ""), ("request_rto_max_us", "7s", "1s")):
        changed = update(now, intents.ActNow(f"what-if client.{field} {value}"))
        assert changed.branch != now.branch
        assert sheet(changed, EN, "", frozenset()).warning == f"{says}: what if {field}"
        banner = saying.banner(changed, EN)
        assert banner is not None
        assert f"{says}: what if {field}" in banner.lines
        if back:
            again = update(changed, intents.ActNow(f"what-if client.{field} {back}"))
            assert sheet(again, EN, "", frozenset()).warning == ""


def test_rules_of_the_rfc_are_not_called_a_kernel() -> None:
    """In any run: RFC 9293 is a text, and what departs from it departs from that."""
    by_rfc = update(session("13-four-way-close", is_exploring=True), intents.ActNow("what-if client.time_wait_us 1s"))
    assert by_rfc.world.host("client").profile.version
    changed = update(by_rfc, intents.SetParameter("client.profile", "rfc9293"))
    changed = update(changed, intents.ActNow("what-if client.time_wait_us 1s"))
    for words in (EN, ZH):
        told = sheet(changed, words, "", frozenset())
        assert told.constant == ("", "")
        assert "RFC 9293" in told.warning
        assert not any(kernel in told.warning for kernel in KERNELS)


def test_the_panel_says_it_in_one_line_and_tells_the_rest_when_asked(show) -> None:
    """Without a sign of warning; pointed at, or read out, it gives every limit with its reason."""
    conductor = show(_found("rfc9293"), 1280, 720)
    conductor.window.command("panel-parameters")
    panel = conductor.window.findChild(Parameters)
    line = panel.constant
    assert line.isVisible() and not panel.warning.isVisible()
    assert line.height() < 1.8 * line.fontMetrics().height()
    assert line.toolTip() == line.accessibleDescription() and line.toolTip().count("\n") > 4
