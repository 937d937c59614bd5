"""The hosts from inside: what the pictures say is what the engine holds, and it can be read."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.view.scenes import BUSY, CALL_AND_CLOSE, look, marks_of, texts, trace
from tutor.tcp.tcb import TIMERS
from tutor.view.hosts import buffers, meanings, shelves, tables, timers, variables
from tutor.view.hosts.counters import COUNTER_MEANINGS
from tutor.view.hosts.ends import ends_picture, spread
from tutor.view.hosts.moment import Moment, moment_of
from tutor.view.hosts.programs import programs_picture, rows_of as program_rows
from tutor.view.hosts.shelves import shelves_picture
from tutor.view.hosts.tables import tables_picture
from tutor.view.hosts.variables import variables_picture
from tutor.view.marks import Box, Group, Mark, Picture, Rect, Text
from tutor.view.metrics import text_width
from tutor.world.counting import COUNTERS
from tutor.world.host import LISTENER, REQUEST
from tutor.world.records import Because, TimerFired
from tutor.world.ss import rows as ss_rows
from tutor.world.trace import Trace

PICTURES = {
    "ends": ends_picture,
    "variables": variables_picture,
    "shelves": shelves_picture,
    "tables": tables_picture,
    "programs": programs_picture,
}

QUEUE = (
    """
    host client 10.0.0.1 linux-6.18
"""
    + "\n      and\n".join(f"      at {7 * number}ms connect server:80" for number in range(1, 10))
    + """
    host server 10.0.0.2 linux-6.18
      listen 80 backlog=2
      after 3s accept
    link client server delay=50ms
    until 30s
"""
)
"""Nine callers for a listener that holds three, and an accept() that comes late."""

FLOOD = """
    host peer 10.0.0.9 linux-6.18
    host server 10.0.0.2 linux-6.18 isn=5000 tcp_syncookies=0
      listen 80 backlog=400
    link peer server delay=0 server.loss=1
    until 2s
""" + "\n".join(
    f"    at {1 + number}ms inject peer>server SYN seq=0 sport={50000 + number} dport=80" for number in range(200)
)
"""Two hundred callers that never answer."""

THREE = """
    host a 10.0.0.1 linux-6.18
      connect server:80
      write 3000
    host b 10.0.0.3 linux-6.18
      after 10ms connect server:80
      after 30ms write 30000
    host c 10.0.0.4 linux-6.18
      after 20ms connect server:80
    host server 10.0.0.2 linux-6.18
      listen 80 backlog=2
      after 3s accept
    link a server name=one delay=50ms
    link b server name=two delay=50ms
    link c server name=three delay=50ms
    until 30s
