"""Refuses steps without a recipient: reserved names, channels listed twice, climbs without a higher tier.

Who is on the roster is not known when a policy is compiled; whether a tier has anyone on shift is checked when the
case is offered, and an empty tier is skipped at once, with a notice to the overseer.
"""

from collections.abc import Mapping, Sequence

from escalation.clock_rules import Action
from escalation.compiler.model import ChannelsSection
from escalation.compiler.sections import Sections
from escalation.documents.problems import Problems
from escalation.people import role_in
from escalation.policy import Ladder
from escalation.vocabulary import CUSTOMER, SYSTEM, Channel, ClockName

_NOBODY: Mapping[str, str] = {CUSTOMER: "stands for the customer in every message", SYSTEM: "stands for no one"}


def check_people(ladder: Ladder, problems: Problems) -> None:
    """Refuse names for the people of the ladder that never name one of the team."""
    for role, person in (("overseer", ladder.overseer), ("contact", ladder.contact)):
        reads_as = role_in(person)
        if reads_as:
            what = f"`{person}` {_NOBODY[reads_as]}, so it cannot be the {role}"
            problems.add(("ladder", role), what, "write the id of a person of the team")


def check_channels(sections: Sections, problems: Problems) -> None:
    """Refuse channels that are named twice, and those on which no customer is reached."""
    section = sections.section(("channels",), ChannelsSection)
    if section is None:
        return
    for side, channels in (("customer", section.customer), ("staff", section.staff)):
        for number, channel in enumerate(channels):
            if channel in channels[:number]:
                problems.add(("channels", side, number), f"`{channel}` is listed twice", "write it once")
            elif side == "customer" and channel is not Channel.EMAIL:
                what = f"`{channel}` does not reach customers, of whom only a mail address is known"
                problems.add(("channels", side, number), what, f"write `{Channel.EMAIL}`")


def check_climbs(
    clock: ClockName, thresholds: Mapping[str, Sequence[Action]], ladder: Ladder | None, problems: Problems
) -> None:
    """Refuse climbing if there is no tier to climb to."""
    if ladder is None or ladder.top > 1:
        return
    for text, actions in thresholds.items():
        for number, action in enumerate(actions):
            if action is Action.CLIMB:
                what = "`climb` leads nowhere, because the ladder has one tier"
                problems.add(("clocks", clock.value, "thresholds", text, number), what, "add a tier, or leave it out")
