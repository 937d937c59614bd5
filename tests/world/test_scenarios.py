"""Scenarios: everything a run starts from, and its text."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tests.world.stage import CALL_AND_CLOSE, PROFILES, run, scene
from tutor.world.acts import LineError
from tutor.world.beginning import begin
from tutor.world.transcript import parse_scenario, scenario_lines

PROGRAMS = ["  connect right:80", "  connect right:80\n  when acked after 20ms close", "  listen 80\n  and\n  wait 1s"]
NAMES = st.sampled_from(["left", "right"])
TEXTS = st.builds(
    "\n".join,
    st.tuples(
        st.builds(
            "host left 10.0.0.1 {}{}{}".format,
            st.sampled_from(sorted(PROFILES)),
            st.sampled_from(["", " isn=7"]),
            st.sampled_from(["", " port=50000", " tcp_syn_retries=2 somaxconn=9"]),
        ),
        st.sampled_from(
            [
                "  connect right:80",
                "  connect right:80\n  when connected after 20ms write 5",
                "  listen 80\n  and\n  wait 1s",
            ]
        ),
        st.just("host right 10.0.0.2 rfc9293"),
        st.builds("link left right delay={}ms{}".format, st.integers(0, 999), st.sampled_from(["", " left.loss=0.5"])),
        st.builds("seed {}\nuntil {}s".format, st.integers(0, 10**9), st.integers(1, 999)),
        st.builds("at {}ms drop {}:SYN".format, st.integers(0, 999), NAMES),
    ),
)


@given(TEXTS)
def test_a_scenario_survives_being_written_down(text: str) -> None:
    """A saved run embeds this text and never depends on an installed lesson."""
    scenario = parse_scenario(text, PROFILES)
    assert parse_scenario("\n".join(scenario_lines(scenario)), PROFILES) == scenario


@pytest.mark.parametrize(
    ("line", "column", "found"),
    [
        ("hots client 10.0.0.1 rfc9293", 1, "hots"),
        ("host client 10.0.0.1 rfc793", 22, "rfc793"),
        ("host client", 12, "the end of the line"),
        ("  connect server:80", 1, "connect server:80"),
        ("at 1s dorp client:SYN", 7, "dorp"),
        ("until tomorrow", 1, "until tomorrow"),
    ],
)
def test_a_line_that_cannot_be_read_is_pointed_at(line: str, column: int, found: str) -> None:
    """With its number in the file as a note."""
    with pytest.raises(LineError) as caught:
        parse_scenario(f"# a comment\n{line}", PROFILES)
    assert (caught.value.column, caught.value.found) == (column, found)
    assert caught.value.__notes__ == ["in line 2"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("host server 10.0.0.2", "host client 10.0.0.2"), "two hosts have the same name"),
        (("10.0.0.2", "10.0.0.1"), "two hosts have the same address"),
        (("link client server", "link client moon"), "ends at 'moon'"),
        (("delay=50ms", "moon.delay=50ms"), "does not reach 'moon'"),
        (("delay=50ms", "colour=red"), "a link has no 'colour'"),
        (("isn=1000", "tcp_syn_retires=2"), "did you mean tcp_syn_retries"),
    ],
)
def test_a_world_that_cannot_be_is_refused_before_it_begins(change: tuple[str, str], message: str) -> None:
    """The author learns which name is wrong."""
    with pytest.raises(ValueError, match=message):
        begin(scene(CALL_AND_CLOSE.replace(*change)))


def test_acts_at_time_zero_come_before_programs() -> None:
    """``--drop client:SYN`` must be armed before the first SYN leaves; a listener must listen before a call."""
    trace = run(CALL_AND_CLOSE.replace("delay=50ms", "delay=0"), "at 0 drop client:SYN")
    hosts = [record.host for _, record in trace.records(0, 4)]
    assert hosts[0] == "client", "the armed act"
    assert hosts.index("server") < hosts.index("client", 1)
    assert trace.flight(1).fate == "dropped"  # type: ignore[union-attr]


def test_three_hosts_and_two_links() -> None:
    """Any number: one server, two clients at different distances."""
    trace = run("""
        host near 10.0.0.1 rfc9293
          connect server:80
        host far 10.0.0.2 rfc9293
          connect server:80
        host server 10.0.0.3 rfc9293
          listen 80
        link near server name=lan delay=1ms
        link far server name=sea delay=100ms
        until 1s
    """)
    server = trace.world_at(trace.end).host("server")
    assert [socket.id for socket in server.all_sockets()] == [
        "server:80",
        "near:40000>server:80",
        "far:40000>server:80",
    ]
    assert [link.name for link in trace.world_at(0).links] == ["lan", "sea"]
    assert trace.end == 300_000, "three one-way trips of 100 ms"


def test_a_host_without_a_link_is_out_of_reach() -> None:
    """What is sent there is lost on the spot."""
    trace = run("""
        host alone 10.0.0.1 rfc9293
          connect other:80
        host other 10.0.0.2 rfc9293
          listen 80
        until 1s
    """)
    flight = trace.flight(1)
    assert flight is not None
    assert (flight.fate, flight.why, flight.dies_at) == ("lost", "no-route", 0)
