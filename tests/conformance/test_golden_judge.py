"""The judge of recordings is judged: it finds each change where it was made, and says what is wrong with a bad file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conformance.golden_mutations import mutations
from tests.conformance.judging import Trial, complaints
from tests.conformance.recordings import HERE, LINUX, not_yet, recordings
from tests.sampling import few
from tutor.exchange.golden.judge import FAIL, PASS, UNSUPPORTED, Verdict, judge
from tutor.exchange.golden.reading import LARGEST
from tutor.exchange.golden.replaying import Replay
from tutor.exchange.golden.stage import TooLong

Json = dict[str, Any]

_END = "the recording may have ended before the kernel's timer was due"
_TAIL = "one repetition more or fewer is allowed, and the give-up moves with it"
_ALIKE = "two segments alike in a row: the other one is taken for it, and what is missing shows later"
_LATER = "a segment that left later would have arrived later: what it brought about is missed first"
SURVIVORS: dict[tuple[str, str, str], str] = {
    ("accept_queue_full_ignore", "removed", "segment 29"): _END,
    ("both_third_ack_lost_idle", "removed", "segment 35"): _END,
    ("client_defer_accept", "removed", "segment 16"): _END,
    ("cork_200ms", "removed", "segment 26"): _END,
    ("defer_accept_expiry", "removed", "segment 19"): _END,
    ("delayed_ack", "removed", "segment 50"): _END,
    ("keepalive_alive", "removed", "segment 33"): _END,
    ("keepalive_peer_rst", "removed", "segment 31"): _END,
    ("keepalive_traffic_restarts", "removed", "segment 31"): _END,
    ("persist_partial_then_lost", "removed", "segment 35"): _END,
    ("window_smaller_than_segment", "removed", "segment 28"): _END,
    ("fin_not_acked_orphan_retries", "removed", "segment 24"): _TAIL,
    ("fin_not_acked_orphan_retries", "added", "segment 49"): _TAIL,
    ("rto_max_ms_1000", "removed", "segment 32"): _TAIL,
    ("rto_max_ms_1000", "added", "segment 65"): _TAIL,
    ("both_every_segment_twice", "removed", "segment 31"): _ALIKE,
    ("both_every_segment_twice", "removed", "segment 124"): _ALIKE,
    ("both_every_segment_twice", "removed", "segment 131"): _ALIKE,
    ("both_every_segment_twice", "removed", "segment 133"): _ALIKE,
    ("both_syn_arrives_twice_late", "removed", "segment 65"): _ALIKE,
    ("both_syn_arrives_twice_late", "removed", "segment 67"): _ALIKE,
    ("fin_retransmitted_close_wait", "removed", "segment 26"): _ALIKE,
    ("out_of_order_no_sack", "removed", "segment 22"): _ALIKE,
    ("out_of_window_data", "removed", "segment 22"): _ALIKE,
    ("probes_into_our_closed_window", "removed", "segment 38"): _ALIKE,
    ("receiver_zero_window", "removed", "segment 38"): _ALIKE,
    ("receiver_zero_window", "removed", "segment 40"): _ALIKE,
    ("window_update_read_1_mss", "removed", "segment 50"): _ALIKE,
    ("window_update_read_2_mss", "removed", "segment 50"): _ALIKE,
    ("window_update_read_5_mss", "removed", "segment 50"): _ALIKE,
    ("challenge_acks_mixed", "removed", "segment 14"): _ALIKE,
    ("both_delays_differ", "late", "segment 84"): _LATER,
}
"""(recording, what, place) -> why the change is not found there."""


def _text(name: str) -> str:
    return (HERE / "golden" / f"{name}.json").read_text(encoding="utf-8")


# --- one change at a time ---


def _trials(step: int, first: int = 0) -> Iterator[Trial]:
    """Every ``step``-th change of the recordings that are followed, beginning after ``first`` more."""
    number = -1 - first
    for path in (*recordings("golden"), *recordings("asked")):
        if path.stem in not_yet(path.parent.name):
            continue
        for mutation in mutations(json.loads(path.read_text(encoding="utf-8"))):
            number += 1
            if number % step:
                continue
            verdict = judge(mutation.text, LINUX)
            found = verdict.difference
            is_found = (
                verdict.kind == FAIL
                and found is not None
                and (not mutation.fields or found.field in mutation.fields)
                and mutation.first <= found.n <= mutation.last
            )
            told = f"{path.stem}, {mutation.place}, {mutation.what}: {verdict}"
            yield Trial(told, is_found, (path.stem, mutation.what, mutation.place) in SURVIVORS)


@pytest.mark.ci
def test_one_change_is_found_where_it_was_made() -> None:
    """Every two hundredth: a flag, number, length, window, option, state, result, time; one segment more or less."""
    assert not complaints(_trials(200), 120)


@pytest.mark.parametrize("part", few(range(20), 20))
def test_every_change_is_found_where_it_was_made(part: int) -> None:
    """All of them, in twenty parts; what nobody can tell apart is listed with its reason."""
    assert not complaints(_trials(20, part), 300)


def test_the_list_of_survivors_names_recordings_that_exist() -> None:
    """And gives a reason for each."""
    names = {path.stem for folder in ("golden", "asked") for path in recordings(folder)}
    assert all(name in names and len(why) > 10 for (name, _, _), why in SURVIVORS.items())


# --- what is not looked at ---


def test_names_notes_and_checks_are_not_read() -> None:
    """A verdict that depended on them would prove nothing."""
    trace = json.loads(_text("passive_close"))
    for key in ("name", "description", "app_calls", "facts", "checks", "ok"):
        del trace[key]
    trace["peer_script"].insert(0, {"n": 9, "t": 0.0, "do": "note", "note": "listen to this"})
    assert judge(json.dumps(trace), LINUX).kind == PASS


# --- both sides of a difference ---


def _spoilt(name: str, kind: str, i: int, **changes: object) -> Verdict:
    trace = json.loads(_text(name))
    trace[kind][i].update(changes)
    return judge(json.dumps(trace), LINUX)


def test_a_difference_is_told_whole_on_both_sides_with_the_field_marked() -> None:
    """So that nobody has to look up the rest of the segment."""
    assert str(_spoilt("active_close", "kernel_segments", 1, seq=8)).splitlines() == [
        "fail K, segment 2 (n 15): seq",
        "    expected: t=0.013 flags=ACK sport=40000 dport=50000 *seq=8* ack=1 win=64240",
        "    actual:   t=0.012 flags=ACK sport=40000 dport=50000 *seq=1* ack=1 win=64240",
    ]


def test_a_difference_can_be_read_by_machines() -> None:
    """Where, which field, and both entries as objects."""
    told = _spoilt("active_open_ok", "kernel_segments", 1, seq=8).as_json()
    assert (told["verdict"], told["difference"]["field"]) == (FAIL, "seq")
    assert (told["difference"]["expected"]["seq"], told["difference"]["actual"]["seq"]) == (8, 1)
    assert judge(_text("active_open_ok"), LINUX).as_json() == {"verdict": PASS}


def test_a_segment_that_never_comes_is_told_against_nothing() -> None:
    """And one that nobody recorded."""
    trace = json.loads(_text("passive_close"))
    last = trace["kernel_segments"].pop()
    told = str(judge(json.dumps(trace), LINUX))
    assert "expected: nothing" in told
    assert f"flags={last['flags']}" in told


# --- what is not simulated ---


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda t: t["sysctls"].update({"net.ipv4.tcp_mtu_probing": 1}), "tcp_mtu_probing"),
        (lambda t: t["sysctls"].update({"net.ipv4.no_such_setting": 1}), "no_such_setting"),
        (lambda t: t["calls"][2]["args"].update(opt="TCP_FASTOPEN"), "the socket option TCP_FASTOPEN"),
        (lambda t: t["calls"][2].update(call="splice"), "the call splice()"),
        (lambda t: t["calls"][4]["args"].update(addr="10.9.9.9"), "connect() to 10.9.9.9"),
    ],
)
def test_what_is_not_simulated_is_named_and_never_passes(change: Callable[[Json], None], what: str) -> None:
    """A setting, an option, a call, a peer that is not there."""
    trace = json.loads(_text("active_open_ok"))
    change(trace)
    verdict = judge(json.dumps(trace), LINUX)
    assert verdict.kind == UNSUPPORTED
    assert what in str(verdict)


def test_a_closed_before_anything_was_seen_need_not_be_listed_but_one_after_it_must() -> None:
    """A listener that was shut down at once was never sampled; one that was sampled and is gone is CLOSED."""
    path = HERE / "asked" / "listen_again_after_shutdown.json"
    assert judge(path.read_text(encoding="utf-8"), LINUX).kind == PASS
    trace = json.loads(path.read_text(encoding="utf-8"))
    seen_early = {**trace["states"][0], "n": 11.5, "t": 0.0}
    trace["states"].insert(0, seen_early)
    for entry in (each for key in ("calls", "kernel_segments", "states", "peer_script") for each in trace[key]):
        entry["n"] = round(entry["n"] * 2)
        if entry.get("n_done"):
            entry["n_done"] *= 2
    verdict = judge(json.dumps(trace), LINUX)
    assert (verdict.kind, "CLOSED" in str(verdict)) == (FAIL, True), str(verdict)


# --- files that are no recordings ---


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t.pop("env"), "env: found nothing"),
        (lambda t: t.pop("calls"), "calls: found nothing; allowed: a list"),
        (lambda t: t["env"].update(peer=None), "env.hosts: found 1 hosts, peer None"),
        (lambda t: t["env"]["hosts"].update(K="nowhere"), "env.hosts.K: found nowhere; allowed: an IPv4 address"),
        (lambda t: t["compare"].update(order="none"), "compare.order: found none; allowed: host, connection"),
        (lambda t: t["kernel_segments"][0].update(flags="ACK,SYN"), "kernel_segments[0].flags: found ACK,SYN"),
        (lambda t: t["kernel_segments"][0].update(seq="one"), "kernel_segments[0].seq: found one"),
        (lambda t: t["kernel_segments"][0].update(t=-1), "kernel_segments[0].t: found -1"),
        (lambda t: t["kernel_segments"][0].pop("win"), "kernel_segments[0].win: found nothing"),
        (lambda t: t["states"][0].update(state="OPEN"), "states[0].state: found OPEN"),
        (lambda t: t["states"].append(3), "states[1]: found a number; allowed: an object"),
        (lambda t: t["calls"][1].update(n=1), "calls: found n 1 after 1"),
        (lambda t: t["calls"][0].update(n_done=1), "calls[0].n_done: found 1; allowed: a number above n"),
        (lambda t: t["peer_script"][0].update(do="sing"), "peer_script[0].do: found sing"),
        (lambda t: t["peer_script"][0]["opts"].update(ts_echo_of=99), "found kernel segment 99"),
        (lambda t: t.update(duration=1e9), "duration: found 1000000000.0; allowed: seconds from 0 to 86400"),
    ],
)
def test_a_bad_file_is_told_by_place_found_and_allowed(change: Callable[[Json], object], told: str) -> None:
    """Whoever wrote it by hand finds the mistake; nothing is a traceback."""
    trace = json.loads(_text("active_open_ok"))
    trace["states"] = trace["states"][:1]
    change(trace)
    verdict = judge(json.dumps(trace), LINUX)
    assert verdict.kind == FAIL
    assert told in verdict.what


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1, column 1"),
        ('{"calls": [1, 2', "line 1, column 16"),
        ("[]", "the file: found a list; allowed: an object"),
        ("[" * 100_000, "lists within lists"),
        ('{"duration": NaN}', "NaN is no number of JSON"),
        (" " * (LARGEST + 1), "characters; allowed: at most 20000000"),
    ],
    ids=["empty", "cut off", "list", "deep", "nan", "huge"],
)
def test_what_is_no_json_is_told_with_line_and_column(text: str, told: str) -> None:
    """Also what is far too large or nested without end."""
    verdict = judge(text, LINUX)
    assert (verdict.kind, told in verdict.what) == (FAIL, True), verdict.what


def test_a_recording_that_never_comes_to_rest_is_unsupported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hosts may answer each other for ever: that has an end."""

    def run(_self: Replay) -> None:
        raise TooLong("more than 1 steps")

    monkeypatch.setattr(Replay, "run", run)
    assert str(judge(_text("active_open_ok"), LINUX)) == "unsupported more than 1 steps"


@pytest.mark.parametrize("backlog", [-1, 1 << 31])
def test_a_backlog_without_limit_is_the_largest(backlog: int) -> None:
    """As ``listen(-1)`` is to a kernel."""
    trace = json.loads(_text("passive_open_ok"))
    next(call for call in trace["calls"] if call["call"] == "listen")["args"]["backlog"] = backlog
    assert judge(json.dumps(trace), LINUX).kind == PASS


def test_an_argument_that_makes_no_sense_is_unsupported_with_what_is_allowed() -> None:
    """A program may pass anything to a call; what the simulated host cannot be asked is not judged."""
    trace = json.loads(_text("passive_open_ok"))
    next(call for call in trace["calls"] if call["call"] == "setsockopt")["args"]["value"] = "seventeen"
    verdict = judge(json.dumps(trace), LINUX)
    assert verdict.kind == UNSUPPORTED
    assert "setsockopt() with seventeen; allowed: " in verdict.what
