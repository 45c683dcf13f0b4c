"""What every Ledger must do, whatever it is made of; run against the fake and against PostgreSQL."""

import asyncio
from dataclasses import replace
from enum import StrEnum
from typing import cast

import pytest

from activities.errors import ClaimedElsewhere
from activities.ports.sending import Claim, Ledger, Sent
from escalation.messages.fates import State
from escalation.vocabulary import Channel
from tests.unit.activities.builders import CASE, Clock, a_letter


class _Later(StrEnum):
    CHAT = "chat"


OTHER = cast(Channel, _Later.CHAT)
"""A channel that is still to come."""


class LedgerContract:
    """Fixtures needed: `ledger` (with a lease of a minute), `clock`."""

    async def claim(self, ledger: Ledger, channel: Channel = Channel.EMAIL) -> Claim:
        return await ledger.claim(CASE, "receipt", channel=channel, kind="receipt", to="customer")

    async def fail(self, ledger: Ledger, *, final: bool = False) -> None:
        await ledger.failed(CASE, "receipt", channel=Channel.EMAIL, error="451 later", final=final)

    async def send(self, ledger: Ledger) -> None:
        await ledger.sent(CASE, "receipt", channel=Channel.EMAIL, receipt="250 ok", letter=a_letter())

    async def test_a_new_message_may_be_sent(self, ledger: Ledger) -> None:
        assert await self.claim(ledger) == Claim()

    async def test_what_was_sent_is_not_sent_again(self, ledger: Ledger) -> None:
        await self.claim(ledger)
        await self.send(ledger)
        assert await self.claim(ledger) == Claim(sent=True)

    async def test_two_attempts_cannot_hold_the_same_message(self, ledger: Ledger, clock: Clock) -> None:
        await self.claim(ledger)
        clock.move(seconds=20)
        with pytest.raises(ClaimedElsewhere) as refused:
            await self.claim(ledger)
        assert refused.value.after == 40

    async def test_a_failed_attempt_gives_the_claim_back_at_once(self, ledger: Ledger) -> None:
        await self.claim(ledger)
        await self.fail(ledger)
        assert await self.claim(ledger) == Claim()

    async def test_a_final_failure_may_be_tried_again_by_hand(self, ledger: Ledger) -> None:
        await self.claim(ledger)
        await self.fail(ledger, final=True)
        assert await self.claim(ledger) == Claim()

    async def test_a_claim_that_ran_out_is_taken_over_with_a_warning(self, ledger: Ledger, clock: Clock) -> None:
        await self.claim(ledger)
        clock.move(seconds=60)
        assert await self.claim(ledger) == Claim(maybe_sent=True)

    async def test_the_warning_stays_after_a_failure(self, ledger: Ledger, clock: Clock) -> None:
        await self.claim(ledger)
        clock.move(seconds=60)
        await self.claim(ledger)
        await self.fail(ledger)
        assert await self.claim(ledger) == Claim(maybe_sent=True)

    async def test_a_failure_reported_late_does_not_undo_what_was_sent(self, ledger: Ledger) -> None:
        await self.claim(ledger)
        await self.send(ledger)
        await self.fail(ledger)
        assert await self.claim(ledger) == Claim(sent=True)

    async def test_a_success_reported_after_a_failure_counts(self, ledger: Ledger) -> None:
        await self.claim(ledger)
        await self.fail(ledger)
        await self.send(ledger)
        assert await self.claim(ledger) == Claim(sent=True)

    async def test_each_channel_has_its_own_claim(self, ledger: Ledger) -> None:
        await self.claim(ledger, Channel.EMAIL)
        assert await self.claim(ledger, OTHER) == Claim()

    async def test_of_many_attempts_at_once_one_gets_the_claim(self, ledger: Ledger) -> None:
        answers = await asyncio.gather(*(self.claim(ledger) for _ in range(8)), return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, ClaimedElsewhere)]
        assert (len(refused), [answer for answer in answers if answer not in refused]) == (7, [Claim()])

    async def begins(self, ledger: Ledger, key: str, to: str = "customer", channel: Channel = Channel.EMAIL) -> str:
        return (await ledger.claim(CASE, key, channel=channel, kind="update", to=to)).first

    async def arrives(self, ledger: Ledger, key: str) -> None:
        await ledger.sent(CASE, key, channel=Channel.EMAIL, receipt="250 ok", letter=a_letter())

    async def test_the_first_message_that_was_sent_begins_the_conversation(self, ledger: Ledger, clock: Clock) -> None:
        for key, first in (("b", ""), ("a", "b"), ("c", "b")):
            assert await self.begins(ledger, key) == first
            await self.arrives(ledger, key)
            clock.move(seconds=1)

    async def test_each_recipient_and_channel_has_a_conversation_of_its_own(self, ledger: Ledger) -> None:
        await self.begins(ledger, "a")
        await self.arrives(ledger, "a")
        assert await self.begins(ledger, "b", to="ana") == ""
        assert await self.begins(ledger, "c", channel=OTHER) == ""

    async def test_a_message_that_was_refused_begins_nothing(self, ledger: Ledger, clock: Clock) -> None:
        await self.begins(ledger, "a")
        await ledger.failed(CASE, "a", channel=Channel.EMAIL, error="550 gone", final=True)
        clock.move(seconds=1)
        assert await self.begins(ledger, "b") == ""

    async def test_a_message_that_is_being_sent_begins_the_conversation_of_a_later_one(
        self, ledger: Ledger, clock: Clock
    ) -> None:
        assert await self.begins(ledger, "b") == ""
        clock.move(seconds=1)
        assert await self.begins(ledger, "a") == "b"

    async def test_one_that_got_through_earlier_begins_the_conversation_of_one_that_was_held_up(
        self, ledger: Ledger, clock: Clock
    ) -> None:
        await self.begins(ledger, "a")
        await ledger.failed(CASE, "a", channel=Channel.EMAIL, error="451 later", final=False)
        clock.move(seconds=1)
        await self.begins(ledger, "b")
        await self.arrives(ledger, "b")
        assert await self.begins(ledger, "a") == "b"

    async def test_the_conversation_has_what_was_answered_at_its_beginning(self, ledger: Ledger) -> None:
        await self.begins(ledger, "a")
        await self.arrives(ledger, "a")
        began = await ledger.claim(CASE, "b", channel=Channel.EMAIL, kind="update", to="customer")
        assert (began.receipt, began.subject) == ("250 ok", a_letter().subject)

    async def test_a_conversation_whose_beginning_is_being_sent_has_no_subject_yet(
        self, ledger: Ledger, clock: Clock
    ) -> None:
        await self.begins(ledger, "a")
        clock.move(seconds=1)
        began = await ledger.claim(CASE, "b", channel=Channel.EMAIL, kind="update", to="customer")
        assert (began.first, began.subject) == ("a", "")

    async def test_a_message_is_behind_one_that_may_still_be_sent(self, ledger: Ledger, clock: Clock) -> None:
        await self.begins(ledger, "b", to="ana")
        clock.move(seconds=1)
        await self.begins(ledger, "a", to="ana")
        await self.begins(ledger, "c", to="ben")
        assert [await ledger.is_behind(CASE, key, channel=Channel.EMAIL) for key in "bac"] == [False, True, False]
        await ledger.failed(CASE, "b", channel=Channel.EMAIL, error="451 later", final=False)
        assert await ledger.is_behind(CASE, "a", channel=Channel.EMAIL)
        await ledger.failed(CASE, "b", channel=Channel.EMAIL, error="550 no", final=True)
        assert not await ledger.is_behind(CASE, "a", channel=Channel.EMAIL)

    async def test_messages_to_colleagues_can_be_changed_and_are_marked(self, ledger: Ledger) -> None:
        for key, to in (("a", "ana"), ("b", "customer")):
            await self.begins(ledger, key, to=to)
            await self.arrives(ledger, key)
        await self.begins(ledger, "c", to="ana")
        (sent,) = await ledger.sent_on(CASE, [Channel.EMAIL, Channel.SLACK])
        letter = a_letter()
        said = Sent(
            key="a", to="ana", channel=Channel.EMAIL, receipt="250 ok", subject=letter.subject, body=letter.body
        )
        assert sent == said
        assert await ledger.sent_on(CASE, [Channel.SLACK]) == ()
        taken = replace(sent, state=State.TAKEN, by="Ben")
        assert await ledger.showed(CASE, taken)
        assert await ledger.showed(CASE, taken)
        assert not await ledger.showed(CASE, replace(sent, state=State.OVER)), "another attempt showed one meanwhile"
        (sent,) = await ledger.sent_on(CASE, [Channel.EMAIL])
        assert sent.shown == "unknown"
