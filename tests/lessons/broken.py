"""TCP, broken in one place: what a lesson must notice if it teaches the rule that is left out.

Rules
-----
* A rule is spelt as a variant (``two-way``), as a field of every profile (``keepalive_probes=4``), or as the name of
  a place of the engine in ``ENGINE``, where one function stops doing the one thing that it is for.
* Nothing outlives a test: what was computed under a broken rule and kept is forgotten.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from tutor.profiles import load_profile
from tutor.tcp import arrivals, arriving, calls, checks, expiries, paws, reassembly, rto, smallentry, transitions
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Segment
from tutor.tcp.tcb import Held
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace
from tutor.tcp.variant import TCP, Variant, variant_named
from tutor.teach import puzzles, stage
from tutor.world import beginning, cookies, hands, isn, opening, ports, reception, ss, stamps, tables, wire
from tutor.world.desk import Kernel
from tutor.world.host import Socket
from tutor.world.records import Flight

Patch = pytest.MonkeyPatch


def break_rule(rule: str, text: str, patch: Patch) -> str:
    """Break ``rule`` until the test is over; the lesson's ``text``, with the variant in it if the rule is one."""
    field, _, value = rule.partition("=")
    if rule in ENGINE:
        ENGINE[rule](patch)
        return text
    if value:
        patch.setattr(stage, "load_profile", lambda name: _with_field(load_profile(name), field, value))
        return text
    return text.replace("\nhosts:\n", f"\nvariant: {variant_named(rule).id}\nhosts:\n", 1)


def _with_field(profile: Profile, field: str, value: str) -> Profile:
    """A field is set in the form of the value that it has: yes or no, a number, or a word."""
    known = getattr(profile, field)
    if isinstance(known, bool):
        return replace(profile, **{field: {"yes": True, "no": False}[value]})
    return replace(profile, **{field: int(value) if isinstance(known, int) else value})


def forget() -> None:
    """What the search found is not kept from one protocol to another."""
    puzzles.par_of.cache_clear()
    puzzles._play.cache_clear()


# --- whose a segment is, and whether it is whole ---


def port_is_the_name(patch: Patch) -> None:
    """A host tells its connections apart by its own port alone."""
    for module in (opening, ports, reception, tables, wire):
        patch.setattr(module, "tuple_key", lambda local, remote: (local.port, "", 0))


def checksum_unread(patch: Patch) -> None:
    """What was damaged on its way is taken as it is."""
    real = reception.segment_arrives

    def taken(k: Kernel, flight: Flight, copy: int) -> None:
        real(k, replace(flight, fate="") if flight.fate == "corrupted" else flight, copy)

    _everywhere(patch, "segment_arrives", real, taken)


# --- opening ---


def mute_in_syn_sent(patch: Patch) -> None:
    """Who calls says nothing to an answer that is not to its own SYN."""
    real = arrivals._first_ack

    def silent(turn: Turn, segment: Segment) -> bool:
        return bool(_without_resets(turn, lambda: real(turn, segment)))

    patch.setattr(arrivals, "_first_ack", silent)


def crossed_syn_unheard(patch: Patch) -> None:
    """Who calls does not hear a SYN that crosses its own."""
    patch.setattr(arrivals, "_cross", lambda turn, segment: turn.because("neither-syn-nor-rst"))


def text_opens_nothing(patch: Patch) -> None:
    """Only a bare ACK completes a handshake; text that carries the same ACK is dropped."""
    real = checks._ack_in_syn_received
    patch.setattr(checks, "_ack_in_syn_received", lambda turn, segment: bool(segment.length) or real(turn, segment))


def listener_mute(patch: Patch) -> None:
    """A listener does not reset what belongs to no connection."""
    real = arrivals.listen
    patch.setattr(arrivals, "listen", lambda turn, event: _without_resets(turn, lambda: real(turn, event)))


def merges_for_all(patch: Patch) -> None:
    """No variant sends its ACK and its SYN apart."""
    _without_hooks(patch, "four-segment-handshake")


# --- numbers, order, time ---


def early_text_dropped(patch: Patch) -> None:
    """What comes before its turn is not kept."""
    real = reassembly.hold

    def dropped(held: tuple[Held, ...], nxt: int, number: int, *text: Any, **fin: Any) -> tuple[Held, ...]:
        return real(held, nxt, number, *text, **fin) if number == nxt else held

    patch.setattr(checks, "hold", dropped)


def no_paws(patch: Patch) -> None:
    """Nobody asks how old a timestamp is."""
    patch.setattr(checks, "_CHECKS", tuple(check for check in checks._CHECKS if check is not paws.refuses))
    patch.setattr(smallentry, "is_old", lambda turn, segment: False)


def no_backoff(patch: Patch) -> None:
    """The retransmission timeout is never doubled."""
    real = rto.backed_off

    def steady(rtx: Any, most_us: int, **_: Any) -> Any:
        return real(rtx, most_us, is_linear=True)

    _everywhere(patch, "backed_off", real, steady)


