"""A request to end, while Qt is at work: it is heeded, but not in the midst of a call.

Rules
-----
* Neither painting nor the import of Qt bears an exception that a signal throws into it: the first loses the painter's
  state, the second ends the process with a list of addresses.
* In between, as while an encoder is waited for, a request is heeded at once.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Self


class Ending:
    """Heeds a request to end: Ctrl+C, ``kill``, the window's "Cancel". While Qt paints it waits for the frame's end."""

    def __init__(self) -> None:
        self._is_painting = self._is_asked = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(ValueError):  # not in the main thread
                self._before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ask(self, _number: int, _frame: object) -> None:
        if not self._is_painting:
            raise KeyboardInterrupt
        self._is_asked = True

    @contextmanager
    def shield(self) -> Iterator[None]:
        """Nothing is broken off in here; what was asked meanwhile is heeded at the end."""
        self._is_painting = True
        try:
            yield
        finally:
            self._is_painting = False
        if self._is_asked:
            raise KeyboardInterrupt


@contextmanager
def unbroken() -> Iterator[None]:
    """Nothing is broken off in here: for the import of Qt."""
    with Ending() as ending, ending.shield():
        yield
