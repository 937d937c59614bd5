"""What is said about a state or an edge that was clicked. Values in, values out; no Qt.

Rules
-----
* Computed from tables: the edges, the profile of this host, RFC 9293's profile. A difference is a field in which the
  two differ, with its source, or an edge that only one of them has.
* Nothing here looks past the playhead: what is possible is a table's business, what will happen is not said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tutor.commands.profiles import shown
from tutor.joining import aside, chained, listed, named
from tutor.tcp.concerns import STATE_FIELDS, TIMER_FIELDS, TIMER_FIELDS_IN, TIMERS_IN, edge_fields
from tutor.tcp.profile import Profile
from tutor.tcp.states import State
from tutor.tcp.transitions import EDGES, RFC, SEQUENCES, Edge
from tutor.tcp.variant import rows
from tutor.teach import there
from tutor.teach.session import Session
from tutor.ui import rule_words
from tutor.ui.rows import DetailRows
from tutor.view.refused import refusals
from tutor.view.theme import HOST_ROLES, host_letter
from tutor.words import Words
from tutor.world.time import format_duration

MOST = 6
"""More differences than this are not listed, only counted."""


def state_rows(name: str, session: Session, words: Words) -> DetailRows | None:
    """A state: what it means, its timers, what this TCP does otherwise, what can happen. ``name`` has it in it."""
    state, profile = there.state_in(name), profile_of(session)
    if state is None:
        return None
    lines = [(words.t("Meaning"), words.state_meaning(state))]
    lines.append((words.t("Rule"), words.t("{document} section {section}", document="RFC 9293", section="3.3.2")))
    lines.append((words.t("Timers"), _timers(state, profile, words)))
    lines.append((words.t("Now"), _running(state, session, words)))
    lines.append((words.t("Ways out"), chained(_ways(state, profile, words), words) or words.t("none")))
    edges = [edge for edge in _known(profile) if edge.source is state]
    lines += _differences(STATE_FIELDS[state], edges, profile, session, words)
    return _rows(words.state(state), lines, f"state:{state}", session, words)


def edge_rows(name: str, session: Session, words: Words) -> DetailRows | None:
    """A drawn edge: each event that crosses it, its clause, what this TCP does otherwise, and the way there."""
    profile = profile_of(session)
    edges = drawn_rows(name, profile)
    if not edges:
        return None
    here = [edge for edge in edges if profile.rule_set in edge.rule_sets] or edges
    lines = []
    for edge in here:
        action = f" → {words.t(edge.action)}" if edge.action else ""
        lines.append((words.t("Event"), words.t(edge.cause) + action))
        lines.append((words.t("Rule"), words.rule(edge.clause)))
    timers = [timer for edge in here if "timeout" in edge.cause for timer in _timer_lines(edge.source, profile, words)]
    if timers:
        lines.append((words.t("Timers"), chained(dict.fromkeys(timers), words)))
    fields = dict.fromkeys(field for edge in here for field in edge_fields(edge))
    lines += _differences(tuple(fields), edges, profile, session, words)
    title = f"{words.state(here[0].source)} → {words.state(here[-1].target)}"
    return _rows(title, lines, f"edge:{name}", session, words)


def refused_rows(host: str, session: Session, words: Words) -> DetailRows | None:
    """What a host refused in the last step, why, and by which clause; None if it refused nothing."""
    found = next((each for each in refusals(session.trace, session.playhead) if each.host == host), None)
    if found is None:
        return None
    place = [each.name for each in session.world.hosts].index(host)
    lines = [(words.t("Error"), found.error)]
    if found.reason is not None:
        lines = [(words.t("Why"), words.reason(found.reason)), (words.t("Rule"), words.reason_clause(found.reason))]
    title = words.t("{letter} refuses {what}", letter=host_letter(place), what=found.what)
    return DetailRows(title, HOST_ROLES[place % len(HOST_ROLES)], tuple(lines))


def _known(profile: Profile) -> Iterable[Edge]:
    """Every row of the table, as far as the protocol that is spoken here has it."""
    own = profile.variant.instead
    return (*(own.get(edge.id, edge) for edge in EDGES.values()), *profile.variant.added)


def drawn_rows(name: str, profile: Profile) -> list[Edge]:
    """The rows of the table that a drawn edge stands for; of a drawn sequence its edges in order."""
    edges = list(dict.fromkeys(edge for edge in _known(profile) if edge.drawn_as == name))
    return edges or [edge for each in SEQUENCES if each.drawn_as == name for edge in each.edges]


def profile_of(session: Session) -> Profile:
    """The rules that are spoken of: those of the first host that has a TCP."""
    hosts = session.world.hosts
    return next((host.profile for host in hosts if not host.is_scripted), hosts[0].profile)


def _rows(title: str, lines: list[tuple[str, str]], target: str, session: Session, words: Words) -> DetailRows:
    return DetailRows(title, "ink", tuple(line for line in lines if line[1]), there=_way(target, session, words))


# --- timers ---


def _timers(state: State, profile: Profile, words: Words) -> str:
    lines = list(_timer_lines(state, profile, words))
    return chained(lines, words) if lines else words.t("none")


def _timer_lines(state: State, profile: Profile, words: Words) -> Iterator[str]:
    """Each timer that can run in a state, with the numbers of this profile."""
    for timer in TIMERS_IN[state]:
        fields = TIMER_FIELDS_IN.get((state, timer), TIMER_FIELDS[timer])
        values = [aside(shown(profile, field, words), field, words) for field in fields if getattr(profile, field)]
        said = listed(values, words) or words.t("off")
        yield named(words.timer(timer), said, words)


def _running(state: State, session: Session, words: Words) -> str:
    """The timers that run in this state at this moment, by host."""
    now, said = session.playhead, []
    for place, host in enumerate(session.world.hosts):
        for socket in host.all_sockets():
            if socket.state is state:
                for timer, at in socket.tcb.timers.running():
                    left = words.t("{timer}, {left} left", timer=words.timer(timer), left=format_duration(at - now))
                    said.append(named(host_letter(place), left, words))
    return chained(dict.fromkeys(said), words)


# --- what can happen, what is different ---


def _ways(state: State, profile: Profile, words: Words) -> Iterable[str]:
    edges = [edge for edge in rows(profile.variant, profile.rule_set) if edge.source is state]
    return dict.fromkeys(f"{words.t(edge.cause)} → {words.state(edge.target)}" for edge in edges)


def _differences(
    fields: tuple[str, ...], edges: list[Edge], profile: Profile, session: Session, words: Words
) -> list[tuple[str, str]]:
    """Where this profile and RFC 9293 part, as lines of their own; none for the RFC itself."""
    standard = session.scenario.profiles.get(RFC)
    if standard is None or profile.rule_set == RFC:
        return []
    said = [*_edges_apart(edges, profile, words), *_fields_apart(fields, profile, standard, words)]
    name = profile.title
    if not said:
        return [(name, words.t("as RFC 9293 has it"))]
    lines = [(name if place == 0 else "", text) for place, text in enumerate(said[:MOST])]
    if len(said) > MOST:
        more = words.n("{count} more difference", "{count} more differences", len(said) - MOST)
        lines.append((" ", more))
    return lines


def _edges_apart(edges: list[Edge], profile: Profile, words: Words) -> Iterator[str]:
    for edge in edges:
        ours, theirs = profile.rule_set in edge.rule_sets, RFC in edge.rule_sets
        ends = f"{words.t(edge.cause)} → {words.state(edge.target)}"
        if theirs and not ours:
            yield words.t("only in RFC 9293: {edge} ({section})", edge=ends, section=words.section(edge.clause))
        elif ours and not theirs:
            yield words.t("not in RFC 9293: {edge} ({section})", edge=ends, section=words.section(edge.clause))


def _fields_apart(fields: tuple[str, ...], profile: Profile, standard: Profile, words: Words) -> Iterator[str]:
    for field in fields:
        mine, theirs = shown(profile, field, words), shown(standard, field, words)
        if mine != theirs:
            yield rule_words.apart(field, profile, standard, words)


# --- the way there ---


def _way(target: str, session: Session, words: Words) -> str:
    """What "take me there" would do, in words; "" where there is no way under these rules."""
    known = there.recipe(target, profile_of(session).rule_set)
    if known is None:
        return ""
    deeds = listed((f"`{deed}`" for deed in there.deeds(known)), words)
    return words.t("A new run in which this happens: {deeds}.", deeds=deeds)
