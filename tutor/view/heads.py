"""Heads: who stands over the lifelines, and which of several connections is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.view.lens import PLAIN, Lens
from tutor.view.marks import Ink, Mark, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.page import Page, head_height
from tutor.view.standing import host_name
from tutor.view.story import Story
from tutor.view.theme import Look, host_ink, host_letter, host_tint

NEXT_CONNECTION = "focus:next"
"""The mark that leads to the next connection."""


def header(told: Story, page: Page, look: Look, lens: Lens = PLAIN) -> Iterator[Mark]:
    """The hosts' heads: letter, name, and where there is room their address and the port of the connection in focus;
    below them which connection that is. Three and more that stand too close for their names have their letters."""
    hosts = told.hosts
    room = page.width - page.gutter - 12
    wide = min(
        240.0,
        room / max(2, len(hosts)) - 8,
        (page.right - page.left) / max(1, len(hosts) - 1) - 12,
        (page.width - 12 - page.left) * 2 / 3,
    )
    high, y = (28.0, 2.0) if page.is_low else (42.0, 6.0)
    height = max(28.0, high * min(look.text_scale, 1.3), head_height(look))
    r = max(min(13.0 * page.grown, height * 0.38 if page.is_low else height * 0.32), head_height(look) * 0.3)
    beside = max(50.0, 24 + 2 * r)
    size = page.text * 0.96
    short = [host_name(host, look.words) for host in hosts]
    forms = _forms(told, lens.focus, short)
    least = [""] * len(hosts) if len(hosts) > 2 else short
    names = next(
        (form for form in forms if all(text_width(name, "ui", size, 600) < wide - beside for name in form)), least
    )
    aside = 0.0
    if look.least > 12.0 and len(hosts) == 2:  # a room's names are larger than the lifelines are apart: to the sides
        needed = max(text_width(name, "ui", size, 600) for name in names) + beside
        wide = max(wide, min(needed, page.width / 2 - 10))
        aside = max(0.0, wide + 8 - (page.right - page.left)) / 2
    yield Rect(0, 0, page.width, page.top - 14, 0, Ink("surface"))
    if lens.tells_which:
        yield from _which(page, lens, look, y + height)
    for place, host in enumerate(hosts):
        middle = page.x(place) + (aside if place else -aside)
        left = min(max(page.gutter, middle - wide / 2), page.width - wide - 4)
        middle_y = y + height / 2
        yield Rect(
            left, y, wide, height, min(10.0, height / 3), host_tint(place), host_ink(place), 2, id=f"host:{host}"
        )
        yield from badge(place, left + 9 + r if names[place] else left + wide / 2, middle_y, r, page.least)
        if not names[place]:
            continue
        yield Text(left + 17 + 2 * r, middle_y + size * 0.36, names[place], Ink("ink"), size, 600)


def badge(place: int, x: float, y: float, r: float, least: float = 12.0) -> Iterator[Mark]:
    """A host's letter in its shape."""
    radius = r if place % 2 == 0 else r * 0.4
    yield Rect(x - r, y - r, 2 * r, 2 * r, radius, host_ink(place))
    yield Text(x, y + r * 0.4, host_letter(place), Ink("on"), max(least, r * 1.16), 700, "ui", "middle")


def _forms(told: Story, focus: str, short: list[str]) -> tuple[list[str], ...]:
    """What the heads may say, the longest first: name, address and port, or less."""
    ports = _ports(focus)
    ends = [ports.get(host, "") for host in told.hosts]
    full = [f"{name} · {address}{end}" for name, address, end in zip(short, told.index.addresses, ends, strict=True)]
    brief = [f"{name} {end}".rstrip() for name, end in zip(short, ends, strict=True)]
    return full, brief, short


def _ports(connection: str) -> dict[str, str]:
    """Host -> ``:port`` of the connection ``client:40000>server:80``."""
    ends = (end.rpartition(":") for end in connection.split(">")) if ">" in connection else ()
    return {host: f":{port}" for host, _, port in ends if host}


# --- which connection ---


def room_for_which(look: Look) -> float:
    """Px that the words about the connection in focus need."""
    return 22.0 * min(look.text_scale, 1.4)


def which_words(lens: Lens, look: Look) -> str:
    """``Connection 2 of 3``."""
    return look.words.t("Connection {n} of {count}", n=lens.place, count=lens.count)


def which_marks(x: float, y: float, size: float, words: str, key: str) -> Iterator[Mark]:
    """Words and the key that leads on, from ``x`` to the right, their middle at ``y``; a click leads on as well."""
    width, whole, identity = text_width(words, "ui", size, 600), _width(words, key, size), NEXT_CONNECTION
    box = (x - 8, y - size * 0.8, whole + 16, size * 1.6, size * 0.8)
    yield Rect(*box, Ink("surface2"), Ink("border"), 1, id=identity)
    yield Text(x, y + size * 0.36, words, Ink("ink"), size, 600, id=identity)
    if key:
        yield Text(x + width + 8, y + size * 0.36, key, Ink("ink2"), size, 400, id=identity)


def _width(words: str, key: str, size: float) -> float:
    return text_width(words, "ui", size, 600) + (text_width(key, "ui", size, 400) + 8 if key else 0)


def _which(page: Page, lens: Lens, look: Look, top: float) -> Iterator[Mark]:
    """Between the heads and the page; on a low card beside the heads, with fewer words."""
    size, brief = max(page.least, min(page.text * 0.86, 17.0)), f"{lens.place} / {lens.count}"
    if page.is_low:
        yield from which_marks(11, 16, page.least, brief, "")
        return
    said, room = which_words(lens, look), page.width - page.gutter - 32
    tries = ((said, lens.key), (said, ""), (brief, ""))
    words, key = next((each for each in tries if _width(*each, size) <= room), tries[-1])
    whole = _width(words, key, size)
    x = max(page.gutter + 8, min((page.left + page.right - whole) / 2, page.width - whole - 14))
    yield from which_marks(x, top + 6 + size * 0.8, size, words, key)
