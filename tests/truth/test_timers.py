"""The timers of a connection, one by one: the formula of each, its default on Linux 6.18, its bounds, who sets it."""

from __future__ import annotations

import pytest

from tests.truth.forger import OPENING, answered, sends
from tests.truth.tale import WHEEL, Tale, gaps, pair

LINUX = "linux-6.18"
ANSWERS = "listen 80; accept; when peer-closed close"
SILENT = "listen 80; accept"
SYN, SYN_ACK, TEXT = "> SYN ", "> SYN,ACK ", "> PSH,ACK "
"""What a host sends."""


def is_late(exact: float, late: float) -> bool:
    """Is ``late`` what the wheel of timers makes of ``exact``: never early, an eighth and a tick late at most?"""
    return exact <= late <= exact * 1.125 + 0.004


def text_into_the_void(
    client: str, *acts: str, delay: str = "10ms", options: str = "status", until: str = "20min"
) -> Tale:
    """The client writes 10 octets at 0.1 s after its call; since then nothing crosses the cable."""
    calls = f"connect server:80; {options}; after 100ms write 10; read"
    return pair(calls, SILENT, *acts, "at 99ms cut link", client=client, delay=delay, until=until)


def answers_of_options(*calls: str) -> list[str]:
    """What setsockopt and getsockopt say on a fresh socket."""
    told = pair(f"socket; {'; '.join(calls)}", "", until="1s")
    return [said.split(" = ")[1] for said in told.said("client", "sockopt")]


# --- retransmission ---


@pytest.mark.parametrize(
    ("client", "lost_syns", "first", "then"),
    [
        (LINUX, 0, 0, 0.220),
        (LINUX, 1, 1, 0.220),
        (f"{LINUX} tcp_timestamps=0", 0, 0, 0.220),
        (f"{LINUX} tcp_timestamps=0", 1, 1, 3),
        ("linux-2.6", 1, 3, 0.220),
        ("rfc9293", 0, 0, 1),
        ("rfc9293", 1, 1, 3),
    ],
)
def test_timer_01_initial_rto(client: str, lost_syns: int, first: float, then: float) -> None:
    """Timer 1: 1 s for a SYN; the first data have SRTT and 200 ms, or 3 s where a SYN went again without timestamps."""
    losses = [f"at 0 drop client:SYN:{number + 1}" for number in range(lost_syns)]
    told = pair(
        "connect server:80; write 10", SILENT, *losses, "at 0 drop client:data", client=f"{client} profile.sack=no"
    )
    assert told.when("client", SYN) == ([0, first] if lost_syns else [0])
    assert gaps(told.when("client", TEXT)) == [then], "the round trip is 20 ms"


def test_timer_01_it_is_the_same_for_syn_acks() -> None:
    """Timer 1: a SYN,ACK waits 1 s as well; on the wheel both fire between 1.00 and 1.03 s."""
    for profile in (LINUX, WHEEL):
        told = answered("listen 80", "1ms SYN mss=1460", server=profile, until="2s")
        (wait,) = gaps(told.when("server", SYN_ACK))
        assert wait == 1 if profile == LINUX else 1 < wait <= 1.03


@pytest.mark.parametrize(
    ("client", "delay", "rto"),
    [
        (LINUX, "10ms", 0.020 + 0.200),
        (LINUX, "75ms", 0.150 + 2 * 0.150),
        (LINUX, "200ms", 0.400 + 2 * 0.400),
        (f"{LINUX} tcp_rto_min_us=50000", "10ms", 0.020 + 0.050),
        ("rfc9293", "10ms", 1),
        ("rfc9293", "200ms", 0.400 + 2 * 0.400),
    ],
)
def test_timer_02_data_rto(client: str, delay: str, rto: float) -> None:
    """Timer 2: SRTT + max(4*RTTVAR, rto_min), and RTTVAR is half of the first round trip; each timeout doubles it."""
    told = pair(
        "connect server:80; write 10", SILENT, "at 0 drop client:data", "at 0 drop client:data:2",
        client=f"{client} profile.sack=no", delay=delay,
    )  # fmt: skip
    assert gaps(told.when("client", TEXT)) == pytest.approx([rto, 2 * rto])


