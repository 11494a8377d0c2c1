"""The only place that talks to Slack's Web API: each request once, its outcome in the words of rules P.

Nothing here repeats, waits or remembers what was said; the courier does. No method raises for what the network or
Slack may do, and no token appears in a code or a sentence.
"""

import json
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final

import httpx
from slack_sdk import WebClient

from bot.adapters.clock import HostClock, ServerClock
from bot.adapters.http import NeverSent, Transport, fault
from bot.adapters.slack.answers import (
    EVENT_TYPE,
    ChannelFacts,
    Identity,
    Responded,
    complaints_of,
    facts_of,
    identity_of,
    keys_of,
    next_cursor,
    page_of,
    responded,
    text_of,
)
from bot.adapters.slack.verdicts import answering, looking, opening, posting
from bot.adapters.slack.wire import Answer, Web, ask
from bot.domain.outbox import Action, Doubtful, Now, Page, Posted, Refused, SendOutcome, Unreadable
from bot.domain.verdict import POST_TIMEOUT
from bot.rendering.payload import Payload

_PAGE: Final = 200  # messages per page; more are allowed, but Slack advises no more
_NO_CONVERSATION: Final = Refused(Action.WAIT, "no_conversation")  # `ok: true` without what was asked for
_log = logging.getLogger(__name__)


