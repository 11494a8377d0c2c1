"""The gallery holds every message, each valid and exactly as it is kept (tests/data/messages).

What people read is kept as text, one file per language, so that a change of words is seen in the change itself.
`UPDATE_MESSAGES=1 pytest tests/integration/test_gallery.py` writes the files anew.
"""

import os
import typing
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.commands.table import COMMANDS
from bot.demo.slack.blocks import message_problems, text_length
from bot.demo.slack.records import Message
from bot.demo.slack.text import as_text
from bot.domain.answer import Answer
from bot.domain.fact import Kind, News, Notice, NoticeKind, Stuck, Transition
from bot.domain.language import Language
from bot.gallery import GROUPS, Example
from bot.gallery.page import offers
from bot.rendering.style import Style

DATA = Path(__file__).parents[1] / "data" / "messages"
NAMES = {"U0ADA": "ada", "U0LIN": "lin", "C0PREWARM": "prewarm", "C0OTHER": "other", "C0GENERAL": "general"}
LANGUAGES = [*Language]


def style(language: Language) -> Style:
    return Style(language, ZoneInfo("UTC"), "https://console.example")


def examples() -> Iterator[Example]:
    for group in GROUPS:
        yield from group.examples


def read(example: Example, language: Language) -> str:
    payload = example.make(style(language))
    message = Message("C0PREWARM", "1.0", "U0BOT", payload.text, payload.blocks)
    spoken = f"(text) {payload.text}\n" if payload.text else ""
    return f"### {example.title}\n\n{as_text(message, NAMES, ZoneInfo('UTC'))}\n{spoken}"


def page(language: Language) -> str:
    parts = (f"## {group.title}\n\n" + "\n".join(read(each, language) for each in group.examples) for group in GROUPS)
    return "\n".join(parts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_are_as_they_are_kept(language: Language) -> None:
    path = DATA / f"{language.value}.md"
    if os.environ.get("UPDATE_MESSAGES"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(page(language), encoding="utf-8")
    assert page(language) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", [*examples()], ids=lambda each: each.title)
def test_a_message_is_valid(example: Example, language: Language) -> None:
    message = example.make(style(language))
    assert message_problems([*message.blocks]) == []
    assert text_length(message.blocks) <= 9_000
    assert len(message.text) <= 3_900


def test_titles_tell_examples_apart() -> None:
    titles = [(group.title, each.title) for group in GROUPS for each in group.examples]
    assert len(titles) == len(set(titles))


def test_the_gallery_holds_every_kind_of_message() -> None:
    shown = [each for example in examples() for each in example.of]
    transitions = [each for each in shown if isinstance(each, Transition)]
    assert {each.kind for each in transitions} == {*Kind}
    assert {each.news for each in transitions} >= {*News} - {News.OTHER, News.AGAIN, News.NEW}
    assert {each.kind for each in shown if isinstance(each, Notice)} == {*NoticeKind}
    assert any(isinstance(each, Stuck) for each in shown)
    assert {type(each) for each in shown} >= {*typing.get_args(Answer)}


def test_the_composer_offers_every_command_that_works() -> None:
    assert [each["text"] for each in offers()] == [
        "/prewarm",
        *(f"/prewarm {command.name}" for command in COMMANDS if command.built),
    ]
