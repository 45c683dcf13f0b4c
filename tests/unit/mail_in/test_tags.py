"""The address that answers go to names the case, and can be neither guessed nor changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.addresses import MailAddress, parse_address
from escalation.mail_in.tags import Tagged, reply_address, tag_in

BASE, SECRET = parse_address("replies@example.com"), "a secret of some length"


def address(ticket: str = "T-1", *, to_staff: bool = False) -> str:
    made = reply_address(BASE, SECRET, ticket, to_staff=to_staff)
    assert made is not None
    return str(made)


@pytest.mark.parametrize("to_staff", [True, False])
def test_an_address_names_the_ticket_and_whom_the_letter_was_to(*, to_staff: bool) -> None:
    assert tag_in(address(to_staff=to_staff), BASE, SECRET) == Tagged("T-1", to_staff)
    assert address(to_staff=True) != address(to_staff=False)


def test_capitals_do_not_matter_as_mail_servers_change_them() -> None:
    assert tag_in(address().upper(), BASE, SECRET) == Tagged("T-1", to_staff=False)


@pytest.mark.parametrize(
    "given_out",
    [
        "replies@example.com",
        "replies+@example.com",
        "replies+cccc@example.com",
        "replies+süd@example.com",
        "other+{tag}@example.com",
        "replies+{tag}@example.net",
        "replies+s{tag[1:]}@example.com",
        "replies+{tag[:-1]}a@example.com",
        "no address",
    ],
)
def test_an_address_that_we_did_not_give_out_names_nothing(given_out: str) -> None:
    tag = address().partition("+")[2].partition("@")[0]
    asked = given_out.replace("{tag}", tag).replace("{tag[1:]}", tag[1:]).replace("{tag[:-1]}", tag[:-1])
    assert tag_in(asked, BASE, SECRET) is None


def test_another_secret_proves_nothing() -> None:
    assert tag_in(address(), BASE, "another secret of length") is None


def test_what_was_signed_must_be_a_ticket() -> None:
    blank = reply_address(BASE, SECRET, "a b", to_staff=False)
    assert blank is not None
    assert tag_in(str(blank), BASE, SECRET) is None


def test_a_ticket_too_long_for_an_address_has_none() -> None:
    assert reply_address(BASE, SECRET, "T" * 40, to_staff=False) is None
    assert reply_address(MailAddress("r" * 60, "example.com"), SECRET, "1", to_staff=False) is None


@given(st.text(st.characters(categories=["L", "N", "P"], exclude_characters="~"), min_size=1, max_size=10))
def test_every_ticket_that_fits_comes_back(ticket: str) -> None:
    made = reply_address(BASE, SECRET, ticket, to_staff=False)
    if made is not None:
        assert parse_address(str(made)) == made
        assert tag_in(str(made), BASE, SECRET) == Tagged(ticket, to_staff=False)
