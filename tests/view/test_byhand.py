"""What hands did, said in words: no one-line form, in any language."""

from __future__ import annotations

import re

import pytest

from tests.view.scenes import trace
from tests.world.stage import CALL_AND_CLOSE, timeline
from tutor.view.announce import announce_step
from tutor.view.branches import FIRST_RUN, Tree, branches
from tutor.view.byhand import armed, capitalised, deed
from tutor.view.marks import Text
from tutor.view.phrases import spaced
from tutor.view.theme import Look
from tutor.view.whyline import why, why_step
from tutor.words import Words
from tutor.world.acts import CALLS, EDITS, HANDS, ON_SEGMENTS, parse_act
from tutor.world.desk import Rule
from tutor.world.records import Acted
from tutor.world.targets import parse_target
from tutor.world.time import MS, SECOND

EN, ZH = Words("en"), Words("zh")

LINES = {
    "drop #1": "the SYN of the client is dropped",
    "drop *:any": "the next segment is dropped",
    "swap *:any": "the next segment is overtaken by the next one",
    "delay client:any 1s": "the next segment of the client is delayed by 1s",
    "corrupt server:SYN,ACK:3": "the next SYN+ACK of the server, number 3 from now, is corrupted",
    "duplicate client:data": "the next segment with data of the client is duplicated",
    "disarm drop *:any": "taken back: the next segment is dropped",
    "cut link": "the cable is cut",
    "mend link": "the cable is mended",
    "crash client": "the client crashes",
    "reboot client programs=yes": "the client starts again",
    "set client.tcp_syn_retries 2": "tcp_syn_retries of the client is set to 2",
    "set client.net.ipv4.tcp_syn_retries 2": "tcp_syn_retries of the client is set to 2",
    "set link.delay 400ms": "delay of the link is set to 400ms",
    "set link.server.loss 1": "loss of the link from the server is set to 1",
    "what-if client.msl_us 5s": "what if msl_us of the client were 5s",
    "client connect server:80": "the client calls connect(server:80)",
    "server close": "the server calls close()",
    "program client 2 replace shutdown write": "line 2 of the program of the client is “shutdown write” now",
    "program client 2 insert abort": "line 2 of the program of the client has “abort” before it",
    "program client/2 3 forget": "line 3 of the program of the client is forgotten",
    "inject client>server RST seq=1": "a forged RST goes from the client to the server",
    "icmp client hard": "an ICMP report reaches the client",
    "profile client rfc9293": "the client runs rfc9293",
    "variant two-way": "everybody speaks a broken TCP: two-way handshake",
    "variant none": "everybody speaks TCP as it should be",
    "wait 1s": "1s go by",
}


@pytest.mark.parametrize("line", LINES)
def test_every_act_has_a_sentence(line: str) -> None:
    """In English as it is written here; in Chinese another one, which names the same numbers."""
    run = trace()
    assert deed(line, EN, run) == LINES[line]
    other = deed(line, ZH, run)
    assert re.search(r"[\u4e00-\u9fff]", other)
    for said in (other, deed(line, EN, run, is_brief=True), deed(line, ZH, run, is_brief=True)):
        assert line not in said
        assert not re.search(r"[#*{}]|:any|None", said)


def test_no_act_was_forgotten() -> None:
    """Whatever a hand can do to hosts, links, segments and programs is among the lines above."""
    acts = [parse_act(line) for line in LINES]
    assert {act.name for act in acts} >= set(HANDS) | set(ON_SEGMENTS)
    assert {act.args[2] for act in acts if act.name == "program"} == set(EDITS)
    assert any(act.name in CALLS for act in acts)


@pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])
def test_why_line_list_of_events_and_futures_speak_in_sentences(words: Words) -> None:
    """The same deed on three panels, and on none of them as it would be typed."""
    line = timeline(CALL_AND_CLOSE).fork(0, 10 * MS, parse_act("drop #1")).fork(1, 2 * SECOND, parse_act("cut link"))
    for number, typed in ((1, "drop #1"), (2, "cut link")):
        made = line.branch(number)
        step = next(step for step in made.trace.steps if any(isinstance(each, Acted) for each in step.records))
        said = [why_step(step.records, words, made.trace).sentence, announce_step(step.records, words, made.trace)]
        said.append(why(made.trace, made.at, words).sentence)
        tree = Tree(line, line.in_order(), 0, number, road_name=FIRST_RUN)
        picture = branches(tree, SECOND, (700.0, 240.0), Look(words=words))
        said += [mark.text for mark in picture.marks() if isinstance(mark, Text)]
        assert not [text for text in said if typed in text or "#" in text]
        assert "The lesson's road" not in said


def test_what_is_armed_is_said_in_words() -> None:
    """The newest first, in either language; the rest of a count too."""
    targets = {"drop": "*:any", "delay": "client:any", "corrupt": "server:SYN,ACK:3"}
    rules = tuple(Rule(name, parse_target(target)) for name, target in targets.items())
    assert armed(rules, EN) == (
        "Armed: the next SYN+ACK of the server, number 3 from now, is corrupted",
        "Armed: the next segment of the client is delayed",
        "Armed: the next segment is dropped",
    )
    assert armed(rules, ZH)[2] == "预设：下一个报文段将被丢弃"
    assert armed((), EN) == ()


def test_a_chinese_sentence_begins_as_it_is_written() -> None:
    """A host is called as it is called, also at the beginning; after a full-width stop there is no space."""
    assert capitalised("forger 的程序略去第 2 行") == "forger 的程序略去第 2 行"
    assert capitalised("forger sends a RST") == "Forger sends a RST"
    assert spaced("从头开始： forger 崩溃， 然后 重启", Words("zh")) == "从头开始：forger 崩溃，然后重启"
