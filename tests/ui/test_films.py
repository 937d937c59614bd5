"""Films: frames from the virtual clock, read back by Pillow and ffprobe; what goes wrong is in ``test_film_faults``."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from PySide6.QtGui import QImage

from tests.ui.reels import SIZE, cut
from tests.ui.stage import CLOSE, session
from tutor.cli import main
from tutor.commands.faults import DONE, FILE_AT_FAULT, WRONG_USAGE
from tutor.teach.session import Session
from tutor.ui import encoders, encoders_video
from tutor.ui.encoders import Reel
from tutor.ui.encoders_still import apng, gif, webp
from tutor.ui.film import REST_US, Camera, Cut, caption, caption_height
from tutor.ui.filming import make_film
from tutor.view.metrics import text_width
from tutor.view.theme import Look
from tutor.view.whyline import Why


def painted(colour: int, size: tuple[int, int] = SIZE, spot: int = 0) -> bytes:
    """A frame of one colour with a white spot that wanders."""
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(colour)
    for x in range(spot, min(spot + 8, size[0])):
        for y in range(8):
            image.setPixel(x, y, 0xFFFFFFFF)
    return bytes(image.constBits())


ROW = [painted(0xFF336699, spot=spot) for spot in (0, 0, 10, 20, 20, 20)]
"""Six frames, three of them new."""


def reel(frames: list[bytes], size: tuple[int, int] = SIZE, fps: float = 10.0) -> Reel:
    """What an encoder has to know of these frames."""
    return Reel(size, fps, len(frames), lambda: frames)


def views(frames: list[bytes]) -> Iterator[memoryview]:
    """The frames as a camera gives them."""
    return map(memoryview, frames)


# --- the clock ---


def test_frames_come_from_the_virtual_clock() -> None:
    """From the first moment to the last, never back, then a rest; twice the speed is half the frames before it."""
    whole = cut(start=0, stop=session(CLOSE).end)
    moments = [whole.moment(number) for number in range(len(whole))]
    times = [moment.at for moment in moments]
    assert times[0] == 0 and times[-1] == whole.stop
    assert times == sorted(times)
    assert moments[-1].rested == pytest.approx(REST_US, abs=2e6 / whole.fps)
    assert [moment.rested for moment in moments if moment.at < whole.stop] == [0.0] * sum(t < whole.stop for t in times)
    fast = replace(whole, speed=2.0)
    assert fast.wall_us == pytest.approx(whole.wall_us / 2)
    assert len(fast) < len(whole)


def test_a_frame_depends_on_its_number_alone() -> None:
    """Painted again, in another order, by another camera: the same pixels."""
    film = cut(what="diagram", size=(400, 300), fps=10, has_captions=True)
    first, second = Camera(film), Camera(film)
    forwards = [bytes(first.frame(number).constBits()) for number in range(len(film))]
    backwards = [bytes(second.frame(number).constBits()) for number in reversed(range(len(film)))]
    assert forwards == backwards[::-1]
    assert forwards == [bytes(Camera(film).frame(number).constBits()) for number in range(len(film))], "with no memory"
    assert len(set(forwards)) > 3


def test_tokens_travel_in_the_rest_at_the_end() -> None:
    """The last frame has every token in its seat; the frame at which the run stops has not."""
    film = cut(what="diagram", size=(400, 300), stop=100_000, fps=20)
    camera = Camera(film)
    at_stop = next(number for number in range(len(film)) if film.moment(number).at == film.stop)
    first, last = (bytes(camera.frame(number).constBits()) for number in (at_stop, len(film) - 1))
    assert first != last


@pytest.mark.parametrize("what", ["ladder", "diagram"])
def test_what_stands_still_is_painted_once(what: str) -> None:
    """At the end the last frame itself is given again, and its pixels are those that painting anew would make."""
    film = cut(what=what, fps=10)
    camera = Camera(film)
    given = [camera.frame(number) for number in range(len(film))]
    assert len({id(image) for image in given[-4:]}) == 1
    assert bytes(given[-1].constBits()) == bytes(Camera(film).frame(len(film) - 1).constBits())
    assert len({id(image) for image in given[:3]}) == 3, "what moves is painted"


def test_a_film_tells_no_more_than_the_window() -> None:
    """Two runs that differ behind an open bet give the same frames."""
    films = [
        Cut(replace(run, playhead=run.horizon or 0), "ladder", 0, run.horizon or 0, SIZE, 5)
        for run in (session(CLOSE), session(CLOSE, acts=((320_000, "set link.delay 400ms"),)))
    ]
    assert films[0].stop == films[1].stop > 0
    rows = [[bytes(Camera(each).frame(number).constBits()) for number in range(len(each))] for each in films]
    assert rows[0] == rows[1]


@pytest.mark.parametrize("what", ["header", "plots", "compare", "diagram"])
def test_everything_can_be_filmed(what: str) -> None:
    """As large as was asked for, and not empty."""
    from tutor.teach import intents
    from tutor.teach.session import update

    run: Session = update(replace(cut().session, playhead=50_000), intents.ActNow("set link.delay 80ms"))
    image = Camera(cut(session=run, what=what, size=(640, 360))).frame(2)
    assert (image.width(), image.height()) == (640, 360)
    assert len(set(bytes(image.constBits()))) > 8


def test_a_caption_fits_its_band() -> None:
    """A long sentence is set smaller; whose it is stands before it."""
    for size in ((1920, 1080), (640, 360), (320, 240)):
        band = (size[0], round(caption_height(size)))
        said = Why("The server enters SYN-RCVD and answers a SYN with a SYN+ACK: " + "it was asked to. " * 8, host="b")
        picture = caption(said, ("a", "b"), band, Look())
        texts = [mark for mark in picture.marks() if hasattr(mark, "text")]
        assert texts[0].text == "B"
        for mark in texts[1:]:
            assert mark.x + text_width(mark.text, "ui", mark.size) <= band[0]
            assert mark.size >= 12
        if size[0] >= 640:
            assert texts[-1].y < band[1]


# --- forms that Pillow writes ---


@pytest.mark.parametrize(("encode", "form"), [(gif, "GIF"), (apng, "PNG"), (webp, "WEBP")])
def test_pillow_reads_what_was_written(encode, form: str, tmp_path: Path) -> None:
    """The frames, as long as they were, for ever again; what did not change is not stored again."""
    path = tmp_path / "film"
    encode(path, views(ROW), reel(ROW))
    with Image.open(path) as film:
        assert (film.format, film.size) == (form, SIZE)
        shown: list[tuple[bytes, int]] = []
        for number in range(getattr(film, "n_frames", 1)):
            film.seek(number)
            film.load()
            shown.append((film.convert("RGB").tobytes(), round(film.info["duration"])))
        assert film.info.get("loop") == 0
    assert sum(length for _, length in shown) == pytest.approx(600, abs=10)
    assert [length for _, length in shown] == [200, 100, 300]
    for (pixels, _), frame in zip(shown, (ROW[0], ROW[2], ROW[3]), strict=True):
        right = Image.frombytes("RGB", SIZE, frame, "raw", "BGRX")
        off = ImageChops.difference(right, Image.frombytes("RGB", SIZE, pixels)).getextrema()
        assert max(high for _, high in off) <= 2


@pytest.mark.parametrize("encode", [gif, apng, webp])
def test_a_film_of_one_frame_is_a_film(encode, tmp_path: Path) -> None:
    """It can be opened, and has its size."""
    path = tmp_path / "film"
    encode(path, views(ROW[:1]), reel(ROW[:1]))
    with Image.open(path) as film:
        film.load()
        assert film.size == SIZE


def test_rounding_does_not_add_up(tmp_path: Path) -> None:
    """Thirty frames a second in hundredths: 100 frames last 3.33 s, not 3.00 or 4.00."""
    frames = [painted(0xFF000000, spot=number) for number in range(100)]
    path = tmp_path / "film.gif"
    gif(path, views(frames), reel(frames, fps=30.0))
    with Image.open(path) as film:
        total = 0
        for number in range(film.n_frames):
            film.seek(number)
            total += film.info["duration"]
    assert total == pytest.approx(3330, abs=10)


@pytest.mark.parametrize(
    "form", [".gif", *(pytest.param(each, marks=pytest.mark.ci) for each in (".apng", ".png", ".webp"))]
)
def test_a_command_makes_a_film(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Read back by Pillow: the size, and as many milliseconds as the clock says."""
    out = tmp_path / f"a{form}"
    arguments = ["render", "13", "--span", "0", "0.1", "--fps", "5", "--size", "200x120", "--lang", "zh", "--captions"]
    assert main([*arguments, "--out", str(out)]) == DONE
    with Image.open(out) as film:
        assert film.size == (200, 120)
        assert film.n_frames > 1
    assert "帧" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--out", "x.svg", "--span", "0", "1"], "a film's name ends in .gif, .apng, .webp, .mp4, .png"),
        (["--out", "x.gif", "--span", "1", "0"], "has to be later"),
        (["--out", "x.gif", "--span", "0", "noon"], "--span: found 'noon'"),
        (["--out", "x.gif", "--at", "1"], "--at and --span exclude each other"),
        (["--out", "x.gif", "--fps", "60"], "--fps: found '60'; the form is 1 … 50"),
        (["--out", "x.mp4", "--fps", "0"], "--fps: found '0'; the form is 1 … 60"),
        (["--out", "x.mp4", "--speed", "0"], "--speed: found '0'"),
        (["--out", "x.mp4", "--what", "film"], "unknown: film"),
    ],
)
def test_a_film_that_cannot_be(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Refused with what is allowed, before anything is painted."""
    assert main(["render", "01", *arguments]) == WRONG_USAGE
    assert says in capsys.readouterr().err


# --- MP4 ---


def probed(path: Path) -> dict[str, str]:
    """What ffprobe says of the film's one stream; says loudly where there is no ffprobe."""
    program = shutil.which("ffprobe")
    if program is None:
        warnings.warn("MP4 WAS NOT READ: there is no ffprobe here", stacklevel=2)
        pytest.skip("no ffprobe")
    line = [program, "-v", "error", "-count_frames", "-show_streams", "-of", "json", str(path)]
    (stream,) = json.loads(subprocess.run(line, capture_output=True, check=True).stdout)["streams"]
    return stream  # type: ignore[no-any-return]


@pytest.mark.ci
@pytest.mark.parametrize("by", ["ffmpeg", "av"])
@pytest.mark.parametrize("size", [(320, 180), (321, 181)])
def test_ffprobe_reads_an_mp4(by: str, size: tuple[int, int], tmp_path: Path, monkeypatch) -> None:
    """H.264 that every player reads: 4:2:0, even sides, the frames and the rate that were asked for."""
    if by == "av":
        pytest.importorskip("av", reason="MP4 BY PyAV WAS NOT MADE: it is not installed")
        monkeypatch.setattr(encoders_video, "h264_of_ffmpeg", lambda: "")
    assert encoders.mp4_by() == by
    film = cut(size=size, fps=20, what="diagram")
    out = tmp_path / "a.mp4"
    make_film(film, out, ".mp4")
    stream = probed(out)
    assert (stream["codec_name"], stream["pix_fmt"]) == ("h264", "yuv420p")
    assert (int(stream["width"]), int(stream["height"])) == (
        320 if size[0] == 320 else 322,
        180 if size[1] == 180 else 182,
    )
    assert int(stream["nb_read_frames"]) == len(film)
    assert stream["r_frame_rate"] == "20/1"
    assert (stream["color_space"], stream["color_range"]) == ("bt709", "tv")


@pytest.mark.ci
def test_the_colours_of_an_mp4_are_the_themes(tmp_path: Path) -> None:
    """White is white and blue is blue, whoever decodes it."""
    if encoders.mp4_by() != "ffmpeg":
        pytest.skip("no ffmpeg")
    frames = [painted(0xFF0B62C4)] * 5
    encoders_video.by_ffmpeg(tmp_path / "a.mp4", views(frames), reel(frames))
    line = ["ffmpeg", "-v", "error", "-i", "a.mp4", "-frames:v", "1", "-vf", "scale=in_color_matrix=bt709", "a.png"]
    subprocess.run(line, cwd=tmp_path, check=True)
    with Image.open(tmp_path / "a.png") as image:
        pixel = image.convert("RGB").getpixel((80, 60))
    assert isinstance(pixel, tuple)
    assert all(abs(found - wanted) <= 4 for found, wanted in zip(pixel, (0x0B, 0x62, 0xC4), strict=True))


def test_without_an_encoder_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither ffmpeg nor PyAV: which of them, and what needs neither."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(encoders, "find_spec", lambda _name: None)
    assert main(["render", "01", "--out", str(tmp_path / "a.mp4"), "--size", "64x64"]) == FILE_AT_FAULT
    said = capsys.readouterr().err
    assert "ffmpeg" in said and "tcp-tutor[video]" in said and "WebP" in said
    assert main(["doctor"]) == DONE
    assert "tcp-tutor[video]" in capsys.readouterr().out, "the doctor says so too"
    assert list(tmp_path.iterdir()) == []
