"""What people's acts change: for now, that the same act counts once (DESIGN, traps: Slack repeats events)."""

from collections.abc import Callable

from bot.domain.memory import Changes, Memory
from bot.services.ledger import Ledger


class Actions:
    """Writes through the ledger, so that what was acted on is known after a restart, too."""

    def __init__(self, ledger: Ledger, *, now: Callable[[], float]) -> None:
        self._ledger, self._now = ledger, now

    def first_time(self, key: str) -> bool:
        """Whether this event or trigger has not been acted on; remembers it, so that the next ask says no."""

        def compute(memory: Memory) -> tuple[Changes, bool]:
            if not key or key in memory.handled:
                return Changes(), not key
            return Changes(handled={key: self._now()}), True

        return self._ledger.change(compute)
