"""The timers of acknowledgments and of losses, one by one, and those that hold a program or a request entry."""

from __future__ import annotations

import pytest

from tests.truth.forger import OPENING, answered, sends
from tests.truth.tale import WHEEL, pair

LINUX = "linux-6.18"
SACK = ("1ms SYN mss=1460 sack=yes", "51ms ACK")
"""A handshake with SACK and a round trip of 50 ms."""


@pytest.mark.parametrize(
    ("server", "options", "wait"),
    [
        (LINUX, "setsockopt TCP_QUICKACK 0", 0.040),
        (LINUX, "status", 0),
        ("linux-4.19", "setsockopt TCP_QUICKACK 0", 0.040),
        ("rfc9293", "status", 0.200),
    ],
)
def test_timer_12_delayed_ack(server: str, options: str, wait: float) -> None:
    """Timer 12: 40 ms where quick ACKs are over or turned off; none on a fresh connection; by the RFC under 500 ms."""
    told = answered(f"listen 80; accept; {options}; read", *OPENING, "100ms PSH,ACK len=10", server=server)
    assert sends(told)[1:] == [(round(0.100 + wait, 3), "ACK 1:1(0) ack 11")]


@pytest.mark.parametrize(
    ("pauses", "wait"), [((), 40), ((39, 58), 87.5), ((39, 58, 86, 128), 193), ((39, 58, 86, 128, 190, 199), 200)]
)
def test_timer_12_it_grows_with_use_up_to_200_ms(pauses: tuple[int, ...], wait: float) -> None:
    """Timer 12: each pause that is shorter than the wait is added to half of it; beyond 200 ms it never goes."""
    at, segments = 1000, ["1s PSH,ACK len=10"]
    for number, pause in enumerate(pauses, 1):
        at += pause
        segments.append(f"{at}ms PSH,ACK seq={1 + 10 * number} len=10")
    serves = "listen 80; accept; setsockopt TCP_QUICKACK 0; read; repeat 4"
    told = answered(serves, "1ms SYN mss=1460", "301ms ACK", *segments)
    assert (sends(told)[-1][0] - at / 1000) * 1000 == pytest.approx(wait, abs=0.5)


@pytest.mark.parametrize(("lost", "wait", "which"), [(1000, 0.250, "1:1001"), (2920, 0.102, "1461:2921")])
def test_timer_13_tail_loss_probe(lost: int, wait: float, which: str) -> None:
    """Timer 13: 2*SRTT, and 200 ms more with one segment in flight, never later than the RTO; it takes the last."""
    told = answered(f"listen 80; accept; after 50ms write {lost}", *SACK, until="400ms")
    at, said = next((at, said) for at, said in sends(told) if at > 0.101)
    assert at - 0.101 == pytest.approx(wait)
    assert said.startswith(f"PSH,ACK {which}")


@pytest.mark.parametrize("server", [f"{LINUX} tcp_early_retrans=0", f"{LINUX} tcp_sack=0", "rfc9293", "linux-2.6"])
def test_timer_13_without_a_probe_the_rto_takes_the_first(server: str) -> None:
    """Timer 13: with tcp_early_retrans=0, without SACK, before 3.10 and by the RFC nothing goes before the RTO."""
    told = answered("listen 80; accept; setsockopt TCP_NODELAY 1; after 50ms write 2920", *SACK, server=server)
    again = next((at, said) for at, said in sends(told) if at > 0.102)
    assert again[0] - 0.101 == pytest.approx(1 if server == "rfc9293" else 0.250)
    assert again[1].startswith("ACK 1:1461")


@pytest.mark.parametrize(("server", "waits"), [(LINUX, True), ("linux-4.19", True), ("linux-2.6", False)])
def test_timer_14_rack_reordering(server: str, waits: bool) -> None:
    """Timer 14: one SACK above a hole waits a quarter of the least round trip, and a tick; 2.6 waits for the RTO."""
    opening = ("1ms SYN mss=1000 sack=yes", "101ms ACK")
    told = answered(
        "listen 80; accept; at 200ms setsockopt TCP_NODELAY 1; write 8000",
        *opening, "300ms ACK ack=1001", "310ms ACK ack=1001 blocks=2001-3001", server=server, until="450ms",
    )  # fmt: skip
    again = [at for at, said in sends(told) if said.startswith("ACK 1001:2001") and at > 0.3]
    if waits:
        assert again[0] - 0.310 == pytest.approx(0.100 / 4, abs=0.012)
    else:
        assert not again


