"""Films that are rows of pictures: GIF, APNG, WebP, through Pillow.

Rules
-----
* A frame's time is that of its number, rounded once: no rounding adds up.
* GIF and APNG are written as they come. Only the rectangle that has changed is stored; a frame that is equal makes the
  last one longer. For ever again, and who knows no animation shows the first frame.
* GIF: one palette for the whole film, made from samples of it; no dithering, so that grounds stay even.
* APNG and WebP: no loss.

Source: GIF89a; PNG, third edition, section 11.3.6 (acTL, fcTL, fdAT). WebP is written by libwebp.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple

from PIL import Image, ImageChops

from tutor.ui.encoders import EncoderError, Frame, Frames, Reel

Size = tuple[int, int]
Box = tuple[int, int, int, int]


def image_of(frame: Frame | bytes, size: Size) -> Image.Image:
    """A frame as Pillow's image, red, green, blue; a copy."""
    return Image.frombytes("RGB", size, frame, "raw", "BGRX", 0, 1)


class Shown(NamedTuple):
    """A rectangle of the film, where it lies, and for how long (in ``unit``s) it stays."""

    image: Image.Image
    box: Box
    units: int


def changes(images: Iterator[Image.Image], fps: float, unit: float) -> Iterator[Shown]:
    """What changes from frame to frame; ``unit``: the part of a second in which time is counted."""
    last: Image.Image | None = None
    waiting: tuple[Image.Image, Box] | None = None
    number = begun = 0
    for number, image in enumerate(images):
        box = (0, 0, *image.size) if last is None else ImageChops.difference(last, image).getbbox()
        if box is None:
            continue
        now = round(number / fps / unit)
        if waiting is not None:
            yield Shown(*waiting, max(1, now - begun))
        waiting, last, begun = (image.crop(box), box), image, now
    if waiting is not None:
        yield Shown(*waiting, max(1, round((number + 1) / fps / unit) - begun))


# --- GIF ---

SAMPLE = 960
"""Px to which samples are made smaller."""


def gif(path: Path, frames: Frames, reel: Reel) -> None:
    """Write a GIF89a."""
    palette = palette_of(reel.samples(), reel.size)
    colours = bytes(palette.getpalette("RGB") or ())[:768].ljust(768, b"\0")
    numbered = (_numbered(image_of(frame, reel.size), palette) for frame in frames)
    with path.open("wb") as file:
        file.write(b"GIF89a" + struct.pack("<HHBBB", *reel.size, 0xF7, 0, 0) + colours)
        file.write(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0")
        for shown in changes(numbered, reel.fps, 0.01):
            file.write(struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 0x04, min(shown.units, 0xFFFF), 0, 0))
            file.write(struct.pack("<BHHHHB", 0x2C, *shown.box[:2], *shown.image.size, 0))
            file.write(_packed(shown.image))
        file.write(b";")


def palette_of(samples: Sequence[bytes], size: Size) -> Image.Image:
    """At most 256 colours that serve all these frames."""
    fit = min(1.0, SAMPLE / max(size))
    width, height = (max(1, round(side * fit)) for side in size)
    sheet = Image.new("RGB", (width, height * len(samples)))
    for place, frame in enumerate(samples):
        small = image_of(frame, size).resize((width, height), Image.Resampling.NEAREST)
        sheet.paste(small, (0, place * height))
    return sheet.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _numbered(image: Image.Image, palette: Image.Image) -> Image.Image:
    """The numbers of its colours, as a grey image: greys are compared and packed as they are."""
    return Image.frombytes("L", image.size, image.quantize(palette=palette, dither=Image.Dither.NONE).tobytes())


def _packed(image: Image.Image) -> bytes:
    """The pixels as GIF packs them: Pillow's file of this grey image, without head and tail."""
    out = io.BytesIO()
    image.save(out, "GIF", optimize=False, interlace=0)
    data = out.getvalue()
    at = 13 + (3 * 2 ** ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    while data[at] == 0x21:
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    if data[at] != 0x2C or data[at + 9] & 0xC0:
        raise EncoderError("Pillow has written a GIF of another form")
    return data[at + 10 : -1]


# --- APNG ---


def apng(path: Path, frames: Frames, reel: Reel) -> None:
    """Write a PNG with an animation."""
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", *reel.size, 8, 2, 0, 0, 0)))
        count_at = file.tell()
        file.write(_chunk(b"acTL", struct.pack(">II", 1, 0)))
        images = (image_of(frame, reel.size) for frame in frames)
        sequence = count = 0
        for shown in changes(images, reel.fps, 0.001):
            place = (*shown.image.size, *shown.box[:2])
            file.write(
                _chunk(b"fcTL", struct.pack(">IIIIIHHBB", sequence, *place, min(shown.units, 65535), 1000, 0, 0))
            )
            data = _rows(shown.image)
            file.write(_chunk(b"fdAT", struct.pack(">I", sequence + 1) + data) if count else _chunk(b"IDAT", data))
            sequence += 2 if count else 1
            count += 1
        file.write(_chunk(b"IEND", b""))
        _count(file, count_at, count)


def _count(file: BinaryIO, at: int, count: int) -> None:
    """Now it is known how many frames there are."""
    file.seek(at)
    file.write(_chunk(b"acTL", struct.pack(">II", count, 0)))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(image: Image.Image) -> bytes:
    """The filtered and packed rows of an image: what Pillow's PNG of it has in its IDAT chunks."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6)
    data, at, found = out.getvalue(), 8, []
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        if data[at + 4 : at + 8] == b"IDAT":
            found.append(data[at + 8 : at + 8 + length])
        at += length + 12
    return b"".join(found)


# --- WebP ---


def webp(path: Path, frames: Frames, reel: Reel) -> None:
    """Write a WebP without loss."""
    ends = [round(number * 1000 / reel.fps) for number in range(reel.count + 1)]
    times = [stop - start for start, stop in pairwise(ends)]
    film = _Film(reel, frames)
    out = io.BytesIO()
    if reel.count == 1:
        film.seek(0)
        film.copy().save(out, "WEBP", lossless=True, method=1, quality=20)
    else:
        film.save(out, "WEBP", save_all=True, duration=times, loop=0, lossless=True, method=1, quality=20)
    path.write_bytes(out.getbuffer())


class _Film(Image.Image):
    """An image of many frames, each made when Pillow asks for it."""

    def __init__(self, reel: Reel, frames: Frames) -> None:
        super().__init__()
        first: Callable[[], Image.Image] = lambda: Image.new("RGB", reel.size)
        self._mode, self._size, self.im = "RGB", reel.size, first().im
        self.n_frames, self._at, self._frames = reel.count, -1, frames

    def tell(self) -> int:
        """The number of the frame that is shown."""
        return max(0, self._at)

    def seek(self, frame: int) -> None:
        """Show a frame; one that has been is not shown again."""
        if frame > self._at:
            self._at = frame
            self.im = image_of(next(self._frames), self._size).im
