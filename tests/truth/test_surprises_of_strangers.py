"""Surprises of segments that do not fit: SYN, RST, text and ICMP where nobody waits for them."""

from __future__ import annotations

import pytest

from tests.truth.forger import OPENING, answered, sends
from tests.truth.tale import pair

MODERN = ("linux-4.19", "linux-6.18", "rfc9293")
"""Those that know RFC 5961."""
READER = "listen 80; accept; read"
CHALLENGE = "ACK 1:1(0) ack 1"


@pytest.mark.parametrize("profile", MODERN)
def test_surprise_21_a_syn_in_established_does_not_reset(profile: str) -> None:
    """Surprise 21: a SYN in ESTABLISHED, in the window or not, draws a challenge ACK: one in 500 ms."""
    run = answered(
        READER, *OPENING, "22ms SYN seq=-5000", "631ms SYN seq=200", "651ms SYN seq=300", server=profile, until="2s"
    )
    assert sends(run)[1:] == [(0.022, CHALLENGE), (0.631, CHALLENGE)]
    assert run.said("server", "->")[-1] == "SYN-RECEIVED -> ESTABLISHED"
    assert run.counter("server", "TcpExtTCPSYNChallenge") == 3
    assert run.counter("server", "TcpExtTCPChallengeACK") == 2
    assert run.counter("server", "TcpExtTCPACKSkippedChallenge") == 1


def test_surprise_21_rfc_793_reset() -> None:
    """Surprise 21: before RFC 5961 a SYN in the window did reset, and an old one drew the ACK of any old segment."""
    run = answered(READER, *OPENING, "22ms SYN seq=-5000", "631ms SYN seq=200", server="linux-2.6", until="2s")
    assert sends(run)[1:] == [(0.022, CHALLENGE), (0.631, "RST,ACK 0:0(0) ack 201")]
    assert run.when("server", "read = -1 ECONNRESET") == [0.631]
    assert run.counter("server", "TcpExtTCPSYNChallenge") == 0


@pytest.mark.parametrize("profile", MODERN)
def test_surprise_22_rst_must_hit_the_next_number(profile: str) -> None:
    """Surprise 22: a RST must hit RCV.NXT: one inside the window draws a challenge ACK, whose answer is the hit."""
    run = answered(READER, *OPENING, "17ms RST seq=101", "37ms RST seq=1", server=profile, until="2s")
    assert sends(run)[1:] == [(0.017, CHALLENGE)]
    assert run.when("server", "ESTABLISHED -> CLOSED") == [0.037]
    assert run.when("server", "read = -1 ECONNRESET") == [0.037]


@pytest.mark.parametrize(("seq", "answer"), [("2", [CHALLENGE]), ("0", []), ("70000", []), ("1", [])])
def test_surprise_22_one_octet_off(seq: str, answer: list[str]) -> None:
    """Surprise 22: one octet ahead is a challenge ACK, one behind or beyond the window is silence, neither a reset."""
    run = answered(READER, *OPENING, f"20ms RST seq={seq}", until="2s")
    assert [said for _, said in sends(run)[1:]] == answer
    assert bool(run.said("server", "ESTABLISHED -> CLOSED")) == (seq == "1")


def test_surprise_22_any_rst_in_the_window_once_reset() -> None:
    """Surprise 22: before RFC 5961 a RST anywhere in the window reset, so that it could be guessed."""
    run = answered(READER, *OPENING, "17ms RST seq=101", server="linux-2.6", until="2s")
    assert sends(run)[1:] == []
    assert run.when("server", "read = -1 ECONNRESET") == [0.017]


@pytest.mark.parametrize(
    ("profile", "is_challenged"),
    [("linux-6.18", True), ("rfc9293", True), ("linux-4.19", False), ("linux-2.6", False)],
)
def test_surprise_22_even_a_request_entry_wants_the_exact_rst(profile: str, is_challenged: bool) -> None:
    """Surprise 22: an inexact RST draws a challenge ACK even in SYN-RECEIVED; older kernels deleted the entry."""
    run = answered("listen 80", OPENING[0], "20ms RST seq=101", server=profile, until="0.5s")
    assert sends(run)[1:] == ([(0.02, CHALLENGE)] if is_challenged else [])
    assert bool(run.said("server", "SYN-RECEIVED -> LISTEN")) == (not is_challenged)


def test_surprise_22_the_number_of_the_fin_counts_too() -> None:
    """Surprise 22: the exception: after the peer's FIN a RST may also bear the number of that FIN."""
    run = answered(READER, *OPENING, "20ms FIN,ACK", "40ms RST seq=1", until="0.5s")
    assert run.when("server", "CLOSE-WAIT -> CLOSED") == [0.04]
    old = answered(READER, *OPENING, "20ms FIN,ACK", "40ms RST seq=1", server="rfc9293", until="0.5s")
    assert old.said("server", "CLOSE-WAIT -> CLOSED") == []


