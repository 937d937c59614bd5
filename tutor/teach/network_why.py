"""Why a move helps: what the engine makes of it, in a sentence for somebody who never read an RFC.

Rules
-----
* Nothing is said of a move because of its kind alone. The positions before and after it are the engine's: a reason is
  chosen by the state of the end that receives, by what comes of it, by what is answered, and by the rules played.
* "Old" is a segment that the network has kept, a copy, or one whose sender does not know its connection any more.
* Of what is lost it is said what would have come of it: that is what the loss prevents.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.explore.ends import B, Entry
from tutor.explore.normal import family_of, number
from tutor.explore.onward import Deed, Position, position
from tutor.explore.parts import COSTS_NOTHING
from tutor.joining import followed
from tutor.tcp.segment import ACK, FIN, RST, SYN, Segment
from tutor.tcp.states import SYNCHRONISED, State
from tutor.tcp.tcb import Tcb
from tutor.teach import network_reasons as say
from tutor.teach.found import NAMES
from tutor.teach.puzzles import Puzzle
from tutor.words import Words

_S = State

Reason = tuple[str, ...]
"""Message ids, said one after the other."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A move, and what the engine makes of it. ``ahead``: what follows on the way, this move not counted."""

    puzzle: Puzzle
    deeds: tuple[Deed, ...]
    deed: Deed
    ahead: tuple[Deed, ...]
    before: Position
    after: Position

    @property
    def side(self) -> int:
        """Where something happens: who receives, or acts."""
        return self.deed.what.to if isinstance(self.deed.what, Entry) else max(self.deed.side, 0)

    @property
    def was(self) -> Tcb | None:
        """What is there before."""
        return self.before.ends[self.side].tcb

    @property
    def now(self) -> Tcb | None:
        """What is there after."""
        return self.after.ends[self.side].tcb

    @property
    def other(self) -> Tcb | None:
        """What is at the other end."""
        return self.before.ends[1 - self.side].tcb

    @property
    def segment(self) -> Segment:
        """The segment of the move."""
        assert isinstance(self.deed.what, Entry), "asked of moves that have a segment only"
        return self.deed.what.segment

    @property
    def sent(self) -> tuple[Segment, ...]:
        """What the move puts on the wire."""
        left = list(self.before.prompt)
        new: list[Entry] = []
        for entry in self.after.prompt:
            if entry in left:
                left.remove(entry)
            else:
                new.append(entry)
        return tuple(entry.segment for entry in new if entry.to != self.side)

    @property
    def is_old(self) -> bool:
        """Is the segment of a connection that its sender does not have any more, or a copy?"""
        peer = self.other
        return (
            self.deed.kind in ("old", "late") or peer is None or family_of(peer.snd.iss) != family_of(self.segment.seq)
        )

    @property
    def next(self) -> Deed | None:
        """What follows, waiting left out."""
        return next((deed for deed in self.ahead if deed.kind not in COSTS_NOTHING), None)


def scene_of(puzzle: Puzzle, deeds: tuple[Deed, ...], deed: Deed, ahead: tuple[Deed, ...] = ()) -> Scene:
    """The move ``deed`` after ``deeds``. Raises ``NotPossible``."""
    play = puzzle.play
    return Scene(puzzle, deeds, deed, ahead, position(play, deeds), position(play, (*deeds, deed)))


def why(scene: Scene, words: Words) -> str:
    """Why one would make this move."""
    if is_once_more(scene):
        return words.t(say.ONCE_MORE)
    names = [words.t(name) for name in NAMES]
    host, other = names[scene.side], names[1 - scene.side]
    state = words.state(scene.was.state) if scene.was is not None else ""
    there = words.state(scene.other.state) if scene.other is not None else ""
    told = (words.t(text, host=host, other=other, state=state, there=there) for text in reason(scene))
    return followed(tuple(each[:1].upper() + each[1:] for each in told), words)


def reason(scene: Scene) -> Reason:
    """Why one would make this move, as message ids."""
    return REASONS[scene.deed.kind](scene)


