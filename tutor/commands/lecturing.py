"""The switches of ``present`` and ``handout``."""

from __future__ import annotations

from tutor.commands.parser import Parser


def present_switches(parser: Parser) -> None:
    """``tcp-tutor present``."""
    t = parser.words.t
    parser.arguments.add_argument(
        "lecture", metavar="LECTURE|LESSON|FILE", help=t("a lecture's or a lesson's id or its first letters, or a file")
    )
    parser.switches.add_argument(
        "--rehearse",
        action="store_true",
        help=t("record the pace, warn where the time runs out, and say it at the end"),
    )
    parser.switches.add_argument(
        "--screen", metavar="N", help=t("the display for the room, counted from 1; else the one that is not yours")
    )


def handout_switches(parser: Parser) -> None:
    """``tcp-tutor handout``."""
    from tutor.view.theme import papers, themes

    t = parser.words.t
    parser.arguments.add_argument(
        "lecture", metavar="LECTURE|LESSON|FILE", help=t("a lecture's or a lesson's id or its first letters, or a file")
    )
    parser.switches.add_argument("--out", metavar="FILE", required=True, help=t("where to write: FILE.pdf"))
    parser.switches.add_argument("--force", action="store_true", help=t("write over a file that is there"))
    parser.switches.add_argument(
        "--questions", action="store_true", help=t("with a sheet of questions before the beats")
    )
    parser.switches.add_argument("--key", action="store_true", help=t("with the answers and their reasons behind all"))
    parser.switches.add_argument("--no-beats", action="store_true", help=t("the questions without the beats"))
    parser.switches.add_argument(
        "--theme", choices=(*themes(), *papers()), default="light", help=t("colours (print: black and white)")
    )
