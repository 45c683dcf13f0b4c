import pytest

from escalation.vocabulary import Category, Outcome, Reason, Severity
from simulation.exports import SERVICENOW, facts
from simulation.exports.phrases import summary_of, topic_of
from tests.unit.importing.logs import logged, row


@pytest.mark.parametrize(
    ("code", "category"),
    [
        ("Category 20", Category.TECHNICAL),
        ("Category 53", Category.TECHNICAL),
        ("Category 55", Category.SERVICE),
        ("Category 26", Category.PRODUCT),
        ("Category 37", Category.BILLING),
        ("Category 8", Category.POLICY),
        ("Category 9", Category.BEHAVIOUR),
        ("?", Category.TECHNICAL),
        ("Uncoded", Category.TECHNICAL),
    ],
)
def test_the_last_digit_of_the_code_decides_the_category(code: str, category: Category) -> None:
    assert facts.category_of(logged(row(category=code)), SERVICENOW) is category


def test_every_last_digit_has_a_category() -> None:
    assert len(facts.CATEGORY_BY_LAST_DIGIT) == 10


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, (Reason.UNRESOLVED,)),
        ({"reassignment_count": "1"}, (Reason.UNRESOLVED,)),
        ({"reassignment_count": "2"}, (Reason.PASSED_AROUND,)),
        ({"reopen_count": "1"}, (Reason.RECURRENCE,)),
        ({"made_sla": "false"}, (Reason.UNMET_EXPECTATION,)),
        (
            {"reassignment_count": "9", "reopen_count": "2", "made_sla": "false"},
            (Reason.PASSED_AROUND, Reason.RECURRENCE, Reason.UNMET_EXPECTATION),
        ),
    ],
)
def test_reasons_follow_from_what_went_wrong_and_so_does_frustration(
    changes: dict[str, str], reasons: tuple[Reason, ...]
) -> None:
    found = logged(row(**changes))
    assert facts.reasons_of(found) == reasons
    assert facts.frustration_of(found) == (0 if reasons == (Reason.UNRESOLVED,) else len(reasons))


@pytest.mark.parametrize(
    ("made_sla", "reopened", "score"), [("true", "0", 5), ("false", "0", 4), ("true", "1", 3), ("false", "2", 2)]
)
def test_the_score_falls_with_a_missed_target_and_further_with_a_reopening(
    made_sla: str, reopened: str, score: int
) -> None:
    assert facts.score_of(logged(row(made_sla=made_sla, reopen_count=reopened))) == score


def test_the_severity_is_the_first_one_known_or_else_the_third() -> None:
    assert facts.severity_of(logged(row(priority="?"), row(priority="1 - Critical")), SERVICENOW) is Severity.SEV1
    assert facts.severity_of(logged(row(priority="?")), SERVICENOW) is Severity.SEV3


def test_a_problem_record_that_stays_behind_makes_it_a_workaround() -> None:
    assert facts.outcome_of(logged(row(problem_id="Problem ID 2"))) is Outcome.WORKAROUND
    assert facts.outcome_of(logged(row())) is Outcome.SOLVED


@pytest.mark.parametrize(
    ("caller", "name", "address"),
    [
        ("Caller 2403", "Caller 2403", "caller-2403@example.com"),
        ("?", "Caller unknown", "caller-unknown@example.com"),
        ("Ünal & Söhne <x@y.z>", "Ünal & Söhne <x@y.z>", "nal-s-hne-x-y-z@example.com"),
        ("…", "…", "caller-unknown@example.com"),
    ],
)
def test_every_customer_is_written_to_at_the_domain_for_examples(caller: str, name: str, address: str) -> None:
    customer = facts.customer_of(logged(row(caller_id=caller)))
    assert (customer.name, customer.address) == (name, address)


def test_one_caller_has_one_language_whatever_the_ticket() -> None:
    languages = {facts.customer_of(logged(row(number=f"INC{n}"))).language for n in range(20)}
    assert len(languages) == 1


def test_some_callers_are_written_to_in_german_and_told_german_time() -> None:
    customers = [facts.customer_of(logged(row(caller_id=f"Caller {n}"))) for n in range(400)]
    german = [customer for customer in customers if customer.language == "de"]
    assert 0.15 < len(german) / len(customers) < 0.35
    assert {customer.zone for customer in german} == {"Europe/Berlin"}
    assert {customer.language for customer in customers} == {"de", "en"}


def test_a_share_is_the_same_on_every_machine() -> None:
    assert facts.share("survey", "INC0000045") == facts.share("survey", "INC0000045")
    assert facts.share("a", "bc") != facts.share("ab", "c")
    # Worked out once with sha256sum: the first eight bytes of `survey`, unit separator, `INC0000045`.
    assert f"{facts.share('survey', 'INC0000045'):.6f}" == "0.795364"


def test_shares_come_out_near_what_they_are_meant_to_be() -> None:
    found = [logged(row(number=f"INC{n}")) for n in range(1000)]
    assert sum(map(facts.answers_survey, found)) == pytest.approx(1000 * facts.SURVEY_SHARE, abs=60)
    assert sum(map(facts.ignores_offer, found)) == pytest.approx(1000 * facts.IGNORED_SHARE, abs=50)


def test_texts_are_made_of_codes() -> None:
    assert summary_of(logged(row())) == "Category 55 / Symptom 72"
    assert summary_of(logged(row(u_symptom="?"))) == "Category 55"
    assert summary_of(logged(row(category="?", u_symptom="?"))) == "INC1"
    assert topic_of(logged(row())) == "Symptom 72"
    assert topic_of(logged(row(u_symptom="?"))) == "Category 55"
