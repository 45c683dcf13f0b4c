"""The directory of a simulation answers as the real one does, question by question."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.roster import install_roster
from activities.contracts import ApproverInput, AssignInput
from escalation.case.commands import Acknowledge, Decline, RequestInformation, Resolve
from escalation.case.events import ShiftEnded, TierSkipped
from escalation.messages.effects import AssignOwner, FindApprover
from escalation.roster.files import HORIZON_DAYS, Roster, new_roster, read_roster
from escalation.vocabulary import Outcome
from simulation import Life, Replay, Rostered
from simulation.exports import OWNER, Step
from tests.example_policy import EXAMPLE, REF
from tests.integration.postgres.rosters import BEGINS, Ask, asked, roster_text
from tests.unit.activities.builders import Clock
from tests.unit.domain.case import opening
from tests.unit.domain.policies import HANDING_OVER

Answer = tuple[str | None, datetime | None]
"""Who, and until when they are on shift."""
QUESTIONS = 250
HORIZON = timedelta(days=HORIZON_DAYS)
EXAMPLES = Path(__file__).parents[3] / "examples"


class Real:
    """The directory on PostgreSQL, with its clock at the instant of each question."""

    def __init__(self, database: Database, ends: datetime) -> None:
        self._clock = Clock()
        self._directory = Directory(database, self._clock)
        self._ends = ends

    async def answer(self, ask: Ask) -> Answer:
        self._clock.now = ask.at
        match ask.what:
            case int():
                await self._directory.release(ask.ticket, ask.what)
                return None, None
            case FindApprover():
                return await self._directory.approver(ApproverInput(escalation=ask.ticket, request=ask.what)), None
            case AssignOwner():
                person = await self._directory.assign(AssignInput(escalation=ask.ticket, request=ask.what))
                return person, None if person is None else await self._until(person)

    async def _until(self, person: str) -> datetime | None:
        """A shift that goes on where the table ends has no end."""
        until = await self._directory.on_shift_until(person)
        return None if until is None or until >= self._ends else until


def simulated(directory: Rostered, ask: Ask) -> Answer:
    match ask.what:
        case int():
            directory.release(ask.ticket, ask.what, ask.at)
            return None, None
        case FindApprover():
            return directory.approver(ask.what, ask.at), None
        case AssignOwner():
            person = directory.book(ask.ticket, ask.what, ask.at)
            return person, None if person is None else directory.on_shift_until(person, ask.at)


async def installed(database: Database, roster: Roster, now: datetime) -> Real:
    ends = now + HORIZON
    await install_roster(database, new_roster(roster, now, ends), now)
    return Real(database, ends)


async def differences(real: Real, directory: Rostered, asks: Iterable[Ask]) -> tuple[list[object], list[Answer]]:
    """Each question with both answers, where they are not equal; and all answers of the real one."""
    found: list[object] = []
    answers = []
    for ask in asks:
        answers.append(await real.answer(ask))
        mine = simulated(directory, ask)
        if mine != answers[-1]:
            found.append((ask, mine, answers[-1]))
    return found, answers


Team = Callable[[str], Roster]


@pytest.fixture
def team(tmp_path: Path) -> Team:
    def read(text: str) -> Roster:
        file = tmp_path / "roster.yaml"
        file.write_text(text, encoding="utf-8")
        return read_roster(file, BEGINS, BEGINS + HORIZON)

    return read


@pytest.mark.parametrize("seed", range(12))
async def test_the_same_questions_get_the_same_answers(database: Database, team: Team, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 (the same roster each time, no secret)
    roster = team(roster_text(chance))
    asks = list(asked(chance, QUESTIONS))
    different, answers = await differences(await installed(database, roster, BEGINS), Rostered(roster), asks)

    assert different == []
    people = Counter(person for person, _ in answers)
    assert people[None] > 10, "some found nobody"
    assert len(people) > 3, "several were found"
    assert any(until for _, until in answers), "some shift ends"


class Overheard(Rostered):
    """Notes what a replay asks."""

    def __init__(self, roster: Roster) -> None:
        super().__init__(roster)
        self.asks: list[Ask] = []

    def book(self, ticket: str, wanted: AssignOwner, at: datetime) -> str | None:
        self.asks.append(Ask(at=at, ticket=ticket, what=wanted))
        return super().book(ticket, wanted, at)

    def release(self, ticket: str, offer: int, at: datetime) -> None:
        self.asks.append(Ask(at=at, ticket=ticket, what=offer))
        super().release(ticket, offer, at)


SHIFTS = replace(HANDING_OVER, ladder=EXAMPLE.ladder)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
"""The shifts of the example have people then."""


def _lives() -> list[Life]:
    """One every 50 minutes for a week; some decline, some ask the customer, most take days."""
    found = []
    for number in range(200):
        opened = MONDAY + number * timedelta(minutes=50)
        take = Decline(by=OWNER, why="busy") if number % 5 == 0 else Acknowledge(by=OWNER, packet_read=True)
        steps = [Step(at=opened + timedelta(minutes=7), command=take)]
        if number % 4 == 0:
            question = RequestInformation(by=OWNER, question="Which?")
            steps.append(Step(at=opened + timedelta(hours=2), command=question))
        solved = Resolve(by=OWNER, outcome=Outcome.SOLVED, solution="Off")
        steps.append(Step(at=opened + timedelta(hours=number % 31), command=solved))
        steps.sort(key=lambda step: step.at)
        found.append(Life(opened_at=opened, open=opening(ticket=f"T-{number}"), steps=tuple(steps)))
    return found


async def test_what_a_replay_asks_the_real_directory_answers_alike(database: Database) -> None:
    roster = read_roster(EXAMPLES / "roster-shifts.yaml", MONDAY, MONDAY + HORIZON)
    overheard = Overheard(roster)
    events = [event for one in Replay(SHIFTS, REF, overheard).together(_lives()) for event in one.events]
    real = await installed(database, roster, MONDAY)
    different, _ = await differences(real, Rostered(roster), overheard.asks)

    assert different == []
    assert sum(isinstance(event, ShiftEnded) for event in events) > 20
    assert sum(isinstance(event, TierSkipped) for event in events) > 5
