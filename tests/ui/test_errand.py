"""Work beside the window: what it brings, what becomes of it, and in which thread things end."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest

from tutor.ui import collector
from tutor.ui.errand import Errand, Report


def until(done: Callable[[], bool]) -> None:
    """Let events be until something is so."""
    for _ in range(1000):
        if done():
            return
        QTest.qWait(5)
    raise AssertionError("it never came to be")


def test_an_errand_tells_on_the_way_and_brings_what_it_found() -> None:
    """All of it is heard in the window's thread, whatever thread it was found in."""
    heard: list[tuple[object, threading.Thread]] = []
    places: list[threading.Thread] = []

    def work(report: Report) -> object:
        places.append(threading.current_thread())
        return [report(number) for number in (1, 2)]

    errand = Errand("test", work)
    errand.told.connect(lambda news: heard.append((news, threading.current_thread())))
    errand.came.connect(lambda found: heard.append((found, threading.current_thread())))
    errand.begin()
    until(lambda: len(heard) == 3)
    assert [news for news, _ in heard] == [1, 2, [True, True]]
    assert {thread for _, thread in heard} == {threading.main_thread()}
    assert places != [threading.main_thread()]
    assert errand not in Errand.under_way


def test_nothing_comes_of_an_errand_that_was_called_off() -> None:
    """Its work hears that nobody waits; its end is not told; its thread is over all the same."""
    gate, answers, heard = threading.Event(), [], []

    def work(report: Report) -> object:
        gate.wait(20)
        answers.append(report("news"))
        return "found"

    errand = Errand("test", work)
    for signal in (errand.told, errand.came):
        signal.connect(heard.append)
    errand.ended.connect(lambda: heard.append("ended"))
    errand.begin()
    errand.call_off()
    gate.set()
    until(lambda: errand not in Errand.under_way)
    assert (answers, heard) == ([False], [])


def test_a_fault_in_the_thread_is_raised_in_the_window(qtbot) -> None:
    """Where faults are reported; whoever waits hears first that the errand has ended."""
    heard: list[str] = []

    def work(_: Report) -> object:
        raise ZeroDivisionError("a fault of ours")

    errand = Errand("test", work)
    errand.ended.connect(lambda: heard.append("ended"))
    errand.came.connect(lambda _: heard.append("came"))
    with qtbot.capture_exceptions() as raised:
        errand.begin()
        until(lambda: bool(raised))
    assert [str(fault) for _, fault, _ in raised] == ["a fault of ours"]
    assert heard == ["ended"]


def test_an_errand_whose_window_is_gone_ends_in_the_windows_thread() -> None:
    """The thread is the last that holds it, and must not be the one that lets go of it."""
    gate, threads = threading.Event(), []
    errand = Errand("test", lambda report: gate.wait(20))
    weakref.finalize(errand, lambda: threads.append(threading.current_thread()))
    errand.begin()
    del errand
    gate.set()
    until(lambda: bool(threads))
    assert threads == [threading.main_thread()]


class _Ring:
    """Garbage that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


def test_what_a_thread_allocates_makes_it_collect_nothing() -> None:
    """Python would collect in the thread that allocates; the window's thread does it, when its events come round."""
    threads: list[threading.Thread] = []
    kept: list[object] = []
    before = gc.get_threshold()
    gc.set_threshold(1000, 20, 100)
    try:
        gc.collect()
        ring = _Ring()
        weakref.finalize(ring, lambda: threads.append(threading.current_thread()))
        del ring
        errand = Errand("test", lambda _: kept.extend([] for _ in range(50_000)))
        errand.begin()
        while errand._thread.is_alive():
            pass
        assert threads == []
        until(lambda: errand not in Errand.under_way)
        until(lambda: bool(threads))
    finally:
        gc.set_threshold(*before)
    assert threads == [threading.main_thread()]


def test_the_collector_takes_the_generation_that_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """By Python's own rule: the counts against the thresholds, the oldest that is over."""
    taken: list[int] = []
    monkeypatch.setattr(gc, "collect", taken.append)
    monkeypatch.setattr(gc, "get_threshold", lambda: (10, 5, 5))
    for counts in ((10, 9, 9), (11, 5, 9), (11, 6, 5), (11, 6, 6)):
        monkeypatch.setattr(gc, "get_count", lambda counts=counts: counts)
        collector.collect_what_is_due()
    assert taken == [2, 1, 2]
