"""tcp_rmem and tcp_wmem: three numbers of memory, and what of them a connection can use for text.

Rules
-----
* Half of a receive buffer is window (``window_percent``: ``tcp_win_from_space`` with its default ratio); the rest is
  for the kernel's own bookkeeping.
* The shift count offered is the least with which the largest buffer fits the field (``tcp_select_initial_window``).
* A send buffer grows by itself up to the third number; of that about five eighths hold text, the rest is bookkeeping.

NOTE: the kernel counts the memory of whole packets, whose size depends on the device. Windows agree with it as far as
segments are full.

Source: Linux ``net/ipv4/tcp_output.c``, ``include/net/tcp.h``; tcp(7).
"""

from __future__ import annotations

from tutor.tcp.profile import Profile

SMALLEST = 4096
"""The first of the three numbers, which has no effect without memory pressure."""

MAX_SHIFT = 14
"""RFC 7323 section 2.3."""

_TEXT_OF_SEND_BUFFER = 2_626_560, 4_194_304
"""Octets of text that a send buffer of so much memory took on Linux 6.18."""


def three_numbers(name: str, text: str) -> tuple[int, int, int]:
    """``4096 131072 33554432`` as numbers. Raises ``ValueError``."""
    words = text.replace(",", " ").replace("-", " ").split()
    if len(words) != 3 or not all(word.isdigit() for word in words):
        raise ValueError(f"{name} is {text!r}; allowed: three sizes in octets, as 4096-131072-6291456")
    least, usual, most = map(int, words)
    if not least <= usual <= most:
        raise ValueError(f"{name} is {text!r}; allowed: three sizes in ascending order")
    return least, usual, most


def shift_for(octets: int) -> int:
    """The shift count with which a window of ``octets`` fits the field."""
    return min(max(octets.bit_length() - 16, 0), MAX_SHIFT)


def receive_fields(name: str, text: str, percent: int) -> dict[str, int]:
    """The fields of a profile that ``tcp_rmem`` sets, where ``percent`` of it are window."""
    _, usual, most = three_numbers(name, text)
    return {"receive_buffer": usual * percent // 100, "window_scale": shift_for(most)}


def receive_text(profile: Profile) -> str:
    """``tcp_rmem`` as these fields have it."""
    return f"{SMALLEST} {-(-100 * profile.receive_buffer // profile.window_percent)} {1 << (profile.window_scale + 15)}"


def send_fields(name: str, text: str) -> dict[str, int]:
    """The field of a profile that ``tcp_wmem`` sets."""
    _, _, most = three_numbers(name, text)
    octets, memory = _TEXT_OF_SEND_BUFFER
    return {"send_buffer": most * octets // memory}


def send_text(profile: Profile) -> str:
    """``tcp_wmem`` as this field has it."""
    octets, memory = _TEXT_OF_SEND_BUFFER
    return f"{SMALLEST} 16384 {-(-profile.send_buffer * memory // octets)}"
