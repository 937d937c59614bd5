"""``play 01-three-way-handshake --json``: the handshake and what happens when a segment of it is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.cli.stories import play
from tutor.cli import main

LESSON = "01-three-way-handshake"


def test_three_segments_open_the_connection_the_client_first(capsys: pytest.CaptureFixture[str]) -> None:
    """SYN, SYN,ACK, ACK; the client is ESTABLISHED one way earlier than the server."""
    story = play(capsys, LESSON)
    assert story.sends()[:3] == ["client SYN 0 -", "server SYN,ACK 0 1", "client ACK 1 1"]
    assert story.states("client")[:2] == ["CLOSED SYN-SENT", "SYN-SENT ESTABLISHED"]
    assert story.states("server")[:2] == ["LISTEN SYN-RECEIVED", "SYN-RECEIVED ESTABLISHED"]
    client, server = (story.times("state", host=host, to="ESTABLISHED")[0] for host in ("client", "server"))
    assert client < server


def test_a_lost_syn_goes_again_after_one_second(capsys: pytest.CaptureFixture[str]) -> None:
    """The initial RTO is 1 s (RFC 6298 section 2.1); the repetition is the same segment."""
    story = play(capsys, LESSON, "--drop", "client:SYN")
    first, again = story.kind("send", host="client", flags="SYN")
    assert (first["fate"], first["arrives"], first["retransmission"]) == ("dropped", None, False)
    assert (again["fate"], again["retransmission"]) == ("delivered", True)
    assert again["t"] - first["t"] == pytest.approx(1.0)
    assert again["seq_abs"] == first["seq_abs"]
    assert len({line["id"] for line in (first, again)}) == 2


def test_losing_the_second_sending_too_doubles_nothing_yet_on_linux(capsys: pytest.CaptureFixture[str]) -> None:
    """N counts first and repeated sendings; since 6.5 Linux repeats a SYN four times before the gap doubles."""
    story = play(capsys, LESSON, "--drop", "client:SYN", "--drop", "client:SYN:2", "--profile", "linux-6.18")
    times = story.times("send", host="client", flags="SYN")
    assert [later - earlier for earlier, later in pairwise(times)] == pytest.approx([1.0, 1.0])
    rfc = play(capsys, LESSON, "--drop", "client:SYN", "--drop", "client:SYN:2", "--profile", "rfc9293")
    times = rfc.times("send", host="client", flags="SYN")
    assert [later - earlier for earlier, later in pairwise(times)] == pytest.approx([1.0, 2.0])


def test_a_lost_syn_ack_is_repeated_by_whoever_is_first(capsys: pytest.CaptureFixture[str]) -> None:
    """Both ends run a timer: the client repeats its SYN, and the server its SYN,ACK (truth.md R10, S14)."""
    story = play(capsys, LESSON, "--drop", "server:SYN,ACK")
    assert story.kind("send", host="server", flags="SYN,ACK")[0]["fate"] == "dropped"
    repeated = story.kind("send", retransmission=True)
    assert {line["flags"] for line in repeated} <= {"SYN", "SYN,ACK"}
    assert repeated
    assert story.times("state", host="client", to="ESTABLISHED")[0] >= 1.0
    assert story.states("server")[-1].endswith("ESTABLISHED") or story.kind("state", host="server", to="ESTABLISHED")


def test_a_lost_third_ack_leaves_the_ends_in_different_states(capsys: pytest.CaptureFixture[str]) -> None:
    """The client is ESTABLISHED, the server stays in SYN-RECEIVED; an ACK has no timer of its own (truth.md R4)."""
    story = play(capsys, LESSON, "--drop", "client:ACK")
    lost = story.kind("send", host="client", flags="ACK", fate="dropped")
    assert len(lost) == 1
    client, server = (story.times("state", host=host, to="ESTABLISHED")[0] for host in ("client", "server"))
    assert client < server
    mended_by = [line for line in story.kind("arrive", host="server") if line["t"] == server]
    assert mended_by
    assert "ACK" in mended_by[0]["flags"]


def test_a_delayed_segment_arrives_later_and_nothing_else_is_touched(capsys: pytest.CaptureFixture[str]) -> None:
    """Held back by 0.3 s on top of the link's own delay; that is less than the RTO, so nothing is repeated."""
    plain = play(capsys, LESSON)
    held = play(capsys, LESSON, "--delay", "client:SYN:1:0.3")
    before, after = (story.kind("send", host="client", flags="SYN")[0] for story in (plain, held))
    assert after["arrives"] - before["arrives"] == pytest.approx(0.3)
    assert not held.kind("send", flags="SYN", retransmission=True)


def test_a_duplicated_segment_arrives_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """One send, two arrivals of the same id; the second copy opens no second connection."""
    story = play(capsys, LESSON, "--duplicate", "client:SYN")
    sent = story.kind("send", host="client", flags="SYN")[0]
    assert sent["fate"] == "duplicated"
    assert [line["copy"] for line in story.kind("arrive", id=sent["id"])] == [0, 1]
    assert story.states("server").count("LISTEN SYN-RECEIVED") == 1


def test_any_act_can_be_done_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    """--act takes the one-line form; a sysctl can be named in full or by its last part."""
    story = play(
        capsys, LESSON, "--act", "0.02 cut link", "--set", "client.tcp_syn_retries=1", "--profile", "linux-6.18"
    )
    assert story.kind("send", host="client", flags="SYN")[0]["fate"] == "cut"
    assert story.states("client")[-1] == "SYN-SENT CLOSED"
    full = play(
        capsys,
        LESSON,
        *("--act", "0.02 cut link", "--set", "client.net.ipv4.tcp_syn_retries=1", "--profile", "linux-6.18"),
    )
    assert full == story


def test_the_link_can_be_made_slower(capsys: pytest.CaptureFixture[str]) -> None:
    """--set link.delay=200ms: the SYN arrives after 200 ms."""
    story = play(capsys, LESSON, "--set", "link.delay=200ms")
    sent = story.kind("send", flags="SYN")[0]
    assert sent["arrives"] - sent["t"] >= 0.2


def test_the_run_stops_where_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """--until 0.06: the SYN has arrived, the third segment is never sent."""
    story = play(capsys, LESSON, "--until", "0.06")
    assert all(line["t"] <= 0.06 for line in story.lines)
    assert "client ACK 1 1" not in story.sends()


def test_the_profile_of_one_host_can_differ(capsys: pytest.CaptureFixture[str]) -> None:
    """HOST=NAME beats NAME, and the command line beats the lesson."""
    story = play(capsys, LESSON, "--profile", "rfc9293", "--profile", "client=linux-6.18", "--drop", "client:SYN")
    assert len(story.kind("send", host="client", flags="SYN")) == 2


def test_the_same_run_gives_the_same_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """No clock, no unseeded die: every number is the same the second time."""
    assert play(capsys, LESSON, "--set", "link.loss=30%") == play(capsys, LESSON, "--set", "link.loss=30%")


def test_a_segment_that_never_comes_is_worth_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The lesson sends no data, so nothing was dropped: the person is told, and the run is printed all the same."""
    assert main(["play", LESSON, "--drop", "client:data"]) == 0
    out, err = capsys.readouterr()
    assert "ESTABLISHED" in out
    assert err == "drop client:data: the run has no such segment\n"
