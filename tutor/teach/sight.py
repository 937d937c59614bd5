"""Sight: what the learner wants to see of a run, besides where in time."""

from __future__ import annotations

from dataclasses import dataclass, fields

FIGURES = ("rfc", "linux")
"""The state diagram as RFC 9293 draws it, or as Linux keeps it."""

COVERAGES = ("", "run", "ever")
"""Which crossed edges are picked out: none in particular, those of this run, those of this learner."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Choices of the diagram, the ladder and the comparison."""

    focus: str = ""
    """The connection that the pictures speak of; "": the newest."""
    filter: str = ""
    """The ladder's filter, as it was typed; "": everything."""
    beside: int | None = None
    """The branch that is shown beside the one on screen."""
    figure: str = "rfc"
    has_transients: bool = False
    """Are edges for resets, aborts, reopening and cookies drawn before anybody takes them?"""
    has_paths: bool = False
    """Are the textbook's typical paths of client and server laid over the diagram?"""
    coverage: str = ""
    is_across: bool = False
    """Does the ladder's time run to the right instead of down?"""
    plots: str = ""
    """What is plotted, as the plots' panel writes it; "": what it begins with."""

    def of_another_run(self) -> Sight:
        """The same choices without what is about one run only."""
        return Sight(
            figure=self.figure,
            has_transients=self.has_transients,
            has_paths=self.has_paths,
            coverage=self.coverage,
            is_across=self.is_across,
            plots=self.plots,
        )


FIRST_SIGHT = Sight()
"""The RFC's figure, time running down, nothing filtered."""

NAMES = tuple(field.name for field in fields(Sight))
"""What can be chosen."""
