"""Conversation: messages, questions and promises to the customer, and internal notes."""

from datetime import UTC
from typing import Literal

from escalation.case.commands import (
    AddNote,
    ChangeFrustration,
    Choose,
    MakePromise,
    OfferOptions,
    Pause,
    RecordCustomerReply,
    RequestInformation,
    Resume,
    TellCustomer,
)
from escalation.case.events import (
    CustomerReplied,
    CustomerTold,
    FrustrationChanged,
    InformationRequested,
    Noted,
    OptionChosen,
    OptionsOffered,
    Paused,
    Promised,
    PromiseKept,
    PromiseLapsed,
    Resumed,
)
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.checks import frustration_level, in_the_future, some_text
from escalation.lifecycle.decisions.contact_limits import within_limit
from escalation.lifecycle.decisions.packet import warn_of_repeats
from escalation.lifecycle.draft import Draft
from escalation.messages import facts, notices
from escalation.vocabulary import ClockName, MessageKind, NoticeKind, PauseCause, Stage

QUOTED = 200
"""Characters of a customer's message in a notice; the timeline has all of it."""


def add_note(draft: Draft, command: AddNote) -> None:
    """Write down progress. A step that was tried before is written down too, and said to be one.

    Raises:
        InvalidCommand: It says nothing.
    """
    some_text(command.text, "text")
    warn_of_repeats(draft, (command.tried,), command.by)
    draft.record(Noted(at=draft.now, by=command.by, text=command.text, tried=command.tried))


def tell_customer(draft: Draft, command: TellCustomer) -> None:
    """Send the customer an update; a time in it becomes a promise.

    Raises:
        InvalidCommand: It says nothing, or promises a time that has passed.
    """
    some_text(command.text, "text")
    if command.next_by is not None and draft.state.stage is Stage.RESOLVED:
        raise InvalidCommand("`next_by` promises a time for a resolved case; `reopen` it first, or leave it out")
    say(draft, command)


def make_promise(draft: Draft, command: MakePromise) -> None:
    """Give the customer an ETA.

    Raises:
        InvalidCommand: It says nothing, or the time has passed.
    """
    some_text(command.what, "what")
    said = TellCustomer(by=command.by, text=command.what, next_by=command.at)
    say(draft, said, promised=command.what)


def keep_promise(draft: Draft) -> None:
    """What was promised came, if something was promised and has not lapsed; after its time it is not kept."""
    run = draft.state.runs.get(ClockName.PROMISE)
    if run is not None and run.eta is not None:
        in_time = draft.now <= run.eta
        draft.record(PromiseKept(at=draft.now) if in_time else PromiseLapsed(at=draft.now))


def request_information(draft: Draft, command: RequestInformation) -> None:
    """Ask the customer; the case waits on them.

    Raises:
        InvalidCommand: It asks nothing.
    """
    some_text(command.question, "question")
    draft.record(InformationRequested(at=draft.now, by=command.by, question=command.question))
    draft.tell_customer(facts.Question(question=command.question))


def record_customer_reply(draft: Draft, command: RecordCustomerReply) -> None:
    """Record the customer's message and notify the person who has the case, unless it exceeds a contact limit.

    What answers a question of ours always gets through, and never counts. What a machine wrote is only kept.
    """
    if command.automatic:
        draft.record(CustomerReplied(at=draft.now, text=command.text, automatic=True))
        return
    if draft.state.is_paused_by(PauseCause.WAITING_ON_CUSTOMER):
        draft.record(CustomerReplied(at=draft.now, text=command.text))
    elif not within_limit(draft, command.text):
        return
    state = draft.state
    notice = notices.Words(kind=NoticeKind.CUSTOMER_REPLIED, text=command.text[:QUOTED])
    holder = state.holder
    if not holder and state.stage is Stage.RESOLVED:  # resolved without a reply, before anyone took it
        holder = draft.policy.ladder.overseer
    draft.notify(holder, notice)


def change_frustration(draft: Draft, command: ChangeFrustration) -> None:
    """Correct how frustrated the customer is.

    Raises:
        InvalidCommand: Out of range.
    """
    frustration_level(command.level)
    if command.level != draft.state.frustration:
        draft.record(FrustrationChanged(at=draft.now, old=draft.state.frustration, new=command.level, by=command.by))


