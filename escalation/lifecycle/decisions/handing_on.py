"""Handing on: a colleague takes over what a person who left the team still had to do in a case."""

from escalation.case.commands import HandOn
from escalation.case.events import HandedOn
from escalation.case.state import State
from escalation.case.state_parts import OpenConsult
from escalation.clocks.deadlines import target_instant
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.approval import seek_approver_besides
from escalation.lifecycle.decisions.checks import some_text
from escalation.lifecycle.decisions.learning import action_notice
from escalation.lifecycle.draft import Draft
from escalation.messages import notices
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ClockName, LeftBehind, Stage

_OVER = frozenset({Stage.RESOLVED, Stage.CLOSED})


def hand_on(draft: Draft, command: HandOn) -> None:
    """Give it to a colleague, who learns of each piece; who had asked for advice or approval learns who is asked instead."""
    state, person = draft.state, command.person
    some_text(command.to, "to")
    if command.to == person:
        raise InvalidCommand(f"`to` is `{person}`, whose work is handed on; name a colleague")
    what = left_behind(state, person)
    if not what:
        raise InvalidCommand(f"`{person}` has nothing to hand on here; a case that they have moves by `reassign`")
    handed = HandedOn(
        at=draft.now,
        person=person,
        to=command.to,
        what=what,
        why=command.why,
        by=command.by,
        adviser=_adviser(draft, command.to) if LeftBehind.ADVICE in what else "",
    )
    draft.record(handed)
    _notify_heir(draft, state, handed)
    if state.consult is not None and LeftBehind.ADVICE in what:
        _ask_for_advice(draft, handed, state.consult)
    if state.approval is not None and LeftBehind.APPROVAL in what:
        seek_approver_besides(draft, state.approval, person, or_else=command.to)
        _tell_who_asked(draft, state.approval.by, handed, LeftBehind.APPROVAL, "")


def left_behind(state: State, person: str) -> tuple[LeftBehind, ...]:
    """The tasks of a person in a case, besides owning it or having the offer."""
    theirs = {
        LeftBehind.ADVICE: state.consult is not None and state.consult.to == person,
        LeftBehind.APPROVAL: state.approval is not None and state.approval.approver == person,
        LeftBehind.ACTIONS: any(one.owner == person and one.is_awaited for one in state.actions),
        LeftBehind.AFTERCARE: state.owner == person and state.stage in _OVER,
        LeftBehind.CONTACT: state.contact == person,
    }
    return tuple(what for what, is_theirs in theirs.items() if is_theirs)


def _adviser(draft: Draft, to: str) -> str:
    # Who is asked for advice instead: not the one who asks for it; empty for no one.
    asks = draft.state.consult.by if draft.state.consult else ""
    return next((one for one in (to, draft.policy.ladder.overseer) if one != asks), "")


def _notify_heir(draft: Draft, before: State, handed: HandedOn) -> None:
    # What they have now, without what is asked of another person.
    elsewhere = {LeftBehind.APPROVAL} if handed.adviser == handed.to else {LeftBehind.APPROVAL, LeftBehind.ADVICE}
    theirs = tuple(one for one in handed.what if one not in elsewhere)
    if theirs:
        draft.notify(handed.to, notices.HandedOn(kind=NoticeKind.HANDED_ON, colleague=handed.person, tasks=theirs))
    for old, new in zip(before.actions, draft.state.actions, strict=True):
        if old.owner != new.owner:
            draft.notify(new.owner, action_notice(new, NoticeKind.ACTION_AGREED))


def _ask_for_advice(draft: Draft, handed: HandedOn, asked: OpenConsult) -> None:
    if handed.adviser:
        due = target_instant(draft.state, draft.policy, ClockName.CONSULT)
        draft.notify(handed.adviser, notices.Words(kind=NoticeKind.CONSULTED, text=asked.question, due=due))
    _tell_who_asked(draft, asked.by, handed, LeftBehind.ADVICE, handed.adviser)


def _tell_who_asked(draft: Draft, person: str, handed: HandedOn, what: LeftBehind, instead: str) -> None:
    if person != handed.by:
        draft.notify(
            person,
            notices.HandedOn(kind=NoticeKind.ASKED_INSTEAD, colleague=handed.person, tasks=(what,), instead=instead),
        )
