"""A host's sockets as ``ss`` prints them, and its counters as ``nstat`` does.

Rules
-----
* The columns, the names of states and timers, and the spelling of times are those of iproute2's ``ss``.
* Recv-Q is RCV.NXT minus what the program has taken: a FIN nobody has read counts 1. Send-Q is what is written, SYN and
  FIN included, minus SND.UNA. For a listener they are the accept queue and its backlog (``tcp_diag_get_info``).
* The timer is the one that Linux would name first: retransmission (``on``), persist, keepalive, timewait. A delayed
  ACK is not shown, as there. In FIN-WAIT-2 a small entry waits on ``timewait``, a whole socket on ``keepalive``.
* Listeners first, then the other sockets in order of creation; the real list follows a hash.

Source: iproute2 ``misc/ss.c``, Linux ``net/ipv4/inet_diag.c`` and ``tcp_diag.c``; compared with ``ss`` 6.1.0.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tutor.tcp.states import HAS_RECEIVED_FIN, NAMES, State
from tutor.tcp.tcb import Tcb
from tutor.world.counting import COUNTERS
from tutor.world.host import LISTENER, REQUEST, Host, Socket

_S = State


class SsRow(NamedTuple):
    """One line of ``ss``: every column as text; the timer is "" when none runs."""

    state: str
    recv_q: str
    send_q: str
    local: str
    local_port: str
    peer: str
    peer_port: str
    timer: str


HEAD = SsRow("State", "Recv-Q", "Send-Q", "Local Address", "Port", "Peer Address", "Port", "Process")
"""The line above the table."""


def rows(host: Host, now: int) -> list[SsRow]:
    """Every socket that ``ss -tano`` lists, at ``now`` (microseconds)."""
    return [row for _, row in listed(host, now)]


def listed(host: Host, now: int, most: int | None = None) -> list[tuple[str, SsRow]]:
    """(name of the socket, its line) as ``ss -tano`` lists them: listeners first; not more than ``most``."""
    shown = [socket for socket in host.all_sockets() if socket.tcb.state is not _S.CLOSED]
    ordered = sorted(shown, key=lambda socket: socket.kind != LISTENER)[:most]
    return [
        (socket.id, _listener(socket) if socket.kind == LISTENER else _connection(socket, now)) for socket in ordered
    ]


def socket_table(host: Host, now: int, *, listening: bool = False, timers: bool = True) -> list[str]:
    """The lines of ``ss -tano`` (with ``timers``) or ``ss -tan``; of ``ss -lnt`` when only ``listening``."""
    found = [row for row in rows(host, now) if not listening or row.state == "LISTEN"]
    if not timers or listening:
        found = [row._replace(timer="") for row in found]
    return _aligned([HEAD, *found])


def table_of(found: Iterable[SsRow]) -> list[str]:
    """These lines below their head, in columns."""
    return _aligned([HEAD, *found])


def counters(host: Host) -> list[str]:
    """The counters that have moved, as ``nstat`` prints them since the start."""
    moved = [(name, host.counter(name)) for name in COUNTERS if host.counter(name)]
    return ["#kernel", *(f"{name:<32}{value:<16}{0.0:7.1f}" for name, value in moved)]


def _aligned(table: list[SsRow]) -> list[str]:
    """Addresses to the right, all else to the left, nothing trailing."""
    widths = [max(len(column) for column in each) for each in zip(*table, strict=True)]
    lines = []
    for row in table:
        padded = [column.ljust(wide) for column, wide in zip(row, widths, strict=True)]
        local, peer = row.local.rjust(widths[3]), row.peer.rjust(widths[5])
        line = f"{padded[0]} {padded[1]} {padded[2]} {local}:{padded[4]} {peer}:{padded[6]}"
        lines.append(f"{line}{row.timer}".rstrip())
    return lines


# --- one socket ---


def _listener(socket: Socket) -> SsRow:
    local = socket.tcb.local
    waiting, room = str(len(socket.accept_queue)), str(socket.backlog)
    return SsRow("LISTEN", waiting, room, "0.0.0.0", str(local.port), "0.0.0.0", "*", "")  # noqa: S104  any address


def _connection(socket: Socket, now: int) -> SsRow:
    tcb = socket.tcb
    remote = tcb.remote
    assert remote is not None, "only a listener has no peer"
    is_small = socket.kind == REQUEST or tcb.is_small or tcb.state is _S.TIME_WAIT
    return SsRow(
        NAMES[tcb.state].ss,
        "0" if is_small else str(received_and_unread(tcb)),
        "0" if is_small else str(written_and_unacknowledged(tcb)),
        tcb.local.ip,
        str(tcb.local.port),
        remote.ip,
        str(remote.port),
        _timer(tcb, now),
    )


def received_and_unread(tcb: Tcb) -> int:
    """Recv-Q: octets in order that the program has not taken; a FIN it has not heard of counts 1."""
    has_unread_end = tcb.state in HAS_RECEIVED_FIN and not tcb.inc.has_reported_end
    return tcb.inc.unread + has_unread_end


def written_and_unacknowledged(tcb: Tcb) -> int:
    """Send-Q: what is in flight (SYN and FIN count), and what is written and not sent yet."""
    waits = tcb.out.is_closed and tcb.out.fin_seq is None
    return tcb.flight_size + tcb.out.unsent + waits


_NAMES = (
    ("retransmission", "on"),
    ("loss-probe", "on"),
    ("reordering", "on"),
    ("persist", "persist"),
    ("keepalive", "keepalive"),
    ("fin-wait-2", "keepalive"),
    ("time-wait", "timewait"),
)
"""The engine's timers in the order in which Linux would show them, and their names in ``ss``."""


def _timer(tcb: Tcb, now: int) -> str:
    running = dict(tcb.timers.running())
    for name, usual in _NAMES:
        if name in running:
            shown = "timewait" if tcb.is_small else usual
            tries = {"on": tcb.rtx.count, "persist": tcb.probes, "keepalive": tcb.probes}.get(shown, 0)
            return f" timer:({shown},{span(max(0, running[name] - now))},{tries})"
    return ""


def span(micros: int) -> str:
    """A span in microseconds as ``ss`` prints it: ``200ms``, ``1.020ms``, ``59sec``, ``1min12sec``, ``119min``."""
    seconds, millis = divmod(micros // 1000, 1000)
    minutes, seconds = divmod(seconds, 60)
    text = ""
    if minutes:
        millis = 0
        text = f"{minutes}min"
        seconds = 0 if minutes > 9 else seconds
    if seconds:
        millis = 0 if seconds > 9 else millis
        text += f"{seconds}{'.' if millis else 'sec'}"
    if millis:
        text += f"{millis:03d}ms"
    return text or "0"


def tables(hosts: Iterable[Host], now: int) -> list[str]:
    """What each host would answer to ``ss -tano``, ``ss -lnt`` and ``nstat`` at ``now`` (microseconds)."""
    lines: list[str] = []
    for host in hosts:
        if lines:
            lines.append("")
        lines += [f"{host.name}$ ss -tano", *socket_table(host, now)]
        lines += [f"{host.name}$ ss -lnt", *socket_table(host, now, listening=True)]
        lines += [f"{host.name}$ nstat", *counters(host)]
    return lines
