"""Consequences: one sentence that says what a value of a parameter would do, computed before it is set.

Rules
-----
* The engine is asked, never a formula: a small run (``situations``) with the value in it, told from its records.
* While a bet is open nothing is computed for the hosts of the running lesson: what the line says might be the answer.
* A line depends on the TCP, the parameter and the value alone, so it is kept.
* The value that an option has, though nobody has set it, is not told as if it had been set: that is another thing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tutor.tcp.profile import Profile
from tutor.tcp.variant import VARIANTS
from tutor.teach import outcomes, outcomes_flow
from tutor.teach.parameter import Parameter
from tutor.teach.parameter_parts import text_for_field
from tutor.teach.situations import CALLER, LISTENER, Case, Consequence, Teller, told
from tutor.teach.tuning import refusal, word_of
from tutor.words import mark
from tutor.world.link import OF_THE_CABLE, PARAMETERS, parameter_text
from tutor.world.sockopts import SOCKET_OPTIONS
from tutor.world.sysctls import with_setting

if TYPE_CHECKING:
    from tutor.teach.session import Session

TELLERS: dict[str, Teller] = {
    **dict.fromkeys(
        ("tcp_syn_retries", "tcp_syn_linear_timeouts", "initial_rto_us", "syn_give_up_us", "TCP_SYNCNT"),
        outcomes.silent_peer,
    ),
    **dict.fromkeys(("tcp_synack_retries", "request_rto_max_us"), outcomes.no_third_ack),
    **dict.fromkeys(
        (
            "tcp_retries2", "tcp_rto_min_us", "tcp_rto_max_ms", "data_give_up_us", "user_timeout_us",
            "TCP_USER_TIMEOUT", "TCP_RTO_MAX_MS", "patience", "timer_lateness",
        ),
        outcomes.dead_peer,
    ),
    **dict.fromkeys(
        (
            "tcp_keepalive_time", "tcp_keepalive_intvl", "tcp_keepalive_probes",
            "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "SO_KEEPALIVE",
        ),
        outcomes.keepalive,
    ),
    **dict.fromkeys(("persist_probe_octets", "shut_over_flight", "answers_delay_probes"), outcomes.persist),
    **dict.fromkeys(("tcp_fin_timeout", "fin_wait_2_half_rtos", "TCP_LINGER2"), outcomes.orphan_waits),
    "tcp_orphan_retries": outcomes.orphan_repeats,
    **dict.fromkeys(("time_wait_us", "msl_us", "tcp_tw_recycle"), outcomes.time_wait),
    "tcp_rfc1337": outcomes.time_wait_and_rst,
    **dict.fromkeys(("tcp_tw_reuse", "tcp_tw_reuse_delay"), outcomes.only_port),
    **dict.fromkeys(("tcp_max_tw_buckets", "tcp_max_orphans"), outcomes.many_closed),
    "SO_LINGER": outcomes.lingering,
    **dict.fromkeys(("TCP_NODELAY", "TCP_CORK", "nagle"), outcomes.small_writes),
    **dict.fromkeys(("delayed_ack_us", "quick_acks", "ack_delay", "TCP_QUICKACK"), outcomes.single_segments),
    **dict.fromkeys(("tcp_invalid_ratelimit", "tcp_challenge_ack_limit", "syn_is_challenged"), outcomes.bad_segments),
    "TCP_DEFER_ACCEPT": outcomes.deferred_accept,
    **dict.fromkeys(
        ("somaxconn", "backlog", "accept_queue_extra"), outcomes_flow.many_callers
    ),
    "tcp_abort_on_overflow": outcomes_flow.late_overflow,
    **dict.fromkeys(("tcp_max_syn_backlog", "tcp_syncookies", "syn_queue_rule"), outcomes_flow.flood),
    "nofile": outcomes_flow.descriptors,
    **dict.fromkeys(("ip_local_port_range", "ip_local_reserved_ports", "port_choice"), outcomes_flow.ports),
    **dict.fromkeys(
        (
            "mss", "tcp_window_scaling", "tcp_timestamps", "tcp_sack", "tcp_rmem", "window_percent", "tcp_ecn",
            "first_window_segments", "TCP_MAXSEG", "SO_RCVBUF",
        ),
        outcomes_flow.offer,
    ),
    **dict.fromkeys(
        (
            "link.bandwidth", "link.mtu", "link.jitter", "link.loss", "link.duplication", "link.reordering",
            "link.corruption",
        ),
        outcomes_flow.transfer,
    ),
    "link.delay": outcomes.handshake,
    **dict.fromkeys(
        ("initial_window_segments", "tcp_congestion_control", "TCP_CONGESTION", "tcp_min_tso_segs"),
        outcomes_flow.flights,
    ),
    **dict.fromkeys(("tcp_slow_start_after_idle", "idle_restart"), outcomes_flow.after_silence),
    **dict.fromkeys(
        ("tcp_recovery", "tcp_reordering", "loss_recovery", "loss_evidence"),
        outcomes_flow.one_loss,
    ),
    "tcp_early_retrans": outcomes_flow.tail_loss,
    **dict.fromkeys(("tcp_comp_sack_nr", "tcp_comp_sack_delay_ns"), outcomes_flow.out_of_order),
    "profile": lambda case: outcomes.silent_peer(case) + outcomes.time_wait(case),
}  # fmt: skip
"""Key of a parameter -> what tells its consequence. The others have none: nothing short would be true of them."""

NO_DEPARTURE = told(mark("This is TCP: every rule holds."))
AFTER_THE_BET = told(mark("What this would do is told after the bet."))


def consequence(session: Session, parameter: Parameter, value: str = "") -> Consequence | None:
    """What ``value`` ("": the one it has) of ``parameter`` does; None if there is nothing to tell, or it cannot be."""
    text = value or parameter.value
    if parameter.kind == "variant":  # what it breaks is its definition: nothing has to be tried
        if text in VARIANTS:  # what is in force stands in the band above the stage
            return told(VARIANTS[text].departs) if text != parameter.value else None
        return NO_DEPARTURE
    if _teller(parameter) is None:
        return None
    if session.horizon is not None:
        return AFTER_THE_BET
    if refusal(parameter, text, is_what_if=True) is not None:
        return None
    profile = _profile_of(session, parameter, text)
    if profile is None:
        return None
    option = _option(session, parameter, text) if parameter.kind == "option" else ""
    return _told(profile, parameter, text, _cable(session, parameter, text), option)


def _option(session: Session, parameter: Parameter, text: str) -> str:
    """How a program sets the option; "" for the value that it has without ever being set."""
    conf = SOCKET_OPTIONS[parameter.name].conf
    if text != parameter.value or not conf:
        return f"setsockopt {parameter.name} {word_of(text)}"
    socket = session.world.host(parameter.owner).sockets.get(parameter.call)
    given = getattr(socket.tcb.conf, conf) if socket is not None else None
    if given is None or parameter.control.kind != "number":
        return "" if given is None else f"setsockopt {parameter.name} {word_of(text)}"
    return f"setsockopt {parameter.name} {given // SOCKET_OPTIONS[parameter.name].scale}"


def _teller(parameter: Parameter) -> Teller | None:
    name = parameter.name if parameter.kind == "option" else parameter.key
    if parameter.kind == "program":
        name = parameter.field
    if parameter.kind == "link":
        name = f"link.{parameter.key.rpartition('.')[2].removesuffix('>')}"
    return TELLERS.get(name)


def _profile_of(session: Session, parameter: Parameter, text: str) -> Profile | None:
    """The TCP in which the value is tried: that of its host, the first one's for the link, or the one to be chosen."""
    if parameter.kind == "profile":
        return session.scenario.profiles.get(text)
    hosts = session.world.hosts
    return next((host.profile for host in hosts if host.name == parameter.owner), hosts[0].profile)


