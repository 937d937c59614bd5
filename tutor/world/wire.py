"""Wire: how a segment gets onto a link, what becomes of it, and when that happens.

Rules
-----
* Fate is drawn once, when a segment is sent, by a key that is the packet's own: connection, sender, relative
  numbers, flags, length, ordinal among equals. So a packet that exists in two futures has the same fate in both.
* A connection's name is the direction of its first SYN, ``client:40000>server:80``; a later connection on the
  same 4-tuple gets ``#2`` and so on. Both hosts use the same name.
* Relative numbers count from the newest initial numbers that the two ends have sent in this connection. A literal 0
  in the sequence field of a RST,ACK (RFC 9293 section 3.5.2) stays 0.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.reasons import Reason
from tutor.tcp.segment import ACK, RST, SYN, Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Address
from tutor.tcp.values import replace
from tutor.world import nat, overtaking
from tutor.world.agenda import ARRIVALS
from tutor.world.desk import Desk, Name, Pair, Rule
from tutor.world.host import tuple_key
from tutor.world.link import DUPLICATE_AFTER, Link, Verdict, judge
from tutor.world.records import Flight, FlightChanged, IcmpArrives, Lost, SegmentArrives, SegmentDies, Sent
from tutor.world.targets import Target

# --- names ---


def pair_of(a: Address, b: Address) -> Pair:
    """The 4-tuple without a direction."""
    return (a, b) if a <= b else (b, a)


def name_for_open(desk: Desk, host: str, local: Address, remote: Address) -> str:
    """The name of the connection that ``host`` opens actively now.

    It joins the one that the other end is just opening towards it (two SYNs will cross); else it is a new one.
    """
    pair = pair_of(local, remote)
    known = desk.names.get(pair)
    if known is not None and host not in known.users and _is_calling(desk, known, local, remote):
        desk.names = desk.names.insert(pair, Name(known.id, known.incarnation, (*known.users, host)))
        return known.id
    return _new_name(desk, pair, local, remote, host)


def name_for_stray(desk: Desk, local: Address, remote: Address) -> str:
    """The name for a segment that no socket sends: the newest connection on its 4-tuple."""
    if desk.boxes:
        local, remote = own_address(desk, local, remote), own_address(desk, remote, local)
    known = desk.names.get(pair_of(local, remote))
    if known is not None:
        return known.id
    return _new_name(desk, pair_of(local, remote), local, remote, "")


def _is_calling(desk: Desk, known: Name, local: Address, remote: Address) -> bool:
    """Is the other end in SYN-SENT with this very connection?"""
    peer = desk.addresses.get(remote.ip)
    if peer is None:
        return False
    host = desk.kernels.get(peer) or desk.table[peer]
    found = host.tuples.get(tuple_key(remote, local))
    return found is not None and found == known.id and host.sockets[found].tcb.state is State.SYN_SENT


def _new_name(desk: Desk, pair: Pair, local: Address, remote: Address, host: str) -> str:
    known = desk.names.get(pair)
    incarnation = known.incarnation + 1 if known is not None else 1
    name = f"{address_text(desk, local)}>{address_text(desk, remote)}" + (f"#{incarnation}" if incarnation > 1 else "")
    desk.names = desk.names.insert(pair, Name(name, incarnation, (host,) if host else ()))
    return name


def address_text(desk: Desk, address: Address) -> str:
    """``client:40000``: the host's name where there is one, else its address."""
    return f"{desk.addresses.get(address.ip) or address.ip}:{address.port}"


# --- sending ---


def relative_reason(desk: Desk, connection: str, reason: Reason, ends: tuple[Address, Address | None]) -> Reason:
    """``reason`` with ``seq`` and ``ack`` of the peer's segment counted from the initial numbers; own end first."""
    local, remote = ends
    if remote is None or not any(name in ("seq", "ack") for name, _ in reason.arguments):
        return reason
    if desk.boxes:
        local, remote = own_address(desk, local, remote), own_address(desk, remote, local)
    isns = {"seq": desk.isns.get((connection, remote)), "ack": desk.isns.get((connection, local))}
    counted: list[tuple[str, int | str]] = []
    for name, value in reason.arguments:
        isn = isns.get(name)
        counted.append((name, seq.distance(isn, value) if isn is not None and isinstance(value, int) else value))
    return Reason(reason.id, tuple(counted))


