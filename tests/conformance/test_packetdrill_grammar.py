"""The grammar of packetdrill beyond what is common: rare forms, limits, words that stand for others; no tracebacks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from tutor.exchange.packetdrill.comparing import differences
from tutor.exchange.packetdrill.expression import Failed, NotSupported, check
from tutor.exchange.packetdrill.parser import parse
from tutor.exchange.packetdrill.reading import MOST_ITEMS, ScriptError
from tutor.exchange.packetdrill.script import (
    Call,
    Content,
    Datagram,
    Elided,
    Flags,
    Icmp,
    Item,
    Listing,
    Name,
    Option,
    Packet,
    Record,
    Script,
    Segment,
    Shell,
    Text,
    When,
    Wrapped,
)
from tutor.exchange.packetdrill.settings import Harmless, SetSysctl, Setting, Unknown, recognise
from tutor.exchange.packetdrill.stage import Line


def said(script: Script) -> object:
    """What a script says, without its places."""
    return script.options, script.init, [(item.when, item.event) for item in script.items]


def mistake(text: str) -> ScriptError | None:
    """What is wrong with a script; None: nothing."""
    try:
        parse(text)
    except ScriptError as error:
        return error
    return None


def packet(text: str) -> Content:
    """The packet that ``0 TEXT`` speaks of."""
    event = parse(f"0 {text}").items[0].event
    assert isinstance(event, Packet)
    return event.content


def call(text: str) -> Call:
    """The call that ``0 TEXT`` speaks of."""
    event = parse(f"0 {text}").items[0].event
    assert isinstance(event, Call)
    return event


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("< [ce] .5 1:1(0) ack 1 win 5", Segment(".5", 1, 0, 1, 5, ip=("ce",))),
        ("> (tos 0x4) . 1:1(0) ack 1", Segment(".", 1, 0, 1, ip=("tos 0x4",))),
        ("> [ect0,flowlabel 0x1] . 1:1(0) ack 1", Segment(".", 1, 0, 1, ip=("ect0", "flowlabel 0x1"))),
        ("< 40001 > 8080 S 0:0(0) win 9", Segment("S", 0, 0, None, 9, ports=(40001, 8080))),
        ("> P. 4294967295:999(1000) ack 1", Segment("P.", 4294967295, 1000, 1)),
        ("< . 1:1(0) ack 1 win 9 urg 7 {mut ip ihl}", Segment(".", 1, 0, 1, 9, urgent=7, mangled="mut ip ihl")),
        ("< - 1:1(0) win 5", Segment("", 1, 0, None, 5)),
        ("< S 0:0(0) win 9 <FO 00aa,nop>", Segment("S", 0, 0, None, 9, (Option("FO", (), "FO 00aa"), Option("nop")))),
        ("< udp 53 > 54 (100)", Datagram(100, (53, 54))),
        ("> [ttl 3] udp (0)", Datagram(0, None, ("ttl 3",))),
        ("< icmp echo_request id 5", Icmp("echo_request", "", identifier=5)),
        ("< icmp unreachable port_unreachable [udp (8)]", Icmp("unreachable", "port_unreachable", end=8, about="udp")),
        ("< [ect0] icmp time_exceeded [1:1(0)]", Icmp("time_exceeded", "", 1, 1, ip=("ect0",))),
        (
            "< ipv4 192.0.2.1 > 192.0.2.2: gre: . 1:1(0) ack 1 win 5",
            Wrapped(("ipv4 192.0.2.1 > 192.0.2.2", "gre"), Segment(".", 1, 0, 1, 5)),
        ),
        (
            "> ipv6 2001:db8::1 > 2001:db8::2: udp (8)",
            Wrapped(("ipv6 2001:db8::1 > 2001:db8::2",), Datagram(8)),
        ),
        (
            "> mpls (label 1, tc 0, [S], ttl 64): . 1:1(0) ack 1",
            Wrapped(("mpls (label 1, tc 0, [S], ttl 64)",), Segment(".", 1, 0, 1)),
        ),
    ],
)
def test_rare_forms_of_packets(text: str, content: Content) -> None:
    """Each is read for what it is, and printed so that it reads the same: a runner can then say that it has no such."""
    assert packet(text) == content
    assert packet(f"{text[0]} {content}") == content


def test_rare_forms_of_values() -> None:
    """Strings in a row, a string that goes on, an address that functions make, a message with its parts."""
    assert call('write(4, "ab" "cd", 4) = 4').args[1] == Text("abcd")
    assert call('read(4, "GET"..., 100) = 50').args[1] == Text("GET", more=True)
    address = Record((("sa_family", Name("AF_INET")), ("sin_port", Record((("", 8080),), "htons"))))
    bind = call("bind(3, {sa_family = AF_INET, sin_port = htons(8080)}, ...) = 0")
    assert bind.args[1] == address
    assert str(address) == "{sa_family=AF_INET, sin_port=htons(8080)}"
    message = call("sendmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 9}], msg_flags=0}, 0) = 9").args[1]
    assert isinstance(message, Record)
    assert message.get("msg_iov") == Listing((Record((("", Elided()), ("", 9))),))
    assert str(message) == "{msg_name(...)=..., msg_iov(1)=[{..., 9}], msg_flags=0}"


def test_a_word_may_stand_for_another() -> None:
    """``--define`` works on words of the script, not inside strings, comments, shells or code; then it is done with."""
    script = parse('--define=FD=3\n--define=WORD="x y"\n--mss=9\n0 write(FD, WORD, 3) = 3 // FD\n0 `FD` 0 %{ FD }%')
    assert script.options == (("mss", "9"),)
    assert script.items[0].event == Call("write", (3, Text("x y"), 3), 3)
    assert script.items[0].line == 4
    assert script.items[1].event == Shell("FD")
    assert parse("--define=LAST=`echo a b`\n0 close(3) = 0\nLAST").items[1].event == Shell("echo a b")
    with pytest.raises(ScriptError, match="--define=WORD=VALUE"):
        parse("--define=3\n0 close(3) = 0")


def test_words_cannot_stand_for_a_library() -> None:
    """Many short words that each become a long one are stopped before they are all written out."""
    with pytest.raises(ScriptError, match="words that stand for more"):
        parse("--define=X=" + "y" * 199 + "\n" + "X " * 10_000)


@pytest.mark.parametrize(
    ("text", "column", "allowed"),
    [
        ("< . 1:1(0) ack 1 win 65536", 24, "for win a number from 0 to 65535"),
        ("< . 1:1(0) ack 4294967296 win 1", 18, "for ack a number from 0 to 4294967295"),
        ("< . 1:1(0) ack 1 win 1 urg 65536", 30, "for urg a number"),
        ("< . 1:70001(70000) ack 1 win 7", 7, "a length from 0 to 65535"),
        ("< . 4294967296:4294967296(0) ack 1 win 7", 7, "0:0(0)"),
        ("< S 0:0(0) win 1 <mss 65536>", 21, "numbers of mss from 0 to 65535"),
        ("< S 0:0(0) win 1 <wscale 256>", 21, "numbers of wscale from 0 to 255"),
        ("< S 0:0(0) win 1 <TS val 4294967296 ecr 0>", 21, "numbers of TS from 0 to"),
        ("< S 0:0(0) win 1 <sack 1 2>", 21, "sack 1001:2001"),
        ("< S 0:0(0) win 1 <nop 1>", 21, "nop"),
        ("< S 0:0(0) win 1 <mss 1", 26, ", or >"),
        ("< S 0:0(0) win 1 <...>", 5, "only for one that leaves"),
        ("< S ...(0) win 1", 5, "only for one that leaves"),
        ("< [ect01] . 1:1(0) ack 1 win 1", 5, "only for a packet that leaves"),
        ("< [blue] . 1:1(0) ack 1 win 1", 6, "marks of the IP header"),
        ("< [ttl 256] . 1:1(0) ack 1 win 1", 6, "ttl from 0 to 255"),
        ("< 65536 > 1 . 1:1(0) ack 1 win 1", 5, "ports from 0 to 65535"),
        ("< udp (65536)", 10, "for the datagram a number"),
        ("< icmp unreachable frag_needed mtu", 37, "the number of mtu"),
        ("close(3)", 11, "= and the result"),
        ("close(3) =", 13, "a number, a name"),
        ('write(3, "abc) = 3', 12, "a number, a name"),
        ("f({a=1, b=[2, {c=3}) = 0", 22, ", or ]"),
    ],
)
def test_limits_and_mistakes_are_pointed_at(text: str, column: int, allowed: str) -> None:
    """A field has the width it has on the wire; what arrives must be told exactly, for somebody has to make it."""
    with pytest.raises(ScriptError) as caught:
        parse(f"0 {text}")
    assert allowed in caught.value.allowed, caught.value
    assert (caught.value.line, caught.value.column) == (1, column), caught.value


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("* close(3) = 0", "only for a packet that leaves"),
        ("0~1 < . 1:1(0) ack 1 win 1", "only for a packet that leaves"),
        ("+0~1 > . 1:1(0) ack 1", "a range with + at both ends, or at none"),
        ("0.2...0.1 read(3, ..., 5) = 0", "not before its beginning"),
        ("+0...1 `sleep 1`", "only for a call that returns"),
        ("-1 close(3) = 0", "a time"),
    ],
)
def test_times_that_make_no_sense(text: str, allowed: str) -> None:
    """A wish about when belongs to what the host sends; a call may wait, a shell line may not."""
    with pytest.raises(ScriptError) as caught:
        parse(text)
    assert allowed in caught.value.allowed, caught.value


def test_a_comment_may_be_indented() -> None:
    """``#`` is a comment wherever it begins a line."""
    assert len(parse("  # one\n\t# two\n0 close(3) = 0\n   # three\n").items) == 1


