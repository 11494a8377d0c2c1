"""Small checks that combine into the shape of any Block Kit object.

A check takes a value and its JSON pointer and yields what Slack would say of it; none raises, so that everything wrong
with a message is said at once, as real Slack does.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def wrong(what: str, at: str) -> str:
    return f"{what} [json-pointer:{at}]"


def string(most: int, least: int = 1) -> Check:
    """A string of `least` to `most` characters."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield wrong("must be a string", at)
        elif len(value) < least:
            yield wrong(f"must be more than {least - 1} characters", at)
        elif len(value) > most:
            yield wrong(f"must be less than {most + 1} characters", at)

    return check


def url(value: Any, at: str) -> Iterator[str]:
    """An absolute address of at most 3,000 characters."""
    problems = list(string(3000)(value, at))
    if not problems and not ADDRESS.fullmatch(value):
        problems = [wrong("invalid url", at)]
    yield from problems


def boolean(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield wrong("must be a boolean", at)


def integer(least: int, most: int) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            yield wrong(f"must be an integer from {least} to {most}", at)

    return check


def number(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield wrong("must be a number", at)


def literal(*allowed: Any) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield wrong(f"must be one of {', '.join(map(str, allowed))}", at)

    return check


def listing(item: Check, least: int, most: int) -> Check:
    """A list of `least` to `most` items that each pass `item`."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield wrong("must be an array", at)
            return
        if len(value) > most:
            yield wrong(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield wrong(f"no fewer than {least} items allowed", at)
        for index, each in enumerate(value):
            yield from item(each, f"{at}/{index}")

    return check


def structure(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Check) -> Check:
    """An object with these fields, and no other but `type`; `rules` look at the whole once its fields are right."""
    fields = {**required, **(optional or {})}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield wrong("must be an object", at)
            return
        problems = [wrong(f"missing required field: {name}", at) for name in required if name not in value]
        problems += [
            wrong(f"invalid additional property: {name}", at) for name in value if name not in {*fields, "type"}
        ]
        for name in fields.keys() & value.keys():
            problems += fields[name](value[name], f"{at}/{name}")
        yield from problems or (said for rule in rules for said in rule(value, at))

    return check


def typed(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which check applies."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield wrong("must be an object", at)
        elif value.get("type") not in kinds:
            yield wrong(f"unsupported type: {value.get('type')}", f"{at}/type")
        else:
            yield from kinds[value["type"]](value, at)

    return check


def plain(most: int, least: int = 1) -> Check:
    """A plain_text object."""
    return typed({"plain_text": structure({"text": string(most, least)}, {"emoji": boolean})})


def text(most: int) -> Check:
    """A plain_text or mrkdwn object."""
    mrkdwn = structure({"text": string(most)}, {"verbatim": boolean})
    return typed({"plain_text": structure({"text": string(most)}, {"emoji": boolean}), "mrkdwn": mrkdwn})
