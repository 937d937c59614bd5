"""What undo would take back and redo would do again, in words: for the menu, the palette and the notice.

Rules
-----
* Said from the intent alone: what the learner asked for, not what came of it. So it can tell nothing that a bet hides.
"""

from __future__ import annotations

from tutor.teach import intents
from tutor.teach.history import Past, sort_of
from tutor.teach.session import Session
from tutor.words import Words, mark
from tutor.world.acts import ON_SEGMENTS

UNDO, REDO = mark("Undo: {what}"), mark("Redo: {what}")

_SORTS: dict[str, str] = {
    "seek": mark("the move in time"),
    "step": mark("the steps in time"),
    "beat": mark("the move to another step of the lesson"),
    "home": mark("the move to the start"),
    "end": mark("the move to the end"),
    "play": mark("playing"),
    "speed": mark("the speed"),
    "language": mark("the language"),
    "theme": mark("the colours"),
    "text": mark("the size of the text"),
    "motion": mark("how much moves"),
    "fold": mark("the silence that was unfolded or folded"),
    "panels": mark("which panels are open"),
    "see focus": mark("the connection in focus"),
    "see filter": mark("the filter"),
    "see beside": mark("the comparison of two futures"),
    "see figure": mark("the figure of the diagram"),
    "see has_transients": mark("the rare edges of the diagram"),
    "see has_paths": mark("the textbook's paths"),
    "see coverage": mark("the edges that are picked out"),
    "see plots": mark("what is plotted"),
    "see is_across": mark("which way the timeline runs"),
}
"""A step that is no deed -> what it changed."""

_DEEDS: dict[type, str] = {
    intents.Drop: mark("drop the segment"),
    intents.Delay: mark("delay the segment"),
    intents.Duplicate: mark("duplicate the segment"),
    intents.Corrupt: mark("corrupt the segment"),
    intents.Swap: mark("let the next segment overtake"),
    intents.EditProgram: mark("change the program of {host}"),
    intents.SetParameter: mark("set {name}"),
    intents.WhatIf: mark("what if: set {name}"),
    intents.TakeMeThere: mark("the run to the chosen state or edge"),
    intents.BackToLesson: mark("back to the lesson"),
    intents.GoExploring: mark("stay off the lesson's road"),
    intents.SwitchBranch: mark("the switch to another future"),
    intents.NextBranch: mark("the switch to another future"),
    intents.PreviousBranch: mark("the switch to another future"),
    intents.DeleteBranch: mark("delete a future"),
    intents.OpenLesson: mark("open “{title}”"),
}

_ARMED: dict[str, str] = {
    "drop": mark("drop the next segment"),
    "delay": mark("delay the next segment"),
    "duplicate": mark("duplicate the next segment"),
    "corrupt": mark("corrupt the next segment"),
    "swap": mark("let the next two segments change places"),
}
_ACTS: dict[str, str] = {
    "disarm": mark("take back what was armed"),
    "cut": mark("cut the cable"),
    "mend": mark("mend the cable"),
    "crash": mark("crash {host}"),
    "reboot": mark("restart {host}"),
    "inject": mark("send a forged segment"),
    "set": mark("set {name}"),
    "program": mark("change the program of {host}"),
}
_CALL, _ACT = mark("the call {call} of {host}"), mark("the act {act}")

assert set(_ARMED) == set(ON_SEGMENTS), "every deed on a segment can be named"


def said(intent: intents.Intent, words: Words) -> str:
    """What a step was, as it stands behind "Undo:"."""
    sort = sort_of(intent)
    if sort in _SORTS:
        return words.t(_SORTS[sort])
    match intent:
        case intents.ActNow(act=act):
            return _act(str(act), words)
        case intents.SetParameter(id=name) | intents.WhatIf(id=name):
            return words.t(_DEEDS[type(intent)], name=name)
        case intents.EditProgram(host=host):
            return words.t(_DEEDS[type(intent)], host=host)
        case intents.OpenLesson(lesson=lesson):
            return words.t(_DEEDS[type(intent)], title=lesson.title[words.lang])
        case _:
            return words.t(_DEEDS[type(intent)])


def _act(text: str, words: Words) -> str:
    """An act by its line."""
    verb, _, rest = text.partition(" ")
    about = rest.partition(" ")[0]
    if verb in _ARMED:
        is_armed = not about.startswith("#")
        return words.t(_ARMED[verb] if is_armed else _DEEDS[_TOUCHES[verb]])
    if verb in _ACTS:
        return words.t(_ACTS[verb], host=about.partition("/")[0], name=about)
    call = rest.partition(" ")[0]
    if text.replace(" ", "").isascii() and call.isalpha() and verb.isidentifier():
        return words.t(_CALL, host=verb, call=f"{call}()")
    return words.t(_ACT, act=text)


_TOUCHES: dict[str, type] = {
    "drop": intents.Drop, "delay": intents.Delay, "duplicate": intents.Duplicate, "corrupt": intents.Corrupt,
    "swap": intents.Swap,
}  # fmt: skip


def undo_text(session: Session, words: Words, plain: str) -> str:
    """What the command "Undo" says now: ``plain`` where there is nothing to undo."""
    return _text(session.undo, UNDO, words, plain)


def redo_text(session: Session, words: Words, plain: str) -> str:
    """What the command "Redo" says now: ``plain`` where there is nothing to do again."""
    return _text(session.redo, REDO, words, plain)


def _text(steps: tuple[Past, ...], sentence: str, words: Words, plain: str) -> str:
    return words.t(sentence, what=said(steps[-1].intent, words)) if steps else words.t(plain)
