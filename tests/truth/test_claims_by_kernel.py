"""Claims of articles that were right for a kernel once, or are right for one alone: what each profile does.

A claim is named as in the table of claims (A: notes on TIME-WAIT, B: handshake anomalies, C: a textbook, D: a table of
settings); a row of the transition table by its own name (X6). Every value is what a run does.
"""

from __future__ import annotations

import pytest

from tests.truth.forger import OPENING, answered, sends
from tests.truth.tale import Tale, gaps, pair, tale

OLD, MIDDLE, NEW, RFC = "linux-2.6", "linux-4.19", "linux-6.18", "rfc9293"
ALL = (OLD, MIDDLE, NEW, RFC)


def by_profile(values: tuple[object, ...]) -> pytest.MarkDecorator:
    """One case for each profile: 2.6, 4.19, 6.18, the RFC."""
    return pytest.mark.parametrize(("profile", "expected"), list(zip(ALL, values, strict=True)))


# --- the SYN and its repetitions ---


def unanswered(client: str) -> tuple[list[float], float]:
    """When a SYN goes out that nobody answers, and when connect() gives up."""
    run = pair("connect server:80", "listen 80", "at 0s cut link", client=client, until="400s")
    return run.when("client", "> SYN 0:1(0)"), run.first("client", "connect server:80 = -1 ETIMEDOUT")


@by_profile(
    (
        ([0, 3, 9, 21, 45, 93], 189),
        ([0, 1, 3, 7, 15, 31, 63], 127),
        ([0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67], 131),
        ([0, 1, 3, 7, 15, 31, 63, 127], 180),
    )
)
def test_claims_b10_b11_b15_a_syn_is_repeated(profile: str, expected: tuple[list[float], float]) -> None:
    """Claims B10, B11, B15: "5 retries, each wait doubled" was 2.6 with its first 3 s; then 6 from 1 s; now 10, and the
    first five waits are equal.
    """
    assert unanswered(profile) == expected


@by_profile((([0, 3, 9], 21), ([0, 1, 3], 7), ([0, 1, 2, 3, 4, 5], 7), ([0, 1, 3], 7)))
def test_claims_b12_d12_two_syn_retries(profile: str, expected: tuple[list[float], float]) -> None:
    """Claims B12, D12: tcp_syn_retries=2 means three SYNs, and six on 6.18, which gives up at 7 s all the same."""
    assert unanswered(f"{profile} tcp_syn_retries=2") == expected


@by_profile(
    (
        ([0, 3, 9, 21, 45, 93], 189),
        ([0, 1, 3, 7, 15, 31], 63),
        ([0, 1, 3, 7, 15, 31], 63),
        ([0, 1, 3, 7, 15, 31, 63, 127], 180),
    )
)
def test_claim_b16_a_syn_ack_is_repeated(profile: str, expected: tuple[list[float], float]) -> None:
    """Claim B16: tcp_synack_retries is 5 in every Linux, without equal waits; the entry goes at 63 s, in 2.6 at 189."""
    run = answered("listen 80", OPENING[0], server=profile, until="400s")
    (gone,) = run.when("server", "SYN-RECEIVED -> CLOSED")
    assert ([round(at - 0.001, 3) for at, _ in sends(run)], round(gone - 0.001, 3)) == expected


@by_profile(([0, 0.1, 0.2, 3], [0, 0.6, 1.6], [0, 0.6, 1.6], [0, 0.6, 1, 3]))
def test_claim_b13_a_repeated_syn_and_the_timer(profile: str, expected: list[float]) -> None:
    """Claim B13: "its timer starts anew" with every SYN,ACK sent again is not true of 2.6 nor of the RFC; at most one
    in 500 ms is answered since 4.0.
    """
    syns = ("101ms SYN mss=1460", "201ms SYN mss=1460") if profile == OLD else ("601ms SYN mss=1460",)
    run = answered("listen 80", OPENING[0], *syns, server=profile, until="3.1s")
    assert [round(at - 0.001, 3) for at, _ in sends(run)] == expected


# --- queues ---


@by_profile(("128", "128", "511", "511"))
def test_claims_b30_b33_the_backlog_of_511(profile: str, expected: str) -> None:
    """Claims B30, B33: listen(511) gets 128 where somaxconn is 128 (before 5.4); ss shows it as Send-Q of LISTEN."""
    run = pair("connect server:80", "listen 80 backlog=511", server=profile, until="1s")
    listener = next(line for line in run.ss("server", 0.5) if line.startswith("LISTEN"))
    assert listener.split()[1:3] == ["1", expected]


