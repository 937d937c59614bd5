"""Two segments change places on the way, and acts that are armed before their segment exists."""

from __future__ import annotations

from tests.world.stage import CALL_AND_CLOSE, all_of, lost, received, run, scene
from tutor.world.acts import parse_act
from tutor.world.beginning import begin
from tutor.world.records import Acted, Arrived, FlightChanged, Sent
from tutor.world.time import MS, SECOND
from tutor.world.trace import Trace
from tutor.world.world import act, step

BURST = """
    host client 10.0.0.1 rfc9293 isn=1000
      connect server:80
      write 6000
    host server 10.0.0.2 rfc9293 isn=5000
      listen 80
      accept
    link client server delay=50ms {more}
    until 10min
"""


def arrivals(trace: Trace) -> list[tuple[int, int]]:
    """(ms, flight) of the client's data in the order in which they arrive."""
    return [(r.at // MS, r.flight.id) for r in all_of(trace, Arrived, "server") if r.flight.segment.length]


def data(trace: Trace) -> list[int]:
    """The numbers of the client's data segments."""
    return [r.flight.id for r in all_of(trace, Sent, "client") if r.flight.segment.length]


def refusals(trace: Trace) -> list[str]:
    """What was refused."""
    return [record.refused for record in all_of(trace, Acted)]


def test_the_next_segment_overtakes_and_nobody_else_does() -> None:
    """Of a burst that arrives at one instant: 2, 1, 3."""
    plain = run(BURST.format(more=""))
    first, second, third, *rest = data(plain)
    swapped = run(BURST.format(more=""), f"at 110ms swap #{first}")
    assert arrivals(plain)[:3] == [(150, first), (150, second), (150, third)]
    assert arrivals(swapped)[:3] == [(150, second), (150, first), (150, third)]
    assert [each for _, each in arrivals(swapped)[3:]] != rest, "the ACKs are others"
    assert all(not record.flight.retransmission for record in all_of(swapped, Sent)), "and nothing looks lost"


def test_nothing_travels_faster_than_the_link_lets_it() -> None:
    """At 1 Mbit/s the two are 12 ms apart: the first waits for the second."""
    plain = run(BURST.format(more="bandwidth=1mbit"))
    first, second, third = data(plain)[:3]
    times = {flight: at for at, flight in arrivals(plain)}
    swapped = run(BURST.format(more="bandwidth=1mbit"), f"at 130ms swap #{first}")
    assert arrivals(swapped)[:3] == [
        (times[second], second),
        (times[second], first),
        (times[third], third),
    ]


def test_swapped_again_it_goes_one_further_back() -> None:
    """The next is the next to arrive, whoever was sent first."""
    first, second, third = data(run(BURST.format(more="")))[:3]
    twice = run(BURST.format(more=""), f"at 110ms swap #{first}", f"at 111ms swap #{first}")
    assert [flight for _, flight in arrivals(twice)][:3] == [second, third, first]


def test_what_has_nothing_behind_it_is_not_overtaken() -> None:
    """Refused with a reason: alone on the way, or not there any more. That it will be lost is not told."""
    trace = run(CALL_AND_CLOSE, "at 10ms swap #1", "at 500ms swap #1", "at 0 drop client:SYN")
    assert refusals(trace) == [
        "",
        "no other segment of this sender is on its way behind this one",
        "this segment is not on its way",
    ]
    alone = run(CALL_AND_CLOSE, "at 10ms swap #1")
    assert refusals(alone) == ["no other segment of this sender is on its way behind this one"]
    assert received(alone, "server") == received(run(CALL_AND_CLOSE), "server")


def test_a_swap_is_armed_before_its_segment_exists() -> None:
    """The handshake's last ACK and the data leave at one instant: the data overtake."""
    trace = run(CALL_AND_CLOSE, "at 0 swap client:ACK")
    assert received(trace, "server")[1:3] == ["PSH,ACK 1:101(100) ack 1", "ACK 1:1(0) ack 1"]
    assert len(all_of(trace, FlightChanged)) == 1
    assert trace.steps[-1].world.rules == ()


def test_an_armed_swap_whose_segment_arrives_alone_lapses() -> None:
    """Nobody overtakes the SYN: the rule goes when the client sends again, and touches nothing."""
    trace = run(CALL_AND_CLOSE, "at 0 swap client:SYN")
    assert received(trace, "server") == received(run(CALL_AND_CLOSE), "server")
    assert trace.steps[-1].world.rules == ()


def test_a_duplicate_that_is_overtaken_keeps_its_copies_in_order() -> None:
    """Both copies come behind the second segment, none before it was sent."""
    slow = BURST.format(more="bandwidth=1mbit")
    first, second = data(run(slow))[:2]
    trace = run(slow, f"at 120ms duplicate #{first} 1ms", f"at 130ms swap #{first}")
    mine = [each for each in arrivals(trace) if each[1] in (first, second)]
    assert mine == [(mine[0][0], second), (mine[0][0], first), (mine[0][0], first)]


# --- armed for whoever sends next ---


def test_the_next_segment_of_anybody_is_lost() -> None:
    """``*:any`` armed at 60 ms means the client's ACK at 100 ms."""
    trace = run(CALL_AND_CLOSE, "at 60ms drop *:any")
    assert lost(trace) == [("ACK 1:1(0) ack 1", "dropped")]


def test_what_is_armed_can_be_taken_back() -> None:
    """Disarmed in time nothing is lost; what is not armed is refused."""
    trace = run(CALL_AND_CLOSE, "at 60ms drop *:any", "at 61ms disarm drop *:any", "at 62ms disarm drop *:any")
    assert lost(trace) == []
    assert refusals(trace) == ["", "", "nothing like this is armed"]


def test_two_equal_rules_are_taken_back_one_by_one() -> None:
    """Armed twice, disarmed once: one segment is lost."""
    world = begin(scene(CALL_AND_CLOSE))
    for line in ("drop client:SYN", "drop client:SYN", "disarm drop client:SYN"):
        world = act(world, parse_act(line)).world
    assert len(world.rules) == 1


def test_every_deed_can_be_armed() -> None:
    """Corrupted at the door, late by a second, twice: the SYN of a run each."""
    fates = {}
    for deed in ("corrupt *:any", "delay *:any 1s", "duplicate *:any"):
        flight = all_of(run(CALL_AND_CLOSE, f"at 0 {deed}"), Sent)[0].flight
        fates[deed.split()[0]] = (flight.fate, [at / SECOND for at in flight.copies])
    assert fates == {
        "corrupt": ("corrupted", [0.05]),
        "delay": ("delivered", [1.05]),
        "duplicate": ("duplicated", [0.05, 0.06]),
    }


def test_a_swap_is_a_step_like_any_other() -> None:
    """The world before it stays as it was: what was due is due there still."""
    world = begin(scene(BURST.format(more="")))
    while world.now < 100 * MS or len([each for each in world.flights if each.segment.length]) < 2:
        following = step(world)
        assert following is not None
        world = following.world
    before = list(world.agenda)
    first = next(each.id for each in world.flights if each.segment.length)
    act(world, parse_act(f"swap #{first}"))
    assert list(world.agenda) == before
