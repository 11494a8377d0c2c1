"""Whose style a message takes: which language, and whom a failure mentions.

A language that was chosen comes first (`/prewarm language`), for a person then the one set in Slack, then the setting.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.answer import Spoken
from bot.domain.language import Language
from bot.domain.subscription import is_person
from bot.rendering.style import Style
from bot.services.ledger import Ledger
from bot.services.locales import Locales
from bot.services.question import Asker


class StyleResolver:
    """Looks styles up in the memory; `base` is the settings'."""

    def __init__(self, base: Style, ledger: Ledger, locales: Locales) -> None:
        self._base, self._ledger, self._locales = base, ledger, locales

    def of(self, to: str) -> Style:
        """Return the style of what a channel or person is told; never waits."""
        if not is_person(to):
            return self._in(self._chosen(to))
        return replace(self._in(self._chosen(to) or self._locales.known(to)), mention="")

    def answering(self, asker: Asker) -> Style:
        """Return the style of an answer; in a direct message and on Home it may wait for Slack once.

        What only the asker sees in a channel is in their own language if they chose one.
        """
        if asker.direct:
            return self._in(self._chosen(asker.user) or self._locales.ask(asker.user))
        self._locales.expect([asker.user])
        own = self._chosen(asker.user) if asker.private else None
        return self._in(own or self._chosen(asker.conversation))

    def spoken(self, to: str) -> Spoken:
        """Return which language a channel or person is written to in."""
        return Spoken(to, self.of(to).language.value, chosen=self._chosen(to) is not None)

    def expect(self, people: Iterable[str]) -> None:
        """Learn the languages of these people and of all who watch something, before they are told; returns at once."""
        watchers = [each.to for each in self._ledger.memory.subscriptions.values() if is_person(each.to)]
        self._locales.expect([*watchers, *people])

    def _chosen(self, to: str) -> Language | None:
        chosen = self._ledger.memory.languages.get(to)
        return Language(chosen) if chosen else None

    def _in(self, language: Language | None) -> Style:
        return replace(self._base, language=language) if language else self._base
