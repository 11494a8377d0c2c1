"""One ending as people read it: the whole text, on each rung."""

from dataclasses import replace as replace_style
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from bot.domain.fact import Kind, News, Transition
from bot.domain.language import Language
from bot.domain.task import Product, Task
from bot.rendering.style import Style
from tests.unit.messages_reading import KEY, STYLE, ended, read, told

UNAUTHORIZED = "failed to pull: unauthorized: authentication required"
LOG_IN = (
    "No registry credential (repositoryAuth) was given. If the image is private, create the task again with one; "
    "else check the address."
)


def test_a_ready_image_says_what_where_how_long_how_big_and_when() -> None:
    message = told(ended(Kind.SUCCEEDED))
    assert read(message).splitlines() == [
        "✅ Ready: pytorch:v2 (6.76 GB) on v2测试(cn-dev-1) in 6 s",
        "Image: test-image.ppinfra.com/test-public/pytorch:v2",
        "Products: RTX 4090 24GB 18c",
        "Ended: 2025-08-28 06:09 UTC · Task: fexahnwdp4l1ajva",
        "[Open console]",
    ]
    assert message.text == "Ready: pytorch:v2 (6.76 GB) on v2测试(cn-dev-1) in 6 s. Task fexahnwdp4l1ajva."


def test_what_the_vendor_says_of_a_ready_image_is_told_when_it_is_more_than_that_it_is_ready() -> None:
    seen = read(told(ended(Kind.SUCCEEDED, reason=("image pulled successfully", "2 nodes were skipped"))))
    assert "\nVendor's words:\n• image pulled successfully\n• 2 nodes were skipped\nImage: " in seen


def test_what_the_headline_says_in_full_is_not_said_again() -> None:
    nginx = ended(Kind.SUCCEEDED, id="nzd5nyi4keefsv2d", image_name="nginx", image_url="nginx", products=(), reason=())
    assert read(told(nginx)).splitlines() == [
        "✅ Ready: nginx (6.76 GB) on v2测试(cn-dev-1) in 6 s",
        "Ended: 2025-08-28 06:09 UTC · Task: nzd5nyi4keefsv2d",
        "[Open console]",
    ]


def test_a_name_too_long_for_the_headline_is_told_whole_below() -> None:
    long = ended(
        Kind.SUCCEEDED,
        image_url="registry.example.com/" + "team/" * 10 + "a" * 70 + ":v1",
        image_name="another",
        cluster_name="A cluster with a name that no headline can hold",
    )
    seen = read(told(long)).splitlines()
    assert seen[0].startswith("✅ Ready: " + "a" * 20)
    assert seen[0].endswith("…" + "a" * 36 + ":v1 (6.76 GB) on A cluster with a name that no headline … in 6 s")
    assert seen[1] == f"Image: registry.example.com/{'team/' * 10}{'a' * 70}:v1 (another)"
    assert seen[2] == "Cluster: A cluster with a name that no headline can hold (cn-dev-1)"


def test_a_failure_says_why_before_anything_else() -> None:
    message = told(ended(Kind.FAILED, reason=(UNAUTHORIZED,), note="周五 release"))
    assert read(message).splitlines() == [
        "❌ Failed: pytorch:v2 (6.76 GB) on v2测试(cn-dev-1) after 6 s",
        f"Why: {UNAUTHORIZED}",
        f"What to do: {LOG_IN}",
        "Image: test-image.ppinfra.com/test-public/pytorch:v2",
        "Products: RTX 4090 24GB 18c",
        "Note: 周五 release",
        "Ended: 2025-08-28 06:09 UTC · Task: fexahnwdp4l1ajva",
        "[Open console]",
    ]
    assert message.text == (
        f"Failed: pytorch:v2 (6.76 GB) on v2测试(cn-dev-1) after 6 s. Why: {UNAUTHORIZED}. What to do: {LOG_IN} "
        "Task fexahnwdp4l1ajva."
    )


ADVICE = [
    ("authentication required", "", LOG_IN),
    (
        "authentication required",
        "cred-voice",
        "Check that the task's registry credential (repositoryAuth) is still valid and may pull this image.",
    ),
    ("manifest unknown", "", "Check the image's address and tag, and that it was pushed there."),
    (
        "toomanyrequests",
        "",
        (
            "Wait until the registry's limit is over, then create the task again. "
            "No credential (repositoryAuth) was given: many registries allow more with one."
        ),
    ),
    (
        "toomanyrequests",
        "cred-voice",
        "Wait until the registry's limit is over, then create the task again, or use another registry.",
    ),
    (
        "no space left on device",
        "",
        "Try a smaller image or another cluster, or ask the vendor for space on this one.",
    ),
    (
        "image too large",
        "",
        "Make the image smaller, or ask the vendor to allow more (by default 100 GB for an image).",
    ),
    (
        "i/o timeout",
        "",
        "Create the task again. If it times out again, put the image in a registry nearer to the cluster.",
    ),
    (
        "connection refused",
        "",
        "Check that the registry is up and can be reached from the cluster, then create the task again.",
    ),
    (
        "quota exceeded",
        "",
        "Delete prewarm tasks that you no longer need, or ask the vendor for a larger quota.",
    ),
]


