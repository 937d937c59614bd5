"""The laboratory's runs: what their words suggest has an effect there."""

from __future__ import annotations

import pytest

from tutor import resources
from tutor.tcp.segment import RST
from tutor.teach.reading import load_lesson
from tutor.teach.stage import scenario_of
from tutor.world.acts import parse_act
from tutor.world.beginning import begin
from tutor.world.records import Because, Sent
from tutor.world.trace import Trace


def queue(*acts: str) -> Trace:
    """The run of the slow listener, with acts at its start."""
    lesson = load_lesson(resources.assets_dir() / "laboratory" / "lab-3-queue")
    scenario = scenario_of(lesson, acts=[(0, parse_act(act)) for act in acts])
    return Trace(begin(scenario), scenario.until)


@pytest.mark.parametrize(("setting", "resets"), [("0", 0), ("1", 1)])
def test_the_third_caller_finds_the_accept_queue_full_after_its_handshake(setting: str, resets: int) -> None:
    """With tcp_abort_on_overflow its last ACK is answered with a RST; without, it believes that it is connected."""
    records = [record for _, record in queue(f"set server.tcp_abort_on_overflow {setting}").records()]
    sent = [each for each in records if isinstance(each, Sent) and each.host == "server"]
    assert sum(bool(each.flight.segment.flags & RST) for each in sent) == resets
    reasons = {each.reason.id for each in records if isinstance(each, Because)}
    assert ("accept-queue-full-rst" if resets else "accept-queue-full-ack") in reasons
    assert "cookie-sent" not in reasons, "cookies would take the setting's place"
