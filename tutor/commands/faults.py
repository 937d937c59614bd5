"""What can go wrong with a command, and which exit code says so.

    Fault                 told to the person in words; never a traceback
    ├── BadFile     (1)   the lesson, run or path that was named is at fault
    ├── OutputLost  (1)   where the output goes, nothing more can be written
    └── BadUsage    (2)   the command line is at fault

Everything else that is raised is a fault of ours (3): ``write_report`` puts the traceback into a file of the state
folder, and the person is told where that is.
"""

from __future__ import annotations

import platform
import tempfile
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
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


def write_report(fault: BaseException, arguments: Sequence[str]) -> Path:
    """Write all that is known about a fault of ours into a new file, and say which.

    The state folder is used, or the folder for temporary files where that cannot be written.
    """
    from tutor import doctor

    text = "\n".join(
        (
            f"tcp-tutor {doctor.version() or '?'}, Python {platform.python_version()}, {platform.platform()}",
            f"command: {' '.join(arguments)}",
            f"time: {datetime.now(UTC).isoformat(timespec='seconds')}",
            "",
            "".join(traceback.format_exception(fault)),
        )
    )
    name = f"fault-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.txt"
    try:
        path = doctor.state_dir() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError:
        path = Path(tempfile.mkdtemp(prefix="tcp-tutor-")) / name
        path.write_text(text, encoding="utf-8")
    return path


def first_line(fault: BaseException) -> str:
    """``ValueError: what it says``: a fault in one line."""
    return "".join(traceback.format_exception_only(fault)).strip().splitlines()[-1]
