"""Opening a connection, where textbooks and kernels part: SYNs and their timers, lost ACKs, bad ACKs, crossed SYNs."""

from __future__ import annotations

import pytest

from tests.truth.tale import WHEEL, Tale, gaps, pair, tale

SYN, SYN_ACK, ACK, RST = "> SYN ", "> SYN,ACK ", "> ACK ", "> RST "
"""What a host sends, without a payload."""


def unanswered(client: str) -> Tale:
    """A call to a host that never says a word."""
    return tale(f"""
        host client 10.0.0.1 {client}
          connect server:80
        host server 10.0.0.2 linux-6.18 scripted=yes
        link client server delay=10ms
        until 200s
    """)


def scripted_call(client: str, *acts: str, until: str = "4s") -> Tale:
    """A call from port 40000 to a host that says only what ``acts`` make it say."""
    return tale(f"""
        host client 10.0.0.1 {client} isn=1000
          connect server:80 from 40000
        host server 10.0.0.2 linux-6.18 scripted=yes isn=5000
        link client server delay=10ms
        until {until}
    """, *acts)  # fmt: skip


# --- nobody answers ---


@pytest.mark.parametrize(
    ("client", "syns", "gives_up"),
    [
        ("linux-6.18", [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67], 131),
        ("linux-6.18 tcp_syn_retries=5", [0, 1, 2, 3, 4, 5, 7, 11, 19, 35], 67),
        ("linux-6.18 tcp_syn_retries=4", [0, 1, 2, 3, 4, 5, 7, 11, 19], 35),
        ("linux-6.18 tcp_syn_retries=3", [0, 1, 2, 3, 4, 5, 7, 11], 19),
        ("linux-6.18 tcp_syn_linear_timeouts=0", [0, 1, 3, 7, 15, 31, 63], 127),
        ("linux-4.19", [0, 1, 3, 7, 15, 31, 63], 127),
        ("linux-2.6", [0, 3, 9, 21, 45, 93], 189),
        ("rfc9293", [0, 1, 3, 7, 15, 31, 63, 127], 180),
    ],
)
def test_surprise_02_the_schedule_of_syns_is_no_longer_1_2_4_8(client: str, syns: list[int], gives_up: int) -> None:
    """Surprise 2: a call sends 11 SYNs in 131 s, the first five waits being one second; older TCPs doubled at once."""
    told = unanswered(client)
    assert told.when("client", SYN) == syns
    assert told.when("client", "... connect", "ETIMEDOUT") == [gives_up]


@pytest.mark.parametrize(("retries", "now", "once", "gives_up"), [(1, 3, 2, 3), (2, 6, 3, 7)])
def test_surprise_02_two_limits_and_whichever_strikes_first(retries: int, now: int, once: int, gives_up: int) -> None:
    """Surprise 2: tcp_syn_retries=2 sends 6 SYNs and stops at 7 s all the same: a time binds it before the count."""
    told, of_old = (unanswered(f"{kernel} tcp_syn_retries={retries}") for kernel in ("linux-6.18", "linux-4.19"))
    assert told.when("client", SYN) == list(range(now)), "a second apart, whatever the number says"
    assert len(of_old.when("client", SYN)) == once == retries + 1, "the number once was the number of repetitions"
    assert told.first("client", "ETIMEDOUT") == of_old.first("client", "ETIMEDOUT") == gives_up


def test_surprise_03_127_seconds_are_really_129_or_130() -> None:
    """Surprise 3: "127 s" is really 129 or 130 s, because a long timer fires up to an eighth late."""
    exact, late = (unanswered(f"{kernel} tcp_syn_linear_timeouts=0") for kernel in ("linux-6.18", WHEEL))
    assert exact.first("client", "ETIMEDOUT") == 127
    assert 129 <= late.first("client", "ETIMEDOUT") <= 131.1
    waits = [gaps([*told.when("client", SYN), told.first("client", "ETIMEDOUT")]) for told in (exact, late)]
    assert waits[0] == [1, 2, 4, 8, 16, 32, 64]
    for nominal, real in zip(*waits, strict=True):
        assert nominal < real <= nominal * 1.125 + 0.004, "late by an eighth and a tick at most, early never"


# --- the third ACK ---


def test_surprise_04_data_repair_a_lost_third_ack() -> None:
    """Surprise 4: a lost third ACK never leads to 15 repetitions of data: the first data complete the handshake."""
    told = pair("connect server:80; after 300ms write 10", "listen 80; accept; read", "at 0 drop client:ACK")
    assert told.first("server", "SYN-RECEIVED -> ESTABLISHED") == 0.330
    assert told.when("server", "... accept = 4") == told.when("server", "read = 10") == [0.330]
    assert told.when("client", "(10)") == [0.320], "the data are sent once"
    assert told.counter("client", "TcpRetransSegs") == 0


