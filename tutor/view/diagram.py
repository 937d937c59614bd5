"""The state diagram as a picture: nodes, edges, both hosts, where they were and where they go next.

Rules
-----
* What edges, labels and nodes show is told in ``edges``, ``labels`` and ``nodes``; here they are put together.
* What is still for this size and these hosts' trails lies in a static layer, the rest in a moving one.
* Nothing after ``horizon`` shows: no next edge while a bet is open.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from tutor.joining import named
from tutor.tcp.states import State
from tutor.tcp.variant import drawn_in
from tutor.view import deviation, labels
from tutor.view.aspect import PLAIN, Aspect
from tutor.view.deviant import plan_of
from tutor.view.edges import Scene, Use, bands, is_shown, is_told, neutral, taken, tick, use_of
from tutor.view.geometry import FULL_SOCKET, NO_ROOM, Kind, Plan, Track, Type
from tutor.view.labels import larger
from tutor.view.marks import Box, Ellipse, Ink, Layer, Mark, Picture, Point, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.motion import along, eased
from tutor.view.nodes import badges, corner, crowd, node, refused, screen_name
from tutor.view.refused import Refusal, refusals
from tutor.view.standing import Standing, host_name, standings
from tutor.view.theme import Look
from tutor.words import ALL_REASONS, shown_value
from tutor.world.host import REQUEST
from tutor.world.tables import is_entry
from tutor.world.tempo import Tempo
from tutor.world.trace import Trace
from tutor.world.world import World

TRAVEL_US = 450_000
"""Wall time of a token's way along an edge at speed 1 (design spec, section 7)."""


class Rest(NamedTuple):
    """The run stood still at ``at`` for ``wall_us`` of wall time: tokens went on travelling meanwhile."""

    at: int
    wall_us: float


SETTLED = Rest(0, math.inf)
"""Nothing is on its way from the beginning."""


def diagram(
    trace: Trace,
    time: int,
    size: tuple[float, float],
    look: Look,
    *,
    horizon: int | None = None,
    tempo: Tempo | None = None,
    focus: str = "",
    rest: Rest = SETTLED,
    aspect: Aspect = PLAIN,
) -> Picture:
    """The diagram at ``time``. With ``tempo`` tokens travel: they are on their way for a moment after each edge."""
    width, height = size
    world = trace.world_at(time)
    rule_sets = frozenset(host.profile.rule_set for host in world.hosts)
    hall = Type(look.names, look.least) if look.names else NO_ROOM
    card = plan_of(width, height, aspect.figure, world.variant, rule_sets, hall)
    hosts = standings(trace, time, horizon, focus) if aspect.has_hosts else ()
    scene = Scene(card, aspect, look, drawn_in(rule_sets, world.variant))
    uses = {track.id: use_of(track, hosts, aspect) for track in card.tracks.values()}
    shown = [track for track in card.tracks.values() if is_shown(track, uses[track.id], scene)]
    key = ("diagram", size, look, aspect, scene.existing, world.variant.id, tuple(uses.values()))
    static = Layer("static", key, tuple(_ground(scene, shown, uses)))
    by_taker = sorted(shown, key=lambda track: uses[track.id].takers)
    said = refusals(trace, time)
    refusing = [mark for refusal in said for mark in _refused(scene, refusal, hosts, world)]
    others, tokens = list(crowd(card, hosts, look.least)), badges(card, hosts, {}, look.least)
    count = list(_count(scene))
    ticks = [mark for track in shown if aspect.coverage for mark in tick(track, scene)]
    heads = [*_legend(scene, shown)]
    heads += [mark for mark in _groups(card, look) if isinstance(mark, Text)]
    spoken = labels.spoken(shown, uses, scene, _boxes([*refusing, *others, *tokens, *ticks, *count, *heads]))
    moving: list[Mark] = [mark for track in by_taker for mark in _taken(track, uses, scene)]
    moving += labels.draw(spoken, scene, is_pointed=False)
    for state in State:
        moving += node(card, state, hosts, look, _kept(card, state, hosts, world))
    moving += labels.draw(spoken, scene, is_pointed=True)
    moving += ticks + count + refusing + others
    travelling = _travelling(card, hosts, (time, tempo, rest), look)
    moving += badges(card, hosts, travelling, look.least) if travelling else tokens
    return Picture(width, height, (static, Layer("moving", None, tuple(moving))), _titles(shown, said, hosts, look))


def _taken(track: Track, uses: dict[str, Use], scene: Scene) -> Iterable[Mark]:
    return taken(track, uses[track.id], scene.card, scene.look, is_lit=track.id in scene.aspect.lit)


def _boxes(marks: list[Mark]) -> tuple[Box, ...]:
    """Where tokens, ticks, chips and words that stand for themselves lie, which no label may touch."""
    found = []
    for mark in marks:
        if isinstance(mark, Rect):
            found.append(Box(mark.x, mark.y, mark.x + mark.w, mark.y + mark.h))
        elif isinstance(mark, Text) and mark.anchor == "start":
            wide = text_width(mark.text, mark.font, mark.size, mark.weight, mark.spacing)
            found.append(Box(mark.x, mark.y - mark.size * 0.8, mark.x + wide, mark.y + mark.size * 0.25))
        elif isinstance(mark, Ellipse):
            found.append(Box(mark.cx - mark.rx, mark.cy - mark.ry, mark.cx + mark.rx, mark.cy + mark.ry))
    return tuple(found)


