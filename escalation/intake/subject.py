"""The input of `escalation.intake.planning`: one event, and what is known about its ticket."""

from dataclasses import replace

from escalation.addresses import same_address
from escalation.case.commands import OpenByTriage, RecordTicketNews, SupportCommand
from escalation.case.values import Customer
from escalation.intake.delivery import LONGEST_ID, DeskEvent, EventKind, Known
from escalation.intake.source import Source
from escalation.people import colleague
from escalation.program_texts import ProgramText
from escalation.triage.facts import LONGEST_TEXT, TicketFacts
from escalation.vocabulary import Reason, Severity, Stage, TicketNews

Commands = tuple[SupportCommand | OpenByTriage, ...]
ORDERED = {
    EventKind.STATUS: "status",
    EventKind.SOLVED: "status",
    EventKind.CLOSED: "status",
    EventKind.REOPENED: "status",
    EventKind.PRIORITY: "priority",
    EventKind.ASSIGNED: "assignee",
    EventKind.DELETED: "existence",
    EventKind.SPAM: "existence",
    EventKind.RESTORED: "existence",
    EventKind.REQUESTER: "requester",
}
IN_A_REMARK = 1_900  # characters that a remark may have, with room for what surrounds them


class NothingToDo(Exception):
    """There is nothing to do; the message says why."""


class CannotBeDone(Exception):
    """Something should be done, and cannot be; the message says why."""


class UnknownCustomer(CannotBeDone):
    """There is no address to which a letter could go."""


def order_group(event: DeskEvent) -> str:
    """Events of one group replace each other: one that is older than the newest applied is dropped. Empty: each counts."""
    return ORDERED.get(event.kind, "")


