"""A few moments must look as they did; a change on purpose is a diff that can be read."""

from __future__ import annotations

import pytest

from tests.view.golden_pictures import GOLDEN, dump, files, pictures

NAMES = sorted(path.name for path in GOLDEN.iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_it_looks_as_it_did(name: str) -> None:
    """If this is meant to change: ``python tests/tools/golden_pictures.py``, and read the diff."""
    assert files()[name] == (GOLDEN / name).read_text(encoding="utf-8")


def test_no_moment_is_forgotten() -> None:
    """The files are those that the tool writes."""
    assert set(NAMES) == set(files())


def test_the_same_moment_is_the_same_picture() -> None:
    """A picture is a value: made twice, it is equal, and so is its text."""
    assert pictures() == pictures()
    assert [dump(each) for each in pictures().values()] == [dump(each) for each in pictures().values()]
