"""What the system says of a file: in the reader's language, known by its number."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.commands.faults import FILE_AT_FAULT
from tutor.osfaults import SENTENCES, cause
from tutor.words import Words


@pytest.mark.parametrize("number", SENTENCES)
def test_a_fault_is_told_in_chinese(number: int) -> None:
    """No English is left in it."""
    fault = OSError(number, os.strerror(number))
    assert not re.search("[a-z]", cause(fault, Words("zh")))
    assert cause(fault, Words()) == SENTENCES[number]


def test_what_is_in_no_table_is_told_as_it_was() -> None:
    """A number that is not known, and a fault without one."""
    assert cause(OSError(errno.ELOOP, "Too many links"), Words("zh")) == "Too many links"
    assert cause(OSError("the drive is gone"), Words("zh")) == "the drive is gone"


def test_a_folder_that_is_not_there_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As somebody meets it."""
    out = tmp_path / "no" / "x.svg"
    assert main(["render", "01", "--what", "diagram", "--out", str(out), "--lang", "zh"]) == FILE_AT_FAULT
    said = capsys.readouterr().err
    assert "没有这个文件或目录" in said
    assert "No such file" not in said


def test_a_sentence_says_it_by_itself() -> None:
    """Whoever says why a file cannot be written gives the fault."""
    fault = OSError(errno.ENOSPC, "No space left on device")
    said = Words("zh").t("{path} cannot be written: {why}", path="a.svg", why=fault)
    assert said.endswith(cause(fault, Words("zh")))
    assert Words().t("{path} cannot be written: {why}", path="a.svg", why=fault).endswith("No space left on device")
