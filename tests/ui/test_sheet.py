"""A paper as PDF: every question, letters as letters, the key only where it is wanted."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest
from pypdf import PdfReader

from tutor.cli import main
from tutor.exchange.embedded import attached
from tutor.ui import fonts, paging
from tutor.ui.pdf import as_written, to_pdf
from tutor.ui.sheet import option, text_of
from tutor.view.marks import Ink, Layer, Picture, Text
from tutor.view.theme import theme
from tutor.words import Words


def pdf(path: Path, *arguments: str) -> bytes:
    """The file that ``quiz --export pdf`` writes."""
    assert main(["quiz", "--n", "5", "--seed", "9", "--export", "pdf", "--out", str(path), *arguments]) == 0
    return path.read_bytes()


def pages(data: bytes) -> int:
    """How many pages the document says it has."""
    found = re.search(rb"/Type\s*/Pages.*?/Count\s+(\d+)", data, re.DOTALL)
    assert found is not None
    return int(found[1])


def unpacked(data: bytes) -> bytes:
    """All streams of a PDF, unpacked."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            found.append(stream)
    return b"\n".join(found)


@pytest.mark.ci
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_key_is_only_there_when_it_is_wanted(qapp: object, tmp_path: Path, lang: str) -> None:
    """With it there are more pages, and the same seed asks the same."""
    without = pdf(tmp_path / "a.pdf", "--lang", lang)
    with_key = pdf(tmp_path / "b.pdf", "--lang", lang, "--key")
    assert without.startswith(b"%PDF-")
    assert pages(with_key) > pages(without) >= 1


@pytest.mark.sampled(8)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_fonts_are_embedded(qapp: object, tmp_path: Path, lang: str) -> None:
    """A printer without Noto Sans CJK prints Chinese all the same, and text can be searched."""
    data = pdf(tmp_path / "a.pdf", "--lang", lang)
    assert data.count(b"/FontFile") >= 2, "words and code"
    assert b"/ToUnicode" in data
    codes = unpacked(data)
    assert (b"<7684>" in codes.upper() or b"7684" in codes) == (lang == "zh"), "的 is among the letters"


COMMON = "“一户生首口题目民长门见页车手行面文用网里人马自”"
"""Each shares its glyph with a radical, the last mark with a letter of phonetics."""


def _read(path: Path) -> str:
    return "".join(PdfReader(path).pages[0].extract_text().split())


@pytest.mark.ci
def test_chinese_is_found_as_it_was_written(qapp: object, tmp_path: Path) -> None:
    """What is copied from a sheet or a still is Chinese, not radicals; a letter alone in its font as well."""
    sheet, still, alone = tmp_path / "sheet.pdf", tmp_path / "still.pdf", tmp_path / "alone.pdf"
    with paging.pages(sheet, "T", Words("zh")) as page:
        page.put(text_of([(COMMON, "body"), (COMMON, "bold")]))
    assert _read(sheet).count(COMMON) == 2
    for path, said in ((still, COMMON), (alone, "⼀")):
        written = Text(10, 40, said, Ink("now"), 20)
        picture = Picture(800, 80, (Layer("static", 0, (written,)),))
        path.write_bytes(to_pdf([picture], theme("light"), run="<0001> <0001> <2F00>"))
        assert _read(path) == said.replace("⼀", "一")
    assert attached(alone.read_bytes()) == {"run": "<0001> <0001> <2F00>"}


def test_only_what_a_map_calls_a_glyph_is_changed(qapp: object) -> None:
    """A glyph may have a radical's number, and a range counts on: both stay, and so does whatever is no map."""
    fonts.load()
    kept = b"<2F00> <2F01> [<4E00> <0041>]\n<2F00> <2F05> <2F00>\n"
    before = (
        b"<0001> <0001> <2F00>\nbegincmap\n" + kept + b"<2F3E> <2F3E> <2F3E>\n<0001> <0002> [<2ED3> <2F00>]\nendcmap"
    )
    after = (
        b"<0001> <0001> <2F00>\nbegincmap\n" + kept + b"<2F3E> <2F3E> <6237>\n<0001> <0002> [<957F> <4E00>]\nendcmap"
    )
    assert as_written(before) == after


@pytest.mark.ci
def test_a_window_may_be_open(qapp: object, tmp_path: Path) -> None:
    """Written from within the application it is the same file but for its date and name."""
    first, second = pdf(tmp_path / "a.pdf", "--lang", "en"), pdf(tmp_path / "b.pdf", "--lang", "en")
    assert pages(first) == pages(second)
    assert len(first) == pytest.approx(len(second), abs=200)


def test_stress_leaves_no_stars_and_code_keeps_its_own(qapp: object) -> None:
    """What is stressed in a lesson is plain on paper; ``*:80`` and ``2 * RTO`` stay."""
    fonts.load()
    text = "A SYN that was *taken*, **not** lost: `0.0.0.0:*`, 2 * RTO; 发*给*银行"
    said = text_of([(text, "item")]).toPlainText()
    assert said == "A SYN that was taken, not lost: 0.0.0.0:*, 2 * RTO; 发给银行"


def test_the_lines_of_an_answer_begin_below_its_words(qapp: object) -> None:
    """A long answer hangs: its second line begins where its first word does, right of box and letter."""
    document = text_of([*option("B", "a long answer " * 9), ("words " * 40, "body")])
    document.setTextWidth(260)
    document.size()
    answer, words = document.begin().layout(), document.begin().next().layout()
    assert answer.lineCount() > 2
    assert answer.lineAt(1).x() == answer.lineAt(2).x()
    start, _ = answer.lineAt(0).cursorToX(len("☐ B   "))
    assert answer.lineAt(1).x() == pytest.approx(start, abs=1)
    assert words.lineAt(1).x() == words.lineAt(0).x()


def _blank(height: float) -> paging.Piece:
    return paging.Piece(600, height, lambda _painter: None)


@pytest.mark.ci
def test_the_rest_of_a_page_is_used(qapp: object, tmp_path: Path) -> None:
    """A picture that nearly fits is made smaller; what does not leaves lines for notes, where they are wanted."""
    for least, heads, numbers, ruled in ((0.6, "Notes", 1, 0), (1.0, "Notes", 2, 1), (1.0, "", 2, 0)):
        out = tmp_path / f"{least}{heads}.pdf"
        with paging.pages(out, "T", Words()) as page:
            page.notes = heads
            page.put_piece(_blank(600))
            page.put_piece(_blank(500), least=least)
            page.notes = ""
        read = PdfReader(out)
        assert len(read.pages) == numbers, (least, heads)
        assert sum("Notes" in each.extract_text() for each in read.pages) == ruled