def offer_options(draft: Draft, command: OfferOptions) -> None:
    """Offer the customer solutions to choose from.

    Raises:
        InvalidCommand: Fewer than two, ids that are not unique, or a default that is none of them.
    """
    ids = [option.id for option in command.options]
    if len(ids) < 2 or len(set(ids)) != len(ids):
        raise InvalidCommand("`options` needs at least two options with different ids")
    if command.default and command.default not in ids:
        raise InvalidCommand(f"`default` is `{command.default}`; it must be one of {', '.join(ids)}, or empty")
    warn_of_repeats(draft, (option.title for option in command.options), command.by)
    draft.record(OptionsOffered(at=draft.now, options=command.options, default=command.default, by=command.by))
    draft.tell_customer(open_options(draft, MessageKind.OPTIONS))


def open_options(draft: Draft, kind: Literal[MessageKind.OPTIONS, MessageKind.OPTIONS_REMINDER]) -> facts.Options:
    """What a message about the present options says."""
    state = draft.state
    choose_by = draft.due_at(ClockName.CHOICE)
    return facts.Options(kind=kind, options=state.options, default=state.default_option, choose_by=choose_by)


def choose(draft: Draft, command: Choose) -> None:
    """The customer chose.

    Raises:
        InvalidCommand: Nothing is to be chosen, or not this.
    """
    ids = [option.id for option in draft.state.options]
    if command.option not in ids:
        open_now = ", ".join(ids) or "none; there is nothing to choose from"
        raise InvalidCommand(f"`option` is `{command.option}`; open options: {open_now}")
    record_choice(draft, command.option, command.by)


def record_choice(draft: Draft, option: str, by: str) -> None:
    """Record the choice and notify the person who has the case, in the words of the option."""
    title = next((one.title for one in draft.state.options if one.id == option), option)
    draft.record(OptionChosen(at=draft.now, option=option, by=by))
    draft.notify(draft.state.holder, notices.Words(kind=NoticeKind.OPTION_CHOSEN, text=title))


def pause(draft: Draft, command: Pause) -> None:
    """Wait for a third party. A pause needs a reason.

    Raises:
        InvalidCommand: It does not say why, or that is waited for already.
    """
    some_text(command.why, "why")
    if draft.state.is_paused_by(PauseCause.WAITING_ON_THIRD_PARTY):
        raise InvalidCommand("it waits for a third party already; `resume` first")
    draft.record(Paused(at=draft.now, cause=PauseCause.WAITING_ON_THIRD_PARTY, why=command.why, by=command.by))


def resume(draft: Draft, command: Resume) -> None:
    """The third party delivered.

    Raises:
        InvalidCommand: None was waited for.
    """
    if not draft.state.is_paused_by(PauseCause.WAITING_ON_THIRD_PARTY):
        raise InvalidCommand("it does not wait for a third party; there is nothing to resume")
    draft.record(Resumed(at=draft.now, cause=PauseCause.WAITING_ON_THIRD_PARTY, by=command.by))


def say(draft: Draft, said: TellCustomer, *, key: str = "", promised: str = "") -> None:
    """Send the customer an update; a time in it becomes a promise.

    Args:
        draft: The decision.
        said: What, by whom, and what comes next by when.
        key: The business key; otherwise the letter is numbered.
        promised: What the letter names as the next step, where it says nothing else.

    Raises:
        InvalidCommand: The time has passed.
    """
    if said.next_by is not None:
        in_the_future(said.next_by, draft.now, "next_by")
    draft.record(CustomerTold(at=draft.now, by=said.by, text=said.text, next_step=said.next_step))
    if said.fulfils_promise:  # after what was said: a letter that never arrives has kept no promise
        keep_promise(draft)
    if said.next_by is not None:
        what, eta = said.next_step or said.text, said.next_by.astimezone(UTC)
        draft.record(Promised(at=draft.now, what=what, eta=eta, by=said.by))
    next_step = promised or said.next_step
    draft.tell_customer(facts.Update(text=said.text, next_step=next_step, next_by=said.next_by), key=key)
