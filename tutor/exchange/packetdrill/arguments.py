"""What the arguments of a call mean: numbers, names, lengths of buffers, socket options, what poll() waits for.

Rules
-----
* Nothing is guessed: an argument of a form that is not known here is ``NotModelled`` by its text.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.exchange.packetdrill.script import Call, Elided, Flags, Listing, Name, Record, Text, Value


class NotModelled(Exception):
    """Something that the simulation does not have, by its name."""


def argument(call: Call, place: int) -> Value | None:
    """The argument at ``place`` (from 0), or None."""
    return call.args[place] if len(call.args) > place else None


def number(value: Value | None) -> int | None:
    """The number that is written there, if it is one; ``[5]`` is 5."""
    if isinstance(value, Listing) and len(value.items) == 1:
        value = value.items[0]
    return value if isinstance(value, int) else None


def names(value: Value | None) -> frozenset[str]:
    """The constants joined by ``|``; 0 is none of them."""
    parts = value.parts if isinstance(value, Flags) else () if value is None else (value,)
    for part in parts:
        if not isinstance(part, Name) and part != 0 and not isinstance(part, Elided):
            raise NotModelled(f"the flags {value}")
    return frozenset(part.name for part in parts if isinstance(part, Name))


def octets(call: Call) -> int:
    """How much a reading or writing call moves: its length, or the sum over an ``iov``."""
    if call.name in ("readv", "writev"):
        return _vector(argument(call, 1), call)
    if call.name in ("recvmsg", "sendmsg"):
        message = argument(call, 1)
        found = message.get("msg_iov") if isinstance(message, Record) else None
        return _vector(found, call)
    length = number(argument(call, 2))
    if length is None:
        raise NotModelled(f"the length of {call}")
    return length


def _vector(value: Value | None, call: Call) -> int:
    """The sum of the lengths of ``[{..., 10}, {..., 20}]``."""
    if not isinstance(value, Listing):
        raise NotModelled(f"the buffers of {call}")
    total = 0
    for item in value.items:
        length = item.fields[-1][1] if isinstance(item, Record) else None
        if not isinstance(length, int):
            raise NotModelled(f"the buffers of {call}")
        total += length
    return total


def message_flags(call: Call) -> frozenset[str]:
    """MSG_... of a call that has them."""
    place = {"recv": 3, "recvfrom": 3, "send": 3, "sendto": 3, "recvmsg": 2, "sendmsg": 2}.get(call.name)
    return names(argument(call, place)) if place is not None else frozenset()


def port(value: Value | None) -> int | None:
    """The port of a ``sockaddr`` that is written out: ``{sa_family=AF_INET, sin_port=htons(8080), ...}``."""
    found = value.get("sin_port") if isinstance(value, Record) else None
    if isinstance(found, Record):
        found = found.fields[-1][1]
    return found if isinstance(found, int) else None


def is_unspecified(value: Value | None) -> bool:
    """Is this ``connect()``'s address AF_UNSPEC, which takes a connection back?"""
    family = value.get("sa_family") if isinstance(value, Record) else None
    return family == Name("AF_UNSPEC")


def option_words(value: Value | None) -> str:
    """The value of setsockopt: ``[1]`` is 1, ``{onoff=1, linger=5}`` 5, ``{onoff=0, ...}`` off, ``"cubic"`` cubic."""
    if isinstance(value, Listing) and value.items:
        return str(value.items[0]).strip('"')
    if isinstance(value, Text):
        return value.text
    if isinstance(value, Record):
        fields = dict(value.fields)
        if "tv_sec" in fields or "tv_usec" in fields:
            return str((number(fields.get("tv_sec", 0)) or 0) * 1_000_000 + (number(fields.get("tv_usec", 0)) or 0))
        first = value.fields[0][1] if value.fields else 0
        return "off" if fields.get("onoff", first) == 0 else str(fields.get("linger", value.fields[-1][1]))
    return str(value)


def expected_option(value: Value | None) -> str | None:
    """What getsockopt must tell, in the words of ``option_words``; None: anything."""
    inside = value.items[0] if isinstance(value, Listing) and value.items else value
    if inside is None or isinstance(inside, Elided):
        return None
    return str(inside) if isinstance(inside, Name) else option_words(value)


ERRORS = {
    "EINTR": 4, "EAGAIN": 11, "EPIPE": 32, "EPROTO": 71, "EMSGSIZE": 90, "ENOPROTOOPT": 92, "EADDRINUSE": 98,
    "EADDRNOTAVAIL": 99, "ENETUNREACH": 101, "ECONNABORTED": 103, "ECONNRESET": 104, "ENOTCONN": 107, "ETIMEDOUT": 110,
    "ECONNREFUSED": 111, "EHOSTUNREACH": 113,
}  # fmt: skip
"""The kernel's numbers of errors."""


def is_same_error(expected: str, name: str | int) -> bool:
    """Is the answer ``name`` of SO_ERROR what a script expects, as a name or as a number?"""
    return expected in (str(name), str(ERRORS.get(str(name), name)))


def polled(value: Value | None) -> Iterator[tuple[int, frozenset[str], frozenset[str]]]:
    """(descriptor, events waited for, events that come back) of every entry of ``poll``."""
    for entry in value.items if isinstance(value, Listing) else (value,):
        if not isinstance(entry, Record) or not isinstance(fd := entry.get("fd"), int):
            raise NotModelled(f"the descriptors {value}")
        yield fd, _events(entry.get("events")), _events(entry.get("revents"))


def _events(value: Value | None) -> frozenset[str]:
    """POLLIN|POLLOUT, EPOLLIN... without their beginnings. POLLRDNORM and POLLWRNORM come with IN and OUT."""
    short = {name.removeprefix("E").removeprefix("POLL") for name in names(value)}
    return frozenset({"RDNORM": "IN", "WRNORM": "OUT"}.get(name, name) for name in short)
