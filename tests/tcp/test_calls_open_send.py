"""RFC 9293 sections 3.10.1 and 3.10.2: OPEN and SEND, in each of the eleven states."""

from __future__ import annotations

import pytest

from tests.tcp.builders import (
    BY_STATE,
    IRS,
    ISS,
    LINUX,
    PEER,
    US,
    Make,
    close_wait,
    crossed,
    established,
    fin_wait_1,
    listening,
    no_connection,
    rules,
    syn_received,
    syn_sent,
)
from tutor.tcp.events import Open, Send
from tutor.tcp.segment import Payload
from tutor.tcp.states import HAS_SENT_FIN, State
from tutor.tcp.tcb import closed

# --- OPEN, 3.10.1 ---


def test_a_passive_open_waits_in_listen_and_says_nothing() -> None:
    """CLOSED -> LISTEN."""
    end = no_connection()
    answer = end.listens()
    assert answer.crossed == ("closed/passive-open",)
    assert answer.said == ()
    assert answer.value is None
    assert not end.tcb.is_active


def test_an_active_open_sends_its_syn_and_waits_for_the_answer() -> None:
    """CLOSED -> SYN-SENT with SND.UNA = ISS and SND.NXT = ISS + 1."""
    end = no_connection()
    answer = end.connects()
    assert answer.crossed == ("closed/active-open",)
    assert answer.said == ("SYN 100:101(0)",)
    assert answer.purposes == ("syn",)
    assert answer.segment.options.mss == 1460
    assert (end.tcb.snd.una, end.tcb.snd.nxt, end.tcb.snd.iss) == (ISS, ISS + 1, ISS)
    assert end.tcb.is_active
    assert end.tcb.remote == PEER


def test_an_active_open_without_a_peer_is_refused() -> None:
    """ "error: remote socket unspecified"; there is still no connection."""
    end = no_connection()
    answer = end.does(Open(active=True, local=US, iss=ISS))
    assert answer.error == "remote socket unspecified"
    assert end.tcb == closed(US)


def test_a_listener_that_opens_actively_calls_by_itself() -> None:
    """LISTEN -> SYN-SENT: the connection changes from passive to active."""
    end = listening()
    answer = end.connects()
    assert answer.crossed == ("listen/active-open",)
    assert answer.said == ("SYN 100:101(0)",)
    assert end.tcb == syn_sent().tcb


def test_a_linux_listener_cannot_call() -> None:
    """There ``connect()`` on a listener is an error, and it goes on listening."""
    end = listening(LINUX)
    answer = end.connects()
    assert answer.error == "a listener cannot turn active"
    assert answer.because == ("listener-stays-passive",)
    assert end.tcb == listening(LINUX).tcb


def test_a_listener_for_one_caller_knows_whom_to_call() -> None:
    """A fully specified passive OPEN can be made active by a SEND (3.9.1.1)."""
    end = no_connection()
    end.does(Open(active=False, local=US, remote=PEER, stream="ours"))
    answer = end.does(Send(10, iss=ISS))
    assert answer.crossed == ("listen/send",)
    assert end.tcb.remote == PEER


@pytest.mark.parametrize("state", [state for state in State if state not in (State.CLOSED, State.LISTEN)])
@pytest.mark.parametrize("active", [True, False])
def test_a_connection_that_exists_cannot_be_opened(state: State, active: bool) -> None:
    """ "error: connection already exists", and nothing changes."""
    end = BY_STATE[state]()
    before = end.tcb
    answer = end.does(Open(active=active, local=US, remote=PEER, iss=77))
    assert answer.error == "connection already exists"
    assert answer.is_nothing
    assert end.tcb is before


def test_a_second_passive_open_does_not_touch_the_listener() -> None:
    """MUST-41: an OPEN must not affect a connection record that exists."""
    end = listening()
    assert end.listens().error == "connection already exists"
    assert end.tcb == listening().tcb


# --- SEND, 3.10.2 ---


def test_without_a_connection_there_is_nothing_to_send_on() -> None:
    """ "error: connection does not exist"."""
    assert no_connection().sends(10).error == "connection does not exist"


