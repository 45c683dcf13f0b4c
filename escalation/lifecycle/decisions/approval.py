"""Approval: a person with enough authority decides what the owner may not grant alone."""

from escalation.case import events
from escalation.case.commands import Approve, RecordApprover, RefuseApproval, RequestApproval
from escalation.case.state import State
from escalation.case.state_parts import OpenApproval
from escalation.clocks.deadlines import target_instant
from escalation.copies import shared
from escalation.errors import InvalidCommand, NotAllowed
from escalation.lifecycle.decisions.checks import must_be_owner, some_text
from escalation.lifecycle.decisions.wording import check_wording
from escalation.lifecycle.draft import Draft
from escalation.messages import facts, notices
from escalation.messages.effects import FindApprover
from escalation.notice_kinds import NoticeKind
from escalation.people import colleague
from escalation.policy import Ladder
from escalation.vocabulary import ApprovalKind, ClockName

# Who asked is another person than who decides.
_ASKER = frozenset({"by"})
OVERSEER_DECIDES = 0  # stands for a tier where no tier's authority is enough


def request_approval(draft: Draft, command: RequestApproval) -> None:
    """Ask for a refund or an exception. A second request replaces an undecided one."""
    state, ladder = draft.state, draft.policy.ladder
    must_be_owner(state, command.by)
    some_text(command.why, "why")
    _sensible_amount(command)
    tier = deciding_tier(state, ladder, command.what, command.amount)
    if tier == state.tier or command.by == ladder.overseer:
        draft.record(
            events.GrantedWithinAuthority(
                at=draft.now, currency=draft.policy.currency, **shared(command, events.GrantedWithinAuthority)
            )
        )
        return
    if state.approval is not None:
        draft.warn(f"the request for a {state.approval.in_words} was not decided yet; this one takes its place")
        withdraw_approval(draft, is_replaced=True)
    asked = OpenApproval(
        number=state.approvals + 1, tier=tier, currency=draft.policy.currency, **shared(command, OpenApproval)
    )
    draft.record(events.ApprovalRequested(at=draft.now, **shared(asked, events.ApprovalRequested)))
    if tier == OVERSEER_DECIDES:
        _ask(draft, asked, ladder.overseer)
    else:
        draft.ask(FindApprover(approval=asked.number, tier=tier, authority=asked.amount, besides=(asked.by,)))


def deciding_tier(state: State, ladder: Ladder, what: ApprovalKind, amount: int) -> int:
    """The tier that decides: the owner's own, else the lowest with enough authority, else the overseer.

    An exception without a price is never the owner's own to make: the tier above decides.
    """
    if what is ApprovalKind.EXCEPTION and amount == 0:
        return state.tier + 1 if state.tier < ladder.top else OVERSEER_DECIDES
    if ladder.tier(state.tier).authority >= amount:
        return state.tier
    covering = (number for number, tier in enumerate(ladder.tiers, start=1) if tier.authority >= amount)
    return next(covering, OVERSEER_DECIDES)


def record_approver(draft: Draft, command: RecordApprover) -> None:
    """Ask the person who can decide; without one, the overseer decides."""
    asked = draft.state.approval
    if asked is not None and asked.number == command.approval and not asked.approver:
        _ask(draft, asked, colleague(command.person) or draft.policy.ladder.overseer)


def approve(draft: Draft, command: Approve) -> None:
    """Grant it; notify the owner, and the customer if the approver says so."""
    asked = _decided(draft, command.by)
    said = shared(asked, events.ApprovalGranted, besides=_ASKER)
    draft.record(events.ApprovalGranted(at=draft.now, by=command.by, **said))
    granted = notices.Decision(kind=NoticeKind.APPROVAL_GRANTED, approval=as_shown(asked))
    _tell_holder(draft, granted, command.by)
    if command.tell_customer:
        draft.tell_customer(facts.ApprovalGranted(approval=asked.what, amount=asked.amount))


def refuse_approval(draft: Draft, command: RefuseApproval) -> None:
    """Refuse it; notify the owner, and the customer with the reason."""
    asked = _decided(draft, command.by)
    some_text(command.explanation, "explanation")
    check_wording(draft, command.by, (command.explanation,), anyway=command.anyway)
    said = shared(asked, events.ApprovalRefused, besides=_ASKER)
    draft.record(events.ApprovalRefused(at=draft.now, explanation=command.explanation, by=command.by, **said))
    refused = notices.Decision(
        kind=NoticeKind.APPROVAL_REFUSED, approval=as_shown(asked), explanation=command.explanation
    )
    _tell_holder(draft, refused, command.by)
    draft.tell_customer(
        facts.ApprovalRefused(approval=asked.what, amount=asked.amount, explanation=command.explanation)
    )


def seek_approver_besides(draft: Draft, asked: OpenApproval, left: str, *, or_else: str) -> None:
    """Ask another person, because the one who was asked left the team.

    Args:
        left: Who left.
        or_else: Who decides where only the overseer could, and it is the overseer who left.
    """
    overseer = draft.policy.ladder.overseer
    if asked.tier == OVERSEER_DECIDES:
        _ask(draft, asked, or_else if overseer == left else overseer)
    else:
        draft.ask(
            FindApprover(approval=asked.number, tier=asked.tier, authority=asked.amount, besides=(asked.by, left))
        )


def withdraw_approval(draft: Draft, *, is_replaced: bool = False) -> None:
    """Withdraw an open request and notify the approver: another one takes its place, or the case has ended."""
    asked = draft.state.approval
    if asked is not None:
        if not is_replaced:
            draft.warn(f"the request for a {asked.in_words} was not decided yet; it is withdrawn")
        draft.notify(asked.approver, notices.NoLongerNeeded(approval=as_shown(asked), is_replaced=is_replaced))


def as_shown(asked: OpenApproval) -> notices.Approval:
    """The request as notices show it."""
    return notices.Approval(**shared(asked, notices.Approval))


def _ask(draft: Draft, asked: OpenApproval, person: str) -> None:
    draft.record(events.ApproverAsked(at=draft.now, number=asked.number, person=person))
    due = target_instant(draft.state, draft.policy, ClockName.APPROVAL)
    draft.notify(person, notices.Decision(kind=NoticeKind.APPROVAL_ASKED, approval=as_shown(asked), due=due))


def _sensible_amount(command: RequestApproval) -> None:
    if command.amount < 0 or (command.amount == 0 and command.what is ApprovalKind.REFUND):
        raise InvalidCommand(f"`amount` is {command.amount}; write how much, in whole units of the policy's currency")


def _decided(draft: Draft, by: str) -> OpenApproval:
    """The open request, if this person may decide on it: who was asked, and the overseer always."""
    asked, overseer = draft.state.approval, draft.policy.ladder.overseer
    if asked is None:
        raise InvalidCommand("no approval is asked for; it was decided, withdrawn, or never requested")
    if by not in (asked.approver, overseer):
        who = f"`{asked.approver}` was asked" if asked.approver else "the search for an approver is still running"
        also = "" if asked.approver == overseer else f"; `{overseer}` may decide as well"
        raise NotAllowed(f"{who} to decide on this, not `{by}`{also}")
    return asked


def _tell_holder(draft: Draft, notice: notices.Decision, by: str) -> None:
    holder = draft.state.holder
    if holder != by:
        draft.notify(holder, notice)
