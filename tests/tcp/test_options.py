"""What two SYNs agree on (RFC 9293 sections 3.2 and 3.7.1; RFC 7323; RFC 2018)."""

from __future__ import annotations

import pytest

from tests.tcp.builders import (
    IRS,
    ISS,
    LINUX,
    MS,
    RFC,
    SECOND,
    End,
    Make,
    accepted,
    established,
    listening,
    rules,
    syn_sent,
)
from tutor.tcp.segment import NO_OPTIONS, Options

EVERYTHING = Options(mss=1400, window_scale=7, sack_permitted=True, timestamp=(5000, 0))

# --- what is offered ---


def test_a_plain_syn_offers_the_mss_alone() -> None:
    """MUST-14; the rest is off in the plain protocol."""
    assert End(RFC).connects().segment.options == Options(mss=1460)


def test_linux_offers_everything() -> None:
    """MSS, SACK-permitted, timestamps, window scale 10; TSval counts milliseconds."""
    end = End(LINUX, now=3 * SECOND)
    offered = end.connects().segment.options
    assert offered == Options(mss=1460, window_scale=10, sack_permitted=True, timestamp=(3000, 0))


def test_a_smaller_mss_can_be_asked_for() -> None:
    """TCP_MAXSEG bounds what we offer and what we send."""
    end = End(RFC)
    end.sets("mss", 1000)
    assert end.connects().segment.options.mss == 1000
    end.gets("SYN,ACK", seq=IRS, ack=ISS + 1, options=Options(mss=1460))
    assert end.sends(1001).said == ("ACK 101:1101(1000) ack 301",)


def test_the_syn_again_carries_the_time_of_its_repetition() -> None:
    """A fresh TSval, so that its echo can be told apart."""
    end = syn_sent(LINUX)
    assert end.expires("retransmission").segment.options.timestamp == (1000, 0)


# --- what a SYN,ACK repeats ---


@pytest.mark.parametrize(
    ("offered", "answered"),
    [
        (EVERYTHING, Options(mss=1460, window_scale=10, sack_permitted=True, timestamp=(0, 5000))),
        (Options(mss=1400), Options(mss=1460)),
        (Options(window_scale=7), Options(mss=1460, window_scale=10)),
        (Options(sack_permitted=True), Options(mss=1460, sack_permitted=True)),
        (Options(timestamp=(5000, 0)), Options(mss=1460, timestamp=(0, 5000))),
        (NO_OPTIONS, Options(mss=1460)),
    ],
)
def test_a_syn_ack_repeats_only_what_was_offered(offered: Options, answered: Options) -> None:
    """RFC 7323 sections 2.2 and 3.2, RFC 2018 section 2."""
    assert listening(LINUX).gets("SYN", seq=IRS, iss=ISS, options=offered).segment.options == answered


def test_a_plain_end_answers_plainly() -> None:
    """What we do not speak is not repeated, and not used."""
    end = listening(RFC)
    assert end.gets("SYN", seq=IRS, iss=ISS, options=EVERYTHING).segment.options == Options(mss=1460)
    agreed = end.tcb.agreed
    assert (agreed.window_scaling, agreed.timestamps, agreed.sack) == (False, False, False)
    assert agreed.mss == 1400


@pytest.mark.parametrize("make", [established, accepted])
@pytest.mark.parametrize("offered", [EVERYTHING, Options(mss=1400), NO_OPTIONS])
def test_both_ways_of_opening_agree_on_the_same(make: Make, offered: Options) -> None:
    """Whether the peer's options came on a SYN or on a SYN,ACK."""
    agreed = make(LINUX, options=offered).tcb.agreed
    assert agreed.mss == (offered.mss or 536)
    assert agreed.window_scaling is (offered.window_scale is not None)
    assert (agreed.snd_scale, agreed.rcv_scale) == ((7, 10) if offered.window_scale else (0, 0))
    assert agreed.timestamps is (offered.timestamp is not None)
    assert agreed.sack is offered.sack_permitted


