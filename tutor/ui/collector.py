"""Python's garbage collector, kept in the window's thread.

Theory
------
Python collects in whichever thread happens to allocate. A Qt object that ends in another thread than its own asks for
Qt's locks and then for Python's, while the window holds Python's and asks for Qt's: both wait for ever. So nothing is
collected by itself here. Qt's event loop says when it has come round, and what Python would have done by then is done
in its thread.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QAbstractEventDispatcher

CALM = (50_000, 20, 100)
"""Thresholds of the collector. A run is a hundred thousand frozen values and no cycles: looking through all of them
every 700 allocations made a fork take twice as long."""


def take_over() -> None:
    """From now on only the thread that calls this collects, whenever its event loop comes round."""
    gc.disable()
    gc.set_threshold(*CALM)
    # A function connected twice is called twice; this one is connected when the first QApplication is furnished.
    loop = QAbstractEventDispatcher.instance()
    if loop is not None and not loop.property(_MARK):
        loop.setProperty(_MARK, True)
        loop.awake.connect(collect_what_is_due)
        loop.aboutToBlock.connect(collect_what_is_due)


def collect_what_is_due() -> None:
    """Collect the generation that Python's own rule would have collected by now, if any."""
    due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
    if due[0]:
        gc.collect(2 if due[2] else 1 if due[1] else 0)


_MARK = "collects"
