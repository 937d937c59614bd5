"""Helpers for the command line's stories: run a command, read back its JSON lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tutor.cli import main

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """The JSON lines of one run."""

    lines: tuple[Line, ...]

    def kind(self, kind: str, **wanted: Any) -> list[Line]:
        """The lines of a kind that have these values."""
        return [
            line
            for line in self.lines
            if line["kind"] == kind and all(line.get(key) == value for key, value in wanted.items())
        ]

    def sends(self, **wanted: Any) -> list[str]:
        """``client SYN 0 -``: host, flags, relative seq and ack of each segment that was sent."""
        return [
            f"{line['host']} {line['flags']} {line['seq']} {'-' if line['ack'] is None else line['ack']}"
            for line in self.kind("send", **wanted)
        ]

    def states(self, host: str) -> list[str]:
        """``CLOSED SYN-SENT``: every change of state of a host's connections (not of its listener)."""
        return [f"{line['from']} {line['to']}" for line in self.kind("state", host=host) if ">" in line["connection"]]

    def times(self, kind: str, **wanted: Any) -> list[float]:
        """When such lines happened, in seconds."""
        return [line["t"] for line in self.kind(kind, **wanted)]


def play(capsys: pytest.CaptureFixture[str], *arguments: str) -> Story:
    """The JSON lines of ``tcp-tutor play ARGUMENTS --json``, which must succeed."""
    code = main(["play", *arguments, "--json"])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return Story(tuple(json.loads(line) for line in out.splitlines()))


def text(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The text ladder of ``tcp-tutor play ARGUMENTS``, which must succeed."""
    code = main(["play", *arguments])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return out
