"""What may be asked of the table of edges as a rule: its rows that hold for any connection in that state.

Rules
-----
* A row whose event leads there only under a condition that its label does not name is no answer of a question about
  the table, neither a right nor a wrong one. In a run, where the condition is in sight, it is asked about as ever.
* What a system does in a state, but the table has no row for, is no wrong answer there.

Source: RFC 9293 sections 3.6.1 and 3.9.1; Linux ``tcp_check_req``, ``tcp_timewait_state_process``, ``tcp_v4_err``.
"""

from __future__ import annotations

from tutor.tcp.states import State
from tutor.tcp.transitions import EVERYWHERE, LINUX, LINUX_4_19, LINUXES, Edge, rule_set

CONDITIONAL: dict[str, frozenset[str]] = {
    "syn-received/close": LINUXES,  # after a simultaneous open: before that no program holds the entry
    "syn-received/abort": LINUXES,
    "syn-received/rcv-syn": LINUXES,  # after a simultaneous open: else it returns to LISTEN
    "fin-wait-2/rcv-syn": frozenset({LINUX, LINUX_4_19}),  # the small entry of an orphan: others send a challenge ACK
    "fin-wait-2/timeout": EVERYWHERE,  # an unanswered keep-alive: all that was sent has been acknowledged
    "time-wait/rcv-syn": EVERYWHERE,  # where somebody listens at that port
    "time-wait/abort": LINUXES,  # no program holds it: an administrator may end it
}
"""Row -> the rule sets under which its label leaves a condition out."""

_UNTOLD: dict[State, tuple[frozenset[str], str]] = {State.SYN_RECEIVED: (LINUXES, "ICMP")}
"""State -> (rule sets, sort of event) without a row: net or host unreachable ends an entry of Linux' SYN queue."""


def is_ordinary(row: Edge, rules: str) -> bool:
    """Does the event of the row lead there for any connection in its state, under these rules?"""
    return rules not in CONDITIONAL.get(row.id, frozenset())


def ordinary_rows(rules: str) -> tuple[Edge, ...]:
    """The rows of a rule set that may be asked about as rules. Raises ``ValueError`` for an unknown one."""
    return tuple(row for row in rule_set(rules) if is_ordinary(row, rules))


def untold(state: State, rules: str) -> frozenset[str]:
    """Sorts of events that the system answers in this state although the table has no row for it."""
    those, sort = _UNTOLD.get(state, (frozenset[str](), ""))
    return frozenset({sort}) if rules in those else frozenset()
