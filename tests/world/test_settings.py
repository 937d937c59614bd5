"""Settings by their Linux names, socket options by theirs, reasons by their clauses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tutor
from tests.world.stage import CALL_AND_CLOSE, PROFILES, run
from tutor.tcp.profile import RULES
from tutor.world.because import HOST_CLAUSES, HOST_REASONS
from tutor.world.counting import TROUBLE
from tutor.world.sockopts import SOCKET_OPTIONS, find_option, option_value
from tutor.world.sysctls import BOUNDS, SYSCTLS, SettingError, find_setting, get_setting, setting_names, with_setting
from tutor.world.time import MS, SECOND
from tutor.world.unmodelled import UNTIL

LINUX = PROFILES["linux-6.18"]


def test_every_setting_sets_a_field_that_exists() -> None:
    """The table names fields of the profile, nothing else."""
    assert {row.field for row in SYSCTLS.values()} <= {rule.name for rule in RULES}


@pytest.mark.parametrize(
    ("name", "value", "field", "number"),
    [
        ("tcp_syn_retries", "2", "syn_retries", 2),
        ("net.ipv4.tcp_keepalive_time", "60", "keepalive_idle_us", 60 * SECOND),
        ("tcp_invalid_ratelimit", "100", "invalid_ack_interval_us", 100 * MS),
        ("tcp_timestamps", "0", "timestamps", False),
        ("tcp_rfc1337", "1", "rst_kills_time_wait", False),
        ("tcp_abort_on_overflow", "1", "abort_on_overflow", True),
        ("tcp_retries2", "5", "data_retries", 5),
        ("profile.msl_us", "30 s", "msl_us", 30 * SECOND),
    ],
)
def test_a_setting_speaks_linux_and_the_profile_microseconds(name: str, value: str, field: str, number: int) -> None:
    """Numbers as Linux counts them, spans as the engine does."""
    profile = with_setting(LINUX, name, value)
    assert getattr(profile, field) == number


@pytest.mark.parametrize("name", sorted(SYSCTLS))
def test_a_setting_read_and_set_again_changes_nothing(name: str) -> None:
    """What ``get`` prints, ``set`` takes; on an old kernel if the setting is gone since."""
    profile = PROFILES["linux-2.6"] if name in UNTIL else LINUX
    again = with_setting(profile, name, get_setting(profile, name))
    field = SYSCTLS[name].field
    assert getattr(again, field) == getattr(profile, field)


def test_the_same_setting_gives_the_same_profile() -> None:
    """Profiles are compared by identity: two runs of one scenario must stay comparable."""
    assert with_setting(LINUX, "somaxconn", "5") is with_setting(LINUX, "net.core.somaxconn", "5")


def test_an_unknown_setting_names_the_nearest_one() -> None:
    """Did you mean...?"""
    with pytest.raises(SettingError, match="did you mean tcp_syncookies") as caught:
        find_setting("tcp_syncookie")
    assert caught.value.nearest == "tcp_syncookies"


@pytest.mark.parametrize(("name", "value"), [("somaxconn", "-1"), ("tcp_sack", "maybe"), ("ip_local_port_range", "5")])
def test_an_impossible_value_says_what_is_allowed(name: str, value: str) -> None:
    """With the name and the value that was found."""
    with pytest.raises(SettingError, match="allowed"):
        with_setting(LINUX, name, value)


def test_names_are_listed_for_whoever_completes_them() -> None:
    """Full names, the limit of descriptors, and the profile's own fields."""
    names = setting_names()
    assert {"net.core.somaxconn", "nofile", "profile.time_wait_us"} <= set(names)
    assert list(names) == sorted(names)


def test_socket_options_have_their_own_units() -> None:
    """Seconds for TCP_KEEPIDLE, milliseconds for TCP_USER_TIMEOUT, as in tcp(7)."""
    assert option_value("TCP_KEEPIDLE", "2") == 2 * SECOND
    assert option_value("TCP_USER_TIMEOUT", "2500") == 2500 * MS
    assert option_value("SO_LINGER", "off") is None
    assert find_option("nodelay") == "TCP_NODELAY"
    with pytest.raises(ValueError, match="did you mean TCP_NODELAY"):
        find_option("TCP_NODLAY")
    assert set(SOCKET_OPTIONS) == {find_option(name) for name in SOCKET_OPTIONS}


def test_an_option_set_before_connect_is_in_force_on_the_connection() -> None:
    """TCP_MAXSEG: the SYN offers 500 octets."""
    trace = run(CALL_AND_CLOSE.replace("connect server:80", "setsockopt TCP_MAXSEG 500\n      connect server:80"))
    syn = trace.flight(1)
    assert syn is not None
    assert syn.segment.options.mss == 500


