"""What may be typed next: keys of the format where they stand, values that exist, nothing within words."""

from __future__ import annotations

import re

import pytest

from tests.lessons.conftest import SOUND
from tests.sampling import some
from tutor.teach.completion import complete, host_names
from tutor.teach.lesson import BET_KINDS
from tutor.teach.reading import lesson_ids, load_lesson

CURSOR = "‸"


def offered(text: str) -> list[str]:
    """What is offered where the cursor stands in ``text``."""
    before, _, after = text.partition(CURSOR)
    line = before.count("\n")
    found = complete(before + after, line, len(before) - before.rfind("\n") - 1)
    return list(found.choices)


def within(old: str, new: str) -> list[str]:
    """What is offered in the sound lesson with ``old`` replaced by ``new``, which holds the cursor."""
    assert SOUND.count(old) == 1
    return offered(SOUND.replace(old, new))


def test_an_empty_text_may_begin_with_every_key_of_a_lesson() -> None:
    """And with one letter typed, with those that begin with it."""
    assert offered(CURSOR)[:4] == ["format: ", "id: ", "title: ", "goal: "]
    assert offered(f"fo{CURSOR}") == ["format: "]


def test_keys_that_are_there_are_not_offered_again() -> None:
    """Neither those above the cursor nor those below it."""
    assert within("  - id: open\n", f"  - id: open\n    {CURSOR}\n") == [
        "act: ",
        "states:",
        "pause: ",
        "bet:",
        "question:",
        "touch:",
        "network:",
    ]
    assert within("    isn: 1000\n", f"    isn: 1000\n    {CURSOR}\n") == ["profile: ", "sysctls:"]


def test_a_bet_has_the_keys_of_its_kind() -> None:
    """``asks`` decides: a bet on time wants an event, one on a state wants a host."""
    of_time = within("      asks: next-state\n      host: server\n", f"      asks: time\n      {CURSOR}\n")
    assert of_time == ["concepts:", "when: ", "typed: ", "tolerance: "]
    of_state = within("      asks: next-state\n      host: server\n", f"      asks: state\n      {CURSOR}\n")
    assert of_state == ["concepts:", "host: ", "when: "]
    assert within("asks: next-state", f"asks: {CURSOR}") == list(BET_KINDS)


def test_an_option_in_a_list_has_its_keys() -> None:
    """Lists of mappings open a place an item."""
    assert within("        - value: ESTABLISHED\n", f"        - value: ESTABLISHED\n          {CURSOR}\n") == [
        "text: ", "plays:", "holds: ",
    ]  # fmt: skip
    assert offered(SOUND + f"  - {CURSOR}")[:3] == ["id: ", "cue: ", "title: "]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("cue: ", ["start", "end", "client", "server"]),
        ("cue: client ent", ["enters"]),
        ("cue: client enters FIN", ["FIN-WAIT-1", "FIN-WAIT-2"]),
        ("cue: server timer per", ["persist"]),
        ("act: after 20ms dr", ["drop"]),
        ("act: client clo", ["close"]),
        ("act: crash ", ["client", "server"]),
        ("pause: ", ["true", "false"]),
    ],
)  # fmt: skip
def test_values_that_the_world_knows(typed: str, wanted: list[str]) -> None:
    """Events, states, timers, acts and hosts, word by word."""
    assert offered(SOUND + f"  - id: more\n    {typed}{CURSOR}\n") == wanted


def test_hosts_and_states_that_are_asserted() -> None:
    """Hosts are those of this lesson; states are the eleven."""
    assert offered(SOUND + f"    states:\n      {CURSOR}") == ["client: ", "server: "]
    assert offered(SOUND + f"    states:\n      client: LA{CURSOR}") == ["LAST-ACK"]


