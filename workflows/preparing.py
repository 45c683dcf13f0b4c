"""Gets what a request or a command needs from outside before it is decided: triage, a policy, the tone of a message."""

from dataclasses import replace
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.triage import TriageActivities
    from activities.triage_contracts import ToneInput, TriageInput
    from escalation.case import commands
    from escalation.lifecycle.decisions.opening_by_triage import facts_of, opened_by, unjudged
    from escalation.lifecycle.rules_version import require_known
    from escalation.triage.facts import LONGEST_TEXT, frustration_of
    from escalation.triage.keeping import History
    from workflows.activity_calls import ask_database, is_final, load_policy

TONE_ATTEMPT = timedelta(seconds=3)  # longest attempt to judge the tone of a message; also how long a crash delays it
TONE_LIMIT = timedelta(seconds=10)  # how long a customer's message waits for its tone before it is taken without


async def ready(command: commands.SupportCommand, language: str) -> commands.Command:
    """The command with what only the workflow can get for it: a policy for its name, the tone of a customer's message.

    Args:
        language: Tag of the customer's language.

    Raises:
        ApplicationError: There is no such policy.
        UnknownRules: A worker of a later release answered.
    """
    match command:
        case commands.RecordCustomerReply(automatic=False, sounds=None):
            return replace(command, sounds=await _frustration_in(command.text, language))
        case commands.AnswerSurvey(sounds=None) if command.comment:
            return replace(command, sounds=await _frustration_in(command.comment, language))
        case commands.ApplyPolicy():
            return await _adopted(command)
        case _:
            return command


async def _adopted(command: commands.ApplyPolicy) -> commands.AdoptPolicy:
    try:
        loaded = await load_policy(command.policy, command.version)
    except ActivityError as error:
        raise ApplicationError(str(error.cause or error), type="UnknownPolicy", non_retryable=True) from error
    require_known(loaded.rules)
    return commands.AdoptPolicy(
        policy=loaded.policy, ref=loaded.ref, by=command.by, why=command.why, rules=loaded.rules
    )


async def _frustration_in(text: str, language: str) -> int | None:
    # How frustrated the customer sounds; None where no worker can judge it in time, for the message comes first.
    asked = ToneInput(text=text[:LONGEST_TEXT], language=language)
    try:
        heard = await workflow.execute_activity_method(
            TriageActivities.tone,
            asked,
            start_to_close_timeout=TONE_ATTEMPT,
            schedule_to_close_timeout=TONE_LIMIT,
            summary="judge how frustrated the customer sounds",
        )
    except ActivityError as error:
        if is_cancelled_exception(error):
            raise
        return None
    return frustration_of(heard.tone)


async def judged(run: str, request: commands.Open | commands.OpenByTriage, policy: str, at: datetime) -> commands.Open:
    """The request, after triage where it asks for that; waits while the record is unreachable.

    A normal activity, although it delays the opening by a step: its input and its answer can be read in the UI.

    Args:
        run: First run id of its workflow.
        policy: Name of the policy whose rules judge it.
        at: The instant it is judged at, aware UTC; the same in every repeat, so the verdict is too.

    Raises:
        Refused: The ticket should not escalate, or has no category.
        FailureError: The policy has no triage rules.
    """
    if isinstance(request, commands.Open):
        return request
    wanted = TriageInput(facts=facts_of(request), policy=policy, at=at, customer=request.customer.id, escalation=run)
    try:
        said = await ask_database(TriageActivities.triage, wanted, "triage")
    except ActivityError as error:
        if (request.or_overseer or request.regardless) and is_final(error) and not is_cancelled_exception(error):
            return unjudged(request)
        raise
    found = said.history
    history = None
    if found is not None:
        history = History(
            total=found.total, reopened=found.reopened, breached=found.breached, related=found.escalations[:10]
        )
    earlier = None if history is None else history.total
    return opened_by(request, said.verdict, rules=said.rules, tone=said.tone, earlier=earlier, history=history)
