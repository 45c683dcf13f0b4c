"""What the documents point at is there: files, headings, commands, options, names in code, tests."""

import ast
import inspect
import re
import shlex
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from cyclopts import App

import escalation.case.commands
from escalation.vocabulary import ClockName, Stage
from starter.cli.app import build_app
from starter.cli.context import Context
from starter.client import EscalationClient

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "adr").glob("0*.md"))
OURS = [path for path in DOCUMENTS if path.parent == ROOT or path.parent.name == "adr"] + [
    ROOT / "docs" / f"{name}.md" for name in ("architecture", "failures", "glossary")
]
"""Documents whose names in code are checked too; the others show file names of the reader's own."""

FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
IN_CODE = re.compile(r"`([^`\n]+)`")
OF_EVERY_COMMAND = frozenset({"--json", "--debug"})
"""Options of every command; they are read before the command is."""


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(path: Path) -> str:
    """The document without its blocks of code."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """What a link into the document may name, as the usual renderers make it of headings."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def section(heading: str) -> str:
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no section `{heading}`"
    return found[1]


def first_cells(table: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


def blocks(language: str) -> list[str]:
    return [found["code"] for found in FENCE.finditer(README) if found["language"] == language]


@cache
def names_of_tests() -> frozenset[str]:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")]
    return frozenset(name for text in texts for name in re.findall(r"def (test_\w+)\(", text))


# Links and paths.


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(document: Path) -> None:
    broken = []
    for target in LINK.findall(prose(document)):
        file, _, anchor = target.partition("#")
        if "://" in file or file.startswith("mailto:"):
            continue
        path = (document.parent / file).resolve() if file else document
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    assert broken == []


def test_every_path_of_the_folder_map_is_there() -> None:
    paths = first_cells(section("Folder map"))
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert [path for path in paths if path.endswith("/") != (ROOT / path).is_dir()] == []


def test_the_folder_map_leaves_no_source_folder_out() -> None:
    sources = {f"{path.name}/" for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    assert sources <= set(first_cells(section("Folder map")))


@pytest.mark.parametrize("document", OURS, ids=named)
def test_every_path_that_is_named_is_there(document: Path) -> None:
    """With a folder in front; `default.yaml` alone may be the reader's. Keys of messages have slashes too."""
    words = [word for word in IN_CODE.findall(prose(document)) if re.fullmatch(r"[\w.-]+/[\w./-]*", word)]
    paths = [word for word in words if word.split("/")[0] not in (*ClockName, ".escalations")]
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", OURS, ids=named)
def test_every_test_that_is_named_is_there(document: Path) -> None:
    known = names_of_tests()
    assert [
        word for word in IN_CODE.findall(prose(document)) if re.fullmatch(r"test_\w+", word) and word not in known
    ] == []


@pytest.mark.parametrize("document", OURS, ids=named)
def test_every_variable_that_is_named_is_a_setting(document: Path) -> None:
    settings = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [one for one in re.findall(r"ESCALATIONS_\w+", prose(document)) if f"`{one}`" not in settings] == []


# Commands.


@pytest.fixture(scope="module")
def app() -> App:
    return build_app(Context.of_this_process())


def targets_of_make() -> set[str]:
    return set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def lines_of_shell() -> Iterator[list[str]]:
    for block in blocks("sh"):
        for line in block.replace("\\\n", " ").splitlines():
            if line.strip():
                yield shlex.split(line)


def lines_for_the_command() -> list[list[str]]:
    return [words[1:] for words in lines_of_shell() if words[0].endswith("/escalations")]


@pytest.mark.parametrize("words", lines_for_the_command(), ids=" ".join)
def test_every_command_line_of_the_readme_is_understood(
    app: App, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    asked = [word for word in words if word not in OF_EVERY_COMMAND]
    command, _, _ = app.parse_args(asked, exit_on_error=False, print_error=False)
    assert command.__name__.replace("_", "-").strip("-") in asked[:2]


@pytest.mark.parametrize("document", OURS, ids=named)
def test_every_command_that_is_mentioned_exists(app: App, document: Path) -> None:
    mentioned = [word.removeprefix("escalations ") for word in IN_CODE.findall(prose(document))]
    mentioned = [words for words in mentioned if f"`escalations {words}`" in prose(document)]
    unknown = []
    for words in mentioned:
        chain, apps, rest = app.parse_commands(shlex.split(words))
        if not chain or (rest and apps[-1].default_command is None):
            unknown.append(words)
    assert unknown == []


@pytest.mark.parametrize("document", OURS, ids=named)
def test_every_target_of_make_that_is_mentioned_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    mentioned = re.findall(r"(?:`|^)make (\w+)", text, re.MULTILINE)
    assert set(mentioned) <= targets_of_make()


def test_other_lines_of_shell_start_what_is_there() -> None:
    others = [words for words in lines_of_shell() if not words[0].endswith("/escalations")]
    assert others == [["make", "setup"], [".venv/bin/python", "worker.py", "--dev"]]
    assert "--dev" in (ROOT / "worker.py").read_text(encoding="utf-8")


# Python.


def snippets() -> list[ast.Module]:
    return [ast.parse(code) for code in blocks("python")]


def test_the_readme_shows_how_to_use_it_from_python() -> None:
    assert snippets()
    for code in blocks("python"):
        compile(code, "README.md", "exec")


def test_everything_that_the_snippets_import_is_there() -> None:
    imports = [node for tree in snippets() for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert imports
    for node in imports:
        module = import_module(str(node.module))
        assert [name.name for name in node.names if not hasattr(module, name.name)] == []


def test_the_snippets_call_the_client_as_it_is() -> None:
    calls = [
        node
        for tree in snippets()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "client"
    ]
    assert {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)} >= {
        "open",
        "send",
        "status",
    }
    for call in calls:
        assert isinstance(call.func, ast.Attribute)
        signature = inspect.signature(getattr(EscalationClient, call.func.attr))
        signature.bind("self", *call.args, **{str(keyword.arg): keyword.value for keyword in call.keywords})
    commands = [call.args[1] for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "send"]
    for made in commands:
        assert isinstance(made, ast.Call)
        assert isinstance(made.func, ast.Name)
        of_command = inspect.signature(getattr(escalation.case.commands, made.func.id))
        of_command.bind(**{str(keyword.arg): keyword.value for keyword in made.keywords})


# Tables and decisions.


def test_the_readme_explains_every_stage_in_the_order_of_a_life() -> None:
    assert first_cells(section("Stages")) == [stage.value for stage in Stage]


def test_every_row_of_the_readmes_faults_has_its_own_page_section() -> None:
    rows = re.findall(r"^\| (?!Failure |-)(.+?) \|", section("Failure modes"), re.MULTILINE)
    sections = re.findall(r"^## (.+)$", prose(ROOT / "docs" / "failures.md"), re.MULTILINE)
    assert len(rows) >= 8
    assert [row for row in rows if not any(alike(row, heading) for heading in sections)] == []


def alike(row: str, heading: str) -> bool:
    return row.lower().removeprefix("the ") == heading.lower().removeprefix("the ")


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for path in DECISIONS:
        title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").split(". ", 1)[1]
        assert f"]({path.name}) | {title} |" in index


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: str(path.stem))
def test_a_decision_says_what_drove_it_what_else_was_possible_and_what_it_costs(decision: Path) -> None:
    headings = re.findall(r"^## (.+)$", decision.read_text(encoding="utf-8"), re.MULTILINE)
    assert [one for one in headings if one != "What it measures"] == [
        "Context and drivers",
        "Options",
        "Decision",
        "Gains",
        "Losses",
    ]


def test_the_changelog_begins_with_what_is_not_released_yet() -> None:
    headings = re.findall(r"^#+ .+$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[:2] == ["# Changelog", "## Unreleased"]
