"""The activity `triage`, and the adapters behind its ports."""

from dataclasses import replace
from pathlib import Path

import pytest
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.adapters.new_part import NewPart
from activities.adapters.sentiment import Sentiment
from activities.adapters.triage_rules import Rulebook
from activities.triage import TriageActivities, with_tone
from activities.triage_contracts import CustomerHistory, TriageAnswer, TriageInput
from escalation.case.codec import from_json, to_json
from escalation.compiler.compile import Compiled, compile_policy
from escalation.triage.facts import TicketFacts, frustration_of
from escalation.triage.matching import Evidence
from tests import fakes
from tests.unit.activities.builders import CASE, CUSTOMER, MONDAY, OPENED, batch
from tests.unit.compiler.texts import SOUND, compiled

DEFAULT = Path(__file__).parents[3] / "policies" / "default.yaml"
ANGRY = TicketFacts(subject="Terrible service", text="I hate this. It is the worst service ever!", language="en")


class Tone:
    """A port that says one tone of every text, and keeps what it was asked."""

    def __init__(self, tone: float | None) -> None:
        self.asked: list[tuple[str, str]] = []
        self._tone = tone

    def tone(self, text: str, language: str) -> float | None:
        self.asked.append((text, language))
        return self._tone


def default() -> Compiled:
    return compile_policy(DEFAULT.read_text(encoding="utf-8"), source="default.yaml", years=range(2026, 2028))


@pytest.fixture
def inside() -> ActivityEnvironment:
    return ActivityEnvironment()


@pytest.fixture
async def records() -> fakes.Records:
    """The record of a customer with two other escalations."""
    found = fakes.Records()
    for name in ("escalation-1", "escalation-2"):
        await found.append(batch([OPENED], escalation=name))
    return found


async def triaged(
    inside: ActivityEnvironment, records: fakes.Records, asked: TriageInput, tone: float | None = None
) -> TriageAnswer:
    said: TriageAnswer = await inside.run(
        TriageActivities(Rulebook([default()]), records, Tone(tone), NewPart()).triage, asked
    )
    return said


def asked(facts: TicketFacts, **more: str) -> TriageInput:
    return TriageInput(facts=facts, policy="default", at=MONDAY, **more)


async def test_history_and_tone_are_looked_up_and_told_with_the_verdict(
    inside: ActivityEnvironment, records: fakes.Records
) -> None:
    said = await triaged(inside, records, asked(ANGRY, customer=CUSTOMER.id, escalation=CASE), tone=-0.6)
    assert said.history == CustomerHistory(escalations=("escalation-2", "escalation-1"), total=2)
    assert said.tone == -0.6
    assert said.verdict.escalate
    assert said.verdict.frustration == 3
    assert said.verdict.reasons == ()
    assert {each.rule for each in said.verdict.findings} >= {"escalated-before", "angry"}


async def test_an_escalation_is_not_history_of_its_own_ticket(
    inside: ActivityEnvironment, records: fakes.Records
) -> None:
    said = await triaged(inside, records, asked(ANGRY, customer=CUSTOMER.id, escalation="escalation-1"))
    assert said.history is not None
    assert said.history.total == 1


async def test_without_a_customer_the_record_is_not_asked(inside: ActivityEnvironment, records: fakes.Records) -> None:
    said = await triaged(inside, records, asked(ANGRY))
    assert (said.history, said.tone) == (None, None)
    assert not said.verdict.escalate


@pytest.mark.slow
async def test_the_same_question_gets_the_same_answer_and_the_answer_goes_over_the_wire(
    inside: ActivityEnvironment, records: fakes.Records
) -> None:
    question = asked(ANGRY, customer=CUSTOMER.id)
    first, again = await triaged(inside, records, question), await triaged(inside, records, question)
    assert first == again
    assert from_json(TriageAnswer, to_json(first)) == first
    assert from_json(TriageInput, to_json(question)) == question


async def test_a_policy_without_triage_rules_is_not_tried_again(inside: ActivityEnvironment) -> None:
    of = TriageActivities(Rulebook([default(), compiled(SOUND)]), fakes.Records(), Tone(None), NewPart())
    for policy in ("small", "nope"):
        with pytest.raises(ApplicationError, match="policies with a `triage:` section: default") as refused:
            await inside.run(of.triage, TriageInput(facts=ANGRY, policy=policy, at=MONDAY))
        assert (refused.value.type, refused.value.non_retryable) == ("UnknownPolicy", True)


