"""Acts: one line of text each, read with care and written back the same."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tutor.world.acts import CALLS, Act, ActError, parse_act

HOSTS = ("client", "server")

LINES = [
    "client connect server:80 from 40000",
    "client connect server:80 isn=7 on=client:70",
    "server listen 80 backlog=5 reuse=no",
    "server accept",
    "client write 100 urgent=yes",
    "client read",
    "client read 10 fd=4",
    "server close",
    "server shutdown write",
    "client abort",
    "client setsockopt TCP_NODELAY 1",
    "client exit",
    "set client.tcp_syn_retries 2",
    "set link.delay 20ms",
    "set link.client.loss 1%",
    "what-if client.time_wait 5s",
    "drop client:SYN",
    "drop server:SYN,ACK:2",
    "drop #7",
    "delay client:data 500ms",
    "delay #7 1s",
    "duplicate client:any:3 10ms",
    "corrupt server:FIN,ACK",
    "cut link",
    "mend link",
    "crash server",
    "reboot server programs=yes",
    "inject client>server SYN seq=@90 sport=40000",
    "icmp client hard",
    "profile client rfc9293",
    "swap client:data:2",
    "swap #7",
    "drop *:any",
    "disarm delay *:any",
    "disarm swap #7",
    "program client 3 replace shutdown write",
    "program server/2 1 insert when accepted after 3s setsockopt SO_LINGER 0",
    "program client 4 forget",
    "program client 2 replace repeat 1",
    "wait 1s",
]


@pytest.mark.parametrize("line", LINES)
def test_an_act_is_written_as_it_is_read(line: str) -> None:
    """Saved runs, switches and lessons all use this text."""
    assert str(parse_act(line, HOSTS)) == line


FLAGS = st.sampled_from(["SYN", "SYN,ACK", "ACK", "FIN,ACK", "RST", "data", "any"])
HOST = st.sampled_from(HOSTS)
TARGET = st.builds("{}:{}:{}".format, HOST, FLAGS, st.integers(1, 9)) | st.builds("#{}".format, st.integers(0, 999))
SPAN = st.builds("{}ms".format, st.integers(0, 99_999))
ANY_ACT = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["drop", "corrupt", "swap"]), TARGET),
    st.builds("disarm {} {}".format, st.sampled_from(["drop", "delay", "swap"]), TARGET),
    st.builds("program {} {} insert after {} write 5".format, HOST, st.integers(1, 99), SPAN),
    st.builds("{} {} {}".format, st.sampled_from(["delay", "duplicate"]), TARGET, SPAN),
    st.builds("{} connect {}:{} from {}".format, HOST, HOST, st.integers(1, 65535), st.integers(1, 65535)),
    st.builds("{} write {} fd={}".format, HOST, st.integers(1, 10**9), st.integers(0, 99)),
    st.builds("inject {}>{} SYN,ACK seq={} ack={}".format, HOST, HOST, st.integers(-9, 9), st.integers(0, 9)),
    st.builds("wait {}".format, SPAN),
)


@given(ANY_ACT)
def test_reading_what_was_written_gives_the_same_act(line: str) -> None:
    """``parse_act(str(act)) == act``, whatever the numbers."""
    act = parse_act(line)
    assert parse_act(str(act)) == act


def test_flags_and_spans_have_one_spelling() -> None:
    """People write S., SYN+ACK, 0.5: the act knows one form."""
    assert parse_act("drop client:syn+ack") == parse_act("drop client:S.") == Act("drop", ("client:SYN,ACK",))
    assert parse_act("delay #3 0.5") == parse_act("delay #3 500 ms") == Act("delay", ("#3", "500ms"))


@pytest.mark.parametrize(
    ("line", "column", "found", "nearest"),
    [
        ("client conect server:80", 8, "conect", "connect"),
        ("dorp client:SYN", 1, "dorp", "drop"),
        ("clent connect server:80", 1, "clent", "client"),
        ("client connect servr:80", 16, "servr", "server"),
        ("client connect server", 16, "server", None),
        ("client listen 99999", 15, "99999", None),
        ("client listen 80 backlg=5", 18, "backlg=5", "backlog"),
        ("client setsockopt TCP_NODELY 1", 19, "TCP_NODELY", "TCP_NODELAY"),
        ("client setsockopt TCP_NODELAY much", 31, "much", None),
        ("drop client:SIN", 6, "client:SIN", None),
        ("delay client:SYN soon", 18, "soon", None),
        ("cut", 4, "the end of the line", None),
    ],
)
def test_a_mistake_is_pointed_at(line: str, column: int, found: str, nearest: str | None) -> None:
    """Column, what stands there, what may stand there, and what was probably meant."""
    with pytest.raises(ActError) as caught:
        parse_act(line, HOSTS)
    error = caught.value
    assert (error.column, error.found, error.nearest) == (column, found, nearest)
    assert error.allowed


def test_every_call_can_be_made_by_name() -> None:
    """A host in front, or nobody: in a program the host is known."""
    assert parse_act("close").host == ""
    assert parse_act("server close").host == "server"
    assert set(CALLS) >= {"connect", "listen", "accept", "write", "read", "close", "shutdown", "abort", "status"}
