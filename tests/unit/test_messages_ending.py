"""One ending as people read it: the whole text, on each rung."""

from zoneinfo import ZoneInfo

import pytest

from bot.domain.fact import Kind, News
from bot.domain.task import Product
from bot.messages.style import Language, Style
from tests.unit.messages_reading import KEY, ended, read, told

UNAUTHORIZED = "failed to pull: unauthorized: authentication required"


def test_a_ready_image_says_what_where_how_long_how_big_and_when() -> None:
    message = told(ended(Kind.SUCCEEDED))
    assert read(message).splitlines() == [
        "✅ Ready: pytorch:v2 on v2测试(cn-dev-1) in 6 s",
        "Image: test-image.ppinfra.com/test-public/pytorch:v2",
        "Products: RTX 4090 24GB 18c (4090.18c.60g.18c60g)",
        "Size: 6.76 GB · Ended: 2025-08-28 06:09 UTC",
        "Task: fexahnwdp4l1ajva",
        "Vendor's words: image pulled successfully",
        "[Open console]",
    ]
    assert message.text == "Ready: pytorch:v2 on v2测试(cn-dev-1) in 6 s. Task fexahnwdp4l1ajva."


def test_what_the_headline_says_in_full_is_not_said_again() -> None:
    nginx = ended(Kind.SUCCEEDED, id="nzd5nyi4keefsv2d", image_name="nginx", image_url="nginx", products=(), reason=())
    assert read(told(nginx)).splitlines() == [
        "✅ Ready: nginx on v2测试(cn-dev-1) in 6 s",
        "Products: the whole cluster",
        "Size: 6.76 GB · Ended: 2025-08-28 06:09 UTC",
        "Task: nzd5nyi4keefsv2d",
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
    assert seen[0].endswith("…" + "a" * 36 + ":v1 on A cluster with a name that no headline … in 6 s")
    assert seen[1] == f"Image: registry.example.com/{'team/' * 10}{'a' * 70}:v1 (another)"
    assert seen[2] == "Cluster: A cluster with a name that no headline can hold (cn-dev-1)"


def test_a_failure_says_why_before_anything_else() -> None:
    message = told(ended(Kind.FAILED, reason=(UNAUTHORIZED,), note="周五 release"))
    assert read(message).splitlines() == [
        "❌ Failed: pytorch:v2 on v2测试(cn-dev-1) after 6 s",
        f"Why: {UNAUTHORIZED}",
        "Image: test-image.ppinfra.com/test-public/pytorch:v2",
        "Products: RTX 4090 24GB 18c (4090.18c.60g.18c60g)",
        "Size: 6.76 GB · Ended: 2025-08-28 06:09 UTC",
        "Note: 周五 release",
        "Task: fexahnwdp4l1ajva",
        "[Open console]",
    ]
    assert message.text == (
        f"Failed: pytorch:v2 on v2测试(cn-dev-1) after 6 s. Why: {UNAUTHORIZED}. Task fexahnwdp4l1ajva."
    )


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
        "❔ Ended as “Evicted”: pytorch:v2 on v2测试(cn-dev-1) after 6 s",
        "The vendor does not document this state; it is shown as it came.",
        "Vendor's words: node drained",
    ]
    assert "Why: node drained." in message.text
    assert "Why" not in told(ended(Kind.ENDED)).text


def test_a_vanished_task_says_that_its_end_is_unknown() -> None:
    message = told(ended(Kind.GONE, News.VANISHED))
    assert read(message).splitlines() == [
        "❔ No longer listed; how it ended is unknown: pytorch:v2 on v2测试(cn-dev-1)",
        "When last seen it was running.",
        "Image: test-image.ppinfra.com/test-public/pytorch:v2",
        "Products: RTX 4090 24GB 18c (4090.18c.60g.18c60g)",
        "Size: 6.76 GB · Noticed: 2025-08-28 06:09 UTC",
        "Task: fexahnwdp4l1ajva",
        "[Open console]",
    ]
    assert message.text == (
        "No longer listed; how it ended is unknown: pytorch:v2 on v2测试(cn-dev-1). "
        "When last seen it was running. Task fexahnwdp4l1ajva."
    )


