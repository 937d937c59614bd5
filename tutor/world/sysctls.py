"""Settings of a host by their Linux names: which field of the profile each one is, and in which unit.

Rules
-----
* A setting is named in full (``net.ipv4.tcp_syn_retries``) or by its last part (``tcp_syn_retries``).
* Setting one makes another profile for that host, whose source for the field says that it was set.
* A setting that is not simulated is accepted where that makes no difference, else refused with the reason
  (``unmodelled``); one outside TCP is explained; an unknown one is told the nearest name.
* A profile's field without a Linux name can be set too, as ``profile.FIELD`` or ``FIELD``; so can ``nofile``, the
  number of descriptors (a limit of processes, not a sysctl), ``scripted``, and ``isn``, the next initial number.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import NamedTuple

from tutor.tcp.profile import RULES, Profile, Source
from tutor.world import buffers, freebsd
from tutor.world.portlist import reserved_ports
from tutor.world.time import MS, SECOND, parse_duration
from tutor.world.unmodelled import FIXED, explained_names, explanation, version_number, why_not_here


class Sysctl(NamedTuple):
    """``field`` of the profile, and the ``unit`` in which the setting counts (``count``, ``s``, ``yes/no``...)."""

    field: str
    unit: str


_IPV4 = "net.ipv4."
_CORE = "net.core."

SYSCTLS: dict[str, Sysctl] = {
    _IPV4 + "tcp_syn_retries": Sysctl("syn_retries", "count"),
    _IPV4 + "tcp_syn_linear_timeouts": Sysctl("syn_linear_timeouts", "count"),
    _IPV4 + "tcp_synack_retries": Sysctl("synack_retries", "count"),
    _IPV4 + "tcp_syncookies": Sysctl("syncookies", "0-2"),
    _IPV4 + "tcp_max_syn_backlog": Sysctl("max_syn_backlog", "count"),
    _IPV4 + "tcp_abort_on_overflow": Sysctl("abort_on_overflow", "yes/no"),
    _IPV4 + "tcp_max_tw_buckets": Sysctl("max_tw_buckets", "count"),
    _IPV4 + "tcp_tw_reuse": Sysctl("tw_reuse", "0-2"),
    _IPV4 + "tcp_tw_reuse_delay": Sysctl("tw_reuse_delay_us", "ms"),
    _IPV4 + "tcp_tw_recycle": Sysctl("tw_recycle", "yes/no"),
    _IPV4 + "tcp_max_orphans": Sysctl("max_orphans", "count"),
    _IPV4 + "ip_local_reserved_ports": Sysctl("reserved_ports", "ports"),
    _IPV4 + "tcp_rfc1337": Sysctl("rst_kills_time_wait", "no/yes"),
    _IPV4 + "tcp_orphan_retries": Sysctl("orphan_retries", "count"),
    _IPV4 + "tcp_fin_timeout": Sysctl("fin_wait_2_us", "s"),
    _IPV4 + "tcp_keepalive_time": Sysctl("keepalive_idle_us", "s"),
    _IPV4 + "tcp_keepalive_intvl": Sysctl("keepalive_interval_us", "s"),
    _IPV4 + "tcp_keepalive_probes": Sysctl("keepalive_probes", "count"),
    _IPV4 + "tcp_invalid_ratelimit": Sysctl("invalid_ack_interval_us", "ms"),
    _IPV4 + "tcp_challenge_ack_limit": Sysctl("challenge_ack_limit", "count"),
    _IPV4 + "tcp_window_scaling": Sysctl("window_scaling", "yes/no"),
    _IPV4 + "tcp_timestamps": Sysctl("timestamps", "yes/no"),
    _IPV4 + "tcp_sack": Sysctl("sack", "yes/no"),
    _IPV4 + "tcp_dsack": Sysctl("dsack", "yes/no"),
    _IPV4 + "tcp_comp_sack_nr": Sysctl("gathered_acks", "count"),
    _IPV4 + "tcp_comp_sack_delay_ns": Sysctl("gather_us", "ns"),
    _IPV4 + "tcp_comp_sack_slack_ns": Sysctl("gather_slack_us", "ns"),
    _IPV4 + "tcp_reordering": Sysctl("reordering", "count"),
    _IPV4 + "tcp_max_reordering": Sysctl("max_reordering", "count"),
    _IPV4 + "tcp_early_retrans": Sysctl("early_retrans", "count"),
    _IPV4 + "tcp_recovery": Sysctl("recovery_mode", "count"),
    _IPV4 + "tcp_frto": Sysctl("frto", "count"),
    _IPV4 + "tcp_retrans_collapse": Sysctl("repacks_repetitions", "yes/no"),
    _IPV4 + "tcp_min_snd_mss": Sysctl("min_send_mss", "count"),
    _IPV4 + "tcp_rto_min_us": Sysctl("rto_min_us", "us"),
    _IPV4 + "tcp_rto_max_ms": Sysctl("rto_max_us", "ms"),
    _IPV4 + "tcp_retries2": Sysctl("data_retries", "count"),
    _IPV4 + "tcp_congestion_control": Sysctl("congestion_control", "word"),
    _IPV4 + "tcp_slow_start_after_idle": Sysctl("slow_start_after_idle", "yes/no"),
    _IPV4 + "tcp_pacing_ss_ratio": Sysctl("pacing_slow_start_percent", "count"),
    _IPV4 + "tcp_pacing_ca_ratio": Sysctl("pacing_avoidance_percent", "count"),
    _IPV4 + "tcp_min_tso_segs": Sysctl("min_burst_segments", "count"),
    _IPV4 + "tcp_tso_win_divisor": Sysctl("burst_window_divisor", "count"),
    _IPV4 + "tcp_tso_rtt_log": Sysctl("burst_rtt_log", "count"),
    _IPV4 + "tcp_notsent_lowat": Sysctl("notsent_lowat", "count"),
    _IPV4 + "tcp_ecn": Sysctl("ecn", "nth"),
    _IPV4 + "tcp_ecn_fallback": Sysctl("ecn_fallback", "yes/no"),
    _IPV4 + "tcp_rmem": Sysctl("receive_buffer", "rmem"),
    _IPV4 + "tcp_wmem": Sysctl("send_buffer", "wmem"),
    _IPV4 + "ip_local_port_range": Sysctl("first_port", "range"),
    _CORE + "somaxconn": Sysctl("somaxconn", "count"),
}
"""Full Linux name -> field and unit."""

BOUNDS = {
    _IPV4 + "tcp_syn_retries": (1, 127),
    _IPV4 + "tcp_syn_linear_timeouts": (0, 127),
    _IPV4 + "tcp_synack_retries": (0, 255),
    _IPV4 + "tcp_retries2": (0, 255),
    _IPV4 + "tcp_orphan_retries": (0, 255),
    _IPV4 + "tcp_keepalive_probes": (0, 255),
    _IPV4 + "tcp_rto_min_us": (1, 2**31 - 1),
    _IPV4 + "tcp_rto_max_ms": (1000, 120_000),
    _IPV4 + "tcp_tw_reuse_delay": (1, 60_000),
    _IPV4 + "tcp_reordering": (1, 300),
    _IPV4 + "tcp_early_retrans": (0, 4),
    _IPV4 + "tcp_comp_sack_nr": (0, 255),
    _IPV4 + "tcp_min_tso_segs": (1, 255),
}
"""The least and the most that Linux takes, in its own unit: asked of 6.18.44, and not held against older kernels."""

BOUNDED_SINCE = (6, 18)
"""The first Linux whose bounds these are known to be."""

NOFILE = "nofile"
"""The limit of descriptors (RLIMIT_NOFILE)."""

SCRIPTED = "scripted"
"""``yes``: this machine has no kernel that answers; it says only what is injected in its name."""

NEXT_ISN = "isn"
"""The initial sequence number of the next connection (an adversary who can place one; RFC 6528 is about him)."""

OF_THE_MACHINE = (NOFILE, SCRIPTED, NEXT_ISN)
"""Settings of the host itself, not of its profile."""

_FIELDS = {rule.name: rule for rule in RULES}
NS_PER_US = 1000
_SCALES = {"s": SECOND, "ms": MS, "us": 1}


class SettingError(ValueError):
    """A setting that does not exist, or a value it cannot have.

    ``nearest`` is the name that was perhaps meant when it ``is_unknown``; ``why`` says why a setting that real hosts
    have is not simulated.
    """

    def __init__(
        self, message: str, nearest: str | None = None, why: str | None = None, *, is_unknown: bool = False
    ) -> None:
        super().__init__(message)
        self.is_unknown = is_unknown
        self.nearest = nearest
        self.why = why


class AnotherAge(SettingError):
    """A setting that Linux has, but not in this version."""


def setting_names() -> tuple[str, ...]:
    """Every name that can be set, in full, sorted."""
    return tuple(sorted((*SYSCTLS, *OF_THE_MACHINE, *(f"profile.{name}" for name in _FIELDS))))


def nearest_settings(text: str) -> list[str]:
    """The last parts of the names most like ``text``, nearest first: all of them would be a wall of words."""
    short = [name.rpartition(".")[2] for name in (*SYSCTLS, *explained_names())]
    return get_close_matches(text.rpartition(".")[2], short, 6, 0.4) or short[:6]


@cache
def _last_parts() -> tuple[str, ...]:
    """The last part of every name, those of Linux first; then what is explained and not simulated."""
    names = (*SYSCTLS, *FIXED, *setting_names(), *explained_names())
    return tuple(dict.fromkeys(name.rpartition(".")[2] for name in names))


def find_setting(text: str) -> str:
    """The full name that ``text`` means. Raises ``SettingError`` with the nearest name."""
    word = text.strip().replace("/", ".")
    for name in (*SYSCTLS, *FIXED):
        if word in (name, name.rpartition(".")[2]):
            return name
    if freebsd.is_here(word):
        return word
    if word in OF_THE_MACHINE:
        return word
    if word.removeprefix("profile.") in _FIELDS:
        return f"profile.{word.removeprefix('profile.')}"
    outside = explanation(word)
    if outside is not None:
        raise SettingError(f"{word} is not simulated: {outside}", why=outside)
    nearest = next(iter(get_close_matches(word.rpartition(".")[2], _last_parts(), 1, 0.6)), None)
    hint = f"; did you mean {nearest}?" if nearest else ""
    allowed = ", ".join(nearest_settings(word))
    raise SettingError(f"no setting {text!r}{hint} Allowed: {allowed}, ...", nearest, is_unknown=True)


def find_field(text: str) -> str:
    """The field of a profile that ``text`` means: ``time_wait_us``, ``time_wait`` or ``profile.time_wait_us``.

    Raises ``SettingError`` with the nearest name.
    """
    word = text.strip().removeprefix("profile.")
    for name in (word, f"{word}_us", f"{word}_ns"):
        if name in _FIELDS:
            return name
    nearest = next(iter(get_close_matches(word, _FIELDS, 1, 0.5)), None)
    hint = f"; did you mean {nearest}?" if nearest else ""
    raise SettingError(f"no constant {text!r}{hint}", nearest, is_unknown=True)


@cache
def settable_fields(version: str) -> frozenset[str]:
    """The fields that a setting of a Linux of this ``version`` ("": no Linux) reaches; the rest are its constants."""
    here = (row.field for name, row in SYSCTLS.items() if why_not_here(name, version) is None)
    return frozenset((*here, *_BESIDES))


_BESIDES = ("last_port", "window_scale")
"""Fields that come along with another one: ip_local_port_range and tcp_rmem set two."""


def with_setting(profile: Profile, name: str, text: str) -> Profile:
    """``profile`` with the setting ``name`` (full or last name) at ``text``. Raises ``SettingError``.

    The same three arguments give the same profile object, so that worlds stay comparable.
    """
    return _with_setting(profile, find_setting(name), text.strip())


@lru_cache(maxsize=4096)
def _with_setting(profile: Profile, name: str, text: str) -> Profile:
    if name in (NOFILE, NEXT_ISN):
        whole_number(name, text)
        return profile
    if name == SCRIPTED:
        if text not in ("yes", "no"):
            raise SettingError(f"{name} is {text!r}; allowed: yes or no")
        return profile
    absent = why_not_here(name, profile.version)
    if absent is not None:
        raise AnotherAge(f"no {name} here: {absent}", why=absent)
    if name in FIXED and name not in SYSCTLS:
        return _fixed(profile, name, text)
    _check_bounds(profile, name, text)
    changes = _freebsd(profile, name, text) if freebsd.is_here(name) else _changes(profile, name, text)
    if changes.get("syncookies") and not profile.version:
        raise SettingError(f"{name} is {text!r}; allowed: 0, because {_NO_COOKIES}", why=_NO_COOKIES)
    note = Source(f"set to {text} here ({name})", "our choice")
    return replace(profile, sources={**profile.sources, **dict.fromkeys(changes, note)}, **changes)  # type: ignore[arg-type]


def _check_bounds(profile: Profile, name: str, text: str) -> None:
    """Raise ``SettingError`` for a number that this kernel would not take."""
    is_known = bool(profile.version) and version_number(profile.version) >= BOUNDED_SINCE
    if is_known and name in BOUNDS and not BOUNDS[name][0] <= whole_number(name, text) <= BOUNDS[name][1]:
        raise SettingError(f"{name} is {text!r}; allowed: {BOUNDS[name][0]} to {BOUNDS[name][1]}")


_NO_COOKIES = "a cookie opens a connection from LISTEN, which RFC 9293 does not know; choose a Linux profile"


def _freebsd(profile: Profile, name: str, text: str) -> dict[str, int | str | bool]:
    """What a setting of FreeBSD changes on a host that is no Linux."""
    if profile.version:
        raise SettingError(f"no {name} here: it is a setting of FreeBSD", why="it is a setting of FreeBSD")
    try:
        return freebsd.fields(name, text)
    except ValueError as error:
        raise SettingError(f"{name} is {text!r}: {error}", why=str(error)) from None


def _fixed(profile: Profile, name: str, text: str) -> Profile:
    """``profile`` as it is, if ``name`` at ``text`` makes no difference here. Raises ``SettingError``."""
    values, why = FIXED[name]
    if values and text not in values:
        raise SettingError(f"{name} is {text!r}, not simulated: {why}; allowed: {', '.join(values)}", why=why)
    return profile


def get_setting(profile: Profile, name: str) -> str:
    """The value of a setting as Linux would print it. Raises ``SettingError`` for an unknown one."""
    full = find_setting(name)
    if full in OF_THE_MACHINE:
        raise SettingError(f"{full} belongs to the host, not to its profile")
    if full in FIXED and full not in SYSCTLS:
        raise SettingError(f"{full} is not simulated: {FIXED[full].why}", why=FIXED[full].why)
    if freebsd.is_here(full):
        raise SettingError(f"{full} is a setting of FreeBSD; ask for the field: profile.NAME")
    if full not in SYSCTLS:
        value = getattr(profile, full.removeprefix("profile."))
        return str(int(value)) if isinstance(value, bool) else str(value)
    field, unit = SYSCTLS[full]
    value = getattr(profile, field)
    if unit == "rmem":
        return buffers.receive_text(profile)
    if unit == "wmem":
        return buffers.send_text(profile)
    if unit == "range":
        return f"{profile.first_port} {profile.last_port}"
    if unit == "nth":
        return str(_words(field).index(value))
    if unit == "ports":
        return str(value)
    if unit == "word":
        return str(value)
    if unit == "no/yes":
        return str(int(not value))
    return str(int(value) * NS_PER_US if unit == "ns" else int(value) // _SCALES.get(unit, 1))


def whole_number(name: str, text: str) -> int:
    """``text`` as a whole number. Raises ``SettingError``."""
    if not text.isdigit():
        raise SettingError(f"{name} is {text!r}; allowed: a whole number")
    return int(text)


def _changes(profile: Profile, name: str, text: str) -> dict[str, int | str | bool]:
    """The profile fields that setting ``name`` to ``text`` changes."""
    if name not in SYSCTLS:
        field = name.removeprefix("profile.")
        return {field: _field_value(field, text)}
    field, unit = SYSCTLS[name]
    if unit in ("rmem", "wmem"):
        return _memory(profile, name, text, unit)
    if unit == "range":
        ports = text.replace("-", " ").replace(",", " ").split()
        if (
            len(ports) != 2
            or not all(port.isdigit() for port in ports)
            or not 1 <= int(ports[0]) <= int(ports[1]) < 65536
        ):
            raise SettingError(f"{name} is {text!r}; allowed: two ports, as 32768-60999")
        return {"first_port": int(ports[0]), "last_port": int(ports[1])}
    if unit in ("yes/no", "no/yes"):
        if text not in ("0", "1", "2", "yes", "no"):
            raise SettingError(f"{name} is {text!r}; allowed: 0 or 1")
        return {field: (text in ("1", "2", "yes")) is (unit == "yes/no")}
    if unit in ("nth", "word"):
        words = _words(field)
        named = dict(zip(map(str, range(len(words))) if unit == "nth" else words, words, strict=False))
        if text not in named:
            raise SettingError(f"{name} is {text!r}; allowed: {', '.join(named)}")
        return {field: named[text]}
    if unit == "ports":
        return {field: _port_list(name, text)}
    return {field: _number(name, text, unit)}


def _number(name: str, text: str, unit: str) -> int:
    """``text`` as the number that a field holds. Raises ``SettingError``."""
    if unit == "0-2" and text not in ("0", "1", "2"):
        raise SettingError(f"{name} is {text!r}; allowed: 0, 1 or 2")
    number = whole_number(name, text)
    if unit != "ns":
        return number * _SCALES.get(unit, 1)
    if number % NS_PER_US:
        raise SettingError(f"{name} is {text!r}; allowed: whole microseconds, as 1000000")
    return number // NS_PER_US


def _memory(profile: Profile, name: str, text: str, unit: str) -> dict[str, int | str | bool]:
    try:
        return dict(
            buffers.receive_fields(name, text, profile.window_percent)
            if unit == "rmem"
            else buffers.send_fields(name, text)
        )
    except ValueError as error:
        raise SettingError(str(error)) from None


def _words(field: str) -> tuple[str, ...]:
    """The words that the field of a rule may hold; a setting that counts them counts from 0."""
    return tuple(_FIELDS[field].metadata["allowed"])


def _port_list(name: str, text: str) -> str:
    """``text`` as a list of ports and ranges of ports."""
    try:
        reserved_ports(text)
    except ValueError:
        raise SettingError(f"{name} is {text!r}; allowed: ports and ranges, as 8080,9148-9152") from None
    return ",".join(filter(None, text.split(",")))


def _field_value(field: str, text: str) -> int | str | bool:
    """``text`` as a value of the profile's field."""
    metadata = _FIELDS[field].metadata
    allowed, unit = metadata.get("allowed"), metadata.get("unit")
    if allowed:
        word = text.replace("_", " ")
        if word not in allowed:
            raise SettingError(f"profile.{field} is {text!r}; allowed: {', '.join(allowed)}")
        return str(word)
    if unit == "yes/no":
        if text not in ("0", "1", "yes", "no"):
            raise SettingError(f"profile.{field} is {text!r}; allowed: yes or no")
        return text in ("1", "yes")
    if unit == "ports":
        return _port_list(f"profile.{field}", text)
    if unit == "us":
        try:
            return parse_duration(text)
        except ValueError as error:
            raise SettingError(f"profile.{field}: {error}") from None
    return whole_number(f"profile.{field}", text)
