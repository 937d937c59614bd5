"""Writes assets/atlas.json: the atlas of every protocol under two sets of rules.

Run ``python tests/tools/atlas.py`` after the engine or the search has changed (some minutes). The window shows these
atlases and plays their ways anew; tests hold that they are what the search finds.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tutor.explore.atlas import make_atlas  # noqa: E402  the checkout is put on the path first
from tutor.explore.charted import CHARTED, dumps  # noqa: E402
from tutor.profiles import load_profile  # noqa: E402
from tutor.tcp.variant import TCP, VARIANTS  # noqa: E402

PATH = ROOT / "assets" / "atlas.json"

if __name__ == "__main__":
    made = {}
    for name in CHARTED:
        for variant in (TCP, *VARIANTS.values()):
            atlas = made[name, variant.id] = make_atlas(load_profile(name), variant)
            print(name, variant.id or "tcp", len(atlas.ways), f"{atlas.worlds:,}", flush=True)
    PATH.write_text(dumps(made), encoding="utf-8")
