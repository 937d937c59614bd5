"""Stills: every form of every picture, read by somebody else; letters as text or as shapes; nothing half written."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from tests.ui.stage import CLOSE, HANDSHAKE, session
from tutor.cli import main
from tutor.commands.faults import DONE, FILE_AT_FAULT, WRONG_USAGE
from tutor.commands.loading import load, save
from tutor.commands.switches import no_switches
from tutor.exchange import runfile
from tutor.exchange.embedded import attached_names
from tutor.exchange.whole import PART
from tutor.teach import intents
from tutor.teach.session import Session, update
from tutor.ui import stills
from tutor.ui.opening import TroubleDialog
from tutor.ui.paging import pages
from tutor.ui.render import data_of, write
from tutor.ui.run_choice import RunsDialog
from tutor.view.marks import Text
from tutor.words import Words
from tutor.world.digest import digest

SVG = "{http://www.w3.org/2000/svg}"


def reader(name: str) -> str:
    """The path of a program that reads PDF; says loudly that nothing was read where it is missing."""
    found = shutil.which(name)
    if found is None:
        warnings.warn(f"PDF WAS NOT READ: {name} is not installed (poppler-utils)", stacklevel=2)
        pytest.skip(f"no {name}")
    return found


def at(name: str, time: int, **changes: object) -> Session:
    """A lesson at a moment (microseconds), nothing answered yet."""
    return replace(session(name, **changes), playhead=time)


@pytest.mark.ci
@pytest.mark.parametrize("what", stills.PICTURES)
def test_every_picture_is_there_in_every_form(tmp_path: Path, what: str) -> None:
    """By the ending of the name, of the size asked for, in Chinese."""
    here = update(at(CLOSE, 140_000, lang="zh"), intents.ActNow("set link.delay 80ms"))
    for form, shown in stills.FORMS.items():
        if what not in shown:
            continue
        out = tmp_path / f"a{form}"
        write(here, out, what=what, size=(900, 700))
        data = out.read_bytes()
        if form == ".png":
            with Image.open(out) as image:
                assert image.size == (900, 700)
        elif form == ".pdf":
            assert data.startswith(b"%PDF-") and b"/ToUnicode" in data
        elif form == ".svg":
            root = ET.fromstring(data)
            assert (root.get("width"), root.get("height")) == ("900", "700")
        else:
            assert re.search("[\u4e00-\u9fff]", data.decode()), f"{form} speaks Chinese"
    assert not [path for path in tmp_path.iterdir() if PART in path.name]


def test_the_header_is_never_cut_off() -> None:
    """In a low picture it is laid out in more room, and drawn smaller; nothing asks for a pointer."""
    for size in ((1280, 720), (640, 360), (400, 300)):
        made = stills.picture_of(at(HANDSHAKE, 40_000), "header", size)
        assert made.width / made.height == pytest.approx(size[0] / size[1], rel=0.02), size
        assert not [m for m in made.marks() if isinstance(m, Text) and "Point at" in m.text]


@pytest.mark.ci
def test_outlines_need_no_font(tmp_path: Path) -> None:
    """No text is left, in SVG and in PDF; the letters' ink lies where the text's did."""
    here, size = at(CLOSE, 140_000, lang="zh"), (900, 700)
    text = data_of(here, ".svg", what="diagram", size=size).decode()
    shapes = data_of(here, ".svg", what="diagram", size=size, outlines=True).decode()
    assert text.count("<text") > 20
    assert "<text" not in shapes and "font-family" not in shapes
    pdf = data_of(here, ".pdf", what="diagram", size=size, outlines=True)
    assert b"/FontFile" not in pdf
    write(here, tmp_path / "a.png", what="diagram", size=size)
    write(here, tmp_path / "b.png", what="diagram", size=size, outlines=True)
    with Image.open(tmp_path / "a.png") as one, Image.open(tmp_path / "b.png") as other:
        dark = [sum(1 for pixel in each.convert("L").tobytes() if pixel < 128) for each in (one, other)]
    assert dark[0] == pytest.approx(dark[1], rel=0.1)


def test_text_speaks_up_to_the_moment_only() -> None:
    """The ladder ends there; the states are those of the moment, with the way that led to them."""
    here = at(HANDSHAKE, 0)
    for _ in range(3):
        here = update(here, intents.StepForward())
    states = stills.text_of(here, "diagram")
    assert "CLOSED -> SYN-SENT" in states
    told = stills.text_of(here, "ladder")
    assert "FIN" not in told
    assert "seq" in told or "SYN" in told
    assert "Source port" in stills.text_of(here, "header")


@pytest.mark.ci
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pdf_can_be_searched_and_drawn(tmp_path: Path, lang: str) -> None:
    """pdftotext finds the words, Chinese as well; pdftoppm draws a page of the picture's shape; fonts are embedded."""
    out = tmp_path / "a.pdf"
    write(at(CLOSE, 140_000, lang=lang), out, what="diagram", size=(1280, 720))
    told = subprocess.run([reader("pdftotext"), out, "-"], capture_output=True, text=True, check=True).stdout
    assert "ESTABLISHED" in told
    assert ("收到" in told) == (lang == "zh")
    faces = subprocess.run([reader("pdffonts"), out], capture_output=True, text=True, check=True).stdout
    rows = faces.splitlines()[2:]
    assert rows and all(row.split()[-5] == "yes" for row in rows), "each is embedded"
    subprocess.run([reader("pdftoppm"), "-r", "96", "-png", "-singlefile", out, tmp_path / "p"], check=True)
    with Image.open(tmp_path / "p.png") as image:
        assert image.size == pytest.approx((1280, 720), abs=2)
        assert image.convert("L").getextrema()[0] < 60


