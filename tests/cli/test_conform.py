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