def is_once_more(scene: Scene) -> bool:
    """Would the move before have been made for the same reason, at the same end?"""
    if not scene.deeds:
        return False
    *earlier, last = scene.deeds
    before = scene_of(scene.puzzle, tuple(earlier), last, (scene.deed, *scene.ahead))
    return (before.side, last.kind, reason(before)) == (scene.side, scene.deed.kind, reason(scene))


# --- a segment arrives ---


def _arrives(scene: Scene) -> Reason:
    was, now, segment = scene.was, scene.now, scene.segment
    if segment.flags & RST:
        return (_reset(scene, was, now),)
    if was is None:
        return _opens(scene, now) if now is not None else _nobody(scene)
    if now is None or now.state is _S.LISTEN:
        return (_gone(scene, was),)
    if was.state is _S.TIME_WAIT and now.state is not _S.TIME_WAIT:
        return _opens(scene, now)
    if was.state is _S.SYN_RECEIVED and now.state is not _S.SYN_RECEIVED:
        return _confirms(scene, was, now)
    if was.state is _S.SYN_SENT and now.state is not _S.SYN_SENT:
        return (_answers(scene, now),)
    return _goes_on(scene, was, now)


def _nobody(scene: Scene) -> Reason:
    """There is no connection; the reset that says so may be meant for another one."""
    if not scene.sent:
        return (say.MUTE if scene.puzzle.play.variant.is_mute_when_closed else _clears(scene),)
    following = scene.next
    is_kept = any(_is_reset(deed) for deed in scene.ahead) and not (following is not None and _is_reset(following))
    return (say.NOBODY, say.RESET_LATER) if is_kept else (say.NOBODY,)


def _is_reset(deed: Deed) -> bool:
    """Does a reset arrive?"""
    return deed.kind == "deliver" and isinstance(deed.what, Entry) and bool(deed.what.segment.flags & RST)


def _reset(scene: Scene, was: Tcb | None, now: Tcb | None) -> str:
    if was is None or now is not None:
        return _clears(scene)
    if was.state is _S.TIME_WAIT:
        return say.RESET_ENDS_WAIT
    if was.state is _S.SYN_SENT:
        return say.RESET_CALL
    if scene.segment.seq != was.rcv.nxt:
        return say.RESET_IN_WINDOW
    if was.state is _S.SYN_RECEIVED and not was.is_active:
        return say.RESET_ANSWER
    if scene.deed.kind in ("old", "late"):
        return say.RESET_OLD
    return say.RESET if scene.other is not None else say.RESET_STRAY


def _opens(scene: Scene, now: Tcb) -> Reason:
    """A listener, or somebody in TIME-WAIT, takes the segment for a new call."""
    is_open, has_text = now.state is not _S.SYN_RECEIVED, bool(scene.segment.length)
    number = _number(scene, now, say.SAME_HERE, say.NEAR_HERE)
    if not scene.is_old:
        return (say.CALL if not is_open else say.CALL_OPENS_TEXT if has_text else say.CALL_OPENS, *number)
    first = say.LATE_SYN if scene.deed.kind == "late" else say.OLD_SYN if scene.deed.kind == "old" else say.STRAY_SYN
    return (first, *((say.SYN_TEXT if has_text else say.SYN_OPENS,) if is_open else ()), *number)


def _number(scene: Scene, now: Tcb, same: str, near: str) -> Reason:
    """What is said of a new number that is the old one, or lies close to it, while something old can still come."""
    here = scene.before
    side, family = family_of(now.snd.iss)
    if family or not ((here.rest.held and here.old) or here.late or here.prompt):
        return ()
    return (near if now.snd.iss - number(side, family) else same,)


def _gone(scene: Scene, was: Tcb) -> str:
    """What was there is not there any more, and no reset has come."""
    segment, has_reset = scene.segment, any(each.flags & RST for each in scene.sent)
    if was.state is _S.SYN_RECEIVED and not was.is_active and segment.flags & SYN:
        return say.CALL_DISAGREES if has_reset else say.SYN_BACK_TO_LISTEN
    if segment.flags & SYN:
        return say.SYN_IN_WINDOW
    if was.state is _S.LAST_ACK:
        return say.CLOSED_LISTENS if scene.side == B else say.CLOSED
    if segment.flags & FIN and scene.puzzle.variant == "two-segment-close":
        return say.TWO_ARE_ENOUGH
    return say.FORGETS_AT_ONCE


