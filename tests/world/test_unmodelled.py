"""Settings that are not simulated: each is accepted where it makes no difference, else explained."""

from __future__ import annotations

import pytest

from tutor.profiles import load_profile
from tutor.world.sysctls import SYSCTLS, SettingError, find_setting, with_setting
from tutor.world.unmodelled import FIXED, SINCE, UNTIL, explanation

LINUX = load_profile("linux-6.18")


@pytest.mark.parametrize("name", ["net.netfilter.nf_conntrack_max", "nf_conntrack_max", "fs.nr_open", "nr_open"])
def test_a_setting_outside_tcp_is_explained_not_guessed_at(name: str) -> None:
    """ "It is not TCP" is a better answer than "did you mean"."""
    with pytest.raises(SettingError) as caught:
        find_setting(name)
    assert caught.value.why == explanation(name)
    assert caught.value.nearest is None


def test_a_name_nobody_knows_is_told_the_nearest() -> None:
    """A typing mistake is not explained away."""
    assert explanation("tcp_syn_retires") is None
    with pytest.raises(SettingError, match="did you mean tcp_syn_retries") as caught:
        find_setting("tcp_syn_retires")
    assert caught.value.is_unknown
    assert caught.value.why is None


@pytest.mark.parametrize("name", sorted(FIXED))
def test_what_is_not_simulated_is_accepted_where_it_makes_no_difference(name: str) -> None:
    """The value as which this host behaves changes nothing; any other is refused with the reason."""
    values, why = FIXED[name]
    for value in values or ("0", "1"):
        assert with_setting(LINUX, name, value) is LINUX
    if values:
        with pytest.raises(SettingError, match="not simulated") as caught:
            with_setting(LINUX, name, "12345")
        assert caught.value.why == why


def test_a_kernel_does_not_have_the_settings_of_another_age() -> None:
    """Linux 2.6.32 knows no linear phase of SYN timeouts, and 6.18 no tcp_tw_recycle."""
    with pytest.raises(SettingError, match=r"it came with Linux 6.5, and this host is Linux 2.6.32"):
        with_setting(load_profile("linux-2.6"), "tcp_syn_linear_timeouts", "4")
    assert with_setting(load_profile("rfc9293"), "tcp_syn_linear_timeouts", "4").syn_linear_timeouts == 4


def test_the_tables_do_not_contradict_each_other() -> None:
    """What is simulated is not listed as missing."""
    assert not set(FIXED) & set(SYSCTLS)
    assert not set(SINCE) & set(UNTIL)
