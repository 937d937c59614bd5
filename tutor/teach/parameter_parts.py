"""The parts of the catalogue of parameters: what a host's profile, machine and sockets have, and what a link has.

Rules
-----
* A host's part depends on its profile alone, and a profile is compared by identity: so it is made once and kept.
* A field that no setting reaches is a constant, and so is a setting that this version of Linux lacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from tutor.tcp.profile import RULES, Profile
from tutor.tcp.tcb import Address, closed
from tutor.tcp.variant import VARIANTS, Variant
from tutor.teach.parameter import NOT_HERE, Control, Parameter, trimmed
from tutor.teach.parameter_names import CONSTANTS, HOST, LINK, OPTIONS, SETTINGS, Name
from tutor.words import mark
from tutor.world.host import CONNECTION, Host, Socket
from tutor.world.link import OF_THE_CABLE, PARAMETERS, Link, parameter_text
from tutor.world.sockets import option_text
from tutor.world.sockopts import SOCKET_OPTIONS, SocketOption
from tutor.world.sysctls import (
    BOUNDED_SINCE,
    BOUNDS,
    SYSCTLS,
    get_setting,
    settable_fields,
)
from tutor.world.time import MS, SECOND
from tutor.world.unmodelled import SINCE, UNTIL, version_number, why_not_here

Profiles = tuple[tuple[str, Profile], ...]
"""Name -> profile, as pairs."""

_SCALES = {"s": SECOND, "ms": MS, "us": 1}
_FIELDS = {rule.name: rule for rule in RULES}


# --- a host: settings and constants ---


@lru_cache(maxsize=64)
def of_host(host: str, profile: Profile, began: str, profiles: Profiles) -> Parameter:
    """Whose TCP a host has; ``began``: the profile that it began with."""
    row, names = HOST["profile"], tuple(name for name, _ in profiles)
    return Parameter(
        f"{host}.profile", "profile", host, "profile", "profile", row.group, row.title,
        Control("choice", choices=names or (profile.name,)), profile.name, began,
    )  # fmt: skip


@lru_cache(maxsize=64)
def of_protocol(variant: Variant, began: str) -> Parameter:
    """Which protocol all hosts speak; ``began``: the one that they began with."""
    row = HOST["variant"]
    return Parameter(
        "variant", "variant", "", "variant", "variant", row.group, row.title,
        Control("choice", choices=("none", *VARIANTS), titles=("TCP", *(each.title for each in VARIANTS.values()))),
        variant.id or "none", began or "none",
    )  # fmt: skip


@lru_cache(maxsize=64)
def of_profile(host: str, profile: Profile, stock: Profile, profiles: Profiles) -> tuple[Parameter, ...]:
    """Every setting and every constant of a host; ``stock``: its profile before anything was set."""
    settings = [_setting(host, name, (profile, stock), profiles) for name in SYSCTLS]
    reached = settable_fields("")
    constants = [_constant(host, rule.name, (profile, stock), profiles) for rule in RULES if rule.name not in reached]
    return (*settings, *constants)


def _setting(host: str, name: str, of: tuple[Profile, Profile], profiles: Profiles) -> Parameter:
    """One setting; locked where this version of Linux lacks it."""
    profile, stock = of
    short, row = name.rpartition(".")[2], SYSCTLS[name]
    called = SETTINGS[short]
    absent, values = _absence(name, profile.version)
    return replace(
        _of_field(host, short, row.field, called, of),
        name=name,
        kind="setting",
        control=_setting_control(name, called, profile),
        value=get_setting(profile, name),
        default=get_setting(stock, name),
        others=tuple(
            (other, NOT_HERE if why_not_here(name, each.version) else get_setting(each, name))
            for other, each in profiles
        ),
        is_locked=bool(absent),
        why=absent,
        why_values=values,
    )


def _of_field(host: str, key: str, field: str, called: Name, of: tuple[Profile, Profile]) -> Parameter:
    """What stands behind one field of a profile, locked and without a value."""
    profile, stock = of
    return Parameter(
        f"{host}.{key}", key, host, key, "constant", called.group, called.title, doc=_FIELDS[field].metadata["doc"],
        source=stock.source(field), version=profile.version, field=field, is_locked=True,
    )  # fmt: skip


def _absence(name: str, version: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Why a host of this Linux version lacks a setting, as a message and its values; "" if it has it."""
    if why_not_here(name, version) is None:
        return "", ()
    came = SINCE.get(name)
    if came is not None and version_number(version) < version_number(came):
        return CAME, (("came", came), ("version", version))
    return WENT, (("gone", UNTIL[name]), ("version", version))


