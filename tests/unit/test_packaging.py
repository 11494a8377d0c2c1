"""What is shipped agrees with itself: locks, version, image, deployment files and import contract."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import bot
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = [*PYPROJECT["project"]["dependencies"], *PYPROJECT["build-system"]["requires"]]
LOCKS = {
    "requirements.lock": RUNTIME,
    "requirements-dev.lock": [*RUNTIME, *PYPROJECT["project"]["optional-dependencies"]["dev"]],
}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text(lock), re.MULTILINE))


def dockerfile() -> list[str]:
    """Return the instructions, continuation lines joined."""
    lines = [line for line in text("Dockerfile").splitlines() if not line.startswith("#")]
    return [line for line in "\n".join(lines).replace("\\\n", "").splitlines() if line]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_option(lock: str) -> None:
    assert "://" not in text(lock)
    assert not re.search(r"^-", text(lock), re.MULTILINE)


@pytest.mark.parametrize(("lock", "wanted"), LOCKS.items(), ids=LOCKS)
def test_a_lock_pins_what_pyproject_asks_for_and_the_build_backend(lock: str, wanted: list[str]) -> None:
    pinned = pins(lock)
    requirements = [Requirement(line) for line in wanted]
    assert [
        str(asked)
        for asked in requirements
        if not asked.specifier.contains(pinned.get(canonical(asked.name), "0.dev0"))
    ] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", text(lock).strip())
    assert [block.partition(" ")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_the_version_stands_in_one_place() -> None:
    assert PYPROJECT["project"]["dynamic"] == ["version"]
    assert PYPROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "bot.__version__"}
    assert re.fullmatch(r"\d+\.\d+\.\d+", bot.__version__)


def test_ci_runs_what_a_developer_runs() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert "set -euo pipefail" in text(".ci/run")
    assert text(".ci/run").rstrip().endswith("make check")


def test_make_says_what_there_is() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607 - make of the PATH
    for target in ("demo", "test", "check", "lint", "types", "bench", "soak", "lock", "clean"):
        assert re.search(rf"^  make {target} +\S", said, re.MULTILINE), target


def test_the_image_runs_the_bot_itself_as_nobody_special() -> None:
    final = dockerfile()[[line.startswith("FROM") for line in dockerfile()].index(True, 1) :]
    assert all(re.search(r":\d+\.\d+-slim-\w+", line) for line in dockerfile() if line.startswith("FROM"))
    assert 'ENTRYPOINT ["prewarm-bot"]' in final  # exec form: SIGTERM reaches it
    assert 'CMD ["run"]' in final
    assert "VOLUME /data" in final
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", "\n".join(final), re.MULTILINE)
    env = next(line for line in final if line.startswith("ENV"))
    assert {"PREWARM_DATA_DIR=/data", "PREWARM_HTTP_HOST=0.0.0.0"} <= set(env.split())


def test_the_image_installs_nothing_that_is_not_hashed() -> None:
    installs = re.findall(r"pip install[^&\n]*", "\n".join(dockerfile()))
    assert ["--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in installs] == [True, True]


def test_the_images_health_check_is_a_program_that_asks_healthz_or_nothing() -> None:
    (line,) = (line for line in dockerfile() if line.startswith("HEALTHCHECK"))
    python, flag, program = json.loads(line[line.index("CMD") + 3 :])
    assert (python, flag) == ("python", "-c")
    assert "/healthz" in program
    ports = {"0": 0, "1": 1}  # off: nothing to ask; nobody listens: unhealthy
    for port, expected in ports.items():
        env = os.environ | {"PREWARM_HTTP_PORT": port, "http_proxy": "http://127.0.0.1:1"}
        ended = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, check=False)  # noqa: S603 - our own text
        assert ended.returncode == expected


def test_the_build_context_holds_only_what_the_image_copies() -> None:
    patterns = [line for line in text(".dockerignore").splitlines() if line and not line.startswith("#")]
    copied = {
        Path(word).name
        for line in dockerfile()
        if line.startswith("COPY") and "--from" not in line
        for word in line.split()[1:-1]
    }
    assert patterns[0] == "*"
    assert {pattern.removeprefix("!") for pattern in patterns if pattern.startswith("!")} == copied


def variables(document: str) -> set[str]:
    return set(re.findall(r"\b(?:PREWARM|PPIO|SLACK)_[A-Z_]+", document))


@pytest.mark.parametrize("name", ["Dockerfile", "deploy/compose.yml", "deploy/kubernetes.yml"])
def test_every_variable_in_a_deployment_file_is_a_setting(name: str) -> None:
    assert {variable.lower() for variable in variables(text(name))} <= Settings.model_fields.keys()


def test_the_deployment_files_keep_one_bot_per_folder_with_a_read_only_root() -> None:
    compose = yaml.safe_load(text("deploy/compose.yml"))
    assert compose["name"] == "prewarm-bot", "the volume with the memory is named after the project"
    assert compose["services"]["prewarm-bot"]["read_only"]
    claim, deployment = yaml.safe_load_all(text("deploy/kubernetes.yml"))
    spec, pod = deployment["spec"], deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert (spec["replicas"], spec["strategy"]["type"]) == (1, "Recreate")
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["image"] == f"prewarm-bot:{bot.__version__}"
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert f"USER {pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}" in dockerfile()
    assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]


def test_the_demo_contract_names_every_room_below_the_demo_but_its_two_doors() -> None:
    rooms = {path.stem for path in (ROOT / "bot").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    contracts = {contract["name"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
    forbidden = contracts["The demo knows the bot only through bootstrap and settings"]["forbidden_modules"]
    above_or_open = {"__init__", "__main__", "cli", "demo", "bootstrap", "settings"}
    assert {f"bot.{room}" for room in rooms - above_or_open} == set(forbidden)