@pytest.mark.ci
def test_print_has_no_colour(tmp_path: Path) -> None:
    """Every pixel is a grey, and both hosts can be told apart by dash and shape."""
    out = tmp_path / "a.png"
    write(replace(at(CLOSE, 140_000), theme="print"), out, what="ladder", size=(700, 500))
    with Image.open(out) as image:
        red, green, blue = image.convert("RGB").split()
        assert red.tobytes() == green.tobytes() == blue.tobytes()
    svg = data_of(replace(at(CLOSE, 140_000), theme="print"), ".svg", what="ladder", size=(700, 500)).decode()
    assert "stroke-dasharray" in svg


def test_a_name_that_exists_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unless somebody insists; a folder is no file at all."""
    out = tmp_path / "a.txt"
    out.write_text("mine")
    assert main(["render", "01", "--at", "0", "--out", str(out)]) == FILE_AT_FAULT
    assert "exists; --force writes over it" in capsys.readouterr().err
    assert out.read_text() == "mine"
    assert main(["render", "01", "--at", "0", "--out", str(out), "--force"]) == DONE
    assert "mine" not in out.read_text()
    (tmp_path / "b.txt").mkdir()
    assert main(["render", "01", "--out", str(tmp_path / "b.txt"), "--force"]) == FILE_AT_FAULT
    assert "is a folder" in capsys.readouterr().err


def test_one_future_cannot_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A lesson that does nothing has one; by hand it gets another."""
    out = tmp_path / "a.svg"
    lone = ["render", "01", "--bare", "--what", "compare", "--out", str(out)]
    assert main(lone) == WRONG_USAGE
    assert "two futures" in capsys.readouterr().err
    assert main([*lone, "--hand", "20ms set link.delay 80ms"]) == DONE
    assert "First difference at 100 ms" in out.read_text()


@pytest.mark.sampled(5)
@pytest.mark.parametrize("form", [".svg", ".pdf"])
def test_a_dropped_picture_plays(form: str, show, tmp_path: Path) -> None:
    """Dropped on the window: the run on the stage has the fingerprint of the one that was drawn."""
    out = tmp_path / f"a{form}"
    assert main(["render", "13", "--hand", "0.12 set link.delay 80ms", "--out", str(out)]) == DONE
    conductor = show(session(HANDSHAKE))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(out))])
    where, how = QPointF(20, 20), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    conductor.window.dropEvent(QDropEvent(where, how, data, buttons, keys))
    drawn = load(str(out), no_switches(), conductor.words)
    assert conductor.session.lesson.id == drawn.lesson.id == CLOSE
    assert digest(conductor.session.trace.steps[-1].world) == digest(drawn.trace.steps[-1].world)
    assert not conductor.window.notice.text()


@pytest.mark.ci
def test_a_dropped_handout_offers_all_its_runs(show, tmp_path: Path) -> None:
    """The first is on screen at once; a list has the others, by their titles, and any of them is opened from there."""
    out = tmp_path / "a.pdf"
    texts = {name: runfile.dumps(save(load(name, no_switches(), Words()))) for name in (CLOSE, HANDSHAKE)}
    with pages(out, "Two", Words(), dict(zip(attached_names([*texts]), texts.values(), strict=True))):
        pass
    conductor = show(session("04-syn-lost"))
    conductor.window.file_dropped.emit(str(out))
    assert conductor.session.lesson.id == CLOSE
    (offered,) = conductor.window.findChildren(RunsDialog)
    titles = [offered.list.item(row).text() for row in range(offered.list.count())]
    assert titles == [load(name, no_switches(), Words()).lesson.title["en"] for name in (CLOSE, HANDSHAKE)]
    offered.list.setCurrentRow(1)
    offered.take()
    assert conductor.session.lesson.id == HANDSHAKE
    assert conductor.path == f"{out}#2"


def test_a_dropped_picture_without_a_run_changes_nothing(show, tmp_path: Path) -> None:
    """It is said what is wrong, and the stage stays as it was."""
    out = tmp_path / "a.svg"
    out.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    conductor = show(session(HANDSHAKE))
    before = conductor.session
    conductor.window.file_dropped.emit(str(out))
    found = next(iter(conductor.window.findChildren(TroubleDialog)))
    assert "no run in it" in found.said.text()
    assert conductor.session.trace is before.trace
    found.close()
