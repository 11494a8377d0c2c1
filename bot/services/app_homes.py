"""App Home: published when somebody opens it, and kept fresh for a while after that.

Slack tells of opening but not of leaving, so "while someone looks" is the quarter of an hour after they last opened or
pressed something; in it their Home is published again once a minute, since ages and counts go on.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, Protocol

from bot.domain.outbox import Action, Posted, Refused, SendOutcome
from bot.messages.render import render_answer, render_home
from bot.services.answers import Answers
from bot.services.events import Failed, Observer, Worked
from bot.services.question import Access, Asker
from bot.services.style_resolver import StyleResolver

AT_ONCE: Final = 4
LOOKS_FOR: Final = 900.0  # seconds

Block = dict[str, Any]


class Slack(Protocol):
    """Publishing a Home; it does not raise."""

    def publish_home(self, user: str, view_blocks: Sequence[Block]) -> SendOutcome: ...


class AppHomes:
    """Publishes App Home for each person."""

    def __init__(
        self,
        slack: Slack,
        answers: Answers,
        *,
        access: Access,
        styles: StyleResolver,
        observe: Observer,
        tick: Callable[[], float],
    ) -> None:
        self._slack, self._answers, self._access = slack, answers, access
        self._styles, self._observe, self._tick = styles, observe, tick
        self._looking: dict[str, float] = {}  # the tick at which people last opened theirs
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="home")

    def show(self, user: str) -> Future[None]:
        """Publish a person's Home, for they look at it; returns at once what ends with the request."""
        with self._lock:
            self._looking[user] = self._tick()
        return self._pool.submit(self._publish, user)

    def stop(self) -> None:
        """Publish no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def keep_fresh(self) -> None:
        """Publish again for those who may still look; called once a minute."""
        with self._lock:
            tick = self._tick()
            self._looking = {user: opened for user, opened in self._looking.items() if tick - opened < LOOKS_FOR}
            looking = list(self._looking)
        for user in looking:
            self._pool.submit(self._publish, user)

    def _publish(self, user: str) -> None:
        try:
            outcome = self._slack.publish_home(user, self._blocks(user))
        except Exception as error:  # noqa: BLE001 - a fault of ours costs this Home, and is told
            self._observe(Failed("home", f"The Home of {user} could not be worded.", error, to=user))
            return
        if isinstance(outcome, Posted):
            self._observe(Worked("home", user))
        else:
            self._observe(Failed("home", f"The Home of {user} could not be published: {outcome.code}.", to=user))
        if isinstance(outcome, Refused) and outcome.action in (Action.PARK, Action.PLAIN):
            self._forget(user)  # the same would be refused every minute; they may open it again

    def _blocks(self, user: str) -> Sequence[Block]:
        asker = Asker(user, direct=True, private=True)
        style = self._styles.answering(asker)
        if (refusal := self._access.refusal(asker)) is not None:
            self._forget(user)
            return render_answer(refusal, style, plain=True).blocks
        self._answers.refresh()
        return render_home(self._answers.home(asker), style)

    def _forget(self, user: str) -> None:
        with self._lock:
            self._looking.pop(user, None)
