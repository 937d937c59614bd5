"""What is worth a segment: Nagle and Minshall, the cork, records, PSH, and a peer's window that is too small."""

from __future__ import annotations

import pytest

from tests.tcp.builders import LINUX, MS, Answer, End, established, rules
from tutor.tcp.events import Send, SetOption
from tutor.tcp.options import effective_mss
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Options

FULL = 1460
PLAIN = rules("linux-6.18", timestamps=False)
"""Linux without timestamps, so that a full segment is 1460 octets."""
UNLIMITED = rules("linux-6.18", timestamps=False, congestion_control="off")


def writes(end: End, octets: int, *, more: bool = False, ends_record: bool = False) -> Answer:
    """One write of the program."""
    return end.does(Send(octets, more=more, ends_record=ends_record))


def sets(end: End, name: str, value: int) -> Answer:
    """One socket option."""
    return end.does(SetOption(name, value))


# --- Nagle and Minshall ---


@pytest.mark.parametrize(
    ("profile", "rest_leaves"), [(rules(), False), (PLAIN, True)], ids=["any segment", "only a small one"]
)
def test_the_rest_of_a_train(profile: Profile, rest_leaves: bool) -> None:
    """The RFC holds the small rest until the full segments are acknowledged; Linux sends it at once."""
    reply = writes(established(profile), FULL + 52)
    assert reply.said[0] == "ACK 101:1561(1460) ack 301"
    assert reply.said[1:] == (("PSH,ACK 1561:1613(52) ack 301",) if rest_leaves else ())


@pytest.mark.parametrize("profile", [rules(), PLAIN])
def test_a_second_small_segment_waits(profile: Profile) -> None:
    """One small segment in flight is enough."""
    end = established(profile)
    assert writes(end, 10).said
    assert writes(end, 10).because == ("nagle-waits",)
    assert end.gets("ACK", seq=301, ack=111).said == ("PSH,ACK 111:121(10) ack 301",)


def test_a_small_segment_that_was_acknowledged_holds_nothing() -> None:
    """Minshall asks for small segments alone: full ones in flight do not count."""
    end = established(PLAIN)
    writes(end, 10)
    writes(end, 2 * FULL)
    assert end.tcb.out.unsent == 0
    assert end.gets("ACK", seq=301, ack=111).said == ()
    assert writes(end, 10).said == ("PSH,ACK 3031:3041(10) ack 301",), "two full segments are still in flight"


def test_without_delay_everything_leaves() -> None:
    """TCP_NODELAY."""
    end = established(PLAIN)
    sets(end, "nodelay", 1)
    assert len(writes(end, 10).said + writes(end, 10).said) == 2


# --- the cork ---


def test_a_cork_holds_small_segments_even_alone() -> None:
    """Nothing is in flight, and still it waits; taking the cork away sends both writes in one segment."""
    end = established(PLAIN)
    sets(end, "cork", 1)
    assert writes(end, 40).because == ("corked",)
    assert writes(end, 40).because == ("corked",)
    assert sets(end, "cork", 0).said == ("PSH,ACK 101:181(80) ack 301",)


def test_a_cork_lets_full_segments_pass() -> None:
    """Only the rest is held."""
    end = established(PLAIN)
    sets(end, "cork", 1)
    assert writes(end, FULL + 10).said == ("ACK 101:1561(1460) ack 301",)


def test_nodelay_pulls_the_cork_for_what_waits() -> None:
    """Once: the next write is corked again."""
    end = established(PLAIN)
    sets(end, "cork", 1)
    writes(end, 40)
    assert sets(end, "nodelay", 1).said == ("PSH,ACK 101:141(40) ack 301",)
    assert writes(end, 40).because == ("corked",)


def test_more_to_come_is_a_cork_for_one_write() -> None:
    """MSG_MORE: no PSH, and nothing leaves until the next write without it."""
    end = established(PLAIN)
    assert writes(end, 40, more=True).because == ("corked",)
    assert writes(end, 40, more=True).because == ("corked",)
    assert writes(end, 40).said == ("PSH,ACK 101:221(120) ack 301",)


