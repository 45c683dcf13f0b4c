"""A gallery of every letter to the customer: each kind, language, frustration and proficiency, from sample cases."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape
from itertools import groupby, product
from pathlib import Path
from typing import Any

from activities.adapters.mail_html import body_of
from activities.adapters.templates import TEMPLATES, Templates
from activities.message_values import case_values, message_values, shown
from activities.ports.sending import CustomerLink
from activities.ports.wording import TemplateFacts
from escalation.case.commands import Customer
from escalation.case.values import PolicyRef
from escalation.lifecycle.view import CaseView
from escalation.messages.effects import Message
from escalation.vocabulary import CUSTOMER, Category, Proficiency, Reason, Severity, Stage
from starter.sample_letters import NOON, SAMPLES, Sample

LANGUAGES = tuple(sorted(path.name for path in TEMPLATES.iterdir() if path.is_dir()))
_FRUSTRATION = range(5)
_PEOPLE = {"ana": "Ana Kovač", "ben": "Ben Hart"}

_LINK = CustomerLink(base="https://cases.example.com/c", token="Zq8…", address="zoe@example.org")  # noqa: S106 (a sample)


def letters(language: str) -> Iterator[tuple[Sample, str, str]]:
    """Each sample in each wording that differs, with whom it is for and the whole letter."""
    templates = Templates()
    for sample in SAMPLES:
        texts: dict[str, list[tuple[Proficiency, int]]] = {}
        for proficiency, frustration in product(Proficiency, _FRUSTRATION):
            text = _letter(templates, sample, language, frustration, proficiency)
            texts.setdefault(text, []).append((proficiency, frustration))
        for text, readers in texts.items():
            yield sample, _readers(readers), text


def text_of(language: str) -> str:
    """All letters of a language as one text."""
    return "\n".join(
        f"=== {sample.said.kind}: {sample.when} ({readers})\n\n{text}" for sample, readers, text in letters(language)
    )


def write_pages(folder: Path) -> int:
    """Write a page for each kind and language, and an index; returns how many letters they show.

    Raises:
        OSError: The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count, links = 0, []
    for language in LANGUAGES:
        for kind, of_kind in groupby(letters(language), key=lambda one: one[0].said.kind):
            cards = [_card(sample, readers, text) for sample, readers, text in of_kind]
            name = f"{language}-{kind}.html"
            (folder / name).write_text(_page(f"{kind} ({language})", language, cards), encoding="utf-8")
            links.append(f'<p><a href="{name}">{name}</a>: {len(cards)}</p>')
            count += len(cards)
    (folder / "index.html").write_text(_page("Letters to the customer", "en", links), encoding="utf-8")
    return count


def _letter(templates: Templates, sample: Sample, language: str, frustration: int, proficiency: Proficiency) -> str:
    customer = Customer(
        id="c-1",
        name="Zoë Müller",
        address="zoe@example.org",
        language=language,
        zone="Europe/Berlin",
        proficiency=proficiency,
    )
    view = _view(customer, frustration, sample.case)
    message = Message(key="sample", to=CUSTOMER, facts=sample.said, also=sample.also)
    values = case_values(view, recipient=customer.name, owner=_PEOPLE.get(view.owner, ""), contact="Nora")
    rendered = templates.render(
        TemplateFacts(
            kind=message.kind,
            languages=(language,),
            frustration=frustration,
            zone=customer.zone,
            values=values | message_values(message, _PEOPLE, page=_LINK),
            also=tuple((one.kind.value, shown(one, _PEOPLE)) for one in sample.also),
        )
    )
    return f"{rendered.headline}\n\n{rendered.body}"


def _view(customer: Customer, frustration: int, changes: Mapping[str, Any]) -> CaseView:
    view = CaseView(
        ticket="4711",
        summary="The printer smokes",
        customer=customer,
        contact="front-desk",
        severity=Severity.SEV2,
        category=Category.PRODUCT,
        reasons=(Reason.SILENCE, Reason.RECURRENCE),
        frustration=frustration,
        our_fault=False,
        stage=Stage.WORKING,
        tier=1,
        owner="ana",
        offered_to="",
        overseer="overseer",
        policy=PolicyRef(name="default", version=1, checksum=""),
        opened_at=NOON,
        cycle=1,
        last_seq=1,
        next_due=None,
        next_due_clock=None,
        next_due_threshold="",
        breaches={},
        messages=0,
        outcome=None,
        resolved_at=None,
        closed_at=None,
        score=None,
    )
    return replace(view, **changes)


def _readers(readers: list[tuple[Proficiency, int]]) -> str:
    """`frustration 0 to 4, plain`: whom a wording is for."""
    levels = sorted({frustration for _, frustration in readers})
    words = sorted({proficiency.value for proficiency, _ in readers})
    span = f"{levels[0]}" if len(levels) == 1 else f"{levels[0]} to {levels[-1]}"
    return f"frustration {span}, {' and '.join(words)}"


def _card(sample: Sample, readers: str, text: str) -> str:
    caption = escape(f"{sample.when} · {readers}")
    return f'<section style="border:1px solid #999999;margin:0 0 24px;padding:16px"><p><em>{caption}</em></p>{body_of(text, _LINK.urls)}</section>'


def _page(title: str, language: str, parts: list[str]) -> str:
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title></head>\n'
        f'<body style="margin:24px;font-family:Arial,Helvetica,sans-serif"><h1>{escape(title)}</h1>\n{body}\n</body></html>\n'
    )
