"""The catalogues say all that `english.py` says, in each other language, and nothing else.

`UPDATE_CATALOGUES=1 pytest tests/unit/test_catalogues.py` (`make words`) brings them up to date: what is new waits for
its words, and what has changed is marked fuzzy.
"""

import os
import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import generate_po, read_po

from bot.commands.table import COMMANDS, LANGUAGES, STATES
from bot.domain.language import Language
from bot.messages.troubles import TROUBLES
from bot.rendering.english import Count, Say

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "bot" / "rendering" / "locale"
TRANSLATED = [language for language in Language if language is not Language.EN]
SPOKEN = {"API", "GB", "ID", "Slack", "prewarm-bot", "repositoryAuth"}
"""Words that are said in any language. So is what people type, as it stands in `commands.py`, and its examples."""
TYPED = {"/prewarm", "nzd5ny", "cluster:", "3d", *STATES, *LANGUAGES} | {
    word for command in COMMANDS for text in (command.usage, *command.examples) for word in text.split()
}
LEFT = re.compile(r"\{\w*\}|PREWARM_\w+|SLACK_\w+|PPIO_\w+")

Key = tuple[str, type]  # a name, and whether it bends with a number: `Say.FAILED` and `Count.FAILED` are two


def path(language: Language) -> Path:
    return LOCALE / language.value / "LC_MESSAGES" / "messages.po"


def entries(language: Language) -> dict[Key, Message]:
    with path(language).open("rb") as file:
        found = [message for message in read_po(file, abort_invalid=True) if message.id]
    keyed = {(str(message.context), type(message.id)): message for message in found}
    assert len(keyed) == len(found)
    return keyed


def wanted() -> dict[Key, str | tuple[str, str]]:
    """Return what `english.py` says, in its order, and what the list's errors say."""
    words = {(each.name, type(each.value)): each.value for each in (*Say, *Count)}
    return words | {(name, str): sentence for name, sentence in TROUBLES.items()}


def said(message: Message) -> tuple[str, ...]:
    """Return the words for each form of the number."""
    return tuple(map(str, message.string)) if isinstance(message.string, tuple) else (str(message.string),)


def up_to_date(language: Language) -> str:
    """Return the catalogue as it is to be: its own head, then each entry in the order of `english.py`."""
    old, new = entries(language), Catalog(locale=language.value)
    for key, english in wanted().items():
        before = old.get(key)
        if before is None:
            new.add(english, context=key[0])
        else:
            changed = before.id != english and any(said(before))
            flags = {"fuzzy"} if changed else before.flags - {"python-brace-format"}
            new.add(english, before.string, context=key[0], flags=flags, user_comments=before.user_comments)
    head = path(language).read_text(encoding="utf-8").partition("\n\n")[0]
    return f"{head}\n\n{''.join(generate_po(new, omit_header=True, width=0)).strip()}\n"


def places(text: str) -> list[str]:
    return sorted({field for _, field, _, _ in Formatter().parse(text) if field is not None})


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_up_to_date(language: Language) -> None:
    """Or run `make words`, and write what it leaves open."""
    if os.environ.get("UPDATE_CATALOGUES"):
        path(language).write_text(up_to_date(language), encoding="utf-8")
    assert path(language).read_text(encoding="utf-8") == up_to_date(language)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_entry_has_its_words_and_none_is_fuzzy(language: Language) -> None:
    unsaid = [name for (name, _), message in entries(language).items() if not all(said(message)) or message.fuzzy]
    assert unsaid == []
    assert entries(language).keys() == wanted().keys()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_places_of_the_english(language: Language) -> None:
    for name, message in entries(language).items():
        english = message.id[-1] if isinstance(message.id, tuple) else str(message.id)
        assert [places(text) for text in said(message)] == [places(english)] * len(said(message)), name


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_english_word_is_left(language: Language) -> None:
    for name, message in entries(language).items():
        told = " ".join(said(message))
        words = re.findall(r"[/!-~]*[A-Za-z][!-~]*", LEFT.sub("", told))
        assert [word for word in words if word not in SPOKEN | TYPED] == [], name


def test_every_command_has_an_example_in_each_language() -> None:
    """Help shows each reader one of their own."""
    for command in (each for each in COMMANDS if each.built):
        assert {example.isascii() for example in command.examples} == {True, False}, command.name


def test_the_catalogues_are_shipped() -> None:
    globs = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["bot.rendering"]
    shipped = {file for glob in globs for file in (ROOT / "bot/rendering").glob(glob)}
    assert shipped == {path(language) for language in TRANSLATED}