def test_what_more_held_leaves_without_push() -> None:
    """TCP_NODELAY flushes it, but no write has ended (google-tcp, sockopt_cork_nodelay)."""
    end = established(PLAIN)
    writes(end, 40, more=True)
    writes(end, 40, more=True)
    assert sets(end, "nodelay", 1).said == ("ACK 101:181(80) ack 301",)


def test_a_fin_pulls_every_cork() -> None:
    """Closing sends what waits, with the FIN on it."""
    end = established(PLAIN)
    sets(end, "cork", 1)
    writes(end, 40)
    assert end.closes().said == ("FIN,PSH,ACK 101:142(40) ack 301",)


def test_a_cork_that_nobody_pulls() -> None:
    """With nothing in flight no ACK will come: the persist timer sends it after an RTO."""
    end = established(PLAIN)
    sets(end, "cork", 1)
    writes(end, 40)
    assert [name for name, _ in end.tcb.deadlines()] == ["persist"]
    assert end.expires("persist").said == ("PSH,ACK 101:141(40) ack 301",)


# --- records ---


def test_a_record_ends_its_segment() -> None:
    """MSG_EOR: what is written later does not share a segment with it."""
    end = established(PLAIN, win=0)
    writes(end, 400, ends_record=True)
    writes(end, 300, ends_record=True)
    writes(end, 200)
    assert end.gets("ACK", seq=301, ack=101, win=10_000).said == (
        "PSH,ACK 101:501(400) ack 301",
        "PSH,ACK 501:801(300) ack 301",
    ), "the first two have no chance to grow; the last one waits for Nagle's sake"


# --- PSH ---


def test_linux_forgets_a_mark_in_the_middle_of_a_buffer() -> None:
    """Two writes that wait together are one buffer: only its end carries PSH."""
    small = established(PLAIN, win=0, options=Options(mss=100))
    writes(small, 50)
    writes(small, 100)
    assert small.tcb.out.pushes == (150,)
    old = established(rules(), win=0, options=Options(mss=100))
    writes(old, 50)
    writes(old, 100)
    assert old.tcb.out.pushes == (50, 150)


def test_long_writes_are_marked_on_the_way() -> None:
    """Half of the largest window is as long as Linux waits with PSH."""
    cut = rules("linux-6.18", timestamps=False, congestion_control="off", fills_buffers=False)
    end = established(cut, win=4 * FULL)
    writes(end, 11 * FULL, more=True)
    assert end.tcb.out.pushes == (8 * FULL, 11 * FULL), "buffers of two segments; every other one ends beyond half"
    assert [segment.psh for segment in end.gets("ACK", seq=301, ack=101 + 4 * FULL).reaction.segments][-1]


def test_a_buffer_that_waits_is_filled_up_and_keeps_its_mark_at_its_end() -> None:
    """The same write where the first buffer may take from the next: its mark moves to where it ends now."""
    end = established(UNLIMITED, win=4 * FULL)
    writes(end, 11 * FULL, more=True)
    assert end.tcb.out.cuts == (10 * FULL,), "the first that waits has grown from two segments to six"
    assert end.tcb.out.pushes == (10 * FULL, 11 * FULL)


def test_what_was_cut_for_a_small_window_stays_cut_when_it_opens() -> None:
    """Buffers of half a window of 1600: of 5000 octets 3400 wait, and a segment never crosses where one ends."""
    end = established(rules("linux-4.19", timestamps=False, congestion_control="off"), win=1600)
    writes(end, 5000)
    assert end.tcb.out.cuts == (2400, 3200, 4000, 4800)
    sent = end.gets("ACK", seq=301, ack=101 + 1600, win=30000).reaction.segments
    assert [len(segment.payload or ()) for segment in sent] == [800] * 4, "the last 200 wait for small ones"


