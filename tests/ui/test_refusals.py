"""What cannot be read or done is refused in the reader's language: every form is given nonsense in Chinese."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.ui.pseudo import NAMES, left_over
from tests.ui.stage import CLOSE, answered, press, session
from tutor.teach import intents
from tutor.teach.parameters import parameters
from tutor.teach.session import Session, start, update
from tutor.teach.sight import Sight
from tutor.ui.act_bar import ActBar
from tutor.ui.forms import CallForm, ForgeForm
from tutor.ui.lensing import filter_rows
from tutor.view.filtering import FIELDS
from tutor.words import Words
from tutor.world.acts import CALLS, EVENTS, HANDS
from tutor.world.lines import CONDITIONS
from tutor.world.link import PARAMETERS
from tutor.world.sysctls import nearest_settings

ZH = Words("zh")

ACTS = (
    "client frobnicate", "moon close", "drop", "drop nobody:any", "drop #999", "drop #x", "drop client:WHAT",
    "drop client:SYN:0", "delay client:any soon", "duplicate client:any never", "corrupt link", "swap #999",
    "disarm drop client:any", "cut moon", "cut", "mend link", "crash moon", "reboot client",
    "set client.tcp_syn_retries many", "set client.tcp_syn_retries 999", "set client.nonsense 1", "set client",
    "set client.tcp_syn_retriess 1", "set moon.tcp_syn_retries 1", "set link.delay fast", "set link.loss 2",
    "set link.mtu 10", "set link.icmp maybe", "set link.bandwidth much", "set link.nat here", "set link.nothing 1",
    "set client.tcp_rmem a-b-c", "set client.tcp_rmem 3-2-1", "set client.ip_local_port_range x",
    "set client.ip_local_reserved_ports 99999", "set client.tcp_tw_reuse 7", "set client.tcp_sack maybe",
    "set client.tcp_congestion_control vegas", "set client.net.core.rmem_max x", "set client.profile.msl_us long",
    "set client.net.inet.tcp.msl 5", "what-if client.msl_us soon", "what-if client.nonsense 1", "what-if client.sack x",
    "profile client windows", "inject client>server WHAT", "inject client>server SYN seq=x",
    "inject client>server SYN win=99999999", "inject client SYN", "client write lots", "client connect moon:80",
    "client connect server", "client connect server:99999", "client setsockopt SO_NONSENSE 1",
    "client setsockopt SO_LINGER maybe", "client setsockopt TCP_CONGESTION vegas", "client setsockopt TCP_MAXSEG big",
    "client setsockopt TCP_KEEPIDLE soon", "client shutdown sideways", "client poll NONE", "icmp client nonsense",
    "program client 99 replace close", "program client 1 wreck close", "program client/9 1 forget",
    "program client 1 replace when pigs fly", "program client 1 insert after soon close", "program client",
    "client close fd=77", "client close on=nobody", "blah", "client",
)  # fmt: skip
"""Acts that cannot be read, or not be done at 0.3 s of the close."""

FILTERS = (
    "host=", "moon > 1", "len > many", "tcp.flags.syn==", "(len > 0", "len > 0 extra", "host < client", "and",
    "time > soon", "host == moon",
)  # fmt: skip
LINES = ("when pigs fly", "after soon close", "frobnicate", "write lots", "", "connect server")

VOCABULARY = frozenset({
    *HANDS, *CALLS, *CONDITIONS, *PARAMETERS, *FIELDS, *EVENTS, "client", "server", "link", "off", "reno", "cubic",
    "unlimited", "TARGET", "LINK", "HOST", "write", "read", "both", "replace", "insert", "forget", "and", "or", "not",
    "hard", "soft", "too-big", "yes", "FreeBSD", "nofile", "IPsec", "sec", "Fast", "Open",
})  # fmt: skip
"""What one types, and names."""


def _left(said: str, typed: str) -> list[str]:
    """English words in a sentence, apart from what was typed, names of profiles and settings, and the vocabulary."""
    rest = re.sub(r"'[^']*'|\blinux-[\d.]+|\brfc\d+(?:-\w+)*|\b(?:u|m)?s\b|\bmin\b|\d+mbit|\d+kbit", " ", said)
    known = VOCABULARY | set(re.findall(r"[\w-]+", typed)) | set(nearest_settings("")) | NAMES
    return left_over(rest, frozenset(known | {each for word in known for each in re.findall(r"[A-Za-z]+", word)}))


def _lab() -> Session:
    """The close without its bets, at 0.3 s, in Chinese."""
    road = session(CLOSE)
    at = update(start(replace(road.lesson, beats=()), road.scenario), intents.Seek(300_000))
    return replace(at, lang="zh")


@pytest.mark.sampled(4)
@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_refused_in_chinese(act: str) -> None:
    """Whatever the world says of it is said in the reader's language; words that one types stay as they are."""
    after = update(_lab(), intents.ActNow(act))
    if after.notice is not None:
        said = after.notice.text(ZH)
        assert re.search(r"[\u4e00-\u9fff]", said)
        assert _left(said, act) == [], said


