"""The law of the open bet: what has not happened yet leaves no trace in any picture.

Two runs are equal up to the playhead and differ after it. Whoever sees a picture of one cannot tell it from the other.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.sampling import some
from tests.view.scenes import CALL_AND_CLOSE, look, tempo, texts, trace
from tutor.view.aspect import Aspect
from tutor.view.diagram import Rest, diagram
from tutor.view.fields import newest, specimen
from tutor.view.header import header
from tutor.view.hosts.ends import ends_picture
from tutor.view.hosts.moment import moment_of
from tutor.view.hosts.programs import programs_picture
from tutor.view.hosts.shelves import shelves_picture
from tutor.view.hosts.tables import tables_picture
from tutor.view.hosts.variables import variables_picture
from tutor.view.ladder import ladder
from tutor.view.lens import Lens
from tutor.view.marks import Picture
from tutor.view.panels import variables
from tutor.view.roll import roll
from tutor.view.scrubber import scrubber
from tutor.view.theme import Look
from tutor.world.trace import Trace

SIZE = (700.0, 760.0)

EVERYTHING = Aspect("linux", has_transients=True, has_paths=True)


def shown(run: Trace, time: int, look: Look) -> dict[str, object]:
    """Everything that is on the screen at ``time`` while a bet is open."""
    pace, number = tempo(run, time), newest(run, time)
    moment = moment_of(run, time, horizon=time)
    beats = tuple((moment, "ahead") for moment in (0, time // 2, run.end, run.end // 2))
    return {
        "diagram": diagram(run, time, SIZE, look, horizon=time, tempo=pace, rest=Rest(time, 0.0)),
        "ladder": ladder(run, time, SIZE, look, tempo=pace, horizon=time),
        "scrubber": scrubber(run, time, (900.0, 60.0), look, tempo=pace, horizon=time, beats=beats[:2]),
        "across": ladder(run, time, SIZE, look, tempo=pace, horizon=time, lens=Lens(is_across=True)),
        "variables": variables(run, time, look, horizon=time),
        "header": header(specimen(run, number, time, time) if number is not None else None, SIZE, look),
        "ends": ends_picture(moment, SIZE, look),
        "all variables": variables_picture(moment, SIZE, look),
        "queues": shelves_picture(moment, SIZE, look),
        "sockets": tables_picture(moment, SIZE, look),
        "programs": programs_picture(moment, SIZE, look),
        "states": roll(run, time, look.words, horizon=time),
        "diagram of Linux": diagram(run, time, SIZE, look, horizon=time, aspect=EVERYTHING),
    }


def moments(run: Trace) -> list[int]:
    """Every moment at which something happens, and one between each two."""
    times = sorted({step.at for step in run.steps})
    return sorted({*times, *((a + b) // 2 for a, b in pairwise(times))})


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    "act",
    some(["crash server", "set link.delay 5ms", "cut link", "client write 9000", "set link.loss 1", "client abort"], 3),
)
def test_what_a_hand_does_next_cannot_be_seen_before(act: str) -> None:
    """At every moment of a whole connection: the run left alone, and the run in which something breaks 1 µs later."""
    plain = trace()
    for time in moments(plain):
        other = trace(CALL_AND_CLOSE, (time + 1, act))
        mine, theirs = shown(plain, time, look()), shown(other, time, look())
        assert mine == theirs, f"at {time} µs the {[key for key in mine if mine[key] != theirs[key]]} tell of {act!r}"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "fate",
    some([
        "drop client:SYN", "drop server:SYN,ACK", "drop client:data", "delay client:SYN:1 2",
        "drop server:FIN,ACK", "corrupt client:data", "duplicate client:data 0.3", "delay client:data:1 0.003",
        "drop client:FIN,ACK", "duplicate server:SYN,ACK 0.01",
    ], 3),
)  # fmt: skip
def test_a_segment_in_flight_does_not_say_how_it_will_end(fate: str) -> None:
    """Its fate is drawn when it is sent, but as long as both runs tell the same story they look the same."""
    plain, other = trace(), trace(CALL_AND_CLOSE, (0, fate))
    mine = [record for _, record in plain.records() if record.at > 0]
    theirs = [record for _, record in other.records() if record.at > 0]
    parting = next(
        min(a.at, b.at) for a, b in zip(mine, theirs, strict=False) if _seen(a) != _seen(b)
    )  # the first moment at which they differ in what anybody can see
    compared = 0
    for time in [moment for moment in moments(plain) if moment < parting]:
        assert shown(plain, time, look()) == shown(other, time, look()), f"{fate} is given away at {time} µs"
        compared += 1
    assert compared > 0


def _seen(record: object) -> str:
    """A record without the fate that only the world knows."""
    if hasattr(record, "flight") and type(record).__name__ == "Sent":
        return f"{type(record).__name__} {record.flight.sent_at} {record.flight.segment}"
    return str(record)


def test_without_a_bet_the_future_is_drawn() -> None:
    """The same moment without a horizon: pale segments, states to come, a next edge. (Else the law would be empty.)"""
    run = trace()
    time = 60_000
    hidden = ladder(run, time, SIZE, look(), tempo=tempo(run, time), horizon=time)
    free = ladder(run, time, SIZE, look(), tempo=tempo(run))
    assert "ESTABLISHED" in texts(free)
    assert "ESTABLISHED" not in texts(hidden)
    assert len(list(free.marks())) > len(list(hidden.marks()))
    assert diagram(run, time, SIZE, look()) != diagram(run, time, SIZE, look(), horizon=time)


def test_the_old_future_of_a_fork_is_hidden_too() -> None:
    """A ghost is a future as well: while a bet is open it ends at the playhead."""
    run, old = trace(CALL_AND_CLOSE, (20_001, "drop #1")), trace()
    older = trace(CALL_AND_CLOSE, (60_001, "crash server"))

    def picture(ghost: Trace) -> Picture:
        return ladder(run, 60_000, SIZE, look(), tempo=tempo(run, 60_000), horizon=60_000, ghost=ghost, since=20_000)

    assert picture(old) == picture(older)


# --- timers: nothing counts down to what a bet hides ---

CLOCKS = {
    "the first timeout": ("set client.initial_rto_us 1s", "set client.initial_rto_us 3s"),
    "TIME-WAIT": ("set client.time_wait_us 240s", "set client.time_wait_us 60s"),
    "keep-alive": ("set client.keepalive_idle_us 1h", "set client.keepalive_idle_us 2h"),
}
"""Pairs of settings which only decide when a timer runs out."""

KEPT_ALIVE = CALL_AND_CLOSE.replace("      connect", "      setsockopt SO_KEEPALIVE 1\n      connect", 1)


@pytest.mark.ci
@pytest.mark.parametrize("clock", some(CLOCKS, 3))
def test_no_picture_tells_when_a_timer_will_run_out(clock: str) -> None:
    """The runs are one until the first of the two deadlines; every picture but that of the settings' own values too."""
    one, other = (trace(KEPT_ALIVE, (0, setting)) for setting in CLOCKS[clock])
    both = zip(one.steps, other.steps, strict=False)
    parting = next((min(a.at, b.at) for a, b in both if a.at != b.at), one.end)
    times = [time for time in moments(one) if time < parting]
    assert any(_deadlines(one, time) != _deadlines(other, time) for time in times), "no timer differs: nothing is shown"
    for time in times:
        mine, theirs = (shown(run, time, look()) for run in (one, other))
        found = [name for name in mine if mine[name] != theirs[name] and name != "all variables"]
        assert not found, f"at {time} µs the {found} tell when {clock} is over"


def _deadlines(run: Trace, time: int) -> list[tuple[tuple[str, int], ...]]:
    return [socket.tcb.deadlines() for host in run.world_at(time).hosts for socket in host.all_sockets()]


def test_a_timer_that_ends_before_the_bet_may_count_down() -> None:
    """Up to the bet everything may be known; without a bet, all."""
    run, time = trace(), 5_000
    assert dict(variables(run, time, look(), horizon=2_000_000))["Timer"][0] == "RTO 0.99 s"
    assert dict(variables(run, time, look()))["Timer"][0] == "RTO 0.99 s"
    assert dict(variables(run, time, look(), horizon=900_000))["Timer"][0] == "RTO …"
    pace, later = tempo(run, 40_000), 40_000
    assert "RTO: 0.96 s left" in texts(ladder(run, later, SIZE, look(), tempo=pace, horizon=2_000_000))
    assert "RTO" in texts(ladder(run, later, SIZE, look(), tempo=pace, horizon=later))
