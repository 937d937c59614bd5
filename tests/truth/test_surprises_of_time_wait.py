"""FIN-WAIT-2 and TIME-WAIT, where textbooks and kernels part: their length, their heirs, their end."""

from __future__ import annotations

import pytest

from tests.truth.tale import WHEEL, Tale, pair, tale
from tutor.world.sysctls import SYSCTLS

SYN, ACK, RST = "> SYN ", "> ACK ", "> RST "
"""What a host sends."""

ANSWERS = "listen 80; accept; when peer-closed close"
"""A server that closes when the client has closed."""


def closes_first(client: str, *acts: str, until: str = "5min") -> Tale:
    """The client calls and closes; it comes to TIME-WAIT at 40 ms."""
    return pair("connect server:80; close", ANSWERS, *acts, client=client, until=until)


def sends(told: Tale, host: str, since: float) -> list[str]:
    """What a host sends from a second on."""
    return [said for at, name, said in told.lines if name == host and at >= since and said.startswith("> ")]


# --- how long ---


@pytest.mark.parametrize(
    ("client", "seconds"),
    [
        ("linux-6.18", 60),
        ("linux-6.18 tcp_fin_timeout=5", 60),
        ("linux-6.18 tcp_fin_timeout=120", 60),
        ("linux-6.18 tcp_tw_reuse=1 tcp_tw_reuse_delay=1", 60),
        ("linux-4.19 tcp_fin_timeout=5", 60),
        ("linux-2.6 tcp_fin_timeout=5", 60),
        ("rfc9293", 240),
    ],
)
def test_surprise_01_time_wait_is_60_s_and_nothing_shortens_it(client: str, seconds: int) -> None:
    """Surprise 1: TIME-WAIT lasts 60 s whatever tcp_fin_timeout says; by the RFC, with two MSLs, four minutes."""
    told = closes_first(client)
    assert told.when("client", "FIN-WAIT-2 -> TIME-WAIT") == [0.040]
    assert told.when("client", "TIME-WAIT -> CLOSED") == [0.040 + seconds]


def test_surprise_01_no_setting_is_its_length_and_its_timer_is_only_late() -> None:
    """Surprise 1: no sysctl holds the 60 s; on the wheel of timers they take up to 61.6 s, never less."""
    assert "time_wait_us" not in {setting.field for setting in SYSCTLS.values()}
    told = closes_first(f"{WHEEL} tcp_fin_timeout=5")
    assert 60.8 <= told.first("client", "TIME-WAIT -> CLOSED") - 0.040 <= 61.6


def _orphan(client: str) -> Tale:
    """The client has closed, the server never does."""
    return pair("connect server:80; close", "listen 80; accept", client=client, until="5min")


@pytest.mark.parametrize(
    ("setting", "seconds"),
    [(5, 5), (30, 30), (59, 59), (60, 60), (61, 2), (70, 20), (80, 40), (89, 58), (90, 60), (100, 80), (120, 120)],
)
@pytest.mark.parametrize("kernel", ["linux-6.18", "linux-4.19", "linux-2.6"])
def test_surprise_07_a_longer_fin_timeout_makes_fin_wait_2_shorter(kernel: str, setting: int, seconds: int) -> None:
    """Surprise 7: tcp_fin_timeout=70 means 20 s: ten above the 60 as a socket, and ten as a small entry."""
    told = _orphan(f"{kernel} tcp_fin_timeout={setting}")
    assert told.when("client", "FIN-WAIT-1 -> FIN-WAIT-2") == [0.040]
    assert told.when("client", "FIN-WAIT-2 -> CLOSED") == [0.040 + seconds]
    assert not told.when("client", "TIME-WAIT")


@pytest.mark.parametrize("kernel", ["linux-6.18", "linux-4.19", "linux-2.6"])
def test_a_fin_timeout_of_zero_leaves_three_and_a_half_timeouts(kernel: str) -> None:
    """No shorter value is kept: asked of 6.18.44, 0 lasts 0.77 s with an RTO of 216 ms. It is not "for ever"."""
    told = _orphan(f"{kernel} tcp_fin_timeout=0")
    lasted = told.first("client", "FIN-WAIT-2 -> CLOSED") - 0.040
    assert lasted == pytest.approx(3.5 * 0.220), "the RTO on a path of 20 ms"
    assert not told.when("client", "TIME-WAIT")


