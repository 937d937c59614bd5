"""MP4 (H.264): frames through a pipe into ffmpeg, or into PyAV where there is no ffmpeg.

Rules
-----
* ffmpeg is a process of its own: it may die at any moment, and is never waited for without end. What it says last is
  what a person is told.
* While ffmpeg works on one frame the next one is painted: a thread feeds the pipe, at most two frames behind.
* A frame that is the one before it, the same object, costs no conversion again.
* Colours are those of HD video (BT.709, limited range, 4:2:0), which every player reads; sides are even.
"""

from __future__ import annotations

import errno
import os
import queue
import re
import shutil
import struct
import subprocess
import threading
from collections import deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tutor.ui.encoders import BUFFERS, EncoderError, Frame, Frames, Reel

CODECS = ("libx264", "libopenh264", "h264_videotoolbox", "h264_mf")
"""Encoders of H.264 that an ffmpeg may have, the best first."""
PRESET, TUNE, CRF = "superfast", "zerolatency", "18"
"""Fast, every frame at once, and letters without rings."""
X264 = "subme=0:weightp=0"
"""Motion to the whole pixel, and no fading: what moves here is drawn, and a seventh of the time is saved."""
BT709, LIMITED = 1, 1
"""Of colours: their space, and their range (ISO/IEC 23091-2)."""
PATIENCE = 30.0
"""Seconds that an encoder has to end when its frames have ended."""
LAST_WORDS = 2000
PIPE = 1 << 20
"""Octets in the pipe."""
NO_ROOM = "No space left on device"
"""What ffmpeg says of a full disk, in every language."""
LEAST_ROOM = 4096
"""A disk with less room (bytes) is full, whatever an encoder says."""


def h264_of_ffmpeg() -> str:
    """The encoder of H.264 that the ffmpeg on PATH has; "" if it has none, or is not there."""
    program = shutil.which("ffmpeg")
    return "" if program is None else _h264_of(program)