def test_parts_for_one_system_only() -> None:
    """``#ifdef`` keeps a part for those it names; lines keep their numbers; a missing ``#endif`` is told."""
    text = "0 close(3) = 0\n#ifdef A\n0 close(4) = 0\n#else\n0 close(5) = 0\n#endif\n0 close(6) = 0\n"
    named = [item.event.args[0] for item in parse(text, frozenset({"A"})).items if isinstance(item.event, Call)]
    assert named == [3, 4, 6]
    assert [item.line for item in parse(text).items] == [1, 5, 7]
    for broken in ("#ifdef A\n0 close(3) = 0", "#endif\n#ifdef A\n#endif\n0 close(3) = 0"):
        with pytest.raises(ScriptError):
            parse(broken)


@pytest.mark.ci
def test_a_long_script_is_read_and_a_longer_one_refused() -> None:
    """As many events as are allowed are read; one more is refused."""
    line = "+0 < . 1:1001(1000) ack 1 win 257 <sack 1:2 3:4,nop,nop> // a comment\n"
    assert len(parse(line * MOST_ITEMS).items) == MOST_ITEMS
    with pytest.raises(ScriptError, match="events"):
        parse(line * (MOST_ITEMS + 1))


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    "text",
    [
        "--define=X=1\n" + "/* " * 300_000,
        "--define=X=1\n" + "%{ " * 300_000,
        "0 < ipv4 " + "1 > " * 200_000,
        "0 < . 1:1(0) ack 1 win 1 {mut" + " " * 900_000,
        "0 < . 1:1(0) ack 1 win 1 <" + "nop," * 200_000,
        "0 f(" + "[" * 900_000,
        "\n".join([" " * 900] * 1000) + "x",
        "0 `" + "sockstat grep A" * 60_000,
    ],
    ids=["comments", "code", "headers", "braces", "options", "brackets", "blank", "shell"],
)
def test_no_text_keeps_the_reader_busy(text: str) -> None:
    """A million characters that almost mean something are refused; squared, the watchdog would bite."""
    assert mistake(text) is not None


