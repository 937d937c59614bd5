"""Reading and writing what an editor holds: whole or not at all, and every failure in words.

Rules
-----
* A file is written beside its place and then put there in one move: a full disk never leaves half a lesson.
* What cannot be read or written is a ``FileTrouble`` that says which file and why.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from tutor import resources
from tutor.teach.yamlio import MAX_BYTES
from tutor.words import Words


class FileTrouble(Exception):
    """A file that cannot be read or written; the message is in the person's language."""


def own_folder(lesson_id: str) -> str:
    """The folder for a lesson of this id among one's own, made if it is not there; "" where none can be made."""
    folder = resources.own_lessons_dir() / lesson_id
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(folder)


def read(path: Path, words: Words) -> str:
    """The text of a file. Raises ``FileTrouble``."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as fault:
        raise FileTrouble(words.t("{path} cannot be read: {why}", path=path, why=fault)) from None
    if len(raw) > MAX_BYTES:
        raise FileTrouble(words.t("{path} is too large for a lesson.", path=path))
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise FileTrouble(words.t("{path} is no UTF-8 text.", path=path)) from None


def write(path: Path, text: str, words: Words) -> None:
    """Put the text into the file. Raises ``FileTrouble``, and then the file is what it was."""
    place = path.resolve()
    try:
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(13, os.strerror(13))
        _replace(place, text.encode("utf-8", "replace"))
    except OSError as fault:
        raise FileTrouble(words.t("{path} cannot be written: {why}", path=path, why=fault)) from None


def _replace(place: Path, raw: bytes) -> None:
    mode = place.stat().st_mode & 0o777 if place.exists() else 0o644
    handle, name = tempfile.mkstemp(prefix=".", suffix=".yaml", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(place)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
