"""Who may ask, and where (PREWARM_ALLOWED_USERS, PREWARM_ALLOWED_CHANNELS)."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.answer import Forbidden
from bot.services.question import Asker


@dataclass(frozen=True, slots=True)
class Access:
    """Empty: everybody, everywhere. In direct messages and on Home `users` decides alone."""

    users: Collection[str] = ()
    channels: Collection[str] = ()
    operators: tuple[str, ...] = ()

    def refusal(self, asker: Asker) -> Forbidden | None:
        """Return why this person is not answered here, and whom to ask; None: they are."""
        if self.users and asker.user not in (*self.users, *self.operators):
            return Forbidden("user", self.operators)
        if self.channels and not asker.direct and asker.conversation not in self.channels:
            return Forbidden("channel", self.operators)
        return None
