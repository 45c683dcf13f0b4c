"""A message needs a channel that something can be sent on."""

import re
from pathlib import Path

import pytest

from escalation.compiler.recipients import SENDABLE
from escalation.vocabulary import Channel
from tests.unit.compiler.texts import SOUND, assert_refused, compiled

WORKER = Path(__file__).parents[3] / "worker.py"


def test_channels_that_can_be_named_are_those_a_worker_sends_on() -> None:
    wired = re.findall(r"Channel\.([A-Z]+):", WORKER.read_text(encoding="utf-8"))
    assert {Channel[name] for name in wired} == SENDABLE


@pytest.mark.parametrize("side", ["customer", "staff"])
@pytest.mark.parametrize("written", ["webhook", "[webhook]", "[email, webhook]"])
def test_a_channel_without_an_adapter_is_refused_with_that_reason(side: str, written: str) -> None:
    text = f"{SOUND}channels:\n  {side}: {written} # here\n"
    assert_refused(text, "`webhook` has no adapter yet, so what is sent on it would reach nobody", "write `email`")


@pytest.mark.parametrize("side", ["customer", "staff"])
def test_a_channel_that_is_named_twice_is_refused(side: str) -> None:
    assert_refused(f"{SOUND}channels:\n  {side}: [email, email] # here\n", "`email` stands here twice", "once")


def test_no_channel_at_all_is_refused() -> None:
    assert_refused(f"{SOUND}channels:\n  staff: [] # here\n", "`staff` is empty", "at least one")


def test_a_single_channel_needs_no_brackets() -> None:
    assert compiled(f"{SOUND}channels: {{customer: email}}\n").policy.customer_channels == (Channel.EMAIL,)
