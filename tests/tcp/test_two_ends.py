"""Two ends that talk to each other: the RFC's figures 6 to 13, and a link that loses, doubles and reorders."""

from __future__ import annotations

from heapq import heappop, heappush

import pytest
from hypothesis import given, settings, strategies as st

from tests.tcp.builders import HOUR, LINUX, MS, RFC, SECOND, Answer, End, listening, rules
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Payload, Segment
from tutor.tcp.states import State


def caller(iss: int, profile: Profile = RFC) -> tuple[End, Segment]:
    """An end that has just called, and its SYN."""
    end = End(profile)
    return end, end.connects(iss).segment


def states(*ends: End) -> tuple[str, ...]:
    """Where they are."""
    return tuple(str(end.state) for end in ends)


# --- opening: figures 6 to 11 ---


def test_figure_6_basic_three_way_handshake() -> None:
    """SYN, SYN,ACK, ACK; the caller is open before the called."""
    (a, syn), b = caller(100), listening()
    assert states(a, b) == ("SYN-SENT", "LISTEN")
    syn_ack = b.takes(syn, iss=300)
    assert syn_ack.said == ("SYN,ACK 300:301(0) ack 101",)
    assert states(a, b) == ("SYN-SENT", "SYN-RECEIVED")
    ack = a.takes(syn_ack.segment)
    assert ack.said == ("ACK 101:101(0) ack 301",)
    assert states(a, b) == ("ESTABLISHED", "SYN-RECEIVED")
    assert b.takes(ack.segment).said == ()
    assert states(a, b) == ("ESTABLISHED", "ESTABLISHED")
    data = a.sends(10)
    assert data.said == ("PSH,ACK 101:111(10) ack 301",)  # the number of the ACK again: it took none
    b.takes(data.segment)
    assert b.reads().value == 10


@pytest.mark.parametrize("profile", [RFC, LINUX, rules(timestamps=True)])
def test_figure_7_simultaneous_opening(profile: Profile) -> None:
    """Both call; each SYN,ACK opens the end that it reaches."""
    (a, syn_a), (b, syn_b) = caller(100, profile), caller(300, profile)
    syn_ack_a, syn_ack_b = a.takes(syn_b), b.takes(syn_a)
    assert states(a, b) == ("SYN-RECEIVED", "SYN-RECEIVED")
    assert syn_ack_a.said == ("SYN,ACK 100:101(0) ack 301",)
    assert syn_ack_b.said == ("SYN,ACK 300:301(0) ack 101",)
    a.takes(syn_ack_b.segment)
    b.takes(syn_ack_a.segment)
    assert states(a, b) == ("ESTABLISHED", "ESTABLISHED")
    b.takes(a.sends(10).segment)
    assert b.reads().value == 10


def test_figure_7_with_one_syn_ack_lost() -> None:
    """The end that was left behind repeats its own, and the open end answers."""
    (a, syn_a), (b, syn_b) = caller(100), caller(300)
    a.takes(syn_b)
    syn_ack_b = b.takes(syn_a).segment
    a.takes(syn_ack_b)
    assert states(a, b) == ("ESTABLISHED", "SYN-RECEIVED")
    again = b.expires("retransmission").segment
    ack = a.takes(again)
    assert ack.said == ("ACK 101:101(0) ack 301",)
    b.takes(ack.segment)
    assert states(a, b) == ("ESTABLISHED", "ESTABLISHED")


def test_figure_8_recovery_from_an_old_duplicate_syn() -> None:
    """The answer to the old SYN is refused by its sender, and the true SYN finds a listener."""
    (a, syn), b = caller(100), listening()
    old = Segment(90, flags=syn.flags)
    wrong = b.takes(old, iss=300)
    assert wrong.said == ("SYN,ACK 300:301(0) ack 91",)
    reset = a.takes(wrong.segment)
    assert reset.said == ("RST 91:91(0)",)
    b.takes(reset.segment)
    assert states(a, b) == ("SYN-SENT", "LISTEN")
    right = b.takes(syn, iss=400)
    assert right.said == ("SYN,ACK 400:401(0) ack 101",)
    b.takes(a.takes(right.segment).segment)
    assert states(a, b) == ("ESTABLISHED", "ESTABLISHED")


def half_open() -> End:
    """B of figure 9: it would send 300 next and expects 100; its peer has forgotten everything."""
    b, _syn = caller(299)
    b.gets("SYN,ACK", seq=99, ack=300, irs=99)
    return b


def test_figure_9_half_open_connection_discovery() -> None:
    """The rebooted A calls anew; B answers with what it knows; A's RST frees B."""
    (a, syn), b = caller(400), half_open()
    ack = b.takes(syn)
    assert ack.said == ("ACK 300:300(0) ack 100",)
    reset = a.takes(ack.segment)
    assert reset.said == ("RST 100:100(0)",)
    b.takes(reset.segment)
    assert states(a, b) == ("SYN-SENT", "CLOSED")


