"""What a Linux 6.18 kernel did, recorded on the wire, the simulated one does too: to the segment, option and errno."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.recordings import HERE, LINUX, hold, not_yet, recordings
from tutor.world.sysctls import SYSCTLS, get_setting

GOLDEN = recordings("golden")
SIMPLEST = (
    "active_open_ok", "passive_open_ok", "passive_close", "both_syn_lost_twice", "both_refused",
    "both_third_ack_lost_idle",
)  # fmt: skip
NOT_REPLAYABLE = {"delayed_ack_every_two_reader", "syn_recv_pruned_under_load"}
"""What the format's description itself calls not replayable exactly."""


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_simulated_kernel_does_what_the_real_one_did(path: Path) -> None:
    """Flags, numbers, windows, options, results, errors, states and times, in order; the first difference is named."""
    hold(path)


def test_the_simplest_traces_are_followed() -> None:
    """Opening, closing and their losses are the ground everything else stands on."""
    assert set(SIMPLEST) <= {path.stem for path in GOLDEN} - set(not_yet("golden"))
    assert len(GOLDEN) >= 107


def test_the_list_gives_a_reason_for_each() -> None:
    """And names only traces that exist."""
    assert set(not_yet("golden")) <= {path.stem for path in GOLDEN}
    assert all(len(reason) > 5 for reason in not_yet("golden").values())


NOT_COMPARED = {"tcp_mem", "tcp_rmem", "tcp_wmem", "tcp_max_orphans", "tcp_orphan_retries"}
"""Settings that scale with the memory of the machine; and one whose 0 stands for the 8 that the profile says."""


def test_the_profile_has_the_defaults_of_the_recorded_kernel() -> None:
    """Every setting that is simulated, as a fresh network namespace had it."""
    recorded = json.loads((HERE / "golden" / "kernel_defaults.json").read_text(encoding="utf-8"))
    defaults = recorded["facts"]["sysctl_defaults"]
    wrong = {
        name: (" ".join(defaults[name].split()), get_setting(LINUX, name))
        for name in SYSCTLS
        if name in defaults and name.rpartition(".")[2] not in NOT_COMPARED
    }
    assert {name: both for name, both in wrong.items() if both[0] != both[1]} == {}
