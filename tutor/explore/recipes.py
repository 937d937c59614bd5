"""Recipes: for each edge of a rule set, the fewest acts that cross it, starting from two CLOSED hosts.

Rules
-----
* A recipe is a list of (time, act) for a scenario without programs: play it, and the edge is crossed.
* The report also says which pairs of states were crossed within one event, so that a test can hold them against
  ``TRANSITIONS`` and ``SEQUENCES``: nothing else may happen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tutor.explore.breadth import Statistics
from tutor.explore.walking import Budget, Node, Timed, walk
from tutor.tcp.profile import Profile
from tutor.tcp.transitions import SEQUENCES, drawn_in, rule_set
from tutor.world.beginning import begin
from tutor.world.records import StateChanged
from tutor.world.scenario import HostSpec, LinkSpec, Scenario

_DRAWN = {tuple(edge.id for edge in each.edges): each.drawn_as for each in SEQUENCES if each.drawn_as}

BUDGET = Budget()
"""Enough for a handshake, a close of both sides, and one call more."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The acts that cross ``edge`` (a row's id, or that of a drawn sequence), at which host and when (microseconds)."""

    edge: str
    host: str
    at: int
    acts: tuple[Timed, ...]


@dataclass(slots=True)
class Report:
    """What a search of the edges found."""

    rule_set: str
    recipes: dict[str, Recipe] = field(default_factory=dict)
    crossed_together: set[tuple[str, ...]] = field(default_factory=set)
    """Edges of one connection crossed within one event, in order."""
    sequences: dict[str, Recipe] = field(default_factory=dict)
    """Recipes for the sequences that are drawn as an edge of their own, by its id."""
    statistics: Statistics = field(default_factory=Statistics)

    def keep(self, recipe: Recipe, kept: dict[str, Recipe] | None = None) -> None:
        """Remember a recipe unless one with as few acts is known."""
        kept = self.recipes if kept is None else kept
        known = kept.get(recipe.edge)
        if known is None or len(recipe.acts) < len(known.acts):
            kept[recipe.edge] = recipe

    @property
    def missing(self) -> tuple[str, ...]:
        """Edges of the rule set that no path crossed."""
        return tuple(edge.id for edge in rule_set(self.rule_set) if edge.id not in self.recipes)

    @property
    def undrawn(self) -> frozenset[str]:
        """Drawn edges of the rule set for which nothing has been found."""
        found = {edge.drawn_as for edge in rule_set(self.rule_set) if edge.id in self.recipes}
        return drawn_in((self.rule_set,)) - found - set(self.sequences)


def two_closed_hosts(profile: Profile, *acts: Timed, until: int = 0) -> Scenario:
    """A client and a server that run no program, ten milliseconds apart."""
    hosts = (HostSpec("client", "10.0.0.1", profile, isn=1000), HostSpec("server", "10.0.0.2", profile, isn=5000))
    return Scenario(hosts, (LinkSpec("client", "server", parameters=(("delay", "10ms"),)),), acts_at=acts, until=until)


def find_recipes(profile: Profile, budget: Budget = BUDGET, *, to_the_end: bool = False) -> Report:
    """Search until every edge of the profile's rule set has a recipe, or (``to_the_end``) through the whole bound."""
    report = Report(profile.rule_set)

    def note(node: Node) -> bool:
        for step in node.steps:
            together: dict[tuple[str, str], list[str]] = {}
            for record in step.records:
                if isinstance(record, StateChanged):
                    together.setdefault((record.host, record.connection), []).append(record.edge)
                    report.keep(Recipe(record.edge, record.host, record.at, node.acts))
            report.crossed_together |= {tuple(edges) for edges in together.values()}
            for (host, _), edges in together.items():
                if drawn := _DRAWN.get(tuple(edges)):
                    report.keep(Recipe(drawn, host, step.at, node.acts), report.sequences)
        return not to_the_end and not report.missing and not report.undrawn

    report.statistics = walk(begin(two_closed_hosts(profile)), budget, note)
    return report