def test_figure_10_the_active_side_discovers_it() -> None:
    """B sends on what it believes is a connection."""
    a, b = End(), half_open()
    reset = a.takes(b.sends(10).segment)
    assert reset.said == ("RST 100:100(0)",)
    b.takes(reset.segment)
    assert states(a, b) == ("CLOSED", "CLOSED")


def test_figure_11_an_old_duplicate_between_two_listeners() -> None:
    """B is stirred, A answers with a RST, both go on listening."""
    a, b = listening(), listening()
    syn_ack = b.takes(caller(700)[1], iss=900)
    reset = a.takes(syn_ack.segment)
    assert reset.said == ("RST 701:701(0)",)
    b.takes(reset.segment)
    assert states(a, b) == ("LISTEN", "LISTEN")
    assert b.tcb == listening().tcb


# --- closing: figures 12 and 13 ---


def connected(profile: Profile = RFC) -> tuple[End, End]:
    """A at 100 and B at 300, as the figures on closing begin."""
    (a, syn), b = caller(99, profile), listening(profile)
    b.takes(a.takes(b.takes(syn, iss=299).segment).segment)
    assert states(a, b) == ("ESTABLISHED", "ESTABLISHED")
    return a, b


def test_figure_12_normal_close() -> None:
    """FIN, ACK, FIN, ACK; the side that closed first waits."""
    a, b = connected()
    fin = a.closes()
    assert fin.said == ("FIN,ACK 100:101(0) ack 300",)
    ack = b.takes(fin.segment)
    assert ack.said == ("ACK 300:300(0) ack 101",)
    assert states(a, b) == ("FIN-WAIT-1", "CLOSE-WAIT")
    a.takes(ack.segment)
    assert states(a, b) == ("FIN-WAIT-2", "CLOSE-WAIT")
    fin = b.closes()
    assert fin.said == ("FIN,ACK 300:301(0) ack 101",)
    last = a.takes(fin.segment)
    assert last.said == ("ACK 101:101(0) ack 301",)
    assert states(a, b) == ("TIME-WAIT", "LAST-ACK")
    b.takes(last.segment)
    assert states(a, b) == ("TIME-WAIT", "CLOSED")
    a.expires("time-wait")
    assert states(a, b) == ("CLOSED", "CLOSED")


def test_figure_12_with_the_last_ack_lost() -> None:
    """B repeats its FIN, A acknowledges it again and waits anew."""
    a, b = connected()
    a.takes(b.takes(a.closes().segment).segment)
    a.takes(b.closes().segment)
    again = b.expires("retransmission")
    assert again.said == ("FIN,ACK 300:301(0) ack 101",)
    a.now = b.now
    b.takes(a.takes(again.segment).segment)
    assert states(a, b) == ("TIME-WAIT", "CLOSED")
    assert a.timer("time-wait") == RFC.time_wait_us


def test_figure_13_simultaneous_close() -> None:
    """The FINs cross; both wait."""
    a, b = connected()
    fin_a, fin_b = a.closes(), b.closes()
    ack_a, ack_b = a.takes(fin_b.segment), b.takes(fin_a.segment)
    assert states(a, b) == ("CLOSING", "CLOSING")
    assert ack_a.said == ("ACK 101:101(0) ack 301",)
    assert ack_b.said == ("ACK 301:301(0) ack 101",)
    a.takes(ack_b.segment)
    b.takes(ack_a.segment)
    assert states(a, b) == ("TIME-WAIT", "TIME-WAIT")


# --- a link ---


class Link:
    """Two ends and what is between them. Each segment meets the next of ``fates``, and after those no harm."""

    def __init__(self, a: End, b: End, fates: list[int]) -> None:
        self.ends = (a, b)
        self.fates = iter(fates)
        self.now = 0
        self.flying: list[tuple[int, int, int, Segment]] = []
        self.sent = 0

    def carry(self, sender: int, answer: Answer) -> None:
        """0 to 4: delivered after 10 ms; 5: lost; 6: doubled; 7 and more: late, so that others overtake it."""
        for segment in answer.reaction.segments:
            fate = next(self.fates, 0)
            delays = [] if fate == 5 else [10, 35] if fate == 6 else [10 + 20 * (fate - 6)] if fate > 6 else [10]
            for delay in delays:
                self.sent += 1
                heappush(self.flying, (self.now + delay * MS, self.sent, 1 - sender, segment))

    def step(self, iss: int) -> bool:
        """The next arrival or timer; False when nothing will ever happen again."""
        due = [(end.tcb.next_deadline() or (1 << 60, ""))[0] for end in self.ends]
        arrival = self.flying[0][0] if self.flying else 1 << 60
        if min(arrival, *due) == 1 << 60:
            return False
        self.now = min(arrival, *due)
        for end in self.ends:
            end.now = self.now
        if arrival <= min(due):
            _at, _number, target, segment = heappop(self.flying)
            self.carry(target, self.ends[target].takes(segment, iss=iss))
        else:
            which = due.index(self.now)
            self.carry(which, self.ends[which].expires())
        return True


