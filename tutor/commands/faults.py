"""What can go wrong with a command, and which exit code says so.

    Fault                 told to the person in words; never a traceback
    ├── BadFile     (1)   the lesson, run or path that was named is at fault
    ├── OutputLost  (1)   where the output goes, nothing more can be written
    └── BadUsage    (2)   the command line is at fault

Everything else that is raised is a fault of ours (3): ``keep_report`` puts the traceback into a file of the state
folder, and the person is told where that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

DONE, FILE_AT_FAULT, WRONG_USAGE, OUR_FAULT = range(4)
"""The exit codes."""


class Fault(Exception):
    """Something a person can mend; the message is in the person's language."""

    code = FILE_AT_FAULT


class BadFile(Fault):
    """The lesson, run or path that was named is at fault."""

    code = FILE_AT_FAULT


class OutputLost(Fault):
    """Nothing more can be written to where the output goes."""

    code = FILE_AT_FAULT


class BadUsage(Fault):
    """The command line is at fault."""

    code = WRONG_USAGE


def report_text(fault: BaseException, arguments: Sequence[str]) -> str:
    """All that is known about a fault of ours."""
    import platform
    import traceback
    from datetime import UTC, datetime

    from tutor import doctor

    return "\n".join(
        (
            f"tcp-tutor {doctor.version() or '?'}, Python {platform.python_version()}, {platform.platform()}",
            f"command: {' '.join(arguments)}",
            f"time: {datetime.now(UTC).isoformat(timespec='seconds')}",
            "",
            "".join(traceback.format_exception(fault)),
        )
    )


def keep_report(text: str) -> str:
    """Write a report into a new file, and say which; ``""`` where no file can be written.

    The state folder is used, or the folder for temporary files where that cannot be written.
    """
    import tempfile
    from datetime import UTC, datetime

    from tutor import doctor

    name = f"fault-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.txt"
    for folder in (doctor.state_dir, lambda: Path(tempfile.mkdtemp(prefix="tcp-tutor-"))):
        with suppress(OSError):
            path = folder() / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return str(path)
    return ""


def first_line(fault: BaseException) -> str:
    """``ValueError: what it says``: a fault in one line."""
    import traceback

    return "".join(traceback.format_exception_only(fault)).strip().splitlines()[-1]
