"""Commands of the people who work on a case."""

from dataclasses import asdict, dataclass

from cyclopts import App, Group, Parameter

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    ApplyPolicy,
    Cancel,
    ChangeFrustration,
    ChangeSeverity,
    Decline,
    Escalate,
    Packet,
    Pause,
    Reassign,
    Reopen,
    Resolve,
    Resume,
    SetDue,
    SubmitReview,
)
from escalation.vocabulary import CancelCause, ClockName, Outcome, Reason, Severity
from starter.cli.case.sending import Sender
from starter.cli.context import Context
from starter.cli.exits import BadInput
from starter.cli.files import read_packet
from starter.cli.parameters import Asked, Frustration, Instant, JsonFile, PolicyVersion, Ticket
from starter.cli.texts import SomeText, SomeTexts, Word, WrittenText


@Parameter(name="*", group=Group("Hand-off packet"))
@dataclass(frozen=True, slots=True, kw_only=True)
class PacketOptions:
    """What the next owner must know; names as in `escalation.case.commands.Packet`.

    Attributes:
        concern: What the customer needs, best in their own words.
        tried: A step already taken; repeat it for each. Those noted in the case come on top.
        nothing_tried: Nothing was tried yet.
        evidence: An error, a log, a link; repeat it for each.
        no_evidence: Why there is no evidence.
        proposed: A possible solution; repeat it for each.
    """

    concern: SomeText = ""
    tried: SomeTexts = ()
    evidence: SomeTexts = ()
    proposed: SomeTexts = ()
    nothing_tried: bool = False
    no_evidence: SomeText = ""


