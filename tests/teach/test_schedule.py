"""When a card comes back, and in what order cards are asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tutor.teach.answered import REVIEW, Answered, card_of, made_card, moment
from tutor.teach.deck import Card, cards, due, next_due, reviewed
from tutor.teach.schedule import LONGEST, SOON, Schedule, schedule

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def answer(card: str, at: datetime, *, is_right: bool, lesson: str = "01") -> Answered:
    """An answer to a card."""
    return Answered(f"{card} {at}", card, lesson, "next-state", "LISTEN", is_right, moment(at), 1, ("SYN",))


def standing(*answers: tuple[datetime, bool]) -> Schedule:
    """The schedule that these answers make."""
    found = schedule(answers)
    assert found is not None
    return found


def test_what_was_never_wrong_is_no_card() -> None:
    """There is nothing to be reminded of."""
    assert schedule([]) is None
    assert schedule([(NOON, True), (NOON + DAY, True)]) is None


def test_a_wrong_answer_comes_back_soon_and_then_ever_later() -> None:
    """Ten minutes, then days; each right answer on its day lengthens the way to the next."""
    given = [(NOON, False)]
    assert standing(*given).due == NOON + SOON
    gaps = []
    for _ in range(6):
        now = standing(*given).due
        given.append((now, True))
        gaps.append(standing(*given).due - now)
    assert gaps[0] >= DAY
    assert gaps == sorted(gaps) and gaps[-1] > 10 * gaps[0]
    assert gaps[-1] <= timedelta(days=LONGEST)
    assert standing(*given).reviews == 7 and standing(*given).lapses == 1


def test_a_wrong_answer_on_its_day_brings_it_back_at_once() -> None:
    """And the next interval is shorter than it would have been."""
    good = [(NOON, False), (NOON + SOON, True), (NOON + 5 * DAY, True)]
    bad = [*good[:2], (NOON + 5 * DAY, False)]
    assert standing(*bad).due == NOON + 5 * DAY + SOON
    assert standing(*bad).stability < standing(*good).stability
    assert standing(*bad).lapses == 2


def test_a_right_answer_before_its_time_moves_nothing() -> None:
    """Who has just read the feedback shows no memory."""
    wrong = (NOON, False)
    assert standing(wrong, (NOON + SOON / 2, True)) == standing(wrong)


def test_the_chance_of_knowing_falls_and_is_ninety_per_cent_on_the_day() -> None:
    """The promise of the schedule."""
    one = standing((NOON, False), (NOON + SOON, True), (NOON + 3 * DAY, True))
    days = [one.recall(one.last + days * DAY) for days in range(40)]
    assert days == sorted(days, reverse=True) and days[0] == 1.0
    assert 0.85 < one.recall(one.due) < 0.95


def test_cards_are_made_of_answers_alone() -> None:
    """The same answers, the same cards: so two files merge without a word about schedules."""
    bet, made = card_of("01", "first"), made_card("next-state", "syn-sent/rcv-rst")
    given = [answer(bet, NOON, is_right=False), answer(made, NOON + DAY, is_right=False, lesson="")]
    given += [answer(card_of("01", "second"), NOON, is_right=True)]
    one, other = cards(given)
    assert (one.id, one.ask, one.is_made) == (bet, "first", False)
    assert (other.id, other.ask, other.is_made) == (made, "syn-sent/rcv-rst", True)
    assert cards(given) == (one, other)
    assert next_due([one, other], NOON + DAY) == NOON + DAY + SOON
    assert due([one, other], NOON + DAY) == (one,)
    assert next_due([one, other], NOON + 2 * DAY) is None


def test_what_is_most_likely_forgotten_comes_first_and_lessons_take_turns() -> None:
    """Two cards of a lesson do not follow each other while another lesson's is due."""
    given = [
        answer(card_of(lesson, name), NOON + day * DAY, is_right=False, lesson=lesson)
        for lesson, name, day in (("01", "a", 0), ("01", "b", 1), ("13", "c", 2), ("13", "d", 3))
    ]
    order = [card.ask for card in due(cards(given), NOON + 10 * DAY)]
    assert order == ["a", "c", "b", "d"]


def test_a_card_is_asked_with_new_numbers_each_time() -> None:
    """Its seed is another one after each answer that counted, and the same until then."""
    now, given, seeds = NOON, [answer(card_of("01", "a"), NOON, is_right=False)], []
    for _ in range(5):
        (card,) = cards(given)
        seeds.append(card.seed)
        assert cards(given)[0].seed == card.seed
        now = card.schedule.due
        given.append(reviewed(card, "ESTABLISHED", now, f"answer {now}", is_right=True))
        assert given[-1].place == REVIEW and given[-1].seed == card.seed
    assert len(set(seeds)) == 5
    assert isinstance(cards(given)[0], Card)