"""
"""Three machines call a fourth."""

RUNS = {"close": CALL_AND_CLOSE, "busy": BUSY, "queue": QUEUE, "flood": FLOOD, "three": THREE}


def some_moments(run: Trace, most: int = 30) -> list[int]:
    """Moments at which something happens and between them, at most about ``most``, the last among them."""
    times = sorted({step.at for step in run.steps})
    all_of = sorted({*times, *((a + b) // 2 for a, b in pairwise(times))})
    return all_of[:: max(1, len(all_of) // most)] + all_of[-1:]


# --- they can be read ---


def boxes(picture: Picture) -> list[tuple[Text, Box]]:
    """Every text with the box that its letters fill."""
    found = []
    for mark in picture.marks():
        if isinstance(mark, Text):
            wide = text_width(mark.text, mark.font, mark.size, mark.weight)
            left = mark.x - {"start": 0.0, "middle": wide / 2, "end": wide}[mark.anchor]
            found.append((mark, Box(left, mark.y - mark.size * 0.72, left + wide, mark.y + mark.size * 0.2)))
    return found


@pytest.mark.sampled(12)
@pytest.mark.parametrize("run", RUNS, ids=str)
@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(
    ("lang", "width", "scale"), [("en", 920, 1.0), ("zh", 1240, 1.0), ("en", 640, 1.0), ("zh", 920, 2.0)]
)
def test_no_text_touches_another_nor_leaves_the_picture(
    name: str, run: str, lang: str, width: int, scale: float
) -> None:
    """At moments all through five runs: every line within the picture, apart from the others, 12 px or more."""
    told = trace(RUNS[run])
    for time in some_moments(told, 12):
        picture = PICTURES[name](moment_of(told, time), (width, 190), look(lang, scale=scale))
        found = boxes(picture)
        for text, box in found:
            assert text.size >= 12
            assert box.left >= 0
            assert box.right <= width + 0.5, f"{text.text!r} leaves the picture at {time}"
            assert box.bottom <= picture.height
        found.sort(key=lambda each: each[1].top)
        for place, (text, box) in enumerate(found):
            for other, theirs in found[place + 1 :]:
                if theirs.top >= box.bottom:
                    break
                assert not box.touches(theirs), f"{text.text!r} touches {other.text!r} at {time}"


@pytest.mark.parametrize("name", PICTURES)
def test_what_can_be_clicked_is_named(name: str) -> None:
    """Every id of a picture has words for tooltip and screen reader."""
    for run, time in ((CALL_AND_CLOSE, 130_000), (BUSY, 300_000), (QUEUE, 200_000), (FLOOD, 300_000)):
        picture = PICTURES[name](moment_of(trace(run), time), (920, 190), look())
        ids = {mark.id for mark in _all(picture.layers[0].marks) if mark.id}
        assert ids <= set(dict(picture.titles)), ids - set(dict(picture.titles))
        assert all(words for _, words in picture.titles)


def _all(marks: tuple[Mark, ...]) -> list[Mark]:
    return [each for mark in marks for each in ((mark, *_all(mark.marks)) if isinstance(mark, Group) else (mark,))]


def test_every_name_has_a_meaning() -> None:
    """Variables, timers and counters: whatever may stand in a panel explains itself when it is clicked."""
    assert {name for _, names in variables.GROUPS for name in names} == set(meanings.VARIABLES)
    assert set(meanings.TIMERS) == set(TIMERS)
    assert list(COUNTER_MEANINGS) == list(COUNTERS)


# --- variables ---


def told(moment: Moment, name: str, *, is_absolute: bool = False) -> list[tuple[str, str]]:
    """(value, what it was) of a variable at every host."""
    groups = variables.rows_of(moment, look().words, is_absolute=is_absolute)
    row = next(row for _, rows in groups for row in rows if row.name == name)
    return [(cell.text, cell.was) for cell in row.cells]


def test_a_variable_that_the_last_step_has_changed_says_what_it_was() -> None:
    """The client writes 100 octets at 0.1 s: SND.NXT goes from 1 to 101, on the wire from 1001 to 1101."""
    run = trace()
    assert told(moment_of(run, 100_000), "SND.NXT")[0] == ("101", "1")
    assert told(moment_of(run, 120_000), "SND.NXT", is_absolute=True)[0] == ("1101", "1001")
    later = moment_of(run, 160_000)
    assert told(later, "SND.NXT")[0] == ("101", "")
    assert "B RCV.NXT 1 → 101" in variables.changes(later, look().words)


def test_what_is_not_known_yet_is_a_dash() -> None:
    """Before the SYN,ACK comes the client knows no window of the peer and no round trip."""
    moment = moment_of(trace(), 20_000)
    for name in ("SND.WND", "RCV.NXT", "SRTT", "cwnd", "SMSS"):
        assert told(moment, name)[0] == ("—", ""), name


def test_a_variable_that_is_clicked_explains_itself() -> None:
    """The line above says what it is and where that stands; else it says what has changed."""
    moment = moment_of(trace(), 130_000)
    plain = variables_picture(moment, (1240, 190), look())
    clicked = variables_picture(moment, (1240, 190), look(selection="var:SND.UNA"))
    assert any("SND.NXT 1 → 101" in text for text in texts(plain))
    assert any("not acknowledged (RFC 9293 3.3.1)" in text for text in texts(clicked))
    assert "Client: 1 (was 0)" in plain.title("var:SND.UNA")


# --- buffers ---


@pytest.mark.parametrize("run", [CALL_AND_CLOSE, BUSY], ids=["close", "busy"])
def test_the_parts_of_a_buffer_leave_no_gap_and_end_where_the_variables_say(run: str) -> None:
    """All through a run with losses: parts in order and joined, what is in flight lies between SND.UNA and SND.NXT."""
    for time in some_moments(trace(run), 200):
        for host in trace(run).world_at(time).hosts:
            for socket in host.all_sockets():
                for strip in (buffers.sending(socket.tcb), buffers.receiving(socket.tcb)):
                    if strip is None:
                        continue
                    assert all(a.stop == b.start for a, b in pairwise(strip.parts)), (time, host.name, strip)
                    edges = dict(strip.edges)
                    flying = [part for part in strip.parts if part.kind in ("flight", "again", "lost", "sacked")]
                    if flying:
                        assert (flying[0].start, flying[-1].stop) == (edges["SND.UNA"], edges["SND.NXT"])


def test_a_hole_is_seen_where_it_is() -> None:
    """Somewhere in a run with losses a receiver misses something and holds what comes after it."""
    run = trace(BUSY)
    kinds = set()
    for time in some_moments(run, 200):
        for host in run.world_at(time).hosts:
            for socket in host.all_sockets():
                strip = buffers.receiving(socket.tcb)
                if strip is not None and socket.tcb.inc.held:
                    found = [part.kind for part in strip.parts]
                    assert found.index("hole") < found.index("held")
                    kinds |= set(found)
    assert {"hole", "held", "room", "beyond"} <= kinds


def test_a_segment_in_flight_can_be_selected_in_the_buffer() -> None:
    """While the first text is on its way its part of the send buffer is the same thing as its line in the ladder."""
    picture = ends_picture(moment_of(trace(), 120_000), (920, 190), look())
    flights = {mark.id for mark in marks_of(picture, "flight:")}
    number = next(flight.id for flight in trace().world_at(120_000).flights if flight.segment.length)
    assert f"flight:{number}" in flights


def test_labels_are_spread_until_none_touches_another() -> None:
    """Three labels for one place stand side by side; at the right edge they move left."""
    lefts = spread([90.0, 95.0, 99.0], [30.0, 30.0, 30.0], 120.0, 5.0)
    assert lefts == [20.0, 55.0, 90.0]
    assert spread([0.0], [30.0], 120.0, 5.0) == [0.0]


# --- timers ---


LOSSY = ((0, "drop client:SYN"), (1, "drop client:FIN,ACK"))
CROWDED = FLOOD.replace("backlog=400", "backlog=250").replace("until 2s", "until 20s")


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("run", "acts"), [(CALL_AND_CLOSE, LOSSY), (CROWDED, ()), (BUSY, ())], ids=["lost", "flood", "busy"]
)
def test_what_a_timer_is_said_to_do_is_what_it_does(run: str, acts: tuple[tuple[int, str], ...]) -> None:
    """For every timer of the run that runs out: what the engine did is just what had been foretold."""
    ran = trace(run, *acts)
    fired = [(index, record) for index, record in ran.records() if isinstance(record, TimerFired)]
    assert fired
    for index, record in fired:
        host = ran.steps[index - 1].world.host(record.host)
        socket = host.connection(record.connection)
        assert socket is not None
        done = timers.expiry(host, socket, record.timer, record.at)
        after = ran.steps[index].world.host(record.host).connection(record.connection)
        if after is None:
            assert done.tcb.state.value in ("CLOSED", "LISTEN")
        else:
            assert after.tcb == done.tcb


def test_a_timer_tells_since_when_what_left_and_what_then() -> None:
    """The SYN's timer, a moment after the SYN: 0.995 s left; then the SYN goes again and waits 2 s."""
    moment = moment_of(trace(), 5_000)
    client = moment.hosts[0]
    timer = next(
        t for t in timers.running(moment, client, moment.socket(client), look().words) if t.name == "retransmission"
    )
    assert timer.started_at == 0
    assert timer.left(moment.time) == pytest.approx(0.995)
    assert timer.cause == "since SYN left, 0.000 s"
    assert timer.outcome == "SYN again, next time after 2.000 s"
    assert timers.timer_id(0, timer) == "timer:0:0"