@pytest.mark.parametrize(
    ("setting", "option", "longest"),
    [
        ("", "status", 120),
        (" tcp_rto_max_ms=1000", "status", 1),
        (" tcp_rto_max_ms=5000", "status", 5),
        ("", "setsockopt TCP_RTO_MAX_MS 5000", 5),
        (" tcp_rto_max_ms=1000", "setsockopt TCP_RTO_MAX_MS 5000", 5),
    ],
)
def test_timer_02_the_rto_doubles_up_to_two_minutes(setting: str, option: str, longest: int) -> None:
    """Timer 2: from 200 ms and the round trip to 120 s at most, or to tcp_rto_max_ms, or to TCP_RTO_MAX_MS."""
    told = text_into_the_void(f"{LINUX} tcp_sack=0{setting}", options=option)
    waits = gaps(told.when("client", TEXT))
    assert waits == pytest.approx([min(0.220 * 2**number, longest) for number in range(len(waits))])
    assert waits[-1] == longest
    assert answers_of_options("setsockopt TCP_RTO_MAX_MS 999", "getsockopt TCP_RTO_MAX_MS") == ["-1 EINVAL", "120000"]


def test_timer_03_syn_retransmission() -> None:
    """Timer 3: TCP_SYNCNT for one socket, tcp_syn_retries for all; 127 is the most, and 1 the least."""
    for calls, settings in (("setsockopt TCP_SYNCNT 2; ", ""), ("", " tcp_syn_retries=2")):
        told = pair(f"{calls}connect server:80", "", "at 0 cut link", client=f"{LINUX}{settings}")
        assert told.when("client", SYN) == [0, 1, 2, 3, 4, 5]
        assert told.when("client", "ETIMEDOUT") == [7]
    assert answers_of_options(*(f"setsockopt TCP_SYNCNT {number}" for number in (0, 1, 127, 128))) == [
        "-1 EINVAL", "0", "0", "-1 EINVAL",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("server", "repeated", "gone"),
    [
        (LINUX, [0, 1, 3, 7, 15, 31], 63),
        (f"{LINUX} tcp_synack_retries=2", [0, 1, 3], 7),
        (f"{LINUX} tcp_synack_retries=0", [0], 1),
        ("linux-4.19", [0, 1, 3, 7, 15, 31], 63),
        ("linux-2.6", [0, 3, 9, 21, 45, 93], 189),
    ],
)
def test_timer_04_syn_ack_retransmission(server: str, repeated: list[int], gone: int) -> None:
    """Timer 4: 1 s, doubling, without a linear phase; after N repetitions the entry is dropped at 2^(N+1)-1 s."""
    told = answered("listen 80", "1s SYN mss=1460", server=server, until="5min")
    assert [at - 1 for at in told.when("server", SYN_ACK)] == repeated
    assert told.when("server", "SYN-RECEIVED -> CLOSED") == [1 + gone]
    assert not told.when("server", "> RST")


def test_timer_04_syncnt_on_the_listener() -> None:
    """Timer 4: TCP_SYNCNT, set on the listener, takes the place of tcp_synack_retries."""
    serves = "socket; setsockopt TCP_SYNCNT 1; bind 80; listen"
    told = answered(serves, "1s SYN mss=1460", until="5min")
    assert told.when("server", SYN_ACK) == [1, 2]
    assert told.when("server", "SYN-RECEIVED -> CLOSED") == [4]


# --- giving up ---


def give_up_bound(retries: int) -> float:
    """The time for which a connection repeats, in seconds, from its first repetition on."""
    return (2 ** (min(retries, 9) + 1) - 1) * 0.2 + 120 * max(0, retries - 9)


@pytest.mark.parametrize("retries", [3, 5, 8, 9, 10, 15])
@pytest.mark.parametrize("kernel", [LINUX, WHEEL])
def test_timer_05_data_give_up(kernel: str, retries: int) -> None:
    """Timer 5: the first expiry that lies (2^(N+1)-1)*0.2 s or more after the first repetition is the last."""
    told = text_into_the_void(f"{kernel} tcp_sack=0 tcp_retries2={retries}", delay="4ms")
    sent, over = told.when("client", TEXT), told.first("client", "read = -1 ETIMEDOUT")
    expiries = [*sent[1:], over]
    late = 0.13 if kernel == LINUX else 0
    assert over - sent[1] >= give_up_bound(retries) * (1 - late), "judged as if the timers were late"
    assert expiries[-2] - sent[1] < give_up_bound(retries)
    assert not told.when("client", "> RST")


