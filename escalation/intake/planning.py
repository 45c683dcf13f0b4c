"""Plans what an event of a ticket does to its escalation.

The mapping's section `then:` chooses among the outcomes in `escalation.intake.outcomes`; this is where they are carried out.
"""

from collections.abc import Callable, Mapping
from functools import partial

from escalation.addresses import same_address
from escalation.case import commands
from escalation.intake import subject
from escalation.intake.delivery import DeskEvent, DeskStatus, EventKind, Known, Plan
from escalation.intake.presses import acknowledged, button
from escalation.intake.source import Source
from escalation.intake.values import word_of
from escalation.program_texts import ProgramText
from escalation.vocabulary import ACTIVE, CUSTOMER, CancelCause, Outcome, Reason, Stage, TicketNews

_FINISHED = frozenset({DeskStatus.SOLVED, DeskStatus.CLOSED})


def plan(event: DeskEvent, source: Source, known: Known) -> Plan:
    """Plan an event: the commands for the ticket's escalation, or the reason to ignore it.

    Args:
        source: Where it came from.
        known: What is known on our side.
    """
    ticket = source.ticket_of(event.ticket) if event.ticket else ""
    try:
        one = subject.Planning(event, source, known, ticket)
        one.check()
        return Plan(ticket=ticket, commands=_HANDLERS[event.kind](one))
    except subject.NothingToDo as nothing:
        return Plan(ticket=ticket, ignored=str(nothing))
    except subject.CannotBeDone as problem:
        lacks_customer = isinstance(problem, subject.UnknownCustomer)
        return Plan(ticket=ticket, ignored=str(problem), problem=str(problem), lacks_customer=lacks_customer)


def _opened(one: subject.Planning) -> subject.Commands:
    if (
        not one.source.escalating_tags.isdisjoint(map(word_of, one.event.tags))
        and one.source.then["tagged"] != "nothing"
    ):
        return _tagged(one)
    chosen = one.choice("opened")
    _must_need_one(one)
    return (one.opening(asked_for=chosen == "open"),)


def _tagged(one: subject.Planning) -> subject.Commands:
    asking = sorted(one.source.escalating_tags & set(map(word_of, one.event.tags)))
    if not asking:
        raise subject.NothingToDo("none of the tags asks for an escalation")
    chosen = one.choice("tagged")
    _must_need_one(one)
    evidence = ProgramText.TAGGED.say(tag=asking[0], where=one.source.place)
    return (one.opening(asked_for=chosen == "open", evidence=evidence),)


def _must_need_one(one: subject.Planning) -> None:
    """Refuse to escalate a ticket that is finished there, or escalated already."""
    if one.event.status in _FINISHED:
        raise subject.NothingToDo(f"the ticket is {one.event.status} there")
    if one.known.stage in ACTIVE:
        raise subject.NothingToDo("the ticket is escalated already")
    if one.event.kind is EventKind.OPENED and one.known.stage is not None:
        # Some products show the ticket at each change: its old tag must not escalate it once more.
        raise subject.NothingToDo("the ticket was escalated before; a new tag or a reopening escalates it again")


def _message(one: subject.Planning) -> subject.Commands:
    event = one.event
    if event.author.is_machine:
        raise subject.NothingToDo("it is automatic, so it is not an answer")
    if one.is_customer:
        return _customer_wrote(one)
    one.must_be_escalated()
    if event.is_automatic:
        raise subject.NothingToDo("it is automatic, and not from the customer")
    if not event.is_public and not event.author.is_customer:
        chosen = one.choice("noted")
        one.must_be_escalated(ACTIVE | {Stage.RESOLVED})
        return (commands.AddNote(by=one.by, text=one.words(named=True)),) if chosen else ()
    if not (event.author.is_agent or one.person):
        return _someone_else_wrote(one)
    chosen = one.choice("agent_wrote")
    if chosen == "note":
        one.must_be_escalated(ACTIVE | {Stage.RESOLVED})
        return (commands.AddNote(by=one.by, text=one.words(named=True)),)
    one.must_be_escalated(ACTIVE | {Stage.RESOLVED, Stage.CLOSED})
    return (
        commands.RecordUpdate(
            by=one.by, text=one.words(ProgramText.ASIDE_ANSWERED.say(where=one.source.place), named=True)
        ),
    )


