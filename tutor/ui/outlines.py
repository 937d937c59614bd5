"""Text as outlines: the same picture without a font, for whoever prints it elsewhere. Needs Qt, but no display."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from PySide6.QtGui import QPainterPath, QTransform

from tutor.ui.paint import placed_text
from tutor.view.marks import Command, Group, Mark, Path, Picture, Text

_MOVE, _LINE, _CURVE = (
    QPainterPath.ElementType.MoveToElement,
    QPainterPath.ElementType.LineToElement,
    QPainterPath.ElementType.CurveToElement,
)


def outlined(picture: Picture, *, on_dark: bool = False) -> Picture:
    """The picture with every text as a path; ``on_dark``: does its theme lie on a dark ground?"""
    layers = (
        replace(layer, key=("outlined", layer.key), marks=tuple(_mark(each, on_dark) for each in layer.marks))
        for layer in picture.layers
    )
    return replace(picture, layers=tuple(layers))


def _mark(mark: Mark, on_dark: bool) -> Mark:
    if isinstance(mark, Group):
        return replace(mark, marks=tuple(_mark(each, on_dark) for each in mark.marks))
    if not isinstance(mark, Text):
        return mark
    commands = _letters(mark.text, mark.font, mark.size, mark.weight, mark.spacing, mark.anchor, on_dark)
    at = ((letter, _moved(numbers, mark.x, mark.y)) for letter, numbers in commands)
    return Path(tuple(at), None, 0, mark.ink, id=mark.id)


def _moved(numbers: tuple[float, ...], dx: float, dy: float) -> tuple[float, ...]:
    return tuple(number + (dy if place % 2 else dx) for place, number in enumerate(numbers))


@lru_cache(maxsize=2048)
def _letters(
    text: str, font: str, size: float, weight: int, spacing: float, anchor: str, on_dark: bool
) -> tuple[Command, ...]:
    """The outline of a text whose place is the origin."""
    scale, left, placed = placed_text(text, font, size, weight, spacing, anchor, on_dark)
    path = QPainterPath()
    path.setFillRule(path.fillRule().WindingFill)
    for face, piece, x in placed:
        path.addText(x, 0, face, piece)
    return commands_of(QTransform().translate(-left, 0).scale(scale, scale).map(path))


def commands_of(path: QPainterPath) -> tuple[Command, ...]:
    """A Qt path as marks say it; filled paths are closed."""
    made: list[Command] = []
    place = 0
    while place < path.elementCount():
        element = path.elementAt(place)
        if element.type == _MOVE:
            if made:
                made.append(("Z", ()))
            made.append(("M", (element.x, element.y)))
        elif element.type == _LINE:
            made.append(("L", (element.x, element.y)))
        elif element.type == _CURVE:
            second, third = path.elementAt(place + 1), path.elementAt(place + 2)
            made.append(("C", (element.x, element.y, second.x, second.y, third.x, third.y)))
            place += 2
        place += 1
    return (*made, ("Z", ())) if made else ()
