"""Describes in one line what an accepted command did, for the person who sent it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from escalation.case import events
from escalation.case.events import Event
from escalation.case.state import State
from escalation.case.state_parts import OpenApproval
from escalation.clocks.answers import answer_by
from escalation.guidance import asks_several
from escalation.messages.letters import due_at
from escalation.phrasing import minute
from escalation.policy import Policy
from escalation.sentences import told
from escalation.vocabulary import ApprovalKind, ClockName, Reading, Withdrawable

LONGEST = 100  # most characters of a text that is quoted


_OfAnApproval: TypeAlias = (
    OpenApproval
    | events.ApprovalRequested
    | events.GrantedWithinAuthority
    | events.ApprovalGranted
    | events.ApprovalRefused
)


@dataclass(frozen=True, slots=True)
class _After:
    """The case before and after, for the words that need it."""

    before: State
    state: State
    policy: Policy

    @property
    def customer(self) -> str:
        return self.state.customer.name or "the customer"

    def by(self, clock: ClockName, words: str = ", due") -> str:
        """When a running clock is due, after some words; empty if there is no such instant."""
        return _with_time(words, due_at(self.state, self.policy, clock))

    def answer_by(self, words: str, *, is_owed: bool = False) -> str:
        """By when the customer has to have an answer, likewise."""
        return _with_time(words, answer_by(self.state, self.policy, is_owed=is_owed))


def _with_time(words: str, due: datetime | None) -> str:
    return "" if due is None else f"{words} {minute(due)}"


def done(happened: Iterable[Event], before: State, state: State, policy: Policy) -> str:
    """Describe the events of a decision for its sender: `asked bo, due 2026-03-27 16:00 UTC`.

    Args:
        happened: The events, in order.
        before: The case before them.
        state: The case after them.
    """
    after = _After(before, state, policy)
    happened = tuple(happened)
    said = dict.fromkeys(_WORDS[type(event)](event, after) for event in happened if type(event) in _WORDS)
    return "; ".join(filter(None, said)) or "; ".join(filter(None, map(told, happened)))


def in_words(asked: _OfAnApproval) -> str:
    """The subject of an approval: `a refund of 120 EUR`, `an exception`."""
    what, between = ("a refund", "of") if asked.what is ApprovalKind.REFUND else ("an exception", "worth")
    return f"{what} {between} {asked.amount} {asked.currency}".rstrip() if asked.amount else what


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"}"'


def _acknowledged(event: events.Acknowledged, after: _After) -> str:
    answer = after.answer_by(" by")
    todo = f"; answer {after.customer}{answer}" if answer else ""
    return f"{event.person} has the case now{todo}{after.by(ClockName.RESOLUTION, '; solve it by')}"


def _climbed(event: events.Climbed, after: _After) -> str:
    return f"moved up to {after.policy.ladder.tier(event.to_tier).name}, and {after.customer} is notified"


def _sought(event: events.OwnerSought, after: _After) -> str:
    if after.state.offered_to or after.state.owner:
        return ""
    return f"looking for an owner in {after.policy.ladder.tier(event.tier).name}"


def _replied(event: events.CustomerReplied, after: _After) -> str:
    if event.automatic:
        return "kept as an automatic reply; no clock moved"
    if event.set_aside_until is not None:
        return f"kept until {minute(event.set_aside_until)}, because of the contact limit"
    if event.settled:
        chosen = event.reading is Reading.CHOICE
        return "recorded; it was chosen before, so nothing changed" if chosen else "recorded; it needs no answer"
    holder = f"{after.state.holder} is notified" if after.state.holder else "no one has the case yet"
    return f"recorded; {holder}{after.answer_by(', answer due', is_owed=True)}"


def _offered_options(event: events.OptionsOffered, after: _After) -> str:
    otherwise = f"; {_title(event.default, after.state)} is taken otherwise" if event.default else ""
    return f"{len(event.options)} solutions go to {after.customer}{after.by(ClockName.CHOICE, ', to be chosen by')}{otherwise}"


def _title(option: str, state: State) -> str:
    return _quoted(next((one.title for one in state.options if one.id == option), option))


def _asked(event: events.ApprovalRequested, after: _After) -> str:
    wanted, due = in_words(event), after.by(ClockName.APPROVAL)
    request = after.state.approval
    if request is not None and request.approver:
        return f"asked {request.approver} for {wanted}{due}"
    return f"looking for a person who may decide on {wanted}{due}"


def _resolved(event: events.Resolved, after: _After) -> str:
    until = after.by(ClockName.REOPEN_WINDOW, ", who can reopen it until")
    return f"resolved ({event.outcome.replace('_', ' ')}); the solution goes to {after.customer}{until}"


def _due_set(event: events.DueSet, after: _After) -> str:
    how = "is" if event.due else "follows the policy again, and is"
    return f"the {event.clock.replace('_', ' ')} {how} due{after.by(event.clock, '')}"


def _paused(event: events.Paused, after: _After) -> str:
    return f"waiting for: {_quoted(event.why)}{after.by(ClockName.RESOLUTION, '; solution still due') or '; the time to solve it does not count meanwhile'}"


_WORDS: Mapping[type[Event], Callable[[Any, _After], str]] = {
    events.Acknowledged: _acknowledged,
    events.Declined: lambda event, _: f"{event.person} gave the offer back",
    events.Climbed: _climbed,
    events.OwnerSought: _sought,
    events.Offered: lambda event, after: (
        f"offered to {event.person}{after.by(ClockName.ACKNOWLEDGE, ', to accept by')}"
    ),
    events.OverseerHeld: lambda event, _: f"{event.person} has the case, as the overseer",
    events.Noted: lambda event, _: f"noted, and {_quoted(event.tried)} counts as tried" if event.tried else "noted",
    events.CustomerTold: lambda _, after: f"the update goes to {after.customer}",
    events.CustomerToldElsewhere: lambda *_: "recorded as an update to the customer; nothing is sent",
    events.TicketNewsCame: lambda _, after: (
        f"recorded; {after.state.holder or after.policy.ladder.overseer} is notified"
    ),
    events.Promised: lambda event, _: f"promised {_quoted(event.what)} by {minute(event.eta)}",
    events.PromiseKept: lambda event, _: f"the promise {_quoted(event.what)} is kept",
    events.PromiseReplaced: lambda event, after: (
        f"the promise {_quoted(event.what)} by {minute(event.eta)} is replaced, and {after.customer} reads that"
    ),
    events.PromiseDropped: lambda event, after: (
        f"the promise {_quoted(event.what)} ends with the case, and {after.customer} reads that"
    ),
    events.InformationRequested: lambda event, after: (
        f"the {'questions go' if asks_several(event.question) else 'question goes'} to {after.customer}; the case waits for the answer"
        f"{after.by(ClockName.CUSTOMER_REPLY, ', at most until')}"
    ),
    events.CustomerReplied: _replied,
    events.OptionsOffered: _offered_options,
    events.OptionChosen: lambda event, after: f"{_title(event.option, after.before)} is chosen",
    events.Corrected: lambda _, after: f"the case is corrected{after.by(ClockName.RESOLUTION, '; solution due')}",
    events.Withdrawn: lambda event, after: (
        f"the {event.what} {'are' if event.what is Withdrawable.OPTIONS else 'is'} withdrawn, and {after.customer} reads why"
    ),
    events.UpdatesHeld: lambda event, after: f"{after.customer} gets no automatic updates until {minute(event.until)}",
    events.GivenBack: lambda event, _: f"{event.person} gave the case back",
    events.HandedOn: lambda event, _: f"{event.to} takes over {', '.join(event.what)} from {event.person}",
    events.Paused: _paused,
    events.Resumed: lambda _, after: f"the clocks continue{after.by(ClockName.RESOLUTION, '; solution due')}",
    events.SeverityChanged: lambda event, after: (
        f"{event.old} is {event.new} now{after.by(ClockName.RESOLUTION, '; solution due')}"
    ),
    events.FrustrationChanged: lambda event, _: f"frustration {event.old} is {event.new} now",
    events.Consulted: lambda event, after: f"asked {event.to}{after.by(ClockName.CONSULT)}",
    events.ConsultAnswered: lambda _, after: f"the advice goes to {after.state.holder or 'the next owner'}",
    events.GrantedWithinAuthority: lambda event, _: f"granted {in_words(event)} at once",
    events.ApprovalRequested: _asked,
    events.ApprovalGranted: lambda event, after: (
        f"granted {in_words(event)}; {after.state.holder or 'the next owner'} is notified"
    ),
    events.ApprovalRefused: lambda event, after: f"refused {in_words(event)}; {after.customer} gets the explanation",
    events.MessageHeld: lambda event, after: (
        f"the letter to {after.customer} waits until {minute(event.until)}, the end of their quiet hours"
    ),
    events.Resolved: _resolved,
    events.Reopened: lambda event, _: f"reopened, cycle {event.cycle}",
    events.SurveyAnswered: lambda event, _: f"recorded {event.score} of 5",
    events.Closed: lambda *_: "closed",
    events.Cancelled: lambda _, after: f"cancelled, and {after.customer} is notified",
    events.Reviewed: lambda *_: "the review is recorded",
    events.DueSet: _due_set,
    events.PolicyApplied: lambda event, _: f"follows {event.policy.name} version {event.policy.version} now",
    events.DeliveryFailed: lambda event, _: (
        "the letter counts as not sent"
        + (f"; running again: {', '.join(one.replace('_', ' ') for one in event.restarted)}" if event.restarted else "")
    ),
}
