"""Plots as values: step functions with gaps, scales that betray nothing, and what they say in words."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.view.scenes import BUSY, CALL_AND_CLOSE, look, tempo, trace
from tests.world.stage import all_of, run
from tutor.view.marks import Rect, Text
from tutor.view.metrics import text_width
from tutor.view.plots import (
    EDGE,
    FLIGHT,
    KINDS,
    QUEUES,
    SEQUENCE,
    TIMER,
    WINDOW,
    Line,
    Plot,
    connection_at,
    least_step,
    plot,
    shown,
)
from tutor.view.readings import INFINITE, NONE, column, entries, legend, sentence, title, value_at
from tutor.view.samples import samples
from tutor.view.timeaxis import TimeAxis, value_ticks
from tutor.world.records import Lost, Sent
from tutor.world.trace import Trace

NAME = "client:40000>server:80"

SYN_LOST = """
    host client 10.0.0.1 linux-6.18
      connect server:80
      write 3000
    host server 10.0.0.2 linux-6.18
      listen 80 backlog=2
      accept
      read
    link client server delay=50ms
    until 10s
    at 0s drop client:SYN
"""


def of(run: Trace, kind: str, end: int | None = None, side: str = "") -> Plot:
    """A plot of the run's first connection."""
    samples(run)
    return plot(run, kind, NAME, run.end if end is None else end, side)


def line(made: Plot, name: str, host: int = 0) -> Line:
    """A line by its name."""
    return next(line for line in made.lines if (line.quantity.name, line.host) == (name, host))


# --- lines ---


def test_the_timeout_doubles_when_the_syn_is_lost() -> None:
    """RFC 6298 (5.5): 1 s, then 2 s. Linux tries a few times without doubling (tcp_syn_linear_timeouts)."""
    by_the_letter = of(run(SYN_LOST.replace("linux-6.18", "rfc9293")), TIMER)
    assert [line(by_the_letter, "RTO").at(at) for at in (500_000, 1_050_000)] == [1.0, 2.0]
    assert [line(of(run(SYN_LOST), TIMER), "RTO").at(at) for at in (500_000, 1_050_000)] == [1.0, 1.0]
    assert line(by_the_letter, "SRTT").at(1_050_000) is None


def test_the_window_begins_when_the_connection_is_open() -> None:
    """No cwnd bounds a SYN: a gap, not a zero. And no loss has set a threshold yet."""
    made = of(run(SYN_LOST), WINDOW)
    assert line(made, "cwnd").at(1_050_000) is None
    assert line(made, "cwnd").at(1_150_000) == 10
    assert not line(made, "ssthresh").has_values
    assert value_at(made, line(made, "ssthresh"), 1_150_000) == INFINITE
    assert value_at(made, line(made, "ssthresh"), 1_050_000) == NONE


def test_octets_are_said_only_where_a_segment_has_one_size() -> None:
    """The MSS without timestamps is 1460 octets, with them 1448."""
    assert of(trace(), WINDOW).octets == 1460
    assert of(run(SYN_LOST), WINDOW).octets == 1448


def test_every_segment_with_text_has_its_bar() -> None:
    """A bar for each SYN, text and FIN that left; red where it is sent again; a cross where it died."""
    here = trace(BUSY)
    made = of(here, SEQUENCE)
    sent = [record.flight for record in all_of(here, Sent) if record.flight.segment.seq_length]
    assert [bar.flight for bar in made.bars] == [flight.id for flight in sent]
    assert [bar.high - bar.low for bar in made.bars] == [flight.segment.seq_length for flight in sent]
    assert sum(bar.is_repeated for bar in made.bars) == sum(flight.retransmission > 0 for flight in sent) > 0
    lost = [record for record in all_of(here, Lost) if record.flight.segment.seq_length]
    assert [cross.at for cross in made.crosses] == [record.at for record in lost]


def test_the_staircase_never_falls_and_never_passes_what_was_sent() -> None:
    """SND.UNA only grows, and nobody acknowledges what was not sent."""
    made = of(trace(BUSY), SEQUENCE)
    for host in (0, 1):
        stairs = [value for value in line(made, "acknowledged", host).values if value is not None]
        assert all(a <= b for a, b in pairwise(stairs))
        assert max(stairs) <= max(bar.high for bar in made.bars if bar.host == host)


def test_the_edge_of_a_huge_window_does_not_flatten_the_rest() -> None:
    """100 octets under a window of 64 KiB: the scale is that of the octets, and the legend says what lies above."""
    made = of(trace(), SEQUENCE)
    assert made.top < 200
    assert made.is_above(line(made, "window's edge"))
    assert any("(above)" in entry.name for entry in entries(made, 300_000, look()))


def test_an_edge_that_is_near_is_part_of_the_scale() -> None:
    """A backlog of two: the limit is in the picture."""
    made = of(run(SYN_LOST), QUEUES)
    limits = [each for each in made.lines if each.quantity.weight == EDGE]
    assert [max(value for value in each.values if value) for each in limits] == [3, 3]
    assert made.top >= 3


def test_one_side_only() -> None:
    """Of two hosts the numbers of one."""
    both, one = of(trace(BUSY), FLIGHT), of(trace(BUSY), FLIGHT, side="server")
    assert {each.host for each in both.lines} == {0, 1}
    assert {each.host for each in one.lines} == {1}


