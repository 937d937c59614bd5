"""The congestion window on a whole connection: what leaves on which ACK, as Linux 6.18 answered the same story."""

from __future__ import annotations

import pytest

from tests.tcp.builders import IRS, ISS, MS, SECOND, End, established, listening, no_connection, rules, syn_sent
from tutor.tcp import control
from tutor.tcp.congestion import INFINITE
from tutor.tcp.info import NOT_PACED, sender_info
from tutor.tcp.options import clock
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Options, Segment

CUBIC = rules("linux-6.18", timestamps=False, window_scaling=False, send_buffer=1_000_000)
STAMPED = rules("linux-6.18", window_scaling=False)
RFC = rules("rfc9293", send_buffer=1_000_000)
LONG_IDLE_OFF = rules(
    "linux-6.18", timestamps=False, window_scaling=False, send_buffer=1_000_000, slow_start_after_idle=False
)


def served(profile: Profile = CUBIC, rtt_ms: int = 100, win: int = 65535) -> End:
    """A server whose client takes segments of 1000 octets."""
    end = listening(profile)
    end.gets("SYN", seq=IRS, options=Options(mss=1000), iss=ISS)
    end.wait(rtt_ms * MS).gets("ACK", seq=IRS + 1, ack=ISS + 1, win=win)
    return end


