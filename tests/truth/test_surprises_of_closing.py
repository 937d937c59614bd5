"""Surprises of the end: what close() and shutdown() do that no book says."""

from __future__ import annotations

import pytest

from tests.truth.forger import OPENING, answered, sends
from tests.truth.tale import WHEEL, gaps, pair

KERNELS = ("linux-2.6", "linux-4.19", "linux-6.18")
ROUND_TRIP = 0.02
"""Seconds there and back between the two hosts of ``pair``."""


@pytest.mark.parametrize("kernel", KERNELS)
def test_surprise_23_closing_with_unread_data_resets(kernel: str) -> None:
    """Surprise 23: close() with unread data sends RST,ACK instead of a FIN, and the peer's read() fails."""
    run = pair("connect server:80; write 100; read", "listen 80; accept; after 0.1s close", server=kernel, until="1s")
    closed = run.first("server", "close = 0")
    assert run.when("server", "> RST,ACK 1:1(0) ack 101") == [closed]
    assert run.said("server", "> FIN") == []
    assert run.said("server", "->")[-1] == "ESTABLISHED -> CLOSED"
    assert run.when("client", "read = -1 ECONNRESET") == [closed + ROUND_TRIP / 2]
    assert run.counter("server", "TcpExtTCPAbortOnClose") == 1


def test_surprise_23_closing_after_reading_does_not_reset() -> None:
    """Surprise 23: close() resets because of the unread data alone: once they are read, it is a FIN."""
    run = pair("connect server:80; write 100; read", "listen 80; accept; read; close", until="1s")
    assert run.said("server", "> RST") == []
    assert run.said("server", "> FIN,ACK 1:2(0) ack 101")
    assert run.said("client", "read = 0")
    assert run.counter("server", "TcpExtTCPAbortOnClose") == 0


def test_surprise_23_one_octet_left_is_enough() -> None:
    """Surprise 23: close() after reading 99 octets of 100 resets as well, as recorded: RST,ACK with SEQ=SND.NXT."""
    run = answered("listen 80; accept; read 99; after 10ms close", *OPENING, "17ms PSH,ACK len=100")
    assert sends(run)[-1][1] == "RST,ACK 1:1(0) ack 101"


@pytest.mark.parametrize("kernel", KERNELS)
def test_surprise_24_shutting_down_the_reading_side_is_a_local_fiction(kernel: str) -> None:
    """Surprise 24: shutdown(SHUT_RD) sends nothing and reads as EOF, but later data are ACKed and readable."""
    run = pair(
        "connect server:80; after 0.4s write 50",
        "listen 80; accept; shutdown read; read; after 0.5s read",
        server=kernel,
        until="1s",
    )
    shut = run.first("server", "shutdown read = 0")
    assert run.when("server", "read = 0") == [shut, shut]
    assert [at for at, _ in sends(run) if shut <= at < 0.4] == []
    arrived = run.first("server", "< PSH,ACK 1:51(50)")
    assert run.when("server", "> ACK 1:1(0) ack 51") == [arrived]
    assert run.said("server", "read = 50") == ["read = 50"]
    assert run.said("server", "->")[-1] == "SYN-RECEIVED -> ESTABLISHED"


def test_surprise_25_lingering_does_not_abort_at_the_end() -> None:
    """Surprise 25: with SO_LINGER of 2 s close() returns after 2 s, and the FIN goes on being retransmitted."""
    run = pair(
        "connect server:80; setsockopt SO_LINGER 2; after 0.1s close", "listen 80", "at 50ms cut link", until="20s"
    )
    called, returned = run.first("client", "close = ..."), run.first("client", "... close = 0")
    assert returned - called == pytest.approx(2.0)
    fins = run.when("client", "> FIN,ACK 1:2(0)")
    assert (len([at for at in fins if at < returned]), len([at for at in fins if at > returned])) == (5, 3)
    assert run.said("client", "> RST") == []
    assert run.said("client", "->")[-1] == "ESTABLISHED -> FIN-WAIT-1"