@pytest.mark.ci
def test_most_of_these_acts_are_refused() -> None:
    """Else nothing would be tested."""
    refused = [act for act in ACTS if update(_lab(), intents.ActNow(act)).notice is not None]
    assert len(refused) > 0.9 * len(ACTS)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("value", ["nonsense", "-1", "99999999999999", "1.5", "a-b-c"])
def test_a_parameter_that_is_typed_wrongly_is_refused_in_chinese(value: str) -> None:
    """Every parameter there is, of both hosts and the link."""
    lab, refused, left = _lab(), 0, set()
    for parameter in parameters(lab):
        after = update(lab, intents.SetParameter(parameter.id, value))
        if after.notice is not None:
            refused += 1
            said = after.notice.text(ZH)
            left |= {
                f"{parameter.id}: {said} has {words}" for words in [_left(said, f"{parameter.id} {value}")] if words
            }
    assert refused > 20
    assert not left, "\n".join(sorted(left))


@pytest.mark.parametrize("text", FILTERS)
def test_a_filter_is_refused_in_chinese(text: str) -> None:
    """With what is allowed in its place."""
    said = filter_rows(replace(_lab(), sight=Sight(filter=text)), ZH).error
    assert said
    assert _left(said, text) == []


def test_the_forms_of_the_window_refuse_in_chinese(show) -> None:
    """The bar for any act, the form for calls, the forged segment, the filter's box and a program's line."""
    conductor = answered(show(session(CLOSE, lang="zh"), 1920, 1080))
    conductor.send(intents.Seek(280_000))
    said: dict[str, tuple[str, str]] = {}
    for key, kind in (("J", CallForm), ("F", ForgeForm)):
        press(conductor, key)
        (form,) = [each for each in conductor.window.findChildren(kind) if each.isVisible()]
        if isinstance(form, CallForm):
            form.call.setCurrentText("shutdown")
            form.arguments.setText("sideways")
        else:
            form.octets.setText("many")
        form.run()
        said[key] = form.error.text(), form.act()
        assert form.isVisible()
        form.reject()
    conductor.command("do")
    (bar,) = [each for each in conductor.window.findChildren(ActBar) if each.isVisible()]
    bar.field.setText("set client.tcp_rmem large")
    bar.run()
    said["bar"] = bar.error.text(), bar.field.text()
    bar.close()
    conductor.send(intents.See("filter", "len > many"))
    said["filter"] = conductor.window.filter.error.text(), "len > many"
    conductor.window.show_panel("program")
    panel = conductor.window.strip.panels["program"]
    panel.canvas.clicked.emit("line:client:1:4")
    for line in LINES:
        panel.field.setEditText(line)
        panel._replace()
        said[f"line {line!r}"] = panel.trouble.text(), line
    for where, (text, typed) in said.items():
        assert text, where
        assert _left(text, typed) == [], f"{where}: {text}"


def test_english_in_a_refusal_is_found() -> None:
    """The finder itself: a plain English sentence is, what was typed and code is not."""
    assert _left("这里做不到：mtu is 'x'; allowed: a quantity", "set link.mtu x") == ["allowed", "quantity"]
    assert _left("这里做不到：net.ipv4.tcp_rmem 写的是 'x'；允许的有：off, reno", "set client.tcp_rmem x") == []
