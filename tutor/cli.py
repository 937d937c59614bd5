"""The command line, ``tcp-tutor``: reads the options, runs one command, and turns what went wrong into an exit code.

Rules
-----
* Exit codes: 0 done; 1 the lesson or file is at fault; 2 wrong usage; 3 a fault of ours.
* A person never sees a traceback: a fault of ours goes into a report file, and the screen says where that is.
* Whoever stops reading (a closed pipe, Ctrl+C) has had enough; nothing is printed about it.
* The language is ``--lang``, else the locale's, for mistakes in the command line itself too.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.commands.faults import DONE, OUR_FAULT, Fault, OutputLost, first_line, keep_report, report_text
from tutor.languages import LANGUAGES, preferred_language

if TYPE_CHECKING:
    from tutor.commands.console import Console
    from tutor.commands.parser import Parser
    from tutor.words import Words

COMMANDS = (
    "window",
    "play",
    "check",
    "lessons",
    "conform",
    "profiles",
    "quiz",
    "render",
    "present",
    "handout",
    "votes",
    "search",
    "doctor",
)

INTERRUPTED = 128 + signal.SIGINT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``tcp-tutor`` with these arguments (the process's own if None); the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    _tolerate_encodings()
    try:
        return _run(arguments)
    except Fault as fault:
        _console(arguments).warn(str(fault))
        if isinstance(fault, OutputLost):
            _forget_output()
        return fault.code
    except BrokenPipeError:
        _forget_output()
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as fault:  # noqa: BLE001  the last resort: a report instead of a traceback
        console = _console(arguments)
        words = console.words
        console.warn(words.t("tcp-tutor has a fault of its own: {fault}", fault=first_line(fault)))
        report = report_text(fault, arguments)
        path = keep_report(report)
        console.warn(words.t("The report is in {path}", path=path) if path else report)
        return OUR_FAULT


def _console(arguments: Sequence[str]) -> Console:
    """Where to print, in the language that is wished. Made when there is something to say."""
    from tutor.commands.console import Console
    from tutor.words import Words

    return Console(Words(wished_language(arguments) or preferred_language(os.environ)))


def wished_language(arguments: Sequence[str]) -> str | None:
    """The value of ``--lang`` if it names a language; found before parsing, so that parsing can speak it."""
    wish = None
    for i, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--lang":
            wish = value if equals else next(iter(arguments[i + 1 : i + 2]), None)
    return wish if wish in LANGUAGES else None


def _run(arguments: Sequence[str]) -> int:
    if not arguments:  # the window waits for no parser and no words
        from tutor.commands import window

        opened = window.open_at_once()
        if opened is not None:
            return opened
    console = _console(arguments)
    options = build_parser(console.words).parse(with_window(arguments))
    command = importlib.import_module(f"tutor.commands.{options.command or 'window'}")
    code: int = command.run(options, console)
    console.flush()
    return code


def with_window(arguments: Sequence[str]) -> list[str]:
    """``tcp-tutor FILE`` is ``tcp-tutor window FILE``: what looks like a file and is no command's name."""
    place = 0
    while place < len(arguments) and arguments[place].startswith("-"):
        place += 2 if arguments[place] == "--lang" else 1
    name = arguments[place] if place < len(arguments) else ""
    is_file = name not in COMMANDS and (Path(name).suffix or Path(name).exists())
    return [*arguments[:place], "window", *arguments[place:]] if name and is_file else list(arguments)


def _tolerate_encodings() -> None:
    """Let a character that the terminal cannot show become a question mark instead of an exception."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _forget_output() -> None:
    """Point standard output at nothing, so that the interpreter's last flush does not complain either."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


# --- the parser ---


