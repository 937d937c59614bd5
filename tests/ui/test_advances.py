"""Pictures are measured without Qt; here Qt measures the same texts with the same fonts."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from tests.tools.advances import table
from tutor import resources
from tutor.tcp.states import State
from tutor.ui import fonts
from tutor.view.geometry import design
from tutor.view.metrics import text_width
from tutor.words import Words

WEIGHTS = (400, 600, 700)


def said(lang: str) -> list[str]:
    """What pictures say: every label of the diagram, every state, chips and times."""
    words = Words(lang)
    edges = design()["edges"] + design()["transient_edges"]
    labels = {words.t(edge[key]) for edge in edges for key in ("event", "action") if edge[key]}
    tags = {words.t("RETRANSMIT #{n}", n=1), words.t("… {span} skipped …", span="0.78 s"), words.t("LOST")}
    return sorted(labels | tags | set(State) | {"SYN-RCVD", "1.685", "→ SYN+ACK", "FIN+ACK"})


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_text_is_as_wide_as_qt_says(qapp: QApplication, lang: str, weight: int) -> None:
    """Within one per cent, in both languages, at every weight that pictures use."""
    assert fonts.load() == ()
    metrics = QFontMetricsF(fonts.picture("ui", 100, weight, 0.0))
    for text in said(lang):
        assert text_width(text, "ui", 100, weight) == pytest.approx(metrics.horizontalAdvance(text), rel=0.01), text


@pytest.mark.parametrize("text", ["seq=0", "ack=514", "seq=1 ack=514 len=1460", "len=0"])
def test_numbers_are_as_wide_as_qt_says(qapp: QApplication, text: str) -> None:
    """The same for the chips' numbers."""
    assert fonts.load() == ()
    metrics = QFontMetricsF(fonts.picture("mono", 100, 400, 0.0))
    assert text_width(text, "mono", 100) == pytest.approx(metrics.horizontalAdvance(text), rel=0.01)


@pytest.mark.ci
def test_the_tables_are_those_of_the_packaged_fonts() -> None:
    """If a font package has changed: ``python tests/tools/advances.py``."""
    assert resources.asset_text("advances.json") == table()
