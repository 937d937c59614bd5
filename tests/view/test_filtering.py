"""The filter box: what a text means, and what is said of one that means nothing."""

from __future__ import annotations

import pytest

from tests.bench.recorded import recorded
from tests.view.scenes import BUSY, CALL_AND_CLOSE, trace
from tutor.tcp.segment import ACK, FIN, SYN
from tutor.view import filtering
from tutor.view.filtering import FIELDS, Filter, FilterError, parse_filter, passing, shown
from tutor.world.index import Row, index_of


def rows(text: str, *run: object) -> list[Row]:
    """The segments that a filter lets through."""
    index = index_of(trace(*(run or (CALL_AND_CLOSE,))))  # type: ignore[arg-type]
    made = read(text)
    made.check(index)
    return [row for row in map(index.row, range(len(index))) if made.passes(index, row)]


def read(text: str) -> Filter:
    """A filter that is not empty."""
    made = parse_filter(text)
    assert made is not None
    return made


def error(text: str) -> FilterError:
    """What is wrong with a text."""
    with pytest.raises(FilterError) as caught:
        read(text).check(index_of(trace()))
    return caught.value


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("tcp.flags.syn==1", [SYN, SYN | ACK]),
        ("tcp.flags.syn == 1 and tcp.flags.ack == 0", [SYN]),
        ("tcp.flags.syn && !tcp.flags.ack", [SYN]),
        ("tcp.flags == 0x12", [SYN | ACK]),
        ("host==server and tcp.flags.syn", [SYN | ACK]),
        ("ip.dst == 10.0.0.1 and tcp.flags.syn", [SYN | ACK]),
        ("not (tcp.flags.ack == 1)", [SYN]),
        ("frame.time < 20ms", [SYN]),
        ("frame.time <= 0.05 and (host == server or tcp.flags.fin)", [SYN | ACK]),
        ("tcp.dstport == 80 and tcp.flags.fin", [FIN | ACK]),
        ("TCP.FLAGS.SYN AND NOT tcp.flags.ack", [SYN]),
    ],
)  # fmt: skip
def test_a_text_means_what_it_says(text: str, flags: list[int]) -> None:
    """Fields, signs, joints, brackets, names and addresses, in any case."""
    assert [row.flags for row in rows(text)] == flags


def test_and_binds_more_tightly_than_or() -> None:
    """As in Wireshark and in C."""
    assert rows("tcp.flags.syn or tcp.flags.fin and host==server") == rows(
        "tcp.flags.syn or (tcp.flags.fin and host==server)"
    )
    assert rows("tcp.flags.syn or tcp.flags.fin and host==server") != rows(
        "(tcp.flags.syn or tcp.flags.fin) and host==server"
    )


def test_a_port_is_either_and_unlike_means_neither() -> None:
    """``tcp.port == 80`` is every segment of a call to port 80; ``!=`` is none of them."""
    assert len(rows("tcp.port == 80")) == len(rows("tcp.len >= 0"))
    assert rows("tcp.port != 80") == []


def test_an_absent_ack_is_neither_small_nor_large() -> None:
    """The SYN has no acknowledgment number: no comparison holds."""
    assert all(row.ack is not None for row in rows("tcp.ack < 100000 or tcp.ack >= 0"))


def test_what_became_of_a_segment_can_be_asked() -> None:
    """Lost, corrupted, duplicated, repeated: each of the busy run's."""
    for text, fate in (("lost", "lost"), ("corrupted", "corrupted"), ("duplicated", "duplicated")):
        found = rows(text, BUSY)
        assert found, text
        assert {row.fate for row in found} == {fate}
    assert all(row.retransmission for row in rows("retransmission", BUSY))
    assert rows("tcp.analysis.retransmission > 1", BUSY) == rows("retransmission>1", BUSY)


def test_a_loss_that_has_not_happened_yet_is_not_found() -> None:
    """While a bet is open, up to the very moment: the count and the rows."""
    index = index_of(trace(BUSY))
    lost = next(row for row in map(index.row, range(len(index))) if row.fate == "lost")
    test = read("lost")
    assert lost.dies_at is not None
    assert not test.passes(index, lost, lost.dies_at - 1)
    assert test.passes(index, lost, lost.dies_at)
    before, after = shown(test, index, lost.dies_at - 1), shown(test, index, lost.dies_at)
    assert after[0] > before[0]


@pytest.mark.parametrize(
    ("text", "column", "found", "nearest"),
    [
        ("tcp.flags.sin==1", 1, "tcp.flags.sin", "tcp.flags.syn"),
        ("len>0 and tcp.sec==1", 11, "tcp.sec", "tcp.seq"),
        ("len = 0", 5, "=", "=="),
        ("len > many", 7, "many", ""),
        ("host == sever", 9, "sever", "server"),
        ("host > server", 6, ">", ""),
        ("(len > 0", 9, "1", ""),
        ("len > 0 len", 9, "len", ""),
        ("len >", 6, "", ""),
        ("and len", 1, "and", ""),
        ("len > 0 and", 12, "", ""),
        ("frame.time < soon", 14, "soon", ""),
        ("len > 0 )", 9, ")", ""),
        ("# len", 1, "#", ""),
        ("conn == nobody", 9, "nobody", ""),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(text: str, column: int, found: str, nearest: str) -> None:
    """Where, what was found, and what is nearest to it; where nothing is near, what is allowed."""
    fault = error(text)
    assert (fault.column, fault.found, fault.nearest) == (column, found, nearest)
    assert str(column) in str(fault)
    assert (nearest in str(fault)) if nearest else True


def test_nothing_is_no_filter() -> None:
    """An empty box lets everything through."""
    assert parse_filter("  ") is None


def test_every_field_can_be_asked_of_every_segment() -> None:
    """And alone it asks whether it is set."""
    index = index_of(trace(BUSY))
    for name, field in FIELDS.items():
        text = f"{name} == {'server' if field.kind == 'host' else 1}"
        if field.kind != "conn":
            read(text).check(index)
        for place in range(0, len(index), 37):
            assert read(text).passes(index, index.row(place)) in (True, False)
            assert read(name).passes(index, index.row(place)) in (True, False)


def test_columns_and_rows_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long run is asked with numpy, a short one row by row: each text finds the same, at any horizon."""
    index = index_of(trace(BUSY))
    texts = (
        "lost", "not lost and host==server", "tcp.len > 1000 or tcp.flags.fin", "tcp.ack == 1", "tcp.port != 80",
        "frame.time > 1 and frame.time < 2s", "retransmission", "conn == 1", "ip.addr == client",
    )  # fmt: skip
    for text in texts:
        for horizon in (None, 0, 500_000, index.end):
            passing.cache_clear()
            slow = passing(read(text), index, horizon)
            passing.cache_clear()
            monkeypatch.setattr(filtering, "FEW", 0)
            fast = passing(read(text), index, horizon)
            monkeypatch.undo()
            assert slow[0] is not None
            assert fast[0] is not None
            assert [list(way) for way in slow[0]] == [list(way) for way in fast[0]], (text, horizon)
            assert slow[1] == fast[1]


def test_a_hundred_thousand_segments_are_filtered_as_well() -> None:
    """The count is that of the pattern, so many times over."""
    index = recorded(100_000)
    found, total = shown(read("tcp.flags.syn == 1 and tcp.flags.ack == 0"), index)
    assert total == 100_000
    assert found == 100_000 // 2_000
