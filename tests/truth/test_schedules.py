"""The schedules of SYNs and of data that nobody answers, against what was measured of the kernel."""

from __future__ import annotations

import pytest

from tests.truth.tale import WHEEL, Tale, gaps, pair

SYN, TEXT = "> SYN ", "> PSH,ACK "

EXACT, LATE = "linux-6.18", WHEEL
"""Timers that are never late, and timers as late as a kernel's wheel makes them."""


def is_explained(exact: float, measured: float) -> bool:
    """Is a measured wait the exact one, never early (2 ms of rounding), at most 13 % and 30 ms late?"""
    return exact - 0.002 <= measured <= exact * 1.13 + 0.030


def unanswered(kernel: str, settings: str = "", option: str = "status") -> tuple[list[float], float]:
    """When SYNs are sent to somebody who never answers, and when connect() gives up."""
    calls = f"socket; {option}; connect server:80"
    told = pair(calls, "", "at 0 cut link", client=f"{kernel} {settings}".strip(), until="3min")
    return told.when("client", SYN), told.first("client", "... connect", "ETIMEDOUT")


SYNS = [
    ("tcp_syn_retries=1", "status", [0, 1, 2], 3, 3.08),
    ("", "setsockopt TCP_SYNCNT 1", [0, 1, 2], 3, 3.08),
    ("tcp_syn_retries=2", "status", [0, 1, 2, 3, 4, 5], 7, 7.12),
    ("tcp_syn_retries=3", "status", [0, 1, 2, 3, 4, 5, 7, 11], 19, 19.4),
    ("tcp_syn_retries=4", "status", [0, 1, 2, 3, 4, 5, 7, 11, 19], 35, None),
    ("tcp_syn_retries=5", "status", [0, 1, 2, 3, 4, 5, 7, 11, 19, 35], 67, None),
    ("", "status", [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67], 131, 133.3),
    ("tcp_syn_linear_timeouts=0", "status", [0, 1, 3, 7, 15, 31, 63], 127, 129.2),
    ("tcp_syn_linear_timeouts=0 tcp_syn_retries=3", "status", [0, 1, 3, 7], 15, 15.32),
    ("tcp_syn_linear_timeouts=0 tcp_syn_retries=4 tcp_rto_max_ms=1000", "status", [0, 1, 2, 3, 4], 5, None),
    ("", "setsockopt TCP_USER_TIMEOUT 2500", [0, 1, 2], 2.5, 2.5),
]
"""The rows of the table: settings, an option, the SYNs, the end by the rule, and the end that was measured."""


@pytest.mark.parametrize(("settings", "option", "syns", "gives_up", "measured"), SYNS)
def test_syn_schedule(settings: str, option: str, syns: list[float], gives_up: float, measured: float | None) -> None:
    """Each row by the rule, second for second; the measured end is what the lateness explains."""
    sent, end = unanswered(EXACT, settings, option)
    assert sent == syns
    assert abs(end - gives_up) <= (0.1 if "USER_TIMEOUT" in option else 0)
    if measured is not None:
        assert is_explained(end, measured)


@pytest.mark.parametrize(("settings", "option", "syns", "gives_up", "measured"), SYNS)
def test_syn_schedule_on_the_wheel_of_timers(
    settings: str, option: str, syns: list[float], gives_up: float, measured: float | None
) -> None:
    """With timers as late as a kernel's: as many SYNs, each wait explained, and the end near the measured one."""
    sent, end = unanswered(LATE, settings, option)
    assert len(sent) == len(syns)
    for wait, rule in zip(gaps(sent), gaps(syns), strict=True):
        assert is_explained(rule, wait)
    assert is_explained(gives_up, end)
    if measured is not None:
        assert end == pytest.approx(measured, rel=0.015, abs=0.05)


