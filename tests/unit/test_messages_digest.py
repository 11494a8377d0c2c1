"""A burst as people read it (P13, D4): one story, failures first, one image in one line, every ID."""

from dataclasses import replace

import msgspec
import pytest

from bot.domain.fact import Kind, News, Transition
from bot.messages.digest import gist
from tests.unit.messages_reading import STYLE, ended, read, task, told

WHEN = "2025-08-28 06:09 UTC"
FREE = "Try a smaller image or another cluster, or ask the vendor for space on this one."
NEARER = "Create the task again. If it times out again, put the image in a registry nearer to the cluster."
RENEW = "Check that the task's registry credential (repositoryAuth) is still valid and may pull this image."
LOG_IN = (
    "No registry credential (repositoryAuth) was given. If the image is private, create the task again with one; "
    "else check the address."
)


def on_eight_clusters() -> list[Transition]:
    return [
        ended(Kind.SUCCEEDED, id=f"id{n}", cluster_id=f"cn-{n}")
        if n != 3
        else ended(Kind.FAILED, id="id3", cluster_id="cn-3", reason=("no space left on device",))
        for n in range(8)
    ]


def test_one_image_on_many_clusters_is_one_line() -> None:
    message = told(*on_eight_clusters())
    assert read(message).splitlines() == [
        "❌ 1 failed, 7 ready: pytorch:v2 on 8 clusters",
        "Why: no space left on device",
        f"What to do: {FREE}",
        (
            "• test-image.ppinfra.com/test-public/pytorch:v2 (6.76 GB) failed on cn-3 (id3, 6 s); "
            "ready on 7 of 8: cn-0 (id0, 6 s), cn-1 (id1, 6 s), cn-2 (id2, 6 s), cn-4 (id4, 6 s), cn-5 (id5, 6 s), "
            f"cn-6 (id6, 6 s), cn-7 (id7, 6 s) · {WHEN}"
        ),
        "[Open console]",
    ]
    assert message.text == (
        "1 failed, 7 ready: pytorch:v2 on 8 clusters. "
        "Failed: pytorch:v2 on cn-3 (no space left on device). Ready: pytorch:v2 (7)."
    )


def test_where_one_cluster_has_several_tasks_clusters_are_not_counted() -> None:
    seen = read(
        told(ended(Kind.FAILED, id="f1"), ended(Kind.SUCCEEDED, id="s1"), ended(Kind.SUCCEEDED, cluster_id="b"))
    )
    assert "failed on cn-dev-1 (f1, 6 s); ready on cn-dev-1 (s1, 6 s), b (" in seen


def test_r2_of_a_task_that_vanished_it_says_that_it_is_still_watched() -> None:
    gone = msgspec.structs.replace(ended(Kind.GONE, News.VANISHED, id="g1", image_url="r.io/a:1"), watched=True)
    seen = read(
        told(gone, ended(Kind.GONE, News.ACCOUNT, id="g2"), *(ended(Kind.SUCCEEDED, id=f"s{n}") for n in range(5)))
    )
    assert "(g1, no longer listed, still watched)" in seen
    assert "(g2, no longer watched)" in seen


