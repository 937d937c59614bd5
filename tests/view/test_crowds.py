"""Long and crowded runs: a frame costs what it shows, whatever the run holds."""

from __future__ import annotations

import pytest

from tests.bench.recorded import recorded
from tests.view.scenes import look, texts
from tutor.view.crowd import MOST, choose, ways
from tutor.view.filtering import parse_filter
from tutor.view.ladder import ladder
from tutor.view.lens import Lens
from tutor.view.page import lay_out
from tutor.view.story import story
from tutor.world.index import COLUMNS, Index, assemble
from tutor.world.tempo import Tempo

SIZE = (600.0, 860.0)
PERIOD = 2_000
"""Segments after which a recorded run repeats itself."""


@pytest.mark.sampled(2)
@pytest.mark.parametrize("is_across", [False, True], ids=["down", "across"])
def test_a_million_segments_make_no_more_marks_than_ten_thousand(is_across: bool) -> None:
    """The same second of the same transfer, once in a run of 10,000 and once in one of 1,000,000: the same work."""
    short, long = recorded(10_000), recorded(1_000_000)
    pictures = []
    for run in (short, long):
        tempo = Tempo.of(run, run.end)
        at = [run.sent_at[PERIOD + part * PERIOD // 10] for part in range(10)]
        lens = Lens(is_across=is_across)
        pictures.append([ladder(run, time, SIZE, look(), tempo=tempo, lens=lens) for time in at])
    for one, other in zip(*pictures, strict=True):
        assert [mark for mark, _ in one.titles] != []
        assert len(one.titles) == len(other.titles)
        assert abs(len(list(one.marks())) - len(list(other.marks()))) <= 8, "but for a gutter of longer times"


def crowded(segments: int) -> Index:
    """A burst: everything within a tenth of a second, in both directions, one in a thousand lost."""
    every = range(segments)
    columns = {name: [0] * segments for name in COLUMNS}
    columns["number"] = [place + 1 for place in every]
    columns["sent_at"] = [place * 100_000 // segments for place in every]
    columns["ends_at"] = [at + 20_000 for at in columns["sent_at"]]
    columns["sender"] = [place % 3 == 0 for place in every]  # type: ignore[misc]
    columns["receiver"] = [place % 3 != 0 for place in every]  # type: ignore[misc]
    columns["flags"] = [16] * segments
    columns["fate"] = [1 if place % 1000 == 7 else 0 for place in every]
    columns["traits"] = [1 - fate for fate in columns["fate"]]
    return assemble(("client", "server"), ("1", "2"), ("client:1>server:2",), columns)


@pytest.mark.parametrize("segments", [1_000, 30_000])
def test_a_burst_is_counted_not_drawn(segments: int) -> None:
    """Bands say how many there are each way; the marks do not grow with the burst, and losses are drawn."""
    run = crowded(segments)
    tempo = Tempo.of(run, run.end)
    picture = ladder(run, 50_000, SIZE, look(), tempo=tempo)
    assert len(list(picture.marks())) < 12 * MOST
    chosen = choose(story(run), lay_out(SIZE, look(), tempo, 50_000, run.end), None)
    assert {(band.sender, band.receiver) for band in chosen.bands} == {(0, 1), (1, 0)}
    assert sum(band.size for band in chosen.bands) >= segments * 0.3
    assert any(place in set(run.failed) for place in chosen.places)
    assert any(f"{chosen.bands[0].size} segments" in text for text in texts(picture))


def test_a_band_says_how_many_a_filter_lets_through() -> None:
    """Of the band's segments, so many."""
    run = crowded(3_000)
    made = parse_filter("host == server")
    picture = ladder(run, 50_000, SIZE, look(), tempo=Tempo.of(run, run.end), lens=Lens(filter=made))
    assert any(text.startswith("0 of ") for text in texts(picture))
    assert any(text.split(" ")[0].isdecimal() and " of " not in text for text in texts(picture) if "segments" in text)


def test_bands_do_not_flicker_as_the_page_moves() -> None:
    """Slices are fixed in time: a little later the same ones are there, with the same numbers."""
    run = crowded(30_000)
    tempo = Tempo.of(run, run.end)

    def bands(time: int) -> set[tuple[int, int, int]]:
        page = lay_out((600.0, 400.0), look(), tempo, time, run.end)
        found = choose(story(run), page, None).bands
        inner = [band for band in found if band.start > page.first and band.stop < page.last]
        return {(band.start, band.sender, band.size) for band in inner}

    assert bands(80_000) & bands(81_000)
    assert not {one[:2] for one in bands(80_000)} & {one[:2] for one in bands(81_000) - bands(80_000)}


def test_every_segment_goes_one_way() -> None:
    """The directions of a run hold each of its segments once, for short runs and long ones."""
    for run in (crowded(1_000), crowded(30_000), recorded(30_000)):
        places = sorted(place for way in ways(run) for place in way.places)
        assert places == list(range(len(run)))
