"""The roll: the state diagram as sentences, for who hears it or walks it by keys."""

from __future__ import annotations

from tests.view.scenes import CALL_AND_CLOSE, look, trace
from tests.view.test_standing import ACCEPT_LOOP, CALLS
from tutor.view.roll import roll


def said(*arguments: object, lang: str = "en", **named: object) -> list[str]:
    """The lines' texts."""
    run, time = arguments
    return [line.text for line in roll(run, time, look(lang).words, **named)]  # type: ignore[arg-type]


def test_a_line_says_the_state_since_when_and_where_one_can_go() -> None:
    """As the design asks: state, time, and each way with its event."""
    first, *_ = said(trace(), 1_160_000)
    assert first == (
        "A: FIN-WAIT-1, since 1.1 s; can go to FIN-WAIT-2 on recv ACK of FIN, CLOSING on recv FIN, "
        "TIME-WAIT on recv FIN,ACK of FIN"
    )


def test_while_a_bet_is_open_nothing_is_said_of_what_may_come() -> None:
    """The state and its time are what the picture shows as well; the ways are the answers."""
    assert said(trace(), 1_160_000, horizon=1_160_000)[0] == "A: FIN-WAIT-1, since 1.1 s"


def test_listeners_and_other_connections_are_said_too() -> None:
    """What the picture shows as a hollow token or a number."""
    lines = said(trace(ACCEPT_LOOP, *CALLS), 700_000)
    assert "B: a listener stays in LISTEN" in lines
    assert "A: 2 more in ESTABLISHED" in lines


def test_before_anything_happened_both_are_closed() -> None:
    """No time is given where nothing was crossed."""
    late = trace(CALL_AND_CLOSE.replace("listen 80", "after 1s listen 80").replace("connect", "after 2s connect"))
    assert said(late, 0, horizon=0) == ["A: CLOSED", "B: CLOSED"]


def test_the_chinese_roll_keeps_the_states_names() -> None:
    """States are English everywhere, the rest is not."""
    line = said(trace(), 1_160_000, lang="zh")[0]
    assert line.startswith("A：FIN-WAIT-1") and "收到 FIN" in line
