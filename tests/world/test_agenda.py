"""The agenda: what is due next, as a value."""

from __future__ import annotations

from hypothesis import given, strategies as st

from tutor.world.agenda import ARRIVALS, DEEDS, TIMERS, Agenda

ENTRIES = st.lists(st.tuples(st.integers(0, 50), st.sampled_from([ARRIVALS, DEEDS, TIMERS])), max_size=60)


def filled(entries: list[tuple[int, int]]) -> Agenda:
    """An agenda with these (at, priority), each named by its place."""
    agenda = Agenda()
    for place, (at, priority) in enumerate(entries):
        agenda = agenda.push(at, priority, place)
    return agenda


@given(ENTRIES)
def test_what_is_due_first_comes_first(entries: list[tuple[int, int]]) -> None:
    """By time, then arrivals before deeds before timers, then in the order of putting in: Python's own sort agrees."""
    agenda, order = filled(entries), []
    while (first := agenda.first()) is not None:
        order.append(first[3])
        agenda = agenda.pop()
    assert order == sorted(range(len(entries)), key=lambda place: (*entries[place], place))


@given(ENTRIES)
def test_an_older_agenda_stays_as_it_was(entries: list[tuple[int, int]]) -> None:
    """Putting in and taking out makes new agendas; whoever holds the old one sees no difference."""
    agenda = filled(entries)
    before = list(agenda)
    agenda.push(0, ARRIVALS, "later")
    if before:
        agenda.pop()
    assert list(agenda) == before


def test_two_agendas_with_the_same_entries_are_equal() -> None:
    """However they came about."""
    assert filled([(1, 0), (2, 0)]) == filled([(1, 0), (2, 0)])
    assert filled([(1, 0)]) != filled([(2, 0)])