def test_a_replaced_run_says_so() -> None:
    seen = read(told(ended(Kind.GONE, News.REPLACED)))
    assert seen.startswith("❔ Replaced by a new run; how it ended is unknown: pytorch:v2 on v2测试(cn-dev-1)\n")


def test_one_late_listing_reads_as_such_with_its_date() -> None:
    assert read(told(ended(Kind.FAILED, News.LATE))).splitlines() == [
        "🕰 Ended before I began to watch: pytorch:v2 on v2测试(cn-dev-1) (failed)",
        "Why: the vendor gave no reason",
        "Image: test-image.ppinfra.com/test-public/pytorch:v2",
        "Products: RTX 4090 24GB 18c (4090.18c.60g.18c60g)",
        "Size: 6.76 GB · Took: 6 s · Ended: 2025-08-28 06:09 UTC",
        "Task: fexahnwdp4l1ajva",
        "[Open console]",
    ]


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
        "Products: the whole cluster",
        "Noticed: 2025-08-28 06:09 UTC",
        "Task: fexahnwdp4l1ajva",
        "[Open console]",
    ]


def test_an_image_of_nothing_visible_is_called_by_its_task() -> None:
    assert read(told(ended(Kind.SUCCEEDED, image_url="   "))).startswith("✅ Ready: fexahnwdp4l1ajva on ")


def test_products_are_named_once_and_counted_when_many() -> None:
    products = (Product("4090", "4090"), Product("", "L40S"), Product("h100", ""), *[Product("p", "P")] * 7)
    seen = read(told(ended(Kind.SUCCEEDED, products=products)))
    assert "\nProducts: 4090, L40S, h100, P (p), P (p), P (p), P (p), P (p) and 2 more\n" in seen


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


def test_rung_1_is_sections_and_keeps_local_times_where_no_foreign_text_is() -> None:
    blocks = told(ended(Kind.FAILED, reason=("<b>",)), rung=1).blocks
    assert [block["type"] for block in blocks] == ["section", "section", "section", "section", "actions"]
    assert blocks[0]["text"]["text"] == "❌ Failed: pytorch:v2 on v2测试(cn-dev-1) after 6 s"
    assert blocks[1]["text"] == {
        "type": "plain_text",
        "text": "Why: <b>\nImage: test-image.ppinfra.com/test-public/pytorch:v2\n"
        "Products: RTX 4090 24GB 18c (4090.18c.60g.18c60g)",
        "emoji": False,
    }
    assert blocks[2]["text"] == {
        "type": "mrkdwn",
        "text": "*Size:* 6.76 GB · *Ended:* <!date^1756361371^{date_short_pretty} {time}|2025-08-28 06:09 UTC>",
        "verbatim": True,
    }


def test_rung_2_is_plain_text_alone() -> None:
    message = told(ended(Kind.FAILED), rung=2)
    assert {block["text"]["type"] for block in message.blocks} == {"plain_text"}
    assert read(message).splitlines()[-1] == "Task: fexahnwdp4l1ajva"


def test_rung_3_is_fixed_words_and_the_id() -> None:
    message = told(ended(Kind.FAILED, reason=("odd",)), rung=3)
    assert read(message) == "Prewarm tasks ended\nfailed: fexahnwdp4l1ajva"
    assert message.text == "Prewarm tasks ended. failed: fexahnwdp4l1ajva."


@pytest.mark.parametrize("rung", range(4))
def test_the_first_block_carries_the_key_on_every_rung(rung: int) -> None:
    first, *others = told(ended(Kind.FAILED), rung=rung, may_repeat=True).blocks
    assert first["block_id"] == KEY
    assert not any("block_id" in block for block in others)
