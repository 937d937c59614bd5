"""Judge: what the engine says to what an author claims: answers of bets, and the runs that answers play.

Rules
-----
* A bet's declared answer is the engine's, lies in the future when it is asked, and is the only right one; of an order,
  the only order; of a fix, no other option mends it.
* A run that is played happens as it says: its acts can be done, what is to be seen in it is there, what must not
  happen does not, the states are the engine's.
* What an answer to a question says of the run (``holds``) is so if it is right, and is not so if it is wrong. What a
  table is known by stands in it alone.
* A wrong answer of a bet that is said to be right in the run that it plays (``holds: there``) is right there.
* Two wrong answers of one bet never play the same run.
* An attack's solution is played move by move. Without one, the search must find that there is none.
"""

from __future__ import annotations

from contextlib import suppress

from tutor.explore.ends import Entry
from tutor.explore.onward import Deed, way_on
from tutor.tcp.segment import flags_text
from tutor.teach import facts, mending, network, quiz
from tutor.teach.byroad import Byroad, byroad
from tutor.teach.errors import Problems, shortened
from tutor.teach.facts import NoSuchThing, Scene
from tutor.teach.lesson import Ask, Option, Play
from tutor.teach.puzzles import puzzle_of
from tutor.teach.right_there import is_right_there
from tutor.world.targets import parse_pattern


def move_text(deed: Deed) -> str:
    """A move of the network as a solution spells it: ``oldB``, ``loseB``, ``connectA``; A calls, B is called."""
    side = "AB"[deed.side] if deed.side >= 0 else ""
    return f"{deed.kind}{side}{deed.choice or ''}"


def spelled(deed: Deed) -> str:
    """The same with the segment that it is done to: ``oldB:SYN``, ``loseA:SYN,ACK``, ``oldB:data``."""
    if not isinstance(deed.what, Entry):
        return move_text(deed)
    segment = deed.what.segment
    return f"{move_text(deed)}:{'data' if segment.payload else flags_text(segment.flags)}"


def is_move(text: str, deed: Deed) -> bool:
    """Does a solution mean this move? ``oldB`` is any such, ``oldB:data`` and ``deliverA:FIN,ACK`` name the segment."""
    move, colon, kind = text.partition(":")
    if move != move_text(deed):
        return False
    return not colon or (isinstance(deed.what, Entry) and parse_pattern(kind).matches(deed.what.segment))


def _words(text: str) -> str:
    """A text with one blank between its words, and one at either end."""
    return f" {' '.join(text.split())} "


def _words_of_lines(table: str) -> str:
    """The lines of a table, each with the blanks of ``_words``."""
    return "\n".join(map(_words, table.splitlines()))


