"""What was found, as a file: every run is written, read again, opened, played to its end, and tells of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sampling import few
from tutor.commands.loading import Loaded, load, save_run
from tutor.commands.switches import no_switches
from tutor.exchange import runfile
from tutor.explore.cells import CELLS, Cell
from tutor.explore.exceptions import EXCEPTIONS
from tutor.explore.judging import judge
from tutor.explore.onward import run_of, way_on
from tutor.explore.parts import cost
from tutor.explore.replay import replay
from tutor.explore.search import search
from tutor.explore.stage import SLOT
from tutor.explore.verdict import PROPERTIES as BITS
from tutor.profiles import load_profile
from tutor.tcp.states import State
from tutor.tcp.values import replace
from tutor.tcp.variant import VARIANTS
from tutor.teach import intents, session as sessions
from tutor.teach.atlas import heading, shipped, visit
from tutor.teach.card import card
from tutor.teach.found import is_last, moves_told
from tutor.teach.lamps import lamps
from tutor.teach.lesson import Lesson
from tutor.teach.puzzles import PUZZLES, Puzzle
from tutor.teach.retelling import lesson_of
from tutor.teach.session import Session, start
from tutor.words import LANGUAGES, Words
from tutor.world.acts import parse_act
from tutor.world.scenario import Scenario
from tutor.world.timeline import Timeline

TITLES = {"en": "two-way handshake", "zh": "两次握手"}

BROKEN = [cell for cell in CELLS if cell.path]
FEW = [cell for cell in BROKEN if cell.variant in ("two-way", "unchecked-ack", "fixed-isn", "no-time-wait", "")]


def opened(lesson: Lesson, scenario: Scenario, folder: Path, lang: str) -> Loaded:
    """The run after it was saved, by whoever speaks ``lang``."""
    path = folder / f"found-{lang}.tcprun"
    path.write_text(runfile.dumps(save_run(lesson, scenario, Timeline.of(scenario), 0)), encoding="utf-8")
    return load(str(path), no_switches(), Words(lang))


def told(session: Session, lang: str) -> str:
    """The card that is up, title and words."""
    shown = card(sessions.update(session, intents.SetLanguage(lang)))
    assert shown is not None
    return f"{shown.title}\n{shown.words}"


def assert_opens(lesson: Lesson, scenario: Scenario, folder: Path) -> Loaded:
    """Saved and opened in each language: the same run, all its beats on it, each with words in that language."""
    for lang in LANGUAGES:
        loaded = opened(lesson, scenario, folder, lang)
        assert loaded.warnings == ()
        assert all(loaded.road.moments), [beat.cue for beat in loaded.lesson.beats]
        assert loaded.scenario.acts_at == scenario.acts_at
        assert loaded.lesson.languages == tuple(LANGUAGES)
        texts = [text for beat in loaded.lesson.beats for text in (beat.title, beat.words)]
        assert all(text["zh"] != text.en for text in (loaded.lesson.title, *texts))
        assert not any("what-if" in str(act) or at == 0 for at, act in scenario.acts_at)
    return loaded


def assert_cell_opens(cell: Cell, folder: Path) -> None:
    """A broken cell: it opens, its last beat says what is broken and where, and it ends shortly after."""
    answer = search(cell.play(load_profile("rfc9293")))
    run = replay(answer)
    loaded = assert_opens(*lesson_of(answer, run, "found-it", TITLES), folder)
    moves = [beat for beat in loaded.lesson.beats if beat.id.startswith(("move-", "wait-"))]
    assert len(moves) == len(answer.path) and moves[-1].is_pause
    assert [beat.title.en.partition(":")[0] for beat in moves if beat.id.startswith("move-")] == [
        f"Move {number}" for number in range(1, cost(answer.path) + 1)
    ]
    assert [beat.title.en.rpartition(": ")[2].casefold() for beat in moves] == [
        line.casefold() for line in moves_told(answer, Words())
    ], "as tcp-tutor search prints them"
    verdict = judge(loaded.trace)[cell.prop]
    assert verdict.broken is not None
    last = loaded.lesson.beats[-1]
    assert last.is_pause
    assert f"event {verdict.broken} of the run" in last.words.en
    assert loaded.trace.steps[-1].at - run.times[-1] < 10 * SLOT


@pytest.mark.sampled(15, longer=1)
@pytest.mark.parametrize("cell", FEW, ids=lambda cell: f"{cell.variant or 'tcp'}-{cell.prop}-{len(cell.path.split())}")
def test_what_breaks_a_property_is_saved_and_opened(cell: Cell, tmp_path: Path) -> None:
    """Half of them could not be opened: their words said how many octets are written."""
    assert_cell_opens(cell, tmp_path)


@pytest.mark.parametrize(
    "cell", few(each for each in BROKEN if each not in FEW), ids=lambda cell: f"{cell.variant}-{cell.prop}"
)
def test_whatever_breaks_a_property_is_saved_and_opened(cell: Cell, tmp_path: Path) -> None:
    """The rest of the table."""
    assert_cell_opens(cell, tmp_path)


def known_exception(name: str, rules: str, prop: str) -> tuple[Lesson, Scenario]:
    """The run of a known exception, as the lesson that tells of it."""
    known = next(each for each in EXCEPTIONS if each.id == name)
    answer = search(known.play(load_profile(rules), BITS[prop]))
    return lesson_of(answer, replay(answer), "found-it", TITLES)


@pytest.mark.sampled(2, longer=1)
@pytest.mark.parametrize(
    ("name", "rules", "prop", "happened"),
    [
        ("refused-by-old-syn", "linux-6.18", "honest-open", ("is refused", "被拒绝")),
        ("reset-drawn-before", "rfc9293", "honest-open", ("is reset before anything was said", "被重置")),
        ("orphan-forgotten", "linux-6.18", "no-ghost", ("That is a ghost", "幽灵")),
    ],
)
def test_a_run_of_a_known_exception_says_that_it_is_one(
    name: str, rules: str, prop: str, happened: tuple[str, str], tmp_path: Path
) -> None:
    """Its name, the clause, what excludes it, and what has happened: in the file, on the card and at the lamp."""
    known = next(each for each in EXCEPTIONS if each.id == name)
    loaded = assert_opens(*known_exception(name, rules, prop), tmp_path)
    last = loaded.lesson.beats[-1]
    assert is_last(last.id)
    for lang, what in zip(("en", "zh"), happened, strict=True):
        text, words = last.words[lang], Words(lang)
        assert what in text and known.id in text
        assert all(words.t(each) in text for each in (known.title, known.clause, *known.excluded_by))
    assert "or waits for nothing" not in last.words.en
    session = replace(start(loaded.lesson, loaded.scenario, loaded.road), playhead=loaded.trace.steps[-1].at)
    found = {lamp.id: lamp.known for lamp in lamps(session, None)}
    assert found.pop(prop) is known
    assert not any(found.values())


def test_a_lamp_guesses_no_exception_where_no_search_has_been() -> None:
    """The same scenario under a lesson that somebody wrote; and the run changed by hand."""
    lesson, scenario = known_exception("half-open", "rfc9293", "no-ghost")
    session = start(lesson, scenario)
    session = replace(session, playhead=session.trace.steps[-1].at)
    assert any(lamp.known for lamp in lamps(session, None))
    plain = replace(session, lesson=replace(lesson, concepts=("rst",)))
    assert [lamp.verdict for lamp in lamps(plain, None)] == [lamp.verdict for lamp in lamps(session, None)]
    assert not any(lamp.known for lamp in lamps(plain, None))
    other = sessions.update(replace(session, playhead=0), intents.ActNow(parse_act("client abort")))
    assert other.branch != other.road and not any(lamp.known for lamp in lamps(other, None))


@pytest.mark.sampled(10, longer=1)
@pytest.mark.parametrize("puzzle", PUZZLES, ids=lambda puzzle: puzzle.id)
def test_a_puzzle_that_was_won_is_saved_and_opened_and_ends_with_the_break(puzzle: Puzzle, tmp_path: Path) -> None:
    """Two of them went on for a thousand events of ACKs against ACKs."""
    way = way_on(puzzle.play)
    if not way.is_found:
        pytest.skip("nobody can win it")
    answer, run = run_of(puzzle.play, way.deeds)
    loaded = assert_opens(*lesson_of(answer, run, "wire-it", TITLES), tmp_path)
    broken = judge(loaded.trace)[puzzle.breaks].broken
    assert broken is not None
    assert len(loaded.trace.steps) - broken < 30


def assert_pairs_open(profile: str, variant: str, folder: Path, every: int) -> None:
    """Every so many pairs of an atlas: the run stops where both ends are there."""
    for pair in list(shipped()[profile, variant].ways)[::every]:
        found = visit(profile, variant, pair, from_start=True)
        assert found is not None
        loaded = assert_opens(found.lesson, found.scenario, folder)
        assert loaded.lesson.title["zh"] == heading(variant, pair, Words("zh"))
        session = start(loaded.lesson, loaded.scenario, loaded.road)
        there = visit(profile, variant, pair)
        last = len(session.lesson.beats) - 1
        assert sessions.update(session, intents.TakeMeThere(there)).beat == last
        for _ in range(10_000):
            session = sessions.update(sessions.update(session, intents.Play()), intents.Tick(200_000))
            if session.beat == last:
                break
        assert not session.is_playing
        names = [str(Words().state(state)) for state in pair]
        assert all(name in told(session, lang) for name in names for lang in LANGUAGES)


@pytest.mark.ci
def test_a_pair_of_the_atlas_is_saved_and_opened_and_the_run_stops_there(tmp_path: Path) -> None:
    """CLOSING - CLOSING ran on to TIME-WAIT - TIME-WAIT without a stop or a mark."""
    assert_pairs_open("rfc9293", "", tmp_path, 9)


@pytest.mark.parametrize("variant", few(["", *sorted(VARIANTS)]))
def test_many_a_pair_of_every_atlas_is_saved_and_opened(variant: str, tmp_path: Path) -> None:
    """The same, of every protocol, by the rules of a kernel as well."""
    for profile in ("rfc9293", "linux-6.18"):
        assert_pairs_open(profile, variant, tmp_path, 5)


def test_the_earlier_connection_is_named_and_the_card_follows(tmp_path: Path) -> None:
    """An old SYN has a past; then each move has its card, and the last says what a ghost is."""
    cell = next(each for each in CELLS if each.variant == "two-way" and each.path == "oldB loseA")
    answer = search(cell.play(load_profile("rfc9293")))
    loaded = assert_opens(*lesson_of(answer, replay(answer), "found-it", TITLES), tmp_path)
    session = start(loaded.lesson, loaded.scenario, loaded.road)
    cards = [told(session, "en")]
    while session.beat < len(session.lesson.beats) - 1:
        session = sessions.update(session, intents.NextBeat())
        cards.append(told(session, "en"))
    assert [each.splitlines()[0] for each in cards] == [
        "The earlier connection",
        "Move 1: an old SYN of the client arrives",
        "Move 2: SYN+ACK of the server is lost",
        "Broken: P3, no ghost at rest",
    ]
    assert "ESTABLISHED" in cards[-1]
    assert loaded.lesson.title.en[0].isupper()
    before = sessions.update(session, intents.PreviousBeat())
    assert told(before, "zh").startswith("第 2 步：服务器的 SYN+ACK 丢失")


@pytest.mark.parametrize("name", ["no-ghost", "orderly-close"])
def test_playing_stops_at_the_last_move_and_then_at_what_comes_of_it(name: str) -> None:
    """At speed the card of the last move was passed over: both ended on the same event."""
    cell = next(each for each in CELLS if each.prop == name and each.path)
    answer = search(cell.play(load_profile("rfc9293")))
    lesson, scenario = lesson_of(answer, replay(answer), "found-it", TITLES)
    session, stops = start(lesson, scenario), []
    for _ in range(10):
        session = sessions.update(session, intents.Play())
        while session.is_playing:
            session = sessions.update(session, intents.Tick(60_000_000))
        assert session.current is not None
        stops.append(session.current.id)
    assert stops[:2] == [lesson.beats[-2].id, "last"]


def test_what_is_still_under_way_at_the_end_is_left_alone() -> None:
    """It was delayed by hand, and the line below the stage said so at the moment of the pair."""
    found = visit("rfc9293", "", (State.CLOSING, State.CLOSING))
    assert found is not None
    arrived = [at for at, act in found.scenario.acts_at if act.name == "delay" and at >= found.playhead - SLOT // 2]
    assert arrived == []


def test_a_move_in_chinese_has_no_gap_behind_a_bracket() -> None:
    """The bracket is as wide as a letter."""
    way = way_on(PUZZLES[8].play)
    answer, run = run_of(PUZZLES[8].play, way.deeds)
    lesson, _ = lesson_of(answer, run, "wire-it", TITLES)
    assert any("）" in beat.title["zh"] for beat in lesson.beats)
    assert not any("） " in text["zh"] for beat in lesson.beats for text in (beat.title, beat.words))
