"""TRANSITIONS: the table, the RFC's figure, and a way across every edge of every rule set."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.tcp.builders import (
    BY_STATE,
    IRS,
    ISS,
    PEER,
    SECOND,
    End,
    close_wait,
    closing,
    crossed,
    established,
    fin_wait_1,
    fin_wait_2,
    last_ack,
    listening,
    no_connection,
    rules,
    syn_received,
    syn_sent,
    time_wait,
)
from tutor.tcp.clauses import CLAUSES
from tutor.tcp.events import Send
from tutor.tcp.profile import Profile
from tutor.tcp.reasons import REASONS
from tutor.tcp.states import State, parse
from tutor.tcp.tcb import move
from tutor.tcp.transitions import EDGES, EVERYWHERE, SEQUENCES, TRANSITIONS, rule_set

Story = Callable[[Profile], object]

# --- the table itself ---

FIGURE_5 = """
    CLOSED > LISTEN, CLOSED > SYN-SENT, LISTEN > SYN-RECEIVED, LISTEN > SYN-SENT, LISTEN > CLOSED,
    SYN-SENT > CLOSED, SYN-SENT > SYN-RECEIVED, SYN-SENT > ESTABLISHED, SYN-RECEIVED > ESTABLISHED,
    SYN-RECEIVED > FIN-WAIT-1, ESTABLISHED > FIN-WAIT-1, ESTABLISHED > CLOSE-WAIT, FIN-WAIT-1 > FIN-WAIT-2,
    FIN-WAIT-1 > CLOSING, FIN-WAIT-2 > TIME-WAIT, CLOSING > TIME-WAIT, CLOSE-WAIT > LAST-ACK, LAST-ACK > CLOSED,
    TIME-WAIT > CLOSED
"""
NOTES_1_AND_2 = "SYN-RECEIVED > LISTEN, FIN-WAIT-1 > TIME-WAIT"
ENDED_BY_RST_ABORT_OR_TIMEOUT = """
    SYN-RECEIVED > CLOSED, ESTABLISHED > CLOSED, FIN-WAIT-1 > CLOSED, FIN-WAIT-2 > CLOSED, CLOSE-WAIT > CLOSED,
    CLOSING > CLOSED
"""
TIME_WAIT_RESTARTED_AND_REOPENED = "TIME-WAIT > TIME-WAIT, TIME-WAIT > SYN-RECEIVED"
NOTE_3 = """
    SYN-RECEIVED > TIME-WAIT, ESTABLISHED > TIME-WAIT, FIN-WAIT-1 > TIME-WAIT, FIN-WAIT-2 > TIME-WAIT,
    CLOSE-WAIT > TIME-WAIT
