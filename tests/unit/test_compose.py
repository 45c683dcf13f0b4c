"""docker-compose.yml, the Dockerfile and their files agree with the program. Nothing here starts a container."""

import ast
import fnmatch
import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath

import pytest

from escalation.roster.files import read_roster
from escalation.version import VERSION
from runtime.settings import PREFIX, Settings
from tests.unit.compose import ROOT, environment_of, example_environment, services, variables
from tests.unit.rostering.people import load_roster
from workflows.options import SEARCH_ATTRIBUTES

pytestmark = pytest.mark.slow  # scripts run

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
OURS = ("worker", "http", "record-schema", "mail-in")
TAKEN_IF_THERE = {"greenlet"}
LOAD_ALL = """
import sys, worker
from importlib import import_module
from starter.cli.app import COMMANDS
for path, _ in COMMANDS.values():
    import_module("starter.cli." + path.partition(":")[0])
import_module("starter.cli.case.special")
print(*sys.modules)
"""
"""What a library loads where it finds it, and does without elsewhere: structlog."""
ONE_SHOT = {"temporal-schema", "temporal-namespace", "record-schema"}
PUBLISHED = {"http", "temporal", "temporal-ui", "mailpit", "mail-in"}


def instructions(name: str) -> list[str]:
    joined = re.sub(r"\\\n", " ", DOCKERFILE)
    return [line.split(maxsplit=1)[1] for line in joined.splitlines() if line.split(" ", 1)[0] == name]


def copied() -> set[str]:
    """What the image holds of the source tree, by the Dockerfile's COPY lines."""
    return {source.rstrip("/") for line in instructions("COPY") for source in shlex.split(line)[:-1]}


def installed_files() -> list[str]:
    (run,) = (line for line in instructions("RUN") if "pip install" in line)
    assert "--require-hashes" in run
    return re.findall(r"-r (\S+)", run)


