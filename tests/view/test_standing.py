"""Where hosts stand when there is more than one connection, and what is shown of those that are not in focus."""

from __future__ import annotations

from tests.view.scenes import CALL_AND_CLOSE, look, marks_of, trace
from tutor.tcp.states import State
from tutor.tcp.transitions import EDGES
from tutor.tcp.typical import TYPICAL_CLIENT, TYPICAL_SERVER
from tutor.view.aspect import Aspect
from tutor.view.diagram import diagram
from tutor.view.geometry import plan
from tutor.view.marks import Ellipse, Picture, Rect, Text
from tutor.view.refused import REFUSING, refusals
from tutor.view.standing import newest, standings
from tutor.words import ALL_REASONS
from tutor.world.records import Because, StateChanged
from tutor.world.trace import Trace

SIZE = (970.0, 900.0)

ACCEPT_LOOP = """
    host client 10.0.0.1 linux-6.18 isn=1000
      connect server:80 from 40000
      after 3s close
    host server 10.0.0.2 linux-6.18 isn=5000
      listen 80
      accept
      read
      repeat
    link client server delay=50ms
    until 10min
"""
"""A server that takes one caller after the other."""

CALLS = ((200_000, "client connect server:80 from 40001"), (400_000, "client connect server:80 from 40002"))


def test_a_listener_keeps_its_place_while_its_children_move_on() -> None:
    """However many are accepted: the listener's hollow badge stays in LISTEN, and says whose it is."""
    run = trace(ACCEPT_LOOP, *CALLS)
    for time in (60_000, 160_000, 260_000, 700_000, 3_200_000):
        picture = diagram(run, time, SIZE, look())
        hollow = [mark for mark in marks_of(picture, "listener:server") if isinstance(mark, Rect)]
        node = plan(*SIZE).nodes[State.LISTEN]
        assert [mark.x + mark.w / 2 for mark in hollow] == [node.right], time
        assert hollow[0].fill is not None and hollow[0].fill.role == "surface"


def test_a_listener_without_a_child_is_there_itself() -> None:
    """Before anybody calls the badge in LISTEN is full: there is no second one."""
    picture = diagram(trace(ACCEPT_LOOP, *CALLS), 20_000, SIZE, look())
    assert not marks_of(picture, "listener:server")
    assert marks_of(picture, "badge:server")


def test_the_newest_connection_is_in_focus_and_the_others_are_counted() -> None:
    """Three calls: the third is what the tokens show, two more stand in ESTABLISHED as a number."""
    run = trace(ACCEPT_LOOP, *CALLS)
    assert newest(run, 700_000) == "client:40002>server:80"
    client, server = standings(run, 420_000)
    assert client.state is State.SYN_SENT and server.state is State.LISTEN
    assert [(other.state, other.count) for other in client.others] == [(State.ESTABLISHED, 2)]
    counted = marks_of(diagram(run, 420_000, SIZE, look()), "conn:client:40001>server:80")
    assert [mark.text for mark in counted if isinstance(mark, Text)] == ["2", "2"]


def test_a_connection_that_was_asked_for_stays_in_focus() -> None:
    """The first connection is looked at, although others have come since."""
    run = trace(ACCEPT_LOOP, *CALLS)
    client, server = standings(run, 3_200_000, focus="client:40000>server:80")
    assert client.state is not State.ESTABLISHED and client.connection == "client:40000>server:80"
    assert "estab_finwait1" in client.trail and "closed_listen" in server.trail


def test_a_name_that_is_used_again_begins_a_new_trail() -> None:
    """The second life of a 4-tuple has not closed yet, whatever the first one did."""
    again = trace(CALL_AND_CLOSE, (400_000_000, "client connect server:80 from 40000"))
    client, _ = standings(again, 400_020_000)
    assert client.state is State.SYN_SENT
    assert client.trail == ("closed_synsent",)


def test_who_has_crashed_has_no_connection_any_more() -> None:
    """No edge leads there: the block is simply gone."""
    run = trace(CALL_AND_CLOSE, (500_000, "crash server"))
    client, server = standings(run, 600_000)
    assert client.state is State.ESTABLISHED
    assert server.state is State.CLOSED and server.last is None


def test_the_typical_lives_are_those_of_the_rfc() -> None:
    """Who calls and closes first, and who is called and closes last, cross exactly the edges of the two paths."""
    run = trace()
    for host, path in (("client", TYPICAL_CLIENT), ("server", TYPICAL_SERVER)):
        crossed = [r.edge for _, r in run.records() if isinstance(r, StateChanged) and r.host == host]
        assert crossed == [edge.id for edge in path]
    picture = diagram(run, 0, SIZE, look(), aspect=Aspect(has_paths=True))
    words = [mark.text for mark in marks_of(picture, "legend:") if isinstance(mark, Text)]
    assert words == ["typical client path", "typical server path"]


# --- refused ---


