"""Chinese is set as Chinese: its own commas, colons, brackets and full stops, as wide as its letters.

A translator sees to that within a sentence. Where code joins pieces, ``tutor.joining`` does, and these tests hold that
nobody joins without it: they read everything that the windows show and speak.
"""

from __future__ import annotations

import re

import pytest

from tests.ui.scenes import SCENES, Scene
from tests.ui.screens import Look, Screen, close
from tests.ui.stage import CLOSE, session
from tests.ui.test_language import PAGES, PANES, texts_of
from tutor.joining import aside, followed, listed, named, sentences
from tutor.teach import intents
from tutor.ui import lensing
from tutor.view.announce import announce_step
from tutor.words import Words

ZH = Words("zh")
PAGES_OF_THEIR_OWN = [scene for scene in SCENES if scene.name in ("network-won", "atlas-other")]

_HAN = "[\u4e00-\u9fff]"
_WRONG = re.compile(
    rf"{_HAN} ?[,;:!?](?!\d)|[,;:!?] ?{_HAN}"  # a half-width mark beside Han
    rf"|{_HAN} ?\((?!\))|\([^()\n]*{_HAN}|{_HAN}\.(?=\s|$)"  # brackets, a full stop
    r"|[，。；：！？（] +(?=\S)|[，。；：！？]{2}"  # room behind a mark that brings its own, two marks for one
    rf"|{_HAN} {_HAN}"  # a space between words
)
_ALLOWED = re.compile(r"[\w./\u200b-]+:\d+:\d+: ")  # a place in a file


def ill_set(text: str) -> list[str]:
    """The places where Chinese is joined as if it were English, each with what is around it."""
    text = _ALLOWED.sub("", text)
    return [text[max(0, found.start() - 20) : found.end() + 20] for found in _WRONG.finditer(text)]


def _said_on(scene: Scene) -> list[tuple[str, str]]:
    """Every text on a Chinese screen, and where it is."""
    conductor = Screen(scene, Look(1920, 1080, lang="zh")).show()
    told = texts_of(conductor)
    close(conductor)
    return told


def _spoken(texts: list[tuple[str, str]]) -> int:
    """How many of the texts have Chinese in them."""
    return sum(re.search(_HAN, text) is not None for _, text in texts)


def _all_ill_set(texts: list[tuple[str, str]]) -> list[str]:
    """Where something is ill set, and what."""
    return sorted({f"{where}: {places}" for where, text in texts if (places := ill_set(text))})


@pytest.mark.parametrize("scene", [*SCENES[:20:5], *PAGES_OF_THEIR_OWN, *PANES], ids=lambda scene: scene.name)
def test_what_is_joined_is_set_as_chinese(scene: Scene) -> None:
    """Pictures, tooltips, names and descriptions for screen readers, rows of lists, menus, dialogs."""
    texts = _said_on(scene)
    assert _spoken(texts) > 20
    assert _all_ill_set(texts) == []


@pytest.mark.ci
@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene.name not in PAGES], ids=lambda scene: scene.name)
def test_what_is_joined_is_set_as_chinese_on_any_screen(scene: Scene) -> None:
    """The same on every screen."""
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
    assert followed((), en) == "" == sentences((), ZH)