def test_timer_14_three_sacked_segments_end_the_waiting() -> None:
    """Timer 14: as long as no reordering was seen three SACKed segments say at once that the first is lost."""
    opening = ("1ms SYN mss=1000 sack=yes", "101ms ACK")
    told = answered(
        "listen 80; accept; at 200ms setsockopt TCP_NODELAY 1; write 8000",
        *opening, "300ms ACK ack=1001", "310ms ACK ack=1001 blocks=2001-5001", until="450ms",
    )  # fmt: skip
    assert next(at for at, said in sends(told) if said.startswith("ACK 1001:2001") and at > 0.3) == 0.310


@pytest.mark.parametrize(
    ("settings", "answered_at"),
    [("", [0.6, 1.101]), (" tcp_invalid_ratelimit=100", [0.6, 0.701, 1.099]), (" tcp_invalid_ratelimit=0", None)],
)
def test_timer_15_limit_of_acks_to_invalid_segments(settings: str, answered_at: list[float] | None) -> None:
    """Timer 15: one challenge ACK of a socket in 500 ms (tcp_invalid_ratelimit); 0 lifts the limit."""
    asked = [0.6, 0.650, 0.701, 1.099, 1.101]
    told = answered(
        "listen 80; accept; read", *OPENING, *(f"{at}s SYN" for at in asked), server=f"{LINUX}{settings}", until="2s"
    )
    assert [at for at, _ in sends(told)[1:]] == (asked if answered_at is None else answered_at)


@pytest.mark.parametrize(("wish", "told_back", "again"), [(1, 1, 1), (2, 3, 3), (3, 3, 3), (4, 7, 7), (8, 15, 15)])
def test_timer_16_defer_accept(wish: int, told_back: int, again: int) -> None:
    """Timer 16: a wish is rounded up to whole repetitions of the SYN,ACK: 1, 3, 7, 15 s; data end it at any time."""
    serves = f"socket; setsockopt TCP_DEFER_ACCEPT {wish}; getsockopt TCP_DEFER_ACCEPT; bind 80; listen; accept"
    told = answered(serves, "1s SYN mss=1460", "1.009s ACK", until="20s")
    assert told.said("server", "getsockopt") == [f"getsockopt TCP_DEFER_ACCEPT = {told_back}"]
    assert told.when("server", "> SYN,ACK ")[:2] == [1, 1 + again]
    assert not told.when("server", "... accept")
    spoken = answered(serves, "1s SYN mss=1460", "1.009s ACK", "1.5s PSH,ACK len=10", until="20s")
    assert spoken.when("server", "... accept = 4") == [1.500]


def test_timer_16_it_is_off_unless_set() -> None:
    """Timer 16: without the option the third ACK opens the connection."""
    told = answered("listen 80; accept", *OPENING)
    assert told.when("server", "... accept = 4") == [0.009]


@pytest.mark.parametrize("kernel", [LINUX, WHEEL])
def test_timer_17_so_linger(kernel: str) -> None:
    """Timer 17: close() blocks n s at most, while the FIN goes on; it returns at once where the option is off."""
    deaf = pair("connect server:80; setsockopt SO_LINGER 2; close", "listen 80", "at 21ms cut link", client=kernel)
    (returned,) = deaf.when("client", "... close = 0")
    assert 2 <= returned - 0.020 <= 2.25 + 0.004
    assert deaf.when("client", "> FIN,ACK ")[-1] > returned
    heard = pair("connect server:80; setsockopt SO_LINGER 2; close", "listen 80", client=kernel)
    assert heard.when("client", "... close = 0") == [0.040], "the FIN is acknowledged"
    off = pair("connect server:80; close", "listen 80", client=kernel)
    assert off.when("client", "close = 0") == [0.020]
