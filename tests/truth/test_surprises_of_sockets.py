"""Surprises of the socket interface: what it refuses, and what it loses."""

from __future__ import annotations

import pytest

from tests.truth.tale import Tale, pair
from tests.world.stage import all_of
from tutor.world.records import Sent

CALL = "connect server:80"
LISTEN_AND_CALL = "listen 70; connect server:80 on=client:70"


def callers(ports: str, calls: int, client: str = "linux-6.18") -> Tale:
    """A client with so few ports makes so many connections to one port of a server, one after the other."""
    range_of_ports = f"{client} ip_local_port_range={ports}"
    return pair("; ".join([CALL] * calls), "listen 80 backlog=9", client=range_of_ports, until="2s")


@pytest.mark.parametrize(("ports", "connections"), [("40000-40002", 2), ("40000-40003", 4), ("40000-40004", 4)])
def test_surprise_38_an_odd_range_loses_a_port(ports: str, connections: int) -> None:
    """Surprise 38: a range of 3 ports gives 2 connections to one destination, of 5 only 4; an even one loses none."""
    run = callers(ports, connections + 1)
    assert len(run.when("client", "connect server:80 = 0")) == connections
    assert len(run.when("client", "connect server:80 = -1 EADDRNOTAVAIL")) == 1


def test_surprise_38_ports_go_in_steps_of_two() -> None:
    """Surprise 38: the reason: connect() walks the range in steps of two, listeners have the other half."""
    run = callers("40000-40003", 4)
    syns = [record.flight for record in all_of(run.trace, Sent, "client") if isinstance(record, Sent)]
    ports = [flight.source.port for flight in syns if flight.segment.syn]
    assert sorted(ports) == [40000, 40001, 40002, 40003]
    assert [port % 2 for port in ports] in ([0, 0, 1, 1], [1, 1, 0, 0])


def test_surprise_38_before_4_2_no_port_was_lost() -> None:
    """Surprise 38: kernels before 4.2 took one port after the other and lost none."""
    run = callers("40000-40002", 4, client="linux-2.6")
    assert len(run.when("client", "connect server:80 = 0")) == 3


@pytest.mark.parametrize("kernel", ["linux-2.6", "linux-4.19", "linux-6.18"])
def test_surprise_39_a_listener_cannot_call(kernel: str) -> None:
    """Surprise 39: LISTEN -> SYN-SENT does not exist: connect() on a listener is EISCONN, write() is EPIPE."""
    run = pair(LISTEN_AND_CALL, "listen 80", "at 0.5s client write 10 on=client:70", client=kernel, until="1s")
    assert run.said("client", "connect") == ["connect server:80 = -1 EISCONN"]
    assert run.said("client", "write")[1:] == ["write 10 = -1 EPIPE"]
    assert run.said("client", "->") == ["CLOSED -> LISTEN  (listener)"]
    assert run.said("client", "> SYN") == []


def test_surprise_39_by_the_rfc_it_can() -> None:
    """Surprise 39: by the RFC an OPEN turns LISTEN into SYN-SENT."""
    run = pair(LISTEN_AND_CALL, "listen 80", client="rfc9293", until="1s")
    assert [said.split("  ")[0] for said in run.said("client", "->")] == [
        "CLOSED -> LISTEN",
        "LISTEN -> SYN-SENT",
        "SYN-SENT -> ESTABLISHED",
    ]
    assert run.said("client", "connect")[-1] == "... connect server:80 = 0"