def _someone_else_wrote(one: subject.Planning) -> subject.Commands:
    # Notify who has the case; what is too long for that is a note as well.
    stage, said = one.must_be_escalated(ACTIVE | {Stage.RESOLVED, Stage.CLOSED}), one.words(named=True)
    is_noted = len(said) > subject.IN_A_REMARK and stage is not Stage.CLOSED
    note = (commands.AddNote(by=one.by, text=said),) if is_noted else ()
    return (*note, one.news(TicketNews.UNKNOWN_AUTHOR, said))


def _customer_wrote(one: subject.Planning) -> subject.Commands:
    if one.known.stage is None:
        chosen = one.choice("customer_elsewhere")
        if one.event.is_automatic:
            raise subject.NothingToDo("it is automatic, and the ticket is not escalated")
        return (one.opening(asked_for=False),) if chosen else ()
    chosen, automatic = one.choice("customer_wrote"), one.event.is_automatic
    if chosen == "note" and not automatic:
        one.must_be_escalated(ACTIVE | {Stage.RESOLVED})
        return (commands.AddNote(by=one.by, text=one.words(named=True)),)
    text = one.words(ProgramText.ASIDE_NO_TEXT.say(where=one.source.place), named=False)
    return (commands.RecordCustomerReply(text=text, automatic=automatic),)


def _status(one: subject.Planning) -> subject.Commands:
    now, before = one.event.status, one.event.status_before
    if now is None:
        raise subject.NothingToDo("the mapping does not know this status")
    if now is DeskStatus.CLOSED and before is DeskStatus.SOLVED:
        return _finished(one, "closed")
    if now in _FINISHED:
        return _finished(one, "solved") if before not in _FINISHED else _unchanged()
    if before in _FINISHED:
        return _reopened(one)
    raise subject.NothingToDo(f"the status {now} in the help desk changes nothing here")


def _unchanged() -> subject.Commands:
    raise subject.NothingToDo("it was solved before")


def _finished(one: subject.Planning, name: str) -> subject.Commands:
    chosen = one.choice(name)
    if chosen == "resolve" and not one.known.promise:  # only a person knows what became of the promise
        one.must_be_escalated(frozenset({Stage.WORKING, Stage.WAITING_ON_CUSTOMER}))
        solution = one.event.text or ProgramText.SOLVED.say(ticket=one.event.ticket)
        return (
            commands.Resolve(by=one.person or one.known.owner or one.by, outcome=Outcome.SOLVED, solution=solution),
        )
    one.must_be_escalated(ACTIVE)
    return (one.news(TicketNews.SOLVED, one.event.text),)


def _reopened(one: subject.Planning) -> subject.Commands:
    one.choice("reopened")
    stage = one.must_be_escalated()
    if stage in ACTIVE:
        return (one.news(TicketNews.REOPENED, one.event.text),)
    why = one.event.text or ProgramText.REOPENED.say(where=one.source.place)
    if one.known.reopens:
        return (commands.Reopen(by=one.by, why=why),)
    return (one.opening(asked_for=True, reasons=(Reason.UNRESOLVED,), evidence=why[: subject.IN_A_REMARK]),)


def _priority(one: subject.Planning) -> subject.Commands:
    chosen, severity = one.choice("priority"), one.event.severity
    one.must_be_escalated(ACTIVE)
    if not one.event.priority:
        raise subject.NothingToDo("the ticket no longer has a priority in the help desk")
    if word_of(one.event.priority) == word_of(one.known.priority_before):
        # Some products show it with each change; what a person made of it here since stays.
        raise subject.NothingToDo(f"the priority there is `{one.event.priority}` as before")
    if severity is None:
        raise subject.NothingToDo(f"the mapping gives no severity for the priority `{one.event.priority}`")
    now = one.known.severity
    if severity is now:
        raise subject.NothingToDo(f"the case is {severity} already")
    if chosen == "raise" and now is not None and severity > now:
        raise subject.NothingToDo(f"the case is {now}, and a lower priority there does not lower it")
    why = ProgramText.PRIORITY.say(priority=one.event.priority, where=one.source.place)
    return (commands.ChangeSeverity(by=one.by, severity=severity, why=why),)


