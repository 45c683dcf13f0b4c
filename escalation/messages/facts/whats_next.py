"""What comes next, by when, and what is still open, as letters to the customer say it."""

from dataclasses import dataclass
from datetime import datetime

from escalation.messages.shown import PersonRef
from escalation.vocabulary import ApprovalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SaysWhenNext:
    """What comes next, by when, and what is still open: of every letter to the customer, filled in when it is rendered.

    Attributes:
        next_update_at: By when the customer hears from us again; the letter itself restarts that clock.
        known_owner: The owner the customer knows, while there is none.
        promise: What they were promised last, while that is still to come.
        promise_by: When it is due.
        asked: The question they have not answered; the beginning of a long one.
        remind_at: When they get a reminder of it.
        closes_at: When the case is paused without their answer.
        choices: Titles of the options they have not chosen from.
        choice_default: The title of the one that is taken where they do not choose.
        choose_by: By when they choose.
        pending: What a colleague has to approve for them.
        pending_amount: In whole units of the currency; 0 where it is not about money.
        decided_by: By when that is decided.
        reopen_until_at: Until when a reply reopens the case.
        check_back_at: When we ask whether all is well.
        only_objections: Whether after the solution only an objection takes the case up again; anything else gets thanks.
        new_contact: Whether it is the first letter since the customer has another contact.
        currency: Of the amounts, such as `EUR`; empty where the policy names none.
    """

    next_update_at: datetime | None = None
    known_owner: PersonRef = ""
    promise: str = ""
    promise_by: datetime | None = None
    asked: str = ""
    remind_at: datetime | None = None
    closes_at: datetime | None = None
    choices: tuple[str, ...] = ()
    choice_default: str = ""
    choose_by: datetime | None = None
    pending: ApprovalKind | None = None
    pending_amount: int = 0
    decided_by: datetime | None = None
    reopen_until_at: datetime | None = None
    check_back_at: datetime | None = None
    only_objections: bool = False
    new_contact: bool = False
    currency: str = ""
