"""What a person types into the page's composer, as the act in Slack that it is.

A client decides before anything is sent: a text with `/` in front is a command, in the bot's direct messages it is
meant for the bot, and names of people become mentions. The workspace hears the result.
"""

import re
from collections.abc import Callable
from typing import Final

from bot.demo.page.guard import Refusal
from bot.demo.slack.events import message_json
from bot.demo.slack.interaction import Interaction
from bot.demo.slack.records import Channel, Message
from bot.demo.slack.state import SLACKBOT
from bot.demo.slack.workspace import SlackWorkspace

NAMED: Final = re.compile(r"(?<![\w@#])([@#])([\w-]+)")

Typed = Callable[[str, str, str], None]  # person, place, text: a command leaves no message that others would see


def say(workspace: SlackWorkspace, me: str, place: tuple[Channel, str], text: str, typed: Typed) -> Interaction | None:
    """Do what the text says in this channel and thread (`ts` of its first message, or empty).

    Returns the interaction of a command for the app. Raises Refusal with a sentence.
    """
    channel, thread_ts = place
    if channel.archived:
        raise Refusal(f"#{channel.name} is archived: nobody can write there.")
    if not text.startswith("/"):
        speak(workspace, me, channel, text, thread_ts)
        return None
    if thread_ts:
        raise Refusal("Slack takes no commands in threads. Write it in the channel below the messages.")
    command, _, rest = text.partition(" ")
    if command in ("/invite", "/remove"):
        admit(workspace, me, channel, command, rest.strip())
        return None
    if command != "/prewarm":
        raise Refusal(f"{command} is no command of this workspace. There are /prewarm, /invite and /remove.")
    typed(workspace.people[me].name, "direct messages" if channel.person else f"#{channel.name}", text)
    return workspace.slash(me, channel.id, command, rest.strip())


def speak(workspace: SlackWorkspace, me: str, channel: Channel, text: str, thread_ts: str) -> None:
    """Say something; the bot hears of it where it is mentioned or written to, and is a member."""
    said = marked_up(workspace, text)
    if channel.person:
        workspace.direct_message(me, said, thread_ts)
        return
    message = workspace.say(me, channel.id, said, thread_ts)
    if f"<@{workspace.identity.bot_user}>" in said:
        tell_app(workspace, channel, message)


def tell_app(workspace: SlackWorkspace, channel: Channel, message: Message) -> None:
    if workspace.is_bot_in(channel):
        event = message_json(workspace.identity, message) | {"type": "app_mention", "channel": channel.id}
        workspace.emit("app_mention", event)
    else:
        hint = f"@prewarm is not in #{channel.name} and did not hear this. Bring it in with /invite @prewarm"
        workspace.store(channel.id, SLACKBOT, hint, only_for=message.user, thread_ts=message.thread_ts)


def admit(workspace: SlackWorkspace, me: str, channel: Channel, command: str, who: str) -> None:
    """Bring the bot into a channel, or take it out."""
    if channel.person or who.removeprefix("@") != workspace.identity.bot_name:
        raise Refusal(f"{command} works in channels here, and with @{workspace.identity.bot_name} alone.")
    inside = workspace.is_bot_in(channel)
    if inside == (command == "/invite"):
        raise Refusal(f"@{workspace.identity.bot_name} is {'already' if inside else 'not'} in #{channel.name}.")
    if inside:
        workspace.remove_bot(channel.id, me)
    else:
        workspace.invite_bot(channel.id, me)
    done = "removed" if inside else "added"
    workspace.store(channel.id, SLACKBOT, f"{workspace.people[me].name} {done} @prewarm.")


def marked_up(workspace: SlackWorkspace, text: str) -> str:
    """The text as clients send it: `&`, `<`, `>` escaped, names of people and channels as their IDs."""
    ids = {name: each for each, name in workspace.names().items()}
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return NAMED.sub(lambda found: f"<{found[1]}{ids[found[0]]}>" if found[0] in ids else found[0], escaped)
