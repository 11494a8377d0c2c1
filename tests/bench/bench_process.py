"""What the bot costs beside the bare stack, and how soon news leaves it: memory, CPU, start to ready, poll to post.

The floor is a process that only imports the libraries and starts what any such bot starts: an App, a scheduler, a
client, a cache. Both are measured in the same run. Run: `make bench`.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

from tests.acceptance.stage import CHANNEL, Stage

IDLE: Final = 20.0  # seconds over which CPU time is counted
ENDINGS, TRIES = 15, 5
BARE: Final = """
import sys, threading
import diskcache, httpx, msgspec, prometheus_client, pydantic_settings, slack_bolt, slack_sdk, structlog, websockets
from apscheduler.schedulers.background import BackgroundScheduler
from websockets.sync.client import connect
app = slack_bolt.App(token="xoxb-dummy", signing_secret="dummy", token_verification_enabled=False)
scheduler = BackgroundScheduler()
scheduler.start()
client, cache = httpx.Client(), diskcache.Cache(sys.argv[1])
print("ready", flush=True)
threading.Event().wait(float(sys.argv[2]))
scheduler.shutdown()
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        bare_start, bare_memory = _bare(Path(folder) / "bare")
        with Stage(Path(folder) / "bot") as stage:
            start = statistics.median(_start(stage, number) for number in range(TRIES))
            memory, cpu = _idle(stage)
            delay = statistics.median(_poll_to_post(stage) for _ in range(ENDINGS))
    _say("start to ready", f"{start:.2f} s", f"{start / bare_start:.2f} x the bare stack ({bare_start:.2f} s)", "1.5 x")
    _say("memory, idle", f"{memory:.0f} MiB", f"{memory / bare_memory:.2f} x ({bare_memory:.0f} MiB)", "1.6 x")
    _say("CPU, idle at 15 s between polls", f"{100 * cpu:.2f} %", f"over {IDLE:.0f} s", "0.5 %")
    _say("poll's answer to post's request", f"{1000 * delay:.0f} ms", f"median of {ENDINGS}", "50 ms")


def _bare(folder: Path) -> tuple[float, float]:
    """Return seconds until it is there, and MiB."""
    seconds, memory = [], 0.0
    for number in range(TRIES):
        began = time.monotonic()
        command = [sys.executable, "-c", BARE, str(folder / str(number)), "30"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603 - our own lines
        assert process.stdout is not None
        process.stdout.readline()
        seconds.append(time.monotonic() - began)
        time.sleep(1.0)  # memory settles
        memory = _mebibytes(process.pid)
        process.kill()
        process.wait()
        process.stdout.close()
    return statistics.median(seconds), memory


def _start(stage: Stage, number: int) -> float:
    """Return the seconds from the command to the first 200 of /readyz."""
    began = time.monotonic()
    bot = stage.run(PREWARM_DATA_DIR=str(stage.folder / f"data-{number}"), PREWARM_POLL_INTERVAL="15")
    while not _is_ready(stage.port):
        time.sleep(0.01)
    seconds = time.monotonic() - began
    bot.terminate()
    return seconds


def _idle(stage: Stage) -> tuple[float, float]:
    """Return MiB and the share of one CPU of a bot with the vendor's two tasks and nothing to do."""
    bot = stage.run_until_hello(PREWARM_POLL_INTERVAL="15")
    time.sleep(3.0)  # what a start leaves to do
    before = _cpu_seconds(bot.pid)
    time.sleep(IDLE)
    spent, memory = _cpu_seconds(bot.pid) - before, _mebibytes(bot.pid)
    bot.terminate()
    return memory, spent / IDLE


def _poll_to_post(stage: Stage) -> float:
    """Return the seconds from the arrival of the request whose answer showed an ending to the arrival of its post."""
    if not any(bot.running for bot in stage.bots):
        stage.run(PREWARM_POLL_INTERVAL="1")
        stage.slack.socket.wait_connected()
        stage.wait_polled()
    time.sleep(1.1)  # a quiet channel: its last message is a second old
    task, ended = stage.end(), time.time()
    posted = float(stage.wait_said(task, CHANNEL).ts)
    return posted - next(float(asked.at) for asked in stage.cloud.log.requests if asked.at > ended)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _mebibytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _say(what: str, figure: str, beside: str, goal: str) -> None:
    sys.stdout.write(f"{what}: {figure}, {beside}; goal {goal}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
