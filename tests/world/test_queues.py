"""A listener's queues under load: limits by kernel version, cookies, pruning, and the counters that the kernel moved.

The numbers of the counters were read off a Linux 6.18 that was sent the same segments.
"""

from __future__ import annotations

import pytest

from tests.world.stage import all_of, run, sent
from tests.world.test_socket_interface import Talk
from tutor.tcp.tcb import Address
from tutor.world.cookies import MAX_AGE, MSS_TABLE, PERIOD_US, check, make
from tutor.world.host import LISTENER, REQUEST, Host
from tutor.world.records import Arrived, Because, Sent, StateChanged
from tutor.world.trace import Trace

SCENE = """
    host peer 10.0.0.9 linux-6.18
    host server 10.0.0.2 {profile} isn=5000 {settings}
      listen 80 backlog={backlog}
      {more}
    link peer server delay=0 server.loss=1
    until {until}
"""


def met(
    *segments: str, profile: str = "linux-6.18", settings: str = "", backlog: int = 4, more: str = "", until: str = "1s"
) -> Trace:
    """A listener, and segments of a stranger: ``PORT FLAGS ...``, one a millisecond, or ``@2s PORT ...``."""
    acts = []
    for number, text in enumerate(segments, 1):
        at, _, rest = text.partition(" ") if text.startswith("@") else (f"@{number}ms", "", text)
        port, flags, *words = rest.split()
        options = " ".join(words) if "seq=" in rest else " ".join(["seq=0", *words])
        acts.append(f"at {at[1:]} inject peer>server {flags} sport={port} dport=80 {options}")
    lines = SCENE.format(profile=profile, settings=settings, backlog=backlog, more=more, until=until)
    return run(lines, *acts)


def server(trace: Trace) -> Host:
    """The server at the end."""
    return trace.world_at(trace.until).host("server")


def moved(trace: Trace) -> dict[str, int]:
    """The counters that tell of the queues."""
    names = (
        "ListenOverflows", "ListenDrops", "EmbryonicRsts", "TCPReqQFullDoCookies", "TCPReqQFullDrop", "SyncookiesSent",
        "SyncookiesRecv", "SyncookiesFailed", "TCPDeferAcceptDrop", "TCPACKSkippedSynRecv", "TCPTimeouts", "TW",
        "TWKilled", "TWRecycled", "TCPTimeWaitOverflow", "TCPAbortOnTimeout",
    )  # fmt: skip
    counters = server(trace).counters
    found = {name: counters.get(f"TcpExt{name}") or 0 for name in names}
    found |= {name: counters.get(f"Tcp{name}") or 0 for name in ("AttemptFails", "PassiveOpens")}
    return {name: number for name, number in found.items() if number}


def entries(trace: Trace) -> int:
    """How many request entries were ever made."""
    return sum(record.source == "LISTEN" for record in all_of(trace, StateChanged, "server"))


FLOOD = [f"{50000 + number} SYN" for number in range(40)]

# --- limits ---


@pytest.mark.parametrize(
    ("profile", "settings", "backlog", "limit"),
    [
        ("linux-6.18", "tcp_syncookies=0", 4, 5),
        ("linux-6.18", "tcp_syncookies=0 somaxconn=3", 64, 4),
        ("linux-6.18", "tcp_syncookies=0 tcp_max_syn_backlog=8", 64, 7),
        ("linux-6.18", "tcp_syncookies=0", 0, 1),
        ("linux-4.19", "tcp_syncookies=0", 4, 4),
        ("linux-4.19", "tcp_syncookies=0", 0, 0),
        ("linux-2.6", "tcp_syncookies=0", 1, 16),
        ("linux-2.6", "tcp_syncookies=0", 7, 16),
        ("linux-2.6", "tcp_syncookies=0", 16, 32),
        ("linux-2.6", "tcp_syncookies=0 tcp_max_syn_backlog=12", 64, 10),
        ("rfc9293", "", 4, 5),
    ],
)
def test_the_syn_queue_holds_what_its_kernel_lets_it_hold(
    profile: str, settings: str, backlog: int, limit: int
) -> None:
    """min(backlog, somaxconn) + 1 today; without the 1 in between; a power of two before 4.4."""
    assert entries(met(*FLOOD, profile=profile, settings=settings, backlog=backlog)) == limit


