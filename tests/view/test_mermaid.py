"""The run in Mermaid's words: every line is one of its grammar, and nothing after the moment is told."""

from __future__ import annotations

import re

import pytest

from tests.view.scenes import BUSY, CALL_AND_CLOSE, trace
from tutor.tcp.states import State
from tutor.view.mermaid import escaped, sequence_diagram, state_diagram
from tutor.words import Words
from tutor.world.records import Arrived, Lost, Sent

STATE_LINES = re.compile(
    r'stateDiagram-v2|%% .+|    (state "[A-Z0-9-]+" as \w+|\w+ --> \w+ : [^:;]+|note right of \w+ : .+|class \w+ here'
    r"|classDef here .+)"
)
SEQUENCE_LINES = re.compile(
    r"sequenceDiagram|    (participant \w as .+|[AB](->>|-->>|-x|--x|-\)|--\))[AB]: .+|Note over (A|B|A,B): .+)"
)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("text", [CALL_AND_CLOSE, BUSY], ids=["call", "busy"])
def test_every_line_is_grammar(text: str, lang: str) -> None:
    """At any moment, in both languages."""
    run, words = trace(text), Words(lang)
    for at in (0, 60_000, 160_000, run.end):
        for line in state_diagram(run, at, words).splitlines():
            assert STATE_LINES.fullmatch(line), line
        for line in sequence_diagram(run, at, words).splitlines():
            assert SEQUENCE_LINES.fullmatch(line), line


def test_all_states_and_who_is_where() -> None:
    """Eleven states, each declared; the hosts in notes."""
    said = state_diagram(trace(), 160_000, Words("en"))
    assert all(f'state "{state.value}" as' in said for state in State)
    assert "note right of ESTABLISHED : A Client, B Server" in said
    assert "SYN_SENT --> ESTABLISHED : recv SYN+ACK / send ACK" in said


def test_each_segment_has_one_arrow_for_each_arrival_or_death() -> None:
    """No more and no less, until the end."""
    run = trace(BUSY)
    records = [record for _, record in run.records()]
    arrived = {(each.flight.id, each.copy) for each in records if isinstance(each, Arrived)}
    dead = {each.flight.id for each in records if isinstance(each, Lost)} - {number for number, _ in arrived}
    said = sequence_diagram(run, run.end, Words("en"))
    assert len(re.findall(r"^    [AB]-", said, re.MULTILINE)) == len(arrived) + len(dead)


def test_nothing_after_the_moment_is_told() -> None:
    """Two runs that part later are the same text; what is on its way has an open arrow and no time of arrival."""
    slow = trace(CALL_AND_CLOSE, (120_000, "set link.delay 400ms"))
    assert sequence_diagram(slow, 110_000, Words("en")) == sequence_diagram(trace(), 110_000, Words("en"))
    sent = next(record for _, record in trace().records() if isinstance(record, Sent))
    assert "A-)B: 0.000 → …: SYN" in sequence_diagram(trace(), sent.at + 1, Words("en"))


def test_what_people_type_cannot_break_out() -> None:
    """A semicolon ends a statement, and a hash begins an entity."""
    assert escaped("a; b #1\n%% c") == "a#59; b #35;1 #37;#37; c"
