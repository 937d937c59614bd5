"""Stamp: a picture of a run that is not TCP says so wherever it is taken.

Rules
-----
* The stamp is a band below the picture, so that it covers nothing; with it the picture is as large as was asked for.
* It is there for every protocol but TCP, in the exported file as on paper and in the clipboard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tutor.tcp.variant import Variant
from tutor.view.marks import Ink, Layer, Mark, Picture, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.theme import Look

BAND = 34.0
"""Height of the band in px at text scale 1."""
SIZE = 16.0

Size = tuple[float, float]


def stamped(make: Callable[[Size], Picture], size: Size, variant: Variant, look: Look) -> Picture:
    """The picture that ``make`` gives, ``size`` px large together with its stamp; TCP has none."""
    if variant.is_tcp:
        return make(size)
    width, height = size
    band = BAND * look.text_scale
    picture = make((width, height - band))
    layer = Layer("moving", None, tuple(_band(width, height - band, band, variant, look)))
    titles = (*picture.titles, ("stamp", not_tcp(variant, look)))
    return replace(picture, height=height, layers=(*picture.layers, layer), titles=titles)


def not_tcp(variant: Variant, look: Look) -> str:
    """The sentence on the band."""
    t = look.words.t
    return t("NOT TCP — {title}: {departs}.", title=t(variant.title), departs=t(variant.departs))


def _band(width: float, top: float, band: float, variant: Variant, look: Look) -> list[Mark]:
    said, short = not_tcp(variant, look), look.words.t("NOT TCP — {title}", title=look.words.t(variant.title))
    size = SIZE * look.text_scale
    fits = [(text, min(size, size * (width - 24) / text_width(text, "ui", size, 700))) for text in (said, short)]
    text, size = next(((each, fit) for each, fit in fits if fit >= 12.0), (short, 12.0))
    middle = top + band / 2 + size * 0.36
    return [
        Rect(0, top, width, band, 0, Ink("ink"), id="stamp"),
        Text(width / 2, middle, text, Ink("surface"), size, 700, "ui", "middle", id="stamp"),
    ]
