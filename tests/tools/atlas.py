"""Writes assets/atlas.json: the atlas of every protocol under two sets of rules.

Run ``python tests/tools/atlas.py`` after the engine or the search has changed (some minutes). The window shows these
atlases and plays their ways anew; tests hold that they are what the search finds.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tutor.explore.atlas import Atlas, make_atlas  # noqa: E402  the checkout is put on the path first
from tutor.explore.charted import CHARTED, Key, dumps  # noqa: E402
from tutor.profiles import load_profile  # noqa: E402
from tutor.tcp.variant import VARIANTS, variant_named  # noqa: E402

PATH = ROOT / "assets" / "atlas.json"


def made(key: Key) -> Atlas:
    """The atlas of one protocol under one set of rules."""
    profile, variant = key
    return make_atlas(load_profile(profile), variant_named(variant))


if __name__ == "__main__":
    keys = [(profile, variant) for profile in CHARTED for variant in ("", *VARIANTS)]
    atlases = {}
    with ProcessPoolExecutor() as pool:  # a core for each
        for key, atlas in zip(keys, pool.map(made, keys), strict=True):
            atlases[key] = atlas
            print(*key, len(atlas.ways), f"{atlas.worlds:,}", flush=True)
    PATH.write_text(dumps(atlases), encoding="utf-8")
