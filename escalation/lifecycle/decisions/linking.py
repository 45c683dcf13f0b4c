"""Linked cases: many escalations, one cause.

What the incident explains is told to the overseer by the incident, once per bulletin, and not by each case. While a case
is linked and no solution was proposed, its overseer hears nothing of

- warnings, holding updates, skipped tiers and slow searches for an owner, and
- broken promises of the clocks `resolution` and `customer_update`: the cause is not mended yet, and the next bulletin is
  the update.

What only people explain is told as ever: broken promises of the other clocks, messages that reach nobody, and that the
overseer has to hold the case. Nothing is withheld from an owner, overseer or not, and all of it stands in the timeline. A proposed
solution, or an unlinking, ends the silence: from then on the case waits for its own owner again. Where the solution did
not hold, the silence begins anew.
"""

from datetime import datetime

from escalation.case.commands import (
    LinkIncident,
    ProposeResolution,
    RelayBulletin,
    TellCustomer,
    UnlinkIncident,
    WithdrawProposal,
)
from escalation.case.events import (
    BulletinRelayed,
    IncidentLinked,
    IncidentUnlinked,
    ProposalWithdrawn,
    ResolutionProposed,
)
from escalation.case.state import State
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.checks import some_text
from escalation.lifecycle.decisions.conversation import say
from escalation.lifecycle.draft import Draft
from escalation.messages.effects import Notice
from escalation.vocabulary import CUSTOMER, ClockName, NoticeKind

Bulletin = RelayBulletin | ProposeResolution | WithdrawProposal
"""What comes under the number of a bulletin."""

_EXPLAINED = frozenset(
    {
        NoticeKind.WARNING,
        NoticeKind.HOLDING_UPDATE_SENT,
        NoticeKind.TIER_SKIPPED,
        NoticeKind.ASSIGNMENT_DELAYED,
    }
)
_EXPLAINED_CLOCKS = frozenset({ClockName.RESOLUTION, ClockName.CUSTOMER_UPDATE})


def link_incident(draft: Draft, command: LinkIncident) -> None:
    """It is about this incident; nothing happens where that is known.

    Raises:
        InvalidCommand: It is about another one.
    """
    linked = draft.state.incident
    some_text(command.incident, "incident")
    if linked and linked != command.incident:
        raise InvalidCommand(f"it is linked to the incident `{linked}`; unlink it there first")
    if not linked:
        draft.record(IncidentLinked(at=draft.now, incident=command.incident, by=command.by))


def unlink_incident(draft: Draft, command: UnlinkIncident) -> None:
    """It is not about this incident; nothing happens where that is known."""
    if draft.state.incident == command.incident:
        draft.record(IncidentUnlinked(at=draft.now, incident=command.incident, by=command.by))


def relay_bulletin(draft: Draft, command: RelayBulletin) -> None:
    """Send the customer the update, once; a time in it becomes a promise, unless it has passed on the way here.

    Raises:
        InvalidCommand: It is not linked to this incident, the bulletin says nothing, or its time has no zone.
    """
    some_text(command.text, "text")
    next_by = _if_ahead(command.next_by, draft.now)
    if _is_known(draft.state, command.incident, command.number):
        return
    draft.record(BulletinRelayed(at=draft.now, incident=command.incident, number=command.number))
    said = TellCustomer(by=command.by, text=command.text, next_step=command.next_step, next_by=next_by)
    say(draft, said, key=f"{_key(command)}/{CUSTOMER}")
    _page(draft, command)


def propose_resolution(draft: Draft, command: ProposeResolution) -> None:
    """Tell whoever has the case, once, that the cause is mended; they resolve it, or not.

    Raises:
        InvalidCommand: It is not linked to this incident, or the solution says nothing.
    """
    some_text(command.solution, "solution")
    if _is_known(draft.state, command.incident, command.number):
        return
    draft.record(
        ResolutionProposed(
            at=draft.now,
            incident=command.incident,
            number=command.number,
            solution=command.solution,
            root_cause=command.root_cause,
            by=command.by,
        )
    )
    holder = draft.state.owner or draft.state.offered_to
    draft.notify(holder, _proposal(draft.state), key=_key(command))
    _page(draft, command)


def withdraw_proposal(draft: Draft, command: WithdrawProposal) -> None:
    """Tell whoever has the case, or resolved it, once, that the solution did not hold.

    Raises:
        InvalidCommand: It is not linked to this incident, or the reason says nothing.
    """
    some_text(command.why, "why")
    if _is_known(draft.state, command.incident, command.number):
        return
    draft.record(
        ProposalWithdrawn(
            at=draft.now, incident=command.incident, number=command.number, why=command.why, by=command.by
        )
    )
    notice = Notice(about=NoticeKind.PROPOSAL_WITHDRAWN, text=command.why)
    draft.notify(draft.state.owner or draft.state.offered_to, notice, key=_key(command))
    _page(draft, command)


def remind_of_proposal(draft: Draft) -> None:
    """Whoever just took the case learns of a solution that was proposed before."""
    if draft.state.proposal:
        draft.notify(draft.state.owner, _proposal(draft.state))


def notify_overseer(draft: Draft, notice: Notice, *, key: str = "", clock: ClockName | None = None) -> None:
    """Tell the overseer, unless the incident explains it (see above).

    Args:
        draft: The decision in the making.
        notice: What they are told.
        key: As in `Draft.notify`.
        clock: Which clock it is about, if it is about one.
    """
    overseer = draft.policy.ladder.overseer
    if overseer == draft.state.owner or not _is_explained(draft.state, notice.about, clock):
        draft.notify(overseer, notice, key=key)


def _is_explained(state: State, about: NoticeKind, clock: ClockName | None) -> bool:
    if not state.incident or state.proposal:
        return False
    return about in _EXPLAINED or (about is NoticeKind.BREACH and clock in _EXPLAINED_CLOCKS)


def _is_known(state: State, incident: str, number: int) -> bool:
    """Whether it took this bulletin before; also where it was unlinked since.

    Raises:
        InvalidCommand: It did not, and is not linked to this incident.
    """
    if number <= state.bulletins.get(incident, 0):
        return True
    if state.incident != incident:
        raise InvalidCommand(f"it is not linked to the incident `{incident}`")
    return False


def _if_ahead(at: datetime | None, now: datetime) -> datetime | None:
    """The instant, unless it has passed.

    Raises:
        InvalidCommand: It has no time zone.
    """
    if at is not None and at.tzinfo is None:
        raise InvalidCommand("`next_by` has no time zone; write it with an offset, such as +00:00")
    return at if at is not None and at > now else None


def _proposal(state: State) -> Notice:
    return Notice(about=NoticeKind.RESOLUTION_PROPOSED, text=state.proposal)


def _page(draft: Draft, command: Bulletin) -> None:
    overseer = draft.policy.ladder.overseer
    if command.page and overseer not in command.heard:
        text = f"{command.incident}, bulletin {command.number}"
        draft.notify(overseer, Notice(about=NoticeKind.BULLETIN, text=text), key=_key(command))


def _key(command: Bulletin) -> str:
    return f"bulletin/{command.incident}/{command.number}"
