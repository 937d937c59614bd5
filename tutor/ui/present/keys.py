"""What the keys of a presentation do. Which keys there are stands in ``ui/commands.py``, as for all others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from tutor.teach import intents, presenting, show_deeds
from tutor.ui import commands
from tutor.ui.measures import RoomDialog
from tutor.view.theme import theme
from tutor.words import mark

if TYPE_CHECKING:
    from tutor.ui.present.show import Show

MOST_TEXT, LEAST_TEXT = 2.0, 0.8
MIDDLE = (0.5, 0.5)
LEAF = 0.5
"""By how much of what is seen of them a press scrolls the notes."""
COVERED = mark("No picture is in sight that could be zoomed: the question covers it. H takes it off and puts it back.")
COLUMNS = (((commands.PRESENT,), (commands.ASK, commands.TIME, commands.LOOK)),)
"""How the list of keys is arranged."""


def actions(show: Show, windows: tuple[QWidget, ...]) -> dict[str, list[QAction]]:
    """The actions of every command that means something while presenting, one in each window."""
    made: dict[str, list[QAction]] = {}
    for name, shortcuts in commands.while_presenting().items():
        for window in windows:
            action = QAction(window)
            action.setShortcuts([QKeySequence(key) for key in shortcuts])
            action.setAutoRepeat(commands.BY_ID[name].repeats)
            action.triggered.connect(lambda _checked=False, name=name: show.command(name))
            window.addAction(action)
            made.setdefault(name, []).append(action)
    return made


def shown() -> dict[str, tuple[str, ...]]:
    """Id -> keys, as the list of keys prints them, of every command that means something while presenting."""
    found = commands.while_presenting()
    taken = {key for name in found if commands.BY_ID[name].context != commands.LABORATORY for key in found[name]}
    return {name: _kept(commands.BY_ID[name], taken) for name in found}


def _kept(row: commands.Command, taken: set[str]) -> tuple[str, ...]:
    """The keys that a command still has while presenting."""
    return tuple(key for key in row.shown if row.context != commands.LABORATORY or key not in taken)


def text_of(name: str) -> str:
    """What a command is called (a message)."""
    return commands.BY_ID[name].text


def carry_out(show: Show, name: str) -> None:
    """Do what a command says."""
    row = commands.BY_ID[name]
    if name in DEEDS:
        DEEDS[name](show)
    elif name.startswith("show-situation-"):
        _situate(show, int(name.rpartition("-")[2]))
    elif name.startswith(("vote-", "votes-")):
        show.asking.command(name)
    elif row.intent is not None:
        if row.group == commands.TIME:
            show.hand(row.intent(show.player.session))
        else:
            _dress(show, row.intent(show.conductor.session))


def _dress(show: Show, intent: intents.Intent) -> None:
    """Change the looks of the window it was begun in, and so of both others; nobody has learnt anything by it."""
    memory = show.conductor.memory
    memory.is_resting = True
    try:
        show.conductor.send(intent)
    finally:
        memory.is_resting = False


def _send(deed: show_deeds.Deed) -> Callable[[Show], None]:
    def send(show: Show) -> None:
        show.send(deed)

    return send


def _on(show: Show) -> None:
    if show.player.target is not None:
        show.player.jump(show.player.target)
    else:
        show.send(show_deeds.Next())


def _answer(show: Show) -> None:
    """The answer; where a run is shown for itself, and nothing is asked, on with it."""
    if show.here.situation is not None or show.here.stop.kind == "run":
        show.hand(intents.Play())
    else:
        show.send(show_deeds.Reveal())


def _zoom(show: Show) -> None:
    """About the pointer; without one, about the middle of the picture that is there."""
    audience, pointer = show.audience, show.here.pointer
    where, at = "", MIDDLE
    if pointer is not None:
        where, at = audience.place_on(audience.spot(*pointer))
    zoom(show, where or (presenting.LADDER if show.here.layout == presenting.LADDER else presenting.DIAGRAM), at)


def zoom(show: Show, where: str, at: show_deeds.Place) -> None:
    """Zoom a picture about a place; where it lies under a question, the one that is in sight; else say that none is."""
    if show.here.zoom is None and not show.asking.leaves(where):
        where, at = next((name for name in show.audience.canvases if show.asking.leaves(name)), ""), MIDDLE
    if where:
        show.send(show_deeds.ZoomAt(where, at))
    else:
        show.notify(show.words.t(COVERED))


def _follow(show: Show) -> None:
    """The camera moves over the diagram: where it cannot, that is said."""
    is_off, t = not show.here.is_following, show.words.t
    if is_off and show.player.session.motion == "reduced":
        show.notify(t("Less motion is wanted: the camera stays where it is. Zoom (Z) works."))
        return
    show.send(show_deeds.Follow())
    if is_off and not show.asking.leaves(presenting.DIAGRAM):
        show.notify(t("The diagram is not in sight: the camera follows once it is."))


def _situate(show: Show, key: int) -> None:
    if show.lecture.situation(key) is not None:
        show.send(show_deeds.Situate(key))
    else:
        show.notify(show.words.t("Nothing is prepared on Alt+{key}.", key=key))


def _other_theme(show: Show) -> None:
    show.theme = theme(show.theme).partner
    show.conductor.settings.keep("audience-theme", show.theme)
    show.restyle_audience()


def _text(factor: float) -> Callable[[Show], None]:
    def change(show: Show) -> None:
        wanted = show.text_scale * factor if factor else 1.0
        show.text_scale = min(MOST_TEXT, max(LEAST_TEXT, round(wanted, 2)))
        show.restyle_audience()

    return change


def _room(show: Show) -> None:
    RoomDialog(show.console.style_now, show.conductor.settings, front(show), lambda _: show.take_room()).open()


def front(show: Show) -> QWidget:
    """The window that the lecturer has before them."""
    return show.console if show.console.isVisible() else show.audience


def _swap(show: Show) -> None:
    show.is_swapped = not show.is_swapped
    show.place()


def _end(show: Show) -> None:
    """Close what is open over the lecturer's window; else leave."""
    if show.keys.isVisible():
        show.keys.setVisible(False)
    else:
        show.end()


