"""TIME-WAIT: what restarts it, what ends it, what opens it anew (RFC 9293 3.6.1, RFC 6191, RFC 1337)."""

from __future__ import annotations

import pytest

from tests.tcp.builders import LINUX, MINUTE, RFC, SECOND, End, established, rules, time_wait
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Options
from tutor.tcp.states import State

# --- 2 MSL ---


def test_after_2_msl_the_block_is_gone() -> None:
    """TIME-WAIT -> CLOSED; 2 MSL is four minutes in the RFC."""
    end = time_wait()
    reply = end.expires("time-wait")
    assert reply.crossed == ("time-wait/timeout",)
    assert reply.said == reply.told == ()
    assert end.now == 2 * RFC.msl_us == 4 * MINUTE


def test_linux_waits_a_minute() -> None:
    """A constant of sixty seconds."""
    end = time_wait(LINUX)
    end.expires("time-wait")
    assert end.now == 60 * SECOND


def test_the_fin_again_is_acknowledged_and_restarts_the_clock() -> None:
    """NOTE(fin-in-time-wait): it lies one before the window, and must not be dropped there."""
    end = time_wait()
    end.wait(3 * MINUTE)
    reply = end.gets("FIN,ACK", seq=301, ack=102)
    assert reply.crossed == ("time-wait/rcv-fin",)
    assert reply.said == ("ACK 102:102(0) ack 302",)
    assert reply.because == ("fin-again",)
    assert end.timer("time-wait") == 4 * MINUTE


def test_the_fin_again_may_carry_its_text() -> None:
    """The peer repeats the whole last segment."""
    end = established()
    end.closes()
    end.gets("FIN,PSH,ACK", seq=301, ack=102, text=10)
    end.wait(MINUTE)
    reply = end.gets("FIN,PSH,ACK", seq=301, ack=102, text=10)
    assert reply.crossed == ("time-wait/rcv-fin",)
    assert reply.said == ("ACK 102:102(0) ack 312",)
    assert end.tcb.inc.unread == 10


def test_the_fin_again_is_always_answered() -> None:
    """It comes until it is acknowledged: no limit applies."""
    end = time_wait()
    for _ in range(3):
        assert end.gets("FIN,ACK", seq=301, ack=102).said == ("ACK 102:102(0) ack 302",)


