"""Copy as command: the line that is printed plays the very run that is on screen."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tutor.cli import main
from tutor.commands.loading import load
from tutor.commands.reproducing import command_line
from tutor.commands.switches import no_switches
from tutor.exchange.jsonlines import dumps, trace_lines
from tutor.teach import intents as want
from tutor.teach.intents import Intent
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start, update
from tutor.teach.stage import scenario_of
from tutor.words import Words
from tutor.world.acts import parse_act
from tutor.world.digest import digest
from tutor.world.time import MS, SECOND

LESSONS = {name: load_lesson(name) for name in ("01-three-way-handshake", "13-four-way-close", "lab-1-life")}

ACTS = (
    "cut link", "mend link", "crash server", "reboot client programs=yes", "client close", "server abort",
    "drop *:any", "delay server:any 300ms", "swap client:any", "inject client>server RST seq=1",
    "set client.tcp_syn_retries 2", "set link.delay 20ms", "program client 2 forget", "profile server rfc9293",
    "server shutdown write", "client setsockopt SO_LINGER 0", "wait 1s",
)  # fmt: skip

DEEDS: st.SearchStrategy[Intent] = st.one_of(
    st.builds(want.Seek, st.integers(0, 2 * SECOND)),
    st.builds(want.ActNow, st.sampled_from(ACTS)),
    st.builds(want.Drop, st.integers(1, 9)),
    st.builds(want.Delay, st.integers(1, 9), st.integers(1 * MS, 2 * SECOND)),
    st.builds(want.Duplicate, st.integers(1, 9)),
    st.builds(want.Corrupt, st.integers(1, 9)),
    st.builds(want.Swap, st.integers(1, 9)),
    st.builds(
        want.EditProgram, st.sampled_from(["client", "server"]), st.just(0), st.integers(1, 5),
        st.sampled_from(["replace", "insert", "forget"]), st.sampled_from(["close", "write 30", ""]),
    ),
    st.builds(want.SwitchBranch, st.integers(0, 6)),
    st.sampled_from([want.Undo(), want.Redo(), want.BackToLesson(), want.GoExploring(), want.End(), want.NextBeat()]),
)  # fmt: skip


def made_by_hand(name: str, deeds: list[Intent], switches: list[tuple[int, str]]) -> Session:
    """A session on a lesson, with acts of the command line, after some deeds of a hand."""
    acts = [(at, parse_act(text)) for at, text in switches]
    session = start(LESSONS[name], scenario_of(LESSONS[name], acts=acts))
    for deed in deeds:
        session = update(session, deed)
    return session


def said(session: Session) -> list[str]:
    """The command for the session's run, as the words after ``tcp-tutor``."""
    lesson = session.lesson
    line = command_line(
        lesson.id, scenario_of(lesson), session.scenario, session.timeline, session.branch, session.road
    )
    program, *words = shlex.split(line)
    assert program == "tcp-tutor"
    return words


def lines(session: Session) -> str:
    """The run on screen as ``play --json`` prints it."""
    return "".join(dumps(line) + "\n" for line in trace_lines(session.trace))


@pytest.mark.ci
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(LESSONS)),
    st.lists(DEEDS, max_size=8),
    st.lists(st.tuples(st.integers(1, SECOND), st.sampled_from(ACTS)), max_size=2),
)
def test_the_command_plays_the_run_on_screen(
    capsys: pytest.CaptureFixture[str], name: str, deeds: list[Intent], switches: list[tuple[int, str]]
) -> None:
    """Whatever a hand has done, on whatever branch: through the real command line it is the same run to the line."""
    session = made_by_hand(name, deeds, switches)
    words = said(session)
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    assert capsys.readouterr().out == lines(session)


def test_the_last_world_is_the_same_world() -> None:
    """Not only what is printed: the fingerprint of everything at the end."""
    from tutor.cli import build_parser

    deeds: list[Intent] = [
        want.Drop(1), want.Seek(900 * MS), want.ActNow("client write 40"), want.Swap(6),
        want.EditProgram("client", 0, 1, "insert", "wait 10ms"),
    ]  # fmt: skip
    session = made_by_hand("13-four-way-close", deeds, [(5 * MS, "set client.tcp_syn_retries 3")])
    options = build_parser(Words()).parse(said(session))
    loaded = load(options.lesson, options, Words())
    assert digest(loaded.trace.steps[-1].world) == digest(session.trace.steps[-1].world)


def test_the_road_needs_no_word_more() -> None:
    """A lesson left alone is its name."""
    assert said(made_by_hand("01-three-way-handshake", [], [])) == ["play", "01-three-way-handshake"]


def test_what_was_done_is_said_in_the_order_in_which_it_was_done() -> None:
    """Times in microseconds; a step is named only where the instant does not say it."""
    session = made_by_hand("13-four-way-close", [want.Seek(120 * MS), want.Drop(4), want.ActNow("cut link")], [])
    words = said(session)
    assert words[:3] == ["play", "13-four-way-close", "--bare"]
    assert words[-4:] == ["--hand", "120000us drop #4", "--hand", "120000us cut link"]


@pytest.mark.parametrize(
    ("switch", "why"),
    [
        (["--hand", "1"], "the form is 'SECONDS ACT'"),
        (["--hand", "1@x client close"], "the form is"),
        (["--hand", "1 client clsoe"], "found 'clsoe'"),
        (["--hand", "1@9999 client close"], "the run has no step 9999"),
        (["--hand", "1 mend link"], "the link is whole already"),
        (["--seed", "many"], "--seed"),
    ],
)
def test_a_hand_that_cannot_be_is_wrong_usage(capsys: pytest.CaptureFixture[str], switch: list[str], why: str) -> None:
    """Code 2 and one sentence, before anything is printed."""
    assert main(["--lang", "en", "play", "01-three-way-handshake", *switch]) == 2
    streams = capsys.readouterr()
    assert why in streams.err
    assert streams.out == ""


def test_without_bare_the_lesson_goes_on_where_a_hand_has_been(capsys: pytest.CaptureFixture[str]) -> None:
    """As in the window: what the lesson does later is done on the new run."""
    assert main(["play", "01-three-way-handshake", "--hand", "0.02 drop #1", "--json"]) == 0
    away = update(made_by_hand("01-three-way-handshake", [want.GoExploring(), want.Seek(20 * MS)], []), want.Drop(1))
    assert capsys.readouterr().out == lines(away)


def test_a_saved_run_is_bare_before_its_own_hands(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bare, its futures are left out; else a hand goes on from the one that was on screen."""
    path = tmp_path / "a.tcprun"
    assert main(["play", "13-four-way-close", "--hand", "0.12 drop #4", "--save", str(path)]) == 0
    capsys.readouterr()
    for switches, fates in (([], ["dropped"]), (["--bare"], []), (["--hand", "0.3 cut link"], ["dropped", "cut"])):
        assert main(["play", str(path), "--json", *switches]) == 0
        out = capsys.readouterr().out
        assert [fate for fate in ("dropped", "cut") if f'"{fate}"' in out] == fates
    assert no_switches().hand == []
