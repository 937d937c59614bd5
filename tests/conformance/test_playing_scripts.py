"""Scripts on the stage: calls through the socket interface, verdicts with their place, scripts as runs to look at."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from tests.conformance.test_scripts import LINUX
from tutor.cli import main
from tutor.commands.faults import DONE, FILE_AT_FAULT
from tutor.exchange.packetdrill.judge import FAIL, PASS, UNSUPPORTED, Manner, Verdict, judge

LISTENING = """
    0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
    +0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
    +0 bind(3, ..., ...) = 0
    +0 listen(3, 5) = 0
"""
OPEN = """
    +0 < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>
    +0 > S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 10>
    +.1 < . 1:1(0) ack 1 win 257
    +0 accept(3, ..., ...) = 4
"""


def verdict(text: str, *, begins: str = LISTENING + OPEN) -> Verdict:
    """The judge's word on a script that goes on from an open connection."""
    return judge(dedent(begins) + dedent(text), LINUX, Manner())


def test_the_stage_itself_is_sound() -> None:
    """A listener, a handshake, an accept."""
    assert verdict("").kind == PASS, str(verdict(""))


@pytest.mark.parametrize(
    "text",
    [
        "+0 read(4, ..., 100) = -1 EBADF\n",
        "+0 recv(4, ..., 100, MSG_DONTWAIT) = -1 EAGAIN\n",
        "+0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n+0 read(4, ..., 100) = -1 EWOULDBLOCK\n",
        "+0 accept(3, ..., ...) = -1 EAGAIN\n",
        "+0...0.15 read(4, ..., 100) = 10\n+.15 < P. 1:11(10) ack 1 win 257\n* > . 1:1(0) ack 11\n",
        (
            "+0 < P. 1:11(10) ack 1 win 257\n* > . 1:1(0) ack 11\n+0 recv(4, ..., 5, MSG_PEEK) = 5\n"
            "+0 ioctl(4, SIOCINQ, [10]) = 0\n+0 read(4, ..., 100) = 10\n"
        ),
        "+0 write(4, ..., 10) = 10\n* > P. 1:11(10) ack 1\n+0 ioctl(4, SIOCOUTQ, [10]) = 0\n",
        "+0 writev(4, [{..., 4}, {..., 6}], 2) = 10\n* > P. 1:11(10) ack 1\n",
        (
            "+0 sendmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 10}], msg_flags=0}, MSG_DONTWAIT) = 10\n"
            "* > P. 1:11(10) ack 1\n"
        ),
        "+0 poll([{fd=4, events=POLLIN|POLLOUT, revents=POLLOUT}], 1, 0) = 1\n",
        "+0...0.2 poll([{fd=4, events=POLLIN, revents=0}], 1, 200) = 0\n",
        (
            "+0 getsockopt(4, SOL_SOCKET, SO_ERROR, [0], [4]) = 0\n+0 < R. 1:1(0) ack 1 win 0\n"
            "+0 getsockopt(4, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0\n"
            "+0 getsockopt(4, SOL_SOCKET, SO_ERROR, [0], [4]) = 0\n+0 read(4, ..., 10) = 0\n"
        ),
        (
            "+0 setsockopt(4, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=0, tv_usec=200000}, 16) = 0\n"
            "+0...0.2 read(4, ..., 10) = -1 EAGAIN\n"
        ),
        (
            "+0 setsockopt(3, SOL_SOCKET, SO_RCVBUF, [20000], 4) = 0\n"
            "+0 getsockopt(3, SOL_SOCKET, SO_RCVBUF, [40000], [4]) = 0\n"
        ),
        "+0 %{ assert tcpi_state == TCP_ESTABLISHED and tcpi_unacked == 0 and tcpi_snd_mss == 1000 }%\n",
        "+0 bind(4, ..., ...) = -1 EINVAL\n+0 listen(4, 1) = -1 EINVAL\n+0 connect(4, ..., ...) = -1 EISCONN\n",
    ],
)
def test_calls_as_programs_make_them(text: str) -> None:
    """Waiting and not waiting, looking and setting, right and wrong: as the socket interface answers."""
    if "EBADF" in text:
        text = "+0 close(4) = 0\n* > F. 1:1(0) ack 1\n" + text
    if "accept(3" in text:
        text = "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n" + text
    found = verdict(text)
    assert found.kind == PASS, str(found)


def test_an_icmp_error_quotes_number_0_unless_it_says_otherwise() -> None:
    """An open connection has that behind it, and does not listen; a quoted number that is in flight counts."""
    begun = "+0 write(4, ..., 900) = 900\n* > P. 1:901(900) ack 1\n"
    quiet = "+0 < icmp unreachable frag_needed mtu 600\n+.01 < . 1:1(0) ack 901 win 257\n+0 close(4) = 0\n"
    found = verdict(begun + quiet + "+0 > F. 901:901(0) ack 1\n")
    assert found.kind == PASS, str(found)
    heard = "+0 < icmp unreachable frag_needed mtu 600 [1:901(900)]\n+0 > . 1:561(560) ack 1\n"
    found = verdict(begun + heard)
    assert found.kind == PASS, str(found)


