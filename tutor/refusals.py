"""What the world's readers say of a word that they do not take, in the reader's language.

Rules
-----
* The world says it in English, in sentences of a few shapes: ``SHAPES``. Each is a message, and the pattern by which
  the sentence is known again.
* What is allowed is a list of words of the vocabulary, which stay as they are, or a description (``FRAGMENTS``), which
  is translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tutor.joining import Speech
from tutor.languages import mark

FRAGMENTS = frozenset({
    mark("HOST and a call"), mark("HOST and a verb"), mark("the end of the line"), mark("an act"), mark("a name"),
    mark("a number"), mark("flags"), mark("a state"), mark("a timer"), mark("a call"), mark("no number"),
    mark("HOST:PORT, as server:80"), mark("HOST>HOST, as client>server"),
    mark("a span of time, as 50ms, 1.5s or 2min"), mark("received and a number of octets"),
    mark("a line of a program"), mark("HOST or HOST/NUMBER, as client/2"),
    mark("a number with a unit: us, ms, s, min or h (50ms, 0.5 s, 2 min)"), mark("a whole number"),
    mark("a whole number from 1"), mark("# and a number, as #7"), mark("HOST:FLAGS, HOST:FLAGS:N or #FLIGHT"),
    mark("a number counted from the initial one, or @ and the number itself"),
    mark("HOST.SETTING or LINK.PARAMETER, as client.tcp_syn_retries or link.delay"),
    mark("SACK blocks, as 1001-2001,3001-4001"), mark("three sizes in octets, as 4096-131072-6291456"),
    mark("three sizes in ascending order"), mark("68 to 65535 octets"), mark("yes or no"),
    mark("a chance from 0 to 1, or in percent, as 1%"), mark("a rate as 10mbit, 64kbit, or unlimited"),
    mark("no, or the address that the hosts behind it share, as 203.0.113.1"), mark("two ports, as 32768-60999"),
    mark("0 or 1"), mark("0, 1 or 2"), mark("ports and ranges, as 8080,9148-9152"),
    mark("whole microseconds, as 1000000"), mark("octets"), mark("seconds"), mark("milliseconds"),
    mark("microseconds"), mark("probes"), mark("hops"), mark("a device"), mark("a mode"), mark("repetitions"),
    mark("requests"), mark("octets a second"), mark("the octet"), mark("seconds, or off"),
})  # fmt: skip
"""What the world's readers say is allowed, where it is not a list of words."""

REASONS = (
    mark("it is a setting of FreeBSD"),
    mark("a cookie opens a connection from LISTEN, which RFC 9293 does not know; choose a Linux profile"),
)
"""Why a host does not take what another takes. What is not simulated has its reasons in the world's own table."""

PATTERNS = (
    mark("a whole number from {low} to {high}"), mark("one or more of {names}"), mark("{low} to {high}"),
    mark("a whole number ({unit})"), mark("the name of an algorithm: {names}"),
)  # fmt: skip
"""The same with numbers or names in it."""

SHAPES = (
    mark("{name} is {found}, not simulated: {why}; allowed: {allowed}"),
    mark("{name} is {found}; allowed: 0, because {why}"),
    mark("{name} is {found}; allowed: {allowed}"),
    mark("{name} is {found}: {why}"),
    mark("{found} is not a span of time; allowed: {allowed}"),
    mark("{found} is not a socket option; allowed: {allowed}"),
    mark("no setting {found}; did you mean {nearest}? Allowed: {allowed}"),
    mark("no setting {found} Allowed: {allowed}"),
    mark("no constant {found}; did you mean {nearest}?"),
    mark("no constant {found}"),
    mark("no {name} here: {why}"),
    mark("{name} is not simulated: {why}"),
    mark("{name}: {why}"),
    mark("allowed: {allowed}"),
)
"""What the world says of a setting that it does not take; the first that fits counts."""


def _pattern(message: str) -> re.Pattern[str]:
    """What a message looks like with its values in it: names and values of one word, what is said of them of many."""
    parts = re.split(r"\{(\w+)\}", message)
    return re.compile(
        "".join(
            re.escape(part) if place % 2 == 0 else f"(?P<{part}>{'.+' if part in _LONG else _WORD})"
            for place, part in enumerate(parts)
        )
    )


_LONG = frozenset({"why", "allowed", "names"})
_WORD = r"'[^']*'|[^\s:,]+"

_SHAPES = {message: _pattern(message) for message in SHAPES}
_PATTERNS = {message: _pattern(message) for message in PATTERNS}


def in_words(text: str, words: Speech) -> str:
    """What the world said of a word, in the reader's language; what is not known stays as it is."""
    if not text or text in FRAGMENTS:
        return words.t(text) if text else ""
    for message, pattern in _SHAPES.items():
        found = pattern.fullmatch(text)
        if found:
            values = found.groupdict()
            if "why" in values:
                values["why"] = in_words(values["why"], words)
            if "allowed" in values:
                values["allowed"] = allowed_in_words(values["allowed"], words)
            return words.t(message, **values)
    return words.t(text)


def allowed_in_words(part: str, words: Speech) -> str:
    """What is allowed, said in words or as a list of them."""
    if part in FRAGMENTS:
        return words.t(part)
    for message, pattern in _PATTERNS.items():
        found = pattern.fullmatch(part)
        if found:
            values = {name: allowed_in_words(value, words) for name, value in found.groupdict().items()}
            return words.t(message, **values)
    return part


def allowed_words(parts: Iterable[str], words: Speech) -> list[str]:
    """Each of the things that are allowed."""
    return [allowed_in_words(part, words) for part in parts]
