"""The outcomes of an event, among which mapping files choose."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """The possible outcomes of one kind of event."""

    means: str  # the event, for people
    choices: Mapping[str, str]  # word in the file, and what it does, for people; the first is the usual one


_NOTHING = {"nothing": "nothing"}

OUTCOMES: Mapping[str, Outcome] = {
    "opened": Outcome(
        "A ticket is created", {"triage": "triage decides whether it escalates", "open": "it escalates", **_NOTHING}
    ),
    "tagged": Outcome(
        "A ticket gets a tag that asks for an escalation",
        {
            "open": "it escalates; triage says how severe it is",
            "triage": "triage decides whether it escalates",
            **_NOTHING,
        },
    ),
    "customer_elsewhere": Outcome(
        "The customer writes in a ticket that is not escalated",
        {**_NOTHING, "triage": "triage decides whether it escalates"},
    ),
    "customer_wrote": Outcome(
        "The customer writes", {"reply": "a reply in their words; the owner is notified", "note": "a note", **_NOTHING}
    ),
    "agent_wrote": Outcome(
        "An agent answers the customer",
        {"update": "counts as an update to the customer; nothing is sent again", "note": "a note", **_NOTHING},
    ),
    "noted": Outcome("A private note", {"note": "a note; the customer never sees it", **_NOTHING}),
    "solved": Outcome(
        "Solved in the help desk",
        {"suggest": "the owner is asked to resolve the case", "resolve": "the case is resolved", **_NOTHING},
    ),
    "closed": Outcome("Closed after it was solved", {**_NOTHING, "suggest": "the owner is asked to resolve the case"}),
    "reopened": Outcome(
        "Reopened in the help desk",
        {"reopen": "the case is reopened; after its reopen window, a new one is opened", **_NOTHING},
    ),
    "priority": Outcome(
        "The priority changes",
        {"raise": "the severity follows when it gets worse", "follow": "the severity follows", **_NOTHING},
    ),
    "assigned": Outcome(
        "An agent gets the ticket",
        {
            "take": "an agent who takes the ticket accepts the offer that waits for them",
            "reassign": "the case is offered to that agent",
            **_NOTHING,
        },
    ),
    "merged": Outcome(
        "Merged into another ticket",
        {
            "duplicate": "closed as a duplicate if the other ticket is escalated for the same customer; otherwise the owner is asked",
            "tell": "the owner is asked",
            **_NOTHING,
        },
    ),
    "deleted": Outcome(
        "Deleted or marked as spam",
        {"tell": "the owner is notified, and nothing more is written to the ticket", **_NOTHING},
    ),
    "requester": Outcome("The ticket gets another requester", {"tell": "the owner is notified", **_NOTHING}),
    "restored": Outcome("Restored", {"tell": "the owner is notified, and the ticket is written to again", **_NOTHING}),
    "acknowledged": Outcome(
        "Acknowledged or resolved in a pager",
        {"acknowledge": "the person accepts the offer that waits for them", **_NOTHING},
    ),
    "button": Outcome(
        "A button of ours is pressed", {"act": "what is on the button, as the person who pressed it", **_NOTHING}
    ),
}
"""By the key in the section `then:` of a mapping file."""
