"""The packetdrill language: what a script says, and what is said about one that cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tutor.exchange.packetdrill.expression import Failed, NotSupported, check
from tutor.exchange.packetdrill.parser import parse
from tutor.exchange.packetdrill.reading import LARGEST, ScriptError
from tutor.exchange.packetdrill.script import (
    Call,
    Code,
    Elided,
    Flags,
    Icmp,
    Item,
    Listing,
    Name,
    Option,
    Packet,
    Record,
    Segment,
    Shell,
    When,
)
from tutor.exchange.packetdrill.settings import (
    Defaults,
    Harmless,
    SetSysctl,
    StateGrep,
    Unknown,
    read_settings,
    recognise,
)

HERE = Path(__file__).parent
PUBLIC = Path(os.environ.get("TUTOR_PACKETDRILL") or HERE.parents[2] / "shared/conformance/packetdrill/public")
OWN = sorted((HERE / "scripts").glob("*.pkt"))


def only(text: str) -> Item:
    """The one item of a script."""
    (item,) = parse(text).items
    return item


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("0 close(3) = 0", When("absolute", 0)),
        ("0.25 close(3) = 0", When("absolute", 250_000)),
        ("+.1 close(3) = 0", When("relative", 100_000)),
        ("+0 close(3) = 0", When("relative", 0)),
        ("* > . 1:1(0) ack 1", When("any")),
        ("0.1~0.3 > . 1:1(0) ack 1", When("absolute", 100_000, 300_000)),
        ("+.1~+.2 > . 1:1(0) ack 1", When("relative", 100_000, 200_000)),
        ("+.1...0.2 close(3) = 0", When("relative", 100_000, None, 200_000)),
        ("+.002 ... 0.004 close(3) = 0", When("relative", 2_000, None, 4_000)),
        ("+0...3 close(3) = 0", When("relative", 0, None, 3_000_000)),
        ("close(3) = 0", When("relative", 0)),
    ],
)
def test_times_have_seven_forms(text: str, when: When) -> None:
    """A point, a range, any time, or a call that comes back later; from the start or from the item before."""
    assert only(text).when == when


def test_a_call_is_a_name_values_and_an_answer() -> None:
    """Numbers as numbers, constants as names, what is usual as ``...``."""
    assert only("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3").event == Call(
        "socket", (Elided(), Name("SOCK_STREAM"), Name("IPPROTO_TCP")), 3
    )
    assert only("0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0").event == Call(
        "fcntl", (3, Name("F_SETFL"), Flags((Name("O_RDWR"), Name("O_NONBLOCK")))), 0
    )
    assert only("0 fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)").event == Call("fcntl", (3, Name("F_GETFL")), 2)
    assert only("0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)").event == Call(
        "connect", (3, Elided(), Elided()), -1, "EINPROGRESS"
    )
    linger = only("0 setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0").event
    assert isinstance(linger, Call)
    assert linger.args[3] == Record((("onoff", 1), ("linger", 0)))
    poll = only("+0...1 poll([{fd=4, events=POLLOUT, revents=POLLOUT}], 1, 1000) = 1").event
    assert isinstance(poll, Call)
    assert isinstance(poll.args[0], Listing)
    assert isinstance(poll.args[0].items[0], Record)


def test_a_packet_has_flags_numbers_and_options() -> None:
    """``<`` arrives, ``>`` must leave; ``<...>`` means any options; no window means any window."""
    event = only("+.1 < S. 0:0(0) ack 1 win 5792 <mss 1460,nop,wscale 2,sackOK,TS val 7 ecr 8,sack 1:2 3:4>").event
    options = (
        Option("mss", (1460,)), Option("nop"), Option("wscale", (2,)), Option("sackOK"), Option("TS", (7, 8)),
        Option("sack", (1, 2, 3, 4)),
    )  # fmt: skip
    assert event == Packet(is_inbound=True, content=Segment("S.", 0, 0, 1, 5792, options))
    free = only("+0 > P. 1:1001(1000) ack 1 <...>").event
    assert free == Packet(is_inbound=False, content=Segment("P.", 1, 1000, 1, None, None))
    assert only("+0 > [ect0] . 1:1(0) ack 1").event == Packet(False, Segment(".", 1, 0, 1, ip=("ect0",)))  # noqa: FBT003
    anywhere = only("+0 > S. ...(0) ack 2").event
    assert isinstance(anywhere, Packet)
    assert isinstance(anywhere.content, Segment)
    assert anywhere.content.seq is None


def test_icmp_shells_and_code_are_kept_as_they_are() -> None:
    """Nothing of them is executed."""
    wanted = Icmp("unreachable", "frag_needed", 1, 1001, 1200)
    assert only("+0 < icmp unreachable frag_needed mtu 1200 [1:1001(1000)]").event == Packet(
        is_inbound=True, content=wanted
    )
    assert only("+0 `sysctl -q a.b=1\nrm -rf /`").event == Shell("sysctl -q a.b=1\nrm -rf /")
    assert only("+0 %{ assert tcpi_state == 1 }%").event == Code("assert tcpi_state == 1 ")


def test_comments_options_and_lines_that_go_on() -> None:
    """Three kinds of comment, switches before everything, a shell line without a time, an event over three lines."""
    script = parse(
        "// one\n/* two\n */\n# three\n--mss=1000\n--tolerance_usecs=75000\n`../common/defaults.sh`\n"
        "0 socket(...,\n  SOCK_STREAM,\n  IPPROTO_TCP) = 3 // the end\n"
    )
    assert script.option("mss") == "1000"
    assert script.init == (Shell("../common/defaults.sh"),)
    assert (script.items[0].line, script.items[0].column) == (8, 1)


@pytest.mark.parametrize(
    ("text", "line", "column", "allowed"),
    [
        ("0 socket(..., = 3", 1, 15, "a number, a name"),
        ("0 close(3) = 0\n+x close(3) = 0", 2, 1, "a time"),
        ("0 < S 0:0 win 5", 1, 7, "numbers, as 1:1001(1000)"),
        ("0 < S 0:5(0) win 5", 1, 7, "0:0(0)"),
        ("0 < X 0:0(0)", 1, 5, "flags"),
        ("0 `sysctl", 1, 4, "a shell line that ends with `"),
        ("0 %{ assert", 1, 6, "code that ends with }%"),
        ("0 < S 0:0(0) win 5 <mss>", 1, 21, "mss 1460"),
        ("", 1, 1, "at least one event"),
        ("0.3~0.1 close(3) = 0", 1, 9, "a range whose end is not before its beginning"),
        ("0 f(" + "[" * 40, 1, 17, "levels of brackets"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text: str, line: int, column: int, allowed: str) -> None:
    """With what was found and what is allowed there."""
    with pytest.raises(ScriptError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (line, column), caught.value
    assert allowed in caught.value.allowed


def test_a_script_has_a_size_that_people_write() -> None:
    """A million characters are no test."""
    with pytest.raises(ScriptError, match="at most"):
        parse(" " * (LARGEST + 1))


def test_shell_lines_are_recognised() -> None:
    """Settings become values; a command that nobody here knows is named, never run."""
    assert list(recognise('sysctl -q net.ipv4.tcp_rmem="4096 131072 $((32*1024*1024))"')) == [
        SetSysctl("net.ipv4.tcp_rmem", "4096 131072 33554432")
    ]
    assert list(recognise("../../common/defaults.sh\nsysctl -w net.ipv4.tcp_ecn=1  # on")) == [
        Defaults("defaults"), SetSysctl("net.ipv4.tcp_ecn", "1"),
    ]  # fmt: skip
    assert list(recognise("../common/set_sysctls.py /proc/sys/net/ipv4/tcp_sack=0")) == [
        SetSysctl("net.ipv4.tcp_sack", "0")
    ]
    assert list(recognise("sockstat -P tcp -s -4 | grep SYN_RCVD | grep -c 0 | grep 1")) == [StateGrep("SYN_RCVD", 1)]
    assert list(recognise("ethtool -K tun0 tso off gso off")) == [Harmless("ethtool -K tun0 tso off gso off")]
    assert list(recognise("reboot")) == [Unknown("reboot")]
    assert read_settings("# all\nsysctl   net.ipv4.tcp_ecn = 0\nflush tcp_metrics\n") == (
        SetSysctl("net.ipv4.tcp_ecn", "0"), Harmless("flush tcp_metrics"),
    )  # fmt: skip


def test_code_is_worked_out_not_executed() -> None:
    """Comparisons may be chained; an assignment gives a name; print says nothing."""
    facts = {"tcpi_snd_cwnd": 10, "TCP_CA_Open": 0, "tcpi_ca_state": 0}
    check("assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd", facts.get)
    check("x = tcpi_snd_cwnd * 2 + 1\nassert 20 < x <= 21 and not tcpi_ca_state\nprint(x)", facts.get)
    check("assert tcpi_ca_state == TCP_CA_Open, 'state %d' % tcpi_ca_state;", facts.get)
    with pytest.raises(Failed, match=r"tcpi_snd_cwnd == 11: tcpi_snd_cwnd is 10"):
        check("assert tcpi_snd_cwnd == 11", facts.get)


@pytest.mark.parametrize(
    "code",
    [
        "import os",
        "assert open('/etc/passwd')",
        "assert tcpi_nothing == 1",
        "assert 9**9**9 == 1",
        "while 1: pass",
        "assert (1",
    ],
)
def test_code_that_is_not_understood_is_named(code: str) -> None:
    """And has no effect whatever."""
    with pytest.raises(NotSupported):
        check(code, {}.get)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_a_script_printed_and_read_again_says_the_same(path: Path) -> None:
    """Comments and spacing are lost, nothing else."""
    script = parse(path.read_text(encoding="utf-8"))
    again = parse(str(script))
    assert (again.options, again.init) == (script.options, script.init)
    assert [(item.when, item.event) for item in again.items] == [(item.when, item.event) for item in script.items]


def test_every_public_script_can_be_read() -> None:
    """Three hundred scripts that other people wrote, in three dialects."""
    paths = sorted(PUBLIC.rglob("*.pkt"))
    if not paths:
        pytest.skip(
            f"THE SCRIPTS OF OTHERS ARE NOT HERE: no *.pkt below {PUBLIC}; TUTOR_PACKETDRILL names another folder"
        )
    for path in paths:
        script = parse(path.read_text(encoding="utf-8"))
        again = parse(str(script))
        assert [(item.when, item.event) for item in again.items] == [
            (item.when, item.event) for item in script.items
        ], path
