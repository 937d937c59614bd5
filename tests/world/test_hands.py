"""Hands on the network: what they do, what they are refused, and that nothing is ever raised."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

import tutor
from tests.world.stage import CALL_AND_CLOSE, PROFILES, all_of, lost, path, received, run, scene, sent, timeline
from tutor.tcp.reasons import Reason
from tutor.tcp.states import State
from tutor.world.acts import parse_act
from tutor.world.because import REFUSALS
from tutor.world.beginning import begin
from tutor.world.records import Acted, Arrived, FlightChanged, Sent, StateChanged
from tutor.world.stock import what_ifs
from tutor.world.tables import is_entry
from tutor.world.time import MS, SECOND
from tutor.world.world import World, act, step

# --- the nth segment that matches ---


def test_a_rule_strikes_the_nth_sending_first_and_repeated_ones_alike() -> None:
    """drop client:SYN:2 lets the first SYN be lost by another rule, and takes its repetition."""
    trace = run(CALL_AND_CLOSE, "at 0 drop client:SYN", "at 0 drop client:SYN:2")
    syns = [record for record in all_of(trace, Sent, "client") if record.flight.segment.syn]
    assert [(record.at, record.flight.fate, record.flight.retransmission) for record in syns] == [
        (0, "dropped", 0),
        (SECOND, "dropped", 1),
        (3 * SECOND, "delivered", 2),
    ]


def test_flags_match_the_exact_set_and_only_without_payload() -> None:
    """drop client:ACK takes the bare ACK, neither the SYN nor the data that carry an ACK as well."""
    trace = run(CALL_AND_CLOSE, "at 0 drop client:ACK")
    assert lost(trace) == [("ACK 1:1(0) ack 1", "dropped")]


def test_data_means_payload() -> None:
    """PSH or not."""
    assert lost(run(CALL_AND_CLOSE, "at 0 drop client:data")) == [("PSH,ACK 1:101(100) ack 1", "dropped")]


def test_a_rule_counts_from_when_it_is_armed() -> None:
    """Armed at 1 s, ``any`` means the FIN that the client sends at 1.1 s."""
    assert lost(run(CALL_AND_CLOSE, "at 1s drop client:any")) == [("FIN,ACK 101:102(0) ack 1", "dropped")]


def test_a_delayed_segment_arrives_later_and_others_overtake_it() -> None:
    """The data leave at 100 ms and arrive at 650 ms."""
    trace = run(CALL_AND_CLOSE, "at 0 delay client:data 500ms")
    arrivals = [record.at for record in all_of(trace, Arrived, "server") if record.flight.segment.length]
    assert arrivals == [650 * MS]


def test_a_duplicate_of_a_lost_segment_arrives_alone() -> None:
    """The network made a copy before it lost the original."""
    trace = run(CALL_AND_CLOSE.replace("delay=50ms", "delay=50ms client.loss=1"), "at 0 duplicate client:SYN 30ms")
    first = next(record for record in all_of(trace, Sent, "client"))
    assert first.flight.copies == (80 * MS,)


# --- a segment on its way ---


def test_a_segment_in_flight_is_dropped_where_it_is() -> None:
    """Touched before the middle it dies in the middle; touched later, at once."""
    for at, dies_at in ((10, 25), (40, 40)):
        trace = run(CALL_AND_CLOSE, f"at {at}ms drop #1")
        changed = next(record for record in all_of(trace, FlightChanged))
        assert (changed.flight.fate, changed.flight.dies_at) == ("dropped", dies_at * MS)
        assert trace.flight(1) == changed.flight
        assert trace.flight(1, until=9 * MS).fate == "delivered"  # type: ignore[union-attr]
        assert received(trace, "server")[0] == "SYN 0:1(0)", "the repetition, a second later"


def test_what_is_not_on_its_way_cannot_be_touched() -> None:
    """Refused, with the reason; the run goes on."""
    trace = run(CALL_AND_CLOSE, "at 500ms drop #1", "at 500ms delay #99 1s")
    assert [record.refused for record in all_of(trace, Acted)] == ["this segment is not on its way"] * 2
    assert path(trace, "client")[-1] == "CLOSED"


def test_only_what_has_not_arrived_of_a_duplicate_can_be_delayed() -> None:
    """The first copy is there already; the second comes 100 ms later than it would have."""
    trace = run(CALL_AND_CLOSE, "at 0 duplicate client:SYN 40ms", "at 60ms delay #1 100ms")
    arrivals = [(record.at // MS, record.copy) for record in all_of(trace, Arrived, "server") if record.flight.id == 1]
    assert arrivals == [(50, 0), (190, 1)]


def test_a_corrupted_segment_arrives_and_is_refused() -> None:
    """The checksum catches it; the protocol never sees it."""
    trace = run(CALL_AND_CLOSE, "at 10ms corrupt #1")
    first = next(record for record in all_of(trace, Arrived, "server"))
    assert (first.at, first.accepted) == (50 * MS, False)
    assert trace.world_at(60 * MS).host("server").counter("TcpInCsumErrors") == 1
    assert path(trace, "server")[1] == "SYN-RECEIVED"


# --- cable, machines, settings ---


def test_a_cut_cable_loses_what_is_on_it_and_what_is_sent() -> None:
    """At once what is on it; half way what comes later."""
    trace = run(CALL_AND_CLOSE, "at 110ms cut link", "at 2.5s mend link")
    assert lost(trace)[:2] == [("ACK 1:1(0) ack 1", "cut"), ("PSH,ACK 1:101(100) ack 1", "cut")]
    assert path(trace, "server")[-1] == "CLOSED", "mended in time, the connection never knew"


def test_a_cable_is_not_cut_twice() -> None:
    """Nor mended when it is whole, nor found when it does not exist."""
    trace = run(CALL_AND_CLOSE, "at 1s mend link", "at 1s cut link", "at 1s cut link", "at 1s cut lonk")
    assert [record.refused for record in all_of(trace, Acted)] == [
        "the link is whole already",
        "",
        "the link is cut already",
        "there is no link 'lonk'; allowed: link",
    ]


def test_a_setting_changes_the_host_from_now_on() -> None:
    """tcp_keepalive_time, in seconds as in Linux; the profile says that it was set here."""
    world = begin(scene(CALL_AND_CLOSE))
    world = act(world, parse_act("set client.tcp_keepalive_time 5")).world
    profile = world.host("client").profile
    assert profile.keepalive_idle_us == 5 * SECOND
    assert profile.source("keepalive_idle_us").text.startswith("set to 5")
    assert PROFILES["rfc9293"].keepalive_idle_us == 7200 * SECOND, "the profile itself is nobody's to change"


def test_another_profile_keeps_what_was_set() -> None:
    """``profile client linux-6.18`` changes the rules, not what somebody chose."""
    world = begin(scene(CALL_AND_CLOSE))
    for line in ("set client.tcp_syn_retries 2", "profile client linux-6.18"):
        world = act(world, parse_act(line)).world
    profile = world.host("client").profile
    assert (profile.rule_set, profile.syn_retries) == ("linux-6.18", 2)


@pytest.mark.parametrize("name", ["time_wait", "time_wait_us", "profile.time_wait_us"])
def test_what_if_changes_a_constant_and_says_so(name: str) -> None:
    """TIME-WAIT of 5 s: there is no such kernel, and the host knows it; put back, it is the kernel it was."""
    world = begin(scene(CALL_AND_CLOSE))
    for line in ("profile client linux-6.18", f"what-if client.{name} 5s"):
        world = act(world, parse_act(line)).world
    assert world.host("client").profile.time_wait_us == 5 * SECOND
    assert what_ifs(world.host("client"), world.profiles) == ("time_wait_us",)
    assert what_ifs(world.host("server"), world.profiles) == ()
    world = act(world, parse_act(f"what-if client.{name} 60s")).world
    assert what_ifs(world.host("client"), world.profiles) == ()


def test_what_its_owner_may_set_leaves_a_kernel_what_it_is() -> None:
    """A sysctl is no *what if*; a sysctl that came later is one on a kernel that lacks it."""
    world = begin(scene(CALL_AND_CLOSE))
    for line in ("profile client linux-6.18", "set client.tcp_syn_retries 2", "what-if client.rto_min 100ms"):
        world = act(world, parse_act(line)).world
    assert what_ifs(world.host("client"), world.profiles) == ()
    world = act(world, parse_act("profile client linux-4.19")).world
    assert what_ifs(world.host("client"), world.profiles) == ("rto_min_us",)


def test_another_kernel_that_lacks_what_was_set_is_refused() -> None:
    """tcp_syn_linear_timeouts came with 6.5: a 4.19 with it would be no 4.19. Nothing changes."""
    world = begin(scene(CALL_AND_CLOSE))
    for line in ("profile client linux-6.18", "set client.tcp_syn_linear_timeouts 2", "profile client linux-4.19"):
        done = act(world, parse_act(line))
        world = done.world
    assert "it came with Linux 6.5" in next(r.refused for r in done.records if isinstance(r, Acted))
    assert world.host("client").profile.rule_set == "linux-6.18"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("what-if client.time_wiat 5s", "did you mean time_wait_us?"),
        ("what-if client.time_wait long", "allowed: a number with a unit"),
        ("what-if moon.time_wait 5s", "there is no host 'moon'"),
        ("set client.tcp_syn_retires 2", "did you mean tcp_syn_retries?"),
        ("set client.tcp_syn_retries many", "allowed: a whole number"),
        ("set moon.delay 2s", "there is no host and no link 'moon'"),
        ("set link.colour red", "a link has no 'colour'"),
        ("set link.delay long", "allowed: a number with a unit"),
        ("set link.moon.delay 2s", "does not reach 'moon'"),
        ("profile client rfc793", "no profile 'rfc793'"),
        ("crash moon", "there is no host 'moon'"),
        ("drop moon:SYN", "there is no host 'moon'"),
        ("inject client>moon SYN", "there is no host 'moon'"),
        ("icmp client hard", "there is no such connection"),
        ("moon connect server:80", "there is no host 'moon'"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(line: str, why: str) -> None:
    """A learner's act is never an exception."""
    done = act(begin(scene(CALL_AND_CLOSE)), parse_act(line))
    assert [why in record.refused for record in done.records if isinstance(record, Acted)] == [True]


