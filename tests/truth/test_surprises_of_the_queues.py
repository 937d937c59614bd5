"""The two queues of a listener, where textbooks and kernels part: how much they hold, and what a full one says."""

from __future__ import annotations

import pytest

from tests.truth.tale import Tale, tale

SYN_ACK, ACK, RST = "> SYN,ACK ", "> ACK ", "> RST "
"""What a host sends, without a payload."""


def flooded(server: str, backlog: int, syns: int = 30) -> Tale:
    """SYNs from ``syns`` ports that never answer anything, a millisecond apart."""
    acts = [f"at {number}ms inject ghost>server SYN sport={50000 + number} dport=80 mss=1460" for number in range(syns)]
    return tale(f"""
        host ghost 10.0.0.1 linux-6.18 scripted=yes
        host server 10.0.0.2 {server} tcp_syncookies=0
          listen 80 backlog={backlog}
        link ghost server delay=10ms
        until 900ms
    """, *acts)  # fmt: skip


def called(server: str, backlog: int, callers: int, *acts: str, program: str = "", until: str = "6s") -> Tale:
    """Calls a tenth of a second apart; nobody accepts unless ``program`` does."""
    calls = "\n          and\n".join(f"          after {100 * number}ms connect server:80" for number in range(callers))
    return tale(f"""
        host client 10.0.0.1 linux-6.18
{calls}
        host server 10.0.0.2 {server}
          listen 80 backlog={backlog}
          {program}
        link client server delay=10ms
        until {until}
    """, *acts)  # fmt: skip


@pytest.mark.parametrize("backlog", [0, 1, 3])
@pytest.mark.parametrize("server", ["linux-6.18", "linux-4.19"])
def test_surprise_16_the_accept_queue_holds_one_more_than_the_backlog(server: str, backlog: int) -> None:
    """Surprise 16: listen(n) lets n+1 connections wait, so listen(0) one; the next SYN is dropped in silence."""
    told = called(server, backlog, 6)
    assert len(told.when("client", "... connect", "= 0")) == backlog + 1
    assert len(told.host("server", 5).listeners) == 1
    assert told.ss("server", 5)[1].split()[:3] == ["LISTEN", str(backlog + 1), str(backlog)]
    refused = told.when("server", "< SYN ", "refused")
    assert refused[0] == round(0.1 * (backlog + 1) + 0.010, 3)
    assert not told.when("server", "> RST")


@pytest.mark.parametrize(
    ("server", "backlog", "entries"),
    [
        ("linux-6.18", 0, 1),
        ("linux-6.18", 4, 5),
        ("linux-6.18", 7, 8),
        ("linux-6.18 somaxconn=3", 64, 4),
        ("linux-4.19", 4, 4),
        ("linux-4.19 somaxconn=3", 64, 3),
        ("linux-2.6", 4, 16),
        ("linux-2.6", 12, 16),
    ],
)
def test_surprise_16_the_syn_queue_holds_one_more_as_well(server: str, backlog: int, entries: int) -> None:
    """Surprise 16: min(backlog, somaxconn)+1 entries; once it was the minimum itself, and once a power of two."""
    told = flooded(server, backlog)
    assert len(told.when("server", "LISTEN -> SYN-RECEIVED")) == entries
    assert len(told.when("server", "< SYN ", "refused")) == 30 - entries
    assert sum(line.startswith("SYN-RECV") for line in told.ss("server", 0.8)) == entries


THIRD = "client:40002>server:80"
"""The connection for which there is no room."""


def three_calls(server: str, accept: str = "1050ms") -> Tale:
    """listen(1): a call, then two at once, of which one fits; the other writes. A fourth call. accept() later."""
    return tale(f"""
        host client 10.0.0.1 linux-6.18
          connect server:80 from 40000
          and
          after 50ms connect server:80 from 40001
          and
          after 50ms connect server:80 from 40002
          after 100ms write 10
          and
          after 300ms connect server:80 from 40003
        host server 10.0.0.2 {server}
          listen 80 backlog=1
          after {accept} accept
        link client server delay=10ms
        until 3s
    """)


