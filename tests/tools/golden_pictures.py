"""Writes tests/view/golden/*.txt and *.svg: what a few moments look like, as text that a diff can be read of.

Run ``python tests/tools/golden_pictures.py`` after the pictures have been changed on purpose, and read the diff.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.view.golden_pictures import GOLDEN, files  # noqa: E402  the checkout is put on the path first

if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, text in files().items():
        (GOLDEN / name).write_text(text, encoding="utf-8")
