"""The seven properties, cell by cell: what breaks each of them, and what does not, on the engine itself.

The earlier incarnation is lived through: A calls, writes ten octets and aborts. The network holds copies of what it
sent then (budget H), loses (L) or repeats (D) what is sent now, and delivers the copies when both ends have forgotten.
"""

from __future__ import annotations

import pytest

from tests.world.stage import run, scene
from tutor.explore.judging import Judge, judge
from tutor.explore.observing import leaves_in_order, what_a_reset_breaks
from tutor.explore.properties import NOTHING_YET, PROPERTIES, renamed
from tutor.tcp import deviations as d, transitions as t
from tutor.tcp.states import State
from tutor.tcp.tcb import Address, closed
from tutor.tcp.values import replace
from tutor.world.acts import parse_act
from tutor.world.timeline import Timeline
from tutor.world.trace import Trace

PAST = """
    host client 10.0.0.1 {profile}
      at 0s connect server:80 from 40000
      write 10
    host server 10.0.0.2 {profile}
      at 0s listen 80
      accept
      read
      and
      at 3s accept
      read
      and
      at 4s accept
      read
    link client server delay=10ms
    until {until}
    at 2s client abort
"""
"""Held copies arrive from 20 s on."""

SYN, ACK, DATA = (
    f"at 0s duplicate client:{what} {span}" for what, span in (("SYN", "20s"), ("ACK", "20.5s"), ("data", "20.8s"))
)
"""The three segments of the earlier incarnation that may be held: they come at 20.0, 20.5 and 20.8 s."""
CALL = "at {at} client connect server:80 from 40000"
MUTE = "at 19s drop server:SYN,ACK"


def played(*more: str, variant: str = "", profile: str = "rfc9293", until: str = "1min") -> Trace:
    """The past and what is done after it."""
    text = "\n".join((PAST.format(profile=profile, until=until), *(f"    {line}" for line in more)))
    return Trace.of(replace(scene(text), variant=variant))


def broken(trace: Trace) -> dict[str, float]:
    """Which properties broke, and when in seconds."""
    steps = trace.steps
    found = judge(trace).items()
    return {name: steps[each.broken].at / 1e6 for name, each in found if each.broken is not None}


TWO_WAY = ("two-way", "two-way-rfc793", "two-way-rfc5961", "two-way-syn-data")
DROP_SYN_ACK = "at 2.5s drop server:SYN,ACK"


# --- P1, fresh open ---


@pytest.mark.parametrize("variant", TWO_WAY)
def test_fresh_open_breaks_for_two_ways_with_one_held_syn(variant: str) -> None:
    """H1: nobody calls, and yet a connection waits for accept()."""
    assert broken(played(SYN, variant=variant))["fresh-open"] == pytest.approx(20.01)


@pytest.mark.parametrize("variant", ["", "fixed-isn-client", "no-time-wait", "four-segment-handshake"])
def test_fresh_open_holds_where_the_number_is_checked_and_new(variant: str) -> None:
    """The same SYN, with the old ACK and the old data behind it: SYN-RECEIVED asks, and nobody who answers knows y."""
    trace = played(SYN, ACK, DATA, MUTE, variant=variant)
    assert broken(trace) == {}
    assert judge(trace)["fresh-open"].tried is not None


@pytest.mark.parametrize("variant", ["unchecked-ack", "fixed-isn", "fixed-isn-server"])
def test_fresh_open_breaks_with_two_held_segments_where_the_answer_proves_nothing(variant: str) -> None:
    """H2: the old SYN, and the old ACK, which nobody checks, or whose number is right as it always is."""
    found = broken(played(SYN, ACK, MUTE, variant=variant))
    assert found["fresh-open"] == found["agreed-open"] == pytest.approx(20.53)
    assert "fresh-open" not in broken(played(ACK, variant=variant))


# --- P2, agreed open ---


@pytest.mark.parametrize("variant", TWO_WAY)
def test_agreed_open_is_broken_by_construction_in_two_ways(variant: str) -> None:
    """The server is ESTABLISHED before the caller has heard its number at all."""
    assert broken(run_of_one_call(variant))["agreed-open"] == pytest.approx(0.01)


