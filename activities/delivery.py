"""The activity that sends one message on one channel: finds the recipient, renders the text, dedupes by key (best effort).

The order of the steps matters. Who the recipient is comes from the record, so no personal data is in a
history. The message is rendered before it is claimed, so one that cannot be rendered leaves no claim behind. It
is claimed before it is sent and recorded after, so a repeat of the activity sends nothing.

What remains: a worker that dies between sending and recording, or a receiver that falls silent when it has the
whole message, leaves a claim that is never released. After its lease the message is sent again under the same
key, and the receiver may see it twice. That is logged and counted as `escalations_deliveries_possibly_repeated`.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import structlog
from temporalio import activity

from activities.contracts import DeliverInput
from activities.errors import (
    ChannelUnavailable,
    GiveUp,
    RecipientRefused,
    SentWithoutAnswer,
    UnknownPerson,
    WrongAudience,
)
from activities.message_values import case_subject, case_values, message_values, people_in
from activities.ports import (
    Channel,
    Directory,
    Envelope,
    Ledger,
    LongTexts,
    Records,
    Rendered,
    TemplateFacts,
    Templates,
)
from activities.temporal_errors import translated
from escalation.bounds import beginning_in, reference_in
from escalation.lifecycle.view import CaseView
from escalation.messages import keys
from escalation.messages.authorship import author_of
from escalation.messages.effects import Message
from escalation.messages.facts import OwnerChanged
from escalation.messages.shown import Shown, marks_of
from escalation.people import FOR_STAFF, colleague
from escalation.vocabulary import CUSTOMER, NoticeKind
from escalation.vocabulary import Channel as ChannelName

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a message goes to, customer or colleague.

    Attributes:
        languages: Tags of what they read, the one they like best first.
    """

    name: str
    address: str
    languages: tuple[str, ...]
    zone: str


class DeliveryActivities:
    """Sends messages.

    Args:
        records: Knows the customer and the current view of the case.
        directory: Knows the people of the team.
        ledger: Remembers what was sent.
        long_texts: Has the texts whole of which a message has only the beginning.
        templates: Finds the words.
        channels: The ways of sending this worker has.
        clock: Returns the present instant, aware UTC.
    """

    def __init__(
        self,
        *,
        records: Records,
        directory: Directory,
        ledger: Ledger,
        long_texts: LongTexts,
        templates: Templates,
        channels: Mapping[ChannelName, Channel],
        clock: Callable[[], datetime],
    ) -> None:
        self._records = records
        self._directory = directory
        self._ledger = ledger
        self._long_texts = long_texts
        self._templates = templates
        self._channels = channels
        self._clock = clock

    @activity.defn(name="deliver")
    @translated
    async def deliver(self, request: DeliverInput) -> None:
        """Send the message on the channel, unless it was sent there before.

        Raises:
            ApplicationError: Its type is the name of the error below. Not to be retried: `RecipientRefused`,
                `UnrenderableMessage`, `UnknownPerson`, `WrongAudience`. To be retried: `NotYetRecorded`, `NotYetKept`, `ClaimedElsewhere`,
                `ChannelUnavailable`, `DatabaseUnavailable`.
        """
        try:
            channel = self._channel(request.channel)
            envelope = await self._envelope(request)
        except GiveUp as error:
            if isinstance(error, UnknownPerson) and _asks_nothing(request.message):
                # A person who left needs no news of a case that is with others now, and the overseer none of that.
                _logger(request).info("message was not sent", error=type(error).__name__)
                return
            _failed(request, error)
            raise
        message = request.message
        claim = await self._ledger.claim(
            request.escalation, message.key, channel=request.channel, kind=message.kind, to=message.to
        )
        if claim.sent:
            _logger(request).info("message was sent before")
            return
        if claim.maybe_sent:
            _logger(request).warning("message may be sent twice")
            _count("possibly_repeated", request)
        receipt = await self._send(channel, replace(envelope, answers=_full_key(request, claim.first)), request)
        await self._ledger.sent(request.escalation, message.key, channel=request.channel, receipt=receipt)
        _logger(request).info("message sent")
        _count("sent", request)

    async def _send(self, channel: Channel, envelope: Envelope, request: DeliverInput) -> str:
        try:
            return await channel.send(envelope)
        except SentWithoutAnswer as error:
            _failed(request, error)
            raise ChannelUnavailable(str(error), after=error.after) from None
        except (RecipientRefused, ChannelUnavailable) as error:
            _failed(request, error)
            await self._ledger.failed(
                request.escalation,
                request.message.key,
                channel=request.channel,
                error=str(error),
                final=isinstance(error, RecipientRefused),
            )
            raise

    def _channel(self, name: ChannelName) -> Channel:
        channel = self._channels.get(name)
        if channel is None:
            known = ", ".join(sorted(self._channels)) or "none"
            raise RecipientRefused(f"this worker has no channel `{name}`, only: {known}; take it out of the policy")
        return channel

    async def _envelope(self, request: DeliverInput) -> Envelope:
        view = await self._records.view(request.escalation)
        recipient = await self._recipient(request.message, view)
        message = await self._with_whole_texts(request)
        rendered = await self._rendered(message, view, recipient)
        return Envelope(
            key=_full_key(request, message.key),
            thread=request.escalation,
            address=recipient.address,
            name=recipient.name,
            subject=case_subject(view),
            body=f"{rendered.headline}\n\n{rendered.body}",
            language=rendered.language,
            at=self._clock(),
            author=author_of(message),
        )

    async def _with_whole_texts(self, request: DeliverInput) -> Message:
        """The message; a letter to the customer with what it says whole, and of other long texts the beginning."""
        message = request.message
        if message.to != CUSTOMER:
            return message
        marks, changes = marks_of(message.facts), dict[str, Any]()
        for field in fields(message.facts):
            text = getattr(message.facts, field.name)
            reference = reference_in(text) if isinstance(text, str) else ""
            if reference and marks.get(field.name) is Shown.PARAGRAPHS:
                changes[field.name] = await self._long_texts.whole(request.escalation, reference)
            elif reference:
                changes[field.name] = beginning_in(text)
        return replace(message, facts=replace(message.facts, **changes)) if changes else message

    async def _rendered(self, message: Message, view: CaseView, recipient: Recipient) -> Rendered:
        facts = message.facts
        values = case_values(
            view,
            recipient=recipient.name,
            owner=await self._name_of(facts.owner if isinstance(facts, OwnerChanged) else view.owner),
            contact=await self._name_of(view.contact),
        )
        names = {person: await self._name_of(person) for person in people_in(message)}
        template = TemplateFacts(
            kind=message.kind,
            languages=recipient.languages,
            frustration=view.frustration,
            zone=recipient.zone,
            values=values | message_values(message, names),
        )
        # In a thread: a letter with a long text takes half a second, in which the event loop has other cases to serve.
        return await asyncio.to_thread(self._templates.render, template)

    async def _recipient(self, message: Message, view: CaseView) -> Recipient:
        _check_audience(message)
        if message.to == CUSTOMER:
            customer = view.customer
            return Recipient(
                name=customer.name, address=customer.address, languages=(customer.language,), zone=customer.zone
            )
        person = await self._directory.person(message.to)
        if not person.active:
            raise UnknownPerson(f"`{message.to}` is no longer on the team; name a colleague, or correct the roster")
        return Recipient(
            name=person.name,
            address=person.address,
            languages=(person.language, *person.languages),
            zone=person.zone,
        )

    async def _name_of(self, person: str) -> str:
        """Empty if no one is meant or known: a letter without the name is better than no letter."""
        try:
            return (await self._directory.person(person)).name if person else ""
        except UnknownPerson:
            return ""


