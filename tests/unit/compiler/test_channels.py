"""Which channels a policy can name."""

import pytest

from escalation.vocabulary import Channel
from tests.unit.compiler.texts import SOUND, assert_refused, compiled


@pytest.mark.parametrize("side", ["customer", "staff"])
@pytest.mark.parametrize("written", ["pigeon", "[pigeon]", "[email, pigeon]"])
def test_a_channel_that_does_not_exist_is_refused(side: str, written: str) -> None:
    assert_refused(f"{SOUND}channels:\n  {side}: {written} # here\n", "pigeon", "email")


@pytest.mark.parametrize("side", ["customer", "staff"])
def test_a_channel_that_is_named_twice_is_refused(side: str) -> None:
    assert_refused(f"{SOUND}channels:\n  {side}: [email, email] # here\n", "`email` is listed twice", "once")


def test_no_channel_at_all_is_refused() -> None:
    assert_refused(f"{SOUND}channels:\n  staff: [] # here\n", "`staff` is empty", "at least one")


def test_a_single_channel_needs_no_brackets() -> None:
    assert compiled(f"{SOUND}channels: {{customer: email}}\n").policy.customer_channels == (Channel.EMAIL,)


def test_customers_are_reached_by_mail_only() -> None:
    assert_refused(
        f"{SOUND}channels:\n  customer: [email, slack] # here\n", "`slack` does not reach customers", "email"
    )