def build_parser(words: Words) -> Parser:
    """The whole command line, in one language."""
    from tutor.commands import lecturing
    from tutor.commands.parser import Parser

    t = words.t
    parser = Parser(
        words=words,
        prog="tcp-tutor",
        description=t("How a TCP connection lives and dies. Without a command, or with a file: the window."),
    )
    parser.switches.add_argument("--version", action="version", version=_version(), help=t("print versions and stop"))
    add_language(parser)
    commands = parser.add_subparsers(title=t("commands"), dest="command", metavar=t("COMMAND"))

    def command(name: str, text: str) -> Parser:
        made: Parser = commands.add_parser(name, words=words, help=text, description=text)
        add_language(made)
        return made

    _window(command("window", t("open the window on a lesson, a packetdrill script or a saved run")))
    _play(command("play", t("print a lesson, a lesson file or a saved run as a text ladder")))
    _check(command("check", t("run lessons and lectures, and name every mistake in them")))
    _lessons(command("lessons", t("list the lessons; pack one of your own, or take one in")))
    _conform(command("conform", t("judge this TCP by packetdrill scripts and by traces of a kernel")))
    _profiles(command("profiles", t("the rules and numbers of each TCP side by side, with their sources")))
    _quiz(command("quiz", t("questions about runs with drawn numbers, asked here or written to a file")))
    _render(command("render", t("write one moment of a lesson or a saved run as a picture or text")))
    lecturing.present_switches(
        command("present", t("present a lecture or a lesson: one window for the room, one for you"))
    )
    lecturing.handout_switches(
        command("handout", t("write a lecture or a lesson as a PDF: its beats, its questions, the key"))
    )
    _votes(command("votes", t("what rooms have voted in lectures; as a table, and clean for the next class")))
    _search(command("search", t("the shortest way to break a property of the protocol, or of a broken one")))
    command("doctor", t("say what is installed here, what is missing, and where data are kept"))
    return parser


def add_language(parser: Parser) -> None:
    """Every command takes ``--lang``."""
    import argparse

    names = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
    parser.switches.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=argparse.SUPPRESS,
        metavar="LANG",
        help=parser.words.t("the language: {names}; else the locale's", names=names),
    )


def _window(parser: Parser) -> None:
    parser.arguments.add_argument(
        "lesson",
        metavar="LESSON|FILE",
        nargs="?",
        help=parser.words.t("a lesson's id or its first letters, or a file; else what was open last time"),
    )
    parser.switches.add_argument(
        "--fresh", action="store_true", help=parser.words.t("do not take up what was open last time")
    )


def _play(parser: Parser) -> None:
    from tutor.commands.switches import add_switches

    t = parser.words.t
    parser.arguments.add_argument(
        "lesson", metavar="LESSON|FILE", help=t("a lesson's id or its first letters, or a file")
    )
    add_switches(parser)
    _why(parser)
    look = parser.add_argument_group(t("printing the run"))
    look.add_argument("--narrate", action="store_true", help=t("with the lesson's words, and the reason of every step"))
    look.add_argument("--ascii", action="store_true", help=t("draw with plain characters only"))
    look.add_argument("--json", action="store_true", help=t("one JSON object a line, in order of time"))
    look.add_argument(
        "--ss", metavar="T", help=t("instead: the hosts' sockets and counters at T seconds, as ss and nstat print them")
    )
    look.add_argument(
        "--properties",
        action="store_true",
        help=t("with the seven properties of a connection: which hold, which not"),
    )
    look.add_argument("--save", metavar="FILE", help=t("write the run to a file that replays it anywhere"))
    look.add_argument("--force", action="store_true", help=t("write over a file that is there"))


def _why(parser: Parser) -> None:
    parser.switches.add_argument(
        "--why",
        metavar="QUESTION[:N]",
        help=parser.words.t("instead: the run that shows why answer N of a lesson's question is right or wrong"),
    )


def _lessons(lessons: Parser) -> None:
    t = lessons.words.t
    deeds = lessons.switches.add_mutually_exclusive_group()
    deeds.add_argument("--pack", metavar=t("LESSON"), help=t("write a lesson into one zip file, to hand it on"))
    deeds.add_argument("--add", metavar=t("FILE"), help=t("check a zip file, and put its lesson among your own"))
    deeds.add_argument("--remove", metavar=t("LESSON"), help=t("take one of your own lessons away"))
    lessons.switches.add_argument("--out", metavar=t("FILE"), help=t("where to write it (LESSON.zip unless given)"))
    lessons.switches.add_argument("--replace", action="store_true", help=t("put it in the place of yours of that name"))


def _check(parser: Parser) -> None:
    parser.arguments.add_argument(
        "paths", metavar="PATH", nargs="*", help=parser.words.t("files or folders of lessons and lectures; else all")
    )