def test_timer_05_the_default_is_924_6_s() -> None:
    """Timer 5: tcp_retries2=15 means 924.6 s by the formula; TCP_USER_TIMEOUT replaces it, from the same start."""
    assert give_up_bound(15) == pytest.approx(924.6)
    plain = text_into_the_void(f"{LINUX} tcp_sack=0")
    assert 924.6 <= plain.first("client", "ETIMEDOUT") - plain.when("client", TEXT)[1] <= 924.6 + 120
    quick = text_into_the_void(f"{WHEEL} tcp_sack=0", options="setsockopt TCP_USER_TIMEOUT 3000")
    sent = quick.when("client", TEXT)
    assert 3 <= quick.first("client", "ETIMEDOUT") - sent[1] <= 3.05, "and 3.2 s after the first sending"


@pytest.mark.parametrize(
    ("settings", "delay", "fins", "gone"),
    [
        ("", "500us", 9, 102.7),
        (" tcp_orphan_retries=8", "500us", 9, 102.7),
        (" tcp_orphan_retries=3", "4ms", 4, 3.1),
        (" tcp_orphan_retries=3", "500us", 5, 6.2),
    ],
)
def test_timer_06_orphan_fin_give_up(settings: str, delay: str, fins: int, gone: float) -> None:
    """Timer 6: tcp_orphan_retries=0 means 8: 102.2 s from the first repetition; with 3 the round trip decides."""
    told = pair(
        "connect server:80; after 100ms close", SILENT, "at 99ms cut link",
        client=f"{LINUX} tcp_sack=0{settings}", delay=delay, until="5min",
    )  # fmt: skip
    sent = told.when("client", "> FIN,ACK ")
    assert len(sent) == fins
    assert told.first("client", "FIN-WAIT-1 -> CLOSED") - sent[0] == pytest.approx(gone, abs=0.05)
    assert not told.when("client", "TIME-WAIT")
    assert not told.when("client", "> RST")


# --- after the end ---


@pytest.mark.parametrize(
    ("option", "delay", "seconds"),
    [
        ("status", "10ms", 60),
        ("setsockopt TCP_LINGER2 7", "10ms", 7),
        ("setsockopt TCP_LINGER2 0", "10ms", 60),
        ("setsockopt TCP_LINGER2 120", "10ms", 120),
        ("setsockopt TCP_LINGER2 130", "10ms", 120),
        ("setsockopt TCP_LINGER2 1", "500ms", 3.5 * 3),
    ],
)
def test_timer_07_fin_wait_2_of_an_orphan(option: str, delay: str, seconds: float) -> None:
    """Timer 7: max(tcp_fin_timeout or TCP_LINGER2, 3.5*RTO); TCP_LINGER2 is cut at 120 s, and 0 is no wish."""
    told = pair(f"connect server:80; {option}; close", SILENT, delay=delay, until="5min")
    entered = told.first("client", "FIN-WAIT-1 -> FIN-WAIT-2")
    assert told.first("client", "FIN-WAIT-2 -> CLOSED") - entered == pytest.approx(seconds)
    assert not told.when("client", "TIME-WAIT")


def test_timer_08_time_wait() -> None:
    """Timer 8: 60 s, or none at all where tcp_max_tw_buckets is reached."""
    sixty = pair("connect server:80; close", ANSWERS)
    assert sixty.first("client", "TIME-WAIT -> CLOSED") - sixty.first("client", "-> TIME-WAIT") == 60
    none = pair("connect server:80; close", ANSWERS, client=f"{LINUX} tcp_max_tw_buckets=0")
    assert all("TIME-WAIT" not in line for line in none.ss("client", 0.05))
    assert none.counter("client", "TcpExtTCPTimeWaitOverflow") == 1


@pytest.mark.parametrize(
    ("delay", "after", "connects"), [("", 999, False), ("", 1001, True), ("300", 299, False), ("300", 301, True)]
)
def test_timer_09_delay_of_tw_reuse(delay: str, after: int, connects: bool) -> None:
    """Timer 9: a port is chosen again 1000 ms after its connection entered TIME-WAIT, or after tcp_tw_reuse_delay."""
    setting = f" tcp_tw_reuse_delay={delay}" if delay else ""
    client = f"{LINUX} tcp_tw_reuse=1 ip_local_port_range=40000-40000{setting}"
    told = pair(f"connect server:80; close; at {40 + after}ms connect server:80", f"{ANSWERS}; accept", client=client)
    assert told.first("client", "-> TIME-WAIT") == 0.040
    assert bool(told.when("client", "EADDRNOTAVAIL")) is not connects


# --- silence ---