def no_window_probes(patch: Patch) -> None:
    """Who waits for a window that is shut does not ask."""
    real = expiries._persist
    _everywhere(patch, "_persist", real, lambda turn: turn.timers(persist=None))


# --- closing ---


def closing_left_out(patch: Patch) -> None:
    """A FIN that meets a FIN leads to TIME-WAIT at once."""
    real = Turn.move

    def moved(turn: Turn, edge: transitions.Edge, **changes: Any) -> None:
        crossing = edge is transitions.FIN_WAIT_1_RCV_FIN
        real(turn, transitions.FIN_WAIT_1_RCV_FIN_ACK if crossing else edge, **changes)
        if crossing:
            arriving.enter_time_wait(turn)

    patch.setattr(Turn, "move", moved)


def time_wait_goes_on(patch: Patch) -> None:
    """A FIN that comes again does not start TIME-WAIT anew."""
    real = arriving.enter_time_wait

    def once(turn: Turn) -> None:
        if turn.tcb.timers.time_wait is None:
            real(turn)

    _everywhere(patch, "enter_time_wait", real, once)


def fin_goes_again(patch: Patch) -> None:
    """The variant that repeats no FIN repeats it."""
    _without_hooks(patch, "no-fin-retransmission")


# --- queues and ports ---


def somaxconn_unread(patch: Patch) -> None:
    """A backlog is taken as it was asked for."""
    real = opening.listen

    def listened(k: Kernel, act: Any, program: int | None) -> Any:
        profile, k.profile = k.profile, replace(k.profile, somaxconn=1 << 20)
        try:
            return real(k, act, program)
        finally:
            k.profile = profile

    _everywhere(patch, "listen", real, listened)


def cookie_unknown(patch: Patch) -> None:
    """A host does not know its own cookies again."""
    patch.setattr(cookies, "check", lambda *_: None)


def stamps_of_hosts_unread(patch: Patch) -> None:
    """tcp_tw_recycle does not look at the timestamp of an address."""
    patch.setattr(stamps, "looks_old", lambda *_: False)


# --- numbers of its own, and what is read ---


def key_unread(patch: Patch) -> None:
    """The first number is read off the clock, whatever the four-tuple and the secret."""
    real = isn.fresh_iss

    def clocked(k: Kernel, *ends: Any) -> int:
        profile, k.profile = k.profile, replace(k.profile, isn_offset="host")
        try:
            return real(k, *ends)
        finally:
            k.profile = profile

    _everywhere(patch, "fresh_iss", real, clocked)


def reads_end_with_segments(patch: Patch) -> None:
    """A read takes no more than what one segment brought."""
    real = calls._take
    patch.setattr(arriving, "joined", lambda texts: texts)
    patch.setattr(calls, "_take", lambda turn, octets: real(turn, min(octets, len(turn.tcb.inc.ready[0]))))


def listener_queues_swapped(patch: Patch) -> None:
    """ss prints a listener's bound where its queue belongs."""
    real = ss._listener

    def swapped(socket: Socket) -> ss.SsRow:
        row = real(socket)
        return row._replace(recv_q=row.send_q, send_q=row.recv_q)

    patch.setattr(ss, "_listener", swapped)


# --- ways of breaking ---


def _everywhere(patch: Patch, name: str, real: object, broken: object) -> None:
    """``broken`` in every module of the engine that knows ``real`` by ``name``, and in every table that has it."""
    for module in [m for path, m in list(sys.modules.items()) if path.startswith(("tutor.tcp", "tutor.world"))]:
        for known, value in list(vars(module).items()):
            if value is real:
                patch.setattr(module, known, broken)
            elif isinstance(value, dict) and any(each is real for each in value.values()):
                for key in [key for key, each in value.items() if each is real]:
                    patch.setitem(value, key, broken)


def _without_resets(turn: Turn, work: Callable[[], Any]) -> Any:
    """What ``work`` gives, and none of the RSTs that it would send."""
    before = len(turn.effects)
    found = work()
    turn.effects[before:] = [each for each in turn.effects[before:] if getattr(each, "purpose", "") != "reset"]
    return found


def _without_hooks(patch: Patch, name: str) -> None:
    """A variant that departs in nothing."""

    def known(asked: str) -> Variant:
        return TCP if asked == name else variant_named(asked)

    for module in (beginning, hands, puzzles):
        patch.setattr(module, "variant_named", known)


ENGINE: dict[str, Callable[[Patch], None]] = {
    each.__name__.replace("_", "-"): each
    for each in (
        port_is_the_name, checksum_unread, mute_in_syn_sent, crossed_syn_unheard, text_opens_nothing, listener_mute,
        merges_for_all, early_text_dropped, no_paws, no_backoff, no_window_probes, closing_left_out, time_wait_goes_on,
        fin_goes_again, somaxconn_unread, cookie_unknown, stamps_of_hosts_unread, key_unread,
        reads_end_with_segments, listener_queues_swapped,
    )
}  # fmt: skip
"""Name -> what breaks the rule."""