def test_listen_cuts_the_backlog_down_and_a_later_setting_changes_nothing() -> None:
    """somaxconn is asked when listen() is called."""
    late = met(*FLOOD[:10], "@500ms 50000 RST seq=1", settings="tcp_syncookies=0 somaxconn=2", backlog=64)
    assert server(late).sockets["server:80"].backlog == 2
    assert entries(late) == 3


def test_an_old_kernel_still_takes_a_few_syns_with_a_full_accept_queue() -> None:
    """Until 4.9 two young entries were let in, to wait for a place."""
    opened = ["50000 SYN", "50000 ACK seq=1 ack=1"]
    assert entries(met(*opened, *FLOOD[1:6], backlog=0)) == 1
    assert entries(met(*opened, *FLOOD[1:6], backlog=0, profile="linux-2.6")) == 3


def test_the_flood_is_told_of_once() -> None:
    """The kernel's log says so once for each listener."""
    trace = met(*FLOOD[:10])
    warnings = [record for record in all_of(trace, Because) if record.reason.id == "possible-syn-flood"]
    assert len(warnings) == 1
    assert moved(trace) == {"TCPReqQFullDoCookies": 5, "SyncookiesSent": 5}


# --- counters as the kernel moved them ---


def test_a_full_accept_queue_counts_every_refusal() -> None:
    """The third ACK, a new SYN, and the data behind the ignored ACK: each is an overflow and a drop."""
    opened = [f"{port} SYN" for port in (50000, 50001, 50002)]
    opened += [f"{port} ACK seq=1 ack=1" for port in (50000, 50001, 50002)]
    roomy = "profile.syn_queue_rule=power-of-two"
    trace = met(*opened, "50009 SYN", "50002 PSH,ACK seq=1 ack=1 len=10", backlog=1, settings=roomy)
    assert moved(trace) == {"PassiveOpens": 2, "ListenOverflows": 3, "ListenDrops": 3}


def test_with_tcp_abort_on_overflow_the_reset_is_embryonic() -> None:
    """It is no failed attempt."""
    opened = [f"{port} SYN" for port in (50000, 50001, 50002)] + [
        f"{port} ACK seq=1 ack=1" for port in (50000, 50001, 50002)
    ]
    trace = met(*opened, backlog=1, settings="tcp_abort_on_overflow=1 profile.syn_queue_rule=power-of-two")
    assert moved(trace) == {"PassiveOpens": 2, "EmbryonicRsts": 1, "ListenOverflows": 1, "ListenDrops": 1}


def test_a_request_entry_that_is_refused_and_one_nobody_comes_back_for() -> None:
    """A RST, or another SYN, is a failed attempt; a timeout is counted for each SYN,ACK and for the end."""
    refused = met("50000 SYN", "50000 RST seq=1", "50001 SYN", "50001 SYN seq=100")
    assert moved(refused) == {"EmbryonicRsts": 2, "AttemptFails": 2}
    alone = met("50000 SYN", settings="tcp_synack_retries=1", until="5s")
    assert moved(alone) == {"TCPTimeouts": 2}
    assert not server(alone).sockets.get("peer:50000>server:80")


def test_a_repeated_syn_is_answered_twice_a_second_at_most() -> None:
    """And the one that is not answered is counted."""
    trace = met("50000 SYN", "@100ms 50000 SYN", "@200ms 50000 SYN")
    assert len(sent(trace, "server")) == 2
    assert moved(trace) == {"TCPACKSkippedSynRecv": 1}


