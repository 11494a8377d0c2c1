"""Each language's catalogue has the very sentences that the code says, and nothing else.

`UPDATE_CATALOGUES=1 pytest tests/unit/test_catalogues.py` (`make words`) brings them up to date: what is new waits for
its words, and what is said no more goes. For a small change of the English, change the entry's `msgid` as well.
"""

import ast
import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import generate_po, read_po

from bot.commands.table import COMMANDS, LANGUAGES, STATES
from bot.domain.errors import sentences as sentences_of_errors
from bot.domain.language import Language

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "bot" / "rendering" / "locale"
TRANSLATED = [language for language in Language if language is not Language.EN]
SPOKEN = {"API", "GB", "ID", "Slack", "prewarm-bot", "repositoryAuth"}
"""Words that are said in any language. So is what people type, as it stands in `commands.py`, and its examples."""
TYPED = {"/prewarm", "nzd5ny", "cluster:", "3d", *STATES, *LANGUAGES} | {
    word for command in COMMANDS for text in (command.usage, *command.examples) for word in text.split()
}
LEFT = re.compile(r"\{\w*\}|PREWARM_\w+|SLACK_\w+|PPIO_\w+")

SAYING = {"say": 1, "fill": 1, "N_": 1, "count": 2, "forms": 2}
"""Which functions take how many sentences first: for `count` and `forms`, that for one and that for many."""

CODE = {
    str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8"))
    for room in ("commands", "messages", "rendering")
    for file in sorted((ROOT / "bot" / room).glob("*.py"))
}

Sentence = str | tuple[str, ...]  # for one and for many where it bends with a number


def path(language: Language) -> Path:
    return LOCALE / language.value / "LC_MESSAGES" / "messages.po"


def entries(language: Language) -> dict[Sentence, Message]:
    with path(language).open("rb") as file:
        found = [message for message in read_po(file, abort_invalid=True) if message.id]
    keyed = {_key(message.id): message for message in found}
    assert len(keyed) == len(found)
    return keyed


def _key(found: str | Iterable[str]) -> Sentence:
    return found if isinstance(found, str) else tuple(found)


def wanted() -> dict[Sentence, set[str]]:
    """Return what the code says, and what the list's errors say, each with the files it stands in."""
    found: dict[Sentence, set[str]] = {}
    for file, code in CODE.items():
        for sentence in sentences(code):
            found.setdefault(sentence, set()).add(file)
    return found | {sentence: {"bot/domain/errors.py"} for sentence in sentences_of_errors().values()}


def sentences(code: ast.AST) -> Iterator[Sentence]:
    """Yield the sentences in the order of the code."""
    for _, said in sorted(calls(code), key=lambda call: (call[1][0].lineno, call[1][0].col_offset)):
        first = [str(each.value) for each in said if isinstance(each, ast.Constant)]
        if len(first) == len(said):
            yield _key(first) if len(first) > 1 else first[0]


def calls(code: ast.AST) -> Iterator[tuple[str, list[ast.expr]]]:
    """Yield the functions that are called with sentences, and what they are given for them."""
    for call in (node for node in ast.walk(code) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if said := call.args[: SAYING.get(name, 0)]:
            yield name, said


def said(message: Message) -> tuple[str, ...]:
    """Return the words for each form of the number."""
    return tuple(map(str, message.string)) if isinstance(message.string, tuple) else (str(message.string),)


def up_to_date(language: Language) -> str:
    """Return the catalogue as it is to be: its own head, then each entry in the order of the code."""
    old, new = entries(language), Catalog(locale=language.value)
    for sentence, places in wanted().items():
        before = old.get(sentence)
        words, comments = (before.string, before.user_comments) if before else (None, ())
        flags = before.flags - {"python-brace-format"} if before else ()
        locations = [(file, 0) for file in sorted(places)]
        new.add(sentence, words, locations=locations, flags=flags, user_comments=comments)
    head = path(language).read_text(encoding="utf-8").partition("\n\n")[0]
    return f"{head}\n\n{''.join(generate_po(new, omit_header=True, width=0, include_lineno=False)).strip()}\n"


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
    unsaid = [sentence for sentence, message in entries(language).items() if not all(said(message)) or message.fuzzy]
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


@pytest.mark.parametrize("file", CODE)
def test_no_sentence_hides_in_an_expression(file: str) -> None:
    """One that is said only under a condition is marked: `say(N_("…") if … else N_("…"))`."""
    marked = {each for name, said in calls(CODE[file]) if name in ("N_", "forms") for each in said}
    inside = {each for _, said in calls(CODE[file]) for given in said for each in ast.walk(given) if each is not given}
    texts = [each.value for each in inside - marked if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    assert texts == []


def test_every_command_has_an_example_in_each_language() -> None:
    """Help shows each reader one of their own."""
    for command in (each for each in COMMANDS if each.built):
        assert {example.isascii() for example in command.examples} == {True, False}, command.name


def test_the_catalogues_are_shipped() -> None:
    globs = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["bot.rendering"]
    shipped = {file for glob in globs for file in (ROOT / "bot/rendering").glob(glob)}
    assert shipped == {path(language) for language in TRANSLATED}
