"""What happens in those six months: a table of what people and outages do, and the daily life of tasks between them.

Moments are days of 182; a shorter play has the same story, pressed together.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from bot.demo.cloud.faults import Fault as ListFault
from bot.demo.slack.faults import Fault
from tests.simulation.simulation import ADA, DAY, EVE, GPU, LAB, LIN, MAX, OPS, PREWARM, TEAM, Simulation

WHOLE: Final = 182.0  # days
CALM_FROM: Final = 172.0  # nothing goes wrong any more: what can be told is told by the end
CLUSTERS: Final = ("cn-north-1", "sg-1", "us-ca-2")

Act = Callable[["Story"], object]

STORY: Final[tuple[tuple[float, str, Act], ...]] = (
    (
        0.2,
        "#lab hears of failures in sg-1, as ada asked",
        lambda s: s.command(ADA, LAB, "subscribe failed cluster:sg-1"),
    ),
    (0.3, "lin watches everything", lambda s: s.command(LIN, PREWARM, "watch all")),
    (0.4, "max watches failures", lambda s: s.command(MAX, PREWARM, "watch failed")),
    (0.5, "#team hears of everything, as max asked", lambda s: s.command(MAX, TEAM, "subscribe all")),
    (9.0, "the bot is removed from #ops", lambda s: s.remove(OPS)),
    (12.0, "and invited again", lambda s: s.invite(OPS)),
    (16.0, "the bot token is revoked", lambda s: s.revoke()),
    (18.0, "and a new one made", lambda s: s.renew()),
    (24.0, "the vendor is away", lambda s: s.list_down()),
    (27.0, "and back after three days", lambda s: s.list_up()),
    (30.0, "max leaves the company", lambda s: s.leave(MAX)),
    (40.0, "#gpu is configured as well", lambda s: s.configure(f"{PREWARM},{OPS}:failed,{GPU}")),
    (44.0, "the bot is removed from #ops", lambda s: s.remove(OPS)),
    (46.0, "which leaves PREWARM_CHANNEL", lambda s: s.configure(f"{PREWARM},{GPU}")),
    (55.0, "another key of the same account", lambda s: s.other_key()),
    (60.0, "the bot does not run for four days", lambda s: s.down(4.0)),
    (70.0, "#gpu is quiet for a while", lambda s: s.command(EVE, GPU, f"mute {round(s.days(3.0) / 3600)}h")),
    (80.0, "#team asked for nothing any more", lambda s: s.command(EVE, TEAM, "unsubscribe")),
    (90.0, "all of Slack is down", lambda s: s.slack_down()),
    (90.25, "and back after six hours", lambda s: s.slack_up()),
    (100.0, "#prewarm is archived by mistake", lambda s: s.archive(PREWARM)),
    (135.0, "which is found out five weeks later", lambda s: s.unarchive(PREWARM)),
    (140.0, "eve watches failures in us-ca-2", lambda s: s.command(EVE, GPU, "watch failed cluster:us-ca-2")),
    (145.0, "the vendor is away", lambda s: s.list_down()),
    (150.0, "and back after five days", lambda s: s.list_up()),
    (155.0, "#lab is archived for good", lambda s: s.archive(LAB)),
    (CALM_FROM, "from now on nothing goes wrong", lambda s: s.calm()),
)


class Story:
    """Plays the table and the daily life in `days` simulated days.

    `tasks` a day, beside bursts; `restarts` in all, beside those of the table: a third of them are kills.
    """

    def __init__(self, simulation: Simulation, days: float, *, tasks: float, restarts: int) -> None:
        self.simulation, self._days, self._tasks, self._restarts = simulation, days, tasks, restarts
        self.chance, self.began, self.slack_is_down = simulation.chance, simulation.now, False

    def days(self, whole: float) -> float:
        """Return the seconds that so many of the 182 days take in this play."""
        return whole * DAY * self._days / WHOLE

    def write(self) -> None:
        """Lay down all that will happen."""
        simulation = self.simulation
        for day, sentence, act in STORY:
            simulation.at(self.began + self.days(day), partial(self._happens, sentence, act))
        for number in range(self._restarts):
            simulation.at(self._sometime(), simulation.restart if number % 3 else simulation.kill_soon)
        for _ in range(int(self._days * self._tasks)):
            simulation.at(self.began + self.chance.uniform(0.01, self._days - 0.5) * DAY, self._a_task_begins)
        for _ in range(int(self._days / 3.5)):
            simulation.at(self._sometime(), self._many_begin)
        for _ in range(int(self._days)):
            simulation.at(self._sometime(), self._one_is_watched)
        slack, cloud = simulation.workspace.faults, simulation.cloud_server.faults
        for fault in (
            Fault.drop_after(),
            Fault.drop_before(),
            Fault.http(500),
            Fault.http(502, accepts=True),
            Fault.ratelimited(20),
        ):
            slack.sometimes("chat.postMessage", fault, 0.01)
            slack.sometimes("conversations.history", fault, 0.01)
        cloud.chance(ListFault.DROPPED, 0.01)
        cloud.chance(ListFault.SERVER_ERROR, 0.02)

    def _happens(self, sentence: str, act: Act) -> None:
        self.simulation.happened[sentence] += 1
        act(self)

    def _sometime(self) -> float:
        return self.began + self.days(self.chance.uniform(1.0, CALM_FROM - 1.0))

    # ---- tasks

    def _a_task_begins(self) -> None:
        simulation, chance = self.simulation, self.chance
        image = f"registry.example.com/team/image{chance.randrange(12)}:{chance.randrange(40)}"
        task = simulation.cloud.add(image, chance.choice(CLUSTERS))
        simulation.happened["tasks"] += 1
        self._carry_on(task, reruns=1 if chance.random() < 0.06 else 0)

    def _many_begin(self) -> None:
        for _ in range(self.chance.randrange(10, 40)):
            self._a_task_begins()

    def _carry_on(self, task: str, reruns: int) -> None:
        simulation, chance, cloud = self.simulation, self.chance, self.simulation.cloud
        hangs = chance.random() < 0.03
        ends = simulation.now + (chance.uniform(5, 20) * 3600 if hangs else chance.uniform(120, 5400))
        simulation.at(simulation.now + 60, lambda: cloud.row(task) and cloud.run(task))
        simulation.at(ends, lambda: self._end(task, reruns))

    def _end(self, task: str, reruns: int) -> None:
        simulation, chance, cloud = self.simulation, self.chance, self.simulation.cloud
        fate = chance.random()
        if fate < 0.03:
            cloud.remove(task)
            simulation.happened["vanished"] += 1
            return
        if fate < 0.2:
            cloud.fail(task, chance.choice(("toomanyrequests: pull rate limit", "unauthorized", "i/o timeout")))
        else:
            cloud.succeed(task, size=chance.randrange(10**8, 10**10))
        later = simulation.now + chance.uniform(0.3, 3.0) * DAY
        simulation.at(later, (lambda: self._again(task)) if reruns else (lambda: cloud.remove(task)))

    def _again(self, task: str) -> None:
        """Somebody runs an ended task again under the same ID."""
        simulation = self.simulation
        simulation.happened["run again"] += 1
        simulation.cloud.change(task, createTime=str(int(simulation.now)), state="Pending", completeTime="", reason=[])
        self._carry_on(task, 0)

    def _one_is_watched(self) -> None:
        simulation = self.simulation
        running = [row["id"] for row in simulation.cloud.rows() if row["state"] == "Running"]
        if running:
            self.command(self.chance.choice((ADA, LIN, EVE)), GPU, f"watch {self.chance.choice(running)}")

    # ---- people and outages

    def command(self, user: str, channel: str, text: str) -> None:
        if self.simulation.is_up and not self.slack_is_down:
            self.simulation.command(user, channel, text)

    def remove(self, channel: str) -> None:
        self.simulation.workspace.remove_bot(channel)
        self.simulation.truth.cut_off(channel, self.simulation.now)

    def invite(self, channel: str) -> None:
        self.simulation.workspace.invite_bot(channel, ADA)
        self.simulation.truth.mend(channel, self.simulation.now)

    def archive(self, channel: str) -> None:
        self.simulation.workspace.archive(channel)
        self.simulation.truth.cut_off(channel, self.simulation.now)

    def unarchive(self, channel: str) -> None:
        self.simulation.workspace.unarchive(channel)
        self.simulation.truth.mend(channel, self.simulation.now)

    def leave(self, user: str) -> None:
        people = self.simulation.workspace.people
        people[user] = replace(people[user], deleted=True)
        self.simulation.truth.cut_off(user, self.simulation.now)

    def revoke(self) -> None:
        self.simulation.workspace.faults.token_error = "token_revoked"
        self._cut_all()

    def renew(self) -> None:
        workspace = self.simulation.workspace
        workspace.identity = replace(workspace.identity, token="xoxb-demo-another-token")
        workspace.faults.token_error = ""
        self.simulation.restart()
        self._mend_all()

    def slack_down(self) -> None:
        self.slack_is_down = True
        self.simulation.slack_server.go_down()
        self._cut_all()

    def slack_up(self) -> None:
        self.slack_is_down = False
        self.simulation.slack_server.come_up()
        self._mend_all()

    def list_down(self) -> None:
        self.simulation.cloud_server.faults.on(ListFault.API_DOWN)

    def list_up(self) -> None:
        self.simulation.cloud_server.faults.off(ListFault.API_DOWN)

    def other_key(self) -> None:
        self.simulation.cloud.keys.add("another-key")
        self.simulation.cloud_server.api_key = "another-key"
        self.simulation.restart()

    def configure(self, channels: str) -> None:
        gone = {each.to for each in self.simulation.truth.standing} - {
            each.split(":")[0] for each in channels.split(",")
        }
        self.simulation.truth.unrelied |= dict.fromkeys(gone, self.simulation.now)
        self.simulation.channels = channels
        self.simulation.restart()

    def down(self, days: float) -> None:
        self.simulation.restart(pause=self.days(days))

    def calm(self) -> None:
        faults = self.simulation.workspace.faults
        faults.clear()
        self.simulation.cloud_server.faults.clear()

    def _cut_all(self) -> None:
        for to in EVERYBODY:
            self.simulation.truth.cut_off(to, self.simulation.now)

    def _mend_all(self) -> None:
        for to in EVERYBODY:
            self.simulation.truth.mend(to, self.simulation.now)


GONE: Final = (MAX,)  # who left for good
STANDING_EVER: Final = (PREWARM, OPS, GPU)
EVERYBODY: Final = (PREWARM, OPS, LAB, GPU, TEAM, ADA, LIN, MAX, EVE)
