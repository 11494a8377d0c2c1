"""What the panel shows: the state of both servers as JSON, and whether the promise was kept so far.

The promise is counted where people would see it broken, in the channel itself: which tasks its messages name, and
whether any message stands there a second time.
"""

import re
from collections import Counter
from typing import Any, Final

from bot.demo.cloud.catalogue import CLUSTERS, PRODUCTS
from bot.demo.cloud.runner import ScenarioRunner
from bot.demo.cloud.server import CloudServer
from bot.demo.page.cloud_faults import POST
from bot.demo.page.cloud_switches import Switchboard
from bot.demo.page.cloud_tasks import ACTIVE, REASONS
from bot.demo.slack.records import Call, Json, Message
from bot.demo.slack.server import SlackServer
from bot.demo.slack.workspace import SlackWorkspace
from bot.demo.visitors import CHANNEL

_WORD: Final = re.compile(r"[\w-]+")
_TOO_MANY: Final = 429


class Told:
    """Reads the bot's messages in the channel; each text once, since a page asks four times a second."""

    def __init__(self, workspace: SlackWorkspace) -> None:
        self._workspace = workspace
        self._read: dict[str, tuple[Message, frozenset[str]]] = {}  # by ts

    def look(self) -> tuple[Counter[str], int]:
        """Return in how many messages each word stands, and how many messages say again what another one says."""
        messages = self._workspace.bot_messages(CHANNEL)
        self._read = {message.ts: (message, self._words(message)) for message in messages}
        keys = Counter(filter(None, map(_key, messages)))
        words = Counter(word for _, found in self._read.values() for word in found)
        return words, keys.total() - len(keys)

    def _words(self, message: Message) -> frozenset[str]:
        known = self._read.get(message.ts)
        if known is not None and known[0] is message:
            return known[1]
        return frozenset(_WORD.findall(self._workspace.as_text(message)))


class View:
    """Makes the panel's state; `since` is when the page began to look, in Unix seconds of the cloud's clock."""

    def __init__(
        self, cloud: CloudServer, slack: SlackServer, runner: ScenarioRunner | None, switchboard: Switchboard
    ) -> None:
        self._cloud, self._slack, self._runner, self._switchboard = cloud, slack, runner, switchboard
        self._since = cloud.cloud.clock()
        self._told = Told(slack.workspace)

    def mark(self) -> tuple[object, ...]:
        """Something that differs once the state may differ; cheap enough to be asked all the time."""
        on = tuple(switch.name for switch in self._switchboard.on())
        return self._cloud.cloud.version, self._slack.workspace.version, self._scenario(), on

    def state(self) -> Json:
        """The whole state; `age` alone changes without a new `mark`."""
        told, repeated = self._told.look()
        tasks = [self._task(row, told) for row in self._rows()]
        on = {switch.name for switch in self._switchboard.on()}
        return {
            "tasks": tasks,
            "scenario": self._scenario(),
            "promise": {
                "told": sum(1 for task in tasks if task["told"]),
                "waiting": sum(1 for task in tasks if task["told"] == 0),
                "repeated": repeated,
            },
            "faults": [{"name": name, "on": name in on} for name in self._switchboard.switches],
            "slack": self._slack_state(up="slack_down" not in on),
        }

    def catalogue(self) -> Json:
        """What never changes: the words on switches and buttons, and what can be chosen for a task."""
        return {
            "faults": [
                {
                    "name": switch.name,
                    "title": switch.title,
                    "says": switch.says,
                    "group": switch.group,
                    "headline": switch.headline,
                }
                for switch in self._switchboard.switches.values()
            ],
            "reasons": [{"name": name, "title": reason.title} for name, reason in REASONS.items()],
            "clusters": [{"id": cluster, "name": name} for cluster, name in CLUSTERS.items()],
            "products": [{"id": product, "name": name} for product, name in PRODUCTS.items()],
        }

    def _scenario(self) -> str:
        if self._runner is None:
            return "none"
        return "paused" if self._runner.paused else "running"

    def _rows(self) -> list[Json]:
        rows = [row for row in self._cloud.cloud.rows() if isinstance(row, dict)]
        return sorted(rows, key=lambda row: _number(row.get("createTime")))[::-1]

    def _task(self, row: Json, told: Counter[str]) -> Json:
        task_id, active = str(row.get("id")), row.get("state") in ACTIVE
        created, ended = _number(row.get("createTime")), _number(row.get("completeTime"))
        until = self._cloud.cloud.clock() if active else ended
        return {
            "id": task_id,
            "image": str(row.get("imageUrl")),
            "cluster": str(row.get("clusterName")),
            "state": str(row.get("state")),
            "active": active,
            "hanging": active and self._cloud.cloud.is_held(task_id),
            "age": max(0, int(until - created)),
            "reasons": [str(reason) for reason in row.get("reason") or ()],
            "note": str(row.get("note") or ""),
            "told": told[task_id] or (None if active or ended < int(self._since) else 0),
        }

    def _slack_state(self, *, up: bool) -> Json:
        workspace = self._slack.workspace
        channel, names = workspace.channels[CHANNEL], workspace.names()
        return {
            "up": up,
            "connections": len(self._slack.socket.connections),
            "members": sorted(names.get(member, member).removeprefix("@") for member in channel.members),
            "archived": channel.archived,
            "posts": _posts(workspace.calls_of(POST)),
        }


def _posts(calls: list[Call]) -> Json:
    """What became of the bot's posts: `unanswered` were taken, but the bot was not told so."""
    taken = [call for call in calls if call.outcome == "ok"]
    refused = [call for call in calls if call.outcome not in ("", "ok")]
    return {
        "taken": len(taken),
        "unanswered": sum(bool(call.fault) for call in taken),
        "refused": len(refused),
        "refused_429": sum(call.status == _TOO_MANY for call in refused),
    }


def _key(message: Message) -> str:
    """The sender's mark of a notification, which stands in it again when it is sent again; empty if there is none."""
    return str(message.blocks[0].get("block_id") or "") if message.blocks else ""


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0
