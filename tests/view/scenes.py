"""Runs that the pictures' tests look at, and how they look."""

from __future__ import annotations

from functools import cache
from textwrap import dedent

from tests.world.stage import CALL_AND_CLOSE, scene
from tutor.view.marks import Mark, Picture, Text
from tutor.view.theme import Look
from tutor.words import Words
from tutor.world.acts import parse_act
from tutor.world.tempo import Tempo
from tutor.world.trace import Trace

SIMULTANEOUS = """
    host client 10.0.0.1 rfc9293 isn=1000
      connect server:80 from 80
      after 1s close
    host server 10.0.0.2 rfc9293 isn=5000
      connect client:80 from 80
      after 1s close
    link client server delay=50ms
    until 10min
"""
"""Both call at once and both close at once."""

BUSY = """
    host client 10.0.0.1 rfc9293 isn=1000
      connect server:80
      write 60000
      when received 60000 close
    host server 10.0.0.2 rfc9293 isn=5000
      listen 80
      accept
      write 60000
      read
      when peer-closed close
    link client server delay=20ms loss=0.08 duplication=0.05 corruption=0.03 jitter=9ms
    seed 7
    until 5min
"""
"""Much at once: losses, repetitions, duplicates, corruption, segments that overtake one another."""

LAST_ACK_LOST = (*CALL_AND_CLOSE.splitlines(), "    at 0s drop client:ACK:3")


@cache
def trace(text: str = CALL_AND_CLOSE, *acts: tuple[int, str]) -> Trace:
    """The run of a scenario; ``acts``: (microseconds, act) that it is given besides."""
    made = Trace.of(scene(dedent(text)).with_acts(*((at, parse_act(line)) for at, line in acts)))
    made.extend()
    return made


@cache
def look(lang: str = "en", theme: str = "light", scale: float = 1.0, **more: object) -> Look:
    """A look in a language, with that language's words."""
    return Look(lang=lang, theme_name=theme, text_scale=scale, words=Words(lang), **more)  # type: ignore[arg-type]


def tempo(run: Trace, end: int | None = None) -> Tempo:
    """The tempo of a run up to ``end``."""
    return Tempo.of(run, run.end if end is None else end)


def texts(picture: Picture) -> list[str]:
    """Every line of text in a picture, from bottom to top."""
    return [mark.text for mark in picture.marks() if isinstance(mark, Text)]


def marks_of(picture: Picture, prefix: str) -> list[Mark]:
    """The marks whose id begins with ``prefix``."""
    return [mark for mark in picture.marks() if mark.id.startswith(prefix)]
