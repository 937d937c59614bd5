"""What the atlas' page shows, as a value: from a reading, the pair where the run is, and the words of a language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tutor.explore import held
from tutor.explore.atlas import Pair, pair_of
from tutor.joining import Speech, chained, followed, listed, named, sentences
from tutor.profiles import load_profile
from tutor.tcp.variant import TCP, VARIANTS, variant_named
from tutor.teach.atlas import BEGINNINGS, BOUND, GAINED, LOST, NEVER, ORDER, Reading, answer_to, why_not
from tutor.teach.beyond import COOKIE, FORGED, MORE, NUMBER, PROTOCOL, Beyond
from tutor.teach.found import moves_told
from tutor.teach.network_words import capital
from tutor.view.atlas import AtlasRows, CellRow
from tutor.view.phrases import spaced, subject
from tutor.words import Words, mark
from tutor.world.time import format_duration

INDENT = "\u2003\u2002"
"""Before the states after a move, below the move."""


BEYOND = {
    PROTOCOL: mark("it follows another protocol, or other rules"),
    FORGED: mark("at {time} a forged segment came to {host}"),
    NUMBER: mark("at {time} {host} began with a number that its old segments bear"),
    COOKIE: mark("at {time} a SYN cookie opened a connection at {host}"),
    MORE: mark("more happened in it than the bound allows"),
}
"""What a run has done that the atlas does not allow -> how it is told."""

ONLY = {
    GAINED: mark("only here, within this bound"),
    LOST: mark("only in TCP, within this bound"),
}
"""How the atlas of a variant differs from TCP's -> how it is told."""


@dataclass(frozen=True, slots=True)
class AtlasPageRows:
    """All that the page shows. ``moves``: each with where both ends are after it."""

    variant: str
    profile: str
    protocol: str
    not_tcp: str
    not_tcp_brief: str
    summary: str
    title: str
    verdict: str
    compared: str
    beginning: str
    moves: tuple[str, ...]
    why: tuple[str, ...]
    now: str
    can_play: bool
    map: AtlasRows


AFTER_THE_ANSWER = mark("Your bet is still open: the way there is told once you have answered.")


def atlas_rows(
    reading: Reading, here: Pair | None, words: Words, *, is_asking: bool = False, by: Beyond | None = None
) -> AtlasPageRows:
    """The page of a reading; ``here``: where the two hosts of the run are at the playhead.

    While a question ``is_asking`` no way is told, but to ``here``: its last moves could be the answer. ``by``: what the
    run has done, where it is at the chosen pair and the atlas knows no way to it.
    """
    way, t = reading.way, words.t
    is_veiled = is_asking and way is not None and reading.chosen != here
    return AtlasPageRows(
        variant=reading.variant,
        profile=reading.profile,
        protocol=f"{_protocol(reading, words)} · {load_profile(reading.profile).title}",
        not_tcp=_not_tcp(reading, words),
        not_tcp_brief=t("NOT TCP — {title}", title=words.protocol(reading.variant)) if reading.variant else "",
        summary=_summary(reading, words),
        title=_pair(reading.chosen, words),
        verdict=_verdict(reading, words),
        compared=_compared(reading, words),
        beginning="" if way is None else t(BEGINNINGS[way.stage]),
        moves=() if way is None or is_veiled else _moves(reading, words),
        why=(t(AFTER_THE_ANSWER),) if is_veiled else _why(reading, by, words),
        now=_now(here, words),
        can_play=way is not None and not is_veiled,
        map=map_rows(reading, here, words),
    )


def protocols(words: Words) -> tuple[tuple[str, str], ...]:
    """(name on the screen, variant) of every protocol that has an atlas."""
    return tuple((capital(words.t(each.title)) if each.id else "TCP", each.id) for each in (TCP, *VARIANTS.values()))


def _protocol(reading: Reading, words: Words) -> str:
    variant = variant_named(reading.variant)
    return capital(words.t(variant.title)) if variant.id else "TCP"


def _not_tcp(reading: Reading, words: Words) -> str:
    """That this is not TCP, and what it is instead; "" for TCP."""
    variant = variant_named(reading.variant)
    if variant.is_tcp:
        return ""
    return words.t("NOT TCP — {title}: {departs}.", title=words.t(variant.title), departs=words.t(variant.departs))


def _pair(pair: Pair, words: Words) -> str:
    return f"{words.state(pair[0])} – {words.state(pair[1])}"


def _summary(reading: Reading, words: Words) -> str:
    """How many pairs can be, and how that differs from TCP."""
    count, most = len(reading.atlas.ways), len(ORDER) ** 2
    if not reading.variant:
        return words.t("{count} of {all} pairs can be.", count=count, all=most)
    told = words.t("{count} of {all} pairs, within this bound.", count=count, all=most)
    changes = [reading.change((a, b)) for a in ORDER for b in ORDER]
    more, fewer = changes.count(GAINED), changes.count(LOST)
    if not more and not fewer:
        return followed((told, words.t("They are the same as in TCP.")), words)
    return followed((told, words.t("Only here: {more}. Only in TCP: {fewer}.", more=more, fewer=fewer)), words)