class CaseCommands:
    """What an owner, or somebody who oversees, does with a case."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._send = Sender(context)

    async def acknowledge(self, ticket: Ticket, *, packet_read: bool = False, asked: Asked) -> None:
        """Take the case that was offered to you.

        Args:
            ticket: Ticket number, or the escalation's full id.
            packet_read: You have read the hand-off packet; the policy may insist on that.
            asked: Who asks, and the command's id.
        """
        await self._send(ticket, Acknowledge(by=asked.by, packet_read=packet_read), asked)

    async def decline(self, ticket: Ticket, *, why: WrittenText, asked: Asked) -> None:
        """Give an offer back; it goes to the next person at once."""
        await self._send(ticket, Decline(by=asked.by, why=why), asked)

    async def note(self, ticket: Ticket, text: WrittenText, *, tried: SomeText = "", asked: Asked) -> None:
        """Write down progress; the customer does not see it.

        Args:
            ticket: Ticket number, or the escalation's full id.
            text: What you did or found.
            tried: A step you took, kept for the hand-off packet.
            asked: Who asks, and the command's id.
        """
        await self._send(ticket, AddNote(by=asked.by, text=text, tried=tried), asked)

    async def change_severity(self, ticket: Ticket, severity: Severity, *, why: WrittenText, asked: Asked) -> None:
        """Correct the severity; running clocks get their new targets."""
        await self._send(ticket, ChangeSeverity(severity=severity, by=asked.by, why=why), asked)

    async def set_due(
        self,
        ticket: Ticket,
        clock: ClockName,
        *,
        at: Instant | None = None,
        policy: bool = False,
        why: WrittenText,
        asked: Asked,
    ) -> None:
        """Name the instant at which a running clock falls due; no pause, severity or policy moves it then.

        Args:
            ticket: Ticket number, or the escalation's full id.
            clock: Which clock.
            at: The instant with its offset, such as 2026-03-27T16:00+01:00.
            policy: Instead: give the clock back to the policy.
            why: Why it is due then.
            asked: Who asks, and the command's id.
        """
        if (at is None) is not policy:
            raise BadInput("write --at 2026-03-27T16:00+01:00, or --policy to give the clock back to the policy")
        await self._send(ticket, SetDue(clock=clock, at=at, by=asked.by, why=why), asked)

    async def apply_policy(
        self, ticket: Ticket, policy: Word, *, version: PolicyVersion = 0, why: WrittenText, asked: Asked
    ) -> None:
        """Let the case follow another policy, or another version, from now on; running clocks get its targets.

        Args:
            ticket: Ticket number, or the escalation's full id.
            policy: Name of the policy.
            version: Which version of it; the newest when not given.
            why: Why it changes.
            asked: Who asks, and the command's id.
        """
        command = ApplyPolicy(policy=policy, version=version, by=asked.by, why=why)
        await self._send(ticket, command, asked)

    async def change_frustration(self, ticket: Ticket, level: Frustration, *, asked: Asked) -> None:
        """Correct how frustrated the customer is: 0 is calm, 4 is furious."""
        await self._send(ticket, ChangeFrustration(level=level, by=asked.by), asked)

    async def escalate(
        self,
        ticket: Ticket,
        *,
        why: SomeText = "",
        trigger: Reason | None = None,
        packet: PacketOptions | None = None,
        file: JsonFile | None = None,
        asked: Asked,
    ) -> None:
        """Hand the case, with what is known of it, up the ladder.

        Args:
            ticket: Ticket number, or the escalation's full id.
            why: Why the next tier is needed; customer_asked and agent_unable speak for themselves.
            trigger: A hard reason; it leads to the tier that its lane names, if that is further up.
            packet: What is known of it.
            file: The packet as JSON, fields as the options below; `-` reads standard input.
            asked: Who asks, and the command's id.
        """
        given = Packet(**asdict(packet or PacketOptions()))
        handed_over = read_packet(given, file, self._context.stdin)
        await self._send(ticket, Escalate(by=asked.by, why=why, packet=handed_over, trigger=trigger), asked)

    async def reassign(self, ticket: Ticket, to: Word, *, why: WrittenText, asked: Asked) -> None:
        """Offer the case to a particular person.

        Args:
            ticket: Ticket number, or the escalation's full id.
            to: Id of that person.
            why: Why this one.
            asked: Who asks, and the command's id.
        """
        await self._send(ticket, Reassign(to=to, by=asked.by, why=why), asked)

    async def pause(self, ticket: Ticket, *, why: WrittenText, asked: Asked) -> None:
        """Wait for a third party; clocks that the policy lets pause stand still."""
        await self._send(ticket, Pause(by=asked.by, why=why), asked)

    async def resume(self, ticket: Ticket, *, asked: Asked) -> None:
        """The third party delivered; clocks go on."""
        await self._send(ticket, Resume(by=asked.by), asked)

    async def resolve(
        self, ticket: Ticket, *, outcome: Outcome, solution: WrittenText, root_cause: SomeText = "", asked: Asked
    ) -> None:
        """Record the solution and tell the customer."""
        command = Resolve(by=asked.by, outcome=outcome, solution=solution, root_cause=root_cause)
        await self._send(ticket, command, asked)

    async def reopen(self, ticket: Ticket, *, why: WrittenText, asked: Asked) -> None:
        """It is not solved after all: back to the previous owner."""
        await self._send(ticket, Reopen(by=asked.by, why=why), asked)

    async def cancel(self, ticket: Ticket, *, cause: CancelCause, why: SomeText = "", asked: Asked) -> None:
        """Call the escalation off."""
        await self._send(ticket, Cancel(by=asked.by, cause=cause, why=why), asked)

    async def submit_review(
        self, ticket: Ticket, *, root_cause: WrittenText, prevention: WrittenText, asked: Asked
    ) -> None:
        """Write down what was learned from a closed escalation."""
        command = SubmitReview(by=asked.by, root_cause=root_cause, prevention=prevention)
        await self._send(ticket, command, asked)


def register(app: App, context: Context) -> None:
    """Add these commands to the command line."""
    of = CaseCommands(context)
    for command in (
        of.acknowledge,
        of.decline,
        of.note,
        of.change_severity,
        of.set_due,
        of.apply_policy,
        of.change_frustration,
        of.escalate,
        of.reassign,
        of.pause,
        of.resume,
        of.resolve,
        of.reopen,
        of.cancel,
        of.submit_review,
    ):
        app.command(command)
