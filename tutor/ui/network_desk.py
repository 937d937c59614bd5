"""The desk behind the network's page: holds the game, has it searched, and opens what was made as a run.

Rules
-----
* ``send`` is the only way to the next game, as the conductor's is to the next session.
* The search is asked for what ``network.wanted`` says, and called off when nobody wants it any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tutor.commands.loading import Loaded
from tutor.commands.switches import Switches
from tutor.explore.onward import run_of
from tutor.explore.parts import cost
from tutor.joining import named
from tutor.tcp.variant import variant_named
from tutor.teach import intents, network, network_words
from tutor.teach.judge import move_text
from tutor.teach.network import Game
from tutor.teach.progress import Score
from tutor.teach.puzzles import Puzzle
from tutor.teach.retelling import lesson_of
from tutor.teach.road import lay_road
from tutor.teach.session import Session
from tutor.teach.visiting import home_of
from tutor.ui import desk, saying
from tutor.ui.network import NetworkPage
from tutor.ui.network_rows import network_rows, who_is_who
from tutor.ui.network_search import NetworkSearch
from tutor.words import LANGUAGES, Words

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


_LEFT: WeakKeyDictionary[Conductor, Game] = WeakKeyDictionary()
"""The game that was left in a window when its page was closed."""


class NetworkDesk(desk.Desk):
    """One page on one game, over a conductor's window."""

    def __init__(self, conductor: Conductor, game: Game) -> None:
        super().__init__(conductor)
        self.game = game
        self.scores: dict[str, Score] = {}
        self._searched = 0
        self._known: dict[Puzzle, tuple[network.Told | network.ToldElsewhere, ...]] = {}
        """What was told of the beginnings of puzzles that were taken up before: nobody waits for it twice."""
        self._kept: tuple[Puzzle, network.Deeds] | None = None
        self.search = NetworkSearch(self)
        self.page = NetworkPage(conductor.style, conductor.window)
        self.page.wanted.connect(self.send)
        self.page.commanded.connect(conductor.command)
        self.page.run_wanted.connect(self.open_run)
        self.search.found.connect(self.send)
        self.search.got_to.connect(self._count)
        conductor.keeper.scored.connect(self._score)

    # --- opening and closing ---

    def open(self) -> None:
        """Lay the page over the window, and ask for what has been achieved so far."""
        super().open()
        self.conductor.keeper.ask_scores()
        self.conductor.window.closing.connect(self.search.stop)
        self._show()

    def close(self) -> None:
        """Take it away again; the game is kept for the next time."""
        self.search.stop()
        _LEFT[self.conductor] = self.game
        super().close()

    # --- the game ---

    def send(self, intent: network.Intent) -> Game:
        """Make the next game, and show it."""
        was, self.game = self.game, network.update(self.game, intent)
        if isinstance(intent, network.ToldElsewhere) or (isinstance(intent, network.Told) and not intent.deeds):
            self._known[intent.puzzle] = (*self._known.get(intent.puzzle, ()), intent)
        elif self.game.par is None:
            for told in self._known.get(self.game.puzzle, ()):
                self.game = network.update(self.game, told)
        if self.game is not was:
            self._keep()
            self._show()
        return self.game

    def _show(self) -> None:
        wanted = network.wanted(self.game)
        if wanted is None:
            self.search.stop()
        else:
            self.search.ask(self.game.puzzle, wanted)
        self._searched = self._searched if wanted is not None else 0
        self.paint()

    def paint(self) -> None:
        """Show the game."""
        words, window = self.conductor.words, self.conductor.window
        variant = variant_named(self.game.puzzle.variant)
        window.setWindowTitle(saying.titled(words.t("Be the network"), variant, words))
        session = self.conductor.session
        who = who_is_who(home_of(session).lesson, words) if offered(session) == self.game.puzzle else ""
        self.page.show_rows(network_rows(self.game, self.scores, words, searched=self._searched, who=who))

    def _keep(self) -> None:
        """Put down what was achieved, once: a puzzle that is won, or the proof that nobody can."""
        game, keeper = self.game, self.conductor.keeper
        is_done = game.is_won and game.par is not None
        key = (game.puzzle, game.deeds if is_done else ())
        if not (is_done or game.has_proof) or self._kept == key:
            return
        self._kept = key
        par = cost(game.par.deeds) if is_done and game.par is not None else None
        self._hand_in()
        keeper.solve(game.puzzle.id, cost(game.deeds) if is_done else 0, par)

    def _hand_in(self) -> None:
        """Where the lesson asks for this very attack, it has its answer."""
        conductor, game = self.conductor, self.game
        if offered(conductor.session) == game.puzzle:
            conductor.send(intents.Solved(" ".join(move_text(deed) for deed in game.deeds) or "*"))

    def _score(self, scores: object) -> None:
        assert isinstance(scores, dict), "the keeper tells scores by puzzle"
        self.scores = scores
        self.paint()

    def _count(self, worlds: int) -> None:
        self._searched = worlds
        self.paint()

    # --- the run ---

    def open_run(self) -> None:
        """Open the run that was made on the stage, like any other."""
        conductor, puzzle = self.conductor, self.game.puzzle
        answer, run = run_of(puzzle.play, self.game.deeds)
        titles = {lang: _heading(puzzle, Words(lang)) for lang in LANGUAGES}
        name = f"wire-{puzzle.variant or 'tcp'}-{puzzle.breaks}"
        lesson, scenario = lesson_of(answer, run, name, titles)
        road = lay_road(lesson, scenario)
        loaded = conductor.library.keep(Loaded(lesson, Switches(None, {}, (), None), scenario, road))
        conductor.command("network")
        conductor.send(intents.OpenLesson(loaded.lesson, loaded.scenario, loaded.road))


def _heading(puzzle: Puzzle, words: Words) -> str:
    return named(network_words.protocol(puzzle, words), network_words.title(puzzle, words), words)


def offered(session: Session) -> Puzzle | None:
    """The puzzle that the lesson offers now, if it does."""
    from tutor.ui.lesson_deeds import offered_puzzle

    return offered_puzzle(session)


def toggle(conductor: Conductor, puzzle: Puzzle | None = None) -> NetworkDesk | None:
    """Open the page, on the game that was left; if it is open, close it.

    What a lesson offers (``puzzle``) is begun anew, unless it was left unfinished.
    """
    opened = desk.toggle(conductor, NetworkDesk, lambda: NetworkDesk(conductor, _game(conductor, puzzle)))
    assert opened is None or isinstance(opened, NetworkDesk)
    return opened


def _game(conductor: Conductor, puzzle: Puzzle | None) -> Game:
    left = _LEFT.get(conductor)
    if left is not None and (puzzle is None or (left.puzzle == puzzle and not left.is_won)):
        return left
    return network.begin(puzzle) if puzzle is not None else network.begin()
