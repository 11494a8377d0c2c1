"""Where each language's sentences come from: a gettext catalogue for each but English, and Babel for its numbers.

The catalogues are read as people write them (`locale/*/LC_MESSAGES/messages.po`) and compiled in memory at first use:
no build step, and no compiled file that could be older than the words. What a catalogue lacks is said in English.
"""

from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.rendering.style import Language


def words(language: Language, name: str, english: str) -> str:
    """Return what stands for the English words; `name` tells entries apart that read alike in English."""
    return _catalogue(language).pgettext(name, english)


def counted(language: Language, name: str, english: tuple[str, str], n: int) -> str:
    """Return the words for so many; `english` is for one and for many, other languages have forms of their own."""
    return _catalogue(language).npgettext(name, *english, n)


@lru_cache(4_096)  # a burst says the same few numbers over and over
def number(n: float, language: Language, digits: int = 0) -> str:
    """Return a number as the language groups it, with so many digits after the point: `1,234`."""
    return format_decimal(n, f"#,##0.{'0' * digits}", locale=language.value)


@cache
def _catalogue(language: Language) -> NullTranslations:
    if language is Language.EN:
        return NullTranslations()
    compiled = BytesIO()
    place = files("bot.rendering") / "locale" / language.value / "LC_MESSAGES" / "messages.po"
    with place.open("rb") as written:
        write_mo(compiled, read_po(written))
    compiled.seek(0)
    return GNUTranslations(compiled)
