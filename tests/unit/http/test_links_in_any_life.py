"""Whatever happens in a case: what a page offers by a link, the case takes."""

import copy
from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.adapters.postgres.links import KeptLink
from escalation.case.commands import Open
from escalation.errors import Refused
from escalation.lifecycle.asking import READ, Act, Ask, Fate, asked_in, found
from escalation.lifecycle.viewing import view_of
from starter.http.actions.acting import Form, commands_of
from tests.unit.domain import policies
from tests.unit.domain.case import MONDAY, Case
from tests.unit.domain.random_commands import openings, support_commands

STEPS = st.sampled_from([0, 60, 450, 900, 3_600, 6 * 3_600, 86_400])


def link_of(ask: Ask, person: str) -> KeptLink:
    return KeptLink(
        id="0" * 12,
        escalation="escalation-T-1",
        key="k",
        person=person,
        ask=ask,
        minted_at=MONDAY,
        expires_at=MONDAY + timedelta(days=1),
        used_at=None,
        used_for="",
        revoked_at=None,
    )


def act(case: Case, ask: Ask, person: str, one: Act) -> None:
    form = Form(text="Certainly, with pleasure", packet_read=True)
    for command in commands_of(link_of(ask, person), one, form):
        case.do(command)


@given(data=st.data(), opening=openings(), policy=st.sampled_from(sorted(policies.ALL)))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_a_page_offers_is_taken(data: st.DataObject, opening: Open, policy: str) -> None:
    case = Case(policy=policies.ALL[policy])
    asks: list[tuple[Ask, str]] = []
    try:
        case.do(opening)
    except Refused:
        return
    for _ in range(data.draw(st.integers(3, 15), label="steps")):
        with suppress(Refused):
            case.do(data.draw(support_commands(case.state, case.now), label="command"))
        case.wait(timedelta(seconds=data.draw(STEPS, label="wait")))
        view, timeline = view_of(case.state, case.policy), [one for one in case.events if one.kind in READ]
        for message in case.messages:
            ask = asked_in(message, view, timeline)
            if ask is not None:
                asks.append((ask, message.to))
        case.messages.clear()
    for ask, person in dict.fromkeys(asks):
        now = found(ask, person, view, timeline)
        assert set(now.acts) <= set(ask.acts)
        assert bool(now.acts) is (now.fate is Fate.OPEN)
        for one in now.acts:
            act(copy.deepcopy(case), ask, person, one)