def test_surprise_07_the_first_half_is_spent_on_the_keepalive_timer() -> None:
    """Surprise 7: with 70 the socket is whole for 10 s, then small for 10 s; 20.4 s in all were measured."""
    told = _orphan("linux-6.18 tcp_fin_timeout=70")
    assert [told.ss("client", second)[1].split("timer:")[1] for second in (5, 10, 15)] == [
        "(keepalive,5.040ms,0)",
        "(keepalive,040ms,0)",
        "(timewait,5.040ms,0)",
    ]
    assert 20 < _orphan(f"{WHEEL} tcp_fin_timeout=70").first("client", "FIN-WAIT-2 -> CLOSED") < 20.5


@pytest.mark.parametrize("kernel", ["linux-6.18", "linux-4.19", "linux-2.6"])
def test_surprise_08_fin_wait_2_of_a_closed_socket_is_already_a_small_entry(kernel: str) -> None:
    """Surprise 8: the state says FIN-WAIT-2 and the timer says timewait; a FIN in time gives it the full 60 s."""
    told = _orphan(f"{kernel} tcp_fin_timeout=3")
    state, *_, process = told.ss("client", 1)[1].split()
    assert (state, process) == ("FIN-WAIT-2", "timer:(timewait,2.040ms,0)")
    assert told.when("client", "FIN-WAIT-2 -> CLOSED") == [3.040]
    in_time = pair(
        "connect server:80; close", "listen 80; accept; after 1.5s close", client=f"{kernel} tcp_fin_timeout=3"
    )
    assert in_time.when("client", "FIN-WAIT-2 -> TIME-WAIT") == [1.540]
    assert in_time.when("client", "TIME-WAIT -> CLOSED") == [61.540]


def test_surprise_08_a_socket_that_is_not_closed_stays_whole_and_waits_for_ever() -> None:
    """Surprise 8: after shutdown() the program still holds it: no timer runs. Nor does the RFC know one for anybody."""
    held = pair("connect server:80; shutdown write", "listen 80; accept", until="2h")
    rfc = pair("connect server:80; close", "listen 80; accept", client="rfc9293", until="2h")
    for told in (held, rfc):
        assert "FIN-WAIT-2" in told.ss("client", 7000)[1]
        assert "timer:" not in told.ss("client", 7000)[1]


# --- who may have the port again ---

BOUND = "socket; setsockopt SO_REUSEADDR 1; bind 40000; {wait}connect server:80"


@pytest.mark.parametrize(
    ("settings", "answer"),
    [
        ("linux-6.18 tcp_tw_reuse=0", "0"),
        ("linux-6.18 tcp_tw_reuse=0 tcp_timestamps=0", "-1 EADDRNOTAVAIL"),
        ("linux-4.19 tcp_tw_reuse=0", "0"),
        ("linux-4.19 tcp_tw_reuse=0 tcp_timestamps=0", "-1 EADDRNOTAVAIL"),
    ],
)
def test_surprise_09_tw_reuse_is_not_consulted_when_the_program_binds(settings: str, answer: str) -> None:
    """Surprise 9: with SO_REUSEADDR and timestamps connect() takes over a TIME-WAIT after 0.1 s; tcp_tw_reuse is 0."""
    calls = f"{BOUND.format(wait='')}; close; {BOUND.format(wait='after 100ms ')}"
    told = pair(calls, f"{ANSWERS}; accept", client=settings, until="3s")
    assert told.said("client", "connect server:80 = ")[-1].split("  ")[0].endswith(f"connect server:80 = {answer}")
    assert told.when("client", "TIME-WAIT vanishes") == ([0.120] if answer == "0" else [])
    assert len(told.when("client", "... connect server:80 = 0")) == (2 if answer == "0" else 1)


