"""What rendering guarantees, whatever the templates and the values contain."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel import Locale
from jinja2 import TemplateSyntaxError

from activities.adapters.templates import LONGEST_HEADLINE, Templates, say_instant, shorten
from activities.errors import UnrenderableMessage
from activities.ports.wording import TemplateFacts

AT = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)


def templates(folder: Path, source: str, *, language: str = "en", **options: int) -> Templates:
    (folder / language).mkdir(exist_ok=True)
    (folder / language / "note.txt").write_text(source, encoding="utf-8")
    return Templates(folder, **options)


def facts(*languages: str, zone: str = "UTC", **values: object) -> TemplateFacts:
    return TemplateFacts(kind="note", languages=languages, frustration=0, zone=zone, values=values)


def test_a_value_that_looks_like_a_template_is_printed_as_it_is(tmp_path: Path) -> None:
    hostile = "{{ 7 * 7 }} {% for x in range(9) %} {# gone #} {{ cycler.__init__.__globals__ }}"
    letter = templates(tmp_path, "Headline: {{ text }}\n{{ text }}").render(facts(text=hostile))
    assert letter.headline == hostile
    assert letter.body == f"{hostile}\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\x00"])
def test_a_line_break_in_a_value_cannot_end_the_headline(tmp_path: Path, newline: str) -> None:
    text = f"Hello{newline}Bcc: eve@example.com"
    letter = templates(tmp_path, "Headline: {{ text }}\nbody").render(facts(text=text))
    assert letter.headline == "Hello Bcc: eve@example.com"
    assert letter.body == "body\n"


def test_a_long_value_shortens_the_headline(tmp_path: Path) -> None:
    letter = templates(tmp_path, "Headline: {{ text }}\nbody").render(facts(text="word " * 1_000_000))
    assert len(letter.headline) <= LONGEST_HEADLINE
    assert letter.headline.endswith("word…")


def test_a_body_that_grows_too_long_is_refused_and_none_of_it_is_quoted(tmp_path: Path) -> None:
    letter = templates(tmp_path, "Headline: s\n{{ text }}", longest=100)
    assert letter.render(facts(text="x" * 99)).body == "x" * 99 + "\n"
    with pytest.raises(UnrenderableMessage, match="more than 100 characters") as refused:
        letter.render(facts(text="secret" * 20))
    assert "secret" not in str(refused.value)


def test_a_template_that_would_print_forever_is_stopped_by_its_size(tmp_path: Path) -> None:
    source = "Headline: s\n{% for a in range(99999) %}{% for b in range(99999) %}{{ b }}{% endfor %}{% endfor %}"
    with pytest.raises(UnrenderableMessage, match="more than"):
        templates(tmp_path, source).render(facts())


@pytest.mark.parametrize(
    "source",
    [
        "Headline: {{ missing }}\nbody",
        "Headline: s\n{{ missing }}",
        "Headline: s\n{% if missing %}x{% endif %}",
        "Headline: s\n{{ text.__class__ }}",
        "Headline: s\n{{ things.append('more') }}",
        "Headline: s\n{{ text + 1 }}",
        "Headline: s\n{{ 1 // 0 }}",
        "Headline: s\n{% include 'en/nowhere.txt' %}",
    ],
)
def test_what_a_template_may_not_do_makes_the_message_unrenderable(tmp_path: Path, source: str) -> None:
    letter = templates(tmp_path, source)
    with pytest.raises(UnrenderableMessage, match="en/note") as refused:
        letter.render(facts(text="secret", things=["one"]))
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnrenderableMessage, match=r"add en/note\.txt"):
        Templates(tmp_path).render(facts())


def test_a_template_without_a_headline_is_found_when_the_worker_starts(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"note\.txt:1: .* must begin with `Headline:`"):
        templates(tmp_path, "Hello")


def test_a_template_that_is_not_a_template_is_found_when_the_worker_starts(tmp_path: Path) -> None:
    with pytest.raises(TemplateSyntaxError) as found:
        templates(tmp_path, "Headline: s\n\n{% if %}")
    assert found.value.lineno == 3


def test_a_language_without_this_template_gets_english_words_and_english_dates(tmp_path: Path) -> None:
    letter = templates(tmp_path, "Headline: s\n{{ at }}")
    assert letter.render(facts("fr", at=AT)).body == "Friday, 27 March 2026 at 15:00 UTC\n"


@pytest.mark.parametrize(
    ("languages", "words"),
    [
        (("pt", "de-AT", "en"), "de-AT"),
        (("pt", "tr"), "en"),
        (("en-US", "de"), "en-US"),
        ((), "en"),
    ],
)
def test_a_reader_of_several_languages_gets_the_first_that_has_the_words_and_is_shown_which(
    tmp_path: Path, languages: tuple[str, ...], words: str
) -> None:
    templates(tmp_path, "Headline: English\nEnglish")
    letter = templates(tmp_path, "Headline: Deutsch\nDeutsch", language="de").render(facts(*languages))
    assert letter.language == words
    assert letter.headline == ("Deutsch" if words.startswith("de") else "English")


@pytest.mark.parametrize("tag", ["de", "DE", "de-AT", "de_CH", "de-Nowhere", "de-?", "de-ZZZZ-Y-1"])
def test_every_kind_of_german_gets_the_german_words(tmp_path: Path, tag: str) -> None:
    templates(tmp_path, "Headline: s\n{{ at }}")
    letter = templates(tmp_path, "Headline: s\nAm {{ at }}", language="de")
    assert letter.render(facts(tag, at=AT)).body == "Am Freitag, 27. März 2026, 15:00 Uhr UTC\n"


def test_a_region_keeps_its_own_way_of_writing_dates(tmp_path: Path) -> None:
    letter = templates(tmp_path, "Headline: s\n{{ at }}")
    said = letter.render(facts("en-US", at=AT, zone="America/New_York")).body
    assert said == "Friday, March 27, 2026 at 11:00 AM EDT\n"


def test_instants_inside_lists_are_shown_in_words_too(tmp_path: Path) -> None:
    letter = templates(tmp_path, "Headline: s\n{{ items[0].due }}")
    assert letter.render(facts(items=[{"due": AT}])).body == "Friday, 27 March 2026 at 15:00 UTC\n"


def test_paragraphs_stay_one_empty_line_apart_and_controls_do_not_get_through(tmp_path: Path) -> None:
    letter = templates(tmp_path, "Headline: s\n\n\n{{ text }}\n\n\n\nend\n\n")
    assert (
        letter.render(facts(text="a\r\nb\x00\x1b[31m \r\n\r\n\r\n\r\nc\td\ud800")).body == "a\nb[31m\n\nc\td?\n\nend\n"
    )


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        ("Europe/London", "en_GB", "Friday, 27 March 2026 at 15:00 GMT"),
        ("Europe/Berlin", "de_DE", "Freitag, 27. März 2026, 16:00 Uhr MEZ"),
        ("America/New_York", "de_DE", "Freitag, 27. März 2026, 11:00 Uhr EDT"),
        ("Asia/Tokyo", "en_GB", "Saturday, 28 March 2026 at 00:00 JST"),
        ("America/Sao_Paulo", "en_GB", "Friday, 27 March 2026 at 12:00 UTC-03:00"),
        ("Asia/Kathmandu", "en_GB", "Friday, 27 March 2026 at 20:45 UTC+05:45"),
        ("Mars/Phobos", "en_GB", "Friday, 27 March 2026 at 15:00 UTC"),
    ],
)
def test_an_instant_is_shown_in_its_zone_and_the_zone_is_named(zone: str, language: str, said: str) -> None:
    assert say_instant(AT, zone, Locale.parse(language)) == said


def test_the_abbreviation_follows_the_clock_change() -> None:
    british = Locale.parse("en_GB")
    assert say_instant(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "Europe/Berlin", british).endswith("01:59 CET")
    assert say_instant(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Europe/Berlin", british).endswith("03:00 CEST")


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("short enough", 12, "short enough"),
        ("a bit too long", 9, "a bit to…"),
        ("a word and", 8, "a word…"),
        ("  many \n\n spaces  ", 20, "many spaces"),
        (" " * 500 + "late", 10, "late"),
        ("x" + " " * 500 + "y", 10, "x…"),
        ("", 10, ""),
    ],
)
def test_a_text_is_shortened_to_one_line(text: str, length: int, short: str) -> None:
    assert shorten(text, length) == short
