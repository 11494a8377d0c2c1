"""Settings are read from three places, and every wrong one is told with its remedy and without a secret."""

import os
import traceback
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.domain.filter import Hears
from bot.settings import NOT_YET, OUTWARD, Settings, SettingsError, load, load_api_only, markdown_table, misspellings
from bot.settings.slack_names import WatchedChannel

GOOD = {
    "PPIO_API_KEY": "dummy-key",
    "SLACK_BOT_TOKEN": "xoxb-dummy",
    "SLACK_APP_TOKEN": "xapp-dummy",
    "PREWARM_CHANNEL": "C1",
}
NOWHERE = Path("does/not/exist")


def settings(**changed: str) -> Settings:
    return load(GOOD | changed, dotenv=NOWHERE, secrets=NOWHERE)


def findings(environ: Mapping[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(environ, dotenv=NOWHERE, secrets=NOWHERE)
    return str(caught.value).splitlines()


def test_what_is_logged_of_them_is_what_could_be_given_and_no_secret() -> None:
    given = {
        "PREWARM_CHANNEL": "C1,C2:failed",
        "PREWARM_OPERATORS": "U1,U2",
        "PREWARM_TIMEZONE": "Asia/Shanghai",
        "PREWARM_POLL_INTERVAL": "2.5",
        "PREWARM_DATA_DIR": "data",
    }
    read = settings(**given)
    logged = read.spoken()
    assert {name: logged[name] for name in given} == {**given, "PREWARM_DATA_DIR": str(Path("data").absolute())}
    assert "dummy" not in str(logged)
    assert settings(**logged | {"PREWARM_DATA_DIR": "data"}) == read, "it could be given so"


def test_four_settings_are_enough_and_the_rest_have_the_promised_defaults() -> None:
    read = settings()
    assert read.ppio_api_key.get_secret_value() == "dummy-key"
    assert read.ppio_base_url == "https://api.ppio.com"
    assert read.slack_api_url == "https://slack.com/api/"
    assert read.prewarm_channel == (WatchedChannel("C1", Hears.ALL),)
    assert (read.prewarm_poll_interval, read.prewarm_page_size, read.prewarm_data_dir) == (15, 100, Path("./data"))
    assert (read.prewarm_language, str(read.prewarm_timezone)) == ("en", "UTC")
    assert (read.prewarm_stuck_after, read.prewarm_blind_after) == (1800, 300)
    assert (read.prewarm_settle_seconds, read.prewarm_keep_days) == (10, 30)
    assert (read.prewarm_http_host, read.prewarm_http_port) == ("127.0.0.1", 8080)
    assert (read.prewarm_log_level, read.prewarm_log_format) == ("info", "auto")
    assert read.prewarm_operators == ()


def test_the_environment_goes_before_dotenv_and_dotenv_before_secret_files(tmp_path: Path) -> None:
    dotenv, secrets = tmp_path / ".env", tmp_path / "secrets"
    secrets.mkdir()
    for name in ("PREWARM_PAGE_SIZE", "prewarm_keep_days", "PREWARM_HTTP_PORT"):
        (secrets / name).write_text("3\n")
    dotenv.write_text('PREWARM_PAGE_SIZE=2\nPREWARM_HTTP_PORT="2"\nEDITOR=vi\n')
    read = load(GOOD | {"PREWARM_PAGE_SIZE": "1"}, dotenv=dotenv, secrets=secrets)
    assert (read.prewarm_page_size, read.prewarm_http_port, read.prewarm_keep_days) == (1, 2, 3)


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    (tmp_path / "prewarm_page_size").write_text("\n")
    (tmp_path / "prewarm_keep_days").write_text("7\n")
    dotenv = tmp_path / ".env"
    dotenv.write_text("PREWARM_HTTP_PORT=1\nPREWARM_KEEP_DAYS=\n")
    read = load(GOOD | {"PREWARM_HTTP_PORT": ""}, dotenv=dotenv, secrets=tmp_path)
    assert (read.prewarm_page_size, read.prewarm_http_port, read.prewarm_keep_days) == (100, 1, 7)


def test_without_arguments_the_process_and_its_folder_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("PREWARM_CHANNEL=C7\n")
    for name in set(os.environ) & {field.upper() for field in Settings.model_fields}:
        monkeypatch.delenv(name)
    for name in ("PPIO_API_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.setenv(name, GOOD[name])
    assert load().prewarm_channel == (WatchedChannel("C7"),)


def test_nothing_set_names_every_required_setting_and_where_to_get_it() -> None:
    key, bot, app, channel = findings({})
    assert key.startswith("PPIO_API_KEY: It is not set. Give an API key from the console's page of keys, alone: no ")
    assert bot == (
        "SLACK_BOT_TOKEN: It is not set. "
        "Copy the Bot User OAuth Token (xoxb-…) from the Slack app's page OAuth & Permissions."
    )
    assert app == (
        "SLACK_APP_TOKEN: It is not set. "
        "Make an App-Level Token (xapp-…) with connections:write on the Slack app's page Basic Information."
    )
    assert channel == (
        "PREWARM_CHANNEL: It is not set. "
        "Give IDs such as C0123456789: click the channel's name in Slack; the ID stands at the end of About."
    )


WRONG = [  # the setting, its value, a part of what is said of it
    ("PPIO_API_KEY", "Bearer dummy", "no `Bearer` before it"),
    ("PPIO_API_KEY", '"dummy"', "no quotes"),
    ("PPIO_API_KEY", "dümmy", "no key has"),
    ("PPIO_BASE_URL", "api.ppio.com", "'api.ppio.com' is not an http or https address."),
    ("PPIO_BASE_URL", "https://api.ppio.com:99999", "is not an http or https address."),
    ("PPIO_BASE_URL", "http://[", "is not an http or https address."),
    ("PPIO_BASE_URL", "https://api.ppio.com/gpu-instance/openapi/v1", "Give only the start"),
    ("PPIO_BASE_URL", "https://me:pass@host", "holds a user name or password"),
    ("SLACK_API_URL", "wss://slack.example", "is not an http or https address."),
    ("SLACK_BOT_TOKEN", "xapp-dummy", "are probably swapped"),
    ("SLACK_APP_TOKEN", "xoxb-dummy", "are probably swapped"),
    ("SLACK_BOT_TOKEN", "xoxp-dummy", "It is a user token."),
    ("SLACK_BOT_TOKEN", "xoxe.xoxb-1-dummy", "token rotation must be off"),
    ("SLACK_BOT_TOKEN", "dummy", "does not begin with xoxb-."),
    ("SLACK_BOT_TOKEN", "xoxb-", "cut short"),
    ("SLACK_APP_TOKEN", "'xapp-dummy'", "holds quotes"),
    ("PREWARM_CHANNEL", "#general", "'#general' is a channel's name, not its ID. Give IDs such as C0123456789"),
    ("PREWARM_CHANNEL", "general", "'general' is not a channel ID."),
    ("PREWARM_CHANNEL", "c0123", "'c0123' is in small letters"),
    ("PREWARM_CHANNEL", "D1", "'D1' is a person or a direct message"),
    ("PREWARM_CHANNEL", "C1:failure", "'failure' after C1 is not one of all, failed, succeeded."),
    ("PREWARM_CHANNEL", "#a,C1:x", "'#a' is a channel's name, not its ID. 'x' after C1 is not one of"),
    ("PREWARM_CHANNEL", "C1:failed,C2,C1:succeeded", "C1 is named more than once. Keep one entry per channel."),
    ("PREWARM_CHANNEL", " , ", "It names no channel."),
    ("PREWARM_POLL_INTERVAL", "0.1", "'0.1' is not a number from 0.2 to 86400."),
    ("PREWARM_POLL_INTERVAL", "nan", "'nan' is not a number"),
    ("PREWARM_POLL_INTERVAL", "inf", "'inf' is not a number"),
    ("PREWARM_PAGE_SIZE", "0", "'0' is not a whole number from 1 to 10000."),
    ("PREWARM_PAGE_SIZE", "1.5", "'1.5' is not a whole number"),
    ("PREWARM_HTTP_PORT", "tcp://10.0.0.1:80", "is not a whole number from 0 to 65535."),
    ("PREWARM_KEEP_DAYS", "soon", "'soon' is not a number"),
    ("PREWARM_LANGUAGE", "fr", "'fr' is not one of en, zh."),
    ("PREWARM_TIMEZONE", "Asia/Shangai", "Did you mean Asia/Shanghai?"),
    ("PREWARM_TIMEZONE", "America", "'America' is not a time zone of the IANA list."),
    ("PREWARM_TIMEZONE", "../UTC", "is not a time zone"),
    ("PREWARM_OPERATORS", "U1, ada", "'ada' is not the ID of a person."),
    ("PREWARM_CONSOLE_URL", "console", "is not an http or https address."),
    ("PREWARM_HTTP_HOST", "0.0.0.0:8080", "the port is PREWARM_HTTP_PORT"),
    ("PREWARM_DATA_DIR", "~nobody-of-this-name/x", "is not a folder's path."),
    ("PREWARM_LOG_LEVEL", "loud", "'loud' is not one of debug, info, warning, error."),
    ("PREWARM_LOG_FORMAT", "xml", "'xml' is not one of auto, console, json."),
]


@pytest.mark.parametrize(("name", "value", "said"), WRONG, ids=[f"{name}={value}" for name, value, _ in WRONG])
def test_a_wrong_value_is_named_with_its_remedy(name: str, value: str, said: str) -> None:
    (line,) = findings(GOOD | {name: value})
    assert line.startswith(f"{name}: ")
    assert said in line


def test_every_wrong_setting_is_named_in_one_go() -> None:
    last_values = {name: value for name, value, _ in WRONG}
    assert {line.partition(":")[0] for line in findings(last_values)} == last_values.keys()


@pytest.mark.parametrize("secret", ["xoxb-12-hush", "'xapp-1-hush", "sk_hush", "https://me:hush@host", "hush" * 6])
def test_a_secret_in_a_wrong_variable_is_printed_nowhere(secret: str) -> None:
    taken_as_it_is = {"PPIO_API_KEY", "SLACK_BOT_TOKEN", "PREWARM_DATA_DIR", "PREWARM_HTTP_HOST"}
    everywhere = {name.upper(): secret for name in Settings.model_fields}
    with pytest.raises(SettingsError) as caught:
        load(everywhere, dotenv=NOWHERE, secrets=NOWHERE)
    assert len(caught.value.findings) >= len(everywhere) - len(taken_as_it_is)
    assert "hush" not in "".join(traceback.format_exception(caught.value))


def test_secrets_are_hidden_when_settings_are_printed() -> None:
    assert "dummy" not in repr(settings())


def test_channels_hear_of_all_endings_or_of_one_kind() -> None:
    assert settings(PREWARM_CHANNEL=" C1 ,C2:failed, G3:succeeded,C4:all,").prewarm_channel == (
        WatchedChannel("C1", Hears.ALL),
        WatchedChannel("C2", Hears.FAILED),
        WatchedChannel("G3", Hears.SUCCEEDED),
        WatchedChannel("C4", Hears.ALL),
    )


def test_values_are_tidied() -> None:
    read = settings(
        SLACK_BOT_TOKEN=" xoxb-dummy\r",
        PPIO_BASE_URL="https://api.novita.ai//",
        SLACK_API_URL="http://127.0.0.1:9000/api",
        PREWARM_OPERATORS="U1,W2, U1",
        PREWARM_LOG_LEVEL="WARNING",
        PREWARM_DATA_DIR="~/state",
    )
    assert read.slack_bot_token.get_secret_value() == "xoxb-dummy"
    assert read.ppio_base_url == "https://api.novita.ai"  # D1 compares it without a trailing slash
    assert read.slack_api_url == "http://127.0.0.1:9000/api/"
    assert read.prewarm_operators == ("U1", "W2")
    assert read.prewarm_log_level == "warning"
    assert read.prewarm_data_dir == Path.home() / "state"


def test_the_language_may_be_chinese_in_any_case() -> None:
    assert settings(PREWARM_LANGUAGE="ZH").prewarm_language == "zh"


def test_the_console_follows_the_base_url_unless_it_is_given() -> None:
    assert settings().console_url == "https://ppio.com/gpu-instance/console"
    assert settings(PPIO_BASE_URL="https://api.novita.ai").console_url == "https://novita.ai/gpus-console/image"
    assert settings(PREWARM_CONSOLE_URL="https://console.example/x").console_url == "https://console.example/x"


NON_DEFAULT = {
    "prewarm_store_url": "postgresql://host/db",
}


@pytest.mark.parametrize("name", NOT_YET)
def test_a_setting_that_has_not_landed_is_refused_and_never_without_effect(name: str) -> None:
    assert findings(GOOD | {name.upper(): NON_DEFAULT[name]}) == [f"{name.upper()}: {NOT_YET[name]} Leave it unset."]


def test_the_default_of_a_setting_that_has_not_landed_may_be_spelled_out() -> None:
    settings(PREWARM_STORE_URL="")


def test_a_file_that_is_not_utf8_is_an_error_in_words(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"PREWARM_CHANNEL=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"It cannot be read: .+ Make it readable UTF-8 text, or remove it\."):
        load(GOOD, dotenv=dotenv, secrets=NOWHERE)


def test_the_list_needs_only_its_own_two_settings() -> None:
    read = load_api_only({"PPIO_API_KEY": "dummy", "SLACK_BOT_TOKEN": "wrong"}, dotenv=NOWHERE, secrets=NOWHERE)
    assert (read.ppio_api_key.get_secret_value(), read.ppio_base_url) == ("dummy", "https://api.ppio.com")
    with pytest.raises(SettingsError, match=r"^PPIO_API_KEY: It is not set\."):
        load_api_only({}, dotenv=NOWHERE, secrets=NOWHERE)


def test_explicit_values_need_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("PREWARM_HTTP_PORT=nonsense\n")
    monkeypatch.setenv("PREWARM_PAGE_SIZE", "nonsense")
    values = {name.lower(): value for name, value in GOOD.items()}
    assert Settings.explicit(**values, prewarm_poll_interval=0.2, prewarm_data_dir=tmp_path).prewarm_page_size == 100
    with pytest.raises(SettingsError, match="PREWARM_POL_INTERVAL"):
        Settings.explicit(**values, prewarm_pol_interval=1)


def test_a_demo_ignores_what_leads_outward_and_heeds_the_rest() -> None:
    hostile = {name.upper(): "nonsense" for name in OUTWARD} | {"PREWARM_OPERATORS": "U1", "PREWARM_POLL_INTERVAL": "1"}
    fixed = {name.lower(): value for name, value in GOOD.items()} | {"prewarm_poll_interval": 0.5}
    read = load(hostile, dotenv=NOWHERE, secrets=NOWHERE, ignore=OUTWARD, **fixed)
    assert (read.prewarm_operators, read.prewarm_poll_interval) == (("U1",), 0.5)
    assert read.ppio_base_url == "https://api.ppio.com"
    assert {name for name in Settings.model_fields if name.startswith(("ppio", "slack"))} < OUTWARD


def test_a_misspelled_variable_is_warned_about_with_the_closest_name(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("PREWARM_CHANELL=C1\nOTHER_THING=1\n")
    environ = {"PREWARM_POLL_INTERVALL": "1", "PREWARM_PORT_8080_TCP_ADDR": "10.0.0.1", "PREWARM_CHANNEL": "C1"}
    assert misspellings(environ, dotenv) == [
        "PREWARM_CHANELL is not a setting and has no effect. Did you mean PREWARM_CHANNEL?",
        "PREWARM_POLL_INTERVALL is not a setting and has no effect. Did you mean PREWARM_POLL_INTERVAL?",
        "PREWARM_PORT_8080_TCP_ADDR is not a setting and has no effect.",
    ]


def test_the_table_for_the_readme_has_a_row_per_setting() -> None:
    lines = markdown_table().splitlines()
    assert lines[:2] == ["| variable | default | meaning |", "|---|---|---|"]
    assert [line.split("`")[1].lower() for line in lines[2:]] == list(Settings.model_fields)
    assert "| `PREWARM_POLL_INTERVAL` | `15` | seconds between polls; fractions allowed; at least 0.2 |" in lines
    assert "| `PPIO_API_KEY` | required | bearer key of the prewarm API |" in lines
    assert not [line for line in lines if line.count("|") != 4]