def test_the_newest_connection_is_meant_unless_one_is_named() -> None:
    """Before anything has begun the first to come is meant, if that may be known."""
    read = samples(trace())
    assert connection_at(read, 0, trace().end) == NAME
    assert connection_at(read, 0, trace().end, "nobody>there:1") == NAME
    silent = run("""
        host client 10.0.0.1 rfc9293
        host server 10.0.0.2 rfc9293
        link client server delay=50ms
        until 1min
    """)
    assert connection_at(samples(silent), 0, silent.end) == ""


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_leaves_no_trace(kind: str) -> None:
    """Neither a point nor a scale nor a word tells what happens after the end of what may be shown."""
    plain = trace()
    for time in sorted({step.at for step in plain.steps}):
        for act in ("crash server", "client write 9000", "set link.delay 5ms"):
            other = trace(CALL_AND_CLOSE, (time + 1, act))
            mine, theirs = of(plain, kind, time), of(other, kind, time)
            assert mine == theirs
            assert sentence(mine, time, look()) == sentence(theirs, time, look())
    assert of(plain, kind) != of(plain, kind, 60_000)


# --- the time axis ---


@pytest.mark.parametrize("text", [CALL_AND_CLOSE, BUSY])
@pytest.mark.parametrize("width", [200.0, 560.0, 1800.0])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_ticks_never_touch(text: str, width: float, scale: float) -> None:
    """Round moments, each with room for its words; at least the beginning is named."""
    axis = TimeAxis(trace(text).end, tempo(trace(text)))
    size = max(12.0, 13.0 * scale)
    ticks = axis.ticks(width, look(scale=scale))
    assert ticks[0].text == "0"
    boxes = [(tick.place * width, text_width(tick.text, "ui", size) / 2) for tick in ticks]
    assert all(a + half <= b - other for (a, half), (b, other) in pairwise(boxes))


def test_the_axis_says_how_time_is_drawn() -> None:
    """Folded, to scale, moment by moment: a reader must know."""
    here = trace()
    folded = TimeAxis(here.end, tempo(here))
    assert folded.caption(look()) == "time (s), folded as on the ladder"
    assert [hatch.text for hatch in folded.hatches()] == ["0.70 s", "239.9 s"]
    plain = TimeAxis(here.end)
    assert plain.caption(look()) == "time (s), to scale"
    assert plain.hatches() == ()


@pytest.mark.parametrize("time", [0, 50_000, 700_000, 241_700_000])
def test_a_place_is_the_moment_that_lies_there(time: int) -> None:
    """Clicking where a moment is drawn goes to that moment; beyond the ends there is nothing."""
    here = trace()
    for axis in (TimeAxis(here.end, tempo(here)), TimeAxis(here.end)):
        assert abs(axis.time(axis.place(time)) - time) <= 2
        assert axis.time(7.0) == here.end
        assert axis.time(-1.0) == 0


@pytest.mark.parametrize("top", [0.3, 1.08, 3.0, 10.8, 75_509.0, 4e9])
@pytest.mark.parametrize("height", [20.0, 90.0, 600.0])
def test_values_are_round_and_have_room(top: float, height: float) -> None:
    """From 0 on, equally far apart, none above the top, no more than there is room for."""
    ticks = value_ticks(top, height)
    assert ticks[0] == 0
    assert all(tick <= top for tick in ticks)
    assert len(ticks) <= height / 13 + 2
    assert all(
        value_ticks(top, height, least=1.0)[place] == int(tick)
        for place, tick in enumerate(value_ticks(top, height, least=1.0))
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("top", [0.004, 0.3, 1.0, 1.08, 4.9, 75_509.0])
def test_no_two_values_of_a_scale_are_written_alike(kind: str, top: float) -> None:
    """However high the plot is: before the connection is open its window's scale ends at 1."""
    made = replace(plot(trace(SYN_LOST), kind, NAME, 0), top=top)
    texts = [shown(kind, value) for value in value_ticks(top, 900.0, least=least_step(made))]
    assert len(set(texts)) == len(texts)


# --- in words ---


def test_the_sentence_says_every_value() -> None:
    """Title, moment, and each host's numbers with what they are in octets."""
    made = of(run(SYN_LOST), WINDOW)
    assert sentence(made, 1_120_000, look()) == (
        "Congestion window (MSS) at 1.120 s. Client: cwnd 10 (14480 octets), ssthresh ∞; Server: cwnd —, ssthresh —"
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_plot_says_why(kind: str, lang: str) -> None:
    """No connection, nobody who listens: a sentence instead of an empty frame."""
    silent = run("""
        host client 10.0.0.1 rfc9293
        host server 10.0.0.2 rfc9293
        link client server delay=50ms
        until 1min
    """)
    samples(silent)
    made = plot(silent, kind, "", silent.end)
    assert made.is_empty
    said = sentence(made, 0, look(lang))
    assert said.startswith(title(made, look(lang)))
    assert len(said) > len(title(made, look(lang))) + 4


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("scale", [0.8, 1.0, 2.0])
@pytest.mark.parametrize("kind", KINDS)
def test_the_legend_stays_in_its_room(kind: str, lang: str, scale: float) -> None:
    """Entries wrap; none runs out of the picture or into another; nothing moves while the run plays."""
    here = trace(BUSY)
    made, at = of(here, kind), look(lang, scale=scale)
    for make in (lambda time: legend(made, time, 720.0, at), lambda time: column(made, time, at)):
        sizes = set()
        for time in (0, here.end // 3, here.end):
            picture = make(time)
            sizes.add((picture.width, picture.height))
            boxes = []
            for mark in picture.marks():
                if isinstance(mark, Text) and mark.anchor == "start":
                    right = mark.x + text_width(mark.text, "ui", mark.size, mark.weight)
                    boxes.append((mark.y, mark.x, right))
                    assert right <= picture.width
                    assert mark.size >= 12
                elif isinstance(mark, Rect):
                    assert mark.x + mark.w <= picture.width
            assert all(b[1] >= a[2] - 0.01 for a, b in pairwise(sorted(boxes)) if a[0] == b[0])
        assert len(sizes) == 1
