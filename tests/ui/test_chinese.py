"""Chinese is set as Chinese: its own commas, colons, brackets and full stops, as wide as its letters.

A translator sees to that within a sentence. Where code joins pieces, ``tutor.joining`` does, and these tests hold that
nobody joins without it: they read everything that the windows show and speak.
"""

from __future__ import annotations

import re
from itertools import product

import pytest

from tests.sampling import few
from tests.setting import HAN, ill_set
from tests.ui.scenes import SCENES, Scene
from tests.ui.screens import Look, Screen, close
from tests.ui.stage import CLOSE, session
from tests.ui.test_language import PAGES, PANES, texts_of
from tutor.explore.parts import Budget, Play
from tutor.explore.search import search
from tutor.explore.verdict import PROPERTIES as BITS
from tutor.joining import aside, fitted, followed, listed, named, sentences
from tutor.profiles import load_profile
from tutor.tcp.states import State
from tutor.tcp.variant import variant_named
from tutor.teach import intents
from tutor.teach.atlas import ORDER, Reading, heading
from tutor.teach.beyond import Beyond
from tutor.teach.found import moves_told
from tutor.ui import lensing
from tutor.ui.atlas_rows import BEYOND, INDENT, atlas_rows, spoken
from tutor.view.announce import announce_step
from tutor.words import Words

ZH = Words("zh")
PAGES_OF_THEIR_OWN = [scene for scene in SCENES if scene.name in ("network-won", "atlas-other", "atlas-cannot")]


def _said_on(scene: Scene) -> list[tuple[str, str]]:
    """Every text on a Chinese screen, and where it is."""
    conductor = Screen(scene, Look(1920, 1080, lang="zh")).show()
    told = texts_of(conductor)
    close(conductor)
    return told


def _spoken(texts: list[tuple[str, str]]) -> int:
    """How many of the texts have Chinese in them."""
    return sum(re.search(HAN, text) is not None for _, text in texts)


def _all_ill_set(texts: list[tuple[str, str]]) -> list[str]:
    """Where something is ill set, and what."""
    return sorted({f"{where}: {places}" for where, text in texts if (places := ill_set(text))})


@pytest.mark.sampled(25)
@pytest.mark.parametrize("scene", [*SCENES[:20:5], *PAGES_OF_THEIR_OWN, *PANES], ids=lambda scene: scene.name)
def test_what_is_joined_is_set_as_chinese(scene: Scene) -> None:
    """Pictures, tooltips, names and descriptions for screen readers, rows of lists, menus, dialogs."""
    texts = _said_on(scene)
    assert _spoken(texts) > 20
    assert _all_ill_set(texts) == []


@pytest.mark.parametrize(
    "scene", few((scene for scene in SCENES if scene.name not in PAGES), 3), ids=lambda scene: scene.name
)
def test_what_is_joined_is_set_as_chinese_on_any_screen(scene: Scene) -> None:
    """The same on every screen; a third of them in the longer run."""
    texts = _said_on(scene)
    assert _spoken(texts) > 20
    assert _all_ill_set(texts) == []


def test_what_hands_have_done_is_set_as_chinese(show) -> None:
    """Banners, warnings and titles about a kernel that is no stock one, on the second of several connections."""
    conductor = show(session("lab-3-queue", lang="zh"), 1920, 1080)
    conductor.send(intents.Seek(200_000))
    for act in ("what-if client.time_wait_us 1s", "cut link", "crash server"):
        conductor.send(intents.ActNow(act))
        conductor.send(intents.StepForward())
    conductor.window.command("panel-parameters")
    conductor.send(lensing.next_focus(conductor.session))
    told = texts_of(conductor)
    assert any("原版内核" in text for _, text in told)
    assert any(where.endswith("focus:next") for where, _ in told)
    assert not {f"{where}: {places}" for where, text in told if (places := ill_set(text))}


def test_what_is_announced_is_set_as_chinese() -> None:
    """What a screen reader says at each step of a run."""
    run = session(CLOSE, lang="zh").trace
    said = [announce_step(step.records, ZH, run) for step in run.steps]
    assert any(said)
    assert not [text for text in said if ill_set(text)]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("variant", ["", "two-way-syn-data", "two-segment-close"])
def test_what_the_atlas_tells_is_set_as_chinese(variant: str) -> None:
    """Titles of its runs, moves with their octets, what is compared, why a pair cannot be; every third pair."""
    texts = []
    for pair in list(product(ORDER, ORDER))[::3]:
        reading = Reading(variant=variant, chosen=pair)
        rows = atlas_rows(reading, (State.LISTEN, State.CLOSED), ZH)
        texts += [text for k in BEYOND for text in atlas_rows(reading, pair, ZH, by=Beyond(k, 10_000, "server")).why]
        texts += [rows.title, rows.verdict, rows.compared, rows.summary, rows.not_tcp, rows.now, *rows.moves, *rows.why]
        texts += [heading(variant, pair, ZH), spoken(rows, ZH), *(cell.title for row in rows.map.cells for cell in row)]
    assert not {text for text in texts if ill_set(text.replace(f"\n{INDENT}", "\n"))}


def test_what_a_search_has_found_is_told_in_chinese_marks() -> None:
    """Moves with octets in brackets, and with a number that an adversary has placed."""
    told = set()
    for variant, prop, budget in (
        ("fixed-isn", "own-bytes", Budget(held=1, losses=1)), ("", "honest-open", Budget(held=1, coincidences=1)),
    ):  # fmt: skip
        profile = load_profile("rfc9293" if variant else "linux-6.18")
        answer = search(Play(profile, variant_named(variant), budget, watched=BITS[prop]))
        assert answer.is_found
        told |= set(moves_told(answer, ZH))
    assert any("字节）到达" in text for text in told) and any("（攻击者" in text for text in told)
    assert not [text for text in told if ill_set(text)]


def test_the_finder_finds() -> None:
    """Half-width marks beside Han are found; numbers, calls, places in files and protocol syntax are not."""
    for text in (
        "客户端: 1",
        "没有连接. ",
        "一, 二",
        "在途 (丢失)",
        "（一）; 二",
        "完了。 又",
        "客户端 收到",
        "完了。。",
        "（10 字节） 到达",
    ):
        assert ill_set(text), text
    for text in ("客户端：seq=1, ack=2", "run.pkt:3:1: 遇到", "调用 close() 之后", "10:30", "SYN，共 1 个。"):
        assert not ill_set(text), text


def test_pieces_are_joined_as_the_language_joins_them() -> None:
    """The same pieces in both languages; what is empty leaves no mark behind, and what has ended no second one."""
    en = Words("en")
    assert named("RTO", "1 s", en) == "RTO: 1 s"
    assert named("RTO", "1 s", ZH) == "RTO：1 s"
    assert aside("SYN", "lost", en) == "SYN (lost)"
    assert aside("SYN", "丢失", ZH) == "SYN（丢失）"
    assert listed(("a", "b"), en) == "a, b"
    assert listed(("a", "b"), ZH) == "a，b"
    assert sentences(("One", "Two.", ""), en) == "One. Two."
    assert sentences(("一", "二。"), ZH) == "一。二。"
    assert fitted("客户端的旧 SYN（10 字节） 到达") == "客户端的旧 SYN（10 字节）到达"
    assert fitted("an old SYN (10 bytes) arrives") == "an old SYN (10 bytes) arrives"
    assert followed((), en) == "" == sentences((), ZH)