def acks(end: End, segments: int, *, apart_us: int = 0, each: int = 1, win: int = 65535) -> list[Segment]:
    """What leaves while the peer acknowledges ``segments`` more segments of 1000 octets, ``each`` at a time."""
    left: list[Segment] = []
    for _ in range(segments // each):
        end.wait(apart_us)
        left += end.gets("ACK", seq=IRS + 1, ack=end.tcb.snd.una + 1000 * each, win=win).reaction.segments
    return left


def numbers(segments: list[Segment]) -> list[str]:
    """Relative numbers in thousands; P where PSH stands."""
    return [f"{(one.seq - ISS) // 1000}{'P' if one.psh else ''}" for one in segments]


# --- how it begins ---


def test_ten_segments_in_bursts_of_two() -> None:
    """A round trip of 100 ms: a millisecond's worth of the window is less than two segments, so two leave at a time."""
    first = list(served().sends(20_000).reaction.segments)
    assert numbers(first) == ["0", "1P", "2", "3P", "4", "5P", "6", "7P", "8", "9P"]


def test_bursts_of_older_kernels_do_not_push() -> None:
    """PSH only where a write ends."""
    old = rules("linux-4.19", timestamps=False, window_scaling=False)
    assert numbers(list(served(old).sends(8000).reaction.segments)) == ["0", "1", "2", "3", "4", "5", "6", "7P"]


def test_the_initial_window_of_2009() -> None:
    """Four segments of 1000 octets (RFC 3390)."""
    old = rules("linux-2.6", timestamps=False, window_scaling=False)
    assert len(served(old).sends(8000).reaction.segments) == 4


def test_on_a_short_path_bursts_are_half_the_window() -> None:
    """20 µs of round trip: as large as offloading takes it, but never more than half the window."""
    end = listening(CUBIC)
    end.gets("SYN", seq=IRS, options=Options(mss=1000), iss=ISS)
    end.wait(20).gets("ACK", seq=IRS + 1, ack=ISS + 1)
    assert numbers(list(end.sends(20_000).reaction.segments))[4::5] == ["4P", "9P"]


@pytest.mark.parametrize(("lost", "window"), [(0, 10), (1, 10), (2, 1), (3, 1)])
def test_a_syn_lost_more_than_once_costs_the_initial_window(lost: int, window: int) -> None:
    """The threshold stays where it was: out of sight."""
    end = syn_sent(CUBIC)
    for _ in range(lost):
        end.expires("retransmission")
    end.gets("SYN,ACK", seq=IRS, ack=ISS + 1, options=Options(mss=1000))
    assert (end.tcb.cc.window, end.tcb.cc.threshold) == (window, INFINITE)


@pytest.mark.parametrize(("lost", "window"), [(1, 10), (2, 1)])
def test_so_does_a_syn_ack_lost_more_than_once(lost: int, window: int) -> None:
    """The other side of the same rule."""
    end = listening(CUBIC)
    end.gets("SYN", seq=IRS, options=Options(mss=1000), iss=ISS)
    for _ in range(lost):
        end.expires("retransmission")
    end.gets("ACK", seq=IRS + 1, ack=ISS + 1)
    assert end.tcb.cc.window == window


@pytest.mark.parametrize(("echoes_first", "window"), [(True, 10), (False, 1)])
def test_timestamps_tell_that_the_syn_was_only_slow(echoes_first: bool, window: int) -> None:
    """The SYN,ACK echoes the first SYN: both repetitions were a mistake."""
    end = syn_sent(STAMPED)
    first = clock(end.now)
    end.expires("retransmission")
    end.expires("retransmission")
    echo = first if echoes_first else clock(end.now)
    end.gets("SYN,ACK", seq=IRS, ack=ISS + 1, options=Options(mss=1000, timestamp=(7, echo)))
    assert end.tcb.cc.window == window


# --- slow start ---


@pytest.mark.parametrize("each", [1, 2, 5])
def test_a_round_trip_of_acks_doubles_it(each: int) -> None:
    """However the peer acknowledges: Linux counts segments, not ACKs."""
    end = served()
    end.sends(100_000)
    end.wait(100 * MS)
    assert len(acks(end, 10, each=each, apart_us=3 * MS)) == 20
    assert end.tcb.cc.window == 20


def test_the_rfc_counts_acks() -> None:
    """RFC 5681: an ACK of two segments lets the window grow by one."""
    end = served(RFC)
    assert len(end.sends(100_000).reaction.segments) == 4
    assert len(acks(end, 4, each=2)) == 4 + 2


def test_small_writes_do_not_make_it_grow() -> None:
    """One segment at a time of ten: nobody can say what the network would carry."""
    end = served()
    for _ in range(5):
        end.sends(1000)
        acks(end.wait(100 * MS), 1)
    assert end.tcb.cc.window == 10


def test_after_silence_it_is_halved_for_every_rto() -> None:
    """36 segments, silent for two seconds: ten are left, without the rule 36 (google-tcp, slow-start-after-idle)."""
    windows = []
    for profile in (CUBIC, LONG_IDLE_OFF):
        end = served(profile)
        end.sends(26_000)
        acks(end.wait(100 * MS), 10, each=10)
        acks(end.wait(100 * MS), 16, each=16)
        assert end.tcb.cc.window == 36
        end.wait(2 * SECOND).sends(40_000)
        windows.append((end.tcb.cc.window, len(end.tcb.out.queue)))
    assert windows == [(10, 10), (36, 36)]


# --- after a timeout: slow start, then CUBIC ---


def test_after_a_timeout_cubic_grows_as_the_kernel_did() -> None:
    """One segment, slow start to 7, then a quarter more in three round trips: asked of the kernel, row by row.

    An ACK for each segment, all within a millisecond, once in 100 ms. Where single segments begin to pair up is a
    matter of microseconds, so the rows compared are those that do not depend on it.
    """
    end = served(rtt_ms=109)
    end.wait(8 * MS).sends(1000)
    acks(end.wait(100 * MS), 1)
    end.wait(50 * MS).sends(1000)
    end.expires("retransmission")
    assert (end.tcb.cc.window, end.tcb.cc.threshold) == (1, 7)
    acks(end.wait(100 * MS), 1)
    left = list(end.wait(20 * MS).sends(200_000).reaction.segments)
    rows, windows = [numbers(left)], [end.tcb.cc.window]
    for _ in range(7):
        left = acks(end.wait(100 * MS), len(left), apart_us=60)
        rows.append(numbers(left))
        windows.append(end.tcb.cc.window)
    assert rows[:4] == [
        ["2", "3"],
        ["4", "5", "6", "7P"],
        ["8", "9P", "10", "11P", "12", "13P", "14"],
        ["15", "16", "17", "18", "19", "20", "21"],
    ]
    assert rows[6] == ["38", "39", "40P", "41", "42P", "43", "44P", "45", "46P"]
    assert windows == [2, 4, 7, 7, 7, 9, 9, 9]


def test_the_curve_after_a_timeout_an_ack_every_two_milliseconds() -> None:
    """Slow start to 7, then one segment more after 16 ACKs and not before (google-tcp, cubic-rto-ss-ca-cwnd-bump).

    PSH stands where that script has it: on bursts of two, and on 19, the end of the buffer that half a window of
    writing filled.
    """
    end = served(win=32_896)
    end.sends(1000)
    acks(end.wait(100 * MS), 1, win=32_896)
    end.sends(1000)
    end.expires("retransmission")
    acks(end.wait(100 * MS), 1, win=32_896)
    rows = [numbers(list(end.sends(200_000).reaction.segments))]
    windows = []
    for gap in (100, 2, 98, *[2] * 3, 98, *[2] * 6, 98, *[2] * 6, 98):
        rows.append(numbers(acks(end.wait(gap * MS), 1, win=32_896)))
        windows.append(end.tcb.cc.window)
    assert windows == [3, 4, 5, 6, *[7] * 16, 8]
    assert rows[:7] == [["2", "3"], ["4", "5"], ["6", "7P"], ["8", "9P"], ["10", "11P"], ["12", "13P"], ["14"]]
    assert rows[7:] == [*([f"{n}P" if n == 19 else str(n)] for n in range(15, 29)), ["29", "30P"]]


def test_a_mark_moves_on_while_its_buffer_is_filled() -> None:
    """What was sent makes room in the buffer: the mark of half a window is 17, and its buffer ends at 20."""
    end = served(win=32_896)
    end.sends(1000)
    acks(end.wait(100 * MS), 1, win=32_896)
    end.sends(1000)
    end.expires("retransmission")
    acks(end.wait(100 * MS), 1, win=32_896)
    end.sends(200_000)
    assert end.tcb.out.pushes[:3] == (20_000, 36_000, 68_000)
    assert end.tcb.out.pushes[-1] == 202_000


def test_what_waits_unsent_bounds_what_is_taken() -> None:
    """TCP_NOTSENT_LOWAT of 4000: of 59000 octets 26000 are taken, and ten segments leave (google-tcp)."""
    end = served(rtt_ms=10, win=32_896)
    end.sets("notsent_lowat", 4000)
    reply = end.sends(59_000)
    assert reply.value == 26_000
    assert len(reply.reaction.segments) == 10
    assert end.sends(1000).error == "insufficient resources"
    for _ in range(4):
        acks(end.wait(10 * MS), 2, each=2, win=32_896)
    assert end.sends(1000).value == 1000


# --- the program's choice ---


def test_a_program_may_choose_its_algorithm() -> None:
    """TCP_CONGESTION: Reno halves where CUBIC leaves seven tenths; what is accepted inherits it from its listener."""
    for number, threshold in ((0, 5), (1, 7)):
        listener = listening(CUBIC)
        listener.sets("congestion", number)
        listener.gets("SYN", seq=IRS, options=Options(mss=1000), iss=ISS)
        listener.wait(MS).gets("ACK", seq=IRS + 1, ack=ISS + 1)
        listener.sends(20_000)
        listener.expires("retransmission")
        assert (control.CONTROLS[number], listener.tcb.cc.threshold) == (control.CONTROLS[number], threshold)


def test_what_a_program_is_told() -> None:
    """TCP_INFO: after 3 and 10 segments of 1000 octets, as the kernel told it."""
    end = served(rtt_ms=108)
    told = sender_info(end.tcb, CUBIC, end.now)
    assert (told.snd_cwnd, told.snd_ssthresh, told.snd_mss, told.advmss) == (10, INFINITE, 1000, 1460)
    assert (told.delivered, told.unacked, told.rtt, told.min_rtt) == (1, 0, 108_000, 108_000)
    end.sends(3000)
    assert sender_info(end.tcb, CUBIC, end.now).unacked == 3
    acks(end.wait(50 * MS), 3, each=3)
    end.sends(13_000)
    told = sender_info(end.tcb, CUBIC, end.now)
    assert (told.snd_cwnd, told.notsent_bytes, told.delivered, told.min_rtt) == (10, 3000, 4, 50_000)
    acks(end.wait(50 * MS), 10, each=10)
    told = sender_info(end.tcb, CUBIC, end.now)
    assert (told.snd_cwnd, told.delivered, told.delivery_rate_app_limited) == (20, 14, False)


def test_a_sender_whose_program_is_idle_is_told_so() -> None:
    """What was delivered then says nothing about the network's rate."""
    end = served()
    end.sends(1000)
    assert sender_info(end.tcb, CUBIC, end.now).delivery_rate_app_limited
    assert sender_info(no_connection(CUBIC).tcb, CUBIC, 0).pacing_rate == NOT_PACED


def test_with_congestion_control_off_only_the_peer_counts() -> None:
    """The first engine of this program: everything the window takes."""
    end = established(rules("rfc9293", congestion_control="off", send_buffer=1_000_000), win=65535)
    end.sends(65_535)
    assert end.tcb.flight_size == 44 * 1460
    assert end.tcb.cc.window == 0