def test_calls_by_hand_reach_any_socket() -> None:
    """Also one that no program holds: the RFC's user closes a connection in SYN-RECEIVED."""
    trace = run(CALL_AND_CLOSE, "at 60ms server close on=client:40000>server:80")
    assert path(trace, "server")[:3] == ["LISTEN", "SYN-RECEIVED", "FIN-WAIT-1"]


def test_calls_on_nothing_answer_ebadf() -> None:
    """No descriptor, no socket, no exception."""
    world = begin(scene("host a 10.0.0.1 rfc9293\nhost b 10.0.0.2 rfc9293\nlink a b"))
    for call in ("accept", "write 1", "read", "close", "shutdown write", "abort", "status", "close fd=9", "read on=x"):
        done = act(world, parse_act(f"a {call}"))
        assert [getattr(record, "error", None) for record in done.records][-1] == "EBADF", call


def test_an_icmp_refuses_a_call_by_the_rules_of_the_host() -> None:
    """Host unreachable ends a connect() on Linux at once; by the RFC it must not (MUST-56)."""
    for profile, state in (("linux-6.18", State.CLOSED), ("rfc9293", State.SYN_SENT)):
        text = CALL_AND_CLOSE.replace("10.0.0.1 rfc9293", f"10.0.0.1 {profile}")
        trace = run(text, "at 10ms icmp client soft")
        socket = trace.world_at(20 * MS).host("client").connection("client:40000>server:80")
        assert socket is not None
        assert socket.state is state


