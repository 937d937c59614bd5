"""A packetdrill script in pictures and words: one host is real, the other only speaks, and nothing takes time."""

from __future__ import annotations

from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from tests.view.scenes import CALL_AND_CLOSE, look, marks_of, tempo, texts, trace as trace_of
from tests.view.test_ladder import boxes
from tutor.commands.loading import load
from tutor.commands.switches import no_switches
from tutor.view import panels
from tutor.view.diagram import diagram
from tutor.view.ladder import ladder
from tutor.view.marks import Picture, Rect
from tutor.view.standing import standings
from tutor.view.telling import Style
from tutor.view.text import text_ladder
from tutor.words import Words
from tutor.world.tempo import FLOOR
from tutor.world.trace import Trace

SACKED = """\
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+.1 < S 0:0(0) win 32792 <mss 1460,sackOK,nop,nop,nop,wscale 7>
+0 > S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 8>
+.1 < . 1:1(0) ack 1 win 257
+0 accept(3, ..., ...) = 4
+0 write(4, ..., 5840) = 5840
+.001 < . 1:1(0) ack 1 win 257 <sack 1461:2921,nop,nop>
+.001 < . 1:1(0) ack 1 win 257 <sack 1461:4381,nop,nop>
+.001 < . 1:1(0) ack 1 win 257 <sack 1461:5841,nop,nop>
+3 < . 1:1(0) ack 5841 win 257
+.1 close(4) = 0
+.1 < F. 1:1(0) ack 5842 win 257
"""
LARGE, SMALL, NARROW = (590.0, 760.0), (430.0, 560.0), (300.0, 560.0)


@cache
def run(folder: Path) -> Trace:
    """Four segments leave at once, three are told to have arrived, one goes again."""
    path = folder / "sacked.pkt"
    path.write_text(SACKED, encoding="utf-8")
    return load(str(path), no_switches(), Words()).trace


@pytest.fixture
def sacked(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """The run of the script."""
    return run(tmp_path_factory.getbasetemp())


def seen(trace: Trace, time: int, size: tuple[float, float] = LARGE, lang: str = "en") -> Picture:
    """The ladder at a moment."""
    return ladder(trace, time, size, look(lang=lang), tempo=tempo(trace))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_script_says_for_its_host_is_not_forged(sacked: Trace, lang: str) -> None:
    """The peer is the script; a segment that is injected for a real host still is called what it is."""
    forged = look(lang=lang).words.t("FORGED")
    assert forged not in texts(seen(sacked, 210_000, lang=lang))
    assert "inject" not in "".join(span.text for line in text_ladder(sacked, Words(), Style(100)) for span in line)


def test_a_host_without_a_tcp_stands_nowhere(sacked: Trace) -> None:
    """No token in CLOSED, no state and no numbers among the variables; the other host has all of them."""
    host, peer = standings(sacked, 210_000)
    assert (str(host.state), peer.state) == ("ESTABLISHED", None)
    picture = diagram(sacked, 210_000, (700, 700), look(), tempo=tempo(sacked))
    assert marks_of(picture, "badge:host")
    assert not marks_of(picture, "badge:peer")
    rows = panels.variables(sacked, 210_000, look())
    assert {values[1] for _, values in rows} == {panels.NONE}
    assert rows[0][1][0] == "ESTABLISHED"


def test_where_nothing_takes_time_each_moment_lasts(sacked: Trace) -> None:
    """A millisecond between two acknowledgments is as long on the wall as the eye needs; a burst is longer."""
    pace = tempo(sacked)
    assert not pace.is_even
    gaps = dict(pairwise(pace.times))
    walls = [pace.to_wall(stop) - pace.to_wall(start) for start, stop in gaps.items() if stop - start < 500_000]
    assert min(walls) >= FLOOR
    burst = pace.to_wall(gaps[200_000]) - pace.to_wall(200_000)
    assert burst > 1.5 * FLOOR
    assert pace.folds
    assert tempo(trace_of(CALL_AND_CLOSE)).is_even


@pytest.mark.parametrize("size", [LARGE, SMALL])
def test_what_leaves_at_once_is_told_in_order(sacked: Trace, size: tuple[float, float]) -> None:
    """Chips stand below one another, none is left out, and none touches another."""
    picture = seen(sacked, 200_000, size)
    for one, other in combinations(boxes(picture), 2):
        assert not one.touches(other, 0)
    chips = [mark for mark in marks_of(picture, "flight:") if isinstance(mark, Rect) and mark.radius == 7]
    order = [int(str(chip.id).partition(":")[2]) for chip in sorted(chips, key=lambda chip: chip.y)]
    assert order == sorted(order)
    at_once = [f.id for f in (sacked.flight(n) for n in range(30)) if f is not None and f.sent_at == 200_000]
    assert len(at_once) == 5
    assert set(at_once) <= set(order)


def test_an_acknowledgment_says_what_arrived_out_of_order(sacked: Trace) -> None:
    """On the chip where there is room, and in the terminal."""
    assert any("sack=1461-2921" in text for text in texts(seen(sacked, 203_000, (760.0, 760.0))))
    told = "".join(span.text for line in text_ladder(sacked, Words(), Style(110)) for span in line)
    assert "ACK seq=1 ack=1 sack=1461-4381" in told


@pytest.mark.parametrize("size", [LARGE, SMALL, NARROW])
def test_the_heads_of_the_hosts_do_not_overlap(sacked: Trace, size: tuple[float, float]) -> None:
    """Without states of its own the second host's lifeline stands far to the right."""
    heads = [mark for mark in marks_of(seen(sacked, 0, size), "host:") if isinstance(mark, Rect)]
    left, right = sorted(heads, key=lambda head: head.x)
    assert left.x + left.w <= right.x
    assert right.x + right.w <= size[0]