def test_while_a_bet_waits_only_the_rule_is_said() -> None:
    """What the engine would do is computed for nobody then; what such a timer does anywhere may be said."""
    moment = moment_of(trace(), 5_000, horizon=5_000)
    client = moment.hosts[0]
    found = timers.running(moment, client, moment.socket(client), look().words)
    assert all(timer.outcome == "" and timer.rule for timer in found)


@pytest.mark.parametrize("name", PICTURES)
def test_while_a_bet_waits_no_deadline_is_told(name: str) -> None:
    """Two moments of a silence: with a bet open they look the same, for all that differs is what is left."""
    run = trace(CALL_AND_CLOSE, (0, "drop client:SYN"))
    early, late = (moment_of(run, time, horizon=time) for time in (200_000, 800_000))
    free = moment_of(run, 200_000), moment_of(run, 800_000)
    hidden = [PICTURES[name](moment, (920, 190), look()) for moment in (early, late)]
    assert hidden[0] == hidden[1]
    if name in ("ends", "tables"):
        assert PICTURES[name](free[0], (920, 190), look()) != PICTURES[name](free[1], (920, 190), look())


# --- queues ---


def server_of(run: Trace, time: int):
    """The server and its listener at a moment."""
    host = run.world_at(time).host("server")
    return host, next(socket for socket in host.all_sockets() if socket.kind == LISTENER)