CAME = mark("it came with Linux {came}, and this host is Linux {version}")
WENT = mark("it is gone since Linux {gone}, and this host is Linux {version}")


def _setting_control(name: str, called: Name, profile: Profile) -> Control:
    row = SYSCTLS[name]
    match row.unit:
        case "yes/no" | "no/yes":
            return Control("yes/no", choices=("0", "1"))
        case "0-2":
            return Control(
                "choice", choices=("0", "1", "2") if profile.version or row.field != "syncookies" else ("0",)
            )
        case "nth":
            return Control("choice", choices=tuple(map(str, range(len(_FIELDS[row.field].metadata["allowed"])))))
        case "word":
            return Control("choice", choices=tuple(_FIELDS[row.field].metadata["allowed"]))
        case "rmem" | "wmem" | "range" | "ports":
            return Control("text")
        case unit:
            is_known = bool(profile.version) and version_number(profile.version) >= BOUNDED_SINCE
            least, most = BOUNDS.get(name, (0, None)) if is_known else (0, None)
            shown = {"count": "", "us": "µs"}.get(unit, unit)
            return Control("number", shown, "", least, most, called.low, called.high)


def _constant(host: str, name: str, of: tuple[Profile, Profile], profiles: Profiles) -> Parameter:
    """One field that no setting reaches."""
    profile, stock = of
    metadata = _FIELDS[name].metadata
    called = CONSTANTS.get(name, Name("rules", metadata["doc"]))
    return replace(
        _of_field(host, name, name, called, of),
        control=_field_control(metadata, called),
        value=field_text(getattr(profile, name), called.unit),
        default=field_text(getattr(stock, name), called.unit),
        others=tuple((other, field_text(getattr(each, name), called.unit)) for other, each in profiles),
    )


def _field_control(metadata: Any, called: Name) -> Control:
    unit = metadata.get("unit")
    if metadata.get("allowed"):
        return Control("choice", choices=tuple(word.replace(" ", "_") for word in metadata["allowed"]))
    if unit == "yes/no":
        return Control("yes/no", choices=("0", "1"))
    if unit == "us":
        return Control("number", called.unit, called.unit, 0, None, called.low, called.high)
    return Control("number", "", "", 0, None, called.low, called.high)


def field_text(value: int | str | bool, unit: str = "") -> str:
    """A value of a field as a *what if* takes it: a span in ``unit``."""
    if isinstance(value, bool):
        return str(int(value))
    if unit and isinstance(value, int):
        return trimmed(value / _SCALES[unit]) + unit
    return str(value).replace(" ", "_")


def text_for_field(parameter: Parameter, text: str) -> str:
    """What a *what if* must say so that the field behind ``parameter`` gets the value ``text``."""
    if parameter.kind == "constant":
        return text
    unit = SYSCTLS[parameter.name].unit
    if unit == "no/yes":
        return "0" if text == "1" else "1"
    if unit == "nth":
        return str(_FIELDS[parameter.field].metadata["allowed"][int(text)])
    return f"{int(text) // 1000}us" if unit == "ns" else text + (unit if unit in _SCALES else "")


# --- a host: the machine and its sockets ---


def of_machine(host: Host) -> tuple[Parameter, ...]:
    """What belongs to the machine and not to its TCP."""
    return _of_machine(host.name, host.nofile, _yes(host.is_scripted))


@lru_cache(maxsize=64)
def _of_machine(host: str, nofile: int, scripted: str) -> tuple[Parameter, ...]:
    found = []
    for name, value, default in (("nofile", str(nofile), "1024"), ("scripted", scripted, "no")):
        row = HOST[name]
        is_number = value.isdigit()
        control = (
            Control("number", "", "", 0, None, row.low, row.high)
            if is_number
            else Control("yes/no", choices=("no", "yes"))
        )
        found.append(
            Parameter(f"{host}.{name}", name, host, name, "machine", row.group, row.title, control, value, default)
        )
    return tuple(found)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


_BLANK = Socket("", CONNECTION, closed(Address("", 0)), 0)


