"""The README's section "Ask it a question", line by line: what is played is what a Linux 6.18 kernel was seen to do.

The numbers were read from ``ss``, ``nstat`` and the wire between two kernels 50 ms apart; the rows are truth.md's.
"""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.cli.stories import Story, play, text
from tests.cli.test_readme import README

SHELL = shutil.which("bash")
COLLECT = "tcp-tutor() { printf '%s\\n' \"$@\" '<end>'; }\n"

pytestmark = pytest.mark.skipif(SHELL is None, reason="the lines are written for a shell")

Question = tuple[str, ...]


def questions() -> list[Question]:
    """The arguments of every ``tcp-tutor play`` of the section, as a shell passes them on."""
    section = README.partition("## Ask it a question\n")[2].partition("\n## ")[0]
    script = "\n".join(line[4:] for line in section.splitlines() if line.startswith("    "))
    assert SHELL is not None, "without a shell nothing here is run"
    done = subprocess.run([SHELL, "-c", COLLECT + script], capture_output=True, text=True, check=True)
    return [tuple(each.split("\n")[1:-1]) for each in ("\n" + done.stdout).split("<end>")[:-1]]


@pytest.fixture(scope="module")
def asked() -> dict[str, Question]:
    """The questions by name, without the word ``play``."""
    names = ("third-ack", "accept-queue", "fin-timeout", "tw-reuse", "flood", "flood-without-cookies")
    found = [line[1:] if line[0] == "play" else line[2:] for line in questions()]
    return dict(zip(names, found, strict=True))


def told(capsys: pytest.CaptureFixture[str], question: Question) -> Story:
    """The events of a question's run."""
    return play(capsys, *_without_table(question))


def _without_table(question: Question) -> Question:
    at = question.index("--ss") if "--ss" in question else len(question)
    return (*question[:at], *question[at + 2 :])


def sockets(capsys: pytest.CaptureFixture[str], question: Question, at: str = "") -> dict[str, list[str]]:
    """Host -> the rows of its ``ss -tano`` without the head, each with single spaces; and ``HOST nstat``."""
    question = (*_without_table(question), "--ss", at) if at else question
    tables: dict[str, list[str]] = {}
    rows: list[str] = []
    for line in text(capsys, *question).splitlines():
        host, prompt, command = line.partition("$ ")
        if prompt:
            rows = tables.setdefault(host if command == "ss -tano" else f"{host} {command}", [])
        elif line and not line.startswith(("State", "#")):
            rows.append(" ".join(line.split()))
    return tables


def counted(table: list[str]) -> dict[str, int]:
    """The lines of ``nstat`` as numbers."""
    return {row.split()[0]: int(row.split()[1]) for row in table}


def reasons(story: Story, host: str) -> list[str]:
    """The ids of a host's reasons, in order."""
    return [line["reason"] for line in story.kind("reason", host=host)]


# --- a lost third ACK (R4, R2 of the handshake; d.4, d.5) ---


def test_data_mend_a_lost_third_ack(capsys: pytest.CaptureFixture[str], asked: dict[str, Question]) -> None:
    """The client's data bring the ACK number; no SYN,ACK goes again, and none of the data does (R4, d.4)."""
    question = asked["third-ack"]
    story = told(capsys, question)
    assert story.sends() == [
        "client SYN 0 -", "server SYN,ACK 0 1", "client ACK 1 1", "client PSH,ACK 1 1", "server ACK 1 101",
    ]  # fmt: skip
    assert [line["fate"] for line in story.kind("send", host="client")] == ["delivered", "dropped", "delivered"]
    assert story.times("state", host="client", to="ESTABLISHED") == [0.1]
    assert story.times("state", host="server", to="ESTABLISHED") == [0.55]
    before = sockets(capsys, question, "0.4")
    assert before["client"] == ["ESTAB 0 0 10.0.0.1:40000 10.0.0.2:80"]
    assert before["server"][1:] == ["SYN-RECV 0 0 10.0.0.2:80 10.0.0.1:40000 timer:(on,650ms,0)"]
    assert sockets(capsys, question, "0.9")["server"][1:] == ["ESTAB 100 0 10.0.0.2:80 10.0.0.1:40000"]