def run_of_one_call(variant: str) -> Trace:
    """One call that nobody disturbs."""
    return played(variant=variant, until="1s")


def test_agreed_open_breaks_with_one_held_ack_where_both_numbers_are_fixed() -> None:
    """H1: A calls, and its old ACK opens at B what A has not agreed to yet."""
    early = "at 0s duplicate client:ACK 20.985s"
    found = broken(played(early, CALL.format(at="21s"), variant="fixed-isn"))
    assert found["agreed-open"] == pytest.approx(21.015)
    assert "agreed-open" not in broken(played(early, CALL.format(at="21s"), variant="fixed-isn-server"))


# --- P3, no ghost at rest ---


@pytest.mark.parametrize("variant", TWO_WAY)
def test_a_ghost_stays_behind_two_ways_with_one_held_and_one_lost(variant: str) -> None:
    """H1 and L1: the old SYN, and the answer lost. Without the loss A's host resets it."""
    assert broken(played(SYN, MUTE, variant=variant))["no-ghost"] >= 20.01
    assert "no-ghost" not in broken(played(SYN, variant=variant))


def test_a_ghost_stays_where_the_number_is_not_checked() -> None:
    """H2 and L1: old SYN, old ACK, and the SYN,ACK lost."""
    assert broken(played(SYN, ACK, MUTE, variant="unchecked-ack"))["no-ghost"] == pytest.approx(20.53)


def test_real_tcp_leaves_a_ghost_when_all_acks_are_lost() -> None:
    """The known limit: n + 1 lost ACKs, n repeated SYN,ACKs; the caller stays ESTABLISHED and says nothing."""
    calm = """
        host client 10.0.0.1 linux-6.18
          at 0s connect server:80
        host server 10.0.0.2 linux-6.18 tcp_synack_retries=1
          at 0s listen 80
          accept
        link client server delay=10ms
        until 1min
    """
    lost = ["at 0s drop client:ACK", "at 0.5s drop client:ACK"]
    assert broken(run(calm, lost[0])) == {}
    assert set(broken(run(calm, *lost))) == {"no-ghost"}


# --- P4 and P5, bytes ---


@pytest.mark.parametrize("variant", ["two-way", "two-way-rfc793"])
def test_old_bytes_are_delivered_behind_two_ways_with_two_held_segments(variant: str) -> None:
    """H2: the old SYN opens, the old data follows. Not without the SYN."""
    found = broken(played(SYN, DATA, MUTE, variant=variant))
    assert found["own-bytes"] == found["exactly-once"] == pytest.approx(20.83)
    assert "own-bytes" not in broken(played(DATA, variant=variant))


def test_rfc_5961_keeps_old_bytes_out_of_a_two_way_connection() -> None:
    """The same two segments: the ACK of the old data is too old. That hides the fault: it is open all the same."""
    found = broken(played(SYN, DATA, MUTE, variant="two-way-rfc5961"))
    assert "fresh-open" in found and not {"own-bytes", "exactly-once"} & set(found)


SYN_WITH_DATA = (
    "at 2.9s duplicate client:data 30s",
    "at 3s client connect server:80 from 40000 data=10",
    "at 4s client abort",
    "at 5s server accept",
)
"""A call that puts ten octets on its SYN, and is forgotten; a copy of the SYN is held."""


def test_one_held_syn_is_enough_where_it_carries_data() -> None:
    """H1: whatever the ACK rule, what rides on the SYN is delivered before anybody is asked."""
    found = broken(played(*SYN_WITH_DATA, variant="two-way-syn-data"))
    assert found["own-bytes"] == found["exactly-once"] == pytest.approx(33.01)


def test_a_copy_of_the_syn_that_comes_after_the_close_is_delivered_again() -> None:
    """D1 after the close: the same bytes, given to a program twice."""
    text = """
        host client 10.0.0.1 rfc9293
          at 0s connect server:80 from 40000 data=10
          after 1s close
        host server 10.0.0.2 rfc9293
          at 0s listen 80
          accept
          read
          when peer-closed close
          and
          at 10s accept
          read
        link client server delay=10ms
        until 1min
        variant two-way-syn-data
        at 0s duplicate client:data 20s
    """
    assert broken(run(text))["exactly-once"] == pytest.approx(20.01)