def _ground(scene: Scene, shown: list[Track], uses: dict[str, Use]) -> Iterable[Mark]:
    """What lies under everything: groups, typical paths, edges nobody has taken."""
    yield from _groups(scene.card, scene.look)
    if scene.aspect.has_paths:
        yield from bands(scene)
    for track in sorted(shown, key=lambda track: track.id in scene.aspect.crossed):
        yield from neutral(track, uses[track.id], scene, shown)
    yield from _legend(scene, shown)


def _legend(scene: Scene, shown: list[Track]) -> Iterable[Mark]:
    """What is not TCP; that of the typical paths has the same corner, and stands above it where there is room."""
    yield from deviation.legend(scene.card, scene.look, shown, 2 if is_told(scene) else 0)


def _groups(card: Plan, look: Look) -> Iterable[Mark]:
    """The dashed boxes around what belongs together; their names, where there is room under the nodes."""
    size = max(look.least, 13 * card.scale * larger(look))
    for box, label, (x, y) in card.groups:
        yield Rect(*corner(box), 16 * card.scale, Ink("surface2"), Ink("border"), 1.2, (4, 3))
        words = look.words.t(label)
        spacing = 0.0 if look.is_chinese else 0.9 * card.scale
        wide = text_width(words, "ui", size, 700, spacing)
        if y + size * 1.2 <= box.bottom and x + wide < box.right:
            yield Text(x, y + size, words, Ink("ink3"), size, 700, spacing=spacing)


def _count(scene: Scene) -> Iterable[Mark]:
    """How many of the edges that exist here have been crossed."""
    aspect, look, card = scene.aspect, scene.look, scene.card
    if not aspect.coverage:
        return
    t = look.words.t
    size = max(look.least, 22 * card.scale * larger(look))
    small = max(look.least, 14 * card.scale * larger(look))
    x, y = card.count
    number = t("{done} of {all}", done=len(aspect.crossed & scene.existing), all=len(scene.existing))
    what = t("crossed in this run") if aspect.coverage == "run" else t("crossed so far")
    yield Text(x, y, number, Ink("ink"), size, 700, id="coverage")
    yield Text(x, y + small * 1.35, what, Ink("ink2"), small, 400, id="coverage")


# --- what is kept, what was refused ---


def _kept(card: Plan, state: State, hosts: tuple[Standing, ...], world: World) -> Kind | None:
    """What the kernel keeps in a state: of a host that is there, what it really keeps."""
    kind = card.kinds.get(state)
    if kind is None:
        return None
    for standing in hosts:
        socket = world.host(standing.host).connection(standing.connection)
        if standing.state is not state or socket is None:
            continue
        if state is State.SYN_RECEIVED and socket.kind != REQUEST:
            return FULL_SOCKET
        if state is State.FIN_WAIT_2:
            return card.kinds[State.TIME_WAIT] if is_entry(socket) else FULL_SOCKET
    return kind


def _place(refusal: Refusal, standing: Standing, world: World) -> State:
    """The node at which a refusal happened."""
    if refusal.connection in ("", standing.connection) or standing.state is None:
        return standing.state or State.CLOSED
    socket = world.host(refusal.host).connection(refusal.connection)
    return socket.state if socket is not None else State.CLOSED


def _refused(scene: Scene, refusal: Refusal, hosts: tuple[Standing, ...], world: World) -> Iterable[Mark]:
    names = [host.host for host in hosts]
    if refusal.host in names:
        index = names.index(refusal.host)
        state = _place(refusal, hosts[index], world)
        yield from refused(scene.card, state, index, refusal.what, f"refused:{refusal.host}", scene.look.least)


def _why_not(refusal: Refusal, look: Look) -> str:
    """A refusal in one sentence."""
    if refusal.reason is None:
        return named(refusal.what, refusal.error, look.words)
    values = {name: shown_value(name, value) for name, value in refusal.reason.arguments}
    return named(refusal.what, look.words.t(ALL_REASONS[refusal.reason.id].sentence, **values), look.words)


# --- words ---


def _titles(
    shown: list[Track], said: tuple[Refusal, ...], hosts: tuple[Standing, ...], look: Look
) -> tuple[tuple[str, str], ...]:
    """What each mark stands for, for tooltips and screen readers."""
    t = look.words.t
    titles = [(f"state:{state}", named(screen_name(state), t(state.meaning), look.words)) for state in State]
    for track in shown:
        action = f" → {t(track.action)}" if track.action else ""
        ends = f"{screen_name(track.source)} → {screen_name(track.target)}"
        titles.append((f"edge:{track.id}", named(ends, f"{t(track.event)}{action}", look.words)))
    for refusal in said:
        sentence = t("{host} refuses {what}", host=host_name(refusal.host, look.words), what=_why_not(refusal, look))
        titles.append((f"refused:{refusal.host}", sentence))
    for host in hosts:
        for others in host.others:
            at = screen_name(others.state)
            titles.append(
                (
                    f"conn:{others.connection}",
                    named(host_name(host.host, look.words), f"{others.count} {at}", look.words),
                )
            )
    return tuple(titles)


# --- motion ---


def _travelling(
    card: Plan, hosts: tuple[Standing, ...], clock: tuple[int, Tempo | None, Rest], look: Look
) -> dict[int, Point]:
    """Where tokens are that are on their way along an edge now (px), by host."""
    time, tempo, rest = clock
    places: dict[int, Point] = {}
    if tempo is None or look.motion == "reduced":
        return places
    for index, host in enumerate(hosts):
        gone = tempo.to_wall(time) - tempo.to_wall(host.moved_at)
        gone += rest.wall_us if host.moved_at <= rest.at else 0.0
        if host.last is not None and 0 <= gone < TRAVEL_US:
            places[index] = along(card.tracks[host.last].points, eased(gone / TRAVEL_US))
    return places
