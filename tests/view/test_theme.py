"""Roles of colour: what is promised to the eye is kept by the tokens."""

from __future__ import annotations

import pytest

from tests.view.seeing import EYES, apart
from tutor.view.marks import Ink, Layer, Line, Picture
from tutor.view.svg import to_svg
from tutor.view.theme import (
    CONTRASTS,
    Look,
    contrast,
    contrast_in,
    host_dash,
    host_ink,
    papers,
    theme,
    themes,
    washed,
)


@pytest.mark.parametrize(("role", "ground", "least"), CONTRASTS)
@pytest.mark.parametrize("name", sorted((*themes(), *papers())))
def test_every_role_can_be_read_on_its_ground(name: str, role: str, ground: str, least: float) -> None:
    """WCAG 2.2: 4.5 for text, 7 for what must be read from the last row, 3 for strokes."""
    colours = theme(name)
    assert contrast(colours.colour(role), colours.colour(ground)) >= least


LETTERS = ("ink", "ink2", "ink3", "a", "b", "err", "ok", "accent")
STROKES = ("edge", "nodeb", "now")
"""Roles that are read, and roles that are only seen."""


@pytest.mark.parametrize("name", [each.name for each in themes().values() if each.room is not None])
def test_a_projector_theme_is_readable_in_its_room(name: str) -> None:
    """Lamps and walls put a veil over the screen; 4.5 and 3 of what is left must still be there."""
    colours = theme(name)
    assert colours.room is not None
    for roles, least in ((LETTERS, 4.5), (STROKES, 3.0)):
        for role in roles:
            left = contrast_in(colours.room, colours.colour(role), colours.colour("surface"))
            assert left >= least, f"{role} keeps {left:.2f} of {colours.room}:1"
    assert min(contrast_in(7, theme("light").colour(role), "#FFFFFF") for role in LETTERS) < 4.5, "it has no reason"


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("name", sorted(themes()))
def test_every_eye_tells_the_hosts_apart(name: str, eye: str) -> None:
    """Blue and orange stay far apart without red, green or blue cones; what comes nearer has a glyph beside it."""
    colours = theme(name)
    assert apart(colours.colour("a"), colours.colour("b"), eye) >= 75
    for alarm in ("a", "b"):
        assert apart(colours.colour(alarm), colours.colour("err"), eye) >= 12


PROJECTORS = sorted(each.name for each in themes().values() if each.room is not None)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("name", PROJECTORS)
def test_under_the_veil_of_the_room_every_eye_tells_hosts_and_alarms_apart(name: str, eye: str) -> None:
    """What the lamps leave of blue and orange is far apart, an alarm near neither; tints lift off the ground."""
    colours = theme(name)
    assert colours.room is not None

    def left(role: str) -> str:
        return washed(colours.colour(role), colours.room or 0)

    assert apart(left("a"), left("b"), eye) >= 40
    assert apart(left("a"), left("err"), eye) >= 12
    assert apart(left("b"), left("err"), eye) >= 12
    assert apart(left("a_tint"), left("b_tint"), eye) >= 25
    for tint in ("a_tint", "b_tint"):
        assert apart(left(tint), left("surface"), eye) >= 10


def test_a_veil_keeps_white_and_lifts_black() -> None:
    """In a room of 7:1 black is a seventh of white; in one of 15:1 it is darker."""
    assert washed("#FFFFFF", 7) == "#FFFFFF"
    assert contrast(washed("#000000", 7), "#FFFFFF", 0) == pytest.approx(7, rel=0.02)
    assert washed("#000000", 15) < washed("#000000", 7)


@pytest.mark.parametrize("name", PROJECTORS)
def test_a_projector_draws_every_stroke_wider_and_keeps_its_tints(name: str) -> None:
    """A line one px wider is seen from the back row; grounds are still tinted, so nothing else changes."""
    assert theme(name).extra_width >= 1
    assert not theme(name).is_plain


def test_the_key_for_light_and_dark_never_leads_into_a_projectors_theme() -> None:
    """Nor out of one: from light and dark it goes to dark and light, from a bright room to a dark one."""
    for each in themes().values():
        assert (each.room is None) == (theme(each.partner).room is None)


def test_distance_is_that_of_the_standard() -> None:
    """White and black are 100 apart; red and green are one colour to nobody, but much nearer to a deutan."""
    assert apart("#FFFFFF", "#000000") == pytest.approx(100, abs=0.01)
    assert apart("#FF0000", "#00A000", "deutan") < apart("#FF0000", "#00A000") / 3


@pytest.mark.parametrize("name", ["contrast-light", "contrast-dark"])
def test_high_contrast_is_black_and_white_without_tints(name: str) -> None:
    """Borders and edges are ink, no ground is tinted, colours are left to the hosts and to alarms, at 7 and more."""
    colours = theme(name)
    assert {colours.colour("ink"), colours.colour("surface")} == {"#000000", "#FFFFFF"}
    for role in ("border", "edge", "nodeb", "ink2", "ink3"):
        assert colours.colour(role) == colours.colour("ink")
    for role in ("a_tint", "b_tint", "ok_tint", "err_tint", "accent_tint", "bg", "surface2", "node"):
        assert colours.colour(role) == colours.colour("surface")
    for role in ("a", "b", "err", "ok", "accent"):
        assert contrast(colours.colour(role), colours.colour("surface")) >= 7


def test_high_contrast_draws_every_stroke_one_px_wider() -> None:
    """The same picture, the same marks; only the theme knows."""
    picture = Picture(10, 10, (Layer("static", 0, (Line(0, 5, 10, 5, Ink("edge"), 2, (3.0, 1.0)),)),))
    assert 'stroke-width="2" stroke-dasharray="6 2"' in to_svg(picture, theme("light"))
    assert 'stroke-width="3" stroke-dasharray="9 3"' in to_svg(picture, theme("contrast-light"))


def test_every_theme_has_a_partner_for_the_other_time_of_day() -> None:
    """Dark for light and back: one key leads there, the same key back."""
    for name, each in themes().items():
        partner = theme(each.partner)
        assert partner.partner == name
        assert partner.is_dark is not each.is_dark
        assert contrast(each.colour("surface"), "#000000" if each.is_dark else "#FFFFFF") < 2
        assert each.title


def test_paper_is_black_and_white() -> None:
    """No colour on white; what colours tell elsewhere, dash and shape tell here; it is no theme of a screen."""
    paper = theme("print")
    assert paper.colour("surface") == "#FFFFFF"
    assert all(each[1:3] == each[3:5] == each[5:7] for each in paper.colours.values())
    assert paper.colour("a_tint") != paper.colour("b_tint")
    assert "print" not in themes()


def test_contrast_is_that_of_the_standard() -> None:
    """Black on white is 21, a colour on itself 1, and grey #767676 on white just readable."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#123456", "#123456") == 1
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_all_themes_know_the_same_roles() -> None:
    """A picture that is light today is dark tomorrow."""
    roles = [set(each.colours) for each in (*themes().values(), *papers().values())]
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