def test_two_syns_that_cross_agree_too() -> None:
    """Our SYN offered everything, the peer's only an MSS: the SYN,ACK repeats nothing else; in Linux it repeats all."""
    assert syn_sent(LINUX).gets("SYN", seq=IRS, options=Options(mss=1400)).segment.options.window_scale == 10
    end = syn_sent(rules("linux-6.18", crossed_options="agreed"))
    reply = end.gets("SYN", seq=IRS, options=Options(mss=1400))
    assert reply.segment.options == Options(mss=1460)
    assert not end.tcb.agreed.timestamps


# --- window scale ---


def test_the_window_of_a_syn_is_never_scaled() -> None:
    """RFC 7323 section 2.2: 65535 on the SYN,ACK are 65535 octets."""
    end = established(LINUX, options=EVERYTHING, win=65535)
    assert end.tcb.snd.wnd == 65535


def test_every_later_window_is() -> None:
    """1000 units of 2^7 octets."""
    end = established(LINUX, options=EVERYTHING)
    end.gets("ACK", seq=301, ack=101, win=1000, options=Options(timestamp=(5001, 0)))
    assert end.tcb.snd.wnd == 1000 << 7
    assert end.tcb.snd.max_wnd == 1000 << 7


def test_a_shift_of_nothing_is_an_agreement_too() -> None:
    """The peer does not scale its own window, but lets us scale ours."""
    agreed = established(LINUX, options=Options(mss=1460, window_scale=0)).tcb.agreed
    assert (agreed.window_scaling, agreed.snd_scale, agreed.rcv_scale) == (True, 0, 10)


def test_a_shift_of_more_than_fourteen_is_fourteen() -> None:
    """RFC 7323 section 2.3."""
    assert established(LINUX, options=Options(mss=1460, window_scale=200)).tcb.agreed.snd_scale == 14


def test_the_first_window_is_a_whole_number_of_segments_in_linux() -> None:
    """64240 = 44 * 1460 without timestamps, 65160 = 45 * 1448 with; the RFC's end offers its whole buffer."""
    assert End(LINUX).connects().windows == (64240,)
    assert listening(LINUX).gets("SYN", seq=IRS, iss=ISS, options=EVERYTHING).windows == (65160,)
    assert End(RFC).connects().windows == (65535,)


# --- timestamps ---


