"""Messages travel with their types: what a decision said is what the activity gets."""

import pytest

from activities.contracts import DeliverInput
from escalation.message_kinds import MessageKind
from escalation.messages import keys
from escalation.notice_kinds import NoticeKind
from tests.unit.delivery.cases import a_message, a_request, full, notice_of
from workflows.converter import DATA_CONVERTER


async def travelled(request: DeliverInput) -> DeliverInput:
    (arrived,) = await DATA_CONVERTER.decode(await DATA_CONVERTER.encode([request]), [DeliverInput])
    assert isinstance(arrived, DeliverInput)
    return arrived


@pytest.mark.parametrize("kind", MessageKind)
async def test_every_kind_of_message_arrives_as_it_was_sent(kind: MessageKind) -> None:
    for said in (full(kind), {}):
        request = a_request(a_message(kind, **said))
        arrived = await travelled(request)
        assert arrived == request
        assert type(arrived.message.facts) is type(request.message.facts)


@pytest.mark.parametrize("kind", NoticeKind)
async def test_every_kind_of_notice_arrives_as_it_was_sent(kind: NoticeKind) -> None:
    request = a_request(a_message(MessageKind.NOTICE, to="ana", notices=(notice_of(kind, late=True),)))
    arrived = await travelled(request)
    assert arrived == request
    assert type(arrived.message.notices[0]) is type(request.message.notices[0])


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (keys.addressed(keys.numbered(MessageKind.QUESTION, 2)), MessageKind.QUESTION),
        (keys.offered(4, "ana"), MessageKind.OFFER),
        (keys.addressed(keys.bulletin("mail", 1)), None),
        (keys.undelivered("question/1/customer", bounced=True), None),
        ("customer_update/2/due/customer", None),
    ],
)
def test_a_key_says_of_which_kind_its_message_is_unless_it_names_something_else(
    key: str, kind: MessageKind | None
) -> None:
    assert keys.kind_in(key) is kind
