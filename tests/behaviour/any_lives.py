"""Lives drawn by a seed: the same commands in every tree, whatever its sources look like."""

from contextlib import suppress
from datetime import timedelta
from random import Random

from escalation.case.commands import SUPPORT_COMMANDS, RecordDeliveryFailed
from escalation.errors import Refused
from escalation.vocabulary import Category, Severity
from tests.behaviour.watching import Group
from tests.drawing import Drawn
from tests.unit.domain import policies
from tests.unit.domain.case import MONDAY, Case, opening

KINDS = (
    *("acknowledge", "answer_consult", "answer_survey", "approve"),
    *("cancel", "change_frustration", "change_severity", "choose"),
    *("consult", "customer_replied", "decline", "delivery_bounced"),
    *("escalate", "link_incident", "note", "offer_options"),
    *("pause", "promise", "propose_resolution", "reassign"),
    *("refuse_approval", "relay_bulletin", "reopen", "request_approval"),
    *("request_information", "resolve", "resume", "set_due"),
    *("submit_review", "tell_customer", "unlink_incident", "withdraw_proposal"),
    *("acknowledge", "acknowledge", "note", "tell_customer", "customer_replied", "request_information"),
)
"""Wire names; written down, so that one more command does not change what is drawn."""
WAITS = (0, 60, 900, 3600, 6 * 3600, 86400, 6 * 86400)
LIVES, STEPS = 100, 30


class Quiet(Case):
    """A case whose promises are not checked at each step: other tests do that."""

    def check(self) -> None:
        pass


async def live_any_lives(_: Group) -> None:
    """Live one life after the other; the core is watched meanwhile."""
    for number in range(LIVES):
        random = Random(number)  # noqa: S311 (no secret)
        names = sorted(policies.ALL)
        case = Quiet(policy=policies.ALL[names[number % len(names)]], now=MONDAY)
        _live(case, random)


def _live(case: Case, random: Random) -> None:
    with suppress(Refused):
        case.do(
            opening(severity=random.choice(sorted(Severity)), category=random.choice(sorted(Category)), frustration=2)
        )
    for _ in range(STEPS):
        if case.current is None:
            return
        state, keys = case.state, tuple(one.key for one in case.messages[-4:])
        drawn = Drawn(random, case.now, state.offered_to or state.owner, keys)
        with suppress(Refused):
            case.do(drawn.record(SUPPORT_COMMANDS[random.choice(KINDS)]))
        if case.messages and random.random() < 0.05:
            key = random.choice(case.messages[-5:]).key
            case.do(RecordDeliveryFailed(key=key, to="customer", error="RecipientRefused"))
        _let_pass(case, random)


def _let_pass(case: Case, random: Random) -> None:
    duration = timedelta(seconds=random.choice(WAITS))
    if random.random() < 0.2:
        case.sleep(duration)
        return
    case.wait(duration)