@pytest.mark.parametrize(("first", "answer"), [("connect server:80", "0"), (BOUND.format(wait=""), "-1 EADDRNOTAVAIL")])
def test_surprise_09_a_port_that_was_bound_is_never_chosen(first: str, answer: str) -> None:
    """Surprise 9: tcp_tw_reuse=1 and three seconds gone: only a port that the kernel had chosen is chosen again."""
    one_port = "linux-6.18 tcp_tw_reuse=1 ip_local_port_range=40000-40000"
    told = pair(f"{first}; close; after 3s connect server:80", f"{ANSWERS}; accept", client=one_port, until="5s")
    assert told.first("client", "FIN-WAIT-2 -> TIME-WAIT") == 0.040
    last = told.said("client", "connect server:80 = ")[-1]
    assert last.split("  ")[0].endswith(f"connect server:80 = {answer}")


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [("1", "1", "0"), ("0", "1", "-1 EADDRINUSE"), ("1", "0", "-1 EADDRINUSE"), ("0", "0", "-1 EADDRINUSE")],
)
def test_surprise_10_reuseaddr_must_have_been_set_by_the_old_server_too(old: str, new: str, answer: str) -> None:
    """Surprise 10: a server that restarts over a TIME-WAIT gets its port only if both of them set SO_REUSEADDR."""
    told = tale(f"""
        host client 10.0.0.1 linux-6.18
          connect server:80
          when peer-closed close
        host server 10.0.0.2 linux-6.18
          socket
          setsockopt SO_REUSEADDR {old}
          bind 80
          listen
          accept
          close
          and
          after 1s close fd=3
          socket
          setsockopt SO_REUSEADDR {new}
          bind 80
        link client server delay=10ms
        until 3s
    """)
    assert told.ss("server", 1.5)[1].startswith("TIME-WAIT")
    assert told.said("server", "bind") == ["bind 80 = 0", f"bind 80 = {answer}"]


# --- what comes to it ---


@pytest.mark.parametrize(
    "settings", ["linux-6.18", "linux-6.18 tcp_timestamps=0", "linux-4.19", "linux-2.6", "rfc9293"]
)
def test_surprise_11_time_wait_accepts_a_new_syn_at_once(settings: str) -> None:
    """Surprise 11: eight calls from one port, each closed by the server first: none of them waits for anything."""
    told = pair(
        "connect server:80 from 40000; when peer-closed close; when closed repeat 1",
        "listen 80; accept; close; repeat 2",
        client=settings,
        server=settings,
        until="479ms",
    )
    each = [0.060 * number for number in range(8)]
    assert told.when("client", SYN) == pytest.approx(each)
    assert told.when("client", "... connect", "= 0") == pytest.approx([at + 0.020 for at in each])
    assert told.when("server", "TIME-WAIT -> SYN-RECEIVED") == pytest.approx([at + 0.010 for at in each[1:]])
    assert not told.when("client", RST)


def test_surprise_11_a_newer_timestamp_is_as_good_as_a_higher_number() -> None:
    """Surprise 11: a SYN with a lower number is taken for its timestamp; the answer counts on from the old numbers."""
    told = _lower_number("linux-6.18", "linux-6.18")
    assert told.when("server", "TIME-WAIT -> SYN-RECEIVED") == [1.050]
    assert told.when("client", "... connect", "= 0")[-1] == 1.060
    (again,) = (socket for socket in told.host("server", 2).all_sockets() if socket.tcb.remote is not None)
    assert again.tcb.snd.iss == 700000 + 2 + 65537, "the SND.NXT of the old connection and 65537"


def _lower_number(client: str, server: str) -> Tale:
    """The server closed first; a second later the client calls from the same port with a lower number."""
    return tale(f"""
        host client 10.0.0.1 {client} isn=100000
          connect server:80 from 40000
          when peer-closed close
          after 1s connect server:80 from 40000 isn=50000
        host server 10.0.0.2 {server} isn=700000
          listen 80
          accept
          close
        link client server delay=10ms
        until 6s
    """)


