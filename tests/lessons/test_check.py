"""The linter runs the lesson: what it finds that no reader of the file could see."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.teach.check import check_text
from tutor.teach.reading import find_lesson

from .conftest import Spoil

EVERY = Path(__file__).parents[1] / "teach" / "data" / "every_kind.yaml"


def test_the_sound_lesson_is_sound(spoil: Spoil) -> None:
    """Else none of these tests would mean anything."""
    assert spoil() == []


# --- truth ---


def test_an_answer_that_the_engine_does_not_compute(spoil: Spoil) -> None:
    """The author is wrong about TCP."""
    said = spoil(("answer: SYN-RECEIVED", "answer: ESTABLISHED"))
    assert said == ["30:15 beats › syn › bet › answer: the engine computes another answer: SYN-RECEIVED (ESTABLISHED)"]


def test_an_event_that_never_happens(spoil: Spoil) -> None:
    """Nobody resets this connection."""
    said = spoil(("cue: client enters ESTABLISHED", "cue: client receives RST"))
    assert said == ["37:10 beats › open › cue: this never happens in the run (client receives RST)"]


def test_beats_out_of_order(spoil: Spoil) -> None:
    """The event happens, but before the beat above it."""
    said = spoil(
        ("cue: client sends SYN", "cue: server receives SYN"),
        ("host: server", "host: client"),
        ("answer: SYN-RECEIVED", "answer: ESTABLISHED"),
        ("- value: SYN-RECEIVED\n          feedback: Yes.", "- value: CLOSED\n          feedback: No."),
        ("cue: client enters ESTABLISHED", "cue: client enters SYN-SENT"),
    )
    what = "this happens before the beat syn, so the beats are out of order (client enters SYN-SENT)"
    assert said == [f"37:10 beats › open › cue: {what}"]


def test_a_bet_whose_answer_is_on_screen_already(spoil: Spoil) -> None:
    """The client enters ESTABLISHED at the very instant at which its ACK leaves."""
    said = spoil(
        ("cue: client sends SYN", "cue: client receives SYN,ACK"),
        ("asks: next-state", "asks: first"),
        ("      host: server\n", ""),
        ("answer: SYN-RECEIVED", "answer: server receives ACK"),
        ("- value: SYN-RECEIVED", "- value: server receives ACK\n          text: The ACK arrives."),
        ("- value: ESTABLISHED", "- value: client sends ACK\n          text: The ACK leaves."),
        ("cue: client enters ESTABLISHED", "cue: server enters ESTABLISHED"),
    )
    assert said == []
    said = spoil(
        ("cue: client sends SYN", "cue: start"),
        ("host: server", "host: client"),
        ("answer: SYN-RECEIVED", "answer: SYN-SENT"),
        ("- value: SYN-RECEIVED", "- value: SYN-SENT"),
    )
    assert said == ["27:7 beats › syn › bet: the answer is on screen when the bet is asked (SYN-SENT)"]


def test_two_options_that_are_both_right(spoil: Spoil) -> None:
    """A segment may be named loosely, but then only one option may fit it."""
    said = spoil(
        ("asks: next-state", "asks: next-segment"),
        ("answer: SYN-RECEIVED", "answer: SYN,ACK seq=0"),
        ("- value: SYN-RECEIVED", "- value: SYN,ACK seq=0"),
        ("- value: ESTABLISHED", "- value: SYN,ACK ack=1"),
    )
    assert said == ["27:7 beats › syn › bet › options: more than one option is right (SYN,ACK seq=0, SYN,ACK ack=1)"]


def test_a_bet_on_something_that_never_comes(spoil: Spoil) -> None:
    """The client's state does not change once it is open; there is no next one."""
    said = spoil(
        ("cue: client sends SYN", "cue: client enters ESTABLISHED"),
        ("      host: server\n", "      host: client\n"),
        ("cue: client enters ESTABLISHED\n    title: It is", "cue: end\n    title: It is"),
    )
    assert said == [
        "30:15 beats › syn › bet › answer: the run has no answer to this bet: it does not happen (SYN-RECEIVED)"
    ]


