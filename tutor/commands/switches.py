"""The switches that change a run: profiles, settings, drops, delays, duplicates, acts, hands, and where it ends.

Rules
-----
* A switch is only another spelling of an act: ``--drop client:SYN`` is the act ``drop client:SYN`` at the start.
  So everything a switch can do can be saved, replayed and done by hand.
* ``--act`` is planned: at its time it comes before what other hands and timers do then. ``--hand`` is done as in the
  window: after all that happens at its time, or right after step N (``TIME@N``), each on the run as the one before it
  has left it. What the lesson itself does later is then done on that run; with ``--bare`` the lesson does nothing.
* A plain number is seconds; ``50ms``, ``1 s`` and ``2 min`` say their unit.
* A mistake names the switch, what was found, what is allowed and the nearest match.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from tutor.commands.faults import BadFile, BadUsage
from tutor.commands.parser import Parser, did_you_mean
from tutor.profiles import DEFAULT, ProfileError, load_profile, profile_names
from tutor.refusals import allowed_words
from tutor.tcp.profile import Profile
from tutor.tcp.segment import FLAG_NAMES
from tutor.tcp.variant import VARIANTS
from tutor.teach.allowed import line_error
from tutor.words import Words
from tutor.world.acts import Act, ActError, parse_act
from tutor.world.link import PARAMETERS, read_parameter
from tutor.world.sysctls import AnotherAge, SettingError, find_setting, nearest_settings, with_setting
from tutor.world.targets import parse_pattern
from tutor.world.time import parse_seconds

AT_START = 0


@dataclass(frozen=True, slots=True)
class Switches:
    """What the command line asks of a run. ``acts`` are (microseconds, act); ``until`` is microseconds or None.

    ``hands`` are (microseconds, step or None, act), one after the other; ``is_bare``: nothing but these.
    """

    profile: str | None
    profiles: Mapping[str, str]
    acts: tuple[tuple[int, Act], ...]
    until: int | None
    hands: tuple[tuple[int, int | None, Act], ...] = ()
    seed: int | None = None
    is_bare: bool = False

    @property
    def is_empty(self) -> bool:
        """Was nothing asked for?"""
        asked = (self.profile, self.profiles, self.acts, self.until, self.hands, self.seed is not None, self.is_bare)
        return not any(asked)


def add_switches(parser: Parser) -> None:
    """Give a command the switches that change a run."""
    t = parser.words.t
    run = parser.add_argument_group(t("changing the run"))

    def several(name: str, metavar: str, text: str) -> None:
        run.add_argument(name, metavar=metavar, action="append", default=[], help=text)

    several("--profile", "[HOST=]NAME", t("the rules of a host, or of all: {names}", names=", ".join(profile_names())))
    run.add_argument(
        "--variant", metavar="NAME", help=t("a protocol that is broken on purpose: {names}", names=", ".join(VARIANTS))
    )
    several("--set", "HOST.SYSCTL=V", t("a sysctl by its full or last name, or link.delay=50ms"))
    several("--drop", "HOST:FLAGS[:N]", t("lose the Nth such segment that HOST sends (N is 1 unless given)"))
    several("--delay", "HOST:FLAGS:N:SECONDS", t("hold the Nth such segment back"))
    several("--duplicate", "HOST:FLAGS[:N]", t("have the network deliver it twice"))
    several("--act", "'SECONDS ACT'", t("any act at a time, for example '0.5 client close'"))
    several(
        "--hand", "'SECONDS ACT'", t("an act by hand: after all that happens then; at SECONDS@STEP after that step")
    )
    run.add_argument("--bare", action="store_true", help=t("without what the lesson itself does to the run"))
    run.add_argument("--seed", metavar="NUMBER", help=t("other dice"))
    run.add_argument("--until", metavar="SECONDS", help=t("stop the run there"))
    parser.epilog = t(
        "FLAGS is the exact set (SYN or SYN,ACK) without data, PSH ignored; or data; or any. "
        "N counts first and repeated sendings from 1."
    )


def no_switches() -> argparse.Namespace:
    """The options of a command line without any of these switches."""
    several = ("profile", "set", "drop", "delay", "duplicate", "act", "hand")
    return argparse.Namespace(**{name: [] for name in several}, until=None, seed=None, bare=False, variant=None)


def read_switches(options: argparse.Namespace, hosts: Sequence[str], words: Words) -> Switches:
    """The switches of one command line, for a run with these hosts. Raises ``BadUsage``."""
    reader = _Reader(hosts, words)
    whole, single = reader.profiles(options.profile)
    acts = [reader.variant(options.variant)] if options.variant is not None else []
    acts += [reader.setting(text) for text in options.set]
    for name in ("drop", "delay", "duplicate"):
        acts += [reader.perturbation(name, text) for text in getattr(options, name)]
    timed = [(AT_START, act) for act in acts] + [reader.timed(text) for text in options.act]
    until = reader.duration("--until", options.until) if options.until is not None else None
    hands = tuple(reader.by_hand(text) for text in options.hand)
    return Switches(whole, single, tuple(timed), until, hands, reader.seed(options.seed), options.bare)


def profile_called(name: str, words: Words) -> Profile:
    """The profile of this name. Raises ``BadUsage`` that names the nearest one."""
    if name not in profile_names():
        tail = did_you_mean(name, profile_names(), words)
        raise BadUsage(words.t("there is no profile {name}", name=repr(name)) + tail)
    try:
        return load_profile(name)
    except ProfileError as error:
        raise BadFile(str(error)) from None


class _Reader:
    """Reads the values of switches, knowing the hosts there are."""

    def __init__(self, hosts: Sequence[str], words: Words) -> None:
        self.hosts = list(hosts)
        self.words = words

    def profiles(self, values: Sequence[str]) -> tuple[str | None, dict[str, str]]:
        """(the profile of every host, host -> its own); the later value wins."""
        whole: str | None = None
        single: dict[str, str] = {}
        for value in values:
            host, equals, name = value.rpartition("=")
            if name not in profile_names():
                self.fail("--profile", name, profile_names())
            if equals:
                single[self.host("--profile", host)] = name
            else:
                whole, single = name, {}
        return whole, single

    def variant(self, value: str) -> Act:
        """A protocol that is broken on purpose, or ``none``, as an act."""
        allowed = ("none", *VARIANTS)
        if value not in allowed:
            self.fail("--variant", value, allowed)
        return self.act("--variant", f"variant {value}")

    def setting(self, value: str) -> Act:
        """``client.tcp_syn_retries=2`` or ``link.delay=50ms`` as an act."""
        target, equals, wanted = value.partition("=")
        owner, _, name = target.partition(".")
        if not equals or not wanted or not name:
            self.shape("--set", value, "HOST.SYSCTL=V, link.delay=50ms")
        if owner.startswith("link"):
            self.link_parameter(name, wanted)
        else:
            self.host("--set", owner, extra=("link",))
            self.sysctl(name, wanted)
        return self.act("--set", f"set {target} {wanted}")

    def sysctl(self, name: str, wanted: str) -> None:
        """Refuse a setting that no host has, or a value it cannot have; whether this host has it the run says."""
        try:
            full = find_setting(name)
            with suppress(AnotherAge):
                with_setting(load_profile(DEFAULT), full, wanted)
        except SettingError as fault:
            if fault.why is not None:
                why = self.words.t(fault.why)
                raise BadUsage(
                    self.words.t("--set {name}={value} is not simulated: {why}", name=name, value=wanted, why=why)
                ) from None
            if fault.is_unknown:
                self.fail("--set", name, nearest_settings(name))
            self.value(name, wanted, fault)

    def link_parameter(self, name: str, wanted: str) -> None:
        """Refuse a parameter that a link does not have, or a value it cannot have; ``client.loss`` is one direction."""
        sender, _, parameter = name.rpartition(".")
        if sender:
            self.host("--set", sender)
        if parameter not in PARAMETERS:
            self.fail("--set", parameter, PARAMETERS)
        try:
            read_parameter(parameter, wanted)
        except ValueError as fault:
            self.value(name, wanted, fault)

    def value(self, name: str, wanted: str, fault: ValueError) -> NoReturn:
        """Refuse a value; what is allowed stands after the colon of the engine's own message."""
        allowed = ", ".join(allowed_words([str(fault).rpartition("allowed: ")[2]], self.words))
        self.shape(f"--set {name}", wanted, allowed)

    def perturbation(self, name: str, value: str) -> Act:
        """``client:SYN,ACK:2`` (and ``:SECONDS`` for a delay) as an act."""
        switch = f"--{name}"
        parts = value.split(":")
        wanted = "HOST:FLAGS:N:SECONDS" if name == "delay" else "HOST:FLAGS[:N]"
        if len(parts) not in ((4,) if name == "delay" else (2, 3)):
            self.shape(switch, value, wanted)
        self.host(switch, parts[0])
        self.flags(switch, parts[1])
        if len(parts) > 2 and not (parts[2].isdecimal() and int(parts[2]) > 0):
            self.shape(switch, value, wanted)
        if name != "delay":
            return self.act(switch, f"{name} {value}")
        held = self.duration(switch, parts[3])
        return self.act(switch, f"delay {':'.join(parts[:3])} {held}us")

    def flags(self, switch: str, text: str) -> None:
        """Refuse what is no pattern of flags, naming the word that is at fault."""
        try:
            parse_pattern(text)
        except ValueError:
            names = [name for name, _ in FLAG_NAMES]
            wrong = next((word for word in text.replace("+", ",").split(",") if word.upper() not in names), text)
            self.fail(switch, wrong, [*names, "data", "any"])

    def timed(self, value: str) -> tuple[int, Act]:
        """``0.5 client close`` as (microseconds, act)."""
        when, space, what = value.strip().partition(" ")
        if not space:
            self.shape("--act", value, "'SECONDS ACT'")
        return self.duration("--act", when), self.act("--act", what.strip())

    def by_hand(self, value: str) -> tuple[int, int | None, Act]:
        """``0.5 client close``, or ``0.5@17 client close``, as (microseconds, step or None, act)."""
        when, space, what = value.strip().partition(" ")
        time, marked, step = when.partition("@")
        if not space or (marked and not step.isdecimal()):
            self.shape("--hand", value, "'SECONDS ACT', 'SECONDS@STEP ACT'")
        return self.duration("--hand", time), int(step) if marked else None, self.act("--hand", what.strip())

    def seed(self, value: str | None) -> int | None:
        """A whole number, or None."""
        if value is not None and not value.removeprefix("-").isdecimal():
            self.shape("--seed", value, "1")
        return int(value) if value is not None else None

    def act(self, switch: str, text: str) -> Act:
        """One act from its one-line text form."""
        try:
            return parse_act(text, self.hosts)
        except ActError as fault:
            raise BadUsage(f"{switch} {text!r}: {line_error(fault, self.words)}") from None

    def duration(self, switch: str, value: str) -> int:
        """A time span in microseconds; a plain number is seconds."""
        try:
            return parse_seconds(value)
        except ValueError:
            self.shape(switch, value, "0.5, 50ms, 1s, 2min")

    def host(self, switch: str, name: str, extra: Sequence[str] = ()) -> str:
        """``name`` if the run has such a host."""
        if name not in self.hosts:
            self.fail(switch, name, [*self.hosts, *extra])
        return name

    def fail(self, switch: str, found: str, allowed: Sequence[str]) -> NoReturn:
        """Refuse a word that is not among the allowed ones."""
        tail = did_you_mean(found, allowed, self.words)
        raise BadUsage(self.words.t("{switch}: unknown: {value}", switch=switch, value=found) + tail)

    def shape(self, switch: str, found: str, allowed: str) -> NoReturn:
        """Refuse a value of the wrong form."""
        raise BadUsage(
            self.words.t("{switch}: found {value}; the form is {form}", switch=switch, value=repr(found), form=allowed)
        )