def relative_numbers(
    desk: Desk, connection: str, ends: tuple[Address, Address], segment: Segment
) -> tuple[int, int | None]:
    """(seq, ack) of a segment between ``ends`` (from, to), counted from their initial numbers; ack None if unset."""
    source, destination = ends
    if segment.seq == 0 and segment.flags == RST | ACK:
        rel_seq = 0
    else:
        rel_seq = seq.distance(desk.isns.get((connection, source)) or 0, segment.seq)
    if not segment.flags & ACK:
        return rel_seq, None
    return rel_seq, seq.distance(desk.isns.get((connection, destination)) or 0, segment.ack)


def send(
    desk: Desk,
    sender: str,
    connection: str,
    source: Address,
    destination: Address,
    *,
    segment: Segment,
    purpose: str = "",
    retransmission: int = 0,
    is_forged: bool = False,
) -> Flight:
    """Put ``segment`` on the link, decide its fate and schedule what follows from it."""
    rewritten: Address | None = None
    if destination.ip in desk.boxes:
        rewritten, destination = destination, _behind(desk, source, destination, segment)
    if segment.flags & SYN and not (is_forged and (connection, source) in desk.isns):
        desk.isns = desk.isns.insert((connection, source), segment.seq)
    rel_seq, rel_ack = relative_numbers(desk, connection, (source, destination), segment)
    key = (connection, sender, rel_seq, rel_ack, segment.flags, segment.length)
    ordinal = desk.seen.get(key) or 0
    desk.seen = desk.seen.insert(key, ordinal + 1)
    receiver = desk.addresses.get(destination.ip) or ""
    link = desk.routes.get((sender, receiver))
    if link is None:
        verdict = Verdict("lost", (), desk.now, "no-route" if rewritten is None else "no-mapping")
    else:
        verdict = _judged(desk, link, sender, segment, (*key, ordinal))
        cable = desk.cables[link]
        if cable.nat and sender == cable.a:
            rewritten, source = source, _through(desk, cable, source, destination, segment)
    flight = Flight(
        desk.next_flight, sender, receiver, connection, segment, source, destination, desk.now,
        verdict.copies[0] if verdict.copies else None, verdict.fate, rel_seq, rel_ack, retransmission,
        verdict.copies, verdict.dies_at, purpose, verdict.why, is_forged, 0, rewritten,
    )  # fmt: skip
    overtaken: list[int] = []
    if desk.rules:
        flight = _under_rules(desk, flight, overtaken)
    desk.next_flight += 1
    desk.record(Sent(desk.now, sender, connection, flight))
    launch(desk, flight)
    for number in overtaken:
        overtaking.exchange(desk, number, flight.id)
    if flight.why == "mtu" and link is not None:
        _too_big(desk, flight, link)
    return flight


def _judged(desk: Desk, link: str, sender: str, segment: Segment, key: tuple[str | int | None, ...]) -> Verdict:
    """What the way through ``link`` does to the segment, and the way as it is after it."""
    cable = desk.cables[link]
    before = cable.way(sender)
    way, verdict = judge(before, segment, now=desk.now, seed=desk.seed, key=key)
    if way is not before:
        desk.cables = desk.cables.insert(link, cable.with_way(sender, way))
    return verdict


# --- through a NAT box ---


def _through(desk: Desk, cable: Link, source: Address, destination: Address, segment: Segment) -> Address:
    """The public source that a segment gets from the box on its way out."""
    box = nat.outward(desk.boxes.get(cable.nat) or nat.Box(), cable, source, destination, segment, desk.now)
    desk.boxes = desk.boxes.insert(cable.nat, box)
    return Address(cable.nat, nat.public_port(box, source, destination))


