"""``tcp-tutor search``: verdicts for people and programs, a run that opens, clear words for what is asked wrongly."""

from __future__ import annotations

import io
import json
import os
import re
import signal
from pathlib import Path

import pytest

from tests.sampling import quick, some
from tests.setting import HAN, ill_set
from tutor.cli import main
from tutor.commands import search as command
from tutor.commands.atlas import run_pair
from tutor.commands.console import Console
from tutor.commands.faults import OUR_FAULT
from tutor.commands.search_asked import BUDGETS
from tutor.explore.breadth import Statistics
from tutor.explore.cells import CELLS, Cell
from tutor.explore.exceptions import EXCEPTIONS, Known
from tutor.explore.parts import Play
from tutor.explore.verdict import PROPERTIES
from tutor.profiles import load_profile
from tutor.tcp.variant import VARIANTS, variant_named
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
    assert found["worlds"] < 400, "in four orders of fresh numbers"


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
    assert "In every run:" in told and "the caller writes once" in told and "the server never writes" in told
    whole = " ".join(told.split())
    assert "fresh initial numbers lie all above those that are in use, or all below" in whole
    assert "every segment that is not lost arrives before any timer runs out" in whole, "delay is paid for"
    assert "no SYN cookies" in whole and "nobody is an orphan" in whole


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


def test_in_chinese_the_clauses_are_chinese_too(capsys: pytest.CaptureFixture[str]) -> None:
    """They stayed English between Chinese sentences; names of documents, hosts' calls and settings stay as they are."""
    told = printed(capsys, "--list", "--lang", "zh")
    assert "第二步检查" in told and "半开连接" in told
    for known in EXCEPTIONS:
        english = re.sub(r"RFC|R2|PAWS|MSL|ip-sysctl|tcp_max_tw_buckets", "", known.clause)
        assert not re.search("[A-Za-z]", english) or known.clause not in told.replace("\n" + " " * 28, "")
    found = printed(capsys, "--exception", "half-open", "--lang", "zh")
    assert "保活是可选的" in found and "optional" not in found


def test_the_list_names_every_property_variant_and_budget(capsys: pytest.CaptureFixture[str]) -> None:
    """What can be asked is said without asking."""
    told = printed(capsys, "--list")
    assert all(name in told for name in (*PROPERTIES, *VARIANTS))
    assert "No budget is known within which it breaks what TCP keeps" in " ".join(told.split())
    assert "--held 1" in told and "--calls 1, --writes 1" in told
    assert all(switch in told for switch in ("--ack-rule 793", "--rfc1337", "--begin open", "--writes 0"))


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
        (["--property", "no-ghost", "--calls", "0"], "--calls is 0; allowed: 1…9"),
        (["--property", "no-ghost", "--ack-rule", "739"], "did you mean 793?"),
        (["--property", "no-ghost", "--variant", "two-way-rfc793", "--ack-rule", "5961"], "has an ACK rule of its own"),
        (["--property", "no-ghost", "--begin", "opne"], "did you mean open?"),
        (["--property", "no-ghost", "--begin", "open", "--wrap"], "--wrap and --begin exclude each other"),
        (
            ["--exception", "half-open", "--ack-rule", "793", "--writes", "0"],
            "--writes, --ack-rule cannot be given with",
        ),
        (["--property", "no-ghost", "--profile", "rfc9292"], "rfc9293"),
        (["--atlas", "--out", "x", "--held", "3"], "--atlas and --out, --held exclude each other"),
        (["--atlas", "--pair", "CLOSED/LISTEN"], "--atlas and --pair exclude each other"),
        (["--pair", "CLOSED/LISTEN", "--property", "no-ghost"], "--pair and --property exclude each other"),
        (["--list", "--json", "--orphan"], "--list and --orphan exclude each other"),
        (["--exception", "half-open", "--orphan"], "--orphan cannot be given with --exception"),
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


