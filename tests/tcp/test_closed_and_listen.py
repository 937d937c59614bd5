"""RFC 9293 sections 3.10.7.1 and 3.10.7.2: segments for nobody, and for a listener."""

from __future__ import annotations

import pytest

from tests.tcp.builders import (
    IRS,
    ISS,
    LINUX,
    RFC,
    Make,
    listening,
    no_connection,
    segment,
    syn_received,
)
from tutor.tcp.events import Arrival
from tutor.tcp.segment import Options, Payload
from tutor.tcp.states import State

# --- CLOSED ---


@pytest.mark.parametrize(
    ("flags", "text", "answer"),
    [
        ("SYN", 0, "RST,ACK 0:0(0) ack 501"),
        ("SYN", 10, "RST,ACK 0:0(0) ack 511"),
        ("FIN", 0, "RST,ACK 0:0(0) ack 501"),
        ("SYN,FIN", 10, "RST,ACK 0:0(0) ack 512"),
        ("PSH", 10, "RST,ACK 0:0(0) ack 510"),
    ],
)
def test_without_an_ack_the_rst_acknowledges_what_came(flags: str, text: int, answer: str) -> None:
    """``<SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>``: the sender will find its own numbers in it (3.5.2)."""
    reply = no_connection().gets(flags, seq=500, text=text)
    assert reply.said == (answer,)
    assert reply.because == ("no-connection",)
    assert reply.purposes == ("reset",)


@pytest.mark.parametrize("flags", ["ACK", "SYN,ACK", "FIN,ACK", "PSH,ACK"])
def test_with_an_ack_the_rst_takes_its_number_from_it(flags: str) -> None:
    """``<SEQ=SEG.ACK><CTL=RST>``."""
    assert no_connection().gets(flags, seq=500, ack=900, text=5).said == ("RST 900:900(0)",)


@pytest.mark.parametrize("flags", ["RST", "RST,ACK"])
def test_a_rst_is_never_answered(flags: str) -> None:
    """Else two hosts would reset each other for ever."""
    reply = no_connection().gets(flags, seq=500, ack=900)
    assert reply.is_nothing
    assert reply.because == ("rst-to-nobody",)


# --- LISTEN: first RST, second ACK, third SYN, fourth anything else ---


@pytest.mark.parametrize("flags", ["RST", "RST,ACK", "SYN,RST", "SYN,RST,ACK"])
def test_first_a_listener_ignores_a_rst(flags: str) -> None:
    """It has sent nothing that could be reset; not even the ACK or SYN beside it counts."""
    end = listening()
    reply = end.gets(flags, seq=IRS, ack=7, iss=ISS)
    assert reply.is_nothing
    assert reply.because == ("rst-to-listener",)
    assert end.tcb == listening().tcb


@pytest.mark.parametrize("flags", ["ACK", "SYN,ACK", "FIN,ACK", "PSH,ACK"])
def test_second_a_listener_answers_any_ack_with_a_rst(flags: str) -> None:
    """It has sent nothing to acknowledge; a SYN beside the ACK opens nothing (figure 11)."""
    end = listening()
    reply = end.gets(flags, seq=IRS, ack=777, iss=ISS)
    assert reply.said == ("RST 777:777(0)",)
    assert reply.because == ("ack-to-listener",)
    assert end.tcb == listening().tcb


def test_third_a_syn_is_answered_with_syn_ack() -> None:
    """LISTEN -> SYN-RECEIVED: RCV.NXT = SEG.SEQ + 1, IRS = SEG.SEQ, SND.UNA = ISS, SND.NXT = ISS + 1."""
    end = listening()
    reply = end.gets("SYN", seq=IRS, iss=ISS)
    assert reply.crossed == ("listen/rcv-syn",)
    assert reply.said == ("SYN,ACK 100:101(0) ack 301",)
    assert reply.purposes == ("syn-ack",)
    assert (end.tcb.rcv.nxt, end.tcb.rcv.irs) == (IRS + 1, IRS)
    assert (end.tcb.snd.una, end.tcb.snd.nxt) == (ISS, ISS + 1)
    assert not end.tcb.is_active
    assert end.tcb == syn_received().tcb