@pytest.mark.parametrize(("reason", "auth", "words"), ADVICE, ids=[f"{reason}, {auth}" for reason, auth, _ in ADVICE])
def test_each_cause_says_what_to_do_under_the_vendors_words(reason: str, auth: str, words: str) -> None:
    seen = read(told(ended(Kind.FAILED, reason=(reason,), repository_auth=auth)))
    assert f"\nWhy: {reason}\nWhat to do: {words}\nImage: " in seen


def test_an_unknown_cause_brings_no_advice() -> None:
    message = told(ended(Kind.FAILED, reason=("node drained",)))
    assert "What to do" not in read(message) + message.text


ORDINALS = [(2, "Second"), (3, "Third"), (4, "Fourth"), (5, "Fifth"), (7, "7th"), (11, "11th"), (12, "12th"),
            (21, "21st"), (22, "22nd"), (33, "33rd"), (113, "113th")]  # fmt: skip


@pytest.mark.parametrize(("failures", "nth"), ORDINALS)
def test_an_image_that_fails_again_and_again_is_counted(failures: int, nth: str) -> None:
    message = told(replace(ended(Kind.FAILED), failures=failures))
    words = f"{nth} failure of this image within a day."
    assert f"Why: the vendor gave no reason\n{words}\nImage: " in read(message)
    assert f" {words} Task " in message.text


@pytest.mark.parametrize("failures", [0, 1])
def test_a_first_failure_is_no_habit(failures: int) -> None:
    assert "within a day" not in read(told(replace(ended(Kind.FAILED), failures=failures)))


HUNG = [
    (Kind.SUCCEEDED, "Running", "It had hung in Running for 42 min."),
    (Kind.FAILED, "Pending", "It had hung in Pending for 42 min."),
    (Kind.GONE, "", "It had hung in Running for 42 min."),
    (Kind.SUCCEEDED, "QueuedOdd", "It had hung in QueuedOdd for 42 min."),
]


@pytest.mark.parametrize(("kind", "before", "words"), HUNG)
def test_an_ending_says_how_long_the_task_hung(kind: Kind, before: str, words: str) -> None:
    message = told(replace(ended(kind), hung=2_520.0, before=before))
    assert f"\n{words}\nImage: " in read(message)
    assert f" {words} Task " in message.text


CALLED = [
    pytest.param(ended(Kind.FAILED), True, id="a failure"),
    pytest.param(ended(Kind.ENDED), True, id="an unknown ending counts as failed"),
    pytest.param(ended(Kind.GONE), True, id="so does one that vanished"),
    pytest.param(ended(Kind.SUCCEEDED), False, id="not what is ready"),
    pytest.param(ended(Kind.FAILED, News.LATE), False, id="not a late listing (D4)"),
]


@pytest.mark.parametrize(("fact", "called"), CALLED)
def test_a_failure_mentions_whoever_is_to_look(fact: Transition, called: bool) -> None:
    message = told(fact, style=replace_style(STYLE, mention="S0ONCALL"))
    assert ("\n@S0ONCALL, please look.\n" in read(message)) is called
    assert message.text.endswith(" <!subteam^S0ONCALL>, please look.") is called
    assert "please look" not in read(told(fact)), "nobody is set, nobody is called"


def test_a_person_can_be_called_too() -> None:
    message = told(ended(Kind.FAILED), style=replace_style(STYLE, mention="U0ADA"))
    assert {"type": "user", "user_id": "U0ADA"} in message.blocks[1]["elements"][0]["elements"]
    assert "<@U0ADA>, please look." in message.text


def test_several_reasons_are_a_list() -> None:
    seen = read(told(ended(Kind.FAILED, reason=("node 1 is full", "node 2 is full"))))
    assert "\nWhy:\n• node 1 is full\n• node 2 is full\nImage: " in seen


def test_a_few_overlong_reasons_share_the_room() -> None:
    seen = read(told(ended(Kind.FAILED, reason=("a" * 2_000, "b" * 2_000, "third"))))
    assert "• " + "a" * 1_199 + "… (801 more characters)\n" in seen
    assert "• " + "b" * 999 + "… (1,001 more characters)\n• and 1 more reason\n" in seen


def test_a_failure_without_a_reason_says_so() -> None:
    message = told(ended(Kind.FAILED))
    assert "Why: the vendor gave no reason" in read(message)
    assert "Why: the vendor gave no reason." in message.text


