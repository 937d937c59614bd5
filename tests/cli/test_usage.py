"""Wrong usage: exit code 2, one line that says what was found, what is allowed and what was perhaps meant."""

from __future__ import annotations

import pytest

from tutor.cli import main
from tutor.commands.faults import WRONG_USAGE


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["plya"],
            "unknown: plya; allowed: window, play, check, lessons, conform, profiles, quiz, render, present",
        ),
        (["play"], "LESSON|FILE is missing"),
        (["play", "01", "--drp", "client:SYN"], "unknown: --drp; did you mean --drop?"),
        (["play", "01", "--drop"], "--drop needs a value"),
        (["play", "01", "--json=yes"], "--json takes no value, found 'yes'"),
        (
            ["render", "01", "--out", "x.svg", "--what", "digram"],
            "allowed: diagram, ladder, header, plots, compare, window; did you mean diagram?",
        ),
        (["--lang", "fr"], "--lang: unknown: fr; allowed: en, zh"),
        (["play", "01", "--profile", "linux-6.19"], "did you mean linux-6.18?"),
        (["play", "01", "--profile", "clinet=rfc9293"], "did you mean client?"),
        (
            ["play", "01", "--drop", "clinet:SYN"],
            "--drop: unknown: clinet; allowed: client, server; did you mean client?",
        ),
        (["play", "01", "--drop", "client:SYN,AKC"], "--drop: unknown: AKC;"),
        (["play", "01", "--drop", "client:SIN"], "did you mean SYN?"),
        (["play", "01", "--drop", "client"], "the form is HOST:FLAGS[:N]"),
        (["play", "01", "--drop", "client:SYN:0"], "the form is HOST:FLAGS[:N]"),
        (["play", "01", "--delay", "client:SYN:1"], "the form is HOST:FLAGS:N:SECONDS"),
        (["play", "01", "--delay", "client:SYN:1:soon"], "'soon'"),
        (["play", "01", "--set", "tcp_syn_retries=2"], "the form is HOST.SYSCTL=V, link.delay=50ms"),
        (["play", "01", "--set", "client.tcp_syn_retires=2"], "did you mean"),
        (["play", "01", "--set", "link.dealy=1ms"], "delay"),
        (["play", "01", "--act", "close"], "the form is 'SECONDS ACT'"),
        (["play", "01", "--act", "1 client clsoe"], "did you mean close?"),
        (["play", "01", "--until", "tomorrow"], "0.5, 50ms, 1s, 2min"),
    ],
)
def test_a_mistake_on_the_command_line(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing on standard output, no traceback, and the hint that mends it."""
    assert main(arguments) == WRONG_USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert "Traceback" not in err


def test_mistakes_are_told_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """--lang counts for mistakes in the command line too, wherever it stands."""
    assert main(["plya", "--lang", "zh"]) == WRONG_USAGE
    assert "是否想写 play？" in capsys.readouterr().err


def test_without_lang_the_locale_decides(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A Chinese desktop gets Chinese."""
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert main(["play"]) == WRONG_USAGE
    assert "缺少 LESSON|FILE" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["", "play", "check", "lessons", "render", "doctor"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_command_explains_itself(command: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--help in both languages; in Chinese no English sentence is left over."""
    with pytest.raises(SystemExit) as left:
        main([*command.split(), "--help", "--lang", lang])
    assert left.value.code == 0
    out = capsys.readouterr().out
    assert "tcp-tutor" in out
    assert ("usage: " in out) is (lang == "en")
    assert ("print this and stop" in out) is (lang == "en")


def test_the_version_names_the_engine_too(capsys: pytest.CaptureFixture[str]) -> None:
    """A saved run depends on the engine's version, so a person must be able to ask for it."""
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("tcp-tutor 0.")