def _verdict(reading: Reading, words: Words) -> str:
    """Whether the pair can be, and how far it is."""
    way = reading.way
    if way is None:
        is_never = bool(why_not(reading.variant, reading.chosen, words))
        return words.t("A contradiction") if is_never else words.t("Not within this bound")
    if not way.moves:
        return words.t("Every run begins there")
    return words.n("{count} move leads there", "{count} moves lead there", len(way.moves))


def _compared(reading: Reading, words: Words) -> str:
    if not reading.variant:
        return ""
    way, plain = reading.way, reading.plain.ways.get(reading.chosen)
    if plain is None:
        return "" if way is None else words.t("TCP never comes there within this bound.")
    count = len(plain.moves)
    if way is not None and len(way.moves) == count:
        return words.t("So it is in TCP.")
    return words.n("TCP comes there in {count} move.", "TCP comes there in {count} moves.", count)


def _moves(reading: Reading, words: Words) -> tuple[str, ...]:
    answer = answer_to(reading.profile, reading.variant, reading.chosen)
    assert answer is not None, "there is a way"
    after = (_pair(pair_of(answer.model, world), words) for world in answer.worlds[1:])
    return tuple(f"{told}\n{INDENT}{states}" for told, states in zip(moves_told(answer, words), after, strict=True))


def _why(reading: Reading, by: Beyond | None, words: Words) -> tuple[str, ...]:
    """Why a pair cannot be: the contradiction, if it is one; in so many worlds it is not; what was held constant.

    First of all, if the run on the stage is there all the same, by what it is.
    """
    if reading.way is not None:
        return ()
    worlds = f"{reading.atlas.worlds:,}"
    seen = words.t(
        "The search has been through every world that these moves can reach, {worlds} of them, from {count} beginnings."
        " In none of them are both ends there together.",
        worlds=worlds, count=len(reading.atlas.searched),
    )  # fmt: skip
    constant = words.t("Held constant: {list}.", list=chained((words.t(why) for why, _ in held.reasons()), words))
    never = why_not(reading.variant, reading.chosen, words)
    here = _all_the_same(by, words) if by is not None else ""
    contradiction = words.t(NEVER, why=never) if never else ""
    return tuple(text for text in (here, contradiction, seen, constant) if text)


def _now(here: Pair | None, words: Words) -> str:
    if here is None:
        return words.t("The run on the stage has no two hosts to look for.")
    return words.t("The run on the stage is now at {pair}.", pair=_pair(here, words))


def _all_the_same(by: Beyond, words: Words) -> str:
    """The run is at the chosen pair, to which the atlas knows no way: what it did that the atlas does not allow."""
    reason = words.t(BEYOND[by.kind], host=subject(by.host, words) if by.host else "", time=format_duration(by.at))
    return spaced(words.t("The run on the stage is there all the same: {why}.", why=reason), words)


# --- the map ---


def map_rows(reading: Reading, here: Pair | None, words: Words) -> AtlasRows:
    """The map alone."""
    t = words.t
    # The line above the map says of all of it that it is so within the bound.
    legend = [("moves", t("so many moves")), ("none", t("cannot be within this bound"))]
    if reading.variant:
        legend += [("gained", t("only here")), ("lost", t("only in TCP"))]
    if here is not None:
        legend.append(("here", t("where the run is now")))
    return AtlasRows(
        (t("Client"), t("Server")),
        tuple(words.state(state) for state in ORDER),
        tuple(tuple(_cell(reading, (a, b), here, words) for b in ORDER) for a in ORDER),
        t("now"),
        tuple(legend),
        t("Bound: {budget}.", budget=t(BOUND)),
    )


def _cell(reading: Reading, pair: Pair, here: Pair | None, words: Words) -> CellRow:
    way, plain = reading.atlas.ways.get(pair), reading.plain.ways.get(pair)
    moves = None if way is None else len(way.moves)
    is_other = plain is not None and len(plain.moves) != moves
    other = words.t("TCP {count}", count=len(plain.moves)) if is_other and plain is not None else ""
    return CellRow(
        mark_of(pair), _title(reading, pair, here, words), moves, reading.change(pair), other,
        is_here=pair == here, is_chosen=pair == reading.chosen,
    )  # fmt: skip


def _title(reading: Reading, pair: Pair, here: Pair | None, words: Words) -> str:
    way = reading.atlas.ways.get(pair)
    told = (
        words.t("cannot be within this bound")
        if way is None
        else words.n("{count} move", "{count} moves", len(way.moves))
    )
    parts = [_pair(pair, words), told]
    parts += [words.t(ONLY[reading.change(pair)])] if reading.change(pair) else []
    parts += [words.t("where the run is now")] if pair == here else []
    return listed(parts, words)


def mark_of(pair: Pair) -> str:
    """The mark of a pair's cell."""
    return f"pair:{pair[0]}/{pair[1]}"


@lru_cache(maxsize=1)
def _marks() -> dict[str, Pair]:
    return {mark_of((a, b)): (a, b) for a in ORDER for b in ORDER}


def pair_at(mark_id: str) -> Pair | None:
    """The pair whose cell a mark is; None: it is none."""
    return _marks().get(mark_id)


def spoken(rows: AtlasPageRows, words: Speech) -> str:
    """What a screen reader says of the map."""
    return sentences((named(rows.title, rows.verdict, words), rows.now), words)