def test_nobody_waits_for_a_search_whose_run_cannot_be_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is not there is told before anything is searched, and a file that is there is left as it is."""

    def never(*_: object) -> None:
        raise AssertionError("nothing is searched")

    monkeypatch.setattr("tutor.commands.search.shortest", never)
    arguments = ("--property", "no-ghost", "--variant", "two-way", "--out")
    assert "cannot be written" in printed(capsys, *arguments, str(tmp_path / "nowhere" / "x.run"), code=1)
    assert "--out" in printed(capsys, *arguments, "", code=2)
    kept = tmp_path / "kept.run"
    kept.write_text("mine", encoding="utf-8")
    assert main(["search", *arguments, str(kept), "--force"]) == OUR_FAULT, "this one would be searched for"
    assert kept.read_text(encoding="utf-8") == "mine"


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


def test_what_was_covered_is_said_when_it_is_called_off(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which of the searches came to an end, how deep the one was that did not, and which have not begun."""
    told_of, arguments = command._Watch.__call__, ("--property", "no-ghost", "--lose", "0")

    def press(self: command._Watch, statistics: Statistics) -> bool:
        if self.search == 2 and statistics.depth == 4:
            signal.raise_signal(signal.SIGINT)
        return told_of(self, statistics)

    monkeypatch.setattr(command._Watch, "__call__", press)
    told = printed(capsys, *arguments, "--lang", "en")
    assert "called off: nothing was found so far" in told
    _, covered = told.split("What was searched:")
    first, second, third, *_ = re.findall("  - (.*(?:\n    .*)*)", covered)
    assert re.fullmatch("both hosts .* above those in use: all of it, [0-9,]+ worlds", " ".join(first.split()))
    assert re.fullmatch(
        "the earlier connection is open.*: every run of 4 moves, [0-9,]+ worlds", " ".join(second.split())
    )
    assert third.endswith("not begun")
    found = json.loads(printed(capsys, *arguments, "--json"))
    assert found["is_cancelled"]
    assert [each["is_complete"] for each in found["searched"]] == [True] + 7 * [False]
    assert [each["depth"] for each in found["searched"]][1:] == [4] + 6 * [0]


def test_a_person_at_a_terminal_is_told_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which search of how many, its worlds, how deep it is, and how to leave; a pipe gets nothing of it."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(command, "OFTEN", 0.0)
    for err, said in (
        (Terminal(), "search 2 of 8, 1,234 worlds so far, 5 moves far, Ctrl+C ends it"),
        (io.StringIO(), ""),
    ):
        with command._Watch(Console(Words("en"), err=err), quiet=False, searches=8) as watch:
            *_, last = zip(watch.each([Play(load_profile("rfc9293"))] * 2), strict=False)
            assert last and watch(Statistics(worlds=1234, depth=5))
        assert said in err.getvalue() and bool(err.getvalue()) == bool(said)


def arguments_of(cell: Cell) -> list[str]:
    """How somebody asks for a cell of the table."""
    budget = [part for switch, field in BUDGETS.items() for part in (f"--{switch}", str(getattr(cell.budget, field)))]
    variant, rule = ["--variant", cell.variant or "none"], ["--ack-rule", cell.ack_rule] if cell.ack_rule else []
    return ["--property", cell.prop, *variant, *budget, *rule, "--begin", cell.beginning, "--json"]


def is_quick(cell: Cell) -> bool:
    """Is it one that takes switches of its own, and no time?"""
    return bool(cell.ack_rule) or (cell.budget.connects > 1 and not cell.budget.duplicates)


@pytest.mark.sampled(10, longer=1)
@pytest.mark.parametrize(
    "cell",
    quick([cell for cell in CELLS if not cell.is_large and (cell.path or not is_quick(cell))], is_quick),
    ids=lambda cell: f"{cell.prop}-{cell.variant}-{cell.beginning}",
)
def test_every_cell_of_the_table_can_be_asked_for(capsys: pytest.CaptureFixture[str], cell: Cell) -> None:
    """By its budget, its ACK rule and its beginning; the answer is that of the table, in as many moves."""
    found = json.loads(printed(capsys, *arguments_of(cell)))
    moves = cell.path.split()
    assert found["length"] == sum(not move.startswith("tick") for move in moves)
    assert found["verdict"] == ("holds" if not moves else "broken" if cell.variant else "known-exception")


