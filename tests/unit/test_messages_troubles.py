"""Why the list could not be read, told in the reader's language whatever was remembered."""

from dataclasses import replace

import pytest

from bot.domain.errors import KeyRefused, Limited, ListError, Trouble, Unreachable, Unreadable
from bot.domain.language import Language
from bot.messages.troubles import trouble
from bot.rendering.style import Style
from tests.unit.messages_reading import STYLE

CHINESE = replace(STYLE, language=Language.ZH)
URL = "https://api.ppio.com"


@pytest.mark.parametrize("error", ListError.__subclasses__(), ids=lambda error: error.__name__)
def test_every_error_of_the_list_has_words(error: type[ListError]) -> None:
    raised = error(url=URL, detail="HTTP 502: {odd}\n(2)")
    said = raised.trouble
    assert str(said) == str(raised)
    assert trouble(said, 500, STYLE) == " ".join(str(said).split()).removesuffix(".")
    assert trouble(said, 500, CHINESE).isascii() is False


def test_the_facts_stay() -> None:
    told = [
        trouble(KeyRefused(url=URL, detail="HTTP 401").trouble, 500, CHINESE),
        trouble(Limited(detail="HTTP 429", retry_after=3.0).trouble, 500, CHINESE),
        trouble(Unreachable(url=URL, detail="timeout").trouble, 500, CHINESE),
        trouble(Unreadable(detail="not JSON").trouble, 500, CHINESE),
    ]
    assert told == [
        "预热 API 拒绝了密钥（HTTP 401）。请检查 PPIO_API_KEY，并确认它属于 https://api.ppio.com",
        "预热 API 限制了请求频率（HTTP 429）",
        "无法访问 https://api.ppio.com 的预热 API（timeout）",
        "预热 API 返回的不是列表（not JSON）",
    ]


@pytest.mark.parametrize("style", [STYLE, CHINESE], ids=["en", "zh"])
def test_what_has_no_words_of_its_own_is_told_as_it_came(style: Style) -> None:
    old = str(Unreachable(url=URL, detail="HTTP 502"))
    assert trouble(old, 500, style) == old.removesuffix(".")
    assert trouble(Trouble("MadeLater", {"detail": "HTTP 599"}), 500, style) == "MadeLater HTTP 599"
    assert trouble("stopped between two pages", 500, style) == "stopped between two pages"
    assert trouble("", 500, style) == ""


def test_it_is_cut_and_harmless() -> None:
    told = trouble(Unreadable(detail="\x1b[31m" + "x" * 900).trouble, 60, CHINESE)
    assert told.startswith("预热 API 返回的不是列表（␛[31mxxx")
    assert (len(told), told[-1]) == (60, "…")
