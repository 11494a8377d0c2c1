"""The commands as processes: exit codes as a table, and the demo as a newcomer runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import __version__
from tests.acceptance.bot_process import ROOT, BotProcess
from tests.acceptance.stage import HELLO, Stage

SECRET = "xoxb-this-is-a-dummy-and-refused"
HOSTILE = {"SLACK_BOT_TOKEN": "xoxb-a-dummy", "PREWARM_CHANNEL": "C0ELSEWHERE", "HTTPS_PROXY": "http://127.0.0.1:9"}


@pytest.fixture(scope="module", autouse=True)
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """Let the demo play its 20 s beside this module's other tests."""
    demo = BotProcess(tmp_path_factory.mktemp("demo"), HOSTILE, ("demo", "--duration", "20"))
    yield demo
    demo.kill()


def test_without_settings_every_missing_one_is_named(tmp_path: Path) -> None:
    bot = BotProcess(tmp_path)
    assert bot.wait() == 2
    assert "Traceback" not in bot.stderr
    for name in ("PPIO_API_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "PREWARM_CHANNEL"):
        assert name in bot.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("PPIO_API_KEY", "a-dummy-key-that-is-refused", id="a wrong key ends a first start with 2"),
        pytest.param("SLACK_BOT_TOKEN", SECRET, id="so does a wrong bot token"),
        pytest.param("SLACK_APP_TOKEN", "xapp-this-is-a-dummy-and-refused", id="and a wrong app token"),
        pytest.param("PREWARM_CHANNEL", "#prewarm", id="and a channel's name"),
    ],
)
def test_what_is_refused_is_named_and_never_printed(stage: Stage, name: str, value: str) -> None:
    bot = stage.run(**{name: value})
    assert bot.wait() == 2
    assert name in bot.stderr
    assert "Traceback" not in bot.stderr
    assert value not in bot.stderr or name == "PREWARM_CHANNEL"


def test_a_second_bot_on_the_same_folder_is_told_so(stage: Stage) -> None:
    stage.run_until_hello()
    second = stage.run(PREWARM_HTTP_PORT="0")
    assert second.wait() == 1
    assert "Another bot is running on the data folder" in second.stderr


def test_a_run_begins_its_log_with_its_version_and_its_settings_without_secrets(stage: Stage) -> None:
    bot = stage.run_until_hello(PREWARM_CHANNEL="C0PREWARM,G0OPS:failed")
    first, *others = map(json.loads, bot.stderr.splitlines())
    assert (first["action"], first["event"]) == ("bot.started", f"prewarm-bot {__version__} starts.")
    assert (first["PPIO_BASE_URL"], first["PREWARM_CHANNEL"]) == (stage.server.url, "C0PREWARM,G0OPS:failed")
    assert "bot.started" not in [line.get("action") for line in others]
    for secret in ("PPIO_API_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        assert secret not in first
        assert stage.settings()[secret] not in bot.stderr


def test_check_is_fine_where_run_would_work_and_names_what_is_wrong(stage: Stage) -> None:
    assert stage.run("check").wait() == 0
    wrong = stage.run("check", PREWARM_CHANNEL="C0GENERAL")
    assert wrong.wait() == 1
    assert "/invite @prewarm" in wrong.stdout


def test_tasks_prints_the_list_and_needs_only_the_api(stage: Stage) -> None:
    keys = {name: "" for name in stage.settings() if not name.startswith("PPIO_")}
    bot = stage.run("tasks", **keys)
    assert bot.wait() == 0
    assert "nzd5nyi4keefsv2d" in bot.stdout


def test_the_demo_shows_the_main_job_and_ignores_the_environment(demo: BotProcess) -> None:
    assert demo.wait(within=45) == 0
    assert demo.stderr == ""
    for words in ("I watch the prewarm tasks from now on", "Ready:", "Failed:", "Why:", "only visible to"):
        assert words in demo.stdout
    assert "C0ELSEWHERE" not in demo.stdout


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")


@FULL
@pytest.mark.parametrize("command", ["demo --duration 20", "check", "tasks --json"])
def test_an_output_that_takes_nothing_ends_with_one_sentence(stage: Stage, command: str) -> None:
    done = started(stage, f"{command} > /dev/full")
    assert (done.returncode, done.stderr) == (
        1,
        "prewarm-bot: the output cannot be written (No space left on device).\n",
    )


def test_a_bot_runs_without_its_standard_streams(stage: Stage) -> None:
    """Without them its database would be file 2, into which the next traceback would be written."""
    bot = subprocess.Popen(  # noqa: S602 - our own command
        f"exec {sys.executable} -m bot run <&- >&- 2>&-", shell=True, cwd=stage.folder, env=environment(stage)
    )
    try:
        stage.wait_said(HELLO)
        targets = [Path(f"/proc/{bot.pid}/fd/{number}") for number in range(3)]
        assert not targets[0].parent.exists() or {str(each.readlink()) for each in targets} == {"/dev/null"}
        bot.terminate()
        assert bot.wait(10) == 0
    finally:
        bot.kill()


def started(stage: Stage, command: str) -> "subprocess.CompletedProcess[str]":
    """Run a command line of the bot through a shell, to its end."""
    line = f"exec {sys.executable} -m bot {command}"
    return subprocess.run(  # noqa: S602 - our own command
        line,
        shell=True,
        cwd=stage.folder,
        env=environment(stage),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def environment(stage: Stage) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **stage.settings()}
