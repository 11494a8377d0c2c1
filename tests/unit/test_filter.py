"""Which tasks a filter means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.filter import Filter, normal
from bot.domain.task import Task
from tests.examples import many

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
    pytest.param(Filter(words=("\uff34\uff2f\uff32\uff23\uff28",)), True, id="a full-width word in a plain text"),
    pytest.param(Filter(frozenset({"failed"}), "south", ("torch",)), False, id="all but one"),
]


@pytest.mark.parametrize(("filter_", "matches"), CASES)
def test_what_a_filter_means(filter_: Filter, matches: bool) -> None:
    assert filter_.matches(TASK) is matches


WIDE = Task(
    id="w1",
    state="Running",
    image_name="\uff2d\uff4f\uff44\uff45\uff4c\uff0d\uff12",
    cluster_id="cn-2",
    cluster_name="华北\uff08一区\uff09",
    note="the “best” of Stra\u00dfe\u200b1, cafe\u0301",
)
WIDE_CASES = [
    pytest.param(Filter(words=("model-2",)), True, id="a full-width name is found by a plain word"),
    pytest.param(Filter(cluster="华北(一区)"), True, id="a cluster with full-width brackets"),
    pytest.param(Filter(cluster="华北\uff08一区\uff09"), True, id="the same as it is written"),
    pytest.param(Filter(words=('"best"',)), True, id="smart quotes are quotes"),
    pytest.param(Filter(words=("strasse1",)), True, id="a sharp s, and a sign that nobody sees"),
    pytest.param(Filter(words=("CAF\u00c9",)), True, id="an accent of its own"),
    pytest.param(Filter(words=("华北", "best")), True, id="words of both kinds"),
    pytest.param(Filter(words=("华南",)), False, id="another place"),
]


@pytest.mark.parametrize(("filter_", "matches"), WIDE_CASES)
def test_what_only_looks_different_is_found(filter_: Filter, matches: bool) -> None:
    assert filter_.matches(WIDE) is matches


@settings(deadline=None)
@given(st.text(st.characters()))
def test_the_normal_form_is_final(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@many(100)
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1), st.data())
def test_every_part_of_a_name_finds_it(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(normal(name)) - 1))
    part = normal(name)[start : data.draw(st.integers(start + 1, len(normal(name))))]
    assert Filter(words=(part,)).matches(Task("t1", "Failed", image_name=name))


RESTRICTIONS = [
    pytest.param(Filter(), False, id="nothing"),
    pytest.param(Filter(states=frozenset({"Failed"})), True, id="a state"),
    pytest.param(Filter(cluster="cn"), True, id="a cluster"),
    pytest.param(Filter(words=("a",)), True, id="a word"),
]


@pytest.mark.parametrize(("filter_", "restricts"), RESTRICTIONS)
def test_whether_it_restricts(filter_: Filter, restricts: bool) -> None:
    assert bool(filter_) is restricts
