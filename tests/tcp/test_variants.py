"""Deliberately broken protocols: each departs from TCP in what it says, and in nothing else."""

from __future__ import annotations

import pytest

from tests.world.stage import all_of, path, scene, sent
from tutor.profiles import load_profile, profile_names
from tutor.tcp.profile import RULES, with_variant
from tutor.tcp.states import State
from tutor.tcp.transitions import EDGES
from tutor.tcp.values import replace
from tutor.tcp.variant import ROWS, TCP, VARIANTS, rows, variant_named
from tutor.world.lines import LineError
from tutor.world.records import Called, CallReturned, Sent, StateChanged, TimerStarted
from tutor.world.trace import Trace
from tutor.world.transcript import scenario_lines

CALL = """
    host client 10.0.0.1 rfc9293 isn=1000 port=40000
      at 0s connect server:80
      write 100
      after 1s close
    host server 10.0.0.2 rfc9293 isn=5000
      at 0s listen 80
      accept
      read
      when peer-closed after 0.5s close
    link client server delay=50ms
    until 10min
"""


def told(variant: str, *more: str, text: str = CALL) -> Trace:
    """The run of ``text`` under a variant."""
    return Trace.of(replace(scene("\n".join((text, *(f"    {line}" for line in more)))), variant=variant))


# --- what every variant keeps to ---


def test_tcp_is_the_variant_that_departs_in_nothing() -> None:
    """Every profile is TCP unless it says otherwise, and putting a variant on and off again leaves no trace."""
    for name in profile_names():
        profile = load_profile(name)
        assert profile.variant is TCP
        broken = profile
        for variant in VARIANTS.values():
            broken = with_variant(broken, variant)
            assert broken.variant is variant
        real = with_variant(broken, TCP)
        assert [getattr(real, rule.name) for rule in RULES] == [getattr(profile, rule.name) for rule in RULES]


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_names_edges_and_fields_that_exist(name: str) -> None:
    """What it redirects exists in TCP, what it puts there starts where the other did, and has a row of its own."""
    variant = VARIANTS[name]
    assert variant.id == name and variant.title and variant.departs
    for old, new in variant.instead.items():
        assert EDGES[old].source is new.source and ROWS[new.id] is new
    assert variant.without <= set(EDGES)
    profile = load_profile("rfc9293")
    known = {rule.name: rule.metadata.get("allowed") for rule in RULES}
    for field, value in variant.rules:
        assert type(getattr(profile, field)) is type(value)
        assert known[field] is None or value in known[field]
    assert {edge.id for edge in rows(variant, "rfc9293")} <= set(ROWS)


def test_a_name_that_is_no_variant_is_refused_with_what_there_is() -> None:
    """Whoever mistypes learns the names."""
    assert variant_named("none") is variant_named("") is TCP
    with pytest.raises(ValueError, match="two-way-rfc793"):
        variant_named("three-way")


# --- two-way handshake ---


TWO_WAY = ("two-way", "two-way-rfc793", "two-way-rfc5961", "two-way-syn-data")


@pytest.mark.parametrize("name", TWO_WAY)
def test_a_two_way_server_is_established_on_the_syn(name: str) -> None:
    """Two segments open the connection; no timer repeats the second, and nobody sends a third."""
    trace = told(name)
    assert path(trace, "server")[:2] == ["LISTEN", "ESTABLISHED"]
    assert path(trace, "client")[:3] == ["CLOSED", "SYN-SENT", "ESTABLISHED"]
    assert [segment.split()[0] for segment in sent(trace, "client")[:2]] == ["SYN", "PSH,ACK"]
    assert not [r for r in all_of(trace, TimerStarted, "server") if r.at <= 50_000]
    assert path(trace, "server")[-1] == path(trace, "client")[-1] == "CLOSED"


@pytest.mark.parametrize("name", TWO_WAY)
def test_a_lost_syn_ack_leaves_a_two_way_server_alone_until_the_syn_comes_again(name: str) -> None:
    """The server repeats nothing of its own accord; the caller's repeated SYN is answered, and it opens."""
    trace = told(name, "at 0s drop server:SYN,ACK")
    answers = [r.at for r in all_of(trace, Sent, "server") if r.flight.segment.syn]
    assert answers == [50_000, 1_050_000]
    opened = [r.at for r in all_of(trace, StateChanged) if r.target is State.ESTABLISHED]
    assert opened == [50_000, 1_100_000]
    assert path(trace, "server")[-1] == path(trace, "client")[-1] == "CLOSED"


def test_a_scenario_names_its_variant() -> None:
    """The text of a scenario says that it is not TCP, and what it says is read back."""
    told_of = scene(CALL + "    variant two-way\n")
    assert told_of.variant == "two-way"
    assert "variant two-way" in list(scenario_lines(told_of))
    with pytest.raises(LineError, match="two-way-rfc793"):
        scene(CALL + "    variant three-way\n")


# --- numbers that repeat ---


TWICE = """
    host client 10.0.0.1 rfc9293
      connect server:80
      close
      connect server:80
      close
    host server 10.0.0.2 rfc9293
      listen 80
      accept
      close
      accept
    link client server delay=10ms
    until 10s
"""