def test_a_mixed_burst_tells_failures_then_the_unknown_then_the_ready_then_the_old() -> None:
    message = told(
        ended(Kind.SUCCEEDED, id="s1", image_url="r.io/c:1", complete_time="1756369371"),
        ended(Kind.SUCCEEDED, News.LATE, id="l1", image_url="r.io/old:1"),
        ended(Kind.GONE, News.VANISHED, id="g1", image_url="r.io/a:1"),
        ended(Kind.FAILED, id="f1", image_url="r.io/llama:70b", cluster_id="us-1", reason=("i/o timeout after 31s",)),
        ended(Kind.ENDED, id="e1", image_url="r.io/b:1", image_size=""),
        ended(Kind.FAILED, id="f2", image_url="r.io/qwen:72b", cluster_id="us-2", reason=("i/o timeout after 30s",)),
        ended(Kind.SUCCEEDED, id="s2", image_url="r.io/c:1", cluster_id="us-3"),
        ended(Kind.FAILED, id="f3", image_url="r.io/d:1", create_time=""),
    )
    assert read(message).splitlines() == [
        "❌ 3 failed, 2 unknown, 2 ready, 1 from before I watched: 8 prewarm tasks ended",
        "❌ 2 failed: timeout",
        "i/o timeout after 31s (and alike)",
        f"What to do: {NEARER}",
        f"• r.io/llama:70b (6.76 GB) failed on us-1 (f1, 6 s) · {WHEN}",
        f"• r.io/qwen:72b (6.76 GB) failed on us-2 (f2, 6 s) · {WHEN}",
        "❌ 1 failed: the vendor gave no reason",
        f"• r.io/d:1 (6.76 GB) failed on cn-dev-1 (f3) · {WHEN}",
        "❔ How they ended is unknown (2):",
        f"• r.io/a:1 (6.76 GB) on cn-dev-1 (g1, no longer listed) · {WHEN}",
        f"• r.io/b:1 on cn-dev-1 (e1, ended as “Evicted”) · {WHEN}",
        "✅ Ready (2):",
        f"• r.io/c:1 (6.76 GB) on cn-dev-1 (s1, 2 h 13 min), us-3 (s2, 6 s) · {WHEN} to 2025-08-28 08:22 UTC",
        "🕰 Ended before I began to watch (1):",
        f"• r.io/old:1 (6.76 GB) on cn-dev-1 (l1, ready) {WHEN}",
        "[Open console]",
    ]
    assert message.text == (
        "3 failed, 2 unknown, 2 ready, 1 from before I watched: 8 prewarm tasks ended. "
        "Failed: llama:70b on us-1 (i/o timeout after 31s); qwen:72b on us-2 (i/o timeout after 30s); "
        "d:1 on cn-dev-1 (the vendor gave no reason). "
        "Unknown: a:1 (1); b:1 (1). Ready: c:1 (2). From before I watched: old:1 (1)."
    )


def test_one_cause_in_several_wordings_is_told_once_with_what_to_do() -> None:
    reasons = ("unauthorized: authentication required", "pull access denied", "unauthorized: authentication required")
    seen = read(
        told(
            *(
                ended(Kind.FAILED, id=f"f{n}", image_url=f"r.io/{n}:1", reason=(reason,), repository_auth="x" * (n % 2))
                for n, reason in enumerate(reasons)
            )
        )
    )
    assert seen.splitlines() == [
        "❌ 3 prewarm tasks failed",
        "Why: registry authentication",
        f"What to do: {LOG_IN}",
        f"What to do: {RENEW}",
        "unauthorized: authentication required",
        f"• r.io/0:1 (6.76 GB) failed on cn-dev-1 (f0, 6 s) · {WHEN}",
        f"• r.io/2:1 (6.76 GB) failed on cn-dev-1 (f2, 6 s) · {WHEN}",
        "pull access denied",
        f"• r.io/1:1 (6.76 GB) failed on cn-dev-1 (f1, 6 s) · {WHEN}",
        "[Open console]",
    ]


CALLED = [
    pytest.param(ended(Kind.FAILED), True, id="one failure"),
    pytest.param(ended(Kind.GONE), True, id="one that vanished"),
    pytest.param(ended(Kind.ENDED), True, id="one unknown ending"),
    pytest.param(ended(Kind.FAILED, News.LATE), False, id="not for a late one (D4)"),
    pytest.param(ended(Kind.SUCCEEDED), False, id="not when all are ready"),
]


@pytest.mark.parametrize(("fact", "called"), CALLED)
def test_a_digest_with_failures_mentions_whoever_is_to_look_once_at_its_top(fact: Transition, called: bool) -> None:
    style = replace(STYLE, mention="U0ADA")
    message = told(fact, fact, ended(Kind.SUCCEEDED, id="s1"), style=style)
    seen = read(message).splitlines()
    assert (seen[1] == "@U0ADA, please look.") is called
    assert seen.count("@U0ADA, please look.") == called
    assert message.text.count("<@U0ADA>") == called


