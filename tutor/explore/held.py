"""What a search holds constant: numbers and rules that would make it endless and decide nothing about connections.

Rules
-----
* A claim of the search about a profile is a claim about its connection rules *under this list*; whoever prints a
  verdict prints the list with it.
* The list is made of the profile's own fields. So the run that shows a counterexample gives its hosts the same values,
  as settings (``profile.FIELD: VALUE``), and is played by the same rules that were searched.
* Every prompt segment arrives before any timer of it runs out. What is later than that is held back by the network, or
  a duplicate, and is paid for from the budget. That is no field, and is told first (``PROMPT``).
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.profiles import load_profile
from tutor.tcp.profile import Profile, with_variant
from tutor.tcp.values import replace
from tutor.tcp.variant import TCP, Variant
from tutor.world.sysctls import with_setting

SECOND = 1_000_000

RTO = SECOND
"""The wait for every repetition, in microseconds: it is neither measured nor doubled."""

WINDOW = 16_000
"""Octets of every window: less than what lies between two initial numbers that have nothing to do with each other."""


PROMPT = (
    "every segment that is not lost arrives before any timer runs out; what comes later was held back or is a copy, and"
    " is paid for from the budget"
)
"""What is held constant of the network; delay alone breaks a protocol that opens on the SYN (a message id)."""


class Constant(NamedTuple):
    """A field of the profile, the value that it has in every search (as text), and why (a message id)."""

    field: str
    value: str
    why: str


HELD: tuple[Constant, ...] = (
    Constant("initial_rto_us", "1s", "the RTO is neither measured nor doubled"),
    Constant("rto_min_us", "1s", "the RTO is neither measured nor doubled"),
    Constant("rto_max_us", "1s", "the RTO is neither measured nor doubled"),
    Constant("rto_after_syn_timeout_us", "1s", "the RTO is neither measured nor doubled"),
    Constant("request_rto_max_us", "1s", "the RTO is neither measured nor doubled"),
    Constant("syn_linear_timeouts", "0", "the RTO is neither measured nor doubled"),
    Constant("syn_retries", "0", "nobody gives up by a count of repetitions"),
    Constant("synack_retries", "0", "nobody gives up by a count of repetitions"),
    Constant("syn_give_up_us", "24h", "nobody gives up by a count of repetitions"),
    Constant("data_give_up_us", "24h", "nobody gives up by a count of repetitions"),
    Constant("user_timeout_us", "0", "nobody gives up by a count of repetitions"),
    Constant("patience", "on-time", "nobody gives up by a count of repetitions"),
    Constant("timer_lateness", "none", "timers are exact"),
    Constant("bad_ack_repeats_syn_us", "0", "a SYN is repeated by its timer alone"),
    Constant("delayed_ack_us", "0", "every ACK leaves at once"),
    Constant("invalid_ack_interval_us", "0", "no answer to the invalid is left out for coming too often"),
    Constant("challenge_ack_limit", "2147483647", "no answer to the invalid is left out for coming too often"),
    Constant("congestion_control", "off", "neither congestion nor loss recovery bounds what is sent"),
    Constant("loss_recovery", "off", "neither congestion nor loss recovery bounds what is sent"),
    Constant("timestamps", "no", "no timestamps, and so no PAWS, which refuses text that is older than what was heard"),
    Constant("sack", "no", "no SACK, no window scaling, no ECN"),
    Constant("window_scaling", "no", "no SACK, no window scaling, no ECN"),
    Constant("ecn", "off", "no SACK, no window scaling, no ECN"),
    Constant("syncookies", "0", "no SYN cookies: who is in SYN-RECEIVED has a record"),
    Constant("window_growth", "buffer", "programs read at once, so that the window is always the same"),
    Constant("receive_buffer", str(WINDOW), "programs read at once, so that the window is always the same"),
    Constant("buffer_in_segments", "no", "programs read at once, so that the window is always the same"),
    Constant("window_in_segments", "no", "programs read at once, so that the window is always the same"),
    Constant("first_window_segments", "0", "programs read at once, so that the window is always the same"),
)
"""Everything that is held constant, in the order in which it is told."""

FIELDS = frozenset(each.field for each in HELD)
"""The fields of a profile that are held constant."""


def constants(profile: Profile) -> tuple[Constant, ...]:
    """The constants that ``profile`` has otherwise by itself."""
    return tuple(
        each
        for each in HELD
        if getattr(with_setting(profile, *_setting(each)), each.field) != getattr(profile, each.field)
    )


def _setting(constant: Constant) -> tuple[str, str]:
    return f"profile.{constant.field}", constant.value


def searched(profile: Profile, variant: Variant = TCP, **changes: object) -> Profile:
    """``profile`` as it is searched: with the constants, then as ``variant`` breaks it; ``changes`` come last."""
    for constant in HELD:
        profile = with_setting(profile, *_setting(constant))
    profile = with_variant(profile, variant)
    return replace(profile, **changes) if changes else profile


def giving_up(retries: int) -> dict[str, int]:
    """Fields of a profile by which whatever is repeated is given up after so many repetitions; 0: never, {}."""
    if not retries:
        return {}
    return {
        "syn_retries": retries, "synack_retries": retries, "syn_give_up_us": 0,
        "data_give_up_us": (retries + 1) * RTO,
    }  # fmt: skip


def settings(profile: Profile) -> tuple[tuple[str, str], ...]:
    """(setting, value) of a host under the plain ``profile``, so that it has what is held constant."""
    return tuple(_setting(each) for each in constants(profile))


def changed(profile: Profile) -> tuple[tuple[str, str], ...]:
    """(setting, value) of everything in which ``profile`` departs from the one that is stored under its name."""
    plain = load_profile(profile.name)
    differing = (name for name in plain.sources if getattr(plain, name) != getattr(profile, name))
    return tuple((f"profile.{name}", _told(getattr(profile, name))) for name in differing)


def _told(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def reasons() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(why, fields held for that reason), in order: the list as it is printed. ``PROMPT`` has no field."""
    told: dict[str, list[str]] = {PROMPT: []}
    for each in HELD:
        told.setdefault(each.why, []).append(f"{each.field} = {each.value}")
    return tuple((why, tuple(fields)) for why, fields in told.items())