def _behind(desk: Desk, source: Address, public: Address, segment: Segment) -> Address:
    """Who is meant by a public address; that address itself if the box remembers nobody."""
    box = desk.boxes[public.ip]
    mapping = box.mapping(public.port, source, desk.now)
    if mapping is None:
        return public
    cable = desk.cables[desk.routes[desk.addresses[mapping.inside.ip], desk.addresses[source.ip]]]
    desk.boxes = desk.boxes.insert(public.ip, nat.inward(box, cable, mapping, segment, desk.now))
    return mapping.inside


def own_address(desk: Desk, remote: Address, local: Address) -> Address:
    """The address under which a host knows itself, if ``remote`` is a NAT box's and ``local`` its peer."""
    box = desk.boxes.get(remote.ip)
    mapping = box.inward.get((remote.port, local)) if box is not None else None
    return mapping.inside if mapping is not None else remote


def launch(desk: Desk, flight: Flight) -> None:
    """Keep ``flight`` in the air and schedule its arrivals or its death."""
    desk.airborne = desk.airborne.insert(flight.id, flight)
    for number in range(flight.landed, len(flight.copies)):
        desk.schedule(flight.copies[number], ARRIVALS, SegmentArrives(flight.id, number))
    if _dies_on_the_way(flight):
        assert flight.dies_at is not None, "what dies, dies at some time"
        desk.schedule(flight.dies_at, ARRIVALS, SegmentDies(flight.id))


def _dies_on_the_way(flight: Flight) -> bool:
    """Is it lost before the door? (What is corrupted dies at the door, with its arrival.)"""
    return flight.dies_at is not None and flight.fate != "corrupted"


def _too_big(desk: Desk, flight: Flight, link: str) -> None:
    """The router in the middle tells the sender what would fit (RFC 1191)."""
    way = desk.cables[link].way(flight.sender)
    if way.icmp and flight.fate == "lost":
        news = IcmpArrives(flight.sender, flight.connection, "too-big", flight.segment.seq, way.mtu)
        desk.schedule(desk.now + way.delay, ARRIVALS, news)


# --- hands on segments ---


def _under_rules(desk: Desk, flight: Flight, overtaken: list[int]) -> Flight:
    """``flight`` after every armed act that it matches; an act whose turn it was is done and gone.

    ``overtaken`` gets the numbers of the flights that it is to overtake.
    """
    kept: list[Rule] = []
    for rule in desk.rules:
        if rule.behind is not None and rule.behind not in desk.airborne:
            continue
        if not rule.target.is_sent_by(flight.sender) or not rule.target.pattern.matches(flight.segment):
            kept.append(rule)
        elif rule.seen + 1 < rule.target.nth:
            kept.append(replace(rule, seen=rule.seen + 1))
        elif rule.behind is not None:
            overtaken.append(rule.behind)
        elif rule.name == "swap":
            kept.append(Rule("swap", Target(host=flight.sender), behind=flight.id))
        else:
            flight = changed(desk, flight, rule.name, rule.span)
    desk.rules = tuple(kept)
    return flight


def changed(desk: Desk, flight: Flight, deed: str, span: int | None) -> Flight:
    """``flight`` after a hand dropped, corrupted, delayed or duplicated what has not arrived of it yet.

    What is going to be lost can be delayed and corrupted like any other: a hand cannot know.
    """
    arrived, ahead = flight.copies[: flight.landed], flight.copies[flight.landed :]
    if deed == "drop":
        return _with(flight, arrived, "dropped", max(desk.now, _half_way(flight)))
    if deed == "duplicate":
        gap = DUPLICATE_AFTER if span is None else span
        last = flight.copies[-1] if flight.copies else _would_arrive(desk, flight)
        return _with(flight, (*flight.copies, last + gap), "duplicated", None)
    if not ahead:
        late = span or 0 if deed == "delay" else 0
        return _with(flight, arrived, flight.fate, (flight.dies_at or desk.now) + late, flight.why)
    if deed == "corrupt":
        return _with(flight, (*arrived, ahead[0]), "corrupted", ahead[0])
    assert deed == "delay", f"no deed {deed!r} on a segment"
    copies = (*arrived, *(at + (span or 0) for at in ahead))
    return _with(flight, copies, flight.fate, copies[-1] if flight.fate == "corrupted" else None)


