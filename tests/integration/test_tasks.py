"""`prewarm-bot tasks` in a terminal and in a pipe."""

import io
import json
from collections.abc import Iterator

import pytest

from bot.demo.cloud.catalogue import VENDOR_EXAMPLE
from bot.demo.cloud.server import CloudServer
from bot.operations import tasks
from bot.settings import ApiSettings, load_api_only

NOTHING = tasks.wanted("", "", "")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def settings() -> Iterator[ApiSettings]:
    with CloudServer(seed=1) as server:
        for row in VENDOR_EXAMPLE:
            server.cloud.put(row)
        server.cloud.fail(
            server.cloud.add("registry.example.com/llm/qwen:1", task_id="qwen000000000001"), "no\x1b[31m space"
        )
        yield load_api_only({"PPIO_API_KEY": server.api_key, "PPIO_BASE_URL": server.url})


def test_a_pipe_gets_a_line_per_task_with_tabs(settings: ApiSettings, capsys: pytest.CaptureFixture[str]) -> None:
    tasks.show(settings, tasks.wanted("Succeeded", "", "nginx"), json=False)
    (line,) = capsys.readouterr().out.splitlines()
    cells = line.split("\t")
    assert cells[:5] == ["Succeeded", "nginx", "v2测试(cn-dev-1)", "72.3 MB", "took 29 s"]
    assert cells[6:] == ["nzd5nyi4keefsv2d", ""]


def test_a_terminal_gets_addresses_whole_and_no_escapes_of_others(
    settings: ApiSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    tasks.show(settings, tasks.wanted("failed", "", ""), json=False)
    first, second, third, last = screen.getvalue().splitlines()
    assert first.split() == ["Failed", "registry.example.com/llm/qwen:1"]
    assert second.endswith("qwen000000000001")
    assert third.strip() == "no␛[31m space"
    assert last == "1 of 3 tasks"


def test_json_is_the_vendors_rows(settings: ApiSettings, capsys: pytest.CaptureFixture[str]) -> None:
    tasks.show(settings, NOTHING, json=True)
    rows = json.loads(capsys.readouterr().out)
    assert {row["id"] for row in rows} == {"nzd5nyi4keefsv2d", "fexahnwdp4l1ajva", "qwen000000000001"}


def test_nothing_found_says_how_to_widen_the_search(settings: ApiSettings, capsys: pytest.CaptureFixture[str]) -> None:
    tasks.show(settings, tasks.wanted("", "", "zebra"), json=False)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "No task matches; 3 are listed. Leave options out" in printed.err
