"""What a Linux 6.18 kernel did, recorded on the wire, the simulated one does too: to the segment, option and errno."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.replay import Replay, compare, load, verdict

GOLDEN = sorted(Path(__file__).with_name("golden").glob("*.json"))
NOT_YET = {
    line.split()[0]
    for line in Path(__file__).with_name("golden").joinpath("not_yet.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
}
"""Traces that the simulated kernel does not follow yet."""
SIMPLEST = (
    "active_open_ok", "passive_open_ok", "passive_close", "both_handshake_close", "both_syn_lost_twice", "both_refused",
    "both_last_ack_lost", "both_third_ack_lost_idle",
)  # fmt: skip


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_simulated_kernel_does_what_the_real_one_did(path: Path) -> None:
    """Flags, numbers, windows, options, results, errors, states and times, in order; the first difference is named."""
    if path.stem not in NOT_YET:
        assert verdict(load(path)) is None
        return
    try:
        difference = verdict(load(path))
    except (LookupError, ValueError, AssertionError, TypeError) as unknown:  # a setting or call not simulated yet
        difference = f"{type(unknown).__name__}: {unknown}"
    assert difference is not None, f"{path.stem} is followed now: take it off the list"
    pytest.xfail(difference)


def test_the_simplest_traces_are_among_them() -> None:
    """Opening, closing and their losses are the ground everything else stands on."""
    assert set(SIMPLEST) <= {path.stem for path in GOLDEN}
    assert len(GOLDEN) >= 66


# --- the judge is judged: one field changed, and the comparison must fail at that field ---


def _segment(trace: dict[str, Any]) -> dict[str, Any]:
    return trace["kernel_segments"][-1]  # type: ignore[no-any-return]


def _change(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def mutate(trace: dict[str, Any]) -> None:
        _segment(trace)[name] = value

    return mutate


def _drop_segment(trace: dict[str, Any]) -> None:
    trace["kernel_segments"].pop()


def _change_state(trace: dict[str, Any]) -> None:
    trace["states"][-1]["state"] = "CLOSING"


def _change_result(trace: dict[str, Any]) -> None:
    call = next(each for each in trace["calls"] if each["call"] in ("connect", "listen"))
    call["error"] = "EALREADY"


def _change_time(trace: dict[str, Any]) -> None:
    _segment(trace)["t"] -= 0.5


def _change_option(trace: dict[str, Any]) -> None:
    segment = trace["kernel_segments"][0]
    segment["opts"] = {**segment["opts"], "mss": 1400}


MUTATIONS: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "flags": (_change("flags", "SYN,FIN"), "flags is"),
    "seq": (_change("seq", 4711), "seq is"),
    "len": (_change("len", 4711), "len is"),
    "win": (_change("win", 4711), "win is"),
    "option": (_change_option, "mss is"),
    "time": (_change_time, " at "),
    "state": (_change_state, "states are"),
    "result": (_change_result, "error is"),
}


@pytest.mark.parametrize("name", ["passive_close", "both_handshake_close", "both_last_ack_lost", "active_open_ok"])
@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_one_changed_field_is_found(name: str, mutation: str) -> None:
    """A comparison that lets a wrong flag, number, window, option, state, result or time pass would prove nothing."""
    trace = load(Path(__file__).with_name("golden") / f"{name}.json")
    done = Replay(trace).run()
    assert compare(trace, done) is None
    changed = copy.deepcopy(trace)
    mutate, expected = MUTATIONS[mutation]
    mutate(changed)
    difference = compare(changed, done)
    assert difference is not None and expected in difference, difference


@pytest.mark.parametrize("name", ["passive_close", "both_syn_lost_twice"])
def test_a_segment_too_many_is_found(name: str) -> None:
    """The kernel kept quiet where we speak."""
    trace = load(Path(__file__).with_name("golden") / f"{name}.json")
    done = Replay(trace).run()
    _drop_segment(trace)
    assert "the kernel sent" in str(compare(trace, done))