@pytest.mark.parametrize(
    ("client", "server", "connects"),
    [
        ("linux-6.18 tcp_timestamps=0", "linux-6.18", 1.088),
        ("linux-4.19 tcp_timestamps=0", "linux-6.18", 2.060),
        ("rfc9293", "rfc9293", 2.060),
    ],
)
def test_surprise_12_a_refused_syn_leads_to_a_dance(client: str, server: str, connects: float) -> None:
    """Surprise 12: old ACK, RST of the client, TIME-WAIT assassinated, and the SYN that is repeated connects."""
    told = _lower_number(client, server)
    assert told.when("server", ACK) == [0.050, 1.050], "the last ACK of the old connection, again"
    assert told.when("client", RST) == [1.060]
    assert told.when("server", "TIME-WAIT -> CLOSED") == [1.070]
    assert told.when("client", "... connect", "= 0")[-1] == connects


def test_surprise_12_without_the_assassination_it_never_connects() -> None:
    """Surprise 12: with tcp_rfc1337=1 the RST is ignored, and the dance goes on until the call is given up."""
    told = _lower_number("linux-6.18 tcp_timestamps=0 tcp_syn_retries=1", "linux-6.18 tcp_rfc1337=1")
    assert told.when("server", ACK)[1:] == [1.050, 2.078, 3.078], "one in 500 ms at most"
    assert told.when("client", RST) == [1.060, 2.088, 3.088]
    assert not told.when("server", "TIME-WAIT -> ")
    assert told.said("client", "... connect")[-1].split("  ")[0] == "... connect server:80 = -1 ETIMEDOUT"


@pytest.mark.parametrize(
    ("client", "ends"),
    [
        ("linux-6.18", 10.010),
        ("linux-6.18 tcp_rfc1337=0", 10.010),
        ("linux-6.18 tcp_rfc1337=1", 60.040),
        ("linux-4.19 tcp_rfc1337=1", 60.040),
        ("linux-2.6 tcp_rfc1337=1", 60.040),
        ("rfc9293", 10.010),
    ],
)
def test_surprise_13_the_documentation_of_tcp_rfc1337_is_backwards(client: str, ends: float) -> None:
    """Surprise 13: unset, a RST kills TIME-WAIT, as in the RFC; set, it is ignored and does not even prolong it."""
    told = closes_first(client, "at 10s inject server>client RST seq=2")
    assert told.when("client", "TIME-WAIT -> CLOSED") == [ends]
    assert not sends(told, "client", 10), "without a word"


@pytest.mark.parametrize(
    ("client", "ends"), [("linux-6.18", 90.010), ("linux-4.19", 90.010), ("linux-2.6", 90.010), ("rfc9293", 240.040)]
)
def test_surprise_14_a_bare_ack_in_order_silently_restarts_time_wait(client: str, ends: float) -> None:
    """Surprise 14: no answer, and 60 s from there; by the RFC an ACK changes nothing."""
    told = closes_first(client, "at 30s inject server>client ACK seq=2 ack=2")
    assert not sends(told, "client", 1)
    assert told.when("client", "TIME-WAIT -> CLOSED") == [ends]
    if client != "rfc9293":
        left = [told.ss("client", second)[1].split("timewait,")[1] for second in (29.9, 30.1)]
        assert left == ["30sec,0)", "59sec,0)"]


# --- an abort ---


@pytest.mark.parametrize("abort", ["abort", "setsockopt SO_LINGER 0; close", "disconnect"])
@pytest.mark.parametrize(
    ("client", "states"),
    [
        ("linux-6.18", ["ESTABLISHED -> CLOSED"]),
        ("linux-2.6", ["ESTABLISHED -> CLOSED"]),
        ("rfc9293", ["ESTABLISHED -> CLOSED"]),
        ("rfc9293-note3", ["ESTABLISHED -> TIME-WAIT", "TIME-WAIT -> CLOSED"]),
    ],
)
def test_surprise_15_aborting_never_enters_time_wait(client: str, states: list[str], abort: str) -> None:
    """Surprise 15: the one who sends the RST is CLOSED at once; note 3 of RFC 9293 says that it should wait."""
    told = pair(f"connect server:80; {abort}", "listen 80; accept; read", client=client, until="5min")
    assert told.when("client", "> RST") == [0.020]
    assert told.said("client", "ESTABLISHED -> ") + told.said("client", "TIME-WAIT -> ") == states
    assert told.when("server", "ESTABLISHED -> CLOSED") == [0.030]
