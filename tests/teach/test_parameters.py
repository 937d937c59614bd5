"""The catalogue of parameters: complete, with bounds, defaults and sources; and how a learner sets one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.teach.conftest import HANDSHAKE, answered, do
from tutor.profiles import load_profile, profile_names
from tutor.resources import assets_dir
from tutor.tcp.profile import RULES
from tutor.tcp.segment import flags_text
from tutor.teach import intents
from tutor.teach.consequences import consequence
from tutor.teach.intents import SetParameter, Undo, WhatIf
from tutor.teach.parameter_names import CONSTANTS, GROUPS, LINK, OFTEN, OPTIONS, SETTINGS
from tutor.teach.parameters import Parameter, catalogue, elsewhere, find, parameters
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start
from tutor.teach.stage import scenario_of
from tutor.teach.tuning import act_text
from tutor.words import Words
from tutor.world.acts import parse_act
from tutor.world.link import PARAMETERS
from tutor.world.records import Acted, CallReturned, Lost, Sent
from tutor.world.sockopts import SOCKET_OPTIONS
from tutor.world.stock import what_ifs
from tutor.world.sysctls import SYSCTLS, settable_fields
from tutor.world.time import SECOND
from tutor.world.unmodelled import ABSENT, FIXED, OUTSIDE
from tutor.world.world import act

EN, ZH = Words("en"), Words("zh")


def on(profile: str) -> Session:
    """Lesson 01 on a profile, its bets out of the way."""
    return replace(start(HANDSHAKE, scenario_of(HANDSHAKE, profile)), is_exploring=True)


def the(session: Session, id: str) -> Parameter:  # noqa: A002
    """A parameter that is there."""
    found = find(session, id)
    assert found is not None, id
    return found


def ids(session: Session) -> set[str]:
    """The ids of all parameters."""
    return {each.id for each in parameters(session)}


# --- everything is there ---


@pytest.mark.parametrize("profile", profile_names())
def test_everything_that_can_be_set_is_in_the_catalogue(profile: str) -> None:
    """Every setting, constant and option of both hosts, the link both ways, and what is not simulated."""
    session = do(on(profile), intents.End())
    known = ids(session)
    assert len(known) == len(parameters(session)), "an id names one thing"
    reached = settable_fields("") | {row.field for row in SYSCTLS.values()}
    for host in ("client", "server"):
        assert {f"{host}.{name.rpartition('.')[2]}" for name in SYSCTLS} <= known
        assert {f"{host}.{rule.name}" for rule in RULES if rule.name not in reached} <= known
        sockets = [each for each in session.world.host(host).all_sockets() if each.fd is not None]
        assert sockets, "both programs hold a socket at the end"
        assert {f"{host}.fd{each.fd}.{name}" for each in sockets for name in SOCKET_OPTIONS} <= known
        assert {f"{host}.profile", f"{host}.nofile", f"{host}.scripted"} <= known
    assert {f"link.{name}" for name in PARAMETERS} <= known
    assert {"link.client.loss", "link.server.loss"} <= known
    assert {*ABSENT, *OUTSIDE, *FIXED} <= known


def test_every_row_has_a_title_a_group_and_both_languages() -> None:
    """Nothing is shown by its field's name alone, and nothing is left in English."""
    assert {name.rpartition(".")[2] for name in SYSCTLS} == set(SETTINGS)
    assert set(SOCKET_OPTIONS) == set(OPTIONS)
    assert set(PARAMETERS) == set(LINK)
    reached = settable_fields("") | {row.field for row in SYSCTLS.values()}
    numbers = {rule.name for rule in RULES if rule.metadata.get("unit") in ("us", "count", "octets")}
    assert numbers - reached == set(CONSTANTS)
    session = on("linux-6.18")
    keys = {each.key for each in parameters(session)}
    assert set(OFTEN) <= keys
    for each in parameters(session):
        assert each.group in GROUPS
        if each.group != "elsewhere":
            assert ZH.t(each.title) != each.title, each.title
        for text in (each.doc, each.why):
            assert not text or ZH.t(text) != text, text


@pytest.mark.sampled(10)
@pytest.mark.parametrize("profile", ["linux-6.18", "linux-2.6", "rfc9293"])
def test_a_value_can_be_set_as_it_is_shown(profile: str) -> None:
    """The act that sets each parameter to the value it has is understood, and leaves the value."""
    session = do(on(profile), intents.End())
    for each in parameters(session):
        if each.control.kind == "none" or each.value in ("", "–") or each.owner == "server":
            continue
        if each.kind == "program":
            continue
        done = act(session.world, parse_act(act_text(each, each.value)))
        assert not [record.refused for record in done.records if isinstance(record, Acted) and record.why_not], each.id
        if each.name not in TOLD_DIFFERENTLY:
            again = {other.id: other.value for other in catalogue(done.world, session.scenario)}
            assert again[each.id] == each.value


