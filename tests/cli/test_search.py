"""``tcp-tutor search``: verdicts for people and programs, a run that opens, clear words for what is asked wrongly."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest

from tests.setting import HAN, ill_set
from tutor.cli import main
from tutor.commands import search as command
from tutor.commands.console import Console
from tutor.explore.breadth import Statistics
from tutor.explore.exceptions import EXCEPTIONS, Known
from tutor.explore.verdict import PROPERTIES
from tutor.tcp.variant import VARIANTS
from tutor.words import Words


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """What ``search`` prints; it ends with ``code``."""
    assert main(["search", *arguments]) == code
    read = capsys.readouterr()
    return read.err if code else read.out


def test_the_ghost_is_told_with_its_budget_and_what_was_held_constant(capsys: pytest.CaptureFixture[str]) -> None:
    """Two moves, both ends after each, and the list without which a verdict means nothing."""
    told = printed(capsys, "--variant", "two-way", "--property", "no-ghost", "--lang", "en")
    assert "BROKEN in 2 moves" in told
    assert "an old SYN of the client arrives" in told
    assert "SYN+ACK of the server is lost" in told
    assert "CLOSED – ESTABLISHED" in told
    assert "old segments delivered ≤ 1" in told
    assert "Held constant:" in told


def test_a_program_gets_the_same_in_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One object; its words do not depend on the language."""
    path = tmp_path / "ghost.tcprun"
    arguments = ["--variant", "two-way", "--property", "no-ghost", "--json", "--lang", "zh"]
    found = json.loads(printed(capsys, *arguments, "--out", str(path)))
    assert found["verdict"] == "broken"
    assert not found["is_complete"], "the search ended with what it found"
    assert [move["kind"] for move in found["moves"]] == ["old", "lose"]
    assert found["run"] == str(path)
    assert found["worlds"] < 100


