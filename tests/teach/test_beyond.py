"""A run that stands where the atlas says TCP never comes: it says by what it has come there, and looks no further."""

from __future__ import annotations

import pytest

from tests.world.stage import scene
from tutor.explore.contradiction import contradiction
from tutor.tcp.states import State
from tutor.tcp.values import replace
from tutor.teach.atlas import NEVER, Reading, here
from tutor.teach.beyond import COOKIE, FORGED, MORE, NUMBER, PROTOCOL, Beyond, beyond
from tutor.view.standing import newest
from tutor.world.trace import Trace

S = State

RFC = Reading("rfc9293")

FORGED_FIN = """
    host client 10.0.0.1 rfc9293
      at 0s connect server:80 from 1000
    host server 10.0.0.2 rfc9293
      at 0s listen 80
      accept
    link client server delay=10ms
    until 2s
    at 1s inject server>client FIN,ACK seq=1 ack=1 sport=80 dport=1000
"""
"""A stranger closes in the server's name, which knows nothing of it."""

NUMBER_REPEATS = """
    host client 10.0.0.1 rfc9293
      at 0s connect server:80 from 1000 isn=1000000
      at 1s abort
      at 2s connect server:80 from 1000 isn=900000000
      at 2.1s shutdown write
    host server 10.0.0.2 rfc9293
      at 0s listen 80
      accept
      accept
      at 2.15s shutdown write
    link client server delay=10ms
    until 4s
    at 0s set server.isn 2000000
    at 0.001s duplicate #1 3s
    at 0.021s duplicate #3 3.1s
    at 1.5s set server.isn 70000000
    at 2.9s set server.isn 2000000
"""
"""The client is in TIME-WAIT when an old SYN and an old ACK come, and the server chooses its number of old."""


COOKIES = """
    host client 10.0.0.1 linux-6.18
      at 0s connect server:80 from 1000
      at 1s shutdown write
    host server 10.0.0.2 linux-6.18 tcp_syncookies=2
      at 0s listen 80
      accept
      at 2s close
    link client server delay=10ms
    until 30s
    at 0s duplicate client:ACK 20s
"""
"""A listener keeps no record of a caller, and the ACK that opened the last connection comes again."""


def stood(text: str, at: int, reading: Reading = RFC, variant: str = "") -> tuple[tuple[State, State] | None, Beyond]:
    """Where both ends are at ``at``, and what the run has done beyond the atlas."""
    trace = Trace.of(replace(scene(text), variant=variant))
    name = newest(trace, at)
    return here(trace.world_at(at), name), beyond(trace, at, name, reading)


def test_a_forged_segment_is_named_once_it_has_been_taken_in() -> None:
    """The client believes that the server has closed; before, there is nothing to name."""
    assert stood(FORGED_FIN, 1_005_000) == ((S.ESTABLISHED, S.ESTABLISHED), Beyond(MORE))
    pair, found = stood(FORGED_FIN, 1_012_000)
    assert pair == (S.CLOSE_WAIT, S.ESTABLISHED)
    assert contradiction(*pair) is not None
    assert found == Beyond(FORGED, 1_010_000, "client")


def test_a_number_of_old_is_named_when_it_is_chosen_again() -> None:
    """TIME-WAIT opposite ESTABLISHED, by a coincidence: the server began with the number that the old ACK fits."""
    assert stood(NUMBER_REPEATS, 2_900_000)[1] == Beyond(MORE)
    pair, found = stood(NUMBER_REPEATS, 3_150_000)
    assert pair == (S.TIME_WAIT, S.ESTABLISHED)
    assert contradiction(*pair) is not None
    assert found.kind == NUMBER
    assert found.host == "server"
    assert 2_900_000 < found.at < 3_150_000


@pytest.mark.parametrize("variant", ["", "two-way"])
def test_the_atlas_of_another_protocol_says_nothing_of_this_run(variant: str) -> None:
    """TCP's is looked at while a two-way handshake plays, or the other way round; or Linux's rules."""
    other = replace(RFC, variant="" if variant else "two-way")
    assert stood(FORGED_FIN, 1_012_000, other, variant)[1] == Beyond(PROTOCOL)
    assert stood(FORGED_FIN, 1_012_000, Reading("linux-6.18", variant), variant)[1] == Beyond(PROTOCOL)
    assert stood(FORGED_FIN, 1_012_000, replace(RFC, variant=variant), variant)[1].kind == FORGED


def test_who_was_two_way_for_a_while_has_followed_another_protocol() -> None:
    """The rules are those of TCP again when one looks; how the run came where it is, they did not decide."""
    text = FORGED_FIN.replace("until 2s", "until 2s\n    at 0s variant two-way\n    at 0.5s variant none")
    assert stood(text, 1_012_000)[1] == Beyond(PROTOCOL)
    assert stood(text.replace("at 0.5s", "at 1.5s"), 1_012_000)[1] == Beyond(PROTOCOL)


BOTH_CALL = """
    host client 10.0.0.1 rfc9293
      at 0s connect server:80 from 1000
    host server 10.0.0.2 rfc9293
      at 0s connect client:1000 from 80
    link client server delay=10ms
    until 4s
    at 0.001s drop client:SYN
"""


def test_one_number_in_two_segments_is_no_coincidence() -> None:
    """Calls that cross say the number in a SYN and in a SYN+ACK, and a SYN that was lost says it again."""
    assert stood(BOTH_CALL, 3_000_000) == ((S.ESTABLISHED, S.ESTABLISHED), Beyond(MORE))


def test_a_cookie_opens_a_connection_that_nobody_asks_for() -> None:
    """TIME-WAIT opposite ESTABLISHED by an ACK that came twice: the sentence "TCP never comes there" excludes it."""
    pair, by = stood(COOKIES, 25_000_000, Reading("linux-6.18"))
    assert pair == (S.TIME_WAIT, S.ESTABLISHED)
    assert contradiction(*pair) is not None and "SYN cookie" in NEVER
    assert by == Beyond(COOKIE, by.at, "server") and by.at > 20_000_000