def flood(server: str) -> Tale:
    """Thirty SYNs to a listener for eight."""
    syns = (f"{1 + number}ms SYN mss=1460 sport={50000 + number}" for number in range(30))
    return answered("listen 80 backlog=8", *syns, server=server, until="0.5s")


@by_profile((16, 8, 9, 9))
def test_claim_b36_how_many_a_syn_queue_holds(profile: str, expected: int) -> None:
    """Claim B36: "backlog times two" was the power of two of old tables; then the backlog, and one more since 6.13."""
    run = flood(f"{profile} tcp_syncookies=0")
    assert len(sends(run)) == expected
    assert run.counter("server", "TcpExtTCPReqQFullDrop") == 30 - expected


@by_profile((0, 22, 21, 0))
def test_claims_b38_b39_d11_cookies_by_default(profile: str, expected: int) -> None:
    """Claims B38, B39, D11: cookies are the default of newer kernels: 2.6 and the RFC drop what does not fit."""
    assert flood(profile).counter("server", "TcpExtTCPReqQFullDoCookies") == expected


@by_profile(((5, 3), (0, 3), (0, 3), (0, 3)))
def test_claim_b28_a_full_accept_queue_and_new_syns(profile: str, expected: tuple[int, int]) -> None:
    """Claim B28: "what comes later is dropped": 2.6 still took SYNs while few entries were young, and ignored their
    third ACKs; since 4.10 the SYN is dropped.
    """
    callers = range(8)
    syns = [f"{1 + 10 * n}ms SYN mss=1460 sport={50000 + n}" for n in callers]
    acks = [f"{6 + 10 * n}ms ACK sport={50000 + n}" for n in callers]
    segments = sorted((*syns, *acks), key=lambda line: int(line.partition("ms")[0]))
    run = answered("listen 80 backlog=2", *segments, server=profile, until="0.5s")
    entries, accepted = run.said("server", "SYN queue")[-1].removeprefix("SYN queue ").split(", accept queue ")
    assert accepted == str(expected[1])
    assert (int(entries) > 0) == (expected[0] > 0)


# --- TIME-WAIT and ports ---


@by_profile((60, 60, 60, 240))
def test_claims_a13_c10_d4_time_wait_and_tcp_fin_timeout(profile: str, expected: int) -> None:
    """Claims A13, C10, D4: TIME-WAIT is 60 s in every Linux, whatever tcp_fin_timeout says, and 4 minutes by RFC."""
    run = pair(
        "connect server:80; when peer-closed close",
        "listen 80; accept; close",
        server=f"{profile} tcp_fin_timeout=5",
        until="300s",
    )
    assert gaps(run.when("server", "TIME-WAIT")) == [expected]


def called_again(client: str, second: str) -> bool:
    """May a client with one port call again, so long after its TIME-WAIT began?"""
    run = pair(
        f"connect server:80; close; at {second} connect server:80",
        "listen 80; accept; when peer-closed close; repeat 2",
        client=f"{client} ip_local_port_range=40000-40000",
        until="5s",
    )
    *_, answer = run.said("client", "connect server:80 = ")
    assert ("= 0" in answer) != ("EADDRNOTAVAIL" in answer)
    return "= 0" in answer


@by_profile(([False, False, True], [False, True, True], [False, True, True], [False, False, False]))
def test_claim_d6_a_port_in_time_wait_serves_again(profile: str, expected: list[bool]) -> None:
    """Claim D6: with tcp_tw_reuse=1 a port serves again after a second, in 2.6 after more than one whole second; in the
    RFC no port does.
    """
    assert [called_again(f"{profile} tcp_tw_reuse=1", at) for at in ("0.5s", "1.5s", "2.5s")] == expected


def test_claim_d6_the_default() -> None:
    """Claim D6: the default is 0 in 2.6 and 2 (loopback alone) since 4.19: for other hosts both refuse."""
    assert [called_again(profile, "3s") for profile in (OLD, MIDDLE, NEW)] == [False, False, False]


