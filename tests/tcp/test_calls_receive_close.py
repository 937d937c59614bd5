"""RFC 9293 sections 3.10.3 to 3.10.6: RECEIVE, CLOSE, ABORT and STATUS, in each of the eleven states."""

from __future__ import annotations

import pytest

from tests.tcp.builders import (
    BY_STATE,
    IRS,
    ISS,
    LINUX,
    NOTE_3,
    PEER,
    US,
    End,
    Make,
    close_wait,
    closing,
    crossed,
    established,
    fin_wait_1,
    fin_wait_2,
    last_ack,
    listening,
    no_connection,
    syn_received,
    syn_sent,
    time_wait,
)
from tutor.tcp.states import HAS_RECEIVED_FIN, HAS_SENT_FIN, State
from tutor.tcp.tcb import Status
from tutor.tcp.values import replace

# --- RECEIVE, 3.10.3 ---


def test_without_a_connection_there_is_nothing_to_receive_from() -> None:
    """ "error: connection does not exist"."""
    assert no_connection().reads().error == "connection does not exist"


@pytest.mark.parametrize("make", [listening, syn_sent, syn_received, established, fin_wait_1, fin_wait_2])
def test_a_receive_with_nothing_there_waits(make: Make) -> None:
    """The RFC queues the call; here the answer is "nothing yet" and the world waits."""
    end = make()
    before = end.tcb
    assert end.reads().error == "nothing to read yet"
    assert end.tcb is before


@pytest.mark.parametrize("make", [established, fin_wait_1, fin_wait_2])
def test_text_that_has_arrived_is_handed_over_in_order(make: Make) -> None:
    """Also after our own FIN: closing means "I have no more to send", not "to read"."""
    end = make()
    end.gets("PSH,ACK", seq=301, ack=end.tcb.snd.nxt, text=10)
    assert end.reads(4).value == 4
    assert end.reads(4).value == 4
    assert end.reads(4).value == 2
    assert end.reads(4).error == "nothing to read yet"
    assert end.tcb.inc.delivered == 10


@pytest.mark.parametrize("state", sorted(HAS_RECEIVED_FIN))
def test_after_the_peers_fin_a_receive_reports_the_end(state: State) -> None:
    """CLOSE-WAIT and later: "connection closing", which sockets spell 0 octets."""
    end = BY_STATE[state]()
    answer = end.reads()
    assert answer.value == 0
    assert answer.because == ("end-of-stream",)


def test_what_was_on_hand_when_the_fin_came_is_still_read() -> None:
    """CLOSE-WAIT: RECEIVEs are satisfied by data not yet delivered, then the end."""
    end = established()
    end.gets("FIN,PSH,ACK", seq=301, ack=101, text=10)
    assert end.state is State.CLOSE_WAIT
    assert [end.reads(6).value, end.reads(6).value, end.reads(6).value] == [6, 4, 0]


# --- CLOSE, 3.10.4 ---


def test_without_a_connection_there_is_nothing_to_close() -> None:
    """ "error: connection does not exist"."""
    assert no_connection().closes().error == "connection does not exist"


@pytest.mark.parametrize(("make", "edge"), [(listening, "listen/close"), (syn_sent, "syn-sent/close")])
def test_a_close_before_any_answer_deletes_the_block(make: Make, edge: str) -> None:
    """LISTEN and SYN-SENT -> CLOSED without a word on the wire."""
    end = make()
    answer = end.closes()
    assert answer.crossed == (edge,)
    assert answer.said == ()
    assert answer.value is None
    assert not end.tcb.out.queue


@pytest.mark.parametrize("make", [syn_received, crossed])
def test_a_close_before_the_handshake_ends_sends_its_fin_at_once(make: Make) -> None:
    """SYN-RECEIVED -> FIN-WAIT-1 if nothing was written; SYN and FIN are then acknowledged together."""
    end = make()
    answer = end.closes()
    assert answer.crossed == ("syn-received/close",)
    assert answer.said == ("FIN,ACK 101:102(0) ack 301",)
    assert end.gets("ACK", seq=301, ack=102).crossed == ("fin-wait-1/rcv-ack",)
    assert at_peace(end)


def at_peace(end: End) -> bool:
    """Everything sent was acknowledged and nothing waits."""
    return not end.tcb.out.queue and end.tcb.snd.una == end.tcb.snd.nxt and not end.tcb.timers.retransmission