def test_tcp_info_tells_the_scoreboard() -> None:
    """Open, then what was sacked and given up while it recovers."""
    found = verdict("""
        +0 %{ assert tcpi_ca_state == TCP_CA_Open and tcpi_reordering == 3 and tcpi_lost == 0 }%
        +0 write(4, ..., 8000) = 8000
        +0 > P. 1:8001(8000) ack 1
        +.1 < . 1:1(0) ack 1 win 257 <sack 1001:8001,nop,nop>
        +0 > . 1:1001(1000) ack 1
        +0 %{ assert tcpi_ca_state == TCP_CA_Recovery and tcpi_sacked == 7 and tcpi_lost == 1 and tcpi_retrans == 1 }%
    """)
    assert found.kind == PASS, str(found)


CALLING = """
    0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3
    +0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
    +0 > S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 10>
    +0 connect(3, ..., ...) = -1 EALREADY
"""


def test_a_call_that_does_not_wait_opens_a_connection() -> None:
    """EINPROGRESS, EALREADY, then 0 once and EISCONN."""
    text = """
        +.1 < S. 0:0(0) ack 1 win 32792 <mss 1000>
        +0 > . 1:1(0) ack 1
        +0 getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
        +0 connect(3, ..., ...) = 0
        +0 connect(3, ..., ...) = -1 EISCONN
    """
    assert verdict(text, begins=CALLING).kind == PASS, str(verdict(text, begins=CALLING))


def test_a_call_that_is_refused_tells_it_once() -> None:
    """SO_ERROR takes the error away; the next connect() has nothing left to say but that it ended."""
    text = """
        +.1 < R. 0:0(0) ack 1 win 0
        +0 poll([{fd=3, events=POLLOUT, revents=POLLOUT|POLLERR|POLLHUP}], 1, 0) = 1
        +0 getsockopt(3, SOL_SOCKET, SO_ERROR, [111], [4]) = 0
        +0 connect(3, ..., ...) = -1 ECONNABORTED
    """
    assert verdict(text, begins=CALLING).kind == PASS, str(verdict(text, begins=CALLING))


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("+0 read(4, ..., 10) = 10\n", 1, "call: it blocks"),
        ("+0...0.2 read(4, ..., 10) = 10\n+1 %{ assert tcpi_unacked == 0 }%\n", 1, "call: it has not returned"),
        ("+0...1.0 read(4, ..., 10) = 5\n+.1 < P. 1:6(5) ack 1 win 257\n* > . 1:1(0) ack 6\n", 1, "time: due at"),
        ("+0 poll([{fd=4, events=POLLOUT, revents=POLLIN}], 1, 0) = 1\n", 1, "revents: expected POLLIN, is POLLOUT"),
        ("+0 ioctl(4, SIOCINQ, [1]) = 0\n", 1, "SIOCINQ: expected 1, is 0"),
        ("+0 getsockopt(4, SOL_SOCKET, SO_ERROR, [EPIPE], [4]) = 0\n", 1, "SO_ERROR: expected EPIPE, is 0"),
        ("+0 %{ assert tcpi_unacked == 7 }%\n", 1, "assertion"),
        ("+0 write(4, ..., 10) = 10\n+0 > [ect0] P. 1:11(10) ack 1\n", 2, "mark: expected ect0, is 0"),
        ("+0 write(7, ..., 10) = 10\n", 1, "error: expected none, is EBADF"),
    ],
)
def test_what_is_not_as_the_script_says_is_found_at_its_line(text: str, line: int, what: str) -> None:
    """The line counts from the first of the script, and the field is named."""
    found = verdict(text)
    before = len(dedent(LISTENING + OPEN).splitlines())
    assert (found.kind, found.line - before) == (FAIL, line), str(found)
    assert found.what.startswith(what)


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("+0 splice(4, 5) = 0\n", "the call splice()"),
        ("+0 send(4, ..., 10, MSG_ZEROCOPY) = 10\n", "MSG_ZEROCOPY"),
        ("+0 setsockopt(4, SOL_TCP, TCP_FASTOPEN, [5], 4) = 0\n", "TCP_FASTOPEN"),
        ("+0 setsockopt(4, SOL_TCP, TCP_UNHEARD_OF, [5], 4) = 0\n", "TCP_UNHEARD_OF"),
        ("+0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 5\n", "SOCK_DGRAM"),
        ("+0 fcntl(4, F_DUPFD, 0) = 5\n", "F_DUPFD"),
        ("+0 > [tos 0x4] . 1:1(0) ack 1\n", "tos 0x4"),
        ("+0 `tc qdisc add dev tun0 root netem delay 10ms`\n", "netem"),
        ("+0 %{ assert tcpi_no_such_field == 0 }%\n", "tcpi_no_such_field"),
    ],
)
def test_what_is_not_modelled_is_unsupported_by_its_name(text: str, feature: str) -> None:
    """Neither a pass nor a fail."""
    if "[tos" in text:
        text = "+0 write(4, ..., 10) = 10\n" + text
    found = verdict(text)
    assert found.kind == UNSUPPORTED, str(found)
    assert feature in found.what


