"""The cases: incidents of the example's log, as many as are wanted, played by the importer's player."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count, islice

from escalation.case.commands import Open, SupportCommand
from escalation.case.naming import workflow_id
from examples.demo.stage import ROOT
from simulation.exports import SERVICENOW, Life, Pace, read_plays
from starter.client import EscalationClient
from starter.play import CaseClient, Opening, Playing
from tests.chaos.evidence import Sent
from workflows.contract import Answer, Status

INCIDENTS = ROOT / "examples" / "incidents.csv"
LONGEST_LIFE = 15.0
"""Seconds from the opening of a case to its last step; a reopened one takes longer."""
PATIENCE = 90.0
"""Seconds a support tool repeats an unanswered call: longer than any failure, and what follows from it."""


def cases(number: int) -> list[Life]:
    """A number of plans, each with its own ticket; at its end the log starts over."""
    with INCIDENTS.open(encoding="utf-8", newline="") as lines:
        plans = list(read_plays(lines, SERVICENOW, []))
    return list(islice(_again(plans), number))


def _again(plans: list[Life]) -> Iterator[Life]:
    for time in count():
        for one in plans:
            yield replace(one, open=replace(one.open, ticket=f"{one.open.ticket}-{time + 1}"))


def playing(number: int, seconds: float) -> Playing:
    """How to play: the openings spread so that the last case still lives when the last blow falls."""
    life = min(LONGEST_LIFE, seconds / 2)
    return Playing(
        policy="demo",
        pace=Pace(shortest=0.1, longest=2.0, whole=life),
        concurrency=number,
        spacing=(seconds - life) / number,
        patience=PATIENCE,
    )


@dataclass(slots=True)
class Witness(CaseClient):
    """A support tool that writes down what it sent and how it was answered.

    Attributes:
        opened: Ids of the escalations whose opening was answered.
        sent: By command id: what was sent, with the answer once there is one.
    """

    client: EscalationClient
    opened: set[str] = field(default_factory=set)
    sent: dict[str, Sent] = field(default_factory=dict)

    async def open(self, request: Open, *, policy: str, again: bool) -> Opening:
        """See base class."""
        opening = await self.client.open(request, policy=policy, again=again)
        self.opened.add(opening.escalation)
        return opening

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str) -> Answer:
        """See base class."""
        sent = Sent(escalation=workflow_id(ticket), kind=command.kind, command_id=command_id)
        self.sent.setdefault(command_id, sent)
        answer = await self.client.send(ticket, command, command_id=command_id)
        self.sent[command_id] = replace(sent, seq=answer.seq)
        return answer

    async def status(self, ticket: str) -> Status:
        """See base class."""
        return await self.client.status(ticket)