def _assigned(one: subject.Planning) -> subject.Commands:
    chosen, assignee = one.choice("assigned"), one.event.assignee
    one.must_be_escalated(ACTIVE)
    if not assignee.id:
        raise subject.NothingToDo("no one owns the ticket in the help desk now")
    person = one.known.people.get(assignee.id, "")
    if not person:
        raise subject.NothingToDo(f"the agent `{assignee.id}` of {one.source.title} is not mapped to a person")
    if person == one.known.owner:
        raise subject.NothingToDo(f"{person} has the case already")
    if person == one.known.offered_to and one.person in ("", person):
        return (commands.Acknowledge(by=person),)
    if chosen == "take":
        raise subject.NothingToDo(
            f"the case is not offered to {person}; the owner is decided here, not in the help desk"
        )
    return (commands.Reassign(by=one.by, to=person, why=ProgramText.ASSIGNED.say(where=one.source.place)),)


def _merged(one: subject.Planning) -> subject.Commands:
    chosen = one.choice("merged")
    one.must_be_escalated(ACTIVE | {Stage.RESOLVED})
    target = one.source.ticket_of(one.event.merged_into) if one.event.merged_into else ""
    if target == one.ticket:
        raise subject.NothingToDo("another ticket was merged into this one")
    is_escalated = target in one.known.escalated
    if chosen == "duplicate" and is_escalated:
        why = ProgramText.MERGED.say(where=one.source.place)
        return (commands.Cancel(by=one.by, cause=CancelCause.DUPLICATE, duplicate_of=target, why=why),)
    return (one.news(TicketNews.MERGED, one.event.text, target),)


def _deleted(one: subject.Planning) -> subject.Commands:
    one.choice("deleted")
    one.must_be_escalated(ACTIVE | {Stage.RESOLVED, Stage.CLOSED})
    return (one.news(TicketNews.SPAM if one.event.kind is EventKind.SPAM else TicketNews.DELETED),)


def _restored(one: subject.Planning) -> subject.Commands:
    one.choice("restored")
    one.must_be_escalated(ACTIVE | {Stage.RESOLVED, Stage.CLOSED})
    return (one.news(TicketNews.RESTORED),)


def _requester(one: subject.Planning) -> subject.Commands:
    one.choice("requester")
    one.must_be_escalated(ACTIVE | {Stage.RESOLVED, Stage.CLOSED})
    said, known = one.event.customer, one.known.customer
    if known is not None and (said.id == known.id or same_address(said.address, known.address)):
        raise subject.NothingToDo("it is the customer of the case")
    return (one.news(TicketNews.NEW_REQUESTER, said.name or said.address or said.id),)


def _bounced(one: subject.Planning) -> subject.Commands:
    one.must_be_escalated()
    event, to = one.event, one.event.assignee.id
    failed, customer = event.customer.address, one.known.customer
    is_customers = to == CUSTOMER and not (
        failed in one.known.people and customer is not None and not same_address(failed, customer.address)
    )
    if not event.value:
        raise subject.NothingToDo("it does not say which letter bounced")
    if to == CUSTOMER and not is_customers:
        raise subject.NothingToDo(f"it is the copy to {one.known.people[failed]} that did not arrive")
    if event.action == "failed":
        return (commands.RecordBounce(by=one.by, key=event.value, to="" if to == CUSTOMER else to),)
    if not is_customers:
        raise subject.NothingToDo("it is still being retried")
    return (commands.RecordCustomerReply(by=one.by, text=event.text, automatic=True),)


_HANDLERS: Mapping[EventKind, Callable[[subject.Planning], subject.Commands]] = {
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
    EventKind.REQUESTER: _requester,
    EventKind.ACKNOWLEDGED: acknowledged,
    EventKind.BUTTON: button,
    EventKind.BOUNCED: _bounced,
}
