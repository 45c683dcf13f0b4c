"""Conversation: messages and questions to the customer, with what they promise, and internal notes."""

from dataclasses import replace
from datetime import UTC, timedelta

from escalation.case import commands, events
from escalation.case.state import State
from escalation.clocks.answers import answer_by
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.checks import frustration_level, in_the_future, must_say_what, some_text
from escalation.lifecycle.decisions.guidance import must_be_on_the_list, with_set
from escalation.lifecycle.decisions.packet import warn_of_repeats
from escalation.lifecycle.decisions.promises import keep_promise, must_leave_no_promise, promise
from escalation.lifecycle.decisions.wording import check_wording
from escalation.lifecycle.draft import Draft
from escalation.lifecycle.folding.kept import QUOTED_KEPT
from escalation.messages import facts, notices
from escalation.notice_kinds import NoticeKind
from escalation.plain import one_line
from escalation.vocabulary import ACTIVE, ClockName, Reading

QUOTED = 200  # characters of a customer's message in a notice; the timeline has all of it
A_MOMENT = timedelta(minutes=1)  # in which the message that opened a case is sent to it


def add_note(draft: Draft, command: commands.AddNote) -> None:
    """Write down progress. A step that was tried before is written down too, and said to be one."""
    some_text(command.text, "text")
    must_be_on_the_list(draft.state, draft.policy, command.checked)
    warn_of_repeats(draft, (command.tried,), command.by)
    draft.record(
        events.Noted(at=draft.now, by=command.by, text=command.text, tried=command.tried, checked=command.checked)
    )
    if command.duplicate and command.by != draft.state.holder:
        draft.notify(draft.state.holder, _about_duplicate(command))


def _about_duplicate(command: commands.AddNote) -> notices.Words:
    if command.undone:
        return notices.Words(kind=NoticeKind.NO_DUPLICATE, text=command.duplicate)
    apart = command.apart
    return notices.Words(kind=NoticeKind.DUPLICATE_APART if apart else NoticeKind.DUPLICATE, text=command.duplicate)


def tell_customer(draft: Draft, command: commands.TellCustomer) -> None:
    """Send the customer an update; a time in it becomes a promise."""
    some_text(command.text, "text")
    if command.next_by is not None and draft.state.stage not in ACTIVE:
        raise InvalidCommand(
            "`next_by` promises a time for a case that is resolved; `reopen` it first, or leave it out"
        )
    if command.next_by is not None:
        must_say_what(command.next_step)
        must_leave_no_promise(draft.state, replaces=command.replaces, keeps=command.fulfils_promise)
    elif command.replaces:
        raise InvalidCommand("`replaces` needs the new time; name it with `next_by`, or `withdraw` the promise")
    check_wording(draft, command.by, (command.text, command.next_step), anyway=command.anyway)
    say(draft, command)


def make_promise(draft: Draft, command: commands.MakePromise) -> None:
    """Give the customer an ETA."""
    some_text(command.what, "what")
    in_the_future(command.at, draft.now, "at")
    must_leave_no_promise(draft.state, replaces=command.replaces)
    if command.why and not command.replaces:
        raise InvalidCommand("`why` says why another promise no longer holds; set `replaces` with it, or leave it out")
    check_wording(draft, command.by, (command.what, command.why), anyway=command.anyway)
    said = commands.TellCustomer(by=command.by, text=command.what, next_by=command.at, replaces=command.replaces)
    say(draft, said, promised=command.what, why=command.why)


def request_information(draft: Draft, command: commands.RequestInformation) -> None:
    """Ask the customer; the case waits on them."""
    question = with_set(draft.state, draft.policy, command.question, command.question_set)
    some_text(question, "question")
    check_wording(draft, command.by, (question,), anyway=command.anyway)
    draft.record(events.InformationRequested(at=draft.now, by=command.by, question=question))
    draft.tell_customer(facts.Question(question=question))


def notify_of_reply(draft: Draft, command: commands.RecordCustomerReply) -> None:
    """Notify the person who has the case, or resolved it, of what the customer wrote, or chose too late.

    Not of the words with which the case was opened a moment ago: the message that brought them the case has those.
    """
    state = draft.state
    words = command.text.strip()[:QUOTED_KEPT]
    if words and state.opening_words == words and draft.now - state.opened_at < A_MOMENT:
        return
    notice = notices.Words(
        kind=NoticeKind.CHOSE_LATE if command.as_ is Reading.CHOICE else NoticeKind.CUSTOMER_REPLIED,
        text=quoted(command.text),
        due=answer_by(draft.state, draft.policy, is_owed=True),
    )
    draft.notify(draft.state.holder, notice)


def quoted(text: str) -> str:
    """The text; of a longer one the beginning, cut between two words and with an ellipsis."""
    text = text.strip()
    return text if len(text) <= QUOTED else f"{text[: QUOTED - 1].rsplit(maxsplit=1)[0]}…"


def change_frustration(draft: Draft, command: commands.ChangeFrustration) -> None:
    """Correct how frustrated the customer is."""
    frustration_level(command.level)
    if command.level != draft.state.frustration:
        draft.record(
            events.FrustrationChanged(at=draft.now, old=draft.state.frustration, new=command.level, by=command.by)
        )


def say(
    draft: Draft,
    said: commands.TellCustomer,
    *,
    key: str = "",
    promised: str = "",
    why: str = "",
    incident: str = "",
    pages: bool = False,
) -> None:
    """Send the customer an update; a time in it becomes a promise, in place of one that is open.

    Args:
        said: What, by whom, and what comes next by when.
        key: The business key; otherwise the letter is numbered.
        promised: What the letter names as the next step, where it says nothing else.
        why: Why the promise that it replaces no longer holds, for the customer.
        incident: Name of the incident whose bulletin it is.
        pages: As in `Promised`.
    """
    if said.next_by is not None:
        in_the_future(said.next_by, draft.now, "next_by")
    draft.record(events.CustomerTold(at=draft.now, by=said.by, text=said.text, next_step=said.next_step))
    if said.fulfils_promise:  # after what was said: a letter that never arrives has kept no promise
        keep_promise(draft, said.by)
    replaced, next_step = None, promised or said.next_step
    if said.next_by is not None:
        what, eta = said.next_step or said.text, said.next_by.astimezone(UTC)
        replaced = promise(
            draft, events.Promised(at=draft.now, what=what, eta=eta, by=said.by, incident=incident, pages=pages)
        )
    update = facts.Update(text=said.text, next_step=next_step, next_by=said.next_by)
    if replaced is not None:
        update = replace(update, replaces=replaced[0], replaces_at=replaced[1], replaced_because=why)
    draft.tell_customer(update, key=key)


def owes_answer(state: State) -> bool:
    """Whether the customer wrote something that no one has answered."""
    return ClockName.NEXT_RESPONSE in state.runs


def warn_of_unanswered(draft: Draft) -> None:
    """Say which words of the customer end without an answer of their own."""
    state = draft.state
    if state.unanswered and ClockName.NEXT_RESPONSE in draft.policy.clocks:
        count, latest = len(state.unanswered), state.unanswered[-1]
        what = "the choice is" if latest.is_choice else "one message is"
        many = f"{what} unanswered" if count == 1 else f"{count} messages are unanswered, the latest"
        said = quoted(one_line(latest.text)) or f"{latest.score} of 5"
        draft.warn(f'{many}: "{said}"')
    if state.set_aside:
        is_one = state.set_aside == 1
        held = "one message is" if is_one else f"{state.set_aside} messages are"
        draft.warn(
            f"{held} held back by the contact limit and not read; read {'it' if is_one else 'them'} in the timeline"
        )
