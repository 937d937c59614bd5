"""A few moments as text: one line a mark, from bottom to top, in whole pixels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.view.scenes import BUSY, CALL_AND_CLOSE, SIMULTANEOUS, look, tempo, trace
from tutor.view.diagram import diagram
from tutor.view.hosts.ends import ends_picture
from tutor.view.hosts.moment import moment_of
from tutor.view.hosts.shelves import shelves_picture
from tutor.view.hosts.variables import variables_picture
from tutor.view.ladder import ladder
from tutor.view.marks import Ellipse, Group, Ink, Line, Mark, Path as Curve, Picture, Polyline, Rect, Text, outline
from tutor.view.scrubber import scrubber
from tutor.view.svg import to_svg
from tutor.view.theme import theme

GOLDEN = Path(__file__).parent / "golden"


def pictures() -> dict[str, Picture]:
    """The moments that are kept, by name."""
    run, lossy, both = trace(), trace(CALL_AND_CLOSE, (0, "drop client:SYN")), trace(SIMULTANEOUS)
    return {
        "diagram-handshake": diagram(run, 120_000, (930.0, 720.0), look()),
        "diagram-small-zh": diagram(run, 1_230_000, (545.0, 560.0), look("zh", "dark")),
        "diagram-both-close": diagram(both, 1_160_000, (970.0, 900.0), look()),
        "ladder-syn-lost": ladder(lossy, 1_070_000, (590.0, 760.0), look(), tempo=tempo(lossy)),
        "ladder-bet-zh": ladder(run, 60_000, (430.0, 560.0), look("zh"), tempo=tempo(run, 60_000), horizon=60_000),
        "hosts-ends": ends_picture(moment_of(trace(BUSY), 300_000), (920.0, 190.0), look()),
        "hosts-variables-zh": variables_picture(moment_of(run, 160_000), (1240.0, 190.0), look("zh", "dark")),
        "hosts-shelves": shelves_picture(moment_of(run, 70_000), (920.0, 190.0), look()),
        "scrubber": scrubber(run, 430_000, (900.0, 60.0), look(), tempo=tempo(run), beats=((60_000, "done"),)),
    }


def files() -> dict[str, str]:
    """Every golden file's text, by name; one of them as SVG."""
    made = pictures()
    texts = {f"{name}.txt": dump(picture) for name, picture in made.items()}
    return texts | {"diagram-small-zh.svg": to_svg(made["diagram-small-zh"], theme("dark"))}


def dump(picture: Picture) -> str:
    """A picture as lines: its layers, their marks, what its ids stand for."""
    lines = [f"picture {picture.width:.0f}x{picture.height:.0f}"]
    for layer in picture.layers:
        lines.append(f"layer {layer.name}")
        lines += _lines(layer.marks, "  ")
    lines += [f"title {mark}: {words}" for mark, words in dict(picture.titles).items()]
    return "\n".join([*lines, ""])


def _lines(marks: tuple[Mark, ...], indent: str) -> Iterator[str]:
    for mark in marks:
        if isinstance(mark, Group):
            clip = " ".join(f"{number:.0f}" for number in mark.clip) if mark.clip else "none"
            yield f"{indent}group clip {clip} opacity {mark.opacity:g}"
            yield from _lines(mark.marks, indent + "  ")
        else:
            yield f"{indent}{_line(mark)}{f'  #{mark.id}' if mark.id else ''}"


def _line(mark: Line | Polyline | Curve | Rect | Ellipse | Text) -> str:
    match mark:
        case Line():
            return f"line {_at(mark.x1, mark.y1)} {_at(mark.x2, mark.y2)} {_stroke(mark.stroke, mark.width, mark.dash)}"
        case Polyline():
            points = " ".join(_at(*point) for point in mark.points)
            return f"polyline {points} {_stroke(mark.stroke, mark.width, mark.dash)} {_fill(mark.fill)}"
        case Curve():
            ends = outline(mark.commands)
            return f"path {_at(*ends[0])} … {_at(*ends[-1])} {_stroke(mark.stroke, mark.width, mark.dash)}"
        case Rect():
            place = f"{_at(mark.x, mark.y)} {mark.w:.0f}x{mark.h:.0f}"
            return f"rect {place} {_stroke(mark.stroke, mark.width, mark.dash)} {_fill(mark.fill)}"
        case Ellipse():
            place = f"{_at(mark.cx, mark.cy)} {mark.rx:.0f}"
            return f"ellipse {place} {_stroke(mark.stroke, mark.width, mark.dash)} {_fill(mark.fill)}"
        case Text():
            style = f"{mark.anchor} {mark.font} {mark.size:.1f}/{mark.weight} {_ink(mark.ink)}"
            return f"text {_at(mark.x, mark.y)} {style} {mark.text!r}"


def _at(x: float, y: float) -> str:
    return f"{x:.0f},{y:.0f}".replace("-0", "0")


def _ink(ink: Ink) -> str:
    return ink.role if ink.alpha == 1 else f"{ink.role}@{ink.alpha:.2f}"


def _stroke(ink: Ink | None, width: float, dash: tuple[float, ...]) -> str:
    if ink is None or not width:
        return "unstroked"
    return f"{_ink(ink)} {width:.1f}{' dashed ' + '/'.join(f'{part:g}' for part in dash) if dash else ''}"


def _fill(ink: Ink | None) -> str:
    return f"filled {_ink(ink)}" if ink else "hollow"
