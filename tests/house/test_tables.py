"""The tables that hold the house together: every reason, clause and edge exists and is used."""

from __future__ import annotations

import re
from pathlib import Path

import tutor
from tutor.tcp.clauses import CLAUSES, NOTES
from tutor.tcp.reasons import REASONS
from tutor.tcp.transitions import SEQUENCES
from tutor.tcp.variant import ROWS

TCP = Path(tutor.__file__).resolve().parent / "tcp"


def _reasons_given() -> set[str]:
    pattern = r'because\(\s*"([a-z0-9-]+)"|Permit\([^)"]*"([a-z-]+)"|_give_up\(turn, "([a-z-]+)"'
    found = (match for path in TCP.glob("*.py") for match in re.findall(pattern, path.read_text(encoding="utf-8")))
    return {word for match in found for word in match if word} | {edge.reason for edge in ROWS.values()}


def test_every_reason_given_has_a_sentence_and_none_is_idle() -> None:
    """The code and the table of reasons name the same ids, both ways."""
    assert _reasons_given() == set(REASONS)


def test_every_reason_and_edge_names_a_clause_and_every_clause_is_named() -> None:
    """No decision without a standard behind it, no clause that nothing rests on."""
    named = {text.clause for text in REASONS.values()} | {edge.clause for edge in ROWS.values()}
    assert named == set(CLAUSES)


def test_every_note_is_told_by_a_reason() -> None:
    """A reading of ours that no reason mentions would never be shown to anybody."""
    assert {text.note for text in REASONS.values()} - {None} == set(NOTES)


def test_a_sequence_is_a_path() -> None:
    """The edges of a sequence follow one another."""
    for sequence in SEQUENCES:
        for first, second in zip(sequence.edges, sequence.edges[1:], strict=False):
            assert first.target is second.source, f"{first.id} does not lead to {second.id}"
