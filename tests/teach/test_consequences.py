"""Consequence lines: what a value would do, as the engine plays it, and never while a bet is open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.teach.conftest import HANDSHAKE, answered, do
from tutor.profiles import load_profile
from tutor.teach import intents
from tutor.teach.consequences import AFTER_THE_BET, TELLERS, _teller, consequence
from tutor.teach.intents import SetParameter, Weigh
from tutor.teach.parameter_names import OFTEN
from tutor.teach.parameters import find, parameters
from tutor.teach.session import Session, start
from tutor.teach.situations import times
from tutor.teach.stage import scenario_of
from tutor.words import Words
from tutor.world.acts import parse_act
from tutor.world.records import CallReturned, Sent
from tutor.world.time import SECOND

EN, ZH = Words("en"), Words("zh")


def on(profile: str) -> Session:
    """The end of lesson 01 on a profile, its bets out of the way."""
    session = replace(start(HANDSHAKE, scenario_of(HANDSHAKE, profile)), is_exploring=True)
    return do(session, intents.End())


def said(session: Session, id: str, value: str = "", words: Words = EN) -> str:  # noqa: A002
    """The consequence line of a parameter, for a value that it might get."""
    parameter = find(session, id)
    assert parameter is not None, id
    found = consequence(session, parameter, value)
    return found.text(words) if found is not None else ""


def test_the_line_of_syn_retries_is_the_run_that_is_played() -> None:
    """tcp_syn_retries=2 on Linux 6.18: the times of the SYNs and of ETIMEDOUT are those of ``tcp-tutor play``."""
    acts = [(0, parse_act("set client.tcp_syn_retries 2")), (0, parse_act("set link.client.loss 1"))]
    played = start(HANDSHAKE, scenario_of(HANDSHAKE, "linux-6.18", acts)).trace
    syns = [record.at for _, record in played.records() if isinstance(record, Sent) and record.host == "client"]
    end = next(record for _, record in played.records() if isinstance(record, CallReturned))
    line = said(on("linux-6.18"), "client.tcp_syn_retries", "2")
    assert line == f"A call that nobody answers: SYN at {times(syns)}; {end.error} at {end.at // SECOND} s."
    assert line == "A call that nobody answers: SYN at 0, 1, 2, 3, 4, 5 s; ETIMEDOUT at 7 s."


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("profile", "id", "value", "line"),
    [
        ("linux-2.6", "client.tcp_syn_retries", "2", "SYN at 0, 3, 9 s; ETIMEDOUT at 21 s."),
        ("linux-4.19", "client.tcp_syn_retries", "1", "SYN at 0, 1 s; ETIMEDOUT at 3 s."),
        ("rfc9293", "client.initial_rto_us", "3s", "SYN at 0, 3, 9, 21, 45, 93 s; ETIMEDOUT at 180 s."),
        ("linux-6.18", "server.tcp_synack_retries", "1", "SYN,ACK at 0, 1 s; forgotten at 3 s."),
        ("linux-6.18", "client.tcp_retries2", "3", "sent at 0, 0.3, 0.6, 1.2, 2.4 s; ETIMEDOUT at 4.8 s."),
        ("linux-6.18", "client.tcp_keepalive_probes", "2", "probes at 7200, 7275 s; ETIMEDOUT at 7350 s."),
        ("linux-6.18", "client.tcp_fin_timeout", "5", "FIN-WAIT-2 ends after 5 s."),
        ("linux-6.18", "client.time_wait_us", "5s", "TIME-WAIT for 5 s."),
        ("rfc9293", "client.tcp_fin_timeout", "0", "FIN-WAIT-2 for ever."),
        (
            "linux-6.18",
            "server.tcp_abort_on_overflow",
            "1",
            "in the accept queue 3, connected as they believe 5, reset 2.",
        ),
        (
            "linux-6.18",
            "server.tcp_syncookies",
            "0",
            "with a place in the queue 17, with a cookie 0, without an answer 7.",
        ),
        ("linux-6.18", "server.somaxconn", "3", "7 callers at once, and nobody accepts: in the accept queue 4,"),
        ("linux-6.18", "client.tcp_tw_reuse", "0", "let through after 1 min"),
        ("linux-6.18", "client.tcp_tw_reuse", "1", "EADDRNOTAVAIL at first, let through after 1 s."),
        ("linux-6.18", "client.tcp_rfc1337", "1", "A RST is ignored: TIME-WAIT lasts its 1 min."),
        ("linux-6.18", "client.delayed_ack_us", "40ms", "20 ACKs, 3 of them after up to 80 ms."),
        ("rfc9293", "client.delayed_ack_us", "100ms", "of them after up to 100 ms."),
        ("linux-6.18", "client.tcp_timestamps", "0", "Its SYN offers MSS 1460, SACK, WS 10; window 64240."),
        ("linux-6.18", "client.mss", "536", "Its SYN offers MSS 536,"),
        ("linux-6.18", "client.initial_window_segments", "4", "4, 8, 16, 32,"),
        (
            "linux-6.18",
            "server.program.0.0.backlog",
            "1",
            "5 callers at once, and nobody accepts: in the accept queue 2,",
        ),
        ("linux-6.18", "client.nofile", "6", "EMFILE after 6."),
        ("linux-6.18", "link.delay", "100ms", "ESTABLISHED after 200 ms, the listener after 300 ms."),
        ("linux-6.18", "link.server.delay", "150ms", "ESTABLISHED after 200 ms, the listener after 250 ms."),
        ("linux-6.18", "link.client.mtu", "1000", "10 of them lost"),
        ("linux-6.18", "client.profile", "linux-2.6", "SYN at 0, 3, 9, 21, 45, 93 s; ETIMEDOUT at 189 s. Who closes"),
        ("linux-6.18", "client.fd3.TCP_NODELAY", "1", "two segments at once."),
        ("linux-6.18", "client.fd3.TCP_CORK", "1", "both leave as one segment."),
        ("linux-6.18", "client.fd3.SO_LINGER", "0", "RST, no TIME-WAIT."),
        ("linux-6.18", "client.fd3.TCP_USER_TIMEOUT", "3000", "ETIMEDOUT at 3.6 s."),
        ("linux-6.18", "client.fd3.TCP_KEEPIDLE", "5", "probes at 5, 80,"),
        ("linux-6.18", "client.fd3.TCP_LINGER2", "3", "FIN-WAIT-2 ends after 3 s."),
        ("linux-6.18", "client.fd3.TCP_DEFER_ACCEPT", "5", "accept() returns after 7.15 s."),
        ("linux-6.18", "client.fd3.TCP_MAXSEG", "500", "Its SYN offers MSS 500,"),
        ("linux-6.18", "client.tcp_fin_timeout", "0", "FIN-WAIT-2 ends after 1.05 s."),
        ("linux-6.18", "client.tcp_keepalive_probes", "0", "no probe is sent; ETIMEDOUT at 7200 s."),
        ("linux-6.18", "client.fd3.TCP_LINGER2", "-1", "a RST as soon as the FIN is acknowledged."),
        ("linux-6.18", "client.ip_local_reserved_ports", "32768-60990", "Ports to call from: 9. "),
        ("linux-6.18", "client.ip_local_port_range", "40000-40000", "Ports to call from: 1. "),
        ("linux-6.18", "link.loss", "100%", "not one is sent, for the call fails with ETIMEDOUT after 2 min 11 s."),
        ("linux-6.18", "link.delay", "10s", "ESTABLISHED after 20 s, the listener after 30 s."),
        ("linux-6.18", "client.persist_probe_octets", "1", "Octets in a probe: 1."),
    ],
)
def test_a_line_says_what_the_engine_does(profile: str, id: str, value: str, line: str) -> None:  # noqa: A002
    """Each parameter in the situation in which it shows what it is for."""
    assert line in said(on(profile), id, value)


@pytest.mark.parametrize(
    ("name", "line"),
    [("TCP_MAXSEG", "MSS 1460,"), ("SO_RCVBUF", "WS 10; window 64240.")],
)
def test_an_option_that_nobody_has_set_is_not_told_as_set(name: str, line: str) -> None:
    """To read 536 before the connection is not to set 536: the run's SYN offers 1460, and so the line says."""
    session = on("linux-6.18")
    row = find(session, f"client.fd3.{name}")
    assert row is not None
    for value in ("", row.value):
        assert line in said(session, row.id, value)
    changed = do(do(session, intents.End()), SetParameter(f"client.fd3.{name}", "4000", from_start=False))
    assert line not in said(changed, row.id, "")


