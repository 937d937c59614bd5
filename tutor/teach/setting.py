"""The setting of a question: all that must be known of a run by somebody who sees no more of it than its past.

Rules
-----
* What departs from the plain run is named: a protocol that is not TCP, each host's rules, each way's delay and what is
  wrong with it, boxes that share an address, settings, hosts without a kernel of their own, programs as they are now.
* What both ends must agree on (``AGREED``) is told of both where it is set on one.
* Values are those of the moment. What a hand has done besides, and what one will do before the answer shows, is told
  as the act that it is.
* First numbers and first ports are not told: the ladder counts from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tutor.tcp.variant import Variant
from tutor.teach.doing import parse_doing
from tutor.teach.generated import paragraphs, plain, said
from tutor.teach.lesson import Text
from tutor.teach.parameter_parts import link_text
from tutor.words import mark
from tutor.world.host import Host
from tutor.world.link import OF_THE_CABLE, PARAMETERS, Link, Way, parameter_text
from tutor.world.sysctls import NEXT_ISN, SCRIPTED, SettingError, get_setting
from tutor.world.time import format_duration
from tutor.world.world import World

SHOWN_AS_STATE = ("program", "profile", "variant", "set", "what-if")
"""Acts that are told by what is so after them."""


AGREED = frozenset(f"net.ipv4.tcp_{name}" for name in ("timestamps", "sack", "window_scaling"))
"""Settings of which nothing comes unless both ends have them (RFC 7323 section 1.3, RFC 2018 section 2)."""

Told = Sequence[tuple[int, str]]
"""(microseconds, act): what is done, and when."""


def setting(now: World, began: World, acts: Told = (), later: Told = ()) -> Text:
    """What is to be known of a run at ``now`` that began as ``began``, a paragraph a fact.

    ``acts``: those of a check, as ``doing`` reads them, each with when the check leaves the lesson's run; ``later``:
    what is still to come.
    """
    lines = [*_protocol(now, began), *_rules(now), *_ways(now.links), *_boxes(now.links)]
    names = AGREED & {name for host in now.hosts for name, _ in host.settings}
    for host in now.hosts:
        lines += _settings(host, names)
        lines += _programs(host)
    return paragraphs([*lines, *_acts(acts), *_later(later)])


def _protocol(now: World, began: World) -> Iterator[Text]:
    """What is spoken instead of TCP, now and in the beginning."""
    if began.variant is not now.variant and not began.variant.is_tcp:
        yield said(mark("At first: {protocol}"), protocol=_not_tcp(began.variant))
    if not now.variant.is_tcp:
        yield _not_tcp(now.variant)


def _not_tcp(variant: Variant) -> Text:
    return said(mark("NOT TCP — {title}: {departs}."), title=said(variant.title), departs=said(variant.departs))


def _rules(now: World) -> Iterator[Text]:
    """Whose rules hold: in one sentence with the delay where both are the same everywhere."""
    titles = list(dict.fromkeys(host.profile.title for host in now.hosts))
    delays = {way.delay for link in now.links for way in (link.forward, link.backward)}
    if len(titles) == 1 and len(delays) == 1:
        delay = format_duration(delays.pop())
        yield said(mark("Rules: {profile}. One way takes {delay}."), profile=titles[0], delay=delay)
        return
    for title in titles:
        hosts = [host.name for host in now.hosts if host.profile.title == title]
        if len(titles) == 1:
            yield said(mark("Rules: {profile}."), profile=title)
        else:
            yield said(mark("Rules of {hosts}: {profile}."), hosts=_listed(hosts), profile=title)
    if len(delays) == 1:
        yield said(mark("One way takes {delay}."), delay=format_duration(delays.pop()))
    elif delays:
        for link in now.links:
            yield from _delays(link)


def _delays(link: Link) -> Iterator[Text]:
    there, back = format_duration(link.forward.delay), format_duration(link.backward.delay)
    if there == back:
        yield said(mark("One way takes {delay} between {a} and {b}."), delay=there, a=link.a, b=link.b)
        return
    for delay, a, b in ((there, link.a, link.b), (back, link.b, link.a)):
        yield said(mark("One way takes {delay} from {a} to {b}."), delay=delay, a=a, b=b)


def _listed(names: Sequence[str]) -> Text:
    if len(names) == 1:
        return plain(names[0])
    return said(mark("{first} and {last}"), first=", ".join(names[:-1]), last=names[-1])


# --- the network ---


def _ways(links: Sequence[Link]) -> Iterator[Text]:
    """What is wrong with the network: what each way does to segments, and what is cut."""
    for link in links:
        there, back = list(_flaws(link.forward)), list(_flaws(link.backward))
        if there == back:
            if there:
                told = mark("The link between {a} and {b}: {parameters}.")
                yield said(told, a=link.a, b=link.b, parameters=_code(there))
        else:
            for flaws, a, b in ((there, link.a, link.b), (back, link.b, link.a)):
                if flaws:
                    one_way = mark("The link from {a} to {b}: {parameters}.")
                    yield said(one_way, a=a, b=b, parameters=_code(flaws))
        if link.is_cut:
            yield said(mark("The cable between {a} and {b} is cut."), a=link.a, b=link.b)


def _flaws(way: Way) -> Iterator[str]:
    """``loss 5%`` and what else a way has that a plain one has not."""
    for name in PARAMETERS:
        if name != "delay" and name not in OF_THE_CABLE and getattr(way, name) != getattr(_PLAIN, name):
            yield f"{name} {link_text(name, getattr(way, name))}"


_PLAIN = Way()


def _boxes(links: Sequence[Link]) -> Iterator[Text]:
    """Who is seen from outside under another address than his own."""
    for address in dict.fromkeys(link.nat for link in links if link.nat):
        behind = [link for link in links if link.nat == address]
        yield said(
            mark("Behind a NAT box, seen from outside as {address}: {hosts}."),
            address=address, hosts=_listed([link.a for link in behind]),
        )  # fmt: skip
        for name in ("nat-established", "nat-transitory"):
            kept = getattr(behind[0], name.replace("-", "_"))
            if kept != getattr(_CABLE, name.replace("-", "_")):
                parameters = _code([f"{name} {parameter_text(name, kept)}"])
                yield said(mark("The NAT box: {parameters}."), parameters=parameters)


_CABLE = Link("", "", "")


def _code(parts: Sequence[str]) -> Text:
    return plain(", ".join(f"`{part}`" for part in parts))


# --- hosts ---


def _settings(host: Host, names: Iterable[str]) -> Iterator[Text]:
    """What was set on a host, as it stands now; of what was set on another one (``names``), what its own rules say."""
    found = {name: text for name, text in host.settings if name != NEXT_ISN}
    if found.pop(SCRIPTED, "no") == "yes":
        yield said(
            mark("No kernel answers at the {host}: only what is forged in its name comes from there."), host=host.name
        )
    else:
        found |= {name: text for name in sorted(names) if name not in found and (text := _of_its_rules(host, name))}
    if found:
        parts = [f"{name.removeprefix('net.ipv4.').removeprefix('net.core.')} = {text}" for name, text in found.items()]
        yield said(mark("Settings of the {host}: {settings}"), host=host.name, settings=_code(parts))


def _of_its_rules(host: Host, name: str) -> str:
    """The value of a setting that nobody has set; "" where the host's rules have no such setting."""
    try:
        return get_setting(host.profile, name)
    except SettingError:
        return ""


