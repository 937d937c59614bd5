"""Beginning: the World at time 0 of a scenario.

Rules
-----
* Nothing has happened yet: programs have their appointments, acts of the scenario are in the agenda.
* Acts at time 0 come before programs at time 0, so that a rule is armed before the first segment is sent;
  programs that begin with ``listen`` come before the others, so that a call finds somebody listening.
"""

from __future__ import annotations

from rpds import HashTrieMap

from tutor.tcp.profile import with_variant
from tutor.tcp.variant import Variant, variant_named
from tutor.world import hands, running
from tutor.world.agenda import DEEDS, Agenda
from tutor.world.desk import Desk, World
from tutor.world.host import Host, Running
from tutor.world.records import HandActs
from tutor.world.scenario import HostSpec, Scenario

DEFAULT_PORT = 40000
"""The first port of a connect() when the scenario names none."""


def begin(scenario: Scenario) -> World:
    """The world at time 0, before anything has happened.

    Raises ``ValueError`` for a setting or link parameter that does not exist, for links to unknown hosts, and for
    a variant that does not exist.
    """
    variant = variant_named(scenario.variant)
    hosts = {spec.name: _host(spec, variant) for spec in scenario.hosts}
    _check(scenario, hosts)
    links = {spec.name: spec.link() for spec in scenario.links}
    routes = {}
    for link in links.values():
        routes[link.a, link.b] = routes[link.b, link.a] = link.name
    empty = World(
        0, -1, scenario.seed, tuple(hosts), tuple(links), HashTrieMap(hosts), HashTrieMap(links), HashTrieMap(routes),
        HashTrieMap({host.address: host.name for host in hosts.values()}), HashTrieMap(), Agenda(),
        HashTrieMap(dict(scenario.profiles)),
    )  # fmt: skip
    desk = Desk(empty, 0)
    for spec in scenario.hosts:
        for name, text in spec.sysctls:
            hands.apply_setting(desk.kernel(spec.name), name, text)
    for at, act in scenario.acts_at:
        desk.schedule(at, DEEDS, HandActs(str(act)))
    for name in sorted(hosts, key=lambda host: not _begins_with_listen(hosts[host])):
        running.begin(desk.kernel(name))
    return desk.world()


def _host(spec: HostSpec, variant: Variant) -> Host:
    return Host(
        spec.name,
        spec.address,
        with_variant(spec.profile, variant),
        spec.port if spec.port is not None else DEFAULT_PORT,
        spec.isn,
        programs=HashTrieMap({number: Running(program) for number, program in enumerate(spec.programs)}),
    )


def _begins_with_listen(host: Host) -> bool:
    firsts = (running.program.lines[:1] for running in host.programs.values())
    return any(line.act.name == "listen" for lines in firsts for line in lines)


def _check(scenario: Scenario, hosts: dict[str, Host]) -> None:
    """Names and addresses are unique; links join two hosts that exist."""
    if len(hosts) != len(scenario.hosts):
        raise ValueError("two hosts have the same name")
    if len({host.address for host in hosts.values()}) != len(hosts):
        raise ValueError("two hosts have the same address")
    names = [link.name for link in scenario.links]
    if len(set(names)) != len(names) or set(names) & set(hosts):
        raise ValueError("a link needs a name of its own")
    for link in scenario.links:
        for end in (link.a, link.b):
            if end not in hosts:
                raise ValueError(f"link {link.name} ends at {end!r}; allowed: {', '.join(hosts)}")