# --- a window too small ---


def shrunk(win: int, profile: Profile = PLAIN) -> End:
    """A peer that takes segments of 1000 octets and has just shrunk its window to ``win``, with two octets of text."""
    end = established(profile, options=Options(mss=1000))
    end.gets("ACK", seq=301, ack=101, text=1)
    end.gets("ACK", seq=302, ack=101, text=1, win=win)
    return end


def test_linux_sends_a_segment_whole_or_not_at_all() -> None:
    """700 octets of window and 4000 waiting: they wait, and the persist timer sends what fits (asked of 6.18)."""
    end = shrunk(700)
    reply = writes(end, 4000)
    assert (reply.said, reply.because[-1]) == ((), "silly-window")
    assert end.expires("persist").said == ("PSH,ACK 101:801(700) ack 303",)


@pytest.mark.parametrize("nodelay", [0, 1])
def test_behind_a_full_segment_linux_fills_the_window_to_the_brim(nodelay: int) -> None:
    """Part of a burst may be small if Nagle does not mind; the RFC would wait for half the largest window."""
    end = shrunk(1500)
    sets(end, "nodelay", nodelay)
    assert writes(end, 4000).said == ("ACK 101:1101(1000) ack 303", "PSH,ACK 1101:1601(500) ack 303")
    assert writes(shrunk(1500, rules()), 4000).said == ("ACK 101:1101(1000) ack 303",)


def test_linux_does_not_believe_a_window_that_shrinks_without_a_word() -> None:
    """Same number, same ACK, less window: an old copy perhaps. A shut window is believed, and so is a larger one."""
    end = established(PLAIN)
    for win, believed in ((65535, 65535), (1500, 65535), (0, 0), (3000, 3000), (2000, 3000)):
        end.gets("ACK", seq=301, ack=101, win=win)
        assert end.tcb.snd.wnd == believed
    old = established()
    old.gets("ACK", seq=301, ack=101, win=1500)
    assert old.tcb.snd.wnd == 1500


def test_older_kernels_do_not_believe_a_repeated_shut_window_either() -> None:
    """Since 6.6 a window of 0 counts; before, only a larger one."""
    end = established(rules("linux-4.19", timestamps=False))
    for win in (65535, 0):
        end.gets("ACK", seq=301, ack=101, win=win)
    assert end.tcb.snd.wnd == 65535


@pytest.mark.parametrize(
    ("win", "text", "first", "after"),
    [
        (701, 700, "FIN,PSH,ACK 101:802(700) ack 303", None),
        (700, 700, None, "PSH,ACK 101:801(700) ack 303"),
    ],
    ids=["room for both", "room for the text alone"],
)
def test_a_fin_that_does_not_fit_holds_its_text(win: int, text: int, first: str | None, after: str | None) -> None:
    """Text and FIN are one buffer: both leave or neither does, until the persist timer sends what fits."""
    end = shrunk(win)
    sets(end, "cork", 1)
    writes(end, text)
    assert end.closes().said == ((first,) if first else ())
    if after:
        assert end.expires("persist").said == (after,)


@pytest.mark.parametrize(("most", "size"), [(65535, 1460), (2000, 1000), (537, 268), (536, 536), (400, 400), (20, 48)])
def test_linux_never_sends_more_than_half_the_largest_window_in_a_segment(most: int, size: int) -> None:
    """A peer with little room gets two segments to acknowledge; below 537 octets it is hopeless anyway."""
    assert effective_mss(established(PLAIN, win=most).tcb, PLAIN) == size


@pytest.mark.parametrize("profile", [LINUX])
def test_urgent_data_does_not_wait(profile: Profile) -> None:
    """Nagle's rule is not for urgent data."""
    end = established(profile)
    writes(end, 10)
    assert end.sends(10, urgent=True).said == ("PSH,ACK,URG 111:121(10) ack 301",)
    assert end.wait(20 * MS)