def _confirms(scene: Scene, was: Tcb, now: Tcb) -> Reason:
    """SYN-RECEIVED is left: the segment is taken for the confirmation of the answer."""
    segment, fits = scene.segment, scene.segment.ack == was.snd.nxt
    is_old = scene.is_old or _is_older(scene)
    if segment.flags & FIN and fits and not is_old:
        return (say.CONFIRMED_FIN,)
    has_text = bool(segment.length) and now.rcv.nxt != was.rcv.nxt and not segment.flags & FIN
    by_number = (say.CONFIRMED, say.OLD_ACK_FITS) if fits else (say.ANY_ACK, say.ANY_ACK_OLD)
    return (by_number[is_old], *((say.OLD_TEXT_READ if is_old else say.TEXT_READ,) if has_text else ()))


def _is_older(scene: Scene) -> bool:
    """Was the segment under way before the record that it meets was made?"""
    play, entry = scene.puzzle.play, scene.deed.what
    for made in range(len(scene.deeds) - 1, -1, -1):
        then = position(play, scene.deeds[:made])
        tcb = then.ends[scene.side].tcb
        if tcb is None or tcb.state is not _S.SYN_RECEIVED:
            return entry in then.prompt
    return False


def _answers(scene: Scene, now: Tcb) -> str:
    """Who has called hears something that it takes for the answer."""
    if now.state is _S.SYN_RECEIVED:
        return say.CALLS_CROSS
    if not scene.segment.has_ack and scene.is_old:
        return say.OLD_SYN_AWAITED
    return say.OLD_ANSWER if scene.is_old else say.ANSWERED


def _goes_on(scene: Scene, was: Tcb, now: Tcb) -> Reason:
    """The connection, or the call, is still there."""
    segment, has_reset = scene.segment, any(each.flags & RST for each in scene.sent)
    if has_reset:
        return (say.NO_ANSWER if was.state is _S.SYN_SENT else say.DISAGREES,)
    if was.state in _ENDINGS and now.state is not was.state:
        return (_ENDINGS[was.state].get(now.state, say.FIN_CONFIRMED),)
    if segment.flags & FIN and now.state is not was.state:
        return (say.FIN_HEARD,)
    if segment.length and now.rcv.nxt != was.rcv.nxt:
        return _reads(scene, was)
    if scene.sent:
        return (
            say.WAIT_ANSWERS
            if was.state is _S.TIME_WAIT
            else say.CHALLENGED
            if scene.sent[0].flags & ACK
            else say.SAYS,
        )
    return (say.ARRIVED if now.snd.una != was.snd.una else _clears(scene),)


_ENDINGS: dict[State, dict[State, str]] = {
    _S.FIN_WAIT_1: {_S.TIME_WAIT: say.WAITS, _S.CLOSING: say.BOTH_CLOSE},
    _S.FIN_WAIT_2: {_S.TIME_WAIT: say.WAITS},
    _S.CLOSING: {_S.TIME_WAIT: say.WAITS},
}
"""Who has closed -> where it goes, and what that means."""


def _reads(scene: Scene, was: Tcb) -> Reason:
    """The program is given the segment's bytes."""
    if not scene.is_old:
        return (say.TEXT,)
    if scene.segment.ack == was.snd.nxt:
        return (say.OLD_TEXT_FITS,)
    return (say.OLD_TEXT_ANY if scene.puzzle.play.variant.believes_any_ack else say.OLD_TEXT_DUPLICATE,)


def _clears(scene: Scene) -> str:
    """Nothing comes of it, but that the wire is free."""
    return say.CLEARS if not scene.after.prompt or scene.deed.kind == "deliver" else say.NOTHING


# --- a segment does not arrive ---


