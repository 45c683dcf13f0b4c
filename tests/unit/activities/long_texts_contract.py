"""What every LongTexts must do, whatever it is made of; run against the fake and against PostgreSQL."""

import asyncio

import pytest

from activities.contracts import KeepTextInput
from activities.errors import NotYetKept
from activities.ports.record import LongTexts
from escalation.bounds import reference_to
from tests.unit.activities.builders import CASE, MONDAY

LONG = "\N{GRINNING FACE} \u5ba2\u6237 \\ \" ' \r\n\t" * 30_000


def text_of(text: str = LONG, *, escalation: str = CASE) -> KeepTextInput:
    return KeepTextInput(escalation=escalation, text=text, at=MONDAY)


class LongTextsContract:
    """Fixtures needed: `long_texts`, with a life of `CASE` and its second one."""

    async def test_a_text_comes_back_as_it_was(self, long_texts: LongTexts) -> None:
        await long_texts.keep(text_of())
        assert await long_texts.whole(CASE, reference_to(LONG)) == LONG

    async def test_a_text_that_no_one_kept_is_not_there_yet(self, long_texts: LongTexts) -> None:
        with pytest.raises(NotYetKept, match=reference_to(LONG)):
            await long_texts.whole(CASE, reference_to(LONG))

    async def test_many_at_once_keep_the_same_text_once(self, long_texts: LongTexts) -> None:
        await asyncio.gather(*(long_texts.keep(text_of()) for _ in range(5)))
        await long_texts.keep(text_of("another"))
        assert await long_texts.whole(CASE, reference_to(LONG)) == LONG
        assert await long_texts.whole(CASE, reference_to("another")) == "another"

    async def test_an_escalation_has_only_its_own_texts(self, long_texts: LongTexts) -> None:
        await long_texts.keep(text_of(escalation=f"{CASE}~2"))
        with pytest.raises(NotYetKept):
            await long_texts.whole(CASE, reference_to(LONG))
