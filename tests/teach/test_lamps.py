"""The seven lamps of a session, and the protocol that it may be made to speak."""

from __future__ import annotations

from dataclasses import replace

from tests.teach.conftest import HANDSHAKE, do
from tutor.teach.intents import End, Home, Seek, SetParameter, Undo
from tutor.teach.lamps import lamps
from tutor.teach.parameters import find
from tutor.teach.session import Session, start
from tutor.teach.stage import scenario_of
from tutor.words import Words
from tutor.world.acts import parse_act

OLD_SYN = (
    (0, "variant two-way"),
    (0, "duplicate client:SYN 20s"),
    (10_000_000, "client abort"),
    (15_000_000, "drop server:SYN,ACK"),
)
"""A copy of the SYN is held; when both have forgotten the connection it comes, and its answer is lost."""


def ghost() -> Session:
    """Lesson 01 with two segments and an old SYN, its bets out of the way."""
    acts = [(at, parse_act(text)) for at, text in OLD_SYN]
    scenario = scenario_of(HANDSHAKE, "rfc9293", acts, 60_000_000)
    return replace(start(HANDSHAKE, scenario), is_exploring=True)


def said(session: Session) -> dict[str, str]:
    """Property -> verdict."""
    return {lamp.id: lamp.verdict for lamp in lamps(session, None)}


def test_lamps_know_the_run_up_to_the_playhead_and_no_further() -> None:
    """At the start nothing has been tried; the ghost's lamp goes out when there is a ghost, and not before."""
    session = ghost()
    assert set(said(do(session, Home())).values()) <= {"untried", "holds"}
    end = do(session, End())
    broken = {lamp.id: lamp for lamp in lamps(end, None) if lamp.verdict == "broken"}
    assert {"fresh-open", "agreed-open", "no-ghost"} <= set(broken)
    at = broken["no-ghost"].at
    assert at is not None and at > 15_000_000
    assert said(do(session, Seek(at - 1)))["no-ghost"] != "broken"
    assert said(do(session, Seek(at)))["no-ghost"] == "broken"


def test_an_open_bet_is_not_spoiled_by_a_lamp() -> None:
    """While a bet is open the lamps are those of its moment, whatever the run will bring."""
    scenario = scenario_of(HANDSHAKE, "rfc9293", [(at, parse_act(text)) for at, text in OLD_SYN], 60_000_000)
    session = do(start(HANDSHAKE, scenario), End())
    assert session.is_held
    calm = do(start(HANDSHAKE, scenario_of(HANDSHAKE, "rfc9293", [(0, parse_act("variant two-way"))])), End())
    assert said(session) == said(calm)


def test_a_long_run_is_looked_at_in_parts() -> None:
    """What has not been looked at yet is pending, and what broke is said at once."""
    session = do(ghost(), End())
    first = lamps(session, 3)
    assert {lamp.verdict for lamp in first} == {"pending"}
    for _ in range(40):
        lamps(session, 3)
    assert [lamp.verdict for lamp in lamps(session, 3)] == [lamp.verdict for lamp in lamps(session, None)]


# --- the protocol as a parameter ---


def test_a_learner_breaks_the_protocol_and_takes_it_back() -> None:
    """It is a parameter like others: an act at the playhead, in a future of its own."""
    session = replace(start(HANDSHAKE, scenario_of(HANDSHAKE)), is_exploring=True)
    after = do(session, SetParameter("variant", "two-way"))
    assert after.notice is None and after.world.variant.id == "two-way"
    here = find(after, "variant")
    assert here is not None and here.value == "two-way" and here.default == "none" and here.is_changed
    again = do(after, SetParameter("variant", "no-time-wait"))
    assert again.world.variant.id == "no-time-wait"
    back = do(after, Undo())
    assert back.world.variant.is_tcp
    wrong = do(session, SetParameter("variant", "three-way"))
    assert wrong.notice is not None and "two-way-rfc793" in wrong.notice.text(Words("en"))


def test_the_run_may_be_computed_anew_with_another_protocol_from_the_start() -> None:
    """Two segments open it then, in the whole run."""
    session = do(replace(start(HANDSHAKE, scenario_of(HANDSHAKE)), is_exploring=True), End())
    after = do(session, SetParameter("variant", "two-way", from_start=True))
    assert after.branch != session.branch
    assert said(after)["agreed-open"] == "broken"
    assert said(session)["agreed-open"] == "holds"


def test_a_lesson_may_be_about_a_broken_protocol() -> None:
    """``variant`` in a lesson is what all its hosts speak from the beginning."""
    lesson = replace(HANDSHAKE, variant="two-way")
    assert start(lesson, scenario_of(lesson)).world.variant.id == "two-way"
