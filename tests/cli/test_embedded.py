"""A run inside a picture: it comes out as it went in, and what is damaged or foreign is refused in words."""

from __future__ import annotations

import base64
import io
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.commands.faults import DONE, FILE_AT_FAULT
from tutor.commands.loading import load
from tutor.commands.switches import no_switches
from tutor.exchange import embedded
from tutor.exchange.embedded import MAX_BYTES, EmbeddedError, extracted, in_svg, metadata
from tutor.words import Words
from tutor.world.digest import digest

HAND = ("--hand", "20ms set link.delay 80ms")


def svg_of(inside: str) -> bytes:
    """A small picture with these elements in it."""
    return f'<svg xmlns="http://www.w3.org/2000/svg"><metadata>{inside}</metadata><rect/></svg>'.encode()


def fingerprint(name: str, *, by_hand: bool = False) -> list[str]:
    """The digest of the last world of every branch; nothing may have been warned of."""
    loaded = load(name, no_switches(), Words())
    assert not loaded.warnings
    return [digest(branch.trace.steps[-1].world) for branch in loaded.road.timeline.branches]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("form", [".svg", pytest.param(".pdf", marks=pytest.mark.qt)])
def test_a_picture_replays_to_the_same_fingerprint(form: str, tmp_path: Path, qapp: object) -> None:
    """All its futures, what hands did included; the picture of the picture's run holds the same again."""
    run, out, again = tmp_path / "a.tcprun", tmp_path / f"a{form}", tmp_path / f"b{form}"
    assert main(["play", "13", *HAND, "--save", str(run)]) == DONE
    assert main(["render", "13", *HAND, "--out", str(out)]) == DONE
    assert fingerprint(str(out)) == fingerprint(str(run))
    assert len(fingerprint(str(out))) > 1
    assert main(["render", str(out), "--what", "diagram", "--out", str(again)]) == DONE
    assert fingerprint(str(again)) == fingerprint(str(run))


def test_play_takes_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same ladder as the lesson itself."""
    out = tmp_path / "a.svg"
    assert main(["render", "01", "--out", str(out)]) == DONE
    capsys.readouterr()
    assert main(["play", "01"]) == DONE
    told = capsys.readouterr().out
    assert main(["play", str(out)]) == DONE
    assert capsys.readouterr().out == told


def test_a_picture_may_be_without_its_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Then it is no run, and says so."""
    out = tmp_path / "a.svg"
    assert main(["render", "01", "--no-run", "--out", str(out)]) == DONE
    assert "<metadata>" not in out.read_text()
    assert main(["play", str(out)]) == FILE_AT_FAULT
    assert "no run in it" in capsys.readouterr().err


def test_an_editor_may_write_it_anew() -> None:
    """Other prefixes, other lines, elements of others about it."""
    root = ET.fromstring(svg_of(metadata("{…}") + '<x xmlns="urn:other">y</x>'))
    assert in_svg(ET.tostring(root, encoding="utf-8")) == "{…}"
    assert b"ns" in ET.tostring(root), "the element has a prefix now"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "xml"),
        (b"GIF89a", "xml"),
        (b"<svg>", "xml"),
        (svg_of(""), "none"),
        (svg_of('<run xmlns="urn:other">eJw=</run>'), "none"),
        (svg_of('<run xmlns="urn:tcp-tutor:run">no base 64!</run>'), "packed"),
        (svg_of('<run xmlns="urn:tcp-tutor:run">eJwDAA</run>'), "packed"),
        (svg_of(metadata("".join(map(str, range(400)))).replace("</run>", "")[:400] + "</run>"), "packed"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "entities"),
    ],
)
def test_what_is_foreign_or_damaged_is_refused(data: bytes, problem: str) -> None:
    """By its name, never by a traceback."""
    with pytest.raises(EmbeddedError) as caught:
        extracted(data, ".svg")
    assert caught.value.problem == problem


def test_a_bomb_is_not_unpacked() -> None:
    """A small file that unpacks to very much is refused at the limit; entities that multiply, before they do."""
    packed = base64.b64encode(zlib.compress(b"\0" * (MAX_BYTES + 1), 9)).decode()
    with pytest.raises(EmbeddedError) as caught:
        in_svg(svg_of(f'<run xmlns="{embedded.NAMESPACE}">{packed}</run>'))
    assert caught.value.problem == "too-large"


def test_octets_that_are_no_text() -> None:
    """They cannot be a run."""
    packed = base64.b64encode(zlib.compress(b"\xff\xfe")).decode()
    with pytest.raises(EmbeddedError, match="damaged"):
        in_svg(svg_of(f'<run xmlns="{embedded.NAMESPACE}">{packed}</run>'))


def pdf(**files: bytes) -> bytes:
    """A PDF of one empty page with these files attached."""
    from pypdf import PdfWriter

    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    for name, data in files.items():
        writer.add_attachment(name.replace("_", "."), data)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "pdf"),
        (b"%PDF-1.7\nand nothing", "pdf"),
        (pdf(), "none"),
        (pdf(notes_txt=b"{}"), "none"),
        (pdf(run_tcprun=b"\xff\xfe"), "packed"),
        (pdf(run_tcprun=b" " * (MAX_BYTES + 1)), "too-large"),
        (pdf(run_tcprun=b"{}" * 900)[:700], "pdf"),
    ],
)
def test_a_pdf_that_has_no_run_says_why(data: bytes, problem: str) -> None:
    """Foreign, damaged, cut off, or too large."""
    with pytest.raises(EmbeddedError) as caught:
        extracted(data, ".pdf")
    assert caught.value.problem == problem


def test_another_programs_attachment_is_read_too() -> None:
    """A PDF that another program wrote anew, with the run still attached."""
    assert extracted(pdf(run_tcprun="{…}".encode()), ".pdf") == "{…}"


def test_bad_runs_in_good_pictures_are_told_as_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message is that of a saved run."""
    out = tmp_path / "a.svg"
    out.write_bytes(svg_of(metadata('{"format": "tcp-tutor run", "version": 99}')))
    assert main(["play", str(out)]) == FILE_AT_FAULT
    assert "version 99" in capsys.readouterr().err
