"""Take me there: every edge that the diagram can draw can be shown to happen, and one can come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.profiles import load_profile, profile_names
from tutor.tcp.states import State
from tutor.tcp.transitions import EDGES, EVERYWHERE, drawn_in
from tutor.teach import intents, there
from tutor.teach.errors import Problems
from tutor.teach.reading import load_lesson, read_sources
from tutor.teach.session import Session, start, update
from tutor.teach.stage import scenario_of
from tutor.words import Words
from tutor.world.records import StateChanged
from tutor.world.scenario import Scenario


def stage(name: str) -> Scenario:
    """Two closed hosts under the rules of a profile, every other profile at hand."""
    profiles = {each: load_profile(each) for each in profile_names()}
    plain = there.two_closed_hosts(profiles[name])
    return Scenario(plain.hosts, plain.links, 1, (), 0, profiles)


def crossed_after(visit: there.Visit) -> list[str]:
    """Drawn edges crossed at the first instant after the playhead."""
    at = visit.road.trace.next_instant(visit.playhead)
    steps = [step for step in visit.road.trace.steps if step.at == at]
    return [EDGES[r.edge].drawn_as for step in steps for r in step.records if isinstance(r, StateChanged)]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", sorted(EVERYWHERE))
def test_every_drawn_edge_is_crossed_by_the_next_step(name: str) -> None:
    """Permanent and transient: one stands right before it, and one event later it has happened."""
    scenario = stage(name)
    for drawn in sorted(drawn_in((name,))):
        visit = there.visit(f"edge:{drawn}", scenario)
        assert visit is not None, drawn
        known = there.recipe(f"edge:{drawn}", name)
        assert known is not None
        wanted = {edge.drawn_as for edge in there.crossed(known)}
        assert wanted & set(crossed_after(visit)), f"{drawn} is not crossed after {visit.playhead}"


@pytest.mark.parametrize("name", sorted(EVERYWHERE))
def test_every_state_can_be_entered(name: str) -> None:
    """The playhead stands at the moment at which some host has come there."""
    scenario = stage(name)
    for state in State:
        visit = there.visit(f"state:{state}", scenario)
        assert visit is not None, state
        entered = [
            r.target for step in visit.road.trace.steps if step.at == visit.playhead for r in step.records
            if isinstance(r, StateChanged)
        ]  # fmt: skip
        assert state in entered


def test_where_the_rules_know_no_way_there_is_none() -> None:
    """A listener of Linux cannot call; note 3's edges are its own."""
    scenario = stage("linux-6.18")
    assert there.visit("edge:listen_synsent", scenario) is None
    assert there.visit("edge:established_abort_wait", scenario) is None
    assert there.visit("edge:nonsense", scenario) is None
    assert there.visit("flight:3", scenario) is None


def opened() -> Session:
    """A lesson, half way through."""
    lesson = load_lesson("01-handshake") if Path("lessons/01-handshake").exists() else load_lesson(_first())
    return start(lesson, scenario_of(lesson))


def _first() -> str:
    from tutor.teach.reading import lesson_ids

    return lesson_ids()[0]


def test_one_is_taken_there_told_what_is_done_and_can_come_back() -> None:
    """A new run in the window, its acts in words in both languages; undo is the lesson as it was."""
    before = update(opened(), intents.StepForward())
    visit = there.visit("edge:finwait1_closing", before.scenario)
    assert visit is not None
    after = update(before, intents.TakeMeThere(visit))
    assert after.playhead == visit.playhead and after.selection == "edge:finwait1_closing"
    assert after.lesson.title["en"] == "FIN-WAIT-1 → CLOSING"
    for lang in ("en", "zh"):
        assert "`server listen 80`" in after.lesson.beats[0].words[lang]
    crossed = update(after, intents.StepForward())
    states = [socket.state for host in crossed.world.hosts for socket in host.all_sockets()]
    assert State.CLOSING in states
    back = update(update(crossed, intents.Undo()), intents.Undo())
    assert back.lesson is before.lesson and back.playhead == before.playhead
    assert update(back, intents.Redo()).lesson is after.lesson


def test_a_segment_that_is_lost_is_called_by_its_name() -> None:
    """Numbers of flights mean nothing to a reader: who sent it and its flags do."""
    visit = there.visit("edge:synrcvd_closewait", stage("rfc9293"))
    assert visit is not None
    assert "`drop #3 (client: ACK)`" in visit.lesson.beats[0].words["en"]


@pytest.mark.parametrize("drawn", sorted(drawn_in(("linux-6.18",))))
def test_the_lesson_of_a_recipe_can_be_written_down_and_read_again(drawn: str) -> None:
    """A saved run embeds it: what is read is the same lesson, in English."""
    visit = there.visit(f"edge:{drawn}", stage("linux-6.18"))
    assert visit is not None
    problems = Problems(Words("en"))
    read = read_sources({"lesson.yaml": visit.lesson.source.encode()}, Path("there") / "lesson.yaml", problems).lesson
    assert not len(problems), problems.errors
    assert read is not None
    assert (read.id, read.title["en"], read.profile) == (
        visit.lesson.id,
        visit.lesson.title["en"],
        visit.lesson.profile,
    )
    again = scenario_of(read, None, visit.scenario.acts_at)
    assert [host.isn for host in again.hosts] == [host.isn for host in visit.scenario.hosts]
