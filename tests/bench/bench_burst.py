"""1,000 transitions in one channel under Slack's limit of a message per second: seconds, messages, 429s."""

import sys
import tempfile
import time

from bot.bootstrap import Bot
from bot.demo.cloud.server import CloudServer
from bot.demo.slack.server import SlackServer
from bot.demo.slack.workspace import SlackWorkspace
from bot.settings import Settings

TASKS, CHANNEL = 1000, "C0PREWARM"


def main() -> None:
    with CloudServer() as cloud, SlackServer() as slack, tempfile.TemporaryDirectory() as folder:
        workspace = slack.workspace
        bot = Bot(
            Settings.explicit(
                ppio_api_key=cloud.api_key,
                ppio_base_url=cloud.url,
                slack_bot_token=workspace.identity.token,
                slack_app_token=workspace.identity.app_token,
                slack_api_url=slack.api_url,
                prewarm_channel=CHANNEL,
                prewarm_poll_interval="0.5",
                prewarm_page_size="1000",
                prewarm_data_dir=folder,
                prewarm_http_port="0",
            )
        )
        tasks = [cloud.cloud.add(f"registry.example.com/ml/model-{n % 40}:1.{n}", f"cn-{n % 8}") for n in range(TASKS)]
        bot.start()
        workspace.wait_for(lambda: workspace.bot_messages(CHANNEL), 20, "the hello")
        began, before = time.monotonic(), len(workspace.bot_messages(CHANNEL))
        for number, task in enumerate(tasks):
            if number % 5:
                cloud.cloud.succeed(task)
            else:
                cloud.cloud.fail(task, f"manifest unknown: model-{number % 40}")
        workspace.wait_for(lambda: _all_told(workspace, tasks), 120, "all tasks")
        seconds, messages = time.monotonic() - began, len(workspace.bot_messages(CHANNEL)) - before
        bot.stop()
        line = f"{TASKS} transitions in one channel: {seconds:.1f} s, {messages} messages, {workspace.count_429} 429s\n"
        sys.stdout.write(line)


def _all_told(workspace: SlackWorkspace, tasks: list[str]) -> bool:
    texts = _texts(workspace)
    return all(task in texts for task in tasks)


def _texts(workspace: SlackWorkspace) -> str:
    return "\n".join(workspace.as_text(each) for each in workspace.bot_messages(CHANNEL))


if __name__ == "__main__":
    main()
