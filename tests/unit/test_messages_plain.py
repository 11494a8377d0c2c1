"""Short forms of figures and times, the catalogue's edges, and other people's text made harmless."""

from zoneinfo import ZoneInfo

import pytest

from bot.domain.language import Language
from bot.rendering.document import stamp
from bot.rendering.escape import clean, cut, escaped, exact, middle, name
from bot.rendering.languages import Words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 s"),
        (0.4, "0 s"),
        (6, "6 s"),
        (60, "1 min"),
        (252, "4 min 12 s"),
        (3_600, "1 h"),
        (3_659, "1 h"),
        (8_000, "2 h 13 min"),
        (86_400 * 3 + 3_600 * 4, "3 d 4 h"),
    ],
)
def test_durations_have_at_most_two_units(seconds: float, text: str) -> None:
    assert Words(Language.EN).duration(seconds) == text


def test_ages() -> None:
    assert [Words(Language.EN).ago(seconds) for seconds in (-3, 0.9, 12.3, 90)] == [
        "just now",
        "just now",
        "12 s ago",
        "1 min 30 s ago",
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1 B"),
        (1_000, "1.00 kB"),
        (72_298_048, "72.3 MB"),
        (6_762_128_493, "6.76 GB"),
        (123_456_789_012, "123 GB"),
        (2_500_000_000_000, "2.50 TB"),
    ],
)
def test_sizes_are_decimal_with_three_digits(number: int, text: str) -> None:
    assert Words(Language.EN).size(number) == text


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("UTC", "2025-08-28 06:09 UTC"),
        ("Asia/Shanghai", "2025-08-28 14:09 UTC+8"),
        ("Asia/Kolkata", "2025-08-28 11:39 UTC+5:30"),
        ("America/New_York", "2025-08-28 02:09 UTC-4"),
        ("Europe/London", "2025-08-28 07:09 UTC+1"),
        ("Atlantic/Azores", "2025-08-28 06:09 UTC"),
    ],
)
def test_times_carry_their_offset(zone: str, text: str) -> None:
    assert stamp(1756361371, ZoneInfo(zone)) == text


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_no_time_leaves_the_calendar(zone: str) -> None:
    assert stamp(-1e18, ZoneInfo(zone))[:4] in ("1969", "1970")
    assert stamp(1e18, ZoneInfo(zone)).startswith("9892")


def test_what_a_catalogue_lacks_is_said_in_english() -> None:
    assert Words(Language.ZH).say("as it is") == "as it is"
    assert [Words(Language.ZH).count("one", "many", n) for n in (0, 1, 2)] == ["many", "one", "many"]


def test_words_bend_with_the_number() -> None:
    assert [Words(Language.EN).count("{n} task is listed", "{n} tasks are listed", n) for n in (0, 1, 1_234)] == [
        "0 tasks are listed",
        "1 task is listed",
        "1,234 tasks are listed",
    ]


def test_clean_text_is_one_line_of_visible_signs() -> None:
    assert clean(" a\n\tb\u2028c\u3000\x85d ") == "a b c d"
    assert clean("\x00\x1b[31m\x7f\x9b\xad\ud800\u202e\u200b\ufeff\ufffe\U0010ffff") == "␀␛[31m��������" + "�"
    assert clean("\x1c\x1f") == "␜␟"
    assert clean("普通话 émoji 🚀 Ωß") == "普通话 émoji 🚀 Ωß"


def test_an_id_keeps_its_spaces() -> None:
    assert exact(" a  b\x00") == " a  b␀"


def test_cuts_show() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abcde…"
    assert middle("registry/team/name:v1", 10) == "reg…ame:v1"
    assert name("x" * 9_000, 5) == "xxxx…"
    assert name(" " * 9_000 + "x", 5) == "…"


def test_escaped_text_never_ends_inside_an_entity() -> None:
    assert escaped("a<b>&", 99) == "a&lt;b&gt;&amp;"
    assert escaped("<<<<", 11) == "&lt;&lt;…"
    assert escaped("abcdefgh", 5) == "abcd…"
