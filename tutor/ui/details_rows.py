"""What is said about the thing that was clicked: a segment, a state, an edge. Values in, values out; no Qt."""

from __future__ import annotations

from tutor.joining import aside
from tutor.tcp.seq import counted
from tutor.teach import aiming
from tutor.teach.session import Session
from tutor.teach.touching import find_flight
from tutor.ui.found_rows import whose
from tutor.ui.graph_rows import edge_rows, refused_rows, state_rows
from tutor.ui.pictures import ghost_of
from tutor.ui.rows import DetailRows
from tutor.view.linking import whole_state
from tutor.view.theme import HOST_ROLES, host_letter
from tutor.words import Words
from tutor.world.records import Because, Flight, Sent
from tutor.world.time import format_duration


def details(session: Session, words: Words) -> DetailRows | None:
    """Rows about the selection; None if nothing is selected, or nothing of it may be shown."""
    kind, _, name = session.selection.partition(":")
    match kind:
        case "flight":
            number = aiming.selected_flight(session)
            flight = find_flight(session, number) if number is not None else None
            return _flight(flight, session, words) if flight is not None else None
        case "ghost":
            return _left(name, session, words)
        case "state":
            return state_rows(whole_state(session.selection).partition(":")[2], session, words)
        case "edge":
            return edge_rows(name, session, words)
        case "refused":
            return refused_rows(name, session, words)
    return None


# --- a segment ---


def _flight(flight: Flight, session: Session, words: Words) -> DetailRows:
    names = [host.name for host in session.world.hosts]
    places = [names.index(flight.sender), names.index(flight.receiver)]
    letters = " → ".join(host_letter(place) for place in places)
    lines = [(words.t("Numbers"), _numbers(flight)), (words.t("On the wire"), _absolute(flight))]
    lines.append((words.t("Time"), _times(flight, session, words)))
    because = _why(flight, session)
    if because is not None:
        reason = aside(words.reason(because.reason), words.reason_clause(because.reason), words)
        lines.append((words.t("Why"), reason))
    title = f"{letters}   {words.flags(flight.segment.flags)}"
    if flight.retransmission:
        title += "   " + words.t("Retransmission {count}", count=flight.retransmission)
    return DetailRows(title, HOST_ROLES[places[0] % len(HOST_ROLES)], tuple(lines), can_touch=True)


def _left(number: str, session: Session, words: Words) -> DetailRows | None:
    """A segment of the future that was left: what it was, and that no hand reaches it."""
    ghost, _, known = ghost_of(session)
    last = session.visible_end if known is None else min(session.visible_end, known)
    flight = ghost.flight(int(number), last) if ghost is not None and number.isdecimal() else None
    if flight is None:
        return None
    letters = [host_letter([host.name for host in session.world.hosts].index(name)) for name in _ends(flight)]
    sent = words.t("sent at {at}", at=format_duration(flight.sent_at))
    lines = (
        (words.t("Numbers"), _numbers(flight)),
        (words.t("On the wire"), _absolute(flight)),
        (words.t("Time"), sent),
    )
    title = f"{' → '.join(letters)}   {words.flags(flight.segment.flags)}"
    return DetailRows(words.t("In the future you left: {what}", what=title), "ink2", lines)


def _ends(flight: Flight) -> tuple[str, str]:
    return flight.sender, flight.receiver


def _numbers(flight: Flight) -> str:
    parts = [f"seq {counted(flight.rel_seq)}"]
    if flight.rel_ack is not None and flight.segment.has_ack:
        parts.append(f"ack {counted(flight.rel_ack)}")
    parts += [f"len {flight.segment.length}", f"win {flight.segment.window}"]
    return f"`{'  '.join(parts)}`"


def _absolute(flight: Flight) -> str:
    segment = flight.segment
    parts = [f"seq {segment.seq}"]
    if segment.has_ack:
        parts.append(f"ack {segment.ack}")
    options = segment.options
    if options.mss is not None:
        parts.append(f"MSS {options.mss}")
    if options.window_scale is not None:
        parts.append(f"WS {options.window_scale}")
    if options.sack_permitted:
        parts.append("SACK")
    if options.timestamp is not None:
        parts.append(f"TS {options.timestamp[0]}/{options.timestamp[1]}")
    return f"`{'  '.join(parts)}`"


def _times(flight: Flight, session: Session, words: Words) -> str:
    """When it was sent and what became of it, as far as the playhead knows."""
    sent = words.t("sent at {at}", at=format_duration(flight.sent_at))
    now = session.playhead
    if now < flight.sent_at:
        return words.t("to be sent at {at}", at=format_duration(flight.sent_at))
    if flight.arrives_at is not None and flight.arrives_at <= now:
        return words.t("{sent}, arrived at {at}", sent=sent, at=format_duration(flight.arrives_at))
    if flight.dies_at is not None and flight.dies_at <= now:
        fate, at = whose(session).fate(flight, flight.fate, words), format_duration(flight.dies_at)
        return words.t("{sent}, {fate} at {at}", sent=sent, fate=fate, at=at)
    return words.t("{sent}, on its way", sent=sent)


def _why(flight: Flight, session: Session) -> Because | None:
    """The reason that its sender gave in the step in which it was sent."""
    place = session.trace.index_at(flight.sent_at)
    steps = session.trace.steps
    while place >= 0 and steps[place].at == flight.sent_at:
        records = steps[place].records
        if any(isinstance(record, Sent) and record.flight.id == flight.id for record in records):
            given = [record for record in records if isinstance(record, Because) and record.host == flight.sender]
            return given[-1] if given else None
        place -= 1
    return None
