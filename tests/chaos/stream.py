"""The cases: incidents of the example's log, as many as are wanted, played by the importer's player."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count, islice
from zlib import crc32

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


def is_filed(ticket: str) -> bool:
    """Whether the ticket comes from the help desk: half of them."""
    return crc32(ticket.encode()) % 2 == 0


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
        client: For commands.
        team: Files some of the tickets in a help desk, and works there and in a chat; None for none of them.
        opened: Ids of the escalations whose opening was answered.
        sent: By command id: what was sent, with the answer once there is one.
    """

    client: EscalationClient
    team: CaseClient | None = None
    opened: set[str] = field(default_factory=set)
    sent: dict[str, Sent] = field(default_factory=dict)

    async def open(self, request: Open, *, policy: str, again: bool) -> Opening:
        """See base class."""
        opening = await self._way(request.ticket).open(request, policy=policy, again=again)
        self.opened.add(workflow_id(request.ticket))
        return opening

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str) -> object:
        """See base class."""
        sent = Sent(escalation=workflow_id(ticket), kind=command.kind, command_id=command_id)
        self.sent.setdefault(command_id, sent)
        answer = await self._way(ticket).send(ticket, command, command_id=command_id)
        if isinstance(answer, Answer):
            self.sent[command_id] = replace(sent, seq=answer.seq)
        return answer

    def _way(self, ticket: str) -> CaseClient:
        return self.team if self.team is not None and is_filed(ticket) else self.client

    async def status(self, ticket: str) -> Status:
        """See base class."""
        return await self.client.status(ticket)
