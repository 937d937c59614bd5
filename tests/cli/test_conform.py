"""``tcp-tutor conform``: verdicts, the sum, and exit codes, for recordings and for packetdrill scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tutor.cli import main

CONFORMANCE = Path(__file__).parents[1] / "conformance"
RECORDING = CONFORMANCE / "golden" / "active_open_ok.json"
SCRIPT = sorted((CONFORMANCE / "scripts").glob("a-*.pkt"))[0]


def _said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[str]]:
    code = main(["conform", *map(str, arguments), "--lang", "en"])
    return code, capsys.readouterr().out.splitlines()


def test_a_recording_that_is_followed_passes(capsys: pytest.CaptureFixture[str]) -> None:
    """One line a file, then the sum; the exit code is 0."""
    code, said = _said(capsys, "--golden", RECORDING)
    assert (code, said) == (0, [f"{RECORDING}: pass", "1 passed, 0 failed, 0 unsupported"])


def test_a_recording_that_is_not_followed_fails_with_both_sides(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Exit code 1; what is unsupported alone would not be a failure."""
    trace = json.loads(RECORDING.read_text(encoding="utf-8"))
    trace["kernel_segments"][0]["win"] = 1
    (tmp_path / "a.json").write_text(json.dumps(trace), encoding="utf-8")
    trace["sysctls"]["net.ipv4.nothing_like_it"] = 1
    (tmp_path / "b.json").write_text(json.dumps(trace), encoding="utf-8")
    code, said = _said(capsys, "--golden", tmp_path)
    assert code == 1
    assert said[0] == f"{tmp_path}/a.json: fail K, segment 1 (n 11): win"
    assert "*win=1*" in said[1]
    assert "*win=64240*" in said[2]
    assert said[3].startswith(f"{tmp_path}/b.json: unsupported no setting 'net.ipv4.nothing_like_it'")
    assert said[-1] == "0 passed, 1 failed, 1 unsupported"
    assert _said(capsys, "--golden", tmp_path / "b.json")[0] == 0


def test_verdicts_are_json_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """An object a line, for scripts as well; the last one is the sum."""
    _, said = _said(capsys, "--golden", RECORDING, "--json")
    assert [json.loads(line) for line in said] == [
        {"file": str(RECORDING), "verdict": "pass"},
        {"passed": 1, "failed": 0, "unsupported": 0},
    ]
    _, said = _said(capsys, SCRIPT, "--json")
    assert json.loads(said[0])["verdict"] == "pass"


@pytest.mark.parametrize("golden", [(), ("--golden",)])
def test_a_file_that_is_not_there_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, golden: tuple[str, ...]
) -> None:
    """And a folder with nothing to judge in it."""
    assert main(["conform", *golden, str(tmp_path / "none"), "--lang", "en"]) == 1
    assert "there is no such file" in capsys.readouterr().err
    assert main(["conform", *golden, str(tmp_path), "--lang", "en"]) == 1
    assert "in this folder" in capsys.readouterr().err