"""


def pairs(text: str) -> set[tuple[State, State]]:
    """The state pairs that ``text`` lists."""
    return {(parse(a), parse(b)) for a, b in (line.split(">") for line in text.split(","))}


def test_the_table_is_the_figure_plus_named_additions() -> None:
    """Figure 5 with its notes, the ways that section 3.10 adds, and nothing else."""
    everywhere = FIGURE_5 + "," + NOTES_1_AND_2 + "," + ENDED_BY_RST_ABORT_OR_TIMEOUT
    everywhere += "," + TIME_WAIT_RESTARTED_AND_REOPENED
    found = {(edge.source, edge.target) for edge in rule_set("rfc9293")}
    assert found == pairs(everywhere)
    assert len(pairs(FIGURE_5) | pairs(NOTES_1_AND_2)) == 21


def test_note_3_adds_the_ways_into_time_wait() -> None:
    """And takes the RST-sending aborts to CLOSED away."""
    with_note, without = set(rule_set("rfc9293-note3")), set(rule_set("rfc9293"))
    assert {(edge.source, edge.target) for edge in with_note - without} == pairs(NOTE_3)
    assert {edge.id.split("/")[1] for edge in without - with_note} == {"abort"}


def test_linux_lacks_what_its_sockets_cannot_do() -> None:
    """A listener never calls, and no ICMP ends an open connection; but a SYN cookie opens one from LISTEN, and a SYN
    ends the small entry of an orphan, as tcp_fin_timeout does, and what the RFC calls a soft error ends a call (MUST-56
    forbids it).
    """
    missing = {edge.id for edge in set(rule_set("rfc9293")) - set(rule_set("linux-6.18"))}
    assert {edge for edge in missing if edge.startswith("listen/")} == {"listen/active-open", "listen/send"}
    assert {edge.split("/")[1] for edge in missing if not edge.startswith("listen/")} == {"unreachable"}
    more = {edge.id for edge in set(rule_set("linux-6.18")) - set(rule_set("rfc9293"))}
    assert more == {"listen/rcv-cookie", "fin-wait-2/rcv-syn", "syn-sent/unreachable-soft", "fin-wait-2/orphan-timeout"}


def test_an_old_linux_is_reset_by_a_syn_in_the_window() -> None:
    """RFC 793 by the letter: a forged SYN ended any connection until RFC 5961 (Linux 3.6)."""
    more = set(rule_set("linux-2.6")) - set(rule_set("linux-6.18"))
    assert {edge.id.split("/")[1] for edge in more} == {"rcv-syn"}
    assert {(edge.source, edge.target) for edge in more} == pairs(
        "SYN-RECEIVED > CLOSED, ESTABLISHED > CLOSED, FIN-WAIT-1 > CLOSED, CLOSE-WAIT > CLOSED,"
        "CLOSING > CLOSED, LAST-ACK > CLOSED"
    )
    assert set(rule_set("linux-4.19")) == set(rule_set("linux-6.18"))


def test_every_row_rests_on_a_clause_and_gives_a_reason() -> None:
    """So that a learner can open the reason and find the clause."""
    for edge in TRANSITIONS:
        assert edge.clause in CLAUSES, edge.id
        assert edge.reason in REASONS, edge.id
        assert edge.cause, edge.id
        assert edge.drawn_as, edge.id
        assert edge.rule_sets <= EVERYWHERE, edge.id


def test_an_unknown_rule_set_is_named() -> None:
    """With what is allowed."""
    with pytest.raises(ValueError, match=r"'rfc793' is not a rule set; allowed: linux-2.6, linux-4.19, linux-6.18"):
        rule_set("rfc793")


@pytest.mark.parametrize("state", list(State))
def test_move_refuses_an_edge_that_starts_elsewhere(state: State) -> None:
    """The one writer of a state cannot be talked into a jump."""
    tcb = BY_STATE[state]().tcb
    for edge in TRANSITIONS:
        if edge.source is state:
            assert move(tcb, edge).state is edge.target
        else:
            with pytest.raises(AssertionError, match=f"edge {edge.id} starts in {edge.source}"):
                move(tcb, edge)


# --- a way across every edge ---


def until_over(end: End) -> None:
    """Let every timer run out."""
    while end.state is not State.CLOSED:
        end.expires()


def times_out(make: Callable[[Profile], End]) -> Story:
    """Nobody answers any more."""

    def story(profile: Profile) -> None:
        end = make(profile)
        if end.state in (State.ESTABLISHED, State.CLOSE_WAIT):
            end.sends(10)
        if end.state is State.FIN_WAIT_2:
            end.sets("keepalive", 1)
        until_over(end)

    return story


def is_reset(make: Callable[[Profile], End]) -> Story:
    """An exact RST arrives."""

    def story(profile: Profile) -> None:
        end = make(profile)
        end.gets("RST", seq=end.tcb.rcv.nxt)

    return story


def is_aborted(make: Callable[[Profile], End]) -> Story:
    """The user throws it away."""
    return lambda profile: make(profile).aborts()


def is_closed(make: Callable[[Profile], End]) -> Story:
    """The user closes."""
    return lambda profile: make(profile).closes()


def is_unreachable(make: Callable[[Profile], End], kind: str = "hard") -> Story:
    """An ICMP error arrives."""

    def story(profile: Profile) -> None:
        end = make(profile)
        end.hears(kind, seq=end.tcb.snd.una)

    return story


def gets(make: Callable[[Profile], End], flags: str, seq: int, ack: int = 0, **more: int) -> Story:
    """One segment arrives."""
    return lambda profile: make(profile).gets(flags, seq=seq, ack=ack, **more)


def orphan_gets_text(make: Callable[[Profile], End]) -> Story:
    """The program has let go, and text arrives."""

    def story(profile: Profile) -> None:
        end = make(profile)
        end.lets_go()
        end.gets("PSH,ACK", seq=301, ack=end.tcb.snd.una, text=10)

    return story


def orphan_in_fin_wait_2(profile: Profile) -> End:
    """Nobody holds it: in Linux a small entry."""
    end = fin_wait_2(profile)
    end.lets_go()
    return end


STORIES: dict[str, Story] = {
    "closed/passive-open": lambda profile: no_connection(profile).listens(),
    "closed/active-open": lambda profile: no_connection(profile).connects(),
    "listen/active-open": lambda profile: listening(profile).connects(),
    "listen/send": lambda profile: listening(profile).does(Send(10, remote=PEER, iss=ISS)),
    "listen/close": is_closed(listening),
    "listen/abort": is_aborted(listening),
    "listen/rcv-syn": gets(listening, "SYN", IRS, iss=ISS),
    "listen/rcv-cookie": gets(listening, "ACK", 301, 101, cookie_mss=1460),
    "syn-sent/rcv-syn-ack": gets(syn_sent, "SYN,ACK", IRS, 101),
    "syn-sent/rcv-syn": gets(syn_sent, "SYN", IRS),
    "syn-sent/close": is_closed(syn_sent),
    "syn-sent/abort": is_aborted(syn_sent),
    "syn-sent/timeout": times_out(syn_sent),
    "syn-sent/rcv-rst": gets(syn_sent, "RST,ACK", 0, 101),
    "syn-sent/unreachable": is_unreachable(syn_sent),
    "syn-sent/unreachable-soft": is_unreachable(syn_sent, "soft"),
    "syn-received/rcv-ack": gets(syn_received, "ACK", 301, 101),
    "syn-received/close": is_closed(crossed),
    "syn-received/rcv-rst-passive": is_reset(syn_received),
    "syn-received/rcv-syn-passive": gets(syn_received, "SYN", 350),
    "syn-received/rcv-rst-active": is_reset(crossed),
    "syn-received/timeout": times_out(syn_received),
    "syn-received/abort": is_aborted(crossed),
    "syn-received/abort-wait": is_aborted(crossed),
    "established/close": is_closed(established),
    "established/rcv-fin": gets(established, "FIN,ACK", 301, 101),
    "fin-wait-1/rcv-ack": gets(fin_wait_1, "ACK", 301, 102),
    "fin-wait-1/rcv-fin": gets(fin_wait_1, "FIN,ACK", 301, 101),
    "fin-wait-1/rcv-fin-ack": gets(fin_wait_1, "FIN,ACK", 301, 102),
    "fin-wait-2/rcv-fin": gets(fin_wait_2, "FIN,ACK", 301, 102),
    "close-wait/close": is_closed(close_wait),
    "closing/rcv-ack": gets(closing, "ACK", 302, 102),
    "last-ack/rcv-ack": gets(last_ack, "ACK", 302, 102),
    "time-wait/timeout": lambda profile: until_over(time_wait(profile)),
    "time-wait/rcv-fin": gets(time_wait, "FIN,ACK", 301, 102),
    "time-wait/rcv-syn": gets(time_wait, "SYN", 400, iss=900),
    "fin-wait-1/rcv-text-orphan": orphan_gets_text(fin_wait_1),
    "fin-wait-2/rcv-text-orphan": orphan_gets_text(fin_wait_2),
}
"""Edge id -> a story that crosses it under the given rules."""

for _make in (established, fin_wait_1, fin_wait_2, close_wait, closing, last_ack, time_wait):
    _name = _make.__name__.replace("_", "-")
    STORIES[f"{_name}/rcv-rst"] = is_reset(_make)
    STORIES[f"{_name}/abort"] = is_aborted(_make)
    if _make is not time_wait:
        STORIES[f"{_name}/timeout"] = times_out(_make)
        STORIES[f"{_name}/unreachable"] = is_unreachable(_make)
        STORIES[f"{_name}/rcv-syn"] = gets(_make, "SYN", 350)
    if _make in (established, fin_wait_1, fin_wait_2, close_wait):
        STORIES[f"{_name}/abort-wait"] = is_aborted(_make)
STORIES["fin-wait-2/rcv-syn"] = gets(orphan_in_fin_wait_2, "SYN", 350)
STORIES["fin-wait-2/orphan-timeout"] = lambda profile: orphan_in_fin_wait_2(profile).expires()
STORIES["syn-received/rcv-syn"] = gets(crossed, "SYN", 350)
STORIES["syn-received/unreachable"] = is_unreachable(syn_received)


@pytest.mark.parametrize(("name", "edge"), [(name, edge.id) for name in sorted(EVERYWHERE) for edge in rule_set(name)])
def test_every_edge_of_every_rule_set_can_be_crossed(name: str, edge: str, edges_crossed: set[tuple[str, str]]) -> None:
    """From CLOSED, by calls, segments and timers alone."""
    STORIES[edge](rules(name))
    assert (name, edge) in edges_crossed


def test_no_story_is_told_of_an_edge_that_does_not_exist() -> None:
    """The stories and the table name the same edges."""
    assert set(STORIES) == set(EDGES)


# --- two edges within one event ---


def opened_and_half_closed() -> End:
    """The ACK that opens the connection brings a FIN."""
    end = syn_received()
    end.gets("FIN,ACK", seq=301, ack=101)
    return end


def remembered_and_half_closed() -> End:
    """The ACK of a SYN cookie brings a FIN."""
    end = listening(rules("linux-6.18"))
    end.gets("FIN,ACK", seq=301, ack=101, cookie_mss=1460)
    return end


def called_and_half_closed() -> End:
    """The SYN,ACK brings a FIN."""
    end = syn_sent()
    end.gets("SYN,FIN,ACK", seq=IRS, ack=101)
    return end


def closed_before_it_was_open(flags: str, text: int) -> End:
    """Text and a CLOSE wait in SYN-RECEIVED, the program has let go, and the opening segment brings more."""
    end = crossed()
    end.sends(10)
    end.lets_go()
    end.gets(flags, seq=301, ack=101, text=text)
    return end


def filled_a_gap() -> End:
    """The FIN was there, the text before it comes with the ACK of ours."""
    end = fin_wait_1()
    end.gets("FIN,ACK", seq=311, ack=101)
    end.gets("PSH,ACK", seq=301, ack=102, text=10)
    return end


def answered_an_orphan() -> End:
    """The ACK of our FIN brings text nobody reads."""
    end = established()
    end.lets_go()
    end.gets("PSH,ACK", seq=301, ack=102, text=10)
    return end


def left_no_time() -> End:
    """A negative TCP_LINGER2."""
    end = established(rules("linux-6.18"))
    end.sets("linger2_us", -1)
    end.lets_go()
    end.gets("ACK", seq=301, ack=102)
    return end


TOGETHER: list[tuple[Callable[[], End], State]] = [
    (opened_and_half_closed, State.CLOSE_WAIT),
    (remembered_and_half_closed, State.CLOSE_WAIT),
    (called_and_half_closed, State.CLOSE_WAIT),
    (lambda: closed_before_it_was_open("ACK", 0), State.FIN_WAIT_1),
    (lambda: closed_before_it_was_open("FIN,ACK", 0), State.CLOSING),
    (filled_a_gap, State.TIME_WAIT),
    (left_no_time, State.CLOSED),
    (answered_an_orphan, State.CLOSED),
    (lambda: closed_before_it_was_open("PSH,ACK", 10), State.CLOSED),
]


@pytest.mark.parametrize("number", range(len(TOGETHER)))
def test_every_listed_sequence_happens(number: int) -> None:
    """In the order of the list; each leads where its last edge leads. (``End`` refuses every other pair.)"""
    story, state = TOGETHER[number]
    assert story().state is state is SEQUENCES[number].edges[-1].target
    assert len(SEQUENCES) == len(TOGETHER)


def test_a_silent_second_changes_no_state() -> None:
    """Time alone crosses nothing while no timer is due."""
    end = established().wait(SECOND)
    assert end.state is State.ESTABLISHED
