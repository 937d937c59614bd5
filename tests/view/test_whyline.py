"""The why line: every event in one good sentence, with the engine's own reason, in both languages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.view.scenes import BUSY, CALL_AND_CLOSE, trace
from tests.world.stage import PROFILES, run
from tutor.tcp.reasons import Reason
from tutor.tcp.transitions import TRANSITIONS, Edge
from tutor.view.phrases import spaced
from tutor.view.whose import Whose
from tutor.view.whyline import HEAD_ONLY, REFUSING, WAITING, Why, why, why_step
from tutor.words import ALL_REASONS, LANGUAGES, Words
from tutor.world.records import Acted, Arrived, Because, Record, Sent
from tutor.world.trace import Trace
from tutor.world.transcript import parse_story

ALONE = """
    host client 10.0.0.1 linux-6.18 isn=1000
    host server 10.0.0.2 linux-6.18 isn=5000
      listen 80 backlog=5
      accept
    link client server delay=50ms
    until 1min
"""
"""A listener that nobody calls."""

CALLS = "      socket nonblock=yes\n      connect server:80\n"
QUEUED = ALONE.replace("      accept\n", "").replace("    host server", f"{CALLS}{CALLS}    host server")
"""Two who have called a listener that never accepts."""

STORIES = sorted((Path(__file__).resolve().parent.parent / "stories").glob("*.txt"))
EN = Words("en")


def sentences(run: Trace, words: Words = EN) -> list[Why]:
    """What is said of each step that something is said of."""
    said = [why_step(step.records, words) for step in run.steps]
    return [why for why in said if why.sentence]


@cache
def played(path: Path) -> Trace:
    """The run of a story."""
    return Trace.of(parse_story(path.read_text(encoding="utf-8"), PROFILES).scenario)


def an_arrival() -> tuple[Arrived, Sent]:
    """A SYN that arrives, and what it is answered with."""
    records = [record for _, record in trace().records()]
    arrived = next(record for record in records if isinstance(record, Arrived))
    return arrived, next(record for record in records if isinstance(record, Sent) and record.host == arrived.host)


def because(name: str, host: str, edge: str | None = None) -> Because:
    """A reason with something in each of its places."""
    places = re.findall(r"{(\w+)}", ALL_REASONS[name].sentence)
    return Because(0, host, "client:40000>server:80", Reason(name, tuple((place, 7) for place in places)), edge)


def clumsy(sentence: str) -> str:
    """What is wrong with the way a sentence is put together; "" if nothing is."""
    body = re.split(r" \(|（", sentence)[0]
    faults = {
        "empty": not sentence.strip(),
        "a place is not filled": bool(re.search(r"[{}]", sentence)),
        "a None": "None" in sentence,
        "two stops": bool(re.search(r"\.\.|。。|[.。][:：,，]|: :|,,|  ", sentence)),
        "no stop": not sentence.endswith((".", "。")),
        "two colons in a row": body.count(": ") + body.count("：") > 1 and "—" not in body,
    }
    return ", ".join(fault for fault, is_so in faults.items() if is_so)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(ALL_REASONS))
def test_every_reason_makes_a_sentence_with_its_clause(name: str, lang: str) -> None:
    """A segment arrives and this is why something is done, or not: with an answer and without."""
    words, (arrived, answer) = Words(lang), an_arrival()
    given = because(name, arrived.host)
    for records in ((arrived, given), (arrived, given, answer)):
        said = why_step(records, words)
        assert clumsy(said.sentence) == "", said
        if name in WAITING and len(records) == 3:
            continue  # it has sent all the same
        assert said.clauses == (ALL_REASONS[name].clause,)
        assert words.reason_clause(given.reason) in said.sentence
        assert spaced(words.reason(given.reason), words) in said.sentence or name in HEAD_ONLY
        assert said.is_refusal == (name in REFUSING)


@pytest.mark.parametrize("edge", TRANSITIONS, ids=lambda edge: edge.id)
def test_an_edge_is_told_with_its_own_clause(edge: Edge) -> None:
    """One reason serves many edges (whoever acknowledges our FIN, in whatever state): each edge has its clause."""
    reason = Reason(edge.reason, (("edge", edge.id),))
    arrived, _ = an_arrival()
    said = why_step((arrived, Because(0, arrived.host, "client:40000>server:80", reason, edge.id)), EN)
    assert said.clauses == (edge.clause,)
    assert EN.section(edge.clause) in said.sentence


def test_the_clause_that_is_read_out_is_the_one_that_the_sentence_names() -> None:
    """A close, moment by moment: LAST-ACK ends by its own sentence, FIN-WAIT-2 by the peer's FIN."""
    told = {clause: said for said in sentences(trace()) for clause in said.clauses}
    assert {"ack-fin-wait-1", "fin-established", "fin-fin-wait-2", "ack-last-ack"} <= set(told)
    assert all(EN.section(clause) in said.sentence for clause, said in told.items())


