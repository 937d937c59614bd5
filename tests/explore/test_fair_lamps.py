"""What the lamps accuse and what not: who listens when a SYN comes, cookies, lost tries, a forged FIN."""

from __future__ import annotations

import pytest

from tests.world.stage import scene
from tutor.explore.judging import Verdict, judge
from tutor.explore.model import Model
from tutor.explore.parts import Budget, Play
from tutor.explore.past import OPEN
from tutor.explore.search import search
from tutor.explore.verdict import PROPERTIES
from tutor.profiles import load_profile
from tutor.tcp.values import replace
from tutor.tcp.variant import variant_named
from tutor.world.trace import Trace

BOTH = pytest.mark.parametrize("profile", ["rfc9293", "linux-6.18"])


class Told:
    """A run and what the lamps say of it."""

    def __init__(self, trace: Trace) -> None:
        self.trace, self.verdicts = trace, judge(trace)

    def __getitem__(self, name: str) -> Verdict:
        return self.verdicts[name]

    @property
    def broken(self) -> dict[str, float]:
        """Property -> when it broke (s)."""
        steps = self.trace.steps
        return {name: steps[each.broken].at / 1e6 for name, each in self.verdicts.items() if each.broken is not None}


def verdicts(client: str, server: str, *, more: str = "", link: str = "delay=10ms", until: str = "3min") -> Told:
    """The lamps after a run of two programs."""
    client, server = (text.strip().replace("; ", "\n      ") for text in (client, server))
    trace = Trace.of(
        scene(f"""
    host client 10.0.0.1 {client}
    host server 10.0.0.2 {server}
    link client server {link}
    until {until}
    {more}
""")
    )
    return Told(trace)


TALK = "at 0s connect server:80 from 40000; at 500ms write 10; at 1s shutdown write; and; at 600ms read"
ANSWER = "at 0s listen 80; accept; at 550ms read; at 560ms write 10; at 2s close"


@pytest.mark.parametrize("cookies", [0, 1, 2])
def test_a_connection_opened_by_a_cookie_is_as_honest_as_any(cookies: int) -> None:
    """The caller is open before the server has a record; they talk, close in order: every lamp is tried and holds."""
    told = verdicts(f"linux-6.18; {TALK}", f"linux-6.18 tcp_syncookies={cookies}; {ANSWER}")
    assert not told.broken
    assert all(verdict.tried is not None for verdict in told.verdicts.values())


def test_a_cookie_that_opens_twice_is_told_and_what_follows_is_fair() -> None:
    """The server aborts unheard (a ghost), and its caller's text opens it once more: and yet an orderly end."""
    told = verdicts(
        "linux-6.18; at 0s connect server:80 from 40000; at 1s write 10; at 2s shutdown write",
        "linux-6.18 tcp_syncookies=2; at 0s listen 80; accept; at 500ms abort; at 1500ms accept; read; at 3s close",
        more="at 0.4s drop server:RST,ACK",
        until="5s",
    )
    assert set(told.broken) == {"no-ghost", "agreed-open"} and told["orderly-close"].tried is not None


@BOTH
def test_whose_listener_closed_under_a_call_is_reset_by_right(profile: str) -> None:
    """That another one listens there when the RST comes back makes no fault of it."""
    told = verdicts(
        f"{profile}; at 0s connect server:80 from 40000",
        f"{profile}; at 0s listen 80; at 15ms close; at 25ms listen 80; accept",
    )
    assert not told.broken


@BOTH
@pytest.mark.parametrize(("listens", "is_refused"), [("9ms", False), ("11ms", True), ("15ms", True)])
def test_a_call_is_refused_by_right_if_nobody_listened_when_it_came(
    listens: str, is_refused: bool, profile: str
) -> None:
    """The SYN arrives at 10 ms; that somebody listens when its RST is back at 20 ms makes no fault of it."""
    told = verdicts(f"{profile}; at 0s connect server:80 from 40000", f"{profile}; at {listens} listen 80; accept")
    assert not told.broken and told["honest-open"].tried is not None
    states = [socket.state.name for socket in told.trace.steps[-1].world.host("client").all_sockets()]
    assert ("ESTABLISHED" in states) != is_refused


def test_a_call_that_lost_every_try_gave_up_for_good_reasons() -> None:
    """Two SYNs, two losses: nothing was put to the test."""
    told = verdicts(
        "linux-6.18 tcp_syn_retries=1; at 0s connect server:80 from 40000", "linux-6.18; at 0s listen 80; accept",
        link="delay=10ms loss=1",
    )  # fmt: skip
    assert not told.broken and told["honest-open"].tried is None


