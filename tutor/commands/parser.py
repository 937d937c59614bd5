"""A command-line parser that speaks the person's language and guesses what was meant.

Rules
-----
* Wrong usage is a ``BadUsage`` with what was found, what is allowed and the nearest match; nothing exits in here.
* Options are never abbreviated: what works today must not become ambiguous tomorrow.

Theory
------
argparse, with its few own sentences rephrased (``_SAID``) so that they can be translated.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import Any, NoReturn

from tutor.commands.faults import BadUsage
from tutor.words import Words, mark

_SAID: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"the following arguments are required: (?P<names>.+)"), mark("{names} is missing")),
    (re.compile(r"argument (?P<name>[^:]+): expected one argument"), mark("{name} needs a value")),
    (
        re.compile(r"argument (?P<name>[^:]+): ignored explicit argument (?P<value>.+)"),
        mark("{name} takes no value, found {value}"),
    ),
    (
        re.compile(r"argument (?P<name>[^:]+): not allowed with argument (?P<other>.+)"),
        mark("{name} and {other} exclude each other"),
    ),
)
"""What argparse says, and how we say it."""


def nearest(found: str, allowed: Collection[str]) -> str:
    """The allowed word that ``found`` was perhaps meant to be, or is the end of; empty if none is near."""
    close = difflib.get_close_matches(found, list(allowed), n=1, cutoff=0.6)
    return next(iter(close or [word for word in allowed if len(found) > 2 and word.endswith(found)]), "")


def did_you_mean(found: str, allowed: Iterable[str], words: Words) -> str:
    """``; allowed: a, b; did you mean a?``, as far as there is something to say."""
    allowed = list(allowed)
    tail = words.t("; allowed: {values}", values=", ".join(allowed)) if allowed else ""
    close = nearest(found, allowed)
    return tail + (words.t("; did you mean {value}?", value=close) if close else "")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """argparse's help with its one own word in the person's language."""

    def __init__(self, *rest: Any, words: Words, **named: Any) -> None:
        super().__init__(*rest, **named)
        self.words = words

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, self.words.t("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """``argparse.ArgumentParser`` in a language. ``--help`` is there from the start."""

    def __init__(self, *, words: Words, **rest: Any) -> None:
        super().__init__(formatter_class=partial(_Formatter, words=words), add_help=False, allow_abbrev=False, **rest)
        self.words = words
        self.arguments = self.add_argument_group(words.t("arguments"))
        self.switches = self.add_argument_group(words.t("options"))
        self.switches.add_argument("-h", "--help", action="help", help=words.t("print this and stop"))

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The options, or ``BadUsage``."""
        options, rest = self.parse_known_args(arguments)
        if rest:
            stray = rest[0]
            known = self._subparser(options).known_switches() if stray.startswith("-") else []
            hint = nearest(stray.partition("=")[0], known)
            tail = self.words.t("; did you mean {value}?", value=hint) if hint else ""
            self._subparser(options).error(self.words.t("unknown: {value}", value=stray) + tail)
        return options

    def known_switches(self) -> list[str]:
        """Every ``--switch`` of this parser."""
        return [name for action in self._actions for name in action.option_strings]

    def _subparser(self, options: argparse.Namespace) -> Parser:
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001  argparse names it nowhere else
                found = action.choices.get(getattr(options, action.dest) or "")
                if isinstance(found, Parser):
                    return found
        return self

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            tail = did_you_mean(str(value), [str(choice) for choice in action.choices], self.words)
            raise argparse.ArgumentError(action, self.words.t("unknown: {value}", value=value) + tail)

    def error(self, message: str) -> NoReturn:
        """Raise ``BadUsage``: what is wrong, and where more is said."""
        for pattern, sentence in _SAID:
            match = pattern.fullmatch(message)
            if match:
                message = self.words.t(sentence, **match.groupdict())
                break
        message = re.sub(r"^argument (-\S+): ", r"\1: ", message)
        message = re.sub(r"^argument \S+: ", "", message)
        more = self.words.t("{command} tells more", command=f"{self.prog} --help")
        raise BadUsage(f"{self.prog}: {message}\n{more}")
