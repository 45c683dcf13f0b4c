"""Message templates in a folder: one sub-folder per language, one file per message kind.

The first line of a template is `Headline: …`, which goes above the rest, the letter. The subject is not the template's: it is the
case's own, so that mail programs keep a case together. Files whose names begin with `_` are parts that templates
extend or include. Templates print what they are given and nothing else: values are never read as template text, instants
arrive as words in the recipient's language and zone, and a missing value is an error, not a gap in the letter.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit
from jinja2 import DictLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from activities.errors import UnrenderableMessage
from activities.ports.wording import Rendered, TemplateFacts
from escalation.bounds import in_other_words
from escalation.business_time import BusinessDays, Duration, OpenTime
from escalation.business_time.errors import UnknownZone
from escalation.business_time.zones import load_zone
from escalation.case.naming import life_of
from escalation.clocks.definition import CLOCKS
from escalation.guidance import asks_several
from escalation.plain import only_shown
from escalation.program_texts import in_language
from escalation.vocabulary import Category, CloseCause, Outcome, Reason, Stage

TEMPLATES = Path(__file__).parent.parent / "templates"  # the templates that come with the project

FALLBACK = "en"  # the language that has every template

LONGEST_BODY = 500_000  # characters a body may have: a long text (`docs/limits.md`) and what a letter says around it

LONGEST_HEADLINE = 150  # characters a headline may have; a longer one is shortened

# Characters of the reference to a long text that a letter shows; `escalations history --text` takes 8.
_REFERENCE = 12

_HEADLINE = "Headline:"

# What a plain language tag stands for, and how its words join a date, a time and a zone.
_REGIONS = {"en": "en_GB", "de": "de_DE"}
_INSTANTS = {"en": "{date} at {time} {zone}", "de": "{date}, {time} Uhr {zone}"}
_BUSINESS_DAYS = {"en": ("business day", "business days"), "de": ("Werktag", "Werktage")}
_UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


class Templates:
    """Renders messages from a folder of templates; those of a folder of your own are all compiled when it is made.

    Args:
        folder: Holds one folder per language.
        longest: Characters a body may have.

    Raises:
        ValueError: A template has no headline.
        jinja2.TemplateSyntaxError: A template in a folder of your own is not valid Jinja.
    """

    def __init__(self, folder: Path = TEMPLATES, *, longest: int = LONGEST_BODY) -> None:
        self._longest = longest
        self._parts = dict(_parts(folder))
        environment = ImmutableSandboxedEnvironment(
            loader=DictLoader(self._parts),
            cache_size=-1,
            undefined=StrictUndefined,
            # The letters are plain text: escaping for HTML would show its signs to the reader.
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.filters["short"] = shorten
        environment.filters["quoted"] = quote
        environment.filters["ticket"] = lambda escalation: life_of(escalation).ticket
        environment.tests["several"] = asks_several
        environment.globals["clock_words"] = _by_language({clock: each.words for clock, each in CLOCKS.items()})
        for kind in (Category, Reason, Stage, Outcome, CloseCause):
            name = f"{kind.__name__.lower()}_words"
            environment.globals[name] = _by_language({each: each.words for each in kind})
        self._template = environment.get_template
        # The tests compile ours. That takes most of a second, and few processes need more than some of them.
        for name in self._parts if folder != TEMPLATES else ():
            self._template(name)

    def render(self, template: TemplateFacts) -> Rendered:
        """The message in the first of the reader's languages that has the template, else in `en`.

        Dates follow the words, in the way of the reader's region.

        Raises:
            UnrenderableMessage: There is no such template, it asks for a value that is not there, or the body
                would be too long. The message names no value, so it may be logged.
        """
        tag, language = self._language(template)
        values = self._worded(template, language, locale_of(tag, language))
        name = f"{language}/{template.kind}"
        try:
            values["parts"] = [self._part(language, template, kind, more, tag) for kind, more in template.also]
            headline = shorten(self._template(f"{name}.headline").render(values), LONGEST_HEADLINE)
            body = self._bounded(name, self._template(f"{name}.body").generate(values))
        except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as error:
            # Not chained: Temporal writes the cause into the history, and it may quote a value.
            raise UnrenderableMessage(f"template {name} does not fit its values: {_reason(error)}") from None
        return Rendered(headline=headline, body=_tidy(body), language=tag, about=self._about(language))

    def _about(self, language: str) -> str:
        name = f"{language}/_subject.txt"
        return self._template(name).render().strip() if name in self._parts else ""

    def _part(self, language: str, template: TemplateFacts, kind: str, values: Mapping[str, object], tag: str) -> str:
        """The body of another message, as paragraphs of this letter."""
        facts = replace(template, kind=kind, values={**template.values, **values})
        worded = self._worded(facts, language, locale_of(tag, language)) | {"is_part": True}
        name = f"{language}/{kind}.body"
        return self._bounded(name, self._template(name).generate(worded)).strip()

    def _language(self, template: TemplateFacts) -> tuple[str, str]:
        """The reader's tag, such as `de-AT`, and the folder that has the words for it, such as `de`."""
        for tag in (*template.languages, FALLBACK):
            language = tag.replace("_", "-").partition("-")[0].lower()
            if f"{language}/{template.kind}.body" in self._parts:
                return tag, language
        raise UnrenderableMessage(f"there is no template for {template.kind}; add {FALLBACK}/{template.kind}.txt")

    def _worded(self, template: TemplateFacts, language: str, locale: Locale) -> dict[str, object]:
        def how_long(shown: int, characters: int, reference: str) -> str:
            counts = {"shown": format_decimal(shown, locale=locale), "all": format_decimal(characters, locale=locale)}
            return self._template(f"{language}/_cut.txt").render(counts, reference=reference[:_REFERENCE]).strip()

        def word(value: object) -> object:
            match value:
                case str():
                    return in_language(in_other_words(value, how_long), language)
                case datetime():
                    return say_instant(value, template.zone, locale)
                case OpenTime() | BusinessDays():
                    return say_duration(value, locale)
                case Mapping():
                    return {key: word(inner) for key, inner in value.items()}
                case list() | tuple():
                    return [word(inner) for inner in value]
                case _:
                    return value

        def money(amount: float | str, currency: str = "") -> str:
            return say_money(amount, currency or str(values.get("currency", "")), locale)

        values = {name: word(value) for name, value in template.values.items()}
        more = {"kind": template.kind, "frustration": template.frustration, "language": language, "money": money}
        theirs = str(values.get("customer_language", "")) or language
        said = say_language(theirs, locale)
        reads = "" if theirs.replace("_", "-").partition("-")[0].lower() == language else said
        return values | more | {"reads": reads, "customer_reads": said, "is_part": False, "parts": []}

    def _bounded(self, name: str, pieces: Iterator[str]) -> str:
        body: list[str] = []
        length = 0
        for piece in pieces:
            length += len(piece)
            if length > self._longest:
                raise UnrenderableMessage(f"{name} has more than {self._longest} characters; send a shorter text")
            body.append(piece)
        return "".join(body)


