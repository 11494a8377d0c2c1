"""All settings of the bot: names, defaults, meanings, and every wrong one reported at once with its remedy.

A field is its variable in lower case, so there is one name to search for. Constructing `Settings` reads nothing but its
arguments; `load` is the only place that looks at the environment, at `.env` and at `/run/secrets`.
"""

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from bot.domain.language import Language
from bot.settings import slack_names as slack
from bot.settings import values as kind

DOTENV = Path(".env")
SECRETS = Path("/run/secrets")

NOT_YET = {
    "prewarm_store_url": "A store in PostgreSQL is not built yet: the state lives in PREWARM_DATA_DIR.",
}
"""Settings whose capability has not landed, refused unless they hold their default: never silently without effect."""

OUTWARD = frozenset(
    {
        "ppio_api_key",
        "ppio_base_url",
        "slack_bot_token",
        "slack_app_token",
        "slack_api_url",
        "prewarm_channel",
        "prewarm_data_dir",
        "prewarm_store_url",
        "prewarm_console_url",
        "prewarm_http_host",
        "prewarm_http_port",
    }
)
"""Credentials, places and addresses: a demo that took them from the environment could post to a real workspace."""


@dataclass(frozen=True)
class Finding:
    """One wrong setting: its variable, what is wrong, what to do. Holds no secret."""

    name: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name}: {self.problem} {self.remedy}"


class SettingsError(Exception):
    """Some settings are wrong; the text has one line for each of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def _field(meaning: str, default: Any = ..., *, shown: str | None = None, remedy: str = "") -> Any:
    """Describe a setting; `shown` is its default in the README's table where the value itself says too little."""
    return Field(default, description=meaning, json_schema_extra={"shown": shown, "remedy": remedy})


class ApiSettings(BaseSettings):
    """What reading the list needs: the settings of `prewarm-bot tasks`."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", enable_decoding=False, env_ignore_empty=True, hide_input_in_errors=True
    )

    ppio_api_key: kind.ApiKey = _field("bearer key of the prewarm API", remedy=kind.WHERE_KEY)
    ppio_base_url: kind.BaseUrl = _field("`https://api.novita.ai` serves the same API", "https://api.ppio.com")

    @classmethod
    def explicit(cls, **values: Any) -> Self:
        """Build from these values alone, by field name; raise `SettingsError`."""
        try:
            return cls(**values)
        except ValidationError as error:
            raise SettingsError(map(_finding, error.errors())) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic-settings'
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Construct from arguments alone: only `load` looks around."""
        return (init_settings,)


class Settings(ApiSettings):
    """What `run` needs."""

    slack_bot_token: slack.BotToken = _field("`xoxb-…`", remedy=slack.WHERE_BOT)
    slack_app_token: slack.AppToken = _field("`xapp-…`, for Socket Mode", remedy=slack.WHERE_APP)
    slack_api_url: kind.SlackUrl = _field("another address for a proxy or an emulator", "https://slack.com/api/")
    prewarm_channel: slack.Channels = _field(
        "channel IDs with commas; each hears of every finished task, or with `:failed` / `:succeeded` only of those "
        "(`C1,C2:failed`; unknown endings and vanished tasks count as failed; service notices go to all)",
        remedy=slack.WHERE_CHANNEL,
    )
    prewarm_poll_interval: Annotated[float, kind.number(float, 0.2, 86400)] = _field(
        "seconds between polls; fractions allowed; at least 0.2", 15
    )
    prewarm_page_size: Annotated[int, kind.number(int, 1, 10000)] = _field("tasks asked for per page", 100)
    prewarm_data_dir: kind.Folder = _field(
        "where the state lives", Path("data"), shown="`./data` (`/data` in the image)"
    )
    prewarm_language: Annotated[Language, kind.choice(Language)] = _field("`en` or `zh`", Language.EN)
    prewarm_timezone: kind.Zone = _field("for fallback texts and `mute until`", ZoneInfo("UTC"))
    prewarm_stuck_after: Annotated[float, kind.number(float, 0, 2592000)] = _field(
        "seconds in Pending or Running after which a task is called stuck; 0 turns it off", 1800
    )
    prewarm_blind_after: Annotated[float, kind.number(float, 1, 86400)] = _field(
        "seconds without a good poll (rule D2) after which the channels are told", 300
    )
    prewarm_settle_seconds: Annotated[float, kind.number(float, 0, 600)] = _field(
        "seconds that the history is given to show a message in doubt, counted from the end of its request (rule P6)",
        10,
    )
    prewarm_keep_days: Annotated[float, kind.number(float, 0.01, 365)] = _field(
        "how long an undeliverable message is kept", 30
    )
    prewarm_operators: slack.UserIds = _field(
        "Slack user IDs that may change things (create, retry, delete) and hear of channels that cannot be posted to; "
        "empty: nobody, the bot only reads",
        (),
    )
    prewarm_mention_on_failure: slack.MentionId = _field(
        "user or group ID mentioned when a task failed", "", shown="empty"
    )
    prewarm_allowed_users: slack.UserIds = _field(
        "user IDs that may ask (operators always may)", (), shown="empty: all"
    )
    prewarm_allowed_channels: slack.PlaceIds = _field(
        "channel IDs in which one may ask; a direct message is no channel", (), shown="empty: all"
    )
    prewarm_console_url: kind.Link = _field('where "Open console" leads', "", shown="by base URL")
    prewarm_http_host: kind.Host = _field(
        "where health and metrics listen", "127.0.0.1", shown="`127.0.0.1` (`0.0.0.0` in the image)"
    )
    prewarm_http_port: Annotated[int, kind.number(int, 0, 65535)] = _field(
        "port of health and metrics; 0 turns them off", 8080
    )
    prewarm_log_level: Annotated[kind.LogLevel, kind.choice(kind.LogLevel)] = _field(
        "`debug`, `info`, `warning` or `error`", kind.LogLevel.INFO
    )
    prewarm_log_format: Annotated[kind.LogFormat, kind.choice(kind.LogFormat)] = _field(
        "`console`, `json`, or `auto`: console on a terminal, JSON lines elsewhere", kind.LogFormat.AUTO
    )
    prewarm_store_url: SecretStr = _field(
        "`postgresql://…` for a standby replica", SecretStr(""), shown="empty: diskcache in the data folder"
    )

    @field_validator("*")
    @classmethod
    def _has_landed(cls, value: object, info: ValidationInfo) -> object:
        name = info.field_name or ""
        if name in NOT_YET and value != cls.model_fields[name].default:
            raise kind.WrongValueError(NOT_YET[name], "Leave it unset.")
        return value

    def spoken(self) -> dict[str, str]:
        """Return each setting as it could be given, by its variable; none that is secret, none that is empty."""
        given = {name.upper(): getattr(self, name) for name in type(self).model_fields}
        given["PREWARM_DATA_DIR"] = self.prewarm_data_dir.absolute()
        return {
            name: ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
            for name, value in given.items()
            if not isinstance(value, SecretStr) and value not in ("", ())
        }

    @property
    def console_url(self) -> str:
        """Where "Open console" leads. Novita's page is documented, PPIO's is not confirmed; a gateway is PPIO's."""
        novita = (urlsplit(self.ppio_base_url).hostname or "").endswith("novita.ai")
        default = "https://novita.ai/gpus-console/image" if novita else "https://ppio.com/gpu-instance/console"
        return self.prewarm_console_url or default