def test_a_placeholder_without_a_value(spoil: Spoil) -> None:
    """At the start there is no connection whose number could be told; the beat below has not happened yet."""
    before = "  - id: before\n    cue: start\n    title: Before\n    words: It counts from {client.isn}.\n"
    assert spoil(("  - id: syn\n", before + "  - id: syn\n")) == [
        "25:12 beats › before › words: this placeholder has no value at this moment of the run (client.isn)"
    ]
    assert spoil(("{link.delay}", "{since.open}")) == [
        "25:12 beats › syn › words: this placeholder has no value at this moment of the run (since.open)"
    ]


@pytest.mark.ci
def test_a_run_without_end(spoil: Spoil) -> None:
    """Programs that talk for ever are stopped by the limit of events, and told."""
    said = spoil(
        ("      - accept", "      - accept\n      - after 10ms write 1\n      - repeat 3"),
        ("      - connect server:80", "      - connect server:80\n      - read\n      - repeat 2"),
    )
    assert said == ["1:1 until: the run does not come to an end"]


def test_the_same_lesson_may_be_false_under_other_rules(spoil: Spoil) -> None:
    """Under the RFC TIME-WAIT lasts 240 s (2 MSL), on Linux 60 s: a typed answer holds for one of them only."""
    closing = ("      - connect server:80", "      - connect server:80\n      - close")
    serving = ("      - accept", "      - accept\n      - when peer-closed close")
    bet = [
        ("asks: next-state\n      host: server", "asks: time\n      when: client leaves TIME-WAIT"),
        ("cue: client sends SYN", "cue: client enters TIME-WAIT"),
        ("answer: SYN-RECEIVED", "answer: 240s"),
        ("- value: SYN-RECEIVED", "- value: 240s"),
        ("- value: ESTABLISHED", "- value: link.rtt"),
        ("cue: client enters ESTABLISHED\n    title: It is", "cue: client enters CLOSED\n    title: It is"),
    ]
    assert spoil(closing, serving, *bet, profile="rfc9293") == []
    said = spoil(closing, serving, *bet, profile="linux-6.18")
    assert [line.partition(": ")[2] for line in said] == ["the engine computes another answer: 1 min (240s)"]


# --- vocabulary ---


def test_one_misspelling_is_one_error_wherever_it_stands(spoil: Spoil) -> None:
    """Each is mended for the rest of the check, so nothing follows from it."""
    assert spoil(("host: server", "host: sever")) == ["28:13 beats › syn › bet › host: there is no such host (sever)"]
    assert spoil(("      - listen 80", "      - lisen 80")) == [
        "17:9 hosts › server › program › 1: this is not a line of a program (lisen)"
    ]
    assert spoil(("connect server:80", "connect sever:80")) == [
        "12:17 hosts › client › program › 1: this is not a line of a program (sever)"
    ]
    assert spoil(("cue: client sends SYN", "cue: client sends SYM")) == [
        "23:23 beats › syn › cue: this is not an event of a run (SYM)"
    ]
    assert spoil(("answer: SYN-RECEIVED", "answer: SYN-RECIEVED")) == [
        "30:15 beats › syn › bet › answer: the answer is not one of the options (SYN-RECIEVED)"
    ]
    assert spoil(("- value: ESTABLISHED", "- value: ESTABLISHT")) == [
        "34:18 beats › syn › bet › options › ESTABLISHT: this is not a state (ESTABLISHT)"
    ]
    assert spoil(("asks: next-state", "asks: next-sate")) == [
        "27:13 beats › syn › bet: this word is not known here (next-sate)"
    ]


def test_what_cannot_be_mended_stops_the_run_and_nothing_else(spoil: Spoil) -> None:
    """Without a known delay no time can be checked; but the typed number below is found all the same."""
    said = spoil(("delay: 50ms", "delay: soon"), ("After {time}.", "After 100 ms."))
    assert said == [
        "20:10 link › delay: the link cannot have this value (soon)",
        "39:18 beats › open › words: a number with a unit is typed into the words (100 ms)",
    ]


