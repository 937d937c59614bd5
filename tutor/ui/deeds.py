"""What commands do that are more than one intent: dialogs, panels, the clipboard. By the command's id.

Rules
-----
* A deed gets the conductor and nothing else. What it changes in the session it sends as intents.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tutor.teach import betting, branching, intents
from tutor.teach.lecture_reading import is_lecture
from tutor.ui import filing, lesson_deeds, opening, pictures, taking
from tutor.ui.library import LIFE, TOUR
from tutor.ui.panels import PANELS
from tutor.view.beside import first_difference, parts_at

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

ZOOM = 1.25
"""One key makes a picture this much larger."""

Deed = Callable[["Conductor"], None]


def _deselect(conductor: Conductor) -> None:
    conductor.send(intents.Select(""))


def _open(conductor: Conductor) -> None:
    opening.FileDialog(conductor.style, conductor.window, conductor.open_file).open()


def _laboratory(conductor: Conductor) -> None:
    conductor.open_lesson(LIFE)


def _network(conductor: Conductor) -> None:
    from tutor.ui import network_desk

    network_desk.toggle(conductor, network_desk.offered(conductor.session))


def _atlas(conductor: Conductor) -> None:
    from tutor.ui import atlas_desk

    atlas_desk.toggle(conductor)


def _learning(place: str) -> Deed:
    def show(conductor: Conductor) -> None:
        from tutor.ui import learning_desk

        learning_desk.open_at(conductor, place)

    return show


def _review(conductor: Conductor) -> None:
    from tutor.ui import review

    review.go_on(conductor)


def _present(conductor: Conductor) -> None:
    from tutor.ui import lecturing
    from tutor.ui.present.show import present

    left = lecturing.left_here(conductor)
    if left is None:
        present(conductor)
    else:
        lecturing.begin(conductor, lecture=left[0], at=left[1])


def presented(conductor: Conductor, path: str) -> bool:
    """Present the file of this path if it is a lecture; was it one?"""
    is_one = path.endswith((".yaml", ".yml")) and is_lecture(path)
    if is_one:
        open_lecture(conductor, path)
    return is_one


def open_lecture(conductor: Conductor, name: str) -> None:
    """Present a lecture by id or path."""
    from tutor.ui import lecturing

    lecturing.open_lecture(conductor, name)


def _present_here(conductor: Conductor) -> None:
    from tutor.ui.present.show import present_here

    present_here(conductor)


def _exam(conductor: Conductor) -> None:
    from tutor.ui import exam_desk

    exam_desk.toggle(conductor)


def _tour(conductor: Conductor) -> None:
    conductor.open_lesson(TOUR)


def _lessons(conductor: Conductor) -> None:
    conductor.open_lessons()


def _strip(conductor: Conductor) -> None:
    window = conductor.window
    window.show_strip(is_open=not window.strip.isVisible())


def _palette(conductor: Conductor) -> None:
    from tutor.ui.palette import Palette

    Palette.of(conductor).open()


def _menu(conductor: Conductor) -> None:
    from tutor.ui.menu import open_menu

    open_menu(conductor)


def _manual(conductor: Conductor) -> None:
    from tutor.ui.manual import place_at

    open_manual(conductor, *place_at(conductor.window))


def _glossary(conductor: Conductor) -> None:
    open_manual(conductor, "glossary")


def open_manual(conductor: Conductor, topic: str, section: str = "") -> None:
    """Open the manual on a page, from a heading of it on."""
    from tutor.ui.manual import Manual

    manual = Manual(conductor.style, conductor.words, conductor.window)
    manual.turn_to(topic, section)
    manual.open()


def open_term(conductor: Conductor, term: str) -> None:
    """Open the glossary at a term."""
    from tutor.teach.glossary import heading

    open_manual(conductor, "glossary", heading(term, conductor.words.lang))


def _about(conductor: Conductor) -> None:
    from tutor.ui.about import About

    About(conductor.style, conductor.words, conductor.window).open()


def _room(conductor: Conductor) -> None:
    from tutor.ui.measures import RoomDialog

    RoomDialog(conductor.style, conductor.settings, conductor.window).open()


def _votes(name: str) -> Deed:
    def do(conductor: Conductor) -> None:
        from tutor.ui.present import votes_deeds

        getattr(votes_deeds, name)(conductor)

    return do


def _zoom(factor: float) -> Deed:
    return lambda conductor: conductor.window.zoom(factor)


def _fit(conductor: Conductor) -> None:
    conductor.window.fit()


def _record(conductor: Conductor) -> None:
    from tutor.ui import editing

    editing.record(conductor)


def _edit_lesson(conductor: Conductor) -> None:
    from tutor.ui import editing

    editing.edit_lesson(conductor)


def _compare(conductor: Conductor) -> None:
    """Side by side at the first difference; asked again, back to one."""
    session = conductor.session
    _set_beside(conductor, None if session.beside is not None else branching.other(session))


def _compare_next(conductor: Conductor) -> None:
    """Side by side with yet another future."""
    _set_beside(conductor, branching.next_other(conductor.session))


def _set_beside(conductor: Conductor, wish: int | None) -> None:
    if wish == branching.NONE:
        conductor.send(intents.NextBranch())
        return
    conductor.send(intents.See("beside", wish))
    seek_difference(conductor)


def seek_difference(conductor: Conductor) -> None:
    """To the first difference between the two futures that are compared."""
    session = conductor.session
    if session.beside is None:
        return
    other = session.timeline.branch(session.beside).trace
    found = first_difference(session.trace, other, betting.known_until(session, session.beside))
    if found is not None:
        conductor.send(intents.Seek(parts_at(found)))


def _do(conductor: Conductor, about: str = "") -> None:
    from tutor.ui.act_bar import ActBar

    ActBar(conductor, about).open()


def _call(conductor: Conductor, about: str = "") -> None:
    from tutor.ui.forms import CallForm

    CallForm(conductor, about).open()


def _forge(conductor: Conductor, about: str = "") -> None:
    from tutor.ui.forms import ForgeForm

    ForgeForm(conductor, about).open()


ABOUT: dict[str, Callable[[Conductor, str], None]] = {"do": _do, "call": _call, "forge": _forge}
"""Deeds that can begin with something: a host's name, or the beginning of a line."""