def test_an_unknown_state_is_shown_verbatim() -> None:
    message = told(ended(Kind.ENDED, reason=("node drained",)))
    assert read(message).splitlines()[:3] == [
        "❔ Ended as “Evicted”: pytorch:v2 (6.76 GB) on v2测试(cn-dev-1) after 6 s",
        "The vendor does not document this state; it is shown as it came.",
        "Vendor's words: node drained",
    ]
    assert "Why: node drained." in message.text
    assert "Why" not in told(ended(Kind.ENDED)).text


def test_a_vanished_task_says_that_its_end_is_unknown() -> None:
    message = told(ended(Kind.GONE, News.VANISHED))
    assert read(message).splitlines() == [
        "❔ No longer listed; how it ended is unknown: pytorch:v2 (6.76 GB) on v2测试(cn-dev-1)",
        "When last seen it was running.",
        "Image: test-image.ppinfra.com/test-public/pytorch:v2",
        "Products: RTX 4090 24GB 18c",
        "Noticed: 2025-08-28 06:09 UTC · Task: fexahnwdp4l1ajva",
        "[Open console]",
    ]
    assert message.text == (
        "No longer listed; how it ended is unknown: pytorch:v2 (6.76 GB) on v2测试(cn-dev-1). "
        "When last seen it was running. Task fexahnwdp4l1ajva."
    )


@pytest.mark.parametrize(
    ("fact", "title", "remark"),
    [
        pytest.param(
            replace(ended(Kind.GONE, News.VANISHED), watched=True),
            "❔ No longer listed; how it ended is unknown: ",
            "I go on watching it for you, and tell you when its end is known.",
            id="it may come back",
        ),
        pytest.param(
            ended(Kind.GONE, News.FORGOTTEN),
            "❔ No longer watched; how it ended is unknown: ",
            "It is no longer listed, and I have forgotten it. So your watch of it has ended.",
            id="it was forgotten",
        ),
        pytest.param(
            ended(Kind.GONE, News.ACCOUNT),
            "❔ No longer watched; how it ended is unknown: ",
            "The API address or key now belongs to another account, so I cannot see this task any more, "
            "and your watch of it has ended.",
            id="it is another account's",
        ),
    ],
)
def test_r2_whoever_watched_it_alone_reads_what_becomes_of_the_watch(fact: Transition, title: str, remark: str) -> None:
    message = told(fact)
    assert read(message).startswith(title)
    assert remark in read(message).splitlines()
    assert remark in message.text


def test_a_task_of_which_only_the_id_is_known_can_be_told() -> None:
    message = told(Transition(Kind.GONE, News.FORGOTTEN, Task("t-9", ""), 1756361380.0))
    assert "t-9" in message.text
    assert "When last seen" not in read(message) + message.text


def test_a_replaced_run_says_so() -> None:
    seen = read(told(ended(Kind.GONE, News.REPLACED)))
    assert seen.startswith(
        "❔ Replaced by a new run; how it ended is unknown: pytorch:v2 (6.76 GB) on v2测试(cn-dev-1)\n"
    )


def test_one_late_listing_reads_as_such_with_its_date() -> None:
    assert read(told(ended(Kind.FAILED, News.LATE))).splitlines() == [
        "🕰 Failed before I began to watch: pytorch:v2 (6.76 GB) on v2测试(cn-dev-1) after 6 s",
        "Why: the vendor gave no reason",
        "Image: test-image.ppinfra.com/test-public/pytorch:v2",
        "Products: RTX 4090 24GB 18c",
        "Ended: 2025-08-28 06:09 UTC · Task: fexahnwdp4l1ajva",
        "[Open console]",
    ]


def test_a_late_listing_in_an_unknown_state_shows_it_verbatim() -> None:
    seen = read(told(ended(Kind.ENDED, News.LATE, state="EvictedByNode")))
    assert seen.startswith("🕰 EvictedByNode before I began to watch: pytorch:v2 ")


@pytest.mark.parametrize(
    ("news", "remark"),
    [
        (News.LATER, "It had ended before; this is a later ending."),
        (News.OTHER, "It had ended differently before; this is what the list says now."),
        (News.AGAIN, "It had ended before, was seen at work again and has ended again."),
    ],
)
def test_an_ending_after_an_ending_says_how_that_can_be(news: News, remark: str) -> None:
    assert read(told(ended(Kind.SUCCEEDED, news))).splitlines()[1] == remark


def test_what_the_list_does_not_say_is_left_out() -> None:
    bare = ended(
        Kind.SUCCEEDED,
        image_name="",
        image_url="",
        cluster_id="",
        cluster_name="",
        products=(),
        image_size="0",
        create_time="",
        complete_time="0",
        reason=(),
    )
    assert read(told(bare)).splitlines() == [
        "✅ Ready: fexahnwdp4l1ajva",
        "Noticed: 2025-08-28 06:09 UTC · Task: fexahnwdp4l1ajva",
        "[Open console]",
    ]