def test_surprise_17_a_full_accept_queue_is_invisible_to_the_client() -> None:
    """Surprise 17: its third ACK is ignored, it is "connected", its data are unanswered, the SYN,ACK is repeated."""
    told = three_calls("linux-6.18", accept="1.2s")
    assert told.when("client", "... connect", "= 0", THIRD) == [0.070]
    assert told.when("server", "< ACK ", "refused", THIRD) == [0.080, 1.080], "and that of the repeated SYN,ACK"
    assert [line.split()[0] for line in told.ss("server", 0.5)[1:]] == ["LISTEN", "ESTAB", "ESTAB", "SYN-RECV"]
    assert told.when("client", "(10)", THIRD) == [0.170, 0.390, 0.610, 1.050, 1.930]
    assert told.when("server", "< PSH,ACK ", "refused", THIRD) == [0.180, 0.400, 0.620, 1.060, 1.940]
    assert told.when("server", SYN_ACK, THIRD) == [0.060, 1.060]
    assert told.when("server", "SYN-RECEIVED -> ESTABLISHED", "40003") == [1.330], "another has taken the place"
    assert not told.when("server", RST)


def test_surprise_17_when_there_is_room_again_it_is_served() -> None:
    """Surprise 17: accept() makes room, and the next thing the client says opens the connection."""
    told = three_calls("linux-6.18")
    assert told.when("server", "accept = 4") == [1.050]
    assert told.when("server", "SYN-RECEIVED -> ESTABLISHED", THIRD) == [1.060]
    assert told.first("server", "< PSH,ACK ", THIRD) == 0.180
    assert told.when("server", "ack 11", THIRD) == [1.060]


@pytest.mark.parametrize("server", ["linux-6.18", "rfc9293"])
def test_surprise_17_a_new_syn_is_dropped_without_a_word(server: str) -> None:
    """Surprise 17: whoever calls while the queue is full repeats its SYN as if nobody were there."""
    told = three_calls(server)
    assert told.when("client", "> SYN ", "40003") == [0.300, 1.300, 2.300]
    assert told.when("server", "< SYN ", "refused") == [0.310, 1.310, 2.310]


def test_surprise_17_abort_on_overflow_resets_only_the_third_ack() -> None:
    """Surprise 17: with tcp_abort_on_overflow=1 the third ACK gets a RST; a new SYN is dropped in silence as before."""
    told = three_calls("linux-6.18 tcp_abort_on_overflow=1")
    assert told.when("server", RST) == [0.080]
    assert told.when("server", "SYN-RECEIVED -> CLOSED", THIRD) == [0.080]
    assert told.when("client", "ESTABLISHED -> CLOSED", THIRD) == [0.090]
    assert told.said("client", "write 10") == [f"write 10 = -1 ECONNRESET  ({THIRD})"]
    assert told.when("server", "< SYN ", "refused") == [0.310], "and no RST for it"
    assert told.when("client", "... connect", "= 0", "40003") == [1.320], "the queue has had room since accept()"


@pytest.mark.parametrize(("syncookies", "opens"), [("1", 3), ("0", 2)])
def test_surprise_17_before_6_13_the_second_of_two_syns_found_the_syn_queue_full(syncookies: str, opens: int) -> None:
    """Surprise 17: listen(1) held one entry in 4.19; the other got a cookie, or nothing where there are none."""
    told = three_calls(f"linux-4.19 tcp_syncookies={syncookies}")
    assert told.counter("server", "TcpExtTCPReqQFullDoCookies") == int(syncookies)
    assert told.when("server", SYN_ACK, THIRD) == ([0.060] if syncookies == "1" else [1.060])
    assert len([at for at in told.when("client", "... connect", "= 0") if at < 1]) == opens
