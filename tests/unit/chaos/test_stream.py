"""The cases of a run, and the support tool that writes down what it sees."""

from collections.abc import Awaitable
from typing import Any

import pytest

from escalation.case.commands import AddNote, Resolve, SupportCommand
from escalation.errors import Refused
from escalation.lifecycle.viewing import view_of
from escalation.vocabulary import Outcome, Stage
from examples.demo import seeing_through
from examples.demo.seeing_through import see_through
from starter.client import EscalationClient
from starter.errors import CommandRefused
from tests.chaos.evidence import Sent
from tests.chaos.stream import LONGEST_LIFE, Witness, cases, playing
from tests.unit.domain.case import Case, opening
from workflows.contract import Answer, Status


def test_there_are_as_many_cases_as_wanted_each_with_a_ticket_of_its_own() -> None:
    found = cases(150)
    assert len({one.open.ticket for one in found}) == 150
    assert found[60].open.summary == found[0].open.summary


@pytest.mark.parametrize("seconds", [12.0, 60.0, 600.0])
def test_the_last_case_is_opened_a_life_before_the_end(seconds: float) -> None:
    how = playing(50, seconds)
    assert 50 * how.spacing + how.pace.whole == pytest.approx(seconds)
    assert how.pace.whole <= LONGEST_LIFE


class Desk(EscalationClient):
    """Answers without a server; refuses what says so."""

    def __init__(self) -> None:  # nothing of the base class is needed
        self.sent: list[str] = []

    def send(self, ticket: str, command: SupportCommand, *, command_id: str | None = None) -> Any:
        return self._answer(ticket, command, command_id)

    async def _answer(self, ticket: str, command: SupportCommand, command_id: str | None) -> Answer:
        self.sent.append(f"{ticket} {command.kind} {command_id}")
        if isinstance(command, AddNote) and command.text == "no":
            raise CommandRefused("NotAllowed", "no")
        return Answer(stage=Stage.WORKING, seq=len(self.sent))


def sending(witness: Witness, text: str, command_id: str) -> Awaitable[object]:
    return witness.send("1", AddNote(by="ben", text=text), command_id=command_id)


async def test_the_witness_remembers_what_was_answered_and_what_was_not() -> None:
    witness = Witness(Desk())
    await sending(witness, "yes", "a")
    with pytest.raises(CommandRefused):
        await sending(witness, "no", "b")
    assert list(witness.sent.values()) == [
        Sent(escalation="escalation-1", kind="note", command_id="a", seq=1),
        Sent(escalation="escalation-1", kind="note", command_id="b", seq=None),
    ]


async def test_an_answer_after_a_refusal_under_the_same_id_counts() -> None:
    witness = Witness(Desk())
    with pytest.raises(CommandRefused):
        await sending(witness, "no", "a")
    await sending(witness, "yes", "a")
    assert [sent.seq for sent in witness.sent.values()] == [2]


class DeskOf(EscalationClient):
    """A support tool for one case of the real core; the first command comes a moment too late."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.sent: list[str] = []

    async def status(self, ticket: str) -> Status:
        view = view_of(self.case.state, self.case.policy)
        return Status(escalation=f"escalation-{ticket}", view=view, clocks=(), unrecorded=0, sending=0)

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str | None = None) -> Answer:
        assert ticket == "1"
        assert command_id is not None
        self.sent.append(f"{command.kind} by {command.by}")
        if len(self.sent) == 1:
            raise CommandRefused("NotAllowed", "somebody else has it by now")
        try:
            self.case.do(command)
        except Refused as refusal:
            raise CommandRefused(type(refusal).__name__, str(refusal)) from None
        return Answer(stage=self.case.state.stage, seq=self.case.state.seq)


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeing_through, "LOOK_SECONDS", 0.0)


async def test_a_case_that_no_one_solved_is_taken_and_solved() -> None:
    desk = DeskOf(Case.opened())
    await see_through(desk, "1")
    assert desk.sent == ["acknowledge by ana", "acknowledge by ana", "resolve by ana"]
    assert desk.case.state.stage is Stage.RESOLVED


async def test_a_case_that_has_its_solution_is_left_alone() -> None:
    desk = DeskOf(Case.working())
    desk.case.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="Done."))
    await see_through(desk, "1")
    assert desk.sent == []


async def test_a_case_that_no_one_can_solve_is_left_when_patience_ends() -> None:
    desk = DeskOf(Case(directory_is_slow=True))
    desk.case.do(opening())
    await see_through(desk, "1", patience=0.05)
    assert desk.case.state.stage is Stage.UNASSIGNED
