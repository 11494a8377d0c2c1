"""Reasons in the words of registries, runtimes and vendors, and what stands behind them (the table in `cause.py`)."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cause import RULES, Cause, Rule, cause_of
from tests.examples import many

KNOWN = [
    (Cause.RATE_LIMIT, 'failed to pull "r.io/a:1": toomanyrequests: You have reached your pull rate limit'),
    (Cause.RATE_LIMIT, "authentication required; toomanyrequests: retry after authenticating"),
    (Cause.RATE_LIMIT, "unexpected status from HEAD request to https://r.io/v2/: 429 Too Many Requests"),
    (Cause.AUTHENTICATION, 'failed to resolve "r.io/a:1": pull access denied: unauthorized: authentication required'),
    (
        Cause.AUTHENTICATION,
        (
            "Error response from daemon: pull access denied for team/a, repository does not exist or may require "
            "'docker login': denied: requested access to the resource is denied"
        ),
    ),
    (Cause.AUTHENTICATION, "unauthorized to access repository: library/a, action: pull"),
    (Cause.AUTHENTICATION, "AccessDeniedException: User is not authorized to perform ecr:BatchGetImage"),
    (Cause.AUTHENTICATION, '{"errors":[{"code":"UNAUTHORIZED","message":"","detail":"https://r.io/v2/a"}]}'),
    (
        Cause.AUTHENTICATION,
        (
            "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to "
            "https://ghcr.io/token?scope=repository%3Aa%3Apull: 403 Forbidden"
        ),
    ),
    (Cause.NOT_FOUND, 'failed to resolve reference "r.io/a:1": manifest unknown: manifest is not found'),
    (
        Cause.NOT_FOUND,
        (
            'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/a:9": '
            'failed to resolve reference "docker.io/library/a:9": docker.io/library/a:9: not found'
        ),
    ),
    (Cause.NOT_FOUND, "name unknown: The repository with name 'a' does not exist in the registry with id '1'"),
    (Cause.NOT_FOUND, "RepositoryNotFoundException: a"),
    (Cause.NOT_FOUND, "拉取失败:未找到指定的镜像"),
    (Cause.NO_SPACE, "failed to extract layer sha256:4f2c: write /usr/lib/libcublas.so: no space left on device"),
    (Cause.NO_SPACE, "write /var/lib/docker/tmp/a: disk quota exceeded"),
    (Cause.TOO_LARGE, "image size 132.5 GB exceeds limit 100 GB"),
    (Cause.QUOTA, 'pods "prewarm" is forbidden: exceeded quota: compute-resources'),
    (Cause.TIMEOUT, "read tcp 192.0.2.14:51022->203.0.113.17:443: i/o timeout"),
    (Cause.TIMEOUT, "failed to authorize: failed to fetch oauth token: net/http: TLS handshake timeout"),
    (Cause.TIMEOUT, "net/http: request canceled (Client.Timeout exceeded while awaiting headers)"),
    (Cause.TIMEOUT, "layer size 12 GB: context deadline exceeded"),
    (Cause.TIMEOUT, "dial tcp 203.0.113.17:443: connect: connection timed out"),
    (Cause.NETWORK, 'Head "https://r.io/v2/image/manifests/1": dial tcp: lookup r.io: no such host'),
    (Cause.NETWORK, "failed to copy: httpReadSeeker: failed open: unexpected EOF"),
    (Cause.NETWORK, "server gave HTTP response to HTTPS client: http: server gave HTTP response to HTTPS client"),
]
UNKNOWN = [
    "",
    "image pulled successfully",
    "2 of 9 nodes had finished",
    "node drained",
    "context canceled",
    "no matching manifest for linux/amd64 in the manifest list entries",
    "mkdir /var/lib/a: permission denied",
    'Back-off pulling image "registry.example.com/team/timeout-quota:unauthorized"',
    "镜像拉取失败",
]


@pytest.mark.parametrize("rule", RULES, ids=[rule.example for rule in RULES])
def test_each_rule_decides_its_own_example(rule: Rule) -> None:
    assert cause_of([rule.example]) is rule.cause


def test_no_rule_is_idle() -> None:
    """Show that no rule stands in the shadow of an earlier one: its example matches none of those before it."""
    for place, rule in enumerate(RULES):
        words = rule.example.casefold().replace("_", " ").replace("-", " ")
        assert not [before.pattern for before in RULES[:place] if re.search(before.pattern, words)], rule.example


def test_every_cause_has_a_rule() -> None:
    assert {rule.cause for rule in RULES} == {*Cause}


@pytest.mark.parametrize(("cause", "reason"), KNOWN, ids=[reason for _, reason in KNOWN])
def test_what_registries_and_runtimes_say_is_known(cause: Cause, reason: str) -> None:
    assert cause_of([reason]) is cause
    assert cause_of(("2 of 9 nodes had finished", reason.upper())) is cause


@pytest.mark.parametrize("reason", UNKNOWN)
def test_what_no_rule_knows_stays_unknown(reason: str) -> None:
    assert cause_of([reason]) is Cause.UNKNOWN


def test_of_several_reasons_the_order_of_the_table_decides_not_theirs() -> None:
    reasons = ["connection reset by peer", "no space left on device"]
    assert cause_of(reasons) is cause_of(reasons[::-1]) is Cause.NO_SPACE


@pytest.mark.parametrize("reason", ["unauthorized/denied", "registry: timeout/refused"])
def test_a_slash_alone_makes_no_address(reason: str) -> None:
    assert cause_of([reason]) is not Cause.UNKNOWN


def test_the_first_twenty_reasons_are_read() -> None:
    full = "no space left on device"
    assert cause_of([*["pulled"] * 19, full]) is Cause.NO_SPACE
    assert cause_of([*["pulled"] * 20, full]) is Cause.UNKNOWN


def test_the_first_2000_characters_of_a_reason_are_read() -> None:
    assert cause_of(["unauthorized".rjust(2_000)]) is cause_of(["unauthorized"])
    assert cause_of(["unauthorized".rjust(2_001)]) is Cause.UNKNOWN


@many(300)
@given(st.lists(st.text() | st.sampled_from([rule.example for rule in RULES]), max_size=4).map(tuple))
def test_any_reasons_have_a_cause(reasons: tuple[str, ...]) -> None:
    assert cause_of(reasons) in Cause


@pytest.mark.parametrize("text", ["image ", "a/b.c ", "size 1 ", "超", "(", "quota a a ", "image not", "a"])
def test_long_reasons_are_read_in_a_moment(text: str) -> None:
    began = time.process_time()
    cause_of([f"{text * 1_000}{place}" for place in range(500)])
    assert time.process_time() - began < 1
