"""YAML from strangers: what it means, where it stands, and how far it may go."""

from __future__ import annotations

import random
import textwrap
from pathlib import Path

import pytest
import yaml as libyaml

from tutor import resources
from tutor.teach import yamlio
from tutor.teach.errors import Problems
from tutor.teach.lesson import Mark
from tutor.words import Words


EVERY = Path(__file__).parents[1] / "teach" / "data" / "every_kind.yaml"


def read(text: str | bytes) -> tuple[yamlio.Node | None, list[str]]:
    """The tree of ``text`` and what was said about it, as ``line:column what``."""
    problems = Problems(Words("en"))
    raw = text if isinstance(text, bytes) else text.encode()
    node = yamlio.read(raw, "file.yaml", problems)
    return node, [f"{error.line}:{error.column} {error.what}" for error in problems.errors]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("22:22", "22:22"),
        ("on", "on"),
        ("0777", 777),
        ("1_000", "1_000"),
        ("2024-01-01", "2024-01-01"),
        ("<<", "<<"),
        ("true", True),
        ("~", None),
        ("12", 12),
        ("0x1f", 31),
        ("1.5", 1.5),
        ('"12"', "12"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_a_word_means_what_yaml_1_2_says(written: str, meant: object) -> None:
    """``no`` is a word and ``22:22`` is not a number; a number too long to be one stays a text."""
    node, said = read(f"key: {written}\n")
    assert node is not None
    assert said == []
    assert node.data() == {"key": meant}


def test_every_part_knows_its_place() -> None:
    """Line and column of keys, values and items, counted from 1."""
    node, _ = read("a: 1\nlist:\n  - x\n  - deep: y\n")
    assert node is not None
    assert node.key_mark("list") == Mark("file.yaml", 2, 1)
    assert node.at(["list", 0]).mark == Mark("file.yaml", 3, 5)
    assert node.at(["list", 1, "deep"]).mark == Mark("file.yaml", 4, 11)
    assert node.at(["list", 1, "nothing", 7]).mark == Mark("file.yaml", 4, 5), "what is not there is looked for above"


def test_a_word_in_a_block_of_text_has_a_place_of_its_own() -> None:
    """A fault in the third line of a paragraph is reported in that line."""
    node, _ = read("words: |\n    one\n    two three\n")
    assert node is not None
    text = node.at(["words"])
    assert text.mark_in(str(text.value).index("three")) == Mark("file.yaml", 3, 9)


def test_the_same_key_twice_is_a_fault() -> None:
    """Other readers silently take the last one."""
    node, said = read("a: 1\nb: 2\na: 3\n")
    assert said == ["3:1 the same key twice"]
    assert node is not None
    assert node.data() == {"a": 1, "b": 2}


def test_no_tag_is_obeyed() -> None:
    """A tag would ask the reader to build something; it is a fault, and the text stays text."""
    node, said = read("a: !!python/object/apply:os.system [echo]\n")
    assert said == ["1:4 tags are not used in lessons"]
    assert node is not None
    assert node.data() == {"a": ["echo"]}


def bomb(levels: int) -> str:
    """Nine aliases a level: 9 ** levels parts when unfolded."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.sampled(12)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (bomb(5), "5:5 aliases unfold to too many parts"),
        (bomb(9), "5:5 aliases unfold to too many parts"),
        ("a: &x [1]\nb: [" + ", ".join(["*x"] * 60) + "]", "2:205 too many aliases"),
        ("[" * 40 + "]" * 40, "1:17 nested too deeply"),
        ("[" * 100_000, "1:17 nested too deeply"),
        ("- x\n" * 30_000, "20000:3 too many parts"),
        ("a: " + "x" * 300_000, "1:1 the file is too large"),
        ("a: &x [*x]", "1:8 this alias names nothing"),
        ("a: [1, 2", "1:9 this is not YAML"),
        ("a: 1\n---\nb: 2\n", "2:1 a lesson is one YAML document, and here a second one begins"),
        ("", "1:1 the file is empty"),
        ("a: \x00", "1:1 this is not YAML"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_error(text: str, said: str) -> None:
    """Bombs, wells, floods and rubble: each ends the reading with one sentence and nothing built."""
    node, found = read(text)
    assert node is None
    assert found == [said]


def test_other_encodings_are_told_with_their_place() -> None:
    """Latin-1 in the second line."""
    node, said = read("a: 1\nb: é\n".encode("latin-1"))
    assert node is None
    assert said == ["2:4 this is not UTF-8 text"]


def test_rewriting_keeps_what_people_wrote() -> None:
    """An editor changes one value; comments, order and quotation marks of the rest stay."""
    text = '# why\na: "1"   # first\nb:\n  - x\n  - y  # second\n'
    assert yamlio.rewrite(text, {("b", 1): "z"}) == '# why\na: "1"   # first\nb:\n  - x\n  - z  # second\n'


class _Slow:
    """PyYAML as it is where nobody built libyaml."""

    YAMLError = libyaml.YAMLError


def parts(node: yamlio.Node | None, path: tuple[object, ...] = ()) -> list[object]:
    """Every part of a tree with its place. Where nothing is written (``key:``) its place is a matter of taste."""
    if node is None:
        return []
    here = None if node.value is None else (node.mark, node.block_indent, node.text_column)
    found: list[object] = [(path, here)]
    if isinstance(node.value, dict):
        for key, (mark, child) in node.value.items():
            found += [(*path, key, mark), *parts(child, (*path, key))]
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            found += parts(child, (*path, index))
    return found


def both(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    """What is read with libyaml, and what without."""
    node, said = read(text)
    fast = node and node.data(), parts(node), said
    with monkeypatch.context() as patch:
        patch.setattr(yamlio, "libyaml", _Slow)
        node, said = read(text)
    return fast, (node and node.data(), parts(node), said)


@pytest.mark.ci
def test_a_lesson_is_read_alike_with_and_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words, numbers, and the place of each of them."""
    assert hasattr(libyaml, "CLoader"), "PyYAML has been installed without libyaml: reading is slow here"
    for path in sorted(resources.lessons_dir().glob("0*/*.yaml")):
        fast, slow = both(path.read_text(encoding="utf-8"), monkeypatch)
        assert fast == slow, path


def test_what_somebody_mistyped_is_judged_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few letters of a lesson put elsewhere, 400 times: the same parts at the same places, or the same complaint."""
    lines = EVERY.read_text(encoding="utf-8").splitlines()
    dice = random.Random(9293)
    for _ in range(400):
        first = dice.randrange(len(lines) - 8)
        text = textwrap.dedent("\n".join(lines[first : first + dice.randrange(2, 9)]) + "\n")
        for _ in range(dice.randrange(1, 6)):
            at = dice.randrange(len(text) + 1)
            text = text[:at] + dice.choice(" :-[]{}#,&*!|>'\"%@`?\n é三=\\\t\u2028") + text[at + dice.randrange(2) :]
        fast, slow = both(text, monkeypatch)
        assert fast == slow, text