def test_a_send_on_a_listener_calls_and_keeps_the_text_for_later() -> None:
    """LISTEN -> SYN-SENT; the text leaves with the ACK of the peer's SYN."""
    end = listening()
    answer = end.does(Send(10, remote=PEER, iss=ISS))
    assert answer.crossed == ("listen/send",)
    assert answer.said == ("SYN 100:101(0)",)
    assert answer.value == 10
    assert end.gets("SYN,ACK", seq=IRS, ack=ISS + 1).said == ("PSH,ACK 101:111(10) ack 301",)


def test_a_send_on_a_listener_that_knows_no_peer_is_refused() -> None:
    """ "error: remote socket unspecified"; it goes on listening."""
    end = listening()
    assert end.does(Send(10, iss=ISS)).error == "remote socket unspecified"
    assert end.tcb == listening().tcb


def test_a_send_on_a_linux_listener_is_refused() -> None:
    """There is no edge from LISTEN to SYN-SENT."""
    end = listening(LINUX)
    answer = end.does(Send(10, remote=PEER, iss=ISS))
    assert answer.error == "a listener cannot turn active"
    assert end.state is State.LISTEN


@pytest.mark.parametrize("make", [syn_sent, syn_received, crossed])
def test_text_written_before_the_connection_is_open_waits(make: Make) -> None:
    """SYN-SENT and SYN-RECEIVED queue it for ESTABLISHED."""
    end = make()
    answer = end.sends(10)
    assert answer.value == 10
    assert answer.said == ()
    opening = end.gets("SYN,ACK" if end.tcb.is_active else "ACK", seq=IRS + (not end.tcb.is_active), ack=ISS + 1)
    assert opening.said == ("PSH,ACK 101:111(10) ack 301",)


@pytest.mark.parametrize("make", [established, close_wait])
def test_text_is_sent_with_the_newest_ack(make: Make) -> None:
    """ESTABLISHED and CLOSE-WAIT segmentize and send with a piggybacked acknowledgment."""
    end = make()
    answer = end.sends(10)
    assert answer.said == (f"PSH,ACK 101:111(10) ack {end.tcb.rcv.nxt}",)
    assert answer.segment.payload == Payload("ours", 0, 10)
    assert answer.value == 10


@pytest.mark.parametrize("state", sorted(HAS_SENT_FIN))
def test_after_its_close_a_side_sends_no_more(state: State) -> None:
    """ "error: connection closing", and the request is not serviced."""
    end = BY_STATE[state]()
    before = end.tcb
    answer = end.sends(10)
    assert answer.error == "connection closing"
    assert answer.because == ("send-after-close",)
    assert end.tcb is before


def test_a_close_that_waits_in_syn_received_also_ends_the_writing() -> None:
    """The CLOSE is queued behind text; no SEND can come after it."""
    end = syn_received()
    end.sends(10)
    end.closes()
    assert end.state is State.SYN_RECEIVED
    assert end.sends(5).error == "connection closing"


def test_as_much_is_taken_as_there_is_room_for() -> None:
    """A send buffer of 100 octets takes 100 of 150, then nothing, then what an ACK sets free."""
    end = established(rules(send_buffer=100))
    assert end.sends(150).value == 100
    assert end.sends(1).error == "insufficient resources"
    end.gets("ACK", seq=301, ack=101 + 30)
    assert end.sends(50).value == 30
    assert end.tcb.out.written == 130


def test_text_that_waits_for_the_handshake_counts_against_the_buffer() -> None:
    """The SYN in flight takes no room, the text behind it does."""
    end = syn_sent(rules(send_buffer=100))
    assert end.sends(60).value == 60
    assert end.sends(60).value == 40
    assert end.sends(1).error == "insufficient resources"


def test_a_smaller_buffer_takes_nothing_but_loses_nothing() -> None:
    """SO_SNDBUF below what is queued: an empty SEND is still fine, another is refused."""
    end = established()
    end.sends(100)
    end.sets("send_buffer", 50)
    assert end.sends(0).value == 0
    assert end.sends(1).error == "insufficient resources"
    assert end.tcb.out.written == 100


def test_a_send_of_nothing_sends_nothing() -> None:
    """No octets, no segment, no PSH."""
    answer = established().sends(0)
    assert answer.value == 0
    assert answer.said == ()


def test_the_block_of_a_closing_end_keeps_its_stream() -> None:
    """What was written before the CLOSE keeps its offsets."""
    end = established()
    end.sends(10)
    end.closes()
    assert end.tcb.out.written == 10
    assert end.tcb.out.fin_seq == 111
    assert fin_wait_1().tcb.out.fin_seq == 101
