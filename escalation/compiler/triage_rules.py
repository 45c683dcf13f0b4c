"""Compiles the `triage:` section."""

from collections.abc import Iterator, Mapping

from escalation.compiler.conditions import compile_condition
from escalation.compiler.sections import Sections, check_name, require_category
from escalation.compiler.triage import PrioritySection, RuleSection, ScaleSection, TriageSection
from escalation.documents.problems import Problems, advise, listed
from escalation.documents.yaml import Path
from escalation.policy import Ladder
from escalation.triage.rules import (
    BUILT_IN,
    HARD_REASONS,
    RESERVED,
    Conclusion,
    Level,
    PriorityMatrix,
    Rule,
    Scale,
    TriageRules,
)
from escalation.vocabulary import Severity

_TOP: Path = ("triage",)


def compile_triage(sections: Sections, ladder: Ladder | None, problems: Problems) -> TriageRules | None:
    """Compile the triage rules; None where there are none, or where they or the ladder are wrong."""
    if sections.at(_TOP) is None or ladder is None:
        return None
    _check_built_in(ladder, problems)
    rules = tuple(_rules(sections, ladder, problems))
    priority = _priority(sections, problems)
    section = sections.section(_TOP, TriageSection)
    if section is None:
        return None
    most = sum(rule.concludes.score for rule in rules)
    if 0 < most < section.threshold:
        what = f"no ticket can ever reach a score of {section.threshold}: all rules together give {most}"
        problems.add((*_TOP, "threshold"), what, f"write {most} or less, or give rules a higher score")
    return TriageRules(
        policy=str(sections.at(("policy",))),
        threshold=section.threshold,
        rules=rules,
        ladder=ladder,
        priority=priority,
        usual_severity=section.usual_severity,
        history_days=section.history_days,
    )


def _check_built_in(ladder: Ladder, problems: Problems) -> None:
    for _, reason in BUILT_IN.values():
        if reason not in ladder.lanes:
            what = f"`{reason}` always escalates, and the ladder has no lane for it"
            problems.add(_TOP, what, f"add `{reason}:` with the name of a tier under `lanes` of the ladder")


def _rules(sections: Sections, ladder: Ladder, problems: Problems) -> Iterator[Rule]:
    for name in sections.keys((*_TOP, "rules")):
        path: Path = (*_TOP, "rules", name)
        section = sections.section(path, RuleSection)
        if section is None:
            continue
        check_name(name, path, problems)
        if name in RESERVED:
            problems.add(path, f"`{name}` is the name of a rule that is built in", "give this one another name")
        _check_conclusion(section, ladder, path, problems)
        yield Rule(
            id=name,
            when=compile_condition(section.when, (*path, "when"), problems),
            concludes=_conclusion(section, ladder, path, problems),
            hard=section.hard,
        )


def _check_conclusion(section: RuleSection, ladder: Ladder, path: Path, problems: Problems) -> None:
    name = path[-1]
    said = section.model_dump(exclude={"when", "hard"}, exclude_defaults=True)
    if not said:
        problems.add(path, f"`{name}` concludes nothing", "write what follows from it, such as `category:` or `score:`")
    if section.subcategory is not None and section.category is None:
        require_category(path, problems)
    if section.hard and section.reason not in HARD_REASONS:
        what = f"`{name}` escalates by itself, which needs a reason that may"
        problems.add((*path, "hard"), what, f"write `reason:` with one of {listed(HARD_REASONS)}")
    elif section.hard and section.reason is not None and section.reason not in ladder.lanes:
        what = f"`{section.reason}` escalates by itself, and the ladder has no lane for it"
        problems.add((*path, "reason"), what, "add one under `lanes` of the ladder")
    if section.lane is not None and section.lane not in ladder.lanes:
        what = f"the ladder has no lane `{section.lane}`"
        problems.add((*path, "lane"), what, advise(section.lane, [lane.value for lane in ladder.lanes]))


def _conclusion(section: RuleSection, ladder: Ladder, path: Path, problems: Problems) -> Conclusion:
    numbers = {tier.name: number for number, tier in enumerate(ladder.tiers, start=1)}
    if section.tier is not None and section.tier not in numbers:
        problems.add((*path, "tier"), f"there is no tier `{section.tier}`", advise(section.tier, numbers))
    return Conclusion(
        **section.model_dump(exclude={"when", "hard", "subcategory", "tier"}),
        subcategory=section.subcategory or "",
        tier=numbers.get(section.tier or "", 0),
    )


def _priority(sections: Sections, problems: Problems) -> PriorityMatrix | None:
    path: Path = (*_TOP, "priority")
    section = sections.section(path, PrioritySection)
    if section is None:
        return None
    cells = {impact: dict(row) for impact, row in section.matrix.items()}
    _check_cells(cells, (*path, "matrix"), problems)
    return PriorityMatrix(
        impact=_scale(section.impact, (*path, "impact"), problems),
        urgency=_scale(section.urgency, (*path, "urgency"), problems),
        cells=cells,
    )


def _scale(section: ScaleSection, path: Path, problems: Problems) -> Scale:
    medium = section.medium
    return Scale(
        high=compile_condition(section.high, (*path, "high"), problems),
        medium=None if medium is None else compile_condition(medium, (*path, "medium"), problems),
    )


def _check_cells(cells: Mapping[Level, Mapping[Level, Severity]], path: Path, problems: Problems) -> None:
    """Refuse a matrix with a hole, and one in which more impact or urgency is milder."""
    holes = [f"{impact}/{urgency}" for impact in Level for urgency in Level if urgency not in cells.get(impact, {})]
    if holes:
        problems.add(path, f"there is no severity for impact/urgency {listed(holes)}", "write all nine")
        return
    levels = list(Level)
    for less in levels[1:]:
        more = levels[levels.index(less) - 1]
        for other in levels:
            if cells[more][other] > cells[less][other]:
                what = f"impact `{more}` is milder than `{less}` where urgency is `{other}`"
                problems.add((*path, more.value, other.value), what, "write a severity that is as bad or worse")
            if cells[other][more] > cells[other][less]:
                what = f"urgency `{more}` is milder than `{less}` where impact is `{other}`"
                problems.add((*path, other.value, more.value), what, "write a severity that is as bad or worse")
