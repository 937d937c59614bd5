"""``tcp-tutor doctor``: what is installed, what is missing, where data are kept."""

from __future__ import annotations

import argparse

from tutor import doctor
from tutor.commands.console import Console
from tutor.commands.faults import DONE
from tutor.words import Words


def run(options: argparse.Namespace, console: Console) -> int:
    """Print the report."""
    del options
    for line in doctor.report(console.environment, console.words):
        console.say(line)
    console.say(_films(console.words))
    return DONE


def _films(words: Words) -> str:
    """What makes MP4 here, or what to install."""
    from tutor.ui import encoders

    by = {"ffmpeg": "ffmpeg", "av": "PyAV"}.get(encoders.mp4_by())
    return words.t("films as MP4: by {program}", program=by) if by else words.t(encoders.NO_ENCODER)