def test_a_reuse_delay_of_five_seconds_is_five_seconds() -> None:
    """Not the next time that somebody happened to try."""
    session = do(on("linux-6.18"), SetParameter("client.tcp_tw_reuse", "1", from_start=True))
    assert "let through after 5 s." in said(session, "client.tcp_tw_reuse_delay", "5000")
    assert "let through after 100 ms." in said(session, "client.tcp_tw_reuse_delay", "100")


@pytest.mark.sampled(15)
@pytest.mark.parametrize("profile", ["linux-6.18", "linux-4.19", "linux-2.6", "rfc9293"])
def test_every_line_can_be_told_in_both_languages(profile: str) -> None:
    """With the value it has, on every kernel; a line in Chinese has no English sentence left in it."""
    session = on(profile)
    keys = set()
    for each in parameters(session):
        if each.owner == "server" or _teller(each) is None:
            continue
        keys.add(each.name if each.kind == "option" else each.key.removesuffix(">"))
        found = consequence(session, each)
        if found is not None:
            assert found.text(EN).endswith(".")
            assert found.text(ZH).endswith("。")
            assert all(ZH.t(sentence) != sentence for sentence, _ in found.parts)
    assert keys == set(TELLERS) - {"backlog"}


def test_the_rows_used_most_often_all_have_a_line() -> None:
    """Round trip, loss, initial RTO, SYN retries, TIME-WAIT, MSS."""
    session = on("linux-6.18")
    rows = {each.key: each for each in parameters(session)}
    assert all(consequence(session, rows[key]) for key in OFTEN)