def of_sockets(host: Host, stock: Profile) -> Iterator[Parameter]:
    """The options of each socket that a program holds, the newest first; without one, what there would be."""
    held = sorted((each for each in host.sockets.values() if each.fd is not None), key=lambda each: -each.number)
    for place, socket in enumerate(held):
        values = tuple(option_text(socket, host.profile, name) for name in SOCKET_OPTIONS)
        yield from _options(host.name, (socket.fd or 0, socket.id, place == 0), values, stock)
    if not held:
        yield from (_option(host.name, name, option) for name, option in SOCKET_OPTIONS.items())


@lru_cache(maxsize=256)
def _options(host: str, of: tuple[int, str, bool], values: tuple[str, ...], stock: Profile) -> tuple[Parameter, ...]:
    """The options of one socket: ``of`` is its descriptor, its name, and whether it is the newest."""
    fd, socket, is_newest = of
    return tuple(
        replace(
            _option(host, name, option),
            id=f"{host}.fd{fd}.{name}",
            key=name if is_newest else f"{name} fd={fd}",
            control=_option_control(name, option),
            value=value,
            default=option_text(_BLANK, stock, name),
            call=socket,
        )
        for (name, option), value in zip(SOCKET_OPTIONS.items(), values, strict=True)
    )


@lru_cache(maxsize=512)
def _option(host: str, name: str, option: SocketOption) -> Parameter:
    called = OPTIONS[name]
    why = "" if option.modelled else NOTED
    return Parameter(f"{host}.{name}", name, host, name, "option", called.group, called.title, why=why)


NOTED = mark("it can be set and read back, and changes nothing here")
"""Why an option that is not modelled does nothing."""


@lru_cache(maxsize=64)
def _option_control(name: str, option: SocketOption) -> Control:
    called = OPTIONS[name]
    if option.unit == "0 or 1":
        return Control("yes/no", choices=("0", "1"))
    if option.conf == "congestion":
        return Control("choice", choices=tuple(word.strip() for word in option.unit.partition(":")[2].split(",")))
    if name == "SO_LINGER":
        return Control("text")
    unit = {"seconds": "s", "milliseconds": "ms", "microseconds": "µs"}.get(option.unit, "")
    least = min(0, called.low) if option.resets or not option.least else option.least
    return Control("number", unit, "", least, option.most, called.low, called.high)


# --- a link ---


def of_link(link: Link, began: Link) -> Iterator[Parameter]:
    """Each parameter for both directions at once, then for either of them."""
    for name in PARAMETERS:
        if name in OF_THE_CABLE:
            attribute = name.replace("-", "_")
            yield _cable(link.name, name, "", (getattr(link, attribute), getattr(began, attribute)))
            continue
        ways = [(getattr(link.way(end), name), getattr(began.way(end), name)) for end in (link.a, link.b)]
        yield _cable(link.name, name, "", ways[0] if ways[0] == ways[1] else (None, ways[0][1]))
        for end, values in zip((link.a, link.b), ways, strict=True):
            yield _cable(link.name, name, end, values, link.b if end == link.a else link.a)


@lru_cache(maxsize=512)
def _cable(link: str, name: str, sender: str, values: tuple[Any, Any], receiver: str = "") -> Parameter:
    """``values``: now, and at the beginning; None where the directions differ."""
    called = LINK[name]
    value, default = (NOT_HERE if value is None else link_text(name, value) for value in values)
    way = f"{sender}." if sender else ""
    return Parameter(
        f"{link}.{way}{name}", f"{link}.{name}{'>' if sender else ''}", sender, f"{link}.{way}{name}",
        "link", called.group, called.title, _link_control(name), value, default, call=receiver,
    )  # fmt: skip


def link_text(name: str, value: Any) -> str:
    """A parameter of a link as its control shows it: spans in its unit, chances in percent."""
    unit = LINK[name].unit
    if unit:
        return trimmed(value / _SCALES[unit]) + unit
    if isinstance(value, float):
        return trimmed(value * 100) + "%"
    return parameter_text(name, value)


@lru_cache(maxsize=32)
def _link_control(name: str) -> Control:
    called = LINK[name]
    if called.unit:
        return Control("number", called.unit, called.unit, 0, None, called.low, called.high)
    match name:
        case "loss" | "duplication" | "reordering" | "corruption":
            return Control("number", "%", "%", 0, 100, called.low, called.high)
        case "mtu":
            return Control("number", "", "", 68, 65535, called.low, called.high)
        case "icmp":
            return Control("yes/no", choices=("no", "yes"))
        case _:
            return Control("text")
