"""Scenario: everything a run starts from. The same scenario always gives the same run.

Rules
-----
* Nothing in it depends on files: profiles are values, programs are values, acts have times.
* Hosts are created in their order; programs that begin with ``listen`` get the first word at time 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tutor.tcp.profile import Profile
from tutor.tcp.values import replace
from tutor.world.acts import Act
from tutor.world.link import Link, Way
from tutor.world.program import Program
from tutor.world.time import SECOND


@dataclass(frozen=True, slots=True)
class HostSpec:
    """One host before time 0. ``port``: the first one for connect(); ``isn``: the first initial sequence number."""

    name: str
    address: str
    profile: Profile
    sysctls: tuple[tuple[str, str], ...] = ()
    programs: tuple[Program, ...] = ()
    isn: int | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True)
class LinkSpec:
    """One cable before time 0. ``parameters`` as in ``set LINK.PARAMETER``; ``client.loss``: only from client."""

    a: str
    b: str
    name: str = "link"
    parameters: tuple[tuple[str, str], ...] = ()

    def link(self) -> Link:
        """The cable. Raises ``ValueError`` for a parameter that does not exist or a value it cannot have."""
        link = Link(self.name, self.a, self.b, Way(), Way())
        for name, text in self.parameters:
            sender, _, parameter = name.rpartition(".")
            if sender not in ("", self.a, self.b):
                raise ValueError(f"link {self.name} does not reach {sender!r}; allowed: {self.a}, {self.b}")
            link = link.with_parameter(parameter, text, sender)
        return link


@dataclass(frozen=True, slots=True)
class Scenario:
    """A run before it begins. ``until`` (microseconds) bounds it; ``profiles`` are what ``profile HOST NAME`` may name.

    ``acts_at``: (when, act) of hands' acts that belong to the run, such as switches of the command line.
    """

    hosts: tuple[HostSpec, ...]
    links: tuple[LinkSpec, ...]
    seed: int = 1
    acts_at: tuple[tuple[int, Act], ...] = ()
    until: int = 600 * SECOND
    profiles: Mapping[str, Profile] = field(default_factory=dict, hash=False)
    variant: str = ""
    """Which deliberately broken protocol every host speaks (``tcp.variant.VARIANTS``); "": TCP."""

    def with_acts(self, *acts: tuple[int, Act]) -> Scenario:
        """The scenario with more acts at times."""
        return replace(self, acts_at=(*self.acts_at, *acts))