def test_an_ack_rule_is_said_with_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    """What is not the rule of the profile stands beside its name."""
    arguments = ("--property", "honest-open", "--held", "0", "--lose", "0", "--ack-rule", "793", "--rfc1337")
    told = printed(capsys, *arguments, "--lang", "en")
    assert "Rules: RFC 9293, rst_kills_time_wait = no, old_ack_check = no. Budget:" in " ".join(told.split())
    assert "nothing ends TIME-WAIT before 2 MSL are over" in told
    found = json.loads(printed(capsys, *arguments, "--json"))
    assert found["rules"] == {"old_ack_check": "no", "rst_kills_time_wait": "no"}


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
    assert "Bound: one call of each end" in told and "contradictions" not in told
    told = " ".join(printed(capsys, "--atlas", "--lang", "en").split())
    assert "The other 23 are contradictions" in told
    assert told.endswith("no SYN cookie opens a connection and nobody forges a segment.")
    found = json.loads(printed(capsys, "--atlas", "--variant", "two-way", "--json"))
    ways = {(pair["client"], pair["server"]): pair["moves"] for pair in found["pairs"]}
    assert len(ways["SYN-SENT", "ESTABLISHED"]) == 2


@pytest.mark.sampled(20, longer=1)
@pytest.mark.parametrize("known", some(EXCEPTIONS, 3), ids=lambda known: known.id)
def test_every_known_exception_is_found_by_its_name_with_its_clause(
    capsys: pytest.CaptureFixture[str], known: Known
) -> None:
    """Among them those that a budget alone does not reach: giving up, a wrap, an assassination."""
    for prop in sorted(known.properties):
        found = json.loads(printed(capsys, "--exception", known.id, "--property", prop, "--json"))
        assert (found["verdict"], found["exception"], found["clause"]) == ("known-exception", known.id, known.clause)
        assert found["moves"]


@pytest.mark.sampled(3, longer=1)
@pytest.mark.parametrize("host", [(), ("--profile", "linux-2.6")], ids=str)
@pytest.mark.parametrize("prop", ["own-bytes", "exactly-once"])
def test_old_text_with_an_old_ack_is_known_by_older_rules(
    capsys: pytest.CaptureFixture[str], prop: str, host: tuple[str, ...]
) -> None:
    """One old segment and the caller's number are enough before RFC 5961, and TIME-WAIT has no part in it."""
    rules = host or ("--ack-rule", "793")
    arguments = ("--coincidence", "1", "--writes", "0", "--lose", "0", *rules, "--json")
    found = json.loads(printed(capsys, "--property", prop, *arguments))
    assert (found["verdict"], found["exception"], found["length"]) == ("known-exception", "old-ack-believed", 5)


@pytest.mark.sampled(2, longer=1)
@pytest.mark.parametrize(
    ("arguments", "known"),
    [
        (("two-way", "no-ghost", "--held", "0", "--crash", "1"), "half-open"),
        (("no-rst-from-closed", "no-ghost", "--held", "0", "--crash", "1"), "half-open"),
        (("two-way", "no-ghost"), None),
        (("fixed-isn", "own-bytes"), None),
    ],
)
def test_a_variant_is_not_blamed_for_what_breaks_tcp(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], known: str | None
) -> None:
    """Where the same moves break TCP the verdict says so, with name and clause; else it says nothing of TCP."""
    variant, prop, *budget = arguments
    asked = ("--variant", variant, "--property", prop, *budget)
    found = json.loads(printed(capsys, *asked, "--json"))
    assert (found["verdict"], found["breaks_tcp"]) == ("broken", known)
    assert (found["breaks_tcp_clause"] is None) == (known is None)
    told = " ".join(printed(capsys, *asked, "--lang", "en").split())
    assert ("TCP itself breaks by the same moves" in told) == (known is not None)
    assert known is None or "3.5.1 (half-open connections)" in told