@pytest.mark.parametrize("kernel", ["linux-2.6", "linux-4.19", "linux-6.18"])
def test_surprise_27_a_soft_icmp_error_ends_connect_at_once(kernel: str) -> None:
    """Surprise 27: host unreachable makes connect() fail at once, and the SYN is not repeated."""
    run = pair("connect server:80", "listen 80", "at 0s cut link", "at 0.3s icmp client soft", client=kernel)
    assert run.when("client", "connect server:80 = -1 EHOSTUNREACH") == [0.3]
    assert len(run.when("client", "> SYN 0:1(0)")) == 1


def test_surprise_27_by_the_rfc_a_soft_error_is_no_reason() -> None:
    """Surprise 27: by the RFC a soft error MUST NOT abort, and the SYN that is repeated gets through."""
    run = pair(
        "connect server:80",
        "listen 80",
        "at 0s cut link",
        "at 0.3s icmp client soft",
        "at 0.5s mend link",
        client="rfc9293",
    )
    assert run.when("client", "> SYN 0:1(0)") == [0.0, 1.0]
    assert run.said("client", "connect server:80 = 0")


def test_surprise_27_in_established_even_a_hard_error_is_ignored() -> None:
    """Surprise 27: in ESTABLISHED port unreachable is ignored; by the RFC it SHOULD abort."""
    lines = ("at 1s icmp client hard", "at 2s icmp client soft", "at 3s inject server>client PSH,ACK len=10")
    linux = pair("connect server:80; read", "listen 80; accept", *lines, until="4s")
    assert len(linux.said("client", "ICMP")) == 2
    assert linux.said("client", "read = 10") == ["... read = 10"]
    rfc = pair("connect server:80; read", "listen 80; accept", *lines, client="rfc9293", until="4s")
    assert rfc.when("client", "ESTABLISHED -> CLOSED") == [1.0]
    assert rfc.when("client", "read = -1 ECONNREFUSED") == [1.0]


@pytest.mark.parametrize("profile", ["linux-2.6", "linux-4.19", "linux-6.18", "rfc9293"])
def test_surprise_35_data_beyond_a_fin_vanish(profile: str) -> None:
    """Surprise 35: data beyond the peer's own FIN are dropped without an ACK in CLOSE-WAIT, and never read."""
    run = answered(
        "listen 80; accept; read; after 1s read", *OPENING, "17ms FIN,ACK", "0.5s PSH,ACK seq=2 len=20", server=profile
    )
    assert [said for at, said in sends(run) if at >= 0.5] == []
    assert run.said("server", "read = ") == ["read = ...", "... read = 0", "read = 0"]
    assert run.said("server", "->")[-1] == "ESTABLISHED -> CLOSE-WAIT"


def test_surprise_35_data_before_the_fin_are_answered() -> None:
    """Surprise 35: the silence is for what lies beyond the FIN: what lies before it is old and answered."""
    run = answered("listen 80; accept; read", *OPENING, "17ms FIN,ACK", "0.5s PSH,ACK seq=0 len=1")
    assert [said for at, said in sends(run) if at >= 0.5] == ["ACK 1:1(0) ack 2"]


@pytest.mark.parametrize(
    ("profile", "is_taken"), [("linux-6.18", False), ("linux-4.19", False), ("linux-2.6", True), ("rfc9293", True)]
)
def test_surprise_37_syn_fin_to_a_listener_is_dropped(profile: str, is_taken: bool) -> None:
    """Surprise 37: SYN,FIN to a listener is dropped without a word; the RFC and old kernels open a connection."""
    run = answered("listen 80", "1ms SYN,FIN", server=profile, until="0.5s")
    assert sends(run) == ([(0.001, "SYN,ACK 0:1(0) ack 1")] if is_taken else [])


@pytest.mark.parametrize(
    ("profile", "kept"), [("linux-6.18", 0), ("linux-4.19", 0), ("linux-2.6", 0), ("rfc9293", 100)]
)
def test_surprise_37_the_data_of_a_syn_are_ignored(profile: str, kept: int) -> None:
    """Surprise 37: the data of a SYN are ignored without Fast Open; by the RFC they wait for the third ACK."""
    run = answered("listen 80; accept; read", "1ms SYN len=100", f"9ms ACK seq={1 + kept}", server=profile, until="1s")
    assert sends(run)[0] == (0.001, "SYN,ACK 0:1(0) ack 1")
    assert run.said("server", "read = ")[-1] == (f"read = {kept}" if kept else "read = ...")
