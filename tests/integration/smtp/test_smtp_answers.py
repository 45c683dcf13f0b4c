"""Each row of the table in `docs/mail.md`, given by a real peer to the real channel."""

from dataclasses import replace
from pathlib import Path

import pytest

from activities.adapters.smtp import SmtpChannel
from activities.adapters.smtp_answers import Step, meaning_of
from activities.errors import ChannelUnavailable, RecipientRefused, SentWithoutAnswer
from tests.integration.smtp.peer import Peer, a_peer
from tests.integration.smtp.relay import MESSAGE

DOC = Path(__file__).parents[3] / "docs" / "mail.md"


def rows() -> list[tuple[str, str, str, str]]:
    _, _, table = DOC.read_text(encoding="utf-8").partition("| Step | Answer | Fault of | Cause |\n|---|---|---|---|\n")
    found = []
    for line in table.splitlines():
        if not line.startswith("|"):
            break
        step, answer, fault, cause = (cell.strip() for cell in line.strip("|").split("|"))
        found.append((step, answer.strip("`"), fault, cause))
    return found


@pytest.mark.parametrize(("step", "answer", "fault", "cause"), rows())
async def test_an_answer_means_what_the_table_says(step: str, answer: str, fault: str, cause: str) -> None:
    peer = Peer(answers={step: answer}, offers=("AUTH PLAIN",))
    async with a_peer(peer) as relay:
        channel = SmtpChannel(replace(relay, username="me", password="secret"))  # noqa: S106 - a test's
        with pytest.raises((RecipientRefused, ChannelUnavailable)) as refused:
            await channel.send(MESSAGE)
    said = str(refused.value)
    assert type(refused.value) is (RecipientRefused if fault == "address" else ChannelUnavailable), said
    assert cause in said
    assert answer[:3] in said
    assert refused.value.__cause__ is None


def test_the_table_has_each_step_and_both_outcomes() -> None:
    found = rows()
    assert {row[0] for row in found} == {"connect", "EHLO", "LOGIN", "MAIL", "RCPT", "DATA"}
    assert {row[2] for row in found} == {"address", "relay"}
    assert len(found) > 50


@pytest.mark.parametrize("step", [Step.CONNECT, Step.ENCRYPT, Step.LOGIN, Step.SENDER])
@pytest.mark.parametrize("detail", ["1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "6.7", "9.99"])
def test_before_a_recipient_was_named_none_is_at_fault(step: Step, detail: str) -> None:
    assert not meaning_of(550, f"5.{detail} no such user", step).final


@pytest.mark.parametrize("code", range(400, 500, 7))
@pytest.mark.parametrize("step", list(Step))
def test_what_is_for_now_is_never_final(code: int, step: Step) -> None:
    assert not meaning_of(code, "5.1.1 no such user", step).final


@pytest.mark.parametrize(
    "answer",
    [
        "5.7.1.9 is listed",
        "client 5.1.1.1 is blocked",
        "10.5.1.1 may not relay",
        "policy of 5.1.1.7",
    ],
)
def test_an_ip_address_is_not_taken_for_a_status_code(answer: str) -> None:
    assert not meaning_of(554, answer, Step.RECIPIENT).final


def test_a_status_code_is_found_on_a_later_line() -> None:
    assert meaning_of(550, "relay.example.com says:\n5.1.1 The account does not exist", Step.RECIPIENT).final


def test_long_answers_are_judged_in_no_time() -> None:
    assert not meaning_of(554, "user " * 200_000 + "not", Step.RECIPIENT).final


async def test_a_login_is_refused_with_the_setting_to_check() -> None:
    peer = Peer(answers={"LOGIN": "535 5.7.8 no"}, offers=("AUTH PLAIN",))
    async with a_peer(peer) as relay:
        with pytest.raises(ChannelUnavailable, match="ESCALATIONS_SMTP_USERNAME") as refused:
            await SmtpChannel(replace(relay, username="me", password="secret")).send(MESSAGE)  # noqa: S106 - a test's
    assert "secret" not in str(refused.value)


async def test_a_relay_that_accepts_it_is_done_with() -> None:
    peer = Peer()
    async with a_peer(peer) as relay:
        assert await SmtpChannel(relay).send(MESSAGE) == "250 2.0.0 OK"
    assert len(peer.messages) == 1


async def test_a_strange_answer_to_the_message_leaves_it_open_whether_it_was_taken() -> None:
    async with a_peer(Peer(answers={"DATA": "354 go on"})) as relay:
        with pytest.raises(SentWithoutAnswer):
            await SmtpChannel(relay).send(MESSAGE)
