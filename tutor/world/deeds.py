"""Deeds: a program of a host does the act of its next line.

Rules
-----
* An act is a call of the host, or a hand's act; ``wait`` and ``repeat`` are the program's own.
* A program that repeats without time passing has run wild, and is ended.
"""

from __future__ import annotations

from tutor.tcp.values import replace
from tutor.world import calls, hands, running
from tutor.world.acts import HANDS
from tutor.world.desk import Kernel
from tutor.world.host import Running

ROUNDS = 100
"""A program that repeats more often than this without time passing has run wild, and is ended."""


def goes_on(k: Kernel, number: int, ticket: int) -> bool:
    """The appointment of a program: do the line's act. False when the appointment is no longer true."""
    at = k.programs[number]
    if not k.is_up or at.ticket != ticket or at.phase != "due":
        return False
    act = at.program.lines[at.line].act
    if act.name == "repeat":
        _repeat(k, number, at, int(act.args[0]) if act.args else 1)
        return True
    if act.name == "wait":
        running.next_line(k, number)
        return True
    if act.name in HANDS:
        hands.perform(k.desk, act)
        if k.programs[number].phase == "due":
            running.next_line(k, number)
        return True
    running.keep(k, number, replace(at, phase="blocked"))
    answer = calls.perform(k, act, number)
    if answer is not None:
        running.returned(k, number, act.name, answer.error, answer.socket)
    return True


def _repeat(k: Kernel, number: int, at: Running, line: int) -> None:
    """Go back to a line (counted from 1); line 0 is nowhere: wait for ever."""
    rounds = at.rounds + 1 if at.rounds_at == k.now else 1
    if line == 0 or line > at.line:
        running.keep(k, number, replace(at, phase="waiting"))
    elif rounds > ROUNDS:
        running.keep(k, number, replace(at, phase="failed"))
    else:
        running.keep(k, number, replace(at, line=line - 1, rounds=rounds, rounds_at=k.now))
        running.prepare(k, number)
