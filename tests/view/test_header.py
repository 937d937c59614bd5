"""A segment under the glass: fields, octets and words agree with the wire; nothing shows what has not happened yet."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.view.scenes import BUSY, CALL_AND_CLOSE, look, marks_of, texts, trace
from tests.world.stage import all_of
from tutor.tcp import wire
from tutor.view.fields import fields, newest, octets, specimen
from tutor.view.header import header
from tutor.view.marks import Box, Ink, Picture, Rect, Text
from tutor.view.metrics import text_width
from tutor.world.records import Flight, Sent
from tutor.world.trace import Trace

LINUX = CALL_AND_CLOSE.replace("rfc9293", "linux-6.18")
LINUX_BUSY = BUSY.replace("rfc9293", "linux-6.18")
FORGED = "inject client>server ACK seq=1 ack=1 len=0 tsval=9 tsecr=9 blocks=1-2,3-4,5-6,7-8"
SIZE = (900.0, 500.0)


def flights(run: Trace) -> list[Flight]:
    """Everything that is sent in a run, as it is known at the end."""
    numbers = [record.flight.id for record in all_of(run, Sent) if isinstance(record, Sent)]
    return [flight for number in numbers if (flight := run.flight(number)) is not None]


def drawn(run: Trace, number: int, now: int, size: tuple[float, float] = SIZE, **more: object) -> Picture:
    """The picture of one segment at a moment."""
    field = str(more.pop("field", ""))
    return header(specimen(run, number, now), size, look(**more), field=field)  # type: ignore[arg-type]


def box_of(mark: Text) -> Box:
    """The ink of a line of text: from the top of a capital to the foot of a g."""
    width = text_width(mark.text, mark.font, mark.size, mark.weight, mark.spacing)
    left = {"start": mark.x, "middle": mark.x - width / 2, "end": mark.x - width}[mark.anchor]
    return Box(left, mark.y - mark.size * 0.74, left + width, mark.y + mark.size * 0.22)


# --- what is told is what stands on the wire ---


@pytest.mark.parametrize("text", [CALL_AND_CLOSE, LINUX, LINUX_BUSY])
def test_every_octet_of_the_header_belongs_to_a_field_and_none_to_two(text: str) -> None:
    """The cells of the grid, laid end to end, are the header: no bit is missing, none is told twice."""
    run = trace(text)
    for flight in flights(run):
        of = specimen(run, flight.id, flight.sent_at)
        assert of is not None
        own = [field for field in fields(of, look().words) if not field.is_group and field.id != "text"]
        bits = sorted(bit for field in own for cell in field.cells for bit in range(cell.first, cell.first + cell.bits))
        assert bits == list(range(octets(of).header * 8)), str(flight.segment)


def test_the_octets_are_those_of_the_wire_and_read_back_to_the_same_segment() -> None:
    """What the view shows, decoded, is the segment that was sent; its checksum fits with the pseudo header."""
    run = trace(LINUX_BUSY)
    for flight in flights(run):
        of = specimen(run, flight.id, flight.sent_at)
        assert of is not None
        found = octets(of)
        read = wire.decode(found.data, flight.source, flight.destination)
        assert (read.seq, read.ack, read.flags, read.options) == (
            flight.segment.seq, flight.segment.ack, flight.segment.flags, flight.segment.options,
        )  # fmt: skip
        assert found.is_sound
        assert wire.checksum(found.data, flight.source, flight.destination) == 0


def test_a_syn_ack_tells_its_numbers_both_ways_and_its_options() -> None:
    """Absolute and relative numbers, MSS, scale, SACK, timestamps: each with the value that the segment carries."""
    run = trace(LINUX)
    flight = flights(run)[1]
    said = {field.id: field.value for field in fields(specimen(run, flight.id, 60_000), look().words)}  # type: ignore[arg-type]
    assert said["seq"] == "5000 (0)"
    assert said["ack"] == "1001 (1)"
    assert said["flags"] == "SYN+ACK"
    assert said["mss"] == "1460"
    assert said["scale"] == str(flight.segment.options.window_scale)
    assert said["sack-permitted"] == "✓"
    assert said["offset"] == "10 (40)"


def test_text_is_shown_as_the_octets_of_its_stream() -> None:
    """The letters beside the hex are the slice of the made-up page that the program wrote."""
    run = trace(LINUX)
    flight = next(flight for flight in flights(run) if flight.segment.length)
    assert flight.segment.payload is not None
    first = wire.octets(flight.segment.payload)[:16]
    shown = texts(drawn(run, flight.id, flight.sent_at))
    assert " ".join(f"{octet:02x}" for octet in first) in shown
    assert "".join(chr(octet) if 32 <= octet < 127 else "·" for octet in first) in shown


def test_much_text_is_counted_and_not_shown() -> None:
    """A full segment shows the beginning of its text and says how many octets more there are."""
    run = trace(LINUX_BUSY)
    flight = max(flights(run), key=lambda flight: flight.segment.length)
    shown = texts(drawn(run, flight.id, flight.sent_at))
    assert f"… and {flight.segment.length - 128} octets more" in shown


# --- links ---


def test_a_field_and_its_octets_are_one_thing_to_the_pointer() -> None:
    """A click on a cell and a click on its octet name the same field; picked, both are tinted."""
    run = trace(LINUX)
    flight = flights(run)[1]
    picture = drawn(run, flight.id, 60_000, field="field:ack")
    tinted = [
        mark for mark in marks_of(picture, "field:ack") if isinstance(mark, Rect) and mark.fill == Ink("accent_tint")
    ]
    cells = [mark for mark in tinted if mark.w > 100]
    hexes = [mark for mark in tinted if mark.w < 40]
    assert cells
    assert len(hexes) == 4
    for mark in (*cells, *hexes):
        assert picture.at(mark.x + mark.w / 2, mark.y + mark.h / 2) == "field:ack"


def test_what_is_pointed_at_is_explained_and_nothing_moves() -> None:
    """The explanation follows the pointer; the grid and the list stay where they are."""
    run = trace(LINUX)
    flight = flights(run)[1]
    heights = set()
    for name in ("", "field:seq", "field:flag-syn", "field:checksum"):
        picture = drawn(run, flight.id, 60_000, hover=name)
        heights.add(picture.height)
        assert picture.title("field:seq").startswith("Sequence number: 5000 (0).")
    assert len(heights) == 1
    assert texts(drawn(run, flight.id, 60_000, hover="field:seq")).count("Sequence number") == 3
    assert texts(drawn(run, flight.id, 60_000)).count("Sequence number") == 2


def test_the_reader_of_the_ack_number_is_named_with_what_it_knows() -> None:
    """Which check, which variables, and their values at the playhead."""
    run = trace(LINUX)
    data = next(
        flight
        for flight in flights(run)
        if flight.sender == "server" and flight.segment.has_ack and not flight.segment.syn
    )
    shown = " ".join(texts(drawn(run, data.id, data.sent_at, field="field:ack", size=(1400.0, 500.0))))
    assert "SND.UNA" in shown
    assert "3.10.7.4, fifth" in shown
    assert "Client now: SND.UNA = 1, SND.NXT = 101" in shown


# --- damage, and the law of the open bet ---


def test_a_corrupted_segment_does_not_fit_its_checksum_once_it_has_arrived() -> None:
    """On its way nobody knows; at the door found and expected are both said, and the octet is marked."""
    run = trace(CALL_AND_CLOSE, (0, "corrupt client:data"))
    flight = next(flight for flight in flights(run) if flight.fate == "corrupted")
    assert flight.dies_at is not None
    assert "✓ checksum right" in texts(drawn(run, flight.id, flight.dies_at - 1))
    picture = drawn(run, flight.id, flight.dies_at, field="field:checksum")
    found = octets(specimen(run, flight.id, flight.dies_at))  # type: ignore[arg-type]
    assert not found.is_sound
    assert "✕ checksum wrong" in texts(picture)
    said = picture.title("field:checksum")
    assert f"0x{found.written:04x}" in said
    assert f"0x{found.computed:04x}" in said
    assert any(isinstance(mark, Rect) and mark.stroke == Ink("err") for mark in picture.marks())


@pytest.mark.parametrize(
    "act", ["corrupt client:data", "drop client:data", "duplicate client:data", "cut link", "crash server"]
)
def test_the_header_does_not_tell_what_will_become_of_the_segment(act: str) -> None:
    """Two runs that differ only in what happens later give the same picture now."""
    run = trace(LINUX)
    flight = next(flight for flight in flights(run) if flight.segment.length)
    at = flight.sent_at if act.startswith(("corrupt", "drop", "duplicate")) else flight.sent_at + 2
    other = trace(LINUX, (0 if at == flight.sent_at else at, act))
    assert drawn(run, flight.id, flight.sent_at + 1) == drawn(other, flight.id, flight.sent_at + 1)


def test_without_a_choice_the_segment_that_was_sent_last_is_shown() -> None:
    """At or before the playhead, whichever host sent it; before the first there is none, and the picture says so."""
    run = trace(LINUX.replace("connect server:80", "after 1s connect server:80"))
    assert newest(run, 500_000) is None
    assert "No segment has been sent yet." in texts(header(None, SIZE, look()))
    sent = flights(run)
    assert newest(run, sent[2].sent_at) in [flight.id for flight in sent if flight.sent_at == sent[2].sent_at]
    assert newest(run, sent[1].sent_at - 1) == sent[0].id


def test_a_lost_segment_is_shown_like_any_other() -> None:
    """It has a header although nobody reads it."""
    run = trace(CALL_AND_CLOSE, (0, "drop client:SYN"))
    lost = flights(run)[0]
    assert lost.fate == "dropped"
    assert "SYN" in texts(drawn(run, lost.id, 900_000))
    assert "dropped" in texts(drawn(run, lost.id, 900_000))
    assert "dropped" not in texts(drawn(run, lost.id, 0))
    again = flights(run)[1]
    assert "Retransmission 1" in texts(drawn(run, again.id, again.sent_at))


def test_the_mark_of_the_ip_header_is_told() -> None:
    """ECN lives one header further out; the head names its codepoint."""
    run = trace(LINUX, (0, "set client.tcp_ecn 1"), (0, "set server.tcp_ecn 1"))
    marked = next(flight for flight in flights(run) if flight.segment.mark)
    assert any("IP header: ECT(0)" in said for said in texts(drawn(run, marked.id, marked.sent_at)))


def test_a_segment_not_sent_yet_has_no_header() -> None:
    """Nor has one that never is."""
    run = trace(LINUX)
    assert specimen(run, flights(run)[1].id, 10) is None
    assert specimen(run, 10_000, run.end) is None


def test_a_forged_segment_with_too_many_options_is_told_and_not_drawn() -> None:
    """More than forty octets of options cannot stand in a header: a sentence instead of a picture."""
    run = trace(LINUX, (500_000, FORGED))
    forged = next(flight for flight in flights(run) if flight.is_forged)
    shown = " ".join(texts(drawn(run, forged.id, forged.sent_at)))
    assert "at most 40 octets" in shown


# --- geometry ---


@pytest.mark.sampled(6)
@pytest.mark.parametrize("scale", [0.8, 1.0, 2.0])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", [(460.0, 240.0), (760.0, 900.0), (940.0, 185.0), (1500.0, 250.0), (1500.0, 900.0)])
def test_no_text_touches_another_or_leaves_the_picture(size: tuple[float, float], lang: str, scale: float) -> None:
    """Narrow, middle and wide; a SYN with options, a segment with text, an ACK with two SACK blocks."""
    run = trace(LINUX_BUSY)
    sent = flights(run)
    for flight in (sent[1], max(sent, key=lambda each: each.segment.length),
                   max(sent, key=lambda each: len(each.segment.options.sack))):  # fmt: skip
        picture = drawn(run, flight.id, flight.sent_at, size, lang=lang, scale=scale, field="field:seq")
        lines = [mark for mark in picture.marks() if isinstance(mark, Text) and mark.text.strip()]
        assert all(mark.size >= 12 for mark in lines)
        boxes = [(mark.text, box_of(mark)) for mark in lines]
        for said, box in boxes:
            assert box.left >= 0, said
            assert box.top >= 0, said
            assert box.right <= picture.width, said
            assert box.bottom <= picture.height, said
        for (one, mine), (other, theirs) in combinations(boxes, 2):
            assert not mine.touches(theirs), f"{one!r} touches {other!r} at {mine} {theirs}"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_in_the_strip_the_whole_header_is_seen_without_scrolling(lang: str) -> None:
    """In a window of 1080 lines: a SYN with all its options and a segment with timestamps, to the last octet."""
    run = trace(LINUX_BUSY)
    sent = flights(run)
    for flight in (sent[0], sent[1], max(sent, key=lambda each: each.segment.length)):
        found = specimen(run, flight.id, flight.sent_at)
        assert found is not None
        picture = drawn(run, flight.id, flight.sent_at, (940.0, 178.0), lang=lang)
        boxes = [mark for mark in picture.marks() if isinstance(mark, Rect) and mark.id.startswith("field:")]
        header_octets = octets(found).header
        seen = [box for box in boxes if box.y + box.h <= 178.0 and box.x < 560]
        for each in fields(found, look(lang=lang).words):
            if each.id != "text" and not each.is_group:
                assert any(box.id == f"field:{each.id}" for box in seen), f"{each.id} of {header_octets} octets"
        last = max(box.y + box.h for box in seen)
        assert [text for text in texts(picture) if text == str(header_octets - 4)]
        assert last > 130
