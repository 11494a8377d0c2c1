"""What the bot says in one language: its sentences, numbers and ages, and how texts join.

The English sentence stands where a message is made; it is the entry of each other language's gettext catalogue
(`locale/*/LC_MESSAGES/messages.po`). Those are read as people write them and compiled in memory at first use: no build
step, and no compiled file that could be older than the words. What a catalogue lacks is said in English.
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


def N_(english: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a sentence that is said elsewhere, so that the catalogues have it."""
    return english


def forms(one: str, many: str) -> tuple[str, str]:
    """Mark words for one and for many that are said elsewhere: `words.count(*forms, n)`."""
    return one, many


_UNITS: Final = ((86_400, N_("{n} d")), (3_600, N_("{n} h")), (60, N_("{n} min")), (1, N_("{n} s")))
_SIZES: Final = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_ENDS: Final = ("?", "!", "。", "？", "！")


@dataclass(frozen=True, slots=True)
class Words:
    """Says things in its language: as text (`say`, `count`), or as a line with spans in the open places (`fill`)."""

    language: Language

    def say(self, english: str, /, **values: object) -> str:
        """Return the sentence in the language, its places filled."""
        return _catalogue(self.language).gettext(english).format(**values)

    def count(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Return the words for so many; English has two forms, other languages their own."""
        return _catalogue(self.language).ngettext(one, many, n).format(n=self.number(n), **values)

    def fill(self, english: str, /, **spans: Span | str | Line) -> Line:
        """Return the sentence as a line, each open place taken by its span or line."""
        line: list[Span] = []
        for literal, field, _, _ in Formatter().parse(_catalogue(self.language).gettext(english)):
            line.append(Word(literal))
            if field is not None:
                line.extend(_spans(spans[field]))
        return tuple(span for span in line if span != Word(""))

    def labelled(self, label: str, text: object) -> str:
        """Return `label: text`."""
        return self.say("{label}: {text}", label=label, text=text)

    def heading(self, label: str) -> str:
        """Return the label with what announces a list."""
        return self.say("{label}:", label=label)

    def more(self, n: int) -> str:
        """Return how many are not shown."""
        return self.count("and {n} more", "and {n} more", n)

    # ---- how texts join: what stands between items, clauses and sentences is the language's, not the layout's

    def items(self, texts: Iterable[str]) -> str:
        """Return names as a list: `a, b`."""
        return self.between_items.join(texts)

    def in_a_row(self, lines: Sequence[Line]) -> Line:
        """Return lines as a list: `a, b`."""
        return joined(lines, self.between_items)

    def clauses(self, texts: Iterable[str]) -> str:
        """Return clauses as a sentence without its end: `1 failed, 2 running`."""
        return self.say("{first}, {then}", first="", then="").join(texts)

    def series(self, texts: Iterable[str]) -> str:
        """Return texts that hold commas themselves: `a, b; c, d`."""
        return self.say("{one}; {other}", one="", other="").join(texts)

    @property
    def between_items(self) -> str:
        """What stands between two names of a list."""
        return self.say("{one}, {other}", one="", other="")

    def sentence(self, text: str) -> str:
        """Return the text with the language's full stop, unless it ends by itself."""
        return text if text.endswith(_ENDS) else self.say("{text}.", text=text.rstrip("."))

    def sentences(self, *texts: str) -> str:
        """Return sentences one after the other; empty ones vanish."""
        return self._between_sentences.join(filter(None, texts))

    def paragraph(self, *texts: str | Line) -> Line:
        """Return sentences one after the other as a line; empty ones vanish."""
        return joined([_spans(text) for text in texts if text], self._between_sentences)

    @property
    def _between_sentences(self) -> str:
        return self.say("{one} {other}", one="", other="")

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
        return self.say("{n} s", n=left)

    def ago(self, seconds: float) -> str:
        """Return `12 s ago`, or `just now` within the second."""
        return self.say("just now") if seconds < 1 else self.say("{age} ago", age=self.duration(seconds))

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