def test_a_timestamp_is_learned_where_options_are_not_compared() -> None:
    """The neutral form does not look at the options of a SYN, but the peer echoes the timestamp that was in them."""
    line = Line(8080, 40000)
    wanted = packet("> S 0:0(0) win 1 <mss 1460,nop,wscale 6,sackOK,TS val 100 ecr 0>")
    sent = packet("> S 0:0(0) win 9 <mss 1460,sackOK,TS val 7777 ecr 0,nop,wscale 10>")
    assert isinstance(wanted, Segment)
    assert isinstance(sent, Segment)
    assert list(differences(wanted, sent, line, window=False, options=False)) == []
    assert line.stamps == {100: 7777}


# --- shell lines ---


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sysctl -q a.b=$((7-3)) || true", SetSysctl("a.b", "4")),
        ("sysctl -q a.b=$((1<<20))", SetSysctl("a.b", "1048576")),
        ("sysctl -q a.b=$((08))", SetSysctl("a.b", "$((08))")),
        ("sysctl -q a.b=$((1/0))", SetSysctl("a.b", "$((1/0))")),
        ("ip tcp_metrics flush all > /dev/null 2>&1", Harmless("ip tcp_metrics flush all")),
        ('sysctl "', Unknown('sysctl "')),
        ("sockstat grep AAAA " * 26, Unknown(("sockstat grep AAAA " * 26).strip())),
        ("ss -t | grep ESTAB", Unknown("ss -t | grep ESTAB")),
        ("sockstat " * 500, Unknown(f"{'sockstat ' * 6}sockst...")),
    ],
)
def test_shell_lines_that_are_odd(text: str, found: Setting) -> None:
    """A sum that is none stays as it is written; a redirection changes nothing; what is too long is not looked at."""
    assert list(recognise(text)) == [found]