TOLD_DIFFERENTLY = {"TCP_MAXSEG", "SO_RCVBUF", "SO_SNDBUF"}
"""Options of which getsockopt tells another number than was set (tcp(7), socket(7))."""


def test_defaults_sources_and_other_kernels_stand_beside_the_value() -> None:
    """The initial RTO: 1 s measured on 6.18, 3 s on 2.6; tcp_rto_max_ms is not there before 6.15."""
    session = on("linux-6.18")
    rto = the(session, "client.initial_rto_us")
    assert (rto.value, rto.is_locked, rto.version) == ("1s", True, "6.18.44")
    assert rto.source == load_profile("linux-6.18").source("initial_rto_us")
    assert dict(rto.others)["linux-2.6"] == "3s"
    assert dict(the(session, "client.tcp_rto_max_ms").others)["linux-4.19"] == "–"
    old = the(on("linux-4.19"), "client.tcp_rto_max_ms")
    assert old.is_locked
    assert EN.t(old.why, **dict(old.why_values)) == "it came with Linux 6.15, and this host is Linux 4.19"


def test_bounds_are_those_of_the_kernel_that_has_them() -> None:
    """Asked of 6.18; not held against 4.19."""
    assert the(on("linux-6.18"), "client.tcp_syn_retries").control.most == 127
    assert the(on("linux-4.19"), "client.tcp_syn_retries").control.most is None


# --- setting one ---


def test_a_parameter_set_at_the_playhead_forks_there() -> None:
    """The old future stays; the value is what was set, the default what it was."""
    session = do(on("linux-6.18"), intents.Seek(30_000))
    after = do(session, SetParameter("server.tcp_synack_retries", "1"))
    row = the(after, "server.tcp_synack_retries")
    assert (row.value, row.default, row.is_changed) == ("1", "5", True)
    assert after.timeline.branch(after.branch).at == after.playhead == 30_000
    assert after.timeline.has(session.branch)
    assert do(after, Undo()).branch == session.branch


def test_setting_the_same_twice_makes_two_futures_side_by_side() -> None:
    """A slider that is let go twice does not stack one fork on another."""
    session = do(on("linux-6.18"), intents.Seek(30_000))
    once = do(session, SetParameter("link.delay", "60ms"))
    twice = do(once, SetParameter("link.delay", "70ms"))
    assert the(twice, "link.delay").value == "70ms"
    parents = [twice.timeline.branch(each.branch).parent for each in (once, twice)]
    assert parents == [session.branch, session.branch]


def test_a_change_from_the_start_keeps_what_was_done_later() -> None:
    """The learner lost the SYN; with another kernel from the start it is lost again."""
    session = do(on("linux-6.18"), intents.Seek(0), intents.Drop(1), intents.End())
    assert _syns(session) == [0, SECOND]
    after = do(session, SetParameter("client.profile", "linux-2.6"))
    assert after.off_road is not None
    assert after.off_road.acts == ("profile client linux-2.6", "drop #1"), "the future that was left is no part of it"
    assert after.world.host("client").profile.rule_set == "linux-2.6"
    assert _syns(after) == [0, 3 * SECOND]
    after = do(after, SetParameter("link.delay", "100ms", from_start=True))
    assert _syns(after) == [0, 3 * SECOND]
    assert after.world.links[0].forward.delay == 100_000
    assert after.world.host("client").profile.rule_set == "linux-2.6"


LIFE = load_lesson(assets_dir() / "laboratory" / "lab-1-life")


def _dropped(session: Session) -> list[tuple[str, str, int]]:
    """Sender, flags and relative number of what was dropped."""
    lost = (record.flight for _, record in session.trace.records(0) if isinstance(record, Lost))
    return [(each.sender, flags_text(each.segment.flags), each.rel_seq) for each in lost if each.fate == "dropped"]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("number", range(1, 11))
@pytest.mark.parametrize(
    ("id", "value"), [("link.delay", "20ms"), ("link.client.delay", "60ms"), ("server.profile", "rfc9293")]
)
def test_a_segment_that_was_dropped_is_dropped_again_whatever_its_number(number: int, id: str, value: str) -> None:  # noqa: A002
    """From the start the same segments leave at other times and in another order: the deed follows its segment."""
    session = do(start(LIFE, scenario_of(LIFE)), intents.Drop(number))
    meant = _dropped(session)
    assert len(meant) == 1
    after = do(session, SetParameter(id, value, from_start=True))
    if after.notice is None:
        assert _dropped(after) == meant
    else:
        assert after.notice.id == "not-done-again"
        assert f"drop #{number}" in after.notice.text(EN)
        assert not any(name == meant[0][0] and flags == meant[0][1] for name, flags, _ in _dropped(after))