def test_a_recording_of_absurd_size_is_not_even_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Twenty million characters are more than any recording has."""
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(30_000_000)
    code, said = _said(capsys, "--golden", path)
    assert code == 1
    assert said[0] == f"{path}: fail the file: found 30000000 characters; allowed: at most 20000000"


def test_another_profile_is_another_host(capsys: pytest.CaptureFixture[str]) -> None:
    """By the letter of the RFC a SYN looks different; a profile that does not exist is wrong usage."""
    code, said = _said(capsys, "--golden", RECORDING, "--profile", "rfc9293")
    assert code == 1
    assert said[0].startswith(f"{RECORDING}: fail")
    assert main(["conform", "--golden", str(RECORDING), "--profile", "nothing", "--lang", "en"]) == 2


# --- a manifest: which scripts, in which form, counted how ---


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two scripts that pass, and one whose window is wrong; the manifest asks that one in neutral form."""
    text = SCRIPT.read_text(encoding="utf-8")
    for name in ("one", "two"):
        (tmp_path / f"{name}.pkt").write_text(text, encoding="utf-8")
    (tmp_path / "three.pkt").write_text(CALLS, encoding="utf-8")
    rows = ["file,kind,run_as", "one.pkt,plain,as is", "two.pkt,,as is", "three.pkt,odd,neutral form"]
    (tmp_path / "manifest.csv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


CALLS = """\
0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3
+0 connect(3, ..., ...) = -1 EINPROGRESS
+0 > S 0:0(0) win 7 <mss 1460>
"""


def test_rows_of_a_manifest_are_chosen(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the value of a column, or one of several values; several conditions hold together."""
    manifest = ("--manifest", folder / "manifest.csv")
    assert _said(capsys, folder, *manifest, "--rows", "kind=plain")[1][0].endswith("one.pkt: pass")
    assert len(_said(capsys, folder, *manifest, "--rows", "kind=plain,odd")[1]) == 3
    assert len(_said(capsys, folder, *manifest, "--rows", "kind=plain,odd", "--rows", "run_as=as is")[1]) == 2
    assert main(["conform", str(folder), "--manifest", str(folder / "manifest.csv"), "--rows", "kind=none"]) == 1


def test_verdicts_are_counted_by_a_column(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line a value; in JSON an object."""
    manifest = ("--manifest", folder / "manifest.csv", "--as-is", "--table", "kind")
    code, said = _said(capsys, folder, *manifest)
    assert code == 1
    table = [line.split() for line in said if line.startswith(("kind", "(none)", "odd", "plain"))]
    assert table == [
        ["kind", "pass", "fail", "unsupported"],
        ["(none)", "1", "0", "0"],
        ["odd", "0", "1", "0"],
        ["plain", "1", "0", "0"],
    ]
    rows = json.loads(_said(capsys, folder, *manifest, "--json")[1][-2])
    assert (rows["table"], rows["rows"]["odd"]) == ("kind", {"pass": 0, "fail": 1, "unsupported": 0})


def test_a_script_can_be_asked_in_full_whatever_the_manifest_says(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its neutral form passes, its window does not; both forms at once are wrong usage."""
    odd = (folder, "--manifest", folder / "manifest.csv", "--rows", "kind=odd")
    assert _said(capsys, *odd)[0] == 0
    assert _said(capsys, *odd, "--as-is")[0] == 1
    assert main(["conform", *map(str, odd), "--as-is", "--neutral"]) == 2


def test_the_reason_for_a_disagreement_stands_beside_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From a list; one without a reason, or for nobody, is a file at fault."""
    reasons = folder / "reasons.toml"
    entry = '[[reason]]\nverdict = "fail"\ndecides = "{}"\ntext = "{}"\nscripts = ["three.pkt"]\n'
    reasons.write_text(entry.format("neither", "a matter of taste") + entry.format("ours", "and of law"))
    asked = (folder, "--manifest", folder / "manifest.csv", "--as-is", "--reasons", reasons)
    said = _said(capsys, *asked)[1]
    at = said.index("    the standard decides for neither: a matter of taste")
    assert said[at + 1] == "    the standard decides for ours: and of law"
    told = [json.loads(line) for line in _said(capsys, *asked, "--json")[1]]
    assert [line["reasons"][0] for line in told if "reasons" in line] == [
        {"decides": "neither", "reason": "a matter of taste"}
    ]
    for wrong in (("me", "so"), ("ours", "")):
        reasons.write_text(entry.format(*wrong))
        assert main(["conform", *map(str, asked)]) == 1


@pytest.mark.parametrize("wrong", [("--rows", "kind=odd"), ("--table", "kind")])
def test_a_column_needs_a_manifest_that_has_it(
    folder: Path, capsys: pytest.CaptureFixture[str], wrong: tuple[str, str]
) -> None:
    """Wrong usage, and the columns there are."""
    assert main(["conform", str(folder), *wrong, "--lang", "en"]) == 2
    assert "--manifest" in capsys.readouterr().err
    asked = [
        "conform",
        str(folder),
        "--manifest",
        str(folder / "manifest.csv"),
        wrong[0],
        wrong[1].replace("kind", "size"),
    ]
    assert main([*asked, "--lang", "en"]) == 2
    assert "it has: file, kind, run_as" in capsys.readouterr().err