def _conform(parser: Parser) -> None:
    t = parser.words.t
    parser.arguments.add_argument("paths", metavar="PATH", nargs="+", help=t("files or folders to judge"))
    parser.switches.add_argument("--profile", metavar="NAME", default="linux-6.18", help=t("the rules of the host"))
    parser.switches.add_argument("--manifest", metavar="FILE", help=t("how each script is asked (CSV)"))
    form = parser.switches.add_mutually_exclusive_group()
    form.add_argument("--neutral", action="store_true", help=t("without comparing windows and the options of a SYN"))
    form.add_argument(
        "--as-is", action="store_true", help=t("in full, under its own settings alone, whatever the manifest says")
    )
    parser.switches.add_argument(
        "--rows", metavar="COLUMN=VALUE", action="append", default=[],
        help=t("only scripts of these rows of the manifest (VALUE,VALUE: either)"),
    )  # fmt: skip
    parser.switches.add_argument(
        "--table", metavar="COLUMN", action="append", default=[],
        help=t("count verdicts by a column of the manifest"),
    )  # fmt: skip
    parser.switches.add_argument(
        "--reasons", metavar="FILE", help=t("print beside each disagreement its reason from this list (TOML)")
    )
    parser.switches.add_argument(
        "--golden", action="store_true", help=t("the files are traces recorded from a kernel (JSON)")
    )
    parser.switches.add_argument("--json", action="store_true", help=t("print verdicts as JSON, one a line"))


def _profiles(parser: Parser) -> None:
    t = parser.words.t
    parser.arguments.add_argument("names", metavar="PROFILE", nargs="*", help=t("these profiles; else all"))
    parser.switches.add_argument("--diff", nargs=2, metavar=("A", "B"), help=t("only where these two differ"))


def _quiz(parser: Parser) -> None:
    t = parser.words.t
    parser.switches.add_argument(
        "--lesson", metavar="LESSON", help=t("what a lesson asks and what it is about; else everything")
    )
    parser.switches.add_argument("--n", metavar="N", default="10", help=t("how many questions"))
    parser.switches.add_argument("--seed", metavar="N", help=t("the same number gives the same questions"))
    parser.switches.add_argument(
        "--kind", metavar="KIND",
        help=t("only such questions: {kinds}", kinds="choice, many, next-state, next-segment, time, order, table"),
    )  # fmt: skip
    parser.switches.add_argument(
        "--learner", metavar="NAME", help=t("remember the answers among those of this learner")
    )
    parser.switches.add_argument("--json", action="store_true", help=t("print the questions with their key as JSON"))
    exam = parser.add_argument_group(t("as an exam"))
    exam.add_argument("--exam", action="store_true", help=t("against the clock, with no verdict before the end"))
    exam.add_argument("--minutes", metavar="N", help=t("how long it lasts; else 20"))
    exam.add_argument("--csv", metavar="FILE", help=t("write the result as a table"))
    paper = parser.add_argument_group(t("as a file"))
    paper.add_argument(
        "--export", choices=("gift", "pdf", "json"), help=t("write it for Moodle, for a printer, as JSON")
    )
    paper.add_argument("--out", metavar="FILE", help=t("where to write"))
    paper.add_argument("--key", action="store_true", help=t("with the answers and their reasons behind it (PDF)"))


def _render(parser: Parser) -> None:
    from tutor.commands.switches import add_switches
    from tutor.view.theme import papers, themes

    t = parser.words.t
    parser.arguments.add_argument(
        "lesson", metavar="LESSON|FILE", help=t("a lesson's id or its first letters, or a file")
    )
    add_switches(parser)
    _why(parser)
    look = parser.add_argument_group(t("the picture"))
    look.add_argument("--at", metavar="SECONDS", help=t("the moment; else the end of the run"))
    look.add_argument(
        "--out", metavar="FILE", required=True,
        help=t(
            "where to write; the ending says the form: .svg, .pdf, .png, .tex (TikZ), .mmd (Mermaid), .txt; "
            "films: .gif, .apng, .webp, .mp4"
        ),
    )  # fmt: skip
    look.add_argument("--force", action="store_true", help=t("write over a file that is there"))
    look.add_argument(
        "--what", choices=("diagram", "ladder", "header", "plots", "compare", "window"), default="ladder",
        help=t("what to draw (window: PNG only; compare: two futures side by side)"),
    )  # fmt: skip
    look.add_argument(
        "--size", metavar="WxH", help=t("width and height in pixels; else 1920x1080, and 1280x720 for GIF, APNG, WebP")
    )
    look.add_argument("--scale", metavar="N", default="1", help=t("letters so many times as large"))
    look.add_argument(
        "--theme", choices=(*themes(), *papers()), default="light", help=t("colours (print: black and white)")
    )
    look.add_argument(
        "--text",
        choices=("text", "outlines"),
        default="text",
        help=t("letters as text, or as shapes that need no font"),
    )
    look.add_argument("--no-run", action="store_true", help=t("do not put the run into the SVG or PDF"))
    film = parser.add_argument_group(t("the film"))
    film.add_argument(
        "--span", metavar=("A", "B"), nargs=2, help=t("from when to when, in seconds; else the whole run")
    )
    film.add_argument("--fps", metavar="N", help=t("frames a second; else 30, and 20 for GIF"))
    film.add_argument("--speed", metavar="N", default="1", help=t("so many times as fast as the window plays"))
    film.add_argument("--captions", action="store_true", help=t("with a sentence below about what has just happened"))


