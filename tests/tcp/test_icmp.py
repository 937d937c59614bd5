"""Errors that the network reports (RFC 9293 section 3.9.2.2, RFC 5927, RFC 1191)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tcp.builders import (
    LINUX,
    MS,
    RFC,
    End,
    Make,
    close_wait,
    closing,
    established,
    fin_wait_1,
    fin_wait_2,
    last_ack,
    listening,
    no_connection,
    rules,
    syn_received,
    syn_sent,
    time_wait,
)
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Options, Payload
from tutor.tcp.states import State

FULL = 1460
EVERY = [syn_sent, syn_received, established, fin_wait_1, fin_wait_2, close_wait, closing, last_ack]


def edge(make: Make) -> str:
    """The edge of a hard error."""
    return f"{make.__name__.replace('_', '-')}/unreachable"


# --- hard and soft ---


@pytest.mark.parametrize("make", EVERY)
def test_a_hard_error_ends_the_connection(make: Make) -> None:
    """SHLD-26: protocol or port unreachable."""
    end = make()
    reply = end.hears("hard", seq=end.tcb.snd.una)
    assert reply.crossed == (edge(make),)
    assert reply.told == ("refused",)
    assert reply.said == ()


@pytest.mark.parametrize("make", EVERY)
def test_a_soft_error_ends_nothing(make: Make) -> None:
    """MUST-56, SHLD-25: the user is told, and everything goes on."""
    end = make()
    before = end.tcb
    reply = end.hears("soft", seq=before.snd.una)
    assert reply.told == ("soft-error",)
    assert reply.because == ("icmp-soft-error",)
    assert replace(end.tcb, soft_error="") == before


def test_linux_gives_up_a_connection_attempt_on_a_soft_error() -> None:
    """Host unreachable during ``connect()`` is fatal at once (RFC 5461)."""
    end = syn_sent(LINUX)
    reply = end.hears("soft", seq=100)
    assert reply.crossed == ("syn-sent/unreachable-soft",)
    assert reply.because == ("icmp-soft-ends-connect",), "it is not told as a hard error, nor as the RFC's rule"
    assert reply.told == ("unreachable",)
    assert end.state is State.CLOSED
    assert syn_sent(LINUX).hears("hard", seq=100).crossed == ("syn-sent/unreachable",)


@pytest.mark.parametrize("make", EVERY[2:])
def test_linux_never_gives_up_an_open_connection(make: Make) -> None:
    """Hard or soft, a synchronised connection goes on."""
    end = make(LINUX)
    state = end.state
    for kind, why in (("hard", "icmp-hard-survived"), ("soft", "icmp-soft-error")):
        reply = end.hears(kind, seq=end.tcb.snd.una)
        assert (reply.told, reply.because) == (("soft-error",), (why,))
    assert end.state is state


# --- which error is about us ---


@pytest.mark.parametrize("seq", [100, 111, 0, 2**31 + 105])
def test_an_error_must_quote_a_number_in_flight(seq: int) -> None:
    """RFC 5927 section 4: a guesser has to know the numbers."""
    end = established()
    end.sends(10)
    before = end.tcb
    reply = end.hears("hard", seq=seq)
    assert reply.because == ("icmp-not-in-flight",)
    assert reply.is_nothing
    assert end.tcb is before


def test_with_nothing_in_flight_only_the_next_number_counts() -> None:
    """A bare ACK was on its way, and it quotes SND.NXT."""
    end = established()
    assert end.hears("hard", seq=102).because == ("icmp-not-in-flight",)
    assert end.hears("hard", seq=101).crossed == ("established/unreachable",)


@pytest.mark.parametrize("make", [no_connection, listening, time_wait])
def test_there_are_states_that_no_error_concerns(make: Make) -> None:
    """Nobody has anything on the way there."""
    end = make()
    reply = end.hears("hard", seq=end.tcb.snd.nxt)
    assert reply.because == ("icmp-not-in-flight",)
    assert reply.is_nothing


# --- a missing route (RFC 6069) ---


def test_a_missing_route_takes_back_one_doubling() -> None:
    """Host unreachable about the second repetition: half the RTO, counted from when that one left."""
    end = _timed_out(2)
    rto = end.tcb.rtx.rto
    end.wait(100 * MS)
    reply = end.hears("soft", seq=101, no_route=True)
    assert reply.because == ("backoff-reverted", "icmp-soft-error")
    assert reply.said == ()
    assert end.tcb.rtx.rto == rto // 2
    assert end.timers == {"retransmission": rto // 2 - 100 * MS}


def test_what_is_overdue_after_that_goes_at_once() -> None:
    """The news comes when the shorter RTO is over: no negative wait."""
    end = _timed_out(1)
    end.wait(end.tcb.rtx.rto - 1)
    end.hears("soft", seq=101, no_route=True)
    assert end.timers == {"retransmission": 0}
    assert end.expires("retransmission").purposes == ("data again",)


def test_each_doubling_is_taken_back_once() -> None:
    """Three errors about one repetition: the third finds nothing to take back."""
    end = _timed_out(2)
    reasons = [end.hears("soft", seq=101, no_route=True).because for _ in range(3)]
    assert [because[0] for because in reasons] == ["backoff-reverted", "backoff-reverted", "icmp-soft-error"]


def test_an_error_that_names_no_route_takes_nothing_back() -> None:
    """Administratively prohibited, for one, says nothing of what the route will be."""
    end = _timed_out(2)
    before = end.tcb
    assert end.hears("soft", seq=101).because == ("icmp-soft-error",)
    assert replace(end.tcb, soft_error="") == before


def test_an_error_about_later_text_takes_nothing_back() -> None:
    """Only SND.UNA has been repeated."""
    end = _timed_out(2)
    before = end.tcb.rtx
    assert end.hears("soft", seq=102, no_route=True).because == ("icmp-soft-error",)
    assert end.tcb.rtx == before


def test_before_a_timeout_there_is_nothing_to_take_back() -> None:
    """The first copy met no route; its timer runs on as it was."""
    end = established(LINUX)
    end.sends(10)
    timers = end.timers
    assert end.hears("soft", seq=101, no_route=True).because == ("icmp-soft-error",)
    assert end.timers == timers


def test_the_rfc_s_own_backoff_knows_no_way_back() -> None:
    """RFC 6069 is an experiment; RFC 6298 only doubles."""
    end = _timed_out(2, RFC)
    before = end.tcb.rtx
    assert end.hears("soft", seq=101, no_route=True).because == ("icmp-soft-error",)
    assert end.tcb.rtx == before


def _timed_out(times: int, profile: Profile = LINUX) -> End:
    """Ten octets are in flight, and were sent again so often."""
    end = established(profile)
    end.sends(10)
    for _ in range(times):
        end.expires("retransmission")
    return end


# --- too big ---


def test_a_narrow_path_recuts_what_is_in_flight_and_sends_it_again() -> None:
    """MTU 1000: 960 octets a segment. 1460 become 960 + 500; all pieces go again at once (RFC 1191 6.3)."""
    end = established()
    end.sends(2 * FULL)
    reply = end.hears("too-big", seq=101, mtu=1000)
    assert reply.because == ("path-is-narrower",)
    assert reply.said == (
        "ACK 101:1061(960) ack 301",
        "ACK 1061:1561(500) ack 301",
        "ACK 1561:2521(960) ack 301",
        "PSH,ACK 2521:3021(500) ack 301",
    )
    assert set(reply.purposes) == {"data again"}
    assert [entry.payload for entry in end.tcb.out.queue][:2] == [Payload("ours", 0, 960), Payload("ours", 960, 1460)]


def test_the_fin_stays_on_the_last_piece() -> None:
    """As does PSH."""
    end = established(rules(mss=2000), options=Options(mss=2000))
    end.sends(1)
    end.sends(1500)
    end.closes()
    reply = end.hears("too-big", seq=102, mtu=840)
    assert reply.said == ("ACK 102:902(800) ack 301", "FIN,PSH,ACK 902:1603(700) ack 301")
    assert end.gets("ACK", seq=301, ack=1603).crossed == ("fin-wait-1/rcv-ack",)


def test_probes_are_cut_too_and_stay_with_their_timer() -> None:
    """The window has shut over a segment that is too big: persist goes on pacing it."""
    end = established()
    end.sends(FULL)
    end.gets("ACK", seq=301, ack=101, win=0)
    assert len(end.hears("too-big", seq=101, mtu=1000).said) == 2
    assert set(end.timers) == {"persist"}
    assert end.expires("persist").said == ("ACK 101:1061(960) ack 301",)


def test_later_segments_are_cut_to_the_path() -> None:
    """Nothing is in flight when the news is about a lone segment of before."""
    end = established()
    end.sends(FULL)
    end.hears("too-big", seq=101, mtu=1000)
    end.gets("ACK", seq=301, ack=101 + FULL)
    assert end.sends(2 * 960).said == ("ACK 1561:2521(960) ack 301", "PSH,ACK 2521:3481(960) ack 301")


def test_small_segments_in_flight_are_not_sent_again() -> None:
    """They fit through; only what was too big was lost."""
    end = established()
    end.sends(100)
    end.sends(FULL)
    end.sends(1, push=False)
    reply = end.hears("too-big", seq=201, mtu=1000)
    assert reply.said[0] == "ACK 201:1161(960) ack 301"
    assert [entry.transmissions for entry in end.tcb.out.queue] == [1, 2, 2]


def test_no_report_makes_a_path_narrower_than_any_can_be() -> None:
    """68 octets, of which 28 are text (RFC 1191 section 3): a forged 20 does not stop the connection."""
    end = established()
    end.sends(56)
    assert end.hears("too-big", seq=101, mtu=20).said == ("ACK 101:129(28) ack 301", "PSH,ACK 129:157(28) ack 301")


@pytest.mark.parametrize("mtu", [1500, 9000])
def test_an_error_that_teaches_nothing_changes_nothing(mtu: int) -> None:
    """The path is as wide as we knew."""
    end = established()
    end.sends(FULL)
    reply = end.hears("too-big", seq=101, mtu=mtu)
    assert reply.because == ("path-is-wide-enough",)
    assert reply.is_nothing


def test_recut_octets_are_acknowledged_wherever_the_peer_likes() -> None:
    """Queue and stream keep their numbers."""
    end = established()
    end.sends(2 * FULL)
    end.hears("too-big", seq=101, mtu=1000)
    end.gets("ACK", seq=301, ack=1600)
    assert [(entry.seq, entry.length) for entry in end.tcb.out.queue] == [(1600, 921), (2521, 500)]
    assert end.state is State.ESTABLISHED
