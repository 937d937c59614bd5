"""A peer whose window is shut: probes, patience, and the octet that must not be lost (RFC 9293 section 3.8.6.1)."""

from __future__ import annotations

import pytest

from tests.tcp.builders import HOUR, IRS, LINUX, MS, RFC, SECOND, End, established, rules, syn_sent
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Options, Payload
from tutor.tcp.states import State

FULL = 1460


def shut(profile: Profile = RFC, *, waiting: int = 100) -> End:
    """ESTABLISHED, the peer's window shut, ``waiting`` octets written."""
    end = established(profile, win=0)
    end.sends(waiting)
    return end


def answers(end: End, *, win: int = 0, ack: int = 101) -> tuple[str, ...]:
    """The peer answers; what we say to that."""
    return end.gets("ACK", seq=IRS + 1, ack=ack, win=win).said


def test_what_leaves_when_the_window_opens_is_followed_by_a_loss_probe() -> None:
    """Linux: persist has done its work, and the tail is probed after two round trips, not repeated after an RTO."""
    end = syn_sent(LINUX).wait(10 * MS)
    end.gets("SYN,ACK", seq=IRS, ack=101, options=Options(mss=1000, sack_permitted=True), win=0)
    end.sends(2500)
    end.expires("persist")
    assert len(answers(end, win=5000)) == 3
    assert end.timers == {"loss-probe": 22 * MS}
    assert end.expires("loss-probe").said == ("PSH,ACK 2101:2601(500) ack 301",)


# --- probing ---


def test_text_for_a_shut_window_waits_and_persist_runs() -> None:
    """No retransmission timer: nothing is in flight."""
    end = established(win=0)
    reply = end.sends(100)
    assert reply.said == ()
    assert reply.because == ("window-closed",)
    assert end.timer("persist") == SECOND
    assert end.timer("retransmission") is None


def test_the_first_probe_goes_after_an_rto_and_the_next_wait_doubles() -> None:
    """SHLD-29 and SHLD-30: 1, 2, 4 ... s, up to the largest RTO, as long as the peer answers."""
    end = shut()
    waits = []
    for _ in range(10):
        before = end.now
        end.expires("persist")
        waits.append((end.now - before) // SECOND)
        answers(end)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 120, 120, 120]


def test_the_probe_of_the_rfc_is_one_octet_of_new_text() -> None:
    """ "At least one octet of new data (if available)"; the same octet again and again."""
    end = shut()
    first = end.expires("persist")
    assert first.said == ("ACK 101:102(1) ack 301",)
    assert first.purposes == ("probe",)
    assert first.because == ("window-probe",)
    assert first.segment.payload == Payload("ours", 0, 1)
    answers(end)
    again = end.expires("persist")
    assert again.said == ("ACK 101:102(1) ack 301",)
    assert again.purposes == ("probe again",)