def test_surprise_25_lingering_ends_with_the_last_acknowledgement() -> None:
    """Surprise 25: SO_LINGER of 2 s waits for an ACK of the FIN and no longer."""
    run = pair("connect server:80; setsockopt SO_LINGER 2; after 0.1s close", "listen 80; accept", until="5s")
    assert gaps(run.when("client", "close = ")) == [ROUND_TRIP]


def test_surprise_25_lingering_for_no_time_aborts() -> None:
    """Surprise 25: only SO_LINGER of 0 s aborts."""
    run = pair("connect server:80; setsockopt SO_LINGER 0; after 0.1s close", "listen 80; accept; read", until="5s")
    assert run.said("client", "> RST,ACK 1:1(0)")
    assert run.said("client", "->")[-1] == "ESTABLISHED -> CLOSED"
    assert run.said("server", "read = -1 ECONNRESET")


@pytest.mark.parametrize(
    ("delay", "repetitions", "gone_after"), [("4ms", 3, (3.1, 3.35)), ("0.2ms", 4, (6.324, 6.7))]
)  # fmt: skip
def test_surprise_26_fin_wait_1_can_die_silently(delay: str, repetitions: int, gone_after: tuple[float, float]) -> None:
    """Surprise 26: FIN-WAIT-1 dies without a word, and its "3 retries" are a time: 3.0 s from the first repetition.

    So the round trip decides how many there are: the fourth expiry falls before 3.0 s or after. Five waits of 204 ms
    and its doublings are 6.324 s and, on the wheel, up to 0.38 s more.
    """
    orphan = WHEEL + " tcp_orphan_retries=3 tcp_sack=0"
    run = pair(
        "connect server:80; after 15ms close",
        "listen 80",
        "at 10ms cut link",
        client=orphan,
        delay=delay,
        until="20s",
    )
    fins = run.when("client", "> FIN,ACK 1:2(0)")
    assert len(fins) == 1 + repetitions
    (gone,) = run.when("client", "FIN-WAIT-1 -> CLOSED")
    assert gone_after[0] < gone - fins[0] < gone_after[1]
    assert gone - fins[1] >= 3.0
    assert run.said("client", "> RST") == []
    assert run.said("client", "TIME-WAIT") == []


def test_surprise_26_a_socket_that_nobody_closed_is_told() -> None:
    """Surprise 26: tcp_orphan_retries is for orphans: a program that still holds the socket waits for tcp_retries2."""
    run = pair(
        "connect server:80; after 15ms shutdown write; read",
        "listen 80",
        "at 25ms cut link",
        client="linux-6.18 tcp_orphan_retries=3 tcp_retries2=5",
        until="60s",
    )
    fin, told = run.first("client", "> FIN,ACK"), run.first("client", "read = -1 ETIMEDOUT")
    assert told - fin > 12.6


def test_surprise_36_closing_the_listener_resets_what_nobody_accepted() -> None:
    """Surprise 36: closing the listener resets connections nobody accepted; what is half open vanishes later."""
    run = answered(
        "listen 80; at 227ms close",
        *OPENING,
        "9ms SYN mss=1460 sport=50001",
        "18ms ACK sport=50001",
        "18ms SYN mss=1460 sport=50002",
        "1.856s ACK sport=50002",
    )
    assert run.when("server", "> RST,ACK 1:1(0) ack 1") == [0.227, 0.227]
    assert run.when("server", "ESTABLISHED -> CLOSED") == [0.227, 0.227]
    (vanished,) = run.when("server", "SYN-RECEIVED vanishes")
    assert vanished == 1.018
    assert run.when("server", "> RST 1:1(0)") == [1.856]
    assert run.when("server", "> SYN,ACK", "50002") == [0.018]


def test_surprise_36_accepted_connections_stay() -> None:
    """Surprise 36: what was accepted before the listener closed goes on."""
    run = answered("listen 80; accept; at 0.2s close on=server:80", *OPENING, "1s ACK len=10")
    assert run.said("server", "> RST") == []
    assert run.when("server", "> ACK 1:1(0) ack 11") == [1.0]
