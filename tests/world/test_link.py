"""The link: what a cable does to what is sent over it, and when."""

from __future__ import annotations

import pytest

from tests.world.stage import all_of, lost, run
from tutor.tcp.segment import ACK, Payload, Segment
from tutor.world.link import DUPLICATE_AFTER, Link, Way, judge, parameter_text, read_parameter, size
from tutor.world.records import Arrived, IcmpArrived, Sent
from tutor.world.time import MS, SECOND

SCENE = """
    host client 10.0.0.1 rfc9293
      connect server:80
      write {octets}
    host server 10.0.0.2 rfc9293
      listen 80
      accept
      read 1000000
      repeat 3
    link client server {link}
    seed 3
    until 30s
"""


def octets(count: int) -> Segment:
    """A segment with ``count`` octets of text."""
    return Segment(0, 0, ACK, 0, payload=Payload("s", 0, count) if count else None)


def arrival(way: Way, segment: Segment, now: int = 0, ordinal: int = 0) -> tuple[Way, int]:
    """(the way afterwards, when the first copy arrives)."""
    way, verdict = judge(way, segment, now=now, seed=1, key=("c", "client", ordinal))
    return way, verdict.copies[0]


def test_without_a_bandwidth_only_the_delay_counts() -> None:
    """Two segments sent together arrive together."""
    way, first = arrival(Way(delay=50 * MS), octets(1000))
    _, second = arrival(way, octets(1000))
    assert (first, second) == (50 * MS, 50 * MS)


def test_a_slow_link_sends_one_segment_after_the_other() -> None:
    """1,000 octets and 40 of headers are 8,320 bits: 8.32 ms at 1 Mbit/s, and the second one waits for the first."""
    way = Way(delay=50 * MS, bandwidth=1_000_000)
    way, first = arrival(way, octets(1000))
    way, second = arrival(way, octets(1000))
    assert (first, second) == (58_320, 66_640)
    _, later = arrival(way, octets(0), now=SECOND)
    assert later == SECOND + 320 + 50 * MS, "the queue is empty by then: 40 octets take 0.32 ms"


def test_jitter_delays_and_keeps_the_order() -> None:
    """Each packet takes up to 20 ms longer, and none overtakes another."""
    way, arrivals = Way(delay=50 * MS, jitter=20 * MS), []
    for number in range(200):
        way, at = arrival(way, octets(0), now=number * MS, ordinal=number)
        arrivals.append(at)
    assert arrivals == sorted(arrivals)
    assert all(number * MS + 50 * MS <= at for number, at in enumerate(arrivals))
    assert len({at - number * MS for number, at in enumerate(arrivals)}) > 50


def test_reordering_holds_one_packet_back_and_lets_others_pass() -> None:
    """One packet in five arrives after those sent behind it."""
    way, arrivals = Way(delay=50 * MS, reordering=0.2), []
    for number in range(200):
        way, at = arrival(way, octets(0), now=number * MS, ordinal=number)
        arrivals.append(at)
    late = sum(at > number * MS + 50 * MS for number, at in enumerate(arrivals))
    assert arrivals != sorted(arrivals)
    assert 20 < late < 60


@pytest.mark.parametrize("fate", ["lost", "corrupted", "duplicated"])
def test_each_fate_has_its_own_chance(fate: str) -> None:
    """A tenth of 2,000 packets, give or take four standard deviations (54)."""
    parameter = {"lost": "loss", "corrupted": "corruption", "duplicated": "duplication"}[fate]
    way = Way(**{parameter: 0.1})  # type: ignore[arg-type]
    verdicts = [judge(way, octets(0), now=0, seed=1, key=("c", "client", n))[1] for n in range(2000)]
    struck = [verdict for verdict in verdicts if verdict.fate == fate]
    assert 146 < len(struck) < 254
    assert {verdict.fate for verdict in verdicts} == {fate, "delivered"}


def test_what_is_lost_dies_half_way_and_a_duplicate_comes_later() -> None:
    """So that a picture can show where it died."""
    _, verdict = judge(Way(delay=50 * MS, loss=1.0), octets(0), now=0, seed=1, key=("c",))
    assert (verdict.fate, verdict.copies, verdict.dies_at) == ("lost", (), 25 * MS)
    _, verdict = judge(Way(delay=50 * MS, duplication=1.0), octets(0), now=0, seed=1, key=("c",))
    assert verdict.copies == (50 * MS, 50 * MS + DUPLICATE_AFTER)


def test_headers_and_options_count_for_the_mtu() -> None:
    """1,460 octets fit into 1,500; with 12 octets of timestamps they do not."""
    assert size(octets(1460)) == 1500
    _, verdict = judge(Way(mtu=1500), octets(1461), now=0, seed=1, key=("c",))
    assert (verdict.fate, verdict.why) == ("lost", "mtu")


def test_a_router_that_speaks_tells_the_sender_what_fits() -> None:
    """The ICMP is back after one delay (half way there, half way back); a silent router sends none."""
    speaking = run(SCENE.format(octets=1460, link="delay=50ms mtu=1000"))
    assert [(record.at, record.mtu) for record in all_of(speaking, IcmpArrived)] == [(150 * MS, 1000)]
    silent = run(SCENE.format(octets=1460, link="delay=50ms mtu=1000 icmp=no"))
    assert all_of(silent, IcmpArrived) == []
    assert len(lost(silent)) > len(lost(speaking)) == 1


def test_a_direction_may_have_parameters_of_its_own() -> None:
    """``client.loss``: everything the client sends is lost, nothing the server sends."""
    trace = run(SCENE.format(octets=10, link="delay=50ms client.loss=1"))
    assert {record.flight.fate for record in all_of(trace, Sent, "client")} == {"lost"}
    assert all_of(trace, Arrived) == []


def test_all_data_arrive_over_a_bad_link() -> None:
    """Loss, duplication, corruption and reordering at once; TCP delivers 20,000 octets all the same."""
    bad = "delay=10ms loss=0.05 duplication=0.05 corruption=0.05 reordering=0.05 jitter=5ms"
    trace = run(SCENE.format(octets=20000, link=bad))
    server = trace.world_at(trace.end).host("server")
    assert [each.tcb.inc.delivered for each in server.all_sockets() if each.kind == "connection"] == [20000]
    assert {"lost", "corrupted", "duplicated"} <= {record.flight.fate for record in all_of(trace, Sent)}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("delay", "20ms", 20 * MS),
        ("bandwidth", "10mbit", 10_000_000),
        ("bandwidth", "64kbit/s", 64_000),
        ("bandwidth", "unlimited", 0),
        ("loss", "1%", 0.01),
        ("loss", "0.5", 0.5),
        ("mtu", "576", 576),
        ("icmp", "no", False),
    ],
)
def test_parameters_are_read_with_their_units(name: str, text: str, value: float) -> None:
    """And written so that they can be read again."""
    assert read_parameter(name, text) == value
    assert read_parameter(name, parameter_text(name, value)) == value


@pytest.mark.parametrize(
    ("name", "text", "allowed"),
    [
        ("loss", "2", "a chance from 0 to 1"),
        ("mtu", "20", "68 to 65535"),
        ("bandwidth", "fast", "a rate as 10mbit"),
        ("icmp", "maybe", "yes or no"),
        ("colour", "red", "delay, bandwidth"),
    ],
)
def test_what_a_link_cannot_have_says_what_it_can(name: str, text: str, allowed: str) -> None:
    """The message names the allowed values."""
    with pytest.raises(ValueError, match=allowed):
        Link("link", "a", "b").with_parameter(name, text)