@pytest.mark.parametrize("option", ["--ip_version=ipv6", "--bind_port=99", "--unheard_of=1", "--mtu=no"])
def test_an_option_that_would_change_something_else_is_unsupported(option: str) -> None:
    """Never a pass by looking away."""
    found = verdict("", begins=f"{option}\n{dedent(LISTENING)}")
    assert (found.kind, found.what) == (UNSUPPORTED, f"the option {option}")


def test_the_mtu_makes_the_mss() -> None:
    """1000 octets less 40."""
    text = "+0 < S 0:0(0) win 32792 <mss 1000>\n+0 > S. 0:0(0) ack 1 <mss 960>\n"
    found = verdict(text, begins="--mtu=1000\n--remote_ip=192.0.2.2\n" + dedent(LISTENING))
    assert found.kind == PASS, str(found)


# --- a script as a run ---


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script whose expectations are wrong on purpose."""
    path = tmp_path / "a-greeting.pkt"
    text = "+0 write(4, ..., 10) = 10\n+0 > F. 77:88(11) ack 5\n+.1 < . 1:1(0) ack 11 win 257\n+0 close(4) = 3\n"
    path.write_text(dedent(LISTENING + OPEN) + text, encoding="utf-8")
    return path


def test_a_script_is_played_whatever_it_expects(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The engine answers: what was written leaves, and the FIN behind it."""
    assert main(["play", str(script), "--json"]) == DONE
    assert all(json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert main(["play", str(script)]) == DONE
    assert "PSH,ACK seq=1 ack=1 len=10" in capsys.readouterr().out


def test_a_played_script_can_be_saved_and_changed(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A saved run of it is that run; a switch changes it like any other."""
    saved = script.with_suffix(".json")
    assert main(["play", str(script), "--save", str(saved)]) == DONE
    told = capsys.readouterr().out
    assert main(["play", str(saved)]) == DONE
    assert capsys.readouterr().out == told
    assert main(["play", str(script), "--set", "host.tcp_sack=0"]) == DONE
    assert capsys.readouterr().out != told


def test_a_script_that_cannot_be_played_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Line and column of what cannot be read; the name of what is not modelled."""
    path = tmp_path / "wrong.pkt"
    path.write_text("0 socket(..., SOCK_STREAM, IPPROTO_TCP = 3\n", encoding="utf-8")
    assert main(["play", str(path)]) == FILE_AT_FAULT
    assert "wrong.pkt:1:" in capsys.readouterr().err
    path.write_text("0 splice(3, 4) = 0\n", encoding="utf-8")
    assert main(["play", str(path)]) == FILE_AT_FAULT
    assert "splice" in capsys.readouterr().err


def test_a_scripted_machine_answers_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Its kernel sends no RST for what it never asked for."""
    path = tmp_path / "call.pkt"
    path.write_text(dedent(CALLING), encoding="utf-8")
    assert main(["play", str(path), "--json"]) == DONE
    assert "RST" not in capsys.readouterr().out


def test_a_script_of_another_system_is_played_without_its_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They mean nothing here, nothing is judged by them, and the person is told."""
    path = tmp_path / "elsewhere.pkt"
    path.write_text("0 `sysctl -w net.inet.tcp.rfc1323=1`\n" + dedent(LISTENING), encoding="utf-8")
    assert main(["play", str(path), "--json"]) == DONE
    assert "net.inet.tcp.rfc1323" in capsys.readouterr().err
    assert judge(path.read_text(encoding="utf-8"), LINUX, Manner()).kind == UNSUPPORTED


@pytest.mark.parametrize(
    ("comment", "shown"),
    [
        ("// Who calls first?\n// The *peer*, after 1sec.", "Who calls first? The *peer*, after 1 sec."),
        ("// Copyright 2020, all rights reserved\n\n/* What is it about? */", "What is it about?"),
        ("// {client.isn} and `code` and snd_una < 3", "(client.isn) and `code` and snd_una < 3"),
        ("", "a-title.pkt"),
    ],
)
def test_a_script_is_introduced_by_its_own_first_comment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], comment: str, shown: str
) -> None:
    """Word for word, whatever marks and braces it has; without licences; else the file's name."""
    path = tmp_path / "a-title.pkt"
    path.write_text(f"{comment}\n\n// Set up.\n{dedent(LISTENING).strip()}\n", encoding="utf-8")
    if not comment:
        path.write_text(dedent(LISTENING).strip() + "\n", encoding="utf-8")
    assert main(["play", str(path), "--narrate"]) == DONE
    out = capsys.readouterr().out
    assert shown in " ".join(out.split())
    assert "Set up" not in out


def test_a_script_may_have_a_long_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Longer than a lesson's id may be."""
    path = tmp_path / f"{'rcv-' * 30}.pkt"
    path.write_text(dedent(LISTENING), encoding="utf-8")
    assert main(["play", str(path), "--json"]) == DONE
    assert capsys.readouterr().out
