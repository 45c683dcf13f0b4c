"""Commands about what is said between the team and the customer."""

from datetime import datetime, timedelta
from typing import Annotated

from cyclopts import App, Parameter

from escalation.case.commands import (
    AnswerSurvey,
    Choose,
    MakePromise,
    OfferOptions,
    RecordBounce,
    RecordCustomerReply,
    RequestInformation,
    TellCustomer,
)
from starter.cli.case.sending import Sender
from starter.cli.context import Context
from starter.cli.exits import BadInput
from starter.cli.files import read_options
from starter.cli.parameters import Asked, CustomerAsked, Instant, JsonFile, Score, Ticket, WallTime, either
from starter.cli.texts import SomeText, SomeTexts, Word, WrittenText


class CustomerCommands:
    """What the team tells the customer, and what comes back."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._send = Sender(context)

    async def tell_customer(
        self,
        ticket: Ticket,
        text: WrittenText,
        *,
        next_step: SomeText = "",
        next_by: Instant | None = None,
        next_in: WallTime | None = None,
        fulfils_promise: bool = False,
        asked: Asked,
    ) -> None:
        """Send the customer an update.

        Args:
            ticket: Ticket number, or the escalation's full id.
            text: The update.
            next_step: What happens next.
            next_by: By when, as an instant with its offset; becomes a promise.
            next_in: The same as a duration from now, such as 2h.
            fulfils_promise: This is what was promised.
            asked: Who asks, and the command's id.
        """
        by_when = either(next_by, next_in, self._context.now(), names=("--next-by", "--next-in"))
        command = TellCustomer(
            by=asked.by, text=text, next_step=next_step, next_by=by_when, fulfils_promise=fulfils_promise
        )
        await self._send(ticket, command, asked)

    async def request_information(self, ticket: Ticket, question: WrittenText, *, asked: Asked) -> None:
        """Ask the customer something; the case waits on them until they answer."""
        await self._send(ticket, RequestInformation(by=asked.by, question=question), asked)

    async def customer_replied(
        self, ticket: Ticket, text: WrittenText, *, automatic: bool = False, asked: CustomerAsked | None = None
    ) -> None:
        """Pass on what the customer wrote.

        Args:
            ticket: Ticket number, or the escalation's full id.
            text: What they wrote.
            automatic: A machine wrote it, such as an out-of-office reply; it is kept and changes no clock.
            asked: Who asks, and the command's id.
        """
        asked = asked or CustomerAsked()
        await self._send(ticket, RecordCustomerReply(text=text, by=asked.by, automatic=automatic), asked)

    async def delivery_bounced(self, ticket: Ticket, *, key: Word | None = None, asked: Asked) -> None:
        """Report that a letter to the customer came back; the clocks it had stopped run again.

        Args:
            ticket: Ticket number, or the escalation's full id.
            key: Key of the letter, as the timeline shows it; without one, the latest letter, once.
            asked: Who asks, and the command's id.
        """
        await self._send(ticket, RecordBounce(key=key or "", by=asked.by), asked)

    async def promise(
        self,
        ticket: Ticket,
        what: WrittenText,
        *,
        at: Instant | None = None,
        in_: Annotated[WallTime | None, Parameter(name="--in")] = None,
        asked: Asked,
    ) -> None:
        """Give the customer an ETA; it replaces one that has not lapsed.

        Args:
            ticket: Ticket number, or the escalation's full id.
            what: What is promised.
            at: Until when, as an instant with its offset, such as 2026-03-27T16:00+01:00.
            in_: The same as a duration from now, such as 2h.
            asked: Who asks, and the command's id.
        """
        await self._send(ticket, MakePromise(what=what, at=self._eta(at, in_), by=asked.by), asked)

    async def offer_options(
        self,
        ticket: Ticket,
        *,
        option: SomeTexts = (),
        pro: SomeTexts = (),
        con: SomeTexts = (),
        file: JsonFile | None = None,
        default: str = "",
        asked: Asked,
    ) -> None:
        """Offer the customer solutions to choose from.

        Args:
            ticket: Ticket number, or the escalation's full id.
            option: A solution, as ID=TITLE; repeat it for each.
            pro: What speaks for one, as ID=TEXT.
            con: What speaks against one, as ID=TEXT.
            file: All of them as a JSON list of `id`, `title`, `pros`, `cons`; `-` reads standard input.
            default: Id of the one taken when the customer does not choose in time.
            asked: Who asks, and the command's id.
        """
        options = read_options(option, pro, con, file, self._context.stdin)
        if default and default not in {offered.id for offered in options}:
            raise BadInput(
                f"--default {default}: is none of the options; write one of {', '.join(offered.id for offered in options)}"
            )
        await self._send(ticket, OfferOptions(options=options, by=asked.by, default=default), asked)

    async def choose(self, ticket: Ticket, option: Word, *, asked: CustomerAsked | None = None) -> None:
        """Pass on which option the customer chose, by its id."""
        asked = asked or CustomerAsked()
        await self._send(ticket, Choose(option=option, by=asked.by), asked)

    async def answer_survey(
        self, ticket: Ticket, score: Score, *, comment: SomeText = "", asked: CustomerAsked | None = None
    ) -> None:
        """Pass on how satisfied the customer is: 1 is not at all, 5 is very."""
        asked = asked or CustomerAsked()
        await self._send(ticket, AnswerSurvey(score=score, comment=comment, by=asked.by), asked)

    def _eta(self, at: datetime | None, after: timedelta | None) -> datetime:
        eta = either(at, after, self._context.now(), names=("--at", "--in"))
        if eta is None:
            raise BadInput("a promise needs a time; write --at 2026-03-27T16:00+01:00 or --in 2h")
        return eta


def register(app: App, context: Context) -> None:
    """Add these commands to the command line."""
    of = CustomerCommands(context)
    for command in (
        of.tell_customer,
        of.request_information,
        of.customer_replied,
        of.delivery_bounced,
        of.promise,
        of.offer_options,
        of.choose,
        of.answer_survey,
    ):
        app.command(command)