def test_cookies_sent_brought_back_and_forged() -> None:
    """A good one connects, or finds the accept queue full; a bad one is reset; a SYN may find both queues full."""
    names = [50001, 50002]
    syns = ["50000 SYN", *(f"{port} SYN mss=1460" for port in names)]
    first = met(*syns, backlog=0)
    numbers = [record.flight.segment.seq for record in _syn_acks(first)][1:]
    acks = [f"{port} ACK seq=1 ack=@{number + 1}" for port, number in zip(names, numbers, strict=True)]
    trace = met(*syns, *acks, "50005 ACK seq=1 ack=@777", "50006 SYN", backlog=0)
    assert moved(trace) == {
        "SyncookiesSent": 2, "SyncookiesRecv": 2, "SyncookiesFailed": 1, "TCPReqQFullDoCookies": 3, "PassiveOpens": 1,
        "ListenOverflows": 2, "ListenDrops": 2,
    }  # fmt: skip
    edges = [
        record.edge for record in all_of(trace, StateChanged, "server") if record.connection.startswith("peer:50001")
    ]
    assert edges == ["listen/rcv-cookie"]


def _syn_acks(trace: Trace) -> list[Sent]:
    """Every SYN,ACK of the server."""
    return [
        record for record in all_of(trace, Sent, "server") if isinstance(record, Sent) and record.flight.segment.syn
    ]


def test_an_ack_put_off_is_counted() -> None:
    """TCP_DEFER_ACCEPT."""
    trace = met(
        "50000 SYN", "50000 ACK seq=1 ack=1", "50000 PSH,ACK seq=1 ack=1 len=10", more="setsockopt TCP_DEFER_ACCEPT 3"
    )
    assert moved(trace) == {"TCPDeferAcceptDrop": 1, "PassiveOpens": 1}


@pytest.mark.parametrize(("asked", "told"), [(1, 1), (2, 3), (3, 3), (4, 7), (8, 15), (100, 127), (1000, 1087)])
def test_tcp_defer_accept_is_told_as_what_it_comes_to(asked: int, told: int) -> None:
    """As getsockopt on the real kernel answered."""
    talk = Talk()
    talk.does("a socket")
    talk.does(f"a setsockopt TCP_DEFER_ACCEPT {asked} fd=3")
    assert talk.does("a getsockopt TCP_DEFER_ACCEPT fd=3") == told


def test_a_connection_takes_the_listeners_options_as_they_are_when_it_opens() -> None:
    """A request entry has none of its own."""
    trace = met("50000 SYN", "@500ms 50000 ACK seq=1 ack=1", more="after 200ms setsockopt TCP_NODELAY 1")
    assert server(trace).sockets["peer:50000>server:80"].tcb.conf.nodelay


# --- small entries ---

CLOSED_FIRST = ["50000 SYN", "50000 ACK seq=1 ack=1", "@100ms 50000 ACK seq=1 ack=2"]
CLOSES = "accept\n      close"


def test_an_orphans_small_fin_wait_2_needs_a_place_as_well() -> None:
    """tcp_max_tw_buckets=0: CLOSED as soon as the FIN is acknowledged, and a late FIN meets a RST."""
    trace = met(*CLOSED_FIRST, "@200ms 50000 FIN,ACK seq=1 ack=2", settings="tcp_max_tw_buckets=0", more=CLOSES)
    assert moved(trace) == {"PassiveOpens": 1, "TCPTimeWaitOverflow": 1}
    assert sent(trace, "server")[-1].startswith("RST")
    assert server(trace).time_waits == 0