NEIGHBOURS = """
    host ahead 192.168.1.2 linux-6.18
      connect server:80
      when peer-closed close
    host behind 192.168.1.3 linux-2.6 tcp_syn_retries=2
      after 1s connect server:80
    host server 10.0.0.2 {server}
      listen 80
      accept
      close
    link ahead server name=home delay=10ms nat=203.0.113.1
    link behind server name=attic delay=10ms nat=203.0.113.1
    until 30s
"""


@pytest.mark.parametrize(("recycles", "answer"), [("1", "-1 ETIMEDOUT"), ("0", "0")])
def test_claims_a26_d7_tw_recycle_refuses_neighbours(recycles: str, answer: str) -> None:
    """Claims A26, D7: tcp_tw_recycle drops the SYN of whose clock is behind that of a neighbour at the same address."""
    text = NEIGHBOURS.replace("linux-6.18", "linux-2.6").format(server=f"linux-2.6 tcp_tw_recycle={recycles}")
    run = tale(text, "seed 3")
    assert run.said("behind", "... connect")[0].startswith(f"... connect server:80 = {answer}")
    assert run.counter("server", "TcpExtPAWSPassive") == (3 if recycles == "1" else 0)


@pytest.mark.parametrize(("profile", "is_there"), [(OLD, True), (MIDDLE, False), (NEW, False)])
def test_claims_a26_d7_tw_recycle_is_gone(profile: str, is_there: bool) -> None:
    """Claims A26, D7: tcp_tw_recycle is gone since 4.12: to set it is an error."""
    run = pair("status", "listen 80", "at 1s set client.tcp_tw_recycle 1", client=profile, until="2s")
    (told,) = run.said("client", "! set client.tcp_tw_recycle 1")
    assert ("refused" in told) != is_there


@pytest.mark.parametrize("profile", [OLD, MIDDLE, NEW])
def test_claim_c9_tcp_fin_timeout_is_for_orphans(profile: str) -> None:
    """Claim C9: tcp_fin_timeout ends an orphan's FIN-WAIT-2 and nothing else: FIN-WAIT-1 obeys tcp_orphan_retries."""
    serves = "listen 80; accept; close"
    acked = answered(serves, *OPENING, "20ms ACK ack=2", server=f"{profile} tcp_fin_timeout=5", until="300s")
    assert acked.when("server", "FIN-WAIT-2 -> CLOSED") == [5.02]
    silent = answered(serves, *OPENING, server=f"{profile} tcp_fin_timeout=5", until="300s")
    assert silent.first("server", "FIN-WAIT-1 -> CLOSED") > 100


# --- data ---


def first_flight(client: str) -> int:
    """How many segments of 30000 octets go out before the first ACK."""
    calls = "connect server:80; write 30000"
    run = pair(calls, "listen 80; accept; read; repeat 3", client=client, delay="50ms", until="0.19s")
    return len([said for _, said in sends(run, "client") if "(1448)" in said or "(1460)" in said])


@by_profile((3, 10, 10, 3))
def test_the_first_flight_by_kernel(profile: str, expected: int) -> None:
    """Articles before 2011: three segments before the first ACK (RFC 3390); ten since 2.6.39 (RFC 6928)."""
    assert first_flight(profile) == expected


@by_profile((5840, 29200, 64240, 65535))
def test_the_first_window_by_kernel(profile: str, expected: int) -> None:
    """The window of a SYN tells the kernel: 5840 in old captures, 29200 before 4.20, 64240 now."""
    run = pair("connect server:80", "listen 80", client=profile, until="1s")
    assert run.said("client", "> SYN 0:1(0)")[0].split(" win ")[1].split()[0] == str(expected)


@by_profile((False, True, True, False))
def test_a_tail_loss_probe_by_kernel(profile: str, expected: bool) -> None:
    """A lone lost segment goes again at the same distance twice where there are tail-loss probes (since 3.10)."""
    run = pair("connect server:80; after 1s write 100", "listen 80", "at 0.5s cut link", client=profile, until="9s")
    first, second, *_ = gaps(run.when("client", "> PSH,ACK 1:101"))
    assert (second == first) == expected
    assert (second == 2 * first) != expected
    assert bool(run.counter("client", "TcpExtTCPLossProbes")) == expected


