"""Linked cases: what an incident asks of each of its escalations, once per bulletin.

`escalation.lifecycle.decisions.notifying` says what the overseer of a linked case still hears from the case itself.
"""

from datetime import datetime

from escalation.case import commands, events
from escalation.case.state import State
from escalation.case.values import InLanguage
from escalation.copies import shared
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.checks import some_text
from escalation.lifecycle.decisions.conversation import say
from escalation.lifecycle.decisions.notifying import notify_overseer
from escalation.lifecycle.draft import Draft
from escalation.messages import keys, notices
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ClockName

Bulletin = commands.RelayBulletin | commands.ProposeResolution | commands.WithdrawProposal
"""What comes under the number of a bulletin."""


def link_incident(draft: Draft, command: commands.LinkIncident) -> None:
    """Link the case to an incident; a no-op if it is linked already."""
    linked = draft.state.incident
    some_text(command.incident, "incident")
    if linked and linked != command.incident:
        raise InvalidCommand(f"it is linked to the incident `{linked}`; unlink it there first")
    if not linked:
        draft.record(events.IncidentLinked(at=draft.now, incident=command.incident, by=command.by))


def unlink_incident(draft: Draft, command: commands.UnlinkIncident) -> None:
    """Unlink the case from an incident; a no-op if it is not linked."""
    if draft.state.incident == command.incident:
        draft.record(events.IncidentUnlinked(at=draft.now, incident=command.incident, by=command.by))


def relay_bulletin(draft: Draft, command: commands.RelayBulletin) -> None:
    """Send the customer the update, once; a time in it becomes a promise, unless it has passed on the way here.

    It replaces the promise of an earlier bulletin. A promise that a person made for this case alone stays: then the letter
    names no time of the incident.
    """
    some_text(command.text, "text")
    next_by = _if_ahead(command.next_by, draft.now)
    if _is_promised_apart(draft.state):
        next_by = None
    if _is_known(draft.state, command.incident, command.number):
        return
    draft.record(events.BulletinRelayed(at=draft.now, incident=command.incident, number=command.number))
    words = _in_language(command, draft.state.customer.language)
    said = commands.TellCustomer(by=command.by, text=words.text, next_step=words.next_step, next_by=next_by)
    say(draft, said, key=keys.addressed(_key(command)), incident=command.incident, pages=command.page)
    _page(draft, command)


def _is_promised_apart(state: State) -> bool:
    run = state.runs.get(ClockName.PROMISE)
    return run is not None and not run.incident


def propose_resolution(draft: Draft, command: commands.ProposeResolution) -> None:
    """Tell the person who has the case, once, that the cause is fixed; they resolve it, or not."""
    some_text(command.solution, "solution")
    if _is_known(draft.state, command.incident, command.number):
        return
    draft.record(events.ResolutionProposed(at=draft.now, **shared(command, events.ResolutionProposed)))
    holder = draft.state.holder
    draft.notify(holder, _proposal(draft.state), key=_key(command))
    _page(draft, command)


def withdraw_proposal(draft: Draft, command: commands.WithdrawProposal) -> None:
    """Tell the person who has the case, or resolved it, once, that the solution did not hold."""
    some_text(command.why, "why")
    if _is_known(draft.state, command.incident, command.number):
        return
    draft.record(events.ProposalWithdrawn(at=draft.now, **shared(command, events.ProposalWithdrawn)))
    notice = notices.Words(kind=NoticeKind.PROPOSAL_WITHDRAWN, text=command.why)
    draft.notify(draft.state.holder, notice, key=_key(command))
    _page(draft, command)


def remind_of_proposal(draft: Draft) -> None:
    """Remind the person who just took the case of a solution that was proposed before."""
    if draft.state.proposal:
        draft.notify(draft.state.owner, _proposal(draft.state))


def _in_language(command: commands.RelayBulletin, tag: str) -> InLanguage:
    """The bulletin in the customer's language, such as `de-AT`; in the one for all others where it is not written in it."""
    language = tag.replace("_", "-").partition("-")[0].lower()
    others = InLanguage(language="", text=command.text, next_step=command.next_step)
    return next((one for one in command.languages if one.language.lower() == language), others)


def _is_known(state: State, incident: str, number: int) -> bool:
    """Whether it took this bulletin before; also where it was unlinked since."""
    if number <= state.bulletins.get(incident, 0):
        return True
    if state.incident != incident:
        raise InvalidCommand(f"it is not linked to the incident `{incident}`")
    return False


def _if_ahead(at: datetime | None, now: datetime) -> datetime | None:
    """The instant, unless it has passed."""
    if at is not None and at.tzinfo is None:
        raise InvalidCommand("`next_by` has no time zone; write it with an offset, such as +00:00")
    return at if at is not None and at > now else None


def _proposal(state: State) -> notices.Words:
    return notices.Words(kind=NoticeKind.RESOLUTION_PROPOSED, text=state.proposal)


def _page(draft: Draft, command: Bulletin) -> None:
    if command.page and draft.policy.ladder.overseer not in command.heard:
        bulletin = notices.Bulletin(incident=command.incident, number=command.number)
        notify_overseer(draft, bulletin, key=_key(command))


def _key(command: Bulletin) -> str:
    return keys.bulletin(command.incident, command.number)
