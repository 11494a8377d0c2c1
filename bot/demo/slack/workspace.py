"""The people of the embedded workspace: what they do in Slack, and what the app is told of it.

Tests and the demo speak through this object. It knows nothing of HTTP: what has to reach the app goes out through
`outlet`, which the Socket Mode side sets while it runs.
"""

import time
from collections.abc import Callable, Iterable
from datetime import tzinfo
from typing import Any

from bot.demo.slack import events
from bot.demo.slack.interaction import Interaction
from bot.demo.slack.records import Channel, Identity, Json, Message, Person
from bot.demo.slack.state import PEOPLE, SLACKBOT, SlackState
from bot.demo.slack.text import as_text


def standard_channels(identity: Identity, people: Iterable[Person]) -> list[Channel]:
    """A public channel with the bot in it, one without, and a private one with it."""
    everybody = frozenset(person.id for person in people)
    with_bot = everybody | {identity.bot_user}
    return [
        Channel("C0PREWARM", "prewarm", with_bot),
        Channel("C0GENERAL", "general", everybody),
        Channel("G0OPS", "ops", with_bot, private=True),
    ]


class SlackWorkspace(SlackState):
    """A workspace with one app installed; every act is safe from any thread and returns at once."""

    def __init__(
        self,
        identity: Identity | None = None,
        people: Iterable[Person] = PEOPLE,
        channels: Iterable[Channel] | None = None,
        *,
        clock: Callable[[], float] = time.time,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        identity, people = identity or Identity(), list(people)
        channels = standard_channels(identity, people) if channels is None else channels
        super().__init__(identity, people, channels, clock=clock, tick=tick)
        self.outlet: Callable[[events.Envelope], None] | None = None
        self.base_url = ""
        self.interactions: dict[str, Interaction] = {}

    # -- acts of people

    def slash(self, user: str, channel: str, command: str, text: str = "") -> Interaction:
        """Type a slash command anywhere, also where the bot is not."""
        interaction = self._interaction(user, channel)
        payload = events.slash_payload(self.identity, self.people[user], self._channel(channel), (command, text))
        return self._interact(interaction, "slash_commands", payload)

    def mention(self, user: str, channel: str, text: str, thread_ts: str = "") -> Message:
        """Say something to the bot in a channel; it hears of it only where it is a member.

        `text` is what Slack sends: `&`, `<` and `>` escaped, people as `<@U…>`.
        """
        said = f"<@{self.identity.bot_user}> {text}"
        message = self.say(user, channel, said, thread_ts)
        found = self._channel(channel)
        if found.person:
            self.emit("message.im", self._heard(message) | {"channel_type": "im"})
        elif self.is_bot_in(found):
            self.emit("app_mention", self._heard(message) | {"type": "app_mention"})
        return message

    def direct_message(self, user: str, text: str, thread_ts: str = "") -> Message:
        """Write to the bot directly."""
        message = self.say(user, self.direct_channel(user).id, text, thread_ts)
        self.emit("message.im", self._heard(message) | {"channel_type": "im"})
        return message

    def say(self, user: str, channel: str, text: str, thread_ts: str = "") -> Message:
        """Say something that is not meant for the bot."""
        blocks = events.spoken_blocks(text)
        return self.store(self._channel(channel).id, user, text, blocks=blocks, thread_ts=thread_ts)

    def click(self, user: str, message: Message, action_id: str, **chosen: Any) -> Interaction:
        """Press a button in a message as it is now; `value=…` tells rows apart, `selected_option=…` chooses.

        Raises LookupError if the message has no such element.
        """
        current = self.message(message.channel, message.ts) or message
        action = self._action(current.blocks, action_id, chosen)
        ephemeral = bool(current.only_for)
        container = {
            "type": "message",
            "message_ts": current.ts,
            "channel_id": current.channel,
            "is_ephemeral": ephemeral,
        }
        if current.thread_ts:
            container["thread_ts"] = current.thread_ts
        where = {"id": current.channel, "name": self._channel(current.channel).name}
        payload = events.block_actions_payload(self.identity, self.people[user], action)
        payload |= {"container": container, "channel": where}
        if not ephemeral:
            payload["message"] = events.message_json(self.identity, current, with_metadata=True)
        return self._interact(self._interaction(user, current.channel, current), "interactive", payload)

    def click_home(self, user: str, action_id: str, **chosen: Any) -> Interaction:
        """Press a button on the person's App Home."""
        view = self.homes[user]
        payload = events.block_actions_payload(
            self.identity, self.people[user], self._action(view["blocks"], action_id, chosen)
        )
        payload |= {"container": {"type": "view", "view_id": view["id"]}, "view": view}
        return self._interact(self._interaction(user, ""), "interactive", payload)

    def open_home(self, user: str, tab: str = "home") -> None:
        """Look at the bot's Home tab, or open its `messages`, which the app hears of in the same way."""
        view = {"view": self.homes[user]} if user in self.homes else {}
        channel = self.direct_channel(user).id
        self.emit("app_home_opened", {"type": "app_home_opened", "user": user, "channel": channel, "tab": tab} | view)

    def invite_bot(self, channel: str, by: str) -> None:
        self.join(channel, self.identity.bot_user, by)

    def join(self, channel: str, user: str, by: str = "") -> None:
        """Let somebody join; the bot hears of it where it is a member, of its own joining too."""
        found = self._channel(channel)
        joined = self.alter_channel(found, members=found.members | {user})
        kind = "G" if found.private else "C"
        event = {"type": "member_joined_channel", "user": user, "channel": found.id, "channel_type": kind}
        event |= {"team": self.identity.team_id} | ({"inviter": by} if by else {})
        if self.is_bot_in(joined):
            self.emit("member_joined_channel", event)

    def remove_bot(self, channel: str, by: str = "U0ADA") -> None:
        found = self._channel(channel)
        self.alter_channel(found, members=found.members - {self.identity.bot_user})
        self._emit_twin(found, "left", {"channel": found.id, "actor_id": by})

    def archive(self, channel: str, by: str = "U0ADA") -> None:
        found = self.alter_channel(self._channel(channel), archived=True)
        self._emit_twin(found, "archive", {"channel": found.id, "user": by, "is_moved": 0})

    def unarchive(self, channel: str, by: str = "U0ADA") -> None:
        found = self.alter_channel(self._channel(channel), archived=False)
        self._emit_twin(found, "unarchive", {"channel": found.id, "user": by})

    def rename(self, channel: str, name: str) -> None:
        found = self.alter_channel(self._channel(channel), name=name)
        shown = {"id": found.id, "name": name, "name_normalized": name, "created": 1_700_000_000}
        self._emit_twin(found, "rename", {"channel": shown | {"is_channel": not found.private, "is_mpim": False}})

    def delete_message(self, message: Message) -> None:
        """Delete a message as its author or an administrator may."""
        self.remove(message)

    # -- waiting and reading for tests and the demo

    def wait_reply(self, message: Message, timeout: float = 10.0) -> Message:
        """The bot's first answer to a mention or direct message: in its thread, or after it in a direct
        conversation."""
        return self.wait_for(lambda: self._replies_to(message), timeout, f"an answer to {message.text!r}")[0]

    def as_text(self, message: Message, zone: tzinfo | None = None) -> str:
        """A message as people read it, with the workspace's names; times in `zone`, else this machine's."""
        return as_text(message, self.names(), zone)

    # -- telling the app

    def emit(self, name: str, event: Json) -> None:
        """Send an event the app has subscribed to under `name`; without a server it is lost."""
        if name not in self.events or self.outlet is None:
            return
        event = {"event_ts": event.get("ts") or self.new_ts()} | event
        self.outlet(events.Envelope("events_api", events.event_callback(self.identity, event, self.now())))

    def _emit_twin(self, channel: Channel, what: str, event: Json) -> None:
        name = f"{'group' if channel.private else 'channel'}_{what}"
        if self.is_bot_in(channel):
            self.emit(name, {"type": name} | event)

    def _interact(self, interaction: Interaction, kind: str, payload: Json) -> Interaction:
        if interaction.url_id:
            payload |= {"response_url": f"{self.base_url}/response/{interaction.url_id}"}
        payload |= {"trigger_id": interaction.trigger_id}
        if self.outlet is None:
            self.interaction_failed(interaction, "dispatch_failed")
        else:
            self.outlet(events.Envelope(kind, payload, interaction))
        return interaction

    def interaction_failed(self, interaction: Interaction, error: str) -> None:
        """Show the person that the app did not answer in time, as Slackbot does after a command."""
        interaction.fail(error)
        if interaction.channel and interaction.message is None:
            self.store(
                interaction.channel,
                SLACKBOT,
                f'The command failed with the error "{error}".',
                only_for=interaction.user,
            )

    def _interaction(self, user: str, channel: str, message: Message | None = None) -> Interaction:
        url_id = events.new_id("url") if channel else ""
        where = self._channel(channel).id if channel else ""
        interaction = Interaction(self, user, where, events.new_id("trigger."), url_id, message)
        with self.changing():
            self.interactions[interaction.trigger_id] = interaction
        return interaction

    def _action(self, blocks: Iterable[Json], action_id: str, chosen: Json) -> Json:
        for block in blocks:
            for element in [*block.get("elements", ()), block.get("accessory") or {}]:
                same_value = element.get("value") == chosen.get("value", element.get("value"))
                if element.get("action_id") == action_id and same_value:
                    return events.action_of(element | chosen, block["block_id"], self.new_ts())
        raise LookupError(f"No element with the action_id {action_id!r} is there to press.")

    def _heard(self, message: Message) -> Json:
        return events.message_json(self.identity, message) | {"channel": message.channel, "event_ts": message.ts}

    def _replies_to(self, message: Message) -> list[Message]:
        thread = message.thread_ts or message.ts
        direct = self.channels[message.channel].person
        answers = self.messages(message.channel, thread_ts=thread)
        answers += self.messages(message.channel) if direct else []
        return sorted((m for m in answers if m.by_bot and m.ts > message.ts), key=lambda m: m.ts)

    def _channel(self, name: str) -> Channel:
        found = self.channel_named(name)
        if found is None:
            raise LookupError(f"There is no channel {name!r} in this workspace.")
        return found
