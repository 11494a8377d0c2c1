"""Whose style a message takes: the language that a channel or person has chosen, and whom a failure mentions."""

from dataclasses import replace

from bot.domain.subscription import is_person
from bot.messages.style import Language, Style
from bot.services.ledger import Ledger


class Styles:
    """Looks styles up in the memory; `base` is the settings'."""

    def __init__(self, base: Style, ledger: Ledger) -> None:
        self._base, self._ledger = base, ledger

    def of(self, to: str) -> Style:
        """Return the style for a channel ID or user ID. In a direct message nobody else is mentioned."""
        chosen = self._ledger.memory.languages.get(to)
        style = replace(self._base, language=Language(chosen)) if chosen else self._base
        return replace(style, mention="") if is_person(to) else style