# --- code ---


def test_assertions_know_a_little_more() -> None:
    """Sets of values, magnitudes, quotients, conditions, and a name that is counted up."""
    facts = {"tcpi_rtt": 50_500, "tcpi_ca_state": 3}.get
    check("assert tcpi_ca_state in (3, 4) and tcpi_ca_state not in [1]", facts)
    check("assert abs(tcpi_rtt - 50000) < 1000 and max(1, 2) == 2", facts)
    check("assert tcpi_rtt / 1000 == 50.5 and tcpi_rtt // 1000 == 50", facts)
    check("x = 1\nx += 2\nassert (x if tcpi_rtt else 0) == 3\npass", facts)
    with pytest.raises(Failed, match="tcpi_ca_state is 3") as caught:
        check("\nassert tcpi_rtt\nassert tcpi_ca_state == 4, \\\n tcpi_ca_state", facts)
    assert caught.value.line == 3


@pytest.mark.parametrize(
    "code",
    [
        "assert " + "+".join(["1"] * 1900),
        "assert " + "-" * 3900 + "1",
        "assert " + "(" * 1500 + "1" + ")" * 1500,
        "assert 1\0",
        "assert 1 / 0",
        "assert 1 << -1",
        "assert 1.5 << 2",
        "assert 1e400 > 1",
        "assert abs(tcpi_rtt, 2)",
        "assert abs.__class__",
        "assert [x for x in (1, 2)]",
        "assert (lambda: 1)()",
        "assert __import__('os')",
        "if 1:\n assert 1",
        "x = y = 1",
        "del x",
    ],
)
def test_no_code_brings_the_judge_down(code: str) -> None:
    """Too deep, too large, or not arithmetic at all: told by name, with its line."""
    with pytest.raises(NotSupported):
        check(code, {"tcpi_rtt": 1}.get)


# --- generated scripts ---