class Judge:
    """Holds claims against the engine; faults go to ``problems``."""

    def __init__(self, problems: Problems) -> None:
        self.problems, self.words = problems, problems.words

    # --- runs ---

    def plays(self, play: Play, scene: Scene, where: str) -> Byroad | None:
        """The run, if it shows what it is to show."""
        before = len(self.problems)
        try:
            there = byroad(scene, play)
        except NoSuchThing:
            what = self.words.t("the beat at which this run leaves the lesson's never happens")
            self.problems.add(play.mark, f"{where} › at", what, found=play.at)
            return None
        if there.refused is not None:
            what = self.words.t("this cannot be done: {why}", why=self.words.refusal(there.refused))
            self.problems.add(play.mark, f"{where} › acts", what, found="; ".join(play.acts))
        if there.seen is None:
            what = self.words.t("this never happens in the run")
            self.problems.add(play.watch_mark, f"{where} › watch", what, found=play.watch)
        if there.breaks is not None:
            what = self.words.t("this happens, though it must not")
            self.problems.add(play.mark, f"{where} › never", what, found=play.never)
        after = there.said(scene.lesson)
        for host, state in play.states if after is not None else ():
            assert after is not None
            found = facts.state_of(host, after)
            if found != state:
                what = self.words.t("the engine has {host} in {state} then", host=host, state=found)
                self.problems.add(play.mark, f"{where} › states › {host}", what, found=state)
        return there if len(self.problems) == before else None

    # --- bets and questions ---

    def ask(self, ask: Ask, scene: Scene, where: str) -> None:
        """The declared answers, and the run of every option."""
        self.options(ask, scene, where)
        match ask.kind:
            case "choice" | "many":
                self.ideas(ask, scene, where)
            case "explain":
                pass
            case "attack":
                self.attack(ask, scene, where)
            case "table":
                self.bet(ask, scene, where)
                self.tables(ask, scene, where)
            case _:
                self.bet(ask, scene, where)
                self.elsewhere(ask, scene, where)

    def options(self, ask: Ask, scene: Scene, where: str) -> None:
        """Every run that is played goes as it says, and no two wrong answers play the same."""
        right = quiz.declared(ask)
        known: dict[tuple[object, ...], str] = {}
        for index, option in enumerate(ask.options):
            if option.plays is None:
                continue
            place = f"{where} › options › {shortened(option.value, 30)} › plays"
            self.plays(option.plays, scene, place)
            key = (option.plays.at, option.plays.acts)
            if index not in right and ask.kind != "table" and key in known:
                what = self.words.t("another wrong answer plays the same run")
                self.problems.add(option.plays.mark, place, what, found=known[key])
            elif index not in right:
                known[key] = option.value

    def ideas(self, ask: Ask, scene: Scene, where: str) -> None:
        """What is to hold in the run for an answer to be right holds, and for a wrong one it does not."""
        right = quiz.declared(ask)
        for index, option in enumerate(ask.options):
            if option.holds and self.is_so(option, scene) not in (None, index in right):
                what = (
                    self.words.t("this does not hold in the run, and the answer is said to be right")
                    if index in right
                    else self.words.t("this holds in the run, and the answer is said to be wrong")
                )
                place = f"{where} › options › {shortened(option.value, 30)} › holds"
                self.problems.add(option.mark, place, what, found=option.holds)

    @staticmethod
    def is_so(option: Option, scene: Scene) -> bool | None:
        """``quiz.is_so``; None where the run that it plays cannot begin, which has been told already."""
        try:
            return quiz.is_so(option, scene)
        except NoSuchThing:
            return None

    def tables(self, ask: Ask, scene: Scene, where: str) -> None:
        """What a table is known by stands in one of its lines, and in no other table that is on offer."""
        printed = [_words_of_lines(quiz.table(ask, option, scene)) for option in ask.options]
        for index, option in enumerate(ask.options):
            found = [place for place, lines in enumerate(printed) if option.holds and _words(option.holds) in lines]
            if option.holds and found != [index]:
                what = (
                    self.words.t("this stands in another option's table as well")
                    if index in found
                    else self.words.t("no line of this table has these words")
                )
                place = f"{where} › options › {shortened(option.value, 30)} › holds"
                self.problems.add(option.mark, place, what, found=option.holds)

    def elsewhere(self, ask: Ask, scene: Scene, where: str) -> None:
        """What is said to be the right answer of another run is that."""
        for option in ask.options:
            if option.holds and option.plays is not None:
                with suppress(NoSuchThing):  # a run that cannot begin has been told already
                    is_right, shown = is_right_there(ask, option, scene)
                    if not is_right:
                        what = self.words.t("in the run that this answer plays it is not the right one either")
                        place = f"{where} › options › {shortened(option.value, 30)} › holds"
                        hint = self.words.t("there it is: {value}", value=shown) if shown else ""
                        self.problems.add(option.mark, place, what, found=option.value, hint=hint)

    def bet(self, ask: Ask, scene: Scene, where: str) -> None:
        """The declared answer must be the engine's, the only right one, and not yet on screen."""
        try:
            found = quiz.answer(ask, scene)
        except NoSuchThing:
            what = self.words.t("the beat at which this run leaves the lesson's never happens")
            self.problems.add(ask.mark, f"{where} › at", what, found=ask.at)
            return
        declared, said = quiz.declared(ask), ", ".join(ask.answers)
        if not found.value:
            what = self.words.t("the run has no answer to this bet: it does not happen")
            self.problems.add(ask.answer_mark, f"{where} › answer", what, found=said)
        elif (ask.kind == "order" and declared != found.right) or not set(declared) & set(found.right):
            self.another(ask, where, found.shown)
        elif ask.kind != "order" and len(found.right) > 1:
            both = ", ".join(ask.options[i].value for i in found.right)
            what = self.words.t("more than one option is right")
            self.problems.add(ask.mark, f"{where} › options", what, found=both)
        if ask.kind == "fix" and mending.holds(ask, scene.trace, scene.moment.index):
            what = self.words.t("nothing is broken: the lesson's own run is as it is wanted")
            self.problems.add(ask.mark, where, what)
        if found.at is not None and found.at <= scene.at:
            what = self.words.t("the answer is on screen when the bet is asked")
            hint = self.words.t("Hang the beat on an earlier event, or ask about a later one.")
            self.problems.add(ask.mark, where, what, found=found.shown, hint=hint)

    def another(self, ask: Ask, where: str, shown: str) -> None:
        """The engine computes something else."""
        what = self.words.t("the engine computes another answer: {value}", value=shown)
        hint = self.words.t("Either the answer is wrong, or the run is not the one you meant.")
        self.problems.add(ask.answer_mark, f"{where} › answer", what, found=", ".join(ask.answers), hint=hint)

    # --- attacks ---

    def attack(self, ask: Ask, scene: Scene, where: str) -> None:
        """The recorded moves break what is to be broken, in as few moves as can be; or it cannot be done."""
        assert ask.wire is not None, "an attack has a puzzle"
        game = network.begin(puzzle_of(scene.lesson, ask.wire))
        way = way_on(game.puzzle.play)
        if not ask.solution:
            if way.is_found:
                what = self.words.t("it can be done: give the moves (solution)")
                self.problems.add(ask.mark, f"{where} › solution", what, hint=" ".join(map(spelled, way.deeds)))
            return
        for text in ask.solution:
            deed = next((deed for deed in game.here.deeds if is_move(text, deed)), None)
            if deed is None:
                what = self.words.t("this move cannot be made there")
                allowed = tuple(dict.fromkeys(map(spelled, game.here.deeds)))
                self.problems.add(ask.mark, f"{where} › solution", what, found=text, allowed=allowed)
                return
            game = network.update(game, network.Do(deed))
        if not game.is_won:
            what = self.words.t("these moves do not break it")
            hint = " ".join(map(spelled, way.deeds))
            self.problems.add(ask.mark, f"{where} › solution", what, found=" ".join(ask.solution), hint=hint)
