"""Writes a message: finds its recipient, loads long texts and names, and renders it in their language.

Who the recipient is comes from the record and the directory, so no personal data is in a history.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from activities.errors import NoFurtherWay
from activities.message_values import case_subject, case_values, message_values, people_in, shown
from activities.ports.directory import Directory
from activities.ports.record import LongTexts, Records
from activities.ports.sending import ActionLink, CustomerLink, Envelope
from activities.ports.wording import Rendered, TemplateFacts, Templates
from activities.recipients import Recipient, check_audience, copy_to, recipient_of
from escalation.bounds import beginning_in, reference_in
from escalation.case.events import Opened
from escalation.case.naming import page_address
from escalation.lifecycle import asking
from escalation.lifecycle.asking import asked_in
from escalation.lifecycle.view import CaseView
from escalation.message_kinds import MessageKind
from escalation.messages import fates
from escalation.messages.authorship import author_of
from escalation.messages.buttons import buttons_of
from escalation.messages.effects import Message
from escalation.messages.facts import Facts, OwnerChanged
from escalation.messages.handover import Handover
from escalation.messages.handover_reading import READ, handover_of
from escalation.messages.keys import message_id
from escalation.messages.shown import Shown, marks_of
from escalation.messages.urgency import is_urgent
from escalation.people import FOR_STAFF
from escalation.program_texts import in_language
from escalation.quiet_hours import quiet_until, waits_for
from escalation.reach import Reach
from escalation.vocabulary import CUSTOMER, Channel

LINK_LASTS = timedelta(days=14)  # how long a link in a letter works
# Cancellations of a ticket whose cases a message to the team still knows.
_UNDONE_AT_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Facts of the case that a message may use besides its own."""

    view: CaseView
    names: Mapping[str, str]
    handover: Handover | None
    case_url: str


