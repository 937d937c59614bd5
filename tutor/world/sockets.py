"""Sockets: the calls that set one up or look at it, and send nothing: bind, fcntl, options, ioctl, poll.

Rules
-----
* ``bind`` gives a socket its port, before ``listen`` or ``connect``; once only (EINVAL).
* ``disconnect`` is ``connect`` with AF_UNSPEC: the connection is aborted, and the socket may be used again.
* SO_RCVBUF and SO_SNDBUF are told multiplied by ``buffer_counting``, as they are counted inside (``socket(7)``).
* SO_ERROR tells a pending error and forgets it.
"""

from __future__ import annotations

from tutor.tcp import window
from tutor.tcp.control import CONTROLS
from tutor.tcp.events import Abort, Close, SetOption
from tutor.tcp.options import effective_mss
from tutor.tcp.profile import Profile
from tutor.tcp.requests import deferral_span
from tutor.tcp.states import HAS_SENT_FIN, State
from tutor.tcp.tcb import Address, Tcb
from tutor.tcp.values import replace
from tutor.world import ports, readiness, tables, waiting
from tutor.world.acts import Act
from tutor.world.calling import Answer, answered, blocks, find_socket, is_blank, may_wait
from tutor.world.desk import Kernel
from tutor.world.host import LISTENER, Socket
from tutor.world.kernel import settle
from tutor.world.sockopts import SOCKET_OPTIONS, option_value
from tutor.world.tcpinfo import tcp_info
from tutor.world.time import parse_duration

_S = State

ANY_ADDRESS = "0.0.0.0"  # noqa: S104  nothing is bound but a simulated socket
"""bind() to it means all addresses of the host, and it has one."""

# --- setting up ---


def bind(k: Kernel, act: Act, program: int | None) -> Answer:
    """``bind()``: this port is the socket's own. Port 0: the next free one."""
    socket = find_socket(k, act, program)
    if socket is None:
        return answered(k, act, k.name, None, "EBADF")
    if not is_blank(socket) or socket.tcb.local.port:
        return answered(k, act, socket.id, None, "EINVAL")
    if act.option("addr", k.address) not in (k.address, ANY_ADDRESS) and not act.option("addr").startswith("127."):
        return answered(k, act, socket.id, None, "EADDRNOTAVAIL")
    port = int(act.args[0]) or ports.free_port(k, socket)
    if port is None or not ports.may_bind(k, port, socket):
        return answered(k, act, socket.id, None, "EADDRINUSE")
    answer = answered(k, act, socket.id, 0)
    bound = replace(socket, tcb=replace(socket.tcb, local=Address(k.address, port)), keeps_port=bool(int(act.args[0])))
    ports.take(k, bound)
    k.put(bound)
    return answer


def disconnect(k: Kernel, act: Act, program: int | None) -> Answer:
    """``connect()`` with AF_UNSPEC: the connection is over, and the socket is as new."""
    socket = find_socket(k, act, program)
    if socket is None:
        return answered(k, act, k.name, None, "EBADF")
    answer = answered(k, act, socket.id, 0)
    if socket.tcb.state is not _S.CLOSED:
        event = Close() if socket.kind == LISTENER else Abort()
        settle(k, socket, k.react(socket.tcb, event))
    left = k.sockets.get(k.descriptors.get(socket.fd) or "") if socket.fd is not None else None
    if left is not None and left.tcb.remote is not None:
        tables.blank_again(k, left)
    return answer


def fcntl(k: Kernel, act: Act, program: int | None) -> Answer:
    """``fcntl(F_SETFL)``: may calls on this socket block?"""
    socket = find_socket(k, act, program)
    if socket is None:
        return answered(k, act, k.name, None, "EBADF")
    k.put(replace(socket, is_nonblocking=act.args[0] == "O_NONBLOCK"))
    return answered(k, act, socket.id, 0)


# --- options ---


def setsockopt(k: Kernel, act: Act, program: int | None) -> Answer:
    """``setsockopt()``: on the protocol's block, or on the socket."""
    name, text = act.args
    is_named = bool(act.option("fd") or act.option("on"))
    socket = find_socket(k, act, program) or (None if is_named else tables.unbound(k))
    if socket is None:
        return answered(k, act, k.name, None, "EBADF" if is_named else "EMFILE")
    option = SOCKET_OPTIONS[name]
    try:
        value = option.taken(option_value(name, text))
    except ValueError:
        return answered(k, act, socket.id, None, "EINVAL", opened=socket.id)
    answer = answered(k, act, socket.id, 0, opened=socket.id)
    if option.conf:
        settle(k, socket, k.react(socket.tcb, SetOption(option.conf, value)))
    elif name == "SO_LINGER":
        k.put(replace(socket, linger_us=value))
    elif name == "SO_REUSEADDR":
        _change(k, socket, replace(socket, is_reusable=bool(value)))
    else:
        others = tuple(pair for pair in socket.kept if pair[0] != name)
        _change(k, socket, replace(socket, kept=(*others, (name, value or 0))))
    return answer


