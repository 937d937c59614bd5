"""What every test may rely on.

Rules
-----
* No test reads or writes a person's own folders, locale or terminal: those variables are set here.
* Where Qt's system libraries are missing, the window's tests are left out with one loud line that names the command
  that installs them. With TUTOR_REQUIRE_QT=1 (as in CI) that is a failure instead.
* Ctrl+C reaches the programs that tests start, also where the shell that started the tests has it ignored, as for
  what it runs in the background.
"""

from __future__ import annotations

import gc
import os
import signal
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from tests.sampling import share_out
from tutor import doctor

MISSING = doctor.missing_libraries("offscreen")
"""What Qt lacks here, even without a display."""

LOUD = (
    f"THE WINDOW IS NOT TESTED: Qt lacks {', '.join(library.soname for library in MISSING)}. "
    f"Run: {doctor.install_line(MISSING)}"
)

if MISSING:
    if os.environ.get("TUTOR_REQUIRE_QT") == "1":
        pytest.exit(LOUD, returncode=1)
    collect_ignore_glob = ["ui/*"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples in every run: a failure that one person sees, everyone sees.
settings.register_profile("tutor", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("tutor")


def pytest_plugin_registered(plugin: object, manager: pytest.PytestPluginManager) -> None:
    """Take pytest-qt out before it imports a Qt that would fail."""
    if MISSING and manager.get_name(plugin) == "pytest-qt":
        manager.unregister(plugin)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what is marked ``qt`` where Qt cannot be loaded; share out what is ``sampled``."""
    share_out(items)
    if MISSING:
        for item in items:
            if item.get_closest_marker("qt"):
                item.add_marker(pytest.mark.skip(reason=LOUD))


def pytest_runtest_teardown() -> None:
    """Once there has been a window, Python collects nothing by itself: see tutor/ui/collector.py."""
    if not gc.isenabled():
        from tutor.ui.collector import collect_what_is_due

        collect_what_is_due()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The loud line."""
    if MISSING:
        terminalreporter.section("Qt", red=True, bold=True)
        terminalreporter.line(LOUD, red=True)


HOMES = count()


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders, language and terminal of nobody in particular; the folder that stands for the person's home.

    It is made by whoever puts something there: most tests do not.
    """
    home = tmp_path_factory.getbasetemp() / f"home{next(HOMES)}"
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm")
    return home
