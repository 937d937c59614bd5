"""Parameters: everything that can be set in a run, as one catalogue of values.

Rules
-----
* A parameter's ``id`` is the name that an act gives it: ``client.tcp_syn_retries``, ``link.client.loss``,
  ``client.fd3.TCP_NODELAY``. ``key`` is what the hosts share: one row shows the values of both.
* Values are texts, as an act takes them. ``control`` says what a hand may do about them and what is out of bounds.
* A constant of the chosen TCP is ``is_locked``: only a *what if* changes it. What a version lacks is one as well.
* What is not simulated is listed too, with the sentence that says why.

Theory
------
A host's part of the catalogue depends on its profile alone, and a profile is compared by identity: so each part is made
once and kept, and a catalogue of an unchanged world is the same tuple again.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tutor.teach.parameter import Control, Parameter
from tutor.teach.parameter_parts import Profiles, of_host, of_link, of_machine, of_profile, of_protocol, of_sockets
from tutor.teach.program_parts import of_programs
from tutor.world.records import Called
from tutor.world.scenario import Scenario
from tutor.world.trace import Trace
from tutor.world.unmodelled import FIXED, explained
from tutor.world.world import World

if TYPE_CHECKING:
    from tutor.teach.session import Session

__all__ = ("Control", "Parameter", "catalogue", "elsewhere", "find", "options_set", "parameters")

PIECE = 512
"""Steps of a trace that are read at once, and remembered."""


# --- the whole catalogue ---


def parameters(session: Session) -> tuple[Parameter, ...]:
    """Every parameter of the run at the playhead: the link's, each host's, its sockets', then what is not simulated."""
    return catalogue(session.world, session.scenario)


def catalogue(world: World, scenario: Scenario) -> tuple[Parameter, ...]:
    """Every parameter of a world that began as ``scenario``."""
    profiles: Profiles = tuple(scenario.profiles.items())
    began = {spec.name: spec for spec in scenario.hosts}
    found: list[Parameter] = []
    cables = {spec.name: spec.link() for spec in scenario.links}
    for link in world.links:
        found += of_link(link, cables[link.name])
    found.append(of_protocol(world.variant, scenario.variant))
    for host in world.hosts:
        stock = scenario.profiles.get(host.profile.name, host.profile)
        found.append(of_host(host.name, host.profile, began[host.name].profile.name, profiles))
        found += of_profile(host.name, host.profile, stock, profiles)
        found += of_machine(host)
        found += of_sockets(host, stock)
        found += of_programs(host, began[host.name].programs)
    return (*found, *elsewhere())


def find(session: Session, id: str) -> Parameter | None:  # noqa: A002  that is what it is called everywhere
    """The parameter of this id, or None."""
    return next((each for each in parameters(session) if each.id == id), None)


# --- who has set it ---


def options_set(trace: Trace, last: int) -> frozenset[tuple[str, str, str]]:
    """(host, socket, option) of every setsockopt() that has succeeded up to step ``last``."""
    whole = (last + 1) // PIECE
    pieces = (_options_set(trace, place * PIECE, PIECE) for place in range(whole))
    return frozenset().union(*pieces, _options_set(trace, whole * PIECE, last + 1 - whole * PIECE))


@lru_cache(maxsize=256)
def _options_set(trace: Trace, first: int, count: int) -> frozenset[tuple[str, str, str]]:
    return frozenset(
        (record.host, record.connection, str(record.args[0]))
        for step in trace.computed[first : first + count]
        for record in step.records
        if isinstance(record, Called) and record.call == "setsockopt" and record.error is None
    )


# --- what is not simulated ---


@lru_cache(maxsize=1)
def elsewhere() -> tuple[Parameter, ...]:
    """Settings that real hosts have and that change nothing here, or cannot be set: each with its sentence."""
    fixed = [
        Parameter(
            name,
            name,
            "",
            name,
            "fixed",
            "elsewhere",
            name.rpartition(".")[2],
            value=", ".join(row.values),
            why=row.why,
        )
        for name, row in FIXED.items()
    ]
    told = [
        Parameter(name, name, "", name, "elsewhere", "elsewhere", name, why=why) for name, why in explained().items()
    ]
    return (*fixed, *told)
