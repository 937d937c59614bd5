"""Surprises of the timers: what they send, and when they give up."""

from __future__ import annotations

import pytest

from tests.truth.forger import OPENING, answered, sends
from tests.truth.tale import WHEEL, Tale, gaps, pair

KERNELS = ("linux-2.6", "linux-4.19", "linux-6.18")
PROBE = "ACK 0:0(0) ack 1"
"""SEQ=SND.NXT-1 and no text, of an end that has sent its SYN alone."""
KEEPALIVE = "setsockopt SO_KEEPALIVE 1; setsockopt TCP_KEEPIDLE 1; setsockopt TCP_KEEPINTVL 1; setsockopt TCP_KEEPCNT 3"


def shut_window(profile: str) -> Tale:
    """A peer whose window is shut when 100 octets are written answers every probe, and opens it after 6.835 s."""
    answers = (f"{at}s ACK win=0" for at in (0.26, 0.708, 1.572, 3.3, 6.82))
    serves = "listen 80; accept; at 37ms write 100"
    return answered(serves, OPENING[0], "9ms ACK win=0", *answers, "6.835s ACK", server=profile, until="7s")


@pytest.mark.parametrize("kernel", [*KERNELS, WHEEL])
def test_surprise_28_zero_window_probes_carry_no_data(kernel: str) -> None:
    """Surprise 28: probes of a shut window carry no data: SEQ=SND.NXT-1, after 0.2 s, then 0.4, 0.9, 1.7, 3.5 s."""
    _, *probes, text = sends(shut_window(kernel))
    assert [said for _, said in probes] == [PROBE] * 5
    assert gaps([0.037, *(at for at, _ in probes)]) == pytest.approx([0.214, 0.448, 0.864, 1.728, 3.52], rel=0.06)
    assert text == (6.835, "PSH,ACK 1:101(100) ack 1")


def test_surprise_28_by_the_books_a_probe_carries_an_octet() -> None:
    """Surprise 28: by the books a probe carries one new octet, and the answer says whether it was taken."""
    probes = [said for _, said in sends(shut_window("rfc9293"))[1:]]
    assert probes[0] == "ACK 1:2(1) ack 1"


def test_surprise_28_a_probe_looks_exactly_like_a_keepalive() -> None:
    """Surprise 28: a probe of the window looks exactly like a keepalive."""
    alive = answered(f"listen 80; accept; at 18ms {KEEPALIVE}", *OPENING, until="1.5s")
    assert sends(alive)[1][1] == sends(shut_window("linux-6.18"))[1][1] == PROBE


@pytest.mark.parametrize("kernel", KERNELS)
def test_surprise_29_a_failed_keepalive_resets(kernel: str) -> None:
    """Surprise 29: when keepalive fails RST,ACK is sent; its probes are one second apart."""
    run = answered(f"listen 80; accept; at 18ms {KEEPALIVE}; read", *OPENING, server=kernel)
    *probes, (died, last) = sends(run)[1:]
    assert [said for _, said in probes] == [PROBE] * 3
    assert gaps([*(at for at, _ in probes), died]) == [1.0, 1.0, 1.0]
    assert last == "RST,ACK 1:1(0) ack 1"
    assert run.when("server", "read = -1 ETIMEDOUT") == [died]


def test_surprise_29_failed_retransmission_sends_nothing() -> None:
    """Surprise 29: when tcp_retries2 fails nothing is sent; by the RFC a failed keepalive says nothing either."""
    data = answered("listen 80; accept; write 100; read", *OPENING, server="linux-6.18 tcp_retries2=5", until="30s")
    assert data.said("server", "read = -1 ETIMEDOUT")
    assert {said for _, said in sends(data)[1:]} == {"PSH,ACK 1:101(100) ack 1"}
    idle = answered(f"listen 80; accept; {KEEPALIVE}; read", *OPENING, server="rfc9293")
    assert idle.said("server", "read = -1 ETIMEDOUT")
    assert {said for _, said in sends(idle)[1:]} == {PROBE}


IMPATIENT = "listen 80; accept; at 17ms setsockopt TCP_USER_TIMEOUT 3000; write 100; read"


def test_surprise_30_a_user_timeout_of_3_seconds_means_more() -> None:
    """Surprise 30: TCP_USER_TIMEOUT=3000 means 3.2 s: its clock starts with the first repetition."""
    run = answered(IMPATIENT, *OPENING, server=WHEEL)
    written, first, *_ = sent = [at for at, said in sends(run) if said.startswith("PSH")]
    assert [at - written for at in sent] == pytest.approx([0, 0.214, 0.654, 1.518], abs=0.01)
    (told,) = run.when("server", "read = -1 ETIMEDOUT")
    assert 3.0 <= told - first < 3.05
    assert 3.2 < told - written < 3.26
    assert [said for at, said in sends(run) if at >= told] == []


def test_surprise_30_by_the_rfc_it_is_3_seconds() -> None:
    """Surprise 30: a user timeout by the RFC counts from the first transmission."""
    run = answered(IMPATIENT, *OPENING, server="rfc9293")
    assert run.when("server", "read = -1 ETIMEDOUT") == [3.017]


