"""What an event of a ticket means for its escalation.

The mapping's section `then:` chooses among the outcomes in `escalation.intake.outcomes`; this is where they are carried out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    Cancel,
    ChangeSeverity,
    Decline,
    OpenByTriage,
    Reassign,
    RecordCustomerReply,
    RecordTicketNews,
    RecordUpdate,
    Reopen,
    Resolve,
    SupportCommand,
)
from escalation.case.values import Customer
from escalation.intake.delivery import Author, DeskEvent, DeskStatus, EventKind, Known, Plan
from escalation.intake.source import Source
from escalation.intake.values import word_of
from escalation.messages.buttons import pressed
from escalation.people import colleague
from escalation.triage.facts import TicketFacts
from escalation.vocabulary import ACTIVE, CancelCause, Outcome, Reason, Severity, Stage, TicketNews

Commands = tuple[SupportCommand | OpenByTriage, ...]
_FINISHED = frozenset({DeskStatus.SOLVED, DeskStatus.CLOSED})
_ORDERED = {
    EventKind.STATUS: "status",
    EventKind.SOLVED: "status",
    EventKind.CLOSED: "status",
    EventKind.REOPENED: "status",
    EventKind.PRIORITY: "priority",
    EventKind.ASSIGNED: "assignee",
    EventKind.DELETED: "existence",
    EventKind.SPAM: "existence",
    EventKind.RESTORED: "existence",
}
_IN_A_REMARK = 1_900


class _NothingToDo(Exception):
    """There is nothing to do; the message says why."""


class _CannotBeDone(Exception):
    """Something should be done, and cannot be; the message says why."""


def order_group(event: DeskEvent) -> str:
    """Events of one group replace each other: one that is older than the newest applied is dropped. Empty: each counts."""
    return _ORDERED.get(event.kind, "")


def plan(event: DeskEvent, source: Source, known: Known) -> Plan:
    """What to ask of the ticket's escalation.

    Args:
        event: As read.
        source: Where it came from.
        known: What is known on our side.
    """
    ticket = source.ticket_of(event.ticket) if event.ticket else ""
    try:
        return Plan(ticket=ticket, commands=_Planning(event, source, known, ticket).commands())
    except _NothingToDo as nothing:
        return Plan(ticket=ticket, ignored=str(nothing))
    except _CannotBeDone as problem:
        return Plan(ticket=ticket, ignored=str(problem), problem=str(problem))


class _Planning:
    """One event, and what is known of it."""

    def __init__(self, event: DeskEvent, source: Source, known: Known, ticket: str) -> None:
        self.event, self.source, self.known, self.ticket = event, source, known, ticket
        self.person = known.people.get(event.author.id, "") if event.author.id else ""

    def commands(self) -> Commands:
        event = self.event
        if event.problem:
            raise _CannotBeDone(event.problem)
        if event.kind is EventKind.OTHER:
            raise _NothingToDo(f"{f'`{event.what}`' if event.what else 'it'} means nothing for an escalation")
        if event.is_ours:
            raise _NothingToDo("we wrote it ourselves")
        newest = self.known.latest.get(order_group(event)) if order_group(event) else None
        if newest is not None and event.at is not None and event.at < newest:
            raise _NothingToDo(f"it is older than what was applied, of {newest:%Y-%m-%d %H:%M:%S} UTC")
        return _HANDLERS[event.kind](self)

    def choice(self, name: str) -> str:
        """What the mapping chose.

        Raises:
            _NothingToDo: Nothing.
        """
        chosen = self.source.then[name]
        if chosen == "nothing":
            raise _NothingToDo(f"the mapping says that nothing follows from `{name}`")
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
        if author.is_machine or author.is_agent or self.person:
            return False
        if author.is_customer:
            return True
        ids = {customer.id, customer.address.casefold()} if customer else set()
        return bool(ids & {author.id, author.address.casefold()} - {""})

    def must_be_escalated(self, stages: frozenset[Stage] | None = None) -> Stage:
        """The stage of the case.

        Raises:
            _NothingToDo: There is none, or it is in no such stage.
        """
        if self.known.stage is None:
            raise _NothingToDo("the ticket is not escalated")
        if stages is not None and self.known.stage not in stages:
            raise _NothingToDo(f"the case is {self.known.stage.replace('_', ' ')}")
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
            summary=event.subject or _first_line(event.text) or f"{self.source.title} {event.ticket}",
            customer=customer,
            by=self.by,
            severity=severity,
            or_category=self.source.usual_category,
            reasons=reasons,
            evidence=tuple(each for each in (evidence, event.url) if each),
            facts=TicketFacts(
                subject=event.subject,
                text=event.text,
                language=customer.language,
                tags=event.tags,
                severity=severity,
            ),
            regardless=asked_for,
        )

    def _customer(self) -> Customer:
        """The customer as the event names them; what it leaves open as we know them.

        Raises:
            _CannotBeDone: There is no address to which a letter could go.
        """
        said, known = self.event.customer, self.known.customer
        address = said.address or (known.address if known else "")
        if not address:
            raise _CannotBeDone(
                f"neither {self.source.title} nor a case names the customer's mail address; add it to the webhook's body, "
                "or configure an API key so that the ticket can be read"
            )
        if known is None:
            language = self.event.language or "en"
            return Customer(id=said.id or address, name=said.name or address, address=address, language=language)
        return replace(known, id=said.id or known.id, name=said.name or known.name, address=address)

    def words(self, otherwise: str = "", *, named: bool) -> str:
        """What was written, with the names of attachments.

        Args:
            otherwise: What to say where the webhook does not carry the text.
            named: Whether to begin with who wrote it, where that person is not known to us.

        Raises:
            _NothingToDo: Nothing was.
        """
        event = self.event
        attached = f"[Attached: {', '.join(event.attachments)}]" if event.attachments else ""
        said = "\n\n".join(each for each in (event.text, attached) if each) or otherwise
        if not said:
            raise _NothingToDo("it says nothing")
        author = event.author.name if named and not self.person else ""
        return (f"{author} in {self.source.title}: {said}" if author else said)[:400_000]

    def news(self, what: TicketNews, said: str = "", other: str = "") -> RecordTicketNews:
        return RecordTicketNews(by=self.by, news=what, text=said[:_IN_A_REMARK], other_ticket=other)


def _opened(one: _Planning) -> Commands:
    if (
        not one.source.escalating_tags.isdisjoint(map(word_of, one.event.tags))
        and one.source.then["tagged"] != "nothing"
    ):
        return _tagged(one)
    chosen = one.choice("opened")
    _must_need_one(one)
    return (one.opening(asked_for=chosen == "open"),)


def _tagged(one: _Planning) -> Commands:
    asking = sorted(one.source.escalating_tags & set(map(word_of, one.event.tags)))
    if not asking:
        raise _NothingToDo("none of the tags asks for an escalation")
    chosen = one.choice("tagged")
    _must_need_one(one)
    evidence = f"Tagged `{asking[0]}` in {one.source.title}."
    return (one.opening(asked_for=chosen == "open", evidence=evidence),)


def _must_need_one(one: _Planning) -> None:
    """Refuse to escalate a ticket that is finished there, or escalated already."""
    if one.event.status in _FINISHED:
        raise _NothingToDo(f"the ticket is {one.event.status} there")
    if one.known.stage in ACTIVE:
        raise _NothingToDo("the ticket is escalated already")


def _message(one: _Planning) -> Commands:
    event = one.event
    if event.author.is_machine:
        raise _NothingToDo("a machine wrote it, so it answers nothing")
    if one.is_customer:
        return _customer_wrote(one)
    one.must_be_escalated()
    if not event.is_public:
        chosen = one.choice("noted")
        one.must_be_escalated(ACTIVE | {Stage.RESOLVED})
        return (AddNote(by=one.by, text=one.words(named=True)),) if chosen else ()
    if not (event.author.is_agent or one.person):
        one.must_be_escalated(ACTIVE | {Stage.RESOLVED, Stage.CLOSED})
        return (one.news(TicketNews.UNKNOWN_AUTHOR, one.words(named=True)),)
    chosen = one.choice("agent_wrote")
    if chosen == "note":
        one.must_be_escalated(ACTIVE | {Stage.RESOLVED})
        return (AddNote(by=one.by, text=one.words(named=True)),)
    one.must_be_escalated(ACTIVE | {Stage.RESOLVED, Stage.CLOSED})
    return (RecordUpdate(by=one.by, text=one.words("answered the customer", named=True)),)


def _customer_wrote(one: _Planning) -> Commands:
    if one.known.stage is None:
        chosen = one.choice("customer_elsewhere")
        return (one.opening(asked_for=False),) if chosen else ()
    chosen, automatic = one.choice("customer_wrote"), one.event.is_automatic
    if chosen == "note" and not automatic:
        one.must_be_escalated(ACTIVE | {Stage.RESOLVED})
        return (AddNote(by=one.by, text=one.words(named=True)),)
    text = one.words(f"[Written in {one.source.title}; the webhook did not carry the text.]", named=False)
    return (RecordCustomerReply(text=text, automatic=automatic),)


def _status(one: _Planning) -> Commands:
    now, before = one.event.status, one.event.status_before
    if now is None:
        raise _NothingToDo("the mapping does not know this status")
    if now is DeskStatus.CLOSED and before is DeskStatus.SOLVED:
        return _finished(one, "closed")
    if now in _FINISHED:
        return _finished(one, "solved") if before not in _FINISHED else _unchanged()
    if before in _FINISHED:
        return _reopened(one)
    raise _NothingToDo(f"that it is {now} there changes nothing here")


def _unchanged() -> Commands:
    raise _NothingToDo("it was solved before")


def _finished(one: _Planning, name: str) -> Commands:
    chosen = one.choice(name)
    if chosen == "resolve":
        one.must_be_escalated(frozenset({Stage.WORKING, Stage.WAITING_ON_CUSTOMER}))
        solution = one.event.text or f"Your ticket {one.event.ticket} was solved."
        return (Resolve(by=one.person or one.known.owner or one.by, outcome=Outcome.SOLVED, solution=solution),)
    one.must_be_escalated(ACTIVE)
    return (one.news(TicketNews.SOLVED, one.event.text),)


def _reopened(one: _Planning) -> Commands:
    one.choice("reopened")
    stage = one.must_be_escalated()
    if stage in ACTIVE:
        return (one.news(TicketNews.REOPENED, one.event.text),)
    why = one.event.text or f"Reopened in {one.source.title}."
    if one.known.reopens:
        return (Reopen(by=one.by, why=why),)
    return (one.opening(asked_for=True, reasons=(Reason.UNRESOLVED,), evidence=why[:_IN_A_REMARK]),)


def _priority(one: _Planning) -> Commands:
    chosen, severity = one.choice("priority"), one.event.severity
    one.must_be_escalated(ACTIVE)
    if severity is None:
        raise _NothingToDo(f"the mapping gives no severity for the priority `{one.event.priority}`")
    now = one.known.severity
    if severity is now:
        raise _NothingToDo(f"the case is {severity} already")
    if chosen == "raise" and now is not None and severity > now:
        raise _NothingToDo(f"the case is {now}, and a lower priority there does not lower it")
    return (ChangeSeverity(by=one.by, severity=severity, why=f"{one.source.title}: priority {one.event.priority}"),)


def _assigned(one: _Planning) -> Commands:
    chosen, assignee = one.choice("assigned"), one.event.assignee
    one.must_be_escalated(ACTIVE)
    if not assignee.id:
        raise _NothingToDo("no one has the ticket there now")
    person = one.known.people.get(assignee.id, "")
    if not person:
        raise _NothingToDo(f"the agent `{assignee.id}` of {one.source.title} is not mapped to a person")
    if person == one.known.owner:
        raise _NothingToDo(f"{person} has the case already")
    if person == one.known.offered_to and one.person in ("", person):
        return (Acknowledge(by=person),)
    if chosen == "take":
        raise _NothingToDo(f"the case is not offered to {person}; who has it is decided here")
    return (Reassign(by=one.by, to=person, why=f"Assigned in {one.source.title}."),)


def _merged(one: _Planning) -> Commands:
    chosen = one.choice("merged")
    one.must_be_escalated(ACTIVE | {Stage.RESOLVED})
    target = one.source.ticket_of(one.event.merged_into) if one.event.merged_into else ""
    if target == one.ticket:
        raise _NothingToDo("another ticket was merged into this one")
    is_escalated = target in one.known.escalated
    if chosen == "duplicate" and is_escalated:
        why = f"Merged in {one.source.title}."
        return (Cancel(by=one.by, cause=CancelCause.DUPLICATE, duplicate_of=target, why=why),)
    return (one.news(TicketNews.MERGED, one.event.text, target),)


def _deleted(one: _Planning) -> Commands:
    one.choice("deleted")
    one.must_be_escalated(ACTIVE | {Stage.RESOLVED, Stage.CLOSED})
    return (one.news(TicketNews.SPAM if one.event.kind is EventKind.SPAM else TicketNews.DELETED),)


def _restored(one: _Planning) -> Commands:
    one.choice("restored")
    one.must_be_escalated(ACTIVE | {Stage.RESOLVED, Stage.CLOSED})
    return (one.news(TicketNews.RESTORED),)


def _acknowledged(one: _Planning) -> Commands:
    one.choice("acknowledged")
    one.must_be_escalated()
    person = _acting(one)
    if person == one.known.owner:
        raise _NothingToDo(f"{person} has the case already")
    if person != one.known.offered_to:
        raise _NothingToDo(f"the case is not offered to {person}")
    return (Acknowledge(by=person),)


def _button(one: _Planning) -> Commands:
    one.choice("button")
    one.must_be_escalated()
    person, event = _acting(one), one.event
    button = pressed(event.action, event.value)
    if button is not None and button.to != person:
        raise _NothingToDo(f"the button was for {button.to}, and {person} pressed it")
    asked = button.answer if button else word_of(event.action)
    if asked in ("acknowledge", "ack", "decline") and person != one.known.offered_to:
        raise _NothingToDo(f"the case is not offered to {person}")
    if asked in ("acknowledge", "ack"):
        return (Acknowledge(by=person, packet_read=button is not None and button.reads_packet),)
    if asked == "decline":
        return (Decline(by=person, why=one.event.text or f"Declined in {one.source.title}."),)
    raise _NothingToDo(f"`{one.event.action}` is none of our buttons")


def _acting(one: _Planning) -> str:
    """The person who acts, by the id they have there.

    Raises:
        _NothingToDo: No one of ours has that id.
    """
    if one.person:
        return one.person
    author: Author = one.event.author
    who = f"the user `{author.id}` of {one.source.title} is" if author.id else "the person who did it is"
    raise _NothingToDo(f"{who} not mapped to a person, and no one acts under a name")


def _first_line(text: str) -> str:
    lines: Iterable[str] = (line.strip() for line in text[:2_000].splitlines())
    return next((line[:200] for line in lines if line), "")


_HANDLERS: Mapping[EventKind, Callable[[_Planning], Commands]] = {
    EventKind.OPENED: _opened,
    EventKind.TAGGED: _tagged,
    EventKind.MESSAGE: _message,
    EventKind.STATUS: _status,
    EventKind.SOLVED: partial(_finished, name="solved"),
    EventKind.CLOSED: partial(_finished, name="closed"),
    EventKind.REOPENED: _reopened,
    EventKind.PRIORITY: _priority,
    EventKind.ASSIGNED: _assigned,
    EventKind.MERGED: _merged,
    EventKind.DELETED: _deleted,
    EventKind.SPAM: _deleted,
    EventKind.RESTORED: _restored,
    EventKind.ACKNOWLEDGED: _acknowledged,
    EventKind.BUTTON: _button,
}
