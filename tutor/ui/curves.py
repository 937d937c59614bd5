"""From plots to the arrays that are drawn: stairs, bars, and no more points than there are pixels.

Rules
-----
* numpy is imported when the first array is made, long after the first frame.
* Thinning keeps the lowest and the highest point of every column of pixels: nothing that could be seen is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.view.plots import Bar, Line
from tutor.view.timeaxis import TimeAxis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy import ndarray

    Points = tuple[ndarray, ndarray]

DENSE = 4
"""Points a pixel from which on a curve is thinned."""


def places(times: Sequence[float], axis: TimeAxis) -> ndarray:
    """Where moments lie on the axis, 0 to 1."""
    import numpy as np

    moments, spots = axis.knots()
    return np.interp(np.asarray(times, dtype=float), moments, spots)


def stairs(line: Line, axis: TimeAxis, width: float) -> Points:
    """A step function as a polyline with NaN for its gaps, for a picture ``width`` px wide."""
    import numpy as np

    if not line.times:
        return np.zeros(0), np.zeros(0)
    values = np.asarray([np.nan if value is None else value for value in line.values], dtype=float)
    at = places((*line.times, axis.end), axis)
    x = np.repeat(at, 2)[1:-1]
    y = np.repeat(values, 2)
    return thinned(x, y, width)


def thinned(x: ndarray, y: ndarray, width: float) -> Points:
    """The same curve to the eye: of each column of pixels first, lowest, highest and last point."""
    import numpy as np

    if len(x) <= DENSE * width or np.isnan(y).any():
        return x, y
    column = np.minimum((x * width).astype(int), int(width))
    starts = np.flatnonzero(np.r_[True, column[1:] != column[:-1]])
    stops = np.r_[starts[1:], len(x)]
    keep: set[int] = set()
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        part = y[start:stop]
        keep |= {start, stop - 1, start + int(part.argmin()), start + int(part.argmax())}
    kept = np.asarray(sorted(keep))
    return x[kept], y[kept]


def changes(line: Line, axis: TimeAxis, width: float, apart: float) -> Points:
    """The points at which a line changes, none nearer to the last than ``apart`` px."""
    import numpy as np

    at = places(line.times, axis)
    kept: list[int] = []
    last = -apart
    for index, (place, value) in enumerate(zip(at.tolist(), line.values, strict=True)):
        if value is not None and place * width - last >= apart:
            kept.append(index)
            last = place * width
    return at[kept], np.asarray([line.values[index] for index in kept], dtype=float)


def uprights(bars: Sequence[Bar], axis: TimeAxis) -> Points:
    """Each bar as two points, to be joined in pairs."""
    import numpy as np

    x = np.repeat(places([bar.at for bar in bars], axis), 2)
    y = np.asarray([value for bar in bars for value in (bar.low, bar.high)], dtype=float)
    return x, y