def test_the_syn_alone_may_be_acknowledged_first() -> None:
    """FIN-WAIT-1 with two numbers in flight: the ACK of the SYN is not yet the ACK of the FIN."""
    end = syn_received()
    end.closes()
    answer = end.gets("ACK", seq=301, ack=101)
    assert answer.is_nothing
    assert end.state is State.FIN_WAIT_1
    assert [entry.seq for entry in end.tcb.out.queue] == [101]
    assert end.gets("ACK", seq=301, ack=102).crossed == ("fin-wait-1/rcv-ack",)


def test_what_came_with_the_syn_is_delivered_after_the_close_too() -> None:
    """Text and FIN wait for the ACK of our SYN, although FIN-WAIT-1 was entered before it."""
    end = listening()
    end.gets("SYN,FIN", seq=IRS, iss=ISS, text=10)
    end.closes()
    assert end.state is State.FIN_WAIT_1
    reply = end.gets("ACK", seq=312, ack=101)
    assert reply.crossed == ("fin-wait-1/rcv-fin",)
    assert reply.told == ("readable", "peer-closed")
    assert reply.said == ("ACK 102:102(0) ack 312",)
    assert end.reads().value == 10


def test_a_lost_syn_ack_is_repeated_even_after_the_close() -> None:
    """FIN-WAIT-1: the SYN,ACK is at the front of the queue, the FIN behind it."""
    end = syn_received()
    end.closes()
    answer = end.expires("retransmission")
    assert answer.said == ("SYN,ACK 100:101(0) ack 301",)
    assert answer.purposes == ("syn-ack again",)


def test_a_close_behind_text_waits_for_established() -> None:
    """SYN-RECEIVED: queued for processing after entering ESTABLISHED; text and FIN then leave together."""
    end = syn_received()
    end.sends(10)
    answer = end.closes()
    assert answer.crossed == ()
    assert answer.because == ("close-waits-for-text",)
    assert end.closes().error == "connection closing"
    opening = end.gets("ACK", seq=301, ack=101)
    assert opening.crossed == ("syn-received/rcv-ack", "established/close")
    assert opening.said == ("FIN,PSH,ACK 101:112(10) ack 301",)


@pytest.mark.parametrize(
    ("make", "edge", "ack"), [(established, "established/close", 301), (close_wait, "close-wait/close", 302)]
)
def test_a_close_sends_a_fin(make: Make, edge: str, ack: int) -> None:
    """ESTABLISHED -> FIN-WAIT-1 and CLOSE-WAIT -> LAST-ACK."""
    answer = make().closes()
    assert answer.crossed == (edge,)
    assert answer.said == (f"FIN,ACK 101:102(0) ack {ack}",)
    assert answer.purposes == ("fin",)


def test_the_fin_rides_on_the_last_text() -> None:
    """Text held back by Nagle leaves with the FIN: CLOSE implies push (3.9.1.4)."""
    end = established()
    end.sends(10)
    assert end.sends(10).because == ("nagle-waits",)
    assert end.closes().said == ("FIN,PSH,ACK 111:122(10) ack 301",)


def test_the_state_changes_although_the_window_holds_the_fin_back() -> None:
    """FIN-WAIT-1 is entered when the FIN is queued, not when it leaves ("in any case")."""
    end = established(win=0)
    answer = end.closes()
    assert answer.crossed == ("established/close",)
    assert answer.said == ()
    assert answer.because[-1] == "window-closed"
    assert end.gets("ACK", seq=301, ack=101, win=100).said == ("FIN,ACK 101:102(0) ack 301",)


def test_a_fin_needs_a_place_in_the_window_behind_its_text() -> None:
    """Ten octets fill a window of ten; the FIN follows when they are acknowledged."""
    end = established(win=10)
    end.sends(10)
    assert end.closes().said == ()
    assert end.gets("ACK", seq=301, ack=111, win=10).said == ("FIN,ACK 111:112(0) ack 301",)


@pytest.mark.parametrize("state", sorted(HAS_SENT_FIN))
def test_a_second_close_is_an_error_and_sends_no_second_fin(state: State) -> None:
    """ "error: connection closing"."""
    end = BY_STATE[state]()
    before = end.tcb
    answer = end.closes()
    assert answer.error == "connection closing"
    assert answer.is_nothing
    assert end.tcb is before


# --- ABORT, 3.10.5 ---


def test_without_a_connection_there_is_nothing_to_abort() -> None:
    """ "error: connection does not exist"."""
    assert no_connection().aborts().error == "connection does not exist"


