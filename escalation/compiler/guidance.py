"""Compiles question sets and checklists."""

from escalation.clock_rules import subcategory_key
from escalation.compiler.model import ChecklistSection, QuestionSetSection
from escalation.compiler.sections import Sections, check_name, require_category
from escalation.documents.problems import Problems
from escalation.documents.yaml import Path
from escalation.guidance import ANY_LANGUAGE, Checklist, Guidance, QuestionSet


def compile_guidance(sections: Sections, problems: Problems) -> Guidance:
    """Compile question sets and checklists; refuses names that cannot be typed, and an item of two checklists."""
    sets = []
    for name in sections.keys(("question_sets",)):
        path: Path = ("question_sets", name)
        asked = sections.section(path, QuestionSetSection)
        _check(name, path, asked, problems)
        if asked is not None:
            sets.append(
                QuestionSet(
                    name=name,
                    questions={language: tuple(each) for language, each in sorted(asked.questions.items())},
                    category=asked.category,
                    subcategory=subcategory_key(asked.subcategory or ""),
                )
            )
    return Guidance(question_sets=tuple(sets), checklists=tuple(_checklists(sections, problems)))


def _checklists(sections: Sections, problems: Problems) -> list[Checklist]:
    found: list[Checklist] = []
    seen: set[str] = set()
    for name in sections.keys(("checklists",)):
        path: Path = ("checklists", name)
        section = sections.section(path, ChecklistSection)
        _check(name, path, section, problems)
        if section is None:
            continue
        for item in section.items:
            _check(item, (*path, "items", item), None, problems)
            if item in seen:
                problems.add((*path, "items", item), f"`{item}` is an item already", "give this one another name")
            seen.add(item)
        found.append(
            Checklist(
                name=name,
                items={id_: _for_everyone(words) for id_, words in section.items.items()},
                category=section.category,
                subcategory=subcategory_key(section.subcategory or ""),
                required=section.required,
                words={id_: words for id_, words in section.items.items() if len(words) > 1},
                order=tuple(section.items),
            )
        )
    return found


def _for_everyone(words: dict[str, str]) -> str:
    """The text for a colleague in whose language there is none."""
    return words.get(ANY_LANGUAGE) or words.get("en") or next(iter(words.values()))


def _check(name: str, path: Path, section: QuestionSetSection | ChecklistSection | None, problems: Problems) -> None:
    check_name(name, path, problems)
    if section is not None and section.subcategory is not None and section.category is None:
        require_category(path, problems)