def test_no_line_is_computed_while_a_bet_is_open(handshake: Session) -> None:
    """Not even in a situation of its own: its times might be the answer. After the bets there is one."""
    row = find(handshake, "client.tcp_syn_retries")
    assert row is not None
    assert consequence(handshake, row, "2") == AFTER_THE_BET
    session = handshake
    while session.horizon is not None:
        session = answered(do(session, intents.End()))
    assert consequence(session, row, "2") != AFTER_THE_BET


def test_a_value_that_cannot_be_has_no_line() -> None:
    """Out of bounds, no number, no such kernel."""
    session = on("linux-6.18")
    rows = ("client.tcp_rto_min_us", "0"), ("client.tcp_syn_retries", "500"), ("client.fd3.TCP_LINGER2", "-2")
    for id_, value in (*rows, ("link.delay", "10 parsecs"), ("link.loss", "much"), ("client.tcp_rmem", "1 2")):
        assert said(session, id_, value) == ""


def test_weighing_changes_nothing_but_what_is_told() -> None:
    """The slider moves: no fork, no undo; let go, the value is set and nothing is weighed any more."""
    session = on("linux-6.18")
    weighing = do(session, Weigh("client.tcp_syn_retries", "3"))
    assert weighing.weighed == ("client.tcp_syn_retries", "3")
    assert (weighing.timeline, weighing.undo) == (session.timeline, session.undo)
    assert do(weighing, Weigh("client.tcp_syn_retries", "3")) is weighing
    after = do(weighing, SetParameter("client.tcp_syn_retries", "3"))
    assert after.weighed == ("client.tcp_syn_retries", "")


def test_a_line_speaks_of_the_host_whose_parameter_it_is() -> None:
    """The server on 2.6, the client on 6.18: the same setting, two lines."""
    session = do(on("linux-6.18"), SetParameter("server.profile", "linux-2.6"))
    assert "SYN at 0, 3 s" in said(session, "server.tcp_syn_retries", "1")
    assert "SYN at 0, 1, 2 s" in said(session, "client.tcp_syn_retries", "1")
    assert load_profile("linux-2.6").initial_rto_us == 3 * SECOND


def test_many_times_are_written_as_a_few() -> None:
    """The first seven, and the last."""
    assert times([SECOND * each for each in range(9)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8 s"
    assert times([SECOND * each for each in range(20)]) == "0, 1, 2, 3, 4, 5, 6, …, 19 s"
