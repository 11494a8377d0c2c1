"""What a person sees of the embedded workspace, as the JSON that the page shows.

Messages keep Slack's own shape, so that the page renders exactly what the bot has sent. Who may see what is decided
here and nowhere else: a direct message belongs to one person, an ephemeral message too.
"""

from typing import Final

from bot.demo.slack.events import message_json
from bot.demo.slack.records import Channel, Json, Message
from bot.demo.slack.state import SLACKBOT
from bot.demo.slack.workspace import SlackWorkspace

KEPT: Final = 200  # messages per channel; a demo that runs for days stays quick to open


def state(workspace: SlackWorkspace, me: str) -> Json:
    """Everything that the page needs to begin with, as `me` sees it."""
    channels = channels_of(workspace, me)
    return {
        "team": workspace.identity.team,
        "me": me,
        "bot": workspace.identity.bot_user,
        "people": people_of(workspace),
        "channels": channels,
        "messages": {each["id"]: conversation(workspace, me, each["id"]) for each in channels},
        "home": home_of(workspace, me),
    }


def people_of(workspace: SlackWorkspace) -> Json:
    """Everybody by ID; `kind` is person, app or system."""
    identity = workspace.identity
    people = {
        each.id: {"name": each.name, "kind": "person", "locale": each.locale}
        for each in list(workspace.people.values())
    }
    people[identity.bot_user] = {"name": identity.bot_name, "kind": "app"}
    people[SLACKBOT] = {"name": "Slackbot", "kind": "system"}
    return people


def channels_of(workspace: SlackWorkspace, me: str) -> list[Json]:
    """The conversations that `me` sees, the direct messages with the bot last."""
    found = [each for each in list(workspace.channels.values()) if may_see(each, me)]
    found.sort(key=lambda channel: (bool(channel.person), channel.name))
    return [channel_json(workspace, each) for each in found]


def channel_json(workspace: SlackWorkspace, channel: Channel) -> Json:
    """One conversation; `kind` is channel, private or direct, `bot` whether the bot is in it."""
    kind = "direct" if channel.person else "private" if channel.private else "channel"
    name = workspace.identity.bot_name if channel.person else channel.name
    with_bot = workspace.is_bot_in(channel)
    return {"id": channel.id, "name": name, "kind": kind, "archived": channel.archived, "bot": with_bot}


def conversation(workspace: SlackWorkspace, me: str, channel: str) -> list[Json]:
    """The latest messages of a channel with their threads, oldest first."""
    top = workspace.messages(channel, user=me)[-KEPT:]
    replies = [reply for each in top for reply in workspace.messages(channel, thread_ts=each.ts, user=me)]
    return [shown(workspace, each) for each in sorted([*top, *replies], key=lambda message: message.ts)]


def shown(workspace: SlackWorkspace, message: Message) -> Json:
    """A message in Slack's shape, with its channel and whose eyes it is for."""
    return message_json(workspace.identity, message) | {"channel": message.channel, "only_for": message.only_for}


def home_of(workspace: SlackWorkspace, me: str) -> Json | None:
    """The blocks of the person's App Home, or None while the bot has published none."""
    view = workspace.homes.get(me)
    return {"blocks": view["blocks"]} if view else None


def may_see(channel: Channel, me: str) -> bool:
    if channel.person:
        return channel.person == me
    return not channel.private or me in channel.members


def sees(workspace: SlackWorkspace, me: str, message: Message) -> bool:
    """Whether a message stands before this person's eyes."""
    return may_see(workspace.channels[message.channel], me) and message.only_for in ("", me)