@pytest.mark.parametrize("linear", ["0", "1", "4", "10"])
@pytest.mark.parametrize("retries", range(1, 9))
def test_two_limits_of_a_call(retries: int, linear: str) -> None:
    """At each expiry: N+L repetitions, or 2^(N+1)-1 s since the first SYN; whichever strikes first."""
    now, wait, sent = 0.0, 1.0, [0.0]
    while True:
        now += wait
        if len(sent) - 1 >= retries + int(linear) or now >= 2 ** (retries + 1) - 1:
            break
        sent.append(now)
        wait = wait if len(sent) - 1 <= int(linear) else min(2 * wait, 120)
    told = pair(
        "connect server:80", "", "at 0 cut link",
        client=f"{EXACT} tcp_syn_retries={retries} tcp_syn_linear_timeouts={linear}", until="20min",
    )  # fmt: skip
    assert told.when("client", SYN) == sent
    assert told.when("client", "... connect", "ETIMEDOUT") == [now]


# --- data ---


def unheard(kernel: str, settings: str, delay: str = "500us") -> Tale:
    """Ten octets that nobody acknowledges, without SACK; the round trip is a millisecond unless said otherwise."""
    calls = "connect server:80; after 100ms write 10; read"
    client = f"{kernel} tcp_sack=0 {settings}".strip()
    return pair(calls, "listen 80; accept", "at 99ms cut link", client=client, delay=delay, until="20min")


def moments(told: Tale) -> list[float]:
    """The repetitions and the end, counted from the first sending."""
    sent = told.when("client", TEXT)
    end = told.first("client", "... read = -1 ETIMEDOUT")
    return [round(at - sent[0], 3) for at in (*sent[1:], end)]


MEASURED_15 = [
    0.21, 0.65, 1.48, 3.15, 6.54, 13.2, 26.5, 53.6, 106.9, 213.4, 334.2, 455.0, 575.9, 696.7, 817.5, 938.4,
]  # fmt: skip
"""tcp_retries2=15, measured to its end: fifteen repetitions and ETIMEDOUT."""

MEASURED_5 = [0.22, 0.65, 1.51, 3.24, 6.83, 13.7]
"""tcp_retries2=5."""


@pytest.mark.parametrize(
    ("settings", "delay", "measured"), [("", "500us", MEASURED_15), ("tcp_retries2=5", "4ms", MEASURED_5)]
)
def test_data_schedule(settings: str, delay: str, measured: list[float]) -> None:
    """As many repetitions as were measured; every measured wait is what the lateness explains; and no RST."""
    told = unheard(EXACT, settings, delay)
    exact = moments(told)
    assert len(exact) == len(measured)
    for rule, seen in zip(gaps([0.0, *exact]), gaps([0.0, *measured]), strict=True):
        assert rule - 0.015 <= seen <= rule * 1.13 + 0.030, "the table rounds to hundredths"
    assert not told.when("client", "> RST")


@pytest.mark.parametrize(
    ("settings", "delay", "measured"), [("", "500us", MEASURED_15), ("tcp_retries2=5", "4ms", MEASURED_5)]
)
def test_data_schedule_on_the_wheel_of_timers(settings: str, delay: str, measured: list[float]) -> None:
    """With late timers every moment, to the end after 15 minutes, lies within some percent of the measured one."""
    assert moments(unheard(LATE, settings, delay)) == pytest.approx(measured, rel=0.05, abs=0.02)


def test_the_round_trip_decides_how_many_there_are() -> None:
    """The end is a time, so that the same tcp_orphan_retries gives one repetition more where the RTT is shorter."""
    for delay, fins, end in (("4ms", 4, 3.3), ("500us", 5, 6.5)):
        told = pair(
            "connect server:80; after 100ms close", "listen 80; accept", "at 99ms cut link",
            client=f"{LATE} tcp_sack=0 tcp_orphan_retries=3", delay=delay,
        )  # fmt: skip
        sent = told.when("client", "> FIN,ACK ")
        assert len(sent) == fins
        assert told.first("client", "FIN-WAIT-1 -> CLOSED") - sent[0] == pytest.approx(end, rel=0.03)