def test_settings_profiles_and_ends_are_known_or_not(spoil: Spoil) -> None:
    """Every name that the world owns is checked by the world."""
    assert spoil(("link:\n", "until: for ever\nlink:\n")) == ["19:8 until: this is not a time (for ever)"]
    assert spoil(("link:\n", "profile: linux-6.81\nlink:\n")) == ["19:10 profile: no such profile (linux-6.81)"]
    assert spoil(("    isn: 5000\n", "    isn: 5000\n    sysctls: {tcp_syn_retries: many}\n")) == [
        "16:32 hosts › server › sysctls › tcp_syn_retries: the setting cannot have this value (many)"
    ]


def test_a_beat_has_one_id_and_one_question(spoil: Spoil) -> None:
    """Two beats of one name could not be translated; a bet and a question could not both be answered."""
    assert spoil(("id: open", "id: syn")) == ["36:9 beats › syn: another beat or check has this id (syn)"]
    question = "    question: {asks: choice, prompt: Why?, answer: a, options: [{value: a, text: A}, {value: b, text: B, feedback: No.}]}\n"
    said = spoil(("    bet:\n", question + "    bet:\n"))
    assert said == ["26:15 beats › syn: a beat has a bet or a question, not both"]


def test_options_are_different_and_can_be_shown(spoil: Spoil) -> None:
    """The same state twice in two spellings is still the same; a cue needs words."""
    assert spoil(("- value: ESTABLISHED", "- value: SYN_RCVD")) == [
        "34:18 beats › syn › bet › options: the same option twice (SYN_RCVD)"
    ]
    said = spoil(
        ("asks: next-state\n      host: server", "asks: first"),
        ("answer: SYN-RECEIVED", "answer: server sends SYN,ACK"),
        ("- value: SYN-RECEIVED", "- value: server sends SYN,ACK"),
        ("- value: ESTABLISHED", "- value: server sends RST"),
    )
    assert [line.partition(": ")[2] for line in said] == ["this option needs a text to be shown"] * 2


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("was", "then", "said"),
    [
        ("holds: client sends SYN}", "holds: client sends SYN}", None),
        (
            "holds: client sends SYN}", "holds: client sends RST}",
            "options › a › holds: this does not hold in the run, and the answer is said to be right (client sends RST)",
        ),
        (
            "holds: client receives RST}", "holds: not client receives RST}",
            "options › c › holds: this holds in the run, and the answer is said to be wrong (not client receives RST)",
        ),
        ("answers: [a, b]", "answers: [a, c]", "options › b › holds: this holds in the run, and the answer is said"),
        ("holds: client sends SYN}", "holds: client sneds SYN}", "options › a › holds: this is not an event"),
        ("holds: client sends SYN}", "holds: client sends SYN before client sends ACK}", None),
        ("holds: client sends SYN}", "holds: not client sends ACK before client sends SYN}", None),
        (
            "holds: client sends SYN}", "holds: client sends ACK before client sends SYN}",
            "options › a › holds: this does not hold in the run, and the answer is said to be right",
        ),
        (
            "holds: client sends SYN}", "holds: client sends SYN before client sends RST}",
            "options › a › holds: this does not hold in the run, and the answer is said to be right",
        ),
        ("holds: client sends SYN}", "holds: client sends SYN before client sneds}", "a › holds: this is not an event"),
        ("holds: client sends SYN}", "holds: end before end before end}", "a › holds: this is not an event"),
    ],
)  # fmt: skip
def test_an_answer_to_a_question_says_what_holds_in_the_run(was: str, then: str, said: str | None) -> None:
    """If it is right it holds, if it is wrong it does not; "not" turns it round, "before" wants both, in that order."""
    text = EVERY.read_text(encoding="utf-8").replace(was, then)
    found = [f"{error.where}: {error.what} ({error.found})" for error in check_text(text, EVERY)]
    if said is None:
        assert found == []
    else:
        assert any(said in each for each in found), found


