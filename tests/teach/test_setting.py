"""A lesson's question asked elsewhere: its setting names everything in which its run departs from a plain one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sampling import quick
from tutor.profiles import load_profile
from tutor.tcp.variant import VARIANTS
from tutor.teach import facts, quiz
from tutor.teach.doing import parse_doing
from tutor.teach.facts import Scene
from tutor.teach.generate_runs import setting_of
from tutor.teach.generated import Posed
from tutor.teach.lesson import Lesson, Text
from tutor.teach.reading import lesson_ids, load_lesson
from tutor.teach.reposing import Asked, asked, authored
from tutor.teach.road import lay_road
from tutor.teach.setting import setting
from tutor.teach.stage import scenario_of
from tutor.words import LANGUAGES, Words
from tutor.world.beginning import begin
from tutor.world.link import Way
from tutor.world.program import parse_program
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.sysctls import find_field
from tutor.world.time import format_duration
from tutor.world.trace import Trace

QUICK = ("08", "09", "12", "16", "20", "27", "34", "42")
"""A fifth of the lessons; the rest take their time elsewhere."""


def posed(name: str) -> Iterator[tuple[Lesson, Asked, Posed]]:
    """Every question of a lesson that can be asked elsewhere."""
    lesson = load_lesson(name)
    for what in asked(lesson, lay_road(lesson, scenario_of(lesson))):
        question = authored(lesson, what)
        if question is not None:
            yield lesson, what, question


def departures(lesson: Lesson, what: Asked, question: Posed) -> Iterator[str]:
    """What a reader has to find: in how far the run of a question is no plain one, as lesson and check say it."""
    assert what.scene is not None
    now = question.trace.computed[question.index].world
    if lesson.variant:
        yield Words().t(VARIANTS[lesson.variant].title)
    yield from (host.profile.title for host in now.hosts)
    for host in lesson.hosts:
        values = dict(_short(now.host(host.name).settings))
        for name in {_last(name) for name, _ in host.sysctls} - {"scripted"}:
            yield f"{name} = {values[name]}"
    for name, text in lesson.link:
        if name == "nat":
            yield text
        elif name != "delay" and getattr(now.links[0].forward, name, None) != getattr(Way(), name, None):
            yield name
    for host in now.hosts:
        for running in host.programs.values():
            yield from (str(line).replace("repeat 0", "never") for line in running.program.lines)
    for left_at, act in what.acts:
        yield from _named(act, left_at)


def _short(settings: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    return ((_last(name), text) for name, text in settings)


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _named(act: str, left_at: int) -> Iterator[str]:
    """How a check's act is found again: by what is so after it, or as it stands."""
    doing = parse_doing(act)
    name, args = doing.act.name, doing.act.args
    owner, _, parameter = args[0].partition(".") if args else ("", "", "")
    if doing.after is not None:
        yield f"{format_duration(left_at + doing.after)} `{doing.act}`"
    elif name not in ("program", "profile", "variant", "set", "what-if"):
        yield act
    elif name == "program" and args[2] != "forget":
        yield " ".join(args[3:]).replace("repeat 0", "never")
    elif name == "profile":
        yield load_profile(args[1]).title
    elif name == "variant" and args[0] != "none":
        yield Words().t(VARIANTS[args[0]].title)
    elif name == "set" and parameter == "isn":
        yield act
    elif name == "what-if":
        yield f"{find_field(parameter)} = {args[1]}"
    elif name == "set" and not owner.startswith("link") and parameter != "scripted":
        yield f"{_last(parameter)} = {args[1]}"


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", quick(lesson_ids(), lambda name: name.startswith(QUICK)))
def test_every_departure_from_the_plain_run_is_named(name: str) -> None:
    """Protocol, rules, settings, shared addresses, flaws of the network, programs, acts, and the author's words."""
    for lesson, what, question in posed(name):
        said = " ".join(question.setting.en.split())
        missing = [part for part in departures(lesson, what, question) if " ".join(part.split()) not in said]
        assert missing == [], f"{lesson.id}/{what.id}"
        if what.words is not None and what.scene is not None:
            for lang in LANGUAGES:
                last = question.setting[lang].split("\n\n")[-1]
                assert last == facts.fill(what.words[lang], what.scene).split("\n\n")[-1]


def question(name: str, ask: str) -> Posed:
    """One question of a lesson."""
    return next(found for _, what, found in posed(name) if what.id == ask)


def test_what_is_not_tcp_is_called_so() -> None:
    """Before the answer, not after: a handshake of four segments is no handshake of three."""
    said = question("09-why-not-four", "call").setting
    assert said.en.startswith("NOT TCP — ")
    assert said["zh"].startswith("这不是 TCP")


