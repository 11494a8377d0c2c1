"""Who asks, and where: what decides which subscriptions are meant, and who reads the answer."""

from dataclasses import dataclass


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
