"""The core of the promise, end to end: each task that ends is told once, with why and its ID; old ones are no news."""

from tests.acceptance.stage import CHANNEL, EXAMPLES, HELLO, Stage, is_notification

WHY = "failed to resolve image: unauthorized: authentication required"


def test_a_success_and_a_failure_are_each_told_once_with_reasons_and_id(stage: Stage) -> None:
    stage.run_until_hello()
    good, bad = (
        stage.cloud.add("registry.example.com/ml/infer:2.6"),
        stage.cloud.add("registry.example.com/llm/serve:1"),
    )
    stage.cloud.run(good)
    stage.end(bad, WHY)
    stage.wait_told(bad)
    stage.end(good)
    stage.wait_told(good)
    sentinel = stage.tell_sentinel()
    assert stage.told() == {good: 1, bad: 1, sentinel: 1}
    failure = next(text for text in stage.said() if bad in text)
    assert (failure.splitlines()[0].startswith("❌ Failed: serve"), WHY in failure) == (True, True)
    assert next(text for text in stage.said() if good in text).startswith("✅ Ready: infer")


def test_what_had_ended_before_the_first_look_is_greeted_and_not_told(stage: Stage) -> None:  # D3
    stage.run_until_hello()
    stage.wait_polled(3)
    sentinel = stage.tell_sentinel()
    hello, news = stage.said()
    assert (HELLO in hello, "2 ready" in hello, sentinel in news) == (True, True, True)
    assert not any(task_id in text for task_id in EXAMPLES for text in (hello, news))


def test_every_notification_carries_a_key_of_its_own(stage: Stage) -> None:  # P2
    stage.run_until_hello()
    stage.tell_sentinel()
    stage.tell_sentinel()
    messages = stage.workspace.bot_messages(CHANNEL)
    keys = [message.metadata["event_payload"]["key"] for message in messages]
    assert all(map(is_notification, messages))
    assert len(set(keys)) == len(keys) == 3
    assert keys == [message.blocks[0]["block_id"] for message in messages]


def test_a_channel_that_hears_of_failures_only_is_not_told_of_successes(stage: Stage) -> None:
    stage.run_until_hello(PREWARM_CHANNEL="C0PREWARM,G0OPS:failed")
    stage.wait_said(HELLO, "G0OPS")
    good, bad = stage.end(), stage.end(None, WHY)
    stage.wait_told(good, bad)
    stage.wait_told(bad, channel="G0OPS")
    assert stage.told("G0OPS") == {bad: 1}
