"""How often an image failed within a day: said with a failure."""

import pytest

from bot.domain.fact import Kind, News, Transition
from bot.domain.failures import with_failures
from bot.domain.task import Task

DAY = 86_400
NOW = 1_700_000_000


def failed(name: str, ended: int | None, image: str = "registry/qwen", state: str = "Failed") -> Task:
    return Task(name, state, image_url=image, complete_time="" if ended is None else str(ended))


def told(task: Task) -> Transition:
    kind = Kind.FAILED if task.state == "Failed" else Kind.SUCCEEDED
    return Transition(kind, News.ENDED, task, float(NOW))


HERE = failed("here", NOW)
CASES = [
    pytest.param(HERE, [], 1, id="a first failure counts itself"),
    pytest.param(HERE, [failed("b", NOW - 60), failed("c", NOW - DAY + 1)], 3, id="those within a day count"),
    pytest.param(HERE, [failed("b", NOW - DAY)], 2, id="a whole day ago is within a day"),
    pytest.param(HERE, [failed("b", NOW - DAY - 1)], 1, id="older ones do not"),
    pytest.param(HERE, [failed("b", NOW + 1)], 1, id="later ones do not"),
    pytest.param(HERE, [failed("b", NOW, "registry/llama")], 1, id="other images do not"),
    pytest.param(HERE, [failed("b", NOW, state="Succeeded")], 1, id="successes do not"),
    pytest.param(HERE, [failed("b", None)], 1, id="a failure without a time does not count"),
    pytest.param(HERE, [HERE, HERE], 1, id="a task shown twice counts once"),
    pytest.param(failed("here", None), [failed("b", NOW)], 0, id="without a time nothing is said"),
]


@pytest.mark.parametrize(("task", "others", "count"), CASES)
def test_failures_of_an_image_within_a_day(task: Task, others: list[Task], count: int) -> None:
    assert [each.failures for each in with_failures([told(task)], [task, *others])] == [count]


def test_a_success_says_nothing_of_failures() -> None:
    success = told(failed("here", NOW, state="Succeeded"))
    assert with_failures([success, told(HERE)], [HERE, failed("b", NOW)])[0] == success