def _lost(scene: Scene) -> Reason:
    entry = scene.deed.what
    assert isinstance(entry, Entry), "what is lost is a segment"
    heard = position(scene.puzzle.play, (*scene.deeds, Deed("deliver", scene.deed.side, entry)))
    would = Scene(scene.puzzle, scene.deeds, Deed("deliver", scene.deed.side, entry), (), scene.before, heard)
    is_final = not any(_repeats(end.tcb) for end in scene.after.ends)
    more = (say.NEVER_AGAIN,) if is_final else ()
    if any(each.flags & RST for each in would.sent):
        return (say.LOST_RESET if _ends_other(would) else say.LOST_ANSWER, *more)
    was, then = would.was, would.now
    if was is not None and (then is None or then.state is not was.state):
        return (say.LOST_LAST if was.state is _S.LAST_ACK else say.LOST_STATE, *more)
    if was is not None and then is not None and then.snd.una != was.snd.una and _repeats(scene.now):
        return (say.LOST_AGAIN,)
    return (say.LOST, *more)


def _repeats(tcb: Tcb | None) -> bool:
    """Does a timer run that would send something again?"""
    return tcb is not None and tcb.state is not _S.TIME_WAIT and bool(tcb.timers.running())


def _ends_other(would: Scene) -> bool:
    """Would the reset that is drawn end what the other end has?"""
    drawn = next(entry for entry in would.after.prompt if entry.segment.flags & RST and entry.to != would.side)
    last = position(would.puzzle.play, (*would.deeds, would.deed, Deed("deliver", drawn.to, drawn)))
    return would.after.ends[drawn.to].tcb is not None and last.ends[drawn.to].tcb is None


# --- programs and clocks ---


def _calls(scene: Scene) -> Reason:
    here = scene.before
    assert scene.now is not None, "who calls has a block"
    placed = _number(scene, scene.now, say.SAME_NUMBER, say.NEAR_NUMBER)
    if scene.other is not None:
        return (say.CALL_MEETS, *placed)
    has_old = bool((here.rest.held and here.old) or here.late or here.prompt)
    return placed or (say.ONLY_NEW if has_old else say.BEGINS,)


def _writes(scene: Scene) -> Reason:
    following = scene.next
    if following is not None and following.kind == "duplicate":
        return (say.WRITE_COPIED,)
    is_heard = following is not None and following.kind == "deliver" and following.side != scene.side
    return (say.WRITE_DRAWS if is_heard and scene.other is not None else say.WRITE,)


def _closes(scene: Scene) -> Reason:
    was = scene.was
    if was is not None and was.state is _S.CLOSE_WAIT:
        return (say.CLOSE_TOO,)
    if any(deed.kind == "connect" or _is_call(deed) for deed in scene.ahead):
        return (say.CLOSE_FIRST,)
    return (say.CLOSE_PROMISE if scene.puzzle.breaks == "orderly-close" else say.CLOSE_APART,)


def _is_call(deed: Deed) -> bool:
    """Will something old be taken for a call?"""
    if deed.kind not in ("old", "late") or not isinstance(deed.what, Entry):
        return False
    return deed.what.segment.flags & (SYN | ACK) == SYN


def _aborts(scene: Scene) -> Reason:
    return (say.ABORT if scene.sent else say.ABORT_SILENT,)


def _crashes(scene: Scene) -> Reason:
    return (say.CRASH if scene.other is not None else say.FORGETS,)


def _expires(scene: Scene) -> Reason:
    was = scene.was
    if was is not None and was.state is _S.TIME_WAIT:
        other = scene.other
        return (say.WAIT_OVER_UNTOLD if other is not None and other.state in SYNCHRONISED else say.WAIT_OVER,)
    return (say.AGAIN if scene.sent else say.TIMER,)


def _waits(scene: Scene) -> Reason:
    following = scene.next
    if following is None or following.kind != "expire":
        return (say.GROWS_OLD if scene.before.rest.held and scene.before.rest.past_left > 0 else say.PASSES,)
    tcb = scene.before.ends[following.side].tcb
    return (say.UNTIL_FORGOTTEN if tcb is not None and tcb.state is _S.TIME_WAIT else say.UNTIL_TIMER,)


REASONS = {
    "deliver": _arrives, "old": _arrives, "late": _arrives, "lose": _lost,
    "duplicate": lambda _: (say.COPY,), "hold": lambda _: (say.HOLD,),
    "connect": _calls, "write": _writes, "close": _closes, "release": _closes,
    "abort": _aborts, "crash": _crashes,
    "expire": _expires, "tick": _waits,
}  # fmt: skip
"""Kind of a move -> what says why."""
