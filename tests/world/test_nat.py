"""A NAT box on a link: several clients share one address, and the box forgets."""

from __future__ import annotations

import pytest

from tests.world.stage import all_of, path, run
from tutor.tcp.segment import RST
from tutor.tcp.states import State
from tutor.world.link import read_parameter
from tutor.world.records import Arrived, Sent
from tutor.world.time import SECOND

TWO_BEHIND_ONE = """
    host alice 10.0.0.1 linux-6.18 isn=1000 port=40000
      connect server:80
      write 100
    host bob 10.0.0.3 linux-6.18 isn=2000 port=40000
      connect server:80
      write 200
    host server 198.51.100.2 linux-6.18 isn=5000
      listen 80
      accept
      read
    host other 198.51.100.3 linux-6.18
    link alice server name=home delay=10ms nat=203.0.113.1 nat-established=10s
    link bob server name=attic delay=10ms nat=203.0.113.1
    until 3min
"""


def test_two_hosts_behind_one_address_are_told_apart_by_their_port() -> None:
    """Both use port 40000 at home; outside, the second one gets another."""
    trace = run(TWO_BEHIND_ONE)
    sockets = trace.world_at(SECOND).host("server").all_sockets()
    peers = sorted(str(socket.tcb.remote) for socket in sockets if socket.tcb.remote is not None)
    assert peers == ["203.0.113.1:40000", "203.0.113.1:40001"]
    assert path(trace, "alice")[:3] == ["CLOSED", "SYN-SENT", "ESTABLISHED"]
    assert path(trace, "bob")[:3] == ["CLOSED", "SYN-SENT", "ESTABLISHED"]


def test_numbers_and_names_are_counted_as_without_a_box() -> None:
    """The connection keeps its name at both ends, and relative numbers start at 0."""
    trace = run(TWO_BEHIND_ONE)
    sent = [record.flight for record in all_of(trace, Sent) if isinstance(record, Sent)]
    mine = [flight for flight in sent if flight.connection == "bob:40000>server:80"]
    assert {flight.sender for flight in mine} == {"bob", "server"}
    syn_ack = next(flight for flight in mine if flight.sender == "server")
    assert (syn_ack.rel_seq, syn_ack.rel_ack) == (0, 1)
    assert (str(syn_ack.destination), str(syn_ack.rewritten)) == ("10.0.0.3:40000", "203.0.113.1:40001")
    assert (str(mine[0].source), str(mine[0].rewritten)) == ("203.0.113.1:40001", "10.0.0.3:40000")


def test_what_the_box_has_forgotten_is_lost_there_and_nobody_is_told() -> None:
    """The server writes after the box has forgotten: every segment is lost, alice hears nothing."""
    trace = run(TWO_BEHIND_ONE, "at 20s server write 50 on=alice:40000>server:80")
    late = [
        record.flight
        for record in all_of(trace, Sent, "server")
        if isinstance(record, Sent) and record.at >= 20 * SECOND and "alice" in record.connection
    ]
    assert len(late) > 3
    assert {(flight.fate, flight.why) for flight in late} == {("lost", "no-mapping")}
    assert not [record for record in all_of(trace, Arrived, "alice") if record.at >= 20 * SECOND]


def test_a_segment_from_inside_makes_the_mapping_anew() -> None:
    """While its port is still free, the connection goes on as if nothing had been."""
    trace = run(TWO_BEHIND_ONE, "at 20s alice write 50 on=alice:40000>server:80")
    assert trace.world_at(21 * SECOND).host("server").sockets["alice:40000>server:80"].tcb.inc.delivered == 100
    late = [record for record in all_of(trace, Arrived, "alice") if record.at >= 20 * SECOND]
    assert late, "the server's ACK finds its way back"


def test_a_port_that_another_has_taken_meanwhile_ends_the_connection() -> None:
    """Bob now speaks from alice's old port; her next segment comes from one the server has never heard of: RST."""
    trace = run(
        TWO_BEHIND_ONE.replace("isn=2000 port=40000", "isn=2000 port=41000"),
        "at 20s bob connect server:80 from 40000",
        "at 30s alice write 50 on=alice:40000>server:80",
    )
    bob = trace.world_at(29 * SECOND).host("bob").sockets["bob:40000>server:80"]
    assert bob.state is State.ESTABLISHED, "the old connection at the server gave way to a challenge ACK and a RST"
    assert path(trace, "alice", "alice:40000>server:80")[-2:] == ["ESTABLISHED", "CLOSED"]
    reset = next(record for record in all_of(trace, Arrived, "alice") if record.flight.segment.flags & RST)
    assert str(reset.flight.rewritten) == "203.0.113.1:40001"


@pytest.mark.parametrize("text", ["203.0.113", "yes", "300.1.1.1", "a.b.c.d"])
def test_a_public_address_has_four_numbers(text: str) -> None:
    """Or the box is not there: no."""
    with pytest.raises(ValueError, match="allowed: no, or the address"):
        read_parameter("nat", text)
    assert not read_parameter("nat", "no")
