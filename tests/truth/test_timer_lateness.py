"""A host whose timers are as late as a kernel's does what was recorded when it was recorded, to the tick.

The wheel of timers has turned some way when a connection begins, which no recording tells. So for each recording the
place is looked for from which the wheel's rule meets every recorded moment; the engine begins there and must meet
them too. 512 ticks, some two seconds, are all there is to look through: no wait here is told by a coarser hand.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.truth.forger import answered
from tests.truth.tale import WHEEL, Tale, pair
from tutor.tcp.lateness import fires_at

RECORDS = Path(__file__).parents[1] / "conformance" / "golden"
TICK = 4_000
NEAR = 0.008
"""Seconds by which a moment may be off: one tick, and the delay of the recorder."""
BARE = f"{WHEEL} tcp_sack=0 tcp_timestamps=0"
"""The peers of the recordings offer no options."""


def recorded(name: str, *wanted: str, since: str = "") -> list[float]:
    """When the recorded kernel sent segments of these flags or entered these states.

    From the first such moment on, or since the last call of this name.
    """
    record = json.loads((RECORDS / f"{name}.json").read_text(encoding="utf-8"))
    sent = [row["t"] for row in record["kernel_segments"] if row["flags"] in wanted]
    states = [row["t"] for row in record["states"] if row["state"] in wanted]
    begin = max((row["t"] for row in record["calls"] if row["call"] == since), default=0.0)
    return from_first([begin, *(at for at in sent + states if at > begin)] if since else sent + states)


def from_first(moments: list[float]) -> list[float]:
    """Moments in order, counted from the first; what differs by a recorder's delay is one moment."""
    ordered = sorted(moments)
    ordered = [at for place, at in enumerate(ordered) if not place or at - ordered[place - 1] > NEAR]
    return [round(moment - ordered[0], 6) for moment in ordered]


def doubled(first: float, waits: int, most: float = 120.0) -> list[float]:
    """So many waits, each twice the one before."""
    return [min(first * 2**place, most) for place in range(waits)]


def late(place: int, waits: list[float]) -> list[float]:
    """The moments of a chain of waits that begins in the middle of this tick."""
    begin = now = place * TICK + TICK // 2
    moments = [0.0]
    for wait in waits:
        now = fires_at(now, now + round(wait * 1_000_000), TICK)
        moments.append((now - begin) / 1_000_000)
    return moments


def off_by(moments: list[float], others: list[float]) -> float:
    """The largest difference between two lists of moments."""
    return max(abs(one - other) for one, other in zip(moments, others, strict=True))


def best_place(moments: list[float], waits: list[float]) -> int:
    """The tick of a turn from which the rule meets the recorded moments best."""
    return min(range(512), key=lambda place: off_by(moments, late(place, waits)))


SYN = recorded("syn_exhausted_classic", "SYN", "CLOSED"), doubled(1, 7)
LINEAR = recorded("syn_exhausted_default", "SYN", "CLOSED"), [1, 1, 1, 1, *doubled(1, 7)]
SYN_ACK = recorded("synack_lost_retries2", "SYN,ACK", "CLOSED"), doubled(1, 3)
DATA = recorded("rto_backoff_default_retries2", "PSH,ACK", "CLOSED"), doubled(0.212, 16)
ORPHAN = recorded("fin_not_acked_orphan_retries", "FIN,ACK", "CLOSED"), doubled(0.212, 4)
TIME_WAIT = recorded("timewait_60s_despite_fin_timeout", "TIME-WAIT", "CLOSED"), [60.0]
FIN_WAIT_2 = recorded("fin_wait2_orphan_timeout", "FIN-WAIT-2", "CLOSED"), [3.0]
KEEPALIVE = recorded("keepalive_dead", "ACK", "RST,ACK", "CLOSED", since="setsockopt"), [1.0] * 4
PROBES = recorded("zero_window_probe", "ACK", since="send"), doubled(0.212, 5)
CHAINS = {
    "SYN, 127 s": SYN,
    "SYN, 131 s": LINEAR,
    "SYN,ACK, 7 s": SYN_ACK,
    "RTO, 924.6 s and a round trip": DATA,
    "an orphan's FIN, 3.2 s": ORPHAN,
    "TIME-WAIT, 60 s": TIME_WAIT,
    "FIN-WAIT-2, 3 s": FIN_WAIT_2,
    "keep-alive, 4 s": KEEPALIVE,
    "window probes, 6.6 s": PROBES,
}
"""What was recorded, and the waits that no timer would have been late for."""


@pytest.mark.parametrize("chain", CHAINS)
def test_the_rule_meets_every_recorded_moment(chain: str) -> None:
    """A whole chain of waits to the tick, from one place of the wheel; timers that are exact would be far off."""
    moments, waits = CHAINS[chain]
    assert off_by(moments, late(best_place(moments, waits), waits)) <= NEAR
    assert moments[-1] - sum(waits) > 4 * NEAR


def test_no_place_of_the_wheel_makes_up_for_wrong_waits() -> None:
    """A first wait of 1.1 s, or an RTO of 200 ms, is met from nowhere: the fit can fail."""
    for (moments, waits), factor in ((SYN, 1.1), (DATA, 0.2 / 0.212)):
        wrong = [min(wait * factor, 120.0) for wait in waits]
        assert off_by(moments, late(best_place(moments, wrong), wrong)) > 0.5