def load(
    environ: Mapping[str, str] = os.environ,
    *,
    dotenv: Path = DOTENV,
    secrets: Path = SECRETS,
    ignore: Collection[str] = (),
    **fixed: Any,
) -> Settings:
    """Read all settings: the environment, then `.env` in the working directory, then a file each in `/run/secrets`.

    `ignore` names fields that no source may set, `fixed` gives fields that no source can change. Raises `SettingsError`
    with a finding for each wrong setting.
    """
    return Settings.explicit(**_gather(Settings, environ, dotenv, secrets, ignore) | fixed)


def load_api_only(
    environ: Mapping[str, str] = os.environ, *, dotenv: Path = DOTENV, secrets: Path = SECRETS
) -> ApiSettings:
    """Read `PPIO_*` alone, from the same places; raise `SettingsError`."""
    return ApiSettings.explicit(**_gather(ApiSettings, environ, dotenv, secrets))


def misspellings(environ: Mapping[str, str] = os.environ, dotenv: Path = DOTENV) -> list[str]:
    """Warn of each unknown `PREWARM_*` variable; it is no error, since Kubernetes injects such names."""
    known = [name.upper() for name in Settings.model_fields]
    given = {name.upper() for name in DotEnvSettingsSource(Settings, env_file=dotenv).env_vars} | set(environ)
    return [_misspelling(name, known) for name in sorted(given) if name.startswith("PREWARM_") and name not in known]


def markdown_table() -> str:
    """Draw the README's table of settings from the fields."""
    rows = [
        f"| `{name.upper()}` | {_shown_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


def _gather(
    settings: type[BaseSettings],
    environ: Mapping[str, str],
    dotenv: Path,
    secrets: Path,
    ignore: Collection[str] = (),
) -> dict[str, Any]:
    environment = EnvSettingsSource(settings)
    environment.env_vars = {name.lower(): value for name, value in environ.items() if value}
    found = _files(settings, dotenv, secrets) | environment()
    wanted = settings.model_fields.keys() - set(ignore)
    return {name: value for name, value in found.items() if name in wanted and value != ""}


def _files(settings: type[BaseSettings], dotenv: Path, secrets: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    place = secrets
    try:
        if secrets.is_dir():  # pydantic-settings warns of a missing one
            found = SecretsSettingsSource(settings, secrets_dir=secrets)()
        place = dotenv
        return found | DotEnvSettingsSource(settings, env_file=dotenv)()
    except (OSError, UnicodeDecodeError) as error:
        finding = Finding(str(place), f"It cannot be read: {error}.", "Make it readable UTF-8 text, or remove it.")
        raise SettingsError([finding]) from None


def _finding(error: ErrorDetails) -> Finding:
    name = str(error["loc"][0])
    wrong = error.get("ctx", {}).get("error")
    if isinstance(wrong, kind.WrongValueError):
        return Finding(name.upper(), wrong.problem, wrong.remedy)
    if error["type"] == "missing":
        return Finding(name.upper(), "It is not set.", _extra(Settings.model_fields[name], "remedy"))
    return Finding(name.upper(), f"{error['msg']}.", "Give a setting's text.")


def _misspelling(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.8)
    return f"{name} is not a setting and has no effect." + (f" Did you mean {near[0]}?" if near else "")


def _extra(field: FieldInfo, key: str) -> str:
    extra = field.json_schema_extra
    return str(extra.get(key) or "") if isinstance(extra, dict) else ""


def _shown_default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    return _extra(field, "shown") or ("empty" if field.default == () else f"`{field.default}`")
