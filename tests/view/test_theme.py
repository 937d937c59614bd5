"""Roles of colour: what is promised to the eye is kept by the tokens."""

from __future__ import annotations

import pytest

from tutor.view.theme import CONTRASTS, Look, contrast, host_dash, host_ink, theme, themes


@pytest.mark.parametrize(("role", "ground", "least"), CONTRASTS)
@pytest.mark.parametrize("name", sorted(themes()))
def test_every_role_can_be_read_on_its_ground(name: str, role: str, ground: str, least: float) -> None:
    """WCAG 2.2: 4.5 for text, 7 for what must be read from the last row, 3 for strokes."""
    colours = theme(name)
    assert contrast(colours.colour(role), colours.colour(ground)) >= least


def test_contrast_is_that_of_the_standard() -> None:
    """Black on white is 21, a colour on itself 1, and grey #767676 on white just readable."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#123456", "#123456") == 1
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_all_themes_know_the_same_roles() -> None:
    """A picture that is light today is dark tomorrow."""
    roles = [set(each.colours) for each in themes().values()]
    assert all(each == roles[0] for each in roles)


def test_hosts_differ_by_more_than_colour() -> None:
    """The first host is solid, the second dashed."""
    assert host_ink(0).role != host_ink(1).role
    assert host_dash(0) == ()
    assert host_dash(1) != ()


def test_an_unknown_theme_is_refused_with_those_there_are() -> None:
    """The message says what could have been meant."""
    with pytest.raises(ValueError, match="dark"):
        theme("sepia")


def test_looks_are_equal_whatever_speaks_their_words() -> None:
    """A look is part of a layer's key: the language stands for its words."""
    assert Look(lang="zh") == Look(lang="zh", words=theme("light"))  # type: ignore[arg-type]
    assert Look(lang="zh") != Look(lang="en")