def test_unchecked_numbers_let_old_bytes_in() -> None:
    """H2: the old data itself is taken for the ACK that opens."""
    found = broken(played(SYN, DATA, MUTE, variant="unchecked-ack"))
    assert found["own-bytes"] == pytest.approx(20.83)


@pytest.mark.parametrize(("variant", "breaks"), [("fixed-isn", True), ("fixed-isn-server", False), ("", False)])
def test_fixed_numbers_let_old_bytes_into_a_new_connection(variant: str, breaks: bool) -> None:
    """H1: A calls again, and the data of its former life fits. Not where A's number is new."""
    found = broken(played(DATA, CALL.format(at="20.7s"), variant=variant))
    assert ("own-bytes" in found) is breaks


def test_a_fixed_number_of_the_caller_is_enough_by_rfc_793_and_not_by_rfc_5961() -> None:
    """H1: the old data lies in the window; only the age of its ACK tells."""
    by_793 = "at 0s what-if {host}.old_ack_check no"
    mild = [by_793.format(host=host) for host in ("client", "server")]
    call = CALL.format(at="20.7s")
    assert "own-bytes" in broken(played(DATA, call, *mild, variant="fixed-isn-client"))
    assert "own-bytes" not in broken(played(DATA, call, variant="fixed-isn-client"))


def test_a_fixed_number_of_the_server_lets_old_bytes_open_and_in() -> None:
    """H2: the old SYN, and the old data, whose ACK is right as it always is."""
    found = broken(played(SYN, DATA, MUTE, variant="fixed-isn-server"))
    assert found["own-bytes"] == found["fresh-open"] == pytest.approx(20.83)


REUSED = """
    host client 10.0.0.1 {profile}
      at 0s connect server:80 from 40000 isn=1000
      write 10
      after 1s close
    host server 10.0.0.2 {profile}
      at 0s listen 80
      accept
      read
      when peer-closed close
      and
      at 3s accept
      read
    link client server delay=10ms
    until 1min
    at 0s what-if client.old_ack_check {strict}
    at 0s what-if server.old_ack_check {strict}
    at 0s duplicate client:data 20500ms
    at 20s client connect server:80 from 40000 isn=1000
"""
"""A caller that closed first calls again from the same port, and its new number is the old one (C1)."""


@pytest.mark.parametrize(("variant", "strict", "breaks"), [
    ("no-time-wait", "no", True), ("no-time-wait", "yes", False), ("", "no", False),
])  # fmt: skip
def test_without_time_wait_old_bytes_may_come_into_the_next_connection(variant: str, strict: str, breaks: bool) -> None:
    """H1 and C1 by RFC 793's rule for ACKs, more by RFC 5961's; TIME-WAIT does not let the port be used so soon."""
    trace = Trace.of(replace(scene(REUSED.format(profile="rfc9293", strict=strict)), variant=variant))
    assert ("own-bytes" in broken(trace)) is breaks


def test_timestamps_keep_old_bytes_out_even_without_time_wait() -> None:
    """PAWS: whatever the numbers, an old timestamp is refused."""
    trace = Trace.of(replace(scene(REUSED.format(profile="linux-6.18", strict="no")), variant="no-time-wait"))
    assert judge(trace)["own-bytes"].tried is not None and "own-bytes" not in broken(trace)


# --- P6, orderly close ---

CLOSE = """
    host client 10.0.0.1 {profile}
      at 0s connect server:80
      write 10
      after 1s close
    host server 10.0.0.2 {profile}
      at 0s listen 80
      accept
      read
      when peer-closed after 500ms close
    link client server delay=50ms
    until 10min
    at 1.3s drop client:ACK
"""


