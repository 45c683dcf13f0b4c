"""Errors of activities, by what the caller can do about them.

    ActivityError
    ├── GiveUp                  trying again cannot help
    │   ├── RecipientRefused        the receiver will never take this message
    │   │   └── EndpointGone            and no other one: it asked us to stop for good
    │   ├── NoFurtherWay            the person has no other address
    │   ├── UnrenderableMessage     the template does not fit the message
    │   ├── UnknownPerson           no one has this id
    │   ├── WrongAudience           what is for colleagues is addressed to the customer, or the reverse
    │   ├── CaseOver                the escalation is resolved or has ended
    │   ├── CaseRefused             the escalation does not take this
    │   ├── UnknownCase             there is no such escalation
    │   ├── UnknownPolicy           there is no such policy, or it has no triage rules
    │   ├── UnstorableValue         PostgreSQL cannot hold a value
    │   └── RecordConflict          the timeline has no place for these events
    └── TryAgain                it may work later
        ├── CaseUnanswered          no worker answers for the escalation
        ├── ChannelUnavailable      the receiver is down or busy
        │   └── SentWithoutAnswer       it fell silent after it had the whole message
        ├── ClaimedElsewhere        another attempt is sending this message
        ├── NotYetRecorded          the record has not heard of the escalation yet
        ├── NotYetKept              a long text is not stored yet
        └── DatabaseUnavailable     PostgreSQL does not answer
            └── DatabaseUnfit           it answers, but cannot hold the record as it is

`activities.temporal_errors` turns them into Temporal's errors, in one place.
"""


class ActivityError(Exception):
    """Base of what ports raise."""


class GiveUp(ActivityError):
    """Trying again cannot help."""


class RecipientRefused(GiveUp):
    """The receiver will never take this message."""


class EndpointGone(RecipientRefused):
    """The receiver asked us to send nothing there again."""


class NoFurtherWay(GiveUp):
    """The person has no other address."""


class UnrenderableMessage(GiveUp):
    """The template does not fit the message."""


class UnknownPerson(GiveUp):
    """No one has this id."""


class WrongAudience(GiveUp):
    """A message for colleagues is addressed to the customer, or a letter to the customer to a colleague."""


class CaseOver(GiveUp):
    """The escalation is resolved or has ended."""


class CaseRefused(GiveUp):
    """The escalation does not take this."""


class UnknownCase(GiveUp):
    """There is no such escalation."""


class UnknownPolicy(GiveUp):
    """There is no such policy, or it has no triage rules where those are asked for."""


class RecordConflict(GiveUp):
    """The timeline has no place for these events: another one has the number, one is missing before them, or they are late."""


class UnstorableValue(GiveUp):
    """PostgreSQL can never hold a value, however often it is asked."""


class TryAgain(ActivityError):
    """It may work later."""

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after  # seconds to wait, where the receiver said so


class ChannelUnavailable(TryAgain):
    """The receiver is down or busy."""


class SentWithoutAnswer(ChannelUnavailable):
    """The receiver fell silent after it had the whole message: it may have it, or not.

    The activity keeps the claim, so that the next attempt knows; callers see `ChannelUnavailable`.
    """


class CaseUnanswered(TryAgain):
    """No worker answers for the escalation."""


class ClaimedElsewhere(TryAgain):
    """Another attempt is sending this message."""


class NotYetRecorded(TryAgain):
    """The record has not heard of the escalation yet."""


class NotYetKept(TryAgain):
    """A long text is not stored yet."""


class DatabaseUnavailable(TryAgain):
    """PostgreSQL does not answer."""


class DatabaseUnfit(DatabaseUnavailable):
    """The database answers, but cannot hold the record as it is; the message says what to change."""