def test_surprise_04_or_data_meet_a_reset() -> None:
    """Surprise 4: once the server has given the entry up, data are answered by a RST and not repeated at all."""
    told = pair(
        "connect server:80; at 4s write 10; read",
        "listen 80; accept",
        "at 0 drop client:ACK",
        "at 0 drop client:ACK:2",
        server="linux-6.18 tcp_synack_retries=1",
    )
    assert told.when("server", SYN_ACK) == [0.010, 1.010]
    assert told.first("server", "SYN-RECEIVED -> CLOSED") == 3.010
    assert not told.when("server", RST, "0:0"), "without a word"
    assert told.when("client", "(10)") == [4]
    assert told.said("server", RST) == ["> RST 1:1(0) win 0"]
    assert told.when("client", "... read = -1 ECONNRESET") == [4.020], "after a round trip, not after 15 minutes"


@pytest.mark.parametrize("client", ["linux-6.18", "linux-4.19", "rfc9293"])
def test_surprise_05_the_two_ends_can_disagree_for_ever(client: str) -> None:
    """Surprise 5: A is ESTABLISHED, B has nothing; as long as nobody speaks that stays so."""
    told = pair(
        "connect server:80",
        "listen 80; accept",
        "at 0 drop client:ACK",
        "at 0 drop client:ACK:2",
        client=client,
        server="linux-6.18 tcp_synack_retries=1",
        until="2h",
    )
    for second in (4, 600, 7000):
        assert any("ESTAB" in line for line in told.ss("client", second))
        assert [line.split()[0] for line in told.ss("server", second)[1:]] == ["LISTEN"]
    assert not [at for at, _, said in told.lines if at > 3.010], "no timer of either end has anything to do"


# --- an ACK of what was never sent ---


def test_surprise_06_a_bad_ack_in_syn_sent_speeds_up_the_syn() -> None:
    """Surprise 6: the RST goes out and the SYN again 8 ms after it, not at the end of its second."""
    bad = "at 2ms inject server>client SYN,ACK ack=91 sport=80 dport=40000"
    again = "at 30ms inject server>client ACK seq=500 ack=700 sport=80 dport=40000"
    told = scripted_call("linux-6.18", bad, again)
    assert told.said("client", RST) == ["> RST 91:91(0) win 0", "> RST 700:700(0) win 0"]
    assert told.when("client", RST) == [0.012, 0.040]
    assert told.when("client", SYN)[:3] == [0, 0.020, 1.020], "the second bad ACK speeds nothing up"
    assert not told.when("client", "SYN-SENT -> "), "the call goes on"
    for patient in ("linux-4.19", "linux-2.6", "rfc9293"):
        told = scripted_call(patient, bad)
        assert told.when("client", RST) == [0.012]
        assert told.when("client", SYN)[1] in (1, 3), "the RST only; the SYN waits for its timer"


@pytest.mark.parametrize(("client", "milliseconds"), [("linux-6.18", 48), ("linux-4.19", 1020), ("linux-2.6", 3020)])
def test_surprise_06_so_calling_a_half_open_peer_again_costs_milliseconds(client: str, milliseconds: int) -> None:
    """Surprise 6: a host that crashed and calls again from its old port is connected after two round trips and 8 ms."""
    told = pair(
        "connect server:80 from 40000",
        "listen 80; accept; accept",
        "at 1s crash client",
        "at 2s reboot client programs=yes",
        client=client,
    )
    assert told.when("server", ACK) == [2.010], "the challenge"
    assert told.when("client", RST) == [2.020]
    assert told.first("server", "ESTABLISHED -> CLOSED") == 2.030
    assert told.when("client", "... connect", "= 0")[-1] == round(2 + milliseconds / 1000, 3)


# --- the same SYN again ---


def _two_syns(server: str) -> Tale:
    return tale(f"""
        host client 10.0.0.1 linux-6.18 scripted=yes
        host server 10.0.0.2 {server} tcp_synack_retries=2
          listen 80
          accept
        link client server delay=10ms
        until 30s
        at 0 inject client>server SYN sport=40000 dport=80 mss=1460
        at 0.6 inject client>server SYN sport=40000 dport=80 mss=1460
    """)


def test_surprise_18_a_duplicate_syn_restarts_the_timer_and_costs_no_retry() -> None:
    """Surprise 18: with tcp_synack_retries=2 four SYN,ACKs go out, and the waits count from the duplicate."""
    told = _two_syns("linux-6.18")
    assert told.when("server", SYN_ACK) == [0.010, 0.610, 1.610, 3.610]
    assert told.when("server", "SYN-RECEIVED -> CLOSED") == [7.610]


def test_surprise_18_it_did_not_restart_the_timer_of_old() -> None:
    """Surprise 18: Linux 2.6 repeated the SYN,ACK as well, but its timer went on as if nothing had come."""
    told = _two_syns("linux-2.6")
    assert told.when("server", SYN_ACK) == [0.010, 0.610, 3.010, 9.010]
    assert told.when("server", "SYN-RECEIVED -> CLOSED") == [21.010]


# --- both call at once ---