@pytest.mark.parametrize(("profile", "left"), [(RFC, 3 * MINUTE), (LINUX, MINUTE)])
def test_a_bare_ack_restarts_the_clock_in_linux_only(profile: Profile, left: int) -> None:
    """In the RFC only the repeated FIN does. Nobody answers it."""
    end = time_wait(profile)
    end.wait(left // 3 if profile is RFC else 30 * SECOND)
    reply = end.gets("ACK", seq=302, ack=102)
    assert reply.said == ()
    assert reply.because == ("ack-in-time-wait",)
    assert end.timer("time-wait") == left


@pytest.mark.parametrize(("profile", "left"), [(RFC, 3 * MINUTE), (LINUX, MINUTE)])
def test_old_text_is_acknowledged(profile: Profile, left: int) -> None:
    """By the first check; in Linux it restarts the clock as well."""
    end = time_wait(profile)
    end.wait(MINUTE if profile is RFC else 30 * SECOND)
    assert end.gets("PSH,ACK", seq=291, ack=102, text=10).said == ("ACK 102:102(0) ack 302",)
    assert end.timer("time-wait") == left


def test_new_text_is_ignored() -> None:
    """Behind the peer's own FIN there can be none."""
    end = time_wait()
    reply = end.gets("PSH,ACK", seq=302, ack=102, text=10)
    assert reply.said == ()
    assert "text-after-fin" in reply.because


def test_a_fin_in_the_window_restarts_the_clock_too() -> None:
    """The eighth check by the letter: remain in TIME-WAIT, restart the 2 MSL time-wait timeout."""
    end = time_wait()
    end.wait(MINUTE)
    reply = end.gets("FIN,ACK", seq=302, ack=102)
    assert reply.crossed == ("time-wait/rcv-fin",)
    assert end.timer("time-wait") == 4 * MINUTE


# --- assassination ---


def test_an_exact_rst_ends_it() -> None:
    """ "Assassination" (RFC 1337): TIME-WAIT -> CLOSED at once."""
    for profile in (RFC, LINUX):
        end = time_wait(profile)
        reply = end.gets("RST", seq=302)
        assert reply.crossed == ("time-wait/rcv-rst",)
        assert reply.told == reply.said == ()


def test_with_the_protection_of_rfc_1337_it_is_ignored() -> None:
    """``tcp_rfc1337`` = 1."""
    end = time_wait(rules(rst_kills_time_wait=False))
    reply = end.gets("RST", seq=302)
    assert reply.is_nothing
    assert reply.because == ("rst-in-time-wait-ignored",)
    assert end.timer("time-wait") == 4 * MINUTE


def test_an_old_text_leads_to_assassination_by_the_peer() -> None:
    """RFC 1337, figure 1: an old duplicate draws an ACK; a peer without the connection resets it."""
    end = time_wait()
    ack = end.gets("PSH,ACK", seq=291, ack=102, text=10).segment
    peer = End(RFC)
    reset = peer.takes(ack).segment
    assert end.takes(reset).crossed == ("time-wait/rcv-rst",)


# --- opened anew ---


def test_a_higher_syn_opens_the_connection_anew() -> None:
    """MAY-2: SYN-RECEIVED at once, numbers and options as for a fresh call, timers of TIME-WAIT off."""
    end = time_wait()
    reply = end.gets("SYN", seq=303, iss=5000)
    assert reply.crossed == ("time-wait/rcv-syn",)
    assert reply.said == ("SYN,ACK 5000:5001(0) ack 304",)
    assert "time-wait" not in end.timers
    assert not end.tcb.is_active
    assert end.tcb.inc.unread == 0
    assert end.gets("ACK", seq=304, ack=5001, irs=303).crossed == ("syn-received/rcv-ack",)


def test_nothing_of_the_old_connection_is_left() -> None:
    """The program that had let go of it, its round trip, its last challenge, its unread text."""
    end = established()
    end.gets("PSH,ACK", seq=301, ack=101, text=10)
    end.shuts_down("write")
    end.gets("FIN,ACK", seq=311, ack=102)
    end.lets_go()
    end.gets("ACK", seq=200, ack=102)
    end.gets("SYN", seq=400, iss=5000)
    fresh = End(RFC)
    fresh.listens()
    fresh.gets("SYN", seq=400, iss=5000)
    assert (end.tcb.inc, end.tcb.rtx, end.tcb.timers) == (fresh.tcb.inc, fresh.tcb.rtx, fresh.tcb.timers)
    assert (end.tcb.is_orphan, end.tcb.probes, end.tcb.challenged_at) == (False, 0, None)


def test_its_number_is_above_any_that_was_used() -> None:
    """MAY-2 (1): an ISS from the generator that lies below the old SND.NXT is lifted above it."""
    end = time_wait()
    assert end.tcb.snd.nxt == 102
    assert end.gets("SYN", seq=303, iss=50).said == ("SYN,ACK 103:104(0) ack 304",)


def test_linux_begins_65537_above_the_old_number() -> None:
    """A whole window and more above what was used."""
    end = time_wait(LINUX)
    assert end.gets("SYN", seq=303, iss=5).said == (f"SYN,ACK {102 + 65537}:{103 + 65537}(0) ack 304",)


def test_without_a_listener_nobody_opens() -> None:
    """A newer SYN in the window is then challenged as in any connection."""
    end = time_wait()
    reply = end.gets("SYN", seq=303)
    assert reply.because == ("syn-in-connection",)
    assert reply.said == ("ACK 102:102(0) ack 302",)


@pytest.mark.parametrize("seq", [302, 301, 200])
def test_a_syn_that_is_not_newer_gets_the_ack_of_the_old_connection(seq: int) -> None:
    """The caller answers it with a RST, and calls again."""
    end = time_wait()
    assert end.gets("SYN", seq=seq, iss=5000).said == ("ACK 102:102(0) ack 302",)
    assert end.state is State.TIME_WAIT


@pytest.mark.parametrize("flags", ["SYN,ACK", "SYN,RST"])
def test_only_a_bare_syn_opens(flags: str) -> None:
    """A SYN,ACK answers somebody else's call, and a RST asks for nothing."""
    end = time_wait()
    end.gets(flags, seq=10_000, ack=102, iss=5000)
    assert end.state is State.TIME_WAIT


def test_a_syn_fin_is_no_repeated_fin() -> None:
    """A forged SYN,FIN whose end happens to be RCV.NXT does not restart 2 MSL."""
    end = time_wait()
    end.wait(MINUTE)
    assert end.gets("SYN,FIN", seq=300).crossed == ()
    assert end.timer("time-wait") == 3 * MINUTE


def test_an_old_syn_does_not_restart_the_clock_of_linux() -> None:
    """It may be a good new SYN with an unlucky number."""
    end = time_wait(LINUX)
    end.wait(30 * SECOND)
    assert end.gets("SYN", seq=200).said == ("ACK 102:102(0) ack 302",)
    assert end.timer("time-wait") == 30 * SECOND


# --- with timestamps (RFC 6191) ---


def waiting_with_timestamps() -> End:
    """TIME-WAIT where both sent timestamps; TS.Recent is 5000."""
    end = established(rules(timestamps=True), options=Options(mss=1460, timestamp=(5000, 0)))
    end.closes()
    end.gets("FIN,ACK", seq=301, ack=102, options=Options(timestamp=(5000, 0)))
    return end


@pytest.mark.parametrize(
    ("seq", "tsval", "opens"),
    [
        (200, 5001, True),  # newer by its timestamp, although the number is lower
        (400, 5001, True),
        (400, 5000, True),  # equal timestamps: the number decides
        (200, 5000, False),
        (400, 4999, False),  # older by its timestamp, although the number is higher
    ],
)
def test_a_newer_timestamp_proves_a_new_syn(seq: int, tsval: int, opens: bool) -> None:
    """SHLD-4: the timestamp decides before the number does."""
    end = waiting_with_timestamps()
    reply = end.gets("SYN", seq=seq, iss=5000, options=Options(timestamp=(tsval, 0)))
    assert (end.state is State.SYN_RECEIVED) is opens
    assert reply.said[0].startswith("SYN,ACK" if opens else "ACK 102")


def test_without_a_timestamp_the_number_decides() -> None:
    """The new caller does not use the option: RFC 6191 falls back to the number."""
    end = waiting_with_timestamps()
    assert end.gets("SYN", seq=400, iss=5000).crossed == ("time-wait/rcv-syn",)
    assert not end.tcb.agreed.timestamps


def test_new_text_is_answered_in_linux_only() -> None:
    """Nobody can read it; Linux looks at no acknowledgment number there and says where it stands."""
    assert time_wait(RFC).gets("ACK", seq=302, ack=102, text=20).said == ()
    assert time_wait(LINUX).gets("ACK", seq=302, ack=102, text=20).said == ("ACK 102:102(0) ack 302",)
    assert time_wait(LINUX).gets("ACK", seq=302, ack=900).said == ()
