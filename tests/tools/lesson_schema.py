"""Writes ``assets/schema/lesson-1.json``, the JSON Schema of lessons for editors. Run it when ``schema.py`` changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tutor.teach.schema import json_schema  # noqa: E402  the checkout is put on the path first

PATH = ROOT / "assets" / "schema" / "lesson-1.json"


def text() -> str:
    """What the file must hold."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(text(), encoding="utf-8")
