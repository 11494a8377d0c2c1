"""The words on the page's switches: what each fault does, and what to look for in the chat.

The headline ones tell the story of the promise and are written by hand. The others are what the servers' own tables
know, so that a fault added there has its switch here.
"""

from collections.abc import Iterator

from bot.demo.cloud.faults import FAULTS, FaultInfo
from bot.demo.cloud.faults import Fault as ApiFault
from bot.demo.page.cloud_switches import Levers, Switch
from bot.demo.slack.faults import EVERY
from bot.demo.slack.faults import Fault as SlackFault
from bot.demo.visitors import ADA, CHANNEL

POST, HISTORY = "chat.postMessage", "conversations.history"
API, SLACK = "Prewarm API", "Slack"
_PAST_THE_TIMEOUT = 9.0  # seconds; the bot gives up on a post after eight


def every_switch(levers: Levers) -> list[Switch]:
    """All switches in the order of the page, each fault once."""
    return [*_api_headlines(levers), *_slack_headlines(levers), *_other_api(levers), *_other_slack(levers)]


def _api_headlines(levers: Levers) -> Iterator[Switch]:
    for name, title, lever, says in (
        ("api_down", "Prewarm API down", levers.api(ApiFault.API_DOWN),
         "Every connection is refused. What ends meanwhile is told when the API is back."),
        ("api_key_refused", "API key refused", levers.api(ApiFault.UNAUTHORIZED),
         "Every request gets 401, and the bot asks less often. Once it is off, give it a minute to catch up."),
        ("api_slow", "API slow", levers.api(ApiFault.SLOW),
         "Each answer takes three seconds. Endings come a little later; none is missing."),
        ("list_torn", "List torn between pages",
         levers.api(ApiFault.CLAMPED_PAGES, ApiFault.ROW_SWAPPED, clamped_pages=5),
         "Pages of five rows that shift while they are read. No task is called gone, none is told twice."),
    ):  # fmt: skip
        yield Switch(name, title, lever, API, says, headline=True)


def _slack_headlines(levers: Levers) -> Iterator[Switch]:
    faults = levers.slack.workspace.faults
    for name, title, lever, says in (
        ("slack_down", "Slack down", levers.slack_down(),
         "All connections are cut and refused. Messages wait, and come once Slack is back."),
        ("slack_429", "Slack answers 429", levers.call(POST, SlackFault.ratelimited(1)),
         "Every post is told to wait. Endings queue up and then come as one digest; none is dropped."),
        ("slack_drops_after", "Connection drops after Slack accepted a message",
         levers.call(POST, SlackFault.drop_after()),
         "The message stands in the channel, the bot never hears so. It looks there first: nothing comes twice."),
        ("history_late", "History shows posts late", levers.value(faults, "history_delay", 5.0),
         "For five seconds the bot cannot find what it posted. With the switch above: it looks again before it posts."),
        ("slack_500", "Slack answers 500", levers.call(POST, SlackFault.http(500)),
         "Was it posted or not? The bot looks for twenty seconds, and only then posts again: each ending comes once."),
        ("bot_removed", "Bot removed from #prewarm", levers.membership(CHANNEL, ADA),
         "ada takes the bot out of the channel. What ends waits; off invites it back, and it catches up."),
        ("channel_archived", "Channel archived", levers.archive(CHANNEL),
         "Nobody can post to #prewarm. Its messages wait; off unarchives it."),
        ("token_revoked", "Bot token revoked", levers.value(faults, "token_error", "token_revoked"),
         "Slack refuses every call of the bot. It keeps watching, and tells all once the token works again."),
        ("socket_cut", "Socket cut", levers.socket_refused(),
         "Commands and mentions do not reach the bot. Endings are told all the same; off, and it listens again."),
    ):  # fmt: skip
        yield Switch(name, title, lever, SLACK, says, headline=True)


def _other_api(levers: Levers) -> Iterator[Switch]:
    shown = {ApiFault.API_DOWN, ApiFault.UNAUTHORIZED, ApiFault.SLOW}
    for fault, info in FAULTS.items():
        if fault not in shown:
            title = _with_value(info)
            yield Switch(f"api.{fault.value}", title, levers.api(fault), f"{API}: {info.group.value.lower()}")


def _with_value(info: FaultInfo) -> str:
    return f"{info.description} ({info.value:g} {info.unit})" if info.unit else info.description


def _other_slack(levers: Levers) -> Iterator[Switch]:
    yield from _other_posts(levers)
    yield from _other_states(levers)


def _other_posts(levers: Levers) -> Iterator[Switch]:
    for name, title, fault in (
        ("post_502", "502, although the message was taken", SlackFault.http(502, accepts=True)),
        ("post_unavailable", "service_unavailable: nothing was taken", SlackFault.code("service_unavailable")),
        ("post_internal_error", "internal_error, although it was taken",
         SlackFault.code("internal_error", accepts=True)),
        ("post_unknown_error", "An error code that nobody knows", SlackFault.code("brand_new_error")),
        ("post_blocks_refused", "invalid_blocks: the message's form is refused", SlackFault.code("invalid_blocks")),
        ("post_cut_before", "The connection drops before the message is taken", SlackFault.drop_before()),
        ("post_slow", "Taken at once, answered after nine seconds", SlackFault.slow(_PAST_THE_TIMEOUT)),
        ("post_late", "Taken only after nine seconds", SlackFault.late(_PAST_THE_TIMEOUT)),
        ("post_silent", "Taken, and never answered", SlackFault.stall()),
        ("post_trickled", "Taken, and answered byte by byte without end", SlackFault.trickled()),
        ("post_lost", "Neither taken nor answered", SlackFault.stall(accepts=False)),
        ("post_not_json", "Taken, and answered with a web page", SlackFault.not_json()),
        ("post_truncated", "Taken, and half an answer", SlackFault.truncated()),
        ("post_without_metadata", "Posted without its metadata", SlackFault.without_metadata()),
    ):  # fmt: skip
        yield Switch(f"slack.{name}", title, levers.call(POST, fault), f"{SLACK}: posts, one of them at a time")


def _other_states(levers: Levers) -> Iterator[Switch]:
    faults, socket = levers.slack.workspace.faults, levers.slack.socket
    unreadable = levers.call(HISTORY, SlackFault.code("missing_scope"))
    for name, title, lever in (
        ("every_500", "500 to every call", levers.call(EVERY, SlackFault.http(500))),
        ("history_unreadable", "History may not be read (the one case of a marked repeat)", unreadable),
        ("history_500", "500 when history is read", levers.call(HISTORY, SlackFault.http(500))),
        ("history_short", "History in pages of two messages", levers.value(faults, "history_page", 2)),
        ("app_token_revoked", "App token revoked", levers.value(faults, "app_token_error", "token_revoked")),
        ("clock_ahead", "Slack's clock is an hour ahead", levers.value(faults, "clock_skew", 3600.0)),
        ("no_tables", "An older workspace that refuses tables", levers.value(faults, "refuses_data_table", True)),
        ("socket_disabled", "No new Socket Mode connections", levers.value(socket, "link_disabled", True)),
    ):
        yield Switch(f"slack.{name}", title, lever, f"{SLACK}: the rest")
