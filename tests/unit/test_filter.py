"""Which tasks a filter means."""

import pytest

from bot.domain.filter import Filter
from bot.domain.task import Task

TASK = Task(
    id="Nzd5nyi4",
    state="Failed",
    image_name="pytorch",
    image_url="r.example.com/Team/pytorch:v2",
    cluster_id="cn-dev-1",
    cluster_name="North",
    note="nightly BUILD",
)
CASES = [
    pytest.param(Filter(), True, id="nothing asked for matches all"),
    pytest.param(Filter(states=frozenset({"failed"})), True, id="a state in any case"),
    pytest.param(Filter(states=frozenset({"Running", "FAILED"})), True, id="one of several states"),
    pytest.param(Filter(states=frozenset({"Running"})), False, id="another state"),
    pytest.param(Filter(cluster="CN-Dev-1"), True, id="a cluster by its ID in any case"),
    pytest.param(Filter(cluster="north"), True, id="a cluster by its name"),
    pytest.param(Filter(cluster="cn-dev"), False, id="a part of a cluster's ID is not the cluster"),
    pytest.param(Filter(words=("TORCH",)), True, id="a word in the image's name"),
    pytest.param(Filter(words=("team/",)), True, id="a word in the image's address"),
    pytest.param(Filter(words=("build",)), True, id="a word in the note"),
    pytest.param(Filter(words=("nzd5",)), True, id="a word in the ID"),
    pytest.param(Filter(words=("nort",)), True, id="a word in the cluster's name"),
    pytest.param(Filter(words=("dev-1",)), True, id="a word in the cluster's ID"),
    pytest.param(Filter(words=("torch", "nightly")), True, id="every word, wherever it is"),
    pytest.param(Filter(words=("torch", "weekly")), False, id="one word missing"),
    pytest.param(Filter(words=("pytorchr.example",)), False, id="a word does not run from one field into the next"),
    pytest.param(Filter(frozenset({"failed"}), "north", ("torch",)), True, id="all at once"),
    pytest.param(Filter(frozenset({"failed"}), "south", ("torch",)), False, id="all but one"),
]


@pytest.mark.parametrize(("filter_", "matches"), CASES)
def test_what_a_filter_means(filter_: Filter, matches: bool) -> None:
    assert filter_.matches(TASK) is matches


RESTRICTIONS = [
    pytest.param(Filter(), False, id="nothing"),
    pytest.param(Filter(states=frozenset({"Failed"})), True, id="a state"),
    pytest.param(Filter(cluster="cn"), True, id="a cluster"),
    pytest.param(Filter(words=("a",)), True, id="a word"),
]


@pytest.mark.parametrize(("filter_", "restricts"), RESTRICTIONS)
def test_whether_it_restricts(filter_: Filter, restricts: bool) -> None:
    assert bool(filter_) is restricts
