"""Alert rules and dashboard ask only for what the bot exports: a misspelt metric is silent, which looks like health."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.domain.memory import Memory, Meta
from bot.operations.metrics import MetricsObserver

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "grafana/prewarm-bot.json").read_text(encoding="utf-8"))
TARGET = {"job", "instance"}  # labels that Prometheus adds to whatever it scrapes


def rules(name: str) -> Any:
    return yaml.safe_load((DEPLOY / f"prometheus/{name}.yml").read_text(encoding="utf-8"))


ALERTS: list[dict[str, Any]] = [rule for group in rules("rules")["groups"] for rule in group["rules"]]
TARGETS: list[dict[str, Any]] = [target for panel in DASHBOARD["panels"] for target in panel["targets"]]
EXPRESSIONS = [
    *(pytest.param(rule["expr"], id=rule["alert"]) for rule in ALERTS),
    *(
        pytest.param(target["expr"], id=f"{panel['title']} {target['refId']}")
        for panel in DASHBOARD["panels"]
        for target in panel["targets"]
    ),
]

# ---- what the bot exports: sample name -> label -> its values at the start


def exported() -> dict[str, dict[str, set[str]]]:
    memory = Memory(Meta(store="TEST"))
    observer = MetricsObserver()
    observer.show(memory=lambda: memory, last_poll=lambda: None, connected=lambda: False, now=float, channels=[])
    found: dict[str, dict[str, set[str]]] = {"process_start_time_seconds": {}}  # elsewhere than on Linux there is none
    for family in text_string_to_metric_families(observer.render().decode()):
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)
    return found


EXPORTED = exported()

# ---- as much of PromQL as the files use

_WORDS = {"and", "or", "unless", "by", "without", "on", "ignoring", "bool"}
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
_SELECTOR = re.compile(r"([a-zA-Z_:][\w:]*)(?:\{([^}]*)\})?(?:\[[^]]*\])?(?!\s*\(|[\w:])")


def selectors(expression: str) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Yield each metric with its label matchers."""
    for name, matchers in _SELECTOR.findall(_GROUPING.sub(" ", expression)):
        if name not in _WORDS:
            yield name, _MATCHER.findall(matchers)


def grouped(expression: str) -> set[str]:
    return {label.strip() for labels in _GROUPING.findall(expression) for label in labels.split(",")}


def family(sample: str) -> str:
    return re.sub(r"_(bucket|sum|count)$", "", sample)


def known_labels(expression: str) -> set[str]:
    return TARGET.union(*(EXPORTED[name] for name, _ in selectors(expression)))


def test_a_query_is_read_as_prometheus_reads_it() -> None:
    query = (
        'sum by (le, code) (rate(a_bucket{code=~"4..|500", x!="y"}[5m])) / on (job) b > 2 and max_over_time(c[1h]) > 0'
    )
    assert list(selectors(query)) == [("a_bucket", [("code", "=~", "4..|500"), ("x", "!=", "y")]), ("b", []), ("c", [])]
    assert grouped(query) == {"le", "code", "job"}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_query_asks_only_for_metrics_and_labels_that_exist(expression: str) -> None:
    asked = list(selectors(expression))
    assert asked
    assert {name for name, _ in asked} <= EXPORTED.keys()
    for name, matchers in asked:
        assert {label for label, _, _ in matchers} <= EXPORTED[name].keys() | TARGET
    assert grouped(expression) <= known_labels(expression)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_query_asks_only_for_label_values_that_exist(expression: str) -> None:
    wanted = [
        (one, EXPORTED[name][label])
        for name, matchers in selectors(expression)
        for label, _, value in matchers
        if label not in TARGET
        for one in value.split("|")
    ]
    assert [one for one, values in wanted if not any(re.fullmatch(one, value) for value in values)] == []


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_an_alert_says_how_bad_it_is_what_happens_now_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule.keys() == {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"Prewarm([A-Z][a-z]+)+", rule["alert"])
    assert re.fullmatch(r"[1-9]\d*m", rule["for"])
    assert rule["labels"].keys() == {"severity"}
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"].keys() == {"summary", "description"}
    assert re.search(r"^\S.+\. Now: .+\. Do: .+\.$", rule["annotations"]["description"])


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_an_alert_names_only_labels_that_it_has(rule: dict[str, Any]) -> None:
    named = set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values())))
    has = set() if rule["expr"].startswith("absent(") else known_labels(rule["expr"])
    assert named <= has


def test_every_alert_has_a_case_in_which_it_fires() -> None:
    fired = re.findall(r'alertname="(\w+)",alertstate="firing"', str(rules("rules_test")))
    assert set(fired) == {rule["alert"] for rule in ALERTS}


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    shown = {family(name) for target in TARGETS for name, _ in selectors(target["expr"])}
    assert shown == {family(name) for name in EXPORTED if name.startswith("prewarm_")}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target["expr"][:60])
def test_a_legend_names_only_labels_that_the_query_leaves(target: dict[str, Any]) -> None:
    query = target["expr"]
    left = grouped(query) if re.search(r"\b(sum|max|min|avg)\b", query) else known_labels(query)
    assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= left


def test_the_dashboard_loads_anywhere() -> None:
    variables = {variable["name"]: variable for variable in DASHBOARD["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    sources = [each["datasource"] for each in (*DASHBOARD["panels"], *TARGETS, variables["instance"])]
    assert sources == [{"type": "prometheus", "uid": "${datasource}"}] * len(sources)
    assert DASHBOARD["id"] is None  # a number would be the one of the Grafana it was drawn in
    assert DASHBOARD["schemaVersion"] >= 39


def test_the_panels_have_numbers_of_their_own_and_do_not_overlap() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(taken)) == len(taken)
    assert max(x for x, _ in taken) < 24
