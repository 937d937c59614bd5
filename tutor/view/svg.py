"""A Picture as SVG text: the same marks, the theme's colours, fonts by name.

Rules
-----
* Text stays text: ``font-family`` names the fonts that the window uses, then what else may be there.
* Every interactive mark keeps its id as a class, and its title as a tooltip.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from tutor.view.marks import Box, Command, Ellipse, Group, Ink, Line, Mark, Path, Picture, Polyline, Rect, Text
from tutor.view.theme import Theme

FAMILIES = {"ui": "Inter, 'Noto Sans CJK SC', sans-serif", "mono": "'JetBrains Mono', 'Noto Sans CJK SC', monospace"}
"""``font-family`` by role."""


def to_svg(
    picture: Picture,
    theme: Theme,
    *,
    ground: str = "surface",
    size: tuple[float, float] | None = None,
    metadata: str = "",
) -> str:
    """The picture as one SVG document; ``ground`` is the role of its background, "" for none.

    ``size``: width and height of the document in px, where it is not the picture's own. ``metadata``: elements that
    are kept in the document and not shown.
    """
    clips: list[Box] = []
    titles = dict(picture.titles)
    body = [line for layer in picture.layers for mark in layer.marks for line in _mark(mark, theme, clips, titles)]
    width, height = (_n(side) for side in size or (picture.width, picture.height))
    box = f'width="{width}" height="{height}" viewBox="0 0 {_n(picture.width)} {_n(picture.height)}"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<svg xmlns="http://www.w3.org/2000/svg" {box}>']
    if metadata:
        lines.append(f"<metadata>{metadata}</metadata>")
    if clips:
        lines.append("<defs>" + "".join(_clip(index, box) for index, box in enumerate(clips)) + "</defs>")
    if ground:
        lines.append(f'<rect width="100%" height="100%" fill="{theme.colour(ground)}"/>')
    return "\n".join([*lines, *body, "</svg>", ""])


def _n(number: float) -> str:
    """A coordinate, to a hundredth of a pixel."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _clip(index: int, box: Box) -> str:
    size = f'width="{_n(box.right - box.left)}" height="{_n(box.bottom - box.top)}"'
    return f'<clipPath id="clip{index}"><rect x="{_n(box.left)}" y="{_n(box.top)}" {size}/></clipPath>'


def _paint(
    fill: Ink | None, stroke: Ink | None, width: float, dash: tuple[float, ...], theme: Theme, cap: str = "butt"
) -> str:
    """The attributes that say how a shape is filled and stroked."""
    words = [f'fill="{theme.colour(fill.role)}"' if fill else 'fill="none"']
    if fill and fill.alpha < 1:
        words.append(f'fill-opacity="{_n(fill.alpha)}"')
    if stroke and width:
        width += theme.extra_width
        words.append(f'stroke="{theme.colour(stroke.role)}" stroke-width="{_n(width)}"')
        if stroke.alpha < 1:
            words.append(f'stroke-opacity="{_n(stroke.alpha)}"')
        if dash:
            words.append(f'stroke-dasharray="{" ".join(_n(length * width) for length in dash)}"')
        if cap != "butt":
            words.append(f'stroke-linecap="{cap}"')
    return " ".join(words)


def _mark(mark: Mark, theme: Theme, clips: list[Box], titles: dict[str, str]) -> Iterable[str]:
    """One mark as lines of SVG."""
    if isinstance(mark, Group):
        yield from _group(mark, theme, clips, titles)
        return
    shape = _shape(mark, theme)
    name = f' class="{escape(mark.id)}"' if mark.id else ""
    title = titles.get(mark.id, "") if not isinstance(mark, Text) else ""
    tag, _, rest = shape.partition(" ")
    if isinstance(mark, Text):
        yield f"{tag}{name} {rest}"
    elif title:
        yield f"{tag}{name} {rest}><title>{escape(title)}</title></{tag[1:]}>"
    else:
        yield f"{tag}{name} {rest}/>"


def _group(group: Group, theme: Theme, clips: list[Box], titles: dict[str, str]) -> Iterable[str]:
    words = ""
    if group.clip is not None:
        words += f' clip-path="url(#clip{len(clips)})"'
        clips.append(group.clip)
    if group.opacity < 1:
        words += f' opacity="{_n(group.opacity)}"'
    yield f"<g{words}>"
    for mark in group.marks:
        yield from _mark(mark, theme, clips, titles)
    yield "</g>"


def _shape(mark: Line | Polyline | Path | Rect | Ellipse | Text, theme: Theme) -> str:
    """The opening of the element of one mark, without its end."""
    match mark:
        case Line():
            ends = f'x1="{_n(mark.x1)}" y1="{_n(mark.y1)}" x2="{_n(mark.x2)}" y2="{_n(mark.y2)}"'
            return f"<line {ends} {_paint(None, mark.stroke, mark.width, mark.dash, theme, mark.cap)}"
        case Polyline():
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in mark.points)
            tag = "polygon" if mark.closed else "polyline"
            return f'<{tag} points="{points}" {_paint(mark.fill, mark.stroke, mark.width, mark.dash, theme, mark.cap)}'
        case Path():
            paint = _paint(mark.fill, mark.stroke, mark.width, mark.dash, theme, mark.cap)
            return f'<path d="{_path(mark.commands)}" {paint}'
        case Rect():
            place = (
                f'x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.w)}" height="{_n(mark.h)}" rx="{_n(mark.radius)}"'
            )
            return f"<rect {place} {_paint(mark.fill, mark.stroke, mark.width, mark.dash, theme)}"
        case Ellipse():
            place = f'cx="{_n(mark.cx)}" cy="{_n(mark.cy)}" rx="{_n(mark.rx)}" ry="{_n(mark.ry)}"'
            return f"<ellipse {place} {_paint(mark.fill, mark.stroke, mark.width, mark.dash, theme)}"
        case Text():
            return _text(mark, theme)


def _text(mark: Text, theme: Theme) -> str:
    words = f'x="{_n(mark.x)}" y="{_n(mark.y)}" font-family="{FAMILIES[mark.font]}" font-size="{_n(mark.size)}"'
    words += f' font-weight="{mark.weight}" font-kerning="none" {_paint(mark.ink, None, 0, (), theme)}'
    if mark.anchor != "start":
        words += f' text-anchor="{mark.anchor}"'
    if mark.spacing:
        words += f' letter-spacing="{_n(mark.spacing)}"'
    return f"<text {words}>{escape(mark.text)}</text>"


def _path(commands: tuple[Command, ...]) -> str:
    return " ".join(letter + " ".join(_n(number) for number in numbers) for letter, numbers in commands)