class Talker:
    """A program: writes what there is room for, reads so much at a time, closes when it has nothing more to say."""

    def __init__(self, side: int, writes: int, reads: int, *, closes_first: bool) -> None:
        self.side, self.left, self.reads, self.closes_first = side, writes, reads, closes_first
        self.got: list[Payload] = []
        self.heard_the_end = False
        self.closed = False

    def acts(self, link: Link) -> None:
        """Whatever can be done now; when nothing flies, there is time to read everything."""
        end = link.ends[self.side]
        if end.state in (State.CLOSED, State.LISTEN, State.SYN_SENT):
            return
        while self.left and (answer := end.sends(min(self.left, 3000))).error is None:
            self.left -= int(str(answer.value))
            link.carry(self.side, answer)
        while self._reads(link, end) and not link.flying:
            pass
        if not self.closed and not self.left and (self.closes_first or self.heard_the_end):
            self.closed = True
            link.carry(self.side, end.closes())

    def _reads(self, link: Link, end: End) -> int:
        ready = end.tcb.inc.ready
        answer = end.reads(self.reads)
        if answer.error is not None:
            return 0
        octets_read = taken = int(str(answer.value))
        self.heard_the_end |= taken == 0
        for text in ready:
            if taken and (part := text.cut(0, taken)):
                self.got.append(part)
                taken -= len(part)
        link.carry(self.side, answer)
        return octets_read


def octets(parts: list[Payload]) -> int:
    """How many octets the slices hold, having checked that they are the stream from its beginning."""
    at = 0
    for part in parts:
        assert part.start == at, f"octet {at} is missing, {part} came"
        at = part.stop
    return at


def test_two_full_ends_probe_each_other_in_peace() -> None:
    """Both windows are shut and both probe (appendix A.2): one answer to a probe, and none to an answer.

    A round is two probes, two answers and two timers; after 100 events the sixteenth is over, at
    1 + 2 + 4 + 8 + 16 + 32 + 64 + 9 * 120 = 1207 s. Ends that answered each other would never leave the first second.
    """
    a, b = connected(rules(receive_buffer=100, invalid_ack_interval_us=0))
    link = Link(a, b, [])
    link.carry(0, a.sends(110))
    link.carry(1, b.sends(110))
    for _ in range(100):
        assert link.step(0)
    assert link.now > 1000 * SECOND
    assert states(a, b) == ("ESTABLISHED", "ESTABLISHED")
    link.carry(0, a.reads())
    link.carry(1, b.reads())
    while (a.tcb.inc.unread, b.tcb.inc.unread) != (10, 10):
        assert link.step(0)


FATES = st.lists(st.integers(0, 9), max_size=60).map(
    lambda fates: [0 if fate == 5 and fates[:at].count(5) > 5 else fate for at, fate in enumerate(fates)]
)
"""What happens to the first sixty segments; six of them may be lost, or a SYN would be given up at last."""

AMOUNTS = st.tuples(st.integers(0, 20_000), st.integers(0, 20_000))


@settings(max_examples=60)
@given(
    fates=FATES,
    amounts=AMOUNTS,
    reads=st.sampled_from([500, 4000, 1 << 30]),
    buffer=st.sampled_from([1, 300, 2920, 65535]),
    isn=st.sampled_from([100, 2**32 - 1500]),
    both_close=st.booleans(),
    name=st.sampled_from(["rfc9293", "linux-6.18"]),
)
def test_what_is_written_is_read_whatever_the_link_does(
    fates: list[int], amounts: tuple[int, int], reads: int, buffer: int, isn: int, both_close: bool, name: str
) -> None:
    """Loss, doubling, reordering, tiny buffers, numbers that wrap: every octet once, in order; both come to rest.

    Without assassination: a SYN,ACK that comes twice can end TIME-WAIT before its user has read everything.
    """
    profile = rules(name, receive_buffer=buffer, window_in_segments=False, rst_kills_time_wait=False)
    a, b = End(profile), listening(profile)
    link = Link(a, b, fates)
    link.carry(0, a.connects(isn))
    most = 5 * buffer  # a window of one octet lets five octets through in this test
    alice = Talker(0, min(amounts[0], most), reads, closes_first=True)
    bob = Talker(1, min(amounts[1], most), reads, closes_first=both_close)
    written = (alice.left, bob.left)
    steps = 0
    while link.step(isn + 7) and steps < 5_000:
        steps += 1
        alice.acts(link)
        bob.acts(link)
    assert steps < 5_000, f"they never come to rest: {states(a, b)}"
    assert (octets(bob.got), octets(alice.got)) == written
    assert states(a, b) == ("CLOSED", "CLOSED")
    assert link.now < HOUR
