"""Whatever is linked, told, unlinked, lost and repeated in whatever order: each linked case gets each bulletin once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from escalation.case.commands import ProposeResolution, RelayBulletin
from escalation.case.events import BulletinRelayed, ProposalWithdrawn, ResolutionProposed
from escalation.errors import InvalidTransition, Refused
from escalation.incident.commands import (
    AnyIncidentCommand,
    LinkTickets,
    OpenIncident,
    RecordErrand,
    ReopenIncident,
    ResolveIncident,
    TellLinked,
    UnlinkTickets,
)
from escalation.incident.errands import command_of, next_errand, owed, wakes_at
from escalation.incident.events import IncidentEvent
from escalation.incident.lifecycle import decide
from escalation.incident.state import MOST_TRIES, Incident, fold
from escalation.incident.values import Errand, Outcome
from escalation.incident.vocabulary import IncidentStage, Result
from escalation.messages.notices import Bulletin
from escalation.vocabulary import Stage
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import MONDAY, Case
from tests.unit.domain.stages import REOPEN, RESOLVE

TICKETS = tuple("abcd")
SOME = st.lists(st.sampled_from(TICKETS), min_size=1, unique=True).map(tuple)
FATES = st.fixed_dictionaries(
    {ticket: st.sampled_from(["answers", "answers", "answers", "answer lost", "never asked"]) for ticket in TICKETS}
)
"""What becomes of the attempt at each escalation."""
BATCH = 3
OTHER_LADDER = replace(EXAMPLE, ladder=replace(EXAMPLE.ladder, overseer="olga"))
"""Two of the cases follow a policy with another overseer."""


class Outage(RuleBasedStateMachine):
    """An incident and four real cases; between them, messages and answers get lost."""

    @initialize()
    def begin(self) -> None:
        self.now = MONDAY
        self.events: list[IncidentEvent] = []
        self.state: Incident | None = None
        self.cases = {
            ticket: Case.working(policy=policy)
            for ticket, policy in zip(TICKETS, (EXAMPLE, OTHER_LADDER, OTHER_LADDER, EXAMPLE), strict=True)
        }
        self.uncertain: Counter[tuple[int, str]] = Counter()
        self.due_from: dict[str, int] = {}
        self.excused: set[tuple[str, int]] = set()
        self.under_way: Errand | None = None
        self.do(OpenIncident(name="mail", title="Mail is late", by="zoe"))

    def do(self, command: AnyIncidentCommand) -> None:
        decision = decide(self.state, command, now=self.now)
        self.events.extend(decision.events)
        self.state = decision.state

    @property
    def incident(self) -> Incident:
        assert self.state is not None
        return self.state

    @rule(tickets=SOME)
    def link(self, tickets: tuple[str, ...]) -> None:
        for ticket in set(tickets) - set(self.incident.linked):
            self.due_from[ticket] = max(len(self.incident.bulletins), 1)
        self.do(LinkTickets(tickets=tickets, by="desk"))

    @precondition(lambda self: self.incident.linked)
    @rule(data=st.data())
    def unlink(self, data: st.DataObject) -> None:
        tickets = data.draw(st.lists(st.sampled_from(self.incident.linked), min_size=1, unique=True))
        self.do(UnlinkTickets(tickets=tuple(tickets), by="desk"))

    @precondition(lambda self: self.incident.stage is IncidentStage.OPEN)
    @rule()
    def tell(self) -> None:
        self.do(TellLinked(text=f"bulletin {len(self.incident.bulletins) + 1}", by="zoe"))

    @precondition(lambda self: len(self.incident.bulletins) > 1 and self.incident.stage is IncidentStage.OPEN)
    @rule()
    def resolve(self) -> None:
        self.do(ResolveIncident(solution="Restarted", by="zoe"))

    @precondition(lambda self: self.incident.stage is IncidentStage.RESOLVED)
    @rule()
    def reopen(self) -> None:
        self.do(ReopenIncident(why="It is late again", by="zoe"))

    @rule(ticket=st.sampled_from(TICKETS))
    def solve_or_reopen(self, ticket: str) -> None:
        case = self.cases[ticket]
        if case.state.stage is Stage.RESOLVED:
            case.do(REOPEN)
            case.acknowledge()
        else:
            case.do(RESOLVE)

    @rule(fates=FATES)
    def run(self, fates: dict[str, str]) -> None:
        """The shell runs what is next, and its report arrives."""
        errand = self.next()
        if errand is not None:
            self.report(errand, fates)

    @rule(fates=FATES)
    def run_and_die(self, fates: dict[str, str]) -> None:
        """The shell runs what is next, in part, and dies before it can report; it is run again, whatever is asked."""
        self.under_way = self.next()
        if self.under_way is not None:
            _, paged = self.outcomes(self.under_way, fates)
            self.uncertain.update((self.under_way.number, overseer) for overseer in paged)

    @rule(fates=FATES, tickets=SOME)
    def run_while_more_is_asked(self, fates: dict[str, str], tickets: tuple[str, ...]) -> None:
        errand = self.next()
        self.link(tickets)
        if self.incident.linked:
            self.do(UnlinkTickets(tickets=self.incident.linked[:1], by="desk"))
        if errand is not None:
            self.report(errand, fates)

    @rule(minutes=st.sampled_from([1, 60]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def nobody_is_told_twice_or_out_of_order(self) -> None:
        for case in self.cases.values():
            numbers = heard(case)
            assert numbers == sorted(set(numbers))
            assert case.told_customer().count("update") == case.kinds().count("bulletin_relayed")

    @invariant()
    def the_timeline_is_the_truth(self) -> None:
        assert fold(self.events) == self.state

    def teardown(self) -> None:
        if not hasattr(self, "cases"):
            return
        answering = dict.fromkeys(TICKETS, "answers")
        while self.under_way or owed(self.incident):
            errand = self.next()
            if errand is None:
                wakes = wakes_at(self.incident)
                assert wakes is not None
                self.now = wakes
            else:
                self.report(errand, answering)
        for ticket in self.incident.linked:
            for number in range(self.due_from[ticket], len(self.incident.bulletins) + 1):
                assert number in heard(self.cases[ticket]) or (ticket, number) in self.excused
        pages = Counter(page for case in self.cases.values() for page in paged_by(case))
        latest = {overseer: max(number for number, who in pages if who == overseer) for _, overseer in pages}
        for case in self.cases.values():
            # Who takes an old one late does not page a person who knows a newer one.
            assert max(heard(case), default=0) <= latest.get(overseer_of(case), 0)
        assert all(count <= 1 + self.uncertain[page] for page, count in pages.items())

    def next(self) -> Errand | None:
        return self.under_way or next_errand(self.incident, self.now, most=BATCH)

    def report(self, errand: Errand, fates: dict[str, str]) -> None:
        outcomes, pages = self.outcomes(errand, fates)
        self.do(RecordErrand(errand=errand, outcomes=outcomes, pages=pages))
        self.under_way = None

    def outcomes(self, errand: Errand, fates: dict[str, str]) -> tuple[tuple[Outcome, ...], tuple[str, ...]]:
        """The result, and who was paged: the first case that is asked takes the page."""
        outcomes: list[Outcome] = []
        pages: tuple[str, ...] = ()
        for ticket in errand.tickets:
            last_try = self.incident.links[ticket].tries == MOST_TRIES - 1
            fate = "answers" if last_try else fates[ticket]
            overseer = overseer_of(self.cases[ticket])
            lead = errand.page and not pages
            result = Result.UNANSWERED if fate == "never asked" else self.ask(errand, ticket, page=lead)
            if result is Result.OVER:
                self.excused.add((ticket, errand.number))
            if lead and result is Result.TOLD and fate == "answer lost":
                self.uncertain[errand.number, overseer] += 1
            if fate == "answer lost":
                result = Result.UNANSWERED
            told = result is Result.TOLD
            if lead and told:
                pages = (overseer,)
            outcomes.append(Outcome(ticket=ticket, result=result, overseer=overseer if told else ""))
        return tuple(outcomes), pages

    def ask(self, errand: Errand, ticket: str, *, page: bool) -> Result:
        try:
            self.cases[ticket].do(command_of(errand, page=page, heard=errand.heard))
        except InvalidTransition:
            return Result.OVER
        except Refused:
            return Result.REFUSED
        return Result.TOLD


def heard(case: Case) -> Sequence[int]:
    taken = (BulletinRelayed, ResolutionProposed, ProposalWithdrawn)
    return [one.number for one in case.events if isinstance(one, taken)]


def overseer_of(case: Case) -> str:
    return case.policy.ladder.overseer


def paged_by(case: Case) -> Iterator[tuple[int, str]]:
    """Bulletins with which it paged its overseer."""
    for message in case.messages:
        for notice in message.notices:
            if isinstance(notice, Bulletin):
                yield notice.number, message.to


TestOutage = Outage.TestCase
TestOutage.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


def test_what_an_escalation_is_asked_names_the_incident_and_the_bulletin() -> None:
    begun = decide(None, OpenIncident(name="mail", title="Mail is late", by="zoe"), now=MONDAY).state
    state = decide(begun, LinkTickets(tickets=("a",), by="desk"), now=MONDAY).state
    linking = next_errand(state, MONDAY, most=1)
    assert linking is not None
    assert (command_of(linking).kind, command_of(linking).by) == ("link_incident", "desk")
    done = RecordErrand(errand=linking, outcomes=(Outcome(ticket="a"),))
    state = decide(decide(state, done, now=MONDAY).state, TellLinked(text="soon", by="zoe"), now=MONDAY).state
    telling = next_errand(state, MONDAY, most=1)
    assert telling is not None
    assert telling.bulletin is not None
    assert command_of(telling) == RelayBulletin(incident="mail", number=1, text="soon", by="zoe")
    solving = replace(telling, bulletin=replace(telling.bulletin, solves=True, root_cause="disk"))
    proposal = ProposeResolution(incident="mail", number=1, solution="soon", root_cause="disk", by="zoe")
    assert command_of(solving) == proposal
