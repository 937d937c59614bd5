"""Votes are kept with their date, written as a table, put away; nobody's progress knows of them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.asked import asked, counts
from tests.ui.halls import arrive, presented, press
from tests.ui.stage import HANDSHAKE, session
from tutor import doctor
from tutor.teach.learners import FIRST, Learners
from tutor.teach.votes_file import FILE, VotesFile
from tutor.ui.conductor import Conductor
from tutor.ui.keeper import Keeper
from tutor.ui.present import votes_deeds
from tutor.ui.settings import Settings
from tutor.words import Words

Opens = Callable[..., Conductor]


@pytest.fixture
def stage(show: Opens) -> Conductor:
    """The main window, on the handshake."""
    return show(session(HANDSHAKE))


@pytest.fixture
def kept(stage: Conductor, tmp_path: Path) -> Conductor:
    """The same, of somebody whose settings and votes are kept."""
    stage.settings = Settings(tmp_path / "window.json")
    return stage


def file() -> VotesFile:
    """Where the person's votes are."""
    return VotesFile(doctor.data_dir() / FILE)


@pytest.mark.ci
def test_votes_are_kept_while_they_are_counted_and_are_there_after_a_crash(kept: Conductor) -> None:
    """Every press is on the disk; the same day the next presentation goes on with them."""
    show = asked(kept)
    press(show.console, "1", "1", "2")
    show.asking.keeping.settle()
    (votes,) = file().of_class()
    assert votes.rounds[0][:2] == (2, 1)
    assert votes.question == show.asking.poll.question
    assert votes.at[:10]
    show.end()
    again = asked(kept)
    assert counts(again)[0][:2] == (2, 1)
    again.end()


@pytest.mark.ci
def test_clean_for_the_next_class_is_one_press(kept: Conductor) -> None:
    """No vote, no answer shown, the clock at 0; what was voted is in the file with its date."""
    show = asked(kept)
    press(show.console, "1", "PgDown")
    arrive(show)
    show.pass_time(60)
    show.asking.panel.tools["votes-clean"].click()
    assert counts(show) == ((0, 0, 0, 0)[: len(counts(show)[0])],)
    assert show.here.is_asking
    assert show.here.elapsed == 0
    show.end()
    assert file().of_class() == ()
    assert len(file().all()) == 1


@pytest.mark.ci
def test_the_table_is_written_from_the_console_and_from_the_window(kept: Conductor, tmp_path: Path) -> None:
    """Both ask for a file; what cannot be written is said."""
    show = asked(kept)
    said: list[str] = []
    votes_deeds.export(Words(), show.console, show.asking._of_question.values(), said.append)
    assert said == ["Nobody has voted in this class."]
    press(show.console, "1")
    show.asking.panel.tools["votes-csv"].click()
    dialog = next(each for each in show.console.findChildren(votes_deeds.VotesDialog))
    dialog.fileSelected.emit(str(tmp_path / "votes.csv"))
    assert "votes.csv" in show.console.notice.text(), "it is no trouble"
    assert not show.warning
    dialog.fileSelected.emit(str(tmp_path / "no" / "votes.csv"))
    assert "cannot be written" in show.warning
    assert (tmp_path / "votes.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    dialog.close()
    show.end()
    kept.command("votes-csv")
    other = next(each for each in kept.window.findChildren(votes_deeds.VotesDialog))
    other.fileSelected.emit(str(tmp_path / "no" / "votes.csv"))
    assert "cannot be written" in kept.window.notice.text()
    other.close()
    kept.command("votes-clean")
    assert file().of_class() == ()


@pytest.mark.ci
def test_a_full_disk_is_said_once_and_the_show_goes_on(kept: Conductor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The votes count on; the lecturer alone is told."""
    show = asked(kept)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    press(show.console, "1", "1")
    show.asking.keeping.settle()
    QApplication.processEvents()
    assert "cannot be kept" in show.warning
    assert "No space" in show.warning
    show.warn("")
    press(show.console, "1")
    show.asking.keeping.settle()
    QApplication.processEvents()
    assert show.warning == ""
    assert counts(show)[0][0] == 3
    show.end()


@pytest.mark.ci
def test_presenting_a_whole_lesson_with_votes_leaves_the_learners_file_as_it_was(show: Opens, tmp_path: Path) -> None:
    """Byte for byte: every stop, votes on every question, every answer and refutation played, another language."""
    conductor, folder = show(session(HANDSHAKE, motion="reduced")), Learners(tmp_path / "learners")
    conductor.settings = Settings(tmp_path / "window.json")
    for is_first in (True, False):
        conductor.memory.take(Keeper(parent=conductor, learners=folder, learner=FIRST))
        conductor.keeper.start()
        if is_first:
            conductor.keeper.stop()
            before = folder.path(FIRST).read_bytes()
    made, _ = presented(conductor)
    for _ in range(200):
        if made.here.is_asking and made.here.votes is not None:
            press(made.console, "1", "2", "3", "3")
        press(made.console, "PgDown")
        arrive(made)
        if made.here.is_over:
            break
    assert made.here.is_over
    press(made.console, "Ctrl+L", "Left", "Space")
    made.end()
    assert file().of_class(), "it was voted"
    assert conductor.session.answers == ()
    conductor.keeper.stop()
    assert folder.path(FIRST).read_bytes() == before
