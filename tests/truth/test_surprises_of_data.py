"""Surprises of data on their way: what is sent again, when, and when it is acknowledged."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.truth.forger import OPENING, answered, sends
from tests.truth.tale import WHEEL, Tale, gaps, pair

SACK_OPENING = ("1ms SYN mss=1000 sack=yes", "101ms ACK")
"""A handshake with SACK over a round trip of 100 ms."""


def one_lost(client: str) -> list[float]:
    """The waits between the sendings of one segment of 100 octets that nobody acknowledges (round trip 48 ms)."""
    calls = "connect server:80; after 0.1s write 100"
    run = pair(calls, "listen 80; accept", "at 0.1s cut link", client=client, delay="24ms", until="5s")
    return gaps(run.when("client", "> PSH,ACK 1:101(100)"))


@pytest.mark.parametrize("kernel", ["linux-6.18", "linux-4.19"])
def test_surprise_31_one_lost_segment_is_repeated_twice_at_the_same_distance(kernel: str) -> None:
    """Surprise 31: with SACK a lost segment goes again twice at the same distance, a probe and a full RTO; only then
    the waits double.
    """
    assert one_lost(kernel)[:4] == [0.248, 0.248, 0.496, 0.992]


@pytest.mark.parametrize(
    ("client", "waits"),
    [
        ("linux-6.18 tcp_sack=0", [0.248, 0.496, 0.992]),
        ("linux-2.6", [0.248, 0.496, 0.992]),
        ("rfc9293", [1.0, 2.0]),
    ],
)
def test_surprise_31_without_a_probe_the_waits_double_at_once(client: str, waits: list[float]) -> None:
    """Surprise 31: without SACK, before 3.10 and by the RFC there is no probe, and the waits double at once."""
    assert one_lost(client)[: len(waits)] == waits


def two_lost(client: str) -> list[tuple[float, str]]:
    """What goes again of two segments, 1448 and 552 octets, that nobody acknowledges (round trip 60 ms)."""
    calls = "connect server:80; setsockopt TCP_NODELAY 1; after 0.1s write 2000"
    run = pair(calls, "listen 80; accept", "at 0.12s cut link", client=client, delay="30ms", until="1s")
    written = run.first("client", "write 2000")
    return [(round(at - written, 3), said) for at, said in sends(run, "client") if at > written]


def test_surprise_31_with_two_in_flight_the_last_goes_first() -> None:
    """Surprise 31: with two in flight the last segment goes first, after 2*SRTT (and a moment), then after RTO the
    first; without SACK the first goes again and again.
    """
    first, last = "ACK 1:1449(1448) ack 1", "PSH,ACK 1449:2001(552) ack 1"
    assert two_lost("linux-6.18") == [(0.122, last), (0.382, first)]
    assert two_lost("linux-2.6") == [(0.26, first), (0.78, first)]


def one_hole(opening: tuple[str, ...], *answers: str, server: str = "linux-6.18") -> list[tuple[float, str]]:
    """What is sent again of eight segments of 1000 octets, written at 0.2 s, up to half a second."""
    serves = "listen 80; accept; at 0.2s setsockopt TCP_NODELAY 1; write 8000"
    run = answered(serves, *opening, *answers, server=server, until="0.5s")
    assert len([said for at, said in sends(run) if at == 0.2]) == 8
    return [(at, said) for at, said in sends(run) if at > 0.2]


@pytest.mark.parametrize("kernel", ["linux-4.19", "linux-6.18", WHEEL])
def test_surprise_32_three_duplicate_acks_are_not_needed(kernel: str) -> None:
    """Surprise 32: with SACK one SACK and the RACK timer suffice: 16 to 20 ms later (and a tick) it goes again."""
    answers = ("0.24s ACK ack=1001", "0.26s ACK ack=1001 blocks=2001-3001")
    ((at, said), *_) = one_hole(SACK_OPENING, *answers, server=kernel)
    assert said == "ACK 1001:2001(1000) ack 1"
    assert 0.016 <= at - 0.26 <= 0.024


def test_surprise_32_without_sack_the_third_duplicate_ack_is_needed() -> None:
    """Surprise 32: without SACK the classic rule holds exactly: nothing at the second, the segment at the third."""
    opening = ("1ms SYN mss=1000", "101ms ACK")
    duplicates = ("0.24s ACK", "0.271s ACK", "0.301s ACK")
    again = "ACK 1:1001(1000) ack 1"
    assert one_hole(opening, *duplicates) == [(0.301, again)]
    assert one_hole(opening, *duplicates[:2]) == [(0.5, again)]


def steady(segments: int, *, server: str = "linux-6.18", serves: str = "listen 80; accept; read; repeat 3") -> Tale:
    """A peer sends full segments, one every two milliseconds, to a program that reads."""
    text = (f"{17 + 2 * number}ms ACK seq={1 + 1460 * number} len=1460" for number in range(segments))
    return answered(serves, *OPENING, *text, server=server, until="0.2s")


def acknowledged(run: Tale) -> list[int]:
    """How many segments each ACK acknowledges."""
    marks = [0, *(int(said.split()[-1]) // 1460 for _, said in sends(run)[1:])]
    return [later - sooner for sooner, later in pairwise(marks)]


def test_surprise_34_a_new_connection_does_not_delay_acks() -> None:
    """Surprise 34: the first 20 full segments or so are ACKed one by one, then every second one."""
    counts = acknowledged(steady(52))
    alone = counts.index(2)
    assert 18 <= alone <= 22
    assert counts == [1] * alone + [2] * ((52 - alone) // 2)


def test_surprise_34_by_the_rfc_every_second_from_the_first() -> None:
    """Surprise 34: by the RFC every second full segment is ACKed from the start."""
    assert acknowledged(steady(52, server="rfc9293")) == [2] * 26


def test_surprise_34_the_40_ms_need_question_and_answer() -> None:
    """Surprise 34: the delay of 40 ms needs a request/response pattern: then a request without an answer waits."""
    requests = (f"{at}s PSH,ACK seq={1 + 100 * n} ack={1 + 100 * n} len=100" for n, at in enumerate((0.1, 0.2, 0.3)))
    thanks = (f"{at}s ACK seq={101 + 100 * n} ack={101 + 100 * n}" for n, at in enumerate((0.11, 0.21, 0.31)))
    last = "0.4s PSH,ACK seq=301 ack=301 len=100"
    serves = "listen 80; accept; read; write 100; read; write 100; read; write 100; read"
    run = answered(serves, *OPENING, *requests, *thanks, last, until="1s")
    assert sends(run)[-1] == (0.44, "ACK 301:301(0) ack 401")
    assert sends(run)[1:3] == [(0.1, "ACK 1:1(0) ack 101"), (0.1, "PSH,ACK 1:101(100) ack 101")]
    assert sends(run)[3:5] == [(0.2, "PSH,ACK 101:201(100) ack 201"), (0.3, "PSH,ACK 201:301(100) ack 301")]


def test_surprise_34_or_quick_acks_turned_off() -> None:
    """Surprise 34: with TCP_QUICKACK 0 the very first segment waits 40 ms."""
    run = answered("listen 80; accept; setsockopt TCP_QUICKACK 0; read", *OPENING, "0.1s PSH,ACK len=100", until="1s")
    assert sends(run)[1:] == [(0.14, "ACK 1:1(0) ack 101")]