def _votes(parser: Parser) -> None:
    t = parser.words.t
    parser.switches.add_argument("--csv", metavar="FILE", help=t("write the votes as a table"))
    parser.switches.add_argument("--force", action="store_true", help=t("write over a file that is there"))
    parser.switches.add_argument("--all", action="store_true", help=t("of every class, not of this one alone"))
    parser.switches.add_argument(
        "--clean", action="store_true", help=t("begin the next class without votes; those of this one are put away")
    )


def _search(parser: Parser) -> None:
    t = parser.words.t
    parser.switches.add_argument("--property", metavar="NAME", help=t("what shall be broken; see --list"))
    parser.switches.add_argument(
        "--variant", metavar="NAME", help=t("a deliberately broken protocol; else TCP itself; see --list")
    )
    parser.switches.add_argument("--profile", metavar="NAME", help=t("the rules of both hosts; else those of RFC 9293"))
    parser.switches.add_argument(
        "--ack-rule", metavar="RULE", help=t("793 or 5961: what both hosts think of an old ACK; else as the rules say")
    )
    parser.switches.add_argument(
        "--rfc1337", action="store_true", help=t("no RST ends TIME-WAIT; else as the rules say")
    )
    parser.switches.add_argument(
        "--begin", metavar="WHERE", help=t("forgotten or open: the earlier connection at the beginning; else both ways")
    )
    parser.switches.add_argument(
        "--exception", metavar="NAME", help=t("instead: a known exception of TCP itself, found anew; see --list")
    )
    budget = parser.add_argument_group(t("what the network and the programs may do, at most so often"))
    budget.add_argument("--held", metavar="N", help=t("deliver a segment of an earlier connection"))
    budget.add_argument("--lose", metavar="N", help=t("lose a segment"))
    budget.add_argument("--duplicate", metavar="N", help=t("copy a segment"))
    budget.add_argument("--coincidence", metavar="N", help=t("place an initial sequence number"))
    budget.add_argument("--crash", metavar="N", help=t("have a program abort or a host crash"))
    budget.add_argument("--give-up", metavar="N", help=t("give up after so many repetitions of a segment; 0: never"))
    budget.add_argument("--calls", metavar="N", help=t("the client calls so often; else once"))
    budget.add_argument("--writes", metavar="N", help=t("the client writes so often; else once; 0: never"))
    budget.add_argument(
        "--orphan", action="store_true", help=t("programs call close() instead of shutdown(write): orphans stay behind")
    )
    budget.add_argument("--wrap", action="store_true", help=t("begin when 2^32 bytes have been sent"))
    budget.add_argument("--overdue", action="store_true", help=t("segments live for four MSL"))
    parser.switches.add_argument("--json", action="store_true", help=t("print the verdict as JSON"))
    parser.switches.add_argument("--out", metavar="FILE", help=t("write the run that was found, to be played anywhere"))
    parser.switches.add_argument("--force", action="store_true", help=t("write over a file that is there"))
    parser.switches.add_argument("--list", action="store_true", help=t("list properties, variants and budgets"))
    parser.switches.add_argument(
        "--atlas", action="store_true", help=t("instead: which states both ends can be in together")
    )
    parser.switches.add_argument(
        "--pair", metavar="CLIENT/SERVER", help=t("instead: the shortest run to a pair of states, as SYN-SENT/LISTEN")
    )


def _version() -> str:
    from tutor import doctor
    from tutor.world import ENGINE_VERSION

    return f"tcp-tutor {doctor.version() or '?'}, engine {ENGINE_VERSION}"