def test_without_data_the_syn_ack_goes_again_and_is_challenged(capsys: pytest.CaptureFixture[str]) -> None:
    """The server's timer brings the SYN,ACK again after 1 s; the client answers with a challenge ACK (X5)."""
    story = play(capsys, "01", "--drop", "client:ACK", "--until", "2")
    assert story.sends(retransmission=True) == ["server SYN,ACK 0 1"]
    assert story.times("state", host="server", to="ESTABLISHED") == [1.15]
    tables = sockets(capsys, ("01", "--drop", "client:ACK"), "2")
    assert counted(tables["client nstat"]) == {
        "TcpActiveOpens": 1, "TcpInSegs": 2, "TcpOutSegs": 3, "TcpInErrs": 1, "TcpExtTCPChallengeACK": 1,
        "TcpExtTCPSYNChallenge": 1, "TcpCurrEstab": 1, "TcpExtTCPDelivered": 1,
    }  # fmt: skip
    assert counted(tables["server nstat"]) == {
        "TcpPassiveOpens": 1, "TcpInSegs": 2, "TcpOutSegs": 2, "TcpRetransSegs": 1, "TcpExtTCPTimeouts": 1,
        "TcpExtTCPSynRetrans": 1, "TcpCurrEstab": 1,
    }  # fmt: skip


def test_a_third_ack_lost_for_ever_leaves_a_client_that_nobody_knows(capsys: pytest.CaptureFixture[str]) -> None:
    """SYN,ACK at 0, 1, 3, 7, 15, 31 s, forgotten at 63 s without a word; what the client then says is reset (d.5)."""
    acts = ("0.08 set link.client.loss 1", "70 set link.client.loss 0", "71 client write 100")
    given = [word for act in acts for word in ("--act", act)]
    story = play(capsys, "01", *given, "--until", "72")
    first, *again = story.times("send", host="server", flags="SYN,ACK")
    assert [round(at - first) for at in again] == [1, 3, 7, 15, 31]
    assert story.states("server")[-1] == "SYN-RECEIVED CLOSED"
    assert story.times("state", host="server", to="CLOSED") == [pytest.approx(first + 63)]
    assert story.sends(host="server")[-1] == "server RST 1 -"
    assert story.states("client")[-1] == "ESTABLISHED CLOSED"
    assert len(story.kind("send", host="client", len=100)) == 1


# --- a full accept queue (R2, S7; d.16, d.17) ---


def test_a_full_accept_queue_is_invisible_to_the_client(
    capsys: pytest.CaptureFixture[str], asked: dict[str, Question]
) -> None:
    """backlog 1 holds two. The third caller is ESTABLISHED, is ignored, and hears SYN,ACK again (R2, d.17)."""
    question = asked["accept-queue"]
    tables = sockets(capsys, question, "1.9")
    assert "LISTEN 2 1 0.0.0.0:80 0.0.0.0:*" in tables["server"]
    assert tables["server"][-1] == "SYN-RECV 0 0 10.0.0.2:80 10.0.0.1:40006 timer:(on,1.470ms,1)"
    assert [row.split()[0] for row in tables["client"]] == ["ESTAB"] * 4 + ["SYN-SENT"]
    story = told(capsys, question)
    third = "client:40006>server:80"
    assert story.times("state", host="client", connection=third, to="ESTABLISHED") == [0.42]
    assert not story.kind("state", host="server", connection=third, to="ESTABLISHED")
    assert story.times("send", host="server", connection=third) == pytest.approx([0.37, 1.37])
    assert {line["len"] for line in story.kind("send", host="client", connection=third, retransmission=True)} == {100}
    assert set(reasons(story, "server")) >= {"accept-queue-full-ack", "accept-queue-full-syn"}


