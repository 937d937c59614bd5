"""Every stop of every lesson in both languages, as it stands in a small window: nothing cut, no box, no English left.

One lesson here, every fifth in the longer run, all of them with ``-m long``.
"""

from __future__ import annotations

import pytest

from tests.ui.lesson_stops import SENTENCE, flaws, stops
from tutor.teach.reading import lesson_ids

SHARES = [
    pytest.param(name, lang, marks=marks)
    for place, name in enumerate(lesson_ids())
    for lang in ("en", "zh")
    for marks in [() if (place, lang) == (1, "zh") else pytest.mark.ci if place % 5 == 0 else pytest.mark.long]
]


@pytest.mark.ci
@pytest.mark.parametrize(("name", "lang"), SHARES)
def test_every_stop_of_a_lesson_can_be_read(name: str, lang: str) -> None:
    """Before each answer and after it; what one may have read; the checks; the closing."""
    found, seen = [], []
    for stop, conductor in stops(name, lang):
        seen.append(stop)
        found += [f"{stop}: {flaw}" for flaw in flaws(conductor)]
    assert not found, "\n".join(found)
    assert any("-beat-6" in stop for stop in seen)
    assert any("-check-3" in stop for stop in seen)
    assert "-closing-" in seen[-1]


def test_english_in_the_midst_of_chinese_is_found() -> None:
    """Four words in a row; names of calls, settings and flags are none."""
    assert SENTENCE.search("这里 the other end is gone 了")
    for text in ("net.ipv4.tcp_syn_retries = 6", "connect() 返回 ETIMEDOUT", "SYN,ACK 与 FIN", "ss -tano"):
        assert not SENTENCE.search(text)
