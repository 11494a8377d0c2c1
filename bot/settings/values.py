"""The text of a setting made into a value, or into what is wrong with it and how to mend it.

pydantic's own messages name types, not remedies, and its list fields stop at the first bad value; so each kind of value
has its parser here, and each parser answers in words. A value that could be a secret is never repeated.
"""

import ipaddress
import re
from collections.abc import Callable
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BeforeValidator, SecretStr

WHERE_KEY = "Give an API key from the console's page of keys, alone: no quotes, no spaces, no `Bearer` before it."
_LONGEST_SHOWN = 40
_SECRET = re.compile(r"xox|xapp|sk[-_]|://[^/]*@|[\w-]{20,}", re.IGNORECASE)


class WrongValueError(ValueError):
    """A value that cannot be used: `problem` says why and `remedy` what to do, each a sentence."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    AUTO = "auto"
    CONSOLE = "console"
    JSON = "json"


def shown(value: object) -> str:
    """Quote a value for an error text, unless it is long or looks like a secret in the wrong variable."""
    text = str(value)
    return "the value (not shown)" if len(text) > _LONGEST_SHOWN or _SECRET.search(text) else repr(text)


def from_text(parse: Callable[[str], Any]) -> BeforeValidator:
    """Parse text, and let through what a caller already gives as a value."""
    return BeforeValidator(lambda value: parse(value.strip()) if isinstance(value, str) else value)


def from_secret(parse: Callable[[str], str]) -> AfterValidator:
    """Parse the text inside a secret."""
    return AfterValidator(lambda value: SecretStr(parse(value.get_secret_value().strip())))


def number(kind: type[int] | type[float], low: float, high: float) -> BeforeValidator:
    """Accept `low` to `high`, both included; `nan` is in no range."""
    word = "whole number" if kind is int else "number"

    def parse(value: object) -> float:
        try:
            parsed = kind(str(value))
        except ValueError:
            parsed = float("nan")
        if not low <= parsed <= high:
            raise WrongValueError(f"{shown(value)} is not a {word} from {low} to {high}.", "Give one in that range.")
        return parsed

    return BeforeValidator(parse)


def choice(options: type[StrEnum]) -> BeforeValidator:
    """Accept a member by its word, in any case."""

    def parse(text: str) -> StrEnum:
        try:
            return options(text.lower())
        except ValueError:
            words = ", ".join(options)
            raise WrongValueError(f"{shown(text)} is not one of {words}.", "Give one of these.") from None

    return from_text(parse)


def _key(text: str) -> str:
    if not re.fullmatch(r"[!-~]+", text) or text[0] in "\"'":
        raise WrongValueError("It is empty, or holds quotes, spaces or signs that no key has.", WHERE_KEY)
    return text


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not re.fullmatch(r"[!-~]+", text):
        raise WrongValueError(f"{shown(text)} is not an http or https address.", "Give one such as https://host.")
    if "@" in parts.netloc:
        raise WrongValueError("The address holds a user name or password.", "Give it without them.")
    return text


def _base_url(text: str) -> str:
    """Compared without a trailing slash (rule D1); a path before it may belong to a gateway."""
    parts = urlsplit(_url(text))
    if parts.query or parts.fragment or "/gpu-instance" in parts.path:
        raise WrongValueError(
            "The address holds more than the host.", "Give only the start, such as https://api.ppio.com."
        )
    return text.rstrip("/")


def _slack_url(text: str) -> str:
    """End in a slash: the method's name is appended."""
    return _url(text).rstrip("/") + "/"


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # OSError: "America" is a folder of zones.
        near = get_close_matches(text.title(), available_timezones(), n=1, cutoff=0.8)
        hint = f"Did you mean {near[0]}?" if near else "Give one such as Asia/Shanghai or UTC."
        raise WrongValueError(f"{shown(text)} is not a time zone of the IANA list.", hint) from None


def _folder(text: str) -> Path:
    try:
        if text and "\0" not in text:
            return Path(text).expanduser()
    except RuntimeError:
        pass
    raise WrongValueError(f"{shown(text)} is not a folder's path.", "Give one such as ./data.")


def _host(text: str) -> str:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        if not re.fullmatch(r"[A-Za-z0-9._-]+", text):
            hint = "Give an address alone, such as 127.0.0.1; the port is PREWARM_HTTP_PORT."
            raise WrongValueError(f"{shown(text)} is not an address to listen on.", hint) from None
    return text


ApiKey = Annotated[SecretStr, from_secret(_key)]
BaseUrl = Annotated[str, from_text(_base_url)]
SlackUrl = Annotated[str, from_text(_slack_url)]
Link = Annotated[str, from_text(lambda text: _url(text) if text else "")]
Zone = Annotated[ZoneInfo, from_text(_zone)]
Folder = Annotated[Path, from_text(_folder)]
Host = Annotated[str, from_text(_host)]