@pytest.mark.parametrize("flags", ["none", "FIN", "PSH", "URG", "FIN,PSH,URG"])
def test_fourth_a_listener_drops_everything_else(flags: str) -> None:
    """Without SYN, ACK or RST there is nothing to say."""
    end = listening()
    reply = end.gets(flags, seq=IRS, text=5, iss=ISS)
    assert reply.is_nothing
    assert reply.because == ("neither-syn-nor-ack",)
    assert end.tcb == listening().tcb


# --- what may ride on a SYN ---


def test_text_on_a_syn_waits_until_the_connection_is_open() -> None:
    """It is queued: acknowledged and delivered only after the handshake has proved the caller (3.5)."""
    end = listening()
    reply = end.gets("SYN", seq=IRS, iss=ISS, text=10)
    assert reply.said == ("SYN,ACK 100:101(0) ack 301",)
    assert "syn-text-queued" in reply.because
    assert end.reads().error == "nothing to read yet"
    opening = end.gets("ACK", seq=311, ack=101)
    assert opening.crossed == ("syn-received/rcv-ack",)
    assert opening.told == ("connected", "readable")
    assert end.tcb.rcv.nxt == 311
    assert end.tcb.inc.ready == (Payload("theirs", 0, 10),)


def test_a_fin_on_a_syn_waits_too() -> None:
    """SYN,FIN: the connection opens and is half closed in one step."""
    end = listening()
    assert end.gets("SYN,FIN", seq=IRS, iss=ISS, text=10).said == ("SYN,ACK 100:101(0) ack 301",)
    opening = end.gets("ACK", seq=312, ack=101)
    assert opening.crossed == ("syn-received/rcv-ack", "established/rcv-fin")
    assert opening.said == ("ACK 101:101(0) ack 312",)
    assert end.reads().value == 10


def test_linux_drops_a_syn_fin() -> None:
    """The RFC would accept it."""
    end = listening(LINUX)
    reply = end.gets("SYN,FIN", seq=IRS, iss=ISS)
    assert reply.is_nothing
    assert reply.because == ("syn-fin-dropped",)
    assert end.state is State.LISTEN


def test_linux_ignores_text_on_a_syn() -> None:
    """Without Fast Open the text is not acknowledged and has to come again."""
    end = listening(LINUX)
    reply = end.gets("SYN", seq=IRS, iss=ISS, text=10)
    assert "syn-text-ignored" in reply.because
    end.gets("ACK", seq=301, ack=101)
    assert end.tcb.rcv.nxt == 301
    assert end.reads().error == "nothing to read yet"


# --- whose octets ---


@pytest.mark.parametrize(("named", "stream"), [("server>client", "server>client"), ("", "ours")])
def test_what_the_called_side_writes_has_a_name_of_its_own(named: str, stream: str) -> None:
    """The world names the stream of each connection when its SYN arrives; else it keeps the listener's."""
    end = listening()
    end.does(Arrival(segment("SYN", seq=IRS), iss=ISS, stream=named))
    end.gets("ACK", seq=301, ack=101)
    assert end.sends(5).segment.payload == Payload(stream, 0, 5)


# --- what the SYN,ACK offers ---


def test_a_syn_without_options_is_answered_with_the_mss_alone() -> None:
    """The peer then takes 536 octets (MUST-15)."""
    for profile in (RFC, LINUX):
        end = listening(profile)
        assert end.gets("SYN", seq=IRS, iss=ISS).segment.options == Options(mss=1460)
        assert end.tcb.agreed.mss == 536


@pytest.mark.parametrize("make", [listening, no_connection])
def test_every_answer_leaves_the_argument_alone(make: Make) -> None:
    """The same question twice gives the same answer."""
    first, second = make(), make()
    assert first.gets("SYN", seq=IRS, iss=ISS).reaction == second.gets("SYN", seq=IRS, iss=ISS).reaction