def stamped(now: int = 0) -> End:
    """ESTABLISHED with timestamps; TS.Recent is 5000."""
    end = End(rules(timestamps=True, delayed_ack_us=0), now=now)
    end.connects()
    end.gets("SYN,ACK", seq=IRS, ack=ISS + 1, options=Options(mss=1460, timestamp=(5000, now // 1000)))
    return end


def at(tsval: int) -> Options:
    """A timestamp of the peer."""
    return Options(timestamp=(tsval, 0))


def test_every_segment_carries_the_time_and_the_newest_echo() -> None:
    """TSval = our clock, TSecr = TS.Recent."""
    end = stamped()
    end.wait(70 * MS)
    assert end.sends(10).segment.options == Options(timestamp=(70, 5000))
    assert end.gets("PSH,ACK", seq=301, ack=111, text=5, options=at(5050)).segment.options.timestamp == (70, 5050)


def test_the_called_side_echoes_the_newest_too() -> None:
    """Its SYN,ACK has acknowledged the SYN: what follows in order moves TS.Recent."""
    end = End(rules(timestamps=True, delayed_ack_us=0))
    end.listens()
    end.gets("SYN", seq=IRS, iss=ISS, options=Options(mss=1460, timestamp=(5000, 0)))
    end.gets("ACK", seq=301, ack=101, options=at(5010))
    assert end.sends(5).segment.options.timestamp == (0, 5010)


def test_the_echo_is_of_the_oldest_segment_not_yet_acknowledged() -> None:
    """RFC 7323 section 4.3: a delayed ACK echoes the first of the two, so that its delay is measured too."""
    end = End(rules(timestamps=True))
    end.connects()
    end.gets("SYN,ACK", seq=IRS, ack=ISS + 1, options=Options(mss=1460, timestamp=(5000, 0)))
    end.gets("ACK", seq=301, ack=101, text=1448, options=at(5010))
    second = end.gets("ACK", seq=301 + 1448, ack=101, text=1448, options=at(5020))
    assert second.segment.options.timestamp == (0, 5010)


def test_a_segment_behind_a_gap_does_not_change_the_echo() -> None:
    """The lost one would have carried an older time."""
    end = stamped()
    early = end.gets("ACK", seq=401, ack=101, text=10, options=at(5050))
    assert early.segment.options.timestamp == (0, 5000)


def test_a_segment_without_the_agreed_timestamp_is_dropped() -> None:
    """RFC 7323 section 3.2; Linux takes it."""
    end = stamped()
    before = end.tcb
    reply = end.gets("PSH,ACK", seq=301, ack=101, text=5)
    assert reply.because == ("timestamp-missing",)
    assert reply.is_nothing
    assert end.tcb is before
    lenient = established(LINUX, options=EVERYTHING)
    assert lenient.gets("PSH,ACK", seq=301, ack=101, text=5).told == ("readable",)


def test_a_rst_needs_no_timestamp() -> None:
    """It comes from an end that knows nothing of us."""
    assert stamped().gets("RST", seq=301).crossed == ("established/rcv-rst",)


# --- PAWS (RFC 7323 section 5) ---


def test_an_older_timestamp_marks_an_old_duplicate() -> None:
    """Answered and dropped, although its number lies in the window: the numbers have wrapped around."""
    end = stamped()
    reply = end.gets("PSH,ACK", seq=301, ack=101, text=10, options=at(4999))
    assert reply.because == ("timestamp-too-old",)
    assert reply.said == ("ACK 101:101(0) ack 301",)
    assert end.tcb.inc.unread == 0


def test_an_equal_timestamp_is_not_older() -> None:
    """Two segments of the same millisecond."""
    end = stamped()
    end.gets("PSH,ACK", seq=301, ack=101, text=10, options=at(5000))
    assert end.tcb.inc.unread == 10


def test_timestamps_wrap_around_as_well() -> None:
    """2^32 - 1 is followed by 0."""
    end = End(rules(timestamps=True))
    end.connects()
    end.gets("SYN,ACK", seq=IRS, ack=ISS + 1, options=Options(timestamp=(2**32 - 1, 0)))
    end.gets("PSH,ACK", seq=301, ack=101, text=10, options=at(0))
    assert end.tcb.inc.unread == 10
    assert end.tcb.agreed.ts_recent == 0


def test_a_rst_is_not_judged_by_its_timestamp() -> None:
    """R1: "if not RST"."""
    assert stamped().gets("RST", seq=301, options=at(1)).crossed == ("established/rcv-rst",)


def test_after_24_days_of_silence_the_old_timestamp_is_void() -> None:
    """RFC 7323 section 5.5: the peer's clock may have turned halfway round."""
    day = 24 * 3600 * SECOND
    for days, taken in ((24, 10), (23, 0)):
        end = stamped()
        end.wait(days * day)
        end.gets("PSH,ACK", seq=301, ack=101, text=10, options=at(4999))
        assert end.tcb.inc.unread == taken


def test_paws_does_not_answer_bare_strays_without_end() -> None:
    """The limit of RFC 5961 holds here too; text is always answered."""
    end = stamped()
    assert end.gets("ACK", seq=301, ack=101, options=at(1)).said
    assert not end.gets("ACK", seq=301, ack=101, options=at(1)).said
    assert end.gets("PSH,ACK", seq=301, ack=101, text=1, options=at(1)).said


def test_a_crossed_syn_ack_brings_its_timestamp_too() -> None:
    """Simultaneous open: the echo of our first text is that of the SYN,ACK."""
    end = End(rules(timestamps=True))
    end.connects()
    end.gets("SYN", seq=IRS, options=Options(mss=1460, timestamp=(5000, 0)))
    end.gets("SYN,ACK", seq=IRS, ack=ISS + 1, options=Options(mss=1460, timestamp=(5020, 0)))
    assert end.sends(10).segment.options.timestamp == (0, 5020)
