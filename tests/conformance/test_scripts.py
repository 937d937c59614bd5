"""Stories of our own in the packetdrill language: each row of the table of transitions, and each judged by the judge.

``rows.toml`` is the table: U for user calls, S for segments in CLOSED, LISTEN and SYN-SENT, R for SYN-RECEIVED, E for
the other states, X for resets and bad numbers, T for timers. A script says on its first lines which rows it shows.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tutor.exchange.packetdrill.judge import PASS, Manner, judge
from tutor.profiles import load_profile

HERE = Path(__file__).parent
SCRIPTS = sorted((HERE / "scripts").glob("*.pkt"))
LINUX = load_profile("linux-6.18")

ROWS = tomllib.loads((HERE / "rows.toml").read_text(encoding="utf-8"))
"""Number of a row -> what happens, on what condition, where it leads, and where the RFC says so."""

NOT_YET: dict[str, str] = {}
"""Scripts that do not pass yet, each with what is missing. It should be empty."""

SHOWN_ELSEWHERE = {
    "S7": "golden/both_accept_queue_full.json",
    "S8": "golden/syn_queue_full_cookies0.json",
    "R2": "golden/accept_queue_full_ignore.json",
    "R3": "../stories/a-full-accept-queue-may-reset-instead.txt",
    "E18": "golden/timewait_new_syn_higher_seq_older_ts.json",
    "T14": "../world/test_hosts.py::test_a_full_time_wait_table_ends_new_entries_at_once",
}
"""Rows that need more connections, or clocks, than one script has: the recording or story that shows them."""


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_story_is_true_of_linux(path: Path) -> None:
    """Segment for segment, call for call, in time."""
    verdict = judge(path.read_text(encoding="utf-8"), LINUX, Manner())
    if path.stem in NOT_YET:
        assert verdict.kind != PASS, f"{path.stem} passes now: take it off the list"
        pytest.xfail(NOT_YET[path.stem])
    assert verdict.kind == PASS, str(verdict)


AFTER_A_FIN_A_RESET = """\
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 1000 <mss 1000>
+0 > S. 0:0(0) ack 1 <...>
+0 < . 1:1(0) ack 1 win 1000
+0 accept(3, ..., ...) = 4
+0 < F. 1:1(0) ack 1 win 1000
+0 > . 1:1(0) ack 2
+0 < R 2:2(0) win 0
+0 getsockopt(4, SOL_SOCKET, SO_ERROR, [{error}], [4]) = 0
"""


@pytest.mark.parametrize(
    ("profile", "error"),
    [("rfc9293", "ECONNRESET"), ("linux-2.6", "EPIPE"), ("linux-4.19", "EPIPE"), ("linux-6.18", "EPIPE")],
)
def test_a_reset_in_close_wait_breaks_the_pipe_of_linux_alone(profile: str, error: str) -> None:
    """RFC 9293 section 3.10.7.4, second, tells "connection reset" there as elsewhere."""
    for told in ("ECONNRESET", "EPIPE"):
        verdict = judge(AFTER_A_FIN_A_RESET.format(error=told), load_profile(profile), Manner())
        assert (verdict.kind == PASS) is (told == error), str(verdict)


def _rows(path: Path) -> list[str]:
    said = re.search(r"^// Rows: (.+)$", path.read_text(encoding="utf-8"), re.M)
    return said[1].split() if said else []


def test_every_row_of_the_table_has_its_story() -> None:
    """A hundred rows; a script that claims a row that does not exist is found as well."""
    expected = set(ROWS)
    assert len(expected) == 100
    assert all(row["what"] and row["to"] for row in ROWS.values())
    shown = {row for path in SCRIPTS for row in _rows(path)}
    assert shown <= expected, f"no such rows: {sorted(shown - expected)}"
    assert shown | set(SHOWN_ELSEWHERE) == expected, f"no story: {sorted(expected - shown - set(SHOWN_ELSEWHERE))}"
    for place in SHOWN_ELSEWHERE.values():
        name, _, test = place.partition("::")
        assert f"def {test}(" in (HERE / name).read_text(encoding="utf-8") if test else (HERE / name).exists()


def test_every_script_says_which_rows_it_shows() -> None:
    """And its name is a sentence."""
    for path in SCRIPTS:
        assert _rows(path), path.name
        assert path.stem.count("-") >= 2, path.name
    assert len(SCRIPTS) >= 40
