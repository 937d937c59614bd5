"""Settings by the names that FreeBSD gives them, where a field of the profile means the same.

Rules
-----
* They are for a host that is no Linux: a Linux has names of its own, and refuses these.
* A setting that would change nothing here is accepted at the values for which that is true; every other one, and every
  name that is not listed, is refused by its name. Nothing is silently ignored.
* ``recvspace`` brings the habit that goes with it: a buffer is rounded up to whole segments when the connection opens.

Source: FreeBSD tcp(4), ``sys/netinet/tcp_input.c`` (``tcp_mss``), ``sys/netinet/tcp_syncache.c`` (the window scale).
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.world.time import MS

Fields = dict[str, int | str | bool]
"""Field of the profile -> value."""

_TCP = "net.inet.tcp."

CHOICES: dict[str, dict[str, Fields]] = {
    _TCP + "rfc1323": {
        "0": {"window_scaling": False, "timestamps": False},
        "1": {"window_scaling": True, "timestamps": True},
    },
    _TCP + "sack.enable": {"0": {"sack": False}, "1": {"sack": True}},
    _TCP + "ecn.enable": {"0": {"ecn": "off"}, "1": {"ecn": "on"}, "2": {"ecn": "asked"}},
    _TCP + "insecure_rst": {"0": {"reset_must_be_exact": True}, "1": {"reset_must_be_exact": False}},
    _TCP + "insecure_syn": {"0": {"syn_is_challenged": True}, "1": {"syn_is_challenged": False}},
}
"""Name -> value -> what it sets."""


class Same(NamedTuple):
    """A setting without an effect here: the ``values`` for which that holds (none named: all), and why."""

    values: tuple[str, ...]
    why: str


WITHOUT_EFFECT: dict[str, Same] = {
    _TCP + "hostcache.purgenow": Same((), "nothing is remembered from one connection to the next"),
    _TCP + "blackhole": Same(("0",), "a segment for no socket is answered with RST"),
    _TCP + "drop_synfin": Same(("0",), "a SYN,FIN is taken as RFC 9293 has it: first the SYN, then the FIN"),
    _TCP + "rexmit_drop_options": Same(("0",), "a SYN that is repeated keeps its options"),
    _TCP + "rexmit_slop": Same(("0",), "nothing is added to the RTO of RFC 6298 section 2"),
    _TCP + "syncookies_only": Same(("0",), "cookies do not replace the SYN queue"),
    _TCP + "syncookies": Same(("0",), "a cookie opens a connection from LISTEN, which RFC 9293 does not know"),
}
"""Name -> where the simulation stands on it."""

FIELD_MAX = 65535


def is_here(name: str) -> bool:
    """Is this one of FreeBSD's names that mean something here?"""
    return name in CHOICES or name in WITHOUT_EFFECT or name in _NUMBERS


def fields(name: str, text: str) -> Fields:
    """What setting ``name`` to ``text`` sets. Raises ``ValueError`` with the reason."""
    if name in WITHOUT_EFFECT:
        values, why = WITHOUT_EFFECT[name]
        if values and text not in values:
            raise ValueError(f"{why}; allowed: {', '.join(values)}")
        return {}
    if name in CHOICES:
        if text not in CHOICES[name]:
            raise ValueError(f"allowed: {', '.join(CHOICES[name])}")
        return CHOICES[name][text]
    if not text.isdigit():
        raise ValueError("allowed: a whole number")
    return _number(name, int(text))


_NUMBERS = (_TCP + "sendspace", _TCP + "recvspace", _TCP + "rexmit_initial", "kern.ipc.maxsockbuf")


def _number(name: str, value: int) -> Fields:
    match name.rpartition(".")[2]:
        case "sendspace":
            return {"send_buffer": value}
        case "recvspace":
            return {"receive_buffer": value, "buffer_in_segments": True}
        case "rexmit_initial":
            return {"initial_rto_us": value * MS}
        case _:
            return {"window_scale": next((shift for shift in range(14) if FIELD_MAX << shift >= value), 14)}