@pytest.mark.parametrize(
    ("name", "repeats"),
    [("none", set()), ("fixed-isn", {"client", "server"}), ("fixed-isn-client", {"client"}),
     ("fixed-isn-server", {"server"})],
)  # fmt: skip
def test_only_the_side_that_is_named_repeats_its_number(name: str, repeats: set[str]) -> None:
    """Two calls one after the other: a fixed number is the same both times, any other is not."""
    trace = told("" if name == "none" else name, text=TWICE)
    for host in ("client", "server"):
        numbers = {r.flight.segment.seq for r in all_of(trace, Sent, host) if r.flight.segment.syn}
        assert (len(numbers) == 1) is (host in repeats), host


# --- changing it while it runs ---


def test_a_hand_may_break_the_protocol_in_the_middle_of_a_run() -> None:
    """From then on all hosts speak it, and settings made before hold on."""
    trace = told("", "at 0.5s variant no-time-wait")
    assert path(trace, "client")[-2:] == ["FIN-WAIT-2", "CLOSED"]
    assert trace.world_at(trace.end).variant.id == "no-time-wait"
    back = told("no-time-wait", "at 0.5s variant none")
    assert path(back, "client")[-2:] == ["TIME-WAIT", "CLOSED"]


def test_a_variant_outlives_another_profile_and_a_setting() -> None:
    """Who changes the rules of a host does not mend the protocol by the way."""
    trace = told("time-wait-1msl", "at 0.2s profile client linux-6.18", "at 0.3s set client.tcp_fin_timeout 10")
    host = trace.world_at(trace.end).host("client")
    assert host.profile.name == "linux-6.18"
    assert host.profile.variant.id == "time-wait-1msl" and host.profile.time_wait_us == 30_000_000


@pytest.mark.parametrize("profile", ["rfc9293", "rfc9293-note3", "linux-6.18", "linux-2.6"])
@pytest.mark.parametrize("name", VARIANTS)
def test_an_undisturbed_call_succeeds_in_every_variant(name: str, profile: str) -> None:
    """A broken protocol that did not work on a quiet day would teach nothing."""
    text = CALL.replace("rfc9293", profile)
    trace = told(name, text=text)
    edges = {r.edge for r in all_of(trace, StateChanged)}
    assert edges <= {edge.id for edge in rows(VARIANTS[name], load_profile(profile).rule_set)}
    reads = [r for r in all_of(trace, CallReturned, "server") + all_of(trace, Called, "server") if r.call == "read"]
    assert [r.result for r in reads if r.result] == [100]
    assert path(trace, "client")[-1] == path(trace, "server")[-1] == "CLOSED"


# --- what is departed from has no way round ---

AGAIN = """
    host client 10.0.0.1 rfc9293
      at 0s connect server:80 from 40000
      at 3s connect server:80 from 40000
    host server 10.0.0.2 rfc9293
      at 0s listen 80
      accept
      at 1s close
      and
      at 2s accept
    link client server delay=10ms
    until 10s
    at 1.5s client close
"""
"""The server closes first and waits in TIME-WAIT; the caller calls again from the same port."""

REOPENS = {
    "": "time-wait/rcv-syn", "fixed-isn-client": None, "fixed-isn-server": "time-wait/rcv-syn-fixed",
    "four-segment-handshake": "time-wait/rcv-syn-apart", "two-way": "time-wait/rcv-syn-opens",
}  # fmt: skip
"""Variant -> the edge by which a new call ends TIME-WAIT; None: the repeated number is not newer."""


@pytest.mark.parametrize("variant", REOPENS)
def test_a_call_into_time_wait_is_answered_as_the_variant_answers(variant: str) -> None:
    """Whoever crosses the edge that TCP has there would say that nothing was departed from."""
    crossed = [each.edge for each in all_of(told(variant, text=AGAIN), StateChanged) if each.host == "server"]
    assert [edge for edge in crossed if edge.startswith("time-wait/rcv-syn")] == (
        [REOPENS[variant]] if REOPENS[variant] else []
    )


@pytest.mark.parametrize("variant", [name for name in VARIANTS if VARIANTS[name].keeps_an_entry])
def test_no_cookie_answers_in_the_place_of_a_variant(variant: str) -> None:
    """With cookies for every SYN the run is the same: a cookie would check the number, and choose it."""
    text = CALL.replace("10.0.0.2 rfc9293", "10.0.0.2 linux-6.18 tcp_syncookies={}")
    with_cookies, without = (told(variant, text=text.format(cookies)) for cookies in (2, 0))
    assert path(with_cookies, "server") == path(without, "server")
    assert [each.flight.segment for each in all_of(with_cookies, Sent)] == [
        each.flight.segment for each in all_of(without, Sent)
    ]


def test_cookies_are_as_ever_where_the_answer_to_a_syn_is_tcps() -> None:
    """Without TIME-WAIT, say: the server remembers nothing of the SYN."""
    text = CALL.replace("10.0.0.2 rfc9293", "10.0.0.2 linux-6.18 tcp_syncookies=2")
    assert "SYN-RECEIVED" not in " ".join(map(str, path(told("no-time-wait", text=text), "server")))


@pytest.mark.parametrize("variant", ["fixed-isn", "fixed-isn-client"])
def test_a_listener_that_calls_says_that_its_number_repeats(variant: str) -> None:
    """By RFC 9293 a listener may turn active: that edge has its words, too."""
    text = """
    host client 10.0.0.1 rfc9293
      at 0s listen 40000
    host server 10.0.0.2 rfc9293
      at 0s listen 80
    link client server delay=10ms
    until 1s
    at 100ms client connect server:80 on=client:40000
"""
    crossed = [each.edge for each in all_of(told(variant, text=text), StateChanged) if each.host == "client"]
    assert "listen/active-open-fixed" in crossed
