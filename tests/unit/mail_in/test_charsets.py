"""A text is read in the charset it is in, whatever the mail says."""

import base64

import pytest

from escalation.mail_in.charsets import codec_of, decoded, repaired
from tests.unit.mail_in.mails import HEAD, read, text_mail


@pytest.mark.parametrize(
    ("text", "says", "is_in"),
    [
        ("Спасибо, всё работает.", "koi8-r", "koi8-r"),
        ("„Danke“, 5 €", "iso-8859-1", "cp1252"),
        ("Müller grüßt", "iso-8859-1", "utf-8"),
        ("Müller grüßt", "us-ascii", "cp1252"),
        ("Müller grüßt", "us-ascii", "utf-8"),
        ("Müller grüßt", "utf-8", "cp1252"),
        ("Müller grüßt", "x-unknown", "utf-8"),
        ("お願いします", "utf-8", "iso2022_jp"),
        ("お願いします", "", "iso2022_jp"),
        ("Müller grüßt", '"ansi"', "cp1252"),
        ("Müller grüßt", "hex", "utf-8"),
        ("您好 今天順利嗎", "big5", "utf-8"),
        ("您好 今天順利嗎", "big5", "big5"),
        ("你好谢谢", "gb2312", "gb18030"),
        ("こんにちは①", "shift_jis", "cp932"),
        ("こんにちは", "iso-2022-jp", "iso-2022-jp"),
        ("안녕하세요", "ks_c_5601-1987", "cp949"),
        ("Grüße", "utf-7", "utf-7"),
    ],
)
def test_a_text_is_read_in_the_charset_it_is_in(text: str, says: str, is_in: str) -> None:
    assert read(text_mail(text, says, is_in)).text == text


def test_utf_16_is_read() -> None:
    body = base64.encodebytes("Grüße".encode("utf-16")).decode()
    assert (
        read(f"{HEAD}Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\n{body}").text
        == "Grüße"
    )


def test_a_charset_with_a_language_is_read() -> None:
    assert read(HEAD + "Content-Type: text/plain; charset*=utf-8'de'utf-8\n\nGrüße").text == "Grüße"


def test_utf_8_that_is_cut_in_a_character_loses_that_character_alone() -> None:
    assert decoded("viele Grüße aus Köln, äöü, äöü".encode()[:-1], "utf-8") == "viele Grüße aus Köln, äöü, äö\ufffd"


def test_bytes_that_no_charset_has_become_something() -> None:
    assert decoded(b"a\x81\xfc", "iso-8859-1") == "aü"
    assert decoded(b"a\xff\xfe\xfa", "big5").startswith("a")
    assert decoded(b"\xc3\xbc", "euc-jp") in ("ü", "端")
    assert decoded(b"\xc3\xbc\xff", "shift_jis")


def test_no_control_character_is_left() -> None:
    assert decoded(b"a\x00\x1b[2Jb\r\nc", "utf-8") == "a[2Jb\nc"
    assert repaired("a\udcfc\x1b") == "aü"


@pytest.mark.parametrize("name", ["", "unicode_escape", "base64", "idna", "none\x00"])
def test_a_name_that_names_no_charset_has_no_codec(name: str) -> None:
    assert codec_of(name) == ""