class Planning:
    """One event, and what is known of it."""

    def __init__(self, event: DeskEvent, source: Source, known: Known, ticket: str) -> None:
        self.event, self.source, self.known, self.ticket = event, source, known, ticket
        self.person = known.people.get(event.author.id, "") if event.author.id else ""

    def check(self) -> None:
        """Refuse what means nothing, is our own, or is older than what was applied.

        Raises:
            NothingToDo: As above.
            CannotBeDone: It could not be read.
        """
        event = self.event
        if event.problem:
            raise CannotBeDone(event.problem)
        if event.kind is EventKind.OTHER:
            raise NothingToDo(f"{f'`{event.what}`' if event.what else 'it'} means nothing for an escalation")
        if event.is_ours:
            raise NothingToDo("we wrote it ourselves")
        newest = self.known.latest.get(order_group(event)) if order_group(event) else None
        if newest is not None and event.at is not None and event.at < newest:
            raise NothingToDo(f"it is older than the event applied last, of {newest:%Y-%m-%d %H:%M:%S} UTC")

    def choice(self, name: str) -> str:
        """The mapping's choice.

        Raises:
            NothingToDo: Nothing.
        """
        chosen = self.source.then[name]
        if chosen == "nothing":
            raise NothingToDo(f"the mapping ignores `{name}`")
        return chosen

    @property
    def by(self) -> str:
        """The person with us, else the source and the author's id there: no one acts under a name."""
        name = f"{self.source.name}:{self.event.author.id}" if self.event.author.id else self.source.name
        return self.person or (name if colleague(name) else self.source.title)[:200]

    @property
    def is_customer(self) -> bool:
        """Whether the customer wrote it, by the vendor's word or because it is their id or address."""
        author, customer = self.event.author, self.known.customer
        if author.is_machine or self.person:
            return False
        if author.is_customer:
            return not self._is_someone_else
        if customer is None:
            return False
        if author.is_agent:
            # A colleague of the company may be the customer; what they note as an agent is a note.
            return self.event.is_public and author.id in {customer.id} - {""}
        return author.id in {customer.id} - {""} or same_address(author.address, customer.address)

    @property
    def _is_someone_else(self) -> bool:
        # Whether the author has another id or address than the customer: to a product, all who are copied are end users.
        author, said = self.event.author, self.event.customer
        named = [each for each in (said, self.known.customer) if each is not None]
        if any(author.id in {each.id} - {""} or same_address(author.address, each.address) for each in named):
            return False
        # An id of ours, or an address in place of an id, is not one of the product's.
        other_id = bool(author.id and said.id and said.id != said.address)
        return other_id or bool(author.address and any(each.address for each in named))

    def must_be_escalated(self, stages: frozenset[Stage] | None = None) -> Stage:
        """The stage of the case.

        Raises:
            NothingToDo: There is none, or it is in no such stage.
        """
        if self.known.stage is None:
            raise NothingToDo("the ticket is not escalated")
        if stages is not None and self.known.stage not in stages:
            raise NothingToDo(f"the case is {self.known.stage.replace('_', ' ')}")
        return self.known.stage

    def opening(self, *, asked_for: bool, reasons: tuple[Reason, ...] = (), evidence: str = "") -> OpenByTriage:
        """The request to escalate the ticket.

        Args:
            asked_for: Whether it escalates whatever triage says.
            reasons: Known already.
            evidence: What led to it.
        """
        event, customer = self.event, self._customer()
        severity = event.severity or (Severity.SEV3 if asked_for else None)
        return OpenByTriage(
            ticket=self.ticket,
            summary=event.subject or first_line(event.text) or f"{self.source.title} {event.ticket}",
            customer=customer,
            by=self.by,
            severity=severity,
            or_category=self.source.usual_category,
            reasons=reasons,
            evidence=tuple(each for each in (evidence, event.url) if each),
            facts=TicketFacts(
                subject=event.subject, text=event.text, language=customer.language, tags=event.tags, severity=severity
            ),
            regardless=asked_for,
            customer_words=self._customer_words(),
        )

    def _customer_words(self) -> str:
        # What the customer wrote: only what surely is theirs, because letters quote it to them.
        event = self.event
        is_theirs = (
            self.is_customer if event.kind is EventKind.MESSAGE else event.author.is_customer and not self.person
        )
        return event.text[:LONGEST_TEXT] if is_theirs else ""

    def _customer(self) -> Customer:
        """The customer as the event names them; what it leaves open as we know them."""
        said, known = self.event.customer, self.known.customer
        address = said.address or (known.address if known else "")
        if not address:
            raise UnknownCustomer(
                f"neither {self.source.title} nor a case names the customer's mail address; add it to the webhook's body, "
                "or configure an API key so that the ticket can be read"
            )
        if known is None:
            language = self.event.language or self.source.usual_language
            zone = self.event.zone or self.source.usual_zone
            # An address may be longer than an id or a name.
            short = address[:LONGEST_ID]
            return Customer(id=said.id or short, name=said.name or short, address=address, language=language, zone=zone)
        return replace(known, id=said.id or known.id, name=said.name or known.name, address=address)

    def words(self, otherwise: str = "", *, named: bool) -> str:
        """The text of the event, with the names of attachments.

        Args:
            otherwise: What to say where the webhook does not carry the text.
            named: Whether to begin with who wrote it, where that person is not known to us.

        Raises:
            NothingToDo: Nothing was.
        """
        event = self.event
        files = ", ".join(event.attachments)
        attached = ProgramText.ASIDE_ATTACHED.say(files=files) if files else ""
        said = "\n\n".join(each for each in (event.text, attached) if each) or otherwise
        if not said:
            raise NothingToDo("it says nothing")
        author = event.author.name if named and not self.person else ""
        return (ProgramText.WROTE.say(author=author, where=self.source.place, said=said) if author else said)[:400_000]

    def news(self, what: TicketNews, said: str = "", other: str = "") -> RecordTicketNews:
        """News of the ticket for the person who has the case."""
        return RecordTicketNews(by=self.by, news=what, text=said[:IN_A_REMARK], other_ticket=other)


def first_line(text: str) -> str:
    """The first line that says something, cut short."""
    lines = (line.strip() for line in text[:2_000].splitlines())
    return next((line[:200] for line in lines if line), "")
