"""``tcp-tutor profiles``: every number with its source, side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor import profiles, resources
from tutor.cli import main
from tutor.commands.faults import DONE, WRONG_USAGE
from tutor.profiles import ProfileError, load_profile, profile_names
from tutor.tcp.profile import RULES, SECTIONS, STATUSES


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


def test_an_unknown_profile_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback."""
    assert main(["profiles", "--diff", "rfc9293", "linux-9"]) == WRONG_USAGE
    assert "no profile 'linux-9'; allowed: linux-2.6, linux-4.19" in capsys.readouterr().err


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
