"""What the window remembers between two starts: where the splitters stood, the theme, the language.

Rules
-----
* A file that cannot be read or written is no fault: then nothing is remembered.
"""

from __future__ import annotations

import json
from pathlib import Path

from tutor import doctor


class Settings:
    """A small JSON file. ``path`` None remembers nothing (tests, pictures)."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._values: dict[str, object] = {}
        if path is not None:
            self._values = _read(path)

    @classmethod
    def of_user(cls) -> Settings:
        """The settings of whoever runs the program."""
        return cls(doctor.config_dir() / "window.json")

    @property
    def is_kept(self) -> bool:
        """Is anything remembered beyond this start?"""
        return self._path is not None

    def text(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """A remembered word, if it is one of those allowed."""
        value = self._values.get(name)
        return value if isinstance(value, str) and value in allowed else None

    def flag(self, name: str, *, default: bool) -> bool:
        """A remembered yes or no."""
        value = self._values.get(name)
        return value if isinstance(value, bool) else default

    def shares(self, name: str, count: int) -> list[float] | None:
        """Remembered parts of a splitter: ``count`` numbers above 0."""
        value = self._values.get(name)
        if not isinstance(value, list) or len(value) != count:
            return None
        numbers = [float(each) for each in value if isinstance(each, int | float) and each > 0]
        return numbers if len(numbers) == count else None

    def keep(self, name: str, value: str | bool | list[float] | None) -> None:
        """Remember a value, or forget it (None)."""
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = value
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps(self._values, indent=1), encoding="utf-8")
        except OSError:
            self._path = None


def _read(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