def _cable(session: Session, parameter: Parameter, text: str) -> tuple[tuple[str, str], ...]:
    """The link as it would be, between a caller (its first end) and a listener; as usual for what is no link's."""
    link = next((each for each in session.world.links if parameter.id.startswith(f"{each.name}.")), None)
    if parameter.kind != "link" or link is None:
        return ()
    tried = parameter.key.rpartition(".")[2].removesuffix(">")
    found: list[tuple[str, str]] = []
    for role, end in ((CALLER, link.a), (LISTENER, link.b)):
        for name in (name for name in PARAMETERS if name not in OF_THE_CABLE):
            is_tried = name == tried and parameter.owner in ("", end)
            found.append((f"{role}.{name}", text if is_tried else parameter_text(name, getattr(link.way(end), name))))
    return tuple(found)


@lru_cache(maxsize=2048)
def _told(
    profile: Profile, parameter: Parameter, text: str, cable: tuple[tuple[str, str], ...], option: str
) -> Consequence | None:
    teller = _teller(parameter)
    assert teller is not None, "whoever asks has looked"
    try:
        return teller(_case(profile, parameter, text, cable, option))
    except ValueError:
        return None


def _case(profile: Profile, parameter: Parameter, text: str, cable: tuple[tuple[str, str], ...], option: str) -> Case:
    number = parameter.control.number(text) or 0
    key, word = parameter.key, word_of(text)
    match parameter.kind:
        case "setting" | "constant" if parameter.is_locked:
            profile = with_setting(profile, f"profile.{parameter.field}", text_for_field(parameter, word))
        case "setting":
            profile = with_setting(profile, parameter.name, word)
        case "option":
            return Case(profile, parameter.name, text, number, option=option)
        case "link":
            return Case(profile, key, text, number, cable)
        case "program":
            key = parameter.field
    return Case(profile, key, text, number)
