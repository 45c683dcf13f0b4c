"""The sections `question_sets:` and `checklists:`."""

from escalation.case.codec import from_json
from escalation.compiler.snapshot import canonical_json
from escalation.guidance import Checklist, Guidance, QuestionSet
from escalation.policy import Policy
from escalation.vocabulary import Category
from tests.unit.compiler.texts import SOUND, assert_refused, compiled

BOTH = """\
question_sets:
  charge: {category: billing, subcategory: Wrong  Charge, questions: {en: Which amount?, de: [Welcher Betrag?]}}
  all: {questions: [Since when?]}
checklists:
  refund: {category: billing, items: {booked: The refund is booked}, required: true}
"""


def test_sets_and_lists_are_part_of_the_policy() -> None:
    assert compiled(SOUND).policy.guidance == Guidance()
    assert compiled(SOUND + BOTH).policy.guidance == Guidance(
        question_sets=(
            QuestionSet(
                name="charge",
                category=Category.BILLING,
                subcategory="wrong charge",
                questions={"de": ("Welcher Betrag?",), "en": ("Which amount?",)},
            ),
            QuestionSet(name="all", questions={"any": ("Since when?",)}),
        ),
        checklists=(
            Checklist(
                name="refund",
                category=Category.BILLING,
                items={"booked": "The refund is booked"},
                required=True,
                order=("booked",),
            ),
        ),
    )


def test_an_item_may_be_said_in_several_languages_and_one_text_is_for_everyone() -> None:
    lists = "checklists:\n  a: {items: {x: {en: Done, de: Erledigt}, y: {fr: Fini}, z: Tidy}}\n"
    (made,) = compiled(SOUND + lists).policy.guidance.checklists
    assert made.items == {"x": "Done", "y": "Fini", "z": "Tidy"}
    assert made.words == {"x": {"en": "Done", "de": "Erledigt"}}


def test_a_checklist_keeps_the_order_of_the_file_in_a_record_that_sorts_the_keys_of_objects() -> None:
    lists = "checklists:\n  a: {items: {zebra: First, longest-of-all: Second, ape: Third}}\n"
    stored = from_json(Policy, canonical_json(compiled(SOUND + lists).policy))
    assert [item.text for item in stored.guidance.to_check(Category.BILLING, "", ())] == ["First", "Second", "Third"]
    assert_refused(SOUND + "checklists:\n  a: {items: {x: {}}} # here\n", "`x` is empty")


def test_a_name_that_is_hard_to_type_is_refused() -> None:
    assert_refused(f"{SOUND}question_sets:\n  My set: {{questions: [Why?]}} # here\n", "`My set` is not a name")


def test_a_subcategory_needs_its_category() -> None:
    text = f"{SOUND}question_sets:\n  x: {{subcategory: refund, questions: [Why?]}} # here\n"
    assert_refused(text, "a `subcategory` needs the category")


def test_an_item_belongs_to_one_list() -> None:
    lists = "checklists:\n  a: {items: {x: One}}\n  b: {items: {x: Two}} # here\n"
    assert_refused(SOUND + lists, "`x` is an item already", "another name")


def test_what_is_neither_a_set_nor_a_list_is_refused() -> None:
    assert_refused(f"{SOUND}question_sets:\n  charge: 5 # here\n", "`charge` is `5` where a mapping is expected")
    assert_refused(f"{SOUND}checklists:\n  refund: 5 # here\n", "`refund` is `5` where a mapping is expected")
