"""--json: one object a line, in order of time, as the committed schema has it."""

from __future__ import annotations

import json

import pytest

from tests.cli.schema import faults
from tests.cli.stories import play
from tutor import resources
from tutor.exchange.jsonlines import VERSION
from tutor.tcp.states import State
from tutor.tcp.tcb import TIMERS
from tutor.world.records import FATES

SCHEMA = json.loads(resources.asset_text(f"schema/trace-{VERSION}.json"))

RUNS = [
    ["01-three-way-handshake"],
    ["01-three-way-handshake", "--drop", "client:SYN", "--duplicate", "server:SYN,ACK"],
    ["13-four-way-close", "--profile", "rfc9293"],
    ["13-four-way-close", "--set", "link.loss=20%", "--set", "link.corruption=10%", "--until", "60"],
    ["01-three-way-handshake", "--variant", "two-way", "--properties"],
    ["13-four-way-close", "--act", "0.12 client abort", "--act", "0.2 server write 10"],
]


@pytest.mark.parametrize("arguments", RUNS, ids=" ".join)
def test_every_line_is_as_the_schema_has_it(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads the lines with the schema in hand is never surprised."""
    story = play(capsys, *arguments)
    assert story.lines
    wrong = [fault for line in story.lines for fault in faults(line, SCHEMA["$defs"][line["kind"]], SCHEMA)]
    assert wrong == []
    unknown = {key for line in story.lines for key in line if key not in SCHEMA["$defs"][line["kind"]]["properties"]}
    assert unknown == set(), "a new key belongs into the schema too"


@pytest.mark.parametrize("arguments", RUNS, ids=" ".join)
def test_the_lines_are_in_order_of_time(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """And a send comes before its arrivals, at the times it promises."""
    story = play(capsys, *arguments)
    times = [line["t"] for line in story.lines]
    assert times == sorted(times)
    for line in story.kind("arrive"):
        sent = story.kind("send", id=line["id"])[0]
        assert sent["t"] <= sent["arrives"] <= line["t"]


def test_a_send_has_the_keys_that_were_promised(capsys: pytest.CaptureFixture[str]) -> None:
    """The first line about a segment, as the documentation shows it."""
    sent = play(capsys, "01-three-way-handshake").kind("send")[0]
    assert list(sent) == [
        *("t", "kind", "host", "connection", "id", "flags", "seq", "ack", "seq_abs", "ack_abs", "len", "win"),
        *("options", "retransmission", "arrives", "fate", "v"),
    ]
    assert (sent["flags"], sent["seq"], sent["ack"], sent["len"], sent["v"]) == ("SYN", 0, None, 0, VERSION)


def test_the_schema_speaks_of_the_same_states_timers_and_fates_as_the_engine() -> None:
    """Two lists of one thing are held together by a test."""
    definitions = SCHEMA["$defs"]
    assert definitions["tcp-state"]["enum"] == [str(state) for state in State]
    assert set(TIMERS) <= set(definitions["timer"]["properties"]["timer"]["enum"])
    assert definitions["send"]["properties"]["fate"]["enum"] == list(FATES)


def test_an_act_that_loses_a_segment_in_flight_shows_in_its_send_line(capsys: pytest.CaptureFixture[str]) -> None:
    """fate and arrives are what became of it in the end: here the cable is cut when it is half way."""
    story = play(capsys, "01-three-way-handshake", "--act", "0.01 cut link", "--until", "0.5")
    sent = story.kind("send", flags="SYN")[0]
    assert (sent["fate"], sent["arrives"]) == ("cut", None)
    assert not story.kind("arrive", id=sent["id"])