# --- forged segments ---


def test_a_forged_segment_says_that_it_is_forged() -> None:
    """It travels like any other, and no socket has sent it."""
    trace = run(CALL_AND_CLOSE, "at 500ms inject server>client RST,ACK seq=1 ack=101")
    forged = [record.flight for record in all_of(trace, Sent) if record.flight.is_forged]
    assert [(flight.sender, flight.rel_seq, flight.rel_ack, flight.arrives_at) for flight in forged] == [
        ("server", 1, 101, 550 * MS)
    ]
    assert path(trace, "client")[-1] == "CLOSED"


@pytest.mark.parametrize(("mark", "echo"), [("mark=3", "ACK,ECE"), ("mark=2", "ACK"), ("", "ACK")])
def test_a_segment_slipped_in_may_bear_a_mark_of_the_network(mark: str, echo: str) -> None:
    """Both ends agreed on ECN, and the receiver of a mark says so on its ACK."""
    trace = run(
        """
        host client 10.0.0.1 linux-6.18 tcp_ecn=1
          connect server:80
        host server 10.0.0.2 linux-6.18 tcp_timestamps=0
          listen 80
          accept
        link client server delay=10ms
        until 2s
        """,
        f"at 500ms inject client>server PSH,ACK seq=1 ack=1 len=100 {mark}",
    )
    assert [line.split()[0] for line in sent(trace, "client")[:2]] == ["SYN,ECE,CWR", "ACK"]
    assert [line.split()[0] for line in sent(trace, "server")[:2]] == ["SYN,ACK,ECE", echo]