@pytest.mark.parametrize(
    ("profile", "delay", "timeout"),
    [
        ("linux-6.18", "0.5ms", 0.201),
        ("linux-6.18", "50ms", 0.3),
        ("linux-6.18", "200ms", 1.2),
        ("linux-4.19", "50ms", 0.3),
        ("linux-2.6", "50ms", 0.3),
        ("rfc9293", "0.5ms", 1.0),
        ("rfc9293", "50ms", 1.0),
        ("rfc9293", "200ms", 1.2),
    ],
)
def test_surprise_33_the_timeout_is_the_round_trip_and_at_least_200_ms(
    profile: str, delay: str, timeout: float
) -> None:
    """Surprise 33: RTO is SRTT + max(4*RTTVAR, 200 ms); by the RFC it is max(1 s, SRTT + 4*RTTVAR).

    After one round trip R both have SRTT = R and RTTVAR = R/2, so 3*R where that is more.
    """
    calls = "connect server:80; after 1s write 100"
    quiet = "" if profile == "rfc9293" else " tcp_sack=0"
    run = pair(calls, "listen 80", "at 0.9s cut link", client=profile + quiet, delay=delay, until="9s")
    waits = gaps(run.when("client", "> PSH,ACK 1:101"))
    assert waits[:2] == pytest.approx([timeout, 2 * timeout])


def test_surprise_33_a_steady_round_trip_leaves_200_ms_above_it() -> None:
    """Surprise 33: many equal round trips of 200 ms wear RTTVAR down to its floor: RTO is then 0.4 s, not 0.2 or 1."""
    calls = "connect server:80; write 100; read; after 0.1s repeat 2"
    serves = "listen 80; accept; read; write 100; repeat 3"
    run = pair(calls, serves, "at 20s cut link", client="linux-6.18 tcp_sack=0", delay="0.1s", until="30s")
    sent = [at for at in run.when("client", "> PSH,ACK") if at > 19.7]
    assert gaps(sent) == pytest.approx([0.4, 0.8, 1.6, 3.2])


def entries(profile: str, callers: int) -> tuple[list[float], list[float]]:
    """So many callers who never answer the SYN,ACK of a listener for 8: (SYN,ACKs sent, entries dropped), when."""
    syns = (f"{1 + 9 * number}ms SYN mss=1460 sport={50000 + number}" for number in range(callers))
    run = answered("listen 80 backlog=8", *syns, server=profile, until="200s")
    return run.when("server", "> SYN,ACK"), run.when("server", "SYN-RECEIVED -> CLOSED")


@pytest.mark.parametrize("kernel", ["linux-6.18", "linux-4.19"])
def test_surprise_40_request_entries_age_faster_under_load(kernel: str) -> None:
    """Surprise 40: with 7 of 8 places used three entries go at 7 s after 3 SYN,ACKs, and four have all of 63 s."""
    answers, dropped = entries(kernel, 7)
    assert [round(at) for at in dropped] == [7, 7, 7, 63, 63, 63, 63]
    assert len(answers) == 3 * 3 + 4 * 6


def test_surprise_40_without_load_they_have_all_their_time() -> None:
    """Surprise 40: with 4 of 8 places used every entry has its 63 s; so has any in the larger tables of old kernels."""
    answers, dropped = entries("linux-6.18", 4)
    assert [round(at) for at in dropped] == [63] * 4
    assert len(answers) == 4 * 6
    answers, dropped = entries("linux-2.6", 7)
    assert [round(at) for at in dropped] == [189] * 7
    assert len(answers) == 7 * 6


MEASURED = (0, 0.21, 0.65, 1.48, 3.15, 6.54, 13.2, 26.5, 53.6, 106.9, 213.4, 334.2, 455.0, 575.9, 696.7, 817.5)
"""When the kernel sent the same segment, in seconds after the first time."""


def fifteen_retries(profile: str) -> tuple[list[float], float]:
    """A segment that nobody acknowledges, round trip below 1 ms: the seconds at which it is sent, and is given up."""
    run = pair(
        "connect server:80; after 1s write 100; read",
        "listen 80",
        "at 0.5s cut link",
        client=f"{profile} tcp_sack=0",
        delay="0.2ms",
        until="1200s",
    )
    first, *_ = sent = run.when("client", "> PSH,ACK 1:101")
    (told,) = run.when("client", "read = -1 ETIMEDOUT")
    assert run.said("client", "> RST") == []
    return [at - first for at in sent], told - first


def test_surprise_41_15_retries_took_938_seconds() -> None:
    """Surprise 41: "15 retries = 924.6 s" took 938.4 s in reality: every timer of the wheel is late."""
    sent, told = fifteen_retries(WHEEL)
    assert len(sent) == 16
    assert sent == pytest.approx(MEASURED, rel=0.03, abs=0.03)
    assert told == pytest.approx(938.4, rel=0.005)


def test_surprise_41_on_paper_it_is_924_seconds() -> None:
    """Surprise 41: with exact timers it is 924.6 s from the first repetition, at the expiry that reaches them."""
    sent, told = fifteen_retries("linux-6.18")
    assert len(sent) == 16
    assert 924.6 <= told - sent[1] < 925
    assert gaps(sent)[-6:] == [102.605, 120.0, 120.0, 120.0, 120.0, 120.0]