class Slack:
    """Slack's Web API for one bot token. Safe for many threads; the constructor touches no network.

    A request may take `timeout` seconds in all, and it has ended when its method returns (P6). `loud` hears a sentence
    when Slack posted a message but silently left something out. `web` is slack_sdk's client over the same transport.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str = WebClient.BASE_URL,
        timeout: float = POST_TIMEOUT,
        loud: Callable[[str], None] = _log.error,
        clock: HostClock | None = None,
    ) -> None:
        self.identity: Identity | None = None  # the last that `identify` got
        host = clock or HostClock()
        self._clock = ServerClock(host.tick, host.awake)
        self._loud = loud
        self.web = Web(token, base_url, Transport(timeout), self._clock)

    def now(self) -> Now | None:
        """Return Slack's now by the `Date` of its last answer, errors included (P4), or None before the first."""
        return self._clock.now()

    def identify(self) -> Identity | Refused | Doubtful:
        """Ask who we are, and remember it. Doubtful: no usable answer."""
        answer = ask(self.web.auth_test)
        if not answer.ok:
            outcome = looking(answer)
            return Refused(Action.STOP, outcome.code) if isinstance(outcome, Unreadable) else outcome
        identity = identity_of(answer)
        if not identity.bot_id:  # no look could tell our posts from others' (P2)
            return Refused(Action.STOP, "not_a_bot_token")
        self.identity = identity
        return identity

    # ---- what is promised (P4 to P10) -------------------------------------------------------------------------------

    def open(self, user: str) -> str | Refused:
        """Return the ID of the direct message with a user. Never ambiguous: it may be repeated at will (P9)."""
        answer = ask(self.web.conversations_open, users=user)
        if not answer.ok:
            return opening(answer)
        return text_of(answer.data.get("channel"), "id") or _NO_CONVERSATION

    def post(self, conversation: str, key: str, payload: Payload) -> SendOutcome:
        """Post a message with its key as metadata; `payload` carries it in the first block's ID (P2)."""
        marker = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        answer = self._send(conversation, payload, metadata=marker)
        if answer.ok:
            for complaint in complaints_of(answer.data):
                self._loud(f"Channel {conversation}, message {key}: posted, but {complaint}.")
        return _sent(answer)

    def page(
        self, conversation: str, key: str, after: float, until: float | None, cursor: str = ""
    ) -> Page | Refused | Doubtful | Unreadable:
        """Read one page of the history from `until` (None: now) back to `after` for our messages with the key (P2, P6).

        Only a whole look proves that a message is absent, so a page that is odd in any way is a doubt.
        https://docs.slack.dev/reference/methods/conversations.history
        """
        bot_id = self._bot_id()
        if not isinstance(bot_id, str):
            return bot_id
        answer = ask(
            self.web.conversations_history,
            channel=conversation,
            limit=_PAGE,
            include_all_metadata=True,
            oldest=f"{after:.6f}",
            latest=None if until is None else f"{until:.6f}",
            inclusive=True,
            cursor=cursor or None,
        )
        if not answer.ok:
            return looking(answer)
        messages, following = page_of(answer.data), next_cursor(answer.data)
        if messages is None:
            return Doubtful("odd_history")
        if not following and answer.data.get("has_more") is True:
            return Doubtful("cut_history")
        ours = (message for message in messages if message.get("bot_id") == bot_id)
        return Page(tuple(text_of(message, "ts") for message in ours if key in keys_of(message)), following)

    def delete(self, conversation: str, ts: str) -> bool:
        """Delete a message of ours. Return whether it is gone (P7)."""
        answer = ask(self.web.chat_delete, channel=conversation, ts=ts)
        return answer.ok or answer.data.get("error") == "message_not_found"

    # ---- answers to people, and edits (P1: they promise nothing) ----------------------------------------------------

    def say(self, conversation: str, payload: Payload, thread_ts: str | None = None) -> SendOutcome:
        """Post an answer, in a thread when `thread_ts` is given."""
        return _sent(self._send(conversation, payload, thread_ts=thread_ts))

    def update(self, conversation: str, ts: str, payload: Payload) -> SendOutcome:
        """Replace the words of a message of ours. Its metadata stays, its blocks go with their IDs (P10).

        `payload` repeats the key in its first block, so that a look still finds the message where metadata was lost.
        https://docs.slack.dev/reference/methods/chat.update
        """
        return _answered(ask(self.web.chat_update, channel=conversation, ts=ts, **_words(payload)), "ts")

    def ephemeral(self, conversation: str, user: str, payload: Payload, thread_ts: str | None = None) -> SendOutcome:
        """Tell a member of a channel something that nobody else sees; it cannot be edited, and may never be shown.

        Slack shows it only while that person is there, and in a thread only if that already has a reply.
        https://docs.slack.dev/reference/methods/chat.postEphemeral
        """
        place = {"channel": conversation, "user": user, "thread_ts": thread_ts}
        return _answered(ask(self.web.chat_postEphemeral, **place, **_words(payload)), "message_ts")

    def publish_home(self, user: str, view_blocks: Sequence[dict[str, Any]]) -> SendOutcome:
        """Show a person at most 100 blocks in the Home tab, in place of those before; `ts` is "".

        Blocks that Slack refuses are `invalid_arguments` here, not `invalid_blocks`.
        https://docs.slack.dev/reference/methods/views.publish
        """
        view = {"type": "home", "blocks": list(view_blocks)}
        return _answered(ask(self.web.views_publish, user_id=user, view=view), "ts")

    def respond(
        self, response_url: str, payload: Payload, *, ephemeral: bool = True, replace: bool = False
    ) -> Responded:
        """Answer through a response_url. Once: it has five uses in 30 minutes, and no key to look for.

        `replace` puts the answer in place of the message whose button was pressed, for those who see that one; a
        command has none. https://docs.slack.dev/interactivity/handling-user-interaction
        """
        new = {"response_type": "ephemeral" if ephemeral else "in_channel", "replace_original": False}
        body = json.dumps({**_words(payload), **({"replace_original": True} if replace else new)}).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        try:
            answer = self.web.send(httpx.Request("POST", response_url, headers=headers, content=body))
        except NeverSent as error:
            return Responded(ok=False, reason=str(error))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Responded(ok=False, reason=fault(error))
        return responded(answer.status_code, answer.content.decode("utf-8", "replace"))

    def locale(self, user: str) -> str:
        """Return a person's language as Slack knows it, e.g. "zh-CN"; "" when it does not tell (users:read)."""
        answer = ask(self.web.users_info, user=user, include_locale=True)
        return text_of(answer.data.get("user"), "locale") if answer.ok else ""

    # ---- questions of `check` and /readyz ---------------------------------------------------------------------------

    def channel(self, conversation: str) -> ChannelFacts | Refused:
        """Return what conversations.info says. Like opening it is never ambiguous; a missing scope reads as PARK."""
        answer = ask(self.web.conversations_info, channel=conversation)
        if not answer.ok:
            return opening(answer)
        facts = answer.data.get("channel")
        return facts_of(facts) if isinstance(facts, dict) else _NO_CONVERSATION

    def readable(self, conversation: str) -> Page | Refused | Doubtful | Unreadable:
        """Read one message of history: an empty page when that is allowed, else why it is not."""
        answer = ask(self.web.conversations_history, channel=conversation, limit=1)
        return Page(()) if answer.ok else looking(answer)

    # ---- inside -----------------------------------------------------------------------------------------------------

    def _send(self, conversation: str, payload: Payload, **extra: Any) -> Answer:
        quiet = {"unfurl_links": False, "unfurl_media": False}
        return ask(self.web.chat_postMessage, channel=conversation, **_words(payload), **quiet, **extra)

    def _bot_id(self) -> str | Refused | Doubtful:
        # Whose posts to look for.
        known = self.identity or self.identify()
        return known.bot_id if isinstance(known, Identity) else known


def _words(payload: Payload) -> dict[str, Any]:
    return {"text": payload.text, "blocks": list(payload.blocks)}


def _answered(answer: Answer, stamp: str) -> SendOutcome:
    return Posted(text_of(answer.data, stamp)) if answer.ok else answering(answer)


def _sent(answer: Answer) -> SendOutcome:
    # `ok: true` is posted, whatever came back: even without a ts it is never said again (P5).
    return Posted(text_of(answer.data, "ts")) if answer.ok else posting(answer)
