"""Words: two languages that say the same, and the person's own is found."""

from __future__ import annotations

import pytest

from tests.tools import messages
from tutor.tcp.reasons import Reason
from tutor.tcp.segment import ACK, SYN
from tutor.tcp.states import State
from tutor.words import CATALOGUES, LANGUAGES, Words, preferred_language


@pytest.mark.parametrize("lang", CATALOGUES)
def test_every_sentence_is_translated_and_both_files_agree(lang: str) -> None:
    """Whoever adds a sentence runs tests/tools/messages.py and translates what it lists."""
    assert messages.faults(lang) == []


def test_every_language_but_the_first_has_a_catalogue() -> None:
    """English is the source; the others are read from assets/i18n."""
    assert set(CATALOGUES) == set(LANGUAGES) - {"en"}


def test_state_names_stay_english_and_reasons_do_not() -> None:
    """A learner must find SYN-RCVD in books and tools; why it was entered is said in their own language."""
    english, chinese = Words("en"), Words("zh")
    assert english.state(State.SYN_RECEIVED) == chinese.state(State.SYN_RECEIVED) == "SYN-RCVD"
    assert english.flags(SYN | ACK) == chinese.flags(SYN | ACK) == "SYN+ACK"
    reason = Reason("ack-of-unsent", (("ack", 7),))
    assert english.reason(reason) == "ACK 7 acknowledges something not yet sent"
    assert chinese.reason(reason) == "ACK 7 确认了尚未发送的内容"


def test_chinese_stands_apart_from_latin_letters_that_are_filled_in() -> None:
    """'client的重传计时器' is bent; a Chinese word that is filled in at the same place stands close."""
    chinese, sentence = Words("zh"), "the {timer} of the {host} runs out"
    assert chinese.t(sentence, timer="RTO", host="client") == "client 的 RTO 到期"
    assert chinese.t(sentence, timer="重传计时器", host="客户端") == "客户端的重传计时器到期"


def test_a_reason_names_the_clause_of_the_edge_it_explains() -> None:
    """'The program has no more to send' rests on another sentence of 3.10.4 in CLOSE-WAIT than in ESTABLISHED."""
    plain = Reason("reset-by-peer")
    closing = Reason("reset-by-peer", (("edge", "last-ack/rcv-rst"),))
    assert Words("en").reason_clause(plain) == "RFC 9293 section 3.10.7.4, second"
    assert Words("zh").reason_clause(closing) == "RFC 9293 第 3.10.7.4 节，第二步"


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    """The message says what is allowed."""
    with pytest.raises(ValueError, match="no language 'fr'; allowed: en, zh"):
        Words("fr")


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:zh_CN:en"}, "zh"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_locale_chooses_the_language(environment: dict[str, str], lang: str) -> None:
    """The order is gettext's own: LANGUAGE unless the locale is C, then LC_ALL, LC_MESSAGES, LANG."""
    assert preferred_language(environment) == lang
