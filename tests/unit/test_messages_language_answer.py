"""The answer to `language`: which one it is, who decided that, and the way to another."""

from dataclasses import replace

import pytest

from bot.commands import request
from bot.domain.answer import Spoken
from bot.domain.language import Language
from bot.messages.render import render_answer
from tests.unit.messages_reading import STYLE, asked, read

CASES = [
    pytest.param(
        Spoken("C1", "zh", chosen=True),
        "I write Chinese in this channel\n"
        "Somebody chose it here. /prewarm language default goes back to the default.\n"
        "[English] [Use the default]",
        id="chosen for a channel",
    ),
    pytest.param(
        Spoken("C1", "en", chosen=False),
        "I write English in this channel\nNobody chose it: it is the default (PREWARM_LANGUAGE).\n[中文]",
        id="the default of a channel",
    ),
    pytest.param(
        Spoken("U1", "zh", chosen=True),
        "I write Chinese to you\n"
        "You chose it. /prewarm language default goes back to the default.\n"
        "[English] [Use the default]",
        id="chosen by a person",
    ),
    pytest.param(
        Spoken("U1", "en", chosen=False),
        "I write English to you\n"
        "You have not chosen: it is that of your Slack, or else the default (PREWARM_LANGUAGE).\n"
        "[中文]",
        id="that of a person's Slack",
    ),
]


@pytest.mark.parametrize(("spoken", "text"), CASES)
def test_the_language_is_told_with_who_chose_it(spoken: Spoken, text: str) -> None:
    assert read(render_answer(spoken, STYLE)) == text


def test_whoever_reads_another_language_than_the_channels_is_answered_in_theirs() -> None:
    chinese = replace(STYLE, language=Language.ZH)
    message = render_answer(Spoken("C1", "en", chosen=False), chinese)
    assert message.text == "本频道的消息使用英文。没有人设置过，这是默认语言（PREWARM_LANGUAGE）。"


def test_buttons_carry_what_could_be_typed() -> None:
    blocks = render_answer(Spoken("U1", "zh", chosen=True), STYLE).blocks
    assert [asked(each) for each in blocks[-1]["elements"]] == [request.Language("en"), request.Language("default")]
