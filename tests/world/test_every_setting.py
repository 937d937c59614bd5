"""Every setting of the measured kernel is simulated, explained, or refused by name; none is silently ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.profiles import load_profile
from tutor.tcp.profile import RULES
from tutor.world.sysctls import BOUNDS, SYSCTLS, SettingError, find_setting, get_setting, with_setting
from tutor.world.unmodelled import ABSENT, FIXED, OUTSIDE, explanation

LINUX = load_profile("linux-6.18")
LIST = Path(__file__).parent / "data" / "sysctls-6.18.44.txt"

RECORDED = {
    name.strip(): value.strip()
    for name, _, value in (line.partition("=") for line in LIST.read_text(encoding="utf-8").splitlines())
    if not name.startswith("#")
}
"""Full name -> the value that Linux 6.18.44 has after starting."""

ELSEWHERE = {"net.ipv4.tcp_congestion_control": "cubic"}
"""Settings whose recorded value is the choice of the machine's owner -> the profile's, whose source says why."""

NOT_AS_RECORDED = {
    "net.ipv4.tcp_moderate_rcvbuf",
    "net.core.rmem_max",
    "net.core.wmem_max",
}
"""Mechanisms that the kernel has switched on and that are not modelled: their recorded values are refused."""

UNMODELLED = sorted(name for name in RECORDED if name in FIXED)
EXPLAINED = sorted(name for name in RECORDED if name not in FIXED and name not in SYSCTLS)


def test_the_list_is_that_of_a_whole_kernel() -> None:
    """All of net.ipv4.tcp_*, net.ipv4.ip_* and net.core.*, with values that other records confirm."""
    assert len([name for name in RECORDED if name.startswith("net.ipv4.tcp_")]) > 80
    assert len([name for name in RECORDED if name.startswith("net.core.")]) > 30
    assert RECORDED["net.ipv4.tcp_syn_linear_timeouts"] == "4"
    assert RECORDED["net.core.somaxconn"] == "4096"


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_no_setting_of_the_kernel_is_a_name_nobody_knows(name: str) -> None:
    """In full, and where sysctl(8) takes them, with slashes."""
    known = [name in SYSCTLS, name in FIXED, explanation(name) is not None]
    assert sum(known) == 1, name
    for spelled in (name, name.replace(".", "/")):
        if explanation(name) is None:
            assert find_setting(spelled) == name
        else:
            with pytest.raises(SettingError) as caught:
                find_setting(spelled)
            assert caught.value.why == explanation(name)


@pytest.mark.parametrize("name", sorted(set(RECORDED) & set(SYSCTLS)))
def test_what_is_simulated_begins_as_the_kernel_does(name: str) -> None:
    """Read from the profile and printed as Linux prints it, it is what Linux printed."""
    assert get_setting(LINUX, name) == ELSEWHERE.get(name, RECORDED[name])


def test_the_memory_of_an_old_kernels_buffer_is_told_as_it_was() -> None:
    """87380 octets since 2.4: three quarters of them window on 2.6.32, half on 4.19; what is read can be set again."""
    for name, window in (("linux-2.6", 65535), ("linux-4.19", 43690)):
        profile = load_profile(name)
        text = get_setting(profile, "tcp_rmem")
        assert text.split()[1] == "87380"
        assert with_setting(profile, "tcp_rmem", text).receive_buffer == profile.receive_buffer == window


def test_a_default_that_is_not_the_recorded_one_says_why() -> None:
    """The machine measured had bbr as its default; cubic is what most kernels are built with, and says so."""
    for name in ELSEWHERE:
        source = LINUX.source(SYSCTLS[name].field)
        assert source.status == "our choice"
        assert "most distributions" in source.text


@pytest.mark.parametrize("name", UNMODELLED)
def test_what_is_not_simulated_stands_at_the_kernels_value_or_refuses_it(name: str) -> None:
    """A host behaves as one with the recorded setting; where it does not, asking for that setting is refused."""
    if name in NOT_AS_RECORDED:
        with pytest.raises(SettingError, match="not simulated") as caught:
            with_setting(LINUX, name, RECORDED[name])
        assert caught.value.why == FIXED[name].why
    else:
        assert with_setting(LINUX, name, RECORDED[name]) is LINUX


@pytest.mark.parametrize("name", EXPLAINED)
def test_what_is_explained_is_refused_with_that_sentence(name: str) -> None:
    """Never accepted, whatever the value."""
    with pytest.raises(SettingError, match="is not simulated") as caught:
        with_setting(LINUX, name, RECORDED[name])
    assert caught.value.why in (*OUTSIDE.values(), *ABSENT.values())


def test_a_simulated_setting_does_something() -> None:
    """Each of them changes a value of its profile when it is set to something else."""
    for name in set(RECORDED) & set(SYSCTLS):
        changed = with_setting(LINUX, name, _other(get_setting(LINUX, name), name))
        assert any(getattr(changed, rule.name) != getattr(LINUX, rule.name) for rule in RULES), name


def _other(value: str, name: str) -> str:
    """A value that the setting does not have."""
    if name.endswith("congestion_control"):
        return "reno"
    if name.endswith("reserved_ports"):
        return "8080"
    if " " in value:
        return " ".join(str(int(word) // 2) for word in value.split())
    if name in BOUNDS:
        return next(str(bound) for bound in BOUNDS[name] if str(bound) != value)
    return "0" if value != "0" else "1"


def test_nanoseconds_are_taken_in_whole_microseconds() -> None:
    """The clock here counts microseconds: what is finer is refused, not rounded."""
    changed = with_setting(LINUX, "tcp_comp_sack_delay_ns", "500000")
    assert (changed.gather_us, get_setting(changed, "tcp_comp_sack_delay_ns")) == (500, "500000")
    with pytest.raises(SettingError, match="whole microseconds"):
        with_setting(LINUX, "tcp_comp_sack_delay_ns", "500001")