def test_numbers_are_relative_or_marked_with_at() -> None:
    """seq=1 is the first octet of the stream; seq=@1 is the number itself."""
    trace = run(CALL_AND_CLOSE, "at 500ms inject client>server ACK seq=1", "at 501ms inject client>server ACK seq=@1")
    forged = [record.flight.segment.seq for record in all_of(trace, Sent) if record.flight.is_forged]
    assert forged == [1001, 1]


def test_two_old_syns_do_not_rename_the_connection() -> None:
    """The numbers that a reader sees stay those of the real handshake."""
    trace = run(
        CALL_AND_CLOSE, "at 500ms inject client>server SYN seq=@77", "at 600ms inject client>server SYN seq=@78"
    )
    assert sent(trace, "client")[-1] == "ACK 102:102(0) ack 2"


# --- anything goes ---

_HOST = st.sampled_from(["client", "server"])
_ON = st.sampled_from(["", "", " on=client:40000>server:80", " on=server:80", " fd=3", " fd=4", " fd=9"])
_OTHER = st.sampled_from(["exit", "socket", "setsockopt SO_LINGER 0", "setsockopt SO_RCVBUF 500"])
_PORT = st.sampled_from([80, 90])
_CALL = st.sampled_from(
    [
        "accept",
        "write 3000",
        "read",
        "read 10",
        "close",
        "shutdown write",
        "shutdown both",
        "abort",
        "status",
        "write 1",
    ]
)
_LINES = st.one_of(
    st.builds("{} {}{}".format, _HOST, _CALL, _ON),
    st.builds("{} connect {}:{}{}".format, _HOST, _HOST, _PORT, st.sampled_from(["", " from 40000"])),
    st.builds("{} listen {} backlog={}".format, _HOST, _PORT, st.integers(0, 2)),
    st.builds("{} write 10 on=server:80 to=client:90".format, _HOST),
    st.builds("{} {}".format, _HOST, _OTHER),
    st.builds("{} #{}".format, st.sampled_from(["drop", "corrupt", "duplicate"]), st.integers(1, 20)),
    st.builds("{} {}:any 300ms".format, st.sampled_from(["delay", "duplicate"]), _HOST),
    st.builds("{} link".format, st.sampled_from(["cut", "mend"])),
    st.builds("{} {}".format, st.sampled_from(["crash", "reboot"]), _HOST),
    st.builds("reboot {} programs=yes".format, _HOST),
    st.builds("set link.{}".format, st.sampled_from(["loss 0.3", "mtu 500", "bandwidth 64kbit"])),
    st.builds("set {}.{}".format, _HOST, st.sampled_from(["nofile 4", "tcp_max_tw_buckets 0", "somaxconn 0"])),
    st.builds("set {}.{}".format, _HOST, st.sampled_from(["tcp_syn_linear_timeouts 1", "tcp_tw_recycle 1"])),
    st.builds("what-if {}.{}".format, _HOST, st.sampled_from(["time_wait 1s", "mss 100", "quick_acks 0"])),
    st.builds("profile {} {}".format, _HOST, st.sampled_from(sorted(PROFILES))),
    st.builds(
        "inject {0}>{1} {2} seq={3} ack={4}".format,
        st.just("client"), st.just("server"),
        st.sampled_from(["SYN", "ACK", "RST", "FIN,ACK", "SYN,ACK", "SYN,FIN"]),
        st.integers(-2, 200), st.integers(-2, 9),
    ),
    st.builds("icmp {} {}".format, _HOST, st.sampled_from(["hard", "soft", "too-big"])),
)  # fmt: skip


