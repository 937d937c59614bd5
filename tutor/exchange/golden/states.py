"""The states of each socket against the samples of the recording.

Rules
-----
* The recorded states of a socket are a subsequence of the simulated ones, and every simulated state that was not
  recorded lasted less than 4 ms. A socket that is gone is CLOSED; the CLOSED before the beginning is not listed.
  Where nothing but brief states came before a CLOSED the sampler has not seen the beginning yet.
* A sample lies up to 20 ms behind its cause. Its place in the order counts within its socket only.
* A TIME-WAIT mini-socket is one here as well, and has as long to live.

Theory
------
Which simulated states the samples saw is found by trying: each sample is matched with a state of its name, no earlier
than the sample before it, so that the fewest demands are broken. The first that is broken is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.exchange.golden.clock import MS, PROMPT
from tutor.exchange.golden.comparing import Comparison, Difference, Fields, seconds
from tutor.exchange.golden.stage import Change
from tutor.exchange.golden.trace import Sample

BRIEF = 4 * MS
"""A state that lasts less may have been missed by the sampler."""
READING = 150 * MS
"""The remaining life of a mini-socket is told in tenths of a second, up to 20 ms after its start."""


def states(comparison: Comparison) -> Iterator[Difference]:
    """The first difference of each socket."""
    samples: dict[tuple[str, str], list[Sample]] = {}
    for sample in comparison.trace.states:
        samples.setdefault((sample.host, _sock(comparison, sample)), []).append(sample)
    changes: dict[tuple[str, str], list[Change]] = {}
    for change in comparison.log.changes:
        own = changes.setdefault((change.host, change.sock), [])
        if change.state != "CLOSED" or own:
            own.append(change)
    for key in dict.fromkeys((*samples, *changes)):
        found = _Socket(comparison, key, samples.get(key, []), changes.get(key, [])).difference()
        if found is not None:
            yield found


def _sock(comparison: Comparison, sample: Sample) -> str:
    """The socket of a sample, with the ports of the replay."""
    kind, _, port = sample.sock.partition(":")
    if kind == "listen":
        return f"listen:{port}"
    local, _, remote = sample.sock.partition(">")
    if not (local.isdigit() and remote.isdigit()):
        return sample.sock
    other = next((label for label in comparison.trace.hosts if label != sample.host), "")
    own = comparison.ports.of(sample.host, int(local), sample.n)
    return f"{own}>{comparison.ports.of(other, int(remote), sample.n) if other else remote}"


class _Socket:
    """One socket: what was sampled, and what it went through here."""

    def __init__(self, comparison: Comparison, key: tuple[str, str], samples: list[Sample], own: list[Change]) -> None:
        self.comparison, self.key, self.samples = comparison, key, samples
        self.own = own

    def difference(self) -> Difference | None:
        """The first demand that is broken."""
        i = 0
        for j, sample in enumerate(self.samples):
            place = self._next(i, sample, self.samples[j + 1 :])
            if place is None:
                return self._wrong(sample, i, "state")
            missed = next((change for change in self.own[i:place] if not self._is_unseen(change, i)), None)
            if missed is not None:
                return self._wrong(sample, self.own.index(missed), "state")
            field = self._field(sample, self.own[place])
            if field is not None:
                return self._wrong(sample, place, field)
            i = place + 1
        return self._left_over(i)

    def _next(self, i: int, sample: Sample, rest: list[Sample]) -> int | None:
        """The simulated state from ``i`` on that the sample saw: the one that leaves the least to explain."""
        places = [k for k in range(i, len(self.own)) if self.own[k].state == sample.state]
        good = [k for k in places if all(self._is_unseen(change, i) for change in self.own[i:k])]
        lasting = [k for k in good if self._field(sample, self.own[k]) is None and self._goes_on(k + 1, rest)]
        return next(iter((*lasting, *good, *places)), None)

    def _goes_on(self, i: int, rest: list[Sample]) -> bool:
        """Can the samples ``rest`` have seen what follows from ``i`` on?"""
        for change in self.own[i:]:
            if rest and change.state == rest[0].state:
                rest = rest[1:]
            elif not self._is_brief(change) and not self._is_too_late(change):
                return False
        return not rest

    def _left_over(self, i: int) -> Difference | None:
        """A state after the last sample that the sampler must have seen."""
        for k, change in enumerate(self.own[i:], i):
            if self._is_unseen(change, i) or self._is_too_late(change) or self._is_seen_before(k):
                continue
            where = f"{self.key[0]}, {self.key[1]}"
            last = self.samples[-1].n + 0.5 if self.samples else 0
            n = max(last, self.comparison.place(self.comparison.clock.after(change.moment).latest))
            return Difference(n, where, "state", None, self._shown(change))
        return None

    def _is_seen_before(self, k: int) -> bool:
        """Is it the state last sampled, with nothing but brief ones in between?"""
        return bool(self.samples) and self.own[k].state == self.samples[-1].state and self._is_brief(self.own[k - 1])

    # --- demands ---

    def _until(self, change: Change) -> int | None:
        """When the next state follows here; None if none does."""
        k = self.own.index(change)
        return self.own[k + 1].at if k + 1 < len(self.own) else None

    def _is_brief(self, change: Change) -> bool:
        until = self._until(change)
        return until is not None and until - change.at < BRIEF

    def _is_unseen(self, change: Change, i: int) -> bool:
        """Has the sampler nothing to list? ``i`` is 0 as long as it has seen nothing of this socket."""
        return self._is_brief(change) or (i == 0 and change.state == "CLOSED")

    def _is_too_late(self, change: Change) -> bool:
        """May it have been too late for the sampler?"""
        window = self.comparison.clock.after(change.moment)
        return window.latest + PROMPT >= self.comparison.trace.duration

    def _field(self, sample: Sample, change: Change) -> str | None:
        """The field in which a sample and a state of the same name differ."""
        comparison = self.comparison
        is_timed = sample.n <= comparison.moved_from
        if is_timed and not comparison.clock.after(change.moment).holds(sample.t, lag=PROMPT):
            return "t"
        if sample.is_mini and not change.is_mini:
            return "timewait_sock"
        life = change.deadline - change.at if change.deadline is not None else None
        if sample.expires_in is not None and life is not None and abs(life - sample.expires_in) > READING:
            return "expires_in"
        return None

    # --- telling ---

    def _wrong(self, sample: Sample, k: int, field: str) -> Difference:
        expected: Fields = {"t": seconds(sample.t), "sock": self.key[1], "state": sample.state}
        if sample.is_mini:
            expected |= {"timewait_sock": True, "expires_in": seconds(sample.expires_in or 0)}
        actual = self._shown(self.own[k]) if k < len(self.own) else None
        return Difference(sample.n, f"{sample.host}, {self.key[1]} (n {sample.n})", field, expected, actual)

    def _shown(self, change: Change) -> Fields:
        found: Fields = {"t": seconds(change.at), "sock": change.sock, "state": change.state}
        if change.is_mini and change.deadline is not None:
            found |= {"timewait_sock": True, "expires_in": seconds(change.deadline - change.at)}
        return found
