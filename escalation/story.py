"""The timeline as a story: one line for each thing that people did, wrote, promised or missed; the machinery is left out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from escalation.case import events
from escalation.case.events import Event
from escalation.lifecycle.answering import in_words
from escalation.people import with_names
from escalation.phrasing import amount_of, minute, words
from escalation.sentences import in_english
from escalation.sentences import who as _who
from escalation.triage.in_words import verdict_lines
from escalation.vocabulary import CUSTOMER, ClimbCause, LeftBehind, Reading

_NO_NAMES: Mapping[str, str] = {}


def story_of(
    happened: Sequence[Event], names: Mapping[str, str] = _NO_NAMES, *, everything: bool = False
) -> Iterator[tuple[Event, str]]:
    """The events that people would tell of, in order, each with its line; options are named by their titles.

    Args:
        happened: The events.
        names: Name of each person by id; who has none here keeps their id.
        everything: Whether the machinery has its lines too.
    """
    titles: dict[str, str] = {}
    agreed: dict[int, str] = {}
    for event in happened:
        if isinstance(event, events.OptionsOffered):
            titles |= {option.id: option.title for option in event.options}
        if isinstance(event, events.OptionChosen):
            event = replace(event, option=titles.get(event.option, event.option))  # noqa: PLW2901 (in words)
        if isinstance(event, events.ActionAgreed):
            agreed[event.number] = event.what
        named = with_names(event, names)
        line = _MACHINERY[type(event)](named) if everything and type(event) in LEFT_OUT else told(named)
        if line and isinstance(event, events.ActionCompleted | events.ActionLapsed) and event.number in agreed:
            line = f"{line}: {agreed[event.number]}"
        if line:
            yield event, line


def told(event: Event) -> str:
    """The event in a line; empty for one that the story leaves out."""
    if type(event) in LEFT_OUT:
        return ""
    line = _LINES.get(type(event), in_english)
    return line(event)


def _why(why: str) -> str:
    return f": {why}" if why else ""


def _quoted(text: str) -> str:
    """The text in quotes with a space after it; nothing for none."""
    return f'"{text}" ' if text else ""


def _opened(event: events.Opened) -> str:
    reasons = f", because of {', '.join(map(words, event.reasons))}" if event.reasons else ""
    known = f"; known: {'; '.join(event.evidence)}" if event.evidence else ""
    said = f'; the customer had written "{event.customer_words}"' if event.customer_words else ""
    asked = f'; the customer was asked "{event.question}"' if event.question else ""
    who = event.customer.name or event.customer.id
    return f'{event.by} escalated it for {who} as {event.severity} {event.category}{reasons}: "{event.summary}"{said}{known}{asked}'


def _climbed(event: events.Climbed) -> str:
    causes = {
        ClimbCause.COMMAND: f"{event.by} moved it up",
        ClimbCause.BREACH: "a missed deadline moved it up",
        ClimbCause.NOT_ACKNOWLEDGED: "it moved up because no one accepted it in time",
        ClimbCause.NOBODY_AVAILABLE: "it moved up because no one was available",
    }
    trigger = f" ({words(event.trigger)})" if event.trigger else ""
    why = _why(event.why) if event.cause is ClimbCause.COMMAND else ""
    return f"{causes[event.cause]} to tier {event.to_tier}{trigger}{why}"


def _queued(event: events.MessageQueued) -> str:
    said = ", ".join(map(words, (event.message, *event.also)))
    return f"letter to the customer: {said}" if event.to == CUSTOMER else ""


def _held(event: events.MessageHeld) -> str:
    return f"{words(event.message)} to {_who(event.to)} is held until {minute(event.until)}, because of quiet hours"


def _released(event: events.MessagesReleased) -> str:
    left_out = f"no longer needed: {', '.join(map(words, event.left_out))}" if event.left_out else ""
    if event.message is None:
        return f"what was held for {_who(event.to)} does not go out; {left_out}"
    said = ", ".join(map(words, (event.message, *event.also)))
    return f"what waited for {_who(event.to)} goes out as one: {said}{f'; {left_out}' if left_out else ''}"


def _withheld(event: events.HoldingUpdateWithheld) -> str:
    if event.held:
        return "no automatic update to the customer, because a person holds them"
    return f"no automatic update to the customer, after {event.in_a_row} in a row without news"


def _missed(event: events.ThresholdReached) -> str:
    return f"MISSED: {words(event.clock)}, due {minute(event.due)}" if event.breach else ""


def _noted(event: events.Noted) -> str:
    return f"{event.by} noted: {event.text}{f'; tried: {event.tried}' if event.tried else ''}{_ticked(event)}"


def _ticked(event: events.Noted | events.Resolved) -> str:
    return f"; done on the checklist: {', '.join(event.checked)}" if event.checked else ""


def _updated(event: events.CustomerTold) -> str:
    following = f"; next: {event.next_step}" if event.next_step else ""
    return f'{event.by} wrote to the customer: "{event.text}"{following}'


def _news(event: events.TicketNewsCame) -> str:
    into = f" into {event.other_ticket}" if event.other_ticket else ""
    return f"the ticket in the help desk: {words(event.news)}{into}{_why(event.text)}"


def _replied(event: events.CustomerReplied) -> str:
    held = f" (held back until {minute(event.set_aside_until)})" if event.set_aside_until else ""
    chose = "the customer chose once more" if event.settled else "the customer chose when there was no choice any more"
    wrote = chose if event.reading is Reading.CHOICE else "the customer wrote"
    return f'{"automatic reply" if event.automatic else wrote}{held}: "{event.text}"'


def _options(event: events.OptionsOffered) -> str:
    titles = "; ".join(f'"{option.title}"' for option in event.options)
    default = next((f'; otherwise "{option.title}"' for option in event.options if option.id == event.default), "")
    return f"{event.by} offered a choice: {titles}{default}"


def _resolved(event: events.Resolved) -> str:
    cause = f"; cause: {event.root_cause}" if event.root_cause else ""
    return f'{_who(event.by)} resolved it ({words(event.outcome)}): "{event.solution}"{cause}{_ticked(event)}'


def _reopened(event: events.Reopened) -> str:
    disputed = f"; the promise {_quoted(event.disputed)}no longer counts as kept" if event.disputed else ""
    return f"{_who(event.by)} reopened it (cycle {event.cycle}){_why(event.why)}{disputed}"


def _rated(event: events.SurveyAnswered) -> str:
    comment = f': "{event.comment}"' if event.comment else ""
    return f"the customer gave {event.score} of 5{comment}"


def _severity(event: events.SeverityChanged) -> str:
    return f"{event.by} changed {event.old} to {event.new}{_why(event.why)}"


def _due_set(event: events.DueSet) -> str:
    until = f"due {minute(event.due)}" if event.due else "due as the policy says again"
    return f"{event.by} set the {words(event.clock)} {until}{_why(event.why)}"


def _corrected(event: events.Corrected) -> str:
    changes = [
        f"{words(field.name)}: {getattr(event.was, field.name)} is {getattr(event.correct, field.name)} now"
        for field in fields(event.was)
        if getattr(event.was, field.name) != getattr(event.correct, field.name)
    ]
    return f"{event.by} corrected {'; '.join(changes) or 'nothing'}{_why(event.why)}"


def _handed_on(event: events.HandedOn) -> str:
    what = ", ".join(_LEFT_BEHIND[one] for one in event.what)
    adviser = f"; {event.adviser} is asked for advice" if event.adviser not in ("", event.to) else ""
    return f"{event.by} gave {event.to} what {event.person} had to do: {what}{adviser}{_why(event.why)}"


def _failed(event: events.DeliveryFailed) -> str:
    letter, *_ = event.key.split("/")
    return f"NOT DELIVERED: {words(letter)} to {_who(event.to)} ({event.error})"


_LEFT_BEHIND = {
    LeftBehind.ADVICE: "a request for advice",
    LeftBehind.APPROVAL: "a decision, for which a person with the authority is sought",
    LeftBehind.ACTIONS: "agreed actions",
    LeftBehind.AFTERCARE: "the care of the solved case",
    LeftBehind.CONTACT: "being the customer's contact",
}
_LINES: Mapping[type[Event], Callable[[Any], str]] = {
    events.Opened: _opened,
    events.Triaged: lambda one: (
        f"triage let it escalate: {'; '.join(verdict_lines(one.verdict)).removeprefix('why: ')}"
    ),
    events.Offered: lambda one: f"{one.person} was asked to take it",
    events.Acknowledged: lambda one: f"{one.person} took it",
    events.Declined: lambda one: f"{one.person} declined{_why(one.why)}",
    events.OfferLapsed: lambda one: f"{one.person} did not answer in time",
    events.AcknowledgementDecayed: lambda one: f"{one.person} noted no progress; the next person is asked",
    events.ShiftEnded: lambda one: f"the shift of {one.person} ended; a colleague is asked",
    events.Reassigned: lambda one: f"{one.by} asked for {one.to}{_why(one.why)}",
    events.OverseerHeld: lambda one: f"no one took it, so {one.person} has it as overseer",
    events.TierSkipped: lambda one: f"no one was available in tier {one.tier}",
    events.LadderRestarted: lambda one: f"the search for an owner began again at tier {one.tier}",
    events.AssignmentDelayed: lambda one: f"finding an owner is delayed ({one.error})",
    events.Climbed: _climbed,
    events.MessageQueued: _queued,
    events.MessageHeld: _held,
    events.MessagesReleased: _released,
    events.ThresholdReached: _missed,
    events.DeliveryFailed: _failed,
    events.GaveUp: lambda one: f"GAVE UP: {words(one.what)} ({one.error})",
    events.DueSet: _due_set,
    events.PolicyApplied: lambda one: f"{one.by} applied {one.policy.name} version {one.policy.version}{_why(one.why)}",
    events.UpdatesHeld: lambda one: f"{one.by} holds automatic letters until {minute(one.until)}{_why(one.why)}",
    events.Corrected: _corrected,
    events.Withdrawn: lambda one: (
        f'{one.by} took back the {words(one.what)} {_quoted(one.subject)}because: "{one.explanation}"'
    ),
    events.GivenBack: lambda one: f"{one.by} gave the case of {one.person} back to the tier{_why(one.why)}",
    events.HandedOn: _handed_on,
    events.WordingOverridden: lambda one: f"{one.by} wrote it in spite of a warning: {', '.join(one.phrases)}",
    events.Noted: _noted,
    events.CustomerTold: _updated,
    events.CustomerToldElsewhere: lambda one: f'{one.by} wrote to the customer in the help desk: "{one.text}"',
    events.TicketNewsCame: _news,
    events.CustomerReplied: _replied,
    events.MessagesPutForward: lambda one: f"{amount_of(one.count, 'message')} held back can be read now",
    events.InformationRequested: lambda one: f'{one.by} asked the customer: "{one.question}"',
    events.Paused: lambda one: f"{one.by} waits for a third party{_why(one.why)}",
    events.Resumed: lambda one: f"the wait ended ({_who(one.by)})",
    events.SeverityChanged: _severity,
    events.FrustrationChanged: lambda one: f"{_who(one.by)} changed frustration {one.old} to {one.new}{_why(one.why)}",
    events.HoldingUpdateWithheld: _withheld,
    events.Promised: lambda one: f'{one.by} promised "{one.what}" by {minute(one.eta)}',
    events.PromiseKept: lambda one: f"{one.by or 'a person'} said that the promise {_quoted(one.what)}was kept",
    events.PromiseLapsed: lambda one: f"MISSED: the promise {_quoted(one.what)}was not kept",
    events.PromiseReplaced: lambda one: (
        f"{one.by} replaced the promise {_quoted(one.what)}by {minute(one.eta)} with another one"
    ),
    events.PromiseDropped: lambda one: f"the promise {_quoted(one.what)}by {minute(one.eta)} ended with the case",
    events.OptionsOffered: _options,
    events.OptionChosen: lambda one: f'{_who(one.by)} chose "{one.option}"',
    events.ChoiceLapsed: lambda _: "the customer did not choose in time",
    events.ApprovalRequested: lambda one: f"{one.by} asked for {in_words(one)}{_why(one.why)}",
    events.GrantedWithinAuthority: lambda one: f"{one.by} granted {in_words(one)}{_why(one.why)}",
    events.ApprovalGranted: lambda one: f"{one.by} granted {in_words(one)}",
    events.ApprovalRefused: lambda one: f'{one.by} refused {in_words(one)}: "{one.explanation}"',
    events.Resolved: _resolved,
    events.SurveyAnswered: _rated,
    events.SurveyExpired: lambda _: "the survey was not answered",
    events.Reopened: _reopened,
    events.Closed: lambda one: f"closed ({words(one.cause)}){'; a review is due' if one.review_due else ''}",
    events.Cancelled: lambda one: (
        f"{_who(one.by)} cancelled it ({words(one.cause)}{f' of {one.duplicate_of}' if one.duplicate_of else ''}){_why(one.why)}"
    ),
    events.Reviewed: lambda one: f"{one.by} reviewed it: cause: {one.root_cause}; prevention: {one.prevention}",
    events.ActionAgreed: lambda one: f"{one.by} agreed with {one.owner}: {one.what}, by {minute(one.due)}",
    events.ActionCompleted: lambda one: f"{one.by} completed action {one.number}; {one.left} left",
    events.ActionLapsed: lambda one: f"MISSED: action {one.number} was not done in time",
    events.ReviewSkipped: lambda _: "no review was written",
    events.ReopenWindowEnded: lambda _: "it can no longer be reopened",
    events.IncidentLinked: lambda one: f"{_who(one.by)} linked it to incident {one.incident}",
    events.IncidentUnlinked: lambda one: f"{_who(one.by)} unlinked it from incident {one.incident}",
    events.BulletinRelayed: lambda one: f"bulletin {one.number} of {one.incident} went to the customer",
    events.ResolutionProposed: lambda one: f'{one.incident} is fixed: "{one.solution}"',
    events.ProposalWithdrawn: lambda one: f"the fix of {one.incident} did not hold{_why(one.why)}",
}
_MACHINERY: Mapping[type[Event], Callable[[Any], str]] = {
    events.OwnerSought: lambda one: f"an owner is sought in tier {one.tier}",
    events.ShiftNoted: lambda one: f"the shift of {one.person} ends {minute(one.until)}",
    events.ClockStopped: lambda one: (
        f"{words(one.clock)} {'missed, now ended' if one.breached else 'ended'}: {words(one.cause)}"
    ),
    events.DueChanged: lambda one: (
        f"{words(one.clock)} {f'due {minute(one.new)}' if one.new else 'paused'}: {words(one.cause)}"
    ),
    events.SurveySent: lambda _: "the customer was asked for a rating",
    events.StepRepeated: lambda one: f'{one.by} tried "{one.step}" once more',
}
LEFT_OUT: frozenset[type[Event]] = frozenset(_MACHINERY)
"""What `timeline --everything` shows besides."""
IN_THE_STORY = frozenset({*_LINES, *(one for one in events.EVENTS.values() if "en" in one.sentences)})
"""What has a line; a test compares it with all events."""