def test_late_listings_say_what_and_when_each() -> None:
    message = told(
        ended(Kind.SUCCEEDED, News.LATE, id="l1", complete_time="1700000000"),
        ended(Kind.FAILED, News.LATE, id="l2"),
    )
    assert read(message).splitlines() == [
        "🕰 2 tasks ended before I began to watch",
        (
            "• test-image.ppinfra.com/test-public/pytorch:v2 (6.76 GB) on cn-dev-1 (l1, ready) 2023-11-14 22:13 UTC, "
            f"cn-dev-1 (l2, failed) {WHEN}"
        ),
        "[Open console]",
    ]


def test_when_all_are_ready_the_headline_says_it_once() -> None:
    seen = read(told(*(ended(Kind.SUCCEEDED, id=f"s{n}", image_url=f"r.io/{n}:1") for n in range(7))))
    assert seen.startswith("✅ 7 prewarm tasks ready\n• r.io/0:1 (6.76 GB) on cn-dev-1 (s0, 6 s)")


def test_when_all_failed_the_headline_says_it_once() -> None:
    seen = read(told(*(ended(Kind.FAILED, id=f"f{n}", image_url=f"r.io/{n}:1") for n in range(7))))
    assert seen.startswith("❌ 7 prewarm tasks failed\nWhy: the vendor gave no reason\n• r.io/0:1")


def test_one_image_ready_everywhere_is_named_in_the_headline() -> None:
    seen = read(told(*(ended(Kind.SUCCEEDED, id=f"s{n}", cluster_id=f"cn-{n}") for n in range(7))))
    assert seen.startswith("✅ 7 ready: pytorch:v2 on 7 clusters\n")


def test_the_spoken_text_names_five_and_counts_the_rest() -> None:
    text = told(*(ended(Kind.FAILED, id=f"f{n}", image_url=f"r.io/{n}:1") for n in range(7))).text
    assert "4:1 on cn-dev-1 (the vendor gave no reason); and 2 more." in text


def test_a_task_without_a_cluster_has_a_question_mark_for_one() -> None:
    seen = read(told(ended(Kind.SUCCEEDED, cluster_id="", cluster_name=""), ended(Kind.SUCCEEDED, id="x")))
    assert "? (fexahnwdp4l1ajva, 6 s), cn-dev-1 (x, 6 s)" in seen


def test_a_replaced_run_says_so() -> None:
    assert "(g1, replaced by a new run)" in read(told(ended(Kind.GONE, News.REPLACED, id="g1"), ended(Kind.FAILED)))


@pytest.mark.parametrize("rung", [1, 2])
def test_the_story_is_the_same_on_lower_rungs(rung: int) -> None:
    rich, lower = read(told(*on_eight_clusters())), read(told(*on_eight_clusters(), rung=rung))
    assert lower == (rich if rung == 1 else rich.removesuffix("\n[Open console]"))


def test_fixed_words_list_the_ids_by_outcome() -> None:
    assert read(told(*on_eight_clusters(), rung=3)).splitlines() == [
        "Prewarm tasks ended",
        "ready: id0, id1, id2, id4, id5, id6, id7",
        "failed: id3",
    ]


SAME = [
    ("pull r.io/a:1 failed", "pull r.io/b:2 failed", "the image's own address"),
    ("Disk  Full", "disk full", "case and spaces"),
    ("timeout after 30s", "timeout after 1.5s", "durations"),
    ("dial 10.0.0.1:443 refused", "dial 10.2.3.4:443 refused", "addresses"),
    ("blob sha256:0123456789abcdef", "blob sha256:fedcba9876543210", "digests"),
    ("needs 70 GB", "needs 80GB", "sizes"),
]
OTHER = [
    ("status 401", "status 404", "short numbers"),
    ("unauthorized", "not found", "words"),
]


@pytest.mark.parametrize(("one", "other", "what"), SAME, ids=[f"differs only in {what}" for *_, what in SAME])
def test_reasons_with_one_cause(one: str, other: str, what: str) -> None:
    first = task(id="t1", image_url="r.io/a:1", reason=(one,))
    assert what
    assert gist(first) == gist(task(id="t2", image_url="r.io/b:2", reason=(other,)))


@pytest.mark.parametrize(("one", "other", "what"), OTHER, ids=[f"differs in {what}" for *_, what in OTHER])
def test_reasons_with_two_causes(one: str, other: str, what: str) -> None:
    assert what
    assert gist(task(reason=(one,))) != gist(task(reason=(other,)))
