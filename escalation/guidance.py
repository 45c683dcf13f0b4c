"""A policy's question sets and checklists, for each kind of case."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from escalation.vocabulary import Category

ANY_LANGUAGE = "any"  # questions under this language are for customers of every language


def asks_several(text: str) -> bool:
    """Whether a text to the customer asks more than one question: with several question marks, or a list."""
    listed = sum(line.startswith("- ") for line in text.splitlines())
    return text.count("?") > 1 or listed > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """Questions that belong together.

    Attributes:
        name: Unique among the sets.
        questions: By language of the customer, such as `en`, or `any`; at least one.
        category: Whose cases it is for; None for all.
        subcategory: Whose cases it is for, as `subcategory_key` writes it; empty for all of the category.
    """

    name: str
    questions: Mapping[str, tuple[str, ...]]
    category: Category | None = None
    subcategory: str = ""

    def in_language(self, tag: str) -> tuple[str, ...]:
        """The questions for a customer with this language tag, such as `de-AT`."""
        language = tag.replace("_", "-").partition("-")[0].lower()
        wanted = (language, ANY_LANGUAGE, "en", *self.questions)
        return next(self.questions[each] for each in wanted if each in self.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The items to do before such a case is resolved.

    Attributes:
        name: Unique among the checklists.
        items: Id to what is done; ids are unique among all checklists.
        words: Id to what is done, by language of the colleague, such as `en`; without it `items` is for everyone.
        required: Whether `resolve` is refused while an item is open.
        order: Ids of the items in the order of the file, which the record's `jsonb` does not keep.
    """

    name: str
    items: Mapping[str, str]
    category: Category | None = None
    subcategory: str = ""
    required: bool = False
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItem:
    """One item of the checklists of a case.

    Attributes:
        id: What people tick it by.
        required: Whether the case cannot be resolved without it.
        was_done: Whether it was ticked before the case was reopened.
        words: What is done, by language; empty where `text` is for everyone.
    """

    id: str
    text: str
    required: bool
    done: bool
    words: Mapping[str, str] = field(default_factory=dict)
    was_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """All question sets and checklists of a policy, in the order of the file."""

    question_sets: tuple[QuestionSet, ...] = field(default=())
    checklists: tuple[Checklist, ...] = field(default=())

    def sets_for(self, category: Category, subcategory: str) -> tuple[QuestionSet, ...]:
        """The sets for such a case; those for its subcategory come first."""
        fitting = (each for each in self.question_sets if _fits(each, category, subcategory))
        return tuple(sorted(fitting, key=lambda each: not each.subcategory))

    def to_check(
        self, category: Category, subcategory: str, checked: Iterable[str], before: Iterable[str] = ()
    ) -> tuple[CheckItem, ...]:
        """The items for such a case.

        Args:
            subcategory: Of the case, as `subcategory_key` writes it.
            checked: Ids that were ticked.
            before: Ids that were ticked before the case was reopened.
        """
        return tuple(self._items(category, subcategory, frozenset(checked), frozenset(before)))

    def _items(
        self, category: Category, subcategory: str, checked: frozenset[str], before: frozenset[str]
    ) -> Iterator[CheckItem]:
        for each in self.checklists:
            if _fits(each, category, subcategory):
                for id_ in each.order or each.items:
                    words = each.words.get(id_, {})
                    done, was = id_ in checked, id_ in before
                    yield CheckItem(
                        id=id_, text=each.items[id_], required=each.required, done=done, words=words, was_done=was
                    )


def _fits(guide: QuestionSet | Checklist, category: Category, subcategory: str) -> bool:
    return guide.category in (None, category) and guide.subcategory in ("", subcategory)
