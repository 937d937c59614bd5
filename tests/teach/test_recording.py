"""Record: whatever a hand did in a run, the lesson that is made of it is sound and plays the same run again."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.teach.conftest import CLOSE, HANDSHAKE
from tutor.teach import intents
from tutor.teach.check import check_lesson
from tutor.teach.lesson import Lesson
from tutor.teach.reading import load_lesson
from tutor.teach.recording import MOST_BEATS, RecordingError, recorded
from tutor.teach.road import lay_road
from tutor.teach.session import Session, start, update
from tutor.teach.stage import scenario_of
from tutor.world.acts import parse_act
from tutor.world.program import parse_program
from tutor.world.timeline import compare
from tutor.world.trace import Trace

ACTS = (
    "cut link", "mend link", "crash server", "reboot server", "crash client", "reboot client programs=yes",
    "set client.tcp_syn_retries 2", "set link.loss 0.3", "set link.delay 5ms", "set link.client.loss 0.2",
    "set link.nat 203.0.113.1", "set link.jitter 9ms", "set link.duplication 0.4", "set link.mtu 576",
    "client write 3000", "server write 70000", "client close", "server close", "client abort", "server read 10",
    "client shutdown write", "client connect server:80", "inject client>server RST seq=1", "inject server>client SYN",
    "icmp client soft", "icmp client hard", "drop client:data", "delay server:any:2 300ms", "corrupt client:ACK",
    "profile client linux-4.19", "wait 10ms", "swap server:any:2",
    "program client 2 insert after 1s write 5", "program server 1 forget",
)  # fmt: skip


def begun(lesson: Lesson = CLOSE, acts: tuple[tuple[int, str], ...] = (), *, asks: bool = False) -> Session:
    """The beginning of a lesson, without its bets unless it ``asks``; ``acts``: what the run is given besides."""
    if not asks:
        lesson = replace(lesson, beats=tuple(replace(beat, ask=None) for beat in lesson.beats))
    return start(lesson, scenario_of(lesson, acts=[(at, parse_act(text)) for at, text in acts]))


def played(*hands: tuple[int, object], lesson: Lesson = CLOSE) -> Session:
    """A run of a lesson after these (time, act or intent)."""
    now = begun(lesson)
    for at, hand in hands:
        now = update(now, intents.GoExploring())
        now = update(now, intents.Seek(at))
        now = update(now, intents.ActNow(hand) if isinstance(hand, str) else hand)  # type: ignore[arg-type]
        assert now.notice is None, now.notice
    return now


def again(text: str, folder: Path) -> Trace:
    """The run of a recorded lesson, which must be without a fault."""
    path = folder / "lesson.yaml"
    path.write_text(text, encoding="utf-8")
    assert check_lesson(path) == (), text
    lesson = load_lesson(path)
    return lay_road(lesson, scenario_of(lesson)).trace


# --- the same run ---


def test_a_dropped_segment_becomes_a_beat_that_drops_it(tmp_path: Path) -> None:
    """The beat hangs on the sending of that segment; the states of both hosts are asserted there and at the end."""
    now = played((70_000, intents.Drop(2)), lesson=HANDSHAKE)
    text = recorded(now)
    assert 'act: "after 20ms drop #2"' in text
    assert "cue: server sends SYN,ACK\n" in text
    assert "states: {client: SYN-SENT, server: SYN-RECEIVED}" in text
    assert text.rstrip().endswith("states: {client: ESTABLISHED, server: ESTABLISHED}")
    assert compare(again(text, tmp_path), now.trace) is None


def test_settings_a_cut_cable_and_a_crash_are_told_in_their_order(tmp_path: Path) -> None:
    """Between two events, too: how long after the last one is part of the act."""
    now = played((0, "set client.tcp_syn_retries 2"), (10_000, "cut link"), (1_500_000, "mend link"),
                 (4_000_000, "crash server"))  # fmt: skip
    text = recorded(now)
    order = [text.index(act) for act in ("set client.tcp_syn_retries", "cut link", "mend link", "crash server")]
    assert order == sorted(order)
    assert "server: CLOSED}" in text.splitlines()[-1]
    assert compare(again(text, tmp_path), now.trace) is None


def test_two_acts_at_one_moment_are_both_done(tmp_path: Path) -> None:
    """The second beat hangs on the same event and does not undo what the first one did."""
    now = played((0, "set link.delay 5ms"), (0, "set link.mtu 576"))
    assert compare(again(recorded(now), tmp_path), now.trace) is None


def test_a_run_that_nobody_touched_is_a_lesson_of_its_states(tmp_path: Path) -> None:
    """Nothing by hand: the beats tell who enters which state, and the lesson plays the run left alone."""
    now = begun()
    text = recorded(now)
    assert "act:" not in text
    assert "title: Client enters TIME-WAIT" in text
    assert compare(again(text, tmp_path), now.trace) is None


def test_an_act_undone_by_going_back_before_it_is_not_recorded(tmp_path: Path) -> None:
    """A fork before an earlier act leaves that act behind: only what happened on this branch is told."""
    now = played((500_000, "client write 50"), (100_000, "cut link"))
    text = recorded(now)
    assert "write 50" not in text
    assert compare(again(text, tmp_path), now.trace) is None


@pytest.mark.sampled(5)
@pytest.mark.parametrize("seed", range(30))
def test_whatever_was_done_is_played_again(seed: int, tmp_path: Path) -> None:
    """Random hands at random moments on both shipped lessons: sound for the linter, and the same records."""
    dice = random.Random(seed)
    now = begun(dice.choice((CLOSE, HANDSHAKE)))
    for _ in range(dice.randrange(1, 7)):
        times = [step.at for step in now.trace.steps]
        now = update(now, intents.GoExploring())
        now = update(now, intents.Seek(dice.choice((*times, dice.randrange(0, 3_000_000)))))
        flight = now.trace.flight(dice.randrange(1, 12), until=now.visible_end)
        if flight is not None and dice.random() < 0.5:
            touch = dice.choice((intents.Drop, intents.Delay, intents.Duplicate))
            now = update(now, touch(flight.id))
        else:
            now = update(now, intents.ActNow(dice.choice(ACTS)))
    assert compare(again(recorded(now), tmp_path), now.trace) is None


# --- the law of the open bet, and limits ---


def test_while_a_bet_is_open_the_recording_ends_at_the_playhead() -> None:
    """Two runs that differ only later give the same text; no state of the future is in it."""
    now = begun(HANDSHAKE, asks=True)
    now = update(now, intents.End())
    assert now.horizon is not None
    text = recorded(now)
    assert "ESTABLISHED" not in text
    later = begun(HANDSHAKE, ((now.horizon + 1, "crash server"),), asks=True)
    assert recorded(update(later, intents.End())) == text


def test_more_acts_than_beats_are_refused_with_both_numbers() -> None:
    """A lesson has a hundred beats at most; the error says so and nothing is written."""
    busy = tuple((1_000 * number, "wait 1ms") for number in range(MOST_BEATS + 5))
    with pytest.raises(RecordingError, match="105 acts; a lesson has room for 99"):
        recorded(begun(acts=busy))


def test_a_host_with_two_programs_is_refused_by_its_name() -> None:
    """A lesson gives each host one program."""
    now = begun()
    first = now.scenario.hosts[0]
    twice = replace(first, programs=(*first.programs, parse_program(["wait 1s"])))
    scenario = replace(now.scenario, hosts=(twice, *now.scenario.hosts[1:]))
    with pytest.raises(RecordingError, match="client runs 2 programs"):
        recorded(start(now.lesson, scenario))


def test_an_order_that_no_beat_can_tell_is_refused() -> None:
    """A switch that acts before a timer of the very same instant: rather no lesson than another run."""
    acts = ((0, "drop client:SYN"), (1_000_000, "client write 3000"))
    with pytest.raises(RecordingError, match="another way"):
        recorded(begun(acts=acts))


def test_odd_names_and_values_are_quoted(tmp_path: Path) -> None:
    """What YAML would read as a number, a comment or a mapping comes back as the text that it is."""
    now = played((0, "set link.loss 0.30"), (10_000, "inject client>server ACK seq=@1001 ack=@5001"))
    assert compare(again(recorded(now), tmp_path), now.trace) is None
    assert str(parse_act("set link.loss 0.30")) in recorded(now)