def _programs(host: Host) -> Iterator[Text]:
    for _, running in sorted(host.programs.items()):
        text = "; ".join(str(line).replace("repeat 0", "never") for line in running.program.lines)
        yield said(mark("The program of the {host}: {program}"), host=host.name, program=f"`{text}`")


# --- acts ---


def _acts(acts: Told) -> Iterator[Text]:
    told = [_act(left_at, act) for left_at, act in acts if not is_shown_as_state(act)]
    if told:
        yield said(mark("What is done to this run: {acts}"), acts=plain(", ".join(told)))


def _act(left_at: int, text: str) -> str:
    """An act, and when it is done if it waits."""
    doing = parse_doing(text)
    return f"`{text}`" if doing.after is None else f"{format_duration(left_at + doing.after)} `{doing.act}`"


def is_shown_as_state(act: str) -> bool:
    """Is the act of a check told by what is so after it (a setting, a program), and not as an act?"""
    doing = parse_doing(act)
    is_number = doing.act.name == "set" and doing.act.args[0].endswith(f".{NEXT_ISN}")
    return doing.after is None and doing.act.name in SHOWN_AS_STATE and not is_number


def _later(later: Told) -> Iterator[Text]:
    if later:
        acts = ", ".join(f"{format_duration(at)} `{act}`" for at, act in later)
        yield said(mark("What is done later: {acts}"), acts=plain(acts))
