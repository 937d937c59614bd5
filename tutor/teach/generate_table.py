"""Questions about tables: which of these is what ``ss -tan`` prints on a host now?

The errors::

    another moment          the table of the instant before, or after the next event
    both at once            the state of the other end
    Recv-Q of a connection  taken for what waits to be sent, or for what the program has read
    Recv-Q of a listener    taken for the backlog: its queues are told by the same two columns
    SYN and FIN             not counted in Send-Q
    gone                    a TIME-WAIT that no program holds is thought not to be listed
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.tcp.states import NAMES, State
from tutor.teach.generate_events import Look, when
from tutor.teach.generated import Answer, Draft, plain, said
from tutor.teach.lesson import Text
from tutor.words import mark
from tutor.world.ss import SsRow, rows, table_of

Table = tuple[SsRow, ...]

Found = tuple[Table, Text, int]


def draft(look: Look, host: str) -> Draft | None:
    """The question what ``ss -tan`` prints on ``host`` at the moment; None where there is too little to see."""
    now = table(look, host, look.index)
    if not any(row.state not in ("LISTEN",) for row in now) and not any(row.recv_q != "0" for row in now):
        return None
    if not look.steps[look.index].world.variant.is_tcp:
        return None
    kept: list[Answer] = []
    shapes = {_shape(now)}
    for other, text, seen in (*_errors(look, host, now), *_moments(look, host)):
        if _shape(other) not in shapes and other:
            shapes.add(_shape(other))
            kept.append(Answer(text_of(other), text, seen, fenced(other)))
    if len(kept) < 2:
        return None
    why = mark("Yes. That is what the {host} has at {at}.")
    right = Answer(text_of(now), said(why, host=host, at=when(look.now)), look.now, fenced(now))
    return Draft(
        kind="table",
        family="ss",
        asks=f"table {host}",
        prompt=said(mark("It is {at}. What does `ss -tan` print on the {host}?"), at=when(look.now), host=host),
        index=look.index,
        right=(right,),
        wrong=tuple(kept),
        host=host,
    )


def table(look: Look, host: str, index: int) -> Table:
    """The lines of ``ss -tan`` on a host after a step, without timers."""
    step = look.steps[index]
    return tuple(row._replace(timer="") for row in rows(step.world.host(host), step.at))


def text_of(found: Table) -> str:
    """A table as it is printed."""
    return "\n".join(table_of(found))


def fenced(found: Table) -> Text:
    """A table as an option shows it."""
    return plain(f"```\n{text_of(found)}\n```")


def _shape(found: Table) -> frozenset[tuple[str, ...]]:
    """What a table says, whatever the order of its lines."""
    return frozenset(tuple(row) for row in found)


def _moments(look: Look, host: str) -> Iterator[Found]:
    """The tables of other instants: later ones first, then earlier ones."""
    later = mark("That is how it will look at {then}. At {at} it has not come so far.")
    earlier = mark("That is how it looked at {then}. By {at} more has happened.")
    for index in (*range(look.index + 1, min(len(look.steps), look.index + 16)), *range(look.index - 1, 0, -1)):
        at = look.steps[index].at
        is_last = index + 1 == len(look.steps) or look.steps[index + 1].at > at
        if is_last and at != look.now:
            found = said(later if at > look.now else earlier, then=when(at), at=when(look.now))
            yield table(look, host, index), found, max(at, look.now)


def _errors(look: Look, host: str, now: Table) -> Iterator[Found]:
    for place, row in enumerate(now):
        makers = _of_listener if row.state == "LISTEN" else _of_connection
        for changed, told in makers(look, host, row):
            yield (*now[:place], changed, *now[place + 1 :]), told, look.now
        if row.state == NAMES[State.TIME_WAIT].ss:
            why = mark("No program holds a connection in TIME-WAIT, but the kernel still does, and ss lists it.")
            yield (*now[:place], *now[place + 1 :]), said(why), look.now
    if not any(row.state == "LISTEN" for row in now):
        return
    why = mark("The listener stays in LISTEN beside every connection that it gave rise to.")
    yield tuple(row for row in now if row.state != "LISTEN"), said(why), look.now


def _of_listener(_look: Look, _host: str, row: SsRow) -> Iterator[tuple[SsRow, Text]]:
    if row.recv_q != row.send_q:
        why = mark(
            "Of a listener, Recv-Q is what waits for accept() now, {waiting}, and Send-Q the backlog, {backlog}."
        )
        yield (
            row._replace(recv_q=row.send_q, send_q=row.recv_q),
            said(why, waiting=row.recv_q, backlog=row.send_q),
        )
    if row.recv_q != "0":
        why = mark("Of a listener, Recv-Q is not octets: {waiting} finished connections wait for accept().")
        yield row._replace(recv_q="0"), said(why, waiting=row.recv_q)


def _of_connection(look: Look, host: str, row: SsRow) -> Iterator[tuple[SsRow, Text]]:
    peer = look.peer(host)
    if peer:
        mates = [
            mate
            for mate in table(look, peer, look.index)
            if mate.local_port == row.peer_port and mate.state != "LISTEN"
        ]
        if mates and mates[0].state != row.state:
            why = mark(
                "{state} is the state of the {peer} at {at}. The {host} changes when something reaches it, not before."
            )
            yield (
                row._replace(state=mates[0].state),
                said(why, state=mates[0].state, peer=peer, at=when(look.now), host=host),
            )
        if row.state == "SYN-RECV":
            why = mark("At {at} the ACK of the {host}'s SYN has not come yet: the entry is SYN-RECV.")
            yield row._replace(state="ESTAB"), said(why, at=when(look.now), host=host)
    if row.recv_q != "0":
        why = mark(
            "Recv-Q, {waiting}, is what has arrived and the program has not read. Only reading empties it, not the ACK."
        )
        yield row._replace(recv_q="0"), said(why, waiting=row.recv_q)
        why = mark(
            "What has arrived and is unread, {waiting}, stands in Recv-Q. Send-Q "
            "is what the other end has not acknowledged: {unacked}."
        )
        yield row._replace(recv_q=row.send_q, send_q=row.recv_q), said(why, waiting=row.recv_q, unacked=row.send_q)
    if row.send_q != "0":
        why = mark(
            "Send-Q, {unacked}, is what has not been acknowledged yet, SYN and FIN included. Sent is not acknowledged."
        )
        yield row._replace(send_q="0"), said(why, unacked=row.send_q)
    if row.recv_q == row.send_q == "0" and row.state == "ESTAB":
        why = mark("All that came has been read and all that was sent acknowledged at {at}: both queues are empty.")
        yield row._replace(recv_q="1"), said(why, at=when(look.now))
        yield row._replace(send_q="1"), said(why, at=when(look.now))
