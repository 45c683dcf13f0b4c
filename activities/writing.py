"""Writing a message: whom it goes to, with whole texts and the names of people, in the words of their language.

Who the recipient is comes from the record and the directory, so no personal data is in a history.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from activities.errors import NoFurtherWay, UnknownPerson, WrongAudience
from activities.message_values import case_subject, case_values, message_values, people_in, shown
from activities.ports.directory import Directory
from activities.ports.record import LongTexts, Records
from activities.ports.sending import ActionLink, CustomerLink, Envelope
from activities.ports.wording import Rendered, TemplateFacts, Templates
from escalation.bounds import beginning_in, reference_in
from escalation.lifecycle import asking
from escalation.lifecycle.asking import asked_in
from escalation.lifecycle.view import CaseView
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
from escalation.people import FOR_STAFF, colleague
from escalation.quiet_hours import quiet_until
from escalation.reach import Reach, ways
from escalation.vocabulary import CUSTOMER, Channel, MessageKind

LINK_LASTS = timedelta(days=14)
"""How long a link in a letter works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipient:
    """Whom a message goes to, customer or colleague.

    Attributes:
        ways: Where to reach them, in the order in which it is tried.
        languages: Tags of what they read, the one they like best first.
    """

    name: str
    ways: tuple[Reach, ...]
    languages: tuple[str, ...]
    zone: str


class Writer:
    """Writes messages.

    Args:
        records: Has the customer and the case.
        directory: Has the people of the team.
        long_texts: Has the texts whole of which a message has only the beginning.
        templates: Has the words.
        clock: Gives the present instant, aware UTC.
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
            escalation: The case.
            message: What.
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
        view = await self._records.view(escalation)
        recipient = await self._recipient(message, view, channel)
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
        rendered = await self._rendered(escalation, message, view, recipient, link, page, buttons=with_buttons)
        return Envelope(
            key=message_id(escalation, message.key),
            thread=escalation,
            address=way.at,
            channel=way.channel,
            has_next=turn + 1 < len(recipient.ways),
            name=recipient.name,
            subject=case_subject(view, to_staff=message.to != CUSTOMER, about=rendered.about),
            body=f"{rendered.headline}\n\n{rendered.body}",
            language=rendered.language,
            at=self._clock(),
            author=author_of(message.facts),
            to_staff=message.to != CUSTOMER,
            copy_to=await self._copy_to(message, view, way.at),
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
        if shift_ends is None:  # asked around the clock: an offer finds them, other news can wait
            return None if message.kind is MessageKind.OFFER else until
        return None if shift_ends > now else until

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
        escalation: str,
        message: Message,
        view: CaseView,
        recipient: _Recipient,
        link: ActionLink | None,
        page: CustomerLink | None,
        *,
        buttons: bool,
    ) -> Rendered:
        facts = message.facts
        values = case_values(
            view,
            recipient=recipient.name,
            owner=await self._name_of(facts.owner if isinstance(facts, OwnerChanged) else view.owner),
            contact=await self._name_of(view.contact),
        )
        handover = await self._handover(escalation) if message.kind in FOR_STAFF else None
        names = {person: await self._name_of(person) for person in people_in(message.facts, *message.also, handover)}
        template = TemplateFacts(
            kind=message.kind,
            languages=recipient.languages,
            frustration=view.frustration,
            zone=recipient.zone,
            values=values | message_values(message, names, handover, link, page=page, buttons=buttons),
            also=tuple((one.kind.value, shown(one, names)) for one in message.also),
        )
        # In a thread: a letter with a long text takes half a second, in which the event loop has other cases to serve.
        return await asyncio.to_thread(self._templates.render, template)

    async def _handover(self, escalation: str) -> Handover:
        return handover_of(await self._records.events(escalation, READ))

    async def _recipient(self, message: Message, view: CaseView, channel: Channel) -> _Recipient:
        _check_audience(message)
        if message.to == CUSTOMER:
            customer = view.customer
            return _Recipient(
                name=customer.name,
                ways=(Reach(channel, customer.address),),
                languages=(customer.language,),
                zone=customer.zone,
            )
        person = await self._directory.person(message.to)
        if not person.active:
            raise UnknownPerson(f"`{message.to}` is no longer on the team; name a colleague, or correct the roster")
        return _Recipient(
            name=person.name,
            ways=ways(
                person.addresses,
                person.urgent,
                mail=person.address,
                is_urgent=is_urgent(message, view.severity),
            ),
            languages=(person.language, *person.languages),
            zone=person.zone,
        )

    async def _copy_to(self, message: Message, view: CaseView, address: str) -> str:
        """The address of the customer's contact, who hears what the customer hears; empty without one."""
        if message.to != CUSTOMER:
            return ""
        try:
            contact = await self._directory.person(view.contact)
        except UnknownPerson:
            return ""
        return contact.address if contact.active and contact.address != address else ""

    async def _name_of(self, person: str) -> str:
        """Empty if no one is meant or known: a letter without the name is better than no letter."""
        try:
            return (await self._directory.person(person)).name if person else ""
        except UnknownPerson:
            return ""


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
