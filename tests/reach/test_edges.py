"""Every edge of every rule set can be crossed, with a recipe to show for it; and nothing else ever is."""

from __future__ import annotations

import json
from functools import partial

import pytest

from tests.tools import recipes as recipes_tool
from tutor.explore import __main__ as exploring
from tutor.explore.__main__ import main
from tutor.explore.recipes import Recipe, Report, find_recipes, two_closed_hosts
from tutor.explore.walking import Budget
from tutor.profiles import load_profile
from tutor.tcp.transitions import EDGES, EVERYWHERE, LINUX, RFC, SEQUENCES, rule_set
from tutor.world.beginning import begin
from tutor.world.records import StateChanged
from tutor.world.trace import Trace

_REPORTS: dict[str, Report] = {}


def report_of(name: str) -> Report:
    """The search of a rule set, done once a session."""
    if name not in _REPORTS:
        _REPORTS[name] = find_recipes(load_profile(name))
    return _REPORTS[name]


RULE_SETS = sorted(EVERYWHERE)
"""A search of each takes ten seconds: it is for the longer run."""


@pytest.mark.ci
@pytest.mark.parametrize("name", RULE_SETS)
def test_every_edge_of_the_rule_set_is_crossed_from_closed_hosts(name: str) -> None:
    """A row of the table that no run can cross would be a drawing, not a fact."""
    report = report_of(name)
    assert not report.missing, f"{name}: no path crosses {report.missing}"


@pytest.mark.ci
@pytest.mark.parametrize("name", RULE_SETS)
def test_no_edge_is_crossed_that_the_rule_set_does_not_have(name: str) -> None:
    """Linux has no LISTEN -> SYN-SENT; section 3.10.5 has no ABORT into TIME-WAIT."""
    allowed = {edge.id for edge in rule_set(name)}
    assert set(report_of(name).recipes) <= allowed, set(report_of(name).recipes) - allowed


@pytest.mark.ci
@pytest.mark.parametrize("name", RULE_SETS)
def test_one_event_crosses_one_edge_or_a_listed_sequence(name: str) -> None:
    """Two edges in one event are an exception that has to be named."""
    listed = {tuple(edge.id for edge in sequence.edges) for sequence in SEQUENCES}
    strange = {edges for edges in report_of(name).crossed_together if len(edges) > 1} - listed
    assert not strange, f"crossed within one event, but not listed in SEQUENCES: {strange}"


def _played(recipe: Recipe, name: str) -> list[StateChanged]:
    scenario = two_closed_hosts(load_profile(name), *recipe.acts, until=24 * 3600 * 1_000_000)
    trace = Trace(begin(scenario), scenario.until)
    return [record for _, record in trace.records() if isinstance(record, StateChanged)]


@pytest.mark.ci
@pytest.mark.parametrize("name", RULE_SETS)
def test_a_recipe_is_a_run_that_anyone_can_play(name: str) -> None:
    """The acts alone, played as a scenario, cross the edge at the host that the recipe names."""
    for edge, recipe in report_of(name).recipes.items():
        played = _played(recipe, name)
        assert any(change.edge == edge and change.host == recipe.host for change in played), (edge, recipe.acts)


@pytest.mark.ci
@pytest.mark.parametrize("name", RULE_SETS)
def test_the_recipes_that_are_shipped_are_those_that_the_search_finds(name: str) -> None:
    """ "Take me there" plays them from a file: whoever changes the engine makes it anew (tests/tools/recipes.py)."""
    shipped = json.loads(recipes_tool.PATH.read_text(encoding="utf-8"))[name]
    assert shipped == json.loads(json.dumps(recipes_tool.table(report_of(name))))


@pytest.mark.ci
@pytest.mark.parametrize("name", RULE_SETS)
def test_every_drawn_edge_has_a_recipe(name: str) -> None:
    """Permanent or transient: what the diagram can draw under these rules can be shown to happen."""
    assert not report_of(name).undrawn


def test_the_handshake_is_found_with_the_fewest_acts() -> None:
    """ESTABLISHED by two acts: somebody listens, somebody calls."""
    recipe = report_of(LINUX).recipes["syn-sent/rcv-syn-ack"]
    assert sorted(act.name for _, act in recipe.acts) == ["connect", "listen"]
    assert EDGES[recipe.edge].target == "ESTABLISHED"


def test_a_search_that_may_do_nothing_finds_nothing() -> None:
    """The bound is real: without calls no state is ever left, and the report says which edges are missing."""
    report = find_recipes(load_profile(RFC), Budget(moves=3, calls=0))
    assert not report.recipes
    assert len(report.missing) == len(rule_set(RFC))
    assert report.statistics.is_complete


@pytest.mark.ci
def test_the_report_names_every_edge_with_its_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    """``python -m tutor.explore linux-6.18`` prints a line an edge, and exits with 0 when none is missing."""
    assert main([LINUX]) == 0
    printed = capsys.readouterr().out
    assert all(edge.id in printed for edge in rule_set(LINUX))
    assert "NOT CROSSED" not in printed


def test_the_report_says_what_was_not_crossed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search that may make one call crosses few edges: the others are named, and it exits with 1; 2 if misspelt."""
    few = partial(find_recipes, budget=Budget(moves=1, calls=1))
    monkeypatch.setattr(exploring, "find_recipes", few)
    assert main([RFC]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert all(any(edge.id in line for line in lines) for edge in rule_set(RFC))
    missing = [line for line in lines if "NOT CROSSED" in line]
    assert 0 < len(missing) < len(rule_set(RFC))
    assert main(["linux-9.99"]) == 2