def test_timer_10_keepalive() -> None:
    """Timer 10: 7200 s, then nine probes 75 s apart, dead at 7875 s; SO_KEEPALIVE is off unless set."""
    options = "setsockopt SO_KEEPALIVE 1"
    told = pair(f"connect server:80; {options}; read", SILENT, "at 99ms cut link", until="3h")
    probes = [at for at in told.when("client", "> ACK 0:0(0)") if at > 1]
    assert probes == [7200.020 + 75 * number for number in range(9)]
    assert told.when("client", "> RST,ACK ") == told.when("client", "... read = -1 ETIMEDOUT") == [7875.020]
    off = pair("connect server:80; setsockopt TCP_KEEPIDLE 1; read", SILENT, "at 99ms cut link", until="3h")
    assert not off.when("client", "> ACK 0:0(0)")


@pytest.mark.parametrize(("options", "probes", "dead"), [("", 3, 4), ("; setsockopt TCP_USER_TIMEOUT 2500", 2, 3)])
def test_timer_10_the_options_of_keepalive(options: str, probes: int, dead: int) -> None:
    """Timer 10: TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT; TCP_USER_TIMEOUT takes the place of the count."""
    wishes = "; ".join(f"setsockopt {name}" for name in ("TCP_KEEPIDLE 1", "TCP_KEEPINTVL 1", "TCP_KEEPCNT 3"))
    calls = f"connect server:80; {wishes}; setsockopt SO_KEEPALIVE 1{options}; read"
    told = pair(calls, SILENT, "at 99ms cut link")
    assert told.when("client", "> ACK 0:0(0)") == [1.020 + number for number in range(probes)]
    assert told.when("client", "... read = -1 ETIMEDOUT") == [0.020 + dead]


@pytest.mark.parametrize(("name", "most"), [("TCP_KEEPIDLE", 32767), ("TCP_KEEPINTVL", 32767), ("TCP_KEEPCNT", 127)])
def test_timer_10_the_bounds_of_keepalive(name: str, most: int) -> None:
    """Timer 10: from 1 to 32767 s, and 127 probes at most; the sysctls give the rest of their default."""
    values = (0, 1, most, most + 1)
    assert answers_of_options(*(f"setsockopt {name} {value}" for value in values)) == [
        "-1 EINVAL", "0", "0", "-1 EINVAL",
    ]  # fmt: skip
    by_sysctl = f"{LINUX} tcp_keepalive_time=10 tcp_keepalive_intvl=2 tcp_keepalive_probes=2"
    calls = "connect server:80; setsockopt SO_KEEPALIVE 1; read"
    told = pair(calls, SILENT, "at 99ms cut link", client=by_sysctl)
    assert told.when("client", "> ACK 0:0(0)") == [10.020, 12.020]
    assert told.when("client", "... read = -1 ETIMEDOUT") == [14.020]


WRITER = "listen 80; accept; after 28ms write 100; read"
SHUT = (*OPENING, "17ms ACK win=0")


@pytest.mark.parametrize(
    ("settings", "probes", "over"), [("", 15, 932.821), (" tcp_retries2=4", 4, 6.485), (" tcp_retries2=2", 2, None)]
)
def test_timer_11_zero_window_probe(settings: str, probes: int, over: float | None) -> None:
    """Timer 11: the RTO, doubling to 120 s; tcp_retries2 of them go unanswered, no more."""
    told = answered(WRITER, *SHUT, server=f"{LINUX}{settings}", until="20min")
    sent = [at for at, said in sends(told) if said.startswith("ACK 0:0(0)")]
    assert len(sent) == probes
    waits = gaps([0.037, *sent])
    assert waits == pytest.approx([min(0.208 * 2**number, 120) for number in range(probes)])
    if over is not None:
        assert told.when("server", "... read = -1 ETIMEDOUT") == [over]


def test_timer_11_answered_probes_go_on_for_ever() -> None:
    """Timer 11: while the peer answers, tcp_retries2 bounds nothing."""
    replies = (f"{900 * number}ms ACK win=0" for number in range(1, 60))
    told = answered(WRITER, *SHUT, *replies, server=f"{LINUX} tcp_retries2=2", until="54s")
    assert len([said for _, said in sends(told) if said.startswith("ACK 0:0(0)")]) > 50
    assert max(gaps([at for at, _ in sends(told)][3:])) == 0.900, "nor do the waits double any further"
    assert not told.when("server", "ETIMEDOUT")
