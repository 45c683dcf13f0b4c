"""What the program writes in place of a person's words: in the language of its reader, and without ids of ours."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from escalation.case import events
from escalation.case.commands import SUPPORT_COMMANDS
from escalation.messages.handover_reading import handover_of
from escalation.notice_kinds import NoticeKind
from escalation.program_texts import ProgramText, in_language, place_of
from tests.unit.delivery.cases import NOON, notice_of
from tests.unit.delivery.staff_letters import offered, told

PLACES = {"in Zendesk": "in Zendesk", "in the help desk": "im Helpdesk", "by mail": "per Mail"}
COMMANDS = {kind.__name__ for kind in SUPPORT_COMMANDS.values()} | {"Open", "OpenByTriage", "DeskEvent", "Author"}
PRODUCT = ("escalation", "workflows", "activities", "starter", "runtime")
SAMPLES = ("starter/sample_letters.py", "starter/gallery.py", "starter/incidents.py", "starter/play.py")
REFUSED = "none; there is nothing to choose from"
REFUSALS = re.compile(r".*(?:Error|Refused|BadInput|InvalidCommand|NothingToDo|Unknown.*|CannotBeDone)$")


def facts_of(kind: ProgramText, where: str) -> dict[str, str]:
    names = re.findall(r"{(\w+)}", kind.value[0])
    return {name: where if name == "where" else f"[{name}] of: {{Ann}} (1)" for name in names}


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("kind", ProgramText)
def test_each_is_read_in_german_with_its_facts_as_they_were_written(kind: ProgramText, where: str) -> None:
    facts = facts_of(kind, where)
    german = kind.read({**facts, "where": PLACES[where]}, "de")
    if kind in (ProgramText.UNKNOWN_SENDER, ProgramText.UNPROVEN):
        wrote = {"where": where, "said": "Hello:\n\nit is\n"}
        assert in_language(ProgramText.WROTE.say(author=kind.say(**facts), **wrote), "de") == ProgramText.WROTE.read(
            {**wrote, "author": german, "where": PLACES[where]}, "de"
        )
        assert in_language(kind.say(**facts), "de") == kind.say(**facts), "people write such words too"
    else:
        assert in_language(kind.say(**facts), "de-AT") == german
    assert in_language(kind.say(**facts), "en") == in_language(kind.say(**facts), "fr") == kind.say(**facts)


@pytest.mark.parametrize("kind", [kind for kind in ProgramText if kind is not ProgramText.WROTE])
def test_each_has_words_in_german_and_no_id_of_ours(kind: ProgramText) -> None:
    english, german = kind.value
    assert english != german
    assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", german))
    assert "escalation-" not in english + german


def test_what_has_no_reason_says_none() -> None:
    text = ProgramText.DUPLICATE_UNNAMED.say(ticket="T-2", why="")
    assert text == "T-2 was cancelled as a duplicate of this case; its customer gets no answer here"
    german = "T-2 wurde als Duplikat dieses Falls beendet; wer dort schrieb, bekommt hier keine Antwort"
    assert in_language(text, "de") == german


def test_one_of_them_as_the_reason_of_another_is_read_too() -> None:
    text = ProgramText.DUPLICATE.say(ticket="T-2", why=ProgramText.MERGED.say(where="in the help desk"))
    assert in_language(text, "de").endswith("dass wir hier antworten: Zusammengeführt im Helpdesk.")


def test_what_is_beside_a_persons_words_is_found_among_them() -> None:
    said = f"Es raucht [wieder].\n\n{ProgramText.ASIDE_ATTACHED.say(files='a [1].png, b.pdf')}"
    assert in_language(said, "de") == "Es raucht [wieder].\n\n[Im Anhang: a [1].png, b.pdf]"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "It is broken in the shop: twice",
            "by mail",
            "in the help desk",
            "an unknown sender",
            "Merged in",
            "[Attached]",
        ),
        *("Tagged escalate in Zendesk.", "a in b: " * 30_000, "someone who may not be there", "[" * 5_000),
    ],
)
def test_what_people_wrote_stays_as_it_is(text: str) -> None:
    assert in_language(text, "de") == text


def test_a_place_has_no_line_of_its_own() -> None:
    assert place_of("Our\ndesk") == "in Our desk"


def literals(node: ast.AST) -> Iterator[str]:
    """Sentences in a function's body that are neither its docstring nor what an error or a log line says."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if REFUSALS.match(name) or name in {
            "info",
            "warning",
            "error",
            "debug",
            "warn",
            "pop",
            "replace",
            "join",
            "get",
        }:
            return
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(one.value) if isinstance(one, ast.Constant) else "X" for one in node.values)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            yield from literals(child)


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Those that make a command, with their file."""
    makes = re.compile(rf"\b(?:{'|'.join(COMMANDS)})\(")
    for file in (one for room in PRODUCT for one in sorted(Path(room).rglob("*.py")) if str(one) not in SAMPLES):
        text = file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if makes.search(text) else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and makes.search(ast.unparse(node)):
                yield str(file), node


def test_no_command_gets_a_sentence_of_the_programs_that_only_english_has() -> None:
    found: dict[str, list[str]] = {}
    for file, function in functions():
        sentences = [text for part in function.body[1:] or function.body for text in literals(part)]
        said = [text for text in sentences if re.search(r"[A-Za-z]{2,} [a-z]", text) and text != REFUSED]
        found |= {f"{file}:{function.name}": said} if said else {}
    assert not found, "make them kinds of escalation.program_texts"


def test_german_offers_and_notices_have_none_of_them_in_english() -> None:
    kinds = [kind for kind in ProgramText if kind not in (ProgramText.UNKNOWN_SENDER, ProgramText.UNPROVEN)]
    texts = [kind.say(**facts_of(kind, "in the help desk")) for kind in kinds]
    happened: list[events.Event] = [events.Noted(at=NOON, by="ana", text=text, tried="") for text in texts]
    happened += [events.Declined(at=NOON, person="ben", why=text) for text in texts]
    known = handover_of([*happened, *(events.CustomerReplied(at=NOON, text=text) for text in texts)])
    letters = offered("de", {"tried": tuple(texts), "evidence": tuple(texts)}, known=known)
    letters += told("de", *(notice_of(NoticeKind.DUPLICATE, text) for text in texts), known=known)
    assert "im Helpdesk" in letters
    for kind in kinds:
        for part in re.split(r"{\w+}|[\[\]]", kind.value[0]):
            assert part.strip() in ("", "`", ":", ".") or part.strip() not in letters, kind