def pins(file: str) -> dict[str, set[str]]:
    """Each pinned requirement of a file, with its hashes."""
    text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.findall(r"^([a-z0-9.-]+)==(\S+)((?:\s+--hash=\S+)+)", text, re.MULTILINE)
    return {f"{name}=={version}": set(hashes.split()) for name, version, hashes in found}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def outcome(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a program in the source tree; what it does to its exit code is for the test to say."""
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False, capture_output=True, text=True
    )


def python(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return outcome(sys.executable, *arguments, PYTHONPATH=str(ROOT))


def mounted_roster() -> Path:
    """The file of this source tree that the job loads as the roster."""
    path = PurePosixPath(services()["record-schema"]["command"][-1].rpartition(" ")[2])
    volumes = (volume.split(":") for volume in services()["record-schema"]["volumes"])
    (folder,) = (source for source, target, mode in volumes if (target, mode) == (str(path.parent), "ro"))
    return ROOT.joinpath(str(folder), path.name)


def docker_compose() -> str | None:
    """The docker program, if it has the compose plugin."""
    docker = shutil.which("docker")
    return docker if docker is not None and outcome(docker, "compose", "version").returncode == 0 else None


@pytest.mark.parametrize("service", OURS)
def test_every_variable_of_ours_is_a_setting_with_a_value_it_takes(
    monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    given = {name: value for name, value in environment_of(service).items() if name.startswith(PREFIX)}
    assert {name.removeprefix(PREFIX).lower() for name in given} <= set(Settings.model_fields)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    for name, value in given.items():
        assert isinstance(value, str), f"{name}: compose wants text; put it in quotes"
        monkeypatch.setenv(name, value)

    settings = Settings.load()

    assert settings.model_fields_set == {name.removeprefix(PREFIX).lower() for name, value in given.items() if value}
    assert settings.require_dsn().endswith("@record-db:5432/escalations")


def test_no_other_service_is_given_our_settings() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", text))

    assert {name.lower() for name in named} <= set(Settings.model_fields)
    for name in services().keys() - set(OURS):
        assert not [one for one in environment_of(name) if one.startswith(PREFIX)], name


def test_the_namespace_job_registers_exactly_the_attributes_that_escalations_set() -> None:
    words = environment_of("temporal-namespace")["SEARCH_ATTRIBUTES"].split()

    assert dict(word.split("=") for word in words) == SEARCH_ATTRIBUTES


def test_workers_and_jobs_meet_in_one_namespace_of_one_server() -> None:
    for service in ("temporal-namespace", *OURS):
        environment = environment_of(service)
        assert (environment["TEMPORAL_ADDRESS"], environment["TEMPORAL_NAMESPACE"]) == ("temporal:7233", "escalations")
    assert environment_of("temporal-ui")["TEMPORAL_DEFAULT_NAMESPACE"] == "escalations"


def test_names_of_hosts_are_names_of_services() -> None:
    hosts = {
        "temporal-db": (environment_of("temporal")["POSTGRES_SEEDS"], environment_of("temporal-schema")["DB_HOST"]),
        "mailpit": (environment_of("worker")["ESCALATIONS_SMTP_HOST"],),
    }
    for service, named in hosts.items():
        assert service in services()
        assert set(named) == {service}


def test_users_and_passwords_of_the_databases_fit_together() -> None:
    temporal, schema, database = (environment_of(name) for name in ("temporal", "temporal-schema", "temporal-db"))
    assert temporal["POSTGRES_USER"] == schema["DB_USER"] == database["POSTGRES_USER"]
    assert temporal["POSTGRES_PWD"] == schema["SQL_PASSWORD"] == database["POSTGRES_PASSWORD"]
    record = environment_of("record-db")
    address = (
        f"postgresql://{record['POSTGRES_USER']}:{record['POSTGRES_PASSWORD']}@record-db:5432/{record['POSTGRES_DB']}"
    )
    assert environment_of("worker")["ESCALATIONS_DSN"] == address


def test_a_person_who_is_waited_for_exists_and_can_become_what_is_waited_for() -> None:
    for name, service in services().items():
        for other, how in service.get("depends_on", {}).items():
            assert other in services(), f"{name} waits for {other}, which does not exist"
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services()[other], f"{name} waits for {other}, which has no healthcheck"
            else:
                assert how["condition"] == "service_completed_successfully"
                assert other in ONE_SHOT, f"{name} waits for the end of {other}, which never ends"


def test_a_worker_starts_after_everything_it_needs() -> None:
    def before(name: str) -> set[str]:
        direct = set(services()[name].get("depends_on", {}))
        return direct.union(*(before(other) for other in direct))

    assert before("worker") >= {"record-db", "record-schema", "temporal", "temporal-schema", "temporal-namespace"}


def test_what_runs_on_has_a_healthcheck_and_starts_again_and_jobs_do_not() -> None:
    for name, service in services().items():
        if name in ONE_SHOT:
            assert service["restart"].startswith("on-failure:"), name
        else:
            assert service["restart"] == "unless-stopped", name
            # The image of the UI has no program to ask it with.
            assert "healthcheck" in service or name == "temporal-ui", name


def test_every_image_is_pinned() -> None:
    images = [service["image"] for service in services().values()] + instructions("FROM")
    for image in images:
        tag = image.rpartition(":")[2]
        assert re.search(r"\d+\.\d+", tag), f"{image}: name a version"
        assert "latest" not in image


def test_our_image_has_the_version_of_the_project() -> None:
    assert {services()[name]["image"] for name in OURS} == {f"escalations:{VERSION}"}
    assert f"escalations:{VERSION}" in DOCKERFILE
    assert instructions("FROM")[0].startswith("python:3.11-")


def test_only_people_s_ports_are_published_and_only_to_this_machine() -> None:
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}

    assert published.keys() == PUBLISHED
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_data_is_kept_in_named_volumes() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    declared = set(re.findall(r"^  ([a-z-]+):$", text[text.index("\nvolumes:") :], re.MULTILINE))
    used = {
        volume.split(":")[0]
        for service in services().values()
        for volume in service.get("volumes", [])
        if not volume.startswith((".", "/"))
    }

    assert used == declared == {"temporal-db", "record-db", "mailpit"}


def test_every_file_that_is_mounted_exists() -> None:
    mounted = [
        volume.split(":")
        for service in services().values()
        for volume in service.get("volumes", [])
        if volume.startswith(".")
    ]
    assert mounted
    for source, _, mode in mounted:
        assert (ROOT / source).exists(), source
        assert mode == "ro"


def test_the_worker_is_the_default_of_the_image_and_two_of_them_run() -> None:
    worker = services()["worker"]

    assert worker["deploy"]["replicas"] == 2
    assert ast.literal_eval(instructions("CMD")[0]) == worker["command"] == ["python", "worker.py"]
    assert {"worker.py"} <= copied()
    assert (ROOT / "worker.py").is_file()


def test_a_worker_has_time_to_let_its_activities_finish() -> None:
    grace = int(services()["worker"]["stop_grace_period"].removesuffix("s"))

    assert grace > int(environment_of("worker")["ESCALATIONS_GRACEFUL_SHUTDOWN_SECONDS"]) + 10


def test_the_worker_is_asked_where_it_serves_its_metrics() -> None:
    port = environment_of("worker")["ESCALATIONS_METRICS_ADDRESS"].rpartition(":")[2]

    assert f"http://127.0.0.1:{port}/metrics" in services()["worker"]["healthcheck"]["test"][-1]
    compile(services()["worker"]["healthcheck"]["test"][-1], "healthcheck", "exec")


def test_mail_comes_in_where_the_listener_is_asked_for_and_every_program_knows_the_address() -> None:
    listener, port = services()["mail-in"], environment_of("mail-in")["ESCALATIONS_MAIL_IN_LISTEN"].rpartition(":")[2]

    assert listener["profiles"] == ["mail"]
    assert listener["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert port in listener["healthcheck"]["test"][-1]
    compile(listener["healthcheck"]["test"][-1], "healthcheck", "exec")
    for name in OURS:
        assert {"ESCALATIONS_MAIL_IN_ADDRESS", "ESCALATIONS_MAIL_IN_SECRET"} <= environment_of(name).keys()
    done = python("-m", "starter.cli", "mail", "listen", "--help")
    assert "Usage: escalations mail listen" in done.stdout


def test_the_jobs_commands_exist() -> None:
    script = services()["record-schema"]["command"][-1]
    for command in script.split(" && "):
        program, *argv = shlex.split(command)
        assert program == "escalations"
        names = [word for word in argv if not word.startswith(("-", "/"))]
        shown = python("-m", "starter.cli", *names, "--help")
        assert f"Usage: escalations {' '.join(names)}" in shown.stdout
    assert "exec python -m starter.cli" in DOCKERFILE


def test_the_roster_that_is_loaded_is_mounted_and_sound() -> None:
    roster = mounted_roster()

    assert load_roster(roster.read_text(encoding="utf-8"), roster.name)


def test_the_calendar_files_that_a_roster_names_are_mounted_with_it(tmp_path: Path) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    mounted = shutil.copytree(mounted_roster().parent, tmp_path / "mounted")

    assert read_roster(mounted / "roster-shifts.yaml", now, now + timedelta(days=28)).source.keys() == {
        "roster-shifts.yaml",
        "nights.ics",
    }


def test_the_image_holds_every_package_that_the_program_imports() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "examples"}
    trees = [ast.parse((ROOT / "worker.py").read_text(encoding="utf-8"))]
    trees += [ast.parse(file.read_text(encoding="utf-8")) for name in packages for file in (ROOT / name).rglob("*.py")]
    imported = {
        name.split(".")[0]
        for tree in trees
        for node in ast.walk(tree)
        for name in (
            [one.name for one in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", "")]
        )
        if isinstance(node, ast.Import | ast.ImportFrom) and name
    }

    assert packages & imported == packages
    assert packages | {"policies"} <= copied()


def test_everything_that_is_copied_exists_and_is_sent_to_the_engine() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = [line.removeprefix("!") for line in lines if line.startswith("!")]
    assert "*" in lines
    for source in copied():
        assert (ROOT / source).exists(), source
        assert source in let_through, f"{source} is kept back by .dockerignore"
    assert not any(fnmatch.fnmatch(name, pattern) for name in (".env", ".escalations") for pattern in let_through)


def test_the_image_installs_every_library_that_its_programs_load() -> None:
    loaded = python("-c", LOAD_ALL)
    assert loaded.returncode == 0, loaded.stderr
    # What an interpreter of a development environment has loaded before our first line does not count.
    bare = python("-c", "import sys; print(*sys.modules)")
    tops = {name.split(".")[0] for name in set(loaded.stdout.split()) - set(bare.stdout.split())}
    known = packages_distributions()
    needed = {normal(known[top][0]) for top in tops if top in known} - {"escalations"} - TAKEN_IF_THERE
    installed = {normal(pin.split("==")[0]) for file in installed_files() for pin in pins(file)}

    assert needed <= installed, f"not in {', '.join(installed_files())}: {needed - installed}"


def test_the_image_installs_what_was_tested() -> None:
    tested = pins("requirements/dev.txt")

    assert installed_files()[0] == "requirements/runtime.txt"
    for file in installed_files():
        found = pins(file)
        assert found, file
        for pin, hashes in found.items():
            assert tested.get(pin) == hashes, f"{file}: {pin} is not what requirements/dev.txt has"


def test_the_image_runs_as_no_one_in_particular_and_reads_no_zone_of_its_system() -> None:
    assert instructions("USER") == ["10001"]
    assert DOCKERFILE.index("USER 10001") > DOCKERFILE.rindex("RUN ")
    assert 'PYTHONTZPATH=""' in DOCKERFILE


def test_passwords_come_from_the_environment_file_and_the_example_holds_none() -> None:
    example = example_environment()
    required = {name for name, kind in variables().items() if kind == ":?"}

    assert required == example.keys()
    assert set(example.values()) == {"change-me"}
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert all(f"#{name}=" in text for name, kind in variables().items() if kind == ":-")


@pytest.mark.parametrize("script", sorted((ROOT / "deploy" / "temporal").glob("*.sh")), ids=lambda path: path.name)
def test_the_scripts_of_the_jobs_are_sound_shell(script: Path) -> None:
    assert outcome("sh", "-n", str(script)).stderr == ""


def schema_job(folder: Path, tool: str) -> "subprocess.CompletedProcess[str]":
    """The job's script, with this in place of Temporal's own tool."""
    program = folder / "temporal-sql-tool"
    program.write_text(f"#!/bin/sh\n{tool}\n", encoding="utf-8")
    program.chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    return outcome("sh", "deploy/temporal/schema.sh", **environment_of("temporal-schema"), PATH=path)


def test_the_schema_job_prepares_both_databases_in_order(tmp_path: Path) -> None:
    done = schema_job(tmp_path, 'echo "$SQL_PASSWORD $@"')

    common = "change-me --plugin postgres12 --ep temporal-db -p 5432 -u temporal --db"
    versions = "/etc/temporal/schema/postgresql/v12"
    assert done.returncode == 0
    assert done.stdout.splitlines()[:-1] == [
        f"{common} temporal create",
        f"{common} temporal setup-schema -v 0.0",
        f"{common} temporal update-schema -d {versions}/temporal/versioned",
        f"{common} temporal_visibility create",
        f"{common} temporal_visibility setup-schema -v 0.0",
        f"{common} temporal_visibility update-schema -d {versions}/visibility/versioned",
    ]


def test_a_failing_step_of_the_schema_job_fails_the_job(tmp_path: Path) -> None:
    assert schema_job(tmp_path, 'case "$*" in *setup-schema*) exit 7;; esac').returncode == 7


@pytest.mark.skipif(docker_compose() is None, reason="the docker compose plugin is not installed")
def test_docker_compose_accepts_the_file() -> None:
    docker = docker_compose()
    assert docker is not None
    done = outcome(docker, "compose", "--env-file", ".env.example", "config", "--quiet")

    assert (done.returncode, done.stderr) == (0, "")