def test_every_reason_that_is_named_here_exists() -> None:
    """A reason that is renamed must not silently lose its place in these lists."""
    assert set(ALL_REASONS) >= REFUSING | WAITING | HEAD_ONLY


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_is_told_without_an_empty_or_clumsy_line(path: Path, lang: str) -> None:
    """Every step of every story that does anything visible has its sentence."""
    for step in played(path).steps[1:]:
        said = why_step(step.records, Words(lang)).sentence
        assert clumsy(said) == "", f"{step.records}: {said!r}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_much_at_once_is_told_too(lang: str) -> None:
    """Losses, repetitions, duplicates, corruption."""
    assert [said.sentence for said in sentences(trace(BUSY), Words(lang)) if clumsy(said.sentence)] == []


def test_a_handshake_reads_like_a_story() -> None:
    """Who, what set it off, what came of it, and why."""
    told = [said.sentence for said in sentences(trace())]
    assert told[1].startswith("The client calls connect(), enters SYN-SENT and sends a SYN: the program asked for")
    assert told[3].startswith("The server receives a SYN, enters SYN-RCVD and answers with a SYN+ACK: a SYN asks the")
    assert told[3].endswith("(RFC 9293 section 3.10.7.2).")
    assert told[4].startswith(
        "The client receives a SYN+ACK, enters ESTABLISHED and answers with an ACK — the peer has"
    )
    assert told[5] == "The client writes and sends 100 octets."


def test_a_challenge_is_called_by_its_name() -> None:
    """RFC 5961: a RST inside the window, but not at RCV.NXT."""
    here = run(CALL_AND_CLOSE, "at 0.5s inject client>server RST seq=500")
    said = next(said for said in sentences(here) if "challenge" in said.sentence)
    assert said.is_refusal
    assert said.sentence.startswith("The server answers a forged RST with a challenge ACK")
    assert said.sentence.endswith("(RFC 5961 section 3.2).")


def test_what_was_refused_is_told_and_why() -> None:
    """Nobody listens: the SYN is answered with a RST, and the call fails."""
    here = run("""
        host client 10.0.0.1 linux-6.18
          connect server:80
        host server 10.0.0.2 linux-6.18
        link client server delay=50ms
        until 1min
    """)
    refused, failed = sentences(here)[1:3]
    assert refused.sentence.startswith("The server answers a SYN with a RST+ACK: no connection here knows this segment")
    assert refused.is_refusal
    assert "reports ECONNREFUSED to connect()" in failed.sentence


def test_a_hand_that_is_refused_is_told_why() -> None:
    """An act that cannot be done is a refusal."""
    acted: Record = Acted(0, "", "mend link", Reason("whole-already"))
    said = why_step((acted,), EN)
    assert said.is_refusal
    assert said.sentence == "This cannot be done by hand: the cable is mended — the link is whole already."


@pytest.mark.parametrize(
    ("segment", "wrong"),
    [
        ("SYN seq=500", "a SYN inside a connection must be old or forged;"),
        ("ACK seq=101 ack=5000", "acknowledges something not yet sent;"),
        ("ACK seq=900000 ack=1", "lies outside the receive window;"),
    ],
)
def test_silence_is_told_with_its_reason(segment: str, wrong: str) -> None:
    """The second invalid segment within half a second: what is wrong with it, and why nothing answers it."""
    here = run(
        CALL_AND_CLOSE.replace("rfc9293", "linux-6.18"),
        *(f"at {when}s inject client>server {segment}" for when in (0.5, 0.6)),
    )
    answered, silent = [said for said in sentences(here) if said.is_refusal]
    assert answered.sentence.startswith("The server answers a forged")
    assert silent.sentence.startswith("The server ignores a forged")
    assert f"{wrong} no answer: another invalid segment was answered a moment ago" in silent.sentence
    assert silent.sentence.endswith("; RFC 5961 section 7).")
    assert "prove it" not in silent.sentence
    assert silent.clauses[-1] == "challenge-limit"