@pytest.mark.parametrize("name", ["queue", "flood"])
def test_the_shelves_hold_what_the_listener_counts(name: str) -> None:
    """At moments all through: as many entries as the engine's own numbers say."""
    run = trace(RUNS[name])
    for time in some_moments(run, 60):
        host, listener = server_of(run, time)
        assert len(shelves.requests_of(host, listener)) == listener.syn_queue
        assert len(shelves.waiting_of(host, listener)) == len(listener.accept_queue)
        assert len(shelves.entries_of(host)) == host.time_waits


def test_a_crowded_shelf_counts_what_it_does_not_show() -> None:
    """Two hundred request entries: some are drawn, the rest is a number, and together they are all."""
    run = trace(FLOOD)
    picture = shelves_picture(moment_of(run, 300_000), (920, 190), look())
    host, listener = server_of(run, 300_000)
    drawn = len({mark.id for mark in marks_of(picture, "conn:")})
    assert sum(socket.kind == REQUEST for socket in host.all_sockets()) == 200
    assert f"and {listener.syn_queue - drawn} more" in texts(picture)
    assert f"{listener.syn_queue} of 401" in texts(picture)


def test_callers_from_several_machines_are_told_apart_on_a_shelf() -> None:
    """Their ports are equal, so the end of the address stands before it."""
    said = texts(shelves_picture(moment_of(trace(THREE), 180_000), (920, 190), look()))
    assert {".1:40000", ".3:40000", ".4:40000"} <= set(said)


def test_a_full_shelf_says_so_and_what_was_turned_away() -> None:
    """The fourth caller finds three in the accept queue: the shelf is full, the reason stands under it."""
    run = trace(QUEUE)
    when = next(r.at for _, r in run.records() if isinstance(r, Because) and r.reason.id == "accept-queue-full-cookie")
    said = texts(shelves_picture(moment_of(run, when), (920, 190), look()))
    assert "3 of 3" in said
    assert "full" in said
    assert "the cookie is good but the accept queue is full: the ACK is dropped" in said
    assert any("ListenOverflows 1" in text for text in said)


def test_accept_takes_from_the_shelf() -> None:
    """Until 3 s nobody calls accept(); at 3 s it takes one as descriptor 4, and one place is free."""
    run = trace(QUEUE)
    before = texts(shelves_picture(moment_of(run, 2_900_000), (920, 190), look()))
    after = texts(shelves_picture(moment_of(run, 3_000_000), (920, 190), look()))
    assert "nobody calls it now" in before
    assert "takes one as descriptor 4" in after
    assert "2 of 3" in after


# --- sockets and counters ---


