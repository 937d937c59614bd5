"""Laws of the whole: what is written is read, every run comes to rest, and equal beginnings have equal futures."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from tutor.profiles import load_profile
from tutor.tcp.states import State
from tutor.world.acts import parse_act
from tutor.world.beginning import begin
from tutor.world.digest import digest
from tutor.world.program import parse_program
from tutor.world.records import Called, CallReturned, Sent, StateChanged
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.trace import Trace

UNTIL = 3_600_000_000
few = settings(max_examples=20)
many = settings(max_examples=400)
most = settings(max_examples=2000)

PERCENT = st.integers(0, 25).map(lambda number: f"{number}%")
LINKS = st.fixed_dictionaries(
    {
        "delay": st.sampled_from(["1ms", "20ms", "100ms"]),
        "loss": PERCENT,
        "duplication": PERCENT,
        "reordering": PERCENT,
        "corruption": st.integers(0, 10).map(lambda number: f"{number}%"),
        "jitter": st.sampled_from(["0", "5ms", "30ms"]),
    }
)
PROFILES = st.sampled_from(["rfc9293", "linux-6.18"])
SEEDS = st.integers(1, 2**31)


def scenario(
    link: dict[str, str], profile: str, seed: int, octets: int = 5000, isns: tuple[int, int] | None = None
) -> Scenario:
    """A client that sends ``octets`` and closes, a server that reads to the end, answers with 700 octets and closes."""
    rules = load_profile(profile)
    server = ["listen 80", "accept", f"when received {octets} read", "when peer-closed write 700", "close"]
    client = [
        "connect server:80",
        f"write {octets}",
        "shutdown write",
        "when received 700 read",
        "when peer-closed close",
    ]
    first, second = isns or (None, None)
    hosts = (
        HostSpec("client", "10.0.0.1", rules, programs=(parse_program(client),), isn=first),
        HostSpec("server", "10.0.0.2", rules, programs=(parse_program(server),), isn=second),
    )
    return Scenario(hosts, (LinkSpec("client", "server", parameters=tuple(link.items())),), seed=seed, until=UNTIL)


def run(scenario: Scenario) -> Trace:
    """The whole run."""
    trace = Trace(begin(scenario), scenario.until)
    trace.extend()
    return trace


def read_by(trace: Trace, host: str) -> int:
    """Octets that the program of ``host`` has read."""
    calls = (record for _, record in trace.records() if isinstance(record, Called | CallReturned))
    return sum(
        record.result
        for record in calls
        if (record.host, record.call) == (host, "read") and isinstance(record.result, int)
    )


def gave_up(trace: Trace) -> bool:
    """Did an end give up or get reset: the link was too bad for the patience of the rules?"""
    ends = ("timeout", "rcv-rst", "rcv-rst-active")
    changes = (record for _, record in trace.records() if isinstance(record, StateChanged))
    return any(record.edge.rpartition("/")[2] in ends and record.source is not State.TIME_WAIT for record in changes)


def seen(trace: Trace) -> list[tuple[object, ...]]:
    """Everything that happened, with numbers counted from the initial ones."""
    return [
        (
            record.at,
            record.host,
            record.flight.segment.flags,
            record.flight.rel_seq,
            record.flight.rel_ack,
            record.flight.fate,
        )
        for _, record in trace.records()
        if isinstance(record, Sent)
    ]


def check_delivery(link: dict[str, str], profile: str, seed: int) -> None:
    """Every octet is read, once, unless an end has given up."""
    trace = run(scenario(link, profile, seed))
    assert read_by(trace, "server") <= 5000
    assert read_by(trace, "client") <= 700
    if not gave_up(trace):
        assert (read_by(trace, "server"), read_by(trace, "client")) == (5000, 700)


def check_rest(link: dict[str, str], profile: str, seed: int) -> None:
    """Nothing is under way and nobody is connected at the end; if one end gave up, the other may not know."""
    trace = run(scenario(link, profile, seed))
    last = trace.world_at(trace.end)
    assert not trace.is_cut_short
    assert not last.flights
    states = {str(socket.state) for host in last.hosts for socket in host.all_sockets()}
    unaware = {"ESTABLISHED", "FIN-WAIT-2", "CLOSE-WAIT"} if gave_up(trace) else set()
    assert states <= {"LISTEN", "CLOSED"} | unaware, states


@few
@given(link=LINKS, profile=PROFILES, seed=SEEDS)
def test_what_is_written_is_read_whatever_the_wire_does(link: dict[str, str], profile: str, seed: int) -> None:
    """Loss, duplicates, reordering and corruption: every octet arrives, once, unless an end has given up."""
    check_delivery(link, profile, seed)


@few
@given(link=LINKS, profile=PROFILES, seed=SEEDS)
def test_every_run_comes_to_rest_with_nobody_connected(link: dict[str, str], profile: str, seed: int) -> None:
    """No storm of ACKs, no timer that runs for ever: at the end only the listener is left."""
    check_rest(link, profile, seed)


@pytest.mark.ci
@many
@given(link=LINKS, profile=PROFILES, seed=SEEDS)
def test_many_runs_deliver_and_come_to_rest(link: dict[str, str], profile: str, seed: int) -> None:
    """The same two laws, on twenty times as many wires."""
    check_delivery(link, profile, seed)
    check_rest(link, profile, seed)


@pytest.mark.long
@most
@given(link=LINKS, profile=PROFILES, seed=SEEDS)
def test_thousands_of_runs_deliver_and_come_to_rest(link: dict[str, str], profile: str, seed: int) -> None:
    """The same two laws, on a hundred times as many wires."""
    check_delivery(link, profile, seed)
    check_rest(link, profile, seed)


@few
@given(link=LINKS, seed=SEEDS)
def test_the_same_beginning_has_the_same_future(link: dict[str, str], seed: int) -> None:
    """Two runs of one scenario agree in every segment, and in the digest of the last world."""
    first, second = (run(scenario(link, "linux-6.18", seed)) for _ in range(2))
    assert seen(first) == seen(second)
    assert digest(first.world_at(first.end)) == digest(second.world_at(second.end))


@few
@given(link=LINKS, profile=PROFILES, seed=SEEDS, before=st.integers(1, 4000))
def test_wrapping_around_the_sequence_space_changes_nothing(
    link: dict[str, str], profile: str, seed: int, before: int
) -> None:
    """A connection that crosses 2^32 looks, counted from its initial number, like one that does not."""
    plain = run(scenario(link, profile, seed, isns=(1000, 2000)))
    wrapped = run(scenario(link, profile, seed, isns=(2**32 - before, 2**32 - before // 2)))
    assert seen(plain) == seen(wrapped)


@few
@given(link=LINKS, seed=SEEDS, share=st.floats(0, 1))
def test_a_fork_that_does_nothing_has_the_same_future_and_leaves_the_old_one_alone(
    link: dict[str, str], seed: int, share: float
) -> None:
    """The act ``wait`` is done at any moment: what follows is what would have followed."""
    plain = run(scenario(link, "rfc9293", seed))
    before = seen(plain)
    index = int(share * (len(plain.steps) - 1))
    other = plain.fork(index, plain.steps[index].at, parse_act("wait 1ms"))
    other.extend()
    assert seen(other) == before
    assert seen(plain) == before
