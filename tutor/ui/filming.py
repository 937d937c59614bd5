"""Making a film: a cut painted frame by frame into an encoder, beside its place, and put there when it is whole."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from tutor.exchange.whole import written_whole
from tutor.ui.encoders import BUFFERS, Frames, Reel, encoder_for
from tutor.ui.film import Camera, Cut

SAMPLES = 10
"""So many frames decide which colours a GIF has."""

Report = Callable[[int, int], None]
"""Told after each frame: how many are done, of how many. What it raises ends the film."""

Shield = Callable[[], AbstractContextManager[None]]
"""Entered while Qt paints: a call of it must not be broken off by a signal's exception."""


def make_film(
    cut: Cut, path: Path, form: str, report: Report = lambda _done, _total: None, shield: Shield = nullcontext
) -> None:
    """Write ``cut`` to ``path`` as ``form`` (one of ``encoders.FILMS``), whole or not at all.

    Raises ``encoders.EncoderError`` where nothing makes that form, or what makes it has died; ``OSError`` where the
    file cannot be written.
    """
    encode = encoder_for(form)
    with shield():
        camera, total = Camera(cut, BUFFERS), len(cut)

    def frames() -> Frames:
        shown, view = None, memoryview(b"")
        for number in range(total):
            with shield():
                image = camera.frame(number)
            if image is not shown:
                shown, view = image, memoryview(image.constBits())
            yield view
            report(number + 1, total)

    def samples() -> list[bytes]:
        places = sorted({total * number // SAMPLES for number in range(SAMPLES)} | {total - 1})
        with shield():
            return [bytes(camera.frame(number).constBits()) for number in places]

    with written_whole(path) as beside:
        encode(beside, frames(), Reel(cut.size, cut.fps, total, samples))
