"""The search in columns: the same worlds, moves and ways as world by world, only faster; exact in its last table."""

from __future__ import annotations

import random

import pytest

from tests.sampling import some
from tutor.explore import breadth, wide
from tutor.explore.breadth import Statistics
from tutor.explore.columns import Columns, Worlds
from tutor.explore.model import Model
from tutor.explore.parts import Budget, Play
from tutor.explore.past import FORGOTTEN, OPEN, WRAPPED
from tutor.explore.search import Answer, search
from tutor.explore.tables import Lists, Numbers, Sparse, Table
from tutor.explore.verdict import PROPERTIES
from tutor.explore.visited import Visited
from tutor.profiles import load_profile
from tutor.tcp.variant import variant_named

EVERYTHING = sum(PROPERTIES.values())


def both(monkeypatch: pytest.MonkeyPatch, play: Play, most: int | None = None) -> tuple[Answer, Answer]:
    """The same question asked world by world, and in columns from the second level on."""
    monkeypatch.setattr(breadth, "WIDE", 1 << 60)
    narrow = search(play, most=most)
    monkeypatch.setattr(breadth, "WIDE", 2)
    monkeypatch.setattr(wide, "PIECE", 50)
    return narrow, search(play, most=most)


@pytest.mark.sampled(6, longer=1)
@pytest.mark.parametrize(
    ("budget", "beginning"),
    [
        (Budget(held=1, losses=1, writes=0), FORGOTTEN),
        (Budget(duplicates=1, coincidences=1, writes=0), OPEN),
        (Budget(interferences=1, connects=2, writes=0), FORGOTTEN),
        (Budget(held=1, server_writes=1), WRAPPED),
        (Budget(held=1, writes=0), OPEN),
    ],
)
def test_a_level_at_a_time_is_the_same_search(budget: Budget, beginning: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Equally many worlds, moves and levels, whatever a budget allows."""
    for profile in ("rfc9293", "linux-6.18"):
        play = Play(load_profile(profile), budget=budget, beginning=beginning)
        narrow, level = both(monkeypatch, play, 8)
        assert narrow.statistics == level.statistics
        assert narrow.statistics.worlds > 100


@pytest.mark.sampled(25, longer=1)
@pytest.mark.parametrize("variant", ["two-way", "unchecked-ack", "fixed-isn", "no-time-wait", "two-way-syn-data"])
@pytest.mark.parametrize("prop", some(sorted(PROPERTIES), 3))
def test_what_is_found_is_the_same_way(variant: str, prop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only as short: the same moves, worlds and figures, though it was found in another manner."""
    for beginning in (FORGOTTEN, OPEN):
        rules = load_profile("rfc9293"), variant_named(variant), Budget(held=1, losses=1), beginning
        narrow, level = both(monkeypatch, Play(*rules, PROPERTIES[prop]), 9)
        assert narrow.statistics == level.statistics
        assert narrow.broken == level.broken
        assert [_told(narrow, each) for each in range(len(narrow.path))] == [
            _told(level, each) for each in range(len(level.path))
        ]


def _told(answer: Answer, place: int) -> tuple[object, ...]:
    """A move and the world after it, by value."""
    value = answer.model.store.value
    a, b, net, late, rest = answer.worlds[place + 1]
    kind, side, _, choice = answer.path[place]
    under_way = sorted(repr(value(each)) for each in (*value(net), *value(late)))
    return kind, side, choice, value(a), value(b), under_way, value(rest)


def test_a_wide_search_can_be_called_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two pieces of a level; it then claims nothing."""
    monkeypatch.setattr(breadth, "WIDE", 50)
    monkeypatch.setattr(wide, "PIECE", 50)
    seen: list[int] = []

    def call_off(statistics: Statistics) -> bool:
        seen.append(statistics.worlds)
        return statistics.worlds < 2000

    answer = search(Play(load_profile("rfc9293"), budget=Budget(1, 1), watched=EVERYTHING), call_off)
    assert answer.statistics.is_cancelled
    assert not answer.statistics.is_complete
    assert not answer.is_found
    assert 2000 <= answer.statistics.worlds < 3000
    assert len(seen) > 10


def test_visited_is_a_set_that_remembers_the_order() -> None:
    """Against a dict: equal numbers within one question and between questions, also where cells collide."""
    dice = random.Random(9293)
    import numpy as np

    visited, known = Visited(), dict[int, None]()
    for size in (1, 0, 3000, 20, 9000, 9000):
        keys = [dice.choice((dice.randrange(5000), dice.randrange(1 << 62))) for _ in range(size)]
        first = {key: place for place, key in reversed(list(enumerate(keys))) if key not in known}
        assert visited.enter(np.array(keys, np.int64)).tolist() == sorted(first.values())
        known.update(dict.fromkeys(keys))
        assert visited[:].tolist() == list(known)
    assert visited.enter(visited[:]).tolist() == []
    numbers = {key: number for number, key in enumerate(known)}
    asked = [*known, *range(5000)]
    assert visited.find(np.array(asked)).tolist() == [numbers.get(key, -1) for key in asked]


@pytest.mark.parametrize("is_sparse", [False, True])
def test_a_table_asks_once_and_in_order(is_sparse: bool) -> None:
    """Each pair once, those that were asked first first; also after the table has grown."""
    import numpy as np

    asked: list[tuple[int, int]] = []
    rows, columns = Numbers(), Numbers()

    def product(x: int, y: int) -> int:
        asked.append((x, y))
        return x * y

    table = Sparse(product, keeps=True) if is_sparse else Table(product, rows, columns, keeps=True)
    for size in (3, 40):
        for each in range(size):
            rows(each)
            columns(each)
        xs, ys = np.array([size - 1, 1, size - 1, 2]), np.array([1, size - 1, 1, 0])
        assert table(xs, ys).tolist() == [size - 1, size - 1, size - 1, 2]
    assert asked == [(2, 1), (1, 2), (39, 1), (1, 39)]


def test_lists_are_spread_in_order() -> None:
    """Row by row, and in each row the first list before the second; empty ones take no room."""
    import numpy as np

    lists = Lists()
    for each in ((), (1, 2), (3,)):
        lists.add(each)
    row, item = lists.spread(np.array([1, 0, 2]), np.array([2, 0, 1]))
    assert list(zip(row.tolist(), item.tolist(), strict=True)) == [(0, 1), (0, 2), (0, 3), (2, 3), (2, 1), (2, 2)]


def test_more_parts_than_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two worlds under one integer would be a lie; nothing is cut off in silence."""
    from tutor.explore import columns

    monkeypatch.setattr(columns, "LIMITS", (4, 4, 4))
    monkeypatch.setattr(breadth, "WIDE", 2)
    with pytest.raises(OverflowError):
        search(Play(load_profile("rfc9293"), budget=Budget(held=1)))


def test_a_world_is_what_it_was_packed_from() -> None:
    """There and back, for the world at the beginning and those after it."""
    model = Model(Play(load_profile("rfc9293"), budget=Budget(1, 1)))
    worlds = [model.start(), *(after for _, after in model.successors(model.start()))]
    columns = Columns(model)
    packed = columns.number(worlds)
    assert [columns.world(int(each)) for each in packed] == worlds
    assert (Worlds.unpacked(packed).packed() == packed).all()