def test_a_protocol_that_is_over_is_told_as_what_was_at_first() -> None:
    """Lesson 08 ends with TCP; what stands in its ladder before was something else."""
    assert question("08-why-three", "which-are-safe").setting.en.startswith("At first: NOT TCP — ")


def test_each_host_has_its_own_rules() -> None:
    """The shop has moved to a newer kernel, the guests have not."""
    said = question("34-tw-reuse-recycle", "newer-shop").setting.en
    assert "Rules of phone and laptop: Linux 2.6.32." in said
    assert "Rules of shop: Linux 4.19." in said
    assert "Behind a NAT box, seen from outside as 203.0.113.34: phone and laptop." in said


def test_what_a_hand_will_do_before_the_answer_shows_is_told() -> None:
    """Nobody can know from the past that the cable will be mended."""
    assert "What is done to this run: 16 s `mend link`" in question("04-syn-lost", "old-phone").setting.en
    assert (
        "What is done later: 205 ms `cut link`, 1 min 20.105 s `mend link`"
        in question("00-connection", "pulled").setting.en
    )


# --- pieces that no shipped lesson needs all at once ---


def made(*links: LinkSpec, sysctls: tuple[tuple[str, str], ...] = (), variant: str = "") -> Text:
    """The setting of a run of up to three hosts before anything has happened."""
    hosts = tuple(
        HostSpec(name, f"10.0.0.{place}", load_profile(profile), sysctls if place == 1 else (), isn=1, programs=(
            (parse_program(["listen 80"]),) if place == 2 else ()
        ))
        for place, (name, profile) in enumerate((("a", "linux-6.18"), ("b", "linux-6.18"), ("c", "linux-6.18")), 1)
    )  # fmt: skip
    trace = Trace(begin(Scenario(hosts, links, variant=variant)), 1_000_000)
    assert setting_of(trace) == setting(trace.computed[0].world, trace.computed[0].world)
    return setting_of(trace)


def test_a_way_that_differs_from_the_way_back_is_told_apart() -> None:
    """Delay, loss and size of packets, each for whom it concerns."""
    flawed = LinkSpec("a", "b", "link", (("delay", "5ms"), ("a.loss", "20%"), ("mtu", "600")))
    slow = LinkSpec("b", "c", "link2", (("delay", "5ms"), ("b.delay", "2s"), ("nat", "192.0.2.1")))
    said = made(flawed, slow).en
    for part in (
        "One way takes 5 ms between a and b.", "One way takes 2 s from b to c.", "One way takes 5 ms from c to b.",
        "The link from a to b: `mtu 600`, `loss 20%`.", "The link from b to a: `mtu 600`.",
        "Behind a NAT box, seen from outside as 192.0.2.1: b.",
    ):  # fmt: skip
        assert part in said
    assert "The link between b and c" not in said


def test_a_plain_run_is_told_in_one_sentence_and_its_programs() -> None:
    """Nothing is said that is as always."""
    said = made(LinkSpec("a", "b", "link", (("delay", "5ms"),)), LinkSpec("b", "c", "link2", (("delay", "5ms"),))).en
    assert said == "Rules: Linux 6.18. One way takes 5 ms.\n\nThe program of the b: `listen 80`"


def test_a_machine_without_a_kernel_is_told() -> None:
    """Who has no kernel answers nothing, whatever comes."""
    said = made(LinkSpec("a", "b"), sysctls=(("scripted", "yes"), ("tcp_sack", "0"), ("isn", "7"))).en
    assert "No kernel answers at the a" in said
    assert "Settings of the a: `tcp_sack = 0`" in said


def test_what_both_ends_must_agree_on_is_told_of_both() -> None:
    """Timestamps that one end has and the other has not: nobody can know which without being told."""
    told = question("20-time-wait-old-segments", "plug").setting["en"]
    assert "tcp_timestamps = 0" in told
    assert "tcp_timestamps = 1" in told


def test_an_order_has_shown_its_answer_when_the_last_of_it_has_happened() -> None:
    """So that what is replayed of it goes to its end."""
    posed_order = question("10-simultaneous-open", "bob-first")
    assert posed_order.kind == "order"
    scene = next(each for lesson, what, each in _scenes("10-simultaneous-open") if what.id == "bob-first")
    moments = [quiz.when(option.value, scene) for option in posed_order.ask.options]
    assert set(posed_order.seen) == {max(moment.at for moment in moments if moment is not None)}
    assert posed_order.seen[0] > min(moment.at for moment in moments if moment is not None)


def _scenes(name: str) -> Iterator[tuple[Lesson, Asked, Scene]]:
    lesson = load_lesson(name)
    for what in asked(lesson, lay_road(lesson, scenario_of(lesson))):
        if what.scene is not None:
            yield lesson, what, what.scene
