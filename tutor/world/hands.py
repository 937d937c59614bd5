"""Hands: acts on the network and its machines: segments, links, settings, crashes, forged segments.

Rules
-----
* What cannot be done is recorded as refused, with the reason. Nothing is ever raised.
* ``drop``, ``delay``, ``duplicate``, ``corrupt`` on HOST:FLAGS arm a rule that counts what HOST sends from now on;
  on ``#F`` they touch that segment while it is on its way.
* A swap takes place at once, with the segment behind it that is in the air; on HOST:FLAGS with the next one sent.
* A crash takes everything a machine knew, without a word on the wire. A reboot gives it empty tables.
* An injected segment travels like any other; no socket has sent it.
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.tcp import seq
from tutor.tcp.profile import with_variant
from tutor.tcp.reasons import Reason
from tutor.tcp.segment import ACK, NO_OPTIONS, SYN, Options, Payload, Segment, parse_flags
from tutor.tcp.states import State
from tutor.tcp.tcb import Address
from tutor.tcp.variant import variant_named
from tutor.world import calling, calls, editing, running, wire
from tutor.world.acts import CALLS, Act
from tutor.world.agenda import ARRIVALS
from tutor.world.desk import Desk, Kernel, Rule
from tutor.world.host import Host
from tutor.world.isn import place_iss
from tutor.world.link import PARAMETERS
from tutor.world.program import parse_line
from tutor.world.records import Acted, IcmpArrives, Vanished
from tutor.world.sysctls import (
    NEXT_ISN,
    NOFILE,
    SCRIPTED,
    SettingError,
    find_field,
    find_setting,
    whole_number,
    with_setting,
)
from tutor.world.targets import ANYBODY, parse_target
from tutor.world.time import parse_duration
from tutor.world.unreachable import MEANINGS, NO_ROUTE, SOFT


def perform(desk: Desk, act: Act) -> None:
    """Do ``act``, or record why it cannot be done."""
    if act.name in CALLS:
        if act.host in desk.table:
            desk.record(Acted(desk.now, act.host, str(act)))
            calls.perform(desk.kernel(act.host), act)
        else:
            desk.record(Acted(desk.now, "", str(act), _no_host(act.host)[0]))
        return
    place = len(desk.records)
    why_not, host = _HANDS[act.name](desk, act)
    desk.records.insert(place, Acted(desk.now, host, str(act), why_not))


Told = tuple[Reason | None, str]
"""(why it was refused, or None; the host it concerns, or "")."""


def _refusal(refusal: str, /, **arguments: int | str) -> Reason:
    """A refusal of ``because.REFUSALS``."""
    return Reason(refusal, tuple(arguments.items()))


def _no_host(name: str) -> Told:
    return _refusal("no-host", name=name), ""


# --- settings ---


def _set(desk: Desk, act: Act) -> Told:
    owner, _, name = act.args[0].partition(".")
    if owner in desk.cables:
        return _set_link(desk, owner, name, act.args[1]), ""
    if owner not in desk.table:
        return _refusal("no-owner", name=owner), ""
    k = desk.kernel(owner)
    try:
        apply_setting(k, name, act.args[1])
    except SettingError as error:
        return _refusal("cannot-be-set", why=str(error)), owner
    return None, owner


def apply_setting(k: Kernel, name: str, text: str) -> None:
    """Set ``name`` to ``text`` on a host. Raises ``SettingError``."""
    full = find_setting(name)
    k.profile = with_setting(k.profile, full, text)
    if full == NOFILE:
        k.nofile = whole_number(full, text)
    elif full == SCRIPTED:
        k.is_scripted = text == "yes"
    elif full == NEXT_ISN:
        place_iss(k, whole_number(full, text))
    if full.endswith("ip_local_port_range"):
        k.next_port = 0
        if not k.profile.first_port <= k.port <= k.profile.last_port:
            k.port = k.profile.first_port
    k.settings = (*k.settings, (full, text))


def _what_if(desk: Desk, act: Act) -> Told:
    owner, _, name = act.args[0].partition(".")
    if owner not in desk.table:
        return _no_host(owner)
    try:
        apply_setting(desk.kernel(owner), f"profile.{find_field(name)}", act.args[1])
    except SettingError as error:
        return _refusal("cannot-be-set", why=str(error)), owner
    return None, owner


def _set_link(desk: Desk, link: str, name: str, text: str) -> Reason | None:
    cable = desk.cables[link]
    sender, _, parameter = name.rpartition(".")
    if sender not in ("", cable.a, cable.b):
        return _refusal("link-elsewhere", link=link, name=sender)
    if parameter not in PARAMETERS:
        return _refusal("no-parameter", name=parameter, allowed=", ".join(PARAMETERS))
    try:
        desk.cables = desk.cables.insert(link, cable.with_parameter(parameter, text, sender))
    except ValueError as error:
        return _refusal("cannot-be-set", why=str(error))
    return None


def _profile(desk: Desk, act: Act) -> Told:
    host, name = act.args
    if host not in desk.table:
        return _no_host(host)
    profile = desk.origin.profiles.get(name)
    if profile is None:
        return _refusal("no-profile", name=name, allowed=", ".join(sorted(desk.origin.profiles))), host
    k = desk.kernel(host)
    profile = with_variant(profile, k.profile.variant)
    try:
        for setting, text in k.settings:
            profile = with_setting(profile, setting, text)
    except SettingError as error:
        return _refusal("cannot-be-set", why=str(error)), host
    k.profile = profile
    return None, host


def _variant(desk: Desk, act: Act) -> Told:
    """From now on every host breaks the protocol in the same way, or is TCP again."""
    for name in desk.table:
        k = desk.kernel(name)
        k.profile = with_variant(k.profile, variant_named(act.args[0]))
    return None, ""


# --- segments and links ---


def _on_segment(desk: Desk, act: Act) -> Told:
    target = parse_target(act.args[0])
    span = parse_duration(act.args[1]) if len(act.args) > 1 else None
    if target.flight is not None:
        flight = desk.airborne.get(target.flight)
        why_not = wire.touch(desk, target.flight, act.name, span)
        return _refusal(why_not) if why_not else None, flight.sender if flight is not None else ""
    if target.host != ANYBODY and target.host not in desk.table:
        return _no_host(target.host)
    desk.rules = (*desk.rules, Rule(act.name, target, span))
    return None, target.host if target.host != ANYBODY else ""


def _disarm(desk: Desk, act: Act) -> Told:
    deed, target = act.args[0], parse_target(act.args[1])
    armed = next((rule for rule in desk.rules if (rule.name, rule.target) == (deed, target)), None)
    if armed is None:
        return _refusal("nothing-armed"), ""
    desk.rules = tuple(rule for rule in desk.rules if rule is not armed)
    return None, target.host if target.host in desk.table else ""


def _on_link(desk: Desk, act: Act) -> Told:
    link = act.args[0]
    if link not in desk.cables:
        return _refusal("no-link", name=link, allowed=", ".join(sorted(desk.cables))), ""
    if desk.cables[link].is_cut == (act.name == "cut"):
        return _refusal("cut-already" if act.name == "cut" else "whole-already"), ""
    (wire.cut if act.name == "cut" else wire.mend)(desk, link)
    return None, ""


# --- machines ---


def _crash(desk: Desk, act: Act) -> Told:
    name = act.args[0]
    if name not in desk.table:
        return _no_host(name)
    k = desk.kernel(name)
    if not k.is_up:
        return _refusal("down-already"), name
    for socket in sorted(k.sockets.values(), key=lambda each: each.number):
        if socket.tcb.state is not State.CLOSED:
            k.because(socket.id, "crashed")
            desk.record(Vanished(desk.now, name, socket.id, socket.tcb.state))
    running.end_all(k)
    fresh = Host(k.name, k.address, k.profile, k.port, k.isn)
    for field in ("sockets", "tuples", "listeners", "groups", "descriptors", "ports", "stamps", "counters"):
        setattr(k, field, getattr(fresh, field))
    k.is_up, k.latest, k.next_fd, k.next_port, k.time_waits, k.orphans = False, "", fresh.next_fd, 0, 0, 0
    return None, name


def _reboot(desk: Desk, act: Act) -> Told:
    name = act.args[0]
    if name not in desk.table:
        return _no_host(name)
    if desk.kernel(name).is_up:
        _crash(desk, act)
    k = desk.kernel(name)
    k.is_up = True
    k.boots += 1
    if act.option("programs") == "yes":
        running.begin(k)
    return None, name


# --- segments that nobody sent ---


def _inject(desk: Desk, act: Act) -> Told:
    sender, _, receiver = act.args[0].partition(">")
    for name in (sender, receiver):
        if name not in desk.table:
            return _no_host(name)
    source, destination = _ends(desk, act, desk.table[sender], desk.table[receiver])
    connection = wire.name_for_stray(desk, source, destination)
    isns = desk.isns.get((connection, source)) or 0, desk.isns.get((connection, destination)) or 0
    segment = _segment(act, isns, f"{connection}>{sender}")
    wire.send(desk, sender, connection, source, destination, segment=segment, purpose="injected", is_forged=True)
    return None, sender


def _ends(desk: Desk, act: Act, sender: Host, receiver: Host) -> tuple[Address, Address]:
    """The ports named, or those of the newest connection between the two, or port 80 of whoever listens."""
    pairs = [
        (name, a if a.ip == sender.address else b, b if a.ip == sender.address else a)
        for (a, b), name in desk.names.items()
        if {a.ip, b.ip} == {sender.address, receiver.address}
    ]
    newest = max(pairs, key=lambda pair: (pair[0].incarnation, pair[1:]), default=None)
    sport = act.option("sport") or str(newest[1].port if newest else sender.port)
    dport = act.option("dport") or str(newest[2].port if newest else next(iter(sorted(receiver.listeners)), 80))
    return Address(sender.address, int(sport)), Address(receiver.address, int(dport))


def _segment(act: Act, isns: tuple[int, int], stream: str) -> Segment:
    """The segment that an ``inject`` describes; numbers count from ``isns`` (of both ends) unless marked with @."""
    flags = parse_flags(act.args[1])
    length = int(act.option("len", "0"))
    mss, tsval = act.option("mss"), act.option("tsval")
    scale = act.option("ws")
    options = NO_OPTIONS
    blocks = [pair.split("-") for pair in act.option("blocks").split(",") if pair]
    if mss or tsval or scale or blocks or act.option("sack"):
        options = Options(
            mss=int(mss) if mss else None,
            window_scale=int(scale) if scale else None,
            sack_permitted=act.option("sack") == "yes",
            timestamp=(int(tsval), int(act.option("tsecr", "0"))) if tsval else None,
            sack=tuple((_number(left, isns[1]), _number(right, isns[1])) for left, right in blocks),
        )
    return Segment(
        seq=_number(act.option("seq", "0" if flags & SYN else "1"), isns[0]),
        ack=_number(act.option("ack", "1"), isns[1]) if flags & ACK else 0,
        flags=flags,
        window=int(act.option("win", "65535")),
        options=options,
        payload=Payload(f"forged:{stream}", 0, length) if length else None,
        urgent=int(act.option("urg", "0")),
        mark=int(act.option("mark", "0")),
    )


def _number(text: str, isn: int) -> int:
    return int(text[1:]) % seq.SPACE if text.startswith("@") else seq.add(isn, int(text))


def _icmp(desk: Desk, act: Act) -> Told:
    host, kind = act.args
    if host not in desk.table:
        return _no_host(host)
    k = desk.kernel(host)
    name = act.option("on")
    found = k.sockets.get(name) if name else calling.newest(k)
    if found is None:
        return _refusal("no-connection-there"), host
    mtu = int(act.option("mtu", "576")) if kind == "too-big" else None
    about = _number(act.option("seq"), found.tcb.snd.iss) if act.option("seq") else found.tcb.snd.una
    code = act.option("code")
    error = MEANINGS[int(code)][1] if code else ""
    no_route = kind == SOFT and (not code or int(code) in NO_ROUTE)
    desk.schedule(desk.now, ARRIVALS, IcmpArrives(host, found.id, kind, about, mtu, error, no_route))
    return None, host


def _program(desk: Desk, act: Act) -> Told:
    name, _, number = act.args[0].partition("/")
    if name not in desk.table:
        return _no_host(name)
    new = parse_line(act.args[3]) if len(act.args) > 3 else None
    why_not = editing.edit(desk.kernel(name), int(number or 1) - 1, int(act.args[1]), act.args[2], new)
    return _refusal(why_not, line=act.args[1]) if why_not else None, name


def _wait(_desk: Desk, _act: Act) -> Told:
    return None, ""


_HANDS: dict[str, Callable[[Desk, Act], Told]] = {
    "set": _set,
    "what-if": _what_if,
    "profile": _profile,
    "variant": _variant,
    "drop": _on_segment,
    "delay": _on_segment,
    "duplicate": _on_segment,
    "corrupt": _on_segment,
    "swap": _on_segment,
    "disarm": _disarm,
    "program": _program,
    "cut": _on_link,
    "mend": _on_link,
    "crash": _crash,
    "reboot": _reboot,
    "inject": _inject,
    "icmp": _icmp,
    "wait": _wait,
}