numbers = st.integers(0, 2**32 - 1)
words = st.sampled_from(["SOL_SOCKET", "SO_LINGER", "O_RDWR", "tcpi_state", "x_1"])
plain = st.one_of(
    st.integers(-(10**9), 10**12), st.builds(Elided), st.builds(Name, words),
    st.builds(Text, st.text("abc /*`%{}<>...", max_size=8), st.booleans()),
)  # fmt: skip
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.builds(Listing, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Record, st.lists(st.tuples(st.just("") | words, inner), max_size=3, unique_by=str).map(tuple)),
        st.builds(Record, st.lists(st.tuples(st.just(""), inner), max_size=2).map(tuple), st.just("htons")),
        st.builds(Flags, st.lists(st.builds(Name, words), min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
calls = st.builds(
    Call,
    st.sampled_from(["write", "setsockopt", "poll"]),
    st.lists(values, max_size=4).map(tuple),
    st.integers(-1, 9),
    st.sampled_from(["", "EAGAIN", "EPIPE"]),
)
options = st.one_of(
    st.sampled_from(["nop", "eol", "sackOK"]).map(Option),
    st.builds(lambda n: Option("mss", (n,)), st.integers(0, 65535)),
    st.builds(lambda n: Option("wscale", (n,)), st.integers(0, 255)),
    st.builds(lambda a, b: Option("TS", (a, b)), numbers, numbers),
    st.lists(st.tuples(numbers, numbers), min_size=1, max_size=4).map(lambda s: Option("sack", sum(s, ()))),
    st.just(Option("FO", (), "FO a1b2")),
)
ports = st.none() | st.tuples(st.integers(0, 65535), st.integers(0, 65535))
marks = st.lists(st.sampled_from(["ce", "ect0", "ttl 9", "tos 0x4"]), max_size=2).map(tuple)
segments = st.builds(
    Segment,
    st.lists(st.sampled_from("SFRP.UEW"), max_size=4, unique=True).map("".join),
    numbers, st.integers(0, 65535), st.none() | numbers, st.none() | st.integers(0, 65535),
    st.lists(options, max_size=4).map(tuple), st.none() | st.integers(0, 65535), ports, marks,
)  # fmt: skip
icmps = st.builds(
    Icmp, st.sampled_from(["unreachable", "time_exceeded"]), st.sampled_from(["", "frag_needed"]), numbers, numbers,
    st.none() | st.integers(68, 65535),
).filter(lambda icmp: ((icmp.end or 0) - (icmp.seq or 0)) % 2**32 < 2**16) | st.builds(
    Icmp, st.just("echo_request"), st.just(""), identifier=st.none() | st.integers(0, 65535), ip=marks
)  # fmt: skip
packets = st.builds(Packet, st.booleans(), segments | icmps | st.builds(Datagram, st.integers(0, 65535), ports, marks))
moments = st.integers(0, 10**9)
times = st.builds(When, st.sampled_from(["absolute", "relative"]), moments)


def _item(when: When, event: Call | Packet, more: int | None) -> Item:
    """A time that fits the event: a call may return later, what leaves may have a range."""
    if more is not None and isinstance(event, Call):
        when = When(when.kind, when.at, None, when.at + more)
    elif more is not None and not event.is_inbound:
        when = When(when.kind, when.at, when.at + more)
    return Item(0, 0, when, event)


scripts = st.builds(
    Script,
    st.sampled_from([(), (("mss", "1000"), ("x", "")), (("remote_ip", "192.0.2.2"),)]),
    st.sampled_from([(), (Shell("a\nb"),)]),
    st.lists(st.builds(_item, times, calls | packets, st.none() | moments), min_size=1, max_size=5).map(tuple),
)


@pytest.mark.ci
@settings(max_examples=120, deadline=None)
@given(scripts)
def test_any_script_printed_is_read_the_same(script: Script) -> None:
    """Whatever a script can say has one spelling, and that spelling means it and nothing else."""
    text = str(script)
    assert said(parse(text)) == said(script), text
    assert str(parse(text)) == text


@pytest.mark.ci
@settings(max_examples=120, deadline=None)
@given(scripts, st.data())
def test_a_spoilt_script_is_read_or_pointed_at(script: Script, data: st.DataObject) -> None:
    """A character too many, too few, or another one: a script again or an error inside the text, never a traceback."""
    text = str(script)
    at = data.draw(st.integers(0, len(text)))
    text = text[:at] + data.draw(st.text('<>[]{}()0:.,+~*`%=-"\n#/ aS\0\u00e9', max_size=2)) + text[at + 1 :]
    error = mistake(text)
    assert error is None or (1 <= error.line <= text.count("\n") + 1 and error.column >= 1 and error.allowed)


@settings(max_examples=120, deadline=None)
@given(st.text("tcpi_x 0123456789+-*/%<>=!()[]{},.:;'\"\\\nassertinotlambdaif~^&|@", max_size=60))
def test_any_text_between_the_braces_is_answered(code: str) -> None:
    """Held, failed, or not supported; nothing else can come out, and the last two are told."""
    told = "held"
    try:
        check(code, {"tcpi_x": 7}.get)
    except (Failed, NotSupported) as fault:
        told = str(fault)
    assert told
