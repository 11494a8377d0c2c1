"""Why the list could not be read, told in the reader's language whatever was remembered."""

from dataclasses import replace

import pytest

from bot.domain.errors import KeyRefused, Limited, ListError, Unreachable, Unreadable
from bot.domain.language import Language
from bot.messages.troubles import TROUBLES, trouble
from bot.rendering.style import Style
from tests.unit.messages_reading import STYLE

CHINESE = replace(STYLE, language=Language.ZH)
URL = "https://api.ppio.com"


@pytest.mark.parametrize("error", ListError.__subclasses__(), ids=lambda error: error.__name__)
def test_every_error_of_the_list_has_words(error: type[ListError]) -> None:
    assert error.__name__ in TROUBLES
    said = str(error(url=URL, detail="HTTP 502: {odd}\n(2)"))
    assert trouble(said, 500, STYLE) == " ".join(said.split()).removesuffix(".")
    assert trouble(said, 500, CHINESE).isascii() is False


def test_the_facts_stay() -> None:
    told = [
        trouble(str(KeyRefused(url=URL, detail="HTTP 401")), 500, CHINESE),
        trouble(str(Limited(detail="HTTP 429", retry_after=3.0)), 500, CHINESE),
        trouble(str(Unreachable(url=URL, detail="timeout")), 500, CHINESE),
        trouble(str(Unreadable(detail="not JSON")), 500, CHINESE),
    ]
    assert told == [
        "预热 API 拒绝了密钥（HTTP 401）。请检查 PPIO_API_KEY，并确认它属于 https://api.ppio.com",
        "预热 API 限制了请求频率（HTTP 429）",
        "无法访问 https://api.ppio.com 的预热 API（timeout）",
        "预热 API 返回的不是列表（not JSON）",
    ]


@pytest.mark.parametrize("style", [STYLE, CHINESE], ids=["en", "zh"])
def test_what_has_no_known_form_is_told_as_it_came(style: Style) -> None:
    assert trouble("stopped between two pages", 500, style) == "stopped between two pages"
    assert trouble("", 500, style) == ""


def test_it_is_cut_and_harmless() -> None:
    told = trouble(str(Unreadable(detail="\x1b[31m" + "x" * 900)), 60, CHINESE)
    assert told.startswith("预热 API 返回的不是列表（␛[31mxxx")
    assert (len(told), told[-1]) == (60, "…")