def _is_sound(world: World) -> None:
    """The tables of every host agree with its sockets."""
    for host in world.hosts:
        sockets = host.all_sockets()
        alive = [socket for socket in sockets if socket.state is not State.CLOSED]
        assert host.time_waits == sum(map(is_entry, sockets))
        orphans = [each for each in alive if each.is_orphan and not is_entry(each)]
        assert host.orphans == len(orphans)
        assert sorted(host.descriptors.values()) == sorted(socket.id for socket in sockets if socket.fd is not None)
        assert sorted(host.tuples.values()) == sorted(each.id for each in alive if each.tcb.remote is not None)
        for listener in (host.sockets[name] for name in host.listeners.values()):
            children = [socket for socket in sockets if socket.listener_number == listener.number]
            assert listener.syn_queue == sum(child.kind == "request" for child in children)
            assert sorted(listener.accept_queue) == sorted(child.id for child in children if child.is_queued)


@pytest.mark.ci
@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 5), _LINES), max_size=20))
def test_nothing_a_hand_does_is_ever_an_exception(deeds: list[tuple[int, str]]) -> None:
    """Any acts at any moments: the world goes on, its tables agree, every state is reached along an edge."""
    world = begin(scene(CALL_AND_CLOSE))
    for steps, line in deeds:
        for _ in range(steps):
            if (following := step(world)) is not None:
                world = following.world
        world = act(world, parse_act(line)).world
        _is_sound(world)
    for _ in range(400):
        if (following := step(world)) is None:
            break
        world = following.world
    _is_sound(world)


def test_every_change_of_state_continues_where_the_last_one_ended() -> None:
    """Per host and connection the states form a path; only a fresh block starts from CLOSED or LISTEN."""
    line = timeline(CALL_AND_CLOSE)
    line = line.fork(0, 60 * MS, parse_act("inject client>server RST seq=1"))
    for branch in line.branches:
        current: dict[tuple[str, str], State] = {}
        for record in all_of(branch.trace, StateChanged):
            key = (record.host, record.connection)
            assert record.source in (current.get(key), State.LISTEN, State.CLOSED), record
            current[key] = record.target


REFUSING = ("hands.py", "wire.py", "overtaking.py", "editing.py")
"""Where hands' acts are refused."""


def test_every_refusal_is_a_sentence_that_can_be_translated() -> None:
    """The table and the code name the same ids, both ways; the record carries id and arguments, not words."""
    folder = Path(tutor.__file__).resolve().parent / "world"
    code = "\n".join((folder / name).read_text(encoding="utf-8") for name in REFUSING)
    assert {word for word in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', code) if word in REFUSALS} == set(REFUSALS)
    refused = act(begin(scene(CALL_AND_CLOSE)), parse_act("crash moon")).records[0]
    assert isinstance(refused, Acted)
    assert refused.why_not == Reason("no-host", (("name", "moon"),))