@pytest.mark.parametrize(
    ("text", "acts", "said"),
    [
        (
            CALL_AND_CLOSE, ("client shutdown write",),
            "By hand: the client calls shutdown(write), enters FIN-WAIT-1 and sends a FIN+ACK — the program has no",
        ),
        (
            CALL_AND_CLOSE, ("client setsockopt SO_LINGER 0", "client close"),
            "By hand: the client calls close(), enters CLOSED and sends a RST — the program threw the connection",
        ),
        (CALL_AND_CLOSE, ("client write 7",), "By hand: the client writes and sends 7 octets."),
        (QUEUED, ("server close on=server:80",), "enters CLOSED and resets 2 connections — no program will ever"),
        (ALONE, ("server close on=server:80",), "and reports EINVAL to accept() — the program waits for connections"),
        (CALL_AND_CLOSE, ("inject client>server SYN seq=500",), "By hand: a forged SYN goes from the client to the"),
    ],
)  # fmt: skip
def test_a_deed_is_told_with_what_came_of_it(text: str, acts: tuple[str, ...], said: str) -> None:
    """States that were entered, segments that left, connections that were reset; and the true reason."""
    here = run(text, *(f"at 0.5s {act}" for act in acts))
    (step,) = [
        step for step in here.steps if any(isinstance(each, Acted) and acts[-1] in each.text for each in step.records)
    ]
    told = why_step(step.records, EN, here).sentence
    assert said in told
    assert clumsy(told) == clumsy(why_step(step.records, Words("zh"), here).sentence) == ""


def test_bookkeeping_says_nothing() -> None:
    """A step without a word of its own leaves the last sentence standing."""
    assert why_step((), EN) == Why("")


def test_at_the_beginning_nothing_has_happened() -> None:
    """Before the first event there is a sentence, too."""
    quiet = run("""
        host client 10.0.0.1 rfc9293 isn=1000
        host server 10.0.0.2 rfc9293 isn=5000
        link client server delay=50ms
        until 1min
    """)
    assert why(quiet, 0, EN).sentence == "Nothing has happened yet."


def test_it_never_speaks_of_what_comes() -> None:
    """Two runs that differ after a moment say the same at that moment."""
    plain = trace()
    for time in sorted({step.at for step in plain.steps}):
        other = trace(CALL_AND_CLOSE, (time + 1, "crash server"))
        assert why(plain, time, EN) == why(other, time, EN)


def test_of_one_instant_the_event_with_the_best_reason_is_told() -> None:
    """At 0 s one listens, one calls, one waits in accept(): an edge is worth more than waiting."""
    assert "enters" in why(trace(), 0, EN).sentence


def test_what_a_run_came_with_is_nobodys_hand() -> None:
    """A call before the moves is the earlier connection's, a later one plain; what somebody does besides, by hand."""
    acts = ("client write 7", "server close")
    here = run(CALL_AND_CLOSE, *(f"at 0.5s {act}" for act in acts))
    at = {record.text: record.at for step in here.steps for record in step.records if isinstance(record, Acted)}

    def told(text: str, whose: Whose, words: Words = EN) -> str:
        return next(
            why_step(step.records, words, here, whose).sentence
            for step in here.steps
            if any(isinstance(record, Acted) and record.text == text for record in step.records)
        )

    own = frozenset({(at[acts[0]], acts[0])})
    assert told(acts[0], Whose(own, 10_000_000)).startswith("Earlier connection: the client writes")
    assert told(acts[0], Whose(own)).startswith("The client writes")
    assert told(acts[1], Whose(own)).startswith("By hand: the server")
    assert told(acts[0], Whose(own, 10_000_000), Words("zh")).startswith("先前的连接：")