def test_an_image_of_nothing_visible_is_called_by_its_task() -> None:
    assert read(told(ended(Kind.SUCCEEDED, image_url="   "))).startswith("✅ Ready: fexahnwdp4l1ajva (6.76 GB) on ")


def test_products_are_named_once_and_counted_when_many() -> None:
    products = (Product("4090", "4090"), Product("", "L40S"), Product("h100", ""), Product(), *[Product("p", "P")] * 7)
    seen = read(told(ended(Kind.SUCCEEDED, products=products)))
    assert "\nProducts: 4090, L40S, h100, ?, P, P, P, P, and 3 more\n" in seen


def test_a_headline_that_slack_cuts_leaves_the_cluster_to_be_told_below() -> None:
    name = "a" * 60
    long = ended(Kind.GONE, News.REPLACED, image_url=name, cluster_id="", cluster_name="Cluster " + "n" * 32)
    seen = read(told(long)).splitlines()
    assert seen[0].startswith(f"❔ Replaced by a new run; how it ended is unknown: {name} (6.76 GB) on Cluster")
    assert seen[0].endswith("n…")
    assert f"Cluster: Cluster {'n' * 32}" in seen


def test_a_possible_repeat_says_so_at_once() -> None:
    message = told(ended(Kind.SUCCEEDED), may_repeat=True)
    words = "This may repeat an earlier message: Slack did not let me look whether it arrived."
    assert read(message).splitlines()[1] == words
    assert message.text.endswith(words)


def test_times_are_the_viewers_own_where_slack_can() -> None:
    rich_text = told(ended(Kind.SUCCEEDED)).blocks[1]
    spans = [span for element in rich_text["elements"] for span in element["elements"]]
    assert [span for span in spans if span["type"] == "date"] == [
        {
            "type": "date",
            "timestamp": 1756361371,
            "format": "{date_short_pretty} {time}",
            "fallback": "2025-08-28 06:09 UTC",
        }
    ]


def test_fallback_times_are_in_the_configured_zone() -> None:
    shanghai = Style(Language.EN, ZoneInfo("Asia/Shanghai"), "https://console.example")
    assert "Ended: 2025-08-28 14:09 UTC+8" in read(told(ended(Kind.SUCCEEDED), style=shanghai))


def test_the_button_leads_to_the_console() -> None:
    button = told(ended(Kind.SUCCEEDED)).blocks[-1]["elements"][0]
    assert (button["action_id"], button["url"]) == ("open_console", "https://console.example/images")


def test_rung_1_is_sections_with_mark_up_only_where_no_foreign_text_is() -> None:
    fact = replace(ended(Kind.FAILED, reason=("<b>",)), hung=2_520.0)
    blocks = told(fact, rung=1, style=replace_style(STYLE, mention="U0ADA")).blocks
    assert [block["type"] for block in blocks] == ["section"] * 5 + ["actions"]
    assert [block["text"] for block in blocks[:5]] == [
        {"type": "plain_text", "text": "❌ Failed: pytorch:v2 (6.76 GB) on v2测试(cn-dev-1) after 6 s", "emoji": False},
        {"type": "mrkdwn", "text": "<@U0ADA>, please look.", "verbatim": True},
        {"type": "plain_text", "text": "Why: <b>", "emoji": False},
        {"type": "mrkdwn", "text": "It had hung in Failed for 42 min.", "verbatim": True},
        {
            "type": "plain_text",
            "text": "Image: test-image.ppinfra.com/test-public/pytorch:v2\nProducts: RTX 4090 24GB 18c\n"
            "Ended: 2025-08-28 06:09 UTC · Task: fexahnwdp4l1ajva",
            "emoji": False,
        },
    ]


def test_rung_2_is_plain_text_alone() -> None:
    message = told(ended(Kind.FAILED), rung=2)
    assert {block["text"]["type"] for block in message.blocks} == {"plain_text"}
    assert read(message).splitlines()[-1] == "Ended: 2025-08-28 06:09 UTC · Task: fexahnwdp4l1ajva"


def test_rung_3_is_fixed_words_and_the_id() -> None:
    message = told(ended(Kind.FAILED, reason=("odd",)), rung=3)
    assert read(message) == "Prewarm tasks ended\nfailed: fexahnwdp4l1ajva"
    assert message.text == "Prewarm tasks ended. failed: fexahnwdp4l1ajva."


@pytest.mark.parametrize("rung", range(4))
def test_the_first_block_carries_the_key_on_every_rung(rung: int) -> None:
    first, *others = told(ended(Kind.FAILED), rung=rung, may_repeat=True).blocks
    assert first["block_id"] == KEY
    assert not any("block_id" in block for block in others)