@cache
def _h264_of(program: str) -> str:
    try:
        said = subprocess.run(  # noqa: S603  the person's own ffmpeg, and no word of a file's
            [program, "-hide_banner", "-encoders"], capture_output=True, text=True, timeout=PATIENCE, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return next((codec for codec in CODECS if f" {codec} " in said), "")


def command(path: Path, reel: Reel) -> list[str]:
    """The line that makes a film of what comes through standard input."""
    program, codec = shutil.which("ffmpeg") or "ffmpeg", h264_of_ffmpeg()
    size = f"{reel.size[0]}x{reel.size[1]}"
    quality = ["-b:v", "6M"]
    if codec == "libx264":
        quality = ["-preset", PRESET, "-tune", TUNE, "-crf", CRF, "-x264-params", X264]
    pad = "" if is_even(reel.size) else "pad=ceil(iw/2)*2:ceil(ih/2)*2,"
    octets = "bgr24" if is_packed(reel.size) else "bgr0"
    return [
        program, "-hide_banner", "-loglevel", "error", "-nostdin", "-y",
        "-f", "rawvideo", "-pix_fmt", octets, "-video_size", size, "-framerate", f"{reel.fps:g}", "-i", "pipe:0",
        "-vf", f"{pad}scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
        "-c:v", codec, *quality, "-movflags", "+faststart", "-f", "mp4", str(path),
    ]  # fmt: skip


def is_even(size: tuple[int, int]) -> bool:
    """Can such a picture be encoded as it is?"""
    return not (size[0] % 2 or size[1] % 2)


def is_packed(size: tuple[int, int]) -> bool:
    """Are frames sent as three octets a pixel? Rows of such frames have no gaps between them then."""
    return is_even(size) and size[0] % 4 == 0


class _Packer:
    """Makes three octets a pixel of four: ffmpeg makes 4:2:0 of those in half the time, and a quarter less is piped.

    Its short cut for them rounds down: brightness and colour differences may be one part in 256 lower.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._was: Frame | None = None
        self._made: deque[Any] = deque(maxlen=BUFFERS)
        """What was made lately: the pipe may not have taken all of it yet."""

    def packed(self, frame: Frame) -> Frame:
        """The frame as the pipe takes it; one that is the last one itself has been made already."""
        if not is_packed(self._size):
            return frame
        if frame is not self._was:
            from PySide6.QtGui import QImage

            image = QImage(frame, *self._size, 4 * self._size[0], QImage.Format.Format_RGB32)
            self._was = frame
            self._made.append(image.convertToFormat(QImage.Format.Format_BGR888))
        return memoryview(self._made[-1].constBits())


def by_ffmpeg(path: Path, frames: Frames, reel: Reel) -> None:
    """Write the film through ffmpeg. Raises ``EncoderError`` when it dies or complains."""
    process = subprocess.Popen(  # noqa: S603  every word is ours, but for the path, which is one word
        command(path, reel),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl+C is ours to tell it
    )
    feeder, packer = _Feeder(process, path), _Packer(reel.size)
    try:
        for frame in frames:
            feeder.put(packer.packed(frame))
        feeder.finish()
    finally:
        feeder.put_down()
    if process.returncode or not is_whole(path):
        raise _told(feeder.last_words(), path)


def _told(said: str, path: Path) -> OSError | EncoderError:
    """What to raise for an encoder's last words: a full disk by its own name, everything else without our part's."""
    if NO_ROOM in said or shutil.disk_usage(path.parent).free < LEAST_ROOM:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return EncoderError(re.sub(r"\[\w+ @ 0x[0-9a-f]+\] *", "", said).replace(str(path), "the film"))


def is_whole(path: Path) -> bool:
    """Do the boxes of this MP4 (ISO/IEC 14496-12, 4.2) fill it, index and frames among them?

    An ffmpeg whose disk was full at the very end says so, and ends with 0 all the same.
    """
    names: set[bytes] = set()
    at, size = 0, path.stat().st_size
    with path.open("rb") as file:
        while at + 8 <= size:
            file.seek(at)
            length, name = struct.unpack(">I4s", file.read(8))
            if length == 1:
                (length,) = struct.unpack(">Q", file.read(8).rjust(8, b"\0"))
            if length < 8:
                return False
            names.add(name)
            at += length
    return at == size and {b"moov", b"mdat"} <= names


def _widen(pipe: Any) -> None:
    """Give a pipe as much room as the system lets anybody have: fewer turns from one process to the other."""
    try:
        from fcntl import F_SETPIPE_SZ, fcntl

        fcntl(pipe, F_SETPIPE_SZ, PIPE)
    except (ImportError, OSError):
        return


class _Feeder:
    """Feeds a process frame after frame, and listens to what it says."""

    def __init__(self, process: subprocess.Popen[bytes], path: Path) -> None:
        self.process, self._path = process, path
        self._frames: queue.Queue[Frame | None] = queue.Queue(maxsize=1)
        self._said = b""
        self._is_dead = threading.Event()
        self._feeding = threading.Thread(target=self._feed, name="film-feeder", daemon=True)
        _widen(process.stdin)
        self._listening = threading.Thread(target=self._listen, name="film-listener", daemon=True)
        self._feeding.start()
        self._listening.start()

    def _feed(self) -> None:
        pipe = self.process.stdin
        assert pipe is not None, "its input is a pipe"
        try:
            while (frame := self._frames.get()) is not None:
                pipe.write(frame)
            pipe.close()
        except (OSError, ValueError):
            self._is_dead.set()

    def _listen(self) -> None:
        pipe = self.process.stderr
        assert pipe is not None, "what it says is a pipe"
        for line in pipe:
            self._said = (self._said + line)[-LAST_WORDS:]

    def put(self, frame: Frame | None) -> None:
        """The next frame; None: there are no more. Raises ``EncoderError`` if nobody takes it."""
        while not self._is_dead.is_set():
            try:
                self._frames.put(frame, timeout=0.1)
            except queue.Full:
                if self.process.poll() is not None:
                    self._is_dead.set()
            else:
                return
        self._wait()
        raise _told(self.last_words(), self._path)

    def finish(self) -> None:
        """No more frames: wait for the film. Raises ``EncoderError`` if that takes too long."""
        self.put(None)
        self._feeding.join()
        self._wait()

    def _wait(self) -> None:
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise EncoderError("the encoder does not end") from None

    def put_down(self) -> None:
        """Whatever has happened: no process is left, no pipe, no thread."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._is_dead.set()
        try:
            self._frames.put_nowait(None)
        except queue.Full:
            self._frames.get_nowait()
            self._frames.put_nowait(None)
        self._feeding.join(PATIENCE)
        self._listening.join(PATIENCE)
        for pipe in (self.process.stdin, self.process.stderr):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                continue

    def last_words(self) -> str:
        """The last line that it said; else how it ended."""
        lines = self._said.decode(errors="replace").strip().splitlines()
        code = self.process.returncode
        how = f"ffmpeg was ended by signal {-code}" if code is not None and code < 0 else f"ffmpeg ended with {code}"
        if code == 0:
            how = "ffmpeg left a film that is not whole"
        return "; ".join([*lines[-2:], how])


# --- PyAV ---


def by_av(path: Path, frames: Frames, reel: Reel) -> None:
    """Write the film through PyAV. Raises ``EncoderError`` when that complains."""
    import av

    try:
        with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as film:
            stream = _stream(film, reel)
            for image in _images(av, frames, reel):
                for packet in stream.encode(image):
                    film.mux(packet)
            for packet in stream.encode(None):
                film.mux(packet)
    except av.FFmpegError as fault:
        raise _told(str(fault), path) from None


def _stream(film: Any, reel: Reel) -> Any:
    from fractions import Fraction

    stream = film.add_stream("libx264", rate=Fraction(reel.fps).limit_denominator(1001))
    stream.width, stream.height = (side + side % 2 for side in reel.size)
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.colorspace = context.color_primaries = context.color_trc = BT709
    context.color_range = LIMITED
    stream.options = {"preset": PRESET, "tune": TUNE, "crf": CRF, "x264-params": X264}
    return stream


def _images(av: Any, frames: Frames, reel: Reel) -> Iterator[Any]:
    """Each frame as PyAV's, its sides even."""
    import numpy as np

    width, height = reel.size
    for frame in frames:
        pixels = np.frombuffer(frame, np.uint8).reshape(height, width, 4)
        even = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), "edge")
        made = av.VideoFrame.from_ndarray(np.ascontiguousarray(even[:, :, :3]), format="bgr24")
        yield made.reformat(format="yuv420p", dst_colorspace="ITU709")
