"""How texts are put together: what stands between items, clauses and sentences is the language's, not the layout's."""

from collections.abc import Iterable
from typing import Final

from bot.rendering.english import Say
from bot.rendering.style import Language
from bot.rendering.words import say

_ENDS: Final = ("?", "!", "。", "？", "！")


def between(language: Language, how: Say) -> str:
    """Return what stands between two texts; `how` is ITEMS, CLAUSES, SERIES or SENTENCES."""
    return say(language, how, one="", other="", first="", then="")


def items(language: Language, texts: Iterable[str]) -> str:
    """Return names as a list: `a, b`."""
    return between(language, Say.ITEMS).join(texts)


def clauses(language: Language, texts: Iterable[str]) -> str:
    """Return clauses as a sentence without its end: `1 failed, 2 running`."""
    return between(language, Say.CLAUSES).join(texts)


def series(language: Language, texts: Iterable[str]) -> str:
    """Return texts that hold commas themselves: `a, b; c, d`."""
    return between(language, Say.SERIES).join(texts)


def sentence(language: Language, text: str) -> str:
    """Return the text with the language's full stop, unless it ends by itself."""
    return text if text.endswith(_ENDS) else say(language, Say.SENTENCE, text=text.rstrip("."))


def capital(text: str) -> str:
    """Return the text with a capital letter first, where the script has any."""
    return text[:1].upper() + text[1:]


def sentences(language: Language, *texts: str) -> str:
    """Return sentences one after the other; empty ones vanish."""
    return between(language, Say.SENTENCES).join(filter(None, texts))