def test_tcp_that_is_broken_without_a_name_holds_under_no_exclusion(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault is told as one: what would have to be excluded is not known."""
    monkeypatch.setattr("tutor.commands.search_told.exception_for", lambda *_: None)
    arguments = ("--property", "no-ghost", "--held", "0", "--crash", "1")
    told = printed(capsys, *arguments, "--lang", "en")
    assert "BROKEN" in told and "This is no known exception of TCP" in told
    assert "for TCP to hold" not in told
    assert json.loads(printed(capsys, *arguments, "--json"))["exclusions"] == []


def test_an_exception_that_is_found_in_the_place_of_another_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Older rules break the same in no more moves: nobody is told that this is what was asked for."""
    arguments = ["--exception", "caller-number-repeats", "--profile", "linux-2.6", "--property", "honest-open"]
    told = " ".join(printed(capsys, *arguments, "--lang", "en").split())
    assert "That is old-reset-in-window, not caller-number-repeats" in told
    found = json.loads(printed(capsys, *arguments, "--json"))
    assert (found["asked"], found["exception"]) == ("caller-number-repeats", "old-reset-in-window")
    assert "That is" not in printed(capsys, *arguments[:2], "--property", "honest-open", "--lang", "en")


@pytest.mark.ci
def test_giving_up_can_be_let_in_and_is_then_the_first_to_be_excluded(capsys: pytest.CaptureFixture[str]) -> None:
    """After one repetition two lost ACKs are enough; TCP holds if, first of all, nobody gives up."""
    arguments = ["--property", "orderly-close", "--give-up", "1", "--lose", "2", "--held", "0"]
    told = printed(capsys, *arguments, "--lang", "en")
    assert "given up after 1 repetition" in told
    assert "KNOWN EXCEPTION" in told and "3.8.3 (R2)" in told
    assert told.partition("for TCP to hold:")[2].split("\n")[1].strip() == "- nobody gives up by a count of repetitions"
    assert "HOLDS" in printed(capsys, *arguments[:2], *arguments[4:], "--lang", "en")


def test_a_wrap_can_be_let_in_but_is_too_long_to_be_played(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """It is told, with PAWS as its cure; nobody waits for 2^32 bytes."""
    arguments = ["--property", "exactly-once", "--wrap", "--lang", "en"]
    told = printed(capsys, *arguments)
    assert "KNOWN EXCEPTION, in one move" in told and "PAWS" in told
    path = tmp_path / "wrap.tcprun"
    assert main(["search", *arguments, "--out", str(path)]) == 1
    read = capsys.readouterr()
    assert "cannot be sent for the sake of a run" in read.err and "KNOWN EXCEPTION" in read.out
    assert not path.exists()


def test_close_is_not_shutdown(capsys: pytest.CaptureFixture[str]) -> None:
    """On Linux an orphan in FIN-WAIT-2 is forgotten after a minute; by the RFC it waits, and nothing breaks."""
    arguments = ("--property", "orderly-close", "--orphan", "--held", "0", "--lose", "0", "--json")
    found = json.loads(printed(capsys, *arguments, "--profile", "linux-6.18"))
    assert (found["verdict"], found["exception"], found["length"]) == ("known-exception", "orphan-forgotten", 7)
    assert found["orphan"] and not any("orphan" in text for text in found["exclusions"])
    assert ["orphan" in text for text in found["excluded_by"]] == [True]
    assert "tcp_fin_timeout" in found["clause"]
    assert json.loads(printed(capsys, *arguments))["verdict"] == "holds"


def test_delay_is_told_where_it_is_no_part_of_the_bound(capsys: pytest.CaptureFixture[str]) -> None:
    """Text on an old SYN is read twice, be it only late; a bound without old segments and copies says what it leaves
    out."""
    asked = ("--variant", "two-way-syn-data", "--property", "exactly-once", "--held", "0", "--lose", "0")
    found = json.loads(printed(capsys, *asked, "--json"))
    assert found["verdict"] == "holds"
    assert any("arrives before any timer runs out" in text for text in found["held_constant"])


def test_who_listens_without_a_child_is_in_listen(capsys: pytest.CaptureFixture[str]) -> None:
    """It was CLOSED in one place and LISTEN in the others."""
    found = json.loads(printed(capsys, "--exception", "silent-caller", "--property", "no-ghost", "--json"))
    assert found["moves"][0]["states"] == ["SYN-SENT", "LISTEN"]
    assert found["moves"][-1]["states"] == ["ESTABLISHED", "LISTEN"]
    assert "SYN-SENT – LISTEN" in printed(capsys, "--exception", "silent-caller", "--property", "no-ghost")


def test_the_list_is_an_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Every name, and of each exception what excludes it; of one there is no run to write, and both lists say so."""
    found = json.loads(printed(capsys, "--list", "--json", "--lang", "zh"))
    assert [each["id"] for each in found["properties"]] == list(PROPERTIES)
    assert [each["id"] for each in found["variants"]] == list(VARIANTS)
    assert all(each["excluded_by"] for each in found["exceptions"])
    assert [each["id"] for each in found["exceptions"] if not each["can_be_written"]] == ["numbers-wrapped"]
    assert printed(capsys, "--list", "--lang", "en").count("cannot be written by --out") == 1


@pytest.mark.ci
def test_where_nothing_is_found_no_run_is_written_and_it_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Of a search and of a pair."""
    path = tmp_path / "none.tcprun"
    holds = ("--property", "no-ghost", "--held", "0", "--lose", "0", "--out", str(path))
    for asked in (holds, ("--pair", "ESTABLISHED/CLOSE-WAIT", "--out", str(path))):
        assert "There is no run to write" in printed(capsys, *asked, "--lang", "en")
        found = json.loads(printed(capsys, *asked, "--json"))
        assert found["run"] is None and "no run" in found["no_run"]
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
    told = " ".join(printed(capsys, "--pair", "ESTABLISHED/CLOSE-WAIT", "--lang", "en").split())
    assert "been through 606,765 worlds: in none of them" in told and "Not within this bound" not in told
    assert "no SYN cookie opens a connection and nobody forges a segment: CLOSE-WAIT" in told
    assert "CLOSE-WAIT has received the FIN of the other end, which in ESTABLISHED has not sent any" in told
    found = json.loads(printed(capsys, "--pair", "ESTABLISHED/CLOSE-WAIT", "--json"))
    assert found["moves"] is None and found["worlds"] == 606_765
    assert found["never"] and len(found["unless"]) == 3
    assert "allowed: CLIENT/SERVER" in printed(capsys, "--pair", "SYN-SENT", "--lang", "en", code=2)


def test_a_pair_whose_search_was_called_off_is_not_said_to_be_impossible(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl+C after some thousand worlds: what was searched until then, and that the bound has more; a program too."""
    profile, variant = load_profile("linux-4.19"), variant_named("two-way")
    for pair, is_found in (("TIME-WAIT/CLOSE-WAIT", False), ("ESTABLISHED/ESTABLISHED", True)):
        for as_json in (True, False):
            console = Console(Words("en"))
            run_pair(profile, variant, pair, "", console, lambda worlds: worlds < 2_000, as_json=as_json)
            told = capsys.readouterr().out
            if as_json:
                found = json.loads(told)
                assert found["is_cancelled"] and not found["is_complete"] and found["depth"] is not None
                assert not all(each["is_complete"] for each in found["searched"])
                assert sum(each["worlds"] for each in found["searched"]) == found["worlds"]
                assert bool(found["moves"]) == is_found
            else:
                assert "Not within this bound" not in told
                assert ("there may be a shorter run" in told) == is_found
                assert ("nothing was found so far" in told and "The bound has more" in told) != is_found
    shipped = json.loads(printed(capsys, "--pair", "CLOSING/CLOSING", "--json"))
    assert shipped["is_complete"] and not shipped["is_cancelled"] and shipped["depth"] is None


@pytest.mark.parametrize(
    "asked",
    [
        ("search", "--variant", "two-way", "--property", "no-ghost", "--out"),
        ("search", "--pair", "CLOSING/CLOSING", "--out"),
        ("search", "--exception", "refused-by-old-syn", "--out"),
        ("play", "01", "--save"),
    ],
)
def test_a_file_that_is_there_is_written_over_only_by_force(
    asked: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Somebody's notes survive; with --force they do not. A device is no file."""
    path = tmp_path / "precious.txt"
    path.write_text("notes", encoding="utf-8")
    assert main([*asked, str(path), "--lang", "en"]) == 1
    assert "exists; --force writes over it" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "notes"
    assert main([*asked, str(path), "--force"]) == 0
    assert path.read_text(encoding="utf-8") != "notes"
    assert main([*asked, os.devnull]) == 0


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