@pytest.mark.parametrize("profile", ["rfc9293", "linux-6.18"])
def test_without_time_wait_one_lost_ack_has_the_other_side_told_reset(profile: str) -> None:
    """L1: the last ACK is lost, the FIN comes again and finds nobody. With TIME-WAIT it is answered."""
    text = CLOSE.format(profile=profile)
    assert set(broken(Trace.of(replace(scene(text), variant="no-time-wait")))) == {"orderly-close"}
    real = Trace.of(scene(text))
    assert broken(real) == {} and judge(real)["orderly-close"].tried is not None


def test_who_closes_on_what_was_not_delivered_has_not_closed_in_order() -> None:
    """A close in two segments forgets what was still to be sent."""
    text = """
        host client 10.0.0.1 rfc9293
          at 0s connect server:80
          after 1s shutdown write
          read
        host server 10.0.0.2 rfc9293
          at 0s listen 80
          accept
          after 900ms write 100000
        link client server delay=100ms
        until 1min
        variant two-segment-close
    """
    assert "orderly-close" in broken(run(text))


# --- P7, an honest open succeeds ---


@pytest.mark.parametrize("variant", ["", *TWO_WAY, "unchecked-ack", "four-segment-handshake", "no-time-wait"])
@pytest.mark.parametrize("what", ["client:SYN", "server:SYN,ACK", "client:ACK"])
def test_an_honest_open_survives_a_loss(variant: str, what: str) -> None:
    """Whatever is lost of the handshake, connect() returns ok."""
    trace = played(f"at 0s drop {what}", variant=variant, until="1.9s")
    assert "honest-open" not in broken(trace)
    assert judge(trace)["honest-open"].tried is not None


def test_linux_refuses_an_honest_caller_for_an_old_syn_just_below_the_new_one() -> None:
    """H1 and C1: the old SYN was answered, A resets that, and B's answer to the real SYN comes too late."""
    text = """
        host client 10.0.0.1 linux-6.18
        host server 10.0.0.2 linux-6.18
          at 0s listen 80
          accept
        link client server delay=10ms
        until 1min
        at 1s inject client>server SYN seq=@999000 sport=40000 dport=80 win=64240
        at 1.001s client connect server:80 from 40000 isn=1000000
    """
    assert "honest-open" in broken(run(text))
    assert "honest-open" not in broken(run(text.replace("linux-6.18", "rfc9293")))


# --- what admits exceptions, in TCP itself ---


def test_tcp_itself_is_deceived_when_the_answer_repeats_its_number() -> None:
    """H2 and C1: an adversary has y equal to the old one, and then the old ACK and the old data are right."""
    old, again = "at 0s set server.isn 5000", "at 19s set server.isn 5000"
    found = broken(played(old, again, SYN, ACK, DATA, MUTE))
    assert found["fresh-open"] == found["agreed-open"] == pytest.approx(20.53)
    assert found["own-bytes"] == pytest.approx(20.83)
    assert broken(played(old, SYN, ACK, DATA, MUTE)) == {}


@pytest.mark.parametrize("variant", ["fixed-isn", "fixed-isn-server", ""])
def test_a_stray_rst_kills_an_open_where_the_answer_has_a_fixed_number(variant: str) -> None:
    """H1: an old ACK draws a RST from the listener; it comes late, and fits the connection that has opened since."""
    late = "at 20s delay server:RST 500ms"
    found = broken(played(ACK, late, CALL.format(at="20.6s"), variant=variant))
    assert ("honest-open" in found) is ("no-ghost" in found) is bool(variant)


def test_a_forged_segment_in_the_window_closes_a_healthy_connection_by_rfc_793() -> None:
    """C1: any RST in the window is believed; by RFC 5961 it is asked about, and nothing happens."""
    forged = "at 1s inject client>server RST seq=2000"
    assert "no-ghost" in broken(played(forged, variant="no-challenge-ack", until="1.9s"))
    assert broken(played(forged, until="1.9s")) == {}


def test_a_mute_host_leaves_a_crashed_peer_s_mate_alone() -> None:
    """U1: who crashed answers nothing, and the other end is a ghost; no byte and no opening is false by it."""
    found = broken(played("at 1s reboot server", variant="no-rst-from-closed", until="30s"))
    assert set(found) == {"no-ghost"}


# --- how a run is judged ---


