"""What people can ask, through a real Socket Mode connection: acknowledged within Slack's three seconds,
then answered.
"""

import pytest

from tests.acceptance.stage import ADA, CHANNEL, Stage

ACK_WITHIN = 3.0  # seconds; Slack shows the person an error after that
WHY = "no space left on device"
ASKED = [
    pytest.param("", "1 failed", id="the bare command says what is going on"),
    pytest.param("list failed", "1 of 3 tasks match", id="a list can be narrowed to failures"),
    pytest.param("show {id}", WHY, id="one task is shown whole with its reasons"),
    pytest.param("help", "What you can ask me", id="help lists what can be asked"),
    pytest.param("nginx", "1 of 3 tasks match", id="a word that is no command is searched for"),
    pytest.param("zebra", "No task matches", id="a word that nothing matches says so"),
    pytest.param("lsit failed", "Did you mean", id="a near miss of a command is asked about"),
]


@pytest.fixture
def failed(stage: Stage) -> str:
    """Return a task that has failed, told by a running bot."""
    stage.run_until_hello()
    stage.slack.socket.wait_connected()
    task_id = stage.end(None, WHY)
    stage.wait_told(task_id)
    return task_id


def test_the_slash_command_answers_everything_only_to_the_one_who_asked(stage: Stage, failed: str) -> None:
    for case in ASKED:
        text, expected = map(str, case.values)
        asked = stage.workspace.slash(ADA, CHANNEL, "/prewarm", text.format(id=failed[:6]))
        assert asked.wait_acked() < ACK_WITHIN, case.id
        answer = asked.wait_response()
        assert expected in stage.workspace.as_text(answer), case.id
        assert answer.only_for == ADA, case.id


def test_a_mention_is_answered_in_its_thread_and_a_direct_message_directly(stage: Stage, failed: str) -> None:
    mention = stage.workspace.mention(ADA, CHANNEL, f"show {failed[:6]}")
    answer = stage.workspace.wait_reply(mention)
    assert (answer.thread_ts, failed in stage.workspace.as_text(answer)) == (mention.ts, True)
    direct = stage.workspace.direct_message(ADA, "list failed")
    answer = stage.workspace.wait_reply(direct)
    assert "1 of 3 tasks match" in stage.workspace.as_text(answer)
    assert stage.told() == {failed: 1}  # an answer is no notification


def test_a_task_is_known_the_moment_somebody_asks_for_it(stage: Stage) -> None:
    stage.run_until_hello(PREWARM_POLL_INTERVAL="3600")
    stage.slack.socket.wait_connected()
    task_id = stage.end(None, WHY)
    answer = stage.workspace.slash(ADA, CHANNEL, "/prewarm", f"show {task_id}").wait_response()
    assert WHY in stage.workspace.as_text(answer)