def test_what_was_refused_is_shown_at_its_node_until_something_else_happens() -> None:
    """A RST in the window but not exactly next draws a challenge ACK: nothing changed, and the node says so."""
    rst = "inject client>server RST seq=500 sport=40000 dport=80"
    run = trace(CALL_AND_CLOSE, (500_000, rst))
    arrived = next(r.at for _, r in run.records() if isinstance(r, Because) and r.reason.id == "rst-not-exact")
    (refusal,) = refusals(run, arrived)
    assert (refusal.host, refusal.what) == ("server", "RST")
    picture = diagram(run, arrived, SIZE, look())
    chip = next(mark for mark in marks_of(picture, "refused:server") if isinstance(mark, Rect))
    node = plan(*SIZE).nodes[State.ESTABLISHED]
    assert node.contains(chip.x + chip.w / 2, chip.y + chip.h / 2 - 1)
    assert "RST" in picture.title("refused:server")
    assert not refusals(run, arrived - 1)
    later = run.next_instant(arrived)
    assert later is not None and not refusals(run, later)


def test_a_call_that_fails_is_refused_too() -> None:
    """connect() on a listener of Linux comes back with an error, and no state changes."""
    run = trace(ACCEPT_LOOP, (500_000, "client write 10"), (10_000_000, "client write 10"))
    failed = [step.at for step in run.steps if refusals(run, step.at)]
    assert failed
    assert any(refusal.error for time in failed for refusal in refusals(run, time))


def test_every_refusing_reason_exists() -> None:
    """A reason that nobody gives would never show."""
    assert set(ALL_REASONS) >= REFUSING


def test_what_moved_a_state_was_not_refused() -> None:
    """In every step with a refusal the host that refused crossed no edge."""
    run = trace(CALL_AND_CLOSE, (500_000, "inject client>server SYN seq=500 sport=40000 dport=80"))
    for step in run.steps:
        refused = {refusal.host for refusal in refusals(run, step.at)}
        moved = {r.host for r in step.records if isinstance(r, StateChanged)}
        last = run.index_at(step.at) == step.index
        assert not (last and refused & moved)
    assert EDGES


# --- what Linux keeps ---


def test_linux_draws_what_it_keeps() -> None:
    """A request entry has cut corners, TIME-WAIT round ends, and LISTEN -> SYN-SENT does not exist."""
    text = CALL_AND_CLOSE.replace("rfc9293", "linux-6.18")
    picture = diagram(trace(text), 60_000, SIZE, look(), aspect=Aspect("linux"))
    assert not marks_of(picture, "edge:listen_synsent")
    words = {mark.text for mark in marks_of(picture, "state:") if isinstance(mark, Text)}
    assert {"request entry", "mini-socket", "listener"} <= words
    assert plan(*SIZE).nodes == plan(*SIZE, "linux").nodes, "nodes stay where they are, so that the eye can compare"


def test_a_crossed_call_is_no_request_entry_on_linux() -> None:
    """Who calls and is called is a full socket in SYN-RCVD: the node says what is really there."""
    text = """
        host client 10.0.0.1 linux-6.18 isn=1000
          connect server:80 from 80
        host server 10.0.0.2 linux-6.18 isn=5000
          connect client:80 from 80
        link client server delay=50ms
        until 10min
    """
    picture = diagram(trace(text), 60_000, SIZE, look(), aspect=Aspect("linux"))
    words = [mark.text for mark in marks_of(picture, "state:SYN-RECEIVED") if isinstance(mark, Text)]
    assert "full socket" in words
    assert not [mark for mark in marks_of(picture, "refused:") if isinstance(mark, Ellipse)]


def _ends(picture: Picture) -> set[bool]:
    """The outlines of FIN-WAIT-2: is each round?"""
    drawn = [mark for mark in picture.marks() if isinstance(mark, Rect) and mark.id == "state:FIN-WAIT-2"]
    return {mark.radius > (mark.h / 2) * 0.9 for mark in drawn}


def test_linux_keeps_fin_wait_2_as_a_full_socket_until_nobody_holds_it() -> None:
    """After shutdown() it is a full socket; after close() a mini-socket; where no host is, the node has both ends."""
    text = CALL_AND_CLOSE.replace("rfc9293", "linux-6.18")
    closed = next(line for line in text.splitlines() if "close" in line)
    shut = text.replace(closed, closed.replace("close", "shutdown write"), 1)
    for run, ends, said in ((text, {True}, "mini-socket"), (shut, {False}, "full socket")):
        world = trace(run)
        moment = next(at for at in range(0, 3_000_000, 1000) if _state(world, at) is State.FIN_WAIT_2)
        before = diagram(world, 0, SIZE, look(), aspect=Aspect("linux"))
        now = diagram(world, moment, SIZE, look(), aspect=Aspect("linux"))
        assert _ends(before) == {True, False}
        assert _ends(now) == ends
        assert said in {mark.text for mark in marks_of(now, "state:FIN-WAIT-2") if isinstance(mark, Text)}


def _state(run: Trace, at: int) -> State | None:
    return standings(run, at)[0].state
