"""``tcp-tutor doctor``: what is installed, what is missing, where data are kept."""

from __future__ import annotations

import argparse

from tutor import doctor
from tutor.commands.console import Console
from tutor.commands.faults import DONE


def run(options: argparse.Namespace, console: Console) -> int:
    """Print the report."""
    del options
    for line in doctor.report(console.environment, console.words):
        console.say(line)
    return DONE
