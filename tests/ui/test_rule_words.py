"""What a TCP does otherwise than the RFC, in words for a student: no name of the code's, or of a recording."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from tutor.profiles import load_profile, profile_names
from tutor.tcp.profile import STATUSES, Profile
from tutor.ui.rule_words import DOCS, HOW, NAMED, apart, footnote
from tutor.words import Words

RFC = load_profile("rfc9293")
OURS = re.compile(r"golden|parity|asked|kernel_defaults|`|_us\b|\bTrue\b|\bFalse\b|None")


def test_every_name_of_a_rule_stands_for_a_sentence() -> None:
    """Whoever adds a rule, or a value to one, says what it means; and for every way to know a value there are words."""
    named = {(field.name, value) for field in fields(Profile) for value in field.metadata.get("allowed", ())}
    assert named <= set(NAMED)
    assert set(HOW) == set(STATUSES)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", profile_names())
def test_each_difference_is_told_in_plain_words(name: str, lang: str) -> None:
    """For every rule of every kernel that is not the RFC's: two halves, a footnote, nothing of ours."""
    profile, words = load_profile(name), Words(lang)
    for field in DOCS:
        if getattr(profile, field) == getattr(RFC, field):
            continue
        said = apart(field, profile, RFC, words)
        assert not OURS.search(said), said
        assert footnote(field, profile, words) in said
        assert "RFC 9293" in said
        if lang == "en":
            assert not said[0].islower() or said.startswith(("connect()", "tcp_")), said
        else:
            assert re.search(r"[\u4e00-\u9fff]", said), said


def test_the_footnote_names_kernel_and_place() -> None:
    """As small as it can be: which kernel, where in it, and how we know."""
    said = footnote("port_choice", load_profile("linux-6.18"), Words("en"))
    assert said == "Linux 6.18: __inet_hash_connect · recorded from the kernel"
