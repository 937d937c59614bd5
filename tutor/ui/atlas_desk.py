"""The desk behind the atlas: holds the reading, knows where the run is, and opens the run that leads to a pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.commands.loading import Loaded
from tutor.commands.switches import Switches
from tutor.tcp.states import State
from tutor.teach import atlas, intents, there
from tutor.teach.atlas import Reading
from tutor.teach.beyond import beyond
from tutor.teach.session import Session
from tutor.ui import desk
from tutor.ui.atlas import AtlasPage
from tutor.ui.atlas_rows import atlas_rows
from tutor.ui.graph_rows import profile_of
from tutor.view.standing import newest

if TYPE_CHECKING:
    from tutor.explore.atlas import Pair
    from tutor.ui.conductor import Conductor


class AtlasDesk(desk.Desk):
    """One page on one reading, over a conductor's window. It begins where the run on the stage is."""

    def __init__(self, conductor: Conductor) -> None:
        super().__init__(conductor)
        session = conductor.session
        self.here: Pair | None = here_of(session)
        self.reading: Reading = atlas.begin(profile_of(session), session.world.variant.id, first_of(session, self.here))
        self.page = AtlasPage(conductor.style, conductor.window)
        self.page.wanted.connect(self.send)
        self.page.commanded.connect(conductor.command)
        self.page.play_wanted.connect(self.play)
        self.page.stand_wanted.connect(self.stand)

    def open(self) -> None:
        """Lay the page over the window."""
        super().open()
        self.paint()

    def send(self, intent: atlas.Intent) -> Reading:
        """Make the next reading, and show it."""
        was, self.reading = self.reading, atlas.update(self.reading, intent)
        if self.reading != was:
            self.paint()
        return self.reading

    def paint(self) -> None:
        """Show the reading."""
        session, reading = self.conductor.session, self.reading
        is_beyond = reading.way is None and reading.chosen == self.here
        by = beyond(session.trace, session.playhead, connection_of(session), reading) if is_beyond else None
        rows = atlas_rows(reading, self.here, self.conductor.words, is_asking=session.is_asking, by=by)
        self.page.show_rows(rows)

    @property
    def can_play(self) -> bool:
        """May the run to the chosen pair be seen now?"""
        return self.page.shown is not None and self.page.shown.can_play

    def play(self) -> None:
        """Open the run to the chosen pair on the stage, and let it play from its start."""
        if self._visit(from_start=True):
            self.conductor.command("toggle-play")

    def stand(self) -> None:
        """Open the run to the chosen pair at the moment at which it has come there."""
        self._visit(from_start=False)

    def _visit(self, *, from_start: bool) -> bool:
        conductor, reading = self.conductor, self.reading
        if not self.can_play:
            return False
        visit = atlas.visit(reading.profile, reading.variant, reading.chosen, from_start=from_start)
        if visit is None:
            return False
        conductor.library.keep(Loaded(visit.lesson, Switches(None, {}, (), None), visit.scenario, visit.road))
        self.close()
        conductor.send(intents.TakeMeThere(visit))
        return True


def here_of(session: Session) -> Pair | None:
    """Where the two hosts of the connection in focus are, at the playhead."""
    return atlas.here(session.world, connection_of(session))


def connection_of(session: Session) -> str:
    """The connection in focus; "": there is none yet."""
    return session.sight.focus or newest(session.trace, session.playhead)


def first_of(session: Session, here: Pair | None) -> Pair | None:
    """The pair to begin with: where the run is, or beside it, in the row of a state that is selected in the figure."""
    kind, _, _ = session.selection.partition(":")
    state = there.state_in(session.selection) if kind == "state" else None
    if state is None or (here is not None and state in here):
        return here
    return state, here[1] if here is not None else State.LISTEN


def toggle(conductor: Conductor) -> desk.Desk | None:
    """Open the atlas; if it is open, close it."""
    return desk.toggle(conductor, AtlasDesk, lambda: AtlasDesk(conductor))
