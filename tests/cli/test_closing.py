"""``play 13-four-way-close --json``: who ends in TIME-WAIT, for how long, and what a lost last ACK does."""

from __future__ import annotations

import pytest

from tests.cli.stories import Story, play

LESSON = "13-four-way-close"
TWO_MSL = 240.0
"""RFC 9293 section 3.4.1: MSL is 2 minutes."""


def _active(story: Story) -> str:
    return str(story.kind("state", to="FIN-WAIT-1")[0]["host"])


def test_the_active_side_waits_and_the_passive_side_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    """FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT, CLOSED after 2 MSL; CLOSE-WAIT, LAST-ACK, CLOSED at once."""
    story = play(capsys, LESSON, "--profile", "rfc9293")
    active = _active(story)
    passive = "server" if active == "client" else "client"
    assert story.states(active)[-4:] == [
        "ESTABLISHED FIN-WAIT-1",
        "FIN-WAIT-1 FIN-WAIT-2",
        "FIN-WAIT-2 TIME-WAIT",
        "TIME-WAIT CLOSED",
    ]
    assert story.states(passive)[-3:] == ["ESTABLISHED CLOSE-WAIT", "CLOSE-WAIT LAST-ACK", "LAST-ACK CLOSED"]
    entered, left = (
        story.times("state", host=active, **end)[0] for end in ({"to": "TIME-WAIT"}, {"from": "TIME-WAIT"})
    )
    assert left - entered == pytest.approx(TWO_MSL)


def test_a_lost_last_ack_brings_the_fin_again_and_2_msl_starts_anew(capsys: pytest.CaptureFixture[str]) -> None:
    """The last ACK is the active side's last segment; its loss costs the passive side one RTO and nothing else."""
    story = play(capsys, LESSON, "--profile", "rfc9293")
    active = _active(story)
    acks = story.kind("send", host=active, flags="ACK", len=0)
    nth = len(acks)
    lossy = play(capsys, LESSON, "--profile", "rfc9293", "--drop", f"{active}:ACK:{nth}")
    fins = [line for line in lossy.kind("send") if "FIN" in line["flags"] and line["host"] != active]
    assert [line["retransmission"] for line in fins] == [False, True]
    again = next(line["t"] for line in lossy.kind("arrive", id=fins[1]["id"]))
    assert lossy.times("state", host=active, to="CLOSED")[-1] - again == pytest.approx(TWO_MSL)
    assert "TIME-WAIT TIME-WAIT" in lossy.states(active)


def test_linux_waits_for_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    """TIME-WAIT is 60 s there and not tunable."""
    story = play(capsys, LESSON, "--profile", "linux-6.18")
    active = _active(story)
    entered, left = (
        story.times("state", host=active, **end)[0] for end in ({"to": "TIME-WAIT"}, {"from": "TIME-WAIT"})
    )
    assert left - entered == pytest.approx(60.0)
