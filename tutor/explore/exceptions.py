"""Known exceptions: what breaks a property of the real protocol, and what has to be excluded for it to hold.

Rules
-----
* "TCP breaks none of the seven" is true under exclusions only, and they are said with every verdict (``EXCLUSIONS``).
* Each exclusion that can be lifted has its exceptions here: the clause that admits it, and the budget by which the
  search itself finds it. A test asks for every one; one that the search did not find would be its fault, not a merit
  of TCP.
* What breaks the real protocol and is not in this table is a fault: of the engine, of the search, or of this table.
* Assassination alone does not bring old text back on Linux: it takes no ACK older than what was sent at all (commit
  3d501dd326fb), so that the server's number would have to be equal, which is an exception of its own. 970,629 worlds.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.explore.ends import A, B
from tutor.explore.parts import Budget, Move, Play
from tutor.explore.past import FORGOTTEN, OPEN, WRAPPED
from tutor.tcp.profile import Profile
from tutor.tcp.variant import TCP

EXCLUSIONS: tuple[tuple[str, str], ...] = (
    ("coincidences", "no adversary places an initial number (C = 0)"),
    ("interferences", "nobody aborts or crashes (U = 0)"),
    ("retries", "nobody gives up by a count of repetitions"),
    ("wrapped", "less than 2^31 octets on a connection"),
    ("lifetime", "no segment is delivered that is older than MSL, and TIME-WAIT lasts 2 MSL"),
)
"""(what must not be in a search, the sentence that says so)."""


class Known(NamedTuple):
    """One exception: which properties it breaks, the clause that admits it, and how the search finds it."""

    id: str
    title: str
    clause: str
    properties: frozenset[str]
    budget: Budget
    beginning: str = FORGOTTEN
    rule_sets: frozenset[str] = frozenset({"rfc9293", "linux"})
    retries: int = 0
    barred: tuple[tuple[int, int], ...] = ()

    def play(self, profile: Profile, watched: int) -> Play:
        """What to search to find it."""
        return Play(profile, TCP, self.budget, self.beginning, watched, retries=self.retries, barred=self.barred)


EXCEPTIONS: tuple[Known, ...] = (
    Known(
        "refused-by-old-syn",
        "an old SYN just below the new one has the listener answer the new one with RST+ACK, where RFC 9293 asks for no"
        " answer, and connect() is refused",
        "RFC 9293 3.10.7.4, fourth",
        frozenset({"honest-open"}), Budget(held=1, coincidences=1), rule_sets=frozenset({"linux"}),
    ),
    Known(
        "server-number-repeats",
        "the server's initial number is the same as before, so that an old ACK answers it",
        "RFC 9293 3.4.1; RFC 6528 makes numbers hard to guess and slow to repeat",
        frozenset({"fresh-open", "agreed-open", "own-bytes", "exactly-once"}), Budget(held=2, coincidences=1),
    ),
    Known(
        "caller-number-repeats",
        "the caller's initial number is the same as before, so that an old SYN+ACK, or the RST it draws, is exact",
        "RFC 9293 3.4.1; RFC 6528",
        frozenset({"no-ghost", "orderly-close", "honest-open"}), Budget(held=1, coincidences=1),
    ),
    Known(
        "no-time-wait-was-kept",
        "the earlier incarnation left no TIME-WAIT, and its numbers fall into both windows of the new one",
        "RFC 9293 3.4.3 and 3.6.1 (quiet time, 2 MSL); RFC 1337",
        frozenset({"agreed-open", "own-bytes", "exactly-once"}), Budget(held=1, coincidences=2),
    ),
    Known(
        "time-wait-assassination",
        "an old segment draws an ACK from TIME-WAIT, the RST that answers it ends TIME-WAIT, and old text is believed",
        "RFC 1337; RFC 9293 3.10.7.4, second",
        frozenset({"own-bytes", "exactly-once"}), Budget(held=2, coincidences=2, writes=0),
        beginning=OPEN, rule_sets=frozenset({"rfc9293"}), barred=((B, 1),),
    ),
    Known(
        "half-open",
        "one host has crashed, and the other one, which has nothing to send, does not know",
        "RFC 9293 3.5.1 (half-open connections), 3.8.4 (keep-alive is optional)",
        frozenset({"no-ghost"}), Budget(interferences=1),
    ),
    Known(
        "silent-caller",
        "all ACKs of a silent caller are lost until the server gives up: the caller stays ESTABLISHED for ever, or is"
        " reset when it speaks",
        "RFC 9293 3.8.3 (R2), 3.10.8",
        frozenset({"no-ghost", "orderly-close", "honest-open"}), Budget(losses=2), retries=1,
    ),
    Known(
        "closer-gave-up",
        "all ACKs of a FIN are lost until who closed gives up: the other end's FIN then meets nobody, and draws a RST",
        "RFC 9293 3.8.3 (R2), 3.10.7.1",
        frozenset({"orderly-close"}), Budget(losses=2, writes=0), beginning=OPEN, retries=1,
    ),
    Known(
        "numbers-wrapped",
        "2^32 octets were sent within a segment's life, and without timestamps an old copy is in sequence again",
        "RFC 7323 5 (PAWS)",
        frozenset({"exactly-once"}), Budget(held=1, writes=0), beginning=WRAPPED,
    ),
)  # fmt: skip


def exception_for(
    prop: str, path: tuple[Move, ...], rule_set: str, *, beginning: str = FORGOTTEN, retries: int = 0
) -> Known | None:
    """The known exception that ``path`` is; None if it is none, and so a fault."""
    rules = "linux" if rule_set.startswith("linux") else "rfc9293"
    known = {each.id: each for each in EXCEPTIONS if prop in each.properties and rules in each.rule_sets}
    placed = [move for move in path if move.choice]
    if beginning == WRAPPED:
        return known.get("numbers-wrapped")
    if any(move.kind in ("abort", "crash") for move in path):
        return known.get("half-open")
    if retries:
        return known.get("closer-gave-up" if beginning == OPEN else "silent-caller")
    if len(placed) >= 2:
        return known.get("time-wait-assassination" if beginning == OPEN else "no-time-wait-was-kept")
    if len(placed) == 1 and placed[0].side == B:
        return known.get("server-number-repeats")
    if len(placed) == 1 and placed[0].side == A and placed[0].choice == 2:
        return known.get("refused-by-old-syn")
    return known.get("caller-number-repeats") if placed else None
