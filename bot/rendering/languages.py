"""What the bot says in one language: the words of `english.py` or their translation, numbers, ages and how texts join.

Each language but English has a gettext catalogue (`locale/*/LC_MESSAGES/messages.po`), read as people write it and
compiled in memory at first use: no build step, and no compiled file that could be older than the words. What a
catalogue lacks is said in English.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from string import Formatter
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.domain.language import Language
from bot.rendering.document import Line, Span, Word, joined
from bot.rendering.english import Count, Say

_UNITS: Final = ((86_400, Say.DAYS), (3_600, Say.HOURS), (60, Say.MINUTES), (1, Say.SECONDS))
_SIZES: Final = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_ENDS: Final = ("?", "!", "。", "？", "！")


@dataclass(frozen=True, slots=True)
class Words:
    """Says things in its language: as text (`say`, `count`), or as a line with spans in the open places (`fill`)."""

    language: Language

    def say(self, what: Say, /, **values: object) -> str:
        """Return the words."""
        return self.translated(what.name, what.value).format(**values)

    def count(self, what: Count, n: int, /, **values: object) -> str:
        """Return the words for so many; English has two forms, other languages their own."""
        told = _catalogue(self.language).npgettext(what.name, *what.value, n)
        return told.format(n=self.number(n), **values)

    def fill(self, what: Say, /, **spans: Span | str | Line) -> Line:
        """Return the words as a line, each open place taken by its span or line."""
        line: list[Span] = []
        for literal, field, _, _ in Formatter().parse(self.translated(what.name, what.value)):
            line.append(Word(literal))
            if field is not None:
                line.extend(_spans(spans[field]))
        return tuple(span for span in line if span != Word(""))

    def translated(self, name: str, english: str) -> str:
        """Return what stands for the English; `name` tells apart what reads alike in English."""
        return _catalogue(self.language).pgettext(name, english)

    # ---- how texts join: what stands between items, clauses and sentences is the language's, not the layout's

    def between(self, how: Say) -> str:
        """Return what stands between two texts; `how` is ITEMS, CLAUSES, SERIES or SENTENCES."""
        return self.say(how, one="", other="", first="", then="")

    def items(self, texts: Iterable[str]) -> str:
        """Return names as a list: `a, b`."""
        return self.between(Say.ITEMS).join(texts)

    def in_a_row(self, lines: Sequence[Line]) -> Line:
        """Return lines as a list: `a, b`."""
        return joined(lines, self.between(Say.ITEMS))

    def clauses(self, texts: Iterable[str]) -> str:
        """Return clauses as a sentence without its end: `1 failed, 2 running`."""
        return self.between(Say.CLAUSES).join(texts)

    def series(self, texts: Iterable[str]) -> str:
        """Return texts that hold commas themselves: `a, b; c, d`."""
        return self.between(Say.SERIES).join(texts)

    def sentence(self, text: str) -> str:
        """Return the text with the language's full stop, unless it ends by itself."""
        return text if text.endswith(_ENDS) else self.say(Say.SENTENCE, text=text.rstrip("."))

    def sentences(self, *texts: str) -> str:
        """Return sentences one after the other; empty ones vanish."""
        return self.between(Say.SENTENCES).join(filter(None, texts))

    def paragraph(self, *texts: str | Line) -> Line:
        """Return sentences one after the other as a line; empty ones vanish."""
        return joined([_spans(text) for text in texts if text], self.between(Say.SENTENCES))

    # ---- figures

    def number(self, n: float, digits: int = 0) -> str:
        """Return a number as the language groups it, with so many digits after the point: `1,234`."""
        return _number(self.language, n, digits)

    def duration(self, seconds: float) -> str:
        """Return at most two units: `4 min 12 s`, `2 h`, `3 d 4 h`."""
        left = max(0, int(seconds))
        for index, (unit, what) in enumerate(_UNITS[:-1]):
            if left >= unit:
                smaller, smaller_what = _UNITS[index + 1]
                rest = left % unit // smaller
                tail = " " + self.say(smaller_what, n=rest) if rest else ""
                return self.say(what, n=left // unit) + tail
        return self.say(Say.SECONDS, n=left)

    def ago(self, seconds: float) -> str:
        """Return `12 s ago`, or `just now` within the second."""
        return self.say(Say.JUST_NOW) if seconds < 1 else self.say(Say.AGO, age=self.duration(seconds))

    def size(self, count: int) -> str:
        """Return bytes in decimal units with three digits, as registries and the vendor's quota count: `6.76 GB`."""
        for unit, sign in _SIZES:
            if count >= unit:
                value = count / unit
                digits = 2 if value < 10 else 1 if value < 100 else 0  # noqa: PLR2004 - three digits
                return f"{self.number(value, digits)} {sign}"
        return f"{self.number(count)} B"


def capital(text: str) -> str:
    """Return the text with a capital letter first, where the script has any."""
    return text[:1].upper() + text[1:]


def _spans(given: Span | str | Line) -> Line:
    if isinstance(given, str):
        return (Word(given),)
    return given if isinstance(given, tuple) else (given,)


@lru_cache(4_096)  # a burst says the same few numbers over and over
def _number(language: Language, n: float, digits: int) -> str:
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