def test_the_table_is_the_one_that_ss_prints() -> None:
    """Every column of every line, in the order of ``ss``; the connection in focus is the same id at both hosts."""
    run, time = trace(BUSY), 300_000
    picture = tables_picture(moment_of(run, time), (1240, 190), look())
    said = texts(picture)
    for host in run.world_at(time).hosts:
        for row in ss_rows(host, time):
            assert f"{row.local}:{row.local_port}" in said
            assert {row.state, row.recv_q, row.send_q} <= set(said)
    assert picture.at(60, 52) == "conn:client:40000>server:80"


def test_a_long_table_counts_the_rest() -> None:
    """201 sockets: forty lines and a number."""
    said = texts(tables_picture(moment_of(trace(FLOOD), 300_000), (1240, 190), look()))
    assert "and 161 more" in said


def test_counters_that_moved_in_the_step_come_first_with_how_much() -> None:
    """At 50 ms the SYN reaches the server: one segment in, one out; the client's counters stand behind."""
    moment = moment_of(trace(), 50_000)
    server = tables.moved(moment, moment.hosts[1])
    assert [(each.name, each.value, each.by) for each in server[:2]] == [("TcpInSegs", 1, 1), ("TcpOutSegs", 1, 1)]
    client = tables.moved(moment, moment.hosts[0])
    assert client
    assert not any(each.by for each in client)


def test_a_counter_that_is_clicked_says_what_it_counts() -> None:
    """The sentence stands above the list."""
    moment = moment_of(trace(), 50_000)
    said = texts(tables_picture(moment, (1240, 190), look(selection="counter:TcpOutSegs")))
    assert "segments that left, without those that only repeat" in said


# --- programs ---


def test_a_program_shows_what_is_done_where_it_is_and_what_holds_it_up() -> None:
    """At 0.13 s the client has written and will close in 0.97 s; the server's accept() has not returned."""
    moment = moment_of(trace(), 130_000)
    client, server = (program_rows(moment, host, 0, look().words) for host in moment.hosts)
    assert [row.status for row in client] == ["done", "done", "current"]
    assert (client[2].act, client[2].when, client[2].note) == ("close()", "after 1 s", "in 0.970 s")
    assert server[1].note == "has not returned from accept() since 0.000 s"
    assert server[3].when == "when the peer has closed, 500 ms later"
    assert [row.id for row in client] == ["line:client:1:1", "line:client:1:2", "line:client:1:3"]


def test_while_a_bet_waits_nobody_says_when_a_line_is_due() -> None:
    """The agenda holds the moment, but it is of the future."""
    moment = moment_of(trace(), 130_000, horizon=130_000)
    assert program_rows(moment, moment.hosts[0], 0, look().words)[2].note == "is next"


def test_a_program_that_failed_says_so() -> None:
    """Nobody listens: connect() is refused, and the program is over where it stands."""
    run = trace(
        """
    host client 10.0.0.1 rfc9293
      connect server:80
      write 100
    host server 10.0.0.2 rfc9293
    link client server delay=50ms
    until 1min
"""
    )
    moment = moment_of(run, run.end)
    rows = program_rows(moment, moment.hosts[0], 0, look().words)
    assert rows[0].note == "failed: the program has ended"
    assert "no program runs here" in texts(programs_picture(moment, (920, 190), look()))


def test_a_host_that_a_script_speaks_for_is_left_alone() -> None:
    """It has no sockets, no queues and no program to show; nothing fails."""
    run = trace(FLOOD)
    for make in PICTURES.values():
        assert any(isinstance(mark, Rect | Text) for mark in make(moment_of(run, 0), (920, 190), look()).marks())


@pytest.mark.parametrize("name", PICTURES)
def test_while_nothing_happens_only_what_counts_down_is_painted_anew(name: str) -> None:
    """Two moments of one silence: all but countdowns is one layer with one key, which is painted once."""
    run = trace(CALL_AND_CLOSE, (0, "drop client:SYN"))
    one, two = (PICTURES[name](moment_of(run, time), (1240, 190), look()) for time in (300_000, 700_000))
    assert one.layers[0] == two.layers[0]
    assert one.layers[0].name == "static"
    assert (one.layers[1] != two.layers[1]) == (name in ("ends", "tables"))
    later = PICTURES[name](moment_of(run, 1_060_000), (1240, 190), look())
    assert (later.layers[0].key != one.layers[0].key) == (name != "programs")