def test_every_segment_that_finds_the_accept_queue_full_is_counted(
    capsys: pytest.CaptureFixture[str], asked: dict[str, Question]
) -> None:
    """ListenOverflows and ListenDrops move together: for ACK, data and SYN alike. The client sees no error (S7)."""
    tables = sockets(capsys, asked["accept-queue"], "1.9")
    server, client = counted(tables["server nstat"]), counted(tables["client nstat"])
    assert server == {
        "TcpPassiveOpens": 3, "TcpCurrEstab": 3, "TcpInSegs": 13, "TcpOutSegs": 5, "TcpRetransSegs": 1,
        "TcpExtListenOverflows": 6,
        "TcpExtListenDrops": 6, "TcpExtTCPTimeouts": 1, "TcpExtTCPSynRetrans": 1,
    }  # fmt: skip
    assert client == {
        "TcpActiveOpens": 5, "TcpCurrEstab": 4, "TcpExtTCPOrigDataSent": 1, "TcpExtTCPDelivered": 4, "TcpInSegs": 5,
        "TcpOutSegs": 11, "TcpRetransSegs": 2, "TcpInErrs": 1,
        "TcpExtTCPTimeouts": 1, "TcpExtTCPLossProbes": 1, "TcpExtTCPChallengeACK": 1, "TcpExtTCPSYNChallenge": 1,
    }  # fmt: skip


def test_abort_on_overflow_resets_the_third_caller_only(
    capsys: pytest.CaptureFixture[str], asked: dict[str, Question]
) -> None:
    """tcp_abort_on_overflow=1: its ACK is answered with RST; a new SYN is still only dropped (R3, d.17)."""
    story = told(capsys, (*asked["accept-queue"], "--set", "server.tcp_abort_on_overflow=1"))
    resets = [line for line in story.kind("send", host="server") if "RST" in line["flags"]]
    assert [(line["t"], line["connection"]) for line in resets] == [(0.47, "client:40006>server:80")]
    assert "accept-queue-full-syn" in reasons(story, "server")


# --- TIME-WAIT (T9; d.1) ---


def test_fin_timeout_does_not_shorten_time_wait(capsys: pytest.CaptureFixture[str], asked: dict[str, Question]) -> None:
    """tcp_fin_timeout=5: after 10 s 50 s are left, and the record goes after exactly 60 (T9, d.1)."""
    question = asked["fin-timeout"]
    assert sockets(capsys, question)["client"] == ["TIME-WAIT 0 0 10.0.0.1:40000 10.0.0.2:80 timer:(timewait,50sec,0)"]
    story = play(capsys, *_without_table(question), "--until", "61")
    entered, left = (story.times("state", host="client", **end)[0] for end in ({"to": "TIME-WAIT"}, {"to": "CLOSED"}))
    assert left - entered == pytest.approx(60)


def test_tw_reuse_frees_the_port_after_a_second(capsys: pytest.CaptureFixture[str], asked: dict[str, Question]) -> None:
    """After 0.4 s EADDRNOTAVAIL, after 1.4 s a SYN 65537 above the old numbers that echoes the old timestamp (D6)."""
    question = asked["tw-reuse"]
    story = told(capsys, question)
    assert [(line["t"], line["error"]) for line in story.kind("call", call="connect") if line["error"]] == [
        (1.0, "EADDRNOTAVAIL")
    ]
    assert reasons(story, "client").count("no-port-left") == 1
    last_ack = story.kind("send", host="client", flags="ACK")[2]
    syn = story.kind("send", host="client", flags="SYN")[-1]
    assert (syn["t"], syn["seq_abs"]) == (2.0, last_ack["seq_abs"] + 65537)
    assert (
        syn["options"]["timestamp"][1]
        == story.kind("send", host="server", flags="FIN,ACK")[0]["options"]["timestamp"][0]
    )
    tables = sockets(capsys, question, "2.4")
    assert tables["client"] == ["ESTAB 0 0 10.0.0.1:40000 10.0.0.2:80"]
    assert counted(tables["client nstat"])["TcpExtTWRecycled"] == 1


