"""The activity that sends one message on one channel, best effort once.

The order of the steps matters. The message is written before it is claimed, so one that cannot be written leaves no
claim behind. It is claimed before it is sent and recorded after, so a repeat of the activity sends nothing.

What remains: a worker that dies between sending and recording, or a receiver that falls silent when it has the
whole message, leaves a claim that is never released. After its lease the message is sent again under the same
key, and the receiver may see it twice. That is logged and counted as `escalations_deliveries_possibly_repeated`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from temporalio import activity

from activities.contracts import DeliverInput
from activities.errors import (
    ActivityError,
    ChannelUnavailable,
    ClaimedElsewhere,
    GiveUp,
    RecipientRefused,
    SentWithoutAnswer,
    UnknownPerson,
)
from activities.ports.inbox import BouncedAddresses
from activities.ports.sending import Channel, CustomerLinks, Envelope, Ledger, Links, OrderedChannel
from activities.temporal_errors import translated
from activities.writing import Writer
from escalation.messages.effects import Message
from escalation.messages.keys import message_id
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import Channel as ChannelName

PATIENCE = timedelta(minutes=30)  # how long an address may fail before the recipient's next one is tried
PATIENCE_URGENT = timedelta(minutes=2)  # the same for what should wake them

WAIT_IN_LINE = 2.0  # seconds until a message that waits for another one is tried again

_log = structlog.stdlib.get_logger(__name__)


class DeliveryActivities:
    """Sends messages.

    Args:
        links: Knows the links in messages; None where the writer makes none.
        customer_links: Knows those in letters to customers; None likewise.
        bounced: Addresses that get no mail; None where none is known.
    """

    def __init__(
        self,
        writer: Writer,
        ledger: Ledger,
        channels: Mapping[ChannelName, Channel],
        links: Links | None = None,
        customer_links: CustomerLinks | None = None,
        *,
        bounced: BouncedAddresses | None = None,
    ) -> None:
        self._links = links
        self._customer_links = customer_links
        self._bounced = bounced
        self._writer = writer
        self._ledger = ledger
        self._channels = channels

    @activity.defn(name="deliver")
    @translated
    async def deliver(self, request: DeliverInput) -> datetime | None:
        """Send the message on the channel, unless it was sent there before.

        Returns:
            When to try again, aware UTC, where it is in the quiet hours of a colleague; None where it was dealt with.

        Raises:
            ApplicationError: Its type is the name of the error below. Not to be retried: `RecipientRefused`,
                `UnrenderableMessage`, `UnknownPerson`, `WrongAudience`. To be retried: `NotYetRecorded`, `NotYetKept`, `ClaimedElsewhere`,
                `ChannelUnavailable`, `DatabaseUnavailable`.
        """
        try:
            until = await self._writer.waits_until(request.message)
            if until is not None:
                _logger(request).info("message waits for the end of quiet hours")
                return until
            envelope = await self._writer.envelope(
                request.escalation, request.message, channel=request.channel, turn=request.turn
            )
            request = replace(request, channel=envelope.channel)
            channel = self._channel(envelope.channel)
        except GiveUp as error:
            if isinstance(error, UnknownPerson) and _asks_nothing(request.message):
                # A person who left needs no news of a case that is with others now, and the overseer none of that.
                _logger(request).info("message was not sent", error=type(error).__name__)
                return None
            _failed(request, error)
            raise
        message = request.message
        if envelope.link is not None and self._links is not None:
            # Before it is claimed: a message whose link could not be kept must not count as perhaps sent.
            await self._links.keep(request.escalation, message.key, message.to, envelope.link)
        if envelope.page is not None and self._customer_links is not None:
            await self._customer_links.keep(request.escalation, message.key, envelope.page)
        claim = await self._ledger.claim(
            request.escalation, message.key, channel=request.channel, kind=message.kind, to=message.to
        )
        if claim.sent:
            _logger(request).info("message was sent before")
            return None
        if claim.maybe_sent:
            _logger(request).warning("message may be sent twice")
            _count("possibly_repeated", request)
        envelope = replace(
            envelope,
            answers=message_id(request.escalation, claim.first),
            begun_by=claim.receipt,
            maybe_sent=claim.maybe_sent,
            # Mail programs begin a new conversation at another subject, as another language would give it.
            subject=envelope.subject if envelope.to_staff else claim.subject or envelope.subject,
        )
        await self._wait_in_line(channel, request)
        receipt = await self._send(channel, envelope, request)
        await self._ledger.sent(
            request.escalation, message.key, channel=request.channel, receipt=receipt, letter=envelope
        )
        _logger(request).info("message sent")
        _count("sent", request)
        return None

    async def _wait_in_line(self, channel: Channel, request: DeliverInput) -> None:
        # On a channel that keeps the order, no message overtakes another one of its case.
        key, name = request.message.key, request.channel
        if isinstance(channel, OrderedChannel) and await self._ledger.is_behind(request.escalation, key, channel=name):
            waits = f"{key} of {request.escalation} waits for the message before it"
            await self._ledger.failed(request.escalation, key, channel=name, error=waits, final=False)
            raise ClaimedElsewhere(waits, after=WAIT_IN_LINE)

    async def _send(self, channel: Channel, envelope: Envelope, request: DeliverInput) -> str:
        try:
            await self._refuse_bounced(envelope)
            return await channel.send(envelope)
        except SentWithoutAnswer as silence:
            _failed(request, silence)
            raise _patient(ChannelUnavailable(str(silence), after=silence.after), envelope) from None
        except (RecipientRefused, ChannelUnavailable) as failure:
            error = _patient(failure, envelope)
            _failed(request, error)
            await self._ledger.failed(
                request.escalation,
                request.message.key,
                channel=request.channel,
                error=str(error),
                final=isinstance(error, RecipientRefused),
            )
            raise error from None

    async def _refuse_bounced(self, envelope: Envelope) -> None:
        # Refuse an address whose mail came back, as a relay that knows it does.
        if self._bounced is None or envelope.channel is not ChannelName.EMAIL:
            return
        if await self._bounced.is_bounced(envelope.address, envelope.at):
            raise RecipientRefused("mail to this address came back; correct it, or `escalations mail resume ADDRESS`")

    def _channel(self, name: ChannelName) -> Channel:
        channel = self._channels.get(name)
        if channel is None:
            known = ", ".join(sorted(self._channels)) or "none"
            raise RecipientRefused(f"this worker has no channel `{name}`, only: {known}; take it out of the policy")
        return channel


def _patient(error: ActivityError, envelope: Envelope) -> ActivityError:
    """The error; a final one where the recipient has a further address, and has waited long enough for this one."""
    if not envelope.has_next or not isinstance(error, ChannelUnavailable):
        return error
    waited = envelope.at - activity.info().scheduled_time + timedelta(seconds=error.after or 0)
    if waited < (PATIENCE_URGENT if envelope.urgent else PATIENCE):
        return error
    return RecipientRefused(f"{error}; the next address is tried after {waited.total_seconds():.0f} s")


_NO_LONGER_THEIRS = frozenset(
    {
        NoticeKind.ASKED_INSTEAD,
        NoticeKind.CANCELLED,
        NoticeKind.CLIMBED,
        NoticeKind.CLOSED,
        NoticeKind.GIVEN_BACK,
        NoticeKind.NO_LONGER_NEEDED,
        NoticeKind.OFFER_LAPSED,
        NoticeKind.RELEASED,
        NoticeKind.RESOLVED,
        NoticeKind.SHIFT_ENDED,
    }
)


def _asks_nothing(message: Message) -> bool:
    return bool(message.notices) and all(notice.kind in _NO_LONGER_THEIRS for notice in message.notices)


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