def say_language(tag: str, reader: str | Locale) -> str:
    """The name of a language in the reader's; the tag where no one knows it."""
    try:
        return Locale.parse(tag.replace("-", "_")).get_language_name(reader) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def say_instant(at: datetime, zone: str, locale: Locale) -> str:
    """An aware instant in words, in the reader's zone: `Friday, 27 March 2026 at 16:00 CET`.

    An unknown zone becomes UTC: the text always names its zone.
    """
    try:
        local = at.astimezone(load_zone(zone))
    except UnknownZone:
        local = at.astimezone(load_zone("UTC"))
    said = _INSTANTS.get(locale.language, "{date}, {time} {zone}").format(
        date=format_date(local, "full", locale=locale),
        time=format_time(local, "short", locale=locale),
        zone=_abbreviation(local, locale),
    )
    return " ".join(said.split())


def say_money(amount: float | str, currency: str, locale: Locale) -> str:
    """`€12,000.00`, `12.000,00 €`; a number where there is no currency."""
    exact = Decimal(amount)
    return format_currency(exact, currency, locale=locale) if currency else format_decimal(exact, locale=locale)


def say_duration(duration: Duration, locale: Locale) -> str:
    """A duration in words, such as `1 hour 30 minutes` or `2 Werktage`."""
    if isinstance(duration, BusinessDays):
        one, several = _BUSINESS_DAYS.get(locale.language, _BUSINESS_DAYS[FALLBACK])
        return f"{duration.days} {one if duration.days == 1 else several}"
    said, left = [], duration.seconds
    for unit, seconds in _UNITS.items():
        count, left = divmod(left, seconds)
        if count:
            said.append(format_unit(count, f"duration-{unit}", locale=locale))
    return " ".join(said)


