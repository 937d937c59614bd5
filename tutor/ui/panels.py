"""Every panel of the strip: its id, its name, where its class is, and where it stands. The only list there is.

Rules
-----
* A class is imported when its tab is first shown: nothing here costs the first frame anything.
* The key of a panel is the key of the command ``panel-ID``.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from tutor.words import mark

if TYPE_CHECKING:
    from tutor.ui.panel import Panel
    from tutor.ui.style import Style

LEFT, RIGHT = "left", "right"


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One panel. ``text`` is its name on the tab, ``asks`` what its command is called in menus and palette."""

    id: str
    text: str
    asks: str
    where: str
    pocket: str
    key: str = ""
    needle: str = ""
    """More words by which the palette finds it (a message id)."""

    def make(self, style: Style) -> Panel:
        """The widget."""
        module, _, name = self.where.partition(":")
        return getattr(import_module(module), name)(style)


PANELS: tuple[PanelRow, ...] = (
    PanelRow(
        "parameters", mark("Parameters"), mark("Show the parameters"), "tutor.ui.parameters:Parameters", LEFT, "P"
    ),
    PanelRow("events", mark("Events"), mark("Show the list of events"), "tutor.ui.events:Events", LEFT, "E"),
    PanelRow(
        "header",
        mark("Header"),
        mark("Show the header of the segment"),
        "tutor.ui.panels_header:HeaderPanel",
        LEFT,
        "H",
    ),
    PanelRow("plots", mark("Plots"), mark("Show the plots"), "tutor.ui.plotting:Plots", RIGHT, "G"),
    PanelRow(
        "hosts", mark("Hosts"), mark("Show buffers and timers of both hosts"), "tutor.ui.host_panels:Ends", LEFT, "M"
    ),
    PanelRow(
        "variables",
        mark("Variables"),
        mark("Show the connection variables"),
        "tutor.ui.host_panels:VariablesPanel",
        RIGHT,
        "V",
    ),
    PanelRow(
        "queues", mark("Queues"), mark("Show the queues of the listeners"), "tutor.ui.host_panels:Queues", RIGHT, "Y"
    ),
    PanelRow("sockets", mark("Sockets"), mark("Show sockets and counters"), "tutor.ui.host_panels:Sockets", RIGHT, "S"),
    PanelRow(
        "program",
        mark("Program"),
        mark("Show the program of each host"),
        "tutor.ui.program_panel:Programs",
        LEFT,
        "A",
    ),
    PanelRow(
        "properties",
        mark("Properties"),
        mark("Show the seven properties of a connection"),
        "tutor.ui.lamps:Lamps",
        LEFT,
        "Shift+L",
        mark("lamps promises broken property counterexample"),
    ),
    PanelRow("states", mark("States"), mark("Show the list of states"), "tutor.ui.states:States", LEFT, "Shift+S"),
    PanelRow("branches", mark("Futures"), mark("Show the tree of futures"), "tutor.ui.branches:Branches", RIGHT, "B"),
)

BY_ID = {row.id: row for row in PANELS}
