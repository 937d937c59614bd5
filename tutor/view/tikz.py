r"""A Picture as TikZ: a file that LaTeX sets as it is, with text as LaTeX text.

Rules
-----
* The file stands alone (``pdflatex``, ``xelatex``, ``lualatex``); between the two marked lines is the picture itself,
  to be pasted into a paper that loads ``tikz``. Colours are named ``tcp…``, so that a paper can set them anew.
* Lengths are PostScript points (``bp``): one px of the picture is 0.75 bp, 1/96 inch. Text takes the paper's own sans
  and typewriter faces, which are no wider than the window's.
* Chinese needs ``xelatex`` or ``lualatex`` and the package ``ctex``; the file says so and loads it.
* Nothing that a person has typed reaches TeX unescaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.view.marks import Box, Ellipse, Group, Ink, Line, Mark, Path, Picture, Polyline, Rect, Text
from tutor.view.theme import Theme

PX = 0.75
"""Big points (1/72 inch) in a px of 1/96 inch."""

CJK = re.compile("[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")

SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"$<$", ">": r"$>$", "|": r"$|$", '"': r"{''}",
    "→": r"$\rightarrow$", "←": r"$\leftarrow$", "↔": r"$\leftrightarrow$", "↑": r"$\uparrow$", "↓": r"$\downarrow$",
    "×": r"$\times$", "✕": r"$\times$", "✗": r"$\times$", "✓": r"$\surd$", "·": r"$\cdot$", "…": r"\ldots{}",
    "⋯": r"$\cdots$", "≤": r"$\leq$", "≥": r"$\geq$", "≠": r"$\neq$", "±": r"$\pm$", "−": r"$-$", "∞": r"$\infty$",
    "µ": r"$\mu$", "μ": r"$\mu$", "–": "--", "—": "---", "“": "``", "”": "''", "‘": "`", "’": "'", "\u00a0": "~",
    "●": r"$\bullet$", "○": r"$\circ$", "▸": r"$\triangleright$", "▶": r"$\triangleright$", "■": r"\rule{.6em}{.6em}",
    "▾": r"$\triangledown$", "⟳": r"$\circlearrowright$", "↻": r"$\circlearrowright$", "²": r"$^2$", "³": r"$^3$",
    "½": r"$\frac12$", "′": r"$'$", "⌀": r"$\varnothing$", "≈": r"$\approx$", "∅": r"$\varnothing$", "§": r"\S{}",
}  # fmt: skip
"""Signs that TeX would take for something else, or that its fonts lack."""

ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}

BEGIN, END = "% --- the picture begins", "% --- the picture ends"


def to_tikz(picture: Picture, theme: Theme, *, ground: str = "surface") -> str:
    """The picture as one document; ``ground`` is the role of its background, "" for none."""
    writer = _Writer(theme)
    width, height = _n(picture.width), _n(picture.height)
    body = [line for layer in picture.layers for mark in layer.marks for line in writer.mark(mark)]
    if ground:
        body.insert(0, rf"\fill[{writer.ink(Ink(ground))}] (0,0) rectangle ({width},{height});")
    has_chinese = any(isinstance(mark, Text) and CJK.search(mark.text) for mark in picture.marks())
    return "\n".join((
        *_head(picture, has_chinese=has_chinese),
        BEGIN,
        *(rf"\definecolor{{tcp{role.replace('_', '')}}}{{HTML}}{{{theme.colour(role)[1:]}}}%" for role in writer.roles),
        rf"\begin{{tikzpicture}}[x={PX}bp,y=-{PX}bp,line join=round,inner sep=0pt,outer sep=0pt]",
        rf"\useasboundingbox (0,0) rectangle ({width},{height});",
        *body,
        r"\end{tikzpicture}%",
        END,
        r"\end{document}",
        "",
    ))  # fmt: skip


def _head(picture: Picture, *, has_chinese: bool) -> Iterator[str]:
    width, height = _n(picture.width * PX), _n(picture.height * PX)
    engine = "xelatex or lualatex (it has Chinese)" if has_chinese else "pdflatex, xelatex or lualatex"
    yield f"% Made by tcp-tutor. Compile with {engine}; or paste what stands between the two marked lines into a paper"
    yield r"% that has \usepackage{tikz,amssymb} in its preamble."
    yield r"\RequirePackage{fix-cm}"
    yield r"\IfFileExists{standalone.cls}{\documentclass{standalone}}{\documentclass{article}"
    yield rf"  \usepackage[paperwidth={width}bp,paperheight={height}bp,margin=0pt]{{geometry}}"
    yield r"  \pagestyle{empty}\parindent0pt\topskip0pt}"
    yield r"\usepackage{tikz,amssymb}"
    if has_chinese:
        yield r"\usepackage[UTF8,scheme=plain]{ctex}"
    yield r"\begin{document}%"


def _n(number: float) -> str:
    """A number to a hundredth."""
    written = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def escaped(text: str) -> str:
    """The text as TeX reads it back."""
    return "".join(SIGNS.get(letter, letter) for letter in text).replace("\n", " ")


class _Writer:
    """Writes marks; remembers the roles they need."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.roles: dict[str, None] = {}

    def ink(self, ink: Ink) -> str:
        """The name of a role's colour."""
        self.roles[ink.role] = None
        return f"tcp{ink.role.replace('_', '')}"

    def _paint(
        self, fill: Ink | None, stroke: Ink | None, width: float, dash: tuple[float, ...], cap: str = "butt"
    ) -> str:
        """The options that say how a shape is filled and stroked; "" if it is neither."""
        words = []
        if fill is not None:
            words.append(f"fill={self.ink(fill)}" + (f",fill opacity={_n(fill.alpha)}" if fill.alpha < 1 else ""))
        if stroke is not None and width:
            width += self.theme.extra_width
            words.append(f"draw={self.ink(stroke)},line width={_n(width * PX)}bp")
            if stroke.alpha < 1:
                words.append(f"draw opacity={_n(stroke.alpha)}")
            if dash:
                lengths = [f"{_n(length * width * PX)}bp" for length in dash]
                pattern = " ".join(f"{'off' if place % 2 else 'on'} {length}" for place, length in enumerate(lengths))
                words.append(f"dash pattern={pattern}")
            if cap != "butt":
                words.append(f"line cap={cap}")
        return ",".join(words)

    def mark(self, mark: Mark) -> Iterator[str]:
        """One mark as lines of TikZ."""
        match mark:
            case Group():
                yield from self._group(mark)
            case Text():
                yield self._text(mark)
            case Line():
                way = f"({_n(mark.x1)},{_n(mark.y1)}) -- ({_n(mark.x2)},{_n(mark.y2)})"
                yield from self._path(way, self._paint(None, mark.stroke, mark.width, mark.dash, mark.cap))
            case Polyline():
                way = " -- ".join(f"({_n(x)},{_n(y)})" for x, y in mark.points) + (" -- cycle" if mark.closed else "")
                yield from self._path(way, self._paint(mark.fill, mark.stroke, mark.width, mark.dash, mark.cap))
            case Path():
                paint = self._paint(mark.fill, mark.stroke, mark.width, mark.dash, mark.cap)
                yield from self._path(" ".join(_step(*command) for command in mark.commands), paint)
            case Rect():
                corners = f"({_n(mark.x)},{_n(mark.y)}) rectangle ({_n(mark.x + mark.w)},{_n(mark.y + mark.h)})"
                paint = self._paint(mark.fill, mark.stroke, mark.width, mark.dash)
                radius = min(mark.radius, mark.w / 2, mark.h / 2)
                if radius > 0 and paint:
                    paint += f",rounded corners={_n(radius * PX)}bp"
                yield from self._path(corners, paint)
            case Ellipse():
                way = f"({_n(mark.cx)},{_n(mark.cy)}) ellipse [x radius={_n(mark.rx)},y radius={_n(mark.ry)}]"
                yield from self._path(way, self._paint(mark.fill, mark.stroke, mark.width, mark.dash))

    @staticmethod
    def _path(way: str, paint: str) -> Iterator[str]:
        if paint and way:
            yield rf"\path[{paint}] {way};"

    def _group(self, group: Group) -> Iterator[str]:
        fade = f"[opacity={_n(group.opacity)},transparency group]" if group.opacity < 1 else ""
        yield rf"\begin{{scope}}{fade}"
        if group.clip is not None:
            box = Box(*group.clip)
            yield rf"\clip ({_n(box.left)},{_n(box.top)}) rectangle ({_n(box.right)},{_n(box.bottom)});"
        for mark in group.marks:
            yield from self.mark(mark)
        yield r"\end{scope}"

    def _text(self, mark: Text) -> str:
        size = _n(mark.size * PX)
        face = r"\ttfamily" if mark.font == "mono" else r"\sffamily"
        face += r"\bfseries" if mark.weight >= 600 else ""
        look = rf"font=\fontsize{{{size}bp}}{{{size}bp}}\selectfont{face},text={self.ink(mark.ink)}"
        if mark.ink.alpha < 1:
            look += f",text opacity={_n(mark.ink.alpha)}"
        place = f"({_n(mark.x)},{_n(mark.y)})"
        return rf"\node[anchor={ANCHORS[mark.anchor]},{look}] at {place} {{{escaped(mark.text)}}};"


def _step(letter: str, numbers: tuple[float, ...]) -> str:
    points = [f"({_n(x)},{_n(y)})" for x, y in zip(numbers[0::2], numbers[1::2], strict=True)]
    match letter:
        case "M":
            return points[0]
        case "L":
            return f"-- {points[0]}"
        case "C":
            return f".. controls {points[0]} and {points[1]} .. {points[2]}"
        case _:
            return "-- cycle"
