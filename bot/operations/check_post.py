"""`prewarm-bot check --post`: one marked test message per channel, outside the outbox, and read back (P2, P6)."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.adapters.slack.answers import page_of, text_of
from bot.adapters.slack.web_api import Slack
from bot.adapters.slack.wire import ask
from bot.operations.finding import INVITE, Finding

KEY: Final = "prewarm-check"
READ_AGAIN: Final = 0.5  # seconds
MARK: Final = "This is a test message of prewarm-bot check. It can be deleted."


def posted(slack: Slack, channel: str, settle: float) -> Iterator[Finding]:
    """Post to a channel and find the message in its history, which is given `settle` seconds to show it."""
    text = {"type": "plain_text", "text": MARK}
    sent = ask(
        slack.web.chat_postMessage,
        channel=channel,
        text=MARK,
        blocks=[{"type": "section", "block_id": KEY, "text": text}],
        metadata={"event_type": "prewarm_check", "event_payload": {"key": KEY}},
    )
    ts = text_of(sent.data, "ts")
    if not sent.ok or not ts:
        code = text_of(sent.data, "error") or sent.fault or sent.status
        yield Finding("channel.post", f"Nothing can be posted to {channel} ({code}).", INVITE)
    else:
        yield from _read_back(slack, channel, ts, settle)


def _read_back(slack: Slack, channel: str, ts: str, settle: float) -> Iterator[Finding]:
    """Find out whether both places of a key survive Slack; a history may show a message late."""
    deadline = time.monotonic() + settle
    while (message := _message(slack, channel, ts)) is None and time.monotonic() < deadline:
        time.sleep(READ_AGAIN)
    if message is None:
        problem = f"The test message in {channel} was not in the history within {settle:g} s."
        yield Finding("channel.late", problem, "Raise PREWARM_SETTLE_SECONDS, or a message in doubt may be said twice.")
        return
    metadata, blocks = message.get("metadata"), message.get("blocks")
    if text_of(metadata, "event_type") != "prewarm_check":
        problem = f"The history of {channel} shows no message metadata; the key in the block is looked for alone."
        yield Finding(
            "channel.metadata", problem, "Add the scope metadata.message:read to the Slack app.", warning=True
        )
    if text_of(blocks[0] if isinstance(blocks, list) and blocks else None, "block_id") != KEY:
        problem = f"The history of {channel} changes block IDs; the key in the metadata is looked for alone."
        yield Finding("channel.block_id", problem, "Nothing is to be done as long as metadata is shown.", warning=True)


def _message(slack: Slack, channel: str, ts: str) -> Mapping[str, Any] | None:
    answer = ask(
        slack.web.conversations_history,
        channel=channel,
        oldest=ts,
        latest=ts,
        inclusive=True,
        include_all_metadata=True,
        limit=1,
    )
    return next(iter(page_of(answer.data) or ()), None) if answer.ok else None
