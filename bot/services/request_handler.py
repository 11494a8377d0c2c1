"""From what was asked to what is answered: each request has one line here, whether it reads or acts.

The dispatcher knows who, where and how to reply; this module knows what.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands import request as ask
from bot.commands.spelling import spell_filter
from bot.commands.table import DEFAULT
from bot.domain.answer import Answer, Forbidden
from bot.messages.help import did_you_mean, help_on, not_yet, wrong_usage
from bot.messages.render import render_answer, render_document
from bot.rendering.payload import Payload
from bot.rendering.style import Style
from bot.services.actions import Actions
from bot.services.answers import Answers
from bot.services.question import Asker
from bot.services.style_resolver import StyleResolver

Words = Callable[[Style, bool], Payload]  # by style, and whether plainly


class RequestHandler:
    """Answers requests. `slack_now` in Unix seconds; `zone` is where "until 18:00" is."""

    def __init__(
        self,
        answers: Answers,
        actions: Actions,
        styles: StyleResolver,
        *,
        slack_now: Callable[[], float],
        zone: ZoneInfo,
    ) -> None:
        self._answers, self._actions, self._styles = answers, actions, styles
        self._slack_now, self._zone = slack_now, zone

    def wait(self, request: ask.Request | Forbidden) -> None:
        """Wait a moment for a poll, where that could change the answer."""
        match request:
            case ask.Summary() | ask.ListTasks() | ask.Show() | ask.Why() | ask.Status():
                self._answers.refresh()
            case ask.Watch(hears, filter) if self._actions.may_be_new(hears, filter):  # else the next poll answers (R2)
                self._answers.refresh()

    def words(self, request: ask.Request | Forbidden, asker: Asker, key: str = "") -> Words:
        """Do what is asked and return how to say what came of it.

        `key` names an act; raises DoneBefore for one that was committed already, StoreError when it cannot be.
        """
        match request:
            case ask.Help(topic):
                return lambda style, _: render_document(help_on(topic, style), style)
            case ask.NotYet(command):
                return lambda style, _: render_document(not_yet(command, style), style)
            case ask.DidYouMean(word, suggestion):
                return lambda style, _: render_document(did_you_mean(word, suggestion, style), style)
            case ask.Wrong(usage):
                return lambda style, _: render_document(wrong_usage(usage, style), style)
        answer = request if isinstance(request, Forbidden) else self.answer(request, asker, key)
        return lambda style, plain: render_answer(answer, style, plain=plain)

    def answer(self, request: ask.Request, asker: Asker, key: str = "") -> Answer:
        """Do what is asked of tasks and promises, and return what came of it."""
        return self._read(request, asker) or self._done(request, asker, key)

    def _read(self, request: ask.Request, asker: Asker) -> Answer | None:
        answer: Answer | None = None
        match request:
            case ask.Summary():
                answer = self._answers.overview()
            case ask.ListTasks(filter, page):
                answer = self._answers.listing(filter, page)
            case ask.Show(prefix):
                answer = self._answers.show(prefix, asker)
            case ask.Why(prefix):
                answer = self._answers.why(prefix, asker)
            case ask.Status():
                answer = self._answers.status(asker)
            case ask.Subscriptions():
                answer = self._answers.subscriptions(asker)
            case ask.Language(""):
                answer = self._styles.spoken(asker.to)
        return answer

    def _done(self, request: ask.Request, asker: Asker, key: str) -> Answer:
        answer: Answer | None = None
        match request:
            case ask.Subscribe(hears, filter):
                answer = self._actions.subscribe(asker, hears, filter, key=key)
            case ask.Unsubscribe(number):
                ended = self._actions.unsubscribe(asker, number, key=key)
                answer = ended or self._answers.subscriptions(asker, asked="unsubscribe", missing=str(number or ""))
            case ask.Watch(hears, filter):
                answer = self._actions.watch(self._answers.as_of(), asker, hears, filter, key=key)
            case ask.Unwatch(number, hears, filter):
                ended = self._actions.unwatch(asker, number, hears, filter, key=key)
                missing = str(number or spell_filter(filter, hears))
                answer = ended or self._answers.subscriptions(asker, asked="unwatch", missing=missing)
            case ask.Mute(seconds, until):
                answer = self._actions.mute(asker, self._quiet_until(seconds, until), key=key)
            case ask.Unmute():
                answer = self._actions.unmute(asker, key=key)
            case ask.Language(code):
                self._actions.speak(asker, None if code == DEFAULT else code, key=key)
                answer = self._styles.spoken(asker.to)
        if answer is None:
            raise TypeError(f"Nobody answers {request!r}.")
        return answer

    def _quiet_until(self, seconds: float | None, clock: tuple[int, int] | None) -> float:
        now = self._slack_now()
        return now + (seconds or seconds_until(clock or (0, 0), now, self._zone))


def seconds_until(clock: tuple[int, int], now: float, zone: ZoneInfo) -> float:
    """Return the seconds from `now` (Unix) to the next time that the clock of the zone shows hour and minute.

    In the hour that is repeated when summer ends it shows each time twice (`fold`). A time that is skipped when summer
    begins comes when it would have come without that.
    """
    today = datetime.fromtimestamp(now, zone).date()
    days = [today + timedelta(days=later) for later in range(3)]
    times = (datetime.combine(day, time(*clock, fold=fold), zone) for day in days for fold in (0, 1))
    return next(at - now for at in (each.timestamp() for each in times) if at > now)