def test_the_run_that_was_found_is_played_like_any_other(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """It opens without a warning that it was computed otherwise, and shows the break."""
    path = tmp_path / "ghost.tcprun"
    printed(capsys, "--variant", "two-way", "--property", "no-ghost", "--out", str(path))
    assert main(["play", str(path), "--lang", "en"]) == 0
    read = capsys.readouterr()
    assert "computes another one" not in read.err
    assert "ESTABLISHED" in read.out


def test_tcp_holds_and_says_under_which_exclusions(capsys: pytest.CaptureFixture[str]) -> None:
    """ "None" is said of a bound, with its size, and never bare."""
    told = printed(capsys, "--property", "no-ghost", "--held", "0", "--lose", "0", "--lang", "en")
    assert "HOLDS within this bound" in told
    assert "worlds" in told
    assert "What has to be excluded for TCP to hold:" in told
    assert "nobody aborts or crashes (U = 0)" in told
    assert "In every run:" in told and "the caller writes once, the server never" in told
    assert "a fresh initial number lies above all that are in use" in told


def test_a_variant_that_holds_says_its_exclusions_too(capsys: pytest.CaptureFixture[str]) -> None:
    """ "Holds" means as little without them as it does for TCP."""
    asked = ["--variant", "no-rst-from-closed", "--property", "no-ghost", "--held", "0", "--lose", "0"]
    assert "What was excluded:" in printed(capsys, *asked, "--lang", "en")
    found = json.loads(printed(capsys, *asked, "--json"))
    assert found["is_complete"] and found["exclusions"] and found["in_every_run"]


def test_the_beginning_of_the_shortest_run_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Six moves from an open connection; those who have forgotten it need nine."""
    told = printed(capsys, "--variant", "no-time-wait", "--property", "orderly-close", "--lang", "en")
    assert "BROKEN in 6 moves" in told and "while the earlier connection is open" in told


def test_a_known_exception_comes_with_the_clause_that_admits_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Linux refuses a healthy call when an old SYN lies just below the new one."""
    found = json.loads(
        printed(capsys, "--property", "honest-open", "--profile", "linux-6.18", "--coincidence", "1", "--json")
    )
    assert found["verdict"] == "known-exception"
    assert found["exception"] == "refused-by-old-syn"
    assert "3.10.7.4" in found["clause"]


def test_the_list_names_every_property_variant_and_budget(capsys: pytest.CaptureFixture[str]) -> None:
    """What can be asked is said without asking."""
    told = printed(capsys, "--list")
    assert all(name in told for name in (*PROPERTIES, *VARIANTS))
    assert "--held 1" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--property is missing"),
        (["--property", "no-gost"], "did you mean no-ghost?"),
        (["--property", "no-ghost", "--variant", "two-wya"], "did you mean two-way?"),
        (["--property", "no-ghost", "--held", "many"], "--held is many; allowed: 0…9"),
        (["--property", "no-ghost", "--give-up", "-1"], "--give-up is -1; allowed: 0…9"),
        (["--exception", "half-opn"], "did you mean half-open?"),
        (["--exception", "half-open", "--variant", "two-way"], "--exception is about TCP itself"),
        (["--exception", "half-open", "--property", "own-bytes"], "unknown: own-bytes"),
        (["--exception", "half-open", "--held", "3", "--crash", "0"], "--held, --crash cannot be given with"),
        (["--exception", "half-open", "--wrap"], "--wrap cannot be given with --exception"),
        (["--exception", "refused-by-old-syn", "--profile", "rfc9293"], "no exception under rfc9293"),
        (["--property", "no-ghost", "--lose", "10"], "--lose is 10; allowed: 0…9"),
        (["--property", "no-ghost", "--profile", "rfc9292"], "rfc9293"),
    ],
)
def test_what_is_asked_wrongly_is_told_with_what_is_allowed(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """A typo is met with the word that was meant."""
    assert said in printed(capsys, *arguments, "--lang", "en", code=2)


def test_a_run_that_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The search is not lost in silence."""
    path = tmp_path / "nowhere" / "ghost.tcprun"
    arguments = ["--variant", "two-way", "--property", "no-ghost", "--out", str(path), "--lang", "en"]
    assert "cannot be written" in printed(capsys, *arguments, code=1)


def test_ctrl_c_leaves_with_what_was_explored(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no error: the verdict says that it was called off, and claims nothing."""
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("tutor.explore.breadth.EVERY", 100)
    told_of = command._Watch.__call__

    def press(self: command._Watch, statistics: Statistics) -> bool:
        signal.raise_signal(signal.SIGINT)
        return told_of(self, statistics)

    monkeypatch.setattr(command._Watch, "__call__", press)
    found = json.loads(printed(capsys, "--property", "no-ghost", "--json"))
    assert found["verdict"] == "unfinished"
    assert not found["is_complete"]
    assert 0 < found["worlds"] < 20_000
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_ends_what_does_not_look() -> None:
    """The first asks politely; a move that never ends would never hear it."""
    with command._Watch(Console(Words("en")), quiet=True) as watch:
        signal.raise_signal(signal.SIGINT)
        assert watch.is_over
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_the_atlas_is_a_table_and_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    """Eleven rows with the fewest moves; for a program the moves themselves."""
    told = printed(capsys, "--atlas", "--variant", "two-way", "--lang", "en")
    assert "of 121 pairs can be" in told
    assert sum(line.startswith("SYN-SENT") for line in told.splitlines()) == 1
    found = json.loads(printed(capsys, "--atlas", "--variant", "two-way", "--json"))
    ways = {(pair["client"], pair["server"]): pair["moves"] for pair in found["pairs"]}
    assert len(ways["SYN-SENT", "ESTABLISHED"]) == 2


@pytest.mark.parametrize("known", EXCEPTIONS, ids=lambda known: known.id)
def test_every_known_exception_is_found_by_its_name_with_its_clause(
    capsys: pytest.CaptureFixture[str], known: Known
) -> None:
    """Among them those that a budget alone does not reach: giving up, a wrap, an assassination."""
    for prop in sorted(known.properties):
        found = json.loads(printed(capsys, "--exception", known.id, "--property", prop, "--json"))
        assert (found["verdict"], found["exception"], found["clause"]) == ("known-exception", known.id, known.clause)
        assert found["moves"]


def test_giving_up_can_be_let_in_and_is_then_no_exclusion(capsys: pytest.CaptureFixture[str]) -> None:
    """After one repetition two lost ACKs are enough; what is not counted is still said to be held."""
    arguments = ["--property", "orderly-close", "--give-up", "1", "--lose", "2", "--held", "0"]
    told = printed(capsys, *arguments, "--lang", "en")
    assert "given up after 1 repetition" in told
    assert "KNOWN EXCEPTION" in told and "3.8.3 (R2)" in told
    assert "nobody gives up" not in told
    assert "HOLDS" in printed(capsys, *arguments[:2], *arguments[4:], "--lang", "en")


def test_a_wrap_can_be_let_in_but_is_too_long_to_be_played(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """It is told, with PAWS as its cure; nobody waits for 2^32 octets."""
    arguments = ["--property", "exactly-once", "--wrap", "--lang", "en"]
    told = printed(capsys, *arguments)
    assert "KNOWN EXCEPTION, in one move" in told and "PAWS" in told
    path = tmp_path / "wrap.tcprun"
    assert main(["search", *arguments, "--out", str(path)]) == 1
    read = capsys.readouterr()
    assert "cannot be sent for the sake of a run" in read.err and "KNOWN EXCEPTION" in read.out
    assert not path.exists()


def test_a_pair_of_states_is_a_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The shortest; a pair that cannot be is told with its bound; a name that is none, with those that are."""
    path = tmp_path / "pair.tcprun"
    told = printed(capsys, "--pair", "CLOSING/CLOSING", "--out", str(path), "--lang", "en")
    assert "  8. " in told and "  9. " not in told
    assert main(["play", str(path), "--lang", "en"]) == 0
    assert "CLOSING" in capsys.readouterr().out
    found = json.loads(printed(capsys, "--pair", "SYN-SENT/ESTABLISHED", "--variant", "two-way", "--json"))
    assert (found["variant"], len(found["moves"])) == ("two-way", 2)
    assert "in none of 153,480 worlds" in printed(capsys, "--pair", "ESTABLISHED/CLOSE-WAIT", "--lang", "en")
    found = json.loads(printed(capsys, "--pair", "ESTABLISHED/CLOSE-WAIT", "--json"))
    assert found["moves"] is None and found["worlds"] == 153_480
    assert "allowed: CLIENT/SERVER" in printed(capsys, "--pair", "SYN-SENT", "--lang", "en", code=2)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--list",),
        ("--variant", "fixed-isn", "--property", "own-bytes"),
        ("--exception", "refused-by-old-syn"),
        ("--pair", "SYN-SENT/ESTABLISHED", "--variant", "two-way-syn-data"),
        ("--pair", "ESTABLISHED/CLOSE-WAIT"),
    ],
)
def test_in_chinese_all_of_it_is_set_as_chinese(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Commas, colons, brackets and full stops as wide as the letters, in every column of what is printed."""
    lines = printed(capsys, *arguments, "--lang", "zh").splitlines()
    columns = [text for line in lines for text in re.split(r" {2,}", line.strip())]
    assert sum(re.search(HAN, text) is not None for text in columns) >= 2
    assert not [text for text in columns if ill_set(text)]