@by_profile(((16, 946), (17, 946), (17, 946), (7, 101)))
def test_claim_b20_tcp_retries2_is_a_time(profile: str, expected: tuple[int, int]) -> None:
    """Claim B20: 15 retries are 924.6 s from the first of them, however many there are; the RFC asks for 100 s."""
    calls = "connect server:80; after 1s write 100; read"
    run = pair(calls, "listen 80", "at 0.5s cut link", client=profile, until="2000s")
    sent, told = run.when("client", "> PSH,ACK 1:101"), run.first("client", "read = -1 ETIMEDOUT")
    assert (len(sent), int(told)) == expected
    assert told - sent[1] >= 924.6 or profile == RFC


@pytest.mark.parametrize("profile", ALL)
def test_claims_b22_b23_b24_keepalive(profile: str) -> None:
    """Claims B22, B23, B24: 7200 s, then 9 probes 75 s apart, in every kernel: 7875 s, with SO_KEEPALIVE alone."""
    calls = "connect server:80; {option}read"
    asked = calls.format(option="setsockopt SO_KEEPALIVE 1; ")
    run = pair(asked, "listen 80", "at 1s cut link", client=profile, until="3h")
    probes = run.when("client", "> ACK 0:0(0)")
    assert (len(probes), set(gaps(probes)), round(probes[0])) == (9, {75.0}, 7200)
    assert round(run.first("client", "read = -1 ETIMEDOUT")) == 7875
    quiet = pair(calls.format(option=""), "listen 80", "at 1s cut link", client=profile, until="3h")
    assert quiet.when("client", "> ACK 0:0(0)") == []


# --- ACKs that do not fit ---


@by_profile(([], [2.0], [0.02, 2.0], [0.02, 2.0]))
def test_row_x6_an_ack_of_what_was_never_sent(profile: str, expected: list[float]) -> None:
    """Row X6: it was dropped without a word in ESTABLISHED until 2026, and in 2.6 in every state."""
    run = answered(
        "listen 80; accept; read", *OPENING, "20ms ACK ack=1000", "1s FIN,ACK", "2s ACK seq=2 ack=1000", server=profile
    )
    assert [at for at, said in sends(run) if at in (0.02, 2.0)] == expected


def test_row_x6_its_text_by_kernel() -> None:
    """Row X6: the text that came with it is lost, but for 2.6 past ESTABLISHED, which took it all the same."""
    lines = (*OPENING, "20ms ACK ack=2", "1s PSH,ACK ack=1000 len=10")
    serves = "listen 80; accept; shutdown write; read"
    runs = {profile: answered(serves, *lines, server=profile, until="3s") for profile in ALL}
    assert {profile: run.said("server", "read = 10") != [] for profile, run in runs.items()} == {
        OLD: True, MIDDLE: False, NEW: False, RFC: False,
    }  # fmt: skip


@by_profile(((True, False), (True, False), (False, True), (True, False)))
def test_row_x7_an_ack_of_what_was_before_the_first(profile: str, expected: tuple[bool, bool]) -> None:
    """Row X7: an ACK below all that was ever sent is challenged since 6.7; before, one within a window's length was
    taken with its text.
    """
    run = answered("listen 80; accept; read", *OPENING, "17ms ACK ack=-1000 len=10", server=profile, until="1s")
    assert (run.said("server", "read = 10") != [], "ACK 1:1(0) ack 1" in [said for _, said in sends(run)]) == expected


@by_profile(([], ["ACK 101:101(0) ack 2"], [], []))
def test_an_old_ack_while_closing(profile: str, expected: list[str]) -> None:
    """An old ACK in CLOSE-WAIT is nothing, but a challenge from 4.13 to 6.6."""
    segments = ("50ms ACK ack=101", "1s FIN,ACK ack=101", "2s ACK seq=2 ack=51")
    run = answered("listen 80; accept; write 100; read", *OPENING, *segments, server=profile, until="3s")
    assert [said for at, said in sends(run) if at >= 2] == expected


@by_profile((True, True, False, False))
def test_a_window_shut_by_a_repeated_ack(profile: str, expected: bool) -> None:
    """A bare ACK that says "no room" where the last one had room was not believed before 6.6: data still go out."""
    run = answered("listen 80; accept; at 30ms write 100", *OPENING, "17ms ACK win=0", server=profile, until="0.1s")
    assert (run.when("server", "> PSH,ACK 1:101(100)") == [0.03]) == expected
