"""A service manager's view: SIGTERM ends the bot soon and well, and a stop loses nothing."""

from tests.acceptance.stage import AWAY, Stage


def test_sigterm_ends_it_with_0_within_10_s_and_what_was_queued_is_told_later(stage: Stage) -> None:
    bot = stage.run_until_hello()
    tasks = [stage.end() for _ in range(4)]
    stage.wait_told(tasks[0])  # the others wait for the channel's pace (P8)
    assert bot.terminate(within=10) == 0
    stage.run()
    stage.wait_told(*tasks)
    sentinel = stage.tell_sentinel()
    assert stage.told() == dict.fromkeys([*tasks, sentinel], 1)
    assert AWAY not in "\n".join(stage.said())


def test_sigterm_while_both_sides_are_down_ends_it_just_as_well(stage: Stage) -> None:
    bot = stage.run_until_hello()
    stage.slack.go_down()
    stage.server.stop()
    assert bot.terminate(within=10) == 0


def test_what_ended_while_it_was_away_is_told_with_one_line_about_the_absence(stage: Stage) -> None:  # D11
    bot = stage.run_until_hello()
    assert bot.terminate() == 0
    began = stage.cloud.clock()
    stage.cloud.clock = lambda: began + 400  # the API's clock, by which the absence is measured
    tasks = [stage.end(), stage.end(None, "i/o timeout")]
    stage.run(PREWARM_BLIND_AFTER="1")
    stage.wait_told(*tasks)
    sentinel = stage.tell_sentinel()
    assert stage.told() == dict.fromkeys([*tasks, sentinel], 1)
    assert sum(AWAY in text for text in stage.said()) == 1
