"""Every command of the window: its key, its words, the intent it sends. The only list of keys there is.

Rules
-----
* A button, a menu entry, the palette, a key and the overlay of keys all refer to a row here by its id.
* A row exists when its feature does. In each context a key stands in one row only, and a test holds that.
* A key means what the innermost context says that knows it: an open question goes before the laboratory.
* ``intent`` makes what the session is sent. A row without one is a deed (``deeds.DEEDS``) or the window's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tutor.teach import aiming, branching, going, history_words, intents, offers, there
from tutor.teach.session import Session
from tutor.teach.sight import COVERAGES, FIGURES
from tutor.ui.graph_rows import profile_of
from tutor.ui.lensing import MATCH_KEY, NEXT_KEY, next_focus, next_match
from tutor.ui.panels import PANELS
from tutor.ui.why import TELL_NEXT, told_next
from tutor.view.beside import NEXT_OTHER
from tutor.view.theme import theme, themes
from tutor.words import LANGUAGES, Words, mark

MakesIntent = Callable[[Session], intents.Intent]

TIME, HAND, LESSON, RUN = mark("Time"), mark("Your hand"), mark("Lesson"), mark("Run")
LEARNING, SIGHT, PANEL, LOOK = mark("Learning"), mark("Picture"), mark("Panels"), mark("Window")
PRESENT, ASK = mark("Presenting"), mark("Asking the room")
GROUPS = (TIME, HAND, LESSON, LEARNING, RUN, SIGHT, PANEL, LOOK, PRESENT, ASK)

TYPED, EXPLAIN, EXAM = "typed", "explain", "exam"
QUESTION, PRESENTER, REVIEW, NETWORK, LABORATORY = "question", "presenter", "review", "network", "laboratory"
VOTING = "voting"
CONTEXTS = (TYPED, EXPLAIN, QUESTION, VOTING, PRESENTER, REVIEW, NETWORK, EXAM, LABORATORY)
"""Where a key may mean something of its own; the innermost first."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can ask for. ``keys`` as Qt spells them, ``shown`` as the overlay prints them."""

    id: str
    group: str
    text: str
    keys: tuple[str, ...]
    shown: tuple[str, ...]
    intent: MakesIntent | None = None
    repeats: bool = False
    context: str = LABORATORY
    needle: str = ""
    """More words by which the palette finds it."""


BETS = {
    "segment": mark("Bet mode: stop before each segment that is sent"),
    "state": mark("Bet mode: stop before each change of state"),
    "timer": mark("Bet mode: stop whenever a timer is set"),
}
"""Event of bet mode -> its command, which switches it on and off."""


def _just(intent: intents.Intent) -> MakesIntent:
    return lambda _session: intent


def _other_language(session: Session) -> intents.Intent:
    codes = list(LANGUAGES)
    return intents.SetLanguage(codes[(codes.index(session.lang) + 1) % len(codes)])


def _other_theme(session: Session) -> intents.Intent:
    return intents.SetTheme(theme(session.theme).partner)


def _other_motion(session: Session) -> intents.Intent:
    return intents.SetMotion("full" if session.motion == "reduced" else "reduced")


def _text_times(factor: float) -> MakesIntent:
    return lambda session: intents.SetTextScale(round(session.text_scale * factor, 2))


def _touch(name: str) -> MakesIntent:
    return lambda session: aiming.deed(session, name)


def _power(place: int) -> MakesIntent:
    return lambda session: offers.power(session, place)


def _bet_on(event: str) -> MakesIntent:
    return lambda session: intents.BetOn(session.betmode.events ^ {event})


def _delete_branch(session: Session) -> intents.Intent:
    return intents.DeleteBranch(branching.deletable(session))


def _choose(number: int) -> Command:
    return Command(
        f"choose-{number}", LESSON, mark("Choose an answer"), (str(number),), ("1", "…", "9"),
        _just(intents.Choose(number - 1)), context=QUESTION,
    )  # fmt: skip


def _toggle(name: str) -> MakesIntent:
    return lambda session: intents.See(name, not getattr(session.sight, name))


def _figure(session: Session) -> intents.Intent:
    return intents.See("figure", FIGURES[(FIGURES.index(session.sight.figure) + 1) % len(FIGURES)])


