"""The words of `english.py` in the reader's language: a layout names an entry and never a sentence."""

from bot.rendering.catalogue import counted, number, words
from bot.rendering.english import Count, Say
from bot.rendering.style import Language


def say(language: Language, what: Say, /, **values: object) -> str:
    """Return the words."""
    return template(language, what).format(**values)


def template(language: Language, what: Say) -> str:
    """Return the words with their places still open."""
    return words(language, what.name, what.value)


def count(language: Language, what: Count, n: int, /, **values: object) -> str:
    """Return the words for so many."""
    return counted(language, what.name, what.value, n).format(n=number(n, language), **values)
