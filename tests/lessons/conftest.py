"""A small sound lesson, to be spoilt by each test in its own way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.teach.check import check_lesson

SOUND = """\
format: 1
id: small
title: A small lesson
goal: See one segment arrive.
concepts: [segment]
hosts:
  client:
    address: 10.0.0.1
    port: 40000
    isn: 1000
    program:
      - connect server:80
  server:
    address: 10.0.0.2
    isn: 5000
    program:
      - listen 80
      - accept
link:
  delay: 50ms
beats:
  - id: syn
    cue: client sends SYN
    title: It leaves
    words: It will take {link.delay}.
    bet:
      asks: next-state
      host: server
      prompt: And then?
      answer: SYN-RECEIVED
      options:
        - value: SYN-RECEIVED
          feedback: Yes.
        - value: ESTABLISHED
          feedback: Too early.
  - id: open
    cue: client enters ESTABLISHED
    title: It is open
    words: After {time}.
"""

Spoil = Callable[..., list[str]]


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Replace parts of the sound lesson (each exactly once) and lint it: ``line:column where: what (found)``."""

    def lint(*changes: tuple[str, str], lang: str = "en", profile: str | None = None) -> list[str]:
        text = SOUND
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} must stand in the sound lesson once"
            text = text.replace(old, new)
        path = tmp_path / "small.yaml"
        path.write_text(text, encoding="utf-8")
        errors = check_lesson(path, lang, profile)
        return [f"{e.line}:{e.column} {e.where}: {e.what}" + (f" ({e.found})" if e.found else "") for e in errors]

    return lint
