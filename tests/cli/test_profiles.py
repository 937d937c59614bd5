"""``tcp-tutor profiles``: every number with its source, side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor import profiles, resources
from tutor.cli import main
from tutor.commands.faults import DONE, WRONG_USAGE
from tutor.profiles import ProfileError, load_profile, profile_names
from tutor.tcp.profile import RULES, SECTIONS, STATUSES
from tutor.view.cells import width


def test_all_profiles_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    """Every field with its meaning, every profile with what it holds for."""
    assert main(["profiles"]) == DONE
    out = capsys.readouterr().out
    assert all(f"\n{rule.name}: " in out for rule in RULES)
    assert all(f"{name}: {load_profile(name).title}" in out for name in profile_names())
    assert "Linux 6.18.44" in out


def test_a_difference_shows_both_values_and_both_sources(capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing on which the two agree."""
    assert main(["profiles", "--diff", "rfc9293", "linux-6.18"]) == DONE
    out = capsys.readouterr().out
    lines = out.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("time_wait_us:"))
    assert lines[place + 1].split()[:3] == ["rfc9293", "4", "min"]
    assert "RFC 9293 3.6.1, MUST-13" in lines[place + 1]
    assert "1 min" in lines[place + 2]
    assert "TCP_TIMEWAIT_LEN" in lines[place + 2]
    assert "\ndefault_mss:" not in out


def test_a_profile_compared_with_itself_has_no_difference(capsys: pytest.CaptureFixture[str]) -> None:
    """The count at the end can be zero."""
    assert main(["profiles", "--diff", "rfc9293", "rfc9293"]) == DONE
    assert capsys.readouterr().out.splitlines()[-1] == "0 differences"


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("linux-6.8", "linux-6.18"), ("linux26", "linux-2.6"), ("4.19", "linux-4.19"), ("rfc793", "rfc9293")],
)
def test_an_unknown_profile_names_those_there_are_and_the_nearest(
    wrong: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback, wherever a profile is asked for."""
    for command in (
        ["profiles", wrong],
        ["profiles", "--diff", "rfc9293", wrong],
        ["conform", "--profile", wrong, "x"],
    ):
        assert main(command) == WRONG_USAGE
        told = capsys.readouterr().err
        assert f"no profile '{wrong}'; allowed: linux-2.6, linux-4.19" in told
        assert f"did you mean {meant}?" in told


@pytest.mark.sampled(4)
@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_table_fits_the_terminal_and_loses_nothing(
    lang: str, columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is too long, no citation is cut inside a word, every source is there in full."""
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["profiles", "--lang", lang]) == DONE
    out = capsys.readouterr().out
    assert max(width(line) for line in out.splitlines()) <= columns
    told = "".join(out.split())
    pieces = set(out.split())
    for name in ("linux-2.6", "linux-6.18"):
        for source in load_profile(name).sources.values():
            assert set(source.text.split()) <= pieces
    assert "".join(load_profile("linux-6.18").source("tick_us").text.split()) in told


def test_each_field_says_what_it_means_in_which_unit_and_who_sets_it(capsys: pytest.CaptureFixture[str]) -> None:
    """A learner need not know the source to read the table."""
    assert main(["profiles", "linux-6.18"]) == DONE
    out = " ".join(capsys.readouterr().out.split())
    assert "time_wait_us: length of TIME-WAIT [a span of time]" in out
    assert "syn_linear_timeouts: SYN timeouts that do not double the RTO [a number; net.ipv4.tcp_syn_linear_" in out
    assert "congestion_control: what sizes the congestion window [off, reno, cubic; net.ipv4.tcp_congestion_" in out


def test_the_meanings_are_said_in_chinese_and_the_sources_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Sections, sentences, statuses and what a profile holds for."""
    assert main(["profiles", "linux-6.18", "--lang", "zh"]) == DONE
    out = capsys.readouterr().out
    meanings = [line for line in out.splitlines() if line.partition(":")[0] in {rule.name for rule in RULES}]
    assert len(meanings) == len(RULES)
    assert all(any("\u4e00" <= char <= "\u9fff" for char in line) for line in meanings)
    assert "实测" in out
    assert "=== 拥塞控制 ===" in out
    assert "TCP_TIMEWAIT_LEN" in out


def test_a_setting_of_an_old_kernel_is_taken_where_that_kernel_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """tcp_tw_recycle: there on 2.6, gone on 6.18; a field without a Linux name by its own."""
    run = ["play", "01-three-way-handshake", "--until", "0.1", "--set"]
    assert main([*run, "client.tcp_tw_recycle=1", "--profile", "linux-2.6"]) == DONE
    assert main([*run, "client.timer_lateness=wheel"]) == DONE
    capsys.readouterr()
    assert main([*run, "client.tcp_tw_recycle=1"]) == WRONG_USAGE
    assert "gone since Linux 4.12" in capsys.readouterr().err
    assert main([*run, "client.tcp_syn_linear_timeouts=1", "--profile", "linux-4.19"]) == WRONG_USAGE
    assert "came with Linux 6.5" in capsys.readouterr().err


@pytest.mark.parametrize("name", profile_names())
def test_every_value_of_every_profile_has_a_source_and_a_status(name: str) -> None:
    """Nothing is typed in without saying where it comes from."""
    profile = load_profile(name)
    for rule in RULES:
        source = profile.source(rule.name)
        assert source.text.strip(), rule.name
        assert source.status in STATUSES, rule.name


def test_what_one_kernel_shows_says_nothing_of_another() -> None:
    """Measured on 6.18.44 is not measured on 2.6.32: what nobody looked up is unknown there."""
    new, old = load_profile("linux-6.18"), load_profile("linux-2.6")
    assert all(source.status != "measured" for source in old.sources.values())
    assert any(source.status == "measured" for source in new.sources.values())


def test_the_sections_begin_at_fields_that_exist() -> None:
    """In the order of the fields."""
    names = [rule.name for rule in RULES]
    assert sorted(SECTIONS, key=names.index) == list(SECTIONS)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('mss = { value = 1460, source = "x" }', "needs exactly value, source and status"),
        ('mss = { value = 1460, source = "x", status = "guessed" }', "status 'guessed'; allowed: documented"),
        ('mss = { value = "big", source = "x", status = "measured" }', "allowed: a whole number"),
        ('msss = { value = 1460, source = "x", status = "measured" }', "unknown fields msss"),
        ('repeated_syn = { value = "shout", source = "x", status = "measured" }', "allowed: ack, syn-ack"),
    ],
)
def test_a_profile_at_fault_says_which_field_and_what_is_allowed(
    entry: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody adds a profile of their own and makes a mistake."""
    folder = tmp_path / "profiles"
    folder.mkdir()
    for path in (resources.assets_dir() / "profiles").glob("*.toml"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    head = 'title = "Mine"\nrule_set = "rfc9293"\nholds_for = "me"\nbase = "rfc9293"\n[fields]\n'
    (folder / "mine.toml").write_text(head + entry + "\n", encoding="utf-8")
    monkeypatch.setattr(resources, "assets_dir", lambda: tmp_path)
    with pytest.raises(ProfileError, match=complaint):
        profiles.load_profile.__wrapped__("mine")
