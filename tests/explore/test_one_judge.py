"""The search and the lamps judge by the same rules: who waits for ever, who is excused, and what a match is."""

from __future__ import annotations

import pytest

from tests.world.stage import scene
from tutor.explore.ends import EXCUSED, End, excused
from tutor.explore.judging import judge
from tutor.explore.observing import is_ghost
from tutor.explore.parts import Budget, Play
from tutor.explore.past import OPEN
from tutor.explore.replay import replay
from tutor.explore.search import search
from tutor.explore.verdict import PROPERTIES, has_ghost
from tutor.profiles import load_profile
from tutor.tcp.states import State
from tutor.tcp.tcb import Address, closed
from tutor.tcp.values import replace
from tutor.tcp.variant import variant_named
from tutor.world.trace import Trace

CRASHED_AND_CALLED_AGAIN = """
    host client 10.0.0.1 rfc9293
      at 0s connect server:80 from 40000
    host server 10.0.0.2 rfc9293
      at 0s listen 80
      accept
      read
    link client server delay=10ms
    until 30s
    at 2s reboot client
    at 3s client connect server:80 from 40000
"""

ONE_SYN_LOST = """
    host client 10.0.0.1 {profile}
      at 0s connect server:80 from 40000
    host server 10.0.0.2 {profile}
      at 0s listen 80
      accept
    link client server delay=10ms
    until 30s
    at 0s drop client:SYN
    at 1.5s drop server:SYN,ACK
"""


def broken(trace: Trace) -> dict[str, float]:
    """Which properties broke, and when in seconds."""
    return {name: trace.steps[each.broken].at / 1e6 for name, each in judge(trace).items() if each.broken is not None}


@pytest.mark.parametrize("variant", ["", "fixed-isn-client"])
def test_who_calls_again_with_the_same_number_waits_for_ever(variant: str) -> None:
    """U1: the old connection takes the new SYN for its own; the lamp is red as soon as that answer is in."""
    trace = Trace.of(replace(scene(CRASHED_AND_CALLED_AGAIN), variant=variant))
    assert broken(trace).get("honest-open") == (pytest.approx(3.02) if variant else None)
    ends = [each.state for host in trace.world_at(trace.end).hosts for each in host.all_sockets() if each.tcb.remote]
    assert (State.SYN_SENT in ends) == bool(variant)


@pytest.mark.parametrize("profile", ["rfc9293", "linux-6.18"])
def test_a_call_whose_syn_was_lost_does_not_wait_for_ever(profile: str) -> None:
    """Nothing is under way, and a timer runs: one asks what comes of it, and does not wait for the retry limit."""
    trace = Trace.of(scene(ONE_SYN_LOST.format(profile=profile)))
    assert broken(trace) == {}
    assert judge(trace)["honest-open"].tried is not None


def test_an_abort_excuses_who_was_there_and_nobody_later() -> None:
    """A fixed number: the abort of the first call is over; what the second is told is a fault, to both judges."""
    honest = PROPERTIES["honest-open"]
    answer = search(Play(load_profile("rfc9293"), variant_named("fixed-isn"), Budget(interferences=1), OPEN, honest))
    kinds = [move.kind for move in answer.path]
    assert kinds.index("abort") < kinds.index("connect")
    assert broken(Trace.of(replay(answer).scenario))["honest-open"]


@pytest.mark.sampled(6)
@pytest.mark.parametrize("profile", ["rfc9293", "linux-6.18"])
def test_after_an_abort_or_a_crash_tcp_opens_in_bounded_time(profile: str) -> None:
    """The real protocol: half-open is found out by the next SYN, and the call after that succeeds."""
    budget = Budget(interferences=1, connects=2, writes=0)
    answer = search(Play(load_profile(profile), budget=budget, watched=PROPERTIES["honest-open"]))
    assert not answer.is_found
    assert answer.statistics.is_complete


def test_who_is_not_there_is_not_excused() -> None:
    """There is no record that could be told anything."""
    assert excused(End()) == End()
    assert excused(End(closed(Address("10.0.0.1", 1)))).ghost == EXCUSED


def test_a_mate_in_syn_received_is_a_mate() -> None:
    """P3 asks for a matching record, not for a synchronised one; what is not synchronised is no ghost itself."""
    own = replace(closed(Address("10.0.0.1", 1)), state=State.ESTABLISHED)
    own = replace(own, snd=replace(own.snd, iss=1), rcv=replace(own.rcv, irs=2))
    mate = replace(own, state=State.SYN_RECEIVED, snd=replace(own.snd, iss=2), rcv=replace(own.rcv, irs=1))
    assert not is_ghost(own, mate) and not has_ghost((End(own), End(mate)))
    assert is_ghost(own, None) and has_ghost((End(own), End()))
    assert is_ghost(own, replace(mate, rcv=replace(mate.rcv, irs=3)))
    assert not is_ghost(mate, None)
