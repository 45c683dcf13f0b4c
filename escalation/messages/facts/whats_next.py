"""The outlook in letters to the customer: the next step, by when, and what is still open."""

from dataclasses import dataclass
from datetime import datetime

from escalation.messages.shown import PersonRef
from escalation.vocabulary import ApprovalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SaysWhenNext:
    """The outlook of every letter to the customer, filled in when it is rendered: the next step, by when, what is open."""

    # by when the customer hears from us again; the letter itself restarts that clock
    next_update_at: datetime | None = None
    known_owner: PersonRef = ""  # the owner the customer knows, while there is none
    promise: str = ""  # what they were promised last, while that is still to come
    promise_by: datetime | None = None  # when it is due
    asked: str = ""  # the question they have not answered; the beginning of a long one
    remind_at: datetime | None = None  # when they get a reminder of it
    closes_at: datetime | None = None  # when the case is paused without their answer
    choices: tuple[str, ...] = ()  # titles of the options they have not chosen from
    choice_default: str = ""  # the title of the one that is taken where they do not choose
    choose_by: datetime | None = None  # by when they choose
    pending: ApprovalKind | None = None  # what a colleague has to approve for them
    pending_amount: int = 0  # in whole units of the currency; 0 where it is not about money
    decided_by: datetime | None = None  # by when that is decided
    reopen_until_at: datetime | None = None  # until when a reply reopens the case
    check_back_at: datetime | None = None  # when we ask whether all is well
    # whether after the solution only an objection takes the case up again; anything else gets thanks
    only_objections: bool = False
    new_contact: bool = False  # whether it is the first letter since the customer has another contact
    currency: str = ""  # of the amounts, such as `EUR`; empty where the policy names none