def test_924_seconds_are_938() -> None:
    """Another recording of the same, with a round trip below a millisecond, ended after 938.4 s."""
    ends = [late(place, doubled(0.204, 16))[-1] for place in range(512)]
    assert min(abs(end - 938.4) for end in ends) < 0.1
    assert min(ends) > 936


def after(chain: tuple[list[float], list[float]], less_ms: int) -> str:
    """How long the program waits, so that the chain begins ``less_ms`` later at the place where it was recorded."""
    place = best_place(*chain)
    return f"{(place + 512) * TICK // 1000 + TICK // 2000 - less_ms}ms"


def told(run: Tale, host: str, *wanted: str) -> list[float]:
    """When ``host`` said so, from the first time on."""
    return from_first([at for said in wanted for at in run.when(host, said)])


@pytest.mark.parametrize(("linear", "chain"), [(0, SYN), (4, LINEAR)])
def test_a_call_that_nobody_answers(linear: int, chain: tuple[list[float], list[float]]) -> None:
    """SYN by SYN to ETIMEDOUT: after 130.5 s, or with the linear phase after 134.7."""
    client = f"{WHEEL} tcp_syn_linear_timeouts={linear}"
    run = pair(f"after {after(chain, 0)} connect server:80", "listen 80", "at 0 cut link", client=client, until="200s")
    assert off_by(chain[0], told(run, "client", "> SYN", "SYN-SENT -> CLOSED")) <= NEAR


def test_a_request_entry_that_nobody_completes() -> None:
    """SYN,ACK by SYN,ACK until the entry is dropped after 7.2 s."""
    server = f"{BARE} tcp_synack_retries=2"
    run = answered("listen 80", f"{after(SYN_ACK, 0)} SYN mss=1460", server=server, until="20s")
    assert off_by(SYN_ACK[0], told(run, "server", "> SYN,ACK", "SYN-RECEIVED -> CLOSED")) <= NEAR


def test_data_that_nobody_acknowledges() -> None:
    """Sixteen transmissions of 100 octets, and ETIMEDOUT after 947.7 s."""
    run = pair(
        f"after {after(DATA, 17)} connect server:80; after 8ms write 100; read", "listen 80; accept",
        f"at {after(DATA, -2)} cut link", client=BARE, delay="4.5ms", until="1000s",
    )  # fmt: skip
    moments = told(run, "client", "> PSH,ACK", "ETIMEDOUT")
    assert len(moments) == 17
    assert off_by(DATA[0], moments) <= NEAR


def test_an_orphans_fin_that_nobody_acknowledges() -> None:
    """tcp_orphan_retries=3: three repetitions, and gone after 3.27 s."""
    run = pair(
        f"after {after(ORPHAN, 17)} connect server:80; after 8ms close", "listen 80; accept",
        f"at {after(ORPHAN, -2)} cut link", client=f"{BARE} tcp_orphan_retries=3", delay="4.5ms", until="20s",
    )  # fmt: skip
    assert off_by(ORPHAN[0], told(run, "client", "> FIN,ACK", "FIN-WAIT-1 -> CLOSED")) <= NEAR


def test_time_wait_and_an_orphans_fin_wait_2() -> None:
    """60.9 s whatever tcp_fin_timeout is; and the 3 s of tcp_fin_timeout as 3.2."""
    calls = "connect server:80; close"
    run = pair(
        f"after {after(TIME_WAIT, 18)} {calls}", "listen 80; accept; read; close",
        client=f"{WHEEL} tcp_fin_timeout=5", delay="4.5ms",
    )  # fmt: skip
    assert off_by(TIME_WAIT[0], told(run, "client", "-> TIME-WAIT", "TIME-WAIT -> CLOSED")) <= NEAR
    run = pair(
        f"after {after(FIN_WAIT_2, 18)} {calls}", "listen 80; accept",
        client=f"{WHEEL} tcp_fin_timeout=3", delay="4.5ms",
    )  # fmt: skip
    assert off_by(FIN_WAIT_2[0], told(run, "client", "-> FIN-WAIT-2", "FIN-WAIT-2 -> CLOSED")) <= NEAR


def test_a_peer_that_died() -> None:
    """Keep-alive: a probe every 1.024 s, and the RST after 4.1 s."""
    options = ("TCP_KEEPIDLE 1", "TCP_KEEPINTVL 1", "TCP_KEEPCNT 3", "SO_KEEPALIVE 1")
    program = "; ".join((f"after {after(KEEPALIVE, 9)} connect server:80", *(f"setsockopt {name}" for name in options)))
    cut = f"at {after(KEEPALIVE, -4)} cut link"
    run = pair(f"{program}; read", "listen 80; accept", cut, client=BARE, delay="4.5ms", until="20s")
    assert off_by(KEEPALIVE[0], told(run, "client", "SO_KEEPALIVE", "> ACK 0:0", "> RST")) <= NEAR


def test_a_window_that_stays_shut() -> None:
    """Five probes, the last of them 6.8 s after the 100 octets were written."""
    begin = int(after(PROBES, 0).removesuffix("ms"))
    shut = (f"{begin + round(1000 * at) + 9}ms ACK win=0" for at in PROBES[0][1:])
    run = answered(
        f"listen 80; accept; after {begin - 10}ms write 100",
        "1ms SYN mss=1460", "10ms ACK", "18ms ACK win=0", *shut, server=BARE, until="12s",
    )  # fmt: skip
    assert off_by(PROBES[0], told(run, "server", "write 100 =", "> ACK 0:0")) <= NEAR