def test_a_call_to_nobody_gives_up_by_right_even_if_nobody_says_so() -> None:
    """A host that answers nothing where there is no connection: nothing is lost, and nobody listens."""
    text = """
    host client 10.0.0.1 linux-6.18 tcp_syn_retries=1
      at 0s connect server:80 from 40000
    host server 10.0.0.2 linux-6.18
    link client server delay=10ms
    until 1min
"""
    told = Told(Trace.of(replace(scene(text), variant="no-rst-from-closed")))
    assert not told.broken and told["honest-open"].tried is not None


def test_a_listener_that_leaves_callers_standing_breaks_an_honest_open() -> None:
    """A queue for one, and nobody accepts: the third call is never answered though nothing was lost on the way."""
    told = verdicts(
        "linux-6.18 tcp_syn_retries=1; at 1s connect server:80 from 40000; and; at 2s connect server:80 from 40001;"
        " and; at 3s connect server:80 from 40002",
        "linux-6.18; at 0s listen 80 backlog=0",
    )
    assert told.broken == {"honest-open": pytest.approx(5.0, abs=2.0)}


def test_who_leaves_after_a_forged_fin_has_not_got_its_peers() -> None:
    """The server is told the end by somebody else; the caller writes on, and its octet is swallowed."""
    told = verdicts(
        "rfc9293; at 0s connect server:80 from 40000; write 10; at 1500ms write 1",
        "rfc9293; at 0s listen 80; accept; read; at 2s close",
        more="at 1s inject client>server FIN,ACK seq=11 ack=1 sport=40000 dport=80",
    )
    assert "orderly-close" in told.broken


# --- the search judges by the same rules ---


@pytest.mark.sampled(4)
@BOTH
def test_a_server_that_answers_in_its_second_connection_is_not_taken_for_another(profile: str) -> None:
    """Linux numbers the new connection from the TIME-WAIT that it takes the place of: its octets bear that number."""
    budget = Budget(writes=0, server_writes=1, server_closes=True)
    answer = search(Play(load_profile(profile), budget=budget, beginning=OPEN, watched=PROPERTIES["orderly-close"]))
    assert not answer.is_found and answer.statistics.is_complete


def test_one_call_opens_one_connection_at_most() -> None:
    """A server with fixed numbers forgets a connection, and the copy of the SYN that made it opens it once more."""
    play = Play(
        load_profile("rfc9293"), variant_named("fixed-isn-server"), Budget(duplicates=1, interferences=1),
        watched=PROPERTIES["agreed-open"],
    )  # fmt: skip
    model = Model(play)
    world = model.start()
    answered: list[int] = []
    moves = "connectA duplicateB deliverB deliverA deliverB crashB lateB deliverA deliverB"
    for wanted in moves.split():
        following = [
            (move, after) for move, after in (*model.successors(world), *model.waits(world))
            if f"{move.kind}{'AB'[move.side]}" == wanted
        ]  # fmt: skip
        assert following, (wanted, answered)
        _, world = following[0]
        answered.append(model.broken(world))
    assert answered == [0] * 8 + [PROPERTIES["agreed-open"]]


# --- who is judged, and what excuses ---

SILENT_END = "at 0s connect server:80 from 40000; write 10; at 1s close", "at 0s listen 80; accept; read; at 5s close"


@pytest.mark.parametrize("harm", ["", "at 0s corrupt server:FIN,ACK"])
def test_what_a_host_could_not_read_counts_as_lost(harm: str) -> None:
    """Without TIME-WAIT a lost ACK of the FIN has the server told reset; no fault if more than ACKs came to nothing."""
    trace = Trace.of(
        replace(
            scene(f"""
    host client 10.0.0.1 rfc9293
      at 0s connect server:80 from 40000
      at 1s close
    host server 10.0.0.2 rfc9293
      at 0s listen 80
      accept
      at 2s close
    link client server delay=10ms
    until 1min
    at 1.5s drop client:ACK
    {harm}
"""),
            variant="no-time-wait",
        )
    )
    signals = [str(record) for step in trace.steps for record in step.records if "reset" in str(record)]
    assert signals, "the server is told"
    assert ("orderly-close" in Told(trace).broken) == (not harm)


@BOTH
def test_a_crash_excuses_what_the_other_side_is_told(profile: str) -> None:
    """The server forgets everything while the FIN of the client is under way; the client is told reset."""
    client, server = SILENT_END
    told = verdicts(
        f"{profile}; {client}", f"{profile}; {server}", more="at 1.015s crash server\n    at 1.1s reboot server"
    )
    assert "orderly-close" not in told.broken


def test_connections_through_a_translating_box_are_not_judged() -> None:
    """The two ends know each other by other names: no lamp says anything."""
    told = verdicts(f"linux-6.18; {TALK}", f"linux-6.18; {ANSWER}", link="delay=10ms nat=203.0.113.1")
    assert all(verdict == Verdict() for verdict in told.verdicts.values())
