"""What is asked by whom and where, and whether they may: who reads the answer, which subscriptions are meant."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.commands.request import Request
from bot.domain.answer import Forbidden


@dataclass(frozen=True, slots=True)
class Asker:
    """A person in a conversation. `private`: nobody else reads the answer, as in any direct message."""

    user: str
    conversation: str = ""  # channel ID; "" on App Home
    direct: bool = False  # a direct message, or App Home
    private: bool = False

    @property
    def to(self) -> str:
        """The recipient that a subscription or a quiet asked for here is about."""
        return self.user if self.direct else self.conversation


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked by whom. `key` (event or trigger ID) names the act, so that one sent again is answered once.

    `press` names a button, message and person: each click has a trigger of its own, and two within two seconds are one.
    `is_event`: Slack sends it again until it is acknowledged; a command or a click shows the person an error instead.
    """

    key: str
    asks: Request
    asker: Asker
    press: str = ""
    is_event: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask, and where (PREWARM_ALLOWED_USERS, PREWARM_ALLOWED_CHANNELS). Empty: everybody, everywhere.

    In direct messages and on Home `users` decides alone.
    """

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