def test_a_bet_needs_no_proof(spoil: Spoil) -> None:
    """Its answer is the engine's."""
    said = spoil(("- value: SYN-RECEIVED\n", "- value: SYN-RECEIVED\n          holds: client sends SYN\n"))
    assert [each.partition(": ")[2] for each in said] == [
        "the engine finds this answer by itself; allowed: there, with a run that it plays (client sends SYN)"
    ]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "was", "then", "value", "shown"),
    [
        ("04-syn-lost", "tcp_syn_linear_timeouts 1]", "tcp_syn_linear_timeouts 2]", "3 * phone.initial_rto", "2 s"),
        ("16-fin-wait-2-orphan", "tcp_fin_timeout 30]", "tcp_fin_timeout 45]", "30s", "45 s"),
        ("28-keepalive", "tcp_keepalive_time 75]", "tcp_keepalive_time 5000]", "75s", "1 h 23 min 20 s"),
    ],
)
def test_a_wrong_time_is_right_where_it_says_so(name: str, was: str, then: str, value: str, shown: str) -> None:
    """ "So long it takes with another setting: play that" is held to it: one number in the run is changed, and it lies."""
    path = find_lesson(name)
    text = path.read_text(encoding="utf-8")
    assert text.count(was) == 1
    (error,) = check_text(text.replace(was, then), path)
    assert error.what == "in the run that this answer plays it is not the right one either"
    assert (error.found, error.hint) == (value, f"there it is: {shown}")


def test_a_table_is_known_by_words_of_its_own(spoil: Spoil) -> None:
    """They stand in one of its lines, one after the other, and in no other table on offer."""
    table = (
        ("asks: next-state", "asks: table"),
        ("host: server\n", "host: server\n      when: server enters SYN-RECEIVED\n"),
        ("answer: SYN-RECEIVED", "answer: own"),
    )

    def said(own: str, other: str) -> list[str]:
        plays = "          plays: {at: start, watch: server enters ESTABLISHED}\n"
        options = (
            ("- value: SYN-RECEIVED\n", f"- value: own\n          holds: {own}\n"),
            ("- value: ESTABLISHED\n", f"- value: other\n          holds: {other}\n{plays}"),
        )
        return [line.partition(" › options › ")[2] for line in spoil(*table, *options)]

    assert said("SYN-RECV 0 0", "ESTAB 0 0") == []
    assert said("SYN-RECV 0 1", "ESTAB 0 0") == ["own › holds: no line of this table has these words (SYN-RECV 0 1)"]
    assert said("SYN-RECV", "LISTEN 0") == ["other › holds: this stands in another option's table as well (LISTEN 0)"]


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("there server sends FIN 2", None),
        ("there not server sends FIN 2", "this does not hold in the run, and the answer is said to be right"),
        ("server sends FIN 2", "this does not hold in the run, and the answer is said to be right"),
        ("there server sneds FIN", "this is not an event of a run"),
    ],
)
def test_what_holds_may_be_looked_for_in_the_run_that_an_answer_plays(claim: str, said: str | None) -> None:
    """After "there" it is that run, not the lesson's own."""
    plays = 'plays: {at: mend, acts: ["drop client:ACK"], watch: server sends FIN 2}'
    text = EVERY.read_text(encoding="utf-8").replace("holds: client sends SYN}", f"holds: {claim}, {plays}}}")
    found = [error.what for error in check_text(text, EVERY)]
    assert found == ([said] if said is not None else [])


def test_there_is_no_there_without_a_run() -> None:
    """An author who says "there" and plays nothing is told so."""
    text = EVERY.read_text(encoding="utf-8").replace("holds: client sends SYN}", "holds: there client sends SYN}")
    assert [error.what for error in check_text(text, EVERY)] == [
        "this answer plays no run in which it could hold (plays)"
    ]
