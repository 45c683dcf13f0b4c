"""Compiles the ladder."""

from collections import Counter

from escalation.business_time import Calendar
from escalation.clock_rules import subcategory_key
from escalation.compiler.durations import read_duration
from escalation.compiler.model import LadderSection, TierSection
from escalation.documents.problems import Problems, advise
from escalation.documents.yaml import Path
from escalation.policy import Ladder, Tier
from escalation.vocabulary import Category, PacketPart, Reason


def compile_ladder(section: LadderSection, calendars: tuple[Calendar, ...], problems: Problems) -> Ladder:
    """Compile the ladder; a tier's own time must mean something in each calendar in which offers may be counted."""
    path: Path = ("ladder",)
    numbers = {tier.name: number for number, tier in reversed(list(enumerate(section.tiers, start=1)))}
    for name, times in Counter(tier.name for tier in section.tiers).items():
        if times > 1:
            again = max(index for index, tier in enumerate(section.tiers) if tier.name == name)
            problems.add((*path, "tiers", again, "name"), f"two tiers are called `{name}`", "give each its own name")
    tiers = tuple(_tier(tier, (*path, "tiers", index), calendars, problems) for index, tier in enumerate(section.tiers))
    return Ladder(
        tiers=tiers,
        overseer=section.overseer,
        contact=section.contact,
        rounds=section.rounds,
        lanes=_lanes(section, numbers, problems),
        packet=tuple(part for part in PacketPart if part in section.packet),
        confirm_packet=section.confirm_packet,
        skills=_skills(section, problems),
    )


def _tier(section: TierSection, path: Path, calendars: tuple[Calendar, ...], problems: Problems) -> Tier:
    own = None
    if section.acknowledge is not None:
        own = read_duration(section.acknowledge, calendars, (*path, "acknowledge"), problems)
    return Tier(
        name=section.name,
        people_to_try=section.people_to_try,
        skills=tuple(section.skills),
        authority=section.authority,
        acknowledge=own,
        words=dict(sorted(section.words.items())),
    )


def _skills(section: LadderSection, problems: Problems) -> dict[str, tuple[str, ...]]:
    skills: dict[str, tuple[str, ...]] = {}
    for name, needed in section.skills.items():
        key = subcategory_key(name)
        if key in skills:
            problems.add(("ladder", "skills", name), f"`{name}` is listed twice", "write it once")
        skills[key] = tuple(dict.fromkeys(needed))
    return skills


def _lanes(section: LadderSection, numbers: dict[str, int], problems: Problems) -> dict[Reason | Category, int]:
    lanes: dict[Reason | Category, int] = {}
    for word, name in sorted(section.lanes.items()):
        if name in numbers:
            lanes[word] = numbers[name]
        else:
            problems.add(("ladder", "lanes", word.value), f"there is no tier `{name}`", advise(name, numbers))
    return lanes
