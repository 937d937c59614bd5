"""What the window remembers between two starts: where the splitters stood, the theme, the language.

Rules
-----
* A file that cannot be read or written is no fault of anybody's: it is said once, and the work goes on.
* Nothing is lost: a file that makes no sense is put aside under another name; a new one is written beside the old one
  and takes its place at once, so that a full disk leaves the old one whole.
* Two windows may run at a time. Each writes only what was changed in it, into the file as it then is; what cannot be
  written now, since the other one is at it, is written with the next change.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from errno import EAGAIN
from os import strerror
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QLockFile

from tutor import doctor
from tutor.languages import mark

Value = str | bool | float | list[float] | list[str]

MOST_SHARE = 100_000.0
"""No part of a splitter and no side of a window has more px."""
LOCK_MS = 300
"""How long to wait for another window that is writing."""

TROUBLES: dict[str, str] = {
    "broken": mark("The settings made no sense and begin anew. The old file is kept as {path}."),
    "unreadable": mark("The settings cannot be read, and will not be changed: {path} ({why})"),
    "unwritable": mark("What you set holds now but cannot be kept: {path} ({why})"),
}
"""What can be wrong with the file -> the sentence that says so."""


class Trouble(NamedTuple):
    """Something is wrong with the file: a key of ``TROUBLES``, which file, and what the system says."""

    kind: str
    path: str
    why: OSError | str = ""


class Settings:
    """A small JSON file. ``path`` None remembers nothing (tests, pictures)."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._changed: dict[str, Value | None] = {}
        self._told: dict[str, Trouble] = {}
        self._listener: Callable[[Trouble], None] | None = None
        self._values: dict[str, object] = {} if path is None else self._read(path)

    @classmethod
    def of_user(cls) -> Settings:
        """The settings of whoever runs the program."""
        return cls(doctor.config_dir() / "window.json")

    @property
    def is_kept(self) -> bool:
        """Is anything remembered beyond this start?"""
        return self._path is not None

    def listen(self, listener: Callable[[Trouble], None]) -> None:
        """Tell ``listener`` of every trouble there was and will be, each kind once."""
        self._listener = listener
        for trouble in self._told.values():
            listener(trouble)

    # --- reading ---

    def text(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """A remembered word, if it is one of those allowed."""
        value = self._values.get(name)
        return value if isinstance(value, str) and value in allowed else None

    def flag(self, name: str, *, default: bool) -> bool:
        """A remembered yes or no."""
        value = self._values.get(name)
        return value if isinstance(value, bool) else default

    def number(self, name: str, least: float, most: float) -> float | None:
        """A remembered number, if it lies between the two."""
        value = self._values.get(name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(value) if is_number and least <= value <= most else None  # type: ignore[operator]

    def shares(self, name: str, count: int) -> list[float] | None:
        """Remembered parts of a splitter: ``count`` numbers above 0."""
        value = self._values.get(name)
        if not isinstance(value, list) or len(value) != count:
            return None
        numbers = [each for each in value if isinstance(each, int | float) and 0 < each <= MOST_SHARE]
        return [float(each) for each in numbers] if len(numbers) == count else None

    def texts(self, name: str) -> list[str]:
        """A remembered list of words."""
        value = self._values.get(name)
        return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []

    # --- writing ---

    def keep(self, name: str, value: Value | None) -> None:
        """Remember a value, or forget it (None)."""
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = value
        self._changed[name] = value
        if self._path is not None and "unreadable" not in self._told:
            self._write(self._path)

    def _write(self, path: Path) -> None:
        """Put what was changed here into the file as it now is."""
        fresh = path.with_name(f"{path.name}.new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = _locked(path)
            try:
                there = self._read(path)
                if "unreadable" in self._told:
                    return
                merged = there | self._changed
                kept = {name: value for name, value in merged.items() if value is not None}
                fresh.write_text(json.dumps(kept, indent=1), encoding="utf-8")
                fresh.replace(path)
            finally:
                lock.unlock()
        except OSError as fault:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            self._tell(Trouble("unwritable", str(path), fault))
        else:
            self._changed.clear()

    def _read(self, path: Path) -> dict[str, object]:
        """What the file holds; nothing if there is none."""
        try:
            text = path.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as fault:
            self._tell(Trouble("unreadable", str(path), fault))
            return {}
        except ValueError:
            return self._put_aside(path)
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return self._put_aside(path)
        return found if isinstance(found, dict) else self._put_aside(path)

    def _put_aside(self, path: Path) -> dict[str, object]:
        """Keep a file that makes no sense under another name."""
        names = (path.with_name(f"{path.name}.broken{n or ''}") for n in range(1000))
        aside = next((name for name in names if not name.exists()), path)
        try:
            path.rename(aside)
        except OSError:
            aside = path
        self._tell(Trouble("broken", str(aside)))
        return {}

    def _tell(self, trouble: Trouble) -> None:
        if trouble.kind not in self._told:
            self._told[trouble.kind] = trouble
            if self._listener is not None:
                self._listener(trouble)


def _locked(path: Path) -> QLockFile:
    """The lock of ``path``, held. Raises ``OSError`` while another window is writing."""
    lock = QLockFile(str(path.with_name(f"{path.name}.lock")))
    lock.setStaleLockTime(10 * LOCK_MS)
    if not lock.tryLock(LOCK_MS):
        raise OSError(EAGAIN, strerror(EAGAIN))
    return lock
