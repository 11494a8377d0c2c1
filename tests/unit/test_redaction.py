"""No spelling of a secret comes through, whole or cut, and what is no secret stays as it is."""

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.adapters.redaction import HEAD, HIDDEN, redaction

KEY = 'sk_live/a+b=c&"d\\e-0123456789'
SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=HEAD, max_size=60).filter(
    lambda secret: "hidden" not in secret
)
AROUND = st.text(st.sampled_from("xyz {}[]:,.\n"), max_size=12)


def numbered(form: str, key: str) -> str:
    """Spell what is neither letter nor digit by its number."""
    return "".join(char if char.isalnum() or char in "-._~" else form.format(ord(char)) for char in key)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda key: key,
    "in a URL": lambda key: quote(key, safe=""),
    "in a query": quote_plus,
    "in a URL, in small letters": lambda key: quote(key, safe="").replace("%2F", "%2f").replace("%2B", "%2b"),
    "twice in a URL": lambda key: quote(quote(key, safe=""), safe=""),
    "in JSON": lambda key: json.dumps(key)[1:-1],
    "in JSON with escaped slashes": lambda key: json.dumps(key)[1:-1].replace("/", "\\/"),
    "in JSON in JSON": lambda key: json.dumps(json.dumps(key))[3:-3],
    "in JSON by numbers": lambda key: numbered("\\u{:04X}", key),
    "as Python shows it": lambda key: repr(key)[1:-1],
    "in HTML": html.escape,
    "in HTML by numbers": lambda key: numbered("&#{};", key),
    "as a Bearer": lambda key: f"Bearer {key}",
}
BASIC: dict[str, Callable[[str], str]] = {
    "as a user's password": lambda key: f"user:{key}",
    "as the user": lambda key: f"{key}:",
    "as a password alone": lambda key: f":{key}",
    "in a text of some length": lambda key: f"ab{key}cd",
}


def left_of(secret: str, text: str) -> bool:
    """Whether enough of a secret to be known by stands in a text, in any of the simple spellings."""
    return any(secret[:HEAD] in form(text) for form in (str, html.unescape))


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
@settings(deadline=None)  # each example compiles patterns of its own
@example(secret="\\0000000\\\\", before="", after="")
@example(secret='00000000\\\\0\\"', before="", after="")
@given(secret=SECRETS, before=AROUND, after=AROUND)
def test_no_spelling_of_a_secret_comes_through(
    spelling: Callable[[str], str], secret: str, before: str, after: str
) -> None:
    assume(secret[:HEAD] not in before + after)
    spelled = spelling(secret)
    told = redaction([secret])(f"{before}{spelled}|{after}")
    assert told.replace("Bearer ", "").rstrip("\n") == f"{before}{HIDDEN}|{after}".rstrip("\n")


@pytest.mark.parametrize("around", BASIC.values(), ids=BASIC)
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode], ids=["base64", "of URLs"])
@settings(deadline=None)  # each example compiles patterns of its own
@given(secret=SECRETS)
def test_no_base64_of_a_secret_comes_through(
    around: Callable[[str], str], encode: Callable[[bytes], bytes], secret: str
) -> None:
    coded = encode(around(secret).encode()).decode()
    for text in (coded, quote(coded, safe="")):
        told = redaction([secret])(f"Authorization: Basic {text}")
        assert HIDDEN in told
        rest = told.removeprefix("Authorization: Basic ").replace(HIDDEN, "")
        assert len(rest) <= len(text) - len(secret), "all but what stands around it is hidden"


@settings(deadline=None)  # each example compiles patterns of its own
@given(secret=SECRETS, cut=st.integers(HEAD, 60), end=st.sampled_from(["", "…", "...", "***", " is wrong"]))
def test_a_secret_that_was_cut_is_hidden_as_far_as_it_goes(secret: str, cut: int, end: str) -> None:
    told = redaction([secret])(f"invalid key {secret[:cut]}{end}")
    assert told.startswith(f"invalid key {HIDDEN}")
    assert not left_of(secret, told)


@given(text=st.text(st.sampled_from("abc &%\\/+=.,;'\"\n☃"), max_size=200))
def test_what_holds_no_secret_stays_as_it_is(text: str) -> None:
    assert redaction([KEY])(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(f"no {KEY} here, no {KEY}", f"no {HIDDEN} here, no {HIDDEN}", id="each time"),
        pytest.param(KEY + KEY, HIDDEN + HIDDEN, id="one after the other"),
        pytest.param(KEY[: HEAD - 1], KEY[: HEAD - 1], id="too little to be known by"),
        pytest.param("Authorization: Bearer abcdef", f"Authorization: Bearer {HIDDEN}", id="any Bearer"),
        pytest.param("xoxb-1-2-abc and xapp-1-A2", f"{HIDDEN} and {HIDDEN}", id="any token of Slack"),
        pytest.param(
            "wss://x.invalid/?ticket=abc&app_id=1", f"wss://x.invalid/?ticket={HIDDEN}&app_id=1", id="a ticket"
        ),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_is_hidden(text: str, told: str) -> None:
    assert redaction([KEY, "another-secret"])(text) == told


def test_without_secrets_the_known_tokens_are_hidden_all_the_same() -> None:
    assert redaction(["", ""])("key xoxb-1 and a") == f"key {HIDDEN} and a"


def test_a_long_text_of_escapes_takes_no_time() -> None:
    text = "\\" * 50_000 + "%25" * 20_000 + "&#00" * 10_000
    assert redaction([KEY])(text) == text
