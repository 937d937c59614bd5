"""Known exceptions: what breaks a property of the real protocol, and what has to be excluded for it to hold.

Rules
-----
* "TCP breaks none of the seven" is true under exclusions only, and they are said with every verdict (``excluded``).
* Each exclusion that can be lifted has its exceptions here: the clause that admits it, and the budget by which the
  search itself finds it. A test asks for every one; one that the search did not find would be its fault, not a merit
  of TCP.
* An exception is known by what its path did (``seen``), never by what the search was allowed to do.
* What breaks the real protocol and is not in this table is a fault: of the engine, of the search, or of this table.
* Assassination alone does not bring old text back on Linux: it takes no ACK older than what was sent at all (commit
  3d501dd326fb), so that the server's number would have to be equal, which is an exception of its own. 970,629 worlds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tutor.explore.ends import A, B
from tutor.explore.parts import Budget, Play
from tutor.explore.past import FORGOTTEN, OPEN, WRAPPED
from tutor.explore.search import Answer
from tutor.explore.seen import Seen, seen_on
from tutor.tcp.profile import Profile
from tutor.tcp.states import State
from tutor.tcp.variant import TCP
from tutor.world.sysctls import with_setting

_S = State

EXCLUSIONS: tuple[tuple[str, str], ...] = (
    ("coincidences", "no adversary places an initial number (C = 0)"),
    ("interferences", "nobody aborts or crashes (U = 0)"),
    ("retries", "nobody gives up by a count of repetitions"),
    ("wrapped", "less than 2^31 bytes on a connection"),
    ("overdue", "no segment is delivered that is older than MSL"),
    ("no_room", "there is room for every TIME-WAIT"),
    ("assassination", "nothing ends TIME-WAIT before 2 MSL are over"),
    ("orphans", "programs close by shutdown(write) and keep the connection, so that nobody is an orphan in FIN-WAIT-2"),
)
"""(what must not be in a search, the sentence that says so)."""


def excluded(play: Play) -> tuple[str, ...]:
    """The exclusions under which ``play`` is searched: those that it does not lift."""
    lifted = play.budget._asdict() | {
        "retries": play.retries,
        "wrapped": play.beginning == WRAPPED,
        "overdue": play.is_overdue,
        "no_room": not play.profile.max_tw_buckets,
        "assassination": play.profile.rst_kills_time_wait,
    }
    return tuple(text for what, text in EXCLUSIONS if not lifted.get(what))


def let_in(play: Play) -> tuple[str, ...]:
    """The exclusions that ``play`` lifts."""
    kept = excluded(play)
    return tuple(text for _, text in EXCLUSIONS if text not in kept)


class Known(NamedTuple):
    """One exception: which properties it breaks, the clause that admits it, and how the search finds it."""

    id: str
    title: str
    clause: str
    properties: frozenset[str]
    fits: Callable[[Seen], bool]
    """Is a path on which this was seen this exception?"""
    budget: Budget
    beginning: str = FORGOTTEN
    rule_sets: frozenset[str] = frozenset({"rfc9293", "linux"})
    retries: int = 0
    barred: tuple[tuple[int, int], ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    """Fields of the profile, and what they are set to."""
    is_overdue: bool = False
    ends_time_wait: bool = False
    """It needs a RST to end TIME-WAIT."""

    @property
    def excluded_by(self) -> tuple[str, ...]:
        """Sentences of ``EXCLUSIONS``: where one of them is true, it does not happen."""
        needed = self.budget._asdict() | {
            "retries": self.retries,
            "wrapped": self.beginning == WRAPPED,
            "overdue": self.is_overdue,
            "no_room": ("max_tw_buckets", "0") in self.rules,
            "assassination": self.ends_time_wait,
        }
        return tuple(text for what, text in EXCLUSIONS if needed.get(what))

    def play(self, profile: Profile, watched: int) -> Play:
        """What to search to find it."""
        for field, value in self.rules:
            profile = with_setting(profile, f"profile.{field}", value)
        return Play(
            profile, TCP, self.budget, self.beginning, watched, self.retries, self.barred, is_overdue=self.is_overdue
        )


_CAN_WRITE = frozenset({_S.ESTABLISHED, _S.CLOSE_WAIT})
_HAVE_CLOSED = frozenset({_S.FIN_WAIT_1, _S.CLOSING, _S.LAST_ACK})

_BYTES = frozenset({"own-bytes", "exactly-once"})
_OPENS = frozenset({"fresh-open", "agreed-open"})
_ENDS = frozenset({"no-ghost", "orderly-close", "honest-open"})


def _placed(seen: Seen, side: int) -> bool:
    return any(each == side for each, _ in seen.placed)


EXCEPTIONS: tuple[Known, ...] = (
    Known(
        "numbers-wrapped",
        "2^32 bytes were sent within a segment's life, and without timestamps an old copy is in sequence again",
        "RFC 7323 5 (PAWS)",
        frozenset({"exactly-once", "orderly-close"}), lambda seen: seen.wrapped, Budget(held=1), WRAPPED,
    ),
    Known(
        "refused-by-old-syn",
        "an old SYN just below the new one has the listener answer the new one with RST+ACK, where RFC 9293 asks for no"
        " answer, and connect() is refused",
        "RFC 9293 3.10.7.4, fourth",
        frozenset({"honest-open"}), lambda seen: seen.placed == {(A, 2)}, Budget(held=1, coincidences=1),
        rule_sets=frozenset({"linux"}),
    ),
    Known(
        "old-reset-in-window",
        "a number is such that an old RST or SYN lies in the window and is believed, by rules older than RFC 5961 or by"
        " the small record that Linux keeps of an orphan in FIN-WAIT-2: the new connection dies",
        "RFC 5961 3 and 4; RFC 793",
        _ENDS, lambda seen: seen.intruded and bool(seen.placed),
        Budget(held=1, coincidences=1), barred=((A, 1), (A, 2), (A, 3), (B, 1)),
        rules=(("reset_must_be_exact", "no"), ("syn_is_challenged", "no"), ("old_ack_check", "no")),
    ),
    Known(
        "old-ack-believed",
        "a number is such that old text lies in the window, and rules older than RFC 5961 take it however old its ACK"
        " is",
        "RFC 5961 5; RFC 793",
        _BYTES, lambda seen: seen.outdated and bool(seen.placed),
        Budget(held=1, coincidences=1, writes=0), rules=(("old_ack_check", "no"),),
    ),
    Known(
        "segment-outlives-msl",
        "a segment is older than MSL, TIME-WAIT is over, and its numbers fall into both windows of the new connection",
        "RFC 9293 3.4.2 (MSL is assumed, 2 minutes) and 3.4.3; RFC 7323 5 (PAWS)",
        _BYTES, lambda seen: seen.overdue and len(seen.placed) > 1,
        Budget(held=1, coincidences=2, writes=0), OPEN, is_overdue=True,
        rules=(("rst_kills_time_wait", "no"),),
    ),
    Known(
        "no-room-for-time-wait",
        "there is no room for TIME-WAIT: the connection is gone at once, and old numbers fall into both windows of the"
        " new one",
        "ip-sysctl (tcp_max_tw_buckets); RFC 1337",
        _BYTES, lambda seen: seen.had_no_room and len(seen.placed) > 1,
        Budget(held=1, coincidences=2, writes=0), OPEN, rules=(("max_tw_buckets", "0"),),
        rule_sets=frozenset({"linux"}),
    ),
    Known(
        "time-wait-assassination",
        "an old segment draws an ACK from TIME-WAIT, the RST that answers it ends TIME-WAIT, and old text is believed",
        "RFC 1337 (hazard 1); RFC 9293 3.10.7.4, second",
        _BYTES, lambda seen: seen.assassinated and len(seen.placed) > 1, Budget(held=2, coincidences=2, writes=0),
        OPEN, rule_sets=frozenset({"rfc9293"}), barred=((B, 1),), ends_time_wait=True,
    ),
    Known(
        "assassinated-then-apart",
        "a RST ends TIME-WAIT, the server's number repeats, and what is still under way kills one end of the new"
        " connection: the two ends disagree for ever",
        "RFC 1337 (hazard 2); RFC 9293 3.10.7.4, second",
        frozenset({"no-ghost"}), lambda seen: seen.assassinated and _placed(seen, B),
        Budget(losses=1, coincidences=1), OPEN, ends_time_wait=True,
    ),
    Known(
        "assassinated-then-reset",
        "a RST ends TIME-WAIT, the server's number repeats, and a second old RST is exact: the new connection dies",
        "RFC 1337 (hazard 3); RFC 9293 3.10.7.4, second",
        frozenset({"orderly-close", "honest-open"}), lambda seen: seen.assassinated and _placed(seen, B),
        Budget(losses=1, coincidences=1), OPEN, ends_time_wait=True,
    ),
    Known(
        "no-time-wait-was-kept",
        "the earlier incarnation left no TIME-WAIT, and its numbers fall into both windows of the new one",
        "RFC 9293 3.4.3 and 3.6.1 (quiet time, 2 MSL); RFC 1337",
        _BYTES | {"agreed-open"}, lambda seen: len(seen.placed) > 1, Budget(held=1, coincidences=2),
    ),
    Known(
        "server-number-repeats",
        "the server's initial number is the same as before, so that an old ACK answers it",
        "RFC 9293 3.4.1; RFC 6528 makes numbers hard to guess and slow to repeat",
        _OPENS | _BYTES, lambda seen: (B, 1) in seen.placed, Budget(held=2, coincidences=1),
    ),
    Known(
        "half-open-goes-on",
        "one host has aborted or crashed and calls again with the same number: an old SYN+ACK answers it, and the other"
        " end, which is still in the earlier connection, takes the new text for that one's",
        "RFC 9293 3.4.3 (quiet time) and 3.5.1 (half-open connections)",
        _BYTES, lambda seen: seen.interfered and (A, 1) in seen.placed,
        Budget(held=1, coincidences=1, interferences=1, writes=2), OPEN,
    ),
    Known(
        "caller-number-repeats",
        "the caller's initial number is the same as before, so that an old SYN+ACK, or the RST it draws, is exact",
        "RFC 9293 3.4.1; RFC 6528",
        _ENDS, lambda seen: (A, 1) in seen.placed or A in seen.repeated, Budget(held=1, coincidences=1),
        barred=((A, 2),),
    ),
    Known(
        "aborted-then-reset",
        "a connection is aborted, the server's number repeats, and a RST that is still under way is exact: the new"
        " connection dies",
        "RFC 9293 3.4.1 and 3.5.2; RFC 6528",
        frozenset({"orderly-close", "honest-open"}), lambda seen: seen.interfered and (B, 1) in seen.placed,
        Budget(coincidences=1, interferences=1), OPEN, barred=((A, 1), (A, 2), (A, 3)),
    ),
    Known(
        "reset-drawn-before",
        "the server's initial number is the same as before, so that a RST which an old ACK drew before is exact: the"
        " new connection dies",
        "RFC 9293 3.4.1 and 3.10.7.2, second; RFC 6528",
        _ENDS, lambda seen: (B, 1) in seen.placed and not seen.interfered, Budget(held=1, coincidences=1),
        barred=((A, 1), (A, 2), (A, 3)),
    ),
    Known(
        "syn-received-undone",
        "the new number lies just below the old one: an old SYN lies in the window and takes SYN-RECEIVED back to"
        " LISTEN; the caller does not know if its ACK is lost, and is reset if not",
        "RFC 9293 3.10.7.4, fourth",
        _ENDS, lambda seen: seen.undone and bool(seen.placed), Budget(held=1, losses=1, coincidences=1),
        barred=((A, 1), (A, 2), (B, 1), (B, 2), (B, 3)),
    ),
    Known(
        "orphan-forgotten",
        "a program has called close(), and the kernel forgets the orphan in FIN-WAIT-2 before the peer closes: the peer"
        " does not know, or its late FIN meets nobody and draws a RST",
        "RFC 9293 3.3.2 (FIN-WAIT-2 has no timer), 3.10.7.1; tcp(7) and ip-sysctl (tcp_fin_timeout)",
        frozenset({"no-ghost", "orderly-close"}), lambda seen: seen.forgotten,
        Budget(writes=0, orphans=True), OPEN, rule_sets=frozenset({"linux"}),
    ),
    Known(
        "half-open",
        "one host has forgotten the connection, by a crash or by an abort of which nothing was heard, and the other"
        " one, which has nothing to send, does not know",
        "RFC 9293 3.5.1 (half-open connections), 3.8.4 (keep-alive is optional)",
        frozenset({"no-ghost"}), lambda seen: seen.interfered, Budget(interferences=1),
    ),
    Known(
        "caller-gave-up",
        "the caller gives up before every try was lost: one of them went to end what the server still had of an old SYN"
        " or of an earlier connection",
        "RFC 9293 3.8.3 (R2), 3.5.1",
        frozenset({"honest-open"}), lambda seen: _S.SYN_SENT in seen.gave_up, Budget(held=1, losses=1), retries=1,
    ),
    Known(
        "silent-caller",
        "all ACKs of a silent caller are lost until the server gives up: the caller stays ESTABLISHED for ever, or is"
        " reset when it speaks",
        "RFC 9293 3.8.3 (R2), 3.10.8",
        _ENDS, lambda seen: _S.SYN_RECEIVED in seen.gave_up, Budget(losses=2), retries=1,
    ),
    Known(
        "closer-gave-up",
        "a FIN or all its ACKs are lost until who closed gives up: the other end does not know, or its own FIN meets"
        " nobody and draws a RST",
        "RFC 9293 3.8.3 (R2), 3.10.7.1",
        frozenset({"no-ghost", "orderly-close"}), lambda seen: bool(seen.gave_up & _HAVE_CLOSED),
        Budget(losses=2, writes=0), OPEN, retries=1,
    ),
    Known(
        "writer-gave-up",
        "all ACKs of what was written are lost until the writer gives up: the other end, which has nothing to send,"
        " does not know",
        "RFC 9293 3.8.3 (R2), 3.5.1 (half-open connections)",
        frozenset({"no-ghost"}), lambda seen: bool(seen.gave_up & _CAN_WRITE), Budget(losses=2), OPEN, retries=1,
    ),
)  # fmt: skip
"""A path is the first that it fits: numbers that were placed tell more than that somebody crashed or gave up."""


def rules_of(rule_set: str) -> str:
    """``rfc9293`` or ``linux``: whose rules these are, as ``Known.rule_sets`` has them."""
    return "linux" if rule_set.startswith("linux") else "rfc9293"


def exception_for(prop: str, answer: Answer) -> Known | None:
    """The known exception that the path of ``answer`` is; None if it is none, and so a fault."""
    rules = rules_of(answer.model.play.profile.rule_set)
    seen = seen_on(answer)
    fitting = (each for each in EXCEPTIONS if prop in each.properties and rules in each.rule_sets and each.fits(seen))
    return next(fitting, None)