def test_the_probe_of_linux_carries_nothing() -> None:
    """SEQ = SND.NXT - 1, no text: it looks like a keep-alive. After 0.2, 0.4, 0.8 s."""
    end = shut(LINUX)
    waits = []
    for _ in range(3):
        before = end.now
        reply = end.expires("persist")
        assert reply.said == ("ACK 100:100(0) ack 301",)
        assert reply.purposes == ("probe",)
        waits.append(end.now - before)
        answers(end)
    assert waits == [SECOND // 5, 2 * SECOND // 5, 4 * SECOND // 5]


def test_a_probe_is_due_for_a_fin_too() -> None:
    """A FIN that waits alone has no octet to offer: the probe carries nothing."""
    end = established(win=0)
    end.closes()
    assert end.expires("persist").said == ("ACK 100:100(0) ack 301",)
    assert answers(end, win=1000) == ("FIN,ACK 101:102(0) ack 301",)


@pytest.mark.parametrize("name", ["rfc9293", "linux-6.18"])
def test_a_probe_carries_the_ack_that_was_waiting(name: str) -> None:
    """With an octet or without: nothing is owed any more."""
    end = shut(rules(name, quick_acks=0, delayed_ack_us=2 * SECOND))
    end.gets("PSH,ACK", seq=301, ack=101, win=0, text=5)
    assert end.timer("delayed-ack") == 2 * SECOND
    assert end.expires("persist").segment.ack == 306
    assert end.timer("delayed-ack") is None


# --- the window opens ---


def test_the_octet_of_the_probe_is_not_lost() -> None:
    """The peer had no room for it: it goes again first, then the rest. Every octet arrives once."""
    end = shut(waiting=100)
    end.expires("persist")
    assert answers(end, win=1000) == ("ACK 101:102(1) ack 301",)
    assert end.timer("persist") is None
    assert end.timer("retransmission") == SECOND
    assert answers(end, win=1000, ack=102) == ("PSH,ACK 102:201(99) ack 301",)
    assert answers(end, win=1000, ack=201) == ()
    assert end.tcb.out.queue == ()
    assert end.timers == {}


def test_full_segments_need_not_wait_behind_the_octet() -> None:
    """Only the small rest does (Nagle)."""
    end = shut(waiting=1 + 2 * FULL)
    end.expires("persist")
    assert answers(end, win=10_000) == (
        "ACK 101:102(1) ack 301",
        "ACK 102:1562(1460) ack 301",
        "PSH,ACK 1562:3022(1460) ack 301",
    )


def test_the_octet_may_have_been_taken() -> None:
    """The peer acknowledges it with the opened window: nothing goes twice."""
    end = shut(waiting=100)
    end.expires("persist")
    assert answers(end, win=1000, ack=102) == ("PSH,ACK 102:201(99) ack 301",)
    assert set(end.timers) == {"retransmission", "user"}


def test_octet_by_octet_through_a_shut_window() -> None:
    """A peer that takes each probe but never opens: persist goes on with the next octet."""
    end = shut(waiting=3)
    said: list[str] = []
    for taken in range(3):
        said += end.expires("persist").said
        answers(end, ack=102 + taken)
    assert said == ["ACK 101:102(1) ack 301", "ACK 102:103(1) ack 301", "PSH,ACK 103:104(1) ack 301"]
    assert end.timers == {}


def test_without_a_probe_in_flight_everything_goes_when_the_window_opens() -> None:
    """A window update comes before the first probe."""
    end = shut(waiting=100)
    reply = end.gets("ACK", seq=301, ack=101, win=1000)
    assert reply.because == ("window-opened-by-peer",)
    assert reply.said == ("PSH,ACK 101:201(100) ack 301",)
    assert set(end.timers) == {"retransmission", "user"}


def test_r2_of_what_leaves_then_begins_then() -> None:
    """However long the window was shut."""
    end = shut()
    for _ in range(20):
        end.expires("persist")
        answers(end)
    answers(end, win=1000)
    start = end.now
    while end.state is not State.CLOSED:
        end.expires("retransmission")
    assert end.now - start == RFC.data_give_up_us


# --- patience ---


@pytest.mark.parametrize("profile", [RFC, LINUX])
def test_as_long_as_the_peer_answers_the_connection_stays_open(profile: Profile) -> None:
    """MUST-37: neither R2 nor USER TIMEOUT; "the printer ran out of paper", for a day."""
    end = shut(profile)
    while end.now < 24 * HOUR:
        end.expires("persist")
        answers(end)
    assert end.state is State.ESTABLISHED


def test_a_user_timeout_set_by_the_user_waits_for_silence_too() -> None:
    """It runs from the first probe that is not answered, however long the pauses between probes grow."""
    end = shut()
    end.sets("user_timeout_us", 10 * SECOND)
    for _ in range(20):
        end.expires("persist")
        assert end.timer("user") == 10 * SECOND
        answers(end)
        assert end.timer("user") is None


@pytest.mark.parametrize(
    ("profile", "waits"),
    [
        (RFC, [32, 64, 120]),  # unanswered for 64 s is less than R2 = 100 s, for 184 s it is more
        (LINUX, [6.4, 12.8, 25.6, 51.2, 102.4, *[120] * 11]),  # tcp_retries2: fifteen probes, and the wait after them
    ],
)
def test_a_peer_that_does_not_answer_is_given_up(profile: Profile, waits: list[float]) -> None:
    """Five probes were answered, the sixth is not: over when a probe is due after R2, in silence."""
    end = shut(profile)
    for _ in range(5):
        end.expires("persist")
        answers(end)
    last = end.now
    end.sets("user_timeout_us", 0)
    reply = end.expires()
    while not reply.crossed:
        reply = end.expires()
    assert end.now - last == round(sum(waits) * SECOND)
    assert reply.crossed == ("established/timeout",)
    assert reply.because[0] == "gave-up-retransmitting"
    assert reply.said == ()


def test_a_first_probe_that_is_never_answered() -> None:
    """The first after 1 s, then waits of 2, 4, 8, 16, 32 and 64 s: 126 s unanswered are more than R2 = 100 s."""
    end = shut()
    while end.state is not State.CLOSED:
        end.expires()
    assert end.now == 127 * SECOND


def test_the_user_timeout_may_strike_before_r2() -> None:
    """The user's patience with a peer that does not answer its probes."""
    end = shut()
    end.sets("user_timeout_us", 10 * SECOND)
    while end.state is not State.CLOSED:
        reply = end.expires()
    assert end.now == 11 * SECOND  # the first probe went out after one
    assert reply.because == ("user-timeout", "gave-up")


# --- a window that shuts over what is in flight ---


def test_a_window_that_shuts_over_text_in_flight_is_probed_with_it() -> None:
    """MUST-35: the front goes again, paced by persist; while the peer answers nobody gives up (SHLD-17)."""
    end = established(win=3 * FULL)
    end.sends(3 * FULL)
    reply = end.gets("ACK", seq=301, ack=101, win=0)
    assert reply.because == ("window-closed-by-peer",)
    assert set(end.timers) == {"persist"}
    while end.now < HOUR:
        assert end.expires("persist").said == ("ACK 101:1561(1460) ack 301",)
        answers(end)
    assert end.state is State.ESTABLISHED


def test_it_goes_on_when_the_window_opens_again() -> None:
    """The front again, and the ordinary timer takes over."""
    end = established(win=3 * FULL)
    end.sends(3 * FULL)
    answers(end, win=0)
    assert answers(end, win=3 * FULL) == ("ACK 101:1561(1460) ack 301",)
    assert set(end.timers) == {"retransmission", "user"}
    assert answers(end, win=FULL, ack=101 + 3 * FULL) == ()
    assert end.timers == {}


def test_part_of_it_may_be_taken_meanwhile() -> None:
    """The peer acknowledges the first segment, still without room: persist stays in charge."""
    end = established(win=3 * FULL)
    end.sends(3 * FULL)
    answers(end, win=0)
    answers(end, win=0, ack=101 + FULL)
    assert set(end.timers) == {"persist"}
    assert end.expires("persist").said == ("ACK 1561:3021(1460) ack 301",)


def test_a_window_may_shut_over_a_fin() -> None:
    """The peer took the text but has no place for the FIN: it is probed with, and nobody gives up."""
    end = established(win=11)
    end.sends(10)
    assert end.closes().said == ("FIN,ACK 111:112(0) ack 301",)
    answers(end, win=0, ack=111)
    while end.now < HOUR:
        assert end.expires("persist").said == ("FIN,ACK 111:112(0) ack 301",)
        answers(end, win=0, ack=111)
    answers(end, win=0, ack=112)
    assert end.state is State.FIN_WAIT_2
    assert end.timers == {}


# --- our own ACKs meanwhile ---


def test_a_prober_acknowledges_from_within_the_window() -> None:
    """NOTE(ack-behind-probe): SND.NXT is one beyond the edge; there the peer would drop our ACK."""
    end = established(rules(delayed_ack_us=0), win=0)
    end.sends(10)
    end.expires("persist")
    assert end.tcb.snd.nxt == 102
    assert end.gets("PSH,ACK", seq=301, ack=101, win=0, text=5).said == ("ACK 101:101(0) ack 306",)