def _crossed(profile: str) -> Tale:
    return tale(f"""
        host a 10.0.0.1 {profile}
          connect b:80 from 80
        host b 10.0.0.2 {profile}
          connect a:80 from 80
        link a b delay=20ms
        until 3s
    """)


@pytest.mark.parametrize(
    ("profile", "acks", "opens"),
    [
        ("linux-6.18", [0.040], 0.040),
        ("linux-2.6", [0.040], 0.040),
        ("linux-4.19", [0.040], 0.060),
        ("rfc9293", [], 0.040),
    ],
)
def test_surprise_19_a_simultaneous_open_has_an_extra_pair_of_acks(
    profile: str, acks: list[float], opens: float
) -> None:
    """Surprise 19: after the SYN,ACKs, where figure 7 of the RFC ends, each kernel sends one ACK more."""
    told = _crossed(profile)
    for host in ("a", "b"):
        assert told.when(host, SYN) == [0]
        assert told.when(host, SYN_ACK) == [0.020]
        assert told.when(host, ACK) == acks
        assert told.when(host, "SYN-RECEIVED -> ESTABLISHED") == [opens], "before 6.11 not with the SYN,ACK"


@pytest.mark.parametrize(
    ("client", "error"), [("linux-6.18", "ECONNRESET"), ("linux-4.19", "ECONNRESET"), ("rfc9293", "ECONNREFUSED")]
)
def test_surprise_19_a_reset_during_it_is_no_refusal(client: str, error: str) -> None:
    """Surprise 19: a RST in SYN-RECEIVED after a simultaneous open is ECONNRESET; the RFC says "refused"."""
    told = scripted_call(
        client,
        "at 1ms inject server>client SYN sport=80 dport=40000",
        "at 20ms inject server>client RST seq=1 sport=80 dport=40000",
    )
    assert told.when("client", "SYN-RECEIVED -> CLOSED") == [0.030]
    assert told.said("client", "... connect") == [f"... connect server:80 = -1 {error}"]
    assert not told.when("client", "TIME-WAIT")


# --- another SYN ---


def _old_syn(profile: str, distance: int) -> Tale:
    """A call that an older SYN of the same port has run ahead of, its number ``distance`` below the call's."""
    return tale(f"""
        host client 10.0.0.1 {profile} isn=100000
          after 1s connect server:80 from 40000
        host server 10.0.0.2 {profile}
          listen 80
          accept
        link client server delay=20ms
        until 3s
        at 999ms inject client>server SYN sport=40000 dport=80 seq=@{100000 - distance} mss=1460
    """)


@pytest.mark.parametrize("distance", [2999, 3000, 64239])
def test_surprise_20_a_new_syn_inside_the_window_kills_the_entry_and_a_healthy_call(distance: int) -> None:
    """Surprise 20: RST,ACK, which acknowledges the new SYN: connect() fails with ECONNREFUSED after a round trip."""
    told = _old_syn("linux-6.18", distance)
    assert told.said("server", "> RST") == [f"> RST,ACK 0:0(0) ack {distance + 1} win 0"]
    assert told.first("server", "SYN-RECEIVED -> LISTEN") == 1.020, "the entry is gone"
    assert told.when("client", "... connect", "ECONNREFUSED") == [1.040]


def test_surprise_20_the_rfc_just_returns_to_listen() -> None:
    """Surprise 20: by the letter of RFC 9293 the entry goes without a word, and the SYN that is repeated connects."""
    told = _old_syn("rfc9293", 3000)
    assert told.first("server", "SYN-RECEIVED -> LISTEN") == 1.020
    assert not told.when("server", "> RST")
    assert told.when("client", "... connect", "= 0") == [2.040]


def test_surprise_20_a_syn_outside_the_window_connects_after_a_dance() -> None:
    """Surprise 20: at a distance of 70000 it takes an ACK, a RST and the SYN again: 90 ms at a round trip of 40."""
    told = _old_syn("linux-6.18", 70000)
    assert told.when("server", ACK) == [1.020]
    assert told.when("client", RST) == [1.039, 1.040]
    assert told.when("client", SYN)[-1] == 1.048
    assert told.when("client", "... connect", "= 0") == [1.088]


@pytest.mark.parametrize(("milliseconds", "answer"), [("3", "-1 ECONNREFUSED"), ("4", "-1 ECONNREFUSED"), ("4.3", "0")])
def test_surprise_20_the_clock_of_isns_crosses_a_window_in_4_ms(milliseconds: str, answer: str) -> None:
    """Surprise 20: who gives a call up and calls again from the same port within 4.1 ms is refused."""
    call = "connect server:80 from 40000"
    told = pair(f"socket nonblock=yes; {call}; after {milliseconds}ms close; {call}", "listen 80; accept", delay="20ms")
    assert len(told.when("client", SYN)) == (2 if "REFUSED" in answer else 3)
    assert told.said("client", "... connect")[0].split(" = ")[1].split("  ")[0] == answer
