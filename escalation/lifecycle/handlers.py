"""Which function carries out which command. Exhaustive: mypy refuses a command that nothing here handles."""

from typing import assert_never

from escalation.case import commands
from escalation.lifecycle.decisions import (
    approval,
    automatic_updates,
    climbing,
    closing,
    consulting,
    conversation,
    correcting,
    desk,
    firing,
    handing_on,
    learning,
    linking,
    options,
    ownership,
    pausing,
    reopening,
    replies,
    retargeting,
    undelivered,
    withdrawing,
)
from escalation.lifecycle.draft import Draft


def carry_out(draft: Draft, command: commands.SupportCommand | commands.AdoptPolicy | commands.WorkflowReport) -> None:
    """Let the draft say what follows from the command."""
    if isinstance(command, commands.WorkflowReport):
        _report(draft, command)
    elif isinstance(command, commands.OwnershipCommand):
        _ownership(draft, command)
    elif isinstance(command, commands.ConversationCommand):
        _conversation(draft, command)
    elif isinstance(command, commands.ConsultingCommand):
        _consulting(draft, command)
    elif isinstance(command, commands.RetargetingCommand | commands.AdoptPolicy):
        _retargeting(draft, command)
    elif isinstance(command, commands.CorrectingCommand):
        _correcting(draft, command)
    elif isinstance(command, commands.ClosingCommand):
        _closing(draft, command)
    elif isinstance(command, commands.LinkingCommand):
        _linking(draft, command)
    elif isinstance(command, commands.DeskCommand):
        _desk(draft, command)
    else:
        assert_never(command)


def _report(draft: Draft, command: commands.WorkflowReport) -> None:
    match command:
        case commands.FireDueClocks():
            firing.fire_due_clocks(draft)
        case commands.RecordAssignment():
            ownership.record_assignment(draft, command)
        case commands.RecordNobodyAvailable():
            ownership.record_nobody_available(draft, command)
        case commands.RecordAssignmentDelayed():
            ownership.record_assignment_delayed(draft, command)
        case commands.RecordApprover():
            approval.record_approver(draft, command)
        case commands.RecordDeliveryFailed():
            undelivered.record_delivery_failed(draft, command)
        case commands.RecordGaveUp():
            undelivered.record_gave_up(draft, command)
        case _:
            assert_never(command)


def _ownership(draft: Draft, command: commands.OwnershipCommand) -> None:
    match command:
        case commands.Acknowledge():
            ownership.acknowledge(draft, command)
        case commands.Decline():
            ownership.decline(draft, command)
        case commands.Escalate():
            climbing.escalate(draft, command)
        case commands.Reassign():
            ownership.reassign(draft, command)
        case commands.HandOn():
            handing_on.hand_on(draft, command)
        case _:
            assert_never(command)


def _conversation(draft: Draft, command: commands.ConversationCommand) -> None:
    match command:
        case commands.AddNote():
            conversation.add_note(draft, command)
        case commands.TellCustomer():
            conversation.tell_customer(draft, command)
        case commands.MakePromise():
            conversation.make_promise(draft, command)
        case commands.RequestInformation():
            conversation.request_information(draft, command)
        case commands.RecordCustomerReply():
            options.hear(draft, command)
        case commands.RecordBounce():
            undelivered.record_bounce(draft, command)
        case commands.ChangeFrustration():
            conversation.change_frustration(draft, command)
        case commands.OfferOptions():
            options.offer_options(draft, command)
        case commands.Choose():
            options.choose(draft, command)
        case commands.HoldUpdates():
            automatic_updates.hold_updates(draft, command)
        case commands.Pause():
            pausing.pause(draft, command)
        case commands.Resume():
            pausing.resume(draft, command)
        case _:
            assert_never(command)


def _consulting(draft: Draft, command: commands.ConsultingCommand) -> None:
    match command:
        case commands.Consult():
            consulting.consult(draft, command)
        case commands.AnswerConsult():
            consulting.answer_consult(draft, command)
        case commands.RequestApproval():
            approval.request_approval(draft, command)
        case commands.Approve():
            approval.approve(draft, command)
        case commands.RefuseApproval():
            approval.refuse_approval(draft, command)
        case _:
            assert_never(command)


def _retargeting(draft: Draft, command: commands.RetargetingCommand | commands.AdoptPolicy) -> None:
    match command:
        case commands.ChangeSeverity():
            retargeting.change_severity(draft, command)
        case commands.SetDue():
            retargeting.set_due(draft, command)
        case commands.ApplyPolicy():
            retargeting.apply_policy(draft, command)
        case commands.AdoptPolicy():
            retargeting.adopt_policy(draft, command)
        case _:
            assert_never(command)


def _correcting(draft: Draft, command: commands.CorrectingCommand) -> None:
    match command:
        case commands.Correct():
            correcting.correct(draft, command)
        case commands.Withdraw():
            withdrawing.withdraw(draft, command)
        case commands.GiveBack():
            withdrawing.give_back(draft, command)
        case _:
            assert_never(command)


def _closing(draft: Draft, command: commands.ClosingCommand) -> None:
    match command:
        case commands.Resolve():
            closing.resolve(draft, command)
        case commands.Reopen():
            reopening.reopen(draft, command)
        case commands.AnswerSurvey():
            replies.answer_survey(draft, command)
        case commands.Cancel():
            closing.cancel(draft, command)
        case commands.SubmitReview():
            learning.submit_review(draft, command)
        case commands.AgreeAction():
            learning.agree_action(draft, command)
        case commands.CompleteAction():
            learning.complete_action(draft, command)
        case _:
            assert_never(command)


def _linking(draft: Draft, command: commands.LinkingCommand) -> None:
    match command:
        case commands.LinkIncident():
            linking.link_incident(draft, command)
        case commands.UnlinkIncident():
            linking.unlink_incident(draft, command)
        case commands.RelayBulletin():
            linking.relay_bulletin(draft, command)
        case commands.ProposeResolution():
            linking.propose_resolution(draft, command)
        case commands.WithdrawProposal():
            linking.withdraw_proposal(draft, command)
        case _:
            assert_never(command)


def _desk(draft: Draft, command: commands.DeskCommand) -> None:
    match command:
        case commands.RecordUpdate():
            desk.record_update(draft, command)
        case commands.RecordTicketNews():
            desk.record_ticket_news(draft, command)
        case _:
            assert_never(command)
