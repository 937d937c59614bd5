"""Socket options by their names in the socket interface, and what they set on a connection.

Rules
-----
* A name of ``tcp(7)`` or ``socket(7)`` -> a field of ``tcp.tcb.Conf`` and the number of engine units in one of theirs.
* SO_LINGER, SO_REUSEADDR and what has no ``conf`` belong to the socket, not to the protocol: the host keeps them.
* A number outside ``least`` and ``most`` is EINVAL; some options take what is too large as their largest (``capped``).
* An option that is not ``modelled`` can be set and read back, and changes nothing: whoever compares runs must know.
* ``READABLE``: what getsockopt tells besides.

Source of the bounds: ``do_tcp_setsockopt``, asked of Linux 6.18.44.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple

from tutor.tcp.control import CONTROLS
from tutor.world.time import MS, SECOND


class SocketOption(NamedTuple):
    """``conf`` is the protocol's field ("" when the host keeps it); one unit of ours is ``scale`` of the engine's."""

    conf: str
    unit: str
    scale: int = 1
    modelled: bool = True
    least: int = 0
    most: int | None = None
    """The bounds, in units of ours."""
    capped: bool = False
    resets: bool = False
    """0 takes back what was set."""

    def taken(self, value: int | None) -> int | None:
        """``value`` (the engine's unit) as the option takes it. Raises ``ValueError`` when it is out of bounds."""
        if value == 0 and self.resets:
            return None
        most = None if self.most is None else self.most * self.scale
        if value is None or value < 0 or (self.least * self.scale <= value and (most is None or value <= most)):
            return value
        if not self.capped or most is None or value < most:
            raise ValueError(f"allowed: {self.least} to {self.most}")
        return most


SOCKET_OPTIONS: dict[str, SocketOption] = {
    "TCP_NODELAY": SocketOption("nodelay", "0 or 1"),
    "TCP_CORK": SocketOption("cork", "0 or 1"),
    "TCP_CONGESTION": SocketOption("congestion", "the name of an algorithm: " + ", ".join(CONTROLS)),
    "TCP_NOTSENT_LOWAT": SocketOption("notsent_lowat", "octets"),
    "TCP_MAXSEG": SocketOption("mss", "octets", least=88, most=32767, resets=True),
    "TCP_QUICKACK": SocketOption("quickack", "0 or 1"),
    "TCP_KEEPIDLE": SocketOption("keepalive_idle_us", "seconds", SECOND, least=1, most=32767),
    "TCP_KEEPINTVL": SocketOption("keepalive_interval_us", "seconds", SECOND, least=1, most=32767),
    "TCP_KEEPCNT": SocketOption("keepalive_probes", "probes", least=1, most=127),
    "TCP_USER_TIMEOUT": SocketOption("user_timeout_us", "milliseconds", MS),
    "TCP_RTO_MAX_MS": SocketOption("rto_max_us", "milliseconds", MS, least=1000, most=120_000),
    "TCP_SYNCNT": SocketOption("syn_retries", "repetitions", least=1, most=127),
    "TCP_LINGER2": SocketOption("linger2_us", "seconds", SECOND, most=120, capped=True, resets=True),
    "TCP_DEFER_ACCEPT": SocketOption("defer_accept_us", "seconds", SECOND),
    "SO_KEEPALIVE": SocketOption("keepalive", "0 or 1"),
    "SO_RCVBUF": SocketOption("receive_buffer", "octets"),
    "SO_SNDBUF": SocketOption("send_buffer", "octets"),
    "SO_LINGER": SocketOption("", "seconds, or off", SECOND),
    "SO_REUSEADDR": SocketOption("", "0 or 1"),
    "SO_RCVTIMEO": SocketOption("", "microseconds"),
    "SO_SNDTIMEO": SocketOption("", "microseconds"),
    "IP_TOS": SocketOption("", "the octet"),
    "SO_PRIORITY": SocketOption("", "a number"),
    "SO_MARK": SocketOption("", "a number"),
    "IP_TTL": SocketOption("", "hops", modelled=False),
    "IP_MTU_DISCOVER": SocketOption("", "a mode"),
    "IP_RECVERR": SocketOption("", "0 or 1", modelled=False),
    "SO_RCVLOWAT": SocketOption("", "octets", modelled=False),
    "SO_REUSEPORT": SocketOption("", "0 or 1"),
    "SO_OOBINLINE": SocketOption("", "0 or 1", modelled=False),
    "SO_BINDTODEVICE": SocketOption("", "a device", modelled=False),
    "SO_MAX_PACING_RATE": SocketOption("", "octets a second", modelled=False),
    "TCP_WINDOW_CLAMP": SocketOption("", "octets", modelled=False),
    "TCP_FASTOPEN": SocketOption("", "requests", modelled=False),
    "TCP_FASTOPEN_CONNECT": SocketOption("", "0 or 1", modelled=False),
    "TCP_THIN_LINEAR_TIMEOUTS": SocketOption("", "0 or 1", modelled=False),
    "TCP_REPAIR": SocketOption("", "0 or 1", modelled=False),
    "TCP_TX_DELAY": SocketOption("", "microseconds", modelled=False),
    "TCP_INQ": SocketOption("", "0 or 1"),
}
"""Every option that ``setsockopt`` knows."""

READABLE = ("SO_ERROR", "SO_TYPE", "SO_PROTOCOL", "SO_DOMAIN", "SO_ACCEPTCONN", "TCP_INFO")
"""What ``getsockopt`` tells besides, and nobody sets."""


def find_option(text: str) -> str:
    """The full name that ``text`` means (``nodelay``, ``TCP_NODELAY``). Raises ``ValueError`` with the nearest name."""
    return _find(text, tuple(SOCKET_OPTIONS))


def readable_option(text: str) -> str:
    """The full name of an option that can be read. Raises ``ValueError`` with the nearest name."""
    return _find(text, (*SOCKET_OPTIONS, *READABLE))


def _find(text: str, names: tuple[str, ...]) -> str:
    word = text.strip().upper()
    for name in names:
        if word in (name, name.partition("_")[2]):
            return name
    nearest = get_close_matches(word, names, 1, 0.4)
    hint = f"; did you mean {nearest[0]}?" if nearest else ""
    raise ValueError(f"{text!r} is not a socket option; allowed: {', '.join(names)}{hint}")


def option_value(name: str, text: str) -> int | None:
    """``text`` in the engine's unit; None turns the option off (``off``). Raises ``ValueError`` with the unit."""
    option = SOCKET_OPTIONS[name]
    word = text.strip().lower()
    if option.conf == "congestion":
        if word not in CONTROLS:
            raise ValueError(f"{name} is {text!r}; allowed: {', '.join(CONTROLS)}")
        return CONTROLS.index(word)
    if word == "off":
        return None
    if word in ("yes", "on"):
        return 1
    if word == "no":
        return 0
    if name == "TCP_LINGER2" and word.startswith("-") and word[1:].isdigit():
        return -SECOND
    if not word.isdigit():
        raise ValueError(f"{name} is {text!r}; allowed: a whole number ({option.unit})")
    return int(word) * option.scale