def test_nothing_after_the_step_that_is_asked_about_shows() -> None:
    """A lamp that went out before its time would give the end away."""
    trace = played(SYN, MUTE, variant="two-way")
    last = judge(trace)["no-ghost"].broken
    assert last is not None
    assert judge(trace, last - 1)["no-ghost"].broken is None
    assert judge(trace, 0) == {name: judge(trace, 0)[name] for name in PROPERTIES}
    assert all(each.tried is None for each in judge(trace, 0).values())


def test_a_judge_who_goes_step_by_step_says_what_one_says_who_looks_at_the_end() -> None:
    """What is known of a run does not depend on where one has looked before."""
    trace = played(SYN, ACK, MUTE, variant="unchecked-ack")
    slow = Judge.of(trace)
    for index in range(len(trace.steps)):
        slow.at(index)
    assert slow.at(len(trace.steps) - 1) == judge(trace)


def test_a_fork_is_judged_by_what_happened_in_it() -> None:
    """Drop the old SYN by hand, and the lamps of that future stay as they are."""
    timeline = Timeline.of(
        replace(scene(PAST.format(profile="rfc9293", until="1min") + f"    {SYN}\n"), variant="two-way")
    )
    there = timeline.branches[0].trace
    number = next(flight.id for flight in there.world_at(5_000_000).flights)
    other = timeline.fork(0, 5_000_000, parse_act(f"drop #{number}"))
    assert "fresh-open" in broken(there)
    assert "fresh-open" not in broken(other.branches[1].trace)


def test_a_crash_excuses_what_the_peer_is_told() -> None:
    """Half-open is a ghost, and that is so in TCP; but nobody is blamed for the reset."""
    trace = played("at 1s reboot server", "at 1.5s client write 5")
    assert set(broken(trace)) == {"no-ghost"}


def test_facts_are_values_that_can_be_renamed() -> None:
    """A search may move all numbers together and find the same facts."""
    judged = Judge.of(played(variant="two-way"))
    judged.at(40)
    facts = next(iter(judged.facts.values()))
    assert hash(facts) == hash(renamed(facts, lambda number: number)) and facts != NOTHING_YET
    assert renamed(renamed(facts, lambda number: number + 7), lambda number: number - 7) == facts


def test_every_property_says_what_must_always_be_and_what_must_have_come_up() -> None:
    """Seven of them, P1 to P7."""
    assert [each.number for each in PROPERTIES.values()] == [f"P{number}" for number in range(1, 8)]
    assert all(each.always and each.sometimes and each.title for each in PROPERTIES.values())


def test_a_search_and_a_lamp_leave_in_order_by_the_same_edges() -> None:
    """Who enters TIME-WAIT has left, by whatever edge a variant has in its place; to be thrown out is not to leave."""
    assert leaves_in_order(t.FIN_WAIT_2_RCV_FIN) and leaves_in_order(t.LAST_ACK_RCV_ACK)
    assert leaves_in_order(d.FIN_WAIT_2_ENDS)
    assert not leaves_in_order(t.TIME_WAIT_TIMEOUT) and not leaves_in_order(d.TIME_WAIT_CUT)


def test_a_reset_breaks_the_opening_only_before_anything_was_said() -> None:
    """The search and the lamps ask the same function."""
    iss, irs = 1000, 5000
    caller = replace(closed(Address("10.0.0.1", 1)), is_active=True, state=State.ESTABLISHED)
    snd, rcv = replace(caller.snd, iss=iss, una=iss + 1), replace(caller.rcv, irs=irs, nxt=irs + 1)
    caller = replace(caller, snd=snd, rcv=rcv)
    assert what_a_reset_breaks(caller) == "honest-open"
    assert what_a_reset_breaks(replace(caller, snd=replace(snd, una=iss + 11))) == ""
    assert what_a_reset_breaks(replace(caller, rcv=replace(rcv, nxt=irs + 11))) == ""
    assert what_a_reset_breaks(replace(caller, state=State.FIN_WAIT_1)) == "orderly-close"
    assert what_a_reset_breaks(replace(caller, state=State.SYN_SENT)) == "honest-open"
    assert what_a_reset_breaks(replace(caller, is_active=False)) == ""
