"""Mail addresses, as they are written and as relays want them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.addresses import InvalidAddress, parse_address
from escalation.case.commands import Customer, OpenByTriage
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.opening import check_opening


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ann@example.com", "ann@example.com"),
        ("  ann@example.com\n", "ann@example.com"),
        ("a.b+c_d-e@mail.example.com", "a.b+c_d-e@mail.example.com"),
        ("o'brien!#$%&*/=?^`{|}~@example.com", "o'brien!#$%&*/=?^`{|}~@example.com"),
        ('"a b"@example.org', '"a b"@example.org'),
        ('"a@b"@example.org', '"a@b"@example.org'),
        ('"a..b"@example.org', '"a..b"@example.org'),
        ("ann@localhost", "ann@localhost"),
        ("ann@[192.0.2.1]", "ann@[192.0.2.1]"),
        ("ann@[IPv6:2001:db8::1]", "ann@[IPv6:2001:db8::1]"),
        ("ann@müller.example", "ann@xn--mller-kva.example"),
        ("ann@mu\u0308ller.example", "ann@xn--mller-kva.example"),
        ("ann@MÜLLER.Example", "ann@xn--mller-kva.example"),
        ("ann@straße.example", "ann@xn--strae-oqa.example"),
        ("ann@例え.テスト", "ann@xn--r8jz45g.xn--zckzah"),
        ("ann@例え。テスト", "ann@xn--r8jz45g.xn--zckzah"),
        ("ann@xn--mller-kva.example", "ann@xn--mller-kva.example"),
        ("иван@пример.example", "иван@xn--e1afmkfd.example"),
        ("zoe\u0308@example.org", "zoë@example.org"),
    ],
)
def test_an_address_is_read_as_a_relay_wants_it(written: str, read: str) -> None:
    address = parse_address(written)
    assert str(address) == read
    assert address.is_ascii == read.isascii()


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "is empty"),
        (" \u00a0", "is empty"),
        ("ann", "has no @"),
        ("ann.example.com", "has no @"),
        ("@example.com", "nothing before the @"),
        ("ann@", "nothing after the @"),
        ("Ann <ann@example.com>", "a name, brackets"),
        ("<ann@example.com>", "brackets"),
        ("ann(home)@example.com", "comment"),
        ("ann@example.com,ben@example.com", "not a list"),
        ("ann@example.com;", "not a list"),
        ("ann@ben@example.com", "character before the @"),
        ("ann lee@example.com", "blank"),
        ("ann@exam\u00a0ple.com", "U+00A0"),
        ("ann\u200b@example.com", "U+200B"),
        ("ann@exam\u200bple.com", "U+200B"),
        ("\ufeffann@example.com", "U+FEFF"),
        ("ann\u202e@example.com", "U+202E"),
        ("ann@example.com\r\nBcc: eve@example.com", "invisible character U+000D"),
        ("ann\x00@example.com", "U+0000"),
        ("ann\ud83d@example.com", "U+D83D"),
        (".ann@example.com", "dot at the start"),
        ("ann.@example.com", "dot at the start, at the end"),
        ("a..b@example.com", "write it in quotes"),
        ('"ann@example.com', "character before the @"),
        ("ann@example", None),
        ("ann@example..com", "domain that cannot exist"),
        ("ann@.example.com", "domain that cannot exist"),
        ("ann@example.com.", "domain that cannot exist"),
        ("ann@-example.com", "domain that cannot exist"),
        ("ann@example-.com", "domain that cannot exist"),
        ("ann@exa$mple.com", "domain that cannot exist"),
        ("ann@" + "x" * 64 + ".com", "domain that cannot exist"),
        ("ann@xn--99999999999.example", "domain that cannot exist"),
        ("ann@192.0.2.1", "IP address in brackets"),
        ("ann@[192.0.2.999]", "no IP address"),
        ("ann@[IPv6:nonsense]", "no IP address"),
        ("ann@[192.0.2.1", "no IP address"),
        ("ann@☃.example", "letters that no domain can have"),
        ("ann@a\u0300\u0300-.example", "letters that no domain can have"),
        ("a" * 65 + "@example.com", "more than 64 octets"),
        ("ä" * 33 + "@example.com", "more than 64 octets"),
        ("ann@" + "x." * 130 + "com", "longer than 254"),
        ("=?utf-8?q?=0ABcc:_eve?=@example.com", "encoded text"),
    ],
)
def test_what_no_mail_can_have_is_refused_and_the_reason_is_said(written: str, why: str | None) -> None:
    if why is None:
        assert str(parse_address(written)) == written
        return
    with pytest.raises(InvalidAddress) as refused:
        parse_address(written)
    assert why in str(refused.value)


@given(st.text(max_size=60) | st.emails())
def test_what_is_read_is_one_line_and_reads_the_same_again(written: str) -> None:
    try:
        address = parse_address(written)
    except InvalidAddress:
        return
    assert str(address).isprintable()
    assert address.domain.isascii()
    assert len(str(address).encode()) <= 254
    assert parse_address(str(address)) == address


@given(st.emails())
def test_ordinary_addresses_are_taken(written: str) -> None:
    local, _, domain = written.rpartition("@")
    if "=?" not in local and not domain.rpartition(".")[2].isdigit() and "xn--" not in domain.lower():
        assert str(parse_address(written)) == written


def test_opening_refuses_an_address_and_does_not_repeat_it() -> None:
    customer = Customer(id="c-1", name="Ann", address="ann smith@example.com")
    with pytest.raises(InvalidCommand, match=r"`customer\.address` contains a blank") as refused:
        check_opening(OpenByTriage(ticket="T-1", summary="It smokes", customer=customer, by="desk"))
    assert "smith" not in str(refused.value)


def test_an_address_longer_than_mail_takes_is_refused() -> None:
    domain = ".".join(["a" * 60] * 3)
    with pytest.raises(InvalidAddress, match="is longer than 254 octets"):
        parse_address(f"{'ü' * 32}@{domain}.a-long-example-of-a-name.example")
