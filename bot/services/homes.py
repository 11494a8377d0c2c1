"""App Home: published when somebody opens it, and kept fresh for a while after that.

Slack tells of opening but not of leaving, so "while someone looks" is the quarter of an hour after they last opened or
pressed something; in it a Home that would show something else is published again, at most once a minute.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, Protocol

from bot.domain.outbox import Posted, SendOutcome
from bot.messages.answers import render_answer
from bot.messages.home import render_home
from bot.services.access import Access
from bot.services.answers import Answers
from bot.services.asker import Asker
from bot.services.events import Failed, Observer
from bot.services.ledger import Ledger
from bot.services.styles import Styles

AT_ONCE: Final = 4
LOOKS_FOR: Final = 900.0  # seconds

Block = dict[str, Any]


class Slack(Protocol):
    """Publishing a Home; it does not raise."""

    def publish_home(self, user: str, view_blocks: Sequence[Block]) -> SendOutcome: ...


@dataclass(frozen=True, slots=True)
class Looking:
    """A person who may be looking: since when, and what of the memory they saw."""

    opened: float  # tick
    seen: object


class Homes:
    """Publishes App Homes."""

    def __init__(
        self,
        slack: Slack,
        answers: Answers,
        ledger: Ledger,
        *,
        access: Access,
        styles: Styles,
        observe: Observer,
        tick: Callable[[], float],
    ) -> None:
        self._slack, self._answers, self._ledger, self._access = slack, answers, ledger, access
        self._styles, self._observe, self._tick = styles, observe, tick
        self._looking: dict[str, Looking] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="home")

    def show(self, user: str) -> None:
        """Publish a person's Home, for they look at it; returns at once."""
        with self._lock:
            self._looking[user] = Looking(self._tick(), self._ledger.memory)
        self._pool.submit(self._publish, user)

    def stop(self) -> None:
        """Publish no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def keep_fresh(self) -> None:
        """Publish again what has changed for those who may still look; called once a minute."""
        with self._lock:
            tick, memory = self._tick(), self._ledger.memory
            self._looking = {user: each for user, each in self._looking.items() if tick - each.opened < LOOKS_FOR}
            stale = [user for user, each in self._looking.items() if each.seen is not memory]
            self._looking |= {user: Looking(self._looking[user].opened, memory) for user in stale}
        for user in stale:
            self._pool.submit(self._publish, user)

    def _publish(self, user: str) -> None:
        try:
            outcome = self._slack.publish_home(user, self._blocks(user))
        except Exception as error:  # noqa: BLE001 - a fault of ours costs this Home, and is told
            self._observe(Failed("home", f"The Home of {user} could not be worded.", error))
            return
        if not isinstance(outcome, Posted):
            self._observe(Failed("home", f"The Home of {user} could not be published: {outcome.code}."))

    def _blocks(self, user: str) -> Sequence[Block]:
        asker = Asker(user, direct=True, private=True)
        style = self._styles.answering(asker)
        if (refusal := self._access.refusal(asker)) is not None:
            return render_answer(refusal, style, plain=True).blocks
        return render_home(self._answers.home(asker), style)
