"""How soon the bot acknowledges when 50 commands come at once, in the midst of a sweep and a burst of endings.

Slack shows people an error after three seconds; the goal is 300 ms at p99, counted from the envelope's sending to the
acknowledgement as Slack sees it. A command that acts is acknowledged after its commit (R5), which waits for those of
the sweep and the burst: a second is its goal. Cloud, Slack and bot are a process each, so that only the bot's own
threads are in its way. Run: `make bench`.
"""

import itertools
import logging
import multiprocessing
import sys
import tempfile
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bot.demo.cloud.server import CloudServer
from bot.demo.slack.interaction import Interaction
from bot.demo.slack.server import SlackServer
from tests.acceptance.bot_process import BotProcess

TASKS, PAGE, ENDINGS, COMMANDS, ROUNDS = 20_000, 1_000, 100, 50, 5
GOAL, GOAL_OF_ACTS = 0.3, 1.0  # seconds
CHANNEL = "C0PREWARM"
ASKED = (
    "",
    "list",
    "list failed",
    "show t00042",
    "status",
    "why t00042",
    "subscriptions",
    "help",
    "watch t01999",  # the one that acts
    "web",
)


def serve(pipe: Connection) -> None:
    """Show a long list; at each message end some tasks and answer in the midst of the sweep that sees them."""
    with CloudServer() as server:
        rows = range(TASKS)
        for number in rows:
            state = "Running" if number % 10 == 0 else "Succeeded"
            server.cloud.add(f"registry.example.com/ml/web:{number % 50}", state=state, task_id=f"t{number:05}")
        pipe.send((server.url, server.api_key))
        for number in iter(pipe.recv, None):
            for task in rows[number * ENDINGS * 10 : (number + 1) * ENDINGS * 10 : 10]:
                server.cloud.fail(f"t{task:05}", "i/o timeout")
            seen = server.cloud.log.count
            server.cloud.wait_for(lambda: in_a_sweep(server, seen), 60)  # noqa: B023 - called within the round
            pipe.send(number)


def in_a_sweep(server: CloudServer, seen: int) -> bool:
    """Say whether a sweep that began after so many requests has come to its fifth page."""
    new = server.cloud.requests[-(server.cloud.log.count - seen) :] if server.cloud.log.count > seen else ()
    pages = [request.query.get("page") for request in new]
    return "1" in pages and "5" in pages[pages.index("1") :]


def ask_at_once(slack: SlackServer) -> list[tuple[Interaction, float]]:
    """Type all commands; return each with the moment it was typed, on Slack's clock."""
    workspace = slack.workspace
    return [
        (workspace.slash("U0ADA", CHANNEL, "/prewarm", ASKED[n % len(ASKED)]), workspace.now()) for n in range(COMMANDS)
    ]


def play(slack: SlackServer, cloud: Connection) -> tuple[list[float], list[float], list[float]]:
    """Return the seconds to each acknowledgement, of what reads and of what acts, and to each answer."""
    reads, acts, answered = list[float](), list[float](), list[float]()
    for number in range(ROUNDS):
        cloud.send(number)
        cloud.recv()
        asked = ask_at_once(slack)
        for (interaction, typed), text in zip(asked, itertools.cycle(ASKED), strict=False):
            (acts if text.startswith("watch") else reads).append(interaction.wait_acked())
            answered.append(float(interaction.wait_response(timeout=30).ts) - typed)
    return reads, acts, answered


def line(what: str, seconds: Sequence[float], end: str) -> str:
    ranked = sorted(seconds)
    p99 = ranked[min(len(ranked) - 1, round(0.99 * len(ranked)))]
    figures = [f"{1000 * value:.0f} ms" for value in (ranked[len(ranked) // 2], p99, ranked[-1])]
    return f"{what}: {len(ranked)}, p50 {figures[0]}, p99 {figures[1]}, max {figures[2]}{end}\n"


def settings(slack: SlackServer, url: str, key: str, folder: str) -> dict[str, Any]:
    identity = slack.workspace.identity
    return {
        "PPIO_API_KEY": key,
        "PPIO_BASE_URL": url,
        "SLACK_BOT_TOKEN": identity.token,
        "SLACK_APP_TOKEN": identity.app_token,
        "SLACK_API_URL": slack.api_url,
        "PREWARM_CHANNEL": CHANNEL,
        "PREWARM_DATA_DIR": f"{folder}/data",
        "PREWARM_POLL_INTERVAL": "0.5",
        "PREWARM_PAGE_SIZE": str(PAGE),
        "PREWARM_HTTP_PORT": "0",
    }


def main() -> None:
    logging.disable(logging.INFO)
    ours, theirs = multiprocessing.Pipe()
    cloud = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    cloud.start()
    url, key = ours.recv()
    with tempfile.TemporaryDirectory() as folder, SlackServer() as slack:
        bot = BotProcess(Path(folder), settings(slack, url, key, folder))
        try:
            slack.workspace.wait_for(lambda: slack.workspace.bot_messages(CHANNEL), 60, "the hello")
            slack.socket.wait_connected()
            reads, acts, answered = play(slack, ours)
        finally:
            bot.kill()
    ours.send(None)
    cloud.join(10)
    sys.stdout.write(line("commands that read, acknowledged", reads, f" (goal p99 {1000 * GOAL:.0f} ms)"))
    sys.stdout.write(line("commands that act, acknowledged", acts, f" (goal p99 {1000 * GOAL_OF_ACTS:.0f} ms)"))
    sys.stdout.write(line("commands answered", answered, ""))


if __name__ == "__main__":
    main()
