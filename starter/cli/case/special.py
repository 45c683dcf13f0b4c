"""Commands that one option for each field of a dataclass cannot say."""

from dataclasses import asdict, dataclass

from cyclopts import Group, Parameter

from escalation.case.commands import Escalate, OfferOptions, Packet, SetDue
from escalation.vocabulary import ClockName, Reason
from starter.cli.case.sending import send
from starter.cli.context import InContext
from starter.cli.exits import BadInput
from starter.cli.files import read_options, read_packet
from starter.cli.open_tables import opening_page
from starter.cli.parameters import Asked, Instant, JsonFile, Ticket
from starter.cli.texts import SomeText, SomeTexts, WrittenText
from starter.undoing import undo_cancel as undo


@Parameter(name="*", group=Group("Hand-off packet"))
@dataclass(frozen=True, slots=True, kw_only=True)
class PacketOptions:
    """What the next owner must know; names as in `escalation.case.commands.Packet`.

    Attributes:
        concern: What the customer needs, ideally in their own words.
        tried: A step already taken; repeat it for each. Steps noted in the case are added.
        nothing_tried: State that nothing was tried yet.
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


async def escalate(
    ticket: Ticket,
    *,
    why: SomeText = "",
    trigger: Reason | None = None,
    packet: PacketOptions | None = None,
    file: JsonFile | None = None,
    asked: Asked,
    context: InContext,
) -> None:
    """Move the case up the ladder, with its hand-off packet.

    Args:
        ticket: Ticket number, or the escalation's full id.
        why: Why the next tier is needed; not required for customer_asked and agent_unable.
        trigger: A hard reason; moves the case to the tier of its lane, if that is higher.
        packet: What is known of it.
        file: The packet as JSON, fields as the options below; `-` reads standard input.
        asked: Who asks, and the command's id.
    """
    given = Packet(**asdict(packet or PacketOptions()))
    handed_over = read_packet(given, file, context.stdin)
    await send(context, ticket, Escalate(by=asked.by, why=why, packet=handed_over, trigger=trigger), asked)


async def offer_options(
    ticket: Ticket,
    *,
    option: SomeTexts = (),
    pro: SomeTexts = (),
    con: SomeTexts = (),
    file: JsonFile | None = None,
    default: str = "",
    anyway: bool = False,
    asked: Asked,
    context: InContext,
) -> None:
    """Offer the customer solutions to choose from.

    Args:
        ticket: Ticket number, or the escalation's full id.
        option: A solution, as ID=TITLE; repeat it for each.
        pro: What speaks for one, as ID=TEXT.
        con: What speaks against one, as ID=TEXT.
        file: All of them as a JSON list of `id`, `title`, `pros`, `cons`; `-` reads standard input.
        default: Id of the option to take if the customer does not choose in time.
        anyway: Send it despite the warning about its wording; the timeline records that.
        asked: Who asks, and the command's id.
    """
    options = read_options(option, pro, con, file, context.stdin)
    ids = [offered.id for offered in options]
    if default and default not in ids:
        raise BadInput(f"--default {default}: is not one of the options; write one of {', '.join(ids)}")
    await send(context, ticket, OfferOptions(options=options, by=asked.by, default=default, anyway=anyway), asked)


async def set_due(
    ticket: Ticket,
    clock: ClockName,
    *,
    at: Instant | None = None,
    policy: bool = False,
    why: WrittenText,
    asked: Asked,
    context: InContext,
) -> None:
    """Set the instant at which a running clock is due; pauses, severity and policy no longer change it.

    Args:
        ticket: Ticket number, or the escalation's full id.
        clock: Which clock.
        at: The instant with its offset, such as 2026-03-27T16:00+01:00.
        policy: Return the clock to the policy instead.
        why: Why it is due then.
        asked: Who asks, and the command's id.
    """
    if (at is None) is not policy:
        raise BadInput("write --at 2026-03-27T16:00+01:00, or --policy to give the clock back to the policy")
    await send(context, ticket, SetDue(clock=clock, at=at, by=asked.by, why=why), asked)


async def undo_cancel(ticket: Ticket, *, why: WrittenText, asked: Asked, context: InContext) -> None:
    """Undo a cancellation: the ticket escalates again, its last owner is asked first, and the customer is informed.

    Args:
        ticket: Ticket number.
        why: How it came to be cancelled by mistake, for the team.
        asked: Who asks.
    """
    opening = await undo(await context.cases(), ticket, by=asked.by, why=why, now=context.now())
    context.out.document(opening, opening_page(opening))