def _touch_menu(conductor: Conductor) -> None:
    canvas = conductor.window.timeline.canvas
    conductor.open_menu(conductor.session.selection, canvas.mapToGlobal(canvas.rect().center()))


def turn_wheel(conductor: Conductor, notches: int, by_page: bool) -> None:
    """Turned away from the hand, the wheel goes back: event by event, or page by page."""
    if by_page:
        canvas = conductor.window.timeline.canvas
        there = pictures.pages_away(conductor.session, (canvas.width(), canvas.height()), -notches)
        conductor.send(intents.Seek(there))
        return
    for _ in range(abs(notches)):
        conductor.command("step-back" if notches > 0 else "step-forward")


def _panel(name: str) -> Deed:
    def show(conductor: Conductor) -> None:
        window = conductor.window
        window.show_panel(name)
        if window.strip.is_shown(name):
            window.strip.panels[name].take_focus()

    return show


def _filter(conductor: Conductor) -> None:
    conductor.window.open_filter()


def _export(conductor: Conductor) -> None:
    from tutor.ui.exporting import export

    export(conductor)


DEEDS: dict[str, Deed] = {
    "deselect": _deselect,
    "why": lesson_deeds.watch_why,
    "explain": lesson_deeds.explain,
    "show-me": lesson_deeds.show_me,
    "contents": lesson_deeds.open_contents,
    "next-lesson": lesson_deeds.next_lesson,
    **{f"type-{digit}": partial(lesson_deeds.type_digit, digit=digit) for digit in range(10)},
    "laboratory": _laboratory,
    "tour": _tour,
    "network": _network,
    "atlas": _atlas,
    "lessons": _lessons,
    **{place: _learning(place) for place in ("start", "understood", "concepts", "passport", "learners")},
    "review": _review,
    "exam": _exam,
    "present": _present,
    "present-here": _present_here,
    "open": _open,
    "filter": _filter,
    "strip": _strip,
    "palette": _palette,
    "manual": _manual,
    "glossary": _glossary,
    "about": _about,
    "room": _room,
    "votes-csv": _votes("export_kept"),
    "votes-clean": _votes("clean_kept"),
    "copy-picture": taking.copy_picture,
    "copy-text": taking.copy_text,
    "print": taking.print_pictures,
    "export": _export,
    "zoom-in": _zoom(ZOOM),
    "zoom-out": _zoom(1 / ZOOM),
    "fit": _fit,
    "menu": _menu,
    "record": _record,
    "edit-lesson": _edit_lesson,
    "compare": _compare,
    "compare-next": _compare_next,
    "do": _do,
    "call": _call,
    "forge": _forge,
    "touch-menu": _touch_menu,
    "save": filing.save,
    "save-as": filing.save_as,
    "copy-command": filing.copy_command,
    **{f"panel-{row.id}": _panel(row.id) for row in PANELS},
}
