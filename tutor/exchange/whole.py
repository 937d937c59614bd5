"""A file is there whole, or not at all.

Rules
-----
* It is written beside its place, under a name that nobody else has, flushed to the disk, and put there in one step.
* Whatever goes wrong on the way, Ctrl+C included: what was there is as it was, and nothing is left beside it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PART = ".part"
"""In the name of a file that is not whole yet."""


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A new, empty file beside ``path``, which takes its place when the block is done. Raises ``OSError``.

    It has the same ending, by which encoders tell what to write.
    """
    beside = path.with_name(f".{path.stem[:80]}.{os.getpid()}-{secrets.token_hex(4)}{PART}{path.suffix}")
    os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        yield beside
        with beside.open("r+b") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def write_whole(path: Path, data: bytes | str) -> None:
    """Write octets, or a text as UTF-8. Raises ``OSError``; then what was there is as it was."""
    with written_whole(path) as beside:
        beside.write_bytes(data.encode() if isinstance(data, str) else data)