class Writer:
    """Writes messages.

    Args:
        long_texts: Has the texts whole of which a message has only the beginning.
        public_url: Address of the server that people reach, without a slash at the end; empty for none, and no links.
        ticket_url: The URL at which a ticket can be seen; empty for none.
    """

    def __init__(
        self,
        *,
        records: Records,
        directory: Directory,
        long_texts: LongTexts,
        templates: Templates,
        clock: Callable[[], datetime],
        public_url: str = "",
        ticket_url: Callable[[str], str] = lambda _ticket: "",
    ) -> None:
        self._records = records
        self._directory = directory
        self._long_texts = long_texts
        self._templates = templates
        self._clock = clock
        self._public_url = public_url
        self._ticket_url = ticket_url

    async def envelope(
        self, escalation: str, message: Message, *, channel: Channel = Channel.EMAIL, turn: int = 0
    ) -> Envelope:
        """The message in words, addressed.

        Args:
            channel: To the customer, the channel.
            turn: To a colleague, which of their addresses, from 0.

        Raises:
            NoFurtherWay: The colleague has no such address.
            NotYetRecorded: The case is not in the record yet.
            NotYetKept: Nor is a text that the letter needs whole.
            UnknownPerson: The recipient is not on the team, or no longer.
            UnrenderableMessage: The template does not fit.
            WrongAudience: The message is not for this recipient.
        """
        check_audience(message)
        view = await self._records.view(escalation)
        handover = await self._handover(escalation) if message.kind in FOR_STAFF else None
        people = await self._directory.people(_people_of(message, view, handover))
        recipient = recipient_of(message, view, channel, people)
        if turn >= len(recipient.ways):
            raise NoFurtherWay(f"`{message.to}` has no other address; add one to the roster")
        way = recipient.ways[turn]
        message = await self._with_whole_texts(escalation, message)
        is_open = way.channel is Channel.EMAIL or await self._is_open(escalation, message)
        # Who presses a button is known by the chat; a link acts for the person it was written for.
        buttons = buttons_of(escalation, message) if is_open and way.channel is Channel.SLACK else ()
        linked = not buttons and await self._reads_alone(message.to, way)
        link = await self._link(escalation, message, view) if linked else None
        page = self._page(message, way)
        with_buttons = bool(buttons or (link and way.channel is not Channel.EMAIL))
        names = {one.id: one.name for one in people.values()}
        case_url = f"{self._public_url}{page_address(escalation)}" if self._public_url else ""
        known = _Known(view=view, names=names, handover=handover, case_url=case_url)
        rendered = await self._rendered(message, known, recipient, link, page, buttons=with_buttons)
        return Envelope(
            key=message_id(escalation, message.key),
            thread=escalation,
            address=way.at,
            channel=way.channel,
            has_next=turn + 1 < len(recipient.ways),
            name=recipient.name,
            subject=in_language(
                case_subject(view, to_staff=message.to != CUSTOMER, about=rendered.about), rendered.language
            ),
            body=f"{rendered.headline}\n\n{rendered.body}",
            language=rendered.language,
            at=self._clock(),
            author=author_of(message.facts),
            to_staff=message.to != CUSTOMER,
            copy_to=copy_to(message, people.get(view.contact), way.at),
            link=link,
            page=page,
            urgent=is_open and is_urgent(message, view.severity),
            severity=view.severity,
            cycle=view.cycle,
            tier=view.tier,
            sequence=view.last_seq,
            kinds=tuple(notice.kind.value for notice in message.notices) or (message.kind.value,),
            ticket=view.ticket,
            ticket_url=self._ticket_url(view.ticket),
            buttons=buttons,
        )

    async def _is_open(self, escalation: str, message: Message) -> bool:
        """Whether the message still asks what it was written for; it may have waited for its channel."""
        if message.kind is not MessageKind.OFFER:
            return True
        events = await self._records.events(escalation, fates.READ)
        return fates.fates_of([message.key], events)[message.key].state is fates.State.OPEN

    async def _reads_alone(self, person: str, way: Reach) -> bool:
        """Whether no one else reads what goes there."""
        if way.channel is Channel.EMAIL:
            return True
        return way.is_personal and await self._directory.person_at(way) == person

    async def _link(self, escalation: str, message: Message, view: CaseView) -> ActionLink | None:
        """A new link for what the message asks of a colleague."""
        if not self._public_url or message.kind not in FOR_STAFF:
            return None
        ask = asked_in(message, view, await self._records.events(escalation, asking.READ))
        if ask is None:
            return None
        base, token = f"{self._public_url}/act", secrets.token_urlsafe(32)
        return ActionLink(base=base, token=token, ask=ask, expires_at=self._clock() + LINK_LASTS)

    def _page(self, message: Message, way: Reach) -> CustomerLink | None:
        """A new link to the customer's page, of a letter to them."""
        if not self._public_url or message.to != CUSTOMER:
            return None
        return CustomerLink(base=f"{self._public_url}/c", token=secrets.token_urlsafe(32), address=way.at)

    async def waits_until(self, message: Message) -> datetime | None:
        """Until when a message to a colleague waits, aware UTC: not on shift, and in their quiet hours; else None.

        Raises:
            UnknownPerson: They are not on the team.
        """
        if not message.quiet_week or message.to == CUSTOMER:
            return None
        now, person = self._clock(), await self._directory.person(message.to)
        until = quiet_until(message.quiet_week, person.zone, now)
        if until is None:
            return None
        shift_ends = await self._directory.on_shift_until(message.to)
        return waits_for(until, shift_ends, now, is_offer=message.kind is MessageKind.OFFER)

    async def _with_whole_texts(self, escalation: str, message: Message) -> Message:
        """The message; a letter to the customer with what it says whole, and of other long texts the beginning."""
        if message.to != CUSTOMER:
            return message
        facts, *also = [await self._whole(escalation, one) for one in (message.facts, *message.also)]
        return replace(message, facts=facts, also=tuple(also))

    async def _whole(self, escalation: str, facts: Facts) -> Facts:
        marks, changes = marks_of(facts), dict[str, Any]()
        for field in fields(facts):
            text = getattr(facts, field.name)
            reference = reference_in(text) if isinstance(text, str) else ""
            if reference and marks.get(field.name) is Shown.PARAGRAPHS:
                changes[field.name] = await self._long_texts.whole(escalation, reference)
            elif reference:
                changes[field.name] = beginning_in(text)
        return replace(facts, **changes)

    async def _rendered(
        self,
        message: Message,
        known: _Known,
        recipient: Recipient,
        link: ActionLink | None,
        page: CustomerLink | None,
        *,
        buttons: bool,
    ) -> Rendered:
        view, names, handover = known.view, known.names, known.handover
        said = message_values(message, names, handover, link, page=page, buttons=buttons, case_url=known.case_url)
        values = case_values(
            view,
            recipient=recipient.name,
            owner=names.get(_owner_in(message, view), ""),
            contact=names.get(view.contact, ""),
        )
        template = TemplateFacts(
            kind=message.kind,
            languages=recipient.languages,
            frustration=view.frustration,
            zone=recipient.zone,
            values=values | said,
            also=tuple((one.kind.value, shown(one, names)) for one in message.also),
        )
        # In a thread: a letter with a long text takes half a second, in which the event loop has other cases to serve.
        return await asyncio.to_thread(self._templates.render, template)

    async def _handover(self, escalation: str) -> Handover:
        """Collect what is known of a case, and of the ones before it that were cancelled by mistake."""
        timeline = await self._records.events(escalation, READ)
        before = timeline
        for _ in range(_UNDONE_AT_MOST):
            if not (before and isinstance(before[0], Opened) and before[0].undoes):
                break
            before = await self._records.events(before[0].undoes, READ)
            timeline = (*before, *timeline)
        return handover_of(timeline)


def _owner_in(message: Message, view: CaseView) -> str:
    return message.facts.owner if isinstance(message.facts, OwnerChanged) else view.owner


def _people_of(message: Message, view: CaseView, handover: Handover | None) -> frozenset[str]:
    # Ids of everyone the message goes to or names; a letter without a name is better than no letter.
    named = people_in(message.facts, *message.also, handover)
    return (named | {message.to, _owner_in(message, view), view.contact}) - {CUSTOMER, ""}
