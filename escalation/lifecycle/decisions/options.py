"""Options: solutions that the customer chooses from, with a default for when they do not choose in time."""

from typing import Literal

from escalation.case.commands import Choose, OfferOptions, RecordCustomerReply
from escalation.case.events import CustomerReplied, OptionChosen, OptionsOffered
from escalation.choosing import choice_in
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.packet import warn_of_repeats
from escalation.lifecycle.decisions.replies import record_customer_reply
from escalation.lifecycle.decisions.wording import check_wording
from escalation.lifecycle.draft import Draft
from escalation.message_kinds import MessageKind
from escalation.messages import facts, notices
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ACTIVE, CUSTOMER, SYSTEM, Reading, Stage


def offer_options(draft: Draft, command: OfferOptions) -> None:
    """Offer the customer solutions to choose from."""
    ids = [option.id for option in command.options]
    if len(ids) < 2 or len(set(ids)) != len(ids):
        raise InvalidCommand("`options` needs at least two options with different ids")
    if command.default and command.default not in ids:
        raise InvalidCommand(f"`default` is `{command.default}`; it must be one of {', '.join(ids)}, or empty")
    said = (text for option in command.options for text in (option.title, option.pros, option.cons))
    check_wording(draft, command.by, tuple(said), anyway=command.anyway)
    warn_of_repeats(draft, (option.title for option in command.options), command.by)
    draft.record(OptionsOffered(at=draft.now, options=command.options, default=command.default, by=command.by))
    draft.tell_customer(open_options(draft, MessageKind.OPTIONS))


def open_options(draft: Draft, kind: Literal[MessageKind.OPTIONS, MessageKind.OPTIONS_REMINDER]) -> facts.Options:
    """The facts of a message about the present options."""
    state = draft.state
    return facts.Options(kind=kind, options=state.options, default=state.default_left)


def choose(draft: Draft, command: Choose) -> None:
    """Record a choice; one that comes once there is no choice any more is a message that someone has to answer."""
    state = draft.state
    ids = [option.id for option in state.options] if state.stage in ACTIVE else []
    if command.option in ids:
        record_choice(draft, command.option, command.by)
    elif ids or command.option not in state.offered:
        open_now = ", ".join(ids) or "none; there is nothing to choose from"
        raise InvalidCommand(f"`option` is `{command.option}`; open options: {open_now}")
    elif (title := state.offered[command.option]) == state.chosen:
        draft.record(CustomerReplied(at=draft.now, text=title, reading=Reading.CHOICE, settled=True))
    else:
        record_customer_reply(draft, RecordCustomerReply(text=title, as_=Reading.CHOICE))


def hear(draft: Draft, command: RecordCustomerReply) -> None:
    """Hear a message: one that names an open option chooses it, any other one a person answers."""
    # While a question is open, a single word may be the answer to it.
    open_now = draft.state.options if draft.state.stage in ACTIVE - {Stage.WAITING_ON_CUSTOMER} else ()
    is_theirs = not command.automatic and command.as_ in (None, Reading.CHOICE)
    option = choice_in(command.text, {one.id: one.title for one in open_now}) if is_theirs else ""
    if option:
        draft.record(CustomerReplied(at=draft.now, text=command.text, reading=Reading.ANSWER, settled=True))
        record_choice(draft, option, CUSTOMER)
    else:
        record_customer_reply(draft, command)


def record_choice(draft: Draft, option: str, by: str) -> None:
    """Record the choice; confirm it to the customer and notify the person who has the case, in the words of the option."""
    title = next((one.title for one in draft.state.options if one.id == option), option)
    draft.record(OptionChosen(at=draft.now, option=option, by=by))
    draft.tell_customer(facts.OptionChosen(option=title, by_default=by == SYSTEM))
    draft.notify(draft.state.holder, notices.Words(kind=NoticeKind.OPTION_CHOSEN, text=title))
