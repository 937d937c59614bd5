"""What an old kernel does otherwise and no claim or surprise shows: losses by distance, its clock, challenge ACKs."""

from __future__ import annotations

import pytest

from tests.truth.forger import OPENING, answered, sends
from tests.truth.tale import Tale, pair

TEN = "profile.initial_window_segments=10"
"""So that a whole flight goes at once whatever the kernel's own first window is."""


def first_three_lost(client: str) -> Tale:
    """Four segments at 0.1 s, the first three lost: one ACK comes back, at 0.2 s, with a SACK block of the fourth."""
    lost = (f"at 0 drop client:data:{number}" for number in (1, 2, 3))
    return pair(
        "connect server:80; write 5792", "listen 80; accept; read", *lost,
        client=f"{client} {TEN}", delay="50ms", until="2s",
    )  # fmt: skip


def test_before_rack_three_segments_of_distance_are_a_loss() -> None:
    """2.6 needs no second ACK: what lies three segments before the newest SACK is lost (FACK), and goes at once."""
    run = first_three_lost("linux-2.6")
    assert run.first("client", "> ACK 1:1449", "again 1") == 0.2
    assert run.when("client", "reordering timer") == []


@pytest.mark.parametrize("kernel", ["linux-4.19", "linux-6.18"])
def test_with_rack_time_tells_a_loss(kernel: str) -> None:
    """One SACK is no three: a quarter of the round trip passes first, lest the segments were only overtaken."""
    run = first_three_lost(kernel)
    assert run.first("client", "reordering timer expires") == pytest.approx(0.2 + 0.025, abs=0.010)
    assert run.first("client", "> ACK 1:1449", "again 1") == run.first("client", "reordering timer expires")
    assert run.when("client", "retransmission timer") == []


@pytest.mark.parametrize("kernel", ["linux-2.6", "linux-4.19", "linux-6.18"])
@pytest.mark.parametrize(("control", "threshold"), [("", 7), ("tcp_congestion_control=reno", 5)])
def test_cubic_falls_to_seven_tenths(kernel: str, control: str, threshold: int) -> None:
    """A window of ten is 7 after a loss: cubic is what each of them begins with; reno halves it."""
    run = pair(
        "connect server:80; write 14480", "listen 80; accept; read", "at 0 drop client:data:2",
        client=f"{kernel} {TEN} {control}", delay="50ms", until="2s",
    )  # fmt: skip
    (connection,) = run.host("client", 1).all_sockets()
    assert connection.tcb.cc.threshold == threshold


@pytest.mark.parametrize(("kernel", "begins_at_nought"), [("linux-2.6", False), ("linux-4.19", True)])
def test_the_clock_of_timestamps(kernel: str, begins_at_nought: bool) -> None:
    """One clock for all connections of a host: on 2.6 that of the machine, and no two agree on it."""
    run = pair("connect server:80; connect server:81", "listen 80", client=kernel, until="1s")
    first, second = (int(said.partition(",ts ")[2].split()[0]) for said in run.said("client", "> SYN 0:1"))
    apart = run.when("client", "> SYN 0:1")[1] - run.when("client", "> SYN 0:1")[0]
    assert second - first == pytest.approx(1000 * apart)
    assert (first == 0) is begins_at_nought


RESETS = ("20ms RST seq=101", "21ms RST seq=101 sport=50001", "1100ms RST seq=101 sport=50001")
"""RSTs in the window but not exact, for two connections."""


def challenged(server: str) -> Tale:
    """Two connections to a host, and ``RESETS``."""
    second = ("11ms SYN sport=50001 mss=1460", "12ms ACK sport=50001")
    return answered("listen 80; accept; accept; read", *OPENING, *second, *RESETS, server=server, until="2s")


def test_a_host_has_a_limit_for_challenge_acks() -> None:
    """With a limit of one the second connection gets none in the first second, for that host has sent its one."""
    run = challenged("linux-4.19 tcp_challenge_ack_limit=1")
    assert [at for at, said in sends(run) if said.startswith("ACK")] == [0.020, 1.100]
    assert run.counter("server", "TcpExtTCPChallengeACK") == 2


@pytest.mark.parametrize("server", ["linux-4.19", "linux-6.18", "linux-6.18 tcp_challenge_ack_limit=2"])
def test_a_limit_that_is_not_reached_holds_nothing_back(server: str) -> None:
    """1000 a second by default on 4.19, and no limit at all on 6.18, where each connection has one of its own."""
    run = challenged(server)
    assert [at for at, said in sends(run) if said.startswith("ACK")] == [0.020, 0.021, 1.100]


def test_the_oldest_kernel_is_reset_and_challenges_nobody() -> None:
    """2.6: a RST anywhere in the window ends the connection; it has no such setting."""
    run = challenged("linux-2.6")
    assert [said for _, said in sends(run) if said.startswith("ACK")] == []
    assert len(run.said("server", "ESTABLISHED -> CLOSED")) == 2
    with pytest.raises(ValueError, match=r"came with Linux 3\.6"):
        challenged("linux-2.6 tcp_challenge_ack_limit=1")
