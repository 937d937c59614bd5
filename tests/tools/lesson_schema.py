"""Writes ``assets/schema/lesson-1.json`` and ``lecture-1.json``, the JSON Schemas for editors.

Run it when ``schema.py`` or ``lecture_schema.py`` changed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tutor.teach import lecture_schema, schema  # noqa: E402  the checkout is put on the path first

FOLDER = ROOT / "assets" / "schema"
FILES = {"lesson-1.json": schema.json_schema, "lecture-1.json": lecture_schema.json_schema}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, made in FILES.items():
        (FOLDER / name).write_text(json.dumps(made(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
