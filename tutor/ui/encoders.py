"""Encoders: frames in, one film file out. GIF, APNG and WebP through Pillow; MP4 through ffmpeg, or PyAV.

Rules
-----
* A frame is ``width * height`` pixels of four octets (blue, green, red, unused), rows one after the other. An encoder
  pulls frames, and has read one before it pulls ``BUFFERS - 1`` further ones.
* Whatever is raised while it pulls (Ctrl+C included) goes through it; it leaves no process and no open file behind.
* What memory GIF, APNG and MP4 take does not depend on the film's length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tutor.words import mark

FILMS = (".gif", ".apng", ".png", ".webp", ".mp4")
"""Endings of films; ``.png`` is one (an APNG) where a span is filmed."""
BUFFERS = 4
USUAL_FPS, GIF_FPS = 60.0, 50.0
"""Frames a second at most: GIF counts in hundredths of a second, and who shows it takes one hundredth for ten."""

NO_ENCODER = mark(
    "MP4 needs a program that is not here: put ffmpeg (with libx264) on PATH, or install PyAV: "
    "pip install 'tcp-tutor[video]'. GIF, APNG and WebP need neither."
)

Frame = memoryview
Frames = Iterator[Frame]


class EncoderError(Exception):
    """An encoder gave up; the message is what it said, or how it died."""


@dataclass(frozen=True, slots=True)
class Reel:
    """What an encoder has to know of a film: px, frames a second, how many frames, and some of them as ``samples``,
    from which a GIF takes its colours."""

    size: tuple[int, int]
    fps: float
    count: int
    samples: Callable[[], Sequence[bytes]]


Encode = Callable[[Path, Frames, Reel], None]
"""Writes the frames to a path. Raises ``EncoderError`` or ``OSError``."""


def most_fps(form: str) -> float:
    """Frames a second that a form can hold at most."""
    return GIF_FPS if form == ".gif" else USUAL_FPS


def mp4_by() -> str:
    """What makes MP4 here: "ffmpeg", "av", or "" where nothing does."""
    from tutor.ui import encoders_video

    if encoders_video.h264_of_ffmpeg():
        return "ffmpeg"
    return "av" if find_spec("av") is not None else ""


def encoder_for(form: str) -> Encode:
    """The encoder of films with this ending. Raises ``EncoderError`` (``NO_ENCODER``) where there is none."""
    from tutor.ui import encoders_still, encoders_video

    if form == ".mp4":
        by = mp4_by()
        if not by:
            raise EncoderError(NO_ENCODER)
        return encoders_video.by_ffmpeg if by == "ffmpeg" else encoders_video.by_av
    if form == ".gif":
        return encoders_still.gif
    return encoders_still.webp if form == ".webp" else encoders_still.apng
