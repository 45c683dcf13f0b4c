"""The activity that looks policies up."""

from dataclasses import replace

from temporalio import activity

from activities.contracts import LoadedPolicy, LoadPolicyInput
from activities.ports.rules import Policies
from activities.temporal_errors import translated
from escalation.lifecycle.rules_version import DEFAULT


class PolicyActivities:
    """Which policy an escalation begins with, or continues with."""

    def __init__(self, policies: Policies, *, rules: int = DEFAULT) -> None:
        """Look up in `policies`; cases opened from now on follow `rules` (see `escalation.lifecycle.rules_version`)."""
        self._policies = policies
        self._rules = rules

    @activity.defn(name="load_policy")
    @translated
    async def load_policy(self, wanted: LoadPolicyInput) -> LoadedPolicy:
        """The compiled policy, version 0 is the newest at this moment; and the rules that go with it."""
        return replace(await self._policies.load(wanted.name, wanted.version), rules=self._rules)