_NO_LONGER_THEIRS = frozenset(
    {
        NoticeKind.CANCELLED,
        NoticeKind.CLIMBED,
        NoticeKind.CLOSED,
        NoticeKind.NO_LONGER_NEEDED,
        NoticeKind.OFFER_LAPSED,
        NoticeKind.RELEASED,
        NoticeKind.RESOLVED,
        NoticeKind.SHIFT_ENDED,
    }
)


def _asks_nothing(message: Message) -> bool:
    return bool(message.notices) and all(notice.kind in _NO_LONGER_THEIRS for notice in message.notices)


def _check_audience(message: Message) -> None:
    """The last gate before an address is looked up; the domain asks for no such message.

    Raises:
        WrongAudience: It is internal and addressed to a role, or a letter to the customer addressed to a colleague.
    """
    if message.kind in FOR_STAFF:
        if colleague(message.to) is None:
            raise WrongAudience(f"`{message.kind}` is for people of the team, not for `{message.to}`")
    elif message.to != CUSTOMER:
        raise WrongAudience(f"`{message.kind}` is a letter to the customer, not to a colleague")


def _full_key(request: DeliverInput, key: str) -> str:
    return keys.message_id(request.escalation, key) if key else ""


def _logger(request: DeliverInput) -> structlog.stdlib.BoundLogger:
    bound: structlog.stdlib.BoundLogger = _log.bind(
        escalation=request.escalation, key=request.message.key, channel=str(request.channel)
    )
    return bound


def _failed(request: DeliverInput, error: Exception) -> None:
    _logger(request).warning("message was not sent", error=type(error).__name__, reason=str(error))
    _count("failed", request, error=type(error).__name__)


def _count(what: str, request: DeliverInput, **more: str) -> None:
    counter = activity.metric_meter().create_counter(f"escalations_deliveries_{what}", "Messages, by kind and channel")
    counter.add(1, {"kind": str(request.message.kind), "channel": str(request.channel), **more})
