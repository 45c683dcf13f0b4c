"""Our errors in Temporal's words."""

import inspect
from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError

from activities import errors
from activities.errors import ActivityError, ClaimedElsewhere, GiveUp, RecipientRefused, TryAgain
from activities.temporal_errors import translated, translated_errors

NAMED = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, (GiveUp, TryAgain))]


@pytest.mark.parametrize("kind", NAMED, ids=lambda kind: kind.__name__)
def test_each_error_keeps_its_name_and_says_whether_to_try_again(kind: type[ActivityError]) -> None:
    with pytest.raises(ApplicationError, match="what happened") as told, translated_errors():
        raise kind("what happened")
    facts = (told.value.message, told.value.type, told.value.non_retryable)
    assert facts == ("what happened", kind.__name__, issubclass(kind, GiveUp))


def test_the_receivers_own_hint_sets_the_delay() -> None:
    with pytest.raises(ApplicationError) as told, translated_errors():
        raise ClaimedElsewhere("busy", after=2.5)
    assert told.value.next_retry_delay == timedelta(seconds=2.5)


def test_without_a_hint_the_retry_policy_decides() -> None:
    with pytest.raises(ApplicationError) as told, translated_errors():
        raise ClaimedElsewhere("busy")
    assert told.value.next_retry_delay is None


def test_what_a_driver_said_stays_out_of_the_history() -> None:
    said = OSError("no such mailbox: ada@example.com")
    with pytest.raises(ApplicationError) as told, translated_errors():
        raise RecipientRefused("the mail server refuses the recipient") from said
    assert told.value.__cause__ is None


def test_an_unexpected_error_stays_what_it_is() -> None:
    with pytest.raises(ZeroDivisionError), translated_errors():
        raise ZeroDivisionError


async def test_a_decorated_activity_translates_and_passes_on_its_answer() -> None:
    @translated
    async def half(number: int) -> int:
        """Half of it."""
        if number % 2:
            raise GiveUp("odd")
        return number // 2

    assert await half(4) == 2
    with pytest.raises(ApplicationError, match="odd"):
        await half(3)
    assert (half.__name__, half.__doc__) == ("half", "Half of it.")
