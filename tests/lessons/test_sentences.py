"""What words may not contain, and how they are joined."""

from __future__ import annotations

import pytest

from tutor.teach.sentences import computed_numbers, holes, large_numbers, typed_numbers, untranslated, unwrapped


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It takes 50 ms to arrive.", ["50 ms"]),
        ("50ms后", ["50ms"]),
        ("要等 60 秒", ["60 秒"]),
        ("等两分钟", ["两分钟"]),
        ("after four minutes", ["four minutes"]),
        ("1.5 s, then 3,000 bytes at 10 Mbit/s with 1% loss", ["1.5 s", "3,000 bytes", "10 Mbit/s", "1%"]),
        ("a 0.5-second pause", ["0.5-second"]),
    ],
)
def test_a_number_with_a_unit_is_found(text: str, found: list[str]) -> None:
    """Digits or words, English or Chinese, with or without a space."""
    assert [typed.found for typed in typed_numbers(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "RFC 9293 section 3.10.7.4, fifth",
        "2 MSL",
        "The next number is 1.",
        "port 80 of 10.0.0.1 sends 3 segments",
        "after {client.time_wait} and {since.a-2} s",
        "一个报文段，三次握手，一个字节",
        "4 hosts",
    ],
)
def test_other_numbers_are_the_authors_own(text: str) -> None:
    """Sequence numbers, sections, counts, and whatever the run fills in."""
    assert list(typed_numbers(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Twelve have come, the forty-fourth has not", ["Twelve", "forty-fourth"]),
        ("thirty-two bits, sixteen bits, for thirty years", []),
        ("收到十二个，还有六十一个，再有二十。", ["十二", "六十一", "二十"]),
        ("十六位，三十年，二十来条，几十个，第二十次，十个", []),
        ("seq=4294965800, port 8080, {proxy.ports} ports, ten and one", []),
    ],
)
def test_a_large_number_is_found(text: str, found: list[str]) -> None:
    """Spelt as a word, in either language; not years, nor the bits of a field, nor an ordinal."""
    assert [typed.found for typed in large_numbers(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It says seq=1 ack=91, then win = 64240 and `len=60`.", ["1", "91", "64240", "60"]),
        ("Number 7, bytes 1 to 20, byte 3.", ["7", "1", "20", "3"]),
        ("1 到 20 号字节，121 号，第 3 个字节。", ["1", "20", "121", "3"]),
    ],
)
def test_a_number_of_a_segment_is_found(text: str, found: list[str]) -> None:
    """However small it is, and also where it is printed like a command."""
    numbers = computed_numbers(text)
    assert [number.digits for number in numbers] == found
    assert all(number.is_exact for number in numbers)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("28,232 ports, 65,535, and 1,000,000 more", ["28232", "65535", "1000000"]),
        ("The third try: 121. Then 50, at {time}, of {proxy.ports}.", ["121", "50"]),
        ("有 84,696 个，窗口 64512。", ["84696", "64512"]),
        ("RFC 793, in 1981; since Linux 6.18 and HTTP/1.1, not Windows 2000", []),
        ("第 20 课，RFC 9293，2024 年，16 位，443 端口", ["443"]),
        ("192.0.2.14, lesson 20, `set pizzeria.isn 300`, `drop #17`, IPv6, 7 of 9", []),
    ],
)
def test_other_numbers_are_found_from_ten_on(text: str, found: list[str]) -> None:
    """But not names, years, versions, addresses and what is typed as a command: no run computes those."""
    numbers = computed_numbers(text)
    assert [number.digits for number in numbers] == found
    assert not any(number.is_exact for number in numbers)


def test_placeholders_are_found_with_their_place() -> None:
    """Name and offset, spaces inside forgiven."""
    assert [tuple(hole) for hole in holes("wait { time }, then {link.delay}")] == [(5, "time"), (20, "link.delay")]


def test_paragraphs_lose_their_line_breaks_but_lists_keep_theirs() -> None:
    """The author wraps where it suits the file; the card wraps where it suits the card."""
    assert unwrapped("one\ntwo\n\nthree\n- a\n- b") == "one two\n\nthree\n- a\n- b"


def test_no_space_appears_between_han_characters() -> None:
    """A wrapped Chinese sentence reads on without a gap; between English words the space stays."""
    assert unwrapped("第一行。\n第二行 SYN\nACK") == "第一行。第二行 SYN ACK"
    assert unwrapped("他说：\n“好。”\n“不。”") == "他说：“好。”“不。”"
    assert unwrapped("she said\n“no” and\n… left") == "she said “no” and … left"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is sent once more.", ["It is sent once more"]),
        ("对。It is sent\nonce more!", ["It is sent once more"]),
        ("An ACK (RFC 793) *that ends in* the window", ["An ACK (RFC 793) *that ends in* the window"]),
        ("`close()` returns, and so do all the others", ["returns, and so do all the others"]),
        ("它说 connection reset by peer，然后就结束了", []),
        ("connection reset by peer", []),
        ("SYN,ACK seq=0 ack=1 len=0 win=65535", []),
        ("SYN-SENT → ESTABLISHED → FIN-WAIT-1 → FIN-WAIT-2", []),
        ("tcp_fin_timeout, tcp_tw_reuse and close(), read(), write(), shutdown()", []),
        ("`the server sends it once more`", []),
        ("```\nthe server sends it once more\n```", []),
        ("Windows, Linux, Solaris, Plan, Minix, Ultrix", []),
        ("kiosk bank kiosk bank kiosk", []),
    ],
)
def test_a_sentence_left_in_english_is_found(text: str, found: list[str]) -> None:
    """More than four words of prose on their own; not names, code, flags, states, calls, or what a program prints."""
    assert [left.found for left in untranslated(text, {"kiosk", "bank"})] == found