@pytest.mark.parametrize("setting", ["client.tcp_tw_reuse=0", "client.tcp_tw_reuse=2", "server.tcp_timestamps=0"])
def test_without_tw_reuse_or_timestamps_the_port_stays_taken(
    capsys: pytest.CaptureFixture[str], asked: dict[str, Question], setting: str
) -> None:
    """0: never; 2, the default: on loopback only; without timestamps nothing tells old segments from new (D6)."""
    story = told(capsys, (*asked["tw-reuse"], "--set", setting))
    assert [line["error"] for line in story.kind("call", call="connect", returned=True)][-2:] == ["EADDRNOTAVAIL"] * 2


# --- a SYN flood (S8, S9; d.16) ---

KEPT = [
    f"SYN-RECV 0 0 10.0.0.2:80 10.0.0.1:{50020 + i} timer:(on,{350 + 10 * i}ms,0)" for i in range(6)
]  # fmt: skip
"""backlog 5: six request entries fit."""


def test_with_cookies_a_flood_of_twenty_keeps_nobody_out(
    capsys: pytest.CaptureFixture[str], asked: dict[str, Question]
) -> None:
    """Six entries, then cookies: fourteen for the flood and one for the true caller, whose ACK proves it (S9)."""
    tables = sockets(capsys, asked["flood"])
    assert [row for row in tables["server"] if row.startswith("SYN-RECV")] == KEPT
    assert tables["server"][-1] == "ESTAB 0 0 10.0.0.2:80 10.0.0.1:40002"
    assert counted(tables["server nstat"]) == {
        "TcpPassiveOpens": 2, "TcpCurrEstab": 2, "TcpInSegs": 24, "TcpOutSegs": 22, "TcpExtSyncookiesSent": 15,
        "TcpExtSyncookiesRecv": 1, "TcpExtTCPReqQFullDoCookies": 15,
    }  # fmt: skip


def test_a_cookie_is_never_sent_again(capsys: pytest.CaptureFixture[str], asked: dict[str, Question]) -> None:
    """Only the six that have an entry hear SYN,ACK again; the true caller goes from LISTEN to ESTABLISHED (S9)."""
    question = asked["flood"]
    loss = question.index("0.5 set link.server.loss 0")
    question = (*question[: loss - 1], *question[loss + 3 :])  # nobody hears the server, and nobody else calls
    story = told(capsys, (*question, "--until", "1.5"))
    again = story.kind("send", host="server", flags="SYN,ACK", retransmission=True)
    assert [line["connection"] for line in again] == [f"client:{50020 + i}>server:80" for i in range(6)]
    true = told(capsys, asked["flood"]).kind("state", host="server", connection="client:40002>server:80")
    assert [(line["from"], line["to"]) for line in true] == [("LISTEN", "ESTABLISHED")]


def test_without_cookies_the_flood_keeps_the_true_caller_out(
    capsys: pytest.CaptureFixture[str], asked: dict[str, Question]
) -> None:
    """Fourteen SYNs and the true one are dropped without a word (S8)."""
    tables = sockets(capsys, asked["flood-without-cookies"])
    assert [row for row in tables["server"] if row.startswith("SYN-RECV")] == KEPT
    assert tables["client"][-1] == "SYN-SENT 0 1 10.0.0.1:40002 10.0.0.2:80 timer:(on,700ms,0)"
    assert counted(tables["server nstat"]) == {
        "TcpPassiveOpens": 1, "TcpCurrEstab": 1, "TcpInSegs": 23, "TcpOutSegs": 7, "TcpExtListenDrops": 15,
        "TcpExtTCPReqQFullDrop": 15,
    }  # fmt: skip