def test_a_time_wait_is_counted_when_it_begins() -> None:
    """For less than four seconds it counts as killed; the FIN that makes FIN-WAIT-2 a TIME-WAIT changes nothing."""
    assert moved(met(*CLOSED_FIRST, more=CLOSES)) == {"PassiveOpens": 1, "TW": 1}
    assert moved(met(*CLOSED_FIRST, "@200ms 50000 FIN,ACK seq=1 ack=2", more=CLOSES)) == {"PassiveOpens": 1, "TW": 1}
    assert moved(met(*CLOSED_FIRST, more=CLOSES, settings="tcp_fin_timeout=3")) == {"PassiveOpens": 1, "TWKilled": 1}


def test_a_syn_that_would_reopen_finds_the_accept_queue_full() -> None:
    """Both the SYN and the TIME-WAIT are gone, without a word."""
    trace = met(
        *CLOSED_FIRST, "@200ms 50000 FIN,ACK seq=1 ack=2", "@210ms 50001 SYN", "@220ms 50001 ACK seq=1 ack=1",
        "@300ms 50000 SYN seq=200000", more=CLOSES, backlog=0,
    )  # fmt: skip
    assert moved(trace) == {"PassiveOpens": 2, "TW": 1, "ListenOverflows": 1, "ListenDrops": 1}
    assert "peer:50000>server:80" not in server(trace).sockets
    assert not [record for record in all_of(trace, Arrived, "server") if not record.accepted][1:]


ONCE_MORE = [*CLOSED_FIRST, "@200ms 50000 FIN,ACK seq=1 ack=2", "@300ms 50000 SYN,FIN seq=200000"]


def test_a_syn_with_fin_ends_a_time_wait_and_opens_nothing() -> None:
    """It is new enough for the TIME-WAIT to give way; then the listener drops it, and nobody says a word."""
    trace = met(*ONCE_MORE, more=CLOSES)
    assert server(trace).time_waits == 0
    assert "peer:50000>server:80" not in server(trace).sockets
    assert [record.reason.id for record in all_of(trace, Because, "server")][-1] == "syn-fin-dropped"
    assert sent(trace, "server") == sent(met(*ONCE_MORE[:-1], more=CLOSES), "server")
    assert moved(trace)["PassiveOpens"] == 1
    again = met(*ONCE_MORE, "@400ms 50000 SYN seq=200000", more=CLOSES)
    assert sent(again, "server")[-1].startswith("SYN,ACK")


def test_a_syn_with_fin_too_old_for_a_time_wait_leaves_it_alone() -> None:
    """Its number lies before RCV.NXT: the old ACK answers, as it answers any old SYN."""
    trace = met(*CLOSED_FIRST, "@200ms 50000 FIN,ACK seq=1 ack=2", "@900ms 50000 SYN,FIN seq=-9", more=CLOSES)
    assert server(trace).time_waits == 1


def test_a_kernel_whose_listener_takes_a_syn_with_fin_reopens() -> None:
    """linux-2.6: the FIN is forgotten, and the SYN opens the 4-tuple anew."""
    assert "peer:50000>server:80" in server(met(*ONCE_MORE, profile="linux-2.6", more=CLOSES)).sockets


# --- the cookie itself ---

ENDS = (Address("10.0.0.2", 80), Address("10.0.0.9", 50000))


@pytest.mark.parametrize(
    ("offered", "kept"), [(100, 536), (536, 536), (1299, 536), (1300, 1300), (1459, 1440), (9000, 1460)]
)
def test_a_cookie_stands_for_one_of_four_sizes(offered: int, kept: int) -> None:
    """The largest that is not larger than what was offered."""
    cookie = make(("server", 0), 1, ENDS, 4000, offered, 5)
    assert check(("server", 0), 1, ENDS, 4000, cookie, 5) == kept
    assert kept in MSS_TABLE