def test_every_reason_of_the_host_is_given_somewhere_and_has_a_clause() -> None:
    """As for the protocol's reasons: the table and the code name the same ids, both ways."""
    sources = (Path(tutor.__file__).resolve().parent / "world").glob("*.py")
    texts = "\n".join(path.read_text(encoding="utf-8") for path in sources if path.name != "because.py")
    given = {word for word in re.findall(r'"([a-z]+(?:-[a-z]+)*)"', texts) if word in HOST_REASONS}
    assert given == set(HOST_REASONS)
    assert {reason.clause for reason in HOST_REASONS.values()} == set(HOST_CLAUSES)


def test_counters_that_are_recorded_have_linux_names() -> None:
    """As ``nstat`` prints them."""
    assert all(re.fullmatch(r"Tcp(Ext)?[A-Z]\w+", name) for name in TROUBLE)


# --- FreeBSD's names ---

RFC = PROFILES["rfc9293"]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("net.inet.tcp.rfc1323", "1", {"window_scaling": True, "timestamps": True}),
        ("net.inet.tcp.sack.enable", "1", {"sack": True}),
        ("net.inet.tcp.ecn.enable", "2", {"ecn": "asked"}),
        ("net.inet.tcp.insecure_rst", "1", {"reset_must_be_exact": False, "syn_is_challenged": True}),
        ("net.inet.tcp.insecure_syn", "1", {"reset_must_be_exact": True, "syn_is_challenged": False}),
        ("net.inet.tcp.recvspace", "65536", {"receive_buffer": 65536, "buffer_in_segments": True}),
        ("net.inet.tcp.sendspace", "32768", {"send_buffer": 32768}),
        ("net.inet.tcp.rexmit_initial", "1000", {"initial_rto_us": SECOND}),
        ("kern.ipc.maxsockbuf", "2097152", {"window_scale": 6}),
        ("net.inet.tcp.hostcache.purgenow", "1", {}),
        ("net.inet.tcp.blackhole", "0", {}),
    ],
)
def test_a_setting_of_freebsd_sets_what_means_the_same(name: str, value: str, expected: dict[str, object]) -> None:
    """On a host that is no Linux."""
    found = with_setting(RFC, name, value)
    assert {field: getattr(found, field) for field in expected} == expected
    with pytest.raises(SettingError, match="FreeBSD"):
        with_setting(LINUX, name, value)
    with pytest.raises(SettingError, match="FreeBSD"):
        get_setting(RFC, name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("net.inet.tcp.rexmit_slop", "200"),
        ("net.inet.tcp.drop_synfin", "1"),
        ("net.inet.tcp.blackhole", "2"),
        ("net.inet.tcp.syncookies", "1"),
        ("net.inet.tcp.rfc1323", "9"),
        ("net.inet.tcp.sendspace", "much"),
        ("net.inet.tcp.keepidle", "7200000"),
    ],
)
def test_a_setting_of_freebsd_that_would_change_something_else_is_refused(name: str, value: str) -> None:
    """With the reason; an unknown name as well."""
    with pytest.raises(SettingError):
        with_setting(RFC, name, value)


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_a_number_that_the_kernel_would_not_take_is_refused(name: str) -> None:
    """The least and the most are taken, one beyond is not; kernels that nobody asked take what they are given."""
    least, most = BOUNDS[name]
    for value in (least, most):
        assert get_setting(with_setting(LINUX, name, str(value)), name) == str(value)
    for value in ({least - 1, most + 1}) - {-1}:
        with pytest.raises(SettingError, match=f"allowed: {least} to {most}"):
            with_setting(LINUX, name, str(value))
    with_setting(PROFILES["rfc9293"], name, str(most + 1))


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("TCP_SYNCNT", 1, 127),
        ("TCP_KEEPCNT", 1, 127),
        ("TCP_KEEPIDLE", 1, 32767),
        ("TCP_MAXSEG", 88, 32767),
        ("TCP_RTO_MAX_MS", 1000, 120_000),
    ],
)
def test_an_option_has_bounds(name: str, least: int, most: int) -> None:
    """EINVAL in a run; here the value is named with what is allowed."""
    option = SOCKET_OPTIONS[name]
    for value in (least, most):
        assert option.taken(option_value(name, str(value))) == value * option.scale
    for value in (least - 1, most + 1):
        with pytest.raises(ValueError, match=f"allowed: {least} to {most}"):
            option.taken(option_value(name, str(value)))


def test_an_option_may_be_cut_or_taken_back() -> None:
    """TCP_LINGER2 is at most two minutes, and 0 takes it back, as it does TCP_MAXSEG."""
    linger = SOCKET_OPTIONS["TCP_LINGER2"]
    assert [linger.taken(value * SECOND) for value in (1, 120, 121)] == [SECOND, 120 * SECOND, 120 * SECOND]
    assert linger.taken(0) is SOCKET_OPTIONS["TCP_MAXSEG"].taken(0) is None
    assert linger.taken(-SECOND) == -SECOND