@pytest.mark.parametrize("make", [listening, syn_sent, closing, last_ack, time_wait])
def test_an_abort_there_only_deletes_the_block(make: Make) -> None:
    """LISTEN, SYN-SENT, CLOSING, LAST-ACK and TIME-WAIT: no RST."""
    end = make()
    answer = end.aborts()
    assert answer.crossed == (f"{BY_NAME[make]}/abort",)
    assert answer.said == ()
    assert answer.value is None
    assert end.state is State.CLOSED


BY_NAME = {make: state.lower() for state, make in BY_STATE.items()}


@pytest.mark.parametrize("make", [syn_received, established, fin_wait_1, fin_wait_2, close_wait])
def test_an_abort_tells_a_peer_that_knows_us(make: Make) -> None:
    """``<SEQ=SND.NXT><CTL=RST>``, every queue flushed, CLOSED."""
    end = make()
    number = end.tcb.snd.nxt
    answer = end.aborts()
    assert answer.crossed == (f"{BY_NAME[make]}/abort",)
    assert answer.said == (f"RST {number}:{number}(0)",)
    assert answer.purposes == ("reset",)
    assert not end.tcb.out.queue
    assert not end.tcb.deadlines()


@pytest.mark.parametrize("make", [established, fin_wait_1, fin_wait_2, close_wait])
def test_the_rst_of_linux_carries_an_ack(make: Make) -> None:
    """RST,ACK with SEQ = SND.NXT and ACK = RCV.NXT."""
    end = make(LINUX)
    snd, rcv = end.tcb.snd.nxt, end.tcb.rcv.nxt
    assert end.aborts().said == (f"RST,ACK {snd}:{snd}(0) ack {rcv}",)


@pytest.mark.parametrize("make", [syn_received, established, fin_wait_1, fin_wait_2, close_wait])
def test_by_note_3_whoever_aborts_waits_in_time_wait(make: Make) -> None:
    """Figure 5, note 3, against section 3.10.5: the RST is sent all the same, and 2 MSL runs."""
    end = make(NOTE_3)
    if end.state is not State.SYN_RECEIVED:
        end.gets("PSH,ACK", seq=301, ack=end.tcb.snd.una, text=5)
    answer = end.aborts()
    assert answer.crossed == (f"{BY_NAME[make]}/abort-wait",)
    assert answer.said[0].startswith("RST ")
    assert end.timers == {"time-wait": NOTE_3.time_wait_us}
    assert end.tcb.inc.unread == 0
    assert end.expires("time-wait").crossed == ("time-wait/timeout",)


def test_text_in_flight_is_forgotten_by_an_abort() -> None:
    """All segments queued for transmission or retransmission are flushed."""
    end = established()
    end.sends(100)
    answer = end.aborts()
    assert answer.said == ("RST 201:201(0)",)
    assert end.tcb.out.queue == ()


def test_an_abort_during_a_window_probe_is_heard() -> None:
    """SND.NXT lies beyond the peer's shut window, where its RST would be dropped: the RST takes the edge."""
    end = established(win=0)
    end.sends(10)
    end.expires("persist")
    assert end.tcb.snd.nxt == 102
    assert end.aborts().said == ("RST 101:101(0)",)


# --- STATUS, 3.10.6 ---


def test_without_a_connection_there_is_no_status() -> None:
    """ "error: connection does not exist"."""
    assert no_connection().asks_status().error == "connection does not exist"


@pytest.mark.parametrize("state", [state for state in State if state is not State.CLOSED])
def test_status_names_the_state_and_changes_nothing(state: State) -> None:
    """ "state = ..." and the block."""
    end = BY_STATE[state]()
    before = end.tcb
    report = end.asks_status().value
    assert isinstance(report, Status)
    assert report.state is state
    assert end.tcb is before


def test_status_lists_what_section_3_9_1_5_asks_for() -> None:
    """Sockets, windows, buffers awaiting acknowledgment, octets pending receipt."""
    end = established(win=5000)
    end.sends(10)
    end.gets("PSH,ACK", seq=301, ack=101, text=7, win=5000)
    assert end.asks_status().value == Status(
        State.ESTABLISHED, US, PEER, receive_window=65535 - 7, send_window=5000, awaiting_ack=1, unread=7
    )


def test_the_numbers_of_a_passive_and_of_an_active_opening_agree() -> None:
    """Whoever called, both ends hold the same numbers; only which segment set the window differs."""
    passive = syn_received()
    passive.gets("ACK", seq=IRS + 1, ack=ISS + 1)
    active = established()
    assert (passive.tcb.snd.wl1, active.tcb.snd.wl1) == (IRS + 1, IRS)
    assert replace(passive.tcb.snd, wl1=IRS) == active.tcb.snd
    assert passive.tcb.rcv == active.tcb.rcv