def test_what_cannot_be_done_again_is_named() -> None:
    """Without a connection there is no segment with data to lose: the learner is told, in both languages."""
    session = start(LIFE, scenario_of(LIFE))
    data = next(
        record.flight.id
        for _, record in session.trace.records(0)
        if isinstance(record, Sent) and record.flight.segment.length > 0
    )
    after = do(do(session, intents.Drop(data)), SetParameter("link.client.loss", "100%", from_start=True))
    assert after.notice is not None
    assert [f"drop #{data}" in after.notice.text(words) for words in (EN, ZH)] == [True, True]


def test_a_second_change_from_the_start_takes_the_place_of_the_first_and_no_others() -> None:
    """A, B, then A again: A has its last value, B its own, and neither stands there twice."""
    session = on("linux-6.18")
    for id_, value in (("link.delay", "60ms"), ("client.tcp_syn_retries", "2"), ("link.delay", "70ms")):
        session = do(session, SetParameter(id_, value, from_start=True))
    assert the(session, "link.delay").value == "70ms"
    assert the(session, "client.tcp_syn_retries").value == "2"
    deeds = [step.cause.act for step in session.trace.steps if hasattr(step.cause, "act")]
    assert sorted(deeds) == ["set client.tcp_syn_retries 2", "set link.delay 70ms"]


def _syns(session: Session) -> list[int]:
    """When the client sends a SYN."""
    return [
        record.at
        for _, record in session.trace.records()
        if isinstance(record, Sent) and record.host == "client" and record.flight.segment.flags == 2
    ]


