"""The linter bites: an answer, a setting, a cue, a rule of the engine is changed, and the lesson that teaches it fails.

Every shipped lesson must be bitten in each of these ways; what is changed is chosen by the lesson's own text.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.lessons.broken import break_rule, forget
from tutor.teach.check import check_text
from tutor.teach.reading import find_lesson, lesson_ids
from tutor.world.sysctls import SettingError, find_setting

Tree = dict  # a lesson's tree, as YAML gives it

RULES: dict[str, tuple[str, ...]] = {
    "00-connection": ("port-is-the-name",),
    "01-three-way-handshake": ("two-way",),
    "02-sequence-numbers": ("early-text-dropped",),
    "03-header": ("checksum-unread",),
    "04-syn-lost": ("syn_linear_timeouts=0",),
    "05-synack-lost": ("synack_retries=2",),
    "06-third-ack-lost": ("text-opens-nothing",),
    "07-refused-or-silent": ("no-rst-from-closed",),
    "08-why-three": ("unchecked-ack",),
    "09-why-not-four": ("merges-for-all",),
    "10-simultaneous-open": ("crossed-syn-unheard", "crossed_syn_ack=accept"),
    "11-old-duplicate-syn": ("mute-in-syn-sent",),
    "12-half-open": ("listener-mute",),
    "13-four-way-close": ("no-time-wait",),
    "14-why-four-or-three": ("two-segment-close",),
    "15-half-close": ("two-segment-close", "half_duplex_close=no"),
    "16-fin-wait-2-orphan": ("fin_wait_2_us=10000000",),
    "17-close-wait-leak": ("two-segment-close",),
    "18-simultaneous-close": ("closing-left-out",),
    "19-time-wait-last-ack": ("no-time-wait", "time-wait-goes-on"),
    "20-time-wait-old-segments": ("no-time-wait",),
    "21-address-in-use": ("no-time-wait",),
    "22-reset": ("no-challenge-ack",),
    "23-two-queues": ("somaxconn-unread", "accept_queue_extra=0"),
    "24-accept-queue-full": ("abort_on_overflow=yes",),
    "25-syn-queue-full": ("syn_queue_rule=power-of-two",),
    "26-syn-flood": ("cookie-unknown",),
    "27-retransmission": ("no-backoff",),
    "28-keepalive": ("keepalive_probes=4",),
    "29-flow-control": ("no-window-probes",),
    "30-congestion": ("initial_window_segments=20",),
    "31-nagle-delayed-ack": ("delayed_ack_us=1000",),
    "32-time-wait-pile-up": ("no-time-wait",),
    "33-port-exhaustion": ("no-time-wait",),
    "34-tw-reuse-recycle": ("stamps-of-hosts-unread", "tw_reuse_delay_us=0"),
    "35-sysctl-desk": ("syn_linear_timeouts=0",),
    "36-reading-ss": ("listener-queues-swapped",),
    "37-incident-desk": ("no-rst-from-closed", "mss=500"),
    "38-linux-is-different": ("small_entries=no",),
    "39-all-transitions": ("two-segment-close",),
    "40-break-the-protocol": ("fin-goes-again",),
    "41-byte-stream": ("reads-end-with-segments",),
    "42-isn-and-spoofing": ("fixed-isn", "key-unread"),
    "43-paws": ("no-paws",),
}
"""Lesson -> the rules that it teaches, each broken by itself: see ``broken``."""

RECKONED = ("At full speed, when does the first number come round again?",)
"""Questions that are answered by arithmetic: no run that one can play sends four gigabytes."""

WAYS = 5
"""In so many ways every lesson is bitten."""


def each(way: int) -> list[object]:
    """Every lesson: one of them always, each in one of the ways in the longer run, in all of them if asked for."""
    return [
        name if name[:2] == "04"
        else pytest.param(name, marks=pytest.mark.ci if place % WAYS == way else pytest.mark.long)
        for place, name in enumerate(lesson_ids())
    ]  # fmt: skip


yaml = YAML(typ="safe")


def source(name: str) -> str:
    """The text of a lesson."""
    return find_lesson(name).read_text(encoding="utf-8")


def wrong(text: str, tmp_path: Path) -> bool:
    """Is there a fault in it? Translations do not count: there are none beside it."""
    return bool(check_text(text, tmp_path / "lesson.yaml"))


def asks(tree: Tree) -> Iterator[Tree]:
    """Every bet that the engine answers."""
    for part in ("beats", "checks"):
        for item in tree.get(part, ()):
            if "bet" in item:
                yield item["bet"]


def dumped(tree: Tree, tmp_path: Path) -> str:
    """The tree as text."""
    path = tmp_path / "dumped.yaml"
    plain = YAML()
    plain.width = 10_000
    with path.open("w", encoding="utf-8") as file:
        plain.dump(tree, file)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", each(0))
def test_another_answer_is_a_mistake(name: str, tmp_path: Path) -> None:
    """Each bet in turn is given the answer of another option."""
    tree = yaml.load(source(name))
    assert not wrong(dumped(tree, tmp_path), tmp_path)
    changed = 0
    for bet in asks(tree):
        if "answer" not in bet:
            continue
        right = bet["answer"]
        bet["answer"] = next(option["value"] for option in bet["options"] if option["value"] != right)
        assert wrong(dumped(tree, tmp_path), tmp_path), bet["prompt"]
        bet["answer"] = right
        changed += 1
    assert changed >= 2


@pytest.mark.parametrize("name", each(1))
def test_another_answer_to_a_question_is_a_mistake(name: str, tmp_path: Path) -> None:
    """Another option of a choice is declared right; of many one that is right is left out, or any wrong one added."""
    tree = yaml.load(source(name))
    asking = [item["id"] for part in ("beats", "checks") for item in tree[part] if "question" in item]
    for which in asking:
        alone, asked = asking_only(tree, which)
        assert not wrong(dumped(alone, tmp_path), tmp_path), "asked alone it is as right as before"
        if asked["asks"] == "choice" and asked["prompt"] not in RECKONED:
            right = asked["answer"]
            asked["answer"] = next(option["value"] for option in asked["options"] if option["value"] != right)
        elif asked["asks"] == "many":
            one_too_many(alone, asked, tmp_path)
            if len(asked["answers"]) == 1:
                continue
            asked["answers"].pop()
        else:
            continue
        assert wrong(dumped(alone, tmp_path), tmp_path), asked["prompt"]


def one_too_many(alone: Tree, asked: Tree, tmp_path: Path) -> None:
    """Each wrong answer in turn is declared right beside the right ones; it is noticed, and left as it was."""
    right = list(asked["answers"])
    others = [option["value"] for option in asked["options"] if option["value"] not in right]
    assert others, "of many some are wrong"
    for other in others:
        asked["answers"] = [*right, other]
        assert wrong(dumped(alone, tmp_path), tmp_path), f"{asked['prompt']} › {other}"
    asked["answers"] = right


def asking_only(tree: Tree, which: str) -> tuple[Tree, Tree]:
    """A lesson that asks one of its questions and nothing else, and that question: it is soon looked through."""
    alone: Tree = {**copy.deepcopy(tree), "refutes": []}
    alone["checks"] = [item for item in alone["checks"] if item["id"] == which]
    for beat in alone["beats"]:
        for part in ("bet", "touch", "network", *(() if beat["id"] == which else ("question",))):
            beat.pop(part, None)
    return alone, next(item["question"] for item in (*alone["beats"], *alone["checks"]) if item["id"] == which)


@pytest.mark.parametrize("name", each(2))
def test_another_order_of_beats_is_a_mistake(name: str, tmp_path: Path) -> None:
    """A beat that hangs on what never happens, and two beats that stand in the wrong order."""
    tree = yaml.load(source(name))
    beats = tree["beats"]
    last = beats[-1]["cue"]
    beats[-1]["cue"] = next(iter(tree["hosts"])) + " sends SYN 999999"
    assert wrong(dumped(tree, tmp_path), tmp_path)
    beats[-1]["cue"] = last
    beats.insert(0, beats.pop())
    assert wrong(dumped(tree, tmp_path), tmp_path) or last in ("end", "start")


@pytest.mark.parametrize("name", each(3))
def test_another_rule_of_the_engine_is_a_mistake(name: str, tmp_path: Path) -> None:
    """The kernel that the lesson speaks of behaves otherwise, at the very place that the lesson is about."""
    for rule in RULES[name]:
        with pytest.MonkeyPatch.context() as patch:
            forget()
            text = break_rule(rule, source(name), patch)
            noticed = wrong(text, tmp_path)
        forget()
        assert noticed, f"{name} does not notice: {rule}"


def settings(tree: Tree) -> Iterator[tuple[list, int]]:
    """Every act that sets something of a kernel, a first number is nothing of it: (the list it stands in, its place).

    Not that of a cure which is on offer and cures nothing: its run shows just that nothing changes.
    """
    waiting: list[object] = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            cures_nothing = part.get("value") in part.get("plays", {}).get("acts", ())
            waiting += [inner for name, inner in part.items() if not (cures_nothing and name == "plays")]
        elif isinstance(part, list):
            for place, item in enumerate(part):
                if isinstance(item, str) and item.startswith("set ") and "link" not in item and ".isn" not in item:
                    yield part, place
                waiting.append(item)


def exists(act: str) -> bool:
    """Does it set what there is? A lesson may show that a misspelt name is refused: another one is refused as well."""
    try:
        find_setting(act.split()[1].partition(".")[2])
    except SettingError:
        return False
    return True


@pytest.mark.parametrize("name", each(4))
def test_a_setting_that_does_not_exist_or_is_left_out_is_a_mistake(name: str, tmp_path: Path) -> None:
    """Where a lesson sets a sysctl to show something, it is not shown without it; what is misspelt is always told.

    Not every single one: a run may show that a setting does not do what is said of it, or one number only.
    """
    tree = yaml.load(source(name))
    noticed = total = 0
    for part, place in settings(tree):
        act = part[place]
        part[place] = "wait 1us"
        noticed += wrong(dumped(tree, tmp_path), tmp_path)
        part[place] = act.replace("tcp_", "tpc_") if exists(act) else act
        assert act == part[place] or wrong(dumped(tree, tmp_path), tmp_path)
        part[place] = act
        total += 1
    assert noticed >= total // 3, f"{noticed} of {total} settings of {name} matter"
