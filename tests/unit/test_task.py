"""A task as people mean it: times, duration, reasons, and what it is called."""

import msgspec
import pytest

from bot.domain.task import Product, Task

TIMES = [
    pytest.param("1757656178", 1757656178, id="seconds as a text"),
    pytest.param("", None, id="an empty text is unset"),
    pytest.param("0", None, id='"0" is unset'),
    pytest.param("000", None, id="zeros are unset"),
    pytest.param("-1", None, id="a negative number is unset"),
    pytest.param("1.5", None, id="a fraction is unset"),
    pytest.param("soon", None, id="a word is unset"),
    pytest.param("²", None, id="a digit that is no number is unset"),
    pytest.param("١٢", None, id="digits of other scripts are unset"),
    pytest.param("253402300799", 253402300799, id="the last second of 9999 can be shown"),
    pytest.param("253402300800", None, id="what no calendar shows is unset"),
    pytest.param("9" * 5000, None, id="thousands of digits are unset"),
]


@pytest.mark.parametrize(("text", "seconds"), TIMES)
def test_d7_times(text: str, seconds: int | None) -> None:
    task = Task("t", "Failed", create_time=text, complete_time=text)
    assert (task.created, task.completed) == (seconds, seconds)


DURATIONS = [
    pytest.param("100", "129", 29, id="from creation to completion"),
    pytest.param("100", "100", 0, id="at once"),
    pytest.param("100", "", None, id="not yet completed"),
    pytest.param("0", "129", None, id="creation unset"),
    pytest.param("129", "100", None, id="times that contradict each other say nothing"),
]


@pytest.mark.parametrize(("created", "completed", "seconds"), DURATIONS)
def test_how_long_it_took(created: str, completed: str, seconds: int | None) -> None:
    assert Task("t", "Failed", create_time=created, complete_time=completed).seconds == seconds


SIZES = [
    pytest.param("72298048", 72298048, id="bytes as a text"),
    pytest.param("0", None, id="nothing pulled yet"),
    pytest.param(str(2**63), 2**63, id="the largest"),
    pytest.param(str(2**63 + 1), None, id="beyond all measure"),
]


@pytest.mark.parametrize(("text", "size"), SIZES)
def test_size(text: str, size: int | None) -> None:
    assert Task("t", "Failed", image_size=text).size == size


def test_blank_reasons_are_dropped() -> None:
    assert Task("t", "Failed", reason=("", " \n", "no space")).reasons == ("no space",)


NAMES = [
    pytest.param(Task("t", "Failed", image_url="r.example.com/a:1", image_name="a"), "r.example.com/a:1", id="address"),
    pytest.param(Task("t", "Failed", image_name="a"), "a", id="else the name"),
    pytest.param(Task("t", "Failed"), "t", id="else the task"),
]


@pytest.mark.parametrize(("task", "image"), NAMES)
def test_what_the_image_is_called(task: Task, image: str) -> None:
    assert task.image == image


CLUSTERS = [
    pytest.param("cn-1", "North", "North (cn-1)", id="name and ID"),
    pytest.param("cn-dev-1", "v2测试(cn-dev-1)", "v2测试(cn-dev-1)", id="the name has the ID in it already"),
    pytest.param("cn-1", "", "cn-1", id="the ID alone"),
    pytest.param("", "North", "North", id="the name alone"),
    pytest.param("", "", "", id="neither"),
]


@pytest.mark.parametrize(("cluster_id", "name", "cluster"), CLUSTERS)
def test_what_the_cluster_is_called(cluster_id: str, name: str, cluster: str) -> None:
    assert Task("t", "Failed", cluster_id=cluster_id, cluster_name=name).cluster == cluster


def test_its_json_has_the_vendors_names() -> None:
    task = Task("t", "Failed", image_name="a", products=(Product("p", "RTX"),), complete_time="7")
    assert msgspec.to_builtins(task) == {
        "id": "t",
        "state": "Failed",
        "imageName": "a",
        "products": ({"productId": "p", "productName": "RTX"},),
        "completeTime": "7",
    }


@pytest.mark.parametrize(
    ("state", "complete_time", "has_ended"),
    [
        ("Succeeded", "", True),
        ("Failed", "1700000000", True),
        ("Running", "1700000000", False),
        ("Pending", "", False),
        ("Paused", "", False),
        ("Paused", "0", False),
        ("Paused", "1700000000", True),
    ],
)
def test_d5_an_unknown_state_ends_only_with_a_time(state: str, complete_time: str, has_ended: bool) -> None:
    assert Task("t", state, complete_time=complete_time).has_ended is has_ended