def shorten(text: str, length: int) -> str:
    """The text on one line, without control characters, cut with an ellipsis where it is longer than `length`."""
    # Cutting first keeps a text of megabytes cheap.
    begins, has_more = text.strip()[: length * 4], len(text.strip()) > length * 4
    line = " ".join(only_shown("".join(" " if _is_control(sign) else sign for sign in begins)).split())
    return line if len(line) <= length and not has_more else line[: length - 1].rstrip() + "…"


def quote(text: str) -> str:
    """A text of several lines marked as another person's words, so that none of it can pass for the letter's own."""
    return "\n".join(f"> {line}".rstrip() for line in only_shown(text).strip().split("\n"))


def _by_language(known: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """By language, what notices call each of our names."""
    words: dict[str, dict[str, str]] = {}
    for name, by_language in known.items():
        for language, word in by_language.items():
            words.setdefault(language, {})[str(name)] = word
    return words


def _abbreviation(local: datetime, locale: Locale) -> str:
    """`MEZ` where the language has its own, else `CET`, else `UTC-03:00` where the zone has none at all."""
    for name in (get_timezone_name(local, width="short", locale=locale), local.tzname() or ""):
        if name.isalpha():
            return name
    return f"UTC{local.isoformat(timespec='minutes')[-6:]}" if local.utcoffset() else "UTC"


def locale_of(tag: str, language: str) -> Locale:
    """The conventions of the reader's region; without one, those usual for the language."""
    wanted = tag.replace("-", "_")
    if "_" in wanted:
        try:
            return Locale.parse(wanted)
        except (UnknownLocaleError, ValueError):
            pass
    return Locale.parse(_REGIONS.get(language, language))


def _parts(folder: Path) -> Iterator[tuple[str, str]]:
    # Headlines and bodies apart, so that no value in a headline can reach into the body.
    for path in sorted(folder.glob("*/*.txt")):
        name = f"{path.parent.name}/{path.stem}"
        source = path.read_text(encoding="utf-8")
        if path.stem.startswith("_"):
            yield f"{name}.txt", source
            continue
        first, _, rest = source.partition("\n")
        if not first.startswith(_HEADLINE):
            raise ValueError(f"{path}:1: the first line of a template must begin with `{_HEADLINE}`")
        yield f"{name}.headline", first.removeprefix(_HEADLINE)
        # The empty line keeps line numbers in error messages true to the file.
        yield f"{name}.body", "\n" + rest


def _tidy(body: str) -> str:
    """One empty line between paragraphs, whatever was left out, and nothing a mail cannot carry."""
    kept: list[str] = []
    for line in (line.rstrip() for line in only_shown(_whole(body)).split("\n")):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n") + "\n"


def _whole(text: str) -> str:
    # Half of a surrogate pair can come in through JSON and cannot go out in UTF-8.
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}


def _reason(error: Exception) -> str:
    """Say what went wrong, in words that cannot hold a value of the message."""
    return str(error) if isinstance(error, TemplateError) else type(error).__name__
