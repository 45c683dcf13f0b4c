"""Bulletins in several languages: each customer reads theirs, and none that blames goes out unseen."""

from dataclasses import replace

import pytest

from escalation.case.commands import LinkIncident, RelayBulletin
from escalation.case.events import CustomerTold
from escalation.case.values import InLanguage
from escalation.incident.commands import TellLinked
from escalation.incident.errands import command_of
from tests.unit.domain.case import CUSTOMER_ANN, Case
from tests.unit.incident.story import Story

ENGLISH = InLanguage(language="en", text="We found it", next_step="We restart it")
GERMAN = InLanguage(language="de", text="Wir haben es gefunden", next_step="Wir starten neu")


@pytest.fixture
def story() -> Story:
    story = Story()
    story.link("T-1")
    story.run(story.errand())
    return story


@pytest.mark.parametrize(
    ("language", "plain", "read"),
    [
        ("de", "", "Wir haben es gefunden"),
        ("de-AT", "", "Wir haben es gefunden"),
        ("fr", "", "We found it"),
        ("fr", "Trouvé", "Trouvé"),
    ],
)
def test_each_customer_reads_their_language(story: Story, language: str, plain: str, read: str) -> None:
    step = "On redémarre" if plain else ""
    story.do(TellLinked(text=plain, next_step=step, languages=(GERMAN, ENGLISH), by="zoe"))
    relayed = command_of(story.errand())
    assert isinstance(relayed, RelayBulletin)
    case = Case.working(customer=replace(CUSTOMER_ANN, language=language))
    case.do(LinkIncident(incident="mail", by="zoe"))
    case.do(relayed)
    (told,) = (event for event in case.events if isinstance(event, CustomerTold))
    assert told.text == read


def test_without_english_the_first_is_for_everyone_else(story: Story) -> None:
    story.do(TellLinked(languages=(GERMAN,), by="zoe"))
    assert story.state.bulletins[-1].text == GERMAN.text


def test_an_update_has_to_be_whole_in_each_language(story: Story) -> None:
    short = InLanguage(language="en", text="We found it")
    assert "`next_step` is missing for en" in story.refused(TellLinked(languages=(GERMAN, short), by="zoe"))
    assert "other languages" in story.refused(TellLinked(text="We found it", languages=(GERMAN,), by="zoe"))
    assert "`languages` has `de` twice" in story.refused(TellLinked(languages=(GERMAN, GERMAN), by="zoe"))
    empty = InLanguage(language="fr", text=" ", next_step="x")
    assert "`languages` is empty" in story.refused(TellLinked(languages=(GERMAN, empty), by="zoe"))


def test_a_bulletin_that_blames_goes_out_only_where_its_sender_insists(story: Story) -> None:
    rude = InLanguage(language="de", text="Beruhigen Sie sich, wir arbeiten daran")
    assert "add `anyway`" in story.refused(TellLinked(languages=(rude,), by="zoe"))
    assert "your fault" in story.refused(TellLinked(text="It is your fault", by="zoe"))
    story.do(TellLinked(languages=(rude,), anyway=True, by="zoe"))
    assert story.state.bulletins[-1].overridden == ("Beruhigen Sie sich",)
