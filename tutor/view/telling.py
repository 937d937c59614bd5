"""Telling: how one thing of a run is said in characters; what the text ladder and the text list share."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.tcp.segment import flags_text
from tutor.tcp.seq import counted
from tutor.view.cells import Line, text_lines
from tutor.view.rows import Row
from tutor.words import Words
from tutor.world.records import Flight


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters of a ladder."""

    life: str
    gap: str
    flight: str
    dash: str
    tee_right: str
    tee_left: str
    turn_down_right: str
    turn_down_left: str
    turn_in_right: str
    turn_in_left: str
    cross: str
    dots: str


BOX = Glyphs("│", "┊", "┆", "─", "├", "┤", "╮", "╭", "╰", "╯", "✕", "⋯")
ASCII = Glyphs("|", ":", ":", "-", "|", "|", ".", ".", "'", "'", "X", "...")


@dataclass(frozen=True, slots=True)
class Style:
    """How wide, in which characters, and how much is told. ``reasons`` adds why each thing was done.

    ``most``: of more lines than that the middle is left out; 0: none is.
    """

    columns: int = 100
    ascii: bool = False
    reasons: bool = False
    most: int = 0

    @property
    def glyphs(self) -> Glyphs:
        """Its characters."""
        return ASCII if self.ascii else BOX


def seconds(micros: int) -> str:
    """``0.050``: a time of the run in seconds, to the millisecond."""
    return f"{micros / 1_000_000:.3f}"


def labels(flight: Flight, words: Words) -> tuple[str, ...]:
    """What to write on a segment, the longest first."""
    segment = flight.segment
    flags = flags_text(segment.flags)
    numbers = [f"seq={counted(flight.rel_seq)}"]
    if flight.rel_ack is not None and segment.has_ack:
        numbers.append(f"ack={counted(flight.rel_ack)}")
    if segment.length:
        numbers.append(f"len={segment.length}")
    whole = " ".join((flags, *numbers))
    again = words.t("(retransmission {count})", count=flight.retransmission) if flight.retransmission else ""
    short = words.t("(again)") if flight.retransmission else ""
    blocks = " sack=" + ",".join(f"{left}-{right}" for left, right in flight.rel_sack) if flight.rel_sack else ""
    forms = ((whole + blocks, again), (whole, again), (whole, short), (flags, short), (flags, ""))
    return tuple(f"{text} {tag}".rstrip() for text, tag in forms)


def note(row: Row, words: Words) -> tuple[str, str]:
    """(text, role) of a call, of a timer that expires, or of a report by the network."""
    if row.kind == "timer":
        return words.t("[{timer} expires]", timer=words.timer(row.text)), "err"
    if row.kind == "icmp":
        return f"[{words.icmp(row.text, row.detail)}]", "err"
    if row.detail:
        return f"{row.text} = {row.detail}", "ink"
    return (words.t("{call} returns", call=row.text) if row.kind == "return" else row.text), "ink"


def prose(text: str, columns: int, indent: int) -> list[Line]:
    """A text of paragraphs and lines, wrapped; empty lines stay."""
    lines: list[Line] = []
    for line in text.split("\n"):
        lines += text_lines([line], columns, indent=" " * indent) or [()]
    return lines


def why(row: Row, words: Words) -> str:
    """A reason as one sentence, with the host whose decision it was and the clause it rests on."""
    assert row.reason is not None, "a row of kind why carries its reason"
    return words.t(
        "{host}: {reason} ({clause})",
        host=row.host,
        reason=words.reason(row.reason),
        clause=words.reason_clause(row.reason),
    )


def act_text(row: Row) -> str:
    """What a hand did; if it could not be done, why not."""
    return f"* {row.text}" + (f": {row.detail}" if row.detail else "")