def test_a_cookie_is_good_for_this_caller_and_this_while() -> None:
    """Another number, another port, another seed, or two periods later: not ours."""
    cookie = make(("server", 0), 1, ENDS, 4000, 1460, 0)
    assert check(("server", 0), 1, ENDS, 4000, cookie, PERIOD_US) == 1460
    assert check(("server", 0), 1, ENDS, 4000, cookie, MAX_AGE * PERIOD_US) is None
    assert check(("server", 0), 1, ENDS, 4010, cookie, 0) is None
    assert check(("server", 0), 2, ENDS, 4000, cookie, 0) is None
    assert check(("server", 1), 1, ENDS, 4000, cookie, 0) is None
    assert check(("server", 0), 1, (ENDS[0], Address("10.0.0.9", 50001)), 4000, cookie, 0) is None
    assert check(("server", 0), 1, ENDS, 4000, (cookie + 1) % 2**32, 0) != 1460


# --- other refusals, as the kernel counted them ---


@pytest.mark.parametrize(
    ("profile", "error", "ends"),
    [
        ("linux-6.18", "soft code=1", True), ("linux-6.18", "soft code=5", False), ("linux-6.18", "hard code=3", False),
        ("linux-4.19", "soft", True), ("linux-4.19", "hard", False), ("linux-2.6", "hard", True),
        ("rfc9293", "soft", False),
    ],
)  # fmt: skip
def test_an_icmp_error_may_end_a_request_entry(profile: str, error: str, ends: bool) -> None:
    """``tcp_req_err``: only what says that host or network cannot be reached, and then no RST follows."""
    trace = run(
        SCENE.format(profile=profile, settings="", backlog=4, more="", until="100ms"),
        "at 1ms inject peer>server SYN sport=50000 dport=80 seq=0",
        f"at 9ms icmp server {error} on=peer:50000>server:80",
    )
    host = server(trace)
    listener = next(socket for socket in host.sockets.values() if socket.kind == LISTENER)
    entries = [socket for socket in host.sockets.values() if socket.kind == REQUEST]
    assert (not entries, listener.syn_queue, listener.young) == ((True, 0, 0) if ends else (False, 1, 1))
    assert host.counter("TcpExtListenDrops") == ends
    assert host.counter("TcpOutRsts") == 0


OPENED = ["50000 SYN", "50000 ACK seq=1 ack=1"]


@pytest.mark.parametrize(
    ("segments", "more", "counted"),
    [
        (["50000 SYN seq=50"], "accept", {"TcpExtTCPChallengeACK": 1, "TcpExtTCPSYNChallenge": 1, "TcpInErrs": 1}),
        (
            ["50000 SYN seq=50", "50000 SYN seq=50"],
            "accept",
            {
                "TcpExtTCPChallengeACK": 1, "TcpExtTCPSYNChallenge": 2, "TcpExtTCPACKSkippedChallenge": 1,
                "TcpInErrs": 2,
            },
        ),
        (["50000 RST seq=1"], "accept", {"TcpEstabResets": 1}),
        (["@50ms 50000 PSH,ACK seq=1 ack=1 len=10"], "accept\n      close", {"TcpExtTCPAbortOnData": 1}),
        (["@50ms 50000 ACK seq=1 ack=2", "@60ms 50000 PSH,ACK seq=1 ack=2 len=10"], CLOSES, {"TcpExtTW": 1}),
        ([], "after 50ms close", {"TcpEstabResets": 1}),
    ],
)  # fmt: skip
def test_a_connection_that_is_refused_something_counts_it(
    segments: list[str], more: str, counted: dict[str, int]
) -> None:
    """A SYN inside, a RST, text for an orphan, a listener that closes before anybody accepted."""
    trace = met(*OPENED, *segments, more=more)
    usual = {
        "TcpPassiveOpens", "TcpCurrEstab", "TcpInSegs", "TcpOutSegs", "TcpOutRsts", "TcpRetransSegs",
        "TcpExtTCPTimeouts",
        "TcpExtTCPOrigDataSent", "TcpExtTCPDelivered",
    }  # fmt: skip
    assert {name: number for name, number in server(trace).counters.items() if name not in usual} == counted
