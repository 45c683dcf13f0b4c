"""Consulting: a colleague is asked for advice, and the case stays with its owner."""

from escalation.case.commands import AnswerConsult, Consult
from escalation.case.events import ConsultAnswered, Consulted
from escalation.clocks.deadlines import target_instant
from escalation.errors import InvalidCommand, NotAllowed
from escalation.lifecycle.decisions.checks import must_be_owner, some_text
from escalation.lifecycle.draft import Draft
from escalation.messages import notices
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ClockName


def consult(draft: Draft, command: Consult) -> None:
    """Ask a colleague. One is asked at a time: another question takes the place of one that is not answered."""
    state = draft.state
    must_be_owner(state, command.by)
    some_text(command.to, "to")
    some_text(command.question, "question")
    if command.to == command.by:
        raise InvalidCommand(f"`to` is `{command.to}`, who owns the case; ask a colleague, or write a `note`")
    if state.consult is not None:
        draft.warn(f"`{state.consult.to}` had not answered what was asked before; this question takes its place")
        if state.consult.to != command.to:
            withdraw_consult(draft, is_replaced=True)
    draft.record(Consulted(at=draft.now, by=command.by, to=command.to, question=command.question))
    due = target_instant(draft.state, draft.policy, ClockName.CONSULT)
    draft.notify(command.to, notices.Words(kind=NoticeKind.CONSULTED, text=command.question, due=due))


def answer_consult(draft: Draft, command: AnswerConsult) -> None:
    """Record the advice and notify the person who has the case now, even if it is late."""
    state = draft.state
    some_text(command.answer, "answer")
    if state.consult is None:
        raise InvalidCommand("no request for advice is open; write a `note`")
    holder = state.holder
    if command.by not in (state.consult.to, holder):
        raise NotAllowed(f"`{state.consult.to}` was asked for advice, not `{command.by}`; write a `note`")
    asked = state.consult.to
    draft.record(ConsultAnswered(at=draft.now, by=command.by, to=asked, answer=command.answer))
    if holder != command.by:
        answered = notices.Advice(kind=NoticeKind.CONSULT_ANSWERED, colleague=asked, text=command.answer)
        draft.notify(holder, answered)


def withdraw_consult(draft: Draft, *, is_replaced: bool = False) -> None:
    """Withdraw an open request for advice and notify the colleague: another one is asked, or the case has ended."""
    if draft.state.consult is not None:
        asked = draft.state.consult
        if not is_replaced:
            draft.warn("the advice that was asked for had not come yet; the question is withdrawn")
        draft.notify(asked.to, notices.NoLongerNeeded(question=asked.question, is_replaced=is_replaced))