def _coverage(session: Session) -> intents.Intent:
    return intents.See("coverage", COVERAGES[(COVERAGES.index(session.sight.coverage) + 1) % len(COVERAGES)])


COMMANDS: tuple[Command, ...] = (
    Command(
        "toggle-play", TIME, mark("Play or pause"), ("Space", "K"), (mark("Space"), "K"), going.go_on
    ),
    Command(
        "step-forward", TIME, mark("One moment forward"), ("Right", "."), ("→", "."), _just(intents.StepForward()), True
    ),
    Command("step-back", TIME, mark("One moment back"), ("Left", ","), ("←", ","), _just(intents.StepBack()), True),
    Command(
        "tell-next", TIME, mark("Tell of the next event of this moment"), ("Shift+Right",), (TELL_NEXT,),
        lambda s: told_next(s, 1), True,
    ),
    Command(
        "tell-previous", TIME, mark("Tell of the event before it at this moment"), ("Shift+Left",), ("Shift+←",),
        lambda s: told_next(s, -1), True,
    ),
    Command("home", TIME, mark("To the start"), ("Home",), (mark("Home"),), _just(intents.Home())),
    Command("end", TIME, mark("To the end"), ("End",), (mark("End"),), _just(intents.End())),
    Command("slower", TIME, mark("Slower"), ("[",), ("[",), _just(intents.Slower())),
    Command("faster", TIME, mark("Faster"), ("]",), ("]",), _just(intents.Faster())),
    Command("normal-speed", TIME, mark("Normal speed"), ("\\",), ("\\",), _just(intents.NormalSpeed())),
    *(
        Command(name, HAND, text, (key,), (key,), _touch(name))
        for name, text, key in (
            ("drop", mark("Drop the segment"), "D"),
            ("delay", mark("Delay the segment"), "R"),
            ("duplicate", mark("Duplicate the segment"), "U"),
            ("corrupt", mark("Corrupt the segment"), "Q"),
            ("swap", mark("Let the next segment overtake this one"), "W"),
        )
    ),
    Command("disarm", HAND, mark("Take back what is armed"), ("Shift+D",), ("Shift+D",), aiming.disarming),
    Command("touch-menu", HAND, mark("What can be done here"), ("Shift+F10",), ("Shift+F10",), needle="context menu"),
    Command("do", HAND, mark("Do anything"), (":", "Ctrl+Return"), (":",), needle="act"),
    Command("call", HAND, mark("Any call on any socket"), ("J",), ("J",), needle="close setsockopt"),
    Command("forge", HAND, mark("A segment that nobody sent"), ("F",), ("F",), needle="forge inject RST"),
    Command("cable", HAND, mark("Cut or mend the cable"), ("Shift+X",), ("Shift+X",), offers.cable),
    Command("power-a", HAND, mark("Crash or restart host A"), ("Ctrl+1",), ("Ctrl+1",), _power(0), needle="reboot"),
    Command("power-b", HAND, mark("Crash or restart host B"), ("Ctrl+2",), ("Ctrl+2",), _power(1), needle="reboot"),
    Command("undo", HAND, mark("Undo"), ("Ctrl+Z",), ("Ctrl+Z",), _just(intents.Undo())),
    Command("redo", HAND, mark("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), ("Ctrl+Shift+Z",), _just(intents.Redo())),
    Command("next-beat", LESSON, mark("Next step"), ("PgDown",), ("PgDn",), _just(intents.NextBeat())),
    Command("previous-beat", LESSON, mark("Previous step"), ("PgUp",), ("PgUp",), _just(intents.PreviousBeat())),
    *(_choose(number) for number in range(1, 10)),
    *(
        Command(f"bet-{event}", LESSON, text, (), (), _bet_on(event), needle=mark("bet mode, predict, quiz"))
        for event, text in BETS.items()
    ),
    Command(
        "check", LESSON, mark("Check the answer"), ("Return", "Enter"), (mark("Enter"),), _just(intents.CheckBet()),
        context=QUESTION,
    ),
    *(
        Command(f"type-{digit}", LESSON, mark("Type a time"), (str(digit),), ("0", "…", "9"), context=TYPED)
        for digit in range(10)
    ),
    Command(
        "explain", LESSON, mark("An explanation: begin the clock, and end it"), ("Ctrl+Return", "Return", "Enter"),
        ("Ctrl+Enter",), context=EXPLAIN,
    ),
    Command("why", LESSON, mark("Watch why: the run that answers what you gave"), ("Z",), ("Z",)),
    Command("show-me", LESSON, mark("Show me: what is to be done by hand"), ("Shift+Z",), ("Shift+Z",)),
    Command(
        "contents", LESSON, mark("Contents: every step, what one may have read, the checks"), ("Ctrl+J",), ("Ctrl+J",),
        needle=mark("jump check refuted misconception"),
    ),
    Command(
        "present", LESSON, mark("Present this lesson from its start"), ("F5",), ("F5",),
        needle=mark("lecture slides projector audience beamer"),
    ),
    Command(
        "present-here", LESSON, mark("Present from this step"), ("Shift+F5",), ("Shift+F5",),
        needle=mark("lecture slides projector audience beamer"),
    ),
    Command("next-lesson", LESSON, mark("Next lesson"), (), ()),
    Command(
        "back-to-lesson", LESSON, mark("Back to the lesson"), ("Backspace",), (mark("Backspace"),),
        _just(intents.BackToLesson()),
    ),
    Command("next-branch", RUN, mark("The next future"), ("Ctrl+Down",), ("Ctrl+↓",), _just(intents.NextBranch())),
    Command(
        "previous-branch", RUN, mark("The future before"), ("Ctrl+Up",), ("Ctrl+↑",), _just(intents.PreviousBranch())
    ),
    Command("compare", RUN, mark("Two futures side by side"), ("C",), ("C",)),
    Command(
        "compare-next", RUN, mark("Compare with another future"), ("Ctrl+Shift+Down",), (NEXT_OTHER,), repeats=True
    ),
    Command("delete-branch", RUN, mark("Delete the other future"), ("Del",), (mark("Del"),), _delete_branch),
    Command("explore", LESSON, mark("Go on exploring"), ("X",), ("X",), _just(intents.GoExploring())),
    Command("copy-picture", SIGHT, mark("Copy the picture"), ("Ctrl+Shift+C",), ("Ctrl+Shift+C",)),
    Command("copy-text", SIGHT, mark("Copy the timeline as text"), ("Ctrl+C",), ("Ctrl+C",)),
    Command("print", SIGHT, mark("Print"), ("Ctrl+P",), ("Ctrl+P",)),
    Command(
        "export", SIGHT, mark("Export: a picture, a film, LaTeX, text"), ("Ctrl+E",), ("Ctrl+E",),
        needle=mark("save image svg pdf png gif mp4 video tikz mermaid"),
    ),
    Command("zoom-in", SIGHT, mark("Zoom in"), ("+", "="), ("+",), repeats=True),
    Command("zoom-out", SIGHT, mark("Zoom out"), ("-",), ("−",), repeats=True),
    Command("fit", SIGHT, mark("Fit the view"), ("0",), ("0",)),
    Command("laboratory", RUN, mark("A new run in the laboratory"), ("N",), ("N",)),
    Command(
        "network", RUN, mark("Be the network: break a promise"), ("Shift+N",), ("Shift+N",),
        needle=mark("puzzle wire search counterexample why three promise network"),
    ),
    Command("network-hint", RUN, mark("As the network: a hint"), ("Shift+H",), ("Shift+H",), context=NETWORK),
    Command(
        "atlas", RUN, mark("Atlas: which states both ends can be in together"), ("Shift+G",), ("Shift+G",),
        needle=mark("map pairs states search protocol why three possible"),
    ),
    Command("lessons", LESSON, mark("All lessons"), ("Ctrl+T",), ("Ctrl+T",)),
    Command(
        "start", LEARNING, mark("Start page: lessons, and what to do next"), ("Shift+B",), ("Shift+B",),
        needle=mark("home overview progress continue"),
    ),
    Command("review", LEARNING, mark("Review: the next card that is due"), ("Shift+R",), ("Shift+R",), needle="FSRS"),
    Command(
        "exam", LEARNING, mark("Exam: questions from a seed, against the clock"), ("Shift+T",), ("Shift+T",),
        needle=mark("test quiz paper score result certificate"),
    ),
    Command("exam-flag", LEARNING, mark("In an exam: flag the question"), ("F",), ("F",), context=EXAM),
    Command(
        "exam-next", LEARNING, mark("In an exam: the next question"), ("Return", "Enter"), (mark("Enter"),),
        context=EXAM,
    ),
    Command(
        "exam-hand-in", LEARNING, mark("In an exam: hand in"), ("Ctrl+Return", "Ctrl+Enter"), ("Ctrl+Enter",),
        context=EXAM,
    ),
    Command("understood", LEARNING, mark("What has been understood, and what not"), ("Shift+U",), ("Shift+U",)),
    Command("concepts", LEARNING, mark("Concepts: right, wrong, next review"), (), ()),
    Command(
        "passport", LEARNING, mark("Passport: every edge that was ever crossed"), ("Shift+E",), ("Shift+E",),
        needle="coverage",
    ),
    Command(
        "learners", LEARNING, mark("Learners: who learns here"), ("Shift+W",), ("Shift+W",),
        needle=mark("guest name delete export import progress"),
    ),
    Command(
        "take-me-there", RUN, mark("Take me there: a run in which the chosen state or edge happens"), ("Ctrl+G",),
        ("Ctrl+G",), lambda s: intents.TakeMeThere(there.visit(s.selection, s.scenario, profile_of(s).rule_set)),
    ),
    Command("open", RUN, mark("Open a file"), ("Ctrl+O",), ("Ctrl+O",)),
    Command("record", RUN, mark("Record: make a lesson of this run"), ("Ctrl+Shift+R",), ("Ctrl+Shift+R",)),
    Command("edit-lesson", RUN, mark("Edit the text of this lesson"), ("Ctrl+Shift+E",), ("Ctrl+Shift+E",)),
    Command("figure", SIGHT, mark("Diagram: as in the RFC, or as Linux keeps it"), ("Shift+V",), ("Shift+V",), _figure),
    Command(
        "transients", SIGHT, mark("Diagram: show resets, aborts and reopening"), ("Shift+A",), ("Shift+A",),
        _toggle("has_transients"),
    ),
    Command(
        "paths", SIGHT, mark("Diagram: show the typical client's and server's paths"), ("Shift+P",), ("Shift+P",),
        _toggle("has_paths"),
    ),
    Command(
        "coverage", SIGHT, mark("Diagram: edges crossed in this run, ever, or no matter"), ("Shift+C",), ("Shift+C",),
        _coverage,
    ),
    Command("focus", SIGHT, mark("Look at the next connection"), (NEXT_KEY,), (NEXT_KEY,), next_focus),
    Command("save", RUN, mark("Save the run"), ("Ctrl+S",), ("Ctrl+S",)),
    Command("save-as", RUN, mark("Save the run under another name"), ("Ctrl+Shift+S",), ("Ctrl+Shift+S",)),
    Command(
        "copy-command", RUN, mark("Copy as command"), ("Ctrl+Alt+C",), ("Ctrl+Alt+C",), needle="tcp-tutor play shell"
    ),
    *(
        Command(
            f"panel-{row.id}", PANEL, row.asks, (row.key,) if row.key else (), (row.key,) if row.key else (),
            needle=row.needle,
        )
        for row in PANELS
    ),
    Command("filter", LOOK, mark("Filter the segments"), ("Ctrl+F",), ("Ctrl+F",)),
    Command("next-match", LOOK, mark("The next segment that the filter shows"), (MATCH_KEY,), (MATCH_KEY,), next_match),
    Command(
        "across", LOOK, mark("Segment timeline across or down"), ("O",), ("O",),
        lambda s: intents.See("is_across", not s.sight.is_across),
    ),
    Command("strip", PANEL, mark("Show or hide the panels"), ("I",), ("I",)),
    Command("palette", LOOK, mark("Commands"), ("Ctrl+K", "Ctrl+Shift+P"), ("Ctrl+K",)),
    Command("menu", LOOK, mark("Menu"), ("F10",), ("F10",)),
    Command("deselect", LOOK, mark("Close what is open"), ("Esc",), (mark("Esc"),)),
    Command("lesson-card", LOOK, mark("Show or hide the lesson"), ("L",), ("L",)),
    Command("theme", LOOK, mark("Light or dark"), ("T",), ("T",), _other_theme),
    *(
        Command(f"theme-{each.name}", LOOK, each.title, (), (), _just(intents.SetTheme(each.name)), needle="theme")
        for each in themes().values()
    ),
    Command("motion", LOOK, mark("Less motion, or all of it"), (), (), _other_motion, needle="reduced animation"),
    Command("language", LOOK, mark("English or Chinese"), ("Ctrl+L",), ("Ctrl+L",), _other_language),
    Command("larger", LOOK, mark("Larger text"), ("Ctrl++", "Ctrl+="), ("Ctrl +",), _text_times(1.1), True),
    Command("smaller", LOOK, mark("Smaller text"), ("Ctrl+-",), ("Ctrl −",), _text_times(1 / 1.1), True),
    Command("normal-text", LOOK, mark("Normal text"), ("Ctrl+0",), ("Ctrl 0",), _just(intents.SetTextScale(1.0))),
    Command("full-screen", LOOK, mark("Full screen"), ("F11",), ("F11",)),
    Command(
        "room", LOOK, mark("The room: how far the back row is, how wide the screen"), (), (),
        needle=mark("lecture hall projector size text lines metres"),
    ),
    Command("help", LOOK, mark("All keys"), ("?",), ("?",)),
    Command("tour", LOOK, mark("A tour of the window"), (), ()),
    Command("manual", LOOK, mark("Manual"), ("F1",), ("F1",)),
    Command("glossary", LOOK, mark("The glossary"), (), ()),
    Command("about", LOOK, mark("About TCP Tutor"), (), ()),
    *(
        Command(f"show-{name}", PRESENT, text, keys, shown, repeats=name.startswith("read-"), context=PRESENTER)
        for name, text, keys, shown in (
            ("next", mark("On: to the answer, or to the next stop"), ("PgDown",), ("PgDn",)),
            ("back", mark("To the stop before"), ("PgUp",), ("PgUp",)),
            ("answer", mark("Show the answer, or play a run to its end"), ("Return", "Enter"), (mark("Enter"),)),
            ("end", mark("Leave the presentation"), ("Esc",), (mark("Esc"),)),
            ("both", mark("Diagram and timeline"), ("1", "Ctrl+1"), ("1", "Ctrl+1")),
            ("diagram", mark("Only the diagram"), ("2", "Ctrl+2"), ("2", "Ctrl+2")),
            ("ladder", mark("Only the timeline"), ("3", "Ctrl+3"), ("3", "Ctrl+3")),
            ("freeze", mark("Freeze what the room sees"), ("F",), ("F",)),
            ("black", mark("Black screen"), ("B", "."), ("B", ".")),
            ("white", mark("White screen"), ("W",), ("W",)),
            ("zoom", mark("Zoom at the pointer"), ("Z",), ("Z",)),
            ("follow", mark("Camera: follow what happens"), ("Shift+Z",), ("Shift+Z",)),
            ("spot", mark("Spotlight"), ("S",), ("S",)),
            ("laser", mark("Laser pointer"), ("X",), ("X",)),
            ("pen", mark("Pen: draw on this moment"), ("P",), ("P",)),
            ("wipe", mark("Wipe what was drawn here"), ("E",), ("E",)),
            ("console", mark("The lecturer's window, over the picture or away"), ("C",), ("C",)),
            ("swap", mark("Swap the displays"), ("Shift+C",), ("Shift+C",)),
            ("restart", mark("Clock from 0"), ("Ctrl+R",), ("Ctrl+R",)),
            ("read-on", mark("Your notes: further down"), ("Shift+Down",), ("Shift+↓",)),
            ("read-back", mark("Your notes: further up"), ("Shift+Up",), ("Shift+↑",)),
        )
    ),
    *(
        Command(f"vote-{number}", ASK, mark("One more vote for an option"), (str(number),), ("1", "…", "9"),
                context=VOTING)
        for number in range(1, 10)
    ),
    *(
        Command(f"vote-{name}", ASK, text, keys, shown, context=VOTING)
        for name, text, keys, shown in (
            ("undo", mark("Take the last vote back"), ("Backspace",), (mark("Backspace"),)),
            ("again", mark("Vote a second time, after discussion"), ("V",), ("V",)),
            ("wipe", mark("Count this vote anew"), ("Shift+V",), ("Shift+V",)),
            ("clock", mark("A clock for the room, or none"), ("M",), ("M",)),
            ("longer", mark("30 seconds more on the clock"), ("Shift+M",), ("Shift+M",)),
            ("hide", mark("Take the question off the picture, or put it back"), ("H",), ("H",)),
        )
    ),
    Command(
        "votes-csv", ASK, mark("Write what rooms have voted as a table (CSV)"), (), (),
        needle=mark("votes poll export spreadsheet"),
    ),
    Command(
        "votes-clean", ASK, mark("Clean for the next class: put the votes of this one away"), (), (),
        needle=mark("votes poll reset new class"),
    ),
    *(
        Command(
            f"show-situation-{key}", PRESENT, mark("A prepared situation"), (f"Alt+{key}",), ("Alt+0", "…", "Alt+9"),
            context=PRESENTER,
        )
        for key in range(10)
    ),
)  # fmt: skip

ON_PAGE = frozenset({
    "network", "atlas", "deselect", "theme", "language", "larger", "smaller", "normal-text", "full-screen", "help",
    "manual", "glossary", "motion",
})  # fmt: skip
"""Commands that mean something while any page covers the window; a page has some of its ``own`` besides."""

ON_STAGE = frozenset({
    "toggle-play", "step-forward", "step-back", "home", "end", "slower", "faster", "normal-speed", "theme", "language",
    "motion", "larger", "smaller", "normal-text", "help", "room", "votes-csv", "votes-clean",
})  # fmt: skip
"""Commands of the main window that mean something while presenting: time, and looks. No hand touches a run there."""

BY_ID = {command.id: command for command in COMMANDS}


def text_of(command: Command, session: Session, words: Words) -> str:
    """What a menu says of a command now: undo and redo say what they would do."""
    change = {"undo": history_words.undo_text, "redo": history_words.redo_text}.get(command.id)
    return words.t(command.text) if change is None else change(session, words, command.text)


def active(contexts: tuple[str, ...]) -> frozenset[str]:
    """Ids of the rows whose keys work while these contexts are open: of equal keys the innermost context's row."""
    taken: set[str] = set()
    found: set[str] = set()
    for context in CONTEXTS:
        if context in contexts:
            rows = [row for row in COMMANDS if row.context == context and not taken & set(row.keys)]
            found |= {row.id for row in rows}
            taken |= {key for row in rows for key in row.keys}
    return frozenset(found)


def while_presenting() -> dict[str, tuple[str, ...]]:
    """Id -> keys of every row that means something while presenting; what presenting needs is taken from others."""
    own = {row.id: row.keys for row in COMMANDS if row.context in (PRESENTER, VOTING)}
    taken = {key for keys in own.values() for key in keys}
    shared = {
        row.id: tuple(key for key in row.keys if key not in taken)
        for row in COMMANDS
        if row.id in ON_STAGE and row.context == LABORATORY
    }
    return {**own, **shared}


def contexts_of(session: Session) -> tuple[str, ...]:
    """The contexts that are open, innermost first."""
    ask = session.ask if session.is_asking else None
    if ask is None:
        return (LABORATORY,)
    is_told = session.given.is_told or ask.kind != "explain"
    inner = (TYPED,) if ask.is_typed else () if is_told else (EXPLAIN,)
    return (*inner, QUESTION, LABORATORY)


def overlay_rows(group: str) -> tuple[Command, ...]:
    """The rows of a group as the overlay shows them: the nine answers are one row."""
    return tuple(
        command
        for command in COMMANDS
        if command.group == group
        and command.keys
        and not (command.id.startswith("choose-") and command.id != "choose-1")
        and not (command.id.startswith("type-") and command.id != "type-0")
        and not (command.id.startswith("show-situation-") and command.id != "show-situation-0")
        and not (command.id.removeprefix("vote-").isdigit() and command.id != "vote-1")
    )