@pytest.mark.parametrize(
    ("id", "value", "said"),
    [
        ("client.tcp_syn_retries", "200", "tcp_syn_retries takes 1 to 127, not 200."),
        ("client.tcp_syn_retries", "many", "tcp_syn_retries takes a number, not many."),
        ("client.tcp_syn_retries", "2.5", "tcp_syn_retries takes a whole number, not 2.5."),
        ("client.tcp_sack", "7", "tcp_sack takes one of 0, 1, not 7."),
        ("client.tcp_congestion_control", "vegas", "tcp_congestion_control takes one of off, reno, cubic, not vegas."),
        ("link.client.loss", "120%", "link.loss> takes 0% to 100%, not 120%."),
        ("client.moon", "1", "There is no such parameter here: client.moon."),
        ("net.ipv4.tcp_mem", "1", "cannot be set here: memory of the machine, which has no end here."),
        ("client.profile", "linux-1.0", "profile takes one of"),
        ("client.tcp_rmem", "12", "allowed: three sizes"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_can(id: str, value: str, said: str) -> None:  # noqa: A002
    """In words, with the bounds; the run stays as it is."""
    session = on("linux-6.18")
    after = do(session, SetParameter(id, value))
    assert after.notice is not None
    assert said in after.notice.text(EN)
    assert after.branch == session.branch


@pytest.mark.ci
def test_whatever_is_typed_into_any_parameter_is_set_or_refused_in_words() -> None:
    """Nothing that a hand can type is an exception, in any of them; every refusal is a sentence."""
    session = do(on("linux-6.18"), intents.End())
    for each in parameters(session):
        for typed in ("", "  ", "-1", "1e400", "nan", "ms", "a b", "x=1", "#", "1" * 30):
            if each.owner != "server" or each.kind == "program":
                after = do(session, WhatIf(each.id, typed))
                assert after.notice is None or after.notice.text(ZH)
                parameter = find(session, each.id)
                assert parameter is each or parameter == each
                found = consequence(session, each, typed)
                assert found is None or found.text(EN)


def test_a_list_of_ports_is_emptied_again() -> None:
    """The act needs a word, and a comma is the empty list."""
    session = do(on("linux-6.18"), SetParameter("client.ip_local_reserved_ports", "40000, 40002-40005"))
    assert the(session, "client.ip_local_reserved_ports").value == "40000,40002-40005"
    session = do(session, SetParameter("client.ip_local_reserved_ports", ""))
    assert not the(session, "client.ip_local_reserved_ports").is_changed


def test_a_constant_refuses_and_what_if_says_there_is_no_such_kernel() -> None:
    """TIME-WAIT of Linux is 60 s whoever asks; with what if it is 5 s, and the host is no stock kernel."""
    session = on("linux-6.18")
    refused = do(session, SetParameter("client.time_wait_us", "5s"))
    assert refused.notice is not None
    assert "is a constant of this TCP" in refused.notice.text(EN)
    assert refused.branch == session.branch
    after = do(session, WhatIf("client.time_wait_us", "5s"))
    host = after.world.host("client")
    assert host.profile.time_wait_us == 5 * SECOND
    assert what_ifs(host, after.scenario.profiles) == ("time_wait_us",)
    assert the(after, "client.time_wait_us").is_changed
    back = do(after, WhatIf("client.time_wait_us", "60s"))
    assert what_ifs(back.world.host("client"), back.scenario.profiles) == ()


def test_what_a_version_lacks_can_be_tried_with_what_if() -> None:
    """A 4.19 whose least RTO can be set: the field behind the setting that came later."""
    session = on("linux-4.19")
    after = do(session, WhatIf("client.tcp_rto_min_us", "50000"))
    assert after.world.host("client").profile.rto_min_us == 50_000
    assert what_ifs(after.world.host("client"), after.scenario.profiles) == ("rto_min_us",)


def test_another_profile_counts_from_the_start() -> None:
    """Chosen in the middle of a run, the whole run is computed with it; the old one stays."""
    session = do(on("linux-6.18"), intents.End())
    after = do(session, SetParameter("server.profile", "rfc9293"))
    assert after.trace.steps[1].world.host("server").profile.name == "rfc9293"
    assert after.timeline.has(session.branch)
    assert the(after, "server.profile").is_changed


def test_an_option_is_set_on_the_socket_it_stands_at() -> None:
    """SO_KEEPALIVE on the client's connection; before there is a socket it says so."""
    session = do(on("linux-6.18"), intents.End())
    after = do(session, SetParameter("client.fd3.SO_KEEPALIVE", "1"))
    assert the(after, "client.fd3.SO_KEEPALIVE").value == "1"
    early = do(session, intents.ActNow("crash client"))
    assert the(early, "client.SO_KEEPALIVE").control.kind == "none"
    refused = do(early, SetParameter("client.SO_KEEPALIVE", "1"))
    assert refused.notice is not None
    assert "holds a socket" in refused.notice.text(EN)


def test_the_numbers_of_a_program_are_parameters() -> None:
    """accept() after 3 s from the start; a backlog from the start, and of the listener that is there."""
    session = do(on("linux-6.18"), intents.End())
    late = do(session, SetParameter("server.program.0.1.after", "3s", from_start=True))
    assert late.trace.end == 3 * SECOND
    assert str(late.world.host("server").programs[0].program) == "listen 80 backlog=5\nafter 3s accept"
    bare = do(session, SetParameter("server.program.0.1.after", "3", from_start=True))
    assert bare.world.host("server").programs == late.world.host("server").programs, "the unit may be left out"
    both = do(late, SetParameter("server.program.0.0.backlog", "2", from_start=True))
    assert str(both.world.host("server").programs[0].program) == "listen 80 backlog=2\nafter 3s accept"
    assert the(both, "server.program.0.0.backlog").is_changed
    now = do(session, SetParameter("server.program.0.0.backlog", "1"))
    assert now.timeline.branch(now.branch).acts == (parse_act("server listen 80 backlog=1 fd=3"),)
    assert the(now, "server.program.0.0.backlog").value == "1"
    refused = do(session, SetParameter("server.program.0.1.after", "soon"))
    assert refused.notice is not None
    assert "takes a number" in refused.notice.text(EN)


def test_a_bet_is_asked_anew_after_a_change_from_the_start(handshake: Session) -> None:
    """The playhead goes no further than the bet of the new future."""
    session = answered(do(handshake, intents.End()))
    session = do(session, intents.Play(), intents.Tick(5_000_000))
    after = do(session, SetParameter("link.delay", "80ms", from_start=True))
    assert after.horizon is not None
    assert after.playhead <= after.horizon


def test_an_unchanged_catalogue_is_made_of_the_same_values() -> None:
    """What a panel was shown need not be shown again."""
    session = on("linux-6.18")
    assert all(a is b for a, b in zip(elsewhere(), elsewhere(), strict=True))
    first, second = parameters(session), parameters(do(session, intents.SetTheme("dark")))
    assert first == second


def test_the_run_that_was_set_is_the_run_that_is_played() -> None:
    """tcp_syn_retries=2 and a dead link from the start: SYN at 0, 1 and 2 s, as the same switches give."""
    session = do(
        on("linux-6.18"),
        SetParameter("client.tcp_syn_retries", "2", from_start=True),
        SetParameter("link.client.loss", "100%", from_start=True),
    )
    acts = [(0, parse_act("set client.tcp_syn_retries 2")), (0, parse_act("set link.client.loss 1"))]
    played = start(HANDSHAKE, scenario_of(HANDSHAKE, "linux-6.18", acts))
    assert _syns(session) == _syns(played)
    ends = [
        [(r.at, r.error) for _, r in each.trace.records() if isinstance(r, CallReturned)] for each in (session, played)
    ]
    assert ends[0] == ends[1] != []
