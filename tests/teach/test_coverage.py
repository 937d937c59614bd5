"""What has been crossed: only what was seen, on every branch, and never taken back."""

from __future__ import annotations

from tests.teach.test_there import opened, stage
from tutor.teach import intents, there
from tutor.teach.session import Session, update


def begun() -> Session:
    """The run that leads to FIN-WAIT-2, from its beginning."""
    visit = there.visit("state:FIN-WAIT-2", stage("linux-6.18"))
    assert visit is not None
    return update(update(opened(), intents.TakeMeThere(visit)), intents.Home())


def test_only_what_the_playhead_has_passed_counts() -> None:
    """A run that will close has crossed nothing of it before anybody has looked."""
    visit = there.visit("edge:established_abort", stage("linux-6.18"))
    assert visit is not None
    taken = update(opened(), intents.TakeMeThere(visit))
    assert {"closed/passive-open", "syn-sent/rcv-syn-ack"} <= taken.crossed
    assert not {edge for edge in taken.crossed if edge.startswith("established/")}
    after = update(taken, intents.StepForward())
    assert {edge for edge in after.crossed if edge.startswith("established/")}
    assert {each.edge for each in after.news} <= after.crossed and after.news


def test_looking_again_is_no_news() -> None:
    """Back and forth over the same edge: it is told of once."""
    session = update(begun(), intents.End())
    there_and_back = update(update(session, intents.Home()), intents.End())
    assert there_and_back.news == ()
    assert there_and_back.crossed == session.crossed


def test_the_rule_set_is_the_hosts_own() -> None:
    """An edge is noted under the rules under which it was crossed."""
    session = opened()
    seen = update(session, intents.NextBeat())
    while seen.playhead < seen.visible_end and not seen.news:
        seen = update(seen, intents.StepForward())
    assert {each.rule_set for each in seen.news} == {seen.world.hosts[0].profile.rule_set}


def test_another_branch_adds_and_undo_takes_nothing_back() -> None:
    """An abort on a branch of one's own stays crossed after undo, and in the next run it still counts as ever."""
    visit = there.visit("state:ESTABLISHED", stage("linux-6.18"))
    assert visit is not None
    session = update(opened(), intents.TakeMeThere(visit))
    aborted = update(session, intents.ActNow("client abort"))
    aborted = update(aborted, intents.End())
    edge = "established/abort"
    assert edge in aborted.crossed
    undone = update(update(aborted, intents.Undo()), intents.Undo())
    assert undone.branch == session.branch
    assert edge in undone.crossed and edge in undone.ever
    other = update(undone, intents.TakeMeThere(visit))
    assert edge not in other.crossed
    assert edge in other.ever


def test_a_drawn_sequence_counts_as_the_edge_that_shows_it() -> None:
    """The ACK that brings a FIN crosses two rows, and the arrow past ESTABLISHED."""
    visit = there.visit("edge:synrcvd_closewait", stage("linux-6.18"))
    assert visit is not None
    session = update(update(opened(), intents.TakeMeThere(visit)), intents.StepForward())
    assert {"syn-received/rcv-ack", "established/rcv-fin", "synrcvd_closewait"} <= session.crossed


def test_what_earlier_runs_showed_is_remembered_not_counted_here() -> None:
    """What the file says belongs to ever, not to this run."""
    session = update(opened(), intents.Remember(frozenset({"time-wait/rcv-syn"})))
    assert "time-wait/rcv-syn" in session.ever
    assert "time-wait/rcv-syn" not in session.crossed
    assert update(session, intents.Remember(frozenset())) is session