def _with(flight: Flight, copies: tuple[int, ...], fate: str, dies_at: int | None, why: str = "hand") -> Flight:
    first = copies[0] if copies else None
    return replace(flight, copies=copies, arrives_at=first, fate=fate, dies_at=dies_at, why=why)


def _half_way(flight: Flight) -> int:
    """When the segment has covered half of its way."""
    if flight.arrives_at is not None:
        return (flight.sent_at + flight.arrives_at) // 2
    return flight.dies_at if flight.dies_at is not None else flight.sent_at


def _would_arrive(desk: Desk, flight: Flight) -> int:
    """When a segment that is lost would have arrived."""
    link = desk.routes.get((flight.sender, flight.receiver))
    return flight.sent_at + (desk.cables[link].way(flight.sender).delay if link is not None else 0)


def touch(desk: Desk, number: int, deed: str, span: int | None) -> str:
    """Do ``deed`` to the flight ``number``; returns why that cannot be done (``because.REFUSALS``), or ""."""
    flight = desk.airborne.get(number)
    if flight is None:
        return "not-on-its-way"
    if deed == "swap":
        return overtaking.swap(desk, flight)
    after = changed(desk, flight, deed, span)
    desk.airborne = desk.airborne.discard(number)
    desk.record(FlightChanged(desk.now, flight.sender, flight.connection, after))
    launch(desk, after)
    return ""


def cut(desk: Desk, link: str) -> None:
    """Cut the cable: what is on it is lost at once, what is sent from now on dies at the cut."""
    cable = desk.cables[link]
    ends = {cable.a, cable.b}
    for host in (cable.a, cable.b):
        cable = cable.with_way(host, replace(cable.way(host), is_cut=True))
    desk.cables = desk.cables.insert(link, cable)
    for flight in sorted(desk.airborne.values(), key=lambda each: each.id):
        if {flight.sender, flight.receiver} == ends:
            lost = _with(flight, flight.copies[: flight.landed], "cut", desk.now, "cut")
            desk.airborne = desk.airborne.discard(flight.id)
            desk.record(FlightChanged(desk.now, flight.sender, flight.connection, lost))
            desk.record(Lost(desk.now, flight.sender, flight.connection, lost, "cut"))


def mend(desk: Desk, link: str) -> None:
    """Mend the cable."""
    cable = desk.cables[link]
    for host in (cable.a, cable.b):
        cable = cable.with_way(host, replace(cable.way(host), is_cut=False))
    desk.cables = desk.cables.insert(link, cable)


# --- the end of a flight ---


def landed(desk: Desk, number: int, copy: int) -> Flight | None:
    """The flight whose copy arrives now, or None if that is no longer true. The last copy ends the flight."""
    flight = desk.airborne.get(number)
    if flight is None or flight.landed != copy or copy >= len(flight.copies) or flight.copies[copy] != desk.now:
        return None
    if copy == len(flight.copies) - 1 and not _dies_on_the_way(flight):
        desk.airborne = desk.airborne.discard(number)
    else:
        flight = replace(flight, landed=copy + 1)
        desk.airborne = desk.airborne.insert(number, flight)
    return flight


def died(desk: Desk, number: int) -> bool:
    """Record the death of a flight, unless that is no longer true."""
    flight = desk.airborne.get(number)
    if flight is None or flight.dies_at != desk.now or not _dies_on_the_way(flight):
        return False
    desk.airborne = desk.airborne.discard(number)
    desk.record(Lost(desk.now, flight.sender, flight.connection, flight, flight.fate))
    return True
