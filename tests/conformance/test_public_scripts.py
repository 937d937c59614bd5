"""A folder of other people's scripts against what is committed: counts that may not fall, lists that are the truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.test_scripts import SCRIPTS
from tests.tools import public_scripts as public
from tutor.commands.verdicts import DECIDES
from tutor.exchange.packetdrill.judge import Verdict

LEFT = public.LISTS / "left.toml"
DISAGREEMENTS = public.LISTS / "disagreements.toml"

HOME = public.folder()
needs_folder = pytest.mark.skipif(HOME is None, reason=f"NOT JUDGED: {public.absent()}")

WRONG = "+0 bind(3, ..., ...) = 7\n"
"""A line that no host agrees with."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder of three of our own scripts, one of them with a line that is wrong."""
    rows = ["file,tier,kernel_6_18,run_as"]
    for number, path in enumerate(SCRIPTS[:3]):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text + WRONG if number == 2 else text, encoding="utf-8")
        rows.append(f"{path.name},{'AAB'[number]},pass,as is")
    (tmp_path / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """What is committed of that folder: nothing yet."""
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "left.toml").write_text("# What is left.\n[passes]\n[left]\n", encoding="utf-8")
    (folder / "disagreements.toml").write_text("# Whose mistake it is.\n", encoding="utf-8")
    return folder


