"""A lesson's hosts behind one address: the box stands between them and the second host."""

from __future__ import annotations

from pathlib import Path

from tutor.teach.reading import load_lesson
from tutor.teach.stage import scenario_of
from tutor.world.records import Sent
from tutor.world.trace import Trace

LESSON = """
format: 1
id: shared
title: Two behind one
goal: Share an address.
concepts: [NAT]
hosts:
  alice: {address: 10.0.0.1, port: 40000, program: ["connect server:80"]}
  server: {address: 198.51.100.2, program: [listen 80]}
  bob: {address: 10.0.0.3, port: 40000, program: ["connect server:80"]}
link: {delay: 10ms, nat: 203.0.113.1}
until: 1s
beats:
  - {id: begin, cue: start, title: It begins., words: Both call.}
"""


def test_all_but_the_second_host_share_the_public_address(tmp_path: Path) -> None:
    """The server sees one address and two ports; what it sends goes out under its own."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "lesson.yaml").write_text(LESSON, encoding="utf-8")
    trace = Trace.of(scenario_of(load_lesson(tmp_path / "shared")))
    sockets = trace.steps[-1].world.host("server").all_sockets()
    peers = sorted(str(socket.tcb.remote) for socket in sockets if socket.tcb.remote is not None)
    assert peers == ["203.0.113.1:40000", "203.0.113.1:40001"]
    sent = [record.flight for step in trace.steps for record in step.records if isinstance(record, Sent)]
    assert {flight.source.ip for flight in sent if flight.sender == "server"} == {"198.51.100.2"}


def test_without_a_shared_address_the_cables_are_as_they_are_written(tmp_path: Path) -> None:
    """Each cable begins at the host that stands first."""
    (tmp_path / "shared").mkdir()
    text = LESSON.replace(", nat: 203.0.113.1", "")
    (tmp_path / "shared" / "lesson.yaml").write_text(text, encoding="utf-8")
    links = scenario_of(load_lesson(tmp_path / "shared")).links
    assert [(link.a, link.b, link.name) for link in links] == [("alice", "server", "link"), ("server", "bob", "link2")]