def _change(k: Kernel, socket: Socket, after: Socket) -> None:
    """Another option on a socket that may already be on a port."""
    if ports.is_on_port(socket):
        ports.give_back(k, socket)
        ports.take(k, after)
    k.put(after)


def getsockopt(k: Kernel, act: Act, program: int | None) -> Answer:
    """``getsockopt()``: a number in the option's own unit; TCP_INFO answers ``field=number`` words."""
    name = act.args[0]
    socket = find_socket(k, act, program)
    if socket is None:
        return answered(k, act, k.name, None, "EBADF")
    if name == "TCP_INFO":
        info = tcp_info(socket, k.profile, k.now)
        return answered(k, act, socket.id, " ".join(f"{field}={value}" for field, value in info.items()))
    if name == "SO_ERROR":
        error = waiting.take_error(k, socket) or socket.soft_error
        if error == socket.soft_error and error is not None:
            k.put(replace(k.sockets[socket.id], soft_error=None))
        return answered(k, act, socket.id, error or 0)
    return answered(k, act, socket.id, _told(socket, k.profile, name))


def option_text(socket: Socket, profile: Profile, name: str) -> str:
    """The value of an option as getsockopt tells it."""
    return str(_told(socket, profile, name))


def _told(socket: Socket, profile: Profile, name: str) -> int | str:
    tcb = socket.tcb
    facts: dict[str, int] = {
        "SO_TYPE": 1, "SO_PROTOCOL": 6, "SO_DOMAIN": 2, "SO_ACCEPTCONN": tcb.state is _S.LISTEN,
        "SO_REUSEADDR": socket.is_reusable, "TCP_QUICKACK": not tcb.ack.in_conversation,
    }  # fmt: skip
    if name in facts:
        return int(facts[name])
    if name == "SO_LINGER":
        return "off" if socket.linger_us is None else socket.linger_us // SOCKET_OPTIONS[name].scale
    if name == "TCP_CONGESTION":
        return CONTROLS[tcb.conf.congestion] if tcb.conf.congestion is not None else profile.congestion_control
    option = SOCKET_OPTIONS[name]
    if not option.conf:
        return socket.option(name) // option.scale
    if name == "TCP_MAXSEG":
        is_open = tcb.state not in (_S.CLOSED, _S.LISTEN)
        return effective_mss(tcb, profile) if is_open or not tcb.conf.mss else tcb.conf.mss
    if name == "TCP_DEFER_ACCEPT":
        return deferral_span(tcb, profile) // option.scale
    if name == "SO_RCVBUF":
        return window.memory(tcb, profile)
    value = getattr(tcb.conf, option.conf)
    if name == "TCP_LINGER2" and value is not None and value < 0:
        return -1
    if value is None:
        value = getattr(profile, _DEFAULTS.get(option.conf, option.conf), 0)
    counting = profile.buffer_counting if name == "SO_SNDBUF" else 1
    return int(value) * counting // option.scale


_DEFAULTS = {"linger2_us": "fin_wait_2_us"}
"""Options whose default is a field of the profile with another name."""

# --- looking ---


def ioctl(k: Kernel, act: Act, program: int | None) -> Answer:
    """How many octets are unread (SIOCINQ), not acknowledged (SIOCOUTQ), not even sent (SIOCOUTQNSD)."""
    socket = find_socket(k, act, program)
    if socket is None:
        return answered(k, act, k.name, None, "EBADF")
    if socket.tcb.state is _S.LISTEN:
        return answered(k, act, socket.id, None, "EINVAL")
    return answered(k, act, socket.id, _octets(socket.tcb, act.args[0]))


def _octets(tcb: Tcb, request: str) -> int:
    if tcb.state in (_S.SYN_SENT, _S.SYN_RECEIVED, _S.CLOSED):
        return 0
    if request == "SIOCINQ":
        return tcb.inc.unread
    waiting_fin = tcb.out.is_closed and tcb.out.fin_seq is None
    if request == "SIOCOUTQNSD":
        return tcb.out.unsent + waiting_fin
    return tcb.out.unsent + tcb.flight_size + waiting_fin if tcb.state in _OPEN else 0


_OPEN = HAS_SENT_FIN | {_S.ESTABLISHED, _S.CLOSE_WAIT}


def poll(k: Kernel, act: Act, program: int | None) -> Answer | None:
    """``poll()`` on one socket: what has happened there, or wait for it, no longer than ``timeout`` if it is given."""
    socket = find_socket(k, act, program)
    if socket is None:
        return answered(k, act, k.name, None, "EBADF")
    found = readiness.told_events(socket, act.args[0], k.profile)
    text = act.option("timeout")
    span = parse_duration(text) if text else None
    if found or span == 0 or not may_wait(act, replace(socket, is_nonblocking=False)):
        return answered(k, act, socket.id, found)
    blocks(k, act, socket.id, program, span=span)
    return None