def test_a_tier_that_passes_fewer_than_is_committed_fails(
    home: Path, lists: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As many are enough; one less is not, and the lists stay as they are."""
    left = lists / "left.toml"
    listed = f'[left]\n"{SCRIPTS[2].name}" = {{ verdict = "fail", cause = "a wrong line" }}\n'
    left.write_text(f"[passes]\nA = 2\nB = 0\n{listed}", encoding="utf-8")
    assert public.run(home, lists, is_written=False) == 0
    assert "tier A: 2 of 2 pass (committed: 2)" in capsys.readouterr().out
    left.write_text(f"[passes]\nA = 3\nB = 0\n{listed}", encoding="utf-8")
    before = left.read_text(encoding="utf-8")
    assert public.run(home, lists, is_written=True) == 1
    assert "FEWER THAN COMMITTED: tier A: 2 pass, 3 are committed" in capsys.readouterr().out
    assert left.read_text(encoding="utf-8") == before
    left.write_text(f"[passes]\nC = 1\n{listed}", encoding="utf-8")
    assert public.run(home, lists, is_written=False) == 1, "a tier that is gone altogether"


def test_a_list_that_is_not_the_truth_fails(home: Path, lists: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A script that fails and is not listed, and one that is listed and passes."""
    left, (fine, _, failing) = lists / "left.toml", (path.name for path in SCRIPTS[:3])
    head, entry = "[passes]\nA = 2\nB = 0\n[left]\n", '"{}" = {{ verdict = "fail", cause = "a wrong line" }}\n'
    left.write_text(head, encoding="utf-8")
    assert public.run(home, lists, is_written=False) == 1
    assert f"left.toml: {failing}: fail, listed as pass" in capsys.readouterr().out
    left.write_text(head + entry.format(failing) + entry.format(fine), encoding="utf-8")
    assert public.run(home, lists, is_written=False) == 1
    assert f"left.toml: {fine}: pass, listed as fail" in capsys.readouterr().out
    left.write_text(head + entry.format(failing) + entry.format("gone.pkt"), encoding="utf-8")
    assert public.run(home, lists, is_written=False) == 1
    assert "left.toml: gone.pkt: not in the folder, listed as fail" in capsys.readouterr().out


def test_each_reason_is_written_once(home: Path, lists: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its scripts under it; what passes is dropped, what is new asks for its reason."""
    manifest, other = home / "manifest.csv", lists / "disagreements.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("B,pass,as is", "B,fail,neutral form"), "utf-8")
    assert public.run(home, lists, is_written=True) == 0
    assert f"needs its cause: {SCRIPTS[2].name}" in capsys.readouterr().out
    entry = '[[reason]]\nverdict = "fail"\ndecides = "ours"\ntext = "{}"\nscripts = ["gone.pkt", "{}"]\n'
    other.write_text("# Top.\n" + entry.format("one", SCRIPTS[2].name) + entry.format("two", SCRIPTS[2].name), "utf-8")
    assert public.run(home, lists, is_written=False) == 1
    assert public.run(home, lists, is_written=True) == 0
    reasons = (public.Reason("fail", "ours", "one"), public.Reason("fail", "ours", "two"))
    assert public.disagreements(other) == {SCRIPTS[2].name: reasons}
    assert other.read_text(encoding="utf-8").startswith("# Top.\n")


def test_the_lists_keep_causes_and_drop_what_passes(home: Path, lists: Path) -> None:
    """An entry that lacks its cause is named; the comment at the top stays."""
    left, failing = lists / "left.toml", SCRIPTS[2].name
    assert public.run(home, lists, is_written=True) == 0
    found = public.committed(left)
    assert found.passes == {"A": 2, "B": 0}
    assert found.entries == {failing: {"verdict": "fail", "cause": ""}}
    old = f'"{SCRIPTS[0].name}" = {{ verdict = "fail", cause = "mended since" }}\n'
    text = left.read_text(encoding="utf-8").replace('cause = ""', 'cause = "a \\"wrong\\" line"')
    left.write_text(text + old, encoding="utf-8")
    public.run(home, lists, is_written=True)
    assert public.committed(left).entries == {failing: {"verdict": "fail", "cause": 'a "wrong" line'}}
    assert left.read_text(encoding="utf-8").startswith("# What is left.\n")


def test_what_was_written_for_another_system_is_asked_in_full(home: Path) -> None:
    """Under the RFC's profile, whatever form the manifest names."""
    manifest = home / "manifest.csv"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("B,pass,as is", "B,fail,neutral form"), "utf-8")
    assert [each.name for each in public.judged_in_full(home)] == [SCRIPTS[2].name]
    assert [each.name for each in public.judged(home)] == [path.name for path in SCRIPTS[:2]]


def test_a_folder_that_is_named_must_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A name that leads nowhere is a mistake, not a reason to judge nothing."""
    monkeypatch.setenv(public.VARIABLE, str(tmp_path))
    with pytest.raises(SystemExit, match=r"no manifest\.csv"):
        public.folder()


def test_without_a_folder_it_is_said_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing fails, and nobody can overlook it."""
    monkeypatch.setattr(public, "folder", lambda: None)
    monkeypatch.setattr("sys.argv", ["public_scripts.py"])
    assert public.main() == 0
    assert "!! NOTHING WAS JUDGED" in capsys.readouterr().out


def test_every_entry_says_why() -> None:
    """A cause in a sentence; for a disagreement also for whom the RFC decides, and by which section."""
    assert all(entry["cause"] for entry in public.committed(LEFT).entries.values())
    for name, reasons in public.disagreements(DISAGREEMENTS).items():
        assert all(each.decides in DECIDES and "RFC " in each.text for each in reasons), name
    assert DISAGREEMENTS.read_text(encoding="utf-8").count("[[reason]]") == len(
        {each.text for reasons in public.disagreements(DISAGREEMENTS).values() for each in reasons}
    ), "each reason is written once"


def test_no_more_is_left_than_the_tiers_allow() -> None:
    """Every script of tier A, nine in ten of tier B, three in four of tier C."""
    passes, left = public.committed(LEFT).passes, public.committed(LEFT).entries
    assert sum(passes.values()) + len(left) == 218
    assert passes["A"] == 26
    assert passes["B"] >= 0.9 * 46
    assert passes["C"] >= 0.75 * 146


@needs_folder
def test_the_lists_are_the_truth(capsys: pytest.CaptureFixture[str]) -> None:
    """Both, and both ways: nothing fails that is not listed, nothing passes that is."""
    assert HOME is not None
    assert public.run(HOME, public.LISTS, is_written=False) == 0, capsys.readouterr().out


def test_a_verdict_is_counted_once() -> None:
    """A tier without a pass is told as well."""
    found = [public.Judged("a", "A", Verdict("pass")), public.Judged("b", "B", Verdict("unsupported"))]
    assert public.passing(found) == {"A": 1, "B": 0}
