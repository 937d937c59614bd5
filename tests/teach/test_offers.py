"""What a context menu offers, what a line may become, and which numbers are worth forging: values, without a window."""

from __future__ import annotations

import pytest

from tutor.teach import completing, forging, offers
from tutor.teach.intents import ActNow, DeleteBranch, Drop, EditProgram, Intent, Seek, SwitchBranch
from tutor.teach.session import Session
from tutor.words import Words
from tutor.world.acts import CALLS, HANDS, ActError, parse_act
from tutor.world.records import Arrived, Because
from tutor.world.time import MS

from .conftest import do
from .test_branches import free


@pytest.fixture
def loose(handshake: Session) -> Session:
    """Lesson 01 with its bets answered, at 20 ms: the SYN is on its way."""
    return free(handshake)


def intents_of(session: Session, name: str) -> list[Intent]:
    """What the offers of a mark send."""
    return [offer.intent for offer in offers.offers(session, name) if offer.intent is not None]


def acts_of(session: Session, name: str) -> list[str]:
    """The acts among them, as text."""
    return [str(each.act) for each in intents_of(session, name) if isinstance(each, ActNow)]


# --- offers ---


def test_a_segment_offers_all_that_can_be_done_to_it(loose: Session) -> None:
    """By the commands of the registry, which have the keys; then what can be done with the run."""
    commands = [offer.command for offer in offers.offers(loose, "flight:1") if offer.command]
    assert commands[:5] == ["drop", "delay", "duplicate", "corrupt", "swap"]
    assert "cut link" in acts_of(loose, "flight:1")


def test_empty_space_offers_the_run(loose: Session) -> None:
    """Cable, machines, calls, a forged segment, any act; what is armed can be taken back only if something is."""
    assert acts_of(loose, "") == ["cut link", "crash client", "crash server"]
    commands = [offer.command for offer in offers.offers(loose, "") if offer.command]
    assert {"call", "forge", "do", "undo", "redo", "compare"} <= set(commands)
    assert "disarm" not in commands
    armed = do(loose, ActNow("drop *:any"))
    assert "disarm" in [offer.command for offer in offers.offers(armed, "")]


def test_what_is_so_already_offers_its_opposite(loose: Session) -> None:
    """A cut cable is mended, a machine that is down is started again."""
    session = do(loose, ActNow("cut link"), ActNow("crash server"))
    assert acts_of(session, "") == ["mend link", "crash client", "reboot server programs=yes"]
    assert offers.cable(session) == ActNow("mend link")
    assert offers.power(session, 1) == ActNow("reboot server programs=yes")
    assert offers.power(session, 0) == ActNow("crash client")


def test_a_host_offers_to_arm_what_it_sends_next(loose: Session) -> None:
    """Five deeds, each an act that can be read; nothing for a host that is not there."""
    acts = acts_of(loose, "host:client")
    assert acts[0] == "crash client"
    assert acts[1:] == [
        "drop client:any", "delay client:any 500000us", "duplicate client:any", "corrupt client:any", "swap client:any",
    ]  # fmt: skip
    assert offers.offers(loose, "host:moon") == ()


def test_a_state_offers_the_calls_of_its_connection(loose: Session) -> None:
    """On the diagram and on a lifeline alike, on the very socket that is in the state."""
    session = do(loose, Seek(loose.end))
    for name in ("state:ESTABLISHED", "state:client:ESTABLISHED:0"):
        acts = acts_of(session, name)
        assert any(act.startswith("client close on=client:") for act in acts), name
    assert any(act.startswith("server accept on=server:80") for act in acts_of(session, "state:LISTEN"))
    for act in acts_of(session, "state:ESTABLISHED"):
        assert do(session, ActNow(act)).notice is None


def test_a_future_offers_to_be_shown_compared_and_deleted(loose: Session) -> None:
    """Not the one on screen, and what is in use is not deleted."""
    away = do(loose, Drop(1))
    road = intents_of(away, f"branch:{away.road}")
    assert SwitchBranch(away.road) in road
    assert not any(isinstance(each, DeleteBranch) for each in road)
    assert intents_of(away, f"branch:{away.branch}") == []
    back = do(away, SwitchBranch(away.road))
    assert DeleteBranch(away.branch) in intents_of(back, f"branch:{away.branch}")


def test_a_line_offers_what_it_is_often_swapped_for(closing: Session) -> None:
    """Close: shutdown, abort, SO_LINGER before it, or forgotten; another line: forgotten. Each can be done."""
    lines = [str(line) for line in closing.world.host("client").programs[0].program.lines]
    place = next(number for number, line in enumerate(lines, 1) if line.endswith("close"))
    edits = [each for each in intents_of(closing, f"line:client:1:{place}") if isinstance(each, EditProgram)]
    assert [(edit.deed, edit.text.split()[-1] if edit.text else "") for edit in edits] == [
        ("replace", "write"), ("replace", "abort"), ("insert", "0"), ("forget", ""),
    ]  # fmt: skip
    for edit in edits:
        assert do(closing, edit).notice is None
    assert [edit.deed for edit in intents_of(closing, "line:client:1:1") if isinstance(edit, EditProgram)] == ["forget"]
    assert offers.offers(closing, "line:client:1:99") == ()
    assert offers.offers(closing, "line:moon:1:1") == ()


