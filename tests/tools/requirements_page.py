"""Writes the help page of RFC 9293's requirements from the table that the tests hold.

python tests/tools/requirements_page.py            # write assets/help/rfc9293.md and rfc9293.zh.md
python tests/tools/requirements_page.py --check    # change nothing; exit 1 if a page is stale
"""

from __future__ import annotations

import argparse
import ast
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests" / "requirements" / "rfc9293.toml"
PAGES = {"en": ROOT / "assets" / "help" / "rfc9293.md", "zh": ROOT / "assets" / "help" / "rfc9293.zh.md"}

HEADS = {
    "en": (
        "# What RFC 9293 asks of a TCP, and where it can be seen here",
        (
            "Every requirement of appendix B by its number, in our words. *Shown by* names the story among the tests"
            " that fails if the engine does otherwise under the profile `rfc9293`; where there is nothing to show, the"
            " reason stands instead. Where Linux departs from the RFC, `tcp-tutor profiles --diff rfc9293 linux-6.18`"
            " says how."
        ),
        "| Number | Level | What is asked | Shown by, or why not |",
    ),
    "zh": (
        "# RFC 9293 对 TCP 的要求，以及在这里何处可见",
        (
            "附录 B 的每一条要求，按编号列出，用我们自己的话。“何处可见”给出测试中的一个故事：引擎在 `rfc9293`"
            " 配置下若不照办，它就会失败；没有可展示的，则写明原因。Linux 与 RFC 的不同之处见"
            " `tcp-tutor profiles --diff rfc9293 linux-6.18`。"
        ),
        "| 编号 | 级别 | 要求 | 何处可见，或为何没有 |",
    ),
}


def sections() -> list[dict[str, Any]]:
    """The table as it stands in the file."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))["section"]  # type: ignore[no-any-return]


def story(shown: str) -> str:
    """The first sentence of the story's docstring; ``LookupError`` if there is no such story or it says nothing."""
    path, _, name = shown.partition("::")
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            said = ast.get_docstring(node)
            if said:
                return said.splitlines()[0]
    raise LookupError(f"no story {shown}")


def _sentence(shown: str) -> str:
    """The story's name as the sentence it is."""
    return shown.rpartition("::")[2].removeprefix("test_").replace("_", " ")


def page(lang: str) -> str:
    """The whole page in a language."""
    title, words, head = HEADS[lang]
    lines = [title, "", words]
    for section in sections():
        lines += ["", f"## {section[lang]}", "", head, "| --- | --- | --- | --- |"]
        for row in section["rows"]:
            where = f"*{_sentence(row['shown'])}*" if "shown" in row else row["absent"][lang]
            lines.append(f"| {row['id']} | {row['level']} | {row[lang]} | {where} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the pages, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = [
        path for lang, path in PAGES.items() if not path.exists() or path.read_text(encoding="utf-8") != page(lang)
    ]
    for lang, path in PAGES.items():
        if path in stale and not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(page(lang), encoding="utf-8")
    print("\n".join(f"{path.name}: {'stale' if check else 'written'}" for path in stale) or "up to date")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
