"""The promise of keyed chance: a packet that exists in two futures has the same fate in both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hypothesis import given, settings, strategies as st

from tests.world.stage import all_of, run, timeline
from tutor.world.acts import parse_act
from tutor.world.records import Sent
from tutor.world.trace import Trace

BAD_LINK = """
    host client 10.0.0.1 rfc9293
      connect server:80
      write 8000
      when received 4000 close
    host server 10.0.0.2 rfc9293
      listen 80
      accept
      write 4000
      when peer-closed close
    link client server delay=20ms loss=0.15 duplication=0.1 corruption=0.05
    seed {seed}
    until 5min
"""

Key = tuple[str, str, int, int | None, int, int, int]


def fates(trace: Trace) -> Iterator[tuple[Key, str]]:
    """(packet, fate); a packet is known by connection, sender, numbers, flags, length and ordinal among equals."""
    seen: Counter[tuple[object, ...]] = Counter()
    for record in all_of(trace, Sent):
        assert isinstance(record, Sent)
        flight = record.flight
        key = (
            flight.connection, flight.sender, flight.rel_seq, flight.rel_ack, flight.segment.flags,
            flight.segment.length,
        )  # fmt: skip
        seen[key] += 1
        yield (*key, seen[key]), flight.fate if flight.why != "hand" else "by hand"


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), place=st.floats(0, 1))
def test_dropping_one_packet_leaves_the_fate_of_all_others(seed: int, place: float) -> None:
    """Fork anywhere by dropping whatever the client sends next: packets known to both futures fared alike."""
    line = timeline(BAD_LINK.format(seed=seed))
    trace = line.branch(0).trace
    at = trace.computed[0].at + int(place * trace.end)
    other = line.fork(0, at, parse_act("drop client:any"))
    theirs = dict(fates(other.branch(other.current).trace))
    mine = dict(fates(trace))
    shared = [key for key in mine.keys() & theirs.keys() if theirs[key] != "by hand"]
    assert [mine[key] for key in shared] == [theirs[key] for key in shared]


def test_enough_packets_are_known_to_both_futures_for_the_promise_to_mean_something() -> None:
    """Most of what is sent after the fork is sent in both; with a running generator most of it would fare otherwise."""
    line = timeline(BAD_LINK.format(seed=3))
    trace = line.branch(0).trace
    other = line.fork(0, 30_000, parse_act("drop client:any"))
    mine, theirs = dict(fates(trace)), dict(fates(other.branch(1).trace))
    struck = [key for key in mine.keys() & theirs.keys() if mine[key] != "delivered"]
    assert len(mine.keys() & theirs.keys()) > 15
    assert len(struck) >= 3


def test_another_seed_is_another_run() -> None:
    """And the same seed is the same run, record for record."""
    runs = [[record for _, record in run(BAD_LINK.format(seed=seed)).records()] for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


def test_an_initial_number_does_not_change_a_fate() -> None:
    """Keys count from the initial numbers: choosing other ones changes nothing else."""
    plain = run(BAD_LINK.format(seed=5))
    fixed = run(BAD_LINK.format(seed=5).replace("10.0.0.1 rfc9293", "10.0.0.1 rfc9293 isn=4294967000"))
    assert list(fates(plain)) == list(fates(fixed))