def test_rules_and_settings_of_a_host() -> None:
    """Profiles by name, settings by the short name that people type."""
    assert "linux-6.18" in within("    isn: 1000\n", f"    isn: 1000\n    profile: li{CURSOR}\n")
    assert "tcp_syn_retries: " in within("    isn: 1000\n", f"    isn: 1000\n    sysctls:\n      tcp_sy{CURSOR}\n")


def test_a_program_is_completed_line_by_line() -> None:
    """Items of a list of lines: calls without a host, and hands."""
    assert within("      - accept\n", f"      - acc{CURSOR}\n") == ["accept"]


def test_nothing_is_offered_in_words_and_comments() -> None:
    """There a person writes prose."""
    assert offered(SOUND + f"  - id: more\n    words: |\n      c{CURSOR}") == []
    assert offered(f"# f{CURSOR}") == []
    assert offered(SOUND.replace("title: It is open", f"title: c{CURSOR}")) == []


@pytest.mark.parametrize(
    "text", ["", ":", "- - -", "{[", "a:\n\tb", "'", '"', "beats:\n- - - id", "x" * 500, "\n" * 50]
)
def test_no_text_is_too_broken_to_be_asked_about(text: str) -> None:
    """Everywhere in it the question is answered, with something or with nothing."""
    lines = text.splitlines() or [""]
    for line, said in enumerate(lines):
        for column in range(min(len(said), 20) + 1):
            assert 0 <= complete(text, line, column).start <= column
    assert 0 <= complete(text, len(lines) + 5, 3).start <= 3


def test_the_hosts_of_a_text_are_found_while_it_is_typed() -> None:
    """Names two columns in, below ``hosts``."""
    assert host_names(SOUND) == ("client", "server")
    assert host_names("hosts:\n  a:\n  b:\nlink:\n  delay: 1ms\n") == ("a", "b")


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", some(lesson_ids(), 5))
def test_every_key_of_a_shipped_lesson_would_have_been_offered(name: str) -> None:
    """Wherever a key of the format stands, its first letter is enough to be offered it; names of hosts are free."""
    lesson = load_lesson(name)
    lines, hosts = lesson.source.splitlines(), {host.name for host in lesson.hosts}
    block: int | None = None
    asked = 0
    for number, line in enumerate(lines):
        depth = len(line) - len(line.lstrip())
        if block is not None and (depth > block or not line.strip()):
            continue
        block = depth if re.search(r":\s*[|>]-?$", line) else None
        match = re.match(r"(\s*(?:- )*)([a-z_]+):(?=\s|$)", line)
        if match and match[2] not in hosts:
            text = "\n".join([*lines[:number], match[1] + match[2][0], *lines[number + 1 :]])
            found = complete(text, number, len(match[1]) + 1)
            assert match[2] in [choice.rstrip(": ") for choice in found.choices], f"{number + 1}: {line}"
            asked += 1
    assert asked > 50


# --- lectures ---

LECTURE = """\
format: 1
lecture: mine
items:
  - id: shake
    lesson: 01-three-way-handshake
    ‸
"""


def test_a_lecture_has_keys_and_values_of_its_own() -> None:
    """Its format's keys, the lessons there are, and the beats and questions of the lesson of the item."""
    assert offered(f"items:\n  - {CURSOR}\n")[:3] == ["id: ", "lesson: ", "beats:"]
    assert "minutes: " in offered(LECTURE)
    assert "lesson: " not in offered(LECTURE)
    assert "01-three-way-handshake" in offered(
        LECTURE.replace("lesson: 01-three-way-handshake", f"lesson: 0{CURSOR}", 1)[:-7]
    )
    lesson = load_lesson("01")
    assert offered(LECTURE.replace(CURSOR, f"beats: [{CURSOR}")) == [beat.id for beat in lesson.beats]
    assert offered(LECTURE.replace(CURSOR, f"asks: [first-segment, cl{CURSOR}")) == ["client-is-open"]
    assert offered(LECTURE.replace(CURSOR, f"question: one{CURSOR}")) == ["one-slow-way"]
