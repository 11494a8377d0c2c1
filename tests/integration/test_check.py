"""`prewarm-bot check` against the embedded servers: one fault of an installation a row, told by the finding's id."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.demo.cloud.faults import Fault as CloudFault
from bot.demo.cloud.server import CloudServer
from bot.demo.slack.faults import Fault
from bot.demo.slack.server import SlackServer
from bot.operations import check

CHANNEL = "C0PREWARM"


class Installation:
    """Both servers and the environment that leads to them."""

    def __init__(self, cloud: CloudServer, slack: SlackServer, folder: Path) -> None:
        self.cloud, self.slack, self.folder = cloud, slack, folder
        self.environ = {
            "PPIO_API_KEY": cloud.api_key,
            "PPIO_BASE_URL": cloud.url,
            "SLACK_BOT_TOKEN": slack.workspace.identity.token,
            "SLACK_APP_TOKEN": slack.workspace.identity.app_token,
            "SLACK_API_URL": slack.api_url,
            "PREWARM_CHANNEL": CHANNEL,
            "PREWARM_DATA_DIR": str(folder / "data"),
            "PREWARM_SETTLE_SECONDS": "0.2",
        }

    def scopes_without(self, *scopes: str) -> None:
        self.slack.workspace.scopes -= set(scopes)


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.chdir(tmp_path)
    with CloudServer() as cloud, SlackServer() as slack:
        yield Installation(cloud, slack, tmp_path)


def found(
    installation: Installation, capsys: pytest.CaptureFixture[str], *, post: bool = False
) -> tuple[int, list[str]]:
    code = check.main(json=True, post=post, environ=installation.environ)
    return code, [each["id"] for each in json.loads(capsys.readouterr().out)]


WRONG: list[tuple[str, Callable[[Installation], object], int, str]] = [
    ("a missing setting", lambda it: it.environ.pop("SLACK_BOT_TOKEN"), 2, "settings.SLACK_BOT_TOKEN"),
    ("a refused key", lambda it: it.environ.update(PPIO_API_KEY="a-dummy"), 1, "api"),
    ("an API that answers HTML", lambda it: it.cloud.faults.on(CloudFault.HTML), 1, "api"),
    ("a refused bot token", lambda it: it.environ.update(SLACK_BOT_TOKEN="xoxb-a-dummy"), 1, "slack.bot_token"),
    ("a refused app token", lambda it: it.environ.update(SLACK_APP_TOKEN="xapp-a-dummy"), 1, "slack.app_token"),
    ("a missing scope", lambda it: it.scopes_without("im:write"), 1, "slack.scope.im:write"),
    ("a missing scope of the optional ones", lambda it: it.scopes_without("users:read"), 0, "slack.scope.users:read"),
    ("scopes that Slack does not name", lambda it: it.slack.workspace.scopes.clear(), 1, "slack.scopes"),
    ("a channel unknown", lambda it: it.environ.update(PREWARM_CHANNEL="C0NOWHERE"), 1, "channel.unknown"),
    ("a channel without the bot", lambda it: it.slack.workspace.remove_bot(CHANNEL), 1, "channel.member"),
    ("an archived channel", lambda it: it.slack.workspace.archive(CHANNEL), 1, "channel.archived"),
    ("an unreadable history", lambda it: it.scopes_without("channels:history"), 1, "channel.history"),
    ("a folder that is a file", lambda it: (it.folder / "data").write_text(""), 1, "folder"),
    ("a misspelled setting", lambda it: it.environ.update(PREWARM_CHANEL="C1"), 0, "settings.unknown"),
]


@pytest.mark.parametrize(("spoil", "code", "finding"), [pytest.param(*row[1:], id=row[0]) for row in WRONG])
def test_what_is_wrong_is_named(
    installation: Installation,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Installation], object],
    code: int,
    finding: str,
) -> None:
    spoil(installation)
    exit_code, findings = found(installation, capsys)
    assert finding in findings
    assert exit_code == code


def test_a_right_installation_has_no_finding_and_writes_nothing(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found(installation, capsys) == (0, [])
    assert not (installation.folder / "data").exists()
    assert installation.slack.workspace.bot_messages(CHANNEL) == []


def named(installation: Installation, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    check.main(json=True, post=False, environ=installation.environ)
    return {each["id"]: each for each in json.loads(capsys.readouterr().out)}


def test_scopes_that_slack_does_not_name_are_a_warning_and_none_is_called_missing(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    installation.slack.workspace.scopes.clear()
    findings = named(installation, capsys)
    assert findings["slack.scopes"]["warning"] is True
    assert not [name for name in findings if name.startswith("slack.scope.")]


def test_without_a_network_no_token_is_blamed_and_no_poll_is_promised(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = "http://127.0.0.1:9"
    installation.environ |= {"PPIO_BASE_URL": nowhere, "SLACK_API_URL": f"{nowhere}/api/"}
    findings = named(installation, capsys)
    assert {name: each["remedy"] for name, each in findings.items()} == {
        "api": "Check PPIO_BASE_URL and the network.",
        "slack.bot_token": "Check SLACK_API_URL and the network.",
        "slack.app_token": "Check SLACK_API_URL and the network.",
    }
    assert "poll" not in str(findings)


@pytest.mark.parametrize(
    ("spoil", "finding", "word"),
    [
        pytest.param(lambda it: it.environ.update(PPIO_API_KEY="a-dummy"), "api", "PPIO_API_KEY", id="a refused key"),
        pytest.param(
            lambda it: (it.folder / "data").write_text(""), "folder", "PREWARM_DATA_DIR", id="a folder that is a file"
        ),
    ],
)
def test_a_remedy_is_said_once(
    installation: Installation,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Installation], object],
    finding: str,
    word: str,
) -> None:
    spoil(installation)
    found = named(installation, capsys)[finding]
    assert (str(found["problem"]).count(word), str(found["remedy"]).count(word)) == (0, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")
def test_a_folder_in_which_even_root_may_not_write_is_named(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    installation.environ["PREWARM_DATA_DIR"] = "/proc/prewarm"
    assert "it may not be read or written" in str(named(installation, capsys)["folder"]["problem"])


def test_a_relative_data_folder_is_said_whole(installation: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    installation.environ["PREWARM_DATA_DIR"] = "data"
    check.main(json=False, post=False, environ=installation.environ)
    assert f"✓ Data folder {installation.folder / 'data'}\n" in capsys.readouterr().out


def test_it_says_what_it_found_to_people(installation: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(json=False, post=False, environ=installation.environ) == 0
    looked_at = (
        "✓ Settings\n"
        f"✓ Data folder {installation.folder / 'data'}\n"
        f"✓ Prewarm API {installation.cloud.url}\n"
        "✓ Slack bot token and its scopes\n"
        "✓ Slack app token, Socket Mode\n"
    )
    assert capsys.readouterr().out == f"{looked_at}✓ Channel C0PREWARM\nprewarm-bot run would work.\n"
    installation.slack.workspace.remove_bot(CHANNEL)
    check.main(json=False, post=False, environ=installation.environ)
    assert capsys.readouterr().out == (
        f"{looked_at}✗ wrong  The bot is not in C0PREWARM (#prewarm).\n"
        "    Invite it there: /invite @prewarm. An ID stands at the end of the channel's About.\n"
        "prewarm-bot run would not work yet.\n"
    )


def test_without_a_bot_token_nothing_is_said_of_channels(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    installation.environ["SLACK_BOT_TOKEN"] = "xoxb-a-dummy"
    assert found(installation, capsys, post=True) == (1, ["slack.bot_token"])


def test_a_test_message_is_marked_and_read_back(installation: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(installation, capsys, post=True) == (0, [])
    (message,) = installation.slack.workspace.bot_messages(CHANNEL)
    assert message.metadata == {"event_type": "prewarm_check", "event_payload": {"key": "prewarm-check"}}


def test_metadata_that_slack_drops_is_a_warning(installation: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    installation.slack.workspace.faults.next("chat.postMessage", Fault.without_metadata())
    assert found(installation, capsys, post=True) == (0, ["channel.metadata"])


def test_a_history_later_than_the_settle_time_is_wrong(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    installation.slack.workspace.faults.history_delay = 30.0
    assert found(installation, capsys, post=True) == (1, ["channel.late"])


def test_a_channel_that_takes_no_message_is_named(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    installation.slack.workspace.faults.always("chat.postMessage", Fault.code("restricted_action"))
    assert found(installation, capsys, post=True) == (1, ["channel.post"])