# --- completions ---


def test_an_empty_line_may_become_any_act(loose: Session) -> None:
    """Hosts and hands."""
    found = completing.completions("", loose.world)
    assert {"client", "server", *HANDS} == set(found)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("cli", "client"),
        ("client cl", "client close"),
        ("client connect ", "client connect server:80"),
        ("client shutdown w", "client shutdown write"),
        ("client setsockopt SO_L", "client setsockopt SO_LINGER"),
        ("drop ", "drop #1"),
        ("drop *:d", "drop *:data"),
        ("delay #1 ", "delay #1 100ms"),
        ("cut ", "cut link"),
        ("crash s", "crash server"),
        ("inject client>server R", "inject client>server RST"),
        ("inject client>server RST se", "inject client>server RST seq="),
        ("disarm drop ", "disarm drop *:any"),
        ("profile client rf", "profile client rfc9293"),
        ("program client 1 f", "program client 1 forget"),
        ("icmp client h", "icmp client hard"),
        ("set link.d", "set link.delay"),
        ("client listen 80 back", "client listen 80 backlog="),
    ],
)
def test_a_line_is_completed_word_by_word(loose: Session, typed: str, word: str) -> None:
    """From the vocabulary and from what is there at the playhead."""
    assert word in completing.completions(typed, do(loose, ActNow("drop *:any"), Seek(20 * MS)).world)


def test_what_nobody_knows_is_not_completed(loose: Session) -> None:
    """No guess, no exception."""
    for typed in (
        "moon ",
        "client jump ",
        "drop #1 and then",
        "program moon ",
        "wait 1s x",
    ):
        assert completing.completions(typed, loose.world) == ()


def test_every_name_has_a_usage() -> None:
    """And nothing else has."""
    for name in (*HANDS, *(f"client {call}" for call in CALLS)):
        assert completing.usage(f"{name} ")
    assert completing.usage("cli") == ""


def fault_of(line: str, session: Session) -> ActError | None:
    """Why a line cannot be read; None if it can."""
    try:
        parse_act(line, session.world.host_names)
    except ActError as fault:
        return fault
    return None


def test_a_completed_line_can_be_read_or_goes_on(loose: Session) -> None:
    """Following first completions leads to an act, never to a line that is wrong before its last word."""
    for start in completing.completions("", loose.world):
        line = start
        for _ in range(8):
            fault = fault_of(line, loose)
            following = completing.completions(f"{line} ", loose.world)
            if fault is None or not following:
                break
            assert fault.column > len(line.rpartition(" ")[0]), line
            line = following[0]


# --- forging ---


def test_the_numbers_to_try_come_from_the_block_that_will_judge(loose: Session) -> None:
    """Exactly RCV.NXT is a reset; one before is refused. Which is which is said before, what comes of it after."""
    session = do(loose, Seek(loose.end))
    ground = next(each for each in forging.grounds(session, "client") if each.sender == "client")
    exact, before, last, outside = ground.seqs
    assert (before.value, exact.value < last.value < outside.value) == (exact.value - 1, True)
    for suggestion, ends in ((exact, True), (before, False), (outside, False)):
        act = ground.act("RST", suggestion.value, 0, 0, 0)
        after = do(session, ActNow(act))
        assert after.notice is None
        socket = after.trace.steps[-1].world.host("server").connection(ground.connection)
        assert (socket is None or str(socket.state) == "CLOSED") == ends, suggestion
        assert any(isinstance(record, Arrived | Because) for _, record in after.trace.records())


def test_a_forged_segment_is_described_by_its_kind(loose: Session) -> None:
    """What it is for the receiver; in either language; an ACK number only where there is one."""
    session = do(loose, Seek(loose.end))
    ground = forging.grounds(session, "client")[0]
    said = forging.kind(ground, "RST", ground.seqs[0].value, 0, 0, Words("en"))
    assert said == f"RST from client to server; seq {ground.seqs[0].value}: exactly RCV.NXT; no data"
    said = forging.kind(ground, "ACK", ground.seqs[0].value + 7, ground.acks[2].value, 5, Words("en"))
    assert "7 after it" in said
    assert "beyond SND.NXT" in said
    assert "5 octets" in said
    assert "恰为" in forging.kind(ground, "RST", ground.seqs[0].value, 0, 0, Words("zh"))


def test_in_syn_sent_no_number_is_expected_yet(loose: Session) -> None:
    """The caller knows nothing of its peer's numbers: no -5000 is "exactly RCV.NXT", and 7 is not "7 after it"."""
    ground = next(each for each in forging.grounds(do(loose, Seek(20 * MS)), "server") if each.sender == "server")
    assert [each.value for each in ground.seqs] == [0]
    for number in (0, 7):
        said = forging.kind(ground, "SYN,ACK", number, ground.acks[0].value, 0, Words("en"))
        assert f"seq {number}: any number will do: there is no RCV.NXT yet" in said


def test_without_a_connection_there_is_nothing_to_forge_on(closing: Session) -> None:
    """At time 0 nobody has called yet."""
    assert all(ground.connection for ground in forging.grounds(closing))
