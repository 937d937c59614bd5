"""Character cells: Chinese takes two columns, and nothing is ever drawn over the edge."""

from __future__ import annotations

import pytest

from tutor.view.cells import Strip, clip, pad, plain, width, wrap


@pytest.mark.parametrize(("text", "columns"), [("SYN", 3), ("重传", 4), ("a重b", 4), ("é", 1), ("e\u0301", 1), ("", 0)])
def test_width_is_counted_in_columns(text: str, columns: int) -> None:
    """Wide characters count double, combining marks nothing."""
    assert width(text) == columns


def test_padding_and_clipping_count_columns_too() -> None:
    """A column of Chinese and English stays straight."""
    assert pad("重传", 6) == "重传  "
    assert pad("重传", 6, right=True) == "  重传"
    assert clip("重传计时器", 7) == "重传计…"
    assert clip("timer", 7) == "timer"


def test_wrapping_breaks_between_chinese_characters_but_not_before_punctuation() -> None:
    """No line is too wide, none begins with a comma, and no character is lost."""
    text = "客户端发送 SYN，进入 SYN-SENT 状态，等待服务器的 SYN,ACK。"
    lines = wrap(text, 16)
    assert all(width(line) <= 16 for line in lines)
    assert not any(line[0] in "，。" for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_word_wider_than_the_line_is_broken() -> None:
    """Better a broken word than a broken ladder."""
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]


def test_drawing_over_half_a_wide_character_leaves_no_half() -> None:
    """A terminal cannot show half a character: the other half becomes a blank."""
    strip = Strip(8)
    strip.put(1, "中文")
    strip.put(2, "x")
    assert plain(strip.line()) == "  x文"
    strip.put(4, "文字长")
    assert width("".join(span.text for span in strip.line())) == 8
