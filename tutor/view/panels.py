"""The connection's variables as rows: what each host knows now, in the RFC's words.

Rules
-----
* Numbers count from the connection's own initial sequence numbers, as in the ladder; windows and sizes are octets.
* A timer is shown with what is left of it at the playhead; the nearest one. What ends behind a horizon has a name only.
* The values of one moment only: nothing before, nothing after.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb
from tutor.view.standing import SCREEN_NAMES, standings
from tutor.view.theme import Look
from tutor.world.host import CONNECTION, LISTENER, REQUEST, Host, Socket
from tutor.world.trace import Trace

NONE = "—"
HIDDEN = "…"
"""What is left of a timer that ends behind the horizon."""

Row = tuple[str, tuple[str, ...]]
"""(name, one value a host)."""

TIMER_NAMES = {
    "retransmission": "RTO",
    "loss-probe": "TLP",
    "reordering": "RACK",
    "persist": "persist",
    "delayed-ack": "ACK",
    "sack-compression": "SACK",
    "keepalive": "keep-alive",
    "user": "user",
    "fin-wait-2": "FW-2",
    "time-wait": "2 MSL",
}
"""Short names of the timers, as on the screen."""


def variables(trace: Trace, time: int, look: Look, focus: str = "", *, horizon: int | None = None) -> tuple[Row, ...]:
    """The rows at ``time`` (microseconds); ``focus``: a connection's name, else each host's newest.

    ``horizon``: nothing that happens later may be told.
    """
    sockets = [socket_in_focus(host, focus) for host in trace.world_at(time).hosts]
    tcbs = [socket.tcb if socket is not None else None for socket in sockets]
    t = look.words.t
    names = ("SND.UNA", "SND.NXT", "SND.WND", "RCV.NXT", "RCV.WND")
    columns = [_numbers(tcb) for tcb in tcbs]
    states = standings(trace, time, time, focus)
    rows: list[Row] = [(t("State"), tuple(_state(host.state) for host in states))]
    rows += [(name, tuple(column[place] for column in columns)) for place, name in enumerate(names)]
    rows.append((t("Timer"), tuple(_timer(tcb, time, look, horizon) for tcb in tcbs)))
    return tuple(rows)


def socket_in_focus(host: Host, focus: str = "") -> Socket | None:
    """The connection that the pictures speak of at this host: the one named, else the newest, else its listener."""
    if focus and host.connection(focus) is not None:
        return host.connection(focus)
    sockets = host.all_sockets()
    for kinds in ((CONNECTION, REQUEST), (LISTENER,)):
        own = [socket for socket in sockets if socket.kind in kinds]
        if own:
            return own[-1]
    return None


def _state(state: State | None) -> str:
    return NONE if state is None else SCREEN_NAMES.get(state, str(state))


def _numbers(tcb: Tcb | None) -> tuple[str, ...]:
    """SND.UNA, SND.NXT, SND.WND, RCV.NXT, RCV.WND; a dash for what is not known yet."""
    if tcb is None or tcb.state in (State.CLOSED, State.LISTEN):
        return (NONE,) * 5
    snd, rcv = tcb.snd, tcb.rcv
    sent = (str(seq.distance(snd.iss, snd.una)), str(seq.distance(snd.iss, snd.nxt)))
    if tcb.state is State.SYN_SENT:
        return (*sent, NONE, NONE, str(rcv.wnd))
    return (*sent, str(snd.wnd), str(seq.distance(rcv.irs, rcv.nxt)), str(rcv.wnd))


def timers_of(tcb: Tcb, horizon: int | None) -> list[tuple[str, int | None]]:
    """(timer, deadline) of all that run, the nearest first.

    Behind the horizon not even their order is told: those come last, in the order of the engine's table, without a
    deadline.
    """
    known = sorted((timer for timer in tcb.deadlines() if is_known(timer[1], horizon)), key=lambda timer: timer[1])
    return [*known, *((name, None) for name, deadline in tcb.deadlines() if not is_known(deadline, horizon))]


def is_known(moment: int, horizon: int | None) -> bool:
    """May it be told that something happens at ``moment``?"""
    return horizon is None or moment <= horizon


def _timer(tcb: Tcb | None, time: int, look: Look, horizon: int | None) -> str:
    """The nearest timer and what is left of it; the user timer only if it is alone."""
    running = timers_of(tcb, horizon) if tcb is not None else []
    running = [timer for timer in running if timer[0] != "user"] or running
    if not running:
        return NONE
    name, deadline = running[0]
    if deadline is None:
        return f"{look.words.t(TIMER_NAMES[name])} {HIDDEN}"
    left = max(0, deadline - time) / 1_000_000
    return f"{look.words.t(TIMER_NAMES[name])} {left:.{2 if left < 100 else 0}f} s"
