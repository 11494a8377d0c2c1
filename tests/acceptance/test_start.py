"""What a start makes of what it finds: a folder or store it cannot use, a token that is refused by now (P15, S)."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import httpx

from bot.domain.memory import SCHEMA
from tests.acceptance.bot_process import BotProcess
from tests.acceptance.stage import Stage


def wait_ready(stage: Stage, status: int, words: str) -> None:
    """Ask /readyz once per poll until it answers so."""
    answer = (0, "")
    for _ in range(30):
        stage.wait_polled(1)
        with suppress(httpx.TransportError):  # nobody listens yet
            said = httpx.get(f"http://127.0.0.1:{stage.port}/readyz", trust_env=False)
            answer = (said.status_code, said.text)
        if answer[0] == status and words in answer[1]:
            return
    raise TimeoutError(f"/readyz says {answer}, not {status} with {words!r}.\n{stage.written()}")


def assert_plain_refusal(bot: BotProcess, words: str) -> None:
    assert bot.wait() == 1
    assert words in bot.stderr
    assert "Traceback" not in bot.stderr


def test_a_folder_that_cannot_be_is_a_clear_failure(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    folder = str(tmp_path / "file" / "data")
    assert_plain_refusal(stage.run(PREWARM_DATA_DIR=folder), f"The store in {folder} cannot be used")


def test_a_store_of_a_later_version_is_a_clear_failure_and_stays(stage: Stage) -> None:
    stage.run_until_hello().terminate()
    database = stage.folder / "data" / "store" / "cache.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("UPDATE Cache SET value = ? WHERE key = 'schema/'", (str(SCHEMA + 1).encode(),))
    assert_plain_refusal(stage.run(), f"has schema {SCHEMA + 1}")
    assert database.exists()


def test_a_ready_bot_says_so(stage: Stage) -> None:
    stage.run_until_hello()
    stage.slack.socket.wait_connected()
    wait_ready(stage, 200, '"status": "ok"')


def test_with_anything_remembered_a_refused_token_is_waited_out_unready(stage: Stage) -> None:  # P15
    stage.run_until_hello().terminate()
    bot = stage.run(SLACK_BOT_TOKEN="xoxb-a-dummy-that-is-refused")
    wait_ready(stage, 503, "invalid_auth")
    task = stage.end()
    stage.wait_polled(3)
    assert (bot.running, stage.told()) == (True, {})
    assert bot.terminate() == 0
    assert "xoxb-a-dummy" not in bot.stderr + bot.stdout
    stage.run()
    stage.wait_told(task)
    sentinel = stage.tell_sentinel()
    assert stage.told() == {task: 1, sentinel: 1}