def _help(show: Show) -> None:
    if not show.console.isVisible():
        show.show_console()
    show.keys.toggle(show.console.style_now)


def _read(pages: float) -> Callable[[Show], None]:
    """Scroll the lecturer's notes by so many times what is seen of them."""

    def read(show: Show) -> None:
        show.console.fold.leaf(pages)

    return read


def _console(show: Show) -> None:
    show.show_console()


DEEDS: dict[str, Callable[[Show], None]] = {
    "show-next": _on,
    "show-back": _send(show_deeds.Back()),
    "show-answer": _answer,
    "show-end": _end,
    **{f"show-{layout}": _send(show_deeds.Lay(layout)) for layout in presenting.LAYOUTS},
    "show-black": _send(show_deeds.Blank(presenting.BLACK)),
    "show-white": _send(show_deeds.Blank(presenting.WHITE)),
    "show-freeze": _send(show_deeds.Freeze()),
    "show-zoom": _zoom,
    "show-follow": _follow,
    **{f"show-{tool}": _send(show_deeds.Take(tool)) for tool in presenting.TOOLS},
    "show-wipe": _send(show_deeds.Wipe()),
    "show-console": _console,
    "show-swap": _swap,
    "show-restart": _send(show_deeds.Restart()),
    "show-read-on": _read(LEAF),
    "show-read-back": _read(-LEAF),
    "help": _help,
    "room": _room,
    "theme": _other_theme,
    "larger": _text(1.1),
    "smaller": _text(1 / 1.1),
    "normal-text": _text(0),
}