def test_the_activity_goes_by_its_name_and_temporal_sees_its_types() -> None:
    definition = activity._Definition.must_from_callable(
        TriageActivities(Rulebook([]), fakes.Records(), Tone(None), NewPart()).triage
    )
    assert (definition.name, definition.arg_types, definition.ret_type) == ("triage", [TriageInput], TriageAnswer)


async def test_other_rules_have_another_checksum() -> None:
    text = DEFAULT.read_text(encoding="utf-8")
    stricter = compile_policy(
        text.replace("threshold: 10", "threshold: 11"), source="default.yaml", years=range(2026, 2028)
    )
    first, second = await Rulebook([default()]).load("default"), await Rulebook([stricter]).load("default")
    assert first.checksum != second.checksum
    assert first == await Rulebook([default()]).load("default")


def test_subject_and_text_are_judged_together_once() -> None:
    port = Tone(-0.4)
    assert with_tone(ANGRY, port).tone == -0.4
    assert port.asked == [(f"{ANGRY.subject}\n{ANGRY.text}", "en")]
    assert with_tone(replace(ANGRY, tone=0.5), port).tone == 0.5
    assert len(port.asked) == 1


# The library.


@pytest.fixture(scope="module")
def sentiment() -> Sentiment:
    return Sentiment()


@pytest.mark.parametrize("language", ["", "fr-FR", "eng", "e", "deu"])
def test_a_text_in_another_or_an_unknown_language_is_not_judged(sentiment: Sentiment, language: str) -> None:
    assert sentiment.tone("This is terrible!", language) is None


@pytest.mark.parametrize("text", ["", "   \n "])
def test_nothing_is_not_judged(sentiment: Sentiment, text: str) -> None:
    assert sentiment.tone(text, "en") is None


@pytest.mark.parametrize("language", ["en", "EN", "en-GB", "en_US"])
def test_angry_words_sound_worse_than_calm_ones(sentiment: Sentiment, language: str) -> None:
    angry = sentiment.tone("I hate this. It is the worst service ever!", language)
    calm = sentiment.tone("Could you tell me where to find my invoice?", language)
    happy = sentiment.tone("Thank you, it works great now.", language)
    assert angry is not None
    assert calm is not None
    assert happy is not None
    assert -1 <= angry < -0.5 < calm < happy <= 1


def test_greeting_and_thanks_do_not_hide_the_anger_between_them(sentiment: Sentiment) -> None:
    angry = "I am very upset and this is terrible service."
    polite = f"Hello, I hope you are well. {angry} Thank you and have a great day!"
    alone, wrapped = sentiment.tone(angry, "en"), sentiment.tone(polite, "en")
    assert alone is not None
    assert wrapped is not None
    assert wrapped < 0


def test_the_length_of_a_text_does_not_make_it_worse(sentiment: Sentiment) -> None:
    one = sentiment.tone("There is an error in the form.", "en")
    assert sentiment.tone("There is an error in the form. " * 50, "en") == one


def test_the_longest_text_is_judged_the_same_every_time(sentiment: Sentiment) -> None:
    worst = "bad but " * 20_000
    assert sentiment.tone(worst, "en") == Sentiment().tone(worst, "en")


async def test_only_the_new_part_of_a_message_is_judged_and_the_rest_is_named(
    inside: ActivityEnvironment, records: fakes.Records
) -> None:
    quoted = "Works now, thank you!\n\nOn Mon, Nov 23, 2026 at 9:14 AM, Support <s@example.com> wrote:\n> My lawyer will write!"
    said = await triaged(inside, records, asked(TicketFacts(text=quoted, language="en")))
    assert not said.verdict.hard
    assert [(each.rule, each.evidence) for each in said.verdict.findings if each.rule == "new_part"] == [
        ("new_part", (Evidence(where="left out", found="quote of 2 lines"),))
    ]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Guten Tag, wie kann ich die Rechnungsadresse ändern? Vielen Dank!", 0),
        ("Leider funktioniert das Programm nicht.", 1),
        ("Ich bin nicht zufrieden mit der Lösung.", 2),
        ("Das ist eine Frechheit! Seit drei Wochen keine Antwort.", 3),
        ("Ich bin sehr enttäuscht. Zum dritten Mal warte ich auf einen Techniker.", 3),
        ("DAS IST UNVERSCHÄMT!! ICH BIN STINKSAUER!!", 4),
    ],
)
@pytest.mark.parametrize("language", ["de", "de-AT", "DE_CH"])
def test_german_texts_suggest_a_level_of_frustration(text: str, level: int, language: str) -> None:
    assert frustration_of(Sentiment().tone(text, language)) == level
